//! Notes that silence a finding for one line, with a reason.
//!
//! In a page’s text `<!-- signpost: allow RULE: reason -->`; in its front matter and in TOML files
//! `# signpost: allow RULE: reason`. A note beside other words is about its own line; a note alone on
//! its line is about the next line that holds something else. A note that does nothing is told, so
//! that none outlives its cause.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;

use super::{
    Extra,
    rules::{self, Asked},
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    load::{nearest::did_you_mean, tree::Tree},
    source::Source,
};

const MARK: &str = "signpost:";

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    /// The rule that it names.
    rule: String,
    /// Why.
    reason: String,
    /// The line that it is about, from 1.
    line: usize,
    /// Where the note stands.
    range: Range<usize>,
}

/// The notes of a school's files, by file.
#[derive(Debug, Clone, Default)]
pub struct Notes(BTreeMap<String, (Source, Vec<Note>)>);

/// Takes out what notes silence, and tells which notes are at fault.
pub fn apply(tree: &Tree, problems: Vec<Diagnostic>, extra: &Extra) -> Vec<Diagnostic> {
    Notes::of(tree).apply(problems, &|asked| extra.looks(asked))
}

impl Notes {
    /// Finds them.
    pub fn of(tree: &Tree) -> Self {
        let noted = tree.files.par_iter().filter(|(path, bytes)| {
            (path.ends_with(".md") || path.ends_with(".toml")) && contains(bytes, MARK.as_bytes())
        });
        let noted = noted.filter_map(|(path, bytes)| {
            let source = Source::from_bytes(path, bytes).ok()?;
            let notes = notes_of(&source);
            (!notes.is_empty()).then_some((path.clone(), (source, notes)))
        });
        Self(noted.collect())
    }

    /// Takes out what notes silence, and tells which notes are at fault of those whose rules look now.
    pub fn apply(&self, problems: Vec<Diagnostic>, looks: &dyn Fn(Asked) -> bool) -> Vec<Diagnostic> {
        if self.0.is_empty() {
            return problems;
        }
        let mut used: BTreeMap<(&str, usize), Severity> = BTreeMap::new();
        let mut kept = Vec::new();
        for problem in problems {
            let found = self.0.get_key_value(problem.file.as_str()).and_then(|(path, (_, notes))| {
                let line = problem.spot.as_ref()?.line;
                let at = notes.iter().position(|note| {
                    note.line == line && note.rule == problem.code && !note.reason.is_empty()
                })?;
                Some((path.as_str(), at))
            });
            let Some(note) = found else {
                kept.push(problem);
                continue;
            };
            used.insert(note, problem.severity);
            if problem.severity == Severity::Error && !rules::error_may_be_silenced(problem.code) {
                kept.push(problem);
            }
        }
        for (path, (source, notes)) in &self.0 {
            for (at, note) in notes.iter().enumerate() {
                kept.extend(fault(source, note, used.get(&(path.as_str(), at)).copied(), looks));
            }
        }
        kept
    }
}

fn fault(
    source: &Source,
    note: &Note,
    used: Option<Severity>,
    looks: &dyn Fn(Asked) -> bool,
) -> Option<Diagnostic> {
    let tell = |code, what: String, mend: String| {
        Some(source.error(code, note.range.clone(), what, mend).as_warning())
    };
    let rule = &note.rule;
    if !rules::RULES.contains(&rule.as_str()) {
        let near = did_you_mean(
            rule,
            rules::RULES.iter().copied(),
            "Copy the rule’s name from the finding, as in <!-- signpost: allow placeholder-text: the county’s own words -->.",
        );
        return tell("allow-unknown-rule", format!("There is no rule “{rule}” to silence."), near);
    }
    if note.reason.is_empty() {
        return tell(
            "allow-without-reason",
            format!("This note would silence “{rule}”, but gives no reason, so it does nothing."),
            "Write after a colon why it is right as it stands: whoever reviews the page will ask.".to_owned(),
        );
    }
    match used {
        Some(Severity::Error) if !rules::error_may_be_silenced(rule) => tell(
            "allow-refused",
            format!("“{rule}” is an error here, and errors cannot be silenced."),
            "Mend what the error tells, and take this note out.".to_owned(),
        ),
        Some(_) => None,
        None if !looks(rules::asked(rule)) => None,
        None => tell(
            "allow-unused",
            format!("This note silences “{rule}”, but there is nothing of it on the line it is about."),
            "Take the note out, or move it to the line itself or the line before.".to_owned(),
        ),
    }
}

