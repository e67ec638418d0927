//! Names in running words. Many first names are words too: “I will”, “in May”, “say grace”, “summer fair”.

use std::{collections::BTreeSet, ops::Range};

use super::list::{Names, plain};
use crate::load::settings::Settings;

/// First names that are everyday words or places; they count as names only where the words around say so.
const ALSO_WORDS: &[&str] = &[
    "will",
    "may",
    "grace",
    "summer",
    "june",
    "april",
    "august",
    "autumn",
    "rose",
    "lily",
    "daisy",
    "ivy",
    "hope",
    "faith",
    "joy",
    "mark",
    "bill",
    "poppy",
    "holly",
    "robin",
    "jasmine",
    "dawn",
    "eve",
    "amber",
    "ruby",
    "pearl",
    "olive",
    "hazel",
    "heather",
    "willow",
    "art",
    "rob",
    "sue",
    "pat",
    "drew",
    "guy",
    "max",
    "rich",
    "chase",
    "hunter",
    "mason",
    "skye",
    "sky",
    "star",
    "melody",
    "harmony",
    "iris",
    "violet",
    "basil",
    "clay",
    "dean",
    "frank",
    "miles",
    "victor",
    "christian",
    "noel",
    "carol",
    "angel",
    "paris",
    "india",
    "london",
    "chelsea",
    "florence",
    "austin",
    "jordan",
    "georgia",
    "sydney",
    "victoria",
    "muhammad",
    "mohammed",
    "jesus",
    "mary",
    "rainbow",
    "river",
    "storm",
    "king",
    "prince",
    "princess",
    "sandy",
    "penny",
    "jack",
    "harry",
    "page",
    "reed",
    "brook",
    "glen",
    "cliff",
    "forest",
];
/// Of these, the ones that are written with a capital also within a sentence.
const TIMES: &[&str] = &["may", "june", "april", "august", "summer", "autumn"];
const BEFORE_TIMES: &[&str] = &[
    "in", "of", "from", "until", "till", "by", "since", "during", "early", "late", "mid", "last", "next",
    "this", "every", "the", "each", "to", "for", "and", "or",
];
const AFTER_WORDS: &[&str] = &[
    "term",
    "half",
    "half-term",
    "day",
    "days",
    "fair",
    "fete",
    "fête",
    "holiday",
    "holidays",
    "bank",
    "sun",
    "reading",
    "concert",
    "games",
    "camp",
    "uniform",
    "club",
];
/// What follows somebody’s name in the text of a picture.
const AFTER_PEOPLE: &[&str] = &[
    "on", "at", "with", "behind", "beside", "under", "inside", "near", "in", "from", "and", "is", "was",
    "has", "age", "aged", "reads", "holds", "plays", "writes", "draws", "paints", "sings", "runs", "jumps",
    "climbs", "smiles", "looks", "shows", "sits", "stands", "helps", "wears", "uses", "makes", "plants",
    "wins", "gives", "gets", "collects",
];
const TITLES: &[&str] =
    &["mr", "mrs", "miss", "ms", "mx", "dr", "sir", "st", "saint", "lady", "lord", "queen", "king"];
/// A word of a camera, not of a picture.
const CAMERA: &[&str] = &["img", "image", "photo", "pic", "picture", "dsc", "dscn", "copy"];

/// A name found beside a picture.
pub(super) struct Hit<'t> {
    /// The name as it stands.
    pub(super) word: &'t str,
    /// Whether the surname follows.
    pub(super) full: bool,
}

struct Word<'t> {
    range: Range<usize>,
    text: &'t str,
    possessive: bool,
}

impl Word<'_> {
    /// As lists hold it.
    fn plain(&self) -> String {
        plain(self.text)
    }

    fn is_one_of(&self, list: &[&str]) -> bool {
        list.contains(&self.plain().as_str())
    }

    fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Reads texts for the names of a list.
pub(in crate::check) struct Reading<'n> {
    names: &'n Names,
    /// Classes, and people whom the school names itself.
    public: BTreeSet<String>,
}

