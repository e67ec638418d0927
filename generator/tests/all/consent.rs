//! Pupils are shown only with a yes; the hub's files are made as the hub makes them.

use std::{collections::BTreeMap, fs};

use generator::{
    build,
    check::{
        Extra,
        people::{Consent, Files, FromHub},
    },
    load::tree::Tree,
    theme::Theme,
};
use jiff::civil::Date;
use proptest::prelude::*;
use records::{
    agreement::Audience,
    consent::{ConsentExport, ConsentLine, Standing},
    day::Moment,
    digest::Digest,
    ids::{ClassId, PersonId, SchoolId},
    keys::SigningKey,
    published::PublishedList,
    roster::{Class, Roster, RosterEntry},
};

use crate::{
    photographs::photograph,
    workshop::{Workshop, day, files, said},
};

/// Ten in the morning of the day that every test builds for.
const MORNING: i64 = 1_795_341_600;
const A_DAY: i64 = 24 * 60 * 60;
const NAME: &str = "Wilhelmina";

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn pupil(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn export(made: i64, standings: &[(u8, &str, Standing)]) -> Vec<u8> {
    let line = |(n, purpose, standing): &(u8, &str, Standing)| ConsentLine {
        pupil: pupil(*n),
        purpose: purpose.parse().unwrap(),
        standing: *standing,
    };
    let export = ConsentExport { number: 3, made: Moment(made), lines: standings.iter().map(line).collect() };
    export.sign(SchoolId::from_bytes([4; 16]), &hub())
}

/// The hub's answers as they stood at ten in the morning of a day.
pub(crate) fn export_of(made: Date, standings: &[(u8, &str, Standing)]) -> Vec<u8> {
    export(made.at(10, 0, 0, 0).in_tz("UTC").unwrap().timestamp().as_second(), standings)
}

pub(crate) fn roster(pupils: &[u8]) -> Vec<u8> {
    let entry = |n: &u8| RosterEntry {
        person: pupil(*n),
        name: format!("{NAME} {n}"),
        picture: "tile-cat".parse().unwrap(),
        signed: vec![],
    };
    let roster = Roster {
        school: SchoolId::from_bytes([4; 16]),
        number: 7,
        made: Moment(MORNING),
        classes: vec![Class {
            id: ClassId::from_bytes([8; 16]),
            name: "Acorn".into(),
            audience: Audience::Ks1,
            pupils: pupils.iter().map(entry).collect(),
        }],
        adults: vec![],
        role_keys: vec![],
        families: vec![],
    };
    roster.sign(&hub())
}

fn hub_part() -> String {
    let key = Digest::from_bytes(*hub().verify_key().as_bytes());
    format!("[hub]\nkey = \"{key}\"\n\n[year]")
}

fn list(pupils: &[u8]) -> String {
    let ids: Vec<String> = pupils.iter().map(|n| format!("\"{}\"", pupil(*n))).collect();
    format!("pupils = [{}]\nchecked_by = \"Mrs Nowak\"\ntaken = 2026-10-02\n", ids.join(", "))
}

/// A school whose hall is shown on two pages, with pupils 1 and 2 in it.
fn school() -> Workshop {
    let workshop = Workshop::small();
    workshop.change("school.toml", "[year]", &hub_part());
    workshop.write("images/hall.people.toml", list(&[1, 2]));
    workshop.write("images/hall.jpg", photograph(60, 40, 9));
    workshop.write(
        "guides/sports.md",
        "+++\ntitle = \"Sports day\"\n+++\n\n![Children run](../images/hall.jpg)\n",
    );
    workshop
}

fn with(workshop: &Workshop, consent: &[u8], roster: &[u8]) -> Vec<(&'static str, String)> {
    let file = |name: &str, bytes: &[u8]| FromHub { name: name.to_owned(), bytes: bytes.to_vec() };
    let consent =
        Consent::Files(Files { consent: file("may.consent", consent), roster: file("the.roster", roster) });
    let extra = Extra { consent, ..Extra::default() };
    let checked = build::check_with(&workshop.school(), &Theme::embedded().unwrap(), day(), &extra);
    assert!(!generator::tell::as_json(&checked.report).contains(NAME), "a finding names a pupil");
    let errors =
        checked.report.diagnostics().iter().filter(|d| d.severity == generator::diagnostic::Severity::Error);
    errors
        .map(|d| {
            let place = d.spot.as_ref().map_or(String::new(), |s| format!(":{}:{}", s.line, s.column));
            (d.code, format!("{}{place} {}", d.file, d.what))
        })
        .collect()
}

fn all_yes() -> Vec<u8> {
    export(MORNING, &[(1, "website", Standing::Yes), (2, "website", Standing::Yes)])
}

#[test]
fn a_picture_in_which_every_pupil_may_be_shown_is_published() {
    assert_eq!(with(&school(), &all_yes(), &roster(&[1, 2])), []);
}

#[test]
fn a_withdrawal_stops_the_picture_and_names_every_page_that_it_touches() {
    let no = export(MORNING, &[(1, "website", Standing::Yes), (2, "website", Standing::No)]);
    let found = with(&school(), &no, &roster(&[1, 2]));
    let id = pupil(2);
    assert_eq!(
        found,
        [(
            "consent-refused",
            format!(
                "images/hall.people.toml:1:47 Pupil {id} may not be shown: for “website” a “no” stands. The picture is on: guides/sports, policies/online."
            )
        )]
    );
}

#[test]
fn not_asked_is_not_yes() {
    let unasked = export(MORNING, &[(1, "website", Standing::Yes), (2, "press", Standing::Yes)]);
    let found = with(&school(), &unasked, &roster(&[1, 2]));
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), ["consent-not-asked"]);
    let unclear = export(MORNING, &[(1, "website", Standing::Yes), (2, "website", Standing::NotAsked)]);
    assert_eq!(with(&school(), &unclear, &roster(&[1, 2]))[0].0, "consent-not-asked");
}

