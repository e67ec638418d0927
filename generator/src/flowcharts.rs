//! Flowcharts as the pack carries them: in words, for staff at the hub's desk.

use records::flowchart::{FlowStep, FlowWay, Flowchart};

use crate::load::{
    School,
    document::{Document, Kind},
    flow::Step,
    markdown::paragraphs_of,
    piece::{Event, Piece, Tag, TagEnd},
    placeholder,
};

/// Those that are published, in the order of lists.
pub(crate) fn of(school: &School) -> Vec<Flowchart> {
    school
        .of_kind(Kind::Flowchart)
        .filter(|document| document.is_published())
        .filter_map(|d| one(school, d))
        .collect()
}

fn one(school: &School, document: &Document) -> Option<Flowchart> {
    let flow = document.flow.as_ref()?;
    let summary =
        document.matter.summary.as_ref().map(|summary| placeholder::fill_plain(summary, &school.settings));
    let steps = flow.steps.iter().map(|step| self::step(document, step));
    Some(Flowchart {
        slug: document.slug.parse().ok()?,
        title: document.title(&school.settings),
        summary: summary.unwrap_or_default(),
        steps: steps.collect(),
    })
}

fn step(document: &Document, step: &Step) -> FlowStep {
    let ways = step
        .ways
        .iter()
        .filter_map(|way| Some(FlowWay { words: way.words.clone(), to: u16::try_from(way.to + 1).ok()? }));
    FlowStep {
        words: document.body.headings[step.heading].words.trim().to_owned(),
        text: paragraphs_of(&without_ways(&document.body.pieces[step.text.clone()])),
        ways: ways.collect(),
    }
}

/// The pieces of a step but the points that lead to others: those are its ways.
fn without_ways(pieces: &[Piece]) -> Vec<Piece> {
    let (mut kept, mut item): (Vec<Piece>, Option<usize>) = (Vec::new(), None);
    let mut leads = false;
    for piece in pieces {
        kept.push(piece.clone());
        match &piece.0 {
            Event::Start(Tag::Item) => (item, leads) = (Some(kept.len() - 1), false),
            Event::Start(Tag::Link(link)) => leads |= link.to.starts_with('#'),
            Event::End(TagEnd::Item) => {
                if let (Some(from), true) = (item.take(), leads) {
                    kept.truncate(from);
                }
            }
            _ => {}
        }
    }
    kept
}
