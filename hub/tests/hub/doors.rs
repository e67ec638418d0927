//! Which account sees what, and that no form of another site changes anything: every address of the desk, tried by
//! every duty.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::report::Role;

use crate::{
    browser::{Browser, PASSWORD, Page},
    consents::{asking_school, pupil},
    kiosk::Kiosk,
    report_work::opened_database,
    school::{School, ks1},
};

/// Whose a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Office,
    /// The office's and the headteacher's.
    OfficeAndHead,
    /// The headteacher's and the safeguarding lead's.
    HeadAndLead,
    /// The office's and the holders'.
    OfficeAndHolders,
    Holders,
    /// Everybody's but the technician's and other staff's.
    Figures,
    /// The office's and the technician's.
    Machines,
    /// The technician's and the headteacher's.
    Accounts,
    /// The office's and other staff's.
    Camera,
    /// Everybody's but governors', whatever key they hold.
    StaffPages,
    Everybody,
    /// For whoever has not signed in: it says nothing of anybody.
    Nobody,
}

impl Whose {
    fn is_for(self, duty: Duty) -> bool {
        match self {
            Self::Office => duty == Duty::Office,
            Self::OfficeAndHead => matches!(duty, Duty::Office | Duty::Holder(Role::Headteacher)),
            Self::OfficeAndHolders => matches!(duty, Duty::Office | Duty::Holder(_)),
            Self::Holders => matches!(duty, Duty::Holder(_)),
            Self::Figures => !matches!(duty, Duty::Technician | Duty::Staff),
            Self::Machines => matches!(duty, Duty::Office | Duty::Technician),
            Self::Accounts => matches!(duty, Duty::Technician | Duty::Holder(Role::Headteacher)),
            Self::HeadAndLead => {
                matches!(duty, Duty::Holder(Role::Headteacher | Role::Safeguarding))
            }
            Self::Camera => matches!(duty, Duty::Office | Duty::Staff),
            Self::StaffPages => !matches!(duty, Duty::Governor | Duty::Holder(Role::Chair | Role::ViceChair)),
            Self::Everybody | Self::Nobody => true,
        }
    }
}

