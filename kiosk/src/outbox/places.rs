//! Numbering: which place comes next. A place is given out once, also over restarts.

use records::sync::Place;
use rusqlite::{Connection, params};

/// The last place that was given out.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<Place> {
    connection.query_row("SELECT epoch, sequence FROM place", [], |row| {
        Ok(Place { epoch: row.get(0)?, sequence: row.get(1)? })
    })
}

/// The place for the next record.
pub(super) fn next(connection: &Connection) -> rusqlite::Result<Place> {
    last(connection).map(|place| Place { sequence: place.sequence + 1, ..place })
}

/// Notes that a place was given out.
pub(super) fn given(connection: &Connection, place: Place) -> rusqlite::Result<()> {
    connection
        .execute("UPDATE place SET epoch = ?1, sequence = ?2", params![place.epoch, place.sequence])
        .map(drop)
}

/// Begins an epoch, if it is not the present one, after the places already given out in it. Tells
/// whether it was another.
pub(super) fn begin_epoch(connection: &Connection, epoch: u32) -> rusqlite::Result<bool> {
    if last(connection)?.epoch == epoch {
        return Ok(false);
    }
    let select = "SELECT coalesce(max(sequence), 0) FROM record WHERE epoch = ?1";
    let sequence = connection.query_row(select, [epoch], |row| row.get(0))?;
    given(connection, Place { epoch, sequence })?;
    Ok(true)
}
