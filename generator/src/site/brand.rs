//! What stands for the school on every page: its logo, and the colours of the browser's frame.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{SiteError, assets};
use crate::{
    load::School,
    look::tokens,
    photographs::{Size, is_photograph},
    theme::Theme,
};

/// The ground under an icon on a phone's home screen where a theme names no paper.
const PAPER: [u8; 3] = [0xfb, 0xf7, 0xef];
/// For a home screen: Apple's size, and the two that manifests name.
const ICONS: [u32; 3] = [180, 192, 512];
/// A logo is shown at most this large, in pixels; sharp screens have two for each.
const LARGEST: u32 = 2 * 220;

/// As the templates see it.
#[derive(Serialize)]
pub(super) struct Brand {
    /// The logo's file, from the site's root.
    logo: String,
    /// Its kind, as the web names kinds of files.
    kind: &'static str,
    /// The browser's frame by day.
    frame_light: String,
    /// And by night.
    frame_dark: String,
}

enum Logo<'a> {
    Drawing(&'a [u8]),
    Pixels(&'a Size),
}

impl Brand {
    pub(super) fn of(school: &School, theme: &Theme) -> Result<Self, SiteError> {
        let sets = tokens::read(theme.text("web/tokens.css")?);
        let (frame_light, frame_dark) = school.settings.look.frame(&sets);
        let (logo, kind) = match logo(school, theme) {
            Some(Logo::Pixels(size)) if size.file.ends_with(".png") => (size.file.clone(), "image/png"),
            Some(Logo::Pixels(size)) => (size.file.clone(), "image/jpeg"),
            Some(Logo::Drawing(_)) | None => ("assets/logo.svg".to_owned(), "image/svg+xml"),
        };
        Ok(Self { logo, kind, frame_light, frame_dark })
    }
}

/// The school's logo: the one that its look names, else its own drawing of that name, else the theme's.
fn logo<'a>(school: &'a School, theme: &'a Theme) -> Option<Logo<'a>> {
    let named = school.settings.look.logo.as_ref().map(|logo| logo.value.as_str());
    if let Some(path) = named.filter(|path| is_photograph(path)) {
        let sizes = &school.photographs.get(path)?.sizes;
        let fits = sizes.iter().find(|size| size.width.min(size.height) >= LARGEST).or(sizes.last());
        return fits.map(Logo::Pixels);
    }
    let named = named.and_then(|path| school.pictures.get(path)).map(Vec::as_slice);
    let own = || assets::symbol(school, theme, "logo").or_else(|| assets::symbol(school, theme, "signpost"));
    named.or_else(own).map(Logo::Drawing)
}

/// The files that go with it.
pub(super) fn files(school: &School, theme: &Theme) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let paper = tokens::read(theme.text("web/tokens.css")?).light.get("paper").map_or(PAPER, |paper| paper.0);
    let mut files = BTreeMap::new();
    let logo = match logo(school, theme) {
        None => return Ok(files),
        Some(logo) => logo,
    };
    if let Logo::Drawing(svg) = logo {
        files.extend(assets::public(svg).map(|svg| ("assets/logo.svg".to_owned(), svg)));
    }
    let icon = |size: u32| match logo {
        Logo::Drawing(svg) => press::picture::png(svg, size, Some(paper))
            .map_err(|error| SiteError::Picture("logo".to_owned(), error)),
        Logo::Pixels(pixels) => press::photograph::icon(&pixels.bytes, size, paper)
            .map_err(|error| SiteError::Logo(error.to_string())),
    };
    for size in ICONS {
        files.insert(format!("assets/icon-{size}.png"), icon(size)?);
    }
    Ok(files)
}
