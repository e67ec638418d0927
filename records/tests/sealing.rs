//! Sealing against the vectors of RFC 9180, and who can open what.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{collections::HashSet, convert::Infallible};

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use rand_core::{TryCryptoRng, TryRng};
use records::{
    envelope::{EnvelopeError, NamedEnvelope, NamedRecord, SCHEMA},
    ids::{BoxId, DeviceId},
    keys::{KeyError, OpeningKey},
    report::{Contents, Role, Route},
    report_box::{self, BOX_SIZE, BoxError, SignedBox},
    report_entry::{Deed, ENTRY_MAX, ENTRY_SIZE, ReportEntry, ReportEntryError, Row},
    report_envelope::{self, ReportEnvelopeError, RouteKeys},
    tally::Tally,
};
use support::*;

/// Gives out given bytes, as the vectors' ephemeral key material.
struct Given(Vec<u8>);
impl TryRng for Given {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("key generation asks for bytes")
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("key generation asks for bytes")
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.copy_from_slice(&self.0.drain(..out.len()).collect::<Vec<_>>());
        Ok(())
    }
}
impl TryCryptoRng for Given {}

fn hex(text: &str) -> Vec<u8> {
    HEX.decode(text.as_bytes()).unwrap()
}

// RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode.
const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
const IKM_E: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
const IKM_R: &str = "1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df";
const ENC: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
const SK_R: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
const PLAIN: &str = "4265617574792069732074727574682c20747275746820626561757479";
const AAD: &str = "436f756e742d30";
const SEALED: &str =
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28";

#[test]
fn sealing_gives_the_bytes_of_rfc_9180() {
    let (private, public) = X25519HkdfSha256::derive_keypair(&hex(IKM_R));
    // The crate keeps a private key clamped (RFC 7748), the RFC prints it unclamped: the same key.
    let printed = OpeningKey::from_bytes(&hex(SK_R).try_into().unwrap()).unwrap();
    assert_eq!(printed.seal_key().as_bytes()[..], public.to_bytes()[..]);
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        &hex(INFO),
        &hex(PLAIN),
        &hex(AAD),
        &mut Given(hex(IKM_E)),
    )
    .unwrap();
    assert_eq!((enc.to_bytes().to_vec(), sealed), (hex(ENC), hex(SEALED)));

    let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &<X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(&hex(ENC)).unwrap(),
        &hex(INFO),
        &hex(SEALED),
        &hex(AAD),
    )
    .unwrap();
    assert_eq!(opened, hex(PLAIN));
}

#[test]
fn our_keys_use_that_very_suite() {
    let key = OpeningKey::from_bytes(&hex(SK_R).try_into().unwrap()).unwrap();
    let info = String::from_utf8(hex(INFO)).unwrap();
    let file = [hex(ENC), hex(SEALED)].concat();
    assert_eq!(*key.open(&info, &hex(AAD), &file).unwrap(), hex(PLAIN));
    let made = key.seal_key().seal(&info, &hex(AAD), &hex(PLAIN), &mut Given(hex(IKM_E))).unwrap();
    assert_eq!(made, file);
}

#[test]
fn only_the_office_opens_a_signature_and_only_for_its_purpose() {
    let record = NamedRecord::Signature(signature());
    let envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(1)).unwrap();
    assert_eq!(envelope.open(&office_key()).unwrap(), record);
    assert_eq!(envelope.open(&role_key(0)), Err(EnvelopeError::Key(KeyError::CannotOpen)));
    let sealed = office_key().seal_key().seal("one purpose", b"", b"words", &mut Seeded::new(2)).unwrap();
    assert!(office_key().open("another purpose", b"", &sealed).is_err());
    assert!(office_key().open("one purpose", b"header", &sealed).is_err());
}

#[test]
fn a_record_of_a_newer_form_is_said_to_be_newer_and_not_guessed_at() {
    let record = NamedRecord::Undo(undo());
    let mut envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(1)).unwrap();
    let next = SCHEMA + 1;
    envelope.schema = next;
    assert_eq!(envelope.open(&office_key()), Err(EnvelopeError::NewerSchema(next)));
    envelope.schema = 0;
    assert!(envelope.open(&office_key()).is_err(), "the schema is part of what is sealed");
}

