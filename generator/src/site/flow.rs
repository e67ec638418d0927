//! A flowchart on its page: numbered steps, and the same steps drawn.

use press::chart::{Chart, Step, Way};
use serde::Serialize;

use super::html;
use crate::load::document::Document;

/// A step on its page.
#[derive(Serialize)]
pub(super) struct StepView {
    anchor: String,
    number: usize,
    words: String,
    html: String,
    /// Whether nothing follows it.
    ends: bool,
}

/// A flowchart as its template sees it.
#[derive(Serialize)]
pub(super) struct FlowView {
    introduction: String,
    steps: Vec<StepView>,
    closing: String,
    /// The same steps as an SVG drawing.
    drawing: String,
}

/// The words that the drawing needs beside those of the steps.
pub(super) struct ChartWords {
    /// What the drawing is called.
    pub(super) title: String,
    /// “back to step”, before a number.
    pub(super) back: String,
}

pub(super) fn of(document: &Document, place: &html::Place<'_>, words: &ChartWords) -> Option<FlowView> {
    let flow = document.flow.as_ref()?;
    let body = &document.body;
    let steps = flow.steps.iter().enumerate().map(|(at, step)| {
        let heading = &body.headings[step.heading];
        StepView {
            anchor: heading.anchor.clone(),
            number: at + 1,
            words: heading.words.clone(),
            html: html::render(&body.pieces[step.text.clone()], place),
            ends: step.ways.is_empty(),
        }
    });
    Some(FlowView {
        introduction: html::render(&body.pieces[flow.introduction.clone()], place),
        steps: steps.collect(),
        closing: html::render(&body.pieces[flow.closing.clone()], place),
        drawing: chart(document)?.svg(&words.title, |number| format!("{} {number}", words.back)),
    })
}

/// The steps and their ways, to be drawn.
pub(crate) fn chart(document: &Document) -> Option<Chart> {
    let flow = document.flow.as_ref()?;
    let step = |step: &crate::load::flow::Step| Step {
        words: document.body.headings[step.heading].words.clone(),
        ways: step.ways.iter().map(|way| Way { words: way.words.clone(), to: way.to }).collect(),
    };
    Some(Chart { steps: flow.steps.iter().map(step).collect() })
}
