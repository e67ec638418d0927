//! The command line: a file for each command.

mod headless;
mod pair;
mod pin;
mod run;
mod sound;
mod status;
mod stick;
mod stuck;

use std::{error::Error, path::PathBuf, time::Instant};

use clap::{Args, Parser, Subcommand};
use kiosk::stick::Where;

/// Signpost on a classroom touchscreen.
#[derive(Debug, Parser)]
#[command(name = "signpost-kiosk", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Show,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the kiosk (this is done when no command is given).
    Run(run::Show),
    /// Pair this kiosk with the school's hub, by the one-time code that the hub shows.
    Pair(pair::Pairing),
    /// The same kiosk without a window, driven by JSON lines: for scripts and tests.
    Headless(headless::Headless),
    /// Set the staff PIN, which opens the teacher's panel. It is typed at the terminal.
    Pin(Data),
    /// Say what this machine plays sound on.
    Sound,
    /// Put what waits onto a USB stick, or bring back what the hub has put there. Not while the kiosk runs: staff do it in
    /// the teacher's panel then.
    #[command(subcommand)]
    Stick(stick::Stick),
    /// Say how many records wait and when the hub last answered. It names nobody.
    Status(Data),
}

/// Where a kiosk keeps what it has.
#[derive(Debug, Args)]
struct Data {
    /// The folder in which this kiosk keeps its keys, its pack and what waits for the hub.
    #[arg(long, value_name = "DIR", default_value = "kiosk-data")]
    data: PathBuf,
}

/// Where sticks are.
#[derive(Debug, Args)]
struct Sticks {
    /// Where a USB stick is mounted. Without this, what is plugged in is looked for below /media and /run/media.
    #[arg(long, value_name = "DIR")]
    stick: Option<PathBuf>,
}

impl Sticks {
    fn place(&self) -> Where {
        Where { named: self.stick.clone() }
    }
}

pub(crate) fn execute(arguments: Arguments, started: Instant) -> Result<(), Box<dyn Error>> {
    match arguments.command {
        None => run::execute(&arguments.run, started),
        Some(Command::Run(arguments)) => run::execute(&arguments, started),
        Some(Command::Pair(arguments)) => pair::execute(&arguments),
        Some(Command::Headless(arguments)) => headless::execute(&arguments),
        Some(Command::Pin(data)) => pin::execute(&data),
        Some(Command::Sound) => sound::execute(),
        Some(Command::Stick(command)) => stick::execute(&command),
        Some(Command::Status(data)) => status::execute(&data),
    }
}
