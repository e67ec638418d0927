//! The `signpost-kiosk` program.

mod commands;

use std::{process::ExitCode, time::Instant};

use clap::Parser as _;
use rustix::process::{Resource, Rlimit, setrlimit};

use commands::Arguments;

fn main() -> ExitCode {
    let started = Instant::now();
    leave_no_core();
    match commands::execute(Arguments::parse(), started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("signpost-kiosk: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Should this program ever die of a fault, the system writes no copy of its memory to the disk:
/// names and a child’s mark may be in it.
fn leave_no_core() {
    // It may not be raised again. Where the system refuses, the program is no worse off than before.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
