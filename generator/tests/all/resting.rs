//! Schools with more pages than memory has room for, taken apart: what comes of them is the same.

use generator::{
    check::{self, Extra},
    diagnostic::Report,
    load::{self, School},
    outside, photographs, site, tell,
    theme::Theme,
};

use crate::workshop::{Workshop, day};

/// A school with this much room for its pages, as far as a build goes before it draws, and what was found.
fn read(workshop: &Workshop, room: usize) -> (School, Report) {
    let (tree, mut problems) = load::tree::read(&workshop.school());
    let mut school = load::school_within(room, tree, &mut problems);
    let extra = Extra { strict: true, ..Extra::default() };
    let (photographs, mut found) = photographs::prepare(&school, &extra.held);
    school.photographs = photographs;
    problems.append(&mut found);
    problems.extend(check::school(&school, &Theme::embedded().unwrap(), day(), &extra));
    (school, Report::new(problems))
}

#[test]
fn a_school_of_many_pages_is_told_and_drawn_as_one_of_few() {
    for workshop in [Workshop::with("careless-school"), Workshop::model()] {
        let (with_room, told) = read(&workshop, usize::MAX);
        let (without, told_without) = read(&workshop, 0);
        let taken_apart =
            |school: &School| school.documents.iter().filter(|page| !page.body.pieces.is_empty()).count();
        assert!(taken_apart(&without) < taken_apart(&with_room), "no page rests");
        assert_eq!(tell::as_text(&told_without, true), tell::as_text(&told, true));
        let theme = Theme::embedded().unwrap();
        let draw = |school: &School| site::render(school, &theme, day()).unwrap();
        let (one, other) = (draw(&without), draw(&with_room));
        let differ: Vec<_> = other.iter().filter(|(path, bytes)| one.get(*path) != Some(bytes)).collect();
        assert!(differ.is_empty(), "{:?}", differ.iter().map(|(path, _)| path).collect::<Vec<_>>());
        assert_eq!(one.len(), other.len());
        let (tree, _) = load::tree::read(&workshop.school());
        let led_to = |school: &School| -> Vec<_> {
            let links = outside::links::of(school, &tree).into_iter();
            let places =
                links.flat_map(|link| link.places.into_iter().map(move |place| (link.url.clone(), place)));
            places.map(|(url, (source, range))| (url, source.spot(range), source.path)).collect()
        };
        assert_eq!(led_to(&without), led_to(&with_room));
    }
}

#[cfg(feature = "print")]
#[test]
fn a_page_that_there_is_no_room_for_is_printed_whole() {
    use generator::print::{self, held::Held};
    let workshop = Workshop::with("careless-school");
    let printed = |room: usize| {
        let (school, _) = read(&workshop, room);
        print::prepare(&school, &Theme::embedded().unwrap(), &Held::nothing()).unwrap().prints
    };
    assert!(printed(0) == printed(usize::MAX));
}
