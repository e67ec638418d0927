//! The `signpost` program.

use std::process::ExitCode;

use clap::Parser as _;
use generator::cmd::{self, Cli};

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    ExitCode::from(cmd::run(&cli).code())
}
