//! Everything of a site that is no page: style, scripts, fonts, symbols, photographs, icons.

use std::collections::{BTreeMap, BTreeSet};

use super::{SiteError, brand, tongue};
use crate::{load::School, look::tokens, photographs, theme::Theme};

/// Files by path.
pub(super) fn of(school: &School, theme: &Theme) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let mut files = BTreeMap::new();
    let style = style(school, theme)?;
    for (path, bytes) in theme.folder("fonts/", ".woff2") {
        if style.contains(path) {
            files.insert(format!("assets/{path}"), bytes.to_vec());
        }
    }
    files.insert("assets/site.css".to_owned(), style.into_bytes());
    files.append(&mut brand::files(school, theme)?);
    for script in ["review.js", "search.js", "site.js"] {
        files.insert(format!("assets/{script}"), theme.text(&format!("web/{script}"))?.as_bytes().to_vec());
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

/// The one style sheet: the theme's tokens, the school's own in their place, fonts and rules, then what
/// the scripts of the site's languages need.
pub(super) fn style(school: &School, theme: &Theme) -> Result<String, SiteError> {
    let tokens = theme.text("web/tokens.css")?;
    let own = school.settings.look.css(&tokens::read(tokens));
    let mut parts = vec![tokens, own.as_str(), theme.text("web/fonts.css")?, theme.text("web/site.css")?];
    for script in scripts(school, theme)? {
        parts.push(theme.text(&format!("web/scripts/{script}.css"))?);
    }
    Ok(parts.join("\n"))
}

/// The scripts besides Latin that the site's languages are written in.
fn scripts(school: &School, theme: &Theme) -> Result<BTreeSet<String>, SiteError> {
    let languages = school.languages();
    if languages.is_empty() {
        return Ok(BTreeSet::new());
    }
    let known = tongue::known(theme)?;
    let script = |language| tongue::find(&known, language).and_then(|found| found.script.clone());
    Ok(languages.into_iter().filter_map(script).collect())
}

/// A drawing by name: the school's own first.
pub(crate) fn symbol<'a>(school: &'a School, theme: &'a Theme, name: &str) -> Option<&'a [u8]> {
    let own = school.pictures.get(&format!("symbols/{name}.svg")).map(Vec::as_slice);
    own.or_else(|| theme.symbol(name))
}

/// Symbols beside statements, people, and the questions of forms.
fn symbols(school: &School) -> BTreeSet<String> {
    let published = school.documents.iter().filter(|d| d.is_published());
    let of_statements = published.flat_map(|d| d.body.headings.iter().filter_map(|h| h.symbol.clone()));
    let of_people = school.settings.people.iter().filter_map(|person| person.picture.clone());
    let of_forms = school.forms.iter().filter(|form| form.is_published());
    let of_forms = of_forms.flat_map(|form| form.pictures.iter().map(|picture| picture.value.clone()));
    of_statements.chain(of_people).chain(of_forms).collect()
}
