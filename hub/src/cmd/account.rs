use std::io::{self, Write as _};

use hub::{
    password,
    store::{accounts::Duty, audit::Actor},
};

use super::{Data, Opening, Problem};

/// Accounts of the desk.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Account {
    /// Make an account; prints a password that is good for the first sign-in
    Add(New),
    /// Give an account a new password; prints it, good for one sign-in
    Password(Named),
}

#[derive(Debug, clap::Args)]
pub(super) struct New {
    #[command(flatten)]
    named: Named,
    /// What the account is for: office; or safeguarding, headteacher, chair, vice-chair, who read
    /// children's reports and see nothing else
    #[arg(long, value_name = "ROLE", default_value = "office")]
    role: Duty,
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    #[command(flatten)]
    data: Data,
    /// The name to sign in with
    name: String,
}

impl Account {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let password = password::one_time();
        let hash = password::hash(&password);
        let named = match self {
            Self::Add(New { named, role }) => {
                let hub = opening.hub(&named.data)?;
                hub.store.add_account(&named.name, &hash, role, Actor::CommandLine, hub.now())?;
                named
            }
            Self::Password(named) => {
                let hub = opening.hub(&named.data)?;
                hub.store.set_password(&named.name, &hash, true, Actor::CommandLine, hub.now())?;
                named
            }
        };
        let mut out = io::stdout().lock();
        writeln!(out, "sign-in name: {}", named.name)?;
        writeln!(out, "sign-in password: {}", *password)?;
        eprintln!("The password is good for one sign-in; then a new one has to be chosen.");
        Ok(())
    }
}
