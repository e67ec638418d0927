//! Page numbers, running headers and footers, rules: what belongs to the paper and not to the policy.

use std::collections::HashMap;

use super::Notes;
use super::lines::Line;
use super::words;

/// A line that runs through the pages is there this often at least.
const RUNS_FROM: usize = 3;
/// How many lines with words may stand between a running line and the edge of the page.
const NEAR: usize = 2;

/// Marks furniture as gone and lists it.
pub(super) fn drop_from(lines: &mut [Line], notes: &mut Notes) {
    let filled: Vec<usize> = (0..lines.len()).filter(|&at| !lines[at].is_blank()).collect();
    let numbers = page_numbers(lines, &filled);
    for &at in &numbers {
        remove(&mut lines[at], "a page number", notes);
    }
    let running = running_lines(lines, &filled, &numbers);
    for &at in &running {
        remove(&mut lines[at], "runs through the pages as a header or footer", notes);
    }
    for &at in &filled {
        if !lines[at].gone && is_rule(&lines[at].text) {
            remove(&mut lines[at], "a line with no words", notes);
        }
    }
}

fn remove(line: &mut Line, why: &str, notes: &mut Notes) {
    line.gone = true;
    notes.drop(line.no, line.text.clone(), why);
}

/// Three or more dashes, dots, stars or the like and nothing else.
pub(super) fn is_rule(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).count() >= 3
        && text.chars().all(|c| c.is_whitespace() || "-–—=_.*~·…━─".contains(c))
}

/// Where the lines are that hold a page number and nothing else.
fn page_numbers(lines: &[Line], filled: &[usize]) -> Vec<usize> {
    let mut certain = Vec::new();
    let mut lone: Vec<(usize, u32)> = Vec::new();
    for &at in filled {
        let text = lines[at].text.trim_matches(['-', '–', '—', '[', ']', '|', ' ']).to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |word: &str| word.parse::<u32>().ok().filter(|&number| number < 1000);
        match words.as_slice() {
            ["page", one] if number(one).is_some() => certain.push(at),
            ["page", one, "of" | "/", all] | [one, "of", all]
                if number(one).is_some() && number(all).is_some() =>
            {
                certain.push(at);
            }
            [one] => lone.extend(number(one).map(|number| (at, number))),
            _ => {}
        }
    }
    // A number alone on a line may be a cell or an answer; numbers that rise by one each are pages.
    let rises = |pair: &[(usize, u32)]| pair[1].1 == pair[0].1 + 1 && pair[1].0 > pair[0].0 + 3;
    let paged = lines.iter().any(|line| line.page_begins);
    let mut alone: Vec<usize> =
        lone.windows(2).filter(|pair| rises(pair)).flat_map(|p| [p[0].0, p[1].0]).collect();
    alone.extend(lone.iter().map(|&(at, _)| at).filter(|&at| paged && at_page_edge(lines, at)));
    certain.extend(alone);
    certain.sort_unstable();
    certain.dedup();
    certain
}

/// Whether a form feed stands right before the line, or one or the end right after it.
fn at_page_edge(lines: &[Line], at: usize) -> bool {
    lines[at].page_begins || lines.get(at + 1).is_none_or(|next| next.page_begins)
}

/// What a running line says, whatever the number of its page.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !pattern.ends_with('#') {
                pattern.push('#');
            }
        } else if c.is_whitespace() {
            if !pattern.ends_with(' ') {
                pattern.push(' ');
            }
        } else {
            pattern.extend(c.to_lowercase());
        }
    }
    pattern
}

