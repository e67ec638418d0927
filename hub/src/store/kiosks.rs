//! Kiosks: pairing, greeting, striking off.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use zeroize::Zeroizing;

use records::{
    day::Moment,
    ids::DeviceId,
    keys::VerifyKey,
    pairing::{CODE_SECONDS, CODE_TRIES, KioskIdentity, PairingCode},
    sync::{Hello, SyncToken},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    parsed, settings, sixteen, thirty_two,
};

/// A kiosk as the hub knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kiosk {
    /// Its id.
    pub device: DeviceId,
    /// Its pinned key.
    pub key: VerifyKey,
    /// Its name for people.
    pub name: String,
    /// When it was paired.
    pub paired: Moment,
    /// When it was struck off, if it was.
    pub struck_off: Option<Moment>,
    /// The epoch that it numbers in.
    pub epoch: u32,
    /// When it last greeted.
    pub seen: Option<Moment>,
    /// How many records waited then.
    pub waiting: Option<u64>,
    /// The pack that it showed then.
    pub pack: Option<u64>,
    /// Its roster then.
    pub roster: Option<u64>,
    /// Numbers that it gave out, and did not say are waiting, that never came.
    pub missing: u64,
    /// When something of it was last read from a stick.
    pub by_stick: Option<Moment>,
    /// By how many seconds its clock was ahead of the hub's then, behind where it is less than none. What came by stick
    /// tells it only of a clock that is ahead: the file says a time that has not come yet.
    pub clock_ahead: Option<i64>,
    /// How many bytes were free on its disk then.
    pub free: Option<u64>,
}

/// A clock that is off by so many seconds makes what is signed carry a wrong time.
pub const CLOCK_OFF: u64 = 5 * 60;
/// A disk with fewer free bytes than this is nearly full.
pub const ROOM_LEFT: u64 = 200 * 1000 * 1000;
/// No clock is reckoned to be further off than this, in seconds: a kiosk may claim any.
const CLOCK_MOST: i64 = 1_000_000_000_000;

impl Kiosk {
    /// Whether what is signed there carries a wrong time.
    pub const fn clock_is_off(&self) -> bool {
        matches!(self.clock_ahead, Some(ahead) if ahead.unsigned_abs() >= CLOCK_OFF)
    }
    /// Whether its disk is nearly full.
    pub const fn is_nearly_full(&self) -> bool {
        matches!(self.free, Some(free) if free < ROOM_LEFT)
    }
}

/// By how many seconds a kiosk's clock is ahead.
pub(super) fn ahead(clock: Moment, now: Moment) -> i64 {
    clock.0.saturating_sub(now.0).clamp(-CLOCK_MOST, CLOCK_MOST)
}

/// Why a kiosk was not paired.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// No code is good, or the proof does not fit it.
    #[error(
        "this code is not right, was used, or is more than ten minutes old. Ask the office for a new one"
    )]
    WrongCode,
    /// The id or the key belongs to another kiosk.
    #[error(
        "this kiosk's id or key already belongs to another kiosk. Start the kiosk with an empty data folder"
    )]
    Taken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the hub answers to a greeting, but for pack and roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// The token for the next time.
    pub token: SyncToken,
    /// The epoch to number in.
    pub epoch: u32,
}

/// Numbers are reckoned as floating point: a kiosk may claim any, and no sum of integers that it
/// chose may fail the page on which it can be struck off.
const COLUMNS: &str = "device, key, name, paired_at, struck_off_at, epoch, seen_at, waiting, pack, roster,
    CAST(min(1e15, max(0.0, coalesce(last_sequence, 0) * 1.0 - coalesce(waiting, 0) -
        (SELECT count(DISTINCT sequence) FROM places p WHERE p.device = kiosks.device AND p.epoch = kiosks.epoch))
    + (SELECT total(highest * 1.0 - held) FROM
        (SELECT max(sequence) AS highest, count(DISTINCT sequence) AS held FROM places p
         WHERE p.device = kiosks.device AND p.epoch < kiosks.epoch GROUP BY epoch))) AS INTEGER),
    (SELECT read_at FROM stick_exchanges s WHERE s.device = kiosks.device), clock_ahead, free";

