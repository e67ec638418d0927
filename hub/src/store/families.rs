//! Families: who decides for which pupils, and what opens their entry at a kiosk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, params};

use records::{
    day::Moment, family::FamilyKey, family_code::Locator, headings::plain, ids::PersonId, pack::PackContent,
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    lists,
    people::{self, ImportError, Person},
    registers::Signatory,
    restrictions, sixteen, thirty_two,
};
use crate::{
    clock,
    import::{
        Kind, LineProblem,
        contacts::{Contact, ContactList, Named},
        households::{self, Household, Known},
    },
};

/// A family's id.
pub type FamilyId = [u8; 16];

/// A grown-up with parental responsibility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrownUp {
    /// Who.
    pub id: PersonId,
    /// The household.
    pub family: Option<FamilyId>,
    /// Their name.
    pub name: String,
    /// Who stands after “Dear”.
    pub salutation: Option<String>,
    /// The language at home, as the school's list says it.
    pub language: Option<String>,
}

/// That somebody decides for a pupil, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsibility {
    /// Who.
    pub grown_up: PersonId,
    /// For whom.
    pub pupil: PersonId,
    /// What they are to the pupil.
    pub relation: String,
    /// When it ended, as far as the school's lists tell.
    pub ended: Option<Moment>,
}

/// A household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// Its address, a line each.
    pub address: Vec<String>,
    /// When its code was made; none while it has none.
    pub code_made: Option<Moment>,
}

impl Family {
    /// Whether it has a code that has not ended: a code ends with the term it was made in.
    pub fn has_code(&self, pack: &PackContent, now: Moment) -> bool {
        let zone = clock::zone(pack);
        self.code_made.is_some_and(|made| {
            let end = pack.end_of_term(clock::day(made, &zone));
            end.is_none_or(|end| clock::day(now, &zone) <= end)
        })
    }
}

/// What a list of contacts changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Grown-ups with parental responsibility.
    pub grown_ups: usize,
    /// Of them, those not known before.
    pub joined: usize,
    /// Those who decide for nobody any more.
    pub ended: usize,
    /// Households.
    pub families: usize,
    /// Families whose code ended because somebody left the household.
    pub codes_ended: usize,
    /// Pupils for whom nobody on the list decides.
    pub nobody: usize,
    /// Lines of grown-ups without parental responsibility, or of pupils who have left.
    pub left_out: usize,
}

/// A family's new code, as it is kept: what it begins with, and the key that it makes.
#[derive(Debug)]
pub struct NewKey {
    /// Whose.
    pub family: FamilyId,
    /// What the code begins with.
    pub locator: Locator,
    /// The key.
    pub key: FamilyKey,
}

impl Store {
    /// Takes a list of everybody who has parental responsibility: whoever is not on it decides no more.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing was changed.
    pub fn import_contacts(
        &self,
        list: &ContactList,
        many_leavers: bool,
        new_id: impl FnMut() -> [u8; 16],
        actor: Actor,
        now: Moment,
    ) -> Result<Summary, ImportError> {
        self.write(|write| {
            lists::noting(write, "contacts", actor, now, |write| {
                import(write, list, many_leavers, new_id, actor, now)
            })
        })
    }

    /// All households.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn families(&self) -> Result<Vec<Family>, StoreError> {
        self.read(|read| families(read))
    }

    /// All who have or had parental responsibility, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn grown_ups(&self) -> Result<Vec<GrownUp>, StoreError> {
        self.read(|read| grown_ups(read))
    }

    /// Who decides for whom, or did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn responsibilities(&self) -> Result<Vec<Responsibility>, StoreError> {
        self.read(|read| responsibilities(read))
    }

    /// The locators that families' codes begin with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn locators(&self) -> Result<BTreeSet<Locator>, StoreError> {
        self.read(|read| Ok(keys(read)?.into_values().map(|(locator, _)| locator).collect()))
    }

    /// Gives families new codes, in place of those they had.
    ///
    /// # Errors
    /// [`StoreError`]; then none has a new one.
    pub fn give_codes(&self, new: &[NewKey], actor: Actor, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            let withheld = restrictions::withheld(write)?;
            if new.iter().any(|one| withheld.contains(&one.family)) {
                let text = "somebody’s contact was restricted meanwhile. Make the letters again";
                return Err(StoreError::NotNow(text.into()));
            }
            // All old ones go first: a new locator may be another family's old one.
            for one in new {
                let sql = "UPDATE families SET locator = NULL, key = NULL, code_made_at = NULL WHERE id = ?";
                write.execute(sql, [one.family])?;
            }
            for one in new {
                write.execute(
                    "UPDATE families SET locator = ?, key = ?, code_made_at = ? WHERE id = ?",
                    params![one.locator.number(), &one.key.to_bytes()[..], now.0, one.family],
                )?;
            }
            audit::note(write, now, actor, "family codes made", &new.len().to_string())
        })
    }
}

