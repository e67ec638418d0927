//! Opening a family's entry with the code from its letter, and what the kiosk keeps of its decisions.

use records::{
    codec,
    family::{Family, FamilyKey, SealedFamily},
    family_code::FamilyCode,
    ids::SchoolId,
};

use crate::machine::KeptDecision;

/// What a kept decision is sealed as: it opens as nothing else.
fn purpose(school: SchoolId) -> String {
    format!("signpost kiosk kept decision 1 {school}")
}

/// The family of a code, with the key that the code makes. Whether an entry of its locator exists makes no
/// difference to how long it takes: the key is made first, and that is nearly all of it.
pub(crate) fn open(
    code: &FamilyCode,
    entries: &[SealedFamily],
    school: SchoolId,
) -> Option<(FamilyKey, Family)> {
    let key = FamilyKey::of(code, school);
    let mut of_locator = entries.iter().filter(|entry| entry.locator == code.locator());
    let family = of_locator.find_map(|entry| entry.open(&key, school).ok())?;
    Some((key, family))
}

/// Seals what is kept of a decision under its family's key. All are of one size.
pub(crate) fn seal(
    kept: &KeptDecision,
    key: &FamilyKey,
    school: SchoolId,
    random: &mut impl rand_core::CryptoRng,
) -> Vec<u8> {
    key.seal(&purpose(school), &codec::encode_secret(kept), random)
}

/// Opens what is kept, if it is of the family that has this key.
pub(crate) fn unseal(sealed: &[u8], key: &FamilyKey, school: SchoolId) -> Option<KeptDecision> {
    let text = key.open(&purpose(school), sealed).ok()?;
    codec::decode(&text).ok()
}