impl Store {
    /// Keeps a new code, in place of any before it. `name` is what the kiosk will be called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn offer_code(
        &self,
        code: &PairingCode,
        name: Option<&str>,
        actor: Actor,
        now: Moment,
    ) -> Result<(), StoreError> {
        let text = Zeroizing::new(code.to_string());
        self.write(|write| {
            write.execute(
                "INSERT INTO pairing (one, code, name, made_at) VALUES (1, ?, ?, ?)
                 ON CONFLICT (one) DO UPDATE SET code = excluded.code, name = excluded.name,
                     made_at = excluded.made_at, tries = 0, used_at = NULL",
                params![text.as_str(), name, now.0],
            )?;
            audit::note(write, now, actor, "pairing code made", "")
        })
    }

    /// Pairs a kiosk whose proof fits the code, and uses the code up; a proof that does not fit
    /// counts against it. `fits` is asked only about a code that is still good.
    ///
    /// # Errors
    /// [`PairError`].
    pub fn pair(
        &self,
        kiosk: &KioskIdentity,
        fits: impl FnOnce(&PairingCode) -> bool,
        now: Moment,
    ) -> Result<PairingCode, PairError> {
        // A wrong try has to be written although the answer is an error.
        self.write(|write| pair(write, kiosk, fits, now))?
    }

    /// The kiosk that holds this key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn kiosk_with_key(&self, key: &VerifyKey) -> Result<Option<Kiosk>, StoreError> {
        self.read(|read| {
            let sql = format!("SELECT {COLUMNS} FROM kiosks WHERE key = ?");
            read.query_row(&sql, [key.as_bytes()], |row| Ok(kiosk(row))).optional()?.transpose()
        })
    }

    /// All kiosks, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn kiosks(&self) -> Result<Vec<Kiosk>, StoreError> {
        self.read(|read| {
            let sql = format!("SELECT {COLUMNS} FROM kiosks ORDER BY name COLLATE NOCASE, device");
            let mut statement = read.prepare(&sql)?;
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(kiosk(row)?);
            }
            Ok(all)
        })
    }

    /// How many of the kiosks that are not struck off have a clock that is off, or a disk that is nearly full.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn kiosks_to_look_at(&self) -> Result<u64, StoreError> {
        self.read(|read| {
            let count: i64 = read.query_row(
                "SELECT count(*) FROM kiosks WHERE struck_off_at IS NULL AND (abs(clock_ahead) >= ? OR free < ?)",
                params![CLOCK_OFF.cast_signed(), ROOM_LEFT.cast_signed()],
                |row| row.get(0),
            )?;
            Ok(count.unsigned_abs())
        })
    }

    /// Calls a kiosk otherwise. `false` if there is none with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rename_kiosk(
        &self,
        device: DeviceId,
        name: &str,
        actor: Actor,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let rename = "UPDATE kiosks SET name = ? WHERE device = ?";
            let changed = write.execute(rename, params![name, device.as_bytes()])?;
            if changed == 1 {
                audit::note(write, now, actor, "kiosk renamed", &device.to_string())?;
            }
            Ok(changed == 1)
        })
    }

    /// Refuses a kiosk from now on. `false` if there is none with this id, or it was struck off before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn strike_off(&self, device: DeviceId, actor: Actor, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE kiosks SET struck_off_at = ? WHERE device = ? AND struck_off_at IS NULL",
                params![now.0, device.as_bytes()],
            )?;
            if changed == 1 {
                audit::note(write, now, actor, "kiosk struck off", &device.to_string())?;
            }
            Ok(changed == 1)
        })
    }

    /// Takes a kiosk's greeting and agrees a new token. A kiosk that does not show the token of the
    /// last greeting is a clone, or was restored from a backup, or missed the last answer: it is
    /// ordered to begin a new epoch, so that no number is given out twice.
    ///
    /// After an older backup of the hub was put back, kiosks have packs and rosters that it does not
    /// know: no number that a kiosk names is given out again. See [`Store::number_anew`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn greet(&self, hello: &Hello, token: SyncToken, now: Moment) -> Result<Agreed, StoreError> {
        self.write(|write| {
            let (held, epoch): (Option<Vec<u8>>, u32) = write.query_row(
                "SELECT token, epoch FROM kiosks WHERE device = ?",
                [hello.device.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            hear_of_both(write, hello)?;
            let shown = hello.token.map(|t| t.0.to_vec());
            // The token of a file that it took from a stick is as good as that of the last greeting.
            let by_stick: bool = write.query_row(
                "SELECT count(*) > 0 FROM return_tokens WHERE device = ? AND token = ?",
                params![hello.device.as_bytes(), shown],
                |row| row.get(0),
            )?;
            let right = (held == shown || by_stick) && hello.epoch <= epoch;
            write.execute("DELETE FROM return_tokens WHERE device = ?", [hello.device.as_bytes()])?;
            let epoch = if right { epoch } else { epoch.max(hello.epoch).saturating_add(1) };
            let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            write.execute(
                "UPDATE kiosks SET token = ?, epoch = ?, seen_at = ?, waiting = ?, last_sequence = ?,
                     pack = ?, roster = ?, clock = ?, clock_ahead = ?, free = ? WHERE device = ?",
                params![
                    token.0,
                    epoch,
                    now.0,
                    number(hello.waiting),
                    // Its last number belongs to the epoch that it numbered in until now.
                    if hello.epoch == epoch { number(hello.last_sequence) } else { 0 },
                    hello.pack.map(number),
                    hello.roster.map(number),
                    hello.clock.0,
                    ahead(hello.clock, now),
                    hello.free.map(number),
                    hello.device.as_bytes(),
                ],
            )?;
            if !right {
                audit::note(write, now, Actor::Kiosk(hello.device), "new epoch", &epoch.to_string())?;
            }
            Ok(Agreed { token, epoch })
        })
    }
}

