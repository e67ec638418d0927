//! Working on a report: what was done about it, added and never changed, read by those who can open it alone.

use std::fs;

use hub::{folder::Folder, keyfile::KeyFile};
use hyper::StatusCode;
use records::report::{Role, Route};
use rusqlite::Connection;

use crate::{
    browser::{Browser, Page},
    safeguarding::{Told, WORDS, report},
    school::{PASSPHRASE, School, passphrase},
};

/// Words that nobody else has: looked for where they must not be.
const DONE: &str = "Sat with her in the library corner";
const DECIDED: &str = "Her aunt fetches her on Thursday";
const BECAUSE: &str = "She is afraid of the walk past the garages";

/// Fills in a form of the report's page.
pub(crate) async fn enter(told: &mut Told, role: Role, at: &str, fields: &[(&str, &str)]) -> Page {
    let token = told.page(role, "/safeguarding").await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    told.holders[role as usize].post(&told.school, &format!("{at}/entries"), &fields).await
}

/// A school with one report, and where it is.
async fn one(route: Route) -> (Told, String) {
    let mut told = Told::begun().await;
    told.bring(vec![(route, report(None))]).await;
    let found = told.listed(route.roles()[0]).await.remove(0);
    (told, found)
}

fn place(page: &str, part: &str) -> usize {
    page.find(part).unwrap_or_else(|| panic!("{part}: {page}"))
}

#[tokio::test]
async fn what_was_done_stands_with_who_and_when_and_is_put_right_by_another_entry() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let done = enter(&mut told, Role::Safeguarding, &at, &[("kind", "action"), ("what", DONE)]).await;
    assert_eq!((done.status, done.leads_to()), (StatusCode::SEE_OTHER, format!("{at}#done").as_str()));
    told.school.pass(10 * 60);
    let fields = [("kind", "decision"), ("what", DECIDED), ("because", BECAUSE)];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [
        ("kind", "told"),
        ("whom", "Her aunt, Mrs Nair"),
        ("when", "14 September, 10:10"),
        ("how", "By telephone"),
        ("what", "She comes at three <b>o’clock</b>"),
    ];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("kind", "correction"), ("of", "2"), ("what", "On Wednesday, not Thursday")];
    assert_eq!(enter(&mut told, Role::Safeguarding, &at, &fields).await.status, StatusCode::SEE_OTHER);
    for role in [Role::Safeguarding, Role::Headteacher] {
        let page = told.page(role, &at).await.text;
        let order = [
            "1 · 14 September 2026, 9:00 · safeguarding",
            DONE,
            "2 · 14 September 2026, 9:10 · headteacher",
            DECIDED,
            BECAUSE,
            "Corrected by <a href=\"#entry-4\">entry 4</a>",
            "Told: Her aunt, Mrs Nair",
            "By telephone",
            "She comes at three &lt;b&gt;o’clock&lt;",
            "Correction of entry 2",
            "On Wednesday, not Thursday",
        ];
        let places: Vec<_> = order.iter().map(|part| place(&page, part)).collect();
        assert!(places.is_sorted(), "{places:?}: {page}");
        assert!(page.contains("he &lt;b&gt;said&lt;"), "the child's own words stand as they were given");
    }
    let list = told.page(Role::Headteacher, "/safeguarding").await.text;
    assert!(list.contains("4 entries"), "{list}");
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn a_decision_without_a_reason_is_refused_and_what_was_typed_is_still_there() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let fields = [("kind", "decision"), ("what", DECIDED), ("because", "  ")];
    let refused = enter(&mut told, Role::Safeguarding, &at, &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for part in
        ["Nothing was kept. A decision needs its reason", DECIDED, "<details class=\"wall card\" open>"]
    {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    assert!(told.page(Role::Safeguarding, &at).await.text.contains("Nothing is written down yet"));
    // Whoever writes in letters of three bytes reaches the end of an entry before the end of the field.
    let long = "ữ".repeat(1500);
    let fields = [("kind", "decision"), ("what", long.as_str()), ("because", long.as_str())];
    let refused = enter(&mut told, Role::Safeguarding, &at, &fields).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("Make two of it"));
    assert!(refused.text.contains(&long));
}

