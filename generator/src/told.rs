//! What the build before found, kept so that a build with nothing to do can tell it again without looking at
//! every page again.
//!
//! It lies in the school’s own folder and never beside a build: findings hold words of the school’s, and a
//! build’s folder may be copied to where everybody reads.

use std::{fs, path::Path};

use records::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::{
    check::rules::RULES,
    diagnostic::{Diagnostic, Report, Severity, Spot},
    output,
};

/// The folder within the school’s that holds what the program keeps for itself.
const FOLDER: &str = ".signpost";
const FILE: &str = "found.json";

/// As it is written.
#[derive(Serialize)]
struct Kept<'r> {
    /// The digest of all that the build was made from, the program too.
    from: Digest,
    problems: &'r [Diagnostic],
}

/// As it is read.
#[derive(Deserialize)]
struct Held {
    from: Digest,
    problems: Vec<Told>,
}

/// A finding that was told.
#[derive(Deserialize)]
struct Told {
    severity: Severity,
    code: String,
    file: String,
    #[serde(flatten)]
    spot: Option<Spot>,
    what: String,
    mend: String,
}

impl Told {
    /// None where no rule has its name: somebody wrote it who is not this program.
    fn again(self) -> Option<Diagnostic> {
        let rule = RULES.binary_search(&self.code.as_str()).ok()?;
        let Self { severity, file, spot, what, mend, .. } = self;
        Some(Diagnostic { severity, code: RULES[rule], file, spot: spot.map(Box::new), what, mend })
    }
}

/// Keeps what a build found that was made from this. A folder that cannot be written to is no fault: the next
/// build looks again.
pub fn keep(school: &Path, from: Digest, report: &Report) {
    let folder = school.join(FOLDER);
    let file = folder.join(FILE);
    if report.diagnostics().is_empty() {
        let _ = fs::remove_file(file);
        return;
    }
    let kept = Kept { from, problems: report.diagnostics() };
    let Ok(bytes) = serde_json::to_vec(&kept) else { return };
    if fs::create_dir_all(&folder).is_ok() {
        // Whoever keeps the school in Git has no use for it there.
        let _ = fs::write(folder.join(".gitignore"), "*\n");
        let _ = output::one_file(&file, &bytes);
    }
}

/// What the build that was made from this found, if that was so many things and they are all still known.
pub fn again(school: &Path, from: Digest, findings: usize) -> Option<Report> {
    if findings == 0 {
        return Some(Report::default());
    }
    let held: Held = serde_json::from_slice(&fs::read(school.join(FOLDER).join(FILE)).ok()?).ok()?;
    let told: Vec<Diagnostic> = held.problems.into_iter().map(Told::again).collect::<Option<_>>()?;
    (held.from == from && told.len() == findings).then(|| Report::new(told))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::source::Source;

    fn report() -> Report {
        let source = Source::new("policies/a.md", "one “two” three\n");
        let at_a_place = source.error("html", 4..7, "What.", "Mend.").as_warning();
        Report::new(vec![at_a_place, Diagnostic::file_error("not-used", "b.docx", "What.", "Mend.")])
    }

    #[test]
    fn what_was_kept_is_told_again_to_the_letter() {
        let school = tempfile::tempdir().unwrap();
        keep(school.path(), Digest::of(b"one"), &report());
        assert_eq!(again(school.path(), Digest::of(b"one"), 2), Some(report()));
    }

    #[test]
    fn what_is_of_another_build_or_damaged_is_not_told() {
        let school = tempfile::tempdir().unwrap();
        let one = Digest::of(b"one");
        keep(school.path(), one, &report());
        assert_eq!(again(school.path(), Digest::of(b"other"), 2), None);
        assert_eq!(again(school.path(), one, 3), None);
        let file = school.path().join(FOLDER).join(FILE);
        let whole = fs::read_to_string(&file).unwrap();
        for damaged in [&whole[..whole.len() - 1], &whole.replace("not-used", "no-rule"), ""] {
            fs::write(&file, damaged).unwrap();
            assert_eq!(again(school.path(), one, 2), None, "{damaged}");
        }
    }

    #[test]
    fn nothing_is_kept_of_a_build_that_found_nothing() {
        let school = tempfile::tempdir().unwrap();
        let one = Digest::of(b"one");
        keep(school.path(), one, &report());
        keep(school.path(), one, &Report::default());
        assert!(!school.path().join(FOLDER).join(FILE).exists());
        assert_eq!(again(school.path(), one, 0), Some(Report::default()));
    }
}
