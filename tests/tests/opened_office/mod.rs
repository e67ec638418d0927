//! The office's page, running for a person with a folder of their own.
#![allow(clippy::unwrap_used, dead_code, reason = "a test may panic; each test takes what it needs")]

use std::{path::Path, process::Command, time::Duration};

use tests::process::{Process, our_program};

/// Starts it with this folder as the person's own, and with this school open; gives back the address that
/// lets a browser in.
pub(crate) fn started(home: &Path, school: Option<&Path>) -> (Process, String) {
    let mut command = Command::new(our_program("signpost", "generator").unwrap());
    command.args(["office", "--no-browser", "--date", "2026-11-22"]);
    if let Some(school) = school {
        command.arg("--school").arg(school);
    }
    command.env("TMPDIR", home);
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join(".config")).env_remove("SIGNPOST_THEMES");
    let mut office = Process::start(command).unwrap();
    let address = office
        .wait_for("its address", Duration::from_secs(30), |line| {
            Some(format!("http://{}", line.split_once("http://")?.1.trim()))
        })
        .unwrap();
    (office, address)
}
