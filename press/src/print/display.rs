//! What a class has promised, with everybody's mark: for the wall of its room.

use std::{collections::BTreeMap, fmt::Write as _};

use typst::diag::SourceDiagnostic;

use super::{
    DOES_NOT_FIT, Fault, Press, Printed,
    document::{Block, Document, Inline},
    pdf, pixels,
    sheet::Sheet,
    world::{self, World},
    writing::quote,
};

/// The side of the square that strokes are measured in.
pub const MARK_SIZE: u16 = 1000;

/// Points nearer than this to the one before are left out: on a wall nobody sees them.
const NEAR: u16 = 8;

/// A class's promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// The agreement's title.
    pub title: String,
    /// Whose promise it is, and of which year.
    pub class: String,
    /// Under the class: “We have promised this”.
    pub says: String,
    /// The school's name.
    pub school: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Year, month and day that the file bears.
    pub day: (i16, i8, i8),
    /// The sheet, which lies across.
    pub sheet: Sheet,
    /// The promises, each with the name of its picture.
    pub promises: Vec<(Option<String>, String)>,
    /// The marks, with names.
    pub marks: Vec<Mark>,
    /// Drawings by name.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// A child's mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The name under it.
    pub name: String,
    /// What was drawn or chosen.
    pub sign: Sign,
}

/// How somebody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Strokes of a finger, each point from the left and the top, 0 to [`MARK_SIZE`].
    Strokes(Vec<Vec<(u16, u16)>>),
    /// A sticker: a name among the pictures.
    Sticker(String),
}

impl Display {
    fn text(&self) -> String {
        let mut out = String::from("#import \"/display.typ\": display\n#display((\n");
        let language = self.language.split('-').next().unwrap_or_default().to_lowercase();
        for (name, text) in [
            ("title", &self.title),
            ("class", &self.class),
            ("says", &self.says),
            ("school", &self.school),
            ("lang", &language),
            ("paper", &self.sheet.name().to_lowercase()),
        ] {
            let _ = write!(out, "{name}: ");
            quote(&mut out, text);
            out.push_str(",\n");
        }
        let (year, month, day) = self.day;
        let _ = writeln!(out, "day: datetime(year: {year}, month: {month}, day: {day}),\npromises: (");
        for (picture, words) in &self.promises {
            out.push('(');
            self.picture(&mut out, picture.as_deref());
            out.push_str(", ");
            quote(&mut out, words);
            out.push_str("),\n");
        }
        out.push_str("),\nmarks: (\n");
        for mark in &self.marks {
            out.push_str("(name: ");
            quote(&mut out, &mark.name);
            match &mark.sign {
                Sign::Sticker(picture) => {
                    out.push_str(", strokes: (), sticker: ");
                    self.picture(&mut out, Some(picture));
                }
                Sign::Strokes(strokes) => {
                    out.push_str(", sticker: none, strokes: (");
                    for stroke in strokes {
                        out.push('(');
                        for (x, y) in thinned(stroke) {
                            let _ = write!(out, "({x}, {y}), ");
                        }
                        out.push_str("), ");
                    }
                    out.push(')');
                }
            }
            out.push_str("),\n");
        }
        out.push_str(")))\n");
        out
    }

    fn picture(&self, out: &mut String, name: Option<&str>) {
        let number = |wanted: &str| self.pictures.keys().position(|key| key == wanted);
        match name.and_then(|name| Some(world::picture_path(number(name)?, name))) {
            Some(path) => quote(out, &path),
            None => out.push_str("none"),
        }
    }

    /// All its words, to look for letters that no font has.
    fn words(&self) -> Document {
        let names = self.marks.iter().map(|mark| &mark.name);
        let texts =
            self.promises.iter().map(|(_, words)| words).chain(names).chain([&self.class, &self.says]);
        Document {
            title: self.title.clone(),
            school: self.school.clone(),
            body: texts.map(|text| Block::Paragraph(vec![Inline::plain(text)])).collect(),
            ..Document::default()
        }
    }
}

/// A stroke without points that nobody sees, its last always among them.
fn thinned(stroke: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut out: Vec<(u16, u16)> = Vec::new();
    for (at, point) in stroke.iter().enumerate() {
        let near = |last: &(u16, u16)| last.0.abs_diff(point.0) < NEAR && last.1.abs_diff(point.1) < NEAR;
        if at + 1 == stroke.len() || !out.last().is_some_and(near) {
            out.push(*point);
        }
    }
    out
}

impl Press {
    /// Makes the PDF of a class's promise.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn display(&self, display: &Display) -> Result<Printed, Vec<Fault>> {
        self.display_set(display, |pages, told| pdf(pages, &display.class, told))
    }

    /// The sheet as a PNG picture of so many dots an inch.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn display_seen(&self, display: &Display, dots: f64) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
        self.display_set(display, |pages, _| pixels::all(pages, dots))
    }

    fn display_set<T>(
        &self,
        display: &Display,
        make: impl FnOnce(&typst_layout::PagedDocument, super::Told<'_>) -> Result<T, Vec<Fault>>,
    ) -> Result<T, Vec<Fault>> {
        let faults = self.letters.missing(&display.words());
        if !faults.is_empty() {
            return Err(faults);
        }
        let text = display.text();
        let world = World::new(&self.kit, &text, &display.pictures);
        Self::made(&world, &fault, make)
    }
}

fn fault(error: &SourceDiagnostic) -> Fault {
    match error.message.split_once(DOES_NOT_FIT) {
        Some((_, words)) => Fault::TooLong { at: None, words: words.to_owned() },
        None => Fault::Refused { at: None, why: error.message.to_string() },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_stroke_keeps_its_first_and_last_point_and_a_dot_stays_a_dot() {
        let line: Vec<(u16, u16)> = (0..100).map(|x| (x, 0)).collect();
        let thin = super::thinned(&line);
        assert_eq!((thin.first(), thin.last()), (Some(&(0, 0)), Some(&(99, 0))));
        assert!(thin.len() < 20, "{}", thin.len());
        assert_eq!(super::thinned(&[(5, 5)]), [(5, 5)]);
    }
}