/// Takes note of the numbers of pack and roster that a kiosk names, by wire or by stick.
pub(super) fn hear_of_both(write: &Connection, hello: &Hello) -> Result<(), StoreError> {
    let seen: Option<i64> = write.query_row(
        "SELECT nullif(max(coalesce(seen_at, -1), coalesce(given_at, -1)), -1) FROM kiosks WHERE device = ?",
        [hello.device.as_bytes()],
        |row| row.get(0),
    )?;
    let pack = "SELECT number, published_at FROM packs ORDER BY number DESC LIMIT 1";
    hear_of(write, "pack", hello.pack, pack, seen)?;
    let roster = "SELECT number, made FROM rosters ORDER BY number DESC LIMIT 1";
    hear_of(write, "roster", hello.roster, roster, seen)
}

/// Takes note of the number that a kiosk names. Where it is the newest one's, and that was made
/// after the kiosk was here last, the kiosk cannot have it from this hub: it has another of that number.
/// The number after it is then left out, which shows that the newest one is to be made anew.
fn hear_of(
    write: &Connection,
    kind: &str,
    named: Option<u64>,
    newest: &str,
    seen: Option<i64>,
) -> Result<(), StoreError> {
    let Some(named) = named else { return Ok(()) };
    let newest: Option<(i64, i64)> =
        write.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let another = newest
        .is_some_and(|(number, made)| number.unsigned_abs() == named && seen.is_none_or(|seen| seen < made));
    settings::heard_of(write, kind, if another { named.saturating_add(1) } else { named })
}

fn pair(
    write: &Connection,
    kiosk: &KioskIdentity,
    fits: impl FnOnce(&PairingCode) -> bool,
    now: Moment,
) -> Result<Result<PairingCode, PairError>, StoreError> {
    let good = write
        .query_row(
            "SELECT code, name FROM pairing WHERE used_at IS NULL AND tries < ? AND ? BETWEEN made_at AND made_at + ?",
            params![CODE_TRIES, now.0, CODE_SECONDS],
            |row| Ok((row.get::<_, String>(0).map(Zeroizing::new)?, row.get::<_, Option<String>>(1)?)),
        )
        .optional()?;
    let Some((code, name)) = good else { return Ok(Err(PairError::WrongCode)) };
    let code: PairingCode = parsed(&code)?;
    if !fits(&code) {
        write.execute("UPDATE pairing SET tries = tries + 1", [])?;
        audit::note(write, now, Actor::Hub, "wrong pairing code", "")?;
        return Ok(Err(PairError::WrongCode));
    }
    // The same kiosk may be paired again; its id with another key, or its key with another id, not.
    let changed = write.execute(
        "INSERT INTO kiosks (device, key, name, paired_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (device) DO UPDATE SET name = excluded.name, paired_at = excluded.paired_at,
             struck_off_at = NULL WHERE key = excluded.key
         ON CONFLICT (key) DO NOTHING",
        params![kiosk.device.as_bytes(), kiosk.key.as_bytes(), name.as_deref().unwrap_or(&kiosk.name), now.0],
    )?;
    if changed == 0 {
        return Ok(Err(PairError::Taken));
    }
    write.execute("UPDATE pairing SET used_at = ?, code = ''", [now.0])?;
    audit::note(write, now, Actor::Kiosk(kiosk.device), "paired", "")?;
    Ok(Ok(code))
}

fn kiosk(row: &Row<'_>) -> Result<Kiosk, StoreError> {
    let number = |value: Option<i64>| value.map(i64::unsigned_abs);
    Ok(Kiosk {
        device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
        key: VerifyKey::from_bytes(thirty_two(row.get(1)?)?),
        name: row.get(2)?,
        paired: Moment(row.get(3)?),
        struck_off: row.get::<_, Option<i64>>(4)?.map(Moment),
        epoch: row.get(5)?,
        seen: row.get::<_, Option<i64>>(6)?.map(Moment),
        waiting: number(row.get(7)?),
        pack: number(row.get(8)?),
        roster: number(row.get(9)?),
        missing: row.get::<_, i64>(10)?.unsigned_abs(),
        by_stick: row.get::<_, Option<i64>>(11)?.map(Moment),
        clock_ahead: row.get(12)?,
        free: number(row.get(13)?),
    })
}
