//! A form as its page shows it.

use serde::Serialize;

use super::{
    About,
    parts::{At, Block, Field, Kind, Part},
    sheet::{Entry, Sheet},
    told::{self, Lines, Told},
};
use crate::{
    diagnostic::Report,
    load::School,
    office::{Office, paper::Paper},
    photographs::is_photograph,
};

/// What was found, by what it is about.
#[derive(Default)]
pub(super) struct Notes(Vec<(About, Told)>);

impl Notes {
    /// The findings that are about something that this form asks.
    pub(super) fn of(paper: &Paper, part: &Part, lines: &Lines, report: &Report) -> Self {
        let mine = report.diagnostics().iter().filter(|problem| problem.file == part.file);
        let told = mine.filter_map(|problem| {
            let about = lines.about(part, problem)?;
            Some((about, told::told(paper, part, Some(about), problem)))
        });
        Self(told.collect())
    }

    /// How many errors there are, and how many warnings.
    pub(super) fn tally(&self) -> (usize, usize) {
        let errors = self.0.iter().filter(|(_, told)| told.is_error()).count();
        (errors, self.0.len() - errors)
    }

    fn about(&self, wanted: About) -> Vec<Told> {
        self.0.iter().filter(|(about, _)| *about == wanted).map(|(_, told)| told.clone()).collect()
    }

    /// The errors for the head of the page, each with a way to its field.
    pub(super) fn summary(&self, office: &Office, part: &Part, sheet: &Sheet) -> Vec<Line> {
        let line = |(about, told): &(About, Told)| {
            let block = &part.blocks[about.block];
            let entry = &sheet.blocks[about.block][about.entry];
            let of = block.at.is_list().then(|| title(entry)).flatten();
            let field = about.field.map(|field| label(office, block, entry, &block.fields[field]));
            let place: Vec<String> = of.into_iter().chain(field).collect();
            Line { id: id(part, *about), place: place.join(", "), told: told.clone() }
        };
        self.0.iter().filter(|(_, told)| told.is_error()).map(line).collect()
    }
}

/// An error with a way to its field.
#[derive(Serialize)]
pub(super) struct Line {
    id: String,
    /// What the field, or the entry, is called.
    place: String,
    told: Told,
}

/// The name of a field, or of an entry, within its page.
pub(super) fn id(part: &Part, about: About) -> String {
    let block = &part.blocks[about.block];
    match about.field {
        Some(field) => format!("{}-{}-{}", block.key, about.entry, block.fields[field].key),
        None => format!("{}-{}", block.key, about.entry),
    }
}

#[derive(Serialize)]
pub(super) struct ShownBlock {
    key: &'static str,
    n: usize,
    title: String,
    /// What the answers are about, where no heading says it.
    legend: String,
    words: String,
    list: bool,
    add: String,
    entries: Vec<ShownEntry>,
}

#[derive(Serialize)]
struct ShownEntry {
    id: String,
    n: usize,
    was: String,
    title: String,
    first: bool,
    last: bool,
    focus: bool,
    told: Vec<Told>,
    fields: Vec<ShownField>,
}

#[derive(Serialize)]
struct ShownField {
    id: String,
    label: String,
    hint: String,
    /// The names of what else is to be read with it.
    described: String,
    wrong: bool,
    shape: &'static str,
    value: String,
    choices: Vec<Choice>,
    focus: bool,
    told: Vec<Told>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    words: String,
}

