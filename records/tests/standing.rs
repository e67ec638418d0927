//! What decisions come to, over random histories, losses and orders.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use records::{
    consent::{Answer, ConsentDecision, PurposeAnswer, Said, Standing},
    ids::{PersonId, RecordId, Slug},
    standing::{Decisions, Lifted},
};

const MOTHER: u8 = 1;
const FATHER: u8 = 2;
/// Somebody without parental responsibility.
const AUNT: u8 = 3;

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}
fn id(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}
fn website() -> Slug {
    "website".parse().unwrap()
}

fn decision(n: u8, by: u8, answer: Answer, replaces: &[u8]) -> ConsentDecision {
    ConsentDecision {
        id: id(n),
        by: person(by),
        answers: vec![PurposeAnswer { purpose: website(), answer }],
        replaces: replaces.iter().map(|n| id(*n)).collect(),
        ..support::decision()
    }
}

fn standing(decisions: &[ConsentDecision], lifted: &BTreeSet<Lifted>) -> Standing {
    Decisions::new(decisions).standing(&website(), lifted, |_| true, |who| who != person(AUNT))
}
fn told(decisions: &[ConsentDecision]) -> Standing {
    standing(decisions, &BTreeSet::new())
}

#[test]
fn only_a_yes_of_somebody_responsible_that_no_no_meets_is_one() {
    use Answer::{No, Yes};
    assert_eq!(told(&[]), Standing::NotAsked);
    assert_eq!(told(&[decision(1, MOTHER, Yes, &[])]), Standing::Yes);
    assert_eq!(told(&[decision(1, AUNT, Yes, &[])]), Standing::NotAsked);
    let both = [decision(1, MOTHER, Yes, &[]), decision(2, FATHER, No, &[])];
    assert_eq!(told(&both), Standing::No);
    // The mother's next yes takes back none of the father's.
    let again = [both.to_vec(), vec![decision(3, MOTHER, Yes, &[1])]].concat();
    assert_eq!(told(&again), Standing::No);
    // And says nothing by naming his.
    let over = [both.to_vec(), vec![decision(3, MOTHER, Yes, &[1, 2])]].concat();
    assert_eq!(told(&over), Standing::No);
    let his_own = [both.to_vec(), vec![decision(3, FATHER, Yes, &[2])]].concat();
    assert_eq!(told(&his_own), Standing::Yes);
    assert_eq!(told(&[decision(1, AUNT, No, &[]), decision(2, MOTHER, Yes, &[])]), Standing::No);
}

#[test]
fn two_decisions_taken_unseen_are_a_no_until_one_names_both() {
    use Answer::{No, Yes};
    let apart =
        vec![decision(1, MOTHER, Yes, &[]), decision(2, MOTHER, No, &[1]), decision(3, MOTHER, Yes, &[1])];
    assert_eq!(told(&apart), Standing::No);
    let heads: Vec<_> = Decisions::new(&apart).heads(person(MOTHER)).iter().map(|d| d.id).collect();
    assert_eq!(heads, [id(2), id(3)]);
    let joined = [apart, vec![decision(4, MOTHER, Yes, &[2, 3])]].concat();
    assert_eq!(told(&joined), Standing::Yes);
}

#[test]
fn a_later_decision_that_does_not_answer_a_purpose_leaves_its_no() {
    let mut about_another = decision(2, MOTHER, Answer::Yes, &[1]);
    about_another.answers[0].purpose = "press".parse().unwrap();
    assert_eq!(told(&[decision(1, MOTHER, Answer::No, &[]), about_another]), Standing::No);
}

#[test]
fn what_asks_again_is_not_asked_and_a_no_stands_all_the_same() {
    let ask = |answer| {
        let all = [decision(1, MOTHER, answer, &[])];
        Decisions::new(&all).standing(&website(), &BTreeSet::new(), |_| false, |_| true)
    };
    assert_eq!(ask(Answer::Yes), Standing::NotAsked);
    assert_eq!(ask(Answer::No), Standing::No);
}

