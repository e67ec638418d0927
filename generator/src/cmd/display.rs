//! `signpost display`: a class's promise with everybody's mark, for the wall.

use clap::Args;
use records::display::ClassDisplay;

use super::{Ending, from_hub::FromHub, show};
use crate::print::display::{self, DisplayError, Size};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    made: FromHub,
    /// The size of the paper
    #[arg(long, value_enum, default_value = "a3")]
    paper: Size,
}

pub(super) fn run(options: &Options) -> Ending {
    match print(options) {
        Ok(()) => Ending::Good,
        Err(error) => show::failure(error.as_ref()),
    }
}

fn print(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let made = &options.made;
    let told = |why: std::io::Error| DisplayError::Read { file: made.file.clone(), why: why.to_string() };
    let bytes = made.read().map_err(told)?;
    let theme = made.theme()?;
    let class = ClassDisplay::read(&bytes).map_err(DisplayError::Damaged)?;
    made.write(&display::print(&class, &theme, options.paper)?)
}
