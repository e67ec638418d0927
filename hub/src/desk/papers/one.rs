//! One paper that was entered: what it is, its scan, and how it is taken back.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::ids::{PersonId, RecordId, Slug};

use super::{WithScan, not_kept};
use crate::{
    clock,
    desk::{
        Desk, person,
        taken_out::download,
        view,
        visit::{self, Room, Trouble, Visit},
    },
    random,
    store::{
        papers::{Paper, What, Why},
        registers::Section,
    },
};

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let paper = find(&visit, &id)?;
        show(&visit, &paper, "")
    })
    .await
}

/// The scan, as a file to save. That it was taken is noted first.
pub(in crate::desk) async fn scan(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let id: RecordId = id.parse().map_err(|_| Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        let scan = hub.store.take_scan(id, visit.account.id, hub.now())?;
        let (kind, bytes) = scan.ok_or(Trouble::NothingHere)?;
        let name = format!("scan-{}-PERSONAL-DATA.{}", &id.to_string()[..8], kind.as_str());
        Ok(download(kind.media_type(), &name, bytes))
    })
    .await
}

/// Takes an entry back, adds a scan, or takes it away.
pub(in crate::desk) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    WithScan::of_the_office(desk, &headers, request, move |visit, sent| {
        let paper = find(&visit, &id)?;
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        let refuse = |message: &str| show(&visit, &paper, message);
        match sent.typed.words("what").as_str() {
            "take-back" => {
                let why = sent.typed.words("why").parse::<Why>().ok();
                let Some(why) = why.filter(|why| reasons(&paper).contains(why)) else {
                    return refuse("Nothing was changed. Say why it is taken back.");
                };
                if matches!(paper.what, What::Consent { .. }) {
                    hub.store.take_back_entry(paper.id, why, account, hub.now())?;
                } else {
                    let undo = RecordId::from_bytes(random::bytes());
                    hub.store.take_back(paper.id, undo, why, account, hub.now())?;
                }
                hub.tell_kiosks();
            }
            "scan" => {
                let scan = match sent.scan() {
                    Ok(Some(scan)) => scan,
                    Ok(None) => return refuse("Nothing was kept. Choose the file with the scan first."),
                    Err(refused) => return refuse(&not_kept(refused)),
                };
                let all = !sent.typed.words("all").is_empty();
                if !hub.store.add_scan(paper.id, all, &scan, account, hub.now())? {
                    return refuse(
                        "Nothing was kept: this paper has a scan, and a scan is never replaced. Take it away first, if it is the wrong one.",
                    );
                }
            }
            "scan-away" if sent.typed.words("sure").is_empty() => {
                return refuse("Nothing was taken away. Tick that you mean it: it cannot be brought back.");
            }
            "scan-away" => {
                hub.store.take_scan_away(paper.id, account, hub.now())?;
                crate::retention::running::after_removal(hub)?;
            }
            _ => return Err(Trouble::NothingHere),
        }
        Ok(Redirect::to(&view::paper_address(paper.id)).into_response())
    })
    .await
}

/// Why such a paper may be taken back; empty where it is not taken back here.
const fn reasons(paper: &Paper) -> &'static [Why] {
    match paper.what {
        What::Signature { .. } => &Why::ALL,
        What::Consent { .. } => &Why::OF_CONSENT,
        What::Visitor { .. } => &[],
    }
}

fn find(visit: &Visit, id: &str) -> Result<Paper, Trouble> {
    let id = id.parse().map_err(|_| Trouble::NothingHere)?;
    visit.desk.hub.store.paper(id)?.ok_or(Trouble::NothingHere)
}

