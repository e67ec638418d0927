//! What is wrong with a line of settings, in the words of somebody who has never heard of TOML.
//!
//! A parser names what it expected next. The office wants to know what was typed wrong; the line itself tells that
//! better, so it is looked at first.

use jiff::civil::Date;

/// What is wrong with a line, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    /// Ends a sentence that begins “This line cannot be understood:”.
    pub(super) why: String,
    /// How it is written.
    pub(super) mend: String,
}

const USUAL: &str = "Write one setting on a line, as key = \"words\". Words stand in straight double quotes, days as 2026-09-14, whole numbers bare.";

/// How the parser says that something is there already.
pub(super) const DUPLICATE: &str = "duplicate key";

/// Reads the slip out of the line; `expected` is what the parser says of it.
pub(super) fn of(line: &str, expected: &str) -> Slip {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if expected.starts_with(DUPLICATE) {
        return already_there(line);
    }
    let Some((_, value)) = line.split_once('=').filter(|_| !line.starts_with('[')) else {
        return without_value(line, expected);
    };
    let value = value.trim();
    if value.is_empty() {
        return slip("nothing stands after the equals sign", USUAL);
    }
    if value.starts_with(['“', '”', '„', '‘', '’', '«']) {
        let mend = "Type straight ones, as in title = \"Mobile phones\". Word processors bend them; a plain text editor does not.";
        return slip("its quotation marks are bent", mend);
    }
    if !value.starts_with(['"', '\'', '[', '{'])
        && let Some(day) = day(value)
    {
        return slip("a day is written with the year first", &as_written(day));
    }
    if ["yes", "no"].iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return slip(
            "yes and no are written another way",
            "Write true for yes, or false for no, without quotation marks.",
        );
    }
    if value.starts_with(['0', '+'])
        && value.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-'))
    {
        return slip(
            "a number that is dialled stands in quotation marks",
            &format!("Put straight double quotes around it: \"{value}\"."),
        );
    }
    if value.starts_with('[') {
        return of_list(value, expected);
    }
    match value.matches('"').count() {
        _ if value.contains('\\') => slip(
            "a backslash means something of its own here",
            "Write two of them, \\\\, for one; in the path of a file write / in its place.",
        ),
        _ if expected.starts_with("string values must be quoted") => slip(
            "its words stand in no quotation marks",
            "Put straight double quotes around them, as in title = \"Mobile phones\".",
        ),
        1 => slip(
            "a quotation mark is opened and not closed on the same line",
            "Put the second quotation mark at the end of the words. However long they are, they stand on one line.",
        ),
        3.. => slip(
            "there are quotation marks within the words",
            "Write those within as “these”, and keep the straight ones for the beginning and the end.",
        ),
        _ if expected.starts_with("unexpected key or value") => {
            slip("something else follows after the value", "Write each setting on a line of its own.")
        }
        _ => otherwise(expected),
    }
}

/// A line without a key and a value: the name of a part, or a setting without its equals sign.
fn without_value(line: &str, expected: &str) -> Slip {
    if line.starts_with('[') {
        let mend = "Write the name of a part on a line of its own, as [year] or [people.head], and of one of several in two, as [[classes]].";
        return slip("the square brackets around the name of this part do not match", mend);
    }
    if line.split_once(':').is_some_and(|(key, _)| is_key(key)) {
        return slip("it has a colon where the equals sign belongs", USUAL);
    }
    if expected.starts_with("key with no value") {
        let mend = "Write it as key = \"words\". Words that are too long for a line still stand on one line.";
        return slip("there is no equals sign in it", mend);
    }
    otherwise(expected)
}

fn already_there(line: &str) -> Slip {
    if line.starts_with('[') {
        let mend = "Put all that belongs to it under one of the two, and take the other out.";
        return slip("a part of this name stands further up already", mend);
    }
    slip("the same key stands further up already", "Take one of the two lines out.")
}

fn of_list(value: &str, expected: &str) -> Slip {
    let mend = "Write it as [\"one\", \"two\"]: each in straight double quotes, a comma between two, and square brackets around all.";
    if expected.starts_with("missing comma") {
        return slip("a comma is missing between two of its words", mend);
    }
    if !value.contains(']') {
        return slip("its square bracket is opened and not closed", mend);
    }
    Slip { mend: mend.to_owned(), ..otherwise(expected) }
}

