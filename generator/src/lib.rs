//! A school's Markdown to its website and its kiosk pack.
//!
//! 1. [`load`] reads the folder into memory and parses each page once.
//! 2. [`photographs`] makes small what is to be shown, and [`check`] finds everything that is wrong, each with its place and a mend.
//! 3. [`mod@print`] makes PDFs of pages; [`site`] and [`pack`] draw; they read the loaded school and nothing else.
//! 4. [`output`] swaps the result in whole, so that a failed build leaves the old one standing.
//!
//! [`build`] runs the four; [`cmd`] is the `signpost` command line around it.

pub mod agreement;
pub mod build;
pub mod check;
pub mod cmd;
pub mod diagnostic;
mod flowcharts;
pub mod import;
mod kept_from_hub;
pub mod letters;
pub mod load;
pub mod look;
pub mod office;
pub mod output;
pub mod outside;
pub mod pack;
pub mod photographs;
pub mod policy;
pub mod preview;
pub mod print;
pub mod publish;
pub mod search;
pub mod site;
pub mod source;
mod staff_pages;
pub mod surveys;
pub mod tell;
pub mod telling;
pub mod theme;
pub mod told;
pub mod unchanged;
pub mod voice;
