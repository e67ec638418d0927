//! The real kiosk in a real window, by mouse and keyboard: a child signs, also while the screen is turned, a child tells, a
//! mother answers for two children in Polish, a teacher takes a signature back; each time the hub has it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use records::family_code::FamilyCode;
use tests::child::Child;
use tests::process::Process;
use tests::school::{PATIENCE, School, kiosk_command, kiosk_status, set_pin};
use tests::screen::{Place, Screen};

const TITLE: &str = "Signpost";

/// A screen with the kiosk's window on it.
fn window(school: &School, data: &Path) -> (Screen, Process) {
    let screen = Screen::open().unwrap();
    let kiosk = window_on(&screen, school, data, &[]);
    (screen, kiosk)
}

fn window_on(screen: &Screen, school: &School, data: &Path, arguments: &[&str]) -> Process {
    let mut command = kiosk_command("run", data).unwrap();
    command.arg("--windowed").args(arguments).env("XDG_RUNTIME_DIR", school.path(""));
    screen.attach(&mut command);
    let kiosk = Process::start(command).unwrap();
    screen.find_window(TITLE).unwrap();
    kiosk
}

/// How many promises the youngest make.
fn promises(school: &School) -> usize {
    let markdown = fs::read_to_string(school.content().join("agreements/ks1.md")).unwrap();
    markdown.matches("symbol=").count()
}

/// Waits until the window's own sync has brought so many records to the hub.
fn wait_until_sent(data: &Path, records: usize) {
    let deadline = Instant::now() + PATIENCE;
    let acknowledged = format!("acknowledged  {records}");
    loop {
        let status = kiosk_status(data).unwrap();
        if status.contains("waiting       0") && status.contains(&acknowledged) {
            break;
        }
        assert!(Instant::now() < deadline, "{status}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Which way the words run where a child signs, and so where the square for the mark is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// From left to right, as in English, which is also read aloud.
    Onwards,
    /// From right to left, and nobody reads it aloud.
    Backwards,
}

/// From the start to its first class, its first child's name, each promise and a mark, and back to the start.
fn first_child_signs(screen: &mut Screen, promises: usize, pictures: &str, reading: Reading) {
    let look = |screen: &mut Screen, at: &str| {
        screen.look(&format!("{pictures}-{at}")).unwrap();
    };
    // The button in the middle of the first screen, by mouse.
    screen.click(640, 400).unwrap();
    look(screen, "2-class");
    // Past “Back” and the speaker to the first class. From then on the keyboard begins at what comes first to mind: the
    // first name, “Let’s go”, “Yes, I will”.
    screen.keys(&["Tab", "Tab", "Tab"]).unwrap();
    look(screen, "3-class-by-keyboard");
    screen.keys(&["Return"]).unwrap();
    look(screen, "4-name");
    screen.keys(&["Return"]).unwrap();
    look(screen, "5-hello");
    for number in 1..=promises {
        screen.keys(&["Return"]).unwrap();
        look(screen, &format!("6-statement-{number}"));
    }
    screen.keys(&["Return"]).unwrap();
    look(screen, "7-mark");
    // A mark with the mouse, in the large square where the line begins; back past the speaker, “Start” and “Back”, the
    // last button is “I’m done”.
    let mark = [(160, 520), (230, 300), (300, 520), (370, 300), (440, 520)];
    let back = ["shift+Tab"; 4];
    match reading {
        Reading::Onwards => screen.draw(&mark).unwrap(),
        Reading::Backwards => screen.draw(&mark.map(|(x, y)| (1280 - x, y))).unwrap(),
    }
    look(screen, "8-mark-drawn");
    screen.keys(if reading == Reading::Onwards { &back } else { &back[1..] }).unwrap();
    look(screen, "9-mark-done");
    screen.keys(&["Return"]).unwrap();
    look(screen, "10-thank-you");
    screen.keys(&["Return"]).unwrap();
    look(screen, "11-home");
}

#[test]
fn a_child_signs_in_the_window_with_mouse_and_keyboard_and_is_in_the_register() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut child = Child::at(&data).unwrap();
    let (everybody, _) = child.everybody().unwrap();
    let first = everybody[0].clone();
    child.leave().unwrap();

    let (mut screen, _kiosk) = window(&school, &data);
    screen.look("window-1-home").unwrap();

    first_child_signs(&mut screen, promises(&school), "window", Reading::Onwards);

    wait_until_sent(&data, 1);
    let signed = school.desk().unwrap().signed().unwrap();
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert!(signed[0].is(&first), "{first:?} signed, and the register has {signed:?}");
}

#[test]
fn a_child_tells_in_the_window_and_nobody_but_the_safeguarding_lead_reads_it() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut holders = school.holders().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();

    let (mut screen, kiosk) = window(&school, &data);
    screen.look("window-tell-1-home").unwrap();
    screen.click(1090, 95).unwrap();
    screen.look("window-tell-2-what").unwrap();
    screen.click(960, 450).unwrap();
    screen.look("window-tell-3-who-reads").unwrap();
    screen.click(865, 718).unwrap();
    // The order of the pictures is another each time: the first of each, whichever it is; then what is not said.
    for question in ["feeling", "happened", "place"] {
        screen.look(&format!("window-tell-4-{question}")).unwrap();
        screen.click(230, 300).unwrap();
    }
    for question in ["about", "talk"] {
        screen.look(&format!("window-tell-5-{question}")).unwrap();
        screen.click(640, 725).unwrap();
    }
    screen.look("window-tell-6-is-this-right").unwrap();
    screen.click(865, 725).unwrap();
    for step in ["7-four-pictures", "8-thank-you"] {
        screen.look(&format!("window-tell-{step}")).unwrap();
        screen.click(865, 725).unwrap();
    }
    screen.look("window-tell-9-home").unwrap();
    drop(kiosk);

    // Boxes go by the clock, and when a kiosk is started: this is its next morning.
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
    let read = holders[0].reports().unwrap();
    assert_eq!(read.len(), 1, "{read:?}");
    for part in ["How do you feel?", "What happened?", "Where was it?", "The child gave no name"] {
        assert!(read[0].contains(part), "{part}: {}", read[0]);
    }
    let mut office = school.desk().unwrap();
    assert_eq!(office.get("/safeguarding").unwrap().status, 404);
}

