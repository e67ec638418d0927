//! The promises of an agreement, read out of its headings.
//!
//! A heading with a `symbol` is a statement; a level-2 heading without one
//! opens a group; what follows a statement is its “tell me more”. A group for Key Stage 2 may end with a
//! [story](super::scenario).

use std::ops::Range;

use records::agreement::Audience;

use super::{
    markdown::{Body, Heading},
    scenario::{self, Scenario},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The most words a statement for Key Stage 1 has.
const KS1_WORDS: usize = 8;

/// What an agreement asks people to promise.
#[derive(Debug, Clone, Default)]
pub struct Promises {
    /// Pieces of the body before the first group or statement.
    pub introduction: Range<usize>,
    /// Groups in order; the first may have no heading.
    pub groups: Vec<Group>,
}

/// Statements under one heading.
#[derive(Debug, Clone)]
pub struct Group {
    /// The heading's number in [`Body::headings`].
    pub heading: Option<usize>,
    /// Pieces between the heading and the first statement.
    pub introduction: Range<usize>,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// The story after them.
    pub scenario: Option<Scenario>,
}

/// One promise.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The heading's number in [`Body::headings`].
    pub heading: usize,
    /// Pieces of “tell me more”.
    pub more: Range<usize>,
}

impl Promises {
    /// All statements in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.groups.iter().flat_map(|group| &group.statements)
    }
}

/// Reads and checks the promises.
pub fn read(
    source: &Source,
    body: &Body,
    audience: Option<Audience>,
    problems: &mut Vec<Diagnostic>,
) -> Promises {
    let end = body.pieces.len();
    let parts: Vec<usize> = (0..body.headings.len()).filter(|&h| body.headings[h].opens_part()).collect();
    let first = parts.first().map_or(end, |&h| body.headings[h].pieces.start);
    let mut promises = Promises { introduction: 0..first, groups: Vec::new() };
    for (n, &number) in parts.iter().enumerate() {
        let heading = &body.headings[number];
        let next = parts.get(n + 1).map_or(end, |&h| body.headings[h].pieces.start);
        let after = heading.pieces.end..next;
        if heading.scenario {
            let read = scenario::read(source, body, number, after, problems);
            place_scenario(source, heading, audience, read, &mut promises, problems);
        } else if heading.symbol.is_some() {
            check(source, heading, audience, problems);
            if heading.level > 2 && promises.groups.last().is_some_and(|group| group.scenario.is_some()) {
                problems.push(source.error(
                    "scenario",
                    heading.range.clone(),
                    "This promise stands after the story of its group.",
                    "Put the story last: the promises come first.",
                ));
            }
            // A statement of level 2 does not belong to the group above it.
            let fits =
                promises.groups.last().is_some_and(|group| heading.level > 2 || group.heading.is_none());
            if !fits {
                promises.groups.push(Group {
                    heading: None,
                    introduction: after.start..after.start,
                    statements: Vec::new(),
                    scenario: None,
                });
            }
            if let Some(group) = promises.groups.last_mut() {
                group.statements.push(Statement { heading: number, more: after });
            }
        } else {
            promises.groups.push(Group {
                heading: Some(number),
                introduction: after,
                statements: Vec::new(),
                scenario: None,
            });
        }
    }
    for heading in body.headings.iter().filter(|h| h.symbol.is_none() && h.level == 3 && !h.scenario) {
        problems.push(source.error(
            "statement-without-picture",
            heading.range.clone(),
            "This heading is no promise, because it has no picture; under a level-2 heading only promises may stand.",
            "Add the picture, as in {#name symbol=picture}, or make it plain text.",
        ));
    }
    if promises.statements().next().is_none() {
        problems.push(source.error(
            "no-statements",
            0..source.line_range(1).end,
            "This agreement asks for no promise.",
            "Add at least one statement, as in “## I am kind online. {#kind symbol=kind-messages}”.",
        ));
    }
    promises
}

/// Puts a story into the group that it stands in.
fn place_scenario(
    source: &Source,
    heading: &Heading,
    audience: Option<Audience>,
    scenario: Option<Scenario>,
    promises: &mut Promises,
    problems: &mut Vec<Diagnostic>,
) {
    let mut tell = |what: &str, mend: &str| {
        problems.push(source.error("scenario", heading.range.clone(), what, mend));
    };
    if audience != Some(Audience::Ks2) {
        return tell(
            "Only the agreement for Key Stage 2 tells stories: “What would you do?” is for children who read.",
            "Make it plain text, or take it out.",
        );
    }
    match promises.groups.last_mut() {
        Some(group) if group.scenario.is_some() => tell(
            "This group has a story already; each has one at the most.",
            "Take one of the two out, or put it under another group.",
        ),
        Some(group) if !group.statements.is_empty() => group.scenario = scenario,
        _ => tell("This story stands under no promise.", "Put it after the promises that it is about."),
    }
}

fn check(source: &Source, heading: &Heading, audience: Option<Audience>, problems: &mut Vec<Diagnostic>) {
    let mut tell =
        |code, what: String, mend: &str| problems.push(source.error(code, heading.range.clone(), what, mend));
    if heading.words.is_empty() {
        tell(
            "empty-statement",
            "This statement has no words.".to_owned(),
            "Write the promise between the # signs and the brace.",
        );
    }
    if !heading.named {
        tell(
            "statement-without-name",
            "This statement has no name, so a signature could not refer to it.".to_owned(),
            "Add one in the braces, as in {#kind-messages symbol=kind-messages}. Names stay the same for good.",
        );
    } else if heading.anchor.parse::<records::ids::Slug>().is_err() {
        tell(
            "statement-name",
            format!("“{}” cannot be a statement’s name.", heading.anchor),
            "Use small letters, digits and single hyphens, as in #kind-messages.",
        );
    }
    if !(2..=3).contains(&heading.level) {
        tell(
            "statement-level",
            "A statement is a heading of level 2 or 3.".to_owned(),
            "Begin its line with ## or ###.",
        );
    }
    let words =
        heading.words.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    if audience == Some(Audience::Ks1) && words > KS1_WORDS {
        tell(
            "too-many-words",
            format!("This statement for Key Stage 1 has {words} words; young readers manage {KS1_WORDS}."),
            "Say it shorter, and put the rest under it as “tell me more”.",
        );
    }
}
