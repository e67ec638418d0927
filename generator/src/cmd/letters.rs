//! `signpost letters`

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Common, Ending, show};
use crate::{
    build::{self, Checked},
    check::Extra,
    letters::order,
    load::{
        self,
        document::{Document, Kind},
        nearest::did_you_mean,
    },
    theme::Theme,
};

/// The name of a list that comes in by standard input, and of letters that go out by standard output.
const STREAM: &str = "-";

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Which letter: the name of its file in “letters”, without .md; without one, all are listed with what
    /// they need
    letter: Option<String>,
    /// The list of families (CSV), a line for each letter; “-” for standard input
    #[arg(long, value_name = "FILE", requires = "letter", requires = "out")]
    families: Option<PathBuf>,
    /// The folder to write; everything in it is replaced. “-” writes them to standard output: one PDF, or a zip of
    /// more than one
    #[arg(long, value_name = "DIR", requires = "families")]
    out: Option<PathBuf>,
    /// Put all letters into one file for the printer, in place of one for each family; into more than one
    /// where they are more than 300
    #[arg(long)]
    one_file: bool,
    #[command(flatten)]
    common: Common,
}

/// A list that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {why}", .path.display())]
struct Unreadable {
    path: PathBuf,
    why: std::io::Error,
}

/// Something that was asked for and is not there.
#[derive(Debug, thiserror::Error)]
enum Asked {
    /// There is no such letter.
    #[error("there is no letter “{0}”. {1}")]
    NoSuchLetter(String, String),
    /// A letter was named, and no list.
    #[error(
        "name the list of families with --families LIST.csv, and the folder for the letters with --out FOLDER"
    )]
    NoList,
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let (tree, problems) = load::tree::read(&common.school);
    let checked = build::check_tree(tree, problems, &theme, common.day(), &Extra::default(), build::QUIETLY);
    let Some(name) = &options.letter else { return list(&checked, common) };
    let Some(letter) = order::find(&checked.school, name) else {
        let known = checked.school.of_kind(Kind::Letter).map(|letter| letter.slug.as_str());
        let otherwise = "“signpost letters” lists those that there are.";
        return show::failure(&Asked::NoSuchLetter(name.clone(), did_you_mean(name, known, otherwise)));
    };
    let (Some(families), Some(out)) = (&options.families, &options.out) else {
        return show::failure(&Asked::NoList);
    };
    let of_letter = order::faults(&checked, letter);
    if of_letter.errors() > 0 {
        show::report(&of_letter, common.format);
        show::say_to_people(
            "No letter was made: its words, or school.toml, have to be mended first.",
            common.format,
        );
        return Ending::Errors;
    }
    let (name, bytes) = match bytes_of(families) {
        Ok(bytes) => bytes,
        Err(error) => return show::failure(&error),
    };
    made::letters(&Job { options, theme: &theme, checked: &checked, letter, list: (&name, &bytes), out })
}

fn bytes_of(path: &Path) -> Result<(String, Vec<u8>), Unreadable> {
    let unreadable = |why| Unreadable { path: path.to_owned(), why };
    if path.as_os_str() == STREAM {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
        return Ok(("the list".to_owned(), bytes));
    }
    Ok((path.display().to_string(), std::fs::read(path).map_err(unreadable)?))
}

/// Every letter with the columns that its list needs.
fn list(checked: &Checked, common: &Common) -> Ending {
    let letters: Vec<&Document> = checked.school.of_kind(Kind::Letter).collect();
    if letters.is_empty() {
        show::say_to_people(
            "This school has no letters. Write one into the folder “letters”; “signpost new FOLDER” makes an example.",
            common.format,
        );
        return Ending::Good;
    }
    for letter in letters {
        let columns = order::columns(letter);
        let languages: Vec<&str> = letter.translations.iter().map(|one| one.language.as_str()).collect();
        let also = if languages.is_empty() {
            String::new()
        } else {
            format!("\n    also in: {}", languages.join(", "))
        };
        let title = letter.title(&checked.school.settings);
        show::say_to_people(
            &format!("{}\n    {title}\n    columns: {}{also}", letter.slug, columns.join(", ")),
            common.format,
        );
    }
    let may_have = order::MAY_HAVE.join(", ");
    show::say_to_people(&format!("\nAny list may also have: {may_have}."), common.format);
    Ending::Good
}

