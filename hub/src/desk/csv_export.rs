//! Files for spreadsheets: the register's, and what every other one has in common with it.

use jiff::tz::TimeZone;
use records::{
    agreement::Agreement,
    day::{Day, SchoolYear},
};

use super::view;
use crate::{
    clock,
    store::{
        office_notes::OfficeNote,
        registers::{Line, Place, Register, Standing},
    },
};

const HEADINGS: [&str; 24] = [
    "Class",
    "Surname",
    "Forename",
    "State",
    "Signed on",
    "Version",
    "Words",
    "Helped",
    "Undone on",
    "Undone at",
    "Undone because",
    "Said no on",
    "Said no because",
    "Shown on",
    "Shown version",
    "Shown words",
    "Shown, entered by",
    "Shown where",
    "Here",
    "How",
    "Entered by",
    "Entered on",
    "Scan",
    "Asked again from",
];

/// The file's name says what is in it: names travel with their handling label.
pub(super) fn file_name(agreement: &Agreement, today: Day) -> String {
    format!("register-{}-{today}-PERSONAL-DATA.csv", agreement.slug)
}

/// The file: a handling label, what it is, headings, a line for each person.
pub(super) fn write(
    label: &str,
    agreement: &Agreement,
    register: &Register,
    (zone, year): (&TimeZone, &SchoolYear),
    today: Day,
) -> Vec<u8> {
    let what = format!(
        "Register of “{}” ({}), version {}",
        agreement.title,
        view::audience(agreement.audience),
        agreement.version
    );
    let sections = register.sections.iter();
    let here = sections
        .flat_map(|section| section.lines.iter().map(|l| cells(&section.name, l, true, (zone, year))));
    let left = register.left.iter().map(|l| cells("", l, false, (zone, year)));
    let headings = HEADINGS.map(str::to_owned).into();
    labelled(label, &what, today, std::iter::once(headings).chain(here).chain(left))
}

/// A file whose first line says how it is to be handled ([`handling`](crate::handling)), and what it is.
pub(crate) fn labelled(
    label: &str,
    what: &str,
    today: Day,
    lines: impl Iterator<Item = Vec<String>>,
) -> Vec<u8> {
    under(&format!("{label} {what}, made on {}", today.in_words()), lines)
}

/// The same for numbers from which nobody is recognised.
pub(super) fn without_names(what: &str, today: Day, lines: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let label = "No names, and small numbers are left out: for governors and staff.";
    under(&format!("{label} {what}, made on {}", today.in_words()), lines)
}

fn under(label: &str, lines: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    // Spreadsheets take a file without this mark for Windows-1252.
    let mut text = String::from("\u{feff}");
    add(&mut text, &[label.to_owned()]);
    lines.for_each(|line| add(&mut text, &line));
    text.into_bytes()
}

fn cells(section: &str, line: &Line, here: bool, (zone, year): (&TimeZone, &SchoolYear)) -> Vec<String> {
    let state = match line.standing {
        Standing::Signed(_) => "signed",
        _ if line.declined.is_some() => "said no: has yet to sign",
        Standing::Undone(_) => "undone: has yet to sign",
        Standing::AskedAgain(_) => "asked again: has yet to sign",
        Standing::Outstanding if line.is_shown() => "shown: has yet to sign",
        Standing::Outstanding => "not yet shown: has yet to sign",
    };
    let day = |moment| clock::day(moment, zone).to_string();
    let signed = line.standing.signature();
    let undone = signed.and_then(|s| s.undone.as_ref());
    let paper = signed.and_then(|s| s.came.paper());
    let shown: Vec<String> = line.shown.iter().map(|note| note.on.to_string()).collect();
    let last = |text: fn(&OfficeNote) -> String| line.shown.last().map(text).unwrap_or_default();
    let of = |text: fn(&crate::store::registers::Signed) -> String| signed.map(text).unwrap_or_default();
    vec![
        section.to_owned(),
        line.person.surname.clone(),
        line.person.forename.clone(),
        state.to_owned(),
        signed.map(|s| day(s.when)).unwrap_or_default(),
        of(|s| s.version.to_string()),
        of(|s| s.words.to_string()),
        of(|s| if s.helped { "yes" } else { "no" }.to_owned()),
        undone.map(|u| day(u.when)).unwrap_or_default(),
        undone.map(|u| place(&u.place)).unwrap_or_default(),
        undone.map(|u| u.because().to_owned()).unwrap_or_default(),
        line.declined.as_ref().map(|declined| declined.on.to_string()).unwrap_or_default(),
        line.declined.as_ref().map(|declined| declined.remark.clone()).unwrap_or_default(),
        // Every day; of the last, what was shown.
        shown.join(", "),
        last(|note| note.version.to_string()),
        last(|note| note.words.to_string()),
        last(|note| note.by.clone()),
        last(|note| note.remark.clone()),
        if here { "yes" } else { "left" }.to_owned(),
        of(|s| if s.came.paper().is_some() { "on paper" } else { "at a kiosk" }.to_owned()),
        paper.map(|entered| entered.by.clone()).unwrap_or_default(),
        paper.map(|entered| day(entered.at)).unwrap_or_default(),
        paper.map(|entered| view::scan(entered.scan).to_owned()).unwrap_or_default(),
        if line.standing.is_signed() { view::asked_again(year).to_string() } else { String::new() },
    ]
}

fn place(place: &Place) -> String {
    match place {
        Place::Kiosk(name) => name.clone(),
        Place::Desk(by) => format!("the desk, by {by}"),
    }
}

fn add(text: &mut String, cells: &[String]) {
    let line: Vec<String> =
        cells.iter().map(|cell| format!("\"{}\"", guarded(cell).replace('"', "\"\""))).collect();
    text.push_str(&line.join(","));
    text.push_str("\r\n");
}

/// A spreadsheet takes a cell that begins like this for a formula, even inside quotation marks; an
/// apostrophe before it makes it text.
fn guarded(cell: &str) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_name_that_looks_like_a_formula_stays_a_name() {
        for cell in ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)", "＝1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        assert_eq!(guarded("Smith-Jones"), "Smith-Jones");
    }
}
