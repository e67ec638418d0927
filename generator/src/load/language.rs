//! Which language a file is in, by its name, and which way that language is written.

use records::language::Language;

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// As HTML says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Languages that are written from right to left where the tag names no script (CLDR 46, character order;
/// Panjabi, Kurdish and Azerbaijani are not among them, because they are mostly written in other scripts).
const RIGHT_TO_LEFT: [&str; 13] =
    ["ar", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "ps", "sd", "ug", "ur", "yi"];
/// Scripts (ISO 15924) that are written from right to left.
const RIGHT_TO_LEFT_SCRIPTS: [&str; 9] =
    ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"];

/// Which way a language is written: as its script is, or as it mostly is.
pub fn direction(language: &Language) -> Direction {
    let mut parts = language.as_str().split('-');
    let first = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let right_to_left = match script {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.iter().any(|known| known.eq_ignore_ascii_case(script)),
        None => RIGHT_TO_LEFT.contains(&first),
    };
    if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// The language without script and region: `pa` of `pa-Arab`.
pub fn primary(language: &Language) -> &str {
    language.as_str().split('-').next().unwrap_or_default()
}

/// The language of a tag that names a country too: `pt` of `pt-BR`. None where it names a script, which others may
/// not read.
pub fn without_region(language: &Language) -> Option<Language> {
    let has_script = language.as_str().split('-').skip(1).any(|part| part.len() == 4);
    if has_script { None } else { primary(language).parse().ok() }
}

/// The tag as BCP 47 (RFC 5646, 2.1.1) recommends to write it: `pt-BR`, `pa-Arab`; none where it is no tag.
pub fn canonical(written: &str) -> Option<Language> {
    let mut out = String::with_capacity(written.len());
    for (at, part) in written.split('-').enumerate() {
        let part = part.to_lowercase();
        if at == 0 {
            out.push_str(&part);
            continue;
        }
        out.push('-');
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        match part.len() {
            2 if letters => out.push_str(&part.to_uppercase()),
            4 if letters => {
                out.push_str(&part[..1].to_uppercase());
                out.push_str(&part[1..]);
            }
            _ => out.push_str(&part),
        }
    }
    out.parse().ok()
}

/// `agreements/ks1.ur.md` as the page that it translates and the tag in its name: `agreements/ks1.md`, `ur`.
/// None for a name without a tag.
pub fn of_file(path: &str) -> Option<(String, &str)> {
    of_file_ending(path, ".md")
}

/// As [`of_file`], for `forms/images.pl.toml`.
pub fn of_form(path: &str) -> Option<(String, &str)> {
    of_file_ending(path, ".toml").filter(|(english, _)| english.starts_with("forms/"))
}

fn of_file_ending<'p>(path: &'p str, ending: &str) -> Option<(String, &'p str)> {
    let (page, tag) = path.strip_suffix(ending)?.rsplit_once('.')?;
    let named = !page.is_empty() && !page.ends_with('/') && !tag.is_empty() && !tag.contains('/');
    named.then(|| (format!("{page}{ending}"), tag))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_as_its_script_is() {
        let way = |tag: &str| direction(&tag.parse().unwrap()).as_str();
        for tag in ["ur", "ar", "fa", "ps", "pa-Arab", "ur-PK", "ckb", "yi"] {
            assert_eq!(way(tag), "rtl", "{tag}");
        }
        for tag in ["pl", "pa", "pa-Guru", "bn", "gu", "ta", "ur-Latn", "en-GB", "so", "ku"] {
            assert_eq!(way(tag), "ltr", "{tag}");
        }
    }

    #[test]
    fn the_tag_in_a_files_name_is_the_language_however_it_is_cased() {
        assert_eq!(of_file("agreements/ks1.ur.md"), Some(("agreements/ks1.md".to_owned(), "ur")));
        assert_eq!(of_file("home.pl.md"), Some(("home.md".to_owned(), "pl")));
        assert_eq!(of_file("agreements/ks1.md"), None);
        assert_eq!(of_file("agreements/.ur.md"), None);
        assert_eq!(of_form("forms/images.pl.toml"), Some(("forms/images.toml".to_owned(), "pl")));
        assert_eq!(of_form("forms/images.toml"), None);
        assert_eq!(canonical("pt-br").unwrap().as_str(), "pt-BR");
        assert_eq!(canonical("PA-arab").unwrap().as_str(), "pa-Arab");
        assert_eq!(canonical("urdu"), None);
    }
}
