//! Brings a policy in from a file.

use std::sync::Arc;

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use tera::Context;

use super::Shared;
use crate::import::{self, ImportError, ImportKind, RunOptions};

pub(super) async fn ask(State(office): Shared) -> Response {
    asked(&office, "", false)
}

fn asked(office: &super::Office, trouble: &str, there: bool) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let mut context = Context::new();
    context.insert("trouble", trouble);
    context.insert("there", &there);
    office.paper.page("import.html", "import", Some(&open.name()), context)
}

pub(super) async fn bring(State(office): Shared, mut form: Multipart) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let mut file = None;
    let mut replace = false;
    loop {
        match form.next_field().await {
            Ok(Some(field)) => match field.name() {
                Some("file") => {
                    let name = field.file_name().unwrap_or_default().to_owned();
                    match field.bytes().await {
                        Ok(bytes) => file = Some((name, bytes)),
                        Err(_) => return asked(&office, &office.paper.word("import.too_large"), false),
                    }
                }
                Some("replace") => replace = true,
                _ => {}
            },
            Ok(None) => break,
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        }
    }
    let Some((name, bytes)) = file.filter(|(name, _)| !name.is_empty()) else {
        return asked(&office, &office.paper.word("import.no_file"), false);
    };
    let bringing = Arc::clone(&open);
    let done = tokio::task::spawn_blocking(move || {
        // The name says what kind of file it is, and gives a title where the text has none.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().replace(|c: char| c.is_control(), "");
        let scratch = tempfile::tempdir().map_err(|error| (error.to_string(), false))?;
        let source =
            scratch.path().join(if name.is_empty() || name.starts_with('.') { "policy.txt" } else { &name });
        std::fs::write(&source, &bytes).map_err(|error| (error.to_string(), false))?;
        let options = RunOptions { kind: ImportKind::Policy, replace };
        let report = import::run(&source, bringing.folder(), &options).map_err(|error| {
            let there = matches!(error, ImportError::Exists { .. });
            (error.to_string(), there)
        })?;
        bringing.preview.look_now();
        Ok(report)
    });
    match done.await {
        Ok(Ok(report)) => {
            let mut context = Context::new();
            context.insert("title", &report.imported.title);
            context.insert("slug", &report.imported.slug);
            context.insert("dropped", &report.imported.dropped);
            context.insert("doubts", &report.imported.doubts);
            office.paper.page("imported.html", "import", Some(&open.name()), context)
        }
        Ok(Err((_, true))) => asked(&office, &office.paper.word("import.there_already"), true),
        Ok(Err((why, false))) => asked(&office, &why, false),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
