//! Everything that is asked of one person: a line for each child and form, with how it stands.

use egui::{Pos2, Rect, Vec2, vec2};

use super::{
    super::{coloured, styled},
    above_foot, head, paint_foot,
};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Item, Standing, Visit, Word, family::standing},
};

pub(super) fn paint(brush: &mut Brush<'_>, visit: &Visit, _page: usize) {
    let tokens = Tokens::get();
    let Some(content) = brush.state.shown().cloned() else { return };
    let today = content.day(brush.state.now.wall);
    let words = brush.state.words();
    let items = visit.items(&content);
    let open = items.iter().filter(|item| visit.standing(&content, today, **item).is_open()).count();
    let name = visit.grown_up().map_or("", |grown_up| &grown_up.name);
    let below = match (items.len(), open) {
        (0, _) => words.get(Word::ListNothing).to_owned(),
        (_, 0) => words.get(Word::ListNone).to_owned(),
        (_, 1) => words.get(Word::ListOne).to_owned(),
        (_, many) => words.fill(Word::ListMany, &[("count", &many.to_string())]),
    };
    let area = head(brush, &words.fill(Word::ListTitle, &[("name", name)]), Some(&below));
    let (area, foot) = above_foot(brush, area);

    let shown = brush.actions(|a| matches!(a, Action::Item(_)));
    let places = places(brush, area, shown.len());
    let lines: Vec<Line> = shown
        .iter()
        .zip(places)
        .filter_map(|(action, place)| {
            let Action::Item(at) = action else { return None };
            Some(Line::new(brush, visit, *action, *items.get(*at)?, place))
        })
        .collect();
    // All titles of one size, however long one of them is.
    let size = lines.iter().map(|line| line.fitting(brush)).fold(tokens.size.body, f32::min);
    lines.iter().for_each(|line| line.paint(brush, size));
    let row = [
        (Action::PreviousPage, Style::Plain, 0.8),
        (Action::Finish, Style::Plain, 1.0),
        (Action::NextPage, Style::Plain, 0.8),
        (Action::Continue, Style::Main, 1.4),
    ];
    paint_foot(brush, foot, &row);
}

/// The places of so many lines: one column while they fit, else two.
pub(super) fn places(brush: &Brush<'_>, area: Rect, count: usize) -> Vec<Rect> {
    let gap = brush.metrics.tile_gap();
    let columns = if brush.metrics.portrait() || count <= 4 { 1 } else { 2 };
    let rows = count.div_ceil(columns).max(1);
    let high = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(brush.metrics.size(128.0));
    let wide = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let place = |at: usize| {
        // Down the first column, then down the second: as one reads a list.
        let (column, row) = (at / rows, at % rows);
        let min = area.min + vec2((wide + gap) * column as f32, (high + gap) * row as f32);
        Rect::from_min_size(min, vec2(wide, high))
    };
    (0..count).map(place).collect()
}

/// One line of the list.
struct Line {
    action: Action,
    place: Rect,
    picture: String,
    title: String,
    below: String,
    standing: Standing,
}

impl Line {
    fn new(brush: &Brush<'_>, visit: &Visit, action: Action, item: Item, place: Rect) -> Self {
        let words = brush.state.words();
        let content = brush.state.shown();
        let now = content.map_or(Standing::Open, |content| {
            visit.standing(content, content.day(brush.state.now.wall), item)
        });
        let told = standing(words, now);
        let (picture, title, below) = match item {
            Item::Form(ask) => {
                let child = visit.child(ask);
                let name = child.map_or("", |child| &child.name);
                let title = brush.state.form(ask).map_or("", |form| &form.title);
                let picture = child.map_or(String::new(), |child| child.picture.to_string());
                (picture, title.to_owned(), format!("{name} · {told}"))
            }
            Item::Agreement(at) => {
                let title = content.map_or(String::new(), |content| {
                    content.agreement_in(brush.state.tongue, at).title.clone()
                });
                ("pencil-promise".to_owned(), title, told)
            }
        };
        Self { action, place, picture, title, below, standing: now }
    }

