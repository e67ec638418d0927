//! Lists as SIMS, Arbor and Bromcom lay them out: columns guessed, put right, and everybody there once.

use std::{collections::BTreeSet, path::Path};

use hub::{
    import::{
        self, Kind, Lists,
        columns::{ListOf, Mapping, Meaning, Remembered},
        contacts::Named,
        sheet::Sheet,
    },
    random,
    store::audit::Actor,
};
use proptest::prelude::*;
use records::day::Day;

use crate::school::{School, day};

const PUPILS: ListOf = ListOf::People(Kind::Pupils);

fn today() -> Day {
    day("2026-09-14")
}

fn sheet(name: &str) -> Sheet {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(name);
    Sheet::read(&std::fs::read(file).unwrap()).unwrap()
}

/// As the headings alone tell it.
fn read(name: &str, of: ListOf) -> Lists {
    let sheet = sheet(name);
    import::lists(&sheet, &Mapping::guess(&sheet, of, &Remembered::new()), today()).unwrap()
}

fn names(lists: &Lists) -> Vec<String> {
    lists
        .people
        .iter()
        .flat_map(|file| &file.people)
        .map(|p| format!("{} {}", p.forename, p.surname))
        .collect()
}

fn deciders(lists: &Lists) -> Vec<(String, String)> {
    let contacts = lists.contacts.iter().flat_map(|list| &list.contacts);
    let whose = |named: &Named| match named {
        Named::Upn(number) | Named::Number(number) => number.clone(),
        Named::Name { forename, .. } => forename.clone(),
    };
    contacts.map(|contact| (whose(&contact.pupil), contact.name.clone())).collect()
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[tokio::test]
async fn a_sims_report_with_a_line_for_each_contact_brings_each_pupil_once_with_all_who_decide() {
    let lists = read("sims-contacts.csv", PUPILS);
    assert_eq!(names(&lists), ["Zoë Núñez", "Lee Smith, Junior"]);
    let people = lists.people.as_ref().unwrap();
    assert_eq!((people.repeated, &people.gone), (2, &vec!["Long Gone".to_owned()]));
    assert_eq!((people.people[1].year, people.people[1].class.as_deref()), (Some(0), Some("Conker")));
    assert_eq!(
        deciders(&lists),
        [
            pair("A823200012101", "Mrs Inés Núñez"),
            pair("A823200012101", "Mr Tom O’Neill"),
            pair("A823200012102", "Ms Jo Smith")
        ]
    );
    assert_eq!(
        lists.contacts.as_ref().unwrap().contacts[0].address,
        ["7 Lark Lane", "Exampleton", "EX1 4QD"]
    );
    let school = School::open().await;
    let (hub, now) = (&school.hub, school.hub.now());
    let shown = hub.store.preview_lists(&lists, random::bytes, now).unwrap();
    assert_eq!(shown.people.as_ref().unwrap().joined.len(), 2);
    assert!(hub.store.people().unwrap().is_empty(), "looking changes nothing");
    let done =
        hub.store.take_lists(&lists, &Remembered::new(), false, random::bytes, Actor::CommandLine, now);
    assert_eq!(done.unwrap().contacts.unwrap().families, 3, "Zoë’s parents live apart");
    assert_eq!(hub.store.responsibilities().unwrap().len(), 3);
}

#[test]
fn an_arbor_list_with_guardians_beside_their_pupil_keeps_brothers_and_sisters_together() {
    let lists = read("arbor-guardians.csv", PUPILS);
    assert_eq!(names(&lists), ["Aisha Rahman", "Olly Bright \"Olly\"", "Bilal Rahman"]);
    assert_eq!(lists.people.as_ref().unwrap().to_come, ["Late Comer"]);
    let found = deciders(&lists);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.contains(&pair("B823200012203", "Nadia Rahman")));
    let contacts = lists.contacts.unwrap();
    assert_eq!(contacts.without, 1, "the stepfather decides nothing");
    assert_eq!(contacts.contacts[2].address, ["Flat 3, 22 Station Road", "EX2 1AB"]);
}

