//! Pages for staff alone, as they came with the newest pack.

use records::{codec, staff_page::StaffPage};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Store, StoreError};

impl Store {
    /// All of them, in the order of lists.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn staff_pages(&self) -> Result<Vec<StaffPage>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare_cached("SELECT page FROM staff_pages ORDER BY place")?;
            let pages = select.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            pages.map(|bytes| Ok(codec::decode(&bytes?)?)).collect()
        })
    }

    /// The one of this name in addresses.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn staff_page(&self, slug: &str) -> Result<Option<StaffPage>, StoreError> {
        self.read(|read| {
            let select = "SELECT page FROM staff_pages WHERE slug = ?";
            let bytes: Option<Vec<u8>> = read.query_row(select, [slug], |row| row.get(0)).optional()?;
            Ok(bytes.map(|bytes| codec::decode(&bytes)).transpose()?)
        })
    }
}

/// Puts these in the place of all.
pub(super) fn put(write: &Connection, pages: &[StaffPage]) -> Result<(), StoreError> {
    write.execute("DELETE FROM staff_pages", [])?;
    let mut insert = write.prepare_cached("INSERT INTO staff_pages (place, slug, page) VALUES (?, ?, ?)")?;
    for (place, page) in (0i64..).zip(pages) {
        insert.execute(params![place, page.slug.as_str(), codec::encode(page)])?;
    }
    Ok(())
}
