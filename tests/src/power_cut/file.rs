//! One file on a disk whose cache forgets: what is durable, and what a power cut may leave of the rest.

use crate::chance::Chance;
use std::collections::BTreeMap;

/// The disk writes this many bytes or none of them.
const SECTOR: usize = 512;

/// A file: the bytes that are durable, and the changes since, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
struct Change {
    what: What,
    /// Durable all the same, because it went through O_SYNC.
    forced: bool,
}

#[derive(Debug, Clone)]
enum What {
    Write { offset: usize, bytes: Vec<u8> },
    Resize { length: usize },
    Grow { length: usize },
}

impl File {
    pub(super) fn durable(bytes: Vec<u8>) -> Self {
        Self { durable: bytes, pending: Vec::new() }
    }

    pub(super) fn write(&mut self, offset: u64, bytes: &[u8], forced: bool) {
        if bytes.is_empty() {
            return;
        }
        self.pending
            .push(Change { what: What::Write { offset: offset as usize, bytes: bytes.to_vec() }, forced });
    }

    pub(super) fn resize(&mut self, length: u64) {
        self.pending.push(Change { what: What::Resize { length: length as usize }, forced: false });
    }

    pub(super) fn grow(&mut self, length: u64) {
        self.pending.push(Change { what: What::Grow { length: length as usize }, forced: false });
    }

    /// All changes so far are on the disk.
    pub(super) fn sync(&mut self) {
        let mut bytes = std::mem::take(&mut self.durable);
        for change in self.pending.drain(..) {
            let length = change.length_after(bytes.len());
            bytes.resize(length, 0);
            if let What::Write { offset, bytes: new } = change.what {
                bytes[offset..offset + new.len()].copy_from_slice(&new);
            }
        }
        self.durable = bytes;
    }

    /// What the file holds after a power cut, by `chance`.
    ///
    /// Each sector holds its durable bytes or those after any of its later changes, whatever the
    /// other sectors hold; so writes are lost, kept, torn and reordered. The length is that after any
    /// of the changes. New room that got no bytes reads as zeros: file systems with a journal do not
    /// show what was there before.
    pub(super) fn after_a_cut(&self, chance: &mut Chance) -> Vec<u8> {
        let all = self.pending.len();
        let mut lengths = vec![self.durable.len()];
        let mut least_length = 0;
        for (number, change) in self.pending.iter().enumerate() {
            lengths.push(change.length_after(lengths[number]));
            if change.forced {
                least_length = number + 1;
            }
        }
        let mood = Mood::choose(all, chance);
        let length = lengths[mood.keep(all, chance).max(least_length)];

        let room = lengths.iter().copied().max().unwrap_or(0).next_multiple_of(SECTOR);
        let mut bytes = self.durable.clone();
        bytes.resize(room, 0);
        for (sector, changes) in self.changes_by_sector(&lengths, room) {
            let least =
                changes.iter().rposition(|&number| self.pending[number].forced).map_or(0, |at| at + 1);
            let before = |limit: usize| changes.partition_point(|&number| number < limit);
            let kept = match mood {
                Mood::InOrder(limit) => {
                    // The change that the cut met is torn: each of its sectors made it, or not.
                    before(limit) + usize::from(before(limit) < before(limit + 1) && chance.one_in(2))
                }
                _ => mood.keep(changes.len(), chance),
            };
            for &number in &changes[..kept.max(least)] {
                self.pending[number].apply_to_sector(&mut bytes, sector, lengths[number]);
            }
        }
        bytes.resize(length, 0);
        bytes
    }

    fn changes_by_sector(&self, lengths: &[usize], room: usize) -> BTreeMap<usize, Vec<usize>> {
        let mut sectors: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, change) in self.pending.iter().enumerate() {
            let (from, to) = match &change.what {
                What::Write { offset, bytes } => (*offset, offset + bytes.len()),
                What::Resize { length } => (*length, lengths[number].max(*length)),
                What::Grow { .. } => continue,
            };
            for sector in from / SECTOR..to.min(room).div_ceil(SECTOR) {
                sectors.entry(sector).or_default().push(number);
            }
        }
        sectors
    }
}

impl Change {
    fn length_after(&self, length: usize) -> usize {
        match &self.what {
            What::Write { offset, bytes } => length.max(offset + bytes.len()),
            What::Resize { length } => *length,
            What::Grow { length: least } => length.max(*least),
        }
    }

