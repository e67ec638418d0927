use std::io::{self, Write as _};

use records::day::Moment;

use super::{Data, Opening, Problem};

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
        let time = |moment: Option<Moment>| {
            let stamp = moment.and_then(|m| jiff::Timestamp::from_second(m.0).ok());
            stamp.map_or_else(|| "never".to_owned(), |s| s.strftime("%Y-%m-%d %H:%M UTC").to_string())
        };
        let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
        for kiosk in hub.store.kiosks()? {
            let state = if kiosk.struck_off.is_some() { "struck off" } else { "paired" };
            writeln!(
                out,
                "{}  {}  {state}, seen {}, waiting {}, missing {}, pack {}, roster {}, key {}",
                kiosk.device,
                kiosk.name,
                time(kiosk.seen),
                number(kiosk.waiting),
                kiosk.missing,
                number(kiosk.pack),
                number(kiosk.roster),
                kiosk.key.fingerprint()
            )?;
        }
        Ok(())
    }
}
