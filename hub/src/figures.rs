//! Numbers that may leave the school without names: small ones are withheld, and so is what they could be reckoned from.
//!
//! In a school of two hundred, “1 no” among thirty answers is somebody whom everybody can name. So a count of one to
//! four is never shown, and where the whole is known, neither is what would give it away.

use std::fmt;

/// The smallest count but nought that is shown: five is our own choice. That small numbers about pupils are rounded or
/// suppressed where children could be known by them is the practice of England's education department (House of Lords,
/// written answer HL812, 7 January 2010).
pub const FEWEST: usize = 5;

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// As it is: nought, or [`FEWEST`] or more.
    Exactly(usize),
    /// One or more, and less than [`FEWEST`].
    Few,
    /// More than so many: the rest are [`Self::Few`].
    MoreThan(usize),
    /// Not at all, because something else could be reckoned from it.
    Withheld,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => count.fmt(f),
            Self::Few => write!(f, "fewer than {FEWEST}"),
            Self::MoreThan(count) => write!(f, "more than {count}"),
            Self::Withheld => f.write_str("not shown"),
        }
    }
}

/// A count that is no part of a whole that is shown.
pub const fn alone(count: usize) -> Shown {
    if count == 0 || count >= FEWEST { Shown::Exactly(count) } else { Shown::Few }
}

/// Counts that add up to a whole. The whole may be shown beside them if it is [`FEWEST`] or more; of a smaller one
/// nothing is shown, nor which of its parts are nought.
pub fn parts<const N: usize>(counts: [usize; N]) -> [Shown; N] {
    let shown = all_parts(&counts);
    std::array::from_fn(|at| shown[at])
}

/// The same for any number of parts, in an order that does not come from the counts.
///
/// The part that is hidden beside small ones is chosen by its place, never by its size: who knows this program must not
/// learn from the choice. It is the first large one; where that is not large enough that the small ones could be
/// anything from one to four each, nothing is shown.
pub fn all_parts(counts: &[usize]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = counts.iter().copied().map(alone).collect();
    let small = counts.iter().filter(|count| (1..FEWEST).contains(*count));
    let (how_many, together) = (small.clone().count(), small.sum::<usize>());
    if how_many == 0 {
        return shown;
    }
    let most = how_many * (FEWEST - 1);
    match counts.iter().position(|count| *count >= FEWEST) {
        Some(at) if together + counts[at] >= most + FEWEST => {
            shown[at] = Shown::MoreThan(together + counts[at] - most - 1);
            shown
        }
        _ => vec![Shown::Withheld; counts.len()],
    }
}

