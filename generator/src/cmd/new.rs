//! `signpost new`

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Ending, show};
use crate::theme;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum NewError {
    #[error("{} is there already and is not empty; name a folder that is not there yet", .0.display())]
    Taken(PathBuf),
    #[error("{} cannot be written: {why}", .file.display())]
    Refused { file: PathBuf, why: io::Error },
}

pub(super) fn run(options: &Options) -> Ending {
    match copy(&options.folder) {
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

fn copy(folder: &Path) -> Result<usize, NewError> {
    let taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(why) => why.kind() != io::ErrorKind::NotFound,
    };
    if taken {
        return Err(NewError::Taken(folder.to_owned()));
    }
    let mut files = 0;
    for (path, bytes) in theme::model_school() {
        let file = folder.join(path);
        let refused = |why| NewError::Refused { file: file.clone(), why };
        fs::create_dir_all(file.parent().unwrap_or(folder)).map_err(refused)?;
        fs::write(&file, bytes).map_err(refused)?;
        files += 1;
    }
    Ok(files)
}