/// Where the running headers and footers are. A line that is only repeated ("This list is not complete.")
/// is not one: it has to stand at the edge of pages, carry their number, or interrupt sentences.
fn running_lines(lines: &[Line], filled: &[usize], numbers: &[usize]) -> Vec<usize> {
    let edges = near_an_edge(lines, filled, numbers);
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, &at) in filled.iter().enumerate() {
        let text = &lines[at].text;
        if !lines[at].gone && text.len() <= 160 && words::has_letter_or_digit(text) {
            places.entry(pattern(text)).or_default().push(place);
        }
    }
    let mut running = Vec::new();
    for (pattern, found) in places {
        if found.len() < RUNS_FROM || super::markers::read(&lines[filled[found[0]]].text, false).is_some() {
            continue;
        }
        let at_edges = found.iter().filter(|&&place| edges[place]).count();
        let interrupts = found.iter().filter(|&&place| interrupts(lines, filled, place)).count();
        let numbered = pattern.contains("page #") && rise(lines, filled, &found);
        let tailed = pattern.ends_with('#') && pattern.contains('|') && rise(lines, filled, &found);
        let ends_as_text = pattern.ends_with([':', '.']);
        if numbered || tailed || (!ends_as_text && (at_edges * 2 > found.len() || interrupts >= 2)) {
            running.extend(found.iter().map(|&place| filled[place]));
        }
    }
    running.sort_unstable();
    running
}

/// For each line with words, whether a page ends or begins within a few lines of it.
fn near_an_edge(lines: &[Line], filled: &[usize], numbers: &[usize]) -> Vec<bool> {
    let mut near = vec![false; filled.len()];
    let mut numbers = numbers.iter().peekable();
    for (place, &at) in filled.iter().enumerate() {
        let number = numbers.next_if(|&&number| number == at).is_some();
        if number || lines[at].page_begins {
            let until = (place + NEAR + 1).min(near.len());
            near[place.saturating_sub(NEAR)..until].fill(true);
        }
    }
    near
}

/// Whether the numbers in a repeated line rise as the pages do.
fn rise(lines: &[Line], filled: &[usize], places: &[usize]) -> bool {
    let digits = |place: &usize| {
        let text = &lines[filled[*place]].text;
        let from = text.to_lowercase().find("page").filter(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let number: String = text[from..]
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .take(6)
            .collect();
        number.parse::<u32>().unwrap_or(0)
    };
    places.windows(2).all(|pair| digits(&pair[0]) < digits(&pair[1]))
}

/// Whether the line stands in the middle of a sentence of others.
fn interrupts(lines: &[Line], filled: &[usize], place: usize) -> bool {
    let (Some(before), Some(after)) = (place.checked_sub(1).map(|p| filled[p]), filled.get(place + 1)) else {
        return false;
    };
    let (before, after) = (&lines[before].text, &lines[*after].text);
    before.split(' ').count() > 5
        && !words::ends_sentence(before)
        && words::begins_in_lower_case(after)
        && super::markers::read(after, true).is_none()
}

#[cfg(test)]
mod tests {
    use super::{Notes, drop_from};
    use crate::import::lines::split;

    fn kept(text: &str) -> Vec<String> {
        let mut lines = split(text);
        drop_from(&mut lines, &mut Notes::default());
        lines.into_iter().filter(|line| !line.gone && !line.is_blank()).map(|line| line.text).collect()
    }

    #[test]
    fn a_running_header_with_the_page_number_is_dropped() {
        let text = "Hat policy | Page 1\nWe wear hats.\nHat policy | Page 2\nAll of us.\nHat policy | Page 3\nAlways.";
        assert_eq!(kept(text), ["We wear hats.", "All of us.", "Always."]);
    }

    #[test]
    fn a_header_between_form_feeds_is_dropped_and_so_are_numbers() {
        let text = "Larkfield hats\nOne.\n1\n\u{c}Larkfield hats\nTwo.\n2\n\u{c}Larkfield hats\nThree.\n3";
        assert_eq!(kept(text), ["One.", "Two.", "Three."]);
    }

    #[test]
    fn a_sentence_that_is_only_repeated_stays() {
        let text = "A\n\nThis list is not complete\n\nB\n\nThis list is not complete\n\nC\n\nThis list is not complete";
        assert_eq!(kept(text).len(), 6);
    }
}
