//! A screen, a mouse and a keyboard that are not there: a program's window under Xvfb, driven through the
//! X server's own test extension, and looked at.
//!
//! System packages: `xvfb`, `xdotool`, `imagemagick`, and a software OpenGL (`libgl1-mesa-dri`).

use crate::process::{Process, ProcessError, artefacts};
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Software rendering on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);
/// A picture that stayed so for this long is what the program shows.
const STILL: Duration = Duration::from_millis(400);

/// What went wrong with the screen.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// Xvfb did not come up.
    #[error("{0}\nOn Debian: apt install xvfb")]
    Server(#[from] ProcessError),
    /// A tool did not run.
    #[error("cannot run {tool}: {source}; on Debian: apt install xdotool imagemagick")]
    Tool {
        /// Which.
        tool: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A tool failed.
    #[error("{tool} failed: {told}")]
    Failed {
        /// Which.
        tool: &'static str,
        /// What it said on standard error.
        told: String,
    },
    /// The picture did not change, or did not come to rest.
    #[error("the screen {0} within {PATIENCE:?}; it looks like {1}")]
    Picture(&'static str, PathBuf),
}

/// As wide and high as the screens that the kiosk is drawn for.
const USUAL: (u32, u32) = (1280, 800);

/// Where something is, in pixels from the left upper corner of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From here …
    pub left: u32,
    /// … and here …
    pub top: u32,
    /// … so wide …
    pub width: u32,
    /// … and so high.
    pub height: u32,
}

/// A screen with nothing on it but what is started there. It ends when this is dropped.
#[derive(Debug)]
pub struct Screen {
    display: String,
    _server: Process,
    shown: Vec<u8>,
}

impl Screen {
    /// Starts an X server of 1280 by 800 on a free display.
    ///
    /// # Errors
    /// If there is no Xvfb.
    pub fn open() -> Result<Self, ScreenError> {
        Self::of(USUAL)
    }

    /// The same, so wide and high.
    ///
    /// # Errors
    /// If there is no Xvfb.
    pub fn of((width, height): (u32, u32)) -> Result<Self, ScreenError> {
        let mut command = Command::new("Xvfb");
        let size = format!("{width}x{height}x24");
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"]);
        let mut server = Process::start(command)?;
        let number: u32 = server.wait_for("its display", PATIENCE, |line| line.trim().parse().ok())?;
        Ok(Self { display: format!(":{number}"), _server: server, shown: Vec::new() })
    }

    /// Lets a program open its window here.
    pub fn attach(&self, command: &mut Command) {
        command.env("DISPLAY", &self.display).env("LIBGL_ALWAYS_SOFTWARE", "1");
        command.env_remove("WAYLAND_DISPLAY");
    }

    /// Waits until a window with this title is there, and gives it the keyboard: there is no window
    /// manager that would.
    ///
    /// # Errors
    /// If none comes.
    pub fn find_window(&self, title: &str) -> Result<(), ScreenError> {
        let found = self.window(title)?;
        self.tool("xdotool", &["windowfocus", "--sync", &found]).map(drop)
    }

    /// Makes the window with this title so wide and high, as a screen that is turned does to one that fills it.
    ///
    /// # Errors
    /// If there is none, or xdotool fails.
    pub fn turn(&self, title: &str, (width, height): (u32, u32)) -> Result<(), ScreenError> {
        let (found, width, height) = (self.window(title)?, width.to_string(), height.to_string());
        self.tool("xdotool", &["windowsize", "--sync", &found, &width, &height]).map(drop)
    }

    fn window(&self, title: &str) -> Result<String, ScreenError> {
        let found = self.tool("xdotool", &["search", "--sync", "--onlyvisible", "--name", title])?;
        Ok(String::from_utf8_lossy(&found).lines().next().unwrap_or_default().to_owned())
    }

    /// Presses keys, as X calls them: `Tab`, `Return`. Each has to show before the next is pressed, as a
    /// person waits for the ring to move: of two in one frame a window moves its focus once.
    ///
    /// # Errors
    /// If xdotool fails, or a key but the last shows nothing.
    pub fn keys(&mut self, keys: &[&str]) -> Result<(), ScreenError> {
        for (number, key) in keys.iter().enumerate() {
            if number > 0 {
                self.wait_for_change("key-without-effect")?;
            }
            self.tool("xdotool", &["key", key])?;
        }
        Ok(())
    }

    /// Presses keys that may well show nothing, one after the other.
    ///
    /// # Errors
    /// If xdotool fails.
    pub fn keys_blindly(&self, keys: &[&str]) -> Result<(), ScreenError> {
        self.tool("xdotool", &[&["key"], keys].concat()).map(drop)
    }

    /// Types letters and digits.
    ///
    /// # Errors
    /// If xdotool fails.
    pub fn types(&self, words: &str) -> Result<(), ScreenError> {
        self.tool("xdotool", &["type", "--delay", "120", words]).map(drop)
    }

    /// The colour at a place: red, green and blue.
    ///
    /// # Errors
    /// If the picture cannot be taken.
    pub fn colour(&self, x: u32, y: u32) -> Result<[u8; 3], ScreenError> {
        let part = format!("1x1+{x}+{y}");
        let arguments = ["-window", "root", "-crop", &part, "-depth", "8", "rgb:-"];
        let told = self.tool("import", &arguments)?;
        let of_three = <[u8; 3]>::try_from(told.as_slice());
        of_three.map_err(|_| ScreenError::Failed { tool: "import", told: format!("{} bytes", told.len()) })
    }

    /// Where the thing at a place ends to all sides: whatever hangs together there that has not the colour of the
    /// screen's left upper corner.
    ///
    /// # Errors
    /// If the picture cannot be taken.
    pub fn thing_at(&self, x: u32, y: u32) -> Result<Place, ScreenError> {
        let picture = self.pixels()?;
        let picture = Pixmap::read(&picture)
            .ok_or_else(|| ScreenError::Failed { tool: "import", told: "no picture".to_owned() })?;
        Ok(picture.thing_at(x, y))
    }

    /// What the screen showed when it was last looked at.
    pub fn shown(&self) -> &[u8] {
        &self.shown
    }

    /// Clicks at a place, in pixels from the left upper corner.
    ///
    /// # Errors
    /// If xdotool fails.
    pub fn click(&self, x: u32, y: u32) -> Result<(), ScreenError> {
        let (x, y) = (x.to_string(), y.to_string());
        self.tool("xdotool", &["mousemove", &x, &y, "click", "1"]).map(drop)
    }

    /// Draws a line through these places with the button held down.
    ///
    /// # Errors
    /// If xdotool fails.
    pub fn draw(&self, places: &[(u32, u32)]) -> Result<(), ScreenError> {
        let mut arguments = Vec::new();
        for (number, (x, y)) in places.iter().enumerate() {
            arguments.extend([
                "mousemove".to_owned(),
                x.to_string(),
                y.to_string(),
                "sleep".into(),
                "0.05".into(),
            ]);
            if number == 0 {
                arguments.extend(["mousedown".to_owned(), "1".to_owned()]);
            }
        }
        arguments.extend(["mouseup".to_owned(), "1".to_owned()]);
        self.tool("xdotool", &arguments.iter().map(String::as_str).collect::<Vec<_>>()).map(drop)
    }

    /// Waits until the screen shows something else than when it was last looked at, and has come to
    /// rest; keeps a picture of it among the artefacts as `name`.png.
    ///
    /// # Errors
    /// If it does not change or does not come to rest.
    pub fn look(&mut self, name: &str) -> Result<PathBuf, ScreenError> {
        self.wait_for_change(name)?;
        self.keep(name)
    }

    fn wait_for_change(&mut self, name: &str) -> Result<(), ScreenError> {
        let deadline = Instant::now() + PATIENCE;
        let (mut picture, mut since) = (self.pixels()?, Instant::now());
        while picture == self.shown || since.elapsed() < STILL {
            if Instant::now() > deadline {
                let what = if picture == self.shown { "did not change" } else { "did not come to rest" };
                return Err(ScreenError::Picture(what, self.keep(name)?));
            }
            let next = self.pixels()?;
            if next != picture {
                (picture, since) = (next, Instant::now());
            }
        }
        self.shown = picture;
        Ok(())
    }

    fn keep(&self, name: &str) -> Result<PathBuf, ScreenError> {
        let folder = artefacts();
        std::fs::create_dir_all(&folder).map_err(|source| ScreenError::Tool { tool: "import", source })?;
        let path = folder.join(format!("{name}.png"));
        self.tool("import", &["-window", "root", &path.display().to_string()])?;
        Ok(path)
    }

    /// The picture without anything that says when it was taken.
    fn pixels(&self) -> Result<Vec<u8>, ScreenError> {
        self.tool("import", &["-window", "root", "-depth", "8", "ppm:-"])
    }

    fn tool(&self, tool: &'static str, arguments: &[&str]) -> Result<Vec<u8>, ScreenError> {
        let mut command = Command::new("timeout");
        command.arg(PATIENCE.as_secs().to_string()).arg(tool).args(arguments).env("DISPLAY", &self.display);
        let output = command.output().map_err(|source| ScreenError::Tool { tool, source })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(ScreenError::Failed { tool, told: String::from_utf8_lossy(&output.stderr).into_owned() })
    }
}

/// A picture as `ppm:-` gives it.
struct Pixmap<'a> {
    width: u32,
    height: u32,
    colours: &'a [u8],
}

