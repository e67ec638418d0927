//! What touchscreens ask pupils every day, and a vote: forms that they can ask, in the pack.

use std::fs;

use records::{
    pack::PackDraft,
    survey::{Shown, Survey},
};

use crate::workshop::{Workshop, said};

const DAILY: &str = "forms/today.toml";
const VOTE: &str = "forms/promise-words.toml";

fn asked_by(workshop: &Workshop) -> Vec<Survey> {
    let build = ["build", "--school", "school", "--out", "out", "--only", "pack", "--date", "2026-11-22"];
    let output = workshop.signpost(&build);
    assert!(output.status.success(), "{}", said(&output));
    let pack = fs::read(workshop.out().join("pack/school.packdraft")).unwrap();
    let draft = PackDraft::read(&pack).unwrap();
    for survey in &draft.content.surveys {
        let choices = survey.questions.iter().flat_map(|question| &question.choices);
        for symbol in choices.map(|choice| &choice.symbol).chain([&survey.symbol]) {
            assert!(draft.pictures.contains_key(symbol), "{symbol} has no picture in the pack");
        }
    }
    draft.content.surveys
}

#[test]
fn the_pack_of_the_model_school_asks_every_day_and_lets_pupils_vote_between_two_days() {
    let surveys = asked_by(&Workshop::model());
    let told: Vec<_> = surveys.iter().map(|survey| (survey.id.as_str(), survey.shown)).collect();
    let vote = Shown::Between { from: "2027-03-01".parse().unwrap(), until: "2027-03-12".parse().unwrap() };
    assert_eq!(told, [("today", Shown::Daily), ("promise-words", vote)]);
    let may_tell: Vec<_> =
        surveys[0].questions.iter().flat_map(|q| &q.choices).filter(|c| c.may_tell).collect();
    let may_tell: Vec<_> = may_tell.iter().map(|choice| choice.id.as_str()).collect();
    assert_eq!(may_tell, ["sad", "worried", "cross", "scared", "upset"]);
}

#[test]
fn a_survey_without_the_part_is_for_paper_alone() {
    let workshop = Workshop::model();
    workshop.change(DAILY, "[touchscreen]\nshown = \"daily\"\nsymbol = \"sun\"\n", "");
    workshop.change(DAILY, "may_tell = [\"sad\", \"worried\", \"cross\", \"scared\", \"upset\"]\n", "");
    assert_eq!(asked_by(&workshop).len(), 1);
}

#[test]
fn a_survey_that_touchscreens_cannot_ask_is_refused_with_its_place_and_a_mend() {
    let long = format!("id = \"{}\"", "sad-".repeat(15) + "x");
    let many = format!("[[questions]]\n{}[[questions]]\nid = \"screens\"", {
        let one = |n: usize| {
            format!(
                "id = \"q{n}\"\nwords = \"Q{n}?\"\ntype = \"choice\"\nchoices = [{{ id = \"a\", words = \"A\", symbol = \"sun\" }}, {{ id = \"b\", words = \"B\", symbol = \"moon\" }}]\n\n"
            )
        };
        one(1) + "[[questions]]\n" + &one(2)
    });
    for (old, new, code, what) in [
        ("kind = \"survey\"", "kind = \"log\"", "cannot-be-asked", "only a survey"),
        ("audience = \"pupil\"", "audience = \"staff\"", "cannot-be-asked", "only of pupils"),
        (", symbol = \"feel-sad\"", "", "cannot-be-asked", "“Sad” has no picture"),
        ("type = \"choice\"", "type = \"several\"", "cannot-be-asked", "one of at most 6"),
        ("\"scared\", \"upset\"]", "\"afraid\", \"upset\"]", "cannot-be-asked", "“afraid”"),
        ("[[questions]]\nid = \"screens\"", &many, "cannot-be-asked", "more than 3 questions"),
        ("shown = \"daily\"", "shown = \"weekly\"", "wrong-value", "“weekly”"),
        ("shown = \"daily\"", "shown = \"daily\"\nfrom = 2027-03-01", "wrong-value", "not both"),
        ("shown = \"daily\"", "from = 2027-03-02\nuntil = 2027-03-01", "wrong-value", "ends before"),
        ("shown = \"daily\"\n", "", "missing-key", "“shown”"),
        ("symbol = \"sun\"\nmay", "may", "missing-key", "“symbol”"),
        ("They do not see who.", "It stays secret.", "promise-not-kept", "promises a child"),
        ("No screen today", "Anonymous", "promise-not-kept", "promises a child"),
    ] {
        let workshop = Workshop::model();
        workshop.change(DAILY, old, new);
        let checked = workshop.check();
        let found = checked.report.diagnostics().iter().find(|d| d.code == code && d.what.contains(what));
        let found = found.unwrap_or_else(|| panic!("{new} passes: {:?}", workshop.codes()));
        assert!(!found.mend.is_empty() && found.file == DAILY && found.spot.is_some());
        assert!(checked.report.errors() > 0);
    }
    // Names so long that a box could not count them.
    let workshop = Workshop::model();
    let letters = ["a", "b", "c", "d", "e", "f"].map(|letter| format!("{letter}-{}", "long".repeat(14)));
    let choices =
        letters.map(|id| format!("{{ id = \"{id}\", words = \"{}\", symbol = \"sun\" }}", &id[..1]));
    let third = format!(
        "id = \"third-{}\"\nwords = \"Third?\"\ntype = \"choice\"\nchoices = [{}]\n",
        "long".repeat(13),
        choices.join(", ")
    );
    let text = fs::read_to_string(workshop.school().join(DAILY)).unwrap();
    workshop.write(DAILY, format!("{text}\n[[questions]]\n{third}"));
    for answer in ["happy", "all-right", "worried", "cross", "scared", "fun", "learned", "upset", "none"] {
        let name = format!("{answer}-{}", "long".repeat(13));
        workshop.change(DAILY, &format!("{{ id = \"{answer}\""), &format!("{{ id = \"{name}\""));
    }
    workshop.change(DAILY, "{ id = \"sad\"", &format!("{{ {long}"));
    workshop.change(DAILY, "id = \"feeling\"", &format!("id = \"feeling-{}\"", "long".repeat(13)));
    workshop.change(DAILY, "id = \"screens\"", &format!("id = \"screens-{}\"", "long".repeat(13)));
    workshop.change(DAILY, "may_tell = [\"sad\", \"worried\", \"cross\", \"scared\", \"upset\"]\n", "");
    let checked = workshop.check();
    assert!(checked.report.diagnostics().iter().any(|d| d.what.contains("too long to be counted")));
}

#[test]
fn two_surveys_on_the_same_days_are_told() {
    let workshop = Workshop::model();
    workshop.change(VOTE, "from = 2027-03-01\nuntil = 2027-03-12", "shown = \"daily\"");
    let checked = workshop.check();
    let found = checked.report.diagnostics().iter().find(|d| d.what.contains("on the same days"));
    assert_eq!(found.unwrap().code, "cannot-be-asked");
}

#[test]
fn what_a_survey_says_is_said_aloud() {
    let listed = Workshop::model().signpost(&["voice", "--school", "school", "--format", "json"]);
    let all: Vec<serde_json::Value> = serde_json::from_slice(&listed.stdout).unwrap();
    for words in [
        "How was it today?",
        "It upset me",
        "Grown-ups see how many of us feel like this. They do not see who.",
        "Which words do you like best?",
    ] {
        let one = all.iter().find(|one| one["words"] == words);
        let one = one.unwrap_or_else(|| panic!("{words}: {}", said(&listed)));
        assert_eq!(one["recorded"], true, "{words}");
    }
}
