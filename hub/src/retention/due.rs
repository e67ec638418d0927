//! What is due by the rules, and whether anything may go yet. No clock, no disk, no database.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use records::{
    day::Day,
    digest::Digest,
    ids::PersonId,
    retention::{After, Kept, Period, RetentionRules},
};

/// For so many days after somebody has left it can be undone; until then nothing of theirs goes.
pub const UNDO_DAYS: i16 = 30;
/// A hub that has looked at nothing for longer, in days, has a wrong clock or was put back from a backup: then it waits
/// as after new rules. No summer is longer.
const SILENCE: i16 = 45;

/// Something that the hub keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: [u8; 16],
    /// Of what kind.
    pub kept: Kept,
    /// Whom it names.
    pub names: Vec<PersonId>,
    /// What has happened that its time may run from, and when. What has not happened is not here.
    pub since: Vec<(After, Day)>,
    /// Whose answers it belongs to: they go together or not at all, so that no “yes” is left without the “no” beside it.
    pub together: Option<PersonId>,
    /// How long it is kept where it has a time of its own, whatever the rule of its kind says.
    pub own: Option<(Period, Option<After>)>,
}

impl Item {
    const fn is_person(&self) -> bool {
        matches!(self.kept, Kept::Pupils | Kept::Parents | Kept::Staff | Kept::Governors)
    }
}

/// Something that will go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// On which day, or as soon after it as it may.
    pub on: Day,
    /// Of what kind.
    pub kept: Kept,
    /// Its id.
    pub id: [u8; 16],
}

/// Everything that has a day on which it goes, the earliest first. `held` are people of whom nothing goes.
///
/// A name stays as long as anything that names it, and goes with the last of it.
pub fn due(rules: &RetentionRules, held: &BTreeSet<PersonId>, items: &[Item]) -> Vec<Due> {
    let mut days: Vec<Option<Day>> = items.iter().map(|item| own_day(rules, held, item)).collect();
    let mut groups: BTreeMap<PersonId, Option<Day>> = BTreeMap::new();
    for (item, day) in items.iter().zip(&days) {
        if let Some(group) = item.together {
            groups.entry(group).and_modify(|all| *all = later(*all, *day)).or_insert(*day);
        }
    }
    for (item, day) in items.iter().zip(&mut days) {
        if let Some(all) = item.together.and_then(|group| groups.get(&group)) {
            *day = *all;
        }
    }
    let mut named: BTreeMap<PersonId, Option<Day>> = BTreeMap::new();
    for (item, day) in items.iter().zip(&days).filter(|(item, _)| !item.is_person()) {
        for person in &item.names {
            named.entry(*person).and_modify(|all| *all = later(*all, *day)).or_insert(*day);
        }
    }
    for (item, day) in items.iter().zip(&mut days).filter(|(item, _)| item.is_person()) {
        if let Some(last) = item.names.iter().find_map(|person| named.get(person)) {
            *day = later(*day, *last);
        }
    }
    let due = items.iter().zip(days);
    let mut due: Vec<Due> =
        due.filter_map(|(item, on)| Some(Due { on: on?, kept: item.kept, id: item.id })).collect();
    due.sort_unstable();
    due
}

/// The later of two days; never, if one of them is never.
fn later(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    Some(one?.max(other?))
}

/// When an item goes by its own rule alone.
fn own_day(rules: &RetentionRules, held: &BTreeSet<PersonId>, item: &Item) -> Option<Day> {
    if item.names.iter().any(|person| held.contains(person)) {
        return None;
    }
    let rule = || rules.rule(item.kept).map(|rule| (rule.period, rule.after));
    let (period, after) = item.own.or_else(rule)?;
    let after = after?;
    let (_, since) = item.since.iter().find(|(event, _)| *event == after)?;
    let ends = period.after(*since)?;
    Some(if after == After::Leaving { ends.max(plus(*since, UNDO_DAYS)?) } else { ends })
}

