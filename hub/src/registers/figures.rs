//! How many entries there are, for those who may know no more: small numbers are not told, or a child could be guessed.

use std::collections::BTreeMap;

use records::{form::Question, ids::Slug, register::Register};

use super::{answers::Answered, entry::Entry};
use crate::figures::{FEWEST, Shown, all_parts};

/// The answers to one question, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The question.
    pub words: String,
    /// Each of its answers with the number of entries.
    pub numbers: Vec<(String, Shown)>,
}

/// The entries told apart by the answers that the register counts by. Nothing where there are too few in all.
pub fn counted(register: &Register, entries: &[&Entry]) -> Vec<Counted> {
    if entries.len() < FEWEST {
        return Vec::new();
    }
    let questions = register.count.iter().filter_map(|id| register.question(id));
    questions.map(|question| by(question, entries)).collect()
}

/// The same as they are, for whoever reads the entries.
pub fn exactly(register: &Register, entries: &[&Entry]) -> Vec<(String, Vec<(String, String)>)> {
    let questions = register.count.iter().filter_map(|id| register.question(id));
    let counted = questions.map(|question| {
        let words = question.choices.iter().map(|choice| choice.words.clone());
        let numbers = numbers(question, entries).into_iter().map(|number| number.to_string());
        (question.words.clone(), words.zip(numbers).collect())
    });
    counted.collect()
}

fn by(question: &Question, entries: &[&Entry]) -> Counted {
    let words = question.choices.iter().map(|choice| choice.words.clone());
    let numbers = words.zip(all_parts(&numbers(question, entries))).collect();
    Counted { words: question.words.clone(), numbers }
}

/// How many entries chose each of the answers.
fn numbers(question: &Question, entries: &[&Entry]) -> Vec<usize> {
    let mut numbers: BTreeMap<&Slug, usize> = BTreeMap::new();
    for entry in entries {
        if let Some(Answered::Chosen(chosen)) = entry.answers().get(&question.id) {
            for one in chosen {
                *numbers.entry(one).or_default() += 1;
            }
        }
    }
    question.choices.iter().map(|choice| numbers.get(&choice.id).copied().unwrap_or_default()).collect()
}
