//! The `signpost-hub` program.

use std::process::ExitCode;

mod cmd;
mod own_memory;

fn main() -> ExitCode {
    own_memory::keep_private();
    match cmd::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("signpost-hub: {problem}");
            ExitCode::FAILURE
        }
    }
}
