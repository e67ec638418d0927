//! Lists of people as a whole: a file that brings pupils and their contacts together, the last list taken back by one
//! press, and what its columns held.
//!
//! What a list changed is kept as the rows that it changed, before and after. It is taken back only where each of them
//! still is as the list left it, and where nobody who came with it has signed, answered or been written about since:
//! so nothing that was done after it is lost.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params, types::Value};
use serde::{Deserialize, Serialize};

use records::day::Moment;

use super::{
    Store, StoreError,
    audit::{self, Actor},
    families::{self, ContactPreview, Summary as ContactSummary},
    people::{self, ImportError, Preview, Summary},
    restrictions,
};
use crate::import::{Lists, columns::Remembered};

/// For so many seconds a list can be taken back.
const UNDO_SECONDS: i64 = 7 * 24 * 3600;
/// So many reasons against taking back are named; the rest is counted.
const REASONS: usize = 5;

/// What a list may change, with what makes a row the same.
const TABLES: &[(&str, &[&str])] = &[
    ("classes", &["id"]),
    ("people", &["id"]),
    ("families", &["id"]),
    ("grown_ups", &["id"]),
    ("responsibilities", &["grown_up", "pupil"]),
];

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Of people.
    pub people: Option<Preview>,
    /// Of contacts.
    pub contacts: Option<ContactPreview>,
}

impl Shown {
    /// Whether so many leave that it has to be confirmed.
    pub fn are_many(&self) -> bool {
        self.people.as_ref().is_some_and(|people| people.many_leavers)
            || self.contacts.as_ref().is_some_and(|contacts| contacts.many)
    }
}

/// What a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Of people.
    pub people: Option<Summary>,
    /// Of contacts.
    pub contacts: Option<ContactSummary>,
}

/// The last list, while it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastList {
    /// What it was of: “pupils”, “contacts”, “pupils and contacts”.
    pub what: String,
    /// When it was taken.
    pub taken: Moment,
    /// Until when it can be taken back.
    pub until: Moment,
    /// What speaks against it by now, in words; nothing while it can be taken back.
    pub against: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Cell {
    #[serde(rename = "n")]
    Nothing,
    #[serde(rename = "i")]
    Number(i64),
    #[serde(rename = "t")]
    Text(String),
    /// In figures and small letters, by which an erased person is found in here.
    #[serde(rename = "b")]
    Bytes(String),
}

type Row = BTreeMap<String, Cell>;

#[derive(Debug, Serialize, Deserialize)]
struct Change {
    table: String,
    before: Option<Row>,
    after: Option<Row>,
}

type State = BTreeMap<(usize, Vec<String>), Row>;

impl Store {
    /// What a file would change. Nothing is changed.
    ///
    /// # Errors
    /// [`ImportError`], but for those that ask whether so many leave.
    pub fn preview_lists(
        &self,
        lists: &Lists,
        mut new_id: impl FnMut() -> [u8; 16],
        now: Moment,
    ) -> Result<Shown, ImportError> {
        self.tried(|write| {
            let people = lists.people.as_ref();
            let people = people.map(|file| people::preview(write, file, &mut new_id, now)).transpose()?;
            let contacts = lists.contacts.as_ref();
            let contacts =
                contacts.map(|list| families::preview(write, list, &mut new_id, now)).transpose()?;
            Ok(Shown { people, contacts })
        })
    }

    /// Takes all that a file brings, in one transaction, and remembers what its columns held.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing was changed.
    pub fn take_lists(
        &self,
        lists: &Lists,
        remembered: &Remembered,
        many_leavers: bool,
        mut new_id: impl FnMut() -> [u8; 16],
        actor: Actor,
        now: Moment,
    ) -> Result<Done, ImportError> {
        let kind = lists.people.as_ref().map(|file| file.kind.to_string());
        let what = match (&kind, &lists.contacts) {
            (Some(kind), Some(_)) => format!("{kind} and contacts"),
            (Some(kind), None) => kind.clone(),
            (None, _) => "contacts".to_owned(),
        };
        self.write(|write| {
            let done = noting(write, &what, actor, now, |write| {
                let people = lists.people.as_ref();
                let people = people
                    .map(|file| people::import(write, file, many_leavers, &mut new_id, actor, now))
                    .transpose()?;
                let contacts = lists.contacts.as_ref();
                let contacts = contacts
                    .map(|list| families::import(write, list, many_leavers, &mut new_id, actor, now))
                    .transpose()?;
                Ok(Done { people, contacts })
            })?;
            for (heading, meaning) in remembered {
                write.execute(
                    "INSERT INTO list_columns (list, heading, meaning) VALUES (?, ?, ?)
                     ON CONFLICT (list, heading) DO UPDATE SET meaning = excluded.meaning",
                    params![kind.as_deref().unwrap_or("contacts"), heading, meaning],
                )?;
            }
            Ok(done)
        })
    }

