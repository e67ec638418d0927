//! Policies as real schools have them: each is imported, built into a site, and an independent script
//! finds every sentence of the source on the page, less what the import listed as left out.
//!
//! The policies lie beside the repository (`../shared/policies`) or where SIGNPOST_REAL_POLICIES says;
//! their text is never part of this project. Where they are absent, this is said and nothing is tried.
//! Documents of our own, made by a word processor, go the same way.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tests::process::{our_program, scratch_folder};

/// At most this part of a source's words may be left out.
const DROPPED_MOST: f64 = 0.05;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn policies() -> Vec<PathBuf> {
    let folder = std::env::var_os("SIGNPOST_REAL_POLICIES")
        .map_or_else(|| root().join("../shared/policies"), PathBuf::from);
    let mut all: Vec<PathBuf> =
        fs::read_dir(folder).map(|entries| entries.map(|e| e.unwrap().path()).collect()).unwrap_or_default();
    all.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    all.sort();
    all
}

fn run(program: &Path, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_office_imports_the_policies_it_has_and_no_sentence_is_lost_or_added() {
    let policies = policies();
    if policies.is_empty() {
        println!("NOTICE: the real policies are not on this machine; their import was not tried");
        return;
    }
    let signpost = our_program("signpost", "generator").unwrap();
    let scratch = scratch_folder().unwrap();
    let school = scratch.path().join("school");
    let out = scratch.path().join("made");
    let school_arg = school.to_str().unwrap();
    let made = run(&signpost, &["new", school_arg]);
    assert!(made.status.success(), "{}", said(&made));

    let mut imported = Vec::new();
    for policy in &policies {
        let source = policy.to_str().unwrap();
        let report =
            run(&signpost, &["import", source, "--as", "policy", "--school", school_arg, "--format", "json"]);
        assert!(report.status.success(), "{source}: {}", said(&report));
        let told: Value = serde_json::from_slice(&report.stdout).unwrap();
        let (all, dropped) = (told["words_total"].as_f64().unwrap(), told["words_dropped"].as_f64().unwrap());
        assert!(dropped <= all * DROPPED_MOST, "{source}: {dropped} of {all} words were left out");
        let list = scratch.path().join(format!("{}.json", told["slug"].as_str().unwrap()));
        fs::write(&list, &report.stdout).unwrap();
        imported.push((policy, told, list));
    }

    let built = run(&signpost, &["build", "--school", school_arg, "--out", out.to_str().unwrap()]);
    assert!(built.status.success(), "{}", said(&built));

    for (policy, told, list) in &imported {
        let page = out.join("site/policies").join(told["slug"].as_str().unwrap()).join("index.html");
        let checked = Command::new("python3")
            .arg(root().join("tests/independent/every_sentence.py"))
            .args([policy.as_path(), list.as_path(), page.as_path()])
            .args(["--within", ".prose"])
            .output()
            .unwrap();
        assert!(checked.status.success(), "{}: {}", policy.display(), said(&checked));
        let figures = format!("{} of {} words left out", told["words_dropped"], told["words_total"]);
        println!("{}: {figures}; {}", told["slug"], said(&checked).trim());
    }

    // The control: one sentence taken out of a page, and the script finds that it is missing.
    let (policy, told, list) = &imported[0];
    let page = out.join("site/policies").join(told["slug"].as_str().unwrap()).join("index.html");
    let html = fs::read_to_string(&page).unwrap();
    let (from, to) = longest_paragraph(&html);
    fs::write(&page, format!("{}{}", &html[..from], &html[to..])).unwrap();
    let checked = Command::new("python3")
        .arg(root().join("tests/independent/every_sentence.py"))
        .args([policy.as_path(), list.as_path(), page.as_path()])
        .args(["--within", ".prose"])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(1), "a lost paragraph must be found: {}", said(&checked));
}

#[test]
fn the_office_imports_a_word_document_and_every_sentence_of_it_is_on_the_page() {
    let signpost = our_program("signpost", "generator").unwrap();
    let scratch = scratch_folder().unwrap();
    let (school, out) = (scratch.path().join("school"), scratch.path().join("made"));
    let (school, out) = (school.to_str().unwrap(), out.to_str().unwrap());
    let made = run(&signpost, &["new", school]);
    assert!(made.status.success(), "{}", said(&made));
    for name in ["hats.docx", "hats.odt"] {
        let document = root().join("generator/tests/import/documents").join(name);
        let source = document.to_str().unwrap();
        let report = run(&signpost, &["import", source, "--school", school, "--replace", "--format", "json"]);
        assert!(report.status.success(), "{name}: {}", said(&report));
        let list = scratch.path().join("report.json");
        fs::write(&list, &report.stdout).unwrap();
        let built = run(&signpost, &["build", "--school", school, "--out", out]);
        assert!(built.status.success(), "{name}: {}", said(&built));
        let page = Path::new(out).join("site/policies/sun-hat/index.html");
        let checked = Command::new("python3")
            .arg(root().join("tests/independent/every_sentence_of_a_document.py"))
            .args([document.as_path(), list.as_path(), page.as_path()])
            .args(["--within", ".prose"])
            .output()
            .unwrap();
        assert!(checked.status.success(), "{name}: {}", said(&checked));
        assert!(fs::read_to_string(&page).unwrap().contains("A blue hat with a wide brim."), "{name}");
    }
}

/// Where the longest paragraph's text begins and ends.
fn longest_paragraph(html: &str) -> (usize, usize) {
    html.match_indices("<p>")
        .filter_map(|(at, tag)| Some((at + tag.len(), at + html[at..].find("</p>")?)))
        .max_by_key(|(from, to)| to - from)
        .unwrap()
}
