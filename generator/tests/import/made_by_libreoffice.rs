//! One policy as LibreOffice saves it: `documents/hats.fodt` was written by hand, and `documents/make.sh`
//! had LibreOffice make the two others of it.

use std::fs;
use std::path::{Path, PathBuf};

use generator::import::{ImportKind, ImportOptions, Imported, Person, RunOptions, import_bytes, run};

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/documents").join(name)
}

fn imported(name: &str) -> Imported {
    let people = vec![Person { key: "head".into(), role: "Headteacher".into() }];
    let options = ImportOptions { file_stem: "hats".into(), people, kind: ImportKind::Policy };
    import_bytes(&fs::read(document(name)).unwrap(), &options).unwrap()
}

fn doubts(imported: &Imported) -> String {
    imported
        .doubts
        .iter()
        .map(|doubt| {
            let under = doubt.under.as_deref().unwrap_or("the beginning");
            format!("{} (under {under}): {}\n", doubt.line, doubt.what)
        })
        .collect()
}

#[test]
fn a_word_policy_comes_out_with_its_headings_lists_tables_links_notes_and_pictures() {
    let imported = imported("hats.docx");
    insta::assert_snapshot!(format!("{}\n---\n{}", imported.markdown, doubts(&imported)));
}

#[test]
fn the_same_policy_from_opendocument_comes_out_the_same() {
    let (word, open) = (imported("hats.docx"), imported("hats.odt"));
    assert_eq!(word.markdown, open.markdown);
    assert_eq!(doubts(&word), doubts(&open));
    assert_eq!(word.pictures, open.pictures);
}

#[test]
fn what_belongs_to_the_paper_or_was_taken_back_is_listed_and_not_published() {
    for name in ["hats.docx", "hats.odt"] {
        let imported = imported(name);
        let listed = |words: &str, why: &str| {
            let found = imported.dropped.iter().find(|dropped| dropped.text.trim() == words);
            let found = found.unwrap_or_else(|| panic!("{name}: {words} in {:#?}", imported.dropped));
            assert!(found.why.contains(why), "{found:?}");
        };
        listed("Larkfield Primary School: hats", "header or footer");
        listed("1. Why we wear hats\t2", "table of contents");
        listed("and green", "deleted");
        for gone in ["green", "£6", "Template of 2003"] {
            assert!(!imported.markdown.contains(gone), "{name}: {gone}");
        }
    }
}

#[test]
fn pictures_land_beside_the_policy_and_never_replace_another() {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    let report = run(&document("hats.docx"), school.path(), &RunOptions::default()).unwrap();
    let picture = school.path().join("images/sun-hat-1.png");
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    assert!(report.to_text().contains("images/sun-hat-1.png"));
    // Again: the same picture stays as it is; another one of that name stays too.
    let again = RunOptions { replace: true, ..RunOptions::default() };
    run(&document("hats.odt"), school.path(), &again).unwrap();
    assert_eq!(fs::read_dir(school.path().join("images")).unwrap().count(), 1);
    fs::write(&picture, "mine").unwrap();
    let report = run(&document("hats.odt"), school.path(), &again).unwrap();
    assert_eq!(fs::read_to_string(&picture).unwrap(), "mine");
    let markdown = fs::read_to_string(&report.written).unwrap();
    assert!(markdown.contains("](../images/sun-hat-v2-1.png)"), "{markdown}");
    assert!(school.path().join("images/sun-hat-v2-1.png").is_file());
}

#[test]
fn a_policy_that_is_there_already_keeps_its_pictures_too() {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    fs::create_dir(school.path().join("policies")).unwrap();
    fs::write(school.path().join("policies/sun-hat.md"), "mine").unwrap();
    run(&document("hats.docx"), school.path(), &RunOptions::default()).unwrap_err();
    assert!(!school.path().join("images").exists());
}

#[test]
fn a_document_becomes_a_guide_where_that_is_asked_for() {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    let options = RunOptions { kind: ImportKind::Guide, ..RunOptions::default() };
    let report = run(&document("hats.odt"), school.path(), &options).unwrap();
    let markdown = fs::read_to_string(school.path().join("guides/sun-hat.md")).unwrap();
    assert!(markdown.starts_with("+++\ntitle = \"Sun Hat Policy\"\ndraft = false\nimported = true\n+++\n"));
    assert!(!report.imported.doubts.iter().any(|doubt| doubt.what.contains("does not say")));
}
