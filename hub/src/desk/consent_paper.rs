//! A form of consent that came on paper: whose it is, which day and version stand on it, and what it says to each use.
//! A use that it says nothing to stays as it was.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    consent::{Answer, ConsentDecision, PurposeAnswer, Said},
    day::{Day, SchoolYear},
    digest::Digest,
    form::{Form, Purpose, Question, QuestionType},
    ids::{DeviceId, PersonId, RecordId, Slug},
};
use serde::Serialize;

use super::{
    Desk,
    consent::{form_of, person_of, show_pupil, whole},
    consent_view::Whole,
    papers::{self, NO_DAY, WithScan},
    view,
    visit::{self, Trouble, Visit},
};
use crate::{import::Kind, random, store::people::Person};

/// What a decision that the office entered names as its kiosk.
const AT_THE_DESK: DeviceId = DeviceId::from_bytes([0; 16]);

/// What was typed, to be shown again where it was refused.
#[derive(Default)]
pub(super) struct OnPaper {
    /// Which form.
    form: String,
    /// Whose paper it is.
    by: String,
    day: String,
    /// The words that stand on it, by their digest.
    words: String,
    /// What was said to a day that something speaks against: “this-year”, “year-before”.
    meant: String,
    /// The uses with a yes, and those with a no.
    yes: Vec<String>,
    no: Vec<String>,
    /// What was chosen for the other questions, by their names.
    said: Vec<(String, String)>,
}

impl OnPaper {
    fn read(form: &str, sent: &WithScan) -> Self {
        let uses = |answer: &str| {
            let pairs = sent.typed.pairs().filter(move |(_, given)| given == answer);
            pairs.filter_map(|(key, _)| key.strip_prefix("use-").map(str::to_owned)).collect()
        };
        let said = sent
            .typed
            .pairs()
            .filter_map(|(key, chosen)| Some((key.strip_prefix("said-")?.to_owned(), chosen)));
        Self {
            form: form.to_owned(),
            by: sent.typed.words("by"),
            day: sent.typed.words("day"),
            words: sent.typed.words("words"),
            meant: sent.typed.words("meant"),
            yes: uses("yes"),
            no: uses("no"),
            said: said.collect(),
        }
    }

    /// What was chosen for a question; none where it was nothing that the question offers.
    fn chosen(&self, question: &Question) -> Option<Slug> {
        let (_, chosen) = self.said.iter().find(|(id, _)| *id == question.id.as_str())?;
        choices(question).into_iter().map(|(id, _)| id).find(|id| id.as_str() == chosen)
    }

    /// Yes or no; none where nothing was said, or both at once.
    fn answer(&self, purpose: &Purpose) -> Option<Answer> {
        let said = |all: &[String]| all.iter().any(|one| one == purpose.id.as_str());
        match (said(&self.yes), said(&self.no)) {
            (true, false) => Some(Answer::Yes),
            (false, true) => Some(Answer::No),
            _ => None,
        }
    }
}

