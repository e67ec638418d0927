//! Beside a hub that serves: when nobody has gone to a call after some minutes, somebody is written to, who may be away
//! from every desk.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{letter, send::Post, settings::MailSettings};
use crate::{
    clock,
    hub::Hub,
    log,
    store::{StoreError, calls::OpenCall},
};

/// So many seconds a call waits before anybody is written to: the desk has had its sound, and somebody near it their time.
pub const WAITS: i64 = 180;
/// How often is looked whether a call waits.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// The setting in which is kept about which calls was written.
const WRITTEN: &str = "call letters written";
/// The setting in which is kept what was in the way of the last letter.
const NOT_WRITTEN: &str = "call letter not written";
/// For so many seconds the desk says so: whoever sees to the machines is not there every day.
const TOLD_FOR: i64 = 3 * 86_400;
/// The same trouble is not written down anew within so many seconds: there is a look every few.
const SAME_TROUBLE: i64 = 3600;

/// Since when each kiosk's call waits about which was written, and whether somebody had given it back by then.
type Written = BTreeMap<String, (i64, bool)>;

/// That a letter about a call did not go to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotWritten {
    /// When it was tried, in seconds since 1970.
    pub at: i64,
    /// Whether it went to others.
    pub reached: bool,
    /// What was in the way.
    pub why: String,
}

/// Looks whether a call waits, for as long as the hub serves. Where the school has named no mail server, nothing is written.
pub(crate) async fn while_it_serves(hub: Arc<Hub>, mut stopped: watch::Receiver<bool>) {
    let Some(settings) = hub.mail().map(Path::to_owned) else { return };
    while !*stopped.borrow() {
        let (looking, settings) = (hub.clone(), settings.clone());
        let looked = tokio::task::spawn_blocking(move || look(&looking, &settings)).await;
        if let Ok(Err(error)) = looked {
            log::line(&format!("whether a call waits is not known: {error}"));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Writes about each call that has waited too long and about which was not written yet; once more, if somebody was going
/// and cannot. What nobody could be written about is tried again at the next look.
///
/// # Errors
/// [`StoreError`].
pub fn look(hub: &Hub, settings: &Path) -> Result<(), StoreError> {
    let now = hub.now();
    let open = hub.store.open_calls(now)?;
    let before = written(hub)?;
    // A call that was taken or is over is forgotten: the next from there is another.
    let still = open.iter().filter_map(|call| {
        let kiosk = call.device.to_string();
        let about = *before.get(&kiosk)?;
        Some((kiosk, about))
    });
    let mut kept: Written = still.collect();
    for call in open.iter().filter(|call| now.0 - call.since.0 >= WAITS) {
        let (kiosk, about) = (call.device.to_string(), (call.since.0, call.given_back));
        if kept.get(&kiosk) != Some(&about) && write(hub, settings, call)? {
            kept.insert(kiosk, about);
        }
    }
    if kept != before {
        let bytes = serde_json::to_vec(&kept).map_err(|why| StoreError::Damaged(why.to_string()))?;
        hub.store.set_setting(WRITTEN, &bytes)?;
    }
    Ok(())
}

fn written(hub: &Hub) -> Result<Written, StoreError> {
    let kept = hub.store.setting(WRITTEN)?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// What was in the way of the last letter, if something was and it was not long ago.
///
/// # Errors
/// [`StoreError`].
pub fn not_written(hub: &Hub) -> Result<Option<NotWritten>, StoreError> {
    let kept: Option<NotWritten> =
        hub.store.setting(NOT_WRITTEN)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(kept.filter(|kept| hub.now().0 - kept.at < TOLD_FOR))
}

/// Keeps what was in the way, for the desk; nothing where nothing was.
fn keep(hub: &Hub, why: Option<String>, reached: bool) -> Result<(), StoreError> {
    let (now, before) = (hub.now().0, not_written(hub)?);
    let is_known = match (&why, &before) {
        (None, before) => before.is_none(),
        (Some(why), Some(before)) => {
            before.why == *why && before.reached == reached && now - before.at < SAME_TROUBLE
        }
        (Some(_), None) => false,
    };
    if is_known {
        return Ok(());
    }
    if let Some(why) = &why {
        log::line(&format!("a letter about a call that waits did not go: {why}"));
    }
    let kept = why.map(|why| NotWritten { at: now, reached, why });
    let bytes = serde_json::to_vec(&kept).map_err(|why| StoreError::Damaged(why.to_string()))?;
    hub.store.set_setting(NOT_WRITTEN, &bytes)
}

/// Writes to everybody who is told of calls. False where the server took it for nobody.
fn write(hub: &Hub, settings: &Path, call: &OpenCall) -> Result<bool, StoreError> {
    let zone = hub.zone()?;
    let since = clock::local(call.since, &zone).strftime("%-H:%M").to_string();
    let letter = letter::call(&hub.identity().school_name, &call.place, &since);
    let ready = || -> Result<_, Box<dyn std::error::Error>> {
        let settings = MailSettings::read(settings)?;
        Ok((Post::by(&settings)?, settings))
    };
    let (post, settings) = match ready() {
        Ok(ready) => ready,
        Err(why) => {
            keep(hub, Some(why.to_string()), false)?;
            return Ok(false);
        }
    };
    let (mut reached, mut problem) = (false, None);
    for to in settings.to.of_calls() {
        match post.send(&letter, to) {
            Ok(()) => reached = true,
            Err(why) => problem = Some(why.to_string()),
        }
    }
    keep(hub, problem, reached)?;
    Ok(reached)
}
