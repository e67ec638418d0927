//! Lists count by themselves in word processors: this counts along, so that every item has the number
//! that a reader of the document sees.

use std::collections::HashMap;

use super::model::Mark;

/// The levels that a list can have.
pub(super) const LEVELS: usize = 10;

/// How a level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Figures {
    /// A dot or another sign, the same before each item.
    Bullet,
    /// Nothing is drawn.
    None,
    #[default]
    Decimal,
    /// 01, 02
    DecimalZero,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
    /// 1st, 2nd
    Ordinal,
}

/// One level of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Level {
    pub(super) figures: Figures,
    /// What is drawn, with `%1` where the number of the first level stands.
    pub(super) pattern: String,
    pub(super) start: u32,
    /// Whether the numbers of all levels are drawn in figures.
    pub(super) legal: bool,
    /// How far the words stand from the margin, in twentieths of a point.
    pub(super) indent: Option<i32>,
    /// From which level on (counted from 1) an item makes this level begin anew; 0: never.
    pub(super) restarts_after: Option<usize>,
}

/// Where each list has got to.
#[derive(Debug, Default)]
pub(super) struct Counters {
    counts: HashMap<usize, [Option<u32>; LEVELS]>,
}

impl Counters {
    /// Lets a level begin at this number when its next item comes.
    pub(super) fn restart(&mut self, list: usize, level: usize) {
        let counts = self.counts.entry(list).or_default();
        for count in &mut counts[level.min(LEVELS - 1)..] {
            *count = None;
        }
    }

    /// Counts an item on and gives its mark; nothing where the level draws none.
    pub(super) fn next(
        &mut self,
        list: usize,
        level: usize,
        start: Option<u32>,
        levels: &[Level],
    ) -> Option<Mark> {
        let level = level.min(LEVELS - 1);
        let own = levels.get(level)?;
        let counts = self.counts.entry(list).or_default();
        let number = match (start, counts[level]) {
            (Some(start), None) => start,
            (None, None) => own.start,
            (_, Some(before)) => before.saturating_add(1),
        };
        counts[level] = Some(number);
        for (deeper, count) in counts.iter_mut().enumerate().skip(level + 1) {
            let restarts = levels.get(deeper).and_then(|level| level.restarts_after);
            if restarts.is_none_or(|after| after > level) {
                *count = None;
            }
        }
        match own.figures {
            Figures::Bullet => return Some(Mark::Bullet),
            Figures::None if !own.pattern.chars().any(char::is_alphanumeric) => return None,
            _ => {}
        }
        let label = label(own, levels, counts);
        let label = label.trim();
        if label.is_empty() {
            return None;
        }
        let plain = label.strip_suffix(['.', ')']).unwrap_or(label);
        if own.figures == Figures::Decimal && plain == number.to_string() {
            return Some(Mark::Number(number));
        }
        Some(Mark::Label(label.to_owned()))
    }
}

fn label(own: &Level, levels: &[Level], counts: &[Option<u32>; LEVELS]) -> String {
    let mut label = String::new();
    let mut chars = own.pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let place = if c == '%' { chars.peek().and_then(|c| c.to_digit(10)) } else { None };
        let Some(place) = place.filter(|&place| place > 0) else {
            label.push(c);
            continue;
        };
        chars.next();
        let place = place as usize - 1;
        let Some(level) = levels.get(place) else { continue };
        let number = counts[place.min(LEVELS - 1)].unwrap_or(level.start);
        let figures = if own.legal { Figures::Decimal } else { level.figures };
        label.push_str(&in_figures(number, figures));
    }
    label
}

/// A number as a level of this kind draws it.
pub(super) fn in_figures(number: u32, figures: Figures) -> String {
    match figures {
        Figures::Bullet | Figures::None => String::new(),
        Figures::Decimal => number.to_string(),
        Figures::DecimalZero => format!("{number:02}"),
        Figures::LowerLetter => letters(number),
        Figures::UpperLetter => letters(number).to_uppercase(),
        Figures::LowerRoman => roman(number),
        Figures::UpperRoman => roman(number).to_uppercase(),
        Figures::Ordinal => {
            let end = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{number}{end}")
        }
    }
}

/// a, b, …, z, aa, bb, as both word processors count.
fn letters(number: u32) -> String {
    let Some(place) = number.checked_sub(1) else { return "0".to_owned() };
    let times = (place / 26 + 1).min(40) as usize;
    let letter = char::from(b'a' + u8::try_from(place % 26).unwrap_or(0));
    std::iter::repeat_n(letter, times).collect()
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Counters, Figures, Level, Mark, in_figures};

    fn level(figures: Figures, pattern: &str) -> Level {
        Level { figures, pattern: pattern.to_owned(), start: 1, ..Level::default() }
    }

    #[test]
    fn every_item_gets_the_number_that_the_document_shows() {
        let levels = [
            level(Figures::Decimal, "%1."),
            level(Figures::Decimal, "%1.%2"),
            level(Figures::LowerLetter, "(%3)"),
            level(Figures::Bullet, "•"),
        ];
        let mut counters = Counters::default();
        let mut next = |level| counters.next(1, level, None, &levels);
        assert_eq!(next(0), Some(Mark::Number(1)));
        assert_eq!(next(1), Some(Mark::Label("1.1".into())));
        assert_eq!(next(1), Some(Mark::Label("1.2".into())));
        assert_eq!(next(2), Some(Mark::Label("(a)".into())));
        assert_eq!(next(0), Some(Mark::Number(2)));
        assert_eq!(next(1), Some(Mark::Label("2.1".into())));
        assert_eq!(next(3), Some(Mark::Bullet));
    }

    #[test]
    fn numbers_are_drawn_as_word_processors_draw_them() {
        assert_eq!(in_figures(28, Figures::LowerLetter), "bb");
        assert_eq!(in_figures(1999, Figures::UpperRoman), "MCMXCIX");
        assert_eq!(in_figures(22, Figures::Ordinal), "22nd");
        assert_eq!(in_figures(u32::MAX, Figures::LowerLetter).len(), 40);
        assert_eq!(in_figures(0, Figures::LowerRoman), "0");
    }
}
