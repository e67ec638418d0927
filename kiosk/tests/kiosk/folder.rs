//! What lies on the disk, and what is refused there.

use std::{fs, os::unix::fs::PermissionsExt as _};

use kiosk::{
    folder::{Device, Folder, FolderError, Paired},
    outbox::OutboxError,
    storage::Store,
};

use crate::school::{ACORN, Hub, acorn, person};

#[test]
fn no_name_and_no_id_of_a_pupil_can_be_read_on_the_disk() {
    let room = tempfile::tempdir().unwrap();
    let hub = Hub::new();
    let folder = hub.kiosk(room.path());
    let roster = hub.roster(1);
    assert!(finds(&roster, b"Maximilian"), "the roster itself has the name, or this test proves nothing");
    for file in fs::read_dir(folder.root()).unwrap().flatten().filter(|f| f.path().is_file()) {
        let bytes = fs::read(file.path()).unwrap();
        for name in ["Maximilian", "Siobhán", "Mohammed"] {
            assert!(!finds(&bytes, name.as_bytes()), "{name} in {:?}", file.path());
        }
        assert!(!finds(&bytes, person(1, 21).as_bytes()), "an id in {:?}", file.path());
    }
}

#[test]
fn the_kiosks_keys_are_for_its_owner_alone() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(&room.path().join("kiosk"));
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.path("device.key")), 0o600);
    assert_eq!(mode(folder.root().to_owned()), 0o700);
}

#[test]
fn a_second_kiosk_in_the_same_folder_is_told_so() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let (first, _) = Store::open(folder.clone()).unwrap();
    let second = Store::open(folder.clone()).unwrap_err();
    assert!(matches!(second, OutboxError::Folder(FolderError::InUse(_))));
    assert!(second.to_string().contains("is in use by another signpost-kiosk"));
    drop(first);
    Store::open(folder).unwrap();
}

#[test]
fn a_pack_with_one_byte_changed_is_refused_and_the_old_one_stays() {
    let room = tempfile::tempdir().unwrap();
    let hub = Hub::new();
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let good = hub.pack(2);
    for place in (0..good.len()).step_by(977) {
        let mut bad = good.clone();
        bad[place] ^= 1;
        assert!(store.take_pack(&bad).is_err(), "byte {place}");
    }
    assert!(store.take_pack(&Hub::new().pack(2)).is_err(), "another hub's");
    drop(store);
    let (_, found) = Store::open(folder).unwrap();
    assert_eq!(found.pack.unwrap().number, 1);
}

#[test]
fn an_older_pack_or_roster_never_comes_back() {
    let room = tempfile::tempdir().unwrap();
    let hub = Hub::new();
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.take_pack(&hub.pack(5)).unwrap();
    store.take_roster(&hub.roster(5)).unwrap();
    for number in [1, 4, 5] {
        let refused = store.take_pack(&hub.pack(number)).unwrap_err().to_string();
        assert!(refused.contains("number 5 is already here"), "{refused}");
        assert!(store.take_roster(&hub.roster(number)).is_err());
    }
    drop(store);
    // Not even when the files are gone: then the same number may come again, an older one not.
    fs::remove_file(folder.path("pack.sgnp")).unwrap();
    fs::remove_file(folder.path("roster.sealed")).unwrap();
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(found.pack.is_none() && found.classes.is_empty());
    assert!(store.take_pack(&hub.pack(4)).is_err());
    store.take_pack(&hub.pack(5)).unwrap();
    assert!(store.take_roster(&hub.roster(4)).is_err());
    store.take_roster(&hub.roster(5)).unwrap();
}

#[test]
fn a_roster_that_was_changed_on_the_disk_shows_nobody() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let path = folder.path("roster.sealed");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(found.classes.is_empty());
    assert!(found.problems[0].contains("cannot be opened with this kiosk's key"), "{:?}", found.problems);
    assert!(store.open_class(acorn()).is_err());
}

#[test]
fn another_kiosks_roster_cannot_be_read_here() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hub = Hub::new();
    let (one, two) = (hub.kiosk(one.path()), hub.kiosk(two.path()));
    fs::copy(one.path("roster.sealed"), two.path("roster.sealed")).unwrap();
    let (_, found) = Store::open(two).unwrap();
    assert!(found.classes.is_empty() && !found.problems.is_empty());
}

#[test]
fn a_class_is_opened_with_all_its_pupils() {
    let room = tempfile::tempdir().unwrap();
    let (mut store, found) = Store::open(Hub::new().kiosk(room.path())).unwrap();
    assert_eq!(found.classes.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Acorn", "Oak"]);
    let class = store.open_class(acorn()).unwrap().unwrap().class;
    assert_eq!(class.pupils.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ACORN);
}

#[test]
fn a_damaged_key_file_is_told_and_not_replaced() {
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    fs::write(folder.path("device.key"), b"damaged").unwrap();
    assert!(matches!(Device::read(&folder), Err(FolderError::Damaged { .. })));
    assert!(Store::open(folder.clone()).is_err());
    assert_eq!(fs::read(folder.path("device.key")).unwrap(), b"damaged");
}

fn finds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

#[test]
fn a_kiosk_that_moves_to_another_hub_begins_with_that_hubs_numbers() {
    let room = tempfile::tempdir().unwrap();
    let (old, new) = (Hub::new(), Hub::new());
    let folder = old.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.take_pack(&old.pack(9)).unwrap();
    drop(store);
    Paired { hub: new.identity(), address: "127.0.0.1:9".into() }.write(&folder).unwrap();
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(found.pack.is_none(), "the old hub's word counts no more");
    store.take_pack(&new.pack(1)).unwrap();
    store.take_roster(&new.roster(1)).unwrap();
}
