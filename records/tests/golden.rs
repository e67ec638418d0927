//! The bytes that pass between programs, pinned. A change here breaks kiosks and sticks in use:
//! it needs a new form number, and readers that still take the old one.
//!
//! `SIGNPOST_BLESS=1 cargo test -p records --test golden` writes the files anew.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{fmt::Debug, fs, path::PathBuf};

use minicbor::{Decode, Encode};
use records::{
    call::CallReply,
    codec,
    consent::ConsentExport,
    display::ClassDisplay,
    envelope::{NamedEnvelope, NamedRecord},
    pack::{Pack, PackDraft},
    pairing::{HubIdentity, KioskIdentity, PairReply, PairRequest, PairingCode},
    published::PublishedList,
    report::{Contents, Route},
    report_box::{self, BoxReply, SignedBox},
    report_entry::Row,
    report_envelope::{self, RouteKeys},
    roster::Roster,
    stick::{Carry, Return},
    sync::{
        Batch, BatchReply, Hello, HelloReply, Numbered, Outcome, Place, RecordOutcome, Refusal,
        RefusalReason, SignedBatch, SyncToken,
    },
};
use support::*;

/// Compares with `golden/NAME.hex` and gives back the committed bytes.
fn pinned(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.hex"));
    if std::env::var_os("SIGNPOST_BLESS").is_some() {
        let text = data_encoding::HEXLOWER.encode(bytes);
        let lines: Vec<&str> =
            (0..text.len()).step_by(96).map(|i| &text[i..(i + 96).min(text.len())]).collect();
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    let text: String = fs::read_to_string(&path).unwrap().split_whitespace().collect();
    let golden = data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
    assert_eq!(golden, bytes, "{name}: the encoding has changed");
    golden
}

fn pinned_value<T>(name: &str, value: &T)
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug,
{
    let golden = pinned(name, &codec::encode(value));
    assert_eq!(
        codec::decode::<T>(&golden).unwrap(),
        *value,
        "{name}: the committed bytes read as something else"
    );
}

#[test]
fn records_keep_their_bytes() {
    pinned_value("agreement", &agreement());
    pinned_value("signature", &signature());
    pinned_value("undo", &undo());
    pinned_value("visitor-signature", &visitor());
    pinned_value("consent-decision", &decision());
    pinned_value("call", &call());
    pinned_value("call-reply", &CallReply { id: call().id, taken: true });
    pinned_value("report", &Contents::Report(Box::new(report())));
    pinned_value("flowchart", &flowchart());
    pinned_value("retention-rules", &retention());
    pinned_value("retention-rules-of-registers", &retention_of_registers());
    pinned_value("register", &register());
    pinned_value("register-answers", &answers());
    pinned_value("web-report", &Contents::Web(Box::new(report()), Box::new(from_web())));
    pinned_value("concern", &Contents::Concern(Box::new(report()), Box::new(told_to())));
    pinned_value("decoy", &Contents::Decoy);
    pinned_value("roster-entry", &entry());
    pinned_value("tell", &tell());
    pinned_value("tell-with-answers", &answering());
    pinned_value("answer-sheet", &answer_sheet());
    for (name, deed) in answer_deeds() {
        pinned_value(name, &deed);
    }
    pinned_value("form", &form());
    pinned_value("family", &family());
    pinned_value("agreement-with-scenario", &telling_a_story());
    assert_eq!(telling_a_story().digest(), agreement().digest(), "a story is not signed");
    pinned("agreement-digest", agreement().digest().0.as_bytes());
}

#[test]
fn files_keep_their_bytes() {
    let key = hub_key();
    let draft = pinned("pack-draft", &pack_draft().write());
    assert_eq!(PackDraft::read(&draft).unwrap(), pack_draft());
    let asking = pinned("asking-pack-draft", &asking_pack_draft().write());
    assert_eq!(PackDraft::read(&asking).unwrap(), asking_pack_draft());
    let speaking = pinned("speaking-pack-draft", &speaking_pack_draft().write());
    assert_eq!(PackDraft::read(&speaking).unwrap(), speaking_pack_draft());
    let surveying = pinned("surveying-pack-draft", &surveying_pack_draft().write());
    assert_eq!(PackDraft::read(&surveying).unwrap(), surveying_pack_draft());
    let keeping = pinned("keeping-pack-draft", &keeping_pack_draft().write());
    assert_eq!(PackDraft::read(&keeping).unwrap(), keeping_pack_draft());
    let staffed = pinned("staffed-pack-draft", &staffed_pack_draft().write());
    assert_eq!(PackDraft::read(&staffed).unwrap(), staffed_pack_draft());
    let signed = staffed_pack_draft().sign(school(), 5, &key);
    assert_eq!(signed, pack_draft().sign(school(), 5, &key), "no pack has what is for staff alone");
    let pack = pinned("pack", &pack_draft().sign(school(), 5, &key));
    let pack = Pack::open(&pack, &key.verify_key(), Some(4)).unwrap();
    assert_eq!((pack.number, pack.content), (5, pack_draft().content));
    let file = pinned("roster", &roster().sign(&key));
    assert_eq!(Roster::open(&file, &key.verify_key(), None).unwrap(), roster());
    let with_roles = Roster { role_keys: role_keys(), ..roster() };
    let file = pinned("roster-with-role-keys", &with_roles.sign(&key));
    assert_eq!(Roster::open(&file, &key.verify_key(), None).unwrap(), with_roles);
    let with_families = Roster { families: vec![sealed_family()], ..roster() };
    let file = pinned("roster-with-families", &with_families.sign(&key));
    assert_eq!(Roster::open(&file, &key.verify_key(), None).unwrap(), with_families);
    let file = pinned("consent-export", &consent_export().sign(school(), &key));
    assert_eq!(ConsentExport::open(&file, &key.verify_key()).unwrap(), consent_export());
    let file = pinned("published-list", &published_list().write());
    assert_eq!(PublishedList::read(&file).unwrap(), published_list());
    let file = pinned("class-display", &class_display().write());
    assert_eq!(ClassDisplay::read(&file).unwrap(), class_display());
}

#[test]
fn envelopes_keep_their_bytes() {
    let record = NamedRecord::Signature(signature());
    let envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(1)).unwrap();
    let golden = pinned("named-envelope", &envelope.to_bytes());
    assert_eq!(NamedEnvelope::from_bytes(&golden).unwrap().open(&office_key()).unwrap(), record);

    let record = NamedRecord::Visitor(visitor());
    let envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(4)).unwrap();
    let golden = pinned("visitor-envelope", &envelope.to_bytes());
    assert_eq!(NamedEnvelope::from_bytes(&golden).unwrap().open(&office_key()).unwrap(), record);

    let to = RouteKeys { route: Route::Safeguarding, keys: [role_key(0).seal_key(), role_key(1).seal_key()] };
    let contents = Contents::Report(Box::new(report()));
    let sealed = report_envelope::seal(&contents, &to, &mut Seeded::new(2)).unwrap();
    let golden = pinned("report-envelope", sealed.as_ref());
    for holder in [role_key(0), role_key(1)] {
        assert_eq!(report_envelope::open(&golden, &holder).unwrap(), contents);
    }
    // What was once written about a report has to be readable for as long as the report.
    let (_, key) = report_envelope::open_with_entries(&golden, &role_key(0)).unwrap();
    let place = key.place(Row::Deeds, 1);
    let sealed = key.seal(Row::Deeds, 1, &report_entry(), &mut Seeded::new(3)).unwrap();
    let golden = pinned("report-entry", &[&place[..], &sealed].concat());
    assert_eq!(key.open(Row::Deeds, 1, &golden[16..]).unwrap(), report_entry());
}

