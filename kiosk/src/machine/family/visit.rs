//! One family's visit: who is here, what was decided before, and what they answer now.

use std::{collections::BTreeMap, fmt};

use records::{
    agreement::Audience,
    consent::{Answer, ConsentDecision, Said},
    day::Day,
    family::{Decided, Decider, Family, FamilyChild, FamilyKey, GrownUp, OthersNo},
    form::Form,
    ids::{DeviceId, PersonId, RecordId, Slug},
    roster::HasSigned,
    signature::HelpText,
};

use super::{
    asked::{Ask, Given, Item, Standing},
    kept::{Keeping, KeptDecision, OpenedFamily},
};
use crate::machine::{Content, Draft, Now, Tongue};

/// Where a family is.
#[derive(Debug, Clone)]
pub enum At {
    /// “Who are you?”
    Who,
    /// Nobody of those: the office has to help.
    NotMe,
    /// Everything that is asked of this person.
    List {
        /// Which lines are shown, where there are more than fit.
        page: usize,
    },
    /// What a form is about.
    Intro {
        /// Which form, about whom.
        ask: Ask,
        /// Which page of it.
        page: usize,
    },
    /// One use: yes or no.
    Use {
        /// Which form, about whom.
        ask: Ask,
        /// Which use.
        index: usize,
        /// Whether to come back to the summary from here.
        mending: bool,
    },
    /// Another question of the form.
    Question {
        /// Which form, about whom.
        ask: Ask,
        /// Which question, of those that are asked here.
        index: usize,
        /// Whether to come back to the summary from here.
        mending: bool,
    },
    /// How to change one's mind.
    TakeBack(Ask),
    /// All answers, before they are kept.
    Check {
        /// Which form, about whom.
        ask: Ask,
        /// Which lines are shown, where there are more than fit.
        page: usize,
    },
    /// The agreement of parents and carers, to be read.
    Read {
        /// Which, by its place in the pack.
        agreement: usize,
        /// Which page of it.
        page: usize,
    },
    /// The mark under it.
    Sign {
        /// Which, by its place in the pack.
        agreement: usize,
        /// The mark so far.
        mark: Draft,
        /// Whether somebody helped.
        helped: bool,
    },
    /// On its way to the disk.
    Saving(Item, Box<Keeping>),
    /// The disk did not take it: it can be tried again.
    NotSaved(Item, Box<Keeping>),
    /// It is on the disk.
    Kept {
        /// What.
        item: Item,
        /// By what the office finds it again.
        reference: String,
    },
}

impl At {
    /// A name for journeys. It says nothing of a person.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Who => "family-who",
            Self::NotMe => "family-not-me",
            Self::List { .. } => "family-list",
            Self::Intro { .. } => "family-intro",
            Self::Use { .. } => "family-use",
            Self::Question { .. } => "family-question",
            Self::TakeBack(_) => "family-take-back",
            Self::Check { .. } => "family-check",
            Self::Read { .. } => "family-read",
            Self::Sign { .. } => "family-sign",
            Self::Saving(..) => "family-saving",
            Self::NotSaved(..) => "family-not-saved",
            Self::Kept { .. } => "family-kept",
        }
    }
    /// Which of several screens of one name this is.
    pub(crate) const fn part(&self) -> usize {
        match self {
            Self::List { page }
            | Self::Intro { page, .. }
            | Self::Check { page, .. }
            | Self::Read { page, .. } => *page,
            Self::Use { index, .. } | Self::Question { index, .. } => *index,
            _ => 0,
        }
    }
}

/// What a record is given from outside: its id, the time, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) id: RecordId,
    pub(super) now: Now,
    pub(super) device: DeviceId,
}

/// A decision that was made before.
#[derive(Debug, Clone)]
struct Before {
    child: PersonId,
    decided: Decided,
    replaces: Vec<RecordId>,
    said: Vec<Said>,
}

