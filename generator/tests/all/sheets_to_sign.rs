//! Children's agreements as sheets to sign: one sheet each, in English and with each translation.

use std::{fs, process::Command};

use generator::{
    load::{
        document::{Document, Kind},
        markdown::words_of,
    },
    print::{self, Print, Sheet},
    site,
    theme::Theme,
};

use crate::{
    printed::{letters, model, read_aloud, seen},
    workshop::{Workshop, day},
};

fn children() -> impl Iterator<Item = &'static Document> {
    let of_children = |document: &&Document| {
        let audience = document.matter.audience.as_ref().map(|audience| audience.value.as_str());
        matches!(audience, Some("ks1" | "ks2"))
    };
    model().school.of_kind(Kind::Agreement).filter(of_children)
}

fn sheet_of(document: &Document, with: Option<(&records::language::Language, Sheet)>) -> &'static Print {
    let file = print::file_of_sheet_to_sign(document, with);
    model().school.prints.get(&file).unwrap_or_else(|| panic!("there is no {file}"))
}

/// The letters of a PDF as somebody copies them who reads any script.
pub(crate) fn copied(print: &Print) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &print.bytes).unwrap();
    let said = Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(file.path()).arg("-").output().unwrap();
    script(&String::from_utf8(said.stdout).unwrap())
}

/// Letters as [`letters`], without vowel signs.
pub(crate) fn script(text: &str) -> String {
    let bare = text.replace(|c: char| ('\u{64b}'..='\u{65f}').contains(&c), "");
    letters(&bare)
}

#[test]
fn a_childs_agreement_is_signed_on_one_sheet_with_every_promise_on_it() {
    let mut found = 0;
    for document in children() {
        let form = sheet_of(document, None);
        assert_eq!(form.pages, 1, "{}", form.file);
        let said = letters(&read_aloud(form));
        let promises = document.promises.as_ref().unwrap();
        let mut from = 0;
        for promise in promises.statements() {
            let wanted = letters(&document.body.headings[promise.heading].words);
            let at = said[from..].find(&wanted);
            assert!(at.is_some(), "{}: “{wanted}” is lost or out of order", form.file);
            from += at.unwrap_or_default() + wanted.len();
            found += 1;
        }
        // It is signed after the last promise, by the child and at home.
        for label in ["Isign", "Myclass", "Athome", "Signed", "Date"] {
            assert!(said[from..].contains(label), "{}: no “{label}” under the promises", form.file);
        }
        let whole = &model().school.prints[&print::file_of(document)];
        assert!(!letters(&seen(whole)).contains("Athome"), "two papers ask for one signature");
    }
    assert!(found > 10, "{found}");
}

#[test]
fn each_translation_is_on_the_back_and_beside_the_english() {
    let mut found = 0;
    for document in children() {
        for translation in document.published_translations() {
            for sheet in Sheet::ALL {
                let form = sheet_of(document, Some((&translation.language, sheet)));
                assert_eq!(form.pages, if sheet == Sheet::TwoSides { 2 } else { 1 }, "{}", form.file);
                // Poppler tells what stands in a tag glyph by glyph as drawn, so words that are written from right to
                // left are looked for in the text as it is copied.
                let said = letters(&read_aloud(form));
                let copied = copied(form);
                for promise in document.promises.as_ref().unwrap().statements() {
                    let english = &document.body.headings[promise.heading];
                    let (heading, _) = translation.part(&english.anchor).unwrap();
                    let theirs = words_of(&translation.page.body.pieces[heading.pieces.clone()]);
                    assert!(said.contains(&letters(&english.words)), "{}: “{}”", form.file, english.words);
                    for word in theirs.split_whitespace().map(script) {
                        // Poppler turns lam and alef round where they are one shape.
                        let turned = word.replace("لا", "ال");
                        assert!(
                            copied.contains(&word) || copied.contains(&turned),
                            "{}: “{word}” is lost in {copied}",
                            form.file
                        );
                    }
                }
                found += 1;
            }
        }
    }
    assert!(found >= 8, "{found}");
}

#[test]
fn the_page_of_an_agreement_leads_to_its_sheets_to_sign_in_every_language() {
    let site = site::render(&model().school, &Theme::embedded().unwrap(), day()).unwrap();
    let page = |path: &str| String::from_utf8(site[path].clone()).unwrap();
    let english = page("agreements/ks1/index.html");
    let polish = page("pl/agreements/ks1/index.html");
    for (file, in_polish) in [
        ("ks1-to-sign.pdf", false),
        ("ks1-to-sign-pl-two-sides.pdf", true),
        ("ks1-to-sign-pl-beside.pdf", true),
        ("ks1-to-sign-ur-beside.pdf", false),
    ] {
        let link = format!("agreements/ks1/{file}\"");
        assert!(english.contains(&link), "{file} is not linked");
        assert_eq!(polish.contains(&link), in_polish, "{file}");
        assert!(site.contains_key(&format!("agreements/ks1/{file}")), "{file} is not there");
    }
    assert!(!page("agreements/parent/index.html").contains("-to-sign"), "grown-ups sign under the text");
}

#[test]
fn promises_that_do_not_fit_one_sheet_are_told_and_the_page_is_published() {
    let workshop = Workshop::small();
    let mut text = std::fs::read_to_string(workshop.school().join("agreements/ks1.md")).unwrap();
    for number in 0..60 {
        text.push_str(&format!("\n## I keep promise number {number} too. {{#more-{number} symbol=own}}\n"));
    }
    workshop.write("agreements/ks1.md", text);
    let (prints, problems) = crate::printed::printed(&workshop);
    let told = problems.iter().find(|problem| problem.code == "print-too-long").unwrap();
    assert!(told.what.contains("sheet to sign"), "{}", told.what);
    assert!(prints.contains_key("agreements/ks1/ks1.pdf"));
    assert!(!prints.contains_key("agreements/ks1/ks1-to-sign.pdf"));
}
