//! The whole way from a school's folder to a published one.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use crate::{
    agreement, check,
    diagnostic::Report,
    load::{
        self, School,
        document::{Document, Kind},
        history::{History, Published},
    },
    output::{Care, Laying, OutputError, Written},
    pack, photographs, policy,
    print::{self, PrintError, Reach},
    site::{self, Drawn, SiteError},
    theme::{Theme, ThemeError},
    unchanged,
};
use records::digest::Digest;

/// One of the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `site/`: the public website.
    Site,
    /// `pack/school.packdraft`: what a kiosk shows, for the hub to sign.
    Pack,
}

/// A part of a build that takes time, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The folder into memory, each page parsed.
    Load,
    /// Photographs made ready, and everything that a careful editor would find.
    Check,
    /// The PDFs.
    Print,
    /// The pages.
    Draw,
    /// The index of all words.
    Search,
    /// Styles, icons, and what lets the site open without a network.
    Assets,
    /// The files into place.
    Write,
}

impl Step {
    /// Its name for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Check => "check",
            Self::Print => "print",
            Self::Draw => "draw",
            Self::Search => "search",
            Self::Assets => "assets",
            Self::Write => "write",
        }
    }
}

/// Is told when a step is done.
pub type Done<'a> = &'a dyn Fn(Step);

/// Nobody wants to be told.
pub const QUIETLY: Done<'static> = &|_| ();

/// Why a build failed for another reason than its content.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The themes are at fault.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// The pages could not be drawn.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The PDFs could not be made.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The result could not be put in place.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The record of published words could not be written.
    #[error("{} cannot be written: {why}", .file.display())]
    History {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        why: String,
    },
}

/// A school that was read and checked.
pub struct Checked {
    /// The school, as far as it could be read.
    pub school: School,
    /// Everything that was found.
    pub report: Report,
    /// What silences findings, also those of printing.
    pub notes: check::silence::Notes,
}

/// Reads and checks a school.
pub fn check(folder: &Path, theme: &Theme, day: Date) -> Checked {
    check_with(folder, theme, day, &check::Extra::default())
}

/// As [`check()`], with what was asked for beyond what every build looks at.
pub fn check_with(folder: &Path, theme: &Theme, day: Date, extra: &check::Extra) -> Checked {
    let (tree, problems) = load::tree::read(folder);
    check_tree(tree, problems, theme, day, extra, QUIETLY)
}

/// As [`check_with()`], for files that are in memory already; `done` is told of each step.
pub fn check_tree(
    tree: load::tree::Tree,
    mut problems: Vec<crate::diagnostic::Diagnostic>,
    theme: &Theme,
    day: Date,
    extra: &check::Extra,
    done: Done<'_>,
) -> Checked {
    let notes = check::silence::Notes::of(&tree);
    let mut school = load::school(tree, &mut problems);
    done(Step::Load);
    let (photographs, mut broken) = photographs::prepare(&school, &extra.held);
    school.photographs = photographs;
    problems.append(&mut broken);
    problems.extend(check::school(&school, theme, day, extra));
    let report = Report::new(notes.apply(problems, &|asked| extra.looks(asked)));
    done(Step::Check);
    Checked { school, report, notes }
}

/// Makes the PDFs of a school’s pages, as far as `held` has not kept them from the build before; what
/// cannot be printed joins the findings. For a school without errors, ahead of [`write()`].
///
/// # Errors
/// [`BuildError::Print`], when the theme is at fault.
#[cfg(feature = "print")]
pub fn print(checked: &mut Checked, theme: &Theme, held: &print::held::Held) -> Result<(), BuildError> {
    let print::Prepared { prints, bundle, problems } = print::prepare(&checked.school, theme, held)?;
    checked.school.prints = prints;
    checked.school.bundle = bundle;
    let printing = |asked| asked == check::rules::Asked::Print;
    let problems = checked.notes.apply(problems, &printing);
    checked.report = std::mem::take(&mut checked.report).with(problems);
    Ok(())
}

