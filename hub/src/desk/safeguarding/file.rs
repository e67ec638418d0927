//! Lists of the safeguarding desk as files for a spreadsheet: of reports, and of incidents. Whoever takes one says why, and
//! each report that stands in it has that on record before they get it.

use axum::{Form, response::Response};
use records::report_entry::{Deed, Row};

use super::{
    Asking, Held, all, entered, incidents, list,
    view::{HEADINGS, INCIDENT_HEADINGS},
    write,
};
use crate::desk::{
    listing::Listing,
    taken_out::{self, Names},
    visit::{Trouble, Visit},
};

/// What of a list is taken, and why.
#[derive(serde::Deserialize)]
pub(in crate::desk) struct Taken {
    #[serde(default)]
    name: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    because: String,
    #[serde(default)]
    form_token: String,
}

impl Taken {
    fn which(&self) -> Listing {
        let (name, show, sort) = (self.name.clone(), self.show.clone(), self.sort.clone());
        Listing { name, show, sort, ..Listing::default() }
    }

    /// Why, as it stands in each report.
    fn because(&self) -> Result<String, String> {
        let because = entered::text(&self.because, "No file was made. Write for whom it is, and why.")?;
        Ok(format!("In a file with a list. {because}"))
    }
}

/// The reports that are meant.
pub(in crate::desk) async fn reports(asking: Asking, Form(sent): Form<Taken>) -> Response {
    super::form(asking, sent.form_token.clone(), move |visit, open| {
        let hub = &visit.desk.hub;
        let which = sent.which();
        let refuse = |why: &str| list::not_taken(visit, open, &which, &sent.because, why);
        let because = match sent.because() {
            Ok(because) => because,
            Err(why) => return refuse(&why),
        };
        let (tell, zone) = (hub.pack()?.and_then(|pack| pack.content.tell.clone()), hub.zone()?);
        let mut all = all(visit, open)?;
        all.retain(|(_, held)| !held.is_aside_for(visit));
        let found = list::meant(&all, &which, tell.as_ref(), &zone);
        if !on_record(visit, found.iter().map(|(held, _)| *held), &because)? {
            return refuse("No file was made. The reason is too long for one entry: make it shorter.");
        }
        let lines = found.iter().map(|(held, card)| card.cells(held));
        taken_out::list(visit, ("reports", "Reports"), Names::InReports, &HEADINGS, lines)
    })
    .await
}

/// The incidents that are meant.
pub(in crate::desk) async fn incidents(asking: Asking, Form(sent): Form<Taken>) -> Response {
    super::form(asking, sent.form_token.clone(), move |visit, open| {
        let which = sent.which();
        let refuse = |why: &str| incidents::not_taken(visit, open, &which, &sent.because, why);
        let because = match sent.because() {
            Ok(because) => because,
            Err(why) => return refuse(&why),
        };
        let all = all(visit, open)?;
        let found = incidents::meant(visit, &all, &which)?;
        let mut reports: Vec<&Held> = Vec::new();
        for (held, _) in &found {
            if reports.iter().all(|one| one.found.id != held.found.id) {
                reports.push(held);
            }
        }
        if !on_record(visit, reports.into_iter(), &because)? {
            return refuse("No file was made. The reason is too long for one entry: make it shorter.");
        }
        let lines = found.iter().map(|(_, row)| row.cells());
        taken_out::list(visit, ("incidents", "Incidents"), Names::InReports, &INCIDENT_HEADINGS, lines)
    })
    .await
}

/// Writes into each of them that it is taken out. False where the reason is too long for an entry.
fn on_record<'h>(
    visit: &Visit,
    reports: impl Iterator<Item = &'h Held>,
    because: &str,
) -> Result<bool, Trouble> {
    for held in reports {
        let deed = Deed::Exported { because: because.to_owned() };
        if !write(visit, &held.key, Row::Deeds, deed)? {
            return Ok(false);
        }
    }
    Ok(true)
}
