//! Forms that are registers: from the school's content to the pack, and what is wrong with them.

use generator::{diagnostic::Diagnostic, pack, theme::Theme};
use records::{
    codec,
    form::FormKind,
    register::{Cycle, Party},
    retention::{After, Period},
};

use crate::workshop::{Workshop, day};

#[test]
fn the_model_schools_registers_go_to_the_hub_with_who_writes_reads_and_signs_them() {
    let checked = Workshop::model().check();
    let draft = pack::draft(&checked.school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let registers = &draft.content.registers;
    let find = |name: &str| registers.iter().find(|one| one.form.id.as_str() == name).unwrap();
    assert!(registers.len() > 25, "{}", registers.len());
    assert!(registers.iter().all(|one| !matches!(one.form.kind, FormKind::Consent | FormKind::Survey)));
    let incidents = find("incident-log");
    assert_eq!(incidents.read, [Party::Headteacher, Party::Safeguarding], "not the office");
    assert_eq!((incidents.cycle, incidents.about_pupils), (Some(Cycle::Termly), true), "stricter by itself");
    for register in registers.iter().filter(|one| one.about_pupils) {
        let all = register.read.iter().chain(&register.write).chain(&register.sign).chain(&register.decide);
        assert!(all.into_iter().all(|party| *party != Party::Governors), "{}", register.form.id);
    }
    let breach = find("data-breach").clock.clone().unwrap();
    assert_eq!((breach.hours, breach.from.as_str()), (72, "noticed"));
    let rules = draft.content.retention.unwrap();
    for register in registers {
        let own = rules.registers.iter().find(|rule| rule.register == register.form.id);
        assert!(own.is_some(), "“{}” does not say how long", register.form.id);
    }
    let loans = rules.registers.iter().find(|rule| rule.register.as_str() == "device-loan").unwrap();
    assert_eq!((loans.period, loans.after), (Period::Years(1), Some(After::Closed)));
    // Kiosks load it too, and show none of it.
    let bytes = codec::encode(registers).len();
    assert!(bytes < 64 * 1024, "{bytes} bytes");
}

const PART: &str = "[register]\nwrite = [\"office\"]\nlater = [\"back\"]\ndue = [\"due\"]\nkeep = \"1 year\"\nafter = \"closed\"\n";

/// What is found in a register after its part was changed, by rule and line.
fn found(old: &str, new: &str) -> (Vec<(&'static str, String)>, bool) {
    let workshop = Workshop::model();
    let text = std::fs::read_to_string(workshop.school().join("forms/device-loan.toml")).unwrap();
    let questions = text.split("\n[register]").next().unwrap();
    assert!(PART.contains(old), "{old}");
    workshop.write("forms/device-loan.toml", format!("{questions}\n{}", PART.replacen(old, new, 1)));
    let checked = workshop.check();
    let of_form = checked.report.diagnostics().iter().filter(|d| d.file == "forms/device-loan.toml");
    let line = |d: &Diagnostic| d.spot.as_ref().map(|spot| spot.text.clone()).unwrap_or_default();
    let form = checked.school.forms.iter().find(|file| file.form.id.as_str() == "device-loan").unwrap();
    (of_form.map(|d| (d.code, line(d))).collect(), form.register.is_some())
}

#[test]
fn every_slip_in_a_register_is_told_at_its_line_and_then_it_is_none() {
    assert_eq!(found("", ""), (vec![], true));
    let slips = [
        ("[\"office\"]", "[\"ofice\"]", "wrong-value", "write = [\"ofice\"]"),
        ("[\"back\"]", "[\"bak\"]", "register-question", "later = [\"bak\"]"),
        ("[\"due\"]", "[\"serial\"]", "register-question", "due = [\"serial\"]"),
        ("[\"due\"]", "[\"due\", \"agreement\"]", "register-incomplete", "due = [\"due\", \"agreement\"]"),
        ("later", "cycle = \"termly\"\nlater", "register-incomplete", "cycle = \"termly\""),
        ("later", "sign = [\"office\"]\nlater", "register-incomplete", "sign = [\"office\"]"),
        ("later = [\"back\"]\n", "", "register-incomplete", "after = \"closed\""),
        ("\"closed\"", "\"leaving\"", "register-incomplete", "after = \"leaving\""),
        ("\"closed\"", "\"lunch\"", "wrong-value", "after = \"lunch\""),
        ("1 year", "1 fortnight", "wrong-value", "keep = \"1 fortnight\""),
        ("keep", "read = [\"governors\"]\nkeep", "register-too-open", "read = [\"governors\"]"),
        ("keep", "count = [\"to\"]\nkeep", "register-incomplete", "count = [\"to\"]"),
        ("keep", "kep = 1\nkeep", "unknown-key", "kep = 1"),
    ];
    for (old, new, rule, line) in slips {
        let (found, is_register) = found(old, new);
        assert!(found.contains(&(rule, line.to_owned())), "{new}: {found:?}");
        assert!(!is_register || matches!(rule, "wrong-value" | "unknown-key"), "{new}");
    }
    let open = "about_pupils = false\nread = [\"governors\"]\nkeep";
    assert_eq!(found("keep", open), (vec![], true), "what is about no pupil may be for them");
}

#[test]
fn what_asks_for_consent_or_for_what_people_think_is_no_register() {
    for form in ["forms/images.toml", "forms/staff-survey.toml", "forms/pupil-survey.toml"] {
        let workshop = Workshop::model();
        let text = std::fs::read_to_string(workshop.school().join(form)).unwrap();
        workshop.write(form, format!("{text}\n[register]\nwrite = [\"office\"]\n"));
        let checked = workshop.check();
        let found = checked.report.diagnostics().iter().filter(|d| d.file == form);
        assert_eq!(found.map(|d| d.code).collect::<Vec<_>>(), ["not-a-register"], "{form}");
    }
}