impl<'a> Pixmap<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut parts = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        let (kind, width, height, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let number = |part| std::str::from_utf8(part).ok()?.parse().ok();
        let (width, height): (u32, u32) = (number(width)?, number(height)?);
        let colours = rest.strip_prefix(b"255\n").filter(|_| kind == b"P6")?;
        (colours.len() as u64 == u64::from(width) * u64::from(height) * 3).then_some(Self {
            width,
            height,
            colours,
        })
    }

    fn colour(&self, x: u32, y: u32) -> &[u8] {
        let at = (y * self.width + x) as usize * 3;
        &self.colours[at..at + 3]
    }

    fn thing_at(&self, x: u32, y: u32) -> Place {
        let ground = self.colour(0, 0);
        let mut seen = vec![false; (self.width * self.height) as usize];
        let mut open = vec![(x, y)];
        let (mut left, mut top, mut right, mut bottom) = (x, y, x, y);
        while let Some((x, y)) = open.pop() {
            let place = (y * self.width + x) as usize;
            if seen[place] || self.colour(x, y) == ground {
                continue;
            }
            seen[place] = true;
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x), bottom.max(y));
            let beside = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
            open.extend(beside.into_iter().filter(|(x, y)| *x < self.width && *y < self.height));
        }
        Place { left, top, width: right + 1 - left, height: bottom + 1 - top }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_thing_ends_where_the_ground_begins_and_another_is_another() {
        let rows = ["......", ".##...", ".#O.@@", ".##..@"];
        let mut bytes = b"P6\n6 4\n255\n".to_vec();
        bytes.extend(rows.concat().bytes().flat_map(|letter| [letter; 3]));
        let picture = Pixmap::read(&bytes).unwrap();
        assert_eq!(picture.thing_at(2, 2), Place { left: 1, top: 1, width: 2, height: 3 });
        assert_eq!(picture.thing_at(5, 3), Place { left: 4, top: 2, width: 2, height: 2 });
        assert!(Pixmap::read(&bytes[..bytes.len() - 1]).is_none());
    }
}
