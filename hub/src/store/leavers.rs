//! Those who have left, and leaving that is undone.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{day::Moment, ids::PersonId};

use super::{
    Store, StoreError,
    audit::{self, Actor},
};
use crate::{import::tiles, retention::due::UNDO_DAYS};

/// For so many seconds after somebody has left it can be undone.
const UNDO_SECONDS: i64 = UNDO_DAYS as i64 * 24 * 3600;

/// Until when leaving can be undone.
pub const fn undone_until(left: Moment) -> Moment {
    Moment(left.0.saturating_add(UNDO_SECONDS))
}

impl Store {
    /// Somebody who was marked as having left is here again, as if nothing had been. False where they have not left, or
    /// too long ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn undo_leaving(&self, person: PersonId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let select = "SELECT left_at, class, tile FROM people WHERE id = ? AND left_at IS NOT NULL";
            let row = write.query_row(select, [person.as_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Option<Vec<u8>>>(1)?, row.get::<_, String>(2)?))
            });
            let Some((left, class, tile)) = row.optional()? else { return Ok(false) };
            if now > undone_until(Moment(left)) {
                return Ok(false);
            }
            let tile = match class {
                Some(class) => tile_in(write, &class, &tile)?,
                None => tile,
            };
            let back = "UPDATE people SET left_at = NULL, tile = ? WHERE id = ?";
            write.execute(back, params![tile, person.as_bytes()])?;
            audit::note(write, now, Actor::Account(account), "leaving undone", &person.to_string())?;
            Ok(true)
        })
    }
}

/// The picture they had, unless somebody of the class has it now.
fn tile_in(read: &Connection, class: &[u8], tile: &str) -> Result<String, StoreError> {
    let mut select =
        read.prepare("SELECT tile FROM people WHERE class = ? AND left_at IS NULL ORDER BY id")?;
    let held = select.query_map([class], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let held: Vec<Option<&str>> = held.iter().map(|held| Some(held.as_str())).chain([Some(tile)]).collect();
    Ok(tiles::give_out(&held).last().map_or_else(|| tile.to_owned(), |tile| (*tile).to_owned()))
}
