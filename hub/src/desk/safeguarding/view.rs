//! What the templates are told of reports: the child's own choices, in the words that the child saw, and what was
//! done.

use jiff::tz::TimeZone;
use records::{
    day::{Day, Moment},
    ids::Slug,
    report::{Apart, FromWeb, Report, Role, Route, Teller},
    report_entry::{Deed, ReportEntry, Urgency},
    tell::{Asked, Tell},
};
use serde::Serialize;

use super::{Held, standing::Standing};
use crate::{
    clock,
    desk::view as desk_view,
    store::{reports::Noted, role_keys::StoredKey},
};

/// The most letters of what somebody wrote that stand as a heading.
const BEGINNING: usize = 60;

/// An answer of the child: the question, its words, its picture.
#[derive(Debug, Serialize)]
pub(super) struct AnswerRow {
    pub(super) question: String,
    pub(super) words: String,
    symbol: String,
}

/// A report, and where it stands.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    id: String,
    day: String,
    about: &'static str,
    answers: Vec<AnswerRow>,
    feeling: Option<AnswerRow>,
    headline: String,
    talk_with: String,
    words: String,
    urgency: &'static str,
    urgency_words: &'static str,
    is_new: bool,
    closed: String,
    entries: usize,
    /// Who goes on with it, if somebody has handed it over.
    with: String,
    held: bool,
    incident: bool,
    told_to: Option<ToldToRow>,
    web: Option<WebRow>,
}

/// What the form on the web asked besides.
#[derive(Debug, Serialize)]
struct WebRow {
    teller: &'static str,
    /// “yes”, “no”, or nothing.
    talk: &'static str,
    name: String,
    contact: String,
    apart: &'static str,
}

impl WebRow {
    fn new(web: &FromWeb) -> Self {
        Self {
            teller: match web.teller {
                Some(Teller::Child) => "a child at this school",
                Some(Teller::Parent) => "a parent or carer",
                Some(Teller::Other) => "somebody else",
                None => "",
            },
            talk: match web.talk {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            },
            name: web.name.clone(),
            contact: web.contact.clone(),
            apart: match web.apart {
                Some(Apart::Many) => "It came with very many others within a short time.",
                Some(Apart::Unseen) => {
                    "A field was filled in that people do not see: most likely a machine sent it."
                }
                None => "",
            },
        }
    }
    /// Who is to be talked with, in few words.
    fn talk_with(&self) -> String {
        match (self.talk, self.name.as_str()) {
            ("yes", "") => "somebody who gave no name".into(),
            ("yes", name) => name.to_owned(),
            _ => String::new(),
        }
    }
}

/// What the adult added whom the child told.
#[derive(Debug, Serialize)]
struct ToldToRow {
    by: String,
    when: String,
    child: String,
    own: String,
    written: String,
}

impl Card {
    pub(super) fn new(held: &Held, tell: Option<&Tell>, zone: &TimeZone) -> Self {
        let (found, report, standing) = (&held.found, &held.report, held.standing());
        let first = |asked: Asked, ids: Option<&Slug>| ids.map(|id| answer(asked, id, tell));
        let web = held.from_web.as_deref().map(WebRow::new);
        let talk_with = web.as_ref().map(WebRow::talk_with).or_else(|| report.talk_with.clone());
        let headline = first(Asked::Happened, report.happened.first()).map(|a| a.words);
        // Whoever writes on the web often writes and chooses nothing.
        let first_words = web.as_ref().and(report.words.as_deref()).map(beginning);
        let headline = headline.or(first_words);
        Self {
            id: found.id.to_string(),
            day: report.day.in_words(),
            about: about(found.route, tell),
            feeling: first(Asked::Feeling, report.feeling.as_ref()),
            headline: headline.unwrap_or_else(|| "Did not want to say what happened".into()),
            answers: answers(report, tell),
            talk_with: talk_with.unwrap_or_default(),
            words: report.words.clone().unwrap_or_default(),
            is_new: standing.is_new(),
            urgency: standing.urgency.map_or("", Urgency::as_str),
            urgency_words: standing.urgency.map_or("", urgency_words),
            closed: standing.closed.map(|moment| desk_view::when(moment, zone)).unwrap_or_default(),
            entries: held.deeds.len(),
            with: standing.with.map(|author| author.name).unwrap_or_default(),
            held: standing.held,
            incident: standing.incident,
            web,
            told_to: held.told_to.as_ref().map(|to| ToldToRow {
                by: to.by.clone(),
                when: to.when.clone(),
                child: to.child.clone(),
                own: to.own.clone(),
                written: desk_view::when(to.written, zone),
            }),
        }
    }
}

