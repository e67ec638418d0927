//! Lines of a list as families. Whatever is wrong is told with its line and column, all of it at once, and
//! nothing is guessed: a letter to the wrong family cannot be called back.

use std::{collections::HashMap, fmt, ops::Range};

use records::{family_code::FamilyCode, language::Language};

use super::{
    Wanted,
    columns::{self, Columns, Field},
    table::{Cell, Line, Shown, Table},
};
use crate::{
    diagnostic::Diagnostic,
    load::{language, letter::Merged},
};

/// The longest name, class or line of an address, in letters; the same as in lists of pupils for the hub.
const LONGEST: usize = 80;
/// The longest of a letter's own words, in letters.
const LONGEST_OWN: usize = 300;

/// The name of a language as a list may say it, with its tag.
pub type LanguageNames = Vec<(String, Language)>;

/// What a line says of the language at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// English, or nothing is said.
    English,
    /// Another language, and where that is said.
    Other(Language, Range<usize>),
    /// Something that is no language that we know.
    Unknown(Range<usize>),
}

/// A list that was read without a mistake.
#[derive(Debug, Clone)]
pub struct Families {
    /// The list, to tell where something in it is wrong.
    pub table: Table,
    /// The families in its order.
    pub families: Vec<Family>,
    /// What languages are called.
    pub names: LanguageNames,
}

impl Families {
    /// The English name of a language, or its tag.
    pub fn name_of<'n>(&'n self, language: &'n Language) -> &'n str {
        let named = |known: &Language| known == language || known.as_str() == language::primary(language);
        let found = self.names.iter().find(|(_, known)| named(known));
        found.map_or(language.as_str(), |(name, _)| name.as_str())
    }
}

/// A family that gets a letter: one line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Family {
    /// The child's first name.
    pub forename: String,
    /// The child's surname.
    pub surname: String,
    /// The class.
    pub class: String,
    /// Who stands on the envelope.
    pub addressee: Option<String>,
    /// Who stands after “Dear”.
    pub salutation: Option<String>,
    /// The postal address, a line each.
    pub address: Vec<String>,
    /// The language at home.
    pub home: Home,
    /// The family's code, where the letter has one.
    pub code: Option<FamilyCode>,
    /// The letter's own columns.
    pub own: HashMap<String, String>,
    /// The bytes of each cell that is printed, to tell where something cannot be.
    pub cells: Vec<(String, Range<usize>)>,
    /// The bytes of the line.
    pub line: Range<usize>,
}

/// What a family is called and where it lives is in no message and no log.
impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Family(hidden)")
    }
}

/// Reads the families of a list.
///
/// # Errors
/// Everything that is wrong in the list.
pub fn read(table: Table, wanted: &Wanted, names: LanguageNames) -> Result<Families, Vec<Diagnostic>> {
    let (columns, lines) = columns::read(&table, wanted)?;
    let reading = Reading { table: &table, columns: &columns, wanted, names: &names };
    let mut problems = Vec::new();
    let mut families = Vec::new();
    for line in &lines {
        families.extend(reading.family(line, &mut problems));
    }
    if lines.is_empty() {
        problems.push(table.error_of_whole(
            "list-empty",
            "Nobody is listed under the headings.",
            "Export the list again, with the families in it.",
        ));
    }
    twice(&table, &families, &mut problems);
    if problems.is_empty() { Ok(Families { table, families, names }) } else { Err(problems) }
}

struct Reading<'r> {
    table: &'r Table,
    columns: &'r Columns,
    wanted: &'r Wanted,
    names: &'r LanguageNames,
}

