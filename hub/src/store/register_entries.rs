//! Entries of registers and their sign-offs.
//!
//! # Contract
//! An entry is written once under its id, whoever sends it how often. Whoever adds to one has to have seen its last row,
//! so that nobody takes back unseen what another wrote at the same time. No row is ever changed; retention removes an
//! entry with all its rows.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, Row as SqlRow, params};

use records::{
    codec,
    day::{Day, Moment},
    digest::Digest,
    form::Form,
    ids::{PersonId, Slug},
    register::Party,
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    consents, parsed, sixteen, thirty_two,
};
use crate::registers::{
    answers::Answers,
    entry::{Entry, EntryId, Row, What},
};

/// What the log calls a row that was written.
const WRITTEN: &str = "register entry written";

/// What is written.
#[derive(Debug, Clone)]
pub struct NewRow<'n> {
    /// A random id, handed out with the page that it was typed on.
    pub id: EntryId,
    /// The register.
    pub register: &'n Slug,
    /// What.
    pub what: &'n What,
    /// Why.
    pub note: &'n str,
    /// The form's version.
    pub version: &'n records::agreement::Version,
    /// The form's exact words.
    pub words: Digest,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// As whom it is written.
    pub party: Party,
}

/// Whether something was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It was, or had been by the same press.
    Done,
    /// Somebody has added something else that the writer has not seen.
    Overtaken,
    /// There is no such entry.
    NothingThere,
}

/// That a register was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// A random id.
    pub id: [u8; 16],
    /// Up to which day it counts.
    pub covers: Day,
    /// How many entries were new since the last time.
    pub entries: usize,
    /// How many were still open.
    pub still_open: usize,
    /// What was found, in the signer's words.
    pub note: String,
    /// As whom.
    pub party: Party,
    /// The signer's account, by its name.
    pub by: String,
    /// When.
    pub made: Moment,
}

impl Store {
    /// Begins an entry. False where its id is there already: the same press, twice.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter(&self, new: &NewRow<'_>, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| insert(write, new, new.id, account, now))
    }

    /// Adds to an entry whose last row the writer has seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_to_entry(
        &self,
        entry: EntryId,
        seen: EntryId,
        new: &NewRow<'_>,
        account: i64,
        now: Moment,
    ) -> Result<Added, StoreError> {
        self.write(|write| {
            let last =
                "SELECT id FROM register_entries WHERE thread = ? AND register = ? ORDER BY seq DESC LIMIT 1";
            let last: Option<Vec<u8>> =
                write.query_row(last, params![entry, new.register.as_str()], |row| row.get(0)).optional()?;
            match last {
                None => Ok(Added::NothingThere),
                Some(last) if last == new.id => Ok(Added::Done),
                Some(last) if last != seen => Ok(Added::Overtaken),
                Some(_) => {
                    insert(write, new, entry, account, now)?;
                    Ok(Added::Done)
                }
            }
        })
    }

    /// All entries of a register, in the order in which they were begun.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register_entries(&self, register: &Slug) -> Result<Vec<Entry>, StoreError> {
        self.read(|read| threads(read, "WHERE e.register = ?", params![register.as_str()]))
    }

    /// One entry of a register.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register_entry(&self, register: &Slug, entry: EntryId) -> Result<Option<Entry>, StoreError> {
        self.read(|read| {
            let found =
                threads(read, "WHERE e.register = ?1 AND e.thread = ?2", params![register.as_str(), entry])?;
            Ok(found.into_iter().next())
        })
    }

    /// Which register each entry is of, by its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn registers_of_entries(&self) -> Result<HashMap<EntryId, String>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT DISTINCT thread, register FROM register_entries")?;
            let rows = select.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(|(id, register)| Ok((sixteen(id)?, register))).collect()
        })
    }

    /// The words of all forms that were ever published, by their digest: an entry answers those of its own time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn form_words(&self) -> Result<HashMap<Digest, Form>, StoreError> {
        self.read(|read| consents::words(read))
    }

    /// The sign-offs of a register, the last one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sign_offs(&self, register: &Slug) -> Result<Vec<SignOff>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT id, covers, entries, still_open, note, party,
                     (SELECT name FROM accounts WHERE id = account), made_at
                 FROM register_sign_offs WHERE register = ? ORDER BY made_at DESC, id",
            )?;
            let mut rows = select.query([register.as_str()])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(SignOff {
                    id: sixteen(row.get(0)?)?,
                    covers: parsed(&row.get::<_, String>(1)?)?,
                    entries: usize::try_from(row.get::<_, i64>(2)?).unwrap_or_default(),
                    still_open: usize::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
                    note: row.get(4)?,
                    party: parsed(&row.get::<_, String>(5)?)?,
                    by: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                    made: Moment(row.get(7)?),
                });
            }
            Ok(all)
        })
    }

    /// Signs a register off. False where this was done by the same press already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sign_off(&self, register: &Slug, sign: &SignOff, account: i64) -> Result<bool, StoreError> {
        self.write(|write| {
            let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let new = write.execute(
                "INSERT INTO register_sign_offs
                     (id, register, covers, entries, still_open, note, party, account, made_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                params![
                    sign.id,
                    register.as_str(),
                    sign.covers.to_string(),
                    number(sign.entries),
                    number(sign.still_open),
                    sign.note,
                    sign.party.as_str(),
                    account,
                    sign.made.0
                ],
            )?;
            if new == 0 {
                return Ok(false);
            }
            let detail = format!("{register} up to {}, entries {}", sign.covers, sign.entries);
            audit::note(write, sign.made, Actor::Account(account), "register signed off", &detail)?;
            Ok(true)
        })
    }
}

