//! What is typed, and the keys to type it with: by finger, by switches in two steps, or on a keyboard that has keys of
//! its own.

use std::fmt;

use records::visitor::{WRITTEN_MOST, Written};
use zeroize::Zeroizing;

/// Which keys are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KeySet {
    /// The alphabet, as keyboards in Britain have it.
    #[default]
    Letters,
    /// Letters of other languages, to those like i.
    Accents,
    /// The others of them.
    MoreAccents,
    /// Digits and signs.
    Signs,
    /// A few letters on each key: the first of two steps for whoever presses switches.
    Groups,
    /// The letters of one of those keys: the second.
    Group(usize),
}

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, in its small form, a digit or a sign.
    Letter(char),
    /// A key with a few letters, by its place.
    Group(usize),
    /// Small for capital, and capital for small, once.
    Capital,
    /// A space.
    Space,
    /// The last letter goes.
    RubOut,
    /// Other keys.
    Set(KeySet),
}

const LETTERS: [&str; 3] = ["qwertyuiop", "asdfghjkl’", "zxcvbnm-"];
/// The letters with marks that the languages of Europe write in Latin letters; what is not here can be typed on a
/// keyboard of its own.
const ACCENTS: [&str; 3] = ["áàâäãåāăąæçć", "čďđðéèêëēęěė", "ğģíìîïīıį"];
const MORE_ACCENTS: [&str; 3] = ["ķłľļñńňņóòôöõ", "őøœřśšşșßťțþú", "ùûüūůűųŵýÿŷźżž"];
const SIGNS: [&str; 2] = ["1234567890", "-’.,&/()"];
/// Six letters on a key: eleven steps at the most to any of them.
const GROUPS: [&str; 5] = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz’-"];

/// The letters on a key that has a few.
pub(super) fn group(place: usize) -> &'static str {
    GROUPS.get(place).copied().unwrap_or_default()
}

/// The keys of a set, row by row, in the order in which they are walked through.
pub fn keyboard(set: KeySet) -> Vec<Vec<Key>> {
    let row = |letters: &str| letters.chars().map(Key::Letter).collect::<Vec<_>>();
    let mut rows: Vec<Vec<Key>> = match set {
        KeySet::Letters => LETTERS.map(row).to_vec(),
        KeySet::Accents => ACCENTS.map(row).to_vec(),
        KeySet::MoreAccents => MORE_ACCENTS.map(row).to_vec(),
        KeySet::Signs => SIGNS.map(row).to_vec(),
        KeySet::Groups => vec![(0..GROUPS.len()).map(Key::Group).collect()],
        KeySet::Group(place) => vec![row(group(place))],
    };
    let beside =
        |other| vec![Key::Capital, Key::Set(KeySet::Letters), Key::Space, Key::Set(other), Key::RubOut];
    match set {
        KeySet::Letters => {
            rows[2].push(Key::RubOut);
            rows.push(vec![Key::Capital, Key::Set(KeySet::Accents), Key::Space, Key::Set(KeySet::Signs)]);
        }
        KeySet::Accents => rows.push(beside(KeySet::MoreAccents)),
        KeySet::MoreAccents => rows.push(beside(KeySet::Accents)),
        KeySet::Signs => rows.push(beside(KeySet::Accents)),
        KeySet::Groups => {
            let others = [Key::Set(KeySet::Accents), Key::Set(KeySet::Signs)];
            rows.push([Key::Space, Key::RubOut, Key::Capital].into_iter().chain(others).collect());
        }
        KeySet::Group(_) => rows.push(vec![Key::Set(KeySet::Groups)]),
    }
    rows
}

/// A line while it is typed. It is overwritten in memory when it is let go.
#[derive(Clone)]
pub struct Typing {
    text: Zeroizing<String>,
    /// Which keys are shown.
    pub keys: KeySet,
    // The next letter is of the other size than usual.
    turned: bool,
    home: KeySet,
}

/// A name never reaches a log.
impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typing(hidden)")
    }
}

