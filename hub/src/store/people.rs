//! People and classes, as the school's lists have them.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    convert::Infallible,
};

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use records::{
    agreement::Audience,
    day::Moment,
    ids::{ClassId, PersonId},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    lists, parsed, sixteen,
};
use crate::import::{Kind, LineProblem, Listed, RosterFile, tiles};

/// Of how many people a list may lose, without a word, more than a quarter.
const FEW: usize = 10;

/// Whether so many of those who are here would leave that the list may be only a part: more than a quarter.
/// A school of seven years loses a seventh each summer, one of four years a quarter.
pub(super) const fn are_many(leaving: usize, here: usize) -> bool {
    here >= FEW && leaving * 4 > here
}

/// Why a list was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines that contradict what is already here.
    #[error("the list has mistakes; nothing was changed")]
    Lines(Vec<LineProblem>),
    /// More than a quarter of those here are not on it.
    #[error(
        "{leaving} of the {here} {kind} here are not in this file and would be marked as having left. If that is right, import it again with --many-leavers; if not, export the whole list and import that. Nothing was changed"
    )]
    ManyLeavers {
        /// How many would leave.
        leaving: usize,
        /// How many are here.
        here: usize,
        /// Of what kind.
        kind: Kind,
    },
    /// More than a quarter of those who decide for pupils are not on it.
    #[error(
        "{leaving} of the {here} grown-ups here are not in this file and would decide for no pupil any more. If that is right, import it again with --many-leavers; if not, export the contacts of all pupils and import that. Nothing was changed"
    )]
    ManyContacts {
        /// How many would decide no more.
        leaving: usize,
        /// How many are here.
        here: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New, or back again.
    pub joined: usize,
    /// Here before, and not on the list.
    pub left: usize,
    /// In another class than before.
    pub moved: usize,
    /// With another name, year group or role.
    pub changed: usize,
    /// As before.
    pub same: usize,
    /// Classes that were not known before.
    pub new_classes: usize,
}

/// One person as the registers show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// As what.
    pub kind: Kind,
    /// The name they are called by.
    pub forename: String,
    /// Their surname.
    pub surname: String,
    /// A member of staff's work.
    pub role: Option<String>,
    /// A pupil's class.
    pub class: Option<ClassId>,
    /// Their picture on a tile.
    pub tile: String,
    /// When they left.
    pub left: Option<Moment>,
}

impl Person {
    /// The whole name, as it is called: “Maya Khan”.
    pub fn name(&self) -> String {
        format!("{} {}", self.forename, self.surname)
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRow {
    /// Its id.
    pub id: ClassId,
    /// Its name.
    pub name: String,
    /// Which agreement its pupils sign.
    pub audience: Audience,
}

struct Known {
    id: PersonId,
    upn: Option<String>,
    number: Option<String>,
    forename: String,
    surname: String,
    role: Option<String>,
    year: Option<i8>,
    class: Option<ClassId>,
    tile: String,
    left: bool,
}

impl Store {
    /// Takes a list of all people of its kind: whoever is not on it has left. Ids stay with people by
    /// UPN, admission number or staff code. `new_id` gives random bytes.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing was changed.
    pub fn import(
        &self,
        file: &RosterFile,
        many_leavers: bool,
        new_id: impl FnMut() -> [u8; 16],
        actor: Actor,
        now: Moment,
    ) -> Result<Summary, ImportError> {
        self.write(|write| {
            lists::noting(write, &file.kind.to_string(), actor, now, |write| {
                import(write, file, many_leavers, new_id, actor, now)
            })
        })
    }

    /// What a change would come to: it is made in a transaction that is taken back.
    pub(super) fn tried<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, ImportError>,
    ) -> Result<T, ImportError> {
        let Err(TakenBack(result)) = self.write(|write| Err::<Infallible, _>(TakenBack(change(write))));
        result
    }

    /// Everybody, those who have left too, by surname.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.read(|read| people(read))
    }

    /// The classes that have pupils, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn classes(&self) -> Result<Vec<ClassRow>, StoreError> {
        self.read(|read| classes(read))
    }
}

/// What a list changes, which is changed by this.
pub(super) fn preview(
    write: &Connection,
    file: &RosterFile,
    new_id: impl FnMut() -> [u8; 16],
    now: Moment,
) -> Result<Preview, ImportError> {
    let before = people(write)?;
    import(write, file, true, new_id, Actor::Hub, now)?;
    let names = class_names(write)?;
    Ok(Preview::of(file.kind, &before, &people(write)?, &names))
}

