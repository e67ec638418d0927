//! Where the passphrase comes from: a file, the environment, systemd, or the terminal.

use std::{
    env, fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::keyfile::{KeyFileError, RecoveryKey, Secret};

/// Names the file that holds the passphrase.
pub const VARIABLE: &str = "SIGNPOST_HUB_PASSPHRASE_FILE";
/// The name of the systemd credential.
pub const CREDENTIAL: &str = "hub-passphrase";

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// A file that was named cannot be read.
    #[error("cannot read the passphrase from {path}: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// Nobody to ask.
    #[error(
        "the hub needs its passphrase, and there is no terminal to ask at. Use --passphrase-file FILE, the variable {VARIABLE}, or a systemd credential named {CREDENTIAL}"
    )]
    NobodyToAsk,
    /// Typed twice, differently.
    #[error("the two passphrases differ; nothing was made. Try again")]
    Differ,
    /// Not a recovery key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The terminal failed.
    #[error("cannot read from the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// The secret that opens an existing hub.
///
/// # Errors
/// [`PassphraseError`].
pub fn to_open(file: Option<&Path>, recovery: Option<&Path>) -> Result<Secret, PassphraseError> {
    if let Some(path) = recovery {
        return Ok(Secret::Recovery(RecoveryKey::typed(&read(path)?)?));
    }
    let text = match given(file)? {
        Some(text) => text,
        None => ask("Passphrase of the hub: ")?,
    };
    Ok(Secret::Passphrase(text))
}

/// The passphrase for a new hub.
///
/// # Errors
/// [`PassphraseError`].
pub fn to_choose(file: Option<&Path>) -> Result<Zeroizing<String>, PassphraseError> {
    match given(file)? {
        Some(text) => Ok(text),
        None => ask_twice(),
    }
}

/// A new passphrase for an old hub: from this file or the terminal, never where the old one comes from.
///
/// # Errors
/// [`PassphraseError`].
pub fn to_change(file: Option<&Path>) -> Result<Zeroizing<String>, PassphraseError> {
    file.map_or_else(ask_twice, read)
}

fn ask_twice() -> Result<Zeroizing<String>, PassphraseError> {
    let first = ask("Choose a passphrase for the hub (four words that do not belong together): ")?;
    if first == ask("The same again: ")? { Ok(first) } else { Err(PassphraseError::Differ) }
}

fn given(file: Option<&Path>) -> Result<Option<Zeroizing<String>>, PassphraseError> {
    let credential = || env::var_os("CREDENTIALS_DIRECTORY").map(|d| PathBuf::from(d).join(CREDENTIAL));
    let path = file
        .map(Path::to_owned)
        .or_else(|| env::var_os(VARIABLE).map(PathBuf::from))
        .or_else(|| credential().filter(|path| path.exists()));
    path.map(|path| read(&path)).transpose()
}

fn read(path: &Path) -> Result<Zeroizing<String>, PassphraseError> {
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|why| PassphraseError::File { path: path.to_owned(), why })?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Asks without showing what is typed.
fn ask(question: &str) -> Result<Zeroizing<String>, PassphraseError> {
    let input = io::stdin();
    if !input.is_terminal() {
        return Err(PassphraseError::NobodyToAsk);
    }
    eprint!("{question}");
    io::stderr().flush()?;
    let shown = tcgetattr(&input).map_err(io::Error::from)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &hidden).map_err(io::Error::from)?;
    let mut line = Zeroizing::new(String::new());
    let answer = input.lock().read_line(&mut line);
    tcsetattr(&input, OptionalActions::Flush, &shown).map_err(io::Error::from)?;
    eprintln!();
    answer?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
