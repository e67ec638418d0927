//! Everything of a site that is no page: style, scripts, fonts, symbols, photographs, icons.

use std::collections::{BTreeMap, BTreeSet};

use super::{SiteError, brand, tongue};
use crate::{load::School, look::tokens, photographs, print::Reach, theme::Theme};

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
        let path = format!("symbols/{name}.svg");
        files.extend(public_symbol(school, theme, &name).map(|svg| (path, svg)));
    }
    for path in photographs::shown(school).into_keys() {
        if let Some(name) = path.strip_prefix("symbols/").and_then(|file| file.strip_suffix(".svg")) {
            files.extend(public_symbol(school, theme, name).map(|svg| (path, svg)));
        } else if path.ends_with(".svg") {
            files.extend(school.pictures.get(&path).and_then(|svg| Some((path.clone(), public(svg)?))));
        } else if let Some(photograph) = school.photographs.get(&path) {
            files.extend(photograph.sizes.iter().map(|size| (size.file.clone(), size.bytes.clone())));
        }
    }
    let public = school.prints.values().filter(|print| print.reach == Reach::Public);
    files.extend(public.map(|print| (print.file.clone(), print.bytes.clone())));
    Ok(files)
}

/// A drawing of the school's as the public gets it; none where it is broken, which the check tells.
pub(super) fn public(svg: &[u8]) -> Option<Vec<u8>> {
    press::picture::bare(svg).ok()
}

/// A symbol as the public gets it. The shipped ones say nothing about anybody.
fn public_symbol(school: &School, theme: &Theme, name: &str) -> Option<Vec<u8>> {
    match school.pictures.get(&format!("symbols/{name}.svg")) {
        Some(own) => public(own),
        None => theme.symbol(name).map(<[u8]>::to_vec),
    }
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