    fn apply_to_sector(&self, file: &mut [u8], sector: usize, length_before: usize) {
        let (start, end) = (sector * SECTOR, (sector + 1) * SECTOR);
        match &self.what {
            What::Write { offset, bytes } => {
                let (from, to) = (start.max(*offset), end.min(offset + bytes.len()));
                file[from..to].copy_from_slice(&bytes[from - offset..to - offset]);
            }
            What::Resize { length } => {
                let (from, to) = (start.max(*length), end.min(length_before.max(*length)));
                if from < to {
                    file[from..to].fill(0);
                }
            }
            What::Grow { .. } => {}
        }
    }
}

/// How a cut treats the unsynced changes of one file. Chance alone would hardly ever choose the two
/// ends, and it is there that most programs break.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Nothing,
    Everything,
    InOrder(usize),
    Scattered,
}

impl Mood {
    fn choose(changes: usize, chance: &mut Chance) -> Self {
        match chance.up_to(3) {
            0 => Self::Nothing,
            1 => Self::Everything,
            2 => Self::InOrder(chance.up_to(changes)),
            _ => Self::Scattered,
        }
    }

    /// How many of `changes` (of one sector, or of the length) survive.
    fn keep(self, changes: usize, chance: &mut Chance) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Everything => changes,
            Self::InOrder(limit) => limit.min(changes),
            Self::Scattered => chance.up_to(changes),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use std::collections::BTreeSet;

    fn outcomes(file: &File) -> BTreeSet<Vec<u8>> {
        (0..2_000).map(|seed| file.after_a_cut(&mut Chance::from_seed(seed))).collect()
    }

    #[test]
    fn synced_bytes_survive_every_cut() {
        let mut file = File::default();
        file.write(0, b"signed", false);
        file.write(6, b" twice", false);
        file.sync();
        assert_eq!(outcomes(&file), BTreeSet::from([b"signed twice".to_vec()]));
    }

    #[test]
    fn unsynced_sectors_are_lost_kept_torn_and_reordered() {
        let mut file = File::durable(vec![0; 3 * SECTOR]);
        file.write(0, &[1; SECTOR], false);
        file.write(SECTOR as u64, &[2; 2 * SECTOR], false);
        let seen: BTreeSet<[u8; 3]> =
            outcomes(&file).iter().map(|bytes| [bytes[0], bytes[SECTOR], bytes[2 * SECTOR]]).collect();
        assert_eq!(seen.len(), 8, "every mix of old and new sectors: {seen:?}");
        assert!(
            outcomes(&file).iter().all(|bytes| bytes.chunks(SECTOR).all(|s| s.iter().all(|b| *b == s[0])))
        );
    }

    #[test]
    fn a_later_write_to_a_sector_never_survives_without_the_earlier_one_to_it() {
        let mut file = File::durable(vec![0; 4]);
        file.write(0, b"a", false);
        file.write(1, b"b", false);
        let seen = outcomes(&file);
        assert_eq!(
            seen,
            BTreeSet::from([vec![0, 0, 0, 0], vec![b'a', 0, 0, 0], vec![b'a', b'b', 0, 0]]),
            "the cache holds whole sectors"
        );
    }

    #[test]
    fn a_cut_file_may_come_back_and_a_stretched_one_reads_as_zeros() {
        let mut file = File::durable(b"words".to_vec());
        file.resize(0);
        file.write(0, b"new", false);
        let seen = outcomes(&file);
        assert!(seen.contains(b"words".as_slice()) && seen.contains(b"".as_slice()));
        assert!(seen.contains(b"new".as_slice()));
        let mut file = File::default();
        file.write(1024, b"end", false);
        assert!(outcomes(&file).contains(&vec![0; 1027]));
    }

    #[test]
    fn a_write_through_o_sync_survives_and_so_does_the_length_it_gave() {
        let mut file = File::durable(vec![0; SECTOR]);
        file.write(0, b"before", false);
        file.write(600, b"kept", true);
        assert!(outcomes(&file).iter().all(|bytes| bytes.get(600..604) == Some(b"kept".as_slice())));
        assert!(outcomes(&file).iter().any(|bytes| bytes[..6] == [0; 6]));
    }

    #[test]
    fn syncing_applies_resizes_in_their_order() {
        let mut file = File::default();
        file.write(0, b"abcdef", false);
        file.resize(2);
        file.grow(4);
        file.sync();
        assert_eq!(outcomes(&file), BTreeSet::from([b"ab\0\0".to_vec()]));
    }
}
