//! Steps in layers: each below all that lead to it.

use super::{Chart, words};

/// Size of the letters in a step, in pixels.
pub(super) const STEP_LETTERS: f64 = 16.0;
/// Size of the letters beside a way.
pub(super) const WAY_LETTERS: f64 = 15.0;
/// Width of the words in a step before they are wrapped.
const STEP_WORDS: f64 = 190.0;
/// Width of the words beside a way before they are wrapped.
const WAY_WORDS: f64 = 130.0;

/// What stands at one place of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A step.
    Step {
        /// Counted from 1.
        number: usize,
        /// Whether it has more than one way on.
        asks: bool,
        /// Whether it has none.
        ends: bool,
    },
    /// Words beside a way.
    Words,
    /// Words of a way that goes back up: nothing follows them here.
    Back,
    /// Room for a line that passes.
    Passing,
}

/// Something in a layer.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) sort: Sort,
    pub(super) layer: usize,
    pub(super) lines: Vec<String>,
}

/// Nodes, the lines between those of neighbouring layers, and each layer's nodes from left to right.
#[derive(Debug, Default)]
pub(super) struct Layered {
    pub(super) nodes: Vec<Node>,
    pub(super) lines: Vec<(usize, usize)>,
    pub(super) layers: Vec<Vec<usize>>,
}

/// Steps stand in even layers, the words of ways between them.
pub(super) fn of(chart: &Chart, back: &dyn Fn(usize) -> String) -> Layered {
    let forward = forward_ways(chart);
    let depth = depths(chart, &forward);
    let mut out = Layered::default();
    for (at, step) in chart.steps.iter().enumerate() {
        let sort = Sort::Step { number: at + 1, asks: step.ways.len() > 1, ends: step.ways.is_empty() };
        let lines = words::wrapped(&step.words, STEP_LETTERS, STEP_WORDS);
        out.nodes.push(Node { sort, layer: depth[at] * 2, lines });
    }
    for (at, step) in chart.steps.iter().enumerate() {
        for (way, forward) in step.ways.iter().zip(&forward[at]) {
            if way.to >= chart.steps.len() {
                continue;
            }
            let first = depth[at] * 2 + 1;
            if !forward {
                let colon = if way.words.is_empty() { "" } else { ": " };
                let said = format!("{}{colon}{}", way.words, back(way.to + 1));
                let node = out.add(Sort::Back, first, words::wrapped(&said, WAY_LETTERS, WAY_WORDS));
                out.lines.push((at, node));
                continue;
            }
            let mut from = at;
            for layer in first..depth[way.to] * 2 {
                let lines = if layer == first {
                    words::wrapped(&way.words, WAY_LETTERS, WAY_WORDS)
                } else {
                    Vec::new()
                };
                let sort = if lines.is_empty() { Sort::Passing } else { Sort::Words };
                let node = out.add(sort, layer, lines);
                out.lines.push((from, node));
                from = node;
            }
            out.lines.push((from, way.to));
        }
    }
    let last = out.nodes.iter().map(|node| node.layer).max();
    out.layers = vec![Vec::new(); last.map_or(0, |last| last + 1)];
    for (at, node) in out.nodes.iter().enumerate() {
        out.layers[node.layer].push(at);
    }
    out.uncross();
    out
}

/// Which ways lead on, and not back to a step that one came through.
fn forward_ways(chart: &Chart) -> Vec<Vec<bool>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let count = chart.steps.len();
    let mut seen = vec![Seen::No; count];
    let mut forward: Vec<Vec<bool>> = chart.steps.iter().map(|step| vec![true; step.ways.len()]).collect();
    for start in 0..count {
        if seen[start] != Seen::No {
            continue;
        }
        // A step and the number of its next way; a stack of our own, because a chart may be long.
        let mut path = vec![(start, 0)];
        seen[start] = Seen::Open;
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(way) = chart.steps[at].ways.get(*next) else {
                seen[at] = Seen::Done;
                path.pop();
                continue;
            };
            let number = *next;
            *next += 1;
            match seen.get(way.to) {
                Some(Seen::Open) => forward[at][number] = false,
                Some(Seen::No) => {
                    seen[way.to] = Seen::Open;
                    path.push((way.to, 0));
                }
                Some(Seen::Done) | None => {}
            }
        }
    }
    forward
}

/// The longest way to each step, counted in steps.
fn depths(chart: &Chart, forward: &[Vec<bool>]) -> Vec<usize> {
    let count = chart.steps.len();
    let ways = |at: usize| {
        let ways = chart.steps[at].ways.iter().zip(&forward[at]);
        ways.filter(|(way, forward)| **forward && way.to < count).map(|(way, _)| way.to)
    };
    let mut before = vec![0usize; count];
    (0..count).flat_map(ways).for_each(|to| before[to] += 1);
    let mut ready: Vec<usize> = (0..count).filter(|&at| before[at] == 0).collect();
    let mut depth = vec![0; count];
    while let Some(at) = ready.pop() {
        for to in ways(at) {
            depth[to] = depth[to].max(depth[at] + 1);
            before[to] -= 1;
            if before[to] == 0 {
                ready.push(to);
            }
        }
    }
    depth
}

/// How often the order of layers is tried anew; more changes nothing on charts that people can read.
const SWEEPS: usize = 12;

impl Layered {
    fn add(&mut self, sort: Sort, layer: usize, lines: Vec<String>) -> usize {
        self.nodes.push(Node { sort, layer, lines });
        self.nodes.len() - 1
    }

    /// Orders each layer by the middle of what it hangs on, down and up in turn, and keeps the best.
    fn uncross(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS {
            let count = self.layers.len();
            for step in 1..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                let other = if sweep % 2 == 0 { layer - 1 } else { layer + 1 };
                self.order_by(layer, other);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    fn order_by(&mut self, layer: usize, other: usize) {
        let place = |node: usize| self.layers[other].iter().position(|&n| n == node);
        let middle = |(at, &node): (usize, &usize)| {
            let near: Vec<f64> = self.neighbours(node).filter_map(place).map(|place| place as f64).collect();
            let own = at as f64;
            let mean = if near.is_empty() { own } else { near.iter().sum::<f64>() / near.len() as f64 };
            (node, mean)
        };
        let mut order: Vec<(usize, f64)> = self.layers[layer].iter().enumerate().map(middle).collect();
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
        self.layers[layer] = order.into_iter().map(|(node, _)| node).collect();
    }

    /// What a node is joined to, above and below.
    pub(super) fn neighbours(&self, node: usize) -> impl Iterator<Item = usize> {
        self.lines.iter().filter_map(move |&(a, b)| match node {
            n if n == a => Some(b),
            n if n == b => Some(a),
            _ => None,
        })
    }

    fn crossings(&self) -> usize {
        let mut place = vec![0; self.nodes.len()];
        for layer in &self.layers {
            for (at, &node) in layer.iter().enumerate() {
                place[node] = at;
            }
        }
        let mut count = 0;
        for (at, &(a, b)) in self.lines.iter().enumerate() {
            for &(c, d) in &self.lines[at + 1..] {
                let same = self.nodes[a].layer == self.nodes[c].layer;
                if same && (place[a] < place[c]) != (place[b] < place[d]) && a != c && b != d {
                    count += 1;
                }
            }
        }
        count
    }
}
