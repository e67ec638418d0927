//! Whether a build would make what is there already.
//!
//! Beside a build lies a record of two digests: of everything that it was made from, and of every file that
//! it wrote. When both still hold, the same build again would write the same bytes, so nothing is drawn.
//! The record holds no word of the school's: a build's folder may be copied to where everybody reads.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;
use records::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::{diagnostic::Diagnostic, load::tree::Tree, theme::Theme};

/// The record's place in a build.
pub const RECORD: &str = "made/from.toml";

const HEAD: &str = "# Written by signpost, to be left as it is.\n";

/// The program itself: what it is built from, themes and model school too, and of which parts.
const PROGRAM: &str = concat!(
    env!("SIGNPOST_SOURCES"),
    " ",
    env!("SIGNPOST_EMBEDDED"),
    " ",
    env!("CARGO_PKG_VERSION"),
    " print=",
    env!("SIGNPOST_PRINTS")
);

/// What a build is made from.
#[derive(Debug, Clone, Copy)]
pub struct MadeFrom<'a> {
    /// The school's files.
    pub tree: &'a Tree,
    /// What was found while they were read, of files that are not among them.
    pub problems: &'a [Diagnostic],
    /// How it looks.
    pub theme: &'a Theme,
    /// The day that it is for.
    pub day: Date,
    /// What was asked for on the command line, in words.
    pub asked: &'a str,
    /// The bytes of other files that have a say: consent, roster, names.
    pub lists: &'a [&'a [u8]],
}

impl MadeFrom<'_> {
    /// The digest of it all.
    pub fn digest(&self) -> Digest {
        let mut all = format!("{PROGRAM}\n{}\n{}\n", self.day, self.asked);
        let files: Vec<_> = self.tree.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes)).collect();
        all.push_str(&listed(files));
        // A theme that is built in is part of the program. Most of it are fonts, which are not read for this.
        all.push_str(&if self.theme.is_built_in() {
            "built in\n".to_owned()
        } else {
            listed(self.theme.files().collect())
        });
        all.push_str(&listed(self.lists.iter().map(|bytes| ("", *bytes)).collect()));
        for problem in self.problems {
            all.push_str(&format!("{problem:?}\n"));
        }
        Digest::of_kind("what a build is made from", all.as_bytes())
    }
}

/// What a finished build says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The digest of what it was made from.
    pub from: Digest,
    /// The digest of the files that it wrote, this record apart.
    pub holds: Digest,
    /// How many pages, PDFs aside, it has for everybody.
    pub pages: usize,
    /// How many things there were to look at. They are kept [elsewhere](crate::told), to be told again.
    pub findings: usize,
}

impl Record {
    /// Reads a record; one that is damaged is as good as none.
    pub fn read(text: &str) -> Option<Self> {
        toml::from_str(text.strip_prefix(HEAD)?).ok()
    }

    /// The record as it is kept.
    pub fn write(&self) -> String {
        // Numbers and digests always serialise.
        format!("{HEAD}{}", toml::to_string(self).unwrap_or_default())
    }
}

/// The digest of the files of a build, from the digest of each by its path.
pub fn digest_of(files: &BTreeMap<String, Digest>) -> Digest {
    let lines: String = files.iter().map(|(path, digest)| line(path, digest)).collect();
    Digest::of_kind("what a build holds", lines.as_bytes())
}

/// A file's path and the digest of its bytes.
fn line(path: &str, digest: &Digest) -> String {
    format!("{path}\t{digest}\n")
}

fn listed(files: Vec<(&str, &[u8])>) -> String {
    files.into_par_iter().map(|(path, bytes)| line(path, &Digest::of(bytes))).collect::<Vec<_>>().concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_was_cut_short_is_none() {
        let record =
            Record { from: Digest::of(b"a"), holds: Digest::of(b"b"), pages: 12, findings: 0 }.write();
        assert!(Record::read(&record).is_some());
        for at in 0..record.len() - 1 {
            assert_eq!(Record::read(&record[..at]), None, "{}", &record[..at]);
        }
    }

    #[test]
    fn each_thing_that_a_build_is_made_from_counts() {
        let theme = Theme::embedded().unwrap();
        let mut tree = Tree::default();
        tree.files.insert("home.md".to_owned(), b"words".to_vec());
        let day = jiff::civil::date(2026, 11, 28);
        let from = |tree: &Tree, day, asked: &str, lists: &[&[u8]]| {
            MadeFrom { tree, problems: &[], theme: &theme, day, asked, lists }.digest()
        };
        let one = from(&tree, day, "", &[]);
        assert_eq!(one, from(&tree, day, "", &[]));
        let mut other = tree.clone();
        other.files.insert("home.md".to_owned(), b"Words".to_vec());
        let mut renamed = Tree::default();
        renamed.files.insert("house.md".to_owned(), b"words".to_vec());
        let tomorrow = day.tomorrow().unwrap();
        let others = [
            from(&other, day, "", &[]),
            from(&renamed, day, "", &[]),
            from(&tree, tomorrow, "", &[]),
            from(&tree, day, "no PDFs", &[]),
            from(&tree, day, "", &[b"names"]),
        ];
        for other in others {
            assert_ne!(one, other);
        }
    }
}