/// Every address of the desk, with whose it is.
const MATRIX: &[(&str, &str, Whose)] = &[
    ("GET", "/", Whose::Everybody),
    ("GET", "/sign-in", Whose::Nobody),
    ("POST", "/sign-in", Whose::Everybody),
    // Whoever has shown no password is sent to do that; there is nothing to see.
    ("GET", "/sign-in/code", Whose::Everybody),
    ("POST", "/sign-in/code", Whose::Everybody),
    ("GET", "/second-step", Whose::Everybody),
    ("POST", "/second-step/begin", Whose::Everybody),
    ("POST", "/second-step/confirm", Whose::Everybody),
    ("POST", "/second-step/codes", Whose::Everybody),
    ("POST", "/second-step/remove", Whose::Everybody),
    ("POST", "/second-step/others/{account}", Whose::Everybody),
    ("POST", "/sign-out", Whose::Everybody),
    ("GET", "/password", Whose::Everybody),
    ("POST", "/password", Whose::Everybody),
    ("GET", "/accounts", Whose::Accounts),
    ("GET", "/accounts/accounts.csv", Whose::Accounts),
    ("GET", "/accounts/{account}", Whose::Accounts),
    ("POST", "/accounts/{account}", Whose::Accounts),
    ("GET", "/register/{agreement}", Whose::Office),
    ("GET", "/register/{agreement}/register.csv", Whose::Office),
    ("GET", "/register/{agreement}/{section}", Whose::Office),
    ("POST", "/register/{agreement}/{section}/display.pdf", Whose::Office),
    ("GET", "/register/{agreement}/{section}/shown", Whose::Office),
    ("POST", "/register/{agreement}/{section}/shown", Whose::Office),
    ("GET", "/register/{agreement}/{section}/paper", Whose::Office),
    ("POST", "/register/{agreement}/{section}/paper", Whose::Office),
    ("GET", "/paper/{id}", Whose::Office),
    ("POST", "/paper/{id}", Whose::Office),
    ("GET", "/paper/{id}/scan", Whose::Office),
    ("GET", "/consent", Whose::Office),
    ("GET", "/consent/form/{form}", Whose::Office),
    ("GET", "/consent/form/{form}/consent.csv", Whose::Office),
    ("GET", "/consent/pupil/{id}", Whose::Office),
    ("POST", "/consent/pupil/{id}/lift", Whose::Office),
    ("POST", "/consent/pupil/{id}/paper/{form}", Whose::Office),
    ("GET", "/consent/may-i", Whose::Office),
    ("POST", "/consent/pupil/{id}/portrait", Whose::Office),
    ("GET", "/may-i", Whose::Camera),
    ("GET", "/may-i/groups", Whose::Camera),
    ("POST", "/may-i/groups", Whose::Camera),
    ("GET", "/may-i/groups/{group}", Whose::Camera),
    ("GET", "/may-i/portrait/{id}", Whose::Camera),
    ("GET", "/staff-pages", Whose::StaffPages),
    ("GET", "/staff-pages/{slug}", Whose::StaffPages),
    ("GET", "/consent/asked", Whose::Office),
    ("GET", "/consent/asked/asked.csv", Whose::Office),
    ("GET", "/consent/published", Whose::Office),
    ("POST", "/consent/published", Whose::Office),
    ("GET", "/consent/published/published.csv", Whose::Office),
    ("POST", "/consent/published/gone", Whose::Office),
    ("GET", "/consent/export", Whose::Office),
    ("GET", "/consent/roster", Whose::Office),
    ("GET", "/families", Whose::Office),
    ("GET", "/families/families.csv", Whose::Office),
    ("GET", "/families/letters", Whose::Office),
    ("POST", "/families/letters", Whose::Office),
    ("GET", "/families/letters/file", Whose::Office),
    ("POST", "/families/letters/done", Whose::Office),
    ("GET", "/unopened", Whose::OfficeAndHolders),
    ("GET", "/handling", Whose::OfficeAndHolders),
    ("POST", "/handling", Whose::OfficeAndHolders),
    ("GET", "/figures", Whose::Figures),
    ("GET", "/figures/figures.csv", Whose::Figures),
    ("GET", "/calls", Whose::Everybody),
    ("POST", "/calls/{kiosk}", Whose::Everybody),
    ("POST", "/calls/{kiosk}/back", Whose::Everybody),
    ("GET", "/calls/unanswered", Whose::Everybody),
    ("POST", "/calls/unanswered", Whose::OfficeAndHolders),
    ("GET", "/calls/unanswered/calls.csv", Whose::Everybody),
    ("GET", "/concern", Whose::Everybody),
    ("POST", "/concern", Whose::Everybody),
    ("GET", "/calls.js", Whose::Nobody),
    // Each register says itself who writes and reads it: `kept_registers.rs` tries all of it.
    ("GET", "/registers", Whose::Everybody),
    ("GET", "/registers/{register}", Whose::Everybody),
    ("GET", "/registers/{register}/register.csv", Whose::Everybody),
    ("POST", "/registers/{register}/paper", Whose::Everybody),
    ("GET", "/registers/{register}/figures", Whose::Everybody),
    ("POST", "/registers/{register}/sign", Whose::Everybody),
    ("GET", "/registers/{register}/new", Whose::Everybody),
    ("POST", "/registers/{register}/new", Whose::Everybody),
    ("GET", "/registers/{register}/entry/{entry}", Whose::Everybody),
    ("GET", "/registers/{register}/entry/{entry}/add", Whose::Everybody),
    ("POST", "/registers/{register}/entry/{entry}/add", Whose::Everybody),
    ("POST", "/registers/{register}/entry/{entry}/decide", Whose::Everybody),
    ("GET", "/words/{digest}", Whose::Office),
    ("GET", "/kiosks", Whose::Machines),
    ("GET", "/kiosks/kiosks.csv", Whose::Machines),
    ("POST", "/kiosks/pair", Whose::Machines),
    ("GET", "/kiosks/{device}", Whose::Machines),
    ("POST", "/kiosks/{device}/name", Whose::Machines),
    ("GET", "/kiosks/{device}/strike-off", Whose::Machines),
    ("POST", "/kiosks/{device}/strike-off", Whose::Machines),
    ("GET", "/kiosks/stick", Whose::Machines),
    ("POST", "/kiosks/stick", Whose::Machines),
    ("POST", "/kiosks/stick/{device}", Whose::Machines),
    ("GET", "/publish", Whose::Office),
    ("POST", "/publish", Whose::Office),
    ("POST", "/publish/build", Whose::Office),
    ("POST", "/publish/decide", Whose::Office),
    ("GET", "/set-aside", Whose::Machines),
    ("POST", "/set-aside", Whose::Machines),
    ("GET", "/set-aside/set-aside.csv", Whose::Machines),
    ("GET", "/people", Whose::Office),
    ("GET", "/people/everybody", Whose::Office),
    ("GET", "/people/people.csv", Whose::Office),
    ("POST", "/people", Whose::Office),
    ("POST", "/people/columns", Whose::Office),
    ("POST", "/people/decide", Whose::Office),
    ("POST", "/people/undo", Whose::Office),
    ("GET", "/people/remembered", Whose::Office),
    ("POST", "/people/remembered", Whose::Office),
    ("GET", "/people/{id}", Whose::Office),
    ("POST", "/people/{id}", Whose::Office),
    ("POST", "/people/{id}/transfer", Whose::Office),
    ("GET", "/visitors", Whose::Office),
    ("POST", "/visitors", Whose::Office),
    ("GET", "/visitors/visitors.csv", Whose::Office),
    ("GET", "/visitors/{id}", Whose::Office),
    ("POST", "/visitors/{id}", Whose::Office),
    ("GET", "/restrictions", Whose::OfficeAndHead),
    ("GET", "/restrictions/{id}", Whose::OfficeAndHead),
    ("POST", "/restrictions/{id}", Whose::OfficeAndHead),
    ("GET", "/held", Whose::OfficeAndHead),
    ("POST", "/held/visitors", Whose::OfficeAndHead),
    ("POST", "/held/{id}", Whose::OfficeAndHead),
    ("GET", "/retention", Whose::Office),
    ("POST", "/retention", Whose::Office),
    ("GET", "/retention/retention.csv", Whose::Office),
    ("GET", "/processing", Whose::OfficeAndHead),
    ("GET", "/processing/document.html", Whose::OfficeAndHead),
    ("GET", "/audit", Whose::HeadAndLead),
    ("GET", "/audit/audit.csv", Whose::HeadAndLead),
    ("GET", "/audit/checkpoint", Whose::HeadAndLead),
    ("POST", "/audit/checkpoint", Whose::HeadAndLead),
    ("GET", "/backups", Whose::Machines),
    ("POST", "/backups", Whose::Machines),
    ("GET", "/backups/backups.csv", Whose::Machines),
    ("GET", "/safeguarding", Whose::Holders),
    ("POST", "/safeguarding/key", Whose::Holders),
    ("POST", "/safeguarding/unlock", Whose::Holders),
    ("POST", "/safeguarding/lock", Whose::Holders),
    ("POST", "/safeguarding/holders", Whose::Holders),
    ("POST", "/safeguarding/holders/remove", Whose::Holders),
    ("GET", "/safeguarding/keys", Whose::Holders),
    ("POST", "/safeguarding/keys", Whose::Holders),
    ("POST", "/safeguarding/sheet", Whose::Holders),
    ("GET", "/safeguarding/recovery", Whose::Holders),
    ("GET", "/safeguarding/recovery/{role}", Whose::Holders),
    ("POST", "/safeguarding/recovery/{role}", Whose::Holders),
    ("POST", "/safeguarding/recovery/{role}/lost", Whose::Holders),
    ("POST", "/safeguarding/keys/remembered", Whose::Holders),
    ("POST", "/safeguarding/recovered", Whose::Holders),
    ("POST", "/safeguarding/reports.csv", Whose::Holders),
    ("GET", "/safeguarding/incidents", Whose::Holders),
    ("POST", "/safeguarding/incidents.csv", Whose::Holders),
    ("GET", "/safeguarding/figures", Whose::Holders),
    ("GET", "/safeguarding/ended", Whose::Holders),
    ("POST", "/safeguarding/ended/{id}", Whose::Holders),
    ("GET", "/safeguarding/steps", Whose::Holders),
    ("GET", "/safeguarding/steps/{chart}", Whose::Holders),
    ("GET", "/safeguarding/asked", Whose::Holders),
    ("POST", "/safeguarding/asked", Whose::Holders),
    ("GET", "/safeguarding/report/{id}", Whose::Holders),
    ("POST", "/safeguarding/report/{id}/entries", Whose::Holders),
    ("GET", "/safeguarding/report/{id}/answer", Whose::Holders),
    ("POST", "/safeguarding/report/{id}/answer", Whose::Holders),
    ("GET", "/symbols/{name}", Whose::Everybody),
    ("GET", "/desk.css", Whose::Nobody),
    ("GET", "/signpost.svg", Whose::Nobody),
    ("GET", "/fonts/{name}", Whose::Nobody),
];