#[test]
fn a_hub_that_knows_no_visitors_keeps_them_sealed_and_opens_all_it_knows() {
    let seal = |record: &NamedRecord| {
        NamedEnvelope::seal(record, &office_key().seal_key(), &mut Seeded::new(1)).unwrap()
    };
    assert_eq!(seal(&NamedRecord::Signature(signature())).schema, 1);
    assert_eq!(seal(&NamedRecord::Consent(decision())).schema, 1);
    let visitor = NamedRecord::Visitor(visitor());
    let mut envelope = seal(&visitor);
    assert_eq!(envelope.schema, 2, "newer than what the first hubs open");
    assert_eq!(envelope.open(&office_key()).unwrap(), visitor);
    envelope.schema = 1;
    assert!(envelope.open(&office_key()).is_err(), "nor does it pass for one of theirs");
}

fn holders(route: Route) -> [OpeningKey; 2] {
    route.roles().map(|role| role_key(role as u8))
}

#[test]
fn a_report_is_opened_by_the_two_roles_of_its_route_and_by_no_other() {
    for route in Route::ALL {
        let to = RouteKeys { route, keys: holders(route).map(|k| k.seal_key()) };
        let contents = Contents::Report(Box::new(report()));
        let envelope = report_envelope::seal(&contents, &to, &mut Seeded::new(1)).unwrap();
        for role in [Role::Safeguarding, Role::Headteacher, Role::Chair, Role::ViceChair] {
            let opened = report_envelope::open(envelope.as_ref(), &role_key(role as u8));
            if route.roles().contains(&role) {
                assert_eq!(opened.unwrap(), contents);
            } else {
                assert_eq!(opened, Err(ReportEnvelopeError::NotForThisKey), "{route:?} {role:?}");
            }
        }
    }
}

#[test]
fn an_entry_is_read_by_whoever_can_open_its_report_at_its_place_alone() {
    let open = |seed, role: u8| {
        let to = RouteKeys {
            route: Route::Safeguarding,
            keys: holders(Route::Safeguarding).map(|k| k.seal_key()),
        };
        let contents = Contents::Report(Box::new(report()));
        let envelope = report_envelope::seal(&contents, &to, &mut Seeded::new(seed)).unwrap();
        report_envelope::open_with_entries(envelope.as_ref(), &role_key(role)).map(|(_, key)| key)
    };
    let (dsl, head, other) = (open(1, 0).unwrap(), open(1, 1).unwrap(), open(2, 0).unwrap());
    assert!(open(1, 2).is_err(), "the chair has no key to its entries either");
    let entry = report_entry();
    let sealed = dsl.seal(Row::Deeds, 2, &entry, &mut Seeded::new(3)).unwrap();
    assert_eq!(head.open(Row::Deeds, 2, &sealed), Ok(entry.clone()));
    assert_eq!(head.place(Row::Deeds, 2), dsl.place(Row::Deeds, 2));
    for (key, row, number) in [(&dsl, Row::Deeds, 1), (&dsl, Row::Readings, 2), (&other, Row::Deeds, 2)] {
        assert_eq!(key.open(row, number, &sealed), Err(ReportEntryError::NotHere), "{row:?} {number}");
    }
    let changed = |at: usize| {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        dsl.open(Row::Deeds, 2, &changed)
    };
    for at in (0..sealed.len()).step_by(37) {
        assert_eq!(changed(at), Err(ReportEntryError::NotHere), "byte {at}");
    }
    let again = dsl.seal(Row::Deeds, 2, &entry, &mut Seeded::new(4)).unwrap();
    assert_ne!(sealed[..12], again[..12], "sealed again, it begins with other chance");
}

#[test]
fn entries_are_of_one_size_and_their_places_tell_nothing() {
    let to =
        RouteKeys { route: Route::AboutGrownUp, keys: holders(Route::AboutGrownUp).map(|k| k.seal_key()) };
    let key = |seed| {
        let contents = Contents::Report(Box::new(report()));
        let envelope = report_envelope::seal(&contents, &to, &mut Seeded::new(seed)).unwrap();
        report_envelope::open_with_entries(envelope.as_ref(), &role_key(1)).unwrap().1
    };
    let (one, two) = (key(1), key(2));
    let mut random = Seeded::new(3);
    let deed = |deed| ReportEntry { deed, ..report_entry() };
    let longest = deed(Deed::Action { what: "a".repeat(ENTRY_MAX - 40) });
    for entry in [deed(Deed::Read), report_entry(), longest] {
        assert_eq!(one.seal(Row::Deeds, 1, &entry, &mut random).unwrap().len(), ENTRY_SIZE);
    }
    let longer = deed(Deed::Action { what: "a".repeat(ENTRY_MAX) });
    let refused = one.seal(Row::Deeds, 1, &longer, &mut random);
    assert!(matches!(refused, Err(ReportEntryError::TooLong(_))));
    let rows = [Row::Deeds, Row::Readings];
    let places: HashSet<[u8; 16]> = [&one, &two]
        .into_iter()
        .flat_map(|key| rows.into_iter().flat_map(move |row| (1..100).map(move |n| key.place(row, n))))
        .collect();
    assert_eq!(places.len(), 2 * 2 * 99, "no two have a place in common");
    let firsts: HashSet<u8> = places.iter().map(|place| place[0]).collect();
    assert!(firsts.len() > 150, "they lie anywhere");
}

