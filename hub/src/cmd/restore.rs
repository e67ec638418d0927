use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use hub::{backup::restore, clock::Clock, folder::Folder};

use super::{Opening, Problem};

/// Put a backup back, into an empty folder.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "FILE.backup")]
    backup: PathBuf,
    /// The folder that becomes the hub's data folder
    #[arg(long, value_name = "DIR", required_unless_present = "try_it")]
    data: Option<PathBuf>,
    /// Only try it: put it back into a scratch place, look through it, and take it away again
    #[arg(long = "try", conflicts_with = "data")]
    try_it: bool,
}

impl Restore {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let secret = opening.secret()?;
        let restored = match &self.data {
            Some(data) => restore::restore(&self.backup, &secret, &Folder::new(data), &Clock::system())?,
            None => restore::look_through(&self.backup, &secret)?,
        };
        let made = jiff::Timestamp::from_second(restored.made.0).unwrap_or_default();
        let mut out = io::stdout().lock();
        writeln!(out, "made: {made}")?;
        writeln!(out, "records: {}", restored.held.records)?;
        writeln!(out, "people: {}", restored.held.people)?;
        writeln!(out, "audit entries: {}", restored.held.entries)?;
        match &self.data {
            Some(data) => {
                writeln!(out, "data: {}", data.display())?;
                match restored.erased_again {
                    Some(count) => writeln!(out, "erased again: {count}")?,
                    None => eprintln!(
                        "No list of what was erased lies beside this backup (signpost-….erased). What had reached its end since is back, and goes again by the school’s rules."
                    ),
                }
                eprintln!(
                    "The hub is back as it was then. Before you start it:\n\
                     - Make sure that the old one never runs again: two of them would contradict each other.\n\
                     - Passwords and the passphrase are those of that day.\n\
                     - Kiosks send again, by themselves, what came after. Look at “signpost-hub kiosks”: strike off again whatever was struck off since, and pair again whatever was paired since."
                );
            }
            None => eprintln!("It is whole. Nothing of it was kept."),
        }
        Ok(())
    }
}
