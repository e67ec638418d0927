use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use hub::{backup::make, store::audit::Actor};

use super::{Data, Opening, Problem};

/// Make a backup, and put it back into a scratch place to try it.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    #[command(flatten)]
    data: Data,
    /// The folder it goes to: on a stick, a second disk or a network drive
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let made = make::make(&hub, &self.to, Actor::CommandLine)?;
        let mut out = io::stdout().lock();
        writeln!(out, "backup: {}", made.file.display())?;
        writeln!(out, "bytes: {}", made.bytes)?;
        writeln!(out, "records: {}", made.held.records)?;
        writeln!(out, "people: {}", made.held.people)?;
        writeln!(out, "audit entries: {}", made.held.entries)?;
        writeln!(out, "expired: {}", made.expired)?;
        eprintln!("It was put back into a scratch place and is whole.");
        if made.same_disk {
            eprintln!(
                "It lies on the disk that holds the database: one broken disk takes both. Name a folder on a stick, a second disk or a network drive."
            );
        }
        Ok(())
    }
}
