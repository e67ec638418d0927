//! What the templates are told: everything in words and numbers, nothing left to reckon.

use jiff::{Span, tz::TimeZone};
use records::{
    agreement::{Agreement, Audience, SignAgain},
    day::{Day, Moment, SchoolYear},
    ids::RecordId,
    pack::Pack,
    signature::{Drawing, Mark},
};
use serde::Serialize;

use crate::{
    clock,
    store::{
        office_notes::OfficeNote,
        registers::{Came, Entered, Line, Place, Register, Section, Signed, Standing, Undone},
        scans::ScanHeld,
        visitors::Visitor,
    },
};

/// A register in short.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    slug: String,
    title: String,
    version: String,
    audience: &'static str,
    words: String,
    signed: usize,
    asked: usize,
    outstanding: usize,
    percent: usize,
    complete: bool,
    /// Whether it is signed by whoever comes: then nobody is asked.
    of_visitors: bool,
}

impl Card {
    /// Of an agreement that is signed by whoever comes: there is nobody who has yet to.
    pub(super) fn of_visitors(
        agreement: &Agreement,
        all: &[Visitor],
        year: &SchoolYear,
        zone: &TimeZone,
    ) -> Self {
        let signed = all.iter().filter(|visitor| {
            let is_this = visitor.audience == agreement.audience && visitor.undone.is_none();
            is_this && year.holds(clock::day(visitor.when, zone))
        });
        let nobody = Register { sections: Vec::new(), left: Vec::new() };
        Self { of_visitors: true, signed: signed.count(), ..Self::new(agreement, &nobody) }
    }

    pub(super) fn new(agreement: &Agreement, register: &Register) -> Self {
        let (signed, asked) = (register.signed(), register.asked());
        Self {
            slug: agreement.slug.to_string(),
            title: agreement.title.clone(),
            version: agreement.version.to_string(),
            audience: audience(agreement.audience),
            words: agreement.digest().to_string(),
            signed,
            asked,
            outstanding: asked - signed,
            percent: percent(signed, asked),
            complete: register.is_complete(),
            of_visitors: false,
        }
    }
}

/// A class in short.
#[derive(Debug, Serialize)]
pub(super) struct SectionRow {
    name: String,
    address: String,
    signed: usize,
    asked: usize,
    outstanding: usize,
    declined: usize,
    /// How many of those who are to sign were shown the words, and how many were not.
    shown: usize,
    not_shown: usize,
    percent: usize,
}

impl SectionRow {
    pub(super) fn new(section: &Section) -> Self {
        let (signed, asked) = (section.signed(), section.lines.len());
        Self {
            name: section.name.clone(),
            address: section_address(section),
            signed,
            asked,
            outstanding: asked - signed,
            declined: section.declined(),
            shown: section.shown(),
            not_shown: section.outstanding() - section.shown(),
            percent: percent(signed, asked),
        }
    }
}

/// A section in addresses: the class's id, or “staff”, “governors”.
pub(super) fn section_address(section: &Section) -> String {
    section.class.map_or_else(|| section.name.to_lowercase(), |class| class.to_string())
}

/// A person's line.
#[derive(Debug, Serialize)]
pub(super) struct PersonRow {
    id: String,
    name: String,
    role: String,
    state: &'static str,
    /// Why somebody who has signed is asked again; empty where nobody is.
    again: &'static str,
    words: Option<SignedView>,
    declined: Option<DeclinedView>,
    /// That the words were shown to somebody who has yet to sign.
    shown: Option<ShownView>,
}

/// When the words were shown to somebody.
#[derive(Debug, Serialize)]
pub(super) struct ShownView {
    /// “5 September 2026”; “5 September 2026, and 12 September 2026”.
    on: String,
    /// Who entered the last of it, and what they wrote; empty where it was shown to all at once, which is told once for all.
    by: String,
    remark: String,
}

impl ShownView {
    /// So many days are told one by one.
    const TOLD: usize = 3;

    fn new(shown: &[OfficeNote]) -> Option<Self> {
        let last = shown.last()?;
        let days: Vec<String> = shown.iter().map(|note| note.on.in_words()).collect();
        let on = match days.len() {
            1..=Self::TOLD => days.join(", and "),
            many => format!("{}, the last of {many} times", last.on.in_words()),
        };
        let is_own = last.showing.is_none();
        let of_own = |text: &String| if is_own { text.clone() } else { String::new() };
        Some(Self { on, by: of_own(&last.by), remark: of_own(&last.remark) })
    }
}

/// That somebody does not sign.
#[derive(Debug, Serialize)]
pub(super) struct DeclinedView {
    on: String,
    by: String,
    reason: String,
}

/// A signature.
#[derive(Debug, Serialize)]
pub(super) struct SignedView {
    when: String,
    version: String,
    digest: String,
    helped: bool,
    undone: String,
    path: String,
    sticker: String,
    /// That it was on paper, and who entered it when; empty where it was at a kiosk.
    paper: String,
    /// The address of the paper that was entered.
    entry: String,
    /// What its scan is; empty where it has none.
    scan: &'static str,
}

