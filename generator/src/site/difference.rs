//! How two versions differ, told so that it makes sense read aloud, on paper and without colours.
//!
//! Passages that are alike are set against each other; within them whole sentences are shown as they were
//! and as they are, with the words in question set off. So nobody has to listen to half a sentence struck
//! out in the middle of another.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::html;
use crate::policy;

/// From this likeness on, two passages or sentences are one that changed; below, one went and one came.
const ALIKE: f32 = 0.4;
/// From so many words on, a text within another is no chance.
const SOME_LENGTH: usize = 6;
/// The part of a text's words that have to stand in the other.
const NEARLY_WHOLE: f32 = 0.8;
/// The largest number of pairs that are compared with each other in one place.
const MOST_PAIRS: usize = 4_000;
/// Ends a cell of a table's row.
const CELL: &str = " |";

/// How sentences that came and went are named for people who cannot see the marks.
pub(super) struct Marks {
    pub(super) added: String,
    pub(super) removed: String,
}

/// What changed under one heading.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    /// The heading; empty before the first one, and where there are none.
    pub(super) heading: String,
    pub(super) changes: Vec<Change>,
}

/// What changed in one place.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    /// `added`, `removed` or `changed`.
    pub(super) sort: &'static str,
    pub(super) passages: Vec<String>,
}

/// What differs between two lists of passages, in the order of the new ones.
pub(super) fn between(old: &[String], new: &[String], marks: &Marks) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut heading = "";
    let mut put = |heading: &str, sort: &'static str, passage: String| {
        if sections.last().is_none_or(|section| section.heading != heading) {
            sections.push(Section { heading: heading.to_owned(), changes: Vec::new() });
        }
        let Some(section) = sections.last_mut() else { return };
        match section.changes.last_mut() {
            Some(change) if change.sort == sort && sort != "changed" => change.passages.push(passage),
            _ => section.changes.push(Change { sort, passages: vec![passage] }),
        }
    };
    for pair in aligned(old, new) {
        match pair {
            Pair::Same(now) => heading = policy::heading(now).unwrap_or(heading),
            Pair::Gone(was) => put(heading, "removed", whole("del", was)),
            Pair::Come(now) => {
                heading = policy::heading(now).unwrap_or(heading);
                put(heading, "added", whole("ins", now));
            }
            Pair::Changed(was, now) => {
                heading = policy::heading(now).unwrap_or(heading);
                put(heading, "changed", sentences_between(was, now, marks));
            }
        }
    }
    sections
}

fn whole(tag: &str, passage: &str) -> String {
    match policy::heading(passage) {
        Some(words) => format!("<{tag}><b>{}</b></{tag}>", html::escape(words)),
        None => format!("<{tag}>{}</{tag}>", html::escape(passage)),
    }
}

/// One passage: sentences that stayed as they are, before each that came the one that it replaces.
fn sentences_between(was: &str, now: &str, marks: &Marks) -> String {
    let plain = |passage| policy::heading(passage).unwrap_or(passage);
    let (old, new) = (sentences(plain(was)), sentences(plain(now)));
    let marked = |tag: &str, words: &str| {
        let label = if tag == "ins" { &marks.added } else { &marks.removed };
        format!("<{tag}><span class=\"unseen\">{}: </span>{words}</{tag}>", html::escape(label))
    };
    // The line between two cells is nobody's words.
    let cell = |words: &str| if words.ends_with(CELL) { CELL } else { "" };
    let bare = |words: &str| html::escape(words.strip_suffix(CELL).unwrap_or(words)).into_owned();
    let told = |pair| match pair {
        Pair::Same(now) => html::escape(now).into_owned(),
        Pair::Gone(was) => marked("del", &bare(was)) + cell(was),
        Pair::Come(now) => marked("ins", &bare(now)) + cell(now),
        Pair::Changed(was, now) => {
            let end = cell(now);
            let (was, now) = words_between(was.trim_end_matches(CELL), now.trim_end_matches(CELL));
            format!("{} {}{end}", marked("del", &was), marked("ins", &now))
        }
    };
    aligned(&old, &new).into_iter().map(told).collect::<Vec<_>>().join(" ")
}

