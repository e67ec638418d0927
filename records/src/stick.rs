//! What would have gone by wire, in two files on a USB stick: a [`Carry`] from a kiosk, and a [`Return`] to it.
//!
//! Both are [containers](crate::container): signed as a whole, refused whole if one byte differs.
//!
//! | file | signed by | parts |
//! |---|---|---|
//! | carry | the kiosk's key | `greeting` ([`Greeting`]), `batch/0`, `batch/1`, … ([`SignedBatch`]), `box/0`, `box/1`, … ([`SignedBox`]) |
//! | return | the hub's key | `answer` ([`Answer`]), `pack` (a signed pack), `roster` (a signed roster) and `children` (an [`AnswerSheet`]), both sealed to the kiosk |
//!
//! A stick may be lost, read twice, or come late, and the same things may have come by wire meanwhile. So:
//!
//! - A carry holds **every** record that the kiosk still keeps, also those that were acknowledged, and every closed
//!   report box. A hub that lost something is given it again, and only what an answer names in person is let go.
//! - A carry names the token of the last sync and does not use it up. A return has a token of its own. The kiosk takes
//!   a return's word on its records, with that token, only while it still has the one that the carry named: a round by
//!   wire in between has said all of that already.
//! - Numbers rise. A return is taken once, and none that is older than the last.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    answer::AnswerSheet,
    codec::{self, DecodeError},
    container::{Container, ContainerError, Kind, Part},
    day::Moment,
    ids::{BoxId, DeviceId, SchoolId},
    keys::{KeyError, OpeningKey, SealKey, SigningKey, VerifyKey},
    report_box::{BoxError, SignedBox},
    sync::{Batch, BatchError, Hello, Place, RecordOutcome, SignedBatch, SyncToken},
};

/// How the name of either file ends.
pub const ENDING: &str = "signpost";
/// The folder on a stick in which both lie.
pub const FOLDER: &str = "Signpost";
const GREETING: &str = "greeting";
const BATCH: &str = "batch/";
const BOX: &str = "box/";
const ANSWER: &str = "answer";
const PACK: &str = "pack";
const ROSTER: &str = "roster";
const CHILDREN: &str = "children";
const ROSTER_PURPOSE: &str = "signpost stick roster 1";
const CHILDREN_PURPOSE: &str = "signpost stick answers to children 1";