#[test]
fn the_longest_report_a_child_can_make_fits_and_a_longer_one_is_refused() {
    let mut longest = report();
    longest.words = Some("ữ".repeat(records::report::REPORT_WORDS));
    longest.talk_with = Some("ữ".repeat(40));
    longest.happened = vec!["a".repeat(32).parse().unwrap(); 6];
    let to =
        RouteKeys { route: Route::Safeguarding, keys: holders(Route::Safeguarding).map(|k| k.seal_key()) };
    let fits = Contents::Report(Box::new(longest.clone()));
    let envelope = report_envelope::seal(&fits, &to, &mut Seeded::new(1)).unwrap();
    assert_eq!(report_envelope::open(envelope.as_ref(), &role_key(0)).unwrap(), fits);
    longest.words = Some("ữ".repeat(records::report::REPORT_WORDS * 2));
    let refused = report_envelope::seal(&Contents::Report(Box::new(longest)), &to, &mut Seeded::new(1));
    assert!(matches!(refused, Err(ReportEnvelopeError::TooLong(_))));
}

#[test]
fn a_decoy_and_a_report_have_the_same_size_and_header_and_no_bytes_in_common_beyond() {
    let to =
        RouteKeys { route: Route::AboutGrownUp, keys: holders(Route::AboutGrownUp).map(|k| k.seal_key()) };
    let decoy = report_envelope::seal(&Contents::Decoy, &to, &mut Seeded::new(1)).unwrap();
    let real =
        report_envelope::seal(&Contents::Report(Box::new(report())), &to, &mut Seeded::new(2)).unwrap();
    assert_eq!(decoy.len(), real.len());
    assert_eq!(decoy[..12], real[..12], "header and the name of the first key");
    let same = decoy.iter().zip(real.iter()).filter(|(a, b)| a == b).count();
    assert!(same < 60, "{same} of 2048 bytes agree; chance alone gives about 28");
}