#[test]
fn a_lifted_no_is_gone_for_its_purpose_alone_and_makes_no_yes_by_itself() {
    let lifted = BTreeSet::from([Lifted { decision: id(1), purpose: website() }]);
    let no = decision(1, FATHER, Answer::No, &[]);
    assert_eq!(standing(std::slice::from_ref(&no), &lifted), Standing::NotAsked);
    assert_eq!(standing(&[no.clone(), decision(2, MOTHER, Answer::Yes, &[])], &lifted), Standing::Yes);
    let other = BTreeSet::from([Lifted { decision: id(1), purpose: "press".parse().unwrap() }]);
    assert_eq!(standing(&[no], &other), Standing::No);
}

#[test]
fn what_was_entered_by_mistake_and_taken_back_lets_what_stood_before_stand_again() {
    use Answer::{No, Yes};
    let without = |all: &[ConsentDecision], mistaken: &[u8]| {
        let mistaken = mistaken.iter().map(|n| id(*n)).collect();
        Decisions::without(all, &mistaken).standing(&website(), &BTreeSet::new(), |_| true, |_| true)
    };
    let slip = [decision(1, MOTHER, No, &[]), decision(2, MOTHER, Yes, &[1])];
    assert_eq!(told(&slip), Standing::Yes);
    assert_eq!(without(&slip, &[2]), Standing::No);
    assert_eq!(without(&slip[1..], &[2]), Standing::NotAsked);
    // She has answered since, and what she answered had seen the slip.
    let since = [slip.to_vec(), vec![decision(3, MOTHER, Yes, &[2])]].concat();
    assert_eq!(without(&since, &[2]), Standing::Yes);
    // Nobody else's no goes with it.
    let his = [slip.to_vec(), vec![decision(4, FATHER, No, &[])]].concat();
    assert_eq!(without(&his, &[2]), Standing::No);
    assert_eq!(without(&his, &[1, 2]), Standing::No);
}

#[test]
fn a_childs_no_stands_until_whoever_told_it_answers_that_question_again() {
    let question: Slug = "child-asked".parse().unwrap();
    let told = |n, by, choice: Option<&str>, replaces: &[u8]| {
        let said = choice.map(|choice| Said { question: question.clone(), choice: choice.parse().unwrap() });
        ConsentDecision { said: said.into_iter().collect(), ..decision(n, by, Answer::Yes, replaces) }
    };
    let no = "rather-not";
    let refused = |all: &[ConsentDecision], lifted: &BTreeSet<Lifted>| {
        let decisions = Decisions::new(all);
        let refuses = |d: &ConsentDecision| d.said.iter().any(|said| said.choice.as_str() == no);
        decisions.refusals(&question, lifted, refuses).iter().map(|d| d.id).collect::<Vec<_>>()
    };
    let nothing = BTreeSet::new();
    let first = told(1, MOTHER, Some(no), &[]);
    assert_eq!(refused(std::slice::from_ref(&first), &nothing), [id(1)]);
    // She answers the uses again and leaves the question out; the father says that the child is happy.
    let others = [first.clone(), told(2, MOTHER, None, &[1]), told(3, FATHER, Some("happy"), &[1])];
    assert_eq!(refused(&others, &nothing), [id(1)]);
    let again = [&others[..], &[told(4, MOTHER, Some("happy"), &[2])]].concat();
    assert!(refused(&again, &nothing).is_empty());
    let unseen = [first.clone(), told(4, MOTHER, Some("happy"), &[])];
    assert_eq!(refused(&unseen, &nothing), [id(1)], "which came first is not known");
    let lifted = BTreeSet::from([Lifted { decision: id(1), purpose: question.clone() }]);
    assert!(refused(&[first], &lifted).is_empty());
}

