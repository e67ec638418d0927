//! A bad network for a whole term's signatures: connections are cut in the middle, answers do not arrive, and hub and
//! kiosks are killed meanwhile. Each record is at the hub once in the end, and none that was acknowledged was ever missing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use getrandom::SysRng;
use rand_core::UnwrapErr;
use records::agreement::{AgreementDigest, Audience};
use records::codec;
use records::day::{Moment, SchoolYear};
use records::digest::Digest;
use records::envelope::{NamedEnvelope, NamedRecord};
use records::ids::{DeviceId, PersonId, RecordId};
use records::keys::SealKey;
use records::pairing::HubIdentity;
use records::signature::{Drawing, Mark, Point, Signature};
use records::sync::BATCH_MAX;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::chance::Chance;
use tests::child::{Child, Pupil, Visit};
use tests::lossy::Line;
use tests::process::Process;
use tests::school::{School, copy, kiosk_command, run};

const SEED: u64 = 20_261_130;
const KIOSKS: usize = 6;
/// How often the hub is killed, on average, for as many deliveries as would be enough over a good line.
const KILLS: usize = 8;
/// All of it is over within this, or something goes round in circles.
const LONGEST: Duration = Duration::from_secs(1200);

/// What each kiosk has taken while there was no network.
fn waiting_at_each() -> usize {
    if std::env::var_os("SIGNPOST_LONG").is_some() { 5000 } else { 2000 }
}

/// A signature of somebody; whom a register names is no matter of the line's.
fn signature(chance: &mut Chance) -> Signature {
    let mut bytes = || {
        let mut sixteen = [0; 16];
        sixteen[..8].copy_from_slice(&chance.bits().to_be_bytes());
        sixteen[8..].copy_from_slice(&chance.bits().to_be_bytes());
        sixteen
    };
    let strokes = vec![vec![Point(200, 700), Point(350, 250), Point(500, 700), Point(650, 250)]];
    Signature {
        id: RecordId::from_bytes(bytes()),
        person: PersonId::from_bytes(bytes()),
        audience: Audience::Ks1,
        agreement: "ks1".parse().unwrap(),
        version: "3.0".parse().unwrap(),
        words: AgreementDigest(Digest::of(b"the words of another term")),
        help: None,
        when: Moment(1_790_000_000),
        year: SchoolYear { starts: "2026-09-01".parse().unwrap(), ends: "2027-08-31".parse().unwrap() },
        device: DeviceId::from_bytes(bytes()),
        mark: Mark::Drawn(Drawing::new(strokes).unwrap()),
        helped: false,
    }
}

fn outbox(data: &Path) -> Connection {
    let connection = Connection::open(data.join("outbox.db")).unwrap();
    connection.busy_timeout(Duration::from_secs(20)).unwrap();
    connection
}

/// The office's key, as the kiosk pinned it.
fn office_key(data: &Path) -> SealKey {
    let (hub, _): (HubIdentity, String) = codec::decode(&fs::read(data.join("hub.cbor")).unwrap()).unwrap();
    hub.office
}

