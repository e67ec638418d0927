//! Every poster, and one of each sort of document, looks as it did when somebody last looked at it.
//!
//! The pictures in `tests/golden/print` are drawn by the print engine itself, whose version is pinned, so no
//! other program's fonts or version play a part. They are small: they tell that something moved, and the PDF
//! shows what. `UPDATE_SNAPSHOTS=true cargo test -p generator --test all looks` draws them anew; look at each
//! that changed before you commit it.

use std::{collections::BTreeSet, fs, path::PathBuf};

use generator::{load::document::Kind, print, theme::Theme};

use crate::printed::model;

/// Coarse enough to be small, fine enough that a line of words that moves by a third of its height shows.
const DOTS: f64 = 36.0;

/// By how much a colour of a dot may differ: edges of letters are reckoned in floating point, which processors
/// round differently.
const SAME: u8 = 24;

/// How many of a thousand dots may differ by more: edges again. A word that moves is more than one.
const FEW: usize = 1;

/// One of each sort of document; of those with several pages the first two.
const DOCUMENTS: [&str; 7] = [
    "policies/online-safety/online-safety.pdf",
    "agreements/ks1/ks1.pdf",
    "guides/family-rules/family-rules.pdf",
    "flowcharts/not-illegal/not-illegal.pdf",
    "flowcharts/illegal-content-or-contact/illegal-content-or-contact.pdf",
    "forms/images/images.pdf",
    "forms/report-a-concern/report-a-concern.pdf",
];

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/print")
}

/// How a picture differs from the one that was looked at; nothing where it does not.
fn differs(name: &str, png: &[u8]) -> Option<String> {
    let path = golden().join(format!("{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(golden()).unwrap();
        // One that is as good as the same stays as it is.
        if compared(&fs::read(&path).unwrap_or_default(), png).is_some() {
            fs::write(&path, png).unwrap();
        }
        return None;
    }
    let Ok(old) = fs::read(&path) else { return Some(format!("{name}: nobody has looked at it yet")) };
    let how = compared(&old, png)?;
    let shown = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
    fs::write(&shown, png).unwrap();
    Some(format!("{name}: {how}; it is now as in {}", shown.display()))
}

fn compared(old: &[u8], new: &[u8]) -> Option<String> {
    let (Ok(old), Ok(new)) = (image::load_from_memory(old), image::load_from_memory(new)) else {
        return Some("is no picture".to_owned());
    };
    let (old, new) = (old.to_rgb8(), new.to_rgb8());
    if old.dimensions() != new.dimensions() {
        return Some(format!("was {:?} dots, is {:?}", old.dimensions(), new.dimensions()));
    }
    let far =
        |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > SAME);
    let count = old.pixels().zip(new.pixels()).filter(far).count();
    let all = old.pixels().len();
    (count * 1000 > all * FEW).then(|| format!("{count} of {all} dots are others"))
}

#[test]
fn every_poster_and_one_of_each_sort_of_document_looks_as_when_somebody_last_looked() {
    let school = &model().school;
    let theme = Theme::embedded().unwrap();
    let mut files: Vec<(String, String)> = Vec::new();
    for poster in school.of_kind(Kind::Poster) {
        let sheet = poster.matter.paper[0].as_str();
        files.push((poster.slug.clone(), print::file_of_poster(poster, sheet)));
        if poster.matter.screen {
            files.push((format!("{}-screen", poster.slug), print::file_of_screen(poster)));
        }
    }
    files.extend(
        DOCUMENTS.map(|file| (file.rsplit('/').next().unwrap().replace(".pdf", ""), file.to_owned())),
    );
    let wall = differs("class-display-1", &crate::class_display::seen(DOTS / 1.5));
    // A screen and A3 are large.
    let large = |file: &str| file.ends_with(".png") || file.starts_with("flowcharts/");
    let dots = |file: &str| if large(file) { DOTS / 1.5 } else { DOTS };
    let wanted: Vec<(&str, f64)> = files.iter().map(|(_, file)| (file.as_str(), dots(file))).collect();
    let seen = print::seen(school, &theme, &wanted).unwrap();
    let mut told = Vec::new();
    for ((name, file), pages) in files.iter().zip(seen) {
        assert!(!pages.is_empty(), "{file} is not there");
        let pages = pages.into_iter().take(2).enumerate();
        told.extend(pages.filter_map(|(at, png)| differs(&format!("{name}-{}", at + 1), &png)));
    }
    told.extend(wall);
    assert!(told.is_empty(), "{told:#?}\nLook at them; if they are right, see how to draw them anew above.");
}

#[test]
fn the_pictures_are_small_and_none_outlives_what_it_shows() {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(golden()).unwrap() {
        let entry = entry.unwrap();
        assert!(entry.metadata().unwrap().len() < 60_000, "{}", entry.path().display());
        names.insert(entry.file_name().to_string_lossy().into_owned());
    }
    assert!(names.len() > 20, "{names:?}");
    let school = &model().school;
    let slugs: BTreeSet<&str> = school.documents.iter().map(|document| document.slug.as_str()).collect();
    for name in names {
        let (stem, _) = name.rsplit_once('-').unwrap();
        let stem = stem.trim_end_matches("-screen");
        let form = school.forms.iter().any(|form| form.form.id.as_str() == stem);
        assert!(
            form || stem == "class-display" || slugs.contains(stem),
            "{name} shows nothing that is there"
        );
    }
}

#[test]
fn a_picture_of_another_layout_is_not_taken_for_the_same() {
    let school = &model().school;
    let theme = Theme::embedded().unwrap();
    let wanted = ["posters/four-rules/four-rules-A4.pdf", "posters/good-practice/good-practice-A4.pdf"];
    let seen = print::seen(school, &theme, &wanted.map(|file| (file, DOTS))).unwrap().concat();
    let [first, other] = seen.as_slice() else { panic!("a poster is one sheet") };
    assert_eq!(compared(first, first), None);
    assert!(compared(first, other).is_some());
    // Three dots down is a millimetre and a half.
    let picture = image::load_from_memory(first).unwrap().to_rgb8();
    let (wide, high) = picture.dimensions();
    let mut moved = picture.clone();
    image::imageops::replace(
        &mut moved,
        &image::imageops::crop_imm(&picture, 0, 0, wide, high - 3).to_image(),
        0,
        3,
    );
    let mut bytes = std::io::Cursor::new(Vec::new());
    moved.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    assert!(compared(first, bytes.get_ref()).is_some());
}
