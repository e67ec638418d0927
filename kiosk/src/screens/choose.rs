//! Tiles with picture and name: classes, and the pupils of one.

use egui::{Pos2, Rect, Role, Vec2, vec2};
use records::roster::ClassListing;

use super::{styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight, grid},
    machine::{Action, ChooseName, Who, Word},
};

pub(super) fn paint_classes(brush: &mut Brush<'_>) {
    let bar = brush.navigation();
    let words = brush.state.words().get(Word::ClassTitle);
    brush.text(bar, Role::Heading, Text { align: Align::LeftMiddle, ..title(words) });
    let area =
        Rect::from_min_max(Pos2::new(brush.page().left(), bar.bottom() + gap(brush)), brush.page().max);
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
    let area = above_turns(brush, area);
    paint_tiles(brush, area, &tiles, &pictures);
}

pub(super) fn paint_names(brush: &mut Brush<'_>, choose: &ChooseName) {
    let mut bar = brush.navigation();
    let words = brush.state.words();
    // Where a child can tell there is less room in the bar.
    let wide = if brush.control(Action::Tell).is_some() { 236.0 } else { 360.0 };
    let missing = Rect::from_min_max(Pos2::new(bar.right() - brush.metrics.size(wide), bar.top()), bar.max);
    bar.max.x = missing.left() - brush.metrics.size(16.0);
    let (upper, lower) = bar.split_top_bottom_at_fraction(0.58);
    brush.text(upper, Role::Heading, Text { align: Align::LeftMiddle, ..title(words.get(Word::NameTitle)) });
    let class = words.fill(Word::NameClass, &[("class", &choose.class_name)]);
    let muted = super::coloured(
        styled(&class, Tokens::get().size.body, Weight::Regular, Align::LeftMiddle),
        Tokens::get().colour.muted.0,
    );
    brush.text(lower, Role::Label, muted);
    let area =
        Rect::from_min_max(Pos2::new(brush.page().left(), bar.bottom() + gap(brush)), brush.page().max);
    paint_name_tiles(brush, area, |place| choose.pupils.get(place).map(|tile| &tile.who));
    brush.button(Action::NotListed, missing, Style::Tint(Tokens::get().colour.sky.0), None);
}

/// The pupils that can be chosen, in an area.
pub(super) fn paint_name_tiles<'w>(
    brush: &mut Brush<'_>,
    area: Rect,
    who: impl Fn(usize) -> Option<&'w Who>,
) {
    let tiles = brush.actions(|a| matches!(a, Action::Pupil(_)));
    let picture = |action: &Action| match action {
        Action::Pupil(place) => who(*place).map(|who| who.picture.to_string()).unwrap_or_default(),
        _ => String::new(),
    };
    let pictures: Vec<_> = tiles.iter().map(picture).collect();
    let area = above_turns(brush, area);
    paint_tiles(brush, area, &tiles, &pictures);
}

fn gap(brush: &Brush<'_>) -> f32 {
    brush.metrics.size(Tokens::get().space.gap)
}

/// Where tiles go: above the buttons that turn the page.
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

fn paint_tiles(brush: &mut Brush<'_>, area: Rect, tiles: &[Action], pictures: &[String]) {
    let tokens = Tokens::get();
    let gap = brush.metrics.tile_gap();
    let most = vec2(brush.metrics.size(380.0), brush.metrics.size(310.0));
    let places = grid(area, tiles.len(), gap, brush.metrics.target, 1.45, most);
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
    let (top, bottom) = split(brush.metrics.size(words.size) * 1.3);
    let room = bottom.shrink2(vec2(pad, 0.0));
    if brush.fits(room, words) {
        brush.picture(top.shrink(pad * 0.4), picture);
        brush.paint_text(room, words);
    } else {
        // Of a name longer than that the beginning is here, and all of it on the next screen.
        let (top, bottom) = split(brush.metrics.size(words.least) * 1.28 * 2.0);
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
    brush.ui.painter().circle_filled(center, side / 2.0, colour.pine.0);
    brush.shape(Rect::from_center_size(center, Vec2::splat(side * 0.66)), "tick", colour.on_pine.0);
}
