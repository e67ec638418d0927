//! One changed bit anywhere, one byte too few or too many: refused by every reader. And no input,
//! however hostile, makes a reader panic.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::{Duration, Instant};

use records::{
    agreement::Agreement,
    call::Call,
    codec,
    consent::{ConsentDecision, ConsentExport},
    container::{ContainerError, FORMAT},
    display::ClassDisplay,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{DeviceId, SchoolId},
    keys::SigningKey,
    pack::{Pack, PackContent, PackDraft},
    pairing::{PairReply, PairRequest, PairingCode},
    published::PublishedList,
    report::{Contents, Route},
    report_box::{self, SignedBox},
    report_envelope::{self, RouteKeys},
    roster::{Class, Roster, RosterEntry},
    signature::Signature,
    stick::{Answer, Carry, Return, StickError},
    sync::{Batch, BatchReply, Hello, HelloReply, Numbered, Place, Refusal, SignedBatch},
};
use support::*;

type Reader = Box<dyn Fn(&[u8]) -> bool>;

/// Every kind of file and message that is guarded, with each of its readers.
fn guarded() -> Vec<(&'static str, Vec<u8>, Reader)> {
    let key = hub_key().verify_key();
    let record = NamedRecord::Signature(signature());
    let envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(1)).unwrap();
    let to = RouteKeys { route: Route::Safeguarding, keys: [role_key(0).seal_key(), role_key(1).seal_key()] };
    let sealed =
        report_envelope::seal(&Contents::Report(Box::new(report())), &to, &mut Seeded::new(2)).unwrap();
    let place = Place { epoch: 1, sequence: 1 };
    let numbered = Numbered { place, envelope: envelope.to_bytes().into() };
    let batch = SignedBatch::sign(&Batch { device: device(), records: vec![numbered] }, &device_key());
    // A role's reader that knows it only through its own slot: a bit flipped in the name of the
    // other slot's key is caught because the body is bound to both.
    let by = |n: u8| -> Reader { Box::new(move |b| report_envelope::open(b, &role_key(n)).is_ok()) };
    vec![
        (
            "pack",
            pack_draft().sign(school(), 5, &hub_key()),
            Box::new(move |b| Pack::open(b, &key, None).is_ok()),
        ),
        ("pack draft", pack_draft().write(), Box::new(|b| PackDraft::read(b).is_ok())),
        (
            "pack draft with a page for staff",
            staffed_pack_draft().write(),
            Box::new(|b| PackDraft::read(b).is_ok()),
        ),
        ("roster", roster().sign(&hub_key()), Box::new(move |b| Roster::open(b, &key, None).is_ok())),
        (
            "consent export",
            consent_export().sign(school(), &hub_key()),
            Box::new(move |b| ConsentExport::open(b, &key).is_ok()),
        ),
        ("class display", class_display().write(), Box::new(|b| ClassDisplay::read(b).is_ok())),
        ("published list", published_list().write(), Box::new(|b| PublishedList::read(b).is_ok())),
        (
            "named envelope",
            envelope.to_bytes(),
            Box::new(|b| NamedEnvelope::from_bytes(b).is_ok_and(|e| e.open(&office_key()).is_ok())),
        ),
        ("report envelope, first role", sealed.to_vec(), by(0)),
        ("report envelope, second role", sealed.to_vec(), by(1)),
        (
            "carry",
            small_carry().sign(school(), &device_key()),
            Box::new(|b| Carry::open(b, device(), &device_key().verify_key(), school()).is_ok()),
        ),
        (
            "return",
            signed_return(&small_return()),
            Box::new(move |b| Return::open(b, device(), &key, school(), &stick_key(), None).is_ok()),
        ),
        (
            "signed batch",
            codec::encode(&batch),
            Box::new(|b| {
                codec::decode::<SignedBatch>(b)
                    .is_ok_and(|s| s.open(device(), &device_key().verify_key()).is_ok())
            }),
        ),
    ]
}

/// Small, so that every bit of it can be tried.
fn small_carry() -> Carry {
    Carry { boxes: vec![b"a box".to_vec()], ..carry() }
}

fn small_return() -> Return {
    Return { pack: Some(b"a pack".to_vec()), roster: Some(b"a roster".to_vec()), ..going_back() }
}

fn signed_return(one: &Return) -> Vec<u8> {
    one.sign(school(), &hub_key(), &stick_key().seal_key(), &mut Seeded::new(7)).unwrap()
}

