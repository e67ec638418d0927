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
    include_str!("schema_18.sql"),
    include_str!("schema_19.sql"),
    include_str!("schema_20.sql"),
    include_str!("schema_21.sql"),
    include_str!("schema_22.sql"),
    include_str!("schema_23.sql"),
    include_str!("schema_24.sql"),
    include_str!("schema_25.sql"),
    include_str!("schema_26.sql"),
    include_str!("schema_27.sql"),
    include_str!("schema_28.sql"),
    include_str!("schema_29.sql"),
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

/// Whether it is the database of an earlier program, which has to be brought up to date; a new one is not.
pub(super) fn is_earlier(connection: &Connection) -> Result<bool, StoreError> {
    Ok((1..STEPS.len() as i64).contains(&version(connection)?))
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
    use crate::{
        clock::Clock,
        folder::Folder,
        hub::Hub,
        keyfile::{DatabaseKey, KeyFile, RecoveryKey, Secret},
    };

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
    fn the_database_of_an_earlier_program_is_left_alone_while_that_serves() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("data"));
        let secret = Secret::Passphrase("heron lamp basket tide".to_owned().into());
        let key = DatabaseKey::generate();
        let file = KeyFile::wrap(&key, "heron lamp basket tide", &RecoveryKey::generate()).unwrap();
        folder.prepare().unwrap();
        folder.write_whole(&folder.key_file(), &file.to_bytes(), 0o600).unwrap();
        let path = folder.database();
        let last = STEPS.len() - 1;
        bring_up_to_date(&mut connect(&path, &key).unwrap(), &path, dir.path(), &STEPS[..last]).unwrap();
        let found = || version(&connect(&path, &key).unwrap()).unwrap();

        let serving = folder.lock().unwrap();
        let told = Hub::open(&folder, &secret, Clock::system()).unwrap_err().to_string();
        assert!(
            told.contains("of an earlier version serves") && told.contains("Nothing was changed"),
            "{told}"
        );
        assert_eq!(found(), last as i64);
        // Whoever has the lock is the one who begins to serve. That this hub was never finished is told later.
        let told = Hub::open_to_serve(&folder, &secret, Clock::system(), &serving).unwrap_err().to_string();
        assert!(told.contains("it has no school id"), "{told}");
        assert_eq!(found(), STEPS.len() as i64);

        // One that is up to date already opens beside it, as every command does.
        let told = Hub::open(&folder, &secret, Clock::system()).unwrap_err().to_string();
        assert!(told.contains("it has no school id"), "{told}");
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
    fn signatures_and_their_undoing_are_there_after_their_tables_were_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("hub.db"), DatabaseKey::generate());
        let mut connection = connect(&path, &key).unwrap();
        let before = STEPS.iter().position(|step| step.contains("signatures_of_both")).unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), &STEPS[..before]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO kiosks (device, key, name, paired_at) VALUES (x'0d', x'0e', 'Oak', 0);
                 INSERT INTO envelopes VALUES (x'01', x'aa', 'signature', x'0d', 5), (x'02', x'bb', 'undo', x'0d', 6);
                 INSERT INTO signatures VALUES (x'01', x'0a', 'ks1', 'ks1', '3.0', x'0b', 'pl', x'0c', 4,
                     '2026-09-01', '2027-08-31', '2027-03-02', x'0d', x'0f', 1);
                 INSERT INTO undos VALUES (x'02', x'01', 'wrong-child', 6);",
            )
            .unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), STEPS).unwrap();
        type Row = (Vec<u8>, String, String, i64, String, Vec<u8>, bool, Option<i64>);
        let row: Row = connection
            .query_row(
                "SELECT envelope, version, help_language, signed_at, year_middle, mark, helped, account FROM signatures
                 WHERE id = x'01' AND device = x'0d' AND person = x'0a'",
                [],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?)),
            )
            .unwrap();
        let expected =
            (vec![1], "3.0".to_owned(), "pl".to_owned(), 4, "2027-03-02".to_owned(), vec![15], true, None);
        assert_eq!(row, expected);
        let undone: (Vec<u8>, String) = connection
            .query_row("SELECT withdraws, reason FROM undos WHERE id = envelope AND id = x'02'", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .unwrap();
        assert_eq!(undone, (vec![1], "wrong-child".to_owned()));
        // What comes from a kiosk has its envelope, what comes from paper has somebody who entered it.
        let neither = "INSERT INTO signatures (id, person, audience, agreement, version, words, signed_at, year_starts,
                year_ends, year_middle, helped)
            VALUES (x'03', x'0a', 'ks1', 'ks1', '3.0', x'0b', 4, '2026-09-01', '2027-08-31', '2027-03-02', 0)";
        assert!(connection.execute(neither, []).is_err());
        assert!(
            connection.execute("DELETE FROM envelopes WHERE id = x'01'", []).is_err(),
            "it is referred to"
        );
    }

    #[test]
    fn who_said_no_is_there_after_the_table_became_one_of_all_that_the_office_notes() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("hub.db"), DatabaseKey::generate());
        let mut connection = connect(&path, &key).unwrap();
        let before = STEPS.iter().position(|step| step.contains("CREATE TABLE office_notes")).unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), &STEPS[..before]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO accounts (name, password, one_time, made_at) VALUES ('office', 'x', 0, 0);
                 INSERT INTO declines VALUES (x'01', x'0a', 'ks1', 'ks1', '3.0', x'0b', '2027-08-31', '2027-03-02',
                     '2026-09-10', 'Not yet', 1, 5, NULL, NULL);
                 INSERT INTO declines VALUES (x'02', x'0a', 'ks1', 'ks1', '3.0', x'0b', '2027-08-31', '2027-03-02',
                     '2026-09-09', '', 1, 4, 6, 1);",
            )
            .unwrap();
        bring_up_to_date(&mut connection, &path, dir.path(), STEPS).unwrap();
        type Row =
            (Vec<u8>, String, Vec<u8>, String, Vec<u8>, String, String, i64, Option<i64>, Option<Vec<u8>>);
        let rows: Vec<Row> = connection
            .prepare(
                "SELECT id, what, person, version, words, day, remark, entered_at, taken_back_at, showing
                 FROM office_notes ORDER BY id",
            )
            .unwrap()
            .query_map([], |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get(3)?,
                    r.get(4)?,
                    r.get(5)?,
                    r.get(6)?,
                    r.get(7)?,
                    r.get(8)?,
                    r.get(9)?,
                ))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let row = |id: u8, day: &str, remark: &str, entered, back| {
            let (what, version) = ("declined".to_owned(), "3.0".to_owned());
            (vec![id], what, vec![0x0a], version, vec![0x0b], day.into(), remark.into(), entered, back, None)
        };
        assert_eq!(rows, [row(1, "2026-09-10", "Not yet", 5, None), row(2, "2026-09-09", "", 4, Some(6))]);
        // What is noted is one of the two, and nobody says no for a whole class at once.
        let new = "INSERT INTO office_notes SELECT x'03', ?1, person, audience, agreement, version, words, year_ends,
                year_middle, day, remark, account, entered_at, ?2, ?2, NULL, NULL FROM office_notes WHERE id = x'01'";
        for (what, at_once) in [("signed", None), ("declined", Some("staff"))] {
            assert!(connection.execute(new, (what, at_once)).is_err(), "{what}");
        }
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
