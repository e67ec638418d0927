//! Looks at what the build before made.

use std::{collections::BTreeMap, fs, path::Path};

use rayon::prelude::*;
use records::digest::Digest;

use super::ours;
use crate::{load::tree::MARKER, photographs, print, unchanged};

/// The largest file taken up, in bytes: no size of a photograph and no PDF of a page comes near it.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// What the build in `out` holds of photographs; nothing where there is none.
pub fn photographs(out: &Path) -> photographs::held::Held {
    let (site, record) = (out.join("site"), text(&out.join(photographs::held::RECORD)));
    record.map_or_else(photographs::held::Held::nothing, |record| {
        photographs::held::Held::read(&record, |file| bytes(&site.join(file)))
    })
}

/// What the build in `out` holds of PDFs; nothing where there is none.
pub fn prints(out: &Path) -> print::held::Held {
    text(&out.join(print::held::RECORD)).map_or_else(print::held::Held::nothing, |record| {
        print::held::Held::read(&record, |place| bytes(&out.join(place)))
    })
}

/// The record of the build in `out`, where it was made from this and every file that it wrote is still as it
/// was; what stands in the folders `keep` is none of its own.
pub fn unchanged(out: &Path, from: &Digest, keep: &[&str]) -> Option<unchanged::Record> {
    let record = unchanged::Record::read(&text(&out.join(unchanged::RECORD))?)?;
    if record.from != *from || !out.join(MARKER).is_file() {
        return None;
    }
    let kept = |path: &str| path.split_once('/').is_some_and(|(top, _)| keep.contains(&top));
    let mut files = ours::files(out);
    files.retain(|path| path != MARKER && path != unchanged::RECORD && !kept(path));
    let digest = |path: String| {
        let file = out.join(&path);
        let plain = fs::symlink_metadata(&file).is_ok_and(|about| about.is_file());
        plain.then(|| fs::read(&file).ok()).flatten().map(|bytes| (path, Digest::of(&bytes)))
    };
    let holds: BTreeMap<String, Digest> = files.into_par_iter().map(digest).collect::<Option<_>>()?;
    (unchanged::digest_of(&holds) == record.holds).then_some(record)
}

fn text(file: &Path) -> Option<String> {
    bytes(file).and_then(|bytes| String::from_utf8(bytes).ok())
}

fn bytes(file: &Path) -> Option<Vec<u8>> {
    let about = fs::metadata(file).ok()?;
    (about.is_file() && about.len() <= MOST_BYTES).then(|| fs::read(file).ok())?
}
