//! What the public sees is the last build that was good, whole.

use std::{fs, os::unix::fs::MetadataExt as _, time::Instant};

use crate::workshop::{Workshop, files, said};

#[test]
fn a_build_with_an_error_leaves_yesterdays_site_standing() {
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let before = files(&workshop.out());
    workshop.change("policies/online.md", "../images/hall.jpg", "../images/gone.jpg");
    let output = workshop.build();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("There is no picture images/gone.jpg."), "{}", said(&output));
    assert_eq!(files(&workshop.out()), before);
}

#[test]
fn a_file_that_did_not_change_is_not_touched() {
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let about = |path: &str| {
        let about = fs::metadata(workshop.out().join("site").join(path)).unwrap();
        (about.ino(), about.mtime_nsec())
    };
    let before = (about("agreements/ks1/index.html"), about("policies/online/index.html"));
    workshop.change("policies/online.md", "at the gate", "at the door");
    assert!(workshop.build().status.success());
    assert_eq!(about("agreements/ks1/index.html"), before.0);
    assert_ne!(about("policies/online/index.html").0, before.1.0);
    workshop.change("policies/online.md", "# Phones", "# Telephones");
    fs::remove_file(workshop.school().join("policies/imported.md")).unwrap();
    assert!(workshop.build().status.success());
    assert!(!workshop.out().join("site/policies/imported").exists(), "a page that is gone stays on the site");
}

#[test]
fn a_folder_with_somebodys_own_files_is_never_replaced() {
    let workshop = Workshop::small();
    fs::create_dir(workshop.out()).unwrap();
    fs::write(workshop.out().join("thesis.txt"), "years of work").unwrap();
    let output = workshop.build();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("holds files that signpost did not write"), "{}", said(&output));
    assert_eq!(files(&workshop.out()).len(), 1);
}

#[test]
fn a_build_killed_at_any_moment_leaves_one_whole_site() {
    let workshop = Workshop::small();
    let began = Instant::now();
    assert!(workshop.build().status.success());
    let whole = began.elapsed();
    let state = |word: &str| {
        workshop.change("policies/online.md", "How we keep children safe.", word);
        workshop.change(
            "guides/soon.md",
            "draft = true",
            if word == "Old words." { "draft = true" } else { "draft = false" },
        );
        assert!(workshop.build().status.success());
        let made = files(&workshop.out());
        workshop.change("policies/online.md", word, "How we keep children safe.");
        workshop.write("guides/soon.md", "+++\ntitle = \"Soon\"\ndraft = true\n+++\n");
        made
    };
    let (old, new) = (state("Old words."), state("New words."));
    assert_ne!(old.len(), new.len());
    let mut seen = (0, 0);
    for round in 0..60u64 {
        let word = if round % 2 == 0 { "Old words." } else { "New words." };
        workshop.change("policies/online.md", "How we keep children safe.", word);
        workshop.write("guides/soon.md", format!("+++\ntitle = \"Soon\"\ndraft = {}\n+++\n", round % 2 == 0));
        let mut child =
            workshop.command(&["build", "--school", "school", "--out", "out", "--date", "2026-11-22"]);
        let mut child =
            child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        // From at once to half as long again as a build takes.
        std::thread::sleep(whole.mul_f64(round as f64 / 40.0));
        let _ = child.kill();
        child.wait().unwrap();
        let now = files(&workshop.out());
        let policy = |tree: &std::collections::BTreeMap<String, Vec<u8>>| {
            tree["site/policies/online/index.html"].clone()
        };
        if policy(&now) == policy(&old) {
            seen.0 += 1;
        } else {
            assert!(policy(&now) == policy(&new), "a torn page after round {round}");
            seen.1 += 1;
        }
        let pages = if policy(&now) == policy(&old) { old.len() } else { new.len() };
        assert_eq!(now.len(), pages, "a mixed site after round {round}");
        workshop.change("policies/online.md", word, "How we keep children safe.");
    }
    assert!(workshop.build().status.success(), "what the killed builds left is in the way");
    let beside: Vec<_> = fs::read_dir(workshop.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "something was left behind: {beside:?}");
    assert!(seen.0 > 0 && seen.1 > 0, "the kills came all too early or too late: {seen:?}");
}
