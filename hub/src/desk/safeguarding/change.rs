//! The key of one's own role: who holds it, another in its place, and what the ones before it are still needed for.

use std::sync::Arc;

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::tz::TimeZone;
use records::report::Role;
use serde::Serialize;

use super::{Asking, Open, keys::busy, refused, unlocked, view};
use crate::{
    clock,
    desk::{
        Desk,
        unlocked::Now,
        view as desk_view,
        visit::{Trouble, Visit},
    },
    password,
    role_keys::RoleKeyError,
    store::{StoreError, accounts::Duty, earlier_keys::EarlierKey, kiosks::Kiosk},
};

/// Where the key of one's own role is looked after.
pub(super) const ADDRESS: &str = "/safeguarding/keys";

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Another {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// A key that the role had before.
#[derive(Debug, Serialize)]
struct EarlierRow {
    made: String,
    retired: String,
    by: String,
    /// The kiosks that have no newer roster, each with when it was seen last; nothing where it never was.
    kiosks: Vec<(String, String)>,
    /// How many reports and envelopes are sealed for it.
    sealed: u64,
    /// Whether the key that the holder has opens it.
    opens: bool,
}

impl EarlierRow {
    fn new(key: &EarlierKey, kiosks: &[Kiosk], (sealed, opens): (u64, bool), zone: &TimeZone) -> Self {
        let behind = kiosks.iter().filter(|kiosk| is_behind(kiosk, key));
        let seen = |kiosk: &Kiosk| kiosk.seen.map(|moment| desk_view::when(moment, zone)).unwrap_or_default();
        Self {
            made: clock::day(key.made, zone).in_words(),
            retired: clock::day(key.retired, zone).in_words(),
            by: key.by.clone(),
            kiosks: behind.map(|kiosk| (kiosk.name.clone(), seen(kiosk))).collect(),
            sealed,
            opens,
        }
    }
}

/// Whether a kiosk may still seal for an earlier key: by what it said when it was seen last, it has no newer roster.
fn is_behind(kiosk: &Kiosk, key: &EarlierKey) -> bool {
    kiosk.struck_off.is_none() && kiosk.paired <= key.retired && kiosk.roster.unwrap_or(0) <= key.roster
}

/// The page of one's own key.
pub(in crate::desk) async fn page(asking: Asking) -> Response {
    super::page(asking, |visit, open| show(visit, open, "")).await
}

/// Another key, with a passphrase for it.
pub(in crate::desk) async fn change(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Another>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    let token = form.form_token.clone();
    super::form((State(desk), headers), token, move |visit, open| {
        let refuse = |message: &str| refused(StatusCode::BAD_REQUEST, show(visit, open, message));
        if form.sure != "yes" {
            return refuse(
                "Nothing was changed. Tick that you know what it means for the others, then try again.",
            );
        }
        if form.passphrase != form.again {
            return refuse("The two passphrases differ. Type the same one twice.");
        }
        if password::fits(&form.passphrase, &visit.account.password) {
            return refuse(
                "This is your password. Choose other words: whoever learns one must not have both.",
            );
        }
        // What came meanwhile is looked at with the key that it was sealed for, and not left lying.
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        hub.open_box(&open.ring, account, true)?;
        match hub.change_role_key(&open.ring, account, &form.passphrase) {
            Ok(key) => {
                unlocked(visit).open(&visit.token, open.role, &key, Now::of(hub));
                Ok(Redirect::to(ADDRESS).into_response())
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refuse(&error.to_string()),
        }
    })
    .await
}

/// Whether somebody who may still know the key of now has left, so that it is to be changed.
pub(super) fn is_due(visit: &Visit, role: Role) -> Result<bool, StoreError> {
    let store = &visit.desk.hub.store;
    let made = store.role_keys()?.into_iter().find(|copy| copy.public.role == role).map(|copy| copy.made);
    Ok(match made {
        Some(made) => store.holders_gone(role)?.iter().any(|(_, at)| *at > made),
        None => false,
    })
}

/// The page, with something to say.
pub(super) fn show(visit: &Visit, open: &Open, message: &str) -> Result<Response, Trouble> {
    let (hub, role) = (&visit.desk.hub, open.role);
    let (zone, kiosks) = (hub.zone()?, hub.store.kiosks()?);
    let mut earlier = Vec::new();
    for key in hub.store.earlier_keys(role)? {
        let sealed = hub.store.sealed_with(role, &key.public)?;
        let opens = open.ring.keys().any(|one| one.seal_key() == key.public);
        earlier.push(EarlierRow::new(&key, &kiosks, (sealed, opens), &zone));
    }
    let keys = hub.store.role_keys()?;
    let holders: Vec<_> = keys.iter().filter(|copy| copy.public.role == role).collect();
    let gone = hub.store.holders_gone(role)?;
    let without: Vec<String> = hub
        .store
        .accounts_of(Duty::Holder(role))?
        .into_iter()
        .filter(|(account, _)| holders.iter().all(|copy| copy.account != *account))
        // Nobody is led to give the key back to somebody from whom it was taken.
        .filter(|(account, _)| gone.iter().all(|(one, _)| one != account))
        .map(|(_, name)| name)
        .collect();
    let made = holders.first().map(|copy| clock::day(copy.made, &zone).in_words());
    let holders: Vec<&str> = holders.iter().map(|copy| copy.holder.as_str()).collect();
    let mut context = visit.context("reports")?;
    context.insert("message", message);
    context.insert("whose", view::in_a_sentence(role));
    context.insert("made", &made.unwrap_or_default());
    context.insert("fingerprint", &open.ring.current().seal_key().fingerprint());
    context.insert("holders", &holders);
    context.insert("without", &without);
    context.insert("remembers", &!hub.store.lost_copies(role, visit.account.id)?.is_empty());
    context.insert("earlier", &earlier);
    context.insert("is_due", &is_due(visit, role)?);
    context.insert("has_sheet", &hub.store.sheet(role)?.is_some());
    context.insert("least", &crate::keyfile::PASSPHRASE_MIN);
    visit.show("key.html", &context)
}

#[cfg(test)]
mod tests {
    use records::{
        day::Moment,
        ids::DeviceId,
        keys::{SealKey, VerifyKey},
    };

    use super::*;

    #[test]
    fn a_kiosk_is_waited_for_until_it_has_a_newer_roster_or_is_struck_off() {
        let key = EarlierKey {
            public: SealKey::from_bytes([0; 32]),
            sealed: None,
            made: Moment(0),
            retired: Moment(100),
            by: String::new(),
            roster: 7,
        };
        let kiosk = Kiosk {
            device: DeviceId::from_bytes([1; 16]),
            key: VerifyKey::from_bytes([1; 32]),
            name: "Willow".into(),
            paired: Moment(10),
            struck_off: None,
            epoch: 1,
            seen: None,
            by_stick: None,
            waiting: None,
            pack: None,
            roster: None,
            missing: 0,
            clock_ahead: None,
            free: None,
        };
        assert!(is_behind(&kiosk, &key), "one that was never seen since it was paired");
        let with = |roster, struck_off| Kiosk { roster: Some(roster), struck_off, ..kiosk.clone() };
        assert!(is_behind(&with(7, None), &key));
        assert!(!is_behind(&with(8, None), &key));
        assert!(!is_behind(&with(7, Some(Moment(120))), &key));
        let later = Kiosk { paired: Moment(101), ..kiosk };
        assert!(!is_behind(&later, &key), "one that was paired afterwards never had it");
    }
}
