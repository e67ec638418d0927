//! Rosters: who is in which class and has signed, as kiosks need it and no more.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    agreement::Audience,
    codec,
    day::Moment,
    digest::Digest,
    ids::{PersonId, SchoolId},
    pack::PackContent,
    report::RoleKey,
    roster::{Adult, Class, HasSigned, Roster, RosterEntry},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    entries::{self, Entry},
    parsed,
    people::{self, Person},
    registers, role_keys, settings,
};
use crate::{
    clock,
    import::{Kind, naming},
};

impl Store {
    /// Makes a roster under the next number if kiosks would learn something new from it, or if a
    /// higher number than the newest one's was heard of: a kiosk that has a roster of that number
    /// takes none but a newer one. Returns the number of the newest, if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refresh_roster(
        &self,
        school: SchoolId,
        pack: Option<&PackContent>,
        sign: impl FnOnce(&Roster) -> Vec<u8>,
        now: Moment,
    ) -> Result<Option<u64>, StoreError> {
        let unchanged = self.read(|read| {
            let held = held(read)?;
            let built = Built::new(read, pack, now)?;
            let nobody = held.is_none() && built.classes.is_empty() && built.adults.is_empty();
            let last = settings::last_number(read, "roster")?;
            let same =
                held.as_ref().is_some_and(|(number, digest)| *number >= last && *digest == built.digest());
            Ok((nobody || same).then(|| held.map(|(number, _)| number)))
        })?;
        if let Some(number) = unchanged {
            return Ok(number);
        }
        self.write(|write| {
            let built = Built::new(write, pack, now)?;
            let digest = built.digest();
            if let Some((number, held)) = held(write)?
                && held == digest
                && number >= settings::last_number(write, "roster")?
            {
                return Ok(Some(number));
            }
            let number = settings::next_number(write, "roster")?;
            let families = built.families.iter().map(|entry| entry.seal(school)).collect();
            let Built { classes, adults, role_keys, .. } = built;
            let bytes = sign(&Roster { school, number, made: now, classes, adults, role_keys, families });
            let column = i64::try_from(number).unwrap_or(i64::MAX);
            write.execute("DELETE FROM rosters", [])?;
            write.execute(
                "INSERT INTO rosters (number, made, content, bytes) VALUES (?, ?, ?, ?)",
                params![column, now.0, digest.as_bytes(), bytes],
            )?;
            audit::note(write, now, Actor::Hub, "roster made", &number.to_string())?;
            Ok(Some(number))
        })
    }

    /// The number of the newest roster.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_roster_number(&self) -> Result<Option<u64>, StoreError> {
        self.read(|read| Ok(held(read)?.map(|(number, _)| number)))
    }

    /// Whether a higher number than the newest roster's was heard of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn roster_is_outnumbered(&self) -> Result<bool, StoreError> {
        self.read(|read| {
            let last = settings::last_number(read, "roster")?;
            Ok(held(read)?.is_some_and(|(number, _)| number < last))
        })
    }

    /// The newest roster's number and signed bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_roster(&self) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.read(|read| {
            Ok(read
                .query_row("SELECT number, bytes FROM rosters ORDER BY number DESC LIMIT 1", [], |row| {
                    Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
                })
                .optional()?)
        })
    }
}

fn held(read: &Connection) -> Result<Option<(u64, Digest)>, StoreError> {
    let row: Option<(i64, Vec<u8>)> = read
        .query_row("SELECT number, content FROM rosters ORDER BY number DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    row.map(|(number, digest)| Ok((number.unsigned_abs(), Digest::from_bytes(super::thirty_two(digest)?))))
        .transpose()
}

/// What a roster tells, before its families are sealed: what is sealed is never twice the same.
struct Built {
    classes: Vec<Class>,
    adults: Vec<Adult>,
    role_keys: Vec<RoleKey>,
    families: Vec<Entry>,
}

impl Built {
    fn new(read: &Connection, pack: Option<&PackContent>, now: Moment) -> Result<Self, StoreError> {
        let signed = signed(read, pack)?;
        let (classes, adults) = people_of(read, &signed)?;
        let by_parent = |person| signed.get(&(person, Audience::Parent)).cloned().unwrap_or_default();
        let families = entries::build(read, pack, now, by_parent)?;
        Ok(Self { classes, adults, role_keys: role_keys::for_kiosks(read)?, families })
    }

    fn digest(&self) -> Digest {
        let (classes, adults, keys) = (&self.classes, &self.adults, &self.role_keys);
        if self.families.is_empty() {
            return Digest::of(&match keys[..] {
                [] => codec::encode(&(classes, adults)),
                _ => codec::encode(&(classes, adults, keys)),
            });
        }
        let families: Vec<_> =
            self.families.iter().map(|entry| (entry.key_digest(), &entry.family)).collect();
        Digest::of(&codec::encode_secret(&(classes, adults, keys, families)))
    }
}

fn people_of(read: &Connection, signed: &SignedByPerson) -> Result<(Vec<Class>, Vec<Adult>), StoreError> {
    let everybody = people::people(read)?;
    let here = |kind: Kind| everybody.iter().filter(move |p| p.kind == kind && p.left.is_none());
    let entry = |person: &Person, name: String, audience: Audience| {
        Ok::<_, StoreError>(RosterEntry {
            person: person.id,
            name,
            picture: parsed(&person.tile)?,
            signed: signed.get(&(person.id, audience)).cloned().unwrap_or_default(),
        })
    };
    let mut classes = Vec::new();
    for class in people::classes(read)? {
        let members: Vec<&Person> = here(Kind::Pupils).filter(|p| p.class == Some(class.id)).collect();
        let names = naming::tile_names(members.iter().map(|p| (p.forename.as_str(), p.surname.as_str())));
        let mut pupils = members
            .iter()
            .zip(names)
            .map(|(person, name)| entry(person, name, class.audience))
            .collect::<Result<Vec<_>, _>>()?;
        pupils.sort_by_key(|pupil| (pupil.name.to_lowercase(), pupil.person));
        classes.push(Class { id: class.id, name: class.name, audience: class.audience, pupils });
    }
    let mut adults = Vec::new();
    for (kind, audience) in [
        (Kind::Staff, Audience::Staff),
        (Kind::Volunteers, Audience::Staff),
        (Kind::Governors, Audience::Governor),
    ] {
        for person in here(kind) {
            let name = person.name();
            adults.push(Adult { audience, entry: entry(person, name, audience)? });
        }
    }
    Ok((classes, adults))
}

type SignedByPerson = HashMap<(PersonId, Audience), Vec<HasSigned>>;

fn signed(read: &Connection, pack: Option<&PackContent>) -> Result<SignedByPerson, StoreError> {
    let mut signed = SignedByPerson::new();
    let Some(pack) = pack else { return Ok(signed) };
    let zone = clock::zone(pack);
    for agreement in &pack.agreements {
        for (person, words, when) in registers::signed_people(read, agreement, &pack.year)? {
            let has = HasSigned { words, day: clock::day(when, &zone) };
            signed.entry((person, agreement.audience)).or_default().push(has);
        }
    }
    Ok(signed)
}
