//! The rules by name. Each has its section in `docs/rules.md`; a test holds the two together.

/// What has to be asked for before a rule looks at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: it is part of every build.
    Always,
    /// `--strict`.
    Strict,
    /// `--roster`.
    Roster,
    /// `--external`.
    External,
}

/// Every rule of the generator, in alphabetical order.
pub const RULES: &[&str] = &[
    "allow-refused",
    "allow-unknown-rule",
    "allow-unused",
    "allow-without-reason",
    "approved-in-future",
    "broken-history",
    "broken-picture",
    "broken-settings",
    "broken-symbol",
    "duplicate-heading-name",
    "duplicate-slug",
    "duplicate-statement-name",
    "empty-heading",
    "empty-statement",
    "file-name",
    "folder-not-file",
    "front-matter-not-closed",
    "html",
    "impossible-date",
    "link-loop",
    "link-refused",
    "link-to-no-heading",
    "link-to-nowhere",
    "link-to-unpublished",
    "missing-key",
    "missing-picture",
    "missing-symbol",
    "no-front-matter",
    "no-home",
    "no-school",
    "no-settings",
    "no-statements",
    "not-a-version",
    "not-an-address",
    "not-stated",
    "not-used",
    "not-utf8",
    "picture-from-elsewhere",
    "picture-too-large",
    "picture-without-words",
    "reserved-heading-name",
    "review-before-approval",
    "review-overdue",
    "second-title",
    "skipped-heading-level",
    "statement-level",
    "statement-name",
    "statement-without-name",
    "statement-without-picture",
    "symbol-without-words",
    "theme",
    "too-many-words",
    "two-agreements",
    "unchecked-helpline",
    "unknown-attribute",
    "unknown-audience",
    "unknown-key",
    "unknown-language",
    "unknown-owner",
    "unknown-placeholder",
    "unknown-time-zone",
    "unreadable",
    "version-goes-back",
    "words-changed",
    "wrong-value",
    "year-ends-before-it-starts",
];

/// Errors that a reason may lift all the same, because the program cannot know better than the office:
/// a grown-up may share a pupil’s name.
const LIFTED_BY_A_REASON: &[&str] = &["pupil-name", "pupil-first-name"];

/// When a rule looks.
pub fn asked(rule: &str) -> Asked {
    match rule {
        "unchecked-helpline" | "unchecked-source" => Asked::Strict,
        "pupil-name" | "pupil-first-name" => Asked::Roster,
        _ if rule.starts_with("external-") => Asked::External,
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