impl<'n> Reading<'n> {
    pub(in crate::check) fn new(names: &'n Names, settings: &Settings) -> Self {
        let classes = settings.classes.iter().map(|class| plain(&class.name));
        let people = settings.people.iter().map(|person| {
            let words = words(&person.name).into_iter().map(|word| word.plain());
            words.filter(|word| !TITLES.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
        });
        Self { names, public: classes.chain(people).collect() }
    }

    /// Where full names stand: “Amelia Clarke”, “Amelia J Clarke”, “Clarke, Amelia”.
    pub(super) fn full_names(&self, text: &str) -> Vec<Range<usize>> {
        if !may_hold_full_name(text, |word| self.names.has_first(word)) {
            return Vec::new();
        }
        let words = words(text);
        let mut out = Vec::new();
        for at in 0..words.len() {
            let close = |from: usize, to: usize| {
                let gap = &text[words[from].range.end..words[to].range.start];
                gap.len() <= 3 && gap.chars().all(|c| c.is_whitespace() || c == '.' || c == ',')
            };
            let full = |first: usize, last: usize| {
                if !words[first].is_capital() || !words[last].is_capital() {
                    return false;
                }
                let (first, last) = (words[first].plain(), words[last].plain());
                self.names.is_full(&first, &last) && !self.public.contains(&format!("{first} {last}"))
            };
            let next = (at + 1 < words.len() && close(at, at + 1)).then_some(at + 1);
            let initial = next
                .filter(|n| words[*n].text.chars().count() == 1 && n + 1 < words.len() && close(*n, n + 1));
            let last = match (next, initial) {
                (_, Some(initial)) if full(at, initial + 1) => initial + 1,
                (Some(next), _) => {
                    let comma = text[words[at].range.end..words[next].range.start].contains(',');
                    if (comma && full(next, at)) || (!comma && full(at, next)) { next } else { continue }
                }
                _ => continue,
            };
            out.push(words[at].range.start..words[last].range.end);
        }
        out
    }

    /// First names in words that belong to a picture.
    pub(super) fn beside_picture<'t>(&self, text: &'t str) -> Vec<Hit<'t>> {
        let full = self.full_names(text);
        let words = words(text);
        let dated = text.contains(|c: char| c.is_ascii_digit());
        let mut out: Vec<Hit<'t>> =
            full.iter().map(|range| Hit { word: &text[range.clone()], full: true }).collect();
        for at in 0..words.len() {
            let word = &words[at];
            let within =
                full.iter().any(|range| range.start <= word.range.start && word.range.start < range.end);
            let starts =
                at == 0 || text[words[at - 1].range.end..word.range.start].contains(['.', '!', '?', ':']);
            if word.is_capital() && !within && self.is_person(&words, at, starts, dated) {
                out.push(Hit { word: word.text, full: false });
            }
        }
        out
    }

    /// Whether the name of a file holds a pupil’s.
    pub(super) fn in_file_name(&self, stem: &str) -> bool {
        let spaced = stem.replace(|c: char| !c.is_alphabetic() && c != '\'' && c != '’', " ");
        let words: Vec<Word<'_>> =
            words(&spaced).into_iter().filter(|word| !word.is_one_of(CAMERA)).collect();
        (0..words.len()).any(|at| {
            let next = words.get(at + 1).map(Word::plain).unwrap_or_default();
            self.names.is_full(&words[at].plain(), &next)
                || self.names.is_full(&next, &words[at].plain())
                // File names are written small, so a word within one says nothing of its own.
                || (at == 0 || !words[at].is_one_of(ALSO_WORDS)) && self.is_person(&words, at, at == 0, false)
        })
    }

    /// Whether a text from a picture’s file holds a pupil’s name; chance letters stand there too.
    pub(super) fn in_metadata(&self, text: &str) -> bool {
        !self.full_names(text).is_empty()
            || words(text).iter().any(|word| {
                word.is_capital()
                    && word.text.chars().count() >= 4
                    && self.names.has_first(&word.plain())
                    && !word.is_one_of(ALSO_WORDS)
                    && !self.public.contains(&word.plain())
            })
    }

    fn is_person(&self, words: &[Word<'_>], at: usize, starts: bool, dated: bool) -> bool {
        let word = &words[at];
        let plain = word.plain();
        if !self.names.has_first(&plain) || self.public.contains(&plain) {
            return false;
        }
        let before = at.checked_sub(1).map(|at| &words[at]);
        let after = words.get(at + 1);
        let is = |word: Option<&Word<'_>>, list: &[&str]| word.is_some_and(|word| word.is_one_of(list));
        if is(before, TITLES) {
            return false;
        }
        if !ALSO_WORDS.contains(&plain.as_str()) {
            return true;
        }
        // “Grace” alone is a name; “May 2026” is a time.
        if word.possessive || (before.is_none() && after.is_none() && !dated) {
            return true;
        }
        if is(after, AFTER_WORDS) {
            return false;
        }
        // “Amelia and Grace”
        let company = is(before, &["and"])
            && at
                .checked_sub(2)
                .is_some_and(|at| self.names.has_first(&words[at].plain()) && words[at].is_capital());
        if company {
            return true;
        }
        let acts = is(after, AFTER_PEOPLE)
            || after.map(Word::plain).is_some_and(|after| after.len() >= 6 && after.ends_with("ing"));
        if TIMES.contains(&plain.as_str()) {
            return is(before, &["with"]) || (!is(before, BEFORE_TIMES) && acts);
        }
        if starts {
            return acts;
        }
        // Within a sentence a capital makes it a name, unless it is part of a longer one: “the Rose Garden”.
        !after.is_some_and(Word::is_capital)
    }
}

