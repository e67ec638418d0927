//! Families' codes: made here, printed on letters, and kept nowhere.
//!
//! What stays is the key that a code makes, so that the family's entry in the roster can be sealed anew whenever
//! something in it changes. Whoever loses a letter gets a new code.

use std::{
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use records::{
    day::Day,
    family::FamilyKey,
    family_code::{FamilyCode, Locator},
    ids::PersonId,
};

use crate::{
    desk::csv_export,
    hub::Hub,
    import::Kind,
    random,
    store::{
        StoreError,
        audit::Actor,
        families::{Family, FamilyId, GrownUp, NewKey},
        people::Person,
    },
};

/// How many keys are made at once: each takes 64 MiB.
const AT_ONCE: usize = 2;
/// The longest that the names of a family's children are on one line, in letters.
const NAMES: usize = 80;

/// A code that was just made, for one letter.
#[derive(Debug)]
pub struct Issued {
    /// The code, as it is printed.
    pub code: FamilyCode,
    /// What is kept of it.
    pub key: NewKey,
}

/// A family with everybody in it, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Its id.
    pub id: FamilyId,
    /// Its address, a line each.
    pub address: Vec<String>,
    /// Since when it has the code that is good now.
    pub code_made: Option<records::day::Moment>,
    /// Whether it gets no letter and no code, because somebody's contact is restricted.
    pub withheld: bool,
    /// Its grown-ups.
    pub grown_ups: Vec<GrownUp>,
    /// Its children who are here, by the name of their class, which stands beside.
    pub children: Vec<(Person, String)>,
}

impl Household {
    /// Its children's first names: “Amina, Bea and Tom”.
    pub fn forenames(&self) -> String {
        let names: Vec<&str> = self.children.iter().map(|(child, _)| child.forename.as_str()).collect();
        shortened(&names)
    }
    /// Its children's surnames, each once.
    pub fn surnames(&self) -> String {
        let names: BTreeSet<&str> = self.children.iter().map(|(child, _)| child.surname.as_str()).collect();
        shortened(&names.into_iter().collect::<Vec<_>>())
    }
    /// Who stands on the envelope.
    pub fn addressee(&self) -> String {
        joined(&self.grown_ups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>())
    }
    /// Who stands after “Dear”.
    pub fn salutation(&self) -> String {
        let one = |g: &GrownUp| g.salutation.clone().unwrap_or_else(|| g.name.clone());
        // Some systems give both parents the same words for both.
        let mut all: Vec<String> = self.grown_ups.iter().map(one).collect();
        all.dedup();
        joined(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }
    /// The language that all of its grown-ups have, as the school's list says it.
    pub fn language(&self) -> Option<&str> {
        let mut languages = self.grown_ups.iter().map(|g| g.language.as_deref());
        let first = languages.next().flatten()?;
        languages.all(|language| language == Some(first)).then_some(first)
    }
}

fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Joined; of a family with more names than a line holds, as many as it does.
fn shortened(names: &[&str]) -> String {
    let all = joined(names);
    if all.chars().count() <= NAMES { all } else { all.chars().take(NAMES - 1).chain(['…']).collect() }
}

impl Hub {
    /// Every family that has a child here, by its children's surnames.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn households(&self) -> Result<Vec<Household>, StoreError> {
        let classes: HashMap<_, _> = self.store.classes()?.into_iter().map(|c| (c.id, c.name)).collect();
        let people = self.store.people()?;
        let pupils: HashMap<PersonId, &Person> =
            people.iter().filter(|p| p.kind == Kind::Pupils && p.left.is_none()).map(|p| (p.id, p)).collect();
        let grown_ups = self.store.grown_ups()?;
        let responsibilities = self.store.responsibilities()?;
        let (pack, now) = (self.pack()?, self.now());
        let has_code =
            |family: &Family| pack.as_ref().is_some_and(|pack| family.has_code(&pack.content, now));
        let withheld = self.store.withheld()?;
        let mut all = Vec::new();
        for family in self.store.families()? {
            let of_family: Vec<GrownUp> =
                grown_ups.iter().filter(|g| g.family == Some(family.id)).cloned().collect();
            let ids: BTreeSet<PersonId> = responsibilities
                .iter()
                .filter(|one| one.ended.is_none() && of_family.iter().any(|g| g.id == one.grown_up))
                .map(|one| one.pupil)
                .collect();
            let mut children: Vec<(Person, String)> = ids
                .iter()
                .filter_map(|id| pupils.get(id).map(|p| (*p).clone()))
                .map(|p| {
                    let class = p.class.and_then(|class| classes.get(&class).cloned()).unwrap_or_default();
                    (p, class)
                })
                .collect();
            children.sort_by(|(a, at), (b, bt)| (at, &a.forename).cmp(&(bt, &b.forename)));
            if !children.is_empty() {
                all.push(Household {
                    code_made: family.code_made.filter(|_| has_code(&family)),
                    withheld: withheld.contains(&family.id),
                    id: family.id,
                    address: family.address,
                    grown_ups: of_family,
                    children,
                });
            }
        }
        all.sort_by_cached_key(|h| (h.surnames().to_lowercase(), h.forenames().to_lowercase(), h.id));
        Ok(all)
    }

