//! Who must be told: the school's own flowcharts, as the questions that they ask. Nothing here decides.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::Asking;
use crate::desk::visit::{Trouble, Visit};

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::desk) struct For {
    /// The report from which somebody came, to go back to.
    report: String,
}

/// Every flowchart in short.
pub(in crate::desk) async fn list(asking: Asking, Query(back): Query<For>) -> Response {
    super::page(asking, move |visit, _| {
        let mut context = context(visit, &back)?;
        let pack = visit.desk.hub.pack()?;
        context.insert("charts", &pack.as_ref().map(|pack| &pack.content.flowcharts[..]).unwrap_or_default());
        visit.show("steps.html", &context)
    })
    .await
}

/// One, step by step.
pub(in crate::desk) async fn chart(
    asking: Asking,
    Path(slug): Path<String>,
    Query(back): Query<For>,
) -> Response {
    super::page(asking, move |visit, _| {
        let pack = visit.desk.hub.pack()?.ok_or(Trouble::NothingHere)?;
        let chart = pack.content.flowcharts.iter().find(|chart| chart.slug.as_str() == slug);
        let mut context = context(visit, &back)?;
        context.insert("chart", chart.ok_or(Trouble::NothingHere)?);
        visit.show("steps_chart.html", &context)
    })
    .await
}

fn context(visit: &Visit, back: &For) -> Result<tera::Context, Trouble> {
    let mut context = visit.context("reports")?;
    // An id is digits and letters; anything else leads nowhere.
    let id: Option<records::ids::EnvelopeId> = back.report.parse().ok();
    context.insert("report", &id.map(|id| id.to_string()).unwrap_or_default());
    Ok(context)
}