pub(super) fn import(
    write: &Connection,
    file: &RosterFile,
    many_leavers: bool,
    mut new_id: impl FnMut() -> [u8; 16],
    actor: Actor,
    now: Moment,
) -> Result<Summary, ImportError> {
    let known = known(write, file.kind)?;
    let matched = matched(&known, &file.people)?;
    let kept: HashSet<PersonId> = matched.iter().flatten().map(|&i| known[i].id).collect();
    let here = known.iter().filter(|k| !k.left).count();
    let leaving: Vec<&Known> = known.iter().filter(|k| !k.left && !kept.contains(&k.id)).collect();
    if !many_leavers && are_many(leaving.len(), here) {
        return Err(ImportError::ManyLeavers { leaving: leaving.len(), here, kind: file.kind });
    }
    let mut summary = Summary { left: leaving.len(), ..Summary::default() };
    for person in leaving {
        let params = params![now.0, person.id.as_bytes()];
        write.execute("UPDATE people SET left_at = ? WHERE id = ?", params)?;
    }
    let classes = keep_classes(write, file, &mut new_id, &mut summary)?;
    let tiles = choose_tiles(file, &known, &matched, &classes);
    for ((listed, place), tile) in file.people.iter().zip(&matched).zip(tiles) {
        let class = listed.class.as_ref().and_then(|name| classes.get(&name.to_lowercase()).copied());
        let before = place.map(|i| &known[i]);
        count(&mut summary, before, listed, class);
        let id = before.map_or_else(|| PersonId::from_bytes(new_id()), |k| k.id);
        keep_person(write, file.kind, id, listed, class, tile, now)?;
    }
    let detail = format!("{} joined {} left {}", file.kind, summary.joined, summary.left);
    audit::note(write, now, actor, "list imported", &detail)?;
    Ok(summary)
}

/// What a transaction that is taken back has come to.
struct TakenBack<T>(Result<T, ImportError>);

impl<T> From<StoreError> for TakenBack<T> {
    fn from(error: StoreError) -> Self {
        Self(Err(error.into()))
    }
}

/// Somebody whom a list changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Their name now.
    pub name: String,
    /// What they come from: a class, or a name and role.
    pub from: String,
    /// What they come to.
    pub to: String,
}

/// What a list would change, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Preview {
    /// New, or back again.
    pub joined: Vec<Change>,
    /// Here, and not on the list.
    pub left: Vec<Change>,
    /// In another class.
    pub moved: Vec<Change>,
    /// With another name or role.
    pub renamed: Vec<Change>,
    /// As before, but perhaps for the year group.
    pub same: usize,
    /// How many of these are here now.
    pub here: usize,
    /// Whether so many would leave that it has to be confirmed.
    pub many_leavers: bool,
}

impl Preview {
    fn of(kind: Kind, before: &[Person], after: &[Person], classes: &HashMap<ClassId, String>) -> Self {
        let class = |p: &Person| p.class.and_then(|class| classes.get(&class).cloned()).unwrap_or_default();
        let said = |p: &Person| match &p.role {
            Some(role) => format!("{}, {role}", p.name()),
            None => p.name(),
        };
        let before: HashMap<PersonId, &Person> = before.iter().map(|p| (p.id, p)).collect();
        let here = before.values().filter(|p| p.kind == kind && p.left.is_none()).count();
        let mut preview = Self::default();
        for now in after.iter().filter(|p| p.kind == kind) {
            let then = before.get(&now.id).filter(|then| then.left.is_none());
            let change = |from: String, to: String| Change { name: now.name(), from, to };
            match (then, now.left) {
                (None, None) => preview.joined.push(change(String::new(), class(now))),
                (None, Some(_)) => {}
                (Some(then), Some(_)) => preview.left.push(change(class(then), String::new())),
                (Some(then), None) if then.class != now.class => {
                    preview.moved.push(change(class(then), class(now)));
                }
                (Some(then), None) if said(then) != said(now) => {
                    preview.renamed.push(change(said(then), said(now)));
                }
                (Some(_), None) => preview.same += 1,
            }
        }
        preview.here = here;
        preview.many_leavers = are_many(preview.left.len(), here);
        preview
    }
}

