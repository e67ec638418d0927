//! Drawings: an SVG is judged before anything shows it, and drawn as pixels
//! where a browser or a kiosk wants those.

use image::{ImageFormat, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, roxmltree};

/// The largest drawing taken, in bytes. A symbol has a few thousand.
pub const MOST_BYTES: usize = 512 * 1024;
/// Groups within groups; more than this is no drawing but a trap.
const DEEPEST: usize = 48;
/// Elements of a drawing; a rich symbol has some dozens.
const MOST_ELEMENTS: usize = 5_000;

/// Why a drawing cannot be used. The text says what is wrong in plain words.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PictureError {
    /// Not text at all.
    #[error("it is not text in UTF-8, so it is no SVG drawing")]
    NotText,
    /// Over [`MOST_BYTES`], too many elements, or nested too deep.
    #[error("it is too large or too intricate: {0}")]
    TooMuch(String),
    /// The XML does not parse; line and column count from 1.
    #[error("it is broken: {message}")]
    Broken {
        /// What the parser met.
        message: String,
        /// Line in the drawing's text, from 1.
        line: usize,
        /// Column in that line, in characters from 1.
        column: usize,
    },
    /// The file's outermost element is not `<svg>`.
    #[error("its outermost element is <{0}>, not <svg>")]
    NotSvg(String),
    /// Something that would run, call out, or need a font.
    #[error("it holds {0}, which a picture here may not")]
    Forbidden(String),
    /// It has no `viewBox` and so cannot be drawn in another size.
    #[error("it has no viewBox, so it cannot be shown in other sizes")]
    NoViewBox,
    /// It parses, but cannot be drawn.
    #[error("it cannot be drawn: {0}")]
    Undrawable(String),
}

/// Judges a drawing without rasterising it: well-formed, an `<svg>` with a
/// `viewBox`, no scripts, no links or pictures from elsewhere, no text (which
/// would need a font and could not be translated).
///
/// # Errors
/// The first fault found.
pub fn check(svg: &[u8]) -> Result<(), PictureError> {
    parse(svg).map(|_| ())
}

fn parse(svg: &[u8]) -> Result<usvg::Tree, PictureError> {
    if svg.len() > MOST_BYTES {
        return Err(PictureError::TooMuch(format!("{} bytes", svg.len())));
    }
    let text = std::str::from_utf8(svg).map_err(|_| PictureError::NotText)?;
    let document = roxmltree::Document::parse(text).map_err(|error| {
        let at = error.pos();
        PictureError::Broken { message: error.to_string(), line: at.row as usize, column: at.col as usize }
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(PictureError::NotSvg(root.tag_name().name().to_owned()));
    }
    refuse_what_a_picture_may_not_hold(&document)?;
    if !root.has_attribute("viewBox") {
        return Err(PictureError::NoViewBox);
    }
    usvg::Tree::from_xmltree(&document, &usvg::Options::default())
        .map_err(|error| PictureError::Undrawable(error.to_string()))
}

fn refuse_what_a_picture_may_not_hold(document: &roxmltree::Document<'_>) -> Result<(), PictureError> {
    let mut elements = 0usize;
    // Depth is counted on the way, not by `ancestors`, which would be
    // quadratic for a hostile file.
    let mut open = vec![(document.root_element(), 1usize)];
    while let Some((node, depth)) = open.pop() {
        elements += 1;
        if elements > MOST_ELEMENTS {
            return Err(PictureError::TooMuch(format!("more than {MOST_ELEMENTS} elements")));
        }
        if depth > DEEPEST {
            return Err(PictureError::TooMuch(format!("nested more than {DEEPEST} deep")));
        }
        let name = node.tag_name().name();
        let forbidden = matches!(
            name,
            "script"
                | "foreignObject"
                | "image"
                | "text"
                | "animate"
                | "set"
                | "animateTransform"
                | "animateMotion"
                | "style"
                | "a"
                | "iframe"
        );
        if forbidden {
            return Err(PictureError::Forbidden(format!("a <{name}> element")));
        }
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            if key.starts_with("on") {
                return Err(PictureError::Forbidden(format!("the attribute {key}")));
            }
            if key == "href" && !value.starts_with('#') {
                return Err(PictureError::Forbidden(format!("a link to “{value}”")));
            }
            let calls_out = value
                .split("url(")
                .skip(1)
                .any(|rest| !rest.trim_start_matches(['"', '\'', ' ']).starts_with('#'));
            if calls_out {
                return Err(PictureError::Forbidden(format!("“{value}”")));
            }
        }
        open.extend(node.children().filter(roxmltree::Node::is_element).map(|n| (n, depth + 1)));
    }
    Ok(())
}

/// The drawing without what drawing programs write about it and whoever drew it: comments, `<metadata>`, and
/// everything in such programs' own namespaces, where names, folders and dates stand. Not a line of the picture
/// changes.
///
/// # Errors
/// [`PictureError::NotText`], [`PictureError::Broken`].
pub fn bare(svg: &[u8]) -> Result<Vec<u8>, PictureError> {
    let text = std::str::from_utf8(svg).map_err(|_| PictureError::NotText)?;
    let document = roxmltree::Document::parse(text).map_err(|error| {
        let at = error.pos();
        PictureError::Broken { message: error.to_string(), line: at.row as usize, column: at.col as usize }
    })?;
    let mut out = Vec::new();
    for node in document.root().descendants() {
        let drawn = node.tag_name().namespace() == Some(SVG) && node.tag_name().name() != "metadata";
        if node.is_comment() || node.is_pi() || node.is_element() && !drawn {
            out.push(node.range());
        } else {
            let foreign = |space| ![SVG, XLINK, roxmltree::NS_XML_URI].contains(&space);
            let about = node.attributes().filter(|attribute| attribute.namespace().is_some_and(foreign));
            out.extend(about.map(|attribute| attribute.range()));
        }
    }
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for range in out {
        // What lies within something that is already left out begins before its end.
        if range.start >= from {
            kept.push_str(&text[from..range.start]);
            from = range.end;
        }
    }
    kept.push_str(&text[from..]);
    Ok(kept.into_bytes())
}

