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
    assert_eq!(found("withdraw = ", "# "), [("consent-without-way-back", line_of("kind = "))]);
    let kinds: Vec<_> =
        found("kind = \"consent\"", "kind = \"survey\"").into_iter().map(|(code, _)| code).collect();
    assert_eq!(kinds, ["every-year-not-asked", "purposes-not-asked", "refused-by"]);
}

#[test]
fn an_answer_that_is_the_childs_no_is_one_that_the_question_offers() {
    let line = line_of("refused_by");
    let wrong = |answer: &str| found("refused_by = \"My child would rather not be shown\"", answer);
    assert_eq!(wrong("refused_by = \"My child says no\""), [("refused-by", line)]);
    assert_eq!(wrong("refused_by = \"yes\""), [("refused-by", line)]);
    assert_eq!(wrong("refused_by = \"i-have-not-asked-yet\""), []);
    assert_eq!(found("audience = \"parent\"", "audience = \"staff\""), [("refused-by", line)]);
}

#[test]
fn a_form_for_something_that_is_not_in_use_has_its_page_and_is_asked_of_nobody() {
    let workshop = Workshop::model();
    let asked = |workshop: &Workshop| {
        let checked = workshop.check();
        let theme = generator::theme::Theme::embedded().unwrap();
        let day = jiff::civil::date(2026, 11, 22);
        let draft = generator::pack::draft(&checked.school, &theme, day).unwrap().unwrap();
        draft.content.consent.iter().any(|asked| asked.form.id.as_str() == "biometrics")
    };
    assert!(!asked(&workshop));
    let page =
        workshop.check().school.forms.iter().any(|f| f.form.id.as_str() == "biometrics" && f.is_published());
    assert!(page, "it can be read");
    workshop.change("forms/biometrics.toml", "in_use = false\n", "");
    assert!(asked(&workshop));
    workshop.change("forms/pupil-survey.toml", "kind = \"survey\"", "kind = \"survey\"\nin_use = false");
    let told = workshop.check();
    assert!(told.report.diagnostics().iter().any(|d| d.code == "in-use-not-asked"));
}
