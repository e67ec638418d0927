use std::io::{self, Write as _};

use hub::{serve::KIOSKS_SETTING, store::audit::Actor};

use super::{Data, Opening, Problem};

/// Show a one-time code for pairing a kiosk.
#[derive(Debug, clap::Args)]
pub(super) struct Pair {
    #[command(flatten)]
    data: Data,
    /// What the kiosk is called: where it stands, as staff know the room
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl Pair {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let name = self.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let code = hub.offer_code(name, Actor::CommandLine)?;
        let mut out = io::stdout().lock();
        writeln!(out, "code: {code}")?;
        match hub.setting_text(KIOSKS_SETTING)? {
            Some(address) => writeln!(out, "address: {address}")?,
            None => {
                eprintln!("The hub has not served yet: start it with “signpost-hub serve”, then ask again.")
            }
        }
        eprintln!("The code is good for ten minutes and for one kiosk.");
        Ok(())
    }
}
