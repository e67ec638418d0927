//! Batches: what a kiosk delivers, stored once, whatever happens on the way.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    codec,
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    envelope::NamedRecord,
    ids::{DeviceId, RecordId},
    signature::Signature,
    sync::{Outcome, Place, RecordOutcome},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    backups, consents,
    looked::{self, Looked},
    retention, sixteen, thirty_two, visitors,
};
use crate::intake::{Contents, Received};

/// Why the bytes of a record that is already here, with other bytes, are set aside.
pub const OTHER_BYTES: &str = "another record with this id is already here; this one was kept apart";

/// A record that waits for a person to look at it.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// The kiosk that delivered it.
    pub device: DeviceId,
    /// What its bytes are known by.
    pub digest: Digest,
    /// Its id, where it could be read.
    pub id: Option<RecordId>,
    /// Why.
    pub reason: String,
    /// When it came.
    pub received: Moment,
    /// Whether somebody has looked at it.
    pub looked: Option<Looked>,
}

impl Store {
    /// Stores a batch in one transaction and tells, in the batch's order, what became of each record.
    ///
    /// The same id with the same bytes is [`Outcome::AlreadyHeld`]; with other bytes it is set aside
    /// and the batch goes on; a record that could not be opened is set aside; one of a newer schema
    /// is stored sealed.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing of the batch was stored, and it may be sent again.
    pub fn take_batch(
        &self,
        device: DeviceId,
        received: &[Received],
        now: Moment,
    ) -> Result<Vec<RecordOutcome>, StoreError> {
        self.write(|write| {
            let mut outcomes = Vec::with_capacity(received.len());
            let covered = backups::last_covered(write, device)?;
            for one in received {
                if covered.is_some_and(|last| one.place <= last) && !is_known(write, device, one)? {
                    backups::hold_back(write, device, one.place)?;
                }
                let outcome = take(write, device, one, now)?;
                outcomes.push(RecordOutcome { place: one.place, id: one.contents.id(), outcome });
            }
            let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|o| wanted(&o.outcome)).count();
            let stored = count(|o| matches!(o, Outcome::Stored));
            let aside = count(|o| matches!(o, Outcome::SetAside(_)));
            let detail = format!("records {} stored {stored} set aside {aside}", received.len());
            audit::note(write, now, Actor::Kiosk(device), "batch", &detail)?;
            Ok(outcomes)
        })
    }

    /// How many records are set aside.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_aside_count(&self) -> Result<u64, StoreError> {
        self.read(|read| {
            let select = "SELECT count(*) FROM set_aside LEFT JOIN set_aside_looked USING (device, digest)
                 WHERE looked_at IS NULL";
            Ok(read.query_row(select, [], |r| r.get::<_, i64>(0))?.unsigned_abs())
        })
    }

    /// The records set aside, those that nobody has looked at first, of each the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_aside(&self) -> Result<Vec<SetAside>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(
                "SELECT s.device, s.digest, s.id, s.reason, s.received_at,
                     (SELECT name FROM accounts a WHERE a.id = l.account), l.looked_at, l.note
                 FROM set_aside s LEFT JOIN set_aside_looked l ON l.device = s.device AND l.digest = s.digest
                 ORDER BY l.looked_at IS NOT NULL, s.received_at DESC",
            )?;
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let id: Option<Vec<u8>> = row.get(2)?;
                all.push(SetAside {
                    device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
                    digest: Digest::from_bytes(thirty_two(row.get(1)?)?),
                    id: id.map(sixteen).transpose()?.map(RecordId::from_bytes),
                    reason: row.get(3)?,
                    received: Moment(row.get(4)?),
                    looked: looked::looked(row, 5)?,
                });
            }
            Ok(all)
        })
    }

    /// How many records are stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn record_count(&self) -> Result<u64, StoreError> {
        self.read(|read| {
            Ok(read.query_row("SELECT count(*) FROM envelopes", [], |r| r.get::<_, i64>(0))?.unsigned_abs())
        })
    }

    /// The ids of all stored records, in the order of the ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn record_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare("SELECT id FROM envelopes ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
            ids.into_iter().map(|id| Ok(RecordId::from_bytes(sixteen(id)?))).collect()
        })
    }

    /// Opens what was stored sealed because its schema was newer than the program that took it. To
    /// be called when a hub starts, which may be after an update. Returns how many were opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_sealed(
        &self,
        mut open: impl FnMut(&[u8]) -> Option<NamedRecord>,
        now: Moment,
    ) -> Result<usize, StoreError> {
        self.write(|write| {
            let sealed: Vec<(Vec<u8>, Vec<u8>)> = write
                .prepare("SELECT id, bytes FROM envelopes WHERE kind = 'sealed'")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut opened = 0;
            for (id, bytes) in sealed {
                if let Some(record) = open(&bytes) {
                    write
                        .execute("UPDATE envelopes SET kind = ? WHERE id = ?", params![kind(&record), id])?;
                    file(write, &record, now)?;
                    opened += 1;
                }
            }
            if opened > 0 {
                audit::note(write, now, Actor::Hub, "opened sealed records", &opened.to_string())?;
            }
            Ok(opened)
        })
    }
}