/// Everybody who decides for a pupil who is here, with those pupils' first names, by name.
pub(super) fn parents(read: &Connection, people: &[Person]) -> Result<Vec<Signatory>, StoreError> {
    let mut children: HashMap<PersonId, Vec<&str>> = HashMap::new();
    for one in responsibilities(read)?.iter().filter(|one| one.ended.is_none()) {
        let child = people.iter().find(|p| p.id == one.pupil && p.left.is_none());
        children.entry(one.grown_up).or_default().extend(child.map(|child| child.forename.as_str()));
    }
    children.values_mut().for_each(|names| names.sort_unstable());
    let parent = |grown_up: GrownUp| {
        let of: &[&str] = children.get(&grown_up.id).map_or(&[], Vec::as_slice);
        (!of.is_empty()).then(|| Signatory {
            id: grown_up.id,
            forename: String::new(),
            surname: grown_up.name,
            role: Some(of.join(", ")),
        })
    };
    Ok(grown_ups(read)?.into_iter().filter_map(parent).collect())
}

/// The keys of those families that have a code.
pub(super) fn keys(read: &Connection) -> Result<BTreeMap<FamilyId, (Locator, FamilyKey)>, StoreError> {
    let mut statement = read.prepare("SELECT id, locator, key FROM families WHERE key IS NOT NULL")?;
    let mut rows = statement.query([])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let locator = Locator::new(row.get(1)?);
        let locator = locator.ok_or_else(|| StoreError::Damaged("a family's locator is none".into()))?;
        let key = FamilyKey::from_bytes(&thirty_two(row.get(2)?)?);
        all.insert(sixteen(row.get(0)?)?, (locator, key));
    }
    Ok(all)
}

/// What a list of contacts would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactPreview {
    /// In numbers.
    pub summary: Summary,
    /// By name, who comes to decide for a pupil.
    pub joined: Vec<String>,
    /// By name, who decides for nobody any more.
    pub ended: Vec<String>,
    /// Whether so many decide no more that it has to be confirmed.
    pub many: bool,
}

/// What a list of contacts changes, which is changed by this.
pub(super) fn preview(
    write: &Connection,
    list: &ContactList,
    new_id: impl FnMut() -> [u8; 16],
    now: Moment,
) -> Result<ContactPreview, ImportError> {
    let deciding = || -> Result<BTreeMap<PersonId, String>, StoreError> {
        let all = grown_ups(write)?.into_iter().filter(|g| g.family.is_some());
        Ok(all.map(|g| (g.id, g.name)).collect())
    };
    let before = deciding()?;
    let summary = import(write, list, true, new_id, Actor::Hub, now)?;
    let after = deciding()?;
    let only = |these: &BTreeMap<PersonId, String>, others: &BTreeMap<PersonId, String>| {
        let new = these.iter().filter(|(id, _)| !others.contains_key(id));
        let mut names: Vec<String> = new.map(|(_, name)| name.clone()).collect();
        names.sort_by_cached_key(|name| name.to_lowercase());
        names
    };
    Ok(ContactPreview {
        summary,
        joined: only(&after, &before),
        ended: only(&before, &after),
        many: people::are_many(summary.ended, before.len()),
    })
}

