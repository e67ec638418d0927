//! The school's own look: a few colours and a logo in the place of the theme's.
//!
//! A school states what it knows, its colours by day. What it leaves out is derived: the deeper shade of a
//! button under the pointer, the words on it, and all colours by night. Whatever comes of it is checked by
//! the same pairs as the theme's own ([`pairs`]); for a colour that fails, the nearest that passes is named.

pub mod colour;
pub mod pairs;
pub mod tokens;

use std::fmt::Write as _;

use records::colours::{Rgb, SchoolColours};

use self::{
    colour::Colour,
    tokens::{Colours, Sets},
};
use crate::load::toml_reader::Located;

/// What `[look]` in `school.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The logo's file, in `images/` or `symbols/`.
    pub logo: Option<Located<String>>,
    /// Colours by day.
    pub light: Own,
    /// Colours by night, where the school would rather not leave them to be derived.
    pub dark: Own,
}

/// The colours that a school may state.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Links and buttons.
    pub main: Option<Located<Colour>>,
    /// The one that only decorates.
    pub accent: Option<Located<Colour>>,
    /// Three grounds.
    pub tints: [Option<Located<Colour>>; 3],
}

/// Names of the grounds in `school.toml`, which are those of the tokens.
pub const TINTS: [&str; 3] = ["sky", "leaf", "sun"];

impl Own {
    /// What is stated, with the key in `school.toml` and the token of each.
    pub fn stated(&self) -> impl Iterator<Item = (&'static str, &'static str, &Located<Colour>)> {
        let main = self.main.iter().map(|colour| ("main", "pine", colour));
        let accent = self.accent.iter().map(|colour| ("accent", "marigold", colour));
        let tints =
            TINTS.iter().zip(&self.tints).filter_map(|(name, tint)| Some((*name, *name, tint.as_ref()?)));
        main.chain(accent).chain(tints)
    }

    /// The same as what goes into the pack; none where nothing is stated.
    pub fn recorded(&self) -> Option<SchoolColours> {
        let rgb = |colour: &Option<Located<Colour>>| {
            let [red, green, blue] = colour.as_ref()?.value.0;
            Some(Rgb(red, green, blue))
        };
        let [sky, leaf, sun] = self.tints.each_ref().map(rgb);
        let colours = SchoolColours { main: rgb(&self.main), accent: rgb(&self.accent), sky, leaf, sun };
        (colours != SchoolColours::default()).then_some(colours)
    }

    fn is_empty(&self) -> bool {
        self.stated().next().is_none()
    }
}

impl From<&SchoolColours> for Look {
    fn from(colours: &SchoolColours) -> Self {
        // They stand in no file here, and were checked where they did.
        let stated = |rgb: Option<Rgb>| {
            rgb.map(|Rgb(red, green, blue)| Located { value: Colour([red, green, blue]), range: 0..0 })
        };
        let light = Own {
            main: stated(colours.main),
            accent: stated(colours.accent),
            tints: [colours.sky, colours.leaf, colours.sun].map(stated),
        };
        Self { light, ..Self::default() }
    }
}

impl Look {
    /// The theme's colours with the school's in their places, by day and by night.
    pub fn over(&self, theme: &Sets) -> (Colours, Colours) {
        let mut light = theme.light.clone();
        for (_, token, colour) in self.light.stated() {
            place(token, colour.value, &mut light);
        }
        let mut dark = theme.dark.clone();
        // Grounds first: the main colour by night has to be seen on the school's own.
        let (main, grounds): (Vec<_>, Vec<_>) = self.light.stated().partition(|(key, ..)| *key == "main");
        for (_, token, colour) in grounds.into_iter().chain(main) {
            place(token, by_night(token, colour.value, &dark), &mut dark);
        }
        for (_, token, colour) in self.dark.stated() {
            place(token, colour.value, &mut dark);
        }
        (light, dark)
    }

    /// The rules that put the school's colours into a page; nothing where it states none. Who asks for more
    /// contrast gets the theme's own colours, which were made for that.
    pub fn css(&self, theme: &Sets) -> String {
        if self.light.is_empty() && self.dark.is_empty() {
            return String::new();
        }
        let (light, dark) = self.over(theme);
        let changed = |own: &Colours, shipped: &Colours| {
            let mut out = String::new();
            for (token, colour) in own.iter().filter(|(token, colour)| shipped.get(*token) != Some(*colour)) {
                // Writing to a String cannot fail.
                let _ = write!(out, " --{token}: {colour};");
            }
            out
        };
        let calm = "not all and (prefers-contrast: more)";
        format!(
            "@media {calm} {{ :root {{{} }} }}\n@media {calm} {{ @media (prefers-color-scheme: dark) {{ :root {{{} }} }} }}\n",
            changed(&light, &theme.light),
            changed(&dark, &theme.dark),
        )
    }

    /// The colours of the browser's own frame around a page, by day and by night: the school's main colour
    /// where it has one, else that of the page's head.
    pub fn frame(&self, theme: &Sets) -> (String, String) {
        let (light, dark) = self.over(theme);
        let token = if self.light.main.is_some() { "pine" } else { "surface" };
        let of = |colours: &Colours| colours.get(token).map(ToString::to_string).unwrap_or_default();
        (of(&light), of(&dark))
    }
}

/// Puts a colour in the place of a token. With the main colour go a shade for a button that is pointed at,
/// darker on a light page and lighter on a dark one, and the words on it.
pub(crate) fn place(token: &str, colour: Colour, colours: &mut Colours) {
    colours.insert(token.to_owned(), colour);
    if token == "pine" {
        let by_day = colours.get("paper").is_none_or(|paper| paper.luminance() > 0.4);
        let on = if colour.contrast(Colour::WHITE) >= 4.5 { Colour::WHITE } else { colour.toned(0.22, 0.04) };
        colours.insert("pine-deep".to_owned(), colour.lighter(if by_day { -0.08 } else { 0.07 }));
        colours.insert("on-pine".to_owned(), on);
    }
}

/// The colour by night that goes with one by day: the same hue, as light or as deep as the night needs.
fn by_night(token: &str, colour: Colour, dark: &Colours) -> Colour {
    match token {
        // A little lighter than would just pass, as the theme's own colours are.
        "pine" => {
            let light = colour.toned(0.82, 0.13);
            light.nearest(|c| pairs::passes(token, c, dark)).unwrap_or(light)
        }
        "marigold" => colour.nearest(|c| c.luminance() > 0.4).unwrap_or(colour),
        _ => {
            let deep = colour.toned(0.32, 0.045);
            deep.nearest(|c| pairs::passes(token, c, dark)).unwrap_or(deep)
        }
    }
}
