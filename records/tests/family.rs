//! Who can open a family's entry.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use records::{
    codec,
    family::{ENTRY_STEP, Family, FamilyChild, FamilyKey, SealedFamily},
    family_code::FamilyCode,
    ids::SchoolId,
};
use support::*;

fn code() -> FamilyCode {
    family_locator().with_chance([1, 2, 3, 4, 5, 6, 7, 8])
}

#[test]
fn a_family_opens_with_its_code_as_it_is_typed_and_with_no_other() {
    let key = FamilyKey::of(&code(), school());
    let sealed = SealedFamily::seal(&family(), &key, code().locator(), school(), &mut Seeded::new(4));
    let typed: FamilyCode = code().to_string().to_lowercase().parse().unwrap();
    assert_eq!(sealed.open(&FamilyKey::of(&typed, school()), school()).unwrap(), family());

    let guess = family_locator().with_chance([1, 2, 3, 4, 5, 6, 7, 9]);
    assert!(sealed.open(&FamilyKey::of(&guess, school()), school()).is_err());
    // The same code in another school is another key, and an entry moved to another locator opens no more.
    let elsewhere = SchoolId::from_bytes([99; 16]);
    assert_ne!(FamilyKey::of(&code(), elsewhere).to_bytes(), key.to_bytes());
    assert!(sealed.open(&key, elsewhere).is_err());
    let mut bytes = codec::encode(&sealed);
    // After the heads of the array and of the number stand its two bytes.
    bytes[3] ^= 1;
    let moved: SealedFamily = codec::decode(&bytes).unwrap();
    assert_eq!(moved.locator.number(), family_locator().number() ^ 1);
    assert!(moved.open(&key, school()).is_err());
}

#[test]
fn an_entry_that_was_changed_by_one_bit_does_not_open() {
    let key = FamilyKey::from_bytes(&[30; 32]);
    let sealed = key.seal("entry", b"Amina", &mut Seeded::new(5));
    assert_eq!(*key.open("entry", &sealed).unwrap(), *b"Amina");
    assert!(key.open("another thing", &sealed).is_err());
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(key.open("entry", &changed).is_err());
        assert!(key.open("entry", &sealed[..place]).is_err());
    }
}

#[test]
fn the_size_of_an_entry_does_not_tell_how_many_children_are_in_it() {
    let key = FamilyKey::from_bytes(&[30; 32]);
    let mut three = family();
    let child: FamilyChild = three.children[0].clone();
    three.children = vec![child.clone(), child.clone(), child];
    let size = |family: &Family| {
        codec::encode(&SealedFamily::seal(family, &key, family_locator(), school(), &mut Seeded::new(6)))
            .len()
    };
    assert_eq!(size(&family()), size(&three));
    assert!(size(&three) > ENTRY_STEP);
}
