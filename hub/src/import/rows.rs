//! Lines to people. Every bad line is named, with how to mend it; nothing is guessed.

use std::collections::HashMap;

use records::day::Day;

use super::{
    Kind, LineProblem, Listed, RosterFile,
    columns::{Field, Mapping},
    dates,
    sheet::{Line, Sheet, tidy},
};

/// The longest name, code or class that is taken.
const LONGEST: usize = 80;

/// What is wrong, and in which column.
type Fault = (Option<Field>, String);

/// The people of a file, as they are on a day; whoever has left by then or has yet to come is left out. Without a day
/// nobody is.
///
/// # Errors
/// Every problem, by line.
pub fn people(
    sheet: &Sheet,
    mapping: &Mapping,
    kind: Kind,
    today: Option<Day>,
) -> Result<RosterFile, Vec<LineProblem>> {
    let mut problems = sheet.broken.clone();
    let mut file = RosterFile {
        kind,
        people: Vec::new(),
        repeated: 0,
        gone: Vec::new(),
        to_come: Vec::new(),
        out: Vec::new(),
    };
    for line in &sheet.lines {
        match person(line, sheet, mapping, kind) {
            Ok((person, starts, leaves)) => {
                let whole = whole(&person);
                // Who leaves today was here today.
                if leaves.zip(today).is_some_and(|(leaves, today)| leaves < today) {
                    file.gone.push(whole);
                    file.out.push(line.number);
                } else if starts.zip(today).is_some_and(|(starts, today)| starts > today) {
                    file.to_come.push(whole);
                    file.out.push(line.number);
                } else {
                    file.people.push(person);
                }
            }
            Err((field, message)) => {
                let column = field.and_then(|field| mapping.place(field));
                let heading = column.and_then(|column| sheet.headings.get(column));
                problems.push(LineProblem::new(line.number, message).under(heading));
            }
        }
    }
    let before = file.people.len();
    file.people = without_repeats(std::mem::take(&mut file.people));
    file.repeated = before - file.people.len();
    let number_name = match kind {
        Kind::Pupils => "admission number",
        Kind::Staff => "staff code",
        Kind::Volunteers | Kind::Governors => "name or code",
    };
    for (what, key, field) in [
        ("UPN", (|p| p.upn.as_ref()) as fn(&Listed) -> Option<&String>, Field::Upn),
        (number_name, |p| p.number.as_ref(), Field::Number),
    ] {
        let mut seen: HashMap<&str, u64> = HashMap::new();
        for person in &file.people {
            let Some(key) = key(person) else { continue };
            if let Some(first) = seen.insert(key, person.line) {
                let heading = mapping.place(field).and_then(|column| sheet.headings.get(column));
                let message = format!(
                    "the {what} “{key}” is already in line {first}, for somebody with another name, year or class. Take one of the two lines out, or put the number right"
                );
                problems.push(LineProblem::new(person.line, message).under(heading));
            }
        }
    }
    if file.people.is_empty() && problems.is_empty() {
        let nobody = if sheet.lines.is_empty() {
            "nobody is listed under the headings. Export the list again"
        } else {
            "by their dates everybody on this list has left, or has yet to come. Look which column is which"
        };
        problems.push(LineProblem::new(2, nobody));
    }
    if problems.is_empty() {
        Ok(file)
    } else {
        problems.sort_by_key(|p| p.line);
        Err(problems)
    }
}

/// Systems give a line for each contact: a pupil who stands there again, the same in all, is one.
fn without_repeats(people: Vec<Listed>) -> Vec<Listed> {
    let mut kept: Vec<Listed> = Vec::new();
    let mut seen: HashMap<(Option<String>, Option<String>), usize> = HashMap::new();
    for person in people {
        let key = (person.upn.clone(), person.number.clone());
        let before = seen.get(&key).map(|place| &kept[*place]);
        if before.is_some_and(|before| *before == Listed { line: before.line, ..person.clone() }) {
            continue;
        }
        seen.entry(key).or_insert(kept.len());
        kept.push(person);
    }
    kept
}

