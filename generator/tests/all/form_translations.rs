//! Forms in other languages: what touchscreens get of them, and what is told of their faults.

use std::fs;

use generator::{
    diagnostic::{Diagnostic, Severity},
    pack,
    theme::Theme,
};
use records::pack::{ConsentForm, PackDraft};

use crate::workshop::{Workshop, copy, day, said};

const ENGLISH: &str = "id = \"pictures\"
title = \"Pictures\"
kind = \"consent\"
version = \"1.0\"
summary = \"Two uses.\"
audience = \"parent\"
intro = [\"We ask first.\"]
withdraw = \"Ring {{ school.phone }}.\"
sign_off = [\"Your name\", \"Date\"]

[[purposes]]
id = \"web\"
words = \"Our website\"
meaning = \"Anybody sees it.\"
how_long = \"Two years.\"
who_holds = \"Everybody.\"

[[purposes]]
id = \"wall\"
words = \"Our walls\"
meaning = \"Visitors see it.\"
how_long = \"A year.\"
who_holds = \"The school.\"

[[questions]]
id = \"asked\"
words = \"What does your child say?\"
type = \"choice\"
help = \"Ask in words that fit.\"
choices = [\"Yes\", \"Not asked\"]
";

/// The purposes stand the other way round.
const POLISH: &str = "title = \"Zdjęcia\"
of_version = \"1.0\"
summary = \"Dwa użycia.\"
intro = [\"Najpierw pytamy.\"]
withdraw = \"Telefon: {{ school.phone }}.\"
sign_off = [\"Imię i nazwisko\", \"Data\"]

[[purposes]]
id = \"wall\"
words = \"Nasze ściany\"
meaning = \"Widzą je goście.\"
how_long = \"Rok.\"
who_holds = \"Szkoła.\"

[[purposes]]
id = \"web\"
words = \"Nasza strona\"
meaning = \"Widzi ją każdy.\"
how_long = \"Dwa lata.\"
who_holds = \"Każdy.\"

[[questions]]
id = \"asked\"
words = \"Co mówi dziecko?\"
help = \"Prosimy zapytać prosto.\"
choices = [{ id = \"not-asked\", words = \"Bez pytania\" }, { id = \"yes\", words = \"Tak\" }]
";

const FILE: &str = "forms/pictures.pl.toml";

fn with_polish() -> Workshop {
    let workshop = Workshop::small();
    workshop.write("forms/pictures.toml", ENGLISH).write(FILE, POLISH);
    workshop
}

/// The finding of a rule, with its line and column.
fn told(workshop: &Workshop, code: &str) -> Option<(Diagnostic, (usize, usize))> {
    let checked = workshop.check();
    let found = checked.report.diagnostics().iter().find(|d| d.code == code)?.clone();
    let place = found.spot.as_ref().map_or((0, 0), |spot| (spot.line, spot.column));
    Some((found, place))
}

fn asked(workshop: &Workshop) -> ConsentForm {
    let draft = pack::draft(&workshop.check().school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let [form] = draft.content.consent.as_slice() else { panic!("{:?}", draft.content.consent) };
    form.clone()
}

#[test]
fn touchscreens_get_a_form_in_other_languages_name_for_name_in_the_english_order() {
    let workshop = with_polish();
    assert_eq!(workshop.check().report.errors(), 0, "{:?}", workshop.check().report);
    let ConsentForm { form, translations } = asked(&workshop);
    let [polish] = translations.as_slice() else { panic!("{translations:?}") };
    assert_eq!(polish.language.as_str(), "pl");
    let polish = &polish.form;
    assert_eq!((&polish.id, &polish.version, polish.kind), (&form.id, &form.version, form.kind));
    let uses: Vec<_> = polish.purposes.iter().map(|p| (p.id.as_str(), p.words.as_str())).collect();
    assert_eq!(uses, [("web", "Nasza strona"), ("wall", "Nasze ściany")]);
    assert_eq!(polish.purposes[0].how_long, "Dwa lata.");
    let answers: Vec<_> =
        polish.questions[0].choices.iter().map(|c| (c.id.as_str(), c.words.as_str())).collect();
    assert_eq!(answers, [("yes", "Tak"), ("not-asked", "Bez pytania")]);
    assert_eq!(polish.questions[0].answer, form.questions[0].answer);
    assert_eq!(polish.sign_off, ["Imię i nazwisko", "Data"]);
    let phone = &workshop.check().school.settings.value("school.phone").unwrap().to_owned();
    assert_eq!(polish.withdraw.as_deref(), Some(format!("Telefon: {phone}.").as_str()));
    assert_ne!(polish.digest(), form.digest(), "a decision names the words that were read");
}

#[test]
fn the_model_school_asks_in_polish_and_urdu_with_every_use_translated() {
    let workshop = Workshop::model();
    let school = workshop.check().school;
    let found: Vec<_> = school
        .translated_forms()
        .map(|(form, translation)| (form.form.id.as_str(), translation.language.as_str()))
        .collect();
    assert_eq!(found, [("images", "pl"), ("images", "ur"), ("learners-work", "pl")]);
    for (form, translation) in school.translated_forms() {
        assert!(translation.gaps.is_empty() && !translation.is_out_of_date(), "{}", translation.source.path);
        assert!(!translation.is_checked(), "nobody who reads both has compared {}", translation.source.path);
        for (own, english) in translation.form.purposes.iter().zip(&form.form.purposes) {
            assert_eq!(own.id, english.id);
            assert_ne!(own.meaning, english.meaning);
        }
    }
}

#[test]
fn an_id_that_the_english_form_has_not_is_an_error_with_the_right_one_beside_it() {
    let workshop = with_polish();
    workshop.change(FILE, "id = \"web\"", "id = \"wbe\"");
    let (found, place) = told(&workshop, "translation-unknown-part").unwrap();
    assert_eq!((found.severity, place), (Severity::Error, (16, 6)));
    assert!(found.what.contains("no purpose “wbe”") && found.mend.contains("“web”"), "{found:?}");
    workshop.change(FILE, "id = \"wbe\"", "id = \"web\"").change(FILE, "id = \"yes\"", "id = \"no\"");
    let (found, place) = told(&workshop, "translation-unknown-part").unwrap();
    assert_eq!(place.0, 26);
    assert!(found.what.contains("no answer “no”") && found.mend.contains("“not-asked”"), "{found:?}");
}

#[test]
fn answers_without_ids_are_told_with_the_ids_to_write() {
    let workshop = with_polish();
    let old = "[{ id = \"not-asked\", words = \"Bez pytania\" }, { id = \"yes\", words = \"Tak\" }]";
    workshop.change(FILE, old, "[\"Tak\", \"Bez pytania\"]");
    let (found, place) = told(&workshop, "translation-unknown-part").unwrap();
    assert_eq!((found.severity, place), (Severity::Error, (26, 12)));
    assert!(found.mend.contains("“yes”, “not-asked”"), "{found:?}");
}

#[test]
fn a_use_that_is_not_translated_is_told_and_stays_english_on_the_touchscreen() {
    let workshop = with_polish();
    let at = POLISH.find("[[purposes]]\nid = \"web\"").unwrap();
    let end = POLISH.find("[[questions]]").unwrap();
    workshop.write(FILE, format!("{}{}", &POLISH[..at], &POLISH[end..]));
    let (found, place) = told(&workshop, "translation-missing-part").unwrap();
    assert_eq!((found.severity, place), (Severity::Warning, (1, 9)));
    assert!(found.what.contains("the purpose “web”") && !found.what.contains("wall"), "{found:?}");
    let polish = &asked(&workshop).translations[0].form;
    assert_eq!(polish.purposes[0].words, "Our website");
    assert_eq!(polish.purposes[1].words, "Nasze ściany");
}

#[test]
fn a_use_that_is_half_translated_or_translated_twice_is_an_error() {
    let workshop = with_polish();
    workshop.change(FILE, "how_long = \"Rok.\"\n", "");
    let (found, place) = told(&workshop, "missing-key").unwrap();
    assert_eq!((found.file.as_str(), place.0), (FILE, 8));
    assert!(found.what.contains("how_long"), "{found:?}");
    workshop.write(FILE, POLISH).change(FILE, "id = \"wall\"", "id = \"web\"");
    let (found, place) = told(&workshop, "duplicate-question-name").unwrap();
    assert_eq!((found.file.as_str(), place), (FILE, (16, 6)));
}

#[test]
fn what_is_governed_is_not_said_again_in_a_translation() {
    let workshop = with_polish();
    workshop.change(FILE, "of_version", "audience = \"staff\"\nof_version");
    let (found, place) = told(&workshop, "unknown-key").unwrap();
    assert_eq!((found.file.as_str(), place), (FILE, (2, 1)));
}

#[test]
fn labels_to_sign_on_stand_for_the_english_ones_one_by_one() {
    let workshop = with_polish();
    workshop.change(FILE, ", \"Data\"]", "]");
    let (found, place) = told(&workshop, "translation-sign-off").unwrap();
    assert_eq!((found.severity, place), (Severity::Error, (6, 13)));
    assert!(found.what.contains("one line here and 2 lines"), "{found:?}");
}

#[test]
fn nobody_says_yes_on_a_touchscreen_to_a_translation_of_older_words() {
    let workshop = with_polish();
    workshop.change("forms/pictures.toml", "version = \"1.0\"", "version = \"1.1\"");
    let (found, place) = told(&workshop, "translation-outdated").unwrap();
    assert_eq!((found.file.as_str(), found.severity, place), (FILE, Severity::Warning, (2, 14)));
    assert!(found.what.contains("1.0") && found.what.contains("1.1"), "{found:?}");
    assert_eq!(asked(&workshop).translations, []);
    workshop.change(FILE, "of_version = \"1.0\"", "of_version = \"2.0\"");
    let (found, _) = told(&workshop, "translation-of-later-version").unwrap();
    assert_eq!(found.severity, Severity::Error);
}

#[test]
fn a_file_of_no_language_or_of_no_form_is_told() {
    let workshop = with_polish();
    workshop.write("forms/pictures.polish.toml", POLISH).write("forms/pictuers.ur.toml", POLISH);
    let (found, _) = told(&workshop, "translation-language").unwrap();
    assert_eq!(found.file, "forms/pictures.polish.toml");
    let (found, _) = told(&workshop, "translation-of-nothing").unwrap();
    assert_eq!(found.file, "forms/pictuers.ur.toml");
    assert!(found.mend.contains("forms/pictures.toml"), "{found:?}");
}

#[test]
fn a_draft_of_a_translation_is_shown_nowhere() {
    let workshop = with_polish();
    workshop.change(FILE, "of_version", "draft = true\nof_version");
    assert_eq!(asked(&workshop).translations, []);
    assert_eq!(workshop.check().school.languages().len(), 0);
}

#[test]
fn touchscreens_get_their_own_sentences_in_polish() {
    let draft = |workshop: &Workshop| {
        pack::draft(&workshop.check().school, &Theme::embedded().unwrap(), day()).unwrap().unwrap()
    };
    let without = draft(&Workshop::small()).content.translated_phrases;
    assert_eq!(without, [], "nobody chooses a language in which nothing is asked");
    let draft = draft(&with_polish());
    let [polish] = draft.content.translated_phrases.as_slice() else { panic!("not Polish alone") };
    assert_eq!((polish.language.as_str(), polish.name.as_str()), ("pl", "Polski"));
    let say = |name: &str| polish.phrases.iter().find(|p| p.name == name).map(|p| p.words.as_str());
    assert_eq!((say("use.yes"), say("use.no")), (Some("Tak"), Some("Nie")));
    // What a family meets between its code and its thanks, a child's own screens apart.
    let english = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../themes/kiosk/words.en.toml"));
    let english: toml::Table = toml::from_str(&english.unwrap()).unwrap();
    let of_family =
        ["family.", "code.", "who.", "list.", "form.", "use.", "question.", "take-back.", "check."];
    let shared = ["read.", "kept.", "still.", "nav."];
    for name in english.keys() {
        if of_family.iter().chain(&shared).any(|start| name.starts_with(start)) {
            assert!(say(name).is_some(), "“{name}” is not in Polish");
        }
    }
}

#[test]
fn touchscreens_get_the_agreement_of_parents_in_other_languages_part_by_part() {
    let workshop = Workshop::model();
    // What nobody translated is English; what is left out of the middle does not shift the rest.
    let file = workshop.school().join("agreements/parent.pl.md");
    let polish = fs::read_to_string(&file).unwrap();
    let from = polish.find("### Ustalamy").unwrap();
    let to = polish.find("## Wobec innych").unwrap();
    fs::write(&file, format!("{}{}", &polish[..from], &polish[to..])).unwrap();
    let draft = pack::draft(&workshop.check().school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let content = draft.content;
    let names: Vec<_> = content.translated_phrases.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["Polski", "اردو"]);
    let of = |tag: &str| {
        let mut all = content.translated_agreements.iter();
        &all.find(|t| t.agreement.slug.as_str() == "parent" && t.language.as_str() == tag).unwrap().agreement
    };
    let english = content.agreements.iter().find(|a| a.slug.as_str() == "parent").unwrap();
    for (tag, at_home) in [("pl", "W domu"), ("ur", "گھر میں")] {
        let translated = of(tag);
        assert_eq!(translated.groups[0].title.as_deref(), Some(at_home));
        let names =
            |a: &records::agreement::Agreement| a.statements().map(|s| s.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(translated), names(english));
        assert_ne!(translated.digest(), english.digest());
    }
    let words =
        |a: &records::agreement::Agreement| a.statements().map(|s| s.words.clone()).collect::<Vec<_>>();
    let (polish, english) = (words(of("pl")), words(english));
    assert_eq!(polish[2], english[2], "the part that is left out");
    assert!(polish.iter().zip(&english).enumerate().all(|(at, (one, other))| at == 2 || one != other));
    assert!(of("pl").introduction[0].starts_with("Państwa dziecko"));
}

#[test]
fn a_sentence_that_no_screen_knows_is_told_as_a_fault_of_the_theme() {
    let workshop = with_polish();
    let themes = workshop.path().join("themes");
    copy(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../themes")), &themes);
    let build = || {
        let words = ["build", "--school", "school", "--out", "out", "--only", "pack", "--date", "2026-11-22"];
        workshop.command(&words).arg("--themes").arg(&themes).output().unwrap()
    };
    let file = themes.join("kiosk/words.pl.toml");
    for (words, why) in [
        ("\"use.yse\" = \"Tak\"\n", "Did you mean “use.yes”?"),
        ("\"kept.title\" = \"Dziękujemy\"\n", "“kept.title” must have the same words in braces"),
        ("\"use.yes = \"Tak\"\n", "kiosk/words.pl.toml"),
    ] {
        fs::write(&file, words).unwrap();
        let output = build();
        assert!(!output.status.success());
        assert!(said(&output).contains(why) && said(&output).contains("words.pl.toml"), "{}", said(&output));
        assert!(!workshop.out().join("pack").exists());
    }
    fs::write(&file, "\"use.yes\" = \"Tak\"\n").unwrap();
    assert!(build().status.success());
    let draft = PackDraft::read(&fs::read(workshop.out().join("pack/school.packdraft")).unwrap()).unwrap();
    assert_eq!(draft.content.translated_phrases[0].phrases.len(), 1);
}

#[test]
fn a_form_has_its_page_in_each_language_with_the_ways_between_them() {
    let workshop = with_polish();
    workshop.write("forms/pictures.ur.toml", "title = \"تصویریں\"\nof_version = \"1.0\"\n");
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    let english = workshop.page("forms/pictures/index.html");
    assert!(english.contains("href=\"../../pl/forms/pictures/index.html\" hreflang=\"pl\""), "{english}");
    assert!(!english.contains("role=\"note\""), "the English form is no translation");
    let polish = workshop.page("pl/forms/pictures/index.html");
    assert!(polish.contains("<html lang=\"pl\">"));
    assert!(polish.contains("href=\"../../../forms/pictures/index.html\" hreflang=\"en-GB\""), "{polish}");
    assert!(polish.contains("Obowiązuje wersja angielska") && polish.contains("nikt jeszcze nie sprawdził"));
    for words in
        ["<h1>Zdjęcia</h1>", "<span>Nasza strona</span>", ">Dwa lata.<", ">Bez pytania<", ">Tak</li>"]
    {
        assert!(polish.contains(words), "no {words} in {polish}");
    }
    for (first, second) in [("Nasza strona", "Nasze ściany"), (">Tak</span>", ">Bez pytania</span>")] {
        assert!(polish.find(first) < polish.find(second), "{first} comes first in English");
    }
    let urdu = workshop.page("ur/forms/pictures/index.html");
    assert!(urdu.contains("<html lang=\"ur\" dir=\"rtl\">"));
    let marked = "<dd lang=\"en-GB\" dir=\"ltr\">Two years.</dd>";
    assert!(urdu.contains(marked), "what is not translated is marked as English: {urdu}");
    assert!(workshop.page("pl/index.html").contains("href=\"../pl/forms/pictures/index.html\""));
    assert!(
        workshop.page("assets/site.css").contains("Arabic"),
        "the fonts of a language that only a form is in"
    );
    workshop.change("forms/pictures.toml", "version = \"1.0\"", "version = \"1.1\"");
    assert!(workshop.build().status.success());
    let polish = workshop.page("pl/forms/pictures/index.html");
    assert!(polish.contains("zmieniła się od czasu tego tłumaczenia"));
}
