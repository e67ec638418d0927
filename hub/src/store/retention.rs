//! What retention asks of the store: everything that has a time, removing what is due in one transaction, tombstones,
//! and people of whom nothing may go.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    agreement::Audience,
    day::{Day, Moment},
    digest::Digest,
    ids::{EnvelopeId, PersonId},
    pack::PackContent,
    retention::{After, Kept, RetentionRules},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    families::{self, GrownUp},
    lists, parsed,
    people::{self, Person},
    register_entries,
    report_entries::{self, Place},
    sixteen, thirty_two,
};
use crate::{
    clock,
    import::Kind,
    retention::{
        due::{self, Due, Item, Memory, Standing},
        running::Looked,
    },
};

/// What the audit log calls a removal.
const REMOVED: &str = "retention";

/// Somebody of whom nothing may be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who.
    pub person: PersonId,
    /// Why, in the office's words.
    pub reason: String,
    /// Since when.
    pub at: Moment,
}

/// A removal of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// When.
    pub at: Moment,
    /// How many of which kinds: “calls 3, consent 12”.
    pub what: String,
}

impl Store {
    /// Looks at the rules on this day and removes what is due by them, if anything may go. All of it, with its
    /// tombstones and the audit entry, or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_due(
        &self,
        rules: &RetentionRules,
        pack: &PackContent,
        today: Day,
        now: Moment,
    ) -> Result<Looked, StoreError> {
        self.write(|write| {
            let memory = Memory::look(memory(write)?, rules, today);
            keep_memory(write, &memory)?;
            let standing = memory.standing(rules, today);
            lists::forget_old(write, now)?;
            let mut gone = BTreeMap::new();
            if standing == Standing::Runs {
                let all = planned(write, rules, pack)?;
                for due in all.iter().filter(|due| due.on <= today) {
                    remove(write, due.kept, due.id, now)?;
                    *gone.entry(due.kept).or_insert(0) += 1;
                }
                // Its address is a person's too.
                write.execute(
                    "DELETE FROM families WHERE id NOT IN (SELECT family FROM grown_ups WHERE family IS NOT NULL)",
                    [],
                )?;
            }
            if !gone.is_empty() {
                let counted: Vec<String> = gone.iter().map(|(kept, count)| format!("{kept} {count}")).collect();
                audit::note(write, now, Actor::Hub, REMOVED, &counted.join(", "))?;
            }
            Ok(Looked { standing, gone })
        })
    }

    /// Everything that has a day on which it goes, the earliest first. Nothing is removed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn planned(&self, rules: &RetentionRules, pack: &PackContent) -> Result<Vec<Due>, StoreError> {
        self.read(|read| planned(read, rules, pack))
    }

    /// What is remembered of the rules; none before they were first looked at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retention_memory(&self) -> Result<Option<Memory>, StoreError> {
        self.read(|read| memory(read))
    }

    /// Stops all removal, or lets it go on. Nothing while there are no rules.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stop_removal(&self, stop: bool, account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            let Some(memory) = memory(write)? else { return Ok(()) };
            if memory.stopped_by.is_some() == stop {
                return Ok(());
            }
            keep_memory(write, &Memory { stopped_by: stop.then_some(account), ..memory })?;
            let what = if stop { "retention stopped" } else { "retention goes on" };
            audit::note(write, now, Actor::Account(account), what, "")
        })
    }

    /// The last removals, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn removals(&self, most: u32) -> Result<Vec<Removal>, StoreError> {
        self.read(|read| {
            let mut select =
                read.prepare("SELECT at, detail FROM audit WHERE what = ? ORDER BY seq DESC LIMIT ?")?;
            let rows = select.query_map(params![REMOVED, most], |row| {
                Ok(Removal { at: Moment(row.get(0)?), what: row.get(1)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Of whom nothing may go.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holds(&self) -> Result<Vec<Hold>, StoreError> {
        self.read(|read| holds(read))
    }

    /// From now on nothing of this person goes. A reason that was given before is replaced.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn hold(&self, person: PersonId, reason: &str, account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO holds (person, reason, account, held_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (person) DO UPDATE SET reason = excluded.reason, account = excluded.account,
                     held_at = excluded.held_at",
                params![person.as_bytes(), reason, account, now.0],
            )?;
            audit::note(write, now, Actor::Account(account), "kept on hold", &person.to_string())
        })
    }

    /// What is kept of this person goes when its time comes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn release(&self, person: PersonId, account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            if write.execute("DELETE FROM holds WHERE person = ?", [person.as_bytes()])? == 0 {
                return Ok(());
            }
            audit::note(write, now, Actor::Account(account), "hold ended", &person.to_string())
        })
    }

    /// The ids of all that was erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tombstones(&self) -> Result<Vec<[u8; 16]>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT id FROM tombstones ORDER BY id")?;
            let ids = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
            ids.into_iter().map(sixteen).collect()
        })
    }

    /// Erases again what these ids name, in a database that was put back from a backup of before. Gives back how many
    /// of them were there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_again(&self, ids: &[[u8; 16]], now: Moment) -> Result<usize, StoreError> {
        self.write(|write| {
            let mut count = 0;
            for id in ids {
                if report_entries::is_one(write, id)? {
                    report_entries::note_erased(write, id, Actor::CommandLine, now)?;
                }
                count += usize::from(erase(write, *id)?);
                bury(write, *id, now)?;
            }
            let detail = format!("{count} of {}", ids.len());
            audit::note(write, now, Actor::CommandLine, "erased again", &detail)?;
            Ok(count)
        })
    }

    /// Removes a report with its entries, which lie at these places. The log goes on saying that there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_report(
        &self,
        report: EnvelopeId,
        places: &[Place],
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            let actor = Actor::Account(account);
            for place in places {
                if report_entries::is_one(write, place)? {
                    report_entries::note_erased(write, place, actor, now)?;
                }
                erase(write, *place)?;
                bury(write, *place, now)?;
            }
            erase(write, *report.as_bytes())?;
            bury(write, *report.as_bytes(), now)?;
            audit::note(write, now, actor, "report removed", &format!("report {report}"))
        })
    }

    /// Brings everything from the database's log into its file and leaves the log empty: what was erased is in neither
    /// then. False where somebody still reads an earlier state.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn empty_log(&self) -> Result<bool, StoreError> {
        // Connections that nobody uses would not be in the way; those that are used end by themselves.
        let writer = super::locked(&self.writer);
        Ok(writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))? == 0)
    }
}

