//! A school that is being written, kept in memory and shown as it changes.
//!
//! A saved page is read again and drawn alone, and whoever looks at it is told at once
//! ([`Preview::changed`]). Only then is the whole school loaded, checked and drawn once more in the
//! background, because another page may list this one, and findings come with it. Nothing is written.
//!
//! What is broken never takes a page away: its last good state is shown, and the findings are sent along.

pub mod door;
pub mod news;
mod site;
mod thorough;
pub mod watch;
pub mod web;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock},
};

use jiff::civil::Date;
use tokio::sync::broadcast;

use self::{news::News, site::Files};
use crate::{
    check::{Extra, people::Consent, silence},
    diagnostic::{Diagnostic, Report, Severity},
    load::{
        School,
        document::Document,
        tree::{self, Tree},
    },
    source::Source,
    theme::{Theme, ThemeError},
};

/// News that a slow reader may be behind; after that it is told to look at everything again.
const NEWS_KEPT: usize = 256;
/// How often somebody who waits is made to wait again for what changed meanwhile.
const LOOKS: usize = 4;

/// Where the theme comes from.
#[derive(Debug, Clone)]
pub enum Look {
    /// The one built into the program.
    Shipped,
    /// A folder, which is watched too.
    Folder(PathBuf),
}

impl Look {
    /// Reads the theme.
    ///
    /// # Errors
    /// [`ThemeError`].
    pub fn read(&self) -> Result<Theme, ThemeError> {
        match self {
            Self::Shipped => Theme::embedded(),
            Self::Folder(folder) => Theme::from_folder(folder),
        }
    }
}

/// Which pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Those that will be on the site.
    Public,
    /// Drafts and staff pages too: for whoever edits them on this very computer.
    Everything,
}

/// A school in memory and everybody who looks at it.
pub struct Preview {
    folder: PathBuf,
    look: Look,
    day: Date,
    shows: Shows,
    shown: RwLock<Shown>,
    work: Mutex<Work>,
    /// Whether the whole school is to be looked at again.
    due: Mutex<Due>,
    bell: Condvar,
    said: broadcast::Sender<Arc<News>>,
    /// By what it is judged whether pupils may be shown.
    consent: Mutex<Consent>,
}

/// What the thread that looks at everything is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Nothing,
    ALook,
    TheEnd,
}

/// What visitors get.
#[derive(Default)]
struct Shown {
    files: Files,
    report: Arc<Report>,
}

/// What the next change is worked out from.
struct Work {
    tree: Arc<Tree>,
    tree_problems: Vec<Diagnostic>,
    theme: Arc<Theme>,
    /// The school with every page in its last good state.
    school: Arc<School>,
    /// Texts that are being edited and not saved: they stand in the place of the files.
    drafts: BTreeSet<String>,
    /// Rises with each change, so that a slow look at the whole notices that it is out of date.
    number: u64,
}

impl Preview {
    /// Reads the school and draws it once.
    ///
    /// # Errors
    /// When the theme cannot be read. Faults of the content are findings.
    pub fn open(folder: &Path, look: Look, day: Date, shows: Shows) -> Result<Arc<Self>, ThemeError> {
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let theme = Arc::new(look.read()?);
        let (tree, tree_problems) = tree::read(&folder);
        let work = Work {
            tree: Arc::new(tree),
            tree_problems,
            theme,
            school: Arc::default(),
            drafts: BTreeSet::new(),
            number: 0,
        };
        let preview = Arc::new(Self {
            folder,
            look,
            day,
            shows,
            shown: RwLock::default(),
            work: Mutex::new(work),
            due: Mutex::new(Due::Nothing),
            bell: Condvar::new(),
            said: broadcast::channel(NEWS_KEPT).0,
            consent: Mutex::default(),
        });
        preview.look_at_everything();
        Ok(preview)
    }