#[test]
fn a_key_is_compared_on_paper_by_eight_groups_of_four() {
    let fingerprint = office_key().seal_key().fingerprint();
    assert_eq!(fingerprint.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    assert_ne!(fingerprint, role_key(0).seal_key().fingerprint());
}

#[test]
fn a_report_box_is_of_one_size_and_no_two_writings_of_it_have_a_slot_in_common() {
    let (with, again, other) = (sealed_box(3, 1), sealed_box(3, 2), sealed_box(14, 3));
    for sealed in [&with, &again, &other] {
        assert_eq!(sealed.len(), BOX_SIZE);
        assert_eq!(sealed[..26], with[..26], "the head says the same");
    }
    let windows = |bytes: &[u8]| bytes[26..].chunks_exact(16).map(<[u8]>::to_vec).collect::<HashSet<_>>();
    assert!(
        windows(&with).is_disjoint(&windows(&again)),
        "the same envelopes, written twice, can be compared"
    );
    assert!(windows(&with).is_disjoint(&windows(&other)));
}

#[test]
fn a_report_box_opens_for_its_hub_and_its_kiosk_alone_and_only_whole() {
    let sealed = sealed_box(3, 1);
    let opened = report_box::open(&sealed, device(), &office_key()).unwrap();
    let reports = opened.iter().filter(|e| report_envelope::open(&e[..], &role_key(0)) == Ok(contents()));
    assert_eq!(reports.count(), 1);
    assert!(
        opened.iter().all(|e| report_envelope::open(&e[..], &office_key()).is_err()),
        "the hub reads none"
    );
    assert!(report_box::open(&sealed, DeviceId::from_bytes([9; 16]), &office_key()).is_err());
    assert!(report_box::open(&sealed, device(), &role_key(0)).is_err());
    let mut random = Seeded::new(4);
    for _ in 0..200 {
        let (at, bit) = (random.below(sealed.len()), random.below(8));
        let mut changed = sealed.clone();
        changed[at] ^= 1 << bit;
        assert!(report_box::open(&changed, device(), &office_key()).is_err(), "bit {bit} of byte {at}");
    }
    for cut in [0, 25, 26, BOX_SIZE - 1] {
        assert_eq!(report_box::open(&sealed[..cut], device(), &office_key()), Err(BoxError::NotOne));
    }
    let longer = [&sealed[..], &[0]].concat();
    assert_eq!(report_box::open(&longer, device(), &office_key()), Err(BoxError::NotOne));
}

#[test]
fn the_counts_of_a_box_do_not_show_and_cannot_be_changed_or_moved() {
    let sealed = counting_box(3, 1);
    assert_eq!(sealed.len(), report_box::COUNTING_BOX_SIZE);
    let (hub, empty) = (office_key().seal_key(), Tally::default());
    let nothing =
        report_box::seal_with_tally(box_id(), device(), &envelopes(3), &empty, &hub, &mut Seeded::new(2));
    assert_eq!(nothing.unwrap().len(), sealed.len(), "the same size when nobody has answered");
    let counts = |bytes: &[u8]| report_box::open_tally(bytes, device(), &office_key());
    assert_eq!(counts(&sealed), Ok(Some(tally())));
    assert_eq!(counts(&sealed_box(3, 1)), Ok(None), "a box of before");
    let mut random = Seeded::new(4);
    for _ in 0..200 {
        let (at, bit) = (report_box::BOX_SIZE + random.below(2096), random.below(8));
        let mut changed = sealed.clone();
        changed[at] ^= 1 << bit;
        assert!(counts(&changed).is_err(), "bit {bit} of byte {at}");
        assert!(
            report_box::open(&changed, device(), &office_key()).is_ok(),
            "reports are not lost for a count"
        );
        let signed = SignedBox::sign(device(), sealed.clone(), &device_key());
        let bytes = records::codec::encode(&signed);
        let mut torn = bytes.clone();
        torn[random.below(bytes.len())] ^= 1 << bit;
        let read = records::codec::decode::<SignedBox>(&torn);
        assert!(!read.is_ok_and(|read| read.open(device(), &device_key().verify_key()).is_ok()));
    }
    // The counts of one box put onto another.
    let other = BoxId::from_bytes([18; 16]);
    let of_other =
        report_box::seal_with_tally(other, device(), &envelopes(3), &empty, &hub, &mut Seeded::new(2));
    let moved = [&of_other.unwrap()[..report_box::BOX_SIZE], &sealed[report_box::BOX_SIZE..]].concat();
    assert!(counts(&moved).is_err());
}

/// What a hub knew of a delivery before there were counts.
#[derive(minicbor::Decode)]
struct DeliveryOfBefore {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    sealed: minicbor::bytes::ByteVec,
}

#[derive(minicbor::Decode)]
struct SignedBoxOfBefore {
    #[n(0)]
    delivery: minicbor::bytes::ByteVec,
}

#[test]
fn a_hub_that_knows_of_no_counts_takes_the_reports_of_a_box_that_has_some() {
    let signed = SignedBox::sign(device(), counting_box(3, 1), &device_key());
    let signed: SignedBoxOfBefore = records::codec::decode(&records::codec::encode(&signed)).unwrap();
    let read: DeliveryOfBefore = records::codec::decode(&signed.delivery).unwrap();
    assert_eq!((read.device, read.sealed.len()), (device(), report_box::BOX_SIZE));
    assert_eq!(report_box::open(&read.sealed, device(), &office_key()).unwrap(), envelopes(3));
}

#[test]
fn a_slot_takes_no_envelope_of_another_route() {
    let mut moved = envelopes(3);
    moved.swap(0, 15);
    let hub = office_key().seal_key();
    let sealed = report_box::seal(box_id(), device(), &moved, &hub, &mut Seeded::new(1)).unwrap();
    assert_eq!(report_box::open(&sealed, device(), &office_key()), Err(BoxError::OtherRoute));
}

#[test]
fn nothing_can_be_told_on_a_route_that_lacks_a_key_or_has_one_key_twice() {
    let all = role_keys();
    assert!(Route::ALL.iter().all(|route| RouteKeys::of(*route, &all).is_some()));
    assert!(RouteKeys::of(Route::AboutHeadteacher, &all[..3]).is_none());
    let mut twice = all;
    twice[3].key = twice[2].key;
    assert!(RouteKeys::of(Route::AboutHeadteacher, &twice).is_none());
    assert!(RouteKeys::of(Route::Safeguarding, &twice).is_some());
}

fn contents() -> Contents {
    Contents::Report(Box::new(report()))
}
