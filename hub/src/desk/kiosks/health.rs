//! What is said of a kiosk's clock and disk, in plain words.

use serde::Serialize;

use crate::store::kiosks::Kiosk;

/// How a kiosk's clock and disk were when it last said so; empty words where it did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::desk) struct Health {
    /// “right”, “12 minutes fast”.
    clock: String,
    /// Whether what is signed there carries a wrong time.
    clock_off: bool,
    /// “8.1 GB”.
    free: String,
    /// Whether it is nearly full.
    full: bool,
}

impl Health {
    pub(super) fn of(kiosk: &Kiosk) -> Self {
        Self {
            clock: kiosk.clock_ahead.map(clock).unwrap_or_default(),
            clock_off: kiosk.clock_is_off(),
            free: kiosk.free.map(room).unwrap_or_default(),
            full: kiosk.is_nearly_full(),
        }
    }

    /// The clock and the free disk, as they are told.
    pub(super) fn in_words(self) -> (String, String) {
        (self.clock, self.free)
    }
}

/// A greeting takes a moment on its way: less than a minute is no difference.
fn clock(ahead: i64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let off = ahead.unsigned_abs();
    let way = if ahead > 0 { "fast" } else { "slow" };
    // Up to the double of a unit the smaller one says more: “90 minutes”, “30 hours”.
    let (count, unit) = match off {
        0..MINUTE => return "right".to_owned(),
        _ if off < 2 * HOUR => (off / MINUTE, "minute"),
        _ if off < 2 * DAY => (off / HOUR, "hour"),
        _ => (off / DAY, "day"),
    };
    format!("{count} {unit}{} {way}", if count == 1 { "" } else { "s" })
}

fn room(bytes: u64) -> String {
    const MEGA: u64 = 1_000_000;
    const GIGA: u64 = 1000 * MEGA;
    match bytes {
        0..GIGA => format!("{} MB", bytes / MEGA),
        _ => format!("{}.{} GB", bytes / GIGA, bytes % GIGA / (GIGA / 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, room};

    #[test]
    fn how_far_a_clock_is_off_is_said_in_words_that_need_no_reckoning() {
        assert_eq!(clock(0), "right");
        assert_eq!(clock(-59), "right");
        assert_eq!(clock(60), "1 minute fast");
        assert_eq!(clock(-12 * 60), "12 minutes slow");
        assert_eq!(clock(90 * 60), "90 minutes fast");
        assert_eq!(clock(-30 * 3600), "30 hours slow");
        assert_eq!(clock(-365 * 86_400), "365 days slow");
    }

    #[test]
    fn room_is_said_in_the_units_that_shops_use() {
        assert_eq!(room(180 << 20), "188 MB");
        assert_eq!(room(8_150_000_000), "8.1 GB");
    }
}
