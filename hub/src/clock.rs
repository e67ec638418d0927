//! The clock, handed to whatever needs one.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use records::day::{Day, Moment};

/// Tells the time: the system's, or, so that ten minutes can pass at once, one set by hand.
#[derive(Debug, Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }
    /// A clock that stands still until the number (seconds since 1970) is changed.
    pub const fn set_by_hand(seconds: Arc<AtomicI64>) -> Self {
        Self(Some(seconds))
    }
    /// Now.
    pub fn now(&self) -> Moment {
        match &self.0 {
            None => Moment(jiff::Timestamp::now().as_second()),
            Some(seconds) => Moment(seconds.load(Ordering::SeqCst)),
        }
    }
}

/// A moment in a time zone; moments outside the calendar are shown as its nearest end.
pub fn local(moment: Moment, zone: &jiff::tz::TimeZone) -> jiff::Zoned {
    let nearest = moment.0.clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(nearest).unwrap_or_default().to_zoned(zone.clone())
}

/// The calendar day of a moment in a time zone.
pub fn day(moment: Moment, zone: &jiff::tz::TimeZone) -> Day {
    local(moment, zone).date().into()
}

/// When a paper was signed on which only a day stands: today counts from now, another day from its noon. None outside the
/// calendar.
pub fn of_paper(on: Day, now: Moment, zone: &jiff::tz::TimeZone) -> Option<Moment> {
    if on == day(now, zone) {
        return Some(now);
    }
    let noon = on.date().at(12, 0, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(Moment(noon.timestamp().as_second()))
}

/// The school's time zone; UTC where the pack names one that is not known.
pub fn zone(pack: &records::pack::PackContent) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&pack.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
}
