//! Whatever a school's words, names and classes are like: everything is on the screen, and nothing
//! covers what can be pressed.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use records::{
    agreement::{Audience, Group, Statement},
    pack::PackDraft,
    roster::{Class, RosterEntry},
};

use crate::{
    journeys::Kiosk,
    school::{Hub, acorn, classes, draft, oak, person},
};

const SIZES: [(f32, f32); 2] = [(1280.0, 800.0), (1024.0, 768.0)];

fn open(draft: &PackDraft, classes: Vec<Class>, (width, height): (f32, f32)) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk_with(room.path(), draft, classes);
    Kiosk::with(room, hub, folder, width, height)
}

/// What is read lies on the screen and under no button, and no two things that are read overlap.
pub(crate) fn check(kiosk: &Kiosk, what: &str) {
    let screen = kiosk.harness.ctx.content_rect().expand(0.5);
    let all = |role| kiosk.harness.query_all_by_role(role).collect::<Vec<_>>();
    let buttons: Vec<_> = all(Role::Button).iter().map(|n| n.rect()).collect();
    let read: Vec<_> = all(Role::Heading).into_iter().chain(all(Role::Paragraph)).collect();
    for (i, node) in read.iter().enumerate() {
        let rect = node.rect();
        let name = node.accesskit_node().label().unwrap_or_default();
        assert!(screen.contains_rect(rect), "{what}: “{name}” leaves the screen: {rect:?}");
        let under = buttons.iter().find(|b| b.intersects(rect.shrink(1.0)));
        assert!(under.is_none(), "{what}: “{name}” at {rect:?} lies under a button at {under:?}");
        for other in &read[i + 1..] {
            let at = other.rect();
            assert!(!at.shrink(1.0).intersects(rect), "{what}: “{name}” overlaps {at:?}");
        }
    }
    for (i, button) in buttons.iter().enumerate() {
        assert!(screen.contains_rect(*button), "{what}: a button leaves the screen: {button:?}");
        assert!(
            buttons[i + 1..].iter().all(|b| !b.shrink(0.5).intersects(*button)),
            "{what}: two buttons overlap"
        );
    }
}

/// The statements of a file of `content/agreements`, with what they tell more.
pub(crate) fn statements(text: &str) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    let mut paragraph = String::new();
    let mut open = false;
    for line in text.lines().chain([""]) {
        if line.starts_with('#') && line.contains("symbol=") {
            let words = line.trim_start_matches('#').split(" {").next().unwrap().trim().to_owned();
            let name = format!("s-{}", all.len()).parse().unwrap();
            all.push(Statement { name, words, more: Vec::new(), symbol: "ask-first".parse().unwrap() });
            open = true;
        } else if line.starts_with('#') {
            open = false;
        } else if !line.trim().is_empty() {
            paragraph = format!("{paragraph} {}", line.trim()).trim().to_owned();
        } else if !paragraph.is_empty() {
            let told = std::mem::take(&mut paragraph);
            if let Some(statement) = all.last_mut().filter(|_| open) {
                statement.more.push(told);
            }
        }
    }
    all
}

fn with_statements(statements: Vec<Statement>, title: Option<&str>) -> PackDraft {
    let mut draft = draft();
    draft.content.agreements.retain(|a| a.audience == Audience::Ks1);
    draft.content.agreements[0].groups =
        vec![Group { title: title.map(str::to_owned), introduction: Vec::new(), statements, scenario: None }];
    draft
}

/// Walks through every promise, with and without “tell me more”.
fn walk(draft: &PackDraft, size: (f32, f32), what: &str) {
    let mut kiosk = open(draft, classes(), size);
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Amira");
    check(&kiosk, what);
    kiosk.press("Let’s go");
    while kiosk.screen() == "statement" {
        check(&kiosk, what);
        if kiosk.harness.query_by_role_and_label(Role::Button, "Tell me more").is_some() {
            kiosk.press("Tell me more");
            check(&kiosk, what);
        }
        kiosk.press("Yes, I will");
    }
    assert_eq!(kiosk.screen(), "make-mark", "{what}");
    check(&kiosk, what);
    kiosk.draw();
    kiosk.press("I’m done");
    assert_eq!(kiosk.screen(), "thank-you", "{what}");
    check(&kiosk, what);
}

#[test]
fn every_promise_of_the_model_school_fits_its_card() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/agreements");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        // The words that are signed, and so stand on a card, are the English ones: ks1.md, not ks1.ur.md.
        if path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains('.')) {
            continue;
        }
        let statements = statements(&std::fs::read_to_string(&path).unwrap());
        assert!(statements.iter().all(|s| !s.words.is_empty()), "{}", path.display());
        count += statements.len();
        let draft = with_statements(statements, Some("Looking after one another and our things"));
        for size in SIZES {
            walk(&draft, size, &format!("{} at {size:?}", path.display()));
        }
    }
    assert!(count > 20, "only {count} promises were found");
}

