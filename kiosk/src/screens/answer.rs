//! The four pictures at the end of a round, and the way back with them.

use egui::{CornerRadius, Pos2, Rect, Role, Stroke, StrokeKind, Vec2, vec2};
use records::receipt::{LENGTH, Picture, Receipt};

use super::{body, styled};
use crate::{
    look::{Align, Brush, Icon, Style, Tokens, Weight, grid},
    machine::{Action, Chosen, Word},
};

/// “Here are four pictures”: the same for everybody, whatever the round was.
pub(super) fn paint_pictures(brush: &mut Brush<'_>, receipt: &Receipt) {
    let area = super::tell::head(brush, Word::PicturesTitle);
    let (card, foot) = super::tell::above_foot(brush, area);
    let tokens = Tokens::get();
    brush.card(card, tokens.colour.surface.0);
    let inner = card.shrink(brush.metrics.size(tokens.space.pad));
    let words = brush.state.words();
    let line = styled(words.get(Word::PicturesWords), tokens.size.body, Weight::Regular, Align::Left);
    let most = vec2(inner.width(), inner.height() * brush.metrics.either(0.36, 0.46));
    let line = brush.fitted(most, line);
    let high = brush.height(inner.width(), line);
    let (below, rest) = inner.split_top_bottom_at_y(inner.bottom() - high);
    let row = Rect::from_min_max(below.min, below.max - vec2(0.0, brush.metrics.size(26.0)));
    let labels: Vec<String> = receipt
        .pictures()
        .iter()
        .zip(1..)
        .map(|(picture, number)| {
            let number = format!("{number}");
            words.fill(Word::PicturesPlace, &[("number", &number), ("picture", picture.words())])
        })
        .collect();
    let gap = brush.metrics.size(tokens.space.gap);
    let places = grid(row, LENGTH, gap, Vec2::ZERO, 0.9, Vec2::INFINITY);
    let name = |words| styled(words, tokens.size.button, Weight::Bold, Align::Middle);
    let room = |place: &Rect| vec2(place.width(), place.height() * brush.metrics.either(0.3, 0.4));
    let fitted = labels.iter().zip(&places).map(|(words, place)| brush.fitted(room(place), name(words)).size);
    let size = fitted.fold(tokens.size.button, f32::min);
    for ((picture, label), place) in receipt.pictures().into_iter().zip(&labels).zip(&places) {
        let text = styled(label, size, Weight::Bold, Align::Middle);
        let high = brush.height(place.width(), text).min(place.height() * 0.45);
        let (above, under) = place.split_top_bottom_at_y(place.bottom() - high);
        brush.picture(above.shrink(brush.metrics.size(6.0)), picture.symbol());
        brush.text(under, Role::Label, text);
    }
    brush.text(rest, Role::Paragraph, line);
    let button = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
    brush.button(Action::GotIt, button, Style::Main, Some(Icon::Shape("tick")));
}

/// Sixteen pictures, each at its place, and above them the four that were chosen.
pub(super) fn paint_choosing(brush: &mut Brush<'_>, chosen: &Chosen) {
    let area = super::tell::head(brush, Word::AnswerTitle);
    let tokens = Tokens::get();
    let gap = brush.metrics.size(tokens.space.tile_gap).max(brush.metrics.target_gap);
    let high = brush.metrics.target.max(brush.metrics.size(96.0));
    let (strip, rest) = area.split_top_bottom_at_y(area.top() + high);
    paint_chosen(brush, chosen, strip);
    let rest = Rect::from_min_max(rest.min + vec2(0.0, gap), rest.max);
    let places = in_even_rows(brush, rest, gap);
    let pad = brush.metrics.size(8.0);
    let drawn = tokens.size.small;
    let line = brush.metrics.line(drawn);
    let name = |picture: Picture| styled(picture.words(), drawn, Weight::Bold, Align::Middle);
    // In small tiles a picture is worth more than its name, which is told all the same; and either all have it or none.
    let widest = Picture::ALL.iter().map(|picture| brush.narrowest(name(*picture), 1)).fold(0.0, f32::max);
    let named = places.first().is_some_and(|place| {
        let high = brush.metrics.target * 0.6 + line * 2.0;
        place.height() > high && place.width() > widest + pad * 2.0
    });
    for (picture, place) in Picture::ALL.into_iter().zip(places) {
        let radius = tokens.shape.radius_small;
        // A picture that was chosen has gone to the row above; its place stays empty.
        let Some(face) = brush.pressable(Action::Picture(picture), place, radius, Style::Plain) else {
            continue;
        };
        let inner = face.shrink(pad);
        if named {
            let (above, under) = inner.split_top_bottom_at_y(inner.bottom() - line);
            brush.picture(above, picture.symbol());
            // Across the whole tile, so that the longest name is one line.
            brush.paint_text(Rect::from_x_y_ranges(face.x_range(), under.y_range()), name(picture));
        } else {
            brush.picture(inner, picture.symbol());
        }
    }
}

