//! A class's promise for its wall: the marks go to `signpost display` through a pipe, and its PDF to the browser.
//!
//! Whose marks are on it is said by the form each time, and kept nowhere. Only children whom the form names are on
//! it: one who signs while somebody looks at the page is not hung up unseen.
//!
//! `signpost` is another process, so the hub is built without the print engine, and a fault in a print cannot
//! touch the register. Nothing of it is written to a disk on the way.

use std::{
    collections::HashSet,
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::{
    display::{ClassDisplay, Display, Signer},
    language::Language,
};

use super::{
    Desk, register, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::naming,
    log,
    store::{
        audit::Actor,
        registers::{Section, Standing},
    },
};

/// How long a print may take: one takes less than a second.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether the print is done.
const LOOK: Duration = Duration::from_millis(20);

/// Why there is no print.
#[derive(Debug, thiserror::Error)]
enum PrintError {
    #[error("the program signpost is not beside signpost-hub: {0}")]
    NotThere(std::io::Error),
    #[error("signpost did not end within {} s", PATIENCE.as_secs())]
    TooSlow,
    #[error("{0}")]
    Refused(String),
}

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
        match printed(file) {
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
            Standing::Signed(signed) => Some(Signer { name, mark: signed.mark.clone() }),
            Standing::Undone(_) | Standing::AskedAgain(_) | Standing::Outstanding => None,
        })
        .collect()
}

/// The program that prints: beside this one.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.with_file_name(format!("signpost{}", std::env::consts::EXE_SUFFIX))
}

fn printed(file: Vec<u8>) -> Result<Vec<u8>, PrintError> {
    let mut child = Command::new(program())
        .args(["display", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(PrintError::NotThere)?;
    let (Some(mut to), Some(from), Some(said)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(PrintError::Refused("it cannot be spoken to".into()));
    };
    // A program that ends early leaves the rest unread; what it said tells why.
    let writer = thread::spawn(move || drop(to.write_all(&file)));
    let reader = thread::spawn(move || all(from));
    let listener = thread::spawn(move || all(said));
    let ended = ended(&mut child);
    let _ = writer.join();
    let pdf = reader.join().unwrap_or_default();
    let said = listener.join().unwrap_or_default();
    if ended? && pdf.starts_with(b"%PDF") {
        return Ok(pdf);
    }
    let said = String::from_utf8_lossy(&said);
    let said = said.trim().trim_start_matches("Error: ").trim_end_matches('.');
    Err(PrintError::Refused(said.to_owned()))
}

fn all(mut from: impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    bytes
}

/// Waits for the program's end; whether it ended well.
fn ended(child: &mut Child) -> Result<bool, PrintError> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if began.elapsed() < PATIENCE => thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(PrintError::TooSlow);
            }
            Err(why) => return Err(PrintError::NotThere(why)),
        }
    }
}