fn notes_of(source: &Source) -> Vec<Note> {
    let markdown = source.path.ends_with(".md");
    let mut notes: Vec<Note> = Vec::new();
    // Notes that stand alone wait for the next line that holds something else.
    let mut waiting: Vec<usize> = Vec::new();
    let mut fences = 0;
    let mut at = 0;
    for (number, text) in source.text.split_inclusive('\n').enumerate() {
        let (start, line) = (at, number + 1);
        at += text.len();
        if markdown && fences < 2 && text.trim_end() == "+++" {
            fences += 1;
        }
        let settings = !markdown || fences < 2;
        let Some((inside, rule, reason)) = note_in(text, settings) else {
            if !text.trim().is_empty() {
                waiting.drain(..).for_each(|note| notes[note].line = line);
            }
            continue;
        };
        let alone = text[..inside.start].trim().is_empty() && text[inside.end..].trim().is_empty();
        if alone {
            waiting.push(notes.len());
        } else {
            waiting.drain(..).for_each(|note| notes[note].line = line);
        }
        notes.push(Note { rule, reason, line, range: start + inside.start..start + inside.end });
    }
    notes
}

/// The note in a line: its bytes, the rule and the reason.
fn note_in(text: &str, settings: bool) -> Option<(Range<usize>, String, String)> {
    let (open, close) = if settings { ("#", "\n") } else { ("<!--", "-->") };
    let mark = text.find(MARK)?;
    let start = text[..mark].rfind(open)?;
    if !text[start + open.len()..mark].trim().is_empty() {
        return None;
    }
    let after = mark + MARK.len();
    let end = text[after..].find(close).map_or(text.len(), |at| after + at);
    let said = text[after..end].trim().strip_prefix("allow")?;
    let (rule, reason) = said.split_once(':').unwrap_or((said, ""));
    let whole = start..if settings { text.trim_end().len() } else { (end + close.len()).min(text.len()) };
    Some((whole, rule.trim().to_owned(), reason.trim().to_owned()))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| std::str::from_utf8(needle).is_ok_and(|n| text.contains(n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<(usize, String, String)> {
        let notes = notes_of(&Source::new(path, text));
        notes.into_iter().map(|note| (note.line, note.rule, note.reason)).collect()
    }

    #[test]
    fn a_note_alone_is_about_the_next_line_that_says_something() {
        let text = "+++\n# signpost: allow a: why\n# signpost: allow b: too\ntitle = \"x\"\n+++\n\n<!-- signpost: allow c: so -->\n\nText.\n";
        let found = lines("a.md", text);
        assert_eq!(found.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [4, 4, 9]);
        assert_eq!(found[2].2, "so");
    }

    #[test]
    fn a_note_beside_words_is_about_its_own_line() {
        let found = lines("a.md", "+++\n+++\nText <!-- signpost: allow a: why --> more\nNext\n");
        assert_eq!(found, [(3, "a".to_owned(), "why".to_owned())]);
        assert_eq!(lines("a.toml", "x = 1 # signpost: allow a\ny = 2\n")[0].0, 1);
    }

    #[test]
    fn a_heading_with_a_number_sign_is_no_note() {
        assert!(lines("a.md", "+++\n+++\n# signpost: allow a: why\n").is_empty());
    }
}
