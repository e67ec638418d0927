//! Tools for journeys across the crates: real processes, a real browser, and the faults that a school's
//! machines meet.
//!
//! - [`process`] starts our own programs, reads what they say, ends them.
//! - [`kill`] ends a program at random points and starts it again, as a child with a plug does.
//! - [`lossy`] is a bad line: it cuts connections, delays, and keeps answers back.
//! - [`power_cut`] records what a program asks of the disk and replays power cuts from it.
//! - [`forensic`] looks for traces of a report in a program's calls, on its disk, in its memory.
//! - [`days_ahead`] lets a program live on another day.
//! - [`full_disk`] leaves no room for a program's writes, from one of them on.
//! - [`trace`] checks that recording against a trace of system calls.
//! - [`browser`] opens pages in a real Chromium and tells what it asked for and complained of.
//! - [`accessibility`] asks axe-core and html-validate what is wrong with pages; [`keyboard`] goes through them
//!   by keyboard alone; [`sight`] fills in, presses and looks; [`hand`] is somebody who does all of it at the desk.
//! - [`school`] runs a whole school: site, hub, kiosks; [`child`] signs there, and [`desk`] reads the register.
//! - [`screen`] is a display with mouse and keyboard for windows that nobody sees.
//!
//! Whatever is random comes from [`chance`] and one seed, which every failure names.

pub mod accessibility;
pub mod browser;
pub mod chance;
pub mod child;
pub mod days_ahead;
pub mod desk;
pub mod forensic;
pub mod full_disk;
pub mod hand;
pub mod keyboard;
pub mod kill;
pub mod lossy;
pub mod phone;
pub mod power_cut;
mod preload;
pub mod process;
pub mod school;
pub mod screen;
pub mod sight;
pub mod trace;