fn insert(
    write: &Connection,
    new: &NewRow<'_>,
    thread: EntryId,
    account: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    let (what, answers) = match new.what {
        What::Says(answers) => ("says", codec::encode(answers)),
        What::Agreed => ("agreed", Vec::new()),
        What::Refused => ("refused", Vec::new()),
    };
    let is_new = write.execute(
        "INSERT INTO register_entries
             (id, register, thread, what, answers, note, version, words, person, party, account, made_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        params![
            new.id,
            new.register.as_str(),
            thread,
            what,
            answers,
            new.note,
            new.version.to_string(),
            new.words.as_bytes(),
            new.person.as_ref().map(PersonId::as_bytes),
            new.party.as_str(),
            account,
            now.0
        ],
    )? == 1;
    if is_new {
        let written = Written {
            id: &new.id,
            register: new.register.as_str(),
            thread: &thread,
            what,
            answers: &answers,
            note: new.note,
            party: new.party.as_str(),
            account,
            made: now.0,
        };
        audit::note(write, now, Actor::Account(account), WRITTEN, &written.detail())?;
    }
    Ok(is_new)
}

/// All of a row that says something. Whom it is about is not in it: that goes with the person.
struct Written<'w> {
    id: &'w [u8],
    register: &'w str,
    thread: &'w [u8],
    what: &'w str,
    answers: &'w [u8],
    note: &'w str,
    party: &'w str,
    account: i64,
    made: i64,
}

impl Written<'_> {
    /// How the log names it.
    fn detail(&self) -> String {
        let hex = |bytes| data_encoding::HEXLOWER.encode(bytes);
        let said =
            (hex(self.thread), self.what, hex(self.answers), self.note, self.party, self.account, self.made);
        let digest = Digest::of_kind("signpost register row 1", &codec::encode(&(self.register, said)));
        format!("{} {} {digest}", self.register, hex(self.id))
    }
}

const COLUMNS: &str =
    "SELECT e.id, e.thread, e.what, e.answers, e.note, e.version, e.words, e.person, e.party, e.account,
    (SELECT name FROM accounts WHERE id = e.account), e.made_at FROM register_entries e";

fn threads(read: &Connection, which: &str, with: &[&dyn rusqlite::ToSql]) -> Result<Vec<Entry>, StoreError> {
    let mut select = read.prepare(&format!("{COLUMNS} {which} ORDER BY e.seq"))?;
    let mut rows = select.query(with)?;
    let mut places: HashMap<EntryId, usize> = HashMap::new();
    let mut all: Vec<Entry> = Vec::new();
    while let Some(sql) = rows.next()? {
        let thread: EntryId = sixteen(sql.get(1)?)?;
        let row = row(sql)?;
        match places.get(&thread) {
            Some(place) => all[*place].rows.push(row),
            None => {
                places.insert(thread, all.len());
                all.push(Entry { rows: vec![row] });
            }
        }
    }
    Ok(all)
}

fn row(sql: &SqlRow<'_>) -> Result<Row, StoreError> {
    let what = match sql.get::<_, String>(2)?.as_str() {
        "says" => What::Says(codec::decode::<Answers>(&sql.get::<_, Vec<u8>>(3)?)?),
        "agreed" => What::Agreed,
        "refused" => What::Refused,
        other => return Err(StoreError::Damaged(format!("a register’s row is “{other}”"))),
    };
    Ok(Row {
        id: sixteen(sql.get(0)?)?,
        what,
        note: sql.get(4)?,
        version: parsed(&sql.get::<_, String>(5)?)?,
        words: Digest::from_bytes(thirty_two(sql.get(6)?)?),
        person: sql.get::<_, Option<Vec<u8>>>(7)?.map(sixteen).transpose()?.map(PersonId::from_bytes),
        party: parsed(&sql.get::<_, String>(8)?)?,
        account: sql.get(9)?,
        by: sql.get::<_, Option<String>>(10)?.unwrap_or_default(),
        made: Moment(sql.get(11)?),
    })
}

/// All entries of all registers, by the register's name.
pub(super) fn everything(read: &Connection) -> Result<Vec<(String, Entry)>, StoreError> {
    let mut select = read.prepare("SELECT DISTINCT register FROM register_entries ORDER BY register")?;
    let registers = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mut all = Vec::new();
    for register in registers {
        let found = threads(read, "WHERE e.register = ?", params![register])?;
        all.extend(found.into_iter().map(|entry| (register.clone(), entry)));
    }
    Ok(all)
}

