//! What the build before made of photographs.
//!
//! The finished sizes lie in the built site itself, and a record beside the site says which came of
//! which file, with the digest of each. So nothing is kept twice, nothing has to be thrown away, and of
//! a photograph that was taken off the pages no copy stays behind anywhere. A file whose bytes are not
//! those of the record is made again.

use std::collections::BTreeMap;

use press::photograph;
use records::digest::Digest;
use serde::{Deserialize, Serialize};

use super::{Photograph, Size};
use crate::load::School;

/// The record's place in a build, beside the site.
pub const RECORD: &str = "photographs/made.toml";

/// Sizes that need not be made again, by the digest of the photograph that they come of.
#[derive(Debug, Clone, Default)]
pub struct Held {
    sizes: BTreeMap<Digest, Vec<Size>>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    settings: String,
    #[serde(default)]
    photograph: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    from: Digest,
    sizes: Vec<SizeEntry>,
}

#[derive(Serialize, Deserialize)]
struct SizeEntry {
    file: String,
    width: u32,
    height: u32,
    digest: Digest,
}

const SEAL: &str = "# Written by signpost, to be left as it is: ";

impl Held {
    /// Nothing is held: every photograph is made.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// What a school in memory has ready already.
    pub fn of(school: &School) -> Self {
        let digest = |path: &String| {
            school.pictures.get(path).map(|bytes| Digest::of_kind(photograph::SETTINGS, bytes))
        };
        let sizes = school.photographs.iter();
        Self { sizes: sizes.filter_map(|(path, one)| Some((digest(path)?, one.sizes.clone()))).collect() }
    }

    /// How many photographs it holds.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// The sizes made of the photograph with this digest.
    pub fn sizes(&self, from: &Digest) -> Option<&[Size]> {
        self.sizes.get(from).map(Vec::as_slice)
    }

    /// Takes up what a record says, as far as `file` gives the very bytes that it names. A record that
    /// is damaged, or was written for other settings, is as good as none.
    pub fn read(record: &str, file: impl Fn(&str) -> Option<Vec<u8>>) -> Self {
        let Some(record) = unsealed(record) else { return Self::default() };
        if record.settings != photograph::SETTINGS {
            return Self::default();
        }
        let one = |size: SizeEntry| {
            let plain = size.file.strip_prefix("images/").is_some_and(|name| !name.contains(['/', '\\']));
            let bytes = file(size.file.as_str()).filter(|_| plain)?;
            let SizeEntry { file, width, height, digest } = size;
            (Digest::of(&bytes) == digest).then_some(Size { file, width, height, bytes, digest })
        };
        let whole = record.photograph.into_iter().filter_map(|entry| {
            let sizes: Vec<Size> = entry.sizes.into_iter().map(one).collect::<Option<_>>()?;
            (!sizes.is_empty()).then_some((entry.from, sizes))
        });
        Self { sizes: whole.collect() }
    }
}

fn unsealed(text: &str) -> Option<Record> {
    let (first, rest) = text.split_once('\n')?;
    let digest: Digest = first.strip_prefix(SEAL)?.parse().ok()?;
    (Digest::of(rest.as_bytes()) == digest).then(|| toml::from_str(rest).ok())?
}

/// The record of photographs that are about to be published; none where there are none.
pub(crate) fn record(school: &School) -> Option<String> {
    let file = |path| school.pictures.get(path).map(Vec::as_slice);
    record_of(school.photographs.iter().filter_map(|(path, made)| Some((file(path)?, made))))
}

fn record_of<'a>(photographs: impl Iterator<Item = (&'a [u8], &'a Photograph)>) -> Option<String> {
    let mut entries: BTreeMap<Digest, Entry> = BTreeMap::new();
    for (file, photograph) in photographs {
        let from = Digest::of_kind(photograph::SETTINGS, file);
        let sizes = photograph.sizes.iter().map(|size| SizeEntry {
            file: size.file.clone(),
            width: size.width,
            height: size.height,
            digest: size.digest,
        });
        entries.insert(from, Entry { from, sizes: sizes.collect() });
    }
    if entries.is_empty() {
        return None;
    }
    let record =
        Record { settings: photograph::SETTINGS.to_owned(), photograph: entries.into_values().collect() };
    // Words and numbers always serialise.
    let text = toml::to_string(&record).ok()?;
    Some(format!("{SEAL}{}\n{text}", Digest::of(text.as_bytes())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_was_changed_on_the_disk_is_made_again() {
        let bytes = b"a picture".to_vec();
        let size = Size {
            file: "images/0123456789abcdef-480.jpg".to_owned(),
            width: 480,
            height: 320,
            digest: Digest::of(&bytes),
            bytes: bytes.clone(),
        };
        let made = Photograph { sizes: vec![size.clone()], held_place: false, made_smaller: true };
        let from = Digest::of_kind(photograph::SETTINGS, b"file");
        let record = record_of([(&b"file"[..], &made)].into_iter()).unwrap();
        let read = |record: &str, bytes: &[u8]| {
            let bytes = bytes.to_vec();
            Held::read(record, |_| Some(bytes.clone())).sizes(&from).map(<[Size]>::to_vec)
        };
        assert_eq!(read(&record, &bytes), Some(vec![size]));
        assert_eq!(read(&record, b"another picture"), None);
        assert_eq!(read(&record.replace("width = 480", "width = 481"), &bytes), None);
        assert_eq!(read("", &bytes), None);
        for at in 0..record.len() {
            if record.is_char_boundary(at) {
                assert_eq!(read(&record[..at], &bytes), None);
            }
        }
    }

    #[test]
    fn a_record_cannot_lead_out_of_the_pictures_of_a_site() {
        for file in ["../../etc/passwd", "images/../secret", "index.html", "images\\x"] {
            let bytes = b"x".to_vec();
            let size = Size {
                file: file.to_owned(),
                width: 1,
                height: 1,
                digest: Digest::of(&bytes),
                bytes: bytes.clone(),
            };
            let made = Photograph { sizes: vec![size], held_place: false, made_smaller: false };
            let record = record_of([(&b"file"[..], &made)].into_iter()).unwrap();
            let held = Held::read(&record, |_| Some(bytes.clone()));
            assert!(held.sizes(&Digest::of_kind(photograph::SETTINGS, b"file")).is_none(), "{file}");
        }
    }
}
