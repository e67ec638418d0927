//! Appendices that are announced and not there.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{Page, passages::Sort, triggers::Family};
use crate::diagnostic::Diagnostic;

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b((?i:appendix|annex))\s+(\d{1,2}|[A-Z]|[ivx]{1,4})\b(\s+(?:of|in|to)\s+(?:the|our|their|its|this)\b)?",
    )
});

/// “Appendices A and B”.
static TOGETHER: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b(?i:appendices|annexes)\s+((?:\d{1,2}|[A-Z])(?:,\s*(?:\d{1,2}|[A-Z]))*,?\s+(?:and|to|or)\s+(?:\d{1,2}|[A-Z]))\b(\s+(?:of|in|to)\s+(?:the|our|their|its)\b)?",
    )
});
/// One of them.
static ONE: LazyLock<Regex> = LazyLock::new(|| super::pattern(r"\d{1,2}|[A-Z]"));

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let mut there: BTreeSet<String> = BTreeSet::new();
    let mut missing = Vec::new();
    for passage in page.passages.iter().filter(|p| p.triggers.has(Family::Appendix)) {
        for found in NAMED.captures_iter(&passage.words) {
            let Some(whole) = found.get(0) else { continue };
            let name = found[2].to_lowercase();
            // A heading, or a line that begins with it, is the appendix itself.
            let begins = passage.words[..whole.start()].trim().is_empty();
            let title = passage.sort == Sort::Heading || (begins && passage.sort == Sort::Paragraph);
            if title {
                there.insert(name);
                continue;
            }
            // “Appendix B of the child protection policy” is another document’s; a link leads somewhere.
            let elsewhere = found.get(3).is_some_and(|tail| !tail.as_str().ends_with("this"));
            if !elsewhere && !passage.is_linked(&whole.range()) {
                let end = found.get(2).map_or(whole.end(), |name| name.end());
                missing.push((name, passage, whole.start()..end));
            }
        }
    }
    for passage in page.passages.iter().filter(|p| p.triggers.has(Family::Appendix)) {
        for found in TOGETHER.captures_iter(&passage.words) {
            let (Some(whole), Some(names)) = (found.get(0), found.get(1)) else { continue };
            let all = ONE.find_iter(names.as_str()).map(|name| name.as_str().to_lowercase());
            if passage.sort == Sort::Heading {
                there.extend(all);
            } else if found.get(2).is_none() && !passage.is_linked(&whole.range()) {
                // They are told together, by the first that is not there.
                missing.extend(all.map(|name| (name, passage, whole.start()..names.end())));
            }
        }
    }
    let mut told = BTreeSet::new();
    let mut problems = Vec::new();
    for (name, passage, range) in missing {
        if there.contains(&name) || !told.insert(name) {
            continue;
        }
        let words = &passage.words[range.clone()];
        problems.push(page.warning(
            "missing-appendix",
            passage,
            range.clone(),
            format!("The text speaks of {words}, and this page has no heading of that name."),
            "Add the appendix under a heading that begins with its name, link to the page where it is now, or take the words out.",
        ));
    }
    problems
}
