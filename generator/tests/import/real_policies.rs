//! Policies of real schools, which are not part of this project. They are looked for beside the
//! repository, or in the folder that SIGNPOST_REAL_POLICIES names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::import::{ImportReport, RunOptions, run};

use crate::page::html;
use crate::written;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The real policies, or nothing and a notice.
fn real_policies() -> Vec<PathBuf> {
    let beside = repository().join("../shared/policies");
    let folder = std::env::var_os("SIGNPOST_REAL_POLICIES").map_or(beside, PathBuf::from);
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: no real policies at {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    assert!(!files.is_empty(), "no .txt file in {}", folder.display());
    files
}

fn imported(file: &Path) -> (tempfile::TempDir, ImportReport) {
    let school = tempfile::tempdir().unwrap();
    fs::write(school.path().join("school.toml"), "name = \"Larkfield\"\n").unwrap();
    let report = run(file, school.path(), &RunOptions::default()).unwrap();
    (school, report)
}

fn body(report: &ImportReport) -> String {
    let markdown = fs::read_to_string(&report.written).unwrap();
    markdown.splitn(3, "+++\n").nth(2).unwrap().to_owned()
}

#[test]
fn an_independent_reader_finds_every_sentence_and_no_other() {
    for file in real_policies() {
        let (school, report) = imported(&file);
        let (page, account) = (school.path().join("page.html"), school.path().join("report.json"));
        fs::write(&page, html(&report.imported.title, &body(&report))).unwrap();
        fs::write(&account, serde_json::to_string(&report).unwrap()).unwrap();
        let script = repository().join("tests/independent/every_sentence.py");
        let read = Command::new("python3").arg(script).args([&file, &account, &page]).output().unwrap();
        assert!(read.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&read.stdout));
        eprintln!("{}: {}", file.display(), String::from_utf8_lossy(&read.stdout).trim());
    }
}

#[test]
fn real_policies_lose_less_than_five_words_in_a_hundred() {
    for file in real_policies() {
        let (_school, report) = imported(&file);
        let imported = &report.imported;
        assert!(imported.words_dropped * 100 < imported.words_total * 5, "{}", report.to_text());
        eprintln!(
            "{}: {} words, {} left out, {} doubts",
            file.display(),
            imported.words_total,
            imported.words_dropped,
            imported.doubts.len()
        );
    }
}

#[test]
fn real_policies_come_out_with_headings_in_order_and_no_left_over_marks() {
    for file in real_policies() {
        let (_school, report) = imported(&file);
        let body = body(&report);
        let levels: Vec<usize> = body
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| line.bytes().take_while(|&byte| byte == b'#').count())
            .collect();
        assert!(levels.len() > 20, "{}: {} headings", file.display(), levels.len());
        assert_eq!(levels[0], 2);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "a level is skipped: {levels:?}");
        for left_over in ["•", "<u", ".....", "](#)", "\t", "****", "{{"] {
            assert!(!body.contains(left_over), "{}: {left_over}", file.display());
        }
        assert!(body.contains("```form") && body.contains("\n- "), "{}", file.display());
    }
}

#[test]
fn the_independent_reader_sees_when_a_sentence_is_changed_lost_or_added() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("source.txt"), "Hat Policy\n\nWe wear hats.\n\n- They are blue\n- They are warm\n")
        .unwrap();
    fs::write(path("report.json"), "{\"dropped\": []}").unwrap();
    let reads = |body: &str| {
        fs::write(path("page.html"), html("Hat Policy", body)).unwrap();
        let script = repository().join("tests/independent/every_sentence.py");
        let files = [path("source.txt"), path("report.json"), path("page.html")];
        Command::new("python3").arg(script).args(files).output().unwrap().status.code()
    };
    assert_eq!(reads("We wear hats.\n\n- They are blue\n- They are warm"), Some(0));
    assert_eq!(reads("We wear caps.\n\n- They are blue\n- They are warm"), Some(1));
    assert_eq!(reads("We wear hats.\n\n- They are blue"), Some(1));
    assert_eq!(reads("We wear hats.\n\n- They are warm\n- They are blue"), Some(1));
    assert_eq!(reads("We wear hats. Always.\n\n- They are blue\n- They are warm"), Some(1));
}

