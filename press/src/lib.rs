//! Typed documents to print and pictures: QR codes and symbols.
//!
//! - [`qr`] draws an address as a QR code, for paper and for screens.
//! - [`picture`] judges an SVG drawing and turns it into pixels.
//! - [`chart`] draws a flowchart.
//! - [`mod@print`] typesets documents as PDFs that everybody can read (feature `print`).
//! - [`photograph`] makes a photograph upright, small and silent about where it was taken.
//!
//! All are pure: text and bytes go in, text and bytes come out.

pub mod chart;
pub mod photograph;
pub mod picture;
#[cfg(feature = "print")]
pub mod print;
pub mod qr;
