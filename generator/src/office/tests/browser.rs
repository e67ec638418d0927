//! As much of a browser as a form needs: what is in its fields is what it sends.

use std::collections::BTreeMap;

use regex::Regex;

fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = Regex::new(&format!(r#" {name}="([^"]*)""#)).unwrap();
    Some(read(&found.captures(tag)?[1]))
}

fn read(html: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/")];
    pairs.into_iter().fold(html.to_owned(), |text, (from, to)| text.replace(from, to)).replace("&amp;", "&")
}

/// What a browser would send of a page's fields, without any button.
pub(super) fn fields(page: &str) -> BTreeMap<String, String> {
    let mut sent = BTreeMap::new();
    for found in Regex::new("<input[^>]*>").unwrap().find_iter(page) {
        let tag = found.as_str();
        let Some(name) = attribute(tag, "name") else { continue };
        let ticks = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if !ticks || tag.contains(" checked") {
            sent.insert(name, attribute(tag, "value").unwrap_or_default());
        }
    }
    for found in Regex::new("(?s)<textarea([^>]*)>\n?(.*?)</textarea>").unwrap().captures_iter(page) {
        sent.insert(attribute(&found[1], "name").unwrap(), read(&found[2]));
    }
    let option = Regex::new("<option[^>]* selected[^>]*>").unwrap();
    for found in Regex::new("(?s)<select([^>]*)>(.*?)</select>").unwrap().captures_iter(page) {
        let chosen = option.find(&found[2]).and_then(|option| attribute(option.as_str(), "value"));
        sent.insert(attribute(&found[1], "name").unwrap(), chosen.unwrap_or_default());
    }
    sent
}

/// The name of the field with this label, for the entry whose other field says something.
pub(super) fn entry_with(sent: &BTreeMap<String, String>, value: &str) -> String {
    let (name, _) = sent.iter().find(|(_, said)| *said == value).unwrap_or_else(|| panic!("no “{value}”"));
    name.rsplit_once('-').unwrap().0.to_owned()
}

/// What stands beside a field that is wrong.
pub(super) fn beside(page: &str, field: &str) -> Option<String> {
    let rest = page.split(&format!("id=\"{field}-told\"")).nth(1)?;
    let told = rest.split("</div>").next()?;
    Some(read(&Regex::new("<[^>]*>").unwrap().replace_all(told.split_once('>')?.1, " ")).trim().to_owned())
}
