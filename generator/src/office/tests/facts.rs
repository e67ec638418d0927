//! The school's facts as forms: changed, refused, kept.

use std::{collections::BTreeMap, fs};

use axum::{
    Form,
    extract::{Path as Asked, Query},
    response::Response,
};

use super::{
    Desk, body,
    browser::{beside, entry_with, fields},
    run, words,
};
use crate::office::{edit, facts, place, start};

type Sent = BTreeMap<String, String>;

fn opened(desk: &Desk, part: &str) -> String {
    body(facts::ask(desk.state(), Asked(part.to_owned())))
}

fn sent(desk: &Desk, part: &str, sent: Sent) -> (u16, String) {
    let answer: Response = run(facts::say(desk.state(), Asked(part.to_owned()), Form(sent)));
    (answer.status().as_u16(), body(async { answer }))
}

fn settings(desk: &Desk) -> String {
    fs::read_to_string(desk.school().join("school.toml")).unwrap()
}

fn earlier(desk: &Desk) -> usize {
    let folder = place::earlier_folder(&desk.school(), "school.toml").unwrap();
    fs::read_dir(folder).map_or(0, Iterator::count)
}

const LEAD: &str = "\n# Asked for by the county.\n[people.dsl]\nname = \"Ms Nair\"  # until Easter\nrole = \"Designated safeguarding lead\"\n";

