//! A visit: who asks for a page, and what they get when something is wrong.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{pack::Pack, report::Role};
use subtle::ConstantTimeEq as _;
use tera::Context;

use super::{Desk, backups, calls, registers, safeguarding, second_step, unanswered, unopened, view};
use crate::{
    handling::Label,
    hub::form_token,
    log,
    store::{
        StoreError,
        accounts::{Account, Duty},
    },
};

/// Holds the session's token.
pub(super) const SESSION: &str = "__Host-signpost";
/// Holds a token for the sign-in form, before there is a session.
pub(super) const BEFORE: &str = "__Host-signpost-form";

/// Says that the password was right, until the code is.
pub(super) const HALF: &str = "__Host-signpost-half";

/// How far somebody has to be set up for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setup {
    /// Also somebody who has yet to change a first password.
    WithFirstPassword,
    /// With a password of their own, and perhaps without the second step that they need.
    WithoutSecondStep,
    /// With everything.
    Whole,
}

/// What keeps a page from being shown.
pub(super) enum Trouble {
    Store(StoreError),
    Pages(tera::Error),
    NothingHere,
    /// A form without the token that its page carried.
    NotOurForm,
    /// The holder of a role has to open the report box first.
    BoxLocked,
}
impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
impl From<tera::Error> for Trouble {
    fn from(error: tera::Error) -> Self {
        Self::Pages(error)
    }
}

/// Who may see a page. Every page names its room; there is none for “whoever is signed in” by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// The office alone.
    Office,
    /// The office, and whoever holds the headteacher's key: what is said of one person, and nothing of a report.
    OfficeAndHead,
    /// Whoever holds the headteacher's key or the safeguarding lead's: who did what at the hub, and nothing of a report.
    HeadAndLead,
    /// The office, and the holders of roles: what says nothing of a pupil and nothing of a report.
    OfficeAndHolders,
    /// The holders of roles alone.
    Safeguarding,
    /// Numbers without names: for all but technicians and other staff.
    Figures,
    /// Whom pictures may be taken of, without a way to anybody's answers: for the office, and whoever works here.
    Camera,
    /// What the school's content has for staff alone: for whoever works here, and for no governor.
    StaffPages,
    /// The kiosks and the hub as machines: for the office and the technician.
    Machines,
    /// Who has an account: for the technician and the headteacher.
    Accounts,
    /// Everybody who is signed in: what says nothing of a pupil and nothing of a report.
    Everybody,
    /// Everybody who is signed in, and then each register says itself who may write and read it.
    Registers,
}

impl Room {
    pub(super) fn lets_in(self, duty: Duty) -> bool {
        match self {
            Self::Office => duty == Duty::Office,
            Self::OfficeAndHead => matches!(duty, Duty::Office | Duty::Holder(Role::Headteacher)),
            Self::HeadAndLead => {
                matches!(duty, Duty::Holder(Role::Headteacher | Role::Safeguarding))
            }
            Self::OfficeAndHolders => matches!(duty, Duty::Office | Duty::Holder(_)),
            Self::Safeguarding => matches!(duty, Duty::Holder(_)),
            Self::Figures => !matches!(duty, Duty::Technician | Duty::Staff),
            Self::Camera => matches!(duty, Duty::Office | Duty::Staff),
            Self::StaffPages => !matches!(duty, Duty::Governor | Duty::Holder(Role::Chair | Role::ViceChair)),
            Self::Machines => matches!(duty, Duty::Office | Duty::Technician),
            Self::Accounts => matches!(duty, Duty::Technician | Duty::Holder(Role::Headteacher)),
            Self::Everybody | Self::Registers => true,
        }
    }
}

/// Somebody signed in.
pub(super) struct Visit {
    pub(super) desk: Arc<Desk>,
    pub(super) account: Account,
    pub(super) token: String,
}

impl Visit {
    /// What every page is told. `area` is the part of the desk that the page belongs to.
    pub(super) fn context(&self, area: &str) -> Result<Context, Trouble> {
        let mut context = outside_context(&self.desk);
        context.insert("area", area);
        context.insert("calls", &calls::open(&self.desk, Some(&self.token))?);
        context.insert("going", &calls::going(self)?);
        context.insert("unanswered", &unanswered::waiting(self)?);
        context.insert("account", &self.account.name);
        context.insert("one_time", &self.account.one_time);
        let set_up = !self.desk.hub.store.lacks_second_step(&self.account)?;
        context.insert("set_up", &set_up);
        context.insert("form_token", &form_token(&self.token));
        let hub = &self.desk.hub;
        context.insert("printed", &view::when(hub.now(), &hub.zone()?));
        context.insert("handling", &hub.label(Label::Lists)?);
        let duty = self.account.duty;
        if matches!(duty, Duty::Holder(_)) {
            context.insert("confidential", &hub.label(Label::Reports)?);
        }
        let machines = Room::Machines.lets_in(duty);
        let store = &self.desk.hub.store;
        let aside = if machines { store.set_aside_count()? + store.odd_count()? } else { 0 };
        context.insert("office", &(duty == Duty::Office));
        context.insert("holder", &matches!(duty, Duty::Holder(_)));
        context.insert("head", &(duty == Duty::Holder(Role::Headteacher)));
        context.insert("figures", &Room::Figures.lets_in(duty));
        context.insert("machines", &machines);
        context.insert("accounts", &Room::Accounts.lets_in(duty));
        let asks = |pack: &Pack| !pack.content.consent.is_empty() || !pack.content.adult_consent.is_empty();
        let camera = duty == Duty::Staff && self.desk.hub.pack()?.is_some_and(|pack| asks(&pack));
        context.insert("camera", &camera);
        context.insert("log", &Room::HeadAndLead.lets_in(duty));
        context.insert("set_aside_count", &aside);
        let clocks = if set_up && !self.account.one_time { registers::clocks(self)? } else { Vec::new() };
        context.insert("clocks", &clocks);
        let kiosks = if machines { store.kiosks_to_look_at()? } else { 0 };
        context.insert("kiosks_to_look_at", &kiosks);
        let worry = if machines { backups::worry(&self.desk.hub)? } else { None };
        context.insert("backup_worry", &worry);
        let not_written = match machines || matches!(duty, Duty::Holder(_)) {
            true => calls::not_written(self)?,
            false => None,
        };
        context.insert("not_written", &not_written);
        let sees_to_boxes = Room::OfficeAndHolders.lets_in(duty);
        let waiting = if sees_to_boxes { unopened::boxes(&self.desk.hub)? } else { Vec::new() };
        context.insert("waiting_boxes", &waiting);
        Ok(context)
    }
    /// A page.
    pub(super) fn show(&self, template: &str, context: &Context) -> Result<Response, Trouble> {
        Ok(Html(self.desk.pages.render(template, context)?).into_response())
    }
}

