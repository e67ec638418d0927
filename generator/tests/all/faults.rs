//! What can go wrong around a build: it is told in words, and yesterday's site stands.
#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{PermissionsExt as _, lchown},
    },
    path::Path,
    process::{Command, Output},
};

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

/// Somebody who may write where they are allowed to and nowhere else. Whoever looks after the computer may write
/// everywhere, so tests that run in that account run the program in another.
struct Somebody<'w> {
    workshop: &'w Workshop,
    /// What comes before the program's own words.
    begins: Vec<String>,
}

/// The account of nobody, which every Linux has.
const NOBODY: u32 = 65534;

impl<'w> Somebody<'w> {
    /// Somebody to whom the workshop belongs. None where no such account can be taken on.
    fn of(workshop: &'w Workshop) -> Option<Self> {
        let program = env!("CARGO_BIN_EXE_signpost").to_owned();
        if !may_write_anywhere(workshop) {
            return Some(Self { workshop, begins: vec![program] });
        }
        permit(workshop.path(), 0o755);
        for entry in walkdir::WalkDir::new(workshop.path()) {
            lchown(entry.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        // The program may lie where nobody may look.
        let copy = workshop.path().join("program");
        let copied = || {
            fs::copy(&program, &copy).unwrap();
            copy.display().to_string()
        };
        let places: [&dyn Fn() -> String; 2] = [&|| program.clone(), &copied];
        places.into_iter().find_map(|place| {
            let account =
                [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
            let begins = ["setpriv".to_owned()].into_iter().chain(account).chain([place()]).collect();
            let somebody = Self { workshop, begins };
            let output = somebody.command().arg("--help").output();
            output.is_ok_and(|output| output.status.success()).then_some(somebody)
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.begins[0]);
        command.args(&self.begins[1..]).current_dir(self.workshop.path()).env_remove("SIGNPOST_THEMES");
        command
    }

    fn builds(&self) -> Output {
        let words = ["build", "--school", "school", "--out", "out", "--date", "2026-11-22"];
        self.command().args(words).output().unwrap()
    }
}

fn permit(folder: &Path, mode: u32) {
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
}

fn may_write_anywhere(workshop: &Workshop) -> bool {
    let locked = workshop.path().join("locked");
    fs::create_dir(&locked).unwrap();
    permit(&locked, 0o555);
    let may = fs::write(locked.join("file"), "").is_ok();
    fs::remove_dir_all(&locked).unwrap();
    may
}

#[test]
fn a_folder_that_may_not_be_written_leaves_yesterdays_site_and_is_named_with_what_to_do() {
    let (workshop, before) = with_yesterdays_site();
    let Some(somebody) = Somebody::of(&workshop) else {
        eprintln!(
            "SKIPPED: this account may write everywhere, and setpriv could not run the program in another"
        );
        return;
    };
    let folders = [workshop.out(), workshop.path().to_owned()];
    folders.iter().for_each(|folder| permit(folder, 0o555));
    let refused = somebody.builds();
    folders.iter().for_each(|folder| permit(folder, 0o755));
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let named = fs::canonicalize(workshop.out()).unwrap().display().to_string();
    for words in [
        format!("{named} cannot be written: you may not write there"),
        "choose another folder, or ask whoever looks after the computer".to_owned(),
        "What was there before still stands".to_owned(),
    ] {
        assert!(said(&refused).contains(&words), "no “{words}” in: {}", said(&refused));
    }
    assert!(files(&workshop.out()) == before, "yesterday’s site was touched");

    // It was the lock that stopped it, and nothing else.
    let output = somebody.builds();
    assert!(output.status.success(), "{}", said(&output));
    assert!(workshop.page("policies/online/index.html").contains("How we keep every child safe."));
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
