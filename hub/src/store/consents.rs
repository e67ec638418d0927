//! Consent: every decision that came, and what they come to.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, params};

use records::{
    codec,
    consent::{ConsentDecision, ConsentExport, ConsentLine, Standing},
    day::{Moment, SchoolYear},
    digest::Digest,
    form::{Form, Purpose},
    ids::{PersonId, RecordId, Slug},
    pack::PackContent,
    standing::{Decisions, Lifted, Own},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    families, parsed, people, settings, sixteen, thirty_two,
};
use crate::import::Kind;

/// A decision as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The decision.
    pub decision: ConsentDecision,
    /// Who of the office entered it from paper; none where it came from a kiosk.
    pub account: Option<i64>,
    /// When the hub took it.
    pub at: Moment,
}

/// A no that the office has lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftedNo {
    /// Which.
    pub lifted: Lifted,
    /// Why, in the office's words.
    pub reason: String,
    /// By whom.
    pub account: i64,
    /// When.
    pub at: Moment,
}

/// All that is known of consent, on one state of the database.
#[derive(Debug)]
pub struct ConsentBook {
    /// The forms that are asked now, in the order of the pack.
    pub forms: Vec<Form>,
    /// Those that staff, volunteers and governors answer for themselves.
    pub adult_forms: Vec<Form>,
    year: SchoolYear,
    words: HashMap<Digest, Form>,
    taken: HashMap<(PersonId, Slug), Vec<Taken>>,
    lifted_noes: Vec<LiftedNo>,
    lifted: BTreeSet<Lifted>,
    responsible: HashSet<(PersonId, PersonId)>,
}

impl ConsentBook {
    /// What was decided for a pupil on a form, as it came.
    pub fn taken(&self, pupil: PersonId, form: &Slug) -> &[Taken] {
        self.taken.get(&(pupil, form.clone())).map_or(&[], Vec::as_slice)
    }

    /// The decisions for a pupil on a form, in their relation to each other.
    pub fn decisions(&self, pupil: PersonId, form: &Slug) -> Decisions<'_> {
        Decisions::new(self.taken(pupil, form).iter().map(|taken| &taken.decision))
    }

    /// What may be done for a pupil and a purpose: a yes also only where what the purpose needs is allowed.
    pub fn standing(&self, pupil: PersonId, form: &Form, purpose: &Purpose) -> Standing {
        let needed = form.purposes.iter().find(|other| Some(&other.id) == purpose.needs.as_ref());
        match (self.standing_alone(pupil, form, purpose), needed) {
            // What is needed needs nothing more: a form that says otherwise is refused where it is read.
            (Standing::Yes, Some(needed)) => self.standing_alone(pupil, form, needed),
            (standing, _) => standing,
        }
    }

    fn standing_alone(&self, pupil: PersonId, form: &Form, purpose: &Purpose) -> Standing {
        self.decisions(pupil, &form.id).standing(
            &purpose.id,
            &self.lifted,
            |decision| self.counts(decision, form, purpose),
            |person| self.is_responsible(person, pupil),
        )
    }

    /// What one person's decisions come to.
    pub fn own(&self, pupil: PersonId, form: &Form, purpose: &Purpose, person: PersonId) -> Option<Own> {
        self.decisions(pupil, &form.id)
            .own(person, &purpose.id, &self.lifted, |decision| self.counts(decision, form, purpose))
    }

    /// Whose no stands.
    pub fn no_of(&self, pupil: PersonId, form: &Slug, purpose: &Slug) -> BTreeSet<PersonId> {
        self.decisions(pupil, form).no_of(purpose, &self.lifted)
    }

    /// The noes of a pupil's form that the office has lifted.
    pub fn lifted(&self, pupil: PersonId, form: &Slug) -> impl Iterator<Item = &LiftedNo> {
        let of: HashSet<RecordId> = self.taken(pupil, form).iter().map(|taken| taken.decision.id).collect();
        self.lifted_noes.iter().filter(move |no| of.contains(&no.lifted.decision))
    }

    /// Whether somebody decides for a pupil now.
    pub fn is_responsible(&self, person: PersonId, pupil: PersonId) -> bool {
        self.responsible.contains(&(person, pupil))
    }

    /// The words that a decision was made on, if they were published here.
    pub fn words(&self, digest: Digest) -> Option<&Form> {
        self.words.get(&digest)
    }

    /// Whether a decision answers a purpose as it is asked now: the use was put in the same words, and where the form
    /// asks every year, it was this one. What else changed on the form does not matter.
    pub fn counts(&self, decision: &ConsentDecision, form: &Form, purpose: &Purpose) -> bool {
        let same = |decided: &Form| {
            let then = decided.purposes.iter().find(|p| p.id == purpose.id);
            then.is_some_and(|then| {
                (&then.words, &then.meaning, &then.how_long, &then.who_holds)
                    == (&purpose.words, &purpose.meaning, &purpose.how_long, &purpose.who_holds)
            })
        };
        let this_year = !form.every_year || overlap(&decision.year, &self.year);
        this_year && self.words(decision.words).is_some_and(same)
    }
}

/// Whether two school years are the same: the middle of one lies in the other, so that a first or last day that was put
/// right loses nothing.
fn overlap(one: &SchoolYear, other: &SchoolYear) -> bool {
    let days = one.starts.date().until(one.ends.date()).map_or(0, |span| span.get_days());
    let middle = one.starts.date().saturating_add(jiff::Span::new().days(days / 2));
    other.holds(middle.into())
}

