//! Who is in a photograph: a small file beside it, with opaque ids and never a name.

use std::{cell::RefCell, collections::BTreeMap};

use jiff::civil::Date;
use records::ids::{PersonId, Slug};

use super::{
    toml_reader::{self, Located, Reader},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// What such a file's name ends in: `images/hall.people.toml` is about `images/hall.jpg`.
pub const ENDING: &str = ".people.toml";

/// Who is in a photograph, who made sure, and what it was taken for.
#[derive(Debug, Clone)]
pub struct People {
    /// The file that says it.
    pub source: Source,
    /// Every pupil who can be seen.
    pub pupils: Vec<Located<PersonId>>,
    /// That no pupil can be seen.
    pub nobody: bool,
    /// The second person, who looked at the picture and at this list.
    pub checked_by: Option<Located<String>>,
    /// The day on which it was taken.
    pub taken: Option<Located<Date>>,
    /// Whether all of the file could be read; if not, there is a finding already.
    pub sound: bool,
    /// A use that has to be allowed beside the school's website.
    pub purpose: Option<Located<Slug>>,
}

impl People {
    /// The picture's path without its ending, as in `images/hall`.
    pub fn stem(&self) -> &str {
        self.source.path.strip_suffix(ENDING).unwrap_or(&self.source.path)
    }

    /// An error at the line that begins with this key, or else at the file's first line.
    pub fn error(&self, code: &'static str, key: &str, what: String, mend: &str) -> Diagnostic {
        let text = &self.source.text;
        let starts = text.match_indices(key).map(|(at, _)| at);
        let at = starts.into_iter().find(|at| *at == 0 || text[..*at].ends_with('\n'));
        let range = at.map_or(0..0, |at| at..at + key.len());
        hushed(self.source.error(code, range, what, mend))
    }

    /// An error at a place in the file.
    pub fn error_at<T>(&self, code: &'static str, at: &Located<T>, what: String, mend: &str) -> Diagnostic {
        hushed(self.source.error(code, at.range.clone(), what, mend))
    }
}

/// Reads every such file, by the picture's path without its ending.
pub(super) fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> BTreeMap<String, People> {
    let files = tree.files.iter().filter(|(path, _)| path.starts_with("images/") && path.ends_with(ENDING));
    let mut out = BTreeMap::new();
    for (path, bytes) in files {
        let mut found = Vec::new();
        match Source::from_bytes(path, bytes) {
            Ok(source) => {
                let people = one(source, &mut found);
                out.insert(people.stem().to_owned(), people);
            }
            Err(problem) => found.push(problem),
        }
        problems.extend(found.into_iter().map(hushed));
    }
    out
}

fn one(source: Source, problems: &mut Vec<Diagnostic>) -> People {
    let found = RefCell::new(Vec::new());
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let reader = parsed.reader(&source, 0, 0..0, &found);
    let pupils = reader.words("pupils").into_iter().filter_map(|word| pupil(&reader, word)).collect();
    let nobody = reader.flag("nobody");
    let checked_by = reader.text("checked_by");
    let taken = reader.day("taken");
    let purpose = reader.text("purpose").and_then(|word| purpose(&reader, word));
    reader.finish("a list of who is in a picture");
    problems.append(&mut found.into_inner());
    let sound = problems.is_empty();
    People { sound, pupils, nobody, checked_by, taken, purpose, source }
}

fn pupil(reader: &Reader<'_, '_>, word: Located<String>) -> Option<Located<PersonId>> {
    if let Ok(value) = word.value.parse() {
        return Some(Located { value, range: word.range });
    }
    // What stands here may be a name, so it is not repeated.
    reader.tell(reader.source().error(
        "not-an-id",
        word.range,
        "This is no pupil’s id: an id is 32 of the characters 0-9 and a-f.",
        "Copy the id from the hub. Never write a name here.",
    ));
    None
}

fn purpose(reader: &Reader<'_, '_>, word: Located<String>) -> Option<Located<Slug>> {
    if let Ok(value) = word.value.parse() {
        return Some(Located { value, range: word.range });
    }
    reader.tell(reader.source().error(
        "wrong-value",
        word.range,
        "“purpose” should be the name that a use has in the consent form.",
        "Write it as the form does, for example purpose = \"press-with-name\".",
    ));
    None
}

/// Takes out of the line that a finding shows whatever may be a name: notes after `#`, and words in
/// quotes that are no id. Who reads the findings need not be somebody who may know who is in a picture.
fn hushed(mut problem: Diagnostic) -> Diagnostic {
    if let Some(spot) = &mut problem.spot {
        spot.text = hush(&spot.text);
    }
    problem
}

fn hush(line: &str) -> String {
    let known =
        ["checked_by", "taken", "purpose", "nobody"].iter().any(|key| line.trim_start().starts_with(key));
    let dots =
        |text: &str| text.chars().map(|c| if c.is_alphanumeric() { '·' } else { c }).collect::<String>();
    let (said, note) = line.split_once('#').map_or((line, None), |(said, note)| (said, Some(note)));
    let parts = said.split('"').enumerate().map(|(n, part)| {
        let id = part.parse::<PersonId>().is_ok();
        if n % 2 == 0 || known || id { part.to_owned() } else { dots(part) }
    });
    let mut out = parts.collect::<Vec<_>>().join("\"");
    if let Some(note) = note {
        out.push('#');
        out.push_str(&dots(note));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::hush;

    #[test]
    fn a_name_in_the_list_or_in_a_note_is_not_shown_in_a_finding() {
        let id = "06060606060606060606060606060606";
        assert_eq!(
            hush(&format!("pupils = [\"{id}\", \"Mia K\"] # Mia")),
            format!("pupils = [\"{id}\", \"··· ·\"] # ···")
        );
        assert_eq!(hush("checked_by = \"Mrs Nowak\" # of Mia"), "checked_by = \"Mrs Nowak\" # ·· ···");
    }
}
