//! The entrance: what brings somebody here, the whole text, who they are, and a line to sign on. Calm, and quick.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{adults, coloured, family, styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight},
    machine::{
        Action, Draft, Key, KeySet, Typing, VisitorAt, VisitorRound, Word, keyboard,
        visitor::{asked, thanks},
    },
};

/// The start: whoever is on no list first, then those who are.
pub(super) fn paint_home(brush: &mut Brush<'_>) {
    let page = brush.page();
    let head = adults::paint_welcome(brush, Word::VisitorTitle);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let area = Rect::from_min_max(Pos2::new(page.left(), head.bottom() + gap), page.max);
    let visitors = brush.actions(|a| matches!(a, Action::Visitor(_)));
    let adults = brush.actions(|a| matches!(a, Action::Group(_)));
    let rows = visitors.len() + usize::from(!adults.is_empty());
    let room = (area.height() - gap * rows.saturating_sub(1) as f32) / rows.max(1) as f32;
    let high = room.min(brush.metrics.size(190.0)).max(brush.metrics.target.min(room));
    let row = |at: usize| {
        let top = area.top() + (high + gap) * at as f32;
        Rect::from_min_size(Pos2::new(area.left(), top), vec2(area.width(), high))
    };
    for (at, action) in visitors.iter().enumerate() {
        paint_reason(brush, row(at), *action);
    }
    let calm = Style::Tint(Tokens::get().colour.sky.0);
    let shares: Vec<_> = adults.into_iter().map(|action| (action, calm, 1.0)).collect();
    family::paint_foot(brush, row(visitors.len()), &shares);
}

/// What brings somebody here, with the picture of the first thing that they agree to.
fn paint_reason(brush: &mut Brush<'_>, place: Rect, action: Action) {
    let tokens = Tokens::get();
    let Action::Visitor(audience) = action else { return };
    let symbol = brush.state.shown().and_then(|content| {
        let agreement = content.agreement(content.agreement_for(audience)?);
        agreement.statements().next().map(|statement| statement.symbol.to_string())
    });
    let label = brush.control(action).map(|control| control.label.clone()).unwrap_or_default();
    let Some(face) = brush.pressable(action, place, tokens.shape.radius, Style::Plain) else { return };
    let inner = face.shrink2(vec2(brush.metrics.size(24.0), brush.metrics.size(10.0)));
    let side = inner.height().min(inner.width() * 0.16);
    let picture =
        Rect::from_center_size(Pos2::new(inner.left() + side / 2.0, inner.center().y), Vec2::splat(side));
    brush.picture(picture, symbol.as_deref().unwrap_or("signpost"));
    let words =
        Rect::from_min_max(Pos2::new(picture.right() + brush.metrics.size(28.0), inner.top()), inner.max);
    let text = styled(&label, tokens.size.sentence, Weight::Bold, Align::LeftMiddle);
    brush.paint_text(words, text);
}

pub(super) fn paint(brush: &mut Brush<'_>, at: &VisitorAt) {
    match at {
        VisitorAt::Read { round, page } => family::paint_agreement(brush, round.agreement, *page),
        VisitorAt::Name(round) => paint_typing(brush, &round.name, Word::VisitorName, Word::VisitorNameNote),
        VisitorAt::About(round) => {
            paint_typing(brush, &round.about, asked(round.audience), Word::VisitorAboutNote);
        }
        VisitorAt::Sign { round, mark } => paint_sign(brush, round, mark),
        VisitorAt::Saving(_) => adults::say(brush, Word::VisitorSavingTitle, Word::SavingWords),
        VisitorAt::NotSaved(_) => {
            adults::say(brush, Word::VisitorNotSavedTitle, Word::VisitorNotSavedWords);
        }
        VisitorAt::Kept(audience) => adults::say(brush, Word::VisitorKeptTitle, thanks(*audience)),
    }
}

fn paint_sign(brush: &mut Brush<'_>, round: &VisitorRound, mark: &Draft) {
    let name = round.name.as_str().trim();
    let title = brush.state.words().fill(Word::VisitorSignHere, &[("name", name)]);
    adults::paint_line(brush, &title, mark);
}

