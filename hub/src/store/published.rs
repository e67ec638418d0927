//! Where pupils are shown on the school's website, by the list that its check writes; and what was taken down.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    day::Moment,
    digest::Digest,
    ids::PersonId,
    published::{Published, PublishedList},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    sixteen, thirty_two,
};

/// A pupil in a picture on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub shown: Published,
    /// The list that it was on last.
    pub listed: Moment,
    /// Since when it is gone, and who took it down; nobody where a later list has it no more.
    pub gone: Option<(Moment, Option<String>)>,
}

/// The list that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldList {
    /// When the site was checked.
    pub made: Moment,
    /// When the list was brought.
    pub taken: Moment,
}

/// What a list that was brought came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// It is held now.
    Taken {
        /// How many places are on it.
        places: usize,
        /// How many of them are of nobody who is here or has been.
        unknown: usize,
        /// How many places of before are not on it, so that they are gone.
        gone: usize,
        /// How many were said to be gone, and are on it.
        back: usize,
    },
    /// A later one is held; nothing was changed.
    Older(HeldList),
}

impl Store {
    /// Takes a list in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_published(
        &self,
        list: &PublishedList,
        account: i64,
        now: Moment,
    ) -> Result<Brought, StoreError> {
        self.write(|write| {
            if let Some(held) = held(write)?.filter(|held| held.made > list.made) {
                return Ok(Brought::Older(held));
            }
            let before = places(write)?;
            let was_gone: HashMap<&Published, bool> =
                before.iter().map(|place| (&place.shown, place.gone.is_some())).collect();
            let (mut on, mut unknown, mut back) = (HashSet::new(), 0, 0);
            let mut known = write.prepare("SELECT 1 FROM people WHERE id = ?")?;
            for one in &list.entries {
                // Whoever was erased is not written down again, and a number that is nobody's says nothing.
                if !known.exists([one.pupil.as_bytes()])? {
                    unknown += 1;
                    continue;
                }
                if !on.insert(one) {
                    continue;
                }
                back += usize::from(was_gone.get(one) == Some(&true));
                write.execute(
                    "INSERT INTO published (pupil, page, picture, listed_at) VALUES (?, ?, ?, ?)
                     ON CONFLICT (pupil, page, picture) DO UPDATE SET listed_at = excluded.listed_at,
                         gone_at = NULL, gone_account = NULL",
                    params![one.pupil.as_bytes(), one.page, one.picture.as_bytes(), now.0],
                )?;
            }
            let mut gone = 0;
            for place in before.iter().filter(|place| place.gone.is_none() && !on.contains(&place.shown)) {
                mark(write, &place.shown, Some(now), None)?;
                gone += 1;
            }
            write.execute(
                "INSERT INTO published_list (one, made_at, taken_at) VALUES (1, ?1, ?2)
                 ON CONFLICT (one) DO UPDATE SET made_at = ?1, taken_at = ?2",
                params![list.made.0, now.0],
            )?;
            let detail = format!("places {} gone {gone} back {back}", list.entries.len());
            audit::note(write, now, Actor::Account(account), "published list taken", &detail)?;
            Ok(Brought::Taken { places: on.len(), unknown, gone, back })
        })
    }

    /// Every place, by pupil and page; those that are gone too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn published(&self) -> Result<Vec<Place>, StoreError> {
        self.read(|read| places(read))
    }

    /// The list that is held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn published_list(&self) -> Result<Option<HeldList>, StoreError> {
        self.read(|read| held(read))
    }

    /// Somebody has taken a place down, or says that it is there all the same. False where there is no such place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_down(
        &self,
        place: &Published,
        gone: bool,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let found = places(write)?.into_iter().find(|one| one.shown == *place);
            if found.is_none_or(|found| found.gone.is_some() == gone) {
                return Ok(false);
            }
            mark(write, place, gone.then_some(now), gone.then_some(account))?;
            let what = if gone { "picture taken down" } else { "picture is there again" };
            let detail = format!("{} {}", place.pupil, place.picture);
            audit::note(write, now, Actor::Account(account), what, &detail)?;
            Ok(true)
        })
    }
}

fn mark(
    write: &Connection,
    place: &Published,
    gone: Option<Moment>,
    account: Option<i64>,
) -> Result<(), StoreError> {
    write.execute(
        "UPDATE published SET gone_at = ?, gone_account = ? WHERE pupil = ? AND page = ? AND picture = ?",
        params![gone.map(|at| at.0), account, place.pupil.as_bytes(), place.page, place.picture.as_bytes()],
    )?;
    Ok(())
}

fn held(read: &Connection) -> Result<Option<HeldList>, StoreError> {
    let select = "SELECT made_at, taken_at FROM published_list";
    let row = read.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(row.optional()?.map(|(made, taken)| HeldList { made: Moment(made), taken: Moment(taken) }))
}

pub(super) fn places(read: &Connection) -> Result<Vec<Place>, StoreError> {
    let mut select = read.prepare(
        "SELECT pupil, page, picture, listed_at, gone_at,
             (SELECT name FROM accounts WHERE id = gone_account)
         FROM published ORDER BY pupil, page, picture",
    )?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let by: Option<String> = row.get(5)?;
        all.push(Place {
            shown: Published {
                pupil: PersonId::from_bytes(sixteen(row.get(0)?)?),
                page: row.get(1)?,
                picture: Digest::from_bytes(thirty_two(row.get(2)?)?),
            },
            listed: Moment(row.get(3)?),
            gone: row.get::<_, Option<i64>>(4)?.map(|at| (Moment(at), by)),
        });
    }
    Ok(all)
}
