//! Registers: what their entries come to. No clock, no disk, no database.
//!
//! 1. [`rights`]: who may write, read, decide and sign off which register.
//! 2. [`answers`]: what somebody typed, as answers to the form's questions, or what is wrong with it.
//! 3. [`entry`]: an entry with all that was added to it: what it says now, what is still open, what is due.
//! 4. [`cycle`]: by which day a register has to be signed off.
//! 5. [`figures`]: how many there are, for those who may know no more.

pub mod answers;
pub mod cycle;
pub mod entry;
pub mod figures;
pub mod rights;
