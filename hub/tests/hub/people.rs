//! Lists of people at the desk: looked at, then taken whole or left.

use hub::{import::Kind, store::accounts::Duty};
use hyper::StatusCode;

use crate::{
    browser::{Browser, PASSWORD},
    school::{PUPILS, School},
};

fn here(school: &School) -> Vec<String> {
    let people = school.hub.store.people().unwrap();
    let mut names: Vec<String> =
        people.iter().filter(|p| p.left.is_none()).map(|p| format!("{} {}", p.forename, p.surname)).collect();
    names.sort();
    names
}

async fn bring(browser: &mut Browser, school: &School, kind: &str, list: &str) -> crate::browser::Page {
    let token = browser.get(school, "/people").await.form_token();
    let fields = [("kind", kind), ("form_token", token.as_str()), ("file", ""), ("pasted", list)];
    let page = browser.post_parts(school, "/people", &fields).await;
    if !page.text.contains("action=\"/people/columns\"") {
        return page;
    }
    // The columns, as they are guessed.
    browser.post(school, "/people/columns", &[("form_token", &token)]).await
}

async fn decide(browser: &mut Browser, school: &School, what: &str, sure: &str) -> crate::browser::Page {
    let token = browser.get(school, "/people").await.form_token();
    let fields = [("what", what), ("sure", sure), ("form_token", token.as_str())];
    browser.post(school, "/people/decide", &fields).await
}

/// Tom has left, Ivy moves to Acorn, Noah is called otherwise, Zoë is new.
const LATER: &str = "\
Forename,Surname,UPN,Year Group,Class
Maya,Khan,A823200012001,Year 1,Acorn
Maya,Osei,A823200012002,Year 1,Acorn
Ivy,Marsh,A823200012004,Year 4,Acorn
Noah,Bright-Hill,A823200012005,Year 4,Oak
Zoë,Ng,A823200012006,Year 4,Oak
";

#[tokio::test]
async fn the_office_sees_who_joins_leaves_and_moves_before_a_list_changes_anything() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let page = bring(&mut office, &school, "pupils", PUPILS).await.text;
    assert!(page.contains("This is what the list changes") && page.contains("Tom Lowe"), "{page}");
    assert!(here(&school).is_empty(), "nothing is changed by looking");
    let page = decide(&mut office, &school, "take", "").await.text;
    assert!(page.contains("5 joined, 0 left"), "{page}");
    assert_eq!(here(&school).len(), 5);
    assert!(school.hub.store.newest_roster().unwrap().is_some(), "kiosks learn of it");

    let (before, entries) = (here(&school), school.hub.store.check_audit().unwrap());
    let page = bring(&mut office, &school, "pupils", LATER).await.text;
    let part = |title: &str| {
        let rest = page.split(&format!("<h2>{title}</h2>")).nth(1).unwrap_or_default();
        rest.split("</ul>").next().unwrap().to_owned()
    };
    assert!(part("Leave").contains("Tom Lowe<span class=\"under\">Acorn"), "{page}");
    assert!(part("Move class").contains("Ivy Marsh<span class=\"under\">from Oak to Acorn"), "{page}");
    assert!(part("Join").contains("Zoë Ng<span class=\"under\">Oak"), "{page}");
    assert!(
        part("Change name or role").contains("Noah Bright<span class=\"under\">now Noah Bright-Hill"),
        "{page}"
    );
    assert_eq!(here(&school), before);
    assert!(decide(&mut office, &school, "leave", "").await.text.contains("Nothing was changed"));
    assert_eq!((here(&school), school.hub.store.check_audit().unwrap()), (before, entries));
    let gone = decide(&mut office, &school, "take", "").await.text;
    assert!(gone.contains("waited for too long"), "the list is not kept: {gone}");
    bring(&mut office, &school, "pupils", LATER).await;
    decide(&mut office, &school, "take", "").await;
    assert!(here(&school).contains(&"Zoë Ng".to_owned()) && !here(&school).contains(&"Tom Lowe".to_owned()));
    // A list with him on it brings him back, as the same person.
    let tom = |school: &School| {
        let people = school.hub.store.people().unwrap();
        people.into_iter().find(|p| p.forename == "Tom").unwrap()
    };
    let left = tom(&school);
    assert!(left.left.is_some());
    bring(&mut office, &school, "pupils", PUPILS).await;
    decide(&mut office, &school, "take", "").await;
    assert_eq!((tom(&school).id, tom(&school).left), (left.id, None));
}