/// The forms that have a place for a file.
const WITH_A_FILE: &[&str] = &[
    "/people",
    "/kiosks/stick",
    "/consent/published",
    "/visitors",
    "/paper/{id}",
    "/register/{agreement}/{section}/paper",
    "/consent/pupil/{id}/paper/{form}",
    "/consent/pupil/{id}/portrait",
];

/// The methods by which a route is served: “get(home::home)”, “get(sign_in::form).post(sign_in::sign_in)”.
fn methods(route: &str) -> Vec<&'static str> {
    let is_there = |call: &str| {
        let mut before = route.match_indices(call).map(|(at, _)| route[..at].chars().next_back());
        before.any(|before| before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_'))
    };
    [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE"), ("any(", "ANY")]
        .into_iter()
        .filter(|(call, _)| is_there(call))
        .map(|(_, method)| method)
        .collect()
}

#[test]
fn every_address_of_the_desk_is_in_the_matrix() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk/mod.rs");
    let code = std::fs::read_to_string(file).unwrap();
    let router = code.split(".with_state(").next().unwrap();
    let mut served = BTreeSet::new();
    for route in router.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        let methods = methods(route.split_once(',').unwrap().1);
        assert!(!methods.is_empty(), "by which method is {path} served?");
        served.extend(methods.into_iter().map(|method| (method, path)));
    }
    let listed: BTreeSet<(&str, &str)> = MATRIX.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(served, listed, "say in the matrix whose a new page is");
}

