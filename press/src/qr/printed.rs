//! Whether a code can be read from paper, found out before it is printed.

use super::{Qr, QrError};

/// The smallest edge of a module on paper: half a millimetre, which a school's printer and a phone held at
/// arm's length both manage.
const SMALLEST: f64 = 0.5;

/// As coarsely as a code is looked at: 75 dots an inch, about what a phone sees from an arm's length.
const DOTS: f64 = 75.0 / 25.4;

/// How far the phone may be turned in the plane of the paper.
const TURNS: [f64; 2] = [0.0, 15.0];

/// Looks within each dot in so many places along each side, as a lens does.
const WITHIN: usize = 4;

impl Qr {
    /// Makes sure that the code, printed with this edge in millimetres (quiet zone included), is read back as
    /// `text`: its modules are large enough, and a reader of its own finds the text at 75 dots an inch, straight
    /// and turned by 15 degrees.
    ///
    /// # Errors
    /// [`QrError::TooFine`], [`QrError::Unreadable`].
    pub fn reads_back(&self, text: &str, edge: f64) -> Result<(), QrError> {
        let module = edge / self.side() as f64;
        if module < SMALLEST {
            return Err(QrError::TooFine { module, edge });
        }
        for turn in TURNS {
            let seen = self.seen(edge, turn);
            let mut seen =
                rqrr::PreparedImage::prepare_from_greyscale(seen.side, seen.side, |x, y| seen.at(x, y));
            let read = seen.detect_grids().into_iter().find_map(|grid| grid.decode().ok());
            if read.is_none_or(|(_, read)| read != text) {
                return Err(QrError::Unreadable { edge });
            }
        }
        Ok(())
    }

    /// The code on white paper as a camera sees it that is turned by `turn` degrees.
    fn seen(&self, edge: f64, turn: f64) -> Seen {
        let (sin, cos) = turn.to_radians().sin_cos();
        let wide = edge * (sin.abs() + cos.abs());
        // A sheet has some hundred millimetres, so this is a small number and not below nought.
        let side = (wide * DOTS).ceil() as usize;
        let dark = |x: f64, y: f64| {
            let (x, y) = (x - wide / 2.0, y - wide / 2.0);
            let (x, y) = (x * cos + y * sin + edge / 2.0, y * cos - x * sin + edge / 2.0);
            let module = |at: f64| (at / edge * self.side() as f64).floor();
            let (x, y) = (module(x), module(y));
            x >= 0.0 && y >= 0.0 && self.is_dark(x as usize, y as usize)
        };
        let mut dots = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let place = |at: usize, part: usize| (at as f64 + (part as f64 + 0.5) / WITHIN as f64) / DOTS;
                let parts = (0..WITHIN * WITHIN)
                    .filter(|part| dark(place(x, part % WITHIN), place(y, part / WITHIN)));
                let darkness = parts.count() * 255 / (WITHIN * WITHIN);
                dots.push(255 - u8::try_from(darkness).unwrap_or(255));
            }
        }
        Seen { side, dots }
    }
}

struct Seen {
    side: usize,
    dots: Vec<u8>,
}

impl Seen {
    fn at(&self, x: usize, y: usize) -> u8 {
        self.dots.get(y * self.side + x).copied().unwrap_or(255)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_short_address_is_read_from_a_posters_code() {
        let text = "https://larkfield.example/tell";
        Qr::new(text).unwrap().reads_back(text, 50.0).unwrap();
    }

    #[test]
    fn a_code_that_is_too_small_for_its_address_is_refused_with_its_size() {
        let text = format!("https://larkfield.example/{}", "a".repeat(100));
        let refused = Qr::new(&text).unwrap().reads_back(&text, 25.0).unwrap_err();
        assert!(matches!(refused, QrError::TooFine { module, .. } if module < 0.5), "{refused}");
        assert!(refused.to_string().contains("25 mm"), "{refused}");
    }

    #[test]
    fn a_code_that_says_something_else_is_refused() {
        let code = Qr::new("https://larkfield.example/tell").unwrap();
        let refused = code.reads_back("https://larkfield.example/told", 50.0);
        assert_eq!(refused, Err(QrError::Unreadable { edge: 50.0 }));
    }
}
