//! Pictures: drawn once at the size they are shown in, then kept as textures.

use std::collections::HashMap;

use egui::{ColorImage, TextureHandle, TextureOptions};
use records::ids::Slug;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg,
};

use crate::machine::Content;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// Pictures that the kiosk's own screens need, whatever a pack brings.
        const BUILT_IN: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../../themes/symbols/", $name, ".svg")))),*];
    };
}
built_in!(
    "back",
    "next",
    "home",
    "tick",
    "tell-me-more",
    "pencil-promise",
    "signpost",
    "speaker",
    "grown-up-now",
    "tell-grown-up",
    "talk-together",
    "told",
    "hide",
    "heart",
    "star",
    "languages"
);

/// Textures by picture, size in pixels, and whether only its shape counts.
#[derive(Default)]
pub struct Pictures {
    pack: u64,
    made: HashMap<(String, u32, bool), Option<TextureHandle>>,
}

impl Pictures {
    /// Forgets what was shown, and at which sizes: it would tell what somebody chose.
    pub fn forget(&mut self) {
        self.made.clear();
    }

    /// A picture as a texture of `pixels` by `pixels`: the pack's, or else a built-in one. With
    /// `shape`, only its shape, to be given a colour. None if there is no such picture.
    pub fn texture(
        &mut self,
        ctx: &egui::Context,
        content: Option<&Content>,
        name: &str,
        pixels: u32,
        shape: bool,
    ) -> Option<TextureHandle> {
        let pack = content.map_or(0, |c| c.number);
        if pack != self.pack {
            self.pack = pack;
            self.made.clear();
        }
        let make = || {
            let svg = svg(content, name)?;
            let image = draw(svg, pixels, shape)?;
            Some(ctx.load_texture(name, image, TextureOptions::LINEAR))
        };
        self.made.entry((name.to_owned(), pixels, shape)).or_insert_with(make).clone()
    }
}

fn svg<'a>(content: Option<&'a Content>, name: &str) -> Option<&'a [u8]> {
    let of_pack = || content?.pictures.get(&name.parse::<Slug>().ok()?).map(Vec::as_slice);
    of_pack().or_else(|| BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, bytes)| *bytes))
}

fn draw(svg: &[u8], pixels: u32, shape: bool) -> Option<ColorImage> {
    // A picture shows what is in it: it never makes the kiosk open another file.
    let image_href_resolver = usvg::ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = usvg::Options { image_href_resolver, ..Default::default() };
    let tree = usvg::Tree::from_data(svg, &options).ok()?;
    let mut pixmap = Pixmap::new(pixels, pixels)?;
    let side = pixels as f32;
    let scale = (side / tree.size().width()).min(side / tree.size().height());
    let (left, top) = (side - tree.size().width() * scale, side - tree.size().height() * scale);
    let place = Transform::from_scale(scale, scale).post_translate(left / 2.0, top / 2.0);
    resvg::render(&tree, place, &mut pixmap.as_mut());
    if shape {
        for pixel in pixmap.data_mut().chunks_exact_mut(4) {
            let cover = pixel[3];
            pixel[..3].fill(cover);
        }
    }
    Some(ColorImage::from_rgba_premultiplied([pixels as usize, pixels as usize], pixmap.data()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_built_in_picture_can_be_drawn() {
        for (name, svg) in BUILT_IN {
            let image = draw(svg, 48, false).unwrap_or_else(|| panic!("{name}"));
            assert!(image.pixels.iter().any(|p| p.a() > 0), "{name} is empty");
        }
    }

    #[test]
    fn a_broken_picture_is_left_out_and_nothing_else_happens() {
        assert!(draw(b"<svg", 48, false).is_none());
        assert!(draw(b"", 48, false).is_none());
    }
}
