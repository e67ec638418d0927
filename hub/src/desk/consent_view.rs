//! What the templates are told of consent: everything in words and numbers, nothing left to reckon.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use records::{
    consent::{Answer, Standing},
    form::{Form, Purpose},
    ids::{ClassId, PersonId},
};
use serde::Serialize;

use super::{consent_paper::PaperForm, view};
use crate::{
    clock,
    import::{Kind, languages},
    store::{
        consents::{ConsentBook, LiftedNo, Taken},
        families::{GrownUp, Responsibility},
        people::{ClassRow, Person},
    },
};

/// All that consent pages are made of, on one state of the hub.
pub(super) struct Whole {
    pub(super) book: ConsentBook,
    pub(super) classes: Vec<ClassRow>,
    pub(super) pupils: Vec<Person>,
    /// Staff, volunteers and governors who are here.
    pub(super) adults: Vec<Person>,
    pub(super) grown_ups: HashMap<PersonId, GrownUp>,
    pub(super) responsibilities: Vec<Responsibility>,
    /// Whose contact with which pupil is restricted.
    pub(super) restricted: HashSet<(PersonId, PersonId)>,
    pub(super) zone: TimeZone,
    /// What accounts of the desk are called.
    pub(super) accounts: HashMap<i64, String>,
}

impl Whole {
    /// Those who are here, of a class, by surname.
    pub(super) fn of_class(&self, class: ClassId) -> impl Iterator<Item = &Person> {
        self.pupils.iter().filter(move |p| p.class == Some(class))
    }

    /// Pupils and grown-ups.
    pub(super) fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.pupils.iter().chain(&self.adults)
    }

    /// Every form that is asked of somebody.
    pub(super) fn forms(&self) -> impl Iterator<Item = &Form> {
        self.book.forms.iter().chain(&self.book.adult_forms)
    }

    /// The forms that are asked of, or for, somebody.
    pub(super) fn forms_of(&self, person: &Person) -> &[Form] {
        if person.kind == Kind::Pupils { &self.book.forms } else { &self.book.adult_forms }
    }

    /// Whether grown-ups answer a form for themselves.
    pub(super) fn is_of_adults(&self, form: &Form) -> bool {
        self.book.adult_forms.iter().any(|one| one.id == form.id)
    }

    /// Of, or for, whom a form is asked.
    pub(super) fn asked(&self, form: &Form) -> &[Person] {
        if self.is_of_adults(form) { &self.adults } else { &self.pupils }
    }

    /// A pupil's class; of a grown-up, what they are here.
    pub(super) fn class_name(&self, pupil: &Person) -> &str {
        if pupil.kind != Kind::Pupils {
            return adults_name(pupil.kind);
        }
        let class = self.classes.iter().find(|c| Some(c.id) == pupil.class);
        class.map_or("", |c| c.name.as_str())
    }

    /// Who decides for a pupil now, with what they are to them.
    pub(super) fn deciders(&self, pupil: PersonId) -> impl Iterator<Item = (&GrownUp, &str)> {
        let now = self.responsibilities.iter().filter(move |one| one.pupil == pupil && one.ended.is_none());
        now.filter_map(|one| Some((self.grown_ups.get(&one.grown_up)?, one.relation.as_str())))
    }

    /// What somebody who decided is called: also when they decide no more.
    fn who(&self, person: PersonId, pupil: PersonId) -> String {
        if person == pupil {
            let is_child = self.pupils.iter().any(|one| one.id == pupil);
            return if is_child { "the child" } else { "they themselves" }.to_owned();
        }
        let Some(grown_up) = self.grown_ups.get(&person) else {
            return "somebody who is on no list here".to_owned();
        };
        let found = self.responsibilities.iter().find(|one| (one.grown_up, one.pupil) == (person, pupil));
        let mut text = grown_up.name.clone();
        match found {
            None => text.push_str(" (decides for no pupil of this name)"),
            Some(one) => {
                if !one.relation.is_empty() {
                    text.push_str(&format!(", {}", one.relation.to_lowercase()));
                }
                if one.ended.is_some() {
                    text.push_str(" (decides no more)");
                }
                if self.restricted.contains(&(person, pupil)) {
                    text.push_str(" (contact restricted)");
                }
            }
        }
        text
    }

    pub(super) fn standing(&self, pupil: &Person, form: &Form, purpose: &Purpose) -> Standing {
        self.book.standing(pupil.id, form, purpose)
    }

    /// Whether the child's own no to a use stands. Grown-ups who answer for themselves are no children.
    pub(super) fn child_said_no(&self, pupil: &Person, form: &Form, purpose: &Purpose) -> bool {
        pupil.kind == Kind::Pupils && self.book.child_said_no(pupil.id, form, &purpose.id)
    }

    /// Whether nothing of a form has to be asked of this pupil's family.
    pub(super) fn is_answered(&self, pupil: &Person, form: &Form) -> bool {
        form.purposes.iter().all(|purpose| self.standing(pupil, form, purpose) != Standing::NotAsked)
    }
}

