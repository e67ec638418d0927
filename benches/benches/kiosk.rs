//! Figures of the kiosk, each beside its limit: first frame, idle, memory, tap to pixels, pen to ink, tap to “thank you”.
//!
//! `cargo test -p benches --bench kiosk` with the three programs built (`SIGNPOST_BIN_DIR` names
//! their folder; release builds are what schools run). Real windows under Xvfb, drawn in software.
#![allow(clippy::unwrap_used, reason = "a harness may end where it finds nothing to measure")]

use std::{
    fs,
    path::Path,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::json;
use tests::{
    child::Child,
    process::{Process, our_program},
    school::School,
};
use x11rb::{
    connection::Connection as _,
    protocol::{
        xproto::{self, ConnectionExt as _, ImageFormat},
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

const STARTS: usize = 9;
const IDLE: Duration = Duration::from_secs(30);
const SIGNATURES: usize = 150;
const TAPS: usize = 60;
const STROKE: i16 = 120;
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("kiosk").unwrap();
    println!("| figure | measured | limit |\n|---|---|---|");
    tap_to_thank_you(&data);
    let display = Display::open();
    first_frame(&data, &display);
    // At another kiosk nobody has signed yet.
    let fresh = school.paired_kiosk("glass").unwrap();
    on_the_glass(&school, &fresh, &display);
    idle(&data, &display);
    let size = fs::metadata(our_program("signpost-kiosk", "kiosk").unwrap()).unwrap().len();
    row("size of the program", format!("{:.1} MB", size as f64 / 1e6), "20 MB, stripped");
}

fn row(what: &str, measured: impl std::fmt::Display, limit: &str) {
    println!("| {what} | {measured} | {limit} |");
}

fn percentile(sorted: &[Duration], part: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

fn milliseconds(d: Duration) -> String {
    format!("{:.1} ms", d.as_secs_f64() * 1e3)
}

/// The press of “I’m done” to the answer that shows “thank you”, with the record synced to the disk.
fn tap_to_thank_you(data: &Path) {
    let mut child = Child::at(data).unwrap();
    let (pupils, _) = child.everybody().unwrap();
    let mut taken = Vec::new();
    for pupil in pupils.iter().take(SIGNATURES) {
        child.press("Sign our promise").unwrap();
        child.press(&pupil.class).unwrap();
        while !child.controls().contains(&pupil.name) && child.turns_the_page().unwrap() {}
        child.press(&pupil.name).unwrap();
        child.press("Let’s go").unwrap();
        while let "statement" | "story" = child.screen() {
            let on = if child.screen() == "story" { "Go on" } else { "Yes, I will" };
            child.press(on).unwrap();
        }
        child.ask(&json!({ "do": "draw", "strokes": [[[100, 100], [500, 900], [900, 100]]] })).unwrap();
        let from = Instant::now();
        child.press("I’m done").unwrap();
        taken.push(from.elapsed());
        assert_eq!(child.screen(), "thank-you");
        child.press("Finish").unwrap();
    }
    child.leave().unwrap();
    taken.sort();
    let figures = [0.5, 0.99].map(|part| milliseconds(percentile(&taken, part)));
    let what = format!("tap to “thank you” on the disk, p50 / p99 of {}", taken.len());
    row(&what, figures.join(" / "), "p99 60 ms");
}

/// A screen of 1280 by 800 that nobody sees.
struct Display {
    name: String,
    _server: Process,
}

impl Display {
    fn open() -> Self {
        let number = 90 + std::process::id() % 900;
        let name = format!(":{number}");
        let mut command = Command::new("Xvfb");
        command.args([&name, "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let server = Process::start(command).unwrap();
        let socket = format!("/tmp/.X11-unix/X{number}");
        let until = Instant::now() + PATIENCE;
        while !Path::new(&socket).exists() {
            assert!(Instant::now() < until, "Xvfb does not come up");
            sleep(Duration::from_millis(20));
        }
        Self { name, _server: server }
    }

    /// The kiosk in a window, and how long it took to its first frame as it says itself.
    fn kiosk(&self, data: &Path) -> (Process, Duration) {
        let log = tempfile::NamedTempFile::new().unwrap();
        let kiosk = our_program("signpost-kiosk", "kiosk").unwrap();
        let mut command = Command::new("sh");
        command.arg("-c").arg("exec \"$0\" run --windowed --verbose --data \"$1\" 2>\"$2\"");
        command.arg(kiosk).arg(data).arg(log.path());
        command.env("DISPLAY", &self.name).env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
        let mut process = Process::start(command).unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            let said = fs::read_to_string(log.path()).unwrap();
            if let Some(ms) = milliseconds_said(&said) {
                return (process, Duration::from_secs_f64(ms / 1e3));
            }
            assert!(process.is_running(), "the kiosk ended: {said}");
            assert!(Instant::now() < until, "the kiosk shows no frame: {said}");
            sleep(Duration::from_millis(5));
        }
    }
}

fn milliseconds_said(said: &str) -> Option<f64> {
    let line = said.lines().find(|line| line.contains("first frame"))?;
    line.split_whitespace().find_map(|word| word.parse().ok())
}

fn first_frame(data: &Path, display: &Display) {
    let mut all: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let (mut kiosk, taken) = display.kiosk(data);
            kiosk.kill();
            taken
        })
        .collect();
    all.sort();
    let figures = [all[0], all[STARTS / 2], all[STARTS - 1]].map(milliseconds);
    row(&format!("start to first frame, least / median / most of {STARTS}"), figures.join(" / "), "300 ms");
}

fn idle(data: &Path, display: &Display) {
    let (kiosk, _) = display.kiosk(data);
    // The first sync and the fonts' last glyphs are no idling.
    sleep(Duration::from_secs(5));
    let before = processor_time(kiosk.id());
    sleep(IDLE);
    let used = processor_time(kiosk.id()) - before;
    row(&format!("processor time, idle for {} s", IDLE.as_secs()), milliseconds(used), "50 ms, ticks apart");
    row("memory (resident)", format!("{:.0} MB", resident(kiosk.id()) / 1e6), "150 MB");
}

/// A place on the screen: from the left, from the top, how wide, how high.
type Area = (i16, i16, u16, u16);

/// The screen as a hand and an eye have it: pressed through the X server's test extension, looked at pixel by pixel.
struct Glass {
    connection: RustConnection,
    root: xproto::Window,
}

impl Glass {
    fn of(display: &Display) -> Self {
        let (connection, number) = x11rb::connect(Some(&display.name)).unwrap();
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }
    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) {
        self.connection.xtest_fake_input(kind, detail, 0, self.root, x, y, 0).unwrap();
        self.connection.flush().unwrap();
    }
    fn move_to(&self, at: (i16, i16)) {
        self.fake(xproto::MOTION_NOTIFY_EVENT, 0, at);
    }
    fn down(&self, at: (i16, i16)) {
        self.move_to(at);
        self.fake(xproto::BUTTON_PRESS_EVENT, 1, at);
    }
    fn up(&self, at: (i16, i16)) {
        self.fake(xproto::BUTTON_RELEASE_EVENT, 1, at);
    }
    fn pixels(&self, (x, y, wide, high): Area) -> Vec<u8> {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, wide, high, u32::MAX);
        image.unwrap().reply().unwrap().data
    }
    /// How long it takes from what is done until another picture stands there.
    fn until_changed(&self, area: Area, act: impl FnOnce(&Self)) -> Duration {
        let before = self.pixels(area);
        let from = Instant::now();
        act(self);
        while self.pixels(area) == before {
            assert!(from.elapsed() < PATIENCE, "nothing changes at {area:?}");
        }
        from.elapsed()
    }
}

