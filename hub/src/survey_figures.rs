//! What pupils answered to a survey, as it may be shown: weeks that are over, put together until no number is small.
//!
//! A page of figures is looked at again and again. So nothing is shown of a week that may still grow, and what is added
//! from one look to the next has no small number in it either ([`figures::blocks`]). What is left at the end of a term
//! is shown as far as it can be.

use records::{
    day::{Day, SchoolYear},
    ids::Slug,
    pack::{PackContent, Term},
    survey::{Shown as When, Survey, SurveyQuestion},
};

use crate::{
    figures::{self, Shown},
    school_days,
    store::survey_totals::Total,
};

/// For so many school days after the end of a survey that is open for a time, boxes that counted it are waited for: a
/// kiosk that was switched off before the holidays brings its box when school begins again. What comes later is not among
/// its figures.
const SCHOOL_DAYS: usize = 5;
/// For so many days, where the terms do not say when school begins again, and after the last term of a year.
const DAYS: i32 = 14;

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfQuestion {
    /// The question's words.
    pub words: String,
    /// The words of each answer; the last is of those who did not want to say.
    pub answers: Vec<String>,
    /// From the earliest days on.
    pub rows: Vec<Row>,
}

/// How often each answer was given on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The first of them.
    pub from: Day,
    /// The last.
    pub until: Day,
    /// For each answer, in their order.
    pub counts: Vec<Shown>,
}

/// A week, or as much of it as lies in a term; or a whole vote.
struct Week {
    from: Day,
    until: Day,
    /// Of each question, how often each answer was given.
    counts: Vec<Vec<usize>>,
}

/// What is shown of some days: of each question.
struct Together {
    from: Day,
    until: Day,
    counts: Vec<Vec<Shown>>,
}

/// What is shown of a survey on a day.
///
/// Whoever answers is counted once in each question, so the questions have one whole: the days are cut for all of them
/// at once. Cut for each by itself, what one shows and the other does not would tell a small number.
pub fn of(
    survey: &Survey,
    totals: &[Total],
    content: &PackContent,
    today: Day,
    unsaid: &str,
) -> Vec<OfQuestion> {
    let shown: Vec<Together> = match survey.shown {
        When::Daily => {
            let terms = periods(content.year, &content.terms);
            terms.iter().flat_map(|(from, until)| term(survey, totals, *from, *until, today)).collect()
        }
        When::Between { from, until } => {
            vote(survey, totals, (from, until), &content.terms, today).into_iter().collect()
        }
    };
    let of_question = |(at, question): (usize, &SurveyQuestion)| {
        let answers = question.choices.iter().map(|choice| choice.words.clone());
        let row =
            |days: &Together| Row { from: days.from, until: days.until, counts: days.counts[at].clone() };
        OfQuestion {
            words: question.words.clone(),
            answers: answers.chain([unsaid.to_owned()]).collect(),
            rows: shown.iter().map(row).collect(),
        }
    };
    survey.questions.iter().enumerate().map(of_question).collect()
}

/// The school year, divided where a term begins: what comes between two terms belongs to the one before. After the last
/// one boxes are waited for, and no longer: its rest is to be seen before the next year’s pack is published.
fn periods(year: SchoolYear, terms: &[Term]) -> Vec<(Day, Day)> {
    let mut terms: Vec<&Term> = terms.iter().filter(|term| year.holds(term.starts)).collect();
    terms.sort_by_key(|term| term.starts);
    let last = terms.last().map_or(year.ends, |term| after(term.ends, DAYS).min(year.ends));
    // The first term’s beginning divides nothing.
    let begins: Vec<Day> = terms.iter().skip(1).map(|term| term.starts).collect();
    let starts = std::iter::once(year.starts).chain(begins.iter().copied());
    let ends = begins.iter().map(|day| after(*day, -1)).chain([last]);
    starts.zip(ends).collect()
}

fn term(survey: &Survey, totals: &[Total], from: Day, until: Day, today: Day) -> Vec<Together> {
    let mut weeks = Vec::new();
    let mut begins = from;
    while begins <= until && begins < today {
        let ends = until.min(after(begins, 6 - i32::from(begins.date().weekday().to_monday_zero_offset())));
        if ends >= today {
            break;
        }
        weeks.push(Week { from: begins, until: ends, counts: counts(survey, totals, begins, ends) });
        begins = after(ends, 1);
    }
    let of_weeks: Vec<_> = weeks.iter().map(|week| week.counts.concat()).collect();
    let blocks = figures::blocks(&of_weeks);
    let mut shown: Vec<Together> = Vec::new();
    let mut next = 0;
    for end in blocks {
        shown.extend(together(&weeks[next..end]));
        next = end;
    }
    if until < today {
        shown.extend(together(&weeks[next..]));
    }
    shown
}

