//! Lines to people. Every bad line is named, with how to mend it; nothing is guessed.

use std::collections::HashMap;

use super::{
    Kind, LineProblem, Listed, RosterFile,
    columns::{Columns, Names},
    table::{Line, Table},
};

/// The longest name, code or class that is taken.
const LONGEST: usize = 80;

/// The people of a table.
///
/// # Errors
/// Every problem, by line.
pub fn people(table: &Table, columns: &Columns) -> Result<RosterFile, Vec<LineProblem>> {
    let mut problems = Vec::new();
    let mut people = Vec::new();
    for line in &table.lines {
        match person(line, table.width, columns) {
            Ok(person) => people.push(person),
            Err(problem) => problems.push(problem),
        }
    }
    for (what, key) in [("UPN", upn as fn(&Listed) -> Option<&String>), (number_name(columns.kind), number)] {
        let mut seen: HashMap<&str, u64> = HashMap::new();
        for person in &people {
            let Some(key) = key(person) else { continue };
            if let Some(first) = seen.insert(key, person.line) {
                problems.push(LineProblem::new(
                    person.line,
                    format!("the {what} “{key}” is already in line {first}. Take one of the two lines out, or put the number right"),
                ));
            }
        }
    }
    if people.is_empty() && problems.is_empty() {
        problems.push(LineProblem::new(2, "nobody is listed under the headings. Export the list again"));
    }
    if problems.is_empty() {
        Ok(RosterFile { kind: columns.kind, people })
    } else {
        problems.sort_by_key(|p| p.line);
        Err(problems)
    }
}

const fn upn(person: &Listed) -> Option<&String> {
    person.upn.as_ref()
}
const fn number(person: &Listed) -> Option<&String> {
    person.number.as_ref()
}
const fn number_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Pupils => "admission number",
        Kind::Staff => "staff code",
        Kind::Governors => "name or code",
    }
}

fn person(line: &Line, width: usize, columns: &Columns) -> Result<Listed, LineProblem> {
    let problem = |message: String| LineProblem::new(line.number, message);
    if line.cells.len() > width && line.cells[width..].iter().any(|cell| !cell.is_empty()) {
        return Err(problem(format!(
            "there are {} cells under {width} headings. A comma inside a name needs quotation marks around the name",
            line.cells.len()
        )));
    }
    if let Some(bad) =
        line.cells.iter().find(|c| c.chars().count() > LONGEST || c.chars().any(char::is_control))
    {
        let start: String = bad.chars().filter(|c| !c.is_control()).take(20).collect();
        return Err(problem(format!(
            "the cell that begins “{start}” is too long or has a line break in it. Put it right in the list"
        )));
    }
    let cell = |column: Option<usize>| {
        let text = column
            .and_then(|c| line.cells.get(c))
            .map(|c| c.split_whitespace().collect::<Vec<_>>().join(" "));
        text.filter(|text| !text.is_empty())
    };
    let (forename, surname) = names(columns, &cell).map_err(problem)?;
    let mut listed = Listed {
        line: line.number,
        upn: cell(columns.upn).map(|u| u.to_uppercase()),
        number: cell(columns.number).map(|n| n.to_uppercase()),
        forename,
        surname,
        role: cell(columns.role),
        year: None,
        class: cell(columns.class),
    };
    match columns.kind {
        Kind::Pupils => pupil(&mut listed, cell(columns.year)).map_err(problem)?,
        Kind::Staff if listed.number.is_none() => {
            return Err(problem(format!("{} has no staff code. Give everybody one", whole(&listed))));
        }
        Kind::Staff => {}
        // Lists of governors seldom have codes; there are few, so the name tells them apart.
        Kind::Governors => {
            listed.number = listed.number.take().or_else(|| Some(whole(&listed).to_uppercase()))
        }
    }
    Ok(listed)
}

fn whole(person: &Listed) -> String {
    format!("{} {}", person.forename, person.surname)
}

fn names(
    columns: &Columns,
    cell: &impl Fn(Option<usize>) -> Option<String>,
) -> Result<(String, String), String> {
    let (forename, surname) = match columns.names {
        Names::Apart { forename, surname } => (cell(Some(forename)), cell(Some(surname))),
        Names::Together(column) => {
            let text = cell(Some(column)).ok_or("there is no name. Fill it in, or take the line out")?;
            let (surname, forename) = text.split_once(',').ok_or_else(|| {
                format!("“{text}” is not “Surname, Forename”. Export forename and surname in two columns")
            })?;
            (Some(forename.trim().to_owned()), Some(surname.trim().to_owned()))
        }
    };
    let forename = cell(columns.preferred).or(forename).filter(|f| !f.is_empty());
    let surname = cell(columns.preferred_surname).or(surname).filter(|s| !s.is_empty());
    match (forename, surname) {
        (Some(forename), Some(surname)) => Ok((forename, surname)),
        (None, Some(surname)) => Err(format!("{surname} has no forename. Fill it in")),
        (Some(forename), None) => Err(format!("{forename} has no surname. Fill it in")),
        (None, None) => Err("there is no name. Fill it in, or take the line out".into()),
    }
}

fn pupil(listed: &mut Listed, year: Option<String>) -> Result<(), String> {
    let name = whole(listed);
    if listed.upn.is_none() && listed.number.is_none() {
        return Err(format!("{name} has neither a UPN nor an admission number. Give one of them"));
    }
    let Some(class) = &listed.class else {
        return Err(format!("{name} has no class. Fill it in, or take the line out"));
    };
    let year = match year {
        Some(text) => year_group(&text).ok_or_else(|| {
            format!("“{text}” is not a year group. Write Nursery, Reception, or Year 1 to Year 13")
        })?,
        None => year_in_name(class).ok_or_else(|| {
            format!("{name} has no year group, and the class “{class}” does not tell it. Fill it in")
        })?,
    };
    listed.year = Some(year);
    Ok(())
}

/// “Year 3”, “Y3”, “3”, “Reception”, “R”, “N2”, “Nursery”: 0 is Reception, less is Nursery.
fn year_group(text: &str) -> Option<i8> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let rest = ["nationalcurriculumyear", "curriculumyear", "yeargroup", "year", "yr", "y"]
        .iter()
        .find_map(|prefix| plain.strip_prefix(prefix).filter(|rest| !rest.is_empty()))
        .unwrap_or(&plain);
    match rest {
        "r" | "reception" | "rec" | "eyfs" | "fs2" => Some(0),
        "n" | "nursery" | "n2" | "nursery2" | "fs1" | "preschool" | "e2" => Some(-1),
        "n1" | "nursery1" | "e1" => Some(-2),
        digits => digits.parse().ok().filter(|year| (0..=13).contains(year)),
    }
}

/// “3B” and “Year 3 Oak” tell their year; “Oak” does not.
fn year_in_name(class: &str) -> Option<i8> {
    let digits: String = class
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().filter(|year| (1..=13).contains(year)).or_else(|| year_group(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_groups_are_read_however_they_are_written() {
        for (text, year) in [
            ("Year 3", 3),
            (" 3", 3),
            ("Y6", 6),
            ("Yr 1", 1),
            ("Year  R", 0),
            ("Reception", 0),
            ("R", 0),
            ("N2", -1),
            ("Nursery", -1),
            ("Curriculum Year 4", 4),
        ] {
            assert_eq!(year_group(text), Some(year), "{text}");
        }
        for text in ["Oak", "Year 44", "", "Year", "Left"] {
            assert_eq!(year_group(text), None, "{text}");
        }
        assert_eq!(year_in_name("3B"), Some(3));
        assert_eq!(year_in_name("Oak"), None);
    }
}