#[test]
fn a_bromcom_list_with_names_in_one_column_is_read_in_its_own_encoding() {
    let lists = read("bromcom-contacts.txt", PUPILS);
    assert_eq!(names(&lists), ["Niamh O'Hara", "Bo Field"]);
    let found = deciders(&lists);
    assert_eq!(found.len(), 3);
    assert!(found.contains(&pair("3101", "Mrs Róisín O'Hara")));
}

#[tokio::test]
async fn volunteers_and_governors_come_with_their_terms_and_a_list_of_one_leaves_the_others_alone() {
    let volunteers = read("volunteers.csv", ListOf::People(Kind::Volunteers));
    assert_eq!(names(&volunteers), ["Grace Okafor", "Mei Ling Chan"]);
    assert_eq!(volunteers.people.as_ref().unwrap().gone, ["Peter van Dijk"]);
    let governors = read("governors-terms.csv", ListOf::People(Kind::Governors));
    assert_eq!(names(&governors), ["Martin Ferris", "Jasbir Kaur"]);
    let staff = read("staff-arbor.csv", ListOf::People(Kind::Staff));
    assert_eq!(names(&staff), ["Ruth Adeyemi", "Priya Nair", "Tom Ashworth"]);
    let school = School::open().await;
    let store = &school.hub.store;
    for lists in [&staff, &volunteers, &governors] {
        let now = school.hub.now();
        store.take_lists(lists, &Remembered::new(), false, random::bytes, Actor::CommandLine, now).unwrap();
    }
    let people = store.people().unwrap();
    assert_eq!((people.len(), people.iter().filter(|p| p.left.is_some()).count()), (7, 0));
}

#[test]
fn a_column_that_nobody_guesses_is_said_and_remembered_for_the_next_list() {
    let read = |text: &str| Sheet::read(text.as_bytes()).unwrap();
    let first = read("Child;Sippschaft;Kennung;Grp;Notes\nMaya;Khan;A823200012001;1 Acorn;\"likes; owls\"\n");
    let mut mapping = Mapping::guess(&first, PUPILS, &Remembered::new());
    assert_eq!(mapping.columns[2], Meaning::Person(import::columns::Field::Upn), "told by what stands there");
    let faults = mapping.faults(&first.headings);
    assert!(!faults.is_empty(), "the rest has to be said");
    for (column, meaning) in [(0, "forename"), (1, "surname"), (3, "class")] {
        mapping.columns[column] = meaning.parse().unwrap();
    }
    let remembered = mapping.remembered(&first.headings);
    let next = read("Kennung;Grp;Child;Sippschaft;Notes\nA823200012002;2 Oak;Tom;Lowe;\n");
    assert!(Mapping::is_remembered(&next.headings, &remembered));
    let lists = import::lists(&next, &Mapping::guess(&next, PUPILS, &remembered), today()).unwrap();
    assert_eq!(names(&lists), ["Tom Lowe"], "in whatever order the columns stand");
    let twice = Mapping { columns: vec!["forename".parse().unwrap(); 5], ..mapping };
    assert!(twice.faults(&next.headings)[0].contains("“Kennung” and “Grp” are said to hold the same"));
}

