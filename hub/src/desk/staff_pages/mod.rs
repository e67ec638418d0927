//! Pages for staff alone: they come with the pack, and are nowhere else but here and on paper.

mod html;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use records::staff_page::StaffPage;
use serde::Serialize;

use super::{
    Desk, registers,
    visit::{self, Room, Trouble, Visit},
};

const ADDRESS: &str = "/staff-pages";

/// A page in the list.
#[derive(Debug, Serialize)]
pub(super) struct PageRow {
    address: String,
    title: String,
    summary: String,
}

/// Those that whoever asks may read.
pub(super) fn rows(visit: &Visit) -> Result<Vec<PageRow>, Trouble> {
    if !Room::StaffPages.lets_in(visit.account.duty) {
        return Ok(Vec::new());
    }
    let pages = visit.desk.hub.store.staff_pages()?.into_iter();
    let row = |page: StaffPage| PageRow {
        address: format!("{ADDRESS}/{}", page.slug),
        title: page.title,
        summary: page.summary,
    };
    Ok(pages.map(row).collect())
}

pub(super) async fn list(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::StaffPages, |visit| {
        let mut context = visit.context("kept")?;
        context.insert("pages", &rows(&visit)?);
        visit.show("staff_pages.html", &context)
    })
    .await
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::StaffPages, move |visit| {
        let page = visit.desk.hub.store.staff_page(&slug)?.ok_or(Trouble::NothingHere)?;
        let mine = registers::addresses(&visit)?;
        let mut context = visit.context("kept")?;
        context.insert("title", &page.title);
        context.insert("summary", &page.summary);
        context.insert("text", &html::of(&page.text, |form| mine.get(form).cloned()));
        visit.show("staff_page.html", &context)
    })
    .await
}