impl Store {
    /// All that is known of consent, for the forms of a pack.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn consent_book(&self, pack: &PackContent) -> Result<ConsentBook, StoreError> {
        self.read(|read| book(read, pack))
    }

    /// Enters what somebody decided on paper. The same decision twice is there once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter_decision(
        &self,
        decision: &ConsentDecision,
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            keep(write, decision, Some(account), now)?;
            audit::note(write, now, Actor::Account(account), "consent entered", &decision.id.to_string())
        })
    }

    /// Lifts a no, with a reason that is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn lift_no(&self, no: &LiftedNo) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO lifted_noes (decision, purpose, reason, account, lifted_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (decision, purpose) DO NOTHING",
                params![
                    no.lifted.decision.as_bytes(),
                    no.lifted.purpose.as_str(),
                    no.reason,
                    no.account,
                    no.at.0
                ],
            )?;
            let detail = format!("{} {}", no.lifted.decision, no.lifted.purpose);
            audit::note(write, no.at, Actor::Account(no.account), "no lifted", &detail)
        })
    }

    /// For whom which use is allowed, under the next number: for whoever publishes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export_consent(
        &self,
        pack: &PackContent,
        actor: Actor,
        now: Moment,
    ) -> Result<ConsentExport, StoreError> {
        self.write(|write| {
            let book = book(write, pack)?;
            let mut lines = Vec::new();
            for person in people::people(write)?.iter().filter(|p| p.kind == Kind::Pupils && p.left.is_none())
            {
                for form in &book.forms {
                    lines.extend(form.purposes.iter().map(|purpose| ConsentLine {
                        pupil: person.id,
                        purpose: purpose.id.clone(),
                        standing: book.standing(person.id, form, purpose),
                    }));
                }
            }
            lines.sort_by(|a, b| (a.pupil, &a.purpose).cmp(&(b.pupil, &b.purpose)));
            let number = settings::next_number(write, "consent export")?;
            audit::note(write, now, actor, "consent exported", &number.to_string())?;
            Ok(ConsentExport { number, made: now, lines })
        })
    }
}

pub(super) fn book(read: &Connection, pack: &PackContent) -> Result<ConsentBook, StoreError> {
    let forms: Vec<Form> = pack.consent.iter().map(|asked| asked.form.clone()).collect();
    let lifted_noes = lifted_noes(read)?;
    let responsible = families::responsibilities(read)?.into_iter().filter(|one| one.ended.is_none());
    let responsible = responsible.map(|one| (one.grown_up, one.pupil));
    // Grown-ups decide for themselves, and nobody else does.
    let people = people::people(read)?.into_iter();
    let adults = people.filter(|p| p.kind != Kind::Pupils && p.left.is_none()).map(|p| (p.id, p.id));
    Ok(ConsentBook {
        words: words(read)?,
        taken: taken(read)?,
        lifted: lifted_noes.iter().map(|no| no.lifted.clone()).collect(),
        lifted_noes,
        responsible: responsible.chain(adults).collect(),
        year: pack.year,
        forms,
        adult_forms: pack.adult_consent.clone(),
    })
}

pub(super) fn taken(read: &Connection) -> Result<HashMap<(PersonId, Slug), Vec<Taken>>, StoreError> {
    let mut statement =
        read.prepare("SELECT decision, account, taken_at FROM consent_decisions ORDER BY taken_at, id")?;
    let mut rows = statement.query([])?;
    let mut all: HashMap<(PersonId, Slug), Vec<Taken>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let decision: ConsentDecision = codec::decode(&row.get::<_, Vec<u8>>(0)?)?;
        let taken = Taken { account: row.get(1)?, at: Moment(row.get(2)?), decision };
        all.entry((taken.decision.pupil, taken.decision.form.clone())).or_default().push(taken);
    }
    Ok(all)
}

pub(super) fn lifted_noes(read: &Connection) -> Result<Vec<LiftedNo>, StoreError> {
    let mut statement = read.prepare(
        "SELECT decision, purpose, reason, account, lifted_at FROM lifted_noes ORDER BY lifted_at",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(LiftedNo {
            lifted: Lifted {
                decision: RecordId::from_bytes(sixteen(row.get(0)?)?),
                purpose: parsed(&row.get::<_, String>(1)?)?,
            },
            reason: row.get(2)?,
            account: row.get(3)?,
            at: Moment(row.get(4)?),
        });
    }
    Ok(all)
}

pub(super) fn words(read: &Connection) -> Result<HashMap<Digest, Form>, StoreError> {
    let mut statement = read.prepare("SELECT digest, form FROM form_words")?;
    let mut rows = statement.query([])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let digest = Digest::from_bytes(thirty_two(row.get(0)?)?);
        all.insert(digest, codec::decode(&row.get::<_, Vec<u8>>(1)?)?);
    }
    Ok(all)
}

/// Keeps the words of a form that is published.
pub(super) fn keep_words(write: &Connection, form: &Form) -> Result<(), StoreError> {
    write.execute(
        "INSERT INTO form_words (digest, form) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        params![form.digest().as_bytes(), codec::encode(form)],
    )?;
    Ok(())
}

/// Files a decision.
pub(super) fn keep(
    write: &Connection,
    decision: &ConsentDecision,
    account: Option<i64>,
    now: Moment,
) -> Result<(), StoreError> {
    write.execute(
        "INSERT INTO consent_decisions (id, pupil, by_person, form, decision, account, taken_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        params![
            decision.id.as_bytes(),
            decision.pupil.as_bytes(),
            decision.by.as_bytes(),
            decision.form.as_str(),
            codec::encode(decision),
            account,
            now.0,
        ],
    )?;
    Ok(())
}
