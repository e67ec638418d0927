//! The visitors' book: everybody who signed at the entrance, or on paper, and is on no list.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    agreement::{AgreementDigest, Audience, Version},
    codec,
    day::Moment,
    digest::Digest,
    ids::{RecordId, Slug},
    language::Language,
    signature::Mark,
    visitor::{VisitorSignature, Written},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    parsed, retention,
    scans::{self, ScanHeld},
    sixteen, thirty_two,
};
use crate::scan::Scan;

/// A line of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The signature's id.
    pub id: RecordId,
    /// Who, as they wrote it.
    pub name: String,
    /// Whom they came to see or where they are from; empty where they did not say.
    pub about: String,
    /// As what.
    pub audience: Audience,
    /// The agreement.
    pub agreement: Slug,
    /// Its version.
    pub version: Version,
    /// Its exact words.
    pub words: AgreementDigest,
    /// The translation shown beside it.
    pub help: Option<Language>,
    /// When; of a paper, the day that stands on it.
    pub when: Moment,
    /// How it came here.
    pub came: Came,
    /// The scan of the paper.
    pub scan: Option<ScanHeld>,
    /// How it was taken back, where it was.
    pub undone: Option<Undone>,
}

/// How a line came into the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// From a kiosk, with its name and the mark.
    Kiosk(String, Mark),
    /// From a paper that somebody entered, with the name of their account.
    Paper(String),
}

/// That a line was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// When.
    pub at: Moment,
    /// The name of the account.
    pub by: String,
    /// Why.
    pub why: Why,
}

/// Why a line is taken back: fixed words, so that nothing about anybody is written down with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody came: it was a try.
    Try,
    /// A name was written wrong, and is entered anew.
    Slip,
    /// Whoever signed asked for it.
    Asked,
    /// The school ended it.
    Ended,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Try, Self::Slip, Self::Asked, Self::Ended];
    /// Its name in forms and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Try => "try",
            Self::Slip => "slip",
            Self::Asked => "asked",
            Self::Ended => "ended",
        }
    }
}

impl std::str::FromStr for Why {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|why| why.as_str() == text);
        found.ok_or_else(|| StoreError::Damaged("the visitors’ book has an unknown reason".into()))
    }
}

/// A paper that is entered.
#[derive(Debug, Clone)]
pub struct PaperVisitor {
    /// A random id.
    pub id: RecordId,
    /// Who.
    pub name: Written,
    /// Whom they came to see, or where they are from.
    pub about: Option<Written>,
    /// As what.
    pub audience: Audience,
    /// The agreement.
    pub agreement: Slug,
    /// Its version.
    pub version: Version,
    /// Its exact words.
    pub words: AgreementDigest,
    /// When it was signed.
    pub when: Moment,
}

impl Store {
    /// The whole book, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visitors(&self) -> Result<Vec<Visitor>, StoreError> {
        self.read(|read| visitors(read))
    }

    /// Enters a paper, with its scan.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter_visitor(
        &self,
        paper: &PaperVisitor,
        scan: Option<&Scan>,
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO visitors (id, name, about, audience, agreement, version, words, signed_at, account)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    paper.id.as_bytes(),
                    paper.name.as_str(),
                    paper.about.as_ref().map(Written::as_str),
                    paper.audience.as_str(),
                    paper.agreement.as_str(),
                    paper.version.to_string(),
                    paper.words.0.as_bytes(),
                    paper.when.0,
                    account,
                ],
            )?;
            audit::note(
                write,
                now,
                Actor::Account(account),
                "visitor entered from paper",
                &paper.id.to_string(),
            )?;
            if let Some(scan) = scan {
                scans::keep(write, scan, &[paper.id], account, now)?;
            }
            Ok(())
        })
    }

    /// Takes a line back; it stays in the book as taken back. False where there is none that stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn undo_visitor(
        &self,
        id: RecordId,
        why: Why,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE visitors SET undone_at = ?, undone_account = ?, undone_why = ?
                 WHERE id = ? AND undone_at IS NULL",
                params![now.0, account, why.as_str(), id.as_bytes()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let detail = format!("{id} {}", why.as_str());
            audit::note(write, now, Actor::Account(account), "visitor’s signature taken back", &detail)?;
            Ok(true)
        })
    }

    /// Lets a line stand again that was taken back. False where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn restore_visitor(&self, id: RecordId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE visitors SET undone_at = NULL, undone_account = NULL, undone_why = NULL
                 WHERE id = ? AND undone_at IS NOT NULL",
                [id.as_bytes()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let what = "visitor’s signature stands again";
            audit::note(write, now, Actor::Account(account), what, &id.to_string())?;
            Ok(true)
        })
    }

    /// Erases lines at the request of whoever they are about, for good: a kiosk that delivers one late, or a backup of
    /// before, does not bring it back. Gives back how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_visitors(&self, ids: &[RecordId], account: i64, now: Moment) -> Result<usize, StoreError> {
        self.write(|write| {
            let mut gone = 0;
            for id in ids {
                if exists(write, *id)? {
                    retention::erase_for_good(write, *id.as_bytes(), now)?;
                    let what = "visitor erased at their request";
                    audit::note(write, now, Actor::Account(account), what, &id.to_string())?;
                    gone += 1;
                }
            }
            Ok(gone)
        })
    }
}

