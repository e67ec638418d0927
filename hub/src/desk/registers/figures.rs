//! How many entries there are in each term: for governors with small numbers left out, for readers as they are.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use records::day::Day;

use crate::{
    clock,
    desk::{
        Desk, view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    figures::{FEWEST, Shown, all_parts, alone},
    registers::{entry::Entry, figures, rights::Sees},
};

use super::Mine;

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let mine = super::find(&visit, &register)?;
        let may = matches!(mine.rights.sees, Sees::Entries | Sees::Figures);
        if !may || !mine.register().figures {
            return Err(Trouble::NothingHere);
        }
        show(&visit, &mine)
    })
    .await
}

fn show(visit: &Visit, mine: &Mine) -> Result<Response, Trouble> {
    let register = mine.register();
    let year = mine.pack.content.year;
    let all = visit.desk.hub.store.register_entries(mine.name())?;
    let day = |entry: &Entry| clock::day(entry.first().made, &mine.zone());
    let of_year: Vec<&Entry> = all.iter().filter(|entry| year.holds(day(entry))).collect();
    // A term lasts until the next one begins: nothing falls between two.
    let begins: Vec<Day> = mine.pack.content.terms.iter().skip(1).map(|term| term.starts).collect();
    let mut terms = vec![0_usize; begins.len() + 1];
    for entry in &of_year {
        terms[begins.iter().filter(|begins| day(entry) >= **begins).count()] += 1;
    }
    let exactly = mine.rights.sees == Sees::Entries;
    let words = |shown: Shown, number: usize| if exactly { number.to_string() } else { shown.to_string() };
    let term_rows: Vec<_> = all_parts(&terms)
        .into_iter()
        .zip(&terms)
        .enumerate()
        .map(|(at, (shown, number))| (format!("Term {}", at + 1), words(shown, *number)))
        .collect();
    let counted: Vec<_> = if exactly {
        figures::exactly(register, &of_year)
    } else {
        figures::counted(register, &of_year)
            .into_iter()
            .map(|one| {
                (
                    one.words,
                    one.numbers.into_iter().map(|(answer, shown)| (answer, words(shown, 0))).collect(),
                )
            })
            .collect::<Vec<(String, Vec<(String, String)>)>>()
    };
    let mut context = visit.context("kept")?;
    context.insert("register", &register.form);
    context.insert("exactly", &exactly);
    context.insert("year", &desk_view::year(&year));
    context.insert("total", &words(alone(of_year.len()), of_year.len()));
    context.insert("terms", &term_rows);
    context.insert("counted", &counted);
    context.insert("fewest", &FEWEST);
    context.insert("printed", &desk_view::when(visit.desk.hub.now(), &mine.zone()));
    visit.show("register_figures.html", &context)
}
