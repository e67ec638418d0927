//! `signpost new`

use std::path::PathBuf;

use clap::Args;

use super::{Ending, show};
use crate::office;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(options: &Options) -> Ending {
    match office::make_school(&options.folder, None) {
        Ok(files) => {
            let folder = options.folder.display();
            show::say(&format!("Made {folder} with {files} files of an example school."));
            show::say("Put your own school’s words in, beginning with school.toml. Then, to see the pages:");
            show::say(&format!("  signpost serve --school {folder}"));
            Ending::Good
        }
        Err(error) => show::failure(&error),
    }
}