/// From the finger on the glass to the next screen, and from the moving finger to its line.
fn on_the_glass(school: &School, data: &Path, display: &Display) {
    let (_kiosk, _) = display.kiosk(data);
    let glass = Glass::of(display);
    // Longer than a new screen ignores presses.
    let settled = || sleep(Duration::from_millis(600));
    settled();
    // Where the two screens differ and nothing is lit while it is read aloud.
    let (tiles, start, back) = ((560, 180, 160, 160), (640, 400), (70, 70));
    let mut taps: Vec<Duration> = (0..TAPS)
        .map(|tap| {
            let at = if tap % 2 == 0 { start } else { back };
            let taken = glass.until_changed(tiles, |glass| glass.down(at));
            glass.up(at);
            settled();
            taken
        })
        .collect();
    taps.sort();
    let figures = [0.5, 0.9].map(|part| milliseconds(percentile(&taps, part)));
    row(&format!("tap to the next screen’s pixels, p50 / p90 of {TAPS}"), figures.join(" / "), "p90 50 ms");

    // To the mark of the first child: by mouse to the classes, then by the keyboard to what comes first to mind.
    glass.down(start);
    glass.up(start);
    settled();
    let keys = |keys: &[&str]| {
        for key in keys {
            let mut command = Command::new("xdotool");
            command.env("DISPLAY", &display.name).args(["key", key]);
            assert!(command.status().unwrap().success());
            settled();
        }
    };
    let mut window = Command::new("xdotool");
    window.env("DISPLAY", &display.name).args([
        "search",
        "--onlyvisible",
        "--name",
        "Signpost",
        "windowfocus",
    ]);
    assert!(window.status().unwrap().success());
    keys(&["Tab", "Tab", "Tab", "Return"]);
    // The first name, “Let’s go”, and a promise after the other.
    keys(&["Return"; 2]);
    let promises = fs::read_to_string(school.content().join("agreements/ks1.md")).unwrap();
    keys(&vec!["Return"; promises.matches("symbol=").count()]);
    glass.down((160, 300));
    sleep(Duration::from_millis(100));
    let mut ink: Vec<Duration> = (1..=STROKE)
        .map(|step| {
            // To and fro, each line below the last.
            let (across, line) = (step % 30, step / 30);
            let at = (170 + across * 9, 320 + line * 40 + (across % 2) * 12);
            let taken = glass.until_changed((at.0 - 6, at.1 - 6, 12, 12), |glass| glass.move_to(at));
            sleep(Duration::from_millis(20));
            taken
        })
        .collect();
    glass.up((440, 520));
    ink.sort();
    let figures = [0.5, 0.99].map(|part| milliseconds(percentile(&ink, part)));
    row(&format!("pen to ink, p50 / p99 of {STROKE}"), figures.join(" / "), "p99 60 ms");
}

/// Time in user and system mode, in the kernel's ticks of 10 ms (proc(5)).
fn processor_time(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    let ticks: u64 = after_name.split(' ').skip(11).take(2).map(|n| n.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn resident(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
}