/// Puts so many sealed signatures where the kiosk keeps those that wait, numbered after the last one: in one go, where the
/// kiosk waits for its disk after each.
fn fill(data: &Path, count: usize, seed: u64) {
    let (mut chance, office) = (Chance::from_seed(seed), office_key(data));
    let mut outbox = outbox(data);
    let write = outbox.transaction().unwrap();
    let (epoch, last): (u32, i64) = write
        .query_row("SELECT epoch, sequence FROM place", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let mut insert =
        write.prepare("INSERT INTO record (epoch, sequence, id, envelope) VALUES (?1, ?2, ?3, ?4)").unwrap();
    for number in 1..=count as i64 {
        let record = NamedRecord::Signature(signature(&mut chance));
        let envelope = NamedEnvelope::seal(&record, &office, &mut UnwrapErr(SysRng)).unwrap();
        let sealed = envelope.to_bytes();
        insert.execute(params![epoch, last + number, envelope.id.as_bytes(), sealed]).unwrap();
    }
    drop(insert);
    write.execute("UPDATE place SET sequence = ?1", [last + count as i64]).unwrap();
    write.commit().unwrap();
}

/// The ids that the hub has acknowledged to this kiosk, by the kiosk's own book.
fn acknowledged(data: &Path) -> BTreeSet<[u8; 16]> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let outbox = Connection::open_with_flags(data.join("outbox.db"), flags).unwrap();
    outbox.busy_timeout(Duration::from_secs(20)).unwrap();
    let mut select = outbox.prepare("SELECT id FROM record WHERE acknowledged IS NOT NULL").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What came of driving one kiosk until nothing waits.
#[derive(Debug, Default)]
struct Driven {
    rounds: usize,
    broken: usize,
    kills: usize,
}

/// Has rounds with the hub until nothing waits, though the kiosk is killed in some of them. While `up` is held for
/// writing there is no hub, and none is looked for; once it is poisoned the test has failed, and nothing goes on.
fn drive(data: &Path, up: &RwLock<()>, mut chance: Chance) -> Driven {
    let begun = Instant::now();
    let mut driven = Driven::default();
    // How long a round takes here and now, so that kills fall into it.
    let mut pace = Duration::from_millis(200);
    loop {
        drop(up.read().unwrap());
        let mut child = Child::at(data).unwrap();
        loop {
            assert!(begun.elapsed() < LONGEST, "seed {SEED}: after {driven:?} {:?}", child.figures());
            let figures = child.figures().unwrap();
            assert_eq!(figures.set_aside, 0, "seed {SEED}: what came twice is the same, not another");
            if figures.waiting == 0 {
                child.leave().unwrap();
                return driven;
            }
            drop(up.read().unwrap());
            driven.rounds += 1;
            if chance.one_in(4) {
                child.kiosk().say(&json!({ "do": "sync" }).to_string()).unwrap();
                // Whether the round is over by then is no matter: what the kiosk has noted, it has noted.
                let _ = child.kiosk().line_if_any(pace.mul_f64(1.2 * chance.share()));
                child.kiosk().kill();
                driven.kills += 1;
                break;
            }
            let round = Instant::now();
            match child.sync() {
                Ok(_) => pace = (pace * 3 + round.elapsed()) / 4,
                Err(_) => driven.broken += 1,
            }
        }
    }
}

/// Looks, while there is no hub, whether what it had acknowledged is on its disk: puts onto a stick what kiosks have
/// acknowledged and nobody has looked for yet, and has a copy of the hub take it. Nothing of it may be new.
fn assert_all_acknowledged_is_stored(
    school: &School,
    kiosks: &[PathBuf],
    looked_for: &mut [BTreeSet<[u8; 16]>],
) {
    let (scratch, stick) = (tests::process::scratch_folder().unwrap(), stick());
    let hub = scratch.path().join("hub");
    copy(&school.hub_data(), &hub).unwrap();
    let mut carried = 0;
    thread::scope(|scope| {
        for (data, looked_for) in kiosks.iter().zip(looked_for.iter_mut()) {
            let there: Vec<_> = acknowledged(data).difference(looked_for).copied().collect();
            if there.is_empty() {
                continue;
            }
            carried += there.len();
            looked_for.extend(&there);
            let (name, stick) = (data.file_name().unwrap(), stick.path());
            let copied = scratch.path().join(name);
            scope.spawn(move || {
                copy_kiosk(data, &copied, &there);
                take_out(&copied, stick);
            });
        }
    });
    if carried == 0 {
        return;
    }
    let arguments = ["stick", "--in", &stick.path().display().to_string()];
    let told = run("the stick", school.hub_program(&arguments, &hub).unwrap()).unwrap();
    assert_eq!(brought(&told), (carried, 0), "seed {SEED}: acknowledged, and not on the hub's disk:\n{told}");
}

/// A copy of a kiosk in which only these records are.
fn copy_kiosk(data: &Path, to: &Path, records: &[[u8; 16]]) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(data).unwrap().map(Result::unwrap) {
        let is_outbox = entry.file_name().to_string_lossy().starts_with("outbox.db");
        if entry.file_type().unwrap().is_file() && !is_outbox {
            match fs::copy(entry.path(), to.join(entry.file_name())) {
                // The kiosk still runs, and may just have put a new file in the place of an old one.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.unwrap()),
            }
        }
    }
    outbox(data).execute("VACUUM INTO ?1", [to.join("outbox.db").to_str().unwrap()]).unwrap();
    let mut copied = outbox(to);
    let write = copied.transaction().unwrap();
    write.execute_batch("CREATE TEMP TABLE wanted (id BLOB PRIMARY KEY)").unwrap();
    for id in records {
        write.execute("INSERT INTO wanted VALUES (?1)", [id]).unwrap();
    }
    write.execute("DELETE FROM record WHERE id NOT IN (SELECT id FROM wanted)", []).unwrap();
    write.commit().unwrap();
}

