//! Which files the office's page may read and write: the text files of the open school, and no others.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::lists;
use crate::{
    load::{document::Kind, people},
    photographs::is_photograph,
};

/// Earlier texts are kept here, within the school's folder; no build looks into it.
pub(super) const EARLIER: &str = ".signpost/earlier";
/// What the path of a picture begins with.
const PICTURES: &str = "images/";

/// Why a file is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It is no page or settings file of a school.
    #[error("“{0}” is no page of this school")]
    NotAPage(String),
    /// It is a link, and would lead out of the school's folder.
    #[error("“{0}” is a link to another place; open it there")]
    Link(String),
    /// The system refused.
    #[error("“{0}” cannot be read or written: {1}")]
    Refused(String, io::Error),
}

/// Where a page of the school is on the disk. `path` is relative, as in findings: `school.toml` and the
/// lists, the front page in each language, a Markdown file right in one of the folders of pages, or a form.
///
/// # Errors
/// [`PlaceError`] for every other path, and for links.
pub fn file(school: &Path, path: &str) -> Result<PathBuf, PlaceError> {
    let not = || PlaceError::NotAPage(path.replace(|c: char| c.is_control(), " "));
    let (folder, name) = match path.split_once('/') {
        Some((folder, name)) if !folder.is_empty() => (folder, name),
        None if lists::is_one(path) || path.starts_with("home.") && path.ends_with(".md") => ("", path),
        _ => return Err(not()),
    };
    let known = match folder {
        "" => true,
        lists::FORMS => name.ends_with(".toml"),
        folder => name.ends_with(".md") && Kind::IN_FOLDERS.iter().any(|kind| kind.folder() == folder),
    };
    if !known || name.contains('/') || !is_plain(name) {
        return Err(not());
    }
    without_links(school, path)
}

/// Where a photograph of the school is on the disk: a PNG or JPEG file in the folder of pictures.
///
/// # Errors
/// [`PlaceError`] for every other path, and for links.
pub fn picture(school: &Path, path: &str) -> Result<PathBuf, PlaceError> {
    let inside = path.strip_prefix(PICTURES).filter(|_| is_photograph(path));
    if inside.is_none_or(|inside| !inside.split('/').all(is_plain)) {
        return Err(PlaceError::NotAPage(path.replace(|c: char| c.is_control(), " ")));
    }
    without_links(school, path)
}

/// A part of a path that is the name of one thing and leads nowhere else.
fn is_plain(part: &str) -> bool {
    let strange = |c: char| c.is_control() || ['\\', ':'].contains(&c);
    !part.is_empty() && !part.starts_with('.') && !part.contains(strange)
}

/// A path within the school, if no part of it is a link.
fn without_links(school: &Path, path: &str) -> Result<PathBuf, PlaceError> {
    let mut file = school.to_owned();
    for part in path.split('/') {
        file.push(part);
        if fs::symlink_metadata(&file).is_ok_and(|about| about.is_symlink()) {
            return Err(PlaceError::Link(path.to_owned()));
        }
    }
    Ok(file)
}

