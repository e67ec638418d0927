//! Publishing to where two folders cannot change places: sticks, and folders within what one may not write.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::workshop::{Kill, Workshop, files, said};

/// What the note of a copy that was cut off is called.
const NOTE: &str = "PUBLISHING-NOT-FINISHED.txt";
const WAITING: &str = ".signpost-new";

/// A place to publish to where a site has to be copied file by file.
struct Stick {
    folder: tempfile::TempDir,
    mounted: bool,
    /// The driver of a real FAT.
    driver: Option<Child>,
}

fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

impl Stick {
    /// A real FAT of this many KiB, through the user-space driver of Debian's package `fusefat`; none, with
    /// a word about it, where that is missing.
    fn fat(kib: u64) -> Option<Self> {
        let mut stick = Self { folder: tempfile::tempdir().unwrap(), mounted: true, driver: None };
        let image = stick.folder.path().join("image");
        fs::File::create(&image).unwrap().set_len(kib * 1024).unwrap();
        fs::create_dir(stick.path()).unwrap();
        if works("mkfs.vfat", &[&image.display().to_string()]) && stick.plug_in() {
            return Some(stick);
        }
        eprintln!("no FAT can be mounted here (mkfs.vfat, fusefat, /dev/fuse): not tried on one");
        None
    }

