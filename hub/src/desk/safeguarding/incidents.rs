//! The log of incidents: what reports were made one, for those who can open them.

use axum::response::Response;

use super::{Asking, all, view::IncidentRow};
use crate::desk::view as desk_view;

/// The log, the latest first.
pub(in crate::desk) async fn log(asking: Asking) -> Response {
    super::page(asking, |visit, open| {
        let zone = visit.desk.hub.zone()?;
        let all = all(visit, open)?;
        let seen = all.iter().filter(|(_, held)| !held.is_aside_for(visit));
        let mut rows: Vec<_> =
            seen.flat_map(|(standing, held)| IncidentRow::of(held, standing, &zone)).collect();
        rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let rows: Vec<IncidentRow> = rows.into_iter().map(|(_, row)| row).collect();
        let mut context = visit.context("reports")?;
        context.insert("rows", &rows);
        context.insert("printed", &desk_view::when(visit.desk.hub.now(), &zone));
        visit.show("incidents.html", &context)
    })
    .await
}
