//! Letters to families: one for each line of a list, with nobody else's data in it.

use std::{collections::BTreeMap, fs, path::Path, process::Command, time::Duration};

use proptest::prelude::*;
use records::family_code::FamilyCode;

use crate::workshop::{Kill, Workshop, files, said};

const LETTER: &str = "+++\ntitle = \"About {{ pupil.first_name }}\"\nsigned_by = \"head\"\ncolumns = [\"uses\"]\n+++\n\n\
    Dear {{ family.name }},\n\nthis is about {{ pupil.name }} in {{ pupil.class }}, on {{ letter.day }}: {{ letter.uses }}.\n\n\
    {{ family.code }}\n\nWith kind regards\n\n---\n\nBack from {{ pupil.name }}:\n\n```form\nSigned\n```\n";
const HEADINGS: &str = "Forename,Surname,Class,Salutation,Addressee,Address 1,Postcode,Language,Code,Uses\n";

/// A code whose parts are all of this number.
fn code(number: u64) -> FamilyCode {
    let mut values = [0; 11];
    let mut rest = number;
    for value in values.iter_mut().rev() {
        *value = (rest % 32) as u8;
        rest /= 32;
    }
    FamilyCode::new(values).unwrap()
}

fn school() -> Workshop {
    let workshop = Workshop::small();
    workshop.write("letters/about.md", LETTER);
    workshop
}

fn list(workshop: &Workshop, lines: &str) {
    fs::write(workshop.path().join("list.csv"), format!("{HEADINGS}{lines}")).unwrap();
}

const RUN: [&str; 10] = [
    "letters",
    "about",
    "--school",
    "school",
    "--families",
    "list.csv",
    "--out",
    "letters",
    "--date",
    "2026-11-22",
];

fn made(workshop: &Workshop, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let words: Vec<&str> = RUN.iter().chain(more).copied().collect();
    let output = workshop.signpost(&words);
    assert!(output.status.success(), "{}", said(&output));
    let mut files = files(&workshop.path().join("letters"));
    files.remove(".signpost-output");
    files
}

/// The words of a PDF, page by page.
fn pages(bytes: &[u8]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let text =
        Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    text.split_terminator('\u{c}').map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Where some words stand on the first page: left, top, right, bottom in millimetres.
fn place(bytes: &[u8], word: &str) -> (f64, f64, f64, f64) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let boxes =
        Command::new("pdftotext").args(["-bbox", "-l", "1"]).arg(file.path()).arg("-").output().unwrap();
    let boxes = String::from_utf8(boxes.stdout).unwrap();
    let line = boxes.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
    let at = |name: &str| {
        let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse::<f64>().unwrap() / 72.0 * 25.4
    };
    (at("xMin"), at("yMin"), at("xMax"), at("yMax"))
}

fn refused(workshop: &Workshop, words: &[&str]) -> String {
    let before = files(workshop.path());
    let output = workshop.signpost(&RUN);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for word in words {
        assert!(said(&output).contains(word), "no “{word}” in: {}", said(&output));
    }
    assert!(files(workshop.path()) == before, "something was written");
    said(&output)
}

#[test]
fn a_family_gets_its_letter_with_its_address_in_the_window_and_its_code_large_and_in_groups() {
    let workshop = school();
    let own = code(77);
    list(
        &workshop,
        &format!("Amelia,Clarke,Oak,Mrs Clarke,Mrs Joanne Clarke,14 Beech Walk,EX1 4QD,,{own},the website\n"),
    );
    let files = made(&workshop, &[]);
    let (name, bytes) = files.first_key_value().unwrap();
    assert_eq!(name, "01-oak-clarke-amelia.pdf");
    let text = pages(bytes).join(" ");
    for words in [
        "Tiny School",
        "Mrs Joanne Clarke 14 Beech Walk EX1 4QD",
        "About Amelia",
        "Dear Mrs Clarke,",
        "Amelia Clarke in Oak, on 22 November 2026: the website.",
        "Mr Lee & Sons Headteacher",
        "Back from Amelia Clarke:",
    ] {
        assert!(text.contains(words), "no “{words}” in: {text}");
    }
    let (left, top, _, _) = place(bytes, "Joanne");
    let (_, _, right, bottom) = place(bytes, "4QD");
    // The boxes are those of the font: a millimetre taller than its letters.
    assert!(left >= 20.0 && top >= 56.5 && right <= 100.0 && bottom <= 81.0, "{left} {top} {right} {bottom}");
    let group = &own.groups()[0];
    let (_, top, _, bottom) = place(bytes, group);
    assert!(bottom - top > 8.0, "the code is {} mm high", bottom - top);
    assert!(top > 99.0, "the code is not under the first fold: it could be seen through the window");
}

