//! The hub as its users meet it: real files, real sockets, real processes.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic, and its name says what it is for")]

mod adult_consent;
mod backups;
mod batches;
mod browser;
mod calls;
mod consents;
mod desk;
mod doors;
mod figures;
mod folders;
mod held;
mod kept_registers;
mod killed;
mod kiosk;
mod list_layouts;
mod lists;
mod lists_undone;
mod pairing;
mod people;
mod processing;
mod program;
mod published;
mod publishing;
mod registers;
mod report_form;
mod report_work;
mod restored;
mod restrictions;
mod retention;
mod safeguarding;
mod school;
mod second_steps;
mod sticks;
mod unopened;
