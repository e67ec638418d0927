//! The log as the headteacher and the safeguarding lead read it.

use hub::store::{accounts::Duty, audit::Actor};
use hyper::StatusCode;
use records::report::{Role, Route};

use crate::{
    browser::Browser,
    program::{Program, text},
    safeguarding::{Told, report},
    school::{PUPILS, School, draft, ks1},
};

/// The table of the page, where there is one.
fn table(page: &str) -> &str {
    page.split_once("<table").map_or("", |(_, rest)| rest.split_once("</table>").unwrap().0)
}

/// How many entries it says there are.
fn found(page: &str) -> usize {
    let said = page.split_once("class=\"note found\">").unwrap().1;
    said.split_once(' ').unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn the_headteacher_reads_who_did_what_newest_first_and_finds_it_by_words_person_and_day() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    Browser::signed_in(&school).await;
    school.pass(2 * 86_400);
    let mut head = Browser::with_duty(&school, "r.adeyemi", Duty::Holder(Role::Headteacher)).await;
    let page = head.get(&school, "/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    let rows = table(&page.text);
    let (new, old) = (rows.find("16 September 2026").unwrap(), rows.find("14 September 2026").unwrap());
    assert!(new < old, "the newest first");
    assert!(rows.contains("r.adeyemi") && rows.contains("office"), "by name, not by number: {rows}");
    assert!(rows.contains("pack published") && !rows.contains("account 1"), "{rows}");
    assert!(!rows.contains("Maya"), "no pupil's name stands in it");
    let all = found(&page.text);

    let words = head.get(&school, "/audit?words=PACK%20published").await.text;
    assert_eq!((found(&words), table(&words).contains("signed in")), (1, false));
    let id = school.hub.store.account("office").unwrap().unwrap().id;
    let theirs = head.get(&school, &format!("/audit?who=account%20{id}")).await.text;
    assert!(found(&theirs) < all && !table(&theirs).contains("r.adeyemi"), "{}", table(&theirs));
    let gone = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    drop(gone);
    school.hub.store.end_account("e.roe", Actor::CommandLine, school.hub.now()).unwrap();
    let choice = head.get(&school, "/audit").await.text;
    assert!(
        choice.contains("e.roe (office, ended)"),
        "what somebody did who has left can be asked for: {choice}"
    );
    let day = head.get(&school, "/audit?day=2026-09-14").await.text;
    assert!(!table(&day).contains("16 September") && found(&day) < all);
    let nothing = head.get(&school, "/audit?day=2020-01-01").await.text;
    assert!(nothing.contains("No entry is like that"), "{nothing}");
    assert!(page.text.contains("class=\"label\""), "on paper it carries the label");

    for number in 0..230 {
        let at = school.hub.now();
        school.hub.store.note(Actor::Hub, "test entry", &format!("number {number}"), at).unwrap();
    }
    let first = head.get(&school, "/audit?words=test%20entry").await.text;
    assert!(first.contains("230 entries, page 1 of 3") && first.contains("number 229"), "{first}");
    let last = head.get(&school, "/audit?words=test%20entry&page=99999999999999999999").await.text;
    assert!(last.contains("page 1 of 3"), "an address with nonsense shows the first");
    let last = head.get(&school, "/audit?words=test%20entry&page=18446744073709551615").await.text;
    assert!(last.contains("page 3 of 3") && last.contains("number 0<"), "{last}");

    let noted = school.hub.store.check_audit().unwrap();
    let file = head.get(&school, "/audit/audit.csv?words=test%20entry").await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "whoever took it is noted");
    let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(name.contains("log-2026-09-16-PERSONAL-DATA.csv"), "{name}");
    assert!(file.text.starts_with("\u{feff}\"PERSONAL DATA"), "{}", file.text);
    assert_eq!(file.text.matches("test entry").count(), 230, "all pages of it");
    let mut other = Browser::with_duty(&school, "office2", Duty::Office).await;
    assert_eq!(other.get(&school, "/audit").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_log_tells_the_headteacher_nothing_of_what_the_chair_was_told() {
    let mut told = Told::begun().await;
    let before = told.page(Role::Headteacher, "/audit").await.text;
    told.bring(vec![(Route::AboutHeadteacher, report(None))]).await;
    assert_eq!(told.listed(Role::Chair).await.len(), 1);
    let at = told.listed(Role::Chair).await.remove(0);
    told.page(Role::Chair, &at).await;
    let mut staff = Browser::with_duty(&told.school, "m.lowe", Duty::Staff).await;
    let token = staff.get(&told.school, "/concern").await.form_token();
    let fields = [("form_token", token.as_str()), ("about", "grown-up"), ("words", "she cried")];
    assert_eq!(staff.post(&told.school, "/concern", &fields).await.status, StatusCode::OK);
    for role in [Role::Headteacher, Role::Safeguarding] {
        let page = told.page(role, "/audit").await.text;
        let file = told.page(role, "/audit/audit.csv").await.text;
        for part in [table(&page), &file] {
            for word in ["report", "concern handed", "safeguarding entry", "box"] {
                assert!(!part.to_lowercase().contains(word), "{role:?} reads “{word}”: {part}");
            }
        }
    }
    let after = told.page(Role::Headteacher, "/audit").await.text;
    // The kiosk's pairing was there before; what came since is an account, a sign-in, and files that were taken.
    assert_eq!(found(&after) - found(&before), 5, "{}", table(&after));
    for role in [Role::Chair, Role::ViceChair] {
        assert_eq!(told.page(role, "/audit").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_line_on_paper_shows_later_whether_the_log_goes_on_from_it() {
    let school = School::open().await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let page = head.get(&school, "/audit/checkpoint").await;
    let line =
        page.text.split_once("<dd id=\"checkpoint\">").unwrap().1.split_once('<').unwrap().0.to_owned();
    assert_eq!(line, school.hub.store.checkpoint().unwrap().to_string());
    let token = page.form_token();
    let check = async |head: &mut Browser, line: &str| {
        let fields = [("checkpoint", line), ("form_token", token.as_str())];
        let page = head.post(&school, "/audit/checkpoint", &fields).await;
        let said = page.text.split_once("<p class=\"message\"").map_or("", |(_, rest)| rest);
        (page.status, said.split_once("</p>").map_or("", |(said, _)| said).to_owned())
    };
    school.hub.store.note(Actor::Hub, "test entry", "", school.hub.now()).unwrap();
    let (status, said) = check(&mut head, &line).await;
    assert_eq!(status, StatusCode::OK);
    assert!(said.contains("whole, and as it was when that line was printed"), "{said}");
    assert!(check(&mut head, "").await.1.contains("Only a line from paper"));
    let (status, said) = check(&mut head, "nonsense").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(said.contains("is no checkpoint"), "{said}");
    let other = line.split_once(':').unwrap().0.to_owned() + ": 0000 0000 0000 0000 0000 0000 0000 0000";
    let said = check(&mut head, &other).await.1;
    assert!(said.contains("another than on paper") && said.contains("chair of governors"), "{said}");
}

#[test]
fn the_program_shows_the_log_with_names_and_the_newest_last() {
    let (program, _) = Program::made();
    let pack = crate::program::write(&program.path("pack"), draft(vec![ks1("3.0")]).write());
    program.good(&["publish", &pack]);
    let all = program.good(&["audit", "show"]);
    let lines: Vec<_> = all.lines().collect();
    assert!(lines.last().unwrap().contains("command line  pack published  1"), "{all}");
    assert!(all.contains("account made  office office"), "{all}");
    let some = program.good(&["audit", "show", "--words", "account"]);
    assert_eq!(some.lines().count(), 1, "{some}");
    assert_eq!(program.good(&["audit", "show", "--most", "1"]).lines().count(), 1);
    let checked = text(&program.run(&["audit", "check"]).stdout);
    assert!(checked.starts_with("whole"), "{checked}");
}
