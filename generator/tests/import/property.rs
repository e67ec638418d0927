use std::collections::HashMap;

use proptest::prelude::*;

use crate::page::visible_text;
use crate::{body, import};

/// How often each letter and digit is there, whatever its case and place.
fn letters(text: &str) -> HashMap<char, usize> {
    let mut counts = HashMap::new();
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        // Ligatures are letters that were drawn as one.
        match c {
            'ﬀ'..='ﬆ' => continue,
            c => *counts.entry(c).or_insert(0) += 1,
        }
    }
    counts
}

/// Everything that an import accounts for: title, Markdown, what was left out.
fn accounted(imported: &generator::import::Imported) -> String {
    let dropped: Vec<&str> = imported.dropped.iter().map(|dropped| dropped.text.as_str()).collect();
    // A brace in a heading is written by its number.
    let body = body(imported).replace("&#123;", "{");
    format!("{}\n{body}\n{}", imported.title, dropped.join("\n"))
}

/// Lines as policies have them, in any order.
fn policy_line() -> impl Strategy<Value = String> {
    let words = "[A-Za-z]{1,9}( [a-z’]{1,9}){0,12}[.:,;?]?";
    prop_oneof![
        4 => words,
        2 => Just(String::new()),
        2 => (prop::sample::select(vec!["•", "o", "-", "▪", "*", "–", "\u{f0b7}"]), 0usize..5, words)
            .prop_map(|(bullet, indent, words)| format!("{}{bullet} {words}", " ".repeat(indent))),
        1 => ("[1-9]{1,2}[.)]", words).prop_map(|(number, words)| format!("{number} {words}")),
        1 => ("[1-9]\\.[1-9](\\.[1-9])?", words).prop_map(|(number, words)| format!("{number} {words}")),
        1 => ("\\(?[a-cixv]{1,2}\\)", words).prop_map(|(letter, words)| format!("{letter} {words}")),
        1 => (words, words, words).prop_map(|(a, b, c)| format!("{a}\t{b}\t{c}")),
        1 => (words, words).prop_map(|(a, b)| format!("{a}      {b}")),
        1 => words.prop_map(|words| format!("{words}\t")),
        1 => (words, 1u32..30).prop_map(|(words, page)| format!("{words}.....{page}")),
        1 => Just("Contents".to_owned()),
        1 => Just("Signed ....... Date .......".to_owned()),
        1 => (1u32..99).prop_map(|page| format!("Larkfield | Page {page}")),
        1 => (words, words).prop_map(|(a, b)| format!("{a} **{b}** and *{a}*")),
        1 => (words, words).prop_map(|(a, b)| format!("[{a}]({b}) <u>{b}</u> https://h.example/{a}")),
        1 => "[ -~]{0,30}",
        1 => Just("\u{c}".to_owned()),
        1 => "Approved: [1-9]{1,2}/[1-9]/20[12][0-9]",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_text_nothing_panics_and_no_letter_is_lost(text in "\\PC{0,60}(\n\\PC{0,60}){0,12}") {
        let imported = import(&text);
        let after = letters(&accounted(&imported));
        for (letter, count) in letters(&text) {
            // A lone "o" may be a bullet, and then is drawn as one.
            prop_assert!(letter == 'o' || after.get(&letter).copied().unwrap_or(0) >= count, "{letter}: {}", imported.markdown);
        }
    }

    #[test]
    fn every_word_of_a_policy_is_in_the_markdown_or_listed(lines in prop::collection::vec(policy_line(), 0..40)) {
        let text = lines.join("\n");
        let imported = import(&text);
        let (before, after) = (letters(&text), letters(&accounted(&imported)));
        for (letter, count) in &before {
            let kept = after.get(letter).copied().unwrap_or(0);
            prop_assert!(*letter == 'o' || kept >= *count, "{letter}: {count} and {kept} in\n{}", imported.markdown);
        }
        let file_name = letters("Sample form");
        for (letter, count) in &after {
            // The title may be made from the file's name, and forms are marked as such.
            let known = before.get(letter).copied().unwrap_or(0);
            let forms = imported.markdown.matches("```form").count();
            prop_assert!(*count <= known + (1 + forms) * file_name.get(letter).copied().unwrap_or(0), "{letter} was invented");
        }
    }

    #[test]
    fn what_a_reader_sees_is_what_the_markdown_was_meant_to_say(lines in prop::collection::vec(policy_line(), 0..40)) {
        let imported = import(&lines.join("\n"));
        let body = body(&imported);
        // Letters of the Markdown that a reader does not see: the numbers of lists, the marks of forms, the
        // addresses behind words.
        let seen = letters(&visible_text(body));
        for (letter, count) in letters(&body.replace("```form", "")) {
            let visible = seen.get(&letter).copied().unwrap_or(0);
            prop_assert!(letter.is_numeric() || visible == count, "{letter}: {count} and {visible} in\n{body}");
        }
        prop_assert!(!visible_text(body).contains('\u{fffd}'), "raw HTML or the like in\n{body}");
    }
}
