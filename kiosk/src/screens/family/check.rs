//! All answers to one form on one screen, each to be changed with a touch, and who gives them.

use egui::{Pos2, Rect, Role, Stroke, Vec2, vec2};

use super::{super::styled, above_foot, head, list, paint_foot};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Ask, Visit, Word, family::answers},
};

pub(super) fn paint(brush: &mut Brush<'_>, visit: &Visit, ask: Ask, _page: usize) {
    let Some(form) = brush.state.form(ask) else { return };
    let tokens = Tokens::get();
    let words = brush.state.words();
    let child = visit.child(ask).map_or("", |child| &child.name);
    let area = head(brush, &words.fill(Word::CheckTitle, &[("child", child)]), Some(&form.title));
    let (area, foot) = above_foot(brush, area);

    let i_am = i_am(brush, visit, ask);
    let text = styled(&i_am, tokens.size.small * 1.05, Weight::Regular, Align::Left);
    // Where text is larger the answers need the room more.
    let two = vec2(area.width(), brush.metrics.line(tokens.size.small * 0.85) * 2.0);
    let text = if brush.metrics.is_enlarged() { brush.fitted(two, text) } else { text };
    let high = brush.height(area.width(), text);
    let said = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - high), area.max);
    let gap = brush.metrics.size(tokens.space.gap * 0.8);
    let area = Rect::from_min_max(area.min, Pos2::new(area.right(), said.top() - gap));

    let all = answers(brush.state, visit, ask);
    let shown = brush.actions(|a| matches!(a, Action::Change(_)));
    for (action, place) in shown.iter().zip(list::places(brush, area, shown.len())) {
        let Action::Change(at) = action else { continue };
        let Some((asked, answer)) = all.get(*at) else { continue };
        paint_answer(brush, *action, place, asked, answer);
    }
    brush.text(said, Role::Paragraph, text);
    let row = [
        (Action::PreviousPage, Style::Plain, 0.8),
        (Action::Helped, Style::Plain, 1.0),
        (Action::NextPage, Style::Main, 1.2),
        (Action::Continue, Style::Main, 1.2),
        (Action::Keep, Style::Main, 1.2),
    ];
    paint_foot(brush, foot, &row);
}

/// Who gives these answers, and as what.
fn i_am(brush: &Brush<'_>, visit: &Visit, ask: Ask) -> String {
    let words = brush.state.words();
    let name = visit.grown_up().map_or("", |grown_up| &grown_up.name);
    let child = visit.child(ask).map_or("", |child| &child.name);
    let relation = visit.decider(ask).map(|decider| in_a_sentence(&decider.relation)).unwrap_or_default();
    let word = if relation.is_empty() { Word::CheckIAmPlain } else { Word::CheckIAm };
    words.fill(word, &[("name", name), ("child", child), ("relation", &relation)])
}

/// “Mother” as it stands within a sentence. What is written in capitals stays so.
fn in_a_sentence(relation: &str) -> String {
    let mut letters = relation.chars();
    match (letters.next(), letters.as_str()) {
        (Some(first), rest) if !rest.chars().next().is_some_and(char::is_uppercase) => {
            format!("{}{rest}", first.to_lowercase())
        }
        _ => relation.to_owned(),
    }
}

fn paint_answer(brush: &mut Brush<'_>, action: Action, place: Rect, asked: &str, answer: &str) {
    let tokens = Tokens::get();
    let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, Style::Plain) else { return };
    let pad = brush.metrics.size(14.0);
    let words = brush.state.words();
    let (yes, no) = (words.get(Word::UseYes), words.get(Word::UseNo));
    let short = answer == yes || answer == no;
    let width =
        if short { brush.metrics.size(brush.metrics.either(124.0, 190.0)) } else { face.width() * 0.5 };
    let inset = if short { pad * 0.6 } else { pad * 0.3 };
    let chip = Rect::from_min_max(
        Pos2::new(face.right() - pad * 0.7 - width, face.top() + inset),
        Pos2::new(face.right() - pad * 0.7, face.bottom() - inset),
    );
    // Yes and no on one tint: a shape and the word tell them apart.
    let corner = brush.metrics.size(12.0) as u8;
    let missing = answer == words.get(Word::CheckUnanswered);
    let tint = if missing { tokens.colour.sun.0 } else { tokens.colour.sky.0 };
    brush.fill(chip, corner, tint);
    let mut room = chip.shrink2(vec2(brush.metrics.size(10.0), 0.0));
    if short {
        let side = brush.metrics.size(34.0).min(chip.height() * 0.8);
        let at =
            Rect::from_center_size(Pos2::new(room.left() + side / 2.0, room.center().y), Vec2::splat(side));
        if answer == yes {
            brush.shape(at, "tick", tokens.colour.ink.0);
        } else {
            paint_cross(brush, at.shrink(side * 0.22));
        }
        room.min.x = at.right() + brush.metrics.size(8.0);
    }
    let size = if short { tokens.size.tile * 1.1 } else { tokens.size.small * 0.86 };
    let weight = if short { Weight::Bold } else { Weight::Regular };
    let align = if short { Align::LeftMiddle } else { Align::Middle };
    brush.paint_text(room, Text { least: 17.0, ..styled(answer, size, weight, align) });
    let left = Rect::from_min_max(
        Pos2::new(face.left() + pad * 1.3, face.top()),
        Pos2::new(chip.left() - pad * 0.6, face.bottom()),
    );
    let asked = styled(asked, tokens.size.tile, Weight::Regular, Align::LeftMiddle);
    brush.paint_text(left, Text { least: 15.0, ..asked });
}

fn paint_cross(brush: &Brush<'_>, place: Rect) {
    let stroke = Stroke::new(brush.metrics.size(5.0), Tokens::get().colour.ink.0);
    brush.line([place.left_top(), place.right_bottom()], stroke);
    brush.line([place.right_top(), place.left_bottom()], stroke);
}
