//! Publishes to a folder or a stick.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use tera::Context;

use super::{Shared, folders, home, start};
use crate::{
    check::Extra,
    diagnostic::Report,
    kept_from_hub,
    output::{self, Interrupted},
    publish::{self, Outcome},
};

/// The folder that is made for what is published, within the folder that was chosen.
const FOLDER: &str = "school-website";

pub(super) async fn ask(State(office): Shared, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let to = asked.get("to").map(PathBuf::from).filter(|to| folders::list(to).is_some());
    let to = to.unwrap_or_else(home).join(FOLDER);
    page(&office, &to.display().to_string(), "", "", None)
}

/// The form. `refused` is what publishing found: it asks more than the preview does, so that the preview's
/// findings would leave out why it was refused.
fn page(
    office: &super::Office,
    to: &str,
    approved_by: &str,
    trouble: &str,
    refused: Option<&Report>,
) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let shown = open.preview.report();
    let report = refused.unwrap_or(&shown);
    let mut context = Context::new();
    context.insert("to", to);
    context.insert("approved_by", approved_by);
    context.insert("trouble", trouble);
    context.insert("sticks", &folders::plugged_in());
    context.insert("errors", &report.errors());
    context.insert("warnings", &report.warnings());
    context.insert("problems", &start::findings(&open, report.diagnostics()));
    office.paper.page("publish.html", "publish", Some(&open.name()), context)
}

pub(super) async fn publish(State(office): Shared, Form(sent): Form<BTreeMap<String, String>>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let to = sent.get("to").map(|to| to.trim().to_owned()).unwrap_or_default();
    let approved_by = sent.get("approved_by").map(|who| who.trim().to_owned()).unwrap_or_default();
    let target = PathBuf::from(&to);
    if !target.is_absolute() || target.starts_with(open.folder().join("policies")) {
        return page(&office, &to, &approved_by, &office.paper.word("publish.no_folder"), None);
    }
    let (folder, theme, day) = (open.folder().to_owned(), open.preview.theme(), office.day());
    let who = (!approved_by.is_empty()).then(|| approved_by.clone());
    let consent = kept_from_hub::asked(&folder, true);
    let done = tokio::task::spawn_blocking(move || {
        let extra =
            Extra { held: output::photographs(&target), consent, publishing: true, ..Extra::default() };
        let prints = output::prints(&target);
        publish::publish(&folder, &theme, day, &extra, &target, Some(&prints), who.as_deref())
    });
    match done.await {
        Ok(Ok(Outcome::ToMend { checked, interrupted })) => {
            let trouble = [office.paper.word("publish.to_mend"), of_interrupted(&office, interrupted)];
            page(&office, &to, &approved_by, trouble.join(" ").trim(), Some(&checked.report))
        }
        Ok(Ok(Outcome::Done(done))) => {
            let mut context = Context::new();
            context.insert("to", &to);
            context.insert("stick", &folders::is_on_a_stick(Path::new(&to)));
            context.insert("interrupted", &of_interrupted(&office, done.interrupted));
            context.insert("site", &format!("{to}/site"));
            // The desk finds the pages that a withdrawal touches by this list.
            let list = if done.listed { format!("{to}/pack/school.published") } else { String::new() };
            context.insert("published_list", &list);
            context.insert("files", &done.written.files);
            context.insert("changed", &done.written.changed);
            let kept: Vec<String> =
                done.kept.iter().flatten().map(|file| file.display().to_string()).collect();
            context.insert("kept", &kept.len());
            context.insert("not_kept", &done.kept.err().map(|error| error.to_string()).unwrap_or_default());
            office.paper.page("published.html", "publish", Some(&open.name()), context)
        }
        Ok(Err(error)) => page(&office, &to, &approved_by, &format!("{error}."), None),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What became of an earlier publishing that was cut off; empty where there was none.
fn of_interrupted(office: &super::Office, interrupted: Interrupted) -> String {
    match interrupted {
        Interrupted::No => String::new(),
        Interrupted::Undone => office.paper.word("publish.undone"),
        Interrupted::Finished => office.paper.word("publish.finished"),
        Interrupted::Torn => office.paper.word("publish.torn"),
    }
}
