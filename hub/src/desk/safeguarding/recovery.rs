//! Recovery sheets at the desk: made by a holder whose box is open, and typed again by two people when nobody's is.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::tz::TimeZone;
use records::report::Role;
use serde::Serialize;

use super::{ADDRESS, Asking, keys::busy, lost::LostView, opened, refused, unlocked, view};
use crate::{
    desk::{
        Desk,
        held::with_maker,
        print,
        taken_out::download,
        unlocked::Now,
        view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    log,
    recovery::{
        Foreign,
        begun::{AllBegun, Begun, Somebody, WAITS},
        half::{Half, SheetNumber, Which},
        paper,
    },
    store::{
        StoreError,
        accounts::Duty,
        audit::Actor,
        recovery::{Recovery, StoredSheet},
        role_keys::StoredKey,
    },
};

/// Where a key is got back.
const RECOVERY: &str = "/safeguarding/recovery";

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Make {
    /// The number of the sheet that the new one makes void; empty where there is none. So a page that is loaded again
    /// makes no further sheet, which would make the printed one void.
    #[serde(default)]
    before: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Typed {
    /// “check”, “begin”, “finish” or “stop”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    half: String,
    /// The name of the account that gets the key.
    #[serde(default)]
    holder: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Seen {
    #[serde(default)]
    last: String,
    #[serde(default)]
    form_token: String,
}

/// A sheet, as pages tell of it.
#[derive(Debug, Serialize)]
pub(super) struct SheetRow {
    made: String,
    maker: String,
    number: u32,
    /// When it was last used; empty where it never was.
    used: String,
}

impl SheetRow {
    fn new(sheet: &StoredSheet, uses: &[Recovery], zone: &TimeZone) -> Self {
        let used = uses.iter().find(|one| one.role == sheet.role && one.at >= sheet.made);
        Self {
            made: desk_view::when(sheet.made, zone),
            maker: sheet.maker.clone(),
            number: sheet.number.number(),
            used: used.map(|one| desk_view::when(one.at, zone)).unwrap_or_default(),
        }
    }
}

/// That a sheet was used, as pages tell of it.
#[derive(Debug, Serialize)]
pub(super) struct UsedRow {
    id: i64,
    whose: &'static str,
    when: String,
    one: String,
    other: String,
    holder: String,
}

impl UsedRow {
    fn new(recovery: &Recovery, zone: &TimeZone) -> Self {
        let [one, other] = recovery.by.clone();
        let (whose, holder) = (view::in_a_sentence(recovery.role), recovery.holder.clone());
        Self { id: recovery.id, whose, when: desk_view::when(recovery.at, zone), one, other, holder }
    }
}

/// A role on the page that says where its key could be got back.
#[derive(Debug, Serialize)]
struct RoleRow {
    name: &'static str,
    title: &'static str,
    holders: usize,
    sheet: Option<SheetRow>,
    begun: bool,
}

/// What a holder's own pages say of the sheet of their role.
#[derive(Debug, Serialize)]
pub(super) struct OwnSheet {
    sheet: Option<SheetRow>,
    /// One holder and no sheet: a passphrase that is forgotten closes the box for good.
    pub(super) alone: bool,
    /// What this holder has not seen yet.
    unseen: Vec<UsedRow>,
}

impl OwnSheet {
    pub(super) fn of(
        visit: &Visit,
        role: Role,
        keys: &[StoredKey],
        zone: &TimeZone,
    ) -> Result<Self, Trouble> {
        let store = &visit.desk.hub.store;
        let uses = store.recoveries()?;
        let sheet = store.sheet(role)?.map(|sheet| SheetRow::new(&sheet, &uses, zone));
        let unseen = store.unseen_recoveries(role, visit.account.id)?;
        Ok(Self {
            alone: sheet.is_none() && keys.iter().filter(|key| key.public.role == role).count() < 2,
            sheet,
            unseen: unseen.iter().map(|one| UsedRow::new(one, zone)).collect(),
        })
    }
}

/// The halves that wait for others.
fn begun(desk: &Desk) -> MutexGuard<'_, AllBegun> {
    desk.begun.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a sheet, which makes the one before it void, and hands it out once.
pub(in crate::desk) async fn make(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Make>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    super::form((State(desk), headers), sent.form_token, move |visit, open| {
        let before = sent.before.parse().ok().and_then(SheetNumber::new);
        let (hub, account) = (&visit.desk.hub, &visit.account);
        if hub.store.sheet(open.role)?.map(|sheet| sheet.number) != before {
            return not_made(
                visit,
                StatusCode::CONFLICT,
                "There is a sheet by now that was not there when your page was shown: perhaps you loaded it again, or another holder has made one. Nothing was changed.",
            );
        }
        let sheet = hub.draw_sheet(open.role, open.ring.current(), account.id)?;
        let whose = view::in_a_sentence(open.role);
        let pages = with_maker(visit, |maker| paper::paper(maker, &sheet, whose, &account.name))?;
        // What is not printed is not kept: else the sheet before would be void, and no other there.
        let pdf = match print::printed(&["paper", "-"], pages.write(hub.now()), print::of_a_page()) {
            Ok(pdf) => pdf,
            Err(error) => {
                log::line("a recovery sheet was not printed");
                let text = format!("{error}. Nothing was changed.");
                return not_made(visit, StatusCode::SERVICE_UNAVAILABLE, &text);
            }
        };
        if !hub.store.keep_sheet(&sheet.stored, before)? {
            let text = "Another holder has made one just now. Nothing was changed.";
            return not_made(visit, StatusCode::CONFLICT, text);
        }
        let name = format!("recovery-sheet-{}-CONFIDENTIAL.pdf", open.role.as_str());
        Ok(download("application/pdf", &name, pdf))
    })
    .await
}

fn not_made(visit: &Visit, status: StatusCode, text: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("reports")?;
    context.insert("title", "The recovery sheet was not made");
    context.insert("text", text);
    refused(status, visit.show("trouble.html", &context))
}

/// Whose key can be got back, and when one was.
pub(in crate::desk) async fn list((State(desk), headers): Asking) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, |visit| {
        let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
        let (zone, keys, uses) = (hub.zone()?, hub.store.role_keys()?, hub.store.recoveries()?);
        let mut rows = Vec::new();
        for role in Role::ALL {
            let sheet = hub.store.sheet(role)?;
            let number = sheet.as_ref().map(|sheet| sheet.number);
            rows.push(RoleRow {
                name: role.as_str(),
                title: super::title(role),
                holders: keys.iter().filter(|key| key.public.role == role).count(),
                sheet: sheet.map(|sheet| SheetRow::new(&sheet, &uses, &zone)),
                begun: begun(&visit.desk).of(role, number, now).is_some(),
            });
        }
        let mut context = visit.context("reports")?;
        context.insert("rows", &rows);
        let uses: Vec<_> = uses.iter().map(|one| UsedRow::new(one, &zone)).collect();
        context.insert("uses", &uses);
        // Whoever has the box open can make a sheet for their own role.
        let open = opened(&visit)?;
        context.insert("own", &open.map(|open| open.role.as_str()).unwrap_or_default());
        visit.show("recovery.html", &context)
    })
    .await
}

/// Where the halves of a role's sheet are typed.
pub(in crate::desk) async fn page((State(desk), headers): Asking, Path(role): Path<String>) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, move |visit| {
        let role = named(&role)?;
        show(&visit, role, "", &Typed::nothing())
    })
    .await
}

