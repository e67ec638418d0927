//! What can be pressed on a family's screens.

use records::{
    consent::Answer,
    family_code::{LENGTH, SYMBOLS},
    form::QuestionType,
};

use super::{
    asked::{Ask, Item, Standing, pages, questions},
    code::CodeEntry,
    press::reading,
    visit::{At, Visit},
};
use crate::machine::{
    Action, Content, Control, State, TextSize, Tongue, Word, Words,
    controls::{self, make_mark, part_of, turns},
};

/// The most lines of the list on one screen.
pub(super) const LINES: usize = 8;
/// The most answers of a summary on one screen.
pub(super) const ANSWERS: usize = 10;

/// The controls of the screen on which the code is typed.
pub(in crate::machine) fn code(state: &State, code: &CodeEntry, add: &mut impl FnMut(Control)) {
    let words = state.words();
    if state.slowed_for().is_some() {
        return;
    }
    for (place, symbol) in SYMBOLS.iter().enumerate() {
        // 32 symbols: their places fit.
        let mut control = Control::new(Action::Type(place as u8), char::from(*symbol));
        control.main = place == 0;
        add(control);
    }
    add(Control::new(Action::RubOut, words.get(Word::CodeRubOut)));
    for cell in 0..LENGTH {
        if let Some(letter) = code.letter(cell) {
            let (number, letter) = ((cell + 1).to_string(), letter.to_string());
            let label = words.fill(Word::CodeCell, &[("number", &number), ("letter", &letter)]);
            add(Control::new(Action::Cell(cell), label));
        }
    }
}

/// The controls of a screen of an opened family.
pub(in crate::machine) fn at(state: &State, visit: &Visit, at: &At, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let Some(content) = state.content.as_deref() else { return };
    let today = state.today();
    let go_on = |word| Control::new(Action::Continue, words.get(word)).main();
    match at {
        At::Who => who(visit, words, add),
        At::NotMe => add(Control::new(Action::Finish, words.get(Word::FamilyFinish)).main()),
        At::List { page } => list(state, visit, *page, add),
        At::Intro { .. } | At::TakeBack(_) => add(go_on(Word::FamilyNext)),
        At::Use { ask, index, .. } => {
            let answer = visit.given(content, today, *ask).answer(*index);
            let chosen = |this| answer == Some(this);
            add(Control::new(Action::Yes, words.get(Word::UseYes)).selected(chosen(Answer::Yes)));
            add(Control::new(Action::No, words.get(Word::UseNo)).selected(chosen(Answer::No)));
        }
        At::Question { ask, index, .. } => question(state, visit, *ask, *index, add),
        At::Check { ask, page } => check(state, visit, *ask, *page, add),
        At::Read { agreement, page } => {
            let is_last = page + 1
                >= reading(content.agreement_in(state.tongue, *agreement), state.settings.text).len();
            add(go_on(if is_last { Word::ReadSign } else { Word::FamilyNext }));
        }
        At::Sign { mark, helped, .. } => make_mark(state, mark, *helped, Word::FamilyHelped, add),
        At::Saving(..) => {}
        At::NotSaved(..) => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
        At::Kept { .. } => {
            let is_open = |item: &Item| visit.standing(content, today, *item).is_open();
            let more = visit.items(content).iter().any(is_open);
            add(Control::new(Action::Back, words.get(Word::KeptList)));
            let mut finish = Control::new(Action::Finish, words.get(Word::FamilyFinish));
            finish.main = !more;
            add(finish);
            if more {
                add(go_on(Word::ListNext));
            }
        }
    }
}

fn who(visit: &Visit, words: &Words, add: &mut impl FnMut(Control)) {
    let all = visit.grown_ups();
    let alone = all.len() == 1;
    let nobody = Control::new(Action::NotMe, words.get(if alone { Word::WhoNotMe } else { Word::WhoNone }));
    if alone {
        add(nobody.clone());
    }
    for (place, grown_up) in all.iter().enumerate() {
        let label = if alone { words.get(Word::WhoMe) } else { &grown_up.name };
        let mut control = Control::new(Action::GrownUp(place), label);
        let relation = visit.relation(grown_up);
        control.note = (!alone && !relation.is_empty()).then(|| relation.to_owned());
        control.main = place == 0;
        add(control);
    }
    if !alone {
        add(nobody);
    }
}

/// How something stands, in words.
pub(crate) fn standing(words: &Words, standing: Standing) -> String {
    match standing {
        Standing::Open => words.get(Word::StandingOpen).to_owned(),
        Standing::Changed => words.get(Word::StandingChanged).to_owned(),
        Standing::NewYear => words.get(Word::StandingNewYear).to_owned(),
        Standing::Begun => words.get(Word::StandingBegun).to_owned(),
        Standing::Answered { day, yes, no } => words.fill(
            Word::StandingAnswered,
            &[("day", &words.day(day)), ("yes", &yes.to_string()), ("no", &no.to_string())],
        ),
        Standing::Signed(day) => words.fill(Word::StandingSigned, &[("day", &words.day(day))]),
    }
}

