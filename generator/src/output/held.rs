//! Looks at what the build before made of photographs.

use std::{fs, path::Path};

use crate::photographs::held::{Held, RECORD};

/// The largest file taken up, in bytes: no size of a photograph comes near it.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// What the build in `out` holds of photographs; nothing where there is none.
pub fn photographs(out: &Path) -> Held {
    let bytes = |file: &Path| {
        let about = fs::metadata(file).ok()?;
        (about.is_file() && about.len() <= MOST_BYTES).then(|| fs::read(file).ok())?
    };
    let record = bytes(&out.join(RECORD)).and_then(|record| String::from_utf8(record).ok());
    let site = out.join("site");
    record.map_or_else(Held::nothing, |record| Held::read(&record, |file| bytes(&site.join(file))))
}
