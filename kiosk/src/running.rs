//! A kiosk that runs: the machine with its storage and its sync, without a window.
//!
//! The window and the scripted kiosk both drive this, so that what one does the other does.

use std::{
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use rand_core::Rng as _;
use records::{
    family_code::FamilyCode,
    ids::{ClassId, RecordId},
    report::{Report, Route},
    survey::SurveyAnswers,
};

use crate::{
    folder::{Folder, FolderError},
    machine::{
        self, Chance, Content, Effect, Event, Figures, Keeping, Now, Pin, Settings, State, StickTrouble,
        Undoing,
    },
    outbox::OutboxError,
    sound::Speaker,
    stick::{self, Where},
    storage::{Found, Storage, Store, Tried, TriedPin, random, wall_clock},
    sync::Syncer,
    system::since_boot,
    waking::Watch,
};

/// Brings an event to the machine from another thread, and wakes whoever paints.
#[derive(Clone)]
pub struct Post {
    events: Sender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Post {
    /// Sends an event. After the kiosk has ended it goes nowhere.
    pub fn send(&self, event: Event) {
        if self.events.send(event).is_ok() {
            (self.wake)();
        }
    }
}

/// An answer that is owed to the machine: given even if the job that owes it fails midway.
struct Owed {
    post: Post,
    otherwise: Option<Event>,
}

impl Owed {
    fn give(mut self, event: Event) {
        self.otherwise = None;
        self.post.send(event);
    }
    /// Whether something that must be kept is kept; `given` says that it is. What was found of the disk is told first.
    fn kept<E>(self, store: &mut Store, kept: &Result<(), E>, given: Event) {
        if let Some(news) = store.disk_news() {
            self.post.send(news);
        }
        if kept.is_ok() {
            self.give(given);
        }
    }
}
impl Drop for Owed {
    fn drop(&mut self) {
        if let Some(event) = self.otherwise.take() {
            self.post.send(event);
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Why a kiosk cannot run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The system gives no thread.
    #[error("the system gives this program no thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl StartError {
    /// Whether another program has the folder.
    pub const fn is_in_use(&self) -> bool {
        matches!(self, Self::Outbox(OutboxError::Folder(FolderError::InUse(_))))
    }
}

/// A kiosk that runs.
pub struct Running {
    /// The machine's state.
    pub state: State,
    /// What was wrong with the folder at the start.
    pub problems: Vec<String>,
    /// Its sync, if it is paired.
    pub syncer: Option<Syncer>,
    /// Where sticks are looked for.
    pub sticks: Where,
    storage: Storage,
    speaker: Option<Speaker>,
    threads: Vec<thread::JoinHandle<()>>,
    post: Post,
    inbox: Receiver<Event>,
    owed: usize,
    // By the clock that goes on while the computer sleeps.
    started: Duration,
    watch: Option<Watch>,
    ahead: u64,
    wiped: bool,
}

impl Running {
    /// Opens a folder and starts the threads. `wake` is called from other threads when there is
    /// something to paint.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(folder: Folder, wake: impl Fn() + Send + Sync + 'static) -> Result<Self, StartError> {
        let (store, found) = Store::open(folder)?;
        Self::with(store, found, wake)
    }

    fn with(store: Store, found: Found, wake: impl Fn() + Send + Sync + 'static) -> Result<Self, StartError> {
        let (events, inbox) = mpsc::channel();
        let post = Post { events, wake: Arc::new(wake) };
        let device = store.device().clone();
        let paired = store.paired().cloned();
        let (storage, thread) = Storage::start(store)?;
        let mut threads = vec![thread];
        let syncer = match paired {
            Some(paired) => {
                let (syncer, thread) = Syncer::start(&device, paired, storage.clone(), post.clone())?;
                threads.push(thread);
                Some(syncer)
            }
            None => None,
        };
        // Where the system has no thread for it, what was left there is wiped a little later.
        let wake = post.wake.clone();
        let watch = Watch::start(move || wake()).ok().map(|(watch, thread)| {
            threads.push(thread);
            watch
        });
        let now = Now { since_start: 0, wall: wall_clock() };
        let mut running = Self {
            state: State::new(device.id(), now),
            problems: found.problems,
            syncer,
            sticks: Where::default(),
            storage,
            speaker: None,
            threads,
            post,
            inbox,
            owed: 0,
            started: since_boot(),
            watch,
            ahead: 0,
            wiped: false,
        };
        running.state.notices.clone_from(&running.problems);
        running.take(Event::HasPin(found.pin));
        running.take(Event::PinSlowed(milliseconds(found.pin_slowed)));
        running.take(Event::Settings(found.settings));
        running.take(Event::Classes(found.classes));
        running.take(Event::Adults(found.adults));
        running.take(Event::Telling(found.telling));
        running.take(Event::Families(found.families));
        running.take(Event::Slowed(milliseconds(found.slowed)));
        running.take(Event::Disk(found.disk));
        if let Some(pack) = found.pack {
            running.take(Event::Pack(Arc::new(Content::new(pack))));
        }
        Ok(running)
    }

    /// From now on, what is read aloud is heard. Without this it is only shown. Where the system gives no thread for
    /// it, it stays silent.
    pub fn speak_aloud(&mut self) {
        if let Ok((speaker, thread)) = Speaker::start() {
            self.speaker = Some(speaker);
            self.threads.push(thread);
        }
    }

    /// The time, from both clocks.
    pub fn now(&self) -> Now {
        let since = u64::try_from(since_boot().saturating_sub(self.started).as_millis()).unwrap_or(u64::MAX);
        Now { since_start: since.saturating_add(self.ahead), wall: wall_clock() }
    }

    /// Lets time pass without waiting for it.
    pub fn skip(&mut self, milliseconds: u64) {
        self.ahead = self.ahead.saturating_add(milliseconds);
        self.tick();
    }

    /// Tells the machine what time it is.
    pub fn tick(&mut self) {
        let now = self.now();
        self.take(Event::Tick(now));
    }

    /// Takes an event at the present time, and has done what follows from it.
    pub fn handle(&mut self, event: Event) {
        self.tick();
        self.take(event);
    }

    /// Takes what other threads have sent meanwhile.
    pub fn collect(&mut self) {
        while let Ok(event) = self.inbox.try_recv() {
            self.answered(event);
        }
    }

    /// Waits until storage has answered all that was asked of it. Not for the painting thread.
    pub fn settle(&mut self) {
        self.collect();
        while self.owed > 0 {
            match self.inbox.recv() {
                Ok(event) => self.answered(event),
                Err(_) => return,
            }
        }
    }

    /// Whether something of a person was just wiped, told once.
    pub fn take_wiped(&mut self) -> bool {
        std::mem::take(&mut self.wiped)
    }

    /// The way to the storage thread.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Ends the threads, after what was handed to them is done.
    pub fn end(self) {
        let Self { storage, syncer, speaker, watch, threads, post, .. } = self;
        drop((storage, syncer, speaker, watch, post));
        for thread in threads {
            // A thread that failed has said so; there is nothing left to do for it.
            let _ = thread.join();
        }
    }

    fn answered(&mut self, event: Event) {
        let answer = matches!(
            event,
            Event::ClassOpened(_)
                | Event::ClassUnavailable(_)
                | Event::Saved(_)
                | Event::NotSaved(_)
                | Event::Told(_)
                | Event::NotTold(_)
                | Event::FamilyOpened(..)
                | Event::FamilyUnknown(_)
                | Event::FamilyUnavailable(_)
                | Event::AdultsOpened(_)
                | Event::AdultsUnavailable(_)
                | Event::HasPin(_)
                | Event::PinRight(_)
                | Event::PinWrong(_)
                | Event::PinTrouble(_)
                | Event::PinChanged(_)
                | Event::Figures(_)
                | Event::Stick(..)
        );
        self.owed = self.owed.saturating_sub(usize::from(answer));
        self.handle(event);
    }

    fn take(&mut self, event: Event) {
        for effect in machine::update(&mut self.state, event) {
            match effect {
                Effect::OpenClass(class) => self.open_class(class),
                Effect::Save(signature) => {
                    self.save(signature.id, move |store| store.save(*signature));
                }
                Effect::SaveVisitor(signature) => {
                    self.save(signature.id, move |store| store.save_visitor(*signature));
                }
                Effect::Tell { told, route, report } => self.tell(told, route, *report),
                Effect::Count { told, answers } => self.count(told, *answers),
                Effect::OpenFamily { number, code } => self.open_family(number, code),
                Effect::Keep(keeping) => self.keep(keeping),
                Effect::OpenAdults(group) => {
                    let owed = self.owe(Event::AdultsUnavailable(group));
                    let job = move |store: &mut Store| {
                        if let Ok(opened) = store.open_adults(group) {
                            owed.give(Event::AdultsOpened(Box::new(opened)));
                        }
                    };
                    let _ = self.storage.hand(job);
                }
                Effect::LookForPin => {
                    let owed = self.owe(Event::HasPin(false));
                    let _ = self.storage.hand(move |store| owed.give(Event::HasPin(store.has_pin())));
                }
                Effect::TryPin { number, pin } => self.try_pin(number, pin),
                Effect::ChangePin { number, pin } => self.change_pin(number, pin),
                Effect::Undo(undoing) => self.undo(undoing),
                Effect::KeepSettings(settings) => self.keep_settings(settings),
                Effect::Figures => {
                    let owed = self.owe(Event::Figures(Figures::default()));
                    let job = move |store: &mut Store| {
                        if let Ok(figures) = store.figures() {
                            owed.give(Event::Figures(figures));
                        }
                    };
                    let _ = self.storage.hand(job);
                }
                Effect::Stick { number, way } => {
                    let owed = self.owe(Event::Stick(number, Err(StickTrouble::Disk)));
                    let (storage, place) = (self.storage.clone(), self.sticks.clone());
                    // A stick may be slow: nobody else waits for it, and no thread is kept for it.
                    let work = move || {
                        let (news, told) = stick::go(&storage, &place, way);
                        news.into_iter().for_each(|event| owed.post.send(event));
                        owed.give(Event::Stick(number, told));
                    };
                    // Where the system has no thread to spare, the work is dropped and with it gives its other answer.
                    let _ = thread::Builder::new().name("stick".into()).spawn(work);
                }
                Effect::Call(number) => {
                    if let Some(syncer) = &self.syncer {
                        syncer.call(number);
                    }
                }
                Effect::Say(recordings) => {
                    if let (Some(speaker), Some(content)) = (&self.speaker, &self.state.content) {
                        let sounds = recordings.into_iter().filter_map(|place| content.sound(place));
                        speaker.say(sounds.collect());
                    }
                }
                Effect::Hush => {
                    if let Some(speaker) = &self.speaker {
                        speaker.hush();
                    }
                }
                Effect::Visited => {
                    // A disk that does not take it has nothing to say to anybody: nothing was given in.
                    let post = self.post.clone();
                    let _ = self.storage.hand(move |store| {
                        drop(store.visited(None));
                        store.disk_news().into_iter().for_each(|news| post.send(news));
                    });
                }
                Effect::Wiped => self.wiped = true,
            }
        }
        if self.state.wants_chance() {
            let mut chance = [0; 16];
            random().fill_bytes(&mut chance);
            machine::update(&mut self.state, Event::Chance(chance));
        }
    }

    /// No nudge to the sync follows: when boxes go, the clock decides.
    fn tell(&mut self, told: Chance, route: Route, report: Report) {
        let owed = self.owe(Event::NotTold(told));
        let job = move |store: &mut Store| {
            let kept = store.visited(Some((route, report)));
            owed.kept(store, &kept, Event::Told(told));
        };
        let _ = self.storage.hand(job);
    }

    /// As with a report.
    fn count(&mut self, told: Chance, answers: SurveyAnswers) {
        let owed = self.owe(Event::NotTold(told));
        let job = move |store: &mut Store| {
            let kept = store.count(&answers);
            owed.kept(store, &kept, Event::Told(told));
        };
        let _ = self.storage.hand(job);
    }

    fn owe(&mut self, otherwise: Event) -> Owed {
        self.owed += 1;
        Owed { post: self.post.clone(), otherwise: Some(otherwise) }
    }

    fn open_class(&mut self, class: ClassId) {
        let owed = self.owe(Event::ClassUnavailable(class));
        let job = move |store: &mut Store| {
            if let Ok(Some(opened)) = store.open_class(class) {
                owed.give(Event::ClassOpened(Box::new(opened)));
            }
        };
        // Where the thread is gone, the job is dropped and with it gives its other answer.
        let _ = self.storage.hand(job);
    }

    fn open_family(&mut self, number: u64, code: FamilyCode) {
        let owed = self.owe(Event::FamilyUnavailable(number));
        let job = move |store: &mut Store| match store.open_family(&code) {
            Ok(Tried::Opened(opened)) => owed.give(Event::FamilyOpened(number, opened)),
            Ok(Tried::Wrong { wait }) => {
                owed.post.send(Event::Slowed(milliseconds(wait)));
                owed.give(Event::FamilyUnknown(number));
            }
            Err(_) => {}
        };
        let _ = self.storage.hand(job);
    }

    fn keep(&mut self, keeping: Box<Keeping>) {
        let id = keeping.kept.id();
        let owed = self.owe(Event::NotSaved(id));
        let nudge = self.syncer.as_ref().map(Syncer::nudger);
        let job = move |store: &mut Store| {
            let kept = store.keep(&keeping);
            owed.kept(store, &kept, Event::Saved(id));
            if let Some(nudge) = nudge.filter(|_| kept.is_ok()) {
                nudge.nudge();
            }
        };
        let _ = self.storage.hand(job);
    }

    fn try_pin(&mut self, number: u64, pin: Pin) {
        let owed = self.owe(Event::PinTrouble(number));
        let job = move |store: &mut Store| match store.try_pin(&pin) {
            Ok(TriedPin::Right) => owed.give(Event::PinRight(number)),
            Ok(TriedPin::Wrong { wait }) => {
                owed.post.send(Event::PinSlowed(milliseconds(wait)));
                owed.give(Event::PinWrong(number));
            }
            Err(_) => {}
        };
        let _ = self.storage.hand(job);
    }

    fn change_pin(&mut self, number: u64, pin: Pin) {
        let owed = self.owe(Event::PinTrouble(number));
        let job = move |store: &mut Store| {
            if store.change_pin(&pin).is_ok() {
                owed.give(Event::PinChanged(number));
            }
        };
        let _ = self.storage.hand(job);
    }

    fn undo(&mut self, undoing: Box<Undoing>) {
        let id = undoing.undo.id;
        let owed = self.owe(Event::NotSaved(id));
        let nudge = self.syncer.as_ref().map(Syncer::nudger);
        let job = move |store: &mut Store| {
            let kept = store.undo(&undoing);
            owed.kept(store, &kept, Event::Saved(id));
            if let Some(nudge) = nudge.filter(|_| kept.is_ok()) {
                nudge.nudge();
            }
        };
        let _ = self.storage.hand(job);
    }

    fn keep_settings(&self, settings: Settings) {
        let post = self.post.clone();
        let job = move |store: &mut Store| {
            if store.keep_settings(&settings).is_err() {
                post.send(Event::SettingsNotKept);
            }
        };
        let _ = self.storage.hand(job);
    }

    fn save(
        &mut self,
        id: RecordId,
        put: impl FnOnce(&mut Store) -> Result<(), OutboxError> + Send + 'static,
    ) {
        let owed = self.owe(Event::NotSaved(id));
        let nudge = self.syncer.as_ref().map(Syncer::nudger);
        let job = move |store: &mut Store| {
            let kept = put(store);
            owed.kept(store, &kept, Event::Saved(id));
            if let Some(nudge) = nudge.filter(|_| kept.is_ok()) {
                nudge.nudge();
            }
        };
        let _ = self.storage.hand(job);
    }
}
