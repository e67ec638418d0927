//! The real kiosk in a real window: a child signs with mouse and keyboard, and the register has it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::time::{Duration, Instant};
use tests::child::Child;
use tests::process::Process;
use tests::school::{PATIENCE, School, kiosk_command, kiosk_status};
use tests::screen::Screen;

#[test]
fn a_child_signs_in_the_window_with_mouse_and_keyboard_and_is_in_the_register() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut child = Child::at(&data).unwrap();
    let (everybody, _) = child.everybody().unwrap();
    let first = everybody[0].clone();
    child.leave().unwrap();

    let mut screen = Screen::open().unwrap();
    let mut command = kiosk_command("run", &data).unwrap();
    command.arg("--windowed").env("XDG_RUNTIME_DIR", school.path(""));
    screen.attach(&mut command);
    let _kiosk = Process::start(command).unwrap();
    screen.find_window("Signpost").unwrap();
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

    // The window's own sync brings it to the hub.
    let deadline = Instant::now() + PATIENCE;
    let delivered = |status: &str| status.contains("waiting       0") && status.contains("acknowledged  1");
    loop {
        let status = kiosk_status(&data).unwrap();
        if delivered(&status) {
            break;
        }
        assert!(Instant::now() < deadline, "{status}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let signed = school.desk().unwrap().signed().unwrap();
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert!(signed[0].is(&first), "{first:?} signed, and the register has {signed:?}");
}
