//! Which account sees what: every address of the desk, tried by every duty.

use std::{collections::BTreeSet, path::Path};

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::report::Role;

use crate::{
    browser::{Browser, Page},
    consents::{asking_school, pupil},
    school::{School, ks1},
};

/// Whose a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Office,
    /// The office's and the headteacher's.
    OfficeAndHead,
    /// The office's and the holders'.
    OfficeAndHolders,
    Holders,
    /// Everybody's but the technician's and other staff's.
    Figures,
    /// The office's and the technician's.
    Machines,
    Everybody,
    /// For whoever has not signed in: it says nothing of anybody.
    Nobody,
}

/// Every address of the desk, with whose it is.
const MATRIX: &[(&str, &str, Whose)] = &[
    ("GET", "/", Whose::Everybody),
    ("GET", "/sign-in", Whose::Nobody),
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
    ("GET", "/register/{agreement}", Whose::Office),
    ("GET", "/register/{agreement}/register.csv", Whose::Office),
    ("GET", "/register/{agreement}/{section}", Whose::Office),
    ("POST", "/register/{agreement}/{section}/display.pdf", Whose::Office),
    ("GET", "/consent", Whose::Office),
    ("GET", "/consent/form/{form}", Whose::Office),
    ("GET", "/consent/form/{form}/consent.csv", Whose::Office),
    ("GET", "/consent/pupil/{id}", Whose::Office),
    ("POST", "/consent/pupil/{id}/lift", Whose::Office),
    ("POST", "/consent/pupil/{id}/paper/{form}", Whose::Office),
    ("GET", "/consent/may-i", Whose::Office),
    ("GET", "/consent/asked", Whose::Office),
    ("GET", "/consent/published", Whose::Office),
    ("POST", "/consent/published", Whose::Office),
    ("POST", "/consent/published/gone", Whose::Office),
    ("GET", "/consent/export", Whose::Office),
    ("GET", "/consent/roster", Whose::Office),
    ("GET", "/families", Whose::Office),
    ("GET", "/families/letters", Whose::Office),
    ("POST", "/families/letters", Whose::Office),
    ("GET", "/families/letters/file", Whose::Office),
    ("POST", "/families/letters/done", Whose::Office),
    ("GET", "/unopened", Whose::OfficeAndHolders),
    ("GET", "/figures", Whose::Figures),
    ("GET", "/figures/figures.csv", Whose::Figures),
    ("GET", "/calls", Whose::Everybody),
    ("POST", "/calls/{kiosk}", Whose::Everybody),
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
    ("POST", "/kiosks/pair", Whose::Machines),
    ("GET", "/kiosks/stick", Whose::Machines),
    ("POST", "/kiosks/stick", Whose::Machines),
    ("POST", "/kiosks/stick/{device}", Whose::Machines),
    ("GET", "/set-aside", Whose::Machines),
    ("GET", "/people", Whose::Office),
    ("POST", "/people", Whose::Office),
    ("POST", "/people/columns", Whose::Office),
    ("POST", "/people/decide", Whose::Office),
    ("POST", "/people/undo", Whose::Office),
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
    ("GET", "/processing", Whose::OfficeAndHead),
    ("GET", "/processing/document.html", Whose::OfficeAndHead),
    ("GET", "/backups", Whose::Machines),
    ("POST", "/backups", Whose::Machines),
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
    ("GET", "/safeguarding/incidents", Whose::Holders),
    ("GET", "/safeguarding/figures", Whose::Holders),
    ("GET", "/safeguarding/ended", Whose::Holders),
    ("POST", "/safeguarding/ended/{id}", Whose::Holders),
    ("GET", "/safeguarding/steps", Whose::Holders),
    ("GET", "/safeguarding/steps/{chart}", Whose::Holders),
    ("GET", "/safeguarding/report/{id}", Whose::Holders),
    ("POST", "/safeguarding/report/{id}/entries", Whose::Holders),
    ("GET", "/symbols/{name}", Whose::Everybody),
    ("GET", "/desk.css", Whose::Nobody),
    ("GET", "/signpost.svg", Whose::Nobody),
    ("GET", "/fonts/{name}", Whose::Nobody),
];

#[test]
fn every_address_of_the_desk_is_in_the_matrix() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk/mod.rs");
    let code = std::fs::read_to_string(file).unwrap();
    let served: BTreeSet<&str> =
        code.split(".route(").skip(1).map(|rest| rest.split('"').nth(1).unwrap()).collect();
    let listed: BTreeSet<&str> = MATRIX.iter().map(|(_, path, _)| *path).collect();
    assert_eq!(served, listed, "say in the matrix whose a new page is");
}

/// Whether this is the page, or a way to it, and not the door that says there is nothing.
fn is_in(page: &Page) -> bool {
    page.status != StatusCode::NOT_FOUND
}

/// An address with something that there is in each of its places. What is not there is told like a page that is not
/// there: a picture, a report, letters and a call are tried where they exist, in `safeguarding.rs`,
/// `report_work.rs`, `calls.rs`, `visitors.rs` and by the journeys.
fn filled(path: &str, class: &str, words: &str, pupil: &str) -> Option<String> {
    let elsewhere = [
        "/symbols/",
        "/report/",
        "/steps/",
        "/ended/",
        "/letters/file",
        "/calls/{kiosk}",
        "{register}",
        "/visitors/{id}",
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
        // A form's page decides before its token: it is not said that there is such a form.
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
        assert_eq!(is_in(&page), *whose != Whose::Holders, "office at {path}: {}", page.status);
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
            let may = match whose {
                Whose::Office => false,
                Whose::OfficeAndHead => duty == Duty::Holder(Role::Headteacher),
                Whose::OfficeAndHolders | Whose::Holders => matches!(duty, Duty::Holder(_)),
                Whose::Figures => !matches!(duty, Duty::Technician | Duty::Staff),
                Whose::Machines => duty == Duty::Technician,
                Whose::Everybody | Whose::Nobody => true,
            };
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
