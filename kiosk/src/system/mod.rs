//! What each system does in its own way: whose a file is, how much room a disk has, what is plugged in, the clock that
//! goes on while a computer sleeps, memory that stays this program's own, and the screen's real size.
//!
//! Everything else is the same on any system. What is tried is Linux; where another has nothing of the kind, each says
//! what is done instead.

mod clock;
mod disk;
mod memory;
mod own_files;
mod plugged_in;
mod screen;

pub(crate) use clock::since_boot;
pub(crate) use disk::{Trouble, are_one_disk, forget, free, sync_whole};
pub use memory::keep_private;
pub(crate) use own_files::{create_folder, own};
pub(crate) use plugged_in::plugged_in;
pub use screen::{as_x11, millimetres_per_pixel};
