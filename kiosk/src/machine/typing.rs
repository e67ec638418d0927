//! What is typed, and the keys to type it with: by finger, by switches in two steps, or on a keyboard that has keys of
//! its own. Visitors type a line of themselves, older children what they want to tell besides pictures.

use std::fmt;

use records::visitor::{WRITTEN_MOST, Written};
use zeroize::Zeroizing;

use super::{Action, Control, Screen, State, TellStep, VisitorAt, Word};

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
    /// Digits and signs, as names have them.
    Signs,
    /// Those that accounts and addresses have besides.
    MoreSigns,
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
const SIGNS: [&str; 2] = ["1234567890", "-’.,?!&/()"];
/// What a child copies from a screen: “dragon_99”, “#ready”, an address.
const MORE_SIGNS: &str = "@_#:+=*\"£";
/// Six letters on a key: eleven steps at the most to any of them.
const GROUPS: [&str; 5] = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz’-"];

/// The letters on a key that has a few.
fn group(place: usize) -> &'static str {
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
        KeySet::MoreSigns => SIGNS.into_iter().chain([MORE_SIGNS]).map(row).collect(),
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
        KeySet::Signs | KeySet::MoreSigns => rows.push(beside(KeySet::Accents)),
        KeySet::Groups => {
            let others = [Key::Set(KeySet::Accents), Key::Set(KeySet::Signs)];
            rows.push([Key::Space, Key::RubOut, Key::Capital].into_iter().chain(others).collect());
        }
        KeySet::Group(_) => rows.push(vec![Key::Set(KeySet::Groups)]),
    }
    rows
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A line as names are written: every word begins with a capital.
    Name,
    /// Sentences.
    Sentences,
}

/// A text while it is typed. It is overwritten in memory when it is let go.
#[derive(Clone)]
pub struct Typing {
    text: Zeroizing<String>,
    /// Which keys are shown.
    pub keys: KeySet,
    // The next letter is of the other size than usual.
    turned: bool,
    home: KeySet,
    what: What,
    // The most letters, and the most bytes of them.
    most: (usize, usize),
}

/// A name never reaches a log.
impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typing(hidden)")
    }
}

impl Typing {
    /// A line of which nothing is typed yet. Whoever uses switches has keys for two steps.
    pub(super) fn new(by_switch: bool) -> Self {
        Self::empty(by_switch, What::Name, WRITTEN_MOST)
    }
    /// Sentences of so many letters at the most, of which nothing is typed yet.
    pub(super) fn sentences(by_switch: bool, most: usize) -> Self {
        Self::empty(by_switch, What::Sentences, most)
    }
    fn empty(by_switch: bool, what: What, most: usize) -> Self {
        let home = if by_switch { KeySet::Groups } else { KeySet::Letters };
        // As long as it ever gets: a text that grows leaves itself behind in memory.
        let text = Zeroizing::new(String::with_capacity(most * 4));
        Self { text, keys: home, turned: false, home, what, most: (most, most * 4) }
    }
    /// There is room for so many bytes and no more: what is longer is cut off where it is seen.
    pub(super) fn limit(&mut self, bytes: usize) {
        self.most.1 = bytes;
        while self.text.len() > bytes {
            self.text.pop();
        }
    }
    /// The text without spaces at its ends, if there is any.
    pub(super) fn said(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| text.chars().any(char::is_alphanumeric))
    }
    /// How many letters there may still be.
    pub fn left(&self) -> usize {
        self.most.0.saturating_sub(self.text.chars().count())
    }
    /// What is typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// Whether the next letter is a capital: at the beginning of each word, as names are written, or of each sentence; or
    /// as it was chosen.
    pub fn is_capital(&self) -> bool {
        let mut before = self.text.chars().rev();
        let last = before.next();
        let begins = match self.what {
            What::Name => last.is_none_or(|last| matches!(last, ' ' | '-')),
            What::Sentences => {
                let ends = before.find(|letter| *letter != ' ');
                last.is_none() || last == Some(' ') && ends.is_some_and(|end| matches!(end, '.' | '?' | '!'))
            }
        };
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
            Key::Set(KeySet::Signs) if self.what == What::Sentences => self.keys = KeySet::MoreSigns,
            Key::Set(set) => self.keys = set,
        }
    }
    /// A letter as it stands on a keyboard of its own. What the screen cannot show, or what would be one letter too
    /// many, is not taken.
    pub(super) fn add(&mut self, letter: char) {
        let letter = if letter == '\'' { '’' } else { letter };
        let doubled = letter == ' ' && self.text.chars().next_back().is_none_or(|last| last == ' ');
        let room = self.left() > 0 && self.text.len() + letter.len_utf8() <= self.most.1;
        if self.takes(letter) && !doubled && room {
            self.text.push(letter);
            self.turned = false;
        }
    }
    fn takes(&self, letter: char) -> bool {
        is_taken(letter) || self.what == What::Sentences && MORE_SIGNS.contains(letter)
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
    latin
        || letter.is_ascii_digit()
        || matches!(letter, ' ' | '-' | '’' | '.' | ',' | '&' | '/' | '(' | ')' | '?' | '!')
}