/// Letters to be made.
#[cfg_attr(
    not(feature = "print"),
    expect(dead_code, reason = "without the engine there is nothing to do with them")
)]
struct Job<'j> {
    options: &'j Options,
    theme: &'j Theme,
    checked: &'j Checked,
    letter: &'j Document,
    list: (&'j str, &'j [u8]),
    out: &'j Path,
}

#[cfg(not(feature = "print"))]
mod made {
    use super::{Ending, Job, show};

    pub(super) fn letters(job: &Job<'_>) -> Ending {
        show::say_to_people(
            "This program was built without the print engine, so it makes no letters.",
            job.options.common.format,
        );
        Ending::Errors
    }
}

#[cfg(feature = "print")]
mod made {
    use std::io::{self, Write as _};

    use super::{Ending, Job, STREAM, show};
    use crate::{
        diagnostic::{Diagnostic, Report},
        letters::{
            self, Made, Shape, Wanted,
            families::{self, Families},
            table::Table,
        },
        output::{self, Care},
        tell,
        theme::ThemeError,
    };

    pub(super) fn letters(job: &Job<'_>) -> Ending {
        let format = job.options.common.format;
        let families = match read(job) {
            Ok(Ok(families)) => families,
            Ok(Err(problems)) => return refused(Report::new(problems), format),
            Err(error) => return show::failure(&error),
        };
        let count = families.families.len();
        let shape = if job.options.one_file { Shape::Together } else { Shape::Each };
        let progress = show::Progress::of(count, "letters", format);
        let day = job.options.common.day();
        let made =
            letters::make(&job.checked.school, job.theme, job.letter, &families, day, shape, &|done| {
                progress.done(done)
            });
        progress.end();
        let made = match made {
            Ok(made) => made,
            Err(error) => return show::failure(&error),
        };
        let report = Report::new(made.problems.clone());
        if made.files.is_empty() {
            return refused(report, format);
        }
        show::report(&report, format);
        if job.out.as_os_str() == STREAM {
            return to_stdout(made, shape, &job.letter.slug);
        }
        match output::write(&made.files, job.out, &[], Care::Quick) {
            Ok(_) => {
                show::say_to_people(&told(&made, &report), format);
                show::say_to_people(&format!("They are in {}", job.out.display()), format);
                Ending::Good
            }
            Err(error) => show::failure(&error),
        }
    }

    /// For a program that has asked for them: nothing is written to a disk.
    fn to_stdout(made: Made, shape: Shape, letter: &str) -> Ending {
        let written = letters::parcel(made.files, shape, letter)
            .map_err(io::Error::other)
            .and_then(|(_, bytes)| io::stdout().lock().write_all(&bytes));
        match written {
            Ok(()) => Ending::Good,
            Err(error) => show::failure(&error),
        }
    }

    fn read(job: &Job<'_>) -> Result<Result<Families, Vec<Diagnostic>>, ThemeError> {
        let names = letters::language_names(job.theme)?;
        let wanted = Wanted::of(job.letter);
        let table = Table::from_bytes(job.list.0, job.list.1).map_err(|problem| vec![problem]);
        Ok(table.and_then(|table| families::read(table, &wanted, names)))
    }

    fn refused(report: Report, format: super::super::Format) -> Ending {
        show::report(&report, format);
        let tally = tell::tally(&report);
        show::say_to_people(&format!("No letter was made: {tally} to mend first."), format);
        Ending::Errors
    }

    fn told(made: &Made, report: &Report) -> String {
        let some = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let files = match made.files.len() {
            1 if made.letters > 1 => " in one file".to_owned(),
            files if files < made.letters => format!(" in {files} files"),
            _ => String::new(),
        };
        let mut text = format!(
            "Made {}{files}, {}; {}.",
            some(made.letters, "letter", "letters"),
            some(made.pages, "side of paper", "sides of paper"),
            tell::tally(report),
        );
        if made.translated > 0 {
            text.push_str(&format!(
                "\n{} in two languages: print on both sides of the paper.",
                some(made.translated, "is", "are")
            ));
        }
        if made.by_hand > 0 {
            text.push_str(&format!(
                "\n{} no postal address: the child’s name and class stand in its place.",
                some(made.by_hand, "has", "have")
            ));
        }
        text
    }
}
