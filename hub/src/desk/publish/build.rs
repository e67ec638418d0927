//! Building the school's content where it lies on this machine: `signpost build` runs as another process, as for letters,
//! and what it found is shown. What it made is looked at like a pack that was brought.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::Path,
    sync::{Arc, TryLockError},
};

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Desk, print,
        visit::{self, Room},
    },
    consider, show_with,
};

/// Where it builds, within the data folder. The pack holds no person.
const FOLDER: &str = "building";
/// So many findings are shown; the rest is counted.
const SHOWN: usize = 60;

/// What a build found.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    #[serde(default)]
    pub(super) errors: usize,
    #[serde(default)]
    pub(super) warnings: usize,
    #[serde(default)]
    pub(super) problems: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finding {
    severity: String,
    file: String,
    #[serde(default)]
    line: Option<usize>,
    what: String,
    mend: String,
}

impl Found {
    /// As the program says it with `--format json`.
    fn read(json: &[u8]) -> Option<Self> {
        let mut found: Self = serde_json::from_slice(json).ok()?;
        // Errors stand first: they are what keeps it from being published.
        found.problems.sort_by_key(|finding| finding.severity != "error");
        found.problems.truncate(SHOWN);
        Some(found)
    }
}

#[derive(Deserialize)]
pub(in crate::desk) struct Sent {
    #[serde(default)]
    form_token: String,
}

pub(in crate::desk) async fn build(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let hub = &visit.desk.hub;
        let refuse = |why: &str, found: &Found| {
            Ok(visit::refused(show_with(&visit, &format!("Nothing was published. {why}"), found)?))
        };
        let nothing = Found::default();
        let Some(content) = hub.content() else {
            return refuse(
                "The school’s content does not lie on the hub’s computer: bring the file.",
                &nothing,
            );
        };
        // One at a time: two would write into each other's folder.
        let _alone = match visit.desk.building.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return refuse("Somebody else builds it at this moment. Try again in a minute.", &nothing);
            }
        };
        let folder = hub.folder().path().join(FOLDER);
        let made = made(content, &folder);
        // It is in memory, or it was not made.
        let _ = fs::remove_dir_all(&folder);
        match made {
            Ok((found, Some(bytes))) => consider(&visit, &bytes, &found),
            Ok((found, None)) if found.errors > 0 => {
                let count = match found.errors {
                    1 => "One thing has".to_owned(),
                    errors => format!("{errors} things have"),
                };
                refuse(&format!("{count} to be mended in the school’s content first."), &found)
            }
            Ok((found, None)) => refuse("The program made no pack and did not say why.", &found),
            Err(why) => refuse(&format!("The content could not be built: {why}."), &nothing),
        }
    })
    .await
}

/// What a build found, and the pack, where there is one.
fn made(content: &Path, folder: &Path) -> Result<(Found, Option<Vec<u8>>), String> {
    prepare(folder).map_err(|why| why.to_string())?;
    let (school, out) = (content.to_string_lossy(), folder.to_string_lossy());
    let arguments =
        ["build", "--school", &school, "--out", &out, "--only", "pack", "--no-pdf", "--format", "json"];
    let ran = print::ran(&arguments, Vec::new(), print::of_a_page()).map_err(|why| why.to_string())?;
    let found = Found::read(&ran.printed).ok_or_else(|| ran.said())?;
    let pack = ran.good.then(|| fs::read(folder.join("pack/school.packdraft")).ok()).flatten();
    Ok((found, pack))
}

fn prepare(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Found;

    #[test]
    fn what_the_program_found_is_read_with_its_errors_first() {
        let json = br#"{"errors": 1, "warnings": 1, "problems": [
            {"severity": "warning", "code": "x", "file": "a.md", "what": "Odd.", "mend": "Look."},
            {"severity": "error", "code": "y", "file": "b.md", "line": 3, "column": 1, "length": 2, "text": "z",
             "what": "Wrong.", "mend": "Mend it."}]}"#;
        let found = Found::read(json).unwrap();
        assert_eq!((found.errors, found.warnings, found.problems.len()), (1, 1, 2));
        assert_eq!((found.problems[0].what.as_str(), found.problems[0].line), ("Wrong.", Some(3)));
        assert_eq!(Found::read(b"Error: no such folder"), None);
    }
}
