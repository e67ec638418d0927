//! Names that every disk and stick can hold, Windows’ and FAT’s too.
//!
//! A site is carried about on sticks, so a name that only some systems can hold is refused wherever it is
//! written. The rules are those of “Naming Files, Paths, and Namespaces” in Microsoft’s documentation of
//! Win32, which FAT and exFAT follow.

use std::collections::BTreeMap;

/// Signs that stand in no name.
const REFUSED: &[char] = &['<', '>', ':', '"', '\\', '|', '?', '*'];
/// Names of devices, which Windows keeps for itself with any ending. COM and LPT come with a digit.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
/// The longest name of one file or folder, in bytes; FAT counts characters, ext4 bytes.
const LONGEST: usize = 255;

/// Whether every part of this path, written with `/`, is a name that all systems can hold.
pub fn is_portable(path: &str) -> bool {
    path.split('/').all(is_portable_part)
}

fn is_portable_part(name: &str) -> bool {
    let refused = |c: char| c.is_control() || REFUSED.contains(&c);
    !name.is_empty()
        && name.len() <= LONGEST
        && !name.ends_with(['.', ' '])
        && !name.contains(refused)
        && !is_device(name)
}

/// Whether Windows takes a file of this name for a device.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |stem: &str| {
        ["com", "lpt"].iter().any(|device| {
            stem.strip_prefix(device)
                .is_some_and(|digit| digit.len() == 1 && digit.chars().all(|c| ('1'..='9').contains(&c)))
        })
    };
    DEVICES.contains(&stem.as_str()) || numbered(&stem)
}

/// Two of these paths that are one and the same where capitals do not count; none if all differ.
pub(super) fn same_but_for_capitals<'a>(
    paths: impl Iterator<Item = &'a String>,
) -> Option<(&'a str, &'a str)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for path in paths {
        if let Some(other) = seen.insert(path.to_lowercase(), path) {
            return Some((other, path));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_stick_refuses_is_told_from_one_that_it_takes() {
        for good in ["site/policies/online-safety/index.html", ".signpost-output", "a/co", "a/com", "console"]
        {
            assert!(is_portable(good), "{good}");
        }
        for bad in [
            "",
            "/a",
            "a//b",
            "a/",
            "a:b",
            "why?",
            "a/b.",
            "a/b ",
            "a\\b",
            "a\nb",
            "con",
            "a/NUL.html",
            "site/com1/index.html",
            "..",
        ] {
            assert!(!is_portable(bad), "{bad:?}");
        }
        assert!(!is_portable(&"x".repeat(256)));
    }

    #[test]
    fn two_names_that_differ_in_capitals_alone_are_found() {
        let paths = ["a/Hall.svg".to_owned(), "a/b".to_owned(), "a/hall.svg".to_owned()];
        assert_eq!(same_but_for_capitals(paths.iter()), Some(("a/Hall.svg", "a/hall.svg")));
        assert_eq!(same_but_for_capitals(paths[..2].iter()), None);
    }
}
