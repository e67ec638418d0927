//! The record of processing, and a beginning of the impact assessment, from how this hub is set up: what the law asks
//! a school to have on paper (UK GDPR, Articles 30 and 35), with what only the school can say left open.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use records::{report::Role, retention::Kept};
use serde::Serialize;

use super::{
    Desk, backups, retention, safeguarding, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    backup::keeping,
    store::{accounts::Duty, audit::Actor},
};

/// A kind of information, as the record has a line for it.
#[derive(Serialize)]
struct Line {
    what: &'static str,
    about: &'static str,
    purpose: &'static str,
    /// What is usually named; the school's data protection officer decides.
    basis: &'static str,
    seen_by: &'static str,
    kept: String,
}

const OFFICE: &str = "The office";
const OFFICE_AND_HEAD: &str = "The office; the headteacher";

impl Line {
    fn of(kept: Kept, how_long: String) -> Self {
        let (about, purpose, basis, seen_by) = told(kept);
        Self { what: retention::title(kept), about, purpose, basis, seen_by, kept: how_long }
    }
}

/// About whom, what for, on what ground as a rule, and who sees it.
const fn told(kept: Kept) -> (&'static str, &'static str, &'static str, &'static str) {
    const PROMISE: &str = "To agree rules for being safe online, and to know who was shown which words, agreed to them or said no";
    const TASK: &str = "Public task (Article 6 (1) (e))";
    match kept {
        Kept::PupilSignatures => {
            ("Pupils", PROMISE, TASK, "The office; their class’s staff at the kiosk see who has signed")
        }
        Kept::ParentSignatures => ("Parents and carers", PROMISE, TASK, OFFICE),
        Kept::StaffSignatures => ("Staff and volunteers", PROMISE, TASK, OFFICE),
        Kept::GovernorSignatures => ("Governors", PROMISE, TASK, OFFICE),
        Kept::Consent => (
            "Pupils, and those who decide for them",
            "To ask whether pictures, work and the like may be used, and to show what was answered",
            "Consent (Article 6 (1) (a)); for having asked, legal obligation (Article 7 (1))",
            "The office; whoever takes or publishes pictures sees yes or no",
        ),
        Kept::FamilyCodes => (
            "Families",
            "To open a family’s own form at the kiosk and no other",
            TASK,
            "Nobody: it is kept sealed",
        ),
        Kept::Pupils => {
            ("Pupils", "So that they find their own name, and their class", TASK, OFFICE_AND_HEAD)
        }
        Kept::Parents => ("Parents and carers", "To know who decides for which pupil", TASK, OFFICE_AND_HEAD),
        Kept::Staff => ("Staff and volunteers", "So that they find their own name", TASK, OFFICE),
        Kept::Governors => ("Governors", "So that they find their own name", TASK, OFFICE),
        Kept::Reports => (
            "Pupils, and whoever they tell of; may hold health, sex life, offences",
            "To keep children safe: what they tell, and what was done",
            "Public task; safeguarding of children (Article 9 (2) (g); Data Protection Act 2018, Schedule 1, paragraph 18)",
            "The two roles of its way: safeguarding lead and headteacher; headteacher and chair; chair and vice-chair",
        ),
        Kept::Calls => (
            "Whoever was at a kiosk; no name",
            "To come to a child who calls, and to see how soon somebody did",
            TASK,
            "Everybody at the desk, until somebody goes or has noted that nobody did",
        ),
        Kept::Visitors => (
            "Visitors, club leaders, guests",
            "To know who agreed to which words at the entrance",
            TASK,
            OFFICE,
        ),
        Kept::RegisterEntries => (
            "Whoever an entry is about: pupils, families, staff",
            "What staff write down by the school’s own forms: loans, leavers’ accounts, searches, incidents and the like",
            "Public task, or legal obligation: register by register",
            "Those whom each register names",
        ),
        Kept::SetAside => (
            "Not known",
            "So that nothing that a kiosk took is lost unread",
            TASK,
            "Nobody can read it; the office sees that it is there",
        ),
        Kept::Audit => (
            "Staff, by the number of their account",
            "To show what was done, when and by whom",
            "Legal obligation: accountability (Article 5 (2))",
            "Whoever looks after the hub",
        ),
    }
}

/// What the hub knows of itself.
#[derive(Serialize)]
struct Facts {
    kiosks: Vec<String>,
    /// How many accounts there are, by what they are for.
    accounts: Vec<(&'static str, usize)>,
    second_step: bool,
    backups: String,
    last_backup: String,
    expire: i64,
    tells: bool,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHead, |visit| filled(&visit, "processing.html")).await
}

/// The same as a document that a word processor opens, for whoever goes on with it.
pub(super) async fn document(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHead, |visit| {
        let hub = &visit.desk.hub;
        hub.store.note(Actor::Account(visit.account.id), "record of processing taken", "", hub.now())?;
        let page = filled(&visit, "processing_document.html")?;
        let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"record-of-processing.html\"");
        Ok(([name], page).into_response())
    })
    .await
}

fn filled(visit: &Visit, template: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    let rules = pack.as_ref().and_then(|pack| pack.content.retention.as_ref());
    let rule = |kept| rules.and_then(|rules| rules.rule(kept));
    let how_long =
        |kept| rule(kept).map_or_else(|| "not settled: it is kept".to_owned(), retention::kept_for);
    let lines: Vec<_> = Kept::ALL.into_iter().map(|kept| Line::of(kept, how_long(kept))).collect();
    let kiosks = hub.store.kiosks()?.into_iter().filter(|kiosk| kiosk.struck_off.is_none());
    let facts = Facts {
        kiosks: kiosks.map(|kiosk| kiosk.name).collect(),
        accounts: hub
            .store
            .accounts_by_duty()?
            .into_iter()
            .map(|(duty, count)| (work(duty), count))
            .collect(),
        second_step: hub.store.office_needs_second_step()?,
        backups: hub.backups().map(|folder| folder.display().to_string()).unwrap_or_default(),
        last_backup: backups::last(hub)?,
        expire: keeping::EXPIRE_DAYS,
        tells: hub.store.last_openings()?.len() == Role::ALL.len(),
    };
    let mut context = visit.context("processing")?;
    context.insert("lines", &lines);
    context.insert("facts", &facts);
    context.insert("printed", &view::when(hub.now(), &hub.zone()?));
    visit.show(template, &context)
}

const fn work(duty: Duty) -> &'static str {
    match duty {
        Duty::Office => "Office",
        Duty::Holder(role) => safeguarding::title(role),
        Duty::Governor => "Governor: figures, and the registers for them",
        Duty::Technician => "Technician: kiosks, backups, and the registers for them",
        Duty::Staff => "Other staff: what they wrote into registers themselves",
    }
}
