//! Lets a program live some days ahead, where a test cannot wait for tomorrow: compiles `clock/days_ahead.c` and loads it
//! into the program.

use std::io;
use std::process::Command;

use crate::preload::Preload;

const SOURCE: &str = include_str!("../clock/days_ahead.c");

/// The compiled clock. It lives as long as this.
#[derive(Debug)]
pub struct DaysAhead(Preload);

impl DaysAhead {
    /// Compiles it.
    ///
    /// # Errors
    /// If there is no C compiler (`apt install gcc libc6-dev`), or it does not compile.
    pub fn new() -> io::Result<Self> {
        Preload::compile(SOURCE).map(Self)
    }

    /// `command` will think that it is so many days later.
    pub fn attach(&self, command: &mut Command, days: u32) {
        self.attach_minutes(command, days * 24 * 60);
    }

    /// `command` will think that it is so many minutes later.
    pub fn attach_minutes(&self, command: &mut Command, minutes: u32) {
        self.0.attach(command);
        command.env("MINUTES_AHEAD", minutes.to_string());
    }
}
