//! The steps of a flowchart, read out of its headings and lists.
//!
//! A level-2 heading with a given name is a step. A list item in it that leads to another step is a
//! branch; a step without branches goes on to the next one, unless it is an end.

use std::ops::Range;

use super::{
    markdown::{Body, words_of},
    piece::{Event, Piece, Tag, TagEnd},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// What a flowchart says to do, in order.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// Pieces of the body before the first step.
    pub introduction: Range<usize>,
    /// The steps, as numbered on the page.
    pub steps: Vec<Step>,
    /// Pieces of the body after the last step: parts whose headings have no given name.
    pub closing: Range<usize>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// The heading's number in [`Body::headings`].
    pub heading: usize,
    /// Pieces of its text, branches included.
    pub text: Range<usize>,
    /// Where it leads, in the order written; empty at an end.
    pub ways: Vec<Way>,
    /// Whether it has ways of its own, rather than simply going on to the next step.
    pub asks: bool,
}

/// From one step to another.
#[derive(Debug, Clone)]
pub struct Way {
    /// When this way is taken; empty where there is no other.
    pub words: String,
    /// Number of the step that it leads to, counted from 0.
    pub to: usize,
}

impl Flow {
    /// The number, counted from 1, of the step with this name.
    pub fn number(&self, body: &Body, anchor: &str) -> Option<usize> {
        self.steps.iter().position(|step| body.headings[step.heading].anchor == anchor).map(|at| at + 1)
    }
}

/// Reads and checks the steps.
pub fn read(source: &Source, body: &Body, problems: &mut Vec<Diagnostic>) -> Flow {
    let end = body.pieces.len();
    let parts: Vec<usize> = (0..body.headings.len()).filter(|&h| body.headings[h].level == 2).collect();
    let is_step = |h: usize| body.headings[h].named;
    let Some(first) = parts.iter().position(|&h| is_step(h)) else {
        problems.push(source.error(
            "no-steps",
            0..source.line_range(1).end,
            "This flowchart has no step.",
            "Begin each step with a heading that has a name, as in “## Ring the police {#police}”.",
        ));
        return Flow { introduction: 0..end, ..Flow::default() };
    };
    let last = parts.iter().rposition(|&h| is_step(h)).unwrap_or(first);
    let starts = |part: usize| parts.get(part).map_or(end, |&h| body.headings[h].pieces.start);
    let mut flow = Flow { introduction: 0..starts(first), steps: Vec::new(), closing: starts(last + 1)..end };
    for (part, &number) in parts.iter().enumerate().take(last + 1).skip(first) {
        let heading = &body.headings[number];
        if !is_step(number) {
            problems.push(source.error(
                "step-without-name",
                heading.range.clone(),
                "This heading stands between two steps, but has no name, so no step can lead to it.",
                "Give it a name in braces, as in {#police}, or move it below the last step.",
            ));
        }
        let text = heading.pieces.end..starts(part + 1);
        flow.steps.push(Step { heading: number, text, ways: Vec::new(), asks: false });
    }
    let anchors: Vec<&str> = flow.steps.iter().map(|s| body.headings[s.heading].anchor.as_str()).collect();
    let ways: Vec<Vec<Way>> =
        flow.steps.iter().map(|step| branches(source, body, &anchors, step, problems)).collect();
    let count = flow.steps.len();
    for (at, (step, ways)) in flow.steps.iter_mut().zip(ways).enumerate() {
        step.asks = !ways.is_empty();
        step.ways = ways;
        let ends = body.headings[step.heading].end || at + 1 == count;
        if !step.asks && !ends {
            step.ways.push(Way { words: String::new(), to: at + 1 });
        }
    }
    check(source, body, &flow, problems);
    flow
}