fn stick() -> TempDir {
    // A stick is another disk than the kiosk's.
    tempfile::tempdir_in("/dev/shm").unwrap()
}

/// Has a kiosk put all that it keeps onto a stick.
fn take_out(data: &Path, stick: &Path) {
    let mut command = kiosk_command("headless", data).unwrap();
    command.arg("--stick").arg(stick);
    let mut child = Child::before(Process::start(command).unwrap()).unwrap();
    let answer = child.ask(&json!({ "do": "take-out" })).unwrap();
    assert_eq!(answer["ok"], true, "{answer}");
    child.leave().unwrap();
}

/// How many records the hub found on a stick, and how many of them it did not have. None is to be looked at.
fn brought(told: &str) -> (usize, usize) {
    let mut sum = (0, 0);
    for line in told.lines().filter(|line| line.contains(" of them new, ")) {
        let numbers: Vec<usize> = line
            .rsplit_once(": ")
            .unwrap()
            .1
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect();
        assert_eq!(numbers[2], 0, "{line}");
        sum = (sum.0 + numbers[0], sum.1 + numbers[1]);
    }
    sum
}

/// Of all batches in the audit log: how many there are, and how many records were stored and set aside in them.
fn noted(school: &School) -> (usize, u64, u64) {
    let told = school.hub_command(&["audit", "show", "--words", "batch", "--most", "1000000"]).unwrap();
    let mut sum = (0, 0, 0);
    for line in told.lines() {
        let Some((_, detail)) = line.split_once("  batch  records ") else { continue };
        let words: Vec<&str> = detail.split(' ').collect();
        let after = |word: &str| -> u64 {
            let at = words.iter().position(|one| *one == word).unwrap();
            words[at + 1].parse().unwrap()
        };
        sum = (sum.0 + 1, sum.1 + after("stored"), sum.2 + after("aside"));
    }
    sum
}

/// What a command says after “name: ”.
fn value(told: &str, name: &str) -> usize {
    let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no “{name}” in {told}")).parse().unwrap()
}

