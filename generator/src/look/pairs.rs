//! Which colour stands on which, and how well it has to be seen there.

use super::{colour::Colour, tokens::Colours};

/// Text, WCAG 2.2, 1.4.3 (level AA): <https://www.w3.org/TR/WCAG22/#contrast-minimum>.
const TEXT: f64 = 4.5;
/// Edges of what can be pressed, and marks that tell something: WCAG 2.2, 1.4.11 (level AA):
/// <https://www.w3.org/TR/WCAG22/#non-text-contrast>.
const EDGE: f64 = 3.0;

/// A colour on a ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The token in front.
    pub front: &'static str,
    /// The token behind.
    pub ground: &'static str,
    /// The contrast that is needed.
    pub needs: f64,
}

const GROUNDS: [&str; 5] = ["paper", "surface", "sky", "leaf", "sun"];

/// Every pair that the style sheet uses. `--hairline` and `--marigold` only decorate, `--picture` lies under
/// drawings that bring their own colours.
pub fn all() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut put = |front, grounds: &[&'static str], needs| {
        pairs.extend(grounds.iter().map(|ground| Pair { front, ground, needs }));
    };
    for front in ["ink", "muted", "pine", "plum"] {
        put(front, &GROUNDS, TEXT);
    }
    put("pine-deep", &["paper", "surface"], EDGE);
    put("on-pine", &["pine", "pine-deep"], TEXT);
    put("brick", &["paper", "surface"], TEXT);
    put("paper", &["ink"], TEXT);
    put("line", &GROUNDS, EDGE);
    pairs
}

/// The contrast of a pair in these colours; none where a theme has not both.
pub fn contrast(pair: &Pair, colours: &Colours) -> Option<f64> {
    Some(colours.get(pair.front)?.contrast(*colours.get(pair.ground)?))
}

/// The pairs with this token that are not seen well enough, worst first, with their contrast.
pub fn faults(token: &str, colours: &Colours) -> Vec<(Pair, f64)> {
    // The shade and the words of a button come of the main colour.
    let mine = |other: &str| other == token || token == "pine" && ["pine-deep", "on-pine"].contains(&other);
    let with = all().into_iter().filter(|pair| mine(pair.front) || mine(pair.ground));
    let seen = with.filter_map(|pair| Some((pair, contrast(&pair, colours)?)));
    let mut faults: Vec<_> = seen.filter(|(pair, ratio)| *ratio < pair.needs).collect();
    faults.sort_by(|(a, one), (b, other)| (one / a.needs).total_cmp(&(other / b.needs)));
    faults
}

/// Whether a colour in the place of this token would be seen well wherever it stands.
pub fn passes(token: &str, colour: Colour, colours: &Colours) -> bool {
    let mut colours = colours.clone();
    super::place(token, colour, &mut colours);
    faults(token, &colours).is_empty()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::{look::tokens, theme::Theme};

    #[test]
    fn every_pair_of_every_shipped_set_of_colours_is_seen_well_enough() {
        let sets = tokens::read(Theme::embedded().unwrap().text("web/tokens.css").unwrap());
        let sets = [
            ("light", &sets.light),
            ("dark", &sets.dark),
            ("light, more contrast", &sets.light_more),
            ("dark, more contrast", &sets.dark_more),
        ];
        let mut faults = Vec::new();
        for (name, colours) in sets {
            for pair in all() {
                let ratio =
                    contrast(&pair, colours).unwrap_or_else(|| panic!("{name} lacks a token of {pair:?}"));
                if ratio < pair.needs {
                    faults.push(format!("{name}: {} on {}: {ratio:.2}", pair.front, pair.ground));
                }
            }
        }
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn no_colour_of_text_and_no_ground_in_the_style_sheet_is_missing_from_the_pairs() {
        let theme = Theme::embedded().unwrap();
        let css = theme.text("web/site.css").unwrap();
        let tokens_after = |property: &str| {
            let uses = css.match_indices(property).filter(|(at, _)| css[..*at].ends_with([' ', ';', '{']));
            let names = uses.filter_map(|(at, _)| {
                let value = css[at + property.len()..].split([';', '}']).next()?;
                Some(value.trim().strip_prefix("var(--")?.split(')').next()?.to_owned())
            });
            names.collect::<std::collections::BTreeSet<_>>()
        };
        let fronts = tokens_after("color:");
        assert!(fronts.len() > 4, "{fronts:?}");
        for front in fronts {
            assert!(all().iter().any(|pair| pair.front == front), "text in --{front} is on no list");
        }
        let exempt = ["hairline", "picture", "marigold"];
        for ground in tokens_after("background:").into_iter().filter(|g| !exempt.contains(&g.as_str())) {
            assert!(all().iter().any(|pair| pair.ground == ground), "the ground --{ground} is on no list");
        }
    }
}