    /// The school's folder, without links in its path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folders to watch.
    pub fn watched(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.folder.clone()];
        if let Look::Folder(theme) = &self.look {
            folders.push(theme.clone());
        }
        folders
    }

    /// A file of the site as it stands now.
    pub fn file(&self, path: &str) -> Option<Arc<[u8]>> {
        self.read_shown(|shown| shown.files.get(path).cloned())
    }

    /// Everything that was found so far.
    pub fn report(&self) -> Arc<Report> {
        self.read_shown(|shown| Arc::clone(&shown.report))
    }

    /// The school with every page in its last good state.
    pub fn school(&self) -> Arc<School> {
        Arc::clone(&self.work().school)
    }

    /// The theme.
    pub fn theme(&self) -> Arc<Theme> {
        Arc::clone(&self.work().theme)
    }

    /// The day that the site is drawn for.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// From the next look on, pictures of pupils are judged by this.
    pub fn ask_consent(&self, consent: Consent) {
        *self.consent.lock().unwrap_or_else(PoisonError::into_inner) = consent;
    }

    /// Everything that happens from now on.
    pub fn news(&self) -> broadcast::Receiver<Arc<News>> {
        self.said.subscribe()
    }

    /// Files on the disk were saved, made or taken away. Pages that were there before are shown anew at
    /// once; the rest follows.
    pub fn changed(&self, files: &[PathBuf]) {
        let mut whole = false;
        let mut pages = BTreeMap::new();
        for file in files {
            let Ok(inside) = file.strip_prefix(&self.folder) else {
                whole = true;
                continue;
            };
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            let path = parts.join("/");
            if parts.iter().any(|part| part.starts_with('.')) || tree::is_output(&self.folder, &path) {
                continue;
            }
            match tree::again(&self.folder, &path) {
                Some(bytes) if self.work().tree.files.contains_key(&path) => {
                    pages.insert(path, bytes);
                }
                _ => whole = true,
            }
        }
        let mut any = whole;
        for (path, bytes) in pages {
            let mut work = self.work();
            if work.drafts.contains(&path) || work.tree.files.get(&path) == Some(&bytes) {
                continue;
            }
            self.page_changed(&mut work, &path, bytes);
            any = true;
        }
        if whole {
            self.read_anew();
        }
        if any {
            self.ask_for_everything();
        }
    }

    /// Reads and draws everything anew before it returns: for whoever has just made a page and leads
    /// somebody to it, and cannot wait for the watcher to notice.
    pub fn look_now(&self) {
        self.read_anew();
        // Where something else changed meanwhile, a look is thrown away; the watcher tells of what was just made.
        if !(0..LOOKS).any(|_| self.look_at_everything()) {
            self.ask_for_everything();
        }
    }

    /// Shows a text that is not saved in the place of the file.
    pub fn draft(&self, path: &str, text: &str) {
        let mut work = self.work();
        work.drafts.insert(path.to_owned());
        if work.tree.files.get(path).map(Vec::as_slice) != Some(text.as_bytes()) {
            self.page_changed(&mut work, path, text.as_bytes().to_vec());
            drop(work);
            self.ask_for_everything();
        }
    }

    /// Forgets what was not saved: the file counts again.
    pub fn forget_draft(&self, path: &str) {
        let mut work = self.work();
        if work.drafts.remove(path) {
            drop(work);
            self.changed(&[self.folder.join(path)]);
        }
    }

    /// The text that is being edited and not saved, if there is one.
    pub fn drafted(&self, path: &str) -> Option<String> {
        let work = self.work();
        work.drafts
            .contains(path)
            .then(|| work.tree.files.get(path))
            .flatten()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Puts new bytes in the place of a file and, where it is a page, shows it.
    fn page_changed(&self, work: &mut Work, path: &str, bytes: Vec<u8>) {
        work.number += 1;
        Arc::make_mut(&mut work.tree).files.insert(path.to_owned(), bytes.clone());
        let school = Arc::clone(&work.school);
        let Some(at) = school.documents.iter().position(|document| document.source.path == path) else {
            return;
        };
        let (read, problems) = read_page(&school, &school.documents[at], path, &bytes);
        match read {
            Some(document) => {
                drop(school);
                let school = Arc::make_mut(&mut work.school);
                school.documents[at] = document;
                let document = &school.documents[at];
                if !document.is_published() && self.shows == Shows::Public {
                    return;
                }
                if let Ok((file, page)) = crate::site::page(school, &work.theme, self.day, document) {
                    self.write_shown(|shown| shown.files.insert(file.clone(), page.into()));
                    self.say(News::Page(file));
                }
            }
            None => {
                let others = self.report();
                let others = others.diagnostics().iter().filter(|d| d.file != path).cloned();
                self.found(Report::new(others.chain(problems).collect()));
            }
        }
    }

    /// Reads the whole folder again, and the theme, where that can be read.
    fn read_anew(&self) {
        let (mut tree, problems) = tree::read(&self.folder);
        let theme = self.look.read();
        let mut work = self.work();
        for draft in &work.drafts {
            if let Some(text) = work.tree.files.get(draft) {
                tree.files.insert(draft.clone(), text.clone());
            }
        }
        work.number += 1;
        work.tree = Arc::new(tree);
        work.tree_problems = problems;
        if let Ok(theme) = theme {
            work.theme = Arc::new(theme);
        }
    }

    fn found(&self, report: Report) {
        let report = Arc::new(report);
        let same = self.write_shown(|shown| {
            let same = *shown.report == *report;
            shown.report = Arc::clone(&report);
            same
        });
        if !same {
            self.say(News::Findings(report));
        }
    }

    fn say(&self, news: News) {
        // Nobody may be looking; that is no fault.
        let _ = self.said.send(Arc::new(news));
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_shown<T>(&self, read: impl FnOnce(&Shown) -> T) -> T {
        read(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write_shown<T>(&self, write: impl FnOnce(&mut Shown) -> T) -> T {
        write(&mut self.shown.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads one page again; none, and what is wrong, where it cannot be shown.
fn read_page(
    school: &School,
    old: &Document,
    path: &str,
    bytes: &[u8],
) -> (Option<Document>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let document = match Source::from_bytes(path, bytes) {
        Ok(source) => Some(Document::read(old.kind, source, &school.settings, &mut problems)),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let alone = Tree { files: BTreeMap::from([(path.to_owned(), bytes.to_vec())]) };
    let problems = silence::apply(&alone, problems, &Extra::default());
    let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
    (document.filter(|_| !broken), problems)
}
