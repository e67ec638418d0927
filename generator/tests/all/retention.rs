//! `retention.toml`: the school's rules, from its content to the pack, and what is wrong with them.

use generator::{pack, theme::Theme};
use records::retention::{After, Kept, Period};

use crate::workshop::{Workshop, day};

#[test]
fn the_model_school_says_of_every_kind_how_long_and_why_and_the_hub_gets_it() {
    let checked = Workshop::model().check();
    let draft = pack::draft(&checked.school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let rules = draft.content.retention.unwrap();
    for kept in Kept::ALL {
        let rule = rules.rule(kept).unwrap_or_else(|| panic!("no rule for {kept}"));
        assert!(!rule.because.is_empty() && !rule.source.is_empty(), "{kept}");
    }
    let consent = rules.rule(Kept::Consent).unwrap();
    assert_eq!((consent.period, consent.after), (Period::Years(1), Some(After::Leaving)));
    assert_eq!(rules.rule(Kept::Audit).unwrap().period, Period::Always);
    assert_eq!(rules.notice_days, 28);
}

#[test]
fn a_school_without_rules_removes_nothing() {
    let checked = Workshop::small().check();
    assert!(checked.school.retention.is_none());
}

#[test]
fn what_families_are_told_is_what_the_hub_does() {
    let workshop = Workshop::model();
    for (old, new) in [("\"6 months\"", "\"3 months\""), ("\"21 years\"", "\"22 years\"")] {
        workshop.change("retention.toml", old, new);
    }
    workshop.change(
        "retention.toml",
        "what = \"consent\"\nkeep = \"1 year\"",
        "what = \"consent\"\nkeep = \"2 years\"",
    );
    assert!(workshop.build().status.success());
    let policy = workshop.page("policies/data-protection/index.html");
    for told in ["3 months", "22 years after it is closed", "As long as your child is here, and 2 years more"]
    {
        assert!(policy.contains(told), "the policy does not say “{told}”");
    }
    assert!(workshop.page("forms/report-a-concern/index.html").contains("22 years after it is closed"));
    assert!(workshop.page("forms/images/index.html").contains("and 2 years more"));
    assert!(workshop.page("pl/forms/images/index.html").contains("2 years"));
}

const GOOD: &str = "notice_days = 28\n\n[[kept]]\nwhat = \"calls\"\nkeep = \"1 year\"\nafter = \"made\"\nbecause = \"a\"\nsource = \"b\"\n";

#[test]
fn every_slip_is_told_at_its_place_with_how_to_mend_it_and_no_half_of_the_rules_counts() {
    let slips = [
        ("28", "2", 1, "“notice_days” cannot be 2"),
        ("notice_days = 28\n", "", 1, "“notice_days” is missing"),
        ("calls", "cals", 4, "did you mean “calls”"),
        ("1 year", "1 fortnight", 5, "“1 fortnight” is no length of time"),
        ("1 year", "101 years", 5, "at most 100 years"),
        ("1 year", "always", 6, "has no time that runs"),
        ("\"made\"", "\"leaving\"", 6, "cannot run from “leaving”"),
        ("after = \"made\"\n", "", 3, "“after” is missing"),
        ("because = \"a\"\n", "", 3, "“because” is missing"),
        ("source = \"b\"\n", "source = \"b\"\nchekced = 2026-09-14\n", 9, "“chekced”"),
        ("calls", "audit", 5, "can only be kept always"),
    ];
    for (old, new, line, told) in slips {
        let workshop = Workshop::small();
        assert!(GOOD.contains(old), "{old}");
        workshop.write("retention.toml", GOOD.replacen(old, new, 1));
        let checked = workshop.check();
        let found = checked.report.diagnostics().iter().filter(|d| d.file == "retention.toml");
        let found: Vec<_> = found.collect();
        let words = |d: &generator::diagnostic::Diagnostic| format!("{} {}", d.what, d.mend).to_lowercase();
        let hit = found.iter().find(|d| words(d).contains(&told.to_lowercase()));
        let hit = hit.unwrap_or_else(|| panic!("{told}: {found:?}"));
        assert_eq!(hit.spot.as_ref().map(|spot| spot.line), Some(line), "{told}");
        assert!(checked.school.retention.is_none(), "{told}: half the rules are none");
    }
    let workshop = Workshop::small();
    let twice = format!("{GOOD}{}", GOOD.trim_start_matches("notice_days = 28\n"));
    workshop.write("retention.toml", twice);
    let checked = workshop.check();
    let found = checked.report.diagnostics().iter().find(|d| d.file == "retention.toml").unwrap();
    assert!(found.what.contains("has a rule already"), "{found:?}");
    let workshop = Workshop::small();
    workshop.write("retention.toml", GOOD);
    assert!(workshop.check().school.retention.is_some());
}