    /// The picture's place, the words', and the mark's.
    fn parts(&self, brush: &Brush<'_>, face: Rect) -> (Rect, Rect, Rect) {
        let pad = brush.metrics.size(16.0);
        let side = (face.height() - pad).min(brush.metrics.size(92.0));
        let center = Pos2::new(face.left() + pad + side / 2.0, face.center().y);
        let picture = Rect::from_center_size(center, Vec2::splat(side));
        let mark = brush.metrics.size(52.0);
        let end = Pos2::new(face.right() - pad - mark / 2.0, face.center().y);
        let mark = Rect::from_center_size(end, Vec2::splat(mark));
        let words = Rect::from_min_max(
            Pos2::new(picture.right() + pad, face.top() + pad * 0.3),
            Pos2::new(mark.left() - pad * 0.5, face.bottom() - pad * 0.3),
        );
        (picture, words, mark)
    }
    fn texts(&self, size: f32) -> (Text<'_>, Text<'_>) {
        let tokens = Tokens::get();
        let title = Text { least: size, ..styled(&self.title, size, Weight::Bold, Align::Left) };
        let small = (size * 0.8).clamp(14.0, tokens.size.small);
        let below = Text { least: small, ..styled(&self.below, small, Weight::Regular, Align::Left) };
        let ink = if self.standing.is_open() { tokens.colour.ink.0 } else { tokens.colour.muted.0 };
        (title, coloured(below, ink))
    }
    fn height(&self, brush: &Brush<'_>, width: f32, size: f32) -> f32 {
        let (title, below) = self.texts(size);
        brush.height(width, title) + brush.height(width, below)
    }
    /// The size of a title with which everything fits, in one line where that need not be small for it.
    fn fitting(&self, brush: &Brush<'_>) -> f32 {
        let (_, words, _) = self.parts(brush, self.place);
        let (full, least) = (Tokens::get().size.body, 16.0);
        let one_line =
            |size: f32| brush.height(words.width(), self.texts(size).0) < brush.metrics.letters(size) * 2.0;
        let fits = |size: f32| self.height(brush, words.width(), size) <= words.height();
        let sizes = |to: f32| (0..20).map(move |step| full - step as f32).take_while(move |size| *size >= to);
        sizes(Tokens::get().size.small)
            .find(|size| one_line(*size) && fits(*size))
            .or_else(|| sizes(least).find(|size| fits(*size)))
            .unwrap_or(least)
    }
    fn paint(&self, brush: &mut Brush<'_>, size: f32) {
        let tokens = Tokens::get();
        let style = if self.standing.is_open() { Style::Plain } else { Style::Tint(tokens.colour.leaf.0) };
        let Some(face) = brush.pressable(self.action, self.place, tokens.shape.radius, style) else { return };
        let (picture, words, mark) = self.parts(brush, face);
        brush.picture(picture, &self.picture);
        paint_mark(brush, mark, self.standing);
        let (title, below) = self.texts(size);
        let upper = brush.height(words.width(), title);
        let top = words.center().y - self.height(brush, words.width(), size) / 2.0;
        brush
            .paint_text(Rect::from_min_size(Pos2::new(words.left(), top), vec2(words.width(), upper)), title);
        let at = Pos2::new(words.left(), top + upper);
        brush.paint_text(Rect::from_min_size(at, words.size()), below);
    }
}

/// Done, or still to do: told in words as well.
fn paint_mark(brush: &Brush<'_>, place: Rect, standing: Standing) {
    let colour = &Tokens::get().colour;
    if standing.is_open() {
        brush.shape(place, "next", colour.pine.0);
    } else {
        brush.disc(place.center(), place.width() * 0.44, colour.pine.0);
        brush.shape(place.shrink(place.width() * 0.18), "tick", colour.on_pine.0);
    }
}