/// Whether what has this id was erased.
pub(super) fn is_erased(read: &Connection, id: &[u8]) -> Result<bool, StoreError> {
    let mut select = read.prepare_cached("SELECT 1 FROM tombstones WHERE id = ?")?;
    Ok(select.exists([id])?)
}

fn bury(write: &Connection, id: [u8; 16], now: Moment) -> Result<(), StoreError> {
    let mut insert = write
        .prepare_cached("INSERT INTO tombstones (id, erased_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING")?;
    insert.execute(params![id, now.0])?;
    Ok(())
}

/// Removes one thing for good.
fn remove(write: &Connection, kept: Kept, id: [u8; 16], now: Moment) -> Result<(), StoreError> {
    match kept {
        Kept::FamilyCodes => {
            // A family goes on, and may be given another code: it has no tombstone.
            let sql = "UPDATE families SET locator = NULL, key = NULL, code_made_at = NULL WHERE id = ?";
            write.execute(sql, [id])?;
            return Ok(());
        }
        Kept::PupilSignatures | Kept::ParentSignatures | Kept::StaffSignatures | Kept::GovernorSignatures => {
            // What withdrew it says nothing without it.
            let mut undos = write.prepare_cached("SELECT id FROM undos WHERE withdraws = ?")?;
            let undos = undos.query_map([id], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
            for undo in undos {
                let undo = sixteen(undo)?;
                erase(write, undo)?;
                bury(write, undo, now)?;
            }
        }
        _ => {}
    }
    erase(write, id)?;
    bury(write, id, now)
}

/// Removes what has this id for good, because somebody asked for it.
pub(super) fn erase_for_good(write: &Connection, id: [u8; 16], now: Moment) -> Result<(), StoreError> {
    erase(write, id)?;
    bury(write, id, now)
}

/// Takes away what has this id, whatever it is. Whether there was anything.
fn erase(write: &Connection, id: [u8; 16]) -> Result<bool, StoreError> {
    const PARTS: &[&str] = &[
        // A scan goes with the last record that it belongs to, or by itself.
        "DELETE FROM scans WHERE id = ?1 OR id = (SELECT scan FROM scanned WHERE record = ?1)
             AND (SELECT count(*) FROM scanned WHERE scanned.scan = scans.id) = 1",
        "DELETE FROM scanned WHERE record = ?",
        "DELETE FROM undos WHERE id = ?",
        "DELETE FROM signatures WHERE id = ?",
        "DELETE FROM visitors WHERE id = ?",
        "DELETE FROM lifted_noes WHERE decision = ?",
        "DELETE FROM consent_taken_back WHERE decision = ?",
        "DELETE FROM consent_decisions WHERE id = ?",
        "DELETE FROM envelopes WHERE id = ?",
        "DELETE FROM calls WHERE id = ?",
        "DELETE FROM set_aside WHERE substr(digest, 1, 16) = ? OR id = ?1",
        "DELETE FROM report_entries WHERE place = ?",
        "DELETE FROM triages WHERE report = ?",
        "DELETE FROM reports WHERE id = ?",
        "DELETE FROM sealed_envelopes WHERE id = ?",
        // Those who decided for a pupil are remembered as having left with them.
        "UPDATE grown_ups SET left_at = max(coalesce(left_at, 0), coalesce(
             (SELECT max(coalesce(min(r.ended_at, p.left_at), p.left_at, r.ended_at, 0)) FROM responsibilities r
              JOIN people p ON p.id = r.pupil WHERE r.pupil = ?1 AND r.grown_up = grown_ups.id), 0))
         WHERE id IN (SELECT grown_up FROM responsibilities WHERE pupil = ?1)",
        "DELETE FROM responsibilities WHERE pupil = ?1 OR grown_up = ?1",
        "DELETE FROM holds WHERE person = ?",
        "DELETE FROM published WHERE pupil = ?",
        "DELETE FROM office_notes WHERE id = ?1 OR person = ?1",
        "DELETE FROM portraits WHERE person = ?",
        "DELETE FROM camera_group_people WHERE person = ?",
        "DELETE FROM restrictions WHERE pupil = ?1 OR grown_up = ?1",
        // What would bring back somebody who was erased cannot be undone any more.
        "DELETE FROM list_taken WHERE instr(changes, lower(hex(?))) > 0",
        "DELETE FROM transfers WHERE person = ?",
        "DELETE FROM register_entries WHERE thread = ?",
        "UPDATE register_entries SET person = NULL WHERE person = ?",
        "DELETE FROM people WHERE id = ?",
        "DELETE FROM grown_ups WHERE id = ?",
    ];
    let mut there = 0;
    for part in PARTS {
        there += write.prepare_cached(part)?.execute([id])?;
    }
    Ok(there > 0)
}