    /// What the columns of such a list held before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remembered_columns(&self, list: &str) -> Result<Remembered, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT heading, meaning FROM list_columns WHERE list = ?")?;
            let rows = select.query_map([list], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What is remembered of every kind of list, by the kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn all_remembered_columns(&self) -> Result<BTreeMap<String, Remembered>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT list, heading, meaning FROM list_columns")?;
            let mut rows = select.query([])?;
            let mut all: BTreeMap<String, Remembered> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                all.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
            }
            Ok(all)
        })
    }

    /// Forgets what the columns of such a list held. False where nothing was remembered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_columns(&self, list: &str, actor: Actor, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            if write.execute("DELETE FROM list_columns WHERE list = ?", [list])? == 0 {
                return Ok(false);
            }
            audit::note(write, now, actor, "columns of a list forgotten", list)?;
            Ok(true)
        })
    }

    /// The last list, if it was taken less than a week ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_list(&self, now: Moment) -> Result<Option<LastList>, StoreError> {
        self.read(|read| Ok(last(read, now)?.map(|(last, _)| last)))
    }

    /// Takes the last list back: everything is as it was before it. Gives back what it was of, or, where something that
    /// hangs on it has happened since, why not; then nothing was changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn undo_list(&self, actor: Actor, now: Moment) -> Result<Result<String, Vec<String>>, StoreError> {
        self.write(|write| {
            let Some((last, changes)) = last(write, now)? else {
                return Ok(Err(vec!["there is no list that can be taken back any more".to_owned()]));
            };
            if !last.against.is_empty() {
                return Ok(Err(last.against));
            }
            // Rows refer to each other, and a number may go from one to another.
            write.pragma_update(None, "defer_foreign_keys", true)?;
            for change in &changes {
                if let Some(row) = &change.after {
                    remove(write, &change.table, row)?;
                }
            }
            for change in &changes {
                if let Some(row) = &change.before {
                    put_back(write, &change.table, row)?;
                }
            }
            // Contact may have been restricted since for whoever had a code before the list.
            restrictions::end_codes(write)?;
            write.execute("DELETE FROM list_taken", [])?;
            audit::note(write, now, actor, "list taken back", &last.what)?;
            Ok(Ok(last.what))
        })
    }
}

/// Runs a change, and keeps what it changed, so that it can be taken back.
pub(super) fn noting<T>(
    write: &Connection,
    what: &str,
    actor: Actor,
    now: Moment,
    change: impl FnOnce(&Connection) -> Result<T, ImportError>,
) -> Result<T, ImportError> {
    let before = state(write)?;
    let done = change(write)?;
    let after = state(write)?;
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changes = keys.into_iter().filter(|key| before.get(key) != after.get(key)).map(|key| Change {
        table: TABLES[key.0].0.to_owned(),
        before: before.get(key).cloned(),
        after: after.get(key).cloned(),
    });
    let changes: Vec<Change> = changes.collect();
    let text = serde_json::to_string(&changes).map_err(|e| StoreError::Damaged(e.to_string()))?;
    write.execute("DELETE FROM list_taken", [])?;
    // A list that changed nothing needs no way back.
    if !changes.is_empty() {
        write.execute(
            "INSERT INTO list_taken (one, what, changes, actor, taken_at) VALUES (1, ?, ?, ?, ?)",
            params![what, text, actor.to_string(), now.0],
        )?;
    }
    Ok(done)
}

/// A list of long ago cannot be taken back: what it changed is not kept any longer.
pub(super) fn forget_old(write: &Connection, now: Moment) -> Result<(), StoreError> {
    write.execute("DELETE FROM list_taken WHERE taken_at < ?", [now.0.saturating_sub(UNDO_SECONDS)])?;
    Ok(())
}

fn last(read: &Connection, now: Moment) -> Result<Option<(LastList, Vec<Change>)>, StoreError> {
    let row = read.query_row("SELECT what, changes, taken_at FROM list_taken", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, Moment(row.get(2)?)))
    });
    let Some((what, changes, taken)) = row.optional()? else { return Ok(None) };
    let until = Moment(taken.0.saturating_add(UNDO_SECONDS));
    if now > until {
        return Ok(None);
    }
    let changes: Vec<Change> =
        serde_json::from_str(&changes).map_err(|e| StoreError::Damaged(e.to_string()))?;
    let against = against(read, &changes)?;
    Ok(Some((LastList { what, taken, until, against }, changes)))
}

