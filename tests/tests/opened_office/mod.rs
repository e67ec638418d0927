//! The office's page, running for a person with a folder of their own.
#![allow(clippy::unwrap_used, dead_code, reason = "a test may panic; each test takes what it needs")]

use std::{fs, path::Path, process::Command, time::Duration};

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
        .wait_for("its address", Duration::from_secs(120), |line| {
            Some(format!("http://{}", line.split_once("http://")?.1.trim()))
        })
        .unwrap();
    (office, address)
}

/// Puts names and numbers of its own into a new school's settings, as its office does before it publishes:
/// with those of the model school nothing goes out.
pub(crate) fn with_own_names(school: &Path) {
    let file = school.join("school.toml");
    let mut text = fs::read_to_string(&file).unwrap();
    for (models, own) in [
        ("Mrs Ruth Adeyemi", "Mrs Hanna Brook"),
        ("Ms Priya Nair", "Mrs Olwen Pryce"),
        ("Mr Tom Ashworth", "Mr Jon Reed"),
        ("Miss Amina Yusuf", "Miss Ada Lowe"),
        ("Dr Martin Ferris", "Dr Sam Holt"),
        ("Mrs Joan Whitlock", "Mrs Eve Marsh"),
        ("Mrs Kasia Nowak", "Mrs Ivy Stone"),
        ("Mr Lewis Grant", "Mr Max Field"),
        ("Mr Idris Bevan", "Mr Rhys Lane"),
        ("Mrs Helen Sarkar", "Mrs Nell Ford"),
        ("larkfield.example", "thornbeck.example"),
        ("01632 9601", "01632 9605"),
        ("Larkfield Lane", "Thornbeck Lane"),
    ] {
        text = text.replace(models, own);
    }
    fs::write(file, text).unwrap();
}
