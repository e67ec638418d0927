//! A class's promise for the wall: everybody who signed, named and with their mark, and nobody else.

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use generator::{
    print::display::{self, DisplayError, Size},
    theme::Theme,
};
use press::print::{Press, Style};
use proptest::prelude::*;
use records::{
    agreement::{Agreement, Audience, Group, SignAgain, Statement},
    colours::{Rgb, SchoolColours},
    day::Moment,
    display::{ClassDisplay, Display, Signer},
    signature::{Drawing, Mark, Point},
};

fn mark(seed: u16) -> Mark {
    if seed.is_multiple_of(4) {
        return Mark::Sticker(["star", "heart", "fish", "moon"][usize::from(seed / 4 % 4)].parse().unwrap());
    }
    let stroke = |n: u16| (0..40).map(|at| Point(100 + at * 20, 300 + (at * (7 + n + seed)) % 400)).collect();
    Mark::Drawn(Drawing::new(vec![stroke(1), stroke(5), vec![Point(900, 120)]]).unwrap())
}

fn class(names: &[&str]) -> ClassDisplay {
    let promise = |(name, words): (&str, &str)| Statement {
        name: name.parse().unwrap(),
        words: words.to_owned(),
        more: Vec::new(),
        symbol: name.parse().unwrap(),
    };
    let statements = [
        ("ask-first", "I ask a grown-up first."),
        ("ask-before-click", "I only click on things I know."),
        ("kind-messages", "I send kind words."),
        ("tell-grown-up", "I tell if I do not like it."),
    ];
    let group = Group {
        title: None,
        introduction: Vec::new(),
        statements: statements.into_iter().map(promise).collect(),
        scenario: None,
    };
    let agreement = Agreement {
        slug: "ks1".parse().unwrap(),
        audience: Audience::Ks1,
        title: "My promise".to_owned(),
        version: "1.0".parse().unwrap(),
        sign_again: SignAgain::Everyone,
        introduction: Vec::new(),
        groups: vec![group],
    };
    let signers = names
        .iter()
        .enumerate()
        .map(|(at, name)| Signer { name: (*name).to_owned(), mark: mark(u16::try_from(at).unwrap()) });
    let display = Display {
        school: "Larkfield Primary School".to_owned(),
        language: "en-GB".parse().unwrap(),
        class: "Acorn".to_owned(),
        year: "2026 to 2027".to_owned(),
        agreement,
        signers: signers.collect(),
        colours: None,
    };
    ClassDisplay { made: Moment(1_789_000_000), display }
}

const CLASS: [&str; 28] = [
    "Maya",
    "Tom L",
    "Zoë",
    "Ibrahim",
    "Aleksandra",
    "Sam",
    "Ivy",
    "Noor",
    "Kofi",
    "Ruby",
    "Ada",
    "Leo",
    "Mei",
    "Oskar",
    "Priya",
    "Finn",
    "Amara",
    "Jakub",
    "Elsie",
    "Yusuf",
    "Grace",
    "Theo",
    "Ayaan",
    "Hana",
    "Bartholomew-James",
    "Tom K",
    "Lily",
    "Max",
];

fn words(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), pdf).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    assert_eq!(text.matches('\u{c}').count(), 1, "it is one sheet");
    text.split_whitespace().collect()
}

#[test]
fn everybody_who_signed_stands_under_the_promise_with_the_name_whole() {
    let theme = Theme::embedded().unwrap();
    for size in [Size::A4, Size::A3] {
        let pdf = display::print(&class(&CLASS), &theme, size).unwrap();
        assert!(pdf.len() < 500_000);
        let said = words(&pdf);
        for name in CLASS {
            let name: String = name.split_whitespace().collect();
            assert!(said.replace('-', "").contains(&name.replace('-', "")), "{name}: {said}");
        }
        assert!(said.contains("Mypromise") && said.contains("Isendkindwords."), "{said}");
    }
}

#[test]
fn the_same_class_gives_the_same_bytes_and_its_marks_are_drawn() {
    let theme = Theme::embedded().unwrap();
    let print = |class: &ClassDisplay| display::print(class, &theme, Size::A3).unwrap();
    let one = class(&["Maya", "Tom"]);
    assert_eq!(print(&one), print(&one));
    let mut other = one.clone();
    other.display.signers[1].mark = mark(9);
    assert_ne!(print(&one), print(&other));
}

#[test]
fn a_class_of_which_nobody_has_signed_and_a_damaged_file_are_told_in_words() {
    let theme = Theme::embedded().unwrap();
    let nobody = display::print(&class(&[]), &theme, Size::A3).unwrap_err();
    assert!(matches!(&nobody, DisplayError::Nobody(class) if class == "Acorn"), "{nobody}");
    let mut bytes = class(&["Maya"]).write();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    let told = run(&bytes);
    assert!(!told.status.success());
    assert!(told.stdout.is_empty(), "nothing is half made");
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(said.contains("damaged"), "{said}");
}

fn run(bytes: &[u8]) -> std::process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
        .args(["display", "-", "--paper", "a4"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_command_takes_what_the_hub_hands_out_and_gives_the_pdf() {
    let made = run(&class(&["Maya", "Tom"]).write());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(words(&made.stdout).contains("Maya"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn any_names_of_any_class_fit_or_are_refused_in_words(
        names in proptest::collection::vec("[\\PC]{1,80}", 1..40)
    ) {
        let theme = Theme::embedded().unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match display::print(&class(&names), &theme, Size::A3) {
            Ok(pdf) => prop_assert!(pdf.starts_with(b"%PDF")),
            Err(DisplayError::Letter(_) | DisplayError::TooLong(_)) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn a_wall_is_in_the_colours_of_the_school_and_no_words_are_lost_on_them() {
    let (main, accent) = (Rgb(0x7a, 0x1f, 0x2b), Rgb(0x5a, 0x2a, 0x2a));
    let mut own = class(&["Maya", "Tom"]);
    own.display.colours =
        Some(SchoolColours { main: Some(main), accent: Some(accent), ..SchoolColours::default() });
    let drawn = image::load_from_memory(&seen_of(&own, 40.0)).unwrap().to_rgb8();
    let ground = |x, y| drawn.get_pixel(x, y).0;
    assert_eq!(ground(3, 3), [main.0, main.1, main.2]);
    // The accent is too dark to be read on the main colour, so no words are set in it.
    let words_end = drawn.width() * 104 / 297 - 2;
    let on_the_left = (0..words_end).flat_map(|x| (0..drawn.height()).map(move |y| (x, y)));
    assert_eq!(on_the_left.filter(|(x, y)| ground(*x, *y) == [accent.0, accent.1, accent.2]).count(), 0);
    let bar = (words_end..words_end + 8).filter(|x| ground(*x, 3) == [accent.0, accent.1, accent.2]);
    assert!(bar.count() > 0, "the bar beside them is");
}

/// As it looks: for the picture in `looks`.
pub(crate) fn seen(dots: f64) -> Vec<u8> {
    seen_of(&class(&CLASS), dots)
}

fn seen_of(class: &ClassDisplay, dots: f64) -> Vec<u8> {
    let theme = Theme::embedded().unwrap();
    let sheet = display::sheet(class, &theme, Size::A3).unwrap();
    let style: Style = display::style(class, &theme).unwrap();
    Press::new(&style).unwrap().display_seen(&sheet, dots).unwrap().remove(0)
}
