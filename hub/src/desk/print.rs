//! Printing: what is to be printed goes to `signpost` through a pipe, and a PDF comes back, or a zip of some.
//!
//! `signpost` is another process, so the hub is built without the print engine, and a fault in a print cannot
//! touch the database. Nothing of it is written to a disk on the way.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long prints may take that nobody's page waits for: three hundred letters take some seconds.
pub(super) const BESIDE_THE_PAGES: Duration = Duration::from_secs(300);
/// How long all prints of one page may take. Browsers give an answer five minutes, and the listener somewhat less
/// ([`Limits::answer`](crate::tls::listener::Limits)): before either, whoever waits is told why there is none.
pub(super) const AT_A_PAGE: Duration = Duration::from_secs(210);
/// What a zip begins with.
pub(super) const ZIP: &[u8] = b"PK";
/// How often it is looked whether the print is done.
const LOOK: Duration = Duration::from_millis(20);

/// Why there is no print.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrintError {
    #[error("the program signpost is not beside signpost-hub: {0}")]
    NotThere(std::io::Error),
    #[error("signpost did not end within the time that there is for it")]
    TooSlow,
    #[error("{0}")]
    Refused(String),
}

/// The program that prints: beside this one.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.with_file_name(format!("signpost{}", std::env::consts::EXE_SUFFIX))
}

/// By when the prints of a page that is asked for now have to be there.
pub(super) fn of_a_page() -> Instant {
    Instant::now() + AT_A_PAGE
}

/// Runs `signpost` with these arguments, gives it what it reads, and takes what it prints, until `end` at the latest.
///
/// # Errors
/// [`PrintError`].
pub(super) fn printed(arguments: &[&str], file: Vec<u8>, end: Instant) -> Result<Vec<u8>, PrintError> {
    let ran = ran(arguments, file, end)?;
    if ran.good && [&b"%PDF"[..], ZIP].iter().any(|kind| ran.printed.starts_with(kind)) {
        return Ok(ran.printed);
    }
    Err(PrintError::Refused(ran.said()))
}

/// What a program came to.
#[derive(Debug)]
pub(super) struct Ran {
    /// Whether it ended well.
    pub(super) good: bool,
    /// What it gave out.
    pub(super) printed: Vec<u8>,
    told: Vec<u8>,
}

impl Ran {
    /// What it told people, as the end of a sentence.
    pub(super) fn said(&self) -> String {
        let said = String::from_utf8_lossy(&self.told);
        said.trim().trim_start_matches("Error: ").trim_end_matches('.').to_owned()
    }
}

/// Runs `signpost` with these arguments, gives it what it reads, and waits for its end, until `end` at the latest.
///
/// # Errors
/// [`PrintError`], but for [`PrintError::Refused`] where it ended badly.
pub(super) fn ran(arguments: &[&str], file: Vec<u8>, end: Instant) -> Result<Ran, PrintError> {
    run(&program(), arguments, file, end)
}

fn run(program: &Path, arguments: &[&str], file: Vec<u8>, end: Instant) -> Result<Ran, PrintError> {
    let mut child = Command::new(program)
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
    let ended = ended(&mut child, end);
    let _ = writer.join();
    let printed = reader.join().unwrap_or_default();
    let told = listener.join().unwrap_or_default();
    Ok(Ran { good: ended?, printed, told })
}

fn all(mut from: impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    bytes
}

/// Waits for the program's end; whether it ended well.
fn ended(child: &mut Child, end: Instant) -> Result<bool, PrintError> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if Instant::now() < end => thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(PrintError::TooSlow);
            }
            Err(why) => return Err(PrintError::NotThere(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::listener::Limits;

    #[test]
    fn a_page_that_waits_for_a_print_is_answered_before_its_connection_is_cut() {
        assert!(AT_A_PAGE + Duration::from_secs(30) <= Limits::default().answer);
        let began = Instant::now();
        let end = began + Duration::from_millis(200);
        let never = run(Path::new("sleep"), &["60"], Vec::new(), end);
        assert!(matches!(never, Err(PrintError::TooSlow)), "{never:?}");
        assert!(began.elapsed() < Duration::from_secs(20), "the program is ended too");
    }
}
