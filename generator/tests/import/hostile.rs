//! Files that are not what they seem, damaged, or made to do harm.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

use generator::import::{DocumentError, ImportOptions, ReadingError, RunOptions, import_bytes, run};
use proptest::prelude::*;

use crate::word::{Word, p, titled, word, zipped};

fn refused(bytes: &[u8]) -> ReadingError {
    import_bytes(bytes, &ImportOptions::default()).expect_err("must be refused")
}

fn document(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/documents").join(name)).unwrap()
}

#[test]
fn what_cannot_be_read_is_told_in_words_for_the_office_and_nothing_is_written() {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    let ole = |inside: &str| {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.extend(inside.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let odt = |kind: &str, manifest: &str| {
        zipped(&[
            ("mimetype", kind.as_bytes()),
            ("META-INF/manifest.xml", manifest.as_bytes()),
            ("content.xml", b"<x/>"),
        ])
    };
    let text = "application/vnd.oasis.opendocument.text";
    let locked = "<manifest:manifest xmlns:manifest='m'><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let whole = document("hats.docx");
    for (name, bytes, says) in [
        ("empty.docx", Vec::new(), "no words"),
        ("nothing.docx", word("").bytes(), "imported"),
        ("blank.docx", Word::new("<w:p/>").bytes(), "no words"),
        ("old.docx", ole("WordDocument"), "older Word (.doc)"),
        ("locked.docx", ole("EncryptedPackage"), "password"),
        ("locked.odt", odt(text, locked), "password"),
        ("sheet.odt", odt("application/vnd.oasis.opendocument.spreadsheet", "<m/>"), "no text document"),
        ("rich.docx", b"{\\rtf1 hats}".to_vec(), "rich text"),
        ("half.docx", whole[..whole.len() / 2].to_vec(), "damaged"),
        ("zip.docx", zipped(&[("hats.txt", b"hats")]), "no text document"),
        (
            "sheet.xlsx",
            zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<workbook/>")]),
            "no text document",
        ),
        (
            "broken.docx",
            zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document><w:body>")]),
            "damaged",
        ),
    ] {
        let file = school.path().join(name);
        fs::write(&file, bytes).unwrap();
        match run(&file, school.path(), &RunOptions::default()) {
            Err(error) => {
                let told = error.to_string();
                assert!(told.contains(says) && told.contains(name), "{name}: {told}");
                assert!(!school.path().join("policies").exists() && !school.path().join("images").exists());
            }
            Ok(report) => {
                assert!(report.to_text().contains(says), "{name}: {}", report.to_text());
                fs::remove_dir_all(school.path().join("policies")).unwrap();
            }
        }
    }
}

#[test]
fn a_document_is_known_by_what_is_in_it_and_not_by_its_name() {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    for (name, bytes) in [("hats.txt", document("hats.odt")), ("hats.odt", document("hats.docx"))] {
        let file = school.path().join(name);
        fs::write(&file, bytes).unwrap();
        let options = RunOptions { replace: true, ..RunOptions::default() };
        let report = run(&file, school.path(), &options).unwrap();
        assert!(report.imported.markdown.contains("### What a hat has"), "{name}");
    }
}

#[test]
fn a_file_that_unpacks_to_gigabytes_is_refused() {
    let zeros = vec![b' '; 70 * 1024 * 1024];
    let bomb = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &zeros)]);
    assert!(bomb.len() < 1_000_000);
    assert_eq!(refused(&bomb), ReadingError::Document(DocumentError::TooLarge));
}

#[test]
fn xml_that_is_nested_without_end_is_refused_and_deep_but_honest_nesting_is_read() {
    let nested = |depth: usize| {
        let (open, close) = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>");
        word(&(open.repeat(depth) + &p("", "hats") + &close.repeat(depth))).bytes()
    };
    assert_eq!(refused(&nested(5_000)), ReadingError::Document(DocumentError::TooDeep));
    for wrap in ["w:ins", "w:sdtContent", "w:customXml"] {
        let body = format!("<{wrap}>").repeat(150) + &p("", "hats") + &format!("</{wrap}>").repeat(150);
        assert!(import_bytes(&word(&body).bytes(), &ImportOptions::default()).is_ok());
    }
    assert!(import_bytes(&nested(45), &ImportOptions::default()).unwrap().markdown.contains("hats"));
}

#[test]
fn a_picture_named_to_leave_the_folder_does_not() {
    let body = "<w:p><w:r><w:drawing><wp:inline><wp:docPr descr='x'/><a:blip r:embed='a'/></wp:inline></w:drawing></w:r></w:p>";
    let imported = word(body).picture("a", "../../../../../../etc/passwd", b"\x89PNG\r\n\x1a\n").import();
    assert!(imported.pictures.iter().all(|picture| picture.name == "hat-1.png"));
    assert!(!imported.markdown.contains("passwd"));
}

#[test]
fn numbers_beyond_all_measure_do_no_harm() {
    let huge = "4294967295";
    let numbering = format!(
        "<w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='{huge}'><w:start w:val='{huge}'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1%9%0%'/></w:lvl>\
         <w:lvl w:ilvl='0'><w:start w:val='{huge}'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>\
         <w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    );
    let item =
        |level: &str| p(&format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr>"), "hat");
    let table = format!(
        "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='{huge}'/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val='{huge}'/></w:tcPr><w:p><w:r><w:t>hat</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    );
    let body = item("0") + &item("0") + &item(huge) + &item("8") + &table;
    let imported = word(&body).part("numbering", "numbering", &numbering).import();
    assert!(imported.markdown.len() < 10_000);
}

#[test]
fn a_table_of_fifty_thousand_rows_is_read_in_its_length_and_no_more() {
    let row = "<w:tr><w:tc><w:p><w:r><w:t>hat</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>";
    let imported = Word::new(&titled(&format!("<w:tbl>{}</w:tbl>", row.repeat(50_000)))).import();
    assert_eq!(imported.markdown.matches("| hat |").count(), 50_000);
}

/// The files of a document.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_document_never_makes_the_import_panic(
        which in 0usize..2,
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        length in 0usize..40,
    ) {
        let mut bytes = document(["hats.docx", "hats.odt"][which]);
        let at = place.index(bytes.len());
        let end = (at + length).min(bytes.len());
        bytes[at..end].fill(byte);
        let _ = import_bytes(&bytes, &ImportOptions::default());
    }

    #[test]
    fn xml_that_says_something_else_never_makes_the_import_panic(
        which in 0usize..2,
        part in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        keep in any::<bool>(),
    ) {
        let mut files = unpacked(&document(["hats.docx", "hats.odt"][which]));
        let xml: Vec<usize> = (0..files.len())
            .filter(|&at| files[at].0.ends_with(".xml") && files[at].1.len() > 200)
            .collect();
        let text = &mut files[xml[part.index(xml.len())]].1;
        // Whole elements are moved about, so that the file can still be read.
        let tags: Vec<usize> = (0..text.len()).filter(|&at| text[at] == b'<').collect();
        let (from, to) = (tags[from.index(tags.len())], tags[to.index(tags.len())]);
        let (from, to) = (from.min(to), from.max(to));
        let piece = text[from..to].to_vec();
        if keep {
            text.splice(to..to, piece);
        } else {
            text.drain(from..to);
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        if let Ok(imported) = import_bytes(&zipped(&files), &ImportOptions::default()) {
            prop_assert!(imported.markdown.starts_with("+++\n"));
        }
    }
}
