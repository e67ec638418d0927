//! A form's questions, as a page asks them, with what was typed and what is wrong with it.

use records::{
    form::{Question, QuestionType},
    register::Register,
};
use serde::Serialize;

use crate::{
    desk::visit::{Trouble, Visit},
    import::Kind,
    registers::answers::{Answers, WORDS_MOST, Wrong},
    store::people::Person,
};

/// The field that says whom an entry is about, chosen from the lists.
pub(super) const LISTED: &str = "listed-person";

/// What was typed, by the names of the fields.
pub(super) type Typed = Vec<(String, String)>;

/// A question.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    id: String,
    words: String,
    help: String,
    kind: &'static str,
    wanted: bool,
    /// Whether it is answered later.
    later: bool,
    value: String,
    choices: Vec<ChoiceField>,
    wrong: &'static str,
    /// Whether it says whom the entry is about.
    person: bool,
    most: usize,
}

#[derive(Debug, Serialize)]
struct ChoiceField {
    id: String,
    words: String,
    chosen: bool,
}

/// The people of one list.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    name: String,
    people: Vec<(String, String)>,
}

/// The value that a form sent for a field; empty where it sent none.
pub(super) fn value<'t>(typed: &'t [(String, String)], name: &str) -> &'t str {
    typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
}

/// An entry's answers, as a form would send them.
pub(super) fn typed(answers: &Answers) -> Typed {
    let fields = answers.0.iter();
    fields.flat_map(|(id, said)| said.typed().into_iter().map(move |value| (id.to_string(), value))).collect()
}

pub(super) fn fields(register: &Register, typed: &[(String, String)], wrong: &[Wrong]) -> Vec<Field> {
    let field = |question: &Question| {
        let later = register.later.contains(&question.id);
        let (kind, choices) = match question.answer {
            QuestionType::Choice => ("choice", choices(question, typed)),
            QuestionType::Several => ("several", choices(question, typed)),
            QuestionType::YesNo => ("choice", yes_or_no(question, typed)),
            QuestionType::Text => ("text", Vec::new()),
            QuestionType::Date => ("date", Vec::new()),
            QuestionType::Moment => ("moment", Vec::new()),
            QuestionType::Mark => ("mark", Vec::new()),
        };
        let told = wrong.iter().find(|one| one.question == question.id);
        Field {
            id: question.id.to_string(),
            words: question.words.clone(),
            help: question.help.clone().unwrap_or_default(),
            kind,
            wanted: question.required && !later,
            later,
            value: value(typed, question.id.as_str()).to_owned(),
            choices,
            wrong: told.map_or("", |one| one.why),
            person: register.person.as_ref() == Some(&question.id),
            most: WORDS_MOST,
        }
    };
    register.form.questions.iter().map(field).collect()
}

fn choices(question: &Question, typed: &[(String, String)]) -> Vec<ChoiceField> {
    let is_chosen = |id: &str| typed.iter().any(|(name, value)| name == question.id.as_str() && value == id);
    let choice = |choice: &records::form::Choice| ChoiceField {
        id: choice.id.to_string(),
        words: choice.words.clone(),
        chosen: is_chosen(choice.id.as_str()),
    };
    question.choices.iter().map(choice).collect()
}

fn yes_or_no(question: &Question, typed: &[(String, String)]) -> Vec<ChoiceField> {
    let given = value(typed, question.id.as_str());
    let choice = |(id, words): (&str, &str)| ChoiceField {
        id: id.to_owned(),
        words: words.to_owned(),
        chosen: given == id,
    };
    [("yes", "Yes"), ("no", "No")].map(choice).into()
}

/// Everybody on the lists, by class and list, to choose from.
pub(super) fn people(visit: &Visit) -> Result<Vec<Group>, Trouble> {
    let store = &visit.desk.hub.store;
    let (everybody, classes) = (store.people()?, store.classes()?);
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |name: &str, which: &dyn Fn(&Person) -> bool| {
        let people: Vec<_> =
            everybody.iter().filter(|p| which(p)).map(|p| (p.id.to_string(), p.name())).collect();
        if !people.is_empty() {
            groups.push(Group { name: name.to_owned(), people });
        }
    };
    for class in &classes {
        add(&class.name, &|p| p.left.is_none() && p.kind == Kind::Pupils && p.class == Some(class.id));
    }
    add("Pupils without a class", &|p| p.left.is_none() && p.kind == Kind::Pupils && p.class.is_none());
    add("Staff and volunteers", &|p| p.left.is_none() && matches!(p.kind, Kind::Staff | Kind::Volunteers));
    add("Governors", &|p| p.left.is_none() && p.kind == Kind::Governors);
    add("Have left", &|p| p.left.is_some());
    Ok(groups)
}
