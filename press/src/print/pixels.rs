//! Pages as pixels: for screens, and to be looked at in tests.

use std::io::Cursor;

use image::{
    ColorType, ImageEncoder as _,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use typst::utils::Scalar;
use typst_layout::{Page, PagedDocument};
use typst_render::{RenderOptions, render};

use super::Fault;

/// Points in an inch.
const POINTS: f64 = 72.0;

/// Each page as a PNG of so many dots an inch.
pub(super) fn all(laid_out: &PagedDocument, dots: f64) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
    laid_out.pages().iter().map(|page| png(page, dots / POINTS)).collect()
}

/// A page as a PNG of so many pixels a point, without a see-through part: a page has a ground of its own.
pub(super) fn png(page: &Page, pixels: f64) -> Result<Vec<u8>, Vec<Fault>> {
    let options = RenderOptions { pixel_per_pt: Scalar::new(pixels), render_bleed: false };
    let drawn = render(page, &options);
    let colours: Vec<u8> =
        drawn.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Cursor::new(Vec::new());
    // Large even grounds: the slow way takes a third of the room, and a screen's picture is made once.
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(&colours, drawn.width(), drawn.height(), ColorType::Rgb8.into())
        .map_err(|why| vec![Fault::Refused { at: None, why: why.to_string() }])?;
    Ok(bytes.into_inner())
}
