//! What the templates are told of reports: the child's own choices, in the words that the child saw.

use jiff::tz::TimeZone;
use records::{
    day::Day,
    ids::Slug,
    report::{Report, Role, Route},
    tell::{Asked, Tell},
};
use serde::Serialize;

use super::view;
use crate::{
    clock,
    store::{
        reports::{Deed, Found, Triage},
        role_keys::StoredKey,
    },
};

/// An answer of the child: the question, its words, its picture.
#[derive(Debug, Serialize)]
pub(super) struct AnswerRow {
    question: String,
    words: String,
    symbol: String,
}

/// A report.
#[derive(Debug, Serialize)]
pub(super) struct ReportCard {
    id: String,
    day: String,
    about: &'static str,
    answers: Vec<AnswerRow>,
    feeling: Option<AnswerRow>,
    headline: String,
    talk_with: String,
    words: String,
    triage: &'static str,
    triage_words: &'static str,
}

impl ReportCard {
    pub(super) fn new(found: &Found, report: &Report, tell: Option<&Tell>) -> Self {
        let answers = answers(report, tell);
        let first = |asked: Asked, ids: Option<&Slug>| ids.map(|id| answer(asked, id, tell));
        let headline = first(Asked::Happened, report.happened.first()).map(|a| a.words);
        Self {
            id: found.id.to_string(),
            day: report.day.in_words(),
            about: about(found.route),
            feeling: first(Asked::Feeling, report.feeling.as_ref()),
            headline: headline.unwrap_or_else(|| "Did not want to say what happened".into()),
            answers,
            talk_with: report.talk_with.clone().unwrap_or_default(),
            words: report.words.clone().unwrap_or_default(),
            triage: found.triage.map_or("", Triage::as_str),
            triage_words: found.triage.map_or("", triage_words),
        }
    }
    /// Whether nobody has said yet how soon something has to be done.
    pub(super) const fn is_new(&self) -> bool {
        self.triage.is_empty()
    }
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
fn answer(asked: Asked, id: &Slug, tell: Option<&Tell>) -> AnswerRow {
    let question = tell.and_then(|t| t.questions.iter().find(|q| q.asked == asked));
    let choice = tell.and_then(|t| t.choice(asked, id));
    AnswerRow {
        question: question.map_or_else(|| asked.as_str().to_owned(), |q| q.words.clone()),
        words: choice.map_or_else(|| id.to_string(), |c| c.words.clone()),
        symbol: choice.map(|c| c.symbol.to_string()).unwrap_or_default(),
    }
}

/// Something that was done.
#[derive(Debug, Serialize)]
pub(super) struct DeedRow {
    when: String,
    who: String,
    what: &'static str,
}

impl DeedRow {
    pub(super) fn new(deed: &Deed, zone: &TimeZone) -> Self {
        Self {
            when: view::when(deed.at, zone),
            who: deed.account.clone().unwrap_or_else(|| "the hub".into()),
            what: match deed.what.as_str() {
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
            role: title(stored.public.role),
            holder: stored.holder.clone(),
            when: stored.opened.map(|moment| view::when(moment, zone)).unwrap_or_default(),
            today: stored.opened.is_some_and(|moment| clock::day(moment, zone) == today),
        }
    }
}

const fn triage_words(triage: Triage) -> &'static str {
    match triage {
        Triage::Now => "Now",
        Triage::Today => "Today",
        Triage::ThisWeek => "This week",
    }
}

/// What staff call a role.
pub(super) const fn title(role: Role) -> &'static str {
    match role {
        Role::Safeguarding => "Designated safeguarding lead",
        Role::Headteacher => "Headteacher",
        Role::Chair => "Chair of governors",
        Role::ViceChair => "Vice-chair of governors",
    }
}

const fn about(route: Route) -> &'static str {
    match route {
        Route::Safeguarding => "",
        Route::AboutGrownUp => "About a grown-up at school",
        Route::AboutHeadteacher => "About the headteacher",
    }
}

/// Who else can read reports of a route.
pub(super) fn readers(route: Route, me: Role) -> String {
    let other = route.roles().into_iter().find(|role| *role != me);
    other.map(|role| in_a_sentence(role).to_owned()).unwrap_or_default()
}

/// What a role reads, a sentence for each route.
pub(super) fn reads(role: Role) -> Vec<String> {
    let of = |route: Route| {
        let what = match route {
            Route::Safeguarding => "What children tell",
            Route::AboutGrownUp => "What children tell about a grown-up at school",
            Route::AboutHeadteacher => "What children tell about the headteacher",
        };
        format!("{what} is for you and {}; nobody else can open it.", readers(route, role))
    };
    Route::ALL.into_iter().filter(|route| role.reads(*route)).map(of).collect()
}

const fn in_a_sentence(role: Role) -> &'static str {
    match role {
        Role::Safeguarding => "the designated safeguarding lead",
        Role::Headteacher => "the headteacher",
        Role::Chair => "the chair of governors",
        Role::ViceChair => "the vice-chair of governors",
    }
}
