//! Simulated power cuts.
//!
//! 1. A [`Recorder`] is attached to a program and notes every write, sync and change of name under one
//!    folder, and the moments at which the program acknowledged something (a line on standard output, or
//!    a [`Recorder::mark`] by a test that spoke to it over the network).
//! 2. [`run`] replays the [`Recording`] on a model of a disk up to a cut point, lets chance decide what
//!    of the unsynced rest survives, and writes that into a scratch folder.
//! 3. The test's own check opens the folder as the real program would and says what it finds there.
//!
//! ```no_run
//! use std::collections::BTreeSet;
//! use std::process::Command;
//! use std::time::Duration;
//! use tests::power_cut::{self, Cuts, Recorder};
//! use tests::process::{Process, our_program, scratch_folder};
//!
//! # fn ids_in_the_outbox(_: &std::path::Path) -> Result<BTreeSet<String>, String> { Ok(BTreeSet::new()) }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let data = scratch_folder()?;
//! let recorder = Recorder::of(data.path())?;
//! let mut command = Command::new(our_program("signpost-kiosk", "kiosk")?);
//! command.arg("--data").arg(data.path());
//! recorder.attach(&mut command);
//! let mut kiosk = Process::start(command)?;
//! kiosk.say("sign Ada")?;
//! kiosk.wait_for("thanks", Duration::from_secs(10), |line| line.strip_prefix("thanked ").map(drop))?;
//! kiosk.say_no_more();
//! kiosk.wait(Duration::from_secs(10))?;
//!
//! let recording = recorder.finish()?;
//! let thanked = recording.acknowledgements(|line| line.strip_prefix("thanked ").map(str::to_owned));
//! power_cut::run(&recording, &thanked, Cuts { seed: 1, count: 200 }, |data| ids_in_the_outbox(data))
//!     .assert_nothing_lost();
//! # Ok(())
//! # }
//! ```
//!
//! Whatever was acknowledged before a cut has to be found after it. What is assumed about disks stands in
//! `disk.rs`; how the recorder works and what it cannot see, in `power-cut/recorder.c`.

mod disk;
mod file;
mod log;
mod normal;
mod recorder;
mod replay;
mod snapshot;

pub use disk::DiskError;
pub use log::{Call, Event, LogError};
pub use recorder::{Acknowledgement, RecordError, Recorder, Recording};
pub use replay::{Cuts, Outcome, Trouble, run};
