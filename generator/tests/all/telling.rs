//! What a touchscreen asks a child who did not like something: a form that it can ask, in the pack.

use std::{collections::BTreeSet, fs};

use records::{
    pack::PackDraft,
    receipt::Picture,
    report::Route,
    tell::{Asked, Leads, Tell},
    voice::{self, BRITISH},
};

use crate::workshop::{Workshop, said};

const FILE: &str = "forms/tell.toml";

fn asked_by(workshop: &Workshop) -> Option<Tell> {
    let output = workshop.signpost(&[
        "build",
        "--school",
        "school",
        "--out",
        "out",
        "--only",
        "pack",
        "--date",
        "2026-11-22",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let pack = fs::read(workshop.out().join("pack/school.packdraft")).unwrap();
    let draft = PackDraft::read(&pack).unwrap();
    for choice in draft.content.tell.iter().flat_map(|t| &t.questions).flat_map(|q| &q.choices) {
        assert!(draft.pictures.contains_key(&choice.symbol), "{} has no picture in the pack", choice.symbol);
    }
    draft.content.tell
}

#[test]
fn the_pack_of_the_model_school_asks_in_its_own_words_and_knows_who_reads_it() {
    let workshop = Workshop::model();
    let tell = asked_by(&workshop).unwrap();
    assert_eq!(tell.questions.iter().map(|q| q.asked).collect::<Vec<_>>(), Asked::ALL);
    assert!(tell.intro[0].contains("Ms Priya Nair"), "{:?}", tell.intro);
    let leads = |asked, id: &str| tell.choice(asked, &id.parse().unwrap()).unwrap().leads;
    assert_eq!(leads(Asked::About, "grown-up-at-school"), Some(Leads::To(Route::AboutGrownUp)));
    assert_eq!(leads(Asked::About, "headteacher"), Some(Leads::To(Route::AboutHeadteacher)));
    assert_eq!(leads(Asked::About, "child"), None);
    assert_eq!(leads(Asked::Talk, "yes"), Some(Leads::ToTalk));
    let words = tell.choice(Asked::About, &"headteacher".parse().unwrap()).unwrap().words.clone();
    assert_eq!(words, "Mrs Ruth Adeyemi");
}

#[test]
fn where_the_headteacher_is_the_safeguarding_lead_nothing_about_a_grown_up_comes_to_the_headteacher() {
    let workshop = Workshop::model();
    workshop.change("school.toml", "role = \"Headteacher\"", "role = \"Headteacher and DSL\"");
    let checked = workshop.check();
    let found = checked.report.diagnostics().iter().find(|d| d.code == "headteacher-is-lead");
    let found = found.expect("nobody has to think of it by themselves");
    assert!(found.spot.is_some() && found.mend.contains("headteacher_is_dsl = true"), "{found:?}");
    assert!(checked.report.errors() > 0, "it stops the build until the school has said so");
    workshop.change("school.toml", "short_name", "headteacher_is_dsl = true\nshort_name");
    assert!(!workshop.codes().iter().any(|code| code.contains("headteacher-is-lead")));
    let tell = asked_by(&workshop).unwrap();
    let leads = |id: &str| tell.choice(Asked::About, &id.parse().unwrap()).unwrap().leads;
    assert_eq!(leads("grown-up-at-school"), Some(Leads::To(Route::AboutHeadteacher)));
    assert_eq!(leads("headteacher"), Some(Leads::To(Route::AboutHeadteacher)));
    assert_eq!(leads("child"), None, "the rest is as before");
    assert_eq!(tell.about_grown_ups(), Route::AboutHeadteacher);
}

#[test]
fn one_name_at_both_roles_is_one_person_and_a_school_where_children_cannot_tell_need_say_nothing() {
    let workshop = Workshop::model();
    assert!(!workshop.codes().iter().any(|code| code.contains("headteacher-is-lead")));
    workshop.change("school.toml", "name = \"Ms Priya Nair\"", "name = \"Mrs Ruth Adeyemi\"");
    assert!(workshop.codes().iter().any(|code| code.contains("headteacher-is-lead")));
    fs::remove_file(workshop.school().join(FILE)).unwrap();
    assert!(!workshop.codes().iter().any(|code| code.contains("headteacher-is-lead")));
}

#[test]
fn a_school_without_the_form_asks_nothing() {
    let workshop = Workshop::model();
    fs::remove_file(workshop.school().join(FILE)).unwrap();
    assert_eq!(asked_by(&workshop), None);
}

#[test]
fn a_form_that_touchscreens_cannot_ask_is_refused_with_its_place_and_a_mend() {
    for (old, new, code, what) in [
        ("id = \"headteacher\"", "id = \"head\"", "cannot-be-asked", "“headteacher”"),
        ("id = \"grown-up-at-school\"", "id = \"adult\"", "cannot-be-asked", "“grown-up-at-school”"),
        ("id = \"yes\"", "id = \"please\"", "cannot-be-asked", "“yes”"),
        ("id = \"about\"", "id = \"who\"", "cannot-be-asked", "“who”"),
        (", symbol = \"feel-sad\"", "", "cannot-be-asked", "“Sad” has no picture"),
        ("type = \"choice\"", "type = \"several\"", "cannot-be-asked", "one of at most 6"),
        (
            "{ id = \"sad\"",
            "{ id = \"x\", words = \"X\", symbol = \"feel-sad\" },\n{ id = \"sad\"",
            "cannot-be-asked",
            "at most 6",
        ),
        ("We do not ask your name.", "It stays secret.", "promise-not-kept", "promises a child"),
        ("Mixed up", "Anonymous", "promise-not-kept", "promises a child"),
    ] {
        let workshop = Workshop::model();
        workshop.change(FILE, old, new);
        let checked = workshop.check();
        let found = checked.report.diagnostics().iter().find(|d| d.code == code && d.what.contains(what));
        let found = found.unwrap_or_else(|| panic!("{new} passes: {:?}", workshop.codes()));
        assert!(!found.mend.is_empty() && found.file == FILE && found.spot.is_some());
        assert!(checked.report.errors() > 0, "a fault that leads a report astray stops the build");
    }
}

#[test]
fn what_children_are_answered_is_in_the_pack_in_the_forms_order_with_the_pictures_that_lead_to_it() {
    let workshop = Workshop::model();
    let tell = asked_by(&workshop).unwrap();
    assert_eq!(tell.answers.len(), 6);
    assert_eq!(tell.answers[0].words, "We have read it. Thank you for telling us.");
    let pack = fs::read(workshop.out().join("pack/school.packdraft")).unwrap();
    let draft = PackDraft::read(&pack).unwrap();
    for picture in Picture::ALL {
        let symbol = picture.symbol().parse().unwrap();
        assert!(draft.pictures.contains_key(&symbol), "{picture:?} has no drawing in the pack");
    }
    let said: BTreeSet<_> = draft.content.recordings.iter().map(|one| one.sentence).collect();
    let sentences = tell.answers.iter().map(|one| one.words.as_str());
    for words in sentences.chain(Picture::ALL.map(Picture::words)) {
        assert!(said.contains(&voice::name(BRITISH, words)), "“{words}” is not said");
    }
}

#[test]
fn an_answer_that_no_child_could_be_given_is_refused_with_its_place_and_a_mend() {
    let first = "id = \"read\"\nwords = \"We have read it. Thank you for telling us.\"";
    let answer = |id: &str, words: &str| format!("id = \"{id}\"\nwords = \"{words}\"");
    let more = format!("{first}\n\n[[answers]]\n{}", answer("one-more", "One more."));
    let twice =
        format!("{first}\n\n[[answers]]\n{}", answer("other", "We have read it. Thank you for telling us."));
    for (new, what) in [
        (more, "more than 6"),
        (answer("done", "Something else."), "the name “done”"),
        (twice, "stands here twice"),
        (answer("read", &format!("{}Yes.", "We have read it. ".repeat(8))), "140 letters"),
        (answer("read", "It stays our secret."), "promises a child"),
        ("words = \"We have read it.\"".to_owned(), "id"),
        ("id = \"Read it\"\nwords = \"We have read it.\"".to_owned(), "cannot be a name"),
    ] {
        let workshop = Workshop::model();
        workshop.change(FILE, first, &new);
        let checked = workshop.check();
        let found = checked.report.diagnostics().iter().find(|d| d.what.contains(what));
        let found = found.unwrap_or_else(|| panic!("{new} passes: {:?}", workshop.codes()));
        assert!(!found.mend.is_empty() && found.file == FILE && found.spot.is_some(), "{found:?}");
        assert!(checked.report.errors() > 0, "{new}");
    }
    let workshop = Workshop::model();
    let other = "forms/images.toml";
    let text = fs::read_to_string(workshop.school().join(other)).unwrap();
    fs::write(
        workshop.school().join(other),
        format!("{text}\n[[answers]]\n{}\n", answer("read", "We have.")),
    )
    .unwrap();
    assert!(workshop.codes().contains(&"answers-not-given"), "{:?}", workshop.codes());
}
