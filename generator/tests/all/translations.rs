//! Pages in other languages: what is matched, what falls back, what is told.

use generator::{build::Checked, diagnostic::Severity, load::document::Document};

use crate::workshop::Workshop;

const POLISH: &str = "+++
title = \"Nasza obietnica\"
summary = \"Co obiecujemy.\"
of_version = \"1.0\"
+++

## Wysyłam miłe wiadomości. {#kind}

Każdemu.
";

fn with_polish() -> Workshop {
    let workshop = Workshop::small();
    workshop.write("agreements/ks1.pl.md", POLISH);
    workshop
}

fn ks1(checked: &Checked) -> &Document {
    checked.school.document("agreements/ks1.md").unwrap()
}

fn told(checked: &Checked, code: &str) -> Option<(Severity, usize, String, String)> {
    let found = checked.report.diagnostics().iter().find(|d| d.code == code)?;
    let line = found.spot.as_ref().map_or(0, |spot| spot.line);
    Some((found.severity, line, found.what.clone(), found.mend.clone()))
}

#[test]
fn a_translation_stands_beside_its_page_and_takes_all_that_is_governed_from_it() {
    let checked = with_polish().check();
    let english = ks1(&checked);
    let [polish] = english.translations.as_slice() else { panic!("{:?}", english.translations) };
    assert_eq!(polish.language.as_str(), "pl");
    assert_eq!(polish.page.address(), "pl/agreements/ks1");
    assert_eq!(polish.page.title(&checked.school.settings), "Nasza obietnica");
    assert_eq!(polish.page.matter.owner, english.matter.owner);
    let (heading, _) = polish.part("kind").unwrap();
    assert_eq!(heading.words, "Wysyłam miłe wiadomości.");
    assert!(heading.symbol.is_some(), "its picture is that of the English promise");
    let languages: Vec<_> = checked.school.languages().into_iter().map(|l| l.as_str()).collect();
    assert_eq!(languages, ["pl"]);
    assert_eq!(checked.school.documents.iter().filter(|d| d.source.path.contains(".pl.")).count(), 0);
}

#[test]
fn what_is_left_out_of_a_translation_is_told_by_name() {
    let checked = with_polish().check();
    let (severity, line, what, _) = told(&checked, "translation-missing-part").unwrap();
    assert_eq!((severity, line), (Severity::Warning, 2));
    assert!(what.contains("#tell") && !what.contains("#kind"), "{what}");
}

#[test]
fn a_slip_in_a_promises_name_is_an_error_with_the_right_name_beside_it() {
    let workshop = with_polish();
    workshop.change("agreements/ks1.pl.md", "{#kind}", "{#kidn}");
    let (severity, line, what, mend) = told(&workshop.check(), "translation-unknown-part").unwrap();
    assert_eq!((severity, line), (Severity::Error, 7));
    assert!(what.contains("“kidn”") && mend.contains("“kind”"), "{what} {mend}");
    workshop.change("agreements/ks1.pl.md", " {#kidn}", "");
    let (_, _, what, _) = told(&workshop.check(), "translation-unknown-part").unwrap();
    assert!(what.contains("no name"), "{what}");
}

#[test]
fn a_translation_of_older_words_is_told_and_one_of_later_words_is_an_error() {
    let workshop = with_polish();
    assert!(told(&workshop.check(), "translation-outdated").is_none());
    workshop.change("agreements/ks1.md", "version = \"1.0\"", "version = \"1.1\"");
    let checked = workshop.check();
    let (severity, line, what, _) = told(&checked, "translation-outdated").unwrap();
    assert_eq!((severity, line), (Severity::Warning, 4));
    assert!(what.contains("1.0") && what.contains("1.1"), "{what}");
    assert!(ks1(&checked).translations[0].is_out_of_date());
    workshop.change("agreements/ks1.pl.md", "of_version = \"1.0\"", "of_version = \"2.0\"");
    let (severity, ..) = told(&workshop.check(), "translation-of-later-version").unwrap();
    assert_eq!(severity, Severity::Error);
}

