//! Consent: every decision that came, and what they come to.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use records::{
    codec,
    consent::{ConsentDecision, ConsentExport, ConsentLine, Said, Standing},
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    form::{Form, Purpose},
    ids::{PersonId, RecordId, Slug},
    pack::PackContent,
    standing::{Decisions, Lifted, Own},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    families,
    papers::Why,
    parsed, people,
    registers::{Place, Undone},
    scans::{self, ScanHeld},
    settings, sixteen, thirty_two,
};
use crate::{clock, import::Kind, scan::Scan};

/// A decision as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The decision.
    pub decision: ConsentDecision,
    /// Who of the office entered it from paper; none where it came from a kiosk.
    pub account: Option<i64>,
    /// What they are called at the desk; empty where it came from a kiosk.
    pub entered_by: String,
    /// When the hub took it.
    pub at: Moment,
    /// The scan of the paper.
    pub scan: Option<ScanHeld>,
    /// How it was taken back, where it was entered by mistake. Then it says nothing.
    pub taken_back: Option<Undone>,
}

impl Taken {
    /// The day that tells what came first: that on a paper; else the one on which it came here, which is the latest
    /// that it can have been decided, whatever a kiosk's clock said.
    fn day(&self, zone: &TimeZone) -> Day {
        clock::day(if self.account.is_some() { self.decision.when } else { self.at }, zone)
    }
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
    today: Day,
    zone: TimeZone,
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

    /// The decisions for a pupil on a form, in their relation to each other. Mistakes that were taken back are not among
    /// them.
    pub fn decisions(&self, pupil: PersonId, form: &Slug) -> Decisions<'_> {
        let taken = self.taken(pupil, form);
        let mistaken = taken.iter().filter(|one| one.taken_back.is_some());
        let mistaken = mistaken.map(|one| one.decision.id).collect();
        Decisions::without(taken.iter().map(|one| &one.decision), &mistaken)
    }

    /// What a paper of this day replaces of the same person's: all that came before. What came at a kiosk on the same
    /// day may have come after it, so it is left to stand beside it, and any no of either is no.
    pub fn before_paper(&self, (pupil, by): (PersonId, PersonId), form: &Slug, day: Day) -> Vec<RecordId> {
        let before = |one: &&Taken| {
            let other = one.day(&self.zone);
            other < day || (other == day && one.account.is_some())
        };
        self.own_taken(pupil, by, form).filter(before).map(|one| one.decision.id).collect()
    }

    /// The last day on which the same person answered at a kiosk or on paper, where it is not known to have been before a
    /// paper of this day.
    pub fn answered_since(&self, (pupil, by): (PersonId, PersonId), form: &Slug, day: Day) -> Option<Day> {
        let before: HashSet<RecordId> = self.before_paper((pupil, by), form, day).into_iter().collect();
        let since = self.own_taken(pupil, by, form).filter(|one| !before.contains(&one.decision.id));
        since.map(|one| one.day(&self.zone)).max()
    }

    fn own_taken(&self, pupil: PersonId, by: PersonId, form: &Slug) -> impl Iterator<Item = &Taken> {
        self.taken(pupil, form).iter().filter(move |one| one.decision.by == by && one.taken_back.is_none())
    }

    /// All wordings of a form that are known here: as it is asked now, then the others, the newest first.
    pub fn wordings<'b>(&'b self, form: &'b Form) -> Vec<(Digest, &'b Form)> {
        let now = form.digest();
        let others = self.words.iter().filter(|(digest, other)| **digest != now && other.id == form.id);
        let mut others: Vec<_> = others.map(|(digest, other)| (*digest, other)).collect();
        others.sort_by(|(a, one), (b, other)| (&other.version, b).cmp(&(&one.version, a)));
        std::iter::once((now, form)).chain(others).collect()
    }

    /// The school year that is published here.
    pub const fn year(&self) -> &SchoolYear {
        &self.year
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
        // The child's own no stands against every yes.
        if !self.told_noes(pupil, form).is_empty() {
            return Standing::No;
        }
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

    /// The decisions by which the child's own no to all of a form stands, as those who decide told it, each with the
    /// question that was answered. What it takes for a no is what the form says now, and what it said then: a no is not
    /// lost because a question was put in other words since, or was put before forms said what a no is.
    pub fn told_noes(&self, pupil: PersonId, form: &Form) -> Vec<(&ConsentDecision, Slug)> {
        let decisions = self.decisions(pupil, &form.id);
        let said = self.taken(pupil, &form.id).iter().flat_map(|taken| &taken.decision.said);
        let questions: BTreeSet<&Slug> = said.map(|said| &said.question).collect();
        let of = |question: &Slug| {
            let refuses = |decision: &ConsentDecision| self.refuses(decision, form, question);
            let all = decisions.refusals(question, &self.lifted, refuses);
            all.into_iter().map(|decision| (decision, question.clone())).collect::<Vec<_>>()
        };
        questions.into_iter().flat_map(of).collect()
    }

    fn refuses(&self, decision: &ConsentDecision, form: &Form, question: &Slug) -> bool {
        let said: Vec<Said> =
            decision.said.iter().filter(|said| said.question == *question).cloned().collect();
        form.is_refused(&said) || self.words(decision.words).is_some_and(|then| then.is_refused(&said))
    }

    /// Whether the child's own no to a use stands: told by somebody who decides, or by the child to the office.
    pub fn child_said_no(&self, pupil: PersonId, form: &Form, purpose: &Slug) -> bool {
        !self.told_noes(pupil, form).is_empty() || self.no_of(pupil, &form.id, purpose).contains(&pupil)
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
    /// asks every year, it was this one, and it is not over. What else changed on the form does not matter.
    ///
    /// The year that is asked about is the pack's. Where nobody publishes the next one, the calendar ends it all the
    /// same: a yes that was given for a year must not go on because something was not done.
    pub fn counts(&self, decision: &ConsentDecision, form: &Form, purpose: &Purpose) -> bool {
        let same = |decided: &Form| {
            let then = decided.purposes.iter().find(|p| p.id == purpose.id);
            then.is_some_and(|then| {
                (&then.words, &then.meaning, &then.how_long, &then.who_holds)
                    == (&purpose.words, &purpose.meaning, &purpose.how_long, &purpose.who_holds)
            })
        };
        let this_year =
            !form.every_year || (overlap(&decision.year, &self.year) && self.today <= self.year.ends);
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
    /// All that is known of consent, for the forms of a pack, as it stands on a day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn consent_book(&self, pack: &PackContent, today: Day) -> Result<ConsentBook, StoreError> {
        self.read(|read| book(read, pack, today))
    }

    /// Enters what somebody decided on paper, with its scan. The same decision twice is there once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter_decision(
        &self,
        decision: &ConsentDecision,
        scan: Option<&Scan>,
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            keep(write, decision, Some(account), now)?;
            audit::note(write, now, Actor::Account(account), "consent entered", &decision.id.to_string())?;
            if let Some(scan) = scan {
                scans::keep(write, scan, &[decision.id], account, now)?;
            }
            Ok(())
        })
    }

    /// Takes an answer back that was entered from paper by mistake. The entry stays, with when, by whom and why, and says
    /// nothing; what the same person had answered before stands again. False where there is none that stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_back_entry(
        &self,
        decision: RecordId,
        why: Why,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let added = write.execute(
                "INSERT INTO consent_taken_back (decision, reason, account, taken_back_at)
                 SELECT id, ?, ?, ? FROM consent_decisions
                 WHERE id = ? AND account IS NOT NULL AND id NOT IN (SELECT decision FROM consent_taken_back)",
                params![why.as_str(), account, now.0, decision.as_bytes()],
            )?;
            if added == 0 {
                return Ok(false);
            }
            audit::note(write, now, Actor::Account(account), "consent taken back", &decision.to_string())?;
            Ok(true)
        })
    }

    /// Lifts noes, all or none, with a reason that is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn lift_noes(&self, noes: &[LiftedNo]) -> Result<(), StoreError> {
        self.write(|write| {
            for no in noes {
                lift(write, no)?;
            }
            Ok(())
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
            let book = book(write, pack, clock::day(now, &clock::zone(pack)))?;
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

pub(super) fn book(read: &Connection, pack: &PackContent, today: Day) -> Result<ConsentBook, StoreError> {
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
        today,
        zone: clock::zone(pack),
        forms,
        adult_forms: pack.adult_consent.clone(),
    })
}