fn take(
    write: &Connection,
    device: DeviceId,
    received: &Received,
    now: Moment,
) -> Result<Outcome, StoreError> {
    let digest = Digest::of(&received.bytes);
    note_place(write, device, received.place, digest)?;
    let (id, kind) = match &received.contents {
        Contents::Record(record) => (record.id(), kind(record)),
        Contents::Newer(id) => (*id, "sealed"),
        Contents::Unusable(id, reason) => {
            return set_aside(write, device, *id, &received.bytes, digest, reason, now);
        }
    };
    if is_erased(write, id, &received.contents)? {
        // To the kiosk it is what it says: this was here before, and need not be sent again.
        return Ok(Outcome::AlreadyHeld);
    }
    let insert = "INSERT INTO envelopes (id, bytes, kind, device, received_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING";
    let new = write.prepare_cached(insert)?.execute(params![
        id.as_bytes(),
        received.bytes,
        kind,
        device.as_bytes(),
        now.0
    ])?;
    if new == 1 {
        if let Contents::Record(record) = &received.contents {
            file(write, record, now)?;
        }
        return Ok(Outcome::Stored);
    }
    let same: Option<bool> = write
        .query_row(
            "SELECT bytes = ? FROM envelopes WHERE id = ?",
            params![received.bytes, id.as_bytes()],
            |r| r.get(0),
        )
        .optional()?;
    match same {
        Some(true) => Ok(Outcome::AlreadyHeld),
        _ => set_aside(write, device, Some(id), &received.bytes, digest, OTHER_BYTES, now),
    }
}

/// Whether a record was erased, or is about somebody who was.
fn is_erased(write: &Connection, id: RecordId, contents: &Contents) -> Result<bool, StoreError> {
    let mut ids = vec![*id.as_bytes()];
    if let Contents::Record(record) = contents {
        match &**record {
            NamedRecord::Signature(signature) => ids.push(*signature.person.as_bytes()),
            NamedRecord::Undo(undo) => ids.push(*undo.withdraws.as_bytes()),
            NamedRecord::Consent(decision) => ids.push(*decision.pupil.as_bytes()),
            NamedRecord::Visitor(_) => {}
        }
    }
    ids.iter().try_fold(false, |erased, id| Ok(erased || retention::is_erased(write, id)?))
}

/// Whether these very bytes came with this place before.
fn is_known(write: &Connection, device: DeviceId, received: &Received) -> Result<bool, StoreError> {
    let (place, digest) = (received.place, Digest::of(&received.bytes));
    let sequence = i64::try_from(place.sequence).unwrap_or(i64::MAX);
    let select = "SELECT count(*) FROM places WHERE device = ? AND epoch = ? AND sequence = ? AND digest = ?";
    let params = params![device.as_bytes(), place.epoch, sequence, digest.as_bytes()];
    Ok(write.query_row(select, params, |row| row.get::<_, i64>(0))? > 0)
}

fn note_place(write: &Connection, device: DeviceId, place: Place, digest: Digest) -> Result<(), StoreError> {
    let sequence = i64::try_from(place.sequence).unwrap_or(i64::MAX);
    let insert =
        "INSERT INTO places (device, epoch, sequence, digest) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let params = params![device.as_bytes(), place.epoch, sequence, digest.as_bytes()];
    write.prepare_cached(insert)?.execute(params)?;
    Ok(())
}

fn set_aside(
    write: &Connection,
    device: DeviceId,
    id: Option<RecordId>,
    bytes: &[u8],
    digest: Digest,
    reason: &str,
    now: Moment,
) -> Result<Outcome, StoreError> {
    if retention::is_erased(write, &digest.as_bytes()[..16])? {
        return Ok(Outcome::SetAside(reason.to_owned()));
    }
    write.execute(
        "INSERT INTO set_aside (device, digest, id, bytes, reason, received_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (device, digest) DO NOTHING",
        params![
            device.as_bytes(),
            digest.as_bytes(),
            id.as_ref().map(RecordId::as_bytes),
            bytes,
            reason,
            now.0
        ],
    )?;
    Ok(Outcome::SetAside(reason.to_owned()))
}

const fn kind(record: &NamedRecord) -> &'static str {
    match record {
        NamedRecord::Signature(_) => "signature",
        NamedRecord::Undo(_) => "undo",
        NamedRecord::Consent(_) => "consent",
        NamedRecord::Visitor(_) => "visitor",
    }
}

/// Files an opened record where the registers look.
fn file(write: &Connection, record: &NamedRecord, now: Moment) -> Result<(), StoreError> {
    match record {
        NamedRecord::Signature(signature) => file_signature(write, signature),
        NamedRecord::Undo(undo) => {
            write.execute(
                "INSERT INTO undos (id, envelope, withdraws, reason, undone_at) VALUES (?1, ?1, ?, ?, ?)",
                params![undo.id.as_bytes(), undo.withdraws.as_bytes(), undo.reason.as_str(), undo.when.0],
            )?;
            Ok(())
        }
        NamedRecord::Consent(decision) => consents::keep(write, decision, None, now),
        NamedRecord::Visitor(signature) => visitors::keep(write, signature),
    }
}

/// The middle day of a school year, by which a signature of it is known.
pub(super) fn middle(year: &SchoolYear) -> Day {
    let days = year.starts.date().until(year.ends.date()).map_or(0, |span| span.get_days());
    year.starts.date().saturating_add(jiff::Span::new().days(days / 2)).into()
}

fn file_signature(write: &Connection, s: &Signature) -> Result<(), StoreError> {
    let mut insert = write.prepare_cached(
        "INSERT INTO signatures (id, envelope, person, audience, agreement, version, words, help_language, help_words,
             signed_at, year_starts, year_ends, year_middle, device, mark, helped)
         VALUES (?1, ?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        s.id.as_bytes(),
        s.person.as_bytes(),
        s.audience.as_str(),
        s.agreement.as_str(),
        s.version.to_string(),
        s.words.0.as_bytes(),
        s.help.as_ref().map(|h| h.language.as_str()),
        s.help.as_ref().map(|h| h.digest.as_bytes()),
        s.when.0,
        s.year.starts.to_string(),
        s.year.ends.to_string(),
        middle(&s.year).to_string(),
        s.device.as_bytes(),
        codec::encode(&s.mark),
        s.helped,
    ])?;
    Ok(())
}
