//! What the source tells of approval, review, version and owner.

use jiff::civil::Date;

use super::dates::{self, When};
use super::lines::Line;
use super::words;
use super::{ImportOptions, Notes};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Approved,
    Review,
    Owner,
}

/// A date with what it is the date of.
#[derive(Debug)]
struct Told {
    kind: Kind,
    line: usize,
    text: String,
    when: When,
}

#[derive(Debug, Default)]
pub(super) struct Governance {
    dates: Vec<Told>,
    pub(super) approved_by: Option<(usize, String)>,
    pub(super) version: Option<(usize, String)>,
    owner: Option<(usize, String)>,
    /// What was told, though perhaps not so that it could be used.
    pub(super) told: Vec<Kind>,
}

/// The longest line, in words, that counts as a line of facts rather than as a sentence.
const FACT_LINE: usize = 14;

impl Governance {
    pub(super) fn read(&mut self, line: &Line, above: &str) {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        let is_fact = words.len() <= FACT_LINE;
        let mentions_policy = line.text.to_lowercase().contains("policy");
        if is_fact {
            self.read_labels(line);
        }
        if !is_fact && !mentions_policy {
            return;
        }
        for found in dates::find(&line.text) {
            let before = words[..found.word].join(" ").to_lowercase();
            let kind = kind_of(&before).or_else(|| {
                // A label on the line above, or in the cell above: "Review date" / "May 2026".
                (found.word == 0 && above.split_whitespace().count() <= 6)
                    .then(|| kind_of(&above.to_lowercase()))
                    .flatten()
            });
            let Some(kind) = kind else { continue };
            // In a sentence only a whole date says enough: "reviewed each May" does not.
            if !is_fact && !matches!(found.when, When::Day(_)) {
                continue;
            }
            self.dates.push(Told { kind, line: line.no, text: found.text, when: found.when });
        }
    }

    fn read_labels(&mut self, line: &Line) {
        for cell in line.text.split(['\t', '|']).flat_map(|cell| cell.split("  ")) {
            let plain = cell.replace("**", "");
            if let Some(version) = version(&plain) {
                self.version.get_or_insert((line.no, version));
            }
            let Some((label, value)) = plain.split_once(':') else { continue };
            let value = value.trim().trim_end_matches('.');
            // "Approved by: Governors Date: 3 May 2026": the value ends where the next label begins.
            let value = match value.split_once(':') {
                Some((value, _)) => value.rsplit_once(' ').map_or("", |(value, _)| value).trim(),
                None => value,
            };
            if !words::has_letter_or_digit(value) || value.contains("___") || value.contains("....") {
                continue;
            }
            match label.trim().to_lowercase().as_str() {
                "approved by" | "ratified by" | "agreed by" | "adopted by" => {
                    self.approved_by.get_or_insert((line.no, without_date(value)));
                }
                "responsibility"
                | "owner"
                | "policy owner"
                | "person responsible"
                | "responsible person"
                | "policy lead"
                | "lead"
                | "member of staff responsible"
                | "lead person" => {
                    self.owner.get_or_insert((line.no, value.to_owned()));
                }
                _ => {}
            }
        }
    }

    pub(super) fn line_of(&self, kind: Kind) -> usize {
        self.dates.iter().find(|told| told.kind == kind).map_or(1, |told| told.line)
    }

    /// The one day that the source tells, or nothing and a doubt.
    pub(super) fn day(&mut self, kind: Kind, notes: &mut Notes) -> Option<Date> {
        let (what, key) = match kind {
            Kind::Approved => ("approval", "approved"),
            Kind::Review => ("review", "review_due"),
            Kind::Owner => return None,
        };
        let told: Vec<&Told> = self.dates.iter().filter(|told| told.kind == kind).collect();
        let first = *told.first()?;
        self.told.push(kind);
        let differs = |other: &&&Told| match (first.when, other.when) {
            (When::Day(one), When::Day(two)) => one != two,
            (When::Day(day), When::About(year)) | (When::About(year), When::Day(day)) => day.year() != year,
            (When::About(one), When::About(two)) => one != two,
            _ => false,
        };
        if let Some(other) = told.iter().find(differs) {
            notes.doubt(
                first.line,
                format!(
                    "two dates of {what} contradict each other: “{}” in line {} and “{}” in line {}",
                    first.text, first.line, other.text, other.line
                ),
                format!("find out which is right, write it as `{key} = 2026-09-14`, and correct the text"),
            );
            return None;
        }
        let day = told.iter().find_map(|told| match told.when {
            When::Day(day) => Some(day),
            _ => None,
        });
        if day.is_none() {
            let why = match first.when {
                When::NoSuchDay => "which no calendar has",
                _ => "which is not a day",
            };
            notes.doubt(
                first.line,
                format!("the date of {what} is “{}”, {why}", first.text),
                format!("find out the day and write it as `{key} = 2026-09-14`"),
            );
        }
        day
    }
}

/// What a date is of, from the words before it: the last word that says so.
fn kind_of(before: &str) -> Option<Kind> {
    let place = |stems: &[&str]| stems.iter().filter_map(|stem| before.rfind(stem)).max();
    let approved = place(&["approv", "ratified", "adopted", "agreed", "policy date", "date of policy"]);
    let review = place(&["review", "renewal"]);
    // "Last reviewed" and "reviewed on" tell of the past.
    let past = ["last review", "reviewed on", "reviewed:", "reviewed in", "previous"];
    if past.iter().any(|words| before.contains(words)) && !before.contains("to be reviewed") {
        return None;
    }
    match (approved, review) {
        (Some(approved), Some(review)) if review > approved => Some(Kind::Review),
        (Some(_), _) => Some(Kind::Approved),
        (None, Some(_)) => Some(Kind::Review),
        (None, None) => None,
    }
}

/// "Version 4.1", "v2": the number alone.
fn version(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let number = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let word = word.strip_prefix('v').unwrap_or(word);
        let fits = !word.is_empty()
            && word.len() <= 6
            && word.starts_with(|c: char| c.is_ascii_digit())
            && word.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        fits.then(|| word.to_owned())
    };
    let at = words.iter().position(|word| word.trim_end_matches(':') == "version")?;
    let next = words.get(at + 1)?;
    let skip = usize::from(matches!(next.trim_end_matches([':', '.']), "number" | "no"));
    number(words.get(at + 1 + skip)?)
}

fn without_date(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    let until = dates::find(value).first().map_or(words.len(), |found| found.word);
    let mut words = &words[..until];
    while let Some((&("on" | "On" | "-" | "–" | "Date" | "date" | "in"), rest)) = words.split_last() {
        words = rest;
    }
    words.join(" ").trim_end_matches([',', ';', '-', ' ']).to_owned()
}

pub(super) fn owner(governance: &Governance, options: &ImportOptions, notes: &mut Notes) -> Option<String> {
    let (line, told) = governance.owner.as_ref()?;
    let said = words::key(told.split('(').next().unwrap_or(told));
    let known = options.people.iter().find(|person| words::key(&person.role) == said);
    if known.is_none() {
        notes.doubt(
            *line,
            format!("“{told}” looks after the policy, but no role in school.toml is called so"),
            "write the key of the person in [people] of school.toml as `owner`",
        );
    }
    known.map(|person| person.key.clone())
}