/// What pages outside a session are told.
pub(super) fn outside_context(desk: &Desk) -> Context {
    let mut context = Context::new();
    context.insert("school", &desk.hub.identity().school_name);
    context
}

/// Runs a page's work for somebody signed in; others are sent to sign in, and somebody whose password
/// is good for once only to change it, and somebody who lacks a second step to set that up.
pub(super) async fn page(
    desk: Arc<Desk>,
    headers: &HeaderMap,
    room: Room,
    work: impl FnOnce(Visit) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    visit(desk, headers, room, Setup::Whole, work).await
}

/// The same for a form, which has to carry the token of its page.
pub(super) async fn form(
    desk: Arc<Desk>,
    headers: &HeaderMap,
    room: Room,
    shown: String,
    work: impl FnOnce(Visit) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    visit(desk, headers, room, Setup::Whole, move |visit| {
        if same(&shown, &form_token(&visit.token)) { work(visit) } else { Err(Trouble::NotOurForm) }
    })
    .await
}

/// Whether somebody who may enter this room asks, before much is read of what they send; else the door that they are
/// shown.
pub(super) async fn known(desk: Arc<Desk>, headers: &HeaderMap, room: Room) -> Result<(), Response> {
    let door = visit(desk, headers, room, Setup::Whole, |_| Ok(StatusCode::NO_CONTENT.into_response())).await;
    if door.status() == StatusCode::NO_CONTENT { Ok(()) } else { Err(door) }
}

/// Like [`page`], for somebody who need not be set up any further than this.
pub(super) async fn visit(
    desk: Arc<Desk>,
    headers: &HeaderMap,
    room: Room,
    setup: Setup,
    work: impl FnOnce(Visit) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    let Some(token) = cookie(headers, SESSION) else { return Redirect::to("/sign-in").into_response() };
    let at_desk = desk.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let Some(account) = desk.hub.store.session(token.as_bytes(), desk.hub.now())? else {
            return Ok(Redirect::to("/sign-in").into_response());
        };
        if account.one_time && setup != Setup::WithFirstPassword {
            return Ok(Redirect::to("/password").into_response());
        }
        if setup == Setup::Whole && desk.hub.store.lacks_second_step(&account)? {
            return Ok(Redirect::to(second_step::ADDRESS).into_response());
        }
        // As if there were no such page: nobody learns what is behind a door that is not theirs.
        if !room.lets_in(account.duty) {
            return Err(Trouble::NothingHere);
        }
        work(Visit { desk, account, token })
    });
    match answer.await {
        Ok(Ok(response)) => response,
        Ok(Err(trouble)) => told(&at_desk, trouble),
        Err(_) => told(&at_desk, Trouble::Store(StoreError::Damaged("a page was not finished".into()))),
    }
}

/// For addresses that do not exist.
/// A page that says why something was not done.
pub(super) fn refused(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::BAD_REQUEST;
    page
}

pub(super) async fn nothing_here(State(desk): State<Arc<Desk>>) -> Response {
    told(&desk, Trouble::NothingHere)
}

/// Tells people what is wrong.
pub(super) fn told(desk: &Desk, trouble: Trouble) -> Response {
    let (status, title, text) = match trouble {
        Trouble::BoxLocked => return Redirect::to(safeguarding::ADDRESS).into_response(),
        Trouble::NothingHere => (
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "The address may be wrong, or what was here has gone.",
        ),
        Trouble::NotOurForm => (
            StatusCode::FORBIDDEN,
            "The form was too old",
            "Nothing was changed. Go back, load the page again, and try once more.",
        ),
        Trouble::Store(error @ StoreError::Full) => {
            log::line(&format!("page not shown: {error}"));
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "There is no room left on the hub’s disk",
                "Nothing of this was kept. What was kept before is safe. Tell your technician; once there is room, try again.",
            )
        }
        Trouble::Store(error) => {
            log::line(&format!("page not shown: {error}"));
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The hub cannot answer now",
                "Nothing is lost. Try again in a minute.",
            )
        }
        Trouble::Pages(error) => {
            log::line(&format!("page not shown: {error}"));
            (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be shown", "Please tell your technician.")
        }
    };
    let mut context = outside_context(desk);
    context.insert("title", title);
    context.insert("text", text);
    let page = desk.pages.render("trouble.html", &context).unwrap_or_else(|_| title.to_owned());
    (status, Html(page)).into_response()
}

/// A cookie's value.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Sets a cookie that no script and no other site can use; an empty value takes it away.
pub(super) fn set_cookie(response: &mut Response, name: &str, value: &str) {
    let gone = if value.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict{gone}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whether two tokens are the same, in constant time.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
