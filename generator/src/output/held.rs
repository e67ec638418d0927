//! Looks at what the build before made.

use std::{fs, path::Path};

use crate::{photographs, print};

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

fn text(file: &Path) -> Option<String> {
    bytes(file).and_then(|bytes| String::from_utf8(bytes).ok())
}

fn bytes(file: &Path) -> Option<Vec<u8>> {
    let about = fs::metadata(file).ok()?;
    (about.is_file() && about.len() <= MOST_BYTES).then(|| fs::read(file).ok())?
}
