//! The visitors' book: what the entrance's kiosk sends, what the office finds in it, and what goes for good.

use hub::store::{accounts::Duty, held::Logged, visitors::Came};
use hyper::StatusCode;
use records::{
    agreement::{Agreement, Audience},
    envelope::NamedRecord,
    ids::RecordId,
    language::Language,
    report::Role,
    signature::{Drawing, HelpText, Mark, Point},
    sync::Outcome,
    visitor::{VisitorSignature, Written},
};

use crate::{
    browser::Browser,
    held::{maker, words},
    kiosk::Kiosk,
    retention,
    school::{PUPILS, School, agreement, draft, ks1},
};

fn agreements() -> Vec<Agreement> {
    let of = |audience, slug: &str, promise: &str| Agreement {
        slug: slug.parse().unwrap(),
        ..agreement(audience, "1.3", &[promise])
    };
    vec![
        ks1("3.0"),
        of(Audience::Visitor, "visitor", "I wear my badge."),
        of(Audience::Community, "community", "I name one adult who watches over screens."),
        of(Audience::Guest, "guest", "I keep the code to myself."),
    ]
}

async fn entrance() -> (School, Kiosk) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(agreements()));
    let kiosk = Kiosk::paired(&school).await;
    (school, kiosk)
}

fn signed(school: &School, kiosk: &Kiosk, name: &str, about: &str, audience: Audience) -> VisitorSignature {
    let agreement = agreements().into_iter().find(|one| one.audience == audience).unwrap();
    VisitorSignature {
        id: RecordId::from_bytes(hub::random::bytes()),
        name: Written::new(name).unwrap(),
        about: Written::new(about).ok(),
        audience,
        words: agreement.digest(),
        agreement: agreement.slug,
        version: agreement.version,
        help: None,
        when: school.hub.now(),
        device: kiosk.identity.device,
        mark: Mark::Drawn(Drawing::new(vec![vec![Point(10, 20), Point(400, 500)]]).unwrap()),
    }
}

async fn deliver(school: &School, kiosk: &mut Kiosk, signature: &VisitorSignature) -> Vec<u8> {
    let sealed = kiosk.seal(&NamedRecord::Visitor(signature.clone()));
    let batch = kiosk.batch(vec![sealed]);
    assert_eq!(kiosk.send(school, batch.clone()).await.unwrap(), [Outcome::Stored]);
    batch
}

#[tokio::test]
async fn whoever_signs_at_the_entrance_is_in_the_book_once_with_what_they_wrote() {
    let (school, mut kiosk) = entrance().await;
    let help =
        HelpText { language: "pl".parse::<Language>().unwrap(), digest: records::digest::Digest::of(b"pl") };
    let ann = VisitorSignature {
        help: Some(help),
        ..signed(&school, &kiosk, "Ann Żak", "Mrs Adeyemi", Audience::Visitor)
    };
    let batch = deliver(&school, &mut kiosk, &ann).await;
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::AlreadyHeld]);
    let book = school.hub.store.visitors().unwrap();
    let [line] = &book[..] else { panic!("{book:?}") };
    assert_eq!((line.name.as_str(), line.about.as_str()), ("Ann Żak", "Mrs Adeyemi"));
    assert_eq!((line.audience, line.words), (Audience::Visitor, ann.words));
    assert_eq!(line.help.as_ref().map(Language::as_str), Some("pl"));
    assert!(matches!(&line.came, Came::Kiosk(name, mark) if name == "Oak classroom" && *mark == ann.mark));
}

