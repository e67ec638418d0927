//! Sticks: which files of kiosks were read, what is answered to them, and which tokens went out with the answers.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use records::{
    codec,
    day::Moment,
    digest::Digest,
    ids::{BoxId, DeviceId},
    keys::SealKey,
    stick::{Answer, Carry},
    sync::{Hello, Outcome, RecordOutcome, SyncToken},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    kiosks, settings, sixteen, thirty_two,
};

/// So many read files of a kiosk are remembered, to know a copy of it by a number that comes with other bytes.
const REMEMBERED: i64 = 200;
/// So many files for a kiosk may be on their way to it.
const UNDER_WAY: i64 = 50;
const RETURN: &str = "return";

/// What came on a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    /// Records in the file.
    pub records: u64,
    /// Of them, those that were not here before.
    pub fresh: u64,
    /// Of them, those that a person has to look at.
    pub aside: u64,
    /// Report boxes that are here now.
    pub boxes: u64,
    /// Report boxes that are to come again: more than one kiosk may bring in a day.
    pub boxes_later: u64,
}

/// What became of everything in a carry.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// Of each record.
    pub outcomes: Vec<RecordOutcome>,
    /// The boxes that are here.
    pub boxes: Vec<BoxId>,
    /// How many boxes are to come again.
    pub boxes_later: u64,
}

impl Settled {
    fn came(&self) -> Came {
        let count =
            |wanted: fn(&Outcome) -> bool| self.outcomes.iter().filter(|o| wanted(&o.outcome)).count() as u64;
        Came {
            records: self.outcomes.len() as u64,
            fresh: count(|o| matches!(o, Outcome::Stored)),
            aside: count(|o| matches!(o, Outcome::SetAside(_))),
            boxes: self.boxes.len() as u64,
            boxes_later: self.boxes_later,
        }
    }
}

/// The last carry of a kiosk, and what is answered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The kiosk.
    pub device: DeviceId,
    /// The carry's number.
    pub carry: u64,
    /// When it was made, by the kiosk's clock.
    pub made: Moment,
    /// When it was read here.
    pub read: Moment,
    /// What came.
    pub came: Came,
    /// The pack that the kiosk had.
    pub pack: Option<u64>,
    /// Its roster.
    pub roster: Option<u64>,
    /// What its roster is sealed for.
    pub seal: SealKey,
    /// When a file was last made for it.
    pub given: Option<Moment>,
}