#[test]
fn a_translation_of_an_agreement_says_of_which_version_it_is() {
    let workshop = with_polish();
    workshop.change("agreements/ks1.pl.md", "of_version = \"1.0\"\n", "");
    let (_, _, what, _) = told(&workshop.check(), "missing-key").unwrap();
    assert!(what.contains("of_version"), "{what}");
}

#[test]
fn a_translation_cannot_change_what_is_governed() {
    let workshop = with_polish();
    workshop.change("agreements/ks1.pl.md", "of_version", "owner = \"head\"\nof_version");
    let (severity, _, what, _) = told(&workshop.check(), "unknown-key").unwrap();
    assert_eq!(severity, Severity::Error);
    assert!(what.contains("owner"), "{what}");
}

#[test]
fn a_translation_of_nothing_and_a_tag_that_is_none_are_errors() {
    let workshop = with_polish();
    workshop.write("agreements/ks.pl.md", POLISH);
    let (severity, _, what, mend) = told(&workshop.check(), "translation-of-nothing").unwrap();
    assert_eq!(severity, Severity::Error);
    assert!(what.contains("agreements/ks.md") && mend.contains("agreements/ks1.md"), "{what} {mend}");
    workshop.write("agreements/ks1.polish.md", POLISH);
    let (severity, _, what, _) = told(&workshop.check(), "translation-language").unwrap();
    assert_eq!(severity, Severity::Error);
    assert!(what.contains("polish"), "{what}");
    workshop.write("home.en-us.md", "+++\ntitle = \"Hello\"\n+++\n");
    let found: Vec<_> = workshop.check().report.diagnostics().iter().map(|d| d.file.clone()).collect();
    assert!(found.contains(&"home.en-us.md".to_owned()), "{found:?}");
}

#[test]
fn who_checked_a_translation_and_when_go_together() {
    let workshop = with_polish();
    workshop.change("agreements/ks1.pl.md", "of_version", "checked = 2026-10-01\nof_version");
    let checked = workshop.check();
    assert!(told(&checked, "translation-half-checked").is_some());
    assert!(!ks1(&checked).translations[0].is_checked());
    workshop.change("agreements/ks1.pl.md", "of_version", "checked_by = \"Council\"\nof_version");
    let checked = workshop.check();
    assert!(told(&checked, "translation-half-checked").is_none());
    assert!(ks1(&checked).translations[0].is_checked());
}

#[test]
fn a_translation_has_a_digest_of_its_own_and_does_not_touch_the_agreements() {
    let workshop = with_polish();
    let digests = || {
        let checked = workshop.check();
        let settings = &checked.school.settings;
        let agreement = generator::agreement::of(ks1(&checked), settings).unwrap().digest();
        (agreement, ks1(&checked).translations[0].digest(settings))
    };
    let before = digests();
    workshop.change("agreements/ks1.pl.md", "Każdemu.", "Każdemu, zawsze.");
    let after = digests();
    assert_eq!(before.0, after.0);
    assert_ne!(before.1, after.1);
}

#[test]
fn names_and_numbers_from_the_settings_keep_their_order_among_words_from_right_to_left() {
    let workshop = with_polish();
    let text = POLISH.replace("Każdemu.", "{{ school.phone }} – {{ people.head.name }}");
    workshop.write("agreements/ks1.ur.md", text.clone());
    workshop.write("agreements/ks1.pl.md", text);
    let checked = workshop.check();
    let [polish, urdu] = ks1(&checked).translations.as_slice() else { panic!() };
    let words = |t: &generator::load::translation::Translation| {
        generator::load::markdown::paragraphs_of(&t.page.body.pieces).join(" ")
    };
    assert!(words(urdu).contains("\u{2068}01632 960200\u{2069}"), "{}", words(urdu));
    assert!(!words(polish).contains('\u{2068}'));
}
