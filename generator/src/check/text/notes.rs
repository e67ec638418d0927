//! Notes that whoever wrote the page left for themselves or a colleague.

use std::sync::LazyLock;

use regex::Regex;

use super::{Page, passages::Sort, triggers::Family};
use crate::diagnostic::Diagnostic;

/// “Sue to set up, please”: a job for a colleague. A role with a job is a rule. A question mark alone makes no
/// note of it: “Who to ask if you are worried?” is for readers.
static JOB: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b([A-Z][a-z]+) to (?:set up|check|confirm|update|amend|add|find out|chase|finish|write|insert|ask)\b[^.]{0,60}?(?i:\bplease\b|\basap\b)",
    )
});
/// What is no colleague’s name.
const NOBODY: [&str; 36] = [
    "Headteacher",
    "Head",
    "Staff",
    "Teacher",
    "Teachers",
    "Governors",
    "Governor",
    "School",
    "Pupils",
    "Parents",
    "Office",
    "Technician",
    "Children",
    "Everyone",
    "Lead",
    "Leads",
    "Coordinator",
    "Manager",
    "Team",
    // Words that speak to readers.
    "How",
    "Who",
    "Whom",
    "What",
    "When",
    "Where",
    "Which",
    "Why",
    "Want",
    "Need",
    "Remember",
    "Try",
    "Like",
    "Please",
    "Time",
    "Things",
    "Questions",
];

/// “(JW to confirm)”: a job for a colleague by initials, in brackets.
static INITIALS: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\(([A-Z]{2,3}) to (?:check|confirm|update|amend|add|find out|chase|finish|write|insert)\b[^)]{0,60}\)",
    )
});
/// Initials that are a role’s or an office’s: what these do is a rule.
const ROLES: [&str; 19] = [
    "DSL", "OSL", "HT", "DHT", "AHT", "SLT", "SMT", "IT", "ICT", "DPO", "SBM", "LA", "LSA", "TA", "CEO",
    "SEN", "MAT", "PTA", "UK",
];

static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"\bDN:",
        r"|\bTODO\b|\bTO DO:|\bFIXME\b",
        r"|\bN\.?B\.?:?\s+(?i:check|ask|confirm|update|speak to|ring|remember to|amend|add|find out|chase)\b[^.]{0,60}",
        r"|(?i:\bnote to (?:self|editor|author|office|reviewer)\b)",
        r"|(?i:\bdraft(?:ing)? note\b)",
        // What word processors leave of comments and tracked changes when their text is copied.
        r"|\bComment(?:ed)? \[[A-Za-z]{1,4}\d{1,3}\]",
        r"|\bFormatted: (?:Font|Indent|Normal|List|Space|Bullets|Tab)",
        r"|\[(?i:check|confirm|ask|amend|update|query|not sure|is this)\b[^\]]{0,80}\]",
        r"|\((?i:check|confirm|ask)\b[^)]{0,60}\?\s*\)",
        r"|\?\?\?+",
    ))
});

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for passage in page.passages.iter().filter(|passage| passage.sort != Sort::Form) {
        let has = |family| passage.triggers.has(family);
        let notes = has(Family::Note).then(|| NOTE.find_iter(&passage.words));
        let jobs = (has(Family::Job) && has(Family::Please)).then(|| JOB.captures_iter(&passage.words));
        let jobs = jobs
            .into_iter()
            .flatten()
            .filter(|found| !NOBODY.contains(&&found[1]))
            .filter_map(|found| found.get(0));
        let by_initials = has(Family::Job).then(|| INITIALS.captures_iter(&passage.words));
        let by_initials = by_initials.into_iter().flatten().filter(|found| !ROLES.contains(&&found[1]));
        let jobs = jobs.chain(by_initials.filter_map(|found| found.get(0)));
        for found in notes.into_iter().flatten().chain(jobs) {
            problems.push(page.warning(
                "working-note",
                passage,
                found.range(),
                format!("“{}” looks like a note among colleagues, not for readers.", found.as_str().trim()),
                "Do what it says, then take it out. A note that readers do not see is written <!-- like this -->.",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_among_colleagues_is_told_from_advice_to_readers() {
        for text in [
            "NB check with the county",
            "DN: reword",
            "TODO",
            "Comment [JS1]: is this right",
            "(check with Sue?)",
            "why???",
        ] {
            assert!(NOTE.is_match(text), "{text}");
        }
        for text in [
            "NB Phones are handed in at the gate.",
            "Check with the office before you film.",
            "a list of things to do",
            "(ask a grown-up first)",
            "Comment on the work, not on the child",
        ] {
            assert!(!NOTE.is_match(text), "{text}: {:?}", NOTE.find(text));
        }
        assert!(JOB.is_match("Sue to set up please-use the form"));
        for text in [
            "Sue came to check.",
            "Want to find out more?",
            "Who to ask if you are worried?",
            "Remember to check the list below.",
        ] {
            assert!(!JOB.is_match(text), "{text}");
        }
    }
}