/// A form in short: how it is answered.
#[derive(Debug, Serialize)]
pub(super) struct FormCard {
    id: String,
    title: String,
    version: String,
    /// “pupils” or “grown-ups”.
    of: &'static str,
    answered: usize,
    asked: usize,
    percent: usize,
    purposes: Vec<PurposeRow>,
}

/// One use, and how many said what.
#[derive(Debug, Serialize)]
struct PurposeRow {
    words: String,
    yes: usize,
    no: usize,
    not_asked: usize,
}

impl FormCard {
    pub(super) fn new(whole: &Whole, form: &Form) -> Self {
        let people = whole.asked(form);
        let asked = people.len();
        let answered = people.iter().filter(|pupil| whole.is_answered(pupil, form)).count();
        let row = |purpose: &Purpose| {
            let count = |wanted: Standing| {
                people.iter().filter(|pupil| whole.standing(pupil, form, purpose) == wanted).count()
            };
            PurposeRow {
                words: purpose.words.clone(),
                yes: count(Standing::Yes),
                no: count(Standing::No),
                not_asked: count(Standing::NotAsked),
            }
        };
        Self {
            id: form.id.to_string(),
            title: form.title.clone(),
            version: form.version.to_string(),
            of: if whole.is_of_adults(form) { "grown-ups" } else { "pupils" },
            answered,
            asked,
            percent: (answered * 100).checked_div(asked).unwrap_or_default(),
            purposes: form.purposes.iter().map(row).collect(),
        }
    }
}

/// A pupil's line of a grid.
#[derive(Debug, Serialize)]
pub(super) struct PupilRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) tile: String,
    pub(super) class: String,
    pub(super) cells: Vec<Cell>,
}

/// What may be done for one use.
#[derive(Debug, Serialize)]
pub(super) struct Cell {
    purpose: String,
    state: &'static str,
}

pub(super) const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Yes => "yes",
        Standing::No => "no",
        Standing::NotAsked => "ask",
    }
}

impl PupilRow {
    pub(super) fn new(whole: &Whole, pupil: &Person, form: &Form) -> Self {
        let cell = |purpose: &Purpose| Cell {
            purpose: purpose.words.clone(),
            state: state(whole.standing(pupil, form, purpose)),
        };
        Self {
            id: pupil.id.to_string(),
            name: pupil.name(),
            tile: pupil.tile.clone(),
            class: whole.class_name(pupil).to_owned(),
            cells: form.purposes.iter().map(cell).collect(),
        }
    }
}

/// A form on a pupil's page.
#[derive(Debug, Serialize)]
pub(super) struct PupilForm {
    id: String,
    title: String,
    version: String,
    uses: Vec<Use>,
    history: Vec<Deed>,
    paper: PaperForm,
}

/// One use on a pupil's page.
#[derive(Debug, Serialize)]
struct Use {
    id: String,
    words: String,
    meaning: String,
    state: &'static str,
    said: Vec<SaidRow>,
}

