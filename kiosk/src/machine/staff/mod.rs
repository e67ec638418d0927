//! Staff: the PIN, and what stands behind it.
//!
//! A [`Panel`] is made in one place alone, by the disk's word that the PIN was right; it is gone when it is left, by
//! whatever way that is.

pub(crate) mod controls;
mod panel;
mod pin;
mod press;
mod touch;

pub use controls::PanelAction;
pub use panel::{
    DiskRoom, Figures, Line, Panel, PanelAt, PanelTold, Signatures, StickTold, StickTrouble, StickWay,
    Undoing, WhyClass, lines_per_page,
};
pub use pin::{NotAPin, PIN_GOOD, PIN_LEAST, PIN_MOST, Pin, PinEntry, PinTold};
use touch::SPOTS;
pub use touch::Touched;

pub(super) use controls::{
    has_corner, navigation as panel_navigation, pad as pad_controls, panel as panel_controls,
};
pub(super) use press::{class_opened, class_unavailable, press, press_pin, stick_done, undone};

use super::Millis;

/// The panel closes by itself after so long without a sign of life.
pub const PANEL_AFTER: Millis = 60_000;
/// For so long the next signature is taken as helped.
pub const HELP_FOR: Millis = 600_000;
/// Woken by the PIN outside its hours, a kiosk sleeps again after so long without a sign of life.
pub const AWAKE_FOR: Millis = 2 * 3_600_000;
