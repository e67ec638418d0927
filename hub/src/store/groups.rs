//! Small groups of pupils for whoever holds the camera: a team, a choir, those on a trip. Each ends by itself after its
//! day, and nothing is left of it but that it was there.

use std::collections::HashMap;

use records::{
    day::{Day, Moment},
    ids::PersonId,
};
use rusqlite::{Connection, params};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    parsed, sixteen,
};

/// A group's id.
pub type GroupId = [u8; 16];

/// A group as somebody puts it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Its id: a random one for a new group, the same for one that is changed.
    pub id: GroupId,
    /// What it is called.
    pub name: String,
    /// The last day on which it is there.
    pub ends: Day,
    /// Who is in it.
    pub people: Vec<PersonId>,
}

/// A group that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: String,
    /// The last day on which it is there.
    pub ends: Day,
    /// Who is in it, also who has left the school since.
    pub people: Vec<PersonId>,
    /// Whose it is, as an account.
    pub account: i64,
    /// What that is called.
    pub by: String,
}

impl Store {
    /// The groups that have not ended, by their day and then by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn groups(&self, today: Day) -> Result<Vec<Group>, StoreError> {
        self.read(|read| {
            let mut people = members(read)?;
            let mut select = read.prepare(
                "SELECT g.id, g.name, g.ends_on, g.account, a.name FROM camera_groups g
                 JOIN accounts a ON a.id = g.account WHERE g.ends_on >= ? ORDER BY g.ends_on, lower(g.name), g.id",
            )?;
            let mut rows = select.query([today.to_string()])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let id = sixteen(row.get(0)?)?;
                all.push(Group {
                    id,
                    name: row.get(1)?,
                    ends: parsed(&row.get::<_, String>(2)?)?,
                    people: people.remove(&id).unwrap_or_default(),
                    account: row.get(3)?,
                    by: row.get(4)?,
                });
            }
            Ok(all)
        })
    }

    /// Keeps a group, in place of the one of the same id where there is one. Whose it is does not change by that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_group(&self, group: &NewGroup, account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO camera_groups (id, name, ends_on, account, made_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, ends_on = excluded.ends_on",
                params![group.id, group.name, group.ends.to_string(), account, now.0],
            )?;
            write.execute("DELETE FROM camera_group_people WHERE camera_group = ?", [group.id])?;
            let sql = "INSERT INTO camera_group_people (camera_group, person) VALUES (?, ?)
                 ON CONFLICT (camera_group, person) DO NOTHING";
            for person in &group.people {
                write.prepare_cached(sql)?.execute(params![group.id, person.as_bytes()])?;
            }
            let detail = format!("{} people {}", hex(group.id), group.people.len());
            audit::note(write, now, Actor::Account(account), "group for the camera kept", &detail)
        })
    }

    /// Ends a group before its day. False where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_group(&self, id: GroupId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            if write.execute("DELETE FROM camera_groups WHERE id = ?", [id])? == 0 {
                return Ok(false);
            }
            audit::note(write, now, Actor::Account(account), "group for the camera ended", &hex(id))?;
            Ok(true)
        })
    }

    /// Takes away the groups whose day is over. How many those are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_ended_groups(&self, today: Day, now: Moment) -> Result<usize, StoreError> {
        self.write(|write| {
            let gone = write.execute("DELETE FROM camera_groups WHERE ends_on < ?", [today.to_string()])?;
            if gone > 0 {
                let detail = format!("groups {gone}");
                audit::note(write, now, Actor::Hub, "groups for the camera ended by themselves", &detail)?;
            }
            Ok(gone)
        })
    }
}

fn hex(id: GroupId) -> String {
    data_encoding::HEXLOWER.encode(&id)
}

fn members(read: &Connection) -> Result<HashMap<GroupId, Vec<PersonId>>, StoreError> {
    let mut select = read.prepare("SELECT camera_group, person FROM camera_group_people ORDER BY person")?;
    let mut rows = select.query([])?;
    let mut all: HashMap<GroupId, Vec<PersonId>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let person = PersonId::from_bytes(sixteen(row.get(1)?)?);
        all.entry(sixteen(row.get(0)?)?).or_default().push(person);
    }
    Ok(all)
}
