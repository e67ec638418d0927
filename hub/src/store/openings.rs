//! When the box of each role was last opened: when, never what was in it.

use records::{day::Moment, report::Role};

use super::{Store, StoreError};

impl Store {
    /// Of each role that has a key, when one of its holders last opened the box; where nobody has yet, when the key was
    /// made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_openings(&self) -> Result<Vec<(Role, Moment)>, StoreError> {
        self.read(|read| {
            let sql = "SELECT max(coalesce(opened_at, made_at)) FROM role_keys WHERE role = ?";
            let mut statement = read.prepare(sql)?;
            let mut openings = Vec::new();
            for role in Role::ALL {
                let last: Option<i64> = statement.query_row([role.as_str()], |row| row.get(0))?;
                openings.extend(last.map(|last| (role, Moment(last))));
            }
            Ok(openings)
        })
    }
}