/// Whether this is the page, or a way to it, and not the door that says there is nothing.
fn is_in(page: &Page) -> bool {
    page.status != StatusCode::NOT_FOUND
}

/// An address with something that there is in each of its places. What is not there is told like a page that is not
/// there: a picture, a report, letters and a call are tried where they exist, in `safeguarding.rs`,
/// `report_work.rs`, `calls.rs`, `kiosks.rs`, `may_i.rs`, `staff_pages.rs`, `visitors.rs`, `papers.rs` and by the journeys.
fn filled(path: &str, class: &str, words: &str, pupil: &str) -> Option<String> {
    let elsewhere = [
        "/symbols/",
        "/report/",
        "/steps/",
        "/ended/",
        "/letters/file",
        "/calls/{kiosk}",
        "/kiosks/{device}",
        "{register}",
        "/visitors/{id}",
        "/paper/{id}",
        "{group}",
        "{slug}",
        "/may-i/portrait",
    ]
    .iter()
    .any(|part| path.contains(part));
    if elsewhere || path == "/sign-out" {
        return None;
    }
    let path = path.replace("{agreement}", "ks1").replace("{section}", class).replace("{form}", "images");
    let path = path.replace("{role}", "chair");
    let path = path.replace("{digest}", words).replace("{name}", "lexend-latin-500.woff2");
    Some(path.replace("{id}", pupil).replace("{account}", "1"))
}

async fn ask(browser: &mut Browser, school: &School, method: &str, path: &str) -> Page {
    match method {
        "GET" => browser.get(school, path).await,
        // A form's page decides before its token: it is not said that there is such a form. What becomes of the token
        // itself is tried below.
        _ => browser.post(school, path, &[("form_token", "")]).await,
    }
}

#[tokio::test]
async fn nobody_sees_a_page_that_is_not_theirs_and_the_office_sees_nothing_of_any_report() {
    let school = asking_school().await;
    let maya = pupil(&school, "Maya", "Khan").id.to_string();
    let class = school.hub.store.classes().unwrap()[0].id.to_string();
    let words = ks1("3.0").digest().to_string();
    let mut office = Browser::signed_in(&school).await;
    for (method, path, whose) in MATRIX {
        let Some(path) = filled(path, &class, &words, &maya) else { continue };
        let page = ask(&mut office, &school, method, &path).await;
        assert_eq!(is_in(&page), whose.is_for(Duty::Office), "office at {path}: {}", page.status);
        let stranger = ask(&mut Browser::default(), &school, method, &path).await;
        let shown = stranger.status == StatusCode::OK;
        assert_eq!(shown, *whose == Whose::Nobody, "a stranger at {path}: {}", stranger.status);
    }
    for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::Office) {
        let name = duty.as_str();
        let mut browser = Browser::with_duty(&school, name, duty).await;
        for (method, path, whose) in MATRIX {
            let Some(path) = filled(path, &class, &words, &maya) else { continue };
            let page = ask(&mut browser, &school, method, &path).await;
            let may = whose.is_for(duty);
            assert_eq!(is_in(&page), may, "{name} at {path}: {}", page.status);
        }
        let home = browser.get(&school, "/").await;
        let (leads, nowhere): (_, &[&str]) = match duty {
            Duty::Office => unreachable!("is tried above"),
            Duty::Holder(_) => ("/safeguarding", &["/kiosks", "/consent", "/people"]),
            Duty::Governor => ("/registers", &["/kiosks", "/consent", "/safeguarding", "/people", "/held"]),
            Duty::Technician => {
                ("/registers", &["/figures", "/consent", "/safeguarding", "/people", "/held"])
            }
            Duty::Staff => ("/registers", &["/figures", "/kiosks", "/consent", "/safeguarding", "/people"]),
        };
        assert_eq!(home.leads_to(), leads);
        let first = browser.get(&school, leads).await.text;
        let leads_to = |way: &&str| first.contains(&format!("href=\"{way}"));
        assert!(!nowhere.iter().any(leads_to), "{name}: no way that leads nowhere");
    }
    let home = office.get(&school, "/").await.text;
    assert!(!home.to_lowercase().contains("report"), "the office's pages do not even name them: {home}");
}

