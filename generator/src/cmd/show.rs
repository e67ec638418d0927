//! What the commands say, to people or to programs.

use std::{
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use super::{Ending, Format};
use crate::{build::Step, diagnostic::Report, tell};

/// Shows a report: findings go to the error stream for people, to the output for programs.
pub(super) fn report(report: &Report, format: Format) {
    match format {
        Format::Json => say(&tell::as_json(report)),
        Format::Text => {
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let _ = write!(std::io::stderr(), "{}", tell::as_text(report, colour));
        }
    }
}

/// One line of output. Whoever reads it may have gone; that is no fault.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// One line for people, when they are who reads.
pub(super) fn say_to_people(text: &str, format: Format) {
    if format == Format::Text && !text.is_empty() {
        say(text);
    }
}

/// What each step of a build took: a line for each, or one line of JSON, on the error stream.
pub(super) fn timings(steps: &[(Step, Duration)], format: Format) {
    let text = match format {
        Format::Json => {
            let steps =
                steps.iter().map(|(step, took)| (step.as_str().to_owned(), took.as_secs_f64().into()));
            let steps = serde_json::Value::Object(steps.collect());
            serde_json::json!({ "timings": steps }).to_string()
        }
        Format::Text => {
            let line =
                |(step, took): &(Step, Duration)| format!("{:>8.3} s  {}", took.as_secs_f64(), step.as_str());
            steps.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    };
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// How far something has come that takes a while. Told on the error stream: to somebody at a terminal on one
/// line that changes, to others a line at each tenth.
#[cfg(feature = "print")]
pub(super) struct Progress {
    of: usize,
    what: &'static str,
    format: Format,
    terminal: bool,
}

#[cfg(feature = "print")]
impl Progress {
    pub(super) fn of(of: usize, what: &'static str, format: Format) -> Self {
        Self { of, what, format, terminal: std::io::stderr().is_terminal() }
    }

    /// So many are done.
    pub(super) fn done(&self, done: usize) {
        let (of, what) = (self.of, self.what);
        let tenth = of.div_ceil(10).max(1);
        let told = done.is_multiple_of(tenth) || done == of;
        let mut to = std::io::stderr();
        let _ = match self.format {
            Format::Text if self.terminal => write!(to, "\r{done} of {of} {what}"),
            Format::Text if told => writeln!(to, "{done} of {of} {what}"),
            Format::Json if told => writeln!(to, "{{\"done\":{done},\"of\":{of}}}"),
            _ => Ok(()),
        };
    }

    /// It is over.
    pub(super) fn end(&self) {
        if self.terminal && self.format == Format::Text {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// A failure that is no fault of the content.
pub(super) fn failure(error: &dyn std::error::Error) -> Ending {
    let _ = writeln!(std::io::stderr(), "Error: {error}.");
    Ending::Errors
}
