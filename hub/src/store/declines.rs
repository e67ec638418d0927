//! Those who do not sign an agreement, as they told the office. Whoever signs after all has signed; what they said before
//! stays on their page.

use std::collections::HashMap;

use records::{
    agreement::{Agreement, AgreementDigest, Version},
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    ids::{PersonId, RecordId, Slug},
};
use rusqlite::{Connection, Row, params};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    batches, packs, parsed, sixteen, thirty_two,
};

/// The longest reason, in letters.
pub const REASON: usize = 300;

/// That somebody said that they do not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// Its id.
    pub id: RecordId,
    /// The agreement.
    pub agreement: Slug,
    /// Its version.
    pub version: Version,
    /// The exact words that they do not sign.
    pub words: AgreementDigest,
    /// The day on which they said so.
    pub on: Day,
    /// Why, in the office's words; may be empty.
    pub reason: String,
    /// Who entered it.
    pub by: String,
    /// When it was entered.
    pub entered: Moment,
    /// When and by whom it was taken back, where it was a mistake.
    pub taken_back: Option<(Moment, String)>,
}

impl Store {
    /// Keeps that somebody does not sign an agreement this school year.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn decline(
        &self,
        (id, person): (RecordId, PersonId),
        (agreement, year): (&Agreement, &SchoolYear),
        (on, reason): (Day, &str),
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO declines (id, person, audience, agreement, version, words, year_ends, year_middle,
                     said_on, reason, account, entered_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    id.as_bytes(),
                    person.as_bytes(),
                    agreement.audience.as_str(),
                    agreement.slug.as_str(),
                    agreement.version.to_string(),
                    agreement.digest().0.as_bytes(),
                    year.ends.to_string(),
                    batches::middle(year).to_string(),
                    on.to_string(),
                    reason,
                    account,
                    now.0,
                ],
            )?;
            let detail = format!("{person} {}", agreement.slug);
            audit::note(write, now, Actor::Account(account), "agreement declined", &detail)
        })
    }

    /// Takes back what was entered by mistake. False where that person has no such entry that stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_decline_back(
        &self,
        person: PersonId,
        id: RecordId,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE declines SET taken_back_at = ?, taken_back_by = ?
                 WHERE id = ? AND person = ? AND taken_back_at IS NULL",
                params![now.0, account, id.as_bytes(), person.as_bytes()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let (actor, detail) = (Actor::Account(account), person.to_string());
            audit::note(write, now, actor, "that somebody declined was taken back", &detail)?;
            Ok(true)
        })
    }

    /// All that somebody declined, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn declines_of(&self, person: PersonId) -> Result<Vec<Declined>, StoreError> {
        self.read(|read| of(read, person))
    }
}

const SELECT: &str = "SELECT d.person, d.id, d.agreement, d.version, d.words, d.said_on, d.reason, a.name,
         d.entered_at, d.taken_back_at, coalesce(b.name, '')
     FROM declines d
         JOIN accounts a ON a.id = d.account
         LEFT JOIN accounts b ON b.id = d.taken_back_by";

/// All that somebody declined, the latest first.
pub(super) fn of(read: &Connection, person: PersonId) -> Result<Vec<Declined>, StoreError> {
    let sql = format!("{SELECT} WHERE d.person = ? ORDER BY d.said_on DESC, d.entered_at DESC, d.id");
    let mut select = read.prepare(&sql)?;
    let mut rows = select.query([person.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(one(row)?.1);
    }
    Ok(all)
}

/// Who has declined the words of now, or earlier ones that count as these, this school year; of several the latest.
pub(super) fn standing(
    read: &Connection,
    agreement: &Agreement,
    year: &SchoolYear,
) -> Result<HashMap<PersonId, Declined>, StoreError> {
    let counting = packs::counting_words(read, agreement)?;
    let sql = format!(
        "{SELECT} WHERE d.agreement = ? AND d.audience = ? AND d.year_middle BETWEEN ? AND ?
             AND d.taken_back_at IS NULL
         ORDER BY d.said_on, d.entered_at, d.id"
    );
    let mut select = read.prepare(&sql)?;
    let (slug, audience) = (agreement.slug.as_str(), agreement.audience.as_str());
    let mut rows = select.query(params![slug, audience, year.starts.to_string(), year.ends.to_string()])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let (person, declined) = one(row)?;
        if counting.contains(&declined.words) {
            all.insert(person, declined);
        }
    }
    Ok(all)
}

fn one(row: &Row<'_>) -> Result<(PersonId, Declined), StoreError> {
    let taken_back: Option<i64> = row.get(9)?;
    let by: String = row.get(10)?;
    let declined = Declined {
        id: RecordId::from_bytes(sixteen(row.get(1)?)?),
        agreement: parsed(&row.get::<_, String>(2)?)?,
        version: parsed(&row.get::<_, String>(3)?)?,
        words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(4)?)?)),
        on: parsed(&row.get::<_, String>(5)?)?,
        reason: row.get(6)?,
        by: row.get(7)?,
        entered: Moment(row.get(8)?),
        taken_back: taken_back.map(|at| (Moment(at), by)),
    };
    Ok((PersonId::from_bytes(sixteen(row.get(0)?)?), declined))
}
