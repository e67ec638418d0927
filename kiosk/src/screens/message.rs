//! Screens that say one thing: a picture, a title, a sentence or two, and what to do next.

use egui::{Pos2, Rect, Role, vec2};

use super::{coloured, styled, title};
use crate::{
    look::{Brush, Icon, Style, Text, Tokens, Weight},
    machine::{Action, At, Round, Screen, SurveyStep, TellStep, Word},
};

/// What such a screen says.
pub(super) struct Message {
    pub(super) picture: String,
    pub(super) title: String,
    pub(super) words: Vec<String>,
    pub(super) accent: Option<String>,
}

pub(super) fn paint(brush: &mut Brush<'_>) {
    let words = brush.state.words();
    let say = |picture: &str, title: Word, sentence: Option<Word>| Message {
        picture: picture.to_owned(),
        title: words.get(title).to_owned(),
        words: sentence.map(|w| words.get(w).to_owned()).into_iter().collect(),
        accent: None,
    };
    let message = match &brush.state.screen {
        Screen::AskTeacher => say("grown-up-now", Word::TeacherTitle, Some(Word::TeacherWords)),
        Screen::Saving(_) => say("pencil-promise", Word::SavingTitle, Some(Word::SavingWords)),
        Screen::NotSaved(_) => say("grown-up-now", Word::NotSavedTitle, Some(Word::NotSavedWords)),
        Screen::Tell { step: TellStep::Keeping, .. } | Screen::Survey { step: SurveyStep::Keeping, .. } => {
            say("told", Word::TellKeepingTitle, Some(Word::SavingWords))
        }
        Screen::Tell { step: TellStep::Answer(found), .. } => {
            let tell = brush.state.shown().and_then(|content| content.pack.tell.as_ref());
            let sentence = tell.and_then(|tell| found.sentence(tell));
            let none = say("tell-grown-up", Word::AnswerNone, Some(Word::AnswerMore));
            Message { title: sentence.map_or_else(|| none.title.clone(), str::to_owned), ..none }
        }
        Screen::Tell { .. } | Screen::Survey { .. } => {
            say("grown-up-now", Word::TellNotKeptTitle, Some(Word::TellNotKeptWords))
        }
        Screen::OpeningFamily(_) => say("signpost", Word::OpeningTitle, Some(Word::OpeningWords)),
        Screen::FamilyCode(_) => Message {
            words: vec![super::family::waiting(brush)],
            ..say("signpost", Word::CodeWaitTitle, None)
        },
        Screen::NoPin => say("signpost", Word::NoPinTitle, Some(Word::NoPinWords)),
        Screen::TryingPin(_) => say("signpost", Word::PinTrying, None),
        Screen::StillThere { .. } => say("grown-up-now", Word::StillTitle, None),
        Screen::HasSigned(who) => {
            let title = words.fill(Word::SignedTitle, &[("name", &who.name)]);
            Message {
                title,
                picture: who.picture.to_string(),
                ..say("", Word::SignedTitle, Some(Word::SignedWords))
            }
        }
        _ => say("signpost", Word::NotReadyTitle, Some(Word::NotReadyWords)),
    };
    paint_message(brush, &message);
}

pub(super) fn paint_hello(brush: &mut Brush<'_>, round: &Round) {
    let Some(content) = brush.state.shown().cloned() else { return };
    let agreement = content.agreement_in(brush.state.tongue, round.agreement);
    let new = round.again.map(|again| brush.state.words().get(again.word()).to_owned());
    let message = Message {
        picture: round.who.picture.to_string(),
        title: brush.state.words().fill(Word::HelloTitle, &[("name", &round.who.name)]),
        accent: Some(agreement.title.clone()),
        words: agreement.introduction.iter().cloned().chain(new).collect(),
    };
    paint_message(brush, &message);
}

