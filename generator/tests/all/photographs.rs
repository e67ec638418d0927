//! Photographs: made small, made silent, and not made twice.

use std::{collections::BTreeMap, fs, time::SystemTime};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::workshop::{Workshop, files, said};

/// What a camera writes into a picture: which way up it was held, where it was taken, and words.
fn camera_notes(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0\0\0\0\0PLACE 53.7N 1.9W");
    let mut out = Vec::new();
    for (marker, body) in [(0xe1, &exif[..]), (0xed, b"IPTC-MIA-OF-ACORN"), (0xfe, b"COMMENT-MIA")] {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(body);
    }
    out
}

/// A photograph of a given size with everything in it that must not reach the site.
pub(crate) fn photograph(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, seed])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    [&bytes[..2], &camera_notes(6), &bytes[2..], b"HIDDEN-BEHIND-THE-END"].concat()
}

fn with_photograph() -> Workshop {
    let workshop = Workshop::small();
    workshop.write("images/hall.jpg", photograph(1200, 800, 90));
    workshop
}

fn published_pictures(workshop: &Workshop) -> BTreeMap<String, Vec<u8>> {
    let all = files(&workshop.out().join("site/images"));
    all.into_iter().filter(|(path, _)| path.ends_with(".jpg") || path.ends_with(".png")).collect()
}

#[test]
fn nothing_that_a_camera_wrote_is_in_any_file_of_a_build_and_the_build_says_so() {
    let workshop = with_photograph();
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    for (path, bytes) in files(&workshop.out()) {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["PLACE 53.7N", "MIA", "HIDDEN-BEHIND", "Exif\0", "hall.jpg"] {
            assert!(!text.contains(secret), "{path} holds {secret}");
        }
    }
    let said = said(&output);
    assert!(said.contains("1 photograph on the pages"), "{said}");
    assert!(said.contains("These said where they were taken: images/hall.jpg."), "{said}");
}

#[test]
fn a_page_offers_a_photograph_in_the_width_that_the_screen_needs_and_keeps_its_place() {
    let workshop = with_photograph();
    assert!(workshop.build().status.success());
    // The phone lay on its side: 1200 × 800 pixels stand upright as 800 × 1200.
    let page = workshop.page("policies/online/index.html");
    let img = page.split("<img ").find(|img| img.contains("alt=\"The hall\"")).unwrap();
    let img = img.split('>').next().unwrap();
    assert!(img.contains("width=\"800\" height=\"1200\""), "{img}");
    assert!(img.contains(" 480w, ") && img.contains(" 800w\"") && img.contains("sizes=\""), "{img}");
    assert!(img.contains("loading=\"lazy\""), "{img}");
    let pictures = published_pictures(&workshop);
    let sizes: Vec<(u32, u32)> = pictures
        .values()
        .map(|bytes| image::load_from_memory(bytes).unwrap())
        .map(|picture| (picture.width(), picture.height()))
        .collect();
    assert_eq!(sizes, [(480, 720), (800, 1200)]);
}

fn times(workshop: &Workshop) -> BTreeMap<String, SystemTime> {
    let out = workshop.out();
    let time = |path: &String| fs::metadata(out.join(path)).unwrap().modified().unwrap();
    files(&out).into_keys().map(|path| (path.clone(), time(&path))).collect()
}

#[test]
fn a_rebuild_of_an_unchanged_school_writes_nothing_and_makes_no_photograph_again() {
    let workshop = with_photograph();
    assert!(workshop.build().status.success());
    let (files_before, before) = (files(&workshop.out()), times(&workshop));
    let again = workshop.build();
    assert!(said(&again).contains("Nothing has changed"), "{}", said(&again));
    assert_eq!((files(&workshop.out()), times(&workshop)), (files_before, before));
    let held = generator::output::photographs(&workshop.out());
    let extra = generator::check::Extra { held, ..Default::default() };
    let theme = generator::theme::Theme::embedded().unwrap();
    let day = crate::workshop::day();
    // A build that decodes would find this picture's middle gone; one that takes up what is held does not.
    let checked = generator::build::check_with(&workshop.school(), &theme, day, &extra);
    assert_eq!(checked.school.photographs["images/hall.jpg"].sizes.len(), 2);
    assert!(extra.held.len() == 1, "nothing was taken up from the build before");
}

