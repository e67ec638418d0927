//! A finding is silenced for a line, with a reason, and a note that does nothing is told.

use crate::workshop::Workshop;

const SOON: &str = "approved = 2099-01-01";

/// A school whose one policy has a fault at the line that says when it was approved.
fn early_school(note: &str) -> Workshop {
    let workshop = Workshop::small();
    workshop.change("policies/online.md", "review_due = 2027-09-01", "review_due = 2099-09-01");
    workshop.change("policies/online.md", "approved = 2026-09-14", &format!("{note}{SOON}"));
    workshop
}

#[test]
fn a_line_with_a_reason_is_left_in_peace() {
    assert!(early_school("").codes().contains(&"approved-in-future"));
    let noted = early_school("# signpost: allow approved-in-future: the governors meet next week\n");
    let codes = noted.codes();
    assert!(
        !codes.contains(&"approved-in-future") && !codes.iter().any(|c| c.starts_with("allow")),
        "{codes:?}"
    );
}

#[test]
fn no_reason_no_silence() {
    let codes = early_school("# signpost: allow approved-in-future\n").codes();
    assert!(codes.contains(&"allow-without-reason") && codes.contains(&"approved-in-future"), "{codes:?}");
}

#[test]
fn a_note_that_names_no_rule_or_silences_nothing_is_told() {
    let codes = early_school("# signpost: allow aproved-in-future: soon\n").codes();
    assert!(codes.contains(&"allow-unknown-rule") && codes.contains(&"approved-in-future"), "{codes:?}");
    assert!(early_school("# signpost: allow review-overdue: soon\n").codes().contains(&"allow-unused"));
}

#[test]
fn an_error_cannot_be_silenced() {
    let workshop = Workshop::small();
    workshop.change(
        "policies/online.md",
        "owner = \"head\"",
        "owner = \"nobody\" # signpost: allow unknown-owner: she left",
    );
    let codes = workshop.codes();
    assert!(codes.contains(&"unknown-owner") && codes.contains(&"allow-refused"), "{codes:?}");
}

#[test]
fn a_note_about_a_strict_rule_is_not_called_useless_by_an_ordinary_build() {
    let workshop = Workshop::small();
    workshop.change(
        "school.toml",
        "[helplines.childline]",
        "# signpost: allow unchecked-helpline: rung by the county every month\n[helplines.childline]",
    );
    assert!(!workshop.codes().contains(&"allow-unused"));
}

#[test]
fn a_strict_check_fails_on_what_a_build_only_warns_of() {
    let workshop = early_school("");
    let plain = workshop.signpost(&["check", "--school", "school", "--date", "2026-11-22"]);
    assert_eq!(plain.status.code(), Some(0));
    let strict = workshop.signpost(&["check", "--strict", "--school", "school", "--date", "2026-11-22"]);
    assert_eq!(strict.status.code(), Some(1));
    let said = crate::workshop::said(&strict);
    assert!(said.contains("unchecked-helpline") && said.contains("Childline"), "{said}");
    assert!(workshop.build().status.success());
}
