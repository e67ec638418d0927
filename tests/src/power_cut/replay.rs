//! Cuts the power again and again, and asks what is left.

use super::recorder::{Acknowledgement, Recording};
use crate::chance::Chance;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// How often to cut, and where chance begins.
#[derive(Debug, Clone, Copy)]
pub struct Cuts {
    /// The seed of the first cut; the next ones count up from it.
    pub seed: u64,
    /// How many cuts.
    pub count: usize,
}

/// What came of the cuts.
#[derive(Debug)]
pub struct Outcome {
    /// How many cuts were made.
    pub cuts: usize,
    /// How many of them had something acknowledged to lose.
    pub cuts_at_risk: usize,
    /// Cuts that lost something, or after which the folder could not be used.
    pub troubles: Vec<Trouble>,
}

/// One cut that went wrong.
#[derive(Debug)]
pub struct Trouble {
    /// The seed that makes just this cut again, with a count of 1.
    pub seed: u64,
    /// How many events had happened.
    pub position: usize,
    /// Acknowledged before the cut, and gone.
    pub lost: BTreeSet<String>,
    /// What the check said, if it could not open the folder at all.
    pub unusable: Option<String>,
}

impl Outcome {
    /// Panics with the story of every trouble, if there was any.
    ///
    /// # Panics
    /// If a cut lost something that was acknowledged, or left a folder that could not be used, or if no
    /// cut had anything to lose (then nothing was tested).
    #[track_caller]
    pub fn assert_nothing_lost(&self) {
        assert!(self.cuts_at_risk > 0, "no cut came after an acknowledgement, so nothing was tested");
        assert!(self.troubles.is_empty(), "{self}");
    }

    /// How many cuts lost something acknowledged.
    pub fn losses(&self) -> usize {
        self.troubles.iter().filter(|trouble| !trouble.lost.is_empty()).count()
    }

    /// How many cuts left a folder that could not be used.
    pub fn unusable(&self) -> usize {
        self.troubles.iter().filter(|trouble| trouble.unusable.is_some()).count()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        writeln!(
            out,
            "{} of {} power cuts lost something acknowledged, {} left a folder that cannot be used:",
            self.losses(),
            self.cuts,
            self.unusable()
        )?;
        for trouble in self.troubles.iter().take(SHOWN) {
            write!(out, "  seed {}, after event {}: ", trouble.seed, trouble.position)?;
            match &trouble.unusable {
                Some(why) => writeln!(out, "cannot be used: {why}")?,
                None => writeln!(out, "lost {:?}", trouble.lost)?,
            }
        }
        if self.troubles.len() > SHOWN {
            writeln!(out, "  and {} more", self.troubles.len() - SHOWN)?;
        }
        Ok(())
    }
}

/// Cuts the power at many points of `recording`.
///
/// For each cut, `check` is given a folder as the cut left it; it opens it as the real program would and
/// returns the ids that are there, or says why the folder cannot be used. Half of the cuts come just
/// after an acknowledgement, where a program that promised too early is caught; the rest anywhere.
///
/// # Panics
/// If the scratch folder cannot be written.
pub fn run(
    recording: &Recording,
    acknowledged: &[Acknowledgement],
    cuts: Cuts,
    mut check: impl FnMut(&Path) -> Result<BTreeSet<String>, String>,
) -> Outcome {
    let mut planned: Vec<(usize, u64, Chance)> = (0..cuts.count as u64)
        .map(|number| {
            let seed = cuts.seed.wrapping_add(number);
            let mut chance = Chance::from_seed(seed);
            (position(recording, acknowledged, &mut chance), seed, chance)
        })
        .collect();
    planned.sort_by_key(|(position, seed, _)| (*position, *seed));

    let mut disk = recording.disk();
    let mut done = 0;
    let mut outcome = Outcome { cuts: cuts.count, cuts_at_risk: 0, troubles: Vec::new() };
    for (position, seed, mut chance) in planned {
        for event in &recording.events[done..position] {
            disk.apply(event).expect("the recorder replayed every event before it gave out the recording");
        }
        done = position;
        let scratch = tempfile::Builder::new()
            .prefix("after-a-cut-")
            .tempdir()
            .expect("a scratch folder for the state after a cut");
        disk.write_after_a_cut(&mut chance, scratch.path()).expect("room for the state after a cut");

        let due: BTreeSet<String> =
            acknowledged.iter().filter(|ack| ack.at < position).map(|ack| ack.id.clone()).collect();
        outcome.cuts_at_risk += usize::from(!due.is_empty());
        match check(scratch.path()) {
            Ok(found) => {
                let lost: BTreeSet<String> = due.difference(&found).cloned().collect();
                if !lost.is_empty() {
                    outcome.troubles.push(Trouble { seed, position, lost, unusable: None });
                }
            }
            Err(why) => {
                outcome.troubles.push(Trouble { seed, position, lost: due, unusable: Some(why) });
            }
        }
    }
    outcome
}

fn position(recording: &Recording, acknowledged: &[Acknowledgement], chance: &mut Chance) -> usize {
    if !acknowledged.is_empty() && chance.one_in(2) {
        acknowledged[chance.up_to(acknowledged.len() - 1)].at + 1
    } else {
        chance.up_to(recording.events.len())
    }
}
