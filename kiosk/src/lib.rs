//! The classroom touchscreen.
//!
//! 1. [`machine`]: what the kiosk does, as a pure function of state and event.
//! 2. [`folder`], [`outbox`], [`families`], [`report_box`], [`slowing`], [`storage`]: what it keeps on the disk, and the thread that does so.
//! 3. [`sync`]: how it speaks to the hub, on a thread of its own; [`stick`]: the same by USB stick.
//! 4. [`sound`]: how it speaks to children, on a thread of its own.
//! 5. [`running`]: machine, storage and sync together, without a window.
//! 6. [`look`], [`screens`], [`window`]: how it is painted.
//! 7. [`system`]: what Linux does in its own way.

pub mod families;
pub mod folder;
pub mod look;
pub mod machine;
pub mod outbox;
pub mod report_box;
pub mod running;
pub mod screens;
pub mod slowing;
pub mod sound;
pub mod stick;
pub mod storage;
pub mod sync;
pub mod system;
mod waking;
pub mod window;
