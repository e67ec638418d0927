//! What a touchscreen asks a child who did not like something: from the form to the pack.
//!
//! A form of kind “report” for pupils is that form. Its questions are found by their names, and two of its
//! answers decide who reads the report; so a form that lacks them is refused, and not left to lead astray.

use std::ops::Range;

use records::{
    answer::{SENTENCE_LETTERS, SENTENCES_MAX},
    form::{Choice, Form, FormAudience, FormKind, Question, QuestionType},
    report::Route,
    tell::{Asked, CHOICES_MAX, Leads, Tell, TellAnswer, TellChoice, TellQuestion},
};

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        form::{FormFile, WrittenAnswer},
    },
};

/// The answer that sends a report to the headteacher and the chair of governors; where the headteacher is the
/// safeguarding lead, to the chair and the vice-chair.
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

/// The questions as a touchscreen needs them, and the answers; none where the form is not one that it can ask. Where the
/// headteacher is the safeguarding lead, nothing about a grown-up at school is for the headteacher: no child has to know
/// how that is avoided, and neither has the form on the web or the desk, which go by the same answers.
pub fn of(file: &FormFile, headteacher_is_dsl: bool) -> Option<Tell> {
    let form = &file.form;
    let questions: Vec<_> =
        Asked::ALL.into_iter().filter_map(|asked| question(form, asked, headteacher_is_dsl)).collect();
    let whole = !questions.is_empty() && faults(form).is_empty() && broken_promises(form).next().is_none();
    let whole = whole && answer_faults(file).is_empty();
    let answer =
        |one: &WrittenAnswer| TellAnswer { id: one.id.value.clone(), words: one.words.value.clone() };
    whole.then(|| Tell {
        version: form.version.clone(),
        intro: form.intro.clone(),
        questions,
        answers: file.answers.iter().map(answer).collect(),
    })
}

fn question(form: &Form, asked: Asked, headteacher_is_dsl: bool) -> Option<TellQuestion> {
    let question = find(form, asked.as_str())?;
    let choices = question.choices.iter().filter_map(|one| choice(asked, one, headteacher_is_dsl)).collect();
    Some(TellQuestion { asked, words: question.words.clone(), choices })
}

fn find<'f>(form: &'f Form, id: &str) -> Option<&'f Question> {
    form.questions.iter().find(|question| question.id.as_str() == id)
}

fn choice(asked: Asked, choice: &Choice, headteacher_is_dsl: bool) -> Option<TellChoice> {
    let leads = match (asked, choice.id.as_str()) {
        (Asked::About, GROWN_UP) if !headteacher_is_dsl => Some(Leads::To(Route::AboutGrownUp)),
        (Asked::About, GROWN_UP | HEADTEACHER) => Some(Leads::To(Route::AboutHeadteacher)),
        (Asked::Talk, TALK) => Some(Leads::ToTalk),
        _ => None,
    };
    let symbol = choice.symbol.clone()?;
    Some(TellChoice { id: choice.id.clone(), words: choice.words.clone(), symbol, leads })
}

/// Tells of a form that the touchscreens cannot ask, and of a second one.
pub fn check(school: &School) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for file in school.forms.iter().filter(|file| !is_asked(&file.form)) {
        if let Some(first) = file.answers.first() {
            problems.push(file.source.error(
                "answers-not-given",
                first.id.range.clone(),
                "Only the form that touchscreens ask children has answers to give.",
                "Take the parts [[answers]] out, or move them to the form of kind \"report\" for pupils.",
            ));
        }
    }
    let mut files = school.forms.iter().filter(|file| is_asked(&file.form));
    let Some(file) = files.next() else { return problems };
    let place = |file: &FormFile, words: &str| file.source.find_within(0..file.source.text.len(), words);
    for fault in faults(&file.form) {
        let range = place(file, &fault.at);
        problems.push(file.source.error("cannot-be-asked", range, fault.what, fault.mend));
    }
    for (words, word) in broken_promises(&file.form) {
        problems.push(not_kept(file, words, word));
    }
    for (range, what, mend) in answer_faults(file) {
        problems.push(file.source.error("cannot-be-answered", range, what, mend));
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

/// What keeps an answer from being given: where it stands, what it is, and the mend.
fn answer_faults(file: &FormFile) -> Vec<(Range<usize>, String, String)> {
    let mut faults = Vec::new();
    for (place, answer) in file.answers.iter().enumerate() {
        let (id, words) = (&answer.id, &answer.words);
        let mut tell = |range: &Range<usize>, what: String, mend: &str| {
            faults.push((range.clone(), what, mend.to_owned()));
        };
        let before = &file.answers[..place];
        if place == SENTENCES_MAX {
            let what = format!("There are more than {SENTENCES_MAX} answers.");
            tell(
                &id.range,
                what,
                "Keep those that you would give most often: a child reads one of them, on a screen.",
            );
        }
        if before.iter().any(|other| other.id.value == id.value) {
            let what = format!("Two answers have the name “{}”, so they could not be told apart.", id.value);
            tell(&id.range, what, "Give one of them another id.");
        }
        let same = |other: &&WrittenAnswer| other.words.value.trim() == words.value.trim();
        if before.iter().any(|other| same(&other)) {
            let what = format!("“{}” stands here twice.", words.value);
            tell(&words.range, what, "Take one of the two out, or say in it what the other does not say.");
        }
        let letters = words.value.chars().count();
        if letters > SENTENCE_LETTERS {
            let what = format!(
                "This answer has {letters} letters; a child of seven reads at most {SENTENCE_LETTERS} on a screen."
            );
            tell(&words.range, what, "Say it shorter, in one or two sentences.");
        }
        let lower = words.value.to_lowercase();
        if NEVER.iter().any(|word| lower.contains(word)) {
            let what = format!("“{}” promises a child what the school cannot promise.", words.value);
            tell(&words.range, what, "Say what was done, or what the child can do, as in “We have read it.”");
        }
    }
    faults
}

/// Tells of a word in a sentence that promises what cannot be kept.
pub(crate) fn not_kept(file: &FormFile, words: &str, word: &str) -> Diagnostic {
    file.source.error(
        "promise-not-kept",
        file.source.find_within(0..file.source.text.len(), word),
        format!("“{words}” promises a child what the school cannot promise."),
        "Say who reads it and what follows, as in “We do not ask your name.”",
    )
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
pub(crate) fn broken_promises(form: &Form) -> impl Iterator<Item = (&String, &'static str)> {
    let of_questions =
        form.questions.iter().flat_map(|q| q.choices.iter().map(|c| &c.words).chain([&q.words]));
    form.intro.iter().chain(of_questions).filter_map(|words| {
        let lower = words.to_lowercase();
        Some((words, NEVER.into_iter().find(|word| lower.contains(word))?))
    })
}