fn plus(day: Day, days: i16) -> Option<Day> {
    day.date().checked_add(Span::new().days(days)).ok().map(Day::from)
}

/// What a hub remembers of its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Which rules.
    pub rules: Digest,
    /// Since when they are in force here.
    pub seen: Day,
    /// When they were last looked at.
    pub looked: Day,
    /// The account that has stopped all removal, where one has.
    pub stopped_by: Option<i64>,
}

/// Whether anything may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not before this day: the rules are new here, or the hub's clock has jumped.
    NotBefore(Day),
    /// The office has stopped it.
    Stopped,
    /// What is due goes.
    Runs,
}

impl Memory {
    /// What is remembered after these rules were looked at on this day.
    pub fn look(before: Option<Self>, rules: &RetentionRules, today: Day) -> Self {
        let new = Self { rules: rules.digest(), seen: today, looked: today, stopped_by: None };
        let Some(before) = before else { return new };
        let is_awake = today >= before.looked && plus(before.looked, SILENCE).is_some_and(|end| today <= end);
        let seen = if before.rules == new.rules && is_awake { before.seen } else { today };
        Self { seen, stopped_by: before.stopped_by, ..new }
    }

    /// Whether anything may go on this day.
    pub fn standing(&self, rules: &RetentionRules, today: Day) -> Standing {
        if self.stopped_by.is_some() {
            return Standing::Stopped;
        }
        let notice =
            i16::try_from(rules.notice_days.max(records::retention::NOTICE_LEAST)).unwrap_or(i16::MAX);
        match plus(self.seen, notice) {
            Some(until) if until <= today => Standing::Runs,
            Some(until) => Standing::NotBefore(until),
            None => Standing::Stopped,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::{collection::vec, prelude::*};
    use records::retention::Rule;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn person(number: u8) -> PersonId {
        PersonId::from_bytes([number; 16])
    }
    fn rule(kept: Kept, period: Period, after: After) -> Rule {
        Rule {
            kept,
            period,
            after: Some(after),
            because: String::new(),
            source: String::new(),
            checked: None,
        }
    }
    fn year_each() -> RetentionRules {
        let rules = Kept::ALL
            .into_iter()
            .filter_map(|kept| Some(rule(kept, Period::Years(1), *kept.may_run_from().first()?)));
        RetentionRules { notice_days: 28, rules: rules.collect(), registers: Vec::new() }
    }
    fn item(id: u8, kept: Kept, names: &[u8], since: &[(After, &str)]) -> Item {
        let names: Vec<PersonId> = names.iter().map(|name| person(*name)).collect();
        Item {
            id: [id; 16],
            kept,
            together: (kept == Kept::Consent).then(|| names[0]),
            names,
            since: since.iter().map(|(after, text)| (*after, day(text))).collect(),
            own: None,
        }
    }
    fn days(items: &[Item], held: &[u8]) -> Vec<(u8, String)> {
        let held = held.iter().map(|number| person(*number)).collect();
        due(&year_each(), &held, items).iter().map(|due| (due.id[0], due.on.to_string())).collect()
    }

    #[test]
    fn a_register_with_a_time_of_its_own_goes_by_it_and_not_by_the_rule_of_all() {
        let made = [(After::Made, "2026-09-14"), (After::Closed, "2026-10-01")];
        let entry = |own| Item { own, ..item(1, Kept::RegisterEntries, &[1], &made) };
        let on = |own| days(&[entry(own)], &[]).first().map(|(_, day)| day.clone());
        assert_eq!(on(None).as_deref(), Some("2027-09-14"));
        assert_eq!(on(Some((Period::Months(1), Some(After::Closed)))).as_deref(), Some("2026-11-01"));
        assert_eq!(on(Some((Period::Years(1), Some(After::Leaving)))), None, "nobody has left");
        assert_eq!(on(Some((Period::Always, None))), None);
        assert_eq!(days(&[entry(None)], &[1]), [], "it names somebody of whom nothing goes");
    }

    #[test]
    fn a_name_stays_as_long_as_anything_that_names_it() {
        let left = [(After::Leaving, "2026-10-01")];
        let items = [
            item(1, Kept::Pupils, &[1], &left),
            item(2, Kept::PupilSignatures, &[1], &[(After::SchoolYear, "2027-08-31")]),
            item(3, Kept::Pupils, &[2], &left),
        ];
        let expected = [(3, "2027-10-01".into()), (2, "2028-08-31".into()), (1, "2028-08-31".into())];
        assert_eq!(days(&items, &[]), expected);
        assert_eq!(days(&items, &[1]), expected[..1], "of somebody who is held nothing goes");
        let here = [item(1, Kept::Pupils, &[1], &[]), items[1].clone()];
        assert_eq!(days(&here, &[]), [(2, "2028-08-31".into())], "who is here stays");
    }

    #[test]
    fn a_familys_answers_go_together_also_where_one_of_two_parents_is_held() {
        let left = [(After::Leaving, "2026-10-01")];
        let items = [item(1, Kept::Consent, &[1, 8], &left), item(2, Kept::Consent, &[1, 9], &left)];
        assert_eq!(days(&items, &[]).len(), 2);
        assert_eq!(days(&items, &[9]), [], "the mother’s no is not lost beside the father’s yes");
    }

    #[test]
    fn leaving_can_be_undone_for_thirty_days_whatever_the_rules_say() {
        let mut rules = year_each();
        for rule in &mut rules.rules {
            rule.period = Period::Days(0);
        }
        let items = [item(1, Kept::Staff, &[1], &[(After::Leaving, "2026-10-01")])];
        assert_eq!(due(&rules, &BTreeSet::new(), &items)[0].on, day("2026-10-31"));
    }

    #[test]
    fn new_rules_wait_and_so_does_a_hub_whose_clock_has_jumped_or_that_was_put_back() {
        let (rules, start) = (year_each(), day("2026-09-01"));
        let memory = Memory::look(None, &rules, start);
        assert_eq!(memory.standing(&rules, start), Standing::NotBefore(day("2026-09-29")));
        let look = |memory: Memory, text: &str| Memory::look(Some(memory), &rules, day(text));
        let later = look(look(memory, "2026-09-15"), "2026-09-29");
        assert_eq!(later.standing(&rules, day("2026-09-29")), Standing::Runs);
        // Six weeks of holidays are none.
        let autumn = look(later, "2026-11-10");
        assert_eq!(autumn.standing(&rules, day("2026-11-10")), Standing::Runs);
        for jump in ["2031-01-01", "2026-09-01"] {
            let jumped = look(later, jump);
            assert!(matches!(jumped.standing(&rules, day(jump)), Standing::NotBefore(_)), "{jump}");
        }
        let mut shorter = rules.clone();
        shorter.rules[0].period = Period::Days(1);
        let changed = Memory::look(Some(later), &shorter, day("2026-09-30"));
        assert_eq!(changed.standing(&shorter, day("2026-09-30")), Standing::NotBefore(day("2026-10-28")));
        let stopped = Memory { stopped_by: Some(4), ..later };
        assert_eq!(look(stopped, "2026-09-30").standing(&rules, day("2026-09-30")), Standing::Stopped);
        let mut hasty = rules;
        hasty.notice_days = 0;
        assert!(matches!(Memory::look(None, &hasty, start).standing(&hasty, start), Standing::NotBefore(_)));
    }

    fn some_day() -> impl Strategy<Value = Day> {
        (0_i32..6000).prop_map(|days| day("2020-01-01").date().saturating_add(Span::new().days(days)).into())
    }
    fn some_items() -> impl Strategy<Value = Vec<Item>> {
        let one = (
            0_usize..Kept::ALL.len(),
            vec(0_u8..6, 1..3),
            vec((0_usize..After::ALL.len(), some_day()), 0..4),
        );
        vec(one, 0..24).prop_map(|all| {
            let items = all.into_iter().enumerate().map(|(id, (kept, names, since))| {
                let (kept, names) = (Kept::ALL[kept], names.into_iter().map(person).collect::<Vec<_>>());
                Item {
                    id: [u8::try_from(id).unwrap(); 16],
                    kept,
                    together: (kept == Kept::Consent).then(|| names[0]),
                    names,
                    since: since.into_iter().map(|(after, day)| (After::ALL[after], day)).collect(),
                    own: None,
                }
            });
            items.collect()
        })
    }
    fn some_rules() -> impl Strategy<Value = RetentionRules> {
        let period = prop_oneof![
            (0_u16..800).prop_map(Period::Days),
            (0_u16..30).prop_map(Period::Months),
            (0_u16..5).prop_map(Period::Years),
            Just(Period::Always),
        ];
        vec((period, any::<bool>()), Kept::ALL.len()).prop_map(|all| {
            let rules = Kept::ALL.into_iter().zip(all).filter(|(_, (_, there))| *there);
            let rules = rules
                .filter_map(|(kept, (period, _))| Some(rule(kept, period, *kept.may_run_from().last()?)));
            RetentionRules { notice_days: 28, rules: rules.collect(), registers: Vec::new() }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn whatever_is_kept_nothing_goes_early_nothing_held_goes_and_no_record_outlives_its_name(
            items in some_items(), rules in some_rules(), held in vec(0_u8..6, 0..3), today in some_day(),
        ) {
            let held: BTreeSet<PersonId> = held.into_iter().map(person).collect();
            let due = due(&rules, &held, &items);
            let gone: BTreeMap<[u8; 16], Day> =
                due.iter().filter(|due| due.on <= today).map(|due| (due.id, due.on)).collect();
            prop_assert!(due.is_sorted(), "the earliest first");
            for item in &items {
                let rule = rules.rule(item.kept).and_then(|rule| Some((rule, rule.after?)));
                if let Some(on) = gone.get(&item.id) {
                    let (rule, after) = rule.unwrap();
                    let happened = item.since.iter().filter(|(event, _)| *event == after).map(|(_, day)| *day);
                    let earliest = happened.filter_map(|day| rule.ends(day)).min();
                    prop_assert!(earliest.is_some_and(|earliest| earliest <= *on), "before its time: {item:?}");
                    prop_assert!(item.names.iter().all(|name| !held.contains(name)), "held: {item:?}");
                }
                for other in items.iter().filter(|other| other.is_person() && !item.is_person()) {
                    if gone.contains_key(&other.id) && item.names.contains(&other.names[0]) {
                        prop_assert!(gone.contains_key(&item.id), "{item:?} names somebody who is gone");
                    }
                }
                for other in items.iter().filter(|other| item.together.is_some() && other.together == item.together) {
                    prop_assert_eq!(gone.get(&item.id), gone.get(&other.id), "answers are torn apart");
                }
            }
        }

        #[test]
        fn what_is_due_on_one_day_is_due_on_every_later_one_and_a_longer_time_brings_nothing_forward(
            items in some_items(), rules in some_rules(), more in 0_u16..400,
        ) {
            let nobody = BTreeSet::new();
            let mut longer = rules.clone();
            for rule in &mut longer.rules {
                rule.period = match rule.period {
                    Period::Days(days) => Period::Days(days + more),
                    Period::Months(months) => Period::Months(months + more),
                    Period::Years(years) => Period::Years(years + more % 5),
                    Period::Always => Period::Always,
                };
            }
            let before: BTreeMap<[u8; 16], Day> =
                due(&rules, &nobody, &items).iter().map(|due| (due.id, due.on)).collect();
            for after in due(&longer, &nobody, &items) {
                prop_assert!(before.get(&after.id).is_some_and(|day| *day <= after.on));
            }
        }
    }
}
