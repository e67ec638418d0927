//! The real program in a real window: Xvfb, Mesa's software renderer, and a mouse.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use kiosk::{look::Tokens, storage::Store};

use crate::school::Hub;

/// A display of its own, and what runs on it.
pub(crate) struct Display {
    server: Child,
    name: String,
}

impl Display {
    pub(crate) fn open() -> Option<Self> {
        let tools = ["Xvfb", "xdotool", "import"];
        let there = |tool: &&str| Command::new("which").arg(tool).output().is_ok_and(|o| o.status.success());
        if !tools.iter().all(there) {
            eprintln!("not run: it needs {} (Debian: xvfb xdotool imagemagick)", tools.join(", "));
            return None;
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
    fn on_it(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name).env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
        command.env("XDG_RUNTIME_DIR", env!("CARGO_TARGET_TMPDIR"));
        command
    }
    fn picture(&self, to: &Path) -> image::RgbaImage {
        let done = self.on_it("import").args(["-window", "root"]).arg(to).status().unwrap();
        assert!(done.success());
        image::open(to).unwrap().to_rgba8()
    }
    /// Waits until the colour at a place is this one, and gives the picture.
    fn wait_for(&self, to: &Path, at: (u32, u32), colour: egui::Color32) -> image::RgbaImage {
        let (began, patience) = (Instant::now(), Duration::from_secs(30));
        loop {
            let picture = self.picture(to);
            let pixel = picture.get_pixel(at.0, at.1).0;
            if pixel[..3] == [colour.r(), colour.g(), colour.b()] {
                return picture;
            }
            assert!(
                began.elapsed() < patience,
                "at {at:?} is {pixel:?}, not {colour:?}; see {}",
                to.display()
            );
        }
    }
    fn press(&self, x: u32, y: u32) {
        let (x, y) = (x.to_string(), y.to_string());
        let done = self.on_it("xdotool").args(["mousemove", &x, &y, "click", "1"]).status().unwrap();
        assert!(done.success());
    }
}
impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program in a window, past its first frame.
pub(crate) struct Shown {
    program: Child,
    /// Milliseconds from the program's start to its first frame, as it tells them.
    pub(crate) first_frame: u64,
    _told: std::io::Lines<BufReader<std::process::ChildStderr>>,
}

impl Shown {
    pub(crate) fn open(display: &Display, data: &Path) -> Self {
        let mut program = display
            .on_it(env!("CARGO_BIN_EXE_signpost-kiosk"))
            .args(["run", "--windowed", "--verbose", "--data"])
            .arg(data)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(program.stderr.take().unwrap()).lines();
        let first = told
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("first frame after ")?.strip_suffix(" ms")?.parse().ok());
        Self { program, first_frame: first.expect("it ended before its first frame"), _told: told }
    }
    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }
    /// What it has used of the processor so far, from `/proc` (in ticks of 10 ms).
    pub(crate) fn cpu_milliseconds(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks = |n: usize| fields[n].parse::<u64>().unwrap();
        (ticks(11) + ticks(12)) * 10
    }
}
impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn the_program_opens_a_window_and_a_press_on_it_is_answered() {
    let Some(display) = Display::open() else { return };
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let _shown = Shown::open(&display, room.path());
    let colour = &Tokens::get().colour;
    let to = |name: &str| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    display.wait_for(&to("window-home.png"), (640, 640), colour.leaf.0);
    display.press(640, 640);
    // Under the tiles of two classes is paper.
    display.wait_for(&to("window-classes.png"), (640, 700), colour.paper.0);
    assert!(
        matches!(Store::open(folder), Err(e) if e.to_string().contains("in use")),
        "it runs on that folder"
    );
}
