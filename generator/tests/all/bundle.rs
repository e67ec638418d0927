//! Flowcharts, forms and screens beside their pages, and all of it in one file for the office.

use std::{
    collections::BTreeSet,
    fs,
    io::{Cursor, Read as _},
};

use generator::{
    build::{self, Target},
    load::document::Kind,
    output::{self, Care},
    print::{self, BUNDLE, Reach},
    theme::Theme,
};
use records::form::FormKind;

use crate::{
    printed::{letters, model, printed, read_aloud, seen},
    workshop::{Workshop, day},
};

#[test]
fn a_flowchart_is_read_aloud_step_by_step_with_the_number_of_each_step_it_leads_to() {
    let checked = model();
    let mut sheets = BTreeSet::new();
    for document in checked.school.of_kind(Kind::Flowchart).filter(|document| document.is_published()) {
        let print = &checked.school.prints[&print::file_of(document)];
        let said = letters(&read_aloud(print));
        let mut from = 0;
        for (number, step) in document.flow.as_ref().unwrap().steps.iter().enumerate() {
            let heading = &document.body.headings[step.heading].words;
            let wanted = letters(&format!("{}{heading}", number + 1));
            let at = said[from..].find(&wanted);
            assert!(at.is_some(), "{}: step {} “{heading}” is lost", document.source.path, number + 1);
            from += at.unwrap_or_default() + wanted.len();
            if step.asks {
                for way in &step.ways {
                    let leads = letters(&format!("step{}", way.to + 1));
                    assert!(said[from..].contains(&leads), "{}: {}", document.source.path, way.words);
                }
            }
        }
        sheets.insert(print.sheet.clone());
        assert!(print.pages >= 2, "drawn in front, in words behind");
    }
    assert!(sheets.iter().all(|sheet| sheet == "A4" || sheet == "A3"), "{sheets:?}");
}

#[test]
fn whoever_does_not_see_a_flowchart_hears_what_it_shows() {
    let print = &model().school.prints["flowcharts/not-illegal/not-illegal.pdf"];
    let text = String::from_utf8_lossy(&print.bytes);
    assert!(text.contains("/Figure"), "the drawing is a figure");
    assert!(text.contains("/Alt"), "with words for it");
}

#[test]
fn a_consent_form_asks_each_use_apart_with_a_yes_and_a_no_and_says_the_way_back() {
    let checked = model();
    for file in checked.school.forms.iter().filter(|file| file.form.kind == FormKind::Consent) {
        let print = &checked.school.prints[&print::file_of_form_page(file)];
        let said = letters(&read_aloud(print));
        let mut from = 0;
        for purpose in &file.form.purposes {
            for words in [&purpose.words, &purpose.meaning, &purpose.how_long, &purpose.who_holds] {
                let wanted = letters(words);
                let at = said[from..].find(&wanted);
                assert!(at.is_some(), "{}: “{words}” is lost or out of order", file.source.path);
                from += at.unwrap_or_default() + wanted.len();
            }
            assert!(said[from..].starts_with("YesNo"), "{}: {}", file.source.path, &said[from..from + 40]);
        }
        let withdraw = file.form.withdraw.as_deref().unwrap();
        assert!(said[from..].contains(&letters(withdraw)), "{}: {withdraw}", file.source.path);
        assert!(said.contains(&letters(&file.form.sign_off[0])), "{}", file.source.path);
        let seen = seen(print);
        let version = format!("Version {}", file.form.version);
        for sheet in seen.trim_end_matches('\u{c}').split('\u{c}') {
            assert!(
                sheet.contains(&version),
                "{}: each sheet says which words were answered",
                file.source.path
            );
        }
    }
}

#[test]
fn every_form_has_a_pdf_on_its_page_and_one_for_staff_is_not_on_the_site() {
    let checked = model();
    let site = generator::site::render(&checked.school, &Theme::embedded().unwrap(), day()).unwrap();
    let mut kinds = BTreeSet::new();
    for file in &checked.school.forms {
        let pdf = print::file_of_form_page(file);
        assert!(checked.school.prints.contains_key(&pdf), "{pdf}");
        assert_eq!(site.contains_key(&pdf), file.is_published(), "{pdf}");
        if file.is_published() {
            let page = String::from_utf8(site[&format!("{}/index.html", file.address())].clone()).unwrap();
            assert!(page.contains(&format!("href=\"{}.pdf\"", file.form.id)), "{pdf} is not linked");
        }
        kinds.insert(file.is_published());
    }
    assert_eq!(kinds.len(), 2, "there are forms for everybody and forms for staff");
}