/// A family that its code has opened.
#[derive(Clone)]
pub struct Visit {
    key: FamilyKey,
    family: Family,
    before: Vec<Before>,
    signed: Vec<(PersonId, HasSigned)>,
    who: Option<usize>,
    given: BTreeMap<Ask, Given>,
    // The translation in which something was last read.
    read_in: BTreeMap<Item, HelpText>,
}

/// Says only that there is one: nothing of it may come into a log.
impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visit(hidden)")
    }
}

impl Visit {
    pub(crate) fn new(opened: OpenedFamily) -> Self {
        let OpenedFamily { key, family, kept } = opened;
        let mut visit = Self {
            before: family.children.iter().flat_map(of_roster).collect(),
            signed: family.grown_ups.iter().flat_map(signed_of_roster).collect(),
            key,
            family,
            who: None,
            given: BTreeMap::new(),
            read_in: BTreeMap::new(),
        };
        kept.into_iter().for_each(|kept| visit.remember(kept));
        visit
    }

    /// Takes what was decided or signed here for what stands.
    pub(super) fn remember(&mut self, kept: KeptDecision) {
        match kept {
            KeptDecision::Decided { child, decided, replaces, said } => {
                self.before.push(Before { child, decided, replaces, said });
            }
            KeptDecision::Signed { person, signed, .. } => self.signed.push((person, signed)),
        }
    }

    /// The grown-ups of the family.
    pub fn grown_ups(&self) -> &[GrownUp] {
        &self.family.grown_ups
    }
    /// What a grown-up is to the children, where that is the same for all of them.
    pub fn relation(&self, grown_up: &GrownUp) -> &str {
        let mut all = self.family.children.iter().flat_map(|child| &child.deciders);
        let mut relations = all.by_ref().filter(|d| d.person == grown_up.person).map(|d| &*d.relation);
        let first = relations.next().unwrap_or_default();
        if relations.all(|other| other == first) { first } else { "" }
    }
    /// Whoever said that it is them.
    pub fn grown_up(&self) -> Option<&GrownUp> {
        self.family.grown_ups.get(self.who?)
    }
    /// Somebody says that it is them. Answers of another are forgotten: nobody answers for somebody else.
    pub(super) fn is_here(&mut self, place: usize) -> bool {
        let who = Some(place).filter(|place| *place < self.family.grown_ups.len());
        if who != self.who {
            self.given.clear();
            self.read_in.clear();
        }
        self.who = who;
        who.is_some()
    }
    /// The child that a form is about.
    pub fn child(&self, ask: Ask) -> Option<&FamilyChild> {
        self.family.children.get(ask.child)
    }
    /// What whoever is here is to the child that a form is about.
    pub fn decider(&self, ask: Ask) -> Option<&Decider> {
        let who = self.grown_up()?.person;
        self.child(ask)?.deciders.iter().find(|decider| decider.person == who)
    }

    /// Everything that is asked of whoever is here: about each child for whom they decide each form, then the
    /// agreement of parents and carers.
    pub fn items(&self, content: &Content) -> Vec<Item> {
        let Some(who) = self.grown_up() else { return Vec::new() };
        let decides = |child: &FamilyChild| child.deciders.iter().any(|d| d.person == who.person);
        let children = (0..self.family.children.len()).filter(|at| decides(&self.family.children[*at]));
        let forms = content.pack.consent.len();
        let mut items: Vec<Item> =
            children.flat_map(|child| (0..forms).map(move |form| Item::Form(Ask { child, form }))).collect();
        items.extend(content.agreement_for(Audience::Parent).map(Item::Agreement));
        items
    }

