//! Retention: what has reached its end goes, by the school's own rules, and stays gone.
//!
//! 1. [`due`]: what is due, and whether anything may go yet. Pure.
//! 2. [`running`]: daily, beside a hub that serves.
//!
//! What goes leaves a tombstone with its random id in the database, and beside the backups ([`crate::backup::erased`]):
//! a kiosk that delivers it late, or a backup from before, does not bring it back.

pub mod due;
pub mod running;