/// Why a file from a stick was refused, whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StickError {
    /// Damaged, signed by somebody else, or older than what was taken before.
    #[error(transparent)]
    File(#[from] ContainerError),
    /// For another kiosk, or from another than whose key signed it.
    #[error("this file belongs to another kiosk")]
    OtherDevice,
    /// Of another school.
    #[error("this file belongs to another school")]
    OtherSchool,
    /// A batch in it.
    #[error("this file is damaged: {0}")]
    Batch(#[from] BatchError),
    /// A report box in it.
    #[error("this file is damaged: {0}")]
    Box(#[from] BoxError),
    /// Its roster, or what it answers children, is sealed for another.
    #[error("what is closed in this file for one kiosk alone cannot be opened: {0}")]
    Sealed(#[from] KeyError),
}

impl From<DecodeError> for StickError {
    fn from(error: DecodeError) -> Self {
        Self::File(error.into())
    }
}

/// A kiosk's greeting on a stick.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Greeting {
    /// As by wire; its token is shown and not used up.
    #[n(0)]
    pub hello: Hello,
    /// The number of the last return that it took; 0 before the first.
    #[n(1)]
    pub taken: u64,
    /// Rosters and what children are answered are sealed for it: a stick may be lost.
    #[n(2)]
    pub seal: SealKey,
}

/// A kiosk's file, read and checked in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carry {
    /// Rises with every carry of its kiosk. The same number with other bytes betrays a copy of the kiosk.
    pub number: u64,
    /// When it was made, by the kiosk's clock.
    pub made: Moment,
    /// Who greets.
    pub greeting: Greeting,
    /// The records.
    pub batches: Vec<Batch>,
    /// The report boxes, in their outer layer.
    pub boxes: Vec<Vec<u8>>,
}

impl Carry {
    /// The signed file.
    pub fn sign(&self, school: SchoolId, key: &SigningKey) -> Vec<u8> {
        let device = self.greeting.hello.device;
        let mut parts = vec![Part::new(GREETING, codec::encode(&self.greeting))];
        for (at, batch) in self.batches.iter().enumerate() {
            let signed = SignedBatch::sign(batch, key);
            parts.push(Part::new(format!("{BATCH}{at}"), codec::encode(&signed)));
        }
        for (at, sealed) in self.boxes.iter().enumerate() {
            let signed = SignedBox::sign(device, sealed.clone(), key);
            parts.push(Part::new(format!("{BOX}{at}"), codec::encode(&signed)));
        }
        Container::sign(Kind::Carry, school, self.number, self.made, &parts, key)
    }

    /// Which kiosk a file says that it is from. Not to be believed before it was opened with that kiosk's key.
    ///
    /// # Errors
    /// [`StickError`]: it is no such file, or it is damaged.
    pub fn claims(bytes: &[u8]) -> Result<DeviceId, StickError> {
        let container = Container::unverified(Kind::Carry, bytes)?;
        Ok(codec::decode::<Greeting>(container.part(GREETING)?)?.hello.device)
    }

    /// Under which number a file says that it is. Not to be believed either.
    ///
    /// # Errors
    /// [`StickError`]: it is no such file, or it is damaged.
    pub fn claimed_number(bytes: &[u8]) -> Result<u64, StickError> {
        Ok(Container::unverified(Kind::Carry, bytes)?.number)
    }

    /// Reads a file of this kiosk for this school, checking every byte and every signature in it.
    ///
    /// # Errors
    /// [`StickError`]; nothing of a refused file is given out.
    pub fn open(
        bytes: &[u8],
        device: DeviceId,
        key: &VerifyKey,
        school: SchoolId,
    ) -> Result<Self, StickError> {
        let container = Container::open(Kind::Carry, bytes, key)?;
        if container.school != school {
            return Err(StickError::OtherSchool);
        }
        let greeting: Greeting = codec::decode(container.part(GREETING)?)?;
        if greeting.hello.device != device {
            return Err(StickError::OtherDevice);
        }
        let (mut batches, mut boxes) = (Vec::new(), Vec::new());
        for (name, part) in container.parts() {
            if name.starts_with(BATCH) {
                batches.push(codec::decode::<SignedBatch>(part)?.open(device, key)?);
            } else if name.starts_with(BOX) {
                boxes.push(codec::decode::<SignedBox>(part)?.open(device, key)?);
            }
        }
        Ok(Self { number: container.number, made: container.made, greeting, batches, boxes })
    }
}

/// What the hub says to a carry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// To whom.
    #[n(0)]
    pub device: DeviceId,
    /// To which of its carries.
    #[n(1)]
    pub carry: u64,
    /// The token that the carry named. Where the kiosk has another by now, this says nothing new of its records.
    #[n(2)]
    pub shown: Option<SyncToken>,
    /// The token to show next time, by wire and by stick.
    #[n(3)]
    pub token: SyncToken,
    /// The epoch to number in from now on: a higher one than the kiosk's is an order to begin it.
    #[n(4)]
    pub epoch: u32,
    /// What became of each record.
    #[n(5)]
    pub outcomes: Vec<RecordOutcome>,
    /// The report boxes that the hub has.
    #[n(6)]
    pub boxes: Vec<BoxId>,
    /// Of the records named here, those up to this place are in verified backups: the kiosk may let them go.
    #[n(7)]
    pub backed_up: Option<Place>,
    /// The hub's clock when it took the carry.
    #[n(8)]
    pub clock: Moment,
    /// This kiosk was struck off: nothing of its carry was taken.
    #[n(9)]
    pub struck_off: bool,
}

/// The hub's file for a kiosk, read and checked in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Rises with every return of the hub.
    pub number: u64,
    /// When it was made.
    pub made: Moment,
    /// What became of the carry.
    pub answer: Answer,
    /// A newer pack, signed.
    pub pack: Option<Vec<u8>>,
    /// A newer roster, signed.
    pub roster: Option<Vec<u8>>,
    /// What children are answered, as it was when this was made; none where the school answers nobody.
    pub children: Option<AnswerSheet>,
}

