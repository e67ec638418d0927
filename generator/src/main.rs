//! The `signpost` program.

use std::process::ExitCode;

use clap::Parser as _;
use generator::cmd::{self, Cli};

fn main() -> ExitCode {
    let cli = Cli::parse();
    ExitCode::from(cmd::run(&cli).code())
}