/// The text of a page.
///
/// # Errors
/// [`PlaceError`].
pub fn read(school: &Path, path: &str) -> Result<String, PlaceError> {
    let refused = |why| PlaceError::Refused(path.to_owned(), why);
    let bytes = fs::read(file(school, path)?).map_err(refused)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Names a text, so that one can tell whether somebody else changed it meanwhile.
pub fn mark(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// Writes the text of a page, whole or not at all. What stood there is kept under [`EARLIER`] first, so
/// that nothing that was ever saved is lost.
///
/// # Errors
/// [`PlaceError`]; the page is as it was.
pub fn write(school: &Path, path: &str, text: &str, now: &str) -> Result<(), PlaceError> {
    let target = file(school, path)?;
    keep_and_put(school, path, &target, text, now)
}

/// The path of the list that says who is in a photograph; the list need not be there.
fn list_beside(school: &Path, picture: &str) -> Result<String, PlaceError> {
    self::picture(school, picture)?;
    let stem = picture.rsplit_once('.').map_or(picture, |(stem, _)| stem);
    Ok(format!("{stem}{}", people::ENDING))
}

/// The list that says who is in a photograph; nothing where there is none yet.
///
/// # Errors
/// [`PlaceError`].
pub fn read_people(school: &Path, picture: &str) -> Result<String, PlaceError> {
    let path = list_beside(school, picture)?;
    match fs::read(without_links(school, &path)?) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(why) => Err(PlaceError::Refused(path, why)),
    }
}

/// Writes the list that says who is in a photograph, as [`write()`] does a page.
///
/// # Errors
/// [`PlaceError`]; the list is as it was.
pub fn write_people(school: &Path, picture: &str, text: &str, now: &str) -> Result<(), PlaceError> {
    let path = list_beside(school, picture)?;
    keep_and_put(school, &path, &without_links(school, &path)?, text, now)
}

fn keep_and_put(school: &Path, path: &str, target: &Path, text: &str, now: &str) -> Result<(), PlaceError> {
    let refused = |why| PlaceError::Refused(path.to_owned(), why);
    if let Ok(before) = fs::read(target) {
        if before == text.as_bytes() {
            return Ok(());
        }
        keep(school, path, &before, now).map_err(refused)?;
    }
    let folder = target.parent().unwrap_or(school);
    fs::create_dir_all(folder).map_err(refused)?;
    put(folder, target, text.as_bytes()).map_err(refused)
}

fn keep(school: &Path, path: &str, before: &[u8], now: &str) -> io::Result<()> {
    let folder = earlier_folder(school, path)?;
    fs::create_dir_all(&folder)?;
    let mut name = now.to_owned();
    let mut again = 1;
    while folder.join(&name).exists() {
        again += 1;
        name = format!("{now}-{again}");
    }
    put(&folder, &folder.join(name), before)
}

/// Where earlier texts of a page are kept. A link on the way there is refused.
pub(super) fn earlier_folder(school: &Path, path: &str) -> io::Result<PathBuf> {
    let mut folder = school.to_owned();
    for part in EARLIER.split('/').chain(path.split('/')) {
        folder.push(part);
        if fs::symlink_metadata(&folder).is_ok_and(|about| about.is_symlink()) {
            return Err(io::Error::other("the folder for earlier texts is a link"));
        }
    }
    Ok(folder)
}

fn put(folder: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = tempfile::Builder::new().prefix(".saving-").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        beside.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    beside.as_file().sync_all()?;
    beside.persist(target).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn school() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("policies")).unwrap();
        fs::write(folder.path().join("policies/a.md"), "old").unwrap();
        fs::write(folder.path().join("school.toml"), "").unwrap();
        folder
    }

    #[test]
    fn no_address_leads_out_of_the_schools_pages() {
        let folder = school();
        for bad in [
            "",
            "/",
            "..",
            "../school.toml",
            "/etc/passwd",
            "policies/../school.toml",
            "policies/../../x.md",
            "policies/.hidden.md",
            ".signpost/earlier/x",
            "policies/a.md\0",
            "policies/a\n.md",
            "policies\\a.md",
            "C:\\a.md",
            "policies/C:a.md",
            "policies/b/c.md",
            "policies//a.md",
            "policies/",
            "images/a.svg",
            "history/ks1.toml",
            "/other.toml",
            "/school.toml",
            "policies/a.toml",
            "./home.md",
            "other.toml",
            "home.toml",
            "home.\u{7}.md",
            "forms/a.md",
            "forms/../school.toml",
            "images/a.people.toml",
        ] {
            assert!(file(folder.path(), bad).is_err(), "{bad:?}");
            assert!(read(folder.path(), bad).is_err(), "{bad:?}");
            assert!(write(folder.path(), bad, "x", "now").is_err(), "{bad:?}");
        }
        for good in ["policies/a.md", "home.pl.md", "approved-sites.toml", "forms/images.toml"] {
            assert!(file(folder.path(), good).is_ok(), "{good}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = school();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x.md"), "secret").unwrap();
        std::os::unix::fs::symlink(outside.path().join("x.md"), folder.path().join("policies/x.md")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("guides")).unwrap();
        for bad in ["policies/x.md", "guides/x.md"] {
            assert!(read(folder.path(), bad).is_err(), "{bad}");
            assert!(write(folder.path(), bad, "mine", "now").is_err(), "{bad}");
        }
        std::os::unix::fs::symlink(outside.path(), folder.path().join(".signpost")).unwrap();
        assert!(write(folder.path(), "policies/a.md", "new", "now").is_err());
        assert_eq!(fs::read_to_string(folder.path().join("policies/a.md")).unwrap(), "old");
        assert_eq!(fs::read_to_string(outside.path().join("x.md")).unwrap(), "secret");
    }

    #[test]
    fn a_list_is_written_beside_a_photograph_and_nowhere_else() {
        let folder = school();
        for bad in [
            "",
            "images/",
            "images/../school.toml",
            "images/../x.png",
            "images/.hidden.png",
            "images//a.png",
            "images/a.svg",
            "images/a.people.toml",
            "policies/a.png",
            "/images/a.png",
            "images/a\\b.png",
            "images/C:a.png",
        ] {
            assert!(picture(folder.path(), bad).is_err(), "{bad:?}");
            assert!(read_people(folder.path(), bad).is_err(), "{bad:?}");
            assert!(write_people(folder.path(), bad, "nobody = true\n", "now").is_err(), "{bad:?}");
        }
        assert_eq!(read_people(folder.path(), "images/farm/a.JPG").unwrap(), "");
        write_people(folder.path(), "images/farm/a.JPG", "nobody = true\n", "now").unwrap();
        let list = folder.path().join("images/farm/a.people.toml");
        assert_eq!(fs::read_to_string(list).unwrap(), "nobody = true\n");
    }

    #[test]
    fn every_save_keeps_what_stood_there_before() {
        let folder = school();
        for text in ["one", "two", "two", "three"] {
            write(folder.path(), "policies/a.md", text, "2026-11-22").unwrap();
        }
        let kept = earlier_folder(folder.path(), "policies/a.md").unwrap();
        let mut texts: Vec<_> =
            fs::read_dir(kept).unwrap().map(|e| fs::read_to_string(e.unwrap().path()).unwrap()).collect();
        texts.sort();
        assert_eq!(texts, ["old", "one", "two"]);
    }
}
