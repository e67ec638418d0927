//! Tiles with picture and name: classes, and the pupils of one.

use egui::{Pos2, Rect, Role, Vec2, vec2};
use records::roster::ClassListing;

use super::{styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight, grid, room},
    machine::{Action, ChooseName, TILES, Who, Word},
};

pub(super) fn paint_classes(brush: &mut Brush<'_>) {
    let area = brush.head(title(brush.state.words().get(Word::ClassTitle)), None);
    paint_class_tiles(brush, area);
}

/// The classes that can be chosen, in an area.
pub(super) fn paint_class_tiles(brush: &mut Brush<'_>, area: Rect) {
    let classes: Vec<_> = brush.state.classes_on_show().cloned().collect();
    paint_tiles_of(brush, area, &classes);
}

/// Every class, in the teacher's panel.
pub(super) fn paint_all_class_tiles(brush: &mut Brush<'_>, area: Rect) {
    let classes: Vec<_> = brush.state.all_classes().cloned().collect();
    paint_tiles_of(brush, area, &classes);
}

fn paint_tiles_of(brush: &mut Brush<'_>, area: Rect, classes: &[ClassListing]) {
    let picture = |place: usize| {
        let name = &classes.get(place)?.name;
        let pictures = &brush.state.shown()?.pack.class_pictures;
        pictures.iter().find(|p| p.class == *name).map(|p| p.symbol.to_string())
    };
    let tiles = brush.actions(|a| matches!(a, Action::Class(_)));
    let pictures: Vec<_> = tiles
        .iter()
        .map(|a| match a {
            Action::Class(place) => picture(*place).unwrap_or_default(),
            _ => String::new(),
        })
        .collect();
    paint_tiles(brush, area, classes.len(), &tiles, &pictures);
}

pub(super) fn paint_names(brush: &mut Brush<'_>, choose: &ChooseName) {
    let mut bar = brush.navigation();
    let words = brush.state.words();
    let class = words.fill(Word::NameClass, &[("class", &choose.class_name)]);
    let who = |place: usize| choose.pupils.get(place).map(|tile| &tile.who);
    let count = choose.pupils.len();
    // An upright screen is too narrow for all of it in one row.
    if brush.metrics.is_enlarged() || brush.metrics.portrait() {
        let area = paint_names_head(brush, bar, &class);
        return paint_name_tiles(brush, area, count, who);
    }
    // Where a child can tell there is less room in the bar.
    let wide = if brush.control(Action::Tell).is_some() { 236.0 } else { 360.0 };
    let missing = Rect::from_min_max(Pos2::new(bar.right() - brush.metrics.size(wide), bar.top()), bar.max);
    bar.max.x = missing.left() - brush.metrics.size(16.0);
    let (upper, lower) = bar.split_top_bottom_at_fraction(0.58);
    brush.text(upper, Role::Heading, Text { align: Align::LeftMiddle, ..title(words.get(Word::NameTitle)) });
    let muted = super::coloured(
        styled(&class, Tokens::get().size.body, Weight::Regular, Align::LeftMiddle),
        Tokens::get().colour.muted.0,
    );
    brush.text(lower, Role::Label, muted);
    let area =
        Rect::from_min_max(Pos2::new(brush.page().left(), bar.bottom() + gap(brush)), brush.page().max);
    paint_name_tiles(brush, area, count, who);
    brush.button(Action::NotListed, missing, Style::Tint(Tokens::get().colour.sky.0), None);
}

