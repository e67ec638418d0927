use std::io::{self, Write as _};

use hub::store::audit::Checkpoint;

use super::{Data, Opening, Problem};

/// The log of who did what.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Audit {
    /// Check that no entry of the log, and no safeguarding entry, was changed or taken away
    Check(Check),
    /// Show what the log comes to now, to be printed or written down and checked against later
    Checkpoint(Show),
}

/// Check the log.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    data: Data,
    /// A checkpoint from paper, as in “120: 8c1f 02ab …”: the log has to come by it
    #[arg(long, value_name = "CHECKPOINT")]
    against: Option<Checkpoint>,
}

/// Show a checkpoint.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    data: Data,
}

impl Audit {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        match self {
            Self::Check(command) => command.run(opening),
            Self::Checkpoint(command) => command.run(opening),
        }
    }
}

impl Check {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let entries = hub.store.check_audit()?;
        let mut out = io::stdout().lock();
        if let Some(paper) = self.against {
            hub.store.check_audit_against(&paper)?;
            writeln!(out, "whole: {entries} entries, and as on paper up to entry {}", paper.entries)?;
        } else {
            writeln!(out, "whole: {entries} entries")?;
        }
        Ok(())
    }
}

impl Show {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        hub.store.check_audit()?;
        writeln!(io::stdout().lock(), "checkpoint: {}", hub.store.checkpoint()?)?;
        Ok(())
    }
}
