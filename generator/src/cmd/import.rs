//! `signpost import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Ending, Format, show};
use crate::import::{self, ImportKind, RunOptions};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The file to bring in: Word (.docx), OpenDocument (.odt) or plain text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What it becomes
    #[arg(long = "as", value_enum, default_value = "policy")]
    kind: Kind,
    /// The school's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    school: PathBuf,
    /// Put it in the place of a page of that name, if there is one
    #[arg(long)]
    replace: bool,
    /// How to show what was done
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A governed document
    Policy,
    /// A page for families, children or staff
    Guide,
}

pub(super) fn run(options: &Options) -> Ending {
    let kind = match options.kind {
        Kind::Policy => ImportKind::Policy,
        Kind::Guide => ImportKind::Guide,
    };
    let run_options = RunOptions { kind, replace: options.replace };
    let report = match import::run(&options.file, &options.school, &run_options) {
        Ok(report) => report,
        Err(error) => return show::failure(&error),
    };
    match options.format {
        Format::Text => show::say(report.to_text().trim_end()),
        Format::Json => match serde_json::to_string_pretty(&report) {
            Ok(text) => show::say(&text),
            Err(error) => return show::failure(&error),
        },
    }
    Ending::Good
}
