//! Every rule has its page, and every page its rule; every rule has a school that breaks it and one that does not.
//!
//! To add a rule: name it in `check/rules.rs`, describe it in `docs/rules.md`, and write what it finds and what it
//! passes into `rules/examples/RULE.txt` ([`example`] says how). What the office is told then stands beside it, in
//! `RULE.snap`; `INSTA_UPDATE=always cargo test -p generator --test all rules::` writes that anew.

mod example;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use generator::{
    build,
    check::{Extra, rules::RULES},
    tell,
    theme::Theme,
};
use rayon::prelude::*;

use self::example::{Example, Twin, WEB};
use crate::{
    outside::Web,
    workshop::{day, said},
};

/// Rules that nothing in a school's folder breaks, and the test that shows each instead.
const SHOWN_ELSEWHERE: [(&str, &str); 2] = [
    ("print", "what_the_engine_refuses_for_a_reason_of_its_own_is_told_at_its_line"),
    ("theme", "a_theme_that_cannot_draw_is_told_and_the_pages_stay_until_it_is_mended"),
];

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

#[test]
fn every_rule_has_a_school_that_breaks_it_and_one_that_does_not() {
    let examples: BTreeSet<String> = examples().iter().map(|file| rule_of(file)).collect();
    let source = source_of(&["src", "tests"]);
    for rule in RULES {
        if let Some((_, test)) = SHOWN_ELSEWHERE.iter().find(|(other, _)| other == rule) {
            assert!(source.contains(&format!("fn {test}(")), "{rule}: there is no test {test}");
            assert!(
                !examples.contains(*rule),
                "{rule} has an example after all: take it off SHOWN_ELSEWHERE"
            );
            continue;
        }
        assert!(
            examples.contains(*rule),
            "{rule} has no example: write what it finds and what it passes into tests/all/rules/examples/{rule}.txt"
        );
    }
    let left_over: Vec<_> = examples.iter().filter(|rule| !RULES.contains(&rule.as_str())).collect();
    assert!(left_over.is_empty(), "there are no such rules: {left_over:?}");
}

#[test]
fn each_rule_stops_one_school_in_words_for_the_office_and_passes_its_twin() {
    let theme = Theme::embedded().unwrap();
    let judged: Vec<(Example, String, Vec<String>)> = examples()
        .par_iter()
        .filter_map(|file| {
            let example = Example::read(file);
            let (told, faults) = judge(&example, &theme)?;
            Some((example, told, faults))
        })
        .collect();
    let faults: Vec<&String> = judged.iter().flat_map(|(_, _, faults)| faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    for (example, told, _) in judged {
        insta::with_settings!({
            snapshot_path => "rules/examples",
            prepend_module_to_snapshot => false,
            omit_expression => true,
            description => example.story.as_str(),
        }, {
            insta::assert_snapshot!(example.rule.as_str(), told);
        });
    }
}

/// What the school that breaks the rule is told, and what is not as it should be. None where this program was
/// built without what the rule is about.
fn judge(example: &Example, theme: &Theme) -> Option<(String, Vec<String>)> {
    let Example { rule, also, .. } = example;
    let (stopped, passed) = (findings(&example.stops, theme), findings(&example.passes, theme));
    let prints = |twin: &Twin| twin.run.first().is_some_and(|word| word == "build" || word == "letters");
    if !cfg!(feature = "print") && (prints(&example.stops) || prints(&example.passes)) {
        return None;
    }
    let rules: BTreeSet<&str> = stopped.iter().map(|finding| finding.rule.as_str()).collect();
    let mut faults = Vec::new();
    if !rules.contains(rule.as_str()) {
        faults.push(format!("{rule} does not stop the school that breaks it: {rules:?}"));
    }
    for other in rules.iter().filter(|other| *other != rule && !also.iter().any(|also| also == *other)) {
        faults.push(format!("{rule}: the school that breaks it is also told of {other}"));
    }
    for also in also.iter().filter(|also| !rules.contains(also.as_str())) {
        faults.push(format!("{rule}: its school is not told of {also}, which stands after “also”"));
    }
    // The rule itself never; what stands after “also” may be the twin's too.
    for finding in passed.iter().filter(|finding| finding.rule == *rule || !also.contains(&finding.rule)) {
        faults.push(format!("{rule}: the twin is told {}", finding.text));
    }
    for finding in &stopped {
        if !finding.text.contains("\n  To mend it: ") {
            faults.push(format!("{rule} names no mend: {}", finding.text));
        }
    }
    let told = stopped.into_iter().map(|finding| finding.text).collect::<Vec<_>>().join("\n\n");
    Some((told, faults))
}

/// A finding as the office reads it.
struct Finding {
    rule: String,
    text: String,
}

/// What is found in a twin's school.
fn findings(twin: &Twin, theme: &Theme) -> Vec<Finding> {
    let web = twin.needs_web().then(Web::open);
    let address = web.as_ref().map(|web| web.address.as_str());
    let workshop = twin.school(address);
    let words: Vec<&str> = twin.run.iter().map(String::as_str).collect();
    let text = match words.as_slice() {
        // Most rules look in every check: no program is started for them.
        [] | ["check", "--strict"] => {
            let extra = Extra { strict: !words.is_empty(), ..Extra::default() };
            tell::as_text(&build::check_with(&workshop.school(), theme, day(), &extra).report, false)
        }
        words => {
            let mut words = [words, &["--date", "2026-11-22"]].concat();
            if !words.contains(&"--school") {
                words.extend(["--school", "school"]);
            }
            if words[0] == "build" {
                words.extend(["--out", "out"]);
            }
            let output = workshop.signpost(&words);
            assert!(output.status.code().is_some_and(|code| code < 2), "{words:?}: {}", said(&output));
            String::from_utf8(output.stdout).unwrap() + "\n\n" + &String::from_utf8(output.stderr).unwrap()
        }
    };
    let text = address.map_or(text.clone(), |address| text.replace(address, WEB));
    text.split("\n\n").filter_map(finding).collect()
}

/// A finding among what is said; none where it is something else.
fn finding(text: &str) -> Option<Finding> {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("Error: ") || line.starts_with("Warning: "))?;
    let place = lines.get(first + 1)?.strip_prefix("  in ")?;
    let (_, rule) = place.rsplit_once(" · ")?;
    Some(Finding { rule: rule.to_owned(), text: lines[first..].join("\n") })
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/rules/examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    files
}

fn rule_of(file: &Path) -> String {
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// All Rust source in these folders.
fn source_of(folders: &[&str]) -> String {
    let mut source = String::new();
    for folder in folders {
        for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            let entry = entry.unwrap();
            if entry.path().extension().is_some_and(|ending| ending == "rs") {
                source.push_str(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    source
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
