//! Lists of people as schools export them.

use std::{collections::HashSet, path::Path};

use hub::{
    import::{self, Kind},
    random,
    store::{audit::Actor, people::ImportError},
};

use crate::school::{PUPILS, School};

fn list(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(name)).unwrap()
}

fn people(name: &str) -> Vec<(String, String, i8, String)> {
    let file = import::read(&list(name), None).unwrap();
    assert_eq!(file.kind, Kind::Pupils);
    file.people.into_iter().map(|p| (p.forename, p.surname, p.year.unwrap(), p.class.unwrap())).collect()
}

fn row(forename: &str, surname: &str, year: i8, class: &str) -> (String, String, i8, String) {
    (forename.into(), surname.into(), year, class.into())
}

#[test]
fn exports_of_three_systems_are_read_as_they_are() {
    assert_eq!(
        people("sims.csv"),
        [
            row("Maya", "Khan", 1, "Acorn"),
            row("Siobhan", "O'Brien", 1, "Acorn"),
            row("Tom", "Lowe", 2, "Acorn"),
            row("Ivy", "Marsh", 0, "Conker"),
        ]
    );
    assert_eq!(
        people("arbor.csv"),
        [row("Zoë", "Ångström", 4, "Oak"), row("Noah", "Bright; Dale", 4, "Oak")]
    );
    assert_eq!(people("bromcom.txt"), [row("François", "Núñez", 5, "5M"), row("Eve", "O’Neill", 5, "5M")]);
}

#[test]
fn every_bad_line_is_named_with_how_to_mend_it() {
    let problems = import::read(&list("broken.csv"), None).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let lines: Vec<u64> = problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8], "{told:#?}");
    for (problem, words) in told.iter().zip([
        "Osei has no forename",
        "Tom Lowe has neither a UPN nor an admission number",
        "“Year 44” is not a year group",
        "“A823200012001” is already in line 2",
        "Ada Stone has no class",
        "6 cells under 5 headings",
    ]) {
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn a_file_that_is_no_list_says_what_is_missing() {
    for (text, words) in [
        ("", "empty"),
        ("Hello\nWorld\n", "no headings"),
        ("Forename,Surname,Class\nA,B,C\n", "no column “UPN”"),
        ("Forename,Surname,UPN\nA,B,C\n", "no column “Class”"),
        ("Forename,Surname\nA,B\n", "--kind"),
        ("Forename,Surname,UPN,Year,Class\n", "nobody is listed"),
    ] {
        let problems = import::read(text.as_bytes(), None).unwrap_err();
        assert!(problems[0].message.contains(words), "{text:?}: {}", problems[0]);
    }
}

#[test]
fn no_bytes_make_the_reader_fall_over() {
    let good = list("sims.csv");
    for cut in 0..good.len() {
        let _ = import::read(&good[..cut], None);
        let mut flipped = good.clone();
        flipped[cut] ^= 0x80;
        let _ = import::read(&flipped, Some(Kind::Staff));
    }
}

#[tokio::test]
async fn a_second_list_tells_who_joined_left_and_moved_and_keeps_ids_and_pictures() {
    let school = School::open().await;
    let first = school.import(PUPILS);
    assert_eq!((first.joined, first.new_classes), (5, 2));
    let before = school.hub.store.people().unwrap();
    let summary = school.import(
        "Forename,Surname,UPN,Year Group,Class\n\
         Maya,Khan,A823200012001,Year 1,Acorn\n\
         Maya,Osei-Smith,A823200012002,Year 1,Acorn\n\
         Tom,Lowe,A823200012003,Year 2,Conker\n\
         Ivy,Marsh,A823200012004,Year 4,Oak\n\
         Bo,Field,A823200012099,Year 4,Oak\n",
    );
    assert_eq!(
        (summary.joined, summary.left, summary.moved, summary.changed, summary.same, summary.new_classes),
        (1, 1, 1, 1, 2, 1)
    );
    let after = school.hub.store.people().unwrap();
    for old in &before {
        assert!(after.iter().any(|new| new.id == old.id), "{} keeps the id", old.forename);
    }
    let tile = |people: &[hub::store::people::Person], surname: &str| {
        people.iter().find(|p| p.surname == surname).unwrap().tile.clone()
    };
    assert_eq!(tile(&before, "Khan"), tile(&after, "Khan"));
    for class in school.hub.store.classes().unwrap() {
        let here: Vec<_> = after.iter().filter(|p| p.class == Some(class.id) && p.left.is_none()).collect();
        assert_eq!(here.iter().map(|p| &p.tile).collect::<HashSet<_>>().len(), here.len(), "{}", class.name);
    }
}

#[tokio::test]
async fn a_list_of_one_class_does_not_make_leavers_of_the_others() {
    let school = School::open().await;
    let line = |i: u32| format!("P{i},Quill,A82320001{i:04},Year 3,Elm\n");
    let head = "Forename,Surname,UPN,Year Group,Class\n".to_owned();
    school.import(&(head.clone() + &(0..30).map(line).collect::<String>()));
    let part = head + &(0..8).map(line).collect::<String>();
    let file = import::read(part.as_bytes(), None).unwrap();
    let refused = school.hub.store.import(&file, false, random::bytes, Actor::CommandLine, school.hub.now());
    assert!(matches!(refused, Err(ImportError::ManyLeavers { leaving: 22, here: 30, .. })));
    assert!(school.hub.store.people().unwrap().iter().all(|p| p.left.is_none()));
    assert_eq!(
        school
            .hub
            .store
            .import(&file, true, random::bytes, Actor::CommandLine, school.hub.now())
            .unwrap()
            .left,
        22
    );
}

#[tokio::test]
async fn a_list_that_contradicts_what_is_here_changes_nothing() {
    let school = School::open().await;
    let head = "Forename,Surname,UPN,Admission Number,Year,Class\n";
    school.import(&format!("{head}Maya,Khan,U1,,1,Acorn\nTom,Lowe,,77,1,Acorn\n"));
    let mixed = format!("{head}Maya,Khan,U1,77,1,Acorn\nBo,Field,U9,9,1,Acorn\n");
    let file = import::read(mixed.as_bytes(), None).unwrap();
    let refused = school.hub.store.import(&file, false, random::bytes, Actor::CommandLine, school.hub.now());
    assert!(matches!(refused, Err(ImportError::Lines(problems)) if problems[0].line == 2));
    assert_eq!(school.hub.store.people().unwrap().len(), 2);
}
