//! A concern that a child told an adult: entered by that adult in the form that children are asked, sealed at once
//! for those whom it is for. Whoever entered it does not see it again.

use std::sync::Arc;

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use records::{
    ids::Slug,
    language::Language,
    report::{Contents, REPORT_WORDS, Report, Route, ToldTo},
    tell::{Asked, Leads, Tell},
};

use super::{
    Desk, safeguarding, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{clock, concern::ConcernError};

/// The most letters of what the adult writes.
const OWN_MAX: usize = 800;
/// The most letters of a name or a time.
const LINE_MAX: usize = 80;

/// The form.
#[derive(Debug, Default, Clone, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub(super) struct Concern {
    feeling: String,
    happened: String,
    place: String,
    about: String,
    /// The child's name.
    child: String,
    /// The child's own words.
    words: String,
    /// When the adult was told, and what the adult saw and did.
    when: String,
    own: String,
    #[serde(skip_serializing)]
    form_token: String,
}

impl Concern {
    /// Whom it is for, and the child's part of it.
    ///
    /// # Errors
    /// What is missing: a sentence.
    fn told(&self, tell: &Tell, day: records::day::Day) -> Result<(Route, Report), String> {
        let chosen = |asked: Asked, given: &str| -> Option<Slug> {
            given.parse().ok().filter(|id| tell.choice(asked, id).is_some())
        };
        let about =
            chosen(Asked::About, &self.about).ok_or("Say who it is about: that decides who reads it.")?;
        let route = match tell.choice(Asked::About, &about).and_then(|choice| choice.leads) {
            Some(Leads::To(route)) => route,
            Some(Leads::ToTalk) | None => Route::Safeguarding,
        };
        let words = self.words.trim().replace("\r\n", "\n");
        if words.is_empty() && self.own.trim().is_empty() {
            return Err("Write what the child said, or what you saw.".into());
        }
        for (text, most, what) in [
            (words.as_str(), REPORT_WORDS, "What the child said"),
            (self.own.trim(), OWN_MAX, "What you saw and did"),
            (self.when.trim(), LINE_MAX, "When you were told"),
            (self.child.trim(), LINE_MAX, "The child’s name"),
        ] {
            if text.chars().count() > most {
                return Err(format!(
                    "{what} is too long: {most} letters are the most. Say the rest in person."
                ));
            }
        }
        let report = Report {
            day,
            feeling: chosen(Asked::Feeling, &self.feeling),
            happened: chosen(Asked::Happened, &self.happened).into_iter().collect(),
            place: chosen(Asked::Place, &self.place),
            about: Some(about),
            talk_with: None,
            words: (!words.is_empty()).then_some(words),
            receipt: Vec::new(),
            language: "en-GB".parse::<Language>().expect("is a language tag"),
        };
        Ok((route, report))
    }
}

/// The empty form.
pub(super) async fn form(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Everybody, |visit| show(&visit, &Concern::default(), "")).await
}

/// Seals what was told, for those whom it is for.
pub(super) async fn enter(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Concern>,
) -> Response {
    visit::form(desk, &headers, Room::Everybody, sent.form_token.clone(), move |visit| {
        let refuse = |why: &str| Ok(visit::refused(show(&visit, &sent, why)?));
        let hub = &visit.desk.hub;
        let pack = hub.pack()?.ok_or(Trouble::NothingHere)?;
        let tell = pack.content.tell.as_ref().ok_or(Trouble::NothingHere)?;
        let now = hub.now();
        let (route, report) = match sent.told(tell, clock::day(now, &clock::zone(&pack.content))) {
            Ok(told) => told,
            Err(why) => return refuse(&why),
        };
        let to = ToldTo {
            by: visit.account.name.clone(),
            when: sent.when.trim().to_owned(),
            child: sent.child.trim().to_owned(),
            own: sent.own.trim().replace("\r\n", "\n"),
            written: now,
        };
        match hub.take_concern(route, &Contents::Concern(Box::new(report), Box::new(to)), visit.account.id) {
            Ok(()) => {
                let mut context = visit.context("concern")?;
                context.insert("readers", &safeguarding::readers_of(route));
                visit.show("concern_done.html", &context)
            }
            Err(ConcernError::Store(error)) => Err(error.into()),
            Err(error) => refuse(&error.to_string()),
        }
    })
    .await
}

fn show(visit: &Visit, kept: &Concern, why: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    let tell = pack.as_ref().and_then(|pack| pack.content.tell.as_ref());
    // The last question, whether somebody shall talk with the child, is for the child alone.
    let questions =
        tell.map(|tell| tell.questions.iter().filter(|q| q.asked != Asked::Talk).collect::<Vec<_>>());
    let mut context = visit.context("concern")?;
    context.insert("questions", &questions.unwrap_or_default());
    context.insert("can", &(tell.is_some() && hub.can_take_concerns()?));
    let zone = pack.as_ref().map_or(jiff::tz::TimeZone::UTC, |pack| clock::zone(&pack.content));
    context.insert("now", &view::when(hub.now(), &zone));
    let grown_ups = tell.map_or(Route::AboutGrownUp, Tell::about_grown_ups);
    let routes = [Route::Safeguarding, grown_ups, Route::AboutHeadteacher];
    context.insert("routes", &routes.map(safeguarding::readers_of));
    context.insert("kept", kept);
    context.insert("message", why);
    visit.show("concern.html", &context)
}
