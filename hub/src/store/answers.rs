//! What kiosks have for children who come back with four pictures ([`crate::answers`]).
//!
//! An answer and a decoy are rows of one form, and nothing leads from a row to its report: which one is whose, only the
//! report's own sealed entries say. Of places that are yet to be let only those of answers are here.

use getrandom::rand_core::CryptoRng;
use records::{
    answer::{AnswerSheet, LINES, Line, SentenceName},
    day::Moment,
    receipt::Receipt,
    report::Route,
};
use rusqlite::{Connection, Row, params};

use super::{Store, StoreError, report_entries};
use crate::answers::{self, DayNumber, Let, Told};

/// So many days after they began rows are let go. That is well after they are over: what a clock that was wrong by
/// months let go of would be lost when it is put right.
const KEPT_DAYS: i64 = 180;

/// From when to when kiosks have an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    /// The first day.
    pub from: DayNumber,
    /// The first day on which they have it no more.
    pub until: DayNumber,
}

/// What came of answering, or of taking an answer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// It is done.
    Done(Stands),
    /// All of the route's places of the coming sixty days are given away.
    Full,
    /// The last day of the answer that stands is this one: what it were changed to would never stand.
    LastDay,
    /// There is none to be taken back.
    NoneThere,
    /// Somebody else has written at the entry's place meanwhile: another one is to be tried.
    Again,
}

/// The sealed entry that says of its report what was done, and where it lies.
pub struct Written<'a> {
    /// Where.
    pub place: report_entries::Place,
    /// Seals it, once it is known from when to when.
    pub seal: &'a dyn Fn(Stands) -> Result<Vec<u8>, StoreError>,
    /// Who wrote it.
    pub account: i64,
    /// When.
    pub at: Moment,
}

/// A row.
struct Kept {
    of: Let,
    receipt: Receipt,
    told: Told,
}

impl Store {
    /// What kiosks have on a day. Where places were let anew since it was last asked for and no answer waited for them,
    /// decoys take them, for good. `sentences` are the school's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answer_sheet(
        &self,
        sentences: &[SentenceName],
        today: DayNumber,
        random: &mut impl CryptoRng,
    ) -> Result<AnswerSheet, StoreError> {
        if let Some(sheet) = self.read(|read| sheet(read, today))? {
            return Ok(sheet);
        }
        self.write(|write| {
            write.execute("DELETE FROM answers WHERE starts < ?", [today.0 - KEPT_DAYS])?;
            for of in answers::on(today) {
                if row_of(write, of)?.is_none() {
                    let told = answers::decoy(sentences, of, random);
                    keep(write, &Kept { of, receipt: free(write, random)?, told })?;
                }
            }
            sheet(write, today)?.ok_or_else(|| StoreError::Damaged("places for answers are missing".into()))
        })
    }

    /// What would come of answering a receipt on this day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn would_stand(
        &self,
        receipt: &Receipt,
        route: Route,
        today: DayNumber,
    ) -> Result<Answering, StoreError> {
        self.read(|read| {
            Ok(match row_with(read, receipt, today)? {
                Some(kept) => kept.stands_changed(today).map_or(Answering::LastDay, Answering::Done),
                None => next(read, route, today)?.map_or(Answering::Full, |of| Answering::Done(stands(of))),
            })
        })
    }

    /// What kiosks tell a receipt, today and perhaps later something else, and from when to when it leads anywhere; none
    /// where they do not have it, nor will without an answer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn told_to(&self, receipt: &Receipt, today: DayNumber) -> Result<Option<(Told, Stands)>, StoreError> {
        let kept = self.read(|read| row_with(read, receipt, today))?;
        Ok(kept.map(|kept| (kept.told, stands(kept.of))))
    }

    /// Answers a receipt with a sentence, or with another one than before, and writes down that it was done.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was done.
    pub fn answer(
        &self,
        receipt: &Receipt,
        route: Route,
        sentence: SentenceName,
        today: DayNumber,
        written: &Written<'_>,
    ) -> Result<Answering, StoreError> {
        self.write(|write| {
            if report_entries::is_one(write, &written.place)? {
                return Ok(Answering::Again);
            }
            let done = match row_with(write, receipt, today)? {
                Some(kept) if kept.of.starts > today => {
                    let told = Told { sentence, later: None };
                    change(write, kept.of, &told)?;
                    stands(kept.of)
                }
                Some(kept) => {
                    let Some(stands) = kept.stands_changed(today) else { return Ok(Answering::LastDay) };
                    change(write, kept.of, &kept.told.changed(today, sentence))?;
                    stands
                }
                None => {
                    let Some(of) = next(write, route, today)? else { return Ok(Answering::Full) };
                    write.execute("DELETE FROM answers WHERE receipt = ?", [receipt.as_bytes()])?;
                    keep(
                        write,
                        &Kept { of, receipt: receipt.clone(), told: Told { sentence, later: None } },
                    )?;
                    stands(of)
                }
            };
            write_down(write, written, done)
        })
    }

    /// Takes the answer to a receipt back, and writes that down. One that kiosks do not have yet they never get.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was done.
    pub fn take_answer_back(
        &self,
        receipt: &Receipt,
        today: DayNumber,
        written: &Written<'_>,
    ) -> Result<Answering, StoreError> {
        self.write(|write| {
            if report_entries::is_one(write, &written.place)? {
                return Ok(Answering::Again);
            }
            let Some(kept) = row_with(write, receipt, today)? else { return Ok(Answering::NoneThere) };
            let done = if kept.of.starts > today {
                write.execute(
                    "DELETE FROM answers WHERE starts = ? AND place = ?",
                    params![kept.of.starts.0, kept.of.place],
                )?;
                Stands { from: today, until: today }
            } else {
                change(write, kept.of, &kept.told.changed(today, SentenceName::NONE))?;
                Stands { from: today.next(), until: today.next() }
            };
            write_down(write, written, done)
        })
    }
}

