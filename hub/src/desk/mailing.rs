//! Letters with new codes, on their way: made beside the pages, because 300 of them take a minute.
//!
//! The codes are kept only once their letters are printed. Letters and codes stay in memory, for whoever asked for
//! them, until they say they have them or half an hour has passed; then nobody has the codes but the letters. So
//! letters that nobody has downloaded are not let go for others by mistake: their codes are in force already.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use records::day::Moment;

use super::print;
use crate::{
    families::{self, Household},
    handling::Label,
    hub::Hub,
    log,
    store::{accounts::Account, audit::Actor},
};

/// For how many seconds letters wait to be taken.
const WAITS: i64 = 30 * 60;
/// The letter that has a place for the code.
const LETTER: &str = "consent-evening";

/// What became of some letters.
#[derive(Clone)]
pub(super) enum Step {
    Codes,
    Letters,
    Ready(Arc<Made>),
    Failed(String),
}

/// What there is to take away.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) form: Form,
}

/// A print, or where this hub cannot print, the list from which letters are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Letters,
    /// Too many for one print: a zip of some.
    Parcel,
    List,
}

/// Letters that are being made, or wait to be taken.
pub(super) struct Mailing {
    pub(super) account: i64,
    /// The name of whoever asked.
    pub(super) by: String,
    pub(super) total: usize,
    pub(super) begun: Moment,
    families: Vec<[u8; 16]>,
    fetched: AtomicBool,
    done: Arc<AtomicUsize>,
    step: Arc<Mutex<Step>>,
}

impl Mailing {
    /// Begins to make letters for these families.
    pub(super) fn begin(hub: Arc<Hub>, account: &Account, families: Vec<Household>) -> Self {
        let mailing = Self {
            account: account.id,
            by: account.name.clone(),
            total: families.len(),
            begun: hub.now(),
            families: families.iter().map(|family| family.id).collect(),
            fetched: AtomicBool::new(false),
            done: Arc::default(),
            step: Arc::new(Mutex::new(Step::Codes)),
        };
        let (account, done, step) = (account.id, mailing.done.clone(), mailing.step.clone());
        thread::spawn(move || {
            let ended = match make(&hub, account, &families, &done, &step) {
                Ok(made) => Step::Ready(Arc::new(made)),
                Err(why) => {
                    // What the print engine says may name somebody: it is for the page alone.
                    log::line("letters not made");
                    Step::Failed(why)
                }
            };
            *locked(&step) = ended;
        });
        mailing
    }

    pub(super) fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    pub(super) fn step(&self) -> Step {
        locked(&self.step).clone()
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.step(), Step::Codes | Step::Letters)
    }

    /// They were downloaded.
    pub(super) fn fetched(&self) {
        self.fetched.store(true, Ordering::Relaxed);
    }

    /// Whether they are ready, and nobody has downloaded them: with them their families' codes would be lost.
    pub(super) fn waits(&self) -> bool {
        matches!(self.step(), Step::Ready(_)) && !self.fetched.load(Ordering::Relaxed)
    }

    /// Whether a letter to this family is among them.
    pub(super) fn is_to(&self, family: &Household) -> bool {
        self.families.contains(&family.id)
    }

    /// Whether they have waited long enough.
    pub(super) fn is_stale(&self, now: Moment) -> bool {
        !self.is_under_way() && now.0.saturating_sub(self.begun.0) > WAITS
    }
}

fn locked(step: &Mutex<Step>) -> MutexGuard<'_, Step> {
    step.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make(
    hub: &Hub,
    account: i64,
    families: &[Household],
    done: &AtomicUsize,
    step: &Mutex<Step>,
) -> Result<Made, String> {
    let ids: Vec<_> = families.iter().map(|family| family.id).collect();
    let issued =
        hub.make_codes(&ids, |count| done.store(count, Ordering::Relaxed)).map_err(|e| e.to_string())?;
    *locked(step) = Step::Letters;
    let lines: Vec<_> = families.iter().zip(issued.iter().map(|one| &one.code)).collect();
    let label = hub.label(Label::Lists).map_err(|e| e.to_string())?;
    let list = families::letter_list(&label, &lines, hub.today().map_err(|e| e.to_string())?);
    let made = match hub.content() {
        None => Made { bytes: list, form: Form::List },
        Some(content) => {
            let school = content.display().to_string();
            let arguments =
                ["letters", LETTER, "--school", &school, "--families", "-", "--one-file", "--out", "-"];
            let bytes = print::printed(&arguments, list, Instant::now() + print::BESIDE_THE_PAGES)
                .map_err(|e| e.to_string())?;
            let form = if bytes.starts_with(print::ZIP) { Form::Parcel } else { Form::Letters };
            Made { bytes, form }
        }
    };
    // Last: until its letter is there, a family's earlier code is good.
    hub.keep_codes(issued, Actor::Account(account)).map_err(|e| e.to_string())?;
    Ok(made)
}
