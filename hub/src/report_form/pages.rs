//! The pages: the form, the thank-you, and where somebody goes who leaves at once.

use std::{
    sync::{Arc, PoisonError},
    time::Instant,
};

use axum::{
    Form as Sending,
    extract::{Path, Request, State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use records::{
    ids::Slug,
    pack::{Pack, PackContent},
    report::Route,
    report_envelope::RouteKeys,
    tell::{Asked, Leads, Tell},
};
use serde::Serialize;
use tera::Tera;

use super::{
    Form, OPENED_EVERY,
    keeping::KeepError,
    sent::{Sent, UNSEEN, Wrong},
    touch,
};
use crate::{
    clock,
    desk::{assets, headers},
    log,
    store::StoreError,
};

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../themes/report/templates/", $name)))),*]
    };
}
const TEMPLATES: &[(&str, &str)] =
    templates!["base.html", "form.html", "sent.html", "closed.html", "away.html", "trouble.html"];
/// Tokens and fonts are the site's; the form adds its own.
const STYLES: &str = concat!(
    include_str!("../../../themes/web/tokens.css"),
    include_str!("../../../themes/web/fonts.css"),
    include_str!("../../../themes/report/form.css")
);
const SCRIPT: &str = include_str!("../../../themes/report/leave.js");
const WORDS: &str = include_str!("../../../themes/report/words.en.toml");
/// Where not even a page can be made.
const LAST_WORDS: &str =
    "The school’s computer cannot answer now. Nothing was sent. In danger? Ring 999. Childline: 0800 1111.";
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All templates; whatever they show is escaped for HTML.
pub(super) fn load() -> Result<Tera, tera::Error> {
    let mut pages = Tera::new();
    pages.autoescape_on(vec![".html"]);
    pages.add_raw_templates(TEMPLATES.iter().copied())?;
    Ok(pages)
}

/// The catalogue of what the pages say.
pub(super) fn words() -> serde_json::Value {
    toml::from_str(WORDS).expect("the catalogue is part of this program, and a test reads it")
}

/// The form.
pub(super) async fn form(State(form): State<Arc<Form>>) -> Response {
    opened(&form);
    blocking(move || show(&form, &Sent::default(), None, StatusCode::OK)).await
}

/// Takes what somebody sent. The thank-you is the answer to it, once it is on the disk.
pub(super) async fn send(
    State(form): State<Arc<Form>>,
    sending: Result<Sending<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let Ok(Sending(pairs)) = sending else {
        let page = trouble(&form, "trouble.title", "trouble.text", StatusCode::PAYLOAD_TOO_LARGE);
        return page.unwrap_or_else(told);
    };
    let sent = Sent::of(pairs);
    let paced = form.pace.lock().unwrap_or_else(PoisonError::into_inner).sent(form.hub.now());
    tokio::time::sleep(paced.wait).await;
    blocking(move || {
        // Whatever is in the way: what somebody wrote comes back to them.
        take(&form, &sent, paced.is_one_of_many).or_else(|trouble| {
            trouble.log();
            closed(&form, None, &sent)
        })
    })
    .await
}

/// Where somebody goes who leaves at once: a page that says nothing of where they were.
pub(super) async fn away(State(form): State<Arc<Form>>) -> Response {
    blocking(move || {
        let pack = form.hub.pack()?;
        let zone = pack.as_ref().map_or(jiff::tz::TimeZone::UTC, |pack| clock::zone(&pack.content));
        let today = clock::day(form.hub.now(), &zone);
        let terms: Vec<(String, String)> = pack.as_ref().map_or(Vec::new(), |pack| {
            let terms = pack.content.terms.iter().filter(|term| term.ends >= today);
            terms.map(|term| (term.starts.in_words(), term.ends.in_words())).collect()
        });
        let mut context = context(&form, pack.as_deref());
        context.insert("terms", &terms);
        context.insert("today", &today.in_words());
        page(&form, "away.html", &context, StatusCode::OK)
    })
    .await
}

pub(super) async fn nothing_here(State(form): State<Arc<Form>>) -> Response {
    trouble(&form, "trouble.nothing", "", StatusCode::NOT_FOUND).unwrap_or_else(told)
}

pub(super) async fn styles() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLES).into_response()
}

pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

pub(super) async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], assets::SIGNPOST).into_response()
}

