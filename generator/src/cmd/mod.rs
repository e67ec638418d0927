//! The `signpost` command line: each command is a thin file here.

mod build;
mod check;
#[cfg(feature = "print")]
mod display;
#[cfg(feature = "print")]
mod from_hub;
mod import;
mod letters;
mod new;
mod office;
#[cfg(feature = "print")]
mod paper;
mod permissions;
mod publish;
mod serve;
mod show;
mod stopwatch;
mod voice;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::{
    output,
    photographs::held::Held,
    theme::{Theme, ThemeError},
};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All is well.
    Good,
    /// Something has to be mended first.
    Errors,
}

impl Ending {
    /// The program's exit code; 2, for wrong usage, is given by the reading of the command line.
    pub const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Errors => 1,
        }
    }
}

/// A school's website, print and kiosk pack from one folder of text files.
///
/// Without a command it opens the office's page in the browser.
#[derive(Debug, Parser)]
#[command(name = "signpost", version, about, max_term_width = 96)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the office's page in the browser: make, edit, check and publish without a terminal
    Office(office::Options),
    /// Make a folder with a complete example school to edit
    New(new::Options),
    /// Bring in a policy or a guide from Word, OpenDocument or plain text
    Import(import::Options),
    /// Find everything that is wrong, and write nothing
    Check(check::Options),
    /// Check, then make the website and the kiosk pack
    Build(build::Options),
    /// Show the site on this computer as it is being written: a saved file is in the browser at once
    Serve(serve::Options),
    /// Make letters to families: one for each line of a list, as PDFs
    Letters(letters::Options),
    /// List what touchscreens say to children, and what of it has no recording
    Voice(voice::Options),
    /// Build for everyone to see, and remember the words of each agreement
    Publish(publish::Options),
    /// Make a class's promise with everybody's mark for the wall, from what the hub hands out
    #[cfg(feature = "print")]
    Display(display::Options),
    /// Make pages about one person for print, from what the hub hands out
    #[cfg(feature = "print")]
    Paper(paper::Options),
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What most commands share.
#[derive(Debug, Args)]
struct Common {
    /// The school's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    school: PathBuf,
    /// Themes to use instead of the built-in ones [default: the folder that SIGNPOST_THEMES names, if any]
    #[arg(long, value_name = "DIR")]
    themes: Option<PathBuf>,
    /// The day that the build is for, as in 2026-09-14 [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: Option<Date>,
    /// How to show what was found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Common {
    fn theme(&self) -> Result<Theme, ThemeError> {
        self.themes_folder().as_deref().map_or_else(Theme::embedded, Theme::from_folder)
    }

    fn themes_folder(&self) -> Option<PathBuf> {
        self.themes.clone().or_else(|| std::env::var_os("SIGNPOST_THEMES").map(PathBuf::from))
    }

    fn day(&self) -> Date {
        self.date.unwrap_or_else(|| jiff::Zoned::now().date())
    }

    /// What the build before in this folder holds of photographs.
    fn held(&self, out: &Path) -> Held {
        output::photographs(out)
    }

    fn out(&self, out: &Option<PathBuf>) -> PathBuf {
        out.clone().unwrap_or_else(|| self.school.join("out"))
    }
}

fn day(text: &str) -> Result<Date, String> {
    text.parse::<records::day::Day>().map(records::day::Day::date).map_err(|error| error.to_string())
}

/// Answers on this listener until the program is ended; `begin` is told the address once it does.
fn listen(
    listener: std::net::TcpListener,
    routes: axum::Router,
    begin: impl FnOnce(std::net::SocketAddr),
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        begin(address);
        axum::serve(listener, routes).await
    })
}

/// Runs the command that was asked for.
pub fn run(cli: &Cli) -> Ending {
    let Some(command) = &cli.command else { return office::run(&office::Options::default()) };
    match command {
        Command::Office(options) => office::run(options),
        Command::New(options) => new::run(options),
        Command::Import(options) => import::run(options),
        Command::Check(options) => check::run(options),
        Command::Build(options) => build::run(options),
        Command::Serve(options) => serve::run(options),
        Command::Letters(options) => letters::run(options),
        Command::Voice(options) => voice::run(options),
        Command::Publish(options) => publish::run(options),
        #[cfg(feature = "print")]
        Command::Display(options) => display::run(options),
        #[cfg(feature = "print")]
        Command::Paper(options) => paper::run(options),
    }
}
