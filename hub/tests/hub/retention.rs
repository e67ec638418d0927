//! Retention: what has reached its end is removed, shown ahead, and stays gone: in the file, its log, from kiosks, from
//! backups.

use std::{fs, path::Path};

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::NoPadding};
use hub::{
    backup::{make, restore},
    clock::Clock,
    folder::Folder,
    hub::Hub,
    keyfile::KeyFile,
    retention::{due::Standing, running},
    store::audit::Actor,
};
use hyper::StatusCode;
use records::{
    consent::Answer,
    envelope::NamedRecord,
    pack::PackDraft,
    retention::{After, Kept, Period, RetentionRules, Rule},
    sync::Outcome,
};

use crate::{
    browser::{Browser, PASSWORD},
    consents::{CONTACTS, asking, decision, deliver, grown_up, images, pupil, take_contacts},
    kiosk::Kiosk,
    school::{PASSPHRASE, PUPILS, School, passphrase},
};

const DAY: i64 = 24 * 3600;
/// Without Tom.
const WITHOUT_TOM: &str = "\
Forename,Surname,UPN,Year Group,Class
Maya,Khan,A823200012001,Year 1,Acorn
Maya,Osei,A823200012002,Year 1,Acorn
Ivy,Marsh,A823200012004,Year 4,Oak
Noah,Bright,A823200012005,Year 4,Oak
";

pub(crate) fn rules() -> RetentionRules {
    let rule = |kept: Kept| Rule {
        kept,
        period: Period::Days(60),
        after: Some(match kept {
            Kept::PupilSignatures | Kept::StaffSignatures => After::Leaving,
            other => other.may_run_from()[0],
        }),
        because: format!("Because of {kept}."),
        source: "The school’s own time".into(),
        checked: (kept == Kept::Calls).then(|| "2026-09-01".parse().unwrap()),
    };
    let kinds = Kept::ALL.into_iter().filter(|kept| !matches!(kept, Kept::Audit | Kept::ParentSignatures));
    RetentionRules { notice_days: 28, rules: kinds.map(rule).collect(), registers: Vec::new() }
}

fn with_rules(made: i64) -> PackDraft {
    let mut draft = asking(images("1.0", "Anybody can see it."));
    draft.made.0 += made;
    draft.content.retention = Some(rules());
    draft
}

/// A school with rules, where Tom has signed, his mother has said no, and he has left.
pub(crate) async fn tom_has_left() -> (School, Kiosk, Vec<u8>) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&with_rules(0));
    take_contacts(&school, CONTACTS).unwrap();
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let (tom, maya) = (pupil(&school, "Tom", "Lowe").id, pupil(&school, "Maya", "Osei").id);
    let ks1 = crate::school::ks1("3.0");
    let signature = NamedRecord::Signature(kiosk.signature(tom, &ks1, school.hub.now()));
    let sealed = kiosk.seal(&signature);
    let batch = kiosk.batch(vec![sealed]);
    assert_eq!(kiosk.send(&school, batch.clone()).await.unwrap(), [Outcome::Stored]);
    kiosk.undo(&school, signature.id()).await;
    kiosk.sign(&school, maya, &ks1).await;
    let form = images("1.0", "Anybody can see it.");
    let no = [("website", Answer::No), ("printed", Answer::Yes)];
    let no = decision(&school, (tom, grown_up(&school, "Mr Joe Lowe")), &form, &no, vec![]);
    deliver(&school, &mut kiosk, &[no]).await;
    assert_eq!(school.import(WITHOUT_TOM).left, 1);
    (school, kiosk, batch)
}

/// So many days pass, and the hub looks each day.
pub(crate) fn days(school: &School, count: i64) -> usize {
    let mut gone = 0;
    for _ in 0..count {
        school.pass(DAY);
        gone += running::look(&school.hub).unwrap().unwrap().gone.values().sum::<usize>();
    }
    gone
}

