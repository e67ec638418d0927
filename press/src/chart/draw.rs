//! Places into SVG.

use std::fmt::Write as _;

use super::{
    layers::{Layered, Node, STEP_LETTERS, Sort, WAY_LETTERS},
    places::{LINE, Place, Placed},
};

/// Half the width of an arrow's head, and its length.
const ARROW: (f64, f64) = (5.5, 9.0);
/// The ways of a step leave it side by side over this part of its width.
const PORTS: f64 = 0.5;
/// Radius of the disc with a step's number.
const DISC: f64 = 13.0;

/// Classes name what a style sheet colours: `chart-line`, `chart-arrow`, `chart-step` with `asks` or `ends`,
/// `chart-number`, `chart-way`, `chart-back`. Without one it is drawn in the colour of the text.
pub(super) fn svg(layered: &Layered, placed: &Placed, title: &str) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" role=\"img\" aria-label=\"{label}\" font-size=\"{STEP_LETTERS}\" text-anchor=\"middle\" fill=\"currentColor\"><title>{label}</title>",
        w = placed.width.ceil(),
        h = placed.height.ceil(),
        label = escape(title),
    );
    for &(from, to) in &layered.lines {
        line(&mut out, layered, placed, from, to);
    }
    for (node, place) in layered.nodes.iter().zip(&placed.nodes) {
        match node.sort {
            Sort::Step { number, asks, ends } => step(&mut out, node, place, number, asks, ends),
            Sort::Words => boxed(&mut out, "chart-way", node, place),
            Sort::Back => boxed(&mut out, "chart-back", node, place),
            Sort::Passing => {
                let _ = write!(
                    out,
                    "<path class=\"chart-line\" d=\"M{x:.1} {:.1}V{:.1}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>",
                    place.top,
                    place.top + place.height,
                    x = place.left,
                );
            }
        }
    }
    out.push_str("</svg>");
    out
}

/// From the foot of one node to the head of another. A line turns only between layers, where no words are.
fn line(out: &mut String, layered: &Layered, placed: &Placed, from: usize, to: usize) {
    let (a, b) = (&placed.nodes[from], &placed.nodes[to]);
    let arrives = matches!(layered.nodes[to].sort, Sort::Step { .. });
    let (x1, y1) = (port(layered, placed, from, to), a.top + a.height);
    let (x2, y2) = (b.middle(), if arrives { b.top - ARROW.1 } else { b.top });
    // Layers are as high as their highest node: lines run straight until the layer ends.
    let floor = layer_foot(layered, placed, from).max(y1);
    let ceiling = layer_head(layered, placed, to).min(y2);
    let half = (floor + ceiling) / 2.0;
    let _ = write!(
        out,
        "<path class=\"chart-line\" d=\"M{x1:.1} {y1:.1}V{floor:.1}C{x1:.1} {half:.1} {x2:.1} {half:.1} {x2:.1} {ceiling:.1}V{y2:.1}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>",
    );
    if arrives {
        let (left, right, tip) = (x2 - ARROW.0, x2 + ARROW.0, b.top - 1.0);
        let _ = write!(
            out,
            "<path class=\"chart-arrow\" d=\"M{left:.1} {y2:.1}H{right:.1}L{x2:.1} {tip:.1}Z\"/>"
        );
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

fn step(out: &mut String, node: &Node, place: &Place, number: usize, asks: bool, ends: bool) {
    let class = match (asks, ends) {
        (true, _) => " asks",
        (_, true) => " ends",
        _ => "",
    };
    let radius = if asks { 24.0 } else { 12.0 };
    let thick = if ends { 4 } else { 2 };
    let _ = write!(
        out,
        "<rect class=\"chart-step{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{thick}\"/>",
        place.left, place.top, place.width, place.height,
    );
    text(out, "", node, place, STEP_LETTERS);
    let (x, y) = (place.left + 2.0, place.top + 2.0);
    let _ = write!(
        out,
        "<circle class=\"chart-disc\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{DISC}\"/><text class=\"chart-number\" x=\"{x:.1}\" y=\"{:.1}\" font-size=\"14\" font-weight=\"700\" fill=\"#fff\">{number}</text>",
        y + 5.0,
    );
}

fn boxed(out: &mut String, class: &str, node: &Node, place: &Place) {
    let _ = write!(
        out,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"10\" fill=\"none\" stroke=\"currentColor\"/>",
        place.left, place.top, place.width, place.height,
    );
    text(out, " class=\"chart-words\" font-weight=\"700\"", node, place, WAY_LETTERS);
}

fn text(out: &mut String, attributes: &str, node: &Node, place: &Place, letters: f64) {
    let height = node.lines.len() as f64 * letters * LINE;
    let top = place.top + (place.height - height) / 2.0;
    let _ = write!(out, "<text{attributes} font-size=\"{letters}\">");
    for (at, line) in node.lines.iter().enumerate() {
        let y = top + (at as f64 + 0.5) * letters * LINE + letters * 0.36;
        let _ = write!(out, "<tspan x=\"{:.1}\" y=\"{y:.1}\">{} </tspan>", place.middle(), escape(line));
    }
    out.push_str("</text>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
