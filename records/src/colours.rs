//! The colours that a school states for itself, for whatever is printed where its folder is not at hand.

use minicbor::{Decode, Encode};

/// A colour of the screen (sRGB): red, green and blue, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Rgb(#[n(0)] pub u8, #[n(1)] pub u8, #[n(2)] pub u8);

/// A school's own colours by day. Where it states none, the theme's stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct SchoolColours {
    /// Links, buttons, and the large ground of a poster.
    #[n(0)]
    pub main: Option<Rgb>,
    /// The one that only decorates.
    #[n(1)]
    pub accent: Option<Rgb>,
    /// A quiet ground, blue in the shipped theme.
    #[n(2)]
    pub sky: Option<Rgb>,
    /// A quiet ground, green there.
    #[n(3)]
    pub leaf: Option<Rgb>,
    /// A quiet ground, yellow there.
    #[n(4)]
    pub sun: Option<Rgb>,
}