/// A half is looked at, begins, finishes; or it is given up.
pub(in crate::desk) async fn typed(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(role): Path<String>,
    Form(sent): Form<Typed>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    let token = sent.form_token.clone();
    visit::form(desk, &headers, Room::Safeguarding, token, move |visit| {
        let role = named(&role)?;
        let again = |message: &str| refused(StatusCode::BAD_REQUEST, show(&visit, role, message, &sent));
        if sent.what == "stop" {
            return stop(&visit, role);
        }
        let half = match Half::typed(&sent.half) {
            Ok(half) => half,
            Err(slip) => return again(&slip.to_string()),
        };
        let hub = &visit.desk.hub;
        let sheet = match hub.sheet_of(&half, role)? {
            Ok(sheet) => sheet,
            Err(foreign) => return again(&told(foreign, role, &hub.zone()?)),
        };
        match sent.what.as_str() {
            "begin" => begin(&visit, &sheet, half, &sent),
            "finish" => finish(&visit, &sheet, &half, &sent),
            _ => {
                let made = desk_view::when(sheet.made, &hub.zone()?);
                let text = format!(
                    "This is the {} half of the sheet made on {made}, without a slip. Nothing was begun.",
                    half.which.as_str()
                );
                show(&visit, role, &text, &Typed::nothing())
            }
        }
    })
    .await
}

