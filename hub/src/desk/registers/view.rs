//! What the pages of registers are told.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use records::{
    day::{Day, Moment},
    digest::Digest,
    form::{Form, Question, QuestionType},
    ids::Slug,
    register::{Cycle, Party, Register},
};
use serde::Serialize;

use crate::{
    desk::view,
    registers::{
        answers::{Answered, Answers},
        cycle::Standing,
        entry::{self, Decided, Entry, What},
    },
    store::register_entries::SignOff,
};

/// The longest title of an entry, in letters.
const TITLE: usize = 60;
/// How long before a day it is said that something is due, in days.
pub(super) const SOON: i32 = 30;

/// An entry in a list.
#[derive(Debug, Serialize)]
pub(super) struct EntryRow {
    pub(super) id: String,
    pub(super) when: String,
    pub(super) by: String,
    /// The first answers.
    pub(super) cells: Vec<String>,
    pub(super) state: State,
    pub(super) due: String,
    /// Whether that day is over.
    pub(super) late: bool,
    /// How often something was added to it.
    pub(super) added: usize,
}

/// How an entry stands.
#[derive(Debug, Serialize)]
pub(super) struct State {
    /// The class of its chip.
    pub(super) kind: &'static str,
    pub(super) words: String,
}

/// An answer.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) question: String,
    pub(super) answer: String,
}

/// A row of an entry, in its history.
#[derive(Debug, Serialize)]
pub(super) struct Added {
    pub(super) what: String,
    pub(super) by: String,
    pub(super) when: String,
    pub(super) note: String,
    /// What was another before.
    pub(super) changes: Vec<Change>,
}

/// An answer that was another before.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) question: String,
    /// Empty where there was none.
    pub(super) before: String,
    pub(super) after: String,
}

/// A sign-off.
#[derive(Debug, Serialize)]
pub(super) struct Signed {
    pub(super) when: String,
    pub(super) by: String,
    pub(super) entries: usize,
    pub(super) still_open: usize,
    pub(super) note: String,
}

impl Signed {
    pub(super) fn new(sign: &SignOff, zone: &TimeZone) -> Self {
        Self {
            when: view::when(sign.made, zone),
            by: who(&sign.by, sign.party),
            entries: sign.entries,
            still_open: sign.still_open,
            note: sign.note.clone(),
        }
    }
}

/// What shows entries: the register as it is now, the words of every time, and where and when we are.
pub(super) struct Shower<'s> {
    pub(super) register: &'s Register,
    pub(super) words: HashMap<Digest, Form>,
    pub(super) zone: TimeZone,
    pub(super) today: Day,
}

