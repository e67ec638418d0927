//! What came on paper and was entered at the desk: signatures of agreements, and what is known of any such paper.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    agreement::{Agreement, AgreementDigest, Version},
    codec,
    consent::ConsentDecision,
    day::{Moment, SchoolYear},
    digest::Digest,
    ids::{PersonId, RecordId, Slug},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    batches, consents, packs, parsed,
    registers::{Place, Undone},
    retention,
    scans::{self, ScanHeld},
    sixteen, thirty_two,
};
use crate::scan::Scan;

/// Words that somebody may have signed on paper and that count now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsOnPaper {
    /// The version.
    pub version: Version,
    /// The words.
    pub words: AgreementDigest,
    /// When they were first published here; none where they never were.
    pub since: Option<Moment>,
}

/// What is entered at once: one sheet that a class signed, or the sheet of one person.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Chosen at random when the page was shown: the same page sent twice enters nobody twice.
    pub id: [u8; 16],
    /// Which agreement.
    pub agreement: Agreement,
    /// The words that stand on it.
    pub words: WordsOnPaper,
    /// When it was signed.
    pub when: Moment,
    /// The school year that it counts for.
    pub year: SchoolYear,
}

impl Sheet {
    /// The id of a person's signature on it.
    pub fn record(&self, person: PersonId) -> RecordId {
        let both = [self.id, *person.as_bytes()].concat();
        let digest = Digest::of_kind("signpost signature on paper 1", &both);
        RecordId::from_bytes(*digest.as_bytes().first_chunk().expect("a digest has 32 bytes"))
    }
}

/// Somebody's signature on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPaper {
    /// Whose.
    pub person: PersonId,
    /// Whether somebody helped.
    pub helped: bool,
}

/// Why something that was entered from paper is taken back: fixed words, so that nothing about anybody is written down
/// with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was another person.
    Another,
    /// Something was entered wrong, and is entered anew.
    Slip,
    /// Whoever signed asked for it.
    Asked,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Another, Self::Slip, Self::Asked];
    /// Those for an answer to a form of consent. Whoever has changed their mind answers again: taking back would bring
    /// back what they said before.
    pub const OF_CONSENT: [Self; 2] = [Self::Another, Self::Slip];
    /// Its name in forms and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Another => "another-person",
            Self::Slip => "entered-wrong",
            Self::Asked => "at-their-request",
        }
    }
    /// In words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Another => "it was another person",
            Self::Slip => "something was entered wrong",
            Self::Asked => "they asked for it",
        }
    }
}

impl std::str::FromStr for Why {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|why| why.as_str() == text);
        found.ok_or_else(|| StoreError::Damaged("something was taken back for an unknown reason".into()))
    }
}

/// A paper that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The record that was made of it.
    pub id: RecordId,
    /// When it was entered; of a line of the visitors' book it is not known.
    pub entered: Option<Moment>,
    /// By whom: the name of the account.
    pub by: String,
    /// Its scan.
    pub scan: Option<ScanHeld>,
    /// What it is.
    pub what: What,
}

/// What a paper is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A signature of an agreement.
    Signature {
        /// Whose.
        person: PersonId,
        /// The agreement.
        agreement: Slug,
        /// Its version.
        version: Version,
        /// Its words.
        words: AgreementDigest,
        /// When it was signed.
        when: Moment,
        /// Whether somebody helped.
        helped: bool,
        /// How many were entered together with it and have no scan, this one among them.
        without_scan: usize,
        /// How it was taken back, where it was.
        undone: Option<Undone>,
    },
    /// A form of consent.
    Consent {
        /// For whom.
        pupil: PersonId,
        /// By whom.
        by: PersonId,
        /// Which form.
        form: Slug,
        /// The version of it that stood on the paper.
        version: Version,
        /// When it was signed.
        when: Moment,
        /// How it was taken back, where it was.
        undone: Option<Undone>,
    },
    /// A line of the visitors' book.
    Visitor {
        /// The name on it.
        name: String,
    },
}

