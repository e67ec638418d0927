//! Drawn flowcharts: steps in layers from top to bottom, the ways between them, and no line through words.
//!
//! 1. [`layers`] puts every step below those that lead to it, and gives each way a place in every layer it
//!    crosses, so that nothing else can stand there.
//! 2. [`places`] turns layers into coordinates.
//! 3. [`drawn`] gives lines and boxes their final form, for whoever draws them: a page, or paper.
//! 4. [`draw`] writes the SVG. Colours come from the style sheet of the page that holds it.

mod draw;
mod drawn;
mod layers;
mod places;
mod words;

pub use self::{
    drawn::{Boxed, Drawn, Line, Turn},
    layers::Sort,
};

/// The size of the letters in a step, in pixels of a [`Drawn`] chart.
pub const LETTERS: f64 = layers::STEP_LETTERS;

/// A flowchart to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The steps in the order of their numbers; the first is where one begins.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, or the question.
    pub words: String,
    /// Where it leads; empty at an end.
    pub ways: Vec<Way>,
}

/// From one step to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// When it is taken; may be empty.
    pub words: String,
    /// The number of the step that it leads to, counted from 0. One that is not there is left out.
    pub to: usize,
}

impl Chart {
    /// The chart as an SVG drawing. `title` is its accessible name; `back` says where a way leads that goes
    /// back up, given the step's number counted from 1, as in “back to step 2”.
    pub fn svg(&self, title: &str, back: impl Fn(usize) -> String) -> String {
        draw::svg(&self.drawn(back), title)
    }

    /// The chart with everything in its place; `back` as for [`Chart::svg`].
    pub fn drawn(&self, back: impl Fn(usize) -> String) -> Drawn {
        let layered = layers::of(self, &back);
        let placed = places::of(&layered);
        drawn::of(&layered, &placed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(ways: &[&[(&str, usize)]]) -> Chart {
        let step = |(at, ways): (usize, &&[(&str, usize)])| Step {
            words: format!("Step number {at} with some words & more of them to wrap"),
            ways: ways.iter().map(|(words, to)| Way { words: (*words).to_owned(), to: *to }).collect(),
        };
        Chart { steps: ways.iter().enumerate().map(step).collect() }
    }

    /// A school's: questions side by side, a way over several layers, one that goes back, two ends.
    fn a_school_s() -> Chart {
        chart(&[
            &[("Yes", 1), ("No", 2)],
            &[("", 6)],
            &[("Staff", 3), ("A child", 4), ("Somebody else", 5)],
            &[("", 6)],
            &[("Not sure", 0), ("Sure", 5)],
            &[("", 6)],
            &[],
        ])
    }

    #[test]
    fn no_two_things_stand_on_the_same_place() {
        let layered = layers::of(&a_school_s(), &|n| format!("back to step {n}"));
        let placed = places::of(&layered);
        let boxes: Vec<_> = layered
            .nodes
            .iter()
            .zip(&placed.nodes)
            .filter(|(node, _)| !node.lines.is_empty())
            .map(|(_, place)| *place)
            .collect();
        assert!(boxes.len() > 10);
        for (at, a) in boxes.iter().enumerate() {
            for b in &boxes[at + 1..] {
                let apart = a.left + a.width <= b.left
                    || b.left + b.width <= a.left
                    || a.top + a.height <= b.top
                    || b.top + b.height <= a.top;
                assert!(apart, "{a:?} and {b:?}");
            }
            assert!(a.left >= 0.0 && a.left + a.width <= placed.width, "{a:?}");
        }
    }

    #[test]
    fn every_word_of_every_step_and_way_is_drawn_and_escaped() {
        let svg = a_school_s().svg("What to do", |n| format!("back to step {n}"));
        let text: String = svg.split('<').filter_map(|part| part.split_once('>')).map(|(_, t)| t).collect();
        for words in ["with some words", "Somebody else", "Not sure:", "back to step 1", "What to do"] {
            let squeezed = |s: &str| s.split_whitespace().collect::<String>();
            assert!(squeezed(&text).contains(&squeezed(words)), "{words} in {text}");
        }
        assert!(svg.contains("&amp;") && !svg.contains("& "));
        assert!(svg.contains("role=\"img\""));
    }

    #[test]
    fn any_chart_is_drawn_even_one_that_turns_in_circles_or_leads_nowhere() {
        for odd in [
            chart(&[]),
            chart(&[&[]]),
            chart(&[&[("Again", 0)]]),
            chart(&[&[("", 1)], &[("", 0)]]),
            chart(&[&[("Out", 9)]]),
            chart(&[&[], &[("Alone", 1)], &[("", 1)]]),
        ] {
            let svg = odd.svg("Odd", |n| n.to_string());
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