fn show(visit: &Visit, paper: &Paper, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let subjects = person::subjects(visit)?;
    let name = |id: &PersonId| {
        let found = subjects.iter().find(|one| one.id == *id);
        found.map_or_else(|| "Somebody who is on no list here".to_owned(), |one| one.name.clone())
    };
    let mut context = visit.context(match paper.what {
        What::Signature { .. } => "registers",
        What::Consent { .. } => "consent",
        What::Visitor { .. } => "visitors",
    })?;
    let mut facts: Vec<(&str, String)> = Vec::new();
    let mut others = 0;
    let (mut words, mut undone, mut is_signature) = (None, String::new(), false);
    let (title, back) = match &paper.what {
        What::Signature {
            person,
            agreement,
            version,
            words: signed,
            when,
            helped,
            without_scan,
            undone: taken_back,
        } => {
            is_signature = true;
            let title = hub.store.words(*signed)?.map_or_else(|| agreement.to_string(), |one| one.title);
            words = Some((title.clone(), version.to_string(), signed.to_string()));
            facts.push(("Signed on", clock::day(*when, &zone).in_words()));
            if *helped {
                facts.push(("Help", "somebody helped".to_owned()));
            }
            undone = taken_back.as_ref().map(|undone| view::in_words(undone, &zone)).unwrap_or_default();
            others = without_scan.saturating_sub(1);
            (name(person), (section_of(visit, agreement, *person)?, title))
        }
        What::Consent { pupil, by, form, version, when, undone: taken_back } => {
            if by != pupil {
                facts.push(("By", name(by)));
            }
            let form = consent_title(visit, form.as_str())?;
            facts.push(("Form", format!("{form}, version {version}")));
            facts.push(("Signed on", clock::day(*when, &zone).in_words()));
            undone = taken_back.as_ref().map(|undone| view::in_words(undone, &zone)).unwrap_or_default();
            (name(pupil), (format!("/consent/pupil/{pupil}"), format!("Consent: {}", name(pupil))))
        }
        What::Visitor { name } => {
            (name.clone(), (format!("/visitors/{}", paper.id), format!("Visitors’ book: {name}")))
        }
    };
    let entered = paper.entered.map(|at| format!(" on {}", clock::day(at, &zone).in_words()));
    facts.push(("Entered", format!("by {}{}", paper.by, entered.unwrap_or_default())));
    let reasons: Vec<_> = reasons(paper).iter().map(|why| (why.as_str(), why.in_words())).collect();
    context.insert("message", message);
    context.insert("id", &paper.id.to_string());
    context.insert("name", &title);
    context.insert("back", &back);
    context.insert("facts", &facts);
    context.insert("words", &words);
    context.insert("is_signature", &is_signature);
    context.insert("undone", &undone);
    context.insert("reasons", &reasons);
    context.insert("scan", view::scan(paper.scan));
    context.insert("shared", &paper.scan.map_or(0, |scan| scan.records.saturating_sub(1)));
    context.insert("others", &others);
    let page = visit.show("paper.html", &context)?;
    Ok(if message.is_empty() { page } else { visit::refused(page) })
}

/// Where somebody stands in the register of an agreement; the first page where it is asked no more.
fn section_of(visit: &Visit, agreement: &Slug, person: PersonId) -> Result<String, Trouble> {
    let hub = &visit.desk.hub;
    let Some(pack) = hub.pack()? else { return Ok("/".to_owned()) };
    let Some(agreement) = pack.content.agreements.iter().find(|one| one.slug == *agreement) else {
        return Ok("/".to_owned());
    };
    let register = hub.store.register(agreement, &pack.content.year)?;
    let is_there = |section: &&Section| section.lines.iter().any(|line| line.person.id == person);
    let section = register.sections.iter().find(is_there).map(view::section_address);
    Ok(match section {
        Some(section) => format!("/register/{}/{section}", agreement.slug),
        None => format!("/register/{}", agreement.slug),
    })
}

/// What a form is called now; its name where it is asked no more.
fn consent_title(visit: &Visit, form: &str) -> Result<String, Trouble> {
    let pack = visit.desk.hub.pack()?;
    let asked = pack.iter().flat_map(|pack| {
        pack.content.consent.iter().map(|asked| &asked.form).chain(&pack.content.adult_consent)
    });
    let found = asked.clone().find(|one| one.id.as_str() == form);
    Ok(found.map_or_else(|| form.to_owned(), |one| one.title.clone()))
}