/// The blocks of a form; `focus` is the entry to which the cursor goes.
pub(super) fn blocks(
    office: &Office,
    school: &School,
    part: &Part,
    sheet: &Sheet,
    notes: &Notes,
    focus: Option<(usize, usize)>,
) -> Vec<ShownBlock> {
    let one = |(n, (block, entries)): (usize, (&'static Block, &Vec<Entry>))| {
        let word = |what: &str| office.paper.word(&format!("facts.{}.{what}", block.key));
        let of_entry = |(at, entry): (usize, &Entry)| {
            let about = |field| About { block: n, entry: at, field };
            let here = focus == Some((n, at));
            let of_field = |(f, field): (usize, &Field)| {
                let id = id(part, about(Some(f)));
                let hint = hint(office, block, entry, field);
                let told = notes.about(about(Some(f)));
                let described = [(!hint.is_empty(), "hint"), (!told.is_empty(), "told")];
                let described: Vec<String> = described
                    .into_iter()
                    .filter(|(there, _)| *there)
                    .map(|(_, what)| format!("{id}-{what}"))
                    .collect();
                ShownField {
                    described: described.join(" "),
                    wrong: told.iter().any(Told::is_error),
                    label: label(office, block, entry, field),
                    shape: shape(field.kind, &entry.values[f]),
                    choices: choices(office, school, block, field, &entry.values[f]),
                    value: entry.values[f].clone(),
                    focus: here && f == 0,
                    id,
                    hint,
                    told,
                }
            };
            ShownEntry {
                id: id(part, about(None)),
                n: at,
                was: entry.was.clone(),
                title: title(entry).unwrap_or_else(|| word("new")),
                first: at == 0,
                last: at + 1 == entries.len(),
                focus: here,
                told: notes.about(about(None)),
                fields: block.fields.iter().enumerate().map(of_field).collect(),
            }
        };
        ShownBlock {
            key: block.key,
            n,
            legend: [word("title"), office.paper.word(&format!("facts.parts.{}", part.key))]
                .into_iter()
                .find(|words| !words.is_empty())
                .unwrap_or_default(),
            title: word("title"),
            words: word("about"),
            list: block.at.is_list(),
            add: word("add"),
            entries: entries.iter().enumerate().map(of_entry).collect(),
        }
    };
    part.blocks.iter().zip(&sheet.blocks).enumerate().map(one).collect()
}

/// What an entry of a list is called: its first answer.
fn title(entry: &Entry) -> Option<String> {
    entry.values.iter().find(|value| !value.is_empty()).map(|value| value.replace('\n', ", "))
}

fn label(office: &Office, block: &Block, entry: &Entry, field: &Field) -> String {
    if let At::Words(..) = block.at {
        let word = office.paper.word(&format!("facts.{}.{}", block.key, entry.was));
        if !word.is_empty() {
            return word;
        }
        // A name of the school's own choosing, as words.
        let mut words = entry.was.replace(['_', '-'], " ");
        if let Some(first) = words.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        return words;
    }
    office.paper.word(&format!("facts.{}.{}", block.key, field.key))
}

fn hint(office: &Office, block: &Block, entry: &Entry, field: &Field) -> String {
    let key = if let At::Words(..) = block.at { &entry.was } else { field.key };
    office.paper.word(&format!("facts.{}.{key}_hint", block.key))
}

/// What a browser lets one fill in only as it should be would swallow what was filled in otherwise.
fn shape(kind: Kind, value: &str) -> &'static str {
    match kind {
        Kind::Day if !value.is_empty() && value.parse::<jiff::civil::Date>().is_err() => "text",
        Kind::Number if !value.is_empty() && value.parse::<i64>().is_err() => "text",
        Kind::Line | Kind::Web | Kind::Colour => "text",
        Kind::Text | Kind::Lines => "lines",
        Kind::Phone => "tel",
        Kind::Email => "email",
        Kind::Day => "date",
        Kind::Tick => "tick",
        Kind::Number => "number",
        Kind::OneOf(_) | Kind::Grownup | Kind::ClassPicture | Kind::OwnPicture => "choice",
    }
}

/// What can be chosen. What is chosen already is always among it, whatever it is.
fn choices(office: &Office, school: &School, block: &Block, field: &Field, value: &str) -> Vec<Choice> {
    let drawn = |wanted: &dyn Fn(&str) -> bool| -> Vec<Choice> {
        let theme = &office.shipped;
        let shipped = theme.symbol_names();
        let own = school.own_symbols();
        let of_theme = shipped.into_iter().filter(|name| wanted(name) && !own.contains(name));
        let of_theme = of_theme.map(|name| (name, theme.symbol_alt(name)));
        let own = own.iter().map(|name| (*name, school.symbol_alts.get(*name).map(String::as_str)));
        let choice = |(name, alt): (&str, Option<&str>)| Choice {
            value: name.to_owned(),
            words: alt.unwrap_or(name).trim_end_matches('.').to_owned(),
        };
        of_theme.chain(own).map(choice).collect()
    };
    let mut all = match field.kind {
        Kind::OneOf(names) => names
            .iter()
            .map(|name| Choice {
                value: (*name).to_owned(),
                words: office.paper.word(&format!("facts.{}.{}_{name}", block.key, field.key)),
            })
            .collect(),
        Kind::Grownup => drawn(&|name| name.starts_with("adult-")),
        Kind::ClassPicture => drawn(&|name| name.starts_with("tile-") || !name.contains('-')),
        Kind::OwnPicture => {
            let own = school
                .pictures
                .keys()
                .filter(|path| path.ends_with(".svg") || path.ends_with(".png") || is_photograph(path));
            own.map(|path| Choice { value: path.clone(), words: path.clone() }).collect()
        }
        _ => return Vec::new(),
    };
    if !value.is_empty() && !all.iter().any(|choice| choice.value == value) {
        all.insert(0, Choice { value: value.to_owned(), words: value.to_owned() });
    }
    all
}
