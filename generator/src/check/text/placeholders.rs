//! Text that waits to be filled in.

use std::sync::LazyLock;

use regex::Regex;

use super::{Page, passages::Sort, triggers::Family};
use crate::diagnostic::Diagnostic;

/// What templates leave for the school to fill in. Words within square brackets that are no link; a bracket
/// such as “\[sic\]” or “[the school]” in a quotation is none of them.
static WAITING: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?i:lorem ipsum)",
        r"|\[(?i:(?:please )?(?:insert|add|enter|type|fill in|delete|amend|specify|state|choose|select)\b[^\]]{0,80}",
        r"|(?:your |the |our )?(?:name|title|date|email|e-mail|phone|telephone|contact|link|url|address|logo|number)(?: of| here|\b)[^\]]{0,60}",
        r"|(?:your |name of )?school(?:[’']s)? ?(?:name|logo|address|crest|website)?",
        r"|(?:headteacher|head teacher|dsl|senco|chair|governor|person|staff)[’'s]* (?:name|contact|email|details)[^\]]{0,40}",
        r"|tb[acd]|x{2,}|\.{2,}|…)\]",
        r"|\[(?:Head ?teacher|DSL|SENCO|Chair of [Gg]overnors|Designated [Ss]afeguarding [Ll]ead|Date)\]",
        r"|\b(?:TBC|TBD|TBA|XXX+)\b",
        r"|\b(?i:dd/mm/yy(?:yy)?)\b",
        // Nobody can delete anything on a page.
        r"|(?i:\bdelete (?:as|where|if) (?:not )?(?:appropriate|applicable)\b)",
        r"|(?i:\binsert\b[^.;:]{0,60}\bhere\b)",
        r"|(?i:\binsert (?:your |the )?(?:school|name|date|details|link|logo|number)\b[^.;]{0,30})",
    ))
});

/// “Mr/Mrs” with nobody after it.
static NOBODY: LazyLock<Regex> =
    LazyLock::new(|| super::pattern(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr)(?: ?/ ?(?:Mr|Mrs|Miss|Ms|Mx|Dr))+\b\.?\s*"));

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for passage in &page.passages {
        if passage.sort == Sort::Form || !passage.triggers.has(Family::Placeholder) {
            continue;
        }
        let words = &passage.words;
        let waiting = WAITING.find_iter(words).map(|found| found.range());
        let nobody = NOBODY.find_iter(words).filter_map(|found| {
            let named = words[found.end()..].chars().next().is_some_and(char::is_uppercase);
            (!named).then(|| found.start()..found.start() + found.as_str().trim_end().len())
        });
        for range in waiting.chain(nobody) {
            let found = words[range.clone()].to_owned();
            problems.push(page.warning(
                "placeholder-text",
                passage,
                range,
                format!("“{found}” looks like text that nobody has filled in yet."),
                "Write what belongs here, or take it out. What school.toml knows is written as {{ school.name }}.",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_left_behind_is_found() {
        for text in [
            "Lorem ipsum dolor",
            "at [school name] we",
            "by [insert date]",
            "Contact [Name of DSL] first",
            "on TBC",
            "Ring XXXX",
            "Insert the school logo here",
            "[SCHOOL]",
            "Reviewed: dd/mm/yyyy",
            "Signed by [Headteacher]",
            "I do / do not agree (delete as appropriate)",
        ] {
            assert!(WAITING.is_match(text), "{text}");
        }
        assert!(NOBODY.is_match("see Mr/Mrs … at once"));
    }

    #[test]
    fn words_that_only_look_like_it_pass() {
        for text in [
            "They said [sic] it",
            "insert a USB stick only with leave",
            "the child [then six] told us",
            "Maxxx is a film",
            "[Childline] rang",
            "[the pupil] was asked",
            "[the headteacher] wrote",
            "Delete what you no longer need",
        ] {
            assert!(!WAITING.is_match(text), "{text}: {:?}", WAITING.find(text));
        }
    }
}
