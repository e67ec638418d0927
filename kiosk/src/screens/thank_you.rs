//! The end of every round: thank you, and two grown-ups to turn to. It does not know whose round it was. After
//! telling it looks the same; only the sentence is another.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{body, coloured, styled, title};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Screen, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>) {
    let tokens = Tokens::get();
    let page = brush.page();
    let words = brush.state.words();
    let gap = brush.metrics.size(tokens.space.gap);
    let sentence = body(words.get(match brush.state.screen {
        Screen::Told => Word::ToldWords,
        Screen::Counted { may_tell: true } => Word::CountedTell,
        Screen::Counted { may_tell: false } => Word::CountedWords,
        _ => Word::ThanksWords,
    }));
    let bar = brush.navigation();
    let drawn = brush.metrics.size(150.0);
    let title_line = brush.metrics.line(tokens.size.statement);
    // Two lines; on an upright screen as many as the sentence takes beside the picture.
    let two = brush.metrics.line(tokens.size.body) * 2.0;
    let lines = if brush.metrics.portrait() {
        brush.height(bar.right() - page.left() - drawn - gap, sentence).max(two)
    } else {
        two
    };
    let side = brush.metrics.either(drawn, title_line + lines);
    let head = Rect::from_min_size(page.min, vec2(page.width(), side));
    let picture = Rect::from_min_size(head.min, Vec2::splat(drawn.min(side)));
    brush.picture(picture, "heart");
    let place = Rect::from_min_max(
        Pos2::new(picture.right() + gap, head.top()),
        Pos2::new(bar.right(), head.bottom()),
    );
    let (upper, lower) =
        place.split_top_bottom_at_fraction(brush.metrics.either(0.6, title_line / (title_line + lines)));
    let thanks =
        Text { size: tokens.size.statement, align: Align::LeftMiddle, ..title(words.get(Word::ThanksTitle)) };
    brush.text(upper, Role::Heading, thanks);
    brush.text(lower, Role::Label, sentence);

    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - brush.metrics.foot()), page.max);
    let card = Rect::from_min_max(
        Pos2::new(page.left(), head.bottom() + gap),
        Pos2::new(page.right(), foot.top() - gap),
    );
    paint_adults(brush, card);
    let finish = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
    brush.button(Action::Finish, finish, Style::Main, None);
}

/// Two grown-ups to turn to.
pub(super) fn paint_adults(brush: &Brush<'_>, card: Rect) {
    let tokens = Tokens::get();
    let Some(content) = brush.state.shown() else { return };
    // Two, as children can keep two in mind.
    let adults: Vec<_> = content.pack.trusted_adults.iter().take(2).collect();
    if adults.is_empty() {
        return;
    }
    brush.card(card, tokens.colour.surface.0);
    let inner = card.shrink(brush.metrics.size(tokens.space.pad * brush.metrics.either(1.0, 0.6)));
    let words =
        styled(brush.state.words().get(Word::ThanksAdults), tokens.size.button, Weight::Bold, Align::Left);
    let line = brush.height(inner.width(), words);
    let top = Rect::from_min_size(inner.min, vec2(inner.width(), line));
    brush.text(top, Role::Label, words);
    let rest =
        Rect::from_min_max(Pos2::new(inner.left(), top.bottom() + brush.metrics.size(12.0)), inner.max);
    let columns = if brush.metrics.portrait() { 1 } else { adults.len() };
    let rows = adults.len().div_ceil(columns);
    let cell = vec2(rest.width() / columns as f32, rest.height() / rows as f32);
    for (i, adult) in adults.iter().enumerate() {
        let at = vec2((i % columns) as f32, (i / columns) as f32);
        let place = Rect::from_min_size(rest.min + at * cell, cell);
        let side = place.height().min(place.width() * brush.metrics.either(0.45, 0.3));
        let picture =
            Rect::from_min_size(Pos2::new(place.left(), place.center().y - side / 2.0), vec2(side, side));
        brush.picture_told(picture, adult.picture.as_str());
        let gap = brush.metrics.size(24.0);
        let words =
            Rect::from_min_max(Pos2::new(picture.right() + gap, place.top()), place.max - vec2(gap, 0.0));
        let mut lines = vec![
            (Role::Label, styled(&adult.name, tokens.size.button * 1.1, Weight::Bold, Align::Left), 8.0),
            (Role::Label, coloured(body(&adult.role), tokens.colour.muted.0), 0.0),
        ];
        super::statement::paint_lines(brush, words, &mut lines);
    }
}
