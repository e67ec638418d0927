//! What the hub says about pupils, opened and judged before anything of it is believed.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use records::{
    consent::{ConsentExport, Standing},
    day::Moment,
    ids::{PersonId, Slug},
    roster::Roster,
};

use crate::{diagnostic::Diagnostic, load::School};

/// How many days an export is believed. A family that withdraws a consent is heard within a week even
/// where nobody fetches a new export; whoever publishes more often fetches one each time.
const DAYS: i32 = 7;

/// A file from the hub, as it was read.
#[derive(Debug, Clone)]
pub struct FromHub {
    /// Its path, as somebody gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The hub's two files that say whom a picture may show.
#[derive(Debug, Clone)]
pub struct Files {
    /// A `ConsentExport`.
    pub consent: FromHub,
    /// A `Roster`.
    pub roster: FromHub,
}

/// Whether this run asks if pupils may be shown.
#[derive(Debug, Clone, Default)]
pub enum Consent {
    /// It does not: pictures of pupils are pointed out.
    #[default]
    NotAsked,
    /// It would have to, but was given nothing to ask: pictures of pupils are refused.
    MustBeAsked,
    /// It does, by files that somebody gave it: what is wrong with them is an error.
    Files(Files),
    /// It does, by files that were kept from another day, if they are believed; else it stands as where there are none.
    Kept {
        /// The files.
        files: Files,
        /// Whether pictures of pupils are refused where the files are not believed.
        must: bool,
    },
}

/// What there is to ask on a day.
pub(super) enum Asked<'c> {
    /// Nothing; pictures of pupils are pointed out.
    Not,
    /// Nothing, so that pictures of pupils are refused.
    Refuses,
    /// These files.
    Files(&'c Files),
}

impl Consent {
    /// How it stands on this day; `why_not` is told why files that are kept are not believed.
    pub(super) fn on(&self, school: &School, day: Date, why_not: &mut Vec<Diagnostic>) -> Asked<'_> {
        match self {
            Self::NotAsked => Asked::Not,
            Self::MustBeAsked => Asked::Refuses,
            Self::Files(files) => Asked::Files(files),
            Self::Kept { files, must } => match (believed(school, files, day, why_not), must) {
                (Some(_), _) => Asked::Files(files),
                (None, true) => Asked::Refuses,
                (None, false) => Asked::Not,
            },
        }
    }

    /// The files by which it asks on this day, if it asks.
    pub fn files_on(&self, school: &School, day: Date) -> Option<&Files> {
        match self.on(school, day, &mut Vec::new()) {
            Asked::Files(files) => Some(files),
            Asked::Not | Asked::Refuses => None,
        }
    }
}

/// What the hub's two files say, opened with its key and young enough to be believed.
#[derive(Debug, Clone)]
pub struct Believed {
    /// For whom the answer is yes.
    pub export: ConsentExport,
    /// The day on which the export was made, by the school's clock.
    pub consent_of: Date,
    /// Whom the school knows.
    pub roster: Roster,
    /// The day on which the roster was made.
    pub roster_of: Date,
}

/// For whom the answer is yes, and who is a pupil.
pub(super) struct Permission {
    export: ConsentExport,
    pupils: BTreeSet<PersonId>,
}

/// Opens both files with the hub's key from `school.toml`; none where they are not believed: then there is no
/// permission at all, and what is wrong with them becomes findings.
pub fn believed(
    school: &School,
    Files { consent, roster }: &Files,
    day: Date,
    problems: &mut Vec<Diagnostic>,
) -> Option<Believed> {
    let Some(key) = &school.settings.hub_key else {
        problems.push(Diagnostic::file_error(
            "no-hub-key",
            "school.toml",
            "Without the hub’s key nobody can tell whether the consent export and the roster are the hub’s own.",
            "Add a part [hub] and under it key = \"…\" with the 64 characters of the hub’s public key.",
        ));
        return None;
    };
    let refused = |file: &FromHub, code, why: String| {
        Diagnostic::file_error(
            code,
            file.name.clone(),
            format!("This file is not taken: {why}."),
            "Fetch it anew from the school’s own hub. If that does not help, compare the key in school.toml with the hub’s.",
        )
    };
    let export = ConsentExport::open(&consent.bytes, key)
        .map_err(|why| problems.push(refused(consent, "consent-not-taken", why.to_string())));
    let opened = Roster::open(&roster.bytes, key, None)
        .map_err(|why| problems.push(refused(roster, "roster-not-taken", why.to_string())));
    let (export, roster) = (export.ok()?, opened.ok()?);
    if let Some(problem) = age(&export, school, day, &consent.name) {
        problems.push(problem);
        return None;
    }
    let day_of = |made| made_on(school, made).unwrap_or(day);
    Some(Believed { consent_of: day_of(export.made), roster_of: day_of(roster.made), export, roster })
}

impl Permission {
    /// Opens both files. What is wrong with them becomes findings, and then there is no permission at all.
    pub(super) fn open(
        school: &School,
        files: &Files,
        day: Date,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let Believed { export, roster, .. } = believed(school, files, day, problems)?;
        let pupils = roster.classes.iter().flat_map(|class| class.pupils.iter().map(|pupil| pupil.person));
        Some(Self { pupils: pupils.collect(), export })
    }

    pub(super) fn knows(&self, pupil: PersonId) -> bool {
        self.pupils.contains(&pupil)
    }

    pub(super) fn standing(&self, pupil: PersonId, purpose: &Slug) -> Standing {
        self.export.standing(pupil, purpose)
    }
}

/// The day of a moment by the school's clock; none for a moment of no calendar.
fn made_on(school: &School, Moment(second): Moment) -> Option<Date> {
    let zone = TimeZone::get(&school.settings.time_zone).unwrap_or(TimeZone::UTC);
    Some(Timestamp::from_second(second).ok()?.to_zoned(zone).date())
}

fn age(export: &ConsentExport, school: &School, day: Date, name: &str) -> Option<Diagnostic> {
    let tell = |code, what: String, mend: &str| Some(Diagnostic::file_error(code, name, what, mend));
    let fetch = "Fetch a new consent export from the hub.";
    let Some(made) = made_on(school, export.made) else {
        return tell("consent-stale", "This consent export has no day.".to_owned(), fetch);
    };
    if made > day {
        return tell(
            "consent-from-later",
            format!("This consent export is from {made}, which is after {day}, the day of this check."),
            "Set the clock of whichever computer is wrong, or leave out --date.",
        );
    }
    let days = day.since(made).map_or(i32::MAX, |span| span.get_days());
    (days > DAYS).then(|| {
        Diagnostic::file_error(
            "consent-stale",
            name,
            format!("This consent export is from {made}, {days} days before {day}. A consent withdrawn since then would be missed."),
            fetch,
        )
    })
}
