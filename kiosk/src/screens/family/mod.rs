//! Parents and carers: calm, with one thing on each screen, and yes and no alike.

mod check;
mod code;
mod form;
mod languages;
mod list;
mod who;

use egui::{Pos2, Rect, vec2};

use super::{coloured, message::Message, styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight},
    machine::{Action, At, Item, Visit, Word},
};

pub(super) use code::{paint as paint_code, time, waiting};
pub(super) use form::paint_agreement;
pub(super) use languages::paint as paint_languages;

pub(super) fn paint(brush: &mut Brush<'_>, visit: &Visit, at: &At) {
    match at {
        At::Who => who::paint(brush, visit),
        At::NotMe => say(brush, "grown-up-now", Word::NotMeTitle, Word::NotMeWords),
        At::List { page } => list::paint(brush, visit, *page),
        At::Intro { ask, page } => form::paint_intro(brush, visit, *ask, *page),
        At::Use { ask, index, .. } => form::paint_use(brush, visit, *ask, *index),
        At::Question { ask, index, .. } => form::paint_question(brush, visit, *ask, *index),
        At::TakeBack(ask) => form::paint_take_back(brush, visit, *ask),
        At::Check { ask, page } => check::paint(brush, visit, *ask, *page),
        At::Read { agreement, page } => form::paint_agreement(brush, *agreement, *page),
        At::Sign { mark, .. } => super::make_mark::paint(brush, mark),
        At::Saving(..) => say(brush, "pencil-promise", Word::KeepingTitle, Word::SavingWords),
        At::NotSaved(..) => say(brush, "grown-up-now", Word::NotKeptTitle, Word::NotKeptWords),
        At::Kept { item, reference } => paint_kept(brush, visit, *item, reference),
    }
}

fn say(brush: &mut Brush<'_>, picture: &str, title: Word, sentence: Word) {
    let words = brush.state.words();
    let message = Message {
        picture: picture.to_owned(),
        title: words.get(title).to_owned(),
        words: vec![words.get(sentence).to_owned()],
        accent: None,
    };
    super::message::paint_message(brush, &message);
}

/// It is on the disk: what, and by what the office finds it.
fn paint_kept(brush: &mut Brush<'_>, visit: &Visit, item: Item, reference: &str) {
    let words = brush.state.words();
    let Some(content) = brush.state.shown().cloned() else { return };
    let name = visit.grown_up().map_or("", |grown_up| &grown_up.name);
    let kept = match item {
        Item::Form(ask) => {
            let child = visit.child(ask);
            let today = content.day(brush.state.now.wall);
            // What the child's own no stands against is promised to nobody.
            let (yes, no) = visit.count(&content, today, ask);
            let (yes, no) = (yes.to_string(), no.to_string());
            let child = child.map_or("", |child| &child.name);
            words.fill(Word::KeptWords, &[("child", child), ("yes", &yes), ("no", &no)])
        }
        Item::Agreement(_) => words.get(Word::KeptSigned).to_owned(),
    };
    let message = Message {
        picture: match item {
            Item::Form(ask) => visit.child(ask).map_or("heart".to_owned(), |child| child.picture.to_string()),
            Item::Agreement(_) => "heart".to_owned(),
        },
        title: words.fill(Word::KeptTitle, &[("name", name)]),
        accent: Some(kept),
        words: vec![
            words.fill(Word::KeptReference, &[("reference", &reference.replace(' ', "\u{a0}"))]),
            words.get(Word::KeptWrite).to_owned(),
        ],
    };
    super::message::paint_message(brush, &message);
}

/// The bar with its title, and what is left of the page below it.
pub(super) fn head(brush: &mut Brush<'_>, words: &str, below: Option<&str>) -> Rect {
    let tokens = Tokens::get();
    let below = below.map(|below| {
        let text = styled(below, tokens.size.body, Weight::Regular, Align::Left);
        coloured(text, tokens.colour.muted.0)
    });
    brush.head(title(words), below)
}

/// What stands above the buttons at the foot, and the foot.
fn above_foot(brush: &Brush<'_>, area: Rect) -> (Rect, Rect) {
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - brush.metrics.foot()), area.max);
    (Rect::from_min_max(area.min, Pos2::new(area.right(), foot.top() - gap)), foot)
}

/// Buttons in a row, each as wide as its share; those that the screen does not have now leave no gap.
pub(super) fn paint_foot(brush: &mut Brush<'_>, foot: Rect, row: &[(Action, Style, f32)]) {
    let gap = brush.metrics.size(Tokens::get().space.gap).max(brush.metrics.target_gap);
    let there: Vec<_> = row.iter().filter(|(action, ..)| brush.control(*action).is_some()).copied().collect();
    let shares: f32 = there.iter().map(|(.., share)| share).sum();
    let room = foot.width() - gap * there.len().saturating_sub(1) as f32;
    let mut left = foot.left();
    for (action, style, share) in there {
        let place =
            Rect::from_min_size(Pos2::new(left, foot.top()), vec2(room * share / shares, foot.height()));
        left = place.right() + gap;
        let icon = match action {
            Action::Continue => Some(Icon::Shape("next")),
            Action::Keep => Some(Icon::Shape("tick")),
            Action::NextPage => Some(Icon::Shape("next")),
            Action::PreviousPage => Some(Icon::Shape("back")),
            _ => None,
        };
        match action {
            Action::Helped => super::make_mark::paint_helped(brush, place),
            _ => brush.button(action, place, style, icon),
        }
    }
}

/// One button at the right, or one that fills the foot of an upright screen.
fn paint_next(brush: &mut Brush<'_>, foot: Rect) {
    let width = foot.width() * if brush.metrics.portrait() { 1.0 } else { 0.56 };
    let place = Rect::from_min_max(Pos2::new(foot.right() - width, foot.top()), foot.max);
    brush.button(Action::Continue, place, Style::Main, Some(Icon::Shape("next")));
}

/// A small label over or beside something.
fn label(words: &str) -> Text<'_> {
    let tokens = Tokens::get();
    coloured(styled(words, tokens.size.small, Weight::Bold, Align::Left), tokens.colour.pine.0)
}