#[tokio::test]
async fn mistakes_of_a_list_are_shown_by_line_and_half_a_list_is_not_taken_for_the_whole() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let bad = "Forename,Surname,UPN,Year Group,Class\nMaya,,A1,Year 1,Acorn\nTom,Lowe,A2,Year 44,Acorn\n<b>,Lowe,A3,1,\n";
    let page = bring(&mut office, &school, "pupils", bad).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for part in [
        "3 things",
        "Line 2, column “Surname”:",
        "has no surname",
        "Line 3, column “Year Group”:",
        "is not a year group",
        "Line 4, column “Class”:",
        "has no class",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("<b>") && here(&school).is_empty());
    for (kind, list, words) in [
        ("pupils", "", "the file is empty"),
        ("pupils", "Name of the child\nMaya\n", "headings such as Forename"),
        ("contacts", PUPILS, "Contact Name"),
    ] {
        let page = bring(&mut office, &school, kind, list).await;
        assert!(
            page.status == StatusCode::BAD_REQUEST && page.text.contains(words),
            "{words}: {}",
            page.text
        );
    }
    let many: String = (0..20).map(|i| format!("P{i},Lowe,U{i},1,Acorn\n")).collect();
    let head = "Forename,Surname,UPN,Year,Class\n";
    bring(&mut office, &school, "pupils", &format!("{head}{many}")).await;
    decide(&mut office, &school, "take", "").await;
    let few = format!("{head}P0,Lowe,U0,1,Acorn\n");
    let page = bring(&mut office, &school, "pupils", &few).await.text;
    assert!(page.contains("19 of the 20 pupils here would leave"), "{page}");
    let page = decide(&mut office, &school, "take", "").await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("only a part of the list"));
    assert_eq!(here(&school).len(), 20);
    decide(&mut office, &school, "take", "yes").await;
    assert_eq!(here(&school).len(), 1);
}

