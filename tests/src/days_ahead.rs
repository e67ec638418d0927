//! Lets a program live some days ahead, where a test cannot wait for tomorrow: compiles `clock/days_ahead.c` and loads it
//! into the program.

use std::fs;
use std::io;
use std::process::Command;

use tempfile::TempDir;

use crate::process::scratch_folder;

const SOURCE: &str = include_str!("../clock/days_ahead.c");

/// The compiled clock. It lives as long as this.
#[derive(Debug)]
pub struct DaysAhead(TempDir);

impl DaysAhead {
    /// Compiles it.
    ///
    /// # Errors
    /// If there is no C compiler (`apt install gcc libc6-dev`), or it does not compile.
    pub fn new() -> io::Result<Self> {
        let folder = scratch_folder()?;
        let source = folder.path().join("days_ahead.c");
        fs::write(&source, SOURCE)?;
        let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(folder.path().join("days_ahead.so"))
            .arg(&source)
            .arg("-ldl")
            .output()?;
        if output.status.success() {
            Ok(Self(folder))
        } else {
            Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    /// `command` will think that it is so many days later.
    pub fn attach(&self, command: &mut Command, days: u32) {
        command.env("LD_PRELOAD", self.0.path().join("days_ahead.so")).env("DAYS_AHEAD", days.to_string());
    }
}
