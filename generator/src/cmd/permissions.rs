//! Files from the hub that say whom a page may show, and the list that goes back to it.

use std::{io, path::PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::show;
use crate::{
    build::Checked,
    check::{
        names::{Names, NamesError},
        people::{self, Consent, FromHub},
    },
    output,
};

#[derive(Debug, Args)]
pub(super) struct Permissions {
    /// The consent export of the hub: refuse a picture of pupils without a yes for each of them
    #[arg(long, value_name = "FILE", requires = "roster")]
    consent: Option<PathBuf>,
    /// The roster of the hub: the pupils whom the school knows
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Write here which pupils are shown on which pages, for the hub
    #[arg(long, value_name = "FILE", requires = "consent")]
    published: Option<PathBuf>,
    /// The list of pupils as the school's management system exports it (CSV): find their names on public
    /// pages and at pictures
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
}

/// A file of the hub that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {why}", .path.display())]
pub(super) struct Unreadable {
    path: PathBuf,
    why: io::Error,
}

/// A list of names that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadList {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is no list of names.
    #[error("{}: {why}", .path.display())]
    NoNames {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        why: NamesError,
    },
}

impl Permissions {
    /// The pupils' names, where a list was given.
    pub(super) fn names(&self) -> Result<Option<Names>, BadList> {
        let Some(path) = &self.names else { return Ok(None) };
        let bytes = std::fs::read(path).map_err(|why| Unreadable { path: path.clone(), why })?;
        let names = Names::read(&String::from_utf8_lossy(&bytes));
        names.map(Some).map_err(|why| BadList::NoNames { path: path.clone(), why })
    }

    /// The bytes of every file that was given, nothing for each that was not.
    pub(super) fn lists(&self) -> Result<[Vec<u8>; 3], Unreadable> {
        let read = |path: &Option<PathBuf>| match path {
            Some(path) => std::fs::read(path).map_err(|why| Unreadable { path: path.clone(), why }),
            None => Ok(Vec::new()),
        };
        Ok([read(&self.consent)?, read(&self.roster)?, read(&self.names)?])
    }

    /// Which files were given.
    pub(super) fn given(&self) -> [bool; 3] {
        [self.consent.is_some(), self.roster.is_some(), self.names.is_some()]
    }

    /// Whether the list for the hub is to be written.
    pub(super) fn publishes(&self) -> bool {
        self.published.is_some()
    }

    /// Reads the files; `without` is how it stands when there are none.
    pub(super) fn read(&self, without: Consent) -> Result<Consent, Unreadable> {
        let (Some(consent), Some(roster)) = (&self.consent, &self.roster) else { return Ok(without) };
        let read = |path: &PathBuf| match std::fs::read(path) {
            Ok(bytes) => Ok(FromHub { name: path.display().to_string(), bytes }),
            Err(why) => Err(Unreadable { path: path.clone(), why }),
        };
        Ok(Consent::Files { consent: read(consent)?, roster: read(roster)? })
    }

    /// The list for the hub, where the run has asked for consent.
    pub(super) fn list(&self, checked: &Checked, day: Date) -> Option<Vec<u8>> {
        self.consent.as_ref().map(|_| people::published_list(&checked.school, day).write())
    }

    /// Writes the list where somebody asked for it. Only for a school without errors.
    pub(super) fn write_list(
        &self,
        checked: &Checked,
        day: Date,
        format: super::Format,
    ) -> Result<(), output::OutputError> {
        let (Some(file), Some(list)) = (&self.published, self.list(checked, day)) else { return Ok(()) };
        output::one_file(file, &list)?;
        show::say_to_people(&format!("Who is shown where is in {}, for the hub.", file.display()), format);
        Ok(())
    }
}
