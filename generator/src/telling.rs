//! What a touchscreen asks a child who did not like something: from the form to the pack.
//!
//! A form of kind “report” for pupils is that form. Its questions are found by their names, and two of its
//! answers decide who reads the report; so a form that lacks them is refused, and not left to lead astray.

use records::{
    form::{Choice, Form, FormAudience, FormKind, Question, QuestionType},
    report::Route,
    tell::{Asked, CHOICES_MAX, Leads, Tell, TellChoice, TellQuestion},
};

use crate::{
    diagnostic::Diagnostic,
    load::{School, form::FormFile},
};

/// The answer that sends a report to the headteacher and the chair of governors.
const GROWN_UP: &str = "grown-up-at-school";
/// The answer that sends a report to the chair and the vice-chair.
const HEADTEACHER: &str = "headteacher";
/// The answer after which a child is asked for a name.
const TALK: &str = "yes";

/// What no screen may promise a child: what is told is passed on, and in a small class anyone may be guessed.
const NEVER: [&str; 3] = ["secret", "anonymous", "confidential"];

/// The form of a school that its touchscreens ask.
pub fn form(school: &School) -> Option<&FormFile> {
    school.forms.iter().find(|file| is_asked(&file.form))
}

fn is_asked(form: &Form) -> bool {
    form.kind == FormKind::Report && form.audience == FormAudience::Pupil
}

/// The questions as a touchscreen needs them; none where the form is not one that it can ask.
pub fn of(form: &Form) -> Option<Tell> {
    let questions: Vec<_> = Asked::ALL.into_iter().filter_map(|asked| question(form, asked)).collect();
    let whole = !questions.is_empty() && faults(form).is_empty() && broken_promises(form).next().is_none();
    whole.then(|| Tell { version: form.version.clone(), intro: form.intro.clone(), questions })
}

fn question(form: &Form, asked: Asked) -> Option<TellQuestion> {
    let question = find(form, asked.as_str())?;
    let choices = question.choices.iter().filter_map(|one| choice(asked, one)).collect();
    Some(TellQuestion { asked, words: question.words.clone(), choices })
}

fn find<'f>(form: &'f Form, id: &str) -> Option<&'f Question> {
    form.questions.iter().find(|question| question.id.as_str() == id)
}

fn choice(asked: Asked, choice: &Choice) -> Option<TellChoice> {
    let leads = match (asked, choice.id.as_str()) {
        (Asked::About, GROWN_UP) => Some(Leads::To(Route::AboutGrownUp)),
        (Asked::About, HEADTEACHER) => Some(Leads::To(Route::AboutHeadteacher)),
        (Asked::Talk, TALK) => Some(Leads::ToTalk),
        _ => None,
    };
    let symbol = choice.symbol.clone()?;
    Some(TellChoice { id: choice.id.clone(), words: choice.words.clone(), symbol, leads })
}

/// Tells of a form that the touchscreens cannot ask, and of a second one.
pub fn check(school: &School) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut files = school.forms.iter().filter(|file| is_asked(&file.form));
    let Some(file) = files.next() else { return problems };
    let place = |file: &FormFile, words: &str| file.source.find_within(0..file.source.text.len(), words);
    for fault in faults(&file.form) {
        let range = place(file, &fault.at);
        problems.push(file.source.error("cannot-be-asked", range, fault.what, fault.mend));
    }
    for (words, word) in broken_promises(&file.form) {
        problems.push(file.source.error(
            "promise-not-kept",
            place(file, word),
            format!("“{words}” promises a child what the school cannot promise."),
            "Say who reads it and what follows, as in “We do not ask your name.”",
        ));
    }
    for second in files {
        problems.push(second.source.error(
            "cannot-be-asked",
            place(second, "kind"),
            format!(
                "{} is the form that touchscreens ask pupils; they cannot ask a second one.",
                file.source.path
            ),
            "Keep one of the two, or give this one another audience.",
        ));
    }
    problems
}

/// What keeps a form from being asked: the words that it stands at, what it is, and the mend.
struct Fault {
    at: String,
    what: String,
    mend: &'static str,
}

fn faults(form: &Form) -> Vec<Fault> {
    let mut faults: Vec<Fault> = form.questions.iter().flat_map(faults_of).collect();
    for (question, answer) in [("about", GROWN_UP), ("about", HEADTEACHER), ("talk", TALK)] {
        let offered = find(form, question).map(|q| q.choices.iter().any(|c| c.id.as_str() == answer));
        // Not to ask whether somebody shall talk with the child is the school's to decide; not to ask whom it
        // is about is not.
        if offered.unwrap_or(question == "talk") {
            continue;
        }
        faults.push(Fault {
            at: named(question),
            what: format!("A child cannot answer “{answer}” to a question “{question}”."),
            mend: "Add it: without it a report could come to the very person whom it is about, or nobody would know to come.",
        });
    }
    faults
}

/// As a question's name stands in its file.
fn named(id: &str) -> String {
    format!("id = \"{id}\"")
}

fn faults_of(question: &Question) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |at: &str, what, mend| faults.push(Fault { at: at.to_owned(), what, mend });
    let (id, words) = (question.id.as_str(), &question.words);
    if !Asked::ALL.iter().any(|asked| asked.as_str() == id) {
        let mend = "Its name has to be feeling, happened, place, about or talk.";
        add(&named(id), format!("The touchscreens do not know a question “{id}”."), mend);
    }
    if question.answer != QuestionType::Choice || question.choices.len() > CHOICES_MAX {
        add(
            words,
            format!("“{words}” has to be answered by one of at most {CHOICES_MAX} pictures."),
            "Make its type \"choice\", and leave out answers until a child of five can look them over.",
        );
    }
    for choice in question.choices.iter().filter(|choice| choice.symbol.is_none()) {
        add(
            &choice.words,
            format!(
                "“{}” has no picture, and children who cannot read yet answer this form too.",
                choice.words
            ),
            "Write the answer as { id = \"game\", words = \"In a game\", symbol = \"where-game\" }.",
        );
    }
    faults
}

/// Sentences with a word that no screen may say, and the word.
fn broken_promises(form: &Form) -> impl Iterator<Item = (&String, &'static str)> {
    let of_questions =
        form.questions.iter().flat_map(|q| q.choices.iter().map(|c| &c.words).chain([&q.words]));
    form.intro.iter().chain(of_questions).filter_map(|words| {
        let lower = words.to_lowercase();
        Some((words, NEVER.into_iter().find(|word| lower.contains(word))?))
    })
}
