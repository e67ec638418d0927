//! A child who cannot read signs and tells: with every word taken off the picture, each thing to press still has a
//! picture of its own, and all is pressed where it stands and not by its name.

use egui::{Rect, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::RgbaImage;

use crate::{
    journeys::Kiosk,
    school::{speaking, telling_draft},
    text_size::painted,
};

/// Pixels of another colour than a thing's ground, from which on it has a picture: a disc of 40 points.
const PICTURE: usize = 1_200;
/// Pixels in which two pictures differ at least.
const DIFFERENT: usize = 600;

/// Something to press as it looks with all words away.
struct Wordless {
    label: String,
    place: Rect,
    picture: RgbaImage,
}

/// The ways out and the speaker. They look the same wherever they are, and are known by that.
const ALWAYS: [&str; 6] =
    ["Back", "Hide", "Read it to me", "For staff", "Stop and go to the start", "Go to the start"];

/// All that is to be chosen on a screen.
fn choices(kiosk: &mut Kiosk) -> Vec<Wordless> {
    kiosk.settle();
    let mut picture = kiosk.harness.render().unwrap();
    for words in painted(kiosk) {
        wipe(&mut picture, words.ink.expand(2.0));
    }
    let shown = kiosk.harness.get_all_by_role(Role::Button);
    let all = shown.map(|node| {
        let (label, place) = (node.accesskit_node().label().unwrap_or_default(), node.rect());
        let picture = cut(&picture, place);
        Wordless { label, place, picture }
    });
    all.filter(|one| !ALWAYS.contains(&one.label.as_str())).collect()
}

/// Covers a part in one colour, that of nothing on the screen.
fn wipe(picture: &mut RgbaImage, place: Rect) {
    let (width, height) = picture.dimensions();
    for y in (place.top().max(0.0) as u32)..(place.bottom().max(0.0) as u32).min(height) {
        for x in (place.left().max(0.0) as u32)..(place.right().max(0.0) as u32).min(width) {
            picture.put_pixel(x, y, image::Rgba([255, 0, 255, 255]));
        }
    }
}

fn cut(picture: &RgbaImage, place: Rect) -> RgbaImage {
    let [x, y, width, height] = [place.left(), place.top(), place.width(), place.height()].map(|n| n as u32);
    image::imageops::crop_imm(picture, x, y, width, height).to_image()
}

/// How many pixels are neither of the ground, the colour that most are of, nor of words.
fn drawn(picture: &RgbaImage) -> usize {
    let mut of_colour = std::collections::HashMap::new();
    picture.pixels().for_each(|pixel| *of_colour.entry(pixel.0).or_insert(0_usize) += 1);
    let words = of_colour.remove(&[255, 0, 255, 255]).unwrap_or_default();
    let ground = of_colour.values().max().copied().unwrap_or_default();
    picture.pixels().len() - ground - words
}

/// In how many pixels two things differ that both stand there without words.
fn differ(one: &RgbaImage, other: &RgbaImage) -> usize {
    let (width, height) = (one.width().min(other.width()), one.height().min(other.height()));
    let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let is_words = |pixel: &image::Rgba<u8>| pixel.0 == [255, 0, 255, 255];
    all.map(|(x, y)| (one.get_pixel(x, y), other.get_pixel(x, y)))
        .filter(|(a, b)| a != b && !is_words(a) && !is_words(b))
        .count()
}

/// Each choice has a picture, and no two the same.
fn told_apart(kiosk: &mut Kiosk) -> Vec<Wordless> {
    let choices = choices(kiosk);
    let screen = kiosk.screen();
    assert!(!choices.is_empty(), "{screen}");
    for (at, one) in choices.iter().enumerate() {
        let drawn = drawn(&one.picture);
        assert!(drawn >= PICTURE, "“{}” on {screen} has no picture: {drawn}", one.label);
        for other in &choices[at + 1..] {
            let differ = differ(&one.picture, &other.picture);
            assert!(
                differ >= DIFFERENT,
                "“{}” and “{}” on {screen} look alike without words: {differ}",
                one.label,
                other.label
            );
        }
    }
    choices
}

/// A finger at the middle of a place.
fn touch(kiosk: &mut Kiosk, place: Rect) {
    kiosk.harness.drag_at(place.center());
    kiosk.harness.drop_at(place.center());
    kiosk.settle();
}

fn choose(kiosk: &mut Kiosk, which: usize) {
    let choices = told_apart(kiosk);
    touch(kiosk, choices[which.min(choices.len() - 1)].place);
}

#[test]
fn with_every_word_away_a_child_tells_by_pictures_alone() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(telling_draft()));
    kiosk.settle();
    let home = told_apart(&mut kiosk);
    let entry = home.iter().find(|one| one.label == "I didn’t like something").unwrap().place;
    touch(&mut kiosk, entry);
    let first = told_apart(&mut kiosk);
    let tell = first.iter().find(|one| one.label == "I want to tell").unwrap().place;
    touch(&mut kiosk, tell);
    // Who reads it, and that a grown-up must help: heard and seen, then on.
    assert_eq!(kiosk.screen(), "tell-who");
    choose(&mut kiosk, 0);
    // How it feels, what happened, where, and who it was.
    for _ in 0..4 {
        assert_eq!(kiosk.screen(), "tell-ask");
        choose(&mut kiosk, 2);
    }
    let talk = told_apart(&mut kiosk);
    let no = talk.iter().find(|one| one.label == "No, not now").unwrap().place;
    touch(&mut kiosk, no);
    assert_eq!(kiosk.screen(), "tell-check");
    let check = told_apart(&mut kiosk);
    let give = check.iter().find(|one| one.label == "Yes, give it in").unwrap().place;
    touch(&mut kiosk, give);
    assert_eq!(kiosk.screen(), "told");
    let told = told_apart(&mut kiosk);
    let finish = told.iter().find(|one| one.label == "Finish").unwrap().place;
    touch(&mut kiosk, finish);
    assert_eq!(kiosk.screen(), "home");
}
