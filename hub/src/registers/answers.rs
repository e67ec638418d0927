//! What somebody typed into a register's form, as answers to its questions, or what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
pub use records::register::{Answered, Answers};
use records::{
    form::{Question, QuestionType},
    ids::Slug,
    register::{MOMENT, Register},
};

/// The longest answer in words, in letters.
pub const WORDS_MOST: usize = 4000;
/// What is wrong with the answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Which question.
    pub question: Slug,
    /// What, and how to mend it.
    pub why: &'static str,
}

/// Reads what was typed, by the names of the questions. `signed_by` is who a mark is made by.
///
/// # Errors
/// Everything that is wrong, in the order of the questions.
pub fn read(register: &Register, typed: &[(String, String)], signed_by: &str) -> Result<Answers, Vec<Wrong>> {
    let (mut answers, mut wrong) = (BTreeMap::new(), Vec::new());
    for question in &register.form.questions {
        let given: Vec<&str> = typed
            .iter()
            .filter(|(name, value)| name == question.id.as_str() && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
            .collect();
        let wanted = question.required && !register.later.contains(&question.id);
        match answer(question, &given, signed_by) {
            Ok(Some(said)) => drop(answers.insert(question.id.clone(), said)),
            Ok(None) if wanted => wrong.push(Wrong { question: question.id.clone(), why: missing(question) }),
            Ok(None) => {}
            Err(why) => wrong.push(Wrong { question: question.id.clone(), why }),
        }
    }
    if wrong.is_empty() { Ok(Answers(answers)) } else { Err(wrong) }
}

const fn missing(question: &Question) -> &'static str {
    match question.answer {
        QuestionType::Choice => "Choose one of these.",
        QuestionType::Several => "Tick at least one.",
        QuestionType::Text => "Write something here. If there is nothing to say, write “nothing”.",
        QuestionType::Date => "Say the day.",
        QuestionType::Moment => "Say the day and the time.",
        QuestionType::YesNo => "Say yes or no.",
        QuestionType::Mark => "Tick this to sign.",
    }
}

fn answer(question: &Question, given: &[&str], signed_by: &str) -> Result<Option<Answered>, &'static str> {
    let Some(first) = given.first() else { return Ok(None) };
    let said = match question.answer {
        QuestionType::Text => {
            let words = first.replace("\r\n", "\n");
            if words.chars().count() > WORDS_MOST {
                return Err("This is too long: 4000 letters are the most.");
            }
            Answered::Words(words)
        }
        QuestionType::Date => Answered::Day(
            first
                .parse()
                .map_err(|_| "This is no day of the calendar. Write it as in 14/09/2026, or choose it.")?,
        ),
        QuestionType::Moment => {
            // Some browsers send seconds too.
            let at = DateTime::strptime(MOMENT, first.get(..16).unwrap_or(first));
            let at = at.map_err(
                |_| "This is no day with a time. Write both, as in 14/09/2026 8:30, or choose them.",
            )?;
            Answered::At(at.strftime(MOMENT).to_string())
        }
        QuestionType::YesNo => match *first {
            "yes" => Answered::Yes(true),
            "no" => Answered::Yes(false),
            _ => return Err(missing(question)),
        },
        QuestionType::Mark => Answered::Words(signed_by.to_owned()),
        QuestionType::Choice | QuestionType::Several => {
            let named: BTreeSet<&str> = given.iter().copied().collect();
            let chosen: Vec<Slug> = question
                .choices
                .iter()
                .filter(|choice| named.contains(choice.id.as_str()))
                .map(|choice| choice.id.clone())
                .collect();
            let single = question.answer == QuestionType::Choice;
            if chosen.len() != named.len() || single && chosen.len() != 1 {
                return Err(missing(question));
            }
            Answered::Chosen(chosen)
        }
    };
    Ok(Some(said))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::registers::entry::tests::{register, slug};

    fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const WHOLE: [(&str, &str); 4] =
        [("what", "Tablet 12"), ("out", "2026-09-14"), ("state", "good"), ("at", "2026-09-14T08:30:00")];

    #[test]
    fn what_was_typed_is_kept_as_what_it_is() {
        let mut all = WHOLE.to_vec();
        all.extend([("ticks", "charger"), ("ticks", "case"), ("agreed", "no"), ("nothing-of-ours", "x")]);
        let answers = read(&register(), &typed(&all), "office").unwrap();
        assert_eq!(answers.get(&slug("what")), Some(&Answered::Words("Tablet 12".into())));
        assert_eq!(answers.day(&slug("out")), Some("2026-09-14".parse().unwrap()));
        assert_eq!(answers.get(&slug("at")).unwrap().in_words(None), "14 September 2026, 8:30");
        assert_eq!(answers.get(&slug("agreed")), Some(&Answered::Yes(false)), "a no is an answer");
        let ticks = register().question(&slug("ticks")).cloned();
        assert_eq!(answers.get(&slug("ticks")).unwrap().in_words(ticks.as_ref()), "Case; Charger");
        assert_eq!(answers.get(&slug("back")), None, "that is answered later");
        assert_eq!(answers.0.len(), 6);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_and_what_is_answered_later_is_not_missed() {
        let slips = typed(&[("what", "  "), ("out", "2026-02-30"), ("state", "splendid"), ("at", "noon")]);
        let wrong = read(&register(), &slips, "office").unwrap_err();
        let names: Vec<_> = wrong.iter().map(|one| one.question.as_str()).collect();
        assert_eq!(names, ["what", "out", "state", "at"]);
        assert!(wrong[1].why.contains("no day of the calendar"));
        let long = "a".repeat(WORDS_MOST + 1);
        let mut all = WHOLE.to_vec();
        all[0].1 = &long;
        assert!(read(&register(), &typed(&all), "").unwrap_err()[0].why.contains("too long"));
    }
}
