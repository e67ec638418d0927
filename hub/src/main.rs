//! The `signpost-hub` program.

use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

mod cmd;

fn main() -> ExitCode {
    leave_no_core();
    match cmd::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("signpost-hub: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Should this program ever die of a fault, the system writes no copy of its memory to the disk:
/// the keys are in it.
fn leave_no_core() {
    // It may not be raised again. Where the system refuses, the program is no worse off than before.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
