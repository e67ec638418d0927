//! Printing: what is to be printed goes to `signpost` through a pipe, and a PDF comes back, or a zip of some.
//!
//! `signpost` is another process, so the hub is built without the print engine, and a fault in a print cannot
//! touch the database. Nothing of it is written to a disk on the way.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a print may take: three hundred letters take some seconds.
const PATIENCE: Duration = Duration::from_secs(300);
/// What a zip begins with.
pub(super) const ZIP: &[u8] = b"PK";
/// How often it is looked whether the print is done.
const LOOK: Duration = Duration::from_millis(20);

/// Why there is no print.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrintError {
    #[error("the program signpost is not beside signpost-hub: {0}")]
    NotThere(std::io::Error),
    #[error("signpost did not end within {} s", PATIENCE.as_secs())]
    TooSlow,
    #[error("{0}")]
    Refused(String),
}

/// The program that prints: beside this one.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.with_file_name(format!("signpost{}", std::env::consts::EXE_SUFFIX))
}

/// Runs `signpost` with these arguments, gives it what it reads, and takes what it prints.
///
/// # Errors
/// [`PrintError`].
pub(super) fn printed(arguments: &[&str], file: Vec<u8>) -> Result<Vec<u8>, PrintError> {
    let mut child = Command::new(program())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(PrintError::NotThere)?;
    let (Some(mut to), Some(from), Some(said)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(PrintError::Refused("it cannot be spoken to".into()));
    };
    // A program that ends early leaves the rest unread; what it said tells why.
    let writer = thread::spawn(move || drop(to.write_all(&file)));
    let reader = thread::spawn(move || all(from));
    let listener = thread::spawn(move || all(said));
    let ended = ended(&mut child);
    let _ = writer.join();
    let printed = reader.join().unwrap_or_default();
    let said = listener.join().unwrap_or_default();
    if ended? && [&b"%PDF"[..], ZIP].iter().any(|kind| printed.starts_with(kind)) {
        return Ok(printed);
    }
    let said = String::from_utf8_lossy(&said);
    let said = said.trim().trim_start_matches("Error: ").trim_end_matches('.');
    Err(PrintError::Refused(said.to_owned()))
}

fn all(mut from: impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    bytes
}

/// Waits for the program's end; whether it ended well.
fn ended(child: &mut Child) -> Result<bool, PrintError> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if began.elapsed() < PATIENCE => thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(PrintError::TooSlow);
            }
            Err(why) => return Err(PrintError::NotThere(why)),
        }
    }
}