#[test]
fn a_list_can_ask_for_more_than_the_website_and_never_for_less() {
    let workshop = school();
    workshop.write("images/hall.people.toml", format!("{}purpose = \"display-inside\"\n", list(&[1])));
    let only_inside = export(MORNING, &[(1, "display-inside", Standing::Yes)]);
    assert_eq!(with(&workshop, &only_inside, &roster(&[1]))[0].0, "consent-not-asked");
    assert_eq!(with(&workshop, &all_yes(), &roster(&[1]))[0].0, "consent-not-asked");
    let both = export(MORNING, &[(1, "display-inside", Standing::Yes), (1, "website", Standing::Yes)]);
    assert_eq!(with(&workshop, &both, &roster(&[1])), []);
}

#[test]
fn a_pupil_whom_the_roster_does_not_know_is_not_shown() {
    let found = with(&school(), &all_yes(), &roster(&[1]));
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), ["unknown-pupil"]);
}

#[test]
fn an_export_that_is_old_from_tomorrow_forged_or_no_export_opens_nothing() {
    let workshop = school();
    let yes = [(1, "website", Standing::Yes), (2, "website", Standing::Yes)];
    let one = |consent: &[u8], roster: &[u8]| {
        let found = with(&workshop, consent, roster);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].0
    };
    let good = roster(&[1, 2]);
    assert_eq!(with(&workshop, &export(MORNING - 7 * A_DAY, &yes), &good), []);
    assert_eq!(one(&export(MORNING - 8 * A_DAY, &yes), &good), "consent-stale");
    assert_eq!(one(&export(MORNING + A_DAY, &yes), &good), "consent-from-later");
    assert_eq!(one(&export(i64::MAX, &yes), &good), "consent-stale");
    assert_eq!(one(b"", &good), "consent-not-taken");
    assert_eq!(one(&good, &good), "consent-not-taken");
    assert_eq!(one(&all_yes(), &all_yes()), "roster-not-taken");
    let forger = SigningKey::from_bytes(&[9; 32]);
    let forged = ConsentExport { number: 9, made: Moment(MORNING), lines: vec![] };
    assert_eq!(one(&forged.sign(SchoolId::from_bytes([4; 16]), &forger), &good), "consent-not-taken");
    let mut bent = all_yes();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    assert_eq!(one(&bent, &good), "consent-not-taken");
    workshop.change("school.toml", &hub_part(), "[year]");
    assert_eq!(one(&all_yes(), &good), "no-hub-key");
}

