//! Staff and governors sign: names as a list, the whole text, a line to sign on. Calm, and with nothing made for
//! children.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{body, coloured, family, message::Message, styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight},
    machine::{Action, AdultAt, Draft, Tile, Word},
};

/// The start: who is signing.
pub(super) fn paint_home(brush: &mut Brush<'_>) {
    let page = brush.page();
    let head = paint_welcome(brush, Word::AdultsTitle);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let groups = brush.actions(|a| matches!(a, Action::Group(_)));
    let high = brush.metrics.size(170.0).max(brush.metrics.target);
    for (at, action) in groups.into_iter().enumerate() {
        let top = head.bottom() + gap * 2.0 + (high + gap) * at as f32;
        let place = Rect::from_min_size(Pos2::new(page.left(), top), vec2(page.width(), high));
        brush.button(action, place, Style::Plain, Some(Icon::Shape("next")));
    }
}

/// A title beside the signpost, with the school's name below it. Gives its place.
pub(super) fn paint_welcome(brush: &Brush<'_>, word: Word) -> Rect {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let page = brush.page();
    let head = Rect::from_min_size(page.min, vec2(page.width(), brush.metrics.size(120.0)));
    let sign = Rect::from_min_size(head.min, Vec2::splat(head.height()));
    brush.picture(sign.shrink(sign.width() * 0.06), "signpost");
    let beside = Rect::from_min_max(Pos2::new(sign.right() + brush.metrics.size(22.0), head.top()), head.max);
    let (upper, lower) = beside.split_top_bottom_at_fraction(0.58);
    let heading = Text { align: Align::LeftMiddle, ..title(words.get(word)) };
    brush.text(upper, Role::Heading, heading);
    let school = brush.state.shown().map_or("", |c| &c.pack.school_name);
    let school = Text { align: Align::LeftMiddle, ..coloured(body(school), tokens.colour.muted.0) };
    brush.text(lower, Role::Label, school);
    head
}

pub(super) fn paint(brush: &mut Brush<'_>, at: &AdultAt) {
    match at {
        AdultAt::Opening(_) => say(brush, Word::AdultsOpeningTitle, Word::SavingWords),
        AdultAt::Unavailable => say(brush, Word::AdultsUnavailableTitle, Word::AdultsUnavailableWords),
        AdultAt::Names { people, .. } => paint_names(brush, people),
        AdultAt::Read { round, page } => family::paint_agreement(brush, round.agreement, *page),
        AdultAt::Sign { round, mark } => {
            let title = brush.state.words().fill(Word::AdultsSignHere, &[("name", &round.who.name)]);
            paint_line(brush, &title, mark);
        }
        AdultAt::Saving(_) => say(brush, Word::AdultsOpeningTitle, Word::SavingWords),
        AdultAt::NotSaved(_) => say(brush, Word::NotKeptTitle, Word::NotKeptWords),
        AdultAt::Kept => say(brush, Word::AdultsKeptTitle, Word::AdultsKeptWords),
    }
}

pub(super) fn say(brush: &mut Brush<'_>, title: Word, sentence: Word) {
    let words = brush.state.words();
    let message = Message {
        picture: "signpost".to_owned(),
        title: words.get(title).to_owned(),
        words: vec![words.get(sentence).to_owned()],
        accent: None,
    };
    super::message::paint_message(brush, &message);
}

fn paint_names(brush: &mut Brush<'_>, people: &[Tile]) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let area = family::head(brush, words.get(Word::AdultsNames), None);
    let area = super::choose::above_turns(brush, area);
    let names = brush.actions(|a| matches!(a, Action::Pupil(_)));
    let gap = brush.metrics.size(14.0).max(brush.metrics.target_gap);
    let columns = if brush.metrics.portrait() { 1 } else { 2 };
    let rows = names.len().div_ceil(columns).max(1);
    let high = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(brush.metrics.size(104.0));
    let wide = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    for (at, action) in names.into_iter().enumerate() {
        // Down the first column, then down the second: as one reads a list.
        let (column, row) = (at / rows, at % rows);
        let min = area.min + vec2((wide + gap) * column as f32, (high + gap) * row as f32);
        let place = Rect::from_min_size(min, vec2(wide, high));
        let Action::Pupil(person) = action else { continue };
        let Some(tile) = people.get(person) else { continue };
        let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, Style::Plain) else {
            continue;
        };
        let mut room = face.shrink2(vec2(brush.metrics.size(22.0), 0.0));
        if tile.signed {
            let side = brush.metrics.size(40.0);
            let center = Pos2::new(room.right() - side / 2.0, room.center().y);
            brush.disc(center, side / 2.0, tokens.colour.pine.0);
            let tick = Rect::from_center_size(center, Vec2::splat(side * 0.66));
            brush.shape(tick, "tick", tokens.colour.on_pine.0);
            room.max.x = center.x - side;
        }
        let name = styled(&tile.who.name, tokens.size.body, Weight::Bold, Align::LeftMiddle);
        brush.paint_text(room, Text { least: 18.0, ..name });
    }
}

/// A line to sign on, and no stickers: whoever does not draw signs with a tick.
pub(super) fn paint_line(brush: &mut Brush<'_>, title: &str, mark: &Draft) {
    let area = family::head(brush, title, None);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - brush.metrics.foot()), area.max);
    let room = Rect::from_min_max(area.min, Pos2::new(area.right(), foot.top() - gap));
    let square = Rect::from_center_size(room.center(), Vec2::splat(room.width().min(room.height())));
    super::make_mark::paint_paper(brush, square, mark);
    // Alone it takes no more room than it needs.
    let foot = match mark.is_mark() {
        true => foot,
        false => Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.44, foot.top()), foot.max),
    };
    let row = [
        (Action::Sticker(0), Style::Plain, 0.8),
        (Action::RubOut, Style::Plain, 0.6),
        (Action::Done, Style::Main, 1.0),
    ];
    family::paint_foot(brush, foot, &row);
}