impl PersonRow {
    pub(super) fn new(line: &Line, agreement: &Agreement, zone: &TimeZone) -> Self {
        let again = match &line.standing {
            Standing::AskedAgain(signed) if signed.version == agreement.version => {
                "the school year is a new one"
            }
            Standing::AskedAgain(_) => "the words or the school year are new",
            Standing::Signed(_) | Standing::Undone(_) | Standing::Outstanding => "",
        };
        let state = match line.standing {
            Standing::Signed(_) => "signed",
            Standing::Undone(_) => "undone",
            Standing::AskedAgain(_) => "again",
            Standing::Outstanding => "outstanding",
        };
        Self {
            id: line.person.id.to_string(),
            name: line.person.name(),
            role: line.person.role.clone().unwrap_or_default(),
            state,
            again,
            words: line.standing.signature().map(|signed| SignedView::new(signed, zone)),
            declined: line.declined.as_ref().map(|declined| DeclinedView {
                on: declined.on.in_words(),
                by: declined.by.clone(),
                reason: declined.remark.clone(),
            }),
            shown: ShownView::new(&line.shown).filter(|_| line.is_shown()),
        }
    }
}

impl SignedView {
    fn new(signed: &Signed, zone: &TimeZone) -> Self {
        let (path, sticker) = match &signed.came {
            Came::Kiosk(Mark::Drawn(drawing)) => (path(drawing), String::new()),
            Came::Kiosk(Mark::Sticker(name)) => (String::new(), name.to_string()),
            Came::Paper(_) => (String::new(), String::new()),
        };
        let paper = signed.came.paper();
        Self {
            when: match paper {
                // No time stands on a paper.
                Some(_) => clock::day(signed.when, zone).in_words(),
                None => when(signed.when, zone),
            },
            version: signed.version.to_string(),
            digest: signed.words.to_string(),
            helped: signed.helped,
            undone: signed.undone.as_ref().map(|undone| in_words(undone, zone)).unwrap_or_default(),
            path,
            sticker,
            paper: paper.map(|entered| on_paper(entered, zone)).unwrap_or_default(),
            entry: paper.map(|_| paper_address(signed.id)).unwrap_or_default(),
            scan: scan(paper.and_then(|entered| entered.scan)),
        }
    }
}

/// “on paper, entered by office on 14 September 2026”.
pub(super) fn on_paper(entered: &Entered, zone: &TimeZone) -> String {
    format!("on paper, entered by {} on {}", entered.by, clock::day(entered.at, zone).in_words())
}

/// The page of a paper that was entered.
pub(super) fn paper_address(record: RecordId) -> String {
    format!("/paper/{record}")
}

/// What a scan is; empty where there is none.
pub(super) fn scan(scan: Option<ScanHeld>) -> &'static str {
    scan.map_or("", |scan| scan.kind.in_words())
}

/// “14 September 2026, 9:41, at Oak classroom: it was another child”.
pub(super) fn in_words(undone: &Undone, zone: &TimeZone) -> String {
    let at = match &undone.place {
        Place::Kiosk(name) if name.is_empty() => String::new(),
        Place::Kiosk(name) => format!(", at {name}"),
        Place::Desk(by) => format!(", by {by}"),
    };
    format!("{}{at}: {}", when(undone.when, zone), undone.because())
}

/// “14 September 2026, 9:41”.
pub(super) fn when(moment: Moment, zone: &TimeZone) -> String {
    clock::local(moment, zone).strftime("%-d %B %Y, %-H:%M").to_string()
}

/// “2026 to 2027”.
pub(super) fn year(year: &SchoolYear) -> String {
    format!("{} to {}", year.starts.date().year(), year.ends.date().year())
}

/// From when on everybody is asked to sign again, because the school year is over: the day after its last.
pub(super) fn asked_again(year: &SchoolYear) -> Day {
    year.ends.date().saturating_add(Span::new().days(1)).into()
}

/// Whom this version asks again who has signed the one before it.
pub(super) const fn asks_again(agreement: &Agreement) -> &'static str {
    match agreement.sign_again {
        SignAgain::Everyone => "This version asks everybody to sign, also who has signed an earlier one.",
        SignAgain::Nobody => "Who has signed the version before this one this year need not sign again.",
    }
}

/// When the school year ended that what is published here is for; empty while it lasts.
pub(super) fn year_over(pack: Option<&Pack>, today: Day) -> String {
    let ended = pack.map(|pack| pack.content.year.ends).filter(|ends| *ends < today);
    ended.map(Day::in_words).unwrap_or_default()
}

/// Whom an agreement is for.
pub(super) const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Ks1 => "Key Stage 1",
        Audience::Ks2 => "Key Stage 2",
        Audience::Parent => "Parents and carers",
        Audience::Staff => "Staff and volunteers",
        Audience::Visitor => "Visitors",
        Audience::Governor => "Governors",
        Audience::Community => "Clubs and hirers",
        Audience::Guest => "Guests’ wifi",
        Audience::DeviceLoan => "Families who borrow a device",
    }
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or_default()
}

/// A drawn mark as an SVG path. Points nearer than this to the last are left out: at the size of a
/// register nobody sees them.
const NEAR: u16 = 10;

pub(super) fn path(drawing: &Drawing) -> String {
    use std::fmt::Write as _;
    let mut path = String::new();
    for stroke in drawing.strokes() {
        let Some(mut last) = stroke.first().copied() else { continue };
        // A stroke of one point is drawn as a dot by its round ends.
        let _ = write!(path, "M{} {}h0", last.0, last.1);
        for (i, point) in stroke.iter().enumerate().skip(1) {
            let far = last.0.abs_diff(point.0) >= NEAR || last.1.abs_diff(point.1) >= NEAR;
            if far || i + 1 == stroke.len() {
                let _ = write!(path, "L{} {}", point.0, point.1);
                last = *point;
            }
        }
    }
    path
}
