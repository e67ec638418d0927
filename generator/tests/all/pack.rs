//! The pack: the same words as the pages, in a file for the kiosk.

use std::{collections::BTreeSet, fs};

use generator::{
    agreement,
    load::{document::Kind, front_matter::Visibility},
    pack,
    theme::Theme,
};
use records::{
    ids::{SchoolId, Slug},
    keys::SigningKey,
    pack::PackDraft,
    staff_page::{Part, Piece, StaffPage, Target},
};

use crate::workshop::{Workshop, day};

#[test]
fn the_kiosk_gets_the_very_words_of_the_page_with_every_picture_they_need() {
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let draft = PackDraft::read(&fs::read(workshop.out().join("pack/school.packdraft")).unwrap()).unwrap();
    let checked = workshop.check();
    let document = checked.school.of_kind(Kind::Agreement).next().unwrap();
    let expected = agreement::of(document, &checked.school.settings).unwrap();
    assert_eq!(draft.content.agreements, std::slice::from_ref(&expected));
    assert_eq!(draft.content.agreements[0].digest(), expected.digest());
    let first = expected.statements().next().unwrap();
    assert_eq!(first.words, "I send kind messages & “smile”.");
    assert_eq!(
        first.more,
        ["I think of Mr Lee & Sons. Then:", "I stop", "I send", "A note, on 01632 960200."]
    );
    assert_eq!(expected.introduction, ["We read this together."]);
    assert_eq!(expected.groups[0].title.as_deref(), Some("Being kind"));
    for statement in expected.statements() {
        assert!(draft.pictures.contains_key(&statement.symbol));
    }
    let own = draft.content.symbols.iter().find(|s| s.name.as_str() == "own").unwrap();
    assert_eq!(own.alt, "A green circle.");
    assert_eq!(draft.content.school_name, "Tiny School");
    assert_eq!(draft.content.trusted_adults.len(), 1);
    assert_eq!(draft.content.class_pictures[0].class, "Acorn");
    assert_eq!(draft.content.helplines[0].phone, "0800 1111");
    assert!(draft.content.stickers.len() >= 4);
    assert!(
        draft.content.symbols.iter().all(|s| !s.alt.is_empty()),
        "a picture without words: {:?}",
        draft.content.symbols
    );
}

#[test]
fn pages_for_staff_come_with_the_draft_in_the_schools_words_and_are_in_no_pack_for_a_kiosk() {
    let workshop = Workshop::model();
    let school = workshop.check().school;
    let draft = pack::draft(&school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let documents = school.documents.iter().filter(|d| d.matter.visibility == Visibility::Staff);
    let titles: BTreeSet<String> = documents.map(|document| document.title(&school.settings)).collect();
    let brought: BTreeSet<String> = draft.staff_pages.iter().map(|page| page.title.clone()).collect();
    assert!(brought.len() > 5);
    assert_eq!(brought, titles, "each of them, and no other page");

    let page = |slug: &str| draft.staff_pages.iter().find(|page| page.slug.as_str() == slug).unwrap();
    let card = page("guides-call-card");
    let words: String = card.text.iter().filter_map(said_in).collect();
    for said in ["Police, not urgent", "Ms Priya Nair", "Copy it. Send it."] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("{{"), "{words}");
    let leads = |page: &StaffPage, target: Target| page.text.contains(&Piece::Start(Part::Link(target)));
    let slug = |text: &str| text.parse::<Slug>().unwrap();
    assert!(leads(card, Target::Address("tel:999".into())) || words.contains("999"));
    let list = page("guides-staff-only");
    assert!(leads(list, Target::Page(slug("guides-call-card"), None)));
    assert!(leads(list, Target::Form(slug("site-trouble"), None)), "a form that is on no site");
    let website = &school.settings.website;
    let chart = format!("{website}/flowcharts/lost-device-or-data/");
    assert!(leads(list, Target::Address(chart)));

    let pack = draft.sign(SchoolId::from_bytes([1; 16]), 1, &SigningKey::from_bytes(&[7; 32]));
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&draft.write(), "Police, not urgent"));
    assert!(!holds(&pack, "Police, not urgent") && !holds(&pack, "Call card"));
}

fn said_in(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Words(words) | Piece::Typed(words) => Some(words),
        _ => None,
    }
}