pub(super) fn paint_message(brush: &mut Brush<'_>, message: &Message) {
    let tokens = Tokens::get();
    // At the end of a form “back” is one of the buttons at the foot.
    let kept = matches!(brush.state.screen, Screen::Family { at: At::Kept { .. }, .. });
    let bar = if kept { brush.page() } else { brush.navigation() };
    let page = brush.page();
    let gap = brush.metrics.size(tokens.space.gap);
    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - brush.metrics.foot()), page.max);
    let leads_away = |a: Action| {
        matches!(
            a,
            Action::Back
                | Action::Home
                | Action::Hide
                | Action::Tell
                | Action::Staff
                | Action::Speak
                | Action::Languages
        )
    };
    let in_the_bar = |a: Action| leads_away(a) && a != Action::Staff;
    let buttons = brush.actions(|a| kept && a == Action::Back || !leads_away(a));
    let bottom = if buttons.is_empty() { page.bottom() } else { foot.top() - gap };
    let navigated = !kept && !brush.actions(in_the_bar).is_empty();
    let top = if navigated { bar.bottom() + gap } else { page.top() };
    let card = Rect::from_min_max(Pos2::new(page.left(), top), Pos2::new(page.right(), bottom));
    brush.card(card, tokens.colour.surface.0);

    let pad = brush.metrics.size(tokens.space.pad * brush.metrics.either(1.8, 1.2));
    let inner = card.shrink(pad);
    let (picture, words) = if brush.metrics.portrait() {
        inner.split_top_bottom_at_fraction(0.45)
    } else {
        let (left, right) = inner.split_left_right_at_fraction(brush.metrics.either(0.36, 0.24));
        (Rect::from_min_max(left.min, left.max - vec2(pad, 0.0)), right)
    };
    brush.picture(picture, &message.picture);
    if let Screen::HasSigned(_) = brush.state.screen {
        paint_tick(brush, picture);
    }
    paint_words(brush, words, message);

    match buttons.as_slice() {
        [one] => {
            let width = foot.width() * 0.56;
            let place = Rect::from_min_max(Pos2::new(foot.right() - width, foot.top()), foot.max);
            brush.button(*one, place, Style::Main, None);
        }
        [first, second] => {
            let (left, right) = foot.split_left_right_at_fraction(0.4);
            brush.button(
                *first,
                Rect::from_min_max(left.min, left.max - vec2(gap / 2.0, 0.0)),
                Style::Plain,
                None,
            );
            brush.button(
                *second,
                Rect::from_min_max(right.min + vec2(gap / 2.0, 0.0), right.max),
                Style::Main,
                Some(Icon::Shape("tick")),
            );
        }
        several => {
            let last = several.len().saturating_sub(1);
            let share = |at| if at == last { 1.5 } else { 1.0 };
            let row: Vec<_> = several
                .iter()
                .enumerate()
                .map(|(at, action)| (*action, if at == last { Style::Main } else { Style::Plain }, share(at)))
                .collect();
            super::family::paint_foot(brush, foot, &row);
        }
    }
}

/// A tick at the picture's lower corner.
fn paint_tick(brush: &Brush<'_>, picture: Rect) {
    let colour = &Tokens::get().colour;
    let side = picture.width().min(picture.height());
    let center = picture.center() + vec2(side * 0.36, side * 0.36);
    brush.disc(center, side * 0.15, colour.surface.0);
    brush.disc(center, side * 0.125, colour.pine.0);
    brush.shape(Rect::from_center_size(center, vec2(side, side) * 0.17), "tick", colour.on_pine.0);
}

fn paint_words(brush: &Brush<'_>, place: Rect, message: &Message) {
    let tokens = Tokens::get();
    let size = &tokens.size;
    let mut lines: Vec<(Role, Text<'_>, f32)> = vec![(Role::Heading, title(&message.title), 18.0)];
    if let Some(accent) = &message.accent {
        let text = styled(accent, size.sentence, Weight::Bold, crate::look::Align::Left);
        lines.push((Role::Label, coloured(text, tokens.colour.pine.0), 12.0));
    }
    let sentence = |p| styled(p, size.sentence, Weight::Regular, crate::look::Align::Left);
    lines.extend(message.words.iter().map(|p| (Role::Paragraph, sentence(p), 12.0)));
    super::statement::paint_lines(brush, place, &mut lines);
}