fn name() -> impl Strategy<Value = String> {
    // Each name has letters of its own at its end, so that one is never a part of another.
    ("[A-Z][a-zéłşø]{1,9}", "[A-Z][a-z]{0,6}(-[A-Z][a-z]{1,6}|’[A-Z][a-z]{1,4})?")
        .prop_map(|(a, b)| format!("{a} {b}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_of_a_list_has_its_letter_and_no_letter_has_anything_of_another(
        names in proptest::collection::vec((name(), name(), any::<u64>(), any::<bool>()), 1..9),
        together in any::<bool>(),
    ) {
        let workshop = school();
        let mut lines = String::new();
        let mut own = Vec::new();
        for (at, (pupil, family, number, posted)) in names.iter().enumerate() {
            let mark = format!("Q{}Z", "xyzuvwrst".chars().nth(at).unwrap());
            let code = code((number & !0xff) | at as u64);
            let pupil = format!("{pupil} {mark}a");
            let family = format!("Mx {family} {mark}b");
            let street = if *posted { format!("1 {mark}c Lane") } else { String::new() };
            lines.push_str(&format!("{pupil},{mark}d,Oak,{family},,\"{street}\",,,{code},{mark}e\n"));
            own.push((pupil, family, code.groups(), mark));
        }
        list(&workshop, &lines);
        let files = made(&workshop, if together { &["--one-file"] } else { &[] });
        let letters: Vec<String> = if together {
            prop_assert_eq!(files.len(), 1);
            pages(&files["about.pdf"])
        } else {
            files.values().map(|bytes| pages(bytes).join(" ")).collect()
        };
        prop_assert_eq!(letters.len(), own.len());
        for (letter, (pupil, family, code, mark)) in letters.iter().zip(&own) {
            prop_assert!(letter.contains(&format!("Dear {family},")), "{}", letter);
            prop_assert!(letter.contains(&format!("about {pupil} {mark}d in Oak")), "{}", letter);
            prop_assert!(letter.contains(&code.join(" ")), "{:?} in {}", code, letter);
            for (_, _, other_code, other) in &own {
                prop_assert_eq!(letter.contains(other.as_str()), other == mark);
                prop_assert_eq!(letter.contains(&other_code.join(" ")), other == mark);
            }
        }
    }
}

#[test]
fn the_same_list_gives_the_same_bytes() {
    let workshop = school();
    list(&workshop, &format!("Amelia,Clarke,Oak,Mrs Clarke,,,,,{},one\n", code(5)));
    let once = made(&workshop, &[]);
    assert!(once == made(&workshop, &[]));
}

#[test]
fn a_family_with_another_language_has_it_on_the_back_and_a_missing_translation_is_told() {
    let workshop = school();
    workshop.write(
        "letters/about.pl.md",
        "+++\ntitle = \"O dziecku: {{ pupil.first_name }}\"\n+++\n\nSzanowni Państwo, {{ letter.day }}.\n\n{{ family.code }}\n\nZ poważaniem\n",
    );
    let line = |name: &str, language: &str, number: u64| {
        format!("{name},Clarke,Oak,Mx {name},,,,{language},{},one\n", code(number))
    };
    list(
        &workshop,
        &(line("Amelia", "", 1)
            + &line("Jakub", "Polish", 2)
            + &line("Hodan", "Somali", 3)
            + &line("Ivo", "pl", 4)),
    );
    let words: Vec<&str> = RUN.into();
    let output = workshop.signpost(&words);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("There is no translation into Somali"), "{}", said(&output));
    assert!(said(&output).contains("list.csv, line 4, column"), "{}", said(&output));
    assert!(said(&output).contains("2 are in two languages"), "{}", said(&output));
    let files = files(&workshop.path().join("letters"));
    let of = |name: &str| {
        files.iter().find(|(file, _)| file.contains(name)).map(|(_, bytes)| pages(bytes)).unwrap()
    };
    assert_eq!(of("amelia").len(), 1);
    let polish = of("jakub");
    assert_eq!(polish.len(), 2);
    assert!(polish[0].contains("About Jakub") && polish[0].contains("na odwrocie"), "{}", polish[0]);
    assert!(
        polish[1].contains("O dziecku: Jakub") && polish[1].contains("22 listopada 2026"),
        "{}",
        polish[1]
    );
    assert!(
        polish[1].contains("nikt jeszcze nie sprawdził"),
        "an unchecked translation says so: {}",
        polish[1]
    );
    assert!(of("hodan")[0].contains("no Somali version of this letter yet. Ring 01632 960200"));
    // In one file every letter begins on the front of a sheet.
    let together = made(&workshop, &["--one-file"]);
    let together = pages(&together["about.pdf"]);
    let fronts: Vec<usize> = (0..together.len()).filter(|&at| together[at].contains("Dear Mx")).collect();
    assert_eq!(fronts, [0, 2, 4, 6], "{together:?}");
}

