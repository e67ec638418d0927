//! QR codes: an address that a phone reads from paper.

mod mask;
mod printed;

use std::fmt::Write as _;

use qrcode::{EcLevel, bits, ec, types::QrResult};

/// Light modules around a code, on each side; ISO/IEC 18004 asks for four.
const QUIET: usize = 4;

/// Why no code could be drawn.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum QrError {
    /// The text does not fit into a code that a phone still reads from paper.
    #[error("the address is too long for a QR code: {0} characters; shorten it to 300 or fewer")]
    TooLong(usize),
    /// Its modules would be finer than a printer prints and a phone reads.
    #[error(
        "the address is too long for a code of {edge:.0} mm: its squares would be {module:.2} mm wide, and they need 0.5 mm; shorten the address"
    )]
    TooFine {
        /// The edge of a module, in millimetres.
        module: f64,
        /// The edge of the code, in millimetres.
        edge: f64,
    },
    /// It was not read back.
    #[error("the code of {edge:.0} mm could not be read back from a picture of it; shorten the address")]
    Unreadable {
        /// The edge of the code, in millimetres.
        edge: f64,
    },
}

/// A QR code, ready to be drawn in any size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    width: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// Makes the code for `text`, with a quarter of it recoverable when smudged
    /// (level Q), or less where the text is long.
    ///
    /// # Errors
    /// [`QrError::TooLong`] when `text` has more than 300 characters: denser
    /// codes than that are not read reliably from a school's printer.
    pub fn new(text: &str) -> Result<Self, QrError> {
        let long = || QrError::TooLong(text.chars().count());
        if text.len() > 300 {
            return Err(long());
        }
        Self::at(text, EcLevel::Q).or_else(|_| Self::at(text, EcLevel::L)).map_err(|_| long())
    }

    fn at(text: &str, level: EcLevel) -> QrResult<Self> {
        let bits = bits::encode_auto(text.as_bytes(), level)?;
        let version = bits.version();
        let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, level)?;
        let width = usize::from(version.width().unsigned_abs());
        Ok(Self { width, dark: mask::best(&data, &correction, version, level) })
    }

    /// The number of modules along one side, quiet zone included.
    #[must_use]
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Whether the module at `x`, `y` is dark; the quiet zone counts.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(QUIET), y.checked_sub(QUIET)) else {
            return false;
        };
        x < self.width && y < self.width && self.dark[y * self.width + x]
    }

    /// One `<svg>` element with a white ground, dark modules as a single line as wide as a module is, and
    /// `title` as its accessible name. Every page of a site has one: it is written short.
    #[must_use]
    pub fn svg(&self, title: &str) -> String {
        let side = self.side();
        let title = escape(title);
        let mut svg = String::with_capacity(self.dark.len() * 2 + title.len() + 256);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
             shape-rendering=\"crispEdges\"><title>{title}</title>\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\""
        );
        for (y, row) in self.dark.chunks(self.width.max(1)).enumerate() {
            // Where the line stands, and whether it is in this row yet.
            let (mut x, mut at, mut begun) = (0, 0, false);
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    if begun {
                        push_number(&mut svg, 'm', x - at);
                        svg.push_str(" 0");
                    } else {
                        push_number(&mut svg, 'M', x + QUIET);
                        push_number(&mut svg, ' ', y + QUIET);
                        svg.push_str(".5");
                    }
                    push_number(&mut svg, 'h', run.len());
                    begun = true;
                    at = x + run.len();
                }
                x += run.len();
            }
        }
        svg.push_str("\"/></svg>");
        svg
    }

    /// A PNG with `module` pixels along each module.
    ///
    /// # Errors
    /// When the encoder fails, which it does only for sizes out of all reason.
    pub fn png(&self, module: u32) -> Result<Vec<u8>, image::ImageError> {
        let module = module.clamp(1, 64);
        // A code has at most 185 modules along a side, so this fits.
        let side = u32::try_from(self.side()).unwrap_or(u32::MAX / 64) * module;
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            let dark = self.is_dark((x / module) as usize, (y / module) as usize);
            image::Luma([if dark { 0 } else { 255 }])
        });
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, image::ImageFormat::Png)?;
        Ok(out.into_inner())
    }
}

/// A letter and a number of at most three figures; there are hundreds in each code.
fn push_number(out: &mut String, letter: char, number: usize) {
    const FIGURES: &[u8; 10] = b"0123456789";
    let figure = |of: usize| char::from(FIGURES[of % 10]);
    out.push(letter);
    if number >= 100 {
        out.push(figure(number / 100));
    }
    if number >= 10 {
        out.push(figure(number / 10));
    }
    out.push(figure(number));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_finder_squares_stand_in_three_corners_inside_a_white_rim() {
        let qr = Qr::new("https://larkfield.example/policies/online-safety/").unwrap();
        let far = qr.side() - QUIET - 1;
        assert!(qr.is_dark(QUIET, QUIET));
        assert!(qr.is_dark(far, QUIET));
        assert!(qr.is_dark(QUIET, far));
        for i in 0..qr.side() {
            assert!(!qr.is_dark(i, 0) && !qr.is_dark(0, i) && !qr.is_dark(qr.side() - 1, i));
        }
    }

    #[test]
    fn the_drawing_and_the_pixels_show_the_same_code() {
        let qr = Qr::new("https://larkfield.example/tell").unwrap();
        let png = image::load_from_memory(&qr.png(3).unwrap()).unwrap().to_luma8();
        let drawn = crate::picture::rasterise(qr.svg("Larkfield").as_bytes(), qr.side() as u32 * 3).unwrap();
        for y in 0..qr.side() as u32 {
            for x in 0..qr.side() as u32 {
                let dark = png.get_pixel(x * 3 + 1, y * 3 + 1)[0] < 128;
                assert_eq!(drawn.get_pixel(x * 3 + 1, y * 3 + 1)[0] < 128, dark, "at {x},{y}");
            }
        }
    }

    #[test]
    fn an_address_too_long_for_paper_is_refused_with_its_length() {
        assert_eq!(Qr::new(&"a".repeat(301)), Err(QrError::TooLong(301)));
    }

    #[test]
    fn a_title_cannot_break_out_of_the_drawing() {
        let svg = Qr::new("x").unwrap().svg("</title><script>");
        assert!(!svg.contains("<script"));
    }
}
