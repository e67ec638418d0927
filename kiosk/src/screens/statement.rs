//! One promise: its picture, its words, “tell me more”, and “yes, I will”.

use egui::{Pos2, Rect, Role, Stroke, Vec2, vec2};
use records::agreement::{Group, Statement};

use super::{body, coloured, styled};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight},
    machine::{Action, Round, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, round: &Round, index: usize, more: bool) {
    let Some(content) = brush.state.shown().cloned() else { return };
    let agreement = content.agreement_in(brush.state.tongue, round.agreement);
    let count = agreement.statements().count();
    let Some((group, first, statement)) = find(&agreement.groups, index) else { return };

    let bar = brush.navigation();
    let bar = paint_who(brush, bar, round);
    let words = brush.state.words();
    let (number, all) = ((index + 1).to_string(), count.to_string());
    let told = words.fill(Word::StatementPlace, &[("number", &number), ("count", &all)]);
    paint_place(brush, bar, index, count, &told);

    let page = brush.page();
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - brush.metrics.foot()), page.max);
    let card = Rect::from_min_max(
        Pos2::new(page.left(), bar.bottom() + gap),
        Pos2::new(page.right(), foot.top() - gap),
    );
    brush.card(card, Tokens::get().colour.surface.0);
    let is_new = brush.state.shown().is_some_and(|content| content.is_new(round.again, statement));
    paint_card(brush, card, group, (first, is_new), statement, more);
    paint_answers(brush, foot);
}

fn find(groups: &[Group], index: usize) -> Option<(&Group, bool, &Statement)> {
    let mut before = 0;
    for group in groups {
        if let Some(statement) = group.statements.get(index - before) {
            return Some((group, index == before, statement));
        }
        before += group.statements.len();
    }
    None
}

/// Whose round it is, so that a child sees at once if it is not theirs.
pub(super) fn paint_who(brush: &Brush<'_>, bar: Rect, round: &Round) -> Rect {
    let side = bar.height();
    let gap = brush.metrics.size(12.0);
    let chip = Rect::from_min_max(Pos2::new(bar.right() - side, bar.top()), bar.max);
    let surface = Tokens::get().colour.surface.0;
    brush.disc(chip.center(), side / 2.0, surface);
    brush.picture(chip.shrink(side * 0.17), round.who.picture.as_str());
    brush.tell(chip, Role::Label, &round.who.name);
    Rect::from_min_max(bar.min, Pos2::new(chip.left() - gap, bar.bottom()))
}

/// Where in all of it this is: a dot for each.
pub(super) fn paint_place(brush: &Brush<'_>, bar: Rect, index: usize, count: usize, told: &str) {
    let colour = &Tokens::get().colour;
    brush.tell(bar, Role::Label, told);
    let room = bar.width().min(brush.metrics.size(600.0));
    let step = brush.metrics.size(62.0).min(room / count.max(1) as f32);
    let radius = step * 0.34;
    // In the middle of the screen where there is room for it there.
    let half = step * count as f32 / 2.0;
    let middle =
        brush.metrics.screen.center().x.clamp(bar.left() + half, (bar.right() - half).max(bar.left() + half));
    for i in 0..count {
        let center = Pos2::new(middle - half + step * (i as f32 + 0.5), bar.center().y);
        let stroke = Stroke::new(brush.metrics.size(3.0), colour.line.0);
        if i < index {
            brush.disc(center, radius, colour.pine.0);
            brush.shape(Rect::from_center_size(center, Vec2::splat(radius * 1.3)), "tick", colour.on_pine.0);
        } else if i == index {
            brush.disc(center, radius * 1.2, colour.marigold.0);
            brush.circle(center, radius * 1.2, Stroke::new(brush.metrics.size(4.0), colour.ink.0));
        } else {
            brush.disc(center, radius, colour.surface.0);
            brush.circle(center, radius, stroke);
        }
    }
}