#[test]
fn whatever_is_wrong_in_a_list_is_told_at_its_place_and_nobody_elses_data_with_it() {
    let workshop = school();
    let good = code(9);
    list(
        &workshop,
        &format!(
            "Amelia,Clarke,Oak,Mrs Clarke,Mrs Clarke,14 Beech Walk,EX1 4QD,,{good},one\n\
             Arlo,Shaw,,Mr Shaw,,,,,{},one\n\
             Zoe,Roe,Oak,Ms Roe,,,,,7K2M M9QT XXXX,one\n\
             Mia 🦊,Fox,Oak,Mx Fox,,,,,{},one\n\
             Ana,Lee,Oak,Mx Lee,Mx Lee,3 Other Road,EX2 2EX,,{good},one\n",
            code(10),
            code(11),
        ),
    );
    let told = refused(
        &workshop,
        &[
            "list.csv, line 3, column 11",
            "Nothing stands under “Class” here",
            "list.csv, line 4, column 24",
            "This is no family code",
            "the same code as the one in line 2",
            "No letter was made: 3 errors to mend first.",
        ],
    );
    for secret in ["7K2M", good.groups()[1].as_str(), "Beech", "Other Road", "Ms Roe"] {
        assert!(!told.contains(secret), "“{secret}” is shown: {told}");
    }
    // What only the press finds comes when the list itself is in order.
    list(&workshop, &format!("Mia 🦊,Fox,Oak,Mx Fox,,,,,{},one\n", code(11)));
    refused(&workshop, &["The fonts for print have no “🦊” (U+1F98A)", "list.csv, line 2, column 5"]);
    list(&workshop, "Forename,Surname\n");
    fs::write(workshop.path().join("list.csv"), "Forename,Surname,Class\nA,B,C\n").unwrap();
    refused(
        &workshop,
        &["no column “Salutation”", "no column “Code”", "no column “uses”", "list.csv, line 1"],
    );
    fs::write(workshop.path().join("list.csv"), [HEADINGS.as_bytes(), b"Zo\xEB,B,C\n"].concat()).unwrap();
    refused(&workshop, &["not saved as UTF-8", "list.csv, line 2, column 3", "CSV UTF-8"]);
}

#[test]
fn names_of_eighty_letters_and_names_from_right_to_left_come_out_whole() {
    let workshop = school();
    let long = "Maximiliana-Alexandrina Bartholomea Konstantina von Hohenstaufen-Wittelsbach-Zoe";
    assert_eq!(long.chars().count(), 80);
    let unbroken = "W".repeat(80);
    list(
        &workshop,
        &format!(
            "{long},Roe,Oak,{long},{long},14 Beech Walk,EX1 4QD,,{},one\n\
             {unbroken},Roe,Oak,{unbroken},{unbroken},14 Beech Walk,EX1 4QD,,{},one\n\
             سارة,الحسن,Oak,Mrs Alhasan,,,,,{},one\n",
            code(1),
            code(2),
            code(3)
        ),
    );
    let files = made(&workshop, &[]);
    let plain =
        |bytes: &[u8]| pages(bytes).join("").chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let letters: Vec<String> = files.values().map(|bytes| plain(bytes)).collect();
    let wanted: String = long.chars().filter(|c| c.is_alphanumeric()).collect();
    assert!(letters[0].matches(&wanted).count() >= 4, "{}", letters[0]);
    assert!(letters[1].matches(&unbroken).count() >= 4, "{}", letters[1]);
    assert!(files.contains_key("03-oak.pdf"), "{:?}", files.keys());
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &files["03-oak.pdf"]).unwrap();
    let text = Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(file.path()).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    let apart = text.replace(|c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'), "");
    assert!(apart.contains("سارة الحسن") && apart.contains("Dear Mrs Alhasan,"), "{apart}");
    // None reaches beyond the paper.
    for bytes in files.values() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        let boxes = Command::new("pdftotext").args(["-bbox"]).arg(file.path()).arg("-").output().unwrap();
        for line in String::from_utf8_lossy(&boxes.stdout).lines() {
            let Some(right) = line.split("xMax=\"").nth(1) else { continue };
            let right: f64 = right.split('"').next().unwrap().parse().unwrap();
            assert!(right <= 210.0 / 25.4 * 72.0 - 40.0, "{line}");
        }
    }
}

