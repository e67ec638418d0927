//! `signpost paper`: what the hub has printed about one person.

use clap::Args;
use records::paper::Paper;

use super::{Ending, from_hub::FromHub, show};
use crate::print::for_one::{self, PaperError};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    made: FromHub,
}

pub(super) fn run(options: &Options) -> Ending {
    match print(options) {
        Ok(()) => Ending::Good,
        Err(error) => show::failure(error.as_ref()),
    }
}

fn print(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let made = &options.made;
    let told = |why: std::io::Error| PaperError::Read { file: made.file.clone(), why: why.to_string() };
    let bytes = made.read().map_err(told)?;
    let theme = made.theme()?;
    let paper = Paper::read(&bytes).map_err(PaperError::Damaged)?;
    made.write(&for_one::print(&paper, &theme)?)
}
