//! Lines and boxes in their final form, in pixels: what is drawn is decided here, and how it looks elsewhere.

use super::{
    layers::{Layered, STEP_LETTERS, Sort, WAY_LETTERS},
    places::Placed,
};

/// The ways of a step leave it side by side over this part of its width.
const PORTS: f64 = 0.5;
/// Half the width of an arrow's head, and its length.
pub(super) const ARROW: (f64, f64) = (5.5, 9.0);

/// A chart with everything in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its width in pixels.
    pub width: f64,
    /// Its height in pixels.
    pub height: f64,
    /// The lines, which lie under the boxes.
    pub lines: Vec<Line>,
    /// The boxes; steps come first, in the order of their numbers.
    pub boxes: Vec<Boxed>,
}

/// A line from one point down to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where it begins, from the left and the top.
    pub from: (f64, f64),
    /// Where it ends; under it is the point of its arrow, if it has one.
    pub to: (f64, f64),
    /// Where it turns aside; none if it runs straight.
    pub turn: Option<Turn>,
    /// The height of the point of its arrow, if it leads to a step.
    pub tip: Option<f64>,
}

/// Where a line turns aside, in a curve: only between layers, where no words are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// The height at which it begins.
    pub begins: f64,
    /// The height at which it ends.
    pub ends: f64,
}

/// A box with words.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxed {
    /// What it is; never [`Sort::Passing`].
    pub sort: Sort,
    /// From the left.
    pub left: f64,
    /// From the top.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The size of its letters.
    pub letters: f64,
    /// Its words, line by line.
    pub lines: Vec<String>,
}

pub(super) fn of(layered: &Layered, placed: &Placed) -> Drawn {
    let mut lines: Vec<Line> =
        layered.lines.iter().map(|&(from, to)| line(layered, placed, from, to)).collect();
    let mut boxes = Vec::new();
    for (node, place) in layered.nodes.iter().zip(&placed.nodes) {
        let letters = match node.sort {
            Sort::Passing => {
                let (from, to) = ((place.left, place.top), (place.left, place.top + place.height));
                lines.push(Line { from, to, turn: None, tip: None });
                continue;
            }
            Sort::Step { .. } => STEP_LETTERS,
            Sort::Words | Sort::Back => WAY_LETTERS,
        };
        boxes.push(Boxed {
            sort: node.sort,
            left: place.left,
            top: place.top,
            width: place.width,
            height: place.height,
            letters,
            lines: node.lines.clone(),
        });
    }
    Drawn { width: placed.width, height: placed.height, lines, boxes }
}

/// From the foot of one node to the head of another.
fn line(layered: &Layered, placed: &Placed, from: usize, to: usize) -> Line {
    let (a, b) = (&placed.nodes[from], &placed.nodes[to]);
    let arrives = matches!(layered.nodes[to].sort, Sort::Step { .. });
    let (x1, y1) = (port(layered, placed, from, to), a.top + a.height);
    let (x2, y2) = (b.middle(), if arrives { b.top - ARROW.1 } else { b.top });
    // Layers are as high as their highest node: lines run straight until the layer ends.
    let begins = layer_foot(layered, placed, from).max(y1);
    let ends = layer_head(layered, placed, to).min(y2);
    Line {
        from: (x1, y1),
        to: (x2, y2),
        turn: Some(Turn { begins, ends }),
        tip: arrives.then_some(b.top - 1.0),
    }
}

/// Where on the foot of a node the line to `to` leaves it.
fn port(layered: &Layered, placed: &Placed, from: usize, to: usize) -> f64 {
    let place = &placed.nodes[from];
    let mut next: Vec<usize> = layered.lines.iter().filter(|(a, _)| *a == from).map(|(_, b)| *b).collect();
    next.sort_by(|a, b| placed.nodes[*a].middle().total_cmp(&placed.nodes[*b].middle()));
    let at = next.iter().position(|n| *n == to).unwrap_or(0);
    match next.len() {
        0 | 1 => place.middle(),
        count => {
            let share = at as f64 / (count - 1) as f64 - 0.5;
            place.middle() + share * PORTS * place.width
        }
    }
}

fn layer_foot(layered: &Layered, placed: &Placed, node: usize) -> f64 {
    let layer = &layered.layers[layered.nodes[node].layer];
    layer.iter().map(|&n| placed.nodes[n].top + placed.nodes[n].height).fold(0.0, f64::max)
}

fn layer_head(layered: &Layered, placed: &Placed, node: usize) -> f64 {
    let layer = &layered.layers[layered.nodes[node].layer];
    layer.iter().map(|&n| placed.nodes[n].top).fold(f64::INFINITY, f64::min)
}
