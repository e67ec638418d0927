//! Somebody with a keyboard alone: goes from stop to stop, and sees at each where they are.

use crate::browser::{Browser, BrowserError};
use serde_json::{Value, json};

/// What the focus is on, or why somebody who looks at the screen could not tell.
const HERE: &str = r#"
    const here = document.activeElement;
    if (!here || here === document.body || here === document.documentElement) return { place: "nothing" };
    const said = (here.getAttribute("aria-label") || here.labels?.[0]?.textContent || here.textContent || "");
    const place = `${here.tagName.toLowerCase()} “${said.trim().replace(/\s+/g, " ").slice(0, 60)}”`;
    const box = here.getBoundingClientRect();
    const style = getComputedStyle(here);
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    let trouble = "";
    if (here === document.querySelector("main")) trouble = "";
    else if (box.width < 2 || box.height < 2) trouble = "has no size";
    else if (!seen) trouble = "is off the screen";
    else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) trouble = "has no ring around it";
    else {
        // The part of it that is on the screen is not under something else.
        const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
        const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const top = document.elementFromPoint(x, y);
        if (top && !here.contains(top) && !top.contains(here)) trouble = `is under ${top.tagName} ${top.className}`;
    }
    return { place, trouble };
"#;

/// Presses a key and lets it go.
///
/// # Errors
/// If the browser does not answer.
pub async fn press(browser: &Browser, key: &str) -> Result<(), BrowserError> {
    press_with(browser, key, Held::Nothing).await
}

/// A key that is held while another is pressed; the figures are those of Chromium's protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// None.
    Nothing = 0,
    /// Ctrl.
    Control = 2,
    /// Shift.
    Shift = 8,
}

/// Presses a key while another is held.
///
/// # Errors
/// If the browser does not answer.
pub async fn press_with(browser: &Browser, key: &str, held: Held) -> Result<(), BrowserError> {
    // Chromium acts on the codes of Windows' keys; letters have that of their capital.
    let (code, text) = match key {
        "Tab" => (9, ""),
        "Enter" => (13, "\r"),
        "Escape" => (27, ""),
        "Space" => (32, " "),
        "ArrowDown" => (40, ""),
        "ArrowUp" => (38, ""),
        letter => (letter.bytes().next().unwrap_or_default().to_ascii_uppercase().into(), ""),
    };
    let name = if key == "Space" { " " } else { key };
    for kind in ["keyDown", "keyUp"] {
        let event = json!({
            "type": kind, "key": name, "code": key, "windowsVirtualKeyCode": code, "text": text,
            "modifiers": held as u8,
        });
        browser.devtools("Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

/// Types words where the focus is.
///
/// # Errors
/// If the browser does not answer.
pub async fn type_words(browser: &Browser, words: &str) -> Result<(), BrowserError> {
    browser.devtools("Input.insertText", json!({ "text": words })).await?;
    Ok(())
}

/// Where the focus is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What it is on, in words for a message.
    pub place: String,
    /// Why somebody who looks at the screen cannot tell that the focus is there; empty if they can.
    pub trouble: String,
}

/// Why somebody did not get where they wanted to go.
#[derive(Debug, thiserror::Error)]
pub enum WayError {
    /// The Tab key never came there.
    #[error("Tab never comes to {wanted}; it came to {came:#?}")]
    NotReached {
        /// What was wanted.
        wanted: String,
        /// The stops instead.
        came: Vec<String>,
    },
    /// On the way they could not see where they were.
    #[error("nobody can see where the focus is: {0:#?}")]
    Unseen(Vec<Stop>),
    /// The browser did not do as it was asked.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

/// Where the focus is.
///
/// # Errors
/// If the browser does not answer.
pub async fn stop(browser: &Browser) -> Result<Stop, BrowserError> {
    let here = browser.client().execute(HERE, vec![]).await?;
    let text = |key: &str| here[key].as_str().unwrap_or_default().to_owned();
    Ok(Stop { place: text("place"), trouble: text("trouble") })
}

/// Goes on with the Tab key until a script about `here`, what the focus is on, is true. At each stop the
/// focus is to be seen.
///
/// # Errors
/// If it takes more than `most` stops, a stop is not to be seen, or the browser does not answer.
pub async fn tab_to(browser: &Browser, wanted: &str, most: usize) -> Result<(), WayError> {
    let mut stops = Vec::new();
    while stops.len() < most {
        press(browser, "Tab").await?;
        stops.push(stop(browser).await?);
        if is_here(browser, wanted).await? {
            stops.retain(|stop| !stop.trouble.is_empty());
            return if stops.is_empty() { Ok(()) } else { Err(WayError::Unseen(stops)) };
        }
    }
    let came = stops.into_iter().map(|stop| stop.place).collect();
    Err(WayError::NotReached { wanted: wanted.to_owned(), came })
}

/// Whether a script about `here`, what the focus is on, is true.
///
/// # Errors
/// If the browser does not answer.
pub async fn is_here(browser: &Browser, wanted: &str) -> Result<bool, BrowserError> {
    let script = format!("const here = document.activeElement; return Boolean({wanted});");
    Ok(browser.client().execute(&script, vec![]).await? == Value::Bool(true))
}
