//! What leaves the desk as a file. Whoever takes names out of the hub is in the log before they get them, and a file that
//! has names says so in its own name and in its first line.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{
    csv_export,
    visit::{Trouble, Visit},
};
use crate::{handling::Label, store::audit::Actor};

/// Who is in a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names<'a> {
    /// Nobody.
    Nobody,
    /// People: what the log says of it, and of what.
    People(&'a str, &'a str),
    /// Whoever is in reports. Each of those says by itself that it was taken.
    InReports,
}

/// A list as a file for a spreadsheet, called by its name and the day; `what` it is stands at its head, then the headings.
///
/// # Errors
/// Where it cannot be noted: then it is not handed out.
pub(super) fn list(
    visit: &Visit,
    (name, what): (&str, &str),
    names: Names<'_>,
    headings: &[&str],
    lines: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let (label, ending) = match names {
        Names::Nobody => (Label::Lists, ""),
        Names::People(..) => (Label::Lists, "-PERSONAL-DATA"),
        Names::InReports => (Label::Reports, "-CONFIDENTIAL"),
    };
    if let Names::People(noted, of) = names {
        hub.store.note(Actor::Account(visit.account.id), noted, of, hub.now())?;
    }
    let today = hub.today()?;
    let headings = headings.iter().copied().map(str::to_owned).collect();
    let lines = std::iter::once(headings).chain(lines);
    let bytes = csv_export::labelled(&hub.label(label)?, what, today, lines);
    Ok(download("text/csv; charset=utf-8", &format!("{name}-{today}{ending}.csv"), bytes))
}

/// Bytes as a file to be saved.
pub(super) fn download(kind: &str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
