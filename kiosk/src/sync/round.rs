//! One round with the hub: greet, let go what is safe, send what waits, fetch what is newer.

use std::sync::Arc;

use records::{
    codec,
    day::Moment,
    report_box::{BoxReply, SignedBox},
    sync::{BATCH_MAX, Batch, BatchReply, Hello, HelloReply, Refusal, RefusalReason, SignedBatch},
};

use super::{SyncError, client::Connection};
use crate::{
    folder::{Device, Paired},
    machine::Event,
    outbox::OutboxError,
    running::Post,
    storage::{Storage, Store, wall_clock},
};

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Report {
    /// Which round this is since the kiosk started, from 1.
    pub number: u64,
    /// Records that the hub acknowledged.
    pub acknowledged: u64,
    /// The number of a pack that was taken.
    pub pack: Option<u64>,
    /// The number of a roster that was taken.
    pub roster: Option<u64>,
    /// Records that were let go, because a backup of the hub holds them.
    pub let_go: u64,
}

/// Everything that rounds need.
pub(super) struct Rounds {
    pub(super) device: Device,
    pub(super) paired: Paired,
    pub(super) storage: Storage,
    pub(super) post: Post,
}

impl Rounds {
    pub(super) async fn round(&self) -> Result<Report, SyncError> {
        let expected = Some(self.paired.hub.tls);
        let mut connection = Connection::open(&self.device, &self.paired.address, expected).await?;
        let mut report = Report::default();
        let reply = self.greet(&mut connection).await?;
        // Before anything is sent: the backup that this greeting speaks of is older than what the
        // hub takes from now on, also where that has an earlier place, as what waited at a copy of
        // this kiosk or through an order to begin a new epoch has.
        let (backed_up, now) = (reply.backed_up, reply.clock);
        let gone = self.ask(move |store| store.outbox().let_go(backed_up, now))?;
        report.let_go = gone as u64;
        self.ask(move |store| store.outbox().let_decisions_go(now))?;
        let sent = self.send(&mut connection, now, &mut report).await;
        // What the hub does not take of one kind keeps nothing of another back. Where the way there is broken, nothing
        // else goes either.
        match &sent {
            Ok(()) | Err(SyncError::NotTaken(_) | SyncError::Refused(_)) => {}
            Err(_) => return sent.map(|()| report),
        }
        self.bring_boxes(&mut connection).await?;
        self.fetch(&mut connection, &reply, &mut report).await?;
        self.fetch_answers(&mut connection).await?;
        sent.map(|()| report)
    }

    async fn greet(&self, connection: &mut Connection) -> Result<HelloReply, SyncError> {
        let hello = self.ask(|store| {
            let (pack, roster) = store.held();
            let device = store.device().id();
            let counts = store.outbox().counts()?;
            Ok(Hello {
                device,
                epoch: counts.epoch,
                token: store.outbox().token()?,
                pack,
                roster,
                waiting: counts.waiting,
                last_sequence: counts.last_sequence,
                clock: wall_clock(),
                free: store.room(),
            })
        })?;
        let reply: HelloReply = connection.post("/kiosk/hello", &hello).await?;
        let (token, epoch) = (reply.token, reply.epoch);
        self.ask(move |store| store.greeted(token, epoch))?;
        Ok(reply)
    }

    /// `now` is the hub's: a kiosk that starts without a clock of its own must not take what was just
    /// acknowledged for old once it has been told the time.
    async fn send(
        &self,
        connection: &mut Connection,
        now: Moment,
        report: &mut Report,
    ) -> Result<(), SyncError> {
        loop {
            let records = self.ask(|store| store.outbox().batch(BATCH_MAX))?;
            if records.is_empty() {
                return Ok(());
            }
            let sent: Vec<_> = records.iter().map(|r| r.place).collect();
            let batch = Batch { device: self.device.id(), records };
            let signed = SignedBatch::sign(&batch, &self.device.signing_key());
            let reply: BatchReply = connection.post("/kiosk/batch", &signed).await?;
            let outcomes: Vec<_> = reply.outcomes.into_iter().filter(|o| sent.contains(&o.place)).collect();
            let acknowledged = self.ask(move |store| store.outbox().acknowledge(&outcomes, now))?;
            report.acknowledged += acknowledged as u64;
            if acknowledged < sent.len() {
                // Sending the same again at once would only go round in circles.
                return Err(SyncError::NotTaken(format!(
                    "it answered for {acknowledged} of {} records; the others are sent again",
                    sent.len()
                )));
            }
        }
    }

    /// Closed report boxes, as they are. How many there are is told by the clock, not by reports.
    async fn bring_boxes(&self, connection: &mut Connection) -> Result<(), SyncError> {
        let disk = |e: crate::folder::FolderError| SyncError::Disk(e.to_string());
        while let Some((id, sealed)) = self.storage.ask(|store| store.closed_box())?.map_err(disk)? {
            let signed = SignedBox::sign(self.device.id(), sealed, &self.device.signing_key());
            let reply: BoxReply = connection.post("/kiosk/box", &signed).await?;
            if reply.id != id {
                return Err(SyncError::NotTaken("it answered for another report box than was sent".into()));
            }
            self.storage.ask(move |store| store.box_acknowledged(id))?.map_err(disk)?;
        }
        Ok(())
    }

    async fn fetch(
        &self,
        connection: &mut Connection,
        reply: &HelloReply,
        report: &mut Report,
    ) -> Result<(), SyncError> {
        let (pack, roster) = self.storage.ask(|store| store.held())?;
        if reply.pack > pack {
            let bytes = connection.get("/kiosk/pack").await?;
            let content = self.storage.ask(move |store| store.take_pack(&bytes))?;
            let content = content.map_err(|e| SyncError::NotTaken(e.to_string()))?;
            report.pack = Some(content.number);
            self.post.send(Event::Pack(Arc::new(content)));
        }
        if reply.roster > roster {
            let bytes = connection.get("/kiosk/roster").await?;
            let taken = self.storage.ask(move |store| {
                let events = store.take_roster_for_screens(&bytes)?;
                Ok::<_, OutboxError>((events, store.held().1))
            })?;
            let (events, number) = taken.map_err(|e| SyncError::NotTaken(e.to_string()))?;
            report.roster = number;
            for event in events {
                self.post.send(event);
            }
        }
        Ok(())
    }

    /// What children are answered. It goes to the screens alone, and to no disk. A hub that has none refuses: one of
    /// before there were answers, or of a school that does not answer.
    async fn fetch_answers(&self, connection: &mut Connection) -> Result<(), SyncError> {
        match connection.get("/kiosk/answers").await {
            // One that this program cannot read costs the answers alone, and no round.
            Ok(bytes) => {
                if let Ok(sheet) = codec::decode(&bytes) {
                    self.post.send(Event::Answers(Some(Arc::new(sheet))));
                }
            }
            Err(SyncError::Refused(Refusal {
                reason: RefusalReason::NothingThere | RefusalReason::BadRequest,
                ..
            })) => self.post.send(Event::Answers(None)),
            Err(SyncError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Keeps what came of a round, for `status`.
    pub(super) fn note(&self, outcome: &Result<Report, SyncError>, now: Moment) {
        let problem = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        // If the disk takes no note, the next round will say the same again.
        let _ = self.storage.ask(move |store| {
            if problem.is_empty() {
                store.outbox().set_note("last-sync", &now.0.to_be_bytes())?;
            }
            store.note_problem(&problem)?;
            Ok::<_, OutboxError>(())
        });
    }

    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, SyncError> {
        self.storage.ask(job)?.map_err(|e| SyncError::Disk(e.to_string()))
    }
}
