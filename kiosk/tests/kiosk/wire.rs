//! Pairing and sync over a real TLS socket.

use std::fs;

use kiosk::{
    folder::{Folder, Paired},
    outbox::Counts,
    running::Running,
    sync::{PairError, SyncError, pair},
};
use records::sync::Place;

use crate::{
    listener::Listener,
    program::{Program, sign},
};

fn paired(listener: &Listener) -> (tempfile::TempDir, Folder) {
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    pair(&folder, &listener.address, &code, "Acorn classroom").unwrap();
    let mut far = listener.far();
    far.pack = Some((3, listener.hub.pack(3)));
    far.roster = Some((4, listener.hub.roster(4)));
    drop(far);
    (room, folder)
}

#[test]
fn a_new_kiosk_is_paired_fetches_what_it_needs_and_delivers_what_was_signed() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    assert_eq!(program.screen(), "home", "pack and roster are here: {}", program.last);
    sign(&mut program, "Amira");
    assert_eq!(program.screen(), "thank-you");
    program.tell(r#"{"do":"sync"}"#);
    let status = program.tell(r#"{"do":"status"}"#);
    assert_eq!(status["status"]["waiting"], 0);
    assert_eq!((status["pack"].as_u64(), status["roster"].as_u64()), (Some(3), Some(4)));
    let far = listener.far();
    let records: Vec<_> = far.batches.iter().flat_map(|b| &b.records).collect();
    assert_eq!(records.len(), 1, "sent once");
    assert_eq!(records[0].place, Place { epoch: 1, sequence: 1 });
    let tokens: Vec<_> = far.hellos.iter().map(|h| h.token.map(|t| t.0[0])).collect();
    assert_eq!(tokens[..2], [None, Some(1)], "each greeting shows the token of the one before");
}

#[test]
fn a_wrong_code_pairs_nothing() {
    let listener = Listener::start();
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let refused = pair(&folder, &listener.address, "0000-0000-0000-0000", "Oak").unwrap_err();
    assert!(matches!(refused, PairError::WrongCode), "{refused}");
    let refused = pair(&folder, &listener.address, "7K2M", "Oak").unwrap_err();
    assert!(refused.to_string().contains("16 letters and digits"), "{refused}");
    assert!(Paired::read(&folder).unwrap().is_none());
}

#[test]
fn the_address_may_be_given_as_the_hub_shows_it() {
    let listener = Listener::start();
    let code = listener.far().code.to_string();
    for shown in [format!("https://{}", listener.address), format!(" HTTPS://{}/ ", listener.address)] {
        let room = tempfile::tempdir().unwrap();
        let paired = pair(&Folder::at(room.path()).unwrap(), &shown, &code, "Oak").unwrap();
        assert_eq!(paired.address, listener.address, "{shown}");
    }
}

#[test]
fn an_address_that_is_none_is_told_with_how_one_looks() {
    let listener = Listener::start();
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    for wrong in [
        format!("http://{}", listener.address),
        format!("https://{}/kiosk", listener.address),
        format!("https:// {}", listener.address),
        "127.0.0.1".into(),
        "127.0.0.1:".into(),
        "127.0.0.1:0".into(),
        "127.0.0.1:70000".into(),
        ":8444".into(),
        "::1:8444".into(),
        "[hub]:8444".into(),
        "who@hub:8444".into(),
        "\u{1b}[2J:8444".into(),
        "https://".into(),
        String::new(),
    ] {
        let told = pair(&folder, &wrong, &code, "Oak").unwrap_err().to_string();
        assert!(told.contains("HOST:PORT, such as 192.168.1.10:8444"), "{wrong:?}: {told}");
        assert!(!told.chars().any(char::is_control), "{told:?}");
    }
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0, "nothing was begun");
}

#[test]
fn somebody_in_between_who_does_not_know_the_code_is_found_out() {
    let listener = Listener::start();
    listener.far().false_proof = true;
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    let refused = pair(&folder, &listener.address, &code, "Oak").unwrap_err();
    assert!(matches!(refused, PairError::NotTheHub(_)), "{refused}");
    assert!(Paired::read(&folder).unwrap().is_none());
}

#[test]
fn what_a_stranger_answers_cannot_paint_over_the_terminal() {
    let listener = Listener::start();
    listener.far().rude = true;
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    let told = pair(&folder, &listener.address, &code, "Oak").unwrap_err().to_string();
    assert!(told.contains("all is well") && !told.chars().any(char::is_control), "{told:?}");
    assert!(told.chars().count() < 400, "{told}");
}

#[test]
fn a_hub_with_another_certificate_gets_nothing_and_the_reason_is_kept() {
    let (listener, other) = (Listener::start(), Listener::start());
    let (_room, folder) = paired(&listener);
    let mut paired = Paired::read(&folder).unwrap().unwrap();
    paired.address = other.address.clone();
    paired.write(&folder).unwrap();
    let running = Running::start(folder, || {}).unwrap();
    let refused = running.syncer.as_ref().unwrap().round_now().unwrap_err();
    assert!(matches!(refused, SyncError::ChangedCertificate { .. }), "{refused}");
    assert!(other.far().hellos.is_empty(), "not even a greeting was sent");
    let kept = running.storage().ask(|store| store.outbox().note("problem").unwrap()).unwrap();
    assert!(String::from_utf8(kept.unwrap()).unwrap().contains("another certificate"));
    running.end();
}

