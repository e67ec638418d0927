//! A disk that is full from one of a program's writes on, until there is room again: compiles `full-disk/full_disk.c`
//! and loads it into the program.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chance::Chance;
use crate::preload::Preload;

const SOURCE: &str = include_str!("../full-disk/full_disk.c");

/// Where the library has its numbers.
const FROM: u64 = 0;
const CALLS: u64 = 8;
const REFUSED: u64 = 16;

/// What a program asked of the disk since it was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Calls for which a disk may need room.
    pub calls: u64,
    /// Those of them for which there was none.
    pub refused: u64,
}

/// A folder on a disk that can be filled. There is room until [`FullDisk::fill`] is called.
#[derive(Debug)]
pub struct FullDisk {
    preload: Preload,
    root: PathBuf,
    control: File,
}

impl FullDisk {
    /// The disk that this folder lies on, for the programs that it is attached to.
    ///
    /// # Errors
    /// If there is no C compiler (`apt install gcc libc6-dev`), or the folder does not exist.
    pub fn under(root: &Path) -> io::Result<Self> {
        let preload = Preload::compile(SOURCE)?;
        let path = preload.0.path().join("control");
        fs::write(&path, [0; 24])?;
        let control = File::options().read(true).write(true).open(path)?;
        Ok(Self { preload, root: root.canonicalize()?, control })
    }

    /// `command` meets this disk.
    pub fn attach(&self, command: &mut Command) {
        self.preload.attach(command);
        command.env("FULL_ROOT", &self.root).env("FULL_CONTROL", self.preload.0.path().join("control"));
    }

    /// From the write with this number on, counted from 1 and from now, there is no room.
    ///
    /// # Errors
    /// If the library cannot be told.
    pub fn fill(&self, from: u64) -> io::Result<()> {
        self.set(FROM, 0)?;
        self.set(CALLS, 0)?;
        self.set(REFUSED, 0)?;
        self.set(FROM, from)
    }

    /// From now on there is room; gives back what was asked since it was filled.
    ///
    /// # Errors
    /// If the library cannot be told or asked.
    pub fn make_room(&self) -> io::Result<Asked> {
        self.set(FROM, 0)?;
        self.asked()
    }

    /// What was asked since it was filled.
    ///
    /// # Errors
    /// If the library cannot be asked.
    pub fn asked(&self) -> io::Result<Asked> {
        Ok(Asked { calls: self.get(CALLS)?, refused: self.get(REFUSED)? })
    }

    fn set(&self, place: u64, number: u64) -> io::Result<()> {
        self.control.write_all_at(&number.to_ne_bytes(), place)
    }

    fn get(&self, place: u64) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, place)?;
        Ok(u64::from_ne_bytes(bytes))
    }
}

/// Which of so many writes are tried: all, or where that is more than `most`, one of each of `most` equal stretches.
pub fn some_of(writes: u64, most: u64, seed: u64) -> Vec<u64> {
    if writes <= most {
        return (1..=writes).collect();
    }
    let mut chance = Chance::from_seed(seed);
    let begins = |stretch: u64| 1 + stretch * writes / most;
    (0..most)
        .map(|stretch| {
            let length = begins(stretch + 1) - begins(stretch);
            begins(stretch) + chance.up_to(length as usize - 1) as u64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::process::scratch_folder;

    #[test]
    fn a_disk_is_full_from_the_wanted_write_on_and_has_room_when_that_is_said() {
        let folder = scratch_folder().unwrap();
        let disk = FullDisk::under(folder.path()).unwrap();
        let said = folder.path().join("said");
        let copy = || {
            let mut dd = Command::new("dd");
            dd.arg("if=/dev/zero").arg(format!("of={}", said.display())).args(["bs=1000", "count=4"]);
            disk.attach(&mut dd);
            dd.output().unwrap()
        };
        disk.fill(u64::MAX).unwrap();
        assert!(copy().status.success());
        // The new file, and four writes.
        assert_eq!(disk.make_room().unwrap(), Asked { calls: 5, refused: 0 });
        fs::remove_file(&said).unwrap();
        disk.fill(1).unwrap();
        assert!(!copy().status.success() && !said.exists());
        disk.fill(3).unwrap();
        let output = copy();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("No space left on device"), "{told}");
        assert_eq!(fs::read(&said).unwrap().len(), 1500, "half of the second went through");
        disk.make_room().unwrap();
        assert!(copy().status.success());
    }

    #[test]
    fn a_sample_of_writes_is_even_and_a_few_are_all_tried() {
        assert_eq!(some_of(3, 10, 1), [1, 2, 3]);
        let some = some_of(1000, 20, 1);
        assert_eq!(some.len(), 20);
        assert!(some.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] < 100), "{some:?}");
        assert!(*some.last().unwrap() <= 1000 && some[0] >= 1);
    }
}
