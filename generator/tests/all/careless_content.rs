//! What a careful editor would find: each rule with words that it stops at and words that it passes.

use std::collections::BTreeSet;

use generator::tell;

use crate::workshop::Workshop;

#[test]
fn an_editor_reads_a_careless_school_in_one_run() {
    let checked = Workshop::with("careless-school").check();
    assert_eq!(checked.report.errors(), 0);
    insta::assert_snapshot!("careless_school_text", tell::as_text(&checked.report, false));
    let found: BTreeSet<&str> = checked.report.diagnostics().iter().map(|d| d.code).collect();
    for code in [
        "allow-unused",
        "contents-mismatch",
        "dates-differ",
        "empty-item",
        "figures-differ",
        "hard-to-read",
        "long-alt-text",
        "made-up-contact",
        "missing-appendix",
        "near-copy",
        "no-such-date",
        "old-copy",
        "personal-email",
        "personal-mobile",
        "placeholder-text",
        "required-document-missing",
        "superseded-law",
        "unfilled-blank",
        "unused-picture",
        "working-note",
        "wrong-weekday",
    ] {
        assert!(found.contains(code), "{code} was not found");
    }
}

/// What a policy with these words at its end is told.
fn told(words: &str) -> Vec<&'static str> {
    let workshop = Workshop::small();
    let text = std::fs::read_to_string(workshop.school().join("policies/online.md")).unwrap();
    workshop.write("policies/online.md", format!("{text}\n\n## More\n\n{words}\n"));
    workshop.codes()
}

#[test]
fn each_rule_stops_at_one_text_and_passes_another() {
    for (rule, stops, passes) in [
        ("empty-item", "- one\n-\n- three", "- one\n- two"),
        ("placeholder-text", "Ask [insert name] first.", "They wrote “it were [sic] me”."),
        ("working-note", "TODO: ask the county.", "NB Phones are handed in at the gate."),
        ("working-note", "Sue to set up please.", "Want to find out more?"),
        ("working-note", "Sue to check the list, please.", "Who to ask if you are worried?"),
        ("working-note", "Sue to ask the county asap.", "Remember to check the list below."),
        (
            "working-note",
            "Phones are kept for a term (JW to confirm).",
            "Reports are read daily (DSL to check).",
        ),
        ("placeholder-text", "Signed by [Headteacher]", "“[The headteacher] rang,” she said."),
        ("placeholder-text", "Last changed: dd/mm/yyyy", "Last changed: 14/09/2026"),
        ("placeholder-text", "I agree / do not agree (delete as appropriate).", "Delete old messages."),
        ("wrong-weekday", "On Thurs 13 Nov 2026.", "On Fri 13 Nov 2026."),
        ("dates-differ", "Ratified: 1 September 2024", "- Ratified: 1 September 2024"),
        (
            "dates-differ",
            "This policy is reviewed each year, next in May 2025.",
            "The filter is reviewed next in May 2025.",
        ),
        ("missing-appendix", "See Appendices A and B.", "See the appendices."),
        ("unfilled-blank", "Signed ..................", "And then … nothing."),
        ("unfilled-blank", "Name ________", "```form\nName ________\n```"),
        ("personal-mobile", "Ring 07912 345678.", "Ring 07700 900123 or 0117 496 0123."),
        ("personal-email", "Write to oaks.head@gmail.com.", "Write to help@nspcc.org.uk."),
        ("missing-appendix", "See Appendix C.", "See Appendix C of the behaviour policy."),
        ("missing-appendix", "As appendix 2 says.", "As appendix 2 says.\n\n## Appendix 2: The list\n\nOne."),
        ("wrong-weekday", "On Monday 15 September 2026.", "On Tuesday 15 September 2026."),
        ("no-such-date", "By 31 June 2027.", "By 30 June 2027."),
        ("dates-differ", "Next review: September 2023.", "Next review: September 2027."),
        (
            "dates-differ",
            "This policy will be reviewed in January 2027.",
            "The filtering system will be reviewed in January 2027.",
        ),
        (
            "dates-differ",
            "The governors agreed this policy. It will be reviewed by January 2027.",
            "The head looks after the filter. It will be reviewed by January 2027.",
        ),
        (
            "dates-differ",
            "This policy was approved on 1 May 2020.",
            "It was approved on 1 May 2020 in draft.",
        ),
        (
            "superseded-law",
            "The Data Protection Act 1998 holds.",
            "The Data Protection Act 2018 replaced the Data Protection Act 1998.",
        ),
        ("superseded-law", "Read KCSIE (2019).", "Read KCSIE (2025)."),
        ("superseded-law", "We follow Every Child Matters.", "At our school every child matters."),
        (
            "superseded-law",
            "Under the data protection act 1998.",
            "Every child matters, and so does every adult.",
        ),
        (
            "figures-differ",
            "Passwords of staff have 8 characters.\n\nA staff password is 12 characters long.",
            "Passwords of staff have 12 characters.\n\nPasswords of pupils have 8 characters.",
        ),
        (
            "figures-differ",
            "Backups are kept for 30 days. We keep every backup for two months.",
            "Backups are kept for 30 days. Logs are kept for a year. Photos are kept for 30 days.",
        ),
        (
            "figures-differ",
            "Logs are kept for 30 days. The log is kept for one year.",
            "Logs are kept for 30 days. A catalogue of technology is kept for one year.",
        ),
        (
            "figures-differ",
            "Backups are kept for one year and then deleted. Backups are kept for two years.",
            "Backups are kept for one year and then deleted. Backups of Year 3 are kept for two years.",
        ),
        (
            "figures-differ",
            "Backups are kept for 30 days.\n\n| What | Rule |\n|---|---|\n| Copies | Backups are kept for two months. |",
            "Backups are kept for 30 days.\n\n| What | Rule |\n|---|---|\n| Copies | Backups are kept for 30 days. |",
        ),
        (
            "figures-differ",
            "WhatsApp is for those aged 13. For WhatsApp you must be 16.",
            "WhatsApp is for those aged 13. For TikTok you must be 16.",
        ),
        (
            "figures-differ",
            "No phones from 8.30 to 3.30. Phones stay off from 8.45 to 3.15.",
            "No phones from 8.30 to 3.30. School is open from 8.45 to 3.15.",
        ),
        (
            "contents-mismatch",
            "Contents\n\n- Aims\n- Roles\n- Phones",
            "Contents\n\n- More\n- Phones\n- Contents",
        ),
    ] {
        assert!(told(stops).contains(&rule), "{rule} passed “{stops}”: {:?}", told(stops));
        assert!(!told(passes).contains(&rule), "{rule} stopped at “{passes}”");
    }
}

