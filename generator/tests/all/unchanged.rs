//! Building again what is there already: nothing is done, and never is something left undone for it.

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt as _};

use crate::workshop::{Workshop, said};

const NOTHING: &str = "Nothing has changed since the build before";

/// Every file of the build with its bytes and what tells that it was written again.
fn as_it_lies(workshop: &Workshop) -> BTreeMap<String, (Vec<u8>, u64, i64)> {
    let out = workshop.out();
    let files = crate::workshop::files(&out).into_iter();
    files
        .map(|(path, bytes)| {
            let about = fs::metadata(out.join(&path)).unwrap();
            (path, (bytes, about.ino(), about.mtime_nsec()))
        })
        .collect()
}

fn built(workshop: &Workshop) -> String {
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[test]
fn the_same_build_again_does_nothing_and_says_so() {
    let workshop = Workshop::small();
    for without_findings in [false, true] {
        if without_findings {
            fs::remove_file(workshop.school().join("policies/imported.md")).unwrap();
        }
        let first = built(&workshop);
        assert_eq!(first.contains("nothing to mend"), without_findings, "{first}");
        assert!(!first.contains(NOTHING));
        let before = as_it_lies(&workshop);
        assert!(built(&workshop).contains(NOTHING));
        assert!(as_it_lies(&workshop) == before, "something was written again");
    }
}

#[test]
fn what_a_killed_build_left_beside_it_is_taken_away_though_nothing_changed() {
    let workshop = Workshop::small();
    built(&workshop);
    let left = workshop.path().join(".out.signpost-next");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("page.html"), "half of a page").unwrap();
    assert!(built(&workshop).contains(NOTHING));
    assert!(!left.exists());
}

#[test]
fn what_somebody_did_to_the_build_is_put_right() {
    let workshop = Workshop::small();
    built(&workshop);
    let whole = crate::workshop::files(&workshop.out());
    let page = workshop.out().join("site/index.html");
    let changed = || fs::write(&page, "another page").unwrap();
    let deleted = || fs::remove_file(&page).unwrap();
    let added = || fs::write(workshop.out().join("site/old.html"), "an old page").unwrap();
    let emptied = || fs::write(workshop.out().join("made/from.toml"), "").unwrap();
    for damage in [&changed as &dyn Fn(), &deleted, &added, &emptied] {
        damage();
        assert!(!built(&workshop).contains(NOTHING));
        assert_eq!(crate::workshop::files(&workshop.out()), whole);
    }
}

#[test]
fn whatever_a_build_is_made_from_makes_a_new_one() {
    let workshop = Workshop::small();
    built(&workshop);
    let changes = [
        &["build", "--school", "school", "--out", "out", "--date", "2026-11-23"][..],
        &["build", "--school", "school", "--out", "out", "--date", "2026-11-23", "--no-pdf"],
        &["build", "--school", "school", "--out", "out", "--date", "2026-11-23", "--only", "site"],
    ];
    for words in changes {
        for again in [false, true] {
            let output = workshop.signpost(words);
            assert!(output.status.success());
            assert_eq!(said(&output).contains(NOTHING), again, "{words:?}: {}", said(&output));
        }
    }
    fs::write(
        workshop.school().join("home.md"),
        "+++\ntitle = \"Another\"\nsummary = \"Words.\"\n+++\n\nNew words.\n",
    )
    .unwrap();
    assert!(!built(&workshop).contains(NOTHING));
    let home = fs::read_to_string(workshop.out().join("site/index.html")).unwrap();
    assert!(home.contains("New words."));
}

#[test]
fn what_there_is_to_look_at_is_told_again() {
    let workshop = Workshop::small();
    workshop.write("notes.docx", "not used");
    for again in [false, true] {
        let said = built(&workshop);
        assert!(said.contains("notes.docx"), "{said}");
        assert_eq!(said.contains(NOTHING), again);
    }
}

#[test]
fn what_is_told_again_is_what_was_told_whether_it_was_kept_or_found_anew() {
    let workshop = Workshop::with("careless-school");
    let build = || {
        let output = workshop.signpost(&[
            "build",
            "--school",
            "school",
            "--out",
            "out",
            "--date",
            "2026-11-22",
            "--no-pdf",
            "--format",
            "json",
        ]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let first = build();
    assert!(first.contains("\"warnings\""), "{first}");
    assert_eq!(build(), first);
    fs::remove_dir_all(workshop.school().join(".signpost")).unwrap();
    for _ in 0..2 {
        assert_eq!(build(), first);
    }
    assert!(workshop.school().join(".signpost/found.json").is_file());
    assert!(!crate::workshop::files(&workshop.out()).keys().any(|path| path.contains("found")));
}

#[test]
fn the_record_holds_no_word_of_the_school() {
    let workshop = Workshop::small();
    workshop.write("notes-on-will.docx", "not used");
    built(&workshop);
    let record = fs::read_to_string(workshop.out().join("made/from.toml")).unwrap();
    let lines: Vec<&str> = record.lines().skip(1).collect();
    for line in &lines {
        let (key, value) = line.split_once(" = ").unwrap();
        assert!(["from", "holds", "pages", "findings"].contains(&key), "{line}");
        assert!(value.trim_matches('"').chars().all(|c| c.is_ascii_hexdigit()), "{line}");
    }
    assert_eq!(lines.len(), 4);
}