impl Card {
    /// All that somebody may look for in it.
    pub(super) fn texts(&self) -> Vec<&str> {
        let mut texts = vec![
            self.day.as_str(),
            self.about,
            &self.headline,
            &self.talk_with,
            &self.words,
            self.urgency_words,
            &self.with,
        ];
        texts.extend(self.answers.iter().map(|answer| answer.words.as_str()));
        if let Some(web) = &self.web {
            texts.extend([web.teller, &web.name, &web.contact]);
        }
        if let Some(to) = &self.told_to {
            texts.extend([&to.by, &to.child, &to.own].map(String::as_str));
        }
        texts
    }

    /// Its line of a file, under [`HEADINGS`].
    pub(super) fn cells(&self, held: &Held) -> Vec<String> {
        let answers = self.answers.iter().map(|answer| format!("{} {}", answer.question, answer.words));
        let came = match (&self.told_to, &self.web) {
            (Some(to), _) => format!("told to {}", to.by),
            (None, Some(_)) => "by the form on the web".to_owned(),
            (None, None) => "at a kiosk".to_owned(),
        };
        let state = match (self.closed.is_empty(), self.is_new) {
            (false, _) => "closed",
            (true, true) => "not looked at yet",
            (true, false) => "open",
        };
        let own = self.told_to.as_ref().map(|to| to.own.clone()).unwrap_or_default();
        vec![
            held.report.day.to_string(),
            came,
            self.about.to_owned(),
            answers.collect::<Vec<_>>().join("; "),
            self.words.clone(),
            own,
            self.talk_with.clone(),
            state.to_owned(),
            self.urgency_words.to_owned(),
            self.with.clone(),
            self.entries.to_string(),
            yes(self.incident),
            yes(self.held),
        ]
    }
}

/// What stands over the lines of reports in a file.
pub(super) const HEADINGS: [&str; 13] = [
    "Told on",
    "How it came",
    "About",
    "Answers",
    "Written",
    "The child’s own words, as told to an adult",
    "Talk with",
    "State",
    "How soon",
    "With",
    "Entries",
    "An incident",
    "Must be kept",
];

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "" }.to_owned()
}

/// The first words of what somebody wrote.
fn beginning(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= BEGINNING {
        return line;
    }
    let cut: String = line.chars().take(BEGINNING).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

fn answers(report: &Report, tell: Option<&Tell>) -> Vec<AnswerRow> {
    let mut all: Vec<AnswerRow> = Vec::new();
    let mut add = |asked: Asked, ids: &mut dyn Iterator<Item = &Slug>| {
        all.extend(ids.map(|id| answer(asked, id, tell)));
    };
    add(Asked::Feeling, &mut report.feeling.iter());
    add(Asked::Happened, &mut report.happened.iter());
    add(Asked::Place, &mut report.place.iter());
    add(Asked::About, &mut report.about.iter());
    all
}

/// In the words of the form that is published now; where it has no such answer any more, its name.
pub(super) fn answer(asked: Asked, id: &Slug, tell: Option<&Tell>) -> AnswerRow {
    let question = tell.and_then(|t| t.questions.iter().find(|q| q.asked == asked));
    let choice = tell.and_then(|t| t.choice(asked, id));
    AnswerRow {
        question: question.map_or_else(|| asked.as_str().to_owned(), |q| q.words.clone()),
        words: choice.map_or_else(|| id.to_string(), |c| c.words.clone()),
        symbol: choice.map(|c| c.symbol.to_string()).unwrap_or_default(),
    }
}

/// A report that this holder has stepped aside from: nothing of what it says.
#[derive(Debug, Serialize)]
pub(super) struct AsideRow {
    day: String,
    with: String,
}

impl AsideRow {
    pub(super) fn new(held: &Held, standing: &Standing) -> Self {
        let with = standing.with.as_ref().map(|author| author.name.clone()).unwrap_or_default();
        Self { day: held.report.day.in_words(), with }
    }
}

/// An incident of the log.
#[derive(Debug, Serialize)]
pub(super) struct IncidentRow {
    report: String,
    when: String,
    who: String,
    heading: String,
    kind: String,
    place: String,
    what: String,
    state: &'static str,
}

impl IncidentRow {
    /// The incidents that a report was made, with their moments.
    pub(super) fn of<'h>(
        held: &'h Held,
        standing: &'h Standing,
        zone: &'h TimeZone,
    ) -> impl Iterator<Item = (Moment, Self)> + 'h {
        held.deeds.iter().filter_map(|entry| match &entry.deed {
            Deed::Incident { heading, kind, place, what } => {
                let row = Self {
                    report: held.found.id.to_string(),
                    when: desk_view::when(entry.at, zone),
                    who: entry.by.name.clone(),
                    heading: heading.clone(),
                    kind: kind.clone(),
                    place: place.clone(),
                    what: what.clone(),
                    state: if standing.closed.is_some() { CLOSED } else { "Open" },
                };
                Some((entry.at, row))
            }
            _ => None,
        })
    }
}