impl Store {
    /// Notes a carry whose contents were taken, and what is answered to it, in the place of any answer before.
    ///
    /// It uses no token of the kiosk's up: a stick may come late, or never. A copy of the kiosk shows otherwise: by a
    /// number that comes with other bytes, or by another record in the place of one. Then a new epoch is ordered.
    ///
    /// # Errors
    /// [`StoreError`]: then the carry may be read again.
    pub fn note_carry(
        &self,
        carry: &Carry,
        digest: Digest,
        settled: Settled,
        actor: Actor,
        now: Moment,
    ) -> Result<Came, StoreError> {
        let hello = &carry.greeting.hello;
        self.write(|write| {
            kiosks::hear_of_both(write, hello)?;
            settings::heard_of(write, RETURN, carry.greeting.taken)?;
            let (last, clock): (i64, Option<i64>) = write.query_row(
                "SELECT coalesce((SELECT max(number) FROM carries c WHERE c.device = kiosks.device), 0), clock
                 FROM kiosks WHERE device = ?",
                [hello.device.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let epoch = epoch(write, carry, digest)?;
            write.execute(
                "INSERT INTO carries (device, number, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                params![hello.device.as_bytes(), signed(carry.number), digest.as_bytes()],
            )?;
            write.execute(
                "DELETE FROM carries WHERE device = ? AND number < ?",
                params![hello.device.as_bytes(), last - REMEMBERED],
            )?;
            // What comes late says nothing of how the kiosk is now.
            if signed(carry.number) >= last && clock.is_none_or(|clock| hello.clock.0 >= clock) {
                note_figures(write, hello, epoch, now)?;
            }
            show_token(write, hello)?;
            let came = settled.came();
            let answer = Answer {
                device: hello.device,
                carry: carry.number,
                shown: hello.token,
                // Each file that is made of this has one of its own.
                token: SyncToken([0; 16]),
                epoch,
                outcomes: settled.outcomes,
                boxes: settled.boxes,
                backed_up: None,
                clock: now,
                struck_off: false,
            };
            keep(write, carry, &came, &answer, now)?;
            let detail = format!(
                "kiosk {} file {} records {} new {} set aside {} boxes {}",
                hello.device, carry.number, came.records, came.fresh, came.aside, came.boxes
            );
            audit::note(write, now, actor, "stick read", &detail)?;
            Ok(came)
        })
    }

    /// What is to go back to a kiosk, under the next number and with a token of its own; `None` where no carry of it was
    /// read yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn make_return(
        &self,
        device: DeviceId,
        token: SyncToken,
        actor: Actor,
        now: Moment,
    ) -> Result<Option<(u64, Answer)>, StoreError> {
        let backed_up = self.backed_up(device)?;
        self.write(|write| {
            let found = write
                .query_row(
                    "SELECT e.answer, k.struck_off_at IS NOT NULL FROM stick_exchanges e
                     JOIN kiosks k USING (device) WHERE device = ?",
                    [device.as_bytes()],
                    |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, bool>(1)?)),
                )
                .optional()?;
            let Some((answer, struck_off)) = found else { return Ok(None) };
            let answer: Answer = codec::decode(&answer)?;
            let number = settings::next_number(write, RETURN)?;
            let answer = Answer { token, backed_up, struck_off, ..answer };
            write.execute(
                "INSERT INTO return_tokens (device, number, token) VALUES (?, ?, ?)",
                params![device.as_bytes(), signed(number), token.0],
            )?;
            write.execute(
                "DELETE FROM return_tokens WHERE device = ?1 AND number NOT IN
                     (SELECT number FROM return_tokens WHERE device = ?1 ORDER BY number DESC LIMIT ?2)",
                params![device.as_bytes(), UNDER_WAY],
            )?;
            let given = "UPDATE kiosks SET given_at = ? WHERE device = ?";
            write.execute(given, params![now.0, device.as_bytes()])?;
            audit::note(
                write,
                now,
                actor,
                "file for a stick made",
                &format!("kiosk {device} file {number}"),
            )?;
            Ok(Some((number, answer)))
        })
    }

    /// The last exchange by stick with each kiosk that had one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stick_exchanges(&self) -> Result<Vec<Exchange>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(
                "SELECT device, carry, made_at, read_at, records, fresh, aside, boxes, boxes_later, e.pack, e.roster,
                     seal, given_at FROM stick_exchanges e JOIN kiosks USING (device) ORDER BY device",
            )?;
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(exchange(row)?);
            }
            Ok(all)
        })
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The epoch for this kiosk to number in.
fn epoch(write: &Connection, carry: &Carry, digest: Digest) -> Result<u32, StoreError> {
    let hello = &carry.greeting.hello;
    let device = hello.device.as_bytes();
    let own: u32 =
        write.query_row("SELECT epoch FROM kiosks WHERE device = ?", [device], |row| row.get(0))?;
    let reused: bool = write.query_row(
        "SELECT count(*) > 0 FROM carries WHERE device = ? AND number = ? AND digest <> ?",
        params![device, signed(carry.number), digest.as_bytes()],
        |row| row.get(0),
    )?;
    let known: bool = write.query_row(
        "SELECT count(*) > 0 FROM carries WHERE device = ? AND number = ? AND digest = ?",
        params![device, signed(carry.number), digest.as_bytes()],
        |row| row.get(0),
    )?;
    let clash: bool = write.query_row(
        "SELECT count(*) > count(DISTINCT sequence) FROM places WHERE device = ? AND epoch = ?",
        params![device, hello.epoch],
        |row| row.get(0),
    )?;
    let same = own.max(hello.epoch);
    let ordered = match (reused && !known, clash) {
        (true, _) => same.saturating_add(1),
        (false, true) => own.max(hello.epoch.saturating_add(1)),
        (false, false) => same,
    };
    Ok(ordered)
}

