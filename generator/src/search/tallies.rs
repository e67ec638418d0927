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

/// Every word of pages read one after the other, with its places in the order of the pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies {
    /// Words are numbered as they come.
    numbers: HashMap<Box<str>, usize, FixedState>,
    /// Each word's places, by its number.
    places: Vec<Vec<Place>>,
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
            self.places[number].push((self.pages, std::mem::take(&mut self.now[number])));
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
            let moved = others.places[theirs].iter().map(|(page, tally)| (self.pages + page, *tally));
            self.places[number].extend(moved);
        }
        self.pages += others.pages;
    }

    fn enter(&mut self, word: Box<str>) -> usize {
        let number = self.places.len();
        self.numbers.insert(word, number);
        self.places.push(Vec::new());
        self.now.push(Tally::default());
        number
    }

    /// Every word with its places, in no order.
    pub(super) fn into_words(mut self) -> Vec<(Box<str>, Vec<Place>)> {
        let places = &mut self.places;
        self.numbers.into_iter().map(|(word, number)| (word, std::mem::take(&mut places[number]))).collect()
    }

    /// A word's tally on the first page.
    #[cfg(test)]
    pub(super) fn of_first_page(&self, word: &str) -> Option<Tally> {
        let number = *self.numbers.get(word)?;
        self.places[number].iter().find(|(page, _)| *page == 0).map(|(_, tally)| *tally)
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
            let mut words = tallies.into_words();
            words.sort_by(|a, b| a.0.cmp(&b.0));
            words
        };
        let mut together = read(&["kind words", "words words"]);
        together.append(read(&["kind pond"]));
        assert_eq!(sorted(together), sorted(read(&["kind words", "words words", "kind pond"])));
    }
}
