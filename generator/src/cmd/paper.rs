//! `signpost paper`: what the hub has printed about one person.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::PathBuf,
};

use clap::Args;
use records::paper::Paper;

use super::{Ending, show};
use crate::{
    output,
    print::for_one::{self, PaperError},
    theme::Theme,
};

/// The largest file taken: a hundred marks as long as they may be.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// What the hub made; “-” for what comes by standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The PDF to write [default: standard output]
    #[arg(long, value_name = "FILE.pdf")]
    out: Option<PathBuf>,
    /// Themes to use instead of the built-in ones [default: the folder that SIGNPOST_THEMES names, if any]
    #[arg(long, value_name = "DIR")]
    themes: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Ending {
    match made(options) {
        Ok(()) => Ending::Good,
        Err(error) => show::failure(error.as_ref()),
    }
}

fn made(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    let told = |why: io::Error| PaperError::Read { file: options.file.clone(), why: why.to_string() };
    let reader: Box<dyn io::Read> = if options.file.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(fs::File::open(&options.file).map_err(told)?)
    };
    reader.take(MOST_BYTES).read_to_end(&mut bytes).map_err(told)?;
    let themes = options.themes.clone().or_else(|| std::env::var_os("SIGNPOST_THEMES").map(PathBuf::from));
    let theme = themes.as_deref().map_or_else(Theme::embedded, Theme::from_folder)?;
    let paper = Paper::read(&bytes).map_err(PaperError::Damaged)?;
    let pdf = for_one::print(&paper, &theme)?;
    match &options.out {
        Some(out) => output::one_file(out, &pdf)?,
        None => io::stdout().lock().write_all(&pdf)?,
    }
    Ok(())
}
