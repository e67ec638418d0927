//! What came on paper: sheets that the office enters with a scan, entries that it takes back, and scans that nobody else sees
//! and that go with what they belong to.

use std::{fs, io::Cursor};

use hub::{
    backup::{make, restore},
    clock::Clock,
    folder::Folder,
    import::Kind,
    scan,
    store::{
        accounts::Duty,
        audit::Actor,
        registers::{Came, Line, Place, Standing},
    },
};
use hyper::{StatusCode, header};
use records::{
    agreement::{Agreement, Audience, SignAgain},
    ids::{PersonId, RecordId},
    pack::PackDraft,
    report::Role,
    roster::Roster,
};

use crate::{
    browser::{Browser, PASSWORD, Page},
    consents::{asking, asking_school, grown_up, images, pupil},
    held,
    kiosk::Kiosk,
    retention,
    school::{PASSPHRASE, PUPILS, School, agreement, draft, ks1, passphrase, year},
};

/// Stands in the scan again and again, so that it is whole on each page of the database that holds any of it.
const MARKER: &str = "GULLWING-QUAY ";

fn document() -> Vec<u8> {
    format!("%PDF-1.7\n{}\n%%EOF\n", MARKER.repeat(600)).into_bytes()
}

/// A photograph of a sheet, with words beside it that say where it was taken.
fn photograph() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_pixel(60, 80, image::Rgb([230, 230, 220]));
    image::DynamicImage::ImageRgb8(picture)
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .unwrap();
    let words = b"Exif\0\0GPS 51.5N 0.1W";
    let length = u16::try_from(words.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], &[0xff, 0xe1], &length[..], words, &bytes[2..]].concat()
}

