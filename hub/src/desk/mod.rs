//! The desk: the hub's pages for the office. Every page is made here, on the server; one script looks
//! whether somebody calls ([`calls`]; [`listening`]: also when nobody has sat there for long; [`unanswered`]: when nobody
//! went), no page needs it, and the browser keeps nothing.
//!
//! 1. [`visit`]: who asks (session, form token), and running the work off the serving threads.
//! 2. [`sign_in`], [`password`], [`second_step`]: accounts at work; [`attempts`] slows guessing down; [`accounts`]: who
//!    has one, and ending it.
//! 3. [`home`], [`register`], [`papers`], [`shown`], [`office_notes`], [`words`], [`kiosks`] (all, and each by itself), [`set_aside`], [`mod@stick`], [`backups`], [`publish`]: the pages; [`figures`]: how many, never who.
//! 4. [`consent`], [`consent_view`], [`consent_asked`], [`consent_paper`]: what families allow; [`may_i`]: the same for whoever holds a camera; [`published`]: where the website shows whom; [`families`]: who they are, and [`mailing`] their codes;
//!    [`people`]: lists of them; [`person`]: one of them; [`mod@retention`]: how long what is known of them is kept; [`processing`]: the record of that;
//!    [`held`]: all of it for whoever asks, and a file for the next school; [`restrictions`]: court orders;
//!    [`visitors`]: the visitors' book.
//! 5. [`safeguarding`]: where holders of roles read reports and write down what was done; [`concern`]: what a child told an
//!    adult; [`unlocked`]: their keys, in memory; [`unopened`]: boxes that wait for them.
//!    [`audit`]: the log of who did what, without what concerns reports.
//! 6. [`registers`]: what staff write down by the school's own forms, and sign off.
//! 7. [`view`]: what the templates are told; [`handling`]: how what they print is to be handled; [`listing`]: which lines of a list, in which order; [`csv_export`]: the register as a file; [`display`]: for the wall;
//!    [`mod@print`]: how a PDF is had.
//! 8. [`pages`], [`assets`], [`headers`]: templates, fonts and styles, and what every answer carries.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use records::day::Moment;
use tokio::sync::Semaphore;

use crate::{
    hub::Hub,
    recovery::{begun::AllBegun, lost::Lost},
};

mod accounts;
pub(crate) mod assets;
pub mod attempts;
mod audit;
mod backups;
mod calls;
mod concern;
mod consent;
mod consent_asked;
mod consent_paper;
mod consent_view;
pub(crate) mod csv_export;
mod display;
mod families;
mod figures;
mod handling;
pub(crate) mod headers;
mod held;
mod home;
mod kiosks;
mod listening;
mod listing;
mod mailing;
mod may_i;
mod office_notes;
mod pages;
mod papers;
mod password;
mod people;
mod person;
mod print;
mod processing;
mod publish;
mod published;
mod register;
mod registers;
mod restrictions;
mod retention;
mod safeguarding;
mod second_step;
mod set_aside;
mod shown;
mod sign_in;
mod staff_pages;
mod stick;
mod taken_out;
mod unanswered;
mod unlocked;
mod unopened;
mod upload;
mod view;
mod visit;
mod visitors;
mod words;

/// A form of the desk is small.
const FORM_MAX: usize = 16 * 1024;
/// One in which somebody writes at length, or ticks many; each letter may take nine bytes on the way.
const ENTRY_FORM_MAX: usize = 64 * 1024;
/// Password checks at once: each takes 64 MiB.
const CHECKS_AT_ONCE: usize = 2;

/// How often keys that nobody uses are looked for.
const WIPE_EVERY: Duration = Duration::from_secs(30);

/// What all pages share.
struct Desk {
    hub: Arc<Hub>,
    pages: tera::Tera,
    attempts: Mutex<attempts::Attempts>,
    /// Tries of codes, and of passwords by somebody who is signed in, by account.
    codes: Mutex<attempts::Attempts>,
    half_in: Mutex<second_step::HalfIn>,
    checks: Semaphore,
    unlocked: Mutex<unlocked::Unlocked>,
    /// Halves of recovery sheets that were typed and wait for the others.
    begun: Mutex<AllBegun>,
    /// Keys that somebody has called lost.
    lost: Mutex<Lost>,
    mailing: Mutex<Option<mailing::Mailing>>,
    /// A list of people that was looked at and not taken yet.
    list: Mutex<Option<people::Waiting>>,
    /// A pack that was looked at and not published yet.
    draft: Mutex<Option<publish::Waiting>>,
    /// Held while the school's content is built.
    building: Mutex<()>,
}

