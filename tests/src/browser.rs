//! A real Chromium, driven through Debian's chromedriver, that tells what it asked for and complained of.
//!
//! Every [`Browser`] has a fresh profile and can reach nothing but this machine: other hosts do not
//! resolve, and what a page tried to fetch from them is still in [`Browser::requested`].

use crate::process::{Process, ProcessError};
use fantoccini::error::{CmdError, NewSessionError};
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// chromedriver and Chromium together take a second or two, on a busy machine many more.
const START: Duration = Duration::from_secs(60);

/// How long a page may load, or a script run, before the command fails.
const PAGE: Duration = Duration::from_secs(120);

/// How the browser is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Width and height of the page, in CSS pixels.
    pub window: (u32, u32),
    /// Accept any certificate: for the hub's own, until the test pins it.
    pub ignore_certificate_errors: bool,
    /// More flags for Chromium.
    pub flags: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { window: (1280, 900), ignore_certificate_errors: false, flags: Vec::new() }
    }
}

/// What went wrong with the browser.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// chromedriver did not come up.
    #[error("{0}\nOn Debian: apt install chromium chromium-driver")]
    Driver(#[from] ProcessError),
    /// Chromium did not come up.
    #[error("Chromium did not start: {0}")]
    Session(#[from] NewSessionError),
    /// A command to the browser failed.
    #[error("the browser refused: {0}")]
    Command(#[from] CmdError),
    /// A profile or a screenshot could not be written.
    #[error("{path}: {source}")]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A line of the browser's console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleLine {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// What it says, with the file and place.
    pub message: String,
}

/// Starts chromedriver, and again where the port that it chose was taken: it asks the system for a free one
/// on one address, wants the same on the other, and gives up if another program has it there.
fn listening_driver(command: impl Fn() -> Command) -> Result<(Process, u16), ProcessError> {
    const TRIES: usize = 10;
    for _ in 1..TRIES {
        match start_driver(command()) {
            Err(ProcessError::Ended { story, .. }) if story.contains("port not available") => {}
            started => return started,
        }
    }
    start_driver(command())
}

fn start_driver(command: Command) -> Result<(Process, u16), ProcessError> {
    let mut driver = Process::start(command)?;
    let port = driver.wait_for("on which port it listens", START, |line| {
        let (_, after) = line.split_once("started successfully on port ")?;
        after.trim_end_matches('.').parse::<u16>().ok()
    })?;
    Ok((driver, port))
}

/// A running browser with one window. It is ended when this is dropped.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    profile: TempDir,
    driver: Process,
    requested: Vec<String>,
    console: Vec<ConsoleLine>,
}

impl Browser {
    /// Starts a headless browser. To be called within a tokio runtime.
    ///
    /// # Errors
    /// If chromedriver or Chromium is missing or does not come up.
    pub async fn open(options: &Options) -> Result<Self, BrowserError> {
        let temp = std::env::temp_dir();
        let profile = tempfile::Builder::new()
            .prefix("signpost-browser-")
            .tempdir()
            .map_err(|source| BrowserError::File { path: temp, source })?;
        let (driver, port) = listening_driver(|| {
            let mut command = Command::new("chromedriver");
            command.arg("--port=0");
            command
        })?;

        let mut flags: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--force-device-scale-factor=1",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ]
        .map(str::to_owned)
        .to_vec();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        flags.push(format!("--window-size={},{}", options.window.0, options.window.1));
        if options.ignore_certificate_errors {
            flags.push("--ignore-certificate-errors".to_owned());
        }
        flags.extend(options.flags.iter().cloned());
        let wanted = json!({
            "goog:chromeOptions": { "args": flags, "perfLoggingPrefs": { "enableNetwork": true } },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = wanted else { unreachable!("an object was written above") };

        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities);
        let address = format!("http://127.0.0.1:{port}");
        let connecting = builder.connect(&address);
        let client = match tokio::time::timeout(START, connecting).await {
            Ok(client) => client?,
            Err(_) => {
                return Err(BrowserError::Session(NewSessionError::Lost(io::Error::from(
                    io::ErrorKind::TimedOut,
                ))));
            }
        };
        let browser = Self { client, profile, driver, requested: Vec::new(), console: Vec::new() };
        // Chromium opens on a page of its own, whose requests are none of ours.
        browser.client.update_timeouts(TimeoutConfiguration::new(Some(PAGE), Some(PAGE), None)).await?;
        browser.client.goto("about:blank").await?;
        let (width, height) = options.window;
        browser
            .devtools(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
            )
            .await?;
        browser.log("performance").await?;
        browser.log("browser").await?;
        Ok(browser)
    }

    /// The WebDriver client, for everything that a page can be asked.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The folder of the browser's profile, which no other browser has.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Every address that the pages have asked for so far, in order, with those that failed; `file:` and
    /// `data:` addresses too. Requests of service workers and of Chromium itself are not among them.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn requested(&mut self) -> Result<&[String], BrowserError> {
        for entry in self.log("performance").await? {
            let Some(message) = entry["message"].as_str().and_then(|text| serde_json::from_str(text).ok())
            else {
                continue;
            };
            let message: Value = message;
            let message = &message["message"];
            let url = match message["method"].as_str() {
                Some("Network.requestWillBeSent") => &message["params"]["request"]["url"],
                Some("Network.webSocketCreated") => &message["params"]["url"],
                _ => continue,
            };
            self.requested.extend(url.as_str().map(str::to_owned));
        }
        Ok(&self.requested)
    }

    /// Everything that has stood on the console so far.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn console(&mut self) -> Result<&[ConsoleLine], BrowserError> {
        for entry in self.log("browser").await? {
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            self.console.push(ConsoleLine { level: text("level"), message: text("message") });
        }
        Ok(&self.console)
    }

    /// What the pages got wrong so far: the console's severe lines (scripts that failed, files that did not
    /// load, rules of the content security policy that were broken).
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn complaints(&mut self) -> Result<Vec<String>, BrowserError> {
        let severe = |line: &&ConsoleLine| line.level == "SEVERE";
        Ok(self.console().await?.iter().filter(severe).map(|line| line.message.clone()).collect())
    }

    /// Takes a picture of the page and puts it among the artefacts as `name`.png.
    ///
    /// # Errors
    /// If the browser does not answer, or the picture cannot be written.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf, BrowserError> {
        let picture = self.client.screenshot().await?;
        let folder = crate::process::artefacts();
        let path = folder.join(format!("{name}.png"));
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, picture));
        written.map_err(|source| BrowserError::File { path: path.clone(), source })?;
        Ok(path)
    }

    /// Gives Chromium a command of its DevTools protocol: dark mode, forced colours, print, another width.
    ///
    /// # Errors
    /// If the browser does not know the command or does not answer.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, BrowserError> {
        let body = json!({ "cmd": command, "params": parameters });
        Ok(self.client.issue_cmd(ChromeCommand { endpoint: "goog/cdp/execute", body }).await?)
    }

    /// Ends the browser in good order.
    ///
    /// # Errors
    /// If it does not answer; it is ended all the same.
    pub async fn close(self) -> Result<(), BrowserError> {
        Ok(self.client.clone().close().await?)
    }

    async fn log(&self, kind: &'static str) -> Result<Vec<Value>, BrowserError> {
        let take_log = ChromeCommand { endpoint: "se/log", body: json!({ "type": kind }) };
        match self.client.issue_cmd(take_log).await? {
            Value::Array(entries) => Ok(entries),
            _ => Ok(Vec::new()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.kill();
        // Chromium leaves its driver's process group; its profile is in no other browser's command line.
        crate::process::kill_those_with_argument(&format!(
            "--user-data-dir={}",
            self.profile.path().display()
        ));
    }
}

/// A command that chromedriver has beyond the WebDriver standard.
#[derive(Debug)]
struct ChromeCommand {
    endpoint: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.endpoint))
    }

    fn method_and_body(&self, _: &url::Url) -> (hyper::Method, Option<String>) {
        (hyper::Method::POST, Some(self.body.to_string()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn shell(script: &str, file: &Path) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script, "driver"]).arg(file);
        command
    }

    #[test]
    fn a_driver_that_found_its_port_taken_is_started_again() {
        let folder = crate::process::scratch_folder().unwrap();
        let been = folder.path().join("been");
        let script =
            "if [ -e \"$1\" ]; then echo 'ChromeDriver was started successfully on port 4321.'; sleep 60
            else touch \"$1\"; echo 'IPv4 port not available. Exiting...'; exit 1; fi";
        let (_driver, port) = listening_driver(|| shell(script, &been)).unwrap();
        assert_eq!(port, 4321);
    }

    #[test]
    fn a_driver_that_ends_for_another_reason_is_told() {
        let folder = crate::process::scratch_folder().unwrap();
        let count = folder.path().join("count");
        let script = "echo once >>\"$1\"; echo 'no such library' >&2; exit 1";
        let told = listening_driver(|| shell(script, &count)).unwrap_err().to_string();
        assert!(told.contains("no such library"), "{told}");
        assert_eq!(std::fs::read_to_string(&count).unwrap(), "once\n");
    }
}