#[test]
fn nothing_of_a_list_is_kept_anywhere_but_in_the_letters() {
    let workshop = school();
    let own = code(123_456_789);
    list(&workshop, &format!("Amelia,Clarke,Oak,Mrs Clarke,,,,,{own},one\n"));
    fs::create_dir(workshop.path().join("home")).unwrap();
    let mut command = workshop.command(&RUN);
    let output = command
        .env("HOME", workshop.path().join("home"))
        .env("TMPDIR", workshop.path().join("home"))
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(
        !said(&output).contains(&own.groups()[0]) && !said(&output).contains("Clarke"),
        "{}",
        said(&output)
    );
    for (path, bytes) in files(workshop.path()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let there = text.contains(&own.groups()[1]) || text.contains("Amelia");
        assert!(!there || path == "list.csv" || path.starts_with("letters/"), "{path}");
    }
    assert!(fs::read_dir(workshop.path().join("home")).unwrap().next().is_none());
}

#[test]
#[cfg(unix)]
fn a_full_disk_and_a_kill_leave_the_letters_of_before() {
    let workshop = school();
    list(&workshop, &format!("Amelia,Clarke,Oak,Mrs Clarke,,,,,{},one\n", code(1)));
    let before = made(&workshop, &[]);
    let many: String =
        (0..12).map(|at| format!("Ana{at},Roe,Oak,Mx Roe,,,,,{},two\n", code(at + 20))).collect();
    list(&workshop, &many);
    let line =
        format!("trap '' XFSZ; ulimit -f 4; exec '{}' {}", env!("CARGO_BIN_EXE_signpost"), RUN.join(" "));
    let output = Command::new("sh").args(["-c", &line]).current_dir(workshop.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("What was there before still stands"), "{}", said(&output));
    let stand = |workshop: &Workshop| {
        let mut files = files(&workshop.path().join("letters"));
        files.remove(".signpost-output");
        files
    };
    assert!(stand(&workshop) == before);
    let laid_out = workshop.path().join(".letters.signpost-next");
    for kill in [
        Kill::AtOnce,
        Kill::After(Duration::from_millis(400)),
        Kill::When(laid_out.clone(), Duration::ZERO),
        Kill::When(laid_out.clone(), Duration::from_millis(2)),
    ] {
        workshop.killed(&RUN, &kill);
        let now = stand(&workshop);
        assert!(now == before || now.len() == 12, "{} letters stand there", now.len());
    }
    assert_eq!(made(&workshop, &[]).len(), 12);
    assert!(!Path::new(&laid_out).exists(), "what a killed run left is still there");
}

#[test]
fn how_far_it_has_come_is_told() {
    let workshop = school();
    let many: String =
        (0..20).map(|at| format!("Ana{at},Roe,Oak,Mx Roe,,,,,{},two\n", code(at + 20))).collect();
    list(&workshop, &many);
    let output = workshop.signpost(&RUN);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for words in ["2 of 20 letters", "10 of 20 letters", "20 of 20 letters"] {
        assert!(told.contains(words), "{told}");
    }
    assert!(said(&output).contains("Made 20 letters, 20 sides of paper"), "{}", said(&output));
}

#[test]
fn what_a_letter_says_is_checked_like_every_page() {
    let workshop = school();
    workshop.change("letters/about.md", "{{ pupil.class }}", "{{ pupil.clas }}");
    workshop.change("letters/about.md", "columns = [\"uses\"]", "columns = []");
    let check = workshop.signpost(&["check", "--school", "school", "--date", "2026-11-22"]);
    assert!(said(&check).contains("Did you mean “pupil.class”?"), "{}", said(&check));
    assert!(said(&check).contains("add columns = [\"uses\"] to the letter’s settings"), "{}", said(&check));
    list(&workshop, &format!("Amelia,Clarke,Oak,Mrs Clarke,,,,,{},one\n", code(1)));
    refused(&workshop, &["No letter was made: its words, or school.toml, have to be mended first."]);
}

#[test]
fn letters_are_on_no_site_and_are_listed_with_what_they_need() {
    let workshop = school();
    assert!(workshop.build().status.success());
    assert!(!workshop.out().join("site/letters").exists());
    let listed = workshop.signpost(&["letters", "--school", "school"]);
    assert!(
        said(&listed).contains("columns: Forename, Surname, Class, Salutation, Code, uses"),
        "{}",
        said(&listed)
    );
    let wrong =
        workshop.signpost(&["letters", "abut", "--school", "school", "--families", "x", "--out", "y"]);
    assert!(said(&wrong).contains("Did you mean “about”?"), "{}", said(&wrong));
}