#[test]
fn a_lost_answer_makes_the_same_bytes_go_again() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    listener.far().lose_next_reply = true;
    sign(&mut program, "Ben");
    let mut answer = program.tell(r#"{"do":"sync"}"#);
    if answer["ok"] == false {
        answer = program.tell(r#"{"do":"sync"}"#);
    }
    assert_eq!(answer["ok"], true, "{answer}");
    let far = listener.far();
    let records: Vec<_> = far.batches.iter().map(|b| b.records.clone()).collect();
    assert_eq!(records.len(), 2, "sent, and after the lost answer once more");
    assert_eq!(records[0], records[1]);
    assert_eq!(far.bodies[0], far.bodies[1], "the same bytes, signature and all");
}

#[test]
fn records_that_the_hub_does_not_take_keep_back_neither_reports_nor_newer_words() {
    let listener = Listener::start();
    let (room, folder) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    listener.far().ignores = true;
    listener.far().pack = Some((9, listener.hub.pack(9)));
    sign(&mut program, "Ben");
    let answer = program.tell(r#"{"do":"sync"}"#);
    assert_eq!(answer["ok"], false, "{answer}");
    program.kill();
    let (store, _) = kiosk::storage::Store::open(folder).unwrap();
    assert_eq!(store.held().0, Some(9));
}

#[test]
fn a_backup_at_the_hub_lets_the_kiosk_forget_and_nothing_else_does() {
    let listener = Listener::start();
    listener.far().set_aside = true;
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    sign(&mut program, "Amira");
    program.tell(r#"{"do":"sync"}"#);
    let counts = |program: &mut Program| -> Counts {
        serde_json::from_value(program.tell(r#"{"do":"status"}"#)["status"].clone()).unwrap()
    };
    let kept = counts(&mut program);
    assert_eq!((kept.waiting, kept.acknowledged, kept.set_aside), (0, 1, 1));
    listener.far().backed_up = Some(Place { epoch: 1, sequence: 1 });
    program.tell(r#"{"do":"sync"}"#);
    assert_eq!(counts(&mut program).acknowledged, 0);
}

#[test]
fn a_backup_from_before_a_record_came_does_not_let_it_go() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    // As a copy of this kiosk meets it: the backup holds later places than the one that is sent now.
    listener.far().backed_up = Some(Place { epoch: 2, sequence: 9 });
    listener.far().lose_next_reply = true;
    sign(&mut program, "Amira");
    let mut answer = program.tell(r#"{"do":"sync"}"#);
    if answer["ok"] == false {
        answer = program.tell(r#"{"do":"sync"}"#);
    }
    assert_eq!(answer["ok"], true, "{answer}");
    let status = program.tell(r#"{"do":"status"}"#);
    assert_eq!((&status["status"]["waiting"], &status["status"]["acknowledged"]), (&0.into(), &1.into()));
}

#[test]
fn thirty_days_are_counted_by_the_hubs_clock_whatever_this_kiosks_says() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    // The kiosk's clock is decades ahead of what its hub takes for now.
    listener.far().clock = 1_000_000_000;
    sign(&mut program, "Amira");
    let mut kept_after = |days: i64| {
        listener.far().clock = 1_000_000_000 + days * 24 * 60 * 60;
        program.tell(r#"{"do":"sync"}"#);
        program.tell(r#"{"do":"status"}"#)["status"]["acknowledged"].as_u64()
    };
    assert_eq!(kept_after(0), Some(1));
    assert_eq!(kept_after(29), Some(1));
    assert_eq!(kept_after(31), Some(0));
}

#[test]
fn an_order_to_begin_a_new_epoch_is_followed() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    listener.far().epoch = 5;
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    sign(&mut program, "Amira");
    program.tell(r#"{"do":"sync"}"#);
    let far = listener.far();
    assert_eq!(far.batches[0].records[0].place, Place { epoch: 5, sequence: 1 });
    assert_eq!(far.hellos.last().unwrap().epoch, 5);
    drop(far);
    assert_eq!(fs::read_to_string(room.path().join("epoch")).unwrap(), "5");
}

#[test]
fn a_hub_that_was_put_back_from_a_backup_gets_again_what_it_lost() {
    let listener = Listener::start();
    let (room, _) = paired(&listener);
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    sign(&mut program, "Amira");
    program.tell(r#"{"do":"sync"}"#);
    let mut far = listener.far();
    let lost = far.batches.iter().flat_map(|b| b.records.clone()).collect::<Vec<_>>();
    assert_eq!(lost.len(), 1);
    far.batches.clear();
    far.epoch = 2;
    drop(far);
    program.tell(r#"{"do":"sync"}"#);
    program.tell(r#"{"do":"sync"}"#);
    let again = listener.far().batches.iter().flat_map(|b| b.records.clone()).collect::<Vec<_>>();
    assert_eq!(again, lost, "the same bytes, with the place they had, and once");
}