#[test]
fn a_picture_of_pupils_needs_a_second_person_and_a_list_that_agrees_with_itself() {
    let workshop = school();
    let codes = |text: String| {
        workshop.write("images/hall.people.toml", text);
        let found = with(&workshop, &all_yes(), &roster(&[1, 2]));
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(codes(list(&[1]).replace("checked_by", "# checked_by")), ["no-second-person"]);
    assert_eq!(codes(format!("{}nobody = true\n", list(&[1]))), ["people-contradict"]);
    assert_eq!(codes(list(&[1]).replace("2026-10-02", "2026-12-24")), ["taken-in-future"]);
    assert_eq!(codes("pupils = []\n".to_owned()), ["people-unsaid"]);
    assert_eq!(codes("nobody = false\n".to_owned()), ["people-unsaid"]);
    assert_eq!(codes("nobdy = true\n".to_owned()), ["unknown-key"]);
    assert_eq!(codes(String::new()), ["people-unsaid"]);
    workshop.write("images/hall.png", fs::read(workshop.school().join("images/plan.png")).unwrap());
    assert_eq!(codes(list(&[1])), ["people-of-two-pictures"]);
}

#[test]
fn a_name_written_in_the_place_of_an_id_is_refused_and_not_repeated() {
    let workshop = school();
    workshop
        .write("images/hall.people.toml", format!("pupils = [\"{NAME} K\"] # {NAME}\nchecked_by = \"x\"\n"));
    let found = with(&workshop, &all_yes(), &roster(&[1]));
    assert_eq!(found[0].0, "not-an-id");
}

#[test]
fn a_picture_that_does_not_say_who_is_in_it_is_pointed_out_and_with_consent_refused() {
    let workshop = school();
    fs::remove_file(workshop.school().join("images/hall.people.toml")).unwrap();
    let told = workshop.check();
    let told: Vec<_> = told.report.diagnostics().iter().filter(|d| d.code == "people-unsaid").collect();
    assert!(told.len() == 1 && told[0].severity == generator::diagnostic::Severity::Warning);
    assert_eq!(with(&workshop, &all_yes(), &roster(&[1, 2]))[0].0, "people-unsaid");
}

#[test]
fn publishing_pictures_of_pupils_without_asking_the_hub_is_refused() {
    let workshop = school();
    let words = ["publish", "--school", "school", "--to", "out", "--date", "2026-11-22"];
    let output = workshop.signpost(&words);
    assert!(!output.status.success() && !workshop.out().exists());
    assert!(said(&output).contains("Nobody has looked up whether these pupils may be shown."));
    // To look at it on this computer is allowed, with a word about it.
    assert!(said(&workshop.build()).contains("Warning: Nobody has looked up"));
}

#[test]
fn whoever_publishes_gets_the_list_of_who_is_shown_where_and_it_lies_beside_the_pack() {
    let workshop = school();
    fs::write(workshop.path().join("may.consent"), all_yes()).unwrap();
    fs::write(workshop.path().join("the.roster"), roster(&[1, 2])).unwrap();
    let hub =
        ["--consent", "may.consent", "--roster", "the.roster", "--date", "2026-11-22", "--school", "school"];
    let output = workshop.signpost(&[&["publish", "--to", "out"][..], &hub].concat());
    assert!(output.status.success(), "{}", said(&output));
    let bytes = fs::read(workshop.out().join("pack/school.published")).unwrap();
    let list = PublishedList::read(&bytes).unwrap();
    let pictures: Vec<Digest> = files(&workshop.out().join("site")).values().map(|b| Digest::of(b)).collect();
    assert!(list.entries.iter().all(|entry| pictures.contains(&entry.picture)));
    let shown: Vec<(PersonId, &str)> = list.entries.iter().map(|e| (e.pupil, e.page.as_str())).collect();
    let pages = ["guides/sports/", "policies/online/"];
    let expected: Vec<_> = [1, 2].into_iter().flat_map(|n| pages.map(|page| (pupil(n), page))).collect();
    assert_eq!(shown, expected);
    let checked = workshop.signpost(&[&["check", "--published", "list"][..], &hub].concat());
    assert!(checked.status.success(), "{}", said(&checked));
    assert_eq!(fs::read(workshop.path().join("list")).unwrap(), bytes);
    for (path, bytes) in files(&workshop.out().join("site")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains(NAME) && !text.contains(&pupil(1).to_string()) && !text.contains("Nowak"),
            "{path}"
        );
        assert!(!path.ends_with(".toml"), "{path}");
    }
}

