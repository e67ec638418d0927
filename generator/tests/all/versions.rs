//! Versions of policies: on record when they are published, and what each changed is there to read.

use std::fs;

use generator::diagnostic::Severity;

use crate::workshop::{Workshop, said};

const FILE: &str = "policies/online.md";

fn publish(workshop: &Workshop, day: &str) {
    let words = ["publish", "--school", "school", "--to", "out", "--date", day];
    let output = workshop.signpost(&words);
    assert!(output.status.success(), "{}", said(&output));
}

fn record(workshop: &Workshop) -> String {
    fs::read_to_string(workshop.school().join("history/policies/online.toml")).unwrap()
}

#[test]
fn a_new_version_of_a_policy_shows_its_readers_what_it_changed() {
    let workshop = Workshop::small();
    publish(&workshop, "2026-09-20");
    assert!(record(&workshop).contains("day = \"2026-09-20\""), "{}", record(&workshop));
    workshop.change(FILE, "version = \"1.0\"", "version = \"1.1\"");
    workshop.change(FILE, "at the gate", "at the door");
    publish(&workshop, "2026-11-22");
    let record = record(&workshop);
    assert!(record.contains("at the gate") && record.contains("at the door"), "{record}");
    let page = workshop.page("what-changed/policies/online/index.html");
    let (was, now) = (page.find("at the <b>gate").unwrap(), page.find("at the <b>door").unwrap());
    assert!(was < now, "what was comes before what is");
    assert!(
        page.contains("published on 22 November 2026") && page.contains("published on 20 September 2026")
    );
    assert!(page.contains("<h3>Phones</h3>"), "it says under which heading: {page}");
    assert!(page.contains("<span class=\"unseen\">Removed: </span>"), "a screen reader says which is which");
    let policy = workshop.page("policies/online/index.html");
    assert!(policy.contains("../../what-changed/policies/online/"), "the policy leads to it");
    assert!(workshop.page("what-changed/index.html").contains("policies/online/"));
}

#[test]
fn a_slip_in_a_policy_is_put_right_without_ceremony_and_not_on_the_quiet() {
    let workshop = Workshop::small();
    publish(&workshop, "2026-09-20");
    workshop.change(FILE, "at the gate", "at the door");
    let checked = workshop.check();
    assert_eq!(checked.report.errors(), 0);
    let told = checked.report.diagnostics().iter().find(|d| d.code == "policy-words-changed").unwrap();
    assert_eq!(told.severity, Severity::Warning);
    assert!(told.spot.as_ref().unwrap().text.contains("at the door"), "{told:?}");
    publish(&workshop, "2026-11-22");
    let record = record(&workshop);
    assert_eq!(record.matches("[[published]]").count(), 1);
    assert!(record.contains("at the door") && !record.contains("at the gate"), "{record}");
    assert!(record.contains("day = \"2026-09-20\"") && record.contains("corrected = \"2026-11-22\""));
    assert!(!workshop.codes().contains(&"policy-words-changed"));
    let page = workshop.page("what-changed/policies/online/index.html");
    assert!(page.contains("slips put right on 22 November 2026"), "{page}");
}

#[test]
fn another_headteacher_is_no_change_of_a_policy() {
    let workshop = Workshop::small();
    workshop.change(FILE, "at the gate", "at the gate, as {{ people.head.name }} asks");
    publish(&workshop, "2026-09-20");
    assert!(record(&workshop).contains("as {{ people.head.name }} asks"), "{}", record(&workshop));
    let settings = fs::read_to_string(workshop.school().join("school.toml")).unwrap();
    let name = settings.split("[people.head]").nth(1).unwrap().split('"').nth(1).unwrap();
    workshop.change("school.toml", name, "Ms Somebody Else");
    assert!(!workshop.codes().contains(&"policy-words-changed"));
}

#[test]
fn a_policy_that_readers_do_not_see_is_not_put_on_record() {
    let workshop = Workshop::small();
    publish(&workshop, "2026-09-20");
    for name in ["secret", "imported"] {
        let file = workshop.school().join(format!("history/policies/{name}.toml"));
        assert!(!file.exists(), "{name}: staff only, or without a version");
    }
}

#[test]
fn a_version_of_a_policy_that_goes_back_is_told() {
    let workshop = Workshop::small();
    publish(&workshop, "2026-09-20");
    workshop.change(FILE, "version = \"1.0\"", "version = \"0.9\"");
    let checked = workshop.check();
    let told = checked.report.diagnostics().iter().find(|d| d.code == "version-goes-back").unwrap();
    assert_eq!(told.severity, Severity::Warning);
}

#[test]
fn the_model_school_shows_what_its_policies_said_before() {
    let workshop = Workshop::model();
    assert!(workshop.build().status.success());
    for name in ["online-safety", "mobile-and-wearable-devices"] {
        let page = workshop.page(&format!("what-changed/policies/{name}/index.html"));
        assert!(page.contains("<del>") && page.contains("<ins>") && page.contains("Compared with version"));
    }
}