#[test]
fn a_mistake_names_its_line_and_column_and_how_to_mend_it() {
    let problems = |text: &str| {
        let sheet = Sheet::read(text.as_bytes()).unwrap();
        let mapping = Mapping::guess(&sheet, PUPILS, &Remembered::new());
        let problems = import::lists(&sheet, &mapping, today()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let head = "UPN,Surname,Forename,Year Group,Class,Leaving date\n";
    let told =
        problems(&format!("{head}U1,Khan,Maya,Year 44,Acorn,\nU2,Lowe,Tom,2,Acorn,soon\nU3,,Ivy,2,Acorn,\n"));
    assert!(
        told[0].starts_with("line 2, column “Year Group”: “Year 44” is not a year group. Write"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("line 3, column “Leaving date”: “soon” is not a day. Write it like"),
        "{told:?}"
    );
    assert!(told[2].starts_with("line 4, column “Surname”: Ivy has no surname"), "{told:?}");
    // A quotation mark that is not closed would swallow whoever comes after it, also in a column that is not taken.
    let head = "UPN,Surname,Forename,Year,Class,Notes\n";
    for open in ["\"owls\n", "\"owls, and more\nU2,Lowe,Tom,2,Acorn,\"\n"] {
        let told = problems(&format!("{head}U1,Khan,Maya,1,Acorn,{open}U3,Lee,Ivy,2,Acorn,x\n"));
        assert!(told[0].contains("line 2: a quotation mark in this line is not closed"), "{told:?}");
    }
    let told = problems(&format!("{head}U1,Khan,Maya,1,Acorn,\nU1,Khan,Maya,1,Oak,\n"));
    assert!(told[0].contains("line 3, column “UPN”: the UPN “U1” is already in line 2"), "{told:?}");
}

#[derive(Debug, Clone)]
struct Child {
    forename: String,
    surname: String,
    year: u8,
    class: &'static str,
    /// With whether they have parental responsibility.
    contacts: Vec<(String, bool)>,
}

fn child() -> impl Strategy<Value = Child> {
    let name = "[A-ZÀ-Ý][a-zà-ý'’\",; -]{0,12}[a-z]";
    let contacts = prop::collection::vec(("[A-Z][a-z]{1,8} [A-Z][a-zé,\"]{0,8}[a-z]", any::<bool>()), 0..3);
    (name, name, 1..7_u8, prop::sample::select(vec!["Oak", "Elm", "3B"]), contacts).prop_map(
        |(forename, surname, year, class, contacts)| {
            let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            // Two contacts of one child with one name would be one person.
            let contacts =
                contacts.into_iter().enumerate().map(|(i, (name, pr))| (format!("{} {i}", tidy(name)), pr));
            Child {
                forename: tidy(forename),
                surname: tidy(surname),
                year,
                class,
                contacts: contacts.collect(),
            }
        },
    )
}

#[derive(Debug, Clone)]
struct Layout {
    separator: u8,
    quote_all: bool,
    encoding: u8,
    together: bool,
    repeated_rows: bool,
    title: bool,
    turn: usize,
}

fn layout() -> impl Strategy<Value = Layout> {
    let separator = prop::sample::select(vec![b',', b';', b'\t', b'|']);
    (separator, any::<bool>(), 0..4_u8, any::<bool>(), any::<bool>(), any::<bool>(), 0..20_usize).prop_map(
        |(separator, quote_all, encoding, together, repeated_rows, title, turn)| Layout {
            separator,
            quote_all,
            encoding,
            together,
            repeated_rows,
            title,
            turn,
        },
    )
}

/// The file that a system would write.
fn written(children: &[Child], layout: &Layout) -> Vec<u8> {
    let upn = |place: usize| format!("A{place:011}X");
    let mut headings: Vec<String> =
        vec!["UPN".into(), "Year Group".into(), "Reg Group".into(), "Notes".into()];
    if layout.together {
        headings.push("Pupil Name".into());
    } else {
        headings.extend(["Legal Surname".into(), "Legal Forename".into()]);
    }
    let slots = if layout.repeated_rows { 1 } else { 2 };
    for slot in 1..=slots {
        let number = if layout.repeated_rows { String::new() } else { format!(" {slot}") };
        headings.extend([format!("Contact{number} Name"), format!("Parental Responsibility{number}")]);
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (place, child) in children.iter().enumerate() {
        let name = if layout.together {
            vec![format!("{}, {}", child.surname, child.forename)]
        } else {
            vec![child.surname.clone(), child.forename.clone()]
        };
        let base = [
            upn(place),
            format!("Year {}", child.year),
            child.class.to_owned(),
            "a \"note\",\nof two lines".into(),
        ];
        let base: Vec<String> = base.into_iter().chain(name).collect();
        let contact = |one: Option<&(String, bool)>| match one {
            Some((name, pr)) => [name.clone(), if *pr { "Yes" } else { "No" }.to_owned()],
            None => [String::new(), String::new()],
        };
        if layout.repeated_rows {
            for i in 0..child.contacts.len().max(1) {
                rows.push(base.iter().cloned().chain(contact(child.contacts.get(i))).collect());
            }
        } else {
            let both = (0..2).flat_map(|i| contact(child.contacts.get(i)));
            rows.push(base.iter().cloned().chain(both).collect());
        }
    }
    let turn = layout.turn % headings.len();
    headings.rotate_left(turn);
    rows.iter_mut().for_each(|row| row.rotate_left(turn));
    let style = if layout.quote_all { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(layout.separator)
        .quote_style(style)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    if layout.title {
        writer.write_record(["Larkfield Primary School"]).unwrap();
    }
    writer.write_record(&headings).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    match layout.encoding {
        0 => text.into_bytes(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        // All letters that are made up here stand in Windows-1252, at the place of their number but for one.
        _ => {
            text.chars().map(|c| if c == '’' { 0x92 } else { u8::try_from(u32::from(c)).unwrap() }).collect()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_lost_and_nobody_doubled_however_the_list_is_laid_out(
        children in prop::collection::vec(child(), 1..8), layout in layout()
    ) {
        // “Surname, Forename” in one column cannot hold a surname with a comma.
        prop_assume!(!layout.together || children.iter().all(|c| !c.surname.contains(',')));
        let bytes = written(&children, &layout);
        // A file of ASCII alone reads the same as UTF-8 and as Windows-1252.
        prop_assume!(layout.encoding != 3 || std::str::from_utf8(&bytes).is_err() || bytes.is_ascii());
        let sheet = Sheet::read(&bytes).unwrap();
        let mapping = Mapping::guess(&sheet, PUPILS, &Remembered::new());
        let lists = match import::lists(&sheet, &mapping, today()) {
            Ok(lists) => lists,
            Err(problems) => {
                // With contacts’ columns there, somebody has to decide.
                let nobody = children.iter().flat_map(|c| &c.contacts).all(|(_, pr)| !pr);
                prop_assert!(nobody && problems.iter().all(|p| p.message.contains("nobody with parental")), "{problems:?}");
                return Ok(());
            }
        };
        let people = &lists.people.as_ref().unwrap().people;
        prop_assert_eq!(people.len(), children.len());
        for (person, child) in people.iter().zip(&children) {
            prop_assert_eq!((&person.forename, &person.surname), (&child.forename, &child.surname));
            prop_assert_eq!((person.year, person.class.as_deref()), (Some(child.year as i8), Some(child.class)));
        }
        let expected: BTreeSet<(String, String)> = children.iter().enumerate().flat_map(|(place, child)| {
            let decide = child.contacts.iter().filter(|(_, pr)| *pr);
            decide.map(move |(name, _)| (format!("A{place:011}X"), name.clone()))
        }).collect();
        let found = deciders(&lists);
        prop_assert_eq!(found.len(), expected.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn no_file_and_no_mapping_makes_the_reader_fall_over(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        at in any::<prop::sample::Index>(),
        meanings in prop::collection::vec(0..24_usize, 20),
        kind in 0..5_usize,
    ) {
        let of = ["pupils", "staff", "volunteers", "governors", "contacts"][kind].parse::<ListOf>().unwrap();
        let all = ["ignored", "forename", "preferred", "surname", "preferred-surname", "surname-first", "forename-first",
            "upn", "number", "year", "class", "role", "starts", "leaves", "contact-1-name", "contact-1-title",
            "contact-1-forename", "contact-1-surname", "contact-1-responsible", "contact-1-address", "contact-2-name",
            "contact-2-responsible", "contact-1-relation", "contact-6-number"];
        let good = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/sims-contacts.csv")).unwrap();
        let cut = at.index(good.len());
        let spoilt = [&good[..cut], &bytes, &good[cut..]].concat();
        for file in [&bytes, &spoilt] {
            let Ok(sheet) = Sheet::read(file) else { continue };
            let mut mapping = Mapping::guess(&sheet, of, &Remembered::new());
            let _ = import::lists(&sheet, &mapping, today());
            for (column, meaning) in mapping.columns.iter_mut().zip(&meanings) {
                *column = all[*meaning].parse().unwrap();
            }
            let _ = import::lists(&sheet, &mapping, today());
        }
    }
}