impl Typing {
    /// Nothing typed yet. Whoever uses switches has keys for two steps.
    pub(super) fn new(by_switch: bool) -> Self {
        let home = if by_switch { KeySet::Groups } else { KeySet::Letters };
        // As long as it ever gets: a text that grows leaves itself behind in memory.
        let text = Zeroizing::new(String::with_capacity(WRITTEN_MOST * 4));
        Self { text, keys: home, turned: false, home }
    }
    /// What is typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// Whether the next letter is a capital: at the beginning of each word, as names are written, or as it was chosen.
    pub fn is_capital(&self) -> bool {
        let begins = self.text.chars().next_back().is_none_or(|last| matches!(last, ' ' | '-'));
        begins != self.turned
    }
    /// How a key's letter will be written.
    pub fn shown(&self, letter: char) -> char {
        let one = |mut all: std::char::ToUppercase| {
            let first = all.next();
            first.filter(|_| all.next().is_none())
        };
        if self.is_capital() { one(letter.to_uppercase()).unwrap_or(letter) } else { letter }
    }
    /// The line, if it is one.
    pub fn written(&self) -> Option<Written> {
        Written::new(&self.text).ok()
    }
    /// A key is pressed.
    pub(super) fn press(&mut self, key: Key) {
        match key {
            Key::Letter(letter) => {
                self.add(self.shown(letter));
                self.keys = if self.home == KeySet::Groups { KeySet::Groups } else { self.keys };
            }
            Key::Space => self.add(' '),
            Key::RubOut => {
                self.text.pop();
                self.turned = false;
            }
            Key::Capital => self.turned = !self.turned,
            Key::Group(place) => self.keys = KeySet::Group(place),
            Key::Set(KeySet::Letters) => self.keys = self.home,
            Key::Set(set) => self.keys = set,
        }
    }
    /// A letter as it stands on a keyboard of its own. What the screen cannot show, or what would be one letter too
    /// many, is not taken.
    pub(super) fn add(&mut self, letter: char) {
        let letter = if letter == '\'' { '’' } else { letter };
        let doubled = letter == ' ' && self.text.chars().next_back().is_none_or(|last| last == ' ');
        if is_taken(letter) && !doubled && self.text.chars().count() < WRITTEN_MOST {
            self.text.push(letter);
            self.turned = false;
        }
    }
    /// The whole line at once, as assistive technology gives it.
    pub(super) fn write(&mut self, line: &str) {
        self.text.clear();
        line.chars().for_each(|letter| self.add(letter));
    }
}

/// Latin letters with all their marks, digits, and the signs that names and firms have: what the kiosk's own typeface
/// shows.
fn is_taken(letter: char) -> bool {
    let latin = letter.is_alphabetic()
        && matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
        && !matches!(letter, 'ª' | 'º');
    latin || letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '’' | '.' | ',' | '&' | '/' | '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Typing {
        let mut typing = Typing::new(false);
        keys.iter().for_each(|key| typing.press(*key));
        typing
    }
    fn letters(text: &str) -> Vec<Key> {
        let key = |letter| if letter == ' ' { Key::Space } else { Key::Letter(letter) };
        text.chars().map(key).collect()
    }

    #[test]
    fn names_begin_with_capitals_unless_somebody_says_otherwise() {
        assert_eq!(typed(&letters("anna-maria o’hara")).as_str(), "Anna-Maria O’hara");
        let mut keys = letters("jo");
        keys.extend([Key::Space, Key::Capital]);
        keys.extend(letters("van dam"));
        assert_eq!(typed(&keys).as_str(), "Jo van Dam");
        let mut keys = letters("mc");
        keys.push(Key::Capital);
        keys.extend(letters("bride"));
        assert_eq!(typed(&keys).as_str(), "McBride");
    }

    #[test]
    fn every_key_types_what_it_shows_and_all_of_it_can_be_written() {
        for set in [KeySet::Letters, KeySet::Accents, KeySet::MoreAccents, KeySet::Signs]
            .into_iter()
            .chain((0..GROUPS.len()).map(KeySet::Group))
        {
            for key in keyboard(set).into_iter().flatten() {
                let Key::Letter(letter) = key else { continue };
                for first in [true, false] {
                    let mut typing = typed(if first { &[] } else { &[Key::Letter('x')] });
                    let shown = typing.shown(letter);
                    typing.press(key);
                    assert_eq!(typing.as_str().chars().next_back(), Some(shown), "{letter}");
                    let alone = !letter.is_alphanumeric() && first;
                    assert_eq!(typing.written().is_some(), !alone, "{letter}");
                }
            }
        }
    }

    #[test]
    fn a_switch_comes_to_every_letter_of_the_alphabet_in_two_steps_and_back_to_the_first() {
        let mut typing = Typing::new(true);
        for letter in ('a'..='z').rev() {
            assert_eq!(typing.keys, KeySet::Groups);
            let place = (0..GROUPS.len()).find(|place| group(*place).contains(letter)).unwrap_or(99);
            typing.press(Key::Group(place));
            assert!(keyboard(typing.keys).into_iter().flatten().any(|key| key == Key::Letter(letter)));
            typing.press(Key::Letter(letter));
        }
        assert_eq!(typing.as_str(), "Zyxwvutsrqponmlkjihgfedcba");
    }

    #[test]
    fn no_line_is_longer_than_a_record_takes_and_none_holds_what_the_screen_cannot_show() {
        let mut typing = Typing::new(false);
        typing.write("  Ann \u{202e} زینب 李 Lee\n\t'x'");
        assert_eq!(typing.as_str(), "Ann Lee’x’");
        typing.write(&"é".repeat(200));
        assert_eq!(typing.as_str().chars().count(), WRITTEN_MOST);
        assert!(typing.written().is_some());
        typing.press(Key::RubOut);
        assert_eq!(typing.as_str().chars().count(), WRITTEN_MOST - 1);
    }
}
