//! The commands. Results go to standard output, everything else to standard error; the exit code is
//! 0, 1 if something was refused or failed, 2 for wrong usage.

use std::{fs::File, io, path::PathBuf, process};

use clap::{Parser, Subcommand};
use hub::{
    backup::BackupError,
    clock::Clock,
    folder::Folder,
    hub::{Hub, HubError},
    keyfile::Secret,
    passphrase::{self, PassphraseError},
    serve::ServeError,
    store::{StoreError, accounts::AccountError, packs::PublishError, people::ImportError},
};
use records::{container::ContainerError, day::Moment};

mod account;
mod audit;
mod backup;
mod consent;
mod families;
mod init;
mod kiosks;
mod mail;
mod pair;
mod passphrase_change;
mod publish;
mod restore;
mod roster;
mod serve;
mod stick;
mod strike_off;

/// The school's own database and desk.
#[derive(Debug, Parser)]
#[command(name = "signpost-hub", version, arg_required_else_help = true)]
struct Arguments {
    /// A file that holds the passphrase (else $SIGNPOST_HUB_PASSPHRASE_FILE, the systemd credential
    /// hub-passphrase, or the terminal)
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// A file that holds the printed recovery key, to open the hub without its passphrase
    #[arg(long, global = true, value_name = "FILE")]
    recovery_key_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new hub
    Init(init::Init),
    /// Serve the desk and the kiosks until told to stop
    Serve(serve::Serve),
    /// Show a one-time code for pairing a kiosk
    Pair(pair::Pair),
    /// Publish a pack that `signpost build` made
    Publish(publish::Publish),
    /// Lists of people
    #[command(subcommand)]
    Roster(roster::Roster),
    /// Families: who decides for which pupils, and their codes
    #[command(subcommand)]
    Families(families::Families),
    /// What families have answered
    #[command(subcommand)]
    Consent(consent::Consent),
    /// Accounts of the desk
    #[command(subcommand)]
    Account(account::Account),
    /// The log of who did what
    #[command(subcommand)]
    Audit(audit::Audit),
    /// List the kiosks
    Kiosks(kiosks::Kiosks),
    /// Take what kiosks have put on a USB stick, and put on it what goes back to them
    Stick(stick::Stick),
    /// Write to everybody whom the hub would write to, to see whether it arrives
    Mail(mail::Mail),
    /// Refuse a kiosk from now on
    StrikeOff(strike_off::StrikeOff),
    /// Make a backup, and put it back into a scratch place to try it
    Backup(backup::Backup),
    /// Put a backup back, into an empty folder
    Restore(restore::Restore),
    /// Choose another passphrase
    Passphrase(passphrase_change::Change),
}

/// The data folder.
#[derive(Debug, clap::Args)]
struct Data {
    /// The hub's data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// What opens the hub, as the command line says.
#[derive(Debug)]
struct Opening {
    passphrase: Option<PathBuf>,
    recovery: Option<PathBuf>,
}

impl Opening {
    fn secret(&self) -> Result<Secret, PassphraseError> {
        passphrase::to_open(self.passphrase.as_deref(), self.recovery.as_deref())
    }
    fn hub(&self, data: &Data) -> Result<Hub, Problem> {
        let folder = Folder::new(&data.data);
        folder.check().map_err(HubError::from)?;
        Ok(Hub::open(&folder, &self.secret()?, Clock::system())?)
    }
    /// For whoever has the lock of the folder.
    fn hub_to_serve(&self, folder: &Folder, lock: &File) -> Result<Hub, Problem> {
        Ok(Hub::open_to_serve(folder, &self.secret()?, Clock::system(), lock)?)
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Hub(#[from] HubError),
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("{0}: {1}")]
    Draft(PathBuf, ContainerError),
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, io::Error),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    #[error("{0}")]
    Told(String),
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|why| Problem::Read(path.clone(), why))
}

/// A moment as lists show it.
fn time(moment: Option<Moment>) -> String {
    let stamp = moment.and_then(|moment| jiff::Timestamp::from_second(moment.0).ok());
    stamp.map_or_else(|| "never".to_owned(), |stamp| stamp.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Reads the arguments and runs the command.
pub(crate) fn run() -> Result<(), impl std::error::Error> {
    let arguments = Arguments::parse();
    let opening = Opening { passphrase: arguments.passphrase_file, recovery: arguments.recovery_key_file };
    let done = match arguments.command {
        Command::Init(command) => command.run(&opening),
        Command::Serve(command) => command.run(&opening),
        Command::Pair(command) => command.run(&opening),
        Command::Publish(command) => command.run(&opening),
        Command::Roster(command) => command.run(&opening),
        Command::Families(command) => command.run(&opening),
        Command::Consent(command) => command.run(&opening),
        Command::Account(command) => command.run(&opening),
        Command::Audit(command) => command.run(&opening),
        Command::Kiosks(command) => command.run(&opening),
        Command::Stick(command) => command.run(&opening),
        Command::Mail(command) => command.run(),
        Command::StrikeOff(command) => command.run(&opening),
        Command::Backup(command) => command.run(&opening),
        Command::Restore(command) => command.run(&opening),
        Command::Passphrase(command) => command.run(&opening),
    };
    match done {
        // Whoever read the output has gone: there is nobody to tell.
        Err(Problem::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => process::exit(0),
        other => other,
    }
}