    /// Makes a new code for each of some families. Nothing is kept until [`Hub::keep_codes`]. `done` is told how
    /// many there are so far: each takes a tenth of a second and more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn make_codes(
        &self,
        families: &[FamilyId],
        done: impl Fn(usize) + Sync,
    ) -> Result<Vec<Issued>, StoreError> {
        let mut used = self.store.locators()?;
        let mut codes = Vec::with_capacity(families.len());
        for family in families {
            let locator = free_locator(&used)?;
            used.insert(locator);
            codes.push((*family, locator, locator.with_chance(random::bytes())));
        }
        let school = self.identity().school;
        let count = AtomicUsize::new(0);
        let make = |(family, locator, code): (FamilyId, Locator, FamilyCode)| {
            let key = NewKey { family, locator, key: FamilyKey::of(&code, school) };
            done(count.fetch_add(1, Ordering::Relaxed) + 1);
            Issued { code, key }
        };
        let share = codes.len().div_ceil(AT_ONCE).max(1);
        let issued = thread::scope(|scope| {
            let mut parts = Vec::new();
            while !codes.is_empty() {
                let part: Vec<_> = codes.drain(..share.min(codes.len())).collect();
                parts.push(scope.spawn(|| part.into_iter().map(&make).collect::<Vec<_>>()));
            }
            parts.into_iter().map(thread::ScopedJoinHandle::join).collect::<Result<Vec<_>, _>>()
        });
        let issued = issued.map_err(|_| StoreError::NotNow("a code could not be made".into()))?;
        Ok(issued.into_iter().flatten().collect())
    }

    /// Keeps what codes make, in place of the families' earlier ones, and tells the kiosks.
    ///
    /// # Errors
    /// [`StoreError`]; then the earlier codes are still good.
    pub fn keep_codes(&self, issued: Vec<Issued>, actor: Actor) -> Result<(), StoreError> {
        let keys: Vec<NewKey> = issued.into_iter().map(|one| one.key).collect();
        self.store.give_codes(&keys, actor, self.now())?;
        self.tell_kiosks();
        Ok(())
    }
}

fn free_locator(used: &BTreeSet<Locator>) -> Result<Locator, StoreError> {
    let full = || StoreError::NotNow("there are as many families as there are codes".into());
    // With a few thousand of 32,768 in use a free one is found at once.
    for _ in 0..10_000 {
        let number = u16::from_le_bytes(random::bytes()) % Locator::COUNT;
        let locator = Locator::new(number).ok_or_else(full)?;
        if !used.contains(&locator) {
            return Ok(locator);
        }
    }
    Err(full())
}

/// The list from which `signpost letters` makes a letter for each family: how it is to be handled (`label`) and what it
/// is, the headings, and a line for each family, in the order given. Names that a spreadsheet would take for formulas are
/// guarded; `signpost letters` knows both.
pub fn letter_list(label: &str, households: &[(&Household, &FamilyCode)], today: Day) -> Vec<u8> {
    let lines = households.iter().map(|(household, _)| household.address.len()).max().unwrap_or_default();
    let headings = ["Forename", "Surname", "Class", "Addressee", "Salutation", "Language", "Code"];
    let headings = headings.map(str::to_owned).into_iter();
    let headings: Vec<String> = headings.chain((1..=lines).map(|n| format!("Address {n}"))).collect();
    let rows = households.iter().map(|(household, code)| {
        let class = household.children.first().map(|(_, class)| class.clone()).unwrap_or_default();
        let mut row = vec![
            household.forenames(),
            household.surnames(),
            class,
            household.addressee(),
            household.salutation(),
            household.language().unwrap_or_default().to_owned(),
            code.to_string(),
        ];
        row.extend((0..lines).map(|n| household.address.get(n).cloned().unwrap_or_default()));
        row
    });
    let what = "Families with their secret codes";
    csv_export::labelled(label, what, today, std::iter::once(headings).chain(rows))
}
