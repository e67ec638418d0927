//! What a kiosk or a hub must not take: refused or set aside, with the reason, and nothing is lost.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tests::child::{Child, Pupil, Visit};
use tests::school::{School, SchoolError, copy, kiosk_status, run};

/// The first children of a class.
fn some(child: &mut Child, count: usize) -> Vec<Pupil> {
    let (mut all, _) = child.everybody().unwrap();
    all.truncate(count);
    all
}

fn sign(child: &mut Child, pupils: &[Pupil]) {
    for pupil in pupils {
        assert!(matches!(child.sign(pupil).unwrap(), Visit::Thanked(_)), "{pupil:?}");
    }
}

/// Why the kiosk's round with the hub did not succeed.
fn refusal(child: &mut Child) -> String {
    match child.sync() {
        Err(SchoolError::Refused { told, .. }) => told,
        other => panic!("the round was not refused: {other:?}"),
    }
}

/// Which of these are signed in the register.
fn in_the_register(school: &School, pupils: &[Pupil]) -> usize {
    let signed = school.desk().unwrap().signed().unwrap();
    pupils.iter().filter(|pupil| signed.iter().filter(|line| line.is(pupil)).count() == 1).count()
}

fn pair(school: &School, name: &str, code: &str) -> Result<String, String> {
    match run("pairing", school.pair_command(name, school.kiosk_address(), code).unwrap()) {
        Ok(told) => Ok(told),
        Err(SchoolError::Refused { told, .. }) => Err(told),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_kiosk_with_a_wrong_or_a_used_code_is_not_paired_and_is_told_why() {
    let school = School::open().unwrap();
    let code = school.code().unwrap();
    let last = if code.ends_with('7') { "8" } else { "7" };
    let wrong = format!("{}{last}", &code[..code.len() - 1]);
    for (name, code) in [("Wrong", wrong.as_str()), ("Right", &code), ("Used", &code)] {
        match pair(&school, name, code) {
            Ok(_) => assert_eq!(name, "Right"),
            Err(told) => {
                assert_ne!(name, "Right", "{told}");
                assert!(told.contains("wrong, used, or older than ten minutes"), "{told}");
                assert!(told.contains("new one"), "it says how to mend it: {told}");
                let status = kiosk_status(&school.path(name)).unwrap();
                assert!(status.contains("not paired yet"), "{status}");
            }
        }
    }
    let kiosks = school.hub_command(&["kiosks"]).unwrap();
    assert_eq!(kiosks.lines().count(), 1, "{kiosks}");
}

#[test]
fn a_kiosk_sends_nothing_to_another_hub_at_its_hubs_address() {
    let mut school = School::open().unwrap();
    let mut other = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let address = school.kiosk_address();
    school.kill_hub();
    other.kill_hub();
    other.serve(address).unwrap();

    let mut child = Child::at(&data).unwrap();
    let pupils = some(&mut child, 5);
    sign(&mut child, &pupils);
    let told = refusal(&mut child);
    assert!(told.contains("another certificate") && told.contains("Nothing was sent"), "{told}");
    assert_eq!(child.figures().unwrap().waiting, 5);
    let status = kiosk_status(&data).unwrap();
    assert!(status.contains("another certificate") && status.contains("waiting       5"), "{status}");
    assert_eq!(in_the_register(&other, &pupils), 0);

    other.kill_hub();
    school.serve_again().unwrap();
    assert_eq!(child.sync().unwrap(), 5);
    assert_eq!(in_the_register(&school, &pupils), 5);
    assert!(!kiosk_status(&data).unwrap().contains("problem"));
}

#[test]
fn a_kiosk_that_was_struck_off_is_refused_and_keeps_its_records() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let kiosks = school.hub_command(&["kiosks"]).unwrap();
    let device = kiosks.split_whitespace().next().unwrap();
    school.hub_command(&["strike-off", device]).unwrap();

    let mut child = Child::at(&data).unwrap();
    let pupils = some(&mut child, 3);
    sign(&mut child, &pupils);
    let told = refusal(&mut child);
    assert!(told.contains("struck off"), "{told}");
    assert_eq!(child.figures().unwrap().waiting, 3);
    child.leave().unwrap();
    let status = kiosk_status(&data).unwrap();
    assert!(status.contains("struck off") && status.contains("waiting       3"), "{status}");
    assert_eq!(in_the_register(&school, &pupils), 0);

    // Paired anew it delivers what it kept.
    pair(&school, "Corridor", &school.code().unwrap()).unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().waiting, 0);
    assert_eq!(in_the_register(&school, &pupils), 3);
}

/// Stands between kiosk and hub. When told to, it lets a round go on until the hub has answered the
/// batch, and cuts the cable before the answer reaches the kiosk.
struct Cable {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
}

/// The hub's answers in a round with something to send: the handshake's, to the greeting, to the batch.
const ANSWER_TO_THE_BATCH: usize = 3;