#[test]
fn a_file_from_a_stick_is_refused_from_everybody_else_and_for_everybody_else() {
    let (kiosk, hub) = (device_key().verify_key(), hub_key().verify_key());
    let other = DeviceId::from_bytes([77; 16]);
    let from_kiosk = small_carry().sign(school(), &device_key());
    assert!(Carry::open(&from_kiosk, device(), &kiosk, school()).is_ok());
    let forged = small_carry().sign(school(), &role_signing());
    assert!(matches!(Carry::open(&forged, device(), &kiosk, school()), Err(StickError::File(_))));
    assert_eq!(Carry::open(&from_kiosk, other, &kiosk, school()), Err(StickError::OtherDevice));
    let elsewhere = SchoolId::from_bytes([9; 16]);
    assert_eq!(Carry::open(&from_kiosk, device(), &kiosk, elsewhere), Err(StickError::OtherSchool));

    let back = signed_return(&small_return());
    let open = |bytes: &[u8], taken| Return::open(bytes, device(), &hub, school(), &stick_key(), taken);
    assert!(open(&back, Some(3)).is_ok());
    for taken in [4, 5, 1000] {
        let refused = open(&back, Some(taken)).unwrap_err();
        assert!(matches!(refused, StickError::File(ContainerError::NotNewer { .. })), "{refused}");
    }
    let for_other = Return { answer: Answer { device: other, ..going_back().answer }, ..small_return() };
    assert_eq!(open(&signed_return(&for_other), None), Err(StickError::OtherDevice));
    let by_kiosk =
        small_return().sign(school(), &device_key(), &stick_key().seal_key(), &mut Seeded::new(8)).unwrap();
    assert!(matches!(open(&by_kiosk, None), Err(StickError::File(ContainerError::Signature(_)))));
    assert!(matches!(open(&from_kiosk, None), Err(StickError::File(ContainerError::NotOne(_)))));
    // The list of children in it is closed to whoever finds the stick.
    let finder = Return::open(&back, device(), &hub, school(), &role_key(0), None);
    assert!(matches!(finder, Err(StickError::Sealed(_))));
    assert!(!back.windows(8).any(|part| part == b"a roster"), "the roster is in the file in clear");
    // What children are answered is closed as well, and the same size whatever it says.
    let sheet = going_back().children.unwrap();
    assert_eq!(open(&back, None).unwrap().children.as_ref(), Some(&sheet));
    let alone = |children| Return { roster: None, children, ..small_return() };
    let closed = signed_return(&alone(Some(sheet.clone())));
    let finder = Return::open(&closed, device(), &hub, school(), &role_key(0), None);
    assert!(matches!(finder, Err(StickError::Sealed(_))));
    for line in sheet.lines() {
        assert!(!closed.windows(line.len()).any(|part| part == line), "an answer is in the file in clear");
    }
    assert_eq!(signed_return(&alone(Some(silent_sheet()))).len(), closed.len());
}

fn role_signing() -> SigningKey {
    SigningKey::from_bytes(&[33; 32])
}

