//! The lists of the safeguarding desk: searched, put in order, and taken as a file by those alone who can open them, with
//! the reason on record.

use hyper::StatusCode;
use records::report::{Role, Route};

use crate::{
    browser::{Browser, Page},
    report_work::enter,
    safeguarding::{Told, report},
};

const LEAD: Role = Role::Safeguarding;

/// Two reports for the lead: one told on the 11th with words of its own, one on the 14th.
async fn two() -> Told {
    let told = Told::begun().await;
    let mut earlier = report(Some("Tom, Acorn"));
    earlier.day = "2026-09-11".parse().unwrap();
    earlier.words = Some("=a boy took my shoe".into());
    told.bring(vec![(Route::Safeguarding, earlier), (Route::Safeguarding, report(Some("Maya K, Acorn")))])
        .await;
    told
}

async fn take(told: &mut Told, role: Role, path: &str, fields: &[(&str, &str)]) -> Page {
    let token = told.page(role, "/safeguarding").await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    told.holders[role as usize].post(&told.school, path, &fields).await
}

fn place(page: &Page, part: &str) -> usize {
    page.text.find(part).unwrap_or_else(|| panic!("{part}: {}", page.text))
}

#[tokio::test]
async fn reports_are_found_by_what_was_told_and_done_and_put_in_order() {
    let mut told = two().await;
    let newest = told.page(LEAD, "/safeguarding?sort=new").await;
    assert!(place(&newest, "Told on 14 September") < place(&newest, "Told on 11 September"));
    let oldest = told.page(LEAD, "/safeguarding?sort=old").await;
    assert!(place(&oldest, "Told on 11 September") < place(&oldest, "Told on 14 September"));
    let found = told.page(LEAD, "/safeguarding?name=SHOE").await.text;
    assert!(found.contains("Tom, Acorn") && !found.contains("Maya K"), "in the child's words: {found}");
    let at =
        found.split("href=\"/safeguarding/report/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let at = format!("/safeguarding/report/{at}");
    let done = [("kind", "action"), ("what", "Rang the caretaker about the lost property")];
    assert_eq!(enter(&mut told, LEAD, &at, &done).await.status, StatusCode::SEE_OTHER);
    let by_deed = told.page(LEAD, "/safeguarding?name=caretaker").await.text;
    assert!(by_deed.contains("Tom, Acorn") && !by_deed.contains("Maya K"), "in what was done: {by_deed}");
    let none = told.page(LEAD, "/safeguarding?name=caretaker&show=closed").await.text;
    assert!(none.contains("None of the closed ones has “caretaker” in it"), "{none}");
    assert!(none.contains("name=caretaker&amp;show=all"), "a way to all of them: {none}");
    assert!(none.contains("2 reports wait for you"), "what waits is said whatever is looked for: {none}");
}

#[tokio::test]
async fn a_list_of_reports_is_taken_as_a_file_with_a_reason_that_each_report_keeps() {
    let mut told = two().await;
    let without =
        take(&mut told, LEAD, "/safeguarding/reports.csv", &[("name", "shoe"), ("because", " ")]).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert!(without.text.contains("No file was made. Write for whom it is"), "{}", without.text);
    assert!(
        without.text.contains("value=\"shoe\"") && !without.text.contains("Maya K"),
        "the list is as it was"
    );
    let long = "x".repeat(5000);
    let long = take(&mut told, LEAD, "/safeguarding/reports.csv", &[("because", long.as_str())]).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    assert!(long.text.contains("xxxxx"), "what was typed is still there");
    let listed = told.listed(LEAD).await;
    for at in &listed {
        assert!(!told.page(LEAD, at).await.text.contains("In a file with a list"), "nothing was taken yet");
    }

    let noted = told.school.hub.store.check_audit().unwrap();
    let fields = [("name", "shoe"), ("because", "For the strategy meeting")];
    let file = take(&mut told, LEAD, "/safeguarding/reports.csv", &fields).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(told.school.hub.store.check_audit().unwrap() > noted, "the chain has it");
    let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(name.contains("reports-2026-09-14-CONFIDENTIAL.csv"), "{name}");
    assert!(file.text.starts_with("\u{feff}\"CONFIDENTIAL – safeguarding."), "{}", file.text);
    for part in
        ["2026-09-11", "Tom, Acorn", "What happened? Somebody wrote to me", "\"'=a boy took my shoe\""]
    {
        assert!(file.text.contains(part), "{part}: {}", file.text);
    }
    assert!(!file.text.contains("Maya"), "only what was looked for");
    // The headteacher, who reads it too, sees that it was taken, by whom and why; the other report says nothing.
    let mut records = 0;
    for at in &listed {
        let page = told.page(Role::Headteacher, at).await.text;
        if page.contains("Taken out on paper or in a file") {
            assert!(page.contains("For the strategy meeting") && page.contains("Tom, Acorn"), "{page}");
            records += 1;
        }
    }
    assert_eq!(records, 1);
    let log = told.page(Role::Headteacher, "/audit").await.text;
    assert!(!log.contains("strategy meeting"), "what concerns reports is not in the log that all heads read");
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn nobody_takes_a_list_of_what_they_cannot_open() {
    let mut told = two().await;
    told.bring(vec![(Route::AboutHeadteacher, report(Some("Ivy, Oak")))]).await;
    assert_eq!(told.listed(Role::Chair).await.len(), 1);
    let file = take(&mut told, Role::Chair, "/safeguarding/reports.csv", &[("because", "My notes")]).await;
    assert!(file.text.contains("Ivy, Oak") && !file.text.contains("Maya"), "{}", file.text);
    let file = take(&mut told, LEAD, "/safeguarding/reports.csv", &[("because", "My notes")]).await;
    assert!(file.text.contains("Maya") && !file.text.contains("Ivy, Oak"), "{}", file.text);
    let mut office = Browser::signed_in(&told.school).await;
    let token = office.get(&told.school, "/").await.form_token();
    for path in ["/safeguarding/reports.csv", "/safeguarding/incidents.csv"] {
        let fields = [("form_token", token.as_str()), ("because", "Because")];
        assert_eq!(office.post(&told.school, path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            office.get(&told.school, path).await.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "never by a link"
        );
    }
    let token = told.page(LEAD, "/safeguarding").await.form_token();
    told.holders[0].post(&told.school, "/safeguarding/lock", &[("form_token", &token)]).await;
    let locked = take(&mut told, LEAD, "/safeguarding/reports.csv", &[("because", "My notes")]).await;
    assert_eq!(locked.leads_to(), "/safeguarding", "not with the box locked");
}

#[tokio::test]
async fn incidents_are_looked_through_and_taken_with_a_reason() {
    let mut told = two().await;
    let listed = told.listed(LEAD).await;
    for (at, (heading, kind)) in
        listed.iter().zip([("Contact", "Messages from a stranger"), ("Conduct", "Unkind words")])
    {
        let fields = [
            ("kind", "incident"),
            ("heading", heading),
            ("sort", kind),
            ("place", "Library"),
            ("what", "It is written down"),
        ];
        assert_eq!(enter(&mut told, LEAD, at, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let by_kind = told.page(LEAD, "/safeguarding/incidents?sort=kind").await;
    assert!(place(&by_kind, "Conduct: Unkind") < place(&by_kind, "Contact: Messages"), "by what it was");
    let found = told.page(LEAD, "/safeguarding/incidents?name=stranger&show=open").await.text;
    assert!(found.contains("Messages from a stranger") && !found.contains("Unkind words"), "{found}");
    let closed = told.page(LEAD, "/safeguarding/incidents?show=closed").await.text;
    assert!(closed.contains("No incident is like that"), "{closed}");
    let refused = take(&mut told, LEAD, "/safeguarding/incidents.csv", &[("because", "")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let fields = [("name", "stranger"), ("because", "For the governors’ visit")];
    let file = take(&mut told, LEAD, "/safeguarding/incidents.csv", &fields).await;
    assert!(file.text.starts_with("\u{feff}\"CONFIDENTIAL"), "{}", file.text);
    assert!(file.text.contains("\"Contact\",\"Messages from a stranger\",\"Library\""), "{}", file.text);
    assert!(!file.text.contains("Unkind"), "{}", file.text);
    let mut records = 0;
    for at in &listed {
        records += usize::from(told.page(LEAD, at).await.text.contains("For the governors’ visit"));
    }
    assert_eq!(records, 1, "in the report whose incident was taken");
}