/// Every page of the database's file, and every page in its log, without the encryption: SQLCipher 4 seals each by
/// AES-256-CBC, with the IV at the page's end. Pages that are used by nothing any more are among them.
fn every_page(school: &School) -> Vec<Vec<u8>> {
    const PAGE: usize = 4096;
    const RESERVED: usize = 80;
    let folder = school.folder();
    let key_file = KeyFile::read(&fs::read(folder.key_file()).unwrap()).unwrap();
    let key = data_encoding::HEXLOWER
        .decode(key_file.open(&passphrase(PASSPHRASE)).unwrap().hex().as_bytes())
        .unwrap();
    let opened = |page: &[u8], first: bool| {
        let (body, end) = page.split_at(PAGE - RESERVED);
        // The first 16 bytes of the file are the salt, in clear.
        let mut body = body[if first { 16 } else { 0 }..].to_vec();
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key, &end[..16]).unwrap();
        cipher.decrypt_padded::<NoPadding>(&mut body).unwrap();
        body
    };
    let file = fs::read(folder.database()).unwrap();
    let mut pages: Vec<Vec<u8>> =
        file.chunks_exact(PAGE).enumerate().map(|(at, page)| opened(page, at == 0)).collect();
    let log = fs::read(folder.database().with_extension("db-wal")).unwrap_or_default();
    for frame in log.get(32..).unwrap_or_default().chunks_exact(24 + PAGE) {
        let number = u32::from_be_bytes(frame[..4].try_into().unwrap());
        pages.push(opened(&frame[24..], number == 1));
    }
    pages
}

pub(crate) fn pages_with(school: &School, bytes: &[u8]) -> usize {
    let holds = |page: &Vec<u8>| page.windows(bytes.len()).any(|window| window == bytes);
    every_page(school).iter().filter(|page| holds(page)).count()
}

#[tokio::test]
async fn what_has_reached_its_end_is_in_no_page_of_the_file_or_its_log_not_even_in_an_unused_one() {
    let (school, _kiosk, _) = tom_has_left().await;
    let tom = pupil_who_left(&school, "Tom");
    let upn = b"A823200012003";
    assert!(
        pages_with(&school, b"Lowe") > 0 && pages_with(&school, upn) > 0,
        "the search finds what is there"
    );
    assert!(pages_with(&school, tom.as_bytes()) > 0);
    assert_eq!(days(&school, 59), 0, "nothing goes early");
    assert_eq!(school.hub.store.record_count().unwrap(), 4);
    days(&school, 3);
    // The contacts still name his father: he goes with his last child, when his own time is over.
    days(&school, 3);
    assert!(school.hub.store.empty_log().unwrap());
    for (what, bytes) in [("surname", &b"Lowe"[..]), ("UPN", upn)] {
        assert_eq!(pages_with(&school, bytes), 0, "{what}");
    }
    let only_tombstone = pages_with(&school, tom.as_bytes());
    assert_eq!(only_tombstone, 1, "his random id is on one page: that of the tombstones");
    assert_eq!(school.hub.store.record_count().unwrap(), 1, "what others signed stays");
    assert!(school.hub.store.people().unwrap().iter().any(|p| p.forename == "Noah"));
    school.hub.store.look_through().unwrap();
    let removals = school.hub.store.removals(9).unwrap();
    assert!(removals.iter().any(|one| one.what.contains("pupil-signatures 1, consent 1")), "{removals:?}");
    assert!(!school.folder().path().join("scratch").exists());
}

#[tokio::test]
async fn a_plain_delete_leaves_what_the_search_finds() {
    // The control: SQLite that is not told to overwrite leaves a name on its page, and the search sees it.
    let school = School::open().await;
    school.import(PUPILS);
    school.hub.store.empty_log().unwrap();
    let key_file = KeyFile::read(&fs::read(school.folder().key_file()).unwrap()).unwrap();
    let key = key_file.open(&passphrase(PASSPHRASE)).unwrap();
    let connection = rusqlite::Connection::open(school.folder().database()).unwrap();
    connection.pragma_update(None, "key", format!("x'{}'", &*key.hex())).unwrap();
    connection.pragma_update(None, "secure_delete", false).unwrap();
    connection.execute("DELETE FROM rosters", []).unwrap();
    connection.execute("DELETE FROM people WHERE surname = 'Lowe'", []).unwrap();
    drop(connection);
    assert!(school.hub.store.empty_log().unwrap());
    assert!(school.hub.store.people().unwrap().iter().all(|p| p.surname != "Lowe"));
    assert!(pages_with(&school, b"Lowe") > 0);
}

fn pupil_who_left(school: &School, forename: &str) -> records::ids::PersonId {
    let people = school.hub.store.people().unwrap();
    people.into_iter().find(|p| p.forename == forename && p.left.is_some()).unwrap().id
}

