//! “I need a grown-up now”: sent at once and in the open.

use minicbor::{Decode, Encode};

use crate::{
    day::Moment,
    ids::{DeviceId, RecordId},
};

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
