//! “What would you do?”: a short story after the promises of a group, and what one could do in it.
//!
//! A level-3 heading marked `.scenario` says what happens. Paragraphs under it go on with the story, and a list says what
//! one could do: in bold, and after it what follows.

use std::ops::Range;

use super::{
    markdown::{Body, Heading, words_of},
    piece::{Event, Piece, Tag, TagEnd},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The mark of its heading.
pub(super) const MARK: &str = "scenario";
/// How many ways a story has.
const WAYS: std::ops::RangeInclusive<usize> = 2..=3;

/// A story.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The heading's number in [`Body::headings`].
    pub heading: usize,
    /// Pieces of the paragraphs before the list.
    pub story: Range<usize>,
    /// What one could do.
    pub choices: Vec<Choice>,
}

/// Something that one could do.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Pieces of the words in bold.
    pub words: Range<usize>,
    /// Pieces of what follows, within one paragraph.
    pub follows: Range<usize>,
}

/// What stands after a heading, as a story; none where it is not one, which is told.
pub(super) fn read(
    source: &Source,
    body: &Body,
    heading: usize,
    after: Range<usize>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Scenario> {
    let read = parts(&body.pieces, after);
    let scenario = read.map(|(story, choices)| Scenario { heading, story, choices });
    let fault = fault(&body.headings[heading], scenario.as_ref());
    if let Some((what, mend)) = fault {
        problems.push(source.error("scenario", body.headings[heading].range.clone(), what, mend));
        return None;
    }
    scenario
}

fn fault(heading: &Heading, scenario: Option<&Scenario>) -> Option<(&'static str, &'static str)> {
    if heading.words.is_empty() || !heading.named || heading.anchor.parse::<records::ids::Slug>().is_err() {
        return Some((
            "This story does not say in its heading what happens, or has no name.",
            "Write both, as in “### Somebody you do not know writes to you. {#strange-message .scenario}”.",
        ));
    }
    if heading.symbol.is_some() || heading.level != 3 {
        return Some((
            "A story is a heading of level 3 without a picture: it is no promise.",
            "Begin its line with ###, and take “symbol” out of the braces.",
        ));
    }
    let Some(scenario) = scenario else {
        return Some((
            "This story does not say what one could do: after it there has to be one list, and nothing after that.",
            "Write a list whose items begin with what one does in bold and go on with what follows, as in “- **I show it to an adult.** We look at it together.”",
        ));
    };
    let is_whole = |choice: &Choice| !choice.words.is_empty() && !choice.follows.is_empty();
    if !scenario.choices.iter().all(is_whole) {
        return Some((
            "One of the ways in this story does not begin with bold words, or does not say what follows, in one paragraph.",
            "Write each as in “- **I show it to an adult.** We look at it together.”",
        ));
    }
    (!WAYS.contains(&scenario.choices.len())).then_some((
        "This story has fewer than two ways or more than three.",
        "Write two or three: that is what a child looks over.",
    ))
}

/// The paragraphs before the one list, and the list's items. Parts of an item that are not there are empty.
fn parts(pieces: &[Piece], after: Range<usize>) -> Option<(Range<usize>, Vec<Choice>)> {
    let is_list = |piece: &Piece| matches!(piece.0, Event::Start(Tag::List(_)));
    let from = after.start + pieces[after.clone()].iter().position(is_list)?;
    let mut choices = Vec::new();
    let mut depth = 0_usize;
    for at in from..after.end {
        match &pieces[at].0 {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => {
                depth -= 1;
                if depth == 0 {
                    return (at + 1 == after.end).then_some((after.start..from, choices));
                }
            }
            Event::Start(Tag::Item) if depth == 1 => choices.push(choice(pieces, at + 1, after.end)),
            _ => {}
        }
    }
    None
}

fn choice(pieces: &[Piece], from: usize, end: usize) -> Choice {
    let find = |from: usize, wanted: &dyn Fn(&Event) -> bool| {
        (from..end).find(|at| wanted(&pieces[*at].0)).unwrap_or(end)
    };
    let nothing = Choice { words: from..from, follows: from..from };
    let in_paragraph = matches!(pieces.get(from), Some((Event::Start(Tag::Paragraph), _)));
    let from = from + usize::from(in_paragraph);
    if !matches!(pieces.get(from), Some((Event::Start(Tag::Strong), _))) {
        return nothing;
    }
    let bold = find(from, &|event| matches!(event, Event::End(TagEnd::Strong)));
    let ends = find(bold, &|event| {
        matches!(
            event,
            Event::End(TagEnd::Paragraph | TagEnd::Item) | Event::Start(Tag::List(_) | Tag::Paragraph)
        )
    });
    // A second paragraph would be more than a screen has room for.
    let closes = if in_paragraph { ends + 1 } else { ends };
    let is_over = matches!(pieces.get(closes), Some((Event::End(TagEnd::Item), _)));
    let (words, follows) = (from + 1..bold, bold + 1..ends);
    let says = |range: &Range<usize>| !words_of(&pieces[range.clone()]).is_empty();
    if is_over && says(&words) && says(&follows) { Choice { words, follows } } else { nothing }
}