/// The list items of a step that lead to a step.
fn branches(
    source: &Source,
    body: &Body,
    anchors: &[&str],
    step: &Step,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Way> {
    let pieces = &body.pieces[step.text.clone()];
    let mut out = Vec::new();
    let mut item = None;
    for (at, (event, range)) in pieces.iter().enumerate() {
        match event {
            Event::Start(Tag::Item) => item = Some(at),
            Event::End(TagEnd::Item) => item = None,
            Event::Start(Tag::Link(link)) => {
                let (Some(start), Some(anchor)) = (item, link.to.strip_prefix('#')) else { continue };
                match anchors.iter().position(|name| *name == anchor) {
                    Some(to) => out.push(Way { words: condition(&pieces[start..at]), to }),
                    None if body.headings.iter().any(|h| h.anchor == anchor) => problems.push(source.error(
                        "branch-to-no-step",
                        source.find_within(range.clone(), &link.to),
                        format!("This way leads to “{anchor}”, which is no step."),
                        "Lead it to a heading that begins with ## and has a name.",
                    )),
                    // A link to no heading at all is told with all others.
                    None => {}
                }
            }
            _ => {}
        }
    }
    out
}

/// “Yes” of “Yes: ring the police”.
fn condition(before: &[Piece]) -> String {
    words_of(before).trim_end_matches([':', ' ', '–', '—', '-', '→']).to_owned()
}

fn check(source: &Source, body: &Body, flow: &Flow, problems: &mut Vec<Diagnostic>) {
    let mut reached = vec![false; flow.steps.len()];
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        open.extend(flow.steps[at].ways.iter().map(|way| way.to));
    }
    for (step, reached) in flow.steps.iter().zip(&reached) {
        if !reached {
            let heading = &body.headings[step.heading];
            problems.push(source.error(
                "step-not-reached",
                heading.range.clone(),
                format!("Nothing leads to the step “{}”.", heading.words),
                format!(
                    "Lead to it from another step, as in “- Yes: [{}](#{})”, or take it out.",
                    heading.words, heading.anchor
                ),
            ));
        }
    }
    let ends = flow.steps.iter().zip(&reached).any(|(step, reached)| *reached && step.ways.is_empty());
    if let (false, Some(step)) = (ends, flow.steps.last()) {
        problems.push(source.error(
            "flowchart-without-end",
            body.headings[step.heading].range.clone(),
            "This flowchart never ends: every step leads on to another.",
            "Add a last step that leads nowhere, or mark one as an end, as in {#done .end}.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{markdown, settings::Settings};

    fn flow(text: &str) -> (Flow, Body, Vec<&'static str>) {
        let mut problems = Vec::new();
        let source = Source::new("flowcharts/a.md", text);
        let body = markdown::parse(&source, 0, &Settings::default(), &mut problems);
        let flow = read(&source, &body, &mut problems);
        (flow, body, problems.iter().map(|p| p.code).collect())
    }

    const CHART: &str = "Read this first.\n\n## Is somebody in danger? {#danger}\n\n- Yes: [ring 999](#ring)\n- No: [write it down](#write)\n\n## Ring 999 {#ring}\n\nAt once.\n\n## Write it down {#write}\n\n## Afterwards\n\nRest.\n";

    #[test]
    fn a_step_leads_where_its_list_says_and_otherwise_to_the_next() {
        let (flow, body, problems) = flow(CHART);
        assert_eq!(problems, Vec::<&str>::new());
        let ways: Vec<Vec<(&str, usize)>> = flow
            .steps
            .iter()
            .map(|step| step.ways.iter().map(|way| (way.words.as_str(), way.to)).collect())
            .collect();
        assert_eq!(ways, [vec![("Yes", 1), ("No", 2)], vec![("", 2)], vec![]]);
        assert_eq!(flow.number(&body, "write"), Some(3));
        assert_eq!(words_of(&body.pieces[flow.closing.clone()]), "AfterwardsRest.");
    }

    #[test]
    fn a_step_nobody_reaches_a_branch_to_no_step_and_a_chart_without_end_are_told() {
        let lost =
            CHART.replace("- No: [write it down](#write)\n", "").replace("At once.", "- [back](#danger)");
        assert_eq!(flow(&lost).2, ["step-not-reached", "flowchart-without-end"]);
        let sub = CHART.replace("(#ring)", "(#sub)").replace("At once.", "### Sub {#sub}");
        assert_eq!(flow(&sub).2, ["branch-to-no-step", "step-not-reached"]);
        assert_eq!(flow("Only words.").2, ["no-steps"]);
    }

    #[test]
    fn a_step_marked_as_an_end_does_not_go_on() {
        let (flow, _, problems) = flow(&CHART.replace("{#ring}", "{#ring .end}"));
        assert_eq!(problems, Vec::<&str>::new());
        assert!(flow.steps[1].ways.is_empty());
    }
}
