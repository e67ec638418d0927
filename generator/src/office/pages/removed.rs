//! Pages that were taken away, and their way back.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;

use super::{Sent, asked_for, in_peace, links, title_of, with_translations};
use crate::office::{
    Office, Shared, edit, form,
    paper::in_an_address,
    place::{self, PlaceError},
};

/// Within the school's folder; no build looks into it.
const REMOVED: &str = ".signpost/removed";

pub(crate) async fn ask(State(office): Shared, Query(sent): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    in_peace(move || {
        let file = match asked_for(&open, &sent) {
            Ok(file) => file,
            Err(error) => return edit::trouble(&office, &error),
        };
        let files = with_translations(open.folder(), &file);
        let mut context = Context::new();
        context.insert("file", &file);
        context.insert("edit", &edit::address(&file));
        context.insert("title", &title_of(&open, &file));
        context.insert("others", &files.len().saturating_sub(1));
        context.insert("linking", &links::leading_to(&links::school_now(open.folder()), &file, &files));
        office.paper.page("page_remove.html", "pages", Some(&open.name()), context)
    })
    .await
}

pub(crate) async fn remove(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    in_peace(move || {
        let taken = asked_for(&open, &sent).and_then(|file| take_away(open.folder(), &file, &edit::now()));
        match taken {
            Ok(name) => {
                open.preview.look_now();
                Redirect::to(&format!("/removed?gone={}", in_an_address(&name))).into_response()
            }
            Err(error) => edit::trouble(&office, &error),
        }
    })
    .await
}

/// Moves a page and its translations to where they are kept, and says under which name.
fn take_away(school: &Path, file: &str, now: &str) -> Result<String, PlaceError> {
    let refused = |why| PlaceError::Refused(file.to_owned(), why);
    let mut name = now.to_owned();
    let mut again = 1;
    while kept(school, &name).map_err(refused)?.exists() {
        again += 1;
        name = format!("{now}-{again}");
    }
    let folder = kept(school, &name).map_err(refused)?;
    for path in with_translations(school, file) {
        let from = place::file(school, &path)?;
        let to = folder.join(&path);
        fs::create_dir_all(to.parent().unwrap_or(&folder)).map_err(refused)?;
        fs::rename(from, to).map_err(refused)?;
    }
    Ok(name)
}

/// The folder that was kept under a name. A link on the way there is refused.
fn kept(school: &Path, name: &str) -> io::Result<PathBuf> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b' ');
    if !plain {
        return Err(io::Error::other("nothing was kept under this name"));
    }
    let mut folder = school.to_owned();
    for part in REMOVED.split('/').chain([name]) {
        folder.push(part);
        if fs::symlink_metadata(&folder).is_ok_and(|about| about.is_symlink()) {
            return Err(io::Error::other("the folder for pages that were taken away is a link"));
        }
    }
    Ok(folder)
}

/// Something that was taken away.
#[derive(Debug, Serialize)]
struct Gone {
    name: String,
    title: String,
    files: Vec<String>,
}

/// The pages within a folder that was kept, as paths of the school: the English page first.
fn files_in(folder: &Path) -> Vec<String> {
    let within = |folder: &Path| -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        entries.map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect()
    };
    let mut files: Vec<String> = within(folder)
        .into_iter()
        .flat_map(|(area, path)| within(&path).into_iter().map(move |(name, _)| format!("{area}/{name}")))
        .filter(|path| path.ends_with(".md"))
        .collect();
    files.sort_by_key(|path| (path.matches('.').count(), path.clone()));
    files
}

fn all_gone(school: &Path) -> Vec<Gone> {
    let entries = fs::read_dir(school.join(REMOVED)).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_by(|a, b| b.cmp(a));
    let one = |name: String| {
        let folder = kept(school, &name).ok()?;
        let files = files_in(&folder);
        let text = fs::read_to_string(folder.join(files.first()?)).unwrap_or_default();
        let title = form::split(&text).and_then(|parts| form::values(&parts.front).remove("title"));
        Some(Gone { title: title.unwrap_or_else(|| files[0].clone()), files, name })
    };
    names.into_iter().filter_map(one).collect()
}

pub(crate) async fn list(State(office): Shared, Query(sent): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let said = |key: &str| sent.get(key).map(String::as_str).unwrap_or_default();
    show(&office, open.folder(), &open.name(), said("gone"), "")
}

fn show(office: &Office, school: &Path, name: &str, just_gone: &str, trouble: &str) -> Response {
    let mut context = Context::new();
    context.insert("gone", &all_gone(school));
    context.insert("just_gone", just_gone);
    context.insert("trouble", trouble);
    office.paper.page("removed.html", "pages", Some(name), context)
}

pub(crate) async fn put_back(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    in_peace(move || {
        let name = sent.get("name").cloned().unwrap_or_default();
        let refused = |why| PlaceError::Refused(name.clone(), why);
        let folder = match kept(open.folder(), &name).map_err(refused) {
            Ok(folder) => folder,
            Err(error) => return edit::trouble(&office, &error),
        };
        let files = files_in(&folder);
        let back = files.iter().map(|path| Ok((folder.join(path), place::file(open.folder(), path)?)));
        let back: Vec<(PathBuf, PathBuf)> = match back.collect::<Result<_, PlaceError>>() {
            Ok(back) => back,
            Err(error) => return edit::trouble(&office, &error),
        };
        let Some(first) = files.first() else {
            return edit::trouble(&office, &PlaceError::NotAPage(name.clone()));
        };
        if back.iter().any(|(_, to)| to.exists()) {
            let trouble = office.paper.word("removed.taken");
            let mut page = show(&office, open.folder(), &open.name(), "", &trouble);
            *page.status_mut() = StatusCode::CONFLICT;
            return page;
        }
        for (from, to) in back {
            let folder = to.parent().map(Path::to_owned).unwrap_or_default();
            if let Err(why) = fs::create_dir_all(folder).and_then(|()| fs::rename(&from, &to)) {
                return edit::trouble(&office, &refused(why));
            }
        }
        // What is empty now goes; if it stays, it is not shown.
        for file in &files {
            let _ = folder.join(file).parent().map(fs::remove_dir);
        }
        let _ = fs::remove_dir(&folder);
        open.preview.look_now();
        Redirect::to(&edit::address(first)).into_response()
    })
    .await
}
