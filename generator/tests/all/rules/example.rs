//! What one rule finds, and what it passes: a school that breaks it and a twin that does not, in one file.
//!
//! The file is named like the rule. It begins with a story, and then changes files of `rules/school/`. A line
//! that begins with `✗ ` stands only in the school that breaks the rule, one with `✓ ` only in the twin; all
//! else stands in both. A file begins with a line such as these:
//!
//! - `=== policies/phones.md`: the whole file follows;
//! - `=== policies/phones.md, at its end`: what follows is added to the school's file;
//! - `=== school.toml, in place of: phone = "01632 960500"`: what follows comes instead of that line;
//! - `=== home.md, taken out`;
//! - `=== policies/round, a link to ..`;
//! - `=== guides/film.md, 30 times a megabyte of this`: large, made of the line that follows;
//! - `=== policies/cafe.md, as an old program saves it`: in Latin-1;
//! - `=== images/hall.jpg, a photograph 60 by 40`, or as `.png` a plain one;
//! - `=== voice/own/kind.wav, a recording`;
//! - `=== ../new.consent, a consent export of 2026-11-20`: beside the school; a line says `1 website yes`;
//! - `=== ../new.roster, a roster`: a line for each pupil's number.
//!
//! Before the first file a line may say what is run, `$ signpost check --strict`, and which other rules the
//! school that breaks this one cannot help breaking too, `also: missing-key`.

use std::{fs, io::Cursor, path::Path};

use image::{GrayImage, ImageFormat};
use records::consent::Standing;

use crate::{consent, photographs::photograph, voice::wav, workshop::Workshop};

/// What stands at the beginning of a line of one twin alone.
const STOPS: &str = "✗";
const PASSES: &str = "✓";

/// An example as it is written.
pub(super) struct Example {
    pub(super) rule: String,
    /// What happened, as one would tell it in the office.
    pub(super) story: String,
    /// Rules that the school cannot help breaking too.
    pub(super) also: Vec<String>,
    pub(super) stops: Twin,
    pub(super) passes: Twin,
}

/// One of the two schools.
#[derive(Default)]
pub(super) struct Twin {
    /// What is run.
    pub(super) run: Vec<String>,
    changes: Vec<Change>,
}

struct Change {
    file: String,
    how: String,
    text: String,
}

impl Example {
    pub(super) fn read(file: &Path) -> Self {
        let rule = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(file).unwrap();
        let is_file = |line: &str| line.trim_start_matches(['✗', '✓', ' ']).starts_with("=== ");
        let head = || text.lines().take_while(|line| !is_file(line));
        let plain = |line: &&str| !["$ ", "also: ", STOPS, PASSES].iter().any(|mark| line.starts_with(mark));
        let story = head().filter(plain).collect::<Vec<_>>().join(" ").trim().to_owned();
        let also = head().filter_map(|line| line.strip_prefix("also: "));
        let also = also.flat_map(str::split_whitespace).map(str::to_owned).collect();
        let (stops, passes) = (of_one(&text, STOPS, PASSES), of_one(&text, PASSES, STOPS));
        assert!(stops != passes, "{rule}: the two schools are the same; mark lines with {STOPS} or {PASSES}");
        Self { story, also, stops: Twin::read(&stops), passes: Twin::read(&passes), rule }
    }
}

/// The lines of one twin, without its marks.
fn of_one(text: &str, own: &str, others: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with(others));
    let lines =
        lines.map(|line| line.strip_prefix(own).map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)));
    lines.map(|line| format!("{line}\n")).collect()
}

impl Twin {
    fn read(text: &str) -> Self {
        let mut twin = Self::default();
        for line in text.lines() {
            if let Some(head) = line.strip_prefix("=== ") {
                let (file, how) = head.split_once(", ").unwrap_or((head, ""));
                twin.changes.push(Change { file: file.to_owned(), how: how.to_owned(), text: String::new() });
            } else if let Some(change) = twin.changes.last_mut() {
                change.text.push_str(line);
                change.text.push('\n');
            } else if let Some(words) = line.strip_prefix("$ signpost ") {
                twin.run = words.split_whitespace().map(str::to_owned).collect();
            }
        }
        twin.changes.iter_mut().for_each(Change::without_the_empty_line_before_the_next);
        twin
    }