#[test]
fn a_poster_for_a_screen_has_its_pixels_and_its_code_is_read_from_them() {
    let checked = model();
    let site = generator::site::render(&checked.school, &Theme::embedded().unwrap(), day()).unwrap();
    let mut found = 0;
    for poster in checked.school.of_kind(Kind::Poster).filter(|poster| poster.matter.screen) {
        let file = print::file_of_screen(poster);
        let picture = image::load_from_memory(&site[&file]).unwrap().to_luma8();
        assert_eq!(picture.dimensions(), (1920, 1080), "{file}");
        let page = String::from_utf8(site[&format!("{}/index.html", poster.address())].clone()).unwrap();
        assert!(page.contains(&format!("href=\"{}-screen.png\"", poster.slug)), "{file} is not linked");
        if poster.slug == "tell-someone" {
            // As it is, and from as far away that a pixel of the phone holds nine of the screen.
            for smaller in [1, 2, 3] {
                let (wide, high) = (1920 / smaller, 1080 / smaller);
                let picture = image::imageops::thumbnail(&picture, wide, high);
                let mut seen =
                    rqrr::PreparedImage::prepare_from_greyscale(wide as usize, high as usize, |x, y| {
                        picture.get_pixel(x as u32, y as u32).0[0]
                    });
                let read = seen.detect_grids().into_iter().find_map(|grid| grid.decode().ok());
                let address =
                    format!("https://{}", checked.school.settings.short_address.as_deref().unwrap());
                assert_eq!(read.map(|(_, text)| text), Some(address), "{smaller} times smaller");
            }
        }
        found += 1;
    }
    assert!(found >= 3, "{found}");
    let worker = String::from_utf8(site["sw.js"].clone()).unwrap();
    assert!(!worker.contains("-screen.png"), "a visitor’s device does not fetch them unasked");
}

/// The files of a zip with their bytes.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files
}

#[test]
fn the_bundle_holds_everything_that_is_printed_once_and_a_list_that_says_how_many_on_which_paper() {
    let checked = model();
    let files = unpacked(&checked.school.bundle);
    assert_eq!(files.len(), checked.school.prints.len());
    for print in checked.school.prints.values() {
        let there = files.iter().filter(|(_, bytes)| *bytes == print.bytes).count();
        assert_eq!(there, 1, "{}", print.file);
    }
    let (first, _) = &files[0];
    assert_eq!(first, "00-what-to-print.pdf");
    let list = &checked.school.prints["what-to-print.pdf"];
    assert_eq!(list.reach, Reach::Staff);
    let said = read_aloud(list);
    let plain = letters(&said);
    for (number, (name, _)) in files.iter().skip(1).enumerate() {
        let begins = name.rsplit('/').next().unwrap().starts_with(&format!("{:02}-", number + 1));
        assert!(begins, "{name} is number {}", number + 1);
    }
    for document in checked.school.documents.iter().filter(|document| print::is_printed(document)) {
        let title = document.title(&checked.school.settings);
        assert!(plain.contains(&letters(&title)), "{title} is not on the list");
    }
    // Six classes, a hundred and thirty-two families: from school.toml.
    let poster = files.iter().find(|(name, _)| name.ends_with("-four-rules-A4.pdf")).unwrap();
    assert!(poster.0.starts_with("1-pin-up/classrooms/"), "{}", poster.0);
    assert!(
        files
            .iter()
            .any(|(name, _)| name.starts_with("2-hand-out/families/") && name.ends_with("-images.pdf"))
    );
    // The list and the folders go by what is done with a paper, and sheets in two languages are told apart.
    let chapters = ["Hang these", "Give these", "Know where these"].map(|says| plain.find(&letters(says)));
    assert!(chapters.is_sorted() && chapters[0].is_some(), "{chapters:?}");
    for told in ["English, with Polish on the back", "English and Urdu side by side", "To read: in Polish"] {
        assert!(plain.contains(&letters(told)), "{told}");
    }
    let row = format!(
        "Think before you tap{}A4onecolour6",
        checked
            .school
            .of_kind(Kind::Poster)
            .find(|poster| poster.slug == "four-rules")
            .unwrap()
            .matter
            .summary
            .as_deref()
            .unwrap()
    );
    assert!(plain.contains(&letters(&row)), "{said}");
}

