//! “I need a grown-up now”: sent at once and in the open.

use minicbor::{Decode, Encode};

use crate::{
    day::Moment,
    ids::{DeviceId, RecordId},
};

/// For how many seconds a call is asked to be answered: a kiosk repeats it so long, and a desk shows it so long.
pub const CALL_SECONDS: i64 = 30 * 60;

/// A call for a grown-up, with time and place. It does not say who called.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Call {
    /// The call itself, so that sending it twice is one call.
    #[n(0)]
    pub id: RecordId,
    /// The kiosk.
    #[n(1)]
    pub device: DeviceId,
    /// Where the kiosk stands, as staff know the room.
    #[n(2)]
    pub place: String,
    /// When.
    #[n(3)]
    pub when: Moment,
}

/// The answer to a call. The same call again is asked whether it was taken meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct CallReply {
    /// Which.
    #[n(0)]
    pub id: RecordId,
    /// Whether a person has said that they are going. Only then may a screen say so.
    #[n(1)]
    pub taken: bool,
}