fn person(
    line: &Line,
    sheet: &Sheet,
    mapping: &Mapping,
    kind: Kind,
) -> Result<(Listed, Option<Day>, Option<Day>), Fault> {
    if let Some(wide) = sheet.too_wide(line) {
        return Err((None, wide));
    }
    let cell = |field: Field| words(line, mapping, field);
    let number = |field: Field| cell(field).map(|text| text.map(|text| text.to_uppercase()));
    let day = |field: Field| match cell(field)? {
        None => Ok(None),
        Some(text) => match dates::day(&text) {
            Some(day) => Ok(Some(day)),
            None => Err((
                Some(field),
                format!("“{text}” is not a day. Write it like 31/08/2027, or leave the cell empty"),
            )),
        },
    };
    let (forename, surname) = names(line, mapping)?;
    let mut listed = Listed {
        line: line.number,
        upn: number(Field::Upn)?,
        number: number(Field::Number)?,
        forename,
        surname,
        role: cell(Field::Role)?,
        year: None,
        class: cell(Field::Class)?,
    };
    match kind {
        Kind::Pupils => pupil(&mut listed, cell(Field::Year)?)?,
        Kind::Staff if listed.number.is_none() => {
            let message = format!("{} has no staff code. Give everybody one", whole(&listed));
            return Err((Some(Field::Number), message));
        }
        Kind::Staff => {}
        // Lists of governors and volunteers seldom have codes; there are few, so the name tells them apart.
        Kind::Volunteers | Kind::Governors => {
            listed.number = listed.number.take().or_else(|| Some(whole(&listed).to_uppercase()));
        }
    }
    Ok((listed, day(Field::Starts)?, day(Field::Leaves)?))
}

fn whole(person: &Listed) -> String {
    format!("{} {}", person.forename, person.surname)
}

/// What stands in the line under a field, tidied; nothing where it is empty.
fn words(line: &Line, mapping: &Mapping, field: Field) -> Result<Option<String>, Fault> {
    let Some(cell) = mapping.place(field).and_then(|column| line.cells.get(column)) else { return Ok(None) };
    if cell.chars().count() > LONGEST || cell.chars().any(char::is_control) {
        let start: String = cell.chars().filter(|c| !c.is_control()).take(20).collect();
        return Err((
            Some(field),
            format!(
                "the cell that begins “{start}” is too long or has a line break in it. Put it right in the list"
            ),
        ));
    }
    Ok(Some(tidy(cell)).filter(|text| !text.is_empty()))
}

/// The forename and surname of a line.
pub(super) fn names(line: &Line, mapping: &Mapping) -> Result<(String, String), Fault> {
    let cell = |field: Field| words(line, mapping, field);
    let no_name = |field| (Some(field), "there is no name. Fill it in, or take the line out".to_owned());
    let (mut forename, mut surname) = (cell(Field::Forename)?, cell(Field::Surname)?);
    if surname.is_none() && mapping.place(Field::SurnameFirst).is_some() {
        let text = cell(Field::SurnameFirst)?.ok_or_else(|| no_name(Field::SurnameFirst))?;
        let (last, first) = text.split_once(',').ok_or_else(|| {
            let message =
                format!("“{text}” is not “Surname, Forename”. Export forename and surname in two columns");
            (Some(Field::SurnameFirst), message)
        })?;
        (forename, surname) = (Some(first.trim().to_owned()), Some(last.trim().to_owned()));
    } else if surname.is_none() && mapping.place(Field::ForenameFirst).is_some() {
        let text = cell(Field::ForenameFirst)?.ok_or_else(|| no_name(Field::ForenameFirst))?;
        let (first, last) = text.rsplit_once(' ').ok_or_else(|| {
            let message = format!("“{text}” is not “Forename Surname”: it is one word. Write both");
            (Some(Field::ForenameFirst), message)
        })?;
        (forename, surname) = (Some(first.to_owned()), Some(last.to_owned()));
    }
    let forename = cell(Field::Preferred)?.or(forename).filter(|f| !f.is_empty());
    let surname = cell(Field::PreferredSurname)?.or(surname).filter(|s| !s.is_empty());
    match (forename, surname) {
        (Some(forename), Some(surname)) => Ok((forename, surname)),
        (None, Some(surname)) => {
            Err((Some(Field::Forename), format!("{surname} has no forename. Fill it in")))
        }
        (Some(forename), None) => {
            Err((Some(Field::Surname), format!("{forename} has no surname. Fill it in")))
        }
        (None, None) => Err(no_name(Field::Surname)),
    }
}

fn pupil(listed: &mut Listed, year: Option<String>) -> Result<(), Fault> {
    let name = whole(listed);
    if listed.upn.is_none() && listed.number.is_none() {
        let message = format!("{name} has neither a UPN nor an admission number. Give one of them");
        return Err((Some(Field::Upn), message));
    }
    let Some(class) = &listed.class else {
        return Err((Some(Field::Class), format!("{name} has no class. Fill it in, or take the line out")));
    };
    let year = match year {
        Some(text) => year_group(&text).ok_or_else(|| {
            format!("“{text}” is not a year group. Write Nursery, Reception, or Year 1 to Year 13")
        }),
        None => year_in_name(class).ok_or_else(|| {
            format!("{name} has no year group, and the class “{class}” does not tell it. Fill it in")
        }),
    };
    listed.year = Some(year.map_err(|message| (Some(Field::Year), message))?);
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