#[test]
fn a_pack_alone_leaves_the_site_as_it_was() {
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let before = crate::workshop::files(&workshop.out().join("site"));
    workshop.change("agreements/ks1.md", "Kindness first.", "Kindness always.");
    let output = workshop.signpost(&[
        "build",
        "--school",
        "school",
        "--out",
        "out",
        "--only",
        "pack",
        "--date",
        "2026-11-22",
    ]);
    assert!(output.status.success());
    assert_eq!(crate::workshop::files(&workshop.out().join("site")), before);
    let draft = PackDraft::read(&fs::read(workshop.out().join("pack/school.packdraft")).unwrap()).unwrap();
    assert_eq!(draft.content.agreements[0].groups[0].introduction, ["Kindness always."]);
}

#[test]
fn the_kiosk_asks_parents_what_the_forms_ask_with_their_pictures() {
    let checked = Workshop::model().check();
    let draft = pack::draft(&checked.school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let asked: Vec<_> = draft.content.consent.iter().map(|asked| asked.form.id.as_str()).collect();
    assert_eq!(asked, ["images", "learners-work", "video-calls", "cloud-accounts"]);
    let child = |form: usize| draft.content.consent[form].form.questions[0].refused_by.as_ref();
    assert_eq!(child(0).map(|answer| answer.as_str()), Some("my-child-would-rather-not-be-shown"));
    assert_eq!(child(1).map(|answer| answer.as_str()), Some("no"));
    let images = &draft.content.consent[0].form;
    assert_eq!(images.purposes.len(), 8);
    assert!(images.every_year && images.withdraw.as_ref().is_some_and(|words| !words.contains("{{")));
    let purposes = draft.content.consent.iter().flat_map(|asked| &asked.form.purposes);
    let symbols: Vec<_> = purposes.filter_map(|purpose| purpose.symbol.as_ref()).collect();
    assert!(symbols.len() >= images.purposes.len());
    assert!(symbols.iter().all(|symbol| draft.pictures.contains_key(*symbol)), "{symbols:?}");
}

#[test]
fn the_hubs_desk_gets_the_published_flowcharts_in_words_with_the_schools_numbers() {
    let checked = Workshop::model().check();
    let draft = pack::draft(&checked.school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
    let charts = &draft.content.flowcharts;
    let titles: Vec<_> = charts.iter().map(|chart| chart.title.as_str()).collect();
    assert_eq!(titles.len(), 4);
    assert_eq!(titles[0], "It may be illegal");
    let danger = &charts[0].steps[0];
    assert_eq!(danger.words, "Is somebody in danger now?");
    assert!(danger.text.iter().all(|line| !line.contains("ring 999")), "ways are no text: {:?}", danger.text);
    let ways: Vec<_> = danger.ways.iter().map(|way| (way.words.as_str(), way.to)).collect();
    assert_eq!(ways, [("Yes", 2), ("No, or not sure", 3)]);
    let head = charts[0].steps.iter().find(|step| step.words == "Tell the headteacher").unwrap();
    let text = head.text.join(" ");
    assert!(text.contains("(LADO), 01632 960142, within one working day"), "{text}");
    for step in charts.iter().flat_map(|chart| &chart.steps) {
        let all = step.text.iter().chain([&step.words]).chain(step.ways.iter().map(|way| &way.words));
        assert!(all.clone().all(|words| !words.contains("{{")), "{step:?}");
    }
}

#[test]
fn a_pack_tells_what_is_new_to_whoever_signed_a_version_before() {
    let workshop = Workshop::small();
    let publish = |version: &str| {
        let date = format!("2026-11-{version}");
        let output =
            workshop.signpost(&["publish", "--school", "school", "--to", "public", "--date", date.as_str()]);
        assert!(output.status.success(), "{}", crate::workshop::said(&output));
    };
    let agreement = || {
        let checked = workshop.check();
        let document = checked.school.of_kind(Kind::Agreement).next().unwrap();
        let pack = pack::draft(&checked.school, &Theme::embedded().unwrap(), day()).unwrap().unwrap();
        (agreement::of(document, &checked.school.settings).unwrap(), pack.content.changes)
    };
    publish("22");
    let (first, changes) = agreement();
    assert_eq!(changes, [], "nobody signed anything else");
    workshop.change("agreements/ks1.md", "version = \"1.0\"", "version = \"1.1\"");
    workshop.change("agreements/ks1.md", "## I tell a grown-up.", "## I tell somebody big.");
    workshop.change("agreements/ks1.md", "Kindness first.", "Kindness always.");
    let (_, changes) = agreement();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((&change.agreement, change.was), (&first.slug, first.digest()));
    let new: Vec<_> = change.statements.iter().map(|name| name.as_str()).collect();
    assert_eq!(new, ["tell"], "the other promise is what it was");
}
