//! The generator as its users meet it: whole schools in, sites and messages out.
//!
//! To add a test: copy a school into a [`workshop`], change what it is about, build or check, and say
//! what a reader or the office would notice. A new kind of fault belongs in `bad-school/` and in the
//! list in `bad_content.rs`; `INSTA_UPDATE=always cargo test -p generator --test all` renews its snapshots.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod any_input;
mod bad_content;
#[cfg(feature = "print")]
mod bundle;
mod careless_content;
#[cfg(feature = "print")]
mod class_display;
mod command;
mod consent;
mod consent_forms;
mod coverage;
mod faults;
mod for_one;
mod form_translations;
#[cfg(feature = "print")]
mod letters;
mod look;
#[cfg(feature = "print")]
mod looks;
mod model_school;
mod names;
mod outside;
mod pack;
mod photographs;
#[cfg(feature = "print")]
mod posters;
mod preview;
#[cfg(feature = "print")]
mod printed;
mod readers;
mod registers;
mod resting;
mod retention;
mod rules;
#[cfg(feature = "print")]
mod scenarios;
mod sheets_to_sign;
mod silence;
mod site;
mod stick;
mod surveys;
mod swap;
mod telling;
#[cfg(feature = "print")]
mod translated_prints;
mod translations;
mod unchanged;
mod versions;
mod voice;
mod workshop;
