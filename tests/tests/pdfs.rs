//! Every PDF that the model school’s build makes keeps the rules for accessible files (PDF/UA-1) and for
//! files that last (PDF/A-2a), by the book of another program than the one that wrote it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

use page_validation::{SafetyLimits, ValidationOptions, ValidationProfile, validate_pdf_bytes};
use tests::process::our_program;

/// The tags of a long document lie deeper than the checker looks by itself.
const DEPTH: usize = 10_000;

#[test]
fn every_pdf_of_the_model_school_keeps_the_rules_for_accessible_and_for_lasting_files() {
    let out = tempfile::tempdir().unwrap();
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    let built = Command::new(our_program("signpost", "generator").unwrap())
        .args(["build", "--date", "2026-11-22", "--only", "site", "--school"])
        .arg(content)
        .arg("--out")
        .arg(out.path().join("out"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stdout).into_owned();
    assert!(built.status.success(), "{said}");
    // What is for staff lies beside the site.
    let checked = checked_in(&out.path().join("out/site")) + checked_in(&out.path().join("out/print"));
    assert!(checked > 100, "only {checked} PDFs: was the program built with the feature “print”?");
}

#[test]
fn every_letter_keeps_the_rules_for_accessible_and_for_lasting_files() {
    let out = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for letter in ["consent-evening", "agreements", "sign-again", "consent-taken-back"] {
        for shape in [None, Some("--one-file")] {
            let to = out.path().join(format!("{letter}{}", shape.unwrap_or_default()));
            let made = Command::new(our_program("signpost", "generator").unwrap())
                .args(["letters", letter, "--date", "2026-11-22", "--school"])
                .arg(root.join("content"))
                .arg("--families")
                .arg(root.join("example/families.csv"))
                .arg("--out")
                .arg(&to)
                .args(shape)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            assert!(made.status.success(), "{said}");
            assert_eq!(checked_in(&to), if shape.is_some() { 1 } else { 7 });
        }
    }
}

/// Holds every PDF in a folder to the rules; how many there are.
fn checked_in(folder: &Path) -> usize {
    let mut checked = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "pdf") {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
                let limits = SafetyLimits::default().with_max_reference_depth(DEPTH);
                let options = ValidationOptions::default().profile(profile).limits(limits);
                let report = validate_pdf_bytes(&bytes, &options).unwrap();
                assert!(report.failures.is_empty(), "{}: {:#?}", path.display(), report.failures);
            }
            checked += 1;
        }
    }
    checked
}
