use std::io::{self, Write as _};

use hub::{
    clock::Clock,
    folder::Folder,
    hub::{Hub, HubError},
    passphrase,
};

use super::{Data, Opening, Problem};

/// Make a new hub.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    #[command(flatten)]
    data: Data,
    /// The school's name, as its pages show it
    #[arg(long, value_name = "NAME")]
    school_name: String,
}

impl Init {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let folder = Folder::new(&self.data.data);
        folder.check_free().map_err(HubError::from)?;
        let passphrase = passphrase::to_choose(opening.passphrase.as_deref())?;
        let first = Hub::create(&folder, &self.school_name, &passphrase, &Clock::system())?;
        let mut out = io::stdout().lock();
        writeln!(out, "data: {}", folder.path().display())?;
        writeln!(out, "sign-in name: {}", first.account)?;
        writeln!(out, "sign-in password: {}", *first.password)?;
        writeln!(out, "recovery key: {}", *first.recovery)?;
        writeln!(out, "certificate: {}", folder.school_ca().display())?;
        eprintln!(
            "\nThe hub is made. These lines are shown this once.\n\
             - The password is good for the first sign-in at the desk; then choose your own.\n\
             - Print the recovery key and keep it in the school's safe: it opens the hub if the passphrase is lost.\n\
             - Install the certificate on the computers that open the desk. It can vouch for this hub only."
        );
        Ok(())
    }
}
