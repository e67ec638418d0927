//! Figures against peers and limits.

pub mod pages;

/// The figure below which this part of all lies; `sorted` is in order and not empty.
pub fn percentile(sorted: &[f64], part: f64) -> f64 {
    let at = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
