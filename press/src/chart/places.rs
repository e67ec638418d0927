//! Layers into coordinates, in pixels.

use super::{
    layers::{Layered, Node, STEP_LETTERS, Sort, WAY_LETTERS},
    words,
};

/// Height of a line of words, as a multiple of the letters' size.
pub(super) const LINE: f64 = 1.3;
/// Room around the words of a step.
const STEP_PAD: (f64, f64) = (22.0, 14.0);
/// Room around the words of a way.
const WAY_PAD: (f64, f64) = (10.0, 4.0);
/// Between things side by side.
const ASIDE: f64 = 26.0;
/// Between a layer and the next: room for lines to turn.
const BELOW: f64 = 26.0;
/// Around the whole.
const MARGIN: f64 = 18.0;
/// All steps are as wide as this, so that they look alike.
const STEP_WIDTH: f64 = 234.0;
/// How often things are pulled towards what they hang on.
const PULLS: usize = 40;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Place {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Place {
    pub(super) fn middle(&self) -> f64 {
        self.left + self.width / 2.0
    }
}

/// The places of all nodes and the size of the whole.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) nodes: Vec<Place>,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) fn of(layered: &Layered) -> Placed {
    let mut nodes: Vec<Place> = layered.nodes.iter().map(size).collect();
    let mut top = MARGIN;
    for layer in &layered.layers {
        let height = layer.iter().map(|&node| nodes[node].height).fold(0.0, f64::max);
        for &node in layer {
            let own = nodes[node].height;
            // Lines pass through the whole layer; words stand in the middle of theirs.
            let passing = layered.nodes[node].sort == Sort::Passing;
            nodes[node].top = if passing { top } else { top + (height - own) / 2.0 };
            nodes[node].height = if passing { height } else { own };
        }
        top += height + BELOW;
    }
    across(layered, &mut nodes);
    let first = nodes.iter().map(|place| place.left).fold(f64::INFINITY, f64::min);
    let last = nodes.iter().map(|place| place.left + place.width).fold(f64::NEG_INFINITY, f64::max);
    let width = if nodes.is_empty() { 0.0 } else { last - first };
    for place in &mut nodes {
        place.left += MARGIN - first;
    }
    Placed { nodes, width: width + 2.0 * MARGIN, height: (top - BELOW).max(0.0) + MARGIN }
}

fn size(node: &Node) -> Place {
    let wide = |letters| node.lines.iter().map(|line| words::width(line, letters)).fold(0.0, f64::max);
    let high = |letters: f64| node.lines.len() as f64 * letters * LINE;
    let (width, height) = match node.sort {
        Sort::Step { .. } => (
            (wide(STEP_LETTERS) + 2.0 * STEP_PAD.0).max(STEP_WIDTH),
            high(STEP_LETTERS).max(STEP_LETTERS * LINE) + 2.0 * STEP_PAD.1,
        ),
        Sort::Words | Sort::Back => {
            (wide(WAY_LETTERS) + 2.0 * WAY_PAD.0, high(WAY_LETTERS) + 2.0 * WAY_PAD.1)
        }
        Sort::Passing => (0.0, 0.0),
    };
    Place { left: 0.0, top: 0.0, width, height }
}

/// Pulls everything towards the middle of what it hangs on, without ever changing the order of a layer.
fn across(layered: &Layered, nodes: &mut [Place]) {
    for layer in &layered.layers {
        let mut left = 0.0;
        for &node in layer {
            nodes[node].left = left;
            left += nodes[node].width + ASIDE;
        }
        let half = (left - ASIDE) / 2.0;
        layer.iter().for_each(|&node| nodes[node].left -= half);
    }
    for pull in 0..PULLS {
        let count = layered.layers.len();
        for step in 0..count {
            let layer = &layered.layers[if pull % 2 == 0 { step } else { count - 1 - step }];
            let wanted: Vec<f64> = layer.iter().map(|&node| wish(layered, nodes, node)).collect();
            settle(nodes, layer, &wanted);
        }
    }
}

/// Where the middle of a node would like to be.
fn wish(layered: &Layered, nodes: &[Place], node: usize) -> f64 {
    let near: Vec<f64> = layered.neighbours(node).map(|other| nodes[other].middle()).collect();
    if near.is_empty() { nodes[node].middle() } else { near.iter().sum::<f64>() / near.len() as f64 }
}

/// Puts a layer as near to its wishes as it goes without overlaps: things that push each other move
/// together to the mean of their wishes (pool adjacent violators).
fn settle(nodes: &mut [Place], layer: &[usize], wanted: &[f64]) {
    // Blocks that move together: their first node, the place of its middle, and the sum of shifted wishes.
    let mut blocks: Vec<(usize, f64, usize)> = Vec::new();
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (at, &node) in layer.iter().enumerate() {
        if at > 0 {
            offset += (nodes[layer[at - 1]].width + nodes[node].width) / 2.0 + ASIDE;
        }
        offsets.push(offset);
        blocks.push((at, wanted[at] - offset, 1));
        while let [.., (first, sum, count), (_, more, others)] = blocks.as_mut_slice() {
            if *sum / *count as f64 <= *more / *others as f64 {
                break;
            }
            let joined = (*first, *sum + *more, *count + *others);
            blocks.pop();
            blocks.pop();
            blocks.push(joined);
        }
    }
    for (first, sum, count) in blocks {
        for at in first..first + count {
            let node = &mut nodes[layer[at]];
            node.left = sum / count as f64 + offsets[at] - node.width / 2.0;
        }
    }
}
