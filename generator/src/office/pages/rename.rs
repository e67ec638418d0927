//! Another title or address for a page; the links that lead to it are mended.

use std::{fs, path::Path};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;

use super::{
    Linking, Sent, asked_for, free_path, in_peace, kind_of, links, name_of, title_of, with_translations,
};
use crate::{
    load::{document::Kind, history, language},
    office::{
        Office, Open, Shared, edit,
        form::{self, Parts},
        place::{self, PlaceError},
    },
};

/// What the form says.
#[derive(Debug, Clone, Serialize)]
struct Wish {
    title: String,
    name: String,
}

pub(crate) async fn ask(State(office): Shared, Query(sent): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    in_peace(move || match asked_for(&open, &sent) {
        Ok(file) => {
            let wish = Wish { title: written_title(&open, &file), name: name_of(&file).to_owned() };
            page(&office, &open, &file, &wish, "")
        }
        Err(error) => edit::trouble(&office, &error),
    })
    .await
}

/// The title as it stands in the file, names in braces and all.
fn written_title(open: &Open, file: &str) -> String {
    let text = place::read(open.folder(), file).unwrap_or_default();
    let parts = form::split(&text);
    parts.and_then(|parts| form::values(&parts.front).remove("title")).unwrap_or_default()
}

fn page(office: &Office, open: &Open, file: &str, wish: &Wish, trouble: &str) -> Response {
    let mut context = Context::new();
    context.insert("file", file);
    context.insert("edit", &edit::address(file));
    context.insert("title", &title_of(open, file));
    context.insert("wish", wish);
    context.insert("trouble", trouble);
    context.insert("fixed", &fixed(open, file));
    context.insert("folder", kind_of(file).map_or("", Kind::folder));
    context.insert("linking", &links::leading_to(&links::school_now(open.folder()), file, &[]));
    office.paper.page("page_rename.html", "pages", Some(&open.name()), context)
}

/// Why an address has to stay, as the name of the sentence that says it; empty where it need not.
fn fixed(open: &Open, file: &str) -> &'static str {
    if language::of_file(file).is_some() {
        return "rename.fixed_translation";
    }
    let school = open.preview.school();
    let published = school.page(file).is_some_and(|page| school.history_of(page).is_some());
    // Signatures name an agreement by it.
    if kind_of(file) == Some(Kind::Agreement) && published { "rename.fixed_agreement" } else { "" }
}

pub(crate) async fn rename(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    in_peace(move || renamed(&office, &open, &sent)).await
}

fn renamed(office: &Office, open: &Open, sent: &Sent) -> Response {
    let file = match asked_for(open, sent) {
        Ok(file) => file,
        Err(error) => return edit::trouble(office, &error),
    };
    let said = |key: &str| sent.get(key).map(|words| words.trim().to_owned()).unwrap_or_default();
    let wish = Wish { title: said("title"), name: said("name") };
    let refused = |word: &str| {
        let mut page = page(office, open, &file, &wish, &office.paper.word(word));
        *page.status_mut() = StatusCode::BAD_REQUEST;
        page
    };
    if wish.title.is_empty() {
        return refused("make.no_title");
    }
    let fixed = fixed(open, &file);
    let moves = fixed.is_empty() && wish.name != name_of(&file);
    let to = match (moves, kind_of(&file)) {
        (true, Some(kind)) => match free_path(open.folder(), kind, &wish.name) {
            Ok(path) => path,
            Err(bad) => return refused(bad.word()),
        },
        _ => file.clone(),
    };
    let done = title(open, &file, &wish.title).and_then(|retitled| {
        if !retitled {
            return Ok(None);
        }
        Ok(Some(if moves { move_to(open.folder(), &file, &to)? } else { links::Mended::default() }))
    });
    match done {
        Ok(Some(mended)) => {
            open.preview.look_now();
            done_page(office, open, &to, &mended)
        }
        Ok(None) => refused("rename.not_understood"),
        Err(error) => edit::trouble(office, &error),
    }
}

/// Puts the title into the file; no where its settings cannot be understood.
fn title(open: &Open, file: &str, title: &str) -> Result<bool, PlaceError> {
    let text = place::read(open.folder(), file)?;
    let Some(parts) = form::split(&text.replace("\r\n", "\n")) else { return Ok(false) };
    let wanted = [("title".to_owned(), title.to_owned())].into();
    let front = form::with(&parts.front, &wanted);
    if front != parts.front {
        place::write(open.folder(), file, &form::join(&Parts { front, body: parts.body }), &edit::now())?;
    }
    Ok(true)
}

/// Moves a page, its translations, its record of versions and its earlier texts, and mends the links to it.
fn move_to(school: &Path, from: &str, to: &str) -> Result<links::Mended, PlaceError> {
    let mended = links::mended(&links::school_now(school), from, to);
    // First the links: while the page has not moved, each can be put right again by hand.
    for (file, text) in &mended.texts {
        place::write(school, file, text, &edit::now())?;
    }
    let (old, new) = (name_of(from).to_owned(), name_of(to).to_owned());
    for file in with_translations(school, from) {
        let Some((folder, name)) = file.rsplit_once('/') else { continue };
        let Some(rest) = name.strip_prefix(&old) else { continue };
        let target = format!("{folder}/{new}{rest}");
        move_one(school, &file, &target)?;
    }
    if let Some(kind) = kind_of(from) {
        let folder = match kind {
            Kind::Agreement => "history",
            _ => history::OF_POLICIES,
        };
        let [record, moved] = [&old, &new].map(|name| school.join(format!("{folder}/{name}.toml")));
        if matches!(kind, Kind::Agreement | Kind::Policy) && record.is_file() && !moved.exists() {
            let refused = |why| PlaceError::Refused(record.display().to_string(), why);
            fs::rename(&record, &moved).map_err(refused)?;
        }
    }
    Ok(mended)
}

fn move_one(school: &Path, from: &str, to: &str) -> Result<(), PlaceError> {
    let refused = |why| PlaceError::Refused(from.to_owned(), why);
    fs::rename(place::file(school, from)?, place::file(school, to)?).map_err(refused)?;
    let earlier = |path: &str| place::earlier_folder(school, path).map_err(refused);
    let (before, after) = (earlier(from)?, earlier(to)?);
    if before.is_dir() && !after.exists() {
        fs::rename(before, after).map_err(refused)?;
    }
    Ok(())
}

fn done_page(office: &Office, open: &Open, file: &str, mended: &links::Mended) -> Response {
    let school = open.preview.school();
    let changed: Vec<Linking> = mended
        .texts
        .keys()
        .filter_map(|path| school.page(path).map(|page| Linking::of(&school, page)))
        .filter(|page| page.file != file)
        .collect();
    let mut context = Context::new();
    context.insert("title", &title_of(open, file));
    context.insert("edit", &edit::address(file));
    context.insert("changed", &changed);
    context.insert("by_hand", &mended.by_hand);
    office.paper.page("page_renamed.html", "pages", Some(&open.name()), context)
}
