//! Everything that is wrong is found in one run, each with its own clear message.

use std::{collections::BTreeSet, fs};

use generator::{diagnostic::Severity, tell};

use crate::workshop::Workshop;

/// The bad school, with the faults that cannot be kept in a repository.
fn bad_school() -> Workshop {
    let workshop = Workshop::with("bad-school");
    let twin = fs::read_to_string(workshop.school().join("policies/dates.md")).unwrap();
    workshop.write("policies/Dates.md", twin.split("## Links").next().unwrap());
    workshop.write("policies/latin.md", b"+++\ntitle = \"Caf\xe9\"\n+++\n");
    workshop.write("policies/folder.md/inside.md", "Text.");
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", workshop.school().join("policies/round-and-round")).unwrap();
    workshop
}

#[test]
fn every_fault_of_a_bad_school_is_told_in_one_run() {
    let checked = bad_school().check();
    insta::assert_snapshot!("bad_school_text", tell::as_text(&checked.report, false));
    insta::assert_snapshot!("bad_school_json", tell::as_json(&checked.report));
}

#[test]
fn each_kind_of_fault_has_a_message_and_a_mend_of_its_own() {
    let checked = bad_school().check();
    let found: BTreeSet<&str> = checked.report.diagnostics().iter().map(|d| d.code).collect();
    let expected = [
        "broken-settings",
        "no-front-matter",
        "front-matter-not-closed",
        "unknown-key",
        "missing-key",
        "duplicate-slug",
        "missing-symbol",
        "missing-picture",
        "link-to-nowhere",
        "link-to-no-heading",
        "link-to-unpublished",
        "link-refused",
        "impossible-date",
        "review-before-approval",
        "unknown-audience",
        "two-agreements",
        "empty-statement",
        "statement-without-name",
        "duplicate-statement-name",
        "too-many-words",
        "words-changed",
        "version-goes-back",
        "not-a-version",
        "unknown-owner",
        "unknown-placeholder",
        "not-utf8",
        "folder-not-file",
        "file-name",
        "picture-without-words",
        "skipped-heading-level",
        "broken-symbol",
        "link-loop",
        "wrong-value",
        "second-title",
        "duplicate-heading-name",
        "reserved-heading-name",
        "unknown-attribute",
        "html",
        "picture-from-elsewhere",
        "broken-picture",
        "no-statements",
        "statement-without-picture",
        "broken-history",
        "not-an-address",
        "not-used",
        "not-stated",
        "symbol-without-words",
        "unknown-time-zone",
        "review-overdue",
    ];
    for code in expected {
        assert!(found.contains(code), "{code} was not found");
    }
    assert!(checked.report.diagnostics().iter().all(|d| !d.what.is_empty() && !d.mend.is_empty()));
}

#[test]
fn a_slip_in_the_settings_does_not_make_every_page_wrong() {
    let workshop = Workshop::small();
    workshop.change("school.toml", "[people.head]", "[people.head");
    let checked = workshop.check();
    let errors = checked.report.diagnostics().iter().filter(|d| d.severity == Severity::Error);
    assert_eq!(
        errors.map(|d| (d.code, d.file.as_str())).collect::<Vec<_>>(),
        [("broken-settings", "school.toml")]
    );
}

#[test]
fn a_page_brought_in_from_elsewhere_may_lack_what_its_source_did_not_say() {
    let workshop = Workshop::small();
    let checked = workshop.check();
    assert_eq!(checked.report.errors(), 0, "{}", tell::as_text(&checked.report, false));
    assert_eq!(checked.report.warnings(), 1);
    assert!(workshop.build().status.success());
    assert!(workshop.page("policies/imported/index.html").contains("Not stated"));
}

#[test]
fn words_that_people_signed_change_only_with_a_new_version() {
    let workshop = Workshop::small();
    let published = workshop.signpost(&[
        "publish",
        "--school",
        "school",
        "--to",
        "public",
        "--date",
        "2026-11-22",
        "--approved-by",
        "Mr Lee",
    ]);
    assert!(published.status.success());
    let kept = fs::read_to_string(workshop.school().join("history/ks1.toml")).unwrap();
    assert!(kept.contains("I tell a grown-up.") && kept.contains("Mr Lee"), "{kept}");
    assert!(!workshop.codes().contains(&"words-changed"));

    workshop.change("agreements/ks1.md", "I tell a grown-up.", "I tell somebody.");
    let checked = workshop.check();
    let told = checked.report.diagnostics().iter().find(|d| d.code == "words-changed").unwrap();
    assert_eq!(told.spot.as_ref().unwrap().line, 28);
    assert!(told.what.contains("I tell a grown-up."), "{}", told.what);

    workshop.change("agreements/ks1.md", "version = \"1.0\"", "version = \"1.1\"");
    assert!(!workshop.codes().contains(&"words-changed"));
    workshop.change("agreements/ks1.md", "version = \"1.1\"", "version = \"0.9\"");
    assert!(workshop.codes().contains(&"version-goes-back"));
}

#[test]
fn changing_only_who_approved_it_needs_no_new_version() {
    let workshop = Workshop::small();
    workshop.signpost(&["publish", "--school", "school", "--to", "public", "--date", "2026-11-22"]);
    workshop.change("agreements/ks1.md", "approved_by = \"Governors\"", "approved_by = \"The board\"");
    assert!(!workshop.codes().contains(&"words-changed"));
}

