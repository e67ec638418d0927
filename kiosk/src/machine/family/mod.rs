//! Parents and carers: the code from their letter, what the school asks about each of their children, and what
//! they answer.
//!
//! All of a family lives in [`Visit`], which belongs to the screens of this way and is gone when they are left, by
//! whatever way that is. The key that opened it goes with it.

pub(super) mod aloud;
mod asked;
mod code;
mod controls;
mod kept;
mod press;
mod visit;

pub use asked::{Ask, Given, Item, Missing, Standing, asks_more, pages, questions};
pub use code::{CodeEntry, Told, Wait};
pub use kept::{Keeping, KeptDecision, OpenedFamily};
pub use press::{Reading, reading};
pub use visit::{At, Visit};

pub(crate) use controls::{answers, intro, standing};
pub(super) use controls::{at as controls_at, code as code_controls};
pub(super) use press::{in_another_language, press, saved};