impl IncidentRow {
    /// All that somebody may look for in it.
    pub(super) fn texts(&self) -> [&str; 6] {
        [&self.when, &self.who, &self.heading, &self.kind, &self.place, &self.what]
    }

    /// Whether nothing is left to do about it.
    pub(super) fn is_closed(&self) -> bool {
        self.state == CLOSED
    }

    /// What puts it beside others of its kind.
    pub(super) fn sort(&self) -> (String, String) {
        (self.heading.to_lowercase(), self.kind.to_lowercase())
    }

    /// Its line of a file, under [`INCIDENT_HEADINGS`].
    pub(super) fn cells(&self) -> Vec<String> {
        let texts = [&self.when, &self.heading, &self.kind, &self.place, &self.what, &self.who];
        texts.into_iter().cloned().chain([self.state.to_owned()]).collect()
    }
}

/// What stands over the lines of incidents in a file.
pub(super) const INCIDENT_HEADINGS: [&str; 7] =
    ["Entered", "Heading", "Kind", "Where", "What happened", "By", "State"];
/// The state of an incident whose report is closed.
const CLOSED: &str = "Closed";

/// Something that was done, with the labels that its parts stand under.
#[derive(Debug, Serialize)]
pub(super) struct EntryRow {
    number: usize,
    when: String,
    who: String,
    title: String,
    parts: Vec<(&'static str, String)>,
    /// The numbers of the entries that correct it.
    corrected: Vec<usize>,
}

impl EntryRow {
    pub(super) fn all(deeds: &[ReportEntry], zone: &TimeZone) -> Vec<Self> {
        let corrects = |number: usize, entry: &ReportEntry| match entry.deed {
            Deed::Correction { of, .. } => usize::try_from(of) == Ok(number),
            _ => false,
        };
        let row = |(number, entry): (usize, &ReportEntry)| {
            let (title, parts) = told(&entry.deed);
            let corrected = (1..).zip(deeds).filter(|(_, later)| corrects(number, later));
            Self {
                number,
                when: desk_view::when(entry.at, zone),
                who: entry.by.name.clone(),
                title,
                parts: parts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
                corrected: corrected.map(|(number, _)| number).collect(),
            }
        };
        (1..).zip(deeds).map(row).collect()
    }
}

impl EntryRow {
    /// All that somebody may look for in it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let parts = self.parts.iter().map(|(_, text)| text.as_str());
        [self.title.as_str(), self.who.as_str()].into_iter().chain(parts)
    }
}

