//! Beside a hub that serves: a backup each day, and one whenever the desk asks for it.

use std::{
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use tokio::sync::watch;

use super::{keeping, make};
use crate::{
    hub::Hub,
    log,
    store::{StoreError, audit::Actor},
};

/// How often is looked whether one is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Makes the daily backup for as long as the hub serves. Where the school has named no folder, there is none.
pub(crate) async fn daily(hub: Arc<Hub>, mut stopped: watch::Receiver<bool>) {
    if hub.backups().is_none() {
        return;
    }
    while !*stopped.borrow() {
        let looking = hub.clone();
        let looked = tokio::task::spawn_blocking(move || if_due(&looking)).await;
        if let Ok(Err(error)) = looked {
            log::line(&format!("whether a backup is due is not known: {error}"));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

fn if_due(hub: &Hub) -> Result<(), StoreError> {
    let good = hub.store.last_good_backup()?.map(|tried| tried.at);
    let tried = hub.store.backups(1)?.first().map(|tried| tried.at);
    if keeping::is_due(good, tried, hub.now(), &hub.zone()?) {
        now(hub, Actor::Hub);
    }
    Ok(())
}

/// Begins a backup beside the pages. `false` where one is being made already, or no folder is named.
pub(crate) fn begin(hub: &Arc<Hub>, actor: Actor) -> bool {
    if hub.backups().is_none() || hub.backing_up().swap(true, Ordering::SeqCst) {
        return false;
    }
    let hub = hub.clone();
    thread::spawn(move || make_claimed(&hub, actor));
    true
}

fn now(hub: &Hub, actor: Actor) {
    if !hub.backing_up().swap(true, Ordering::SeqCst) {
        make_claimed(hub, actor);
    }
}

fn make_claimed(hub: &Hub, actor: Actor) {
    if let Some(folder) = hub.backups() {
        // What became of it is noted where the desk shows it.
        let _ = make::make(hub, folder, actor);
    }
    hub.backing_up().store(false, Ordering::SeqCst);
}
