//! Names of pupils where everybody can read them.
//!
//! 1. [`list`] reads the pupils' names from the export of the school's management system.
//! 2. Full names are looked for in all words of public pages.
//! 3. First names alone are looked for only where a picture is: its text, its caption, its file's name, and
//!    what a camera or a program wrote into the file. [`words`] tells “Will” from “will”.

mod list;
mod metadata;
mod words;

pub use list::{Names, NamesError};

use std::ops::Range;

use self::words::Hit;
pub(super) use self::words::Reading;
use super::text::Page;
use crate::{
    diagnostic::Diagnostic,
    load::{
        School, markdown,
        piece::{Event, Piece, Tag, TagEnd},
    },
};

const FULL_MEND: &str = "Take the name out. If it is somebody else’s who only shares it, say so: <!-- signpost: allow pupil-name: the author of the book -->.";
const FIRST_MEND: &str = "Say “a girl” or “two children”. If the word is no name here, say so: <!-- signpost: allow pupil-first-name: the month -->.";

/// Everything that names a pupil on a page, if it is public.
pub(super) fn check(page: &Page<'_>, reading: &Reading<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if !page.document.is_published() {
        return problems;
    }
    for passage in &page.passages {
        for range in reading.full_names(&passage.words) {
            let place = passage.place(page.document, range);
            problems.push(page.document.source.error(
                "pupil-name",
                place,
                "The full name of a pupil stands here, on a public page.",
                FULL_MEND,
            ));
        }
    }
    at_pictures(page, reading, &mut problems);
    problems
}

/// Everything that names a pupil in the files of pictures.
pub(super) fn check_pictures(school: &School, reading: &Reading<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (path, bytes) in school.pictures.iter().filter(|(path, _)| path.starts_with("images/")) {
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        if reading.in_file_name(stem) {
            problems.push(Diagnostic::file_error(
                "pupil-first-name",
                path.as_str(),
                "The name of a pupil stands in the name of this picture’s file, and the file’s name is public.",
                "Rename the file after what it shows, as in climbing-frame.jpg, and correct the pages that show it.",
            ));
        }
        if metadata::texts(bytes).iter().any(|text| reading.in_metadata(text)) {
            problems.push(
                Diagnostic::file_error(
                    "pupil-first-name",
                    path.as_str(),
                    "A program wrote the name of a pupil into this picture’s file. It is taken out before publishing, but whoever gets the file itself can read it.",
                    "Remove the picture’s properties (title, tags, comments) in a picture program.",
                )
                .as_warning(),
            );
        }
    }
    problems
}

/// Alternative texts, titles and what stands in the same paragraph as a picture.
fn at_pictures(page: &Page<'_>, reading: &Reading<'_>, problems: &mut Vec<Diagnostic>) {
    let pieces = &page.document.body.pieces;
    let source = &page.document.source;
    let mut tell = |hit: Hit<'_>, range: &Range<usize>| {
        let place = source.find_within(range.clone(), hit.word);
        problems.push(if hit.full {
            source.error("pupil-name", place, "The full name of a pupil stands beside a picture.", FULL_MEND)
        } else {
            let what = format!("“{}” is the first name of a pupil, and stands beside a picture.", hit.word);
            source.error("pupil-first-name", place, what, FIRST_MEND)
        });
    };
    let mut paragraph = 0..0;
    for (at, (event, range)) in pieces.iter().enumerate() {
        match event {
            Event::Start(Tag::Paragraph) => {
                let end = pieces[at..].iter().position(|(e, _)| matches!(e, Event::End(TagEnd::Paragraph)));
                paragraph = at..at + end.unwrap_or(0);
                let inside = &pieces[paragraph.clone()];
                if inside.iter().any(|(event, _)| matches!(event, Event::Start(Tag::Image(_)))) {
                    let caption = outside_pictures(inside);
                    reading.beside_picture(&caption).into_iter().for_each(|hit| tell(hit, range));
                }
            }
            Event::Start(Tag::Image(image)) => {
                let end = pieces[at..]
                    .iter()
                    .position(|(e, _)| matches!(e, Event::End(TagEnd::Image)))
                    .unwrap_or(0);
                let alt = markdown::words_of(&pieces[at..at + end]);
                for text in [alt.as_str(), &image.title] {
                    reading.beside_picture(text).into_iter().for_each(|hit| tell(hit, range));
                }
            }
            _ => {}
        }
    }
}

fn outside_pictures(pieces: &[Piece]) -> String {
    let mut depth = 0usize;
    let mut out = Vec::new();
    for piece in pieces {
        match &piece.0 {
            Event::Start(Tag::Image(_)) => depth += 1,
            Event::End(TagEnd::Image) => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(piece.clone()),
            _ => {}
        }
    }
    markdown::words_of(&out)
}
