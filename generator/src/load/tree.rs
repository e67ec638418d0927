//! Reads a school's folder into memory: the one place that touches its disk.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{history, lists, retention, voice};
use crate::diagnostic::Diagnostic;

/// The largest file taken, in bytes; a photograph from a good camera fits.
const MOST_BYTES: u64 = 24 * 1024 * 1024;
/// Folders of a school, and the endings of the files that belong in each.
const AREAS: [(&str, &[&str]); 11] = [
    ("policies", &["md"]),
    ("agreements", &["md"]),
    ("guides", &["md"]),
    ("posters", &["md"]),
    ("flowcharts", &["md"]),
    ("letters", &["md"]),
    ("forms", &["toml"]),
    ("symbols", &["svg", "toml"]),
    ("images", &["png", "jpg", "jpeg", "svg", "people.toml"]),
    ("history", &["toml"]),
    ("voice", &["ogg", "wav", "mp3", "m4a", "toml"]),
];
/// A file with this name marks a folder that a build wrote.
pub const MARKER: &str = ".signpost-output";

/// The files of a school by path (relative, with `/`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Each file's bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// The files of one folder, without its sub-folders.
    pub fn folder<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files.iter().filter_map(move |(path, bytes)| {
            let (folder, _) = path.rsplit_once('/')?;
            (folder == name).then_some((path.as_str(), bytes.as_slice()))
        })
    }
}

/// Reads every file that a school is made of. Links are followed; loops of
/// links, special files and unreadable files become findings.
pub fn read(school: &Path) -> (Tree, Vec<Diagnostic>) {
    let mut tree = Tree::default();
    let mut problems = Vec::new();
    if !school.is_dir() {
        problems.push(Diagnostic::file_error(
            "no-school",
            school.display().to_string(),
            "There is no folder here with a school’s content.",
            "Name the folder after --school, or make a new one with “signpost new FOLDER”.",
        ));
        return (tree, problems);
    }
    let mut wanted_files: Vec<(String, PathBuf)> = Vec::new();
    let walk = WalkDir::new(school).follow_links(true).max_depth(8).sort_by_file_name();
    let mut entries = walk.into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                problems.push(unreadable(school, &error));
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        let path = slashed(school, entry.path());
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_dir() {
            if name.starts_with('.') || entry.path().join(MARKER).exists() {
                entries.skip_current_dir();
            } else if entry.depth() == 1 && !AREAS.iter().any(|(area, _)| *area == name) {
                problems.push(unused(&path));
                entries.skip_current_dir();
            } else if is_document(&path) {
                problems.push(Diagnostic::file_error(
                    "folder-not-file",
                    format!("{path}/"),
                    format!("“{name}” is a folder, but a page should be here."),
                    "Move the page out of the folder, or give the folder a name without “.md”.",
                ));
                entries.skip_current_dir();
            } else if entry.depth() > 1
                && !path.starts_with("images/")
                && path != history::OF_POLICIES
                && path != voice::OWN_FOLDER
            {
                problems.push(unused(&path));
                entries.skip_current_dir();
            }
            continue;
        }
        if name.starts_with('.') || is_left_by_a_program(&name) {
            continue;
        }
        if !wanted(&path, entry.depth()) {
            if !path.to_lowercase().starts_with("readme") {
                problems.push(unused(&path));
            }
            continue;
        }
        wanted_files.push((path, entry.into_path()));
    }
    // By those who take the files apart later, each about the same share: what one thread frees of another’s memory,
    // that other finds again late.
    let read: Vec<_> = wanted_files.into_par_iter().map(|(path, file)| (path, bytes_of(&file))).collect();
    for (path, bytes) in read {
        match bytes {
            Ok(bytes) => drop(tree.files.insert(path, bytes)),
            Err(why) => problems.push(why.told(path)),
        }
    }
    (tree, problems)
}

/// Reads one file of the school again; none where it is no part of a school or cannot be read.
pub fn again(school: &Path, path: &str) -> Option<Vec<u8>> {
    if !wanted(path, path.split('/').count()) {
        return None;
    }
    bytes_of(&school.join(path)).ok()
}

/// Whether a path within the school's folder lies in what a build wrote.
pub fn is_output(school: &Path, path: &str) -> bool {
    path.split('/').next().is_some_and(|top| school.join(top).join(MARKER).exists())
}

/// What Windows and Word leave in folders that are looked at or worked in.
fn is_left_by_a_program(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["thumbs.db", "ehthumbs.db", "desktop.ini"].contains(&lower.as_str()) || lower.starts_with("~$")
}