#[test]
fn a_mother_answers_for_two_children_in_the_window_in_polish_and_the_office_knows() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let list = school.path("codes.csv");
    school.hub_command(&["families", "codes", "--out", &list.display().to_string()]).unwrap();
    let lines = fs::read_to_string(&list).unwrap();
    let line = lines.lines().find(|line| line.contains("Clarke")).unwrap();
    let mut cells = line.split(',').map(|cell| cell.trim_matches('"'));
    let code: FamilyCode = cells.find_map(|cell| cell.parse().ok()).unwrap();
    let data = school.paired_kiosk("Entrance").unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();

    let (mut screen, _kiosk) = window(&school, &data);
    screen.look("window-family-1-home").unwrap();
    screen.click(1030, 738).unwrap();
    screen.look("window-family-2-code").unwrap();
    screen.types(&code.to_string()).unwrap();
    screen.look("window-family-3-who").unwrap();
    screen.click(640, 483).unwrap();
    screen.look("window-family-4-list").unwrap();
    screen.click(1037, 70).unwrap();
    screen.look("window-family-5-languages").unwrap();
    screen.click(936, 400).unwrap();
    screen.look("window-family-6-polish").unwrap();
    screen.click(1000, 725).unwrap();
    answers_with_one_yes(&mut screen, "amelia");
    screen.click(160, 725).unwrap();
    screen.look("window-family-8-list").unwrap();
    // The same form for her other child, on the right.
    screen.click(950, 200).unwrap();
    answers_with_one_yes(&mut screen, "marcel");
    screen.click(510, 725).unwrap();
    screen.look("window-family-9-home").unwrap();

    wait_until_sent(&data, 2);
    let page = school.desk().unwrap().page("/consent/may-i?use=website").unwrap();
    let allowed = page.split("class=\"may yes\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(allowed.contains("Amelia") && allowed.contains("Marcel"), "{allowed}");
}