/// Every class, those without pupils too.
fn class_names(read: &Connection) -> Result<HashMap<ClassId, String>, StoreError> {
    let mut statement = read.prepare("SELECT id, name FROM classes")?;
    let mut rows = statement.query([])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        all.insert(ClassId::from_bytes(sixteen(row.get(0)?)?), row.get(1)?);
    }
    Ok(all)
}

pub(super) fn people(read: &Connection) -> Result<Vec<Person>, StoreError> {
    let mut statement = read.prepare(
        "SELECT id, kind, forename, surname, role, class, tile, left_at FROM people
         ORDER BY surname COLLATE NOCASE, forename COLLATE NOCASE, id",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Person {
            id: PersonId::from_bytes(sixteen(row.get(0)?)?),
            kind: parsed(&row.get::<_, String>(1)?)?,
            forename: row.get(2)?,
            surname: row.get(3)?,
            role: row.get(4)?,
            class: class_column(row, 5)?,
            tile: row.get(6)?,
            left: row.get::<_, Option<i64>>(7)?.map(Moment),
        });
    }
    Ok(all)
}

/// What tells a person from others of the name.
pub(super) struct Numbers {
    /// The unique pupil number.
    pub(super) upn: Option<String>,
    /// The admission number or staff code.
    pub(super) number: Option<String>,
}

pub(super) fn numbers(read: &Connection, kind: Kind) -> Result<HashMap<PersonId, Numbers>, StoreError> {
    let all = known(read, kind)?.into_iter();
    Ok(all.map(|k| (k.id, Numbers { upn: k.upn, number: k.number })).collect())
}

pub(super) fn classes(read: &Connection) -> Result<Vec<ClassRow>, StoreError> {
    let mut statement = read.prepare(
        "SELECT id, name, audience FROM classes c
         WHERE EXISTS (SELECT 1 FROM people p WHERE p.class = c.id AND p.left_at IS NULL)
         ORDER BY name COLLATE NOCASE",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(ClassRow {
            id: ClassId::from_bytes(sixteen(row.get(0)?)?),
            name: row.get(1)?,
            audience: parsed(&row.get::<_, String>(2)?)?,
        });
    }
    Ok(all)
}

fn class_column(row: &Row<'_>, column: usize) -> Result<Option<ClassId>, StoreError> {
    row.get::<_, Option<Vec<u8>>>(column)?.map(|bytes| sixteen(bytes).map(ClassId::from_bytes)).transpose()
}

fn known(read: &Connection, kind: Kind) -> Result<Vec<Known>, StoreError> {
    let mut statement = read.prepare(
        "SELECT id, upn, number, forename, surname, role, year, class, tile, left_at IS NOT NULL
         FROM people WHERE kind = ?",
    )?;
    let mut rows = statement.query([kind.as_str()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Known {
            id: PersonId::from_bytes(sixteen(row.get(0)?)?),
            upn: row.get(1)?,
            number: row.get(2)?,
            forename: row.get(3)?,
            surname: row.get(4)?,
            role: row.get(5)?,
            year: row.get(6)?,
            class: class_column(row, 7)?,
            tile: row.get(8)?,
            left: row.get(9)?,
        });
    }
    Ok(all)
}

/// For each listed person the place in `known` of the same person.
fn matched(known: &[Known], people: &[Listed]) -> Result<Vec<Option<usize>>, ImportError> {
    let by = |key: fn(&Known) -> Option<&String>| -> HashMap<&str, usize> {
        known.iter().enumerate().filter_map(|(i, k)| Some((key(k)?.as_str(), i))).collect()
    };
    let (by_upn, by_number) = (by(|k| k.upn.as_ref()), by(|k| k.number.as_ref()));
    let (mut places, mut taken, mut problems) = (Vec::new(), HashMap::new(), Vec::new());
    for listed in people {
        let upn = listed.upn.as_deref().and_then(|u| by_upn.get(u).copied());
        let number = listed.number.as_deref().and_then(|n| by_number.get(n).copied());
        // A number may be given again; a UPN never is. So the number counts only for whoever has no other UPN.
        let number = number.filter(|&i| known[i].upn.is_none() || listed.upn.is_none());
        let place = upn.or(number);
        if let (Some(a), Some(b)) = (upn, number)
            && a != b
        {
            problems.push(LineProblem::new(
                listed.line,
                "the UPN belongs to one person here and the admission number to another. Check both in the MIS",
            ));
        }
        if let Some(first) = place.and_then(|place| taken.insert(place, listed.line)) {
            problems.push(LineProblem::new(
                listed.line,
                format!("this is the same person as in line {first}. Take one of the two lines out"),
            ));
        }
        places.push(place);
    }
    if problems.is_empty() { Ok(places) } else { Err(ImportError::Lines(problems)) }
}