#[tokio::test]
async fn a_report_is_closed_with_a_reason_and_opened_again_and_all_of_it_stays() {
    let (mut told, at) = one(Route::Safeguarding).await;
    for (kind, status) in [("reopen", StatusCode::BAD_REQUEST), ("close", StatusCode::SEE_OTHER)] {
        let page =
            enter(&mut told, Role::Safeguarding, &at, &[("kind", kind), ("because", "All is well")]).await;
        assert_eq!(page.status, status, "{kind}");
    }
    let list = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(list.contains("Nothing waits") && list.contains("One is closed") && !list.contains("/report/"));
    for shown in ["closed", "all"] {
        let list = told.page(Role::Safeguarding, &format!("/safeguarding?show={shown}")).await.text;
        assert!(list.contains(&at), "{shown}: {list}");
    }
    let late = enter(&mut told, Role::Safeguarding, &at, &[("kind", "action"), ("what", DONE)]).await;
    assert!(late.status == StatusCode::BAD_REQUEST && late.text.contains("Open it again first"));
    let fields = [("kind", "reopen"), ("because", "She came back")];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Safeguarding).await, std::slice::from_ref(&at));
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(place(&page, "All is well") < place(&page, "She came back"), "{page}");
}

#[tokio::test]
async fn an_entry_is_read_by_the_two_roles_of_its_report_and_nobody_else_finds_a_way_to_write_one() {
    let (mut told, at) = one(Route::AboutGrownUp).await;
    let fields = [("kind", "decision"), ("what", DECIDED), ("because", BECAUSE)];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(told.page(Role::Chair, &at).await.text.contains(BECAUSE));
    for role in [Role::Safeguarding, Role::ViceChair] {
        assert_eq!(told.page(role, &at).await.status, StatusCode::NOT_FOUND, "{role:?}");
        let page = enter(&mut told, role, &at, &[("kind", "action"), ("what", DONE)]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{role:?}");
        let list = told.page(role, "/safeguarding?show=all").await.text;
        assert!(!list.contains("/report/") && !list.contains("entries"), "{role:?}: {list}");
    }
    let mut office = Browser::signed_in(&told.school).await;
    assert_eq!(office.get(&told.school, &at).await.status, StatusCode::NOT_FOUND);
    let page = office.post(&told.school, &format!("{at}/entries"), &[("kind", "action")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = Browser::default().get(&told.school, &at).await;
    assert_eq!(page.leads_to(), "/sign-in");
    assert!(!told.page(Role::Chair, &at).await.text.contains(DONE));
}

#[tokio::test]
async fn whoever_steps_aside_sees_no_more_of_it_until_the_other_gives_it_back() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let over = |whom: &'static str, aside: &'static str| {
        [("kind", "hand-over"), ("whom", whom), ("because", "I know the family"), ("aside", aside)]
    };
    // Not to somebody who could not open it.
    for whom in ["chair", "office", "safeguarding", "nobody"] {
        let page = enter(&mut told, Role::Safeguarding, &at, &over(whom, "yes")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{whom}");
    }
    let page = enter(&mut told, Role::Safeguarding, &at, &over("headteacher", "yes")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let list = told.page(Role::Safeguarding, "/safeguarding?show=all").await.text;
    assert!(list.contains("headteacher goes on with it") && !list.contains("Somebody wrote to me"), "{list}");
    let own = told.page(Role::Safeguarding, &at).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.text.contains("You stepped aside") && !own.text.contains("I am worried"), "{}", own.text);
    for kind in ["action", "export", "correction"] {
        let fields = [("kind", kind), ("what", DONE), ("because", BECAUSE), ("of", "1")];
        let page = enter(&mut told, Role::Safeguarding, &at, &fields).await;
        assert!(page.status == StatusCode::FORBIDDEN && !page.text.contains("I am worried"), "{kind}");
    }
    // Nothing that the lead does or leaves undone takes it from the headteacher.
    assert_eq!(told.listed(Role::Headteacher).await, std::slice::from_ref(&at));
    let page = told.page(Role::Headteacher, &at).await.text;
    for part in ["Stepped aside: headteacher goes on with it", "I know the family", "With headteacher"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = enter(&mut told, Role::Headteacher, &at, &over("safeguarding", "")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(told.page(Role::Safeguarding, &at).await.text.contains("I am worried"));
}

#[tokio::test]
async fn a_report_is_held_made_an_incident_and_taken_out_and_each_is_put_on_record() {
    let (mut told, at) = one(Route::AboutGrownUp).await;
    let head = Role::Headteacher;
    let incident = [
        ("kind", "incident"),
        ("heading", "Contact"),
        ("sort", "Messages from a grown-up"),
        ("place", "Computer room, device 12"),
        ("what", DONE),
    ];
    let refused = enter(&mut told, head, &at, &incident[..3]).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("Write where it was"));
    for fields in [&incident[..], &[("kind", "hold"), ("because", "A court asked for it")]] {
        assert_eq!(enter(&mut told, head, &at, fields).await.status, StatusCode::SEE_OTHER);
    }
    let twice = enter(&mut told, head, &at, &[("kind", "hold"), ("because", "Again")]).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    let refused = enter(&mut told, head, &at, &[("kind", "export"), ("because", "")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "not without a reason");
    let paper = enter(&mut told, head, &at, &[("kind", "export"), ("because", "For the court")]).await;
    assert_eq!(paper.status, StatusCode::OK);
    for part in [
        "CONFIDENTIAL",
        "Somebody wrote to me",
        DONE,
        "Must be kept",
        "For the court",
        "headteacher found it in the box",
        "signpost-hub audit check",
    ] {
        assert!(paper.text.contains(part), "{part}: {}", paper.text);
    }
    assert!(!paper.text.contains("<textarea"), "a page for paper, not a form");
    let page = told.page(Role::Chair, &at).await.text;
    assert!(page.contains("Taken out on paper") && page.contains("End the hold"), "{page}");
    for (role, sees) in
        [(Role::Chair, true), (head, true), (Role::Safeguarding, false), (Role::ViceChair, false)]
    {
        let log = told.page(role, "/safeguarding/incidents").await;
        assert_eq!(log.status, StatusCode::OK);
        assert_eq!(log.text.contains("Messages from a grown-up"), sees, "{role:?}: {}", log.text);
    }
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn what_a_child_told_an_adult_reaches_those_it_is_for_with_who_and_when_and_the_words_apart() {
    let mut told = Told::begun().await;
    let mut office = Browser::signed_in(&told.school).await;
    let form = office.get(&told.school, "/concern").await;
    for part in [
        "A child told you something",
        "How do you feel?",
        "A grown-up at school: the headteacher and the chair",
    ] {
        assert!(form.text.contains(part), "{part}: {}", form.text);
    }
    let token = form.form_token();
    let fields = [
        ("form_token", token.as_str()),
        ("happened", "message"),
        ("about", "grown-up"),
        ("words", "he <b>asked</b> me to come alone"),
        ("child", "Maya with the plaits"),
        ("when", "after lunch"),
        ("own", "She held on to my sleeve"),
    ];
    for (missing, why) in [("about", "Say who it is about"), ("words", "Write what the child said")] {
        let less: Vec<_> = fields
            .iter()
            .copied()
            .filter(|(name, _)| *name != missing && (missing == "about" || *name != "own"))
            .collect();
        let refused = office.post(&told.school, "/concern", &less).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(
            refused.text.contains(why) && refused.text.contains("Maya with the plaits"),
            "{}",
            refused.text
        );
    }
    let long = "ữ".repeat(400);
    let mut longer = fields.to_vec();
    longer.retain(|(name, _)| *name != "words" && *name != "own");
    longer.extend([("words", long.as_str()), ("own", long.as_str())]);
    let refused = office.post(&told.school, "/concern", &longer).await;
    assert!(
        refused.status == StatusCode::BAD_REQUEST
            && refused.text.contains("too long")
            && refused.text.contains(&long)
    );
    let before = told.school.hub.store.sealed_for(Role::Safeguarding).unwrap().len();
    let done = office.post(&told.school, "/concern", &fields).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text.contains("The headteacher and the chair of governors can read it"), "{}", done.text);
    // Nothing shows for whom: an envelope came for each.
    for role in Role::ALL {
        let routes = Route::ALL.into_iter().filter(|route| role.reads(*route)).count();
        let sealed = told.school.hub.store.sealed_for(role).unwrap();
        assert_eq!(sealed.len(), before + routes, "{role:?}");
        assert!(sealed.iter().all(|one| one.bytes.len() == 2048));
    }
    let (_, plain) = unlocked_database(&told.school);
    for words in ["to come alone", "on to my sleeve", "Maya with the plaits"] {
        assert!(!holds(&plain, words), "{words}");
    }
    assert!(holds(&plain, "concern handed in"));
    assert!(
        told.listed(Role::Safeguarding).await.is_empty() && told.listed(Role::ViceChair).await.is_empty()
    );
    let at = told.listed(Role::Chair).await.remove(0);
    for role in [Role::Chair, Role::Headteacher] {
        let page = told.page(role, &at).await.text;
        let parts = [
            "The child told <strong>office</strong>, after lunch",
            "14 September 2026, 9:00",
            "Maya with the plaits",
            "he &lt;b&gt;asked&lt;",
            "What office saw, heard and did",
            "She held on to my sleeve",
        ];
        for part in parts {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    assert_eq!(told.page(Role::Safeguarding, &at).await.status, StatusCode::NOT_FOUND);
    let fields = [("kind", "action"), ("what", DONE)];
    assert_eq!(enter(&mut told, Role::Chair, &at, &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_must_be_told_is_asked_by_the_schools_own_charts_with_its_numbers_and_decided_by_nobody_else() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let id = at.rsplit('/').next().unwrap().to_owned();
    let page = told.page(Role::Safeguarding, &at).await.text;
    let link = format!("/safeguarding/steps?report={id}");
    assert!(page.contains(&link), "{page}");
    let list = told.page(Role::Safeguarding, &link).await.text;
    let link = format!("/safeguarding/steps/it-may-be-illegal?report={id}");
    assert!(list.contains(&link) && list.contains("You need not be sure."), "{list}");
    let chart = told.page(Role::Safeguarding, &link).await.text;
    let parts = [
        "Is somebody in danger now?",
        "<a href=\"#step-2\">Yes<",
        "<a href=\"#step-3\">No<",
        "Ring 999",
        "<a href=\"#step-3\">Go on<",
        "01632 960142",
        "Write down whom you told, or why not",
    ];
    let places: Vec<_> = parts.iter().map(|part| place(&chart, part)).collect();
    assert!(places.is_sorted() && !chart.contains("<form method=\"post\" action=\"/safeguarding"), "{chart}");
    let none = told.page(Role::Safeguarding, "/safeguarding/steps/no-such-chart").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let mut office = Browser::signed_in(&told.school).await;
    assert_eq!(office.get(&told.school, &link).await.status, StatusCode::NOT_FOUND);
    // What comes with the address is not believed.
    let odd = told.page(Role::Safeguarding, "/safeguarding/steps?report=%22%3E%3Cb%3E").await.text;
    assert!(!odd.contains("<b>"), "{odd}");
}

/// The database, for whoever has the hub's passphrase.
pub(crate) fn opened_database(folder: &Folder) -> Connection {
    let key = KeyFile::read(&fs::read(folder.key_file()).unwrap()).unwrap();
    let key = key.open(&passphrase(PASSPHRASE)).unwrap();
    let database = Connection::open(folder.database()).unwrap();
    database.pragma_update(None, "key", format!("x'{}'", &*key.hex())).unwrap();
    database
}

/// All that the database holds.
pub(crate) fn unlocked_database(school: &School) -> (Connection, Vec<u8>) {
    let database = opened_database(&school.folder());
    let plain = school.dir.path().join("plain.db");
    let _ = fs::remove_file(&plain);
    database.execute("ATTACH DATABASE ? AS plain KEY ''", [plain.to_str().unwrap()]).unwrap();
    database.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(())).unwrap();
    database.execute("DETACH DATABASE plain", []).unwrap();
    (database, fs::read(plain).unwrap())
}

pub(crate) fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[tokio::test]
async fn whoever_has_the_whole_database_reads_no_entry_and_not_which_report_it_is_about() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None)), (Route::Safeguarding, report(None))]).await;
    let found = told.listed(Role::Safeguarding).await;
    for _ in 0..5 {
        let fields = [("kind", "decision"), ("what", DECIDED), ("because", BECAUSE)];
        assert_eq!(
            enter(&mut told, Role::Safeguarding, &found[0], &fields).await.status,
            StatusCode::SEE_OTHER
        );
    }
    assert!(told.page(Role::Safeguarding, &found[0]).await.text.contains(BECAUSE));
    assert!(told.page(Role::Safeguarding, &found[1]).await.status.is_success());

    let (database, plain) = unlocked_database(&told.school);
    assert!(holds(&plain, "safeguarding entry"), "the log says that somebody wrote");
    for words in [DECIDED, BECAUSE, "it is a game"] {
        assert!(!holds(&plain, words), "{words}");
    }
    // Six entries with five of them about one report look like six about six: of one size, at places of chance.
    let mut entries = database.prepare("SELECT place, length(bytes) FROM report_entries").unwrap();
    let entries: Vec<(Vec<u8>, i64)> =
        entries.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert_eq!(entries.len(), 5 + 2, "five decisions, two openings");
    assert!(entries.iter().all(|(place, size)| place.len() == 16 && *size == 4096));
    // What the log says of a report by name is that it was found.
    let named = |id: &str| -> Vec<String> {
        let mut select =
            database.prepare("SELECT what FROM audit WHERE detail LIKE '%' || ? || '%'").unwrap();
        select.query_map([id], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for at in &found {
        assert_eq!(named(at.rsplit('/').next().unwrap()), ["report found"]);
    }
    // The control: the same words in a table are found.
    database.execute_batch("CREATE TABLE plainly (words TEXT)").unwrap();
    database.execute("INSERT INTO plainly VALUES (?)", [BECAUSE]).unwrap();
    assert!(holds(&unlocked_database(&told.school).1, BECAUSE), "the search would have found it");
}

#[tokio::test]
async fn an_entry_that_was_changed_or_taken_away_is_missed_and_one_put_there_is_noticed() {
    let (mut told, at) = one(Route::Safeguarding).await;
    assert!(
        enter(&mut told, Role::Safeguarding, &at, &[("kind", "action"), ("what", DONE)])
            .await
            .status
            .is_redirection()
    );
    let check = |told: &Told| told.school.hub.store.check_audit().map_err(|error| error.to_string());
    check(&told).unwrap();
    let (database, _) = unlocked_database(&told.school);
    database.execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM report_entries").unwrap();
    let spoil = |statement: &str| {
        assert_ne!(database.execute(statement, []).unwrap(), 0, "{statement}");
        let found = check(&told);
        database
            .execute_batch("DELETE FROM report_entries; INSERT INTO report_entries SELECT * FROM kept")
            .unwrap();
        check(&told).unwrap();
        found.unwrap_err()
    };
    let flipped =
        "UPDATE report_entries SET bytes = CAST(substr(bytes, 1, 99) || x'00' || substr(bytes, 101) AS BLOB)";
    assert!(spoil(flipped).contains("not as it was written"));
    assert!(
        spoil("DELETE FROM report_entries").contains("1 safeguarding entries were written, and 0 are there")
    );
    assert!(
        spoil("INSERT INTO report_entries VALUES (zeroblob(16), zeroblob(4096))").contains("not as it was")
    );
    assert!(spoil("UPDATE report_entries SET place = zeroblob(16)").contains("not as it was"));
}

#[tokio::test]
async fn an_opening_is_put_on_record_once_and_the_next_one_again() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let seen = async |told: &mut Told| {
        told.page(Role::Safeguarding, &at).await.text.matches("</strong> read it").count()
    };
    assert_eq!(seen(&mut told).await, 1);
    assert_eq!(seen(&mut told).await, 1, "loaded again");
    told.page(Role::Headteacher, &at).await;
    assert_eq!(seen(&mut told).await, 2, "by the other");
    told.school.pass(14 * 60);
    told.page(Role::Safeguarding, "/safeguarding").await;
    told.school.pass(2 * 60);
    assert_eq!(seen(&mut told).await, 3, "after a quarter of an hour it is another");
}

#[tokio::test]
async fn what_somebody_typed_while_the_box_was_locked_is_there_when_it_is_open_again() {
    let (mut told, at) = one(Route::Safeguarding).await;
    let token = told.page(Role::Safeguarding, &at).await.form_token();
    told.school.pass(16 * 60);
    let fields =
        [("kind", "decision"), ("what", DECIDED), ("because", BECAUSE), ("form_token", token.as_str())];
    let locked = told.holders[0].post(&told.school, &format!("{at}/entries"), &fields).await;
    assert_eq!(locked.status, StatusCode::UNAUTHORIZED);
    assert!(locked.text.contains("What you typed is kept on this page"), "{}", locked.text);
    // The browser sends on what the page holds.
    let hidden = locked.text.split("<input type=\"hidden\" name=\"").skip(1).map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        (name, rest.split_once('"').unwrap().0)
    });
    let mut fields: Vec<(&str, &str)> = hidden.filter(|(name, _)| *name != "form_token").collect();
    fields.extend([("passphrase", WORDS), ("form_token", token.as_str())]);
    let open = told.holders[0].post(&told.school, "/safeguarding/unlock", &fields).await;
    for part in [DECIDED, BECAUSE, "open again"] {
        assert!(open.text.contains(part), "{part}: {}", open.text);
    }
    assert!(open.text.contains("Nothing is written down yet"), "until she keeps it");
}

/// A report that was closed long ago by the school's rules.
async fn long_closed() -> (Told, String) {
    let (mut told, at) = one(Route::Safeguarding).await;
    let mut draft = told.draft();
    draft.made.0 += 1;
    draft.content.retention = Some(crate::retention::rules());
    told.school.publish(&draft);
    let closed = enter(&mut told, Role::Safeguarding, &at, &[("kind", "close"), ("because", DONE)]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    for _ in 0..61 {
        told.school.pass(24 * 3600);
        hub::retention::running::look(&told.school.hub).unwrap();
    }
    told.again().await;
    (told, at)
}

async fn agree(told: &mut Told, role: Role, at: &str, sure: &str) -> Page {
    let token = told.page(role, "/safeguarding/ended").await.form_token();
    let to = at.replace("/report/", "/ended/");
    told.holders[role as usize].post(&told.school, &to, &[("sure", sure), ("form_token", &token)]).await
}

#[tokio::test]
async fn a_report_whose_time_has_come_goes_when_both_roles_agree_and_leaves_nothing_but_that_it_was() {
    let (mut told, at) = long_closed().await;
    let id = at.rsplit('/').next().unwrap().to_owned();
    let page = told.page(Role::Safeguarding, "/safeguarding/ended").await.text;
    assert!(page.contains("closed 14 September 2026") && page.contains("13 November 2026"), "{page}");
    assert_eq!(agree(&mut told, Role::Safeguarding, &at, "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(agree(&mut told, Role::Safeguarding, &at, "yes").await.leads_to(), "/safeguarding/ended");
    // The same role again is not the other one.
    agree(&mut told, Role::Safeguarding, &at, "yes").await;
    assert!(told.page(Role::Safeguarding, &at).await.text.contains("agreed that it goes"), "it is on record");
    assert_eq!(agree(&mut told, Role::Chair, &at, "yes").await.status, StatusCode::NOT_FOUND);
    let page = told.page(Role::Headteacher, "/safeguarding/ended").await.text;
    assert!(page.contains("Agreed: safeguarding") && page.contains("Remove it for good"), "{page}");
    agree(&mut told, Role::Headteacher, &at, "yes").await;
    for role in [Role::Safeguarding, Role::Headteacher] {
        assert_eq!(told.page(role, &at).await.status, StatusCode::NOT_FOUND);
        assert!(!told.page(role, "/safeguarding?show=all").await.text.contains(&id));
    }
    let store = &told.school.hub.store;
    store.check_audit().unwrap();
    store.look_through().unwrap();
    assert!(store.tombstones().unwrap().len() >= 4, "the report, its entries, its readings");
    assert!(store.noted(id.parse().unwrap()).unwrap().iter().any(|noted| noted.what == "report removed"));
}

#[tokio::test]
async fn a_report_that_is_held_or_opened_again_does_not_go_and_neither_does_one_before_its_time() {
    let (mut told, at) = long_closed().await;
    agree(&mut told, Role::Safeguarding, &at, "yes").await;
    let held = [("kind", "hold"), ("because", "The inquiry asks")];
    let page = enter(&mut told, Role::Headteacher, &at, &held).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert!(told.page(Role::Headteacher, "/safeguarding/ended").await.text.contains("None now"));
    let page = agree(&mut told, Role::Headteacher, &at, "yes").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "held");
    let released = [("kind", "release"), ("because", "It is over")];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &released).await.status, StatusCode::SEE_OTHER);
    let page = told.page(Role::Headteacher, "/safeguarding/ended").await.text;
    assert!(
        page.contains("Nobody has agreed yet"),
        "who agreed before it was held has to agree again: {page}"
    );
    let again = [("kind", "reopen"), ("because", "She came back")];
    assert_eq!(enter(&mut told, Role::Headteacher, &at, &again).await.status, StatusCode::SEE_OTHER);
    let page = agree(&mut told, Role::Headteacher, &at, "yes").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "open");
    let close = [("kind", "close"), ("because", "Now it is well")];
    enter(&mut told, Role::Headteacher, &at, &close).await;
    let page = agree(&mut told, Role::Headteacher, &at, "yes").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "closed a moment ago");
    assert_eq!(told.page(Role::Safeguarding, &at).await.status, StatusCode::OK);
}
