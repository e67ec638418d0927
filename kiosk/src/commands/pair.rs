//! `signpost-kiosk pair`

use std::error::Error;

use clap::Args;
use kiosk::{folder::Folder, sync};

#[derive(Debug, Args)]
pub(super) struct Pairing {
    #[command(flatten)]
    data: super::Data,
    /// Where the hub is, as “signpost-hub pair” shows it.
    #[arg(long, value_name = "HOST:PORT")]
    hub: String,
    /// The code that the hub shows.
    #[arg(long)]
    code: String,
    /// What people call this kiosk, such as “Oak classroom”.
    #[arg(long)]
    name: String,
}

pub(super) fn execute(arguments: &Pairing) -> Result<(), Box<dyn Error>> {
    let folder = Folder::at(&arguments.data.data)?;
    let paired = sync::pair(&folder, &arguments.hub, &arguments.code, &arguments.name)?;
    println!("Paired with the hub of {} at {}.", paired.hub.school_name, paired.address);
    println!("The hub's key: {}", paired.hub.key.fingerprint());
    println!("Compare it with the one that the hub shows.");
    Ok(())
}