/// This program was built without the print engine: pages have no PDFs.
///
/// # Errors
/// None.
#[cfg(not(feature = "print"))]
pub fn print(_checked: &mut Checked, _theme: &Theme, _held: &print::held::Held) -> Result<(), BuildError> {
    Ok(())
}

/// Where and how a build is put in place.
pub struct Target<'t> {
    /// The folder.
    pub out: &'t Path,
    /// One output alone; all where none is named.
    pub only: Option<Part>,
    /// How much the disk is trusted.
    pub care: Care,
    /// The list of who is shown where, for the hub, beside the pack.
    pub published: Option<Vec<u8>>,
    /// The digest of all that it is made from, for a record by which the next build can tell whether there
    /// is anything to do, and how many things there were to look at.
    pub from: Option<(Digest, usize)>,
    /// Told of each step.
    pub done: Done<'t>,
}

impl<'t> Target<'t> {
    /// Everything, into this folder.
    pub fn all(out: &'t Path, care: Care) -> Self {
        Self { out, only: None, care, published: None, from: None, done: QUIETLY }
    }
}

/// The folders of a build that making this part alone leaves as they are.
pub const fn kept(only: Option<Part>) -> &'static [&'static str] {
    match only {
        None => &[],
        Some(Part::Site) => &["pack"],
        Some(Part::Pack) => &["site", "photographs", "print", "made"],
    }
}

/// Draws the outputs and puts them in place. Call it only for a school without errors.
///
/// # Errors
/// [`BuildError`]; the old build stands.
pub fn write(school: &School, theme: &Theme, day: Date, target: Target<'_>) -> Result<Written, BuildError> {
    let Target { out, only, care, published, from, done } = target;
    let wants = |part: Part| only.is_none_or(|only| only == part);
    let laying = Laying::begin(out, kept(only), care)?;
    let mut holds = BTreeMap::new();
    let mut drawn = BTreeMap::new();
    let mut put = |path: String, bytes: Cow<'_, [u8]>| -> Result<(), BuildError> {
        holds.insert(path.clone(), Digest::of(&bytes));
        Ok(laying.put(path, bytes)?)
    };
    if wants(Part::Site) {
        let take = |file: Drawn| -> Result<(), BuildError> {
            Ok(laying.put(format!("site/{}", file.path), file.bytes.into())?)
        };
        drawn = site::draw(school, theme, day, done, &take)?;
        if let Some(record) = photographs::held::record(school) {
            put(photographs::held::RECORD.to_owned(), record.into_bytes().into())?;
        }
        if let Some(record) = print::held::record(&school.prints) {
            put(print::held::RECORD.to_owned(), record.into_bytes().into())?;
        }
        // What is for everybody came with the pages.
        for print in school.prints.values().filter(|print| print.reach == Reach::Staff) {
            put(print.place(), print.bytes.as_slice().into())?;
        }
        if !school.bundle.is_empty() {
            put(print::BUNDLE.to_owned(), school.bundle.as_slice().into())?;
        }
    }
    if wants(Part::Pack) {
        if let Some(list) = published {
            put("pack/school.published".to_owned(), list.into())?;
        }
        if let Some(draft) = pack::draft(school, theme, day)? {
            put("pack/school.packdraft".to_owned(), draft.write().into())?;
        }
    }
    if let Some((from, findings)) = from.filter(|_| wants(Part::Site)) {
        let pages = school.documents.iter().filter(|document| document.is_published()).count();
        holds.extend(drawn.into_iter().map(|(path, about)| (format!("site/{path}"), about.digest)));
        let holds = unchanged::digest_of(&holds);
        let record = unchanged::Record { from, holds, pages, findings };
        laying.put(unchanged::RECORD.to_owned(), record.write().into_bytes().into())?;
    }
    let written = laying.finish()?;
    done(Step::Write);
    Ok(written)
}

/// The record of words that are about to be published, written out but not yet in force. Dropping it
/// leaves the school's folder as it was.
pub struct Remembered {
    files: Vec<(tempfile::NamedTempFile, PathBuf)>,
    /// Every page's history as it will be, so that the site that is published tells of this publishing too.
    pub history: BTreeMap<String, History>,
}