#[tokio::test]
async fn a_list_is_for_the_account_that_brought_it_for_half_an_hour_and_is_not_taken_if_things_changed_meanwhile()
 {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let mut colleague = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    bring(&mut office, &school, "pupils", PUPILS).await;
    let page = decide(&mut colleague, &school, "take", "").await.text;
    assert!(page.contains("Nothing was changed") && here(&school).is_empty(), "{page}");
    school.import_as("Forename,Surname,UPN,Year,Class\nTom,Lowe,A823200012003,2,Acorn\n", Some(Kind::Pupils));
    let page = decide(&mut office, &school, "take", "").await;
    assert!(page.text.contains("Something else was changed here meanwhile"), "{}", page.text);
    assert_eq!(here(&school), ["Tom Lowe"]);
    decide(&mut office, &school, "take", "").await;
    assert_eq!(here(&school).len(), 5, "as it is shown now");
    bring(&mut office, &school, "pupils", LATER).await;
    school.pass(31 * 60);
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let page = decide(&mut office, &school, "take", "").await.text;
    assert!(page.contains("waited for too long"), "{page}");
    // A form without its page's token brings nothing.
    let fields = [("kind", "pupils"), ("form_token", "0000"), ("pasted", LATER)];
    assert_eq!(office.post_parts(&school, "/people", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn contacts_come_by_the_desk_too_with_what_they_change_beside() {
    let school = School::open().await;
    school.import(PUPILS);
    let mut office = Browser::signed_in(&school).await;
    let list = "UPN,Contact Name,Relationship,Parental Responsibility,Address 1,Home Language\n\
                A823200012003,Mrs Lowe,Mother,Yes,1 Mill Lane,Polish\nA823200012003,Mr Gran,Grandfather,No,,\n";
    let page = bring(&mut office, &school, "contacts", list).await.text;
    assert!(page.contains("4 pupils have nobody") && page.contains("1 contact was left out"), "{page}");
    assert!(school.hub.store.families().unwrap().is_empty());
    let page = decide(&mut office, &school, "take", "").await.text;
    assert!(page.contains("1 families, 1 new grown-ups"), "{page}");
    assert_eq!(school.hub.households().unwrap()[0].language(), Some("Polish"));
    // Who decides no more is said by name.
    let page = bring(&mut office, &school, "contacts", &list.replace("Mrs Lowe", "Mr Pike")).await.text;
    let ended = page.split("Decide no more</h3>").nth(1).unwrap_or_default().split("</ul>").next().unwrap();
    assert!(ended.contains("Mrs Lowe") && !ended.contains("Mr Pike") && page.contains("New: 1"), "{page}");
}

#[tokio::test]
async fn the_office_says_which_column_is_which_and_is_not_asked_again() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let list = "Child;Family;Kennung;Grp;Diary\nMaya;Khan;A823200012001;1 Acorn;<i>likes owls</i>\n";
    let token = office.get(&school, "/people").await.form_token();
    let fields = [("kind", "pupils"), ("form_token", token.as_str()), ("file", list)];
    let page = office.post_parts(&school, "/people", &fields).await.text;
    assert!(page.contains("Which column is which?") && page.contains("&lt;i&gt;likes owls"), "{page}");
    assert!(page.contains("value=\"upn\" selected"), "told by what stands there: {page}");
    let page = office.post(&school, "/people/columns", &[("form_token", &token)]).await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("headings such as Forename"));
    let said = [("column-0", "forename"), ("column-1", "surname"), ("column-3", "class")];
    let fields: Vec<_> = said.into_iter().chain([("form_token", token.as_str())]).collect();
    let page = office.post(&school, "/people/columns", &fields).await.text;
    assert!(page.contains("This is what the list changes") && page.contains("Maya Khan"), "{page}");
    let page = decide(&mut office, &school, "columns", "").await.text;
    assert!(page.contains("Which column is which?"), "one can go back: {page}");
    office.post(&school, "/people/columns", &fields).await;
    decide(&mut office, &school, "take", "").await;
    assert_eq!(here(&school), ["Maya Khan"]);
    let next =
        "Grp;Kennung;Child;Family;Diary\n1 Acorn;A823200012001;Maya;Khan;\n2 Oak;A823200012002;Tom;Lowe;\n";
    let fields = [("kind", "pupils"), ("form_token", token.as_str()), ("file", next)];
    let page = office.post_parts(&school, "/people", &fields).await.text;
    assert!(page.contains("This is what the list changes") && page.contains("Tom Lowe"), "{page}");
}

#[tokio::test]
async fn what_is_remembered_of_columns_is_shown_and_forgotten_and_the_next_list_is_asked_about_anew() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let address = "/people/remembered";
    assert!(office.get(&school, address).await.text.contains("Nothing is remembered"));
    bring(&mut office, &school, "pupils", PUPILS).await;
    decide(&mut office, &school, "take", "").await;
    let looked = async |office: &mut Browser| {
        let token = office.get(&school, "/people").await.form_token();
        let fields = [("kind", "pupils"), ("form_token", token.as_str()), ("file", ""), ("pasted", PUPILS)];
        office.post_parts(&school, "/people", &fields).await.text.contains("action=\"/people/columns\"")
    };
    assert!(!looked(&mut office).await, "it goes straight on");
    assert!(office.get(&school, "/people").await.text.contains(&format!("href=\"{address}\"")));
    let page = office.get(&school, address).await;
    for part in ["Lists of pupils", "<th scope=\"row\">upn</th>", "<th scope=\"row\">class</th>"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("(blank is no)") && !page.text.contains("Khan"), "{}", page.text);
    let (token, before) = (page.form_token(), here(&school));
    let forged = office.post(&school, address, &[("list", "pupils"), ("form_token", "0000")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let nothing = office.post(&school, address, &[("list", "cats"), ("form_token", &token)]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let forget = [("list", "pupils"), ("form_token", token.as_str())];
    assert_eq!(office.post(&school, address, &forget).await.leads_to(), address);
    assert!(office.get(&school, address).await.text.contains("Nothing is remembered"));
    assert!(looked(&mut office).await, "it is asked about anew");
    assert_eq!(here(&school), before, "and nobody is changed");
}
