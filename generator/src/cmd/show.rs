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

/// A failure that is no fault of the content.
pub(super) fn failure(error: &dyn std::error::Error) -> Ending {
    let _ = writeln!(std::io::stderr(), "Error: {error}.");
    Ending::Errors
}
