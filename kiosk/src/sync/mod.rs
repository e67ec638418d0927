//! The sync thread: it brings records to the hub and fetches newer packs and rosters.
//!
//! It has a runtime of its own and speaks to the storage thread through its channel; nobody who
//! paints ever waits for it.

mod address;
mod call;
mod client;
mod pairing;
mod round;
mod tls;

use std::{sync::mpsc as std_mpsc, thread, time::Duration};

use rand_core::Rng as _;
use tokio::{
    sync::{mpsc, oneshot},
    time,
};

use crate::{
    folder::{Device, Paired},
    running::Post,
    storage::{Storage, Store, random, wall_clock},
};

pub use address::NotAnAddress;
pub use client::SyncError;
pub use pairing::{PairError, pair};
pub use round::Report;

/// Between two rounds when all is well.
const EVERY: Duration = Duration::from_secs(60);
/// Between two writings of the report box at the most.
const TICK: Duration = Duration::from_secs(600);
/// Between two tries when the hub does not answer: doubled each time, up to the longest.
const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_secs(300);

enum Wish {
    Nudge,
    Now(std_mpsc::SyncSender<Result<Report, SyncError>>),
}

/// The way to the sync thread.
pub struct Syncer {
    wishes: mpsc::UnboundedSender<Wish>,
    calls: mpsc::UnboundedSender<u64>,
    /// While it is held, the thread goes on; a round that is under way is cut off like a line.
    _goes_on: oneshot::Sender<()>,
}

/// Tells the sync thread that there is something to send.
#[derive(Clone)]
pub struct Nudger(mpsc::WeakUnboundedSender<Wish>);

impl Nudger {
    /// There is something to send. While the hub does not answer, the next try keeps its time.
    pub fn nudge(&self) {
        if let Some(wishes) = self.0.upgrade() {
            // Where the thread has ended, the record waits for the next start.
            let _ = wishes.send(Wish::Nudge);
        }
    }
}

impl Syncer {
    /// Starts the thread. The first round begins at once.
    ///
    /// # Errors
    /// What the system says where no thread can be had.
    pub fn start(
        device: &Device,
        paired: Paired,
        storage: Storage,
        post: Post,
    ) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (wishes, inbox) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let ticks = tick(storage.clone(), post.clone());
        let (calls, called) = mpsc::unbounded_channel();
        let calling = call::answer(device.clone(), paired.clone(), post.clone(), called);
        let rounds = round::Rounds { device: device.clone(), paired, storage, post };
        let (goes_on, ended) = oneshot::channel();
        let work = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = keep_going(rounds, inbox) => {}
                    () = ticks => {}
                    () = calling => {}
                    _ = ended => {}
                }
            });
        };
        let thread = thread::Builder::new().name("sync".into()).spawn(work)?;
        Ok((Self { wishes, calls, _goes_on: goes_on }, thread))
    }
    /// A round now; waits for what comes of it. Not for the painting thread.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn round_now(&self) -> Result<Report, SyncError> {
        let (reply, answer) = std_mpsc::sync_channel(1);
        self.wishes.send(Wish::Now(reply)).map_err(|_| SyncError::Ended)?;
        answer.recv().map_err(|_| SyncError::Ended)?
    }
    /// Calls for a grown-up, at once and again; when somebody goes [`Event::Coming`](crate::machine::Event::Coming)
    /// brings this number back.
    pub fn call(&self, number: u64) {
        // Where the thread has ended, the screen says whom to find.
        let _ = self.calls.send(number);
    }
    /// Something that tells this thread of new records.
    pub fn nudger(&self) -> Nudger {
        Nudger(self.wishes.downgrade())
    }
}

/// Writes the report box every ten minutes, whatever happens and whether or not the hub answers, and looks how much room
/// the disk has.
async fn tick(storage: Storage, post: Post) {
    loop {
        time::sleep(TICK).await;
        let post = post.clone();
        let job = move |store: &mut Store| {
            store.look_after().into_iter().for_each(|news| post.send(news));
        };
        if storage.hand(job).is_err() {
            return;
        }
    }
}

async fn keep_going(rounds: round::Rounds, mut inbox: mpsc::UnboundedReceiver<Wish>) {
    let mut retry: Option<Duration> = None;
    let mut next = Some(time::Instant::now());
    let mut number = 0;
    loop {
        let wish = match next {
            Some(at) => tokio::select! {
                biased;
                wish = inbox.recv() => match wish { Some(wish) => Some(wish), None => return },
                () = time::sleep_until(at) => None,
            },
            None => None,
        };
        if matches!(wish, Some(Wish::Nudge)) && retry.is_some() {
            continue;
        }
        number += 1;
        let outcome = rounds.round().await.map(|report| Report { number, ..report });
        rounds.note(&outcome, wall_clock());
        retry = match &outcome {
            Ok(_) => None,
            Err(_) => Some(retry.map_or(FIRST_RETRY, |r| (r * 2).min(LONGEST_RETRY))),
        };
        // Kiosks that lost the hub at the same moment do not all come back at the same moment.
        let spread = Duration::from_millis(u64::from(random().next_u32() % 2000));
        next = Some(time::Instant::now() + retry.unwrap_or(EVERY) + spread);
        if let Some(Wish::Now(reply)) = wish {
            // Whoever asked may have gone: then nobody needs the answer.
            let _ = reply.send(outcome);
        }
    }
}