/// What one person said.
#[derive(Debug, Serialize)]
struct SaidRow {
    who: String,
    answer: &'static str,
    /// It was another wording, or another school year.
    earlier: bool,
    /// The decision, where it is a no that the office may lift.
    lifts: String,
    /// What is lifted: the use, or the question by which the child's own no was told.
    lifts_for: String,
}

/// Something that was decided, or lifted.
#[derive(Debug, Serialize)]
struct Deed {
    when: String,
    at: i64,
    who: String,
    version: String,
    answers: Vec<String>,
    said: Vec<String>,
    /// Who entered it from paper; empty where it was at a kiosk.
    entered_by: String,
    /// How it was taken back, where it was entered by mistake.
    taken_back: String,
    /// The page of the paper; empty where it was at a kiosk.
    entry: String,
    /// What its scan is; empty where it has none.
    scan: &'static str,
    helped: bool,
    /// The language in which it was read beside the English.
    read_in: String,
    lifted: String,
    reference: String,
}

impl PupilForm {
    pub(super) fn new(whole: &Whole, pupil: &Person, form: &Form, paper: PaperForm) -> Self {
        let decisions = whole.book.decisions(pupil.id, &form.id);
        let told = whole.book.told_noes(pupil.id, form);
        let of_use = |purpose: &Purpose| {
            let said = decisions.people().filter_map(|person| {
                let own = whole.book.own(pupil.id, form, purpose, person)?;
                let (answer, lifts) = match own.answer {
                    Answer::Yes => ("yes", String::new()),
                    Answer::No => {
                        ("no", own.decisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
                    }
                };
                Some(SaidRow {
                    who: whole.who(person, pupil.id),
                    answer,
                    earlier: !own.counts,
                    lifts,
                    lifts_for: purpose.id.to_string(),
                })
            });
            let of_child = told.iter().map(|(decision, question)| SaidRow {
                who: format!("the child said no, as {} told us", whole.who(decision.by, pupil.id)),
                answer: "no",
                earlier: false,
                lifts: decision.id.to_string(),
                lifts_for: question.to_string(),
            });
            Use {
                id: purpose.id.to_string(),
                words: purpose.words.clone(),
                meaning: purpose.meaning.clone(),
                state: state(whole.standing(pupil, form, purpose)),
                said: said.chain(of_child).collect(),
            }
        };
        let taken =
            whole.book.taken(pupil.id, &form.id).iter().map(|taken| Deed::taken(whole, pupil, form, taken));
        let lifted = whole.book.lifted(pupil.id, &form.id).map(|no| Deed::lifted(whole, form, no));
        let mut history: Vec<Deed> = taken.chain(lifted).collect();
        history.sort_by_key(|deed| std::cmp::Reverse(deed.at));
        Self {
            id: form.id.to_string(),
            title: form.title.clone(),
            version: form.version.to_string(),
            uses: form.purposes.iter().map(of_use).collect(),
            history,
            paper,
        }
    }
}

impl Deed {
    fn taken(whole: &Whole, pupil: &Person, form: &Form, taken: &Taken) -> Self {
        let decision = &taken.decision;
        // In the words that were on the screen then, where they are known here.
        let words = whole.book.words(decision.words).unwrap_or(form);
        let answers = decision.answers.iter().map(|answer| {
            let purpose = words.purposes.iter().find(|p| p.id == answer.purpose);
            let words = purpose.map_or(answer.purpose.as_str(), |p| p.words.as_str());
            format!("{}: {words}", if answer.answer == Answer::Yes { "Yes" } else { "No" })
        });
        let said = decision.said.iter().map(|said| {
            let question = words.questions.iter().find(|q| q.id == said.question);
            let choice = question.and_then(|q| q.choices.iter().find(|c| c.id == said.choice));
            let asked = question.map_or(said.question.as_str(), |q| q.words.as_str());
            format!("{asked} {}", choice.map_or(said.choice.as_str(), |c| c.words.as_str()))
        });
        Self {
            // No time stands on a paper.
            when: match taken.account {
                Some(_) => clock::day(decision.when, &whole.zone).in_words(),
                None => view::when(decision.when, &whole.zone),
            },
            at: taken.at.0,
            who: whole.who(decision.by, pupil.id),
            version: decision.version.to_string(),
            answers: answers.collect(),
            said: said.collect(),
            entered_by: taken.entered_by.clone(),
            taken_back: taken
                .taken_back
                .as_ref()
                .map(|one| view::in_words(one, &whole.zone))
                .unwrap_or_default(),
            entry: taken.account.map(|_| view::paper_address(decision.id)).unwrap_or_default(),
            scan: view::scan(taken.scan),
            helped: decision.helped,
            read_in: decision
                .help
                .as_ref()
                .map(|help| languages::in_english(&help.language))
                .unwrap_or_default(),
            lifted: String::new(),
            reference: reference(decision.id),
        }
    }