fn memory(read: &Connection) -> Result<Option<Memory>, StoreError> {
    let select = "SELECT rules, seen_on, looked_on, stopped_by FROM retention";
    let row = read.query_row(select, [], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?))
    });
    let Some((rules, seen, looked, stopped_by)) = row.optional()? else { return Ok(None) };
    Ok(Some(Memory {
        rules: Digest::from_bytes(thirty_two(rules)?),
        seen: parsed(&seen)?,
        looked: parsed(&looked)?,
        stopped_by,
    }))
}

fn keep_memory(write: &Connection, memory: &Memory) -> Result<(), StoreError> {
    write.execute(
        "INSERT INTO retention (one, rules, seen_on, looked_on, stopped_by) VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (one) DO UPDATE SET rules = ?1, seen_on = ?2, looked_on = ?3, stopped_by = ?4",
        params![
            memory.rules.as_bytes(),
            memory.seen.to_string(),
            memory.looked.to_string(),
            memory.stopped_by
        ],
    )?;
    Ok(())
}

pub(super) fn holds(read: &Connection) -> Result<Vec<Hold>, StoreError> {
    let mut select = read.prepare("SELECT person, reason, held_at FROM holds ORDER BY held_at")?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Hold {
            person: PersonId::from_bytes(sixteen(row.get(0)?)?),
            reason: row.get(1)?,
            at: Moment(row.get(2)?),
        });
    }
    Ok(all)
}

