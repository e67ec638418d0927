use hub::store::audit::Actor;
use records::ids::DeviceId;

use super::{Data, Opening, Problem};

/// Refuse a kiosk from now on.
#[derive(Debug, clap::Args)]
pub(super) struct StrikeOff {
    #[command(flatten)]
    data: Data,
    /// Its id, as “signpost-hub kiosks” lists it
    device: DeviceId,
}

impl StrikeOff {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        if hub.store.strike_off(self.device, Actor::CommandLine, hub.now())? {
            println!("struck off: {}", self.device);
            Ok(())
        } else {
            Err(Problem::Told(format!(
                "no kiosk {} is paired here. “signpost-hub kiosks” lists those that are",
                self.device
            )))
        }
    }
}
