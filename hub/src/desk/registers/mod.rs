//! Registers: what staff write down by the school's own forms, looked through and signed off.
//!
//! Each register says itself who writes and reads it; whoever may do neither does not learn that there is one.
//!
//! 1. [`list`]: all of them, with what is due; [`one`]: the entries of one, found, sorted, as a file and on paper.
//! 2. [`form`]: the form's questions as a page asks them; [`entry`]: a new entry, and what is added to one.
//! 3. [`sign`]: that somebody looked it through; [`figures`]: how many there are, for governors.
//! 4. [`view`]: what the templates are told.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use records::{ids::Slug, pack::Pack, register::Register};

use super::visit::{Trouble, Visit};
use crate::{
    clock,
    registers::{
        cycle::{self, Calendar, Standing},
        entry::Entry,
        rights::{Rights, Sees},
    },
    store::register_entries::SignOff,
};

pub(super) mod entry;
pub(super) mod figures;
mod form;
pub(super) mod list;
pub(super) mod one;
pub(super) mod sign;
mod view;

pub(super) use list::{clocks, quick, to_do};
use view::Shower;

/// The address of the list of registers.
pub(super) const ADDRESS: &str = "/registers";
/// The largest form: a long entry, each letter of which may take nine bytes on the way.
pub(super) const FORM_MAX: usize = 512 * 1024;

/// A register with what whoever asks may do with it.
struct Mine {
    pack: Arc<Pack>,
    place: usize,
    rights: Rights,
}

impl Mine {
    fn register(&self) -> &Register {
        &self.pack.content.registers[self.place]
    }

    fn name(&self) -> &Slug {
        &self.register().form.id
    }

    fn zone(&self) -> TimeZone {
        clock::zone(&self.pack.content)
    }

    fn calendar(&self) -> Calendar<'_> {
        Calendar { year: self.pack.content.year, terms: &self.pack.content.terms }
    }

    /// The entries that whoever asks may see.
    fn entries(&self, visit: &Visit) -> Result<Vec<Entry>, Trouble> {
        let mut all = match self.rights.sees {
            Sees::Entries | Sees::Own => visit.desk.hub.store.register_entries(self.name())?,
            Sees::Figures | Sees::Nothing => Vec::new(),
        };
        all.retain(|entry| self.shows(visit, entry));
        Ok(all)
    }

    fn shows(&self, visit: &Visit, entry: &Entry) -> bool {
        match self.rights.sees {
            Sees::Entries => true,
            Sees::Own => entry.is_of(visit.account.id),
            Sees::Figures | Sees::Nothing => false,
        }
    }

    /// What shows its entries.
    fn shower(&self, visit: &Visit) -> Result<Shower<'_>, Trouble> {
        let hub = &visit.desk.hub;
        let words = hub.store.form_words()?;
        Ok(Shower { register: self.register(), words, zone: self.zone(), today: hub.today()? })
    }

    /// By which day it has to be signed off next, for a register that has a cycle.
    fn standing(
        &self,
        visit: &Visit,
        entries: &[Entry],
        signed: &[SignOff],
    ) -> Result<Option<Standing>, Trouble> {
        let Some(cycle) = self.register().cycle else { return Ok(None) };
        let today = visit.desk.hub.today()?;
        let began = entries.first().map(|entry| clock::day(entry.first().made, &self.zone()));
        let covered = signed.first().map(|sign| sign.covers);
        let due = cycle::due(cycle, self.calendar(), covered, began, today);
        Ok(Some(cycle::standing(due, today)))
    }
}

/// Where the registers are that whoever asks may know of, by the names of their forms.
pub(super) fn addresses(visit: &Visit) -> Result<BTreeMap<Slug, String>, Trouble> {
    let address = |mine: Mine| (mine.name().clone(), format!("{ADDRESS}/{}", mine.name()));
    Ok(mine(visit)?.into_iter().map(address).collect())
}

/// Every register that whoever asks may know of, in the school's order.
fn mine(visit: &Visit) -> Result<Vec<Mine>, Trouble> {
    let Some(pack) = visit.desk.hub.pack()? else { return Ok(Vec::new()) };
    let rights = pack.content.registers.iter().map(|register| Rights::of(visit.account.duty, register));
    let known = rights.enumerate().filter(|(_, rights)| rights.sees != Sees::Nothing);
    Ok(known.map(|(place, rights)| Mine { pack: pack.clone(), place, rights }).collect())
}

fn find(visit: &Visit, name: &str) -> Result<Mine, Trouble> {
    mine(visit)?.into_iter().find(|mine| mine.name().as_str() == name).ok_or(Trouble::NothingHere)
}

/// The registers of which whoever asks reads every entry.
pub(super) fn read_whole(visit: &Visit) -> Result<HashSet<Slug>, Trouble> {
    let whole = mine(visit)?.into_iter().filter(|mine| mine.rights.sees == Sees::Entries);
    Ok(whole.map(|mine| mine.name().clone()).collect())
}
