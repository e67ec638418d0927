//! What the public sees is the last build that was good, whole.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    time::{Duration, Instant},
};

use crate::workshop::{Kill, Workshop, files, said};

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
    let turn = |new: bool| {
        let (old_words, new_words) = ("How we keep children safe.", "How we keep every child safe.");
        let (from, to) = if new { (old_words, new_words) } else { (new_words, old_words) };
        let text = fs::read_to_string(workshop.school().join("policies/online.md")).unwrap();
        workshop.write("policies/online.md", text.replace(from, to));
        workshop.write("guides/soon.md", format!("+++\ntitle = \"Soon\"\ndraft = {}\n+++\n", !new));
    };
    let [new, old] = [true, false].map(|new| {
        turn(new);
        assert!(workshop.build().status.success());
        files(&workshop.out())
    });
    assert_ne!(old.len(), new.len());
    let (mut untouched, mut changed) = (0, 0);
    for round in 0..60_u32 {
        turn(round % 2 == 0);
        let before = files(&workshop.out());
        // However slow the machine is at this moment, the first comes too early and the last too late.
        let kill = match round % 4 {
            0 => Kill::AtOnce,
            1 => Kill::When(
                workshop.path().join(".out.signpost-next"),
                Duration::from_millis(u64::from(round / 8)),
            ),
            2 => Kill::After(whole.mul_f64(f64::from(round) / 40.0)),
            _ => Kill::Never,
        };
        workshop.killed(&["build", "--school", "school", "--out", "out", "--date", "2026-11-22"], &kill);
        let now = files(&workshop.out());
        assert!(now == old || now == new, "a mixed or torn site after round {round}");
        if now == before { untouched += 1 } else { changed += 1 }
    }
    assert!(workshop.build().status.success(), "what the killed builds left is in the way");
    let beside: Vec<_> = fs::read_dir(workshop.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "something was left behind: {beside:?}");
    assert!(
        untouched > 0 && changed > 0,
        "{untouched} builds were killed before the swap, {changed} after it"
    );
}
