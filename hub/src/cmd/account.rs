use std::io::{self, Write as _};

use hub::{
    password,
    store::{
        accounts::{AccountError, Duty},
        audit::Actor,
    },
};

use super::{Data, Opening, Problem};

/// Accounts of the desk.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Account {
    /// Make an account; prints a password that is good for the first sign-in
    Add(New),
    /// Give an account a new password; prints it, good for one sign-in
    Password(Named),
    /// Take an account's second step away, for somebody who has lost the phone and the codes on paper
    LostPhone(Named),
    /// Say whether accounts of the office, the technician, governors and staff need a second step; those who read
    /// reports always do
    SecondStep(SecondStep),
}

#[derive(Debug, clap::Args)]
pub(super) struct SecondStep {
    #[command(flatten)]
    data: Data,
    /// needed, or as-each-likes
    #[arg(long, value_name = "WHEN")]
    office: Office,
}

/// Whether the office's accounts need a second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Office {
    Needed,
    AsEachLikes,
}

#[derive(Debug, clap::Args)]
pub(super) struct New {
    #[command(flatten)]
    named: Named,
    /// What the account is for: office; or safeguarding, headteacher, chair, vice-chair, who read
    /// children's reports; or technician (kiosks, backups), governor (figures), staff, who besides see the
    /// registers that are for them
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
            Self::LostPhone(named) => return lost_phone(&named, opening),
            Self::SecondStep(command) => {
                let hub = opening.hub(&command.data)?;
                let needed = command.office == Office::Needed;
                hub.store.set_office_second_step(needed, Actor::CommandLine, hub.now())?;
                println!("second step of the office: {}", if needed { "needed" } else { "as each likes" });
                return Ok(());
            }
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

fn lost_phone(named: &Named, opening: &Opening) -> Result<(), Problem> {
    let hub = opening.hub(&named.data)?;
    let none = || AccountError::None(named.name.clone());
    let account = hub.store.account(&named.name)?.ok_or_else(none)?;
    if !hub.store.take_second_step(account.id, Actor::CommandLine, hub.now())? {
        return Err(Problem::Told(format!("{} has no second step; nothing was changed", account.name)));
    }
    println!("second step taken away: {}", account.name);
    eprintln!(
        "They sign in with the password alone now; where a second step is needed, another phone is set up then."
    );
    Ok(())
}
