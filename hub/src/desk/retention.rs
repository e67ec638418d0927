//! How long things are kept: what goes in the next 30 days and why, the rules, and the way to stop it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Span;
use records::{
    day::Day,
    ids::PersonId,
    pack::{Pack, PackContent},
    retention::{After, Kept, Period, RegisterRule, RetentionRules, Rule},
};
use serde::Serialize;

use super::{
    Desk,
    listing::Listing,
    taken_out::{self, Names},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    backup::keeping,
    clock,
    registers::entry::EntryId,
    retention::due::{Due, Memory, Standing},
};

/// The address of this page.
pub(super) const ADDRESS: &str = "/retention";
/// The address of the file.
const FILE: &str = "/retention/retention.csv";
/// How far ahead is shown, in days.
const AHEAD: i16 = 30;
/// How many removals of the past are shown.
const PAST: u32 = 12;

#[derive(Serialize)]
struct RuleRow {
    what: String,
    keep: String,
    because: String,
    source: String,
    checked: String,
    /// How many go in the next days, and when the first does.
    soon: usize,
    first: String,
}

#[derive(Serialize)]
struct PersonRow {
    id: String,
    name: String,
    kind: &'static str,
    on: String,
    #[serde(skip)]
    day: Day,
}

#[derive(Serialize)]
struct HoldRow {
    id: String,
    name: String,
    reason: String,
    since: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// “stop” or “go-on”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &which)).await
}

/// The people whose names go in the next days, as a file for a spreadsheet: to be looked through before they do.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        // Without rules nothing goes, as the page says.
        let Some(plan) = Plan::look(&visit)? else { return Ok(Redirect::to(ADDRESS).into_response()) };
        let people = plan.people(&names(&visit)?, &which);
        let lines = people.into_iter().map(|one| vec![one.name, one.kind.to_owned(), one.day.to_string()]);
        let what = format!("People whose names go in the next {AHEAD} days");
        let of_people = Names::People("retention taken as a file", "");
        taken_out::list(&visit, ("retention", &what), of_people, &["Name", "As", "On"], lines)
    })
    .await
}

/// Stops all removal, or lets it go on.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let hub = &visit.desk.hub;
        match sent.what.as_str() {
            "stop" => hub.store.stop_removal(true, visit.account.id, hub.now())?,
            "go-on" => hub.store.stop_removal(false, visit.account.id, hub.now())?,
            _ => {}
        }
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// What goes in the next days, by the rules that are published.
struct Plan {
    pack: Arc<Pack>,
    soon: Vec<Due>,
    standing: Standing,
    memory: Memory,
    today: Day,
}

impl Plan {
    /// None, where no rules are published.
    fn look(visit: &Visit) -> Result<Option<Self>, Trouble> {
        let hub = &visit.desk.hub;
        let Some(pack) = hub.pack()? else { return Ok(None) };
        let Some(rules) = &pack.content.retention else { return Ok(None) };
        let today = clock::day(hub.now(), &clock::zone(&pack.content));
        let soon = soon(&hub.store.planned(rules, &pack.content)?, today);
        // As at the hub's own look, which may be a minute away.
        let memory = Memory::look(hub.store.retention_memory()?, rules, today);
        let standing = memory.standing(rules, today);
        Ok(Some(Self { soon, standing, memory, today, pack }))
    }

    /// Before this day nothing goes.
    fn first(&self) -> Day {
        match self.standing {
            Standing::NotBefore(day) => day,
            Standing::Runs | Standing::Stopped => self.today,
        }
    }

    /// The people whose names go, of those that are meant: by day, or by name.
    fn people(&self, names: &HashMap<PersonId, String>, which: &Listing) -> Vec<PersonRow> {
        let people = self.soon.iter().filter_map(|due| person(due, names, self.first()));
        let mut people: Vec<PersonRow> = people
            .filter(|one| which.show.is_empty() || one.kind == which.show)
            .filter(|one| which.is_named([one.name.as_str()]))
            .collect();
        people.sort_by_key(|one| one.name.to_lowercase());
        if which.sort != "name" {
            people.sort_by_key(|one| one.day);
        }
        people
    }
}