pub(super) fn import(
    write: &Connection,
    list: &ContactList,
    many_leavers: bool,
    mut new_id: impl FnMut() -> [u8; 16],
    actor: Actor,
    now: Moment,
) -> Result<Summary, ImportError> {
    let (found, left) = find_pupils(write, &list.contacts)?;
    let known = known(write)?;
    let households = households::of(&found, &known);
    let kept: HashSet<PersonId> =
        households.iter().flat_map(|h| &h.members).filter_map(|m| m.known).collect();
    let here: Vec<&Known> = known.iter().filter(|k| k.family.is_some()).collect();
    let leaving = here.iter().filter(|k| !kept.contains(&k.id)).count();
    if !many_leavers && people::are_many(leaving, here.len()) {
        return Err(ImportError::ManyContacts { leaving, here: here.len() });
    }
    let mut summary = Summary {
        ended: leaving,
        families: households.len(),
        left_out: list.without + left,
        ..Summary::default()
    };
    let coded = |write: &Connection| {
        let sql = "SELECT count(*) FROM families WHERE key IS NOT NULL";
        write.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
    };
    let before = coded(write)?;
    let still: HashSet<FamilyId> = households.iter().filter_map(|h| h.before).collect();
    write.execute("UPDATE grown_ups SET family = NULL", [])?;
    for family in families(write)?.iter().filter(|f| !still.contains(&f.id)) {
        write.execute("DELETE FROM families WHERE id = ?", [family.id])?;
    }
    write.execute("UPDATE responsibilities SET ended_at = ? WHERE ended_at IS NULL", [now.0])?;
    for household in &households {
        keep(write, household, &mut new_id, &mut summary, now)?;
    }
    restrictions::end_codes(write)?;
    summary.codes_ended = usize::try_from(before.saturating_sub(coded(write)?)).unwrap_or(usize::MAX);
    summary.nobody = undecided(write)?;
    let detail = format!("families {} joined {} ended {}", summary.families, summary.joined, leaving);
    audit::note(write, now, actor, "contacts imported", &detail)?;
    Ok(summary)
}

pub(super) fn families(read: &Connection) -> Result<Vec<Family>, StoreError> {
    let mut statement = read.prepare("SELECT id, address, code_made_at FROM families ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let address: String = row.get(1)?;
        all.push(Family {
            id: sixteen(row.get(0)?)?,
            address: address.lines().map(str::to_owned).collect(),
            code_made: row.get::<_, Option<i64>>(2)?.map(Moment),
        });
    }
    Ok(all)
}

pub(super) fn grown_ups(read: &Connection) -> Result<Vec<GrownUp>, StoreError> {
    let mut statement = read.prepare(
        "SELECT id, family, name, salutation, language FROM grown_ups ORDER BY name COLLATE NOCASE, id",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(GrownUp {
            id: PersonId::from_bytes(sixteen(row.get(0)?)?),
            family: row.get::<_, Option<Vec<u8>>>(1)?.map(sixteen).transpose()?,
            name: row.get(2)?,
            salutation: row.get(3)?,
            language: row.get(4)?,
        });
    }
    Ok(all)
}

pub(super) fn responsibilities(read: &Connection) -> Result<Vec<Responsibility>, StoreError> {
    let mut statement = read.prepare(
        "SELECT grown_up, pupil, relation, ended_at FROM responsibilities ORDER BY grown_up, pupil",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Responsibility {
            grown_up: PersonId::from_bytes(sixteen(row.get(0)?)?),
            pupil: PersonId::from_bytes(sixteen(row.get(1)?)?),
            relation: row.get(2)?,
            ended: row.get::<_, Option<i64>>(3)?.map(Moment),
        });
    }
    Ok(all)
}

fn known(read: &Connection) -> Result<Vec<Known>, StoreError> {
    let mut pupils: HashMap<PersonId, BTreeSet<PersonId>> = HashMap::new();
    for one in responsibilities(read)? {
        pupils.entry(one.grown_up).or_default().insert(one.pupil);
    }
    let mut numbers: HashMap<PersonId, String> = HashMap::new();
    let mut statement = read.prepare("SELECT id, number FROM grown_ups WHERE number IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        numbers.insert(PersonId::from_bytes(sixteen(row.get(0)?)?), row.get(1)?);
    }
    let all = grown_ups(read)?.into_iter().map(|g| Known {
        number: numbers.remove(&g.id),
        pupils: pupils.remove(&g.id).unwrap_or_default(),
        id: g.id,
        name: g.name,
        family: g.family,
    });
    Ok(all.collect())
}

