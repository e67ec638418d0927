//! A journalled copy, file by file: for sticks and wherever else two folders cannot change places.
//!
//! FAT promises little: no two names for one file, no step that changes more than one file, nothing about
//! what a pulled-out stick holds. So a copy goes in this order, and what is on the stick is told at each
//! point:
//!
//! 1. Every new file is written beside the site, under a number, and brought onto the stick. Until then the
//!    old site stands whole; a full stick is noticed here.
//! 2. The journal is written: which number goes where, which old files go. Its first lines say to whoever
//!    opens the stick that publishing is under way or was interrupted. From here on the new site will come.
//! 3. The new files are put in their places, those that no page led to before first, so that links lead
//!    somewhere at each moment. Pages are old or new, each whole.
//! 4. The old files that are no more are taken away, and last of all the journal.
//!
//! A copy that was cut off is undone by [`finish`] in step 1 and finished from step 2 on, every waiting
//! file first held against its digest. Where the stick lost something, the journal stays, and the next
//! copy writes every file that is not byte for byte as it should be: times, which FAT keeps to two seconds,
//! are never looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{
    Care, Interrupted, OutputError,
    journal::{self, Journal, Put},
};

/// The folder where new files wait.
pub(super) const WAITING: &str = ".signpost-new";

/// A site that is to be copied.
pub(super) struct Copy<'a> {
    out: &'a Path,
    care: Care,
    /// The bytes of each file that the journal puts, in its order.
    bytes: Vec<&'a [u8]>,
    journal: Journal,
}

/// One step of a copy. After each of them the copy may be cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Makes the folder where new files wait.
    Begin,
    /// Writes a new file under its number.
    Wait(usize),
    /// Brings all that was written onto the stick.
    Settle,
    /// Writes the journal.
    Promise,
    /// Puts a new file in its place.
    Put(usize),
    /// Takes an old file away.
    Drop(usize),
    /// Takes the journal away.
    End,
}

impl<'a> Copy<'a> {
    /// What there is to do so that `out` holds these files and, of the rest of `old`, nothing but `kept`.
    pub(super) fn new(
        out: &'a Path,
        care: Care,
        files: &BTreeMap<&'a str, &'a [u8]>,
        old: &BTreeSet<String>,
        kept: impl Fn(&str) -> bool,
    ) -> Self {
        let gone = old.iter().filter(|path| !files.contains_key(path.as_str()) && !kept(path));
        let mut gone: BTreeMap<String, String> =
            gone.map(|path| (path.to_lowercase(), path.clone())).collect();
        let mut changed: Vec<(&'a str, &'a [u8])> = files
            .iter()
            .filter(|(path, bytes)| !super::laying::is_same(bytes, &out.join(path)))
            .map(|(path, bytes)| (*path, *bytes))
            .collect();
        changed.sort_by_key(|(path, _)| (old.contains(*path), *path));
        let mut put = |path: &str, bytes: &[u8]| Put {
            digest: digest(bytes),
            instead: (!old.contains(path)).then(|| gone.remove(&path.to_lowercase())).flatten(),
            path: path.to_owned(),
        };
        let puts: Vec<Put> = changed.iter().map(|(path, bytes)| put(path, bytes)).collect();
        let journal = Journal { puts, drops: gone.into_values().collect() };
        Self { out, care, bytes: changed.into_iter().map(|(_, bytes)| bytes).collect(), journal }
    }

    /// How many files are new or differ.
    pub(super) fn changed(&self) -> usize {
        self.journal.puts.len()
    }

    fn steps(&self) -> Vec<Step> {
        let (puts, drops) = (self.journal.puts.len(), self.journal.drops.len());
        let mut steps = vec![Step::Begin];
        steps.extend((0..puts).map(Step::Wait));
        steps.extend([Step::Settle, Step::Promise, Step::Settle]);
        steps.extend((0..puts).map(Step::Put));
        steps.push(Step::Settle);
        steps.extend((0..drops).map(Step::Drop));
        steps.extend([Step::Settle, Step::End, Step::Settle]);
        steps
    }

    /// Does it.
    ///
    /// # Errors
    /// [`OutputError::Refused`] while the old site stands; [`OutputError::Interrupted`] after that.
    pub(super) fn run(&self) -> Result<(), OutputError> {
        let mut promised = false;
        for step in self.steps() {
            self.perform(step).map_err(|why| {
                let path = self.place_of(step);
                if promised {
                    return OutputError::Interrupted { folder: self.out.to_owned(), path, why };
                }
                // Where the stick is gone this fails too, and the next copy does it.
                let _ = undo(self.out);
                OutputError::Refused { path, why }
            })?;
            promised |= step == Step::Promise;
        }
        Ok(())
    }