/// Through the form on pictures, from its first page: yes to the first use, no to the seven others, and kept.
fn answers_with_one_yes(screen: &mut Screen, child: &str) {
    let look = |screen: &mut Screen, at: &str| {
        screen.look(&format!("window-family-7-{child}-{at}")).unwrap();
    };
    look(screen, "1-what-it-is");
    screen.click(865, 725).unwrap();
    look(screen, "2-use-1");
    screen.click(340, 725).unwrap();
    for number in 2..=8 {
        look(screen, &format!("2-use-{number}"));
        screen.click(930, 725).unwrap();
    }
    for page in ["3-what-the-child-says", "4-changing-ones-mind", "5-is-it-right"] {
        look(screen, page);
        screen.click(1000, 725).unwrap();
    }
    look(screen, "6-kept");
}

#[test]
fn a_teacher_takes_a_signature_back_in_the_window_and_the_child_signs_again_in_urdu() {
    const PIN: &str = "482915";
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    set_pin(&data, PIN).unwrap();
    let mut child = Child::at(&data).unwrap();
    let first = child.everybody().unwrap().0[0].clone();
    child.leave().unwrap();
    let promises = promises(&school);
    let line = || {
        let lines = school.desk().unwrap().register("ks1").unwrap();
        lines.into_iter().find(|line| line.is(&first)).unwrap()
    };

    let (mut screen, _kiosk) = window(&school, &data);
    screen.look("window-panel-1-home").unwrap();
    first_child_signs(&mut screen, promises, "window-panel-a", Reading::Onwards);
    wait_until_sent(&data, 1);
    assert_eq!(line().state, "signed");

    let look = |screen: &mut Screen, at: &str| {
        screen.look(&format!("window-panel-{at}")).unwrap();
    };
    // The quiet corner, and a PIN that is not the one.
    screen.click(14, 735).unwrap();
    look(&mut screen, "2-pin");
    screen.types("111111").unwrap();
    look(&mut screen, "3-pin-typed");
    screen.keys(&["Return"]).unwrap();
    look(&mut screen, "4-pin-wrong");
    screen.types(PIN).unwrap();
    screen.keys(&["Return"]).unwrap();
    look(&mut screen, "5-panel");

    // Who has signed, by mouse; past “Back” and “Close the panel” the first class, by keyboard. That begins at whose
    // signature can be taken back, and then at the first reason.
    screen.click(945, 200).unwrap();
    look(&mut screen, "6-classes");
    screen.keys(&["Tab", "Tab", "Tab", "Return"]).unwrap();
    look(&mut screen, "7-who-has-signed");
    screen.keys(&["Return"]).unwrap();
    look(&mut screen, "8-why");
    screen.keys(&["Return"]).unwrap();
    look(&mut screen, "9-taken-back");

    // Larger text, and the second of the languages.
    screen.click(90, 75).unwrap();
    look(&mut screen, "10-panel");
    screen.click(945, 460).unwrap();
    look(&mut screen, "11-looks");
    screen.click(335, 330).unwrap();
    look(&mut screen, "12-text-125");
    screen.click(945, 540).unwrap();
    look(&mut screen, "13-polish");
    screen.click(945, 540).unwrap();
    look(&mut screen, "14-urdu");
    screen.click(90, 75).unwrap();
    look(&mut screen, "15-panel");
    screen.click(335, 590).unwrap();
    look(&mut screen, "16-touchscreen");
    screen.click(640, 485).unwrap();
    look(&mut screen, "17-touchscreen-answers");
    screen.click(1080, 75).unwrap();
    look(&mut screen, "18-home");

    wait_until_sent(&data, 2);
    let withdrawn = line();
    assert!(withdrawn.state.starts_with("undone"), "{withdrawn:?}");
    assert_eq!(withdrawn.undone_at, "Acorn classroom");
    assert_eq!(withdrawn.undone_because, "it was another child");

    first_child_signs(&mut screen, promises, "window-panel-b", Reading::Backwards);
    wait_until_sent(&data, 3);
    let signed = line();
    assert_eq!((signed.state.as_str(), signed.undone_at.as_str()), ("signed", ""), "{signed:?}");
    assert_eq!(signed.words, withdrawn.words, "the English words are what is signed");
}