/// A question, the line that is written, and the keys to write it with.
fn paint_typing(brush: &mut Brush<'_>, typing: &Typing, question: Word, note: Word) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let gap = brush.metrics.size(tokens.space.gap);
    // In the bar at every size of text: the keys need the room below it.
    let bar = brush.navigation();
    let heading = Text { align: Align::LeftMiddle, ..title(words.get(question)) };
    brush.text(bar, Role::Heading, heading);
    let page = brush.page();
    let area = Rect::from_min_max(Pos2::new(page.left(), bar.bottom() + gap), page.max);
    let high = brush.metrics.line(tokens.size.title).max(brush.metrics.size(84.0));
    let field = Rect::from_min_size(area.min, vec2(area.width(), high));
    brush.field(field, words.get(question), typing.as_str());

    let foot_high = brush.metrics.foot().min(area.height() * 0.2);
    let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - foot_high), area.max);
    // Beside the button that leads on, so that the keys have the height.
    let on = foot.width() * if brush.metrics.portrait() { 0.5 } else { 0.4 };
    let (beside, next) = foot.split_left_right_at_x(foot.right() - on);
    let beside = Rect::from_min_max(beside.min, beside.max - vec2(gap, 0.0));
    let text = styled(words.get(note), tokens.size.small, Weight::Regular, Align::LeftMiddle);
    let text = Text { least: tokens.size.small * 0.7, ..coloured(text, tokens.colour.muted.0) };
    brush.text(beside, Role::Paragraph, text);
    brush.button(Action::Continue, next, Style::Main, Some(Icon::Shape("next")));
    brush.button(Action::Skip, next, Style::Tint(tokens.colour.sky.0), None);

    let keys = Rect::from_min_max(
        Pos2::new(area.left(), field.bottom() + gap),
        Pos2::new(area.right(), foot.top() - gap),
    );
    paint_keys(brush, keys, typing.keys);
}

/// How wide a key is, in letters.
const fn width(key: Key) -> f32 {
    match key {
        Key::Letter(_) => 1.0,
        Key::Group(_) | Key::Capital => 2.2,
        Key::Set(_) | Key::RubOut => 1.6,
        Key::Space => 4.0,
    }
}

fn paint_keys(brush: &mut Brush<'_>, area: Rect, set: KeySet) {
    let tokens = Tokens::get();
    let rows = keyboard(set);
    let gap = brush.metrics.size(10.0).max(brush.metrics.target_gap.min(brush.metrics.size(12.0)));
    let gaps = |count: usize| gap * count.saturating_sub(1) as f32;
    let unit = |row: &Vec<Key>| {
        (area.width() - gaps(row.len())) / row.iter().map(|key| width(*key)).sum::<f32>().max(1.0)
    };
    let unit = rows.iter().map(unit).fold(f32::INFINITY, f32::min).min(brush.metrics.size(150.0));
    let room = (area.height() - gaps(rows.len())) / rows.len().max(1) as f32;
    let high = room.min((unit * 1.4).max(brush.metrics.size(80.0)));
    let mut top = area.bottom() - high * rows.len() as f32 - gaps(rows.len());
    for row in rows {
        let wide = row.iter().map(|key| width(*key) * unit).sum::<f32>() + gaps(row.len());
        let mut left = area.center().x - wide / 2.0;
        for key in row {
            let place = Rect::from_min_size(Pos2::new(left, top), vec2(width(key) * unit, high));
            left = place.right() + gap;
            paint_key(brush, place, key, tokens);
        }
        top += high + gap;
    }
}

fn paint_key(brush: &mut Brush<'_>, place: Rect, key: Key, tokens: &Tokens) {
    let action = Action::Key(key);
    let style = match key {
        Key::Letter(_) | Key::Group(_) | Key::Space => Style::Plain,
        Key::Capital | Key::RubOut | Key::Set(_) => Style::Tint(tokens.colour.sky.0),
    };
    let label = brush.control(action).map(|control| control.label.clone()).unwrap_or_default();
    let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, style) else { return };
    let size = match key {
        Key::Letter(_) => tokens.size.sentence,
        Key::Group(_) => tokens.size.body,
        _ => tokens.size.small,
    };
    let room = Rect::from_center_size(face.center(), face.size() - Vec2::splat(brush.metrics.size(8.0)));
    let text = styled(&label, size, Weight::Bold, Align::Middle);
    brush.paint_text(room, Text { least: 14.0, ..text });
}