fn keep_classes(
    write: &Connection,
    file: &RosterFile,
    new_id: &mut impl FnMut() -> [u8; 16],
    summary: &mut Summary,
) -> Result<HashMap<String, ClassId>, ImportError> {
    let mut years: BTreeMap<String, (String, Vec<i8>)> = BTreeMap::new();
    for person in &file.people {
        if let Some(name) = &person.class {
            let entry = years.entry(name.to_lowercase()).or_insert_with(|| (name.clone(), Vec::new()));
            entry.1.extend(person.year);
        }
    }
    let mut ids = HashMap::new();
    for (key, (name, years)) in years {
        let existing = write
            .query_row("SELECT count(*) FROM classes WHERE name = ?", [&name], |r| r.get::<_, i64>(0))
            .optional()?;
        summary.new_classes += usize::from(existing == Some(0));
        let id: Vec<u8> = write.query_row(
            "INSERT INTO classes (id, name, audience) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET audience = excluded.audience, name = excluded.name RETURNING id",
            params![new_id(), name, key_stage(&years).as_str()],
            |row| row.get(0),
        )?;
        ids.insert(key, ClassId::from_bytes(sixteen(id)?));
    }
    Ok(ids)
}

/// What most of a class are: Reception to Year 2 sign as Key Stage 1; where it is even, so do all.
fn key_stage(years: &[i8]) -> Audience {
    let older = years.iter().filter(|year| **year >= 3).count();
    if older * 2 > years.len() { Audience::Ks2 } else { Audience::Ks1 }
}

fn choose_tiles(
    file: &RosterFile,
    known: &[Known],
    matched: &[Option<usize>],
    classes: &HashMap<String, ClassId>,
) -> Vec<&'static str> {
    let mut groups: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (i, person) in file.people.iter().enumerate() {
        groups.entry(person.class.as_ref().map(|c| c.to_lowercase())).or_default().push(i);
    }
    let mut chosen = vec![""; file.people.len()];
    for (class, members) in groups {
        let id = class.and_then(|c| classes.get(&c).copied());
        // Whoever was in this class before keeps the picture that they know.
        let held: Vec<Option<&str>> = members
            .iter()
            .map(|&i| matched[i].map(|k| &known[k]).filter(|k| k.class == id).map(|k| k.tile.as_str()))
            .collect();
        for (&i, tile) in members.iter().zip(tiles::give_out(&held)) {
            chosen[i] = tile;
        }
    }
    chosen
}

fn count(summary: &mut Summary, before: Option<&Known>, now: &Listed, class: Option<ClassId>) {
    let tally = match before {
        None => &mut summary.joined,
        Some(b) if b.left => &mut summary.joined,
        Some(b) if b.class != class => &mut summary.moved,
        Some(b) => {
            let as_before = b.forename == now.forename
                && b.surname == now.surname
                && b.role == now.role
                && b.year == now.year;
            if as_before { &mut summary.same } else { &mut summary.changed }
        }
    };
    *tally += 1;
}

fn keep_person(
    write: &Connection,
    kind: Kind,
    id: PersonId,
    listed: &Listed,
    class: Option<ClassId>,
    tile: &str,
    now: Moment,
) -> Result<(), StoreError> {
    // A number that was given to somebody else since no longer names whoever had it.
    let others = "UPDATE people SET number = NULL WHERE kind = ? AND number = ? AND id <> ?";
    write.execute(others, params![kind.as_str(), listed.number, id.as_bytes()])?;
    write.execute(
        "INSERT INTO people (id, kind, upn, number, forename, surname, role, year, class, tile, joined_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET upn = coalesce(excluded.upn, upn),
             number = coalesce(excluded.number, number), forename = excluded.forename,
             surname = excluded.surname, role = excluded.role, year = excluded.year,
             class = excluded.class, tile = excluded.tile, left_at = NULL",
        params![
            id.as_bytes(),
            kind.as_str(),
            listed.upn,
            listed.number,
            listed.forename,
            listed.surname,
            listed.role,
            listed.year,
            class.as_ref().map(ClassId::as_bytes),
            tile,
            now.0,
        ],
    )?;
    Ok(())
}