impl Typed {
    fn nothing() -> Self {
        Self { what: String::new(), half: String::new(), holder: String::new(), form_token: String::new() }
    }
}

pub(super) fn named(role: &str) -> Result<Role, Trouble> {
    Role::ALL.into_iter().find(|one| one.as_str() == role).ok_or(Trouble::NothingHere)
}

/// Who this is.
pub(super) fn somebody(visit: &Visit) -> Result<Somebody, Trouble> {
    let account = &visit.account;
    Ok(Somebody { account: account.id, name: account.name.clone(), role: super::role(visit)? })
}

/// Whether somebody still has an account of their role: once it has ended, what they began counts for nothing.
pub(super) fn is_still_here(visit: &Visit, who: &Somebody) -> Result<bool, StoreError> {
    let all = visit.desk.hub.store.accounts_of(Duty::Holder(who.role))?;
    Ok(all.iter().any(|(account, _)| *account == who.account))
}

/// The first of the two: says who gets the key.
fn begin(visit: &Visit, sheet: &StoredSheet, half: Half, sent: &Typed) -> Result<Response, Trouble> {
    let (hub, role) = (&visit.desk.hub, sheet.role);
    let again = |message: &str| refused(StatusCode::BAD_REQUEST, show(visit, role, message, sent));
    let holders = hub.store.accounts_of(Duty::Holder(role))?;
    let Some(holder) = holders.into_iter().find(|(_, name)| *name == sent.holder) else {
        return again("Say who gets the key.");
    };
    let now = hub.now();
    if begun(&visit.desk).of(role, Some(sheet.number), now).is_some() {
        return again("Somebody else has begun just now: look at what stands here.");
    }
    let detail = format!("{} sheet {} for account {}", role.as_str(), sheet.number.number(), holder.0);
    hub.store.note(Actor::Account(visit.account.id), "recovery begun", &detail, now)?;
    begun(&visit.desk).begin(Begun { half, by: somebody(visit)?, holder, at: now });
    show(visit, role, "", &Typed::nothing())
}

/// The second: with both halves the key is open, and held ready for whoever was named.
fn finish(visit: &Visit, sheet: &StoredSheet, half: &Half, sent: &Typed) -> Result<Response, Trouble> {
    let (hub, role, now) = (&visit.desk.hub, sheet.role, visit.desk.hub.now());
    let again = |message: &str| refused(StatusCode::BAD_REQUEST, show(visit, role, message, sent));
    let waiting = begun(&visit.desk).of(role, Some(sheet.number), now).cloned();
    let Some(waiting) = waiting else {
        return again("The other half has waited too long, or it was given up. Begin again with the first.");
    };
    if !is_still_here(visit, &waiting.by)? {
        begun(&visit.desk).end(role);
        return again(
            "Whoever typed the other half has no account of that role any more. Begin again with the first.",
        );
    }
    if let Err(why) = waiting.takes(half, &somebody(visit)?) {
        return again(&why.to_string());
    }
    if sent.holder != waiting.holder.1 {
        return again("Look once more at who gets the key, then say so.");
    }
    let key = hub.opened_by(sheet, &waiting.half, half)?;
    let by = [waiting.by.account, visit.account.id];
    hub.store.note_recovery(sheet, by, waiting.holder.0, now)?;
    unlocked(visit).offer(waiting.holder.0, role, &key, Now::of(hub));
    begun(&visit.desk).end(role);
    let mut context = visit.context("reports")?;
    context.insert("whose", view::in_a_sentence(role));
    context.insert("holder", &waiting.holder.1);
    context.insert("mine", &(waiting.holder.0 == visit.account.id));
    visit.show("recovery_done.html", &context)
}