    /// How something that is asked stands, on a day.
    pub fn standing(&self, content: &Content, today: Day, item: Item) -> Standing {
        match item {
            Item::Form(ask) if self.given.contains_key(&ask) => Standing::Begun,
            Item::Form(ask) => match self.answered(content, today, ask) {
                Some((day, _)) => {
                    let (yes, no) = self.count(content, today, ask);
                    Standing::Answered { day, yes, no }
                }
                None => self.asked_again(content, today, ask),
            },
            Item::Agreement(place) => {
                let words = content.digest(place);
                let own = || {
                    let who = self.grown_up().map(|g| g.person);
                    self.signed
                        .iter()
                        .filter(move |(person, _)| Some(*person) == who)
                        .map(|(_, signed)| signed)
                };
                let counts = |s: &&HasSigned| s.words == words && content.counts(today, s.day);
                match own().filter(counts).map(|s| s.day).max() {
                    Some(day) => Standing::Signed(day),
                    None if own().any(|s| s.words == words) => Standing::NewYear,
                    None if own().next().is_some() => Standing::Changed,
                    None => Standing::Open,
                }
            }
        }
    }

    /// Why a form is asked that has no answer that counts.
    fn asked_again(&self, content: &Content, today: Day, ask: Ask) -> Standing {
        let own = self.own(content, ask);
        let words = content.form_digest(ask.form);
        let lapsed = |b: &&Before| b.decided.words == words && !content.counts(today, b.decided.day);
        match own.iter().any(lapsed) {
            _ if own.is_empty() => Standing::Open,
            true => Standing::NewYear,
            false => Standing::Changed,
        }
    }

    /// What whoever is here decided before on this form about this child and has not replaced since.
    fn own(&self, content: &Content, ask: Ask) -> Vec<&Before> {
        let (Some(form), Some(child), Some(who)) = (form(content, ask), self.child(ask), self.grown_up())
        else {
            return Vec::new();
        };
        self.unreplaced(|b| {
            b.child == child.person && b.decided.by == who.person && b.decided.form == form.id
        })
    }
    fn unreplaced(&self, which: impl Fn(&Before) -> bool) -> Vec<&Before> {
        let all: Vec<&Before> = self.before.iter().filter(|b| which(b)).collect();
        let is_replaced = |b: &Before| all.iter().any(|other| other.replaces.contains(&b.decided.id));
        all.iter().copied().filter(|b| !is_replaced(b)).collect()
    }

    /// What this person answered last time for a use. Where two of their decisions do not follow each other, any no
    /// is no.
    pub fn last_time(&self, content: &Content, ask: Ask, purpose: &Slug) -> Option<Answer> {
        let own = self.own(content, ask);
        let given = own.iter().flat_map(|b| &b.decided.answers).filter(|a| a.purpose == *purpose);
        given.map(|a| a.answer).reduce(|one, other| if one == Answer::No { one } else { other })
    }

    /// Whether somebody else's no stands beside whatever this person answers.
    pub fn others_no(&self, content: &Content, ask: Ask, purpose: &Slug) -> bool {
        let (Some(form), Some(child), Some(who)) = (form(content, ask), self.child(ask), self.grown_up())
        else {
            return false;
        };
        let told = child
            .others_no
            .iter()
            .any(|no| no.beside == who.person && no.form == form.id && no.purpose == *purpose);
        let others = self.unreplaced(|b| {
            b.child == child.person && b.decided.by != who.person && b.decided.form == form.id
        });
        let said =
            |b: &&Before| b.decided.answers.iter().any(|a| a.purpose == *purpose && a.answer == Answer::No);
        told || others.iter().any(said)
    }

    /// Whether the child's own no stands against a use, whatever is answered: it is known to the office, or somebody told
    /// it here. Who told it takes it back by answering that question again, not by leaving it out.
    pub fn child_no(&self, content: &Content, today: Day, ask: Ask, purpose: &Slug) -> bool {
        let (Some(form), Some(child), Some(who)) = (form(content, ask), self.child(ask), self.grown_up())
        else {
            return false;
        };
        let stands =
            |no: &OthersNo| no.beside == child.person && no.form == form.id && no.purpose == *purpose;
        let about = |b: &&Before| b.child == child.person && b.decided.form == form.id;
        let others = self.unreplaced(|b| about(&b) && b.decided.by != who.person);
        let now = self.given(content, today, ask).said(form);
        let again = |said: &Said| now.iter().any(|one| one.question == said.question);
        let own = self.before.iter().filter(|b| about(b) && b.decided.by == who.person);
        let mut own = own.flat_map(|b| &b.said).filter(|said| !again(said));
        child.others_no.iter().any(stands)
            || others.iter().any(|b| form.is_refused(&b.said))
            || form.is_refused(&now)
            || own.any(|said| form.is_refused(std::slice::from_ref(said)))
    }

