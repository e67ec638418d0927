use std::path::PathBuf;

use hub::{folder::Folder, hub::HubError, store::audit::Actor};

use records::digest::Digest;

use super::{Data, Opening, Problem};

/// What families have answered.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Consent {
    /// Write for whom which use is allowed, for `signpost check --consent`
    Export(Export),
}

/// Write the export.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    #[command(flatten)]
    data: Data,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Consent {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let Self::Export(command) = self;
        command.run(opening)
    }
}

impl Export {
    fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let nothing = || Problem::Told("no pack is published here, so nothing is asked yet".into());
        let pack = hub.pack()?.ok_or_else(nothing)?;
        let (number, bytes) = hub.export_consent(&pack.content, Actor::CommandLine)?;
        Folder::new(&self.data.data).write_whole(&self.out, &bytes, 0o600).map_err(HubError::from)?;
        println!("consent export: {number}");
        // What school.toml has to name under [hub], so that the export is believed.
        println!("hub key: {}", Digest::from_bytes(*hub.identity().key.as_bytes()));
        Ok(())
    }
}