/// What the office's page keeps of a day.
fn kept_of(workshop: &Workshop, made: i64, standings: &[(u8, &str, Standing)]) {
    let folder = workshop.school().join(".signpost/hub");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("2026-11-22.consent"), export(made, standings)).unwrap();
    fs::write(folder.join("2026-11-22.roster"), roster(&[1, 2])).unwrap();
}

#[test]
fn who_publishes_from_a_terminal_goes_by_what_the_office_keeps() {
    let workshop = school();
    let publish = ["publish", "--school", "school", "--to", "out", "--date", "2026-11-22"];
    let check = ["check", "--school", "school", "--published", "list", "--date", "2026-11-22"];
    kept_of(&workshop, MORNING, &[(1, "website", Standing::Yes), (2, "website", Standing::Yes)]);
    let output = workshop.signpost(&publish);
    assert!(output.status.success(), "{}", said(&output));
    let list = fs::read(workshop.out().join("pack/school.published")).unwrap();
    assert_eq!(PublishedList::read(&list).unwrap().entries.len(), 4);
    let output = workshop.signpost(&check);
    assert!(output.status.success() && !said(&output).contains("looked up"), "{}", said(&output));
    assert_eq!(fs::read(workshop.path().join("list")).unwrap(), list);

    // A roster alone would be judged by an export of another day.
    let output = workshop.signpost(&[&publish[..], &["--roster", "the.roster"]].concat());
    assert!(!output.status.success() && said(&output).contains("--consent"), "{}", said(&output));

    // A family withdraws: the office brings the new file, and the build on the same day hears of it.
    assert!(said(&workshop.build()).contains("Made"));
    kept_of(&workshop, MORNING, &[(1, "website", Standing::Yes), (2, "website", Standing::No)]);
    let built = workshop.build();
    assert!(!built.status.success() && said(&built).contains("a “no” stands"), "{}", said(&built));
    assert!(said(&workshop.signpost(&publish)).contains("Nothing was published"));
}