fn planned(read: &Connection, rules: &RetentionRules, pack: &PackContent) -> Result<Vec<Due>, StoreError> {
    let held: BTreeSet<PersonId> = holds(read)?.into_iter().map(|hold| hold.person).collect();
    Ok(due::due(rules, &held, &items(read, rules, pack)?))
}

/// Everything that retention may ever remove, but for reports: whether one is closed, only its readers can tell.
fn items(read: &Connection, rules: &RetentionRules, pack: &PackContent) -> Result<Vec<Item>, StoreError> {
    let zone = clock::zone(pack);
    let everybody = people::people(read)?;
    let mut left: HashMap<PersonId, Day> = HashMap::new();
    for person in &everybody {
        left.extend(person.left.map(|moment| (person.id, clock::day(moment, &zone))));
    }
    let grown_ups = families::grown_ups(read)?;
    left.extend(parents_left(read, &everybody, &grown_ups, &zone)?);
    let leaving = |person: &PersonId| left.get(person).map(|day| (After::Leaving, *day));
    let mut items = Vec::new();
    for person in &everybody {
        let kept = match person.kind {
            Kind::Pupils => Kept::Pupils,
            Kind::Staff | Kind::Volunteers => Kept::Staff,
            Kind::Governors => Kept::Governors,
        };
        items.push(of_person(person.id, kept, leaving(&person.id)));
    }
    items.extend(grown_ups.iter().map(|g| of_person(g.id, Kept::Parents, leaving(&g.id))));
    signatures(read, leaving, &mut items)?;
    decisions(read, leaving, &mut items)?;
    for family in families::families(read)? {
        let made = family.code_made.map(|moment| clock::day(moment, &zone));
        let ended = made.and_then(|day| pack.end_of_term(day));
        let since = ended.map(|day| (After::CodeEnded, day));
        items.push(Item { since: since.into_iter().collect(), ..nobodys(family.id, Kept::FamilyCodes) });
    }
    for (kept, select) in [
        (Kept::Calls, "SELECT id, received_at FROM calls"),
        (Kept::SetAside, "SELECT substr(digest, 1, 16), received_at FROM set_aside"),
        (Kept::Visitors, "SELECT id, coalesce((SELECT received_at FROM envelopes WHERE envelopes.id = visitors.id), signed_at)
             FROM visitors"),
    ] {
        let mut select = read.prepare(select)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let made = clock::day(Moment(row.get(1)?), &zone);
            items.push(Item { since: vec![(After::Made, made)], ..nobodys(sixteen(row.get(0)?)?, kept) });
        }
    }
    entries(read, rules, pack, leaving, &mut items)?;
    Ok(items)
}

/// Entries of registers. Of one that the school has no more, it is not known when an entry is closed: nothing of it
/// goes by that, but by its day.
fn entries(
    read: &Connection,
    rules: &RetentionRules,
    pack: &PackContent,
    leaving: impl Fn(&PersonId) -> Option<(After, Day)>,
    items: &mut Vec<Item>,
) -> Result<(), StoreError> {
    let zone = clock::zone(pack);
    for (name, entry) in register_entries::everything(read)? {
        let own = rules.registers.iter().find(|rule| rule.register.as_str() == name);
        let register = pack.registers.iter().find(|register| register.form.id.as_str() == name);
        let made = (After::Made, clock::day(entry.first().made, &zone));
        let closed = register.and_then(|register| entry.closed_on(register, &zone));
        let names: BTreeSet<PersonId> = entry.rows.iter().filter_map(|row| row.person).collect();
        let left = entry.now().person.as_ref().and_then(&leaving);
        let closed = closed.map(|day| (After::Closed, day));
        items.push(Item {
            names: names.into_iter().collect(),
            since: std::iter::once(made).chain(closed).chain(left).collect(),
            own: own.map(|rule| (rule.period, rule.after)),
            ..nobodys(entry.first().id, Kept::RegisterEntries)
        });
    }
    Ok(())
}