/// What has happened since that hangs on the list.
fn against(read: &Connection, changes: &[Change]) -> Result<Vec<String>, StoreError> {
    let now = state(read)?;
    let mut all = BTreeSet::new();
    for change in changes {
        let Some(row) = change.after.as_ref().or(change.before.as_ref()) else { continue };
        let table = TABLES.iter().position(|(name, _)| *name == change.table).unwrap_or_default();
        let is = now.get(&(table, key(table, row)));
        if is != change.after.as_ref() {
            all.insert(match change.table.as_str() {
                "people" => format!("{} was changed since", name(row)),
                "grown_ups" => format!("{} was changed since", text(row, "name")),
                "families" => "a family was given a code, or lost it, since".to_owned(),
                "responsibilities" => "who decides for whom was changed since".to_owned(),
                _ => "a class was changed since".to_owned(),
            });
        }
        if change.before.is_none() {
            all.extend(done_since(read, &change.table, row)?);
        }
    }
    let count = all.len();
    let mut named: Vec<String> = all.into_iter().take(REASONS).collect();
    if count > REASONS {
        named.push(format!("and {} more", count - REASONS));
    }
    Ok(named)
}

/// What somebody who came with the list has done since, or what was done about them.
fn done_since(read: &Connection, table: &str, row: &Row) -> Result<Vec<String>, StoreError> {
    let who = match table {
        "people" => name(row),
        "grown_ups" => text(row, "name"),
        "responsibilities" => "somebody who decides by this list".to_owned(),
        _ => return Ok(Vec::new()),
    };
    let bytes = |column: &str| row.get(column).map_or(Value::Null, value);
    if table == "responsibilities" {
        let select = "SELECT 1 FROM consent_decisions WHERE by_person = ? AND pupil = ?";
        let answered = read.prepare_cached(select)?.exists([bytes("grown_up"), bytes("pupil")])?;
        return Ok(answered.then(|| format!("{who} has answered since")).into_iter().collect());
    }
    let mut all = Vec::new();
    for (select, what) in [
        ("SELECT 1 FROM signatures WHERE person = ?", "has signed since"),
        ("SELECT 1 FROM consent_decisions WHERE by_person = ?", "has answered since"),
        ("SELECT 1 FROM consent_decisions WHERE pupil = ?", "was answered for since"),
        ("SELECT 1 FROM holds WHERE person = ?", "is kept on hold since"),
        (
            "SELECT 1 FROM restrictions WHERE ?1 IN (pupil, grown_up)",
            "is named in a restriction of contact since",
        ),
        ("SELECT 1 FROM register_entries WHERE person = ?", "is named in a register since"),
        ("SELECT 1 FROM transfers WHERE person = ?", "has a file for the next school since"),
    ] {
        if read.prepare_cached(select)?.exists([bytes("id")])? {
            all.push(format!("{who} {what}"));
        }
    }
    Ok(all)
}

fn text(row: &Row, column: &str) -> String {
    match row.get(column) {
        Some(Cell::Text(text)) => text.clone(),
        _ => "somebody".to_owned(),
    }
}

fn name(row: &Row) -> String {
    format!("{} {}", text(row, "forename"), text(row, "surname"))
}

fn state(read: &Connection) -> Result<State, StoreError> {
    let mut all = State::new();
    for (place, (table, _)) in TABLES.iter().enumerate() {
        let mut select = read.prepare(&format!("SELECT * FROM {table}"))?;
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Row::new();
            for (column, name) in columns.iter().enumerate() {
                cells.insert(name.clone(), cell(row.get(column)?));
            }
            all.insert((place, key(place, &cells)), cells);
        }
    }
    Ok(all)
}

fn key(table: usize, row: &Row) -> Vec<String> {
    let part = |column: &&str| match row.get(*column) {
        Some(Cell::Bytes(bytes)) => bytes.clone(),
        other => format!("{other:?}"),
    };
    TABLES[table].1.iter().map(part).collect()
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Nothing,
        Value::Integer(number) => Cell::Number(number),
        // No column of these tables is one.
        Value::Real(number) => Cell::Text(number.to_string()),
        Value::Text(text) => Cell::Text(text),
        Value::Blob(bytes) => Cell::Bytes(data_encoding::HEXLOWER.encode(&bytes)),
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Number(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Bytes(hex) => data_encoding::HEXLOWER.decode(hex.as_bytes()).map_or(Value::Null, Value::Blob),
    }
}

fn remove(write: &Connection, table: &str, row: &Row) -> Result<(), StoreError> {
    let Some((_, keys)) = TABLES.iter().find(|(name, _)| *name == table) else { return Ok(()) };
    let wanted: Vec<String> = keys.iter().map(|key| format!("{key} = ?")).collect();
    let values = keys.iter().filter_map(|key| row.get(*key)).map(value);
    let sql = format!("DELETE FROM {table} WHERE {}", wanted.join(" AND "));
    write.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
    Ok(())
}

fn put_back(write: &Connection, table: &str, row: &Row) -> Result<(), StoreError> {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
    write.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(row.values().map(value)))?;
    Ok(())
}
