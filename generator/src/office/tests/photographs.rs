//! Pictures of pupils, by what the hub says of them.

use std::fs;

use axum::{
    Form,
    body::Body,
    extract::{FromRequest as _, Multipart, Query, Request},
    http::header,
    response::Response,
};
use records::{
    agreement::Audience,
    consent::{ConsentExport, ConsentLine, Standing},
    day::Moment,
    digest::Digest,
    ids::{ClassId, PersonId, SchoolId},
    keys::SigningKey,
    roster::{Class, Roster, RosterEntry},
};

use super::{Desk, body, browser::fields, read, run, sent_to, words};
use crate::office::{photographs, start, who};

/// Ten in the morning of the desk's day.
const MORNING: i64 = 1_795_341_600;
const A_DAY: i64 = 24 * 60 * 60;

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn pupil(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn export(made: i64, standings: &[(u8, Standing)], key: &SigningKey) -> Vec<u8> {
    let line = |(n, standing): &(u8, Standing)| ConsentLine {
        pupil: pupil(*n),
        purpose: "website".parse().unwrap(),
        standing: *standing,
    };
    let export = ConsentExport { number: 3, made: Moment(made), lines: standings.iter().map(line).collect() };
    export.sign(SchoolId::from_bytes([4; 16]), key)
}

fn roster() -> Vec<u8> {
    let entry = |(n, name): (u8, &str)| RosterEntry {
        person: pupil(n),
        name: name.to_owned(),
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
            pupils: [(1, "Wilhelmina"), (2, "Jakub")].map(entry).into(),
        }],
        adults: vec![],
        role_keys: vec![],
        families: vec![],
    };
    roster.sign(&hub())
}

/// A school that knows its hub, with pupils 1 and 2 in the picture of its hall.
fn desk() -> Desk {
    Desk::new(|school| {
        let file = school.join("school.toml");
        let text = fs::read_to_string(&file).unwrap();
        let key = Digest::from_bytes(*hub().verify_key().as_bytes());
        fs::write(file, format!("{text}\n[hub]\nkey = \"{key}\"\n")).unwrap();
        let list = format!("pupils = [\"{}\", \"{}\"]\nchecked_by = \"Mrs Nowak\"\n", pupil(1), pupil(2));
        fs::write(school.join("images/hall.people.toml"), list).unwrap();
    })
}

fn brought(desk: &Desk, files: &[(&str, &[u8])]) -> Response {
    let mut bytes = Vec::new();
    for (name, file) in files {
        bytes.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"my.{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        bytes.extend(*file);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"--cut--\r\n");
    let request = Request::builder()
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .body(Body::from(bytes))
        .unwrap();
    run(async {
        let form = Multipart::from_request(request, &()).await.unwrap();
        photographs::bring(desk.state(), form).await
    })
}

fn shown(desk: &Desk) -> String {
    body(photographs::show(desk.state(), Query(words(&[]))))
}

fn kept(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.school().join(".signpost/hub")).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_picture_in_which_every_pupil_may_be_shown_goes_out_from_here() {
    let desk = desk();
    assert!(shown(&desk).contains("Cannot be published"), "nobody has asked the hub");
    assert!(desk.publish().contains("Nothing was published"));
    let yes = export(MORNING, &[(1, Standing::Yes), (2, Standing::Yes)], &hub());
    let answer = brought(&desk, &[("consent", &yes), ("roster", &roster())]);
    assert_eq!(read(&sent_to(&answer), "kept"), "1");
    assert_eq!(kept(&desk), ["2026-11-22.consent", "2026-11-22.roster"]);
    let page = shown(&desk);
    assert!(page.contains("May be published") && page.contains("2 of 2 pupils"), "{page}");
    assert!(page.contains("Wilhelmina, Acorn"), "whoever looks after pictures reads names, not ids: {page}");
    let published = desk.publish();
    assert!(published.contains("It is published"), "{published}");
    let out = desk.folder.path().join("out");
    assert!(out.join("site/policies/online/index.html").is_file());
    assert!(published.contains("school.published") && out.join("pack/school.published").is_file());
    for entry in
        walkdir::WalkDir::new(&out).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file())
    {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(10).any(|part| part == b"Wilhelmina"), "{}", entry.path().display());
    }
}