#[test]
fn decisions_that_replace_each_other_both_stay() {
    let ring = [decision(1, MOTHER, Answer::No, &[2]), decision(2, MOTHER, Answer::Yes, &[1])];
    assert_eq!(told(&ring), Standing::No);
    assert_eq!(told(&[decision(1, MOTHER, Answer::Yes, &[1])]), Standing::Yes);
}

/// A history as people make it: each decision names what its kiosk knew of the same person's.
fn history() -> impl Strategy<Value = Vec<ConsentDecision>> {
    let one = (1..=3_u8, any::<bool>(), any::<prop::sample::Index>(), any::<bool>());
    prop::collection::vec(one, 1..9).prop_map(|steps| {
        let mut all: Vec<ConsentDecision> = Vec::new();
        for (n, (by, yes, seen, knows)) in steps.into_iter().enumerate() {
            let answer = if yes { Answer::Yes } else { Answer::No };
            // What a kiosk knows may be as old as it likes.
            let known = &all[..if knows { all.len() } else { seen.index(all.len() + 1) }];
            let replaces = Decisions::new(known).heads(person(by)).iter().map(|d| d.id).collect();
            let n = u8::try_from(n + 1).unwrap();
            all.push(ConsentDecision { replaces, ..decision(n, by, answer, &[]) });
        }
        all
    })
}

proptest! {
    /// Whatever order they come in, and however often, they come to the same.
    #[test]
    fn the_order_of_coming_and_the_clocks_do_not_matter(all in history(), seed in any::<u64>(), clock in any::<i64>()) {
        let mut random = support::Seeded::new(seed);
        let mut mixed = all.clone();
        for i in (1..mixed.len()).rev() {
            mixed.swap(i, random.below(i + 1));
        }
        mixed.push(mixed[0].clone());
        for (step, decision) in mixed.iter_mut().enumerate() {
            decision.when.0 = clock.wrapping_mul(step as i64 + 1);
        }
        prop_assert_eq!(told(&mixed), told(&all));
    }

    /// Losing a decision, whichever, never turns somebody's no into a yes, unless it was that very no.
    #[test]
    fn a_lost_decision_makes_no_yes_of_a_no(all in history(), lost in any::<prop::sample::Index>()) {
        let lost = lost.index(all.len());
        let mut left = all.clone();
        let gone = left.remove(lost);
        let before = Decisions::new(&all).no_of(&website(), &BTreeSet::new());
        let after = Decisions::new(&left).no_of(&website(), &BTreeSet::new());
        for who in before {
            let was_it = gone.by == who && gone.answers[0].answer == Answer::No;
            prop_assert!(was_it || after.contains(&who));
        }
    }

    /// Somebody who says no has said no, whatever they and others said before.
    #[test]
    fn a_no_that_comes_last_is_a_no(all in history(), by in 1..=3_u8, knows in any::<bool>()) {
        let replaces = if knows { Decisions::new(&all).heads(person(by)).iter().map(|d| d.id).collect() } else { vec![] };
        let no = ConsentDecision { replaces, ..decision(99, by, Answer::No, &[]) };
        prop_assert_eq!(told(&[all, vec![no]].concat()), Standing::No);
    }

    /// Whoever sees all that they said before and says yes has taken back all their own noes, and nobody else's.
    #[test]
    fn a_yes_takes_back_ones_own_noes_alone(all in history(), by in 1..=3_u8) {
        let none = BTreeSet::new();
        let replaces = Decisions::new(&all).heads(person(by)).iter().map(|d| d.id).collect();
        let yes = ConsentDecision { replaces, ..decision(99, by, Answer::Yes, &[]) };
        let mut before = Decisions::new(&all).no_of(&website(), &none);
        before.remove(&person(by));
        let after = [all, vec![yes]].concat();
        prop_assert_eq!(Decisions::new(&after).no_of(&website(), &none), before);
    }
}
