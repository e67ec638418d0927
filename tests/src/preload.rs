//! A small library in C that is compiled for a test and loaded into a program before the system's own.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::process::Command;

use tempfile::TempDir;

use crate::process::scratch_folder;

const LIST: &str = "LD_PRELOAD";

/// The compiled library, in a folder of its own. It lives as long as this.
#[derive(Debug)]
pub(crate) struct Preload(pub(crate) TempDir);

impl Preload {
    /// Compiles it.
    ///
    /// # Errors
    /// If there is no C compiler (`apt install gcc libc6-dev`), or it does not compile.
    pub(crate) fn compile(source: &str) -> io::Result<Self> {
        let folder = scratch_folder()?;
        let path = folder.path().join("preload.c");
        fs::write(&path, source)?;
        let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(folder.path().join("preload.so"))
            .arg(&path)
            .arg("-ldl")
            .output()?;
        if output.status.success() {
            Ok(Self(folder))
        } else {
            Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    /// `command` will have it loaded, besides what it has loaded already.
    pub(crate) fn attach(&self, command: &mut Command) {
        let before = command.get_envs().find(|(name, _)| *name == LIST).and_then(|(_, list)| list);
        let mut list = before.map(OsString::from).unwrap_or_default();
        if !list.is_empty() {
            list.push(":");
        }
        list.push(self.0.path().join("preload.so"));
        command.env(LIST, list);
    }
}