fn keep(
    write: &Connection,
    household: &Household,
    new_id: &mut impl FnMut() -> [u8; 16],
    summary: &mut Summary,
    now: Moment,
) -> Result<(), StoreError> {
    let family = household.before.unwrap_or_else(&mut *new_id);
    write.execute(
        "INSERT INTO families (id, address) VALUES (?, ?)
         ON CONFLICT (id) DO UPDATE SET address = excluded.address",
        params![family, household.address.join("\n")],
    )?;
    for member in &household.members {
        summary.grown_ups += 1;
        summary.joined += usize::from(member.known.is_none());
        let id = member.known.unwrap_or_else(|| PersonId::from_bytes(new_id()));
        write.execute(
            "INSERT INTO grown_ups (id, family, number, name, salutation, language) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET family = excluded.family, number = excluded.number,
                 name = excluded.name, salutation = excluded.salutation, language = excluded.language",
            params![id.as_bytes(), family, member.number, member.name, member.salutation, member.language],
        )?;
        for (pupil, relation) in &member.children {
            write.execute(
                "INSERT INTO responsibilities (grown_up, pupil, relation, since) VALUES (?, ?, ?, ?)
                 ON CONFLICT (grown_up, pupil) DO UPDATE SET relation = excluded.relation, ended_at = NULL",
                params![id.as_bytes(), pupil.as_bytes(), relation, now.0],
            )?;
        }
    }
    Ok(())
}

/// How many pupils there are for whom nobody decides.
fn undecided(read: &Connection) -> Result<usize, StoreError> {
    let count: i64 = read.query_row(
        "SELECT count(*) FROM people p WHERE kind = 'pupil' AND left_at IS NULL AND NOT EXISTS
             (SELECT 1 FROM responsibilities r WHERE r.pupil = p.id AND r.ended_at IS NULL)",
        [],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The pupil of each line, those of pupils who have left out: how many those were is told.
fn find_pupils(
    read: &Connection,
    contacts: &[Contact],
) -> Result<(Vec<(PersonId, Contact)>, usize), ImportError> {
    let everybody: Vec<Person> =
        people::people(read)?.into_iter().filter(|p| p.kind == Kind::Pupils).collect();
    let numbers = people::numbers(read, Kind::Pupils)?;
    let classes: HashMap<_, _> = people::classes(read)?.into_iter().map(|c| (c.id, plain(&c.name))).collect();
    let find = |named: &Named| -> Result<&Person, String> {
        let by = |wanted: &str, of: fn(&people::Numbers) -> Option<&String>| {
            everybody.iter().find(|p| numbers.get(&p.id).and_then(of).is_some_and(|held| held == wanted))
        };
        match named {
            Named::Upn(upn) => {
                by(upn, |n| n.upn.as_ref()).ok_or_else(|| format!("no pupil here has the UPN “{upn}”"))
            }
            Named::Number(number) => by(number, |n| n.number.as_ref())
                .ok_or_else(|| format!("no pupil here has the admission number “{number}”")),
            Named::Name { forename, surname, class } => {
                let class_of = |p: &Person| p.class.and_then(|class| classes.get(&class).cloned());
                let alike: Vec<&Person> = everybody
                    .iter()
                    .filter(|p| p.left.is_none() && plain(&p.forename) == plain(forename))
                    .filter(|p| plain(&p.surname) == plain(surname) && class_of(p) == Some(plain(class)))
                    .collect();
                match alike[..] {
                    [one] => Ok(one),
                    [] => Err(format!("there is no {forename} {surname} in {class} here")),
                    _ => Err(format!(
                        "there are {} pupils named {forename} {surname} in {class}. Give their UPN or admission number",
                        alike.len()
                    )),
                }
            }
        }
    };
    let (mut found, mut left, mut problems) = (Vec::new(), 0, Vec::new());
    for contact in contacts {
        match find(&contact.pupil) {
            Ok(pupil) if pupil.left.is_some() => left += 1,
            Ok(pupil) => found.push((pupil.id, contact.clone())),
            Err(message) => problems.push(LineProblem::new(
                contact.line,
                format!("{message}. Import the list of pupils first, or put the line right"),
            )),
        }
    }
    if problems.is_empty() { Ok((found, left)) } else { Err(ImportError::Lines(problems)) }
}
