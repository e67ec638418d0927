//! Boxes of the hub's own, with what came by the form on the web. The hub cannot read them once they are closed.

use records::{ids::BoxId, report::Route, report_box::Envelope};
use rusqlite::params;

use super::{Store, StoreError, reports, sixteen};

impl Store {
    /// Writes a box, in place of what it was before. There is no entry of it in the audit log: it would tell that
    /// somebody came by.
    ///
    /// # Errors
    /// [`StoreError`]: then the box is as it was before.
    pub(crate) fn write_own_box(&self, id: BoxId, sealed: &[u8]) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO own_boxes (id, sealed) VALUES (?, ?)
                 ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
                params![id.as_bytes(), sealed],
            )?;
            Ok(())
        })
    }

    /// Every box that no role has opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn own_boxes(&self) -> Result<Vec<(BoxId, Vec<u8>)>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT id, sealed FROM own_boxes ORDER BY id")?;
            let mut rows = select.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push((BoxId::from_bytes(sixteen(row.get(0)?)?), row.get(1)?));
            }
            Ok(all)
        })
    }

    /// Puts the envelopes of a box among those that nobody has opened, and lets the box go. False where somebody
    /// else has done so already.
    ///
    /// # Errors
    /// [`StoreError`]: then it is as it was.
    pub(crate) fn empty_own_box(
        &self,
        id: BoxId,
        envelopes: &[(Route, Envelope)],
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let is_first = write.execute("DELETE FROM own_boxes WHERE id = ?", [id.as_bytes()])? == 1;
            if is_first {
                reports::keep(write, envelopes)?;
            }
            Ok(is_first)
        })
    }
}