    fn lifted(whole: &Whole, form: &Form, no: &LiftedNo) -> Self {
        let purpose = form.purposes.iter().find(|p| p.id == no.lifted.purpose);
        let asked = form.questions.iter().find(|question| question.id == no.lifted.purpose);
        let words = match (purpose, asked) {
            (Some(purpose), _) => purpose.words.as_str(),
            (None, Some(_)) => "the child’s own, to all uses",
            (None, None) => no.lifted.purpose.as_str(),
        };
        Self {
            when: view::when(no.at, &whole.zone),
            at: no.at.0,
            who: whole
                .accounts
                .get(&no.account)
                .map_or_else(|| "The office".to_owned(), |name| format!("The office, by {name}")),
            version: String::new(),
            answers: vec![format!("Lifted a no: {words}")],
            said: Vec::new(),
            entered_by: String::new(),
            taken_back: String::new(),
            entry: String::new(),
            scan: "",
            helped: false,
            read_in: String::new(),
            lifted: no.reason.clone(),
            reference: String::new(),
        }
    }
}

/// What stands on the kiosk's last screen: the first eight digits of the decision's id, in two groups.
fn reference(id: records::ids::RecordId) -> String {
    let digits = id.to_string().to_uppercase();
    format!("{} {}", &digits[..4], &digits[4..8])
}

/// A family of which something is still asked.
#[derive(Debug, Serialize)]
pub(super) struct AskedRow {
    pub(super) pupil: String,
    pub(super) name: String,
    pub(super) class: String,
    pub(super) forms: Vec<String>,
    pub(super) deciders: Vec<String>,
}

impl AskedRow {
    /// Nothing, where everything is answered.
    pub(super) fn new(whole: &Whole, pupil: &Person) -> Option<Self> {
        let open = whole.forms_of(pupil).iter().filter(|form| !whole.is_answered(pupil, form));
        let forms: Vec<String> = open.map(|form| form.title.clone()).collect();
        let deciders = whole.deciders(pupil.id).map(|(grown_up, relation)| {
            let flag = whole.restricted.contains(&(grown_up.id, pupil.id));
            let flag = if flag { ": contact restricted, look first" } else { "" };
            match relation {
                "" => format!("{}{flag}", grown_up.name),
                relation => format!("{} ({}){flag}", grown_up.name, relation.to_lowercase()),
            }
        });
        let deciders: Vec<String> = match pupil.kind {
            Kind::Pupils => deciders.collect(),
            _ => vec!["they themselves".to_owned()],
        };
        (!forms.is_empty()).then_some(Self {
            pupil: pupil.id.to_string(),
            name: pupil.name(),
            class: whole.class_name(pupil).to_owned(),
            deciders,
            forms,
        })
    }
}

/// What grown-ups of a kind are called together.
pub(super) const fn adults_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Pupils => "Pupils",
        Kind::Staff => "Staff",
        Kind::Volunteers => "Volunteers",
        Kind::Governors => "Governors",
    }
}

/// Pupils who are here.
pub(super) fn here(people: Vec<Person>) -> Vec<Person> {
    people.into_iter().filter(|p| p.kind == Kind::Pupils && p.left.is_none()).collect()
}
