//! A class's promise for its wall: the marks go to `signpost display` through a pipe, and its PDF to the browser.
//!
//! Whose marks are on it is said by the form each time, and kept nowhere. Only children whom the form names are on
//! it: one who signs while somebody looks at the page is not hung up unseen.
//!
//! Nothing of it is written to a disk on the way.

use std::{collections::HashSet, sync::Arc};

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::{
    display::{ClassDisplay, Display, Signer},
    ids::Slug,
    language::Language,
    signature::Mark,
};

use super::{
    Desk, print, register, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::naming,
    log,
    store::{
        audit::Actor,
        registers::{Came, Section, Standing},
    },
};

/// What stands for a signature on paper, whose own mark is not known here: a sheet with a pencil.
const ON_PAPER: &str = "pencil-promise";

pub(super) async fn display(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let said = |field: &'static str| {
        let values = sent.iter().filter(move |(key, _)| key == field);
        values.map(|(_, value)| value.clone())
    };
    let token = said("form_token").next().unwrap_or_default();
    let wanted: HashSet<String> = said("on").collect();
    visit::form(desk, &headers, Room::Office, token, move |visit| {
        let (pack, register) = register::find(&visit, &agreement)?;
        let agreement = register::agreement_of(&pack, &agreement)?;
        let found = register.sections.iter().find(|s| view::section_address(s) == section);
        let found = found.filter(|section| section.class.is_some()).ok_or(Trouble::NothingHere)?;
        let signers = signers(found, &wanted);
        if signers.is_empty() {
            let text = "Nobody was ticked, so there is nothing to hang up. Go back and tick whose mark goes on the wall.";
            return not_made(&visit, StatusCode::BAD_REQUEST, text);
        }
        let hub = &visit.desk.hub;
        let display = Display {
            school: hub.identity().school_name.clone(),
            // What is signed is English; a translation helps to understand it.
            language: "en-GB".parse::<Language>().expect("is a language tag"),
            class: found.name.clone(),
            year: view::year(&pack.content.year),
            agreement: agreement.clone(),
            signers,
            colours: pack.content.colours.clone(),
        };
        let file = ClassDisplay { made: hub.now(), display }.write();
        // Whoever takes names out of the hub is noted before they get them.
        hub.store.note(
            Actor::Account(visit.account.id),
            "class display printed",
            agreement.slug.as_str(),
            hub.now(),
        )?;
        match print::printed(&["display", "-"], file, print::of_a_page()) {
            Ok(pdf) => {
                let name = format!("{}-{section}.pdf", agreement.slug);
                let headers = [
                    (header::CONTENT_TYPE, "application/pdf".to_owned()),
                    (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
                ];
                Ok((headers, pdf).into_response())
            }
            Err(error) => {
                log::line(&format!("class display not printed: {error}"));
                let text = format!("{error}. Nothing was changed.");
                not_made(&visit, StatusCode::SERVICE_UNAVAILABLE, &text)
            }
        }
    })
    .await
}

fn not_made(visit: &Visit, status: StatusCode, text: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("registers")?;
    context.insert("title", "The display was not made");
    context.insert("text", text);
    let page = visit.show("trouble.html", &context)?;
    Ok((status, page).into_response())
}

/// Those of the ids wanted who have signed, named as on their tiles.
fn signers(section: &Section, wanted: &HashSet<String>) -> Vec<Signer> {
    let people =
        section.lines.iter().map(|line| (line.person.forename.as_str(), line.person.surname.as_str()));
    let names = naming::tile_names(people);
    let lines = section.lines.iter().zip(names);
    lines
        .filter(|(line, _)| wanted.contains(&line.person.id.to_string()))
        .filter_map(|(line, name)| match &line.standing {
            Standing::Signed(signed) => Some(Signer { name, mark: mark(&signed.came) }),
            Standing::Undone(_) | Standing::AskedAgain(_) | Standing::Outstanding => None,
        })
        .collect()
}

fn mark(came: &Came) -> Mark {
    match came {
        Came::Kiosk(mark) => mark.clone(),
        Came::Paper(_) => Mark::Sticker(ON_PAPER.parse::<Slug>().expect("is a symbol’s name")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use records::day::Moment;

    use super::*;
    use crate::store::registers::Entered;

    #[test]
    fn a_pencil_that_there_is_stands_on_the_wall_for_whoever_signed_on_paper() {
        let entered = Entered { by: "office".into(), at: Moment(0), scan: None };
        let Mark::Sticker(name) = mark(&Came::Paper(entered)) else { panic!("no picture") };
        let symbols = concat!(env!("CARGO_MANIFEST_DIR"), "/../themes/symbols");
        assert!(std::path::Path::new(symbols).join(format!("{name}.svg")).exists());
    }
}