pub(super) fn taken(read: &Connection) -> Result<HashMap<(PersonId, Slug), Vec<Taken>>, StoreError> {
    let mut statement = read.prepare(&format!(
        "SELECT c.decision, c.account, c.taken_at, coalesce(a.name, ''), {}, {}
         FROM consent_decisions c LEFT JOIN accounts a ON a.id = c.account {} {}
         ORDER BY c.taken_at, c.id",
        TAKEN_BACK,
        scans::COLUMNS,
        joined_taken_back("c.id"),
        scans::joined("c.id"),
    ))?;
    let mut rows = statement.query([])?;
    let mut all: HashMap<(PersonId, Slug), Vec<Taken>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let decision: ConsentDecision = codec::decode(&row.get::<_, Vec<u8>>(0)?)?;
        let taken = Taken {
            decision,
            account: row.get(1)?,
            at: Moment(row.get(2)?),
            entered_by: row.get(3)?,
            taken_back: taken_back(row, 4)?,
            scan: scans::beside(row, 7)?,
        };
        all.entry((taken.decision.pupil, taken.decision.form.clone())).or_default().push(taken);
    }
    Ok(all)
}

/// What [`taken_back`] reads, of tables that are joined by [`joined_taken_back`].
pub(super) const TAKEN_BACK: &str = "back.taken_back_at, back.reason, coalesce(backer.name, '')";

/// Joins how each decision was taken back; `id` is the decision's column.
pub(super) fn joined_taken_back(id: &str) -> String {
    format!(
        "LEFT JOIN consent_taken_back back ON back.decision = {id}
         LEFT JOIN accounts backer ON backer.id = back.account"
    )
}

/// How the decision of a row was taken back, whose [`TAKEN_BACK`] begin at this column.
pub(super) fn taken_back(row: &Row<'_>, first: usize) -> Result<Option<Undone>, StoreError> {
    let Some(at) = row.get::<_, Option<i64>>(first)? else { return Ok(None) };
    Ok(Some(Undone {
        when: Moment(at),
        place: Place::Desk(row.get(first + 2)?),
        reason: parsed(&row.get::<_, String>(first + 1)?)?,
    }))
}

/// Lifts one; a second time changes nothing and is not noted.
fn lift(write: &Connection, no: &LiftedNo) -> Result<(), StoreError> {
    let added = write.execute(
        "INSERT INTO lifted_noes (decision, purpose, reason, account, lifted_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (decision, purpose) DO NOTHING",
        params![no.lifted.decision.as_bytes(), no.lifted.purpose.as_str(), no.reason, no.account, no.at.0],
    )?;
    if added == 0 {
        return Ok(());
    }
    let detail = format!("{} {}", no.lifted.decision, no.lifted.purpose);
    audit::note(write, no.at, Actor::Account(no.account), "no lifted", &detail)
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
