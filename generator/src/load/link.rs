//! Where a link in a page leads.

use super::{School, document::Document, form::FormFile, made::Made};

/// What a link's address means.
#[derive(Debug, Clone)]
pub enum Target<'a> {
    /// A heading of the same page.
    Here(&'a str),
    /// Another page of the school, and perhaps a heading in it.
    Page(&'a Document, Option<&'a str>),
    /// A form of the school.
    Form(&'a FormFile),
    /// A page that the site makes itself.
    Made(Made),
    /// Somewhere outside: `https:`, `mailto:` or `tel:`.
    Outside,
    /// A page that is not there, as a path from the school's folder.
    NoSuchPage(String),
    /// An address of a sort that pages may not hold.
    Refused,
}

/// Finds what `address` means in a link of the file at `from`.
pub fn target<'a>(school: &'a School, from: &str, address: &'a str) -> Target<'a> {
    if let Some(anchor) = address.strip_prefix('#') {
        return Target::Here(anchor);
    }
    if let Some((scheme, rest)) = address.split_once(':')
        && !scheme.contains('/')
    {
        let known = matches!(scheme.to_lowercase().as_str(), "https" | "http" | "mailto" | "tel");
        return if known && !rest.trim_matches('/').is_empty() { Target::Outside } else { Target::Refused };
    }
    if address.starts_with('/') || address.is_empty() {
        return Target::Refused;
    }
    let (file, anchor) = match address.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (address, None),
    };
    let path = joined(from, file);
    let Some(path) = path else { return Target::NoSuchPage(file.to_owned()) };
    if let Some(document) = school.document(&path) {
        return Target::Page(document, anchor.filter(|a| !a.is_empty()));
    }
    if let Some(form) = school.form(&path) {
        return Target::Form(form);
    }
    match Made::at(&path) {
        Some(made) if made.is_there(school) => Target::Made(made),
        _ => Target::NoSuchPage(path),
    }
}

/// A path written in the file at `from`, seen from the school's folder; none
/// if it leaves that folder.
pub fn joined(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_from_the_file_it_stands_in_and_never_leaves_the_school() {
        assert_eq!(joined("policies/a.md", "../agreements/ks1.md").as_deref(), Some("agreements/ks1.md"));
        assert_eq!(joined("home.md", "./guides/b.md").as_deref(), Some("guides/b.md"));
        assert_eq!(joined("home.md", "../../etc/passwd"), None);
    }
}
