use std::fs;

use generator::import::{ImportError, RunOptions, run};

fn school() -> tempfile::TempDir {
    let school = tempfile::tempdir().unwrap();
    fs::write(
        school.path().join("school.toml"),
        "name = \"Larkfield\"\n[people.head]\nname = \"Ms Finch\"\nrole = \"Headteacher\"\n",
    )
    .unwrap();
    school
}

#[test]
fn an_imported_policy_lands_in_the_school_with_an_owner_it_knows() {
    let school = school();
    let file = school.path().join("our hats.txt");
    fs::write(&file, "Sun Hat Policy\n\nResponsibility: Headteacher\n\nWe wear hats.\n").unwrap();
    let report = run(&file, school.path(), &RunOptions::default()).unwrap();
    let written = fs::read_to_string(school.path().join("policies/sun-hat.md")).unwrap();
    assert!(written.starts_with("+++\ntitle = \"Sun Hat Policy\"\nowner = \"head\"\n"));
    assert!(written.ends_with("We wear hats.\n"));
    let text = report.to_text();
    assert!(text.contains("“Sun Hat Policy” is imported.") && text.contains("sun-hat.md"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["slug"], "sun-hat");
    assert!(json["dropped"].as_array().is_some() && json["doubts"][0]["mend"].is_string());
    assert_eq!(
        fs::read_dir(school.path().join("policies")).unwrap().count(),
        1,
        "nothing half-written stays"
    );
}

#[test]
fn a_policy_that_is_there_already_stays_unless_its_replacement_is_asked_for() {
    let school = school();
    let file = school.path().join("hats.txt");
    fs::write(&file, "Hat Policy\n\nWe wear hats.\n").unwrap();
    fs::create_dir(school.path().join("policies")).unwrap();
    let target = school.path().join("policies/hat.md");
    fs::write(&target, "mine").unwrap();
    let refused = run(&file, school.path(), &RunOptions::default()).unwrap_err();
    assert!(matches!(refused, ImportError::Exists { .. }) && refused.to_string().contains("--replace"));
    assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
    let options = RunOptions { replace: true, ..RunOptions::default() };
    assert!(run(&file, school.path(), &options).unwrap().replaced);
    assert!(fs::read_to_string(&target).unwrap().contains("We wear hats."));
}

#[test]
fn an_old_windows_file_is_read_and_told() {
    let school = school();
    let file = school.path().join("hats.txt");
    fs::write(&file, b"Hat Policy\n\nA hat costs \xa35 \x96 that\x92s all.\n").unwrap();
    let report = run(&file, school.path(), &RunOptions::default()).unwrap();
    assert!(report.imported.markdown.contains("A hat costs £5 – that’s all."));
    assert!(report.imported.doubts.iter().any(|doubt| doubt.what.contains("Windows-1252")));
}

#[test]
fn what_cannot_be_imported_is_said_plainly_and_leaves_nothing() {
    let school = school();
    let pdf = school.path().join("hats.pdf");
    fs::write(&pdf, b"%PDF-1.4 ...").unwrap();
    let refused = run(&pdf, school.path(), &RunOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("hats.pdf") && refused.contains("plain text"), "{refused}");
    let missing = run(&school.path().join("no.txt"), school.path(), &RunOptions::default());
    assert!(matches!(missing, Err(ImportError::Read { .. })));
    let nowhere = tempfile::tempdir().unwrap();
    let refused = run(&pdf, nowhere.path(), &RunOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("school.toml"), "{refused}");
    assert!(!school.path().join("policies").exists());
}
