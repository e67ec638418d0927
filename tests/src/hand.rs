//! Somebody at the desk's pages in a real browser, with a keyboard alone: goes on to what they want, presses it, types,
//! reads what comes, and is stopped by whatever is in anybody's way there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::json;
use tempfile::TempDir;

use crate::accessibility::{CheckError, prepare, validate};
use crate::browser::{Browser, BrowserError, Options};
use crate::desk::OWN_PASSWORD;
use crate::keyboard::{self, Held, WayError, press, press_with, type_words};
use crate::process::scratch_folder;
use crate::school::{PATIENCE, School};
use crate::sight::{fill, look, type_code};

/// More stops than a page of the desk has, twice around.
const STOPS: usize = 80;

/// How long a page may take on a busy machine for which something has to be built first.
const PAGE: Duration = Duration::from_secs(180);

/// The page as it was sent.
const SENT: &str = "const done = arguments[0]; \
    fetch(location.href).then((answer) => answer.ok ? answer.text() : null).then(done, () => done(null));";

/// The page as the browser understood it.
const UNDERSTOOD: &str = "return document.documentElement.outerHTML;";

/// Attributes without a value, which a browser writes with an empty one.
const BARE: [&str; 8] =
    ["autofocus", "checked", "defer", "disabled", "hidden", "open", "required", "selected"];

/// Why somebody at the keyboard did not get on.
#[derive(Debug, thiserror::Error)]
pub enum HandError {
    /// The Tab key does not lead there, or not in sight.
    #[error("{wanted}: {why}")]
    Way {
        /// Where to, as a script about `here`.
        wanted: String,
        /// What was met instead.
        why: WayError,
    },
    /// It did not come.
    #[error("{wanted} does not come on {title}, which says:\n{page}")]
    NotThere {
        /// What was waited for.
        wanted: String,
        /// The title of the page that is there instead.
        title: String,
        /// The words of it.
        page: String,
    },
    /// No file was downloaded, or more than one.
    #[error("no file came, or more than one: {0:?}")]
    NoFile(Vec<PathBuf>),
    /// A page that is in somebody's way.
    #[error("{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// A page that does not come by its address.
    #[error("{0} is the answer to a form: what the browser made of it can be looked at")]
    Answer(String),
    /// axe-core or html-validate failed.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The browser did not do as it was asked.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// A page could not be kept for html-validate.
    #[error("a page could not be kept: {0}")]
    File(#[from] io::Error),
}

/// Somebody at a browser of their own.
#[derive(Debug)]
pub struct Hand {
    /// The browser.
    pub browser: Browser,
    desk: String,
    /// The pages that were looked at, for html-validate.
    seen: TempDir,
}

impl Hand {
    /// Opens the desk. Nobody is signed in.
    ///
    /// # Errors
    /// If the browser does not start.
    pub async fn at(school: &School) -> Result<Self, HandError> {
        let options = Options { ignore_certificate_errors: true, ..Options::default() };
        let browser = Browser::open(&options).await?;
        prepare(&browser).await?;
        let desk = format!("https://{}", school.desk_address());
        let hand = Self { browser, desk, seen: scratch_folder()? };
        hand.opens("/").await?;
        Ok(hand)
    }

    /// Opens one of the desk's pages by its address.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn opens(&self, path: &str) -> Result<(), HandError> {
        let address = format!("{}{path}", self.desk);
        Ok(self.browser.client().goto(&address).await.map_err(BrowserError::from)?)
    }

    /// Tries to sign in with a name and a password. What comes of it is not waited for.
    ///
    /// # Errors
    /// If there is no such form.
    pub async fn tries(&self, name: &str, password: &str) -> Result<(), HandError> {
        self.opens("/sign-in").await?;
        fill(&self.browser, "#name", name).await?;
        fill(&self.browser, "#password", password).await?;
        Ok(press(&self.browser, "Enter").await?)
    }

    /// Signs in to an account that has [`OWN_PASSWORD`], with the code of its phone where the school remembers one.
    ///
    /// # Errors
    /// If the desk does not let them in.
    pub async fn signs_in(&self, school: &School, name: &str) -> Result<(), HandError> {
        self.tries(name, OWN_PASSWORD).await?;
        let code = school.phone_code(name);
        if !code.is_empty() {
            type_code(&self.browser, &code).await?;
        }
        self.finds("//header//nav").await
    }

    /// Goes on with the Tab key until a script about `here`, what the focus is on, is true.
    ///
    /// # Errors
    /// If it does not lead there, or nobody could see where the focus is on the way.
    pub async fn goes_to(&self, wanted: &str) -> Result<(), HandError> {
        if self.is_at(wanted).await? {
            return Ok(());
        }
        let went = keyboard::tab_to(&self.browser, wanted, STOPS).await;
        went.map_err(|why| HandError::Way { wanted: wanted.to_owned(), why })
    }

