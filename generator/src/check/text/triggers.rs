//! Words without which a rule has nothing to look for. One pass over a passage finds them all, so that
//! the rules with patterns of their own read only the few passages that may concern them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A set of families.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::check) struct Triggers(u16);

/// A group of rules that look for the same sort of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::check) enum Family {
    /// Text that waits to be filled in.
    Placeholder,
    /// Notes of whoever wrote it.
    Note,
    /// Rows of dots or lines.
    Blank,
    /// Telephone numbers.
    Mobile,
    /// E-mail addresses.
    Email,
    /// Appendices.
    Appendix,
    /// Years, and so dates.
    Date,
    /// Figures that a rule is made of.
    Figure,
}

impl Triggers {
    /// Whether a family may find something.
    pub(in crate::check) fn has(self, family: Family) -> bool {
        self.0 & (1 << family as u8) != 0
    }
}

const WORDS: &[(Family, &[&str])] = &[
    (
        Family::Placeholder,
        &["lorem", "ipsum", "[", "xxx", "tbc", "tbd", "tba", "insert ", "mr/m", "ms/m", "miss/m", "mrs/m"],
    ),
    (
        Family::Note,
        &[
            "dn:",
            "todo",
            "to do:",
            "fixme",
            "nb",
            "n.b",
            "note to ",
            "drafting note",
            "draft note",
            "comment [",
            "commented [",
            "[check",
            "[confirm",
            "[ask",
            "[amend",
            "[update",
            "[query",
            "???",
            "formatted:",
            "(check",
            "(confirm",
            "(ask",
            " to set up",
            " to check",
            " to confirm",
            " to update",
            " to amend",
            " to add",
            " to find out",
            " to chase",
            " to finish",
            " to write",
            " to insert",
            " to ask",
        ],
    ),
    (Family::Blank, &["....", "……", "… …", "___", ". . . ."]),
    (Family::Mobile, &["07", "+44", "0044"]),
    (Family::Email, &["@"]),
    (Family::Appendix, &["appendi", "annex"]),
    (Family::Date, &["19", "20"]),
    (
        Family::Figure,
        &[
            "password",
            "passphrase",
            "retain",
            "kept",
            "keep",
            "stored",
            "delete",
            "destroy",
            "attempt",
            "lock",
            "log-off",
            "log off",
            "years old",
            "aged",
            "age of",
            "under the age",
            "annual",
            "yearly",
            "review",
            "breach",
            "a.m",
            "p.m",
            "am",
            "pm",
            "between",
            "phone",
            "mobile",
            "device",
            "watch",
        ],
    ),
];

static PATTERNS: LazyLock<(AhoCorasick, Vec<Family>)> = LazyLock::new(|| {
    let families = WORDS.iter().flat_map(|(family, words)| words.iter().map(|_| *family)).collect();
    let words = WORDS.iter().flat_map(|(_, words)| words.iter());
    let patterns = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(words)
        .expect("a few dozen short words fit any automaton");
    (patterns, families)
});

/// The families whose words stand in the text.
pub(in crate::check) fn of(text: &str) -> Triggers {
    let (patterns, families) = &*PATTERNS;
    let mut found = 0;
    for hit in patterns.find_overlapping_iter(text) {
        found |= 1 << families[hit.pattern().as_usize()] as u8;
    }
    Triggers(found)
}
