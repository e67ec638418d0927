//! What the office notes of a person and an agreement beside signatures: that its words were shown to them, and that they
//! said that they do not sign. Neither counts as a signature, and whoever signs after all has signed. Nothing is written
//! over: a second note stands beside the first, and what was a mistake is taken back and stays to be seen.

use std::{collections::HashMap, str::FromStr};

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
    batches, packs, parsed, retention, sixteen, thirty_two,
};

/// The longest remark, in letters.
pub const REMARK: usize = 300;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The words were shown to somebody, or read to them.
    Shown,
    /// Somebody said that they do not sign.
    Declined,
}

impl What {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Shown, Self::Declined];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Declined => "declined",
        }
    }

    /// What the log calls it.
    const fn entered(self) -> &'static str {
        match self {
            Self::Shown => "agreement shown",
            Self::Declined => "agreement declined",
        }
    }

    /// What the log calls taking it back.
    const fn back(self) -> &'static str {
        match self {
            Self::Shown => "that an agreement was shown was taken back",
            Self::Declined => "that somebody declined was taken back",
        }
    }
}

impl FromStr for What {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|what| what.as_str() == text);
        found.ok_or_else(|| StoreError::Damaged("the office noted something unknown".into()))
    }
}

/// A note of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeNote {
    /// Its id.
    pub id: RecordId,
    /// What it says.
    pub what: What,
    /// The agreement.
    pub agreement: Slug,
    /// Its version.
    pub version: Version,
    /// The exact words that were shown, or that somebody does not sign.
    pub words: AgreementDigest,
    /// The day on which it was.
    pub on: Day,
    /// Where it was shown, or why they do not sign, in the office's words; may be empty.
    pub remark: String,
    /// Who entered it.
    pub by: String,
    /// When it was entered.
    pub entered: Moment,
    /// What it was entered with, where it was shown to a whole class or group at once.
    pub showing: Option<RecordId>,
    /// When and by whom it was taken back, where it was a mistake.
    pub taken_back: Option<(Moment, String)>,
}

/// What is to be noted.
#[derive(Debug, Clone, Copy)]
pub struct NewNote<'a> {
    /// What it says.
    pub what: What,
    /// The agreement.
    pub agreement: &'a Agreement,
    /// The version that it is about, and its exact words: the agreement's own, or earlier ones that count as these.
    pub words: (&'a Version, AgreementDigest),
    /// The school year.
    pub year: &'a SchoolYear,
    /// The day on which it was.
    pub on: Day,
    /// Where or why; may be empty.
    pub remark: &'a str,
}

/// Somewhere in the register where the words were shown to all who were there, at once.
#[derive(Debug, Clone, Copy)]
pub struct AtOnce<'a> {
    /// Chosen at random when the page was shown: the same page sent twice enters nobody twice.
    pub id: RecordId,
    /// The section of the register, as it stands in addresses.
    pub section: &'a str,
}

impl AtOnce<'_> {
    /// The id of the note on one of those who were there.
    fn note(&self, person: PersonId) -> RecordId {
        let both = [*self.id.as_bytes(), *person.as_bytes()].concat();
        let digest = Digest::of_kind("signpost shown to many 1", &both);
        RecordId::from_bytes(*digest.as_bytes().first_chunk().expect("a digest has 32 bytes"))
    }
}

/// That the words were shown to a whole class or group at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The id that the notes have in common.
    pub id: RecordId,
    /// The version that was shown.
    pub version: Version,
    /// The day.
    pub on: Day,
    /// Where, in the office's words; may be empty.
    pub remark: String,
    /// Who entered it.
    pub by: String,
    /// How many it was shown to; of one that was taken back, how many were entered.
    pub people: usize,
    /// When and by whom all of it was taken back.
    pub taken_back: Option<(Moment, String)>,
}

/// What stands of the office's notes on one person, for the words and the school year of now.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// The last time that they said no.
    pub(super) declined: Option<OfficeNote>,
    /// When the words were shown to them, the earliest first.
    pub(super) shown: Vec<OfficeNote>,
}