/// Sends a form with a file in it, as browsers do.
pub(crate) async fn post_file(
    browser: &mut Browser,
    school: &School,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Page {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--between\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let (name, bytes) = file.unwrap_or_default();
    let head = format!(
        "--between\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    body.extend([head.as_bytes(), bytes, b"\r\n--between--\r\n"].concat());
    browser.post_bytes(school, path, "multipart/form-data; boundary=between", body).await
}

/// What stands in a hidden field of a page.
fn hidden(page: &Page, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    page.text
        .split(field.as_str())
        .nth(1)
        .unwrap_or_else(|| panic!("{name}: {}", page.text))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

fn called(school: &School, forename: &str) -> PersonId {
    school.hub.store.people().unwrap().into_iter().find(|p| p.forename == forename).unwrap().id
}

fn line(school: &School, agreement: &Agreement, person: PersonId) -> Line {
    let register = school.hub.store.register(agreement, &year()).unwrap();
    let mut lines = register.sections.into_iter().flat_map(|section| section.lines);
    lines.find(|line| line.person.id == person).unwrap()
}

fn signature(school: &School, agreement: &Agreement, person: PersonId) -> RecordId {
    line(school, agreement, person).standing.signature().unwrap().id
}

fn acorn(school: &School) -> String {
    let classes = school.hub.store.classes().unwrap();
    classes.iter().find(|class| class.name == "Acorn").unwrap().id.to_string()
}

/// A school with pupils and an agreement; the office is signed in.
async fn ready() -> (School, Browser) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let office = Browser::signed_in(&school).await;
    (school, office)
}

/// Enters a sheet of the class Acorn.
async fn enter(
    school: &School,
    office: &mut Browser,
    on: &[PersonId],
    day: &str,
    file: Option<(&str, &[u8])>,
) -> Page {
    let address = format!("/register/ks1/{}/paper", acorn(school));
    let page = office.get(school, &address).await;
    let (token, sheet) = (page.form_token(), hidden(&page, "sheet"));
    let on: Vec<String> = on.iter().map(ToString::to_string).collect();
    let mut fields = vec![("form_token", token.as_str()), ("sheet", sheet.as_str()), ("day", day)];
    fields.extend(on.iter().map(|id| ("on", id.as_str())));
    post_file(office, school, &address, &fields, file).await
}

#[tokio::test]
async fn a_class_sheet_is_entered_once_with_day_and_scan_and_counts_like_signatures_at_a_kiosk() {
    let (school, mut office) = ready().await;
    let (tom, maya) = (called(&school, "Tom"), pupil(&school, "Maya", "Khan").id);
    let section = format!("/register/ks1/{}", acorn(&school));
    let page = office.get(&school, &section).await.text;
    assert!(page.contains("Enter signatures from paper"), "{page}");
    let address = format!("{section}/paper");
    let page = office.get(&school, &address).await;
    assert!(!page.text.contains(" checked"), "nobody is taken to have signed: {}", page.text);
    let all = office.get(&school, &format!("{address}?tick=all")).await.text;
    assert_eq!(all.matches(" checked").count(), 3, "all three names, and nobody’s help");

    let (token, sheet) = (page.form_token(), hidden(&page, "sheet"));
    let (tom_id, maya_id) = (tom.to_string(), maya.to_string());
    let fields = [
        ("form_token", token.as_str()),
        ("sheet", &sheet),
        ("on", &tom_id),
        ("on", &maya_id),
        ("helped", &tom_id),
        ("day", "2026-09-14"),
    ];
    let (file, ks1) = (document(), ks1("3.0"));
    let file = Some(("acorn.pdf", &file[..]));
    let answer = post_file(&mut office, &school, &address, &fields, file).await;
    assert_eq!(answer.leads_to(), format!("{section}?entered=2&already=0"), "{}", answer.text);
    // Two presses make one entry.
    let again = post_file(&mut office, &school, &address, &fields, file).await;
    assert_eq!(again.leads_to(), format!("{section}?entered=2&already=0"));

    let register = school.hub.store.register(&ks1, &year()).unwrap();
    assert_eq!((register.signed(), register.asked()), (2, 3));
    assert_eq!(school.hub.store.signatures_of(tom).unwrap().len(), 1);
    let Standing::Signed(signed) = line(&school, &ks1, tom).standing else { panic!("Tom has not signed") };
    let Came::Paper(entered) = &signed.came else { panic!("{signed:?}") };
    let scan = entered.scan.unwrap();
    assert_eq!((entered.by.as_str(), scan.kind, scan.records), ("office", scan::Kind::Pdf, 2));
    assert!(signed.helped && signed.words == ks1.digest());
    let Standing::Signed(mayas) = line(&school, &ks1, maya).standing else { panic!("Maya has not signed") };
    assert!(!mayas.helped);

    // The kiosks show the tick.
    let (_, bytes) = school.hub.store.newest_roster().unwrap().unwrap();
    let roster = Roster::open(&bytes, &school.hub.identity().key, None).unwrap();
    let ticks =
        roster.classes.iter().flat_map(|class| &class.pupils).filter(|pupil| !pupil.signed.is_empty());
    let mut ticks: Vec<_> = ticks.map(|pupil| pupil.person).collect();
    ticks.sort();
    let mut both = [tom, maya];
    both.sort();
    assert_eq!(ticks, both);

    // It says everywhere that it was on paper, who entered it and when.
    let marked = "on paper, entered by office on 14 September 2026";
    let page = office.get(&school, &format!("{section}?entered=2&already=0")).await.text;
    assert!(page.contains("2 signatures are entered from paper."), "{page}");
    assert_eq!(page.matches(marked).count(), 2, "{page}");
    assert!(page.contains("with a scan") && page.contains("with help"), "{page}");
    assert_eq!(page.matches("2026, 9:00").count(), 1, "no time stands on a paper: when it was printed alone");
    let page = office.get(&school, &format!("/people/{tom}")).await.text;
    assert!(page.contains(marked) && page.contains("the paper and its scan"), "{page}");
    let csv = office.get(&school, "/register/ks1/register.csv").await.text;
    let row = csv.lines().find(|row| row.contains("Lowe")).unwrap();
    assert!(row.ends_with("\"on paper\",\"office\",\"2026-09-14\",\"PDF\",\"2027-09-01\""), "{row}");
    let (held, paper) = held::made(&school, tom);
    let words = held::words(&paper);
    for part in [
        "How: on paper, entered by the office on 14 September 2026",
        "A scan of the paper is held: PDF; others signed the same sheet",
        "The scans of papers themselves",
        "14 September 2026: signature entered from paper",
        "14 September 2026: scan kept",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Maya"), "nobody else is named");
    let of_tom = held.log.iter().filter(|one| one.what == "signature entered from paper").count();
    assert_eq!(of_tom, 1, "his own entry alone is in the log of his");
    school.hub.store.look_through().unwrap();
}

#[tokio::test]
async fn a_day_to_come_is_refused_and_one_before_the_words_taken_if_it_is_meant_and_nothing_typed_is_lost() {
    let (school, mut office) = ready().await;
    let tom = called(&school, "Tom").to_string();
    let address = format!("/register/ks1/{}/paper", acorn(&school));
    let page = office.get(&school, &address).await;
    let (token, sheet) = (page.form_token(), hidden(&page, "sheet"));
    let mut send = async |day: &str, more: &[(&str, &str)]| {
        let fields = [("form_token", token.as_str()), ("sheet", &sheet), ("day", day)];
        let fields = [&fields[..], more].concat();
        post_file(&mut office, &school, &address, &fields, None).await
    };
    let ticks = [("on", tom.as_str()), ("helped", tom.as_str())];
    let tomorrow = send("2026-09-15", &ticks).await;
    assert_eq!(tomorrow.status, StatusCode::BAD_REQUEST);
    assert!(tomorrow.text.contains("it is not after today"), "{}", tomorrow.text);
    for kept in [format!("value=\"{tom}\" checked"), "value=\"2026-09-15\"".to_owned(), sheet.clone()] {
        assert!(tomorrow.text.contains(&kept), "{kept}: {}", tomorrow.text);
    }
    assert_eq!(tomorrow.text.matches(" checked").count(), 2, "the tick for help too");
    assert!(!tomorrow.text.contains("id=\"early\""), "that is not to be confirmed");
    assert!(send("nonsense", &ticks).await.text.contains("Write the day"));
    assert!(send("2026-09-14", &[]).await.text.contains("Tick whoever signed"));
    let helped = send("2026-09-14", &[("helped", &tom)]).await.text;
    assert!(helped.contains("somebody helped Tom Lowe, and not that Tom Lowe signed"), "{helped}");

    let early = send("2026-08-20", &ticks).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST);
    for part in [
        "The day is 20 August 2026",
        "version 3.0 was first published here on 14 September 2026",
        "this school year began on 1 September 2026",
        "id=\"early\"",
    ] {
        assert!(early.text.contains(part), "{part}: {}", early.text);
    }
    assert_eq!(school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed(), 0);
    let meant = [&ticks[..], &[("early", "yes")]].concat();
    assert_eq!(send("2026-08-20", &meant).await.status, StatusCode::SEE_OTHER);
    let register = school.hub.store.register(&ks1("3.0"), &year()).unwrap();
    assert_eq!(register.signed(), 1, "it counts for the year that it was signed for");
}

#[tokio::test]
async fn a_scan_that_is_none_is_refused_with_what_to_do_and_all_that_was_typed_is_there() {
    let (school, mut office) = ready().await;
    let tom = called(&school, "Tom");
    let huge = vec![b' '; scan::MOST + 1];
    for (file, why) in [
        (&b"<script>alert(1)</script>"[..], "neither a PDF nor a JPEG nor a PNG"),
        (&photograph()[..200], "cannot be read"),
        (&huge, "larger than 10 MB"),
    ] {
        let page = enter(&school, &mut office, &[tom], "2026-09-14", Some(("sheet.pdf", file))).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}");
        assert!(page.text.contains(why) && page.text.contains("still here"), "{why}: {}", page.text);
        assert!(page.text.contains(&format!("value=\"{tom}\" checked")), "{why}: {}", page.text);
    }
    assert_eq!(school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed(), 0);
}

#[tokio::test]
async fn a_wrong_entry_is_taken_back_with_a_reason_stays_in_the_register_and_may_be_entered_anew() {
    let (school, mut office) = ready().await;
    let (tom, ks1) = (called(&school, "Tom"), ks1("3.0"));
    enter(&school, &mut office, &[tom], "2026-09-14", None).await;
    let first = signature(&school, &ks1, tom);
    let address = format!("/paper/{first}");
    let page = office.get(&school, &address).await;
    assert!(page.text.contains("Tom Lowe") && page.text.contains("by office on 14 September 2026"));
    let token = page.form_token();
    let back = |why: &'static str| [("what", "take-back"), ("why", why), ("form_token", token.as_str())];
    let refused = office.post(&school, &address, &back("because")).await;
    assert!(refused.text.contains("Say why"), "{}", refused.text);
    assert!(line(&school, &ks1, tom).standing.is_signed());
    assert_eq!(office.post(&school, &address, &back("another-person")).await.leads_to(), address);
    office.post(&school, &address, &back("entered-wrong")).await;

    let Standing::Undone(signed) = line(&school, &ks1, tom).standing else { panic!("it stands") };
    let undone = signed.undone.unwrap();
    assert_eq!((signed.id, &undone.place), (first, &Place::Desk("office".to_owned())));
    assert_eq!(undone.because(), "it was another person", "taken back once");
    let section = office.get(&school, &format!("/register/ks1/{}", acorn(&school))).await.text;
    assert!(section.contains("by office: it was another person"), "{section}");
    let csv = office.get(&school, "/register/ks1/register.csv").await.text;
    assert!(csv.contains("\"the desk, by office\",\"it was another person\""), "{csv}");
    let (_, bytes) = school.hub.store.newest_roster().unwrap().unwrap();
    let roster = Roster::open(&bytes, &school.hub.identity().key, None).unwrap();
    assert!(roster.classes.iter().flat_map(|class| &class.pupils).all(|pupil| pupil.signed.is_empty()));
    assert!(held::words(&held::made(&school, tom).1).contains("(another person)"));

    enter(&school, &mut office, &[tom], "2026-09-14", None).await;
    assert!(line(&school, &ks1, tom).standing.is_signed());
    assert_eq!(school.hub.store.signatures_of(tom).unwrap().len(), 2, "nothing is overwritten");

    // What a kiosk took is no paper, and is not taken back here.
    let mut kiosk = Kiosk::paired(&school).await;
    let at_kiosk = kiosk.sign(&school, pupil(&school, "Maya", "Osei").id, &ks1).await;
    let other = format!("/paper/{}", at_kiosk.id);
    assert_eq!(office.get(&school, &other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.post(&school, &other, &back("entered-wrong")).await.status, StatusCode::NOT_FOUND);
    assert!(line(&school, &ks1, at_kiosk.person).standing.is_signed());
}

#[tokio::test]
async fn whoever_signed_at_a_kiosk_meanwhile_is_not_entered_once_more() {
    let (school, mut office) = ready().await;
    let (tom, maya) = (called(&school, "Tom"), pupil(&school, "Maya", "Khan").id);
    let address = format!("/register/ks1/{}/paper", acorn(&school));
    let page = office.get(&school, &address).await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.sign(&school, tom, &ks1("3.0")).await;
    let (token, sheet) = (page.form_token(), hidden(&page, "sheet"));
    let (tom_id, maya_id) = (tom.to_string(), maya.to_string());
    let fields = [
        ("form_token", token.as_str()),
        ("sheet", &sheet),
        ("on", &tom_id),
        ("on", &maya_id),
        ("day", "2026-09-14"),
    ];
    let answer = post_file(&mut office, &school, &address, &fields, None).await;
    assert!(answer.leads_to().ends_with("?entered=1&already=1"), "{}", answer.leads_to());
    let shown = office.get(&school, answer.leads_to()).await.text;
    assert!(shown.contains("One of those who were ticked had signed already."), "{shown}");
    assert_eq!(school.hub.store.signatures_of(tom).unwrap().len(), 1);
}

#[tokio::test]
async fn a_paper_of_an_earlier_version_counts_while_nobody_is_asked_anew_and_its_version_is_said() {
    let (school, mut office) = ready().await;
    school.pass(24 * 3600);
    let mut newer = draft(vec![Agreement { sign_again: SignAgain::Nobody, ..ks1("3.1") }]);
    newer.content.agreements[0].introduction.push("Put more clearly.".into());
    newer.made.0 += 24 * 3600;
    school.publish(&newer);
    let now = newer.content.agreements[0].clone();
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    let tom = called(&school, "Tom").to_string();
    let address = format!("/register/ks1/{}/paper", acorn(&school));
    let page = office.get(&school, &address).await;
    assert!(page.text.contains("Version 3.1, published here 15 September 2026"), "{}", page.text);
    assert!(page.text.contains("Version 3.0, published here 14 September 2026"), "{}", page.text);
    let (token, sheet, old) = (page.form_token(), hidden(&page, "sheet"), ks1("3.0").digest().to_string());
    let fields = [("form_token", token.as_str()), ("sheet", &sheet), ("on", &tom), ("day", "2026-09-14")];
    let refused = post_file(&mut office, &school, &address, &fields, None).await;
    assert!(refused.text.contains("Say which version"), "{}", refused.text);
    let fields = [&fields[..], &[("words", old.as_str())]].concat();
    let answer = post_file(&mut office, &school, &address, &fields, None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let Standing::Signed(signed) = line(&school, &now, called(&school, "Tom")).standing else { panic!() };
    assert_eq!((signed.version.to_string(), signed.words), ("3.0".to_owned(), ks1("3.0").digest()));

    // Words that ask everybody anew ask whoever signed on paper too.
    let mut last = draft(vec![ks1("4.0")]);
    last.made.0 += 48 * 3600;
    last.content.agreements[0].introduction.push("Another promise.".into());
    school.publish(&last);
    let line = line(&school, &last.content.agreements[0], called(&school, "Tom"));
    assert!(matches!(line.standing, Standing::AskedAgain(_)), "{:?}", line.standing);
}

#[tokio::test]
async fn staff_governors_and_parents_sign_on_paper_too_and_a_parents_paper_is_never_the_childs() {
    let school = asking_school().await;
    let of = |audience| agreement(audience, "1.0", &["I keep to it."]);
    let agreements = [Audience::Staff, Audience::Governor, Audience::Parent].map(of);
    let mut pack = asking(images("1.0", "Anybody can see it."));
    pack.content.agreements.extend(agreements.clone());
    pack.made.0 += 1;
    school.publish(&pack);
    school.import("Forename,Surname,Staff Code,Role\nPriya,Nair,PNA,DSL\n");
    school.import_as("Name,Category of Governor\n\"Ferris, Martin\",Co-opted\n", Some(Kind::Governors));
    let mut office = Browser::signed_in(&school).await;
    let sana = grown_up(&school, "Mrs Sana Khan");
    for (at, section, person) in [
        (0, "staff", called(&school, "Priya")),
        (1, "governors", called(&school, "Martin")),
        (2, "parents", sana),
    ] {
        let agreement = &agreements[at];
        let address = format!("/register/{}/{section}/paper", agreement.slug);
        let page = office.get(&school, &address).await;
        let (token, sheet, id) = (page.form_token(), hidden(&page, "sheet"), person.to_string());
        let fields = [("form_token", token.as_str()), ("sheet", &sheet), ("on", &id), ("day", "2026-09-14")];
        let answer = post_file(&mut office, &school, &address, &fields, None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{section}: {}", answer.text);
        assert!(line(&school, agreement, person).standing.is_signed(), "{section}");
        let page = office.get(&school, &format!("/people/{person}")).await.text;
        assert!(page.contains("on paper, entered by office"), "{page}");
    }
    assert_eq!(school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed(), 0, "no child has signed");
    // Whoever is in no register of an agreement is not entered, whatever a form says.
    let address = "/register/parent/parents/paper".to_owned();
    let page = office.get(&school, &address).await;
    let (token, sheet, tom) = (page.form_token(), hidden(&page, "sheet"), called(&school, "Tom").to_string());
    let fields = [("form_token", token.as_str()), ("sheet", &sheet), ("on", &tom), ("day", "2026-09-14")];
    assert!(
        post_file(&mut office, &school, &address, &fields, None).await.text.contains("Tick whoever signed")
    );
    for nowhere in
        ["/register/parent/left/paper", "/register/parent/elsewhere/paper", "/register/none/staff/paper"]
    {
        assert_eq!(office.get(&school, nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn a_scan_is_for_the_office_alone_and_comes_as_a_file_and_never_within_a_page() {
    let (school, mut office) = ready().await;
    let (tom, ks1) = (called(&school, "Tom"), ks1("3.0"));
    let taken = photograph();
    enter(&school, &mut office, &[tom], "2026-09-14", Some(("IMG_1.html", &taken))).await;
    let id = signature(&school, &ks1, tom);
    let address = format!("/paper/{id}/scan");
    let file = office.get(&school, &address).await;
    let said = |name: header::HeaderName| file.headers[name].to_str().unwrap().to_owned();
    assert_eq!(said(header::CONTENT_TYPE), "image/jpeg", "by what it is, not by what it says that it is");
    let named = said(header::CONTENT_DISPOSITION);
    assert!(
        named.starts_with("attachment; filename=\"scan-") && named.ends_with("-PERSONAL-DATA.jpeg\""),
        "{named}"
    );
    assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(said(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"));
    assert_eq!(said(header::CACHE_CONTROL), "no-store");
    assert!(!file.text.contains("GPS"), "where it was taken is not kept");
    let log = held::made(&school, tom).0.log;
    assert!(log.iter().any(|one| one.what == "scan taken as a file"), "that it was taken is on record");

    let page = office.get(&school, &format!("/paper/{id}")).await;
    for inline in ["<img src=\"/paper", "<iframe", "<object", "<embed", "\"data:"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
    // A form without the token of its page changes nothing.
    let forged = [("what", "scan-away"), ("sure", "yes"), ("form_token", "0000")];
    assert_eq!(office.post(&school, &format!("/paper/{id}"), &forged).await.status, StatusCode::FORBIDDEN);
    assert!(school.hub.store.paper(id).unwrap().unwrap().scan.is_some());

    for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::Office) {
        let mut other = Browser::with_duty(&school, duty.as_str(), duty).await;
        for path in [format!("/paper/{id}"), address.clone()] {
            assert_eq!(other.get(&school, &path).await.status, StatusCode::NOT_FOUND, "{duty:?} at {path}");
        }
        let sent = post_file(&mut other, &school, &format!("/paper/{id}"), &forged, None).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
    assert_eq!(Browser::default().get(&school, &address).await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn a_scan_is_added_later_for_the_whole_sheet_replaced_never_and_taken_away_for_good() {
    let (school, mut office) = ready().await;
    let (tom, maya) = (called(&school, "Tom"), pupil(&school, "Maya", "Khan").id);
    enter(&school, &mut office, &[tom, maya], "2026-09-14", None).await;
    let ks1 = ks1("3.0");
    let (toms, mayas) = (signature(&school, &ks1, tom), signature(&school, &ks1, maya));
    let address = format!("/paper/{toms}");
    let page = office.get(&school, &address).await;
    assert!(page.text.contains("keep it also with the other one that was entered together"), "{}", page.text);
    let token = page.form_token();
    let scan = |id| school.hub.store.paper(id).unwrap().unwrap().scan;
    let add = [("form_token", token.as_str()), ("what", "scan"), ("all", "yes")];
    let (file, other) = (document(), photograph());
    let none = post_file(&mut office, &school, &address, &add, None).await;
    assert!(none.text.contains("Choose the file"), "{}", none.text);
    let added = post_file(&mut office, &school, &address, &add, Some(("a.pdf", &file))).await;
    assert_eq!(added.leads_to(), address, "{}", added.text);
    assert_eq!((scan(toms).unwrap().records, scan(mayas).unwrap().records), (2, 2));

    let replaced = post_file(&mut office, &school, &address, &add, Some(("b.jpg", &other))).await;
    assert!(replaced.text.contains("never replaced"), "{}", replaced.text);
    assert_eq!(scan(toms).unwrap().kind, scan::Kind::Pdf);

    let page = office.get(&school, &address).await.text;
    assert!(page.contains("One other signature has the same scan"), "{page}");
    assert!(retention::pages_with(&school, MARKER.as_bytes()) > 0, "the search finds what is there");
    let away = [("form_token", token.as_str()), ("what", "scan-away")];
    let unsure = office.post(&school, &address, &away).await;
    assert!(unsure.text.contains("Tick that you mean it"), "{}", unsure.text);
    assert!(scan(toms).is_some());
    let away = [&away[..], &[("sure", "yes")]].concat();
    assert_eq!(office.post(&school, &address, &away).await.leads_to(), address);
    assert_eq!((scan(toms), scan(mayas)), (None, None));
    assert_eq!(retention::pages_with(&school, MARKER.as_bytes()), 0, "not in the file, nor in its log");
    assert!(line(&school, &ks1, tom).standing.is_signed(), "what was entered stays");
    let log = held::made(&school, maya).0.log;
    assert!(log.iter().any(|one| one.what == "scan taken away"), "of everybody on it");
}

#[tokio::test]
async fn consent_forms_and_visitors_papers_have_their_scan_too_and_lose_nothing_that_was_typed() {
    let school = asking_school().await;
    let mut pack = asking(images("1.0", "Anybody can see it."));
    pack.content.agreements.push(agreement(Audience::Visitor, "1.3", &["I wear my badge."]));
    pack.made.0 += 1;
    school.publish(&pack);
    let mut office = Browser::signed_in(&school).await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let mother = grown_up(&school, "Mrs Sana Khan").to_string();
    let address = format!("/consent/pupil/{maya}");
    let token = office.get(&school, &address).await.form_token();
    let fields = [
        ("form_token", token.as_str()),
        ("by", &mother),
        ("day", "2026-09-14"),
        ("use-website", "no"),
        ("use-printed", "yes"),
    ];
    let to = format!("{address}/paper/images");
    let refused = post_file(&mut office, &school, &to, &fields, Some(("form.pdf", b"no scan"))).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.text.matches(" checked").count(), 3, "{}", refused.text);
    assert!(refused.text.contains("<details class=\"wall card\" open>"), "{}", refused.text);
    let form = &images("1.0", "Anybody can see it.").id;
    let book = || school.hub.store.consent_book(&pack.content, school.hub.today().unwrap()).unwrap();
    assert!(book().taken(maya, form).is_empty());
    let file = document();
    let kept = post_file(&mut office, &school, &to, &fields, Some(("form.pdf", &file))).await;
    assert_eq!(kept.leads_to(), address, "{}", kept.text);
    let decision = book().taken(maya, form)[0].clone();
    assert_eq!(decision.scan.unwrap().kind, scan::Kind::Pdf);
    let paper = format!("/paper/{}", decision.decision.id);
    let page = office.get(&school, &address).await.text;
    assert!(page.contains(&paper) && page.contains("The paper and its scan"), "{page}");
    let page = office.get(&school, &paper).await.text;
    assert!(page.contains("Mrs Sana Khan") && page.contains("Pictures of your child"), "{page}");
    assert!(!page.contains("Take the signature back"), "an answer is changed by another answer: {page}");
    let words = held::words(&held::made(&school, maya).1);
    assert!(words.contains("A scan of the paper is held: PDF"), "{words}");

    let token = office.get(&school, "/visitors").await.form_token();
    let fields = [
        ("form_token", token.as_str()),
        ("name", "Ann Lee"),
        ("about", "Ace Heating"),
        ("agreement", "visitor"),
        ("day", "2026-09-14"),
    ];
    let refused = post_file(&mut office, &school, "/visitors", &fields, Some(("a.png", b"no scan"))).await;
    assert!(refused.text.contains("value=\"Ace Heating\""), "{}", refused.text);
    let file = photograph();
    let kept = post_file(&mut office, &school, "/visitors", &fields, Some(("a.png", &file))).await;
    let visitor = school.hub.store.visitors().unwrap().remove(0);
    assert_eq!(kept.leads_to(), format!("/visitors/{}", visitor.id));
    assert_eq!(visitor.scan.unwrap().kind, scan::Kind::Jpeg);
    let page = office.get(&school, &format!("/visitors/{}", visitor.id)).await.text;
    assert!(page.contains(&format!("/paper/{}", visitor.id)) && page.contains("photograph (JPEG)"), "{page}");
    let held = school.hub.store.visitor_held(&[visitor.id]).unwrap();
    let words = held::words(&held::maker(&school).visitor_paper(&held));
    assert!(words.contains("A scan of the paper is held: photograph (JPEG)"), "{words}");
    let csv = office.get(&school, "/visitors/visitors.csv").await.text;
    assert!(csv.contains("photograph (JPEG)"), "{csv}");
}

/// The rules of retention, and the agreement for Key Stage 1.
fn keeping() -> PackDraft {
    let mut draft = draft(vec![ks1("3.0")]);
    draft.content.retention = Some(retention::rules());
    draft
}

fn without(name: &str, from: &str) -> String {
    from.lines().filter(|line| !line.contains(name)).map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn a_scan_goes_with_the_last_record_that_it_belongs_to_and_no_backup_brings_it_back() {
    let mut school = School::open().await;
    school.import(PUPILS);
    school.publish(&keeping());
    let mut office = Browser::signed_in(&school).await;
    let (tom, ivy) = (called(&school, "Tom"), pupil(&school, "Maya", "Osei").id);
    let file = document();
    enter(&school, &mut office, &[tom, ivy], "2026-09-14", Some(("sheet.pdf", &file))).await;
    let mayas = signature(&school, &ks1("3.0"), ivy);
    let marker = |school: &School| {
        assert!(school.hub.store.empty_log().unwrap());
        retention::pages_with(school, MARKER.as_bytes())
    };
    assert!(marker(&school) > 0, "the search finds what is there");
    let stick = school.dir.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let before = make::make(&school.hub, &stick, Actor::CommandLine).unwrap();

    let without_tom = without("Tom", PUPILS);
    assert_eq!(school.import(&without_tom).left, 1);
    assert!(retention::days(&school, 62) > 0);
    assert!(school.hub.store.signatures_of(tom).unwrap().is_empty(), "his is gone");
    let scan = school.hub.store.paper(mayas).unwrap().unwrap().scan.unwrap();
    assert_eq!(scan.records, 1, "it is still hers");
    assert!(marker(&school) > 0);

    assert_eq!(school.import(&without("Osei", &without_tom)).left, 1);
    assert!(retention::days(&school, 62) > 0);
    assert!(school.hub.store.paper(mayas).unwrap().is_none());
    assert_eq!(marker(&school), 0, "in no page of the file, nor of its log");
    school.hub.store.look_through().unwrap();

    // A backup of before is put back: what was erased since is erased again.
    make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    let new = tempfile::tempdir().unwrap();
    let (folder, clock) = (Folder::new(new.path().join("data")), Clock::set_by_hand(school.time.clone()));
    let restored = restore::restore(&before.file, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
    assert!(restored.erased_again.unwrap() >= 2, "{restored:?}");
    school.put_back(&new).await;
    assert_eq!(marker(&school), 0);
    assert!(school.hub.store.paper(mayas).unwrap().is_none());
    // Whoever signs in there finds no scan.
    assert_eq!(office.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    assert_eq!(office.get(&school, &format!("/paper/{mayas}/scan")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_scan_that_was_taken_away_stays_away_when_a_backup_is_put_back() {
    let (mut school, mut office) = ready().await;
    let (tom, file) = (called(&school, "Tom"), document());
    enter(&school, &mut office, &[tom], "2026-09-14", Some(("sheet.pdf", &file))).await;
    let toms = signature(&school, &ks1("3.0"), tom);
    let stick = school.dir.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let before = make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    school.pass(60);
    assert!(school.hub.store.take_scan_away(toms, 1, school.hub.now()).unwrap());
    make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    let new = tempfile::tempdir().unwrap();
    let (folder, clock) = (Folder::new(new.path().join("data")), Clock::set_by_hand(school.time.clone()));
    restore::restore(&before.file, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
    school.put_back(&new).await;
    let paper = school.hub.store.paper(toms).unwrap().unwrap();
    assert_eq!(paper.scan, None, "the signature is back, the scan is not");
    school.hub.store.empty_log().unwrap();
    assert_eq!(retention::pages_with(&school, MARKER.as_bytes()), 0);
}

#[tokio::test]
async fn the_headteacher_who_may_see_what_is_held_sees_no_scan() {
    let (school, mut office) = ready().await;
    let (tom, file) = (called(&school, "Tom"), document());
    enter(&school, &mut office, &[tom], "2026-09-14", Some(("sheet.pdf", &file))).await;
    let id = signature(&school, &ks1("3.0"), tom);
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    assert_eq!(head.get(&school, "/held?name=lowe").await.status, StatusCode::OK);
    assert_eq!(head.get(&school, &format!("/paper/{id}/scan")).await.status, StatusCode::NOT_FOUND);
}