fn stop(visit: &Visit, role: Role) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    begun(&visit.desk).end(role);
    hub.store.note(Actor::Account(visit.account.id), "recovery given up", role.as_str(), hub.now())?;
    Ok(Redirect::to(&format!("{RECOVERY}/{}", role.as_str())).into_response())
}

/// Why a half is not one of the sheet that is in force.
fn told(foreign: Foreign, role: Role, zone: &TimeZone) -> String {
    let whose = view::in_a_sentence(role);
    match foreign {
        Foreign::School => {
            "There is no slip in it, but this half is from another school’s hub, or from one that this school had before.".into()
        }
        Foreign::Role(other) => format!(
            "There is no slip in it, but this half is for the key of {}. Here the key of {whose} is got back.",
            view::in_a_sentence(other)
        ),
        Foreign::Sheet => format!(
            "There is no slip in it, but this hub knows no such sheet for the key of {whose}. If the hub was restored from a backup, the sheet may have been made after that: look for the one before it."
        ),
        Foreign::Void(made, void) => format!(
            "There is no slip in it, but this half is of an older sheet, made on {}. A newer one made it void on {}: look for that one.",
            desk_view::when(made, zone),
            desk_view::when(void, zone)
        ),
        Foreign::Changed => {
            "Each group is right by itself, and yet this is not what was printed. Compare all ten groups with the paper.".into()
        }
    }
}

/// The page of a role, with something to say.
pub(super) fn show_role(visit: &Visit, role: Role, message: &str) -> Result<Response, Trouble> {
    show(visit, role, message, &Typed::nothing())
}

fn show(visit: &Visit, role: Role, message: &str, sent: &Typed) -> Result<Response, Trouble> {
    let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
    let zone = hub.zone()?;
    let sheet = hub.store.sheet(role)?;
    let number = sheet.as_ref().map(|sheet| sheet.number);
    let mut context = visit.context("reports")?;
    context.insert("name", role.as_str());
    context.insert("whose", view::in_a_sentence(role));
    context.insert("message", message);
    let uses = hub.store.recoveries()?;
    context.insert("sheet", &sheet.map(|sheet| SheetRow::new(&sheet, &uses, &zone)));
    let holders: Vec<String> =
        hub.store.accounts_of(Duty::Holder(role))?.into_iter().map(|(_, name)| name).collect();
    context.insert("holders", &holders);
    context.insert("chosen", &sent.holder);
    context.insert("half", &sent.half);
    context.insert("lost", &LostView::of(visit, role)?);
    let keys = hub.store.role_keys()?;
    context.insert("has_key", &keys.iter().any(|copy| copy.public.role == role));
    context.insert("minutes", &(WAITS / 60));
    let me = somebody(visit)?;
    if let Some(waiting) = begun(&visit.desk).of(role, number, now) {
        context.insert("begun", &true);
        context.insert("by", &waiting.by.name);
        context.insert("by_role", view::in_a_sentence(waiting.by.role));
        context.insert("typed_half", waiting.half.which.as_str());
        let other = if waiting.half.which == Which::First { Which::Second } else { Which::First };
        context.insert("wanted_half", other.as_str());
        context.insert("holder", &waiting.holder.1);
        context.insert("since", &desk_view::when(waiting.at, &zone));
        let may = waiting.by.account != me.account && waiting.by.role != me.role;
        context.insert("may", &may);
        context.insert("types", &may);
        context.insert("is_me", &(waiting.by.account == me.account));
    } else {
        context.insert("begun", &false);
        context.insert("types", &true);
    }
    visit.show("recovery_role.html", &context)
}

/// A holder has seen that a sheet of their role was used.
pub(in crate::desk) async fn seen(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Seen>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, sent.form_token, move |visit| {
        let (hub, role) = (&visit.desk.hub, super::role(&visit)?);
        let last = sent.last.parse().map_err(|_| Trouble::NothingHere)?;
        hub.store.see_recoveries(role, visit.account.id, last, hub.now())?;
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}
