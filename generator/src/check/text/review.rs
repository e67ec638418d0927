//! Days of approval and review in the text that differ from the page’s settings, or are long past.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{
    Page,
    dates::{self, Found},
    passages::{Passage, Sort},
};
use crate::diagnostic::Diagnostic;

/// Words before a date that make it the day of the next review. “Reviewed in” looks back, and is none.
static REVIEW: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?i)(?:next (?:scheduled )?review(?: date)?(?: is| of this policy)?(?: due)?(?: by| on| in)?",
        r"|review date|date (?:of|for) (?:next )?review|review(?: is)? due(?: by| on| in| date)?|due for review(?: by| on| in)?",
        // Schools review much else: “The filtering system will be reviewed in January 2027”.
        r"|\b(?:policy|agreement|document|page|statement)\b(?:[^.;:]{0,60}|.{0,200}\bit )\b(?:will|shall|is|has|is due) (?:next )?(?:to )?be (?:next )?reviewed(?: again)?(?: by| on| in| before)?",
        r"|(?:^|[.;:(]\s*)(?:will|(?:due )?to) be reviewed(?: again)?(?: by| on| in| before)?",
        r"|\b(?:policy|agreement|document|page|statement)\b[^.;:]{0,40}\breviewed\b[^.;:]{0,30}\bnext(?: by| on| in)?",
        r"|review by|(?:^|\s)review:)\s*(?:is)?\s*[:–—-]?\s*$",
    ))
});
/// Words before a date that make it the day of approval.
static APPROVED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?i)(?:(?:this|the) (?:policy|agreement|document) was (?:approved|adopted|ratified|agreed)(?: by [a-z ’']{3,40})?(?: on| in)?",
        r"|date (?:of approval|approved|ratified|adopted)|approval date)\s*[:–—-]?\s*$",
    ))
});

/// The same, where a paragraph begins with it: “Ratified: 1 September 2026”. A list is a history of versions.
static APPROVED_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(r"(?i)^\s*(?:approved|adopted|ratified)(?: by [a-z ’']{3,40})?(?: on| in)?\s*[:–—-]?\s*$")
});

pub(super) fn check(page: &Page<'_>, day: Date) -> Vec<Diagnostic> {
    let matter = &page.document.matter;
    let mut problems = Vec::new();
    // In a table such dates are a history of versions, and all but the last are rightly past.
    let running = page.passages.iter().filter(|p| p.sort != Sort::Cell && dates::may_hold(p));
    for passage in running {
        for found in dates::find(&passage.words) {
            let before = &passage.words[..found.range.start];
            if REVIEW.is_match(before) {
                problems.extend(match &matter.review_due {
                    Some(due) => differs(page, passage, &found, due.value, "review_due", "the review is due"),
                    None => past(page, passage, &found, day),
                });
            } else if (APPROVED.is_match(before)
                || passage.sort == Sort::Paragraph && APPROVED_ALONE.is_match(before))
                && let Some(approved) = &matter.approved
            {
                problems.extend(differs(
                    page,
                    passage,
                    &found,
                    approved.value,
                    "approved",
                    "it was approved",
                ));
            }
        }
    }
    problems
}

fn differs(
    page: &Page<'_>,
    passage: &Passage,
    found: &Found,
    stated: Date,
    key: &str,
    what: &str,
) -> Option<Diagnostic> {
    if found.fits(stated) {
        return None;
    }
    let words = &passage.words[found.range.clone()];
    Some(page.warning(
        "dates-differ",
        passage,
        found.range.clone(),
        format!("Here {what} in “{words}”, but the settings at the head of the page say {stated}."),
        format!("Take the date out of the text: the page shows “{key}” by itself. Or correct the one that is wrong."),
    ))
}

fn past(page: &Page<'_>, passage: &Passage, found: &Found, day: Date) -> Option<Diagnostic> {
    if !found.is_before(day) {
        return None;
    }
    let words = &passage.words[found.range.clone()];
    Some(page.warning(
        "review-in-the-past",
        passage,
        found.range.clone(),
        format!("The text promises a review in “{words}”, and that is over."),
        "Review the page, then put the new day into its settings as review_due = 2027-09-01 and take it out of the text.",
    ))
}
