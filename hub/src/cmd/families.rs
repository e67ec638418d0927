use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use hub::{
    families::{self, Household},
    handling::Label,
    import::contacts,
    random,
    store::{audit::Actor, people::ImportError},
};

use super::{Data, Opening, Problem, read, roster};

/// Families: who decides for which pupils, and their codes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Families {
    /// Take a list of all pupils' contacts, as the MIS exports it: those with parental responsibility are taken
    Import(Import),
    /// Give families new codes, and write the list from which `signpost letters` prints them
    Codes(Codes),
}

/// Take a list of contacts.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: Data,
    /// The list: a line for each pupil and grown-up, headings in the first lines
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// More than a quarter of those here decide for no pupil any more: that is right
    #[arg(long)]
    many_leavers: bool,
}

/// Make codes.
#[derive(Debug, clap::Args)]
pub(super) struct Codes {
    #[command(flatten)]
    data: Data,
    /// Only families that have no code yet; without it, every family gets a new one and the old ones end
    #[arg(long)]
    without: bool,
    /// The list to write. It opens what families decide: print the letters, then delete it
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
}

impl Families {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        match self {
            Self::Import(command) => command.run(opening),
            Self::Codes(command) => command.run(opening),
        }
    }
}

impl Import {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let list =
            contacts::read(&read(&self.file)?).map_err(|problems| roster::told(&self.file, &problems))?;
        let hub = opening.hub(&self.data)?;
        let summary =
            hub.store.import_contacts(&list, self.many_leavers, random::bytes, Actor::CommandLine, hub.now());
        let summary = summary.map_err(|error| match error {
            ImportError::Lines(problems) => roster::told(&self.file, &problems),
            other => other.into(),
        })?;
        let roster = hub.refresh_roster()?;
        let mut out = io::stdout().lock();
        for (what, count) in [
            ("grown-ups who decide", summary.grown_ups),
            ("new", summary.joined),
            ("decide no more", summary.ended),
            ("families", summary.families),
            ("codes that ended", summary.codes_ended),
            ("pupils for whom nobody decides", summary.nobody),
            ("lines left out", summary.left_out),
        ] {
            writeln!(out, "{what}: {count}")?;
        }
        if let Some(number) = roster {
            writeln!(out, "roster: {number}")?;
        }
        Ok(())
    }
}

impl Codes {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let households: Vec<Household> = hub.households()?;
        let withheld = households.iter().filter(|h| h.withheld).count();
        let wanted: Vec<&Household> =
            households.iter().filter(|h| !h.withheld && (!self.without || h.code_made.is_none())).collect();
        if wanted.is_empty() {
            return Err(Problem::Told(
                "there is no family that needs a code. Import the contacts first, with: signpost-hub families import"
                    .into(),
            ));
        }
        // Before anything is made: a list that cannot be written must not cost families their codes.
        let written = |why| Problem::Told(format!("cannot write {}: {why}", self.out.display()));
        let options = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.out);
        let mut file = options.map_err(written)?;
        let ids: Vec<_> = wanted.iter().map(|h| h.id).collect();
        let total = ids.len();
        let done = |done: usize| {
            if done == total || done.is_multiple_of(25) {
                eprintln!("{done} of {total} codes made");
            }
        };
        let made = hub.make_codes(&ids, done).map_err(Problem::from).and_then(|issued| {
            let lines: Vec<_> = wanted.iter().copied().zip(issued.iter().map(|one| &one.code)).collect();
            let list = families::letter_list(&hub.label(Label::Lists)?, &lines, hub.today()?);
            file.write_all(&list).and_then(|()| file.sync_all()).map_err(written)?;
            Ok(hub.keep_codes(issued, Actor::CommandLine)?)
        });
        if made.is_err() {
            let _ = fs::remove_file(&self.out);
        }
        made?;
        println!("codes: {total}");
        if withheld > 0 {
            println!("withheld, contact is restricted: {withheld}");
        }
        Ok(())
    }
}
