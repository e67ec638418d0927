//! The key of a role: chosen, opened for a session, locked, handed on, taken away.

use std::sync::{Arc, PoisonError};

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::{keys::OpeningKey, report::Role};

use super::{ADDRESS, Asking, Open, entered::Unsent, list, lost, refused, report, role, unlocked};
use crate::{
    desk::{
        Desk,
        unlocked::Now,
        visit::{self, Room, Trouble, Visit},
    },
    password,
    role_keys::RoleKeyError,
    store::{StoreError, audit::Actor},
    tls::listener::Peer,
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Passphrase {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    form_token: String,
    #[serde(flatten)]
    unsent: Unsent,
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Named {
    #[serde(default)]
    name: String,
    /// Where the key is taken away: that this is known.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Lock {
    #[serde(default)]
    form_token: String,
}

/// The holder chooses a passphrase, and with it the role gets its key.
pub(in crate::desk) async fn make_key(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Passphrase>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let role = role(&visit)?;
        let refuse = |message: &str| refused(StatusCode::BAD_REQUEST, list::locked(&visit, role, message));
        if form.passphrase != form.again {
            return refuse("The two passphrases differ. Type the same one twice.");
        }
        if password::fits(&form.passphrase, &visit.account.password) {
            return refuse(
                "This is your password. Choose other words: whoever learns one must not have both.",
            );
        }
        let (hub, account, now) = (&visit.desk.hub, visit.account.id, visit.desk.hub.now());
        let offered = unlocked(&visit).offered(account, role, Now::of(hub));
        let granted = lost::lost(&visit).granted(account, role, now);
        let made = match (offered, granted) {
            (Some(key), _) => hub.share_role_key(role, &key, account, &form.passphrase).map(|()| key),
            (None, Some(by)) => hub.replace_lost_key(role, by, account, &form.passphrase),
            (None, None) => hub.make_role_key(role, account, &form.passphrase),
        };
        match made {
            Ok(key) => {
                unlocked(&visit).taken(account);
                lost::lost(&visit).made(account);
                keep_open(&visit, role, key)?;
                Ok(Redirect::to(ADDRESS).into_response())
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refuse(&error.to_string()),
        }
    })
    .await
}

/// Opens the box: with the passphrase, for this session.
pub(in crate::desk) async fn unlock(
    State(desk): State<Arc<Desk>>,
    axum::Extension(peer): axum::Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<Passphrase>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let (role, now) = (role(&visit)?, visit.desk.hub.now());
        let attempts = || visit.desk.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let tried = format!("key of account {}", visit.account.id);
        let refuse =
            |status, message: &str| refused(status, list::locked_with(&visit, role, message, &form.unsent));
        if let Err(seconds) = attempts().begin(&tried, peer.address, now) {
            let message = format!("There were too many tries. Wait {seconds} seconds, then try again.");
            return refuse(StatusCode::TOO_MANY_REQUESTS, &message);
        }
        match visit.desk.hub.open_role_key(role, visit.account.id, &form.passphrase) {
            Ok(key) => {
                attempts().right(&tried, peer.address, now);
                let open = keep_open(&visit, role, key)?;
                if form.unsent.report.is_empty() {
                    return Ok(Redirect::to(ADDRESS).into_response());
                }
                report::again(&visit, &open, &form.unsent)
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refuse(StatusCode::UNAUTHORIZED, &error.to_string()),
        }
    })
    .await
}

/// Holds the key ready for another account of this role: a deputy, or whoever comes next.
pub(in crate::desk) async fn offer(asking: Asking, Form(sent): Form<Named>) -> Response {
    super::form(asking, sent.form_token, move |visit, open| {
        let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
        let account = hub.store.account(sent.name.trim())?;
        let Some(account) = account.filter(|a| a.duty == visit.account.duty && a.id != visit.account.id) else {
            let message = "There is no other account of that name with your role. Whoever looks after the hub makes it first.";
            return refused(StatusCode::BAD_REQUEST, list::reports(visit, open, message));
        };
        unlocked(visit).offer(account.id, open.role, open.ring.current(), Now::of(hub));
        let detail = format!("{} account {}", open.role.as_str(), account.id);
        hub.store.note(Actor::Account(visit.account.id), "role key offered", &detail, now)?;
        let message = format!(
            "{} can take the key within a quarter of an hour: sign in now, and choose a passphrase.",
            account.name
        );
        list::reports(visit, open, &message)
    })
    .await
}

/// Takes the key from another holder, who has left or changed duties.
pub(in crate::desk) async fn remove(asking: Asking, Form(sent): Form<Named>) -> Response {
    super::form(asking, sent.form_token, move |visit, open| {
        if sent.sure.is_empty() {
            let message = "Nothing was changed. Tick that they open nothing any more, then try again.";
            return refused(StatusCode::BAD_REQUEST, list::reports(visit, open, message));
        }
        let hub = &visit.desk.hub;
        let account = hub.store.account(&sent.name)?.filter(|account| account.id != visit.account.id);
        let account = account.ok_or(Trouble::NothingHere)?;
        hub.store.remove_holder(open.role, account.id, visit.account.id, hub.now())?;
        unlocked(visit).taken(account.id);
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// Wipes the key from memory.
pub(in crate::desk) async fn lock(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Lock>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, |visit| {
        unlocked(&visit).lock(&visit.token);
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// Keeps the key open for this session, and opens the box with it.
fn keep_open(visit: &Visit, role: Role, key: OpeningKey) -> Result<Open, Trouble> {
    let hub = &visit.desk.hub;
    unlocked(visit).open(&visit.token, role, &key, Now::of(hub));
    let open = Open { role, ring: hub.keyring(role, key)? };
    hub.open_box(&open.ring, visit.account.id, true)?;
    Ok(open)
}

pub(super) fn busy(desk: &Desk) -> Response {
    visit::told(desk, Trouble::Store(StoreError::NotNow("too many passphrases are being checked".into())))
}