#[test]
fn words_that_nobody_could_read_ask_for_no_new_version() {
    let workshop = Workshop::small();
    let publish = ["publish", "--school", "school", "--to", "public", "--date", "2026-11-22"];
    let public = workshop.path().join("public");
    fs::create_dir(&public).unwrap();
    fs::write(public.join("thesis.txt"), "years of work").unwrap();
    assert_eq!(workshop.signpost(&publish).status.code(), Some(1));
    let kept = crate::workshop::files(&workshop.school().join("history"));
    assert!(kept.is_empty(), "a publication that failed is on record");

    workshop.change("agreements/ks1.md", "## I tell a grown-up.", "## I tell somebody.");
    fs::remove_file(public.join("thesis.txt")).unwrap();
    let published = workshop.signpost(&publish);
    assert!(published.status.success(), "{}", crate::workshop::said(&published));
    let kept = fs::read_to_string(workshop.school().join("history/ks1.toml")).unwrap();
    assert!(kept.contains("I tell somebody."), "{kept}");
}

/// What a small school without a fault is told after one slip.
fn told(file: &str, old: &str, new: &str) -> Vec<(&'static str, String)> {
    let workshop = Workshop::with("rules/school");
    workshop.change(file, old, new);
    let checked = workshop.check();
    checked.report.diagnostics().iter().map(|d| (d.code, d.mend.clone())).collect()
}

#[test]
fn a_slip_is_told_once_and_with_the_way_to_mend_it() {
    const PAGE: &str = "policies/phones.md";
    const WORDS: &str = "Phones are switched off at the gate.";
    for (file, old, new, rule, mend) in [
        (PAGE, WORDS, "[Read](www.gov.uk).", "link-to-nowhere", "https://www.gov.uk"),
        (PAGE, WORDS, "[Read](agreements/ks1.md#kind).", "link-to-nowhere", "../agreements/ks1.md#kind"),
        (PAGE, WORDS, "[Read](/agreements/ks1).", "link-refused", "../agreements/ks1.md"),
        (PAGE, WORDS, "Ring {{ phone }}.", "unknown-placeholder", "“school.phone”"),
        (PAGE, "2026-09-14", "\"14/09/2026\"", "wrong-value", "2026-09-14"),
        (PAGE, "2026-09-14", "14th September 2026", "broken-settings", "2026-09-14"),
        (PAGE, "2026-09-14", "14-09-2026", "broken-settings", "2026-09-14"),
        (PAGE, "owner = \"head\"", "owner = \"\"", "wrong-value", "take the line out"),
        (PAGE, "owner = \"head\"", "owner = \"mrs joan osei\"", "unknown-owner", "“head”"),
        (PAGE, "owner = \"head\"", "owner = \"bursar\"", "unknown-owner", "(head)"),
        (PAGE, "title = ", "title: ", "broken-settings", "key = \"words\""),
        (PAGE, "version = \"1.0\"", "version = \"1.0\"\ndraft = yes", "broken-settings", "true for yes"),
        ("agreements/ks1.md", "symbol=kind-messages", "symbol=", "statement-without-picture", "equals sign"),
        ("school.toml", "[[classes]]", "[classes]", "wrong-value", "[[classes]] on a line of its own"),
        (
            "school.toml",
            "[[classes]]",
            "[people.head]\nname = \"X\"\n[[classes]]",
            "broken-settings",
            "the other out",
        ),
        ("school.toml", "\"acorn\"", "\"acorn\"\nmotto = \"Kind\"", "unknown-key", "above the first line"),
        ("school.toml", "\"01632 960500\"", "01632960500", "broken-settings", "\"01632960500\""),
        ("school.toml", "https://www.", "www.", "not-an-address", "\"https://www.hazelbank.example\""),
        ("school.toml", "office@", "office at ", "not-an-address", "one address alone"),
        (
            "school.toml",
            "[year]\nstarts = 2026-09-01\nends = 2027-08-31\n",
            "",
            "missing-key",
            "a line [year]",
        ),
    ] {
        let found = told(file, old, new);
        let [(code, how)] = found.as_slice() else { panic!("{new}: {found:?}") };
        assert!(*code == rule && how.contains(mend), "{new}: {found:?}");
    }
}

#[test]
fn a_question_that_is_broken_does_not_make_its_form_empty() {
    const FORM: &str = "id = \"lost\"\ntitle = \"A lost tablet\"\nkind = \"report\"\nversion = \"1.0\"\naudience = \"staff\"\n\
        summary = \"Tell us.\"\n\n[[questions]]\nid = \"what\"\nwords = \"What is gone?\"\ntype = \"text\"\n";
    for (old, new, mend) in [
        ("\"text\"", "\"yes/no\"", "“yes-no”"),
        ("[[questions]]", "[questions]", "[[questions]] on a line of its own"),
        ("\"text\"", "\"choice\"\nchoices = \"Yes, No\"", "[\"one\", \"two\"]"),
    ] {
        let workshop = Workshop::with("rules/school");
        workshop.write("forms/lost.toml", FORM.replace(old, new));
        let checked = workshop.check();
        let [found] = checked.report.diagnostics() else { panic!("{new}: {:?}", workshop.codes()) };
        assert!(found.code == "wrong-value" && found.mend.contains(mend), "{new}: {found:?}");
    }
}

#[test]
fn what_windows_and_word_leave_in_a_folder_is_nobodys_fault_and_a_phones_picture_is_saved_another_way() {
    let workshop = Workshop::with("rules/school");
    for name in ["desktop.ini", "policies/Thumbs.db", "policies/~$phones.docx", "images/thumbs.db"] {
        workshop.write(name, "x");
    }
    assert_eq!(workshop.codes(), Vec::<&str>::new());
    workshop.write("images/gate.HEIC", "x");
    let checked = workshop.check();
    let [found] = checked.report.diagnostics() else { panic!("{:?}", workshop.codes()) };
    assert!(found.code == "not-used" && found.mend.contains("JPEG or PNG"), "{found:?}");
}