/// What only the parser knows.
fn otherwise(expected: &str) -> Slip {
    slip(expected.trim(), USUAL)
}

fn slip(why: &str, mend: &str) -> Slip {
    Slip { why: why.to_owned(), mend: mend.to_owned() }
}

/// How a day is written here.
pub(super) fn as_written(day: Date) -> String {
    format!("Write it as {day}: year, month, day, without quotation marks.")
}

/// The key at the beginning of a line that may lack its equals sign.
pub(super) fn key(line: &str) -> Option<&str> {
    let end = line.trim_start().find(|c: char| !is_of_key(c)).unwrap_or(line.trim_start().len());
    Some(&line.trim_start()[..end]).filter(|key| !key.is_empty())
}

fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_key(word: &str) -> bool {
    !word.trim().is_empty() && word.trim().chars().all(is_of_key)
}

/// A day as people in Britain write it: 14/09/2026, 14.9.26, 14 September 2026, 14th Sept 2026.
pub(super) fn day(written: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> =
        written.split([' ', '/', '.', '-', ',']).filter(|part| !part.is_empty() && *part != "of").collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|end| day.strip_suffix(end)).unwrap_or(*day);
    let short = month.get(..3).unwrap_or_default().to_lowercase();
    let month = match MONTHS.iter().position(|name| *name == short) {
        Some(place) => i8::try_from(place + 1).ok()?,
        None => month.parse().ok()?,
    };
    let year: i16 = year.parse().ok().filter(|_| matches!(year.len(), 2 | 4))?;
    Date::new(if year < 100 { 2000 + year } else { year }, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_wrong_is_said_without_a_word_of_toml() {
        let unquoted = "string values must be quoted, expected literal string";
        for (line, expected, said) in [
            ("title = Screens at home", unquoted, "no quotation marks"),
            ("title = “Screens at home”", unquoted, "bent"),
            ("title = \"Screens at home", "invalid basic string, expected `\"`", "not closed"),
            (
                "summary = \"It says \"so\" itself.\"",
                "unexpected key or value, expected newline, `#`",
                "within",
            ),
            ("title: \"Screens\"", "key with no value, expected `=`", "colon"),
            ("title \"Screens\"", "key with no value, expected `=`", "no equals sign"),
            ("approved = 14/09/2026", unquoted, "year first"),
            ("approved = 14th September 2026", unquoted, "year first"),
            ("draft = yes", unquoted, "yes and no"),
            ("title =", unquoted, "nothing stands"),
            ("[people.head", "unclosed table, expected `]`", "square brackets"),
            ("title = \"b\"", "duplicate key", "further up"),
            ("[people.head]", "duplicate key", "part of this name"),
            ("phone = 01632 960500", "unexpected leading zero, expected nothing", "dialled"),
            ("title = \"x\", order = 2", "unexpected key or value, expected newline, `#`", "else follows"),
            ("values = [\"Kind\" \"Brave\"]", "missing comma between array elements, expected `,`", "comma"),
            ("values = [\"Kind\", \"Brave\"", "unclosed array, expected `]`", "bracket"),
            ("title = \"C:\\Office\"", "missing escaped value, expected `b`", "backslash"),
        ] {
            let found = of(line, expected);
            assert!(found.why.contains(said), "{line}: {found:?}");
            assert!(!found.why.contains("expected") && !found.why.contains("string"), "{line}: {found:?}");
        }
    }

    #[test]
    fn what_is_none_of_these_is_told_as_the_parser_has_it() {
        assert_eq!(
            of("order = 1_", "unexpected leading zero, expected nothing").why,
            "unexpected leading zero, expected nothing"
        );
    }

    #[test]
    fn a_day_as_britain_writes_it_is_turned_round() {
        for written in ["14/09/2026", "14.9.26", "14-09-2026", "14 September 2026", "14th of Sept 2026"] {
            assert_eq!(day(written), Date::new(2026, 9, 14).ok(), "{written}");
        }
        for other in ["2026-09-14", "31/06/2026", "1.2.3", "4.1", "September 2026", "about 14 days"] {
            assert_eq!(day(other), None, "{other}");
        }
        assert!(of("approved = 14/09/2026", "").mend.contains("2026-09-14"));
    }

    #[test]
    fn a_line_without_its_equals_sign_still_says_which_key_it_is() {
        assert_eq!(key("  title: \"Screens\""), Some("title"));
        assert_eq!(key("[people]"), None);
    }
}
