//! What a form that asks for consent must say, and must not.

use crate::workshop::Workshop;

const FORM: &str = "forms/images.toml";

/// What is found in the form after one change, with its line.
fn found(old: &str, new: &str) -> Vec<(&'static str, usize)> {
    let workshop = Workshop::model();
    workshop.change(FORM, old, new);
    let checked = workshop.check();
    let of_form = checked.report.diagnostics().iter().filter(|d| d.file == FORM);
    of_form.map(|d| (d.code, d.spot.as_ref().map_or(0, |spot| spot.line))).collect()
}

fn line_of(words: &str) -> usize {
    let workshop = Workshop::model();
    let text = std::fs::read_to_string(workshop.school().join(FORM)).unwrap();
    text.lines().position(|line| line.starts_with(words)).unwrap() + 1
}

#[test]
fn a_use_that_needs_no_other_use_of_the_form_is_told_at_its_line() {
    let needs = "needs = \"press\"";
    let line = line_of(needs);
    for wrong in ["pres", "press-with-name", "child-asked"] {
        assert_eq!(found(needs, &format!("needs = \"{wrong}\"")), [("needs-another", line)], "{wrong}");
    }
    assert_eq!(found(needs, ""), []);
    let chain = "id = \"press\"\nneeds = \"website\"";
    assert_eq!(found("id = \"press\"\n", &format!("{chain}\n")), [("needs-another", line + 1)]);
}

#[test]
fn consent_says_for_what_and_how_to_take_it_back_and_nothing_else_is_asked_every_year() {
    assert_eq!(found("withdraw = ", "# "), [("consent-without-way-back", 1)]);
    let kinds: Vec<_> =
        found("kind = \"consent\"", "kind = \"survey\"").into_iter().map(|(code, _)| code).collect();
    assert_eq!(kinds, ["every-year-not-asked", "purposes-not-asked"]);
}