fn told(deed: &Deed) -> (String, Vec<(&'static str, String)>) {
    let text = String::clone;
    match deed {
        Deed::Read => ("Read".into(), vec![]),
        Deed::Marked(urgency) => (format!("Urgency: {}", urgency_words(*urgency).to_lowercase()), vec![]),
        Deed::Action { what } => ("Done".into(), vec![("", text(what))]),
        Deed::Decision { what, because } => {
            ("Decided".into(), vec![("", text(what)), ("Because", text(because))])
        }
        Deed::Told { whom, when, how, what } => {
            let parts = vec![("When", text(when)), ("How", text(how)), ("What was said", text(what))];
            (format!("Told: {whom}"), parts)
        }
        Deed::Outcome { what } => ("How it came out".into(), vec![("", text(what))]),
        Deed::Closed { because } => ("Closed".into(), vec![("Because", text(because))]),
        Deed::Reopened { because } => ("Opened again".into(), vec![("Because", text(because))]),
        Deed::Answered { words, from, until, .. } => {
            let days = format!("{} to {}", from.in_words(), until.in_words());
            ("Answered the child".into(), vec![("", text(words)), ("At the kiosks", days)])
        }
        Deed::NoAnswer { from } => {
            ("Took the answer back".into(), vec![("Not at the kiosks from", from.in_words())])
        }
        Deed::MayGo => ("Its time has come: agreed that it goes".into(), vec![]),
        Deed::Correction { of, what } => (format!("Correction of entry {of}"), vec![("", text(what))]),
        Deed::HandedOver { to, because } => {
            (format!("Handed over to {}", to.name), vec![("Because", text(because))])
        }
        Deed::SteppedAside { to, because } => {
            (format!("Stepped aside: {} goes on with it", to.name), vec![("Because", text(because))])
        }
        Deed::Exported { because } => {
            ("Taken out on paper or in a file".into(), vec![("Because", text(because))])
        }
        Deed::Held { because } => ("Must be kept".into(), vec![("Because", text(because))]),
        Deed::Released { because } => ("Need not be kept any more".into(), vec![("Because", text(because))]),
        Deed::Incident { heading, kind, place, what } => {
            let parts = vec![("Kind", text(kind)), ("Where", text(place)), ("", text(what))];
            (format!("Incident: {}", heading.to_lowercase()), parts)
        }
    }
}

/// Somebody who saw the report.
#[derive(Debug, Serialize)]
pub(super) struct SeenRow {
    when: String,
    who: String,
    what: &'static str,
}

impl SeenRow {
    pub(super) fn reading(reading: &ReportEntry, zone: &TimeZone) -> Self {
        Self { when: desk_view::when(reading.at, zone), who: reading.by.name.clone(), what: "read it" }
    }
    pub(super) fn noted(noted: &Noted, zone: &TimeZone) -> Self {
        Self {
            when: desk_view::when(noted.at, zone),
            who: noted.account.clone().unwrap_or_else(|| "the hub".into()),
            what: match noted.what.as_str() {
                "report found" => "found it in the box",
                "report read" => "read it",
                "report marked now" => "marked it: now",
                "report marked today" => "marked it: today",
                "report marked this-week" => "marked it: this week",
                _ => "did something with it",
            },
        }
    }
}

/// When a role last opened the box; never what was in it.
#[derive(Debug, Serialize)]
pub(super) struct OpeningRow {
    role: &'static str,
    holder: String,
    when: String,
    today: bool,
}

impl OpeningRow {
    pub(super) fn new(stored: &StoredKey, today: Day, zone: &TimeZone) -> Self {
        Self {
            role: crate::role_keys::title(stored.public.role),
            holder: stored.holder.clone(),
            when: stored.opened.map(|moment| desk_view::when(moment, zone)).unwrap_or_default(),
            today: stored.opened.is_some_and(|moment| clock::day(moment, zone) == today),
        }
    }
}

const fn urgency_words(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Now => "Now",
        Urgency::Today => "Today",
        Urgency::ThisWeek => "This week",
    }
}

fn about(route: Route, tell: Option<&Tell>) -> &'static str {
    match route {
        Route::Safeguarding => "",
        Route::AboutGrownUp => "About a grown-up at school",
        Route::AboutHeadteacher if grown_ups_too(tell) => {
            "About the headteacher or another grown-up at school"
        }
        Route::AboutHeadteacher => "About the headteacher",
    }
}

/// Whether what is told about any grown-up at school goes the way of what is told about the headteacher.
fn grown_ups_too(tell: Option<&Tell>) -> bool {
    tell.is_some_and(|tell| tell.about_grown_ups() == Route::AboutHeadteacher)
}

/// Who else can read reports of a route.
pub(super) fn readers(route: Route, me: Role) -> String {
    let other = route.roles().into_iter().find(|role| *role != me);
    other.map(|role| in_a_sentence(role).to_owned()).unwrap_or_default()
}

/// Both readers of a route: “the headteacher and the chair of governors”.
pub(in crate::desk) fn readers_of(route: Route) -> String {
    route.roles().map(in_a_sentence).join(" and ")
}

/// What a role reads, a sentence for each route.
pub(super) fn reads(role: Role, tell: Option<&Tell>) -> Vec<String> {
    let all_of_them = grown_ups_too(tell);
    let of = |route: Route| {
        let what = match route {
            Route::Safeguarding => "What children tell",
            Route::AboutGrownUp => "What children tell about a grown-up at school",
            Route::AboutHeadteacher if all_of_them => "What children tell about any grown-up at school",
            Route::AboutHeadteacher => "What children tell about the headteacher",
        };
        format!("{what} is for you and {}; nobody else can open it.", readers(route, role))
    };
    let goes = |route: &Route| !all_of_them || *route != Route::AboutGrownUp;
    Route::ALL.into_iter().filter(|route| role.reads(*route)).filter(goes).map(of).collect()
}

/// What a role is called in a sentence.
pub(super) const fn in_a_sentence(role: Role) -> &'static str {
    match role {
        Role::Safeguarding => "the designated safeguarding lead",
        Role::Headteacher => "the headteacher",
        Role::Chair => "the chair of governors",
        Role::ViceChair => "the vice-chair of governors",
    }
}