fn show(visit: &Visit, which: &Listing) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let mut context = visit.context("people")?;
    let names = names(visit)?;
    let plan = Plan::look(visit)?;
    let zone = hub.zone()?;
    if let Some((plan, rules)) =
        plan.as_ref().and_then(|plan| Some((plan, plan.pack.content.retention.as_ref()?)))
    {
        let (state, until) = match plan.standing {
            Standing::Runs => ("runs", None),
            Standing::Stopped => ("stopped", None),
            Standing::NotBefore(day) => ("notice", Some(day)),
        };
        let (soon, first) = (&plan.soon, plan.first());
        context.insert("state", state);
        context.insert("until", &until.map(Day::in_words).unwrap_or_default());
        context.insert("since", &plan.memory.seen.in_words());
        let registers = hub.store.registers_of_entries()?;
        let mut all = rows(rules, soon, &registers, first);
        all.extend(register_rows(&plan.pack.content, soon, &registers, first));
        context.insert("rules", &all);
        let unruled = Kept::ALL.into_iter().filter(|kept| rules.rule(*kept).is_none()).map(title);
        context.insert("unruled", &unruled.collect::<Vec<_>>());
        context.insert("total", &soon.len());
        let people = plan.people(&names, which);
        context.insert("people", &which.page(&people).lines);
        which.tell(visit, &mut context, (ADDRESS, FILE), &people)?;
    }
    let holds = hub.store.holds()?.into_iter().map(|hold| HoldRow {
        id: hold.person.to_string(),
        name: names.get(&hold.person).cloned().unwrap_or_default(),
        reason: hold.reason,
        since: view::when(hold.at, &zone),
    });
    context.insert("holds", &holds.collect::<Vec<_>>());
    let past = hub.store.removals(PAST)?.into_iter();
    let past: Vec<_> = past.map(|removal| (view::when(removal.at, &zone), in_words(&removal.what))).collect();
    context.insert("past", &past);
    context.insert("ahead", &AHEAD);
    context.insert("expire", &keeping::EXPIRE_DAYS);
    visit.show("retention.html", &context)
}

fn names(visit: &Visit) -> Result<HashMap<PersonId, String>, Trouble> {
    let store = &visit.desk.hub.store;
    let people = store.people()?.into_iter().map(|p| (p.id, p.name()));
    let grown_ups = store.grown_ups()?.into_iter().map(|g| (g.id, g.name));
    Ok(people.chain(grown_ups).collect())
}

/// What goes in the next days.
fn soon(planned: &[Due], today: Day) -> Vec<Due> {
    let end: Day = today.date().saturating_add(Span::new().days(AHEAD)).into();
    planned.iter().filter(|due| due.on <= end).copied().collect()
}

type Registers = HashMap<EntryId, String>;

/// Each register with a time of its own.
fn register_rows(pack: &PackContent, soon: &[Due], registers: &Registers, first: Day) -> Vec<RuleRow> {
    let Some(rules) = &pack.retention else { return Vec::new() };
    let row = |rule: &RegisterRule| {
        let form = &pack.registers.iter().find(|register| register.form.id == rule.register)?.form;
        let is_of = |due: &&Due| registers.get(&due.id).is_some_and(|name| name == rule.register.as_str());
        let days: Vec<Day> = soon.iter().filter(is_of).map(|due| due.on.max(first)).collect();
        Some(RuleRow {
            what: format!("Register: {}", form.title),
            keep: in_time(rule.period, rule.after, Kept::RegisterEntries),
            because: form.retention.as_ref().map(|retention| retention.words.clone()).unwrap_or_default(),
            source: "The school’s own form".into(),
            checked: String::new(),
            soon: days.len(),
            first: days.iter().min().map(|day| day.in_words()).unwrap_or_default(),
        })
    };
    rules.registers.iter().filter_map(row).collect()
}

