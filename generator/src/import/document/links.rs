//! Where links of a document may lead.

/// The address of a link that a page can have, or nothing.
pub(super) fn web(target: &str) -> Option<String> {
    let target = target.trim();
    let lower = target.get(..8).unwrap_or(target).to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme));
    let rest = target.split_once(':').map_or("", |(_, rest)| rest.trim_matches('/'));
    (known && !rest.is_empty()).then(|| target.to_owned())
}