/// Whether two words that may begin with a capital stand side by side, one of them a first name. Most passages
/// have none, and then there is no full name in them either. Told by bytes: a letter with an accent counts as a
/// capital; whatever is no letter of Western Europe is left to whoever reads more carefully.
fn may_hold_full_name(text: &str, is_first: impl Fn(&str) -> bool) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    // The word before, where it begins with a capital, and whether it is a first name.
    let mut before: Option<bool> = None;
    while let Some(&byte) = bytes.get(at) {
        if !(byte.is_ascii_alphabetic() || byte == 0xc3) {
            // Quotation marks and dashes are no letters.
            let mark = byte == 0xe2 && bytes.get(at + 1) == Some(&0x80);
            if !byte.is_ascii() && !mark {
                return true;
            }
            at += if mark { 3 } else { 1 };
            continue;
        }
        let start = at;
        while let Some(&byte) = bytes.get(at) {
            at += match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'\'' => 1,
                // But for the signs × and ÷, these are letters.
                0xc3 if !matches!(bytes.get(at + 1), Some(0x97 | 0xb7)) => 2,
                // The apostrophe, U+2019.
                0xe2 if bytes[at + 1..].starts_with(&[0x80, 0x99]) => 3,
                0xe2 if bytes.get(at + 1) == Some(&0x80) => break,
                0x80.. => return true,
                _ => break,
            };
        }
        if byte.is_ascii_lowercase() {
            before = None;
            continue;
        }
        let first = || word(text, start..at).is_some_and(|word| is_first(&word.plain()));
        before = Some(match before {
            None => {
                // Looked up only once another capital follows.
                let next = bytes[at..].iter().find(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
                next.is_some_and(|next| !next.is_ascii_lowercase()) && first()
            }
            Some(first_before) => {
                let first = first();
                if first || first_before {
                    return true;
                }
                first
            }
        });
    }
    false
}

/// The words of a text; “Will’s” is “Will”.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices() {
        let inside = c.is_alphabetic() || (from.is_some() && matches!(c, '\'' | '’' | '-'));
        match (inside, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                out.extend(word(text, start..at));
                from = None;
            }
            _ => {}
        }
    }
    out.extend(from.and_then(|start| word(text, start..text.len())));
    out
}

fn word(text: &str, range: Range<usize>) -> Option<Word<'_>> {
    let from = range.start;
    let whole = text.get(range)?.trim_end_matches(['\'', '’', '-']);
    let short = whole.strip_suffix("'s").or_else(|| whole.strip_suffix("’s"));
    let text = short.unwrap_or(whole);
    (!text.is_empty()).then(|| Word { range: from..from + text.len(), text, possessive: short.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        [
            ("Will", "Fox"),
            ("May", "Shaw"),
            ("Grace", "Firth"),
            ("Summer", "Day"),
            ("Rose", "Hill"),
            ("Amelia", "Clarke"),
            ("Willow", "Bell"),
        ]
        .into_iter()
        .collect()
    }

    fn found(text: &str) -> bool {
        let names = names();
        !Reading::new(&names, &Settings::default()).beside_picture(text).is_empty()
    }

    #[test]
    fn a_childs_name_beside_a_picture_is_found() {
        for text in [
            "Grace on the climbing frame",
            "Amelia",
            "Two children and Amelia read",
            "Will holding a frog",
            "Will’s painting",
            "May and a friend",
            "Summer with her project",
            "Amelia and Rose",
            "The winner was Grace.",
            "A game with May",
            "May Shaw in the hall",
            "Playing chess with Will",
            "Will is first",
            "CLARKE, AMELIA",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_also_a_name_passes() {
        for text in [
            "A child who will climb",
            "I will try",
            "Will you help?",
            "In May the tadpoles hatch",
            "The May half-term",
            "May 2026",
            "Children say grace before lunch",
            "Grace before lunch",
            "Summer fair",
            "The summer term",
            "A poster for the Summer Fair",
            "Rose bushes by the gate",
            "The Rose Garden",
            "We may swim in summer",
            "Mrs Rose reads",
            "From May to July",
        ] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn file_names_are_read_though_they_have_no_capitals() {
        let names = names();
        let reading = Reading::new(&names, &Settings::default());
        for stem in
            ["grace", "IMG_Grace_2", "amelia-and-friends", "grace-on-frame", "may-shaw", "year1-amelia"]
        {
            assert!(reading.in_file_name(stem), "{stem}");
        }
        for stem in ["summer-fair", "may-half-term", "children-will-climb", "rose-garden", "hall"] {
            assert!(!reading.in_file_name(stem), "{stem}");
        }
    }

    #[test]
    fn full_names_are_found_anywhere_and_half_of_one_is_not() {
        let names = names();
        let reading = Reading::new(&names, &Settings::default());
        for text in [
            "as Amelia Clarke said",
            "Clarke, Amelia",
            "Will J. Fox",
            "WILL FOX",
            "“Amelia Clarke’s”",
            "Zoë or Amelia\u{a0}Clarke",
            "The Head of Year saw Will Fox",
        ] {
            assert_eq!(reading.full_names(text).len(), 1, "{text}");
        }
        for text in ["Amelia said", "the will. Fox hunting", "we will fox them", "Amelia Fox", "a Summer day"]
        {
            assert!(reading.full_names(text).is_empty(), "{text}");
        }
    }
}
