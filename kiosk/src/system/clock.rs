//! A clock that goes on while the computer sleeps.

use std::time::Duration;

/// How long ago the computer was started, its sleep among it.
#[cfg(target_os = "linux")]
pub(crate) fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Elsewhere a clock that stands still meanwhile: there a sleep is not noticed.
#[cfg(not(target_os = "linux"))]
pub(crate) fn since_boot() -> Duration {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(std::time::Instant::now).elapsed()
}