/// Writes down the words of every agreement and policy that is about to be published, so that a later build
/// can tell when words change without a new version, and readers what each version changed. The record
/// counts only after [`Remembered::keep`]: call that when the site is in place, so that words that nobody
/// could read ask for no new version.
///
/// # Errors
/// [`BuildError::History`].
pub fn remember(
    school: &School,
    folder: &Path,
    day: Date,
    approved_by: Option<&str>,
) -> Result<Remembered, BuildError> {
    let mut files = Vec::new();
    let mut all = school.history.clone();
    for document in &school.documents {
        let before = school.history_of(document).cloned().unwrap_or_default();
        let Some(history) = with_words_of(document, school, before, day, approved_by) else { continue };
        let Some(file) = load::history::file_of(document) else { continue };
        let file = folder.join(file);
        let kind = document.kind;
        let beside = beside(&file, &history, kind)
            .map_err(|why| BuildError::History { file: file.clone(), why: why.to_string() })?;
        files.push((beside, file));
        all.insert(document.address(), history);
    }
    Ok(Remembered { files, history: all })
}

/// A page's history with its present words; none where they are on record as they are, or nothing of it is
/// put on record.
fn with_words_of(
    document: &Document,
    school: &School,
    mut history: History,
    day: Date,
    approved_by: Option<&str>,
) -> Option<History> {
    let version = document.matter.version.as_ref()?.value.to_string();
    let on_record = history.versions.iter_mut().find(|entry| entry.version == version);
    let (approved_by, digest, words) = match document.kind {
        Kind::Agreement if !document.matter.draft => {
            let agreement = agreement::of(document, &school.settings)?;
            (approved_by, Some(agreement.digest().to_string()), agreement::words(&agreement))
        }
        // The page itself says who approved it.
        Kind::Policy if document.is_published() => {
            (approved_by.or(document.matter.approved_by.as_deref()), None, policy::words(document))
        }
        _ => return None,
    };
    match on_record {
        None => history.versions.push(Published {
            version,
            day: day.to_string(),
            approved_by: approved_by.map(str::to_owned),
            corrected: None,
            digest,
            words,
        }),
        // Nobody signed a policy word for word: a slip that was put right needs no new version.
        Some(entry) if document.kind == Kind::Policy && entry.words != words => {
            entry.words = words;
            entry.corrected = Some(day.to_string());
        }
        Some(_) => return None,
    }
    Some(history)
}

impl Remembered {
    /// Puts the record in force. Gives the files that were written.
    ///
    /// # Errors
    /// [`BuildError::History`].
    pub fn keep(self) -> Result<Vec<PathBuf>, BuildError> {
        let mut kept = Vec::new();
        for (beside, file) in self.files {
            let refused =
                |why: std::io::Error| BuildError::History { file: file.clone(), why: why.to_string() };
            drop(beside.persist(&file).map_err(|error| refused(error.error))?);
            readable_by_all(&file).map_err(refused)?;
            kept.push(file);
        }
        Ok(kept)
    }
}

/// Writes a record beside the file that it will replace, so that a cut-off write never leaves half of it.
fn beside(file: &Path, history: &History, kind: Kind) -> std::io::Result<tempfile::NamedTempFile> {
    let text = toml::to_string_pretty(history).map_err(std::io::Error::other)?;
    let what = match kind {
        Kind::Policy => "what each version of this policy said",
        _ => "the words as people signed them",
    };
    let text = format!("# Written by “signpost publish”: {what}. Do not change this file.\n\n{text}");
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Always the same name, so that a publishing that was killed leaves nothing that the next does not use.
    let name = format!(".{}.new", file.file_name().unwrap_or_default().to_string_lossy());
    let _ = std::fs::remove_file(folder.join(&name));
    let mut beside = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder)?;
    std::io::Write::write_all(&mut beside, text.as_bytes())?;
    beside.as_file().sync_all()?;
    Ok(beside)
}

/// Temporary files are private; the school's own files are not.
#[cfg(unix)]
fn readable_by_all(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_file: &Path) -> std::io::Result<()> {
    Ok(())
}