impl Store {
    /// The words of an agreement that may stand on a paper and count now, the newest first: its own, and those of before
    /// that nobody was asked to sign anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn words_on_paper(&self, agreement: &Agreement) -> Result<Vec<WordsOnPaper>, StoreError> {
        self.read(|read| {
            let mut all = Vec::new();
            for words in packs::counting_words(read, agreement)? {
                let select = "SELECT v.version, p.published_at FROM agreement_versions v
                         JOIN packs p ON p.number = v.first_pack
                     WHERE v.slug = ? AND v.words = ? ORDER BY p.published_at LIMIT 1";
                let found = read
                    .query_row(select, params![agreement.slug.as_str(), words.0.as_bytes()], |row| {
                        Ok((row.get::<_, String>(0)?, Moment(row.get(1)?)))
                    })
                    .optional()?;
                all.push(match found {
                    Some((version, since)) => {
                        WordsOnPaper { version: parsed(&version)?, words, since: Some(since) }
                    }
                    None => WordsOnPaper { version: agreement.version.clone(), words, since: None },
                });
            }
            Ok(all)
        })
    }

    /// Enters those who signed a sheet, with its scan. Whoever is on it already, or was erased, is left out. How many
    /// were entered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter_sheet(
        &self,
        sheet: &Sheet,
        signed: &[OnPaper],
        scan: Option<&Scan>,
        account: i64,
        now: Moment,
    ) -> Result<usize, StoreError> {
        self.write(|write| {
            let (mut entered, mut on_it) = (0, Vec::new());
            for one in signed {
                let id = sheet.record(one.person);
                if retention::is_erased(write, id.as_bytes())?
                    || retention::is_erased(write, one.person.as_bytes())?
                {
                    continue;
                }
                on_it.push(id);
                if insert(write, sheet, id, one, account, now)? {
                    entered += 1;
                    let what = "signature entered from paper";
                    audit::note(write, now, Actor::Account(account), what, &id.to_string())?;
                }
            }
            if let Some(scan) = scan {
                scans::keep(write, scan, &on_it, account, now)?;
            }
            Ok(entered)
        })
    }

    /// Takes a signature that was entered from paper back, by a record that withdraws it. False where there is none that
    /// stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_back(
        &self,
        signature: RecordId,
        undo: RecordId,
        why: Why,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let added = write.execute(
                "INSERT INTO undos (id, withdraws, reason, undone_at, account)
                 SELECT ?, id, ?, ?, ? FROM signatures
                 WHERE id = ? AND account IS NOT NULL AND id NOT IN (SELECT withdraws FROM undos)",
                params![undo.as_bytes(), why.as_str(), now.0, account, signature.as_bytes()],
            )?;
            if added == 0 {
                return Ok(false);
            }
            let detail = format!("{signature} {undo}");
            audit::note(write, now, Actor::Account(account), "signature on paper taken back", &detail)?;
            Ok(true)
        })
    }

    /// A paper that was entered, by the record that was made of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn paper(&self, id: RecordId) -> Result<Option<Paper>, StoreError> {
        self.read(|read| match signature(read, id)? {
            Some(paper) => Ok(Some(paper)),
            None => match consent(read, id)? {
                Some(paper) => Ok(Some(paper)),
                None => visitor(read, id),
            },
        })
    }

    /// Keeps a scan beside a paper that has none; `with_others`: also beside those that were entered together with it
    /// and have none. False where the paper has one, or there is no such paper.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_scan(
        &self,
        id: RecordId,
        with_others: bool,
        scan: &Scan,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let is_paper = "SELECT 1 WHERE ?1 NOT IN (SELECT record FROM scanned) AND (
                    EXISTS (SELECT 1 FROM signatures WHERE id = ?1 AND account IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM consent_decisions WHERE id = ?1 AND account IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM visitors WHERE id = ?1 AND account IS NOT NULL))";
            if !write.prepare(is_paper)?.exists([id.as_bytes()])? {
                return Ok(false);
            }
            let mut records = vec![id];
            if with_others {
                records.extend(together(write, id)?.into_iter().filter(|other| *other != id));
            }
            Ok(scans::keep(write, scan, &records, account, now)? > 0)
        })
    }
}

