//! What the hub has printed about one person: every word of it is on the pages, and they are for everybody to read.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use generator::{
    print::for_one::{self, PaperError},
    theme::Theme,
};
use records::{
    day::Moment,
    paper::{Paper, PaperFact, PaperPart, Says},
    signature::{Drawing, Mark, Point},
};

pub(crate) fn paper(name: &str) -> Paper {
    let fact = |label: &str, value: &str| PaperFact { label: label.into(), value: value.into() };
    let stroke = (0..40).map(|at| Point(100 + at * 20, 300 + (at * 7) % 400)).collect();
    let drawn = Mark::Drawn(Drawing::new(vec![stroke, vec![Point(900, 120)]]).unwrap());
    let entry = |title: &str, mark| Says::Entry {
        title: title.into(),
        mark,
        facts: vec![
            fact("Signed on", "14 September 2026"),
            fact("The exact words, by their number", &"8c1f".repeat(16)),
        ],
    };
    Paper {
        school: "Larkfield Primary School".into(),
        language: "en-GB".parse().unwrap(),
        kind: "All that is held on one person".into(),
        title: name.into(),
        summary: "Everything that the hub held.".into(),
        label: "PRIVATE – about one person. Give it to nobody else.".into(),
        day: "2026-09-14".parse().unwrap(),
        parts: vec![
            PaperPart { title: "Who you are".into(), says: vec![Says::Facts(vec![fact("Class", "Acorn")])] },
            PaperPart {
                title: "What you signed".into(),
                says: vec![
                    entry("My promise", Some(drawn)),
                    entry("My other promise", Some(Mark::Sticker("star".parse().unwrap()))),
                    entry("A third", Some(Mark::Sticker("the-schools-own".parse().unwrap()))),
                    entry("Pictures", None),
                ],
            },
            PaperPart {
                title: "Receipt".into(),
                says: vec![
                    Says::Words("Please send it back.".into()),
                    Says::Signing {
                        title: "Receipt for file 12".into(),
                        says: "We have it.".into(),
                        lines: vec!["Name".into(), "Signature".into()],
                    },
                ],
            },
        ],
        colours: None,
    }
}

fn words(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_word_about_one_person_is_on_the_pages_with_how_to_handle_them() {
    let pdf = for_one::print(&paper("Zoë Łowicz-O’Neill"), &Theme::embedded().unwrap()).unwrap();
    let text = words(&pdf);
    for part in [
        "Zoë Łowicz-O’Neill",
        "Class: Acorn",
        "My promise",
        "My other promise",
        "A third",
        "Signed on: 14 September 2026",
        "PRIVATE – about one person. Give it to nobody else.",
        "Receipt for file 12",
        "Signature",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    if let Ok(folder) = std::env::var("SIGNPOST_ARTEFACTS") {
        std::fs::write(std::path::Path::new(&folder).join("for-one.pdf"), &pdf).unwrap();
    }
}

#[test]
fn characters_to_be_typed_have_numbers_and_what_must_not_share_a_sheet_does_not_on_both_sides_either() {
    let part = |title: &str, says| PaperPart { title: title.into(), says };
    let groups = |letter: &str| Says::Groups((0..10).map(|_| letter.repeat(5)).collect());
    let mut paper = paper("Halves");
    paper.parts = vec![
        part("First", vec![groups("Q"), Says::NewSheet]),
        part("Second", vec![groups("W"), Says::Words("In need.".into())]),
    ];
    let pdf = for_one::print(&paper, &Theme::embedded().unwrap()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    let pages: Vec<&str> = text.split('\x0c').collect();
    let has = |page: usize, word: &str| pages[page].split_whitespace().filter(|one| *one == word).count();
    // The second begins on the third side: a sheet has two.
    assert_eq!(
        (has(0, "QQQQQ"), has(2, "WWWWW"), has(2, "QQQQQ"), has(0, "WWWWW")),
        (10, 10, 0, 0),
        "{text}"
    );
    assert!(has(0, "10") == 1 && has(1, "QQQQQ") + has(1, "WWWWW") == 0, "{text}");
}

#[test]
fn a_letter_that_no_font_has_and_a_damaged_file_are_told_in_words() {
    let theme = Theme::embedded().unwrap();
    let told = for_one::print(&paper("Maya \u{13080}"), &theme).unwrap_err();
    assert!(matches!(told, PaperError::Letter('\u{13080}')), "{told}");
    let run = |bytes: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
            .args(["paper", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait_with_output().unwrap()
    };
    let file = paper("Maya").write(Moment(1_789_372_800));
    let good = run(&file);
    assert!(good.status.success() && good.stdout.starts_with(b"%PDF"));
    let mut spoilt = file;
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    let bad = run(&spoilt);
    assert!(!bad.status.success() && bad.stdout.is_empty());
    assert!(String::from_utf8_lossy(&bad.stderr).contains("make it again at the hub’s desk"));
}