/// The real policies as documents that LibreOffice saved, with the text that each was made of.
fn real_documents(folder: &Path) -> Vec<(PathBuf, ImportReport)> {
    let policies = real_policies();
    if policies.is_empty() || !written::libreoffice_is_here() {
        return Vec::new();
    }
    let mut sources = Vec::new();
    let mut reports = Vec::new();
    for (place, file) in policies.iter().enumerate() {
        let (_school, report) = imported(file);
        let markdown = report.imported.markdown.splitn(3, "+++\n").nth(2).unwrap();
        sources.push(written::write(folder, &format!("policy-{place}"), &report.imported.title, markdown));
        reports.push(report);
    }
    let mut documents = Vec::new();
    for ending in ["docx", "odt"] {
        let saved = written::saved_as(ending, &sources, folder);
        documents.extend(saved.into_iter().zip(reports.iter().cloned()));
    }
    documents
}

/// The lines of a page; those to write on as plain words, because long questions may be told as such.
fn without_forms(body: &str) -> Vec<String> {
    body.lines()
        .map(|line| {
            let line = line.replace("\\_", "").trim_end().to_owned();
            // How wide an empty cell is drawn says nothing.
            if line.starts_with('|') { line.split_whitespace().collect::<Vec<_>>().join(" ") } else { line }
        })
        .filter(|line| !line.is_empty() && !line.starts_with("```"))
        .collect()
}

#[test]
fn real_policies_saved_by_libreoffice_come_back_with_every_heading_list_and_table() {
    let folder = tempfile::tempdir().unwrap();
    for (document, from_text) in real_documents(folder.path()) {
        let begun = std::time::Instant::now();
        let (_school, report) = imported(&document);
        let took = begun.elapsed().as_millis();
        eprintln!("{}: {} words in {took} ms", document.display(), report.imported.words_total);
        assert_eq!(report.imported.title, from_text.imported.title, "{}", document.display());
        let wanted = from_text.imported.markdown.splitn(3, "+++\n").nth(2).unwrap();
        let (got, wanted) = (without_forms(&body(&report)), without_forms(wanted));
        let differs = got.iter().zip(&wanted).find(|(got, wanted)| got != wanted);
        assert_eq!(differs, None, "{}", document.display());
        assert_eq!(got.len(), wanted.len(), "{}", document.display());
    }
}

#[test]
fn an_independent_reader_finds_every_sentence_of_the_documents_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut documents: Vec<PathBuf> =
        real_documents(folder.path()).into_iter().map(|(file, _)| file).collect();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/documents");
    documents.extend(["hats.docx", "hats.odt"].map(|name| ours.join(name)));
    for file in documents {
        let (school, report) = imported(&file);
        let (page, account) = (school.path().join("page.html"), school.path().join("report.json"));
        fs::write(&page, html(&report.imported.title, &body(&report))).unwrap();
        fs::write(&account, serde_json::to_string(&report).unwrap()).unwrap();
        let script = repository().join("tests/independent/every_sentence_of_a_document.py");
        let read = |page: &Path| {
            Command::new("python3").arg(&script).args([&file, &account, page]).output().unwrap()
        };
        let whole = read(&page);
        assert!(whole.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&whole.stdout));
        eprintln!("{}: {}", file.display(), String::from_utf8_lossy(&whole.stdout).trim());
        // The control: without its last list item or sentence the page is found wanting.
        let text = fs::read_to_string(&page).unwrap();
        let (from, to) = (text.rfind("<li>").unwrap(), text.rfind("</li>").unwrap());
        fs::write(&page, format!("{}{}", &text[..from], &text[to..])).unwrap();
        assert_eq!(read(&page).status.code(), Some(1), "{}", file.display());
    }
}
