//! Figures for governors: how many, never who. Small numbers are withheld by [`crate::figures`].

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use records::{
    agreement::Agreement,
    consent::Standing,
    day::{Day, Moment},
    form::Form,
    pack::{PackContent, Term},
    survey::Survey,
};
use serde::Serialize;

use super::{
    Desk, backups,
    consent::whole,
    consent_view::Whole,
    csv_export, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    figures::{self, Shown},
    store::{audit::Actor, calls::Answered, registers::Register},
    survey_figures::{self, OfQuestion, Row},
};

/// The answer of those who gave none.
const UNSAID: &str = "did not say";
/// Somebody who goes within so many seconds goes at once.
const AT_ONCE: i64 = 120;

/// All of the page.
#[derive(Serialize)]
struct Figures {
    agreements: Vec<AgreementFigures>,
    forms: Vec<FormFigures>,
    calls: Vec<TermCalls>,
    surveys: Vec<SurveyFigures>,
}

/// How far an agreement is signed.
#[derive(Serialize)]
struct AgreementFigures {
    title: String,
    audience: &'static str,
    asked: String,
    signed: String,
    outstanding: String,
}

/// How a form of consent is answered.
#[derive(Serialize)]
struct FormFigures {
    title: String,
    asked: String,
    uses: Vec<UseFigures>,
}

#[derive(Serialize)]
struct UseFigures {
    words: String,
    yes: String,
    no: String,
    not_asked: String,
}

/// What pupils answered to a survey at the touchscreens.
#[derive(Serialize)]
struct SurveyFigures {
    title: String,
    questions: Vec<QuestionFigures>,
}

#[derive(Serialize)]
struct QuestionFigures {
    words: String,
    answers: Vec<String>,
    rows: Vec<DaysFigures>,
}

/// How often which answer was given on some days.
#[derive(Serialize)]
struct DaysFigures {
    days: String,
    counts: Vec<String>,
}

/// Calls for a grown-up in one term.
#[derive(Serialize)]
struct TermCalls {
    term: String,
    at_once: String,
    later: String,
    nobody: String,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Figures, |visit| {
        let hub = &visit.desk.hub;
        let pack = hub.pack()?;
        let mut context = visit.context("figures")?;
        if let Some(pack) = &pack {
            context.insert("all", &figures(&visit, &pack.content)?);
            context.insert("year", &view::year(&pack.content.year));
        }
        context.insert("fewest", &figures::FEWEST);
        context.insert("backup", &backups::last(hub)?);
        context.insert("printed", &view::when(hub.now(), &hub.zone()?));
        visit.show("figures.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet.
pub(super) async fn export(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Figures, |visit| {
        let hub = &visit.desk.hub;
        let pack = hub.pack()?.ok_or(Trouble::NothingHere)?;
        let all = figures(&visit, &pack.content)?;
        let today = clock::day(hub.now(), &hub.zone()?);
        hub.store.note(Actor::Account(visit.account.id), "figures taken as a file", "", hub.now())?;
        let what = format!("Figures for governors, school year {}", view::year(&pack.content.year));
        let bytes = csv_export::without_names(&what, today, lines(&all));
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"figures-{today}.csv\"")),
        ];
        Ok((headers, bytes).into_response())
    })
    .await
}

fn figures(visit: &Visit, content: &PackContent) -> Result<Figures, Trouble> {
    let (hub, store) = (&visit.desk.hub, &visit.desk.hub.store);
    let mut agreements = Vec::new();
    for agreement in &content.agreements {
        let register = store.register(agreement, &content.year)?;
        if register.asked() > 0 {
            agreements.push(AgreementFigures::of(agreement, &register));
        }
    }
    let forms = whole(visit)?.map(|whole| forms(&whole)).unwrap_or_default();
    let (zone, answered) = (hub.zone()?, store.answered_calls()?);
    let today = clock::day(hub.now(), &zone);
    let terms = terms_until(content, today);
    let calls = terms.map(|term| TermCalls::of(term, &answered, &zone)).collect();
    let of_survey = |survey: &Survey| {
        let totals = store.survey_totals(survey)?;
        Ok::<_, Trouble>(SurveyFigures::of(
            survey,
            survey_figures::of(survey, &totals, content, today, UNSAID),
        ))
    };
    let surveys = content.surveys.iter().map(of_survey).collect::<Result<_, _>>()?;
    Ok(Figures { agreements, forms, calls, surveys })
}

