//! The schema, one step after another. A step, once released, is never changed.

use std::{fs, path::Path};

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Step n brings a database from `user_version` n to n + 1.
pub(super) const STEPS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
    include_str!("schema_11.sql"),
    include_str!("schema_12.sql"),
    include_str!("schema_13.sql"),
    include_str!("schema_14.sql"),
    include_str!("schema_15.sql"),
    include_str!("schema_16.sql"),
    include_str!("schema_17.sql"),
];

/// Brings a database up to the last of `steps`, all of them in one transaction.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    path: &Path,
    backups: &Path,
    steps: &[&str],
) -> Result<(), StoreError> {
    let known = steps.len() as i64;
    if version(connection)? == known {
        return Ok(());
    }
    // A step may make a table anew that others refer to; the end of the transaction sees that they still can.
    connection.pragma_update(None, "foreign_keys", false)?;
    let result = bring(connection, path, backups, steps);
    connection.pragma_update(None, "foreign_keys", true)?;
    result
}

fn bring(connection: &mut Connection, path: &Path, backups: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let known = steps.len() as i64;
    // An empty log lets the copy of the one file be whole; nobody writes between copy and change.
    let found = version(connection)?;
    if (1..known).contains(&found) {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if (1..known).contains(&found) {
        copy(path, backups, found).map_err(StoreError::Backup)?;
    }
    for step in &steps[usize::try_from(found).unwrap_or(0)..] {
        transaction.execute_batch(step)?;
    }
    let lost = transaction.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if lost {
        return Err(StoreError::Damaged("something refers to what is not there".into()));
    }
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

/// Refuses a database of a newer program.
pub(super) fn check_known(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, STEPS.len() as i64);
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn copy(path: &Path, backups: &Path, found: i64) -> std::io::Result<()> {
    fs::create_dir_all(backups)?;
    let to = backups.join(format!("hub-schema-{found}.db"));
    fs::copy(path, &to)?;
    fs::File::open(&to)?.sync_all()?;
    fs::File::open(backups)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{super::connect, *};
    use crate::keyfile::DatabaseKey;

    #[test]
    fn a_copy_is_made_before_a_migration_and_the_data_is_still_there_after_it() {
        let dir = tempfile::tempdir().unwrap();
        let (path, backups, key) =
            (dir.path().join("hub.db"), dir.path().join("backups"), DatabaseKey::generate());
        let mut connection = connect(&path, &key).unwrap();
        bring_up_to_date(&mut connection, &path, &backups, &STEPS[..1]).unwrap();
        assert!(!backups.exists(), "a new database needs no copy");
        connection.execute("INSERT INTO settings VALUES ('x', x'01')", []).unwrap();
        let next = [STEPS[0], "ALTER TABLE settings ADD COLUMN note TEXT;"];
        bring_up_to_date(&mut connection, &path, &backups, &next).unwrap();
        let rows: i64 = connection
            .query_row("SELECT count(*) FROM settings WHERE note IS NULL", [], |r| r.get(0))
            .unwrap();
        assert_eq!((rows, version(&connection).unwrap()), (1, 2));
        let copy = connect(&backups.join("hub-schema-1.db"), &key).unwrap();
        let rows: i64 = copy.query_row("SELECT count(*) FROM settings", [], |r| r.get(0)).unwrap();
        assert_eq!((rows, version(&copy).unwrap()), (1, 1));
    }

    #[test]
    fn a_database_from_a_newer_program_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("hub.db"), DatabaseKey::generate());
        let next = [STEPS, &["CREATE TABLE later(a INTEGER);"]].concat();
        bring_up_to_date(&mut connect(&path, &key).unwrap(), &path, dir.path(), &next).unwrap();
        let before = fs::read(&path).unwrap();
        let told = super::super::Store::open(&path, &key, dir.path()).unwrap_err().to_string();
        assert!(told.contains("newer Signpost") && told.contains("Nothing was changed"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("hub.db"), DatabaseKey::generate());
        let mut connection = connect(&path, &key).unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), &STEPS[..1]).unwrap();
        let next = [STEPS[0], "CREATE TABLE late(a INTEGER); SELECT nonsense;"];
        assert!(bring_up_to_date(&mut connection, &path, dir.path(), &next).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT * FROM late").is_err());
    }

    #[test]
    fn a_database_of_the_first_schema_is_brought_up_to_date_with_all_that_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("hub.db"), DatabaseKey::generate());
        let mut connection = connect(&path, &key).unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), &STEPS[..1]).unwrap();
        connection
            .execute(
                "INSERT INTO accounts (name, password, one_time, made_at) VALUES ('office', 'x', 0, 0)",
                [],
            )
            .unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), STEPS).unwrap();
        let duty: String = connection.query_row("SELECT duty FROM accounts", [], |r| r.get(0)).unwrap();
        assert_eq!(duty, "office", "who was there before sees what they saw before");
    }
}