    /// Starts the driver and waits until the stick is there.
    fn plug_in(&mut self) -> bool {
        let disk = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
        let mut command = Command::new("fusefat");
        command.args(["-f", "-o", "rw+"]).arg(self.folder.path().join("image")).arg(self.path());
        let Ok(driver) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else { return false };
        self.driver = Some(driver);
        for _ in 0..200 {
            if disk(&self.path()).is_some() && disk(&self.path()) != disk(self.folder.path()) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// Takes the driver away from under whoever is writing.
    fn pull_out(&mut self) {
        if let Some(mut driver) = self.driver.take() {
            let _ = driver.kill();
            driver.wait().unwrap();
        }
    }

    fn unmount(&self) -> bool {
        let at = self.path().display().to_string();
        works("umount", &[&at]) || works("fusermount", &["-u", &at])
    }

    fn is_fat(&self) -> bool {
        self.driver.is_some()
    }

    /// Any place of which the folder cannot be exchanged: in memory where this may be mounted, else a
    /// folder in one that may not be written.
    fn any() -> Self {
        if let Some(fat) = Self::fat(32 * 1024) {
            return fat;
        }
        if let Some(memory) = Self::in_memory("size=32m") {
            return memory;
        }
        let stick = Self { folder: tempfile::tempdir().unwrap(), mounted: false, driver: None };
        fs::create_dir(stick.path()).unwrap();
        lock(stick.folder.path(), true);
        stick
    }

    fn in_memory(options: &str) -> Option<Self> {
        let stick = Self { folder: tempfile::tempdir().unwrap(), mounted: true, driver: None };
        fs::create_dir(stick.path()).unwrap();
        let at = stick.path().display().to_string();
        works("mount", &["-t", "tmpfs", "-o", options, "none", &at]).then_some(stick)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("stick")
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        if self.mounted {
            self.unmount();
            self.pull_out();
        } else {
            lock(self.folder.path(), false);
        }
    }
}

fn lock(folder: &Path, locked: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(if locked { 0o555 } else { 0o755 })).unwrap();
}

fn publish(to: &str) -> [&str; 7] {
    ["publish", "--school", "school", "--to", to, "--date", "2026-11-22"]
}

/// The pages of a published folder, without what a copy in progress has beside them.
fn site(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut all = files(folder);
    all.retain(|path, _| !path.starts_with(WAITING) && path != NOTE);
    all
}

const OLD_WORDS: &str = "Welcome to our school.";
const NEW_WORDS: &str = "Welcome to every one of you.";

/// Changes the school so that the next site differs in the front page's words, and in a page that comes or
/// goes and so in a list and in the index.
fn turn(workshop: &Workshop, new: bool) {
    let words = if new { NEW_WORDS } else { OLD_WORDS };
    workshop.write("home.md", format!("+++\ntitle = \"Welcome\"\n+++\n\n{words}\n"));
    workshop.write("guides/soon.md", format!("+++\ntitle = \"Soon\"\ndraft = {}\n+++\n", !new));
}

#[test]
fn a_site_comes_onto_a_stick_and_the_next_one_changes_only_what_differs() {
    let workshop = Workshop::small();
    let stick = Stick::any();
    let to = stick.path().display().to_string();
    // Windows leaves this on every stick; it is no file of anybody's.
    fs::create_dir(stick.path().join("System Volume Information")).unwrap();
    fs::write(stick.path().join("System Volume Information/WPSettings.dat"), "w").unwrap();
    assert!(workshop.signpost(&publish(&to)).status.success());
    turn(&workshop, true);
    let again = workshop.signpost(&publish(&to));
    assert!(again.status.success(), "{}", said(&again));
    assert!(stick.path().join("System Volume Information/WPSettings.dat").exists());
    assert!(workshop.signpost(&publish("elsewhere")).status.success());
    let mut on_stick = site(&stick.path());
    on_stick.retain(|path, _| !path.starts_with("System Volume Information"));
    assert!(on_stick == files(&workshop.path().join("elsewhere")), "a stick holds the same site as a disk");
    let told = said(&workshop.signpost(&publish(&to)));
    assert!(told.contains("(0 of "), "{told}");
    assert!(!stick.path().join(NOTE).exists() && !stick.path().join(WAITING).exists());
}

#[test]
fn a_publishing_killed_at_any_moment_is_told_on_the_stick_and_ended_by_the_next_one() {
    let workshop = Workshop::small();
    let stick = Stick::any();
    let to = stick.path().display().to_string();
    let [new, old] = [true, false].map(|new| {
        turn(&workshop, new);
        assert!(workshop.signpost(&publish(&to)).status.success());
        site(&stick.path())
    });
    assert_ne!(new.len(), old.len());
    let mut noted = 0;
    for round in 0..24_u32 {
        let towards_new = round % 2 == 0;
        turn(&workshop, towards_new);
        let jitter = Duration::from_millis(u64::from(round / 4));
        let kill = match round % 6 {
            0 | 1 => Kill::When(stick.path().join(WAITING), jitter),
            2 | 3 => Kill::When(stick.path().join(NOTE), jitter),
            _ => Kill::After(jitter * 40),
        };
        workshop.killed(&publish(&to), &kill);
        let found = site(&stick.path());
        if stick.path().join(NOTE).exists() {
            noted += 1;
            let note = fs::read_to_string(stick.path().join(NOTE)).unwrap();
            assert!(note.contains("publish to this folder once more"), "{note}");
        } else {
            assert!(found == new || found == old, "a mixture that nobody is told of, round {round}");
        }
        for (path, bytes) in &found {
            let whole = [&new, &old].iter().any(|site| site.get(path) == Some(bytes));
            assert!(whole, "{path} is torn after round {round}");
        }
        let next = workshop.signpost(&publish(&to));
        assert!(next.status.success(), "{}", said(&next));
        assert!(
            site(&stick.path()) == if towards_new { new.clone() } else { old.clone() },
            "after round {round}"
        );
        assert!(!stick.path().join(NOTE).exists() && !stick.path().join(WAITING).exists());
    }
    let history = files(&workshop.school().join("history"));
    assert!(history.keys().all(|file| file.ends_with(".toml")), "left behind: {:?}", history.keys());
    // In memory a copy is over before it can be hit; on a FAT it is not.
    assert!(noted > 0 || !stick.is_fat(), "no copy was hit in the middle");
}

#[test]
fn what_was_interrupted_is_finished_even_when_nothing_new_may_be_published() {
    let workshop = Workshop::small();
    let stick = Stick::any();
    let to = stick.path().display().to_string();
    turn(&workshop, false);
    assert!(workshop.signpost(&publish(&to)).status.success());
    turn(&workshop, true);
    let mut cut = false;
    for _ in 0..20 {
        workshop.killed(&publish(&to), &Kill::When(stick.path().join(NOTE), Duration::ZERO));
        cut = stick.path().join(NOTE).exists();
        if cut {
            break;
        }
        turn(&workshop, false);
        assert!(workshop.signpost(&publish(&to)).status.success());
        turn(&workshop, true);
    }
    if !cut {
        assert!(!stick.is_fat(), "no copy was hit in the middle");
        return;
    }
    workshop.change("policies/online.md", "../images/hall.jpg", "../images/gone.jpg");
    let told = workshop.signpost(&publish(&to));
    assert_eq!(told.status.code(), Some(1));
    assert!(said(&told).contains("An earlier publishing was cut off. It is finished now"), "{}", said(&told));
    assert!(!stick.path().join(NOTE).exists());
    let page = fs::read_to_string(stick.path().join("site/index.html")).unwrap();
    assert!(page.contains(NEW_WORDS));
}

#[test]
fn a_stick_that_is_pulled_out_is_told_and_the_next_publishing_puts_it_right() {
    let Some(mut stick) = Stick::fat(32 * 1024) else { return };
    let workshop = Workshop::small();
    let to = stick.path().display().to_string();
    turn(&workshop, false);
    assert!(workshop.signpost(&publish(&to)).status.success());
    turn(&workshop, true);
    let note = stick.path().join(NOTE);
    let mut hit = false;
    for round in 0..8 {
        turn(&workshop, round % 2 == 0);
        let mut publishing = workshop.command(&publish(&to));
        let mut publishing = publishing.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while !note.exists() && publishing.try_wait().unwrap().is_none() {}
        stick.pull_out();
        let told = publishing.wait_with_output().unwrap();
        assert!(stick.unmount() && stick.plug_in());
        if told.status.success() {
            continue;
        }
        hit = true;
        assert!(said(&told).contains("see that the stick or disk is plugged in"), "{}", said(&told));
        assert!(said(&told).contains("Publish there again: that brings the whole site"), "{}", said(&told));
        assert!(note.exists(), "whoever opens the stick is told");
        break;
    }
    assert!(hit, "no copy was hit in the middle");
    let next = workshop.signpost(&publish(&to));
    assert!(next.status.success(), "{}", said(&next));
    assert!(said(&next).contains("An earlier publishing was cut off"), "{}", said(&next));
    assert!(workshop.signpost(&publish("elsewhere")).status.success());
    assert!(site(&stick.path()) == files(&workshop.path().join("elsewhere")));
    assert!(!note.exists() && !stick.path().join(WAITING).exists());
}

#[test]
fn a_full_stick_keeps_the_site_that_it_has() {
    let workshop = Workshop::small();
    let Some(stick) = Stick::in_memory("size=2m") else {
        eprintln!("SKIPPED: nothing may be mounted here, so no stick could be filled");
        return;
    };
    let to = stick.path().display().to_string();
    assert!(workshop.signpost(&publish(&to)).status.success());
    let before = files(&stick.path());
    for number in 0..8 {
        let text = "Some words that take room. ".repeat(8_000);
        workshop.write(
            &format!("guides/long-{number}.md"),
            format!("+++\ntitle = \"Long {number}\"\n+++\n\n{text}"),
        );
    }
    let full = workshop.signpost(&publish(&to));
    assert_eq!(full.status.code(), Some(1), "{}", said(&full));
    assert!(said(&full).contains("has too little room left: the whole site takes about"), "{}", said(&full));
    assert!(said(&full).contains("What was there before still stands"), "{}", said(&full));
    assert!(files(&stick.path()) == before, "yesterday’s site was touched");
}

#[test]
fn a_stick_that_is_locked_is_told_in_words() {
    let workshop = Workshop::small();
    let Some(stick) = Stick::in_memory("ro") else {
        eprintln!("SKIPPED: nothing may be mounted here, so no stick could be locked");
        return;
    };
    for to in [stick.path(), stick.path().join("school-website")] {
        let refused = workshop.signpost(&publish(&to.display().to_string()));
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("look for a small switch on the stick"), "{}", said(&refused));
    }
    assert!(!workshop.school().join("history/ks1.toml").exists(), "nothing counts as published");
}