    /// How many uses are allowed by what this person answered, and how many are not: by them, or by the child.
    pub fn count(&self, content: &Content, today: Day, ask: Ask) -> (usize, usize) {
        let given = self.given(content, today, ask);
        let uses = form(content, ask).map_or(&[][..], |form| form.purposes.as_slice()).iter().enumerate();
        let (mut yes, mut no) = (0, 0);
        for (index, purpose) in uses {
            let child_no = self.child_no(content, today, ask, &purpose.id);
            match given.answer(index) {
                Some(Answer::Yes) if !child_no => yes += 1,
                Some(_) => no += 1,
                None => {}
            }
        }
        (yes, no)
    }

    /// What stands of this person's answers, if it answers what is asked today: these words, and every use of them.
    fn answered(&self, content: &Content, today: Day, ask: Ask) -> Option<(Day, Given)> {
        let form = form(content, ask)?;
        let words = content.form_digest(ask.form);
        let own = self.own(content, ask);
        let in_time = |day: Day| !form.every_year || content.counts(today, day);
        let counts = |b: &&Before| b.decided.counts && b.decided.words == words && in_time(b.decided.day);
        // One that does not count beside others that do is still this person's word: a no of it is carried on.
        let day = own.iter().filter(|b| counts(b)).map(|b| b.decided.day).max()?;
        let said = |question: &Slug| {
            let all = own.iter().flat_map(|b| &b.said);
            all.filter(|s| s.question == *question).map(|s| s.choice.clone()).next_back()
        };
        let yes_counts = |purpose: &Slug| {
            let given = own.iter().filter(|b| counts(b)).flat_map(|b| &b.decided.answers);
            given.filter(|a| a.purpose == *purpose).any(|a| a.answer == Answer::Yes)
        };
        let answer = |purpose: &Slug| match self.last_time(content, ask, purpose) {
            Some(Answer::No) => Some(Answer::No),
            _ if yes_counts(purpose) => Some(Answer::Yes),
            _ => None,
        };
        let given = Given::carried(form, answer, said);
        given.answers(form).map(|_| (day, given))
    }

    /// What this person has answered so far: in this visit, or before to the same words.
    pub fn given(&self, content: &Content, today: Day, ask: Ask) -> Given {
        let before = || self.answered(content, today, ask).map(|(_, given)| given);
        let nothing = || form(content, ask).map(Given::nothing);
        self.given.get(&ask).cloned().or_else(before).or_else(nothing).unwrap_or_default()
    }
    /// What this person answers now.
    pub(super) fn give(&mut self, ask: Ask, given: Given) {
        self.given.insert(ask, given);
    }
    /// Whether this person has answered something in this visit that is not kept yet.
    pub fn has_changed(&self, content: &Content, today: Day, ask: Ask) -> bool {
        let before = self.answered(content, today, ask).map(|(_, given)| given);
        self.given.get(&ask).is_some_and(|given| Some(given) != before.as_ref())
    }
    /// What was answered is kept, or given up.
    pub(super) fn done_with(&mut self, ask: Ask) {
        self.given.remove(&ask);
        self.read_in.remove(&Item::Form(ask));
    }
    /// Notes in which translation whoever is here has what is on the screen. Looking at the English words beside it
    /// does not undo that it helped.
    pub(super) fn reads(&mut self, content: &Content, tongue: Tongue, at: &At) {
        let (item, help) = match at {
            At::Intro { ask, .. }
            | At::Use { ask, .. }
            | At::Question { ask, .. }
            | At::TakeBack(ask)
            | At::Check { ask, .. } => (Item::Form(*ask), content.form_help(tongue, ask.form)),
            At::Read { agreement, .. } | At::Sign { agreement, .. } => {
                (Item::Agreement(*agreement), content.agreement_help(tongue, *agreement))
            }
            _ => return,
        };
        if let Some(help) = help {
            self.read_in.insert(item, help);
        }
    }