#[test]
fn a_promise_far_longer_than_any_should_be_still_leaves_the_answers_free() {
    let words = "I tell a grown-up that I trust when something on a screen upsets me or a friend. ".repeat(4);
    let more =
        vec!["It is never too late to tell, and nobody will be cross with you for telling. ".repeat(6); 3];
    let symbol = "tell-grown-up".parse().unwrap();
    let statement = Statement { name: "long".parse().unwrap(), words: words.trim().into(), more, symbol };
    for size in SIZES {
        walk(&with_statements(vec![statement.clone()], Some("Telling")), size, &format!("long at {size:?}"));
    }
}

#[test]
fn an_agreement_of_one_promise_and_one_of_forty_are_signed_to_the_end() {
    let one = |i: usize| Statement {
        name: format!("s-{i}").parse().unwrap(),
        words: format!("I keep promise number {i}."),
        more: Vec::new(),
        symbol: "kind-messages".parse().unwrap(),
    };
    walk(&with_statements(vec![one(1)], None), SIZES[0], "one");
    walk(&with_statements((1..=40).map(one).collect(), None), SIZES[0], "forty");
}

#[test]
fn a_pack_without_stickers_grown_ups_helplines_or_pictures_still_takes_a_signature() {
    let mut bare = draft();
    let content = &mut bare.content;
    content.stickers.clear();
    content.trusted_adults.clear();
    content.helplines.clear();
    content.symbols.clear();
    content.class_pictures.clear();
    bare.pictures.clear();
    walk(&bare, SIZES[0], "bare");
}

fn class_of(count: usize, name: impl Fn(usize) -> String) -> Vec<Class> {
    let pupils = (0..count).map(|i| RosterEntry {
        person: person(1, i),
        name: name(i),
        picture: "tile-cat".parse().unwrap(),
        signed: Vec::new(),
    });
    let class =
        Class { id: acorn(), name: "Acorn".into(), audience: Audience::Ks1, pupils: pupils.collect() };
    // Nobody has written an agreement for these.
    let other = Class { id: oak(), name: "Oak".into(), audience: Audience::Staff, pupils: Vec::new() };
    vec![class, other]
}

#[test]
fn a_class_of_none_one_thirty_one_and_sixty_is_shown_and_the_last_pupil_can_sign() {
    for count in [0, 1, 31, 60] {
        let what = format!("a class of {count}");
        let mut kiosk = open(&draft(), class_of(count, |i| format!("Pupil {i}")), SIZES[0]);
        kiosk.press("Sign our promise");
        assert!(
            kiosk.harness.query_by_role_and_label(Role::Button, "Oak").is_none(),
            "nothing for it to sign"
        );
        kiosk.press("Acorn");
        assert_eq!(kiosk.screen(), "choose-name", "{what}");
        check(&kiosk, &what);
        let Some(last) = count.checked_sub(1) else { continue };
        if count > 30 {
            kiosk.press("More names, page 2 of 2");
            check(&kiosk, &what);
        }
        kiosk.press(&format!("Pupil {last}"));
        assert_eq!(kiosk.screen(), "hello", "{what}");
        check(&kiosk, &what);
    }
}

#[test]
fn names_from_anywhere_stay_on_their_tiles() {
    let names = [
        "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley-Marjoribanks X".to_owned(),
        "Anne-Marie Josephine Elizabeth Wilhelmina Catherine Alexandra Victoria Georgina".to_owned(),
        "\u{202e}ahtirkaS".to_owned(),
        "Jo\u{200b}\u{200d}e".to_owned(),
        "Łucja Dzięgielewska-Brzęczyszczykiewicz".to_owned(),
    ];
    let mut kiosk = open(&draft(), class_of(30, |i| names[i % 5].clone() + &" ".repeat(i / 5)), SIZES[0]);
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    check(&kiosk, "names");
    let picture = kiosk.harness.render().unwrap();
    picture.save(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("names.png")).unwrap();
    let paper = kiosk::look::Tokens::get().colour.paper.0;
    for tile in kiosk.harness.query_all_by_role(Role::Button).filter(|n| n.rect().height() > 100.0) {
        let (rect, below) = (tile.rect(), tile.rect().bottom() as u32 + 4);
        for x in (rect.left() as u32 + 4)..(rect.right() as u32 - 4) {
            let pixel = picture.get_pixel(x, below).0;
            assert_eq!(pixel[..3], paper.to_array()[..3], "a name runs out of its tile at {x}, {below}");
        }
    }
    kiosk.press(&names[0]);
    check(&kiosk, "hello");
}
