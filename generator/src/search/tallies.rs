//! How often the words of some pages stand where.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Where on a page a word stands, and how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) in_title: bool,
    pub(super) in_heading: bool,
    pub(super) times: u16,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.in_title |= other.in_title;
        self.in_heading |= other.in_heading;
        self.times = self.times.saturating_add(other.times);
    }
}

/// A page's number and a word's tally on it.
pub(super) type Place = (u32, Tally);

/// Where one word stands, page after page, in a few bytes for each: most words stand on many pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// For each page the steps from the page before, then how often the word stands there with, in the two
    /// lowest bits, whether in the title and in a heading.
    bytes: Vec<u8>,
    pages: u32,
    /// The page after the last one.
    next: u32,
}

impl Places {
    fn push(&mut self, page: u32, tally: Tally) {
        put(&mut self.bytes, page - self.next);
        let whether = u32::from(tally.in_title) | u32::from(tally.in_heading) << 1;
        put(&mut self.bytes, u32::from(tally.times) << 2 | whether);
        self.pages += 1;
        self.next = page + 1;
    }

    /// Puts the places of pages that come so many later behind these.
    fn append(&mut self, theirs: &Self, later: u32) {
        let (first, used) = get(&theirs.bytes);
        put(&mut self.bytes, later + first - self.next);
        self.bytes.extend_from_slice(&theirs.bytes[used..]);
        self.pages += theirs.pages;
        self.next = later + theirs.next;
    }

    /// How many pages have the word.
    pub(super) fn pages(&self) -> usize {
        self.pages as usize
    }

    /// Its places in the order of pages.
    pub(super) fn iter(&self) -> impl Iterator<Item = Place> {
        let mut rest = self.bytes.as_slice();
        let mut next = 0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (step, used) = get(rest);
            let (tally, more) = get(&rest[used..]);
            rest = &rest[used + more..];
            let page = next + step;
            next = page + 1;
            let times = u16::try_from(tally >> 2).unwrap_or(u16::MAX);
            Some((page, Tally { in_title: tally & 1 != 0, in_heading: tally & 2 != 0, times }))
        })
    }
}

/// Writes a number in as few bytes as it needs, seven bits in each; the highest says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads a number that [`put`] wrote, and tells how many bytes it has.
fn get(bytes: &[u8]) -> (u32, usize) {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate() {
        number |= u32::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return (number, at + 1);
        }
    }
    (number, bytes.len())
}

/// Every word of pages read one after the other, with its places in the order of the pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies {
    /// Words are numbered as they come.
    numbers: HashMap<Box<str>, usize, FixedState>,
    /// Each word's places, by its number.
    places: Vec<Places>,
    /// Each word's tally on the page that is being read, by its number.
    now: Vec<Tally>,
    /// The words that this page has.
    on_page: Vec<usize>,
    pages: u32,
}

impl Tallies {
    /// Counts a word of the page that is being read.
    pub(super) fn add(&mut self, word: &str, tally: Tally) {
        let number = match self.numbers.get(word) {
            Some(number) => *number,
            None => self.enter(word.into()),
        };
        let now = &mut self.now[number];
        if now.times == 0 {
            self.on_page.push(number);
        }
        now.add(tally);
    }

    /// Ends a page: the next word is of the next.
    pub(super) fn end_page(&mut self) {
        for number in self.on_page.drain(..) {
            self.places[number].push(self.pages, std::mem::take(&mut self.now[number]));
        }
        self.pages += 1;
    }

    /// Puts the pages of others behind these.
    pub(super) fn append(&mut self, others: Self) {
        for (word, theirs) in others.numbers {
            let number = match self.numbers.get(&word) {
                Some(number) => *number,
                None => self.enter(word),
            };
            self.places[number].append(&others.places[theirs], self.pages);
        }
        self.pages += others.pages;
    }

    fn enter(&mut self, word: Box<str>) -> usize {
        let number = self.places.len();
        self.numbers.insert(word, number);
        self.places.push(Places::default());
        self.now.push(Tally::default());
        number
    }

    /// Every word with its places, in no order.
    pub(super) fn into_words(mut self) -> Vec<(Box<str>, Places)> {
        let places = &mut self.places;
        self.numbers.into_iter().map(|(word, number)| (word, std::mem::take(&mut places[number]))).collect()
    }

    /// A word's tally on the first page.
    #[cfg(test)]
    pub(super) fn of_first_page(&self, word: &str) -> Option<Tally> {
        let number = *self.numbers.get(word)?;
        self.places[number].iter().find(|(page, _)| *page == 0).map(|(_, tally)| tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_read_apart_and_put_together_count_as_if_read_in_one_go() {
        let once = Tally { times: 1, ..Tally::default() };
        let read = |pages: &[&str]| {
            let mut tallies = Tallies::default();
            for page in pages {
                page.split(' ').for_each(|word| tallies.add(word, once));
                tallies.end_page();
            }
            tallies
        };
        let sorted = |tallies: Tallies| {
            let places = |(word, places): (Box<str>, Places)| (word, places.iter().collect::<Vec<_>>());
            let mut words: Vec<_> = tallies.into_words().into_iter().map(places).collect();
            words.sort_by(|a, b| a.0.cmp(&b.0));
            words
        };
        let mut together = read(&["kind words", "words words"]);
        together.append(read(&["kind pond"]));
        assert_eq!(sorted(together), sorted(read(&["kind words", "words words", "kind pond"])));
    }
    #[test]
    fn places_are_read_as_they_were_written() {
        let tally = |times: u16| Tally {
            in_title: times.is_multiple_of(2),
            in_heading: times.is_multiple_of(3),
            times,
        };
        let written: Vec<Place> = [(0, 1), (1, 2), (128, 31), (129, 32), (20_000, u16::MAX)]
            .map(|(page, times)| (page, tally(times)))
            .into();
        let mut places = Places::default();
        written.iter().for_each(|(page, tally)| places.push(*page, *tally));
        assert_eq!(places.iter().collect::<Vec<_>>(), written);
        assert_eq!(places.pages(), written.len());
    }
}