impl Kept {
    /// From when to when what it is changed to on this day stands; none on its last day.
    fn stands_changed(&self, today: DayNumber) -> Option<Stands> {
        let stands = Stands { from: self.of.starts.max(today.next()), until: self.of.ends() };
        (stands.from < stands.until).then_some(stands)
    }
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("a place for an answer cannot be read".into());
        let four = |column: usize| row.get::<_, Vec<u8>>(column)?.try_into().map_err(|_| damaged());
        let eight = |bytes: Vec<u8>| bytes.try_into().map(SentenceName::from_bytes).map_err(|_| damaged());
        let changes: Option<i64> = row.get(4)?;
        let later: Option<Vec<u8>> = row.get(5)?;
        Ok(Self {
            of: Let { starts: DayNumber(row.get(0)?), place: row.get(1)? },
            receipt: Receipt::from_bytes(four(2)?).ok_or_else(damaged)?,
            told: Told {
                sentence: eight(row.get(3)?)?,
                later: changes
                    .zip(later)
                    .map(|(day, name)| Ok::<_, StoreError>((DayNumber(day), eight(name)?)))
                    .transpose()?,
            },
        })
    }
}

const COLUMNS: &str = "SELECT starts, place, receipt, sentence, changes, later FROM answers";

const fn stands(of: Let) -> Stands {
    Stands { from: of.starts, until: of.ends() }
}

fn row_of(read: &Connection, of: Let) -> Result<Option<Kept>, StoreError> {
    let mut select = read.prepare_cached(&format!("{COLUMNS} WHERE starts = ? AND place = ?"))?;
    let mut rows = select.query(params![of.starts.0, of.place])?;
    rows.next()?.map(Kept::read).transpose()
}

/// The row with a receipt, if it stands or is yet to.
fn row_with(read: &Connection, receipt: &Receipt, today: DayNumber) -> Result<Option<Kept>, StoreError> {
    let mut select = read.prepare_cached(&format!("{COLUMNS} WHERE receipt = ?"))?;
    let mut rows = select.query([receipt.as_bytes()])?;
    let kept = rows.next()?.map(Kept::read).transpose()?;
    Ok(kept.filter(|kept| kept.of.ends() > today))
}

/// The next place of a route that is let anew and given to nobody.
fn next(read: &Connection, route: Route, today: DayNumber) -> Result<Option<Let>, StoreError> {
    for of in answers::after(today, route) {
        if row_of(read, of)?.is_none() {
            return Ok(Some(of));
        }
    }
    Ok(None)
}

/// A receipt that leads nowhere yet.
fn free(read: &Connection, random: &mut impl CryptoRng) -> Result<Receipt, StoreError> {
    let mut taken = read.prepare_cached("SELECT 1 FROM answers WHERE receipt = ?")?;
    loop {
        let receipt = answers::any_receipt(random);
        if !taken.exists([receipt.as_bytes()])? {
            return Ok(receipt);
        }
    }
}

fn keep(write: &Connection, kept: &Kept) -> Result<(), StoreError> {
    let insert =
        "INSERT INTO answers (starts, place, receipt, sentence, changes, later) VALUES (?, ?, ?, ?, ?, ?)";
    let (changes, later) = kept.told.later.unzip();
    write.prepare_cached(insert)?.execute(params![
        kept.of.starts.0,
        kept.of.place,
        kept.receipt.as_bytes(),
        kept.told.sentence.as_bytes(),
        changes.map(|day| day.0),
        later.as_ref().map(|name| name.as_bytes()),
    ])?;
    Ok(())
}

fn change(write: &Connection, of: Let, told: &Told) -> Result<(), StoreError> {
    let (changes, later) = told.later.unzip();
    write.execute(
        "UPDATE answers SET sentence = ?, changes = ?, later = ? WHERE starts = ? AND place = ?",
        params![
            told.sentence.as_bytes(),
            changes.map(|day| day.0),
            later.as_ref().map(|name| name.as_bytes()),
            of.starts.0,
            of.place,
        ],
    )?;
    Ok(())
}

fn write_down(write: &Connection, written: &Written<'_>, done: Stands) -> Result<Answering, StoreError> {
    let bytes = (written.seal)(done)?;
    report_entries::add(write, &written.place, &bytes, written.account, written.at)?;
    Ok(Answering::Done(done))
}

/// The sheet of a day; none where a place is let to nobody yet.
fn sheet(read: &Connection, today: DayNumber) -> Result<Option<AnswerSheet>, StoreError> {
    let mut lines = Vec::with_capacity(LINES);
    for of in answers::on(today) {
        let Some(kept) = row_of(read, of)? else { return Ok(None) };
        lines.push(Line { sentence: kept.told.on(today), receipt: kept.receipt });
    }
    Ok(lines.try_into().ok().map(AnswerSheet::of))
}
