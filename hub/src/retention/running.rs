//! Beside a hub that serves: once a day what is due goes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use records::{day::Day, retention::Kept};
use tokio::sync::watch;

use super::due::Standing;
use crate::{
    backup::{self, erased},
    clock,
    hub::Hub,
    log,
    store::StoreError,
};

/// How often is looked whether a new day has begun.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Whether anything might go.
    pub standing: Standing,
    /// How many of each kind went.
    pub gone: BTreeMap<Kept, usize>,
}

/// Removes what is due, each day, for as long as the hub serves.
pub(crate) async fn daily(hub: Arc<Hub>, mut stopped: watch::Receiver<bool>) {
    let mut last = None;
    while !*stopped.borrow() {
        let looking = hub.clone();
        let looked = tokio::task::spawn_blocking(move || look_if_new_day(&looking, last)).await;
        match looked {
            Ok(Ok(day)) => last = day,
            Ok(Err(error)) => log::line(&format!("what has reached its end was not removed: {error}")),
            Err(_) => log::line("what has reached its end was not removed: it was not finished"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

fn look_if_new_day(hub: &Hub, last: Option<Day>) -> Result<Option<Day>, StoreError> {
    let today = hub.today()?;
    if last == Some(today) {
        return Ok(last);
    }
    look(hub)?;
    // Where something still reads what was there before, its log is emptied at the next look.
    Ok(hub.store.empty_log()?.then_some(today))
}

/// Takes away the groups for the camera whose day is over, looks at the rules, and removes what is due by them if anything
/// may go. `None` while the school has no rules.
///
/// # Errors
/// [`StoreError`]: then nothing was removed.
pub fn look(hub: &Hub) -> Result<Option<Looked>, StoreError> {
    backup::make::expire_copies(hub.folder());
    hub.store.forget_ended_groups(hub.today()?, hub.now())?;
    let Some(pack) = hub.pack()? else { return Ok(None) };
    let Some(rules) = &pack.content.retention else { return Ok(None) };
    let (now, zone) = (hub.now(), clock::zone(&pack.content));
    let looked = hub.store.remove_due(rules, &pack.content, clock::day(now, &zone), now)?;
    let total: usize = looked.gone.values().sum();
    if total > 0 {
        log::line(&format!("retention: {total} records reached their end and were removed"));
        hub.tell_kiosks();
        after_removal(hub)?;
    }
    Ok(Some(looked))
}

/// What follows each removal: the database's log is emptied, and what must not come back is noted beside the backups.
pub(crate) fn after_removal(hub: &Hub) -> Result<(), StoreError> {
    hub.store.empty_log()?;
    if let Some(folder) = hub.backups()
        && let Err(error) = erased::write(hub, folder)
    {
        // The next backup writes it too.
        log::line(&format!("what was removed could not be noted beside the backups: {error}"));
    }
    Ok(())
}