    /// The school with this twin's changes. `web` stands for the website that links lead to.
    pub(super) fn school(&self, web: Option<&str>) -> Workshop {
        let workshop = Workshop::with("rules/school");
        for change in &self.changes {
            let text = web.map_or_else(|| change.text.clone(), |web| change.text.replace(WEB, web));
            change.make(&workshop, &text);
        }
        workshop
    }

    /// Whether a link leads to the website that answers in tests.
    pub(super) fn needs_web(&self) -> bool {
        self.changes.iter().any(|change| change.text.contains(WEB))
    }
}

/// How examples write the address of a website that answers in tests.
pub(super) const WEB: &str = "https://web.example";

impl Change {
    /// Files are set apart by an empty line, which is none of theirs.
    fn without_the_empty_line_before_the_next(&mut self) {
        if self.text.ends_with("\n\n") || self.text == "\n" {
            self.text.pop();
        }
    }

    fn make(&self, workshop: &Workshop, text: &str) {
        let file = workshop.school().join(&self.file);
        let words: Vec<&str> = self.how.split_whitespace().collect();
        match words.as_slice() {
            [] => {
                workshop.write(&self.file, text);
            }
            ["at", "its", "end"] => {
                let before = fs::read_to_string(&file).unwrap();
                workshop.write(&self.file, format!("{before}{text}"));
            }
            ["in", "place", "of:", ..] => {
                let (_, line) = self.how.split_once(": ").unwrap();
                workshop.change(&self.file, &format!("{line}\n"), text);
            }
            ["taken", "out"] => fs::remove_file(&file).unwrap(),
            ["a", "link", "to", target] => {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                link(target, &file);
            }
            [times, "times", "a", "megabyte", "of", "this"] => {
                let megabyte = text.repeat(1_000_000 / text.len() + 1);
                workshop.write(&self.file, megabyte.repeat(times.parse().unwrap()));
            }
            ["as", "an", "old", "program", "saves", "it"] => {
                let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
                workshop.write(&self.file, bytes);
            }
            ["a", "photograph", wide, "by", high] => {
                let (wide, high) = (wide.parse().unwrap(), high.parse().unwrap());
                let is_plain = self.file.ends_with(".png");
                workshop
                    .write(&self.file, if is_plain { plain(wide, high) } else { photograph(wide, high, 90) });
            }
            ["a", "recording"] => {
                workshop.write(&self.file, wav(6000));
            }
            ["a", "consent", "export", "of", made] => {
                let lines: Vec<(u8, &str, Standing)> = text.lines().map(answer).collect();
                workshop.write(&self.file, consent::export_of(made.parse().unwrap(), &lines));
            }
            ["a", "roster"] => {
                let pupils: Vec<u8> = text.lines().map(|line| line.parse().unwrap()).collect();
                workshop.write(&self.file, consent::roster(&pupils));
            }
            _ => panic!("an example has “=== {}, {}”, which means nothing", self.file, self.how),
        }
    }
}

/// A picture all in black, which is small however large it is.
fn plain(wide: u32, high: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::new(wide, high).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn answer(line: &str) -> (u8, &str, Standing) {
    let mut words = line.split_whitespace();
    let (pupil, purpose) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
    let standing = match words.next() {
        Some("yes") => Standing::Yes,
        Some("no") => Standing::No,
        other => panic!("an answer is yes or no, not {other:?}"),
    };
    (pupil, purpose, standing)
}

#[cfg(unix)]
fn link(target: &str, file: &Path) {
    std::os::unix::fs::symlink(target, file).unwrap();
}

#[cfg(not(unix))]
fn link(_target: &str, _file: &Path) {
    panic!("links are made on Unix alone");
}