/// Under the bar, where text is larger or the screen upright: the title, the class beside it, and “I can’t find my name”. Gives what is left.
fn paint_names_head(brush: &mut Brush<'_>, bar: Rect, class: &str) -> Rect {
    let tokens = Tokens::get();
    let page = brush.page();
    let label = brush.control(Action::NotListed).map(|c| c.label.clone()).unwrap_or_default();
    let missing = styled(&label, tokens.size.tile, Weight::Bold, Align::Middle);
    let pad = brush.metrics.size(20.0);
    let wide = brush.narrowest(missing, 2) + pad * 2.0;
    let high = (brush.metrics.line(missing.size) * 2.0 + pad).max(brush.metrics.target);
    let top = bar.bottom() + brush.metrics.size(12.0);
    let row = Rect::from_min_size(Pos2::new(page.left(), top), vec2(page.width(), high));
    let place = Rect::from_min_max(Pos2::new(row.right() - wide, row.top()), row.max);
    let sky = Style::Tint(tokens.colour.sky.0);
    if let Some(face) = brush.pressable(Action::NotListed, place, tokens.shape.radius, sky) {
        brush.paint_text(face, missing);
    }
    let room = Rect::from_min_max(row.min, Pos2::new(place.left() - pad, row.bottom()));
    let heading = title(brush.state.words().get(Word::NameTitle));
    let heading = brush.fitted(vec2(room.width(), room.height() * 0.6), heading);
    let (upper, lower) = room.split_top_bottom_at_fraction(0.58);
    brush.text(upper, Role::Heading, Text { align: Align::LeftMiddle, ..heading });
    let class = styled(class, tokens.size.body, Weight::Regular, Align::LeftMiddle);
    brush.text(lower, Role::Label, super::coloured(class, tokens.colour.muted.0));
    Rect::from_min_max(Pos2::new(page.left(), row.bottom() + brush.metrics.size(12.0)), page.max)
}

/// The pupils that can be chosen, in an area.
pub(super) fn paint_name_tiles<'w>(
    brush: &mut Brush<'_>,
    area: Rect,
    count: usize,
    who: impl Fn(usize) -> Option<&'w Who>,
) {
    let tiles = brush.actions(|a| matches!(a, Action::Pupil(_)));
    let picture = |action: &Action| match action {
        Action::Pupil(place) => who(*place).map(|who| who.picture.to_string()).unwrap_or_default(),
        _ => String::new(),
    };
    let pictures: Vec<_> = tiles.iter().map(picture).collect();
    paint_tiles(brush, area, count, &tiles, &pictures);
}

fn gap(brush: &Brush<'_>) -> f32 {
    brush.metrics.size(Tokens::get().space.gap)
}

/// Where lines go: above the buttons that turn the page.
pub(super) fn above_turns(brush: &mut Brush<'_>, mut area: Rect) -> Rect {
    let gap = gap(brush);
    let turns = brush.actions(|a| matches!(a, Action::PreviousPage | Action::NextPage));
    if !turns.is_empty() {
        let height = brush.metrics.target;
        let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - height), area.max);
        let (left, right) = foot.split_left_right_at_fraction(0.5);
        let half = gap / 2.0;
        let left = Rect::from_min_max(left.min, left.max - vec2(half, 0.0));
        let right = Rect::from_min_max(right.min + vec2(half, 0.0), right.max);
        brush.button(Action::PreviousPage, left, Style::Plain, Some(Icon::Shape("back")));
        brush.button(Action::NextPage, right, Style::Plain, Some(Icon::Shape("next")));
        area.max.y = foot.top() - gap;
    }
    area
}

/// The least that a tile is: what a finger hits, and where text is larger, what holds most first names and a picture.
fn least_tile(brush: &Brush<'_>) -> Vec2 {
    let target = brush.metrics.target;
    if !brush.metrics.is_enlarged() {
        return Vec2::splat(target);
    }
    let size = Tokens::get().size.tile;
    let wide = brush.metrics.letters(size) * 5.6 + brush.metrics.size(16.0);
    let high = brush.metrics.line(size) + brush.metrics.size(96.0);
    vec2(wide, high).max(Vec2::splat(target))
}