/// A place to enter a form from paper, with what was typed there.
#[derive(Debug, Serialize)]
pub(super) struct PaperForm {
    open: bool,
    by: String,
    day: String,
    today: String,
    /// The versions that are known here, where there are several.
    words: Vec<Wording>,
    uses: Vec<PaperUse>,
    questions: Vec<PaperQuestion>,
    /// The pupil, whose own no may be entered; empty on a form that grown-ups answer for themselves.
    child: String,
    /// What can be said to a day that something speaks against: each with its name.
    meanings: Vec<(&'static str, String)>,
    meant: String,
}

/// A version to choose.
#[derive(Debug, Serialize)]
struct Wording {
    digest: String,
    version: String,
    now: bool,
    chosen: bool,
}

/// A use of one version or another.
#[derive(Debug, Serialize)]
struct PaperUse {
    id: String,
    words: String,
    /// How other versions put it, or that they do not.
    others: Vec<String>,
    /// “yes”, “no”, or nothing.
    answer: &'static str,
}

/// A question beside the uses, of which one answer is chosen.
#[derive(Debug, Serialize)]
struct PaperQuestion {
    id: String,
    words: String,
    /// Which versions do not ask it.
    others: Vec<String>,
    choices: Vec<(String, String)>,
    chosen: String,
}

impl PaperForm {
    pub(super) fn new(
        visit: &Visit,
        whole: &Whole,
        pupil: &Person,
        form: &Form,
        typed: &OnPaper,
    ) -> Result<Self, Trouble> {
        let nothing = OnPaper::default();
        let open = typed.form == form.id.as_str();
        let typed = if open { typed } else { &nothing };
        let today = visit.desk.hub.today()?;
        let all = whole.book.wordings(form);
        let doubts = match (papers::day_on(visit, &typed.day)?, decider(whole, pupil, typed)) {
            (Some((day, _)), Some(by)) => doubts(whole, pupil, by, form, day),
            _ => Vec::new(),
        };
        let words = all.iter().map(|(digest, words)| Wording {
            digest: digest.to_string(),
            version: words.version.to_string(),
            now: *digest == form.digest(),
            chosen: digest.to_string() == typed.words,
        });
        Ok(Self {
            open,
            by: typed.by.clone(),
            day: if open { typed.day.clone() } else { today.to_string() },
            today: today.to_string(),
            words: if all.len() > 1 { words.collect() } else { Vec::new() },
            uses: uses(&all, typed),
            questions: questions(&all, typed),
            child: if pupil.kind == Kind::Pupils { pupil.id.to_string() } else { String::new() },
            meanings: meanings(whole.book.year(), &doubts),
            meant: typed.meant.clone(),
        })
    }
}

/// Every use of every version that is known, each once: as it is asked now, then those that are asked no more.
fn uses(all: &[(Digest, &Form)], typed: &OnPaper) -> Vec<PaperUse> {
    let mut shown: Vec<PaperUse> = Vec::new();
    for (_, form) in all {
        for purpose in &form.purposes {
            if shown.iter().any(|one| one.id == purpose.id.as_str()) {
                continue;
            }
            let others = all.iter().filter_map(|(_, other)| {
                let version = &other.version;
                match other.purposes.iter().find(|one| one.id == purpose.id) {
                    None => Some(format!("version {version} does not ask this")),
                    Some(one) if one.words != purpose.words => {
                        Some(format!("in version {version}: “{}”", one.words))
                    }
                    Some(_) => None,
                }
            });
            shown.push(PaperUse {
                id: purpose.id.to_string(),
                words: purpose.words.clone(),
                others: others.collect(),
                answer: match typed.answer(purpose) {
                    Some(Answer::Yes) => "yes",
                    Some(Answer::No) => "no",
                    None => "",
                },
            });
        }
    }
    shown
}

/// Every question of every version that is known, of which one answer is chosen: each once.
fn questions(all: &[(Digest, &Form)], typed: &OnPaper) -> Vec<PaperQuestion> {
    let mut shown: Vec<PaperQuestion> = Vec::new();
    for question in all.iter().flat_map(|(_, form)| &form.questions) {
        let offered = choices(question);
        if offered.is_empty() || shown.iter().any(|one| one.id == question.id.as_str()) {
            continue;
        }
        let asks = |form: &Form| form.questions.iter().any(|one| one.id == question.id);
        let others = all.iter().filter(|(_, form)| !asks(form));
        shown.push(PaperQuestion {
            id: question.id.to_string(),
            words: question.words.clone(),
            others: others.map(|(_, form)| format!("version {} does not ask this", form.version)).collect(),
            choices: offered.into_iter().map(|(id, words)| (id.to_string(), words)).collect(),
            chosen: typed.chosen(question).map(|chosen| chosen.to_string()).unwrap_or_default(),
        });
    }
    shown
}

/// The answers that a question offers to choose one from, as at a touchscreen; none where it is answered otherwise.
fn choices(question: &Question) -> Vec<(Slug, String)> {
    match question.answer {
        QuestionType::YesNo => {
            let both = [("yes", "Yes"), ("no", "No")];
            both.into_iter().filter_map(|(id, words)| Some((id.parse().ok()?, words.to_owned()))).collect()
        }
        QuestionType::Choice => question.choices.iter().map(|c| (c.id.clone(), c.words.clone())).collect(),
        _ => Vec::new(),
    }
}

/// What speaks against the day on a paper.
enum Doubt {
    /// It is before the school year.
    BeforeYear,
    /// Whoever signed it has answered since, or on the same day.
    Answered(Day),
}

fn doubts(whole: &Whole, pupil: &Person, by: PersonId, form: &Form, day: Day) -> Vec<Doubt> {
    // Where a yes holds for good, it does not matter for which year it was given.
    let early = form.every_year && day < whole.book.year().starts;
    let since = whole.book.answered_since((pupil.id, by), &form.id, day);
    early.then_some(Doubt::BeforeYear).into_iter().chain(since.map(Doubt::Answered)).collect()
}

/// What can be said to it.
fn meanings(year: &SchoolYear, doubts: &[Doubt]) -> Vec<(&'static str, String)> {
    let is_early = doubts.iter().any(|doubt| matches!(doubt, Doubt::BeforeYear));
    match doubts {
        [] => Vec::new(),
        _ if is_early => vec![
            ("this-year", format!("The day is right, and it was signed for the school year {}.", view::year(year))),
            ("year-before", "The day is right, and it was signed for a school year that is over: a no counts, and a yes does not.".into()),
        ],
        _ => vec![("this-year", "The day is right.".into())],
    }
}

/// Whose answer it is, where they decide for this pupil or are the child.
fn decider(whole: &Whole, pupil: &Person, typed: &OnPaper) -> Option<PersonId> {
    let may = |by: &PersonId| *by == pupil.id || whole.book.is_responsible(*by, pupil.id);
    typed.by.parse().ok().filter(may)
}

/// Enters a paper.
pub(super) async fn enter(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((id, form)): Path<(String, String)>,
    request: Request,
) -> Response {
    WithScan::of_the_office(desk, &headers, request, move |visit, sent| {
        let typed = OnPaper::read(&form, &sent);
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let (pupil, form) = (person_of(&whole, &id)?, form_of(&whole, &form)?);
        if !whole.forms_of(pupil).iter().any(|one| one.id == form.id) {
            return Err(Trouble::NothingHere);
        }
        let decision = match decision(&visit, &whole, (pupil, form), &typed)? {
            Ok(decision) => decision,
            Err(why) => return Ok(visit::refused(show_pupil(&visit, &id, &why, &typed)?)),
        };
        let scan = match sent.scan() {
            Ok(scan) => scan,
            Err(error) => {
                return Ok(visit::refused(show_pupil(&visit, &id, &papers::not_kept(error), &typed)?));
            }
        };
        let hub = &visit.desk.hub;
        hub.store.enter_decision(&decision, scan.as_ref(), visit.account.id, hub.now())?;
        hub.tell_kiosks();
        Ok(Redirect::to(&format!("/consent/pupil/{id}")).into_response())
    })
    .await
}

/// What the paper comes to, or what has to be put right first.
fn decision(
    visit: &Visit,
    whole: &Whole,
    (pupil, form): (&Person, &Form),
    typed: &OnPaper,
) -> Result<Result<ConsentDecision, String>, Trouble> {
    let refuse = |why: &str| Ok(Err(why.to_owned()));
    let Some(by) = decider(whole, pupil, typed) else {
        return refuse("Nothing was kept. Say whose paper it is: choose one of those who decide.");
    };
    let Some((day, when)) = papers::day_on(visit, &typed.day)? else { return refuse(NO_DAY) };
    let all = whole.book.wordings(form);
    let chosen = match &all[..] {
        [only] => Some(only),
        several => several.iter().find(|(digest, _)| digest.to_string() == typed.words),
    };
    let Some((digest, words)) = chosen else {
        return refuse("Nothing was kept. Say which version stands on the paper.");
    };
    let every = all.iter().flat_map(|(_, words)| &words.purposes);
    let mut not_asked = every.filter(|purpose| words.purposes.iter().all(|one| one.id != purpose.id));
    if let Some(purpose) = not_asked.find(|purpose| typed.answer(purpose).is_some()) {
        return refuse(&format!(
            "Nothing was kept. Version {} does not ask about “{}”: choose the version that stands on the paper, or leave this use.",
            words.version, purpose.words
        ));
    }
    let answer = |purpose: &Purpose| {
        Some(PurposeAnswer { purpose: purpose.id.clone(), answer: typed.answer(purpose)? })
    };
    let answers: Vec<PurposeAnswer> = words.purposes.iter().filter_map(answer).collect();
    let chosen =
        |question: &Question| Some(Said { question: question.id.clone(), choice: typed.chosen(question)? });
    let said: Vec<Said> = words.questions.iter().filter_map(chosen).collect();
    if answers.is_empty() && said.is_empty() {
        return refuse(
            "Nothing was kept. Say yes or no for at least one use; what the paper says nothing to stays as it was.",
        );
    }
    let doubts = doubts(whole, pupil, by, form, day);
    let meanings = meanings(whole.book.year(), &doubts);
    if !meanings.is_empty() && meanings.iter().all(|(meaning, _)| *meaning != typed.meant) {
        let why: Vec<String> = doubts.iter().map(|doubt| in_words(doubt, whole.book.year())).collect();
        let text = papers::doubted(day, &why, "where it is right").unwrap_or_default();
        return refuse(&text);
    }
    let year = *whole.book.year();
    Ok(Ok(ConsentDecision {
        id: RecordId::from_bytes(random::bytes()),
        pupil: pupil.id,
        by,
        form: form.id.clone(),
        version: words.version.clone(),
        words: *digest,
        answers,
        replaces: whole.book.before_paper((pupil.id, by), &form.id, day),
        help: None,
        when,
        device: AT_THE_DESK,
        helped: false,
        year: if typed.meant == "year-before" { year_before(year) } else { year },
        said,
    }))
}

fn in_words(doubt: &Doubt, year: &SchoolYear) -> String {
    match doubt {
        Doubt::BeforeYear => format!("this school year began on {}", year.starts.in_words()),
        Doubt::Answered(on) => format!(
            "the same person has answered on {}, which this paper does not replace: where the two differ, the no stands",
            on.in_words()
        ),
    }
}

/// The school year that ended when this one began.
fn year_before(year: SchoolYear) -> SchoolYear {
    let first = year.starts.date();
    let back = |span: jiff::Span| Day::from(first.saturating_sub(span));
    SchoolYear { starts: back(jiff::Span::new().years(1)), ends: back(jiff::Span::new().days(1)) }
}