/// The keys to type with, as they can be pressed.
pub(super) fn keys(state: &State, typing: &Typing, add: &mut impl FnMut(Control)) {
    let words = state.words();
    for key in keyboard(typing.keys).into_iter().flatten() {
        let label = match key {
            Key::Letter(letter) => typing.shown(letter).to_string(),
            Key::Group(place) => {
                let letters: Vec<String> =
                    group(place).chars().map(|l| typing.shown(l).to_string()).collect();
                letters.join(" ")
            }
            Key::Capital => words.get(Word::KeysCapital).to_owned(),
            Key::Space => words.get(Word::KeysSpace).to_owned(),
            Key::RubOut => words.get(Word::CodeRubOut).to_owned(),
            Key::Set(KeySet::Accents) => words.get(Word::KeysAccents).to_owned(),
            Key::Set(KeySet::MoreAccents) => words.get(Word::KeysMoreAccents).to_owned(),
            Key::Set(KeySet::Signs) => words.get(Word::KeysSigns).to_owned(),
            Key::Set(_) => words.get(Word::KeysLetters).to_owned(),
        };
        let mut control = Control::new(Action::Key(key), label);
        if key == Key::Capital {
            control = control.selected(typing.is_capital());
        }
        add(control);
    }
}

/// Whether this screen takes letters: then it, and no button, has the keyboard when it comes.
pub fn is_typed(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Visitor(VisitorAt::Name(_) | VisitorAt::About(_))
            | Screen::Tell { step: TellStep::Words, .. }
    )
}

/// What is being typed on this screen, if anything is.
fn typed(screen: &mut Screen) -> Option<&mut Typing> {
    match screen {
        Screen::Visitor(VisitorAt::Name(round)) => Some(&mut round.name),
        Screen::Visitor(VisitorAt::About(round)) => Some(&mut round.about),
        Screen::Tell { telling, step: TellStep::Words } => telling.words_mut(),
        _ => None,
    }
}

/// A letter from a keyboard. Tells whether this screen takes any.
pub(super) fn letter(state: &mut State, letter: char) -> bool {
    typed(&mut state.screen).map(|typing| typing.add(letter)).is_some()
}

/// A line from assistive technology. Tells whether this screen takes any.
pub(super) fn line(state: &mut State, line: &str) -> bool {
    typed(&mut state.screen).map(|typing| typing.write(line)).is_some()
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
    fn the_name_of_an_account_is_written_as_it_stands_on_a_screen_and_a_visitors_name_has_no_such_signs() {
        let mut typing = Typing::sentences(false, 400);
        typing.press(Key::Set(KeySet::Signs));
        let keys: Vec<Key> = keyboard(typing.keys).into_iter().flatten().collect();
        for letter in MORE_SIGNS.chars() {
            assert!(keys.contains(&Key::Letter(letter)), "{letter}");
            typing.press(Key::Letter(letter));
        }
        assert_eq!(typing.as_str(), MORE_SIGNS);
        typing.write("it was dragon_99, #ready, \"no\"");
        assert_eq!(typing.as_str(), "it was dragon_99, #ready, \"no\"");
        let mut name = Typing::new(false);
        name.press(Key::Set(KeySet::Signs));
        assert_eq!(name.keys, KeySet::Signs);
        name.write("Ann_@ Lee");
        assert_eq!(name.as_str(), "Ann Lee");
    }

    #[test]
    fn sentences_begin_with_capitals_and_take_four_hundred_letters_of_any_kind() {
        let mut typing = Typing::sentences(false, 400);
        letters("he wrote to me. is that ok? no").into_iter().for_each(|key| match key {
            Key::Letter(letter @ ('.' | '?')) => typing.press(Key::Letter(letter)),
            key => typing.press(key),
        });
        assert_eq!(typing.as_str(), "He wrote to me. Is that ok? No");
        typing.write(&"ế".repeat(500));
        assert_eq!((typing.as_str().chars().count(), typing.as_str().len(), typing.left()), (400, 1200, 0));
        typing.limit(1000);
        assert_eq!(typing.as_str().len(), 999, "whole letters");
        typing.press(Key::Letter('e'));
        typing.press(Key::Letter('e'));
        assert_eq!(typing.as_str().len(), 1000);
        typing.write(" .. ");
        assert_eq!(typing.said(), None);
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