#[test]
fn a_withdrawal_stops_the_picture_and_says_who_and_on_which_pages() {
    let desk = desk();
    let yes = export(MORNING - A_DAY, &[(1, Standing::Yes), (2, Standing::Yes)], &hub());
    brought(&desk, &[("consent", &yes), ("roster", &roster())]);
    let no = export(MORNING, &[(1, Standing::Yes), (2, Standing::No)], &hub());
    brought(&desk, &[("consent", &no)]);
    assert_eq!(
        kept(&desk),
        ["2026-11-22.consent", "2026-11-22.roster"],
        "the older export says nothing any more"
    );
    let page = shown(&desk);
    assert!(page.contains("Pupil Jakub, Acorn may not be shown"), "{page}");
    assert!(page.contains("href=\"/edit?file=policies/online.md\""), "the page that it touches: {page}");
    let problems = body(start::problems(desk.state()));
    assert!(problems.contains("may not be shown") && !problems.contains("Jakub"), "{problems}");
    assert!(desk.publish().contains("Nothing was published"));
}

#[test]
fn files_that_are_not_the_hubs_or_too_old_are_not_kept_and_take_the_place_of_nothing() {
    let desk = desk();
    let alone = brought(&desk, &[("consent", &export(MORNING, &[], &hub()))]);
    assert_eq!(alone.status(), 400);
    assert!(body(async { alone }).contains("Both files are needed"));
    let nothing = brought(&desk, &[("consent", b""), ("roster", b"")]);
    assert!(body(async { nothing }).contains("Choose a file first"));
    let yes = [(1, Standing::Yes), (2, Standing::Yes)];
    brought(&desk, &[("consent", &export(MORNING, &yes, &hub())), ("roster", &roster())]);
    let good = fs::read(desk.school().join(".signpost/hub/2026-11-22.consent")).unwrap();
    let forger = SigningKey::from_bytes(&[9; 32]);
    for (bad, why) in [
        (export(MORNING, &yes, &forger), "my.consent: This file is not taken"),
        (export(MORNING - 9 * A_DAY, &yes, &hub()), "A consent withdrawn since then would be missed"),
        (b"no export".to_vec(), "my.consent: This file is not taken"),
    ] {
        let answer = brought(&desk, &[("consent", &bad)]);
        assert_eq!(answer.status(), 400);
        let page = body(async { answer });
        assert!(page.contains(why), "{page}");
        assert_eq!(fs::read(desk.school().join(".signpost/hub/2026-11-22.consent")).unwrap(), good);
    }
    let forgotten = run(photographs::forget(desk.state()));
    assert_eq!(read(&sent_to(&forgotten), "forgotten"), "1");
    assert_eq!(kept(&desk), Vec::<String>::new());
    assert!(desk.publish().contains("Nothing was published"), "without the hub’s word no pupil is shown");
}

#[test]
fn pupils_are_ticked_by_name_and_written_down_by_id() {
    let desk = desk();
    let yes = export(MORNING, &[(1, Standing::Yes), (2, Standing::Yes)], &hub());
    brought(&desk, &[("consent", &yes), ("roster", &roster())]);
    let unknown = pupil(7);
    let list = desk.school().join("images/hall.people.toml");
    fs::write(&list, format!("pupils = [\"{}\", \"{unknown}\"]\nchecked_by = \"Mrs Nowak\"\n", pupil(1)))
        .unwrap();
    let form = body(who::ask(desk.state(), Query(words(&[("picture", "images/hall.jpg")]))));
    let mut sent = fields(&form);
    assert!(sent.contains_key(&format!("pupil-{}", pupil(1))) && form.contains(">Jakub<"), "{form}");
    assert_eq!(sent["ids"], unknown.to_string(), "whom the hub does not know stays to be read");
    sent.remove(&format!("pupil-{}", pupil(1)));
    sent.insert(format!("pupil-{}", pupil(2)), "yes".to_owned());
    sent.insert("ids".to_owned(), String::new());
    run(who::say(desk.state(), Form(sent)));
    let written = fs::read_to_string(list).unwrap();
    assert!(written.contains(&pupil(2).to_string()), "{written}");
    assert!(!written.contains(&pupil(1).to_string()) && !written.contains("Jakub"), "{written}");
}
