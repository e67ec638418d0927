//! Somebody asks what reports say of them: found by name, on paper with the names of others out, and put on record before.

use hyper::StatusCode;
use records::report::{Report, Role, Route};

use crate::{
    browser::Page,
    report_work::enter,
    safeguarding::{Told, report},
};

fn in_words(words: &str, talk_with: Option<&str>) -> Report {
    let mut report = report(talk_with);
    report.words = Some(words.into());
    report
}

async fn send(told: &mut Told, role: Role, fields: &[(&str, &str)]) -> Page {
    let token = told.page(role, "/safeguarding").await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    told.holders[role as usize].post(&told.school, "/safeguarding/asked", &fields).await
}

fn id(of: &str) -> String {
    of.rsplit('/').next().unwrap().to_owned()
}

/// Three reports: one with the whole name, one with a part of it, one about somebody else. Their ids, in this order.
async fn three() -> (Told, Vec<String>) {
    let mut told = Told::begun().await;
    let mut ids = Vec::new();
    for report in [
        in_words("TOM lowe hit Ivy Marsh, and Noah’s sister will tell", Some("Maya K, Acorn")),
        in_words("tom was there", None),
        in_words("it may be Ivy", None),
    ] {
        told.bring(vec![(Route::Safeguarding, report)]).await;
        let listed = told.listed(Role::Safeguarding).await;
        ids.extend(listed.iter().map(|at| id(at)).find(|one| !ids.contains(one)));
    }
    (told, ids)
}

#[tokio::test]
async fn reports_are_found_by_a_name_however_it_is_written_and_a_part_of_it_is_said_to_be_one() {
    let (mut told, ids) = three().await;
    let page = told.page(Role::Safeguarding, "/safeguarding/asked?name=Tom+Lowe").await.text;
    let ticked = |id: &str| format!("value=\"{id}\" id=\"report-{id}\" checked");
    assert!(page.contains(&ticked(&ids[0])), "{page}");
    assert!(page.contains(&ids[1]) && !page.contains(&ticked(&ids[1])), "a part of the name: {page}");
    assert!(!page.contains(&ids[2]), "{page}");
    let nothing = told.page(Role::Safeguarding, "/safeguarding/asked?name=Ann+Cole").await.text;
    assert!(nothing.contains("In no report that you can open does “Ann Cole” stand"), "{nothing}");
    // What was written down about a report is looked through too.
    let at = format!("/safeguarding/report/{}", ids[2]);
    let wrote = [("kind", "action"), ("what", "Rang Tom Lowe’s mother")];
    assert_eq!(enter(&mut told, Role::Safeguarding, &at, &wrote).await.status, StatusCode::SEE_OTHER);
    let page = told.page(Role::Safeguarding, "/safeguarding/asked?name=Tom+Lowe").await.text;
    assert!(page.contains(&ticked(&ids[2])), "{page}");
    // The chair's box has other reports: none of these is there.
    let chair = told.page(Role::Chair, "/safeguarding/asked?name=Tom+Lowe").await.text;
    assert!(ids.iter().all(|id| !chair.contains(id.as_str())), "{chair}");
    let refused = send(&mut told, Role::Chair, &[("name", "Tom Lowe"), ("report", &ids[0])]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_pages_are_looked_through_and_nobody_elses_name_is_on_them() {
    let (mut told, ids) = three().await;
    let chosen = [("name", "Tom Lowe"), ("report", ids[0].as_str())];
    let look = send(&mut told, Role::Safeguarding, &chosen).await;
    assert_eq!(look.status, StatusCode::OK);
    let article = look.text.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(
        article.contains("TOM lowe hit [somebody else], and [somebody else]’s sister will tell"),
        "{article}"
    );
    assert!(!article.contains("Maya"), "whoever told is out: {article}");
    for name in ["Ivy Marsh", "Noah", "Maya K, Acorn"] {
        assert!(look.text.contains(&format!("name=\"hide\" value=\"{name}\"")), "{name}: {}", look.text);
    }
    // One is left to be read, and something else is hidden.
    let more =
        [("looked", "yes"), ("hide", "Ivy Marsh"), ("hide", "Maya K, Acorn"), ("more", "sister\r\n\r\n")];
    let again =
        send(&mut told, Role::Safeguarding, &[&chosen[..], &more[..], &[("step", "look")]].concat()).await;
    assert!(again.text.contains("and Noah’s [somebody else] will tell"), "{}", again.text);

    let at = format!("/safeguarding/report/{}", ids[0]);
    let nameless =
        send(&mut told, Role::Safeguarding, &[&chosen[..], &more[..], &[("step", "take")]].concat()).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    assert!(nameless.text.contains("Write for whom the pages are"), "{}", nameless.text);
    assert!(nameless.text.contains(">sister"), "what was typed is there: {}", nameless.text);
    assert!(!told.page(Role::Safeguarding, &at).await.text.contains("Taken out on paper"));
    let why = ("because", "His father asks, for him");
    let taken =
        send(&mut told, Role::Safeguarding, &[&chosen[..], &more[..], &[why, ("step", "take")]].concat())
            .await;
    assert_eq!(taken.status, StatusCode::OK);
    for part in
        ["What reports say about Tom Lowe", "TOM lowe hit [somebody else], and Noah’s [somebody else]"]
    {
        assert!(taken.text.contains(part), "{part}: {}", taken.text);
    }
    assert!(!taken.text.contains("Ivy") && !taken.text.contains("Maya"), "{}", taken.text);
    let record = told.page(Role::Headteacher, &at).await.text;
    assert!(record.contains("Taken out on paper") && record.contains("His father asks, for him"), "{record}");
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn whoever_stepped_aside_gets_no_page_of_it_by_this_door_either() {
    let (mut told, ids) = three().await;
    let at = format!("/safeguarding/report/{}", ids[0]);
    let aside =
        [("kind", "hand-over"), ("whom", "headteacher"), ("because", "He is my nephew"), ("aside", "yes")];
    assert_eq!(enter(&mut told, Role::Safeguarding, &at, &aside).await.status, StatusCode::SEE_OTHER);
    let page = told.page(Role::Safeguarding, "/safeguarding/asked?name=Tom+Lowe").await.text;
    assert!(!page.contains(&ids[0]) && page.contains("One report was not looked through"), "{page}");
    for step in ["look", "take"] {
        let fields = [("name", "Tom Lowe"), ("report", ids[0].as_str()), ("step", step), ("because", "x")];
        let refused = send(&mut told, Role::Safeguarding, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(!refused.text.contains("TOM lowe"), "{}", refused.text);
    }
    let none = send(&mut told, Role::Safeguarding, &[("name", "Tom Lowe")]).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
}
