//! An entry with all that was added to it. Nothing is changed: what it says now is what was said last, and what was
//! said before stays beside it.

use std::collections::BTreeSet;

use jiff::{Span, tz::TimeZone};
use records::{
    agreement::Version,
    day::{Day, Moment},
    digest::Digest,
    ids::{PersonId, Slug},
    register::{Party, Register},
};

use super::answers::Answers;

/// An entry's id, and that of each addition.
pub type EntryId = [u8; 16];

/// What one row of a register is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An entry, or what it says after somebody added to it or put it right.
    Says(Answers),
    /// What it asks for was agreed to.
    Agreed,
    /// What it asks for was not agreed to.
    Refused,
}

/// One row, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: EntryId,
    /// What.
    pub what: What,
    /// Why, in the words of whoever wrote it; empty where nothing was said.
    pub note: String,
    /// The version of the form.
    pub version: Version,
    /// The form's exact words.
    pub words: Digest,
    /// Whom it is about, where they were chosen from the lists.
    pub person: Option<PersonId>,
    /// As whom the writer wrote it.
    pub party: Party,
    /// The writer's account.
    pub account: i64,
    /// The account's name.
    pub by: String,
    /// When.
    pub made: Moment,
}

/// An entry: its first row, and what was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rows, the first first. There is one at least, and the first says something.
    pub rows: Vec<Row>,
}

/// What was decided about what an entry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Nothing is asked for.
    NotAsked,
    /// These have yet to say.
    Waits(Vec<Party>),
    /// All of them said yes.
    Agreed,
    /// Somebody said no.
    Refused,
}

impl Entry {
    /// Its first row.
    pub fn first(&self) -> &Row {
        &self.rows[0]
    }

    /// Its last row: whoever adds to it has to have seen this one.
    pub fn last(&self) -> &Row {
        &self.rows[self.rows.len() - 1]
    }

    /// The row that says what it says now.
    pub fn now(&self) -> &Row {
        let says = self.rows.iter().rev().find(|row| matches!(row.what, What::Says(_)));
        says.unwrap_or_else(|| self.first())
    }

    /// What it says now.
    pub fn answers(&self) -> &Answers {
        static NOTHING: Answers = Answers(std::collections::BTreeMap::new());
        match &self.now().what {
            What::Says(answers) => answers,
            What::Agreed | What::Refused => &NOTHING,
        }
    }

    /// Whether this account wrote it.
    pub fn is_of(&self, account: i64) -> bool {
        self.first().account == account
    }

    /// Which of the questions that are answered later have no answer yet.
    pub fn unanswered<'r>(&self, register: &'r Register) -> Vec<&'r Slug> {
        register.later.iter().filter(|question| self.answers().get(question).is_none()).collect()
    }

    /// Whether something of it is still to be answered.
    pub fn is_open(&self, register: &Register) -> bool {
        self.decided(register) != Decided::Refused && !self.unanswered(register).is_empty()
    }

    /// The day on which nothing was left to answer; none while something is.
    pub fn closed_on(&self, register: &Register, zone: &TimeZone) -> Option<Day> {
        (!self.is_open(register)).then(|| crate::clock::day(self.last().made, zone))
    }

    /// By which day the next thing has to be done.
    pub fn due(&self, register: &Register) -> Option<Day> {
        if self.decided(register) == Decided::Refused {
            return None;
        }
        if register.later.is_empty() {
            return self.answers().day(register.due.first()?);
        }
        let next = register.later.iter().position(|question| self.answers().get(question).is_none())?;
        self.answers().day(register.due.get(next)?)
    }

    /// What was decided. A decision is about what the entry said then: whoever changes what it asks for asks anew.
    pub fn decided(&self, register: &Register) -> Decided {
        if register.decide.is_empty() {
            return Decided::NotAsked;
        }
        let asked_last = self.rows.iter().rposition(|row| self.asks_anew(register, row)).unwrap_or(0);
        let mut waits: Vec<Party> = register.decide.clone();
        for row in &self.rows[asked_last..] {
            match row.what {
                What::Refused => return Decided::Refused,
                What::Agreed => waits.retain(|party| *party != row.party),
                What::Says(_) => {}
            }
        }
        if waits.is_empty() { Decided::Agreed } else { Decided::Waits(waits) }
    }

    /// Whether a row changed anything but what is answered later.
    fn asks_anew(&self, register: &Register, row: &Row) -> bool {
        let What::Says(answers) = &row.what else { return false };
        let at = self.rows.iter().position(|other| other.id == row.id).unwrap_or(0);
        let before = self.rows[..at].iter().rev().find_map(|row| match &row.what {
            What::Says(before) => Some(before),
            _ => None,
        });
        before.is_none_or(|before| {
            changed(before, answers).iter().any(|question| !register.later.contains(question))
        })
    }

    /// When its clock ends; none where none runs.
    pub fn clock_ends(&self, register: &Register, zone: &TimeZone) -> Option<Moment> {
        let clock = register.clock.as_ref().filter(|_| self.is_open(register))?;
        let from = self.answers().get(&clock.from)?.at()?;
        let from = from.to_zoned(zone.clone()).ok()?;
        let ends = from.checked_add(Span::new().hours(i64::from(clock.hours))).ok()?;
        Some(Moment(ends.timestamp().as_second()))
    }

    /// What makes a later entry take this one's place in what is due.
    fn renewed_by(&self, register: &Register) -> Vec<String> {
        let key = |question: &Slug| {
            let listed = self.now().person.filter(|_| register.person.as_ref() == Some(question));
            listed.map_or_else(
                || {
                    self.answers()
                        .get(question)
                        .map(|said| said.in_words(None).to_lowercase())
                        .unwrap_or_default()
                },
                |person| person.to_string(),
            )
        };
        register.renews.iter().map(key).collect()
    }
}