    fn perform(&self, step: Step) -> io::Result<()> {
        let waiting = self.out.join(WAITING);
        match step {
            Step::Begin => {
                if waiting.exists() {
                    fs::remove_dir_all(&waiting)?;
                }
                fs::create_dir(&waiting)
            }
            Step::Wait(number) => fs::write(waiting.join(number.to_string()), self.bytes[number]),
            Step::Settle if self.care == Care::Quick => Ok(()),
            Step::Settle => settle(self.out),
            Step::Promise => {
                let beside = waiting.join("journal");
                let mut file = fs::File::create(&beside)?;
                io::Write::write_all(&mut file, self.journal.write().as_bytes())?;
                file.sync_all()?;
                drop(file);
                fs::rename(beside, self.out.join(journal::NAME))
            }
            Step::Put(number) => put(self.out, number, &self.journal.puts[number]),
            Step::Drop(number) => take_away(self.out, &self.journal.drops[number]),
            Step::End => end(self.out),
        }
    }

    /// What to name to people when a step fails: the place in the site, not the name that it has meanwhile.
    fn place_of(&self, step: Step) -> PathBuf {
        match step {
            Step::Wait(number) | Step::Put(number) => self.out.join(&self.journal.puts[number].path),
            Step::Drop(number) => self.out.join(&self.journal.drops[number]),
            _ => self.out.to_owned(),
        }
    }
}

/// Ends what an interrupted copy left in `out`: undone where the old site still stands, else finished.
///
/// # Errors
/// What the system refused. Nothing is lost by trying again.
pub(super) fn finish(out: &Path, care: Care) -> io::Result<Interrupted> {
    let note = out.join(journal::NAME);
    if !note.exists() {
        return Ok(if out.join(WAITING).exists() {
            undo(out)?;
            Interrupted::Undone
        } else {
            Interrupted::No
        });
    }
    let Some(journal) = fs::read_to_string(&note).ok().and_then(|text| Journal::read(&text)) else {
        return Ok(Interrupted::Torn);
    };
    let whole = journal.puts.iter().enumerate().all(|(number, put)| is_to_be_had(out, number, put));
    if !whole {
        return Ok(Interrupted::Torn);
    }
    for (number, one) in journal.puts.iter().enumerate() {
        if waiting(out, number).exists() {
            put(out, number, one)?;
        }
    }
    for path in &journal.drops {
        take_away(out, path)?;
    }
    if care == Care::Durable {
        settle(out)?;
    }
    end(out)?;
    Ok(Interrupted::Finished)
}

/// Whether a file is as the journal says, waiting or in its place.
fn is_to_be_had(out: &Path, number: usize, put: &Put) -> bool {
    let waiting = waiting(out, number);
    let file = if waiting.exists() { waiting } else { out.join(&put.path) };
    fs::read(file).is_ok_and(|bytes| digest(&bytes) == put.digest)
}

fn waiting(out: &Path, number: usize) -> PathBuf {
    out.join(WAITING).join(number.to_string())
}

fn put(out: &Path, number: usize, put: &Put) -> io::Result<()> {
    let target = out.join(&put.path);
    if let Some(old) = &put.instead {
        remove(&out.join(old))?;
    }
    // A page may stand where the site before had a folder, and a folder where it had a page.
    if target.is_dir() {
        fs::remove_dir_all(&target)?;
    }
    let folder = target.parent().unwrap_or(out);
    for above in folder.ancestors().take_while(|above| above.starts_with(out) && *above != out) {
        if above.is_file() {
            fs::remove_file(above)?;
        }
    }
    fs::create_dir_all(folder)?;
    fs::rename(waiting(out, number), target)
}

/// Takes a file away, and the folders that are empty then.
fn take_away(out: &Path, path: &str) -> io::Result<()> {
    let file = out.join(path);
    remove(&file)?;
    let above = file.ancestors().skip(1).take_while(|above| above.starts_with(out) && *above != out);
    for folder in above {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        // A folder may have come in its place, or a file where a folder on the way was.
        Err(why)
            if file.is_dir()
                || matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(())
        }
        done => done,
    }
}

fn end(out: &Path) -> io::Result<()> {
    fs::remove_file(out.join(journal::NAME))?;
    undo(out)
}

fn undo(out: &Path) -> io::Result<()> {
    match fs::remove_dir_all(out.join(WAITING)) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Brings everything that was written onto the stick, names too.
#[cfg(target_os = "linux")]
fn settle(out: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs::File::open(out)?)?)
}

