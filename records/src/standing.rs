//! What may be done for a pupil and a purpose, from all that was ever decided.
//!
//! It is yes only if somebody with parental responsibility said yes to what is asked now, and nobody's no stands.
//! A no stands until the same person answers that purpose again in a decision that names the earlier one, or
//! the office lifts it. Where one person's decisions do not follow each other, any no is no. Which of two came later is
//! never decided by a clock, and no day makes a yes; whoever says what counts may let a yes end with its year. What is
//! missing or cannot be read never makes a yes; nothing depends on the order in which decisions came.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    consent::{Answer, ConsentDecision, Standing},
    ids::{PersonId, RecordId, Slug},
};

/// What one person's decisions come to, for one pupil and purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Their answer. No, where their decisions do not follow each other and one of them is a no.
    pub answer: Answer,
    /// Whether it answers what is asked now. A no stands all the same.
    pub counts: bool,
    /// The decisions that it stands on, by id.
    pub decisions: Vec<RecordId>,
}

/// A no that the office has lifted, with a reason that it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lifted {
    /// Whose decision.
    pub decision: RecordId,
    /// For which purpose; of the child's own no, the question that told it, as both have different names in a form.
    pub purpose: Slug,
}

/// All that is known of one pupil and one form.
#[derive(Debug)]
pub struct Decisions<'d> {
    by_person: BTreeMap<PersonId, Vec<&'d ConsentDecision>>,
    replaced: HashMap<RecordId, HashSet<RecordId>>,
}

impl<'d> Decisions<'d> {
    /// Takes the decisions of everybody for one pupil and one form, in any order. Those of other pupils and forms do
    /// not belong here.
    pub fn new(all: impl IntoIterator<Item = &'d ConsentDecision>) -> Self {
        Self::without(all, &BTreeSet::new())
    }

    /// The same, where some of them were entered by mistake and taken back. They say nothing, so that what stood before
    /// them stands again; but whoever answered after one of them and named it came after all that it had named too.
    pub fn without(
        all: impl IntoIterator<Item = &'d ConsentDecision>,
        mistaken: &BTreeSet<RecordId>,
    ) -> Self {
        let mut by_person: BTreeMap<PersonId, Vec<&ConsentDecision>> = BTreeMap::new();
        for decision in all {
            let own = by_person.entry(decision.by).or_default();
            // The same record twice is there once.
            if own.iter().all(|held| held.id != decision.id) {
                own.push(decision);
            }
        }
        let replaced =
            by_person.values().flat_map(|own| own.iter().map(|d| (d.id, behind(d, own)))).collect();
        for own in by_person.values_mut() {
            own.retain(|decision| !mistaken.contains(&decision.id));
        }
        by_person.retain(|_, own| !own.is_empty());
        Self { by_person, replaced }
    }

