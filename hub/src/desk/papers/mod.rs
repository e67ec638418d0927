//! What came on paper: a sheet that a class or one person signed, entered with its scan; each paper's own page, with its
//! scan to take out, to add or to take away.
//!
//! A scan is shown to nobody but the office, as a file to save, never within a page.

pub(super) mod one;
pub(super) mod sheet;

use std::sync::Arc;

use axum::{extract::Request, http::HeaderMap, response::Response};
use records::day::{Day, Moment};

use super::{
    Desk,
    upload::{Bounded, Upload},
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    scan::{self, Refused, Scan},
};

/// What a form with a scan may be, in bytes. More than a scan may be, so that somebody whose scan is too large is told
/// so, beside all that they typed.
pub(super) const FORM_MAX: usize = 64 * 1024 * 1024;
/// The name of the field for a scan.
const FIELD: &str = "scan";
/// What is said where a scan is refused: everything else is as it was.
const STILL_HERE: &str =
    "All that you typed is still here: choose the file again, or leave the scan for later.";

/// A form with a place for a scan.
pub(super) struct WithScan {
    /// What was typed.
    pub(super) typed: Upload,
    file: Bounded,
}

impl WithScan {
    /// Reads what the office sends and does its work. So much is read for nobody but who may send it.
    pub(super) async fn of_the_office(
        desk: Arc<Desk>,
        headers: &HeaderMap,
        request: Request,
        work: impl FnOnce(Visit, Self) -> Result<Response, Trouble> + Send + 'static,
    ) -> Response {
        if let Err(door) = visit::known(desk.clone(), headers, Room::Office).await {
            return door;
        }
        let (typed, file) = Upload::with_file(request, FIELD, scan::MOST).await;
        let token = typed.words("form_token");
        visit::form(desk, headers, Room::Office, token, move |visit| work(visit, Self { typed, file })).await
    }

    /// The picture by which somebody is known, where one was chosen in its place.
    ///
    /// # Errors
    /// [`Refused`].
    pub(super) fn portrait(&self) -> Result<Option<Vec<u8>>, Refused> {
        match &self.file {
            Bounded::None => Ok(None),
            Bounded::Whole(bytes) => scan::portrait(bytes).map(Some),
            Bounded::TooLong => Err(Refused::TooLarge),
        }
    }

    /// The scan, where one was chosen. It is decoded here: not to be called where others wait.
    ///
    /// # Errors
    /// [`Refused`].
    pub(super) fn scan(&self) -> Result<Option<Scan>, Refused> {
        match &self.file {
            Bounded::None => Ok(None),
            Bounded::Whole(bytes) => Scan::read(bytes).map(Some),
            Bounded::TooLong => Err(Refused::TooLarge),
        }
    }
}

/// What is said where the day on a paper is none, or is to come.
pub(super) const NO_DAY: &str =
    "Nothing was entered. Write the day that stands on the paper; it is not after today.";

/// The day that stands on a paper, as it was typed, and from when it counts. None where it is no day, or to come.
pub(super) fn day_on(visit: &Visit, typed: &str) -> Result<Option<(Day, Moment)>, Trouble> {
    let hub = &visit.desk.hub;
    let (zone, today) = (hub.zone()?, hub.today()?);
    let day = typed.trim().parse::<Day>().ok().filter(|day| *day <= today);
    Ok(day.and_then(|day| Some((day, clock::of_paper(day, hub.now(), &zone)?))))
}

/// “Nothing was entered yet. The day is 20 August 2026, and this school year began on …”: what speaks against a day, and
/// what to do where it is right all the same. None where nothing does.
pub(super) fn doubted(day: Day, why: &[String], where_right: &str) -> Option<String> {
    let why = (!why.is_empty()).then(|| why.join(", and "))?;
    Some(format!(
        "Nothing was entered yet. The day is {}, and {why}. Put the day right; or, {where_right}, say so below the day.",
        day.in_words()
    ))
}

/// “Nothing was kept: the scan is larger than 10 MB. …”
pub(super) fn not_kept(refused: Refused) -> String {
    format!("Nothing was kept: {refused}. {STILL_HERE}")
}