/// Brings the bytes that wait onto the stick. Names follow when the system likes.
#[cfg(not(target_os = "linux"))]
fn settle(out: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(out.join(WAITING)) else { return Ok(()) };
    for entry in entries {
        fs::OpenOptions::new().write(true).open(entry?.path())?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::output::{finished, ours};

    type Site = BTreeMap<String, Vec<u8>>;

    fn site(files: &[(&str, &str)]) -> Site {
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    /// A site and the one after it: changed, new, gone and untouched files, a page that becomes a folder, a
    /// folder that becomes a page, and a name of which a capital changes.
    fn two() -> (Site, Site) {
        let old = site(&[
            ("site/index.html", "old front"),
            ("site/policies/online/index.html", "old policy"),
            ("site/policies/gone/index.html", "gone"),
            ("site/same.css", "same"),
            ("site/images/Hall.svg", "hall"),
            ("site/becomes-a-folder", "page"),
            ("site/becomes-a-page/x", "in a folder"),
        ]);
        let new = site(&[
            ("site/index.html", "new front, longer"),
            ("site/policies/online/index.html", "new policy"),
            ("site/policies/new/index.html", "new page"),
            ("site/same.css", "same"),
            ("site/images/hall.svg", "hall"),
            ("site/becomes-a-folder/x", "in a folder"),
            ("site/becomes-a-page", "page"),
        ]);
        (old, new)
    }

    fn copy<'a>(out: &'a Path, new: &'a Site, old: &BTreeSet<String>) -> Copy<'a> {
        let files = new.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        Copy::new(out, Care::Durable, &files, old, |path| path.starts_with("pack/"))
    }

    fn on_disk(out: &Path) -> Site {
        ours::files(out).into_iter().map(|path| (path.clone(), fs::read(out.join(path)).unwrap())).collect()
    }

    fn lay(out: &Path, site: &Site) {
        for (path, bytes) in site {
            fs::create_dir_all(out.join(path).parent().unwrap()).unwrap();
            fs::write(out.join(path), bytes).unwrap();
        }
    }

    #[test]
    fn a_copy_that_is_cut_off_at_any_step_is_undone_or_finished_and_says_so_in_between() {
        let (old, new) = two();
        let mut seen = BTreeSet::new();
        for cut in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path();
            lay(out, &old);
            let before = ours::files(out);
            let copy = copy(out, &new, &before);
            let steps = copy.steps();
            for step in steps.iter().take(cut) {
                copy.perform(*step).unwrap();
            }
            let found = on_disk(out);
            let noted = out.join(journal::NAME).exists();
            assert!(found == old || found == new || noted, "an untold mixture after {cut} steps");
            for (path, bytes) in &found {
                let whole = [&old, &new].iter().any(|site| site.get(path) == Some(bytes));
                assert!(whole, "{path} is torn after {cut} steps");
            }
            let ended = finished(out, Care::Durable).unwrap();
            seen.insert(format!("{ended:?}"));
            let after = on_disk(out);
            match ended {
                Interrupted::Finished => assert_eq!(after, new, "after {cut} steps"),
                Interrupted::Undone if after == new => assert!(cut >= steps.len() - 1),
                Interrupted::Undone => assert_eq!(after, old, "after {cut} steps"),
                Interrupted::No => assert!(after == old || after == new),
                Interrupted::Torn => panic!("nothing was lost after {cut} steps"),
            }
            assert!(!out.join(journal::NAME).exists() && !out.join(WAITING).exists());
            if cut > steps.len() {
                break;
            }
        }
        assert_eq!(seen.len(), 3, "each kind of cut was tried: {seen:?}");
    }

    #[test]
    fn finishing_may_itself_be_cut_off_and_begun_again() {
        let (old, new) = two();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        lay(out, &old);
        let before = ours::files(out);
        let copy = copy(out, &new, &before);
        let put = copy.steps().iter().position(|step| *step == Step::Put(0)).unwrap();
        copy.steps().iter().take(put + 2).for_each(|step| copy.perform(*step).unwrap());
        // What a second attempt gets done before the stick is pulled out again.
        super::put(out, 2, &copy.journal.puts[2]).unwrap();
        take_away(out, &copy.journal.drops[0]).unwrap();
        assert_eq!(finished(out, Care::Durable).unwrap(), Interrupted::Finished);
        assert_eq!(on_disk(out), new);
    }

    #[test]
    fn what_a_stick_lost_is_told_and_written_anew() {
        let (old, new) = two();
        for spoil in ["waiting", "journal"] {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path();
            lay(out, &old);
            let before = ours::files(out);
            let first = copy(out, &new, &before);
            let put = first.steps().iter().position(|step| *step == Step::Put(0)).unwrap();
            first.steps().iter().take(put + 2).for_each(|step| first.perform(*step).unwrap());
            let lost = if spoil == "journal" { out.join(journal::NAME) } else { waiting(out, 3) };
            fs::write(lost, "").unwrap();
            assert_eq!(finished(out, Care::Durable).unwrap(), Interrupted::Torn, "{spoil}");
            assert!(out.join(journal::NAME).exists(), "the note stays for readers");
            let before = ours::files(out);
            copy(out, &new, &before).run().unwrap();
            assert_eq!(on_disk(out), new, "{spoil}");
            assert!(!out.join(journal::NAME).exists() && !out.join(WAITING).exists());
        }
    }

    #[test]
    fn parts_that_are_kept_are_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        lay(out, &site(&[("site/a", "old"), ("pack/school", "pack")]));
        let (new, before) = (site(&[("site/a", "new")]), ours::files(out));
        let copy = copy(out, &new, &before);
        copy.run().unwrap();
        assert_eq!(copy.changed(), 1);
        assert_eq!(on_disk(out), site(&[("site/a", "new"), ("pack/school", "pack")]));
    }
}
