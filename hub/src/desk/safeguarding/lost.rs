//! A key that is lost for good: the headteacher and the chair let somebody make another, and whoever remembers a
//! passphrase after all makes what was told before readable again.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use records::report::Role;

use super::{
    change,
    keys::busy,
    recovery::{is_still_here, named, show_role, somebody},
    refused,
};
use crate::{
    desk::{
        Desk,
        visit::{self, Room, Trouble, Visit},
    },
    recovery::lost::{Asked, Lost, may_say},
    role_keys::RoleKeyError,
    store::{accounts::Duty, audit::Actor},
    tls::listener::Peer,
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Said {
    /// “ask”, “agree” or “stop”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    holder: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Remembered {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    form_token: String,
}

/// What the two have said, in memory.
pub(super) fn lost(visit: &Visit) -> MutexGuard<'_, Lost> {
    visit.desk.lost.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a role's page says of a lost key.
#[derive(Debug, serde::Serialize)]
pub(super) struct LostView {
    /// Whether the visitor is one of the two.
    may: bool,
    /// Who has said so, with their role; empty where nobody has.
    by: String,
    /// Whom they named.
    holder: String,
    /// Whether the visitor is the other of the two.
    agrees: bool,
}

impl LostView {
    pub(super) fn of(visit: &Visit, role: Role) -> Result<Self, Trouble> {
        let me = somebody(visit)?;
        let mut said = lost(visit);
        let asked = said.asked(role, visit.desk.hub.now());
        Ok(Self {
            may: may_say(me.role),
            by: asked.map(|asked| asked.by.name.clone()).unwrap_or_default(),
            holder: asked.map(|asked| asked.holder.1.clone()).unwrap_or_default(),
            agrees: asked.is_some_and(|asked| asked.is_agreed_by(&me)),
        })
    }
}

/// One of the two says that a key is lost; the other agrees.
pub(in crate::desk) async fn say(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(role): Path<String>,
    Form(sent): Form<Said>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, sent.form_token.clone(), move |visit| {
        let role = named(&role)?;
        let (hub, me, now) = (&visit.desk.hub, somebody(&visit)?, visit.desk.hub.now());
        let actor = Actor::Account(me.account);
        let again = |message: &str| refused(StatusCode::BAD_REQUEST, show_role(&visit, role, message));
        if !may_say(me.role) {
            return again("The headteacher and the chair of governors say together that a key is lost.");
        }
        match sent.what.as_str() {
            "stop" => {
                lost(&visit).take_back(role);
                hub.store.note(actor, "lost role key taken back", role.as_str(), now)?;
                show_role(&visit, role, "It was taken back. Nothing was changed.")
            }
            "agree" => {
                let holder = lost(&visit).asked(role, now).map(|asked| asked.holder.1.clone());
                if holder.is_none_or(|holder| holder != sent.holder) {
                    return again("Look once more at who makes the new key, then say so.");
                }
                let by = lost(&visit).asked(role, now).map(|asked| asked.by.clone());
                let has_gone = match &by {
                    Some(by) => !is_still_here(&visit, by)?,
                    None => false,
                };
                if has_gone {
                    lost(&visit).take_back(role);
                    return again("Whoever said so first has no account of that role any more. Say it anew.");
                }
                let Some(asked) = lost(&visit).agree(role, &me, now) else {
                    return again("The headteacher and the chair of governors say together that a key is lost: the other one of the two agrees.");
                };
                let detail = format!("{}, with account {}, for account {}", role.as_str(), asked.by.account, asked.holder.0);
                hub.store.note(actor, "role key called lost by both", &detail, now)?;
                let text = format!(
                    "{} makes a new key now: they sign in within a quarter of an hour, and choose a passphrase under Reports.",
                    asked.holder.1
                );
                show_role(&visit, role, &text)
            }
            _ => {
                let holders = hub.store.accounts_of(Duty::Holder(role))?;
                let holder = holders.into_iter().find(|(_, name)| *name == sent.holder);
                let has_key = hub.store.role_keys()?.iter().any(|copy| copy.public.role == role);
                let Some(holder) = holder.filter(|_| has_key) else {
                    return again("Say who makes the new key.");
                };
                let detail = format!("{} for account {}", role.as_str(), holder.0);
                hub.store.note(actor, "role key called lost", &detail, now)?;
                lost(&visit).ask(role, Asked { by: me, holder, at: now });
                show_role(&visit, role, "")
            }
        }
    })
    .await
}

/// A holder remembers the passphrase of a key that was lost.
pub(in crate::desk) async fn remembered(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(sent): Form<Remembered>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    super::form((State(desk), headers), sent.form_token, move |visit, open| {
        let (hub, account, now) = (&visit.desk.hub, visit.account.id, visit.desk.hub.now());
        let attempts = || visit.desk.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let tried = format!("lost key of account {account}");
        if let Err(seconds) = attempts().begin(&tried, peer.address, now) {
            let message = format!("There were too many tries. Wait {seconds} seconds, then try again.");
            return refused(StatusCode::TOO_MANY_REQUESTS, change::show(visit, open, &message));
        }
        match hub.find_lost_key(&open.ring, account, &sent.passphrase) {
            Ok(()) => {
                attempts().right(&tried, peer.address, now);
                Ok(Redirect::to(change::ADDRESS).into_response())
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refused(StatusCode::UNAUTHORIZED, change::show(visit, open, &error.to_string())),
        }
    })
    .await
}
