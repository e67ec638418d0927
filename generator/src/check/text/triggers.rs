//! Words without which a rule has nothing to look for. One pass over a passage finds them all, those of the
//! school’s own list of references too, so that the rules with patterns of their own read only the few
//! passages that may concern them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// A set of families, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::check) struct Triggers(u32);

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
    /// Rules for passwords.
    Password,
    /// How long things are kept.
    Kept,
    /// When things are deleted.
    Deleted,
    /// Ages for services.
    Age,
    /// Breaches of data protection.
    Breach,
    /// Screens that lock, and wrong passwords.
    Lock,
    /// Accounts of those who leave.
    Leaver,
    /// Hours without phones.
    Phone,
    /// How often a page is reviewed.
    Review,
    /// How many letters something has.
    Letters,
    /// How often something happens.
    Often,
    /// Until when something happens.
    Until,
    /// How long something lasts, in days or more.
    Days,
    /// How long something lasts, in minutes.
    Minutes,
    /// How often somebody may try.
    Tries,
    /// How old somebody is.
    Years,
    /// A time of day.
    Clock,
    /// A name of a month or a season, or figures that stand for one.
    Month,
    /// A colleague who is asked to do something.
    Job,
    /// What ends a note that asks a colleague.
    Please,
    /// Laws and guidance, as the school’s list of references has them.
    Law,
}

impl Triggers {
    /// Whether a family may find something.
    pub(in crate::check) fn has(self, family: Family) -> bool {
        self.0 & (1 << family as u8) != 0
    }

    /// Whether no family finds anything.
    pub(in crate::check) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

const WORDS: &[(Family, &[&str])] = &[
    (
        Family::Placeholder,
        &[
            "lorem", "ipsum", "[", "xxx", "tbc", "tbd", "tba", "insert ", "mr/m", "ms/m", "miss/m", "mrs/m",
            "dd/mm", "delete ",
        ],
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
        ],
    ),
    (
        Family::Job,
        &[
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
    (Family::Please, &["please", "asap"]),
    (Family::Blank, &["....", "……", "… …", "___", ". . . ."]),
    (Family::Mobile, &["07", "+44", "0044"]),
    (Family::Email, &["@"]),
    (Family::Appendix, &["appendi", "annex"]),
    (Family::Date, &["19", "20"]),
    (Family::Password, &["password", "passphrase", "passcode"]),
    (Family::Kept, &["kept", "keep", "retain", "held", "stored"]),
    (Family::Deleted, &["delet", "destroy", "erase", "overwrit"]),
    (
        Family::Age,
        &[
            "whatsapp",
            "instagram",
            "tiktok",
            "snapchat",
            "facebook",
            "youtube",
            "discord",
            "social media",
            "social network",
        ],
    ),
    (Family::Breach, &["breach"]),
    (
        Family::Lock,
        &[
            "lock",
            "log off",
            "log-off",
            "logs off",
            "log out",
            "log-out",
            "logs out",
            "logged out",
            "logged off",
            "attempts",
            "tries",
        ],
    ),
    (Family::Leaver, &["account"]),
    (Family::Phone, &["phone", "mobile", "device", "smartwatch", "smart watch"]),
    (Family::Review, &["review"]),
    (Family::Letters, &["character", "letters"]),
    (Family::Often, &["every", "annually", "yearly", "each year", "once a year", "biennially"]),
    (Family::Until, &["within"]),
    (Family::Days, &["day", "week", "month", "year"]),
    (Family::Minutes, &["minute"]),
    (Family::Tries, &["attempts", "tries"]),
    (Family::Years, &["under", "at least", "minimum age", "age limit", "aged", "until they are", "must be"]),
    (
        Family::Clock,
        &[
            ".0", ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9", ":0", ":1", ":2", ":3", ":4", ":5",
            ":6", ":7", ":8", ":9",
        ],
    ),
    (
        Family::Month,
        &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "spring",
            "summer", "autumn", "winter", "/19", "/20", ".19", ".20",
        ],
    ),
];

/// What finds the words of all families.
pub(in crate::check) struct Finder {
    patterns: AhoCorasick,
    /// Of each pattern, whose it is.
    families: Vec<Family>,
}

static WITHOUT_LAWS: LazyLock<Finder> =
    LazyLock::new(|| Finder::with(&[]).expect("a few dozen short words fit any automaton"));

impl Finder {
    /// Finds these words by which laws are cited too; none where they are too many for an automaton.
    pub(in crate::check) fn with(laws: &[&str]) -> Option<Self> {
        let known = WORDS.iter().flat_map(|(family, words)| words.iter().map(|word| (*family, *word)));
        let all = known.chain(laws.iter().map(|words| (Family::Law, *words)));
        let (families, words): (Vec<Family>, Vec<&str>) = all.unzip();
        let patterns = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words);
        Some(Self { patterns: patterns.ok()?, families })
    }

    /// For whoever asks for no laws.
    pub(in crate::check) fn without_laws() -> &'static Self {
        &WITHOUT_LAWS
    }

    /// The families whose words stand in the text.
    pub(super) fn families_in(&self, text: &str) -> Triggers {
        let mut found = 0;
        for hit in self.patterns.find_overlapping_iter(text) {
            found |= 1 << self.families[hit.pattern().as_usize()] as u8;
        }
        Triggers(found)
    }
}
