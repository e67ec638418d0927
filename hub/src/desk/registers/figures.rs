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
    registers::{
        entry::Entry,
        figures::{self, FEWEST, Told},
        rights::Sees,
    },
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
    let words = |told: Told, number: usize| match told {
        _ if exactly => number.to_string(),
        Told::Exactly(number) => number.to_string(),
        Told::Few => format!("fewer than {FEWEST}"),
        Told::Withheld => "not told".to_owned(),
    };
    let term_rows: Vec<_> = figures::told(&terms)
        .into_iter()
        .zip(&terms)
        .enumerate()
        .map(|(at, (told, number))| (format!("Term {}", at + 1), words(told, *number)))
        .collect();
    let counted: Vec<_> = if exactly {
        figures::exactly(register, &of_year)
    } else {
        figures::counted(register, &of_year)
            .into_iter()
            .map(|one| {
                (one.words, one.numbers.into_iter().map(|(answer, told)| (answer, words(told, 0))).collect())
            })
            .collect::<Vec<(String, Vec<(String, String)>)>>()
    };
    let mut context = visit.context("kept")?;
    context.insert("register", &register.form);
    context.insert("exactly", &exactly);
    context.insert("year", &desk_view::year(&year));
    context.insert("total", &words(figures::total(of_year.len()), of_year.len()));
    context.insert("terms", &term_rows);
    context.insert("counted", &counted);
    context.insert("fewest", &FEWEST);
    context.insert("printed", &desk_view::when(visit.desk.hub.now(), &mine.zone()));
    visit.show("register_figures.html", &context)
}