    /// Whether a script about `here`, what the focus is on, is true.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn is_at(&self, wanted: &str) -> Result<bool, HandError> {
        Ok(keyboard::is_here(&self.browser, wanted).await?)
    }

    /// Goes on to a button or a link with these very words, and presses it.
    ///
    /// # Errors
    /// If the Tab key does not lead there.
    pub async fn presses(&self, words: &str) -> Result<(), HandError> {
        let here = "['BUTTON', 'A'].includes(here.tagName) && here.textContent.trim()";
        self.goes_to(&format!("{here} === {words:?}")).await?;
        self.enters().await
    }

    /// Presses Enter where the focus is.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn enters(&self) -> Result<(), HandError> {
        Ok(press(&self.browser, "Enter").await?)
    }

    /// Goes on to a box, and ticks it or takes its tick away.
    ///
    /// # Errors
    /// If the Tab key does not lead there.
    pub async fn ticks(&self, id: &str) -> Result<(), HandError> {
        self.goes_to(&format!("here.id === {id:?}")).await?;
        Ok(press(&self.browser, "Space").await?)
    }

    /// Unfolds a part of the menu or of a page.
    ///
    /// # Errors
    /// If the Tab key does not lead there.
    pub async fn unfolds(&self, words: &str) -> Result<(), HandError> {
        self.goes_to(&format!("here.tagName === 'SUMMARY' && here.textContent.includes({words:?})")).await?;
        self.enters().await
    }

    /// Goes on to a field and types into it, in the place of what stands there.
    ///
    /// # Errors
    /// If the Tab key does not lead there.
    pub async fn types(&self, id: &str, words: &str) -> Result<(), HandError> {
        self.goes_to(&format!("here.id === {id:?}")).await?;
        press_with(&self.browser, "a", Held::Control).await?;
        Ok(type_words(&self.browser, words).await?)
    }

    /// Waits until these words stand in the page's own part.
    ///
    /// # Errors
    /// [`HandError::NotThere`].
    pub async fn sees(&self, words: &str) -> Result<(), HandError> {
        self.finds(&format!("//main//*[contains(normalize-space(.), {words:?})]")).await
    }

    /// Waits until an XPath finds something.
    ///
    /// # Errors
    /// [`HandError::NotThere`].
    pub async fn finds(&self, path: &str) -> Result<(), HandError> {
        let client = self.browser.client();
        if client.wait().at_most(PAGE).for_element(Locator::XPath(path)).await.is_ok() {
            return Ok(());
        }
        let title = client.title().await.map_err(BrowserError::from)?;
        Err(HandError::NotThere { wanted: path.to_owned(), title, page: self.reads().await? })
    }

    /// The words of the page's own part.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn reads(&self) -> Result<String, HandError> {
        let main = self.browser.client().find(Locator::Css("main")).await.map_err(BrowserError::from)?;
        Ok(main.text().await.map_err(BrowserError::from)?)
    }

    /// Has what is downloaded from now on saved to a folder, which is made.
    ///
    /// # Errors
    /// If it cannot be.
    pub async fn saves_to(&self, folder: &Path) -> Result<(), HandError> {
        fs::create_dir(folder)?;
        let to = json!({ "behavior": "allow", "downloadPath": folder });
        self.browser.devtools("Page.setDownloadBehavior", to).await?;
        Ok(())
    }

    /// The one file that came into such a folder, once all of it is there.
    ///
    /// # Errors
    /// [`HandError::NoFile`].
    pub async fn is_brought(&self, folder: &Path, ending: &str) -> Result<PathBuf, HandError> {
        let begun = Instant::now();
        loop {
            let files: Vec<PathBuf> =
                fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
            // A browser gives the file its name when it has all of it.
            if let [file] = &files[..]
                && file.extension().is_some_and(|extension| extension == ending)
            {
                return Ok(file.clone());
            }
            if begun.elapsed() > PATIENCE {
                return Err(HandError::NoFile(files));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Takes pictures of a page that came by its address, asks axe-core what is wrong with it, and keeps it as it was
    /// sent for html-validate.
    ///
    /// # Errors
    /// [`HandError::Faults`].
    pub async fn looks(&self, name: &str) -> Result<(), HandError> {
        let client = self.browser.client();
        let sent = client.execute_async(SENT, vec![]).await.map_err(BrowserError::from)?;
        let page = sent.as_str().ok_or_else(|| HandError::Answer(name.to_owned()))?;
        self.keeps(name, page).await
    }

    /// The same with the answer to a form, which is not asked for twice: html-validate gets what the browser made of it.
    ///
    /// # Errors
    /// [`HandError::Faults`].
    pub async fn looks_at_answer(&self, name: &str) -> Result<(), HandError> {
        let client = self.browser.client();
        let understood = client.execute(UNDERSTOOD, vec![]).await.map_err(BrowserError::from)?;
        let mut page = format!("<!DOCTYPE html>\n{}\n", understood.as_str().unwrap_or_default());
        for attribute in BARE {
            page = page.replace(&format!(" {attribute}=\"\""), &format!(" {attribute}"));
        }
        self.keeps(name, &page).await
    }

    async fn keeps(&self, name: &str, page: &str) -> Result<(), HandError> {
        fs::write(self.seen.path().join(format!("{name}.html")), page)?;
        let faults = look(&self.browser, name).await?;
        if faults.is_empty() { Ok(()) } else { Err(HandError::Faults(faults)) }
    }

    /// Leaves the desk: asks html-validate about all pages that were looked at, and gives back what the browser
    /// complained of.
    ///
    /// # Errors
    /// [`HandError::Faults`].
    pub async fn leaves(mut self) -> Result<Vec<String>, HandError> {
        if fs::read_dir(self.seen.path())?.next().is_some() {
            let faults = validate(self.seen.path())?;
            if !faults.is_empty() {
                return Err(HandError::Faults(faults));
            }
        }
        Ok(self.browser.complaints().await?)
    }
}