#[tokio::test]
async fn neither_a_late_kiosk_nor_a_backup_of_before_brings_back_what_was_erased() {
    let (mut school, mut kiosk, batch) = tom_has_left().await;
    let stick = school.dir.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let tom = pupil_who_left(&school, "Tom");
    let before = make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    days(&school, 61);
    let again = async |school: &School, kiosk: &mut Kiosk| {
        // The very record, and another of somebody who is gone.
        assert_eq!(kiosk.send(school, batch.clone()).await.unwrap(), [Outcome::AlreadyHeld]);
        let late = kiosk.signature(tom, &crate::school::ks1("3.0"), school.hub.now());
        let late = kiosk.batch(vec![kiosk.seal(&NamedRecord::Signature(late))]);
        assert_eq!(kiosk.send(school, late).await.unwrap(), [Outcome::AlreadyHeld]);
        assert_eq!(school.hub.store.record_count().unwrap(), 1);
        assert_eq!(
            (school.hub.store.odd_count().unwrap(), school.hub.store.set_aside_count().unwrap()),
            (0, 0)
        );
    };
    again(&school, &mut kiosk).await;
    make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    let listed = fs::read_dir(&stick).unwrap().map(|entry| entry.unwrap().path());
    let list = listed.into_iter().find(|path| path.extension().is_some_and(|end| end == "erased")).unwrap();
    let bytes = fs::read(&list).unwrap();
    assert!(!bytes.windows(16).any(|window| window == tom.as_bytes()), "the list is sealed");

    // The backup from before he went is put back.
    let new = tempfile::tempdir().unwrap();
    let (folder, clock) = (Folder::new(new.path().join("data")), Clock::set_by_hand(school.time.clone()));
    let restored = restore::restore(&before.file, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
    assert!(restored.held.records == 4 && restored.erased_again.unwrap() >= 4, "{restored:?}");
    school.put_back(&new).await;
    assert!(school.hub.store.people().unwrap().iter().all(|p| p.forename != "Tom"));
    kiosk.hello(&school).await.unwrap();
    again(&school, &mut kiosk).await;
    assert_eq!(pages_with(&school, b"A823200012003"), 0);
    let looked = running::look(&school.hub).unwrap().unwrap();
    assert!(
        matches!(looked.standing, Standing::NotBefore(_)),
        "a hub that was put back waits before it removes"
    );

    // Without the list he is back, as it says, until his day comes again.
    fs::remove_file(&list).unwrap();
    let folder = Folder::new(new.path().join("again"));
    let restored = restore::restore(&before.file, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
    assert_eq!(restored.erased_again, None);
    fs::write(&list, b"signpost erased 1\nnot what was written").unwrap();
    let told =
        restore::restore(&before.file, &passphrase(PASSPHRASE), &Folder::new(new.path().join("x")), &clock);
    assert!(told.unwrap_err().to_string().contains("damaged"), "a list that was changed is told");
}

#[tokio::test]
async fn thirty_five_days_after_a_removal_no_backup_holds_what_was_removed() {
    let (school, _kiosk, _) = tom_has_left().await;
    let stick = school.dir.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let holders = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let backups = files.filter(|path| path.extension().is_some_and(|end| end == "backup"));
        let has_tom = |file: &std::path::PathBuf| {
            let new = tempfile::tempdir().unwrap();
            let folder = Folder::new(new.path().join("data"));
            // Away from the list: what is in the file itself.
            let copy = new.path().join("copy.backup");
            fs::copy(file, &copy).unwrap();
            let clock = Clock::set_by_hand(school.time.clone());
            restore::restore(&copy, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
            let hub = Hub::open(&folder, &passphrase(PASSPHRASE), clock).unwrap();
            hub.store.people().unwrap().iter().any(|p| p.forename == "Tom")
        };
        backups.filter(has_tom).count()
    };
    for _ in 0..3 {
        days(&school, 19);
        make::make(&school.hub, &stick, Actor::Hub).unwrap();
    }
    days(&school, 4);
    assert!(holders(&stick) > 0, "those from before still do");
    for _ in 0..4 {
        days(&school, 9);
        make::make(&school.hub, &stick, Actor::Hub).unwrap();
    }
    assert_eq!(holders(&stick), 0);
}

#[tokio::test]
async fn the_office_sees_ahead_what_goes_and_why_and_can_stop_it_or_keep_one_person() {
    let (school, _kiosk, _) = tom_has_left().await;
    let mut office = Browser::signed_in(&school).await;
    let tom = pupil_who_left(&school, "Tom").to_string();
    running::look(&school.hub).unwrap();
    let page = office.get(&school, "/retention").await.text;
    for part in [
        "Nothing goes before 12 October 2026",
        "60 days after leaving",
        "Because of consent.",
        "Without a rule",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        page.contains("Nobody has said that they read it") && page.contains("Read in force 1 September 2026")
    );
    assert!(!page.contains("People whose names go"), "sixty days away");
    days(&school, 40);
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let page = office.get(&school, "/retention").await.text;
    assert!(page.contains("in the next 30 days") && page.contains("Tom Lowe</a>"), "{page}");
    assert!(page.contains("13 November 2026"), "{page}");

    // One person is kept, with the reason.
    let address = format!("/people/{tom}");
    let token = office.get(&school, &address).await.form_token();
    let without = [("what", "hold"), ("reason", "  "), ("form_token", &token)];
    assert_eq!(office.post(&school, &address, &without).await.status, StatusCode::BAD_REQUEST);
    let hold = [("what", "hold"), ("reason", "The court of 3 May <asks>"), ("form_token", &token)];
    assert_eq!(office.post(&school, &address, &hold).await.leads_to(), address);
    let page = office.get(&school, "/retention").await.text;
    assert!(
        page.contains("The court of 3 May &lt;asks&gt;") && !page.contains("People whose names go"),
        "{page}"
    );
    assert_eq!(days(&school, 40), 0, "nothing of his goes");
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let token = office.get(&school, &address).await.form_token();
    office.post(&school, &address, &[("what", "release"), ("form_token", &token)]).await;

    // And everything is.
    let token = office.get(&school, "/retention").await.form_token();
    office.post(&school, "/retention", &[("what", "stop"), ("form_token", &token)]).await;
    assert!(office.get(&school, "/retention").await.text.contains("Nothing is removed until"));
    assert_eq!(days(&school, 3), 0);
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let token = office.get(&school, "/retention").await.form_token();
    office.post(&school, "/retention", &[("what", "go-on"), ("form_token", &token)]).await;
    assert!(days(&school, 1) >= 3);
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let page = office.get(&school, "/retention").await.text;
    assert!(page.contains("What has gone") && page.contains("Promises that pupils signed: 1"), "{page}");
    assert_eq!(office.get(&school, &address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn new_rules_are_shown_for_four_weeks_before_they_remove_anything() {
    let (school, _kiosk, _) = tom_has_left().await;
    days(&school, 50);
    let mut typo = with_rules(1);
    for rule in &mut typo.content.retention.as_mut().unwrap().rules {
        rule.period = Period::Days(0);
    }
    school.publish(&typo);
    assert_eq!(days(&school, 27), 0, "what the old rules would have taken waits too");
    // Somebody has seen it, and puts it right.
    school.publish(&with_rules(2));
    assert_eq!(days(&school, 28), 0);
    assert!(days(&school, 1) >= 3);
    assert!(school.hub.store.people().unwrap().iter().any(|p| p.forename == "Ivy"));
}

#[tokio::test]
async fn leaving_is_undone_by_one_press_within_thirty_days() {
    let (school, _kiosk, _) = tom_has_left().await;
    let mut office = Browser::signed_in(&school).await;
    let tom = pupil_who_left(&school, "Tom");
    let page = office.get(&school, "/people?name=lowe").await.text;
    assert!(page.contains(&format!("/people/{tom}")) && page.contains("left 14 September 2026"), "{page}");
    let address = format!("/people/{tom}");
    let page = office.get(&school, &address).await;
    assert!(page.text.contains("Tom Lowe has not left"), "{}", page.text);
    let undo =
        |token: &str| [("what".to_owned(), "undo-leaving".to_owned()), ("form_token".into(), token.into())];
    let press = async |office: &mut Browser| {
        let token = office.get(&school, &address).await.form_token();
        let fields = undo(&token);
        let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        office.post(&school, &address, &fields).await
    };
    assert_eq!(press(&mut office).await.leads_to(), address);
    let back = pupil(&school, "Tom", "Lowe");
    assert_eq!((back.id, back.left), (tom, None));
    assert!(!office.get(&school, &address).await.text.contains("has not left"));
    let section = school.hub.store.register(&crate::school::ks1("3.0"), &crate::school::year()).unwrap();
    assert!(section.sections[0].lines.iter().any(|line| line.person.id == tom), "in his class again");

    school.import(WITHOUT_TOM);
    days(&school, 31);
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    assert!(!office.get(&school, &address).await.text.contains("has not left"));
    assert_eq!(press(&mut office).await.status, StatusCode::BAD_REQUEST);
    assert!(school.hub.store.people().unwrap().iter().any(|p| p.id == tom && p.left.is_some()));
}