impl Return {
    /// The signed file. The roster is sealed for the kiosk, and what children are answered: a stick may be lost.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] if the kiosk's key is none.
    pub fn sign(
        &self,
        school: SchoolId,
        key: &SigningKey,
        kiosk: &SealKey,
        random: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, KeyError> {
        let mut parts = vec![Part::new(ANSWER, codec::encode(&self.answer))];
        if let Some(pack) = &self.pack {
            parts.push(Part::new(PACK, pack.clone()));
        }
        let header = header(self.answer.device, self.number);
        if let Some(roster) = &self.roster {
            parts.push(Part::new(ROSTER, kiosk.seal(ROSTER_PURPOSE, &header, roster, random)?));
        }
        if let Some(sheet) = &self.children {
            let sheet = Zeroizing::new(codec::encode(sheet));
            parts.push(Part::new(CHILDREN, kiosk.seal(CHILDREN_PURPOSE, &header, &sheet, random)?));
        }
        Ok(Container::sign(Kind::Return, school, self.number, self.made, &parts, key))
    }

    /// For which kiosk a file says that it is, and under which number. Not to be believed before it was opened.
    ///
    /// # Errors
    /// [`StickError`]: it is no such file, or it is damaged.
    pub fn claims(bytes: &[u8]) -> Result<(DeviceId, u64), StickError> {
        let container = Container::unverified(Kind::Return, bytes)?;
        Ok((codec::decode::<Answer>(container.part(ANSWER)?)?.device, container.number))
    }

    /// Reads a file for this kiosk from its hub, checking every byte of it; `taken` is the number of the last one that
    /// was taken.
    ///
    /// # Errors
    /// [`StickError`]; nothing of a refused file is given out.
    pub fn open(
        bytes: &[u8],
        device: DeviceId,
        hub: &VerifyKey,
        school: SchoolId,
        opening: &OpeningKey,
        taken: Option<u64>,
    ) -> Result<Self, StickError> {
        let container = Container::open(Kind::Return, bytes, hub)?;
        if container.school != school {
            return Err(StickError::OtherSchool);
        }
        let answer: Answer = codec::decode(container.part(ANSWER)?)?;
        if answer.device != device {
            return Err(StickError::OtherDevice);
        }
        let container = container.newer_than(taken)?;
        let header = header(device, container.number);
        let sealed = |name, purpose| {
            let part = container.part(name).ok();
            part.map(|sealed| opening.open(purpose, &header, sealed)).transpose()
        };
        let roster = sealed(ROSTER, ROSTER_PURPOSE)?.map(|bytes| bytes.to_vec());
        // As by wire: one that this program cannot read costs the answers alone.
        let children = sealed(CHILDREN, CHILDREN_PURPOSE)?.and_then(|bytes| codec::decode(&bytes).ok());
        let pack = container.part(PACK).ok().map(<[u8]>::to_vec);
        Ok(Self { number: container.number, made: container.made, answer, pack, roster, children })
    }
}

fn header(device: DeviceId, number: u64) -> Vec<u8> {
    [&device.as_bytes()[..], &number.to_be_bytes()].concat()
}

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From a kiosk to the hub.
    FromKiosk,
    /// From the hub to a kiosk.
    ToKiosk,
}

/// What a file is called on a stick: `from-oak-classroom-1a2b3c4d.signpost`. One for each kiosk and way, so that a
/// newer one takes an older one's place. Programs go by what is in a file, people by its name.
pub fn file_name(way: Way, kiosk: &str, device: DeviceId) -> String {
    let mut name = String::new();
    for letter in kiosk.chars().flat_map(char::to_lowercase) {
        // Any stick can hold these, whatever its file system.
        match letter {
            'a'..='z' | '0'..='9' => name.push(letter),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
        if name.len() >= 40 {
            break;
        }
    }
    let name = match name.trim_end_matches('-') {
        "" => "kiosk",
        name => name,
    };
    let way = match way {
        Way::FromKiosk => "from",
        Way::ToKiosk => "to",
    };
    let device = device.to_string();
    format!("{way}-{name}-{}.{ENDING}", &device[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_so_that_any_stick_takes_it_and_people_know_it() {
        let device = DeviceId::from_bytes([0x1a; 16]);
        let name = |kiosk| file_name(Way::FromKiosk, kiosk, device);
        assert_eq!(name("Oak classroom"), "from-oak-classroom-1a1a1a1a.signpost");
        assert_eq!(name("  Année 3 / B: "), "from-ann-e-3-b-1a1a1a1a.signpost");
        assert_eq!(name("…"), "from-kiosk-1a1a1a1a.signpost");
        assert_eq!(name(""), "from-kiosk-1a1a1a1a.signpost");
        assert!(name(&"Very long ".repeat(30)).len() < 70);
        assert_eq!(file_name(Way::ToKiosk, "Oak", device), "to-oak-1a1a1a1a.signpost");
    }
}
