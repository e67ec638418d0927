//! Scans of papers, each beside the records that it belongs to. A scan goes with the last of them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use records::{day::Moment, ids::RecordId};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    parsed, retention, sixteen,
};
use crate::{
    random,
    scan::{Kind, Scan},
};

/// That there is a scan beside a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanHeld {
    /// What it is.
    pub kind: Kind,
    /// To how many records it belongs, this one among them.
    pub records: usize,
}

/// What [`beside`] reads, of tables that are joined by [`joined`].
pub(super) const COLUMNS: &str =
    "scans.kind, (SELECT count(*) FROM scanned others WHERE others.scan = scans.id)";

/// Joins the scan of each record to a table; `id` is the record's column.
pub(super) fn joined(id: &str) -> String {
    format!("LEFT JOIN scanned ON scanned.record = {id} LEFT JOIN scans ON scans.id = scanned.scan")
}

/// The scan of a row whose [`COLUMNS`] begin at this one.
pub(super) fn beside(row: &Row<'_>, first: usize) -> Result<Option<ScanHeld>, StoreError> {
    let Some(kind) = row.get::<_, Option<String>>(first)? else { return Ok(None) };
    let records = row.get::<_, i64>(first + 1)?;
    Ok(Some(ScanHeld { kind: parsed(&kind)?, records: usize::try_from(records).unwrap_or_default() }))
}

impl Store {
    /// The scan that belongs to a record, noted as taken out by whoever asks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_scan(
        &self,
        record: RecordId,
        account: i64,
        now: Moment,
    ) -> Result<Option<(Kind, Vec<u8>)>, StoreError> {
        let select = "SELECT kind, bytes FROM scans WHERE id = (SELECT scan FROM scanned WHERE record = ?)";
        let found: Option<(String, Vec<u8>)> = self.read(|read| {
            Ok(read
                .query_row(select, [record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?)
        })?;
        let Some((kind, bytes)) = found else { return Ok(None) };
        self.note(Actor::Account(account), "scan taken as a file", &record.to_string(), now)?;
        Ok(Some((parsed(&kind)?, bytes)))
    }

    /// Takes a scan away for good, from every record that it belongs to. False where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_scan_away(&self, record: RecordId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let select = "SELECT scan FROM scanned WHERE record = ?";
            let scan: Option<Vec<u8>> =
                write.query_row(select, [record.as_bytes()], |row| row.get(0)).optional()?;
            let Some(scan) = scan.map(sixteen).transpose()? else { return Ok(false) };
            let mut select = write.prepare("SELECT record FROM scanned WHERE scan = ? ORDER BY record")?;
            let of = select.query_map([scan], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
            let of = of.into_iter().map(|id| Ok(RecordId::from_bytes(sixteen(id)?)));
            let of = of.collect::<Result<Vec<_>, StoreError>>()?;
            retention::erase_for_good(write, scan, now)?;
            let detail = detail(scan, &of);
            audit::note(write, now, Actor::Account(account), "scan taken away", &detail)?;
            Ok(true)
        })
    }
}

/// Keeps a scan beside those of these records that have none. How many those are; of none, nothing is kept.
pub(super) fn keep(
    write: &Connection,
    scan: &Scan,
    records: &[RecordId],
    account: i64,
    now: Moment,
) -> Result<usize, StoreError> {
    let has_one = "SELECT 1 FROM scanned WHERE record = ?";
    let mut without = Vec::new();
    for record in records {
        if !write.prepare_cached(has_one)?.exists([record.as_bytes()])? {
            without.push(*record);
        }
    }
    if without.is_empty() {
        return Ok(0);
    }
    let id: [u8; 16] = random::bytes();
    write.execute(
        "INSERT INTO scans (id, kind, account, kept_at, bytes) VALUES (?, ?, ?, ?, ?)",
        params![id, scan.kind().as_str(), account, now.0, scan.bytes()],
    )?;
    for record in &without {
        write.execute("INSERT INTO scanned (record, scan) VALUES (?, ?)", params![record.as_bytes(), id])?;
    }
    audit::note(write, now, Actor::Account(account), "scan kept", &detail(id, &without))?;
    Ok(without.len())
}

/// The scan's id and those of its records, for the log.
fn detail(scan: [u8; 16], records: &[RecordId]) -> String {
    let ids = records.iter().map(RecordId::to_string);
    std::iter::once(data_encoding::HEXLOWER.encode(&scan)).chain(ids).collect::<Vec<_>>().join(" ")
}