/// Of the things on the screen that can be pressed, each is so large that a finger finds it, and whole.
fn are_for_fingers(screen: &Screen, places: &[(u32, u32)], (width, height): (u32, u32)) {
    // 25 mm, where a point takes a quarter of one.
    const LEAST: u32 = 100;
    for (x, y) in places {
        let thing = screen.thing_at(*x, *y).unwrap();
        let Place { left, top, width: wide, height: high } = thing;
        assert!(wide >= LEAST && high >= LEAST, "at {x}, {y}: {thing:?}");
        assert!(left > 0 && top > 0 && left + wide < width && top + high < height, "at {x}, {y}: {thing:?}");
    }
}

#[test]
fn a_screen_that_is_turned_while_a_child_signs_keeps_their_place_and_their_mark() {
    const ACROSS: (u32, u32) = (1280, 800);
    const UPRIGHT: (u32, u32) = (800, 1280);
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut child = Child::at(&data).unwrap();
    let first = child.everybody().unwrap().0[0].clone();
    child.leave().unwrap();
    let promises = promises(&school);

    // Where nothing is read aloud no word is lit, and one screen is one picture.
    fs::write(data.join("settings.json"), r#"{"sound":false}"#).unwrap();
    let mut screen = Screen::of((1280, 1280)).unwrap();
    let _kiosk = window_on(&screen, &school, &data, &["--mm-per-px", "0.25"]);
    screen.look("window-turn-1-home").unwrap();
    screen.click(640, 400).unwrap();
    screen.look("window-turn-2-class").unwrap();
    screen.keys(&["Tab", "Tab", "Return"]).unwrap();
    screen.look("window-turn-3-name").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-turn-4-hello").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-turn-5-statement-1").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-turn-6-statement-2").unwrap();
    let before = screen.shown().to_vec();

    screen.turn(TITLE, UPRIGHT).unwrap();
    screen.look("window-turn-7-statement-2-upright").unwrap();
    // “Back”, “Start”, “Tell me more”, “Yes, I will”.
    are_for_fingers(&screen, &[(86, 70), (713, 70), (175, 1205), (560, 1205)], UPRIGHT);
    screen.turn(TITLE, ACROSS).unwrap();
    screen.look("window-turn-8-statement-2-again").unwrap();
    assert!(screen.shown() == before, "turned back, it looks as it did before");

    screen.turn(TITLE, UPRIGHT).unwrap();
    screen.look("window-turn-9-statement-2-upright").unwrap();
    for number in 3..=promises {
        screen.keys(&["Return"]).unwrap();
        screen.look(&format!("window-turn-10-statement-{number}")).unwrap();
    }
    screen.keys(&["Return"]).unwrap();
    screen.look("window-turn-11-mark-upright").unwrap();
    screen.draw(&[(160, 520), (230, 300), (300, 520), (370, 300), (440, 520)]).unwrap();
    screen.look("window-turn-12-mark-drawn").unwrap();
    // Stickers, and the three at the foot.
    are_for_fingers(&screen, &[(400, 874), (655, 874), (153, 1043), (400, 1043), (655, 1043)], UPRIGHT);
    are_for_fingers(&screen, &[(170, 1205), (393, 1205), (625, 1205)], UPRIGHT);
    screen.turn(TITLE, ACROSS).unwrap();
    screen.look("window-turn-13-mark-across").unwrap();
    screen.keys(&["shift+Tab", "shift+Tab", "shift+Tab"]).unwrap();
    screen.look("window-turn-14-mark-done").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-turn-15-thank-you").unwrap();

    wait_until_sent(&data, 1);
    let signed = school.desk().unwrap().signed().unwrap();
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert!(signed[0].is(&first), "{first:?} signed, and the register has {signed:?}");
}
