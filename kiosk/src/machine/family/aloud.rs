//! What is read aloud of a family's screens. Only when somebody touches the speaker: others are in the room. A sentence
//! that names somebody has no recording, so no name is ever said.

use records::{consent::Answer, form::QuestionType};

use super::{At, Reading, Visit, questions, reading};
use crate::machine::{Ask, Content, State, Word, family::intro};

/// The lines of a screen, in the order in which they stand there.
pub(in crate::machine) fn lines<'a>(
    state: &'a State,
    content: &'a Content,
    visit: &Visit,
    at: &At,
) -> Vec<&'a str> {
    let say = |word| state.words().get(word);
    match at {
        At::List { .. } => {
            let forms = content.pack.consent.iter().enumerate();
            let titles = forms.filter_map(|(place, _)| content.form_in(state.tongue, place));
            titles.map(|form| form.title.as_str()).chain([say(Word::ListNext)]).collect()
        }
        At::Intro { ask, page } => introduction(state, content, *ask, *page),
        At::Use { ask, index, .. } => one_use(state, *ask, *index),
        At::Question { ask, index, .. } => question(state, *ask, *index),
        At::TakeBack(ask) => {
            let form = state.form(*ask).into_iter();
            let how = form.flat_map(|form| &form.withdraw).map(String::as_str);
            [say(Word::BackTitle)].into_iter().chain(how).chain([say(Word::FamilyNext)]).collect()
        }
        At::Check { ask, .. } => {
            let form = state.form(*ask);
            let given = visit.given(content, state.today(), *ask);
            let answer = |index| match given.answer(index) {
                Some(Answer::Yes) => say(Word::UseYes),
                Some(Answer::No) => say(Word::UseNo),
                None => say(Word::CheckUnanswered),
            };
            let uses = form.into_iter().flat_map(|form| form.purposes.iter().enumerate());
            let uses = uses.flat_map(|(index, purpose)| [purpose.words.as_str(), answer(index)]);
            uses.chain([say(Word::CheckKeep)]).collect()
        }
        At::Read { agreement, page } => agreement_page(state, content, *agreement, *page),
        _ => Vec::new(),
    }
}

fn introduction<'a>(state: &'a State, content: &'a Content, ask: Ask, page: usize) -> Vec<&'a str> {
    let Some(form) = state.form(ask) else { return Vec::new() };
    let pages = intro(content, state.tongue, state.settings.text, ask);
    let shown = form.intro.iter().filter(|words| pages.get(page).is_some_and(|page| page.contains(words)));
    let first = (page == 0).then_some(&form.title);
    first.into_iter().chain(shown).map(String::as_str).collect()
}

fn one_use(state: &State, ask: Ask, index: usize) -> Vec<&str> {
    let Some(purpose) = state.form(ask).and_then(|form| form.purposes.get(index)) else { return Vec::new() };
    let say = |word| state.words().get(word);
    let facts = [
        (Word::UseMeans, &purpose.meaning),
        (Word::UseLong, &purpose.how_long),
        (Word::UseHolds, &purpose.who_holds),
    ];
    let told = facts.into_iter().filter(|(_, words)| !words.is_empty());
    let told = told.flat_map(|(name, words)| [say(name), words.as_str()]);
    [purpose.words.as_str()].into_iter().chain(told).chain([say(Word::UseYes), say(Word::UseNo)]).collect()
}

fn question(state: &State, ask: Ask, index: usize) -> Vec<&str> {
    let asked = state.form(ask).map(questions).unwrap_or_default();
    let Some(question) = asked.get(index) else { return Vec::new() };
    let say = |word| state.words().get(word);
    let mut lines = vec![question.words.as_str()];
    lines.extend(question.help.as_deref());
    match question.answer {
        QuestionType::YesNo => lines.extend([say(Word::UseYes), say(Word::UseNo)]),
        _ => lines.extend(question.choices.iter().map(|choice| choice.words.as_str())),
    }
    lines
}

/// A page of an agreement that a grown-up reads.
pub(in crate::machine) fn agreement_page<'a>(
    state: &State,
    content: &'a Content,
    agreement: usize,
    page: usize,
) -> Vec<&'a str> {
    let agreement = content.agreement_in(state.tongue, agreement);
    let pages = reading(agreement, state.settings.text);
    match pages.get(page) {
        Some(Reading::Introduction) => {
            let words = [&agreement.title].into_iter().chain(&agreement.introduction);
            words.map(String::as_str).collect()
        }
        Some(Reading::Statements { group, from, to }) => {
            let Some(group) = agreement.groups.get(*group) else { return Vec::new() };
            let shown = group.statements.get(*from..*to).into_iter().flatten();
            let told = shown.flat_map(|one| [&one.words].into_iter().chain(&one.more));
            group.title.iter().chain(told).map(String::as_str).collect()
        }
        None => Vec::new(),
    }
}
