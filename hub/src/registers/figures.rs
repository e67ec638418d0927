//! How many entries there are, for those who may know no more: small numbers are not told, or a child could be guessed.

use std::collections::BTreeMap;

use records::{form::Question, ids::Slug, register::Register};

use super::{answers::Answered, entry::Entry};

/// A number below this one is not told.
pub const FEWEST: usize = 5;

/// A number, as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// So many.
    Exactly(usize),
    /// Fewer than [`FEWEST`], perhaps none.
    Few,
    /// Not told, because another could be reckoned from it.
    Withheld,
}

/// The answers to one question, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The question.
    pub words: String,
    /// Each of its answers with the number of entries.
    pub numbers: Vec<(String, Told)>,
}

/// How many entries there are.
pub fn total(entries: usize) -> Told {
    if entries < FEWEST { Told::Few } else { Told::Exactly(entries) }
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
    let numbers = words.zip(told(&numbers(question, entries))).collect();
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

/// Small numbers are not told. Where one alone is not, it could be reckoned from the total: then the next one is not
/// told either.
pub fn told(numbers: &[usize]) -> Vec<Told> {
    let mut told: Vec<Told> = numbers.iter().map(|number| total(*number)).collect();
    let few = told.iter().filter(|one| **one == Told::Few).count();
    if few == 1 {
        let large = numbers.iter().enumerate().filter(|(_, number)| **number >= FEWEST);
        if let Some((at, _)) = large.min_by_key(|(_, number)| **number) {
            told[at] = Told::Withheld;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_small_number_is_told_and_none_can_be_reckoned_from_the_others() {
        assert_eq!(told(&[12, 7]), [Told::Exactly(12), Told::Exactly(7)]);
        assert_eq!(told(&[12, 3, 0]), [Told::Exactly(12), Told::Few, Told::Few]);
        assert_eq!(told(&[12, 7, 1]), [Told::Exactly(12), Told::Withheld, Told::Few]);
        assert_eq!(told(&[4]), [Told::Few]);
        assert_eq!((total(4), total(5)), (Told::Few, Told::Exactly(5)));
    }
}
