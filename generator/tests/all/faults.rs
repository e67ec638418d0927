//! What can go wrong around a build: it is told in words, and yesterday's site stands.
#![cfg(unix)]

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _, path::Path, process::Command};

use crate::workshop::{Workshop, files, said};

/// A school with a site from yesterday, and then a change that waits to be built.
fn with_yesterdays_site() -> (Workshop, std::collections::BTreeMap<String, Vec<u8>>) {
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let before = files(&workshop.out());
    workshop.change("policies/online.md", "How we keep children safe.", "How we keep every child safe.");
    (workshop, before)
}

/// A build that is refused, with these words among what it says.
fn refused(
    workshop: &Workshop,
    before: &std::collections::BTreeMap<String, Vec<u8>>,
    words: &[&str],
) -> String {
    let output = workshop.build();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for word in words {
        assert!(said(&output).contains(word), "no “{word}” in: {}", said(&output));
    }
    assert!(files(&workshop.out()) == *before, "yesterday’s site was touched");
    said(&output)
}

#[test]
fn a_disk_that_takes_no_more_leaves_yesterdays_site() {
    let (workshop, before) = with_yesterdays_site();
    // The shell's limit is in blocks of 512 bytes; with its signal ignored a write over it is an error.
    let program = env!("CARGO_BIN_EXE_signpost");
    let line = format!(
        "trap '' XFSZ; ulimit -f 4; exec '{program}' build --school school --out out --date 2026-11-22"
    );
    let output = Command::new("sh").args(["-c", &line]).current_dir(workshop.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("no file there may grow that large"), "{}", said(&output));
    assert!(said(&output).contains("What was there before still stands"), "{}", said(&output));
    assert!(files(&workshop.out()) == before);
    assert!(workshop.build().status.success(), "what the failed build left is in the way");
}

#[test]
fn a_folder_that_may_not_be_written_leaves_yesterdays_site() {
    use std::os::unix::fs::PermissionsExt as _;
    let (workshop, before) = with_yesterdays_site();
    let permit = |folder: &Path, mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    for folder in [workshop.path().to_owned(), workshop.out()] {
        permit(&folder, 0o555);
    }
    // Who looks after the computer may write everywhere, so nothing is refused then.
    let output = workshop.build();
    for folder in [workshop.out(), workshop.path().to_owned()] {
        permit(&folder, 0o755);
    }
    if output.status.success() {
        eprintln!("this user may write everywhere: not tried on a locked folder");
        return;
    }
    assert!(said(&output).contains("you may not write there"), "{}", said(&output));
    assert!(files(&workshop.out()) == before);
}

#[test]
fn a_loop_of_links_is_told_and_not_followed() {
    let (workshop, before) = with_yesterdays_site();
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, workshop.school().join(at)).unwrap();
    link(".", "guides/round");
    link("self.md", "guides/self.md");
    link("nowhere.md", "guides/gone.md");
    refused(
        &workshop,
        &before,
        &[
            "This is a link to a folder that it is in itself",
            "This is a link that leads nowhere but to other links.",
            "This is a link to something that is not there.",
        ],
    );
}

#[test]
fn a_page_of_fifty_megabytes_is_told_and_not_read() {
    let (workshop, before) = with_yesterdays_site();
    workshop.write(
        "guides/minutes.md",
        "+++\ntitle = \"Minutes\"\n+++\n".to_owned() + &"word ".repeat(10_000_000),
    );
    refused(
        &workshop,
        &before,
        &["This file is 50 MB, and none may be more than 25 MB.", "a page holds words alone"],
    );
}

#[test]
fn a_page_of_twenty_megabytes_is_a_slow_page_and_no_fault() {
    let workshop = Workshop::small();
    workshop.write(
        "guides/long.md",
        "+++\ntitle = \"Long\"\n+++\n".to_owned() + &"Some words here.\n\n".repeat(110_000),
    );
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn hostile_names_are_told_and_command_no_terminal() {
    let (workshop, before) = with_yesterdays_site();
    let page = "+++\ntitle = \"X\"\n+++\n";
    for name in ["clear\u{1b}[2J.md", "two\nlines.md", "<script>.md", "a:b?.md", "\u{202e}dm.md", "con.md"] {
        workshop.write(&format!("guides/{name}"), page);
    }
    workshop.write(&format!("guides/{}.md", "long-".repeat(40)), page);
    fs::write(workshop.school().join("guides").join(OsStr::from_bytes(b"not\xff.md")), page).unwrap();
    let told =
        refused(&workshop, &before, &["Windows keeps the name “con” for itself", "Rename it “script.md”."]);
    let commands = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!told.contains(commands), "{told:?}");
    assert_eq!(told.matches("· file-name").count(), 8, "{told}");
}

#[test]
fn pictures_whose_names_no_stick_can_hold_are_told_by_their_names() {
    let (workshop, before) = with_yesterdays_site();
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1h7\"/></svg>";
    for name in ["aux", "chart", "Chart"] {
        workshop.write(&format!("images/{name}.svg"), drawing);
        workshop.write(&format!("images/{name}.people.toml"), "nobody = true\n");
    }
    workshop.change("policies/online.md", "../images/hall.jpg", "../images/aux.svg");
    refused(&workshop, &before, &["“site/images/aux.svg” cannot be the name of a file on every computer"]);
    let both = "../images/chart.svg)\n\n![The chart again](../images/Chart.svg";
    workshop.change("policies/online.md", "../images/aux.svg", both);
    refused(&workshop, &before, &["differ in capitals alone, and on a stick they would be one file"]);
}
