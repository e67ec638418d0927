//! Files from the hub that say whom a page may show, and the list that goes back to it.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Args;
use jiff::civil::Date;

use super::show;
use crate::{
    build::Checked,
    check::{
        names::{Names, NamesError},
        people::{self, Consent, Files, FromHub},
    },
    kept_from_hub, output,
};

#[derive(Debug, Args)]
pub(super) struct Permissions {
    /// The consent export of the hub: refuse a picture of pupils without a yes for each of them
    /// [default: what the office’s page keeps, while it is believed]
    #[arg(long, value_name = "FILE", requires = "roster")]
    consent: Option<PathBuf>,
    /// The roster of the hub: the pupils whom the school knows
    #[arg(long, value_name = "FILE", requires = "consent")]
    roster: Option<PathBuf>,
    /// Write here which pupils are shown on which pages, for the hub
    #[arg(long, value_name = "FILE")]
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

/// Why the list of who is shown where was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoList {
    /// Nobody was asked whether pupils may be shown.
    #[error(
        "there is no list of who is shown where, because this run had nothing to ask whether they may be; name the \
         hub’s files with --consent FILE --roster FILE, or bring both in under Photographs in the office’s page"
    )]
    NotAsked,
    /// It could not be written.
    #[error(transparent)]
    Output(#[from] output::OutputError),
}

/// The list for the hub, where the run has asked for consent.
pub(super) fn list(consent: &Consent, checked: &Checked, day: Date) -> Option<Vec<u8>> {
    consent.files_on(&checked.school, day).map(|_| people::published_list(&checked.school, day).write())
}

impl Permissions {
    /// The pupils' names, where a list was given.
    pub(super) fn names(&self) -> Result<Option<Names>, BadList> {
        let Some(path) = &self.names else { return Ok(None) };
        let bytes = std::fs::read(path).map_err(|why| Unreadable { path: path.clone(), why })?;
        let names = Names::read(&String::from_utf8_lossy(&bytes));
        names.map(Some).map_err(|why| BadList::NoNames { path: path.clone(), why })
    }

    /// The bytes of the list of names, nothing where none was given.
    pub(super) fn names_bytes(&self) -> Result<Vec<u8>, Unreadable> {
        match &self.names {
            Some(path) => std::fs::read(path).map_err(|why| Unreadable { path: path.clone(), why }),
            None => Ok(Vec::new()),
        }
    }

    /// Which files were given.
    pub(super) fn given(&self) -> [bool; 3] {
        [self.consent.is_some(), self.roster.is_some(), self.names.is_some()]
    }

    /// Whether the list for the hub is to be written.
    pub(super) fn publishes(&self) -> bool {
        self.published.is_some()
    }

    /// Whether the list can be written at all; to be asked before anything is.
    pub(super) fn can_list(&self, consent: &Consent) -> Result<(), NoList> {
        match consent {
            Consent::NotAsked | Consent::MustBeAsked if self.publishes() => Err(NoList::NotAsked),
            _ => Ok(()),
        }
    }

    /// Reads the files that were given, else those that are kept within the school's folder; `must` says whether
    /// pictures of pupils are refused where there are none.
    pub(super) fn read(&self, school: &Path, must: bool) -> Result<Consent, Unreadable> {
        let (Some(consent), Some(roster)) = (&self.consent, &self.roster) else {
            return Ok(kept_from_hub::asked(school, must));
        };
        let read = |path: &PathBuf| match std::fs::read(path) {
            Ok(bytes) => Ok(FromHub { name: path.display().to_string(), bytes }),
            Err(why) => Err(Unreadable { path: path.clone(), why }),
        };
        Ok(Consent::Files(Files { consent: read(consent)?, roster: read(roster)? }))
    }

    /// Writes the list where somebody asked for it. Only for a school without errors.
    pub(super) fn write_list(
        &self,
        consent: &Consent,
        checked: &Checked,
        day: Date,
        format: super::Format,
    ) -> Result<(), NoList> {
        let Some(file) = &self.published else { return Ok(()) };
        let list = list(consent, checked, day).ok_or(NoList::NotAsked)?;
        output::one_file(file, &list)?;
        show::say_to_people(&format!("Who is shown where is in {}, for the hub.", file.display()), format);
        Ok(())
    }
}
