use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use hub::store::packs::Published;
use records::pack::PackDraft;

use super::{Data, Opening, Problem, read};

/// Publish a pack that `signpost build` made.
#[derive(Debug, clap::Args)]
pub(super) struct Publish {
    #[command(flatten)]
    data: Data,
    /// The pack
    #[arg(value_name = "PACK")]
    draft: PathBuf,
}

impl Publish {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let draft =
            PackDraft::read(&read(&self.draft)?).map_err(|e| Problem::Draft(self.draft.clone(), e))?;
        let hub = opening.hub(&self.data)?;
        let published = hub.publish(&draft)?;
        let mut out = io::stdout().lock();
        match published {
            Published::Now(number) => {
                writeln!(out, "pack: {number}")?;
                for agreement in &draft.content.agreements {
                    writeln!(
                        out,
                        "agreement: {} {} {}",
                        agreement.slug,
                        agreement.version,
                        agreement.digest()
                    )?;
                }
            }
            Published::Before(number) => {
                writeln!(out, "pack: {number}")?;
                eprintln!("This very pack is already published; nothing was changed.");
            }
        }
        Ok(())
    }
}