fn list(state: &State, visit: &Visit, page: usize, add: &mut impl FnMut(Control)) {
    let Some(content) = state.content.as_deref() else { return };
    let words = state.words();
    let items = visit.items(content);
    let per_page = state.settings.text.lines(LINES);
    for place in part_of(items.len(), page, per_page) {
        let item = items[place];
        let label = match item {
            Item::Form(ask) => {
                let title = state.form(ask).map_or("", |form| &form.title);
                let child = visit.child(ask).map_or("", |child| &child.name);
                words.fill(Word::ListLine, &[("child", child), ("form", title)])
            }
            Item::Agreement(place) => content.agreement_in(state.tongue, place).title.clone(),
        };
        let told = standing(words, visit.standing(content, state.today(), item));
        add(Control::new(Action::Item(place), label).noted(told));
    }
    turns((items.len(), page, per_page), controls::LINES, words, add);
    add(Control::new(Action::Finish, words.get(Word::FamilyFinish)));
    if items.iter().any(|item| visit.standing(content, state.today(), *item).is_open()) {
        add(Control::new(Action::Continue, words.get(Word::ListNext)).main());
    }
}

fn question(state: &State, visit: &Visit, ask: Ask, index: usize, add: &mut impl FnMut(Control)) {
    let (Some(content), Some(form)) = (state.content.as_deref(), state.form(ask)) else { return };
    let asked = questions(form);
    let Some(question) = asked.get(index) else { return };
    let words = state.words();
    let given = visit.given(content, state.today(), ask);
    let chosen = given.choice(index).map(|slug| slug.as_str());
    if question.answer == QuestionType::YesNo {
        for (place, (id, word)) in [("yes", Word::UseYes), ("no", Word::UseNo)].into_iter().enumerate() {
            add(Control::new(Action::Answer(place), words.get(word)).selected(chosen == Some(id)));
        }
    } else {
        for (place, choice) in question.choices.iter().enumerate() {
            let is_chosen = chosen == Some(choice.id.as_str());
            add(Control::new(Action::Answer(place), &choice.words).selected(is_chosen));
        }
    }
    if !question.required {
        add(Control::new(Action::Skip, words.get(Word::QuestionSkip)));
    }
}

fn check(state: &State, visit: &Visit, ask: Ask, page: usize, add: &mut impl FnMut(Control)) {
    let (Some(content), Some(form)) = (state.content.as_deref(), state.form(ask)) else { return };
    let (words, today) = (state.words(), state.today());
    let lines = answers(state, visit, ask);
    let per_page = state.settings.text.lines(ANSWERS);
    for place in part_of(lines.len(), page, per_page) {
        let (asked, answer) = &lines[place];
        let label = words.fill(Word::CheckLine, &[("use", asked), ("answer", answer)]);
        add(Control::new(Action::Change(place), label).noted(words.get(Word::CheckChange)));
    }
    turns((lines.len(), page, per_page), controls::LINES, words, add);
    let given = visit.given(content, today, ask);
    if given.missing(form).is_some() {
        add(Control::new(Action::Continue, words.get(Word::CheckMissing)).main());
    } else if visit.has_changed(content, today, ask) {
        add(Control::new(Action::Helped, words.get(Word::FamilyHelped)).selected(given.helped));
        // Where there are more answers than fit, all of them are looked at first.
        if part_of(lines.len(), page, per_page).end == lines.len() {
            add(Control::new(Action::Keep, words.get(Word::CheckKeep)).main());
        }
    }
}

/// Everything that a form asks here, each with what was answered, in words.
pub(crate) fn answers(state: &State, visit: &Visit, ask: Ask) -> Vec<(String, String)> {
    let (Some(content), Some(form)) = (state.content.as_deref(), state.form(ask)) else { return Vec::new() };
    let words = state.words();
    let given = visit.given(content, state.today(), ask);
    let uses = form.purposes.iter().enumerate().map(|(index, purpose)| {
        let answer = match given.answer(index) {
            // Nobody is to leave in the belief that a yes counts which does not.
            Some(Answer::Yes) if visit.child_no(content, state.today(), ask, &purpose.id) => {
                Word::CheckChildNo
            }
            Some(Answer::Yes) => Word::UseYes,
            Some(Answer::No) => Word::UseNo,
            None => Word::CheckUnanswered,
        };
        (purpose.words.clone(), words.get(answer).to_owned())
    });
    let asked = questions(form).into_iter().enumerate().map(|(index, question)| {
        let answer = match given.choice(index) {
            Some(slug) if question.answer == QuestionType::YesNo && slug.as_str() == "yes" => {
                words.get(Word::UseYes).to_owned()
            }
            Some(_) if question.answer == QuestionType::YesNo => words.get(Word::UseNo).to_owned(),
            Some(slug) => {
                question.choices.iter().find(|c| c.id == *slug).map(|c| c.words.clone()).unwrap_or_default()
            }
            None if question.required => words.get(Word::CheckUnanswered).to_owned(),
            None => words.get(Word::CheckLeftOut).to_owned(),
        };
        (question.words.clone(), answer)
    });
    uses.chain(asked).collect()
}

/// The pages of a form's introduction.
pub(crate) fn intro(content: &Content, tongue: Tongue, text: TextSize, ask: Ask) -> Vec<Vec<String>> {
    content.form_in(tongue, ask.form).map(|form| pages(&form.intro, text)).unwrap_or_default()
}