impl Store {
    /// Notes something of one person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_of_one(
        &self,
        (id, person): (RecordId, PersonId),
        new: &NewNote<'_>,
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            if !keep(write, (id, person), new, None, (account, now))? {
                return Ok(());
            }
            let detail = format!("{person} {}", new.agreement.slug);
            audit::note(write, now, Actor::Account(account), new.what.entered(), &detail)
        })
    }

    /// Notes that the words were shown to all of these at once; whoever was erased is left out. How many were entered: nobody
    /// where this was entered before, also if it was taken back since. A page that is sent again is the same page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_of_many(
        &self,
        at_once: &AtOnce<'_>,
        people: &[PersonId],
        new: &NewNote<'_>,
        account: i64,
        now: Moment,
    ) -> Result<usize, StoreError> {
        self.write(|write| {
            let mut before = write.prepare("SELECT 1 FROM office_notes WHERE showing = ?")?;
            if before.exists([at_once.id.as_bytes()])? {
                return Ok(0);
            }
            let mut entered = 0;
            for person in people {
                let ids = (at_once.note(*person), *person);
                entered += usize::from(keep(write, ids, new, Some(at_once), (account, now))?);
            }
            if entered > 0 {
                let detail = format!("{} {} people {entered}", new.agreement.slug, at_once.id);
                audit::note(write, now, Actor::Account(account), new.what.entered(), &detail)?;
            }
            Ok(entered)
        })
    }

    /// Takes back what was noted of a person by mistake. False where they have no such note that stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_note_back(
        &self,
        person: PersonId,
        id: RecordId,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let mut update = write.prepare(
                "UPDATE office_notes SET taken_back_at = ?, taken_back_by = ?
                 WHERE id = ? AND person = ? AND taken_back_at IS NULL RETURNING what",
            )?;
            let mut rows = update.query(params![now.0, account, id.as_bytes(), person.as_bytes()])?;
            let Some(row) = rows.next()? else { return Ok(false) };
            let what: What = parsed(&row.get::<_, String>(0)?)?;
            drop(rows);
            audit::note(write, now, Actor::Account(account), what.back(), &person.to_string())?;
            Ok(true)
        })
    }

    /// Takes back all that was noted at once, as far as it stands. How many notes that were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_showing_back(
        &self,
        agreement: &Slug,
        at_once: &AtOnce<'_>,
        account: i64,
        now: Moment,
    ) -> Result<usize, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE office_notes SET taken_back_at = ?, taken_back_by = ?
                 WHERE showing = ? AND section = ? AND agreement = ? AND taken_back_at IS NULL",
                params![now.0, account, at_once.id.as_bytes(), at_once.section, agreement.as_str()],
            )?;
            if changed > 0 {
                let detail = format!("{agreement} {} people {changed}", at_once.id);
                audit::note(write, now, Actor::Account(account), What::Shown.back(), &detail)?;
            }
            Ok(changed)
        })
    }

    /// All that the office noted of somebody, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notes_of(&self, person: PersonId) -> Result<Vec<OfficeNote>, StoreError> {
        self.read(|read| of(read, person))
    }

    /// When the words were shown at once to all of a section of the register this school year, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn showings(
        &self,
        agreement: &Agreement,
        year: &SchoolYear,
        section: &str,
    ) -> Result<Vec<Showing>, StoreError> {
        self.read(|read| {
            // Of several who took notes back, the last is told: it was they who took what still stood.
            let mut select = read.prepare(
                "SELECT n.showing, n.version, n.day, n.remark, a.name, count(*), sum(n.taken_back_at IS NULL),
                     max(n.taken_back_at), coalesce(b.name, '')
                 FROM office_notes n
                     JOIN accounts a ON a.id = n.account
                     LEFT JOIN accounts b ON b.id = n.taken_back_by
                 WHERE n.section = ? AND n.agreement = ? AND n.audience = ? AND n.year_middle BETWEEN ? AND ?
                 GROUP BY n.showing ORDER BY n.day DESC, n.entered_at DESC, n.showing",
            )?;
            let (slug, audience) = (agreement.slug.as_str(), agreement.audience.as_str());
            let (starts, ends) = (year.starts.to_string(), year.ends.to_string());
            let mut rows = select.query(params![section, slug, audience, starts, ends])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (entered, stand): (i64, i64) = (row.get(5)?, row.get(6)?);
                let last: Option<i64> = row.get(7)?;
                let by: String = row.get(8)?;
                all.push(Showing {
                    id: RecordId::from_bytes(sixteen(row.get(0)?)?),
                    version: parsed(&row.get::<_, String>(1)?)?,
                    on: parsed(&row.get::<_, String>(2)?)?,
                    remark: row.get(3)?,
                    by: row.get(4)?,
                    people: usize::try_from(if stand == 0 { entered } else { stand }).unwrap_or_default(),
                    taken_back: last.filter(|_| stand == 0).map(|at| (Moment(at), by)),
                });
            }
            Ok(all)
        })
    }
}