    /// The decision as the office gets it, and what the kiosk keeps; none while an answer is missing.
    pub(super) fn decide(&self, content: &Content, ask: Ask, stamp: Stamp) -> Option<Keeping> {
        let Stamp { id, now, device } = stamp;
        let (form, child, who) = (form(content, ask)?, self.child(ask)?, self.grown_up()?);
        let today = content.day(now.wall);
        let given = self.given(content, today, ask);
        if given.missing(form).is_some() {
            return None;
        }
        let own = self.own(content, ask);
        // Also what those replaced: should one of them never reach the office, nothing older stands up again.
        let mut replaces: Vec<RecordId> = own
            .iter()
            .flat_map(|b| std::iter::once(b.decided.id).chain(b.replaces.iter().copied()))
            .collect();
        replaces.sort_unstable();
        replaces.dedup();
        let answers = given.answers(form)?;
        let said = given.said(form);
        let words = content.form_digest(ask.form);
        let decision = ConsentDecision {
            id,
            pupil: child.person,
            by: who.person,
            form: form.id.clone(),
            version: form.version.clone(),
            words,
            answers: answers.clone(),
            replaces: replaces.clone(),
            help: self.read_in.get(&Item::Form(ask)).cloned(),
            when: now.wall,
            device,
            helped: given.helped,
            year: content.pack.year,
            said: said.clone(),
        };
        let decided =
            Decided { id, by: who.person, form: form.id.clone(), words, answers, day: today, counts: true };
        Some(Keeping {
            record: records::envelope::NamedRecord::Consent(decision),
            kept: KeptDecision::Decided { child: child.person, decided, replaces, said },
            key: self.key.clone(),
        })
    }

    /// The signature of whoever is here under the agreement of parents and carers.
    pub(super) fn sign(
        &self,
        content: &Content,
        agreement: usize,
        mark: &Draft,
        helped: bool,
        stamp: Stamp,
    ) -> Option<Keeping> {
        let Stamp { id, now, device } = stamp;
        let (who, words) = (self.grown_up()?, content.digest(agreement));
        let help = self.read_in.get(&Item::Agreement(agreement)).cloned();
        let agreement = content.agreement(agreement);
        let signature = records::signature::Signature {
            id,
            person: who.person,
            audience: agreement.audience,
            agreement: agreement.slug.clone(),
            version: agreement.version.clone(),
            words,
            help,
            when: now.wall,
            year: content.pack.year,
            device,
            mark: mark.mark().ok()?,
            helped,
        };
        let signed = HasSigned { words, day: content.day(now.wall) };
        Some(Keeping {
            record: records::envelope::NamedRecord::Signature(signature),
            kept: KeptDecision::Signed { id, person: who.person, signed },
            key: self.key.clone(),
        })
    }
}

/// A form of the pack.
pub(crate) fn form(content: &Content, ask: Ask) -> Option<&Form> {
    content.pack.consent.get(ask.form).map(|asked| &asked.form)
}

fn of_roster(child: &FamilyChild) -> impl Iterator<Item = Before> + '_ {
    child.decided.iter().map(|decided| Before {
        child: child.person,
        decided: decided.clone(),
        replaces: Vec::new(),
        said: Vec::new(),
    })
}

fn signed_of_roster(grown_up: &GrownUp) -> impl Iterator<Item = (PersonId, HasSigned)> + '_ {
    grown_up.signed.iter().map(|signed| (grown_up.person, signed.clone()))
}