#[test]
fn over_a_line_that_cuts_and_swallows_with_kills_at_both_ends_each_record_is_there_once_and_none_is_missing()
{
    let begun = Instant::now();
    let mut school = School::open().unwrap();
    let line = Line::to(school.kiosk_address(), SEED).unwrap();
    let (mut kiosks, mut signed) = (Vec::new(), Vec::<Pupil>::new());
    for number in 0..KIOSKS {
        let name = format!("kiosk-{number}");
        let code = school.code().unwrap();
        run("pairing", school.pair_command(&name, line.address(), &code).unwrap()).unwrap();
        // One child each signs by touch: so what else waits lies where the kiosk itself puts it.
        let mut child = Child::at(&school.path(&name)).unwrap();
        child.sync().unwrap();
        let pupil = child.everybody().unwrap().0.swap_remove(number);
        assert!(matches!(child.sign(&pupil).unwrap(), Visit::Thanked(_)));
        signed.push(pupil);
        child.leave().unwrap();
        fill(&school.path(&name), waiting_at_each(), SEED + number as u64);
        kiosks.push(school.path(&name));
    }
    let of_each = waiting_at_each() + 1;
    let all = KIOSKS * of_each;
    let filled = begun.elapsed();

    line.worsen();
    let up = RwLock::new(());
    let at_work = AtomicUsize::new(KIOSKS);
    let mut looked_for = vec![BTreeSet::new(); KIOSKS];
    let mut chance = Chance::from_seed(SEED);
    let mut kills = 0;
    let driven: Vec<Driven> = thread::scope(|scope| {
        let drivers: Vec<_> = kiosks
            .iter()
            .map(|data| {
                let chance = Chance::from_seed(chance.bits());
                let (up, at_work) = (&up, &at_work);
                scope.spawn(move || {
                    // It counts as done also where it panics: nobody waits for it then.
                    struct Done<'a>(&'a AtomicUsize);
                    impl Drop for Done<'_> {
                        fn drop(&mut self) {
                            self.0.fetch_sub(1, Ordering::SeqCst);
                        }
                    }
                    let _done = Done(at_work);
                    drive(data, up, chance)
                })
            })
            .collect();
        // By deliveries that were answered, for kills that come before any is would only be in the way.
        let gap = KIOSKS * waiting_at_each() / BATCH_MAX / KILLS;
        let answered = || line.befallen().answered;
        loop {
            let next = answered() + 1 + chance.up_to(2 * gap - 1) as u64;
            while answered() < next && at_work.load(Ordering::SeqCst) > 0 {
                thread::sleep(Duration::from_millis(1));
            }
            // Into what comes after it.
            thread::sleep(Duration::from_millis(chance.up_to(250) as u64));
            if at_work.load(Ordering::SeqCst) == 0 {
                break;
            }
            let down = up.write().unwrap();
            school.kill_hub();
            kills += 1;
            assert_all_acknowledged_is_stored(&school, &kiosks, &mut looked_for);
            school.serve_again().unwrap();
            drop(down);
        }
        drivers.into_iter().map(|driver| driver.join().unwrap()).collect()
    });
    let befallen = line.befallen();
    let sum = |of: fn(&Driven) -> usize| driven.iter().map(of).sum::<usize>();
    let (rounds, broken, killed) = (sum(|one| one.rounds), sum(|one| one.broken), sum(|one| one.kills));
    line.mend();

    for data in &kiosks {
        let mut child = Child::at(data).unwrap();
        child.sync().unwrap();
        let figures = child.figures().unwrap();
        assert_eq!(
            (figures.waiting, figures.acknowledged, figures.set_aside),
            (0, of_each as u64, 0),
            "seed {SEED}: {data:?}"
        );
        child.leave().unwrap();
    }
    let (batches, stored, aside) = noted(&school);
    println!(
        "a bad line, seed {SEED}: {all} records of {KIOSKS} kiosks in {batches} batches; of {} connections {} cut going and \
         {} coming, {} deliveries unanswered, {} delays; {rounds} rounds, {broken} of them broken; {kills} kills of the hub, \
         {killed} of kiosks; filled in {:.0} s, all in {:.0} s",
        befallen.connections,
        befallen.cut_going,
        befallen.cut_coming,
        befallen.unanswered,
        befallen.delays,
        filled.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    // The log has each record once: those that came again were not stored again.
    assert_eq!((stored, aside), (all as u64, 0), "seed {SEED}: as the audit log has it");
    assert!(school.hub_command(&["audit", "check"]).unwrap().starts_with("whole: "), "seed {SEED}");
    // A backup reads every page, and says how many records there are.
    let backups = school.path("backups");
    fs::create_dir(&backups).unwrap();
    let told = school.hub_command(&["backup", "--to", &backups.display().to_string()]).unwrap();
    assert_eq!(value(&told, "records"), all, "seed {SEED}: as many as were taken");
    // Each of them is there: of all that the kiosks keep, byte for byte, nothing is new.
    let stick = stick();
    for data in &kiosks {
        take_out(data, stick.path());
    }
    let told = school.hub_command(&["stick", "--in", &stick.path().display().to_string()]).unwrap();
    assert_eq!(brought(&told), (all, 0), "seed {SEED}: {told}");
    let lines = school.desk().unwrap().signed().unwrap();
    for pupil in &signed {
        assert_eq!(lines.iter().filter(|line| line.is(pupil)).count(), 1, "seed {SEED}: {pupil:?}");
    }

    // And the line was bad. How bad differs with the machine: a quick one has brought all before much befalls it.
    let befell = befallen.cut_going + befallen.cut_coming + befallen.unanswered;
    assert!(befell >= 5, "seed {SEED}: {befallen:?}");
    assert!(kills >= 2 && killed >= 2, "seed {SEED}: {kills} kills of the hub, {killed} of kiosks");
}
