//! Asks axe-core what is wrong with a page, and html-validate what is wrong with its files.
//!
//! Both come from npm by `tests/web-tools`, pinned by its lock file. `./test` installs them into its
//! cache; to have them while working on one test, run `npm ci --prefix tests/web-tools`.

use crate::browser::{Browser, BrowserError};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs, io};

/// What is asked of a page: WCAG 2.0, 2.1 and 2.2 at levels A and AA, and what axe-core's makers call best
/// practice.
const TAGS: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// The rules whose answer changes with the colours alone.
const OF_COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

const RUN: &str = r#"
    const [options, done] = arguments;
    // In forced colours Chromium tells the colour of letters as it is drawn by “color” alone, and axe-core
    // asks for this other name of it.
    const tell = CSSStyleDeclaration.prototype.getPropertyValue;
    if (matchMedia("(forced-colors: active)").matches) {
        CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
            return tell.call(this, name === "-webkit-text-fill-color" ? "color" : name);
        };
    }
    axe.run(document, { ...options, iframes: false, resultTypes: ["violations", "incomplete"] }).then((found) => {
        const told = (all) => all.flatMap((rule) => rule.nodes.map((node) => ({
            rule: rule.id,
            place: node.target.flat().join(" "),
            why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ") || rule.help,
        })));
        done({ faults: told(found.violations), doubts: told(found.incomplete) });
    }).catch((error) => done({ failed: String(error && error.stack || error) }))
        .finally(() => { CSSStyleDeclaration.prototype.getPropertyValue = tell; });
"#;

/// Why pages could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// axe-core or html-validate has not been installed.
    #[error("{looked_for} is not there. Run `npm ci --prefix tests/web-tools`, or let ./test do it.")]
    NotInstalled {
        /// Where it should have been.
        looked_for: PathBuf,
    },
    /// The browser did not do as it was asked.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// axe-core itself failed.
    #[error("axe-core failed: {0}")]
    Axe(String),
    /// html-validate did not run.
    #[error("node: {0}")]
    Node(#[from] io::Error),
    /// html-validate failed, or said something that is not known.
    #[error("html-validate failed: {0}")]
    Validator(String),
}

/// Something that is wrong with a page, or that a person is to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// axe-core's name of the rule.
    pub rule: String,
    /// A selector that finds the element.
    pub place: String,
    /// What is the matter with it.
    pub why: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.rule, self.place, self.why)
    }
}

/// What axe-core says of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong.
    pub faults: Vec<Finding>,
    /// What axe-core cannot tell.
    pub doubts: Vec<Finding>,
}

/// Which rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// All of them.
    All,
    /// Those whose answer changes with the colours alone: contrast, and how links are told from words.
    OfColours,
}

/// The colours that somebody has their device set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// The page's own, by day.
    Light,
    /// The page's own, by night.
    Dark,
    /// The device's own few, as by a high-contrast theme of Windows.
    Forced,
}

impl fmt::Display for Colours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Forced => "forced colours",
        })
    }
}

/// Puts axe-core into every page that the browser opens from now on.
///
/// # Errors
/// If axe-core has not been installed, or the browser does not answer.
pub async fn prepare(browser: &Browser) -> Result<(), CheckError> {
    let script = tool("axe-core/axe.min.js")?;
    let source = fs::read_to_string(&script)?;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    Ok(())
}

/// Sets width and colours, with nothing in motion.
///
/// # Errors
/// If the browser does not answer.
pub async fn show(browser: &Browser, width: u32, colours: Colours) -> Result<(), CheckError> {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700 });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
    set_colours(browser, colours).await
}

/// Sets the colours, with nothing in motion.
///
/// # Errors
/// If the browser does not answer.
pub async fn set_colours(browser: &Browser, colours: Colours) -> Result<(), CheckError> {
    let scheme = if colours == Colours::Dark { "dark" } else { "light" };
    let forced = if colours == Colours::Forced { "active" } else { "none" };
    // A colour that is half-way to another when it is measured would be told as a fault.
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "forced-colors", "value": forced },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    browser.devtools("Emulation.setEmulatedMedia", media).await?;
    Ok(())
}

/// What axe-core says of the page that is open.
///
/// # Errors
/// If the browser was not prepared or does not answer, or axe-core fails.
pub async fn check(browser: &Browser, rules: Rules) -> Result<Findings, CheckError> {
    let options = match rules {
        Rules::All => json!({
            "runOnly": { "type": "tag", "values": TAGS },
            // A page within the page is looked at by itself.
            "rules": { "frame-tested": { "enabled": false } },
        }),
        Rules::OfColours => json!({ "runOnly": { "type": "rule", "values": OF_COLOURS } }),
    };
    let found = browser.client().execute_async(RUN, vec![options]).await.map_err(BrowserError::from)?;
    if let Some(failed) = found["failed"].as_str() {
        return Err(CheckError::Axe(failed.to_owned()));
    }
    Ok(Findings { faults: findings(&found["faults"]), doubts: findings(&found["doubts"]) })
}

fn findings(told: &Value) -> Vec<Finding> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let finding =
        |one: &Value| Finding { rule: text(one, "rule"), place: text(one, "place"), why: text(one, "why") };
    told.as_array().map(|all| all.iter().map(finding).collect()).unwrap_or_default()
}

/// What html-validate says of every HTML file of a folder, each with file, line and rule. How strict it is
/// stands in `tests/web-tools/html-validate.mjs`.
///
/// # Errors
/// If html-validate or node is not installed or fails.
pub fn validate(folder: &Path) -> Result<Vec<String>, CheckError> {
    let validator = tool("html-validate/bin/html-validate.mjs")?;
    // To a file: of what node writes to a pipe, it loses the end when it exits.
    let found = tempfile::NamedTempFile::new()?;
    let ran = Command::new("node")
        .arg(validator)
        .arg("--config")
        .arg(own_folder().join("html-validate.mjs"))
        .args(["--ext", "html", "--formatter", &format!("json={}", found.path().display())])
        .arg(folder)
        .output()?;
    let said: Value = serde_json::from_slice(&fs::read(found.path())?)
        .map_err(|_| CheckError::Validator(String::from_utf8_lossy(&ran.stderr).into_owned()))?;
    let mut all = Vec::new();
    for file in said.as_array().into_iter().flatten() {
        let path = file["filePath"].as_str().unwrap_or_default();
        for one in file["messages"].as_array().into_iter().flatten() {
            let (line, rule) = (&one["line"], one["ruleId"].as_str().unwrap_or_default());
            all.push(format!("{path}:{line}: {} ({rule})", one["message"].as_str().unwrap_or_default()));
        }
    }
    if all.is_empty() && !ran.status.success() {
        return Err(CheckError::Validator(String::from_utf8_lossy(&ran.stderr).into_owned()));
    }
    Ok(all)
}

/// The folder with our pins and settings.
fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web-tools")
}

/// A file of an installed package.
fn tool(path: &str) -> Result<PathBuf, CheckError> {
    let folder = env::var_os("SIGNPOST_WEB_TOOLS").map_or_else(own_folder, PathBuf::from);
    let looked_for = folder.join("node_modules").join(path);
    if looked_for.is_file() { Ok(looked_for) } else { Err(CheckError::NotInstalled { looked_for }) }
}