/// The tiles of a page, of so many in all. Where not all have room, the page lies between two large arrows.
fn paint_tiles(brush: &mut Brush<'_>, area: Rect, count: usize, tiles: &[Action], pictures: &[String]) {
    let tokens = Tokens::get();
    let gap = brush.metrics.tile_gap();
    let least = least_tile(brush);
    let most = vec2(brush.metrics.size(380.0), brush.metrics.size(310.0));
    let are_all_here = count <= TILES && room(area, gap, least) >= count;
    let places = if are_all_here {
        brush.has_room_for(TILES);
        grid(area, tiles.len(), gap, least, 1.45, most)
    } else {
        let inner = between_arrows(brush, area);
        let room = room(inner, gap, least).min(TILES);
        brush.has_room_for(room);
        // Every page as the first one: a tile is where it was.
        grid(inner, room.min(count), gap, least, 1.45, inner.size())
    };
    for ((action, place), picture) in tiles.iter().zip(places).zip(pictures) {
        let Some(control) = brush.control(*action).cloned() else { continue };
        let signed = control.note.is_some();
        let style = if signed { Style::Tint(tokens.colour.leaf.0) } else { Style::Plain };
        let radius = if place.height() > brush.metrics.size(180.0) {
            tokens.shape.radius
        } else {
            tokens.shape.radius_small
        };
        let Some(face) = brush.pressable(*action, place, radius, style) else { continue };
        paint_tile(brush, face, &control.label, picture);
        if signed {
            paint_tick(brush, face);
        }
    }
}

/// Two arrows as high as the tiles, at their left and at their right, and what is between them. Their words, which page
/// of how many, are told.
fn between_arrows(brush: &mut Brush<'_>, area: Rect) -> Rect {
    let tokens = Tokens::get();
    let wide = brush.metrics.target.max(brush.metrics.size(112.0));
    let gap = brush.metrics.size(tokens.space.gap);
    let left = Rect::from_min_max(area.min, Pos2::new(area.left() + wide, area.bottom()));
    let right = Rect::from_min_max(Pos2::new(area.right() - wide, area.top()), area.max);
    let sides = [(Action::PreviousPage, left, "back"), (Action::NextPage, right, "next")];
    for (action, place, shape) in sides {
        if let Some(face) = brush.pressable(action, place, tokens.shape.radius, Style::Main) {
            brush.shape(face.shrink(face.width() * 0.06), shape, tokens.colour.on_pine.0);
        }
    }
    Rect::from_min_max(
        Pos2::new(left.right() + gap, area.top()),
        Pos2::new(right.left() - gap, area.bottom()),
    )
}

/// The size that a name on a tile may shrink to before it takes a second line.
const LEAST_NAME: f32 = 16.0;

fn paint_tile(brush: &Brush<'_>, face: Rect, name: &str, picture: &str) {
    let size = &Tokens::get().size;
    // On a large tile the name is larger too, and stands further from the picture.
    let large = (face.height() / brush.metrics.size(116.0)).clamp(1.0, 1.7);
    let pad = brush.metrics.size(5.0) * large;
    let words = styled(name, size.tile * large.min(1.5), Weight::Bold, Align::Middle);
    let words = Text { least: LEAST_NAME, ..words };
    let inner = face.shrink(pad);
    let split = |high: f32| inner.split_top_bottom_at_y(inner.bottom() - high);
    let (top, bottom) = split(brush.metrics.letters(words.size) * 1.3);
    let room = bottom.shrink2(vec2(pad, 0.0));
    if brush.fits(room, words) {
        brush.picture(top.shrink(pad * 0.4), picture);
        brush.paint_text(room, words);
    } else {
        // Of a name longer than that the beginning is here, and all of it on the next screen.
        let (top, bottom) = split(brush.metrics.letters(words.least) * 1.28 * 2.0);
        brush.picture(top.shrink(pad * 0.4), picture);
        brush.paint_cut(bottom.shrink2(vec2(pad, 0.0)), words, 2);
    }
}

/// “Has signed”: a tick in the corner, which says it without a colour too.
fn paint_tick(brush: &Brush<'_>, face: Rect) {
    let colour = &Tokens::get().colour;
    let side = brush.metrics.size(34.0);
    let inset = brush.metrics.size(6.0);
    let center = Pos2::new(face.right() - inset - side / 2.0, face.top() + inset + side / 2.0);
    brush.disc(center, side / 2.0, colour.pine.0);
    brush.shape(Rect::from_center_size(center, Vec2::splat(side * 0.66)), "tick", colour.on_pine.0);
}