fn is_document(path: &str) -> bool {
    path.to_lowercase().ends_with(".md") || path == "school.toml"
}

fn wanted(path: &str, depth: usize) -> bool {
    if depth == 1 {
        // Translations of the front page too: home.pl.md.
        let home = path.starts_with("home.") && path.ends_with(".md");
        const SETTINGS: [&str; 7] = [
            "school.toml",
            "references.toml",
            "required-documents.toml",
            "reading.toml",
            retention::FILE,
            lists::GLOSSARY,
            lists::APPROVED_SITES,
        ];
        return home || SETTINGS.contains(&path);
    }
    let lower = path.to_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    AREAS.iter().any(|(area, endings)| {
        path.strip_prefix(area).is_some_and(|rest| rest.starts_with('/'))
            && endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.')))
    })
}

/// Why a file was not read.
enum NotRead {
    /// A pipe or a device, which would make us wait for ever.
    NoFile,
    /// Its size in bytes.
    TooLarge(u64),
    Refused(std::io::Error),
}

impl NotRead {
    fn told(self, path: String) -> Diagnostic {
        let mend = "See that it is an ordinary file, closed in other programs, and that you may open it.";
        match self {
            Self::NoFile => Diagnostic::file_error(
                "unreadable",
                path,
                "This cannot be read: it is no ordinary file.",
                mend,
            ),
            Self::Refused(why) => {
                Diagnostic::file_error("unreadable", path, format!("This file cannot be read: {why}."), mend)
            }
            Self::TooLarge(bytes) => {
                let mend = if is_document(&path) {
                    "See whether it is the right file: a page holds words alone, and a long policy comes to a tenth of a megabyte. Pictures go into the folder “images”."
                } else {
                    "Save it smaller: a picture that is 1,600 pixels wide is all that a page shows."
                };
                let (size, most) = (bytes / 1_000_000, MOST_BYTES / 1_000_000);
                let what = format!("This file is {size} MB, and none may be more than {most} MB.");
                Diagnostic::file_error("too-large", path, what, mend)
            }
        }
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, NotRead> {
    let about = fs::metadata(path).map_err(NotRead::Refused)?;
    if !about.is_file() {
        return Err(NotRead::NoFile);
    }
    if about.len() > MOST_BYTES {
        return Err(NotRead::TooLarge(about.len()));
    }
    fs::read(path).map_err(NotRead::Refused)
}

fn slashed(school: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(school).unwrap_or(path);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn unused(path: &str) -> Diagnostic {
    let lower = path.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let mend = if ends(&[".docx", ".doc", ".pdf", ".txt", ".odt"]) {
        "Bring its text in with “signpost import”, or keep the file somewhere else."
    } else if ends(&[".heic", ".heif", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"]) {
        "Open it in a picture program and save it as JPEG or PNG in the folder “images”, or keep it somewhere else."
    } else if lower.starts_with("symbols/") && ends(&[".png", ".jpg", ".jpeg"]) {
        "Put it into the folder “images”: what is in “symbols” is drawn and ends in .svg. Or keep it somewhere else."
    } else if ends(&[".markdown", ".mdown", ".mkd"]) {
        "Give its name the ending .md."
    } else {
        "Pages go into policies, agreements, guides, posters, flowcharts or letters and end in .md; forms go into forms and end in .toml; pictures go into symbols or images, recordings into voice/own. Move it, or keep it somewhere else."
    };
    Diagnostic::file_error("not-used", path, "Nothing here uses this file or folder.", mend).as_warning()
}

fn unreadable(school: &Path, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().map_or_else(String::new, |path| slashed(school, path));
    if error.loop_ancestor().is_some() {
        return Diagnostic::file_error(
            "link-loop",
            path,
            "This is a link to a folder that it is in itself, so reading it would never end.",
            "Delete the link.",
        );
    }
    if error.path().is_some_and(Path::is_symlink) {
        return match error.io_error().map(std::io::Error::kind) {
            Some(std::io::ErrorKind::NotFound) => Diagnostic::file_error(
                "unreadable",
                path,
                "This is a link to something that is not there.",
                "Delete the link, or put back what it leads to.",
            ),
            _ => Diagnostic::file_error(
                "link-loop",
                path,
                "This is a link that leads nowhere but to other links.",
                "Delete the link.",
            ),
        };
    }
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    Diagnostic::file_error(
        "unreadable",
        path,
        format!("This cannot be read: {why}."),
        "Ask whoever looks after the computer for the right to read it.",
    )
}
