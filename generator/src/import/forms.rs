//! Lines that somebody fills in by hand: names, signatures, dates.

use super::words;

/// Words of which one at least is in every label of a form line.
const CORE: [&str; 22] = [
    "name",
    "names",
    "signed",
    "signature",
    "signatures",
    "date",
    "dated",
    "class",
    "initials",
    "position",
    "address",
    "telephone",
    "phone",
    "email",
    "relationship",
    "witness",
    "role",
    "print",
    "dob",
    "title",
    "group",
    "birth",
];

/// Words that may stand beside them where no colon shows that it is a label.
const BESIDE: [&str; 30] = [
    "job",
    "full",
    "printed",
    "please",
    "block",
    "capitals",
    "your",
    "my",
    "of",
    "the",
    "or",
    "and",
    "in",
    "on",
    "behalf",
    "mark",
    "s",
    "staff",
    "member",
    "volunteer",
    "parent",
    "carer",
    "guardian",
    "pupil",
    "child",
    "governor",
    "visitor",
    "headteacher",
    "chair",
    "governors",
];

/// Labels of things that are filled in once for the whole policy.
const GOVERNED: [&str; 8] = [
    "agreed on",
    "approved on",
    "approved by",
    "adopted on",
    "ratified on",
    "review date",
    "next review date",
    "agreed by",
];

/// The most words a label has.
const LONGEST_LABEL: usize = 9;

/// The labels of a line to fill in, or nothing if the line says something else as well.
pub(super) fn labels(text: &str) -> Option<Vec<String>> {
    // A label that would end the block that it is written in stays ordinary text.
    if text.contains('`') || text.contains("{{") {
        return None;
    }
    let (parts, blanks) = parts(text);
    let parts: Vec<String> = parts.into_iter().filter(|part| words::has_letter_or_digit(part)).collect();
    if parts.is_empty() || parts.iter().any(|part| part.split_whitespace().count() > LONGEST_LABEL) {
        return None;
    }
    let fits = if blanks {
        let asks = |part: &String| has_core(part) || is_governed(part) || part.ends_with('?');
        parts.iter().all(|part| !part.ends_with('.')) && parts.iter().any(asks)
    } else {
        parts.iter().all(|part| is_label(part))
    };
    fits.then_some(parts)
}

/// Boxes to tick, empty and ticked.
const BOXES: [char; 4] = ['☐', '☑', '☒', '🗹'];

/// What stands beside boxes to tick ("☐ Yes ☐ No"), or nothing if the line has none.
pub(super) fn tick_labels(text: &str) -> Option<Vec<String>> {
    if !text.contains(BOXES) || text.contains('`') || text.contains("{{") {
        return None;
    }
    let (before, after) = text.split_at(text.find(BOXES)?);
    let mut labels: Vec<String> = after.split(BOXES).map(|label| label.trim().to_owned()).collect();
    match before.trim() {
        "" => {}
        // Where the words stand before the box, each box belongs to what is before it.
        _ if labels.last().is_some_and(String::is_empty) => {
            labels = text.split(BOXES).map(|label| label.trim().to_owned()).collect();
        }
        before => labels.insert(0, before.to_owned()),
    }
    labels.retain(|label| words::has_letter_or_digit(label));
    (!labels.is_empty()).then_some(labels)
}

/// Cuts at blanks to write on, at tabs and wide gaps, and after colons. Says whether there were blanks.
fn parts(text: &str) -> (Vec<String>, bool) {
    let plain = text.replace("**", "").replace('\t', "  ");
    let mut cut = String::with_capacity(plain.len());
    let mut blanks = false;
    let mut rest = plain.as_str();
    while let Some(c) = rest.chars().next() {
        let run = rest.chars().take_while(|&next| next == c).count();
        let bytes = run * c.len_utf8();
        match c {
            '_' if run >= 3 => blanks = true,
            '.' if run >= 4 => blanks = true,
            '…' => blanks = true,
            ' ' if run >= 2 => {}
            _ => {
                cut.push_str(&rest[..bytes]);
                rest = &rest[bytes..];
                continue;
            }
        }
        cut.push('\n');
        rest = &rest[bytes..];
    }
    let cut = cut.replace(": ", ":\n");
    let mut parts: Vec<String> = cut.lines().map(|part| part.trim().to_owned()).collect();
    // "Signature Date": two labels with nothing between them.
    if let [one] = parts.as_slice()
        && let Some((first, "Date" | "Date:")) = one.rsplit_once(' ')
        && first.split(' ').next_back().is_some_and(|word| {
            matches!(word.to_lowercase().trim_end_matches(':'), "signature" | "signed" | "name")
        })
    {
        let date = one[first.len()..].trim().to_owned();
        parts = vec![first.to_owned(), date];
    }
    (parts, blanks)
}

fn has_core(part: &str) -> bool {
    words::lower_words(part).iter().any(|word| CORE.contains(&word.as_str()))
}

/// Whether it is filled in once for the whole policy: "Agreed on:".
fn is_governed(part: &str) -> bool {
    GOVERNED.contains(&part.trim_end_matches(':').trim().to_lowercase().as_str())
}

fn is_label(part: &str) -> bool {
    if let Some(label) = part.strip_suffix(':') {
        return (has_core(label) && !words::reads_like_a_sentence(label)) || is_governed(label);
    }
    let words = words::lower_words(part);
    let known = |word: &String| CORE.contains(&word.as_str()) || BESIDE.contains(&word.as_str());
    words.len() <= 6
        && words.iter().all(known)
        && words
            .iter()
            .any(|word| matches!(word.as_str(), "name" | "signed" | "signature" | "date" | "title"))
        && part.chars().all(|c| c.is_alphanumeric() || " ()/'’".contains(c))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{labels, tick_labels};

    #[test]
    fn boxes_to_tick_are_told_from_what_stands_beside_them() {
        assert_eq!(tick_labels("☐ Yes ☐ No").unwrap(), ["Yes", "No"]);
        assert_eq!(tick_labels("May we? ☐ Yes ☑ No").unwrap(), ["May we?", "Yes", "No"]);
        assert_eq!(tick_labels("I wear a hat ☐").unwrap(), ["I wear a hat"]);
        assert_eq!(tick_labels("I wear a hat"), None);
    }

    #[test]
    fn lines_to_fill_in_are_known_with_and_without_dots() {
        assert_eq!(labels("Signed ........ Date ......").unwrap(), ["Signed", "Date"]);
        assert_eq!(labels("Signed (parent):\tDate:").unwrap(), ["Signed (parent):", "Date:"]);
        assert_eq!(labels("Signature Date").unwrap(), ["Signature", "Date"]);
        assert_eq!(labels("Full name (printed)").unwrap(), ["Full name (printed)"]);
        assert_eq!(labels("Agreed on: ______").unwrap(), ["Agreed on:"]);
        assert_eq!(labels("Who has a hat? ______").unwrap(), ["Who has a hat?"]);
        assert_eq!(labels("Name of child: ____ Class: ____").unwrap(), ["Name of child:", "Class:"]);
    }

    #[test]
    fn lines_that_say_something_are_no_forms() {
        for text in
            ["Date: 3 May 2026", "Pupils sign this form:", "The date is:", "We wait ..... and see.", "....."]
        {
            assert_eq!(labels(text), None, "{text}");
        }
    }
}