/// Whether there is a new row.
fn insert(
    write: &Connection,
    sheet: &Sheet,
    id: RecordId,
    one: &OnPaper,
    account: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    let mut insert = write.prepare_cached(
        "INSERT INTO signatures (id, person, audience, agreement, version, words, signed_at, year_starts, year_ends,
             year_middle, helped, account, entered_at, sheet)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )?;
    let added = insert.execute(params![
        id.as_bytes(),
        one.person.as_bytes(),
        sheet.agreement.audience.as_str(),
        sheet.agreement.slug.as_str(),
        sheet.words.version.to_string(),
        sheet.words.words.0.as_bytes(),
        sheet.when.0,
        sheet.year.starts.to_string(),
        sheet.year.ends.to_string(),
        batches::middle(&sheet.year).to_string(),
        one.helped,
        account,
        now.0,
        sheet.id,
    ])?;
    Ok(added == 1)
}

/// The signatures of the same sheet that have no scan.
fn together(read: &Connection, id: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut select = read.prepare(
        "SELECT id FROM signatures WHERE sheet = (SELECT sheet FROM signatures WHERE id = ?)
             AND id NOT IN (SELECT record FROM scanned)
         ORDER BY id",
    )?;
    let ids = select.query_map([id.as_bytes()], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
    ids.into_iter().map(|id| Ok(RecordId::from_bytes(sixteen(id)?))).collect()
}

fn signature(read: &Connection, id: RecordId) -> Result<Option<Paper>, StoreError> {
    let without_scan = together(read, id)?.len();
    let mut select = read.prepare(&format!(
        "SELECT s.entered_at, a.name, s.person, s.agreement, s.version, s.words, s.signed_at, s.helped,
             u.undone_at, u.reason, coalesce(b.name, ''), {}
         FROM signatures s JOIN accounts a ON a.id = s.account
             LEFT JOIN undos u ON u.id =
                 (SELECT id FROM undos WHERE withdraws = s.id ORDER BY undone_at, id LIMIT 1)
             LEFT JOIN accounts b ON b.id = u.account
             {}
         WHERE s.id = ?",
        scans::COLUMNS,
        scans::joined("s.id"),
    ))?;
    let mut rows = select.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let undone = match row.get::<_, Option<i64>>(8)? {
        Some(at) => Some(Undone {
            when: Moment(at),
            place: Place::Desk(row.get(10)?),
            reason: parsed(&row.get::<_, String>(9)?)?,
        }),
        None => None,
    };
    Ok(Some(Paper {
        id,
        entered: Some(Moment(row.get(0)?)),
        by: row.get(1)?,
        scan: scans::beside(row, 11)?,
        what: What::Signature {
            person: PersonId::from_bytes(sixteen(row.get(2)?)?),
            agreement: parsed(&row.get::<_, String>(3)?)?,
            version: parsed(&row.get::<_, String>(4)?)?,
            words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(5)?)?)),
            when: Moment(row.get(6)?),
            helped: row.get(7)?,
            without_scan,
            undone,
        },
    }))
}

fn consent(read: &Connection, id: RecordId) -> Result<Option<Paper>, StoreError> {
    let mut select = read.prepare(&format!(
        "SELECT c.taken_at, a.name, c.decision, {}, {}
         FROM consent_decisions c JOIN accounts a ON a.id = c.account {} {}
         WHERE c.id = ?",
        consents::TAKEN_BACK,
        scans::COLUMNS,
        consents::joined_taken_back("c.id"),
        scans::joined("c.id"),
    ))?;
    let mut rows = select.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let decision: ConsentDecision = codec::decode(&row.get::<_, Vec<u8>>(2)?)?;
    Ok(Some(Paper {
        id,
        entered: Some(Moment(row.get(0)?)),
        by: row.get(1)?,
        scan: scans::beside(row, 6)?,
        what: What::Consent {
            pupil: decision.pupil,
            by: decision.by,
            form: decision.form,
            version: decision.version,
            when: decision.when,
            undone: consents::taken_back(row, 3)?,
        },
    }))
}

fn visitor(read: &Connection, id: RecordId) -> Result<Option<Paper>, StoreError> {
    let mut select = read.prepare(&format!(
        "SELECT a.name, v.name, {} FROM visitors v JOIN accounts a ON a.id = v.account {} WHERE v.id = ?",
        scans::COLUMNS,
        scans::joined("v.id"),
    ))?;
    let mut rows = select.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let what = What::Visitor { name: row.get(1)? };
    Ok(Some(Paper { id, entered: None, by: row.get(0)?, scan: scans::beside(row, 2)?, what }))
}