/// Both sentences with the words in which they differ set off.
fn words_between(was: &str, now: &str) -> (String, String) {
    let (old, new): (Vec<&str>, Vec<&str>) = (was.split(' ').collect(), now.split(' ').collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    // A single word between two that changed is no help to the eye.
    let same = |op: &DiffOp| matches!(op, DiffOp::Equal { len, .. } if *len > 1);
    let edge = |at: usize| at == 0 || at + 1 == ops.len();
    let stays: Vec<bool> = ops
        .iter()
        .enumerate()
        .map(|(at, op)| same(op) || edge(at) && matches!(op, DiffOp::Equal { .. }))
        .collect();
    let told = |words: &[&str], range: &dyn Fn(&DiffOp) -> std::ops::Range<usize>| {
        let mut runs: Vec<(bool, String)> = Vec::new();
        for (op, stays) in ops.iter().zip(&stays) {
            let part = words.get(range(op)).unwrap_or_default().join(" ");
            if part.is_empty() {
                continue;
            }
            match runs.last_mut() {
                Some((same, run)) if same == stays => {
                    run.push(' ');
                    run.push_str(&part);
                }
                _ => runs.push((*stays, part)),
            }
        }
        let told = runs.iter().map(|(same, run)| {
            let run = html::escape(run).into_owned();
            if *same { run } else { format!("<b>{run}</b>") }
        });
        told.collect::<Vec<_>>().join(" ")
    };
    (told(&old, &DiffOp::old_range), told(&new, &DiffOp::new_range))
}

/// Cuts a passage after each sentence, and after each cell where it is a row of a table.
fn sentences(passage: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut here = String::new();
    let mut words = passage.split(' ').peekable();
    while let Some(word) = words.next() {
        if !here.is_empty() {
            here.push(' ');
        }
        here.push_str(word);
        let closed = word.trim_end_matches(['”', '’', ')', '"']).ends_with(['.', '?', '!', ';']);
        let opens =
            |next: &&str| next.chars().find(|c| !"“‘(\"{".contains(*c)).is_some_and(|c| !c.is_lowercase());
        let ends = closed && (words.peek().is_some_and(opens) || word.ends_with(';')) || here.ends_with(CELL);
        if ends {
            out.push(std::mem::take(&mut here));
        }
    }
    if !here.is_empty() {
        out.push(here);
    }
    out
}

/// An old and a new one of two lists.
enum Pair<'a> {
    Same(&'a str),
    Changed(&'a str, &'a str),
    Gone(&'a str),
    Come(&'a str),
}

/// Sets two lists against each other: what is the same, then within each gap what is most alike, in order.
fn aligned<'a>(old: &'a [String], new: &'a [String]) -> Vec<Pair<'a>> {
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (was, now) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            out.extend(now.iter().map(|now| Pair::Same(now)));
        } else {
            most_alike(was, now, &mut out);
        }
    }
    out
}

/// Pairs what is alike within a gap so that the sum of likenesses is the largest, in order on both sides.
fn most_alike<'a>(old: &'a [String], new: &'a [String], out: &mut Vec<Pair<'a>>) {
    if old.len() * new.len() > MOST_PAIRS {
        out.extend(old.iter().map(|was| Pair::Gone(was)));
        out.extend(new.iter().map(|now| Pair::Come(now)));
        return;
    }
    let wide = new.len() + 1;
    let like: Vec<f32> = old.iter().flat_map(|was| new.iter().map(|now| likeness(was, now))).collect();
    // The best sum for what follows each pair of places, from the end.
    let mut best = vec![0.0_f32; (old.len() + 1) * wide];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let this = like[i * new.len() + j];
            let paired = if this >= ALIKE { this + best[(i + 1) * wide + j + 1] } else { 0.0 };
            best[i * wide + j] = paired.max(best[(i + 1) * wide + j]).max(best[i * wide + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let this = like[i * new.len() + j];
        let here = best[i * wide + j];
        if this >= ALIKE && this + best[(i + 1) * wide + j + 1] >= here {
            out.push(Pair::Changed(&old[i], &new[j]));
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * wide + j] >= here {
            out.push(Pair::Gone(&old[i]));
            i += 1;
        } else {
            out.push(Pair::Come(&new[j]));
            j += 1;
        }
    }
    out.extend(old[i..].iter().map(|was| Pair::Gone(was)));
    out.extend(new[j..].iter().map(|now| Pair::Come(now)));
}

/// How much two texts have in common: 0 for nothing, 1 for every word in order. One of some length that
/// stands nearly whole within the other is like it, however much was written around it. A heading is like
/// no text.
fn likeness(one: &str, other: &str) -> f32 {
    if policy::heading(one).is_some() != policy::heading(other).is_some() {
        return 0.0;
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let ops = capture_diff_slices(Algorithm::Myers, &one, &other);
    let same: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    #[allow(clippy::cast_precision_loss, reason = "no passage has so many words")]
    let part = |of: usize| same as f32 / of as f32;
    let (shorter, both) = (one.len().min(other.len()), one.len() + other.len());
    let within = if shorter >= SOME_LENGTH && part(shorter) >= NEARLY_WHOLE { ALIKE } else { 0.0 };
    within.max(2.0 * part(both))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(old: &[&str], new: &[&str]) -> Vec<Section> {
        let own = |words: &[&str]| words.iter().map(|words| (*words).to_owned()).collect::<Vec<_>>();
        let marks = Marks { added: "Added".to_owned(), removed: "Removed".to_owned() };
        between(&own(old), &own(new), &marks)
    }

    #[test]
    fn a_changed_sentence_is_shown_whole_as_it_was_and_as_it_is() {
        let found = differ(
            &["## Phones", "The box is locked in the cupboard. A phone that is left over stays there."],
            &["## Phones", "The box is locked in the office. A phone that is left over stays there."],
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].heading.as_str(), found[0].changes[0].sort), ("Phones", "changed"));
        assert_eq!(
            found[0].changes[0].passages,
            ["<del><span class=\"unseen\">Removed: </span>The box is locked in the <b>cupboard.</b></del> \
                 <ins><span class=\"unseen\">Added: </span>The box is locked in the <b>office.</b></ins> \
                 A phone that is left over stays there."]
        );
    }

    #[test]
    fn what_came_and_what_went_is_not_mixed_with_what_has_nothing_to_do_with_it() {
        let found = differ(
            &["Children hand in their phones at the gate.", "Staff may keep theirs."],
            &["We ask each family about pictures.", "Children hand in their phones at the door."],
        );
        let sorts: Vec<_> = found[0].changes.iter().map(|change| change.sort).collect();
        assert_eq!(sorts, ["added", "changed", "removed"]);
    }

    #[test]
    fn passages_that_came_together_stand_together_under_their_heading() {
        let found = differ(&["A."], &["A.", "## Tags & toys", "A tag may stay.", "A toy may not."]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].heading, "Tags & toys");
        assert_eq!(
            found[0].changes,
            [Change {
                sort: "added",
                passages: [
                    "<ins><b>Tags &amp; toys</b></ins>",
                    "<ins>A tag may stay.</ins>",
                    "<ins>A toy may not.</ins>"
                ]
                .map(str::to_owned)
                .to_vec()
            }]
        );
    }

    #[test]
    fn what_was_written_around_a_sentence_does_not_strike_it_out() {
        let found = differ(
            &["The headteacher compares it with this page within a month."],
            &[
                "An Act says so, in words that nobody here had read before. Our rule goes that way already, and \
               that is no accident at all. The headteacher compares it with this page within a month.",
            ],
        );
        assert_eq!(found[0].changes[0].sort, "changed");
        assert!(!found[0].changes[0].passages[0].contains("<del>"), "{found:?}");
    }

    #[test]
    fn a_cell_that_changed_is_marked_without_its_line() {
        let found = differ(&["Test | Every term | Technician"], &["Test | Every half-term | Technician"]);
        assert_eq!(
            found[0].changes[0].passages[0],
            "Test | <del><span class=\"unseen\">Removed: </span>Every <b>term</b></del> \
             <ins><span class=\"unseen\">Added: </span>Every <b>half-term</b></ins> | Technician"
        );
    }

    #[test]
    fn the_same_words_differ_in_nothing() {
        assert!(differ(&["A.", "B."], &["A.", "B."]).is_empty());
    }

    #[test]
    fn sentences_end_where_a_reader_would_stop() {
        assert_eq!(
            sentences("Ring 01632 960100, e.g. at once. “Why?” Ask {{ x }}; then go. 4.1 is new."),
            ["Ring 01632 960100, e.g. at once.", "“Why?”", "Ask {{ x }};", "then go.", "4.1 is new."]
        );
        assert_eq!(
            sentences("Test | Every half-term | Technician"),
            ["Test |", "Every half-term |", "Technician"]
        );
    }
}