impl Shower<'_> {
    /// The form that a row answers.
    fn form(&self, words: &Digest) -> &Form {
        self.words.get(words).unwrap_or(&self.register.form)
    }

    fn question<'f>(form: &'f Form, id: &Slug) -> Option<&'f Question> {
        form.questions.iter().find(|question| question.id == *id)
    }

    /// The questions whose answers stand in the list: the first that have to be answered.
    pub(super) fn columns(&self) -> Vec<&Question> {
        const MOST: usize = 3;
        let questions = &self.register.form.questions;
        let is_short =
            |q: &&Question| q.answer != QuestionType::Several && !self.register.later.contains(&q.id);
        let first = questions.iter().filter(is_short).filter(|q| q.required);
        let mut columns: Vec<&Question> = first.take(MOST).collect();
        let more = questions.iter().filter(is_short).filter(|q| !q.required);
        columns.extend(more.take(MOST - columns.len()));
        columns
    }

    /// An answer in words; empty where there is none.
    pub(super) fn answer(&self, entry: &Entry, id: &Slug) -> String {
        let question = Self::question(self.form(&entry.now().words), id);
        entry.answers().get(id).map(|said| said.in_words(question)).unwrap_or_default()
    }

    pub(super) fn row(&self, entry: &Entry) -> EntryRow {
        let due = entry.due(self.register);
        EntryRow {
            id: id_text(&entry.first().id),
            when: view::when(entry.first().made, &self.zone),
            by: who(&entry.first().by, entry.first().party),
            cells: self.columns().iter().map(|question| self.answer(entry, &question.id)).collect(),
            state: self.state(entry),
            due: due.map(Day::in_words).unwrap_or_default(),
            late: due.is_some_and(|due| due < self.today),
            added: entry.rows.len() - 1,
        }
    }

    /// What an entry is called: its first answer in words.
    pub(super) fn title(&self, entry: &Entry) -> String {
        let form = self.form(&entry.now().words);
        let said = form.questions.iter().find_map(|question| match entry.answers().get(&question.id)? {
            Answered::Words(words) => words.lines().next(),
            _ => None,
        });
        let said = said.unwrap_or(&self.register.form.title);
        let short: String = said.chars().take(TITLE).collect();
        if short.len() < said.len() { format!("{short}…") } else { short }
    }

    pub(super) fn state(&self, entry: &Entry) -> State {
        let state = |kind, words: &str| State { kind, words: words.to_owned() };
        match entry.decided(self.register) {
            Decided::Refused => return state("stop", "Not agreed"),
            Decided::Waits(parties) => {
                let names: Vec<_> = parties.iter().map(|party| party_words(*party)).collect();
                return state("wait", &format!("Waits for {}", names.join(" and ")));
            }
            Decided::Agreed | Decided::NotAsked => {}
        }
        let agreed = entry.decided(self.register) == Decided::Agreed;
        if entry.is_open(self.register) {
            if entry.due(self.register).is_some_and(|due| due < self.today) {
                return state("stop", "Overdue");
            }
            return state("wait", if agreed { "Agreed, open" } else { "Open" });
        }
        match (agreed, self.register.later.is_empty()) {
            (true, true) => state("done", "Agreed"),
            (true, false) => state("done", "Agreed and done"),
            (false, false) => state("done", "Done"),
            (false, true) => state("", ""),
        }
    }

    /// Everything that an entry says now.
    pub(super) fn lines(&self, entry: &Entry) -> Vec<Line> {
        let form = self.form(&entry.now().words);
        let answers = entry.answers();
        let asked = form.questions.iter().filter_map(|question| {
            let said = answers.get(&question.id)?;
            Some(Line { question: question.words.clone(), answer: said.in_words(Some(question)) })
        });
        let unknown = answers.0.iter().filter(|(id, _)| Self::question(form, id).is_none());
        let unknown =
            unknown.map(|(id, said)| Line { question: id.to_string(), answer: said.in_words(None) });
        asked.chain(unknown).collect()
    }

    /// The questions that are still to be answered.
    pub(super) fn open_questions(&self, entry: &Entry) -> Vec<String> {
        if !entry.is_open(self.register) {
            return Vec::new();
        }
        let words =
            |id: &Slug| self.register.question(id).map_or_else(|| id.to_string(), |q| q.words.clone());
        entry.unanswered(self.register).into_iter().map(words).collect()
    }

    /// Each row, the first first.
    pub(super) fn history(&self, entry: &Entry) -> Vec<Added> {
        let mut before: Option<&Answers> = None;
        let mut all = Vec::new();
        for row in &entry.rows {
            let form = self.form(&row.words);
            let (mut what, mut changes) = (String::new(), Vec::new());
            match &row.what {
                What::Agreed => what.push_str("Agreed"),
                What::Refused => what.push_str("Not agreed"),
                What::Says(answers) => {
                    let earlier = before.replace(answers);
                    what.push_str(match earlier {
                        None => "Entered",
                        Some(_) => "Added to, or put right",
                    });
                    if let Some(earlier) = earlier {
                        let words = |answers: &Answers, id: &Slug| {
                            let said = answers.get(id);
                            said.map(|said| said.in_words(Self::question(form, id))).unwrap_or_default()
                        };
                        let changed = entry::changed(earlier, answers);
                        changes.extend(changed.iter().map(|id| Change {
                            question:
                                Self::question(form, id).map_or_else(|| id.to_string(), |q| q.words.clone()),
                            before: words(earlier, id),
                            after: words(answers, id),
                        }));
                    }
                }
            }
            all.push(Added {
                what,
                by: who(&row.by, row.party),
                when: view::when(row.made, &self.zone),
                note: row.note.clone(),
                changes,
            });
        }
        all
    }

    /// Whether what was searched for stands in it, in any answer, note or writer's name.
    pub(super) fn has(&self, entry: &Entry, wanted: &str) -> bool {
        let wanted: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
        if wanted.is_empty() {
            return true;
        }
        let mut all: Vec<String> = self.lines(entry).into_iter().map(|line| line.answer).collect();
        all.extend(entry.rows.iter().flat_map(|row| [row.note.clone(), row.by.clone()]));
        let all = all.join("\n").to_lowercase();
        wanted.iter().all(|word| all.contains(word.as_str()))
    }
}

pub(super) fn id_text(id: &[u8; 16]) -> String {
    data_encoding::HEXLOWER.encode(id)
}

pub(super) fn id_of(text: &str) -> Option<[u8; 16]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// An account, and as whom it acted.
pub(super) fn who(name: &str, party: Party) -> String {
    match party {
        Party::Staff => name.to_owned(),
        _ if name == party.as_str() => name.to_owned(),
        _ => format!("{name} ({})", party_words(party).trim_start_matches("the ")),
    }
}

pub(super) const fn party_words(party: Party) -> &'static str {
    match party {
        Party::Office => "the office",
        Party::Headteacher => "the headteacher",
        Party::Safeguarding => "the safeguarding lead",
        Party::Technician => "the technician",
        Party::Governors => "a governor",
        Party::Staff => "staff",
    }
}

pub(super) const fn cycle_words(cycle: Cycle) -> &'static str {
    match cycle {
        Cycle::Weekly => "Each week of term",
        Cycle::Monthly => "Each month",
        Cycle::HalfTermly => "Twice a term",
        Cycle::Termly => "Each term",
        Cycle::Yearly => "Once a year",
    }
}

/// How a register stands: the class of a chip, and the words.
pub(super) fn standing(standing: Standing) -> State {
    let state = |kind, words| State { kind, words };
    match standing {
        Standing::Late(day) => state("stop", format!("Sign-off was due by {}", day.in_words())),
        Standing::Today => state("wait", "Sign-off due today".to_owned()),
        Standing::Soon(day) => state("wait", format!("Sign-off due by {}", day.in_words())),
        Standing::By(day) => state("", format!("Next sign-off by {}", day.in_words())),
        Standing::Nothing => state("", String::new()),
    }
}

/// “51 hours left”, “3 hours over”.
pub(super) fn hours_left(ends: Moment, now: Moment) -> (String, bool) {
    let seconds = ends.0 - now.0;
    let hours = seconds.abs() / 3600;
    let words = match (seconds >= 0, hours) {
        (true, 0) => "less than an hour left".to_owned(),
        (true, 1) => "1 hour left".to_owned(),
        (true, hours) => format!("{hours} hours left"),
        (false, 0) => "over since less than an hour".to_owned(),
        (false, 1) => "over since 1 hour".to_owned(),
        (false, hours) => format!("over since {hours} hours"),
    };
    (words, seconds < 0)
}
