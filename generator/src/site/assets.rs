//! Everything of a site that is no page: style, fonts, symbols, photographs, icons.

use std::collections::{BTreeMap, BTreeSet};

use super::SiteError;
use crate::{load::School, photographs, theme::Theme};

/// The paper of the light theme, under an icon on a phone's home screen.
const PAPER: [u8; 3] = [0xfb, 0xf7, 0xef];

/// Files by path.
pub(super) fn of(school: &School, theme: &Theme) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let mut files = BTreeMap::new();
    let style = style(theme)?;
    for (path, bytes) in theme.folder("fonts/", ".woff2") {
        if style.contains(path) {
            files.insert(format!("assets/{path}"), bytes.to_vec());
        }
    }
    files.insert("assets/site.css".to_owned(), style.into_bytes());
    let logo = symbol(school, theme, "logo").or_else(|| symbol(school, theme, "signpost"));
    if let Some(logo) = logo {
        let fault = |error| SiteError::Picture("logo".to_owned(), error);
        files.insert(
            "assets/icon-180.png".to_owned(),
            press::picture::png(logo, 180, Some(PAPER)).map_err(fault)?,
        );
        files.insert("assets/logo.svg".to_owned(), logo.to_vec());
    }
    for name in symbols(school) {
        if let Some(svg) = symbol(school, theme, &name) {
            files.insert(format!("symbols/{name}.svg"), svg.to_vec());
        }
    }
    for path in photographs::shown(school).into_keys() {
        if let Some(name) = path.strip_prefix("symbols/").and_then(|file| file.strip_suffix(".svg")) {
            if let Some(svg) = symbol(school, theme, name) {
                files.insert(path, svg.to_vec());
            }
        } else if path.ends_with(".svg") {
            files.extend(school.pictures.get(&path).map(|bytes| (path.clone(), bytes.clone())));
        } else if let Some(photograph) = school.photographs.get(&path) {
            files.extend(photograph.sizes.iter().map(|size| (size.file.clone(), size.bytes.clone())));
        }
    }
    Ok(files)
}

/// The one style sheet: the theme's tokens, fonts and rules in this order.
pub(super) fn style(theme: &Theme) -> Result<String, SiteError> {
    let parts = ["web/tokens.css", "web/fonts.css", "web/site.css"];
    let parts = parts.into_iter().map(|path| theme.text(path)).collect::<Result<Vec<_>, _>>()?;
    Ok(parts.join("\n"))
}

/// A drawing by name: the school's own first.
pub(crate) fn symbol<'a>(school: &'a School, theme: &'a Theme, name: &str) -> Option<&'a [u8]> {
    let own = school.pictures.get(&format!("symbols/{name}.svg")).map(Vec::as_slice);
    own.or_else(|| theme.symbol(name))
}

/// Symbols beside statements and people.
fn symbols(school: &School) -> BTreeSet<String> {
    let published = school.documents.iter().filter(|d| d.is_published());
    let of_statements = published.flat_map(|d| d.body.headings.iter().filter_map(|h| h.symbol.clone()));
    let of_people = school.settings.people.iter().filter_map(|person| person.picture.clone());
    of_statements.chain(of_people).collect()
}