fn rows(rules: &RetentionRules, soon: &[Due], registers: &Registers, first: Day) -> Vec<RuleRow> {
    let has_own = |id: &EntryId| {
        let name = registers.get(id);
        name.is_some_and(|name| rules.registers.iter().any(|rule| rule.register.as_str() == name))
    };
    let mut counts: BTreeMap<Kept, (usize, Day)> = BTreeMap::new();
    for due in soon.iter().filter(|due| !has_own(&due.id)) {
        let day = due.on.max(first);
        counts.entry(due.kept).and_modify(|(count, _)| *count += 1).or_insert((1, day));
    }
    let row = |rule: &Rule| {
        let count = counts.get(&rule.kept);
        RuleRow {
            what: title(rule.kept).to_owned(),
            keep: kept_for(rule),
            because: rule.because.clone(),
            source: rule.source.clone(),
            checked: rule.checked.map(Day::in_words).unwrap_or_default(),
            soon: count.map_or(0, |(count, _)| *count),
            first: count.map(|(_, day)| day.in_words()).unwrap_or_default(),
        }
    };
    Kept::ALL.into_iter().filter_map(|kept| rules.rule(kept)).map(row).collect()
}

/// “1 year after the school year”.
pub(super) fn kept_for(rule: &Rule) -> String {
    in_time(rule.period, rule.after, rule.kept)
}

fn in_time(period: Period, after: Option<After>, kept: Kept) -> String {
    let Some(after) = after else { return "always".to_owned() };
    let event = match after {
        After::Leaving if kept == Kept::RegisterEntries => "whoever it is about has left",
        After::Closed if kept == Kept::RegisterEntries => "nothing of it is left to answer",
        After::SchoolYear => "the end of the school year",
        After::Leaving if kept == Kept::Parents => "the last child has left",
        After::Leaving => "leaving",
        After::CodeEnded => "the term it was good for",
        After::Made => "the day it came",
        After::Closed => "the report was closed",
    };
    if period == Period::Days(0) {
        return format!("until {event}");
    }
    format!("{period} after {event}")
}

fn person(due: &Due, names: &HashMap<PersonId, String>, first: Day) -> Option<PersonRow> {
    let kind = match due.kept {
        Kept::Pupils => "pupil",
        Kept::Parents => "parent or carer",
        Kept::Staff => "staff",
        Kept::Governors => "governor",
        _ => return None,
    };
    let id = PersonId::from_bytes(due.id);
    let name = names.get(&id).cloned().unwrap_or_default();
    let day = due.on.max(first);
    Some(PersonRow { id: id.to_string(), name, kind, on: day.in_words(), day })
}

/// What people call a kind.
pub(super) const fn title(kept: Kept) -> &'static str {
    match kept {
        Kept::PupilSignatures => "Promises that pupils signed",
        Kept::ParentSignatures => "Agreements that parents and carers signed",
        Kept::StaffSignatures => "Agreements that staff signed",
        Kept::GovernorSignatures => "Agreements that governors signed",
        Kept::Visitors => "The visitors’ book: names and what was signed",
        Kept::Consent => "Families’ answers about consent",
        Kept::FamilyCodes => "What opens a family’s entry at a kiosk",
        Kept::Pupils => "Pupils: names, classes, numbers",
        Kept::Parents => "Parents and carers: names, addresses",
        Kept::Staff => "Staff: names, work",
        Kept::Governors => "Governors: names",
        Kept::Reports => "Reports, with what was done about them",
        Kept::Calls => "Calls for a grown-up",
        Kept::SetAside => "Records set aside",
        Kept::Audit => "The log: who did what and when, by numbers",
        Kept::RegisterEntries => "Entries of registers that say no time of their own",
    }
}

/// “calls 3, consent 12” as the log has it, in words.
fn in_words(what: &str) -> Vec<String> {
    let part = |part: &str| {
        let (name, count) = part.rsplit_once(' ').unwrap_or((part, ""));
        let kept = Kept::ALL.into_iter().find(|kept| kept.as_str() == name);
        let what = kept.map_or_else(|| name.to_owned(), |kept| title(kept).to_owned());
        format!("{what}: {count}")
    };
    what.split(", ").map(part).collect()
}