impl Desk {
    /// The letters under way; those that have waited too long to be taken are gone.
    fn mailing(&self, now: Moment) -> MutexGuard<'_, Option<mailing::Mailing>> {
        let mut held = self.mailing.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_some_and(|letters| letters.is_stale(now)) {
            *held = None;
        }
        held
    }
}

/// The routes of the desk.
///
/// # Errors
/// [`tera::Error`] if a template is not one.
pub fn router(hub: Arc<Hub>) -> Result<Router, tera::Error> {
    let desk = Desk {
        hub,
        pages: pages::load()?,
        attempts: Mutex::default(),
        codes: Mutex::default(),
        half_in: Mutex::default(),
        checks: Semaphore::new(CHECKS_AT_ONCE),
        unlocked: Mutex::default(),
        begun: Mutex::default(),
        lost: Mutex::default(),
        mailing: Mutex::default(),
        list: Mutex::default(),
        draft: Mutex::default(),
        building: Mutex::default(),
    };
    let desk = Arc::new(desk);
    tokio::spawn(wipe_idle_keys(Arc::downgrade(&desk)));
    Ok(Router::new()
        .route("/", get(home::home))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-in/code", get(second_step::ask).post(second_step::take))
        .route("/second-step", get(second_step::page))
        .route("/second-step/begin", post(second_step::begin))
        .route("/second-step/confirm", post(second_step::confirm))
        .route("/second-step/codes", post(second_step::codes))
        .route("/second-step/remove", post(second_step::remove))
        .route("/second-step/others/{account}", post(second_step::reset))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/password", get(password::form).post(password::change))
        .route("/accounts", get(accounts::list))
        .route("/accounts/accounts.csv", get(accounts::file))
        .route("/accounts/{account}", get(accounts::one).post(accounts::end))
        .route("/register/{agreement}", get(register::summary))
        .route("/register/{agreement}/register.csv", get(register::export))
        .route("/register/{agreement}/{section}", get(register::section))
        .route("/register/{agreement}/{section}/display.pdf", post(display::display))
        .route(
            "/register/{agreement}/{section}/shown",
            get(shown::page).post(shown::enter).layer(DefaultBodyLimit::max(ENTRY_FORM_MAX)),
        )
        .route(
            "/register/{agreement}/{section}/paper",
            get(papers::sheet::page)
                .post(papers::sheet::enter)
                .layer(DefaultBodyLimit::max(papers::FORM_MAX)),
        )
        .route(
            "/paper/{id}",
            get(papers::one::page).post(papers::one::decide).layer(DefaultBodyLimit::max(papers::FORM_MAX)),
        )
        .route("/paper/{id}/scan", get(papers::one::scan))
        .route("/consent", get(consent::home))
        .route("/consent/form/{form}", get(consent::grid))
        .route("/consent/form/{form}/consent.csv", get(consent::export))
        .route("/consent/pupil/{id}", get(consent::pupil))
        .route("/consent/pupil/{id}/lift", post(consent::lift))
        .route(
            "/consent/pupil/{id}/paper/{form}",
            post(consent_paper::enter).layer(DefaultBodyLimit::max(papers::FORM_MAX)),
        )
        .route("/consent/may-i", get(may_i::of_office))
        .route(
            "/consent/pupil/{id}/portrait",
            post(may_i::portrait::bring).layer(DefaultBodyLimit::max(papers::FORM_MAX)),
        )
        .route("/may-i", get(may_i::of_staff))
        .route(
            "/may-i/groups",
            get(may_i::groups::list).post(may_i::groups::keep).layer(DefaultBodyLimit::max(ENTRY_FORM_MAX)),
        )
        .route("/may-i/groups/{group}", get(may_i::groups::one))
        .route("/may-i/portrait/{id}", get(may_i::portrait::picture))
        .route("/consent/asked", get(consent_asked::list))
        .route("/consent/asked/asked.csv", get(consent_asked::file))
        .route("/consent/published/published.csv", get(published::file))
        .route("/consent/published/gone", post(published::decide))
        .route("/consent/export", get(consent::signed_export))
        .route("/consent/roster", get(consent::roster))
        .route("/families", get(families::list))
        .route("/families/families.csv", get(families::export))
        .route("/families/letters", get(families::progress).post(families::begin))
        .route("/families/letters/file", get(families::file))
        .route("/families/letters/done", post(families::done))
        .route("/unopened", get(unopened::notice))
        .route("/handling", get(handling::page).post(handling::set))
        .route("/figures", get(figures::page))
        .route("/figures/figures.csv", get(figures::export))
        .route("/calls", get(calls::list))
        .route("/calls/unanswered", get(unanswered::page).post(unanswered::note))
        .route("/calls/unanswered/calls.csv", get(unanswered::file))
        .route("/calls/{kiosk}", post(calls::go))
        .route("/calls/{kiosk}/back", post(calls::back))
        .route("/concern", get(concern::form).post(concern::enter))
        .route("/calls.js", get(assets::calls))
        .route("/registers", get(registers::list::page))
        .route("/registers/{register}", get(registers::one::page))
        .route("/registers/{register}/register.csv", get(registers::one::export))
        .route("/registers/{register}/paper", post(registers::one::paper))
        .route("/registers/{register}/figures", get(registers::figures::page))
        .route("/registers/{register}/sign", post(registers::sign::off))
        .route(
            "/registers/{register}/new",
            get(registers::entry::new)
                .post(registers::entry::enter)
                .layer(DefaultBodyLimit::max(registers::FORM_MAX)),
        )
        .route("/registers/{register}/entry/{entry}", get(registers::entry::page))
        .route(
            "/registers/{register}/entry/{entry}/add",
            get(registers::entry::add_form)
                .post(registers::entry::add)
                .layer(DefaultBodyLimit::max(registers::FORM_MAX)),
        )
        .route("/registers/{register}/entry/{entry}/decide", post(registers::entry::decide))
        .route("/staff-pages", get(staff_pages::list))
        .route("/staff-pages/{slug}", get(staff_pages::page))
        .route("/words/{digest}", get(words::words))
        .route("/kiosks", get(kiosks::list::page))
        .route("/kiosks/kiosks.csv", get(kiosks::list::file))
        .route("/kiosks/pair", post(kiosks::pair))
        .route("/kiosks/{device}", get(kiosks::one::page))
        .route("/kiosks/{device}/name", post(kiosks::one::rename))
        .route("/kiosks/{device}/strike-off", get(kiosks::one::sure).post(kiosks::one::strike_off))
        .route("/kiosks/stick/{device}", post(stick::save))
        .route("/publish/build", post(publish::build::build))
        .route("/publish/decide", post(publish::decide))
        .route("/set-aside", get(set_aside::page).post(set_aside::looked))
        .route("/set-aside/set-aside.csv", get(set_aside::file))
        .route("/people/everybody", get(people::everybody::list))
        .route("/people/people.csv", get(people::everybody::file))
        .route("/people/columns", post(people::columns::said))
        .route("/people/decide", post(people::check::decide))
        .route("/people/undo", post(people::undo))
        .route("/people/remembered", get(people::remembered::page).post(people::remembered::forget))
        .route("/people/{id}", get(person::page).post(person::decide))
        .route("/people/{id}/transfer", post(held::transfer))
        .route(
            "/visitors",
            get(visitors::page).post(visitors::enter).layer(DefaultBodyLimit::max(papers::FORM_MAX)),
        )
        .route("/visitors/visitors.csv", get(visitors::export))
        .route("/visitors/{id}", get(visitors::one).post(visitors::decide))
        .route("/restrictions", get(restrictions::list))
        .route("/restrictions/{id}", get(restrictions::pupil).post(restrictions::decide))
        .route("/held", get(held::page))
        .route("/held/visitors", post(held::visitors))
        .route("/held/{id}", post(held::everything))
        .route("/retention", get(retention::page).post(retention::decide))
        .route("/retention/retention.csv", get(retention::file))
        .route("/processing", get(processing::page))
        .route("/processing/document.html", get(processing::document))
        .route("/audit", get(audit::page))
        .route("/audit/audit.csv", get(audit::export))
        .route("/audit/checkpoint", get(audit::checkpoint).post(audit::check))
        .route("/backups", get(backups::list).post(backups::now))
        .route("/backups/backups.csv", get(backups::file))
        .route("/safeguarding", get(safeguarding::list::desk))
        .route("/safeguarding/key", post(safeguarding::keys::make_key))
        .route(
            "/safeguarding/unlock",
            post(safeguarding::keys::unlock).layer(DefaultBodyLimit::max(ENTRY_FORM_MAX)),
        )
        .route("/safeguarding/lock", post(safeguarding::keys::lock))
        .route("/safeguarding/holders", post(safeguarding::keys::offer))
        .route("/safeguarding/holders/remove", post(safeguarding::keys::remove))
        .route("/safeguarding/steps", get(safeguarding::steps::list))
        .route("/safeguarding/steps/{chart}", get(safeguarding::steps::chart))
        .route("/safeguarding/keys", get(safeguarding::change::page).post(safeguarding::change::change))
        .route("/safeguarding/sheet", post(safeguarding::recovery::make))
        .route("/safeguarding/recovery", get(safeguarding::recovery::list))
        .route(
            "/safeguarding/recovery/{role}",
            get(safeguarding::recovery::page).post(safeguarding::recovery::typed),
        )
        .route("/safeguarding/recovery/{role}/lost", post(safeguarding::lost::say))
        .route("/safeguarding/keys/remembered", post(safeguarding::lost::remembered))
        .route("/safeguarding/recovered", post(safeguarding::recovery::seen))
        .route("/safeguarding/asked", get(safeguarding::asked::find).post(safeguarding::asked::pages))
        .route("/safeguarding/reports.csv", post(safeguarding::file::reports))
        .route("/safeguarding/incidents", get(safeguarding::incidents::log))
        .route("/safeguarding/incidents.csv", post(safeguarding::file::incidents))
        .route("/safeguarding/figures", get(safeguarding::figures::page))
        .route("/safeguarding/ended", get(safeguarding::ended::list))
        .route("/safeguarding/ended/{id}", post(safeguarding::ended::agree))
        .route("/safeguarding/report/{id}", get(safeguarding::report::report))
        .route(
            "/safeguarding/report/{id}/entries",
            post(safeguarding::report::enter).layer(DefaultBodyLimit::max(ENTRY_FORM_MAX)),
        )
        .route(
            "/safeguarding/report/{id}/answer",
            get(safeguarding::answer::look).post(safeguarding::answer::give),
        )
        .route("/symbols/{name}", get(assets::symbol))
        .route("/desk.css", get(assets::styles))
        .route("/signpost.svg", get(assets::signpost))
        .route("/fonts/{name}", get(assets::font))
        .fallback(visit::nothing_here)
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .route("/people", get(people::page).post(people::look).layer(DefaultBodyLimit::max(people::LIST_MAX)))
        .route(
            "/kiosks/stick",
            get(stick::page).post(stick::bring).layer(DefaultBodyLimit::max(stick::FILES_MAX)),
        )
        .route(
            "/publish",
            get(publish::page).post(publish::bring).layer(DefaultBodyLimit::max(publish::FORM_MAX)),
        )
        .route(
            "/consent/published",
            get(published::page).post(published::bring).layer(DefaultBodyLimit::max(published::LIST_MAX)),
        )
        .layer(middleware::from_fn(headers::add))
        .with_state(desk))
}

/// A key that nobody uses or whose day is over, and letters that nobody fetched, leave the memory also when no page is
/// asked for. Ends with the desk.
async fn wipe_idle_keys(desk: Weak<Desk>) {
    loop {
        tokio::time::sleep(WIPE_EVERY).await;
        let Some(desk) = desk.upgrade() else { return };
        let now = desk.hub.now();
        let wiping = desk.clone();
        let wiped = tokio::task::spawn_blocking(move || {
            let here = unlocked::Now::of(&wiping.hub);
            wiping.unlocked.lock().unwrap_or_else(PoisonError::into_inner).wipe_old(here);
        });
        drop(wiped.await);
        desk.begun.lock().unwrap_or_else(PoisonError::into_inner).wipe_old(now);
        drop(desk.mailing(now));
        let mut list = desk.list.lock().unwrap_or_else(PoisonError::into_inner);
        if list.as_ref().is_some_and(|list| list.is_stale(now)) {
            *list = None;
        }
        let mut draft = desk.draft.lock().unwrap_or_else(PoisonError::into_inner);
        if draft.as_ref().is_some_and(|draft| draft.is_stale(now)) {
            *draft = None;
        }
    }
}
