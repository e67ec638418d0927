use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use hub::{
    import::{self, Kind, LineProblem},
    random,
    store::{audit::Actor, people::ImportError},
};

use super::{Data, Opening, Problem, read};

/// Lists of people.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Roster {
    /// Take a list of all pupils, all staff, all volunteers or all governors, as the MIS exports it
    Import(Import),
}

/// Take a list.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: Data,
    /// The list: comma, semicolon or tab between the columns, headings in the first lines
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// pupils, staff, volunteers or governors, where the headings do not tell
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// More than a quarter of those here have left: that is right
    #[arg(long)]
    many_leavers: bool,
}

impl Roster {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let Self::Import(command) = self;
        command.run(opening)
    }
}

impl Import {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let list = read(&self.file)?;
        let hub = opening.hub(&self.data)?;
        let file = import::read_on(&list, self.kind, Some(hub.today()?))
            .map_err(|problems| told(&self.file, &problems))?;
        let summary =
            hub.store.import(&file, self.many_leavers, random::bytes, Actor::CommandLine, hub.now());
        let summary = summary.map_err(|error| match error {
            ImportError::Lines(problems) => told(&self.file, &problems),
            other => other.into(),
        })?;
        let roster = hub.refresh_roster()?;
        let mut out = io::stdout().lock();
        writeln!(out, "{}: {}", file.kind, file.people.len())?;
        for (what, count) in [
            ("joined", summary.joined),
            ("left", summary.left),
            ("moved class", summary.moved),
            ("changed", summary.changed),
            ("as before", summary.same),
            ("new classes", summary.new_classes),
        ] {
            writeln!(out, "{what}: {count}")?;
        }
        if let Some(number) = roster {
            writeln!(out, "roster: {number}")?;
        }
        Ok(())
    }
}

/// Every mistake of a list, with its line.
pub(super) fn told(file: &Path, problems: &[LineProblem]) -> Problem {
    let lines: Vec<String> = problems.iter().map(|p| format!("  {p}")).collect();
    let count = match problems.len() {
        1 => "one mistake".to_owned(),
        n => format!("{n} mistakes"),
    };
    Problem::Told(format!(
        "{}: {count}; nothing was imported.\n{}\nMend these lines, then import the file again.",
        file.display(),
        lines.join("\n")
    ))
}