/// The namespace of drawings (SVG 1.1, section 5.2).
const SVG: &str = "http://www.w3.org/2000/svg";
/// The namespace of links in older drawings.
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// Draws an SVG into a square of `side` pixels, centred, on a clear ground.
///
/// # Errors
/// As [`check`]; also when `side` is 0 or over 4096.
pub fn rasterise(svg: &[u8], side: u32) -> Result<RgbaImage, PictureError> {
    let tree = parse(svg)?;
    let wrong_size = || PictureError::Undrawable(format!("{side} pixels is no size for a picture"));
    if side > 4096 {
        return Err(wrong_size());
    }
    let mut pixels = Pixmap::new(side, side).ok_or_else(wrong_size)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = side as f32 / width.max(height);
    let transform = Transform::from_scale(scale, scale)
        .post_translate((side as f32 - width * scale) / 2.0, (side as f32 - height * scale) / 2.0);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    let straight = pixels.pixels().iter().flat_map(|pixel| {
        let c = pixel.demultiply();
        [c.red(), c.green(), c.blue(), c.alpha()]
    });
    RgbaImage::from_raw(side, side, straight.collect()).ok_or_else(wrong_size)
}

/// As [`rasterise`], on a `ground` colour, as a PNG file.
///
/// # Errors
/// As [`rasterise`].
pub fn png(svg: &[u8], side: u32, ground: Option<[u8; 3]>) -> Result<Vec<u8>, PictureError> {
    let mut picture = rasterise(svg, side)?;
    if let Some(ground) = ground {
        for pixel in picture.pixels_mut() {
            let alpha = u16::from(pixel[3]);
            for (channel, under) in ground.iter().enumerate() {
                let mixed = u16::from(pixel[channel]) * alpha + u16::from(*under) * (255 - alpha);
                pixel[channel] = u8::try_from(mixed / 255).unwrap_or(255);
            }
            pixel[3] = 255;
        }
    }
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, ImageFormat::Png)
        .map_err(|error| PictureError::Undrawable(error.to_string()))?;
    Ok(out.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\">{inside}</svg>")
    }

    #[test]
    fn a_plain_drawing_is_taken_and_fills_its_square() {
        let svg = drawing("<rect width=\"48\" height=\"48\" fill=\"#0f5c4d\"/>");
        assert_eq!(check(svg.as_bytes()), Ok(()));
        let picture = rasterise(svg.as_bytes(), 10).unwrap();
        assert_eq!(picture.get_pixel(0, 0).0, [0x0f, 0x5c, 0x4d, 255]);
        assert_eq!(picture.get_pixel(9, 9).0, [0x0f, 0x5c, 0x4d, 255]);
    }

    #[test]
    fn a_drawing_that_would_call_out_or_run_is_refused() {
        for inside in [
            "<script>1</script>",
            "<image href=\"https://elsewhere.example/x.png\"/>",
            "<rect onclick=\"x()\" width=\"1\" height=\"1\"/>",
            "<rect fill=\"url(https://elsewhere.example/#a)\" width=\"1\" height=\"1\"/>",
            "<use href=\"other.svg#a\"/>",
            "<text>Words</text>",
        ] {
            let refused = check(drawing(inside).as_bytes());
            assert!(matches!(refused, Err(PictureError::Forbidden(_))), "{inside}: {refused:?}");
        }
    }

    #[test]
    fn a_broken_drawing_is_told_with_its_line() {
        let broken = check(b"<svg viewBox=\"0 0 1 1\">\n<rect>\n</svg>");
        assert!(matches!(broken, Err(PictureError::Broken { line: 3, .. })), "{broken:?}");
    }

    #[test]
    fn a_drawing_nested_without_end_is_refused_and_nothing_overflows() {
        let deep = drawing(&format!("{}{}", "<g>".repeat(4000), "</g>".repeat(4000)));
        assert!(matches!(check(deep.as_bytes()), Err(PictureError::TooMuch(_))));
    }

    #[test]
    fn a_clear_picture_on_a_ground_shows_the_ground() {
        let bytes = png(drawing("").as_bytes(), 4, Some([251, 247, 239])).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().to_rgba8();
        assert_eq!(picture.get_pixel(2, 2).0, [251, 247, 239, 255]);
    }

    #[test]
    fn what_a_program_wrote_about_a_drawing_is_left_out_and_the_drawing_stays() {
        let svg = r##"<?xml version="1.0"?>
<!-- Drawn by Amelia Clarke -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 48 48" i:export-filename="C:\Users\amelia\tree.png"><metadata><x xmlns="urn:x">Amelia Clarke</x></metadata>
<i:view name="amelia"><i:grid/></i:view><defs><rect id="r" i:label="amelia" width="48" height="48" fill="#0f5c4d"/></defs>
<use xlink:href="#r"/></svg>"##;
        let kept = bare(svg.as_bytes()).unwrap();
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.to_lowercase().contains("amelia"), "{text}");
        assert!(text.contains("xlink:href"));
        assert_eq!(rasterise(&kept, 24).unwrap(), rasterise(svg.as_bytes(), 24).unwrap());
        assert_eq!(bare(&kept).unwrap(), kept);
    }
}