impl Reading<'_> {
    /// The family of a line, if nothing is wrong with it.
    fn family(&self, line: &Line, problems: &mut Vec<Diagnostic>) -> Option<Family> {
        let before = problems.len();
        let width = self.columns.width;
        if let Some(over) =
            line.cells.get(width..).unwrap_or_default().iter().find(|cell| !cell.text.is_empty())
        {
            problems.push(self.table.error(
                "list-cells",
                over.range.clone(),
                Shown::Cell,
                format!("This line has {} cells under {width} headings.", line.cells.len()),
                "A comma inside a name or an address needs quotation marks around the whole cell: \"12 Lark Lane, Exampleton\".",
            ));
            return None;
        }
        let mut cells = Vec::new();
        let mut needed = |field: Field, problems: &mut Vec<Diagnostic>| {
            let cell = self.cell(line, *self.columns.fields.get(&field)?)?;
            let text = self.text(cell, LONGEST, problems)?;
            cells.push((text.clone(), cell.range.clone()));
            Some(text)
        };
        let preferred = needed(Field::Preferred, problems);
        let forename = preferred.or_else(|| needed(Field::Forename, problems));
        let surname = needed(Field::Surname, problems);
        let class = needed(Field::Class, problems);
        let addressee = needed(Field::Addressee, problems);
        let salutation = needed(Field::Salutation, problems).or_else(|| addressee.clone());
        let missing = |field: Field, problems: &mut Vec<Diagnostic>| {
            let column = self.columns.fields.get(&field).or(self.columns.fields.get(&Field::Preferred));
            let column = column.copied().unwrap_or_default();
            self.empty(line, column, problems);
        };
        if forename.is_none() && problems.len() == before {
            missing(Field::Forename, problems);
        }
        if surname.is_none() && problems.len() == before {
            missing(Field::Surname, problems);
        }
        if class.is_none() && problems.len() == before {
            missing(Field::Class, problems);
        }
        if self.wanted.merged.contains(&Merged::FamilyName)
            && salutation.is_none()
            && problems.len() == before
        {
            let salutation = self.columns.fields.contains_key(&Field::Salutation);
            missing(if salutation { Field::Salutation } else { Field::Addressee }, problems);
        }
        let address = self.address(line, &mut cells, problems);
        let code = self.code(line, problems);
        let mut own = HashMap::new();
        for (name, column) in &self.columns.own {
            match self.cell(line, *column) {
                Some(cell) => {
                    let Some(text) = self.text(cell, LONGEST_OWN, problems) else { continue };
                    cells.push((text.clone(), cell.range.clone()));
                    own.insert(name.clone(), text);
                }
                None => self.empty(line, *column, problems),
            }
        }
        let home = self.home(line);
        if problems.len() > before {
            return None;
        }
        Some(Family {
            forename: forename?,
            surname: surname?,
            class: class?,
            addressee,
            salutation,
            address,
            home,
            code,
            own,
            cells,
            line: line.range.clone(),
        })
    }

    /// A cell that says something.
    fn cell<'l>(&self, line: &'l Line, column: usize) -> Option<&'l Cell> {
        line.cells.get(column).filter(|cell| !cell.text.is_empty())
    }

    fn empty(&self, line: &Line, column: usize, problems: &mut Vec<Diagnostic>) {
        let range = line.cells.get(column).map_or(line.range.end..line.range.end, |cell| cell.range.clone());
        problems.push(self.table.error(
            "list-empty-cell",
            range,
            Shown::Cell,
            format!("Nothing stands under “{}” here, and the letter needs it.", self.columns.heading(column)),
            "Fill it in, or take the line out.",
        ));
    }

    /// The words of a cell on one line.
    fn text(&self, cell: &Cell, most: usize, problems: &mut Vec<Diagnostic>) -> Option<String> {
        let mut refuse = |code, what: String, mend: &str| {
            problems.push(self.table.error(code, cell.range.clone(), Shown::Cell, what, mend));
            None
        };
        if cell.text.contains(['\n', '\r']) {
            let open = self.table.is_left_open();
            let (what, mend) = if open {
                (
                    "A quotation mark is opened here and never closed, so the lines below were read as one cell.",
                    "Take the quotation mark out, or put a second one at the end of the cell.",
                )
            } else {
                ("There is a new line within this cell.", "Write what it says on one line.")
            };
            return refuse("list-line-break", what.to_owned(), mend);
        }
        let length = cell.text.chars().count();
        if length > most {
            let what = format!("This is too long for a letter: {length} letters, and {most} is the most.");
            return refuse("list-too-long", what, "Shorten it in the list.");
        }
        // What stands for letters that were lost when the list was saved.
        if cell.text.contains(char::REPLACEMENT_CHARACTER) || is_lossy(&cell.text) {
            let what =
                "A letter was lost here when the list was saved: a “?” or “\u{fffd}” stands in its place.";
            return refuse(
                "list-encoding",
                what.to_owned(),
                "Export the list again as UTF-8, or put the name right.",
            );
        }
        Some(cell.text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The lines of the postal address. An exported address may have its lines within one cell.
    fn address(
        &self,
        line: &Line,
        cells: &mut Vec<(String, Range<usize>)>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        for cell in self.columns.address.iter().filter_map(|column| self.cell(line, *column)) {
            let parts: Vec<&str> =
                cell.text.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()).collect();
            for part in &parts {
                let one = Cell { text: (*part).to_owned(), range: cell.range.clone() };
                let Some(text) = self.text(&one, LONGEST, problems) else { continue };
                cells.push((text.clone(), cell.range.clone()));
                lines.push(text);
            }
        }
        lines
    }

    fn code(&self, line: &Line, problems: &mut Vec<Diagnostic>) -> Option<FamilyCode> {
        if !self.wanted.merged.contains(&Merged::FamilyCode) {
            return None;
        }
        let column = *self.columns.fields.get(&Field::Code)?;
        let Some(cell) = self.cell(line, column) else {
            self.empty(line, column, problems);
            return None;
        };
        match cell.text.parse() {
            Ok(code) => Some(code),
            Err(why) => {
                problems.push(self.table.error(
                    "list-code",
                    cell.range.clone(),
                    Shown::Nothing,
                    format!("This is no family code: {why}."),
                    "Take the list from the hub once more. Codes are never made up or changed by hand.",
                ));
                None
            }
        }
    }

    fn home(&self, line: &Line) -> Home {
        let Some(column) = self.columns.fields.get(&Field::Language) else { return Home::English };
        let Some(cell) = self.cell(line, *column) else { return Home::English };
        // “Panjabi (Gurmukhi)”, “Polish - believed to be”: what begins it.
        let name = cell.text.split(['(', '-', '/', ',']).next().unwrap_or_default().trim().to_lowercase();
        let whole = cell.text.to_lowercase();
        let known = |text: &str| {
            self.names
                .iter()
                .find(|(name, _)| name.to_lowercase() == text)
                .map(|(_, language)| language.clone())
        };
        let tag =
            || language::canonical(&cell.text).filter(|tag| self.names.iter().any(|(_, known)| known == tag));
        let found = known(&whole).or_else(|| known(&name)).or_else(tag);
        match found {
            Some(found) if language::primary(&found) == "en" => Home::English,
            Some(found) => Home::Other(found, cell.range.clone()),
            None if name.starts_with("english") || name == "en" || whole.starts_with("en-") => Home::English,
            None => Home::Unknown(cell.range.clone()),
        }
    }
}

