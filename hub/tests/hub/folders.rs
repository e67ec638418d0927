//! The data folder: what lies there can be read by nobody without the passphrase, and is never spoilt.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::{
    kiosk::Kiosk,
    program::Program,
    school::{PASSPHRASE, PUPILS, School, draft, ks1},
};

#[tokio::test]
async fn nothing_in_the_folder_can_be_read_without_the_passphrase() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let tom = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Tom").unwrap();
    kiosk.sign(&school, tom.id, &ks1("3.0")).await;
    let mut seen = Vec::new();
    for entry in fs::read_dir(school.folder().path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|w| w == text);
        for text in [
            &b"SQLite format 3"[..],
            b"Bright",
            b"Khan",
            b"Acorn",
            b"I ask before",
            b"Oak classroom",
            b"office",
        ] {
            assert!(!holds(text), "{} holds {}", path.display(), String::from_utf8_lossy(text));
        }
        assert!(!holds(PASSPHRASE.as_bytes()));
        seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    for name in ["hub.db", "hub.db-wal", "hub.key"] {
        assert!(seen.iter().any(|s| s == name), "{seen:?}");
    }
    let mode =
        |name: &str| fs::metadata(school.folder().path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("hub.key"), mode("hub.db")), (0o700, 0o600, 0o600));
}

#[test]
fn a_key_of_another_hub_does_not_open_the_database() {
    let (one, other) = (Program::made().0, Program::made().0);
    fs::copy(other.path("data/hub.key"), one.path("data/hub.key")).unwrap();
    let told = one.refused(&["kiosks"]);
    assert!(told.contains("do not belong together"), "{told}");
    fs::write(one.path("data/hub.key"), "{").unwrap();
    assert!(one.refused(&["kiosks"]).contains("hub.key is damaged"));
}