#[test]
fn a_report_box_keeps_its_bytes() {
    let golden = pinned("report-box", &sealed_box(3, 5));
    let opened = report_box::open(&golden, device(), &office_key()).unwrap();
    assert_eq!(opened, envelopes(3));
    let signed = SignedBox::sign(device(), golden.clone(), &device_key());
    pinned_value("signed-box", &signed);
    assert_eq!(signed.open(device(), &device_key().verify_key()).unwrap(), golden);
    let golden = pinned("report-box-with-tally", &counting_box(3, 5));
    assert_eq!(report_box::open(&golden, device(), &office_key()).unwrap(), envelopes(3));
    assert_eq!(report_box::open_tally(&golden, device(), &office_key()).unwrap(), Some(tally()));
    let signed = SignedBox::sign(device(), golden.clone(), &device_key());
    pinned_value("signed-box-with-tally", &signed);
    assert_eq!(signed.open(device(), &device_key().verify_key()).unwrap(), golden);
    pinned_value("box-reply", &BoxReply { id: box_id() });
}

#[test]
fn files_on_a_stick_keep_their_bytes() {
    let golden = pinned("carry", &carry().sign(school(), &device_key()));
    let opened = Carry::open(&golden, device(), &device_key().verify_key(), school());
    assert_eq!(opened.unwrap(), carry());
    let sealed = going_back().sign(school(), &hub_key(), &stick_key().seal_key(), &mut Seeded::new(6));
    let golden = pinned("return", &sealed.unwrap());
    let hub = hub_key().verify_key();
    let opened = Return::open(&golden, device(), &hub, school(), &stick_key(), Some(3));
    assert_eq!(opened.unwrap(), going_back());
}