#[tokio::test]
async fn the_office_finds_a_visitor_by_name_by_day_and_by_what_they_signed_newest_first() {
    let (school, mut kiosk) = entrance().await;
    let mut browser = Browser::signed_in(&school).await;
    let page = browser.get(&school, "/visitors").await.text;
    assert!(page.contains("Nobody yet") && page.contains("choose “Entrance”"), "{page}");
    let mut first = signed(&school, &kiosk, "Zoe Quick", "Ace Heating", Audience::Visitor);
    first.when.0 -= 24 * 3600;
    deliver(&school, &mut kiosk, &first).await;
    let yesterday = hub::clock::day(first.when, &jiff::tz::TimeZone::UTC);
    let second = signed(&school, &kiosk, "<b>Ann</b> Lee", "", Audience::Guest);
    deliver(&school, &mut kiosk, &second).await;
    let mut look = async |address: &str| browser.get(&school, address).await.text;
    let at = |page: &str, name: &str| page.find(name).unwrap_or(usize::MAX);

    let page = look("/visitors").await;
    assert!(at(&page, "Lee") < at(&page, "Zoe Quick"), "newest first: {page}");
    assert!(!page.contains("<b>Ann"), "a name is never markup");
    assert!(
        page.contains("<dd id=\"today\">1</dd>") && page.contains("never who is in the building"),
        "{page}"
    );
    let page = look("/visitors?name=ace").await;
    assert!(page.contains("Zoe Quick") && !page.contains("Lee"), "also by whom they came to see: {page}");
    let page = look("/visitors?agreement=guest").await;
    assert!(page.contains("Lee") && !page.contains("Zoe Quick"), "{page}");
    let page = look(&format!("/visitors?day={yesterday}")).await;
    assert!(page.contains("Zoe Quick") && !page.contains("Lee"), "{page}");
    let page = look("/visitors?sort=name").await;
    assert!(at(&page, "Lee") < at(&page, "Zoe Quick"));
    let page = look("/visitors?name=nobody&page=99").await;
    assert!(page.contains("Nobody in the book is like that"), "{page}");
    let home = look("/").await;
    assert!(home.contains("<strong>1</strong> signed this year") && home.contains("Nobody has signed yet"));
    let to = browser.get(&school, "/register/guest").await;
    assert_eq!(to.leads_to(), "/visitors?agreement=guest");

    let file = browser.get(&school, "/visitors/visitors.csv?agreement=visitor&").await;
    let name = file.headers["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.contains("PERSONAL-DATA"), "{name}");
    assert!(file.text.contains("PERSONAL DATA") && file.text.contains("\"Zoe Quick\""), "{}", file.text);
    assert!(!file.text.contains("Lee"), "what was chosen, and no more");
    assert!(school.hub.store.check_audit().unwrap() > 0);
}

#[tokio::test]
async fn a_paper_is_entered_and_a_line_is_taken_back_and_stands_again() {
    let (school, _) = entrance().await;
    let mut browser = Browser::signed_in(&school).await;
    let token = browser.get(&school, "/visitors").await.form_token();
    let today = school.hub.today().unwrap().to_string();
    let today = today.as_str();
    let mut post = async |name: &str, agreement: &str, day: &str| {
        let fields = [
            ("name", name),
            ("about", "the parents’ evening"),
            ("agreement", agreement),
            ("day", day),
            ("form_token", token.as_str()),
        ];
        browser.post(&school, "/visitors", &fields).await
    };
    for (name, agreement, day, told) in [
        (" ", "visitor", today, "write at least one letter"),
        ("A\u{202e}b", "visitor", today, "ordinary signs alone"),
        ("Ann Lee", "staff", today, "Say which agreement"),
        ("Ann Lee", "visitor", "2099-01-01", "it is not after today"),
        ("Ann Lee", "visitor", "soon", "it is not after today"),
    ] {
        let page = post(name, agreement, day).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name:?} {agreement} {day}");
        assert!(page.text.contains("Nothing was kept") && page.text.contains(told), "{}", page.text);
        assert!(page.text.contains("the parents’ evening"), "what was typed is not typed again");
    }
    assert!(school.hub.store.visitors().unwrap().is_empty());
    let page = post("Ann Lee", "community", "2026-09-10").await;
    let address = page.leads_to().to_owned();
    let one = school.hub.store.visitors().unwrap().remove(0);
    assert_eq!((one.name.as_str(), one.audience), ("Ann Lee", Audience::Community));
    assert!(matches!(&one.came, Came::Paper(by) if by == "office"));
    let page = browser.get(&school, &address).await.text;
    assert!(page.contains("10 September 2026") && page.contains("on paper, entered by office"), "{page}");
    assert!(!page.contains("12:00"), "no time stands on a paper");

    let mut decide = async |what: &str, why: &str| {
        let fields = [("what", what), ("why", why), ("form_token", token.as_str())];
        browser.post(&school, &address, &fields).await
    };
    assert!(decide("undo", "because").await.text.contains("Say why it is taken back"));
    decide("undo", "slip").await;
    let standing = || school.hub.store.visitors().unwrap()[0].undone.is_none();
    assert!(!standing());
    decide("stand", "").await;
    assert!(standing());
    decide("undo", "asked").await;
    let page = browser.get(&school, "/visitors").await.text;
    assert!(page.contains("Ann Lee") && page.contains("taken back") && page.contains("they asked for it"));
    let log = school.hub.store.visitor_held(&[one.id]).unwrap().log;
    let said: Vec<_> = log.iter().map(|Logged { what, .. }| what.as_str()).collect();
    let expected = [
        "visitor entered from paper",
        "visitor’s signature taken back",
        "visitor’s signature stands again",
        "visitor’s signature taken back",
    ];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_visitor_is_handed_all_that_is_held_of_their_own_lines_and_of_no_other() {
    let (school, mut kiosk) = entrance().await;
    let mine = signed(&school, &kiosk, "Ann Lee", "Ace Heating", Audience::Visitor);
    let namesake = signed(&school, &kiosk, "ANN LEE", "the chess club", Audience::Community);
    for one in [&mine, &namesake] {
        deliver(&school, &mut kiosk, one).await;
    }
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let page = head.get(&school, "/held?name=ann+lee").await.text;
    assert!(page.contains("Ace Heating") && page.contains("the chess club"), "{page}");
    assert!(page.contains("Two people may have one name") && !page.contains("checked"), "{page}");
    let held = school.hub.store.visitor_held(&[mine.id]).unwrap();
    let paper = words(&maker(&school).visitor_paper(&held));
    assert!(paper.contains("The name that you wrote: Ann Lee") && paper.contains("Ace Heating"), "{paper}");
    assert!(!paper.contains("chess") && paper.contains("designated safeguarding lead"), "{paper}");
    let token = head.get(&school, "/held").await.form_token();
    let nobody = head.post(&school, "/held/visitors", &[("form_token", &token)]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND, "no line, no pages");
    for path in ["/visitors", &format!("/visitors/{}", mine.id), "/visitors/visitors.csv"] {
        assert_eq!(head.get(&school, path).await.status, StatusCode::NOT_FOUND, "the book is the office’s");
    }
}

#[tokio::test]
async fn who_asks_to_be_erased_is_gone_for_good_also_when_the_kiosk_delivers_once_more() {
    let (school, mut kiosk) = entrance().await;
    let ann = signed(&school, &kiosk, "Ann Quillfeather", "", Audience::Visitor);
    let batch = deliver(&school, &mut kiosk, &ann).await;
    let mut browser = Browser::signed_in(&school).await;
    let address = format!("/visitors/{}", ann.id);
    let token = browser.get(&school, &address).await.form_token();
    let fields = [("what", "erase"), ("form_token", token.as_str())];
    assert!(browser.post(&school, &address, &fields).await.text.contains("Nothing was erased"));
    assert_eq!(school.hub.store.visitors().unwrap().len(), 1);
    assert!(retention::pages_with(&school, b"Quillfeather") > 0, "the search finds what is there");
    let fields = [("what", "erase"), ("sure", "yes"), ("form_token", token.as_str())];
    browser.post(&school, &address, &fields).await;
    assert!(school.hub.store.visitors().unwrap().is_empty());
    assert_eq!(retention::pages_with(&school, b"Quillfeather"), 0, "not in the file, nor in its log");
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::AlreadyHeld]);
    assert!(school.hub.store.visitors().unwrap().is_empty(), "and it stays gone");
    assert_eq!(browser.get(&school, &address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_book_forgets_by_the_schools_rule_and_shows_before_what_goes() {
    let (school, mut kiosk) = entrance().await;
    let mut with_rules = draft(agreements());
    with_rules.made.0 += 1;
    with_rules.content.retention = Some(retention::rules());
    school.publish(&with_rules);
    let mut ann = signed(&school, &kiosk, "Ann Lee", "", Audience::Visitor);
    // A kiosk whose clock was set back long ago says so of what is signed today.
    ann.when.0 -= 400 * 24 * 3600;
    deliver(&school, &mut kiosk, &ann).await;
    retention::days(&school, 40);
    let mut browser = Browser::signed_in(&school).await;
    let page = browser.get(&school, "/retention").await.text;
    let row = page.split("The visitors’ book").nth(1).unwrap();
    assert!(row.split("</tr>").next().unwrap().contains("<strong>1</strong>"), "it is shown ahead: {row}");
    assert_eq!(school.hub.store.visitors().unwrap().len(), 1, "by the day it came, not by a wrong clock");
    retention::days(&school, 25);
    assert!(school.hub.store.visitors().unwrap().is_empty());
}