impl SurveyFigures {
    fn of(survey: &Survey, questions: Vec<OfQuestion>) -> Self {
        let row = |row: Row| DaysFigures {
            days: days(row.from, row.until),
            counts: row.counts.iter().map(Shown::to_string).collect(),
        };
        let question = |question: OfQuestion| QuestionFigures {
            words: question.words,
            answers: question.answers,
            rows: question.rows.into_iter().map(row).collect(),
        };
        Self { title: survey.title.clone(), questions: questions.into_iter().map(question).collect() }
    }
}

impl AgreementFigures {
    fn of(agreement: &Agreement, register: &Register) -> Self {
        let (asked, signed) = (register.asked(), register.signed());
        let [shown, outstanding] = figures::parts([signed, asked - signed]);
        Self {
            title: agreement.title.clone(),
            audience: view::audience(agreement.audience),
            asked: figures::alone(asked).to_string(),
            signed: shown.to_string(),
            outstanding: outstanding.to_string(),
        }
    }
}

fn forms(whole: &Whole) -> Vec<FormFigures> {
    let of_form = |form: &Form| {
        let asked = whole.asked(form);
        let uses = form.purposes.iter().map(|purpose| {
            let count =
                |wanted| asked.iter().filter(|one| whole.standing(one, form, purpose) == wanted).count();
            let [yes, no, not_asked] =
                figures::parts([count(Standing::Yes), count(Standing::No), count(Standing::NotAsked)]);
            UseFigures {
                words: purpose.words.clone(),
                yes: yes.to_string(),
                no: no.to_string(),
                not_asked: not_asked.to_string(),
            }
        });
        FormFigures {
            title: form.title.clone(),
            asked: figures::alone(asked.len()).to_string(),
            uses: uses.collect(),
        }
    };
    whole.forms().filter(|form| !whole.asked(form).is_empty()).map(of_form).collect()
}

/// The terms of the school year that have begun.
pub(super) fn terms_until(content: &PackContent, today: Day) -> impl Iterator<Item = &Term> {
    let of_year = content.terms.iter().filter(|term| content.year.holds(term.starts));
    of_year.filter(move |term| term.starts <= today)
}

/// “1 September to 21 October”
pub(super) fn term_name(term: &Term) -> String {
    days(term.starts, term.ends)
}

fn days(from: Day, until: Day) -> String {
    let day = |day: Day| day.date().strftime("%-d %B").to_string();
    format!("{} to {}", day(from), day(until))
}

impl TermCalls {
    fn of(term: &Term, calls: &[Answered], zone: &TimeZone) -> Self {
        let within = |moment: Moment| {
            let day = clock::day(moment, zone);
            term.starts <= day && day <= term.ends
        };
        let calls: Vec<_> = calls.iter().filter(|call| within(call.at)).collect();
        let after = |call: &&&Answered| call.taken.map(|taken| taken.0 - call.at.0);
        let at_once = calls.iter().filter(|call| after(call).is_some_and(|s| s <= AT_ONCE)).count();
        let nobody = calls.iter().filter(|call| call.taken.is_none()).count();
        let shown = figures::parts([at_once, calls.len() - at_once - nobody, nobody]);
        let [at_once, later, nobody] = shown.map(|count: Shown| count.to_string());
        Self { term: term_name(term), at_once, later, nobody }
    }
}

/// The page's tables, one below the other.
fn lines(all: &Figures) -> impl Iterator<Item = Vec<String>> {
    let line = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let mut lines = vec![line(&["Agreement", "For", "Asked", "Signed", "To sign"])];
    lines.extend(
        all.agreements.iter().map(|a| line(&[&a.title, a.audience, &a.asked, &a.signed, &a.outstanding])),
    );
    lines.push(Vec::new());
    lines.push(line(&["Form", "Use", "Asked", "Yes", "No", "Not answered"]));
    for form in &all.forms {
        let of_use =
            |u: &UseFigures| line(&[&form.title, &u.words, &form.asked, &u.yes, &u.no, &u.not_asked]);
        lines.extend(form.uses.iter().map(of_use));
    }
    lines.push(Vec::new());
    lines.push(line(&[
        "Calls for a grown-up, term",
        "Gone to within two minutes",
        "Gone to later",
        "Nobody said so",
    ]));
    lines.extend(all.calls.iter().map(|c| line(&[&c.term, &c.at_once, &c.later, &c.nobody])));
    for (survey, question) in all.surveys.iter().flat_map(|s| s.questions.iter().map(move |q| (s, q))) {
        lines.push(Vec::new());
        lines.push([line(&[&survey.title, &question.words]), question.answers.clone()].concat());
        lines.extend(question.rows.iter().map(|row| [line(&[&row.days, ""]), row.counts.clone()].concat()));
    }
    lines.into_iter()
}