impl Cable {
    fn to(hub: SocketAddr) -> Self {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = socket.local_addr().unwrap();
        let (cut, cuts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (to_cut, count) = (cut.clone(), cuts.clone());
        std::thread::spawn(move || {
            for kiosk in socket.incoming().map_while(Result::ok) {
                let Ok(hub) = TcpStream::connect(hub) else { continue };
                let (to_cut, count) = (to_cut.clone(), count.clone());
                std::thread::spawn(move || carry(&kiosk, &hub, &to_cut, &count));
            }
        });
        Self { address, cut, cuts }
    }
}

fn carry(kiosk: &TcpStream, hub: &TcpStream, to_cut: &AtomicBool, cuts: &AtomicUsize) {
    // An answer begins with the hub's first bytes after bytes of the kiosk.
    let asked = AtomicBool::new(false);
    let end = || {
        let _ = kiosk.shutdown(Shutdown::Both);
        let _ = hub.shutdown(Shutdown::Both);
    };
    let pass = |mut from: &TcpStream, mut to: &TcpStream, seen: &mut dyn FnMut() -> bool| {
        let mut bytes = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            if !seen() || to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        end();
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            pass(kiosk, hub, &mut || {
                asked.store(true, Ordering::SeqCst);
                true
            });
        });
        let mut answers = 0;
        pass(hub, kiosk, &mut || {
            answers += usize::from(asked.swap(false, Ordering::SeqCst));
            let cut = to_cut.load(Ordering::SeqCst) && answers >= ANSWER_TO_THE_BATCH;
            cuts.fetch_add(usize::from(cut), Ordering::SeqCst);
            !cut
        });
    });
}

#[test]
fn a_batch_whose_acknowledgement_was_lost_is_sent_again_and_stored_once() {
    let school = School::open().unwrap();
    let cable = Cable::to(school.kiosk_address());
    let code = school.code().unwrap();
    run("pairing", school.pair_command("Corridor", cable.address, &code).unwrap()).unwrap();
    let data = school.path("Corridor");
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    let pupils = some(&mut child, 4);

    cable.cut.store(true, Ordering::SeqCst);
    sign(&mut child, &pupils);
    let told = refusal(&mut child);
    assert!(told.contains("does not answer"), "{told}");
    assert!(cable.cuts.load(Ordering::SeqCst) >= 1);
    assert_eq!(in_the_register(&school, &pupils), 4, "the hub had stored them");
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged), (4, 0), "and the kiosk did not know");

    cable.cut.store(false, Ordering::SeqCst);
    assert_eq!(child.sync().unwrap(), 4);
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged, figures.set_aside), (0, 4, 0));
    assert_eq!(in_the_register(&school, &pupils), 4);
    assert_eq!(school.desk().unwrap().signed().unwrap().len(), 4);
}

/// The envelopes in a kiosk's outbox, in order.
fn envelopes(data: &Path) -> Vec<Vec<u8>> {
    let outbox = rusqlite::Connection::open(data.join("outbox.db")).unwrap();
    let mut query = outbox.prepare("SELECT envelope FROM record ORDER BY epoch, sequence").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn one_foreign_record_in_a_batch_is_set_aside_and_the_others_are_stored() {
    let mut school = School::open().unwrap();
    let mut other = School::open().unwrap();
    let signed_at = |school: &mut School| {
        let data = school.paired_kiosk("Corridor").unwrap();
        school.kill_hub();
        let mut child = Child::at(&data).unwrap();
        let pupils = some(&mut child, 3);
        sign(&mut child, &pupils);
        child.leave().unwrap();
        (data, pupils)
    };
    let (foreign, _) = signed_at(&mut other);
    let (data, pupils) = signed_at(&mut school);
    // A record of another school, sealed to another office, in the middle of the outbox.
    let outbox = rusqlite::Connection::open(data.join("outbox.db")).unwrap();
    let changed = outbox
        .execute("UPDATE record SET envelope = ?1 WHERE sequence = 2", [envelopes(&foreign).swap_remove(1)])
        .unwrap();
    assert_eq!(changed, 1);
    drop(outbox);

    school.serve_again().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged, figures.set_aside), (0, 3, 1));
    assert_eq!(in_the_register(&school, &pupils), 2);
    let page = school.desk().unwrap().page("/set-aside").unwrap();
    assert_eq!(page.matches("<th scope=\"row\">").count(), 1, "{page}");
    assert_eq!(envelopes(&data).len(), 3, "the kiosk keeps it too");
}

#[test]
fn a_restored_hub_brings_kiosks_back_to_what_it_publishes_and_gets_back_what_it_lost() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    school.kill_hub();
    let backup = school.path("backup");
    copy(&school.hub_data(), &backup).unwrap();
    school.serve_again().unwrap();

    let markdown = school.content().join("agreements/ks1.md");
    let text = fs::read_to_string(&markdown).unwrap();
    let version = text.lines().find(|line| line.starts_with("version = ")).unwrap();
    let text = text.replace(version, "version = \"99.0\"").replace("I am kind on a screen.", "I am kind.");
    fs::write(&markdown, text).unwrap();
    school.publish().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().pack, 2);
    let pupils = some(&mut child, 2);
    sign(&mut child, &pupils[..1]);
    child.sync().unwrap();

    school.kill_hub();
    fs::remove_dir_all(school.hub_data()).unwrap();
    copy(&backup, &school.hub_data()).unwrap();
    school.serve_again().unwrap();
    child.sync().unwrap();
    assert_eq!(
        child.figures().unwrap().pack,
        3,
        "an older number never comes back; the older words do, anew"
    );
    let Visit::Thanked(statements) = child.sign(&pupils[1]).unwrap() else {
        panic!("the child had not signed")
    };
    assert!(
        statements.contains(&"I am kind on a screen.".to_owned()),
        "what the school publishes: {statements:?}"
    );
    child.sync().unwrap();
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.set_aside), (0, 0));
    assert_eq!(figures.acknowledged, 2, "what the lost hub had acknowledged was sent again");
}
