//! Pages in other languages on paper: in their own language and direction, word for word, and marked where a part
//! is in English.

use generator::{
    load::{document::Document, markdown::paragraphs_of, translation::Translation},
    print::{self, Print},
    site,
    theme::Theme,
};

use crate::{
    printed::{letters, model, printed, read_aloud, seen},
    sheets_to_sign::{copied, script},
    workshop::{Workshop, day},
};

/// Every page that has a translation for which a PDF is made.
fn translations() -> impl Iterator<Item = (&'static Document, &'static Translation, &'static Print)> {
    let school = &model().school;
    let pages = school.documents.iter().filter(|document| print::is_printed_translated(document));
    let all = pages.flat_map(|page| page.published_translations().map(move |one| (page, one)));
    all.map(|(page, one)| {
        let file = print::file_of(&one.page);
        (page, one, school.prints.get(&file).unwrap_or_else(|| panic!("there is no {file}")))
    })
}

/// What stands in the file as it is: names and tags are not packed.
fn holds(print: &Print, what: &str) -> bool {
    print.bytes.windows(what.len()).any(|part| part == what.as_bytes())
}

#[test]
fn every_page_in_another_language_has_a_pdf_and_leads_there() {
    let site = site::render(&model().school, &Theme::embedded().unwrap(), day()).unwrap();
    let mut found = 0;
    for (page, translation, print) in translations() {
        let tag = translation.language.as_str();
        assert!(print.file.ends_with(&format!("{}-{tag}.pdf", page.slug)), "{}", print.file);
        let html = site[&format!("{}/index.html", translation.page.address())].clone();
        let html = String::from_utf8(html).unwrap();
        assert!(html.contains(&format!("href=\"{}-{tag}.pdf\"", page.slug)), "{} is not linked", print.file);
        assert!(site.contains_key(&print.file));
        // Whoever listens hears it in its language, and pages are turned from the side where it begins.
        assert!(holds(print, &format!("/Lang({tag})")), "{}", print.file);
        assert_eq!(holds(print, "/Direction/R2L"), tag == "ur", "{}", print.file);
        found += 1;
    }
    assert!(found >= 6, "{found}");
}

#[test]
fn no_word_of_a_translation_is_lost_on_paper() {
    for (page, translation, print) in translations() {
        let paragraphs = paragraphs_of(&translation.page.body.pieces);
        if translation.language.as_str() == "ur" {
            // Poppler tells what stands in a tag glyph by glyph as drawn, so words that are written from right to
            // left are looked for in the text as it is copied.
            let copied = copied(print);
            // Figures in brackets are copied from the left.
            let words = paragraphs.iter().flat_map(|words| words.split_whitespace()).map(script);
            for word in words.filter(|word| !word.contains(char::is_numeric)) {
                let turned = word.replace("لا", "ال");
                assert!(copied.contains(&word) || copied.contains(&turned), "{}: “{word}”", print.file);
            }
            continue;
        }
        let said = letters(&read_aloud(print));
        let mut from = 0;
        for sentence in &paragraphs {
            let wanted = letters(sentence);
            let at = said[from..].find(&wanted);
            assert!(at.is_some(), "{}: “{sentence}” is lost or out of order", print.file);
            from += at.unwrap_or_default() + wanted.len();
        }
        // English is what counts, and nothing is signed here.
        assert!(!said[from..].contains("Podpis"), "{} is signed", page.slug);
    }
}

#[test]
fn a_promise_without_a_translation_is_in_english_and_marked_so() {
    let workshop = Workshop::model();
    workshop.change(
        "agreements/ks1.pl.md",
        "## Kończę, kiedy pora skończyć. {#stop}\n\nOdkładam ekran. Potem mogę biegać i się bawić.\n",
        "",
    );
    let (prints, problems) = printed(&workshop);
    assert!(problems.is_empty(), "{problems:?}");
    let print = &prints["pl/agreements/ks1/ks1-pl.pdf"];
    let said = letters(&read_aloud(print));
    let english = said.find("Istopwhenitistimetostop");
    let before = said.find(&letters("Nie mówię innym, gdzie mieszkam."));
    let after = said.find(&letters("Mówię dorosłemu, kiedy jest mi źle."));
    assert!(english.is_some() && before < english && english < after, "in its place: {said}");
    assert!(said.contains(&letters("Część tej strony")), "and the reader is told: {said}");
    let marks = |print: &Print| print.bytes.windows(11).filter(|part| part == b"/Lang(en-GB").count();
    assert!(marks(print) > marks(&model().school.prints["pl/agreements/ks1/ks1-pl.pdf"]));
}

#[test]
fn a_language_that_the_theme_has_no_words_for_is_printed_with_english_ones_around_it() {
    let workshop = Workshop::model();
    let polish =
        std::fs::read_to_string(workshop.school().join("guides/consent-for-photographs.pl.md")).unwrap();
    workshop.write("guides/consent-for-photographs.ro.md", polish);
    let (prints, _) = printed(&workshop);
    let print = &prints["ro/guides/consent-for-photographs/consent-for-photographs-ro.pdf"];
    let said = letters(&read_aloud(print));
    assert!(
        said.contains("Forfamilies") && said.contains("Inbrief") && said.contains("Englishversion"),
        "{said}"
    );
    assert!(letters(&seen(print)).contains("Page1of"));
    assert!(holds(print, "/Lang(ro)") && holds(print, "/Lang(en-GB)"));
}
