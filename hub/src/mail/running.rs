//! Beside a hub that serves: once a school day is over, whoever a box is for is written to if nobody opened it.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{
    letter::{self, Reader},
    send::Post,
    settings::MailSettings,
};
use crate::{
    clock,
    hub::Hub,
    log,
    store::StoreError,
    unopened::{self, Unopened},
};

/// How often is looked whether there is something to write.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// The setting in which is kept what was written.
const WRITTEN: &str = "letters written";

/// What was written, and what kept the last letter from going.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// For each role, the last school day about which was written.
    #[serde(default)]
    pub about: BTreeMap<String, String>,
    /// When the last letter went.
    #[serde(default)]
    pub last: Option<i64>,
    /// To how many addresses.
    #[serde(default)]
    pub readers: usize,
    /// What was in the way at the last try; empty where nothing was.
    #[serde(default)]
    pub problem: String,
}

/// Looks whether there is something to write, for as long as the hub serves. Where the school has named no mail server, nothing is.
pub(crate) async fn each_day(hub: Arc<Hub>, mut stopped: watch::Receiver<bool>) {
    let Some(settings) = hub.mail().map(Path::to_owned) else { return };
    while !*stopped.borrow() {
        let (looking, settings) = (hub.clone(), settings.clone());
        let looked = tokio::task::spawn_blocking(move || look(&looking, &settings)).await;
        if let Ok(Err(error)) = looked {
            log::line(&format!("whether a letter is due is not known: {error}"));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// What was written so far.
///
/// # Errors
/// [`StoreError`].
pub fn written(hub: &Hub) -> Result<Written, StoreError> {
    let kept = hub.store.setting(WRITTEN)?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// Writes about each box that nobody opened on a school day about which was not written yet. What did not go is tried again
/// at the next look. The settings are read anew each time: whoever changes an address need not start the hub again.
///
/// # Errors
/// [`StoreError`]; what is in the way of a letter is kept where the desk shows it.
pub fn look(hub: &Hub, settings: &Path) -> Result<(), StoreError> {
    let mut kept = written(hub)?;
    let due: Vec<_> = unopened::boxes(hub)?
        .into_iter()
        .filter_map(|one| Some((one.missed.last()?.to_string(), one)))
        .filter(|(day, one)| kept.about.get(one.role.as_str()) != Some(day))
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let (before, mut readers) = (kept.clone(), 0);
    kept.problem.clear();
    for (day, one) in due {
        let wrote = write(hub, settings, &one);
        kept.problem = wrote.problem.unwrap_or(kept.problem);
        readers += wrote.reached;
        if wrote.done {
            kept.about.insert(one.role.as_str().to_owned(), day);
        }
    }
    if readers > 0 {
        (kept.last, kept.readers) = (Some(hub.now().0), readers);
    }
    if kept.problem != before.problem && !kept.problem.is_empty() {
        log::line("a letter about a box that nobody opened did not go; the desk says why");
    }
    if kept != before {
        let bytes = serde_json::to_vec(&kept).map_err(|why| StoreError::Damaged(why.to_string()))?;
        hub.store.set_setting(WRITTEN, &bytes)?;
    }
    Ok(())
}

/// What came of writing about one box.
struct Wrote {
    /// Not to be tried again today.
    done: bool,
    /// How many letters the server took.
    reached: usize,
    /// What was in the way of another.
    problem: Option<String>,
}

/// Writes to everybody whom one box concerns. One address that the server refuses keeps nobody else from being told.
fn write(hub: &Hub, settings: &Path, about: &Unopened) -> Wrote {
    let ready = || -> Result<_, Box<dyn std::error::Error>> {
        let settings = MailSettings::read(settings)?;
        Ok((Post::by(&settings)?, settings, hub.zone()?))
    };
    let (post, settings, zone) = match ready() {
        Ok(ready) => ready,
        Err(why) => return Wrote { done: false, reached: 0, problem: Some(why.to_string()) },
    };
    let last = clock::local(about.last, &zone).date();
    let school = &hub.identity().school_name;
    let holders = settings.to.of(about.role).iter().map(|to| (to, Reader::Holder));
    let office = settings.to.office.iter().map(|to| (to, Reader::Office));
    let (mut reached, mut problem) = (0, None);
    for (to, reader) in holders.chain(office) {
        match post.send(&letter::unopened(school, about.role, last, &about.missed, reader), to) {
            Ok(()) => reached += 1,
            Err(why) => problem = Some(why.to_string()),
        }
    }
    Wrote { done: reached > 0 || problem.is_none(), reached, problem }
}