#[test]
fn a_photograph_that_was_changed_in_the_built_site_is_put_right_by_the_next_build() {
    let workshop = with_photograph();
    assert!(workshop.build().status.success());
    let whole = files(&workshop.out());
    for path in published_pictures(&workshop).into_keys() {
        let file = workshop.out().join("site/images").join(&path);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
    }
    assert!(workshop.build().status.success());
    assert_eq!(files(&workshop.out()), whole);
    for spoilt in ["", "nonsense", "# Written by signpost, to be left as it is: 00\n"] {
        let record = workshop.out().join("photographs/made.toml");
        fs::remove_file(&record).unwrap();
        fs::write(&record, spoilt).unwrap();
        assert!(workshop.build().status.success());
        assert_eq!(files(&workshop.out()), whole, "after {spoilt:?}");
    }
}

#[test]
fn a_photograph_taken_off_the_pages_leaves_no_copy_anywhere() {
    let workshop = with_photograph();
    assert!(workshop.build().status.success());
    let before = published_pictures(&workshop);
    workshop.change("policies/online.md", "![The hall](../images/hall.jpg)", "");
    assert!(workshop.build().status.success());
    let after = files(&workshop.out());
    assert!(!before.is_empty() && before.values().all(|picture| after.values().all(|file| file != picture)));
}

#[test]
fn making_the_pack_alone_leaves_the_photographs_of_the_site_as_they_are() {
    let workshop = with_photograph();
    assert!(workshop.build().status.success());
    let before = files(&workshop.out());
    let words = ["build", "--school", "school", "--out", "out", "--date", "2026-11-22", "--only", "pack"];
    assert!(workshop.signpost(&words).status.success());
    assert_eq!(files(&workshop.out()), before);
}

#[test]
fn pictures_that_are_broken_or_would_unfold_into_gigabytes_are_told_and_nothing_is_built() {
    let workshop = with_photograph();
    let whole = photograph(40, 30, 1);
    workshop.write("images/cut.jpg", &whole[..whole.len() / 2]);
    workshop.write("images/other.png", &whole);
    let black = image::GrayImage::new(10_000, 5_000);
    let mut bomb = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(black).write_to(&mut bomb, ImageFormat::Png).unwrap();
    assert!(bomb.get_ref().len() < 1_000_000, "a small file of 50 million pixels");
    workshop.write("images/bomb.png", bomb.into_inner());
    let checked = workshop.check();
    let of = |file: &str| {
        let found = checked.report.diagnostics().iter().filter(|d| d.file == file);
        found
            .filter(|d| !["people-unsaid", "unused-picture"].contains(&d.code))
            .map(|d| (d.code, d.what.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("images/bomb.png"),
        [(
            "picture-too-large",
            "This picture cannot be used: it has 10000 × 5000 pixels, more than the 40 million that are taken."
                .to_owned()
        )]
    );
    assert_eq!(of("images/cut.jpg")[0].0, "broken-picture");
    assert_eq!(
        of("images/other.png"),
        [("broken-picture", "This is a JPG picture, but the end of its name says otherwise.".to_owned())]
    );
    assert!(!workshop.build().status.success() && !workshop.out().exists());
}

#[test]
fn the_same_photographs_give_the_same_bytes_whatever_was_held_before() {
    let (one, other) = (with_photograph(), with_photograph());
    assert!(one.build().status.success() && other.build().status.success() && other.build().status.success());
    assert_eq!(files(&one.out()), files(&other.out()));
}

#[test]
fn nothing_that_a_drawing_program_wrote_into_the_schools_own_drawing_is_published() {
    let workshop = Workshop::small();
    let own = fs::read_to_string(workshop.school().join("symbols/own.svg")).unwrap();
    let noted = own
        .replacen("<svg ", "<!-- MIA --><svg xmlns:k=\"urn:k\" k:file=\"/home/MIA/own.svg\" ", 1)
        .replacen("</svg>", "<metadata>MIA</metadata></svg>", 1);
    workshop.write("symbols/own.svg", &noted).write("images/tree.svg", &noted);
    let file = workshop.school().join("policies/online.md");
    let text = fs::read_to_string(file).unwrap();
    workshop.write("policies/online.md", format!("{text}\n\n![A green circle](../images/tree.svg)\n"));
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&workshop.out().join("site"));
    assert!(site.contains_key("symbols/own.svg") && site.contains_key("images/tree.svg"));
    for (path, bytes) in site {
        assert!(!String::from_utf8_lossy(&bytes).contains("MIA"), "{path}");
    }
}
