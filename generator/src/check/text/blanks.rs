//! Lines of dots to be filled in, outside a form.

use std::sync::LazyLock;

use regex::Regex;

use super::{Page, passages::Sort, triggers::Family};
use crate::diagnostic::Diagnostic;

static BLANK: LazyLock<Regex> =
    LazyLock::new(|| super::pattern(r"\.{4,}|…{2,}|(?:…\s*){2,}|_{3,}|(?:\. ){4,}"));

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for passage in page.passages.iter().filter(|p| p.triggers.has(Family::Blank) && p.sort != Sort::Form) {
        let Some(found) = BLANK.find(&passage.words) else { continue };
        // Dots that lead to a page number are the remains of a contents list.
        let leader = passage.words[found.end()..].trim();
        let (what, mend) = if !leader.is_empty() && leader.chars().all(|c| c.is_ascii_digit() || c == '.') {
            (
                "This line leads to a page number, and a website has no such pages.",
                "Take the old contents list out: every page makes its own from its headings.",
            )
        } else {
            (
                "These dots or lines wait to be filled in by hand.",
                "Write what belongs here; or, if families fill it in, make it a form: a block that begins with ```form and has a label on each line.",
            )
        };
        problems.push(page.warning("unfilled-blank", passage, found.range(), what, mend));
    }
    problems
}