#[test]
fn a_stick_that_was_locked_since_keeps_the_site_that_it_has() {
    let workshop = Workshop::small();
    let Some(stick) = Stick::in_memory("size=32m") else {
        eprintln!("SKIPPED: nothing may be mounted here, so no stick could be locked");
        return;
    };
    let to = stick.path().display().to_string();
    turn(&workshop, false);
    assert!(workshop.signpost(&publish(&to)).status.success());
    let (before, kept) = (files(&stick.path()), files(&workshop.school().join("history")));
    turn(&workshop, true);
    workshop.change("policies/online.md", "version = \"1.0\"", "version = \"1.1\"");

    assert!(works("mount", &["-o", "remount,ro", &to]));
    let refused = workshop.signpost(&publish(&to));
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let named = format!("{} cannot be written: it can be read, but not written to", stick.path().display());
    for words in
        [named.as_str(), "look for a small switch on the stick", "What was there before still stands"]
    {
        assert!(said(&refused).contains(words), "no “{words}” in: {}", said(&refused));
    }
    assert!(files(&stick.path()) == before, "yesterday’s site was touched");
    assert!(files(&workshop.school().join("history")) == kept, "what nobody can read is on record");

    assert!(works("mount", &["-o", "remount,rw", &to]));
    assert!(workshop.signpost(&publish(&to)).status.success());
    let page = fs::read_to_string(stick.path().join("site/index.html")).unwrap();
    assert!(page.contains(NEW_WORDS) && !page.contains(OLD_WORDS));
}
