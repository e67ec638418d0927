//! Every rule has its page, and every page its rule.

use std::{collections::BTreeSet, fs, path::Path};

use generator::check::rules::RULES;

/// Where a finding’s name stands in the source: the first words after one of these.
const CALLS: [&str; 5] = ["error(", "tell(", "of_file(", "warning(", "finding("];

#[test]
fn every_rule_that_a_finding_can_name_is_on_the_list() {
    let mut unlisted = BTreeSet::new();
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        // Below this line a file tests itself with names of its own.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for name in names_in(code) {
            if !RULES.contains(&name.as_str()) {
                unlisted.insert(format!("{name} in {}", entry.path().display()));
            }
        }
    }
    assert!(unlisted.is_empty(), "add to check/rules.rs and docs/rules.md: {unlisted:#?}");
}

#[test]
fn every_rule_on_the_list_is_one_that_some_finding_names() {
    let mut source = String::new();
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() && !entry.path().ends_with("check/rules.rs") {
            source.push_str(&fs::read_to_string(entry.path()).unwrap_or_default());
        }
    }
    let idle: Vec<_> = RULES.iter().filter(|rule| !source.contains(&format!("\"{rule}\""))).collect();
    assert!(idle.is_empty(), "no finding names these: {idle:?}");
}

#[test]
fn every_rule_has_a_section_in_the_docs_and_no_section_is_left_over() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let docs = fs::read_to_string(file).unwrap();
    let sections: BTreeSet<&str> = docs.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules: BTreeSet<&str> = RULES.iter().copied().collect();
    assert_eq!(rules.difference(&sections).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a section");
    assert_eq!(sections.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a rule");
    for section in docs.split("\n### ").skip(1) {
        let name = section.lines().next().unwrap();
        for part in ["**Why:** ", "**Mend:** ", "**Example:** "] {
            assert!(section.contains(part), "{name} lacks {part}");
        }
    }
}

/// Names of findings in Rust source: what follows a call that makes one, or stands first in a pair.
fn names_in(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices('"') {
        let before = code[..at].trim_end();
        let Some(end) = code[at + 1..].find('"') else { continue };
        let name = &code[at + 1..at + 1 + end];
        let kebab = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !name.starts_with('-');
        let first = code[at + end + 2..].trim_start().starts_with(',');
        let called = CALLS.iter().any(|call| before.ends_with(call))
            || (before.ends_with("Severity::Error,") || before.ends_with("Severity::Warning,"));
        let words_follow =
            code[at + end + 2..].trim_start().trim_start_matches(',').trim_start().starts_with('"');
        let paired = name.contains('-')
            && !words_follow
            && before.strip_suffix('(').is_some_and(|b| {
                !b.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '!' || c == '>')
            });
        if kebab && first && (called || paired) {
            names.insert(name.to_owned());
        }
    }
    names
}