fn exists(read: &Connection, id: RecordId) -> Result<bool, StoreError> {
    let select = "SELECT 1 FROM visitors WHERE id = ?";
    Ok(read.query_row(select, [id.as_bytes()], |_| Ok(())).optional()?.is_some())
}

/// Puts a signature that a kiosk delivered into the book.
pub(super) fn keep(write: &Connection, signed: &VisitorSignature) -> Result<(), StoreError> {
    let mut insert = write.prepare_cached(
        "INSERT INTO visitors (id, name, about, audience, agreement, version, words, help_language, help_words,
             signed_at, device, mark)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        signed.id.as_bytes(),
        signed.name.as_str(),
        signed.about.as_ref().map(Written::as_str),
        signed.audience.as_str(),
        signed.agreement.as_str(),
        signed.version.to_string(),
        signed.words.0.as_bytes(),
        signed.help.as_ref().map(|help| help.language.as_str()),
        signed.help.as_ref().map(|help| help.digest.as_bytes()),
        signed.when.0,
        signed.device.as_bytes(),
        codec::encode(&signed.mark),
    ])?;
    Ok(())
}

pub(super) fn visitors(read: &Connection) -> Result<Vec<Visitor>, StoreError> {
    let mut select = read.prepare(&format!(
        "SELECT v.id, v.name, coalesce(v.about, ''), v.audience, v.agreement, v.version, v.words, v.help_language,
             v.signed_at, v.mark, coalesce(k.name, ''), coalesce(a.name, ''), v.undone_at, coalesce(b.name, ''),
             v.undone_why, {}
         FROM visitors v
             LEFT JOIN kiosks k ON k.device = v.device
             LEFT JOIN accounts a ON a.id = v.account
             LEFT JOIN accounts b ON b.id = v.undone_account
             {}
         ORDER BY v.signed_at DESC, v.id",
        scans::COLUMNS,
        scans::joined("v.id"),
    ))?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let help: Option<String> = row.get(7)?;
        let came = match row.get::<_, Option<Vec<u8>>>(9)? {
            Some(mark) => Came::Kiosk(row.get(10)?, codec::decode(&mark)?),
            None => Came::Paper(row.get(11)?),
        };
        let undone = match (row.get::<_, Option<i64>>(12)?, row.get::<_, Option<String>>(14)?) {
            (Some(at), Some(why)) => Some(Undone { at: Moment(at), by: row.get(13)?, why: why.parse()? }),
            _ => None,
        };
        all.push(Visitor {
            id: RecordId::from_bytes(sixteen(row.get(0)?)?),
            name: row.get(1)?,
            about: row.get(2)?,
            audience: parsed(&row.get::<_, String>(3)?)?,
            agreement: parsed(&row.get::<_, String>(4)?)?,
            version: parsed(&row.get::<_, String>(5)?)?,
            words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(6)?)?)),
            help: help.map(|tag| parsed(&tag)).transpose()?,
            when: Moment(row.get(8)?),
            came,
            scan: scans::beside(row, 15)?,
            undone,
        });
    }
    Ok(all)
}
