//! The start: large and calm, with one thing to do, and whom to turn to.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{body, coloured, styled, title};
use crate::{
    look::{Align, Brush, Style, Tokens, Weight},
    machine::{Action, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>) {
    let tokens = Tokens::get();
    let page = brush.page();
    let words = brush.state.words();
    let school = brush.state.shown().map_or("", |c| &c.pack.school_name);

    let sign = brush.metrics.size(116.0);
    let at = Rect::from_min_size(page.min, Vec2::splat(sign));
    brush.picture(at, "signpost");
    let bar = brush.navigation();
    let left = at.right() + brush.metrics.size(22.0);
    let middle =
        brush.metrics.either(at.center().y + sign * 0.12, page.top() + brush.metrics.line(tokens.size.title));
    let place = Rect::from_min_max(Pos2::new(left, page.top()), Pos2::new(bar.right(), middle));
    let hello = brush.text(place, Role::Heading, title(words.get(Word::HomeHello)));
    let place = Rect::from_min_max(
        Pos2::new(left, hello.bottom() - brush.metrics.size(4.0)),
        Pos2::new(bar.right(), page.bottom()),
    );
    let name = coloured(body(school), tokens.colour.muted.0);
    // Two lines at the most where text is larger: what is to be pressed needs the room.
    let most = vec2(place.width(), brush.metrics.line(name.size) * 2.1);
    let name = if brush.metrics.is_enlarged() { brush.fitted(most, name) } else { name };
    let school = brush.text(place, Role::Label, name);

    let help = paint_help(brush, page);
    let gap = brush.metrics.size(tokens.space.gap);
    let top = brush.metrics.either(at.bottom(), at.bottom().max(bar.bottom()).max(school.bottom()));
    let card =
        Rect::from_min_max(Pos2::new(page.left(), top + gap), Pos2::new(page.right(), help.top() - gap));
    let card = paint_surveys(brush, card);
    paint_start(brush, card);
}

/// What pupils are asked today, beside the large thing to press or under it. Gives back what is left for that.
fn paint_surveys(brush: &mut Brush<'_>, card: Rect) -> Rect {
    let tokens = Tokens::get();
    let surveys: Vec<_> = brush.state.surveys_on_show().collect();
    if surveys.is_empty() {
        return card;
    }
    let gap = brush.metrics.size(tokens.space.gap).max(brush.metrics.target_gap);
    let (rest, aside) = if brush.metrics.portrait() {
        let (upper, lower) = card.split_top_bottom_at_fraction(0.62);
        (Rect::from_min_max(upper.min, upper.max - vec2(0.0, gap)), lower)
    } else {
        let (left, right) = card.split_left_right_at_fraction(brush.metrics.either(0.68, 0.6));
        (Rect::from_min_max(left.min, left.max - vec2(gap, 0.0)), right)
    };
    let across = brush.metrics.portrait();
    let count = surveys.len() as f32;
    for (nth, (place, survey)) in surveys.into_iter().enumerate() {
        let (step, tile) = if across {
            let wide = (aside.width() - gap * (count - 1.0)) / count;
            (vec2(wide + gap, 0.0), vec2(wide, aside.height()))
        } else {
            let high = (aside.height() - gap * (count - 1.0)) / count;
            (vec2(0.0, high + gap), vec2(aside.width(), high))
        };
        let tile = Rect::from_min_size(aside.min + step * nth as f32, tile);
        let size = tokens.size.button * 1.1;
        super::tell::paint_choice(brush, Action::Survey(place), tile, survey.symbol.as_str(), size);
    }
    rest
}

/// What most people come for: pupils to sign, or parents where the kiosk is theirs for an evening.
fn main_action(brush: &Brush<'_>) -> Action {
    if brush.control(Action::Start).is_some() { Action::Start } else { Action::Parents }
}

/// The one large thing to press.
fn paint_start(brush: &mut Brush<'_>, card: Rect) {
    let tokens = Tokens::get();
    let action = main_action(brush);
    let label = brush.control(action).map(|c| c.label.clone()).unwrap_or_default();
    let leaf = Style::Tint(tokens.colour.leaf.0);
    let Some(face) = brush.pressable(action, card, tokens.shape.radius_large, leaf) else {
        return paint_stopped(brush, card);
    };
    let pad = brush.metrics.size(56.0);
    let inner = face.shrink(pad.min(face.height() * 0.1));
    let go = brush.metrics.size(120.0);
    let words = styled(&label, tokens.size.statement, Weight::Bold, Align::LeftMiddle);
    // Beside other tiles there is no room for a long line.
    if brush.metrics.portrait() || inner.width() < inner.height() * 1.6 {
        let (top, rest) = inner.split_top_bottom_at_fraction(match brush.metrics.portrait() {
            true => 0.55,
            false => brush.metrics.either(0.5, 0.3),
        });
        brush.picture(top, "pencil-promise");
        let words = crate::look::Text { align: Align::Middle, ..words };
        brush.paint_text(Rect::from_min_max(rest.min, rest.max - vec2(0.0, go)), words);
        paint_go(
            brush,
            Rect::from_center_size(Pos2::new(rest.center().x, rest.bottom() - go / 2.0), Vec2::splat(go)),
        );
        return;
    }
    let side = inner.height().min(inner.width() * 0.36);
    let picture =
        Rect::from_center_size(Pos2::new(inner.left() + side / 2.0, inner.center().y), Vec2::splat(side));
    brush.picture(picture, "pencil-promise");
    let place = Rect::from_min_max(
        Pos2::new(picture.right() + pad, inner.top()),
        Pos2::new(inner.right() - go - pad * 0.5, inner.bottom()),
    );
    brush.paint_text(place, words);
    paint_go(
        brush,
        Rect::from_center_size(Pos2::new(inner.right() - go / 2.0, inner.center().y), Vec2::splat(go)),
    );
}

/// That it takes nothing now, where the disk is full.
fn paint_stopped(brush: &mut Brush<'_>, card: Rect) {
    let tokens = Tokens::get();
    let words = brush.state.words().get(Word::HomeStopped);
    brush.card(card, tokens.colour.surface.0);
    let text = styled(words, tokens.size.title, Weight::Bold, Align::Middle);
    brush.text(card.shrink(brush.metrics.size(tokens.space.pad * 1.5)), Role::Paragraph, text);
}

fn paint_go(brush: &Brush<'_>, place: Rect) {
    let colour = &Tokens::get().colour;
    brush.disc(place.center(), place.width() / 2.0, colour.pine.0);
    brush.shape(place.shrink(place.width() * 0.14), "next", colour.on_pine.0);
}

/// “For parents and carers”, small and calm in the corner: a child has no need of it. Gives back what is left of the
/// foot of the screen.
fn paint_entry(brush: &mut Brush<'_>, page: Rect) -> Rect {
    if brush.control(Action::Parents).is_none() || main_action(brush) == Action::Parents {
        return Rect::from_min_max(Pos2::new(page.left(), page.bottom()), page.max);
    }
    let tokens = Tokens::get();
    let label = brush.control(Action::Parents).map(|c| c.label.clone()).unwrap_or_default();
    let words = styled(&label, tokens.size.body * 0.93, Weight::Bold, Align::Middle);
    let (wide, high) = if brush.metrics.is_enlarged() {
        let high = brush.metrics.line(words.size) * 2.0 + brush.metrics.size(16.0);
        (brush.narrowest(words, 2) + brush.metrics.size(40.0), high)
    } else {
        (brush.metrics.size(430.0), brush.metrics.size(76.0))
    };
    let place = Rect::from_min_max(page.max - vec2(wide, high), page.max);
    let radius = tokens.shape.radius_small;
    if let Some(face) = brush.pressable(Action::Parents, place, radius, Style::Plain) {
        brush.paint_text(face.shrink2(vec2(brush.metrics.size(12.0), 0.0)), words);
    }
    let gap = brush.metrics.size(tokens.space.gap);
    Rect::from_min_max(Pos2::new(page.left(), place.top()), Pos2::new(place.left() - gap, page.bottom()))
}

/// Whom to turn to.
pub(super) fn help(brush: &Brush<'_>) -> String {
    let words = brush.state.words();
    let mut help = words.get(Word::HomeHelp).to_owned();
    if let Some(line) = brush.state.shown().and_then(|c| c.pack.helplines.first()) {
        help.push(' ');
        help.push_str(&words.fill(Word::HomeHelpline, &[("name", &line.name), ("phone", &line.phone)]));
    }
    help
}

/// Whom to turn to, at the foot of the screen.
fn paint_help(brush: &mut Brush<'_>, page: Rect) -> Rect {
    let help = help(brush);
    // A telephone number is never broken in two.
    let unbroken = match help.rsplit_once(": ") {
        Some((before, number)) => format!("{before}: {}", number.replace(' ', "\u{a0}")),
        None => help.clone(),
    };
    let page = paint_entry(brush, page);
    let text = body(&unbroken);
    let height = brush.height(page.width(), text).max(page.height());
    let place = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - height), page.max);
    let text = crate::look::Text { align: Align::LeftMiddle, ..text };
    let painted = brush.paint_text(place, coloured(text, Tokens::get().colour.muted.0));
    brush.tell(painted, Role::Label, &help);
    place
}
