//! A flowchart of the school as a document to print: drawn on its first sheet, the steps in words behind it.

use press::print::document::{Block, Charted, Document as Paper, Inline, Step, Target};

use super::{body::Body, paper, words::Words};
use crate::{
    load::{School, document::Document, flow::Flow},
    site,
    theme::Theme,
};

pub(super) fn of(school: &School, theme: &Theme, words: &Words, document: &Document) -> Paper {
    let said = &words.shared.flowcharts;
    let mut body = Body::of(school, document);
    let mut blocks = Vec::new();
    let mut above = 0;
    if let (Some(flow), Some(chart)) = (&document.flow, site::chart(document)) {
        let pieces = &document.body.pieces;
        let brief = document.matter.in_brief.iter().map(|sentence| paper::line(school, sentence));
        let brief: Vec<_> = brief.map(|sentence| vec![Block::Paragraph(sentence)]).collect();
        if !brief.is_empty() {
            blocks.push(Block::List { first: None, items: brief });
        }
        blocks.append(&mut body.blocks(&pieces[flow.introduction.clone()], 1));
        above = blocks.iter().map(Block::letters).sum();
        let first = flow.steps.first().map(|step| document.body.headings[step.heading].range.start);
        let mut charted = Charted {
            alt: in_words(&said.drawing, &said.go_to, document, flow),
            chart,
            back: said.back.clone(),
            at: first.unwrap_or_default(),
        };
        charted.chart.steps.iter_mut().for_each(|step| step.words = step.words.trim().to_owned());
        blocks.push(Block::Chart(charted));
        for (at, step) in flow.steps.iter().enumerate() {
            let heading = &document.body.headings[step.heading];
            let mut more = body.blocks(&pieces[step.text.clone()], 2);
            more.iter_mut().for_each(|block| number(block, &said.go_to, document, flow));
            blocks.push(Block::Step(Step {
                level: 1,
                number: at + 1,
                anchor: heading.anchor.clone(),
                words: body.heading(heading),
                more,
                end: step.ways.is_empty().then(|| said.ends.clone()),
                at: heading.range.start,
            }));
        }
        blocks.extend(body.blocks(&pieces[flow.closing.clone()], 1));
    }
    let mut pictures = std::mem::take(&mut body.pictures);
    let mut paper = paper::framed(school, theme, words, document, blocks);
    paper.pictures.append(&mut pictures);
    paper.compact = true;
    paper.contents = None;
    let version = document.matter.version.as_ref();
    let edition = version.map(|version| format!("{} {}", words.shared.page.version, version.value));
    paper.edition = edition.unwrap_or_default();
    let lies = paper.body.iter().find_map(|block| match block {
        Block::Chart(chart) => Some(chart.paper(above + paper.summary.chars().count())),
        _ => None,
    });
    paper.paper = lies.unwrap_or_default();
    paper
}

/// Says after each link to a step which number that has: nobody taps on paper.
fn number(block: &mut Block, go_to: &str, document: &Document, flow: &Flow) {
    match block {
        Block::Paragraph(words) => {
            let parts = std::mem::take(words);
            for part in parts {
                let step = match &part {
                    Inline::Link { to: Target::Here(anchor), .. } => flow.number(&document.body, anchor),
                    _ => None,
                };
                words.push(part);
                words
                    .extend(step.map(|step| Inline::Strong(vec![Inline::plain(format!(" {go_to} {step}"))])));
            }
        }
        Block::List { items, .. } => {
            items.iter_mut().flatten().for_each(|block| number(block, go_to, document, flow));
        }
        _ => {}
    }
}

/// All that the drawing shows, for who does not see it.
fn in_words(drawing: &str, go_to: &str, document: &Document, flow: &Flow) -> String {
    let mut out = format!("{drawing}.");
    for (at, step) in flow.steps.iter().enumerate() {
        let words = document.body.headings[step.heading].words.trim();
        let mark = if words.ends_with(['.', '?', '!', '…']) { "" } else { "." };
        out.push_str(&format!(" {}. {words}{mark}", at + 1));
        for way in &step.ways {
            let colon = if way.words.is_empty() { "" } else { ": " };
            out.push_str(&format!(" {}{colon}{go_to} {}.", way.words, way.to + 1));
        }
    }
    out
}
