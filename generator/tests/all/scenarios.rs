//! Stories in the agreement of older children: written as Markdown, read by the pack, shown by page and print.

use std::fs;

use records::{
    agreement::{Agreement, Audience},
    pack::PackDraft,
};

use crate::workshop::{Workshop, said};

const FILE: &str = "agreements/ks2.md";

fn built(workshop: &Workshop) -> Vec<Agreement> {
    let build = ["build", "--school", "school", "--out", "out", "--only", "pack", "--date", "2026-11-22"];
    let output = workshop.signpost(&build);
    assert!(output.status.success(), "{}", said(&output));
    let pack = fs::read(workshop.out().join("pack/school.packdraft")).unwrap();
    PackDraft::read(&pack).unwrap().content.agreements
}

fn ks2(workshop: &Workshop) -> Agreement {
    built(workshop).into_iter().find(|agreement| agreement.audience == Audience::Ks2).unwrap()
}

#[test]
fn each_group_of_the_model_schools_older_children_ends_with_a_story_that_is_not_signed() {
    let workshop = Workshop::model();
    let agreement = ks2(&workshop);
    for group in &agreement.groups {
        let story = group.scenario.as_ref().unwrap();
        assert!((2..=3).contains(&story.choices.len()) && !story.story.is_empty(), "{story:?}");
    }
    let first = agreement.groups[0].scenario.as_ref().unwrap();
    assert_eq!(first.choices[0].words, "I laugh along.");
    assert!(first.choices[0].follows.starts_with("It feels like nothing."));
    let digest = agreement.digest();
    workshop.change(FILE, "It feels like nothing.", "It feels like nothing at all.");
    let changed = ks2(&workshop);
    assert_ne!(changed, agreement);
    assert_eq!(changed.digest(), digest, "a better story asks nobody to sign again");
    assert!(!workshop.codes().contains(&"words-changed"), "{:?}", workshop.codes());
}

#[test]
fn the_page_asks_and_keeps_what_follows_until_somebody_opens_it() {
    let workshop = Workshop::model();
    let build = ["build", "--school", "school", "--out", "out", "--only", "site", "--date", "2026-11-22"];
    let output = workshop.signpost(&build);
    assert!(output.status.success(), "{}", said(&output));
    let page = fs::read_to_string(workshop.out().join("site/agreements/ks2/index.html")).unwrap();
    assert_eq!(page.matches("What would you do?").count(), 4);
    assert!(page.contains("<details><summary>I laugh along.</summary><p>It feels like nothing."), "{page}");
    let polish = fs::read_to_string(workshop.out().join("site/pl/agreements/ks2/index.html")).unwrap();
    assert!(polish.contains("I laugh along."), "in English where nobody translated it");
    // A translation of a story, and one that lost a way.
    let translated = "\n### W klasowym czacie jest zdjęcie śpiącego chłopca. {#funny-picture}\n\n- **Śmieję się.** Potem boli.\n- **Piszę.** Dobrze.\n- **Mówię.** Dobrze.\n";
    let text = fs::read_to_string(workshop.school().join("agreements/ks2.pl.md")).unwrap();
    workshop.write("agreements/ks2.pl.md", format!("{text}{translated}"));
    workshop.signpost(&build);
    let polish = fs::read_to_string(workshop.out().join("site/pl/agreements/ks2/index.html")).unwrap();
    assert!(polish.contains("Śmieję się.") && !polish.contains("I laugh along."));
    workshop.change("agreements/ks2.pl.md", "- **Mówię.** Dobrze.\n", "");
    assert!(workshop.codes().contains(&"scenario"), "{:?}", workshop.codes());
}

#[test]
fn a_story_that_cannot_be_told_is_refused_with_its_place_and_a_mend() {
    for (old, new, what) in [
        ("{#funny-picture .scenario}", "{.scenario}", "has no name"),
        ("### In the class chat", "#### In the class chat", "level 3"),
        ("{#funny-picture .scenario}", "{#funny-picture .scenario symbol=star}", "no promise"),
        ("- **I laugh along.** It feels", "- I laugh along. It feels", "bold"),
        (
            "- **I laugh along.** It feels like nothing. But he may see it one day, and then every laugh hurts. You can take\n  yours back: say sorry, and ask for the picture to come down.",
            "- **I laugh along.**",
            "does not say what follows",
        ),
        ("have to find out alone.\n", "have to find out alone.\n\nAnd then?\n", "nothing after that"),
        (
            "## Staying private {#staying-private}",
            "### Another. {#another .scenario}\n\n- **A.** B.\n- **C.** D.\n\n## Staying private {#staying-private}",
            "has a story already",
        ),
        (
            "## Staying kind {#staying-kind}\n",
            "## Staying kind {#staying-kind}\n\n### Too soon. {#soon .scenario}\n\n- **A.** B.\n- **C.** D.\n",
            "under no promise",
        ),
        (
            "## Staying private {#staying-private}",
            "### I am late. {#late symbol=star}\n\nMore.\n\n## Staying private {#staying-private}",
            "after the story",
        ),
    ] {
        let workshop = Workshop::model();
        workshop.change(FILE, old, new);
        let checked = workshop.check();
        let all = checked.report.diagnostics();
        let found = all.iter().find(|d| d.code == "scenario" && d.what.contains(what));
        let found = found.unwrap_or_else(|| panic!("{new} passes: {:?}", workshop.codes()));
        assert!(!found.mend.is_empty() && found.file == FILE && found.spot.is_some());
    }
    let workshop = Workshop::model();
    let text = fs::read_to_string(workshop.school().join("agreements/ks1.md")).unwrap();
    workshop.write(
        "agreements/ks1.md",
        format!("{text}\n### A story. {{#story .scenario}}\n\n- **A.** B.\n- **C.** D.\n"),
    );
    let checked = workshop.check();
    assert!(checked.report.diagnostics().iter().any(|d| d.code == "scenario" && d.file.contains("ks1")));
    workshop
        .write("guides/story.md", "+++\ntitle = \"Story\"\n+++\n\n## A story {#story .scenario}\n\nText.\n");
    assert!(workshop.codes().contains(&"unknown-attribute"));
}
