//! The real kiosk in a real window, by mouse and keyboard: a child signs, a child tells, a mother answers for two children
//! in Polish; each time the hub has it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use records::family_code::FamilyCode;
use tests::child::Child;
use tests::process::Process;
use tests::school::{PATIENCE, School, kiosk_command, kiosk_status};
use tests::screen::Screen;

/// A screen with the kiosk's window on it.
fn window(school: &School, data: &Path) -> (Screen, Process) {
    let screen = Screen::open().unwrap();
    let mut command = kiosk_command("run", data).unwrap();
    command.arg("--windowed").env("XDG_RUNTIME_DIR", school.path(""));
    screen.attach(&mut command);
    let kiosk = Process::start(command).unwrap();
    screen.find_window("Signpost").unwrap();
    (screen, kiosk)
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

    // The button in the middle of the first screen, by mouse.
    screen.click(640, 400).unwrap();
    screen.look("window-2-class").unwrap();
    // Past “Back” and the speaker to the first class. From then on the keyboard begins at what comes first to mind: the
    // first name, “Let’s go”, “Yes, I will”.
    screen.keys(&["Tab", "Tab", "Tab"]).unwrap();
    screen.look("window-3-class-by-keyboard").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-4-name").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-5-hello").unwrap();
    let markdown = fs::read_to_string(school.content().join("agreements/ks1.md")).unwrap();
    for number in 1..=markdown.matches("symbol=").count() {
        screen.keys(&["Return"]).unwrap();
        screen.look(&format!("window-6-statement-{number}")).unwrap();
    }
    screen.keys(&["Return"]).unwrap();
    screen.look("window-7-mark").unwrap();
    // A mark with the mouse, in the large square on the left; back past the speaker, “Start” and “Back”, the last
    // button is “I’m done”.
    screen.draw(&[(160, 520), (230, 300), (300, 520), (370, 300), (440, 520)]).unwrap();
    screen.look("window-8-mark-drawn").unwrap();
    screen.keys(&["shift+Tab", "shift+Tab", "shift+Tab", "shift+Tab"]).unwrap();
    screen.look("window-9-mark-done").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-10-thank-you").unwrap();
    screen.keys(&["Return"]).unwrap();
    screen.look("window-11-home").unwrap();

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