const fn nobodys(id: [u8; 16], kept: Kept) -> Item {
    Item { id, kept, names: Vec::new(), since: Vec::new(), together: None, own: None }
}

fn of_person(id: PersonId, kept: Kept, left: Option<(After, Day)>) -> Item {
    Item { names: vec![id], since: left.into_iter().collect(), ..nobodys(*id.as_bytes(), kept) }
}

fn signatures(
    read: &Connection,
    leaving: impl Fn(&PersonId) -> Option<(After, Day)>,
    items: &mut Vec<Item>,
) -> Result<(), StoreError> {
    // What the office noted of an agreement goes when a signature of the same would have gone.
    let mut select = read.prepare(
        "SELECT id, person, audience, year_ends FROM signatures
         UNION ALL SELECT id, person, audience, year_ends FROM office_notes",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let person = PersonId::from_bytes(sixteen(row.get(1)?)?);
        let kept = match parsed::<Audience>(&row.get::<_, String>(2)?)? {
            Audience::Ks1 | Audience::Ks2 => Kept::PupilSignatures,
            Audience::Parent => Kept::ParentSignatures,
            Audience::Governor => Kept::GovernorSignatures,
            Audience::Staff
            | Audience::Visitor
            | Audience::Community
            | Audience::Guest
            | Audience::DeviceLoan => Kept::StaffSignatures,
        };
        let year = (After::SchoolYear, parsed(&row.get::<_, String>(3)?)?);
        let since = std::iter::once(year).chain(leaving(&person)).collect();
        items.push(Item { names: vec![person], since, ..nobodys(sixteen(row.get(0)?)?, kept) });
    }
    Ok(())
}

fn decisions(
    read: &Connection,
    leaving: impl Fn(&PersonId) -> Option<(After, Day)>,
    items: &mut Vec<Item>,
) -> Result<(), StoreError> {
    let mut select = read.prepare("SELECT id, pupil, by_person FROM consent_decisions")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let pupil = PersonId::from_bytes(sixteen(row.get(1)?)?);
        let by = PersonId::from_bytes(sixteen(row.get(2)?)?);
        items.push(Item {
            names: vec![pupil, by],
            since: leaving(&pupil).into_iter().collect(),
            together: Some(pupil),
            ..nobodys(sixteen(row.get(0)?)?, Kept::Consent)
        });
    }
    Ok(())
}

/// On which day those who decide for nobody here any more did so last.
fn parents_left(
    read: &Connection,
    everybody: &[Person],
    grown_ups: &[GrownUp],
    zone: &TimeZone,
) -> Result<Vec<(PersonId, Day)>, StoreError> {
    let pupils: HashMap<PersonId, Option<Moment>> = everybody.iter().map(|p| (p.id, p.left)).collect();
    let mut last: HashMap<PersonId, Moment> = HashMap::new();
    let mut decide: HashSet<PersonId> = HashSet::new();
    let mut select = read.prepare("SELECT id, left_at FROM grown_ups WHERE left_at > 0")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        last.insert(PersonId::from_bytes(sixteen(row.get(0)?)?), Moment(row.get(1)?));
    }
    for one in families::responsibilities(read)? {
        let left = pupils.get(&one.pupil).copied().flatten();
        match one.ended.into_iter().chain(left).min() {
            None => drop(decide.insert(one.grown_up)),
            Some(end) => {
                let before = last.entry(one.grown_up).or_insert(end);
                *before = (*before).max(end);
            }
        }
    }
    let gone = grown_ups.iter().filter(|g| !decide.contains(&g.id));
    Ok(gone.filter_map(|g| Some((g.id, clock::day(*last.get(&g.id)?, zone)))).collect())
}