/// Counts of one week after another, each of the same parts, put together into blocks that may be shown as they are,
/// one after another and whenever a week is over: where each block ends. Of a block no part is from one to four, so
/// neither is what was added since an earlier look. The weeks after the last block are not shown yet.
pub fn blocks(weeks: &[Vec<usize>]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut together: Vec<usize> = Vec::new();
    for (at, week) in weeks.iter().enumerate() {
        together.resize(week.len().max(together.len()), 0);
        together.iter_mut().zip(week).for_each(|(sum, count)| *sum += count);
        let is_small = |count: &usize| (1..FEWEST).contains(count);
        if together.iter().any(|count| *count > 0) && !together.iter().any(is_small) {
            ends.push(at + 1);
            together.clear();
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    /// Every way in which so many can be shared out among so many parts.
    fn shared_out(whole: usize, parts: usize) -> Vec<Vec<usize>> {
        if parts == 1 {
            return vec![vec![whole]];
        }
        let with = |first: usize| {
            let rest = shared_out(whole - first, parts - 1).into_iter();
            rest.map(move |rest| [vec![first], rest].concat())
        };
        (0..=whole).flat_map(with).collect()
    }

    #[test]
    fn no_small_count_is_shown_or_can_be_reckoned_from_the_whole_and_the_other_parts() {
        // Whoever knows the whole, what is shown, and this very program, reckons back.
        for (parts, most) in [(2, 60), (3, 40), (4, 26), (5, 16)] {
            let mut seen: HashMap<(usize, Vec<Shown>), Vec<Vec<usize>>> = HashMap::new();
            for counts in (0..=most).flat_map(|whole| shared_out(whole, parts)) {
                let whole = counts.iter().sum::<usize>();
                // A whole from one to four is not shown.
                let known = if (1..FEWEST).contains(&whole) { 1 } else { whole };
                seen.entry((known, all_parts(&counts))).or_default().push(counts);
            }
            for ((whole, shown), could_be) in &seen {
                for at in 0..parts {
                    let values: HashSet<usize> = could_be.iter().map(|counts| counts[at]).collect();
                    let [only] = values.into_iter().collect::<Vec<_>>()[..] else { continue };
                    assert!(!(1..FEWEST).contains(&only), "{only} is given away by {shown:?} of {whole}");
                }
            }
        }
    }

    #[test]
    fn no_small_count_of_a_week_can_be_reckoned_from_the_blocks_whenever_they_are_looked_at() {
        // Whoever looks after each week, and knows this very program.
        const MOST: usize = 6;
        let one: Vec<Vec<usize>> = (0..=MOST).flat_map(|a| (0..=MOST).map(move |b| vec![a, b])).collect();
        type Look = Vec<(usize, Vec<usize>)>;
        let mut seen: HashMap<Vec<Look>, Vec<Vec<Vec<usize>>>> = HashMap::new();
        for first in &one {
            for second in &one {
                for third in &one {
                    let weeks = vec![first.clone(), second.clone(), third.clone()];
                    let looks = (1..=weeks.len()).map(|over| {
                        let mut from = 0;
                        let block = |end: usize| {
                            let sums = (0..2).map(|part| weeks[from..end].iter().map(|w| w[part]).sum());
                            let sums: Vec<usize> = sums.collect();
                            from = end;
                            (end, sums)
                        };
                        blocks(&weeks[..over]).into_iter().map(block).collect()
                    });
                    seen.entry(looks.collect()).or_default().push(weeks.clone());
                }
            }
        }
        // Of larger blocks this test does not know everything that they could be.
        let all =
            |shown: &Vec<Look>| shown.iter().flatten().all(|(_, sums)| sums.iter().all(|sum| *sum <= MOST));
        seen.retain(|shown, _| all(shown));
        for (shown, could_be) in &seen {
            for (week, part) in (0..3).flat_map(|week| [(week, 0), (week, 1)]) {
                let values: HashSet<usize> = could_be.iter().map(|weeks| weeks[week][part]).collect();
                let [only] = values.into_iter().collect::<Vec<_>>()[..] else { continue };
                assert!(!(1..FEWEST).contains(&only), "{only} in week {week} is given away by {shown:?}");
            }
        }
        assert!(seen.len() > 20, "something is shown: {}", seen.len());
    }

    #[test]
    fn no_small_count_can_be_reckoned_where_two_questions_have_one_whole() {
        // Two weeks, each with as many answers to the one question as to the other, each with two answers.
        const MOST: usize = 11;
        let of = |whole: usize| {
            let split = move |part: usize| [part, whole - part];
            (0..=whole).flat_map(move |a| (0..=whole).map(move |b| [split(a), split(b)].concat()))
        };
        let one: Vec<Vec<usize>> = (0..=MOST).flat_map(of).collect();
        // What each look shows: of the first week alone, and of both.
        type Looks = (Option<Vec<usize>>, Option<Vec<usize>>);
        type Weeks<'w> = (&'w [usize], &'w [usize]);
        let mut seen: HashMap<Looks, Vec<Weeks<'_>>> = HashMap::new();
        for first in &one {
            let early = !blocks(std::slice::from_ref(first)).is_empty();
            for second in &one {
                let ends = blocks(&[first.clone(), second.clone()]);
                let from = if early { vec![0; 4] } else { first.clone() };
                let shown = ends.contains(&2).then(|| from.iter().zip(second).map(|(a, b)| a + b).collect());
                seen.entry((early.then(|| first.clone()), shown)).or_default().push((first, second));
            }
        }
        // Of larger blocks this test does not know everything that they could be.
        seen.retain(|(_, both), _| both.iter().flatten().all(|sum| *sum <= MOST));
        for (shown, could_be) in &seen {
            for (week, part) in (0..2).flat_map(|week| (0..4).map(move |part| (week, part))) {
                let of = |(first, second): &(&[usize], &[usize])| {
                    if week == 0 { first[part] } else { second[part] }
                };
                let value = of(&could_be[0]);
                let is_known = could_be.iter().all(|one| of(one) == value);
                assert!(!is_known || !(1..FEWEST).contains(&value), "{value} is given away by {shown:?}");
            }
        }
        assert!(seen.len() > 100, "something is shown: {}", seen.len());
    }

    #[test]
    fn what_is_large_is_shown_as_it_is_and_what_is_small_as_well_as_can_be() {
        let told = |shown: &[Shown]| shown.iter().map(Shown::to_string).collect::<Vec<_>>().join(" / ");
        assert_eq!(told(&parts([180, 30])), "180 / 30");
        assert_eq!(told(&parts([210, 0])), "210 / 0", "that everybody has signed may be said");
        assert_eq!(told(&parts([208, 2])), "more than 205 / fewer than 5");
        assert_eq!(told(&parts([3, 1])), "not shown / not shown");
        assert_eq!(told(&parts([150, 40, 20])), "150 / 40 / 20");
        assert_eq!(told(&parts([150, 57, 3])), "more than 148 / 57 / fewer than 5");
        assert_eq!(told(&parts([200, 3, 2])), "more than 196 / fewer than 5 / fewer than 5");
        assert_eq!(told(&parts([5, 80, 1])), "not shown / not shown / not shown");
        assert_eq!(told(&parts([4, 4, 0])), "not shown / not shown / not shown");
        assert_eq!(told(&[alone(0), alone(4), alone(5)]), "0 / fewer than 5 / 5");
    }
}