fn with_lead() -> Desk {
    Desk::new(|school| {
        let file = school.join("school.toml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text.replace("\n[[classes]]", &format!("{LEAD}\n[[classes]]"))).unwrap();
        let guide = "+++\ntitle = \"Whom to tell\"\n+++\n\nTell {{ people.dsl.name }}.\n";
        fs::write(school.join("guides/tell.md"), guide).unwrap();
    })
}

#[test]
fn a_new_safeguarding_lead_is_filled_in_once_and_pages_say_it() {
    let desk = with_lead();
    let before = settings(&desk);
    let mut form = fields(&opened(&desk, "people"));
    let lead = entry_with(&form, "Ms Nair");
    for (field, words) in
        [("name", "Mrs Olwen “Oli” Pryce"), ("phone", "01632 960222"), ("email", "dsl@tiny.example")]
    {
        form.insert(format!("{lead}-{field}"), words.to_owned());
    }
    let (status, page) = sent(&desk, "people", form);
    assert_eq!(status, 200, "{page}");
    let expected = before.replace("\"Ms Nair\"", "\"Mrs Olwen “Oli” Pryce\"").replace(
        "role = \"Designated safeguarding lead\"\n",
        "role = \"Designated safeguarding lead\"\nphone = \"01632 960222\"\nemail = \"dsl@tiny.example\"\n",
    );
    assert_eq!(settings(&desk), expected, "the notes and all else of the file are as they were");
    assert_eq!(earlier(&desk), 1, "what stood there before is kept");
    assert!(page.contains("href=\"/site/guides/tell/\"") && page.contains("Whom to tell"), "{page}");
    let open = desk.office.opened().unwrap();
    let shown = open.preview.file("guides/tell/index.html").unwrap();
    assert!(String::from_utf8_lossy(&shown).contains("Mrs Olwen “Oli” Pryce"));
}

#[test]
fn what_is_wrong_is_told_beside_its_field_and_nothing_is_written_or_lost() {
    let desk = with_lead();
    let before = settings(&desk);
    let mut form = fields(&opened(&desk, "people"));
    let lead = entry_with(&form, "Ms Nair");
    form.insert(format!("{lead}-name"), String::new());
    form.insert(format!("{lead}-phone"), "01632 960222".to_owned());
    let (status, page) = sent(&desk, "people", form);
    assert_eq!(status, 400);
    assert_eq!(
        beside(&page, &format!("{lead}-name")).as_deref(),
        Some("Please fill this in: who it is."),
        "{page}"
    );
    assert!(page.contains(&format!("href=\"#{lead}-name\"")), "the head of the page leads to it");
    assert_eq!(fields(&page)[&format!("{lead}-phone")], "01632 960222", "what was typed is there");
    assert_eq!(settings(&desk), before);
    assert_eq!(earlier(&desk), 0);

    let mut form = fields(&opened(&desk, "year"));
    form.insert("year-0-ends".to_owned(), "next July".to_owned());
    let (status, page) = sent(&desk, "year", form);
    assert_eq!(status, 400);
    assert!(beside(&page, "year-0-ends").unwrap().contains("This is no day"), "{page}");
    assert_eq!(fields(&page)["year-0-ends"], "next July", "a field for days would swallow it");

    let mut form = fields(&opened(&desk, "look"));
    form.insert("look-0-main".to_owned(), "#FFFFFE".to_owned());
    let (status, page) = sent(&desk, "look", form);
    assert_eq!(status, 400, "colours are held to the contrast that the file is held to");
    assert!(beside(&page, "look-0-main").unwrap().contains("too hard to see"), "{page}");
    assert_eq!(settings(&desk), before);
}

#[test]
fn a_helpline_without_number_and_page_is_refused_and_one_with_a_bare_address_is_taken() {
    let desk = Desk::new(|_| {});
    let (_, page) = sent(&desk, "helplines", {
        let mut form = fields(&opened(&desk, "helplines"));
        form.insert("do".to_owned(), "add-0".to_owned());
        form
    });
    assert!(page.contains("autofocus"), "the cursor is in what was added");
    let mut form = fields(&page);
    form.insert("helplines-1-name".to_owned(), "CEOP Safety Centre".to_owned());
    form.insert("helplines-1-for".to_owned(), "families".to_owned());
    let (status, page) = sent(&desk, "helplines", form.clone());
    assert_eq!(status, 400);
    assert!(beside(&page, "helplines-1-phone").unwrap().contains("a helpline needs a number"), "{page}");
    form.insert("helplines-1-web".to_owned(), "www.ceop.police.uk".to_owned());
    let (status, page) = sent(&desk, "helplines", form);
    assert_eq!(status, 200, "{page}");
    let now = settings(&desk);
    assert!(now.ends_with("\n[helplines.ceop_safety_centre]\nname = \"CEOP Safety Centre\"\nweb = \"https://www.ceop.police.uk\"\nfor = \"families\"\n"), "{now}");
}

#[test]
fn adding_moving_and_taking_out_count_only_once_they_are_saved() {
    let desk = with_lead();
    let before = settings(&desk);
    let mut form = fields(&opened(&desk, "people"));
    form.insert("people-0-checks".to_owned(), "half a thought".to_owned());
    form.insert("do".to_owned(), "up-0-1".to_owned());
    let (status, page) = sent(&desk, "people", form);
    assert_eq!((status, settings(&desk)), (200, before.clone()));
    let form = fields(&page);
    assert_eq!(form["people-0-was"], "dsl");
    assert_eq!(form["people-1-checks"], "half a thought");
    let (status, _) = sent(&desk, "people", form);
    let now = settings(&desk);
    assert_eq!(status, 200);
    assert!(now.find("[people.dsl]").unwrap() < now.find("[people.head]").unwrap(), "{now}");
    assert!(now.contains("checks = \"half a thought\""), "{now}");
}

#[test]
fn somebody_whom_pages_name_is_taken_out_only_after_it_is_said_which() {
    let desk = with_lead();
    let before = settings(&desk);
    let mut form = fields(&opened(&desk, "people"));
    form.insert("do".to_owned(), "remove-0-1".to_owned());
    let (_, page) = sent(&desk, "people", form);
    let (status, page) = sent(&desk, "people", fields(&page));
    assert_eq!((status, settings(&desk)), (400, before));
    assert!(page.contains("href=\"/edit?file=guides/tell.md\""), "{page}");
    let mut form = fields(&page);
    form.insert("do".to_owned(), "anyway".to_owned());
    let (status, page) = sent(&desk, "people", form);
    assert_eq!(status, 200, "{page}");
    assert!(!settings(&desk).contains("people.dsl"));
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_is_not_written_over_unasked() {
    let desk = with_lead();
    let mut form = fields(&opened(&desk, "people"));
    let lead = entry_with(&form, "Ms Nair");
    form.insert(format!("{lead}-name"), "Mrs Pryce".to_owned());
    let theirs = settings(&desk).replace("Ms Nair", "Mr Other").replace("01632 960200", "01632 960299");
    fs::write(desk.school().join("school.toml"), &theirs).unwrap();
    let (status, page) = sent(&desk, "people", form);
    assert_eq!((status, settings(&desk)), (409, theirs.clone()));
    let mut form = fields(&page);
    assert_eq!(form[&format!("{lead}-name")], "Mrs Pryce", "what was typed is there");
    form.insert("over".to_owned(), place::mark(&theirs));
    let (status, _) = sent(&desk, "people", form);
    assert_eq!(status, 200);
    let now = settings(&desk);
    assert!(
        now.contains("Mrs Pryce") && now.contains("01632 960299"),
        "what this form does not ask stays: {now}"
    );
}

#[test]
fn a_form_that_nobody_touched_is_saved_without_a_trace() {
    let desk = with_lead();
    let before = settings(&desk);
    for part in
        ["school", "people", "helplines", "year", "classes", "systems", "rules", "look", "print", "hub"]
    {
        let (status, page) = sent(&desk, part, fields(&opened(&desk, part)));
        assert_eq!(status, 200, "{part}: {page}");
        assert_eq!(settings(&desk), before, "{part}");
    }
    assert_eq!(earlier(&desk), 0);
}

#[test]
fn a_file_that_is_no_form_is_left_to_the_editor_and_what_was_typed_is_not_lost() {
    let desk = with_lead();
    let mut form = fields(&opened(&desk, "classes"));
    form.insert("classes-0-name".to_owned(), "Beech".to_owned());
    fs::write(desk.school().join("school.toml"), "name = \"Tiny\nclasses\n").unwrap();
    let (status, page) = sent(&desk, "classes", form);
    assert_eq!(status, 409);
    assert_eq!(fields(&page)["classes-0-name"], "Beech");
    let answer = run(facts::ask(desk.state(), Asked("classes".to_owned())));
    assert_eq!(super::sent_to(&answer), "/edit?file=school.toml");
}

#[test]
fn a_finding_about_a_fact_leads_to_its_field() {
    let desk = Desk::new(|school| {
        let file = school.join("school.toml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text.replace("for = \"children\"", "for = \"dogs\"")).unwrap();
    });
    let problems = body(start::problems(desk.state()));
    assert!(problems.contains("href=\"/facts/helplines#helplines-0-for\""), "{problems}");
    let page = opened(&desk, "helplines");
    assert_eq!(beside(&page, "helplines-0-for").as_deref(), Some("Choose one of these."));
    assert_eq!(fields(&page)["helplines-0-for"], "dogs", "what stands there is shown, not replaced");
    let list = body(facts::list(desk.state()));
    assert!(list.contains("href=\"/facts/people\""), "{list}");
    let text = body(edit::show(desk.state(), Query(words(&[("file", "school.toml")]))));
    assert!(text.contains("href=\"/facts\""), "the text leads back to the forms: {text}");
}