#[test]
fn what_the_office_keeps_is_believed_for_a_week_and_then_as_if_it_was_not_there() {
    let workshop = school();
    kept_of(&workshop, MORNING - 8 * A_DAY, &[(1, "website", Standing::Yes), (2, "website", Standing::Yes)]);
    let publish = ["publish", "--school", "school", "--to", "out", "--date", "2026-11-22"];
    let told = said(&workshop.signpost(&publish));
    assert!(!workshop.out().exists() && told.contains("Nobody has looked up"), "{told}");
    assert!(
        told.contains("not believed today (.signpost/hub/2026-11-22.consent)") && told.contains("8 days"),
        "{told}"
    );
    let built = workshop.build();
    assert!(
        built.status.success() && said(&built).contains("Warning: Nobody has looked up"),
        "{}",
        said(&built)
    );
    let check = ["check", "--school", "school", "--published", "list", "--date", "2026-11-22"];
    let told = said(&workshop.signpost(&check));
    assert!(told.contains("there is no list of who is shown where"), "{told}");
    assert!(!workshop.path().join("list").exists());

    // Where nothing is kept at all that is said before anything is published.
    fs::remove_dir_all(workshop.school().join(".signpost")).unwrap();
    workshop.write("images/hall.people.toml", "nobody = true\n");
    let elsewhere = ["publish", "--school", "school", "--to", "new", "--published", "list"];
    let output = workshop.signpost(&elsewhere);
    assert!(said(&output).contains("there is no list of who is shown where"), "{}", said(&output));
    assert!(!output.status.success() && !workshop.path().join("new").exists());
    kept_of(&workshop, MORNING - 8 * A_DAY, &[]);

    // A school that shows no pupil publishes whatever is kept.
    let output = workshop.signpost(&publish);
    assert!(output.status.success(), "{}", said(&output));
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![4 => Just(Standing::Yes), 1 => Just(Standing::No), 1 => Just(Standing::NotAsked)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_published_photograph_ever_holds_a_pupil_without_a_standing_yes(
        lines in proptest::collection::vec((0u8..4, prop_oneof![5 => Just("website"), 1 => Just("press")], standing()), 0..12),
        known in proptest::collection::btree_set(0u8..4, 0..5),
        pictures in proptest::collection::vec((proptest::collection::vec(0u8..4, 0..3), any::<bool>(), any::<bool>()), 1..3),
        kept in any::<bool>(),
    ) {
        let mut tree = Tree::default();
        let mut put = |path: String, text: Vec<u8>| { tree.files.insert(path, text); };
        let settings = fs::read_to_string(Workshop::small().school().join("school.toml")).unwrap();
        put("school.toml".into(), settings.replace("[year]", &hub_part()).into_bytes());
        let mut home = "+++\ntitle = \"Home\"\n+++\n\nHello.\n".to_owned();
        for (n, (pupils, shown, nobody)) in pictures.iter().enumerate() {
            put(format!("images/p{n}.jpg"), photograph(8, 8, n as u8));
            let mut text = list(pupils);
            if *nobody { text.push_str("nobody = true\n"); }
            put(format!("images/p{n}.people.toml"), text.into_bytes());
            if *shown { home.push_str(&format!("\n![Children](images/p{n}.jpg)\n")); }
        }
        put("home.md".into(), home.into_bytes());
        let file = |bytes| FromHub { name: "file".into(), bytes };
        let known: Vec<u8> = known.into_iter().collect();
        let files = Files { consent: file(export(MORNING, &lines)), roster: file(roster(&known)) };
        let consent = if kept { Consent::Kept { files, must: true } } else { Consent::Files(files) };
        let extra = Extra { consent, ..Extra::default() };
        let theme = Theme::embedded().unwrap();
        let checked = build::check_tree(tree, Vec::new(), &theme, day(), &extra, build::QUIETLY);
        // What the school may do, worked out here once more and in another way.
        let mut answers: BTreeMap<u8, Vec<Standing>> = BTreeMap::new();
        for (n, purpose, standing) in &lines {
            if *purpose == "website" { answers.entry(*n).or_default().push(*standing); }
        }
        let may = |n: &u8| known.contains(n) && answers.get(n).is_some_and(|all| all.iter().all(|s| *s == Standing::Yes));
        for (n, (pupils, shown, _)) in pictures.iter().enumerate() {
            let told = checked.report.diagnostics().iter().any(|d| {
                d.file == format!("images/p{n}.people.toml") && ["consent-refused", "consent-not-asked", "unknown-pupil"].contains(&d.code)
            });
            prop_assert_eq!(told, *shown && !pupils.iter().all(may));
        }
        if checked.report.errors() == 0 {
            for path in checked.school.photographs.keys() {
                let people = &checked.school.people[path.strip_suffix(".jpg").unwrap()];
                prop_assert!(people.nobody != people.pupils.iter().any(|p| may(&p.value.as_bytes()[0])));
                prop_assert!(people.pupils.iter().all(|p| may(&p.value.as_bytes()[0])));
            }
        }
    }
}