/// The questions whose answer is another.
pub fn changed(before: &Answers, after: &Answers) -> Vec<Slug> {
    let questions: BTreeSet<&Slug> = before.0.keys().chain(after.0.keys()).collect();
    questions.into_iter().filter(|question| before.get(question) != after.get(question)).cloned().collect()
}

/// Entries by which something is due, the earliest first. Of those that renew each other the last counts.
pub fn due<'e>(register: &Register, entries: &'e [Entry]) -> Vec<(Day, &'e Entry)> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<(Day, &Entry)> = Vec::new();
    // The latest first, whichever day they say.
    for entry in entries.iter().rev() {
        let Some(day) = entry.due(register) else { continue };
        if register.renews.is_empty() || seen.insert(entry.renewed_by(register)) {
            all.push((day, entry));
        }
    }
    all.sort_by_key(|(day, entry)| (*day, entry.first().made));
    all
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use records::{
        form::{Choice, Form, FormAudience, FormKind, Question, QuestionType},
        register::Hours,
    };

    use super::*;
    use crate::registers::answers::{self, Answered};

    pub(crate) fn slug(text: &str) -> Slug {
        text.parse().unwrap()
    }

    /// Loans of tablets.
    pub(crate) fn register() -> Register {
        let question = |id: &str, answer, choices: &[&str], required| Question {
            id: slug(id),
            words: id.to_owned(),
            help: None,
            answer,
            choices: choices
                .iter()
                .map(|words| Choice {
                    id: slug(&words.to_lowercase()),
                    words: (*words).to_owned(),
                    symbol: None,
                })
                .collect(),
            required,
            refused_by: None,
        };
        let questions = vec![
            question("what", QuestionType::Text, &[], true),
            question("out", QuestionType::Date, &[], true),
            question("state", QuestionType::Choice, &["Good", "Worn"], true),
            question("at", QuestionType::Moment, &[], true),
            question("ticks", QuestionType::Several, &["Case", "Charger"], false),
            question("agreed", QuestionType::YesNo, &[], false),
            question("back", QuestionType::Date, &[], true),
        ];
        let form = Form {
            id: slug("loan"),
            title: "A tablet goes out".into(),
            kind: FormKind::Log,
            version: "1.0".parse().unwrap(),
            summary: String::new(),
            intro: vec![],
            audience: FormAudience::Staff,
            retention: None,
            legal: vec![],
            purposes: vec![],
            questions,
            withdraw: None,
            sign_off: vec![],
            every_year: false,
        };
        Register {
            form,
            cycle: None,
            entry_each_cycle: false,
            write: vec![Party::Office],
            read: vec![Party::Office],
            sign: vec![],
            decide: vec![],
            about_pupils: false,
            person: None,
            later: vec![slug("back")],
            due: vec![slug("out")],
            renews: vec![],
            clock: None,
            figures: false,
            count: vec![],
            quick: false,
        }
    }

    fn row(id: u8, what: What, party: Party) -> Row {
        Row {
            id: [id; 16],
            what,
            note: String::new(),
            version: "1.0".parse().unwrap(),
            words: Digest::of(b"x"),
            person: None,
            party,
            account: 1,
            by: "office".into(),
            made: Moment(1_789_372_800 + i64::from(id)),
        }
    }

    fn says(more: &[(&str, &str)]) -> What {
        let mut typed =
            vec![("what", "Tablet 12"), ("out", "2026-09-14"), ("state", "good"), ("at", "2026-09-14T08:30")];
        typed.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        typed.extend(more);
        let typed: Vec<_> = typed.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        What::Says(answers::read(&register(), &typed, "office").unwrap())
    }

    #[test]
    fn an_entry_is_open_until_what_is_answered_later_is_and_then_nothing_is_due() {
        let register = register();
        let mut entry = Entry { rows: vec![row(1, says(&[]), Party::Office)] };
        assert!(entry.is_open(&register));
        assert_eq!(entry.due(&register), Some("2026-09-14".parse().unwrap()));
        entry.rows.push(row(2, says(&[("back", "2026-09-20")]), Party::Technician));
        assert!(!entry.is_open(&register));
        assert_eq!(entry.due(&register), None);
        assert_eq!(entry.first().what, says(&[]), "what it said first is still there");
        assert_eq!(entry.answers().day(&slug("back")), Some("2026-09-20".parse().unwrap()));
    }

    #[test]
    fn everybody_who_is_asked_has_to_agree_a_no_ends_it_and_another_wish_is_asked_anew() {
        let register = Register { decide: vec![Party::Headteacher, Party::Technician], ..register() };
        let mut entry = Entry { rows: vec![row(1, says(&[]), Party::Staff)] };
        entry.rows.push(row(2, What::Agreed, Party::Headteacher));
        assert_eq!(entry.decided(&register), Decided::Waits(vec![Party::Technician]));
        entry.rows.push(row(3, What::Agreed, Party::Technician));
        assert_eq!(entry.decided(&register), Decided::Agreed);
        entry.rows.push(row(4, says(&[("back", "2026-09-20")]), Party::Staff));
        assert_eq!(entry.decided(&register), Decided::Agreed, "how it ended is no other wish");
        entry.rows.push(row(5, says(&[("what", "Forty tablets")]), Party::Staff));
        let all = vec![Party::Headteacher, Party::Technician];
        assert_eq!(entry.decided(&register), Decided::Waits(all), "nobody agreed to this");
        entry.rows.push(row(6, What::Refused, Party::Technician));
        assert_eq!(entry.decided(&register), Decided::Refused);
        assert!(!entry.is_open(&register) && entry.due(&register).is_none());
    }

    #[test]
    fn the_clock_runs_from_when_it_was_noticed_at_the_school_and_stops_with_the_last_answer() {
        let clock = Some(Hours { hours: 72, from: slug("at") });
        let register = Register { clock, ..register() };
        let london = TimeZone::get("Europe/London").unwrap();
        let mut entry = Entry { rows: vec![row(1, says(&[("at", "2026-10-24T09:00")]), Party::Office)] };
        let ends = entry.clock_ends(&register, &london).unwrap();
        let wall = crate::clock::local(ends, &london).strftime("%Y-%m-%d %H:%M").to_string();
        assert_eq!(wall, "2026-10-27 08:00", "an hour is an hour, also in the night the clocks go back");
        entry.rows.push(row(2, says(&[("back", "2026-10-25")]), Party::Office));
        assert_eq!(entry.clock_ends(&register, &london), None);
    }

    #[test]
    fn a_later_training_takes_the_place_of_an_earlier_one_in_what_is_due() {
        let register = Register { later: vec![], renews: vec![slug("what")], ..register() };
        let entry = |id, what, day| Entry {
            rows: vec![row(id, says(&[("what", what), ("out", day)]), Party::Office)],
        };
        let all = [
            entry(1, "Fire", "2026-01-01"),
            entry(2, "Prevent", "2026-03-01"),
            entry(3, "fire", "2027-01-01"),
        ];
        let days: Vec<_> = due(&register, &all).iter().map(|(day, _)| day.to_string()).collect();
        assert_eq!(days, ["2026-03-01", "2027-01-01"]);
        let what = Answered::Words("Fire".into());
        assert_eq!(all[0].answers().get(&slug("what")), Some(&what));
    }
}
