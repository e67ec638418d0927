//! Posters on paper: whole, in order, on the sheets they are made for, with a code that a phone reads.

use std::{fs, process::Command};

use generator::{
    load::{document::Kind, markdown::paragraphs_of},
    print::{self, Print},
};

use crate::{
    printed::{letters, model, printed, read_aloud},
    workshop::Workshop,
};

fn run(program: &str, words: &[&str], print: &Print) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("poster.pdf");
    fs::write(&file, &print.bytes).unwrap();
    let mut command = Command::new(program);
    command.current_dir(folder.path()).args(words).arg("poster.pdf");
    if program == "pdftoppm" {
        command.arg("seen");
    }
    let said = command.output().expect("poppler-utils, which ./test installs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    if program == "pdftoppm" { fs::read(folder.path().join("seen-1.png")).unwrap() } else { said.stdout }
}

#[test]
fn every_poster_is_one_sheet_of_each_size_it_is_made_for() {
    let school = &model().school;
    let sizes = [("A5", "419.5"), ("A4", "595.2"), ("A3", "841.8"), ("A2", "1190.5")];
    let mut seen = 0;
    for poster in school.of_kind(Kind::Poster) {
        for paper in &poster.matter.paper {
            let print = &school.prints[&print::file_of_poster(poster, paper.as_str())];
            assert_eq!(print.pages, 1, "{}", print.file);
            let about = String::from_utf8(run("pdfinfo", &[], print)).unwrap();
            let wide = sizes.iter().find(|(name, _)| *name == paper.as_str()).unwrap().1;
            assert!(about.contains(&format!("Page size:       {wide}")), "{}: {about}", print.file);
            assert!(about.contains("Tagged:          yes"), "{about}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn a_poster_is_read_aloud_word_for_word_in_the_order_of_the_markdown() {
    let school = &model().school;
    for poster in school.of_kind(Kind::Poster) {
        let print = &school.prints[&print::file_of_poster(poster, "A4")];
        let said = letters(&read_aloud(print));
        let mut from = 0;
        let mut sentences = vec![poster.title(&school.settings)];
        sentences.extend(paragraphs_of(&poster.body.pieces));
        for sentence in sentences {
            // The letter of an acrostic's line is drawn; the address stands under its code.
            let sentence = sentence
                .split_once(": ")
                .filter(|(letter, _)| letter.len() == 1)
                .map_or(sentence.as_str(), |(_, line)| line);
            let words = letters(sentence);
            if school.settings.short_address.as_deref().map(letters) == Some(words.clone()) {
                assert!(said.contains(&words), "{}: {sentence}", print.file);
                continue;
            }
            let there = said[from..].find(&words).unwrap_or_else(|| {
                panic!("{}: “{sentence}” is not read where it stands: {said}", print.file)
            });
            from += there;
        }
    }
}

#[test]
fn the_code_is_read_from_each_printed_sheet_coarse_and_fine_and_in_grey() {
    let school = &model().school;
    let poster = school.of_kind(Kind::Poster).find(|poster| poster.slug == "tell-someone").unwrap();
    for (sheet, all_dots) in
        [("A4", ["75", "100", "150", "200", "300"].as_slice()), ("A3", &["75", "150"]), ("A2", &["75"])]
    {
        let print = &school.prints[&print::file_of_poster(poster, sheet)];
        for dots in all_dots {
            let png = run("pdftoppm", &["-r", dots, "-gray", "-png"], print);
            let picture = image::load_from_memory(&png).unwrap().to_luma8();
            let (wide, high) = (picture.width() as usize, picture.height() as usize);
            let mut seen = rqrr::PreparedImage::prepare_from_greyscale(wide, high, |x, y| {
                picture.get_pixel(x as u32, y as u32).0[0]
            });
            let read = seen.detect_grids().into_iter().find_map(|grid| grid.decode().ok());
            let address = format!("https://{}", school.settings.short_address.as_deref().unwrap());
            assert_eq!(read.map(|(_, text)| text), Some(address), "{sheet} at {dots} dots an inch");
        }
    }
}

/// A word on a sheet, in points from the left and the top.
struct Word {
    text: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// The words of a sheet with their places, as poppler finds them.
fn words(print: &Print) -> Vec<Word> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &print.bytes).unwrap();
    let said = Command::new("pdftotext").arg("-bbox").arg(file.path()).arg("-").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let word = |line: &str| {
        let number = |name: &str| {
            let (_, rest) = line.split_once(&format!("{name}=\""))?;
            rest.split('"').next()?.parse().ok()
        };
        let text = line.split_once('>')?.1.split('<').next()?.to_owned();
        let (left, right) = (number("xMin")?, number("xMax")?);
        Some(Word { text, left, right, top: number("yMin")?, bottom: number("yMax")? })
    };
    said.lines().filter(|line| line.trim_start().starts_with("<word")).filter_map(word).collect()
}

/// How bright a grey is, as WCAG 2 reckons it.
fn brightness(grey: u8) -> f64 {
    let part = f64::from(grey) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[test]
fn every_word_of_every_poster_can_be_read_in_black_and_white() {
    const DOTS: f64 = 150.0;
    /// Of large print, by WCAG 2: nothing on a poster is smaller than 13 points.
    const CONTRAST: f64 = 3.0;
    let school = &model().school;
    let mut seen = 0;
    for poster in school.of_kind(Kind::Poster) {
        let print = &school.prints[&print::file_of_poster(poster, "A4")];
        let png = run("pdftoppm", &["-r", "150", "-gray", "-png"], print);
        let picture = image::load_from_memory(&png).unwrap().to_luma8();
        for word in words(print) {
            let dot = |points: f64| (points * DOTS / 72.0).round() as u32;
            let (top, bottom) = (dot(word.top), dot(word.bottom).min(picture.height()));
            // Piece by piece: no part of a word may run over a ground that it is not seen on.
            let step = (bottom - top).max(1);
            let mut left = dot(word.left);
            let right = dot(word.right).min(picture.width());
            while left + step / 2 < right {
                let part = left..(left + step).min(right);
                let greys = part.flat_map(|x| (top..bottom).map(move |y| (x, y)));
                let greys = greys.map(|(x, y)| brightness(picture.get_pixel(x, y).0[0]));
                let (dark, light) =
                    greys.fold((1.0f64, 0.0f64), |(dark, light), grey| (dark.min(grey), light.max(grey)));
                let contrast = (light + 0.05) / (dark + 0.05);
                assert!(contrast >= CONTRAST, "{}: “{}” has {contrast:.1} in grey", print.file, word.text);
                left += step;
                seen += 1;
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn what_cannot_be_a_poster_is_told_at_its_line_and_its_page_stays() {
    let workshop = Workshop::model();
    let many: String = (0..60).map(|n| format!("- A rule that nobody can remember, number {n}.\n")).collect();
    workshop.change("posters/tell-someone.md", "Tell any grown-up you trust.", &format!("{many}\nTell."));
    workshop.change("posters/four-rules.md", "layout = \"four-rules\"", "layout = \"four-rule\"");
    let (prints, problems) = printed(&workshop);
    let told: Vec<_> =
        problems.iter().map(|d| (d.code, d.file.as_str(), d.spot.as_ref().map(|spot| spot.line))).collect();
    assert!(
        told.iter().any(|(code, file, line)| *code == "print-too-long"
            && *file == "posters/tell-someone.md"
            && line.is_some_and(|line| line > 1)),
        "{told:?}"
    );
    assert!(told.contains(&("print-layout", "posters/four-rules.md", Some(4))), "{told:?}");
    let near = problems.iter().find(|d| d.code == "print-layout").unwrap();
    assert!(near.mend.contains("four-rules"), "{}", near.mend);
    assert!(!prints.keys().any(|file| file.contains("four-rules") || file.contains("tell-someone")));
    assert!(prints.keys().any(|file| file.contains("visitor-notice")));
}

#[test]
fn an_address_too_long_for_its_code_is_told_and_no_poster_bears_a_code_that_nobody_can_read() {
    let workshop = Workshop::model();
    let long = format!("larkfield.example/{}", "tell".repeat(60));
    workshop.change(
        "school.toml",
        "short_address = \"larkfield.example/tell\"",
        &format!("short_address = \"{long}\""),
    );
    let (prints, problems) = printed(&workshop);
    let told = problems.iter().find(|d| d.code == "print-code").unwrap();
    assert_eq!((told.file.as_str(), told.spot.is_some()), ("school.toml", true));
    let print = &prints["posters/tell-someone/tell-someone-A4.pdf"];
    let said = String::from_utf8_lossy(&run("pdfinfo", &["-struct-text"], print)).into_owned();
    assert!(!said.contains("Figure"), "{said}");
}

#[test]
fn a_school_without_posters_is_told_nothing_of_their_code() {
    let workshop = Workshop::small();
    let long = format!(
        "website = \"https://www.tiny.example/safe\"\nshort_address = \"tiny.example/{}\"",
        "tell".repeat(60)
    );
    workshop.change("school.toml", "website = \"https://www.tiny.example/safe\"", &long);
    let (_, problems) = printed(&workshop);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn nothing_that_stands_on_a_poster_is_read_as_an_instruction() {
    let workshop = Workshop::model();
    let sentence = "A #read(x) and $x$ #panic() @here \"quoted\" #{1+1}";
    workshop.change("posters/good-practice.md", "**Try it first.**", sentence);
    let (prints, problems) = printed(&workshop);
    assert!(problems.is_empty(), "{problems:?}");
    let print = &prints["posters/good-practice/good-practice-A4.pdf"];
    let said = read_aloud(print);
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    assert!(plain(&said).contains("A#read(x)and$x$#panic()@here"), "{said}");
}
