//! Figures for the governing board: how many, never who.

use std::collections::HashSet;

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{
    pack::{PackDraft, Term},
    report::{Report, Role, Route},
};

use crate::{
    browser::{Browser, PASSWORD},
    calls::{ask, new_call},
    consents::{asking, images},
    kiosk::Kiosk,
    report_work::enter,
    safeguarding::{Told, report},
    school::{School, day, draft, ks1},
};

/// A class of thirty with names that stand nowhere else.
fn thirty() -> String {
    let pupils = (0..30).map(|n| format!("Zed{n:02},Quill{n:02},A8232000120{n:02},Year 1,Acorn\n"));
    format!("Forename,Surname,UPN,Year Group,Class\n{}", pupils.collect::<String>())
}

fn with_terms(mut pack: PackDraft) -> PackDraft {
    pack.content.terms = vec![
        Term { starts: day("2026-09-03"), ends: day("2026-09-16") },
        Term { starts: day("2026-09-17"), ends: day("2026-12-18") },
        Term { starts: day("2027-01-04"), ends: day("2027-03-26") },
    ];
    pack
}

/// The cells of the row that begins with these words.
fn row(page: &str, head: &str) -> Vec<String> {
    let row = page.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{head}")));
    let row = row.unwrap_or_else(|| panic!("{head}: {page}"));
    let cells = row.split("<td").skip(1);
    cells.map(|cell| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_governor_sees_how_many_signed_and_allowed_what_and_no_small_number_and_no_name() {
    let school = School::open().await;
    school.import(&thirty());
    school.publish(&with_terms(asking(images("1.0", "Anybody can see it."))));
    let pack = school.hub.pack().unwrap().unwrap();
    let promise = pack.content.agreements[0].clone();
    let mut kiosk = Kiosk::paired(&school).await;
    let people = school.hub.store.people().unwrap();
    for pupil in &people[..28] {
        kiosk.sign(&school, pupil.id, &promise).await;
    }
    let mut governor = Browser::with_duty(&school, "b.okoro", Duty::Governor).await;
    let page = governor.get(&school, "/figures").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(row(&page.text, &promise.title), ["30", "more than 25", "fewer than 5"]);
    let form = &pack.content.consent[0].form;
    assert_eq!(row(&page.text, &form.purposes[0].words), ["0", "0", "30"], "nobody was asked");
    let file = governor.get(&school, "/figures/figures.csv").await.text;
    assert!(
        file.contains("No names, and small numbers are left out") && file.contains("more than 25"),
        "{file}"
    );
    for text in [&page.text, &file] {
        assert!(
            !text.contains("Zed")
                && !text.contains("Quill")
                && !text.contains(">28<")
                && !text.contains("\"28\""),
            "{text}"
        );
    }
    // The two who are left sign: that everybody has may be said.
    for pupil in &people[28..] {
        kiosk.sign(&school, pupil.id, &promise).await;
    }
    let page = governor.get(&school, "/figures").await.text;
    assert_eq!(row(&page, &promise.title), ["30", "30", "0"]);
}

#[tokio::test]
async fn calls_are_counted_by_term_with_how_soon_somebody_went() {
    let school = School::open().await;
    school.publish(&with_terms(draft(vec![ks1("3.0")])));
    let kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    // Six that somebody goes to within a minute, in the first term; six in the second that wait ten minutes.
    for waits in [60, 600] {
        for _ in 0..6 {
            let call = new_call(&kiosk, &school);
            ask(&kiosk, &school, &call).await.unwrap();
            school.pass(waits);
            let token = office.get(&school, "/kiosks").await.form_token();
            let path = format!("/calls/{}", kiosk.identity.device);
            office.post(&school, &path, &[("form_token", &token)]).await;
        }
        school.pass(3 * 86_400);
        office.try_sign_in(&school, "office", PASSWORD).await;
    }
    let page = office.get(&school, "/figures").await.text;
    assert_eq!(row(&page, "3 September to 16 September"), ["6", "0", "0"]);
    assert_eq!(row(&page, "17 September to 18 December"), ["0", "6", "0"]);
    assert!(!page.contains("4 January"), "a term that has not begun has no figures");
}

fn about(place: &str) -> Report {
    let mut report = report(None);
    report.place = Some(place.parse().unwrap());
    report
}

#[tokio::test]
async fn reports_are_counted_for_whoever_can_open_them_and_those_about_grown_ups_are_in_no_figure() {
    let mut told = Told::begun().await;
    let pack = with_terms(told.draft());
    told.school.publish(&pack);
    let mut reports: Vec<_> = (0..6).map(|_| (Route::Safeguarding, about("classroom"))).collect();
    reports.push((Route::Safeguarding, about("bus")));
    reports.push((Route::AboutGrownUp, about("office")));
    told.bring(reports).await;
    let listed: HashSet<_> = told.listed(Role::Headteacher).await.into_iter().collect();
    assert_eq!(listed.len(), 8, "the headteacher opens both ways");
    let first = told.listed(Role::Safeguarding).await.remove(0);
    let incident = [
        ("kind", "incident"),
        ("heading", "Contact"),
        ("sort", "Blackmail"),
        ("place", "Oak classroom"),
        ("what", "Somebody asked for pictures"),
    ];
    assert_eq!(enter(&mut told, Role::Safeguarding, &first, &incident).await.status, StatusCode::SEE_OTHER);
    for role in [Role::Safeguarding, Role::Headteacher] {
        let page = told.page(role, "/safeguarding/figures").await.text;
        let term = row(&page, "3 September to 16 September");
        assert_eq!(term, ["7", "0", "7", "not shown"], "{role:?}");
        assert_eq!(row(&page, "Somebody wrote to me"), ["7"]);
        assert_eq!(row(&page, "classroom"), ["not shown"], "it would give the one on the bus away");
        assert_eq!(row(&page, "bus"), ["not shown"]);
        assert_eq!(row(&page, "Contact"), ["not shown"]);
        assert!(!page.contains("he &lt;b&gt;said") && !page.contains("asked for pictures"), "{page}");
    }
    assert!(told.page(Role::Headteacher, "/safeguarding").await.text.contains("/safeguarding/figures"));
    let chair = told.page(Role::Chair, "/safeguarding/figures").await;
    assert_eq!(chair.status, StatusCode::NOT_FOUND, "who reads none of them counts none");
    assert!(!told.page(Role::Chair, "/safeguarding").await.text.contains("/safeguarding/figures"));
    // Before the box is open there is nothing to count.
    let token = told.page(Role::Safeguarding, "/safeguarding").await.form_token();
    let dsl = &mut told.holders[Role::Safeguarding as usize];
    dsl.post(&told.school, "/safeguarding/lock", &[("form_token", &token)]).await;
    assert_eq!(dsl.get(&told.school, "/safeguarding/figures").await.leads_to(), "/safeguarding");
    for duty in [Duty::Office, Duty::Governor, Duty::Technician] {
        let mut other = Browser::with_duty(&told.school, &format!("other-{}", duty.as_str()), duty).await;
        let page = other.get(&told.school, "/safeguarding/figures").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
}