pub(super) async fn font(Path(name): Path<String>) -> Response {
    match assets::font_named(&name) {
        Some(bytes) => ([(header::CONTENT_TYPE, "font/woff2")], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A picture of the questions; none of the rest of the pack is for everybody.
pub(super) async fn symbol(State(form): State<Arc<Form>>, Path(name): Path<String>) -> Response {
    blocking(move || {
        let nothing = || Ok(StatusCode::NOT_FOUND.into_response());
        let Some(pack) = form.hub.pack()? else { return nothing() };
        let name: Option<Slug> = name.strip_suffix(".svg").and_then(|name| name.parse().ok());
        let asked = pack.content.tell.iter().flat_map(|tell| &tell.questions).flat_map(|q| &q.choices);
        let is_asked = |name: &Slug| asked.clone().any(|choice| choice.symbol == *name);
        let bytes = name.filter(is_asked).and_then(|name| pack.pictures.get(&name).cloned());
        match bytes {
            Some(bytes) => Ok(([(header::CONTENT_TYPE, "image/svg+xml")], bytes).into_response()),
            None => nothing(),
        }
    })
    .await
}

/// What every answer carries: nothing from elsewhere, nothing kept, nothing framed, nothing told to other sites.
pub(super) async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    headers::put(response.headers_mut(), POLICY);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Somebody opened the form: the box is written as when somebody sends something.
fn opened(form: &Arc<Form>) {
    let mut last = form.touched.lock().unwrap_or_else(PoisonError::into_inner);
    if last.is_none_or(|last| last.elapsed() >= OPENED_EVERY) {
        *last = Some(Instant::now());
        let form = form.clone();
        tokio::task::spawn_blocking(move || touch(&form.hub));
    }
}

fn take(form: &Form, sent: &Sent, is_one_of_many: bool) -> Result<Response, Trouble> {
    let pack = form.hub.pack()?;
    let Some((pack, tell)) = asking(form, pack.as_deref())? else {
        return closed(form, pack.as_deref(), sent);
    };
    let today = clock::day(form.hub.now(), &clock::zone(&pack.content));
    let kept = match sent.told(tell, today, is_one_of_many) {
        Ok((route, contents)) => form.hub.keep_web_report(route, &contents),
        Err(wrong) => {
            touch(&form.hub);
            return show(form, sent, Some(wrong), StatusCode::BAD_REQUEST);
        }
    };
    match kept {
        Ok(()) => page(form, "sent.html", &context(form, Some(pack)), StatusCode::OK),
        Err(KeepError::TooLong(bytes)) => {
            let wrong = Wrong::too_long(bytes, &sent.words);
            show(form, sent, Some(wrong), StatusCode::BAD_REQUEST)
        }
        Err(KeepError::NoReader) => closed(form, Some(pack), sent),
        Err(KeepError::Store(error)) => {
            log::line(&format!("the box of the form on the web cannot be written: {error}"));
            let wrong = Wrong { what: "not_kept", field: "", over: 0 };
            show(form, sent, Some(wrong), StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// The pack and what it asks, where it asks and every route has its readers.
fn asking<'p>(form: &Form, pack: Option<&'p Pack>) -> Result<Option<(&'p Pack, &'p Tell)>, StoreError> {
    let Some((pack, tell)) = pack.and_then(|pack| Some((pack, pack.content.tell.as_ref()?))) else {
        return Ok(None);
    };
    let keys = form.hub.given_role_keys()?;
    let is_read = Route::ALL.into_iter().all(|route| RouteKeys::of(route, &keys).is_some());
    Ok(is_read.then_some((pack, tell)))
}

/// An answer to “Shall someone talk with you?”.
#[derive(Serialize)]
struct Talk<'t> {
    value: &'static str,
    words: &'t str,
    symbol: &'t str,
}

fn show(form: &Form, kept: &Sent, wrong: Option<Wrong>, status: StatusCode) -> Result<Response, Trouble> {
    let pack = form.hub.pack()?;
    let Some((pack, tell)) = asking(form, pack.as_deref())? else {
        return closed(form, pack.as_deref(), kept);
    };
    let mut context = context(form, Some(pack));
    let questions: Vec<_> = tell.questions.iter().filter(|q| q.asked != Asked::Talk).collect();
    let word = |key: &str| form.words["form"][key].as_str().unwrap_or_default();
    let tellers =
        [("child", word("teller_child")), ("parent", word("teller_parent")), ("other", word("teller_other"))];
    context.insert("intro", &tell.intro);
    context.insert("tellers", &tellers);
    context.insert("questions", &questions);
    context.insert("talk", &talk(tell, form));
    context.insert("head_is_lead", &(tell.about_grown_ups() == Route::AboutHeadteacher));
    context.insert("kept", kept);
    context.insert("wrong", &wrong);
    context.insert("unseen", UNSEEN);
    page(form, "form.html", &context, status)
}

#[derive(Serialize)]
struct TalkQuestion<'t> {
    words: &'t str,
    choices: Vec<Talk<'t>>,
}

/// The school's own question, where it asks one: the answer that asks for a name is yes.
fn talk<'t>(tell: &'t Tell, form: &'t Form) -> TalkQuestion<'t> {
    let word = |key: &str| form.words["form"][key].as_str().unwrap_or_default();
    match tell.questions.iter().find(|question| question.asked == Asked::Talk) {
        Some(question) => {
            let choices = question.choices.iter().map(|choice| Talk {
                value: if choice.leads == Some(Leads::ToTalk) { "yes" } else { "no" },
                words: &choice.words,
                symbol: choice.symbol.as_str(),
            });
            TalkQuestion { words: &question.words, choices: choices.collect() }
        }
        None => TalkQuestion {
            words: word("talk"),
            choices: vec![
                Talk { value: "yes", words: word("talk_yes"), symbol: "" },
                Talk { value: "no", words: word("talk_no"), symbol: "" },
            ],
        },
    }
}

/// The form cannot be asked: nobody could read what comes. Other ways are told.
fn closed(form: &Form, pack: Option<&Pack>, sent: &Sent) -> Result<Response, Trouble> {
    let mut context = context(form, pack);
    context.insert("kept", sent);
    page(form, "closed.html", &context, StatusCode::SERVICE_UNAVAILABLE)
}

#[derive(Serialize)]
struct Line<'p> {
    name: &'p str,
    phone: &'p str,
    dialled: String,
}

fn lines(content: &PackContent) -> Vec<Line<'_>> {
    let line = |line: &'_ records::pack::Helpline| line.phone.chars().filter(char::is_ascii_digit).collect();
    content
        .helplines
        .iter()
        .filter(|helpline| !helpline.phone.is_empty())
        .map(|helpline| Line { name: &helpline.name, phone: &helpline.phone, dialled: line(helpline) })
        .collect()
}

fn context(form: &Form, pack: Option<&Pack>) -> tera::Context {
    let mut context = tera::Context::new();
    let school = pack.map_or(form.hub.identity().school_name.as_str(), |pack| &pack.content.school_name);
    context.insert("school", school);
    context.insert("w", &form.words);
    context.insert("lines", &pack.map(|pack| lines(&pack.content)).unwrap_or_default());
    context
}

/// Why a page was not made.
enum Trouble {
    Store(StoreError),
    Pages(tera::Error),
}
impl Trouble {
    /// Says why, and nothing of who asked.
    fn log(&self) {
        match self {
            Self::Store(error) => log::line(&format!("a page of the form on the web was not shown: {error}")),
            Self::Pages(error) => log::line(&format!("a page of the form on the web was not shown: {error}")),
        }
    }
}
impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn page(form: &Form, name: &str, context: &tera::Context, status: StatusCode) -> Result<Response, Trouble> {
    let page = form.pages.render(name, context).map_err(Trouble::Pages)?;
    Ok((status, Html(page)).into_response())
}

fn trouble(form: &Form, title: &str, text: &str, status: StatusCode) -> Result<Response, Trouble> {
    let word = |path: &str| form.words.pointer(&format!("/{}", path.replace('.', "/"))).cloned();
    let mut context = context(form, None);
    context.insert("title", &word(title));
    context.insert("text", &word(text));
    page(form, "trouble.html", &context, status)
}

async fn blocking(work: impl FnOnce() -> Result<Response, Trouble> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(trouble)) => told(trouble),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page that could not be made.
fn told(trouble: Trouble) -> Response {
    trouble.log();
    (StatusCode::SERVICE_UNAVAILABLE, LAST_WORDS).into_response()
}
