//! Which column of a list is which. Systems and schools spell headings in many ways; capitals, spaces and
//! punctuation do not count.

use std::collections::BTreeMap;

use records::headings::{self, plain};

use super::{
    Wanted,
    table::{Cell, Line, SEPARATORS, Shown, Table},
};
use crate::{
    diagnostic::Diagnostic,
    load::{letter::Merged, nearest::did_you_mean},
};

/// How far down the headings may stand: exports begin with a title and a date.
const TITLE_LINES: usize = 12;

/// What a column of every list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The child's first name.
    Forename,
    /// The name that the child is called by.
    Preferred,
    /// The child's surname.
    Surname,
    /// The class.
    Class,
    /// Who stands on the envelope.
    Addressee,
    /// Who stands after “Dear”.
    Salutation,
    /// The family's language.
    Language,
    /// The family's code.
    Code,
}

/// How each may be spelt.
const SPELLINGS: [(Field, &[&str]); 9] = [
    (Field::Forename, headings::FORENAME),
    (Field::Preferred, headings::PREFERRED),
    (Field::Surname, headings::SURNAME),
    (Field::Surname, headings::PREFERRED_SURNAME),
    (Field::Class, headings::CLASS),
    (
        Field::Addressee,
        &[
            "addressee",
            "parentaladdressee",
            "addressedto",
            "contactname",
            "parentname",
            "parents",
            "parent",
            "carer",
        ],
    ),
    (Field::Salutation, &["salutation", "parentalsalutation", "dear", "jointsalutation"]),
    (
        Field::Language,
        &["language", "homelanguage", "firstlanguage", "familylanguage", "languageathome", "mothertongue"],
    ),
    (Field::Code, &["code", "familycode", "consentcode"]),
];

/// Where the columns of a list are, by number from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those that every list may have.
    pub fields: BTreeMap<Field, usize>,
    /// The postal address, in the order in which it is written on an envelope.
    pub address: Vec<usize>,
    /// Those of the letter's own, by their names in the letter.
    pub own: BTreeMap<String, usize>,
    /// How many headings there are.
    pub width: usize,
    /// The headings as they are written.
    pub headings: Vec<String>,
}

impl Columns {
    /// The heading of a column as it is written.
    pub fn heading(&self, column: usize) -> &str {
        self.headings.get(column).map_or("", String::as_str)
    }
}

/// Finds the headings: gives the columns and the lines under them.
///
/// # Errors
/// What the list lacks for this letter.
pub fn read(table: &Table, wanted: &Wanted) -> Result<(Columns, Vec<Line>), Vec<Diagnostic>> {
    let mut best: Option<(usize, Columns, Vec<Line>, usize)> = None;
    for separator in SEPARATORS {
        let lines = table.lines(separator);
        for (at, line) in lines.iter().take(TITLE_LINES).enumerate() {
            let columns = recognise(&line.cells, wanted);
            let known = columns.fields.len() + columns.own.len();
            if known >= 2 && best.as_ref().is_none_or(|(most, ..)| known > *most) {
                best = Some((known, columns, lines.clone(), at));
            }
        }
    }
    let Some((_, columns, lines, at)) = best else {
        return Err(vec![table.error_of_whole(
            "list-headings",
            "This list has no headings such as Forename, Surname and Class, so nothing says what its columns are.",
            "Export it again as CSV, with the headings in its first line.",
        )]);
    };
    let problems = lacking(table, &columns, &lines[at], wanted);
    if problems.is_empty() { Ok((columns, lines[at + 1..].to_vec())) } else { Err(problems) }
}

fn recognise(cells: &[Cell], wanted: &Wanted) -> Columns {
    let mut columns = Columns {
        width: cells.len(),
        headings: cells.iter().map(|cell| cell.text.clone()).collect(),
        ..Columns::default()
    };
    for (at, cell) in cells.iter().enumerate() {
        let heading = plain(&cell.text);
        if let Some(own) = wanted.own.iter().find(|own| plain(own) == heading) {
            columns.own.entry(own.clone()).or_insert(at);
        } else if let Some((field, _)) = SPELLINGS.iter().find(|(_, all)| all.contains(&heading.as_str())) {
            columns.fields.entry(*field).or_insert(at);
        } else if headings::is_of_address(&heading) {
            columns.address.push(at);
        }
    }
    columns
}

/// Columns that the letter asks for and the list has not, told at the line of headings.
fn lacking(table: &Table, columns: &Columns, line: &Line, wanted: &Wanted) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let has = |field: Field| columns.fields.contains_key(&field);
    let mut tell = |name: &str, mend: String| {
        let what = format!("This list has no column “{name}”, and the letter needs it.");
        problems.push(table.error("list-column", line.range.clone(), Shown::Cell, what, mend));
    };
    let export = |name: &str| format!("Export the list again with a column “{name}”.");
    // Whoever hands the letters out has to know whose each is.
    if !has(Field::Forename) && !has(Field::Preferred) {
        tell("Forename", export("Forename"));
    }
    if !has(Field::Surname) {
        tell("Surname", export("Surname"));
    }
    if !has(Field::Class) {
        tell("Class", export("Class"));
    }
    if wanted.merged.contains(&Merged::FamilyName) && !has(Field::Addressee) && !has(Field::Salutation) {
        tell(
            "Salutation",
            "Export the list again with “Salutation” or “Addressee”, or write “Dear parents and carers” in the letter."
                .to_owned(),
        );
    }
    if wanted.merged.contains(&Merged::FamilyCode) && !has(Field::Code) {
        tell("Code", "Take the list that the hub makes, which has the families’ codes.".to_owned());
    }
    for own in wanted.own.iter().filter(|own| !columns.own.contains_key(*own)) {
        let headings = columns.headings.iter().map(String::as_str);
        tell(own, did_you_mean(own, headings, export(own)));
    }
    problems
}