/// The entries that are about a person, by the register's name.
pub(super) fn about(read: &Connection, person: PersonId) -> Result<Vec<(Slug, Entry)>, StoreError> {
    let mut select =
        read.prepare("SELECT DISTINCT register, thread FROM register_entries WHERE person = ? ORDER BY seq")?;
    let mut rows = select.query([person.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (register, thread): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let found = threads(read, "WHERE e.register = ?1 AND e.thread = ?2", params![register, thread])?;
        let name: Slug = parsed(&register)?;
        all.extend(found.into_iter().map(|entry| (name.clone(), entry)));
    }
    Ok(all)
}

/// Checks that every row is as the log says it was written. What retention removed is not there any more.
pub(super) fn check(read: &Connection) -> Result<(), StoreError> {
    let mut logged = read.prepare("SELECT detail FROM audit WHERE what = ?")?;
    let logged: HashSet<String> = logged.query_map([WRITTEN], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut rows = read
        .prepare("SELECT id, register, thread, what, answers, note, party, account, made_at FROM register_entries ORDER BY seq")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (id, register): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
        let (thread, what, answers): (Vec<u8>, String, Vec<u8>) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let (note, party): (String, String) = (row.get(5)?, row.get(6)?);
        let written = Written {
            id: &id,
            register: &register,
            thread: &thread,
            what: &what,
            answers: &answers,
            note: &note,
            party: &party,
            account: row.get(7)?,
            made: row.get(8)?,
        };
        if !logged.contains(&written.detail()) {
            let id = data_encoding::HEXLOWER.encode(&id);
            return Err(StoreError::Damaged(format!(
                "the entry {id} of “{register}” is not as it was written"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        keyfile::DatabaseKey,
        registers::{answers, entry::tests::register},
    };

    fn store(dir: &std::path::Path) -> Store {
        Store::open(&dir.join("hub.db"), &DatabaseKey::generate(), dir).unwrap()
    }

    fn enter(store: &Store, id: u8, what: &str) -> bool {
        let register = register();
        let typed = [("what", what), ("out", "2026-09-14"), ("state", "good"), ("at", "2026-09-14T08:30")];
        let typed: Vec<_> = typed.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let what = What::Says(answers::read(&register, &typed, "office").unwrap());
        store.enter(&new(&register, id, &what), 1, Moment(7)).unwrap()
    }

    fn new<'n>(register: &'n records::register::Register, id: u8, what: &'n What) -> NewRow<'n> {
        NewRow {
            id: [id; 16],
            register: &register.form.id,
            what,
            note: "",
            version: &register.form.version,
            words: register.form.digest(),
            person: None,
            party: Party::Office,
        }
    }

    #[test]
    fn an_entry_is_there_once_and_whoever_adds_has_seen_its_last_row() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        assert!(enter(&store, 1, "Tablet"));
        assert!(!enter(&store, 1, "Another"), "the same press twice");
        let register = register();
        let add = |id, seen| {
            store.add_to_entry([1; 16], [seen; 16], &new(&register, id, &What::Agreed), 1, Moment(8)).unwrap()
        };
        assert_eq!(add(2, 1), Added::Done);
        assert_eq!(add(2, 1), Added::Done, "the same press twice");
        assert_eq!(add(3, 1), Added::Overtaken);
        let entry = store.register_entry(&register.form.id, [1; 16]).unwrap().unwrap();
        assert_eq!(entry.rows.iter().map(|row| row.id[0]).collect::<Vec<_>>(), [1, 2]);
        let nobody = store.add_to_entry([9; 16], [1; 16], &new(&register, 4, &What::Agreed), 1, Moment(8));
        assert_eq!(nobody.unwrap(), Added::NothingThere);
    }

    #[test]
    fn an_entry_that_was_changed_in_the_database_is_found() {
        let spoilt = |statement: &str| {
            let dir = tempfile::tempdir().unwrap();
            let store = store(dir.path());
            enter(&store, 1, "Tablet");
            enter(&store, 2, "Laptop");
            store.check_audit().unwrap();
            store.write(|write| Ok::<_, StoreError>(write.execute(statement, [])?)).unwrap();
            store.check_audit().is_err()
        };
        assert!(spoilt(
            "UPDATE register_entries SET answers = (SELECT answers FROM register_entries WHERE seq = 2)"
        ));
        assert!(spoilt("UPDATE register_entries SET account = 9 WHERE seq = 1"));
        assert!(spoilt("UPDATE register_entries SET party = 'headteacher' WHERE seq = 1"));
        assert!(spoilt("UPDATE register_entries SET made_at = 1 WHERE seq = 1"));
        assert!(spoilt("UPDATE register_entries SET note = 'x' WHERE seq = 1"));
    }
}