    /// Who has decided.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        self.by_person.keys().copied()
    }

    /// The decisions of a person that no later one of theirs replaces: one, or more where two were taken unseen.
    pub fn heads(&self, person: PersonId) -> Vec<&'d ConsentDecision> {
        self.unreplaced(person, |_| true)
    }

    /// What a person's decisions come to for a purpose; none where they never answered it, or the office lifted the
    /// only answer. `counts` says whether a decision answers what is asked now.
    pub fn own(
        &self,
        person: PersonId,
        purpose: &Slug,
        lifted: &BTreeSet<Lifted>,
        counts: impl Fn(&ConsentDecision) -> bool,
    ) -> Option<Own> {
        let answer = |d: &ConsentDecision| {
            // A form that lists a purpose twice is refused; a decision that does is a no if one of them is.
            let mut given = d.answers.iter().filter(|a| a.purpose == *purpose).map(|a| a.answer);
            let first = given.next()?;
            Some(if first == Answer::No || given.any(|a| a == Answer::No) { Answer::No } else { Answer::Yes })
        };
        let is_lifted =
            |d: &ConsentDecision| lifted.contains(&Lifted { decision: d.id, purpose: purpose.clone() });
        let standing: Vec<_> = self
            .unreplaced(person, |d| answer(d).is_some())
            .into_iter()
            .filter(|d| answer(d) == Some(Answer::Yes) || !is_lifted(d))
            .collect();
        let of = |wanted: Answer| -> Vec<&ConsentDecision> {
            standing.iter().copied().filter(|d| answer(d) == Some(wanted)).collect()
        };
        let (answer, on) = match (of(Answer::No), of(Answer::Yes)) {
            (no, yes) if no.is_empty() && yes.is_empty() => return None,
            (no, yes) if no.is_empty() => (Answer::Yes, yes),
            (no, _) => (Answer::No, no),
        };
        let counts = on.iter().any(|d| counts(d));
        Some(Own { answer, counts, decisions: on.iter().map(|d| d.id).collect() })
    }

    /// The decisions by which the child's own no stands, as whoever decided told it in answering this question. It stands
    /// until the same person answers that question again in a decision that names the earlier one, or the office lifts
    /// it; to answer the uses again and leave the question out takes nothing back.
    pub fn refusals(
        &self,
        question: &Slug,
        lifted: &BTreeSet<Lifted>,
        refuses: impl Fn(&ConsentDecision) -> bool,
    ) -> Vec<&'d ConsentDecision> {
        let answers = |d: &ConsentDecision| d.said.iter().any(|said| said.question == *question);
        let last = self.people().flat_map(|person| self.unreplaced(person, answers));
        let is_lifted =
            |d: &ConsentDecision| lifted.contains(&Lifted { decision: d.id, purpose: question.clone() });
        last.filter(|decision| refuses(decision) && !is_lifted(decision)).collect()
    }

    /// Whose no stands.
    pub fn no_of(&self, purpose: &Slug, lifted: &BTreeSet<Lifted>) -> BTreeSet<PersonId> {
        let no = |person: &PersonId| {
            self.own(*person, purpose, lifted, |_| false).is_some_and(|own| own.answer == Answer::No)
        };
        self.people().filter(no).collect()
    }

    /// What may be done. `responsible` says who has parental responsibility: only their yes is one; everybody's
    /// no is.
    pub fn standing(
        &self,
        purpose: &Slug,
        lifted: &BTreeSet<Lifted>,
        counts: impl Fn(&ConsentDecision) -> bool,
        responsible: impl Fn(PersonId) -> bool,
    ) -> Standing {
        let mut yes = false;
        for person in self.people() {
            match self.own(person, purpose, lifted, &counts) {
                Some(Own { answer: Answer::No, .. }) => return Standing::No,
                Some(Own { answer: Answer::Yes, counts: true, .. }) if responsible(person) => yes = true,
                _ => {}
            }
        }
        if yes { Standing::Yes } else { Standing::NotAsked }
    }

    /// The decisions of a person, of those that `matter`, that none of the others which matter replaces. Two that
    /// each replace the other, which no kiosk makes, both stay.
    fn unreplaced(
        &self,
        person: PersonId,
        matter: impl Fn(&ConsentDecision) -> bool,
    ) -> Vec<&'d ConsentDecision> {
        let own = self.by_person.get(&person).map_or(&[][..], Vec::as_slice);
        let matters: Vec<_> = own.iter().copied().filter(|d| matter(d)).collect();
        let replaces = |later: &ConsentDecision, earlier: &ConsentDecision| {
            self.replaced.get(&later.id).is_some_and(|behind| behind.contains(&earlier.id))
        };
        let is_replaced = |d: &&ConsentDecision| {
            matters.iter().any(|other| other.id != d.id && replaces(other, d) && !replaces(d, other))
        };
        matters.iter().copied().filter(|d| !is_replaced(d)).collect()
    }
}

/// All that a decision replaces, itself or through those it replaces, as far as they are known.
fn behind(decision: &ConsentDecision, own: &[&ConsentDecision]) -> HashSet<RecordId> {
    let mut behind = HashSet::new();
    let mut ahead: Vec<RecordId> = decision.replaces.clone();
    while let Some(id) = ahead.pop() {
        if behind.insert(id)
            && let Some(earlier) = own.iter().find(|d| d.id == id)
        {
            ahead.extend(&earlier.replaces);
        }
    }
    behind
}
