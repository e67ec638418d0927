//! The zip that a word processor's document is, read with limits: what is inside may be hostile.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{DocumentError, xml};

/// The most files inside. Long documents with many pictures have some hundreds.
const MOST_ENTRIES: usize = 10_000;
/// The most bytes of one file inside, unpacked. The text of a thousand pages is a tenth of this.
const MOST_BYTES_OF_ONE: u64 = 64 * 1024 * 1024;
/// The most bytes that are unpacked of one document altogether.
const MOST_BYTES_OF_ALL: u64 = 256 * 1024 * 1024;

/// An opened document. Its files are only ever asked for by name and kept in memory, so that a hostile
/// name inside leads nowhere.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Archive<'a> {
    /// Opens a document.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, DocumentError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DocumentError::Broken)?;
        if zip.len() > MOST_ENTRIES {
            return Err(DocumentError::TooLarge);
        }
        Ok(Self { zip, unpacked: 0 })
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The bytes of a file, or nothing if there is none of that name.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => DocumentError::Locked,
            _ => DocumentError::Broken,
        })?;
        let most = MOST_BYTES_OF_ONE.min(MOST_BYTES_OF_ALL.saturating_sub(self.unpacked));
        let mut bytes = Vec::new();
        // What the archive says about sizes may be a lie: only what comes out counts.
        file.take(most + 1).read_to_end(&mut bytes).map_err(|_| DocumentError::Broken)?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(DocumentError::TooLarge);
        }
        self.unpacked += length;
        Ok(Some(bytes))
    }

    /// A file as XML, or nothing if there is none of that name.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<xml::Element>, DocumentError> {
        match self.bytes(name)? {
            Some(bytes) => xml::parse(&bytes).map(Some),
            None => Ok(None),
        }
    }
}

/// A path that stands in a file of the archive, seen from the archive's top: `../media/a.png` in
/// `word/document.xml` is `media/a.png`.
pub(super) fn joined(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_path_inside_is_found_from_the_file_that_names_it() {
        assert_eq!(joined("word/document.xml", "media/a.png"), "word/media/a.png");
        assert_eq!(joined("word/document.xml", "../a.png"), "a.png");
        assert_eq!(joined("word/document.xml", "/word/a.png"), "word/a.png");
        assert_eq!(joined("content.xml", "../../../etc/passwd"), "etc/passwd");
    }
}