#[test]
fn messages_keep_their_bytes() {
    let place = Place { epoch: 1, sequence: 42 };
    let envelope =
        NamedEnvelope::seal(&NamedRecord::Undo(undo()), &office_key().seal_key(), &mut Seeded::new(3))
            .unwrap();
    let batch =
        Batch { device: device(), records: vec![Numbered { place, envelope: envelope.to_bytes().into() }] };
    let signed = SignedBatch::sign(&batch, &device_key());
    pinned_value("signed-batch", &signed);
    assert_eq!(signed.open(device(), &device_key().verify_key()).unwrap(), batch);

    let hello = Hello {
        device: device(),
        epoch: 1,
        token: Some(SyncToken([14; 16])),
        pack: Some(5),
        roster: None,
        waiting: 3,
        last_sequence: 42,
        clock: moment(),
        free: None,
    };
    pinned_value("hello", &hello);
    pinned_value("hello-with-room", &Hello { free: Some(180 << 20), ..hello });
    pinned_value(
        "hello-reply",
        &HelloReply {
            token: SyncToken([15; 16]),
            epoch: 2,
            pack: Some(6),
            roster: Some(7),
            backed_up: Some(place),
            clock: moment(),
        },
    );
    let outcome = |outcome| RecordOutcome { place, id: Some(undo().id), outcome };
    let outcomes = vec![
        outcome(Outcome::Stored),
        outcome(Outcome::AlreadyHeld),
        outcome(Outcome::SetAside("why".into())),
    ];
    pinned_value("batch-reply", &BatchReply { outcomes });
    pinned_value("refusal", &Refusal { reason: RefusalReason::StruckOff, message: "Struck off.".into() });

    let code = PairingCode::generate(&mut Seeded::new(4));
    let kiosk = KioskIdentity { device: device(), name: "Oak".into(), key: device_key().verify_key() };
    let hub = HubIdentity {
        school: school(),
        school_name: "Larkfield".into(),
        key: hub_key().verify_key(),
        office: office_key().seal_key(),
        tls: records::digest::Digest::of(b"tls"),
    };
    pinned_value("pair-request", &PairRequest { proof: code.kiosk_proof(&[16; 32], &kiosk), kiosk });
    pinned_value("pair-reply", &PairReply { proof: code.hub_proof(&[16; 32], &hub), hub });
}