/// Keeps a note; false where it is there already, or whom it is about was erased.
fn keep(
    write: &Connection,
    (id, person): (RecordId, PersonId),
    new: &NewNote<'_>,
    at_once: Option<&AtOnce<'_>>,
    (account, now): (i64, Moment),
) -> Result<bool, StoreError> {
    if retention::is_erased(write, id.as_bytes())? || retention::is_erased(write, person.as_bytes())? {
        return Ok(false);
    }
    let mut insert = write.prepare_cached(
        "INSERT INTO office_notes (id, what, person, audience, agreement, version, words, year_ends, year_middle, day,
             remark, account, entered_at, showing, section)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )?;
    let (version, words) = new.words;
    let added = insert.execute(params![
        id.as_bytes(),
        new.what.as_str(),
        person.as_bytes(),
        new.agreement.audience.as_str(),
        new.agreement.slug.as_str(),
        version.to_string(),
        words.0.as_bytes(),
        new.year.ends.to_string(),
        batches::middle(new.year).to_string(),
        new.on.to_string(),
        new.remark,
        account,
        now.0,
        at_once.map(|one| *one.id.as_bytes()),
        at_once.map(|one| one.section),
    ])?;
    Ok(added > 0)
}

const SELECT: &str =
    "SELECT n.person, n.id, n.what, n.agreement, n.version, n.words, n.day, n.remark, a.name,
         n.entered_at, n.showing, n.taken_back_at, coalesce(b.name, '')
     FROM office_notes n
         JOIN accounts a ON a.id = n.account
         LEFT JOIN accounts b ON b.id = n.taken_back_by";

/// All that the office noted of somebody, the latest first.
pub(super) fn of(read: &Connection, person: PersonId) -> Result<Vec<OfficeNote>, StoreError> {
    let sql = format!("{SELECT} WHERE n.person = ? ORDER BY n.day DESC, n.entered_at DESC, n.id");
    let mut select = read.prepare(&sql)?;
    let mut rows = select.query([person.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(one(row)?.1);
    }
    Ok(all)
}

/// What stands of everybody, for the words of now, or earlier ones that count as these, and this school year.
pub(super) fn standing(
    read: &Connection,
    agreement: &Agreement,
    year: &SchoolYear,
) -> Result<HashMap<PersonId, Standing>, StoreError> {
    let counting = packs::counting_words(read, agreement)?;
    let sql = format!(
        "{SELECT} WHERE n.agreement = ? AND n.audience = ? AND n.year_middle BETWEEN ? AND ?
             AND n.taken_back_at IS NULL
         ORDER BY n.day, n.entered_at, n.id"
    );
    let mut select = read.prepare(&sql)?;
    let (slug, audience) = (agreement.slug.as_str(), agreement.audience.as_str());
    let mut rows = select.query(params![slug, audience, year.starts.to_string(), year.ends.to_string()])?;
    let mut all: HashMap<PersonId, Standing> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (person, note) = one(row)?;
        if !counting.contains(&note.words) {
            continue;
        }
        let standing = all.entry(person).or_default();
        match note.what {
            What::Shown => standing.shown.push(note),
            What::Declined => standing.declined = Some(note),
        }
    }
    Ok(all)
}

fn one(row: &Row<'_>) -> Result<(PersonId, OfficeNote), StoreError> {
    let showing: Option<Vec<u8>> = row.get(10)?;
    let taken_back: Option<i64> = row.get(11)?;
    let by: String = row.get(12)?;
    let note = OfficeNote {
        id: RecordId::from_bytes(sixteen(row.get(1)?)?),
        what: parsed(&row.get::<_, String>(2)?)?,
        agreement: parsed(&row.get::<_, String>(3)?)?,
        version: parsed(&row.get::<_, String>(4)?)?,
        words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(5)?)?)),
        on: parsed(&row.get::<_, String>(6)?)?,
        remark: row.get(7)?,
        by: row.get(8)?,
        entered: Moment(row.get(9)?),
        showing: showing.map(sixteen).transpose()?.map(RecordId::from_bytes),
        taken_back: taken_back.map(|at| (Moment(at), by)),
    };
    Ok((PersonId::from_bytes(sixteen(row.get(0)?)?), note))
}
