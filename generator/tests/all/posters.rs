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
fn the_code_is_read_from_the_printed_sheet_coarse_and_fine_and_in_grey() {
    let school = &model().school;
    let poster = school.of_kind(Kind::Poster).find(|poster| poster.slug == "tell-someone").unwrap();
    let print = &school.prints[&print::file_of_poster(poster, "A4")];
    for dots in ["75", "150", "300"] {
        let png = run("pdftoppm", &["-r", dots, "-gray", "-png"], print);
        let picture = image::load_from_memory(&png).unwrap().to_luma8();
        let (wide, high) = (picture.width() as usize, picture.height() as usize);
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(wide, high, |x, y| {
            picture.get_pixel(x as u32, y as u32).0[0]
        });
        let read = seen.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text);
        let address = format!("https://{}", school.settings.short_address.as_deref().unwrap());
        assert_eq!(read, Some(address), "at {dots} dots an inch");
    }
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
