//! Tiles: as large as they can be, all on one screen.

use egui::{Rect, Vec2, pos2, vec2};

/// How many tiles of at least this size have room in `area`; one at the least.
pub fn room(area: Rect, gap: f32, least: Vec2) -> usize {
    // Half a point less is no smaller tile.
    let along = |room: f32, side: f32| ((room + gap + 0.5) / (side + gap)).floor().max(1.0) as usize;
    along(area.width(), least.x) * along(area.height(), least.y)
}

/// The places of `count` tiles in `area`, row by row. Of all numbers of columns the one is taken
/// that makes a tile at least as large as `least`, or else comes nearest; and of those the one
/// that makes a tile largest, where it is `aspect` times as wide as high. No tile is larger than
/// `most`. What is left over is shared out around the tiles.
pub fn grid(area: Rect, count: usize, gap: f32, least: Vec2, aspect: f32, most: Vec2) -> Vec<Rect> {
    let size = |columns: usize| {
        let rows = count.div_ceil(columns);
        vec2(
            (area.width() - gap * (columns - 1) as f32) / columns as f32,
            (area.height() - gap * (rows - 1) as f32) / rows as f32,
        )
    };
    let worth = |columns: &usize| {
        let size = size(*columns).min(most);
        (size.x / aspect).min(size.y)
    };
    // Of equals, the fewest rows, and of those the fewest columns: wide tiles have room for a name.
    let order = |a: &usize, b: &usize| {
        let rows = |columns: &usize| count.div_ceil(*columns);
        let side = |columns: &usize| (size(*columns) / least).min_elem().min(1.0);
        side(a)
            .total_cmp(&side(b))
            .then(worth(a).total_cmp(&worth(b)))
            .then(rows(b).cmp(&rows(a)))
            .then(b.cmp(a))
    };
    let Some(columns) = (1..=count).max_by(order) else {
        return Vec::new();
    };
    let tile = size(columns).min(most);
    let rows = count.div_ceil(columns);
    let whole = |n: usize, side: f32| side * n as f32 + gap * (n - 1) as f32;
    let used = vec2(whole(columns, tile.x), whole(rows, tile.y));
    let origin = area.min + (area.size() - used) / 2.0;
    (0..count)
        .map(|place| {
            let at = vec2((place % columns) as f32, (place / columns) as f32);
            Rect::from_min_size(pos2(origin.x, origin.y) + at * (tile + Vec2::splat(gap)), tile)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_of_thirty_fits_with_tiles_that_a_small_finger_hits() {
        let area = Rect::from_min_max(pos2(40.0, 150.0), pos2(1240.0, 776.0));
        let tiles = grid(area, 30, 14.0, vec2(100.0, 100.0), 1.5, vec2(320.0, 280.0));
        assert_eq!(tiles.len(), 30);
        for (i, a) in tiles.iter().enumerate() {
            assert!(area.expand(0.5).contains_rect(*a));
            assert!(a.width() >= 100.0 && a.height() >= 100.0, "{a:?}");
            assert!(tiles[i + 1..].iter().all(|b| !a.expand(6.0).intersects(*b)));
        }
    }

    #[test]
    fn as_many_tiles_have_room_as_can_be_placed_without_being_smaller() {
        for (wide, high) in [(1200.0, 620.0), (948.0, 440.0), (300.0, 200.0), (90.0, 90.0)] {
            let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(wide, high));
            let least = vec2(100.0, 90.0);
            let count = room(area, 14.0, least);
            for tile in grid(area, count, 14.0, least, 1.4, Vec2::INFINITY) {
                assert!(count == 1 || tile.width() >= 99.4 && tile.height() >= 89.4, "{tile:?} of {count}");
            }
        }
    }

    #[test]
    fn no_tiles_and_one_tile_are_no_trouble() {
        let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        assert!(grid(area, 0, 10.0, vec2(1.0, 1.0), 1.0, Vec2::INFINITY).is_empty());
        assert_eq!(grid(area, 1, 10.0, vec2(1.0, 1.0), 1.0, Vec2::INFINITY), [area]);
    }
}