/// All that the hub keeps, but for when sessions were last used.
fn kept(school: &School) -> BTreeMap<String, BTreeSet<String>> {
    let database = opened_database(&school.folder());
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |table: &String| {
        let mut select = database.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = select.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            Ok((0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect::<Vec<_>>().join("|"))
        };
        select.query_map([], row).unwrap().map(Result::unwrap).collect()
    };
    tables.iter().filter(|table| *table != "sessions").map(|table| (table.clone(), rows(table))).collect()
}

/// What would be taken for a whole form by most routes that did not look at its token.
fn filled_in<'t>(token: &'t str, pupil: &'t str) -> Vec<(&'static str, &'t str)> {
    const WORDS: &str = "otter lane marble quiet";
    vec![
        ("sure", "yes"),
        ("lose", "yes"),
        ("what", "hold"),
        ("reason", "Somebody said so"),
        ("families", "all"),
        ("name", "Library"),
        ("agreement", "visitor"),
        ("day", "2026-09-14"),
        ("pupil", pupil),
        ("line", pupil),
        ("password", PASSWORD),
        ("current", PASSWORD),
        ("new", WORDS),
        ("again", WORDS),
        ("passphrase", WORDS),
        ("form_token", token),
    ]
}

#[tokio::test]
async fn no_form_of_the_desk_changes_anything_without_the_token_of_its_page() {
    let school = asking_school().await;
    let kiosk = Kiosk::paired(&school).await;
    let device = kiosk.identity.device.to_string();
    let maya = pupil(&school, "Maya", "Khan").id.to_string();
    let class = school.hub.store.classes().unwrap()[0].id.to_string();
    let at = |path: &str| {
        let place = [
            ("{agreement}", "ks1"),
            ("{section}", &class),
            ("{form}", "images"),
            ("{role}", "chair"),
            ("{kiosk}", &device),
            ("{device}", &device),
            ("{register}", "loans"),
            ("{entry}", &maya),
            ("{account}", "1"),
            ("{id}", &maya),
        ];
        place.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    };
    let mut first = Browser::signed_in(&school).await;
    let another = first.get(&school, "/").await.form_token();
    let mut tried = BTreeSet::new();
    for duty in Duty::ALL {
        let name = format!("{}-2", duty.as_str());
        let mut browser = Browser::with_duty(&school, &name, duty).await;
        let before = kept(&school);
        let forms = MATRIX.iter().filter(|(method, _, whose)| *method == "POST" && whose.is_for(duty));
        // That one is for whoever has shown a password and no code.
        for (_, path, _) in forms.filter(|(_, path, _)| *path != "/sign-in/code") {
            for token in ["", "0000", &another] {
                let (to, fields) = (at(path), filled_in(token, &maya));
                let page = match WITH_A_FILE.contains(path) {
                    true => browser.post_parts(&school, &to, &fields).await,
                    false => browser.post(&school, &to, &fields).await,
                };
                assert_eq!(
                    page.status,
                    StatusCode::FORBIDDEN,
                    "{name} at {path} with “{token}”: {}",
                    page.text
                );
            }
            tried.insert(*path);
        }
        assert!(kept(&school) == before, "{name}: something was changed");
        assert_eq!(
            browser.get(&school, "/password").await.status,
            StatusCode::OK,
            "{name} is still signed in"
        );
    }
    let mut half = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    half.set_up_phone(&school).await;
    let mut phone = half.phone.take().unwrap();
    assert_eq!(half.try_sign_in(&school, "e.roe", PASSWORD).await.leads_to(), "/sign-in/code");
    half.cookies.remove("__Host-signpost");
    let before = kept(&school);
    let code = phone.code(&school);
    for token in ["", "0000", &another] {
        let fields = [("code", code.as_str()), ("form_token", token)];
        let page = half.post(&school, "/sign-in/code", &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    }
    assert!(kept(&school) == before);
    tried.insert("/sign-in/code");
    let all: BTreeSet<&str> =
        MATRIX.iter().filter(|(method, ..)| *method == "POST").map(|(_, path, _)| *path).collect();
    assert_eq!(tried, all);
}
