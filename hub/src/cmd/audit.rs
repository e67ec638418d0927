use std::io::{self, Write as _};

use hub::{
    clock,
    store::{
        audit::Checkpoint,
        audit_log::{LogEntry, Sought},
    },
};

use super::{Data, Opening, Problem};

/// The log of who did what.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Audit {
    /// Check that no entry of the log, and no safeguarding entry, was changed or taken away
    Check(Check),
    /// Show what the log comes to now, to be printed or written down and checked against later
    Checkpoint(Show),
    /// Show who did what, the newest last; what concerns reports is left out
    Show(List),
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

/// Show the log.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    data: Data,
    /// Only entries with these words
    #[arg(long, default_value = "")]
    words: String,
    /// So many of the newest
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    most: usize,
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
            Self::Show(command) => command.run(opening),
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

impl List {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let (zone, names) = (hub.zone()?, hub.store.log_names()?);
        let sought = Sought { words: self.words, ..Sought::default() };
        let (_, mut entries) = hub.store.log(&sought, 0, self.most)?;
        // The newest stands at the bottom, where the terminal ends.
        entries.reverse();
        let mut out = io::stdout().lock();
        for LogEntry { at, actor, what, detail } in entries {
            let when = clock::local(at, &zone).strftime("%Y-%m-%d %H:%M").to_string();
            let line = format!("{when}  {}  {what}  {}", names.in_words(&actor), names.in_words(&detail));
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