/// A vote is shown once it is over, as a whole.
fn vote(
    survey: &Survey,
    totals: &[Total],
    (from, until): (Day, Day),
    terms: &[Term],
    today: Day,
) -> Option<Together> {
    let last = waits_until(until, terms);
    let counts = counts(survey, totals, from, last);
    (last < today).then(|| together(&[Week { from, until, counts }])).flatten()
}

/// The last day on which boxes that counted a survey are waited for.
fn waits_until(until: Day, terms: &[Term]) -> Day {
    const LONGEST_HOLIDAYS: i32 = 60;
    let days = (1..=LONGEST_HOLIDAYS).map(|days| after(until, days));
    let mut school_days = days.filter(|day| school_days::is_one(day.date(), terms));
    school_days.nth(SCHOOL_DAYS - 1).unwrap_or_else(|| after(until, DAYS))
}

/// Weeks together, from the first in which anybody answered.
fn together(weeks: &[Week]) -> Option<Together> {
    let begins = weeks.iter().position(|week| week.counts.iter().flatten().any(|count| *count > 0))?;
    let weeks = &weeks[begins..];
    let (first, last) = (weeks.first()?, weeks.last()?);
    let mut sums = first.counts.clone();
    for week in &weeks[1..] {
        for (sums, counts) in sums.iter_mut().zip(&week.counts) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
    let counts = sums.iter().map(|sums| figures::all_parts(sums)).collect();
    Some(Together { from: first.from, until: last.until, counts })
}

/// Of each question, how often each answer was given; the last of those who did not want to say.
fn counts(survey: &Survey, totals: &[Total], from: Day, until: Day) -> Vec<Vec<usize>> {
    survey.questions.iter().map(|question| of_one(question, totals, from, until)).collect()
}

fn of_one(question: &SurveyQuestion, totals: &[Total], from: Day, until: Day) -> Vec<usize> {
    let within = |total: &&Total| total.question == question.id && from <= total.day && total.day <= until;
    let of = |answer: Option<&Slug>| {
        totals
            .iter()
            .filter(within)
            .filter(|total| total.answer.as_ref() == answer)
            .map(|total| total.count)
            .sum()
    };
    question.choices.iter().map(|choice| Some(&choice.id)).chain([None]).map(of).collect()
}

fn after(day: Day, days: i32) -> Day {
    day.date().saturating_add(jiff::Span::new().days(days)).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use records::survey::SurveyChoice;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn question(id: &str, answers: [&str; 2]) -> SurveyQuestion {
        let choice = |id: &str| SurveyChoice {
            id: id.parse().unwrap(),
            words: id.to_owned(),
            symbol: id.parse().unwrap(),
            may_tell: false,
        };
        SurveyQuestion { id: id.parse().unwrap(), words: id.to_owned(), choices: answers.map(choice).into() }
    }

    fn survey() -> Survey {
        Survey {
            id: "today".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            title: "How was it today?".to_owned(),
            symbol: "sun".parse().unwrap(),
            shown: When::Daily,
            intro: vec![],
            questions: vec![question("feeling", ["happy", "sad"])],
        }
    }

    fn total_of(question: &str, on: &str, answer: &str, count: usize) -> Total {
        let (question, answer) = (question.parse().unwrap(), Some(answer.parse().unwrap()));
        Total { day: day(on), question, answer, count }
    }

    fn total(on: &str, answer: &str, count: usize) -> Total {
        total_of("feeling", on, answer, count)
    }

    /// What is shown of a question.
    fn told(shown: &[Together], question: usize) -> Vec<String> {
        let told = |days: &Together| {
            let counts: Vec<_> = days.counts[question].iter().map(Shown::to_string).collect();
            format!("{} {}: {}", days.from, days.until, counts.join(" / "))
        };
        shown.iter().map(told).collect()
    }

    #[test]
    fn a_week_with_a_small_number_waits_for_those_after_it_and_the_running_week_for_its_end() {
        let totals = [
            total("2026-09-07", "happy", 30),
            total("2026-09-11", "sad", 2),
            total("2026-09-15", "happy", 20),
            total("2026-09-16", "sad", 4),
            total("2026-09-21", "happy", 9),
        ];
        let rows =
            |today| told(&term(&survey(), &totals, day("2026-09-03"), day("2026-10-20"), day(today)), 0);
        assert!(rows("2026-09-14").is_empty(), "two were sad in the first week");
        assert!(rows("2026-09-20").is_empty(), "the second week is not over");
        let first = "2026-09-07 2026-09-20: 50 / 6 / 0";
        assert_eq!(rows("2026-09-21"), [first]);
        assert_eq!(rows("2026-09-28"), [first, "2026-09-21 2026-09-27: 9 / 0 / 0"]);
    }

    #[test]
    fn a_week_that_one_question_may_not_show_is_shown_of_no_other_either() {
        let mut survey = survey();
        survey.questions.push(question("screens", ["fun", "upset"]));
        let totals = [
            total("2026-09-07", "happy", 24),
            total("2026-09-07", "sad", 6),
            total_of("screens", "2026-09-07", "fun", 26),
            total_of("screens", "2026-09-07", "upset", 4),
            // One child in the week after.
            total("2026-09-14", "sad", 1),
            total_of("screens", "2026-09-14", "upset", 1),
        ];
        let rows = |today| term(&survey, &totals, day("2026-09-03"), day("2026-10-20"), day(today));
        assert!(rows("2026-09-14").is_empty());
        let shown = rows("2026-09-21");
        assert_eq!(told(&shown, 0), ["2026-09-07 2026-09-20: 24 / 7 / 0"]);
        assert_eq!(told(&shown, 1), ["2026-09-07 2026-09-20: 26 / 5 / 0"]);
    }

    #[test]
    fn what_is_left_at_the_end_of_a_term_is_shown_as_far_as_it_can_be() {
        let totals = [total("2026-09-07", "happy", 30), total("2026-09-15", "sad", 2)];
        let rows =
            |today| told(&term(&survey(), &totals, day("2026-09-03"), day("2026-09-25"), day(today)), 0);
        assert_eq!(rows("2026-09-25"), ["2026-09-07 2026-09-13: 30 / 0 / 0"]);
        assert_eq!(rows("2026-09-26")[1], "2026-09-14 2026-09-25: not shown / not shown / not shown");
    }

    fn terms(of: &[(&str, &str)]) -> Vec<Term> {
        of.iter().map(|(starts, ends)| Term { starts: day(starts), ends: day(ends) }).collect()
    }

    #[test]
    fn a_vote_is_shown_whole_when_it_is_over_and_its_last_boxes_had_five_school_days_to_come() {
        let totals = [
            total("2027-03-02", "happy", 140),
            total("2027-03-12", "sad", 41),
            total("2027-03-25", "sad", 1),
        ];
        let shown = |terms: &[Term], today| {
            let days = (day("2027-03-01"), day("2027-03-10"));
            let shown = vote(&survey(), &totals, days, terms, day(today));
            shown.map(|days| told(&[days], 0).remove(0))
        };
        assert_eq!(shown(&[], "2027-03-17"), None, "boxes of its last day may still come");
        assert_eq!(shown(&[], "2027-03-18").unwrap(), "2027-03-01 2027-03-10: 140 / 41 / 0");
        // It ended on the last day of a term, and a kiosk brought its box when school began again.
        let holidays = terms(&[("2027-01-05", "2027-03-10"), ("2027-03-22", "2027-05-28")]);
        assert_eq!(shown(&holidays, "2027-03-26"), None);
        assert_eq!(shown(&holidays, "2027-03-27").unwrap(), "2027-03-01 2027-03-10: 140 / 42 / 0");
        let last_term = terms(&[("2027-01-05", "2027-03-10")]);
        assert_eq!(shown(&last_term, "2027-03-24"), None);
        assert!(shown(&last_term, "2027-03-25").is_some());
    }

    #[test]
    fn a_year_is_divided_where_its_terms_begin_and_ends_soon_after_the_last() {
        let periods = |of: &[(&str, &str)]| {
            let year = SchoolYear { starts: day("2026-09-01"), ends: day("2027-08-31") };
            periods(year, &terms(of))
                .iter()
                .map(|(from, until)| format!("{from} {until}"))
                .collect::<Vec<_>>()
        };
        let autumn = ("2026-09-01", "2026-12-18");
        let (spring, summer) = (("2027-01-05", "2027-03-25"), ("2027-04-12", "2027-07-21"));
        let three = ["2026-09-01 2027-01-04", "2027-01-05 2027-04-11", "2027-04-12 2027-08-04"];
        assert_eq!(periods(&[autumn, spring, summer]), three, "the first begins with the year");
        assert_eq!(periods(&[summer, ("2026-09-03", "2026-12-18"), spring]), three);
        assert_eq!(periods(&[]), ["2026-09-01 2027-08-31"]);
        assert_eq!(periods(&[("2026-09-01", "2027-08-30")]), ["2026-09-01 2027-08-31"]);
    }
}
