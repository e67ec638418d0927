//! The pictures on tiles: within a class everybody has another, and keeps it.

/// The shipped pictures that may stand for a person (`themes/symbols/tile-*.svg`).
pub const TILES: &[&str] = &[
    "tile-apple",
    "tile-ball",
    "tile-balloon",
    "tile-banana",
    "tile-bee",
    "tile-bell",
    "tile-bicycle",
    "tile-boat",
    "tile-book",
    "tile-boot",
    "tile-bus",
    "tile-butterfly",
    "tile-cake",
    "tile-car",
    "tile-carrot",
    "tile-cat",
    "tile-cherries",
    "tile-cloud",
    "tile-dog",
    "tile-drum",
    "tile-duck",
    "tile-elephant",
    "tile-flower",
    "tile-frog",
    "tile-hat",
    "tile-hedgehog",
    "tile-kite",
    "tile-ladybird",
    "tile-lion",
    "tile-mushroom",
    "tile-owl",
    "tile-pear",
    "tile-penguin",
    "tile-rabbit",
    "tile-rainbow",
    "tile-rocket",
    "tile-snail",
    "tile-snowflake",
    "tile-strawberry",
    "tile-teapot",
    "tile-train",
    "tile-tree",
    "tile-turtle",
    "tile-umbrella",
    "tile-whale",
];

/// Gives everybody of a class a picture: the one held, unless somebody before holds it too, else
/// the first that is free. In a class larger than the stock pictures come twice, as seldom as can be.
pub fn give_out(held: &[Option<&str>]) -> Vec<&'static str> {
    let mut uses = vec![0_usize; TILES.len()];
    let mut given: Vec<Option<usize>> = Vec::new();
    for one in held {
        let place = one.and_then(|name| TILES.iter().position(|t| *t == name)).filter(|i| uses[*i] == 0);
        if let Some(i) = place {
            uses[i] += 1;
        }
        given.push(place);
    }
    given
        .into_iter()
        .map(|place| {
            let i = place.unwrap_or_else(|| {
                let i = (0..TILES.len()).min_by_key(|i| uses[*i]).unwrap_or(0);
                uses[i] += 1;
                i
            });
            TILES[i]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{collections::HashSet, path::Path};

    use super::*;

    #[test]
    fn everybody_in_a_class_has_another_picture_and_keeps_it() {
        let held = [Some("tile-cat"), None, Some("tile-cat"), Some("tile-fox-of-old"), Some("tile-apple")];
        let given = give_out(&held);
        assert_eq!((given[0], given[4]), ("tile-cat", "tile-apple"));
        assert_eq!(given.iter().collect::<HashSet<_>>().len(), 5);
        let large = give_out(&vec![None; TILES.len() + 3]);
        assert_eq!(large[..TILES.len()].iter().collect::<HashSet<_>>().len(), TILES.len());
    }

    #[test]
    fn every_picture_is_drawn() {
        let symbols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
        for tile in TILES {
            assert!(symbols.join(format!("{tile}.svg")).exists(), "{tile}");
        }
    }
}