fn paint_card(
    brush: &Brush<'_>,
    card: Rect,
    group: &Group,
    (first, is_new): (bool, bool),
    statement: &Statement,
    more: bool,
) {
    let tokens = Tokens::get();
    let pad = brush.metrics.size(tokens.space.pad * brush.metrics.either(1.4, 1.0));
    let inner = card.shrink(pad);
    let (picture, words) = if brush.metrics.portrait() {
        inner.split_top_bottom_at_fraction(if more { 0.3 } else { 0.5 })
    } else {
        let drawn = if more { 0.28 } else { 0.4 };
        inner.split_left_right_at_fraction(brush.metrics.either(drawn, drawn * 0.65))
    };
    let picture = if brush.metrics.portrait() {
        picture
    } else {
        Rect::from_min_max(picture.min, picture.max - vec2(pad, 0.0))
    };
    brush.picture_told(picture, statement.symbol.as_str());

    // What there is to read, from the top: the group, its introduction, the promise, and more.
    let size = &tokens.size;
    let promise = if more { size.title * 0.85 } else { size.statement };
    let mut lines: Vec<(Role, Text<'_>, f32)> = Vec::new();
    if let Some(title) = &group.title {
        let text = coloured(styled(title, size.body, Weight::Bold, Align::Left), tokens.colour.pine.0);
        lines.push((Role::Label, text, 10.0));
    }
    if first {
        let introduction = group.introduction.iter();
        lines.extend(introduction.map(|p| (Role::Label, body(p), 14.0)));
    }
    if is_new {
        let new = brush.state.words().get(Word::StatementNew);
        let text = coloured(styled(new, size.body, Weight::Bold, Align::Left), tokens.colour.pine.0);
        lines.push((Role::Label, text, 10.0));
    }
    lines.push((Role::Heading, styled(&statement.words, promise, Weight::Bold, Align::Left), 22.0));
    if more {
        lines.extend(
            statement
                .more
                .iter()
                .map(|p| (Role::Paragraph, styled(p, size.sentence, Weight::Regular, Align::Left), 14.0)),
        );
    }
    paint_lines(brush, words, &mut lines);
}

/// Lines one under another, in the middle of the height; all shrink alike until they fit.
pub(super) fn paint_lines(brush: &Brush<'_>, place: Rect, lines: &mut [(Role, Text<'_>, f32)]) {
    let height = |lines: &[(Role, Text<'_>, f32)]| {
        let gaps: f32 = lines.iter().rev().skip(1).map(|(_, _, gap)| brush.metrics.size(*gap)).sum();
        gaps + lines.iter().map(|(_, text, _)| brush.height(place.width(), *text)).sum::<f32>()
    };
    for _ in 0..40 {
        if height(lines) <= place.height() {
            break;
        }
        for (_, text, _) in lines.iter_mut() {
            text.size = (text.size * 0.96).max(text.least);
        }
    }
    // Far more words than a screen is meant for: small is bad, but under the buttons is worse.
    for _ in 0..40 {
        if height(lines) <= place.height() {
            break;
        }
        for (_, text, gap) in lines.iter_mut() {
            text.size *= 0.96;
            text.least = text.least.min(text.size);
            *gap *= 0.96;
        }
    }
    let mut top = place.center().y - height(lines).min(place.height()) / 2.0;
    for (role, text, gap) in lines.iter() {
        let high = brush.height(place.width(), *text);
        let at = Rect::from_min_size(Pos2::new(place.left(), top), vec2(place.width(), high));
        brush.text(at, *role, *text);
        top += high + brush.metrics.size(*gap);
    }
}

fn paint_answers(brush: &mut Brush<'_>, foot: Rect) {
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let (more, yes) = foot.split_left_right_at_fraction(0.4);
    let more = Rect::from_min_max(more.min, more.max - vec2(gap / 2.0, 0.0));
    let yes = Rect::from_min_max(yes.min + vec2(gap / 2.0, 0.0), yes.max);
    let has_more = !brush.actions(|a| matches!(a, Action::More | Action::Less)).is_empty();
    brush.button(Action::More, more, Style::Plain, Some(Icon::Picture("tell-me-more")));
    brush.button(Action::Less, more, Style::Plain, None);
    brush.button(Action::Yes, if has_more { yes } else { foot }, Style::Main, Some(Icon::Shape("tick")));
}
