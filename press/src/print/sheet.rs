//! Sheets of paper.

/// A sheet of paper (ISO 216), upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Sheet {
    /// 148 by 210 mm.
    A5,
    /// 210 by 297 mm.
    #[default]
    A4,
    /// 297 by 420 mm.
    A3,
    /// 420 by 594 mm.
    A2,
}

impl Sheet {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A5 => "A5",
            Self::A4 => "A4",
            Self::A3 => "A3",
            Self::A2 => "A2",
        }
    }

    /// Width and height in millimetres.
    pub const fn edges(self) -> (f64, f64) {
        match self {
            Self::A5 => (148.0, 210.0),
            Self::A4 => (210.0, 297.0),
            Self::A3 => (297.0, 420.0),
            Self::A2 => (420.0, 594.0),
        }
    }

    /// How much larger than A4 it is along an edge.
    pub const fn scale(self) -> f64 {
        self.edges().0 / Self::A4.edges().0
    }
}

/// A sheet and how it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paper {
    /// The sheet.
    pub sheet: Sheet,
    /// Whether its long edge is at the foot.
    pub across: bool,
}

impl Paper {
    /// At each side, and at top and foot together, in millimetres: as the template for documents has it.
    const MARGINS: (f64, f64) = (16.0, 36.0);

    /// Width and height between the margins of a compact document, in millimetres.
    pub(super) const fn room(self) -> (f64, f64) {
        let (wide, high) = self.sheet.edges();
        let (wide, high) = if self.across { (high, wide) } else { (wide, high) };
        (wide - 2.0 * Self::MARGINS.0, high - Self::MARGINS.1)
    }
}
