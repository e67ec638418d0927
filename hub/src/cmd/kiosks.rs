use std::io::{self, Write as _};

use super::{Data, Opening, Problem, time};

/// List the kiosks.
#[derive(Debug, clap::Args)]
pub(super) struct Kiosks {
    #[command(flatten)]
    data: Data,
}

impl Kiosks {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let mut out = io::stdout().lock();
        let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let clock = |ahead: Option<i64>| match ahead {
            None => "-".to_owned(),
            Some(ahead) => format!("{ahead:+} s"),
        };
        let room =
            |free: Option<u64>| free.map_or_else(|| "-".to_owned(), |n| format!("{} MB", n / 1_000_000));
        for kiosk in hub.store.kiosks()? {
            let state = if kiosk.struck_off.is_some() { "struck off" } else { "paired" };
            writeln!(
                out,
                "{}  {}  {state}, seen {}, waiting {}, missing {}, pack {}, roster {}, clock {}, free {}, key {}",
                kiosk.device,
                kiosk.name,
                time(kiosk.seen),
                number(kiosk.waiting),
                kiosk.missing,
                number(kiosk.pack),
                number(kiosk.roster),
                clock(kiosk.clock_ahead),
                room(kiosk.free),
                kiosk.key.fingerprint()
            )?;
        }
        Ok(())
    }
}
