use std::io::{self, Write as _};

use hub::{
    hub::Hub,
    password,
    store::{
        accounts::{AccountError, Duty},
        audit::Actor,
    },
};
use records::report::Role;

use super::{Data, Opening, Problem, time};

/// Accounts of the desk.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Account {
    /// Make an account; prints a password that is good for the first sign-in
    Add(New),
    /// List the accounts: what each is for, when somebody last signed in with it, whether it has ended
    List(Listing),
    /// Give an account a new password; prints it, good for one sign-in
    Password(Named),
    /// Say what an account is for from now on
    #[command(alias = "duty")]
    Role(Change),
    /// End an account, of somebody who has left: nothing opens with it any more; its name stays with what it did
    End(Named),
    /// Open an account that has ended again; prints a password, good for one sign-in
    Reopen(Named),
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
pub(super) struct Listing {
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct Change {
    #[command(flatten)]
    named: Named,
    /// What it is for: one of the roles that “account add” knows
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
        match self {
            Self::Add(New { named, role }) => with_password(&named, opening, |hub, hash| {
                hub.store.add_account(&named.name, hash, role, Actor::CommandLine, hub.now())
            }),
            Self::Password(named) => with_password(&named, opening, |hub, hash| {
                hub.store.set_password(&named.name, hash, true, Actor::CommandLine, hub.now())
            }),
            Self::Reopen(named) => with_password(&named, opening, |hub, hash| {
                hub.store.reopen_account(&named.name, hash, Actor::CommandLine, hub.now())
            }),
            Self::List(listing) => list(&listing, opening),
            Self::End(named) => end(&named, opening),
            Self::Role(change) => another_role(&change, opening),
            Self::LostPhone(named) => lost_phone(&named, opening),
            Self::SecondStep(command) => {
                let hub = opening.hub(&command.data)?;
                let needed = command.office == Office::Needed;
                hub.store.set_office_second_step(needed, Actor::CommandLine, hub.now())?;
                println!("second step of the office: {}", if needed { "needed" } else { "as each likes" });
                Ok(())
            }
        }
    }
}

/// Does something for which an account gets a new password, and prints that.
fn with_password(
    named: &Named,
    opening: &Opening,
    change: impl FnOnce(&Hub, &str) -> Result<(), AccountError>,
) -> Result<(), Problem> {
    let password = password::one_time();
    let hub = opening.hub(&named.data)?;
    change(&hub, &password::hash(&password))?;
    let mut out = io::stdout().lock();
    writeln!(out, "sign-in name: {}", named.name)?;
    writeln!(out, "sign-in password: {}", *password)?;
    eprintln!("The password is good for one sign-in; then a new one has to be chosen.");
    Ok(())
}

fn list(listing: &Listing, opening: &Opening) -> Result<(), Problem> {
    let hub = opening.hub(&listing.data)?;
    let mut out = io::stdout().lock();
    for account in hub.store.all_accounts()? {
        let key = if account.holds_key { ", holds its role’s key" } else { "" };
        let ended = account.ended.map(|at| format!(", ended {}", time(Some(at)))).unwrap_or_default();
        writeln!(
            out,
            "{}  {}, made {}, last signed in {}{key}{ended}",
            account.name,
            account.duty.as_str(),
            time(Some(account.made)),
            time(account.last),
        )?;
    }
    Ok(())
}

fn end(named: &Named, opening: &Opening) -> Result<(), Problem> {
    let hub = opening.hub(&named.data)?;
    let keys = hub.store.end_account(&named.name, Actor::CommandLine, hub.now())?;
    println!("ended: {}", named.name);
    eprintln!(
        "They are signed out everywhere, and neither password nor phone signs in any more. Where the file for mail names their address, take it out there."
    );
    say_keys(&keys);
    Ok(())
}

fn another_role(change: &Change, opening: &Opening) -> Result<(), Problem> {
    let (hub, name) = (opening.hub(&change.named.data)?, &change.named.name);
    let keys = hub.store.change_duty(name, change.role, Actor::CommandLine, hub.now())?;
    println!("role of {name}: {}", change.role.as_str());
    eprintln!("They are signed out everywhere, and see the pages of the new role once they sign in again.");
    if let Duty::Holder(role) = change.role {
        eprintln!("A holder of the role {} gives them its key at the desk.", role.as_str());
    }
    say_keys(&keys);
    Ok(())
}

/// Whoever had a copy of a key may still know it.
fn say_keys(keys: &[Role]) {
    for role in keys {
        eprintln!(
            "Their copy of the key of the role {} is gone. They may have kept what they knew: another holder changes the key now, at the desk under Reports.",
            role.as_str()
        );
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