/// Sixteen places in two rows of eight, or four of four: none looks like a remainder.
fn in_even_rows(brush: &Brush<'_>, area: Rect, gap: f32) -> Vec<Rect> {
    let target = brush.metrics.target;
    let columns = if brush.metrics.portrait() || area.width() < target * 8.0 + gap * 7.0 { 4 } else { 8 };
    let rows = Picture::ALL.len() / columns;
    let of = |count: usize, room: f32| (room - gap * (count - 1) as f32) / count as f32;
    let most = brush.metrics.size(230.0).max(target);
    let tile = vec2(of(columns, area.width()), of(rows, area.height())).min(Vec2::splat(most));
    let used = vec2(
        tile.x * columns as f32 + gap * (columns - 1) as f32,
        tile.y * rows as f32 + gap * (rows - 1) as f32,
    );
    let origin = area.min + (area.size() - used) / 2.0;
    (0..Picture::ALL.len())
        .map(|place| {
            let at = vec2((place % columns) as f32, (place / columns) as f32);
            Rect::from_min_size(origin + at * (tile + Vec2::splat(gap)), tile)
        })
        .collect()
}

/// The four places, the last one that was filled to be taken back.
fn paint_chosen(brush: &mut Brush<'_>, chosen: &Chosen, strip: Rect) {
    let tokens = Tokens::get();
    let (gap, side) = (brush.metrics.size(tokens.space.gap), strip.height());
    let pictures = chosen.pictures();
    let words = brush.state.words();
    let mut left = strip.left();
    for number in 1..=LENGTH {
        let place = Rect::from_min_size(Pos2::new(left, strip.top()), Vec2::splat(side));
        left = place.right() + gap * 0.6;
        brush.card(place, tokens.colour.surface.0);
        let edge = Stroke::new(brush.metrics.size(tokens.shape.stroke), tokens.colour.line.0);
        let corner =
            CornerRadius::same(brush.metrics.size(tokens.shape.radius_large).clamp(0.0, 255.0) as u8);
        brush.ui.painter().rect_stroke(place, corner, edge, StrokeKind::Inside);
        let digit = number.to_string();
        match pictures.get(number - 1) {
            Some(picture) => {
                brush.picture(place.shrink(side * 0.16), picture.symbol());
                let told = [("number", digit.as_str()), ("picture", picture.words())];
                brush.tell(place, Role::Label, &words.fill(Word::PicturesPlace, &told));
            }
            None => {
                let faint = super::coloured(
                    styled(&digit, tokens.size.title, Weight::Bold, Align::Middle),
                    tokens.colour.muted.0,
                );
                brush.paint_text(place, faint);
                brush.tell(place, Role::Label, &words.fill(Word::AnswerEmpty, &[("number", &digit)]));
            }
        }
    }
    let rest = Rect::from_min_max(Pos2::new(left + gap * 0.4, strip.top()), strip.max);
    if pictures.is_empty() {
        let help = super::Text { align: Align::LeftMiddle, ..body(words.get(Word::AnswerHelp)) };
        brush.text(rest, Role::Paragraph, help);
    } else {
        let wide = rest.width().min(brush.metrics.size(460.0));
        let place = Rect::from_min_size(rest.min, vec2(wide, rest.height()));
        brush.button(Action::RubOut, place, Style::Tint(tokens.colour.sky.0), Some(Icon::Shape("back")));
    }
}
