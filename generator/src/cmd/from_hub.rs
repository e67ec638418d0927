//! What the commands have in common that print something which the hub made: a file or standard input in, a PDF out.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::PathBuf,
};

use clap::Args;

use crate::{
    output,
    theme::{Theme, ThemeError},
};

/// The largest file taken: a hundred marks as long as they may be.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct FromHub {
    /// What the hub made; “-” for what comes by standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The PDF to write [default: standard output]
    #[arg(long, value_name = "FILE.pdf")]
    out: Option<PathBuf>,
    /// Themes to use instead of the built-in ones [default: the folder that SIGNPOST_THEMES names, if any]
    #[arg(long, value_name = "DIR")]
    themes: Option<PathBuf>,
}

impl FromHub {
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let reader: Box<dyn io::Read> = if self.file.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            Box::new(fs::File::open(&self.file)?)
        };
        reader.take(MOST_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn theme(&self) -> Result<Theme, ThemeError> {
        let themes = self.themes.clone().or_else(|| std::env::var_os("SIGNPOST_THEMES").map(PathBuf::from));
        themes.as_deref().map_or_else(Theme::embedded, Theme::from_folder)
    }

    pub(super) fn write(&self, pdf: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
        match self.out.as_deref() {
            Some(out) => output::one_file(out, pdf)?,
            None => io::stdout().lock().write_all(pdf)?,
        }
        Ok(())
    }
}
