//! What a touchscreen asks a child who did not like something: a form that it can ask, in the pack.

use std::fs;

use records::{
    pack::PackDraft,
    report::Route,
    tell::{Asked, Leads, Tell},
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
