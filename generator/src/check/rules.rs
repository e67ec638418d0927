//! The rules by name. Each has its section in `docs/rules.md`; a test holds the two together.

/// What has to be asked for before a rule looks at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: it is part of every build.
    Always,
    /// `--strict`.
    Strict,
    /// `--names`.
    Names,
    /// `--external`.
    External,
    /// Printing, in `build` and `publish`.
    Print,
}

/// Every rule of the generator, in alphabetical order.
pub const RULES: &[&str] = &[
    "allow-refused",
    "allow-unknown-rule",
    "allow-unused",
    "allow-without-reason",
    "approved-in-future",
    "branch-to-no-step",
    "broken-history",
    "broken-picture",
    "broken-settings",
    "broken-symbol",
    "cannot-be-asked",
    "choices-not-asked",
    "consent-from-later",
    "consent-not-asked",
    "consent-not-looked-up",
    "consent-not-taken",
    "consent-refused",
    "consent-stale",
    "consent-without-purpose",
    "consent-without-way-back",
    "contents-mismatch",
    "dates-differ",
    "duplicate-heading-name",
    "duplicate-question-name",
    "duplicate-slug",
    "duplicate-statement-name",
    "empty-heading",
    "empty-item",
    "empty-statement",
    "every-year-not-asked",
    "figures-differ",
    "file-name",
    "flowchart-without-end",
    "folder-not-file",
    "form-name",
    "form-without-questions",
    "front-matter-not-closed",
    "hard-to-read",
    "html",
    "impossible-date",
    "letter-untranslated",
    "link-loop",
    "link-refused",
    "link-to-no-heading",
    "link-to-nowhere",
    "link-to-unpublished",
    "list-address",
    "list-cells",
    "list-code",
    "list-code-shared",
    "list-column",
    "list-empty",
    "list-empty-cell",
    "list-encoding",
    "list-headings",
    "list-language",
    "list-line-break",
    "list-too-long",
    "list-twice",
    "long-alt-text",
    "low-contrast",
    "made-up-contact",
    "missing-appendix",
    "missing-key",
    "missing-picture",
    "missing-symbol",
    "near-copy",
    "needs-another",
    "no-front-matter",
    "no-home",
    "no-hub-key",
    "no-school",
    "no-second-person",
    "no-settings",
    "no-statements",
    "no-steps",
    "no-such-date",
    "not-a-colour",
    "not-a-key",
    "not-a-name",
    "not-a-version",
    "not-an-address",
    "not-an-id",
    "not-stated",
    "not-used",
    "not-utf8",
    "old-copy",
    "outside-link-gone",
    "outside-link-moved",
    "outside-link-silent",
    "outside-links-not-tried",
    "people-contradict",
    "people-of-two-pictures",
    "people-unsaid",
    "people-without-picture",
    "personal-email",
    "personal-mobile",
    "picture-from-elsewhere",
    "picture-too-large",
    "picture-without-words",
    "placeholder-text",
    "policy-words-changed",
    "print",
    "print-code",
    "print-layout",
    "print-letter",
    "print-picture",
    "print-table",
    "print-too-long",
    "promise-not-kept",
    "pupil-first-name",
    "pupil-name",
    "purposes-not-asked",
    "required-document-missing",
    "reserved-heading-name",
    "review-before-approval",
    "review-in-the-past",
    "review-overdue",
    "roster-not-taken",
    "same-title",
    "second-title",
    "skipped-heading-level",
    "statement-level",
    "statement-name",
    "statement-without-name",
    "statement-without-picture",
    "step-not-reached",
    "step-without-name",
    "superseded-law",
    "symbol-without-words",
    "taken-in-future",
    "theme",
    "too-few-choices",
    "too-large",
    "too-many-words",
    "translation-half-checked",
    "translation-language",
    "translation-missing-heading",
    "translation-missing-part",
    "translation-of-later-version",
    "translation-of-nothing",
    "translation-outdated",
    "translation-sign-off",
    "translation-unchecked",
    "translation-unknown-part",
    "two-agreements",
    "unchecked-helpline",
    "unchecked-source",
    "unfilled-blank",
    "unknown-attribute",
    "unknown-audience",
    "unknown-class",
    "unknown-key",
    "unknown-language",
    "unknown-owner",
    "unknown-placeholder",
    "unknown-pupil",
    "unknown-time-zone",
    "unreadable",
    "unused-picture",
    "version-goes-back",
    "words-changed",
    "working-note",
    "wrong-value",
    "wrong-weekday",
    "year-ends-before-it-starts",
];

/// Errors that a reason may lift all the same, because the program cannot know better than the office:
/// a grown-up may share a pupil’s name.
const LIFTED_BY_A_REASON: &[&str] = &["pupil-name", "pupil-first-name"];

/// When a rule looks.
pub fn asked(rule: &str) -> Asked {
    match rule {
        "translation-unchecked" | "unchecked-helpline" | "unchecked-source" => Asked::Strict,
        "pupil-name" | "pupil-first-name" => Asked::Names,
        "outside-link-gone" | "outside-link-moved" | "outside-link-silent" | "outside-links-not-tried" => {
            Asked::External
        }
        rule if rule == "print" || rule.starts_with("print-") => Asked::Print,
        _ => Asked::Always,
    }
}

/// Whether a note with a reason may silence an error of this rule. A warning may always be silenced.
pub fn error_may_be_silenced(rule: &str) -> bool {
    LIFTED_BY_A_REASON.contains(&rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_stand_in_order_and_once() {
        assert!(RULES.is_sorted_by(|a, b| a < b), "sort the list");
    }
}
