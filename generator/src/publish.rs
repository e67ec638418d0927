//! Publishing: checked, on record, in place, in this order.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::{
    build::{self, BuildError, Checked, Target},
    check::{Extra, people},
    output::{self, Care, Interrupted, Written},
    print,
    theme::Theme,
};

/// What came of it.
pub enum Outcome {
    /// Something has to be mended first; no new site was written.
    ToMend {
        /// The school and what was found.
        checked: Box<Checked>,
        /// What became of an earlier publishing that was cut off.
        interrupted: Interrupted,
    },
    /// It is published.
    Done(Box<Done>),
}

/// A site that is published.
pub struct Done {
    /// The school.
    pub checked: Checked,
    /// What writing did.
    pub written: Written,
    /// Whether the list of who is shown where is beside the pack: it is for the hub that was asked for consent.
    pub listed: bool,
    /// What had become of an earlier publishing that was cut off.
    pub interrupted: Interrupted,
    /// The files in which new words are now on record. An error means that the site is published and its
    /// words are not on record yet: publish once more before words change.
    pub kept: Result<Vec<PathBuf>, BuildError>,
}

/// Publishes a school's folder to `to`, with PDFs of its pages if it is told what is held of them.
///
/// # Errors
/// [`BuildError`]; what was published before stands, and nothing new is on record.
pub fn publish(
    folder: &Path,
    theme: &Theme,
    day: Date,
    extra: &Extra,
    to: &Path,
    prints: Option<&print::held::Held>,
    approved_by: Option<&str>,
) -> Result<Outcome, BuildError> {
    // First of all, so that a stick holds one whole site even where nothing new may be published today.
    let interrupted = output::finish(to)?;
    let mut checked = build::check_with(folder, theme, day, extra);
    if checked.report.errors() > 0 {
        return Ok(Outcome::ToMend { checked: Box::new(checked), interrupted });
    }
    if let Some(held) = prints {
        build::print(&mut checked, theme, held)?;
    }
    // Written down before anybody can read the site, in force only once it is there.
    let mut remembered = build::remember(&checked.school, folder, day, approved_by)?;
    checked.school.history = std::mem::take(&mut remembered.history);
    // The hub learns who is shown where from whoever asked it for consent.
    let listed = extra.consent.files_on(&checked.school, day).is_some();
    let list = listed.then(|| people::published_list(&checked.school, day).write());
    let written = build::write(
        &checked.school,
        theme,
        day,
        Target { published: list, ..Target::all(to, Care::Durable) },
    )?;
    Ok(Outcome::Done(Box::new(Done { checked, written, listed, interrupted, kept: remembered.keep() })))
}
