//! A chart as SVG.

use std::fmt::Write as _;

use super::{
    drawn::{ARROW, Boxed, Drawn, Line},
    layers::{STEP_LETTERS, Sort},
    places::LINE,
};

/// Radius of the disc with a step's number.
const DISC: f64 = 13.0;

/// Classes name what a style sheet colours: `chart-line`, `chart-arrow`, `chart-step` with `asks` or `ends`,
/// `chart-number`, `chart-way`, `chart-back`. Without one it is drawn in the colour of the text.
pub(super) fn svg(drawn: &Drawn, title: &str) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" role=\"img\" aria-label=\"{label}\" font-size=\"{STEP_LETTERS}\" text-anchor=\"middle\" fill=\"currentColor\"><title>{label}</title>",
        w = drawn.width.ceil(),
        h = drawn.height.ceil(),
        label = escape(title),
    );
    for one in &drawn.lines {
        line(&mut out, one);
    }
    for one in &drawn.boxes {
        match one.sort {
            Sort::Step { number, asks, ends } => step(&mut out, one, number, asks, ends),
            Sort::Words => boxed(&mut out, "chart-way", one),
            Sort::Back => boxed(&mut out, "chart-back", one),
            Sort::Passing => {}
        }
    }
    out.push_str("</svg>");
    out
}

fn line(out: &mut String, line: &Line) {
    let ((x1, y1), (x2, y2)) = (line.from, line.to);
    let _ = write!(out, "<path class=\"chart-line\" d=\"M{x1:.1} {y1:.1}");
    if let Some(turn) = line.turn {
        let half = (turn.begins + turn.ends) / 2.0;
        let _ =
            write!(out, "V{:.1}C{x1:.1} {half:.1} {x2:.1} {half:.1} {x2:.1} {:.1}", turn.begins, turn.ends);
    }
    let _ = write!(out, "V{y2:.1}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>");
    if let Some(tip) = line.tip {
        let (left, right) = (x2 - ARROW.0, x2 + ARROW.0);
        let _ = write!(
            out,
            "<path class=\"chart-arrow\" d=\"M{left:.1} {y2:.1}H{right:.1}L{x2:.1} {tip:.1}Z\"/>"
        );
    }
}

fn step(out: &mut String, step: &Boxed, number: usize, asks: bool, ends: bool) {
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
        step.left, step.top, step.width, step.height,
    );
    text(out, "", step);
    let (x, y) = (step.left + 2.0, step.top + 2.0);
    let _ = write!(
        out,
        "<circle class=\"chart-disc\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{DISC}\"/><text class=\"chart-number\" x=\"{x:.1}\" y=\"{:.1}\" font-size=\"14\" font-weight=\"700\" fill=\"#fff\">{number}</text>",
        y + 5.0,
    );
}

fn boxed(out: &mut String, class: &str, one: &Boxed) {
    let _ = write!(
        out,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"10\" fill=\"none\" stroke=\"currentColor\"/>",
        one.left, one.top, one.width, one.height,
    );
    text(out, " class=\"chart-words\" font-weight=\"700\"", one);
}

fn text(out: &mut String, attributes: &str, one: &Boxed) {
    let letters = one.letters;
    let height = one.lines.len() as f64 * letters * LINE;
    let top = one.top + (one.height - height) / 2.0;
    let middle = one.left + one.width / 2.0;
    let _ = write!(out, "<text{attributes} font-size=\"{letters}\">");
    for (at, line) in one.lines.iter().enumerate() {
        let y = top + (at as f64 + 0.5) * letters * LINE + letters * 0.36;
        let _ = write!(out, "<tspan x=\"{middle:.1}\" y=\"{y:.1}\">{} </tspan>", escape(line));
    }
    out.push_str("</text>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