/// Whether a question mark stands within a word, or begins one: where a program could not write a letter.
fn is_lossy(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).any(|pair| pair[0] == '?' && pair[1].is_alphabetic())
}

/// Lines that are there twice, and a code that two households would get.
fn twice(table: &Table, families: &[Family], problems: &mut Vec<Diagnostic>) {
    let mut lines: HashMap<_, &Family> = HashMap::new();
    let mut codes: HashMap<&FamilyCode, &Family> = HashMap::new();
    for family in families {
        let who = (
            family.forename.as_str(),
            family.surname.as_str(),
            family.class.as_str(),
            family.addressee.as_deref(),
            family.address.as_slice(),
        );
        if let Some(first) = lines.get(&who) {
            problems.push(table.error(
                "list-twice",
                family.line.clone(),
                Shown::Nothing,
                format!(
                    "The same child and the same family stand in line {} already.",
                    table.number(&first.line)
                ),
                "Take one of the two lines out. If they are two children, write their second names too.",
            ));
            continue;
        }
        lines.insert(who, family);
        let Some(code) = &family.code else { continue };
        match codes.get(code) {
            None => drop(codes.insert(code, family)),
            Some(first) if first.addressee == family.addressee && first.address == family.address => {}
            Some(first) => problems.push(table.error(
                "list-code-shared",
                family.line.clone(),
                Shown::Nothing,
                format!(
                    "This family has the same code as the one in line {}, and another name or address. Each could answer for the other’s child.",
                    table.number(&first.line)
                ),
                "Take the list from the hub once more. If it is one family, write name and address alike.",
            )),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn wanted(merged: &[Merged]) -> Wanted {
        Wanted { merged: merged.iter().copied().collect(), own: ["stopped_on".to_owned()].into() }
    }

    fn told(list: &str, merged: &[Merged]) -> Vec<(&'static str, usize, usize)> {
        let table = Table::from_bytes("a.csv", list.as_bytes()).unwrap();
        let names = vec![("Polish".to_owned(), "pl".parse().unwrap())];
        let problems = read(table, &wanted(merged), names).err().unwrap_or_default();
        let place = |d: &Diagnostic| d.spot.as_ref().map_or((0, 0), |spot| (spot.line, spot.column));
        problems.iter().map(|d| (d.code, place(d).0, place(d).1)).collect()
    }

    #[test]
    fn every_mistake_of_a_list_is_told_at_its_line_and_column() {
        let list = "Forename,Surname,Class,Stopped on,Addressee\n\
                    Amelia,Clarke,Oak,2 October,Mrs Clarke\n\
                    ,Fox,Oak,2 October,\n\
                    Arlo,?uczak,Oak,2 October,\n\
                    Maya,Shaw,Oak,,\n\
                    Amelia,Clarke,Oak,2 October,Mrs Clarke\n\
                    Zoe,Roe,Oak,2 October,Mr, Roe\n";
        let found = told(list, &[]);
        assert_eq!(
            found,
            [
                ("list-empty-cell", 3, 1),
                ("list-encoding", 4, 6),
                ("list-empty-cell", 5, 15),
                ("list-cells", 7, 27),
                ("list-twice", 6, 1)
            ]
        );
    }

    #[test]
    fn a_column_that_the_letter_needs_is_asked_for_by_name() {
        assert_eq!(told("Forename,Surname\nA,B\n", &[Merged::FamilyCode]).len(), 3);
        assert_eq!(told("one,two\n1,2\n", &[]), [("list-headings", 0, 0)]);
        let found = told("Forename,Surname,Class,Stopped on,Code\nA,B,C,1,7K2M\n", &[Merged::FamilyCode]);
        assert_eq!(found, [("list-code", 2, 9)]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_told_where_it_opens() {
        let found = told("Forename,Surname,Class,Stopped on\nA,\"B,C,1\nD,E,F,2\n", &[]);
        assert!(found.contains(&("list-line-break", 2, 4)), "{found:?}");
    }
}
