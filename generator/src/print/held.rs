//! What the build before printed.
//!
//! The files lie in the built site itself, and beside it what is for staff; a record says of what each was made, and
//! with which digest. So nothing is kept twice, what a build keeps is never more than what it publishes,
//! and of a page that was taken down no copy stays behind. A file whose bytes are not those of the record
//! is made again.

use std::collections::BTreeMap;

use records::digest::Digest;
use serde::{Deserialize, Serialize};

use super::{Print, Reach, place};

/// The record’s place in a build, beside the site.
pub const RECORD: &str = "print/made.toml";

const SEAL: &str = "# Written by signpost, to be left as it is: ";

/// Files that need not be made again, by the digest of what they were made of.
#[derive(Debug, Clone, Default)]
pub struct Held {
    prints: BTreeMap<Digest, Print>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(default)]
    print: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    from: Digest,
    file: String,
    #[serde(default)]
    staff: bool,
    sheet: String,
    pages: usize,
    digest: Digest,
}

impl Held {
    /// Nothing is held: everything is printed.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The file that was made of this, if it is held and lies at this place for the same readers.
    pub fn print(&self, from: &Digest, reach: Reach, file: &str) -> Option<&Print> {
        self.prints.get(from).filter(|print| print.file == file && print.reach == reach)
    }

    /// Takes up what a record says, as far as `file` gives the very bytes that it names of a place in the
    /// build. A record that is damaged is as good as none.
    pub fn read(record: &str, file: impl Fn(&str) -> Option<Vec<u8>>) -> Self {
        let Some(record) = unsealed(record) else { return Self::default() };
        let one = |entry: Entry| {
            let Entry { from, file: path, staff, sheet, pages, digest } = entry;
            let reach = if staff { Reach::Staff } else { Reach::Public };
            let ours = path.ends_with(".pdf") || path.ends_with("-screen.png");
            let inside = ours && path.split('/').all(|part| part != ".." && !part.is_empty());
            let bytes = file(&place(reach, &path)).filter(|_| inside && !path.contains('\\'))?;
            let print = Print { file: path, reach, sheet, pages, bytes, from };
            (Digest::of(&print.bytes) == digest).then_some((from, print))
        };
        Self { prints: record.print.into_iter().filter_map(one).collect() }
    }
}

fn unsealed(text: &str) -> Option<Record> {
    let (first, rest) = text.split_once('\n')?;
    let digest: Digest = first.strip_prefix(SEAL)?.parse().ok()?;
    (Digest::of(rest.as_bytes()) == digest).then(|| toml::from_str(rest).ok())?
}

/// The record of PDFs that are about to be published; none where there are none.
pub(crate) fn record(prints: &BTreeMap<String, Print>) -> Option<String> {
    if prints.is_empty() {
        return None;
    }
    let entry = |print: &Print| Entry {
        from: print.from,
        file: print.file.clone(),
        staff: print.reach == Reach::Staff,
        sheet: print.sheet.clone(),
        pages: print.pages,
        digest: Digest::of(&print.bytes),
    };
    // Words and numbers always serialise.
    let text = toml::to_string(&Record { print: prints.values().map(entry).collect() }).ok()?;
    Some(format!("{SEAL}{}\n{text}", Digest::of(text.as_bytes())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn recorded(file: &str, bytes: &[u8]) -> (Digest, String) {
        let from = Digest::of(b"words");
        let print = Print {
            file: file.to_owned(),
            reach: Reach::Public,
            sheet: "A4".to_owned(),
            pages: 2,
            bytes: bytes.to_vec(),
            from,
        };
        (from, record(&BTreeMap::from([("policies/a".to_owned(), print)])).unwrap())
    }

    #[test]
    fn a_pdf_that_was_changed_on_the_disk_is_made_again() {
        let (from, record) = recorded("policies/a/a.pdf", b"%PDF");
        let read = |record: &str, bytes: &'static [u8]| {
            Held::read(record, |_| Some(bytes.to_vec()))
                .print(&from, Reach::Public, "policies/a/a.pdf")
                .cloned()
        };
        assert_eq!(read(&record, b"%PDF").map(|print| print.pages), Some(2));
        assert_eq!(read(&record, b"%PDF with something else"), None);
        assert_eq!(read(&record.replace("pages = 2", "pages = 3"), b"%PDF"), None);
        assert_eq!(read("", b"%PDF"), None);
        for at in 0..record.len() {
            if record.is_char_boundary(at) {
                assert_eq!(read(&record[..at], b"%PDF"), None);
            }
        }
    }

    #[test]
    fn a_record_cannot_lead_out_of_the_site() {
        for file in ["../../etc/secret.pdf", "/etc/secret.pdf", "policies\\x.pdf", "index.html"] {
            let (from, record) = recorded(file, b"x");
            let held = Held::read(&record, |_| Some(b"x".to_vec()));
            assert!(held.print(&from, Reach::Public, file).is_none(), "{file}");
        }
    }
}