#[test]
fn every_single_changed_bit_is_refused_by_every_reader() {
    for (name, bytes, takes) in guarded() {
        assert!(takes(&bytes), "{name}: whole, it is taken");
        let mut changed = bytes.clone();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                changed[at] ^= 1 << bit;
                assert!(!takes(&changed), "{name}: bit {bit} of byte {at} was changed, and it was taken");
                changed[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn every_truncation_and_every_appended_byte_is_refused() {
    for (name, bytes, takes) in guarded() {
        for end in 0..bytes.len() {
            assert!(!takes(&bytes[..end]), "{name}: cut after {end} bytes, and it was taken");
        }
        for more in [0, 1, 255] {
            assert!(!takes(&[&bytes[..], &[more]].concat()), "{name}: a byte too many, and it was taken");
        }
    }
}

#[test]
fn a_pack_of_a_newer_form_says_that_it_is_newer_than_i_am() {
    let mut bytes = pack_draft().sign(school(), 5, &hub_key());
    bytes[9] = FORMAT as u8 + 1;
    let refused = Pack::open(&bytes, &hub_key().verify_key(), None).unwrap_err();
    assert_eq!(refused, ContainerError::Newer { kind: "pack", found: FORMAT + 1 });
    assert!(refused.to_string().contains("this pack is newer than I am"));
}

#[test]
fn a_kiosk_never_goes_back_to_an_older_pack_or_roster() {
    let key = hub_key().verify_key();
    let pack = pack_draft().sign(school(), 5, &hub_key());
    assert!(Pack::open(&pack, &key, Some(4)).is_ok());
    for held in [5, 6] {
        let refused = Pack::open(&pack, &key, Some(held)).unwrap_err();
        assert_eq!(refused, ContainerError::NotNewer { kind: "pack", offered: 5, held });
    }
    let refused = Roster::open(&roster().sign(&hub_key()), &key, Some(7)).unwrap_err();
    assert_eq!(refused, ContainerError::NotNewer { kind: "roster", offered: 7, held: 7 });
}

#[test]
fn a_pack_is_not_taken_for_a_roster_nor_from_another_school() {
    let key = hub_key().verify_key();
    let pack = pack_draft().sign(school(), 5, &hub_key());
    assert_eq!(Roster::open(&pack, &key, None).unwrap_err(), ContainerError::NotOne("roster"));
    let stranger = pack_draft().sign(school(), 5, &device_key());
    assert!(matches!(Pack::open(&stranger, &key, None), Err(ContainerError::Signature(_))));
    assert_eq!(
        Pack::open(&pack_draft().write(), &key, None).unwrap_err(),
        ContainerError::NotOne("pack"),
        "a draft is nobody's word"
    );
}

/// Every decoder there is, on the same bytes. Only a panic fails.
fn read_as_everything(bytes: &[u8]) {
    let key = hub_key().verify_key();
    let _ = Pack::open(bytes, &key, None);
    let _ = PackDraft::read(bytes);
    let _ = Roster::open(bytes, &key, None);
    let _ = ConsentExport::open(bytes, &key);
    let _ = PublishedList::read(bytes);
    let _ = report_envelope::open(bytes, &role_key(0));
    let _ = report_box::open(bytes, device(), &office_key());
    let _ = codec::decode::<SignedBox>(bytes).map(|s| s.open(device(), &device_key().verify_key()));
    let _ = NamedEnvelope::from_bytes(bytes).map(|e| e.open(&office_key()));
    let _ = codec::decode::<NamedRecord>(bytes);
    let _ = codec::decode::<PackContent>(bytes);
    let _ = codec::decode::<Agreement>(bytes).map(|a| a.digest());
    let _ = codec::decode::<Class>(bytes);
    let _ = codec::decode::<RosterEntry>(bytes);
    let _ = codec::decode::<Signature>(bytes);
    let _ = codec::decode::<ConsentDecision>(bytes);
    let _ = codec::decode::<Contents>(bytes);
    let _ = codec::decode::<Call>(bytes);
    let _ = codec::decode::<Hello>(bytes);
    let _ = codec::decode::<HelloReply>(bytes);
    let _ = codec::decode::<BatchReply>(bytes);
    let _ = codec::decode::<Refusal>(bytes);
    let _ = codec::decode::<PairRequest>(bytes);
    let _ = codec::decode::<PairReply>(bytes);
    let _ = codec::decode::<SignedBatch>(bytes).map(|s| s.open(device(), &device_key().verify_key()));
    let _ = Carry::claims(bytes).map(|d| Carry::open(bytes, d, &device_key().verify_key(), school()));
    let _ = Return::claims(bytes).map(|_| Return::open(bytes, device(), &key, school(), &stick_key(), None));
    let text = String::from_utf8_lossy(bytes);
    let _ = text.parse::<PairingCode>();
    let _ = text.parse::<records::ids::Slug>();
    let _ = text.parse::<records::ids::PersonId>();
    let _ = text.parse::<records::day::Day>();
    let _ = text.parse::<records::agreement::Version>();
    let _ = text.parse::<records::language::Language>();
    let _ = text.parse::<records::digest::Digest>();
}

/// Mutates real messages at random for a bounded time: `SIGNPOST_FUZZ_SECONDS`, 5 unless told.
#[test]
fn no_input_makes_a_decoder_panic() {
    let seconds = std::env::var("SIGNPOST_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(5);
    let seed = std::env::var("SIGNPOST_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_122);
    let mut seeds: Vec<Vec<u8>> = guarded().into_iter().map(|(_, bytes, _)| bytes).collect();
    seeds.extend([
        codec::encode(&signature()),
        codec::encode(&decision()),
        codec::encode(&agreement()),
        codec::encode(&pack_draft().content),
        codec::encode(&roster().classes[0]),
        Roster { role_keys: role_keys(), ..roster() }.sign(&hub_key()),
        codec::encode(&tell()),
        codec::encode(&SignedBox::sign(device(), b"a box".to_vec(), &device_key())),
        codec::encode(&call()),
        b"7K2M-Q9TC-W4HX-0B3R".to_vec(),
        b"2026-11-22".to_vec(),
        vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x9f; 40_000],
    ]);
    println!("seed {seed}, {seconds} s");
    let mut random = Seeded::new(seed);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut inputs = 0_u64;
    while Instant::now() < end {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(6) {
            let at = random.below(bytes.len());
            match random.below(6) {
                0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
                2 => bytes.truncate(at),
                3 => bytes.insert(at.min(bytes.len()), random.below(256) as u8),
                4 => {
                    let other = &seeds[random.below(seeds.len())];
                    let from = random.below(other.len());
                    let piece = other[from..(from + random.below(64)).min(other.len())].to_vec();
                    bytes.splice(at.min(bytes.len())..at.min(bytes.len()), piece);
                }
                _ if !bytes.is_empty() => {
                    bytes[at] = [0x00, 0x1b, 0x5b, 0x7b, 0x9b, 0xbb, 0xff][random.below(7)]
                }
                _ => {}
            }
        }
        read_as_everything(&bytes);
        inputs += 1;
    }
    println!("{inputs} inputs");
    assert!(inputs > 100, "only {inputs} inputs were tried");
}