#[test]
fn two_public_pages_with_nearly_one_title_are_told_apart_or_told() {
    let workshop = Workshop::small();
    let text = std::fs::read_to_string(workshop.school().join("policies/online.md")).unwrap();
    let other = text.replace("title = \"Online safety\"", "title = \"Our e-safety policy (new)\"");
    workshop.write("policies/e-safety.md", other.split("## Phones").next().unwrap());
    assert!(workshop.codes().contains(&"same-title"), "{:?}", workshop.codes());
    workshop.change("policies/e-safety.md", "Our e-safety policy (new)", "Safety on the way home");
    assert!(!workshop.codes().contains(&"same-title"));
}

#[test]
fn a_name_that_a_copy_would_have_is_told_from_what_a_policy_is_about() {
    let workshop = Workshop::small();
    let text = std::fs::read_to_string(workshop.school().join("policies/secret.md")).unwrap();
    let text = text.replace("visibility = \"staff\"\n", "");
    let told = |slug: &str, title: &str| {
        let lines = text.lines().map(|line| {
            if line.starts_with("title = ") { format!("title = \"{title}\"") } else { line.to_owned() }
        });
        let file = format!("policies/{slug}.md");
        workshop.write(&file, lines.collect::<Vec<_>>().join("\n") + "\n");
        let found =
            workshop.check().report.diagnostics().iter().any(|d| d.code == "old-copy" && d.file == file);
        std::fs::remove_file(workshop.school().join(&file)).unwrap();
        found
    };
    for (slug, title) in [
        ("backups", "Backup policy"),
        ("archive-policy", "Archive policy"),
        ("data-backup", "Data backup"),
        ("equality-act-2010-statement", "Equality Act 2010 statement"),
        ("pupil-premium-2025-26", "Pupil premium 2025/26"),
        ("trips", "Trips 2026–2027"),
    ] {
        assert!(!told(slug, title), "“{title}” in {slug}.md is no old copy");
    }
    for (slug, title) in [
        ("phones-backup", "Phones"),
        ("phones", "Phones (backup)"),
        ("phones-archived", "Phones"),
        ("phones-2023", "Phones"),
        ("pupil-premium-2023-24", "Pupil premium 2023/24"),
        ("phones-v2", "Phones"),
    ] {
        assert!(told(slug, title), "“{title}” in {slug}.md looks like an old copy");
    }
}

