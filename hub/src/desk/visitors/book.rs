//! The lines of the book, as they are chosen, shown and written into a file.

use jiff::tz::TimeZone;
use records::{agreement::Agreement, day::Day, signature::Mark};
use serde::Serialize;

use super::super::{
    listing::{escaped, in_address},
    view,
};
use crate::{
    clock,
    import::languages,
    store::visitors::{Came, Undone, Visitor, Why},
};

/// Which lines, and in which order.
#[derive(Debug, Default, Serialize, serde::Deserialize)]
pub(in crate::desk) struct Which {
    /// A part of a name, or of whom they came to see.
    #[serde(default)]
    name: String,
    /// A day; none for all.
    #[serde(default)]
    day: String,
    /// An agreement, by whom it is for; none for all.
    #[serde(default)]
    agreement: String,
    /// “name”, or else the latest first.
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

impl Which {
    /// The day, where one is meant.
    pub(super) fn day(&self) -> Option<Day> {
        self.day.trim().parse().ok()
    }
    /// Which page, from 1.
    pub(super) fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).max(1)
    }
    /// The same choice as an address has it, without the page.
    pub(super) fn query(&self) -> String {
        let parts = [
            ("name", self.name.trim()),
            ("day", self.day.trim()),
            ("agreement", &self.agreement),
            ("sort", &self.sort),
        ];
        let mut query = in_address(&parts);
        if !query.is_empty() {
            query.push('&');
        }
        query
    }
}

/// The lines that are meant, in their order.
pub(super) fn chosen<'v>(all: &'v [Visitor], which: &Which, zone: &TimeZone) -> Vec<&'v Visitor> {
    let (wanted, day) = (which.name.trim().to_lowercase(), which.day());
    let is_meant = |visitor: &&Visitor| {
        let text = |text: &str| text.to_lowercase().contains(&wanted);
        (wanted.is_empty() || text(&visitor.name) || text(&visitor.about))
            && day.is_none_or(|day| clock::day(visitor.when, zone) == day)
            && (which.agreement.is_empty() || visitor.audience.as_str() == which.agreement)
    };
    let mut found: Vec<&Visitor> = all.iter().filter(is_meant).collect();
    if which.sort == "name" {
        // The sort keeps the latest of one name first.
        found.sort_by_key(|visitor| visitor.name.to_lowercase());
    }
    found
}

/// The lines of those who wrote this name, or a name with it in it, the latest first.
pub(in crate::desk) fn of_name(all: Vec<Visitor>, name: &str) -> Vec<Visitor> {
    let wanted = name.trim().to_lowercase();
    let is_it = |visitor: &Visitor| !wanted.is_empty() && visitor.name.to_lowercase().contains(&wanted);
    all.into_iter().filter(is_it).collect()
}

/// A line, in words.
#[derive(Debug, Serialize)]
pub(in crate::desk) struct Line {
    id: String,
    name: String,
    name_in_address: String,
    about: String,
    /// As what.
    audience: &'static str,
    when: String,
    /// Of the paper, where it is one.
    paper: String,
    /// The kiosk's name.
    kiosk: String,
    version: String,
    words: String,
    /// Whether other words are asked now.
    older: bool,
    /// The language that was read beside the English words.
    help: String,
    /// What the scan of the paper is; empty where there is none.
    scan: &'static str,
    /// A drawn mark, as a path.
    path: String,
    /// How and when it was taken back.
    undone: String,
}

impl Line {
    pub(in crate::desk) fn new(visitor: &Visitor, zone: &TimeZone, agreements: &[Agreement]) -> Self {
        let now = agreements.iter().find(|agreement| agreement.audience == visitor.audience);
        let (paper, kiosk, path) = match &visitor.came {
            Came::Kiosk(kiosk, Mark::Drawn(drawing)) => (String::new(), kiosk.clone(), view::path(drawing)),
            Came::Kiosk(kiosk, Mark::Sticker(_)) => (String::new(), kiosk.clone(), String::new()),
            Came::Paper(by) => (by.clone(), String::new(), String::new()),
        };
        let when = match &visitor.came {
            Came::Kiosk(..) => view::when(visitor.when, zone),
            // No time stands on a paper.
            Came::Paper(_) => clock::day(visitor.when, zone).in_words(),
        };
        Self {
            id: visitor.id.to_string(),
            name: visitor.name.clone(),
            name_in_address: escaped(&visitor.name),
            about: visitor.about.clone(),
            audience: view::audience(visitor.audience),
            when,
            paper,
            kiosk,
            version: visitor.version.to_string(),
            words: visitor.words.to_string(),
            older: now.is_some_and(|agreement| agreement.digest() != visitor.words),
            help: visitor.help.as_ref().map(languages::in_english).unwrap_or_default(),
            scan: view::scan(visitor.scan),
            path,
            undone: visitor.undone.as_ref().map(|undone| undone_in_words(undone, zone)).unwrap_or_default(),
        }
    }
}

/// Why a line is taken back.
pub(super) const fn why(why: Why) -> &'static str {
    match why {
        Why::Try => "it was only a try",
        Why::Slip => "something was written wrong",
        Why::Asked => "they asked for it",
        Why::Ended => "the school ended it",
    }
}

fn undone_in_words(undone: &Undone, zone: &TimeZone) -> String {
    format!("{} by {}: {}", view::when(undone.at, zone), undone.by, why(undone.why))
}

pub(super) const HEADINGS: [&str; 12] = [
    "Day",
    "Time",
    "Name",
    "Whom they came to see, or where from",
    "As",
    "Version",
    "Words",
    "Read beside the English in",
    "Kiosk",
    "From paper, entered by",
    "Taken back",
    "Scan",
];

/// A line of the file.
pub(super) fn cells(visitor: &Visitor, zone: &TimeZone) -> Vec<String> {
    let (kiosk, paper) = match &visitor.came {
        Came::Kiosk(kiosk, _) => (kiosk.clone(), String::new()),
        Came::Paper(by) => (String::new(), by.clone()),
    };
    let time = match visitor.came {
        Came::Kiosk(..) => clock::local(visitor.when, zone).strftime("%H:%M").to_string(),
        Came::Paper(_) => String::new(),
    };
    vec![
        clock::day(visitor.when, zone).to_string(),
        time,
        visitor.name.clone(),
        visitor.about.clone(),
        view::audience(visitor.audience).to_owned(),
        visitor.version.to_string(),
        visitor.words.to_string(),
        visitor.help.as_ref().map(languages::in_english).unwrap_or_default(),
        kiosk,
        paper,
        visitor.undone.as_ref().map(|undone| undone_in_words(undone, zone)).unwrap_or_default(),
        view::scan(visitor.scan).to_owned(),
    ]
}
