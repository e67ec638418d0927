use hub::{folder::Folder, hub::change_passphrase, passphrase};

use super::{Data, Opening, Problem};

/// Choose another passphrase.
#[derive(Debug, clap::Args)]
pub(super) struct Change {
    #[command(flatten)]
    data: Data,
    /// A file that holds the new passphrase (else it is asked for at the terminal)
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<std::path::PathBuf>,
}

impl Change {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let secret = opening.secret()?;
        let new = passphrase::to_change(self.new_passphrase_file.as_deref())?;
        change_passphrase(&Folder::new(&self.data.data), &secret, &new)?;
        eprintln!("The passphrase is changed. The printed recovery key stays good.");
        Ok(())
    }
}