#[test]
fn a_number_of_four_figures_that_is_no_year_tells_two_pages_apart() {
    let workshop = Workshop::small();
    for (file, title) in [("b1415", "Bus 1415"), ("b1588", "Bus 1588")] {
        workshop.write(&format!("guides/{file}.md"), format!("+++\ntitle = \"{title}\"\n+++\n\nText.\n"));
    }
    assert!(!workshop.codes().contains(&"same-title"), "{:?}", workshop.codes());
    workshop.change("guides/b1588.md", "Bus 1588", "Bus 1415 (2019)");
    assert!(workshop.codes().contains(&"same-title"), "{:?}", workshop.codes());
}

#[test]
fn pages_for_two_year_groups_are_no_copies() {
    let workshop = Workshop::small();
    for (file, title) in [("year-3", "Online safety in Year 3"), ("year-4", "Online safety in Year 4")] {
        workshop.write(&format!("guides/{file}.md"), format!("+++\ntitle = \"{title}\"\n+++\n\nText.\n"));
    }
    assert!(!workshop.codes().contains(&"same-title"), "{:?}", workshop.codes());
    workshop.change("guides/year-4.md", "in Year 4", "in Year 3 (2023)");
    assert!(workshop.codes().contains(&"same-title"), "{:?}", workshop.codes());
}

#[test]
fn a_draft_may_hold_notes_and_a_staff_page_a_number() {
    let workshop = Workshop::small();
    workshop.write(
        "guides/later.md",
        "+++\ntitle = \"Later\"\ndraft = true\n+++\n\nTODO: [insert name] 07912 345678\n",
    );
    workshop.write(
        "guides/call-card.md",
        "+++\ntitle = \"Call card\"\nvisibility = \"staff\"\n+++\n\nThe site manager: 07912 345678.\n",
    );
    let codes = workshop.codes();
    assert!(
        !codes.iter().any(|c| ["working-note", "placeholder-text", "personal-mobile"].contains(c)),
        "{codes:?}"
    );
}

#[test]
fn a_strict_check_names_the_sources_that_pages_cite_and_nobody_read() {
    let workshop = Workshop::small();
    workshop.write(
        "references.toml",
        "[[references]]\nname = \"Equality Act 2010\"\nstatus = \"current\"\n\n[[references]]\nname = \"Theft Act 1968\"\nstatus = \"current\"\n",
    );
    workshop.change("policies/online.md", "Handed in", "The Equality Act 2010 holds. Handed in");
    let said = |strict: bool| {
        let mut words = vec!["check", "--school", "school", "--date", "2026-11-22"];
        words.extend(strict.then_some("--strict"));
        crate::workshop::said(&workshop.signpost(&words))
    };
    assert!(!said(false).contains("unchecked-source"));
    let strict = said(true);
    assert!(strict.contains("Pages cite Equality Act 2010") && !strict.contains("Theft Act"), "{strict}");
}

#[test]
fn a_slip_in_the_list_of_laws_is_told_in_that_file() {
    let workshop = Workshop::small();
    workshop.write("references.toml", "[[references]]\nname = \"A\"\nstatus = \"curent\"\n");
    workshop.write("reading.toml", "[limits.ks2]\nreaders = \"children\"\ngrad = 6\n");
    let checked = workshop.check();
    let wrong: Vec<_> =
        checked.report.diagnostics().iter().filter(|d| d.file != "policies/imported.md").collect();
    assert!(
        wrong
            .iter()
            .any(|d| d.file == "references.toml" && d.code == "wrong-value" && d.mend.contains("current"))
    );
    assert!(
        wrong.iter().any(|d| d.file == "reading.toml" && d.code == "unknown-key" && d.mend.contains("grade"))
    );
}
