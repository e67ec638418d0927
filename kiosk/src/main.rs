//! The `signpost-kiosk` program.

mod commands;
mod own_memory;

use std::{process::ExitCode, time::Instant};

use clap::Parser as _;
use commands::Arguments;

fn main() -> ExitCode {
    let started = Instant::now();
    kiosk::system::keep_private();
    match commands::execute(Arguments::parse(), started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("signpost-kiosk: {error}");
            ExitCode::FAILURE
        }
    }
}