#[test]
fn what_is_for_staff_lies_in_the_bundle_and_nowhere_on_the_site() {
    let workshop = Workshop::model();
    let theme = Theme::embedded().unwrap();
    let mut checked = workshop.check();
    build::print(&mut checked, &theme, &output::prints(&workshop.out())).unwrap();
    build::write(&checked.school, &theme, day(), Target::all(&workshop.out(), Care::Quick)).unwrap();
    let bundle = fs::read(workshop.out().join(BUNDLE)).unwrap();
    assert_eq!(bundle, checked.school.bundle);
    let staff: Vec<_> = checked.school.prints.values().filter(|print| print.reach == Reach::Staff).collect();
    assert!(staff.len() > 20, "{}", staff.len());
    let inside = unpacked(&bundle);
    let mut folders = vec![workshop.out().join("site")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            assert!(staff.iter().all(|print| print.bytes != bytes), "{} is for staff", path.display());
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("to-print.zip"), "{} leads to the bundle", path.display());
        }
    }
    for print in &staff {
        let folder = inside.iter().find(|(_, bytes)| *bytes == print.bytes).unwrap().0.clone();
        let listed = print.file == "what-to-print.pdf" || folder.starts_with("3-keep/staff-only/");
        assert!(listed, "{folder}");
        assert!(workshop.out().join(print.place()).is_file(), "{}", print.place());
    }
}

#[test]
fn the_same_school_gives_the_same_bundle_and_a_second_build_takes_every_print_from_the_first() {
    let workshop = Workshop::small();
    let theme = Theme::embedded().unwrap();
    let build = || {
        let mut checked = workshop.check();
        build::print(&mut checked, &theme, &output::prints(&workshop.out())).unwrap();
        let written =
            build::write(&checked.school, &theme, day(), Target::all(&workshop.out(), Care::Quick)).unwrap();
        (checked.school, written)
    };
    let (first, _) = build();
    let held = output::prints(&workshop.out());
    for print in first.prints.values() {
        assert_eq!(held.print(&print.from, print.reach, &print.file), Some(print), "{}", print.file);
    }
    let (second, written) = build();
    assert_eq!(first.bundle, second.bundle);
    assert_eq!(written.changed, 0);
}

#[test]
fn how_many_of_each_is_read_from_the_schools_settings_and_a_slip_is_told_at_its_place() {
    let workshop = Workshop::model();
    workshop.change("posters/four-rules.md", "order = 2", "order = 2\nprint_for = \"coridors\"");
    let checked = workshop.check();
    let told: Vec<_> = checked.report.diagnostics().iter().filter(|d| d.code == "wrong-value").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].file.as_str(), told[0].spot.as_ref().unwrap().line), ("posters/four-rules.md", 8));
    assert!(told[0].mend.contains("corridors"), "{}", told[0].mend);
}

#[test]
fn a_layout_without_a_place_on_a_screen_is_told_and_its_sheets_are_made() {
    let workshop = Workshop::model();
    workshop.change("posters/good-practice.md", "paper = [\"A4\"]", "paper = [\"A4\"]\nscreen = true");
    let (prints, problems) = printed(&workshop);
    let told = problems.iter().find(|d| d.code == "print-layout").unwrap();
    assert_eq!(told.file, "posters/good-practice.md");
    assert!(told.what.contains("screen"), "{}", told.what);
    assert!(prints.contains_key("posters/good-practice/good-practice-A4.pdf"));
    assert!(!prints.contains_key("posters/good-practice/good-practice-screen.png"));
}

#[test]
fn a_flowchart_with_more_steps_than_a_sheet_holds_is_told_and_its_page_stays() {
    let workshop = Workshop::model();
    let mut steps = String::new();
    for number in 0..80 {
        steps.push_str(&format!(
            "## A step with some words to read, number {number} {{#s{number}}}\n\nDo it.\n\n"
        ));
    }
    let head = "+++\ntitle = \"A long one\"\nsummary = \"Too long.\"\n+++\n\n";
    workshop.write("flowcharts/long.md", format!("{head}{steps}"));
    let (prints, problems) = printed(&workshop);
    let told = problems.iter().find(|d| d.file == "flowcharts/long.md").unwrap();
    assert_eq!((told.code, told.spot.as_ref().map(|spot| spot.line)), ("print-too-long", Some(6)));
    assert!(!prints.contains_key("flowcharts/long/long.pdf"));
}
