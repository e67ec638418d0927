//! Pages for staff alone, at the desk: who reads them, and who never has one.

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{
    pack::PackDraft,
    staff_page::{Part, Piece, StaffPage, Target},
};

use crate::{
    browser::Browser,
    kept_registers::{keeping, loans},
    kiosk::Kiosk,
    publishing_desk::bring,
    school::{School, draft, ks1},
};

const SECRET: &str = "The site manager, 01632 960 199";

fn page(slug: &str, title: &str, text: Vec<Piece>) -> StaffPage {
    StaffPage { slug: slug.parse().unwrap(), title: title.into(), summary: "Ring first.".into(), text }
}

fn said(words: &str) -> Vec<Piece> {
    vec![Piece::Start(Part::Paragraph), Piece::Words(words.into()), Piece::End]
}

fn with(pages: Vec<StaffPage>) -> PackDraft {
    PackDraft { staff_pages: pages, ..draft(vec![ks1("3.0")]) }
}

#[tokio::test]
async fn whoever_works_here_reads_them_and_governors_kiosks_and_strangers_do_not() {
    let school = School::open().await;
    school.publish(&with(vec![
        page("guides-call-card", "Call card", said(SECRET)),
        page("guides-desk-cards", "Cards for the desk", said("Lock it when you get up.")),
    ]));
    let at = "/staff-pages/guides-call-card";
    for (name, duty) in [("second", Duty::Office), ("teacher", Duty::Staff), ("techie", Duty::Technician)] {
        let mut reader = Browser::with_duty(&school, name, duty).await;
        let list = reader.get(&school, "/staff-pages").await.text;
        assert!(list.find("Call card").unwrap() < list.find("Cards for the desk").unwrap(), "in their order");
        assert!(list.contains(&format!("href=\"{at}\"")), "{list}");
        let registers = reader.get(&school, "/registers").await.text;
        assert!(registers.contains(&format!("href=\"{at}\"")), "one tap from where {name} begins");
        let page = reader.get(&school, at).await.text;
        assert!(page.contains(SECRET) && page.contains("Ring first."), "{page}");
        assert_eq!(reader.get(&school, "/staff-pages/guides-no").await.status, StatusCode::NOT_FOUND);
    }
    let mut governor = Browser::with_duty(&school, "governor", Duty::Governor).await;
    assert_eq!(governor.get(&school, at).await.status, StatusCode::NOT_FOUND);
    assert!(!governor.get(&school, "/registers").await.text.contains("Call card"));
    let mut stranger = Browser::default();
    assert_eq!(stranger.get(&school, at).await.leads_to(), "/sign-in");
    let kiosk = Kiosk::paired(&school).await;
    let pack = kiosk.get(&school, "/kiosk/pack").await.unwrap();
    assert!(!pack.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()), "no kiosk has them");
}

#[tokio::test]
async fn they_are_those_of_the_newest_pack_and_whoever_publishes_sees_which_they_are_first() {
    let school = School::open().await;
    school.publish(&with(vec![page("guides-call-card", "Call card", said(SECRET))]));
    let mut office = Browser::signed_in(&school).await;
    let newer = with(vec![page("guides-walk-round", "Weekly walk round", said("Look at each screen."))]);
    let look = bring(&mut office, &school, &newer.write()).await;
    assert!(
        look.text.contains("Pages for staff alone") && look.text.contains("Weekly walk round"),
        "{}",
        look.text
    );
    school.publish(&newer);
    assert_eq!(
        office.get(&school, "/staff-pages/guides-call-card").await.status,
        StatusCode::NOT_FOUND,
        "what the school took out is gone"
    );
    assert!(
        office.get(&school, "/staff-pages/guides-walk-round").await.text.contains("Look at each screen.")
    );
    school.publish(&with(Vec::new()));
    assert!(office.get(&school, "/staff-pages").await.text.contains("None yet"));
    let twice = with(vec![page("guides-a", "One", said("x")), page("guides-a", "Another", said("y"))]);
    let refused = school.hub.publish(&twice).unwrap_err().to_string();
    assert!(refused.contains("two pages for staff named “guides-a”"), "{refused}");
}

#[tokio::test]
async fn a_form_that_a_page_names_leads_to_its_register_for_whoever_may_open_it() {
    let mut pack = keeping(vec![loans()]);
    let form = pack.content.registers[0].form.id.clone();
    let link = vec![
        Piece::Start(Part::Link(Target::Form(form.clone(), None))),
        Piece::Words("write it down".into()),
        Piece::End,
    ];
    pack.staff_pages = vec![page("guides-list", "List", link)];
    let school = School::open().await;
    school.publish(&pack);
    let mut office = Browser::signed_in(&school).await;
    let read = office.get(&school, "/staff-pages/guides-list").await.text;
    assert!(read.contains(&format!("<a href=\"/registers/{form}\">write it down</a>")), "{read}");
    let register = office.get(&school, &format!("/registers/{form}")).await;
    assert_eq!(register.status, StatusCode::OK);
}