/// How the kiosk is, as a greeting by wire would say. All that waited is here now.
fn note_figures(write: &Connection, hello: &Hello, epoch: u32, now: Moment) -> Result<(), StoreError> {
    // A stick is on its way for nobody knows how long: only of a time that has not come yet is it sure that it is wrong.
    let ahead = Some(kiosks::ahead(hello.clock, now)).filter(|ahead| *ahead > 0);
    write.execute(
        "UPDATE kiosks SET epoch = ?, waiting = 0, last_sequence = ?, pack = ?, roster = ?, clock = ?, clock_ahead = ?,
             free = ? WHERE device = ?",
        params![
            epoch,
            if hello.epoch == epoch { signed(hello.last_sequence) } else { 0 },
            hello.pack.map(signed),
            hello.roster.map(signed),
            hello.clock.0,
            ahead,
            hello.free.map(signed),
            hello.device.as_bytes()
        ],
    )?;
    Ok(())
}

/// A kiosk that shows the token of a file has taken that file: what went out before is over.
fn show_token(write: &Connection, hello: &Hello) -> Result<(), StoreError> {
    let Some(SyncToken(token)) = hello.token else { return Ok(()) };
    let device = hello.device.as_bytes();
    let select = "SELECT number FROM return_tokens WHERE device = ? AND token = ?";
    let number: Option<i64> = write.query_row(select, params![device, token], |row| row.get(0)).optional()?;
    if let Some(number) = number {
        write.execute("UPDATE kiosks SET token = ? WHERE device = ?", params![token, device])?;
        let delete = "DELETE FROM return_tokens WHERE device = ? AND number <= ?";
        write.execute(delete, params![device, number])?;
    }
    Ok(())
}

fn keep(
    write: &Connection,
    carry: &Carry,
    came: &Came,
    answer: &Answer,
    now: Moment,
) -> Result<(), StoreError> {
    let hello = &carry.greeting.hello;
    write.execute(
        "INSERT INTO stick_exchanges (device, carry, made_at, read_at, records, fresh, aside, boxes, boxes_later, pack,
             roster, seal, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (device) DO UPDATE SET carry = excluded.carry, made_at = excluded.made_at,
             read_at = excluded.read_at, records = excluded.records, fresh = excluded.fresh, aside = excluded.aside,
             boxes = excluded.boxes, boxes_later = excluded.boxes_later, pack = excluded.pack,
             roster = excluded.roster, seal = excluded.seal, answer = excluded.answer",
        params![
            hello.device.as_bytes(),
            signed(carry.number),
            carry.made.0,
            now.0,
            signed(came.records),
            signed(came.fresh),
            signed(came.aside),
            signed(came.boxes),
            signed(came.boxes_later),
            hello.pack.map(signed),
            hello.roster.map(signed),
            carry.greeting.seal.as_bytes(),
            codec::encode(answer)
        ],
    )?;
    Ok(())
}

fn exchange(row: &Row<'_>) -> Result<Exchange, StoreError> {
    let number = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let perhaps = |column: usize| row.get::<_, Option<i64>>(column).map(|n| n.map(i64::unsigned_abs));
    Ok(Exchange {
        device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
        carry: number(1)?,
        made: Moment(row.get(2)?),
        read: Moment(row.get(3)?),
        came: Came {
            records: number(4)?,
            fresh: number(5)?,
            aside: number(6)?,
            boxes: number(7)?,
            boxes_later: number(8)?,
        },
        pack: perhaps(9)?,
        roster: perhaps(10)?,
        seal: SealKey::from_bytes(thirty_two(row.get(11)?)?),
        given: row.get::<_, Option<i64>>(12)?.map(Moment),
    })
}
