//! Where pupils are shown on the website, and what has to be taken down.

use hyper::StatusCode;
use records::{
    consent::Answer,
    day::Moment,
    digest::Digest,
    ids::PersonId,
    published::{Published, PublishedList},
};

use crate::{
    browser::{Browser, Page},
    consents::{asking, asking_school, decision, deliver, grown_up, images, pupil, take_contacts},
    held,
    kiosk::Kiosk,
    school::School,
};

fn list(made: i64, places: &[(PersonId, &str)]) -> PublishedList {
    let place = |(pupil, page): &(PersonId, &str)| Published {
        pupil: *pupil,
        page: (*page).to_owned(),
        picture: Digest::of(page.as_bytes()),
    };
    PublishedList { made: Moment(made), entries: places.iter().map(place).collect() }
}

async fn bring(school: &School, office: &mut Browser, list: &[u8]) -> Page {
    let token = office.get(school, "/consent/published").await.form_token();
    let mut body = format!(
        "--between\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--between\r\nContent-Disposition: form-data; name=\"file\"; filename=\"school.published\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(list);
    body.extend_from_slice(b"\r\n--between--\r\n");
    office.post_bytes(school, "/consent/published", "multipart/form-data; boundary=between", body).await
}

async fn say(school: &School, office: &mut Browser, place: &Published, what: &str) -> Page {
    let token = office.get(school, "/consent/published").await.form_token();
    let (pupil, picture) = (place.pupil.to_string(), place.picture.to_string());
    let fields = [
        ("pupil", pupil.as_str()),
        ("page", &place.page),
        ("picture", &picture),
        ("what", what),
        ("form_token", &token),
    ];
    office.post(school, "/consent/published/gone", &fields).await
}

#[tokio::test]
async fn a_withdrawal_says_where_the_pupil_is_shown_until_somebody_says_it_is_gone() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let form = images("1.0", "Anybody can see it.");
    let maya = pupil(&school, "Maya", "Khan").id;
    let sana = grown_up(&school, "Mrs Sana Khan");
    let yes =
        decision(&school, (maya, sana), &form, &[("website", Answer::Yes), ("printed", Answer::No)], vec![]);
    deliver(&school, &mut kiosk, std::slice::from_ref(&yes)).await;
    let now = school.hub.now().0;
    let nobody = PersonId::from_bytes([9; 16]);
    let shown = list(now - 3600, &[(maya, "guides/sports/"), (maya, "index.html"), (nobody, "index.html")]);
    let page = bring(&school, &mut office, &shown.write()).await.text;
    assert!(page.contains("2 places where a pupil is shown") && page.contains("1 are of nobody"), "{page}");
    assert!(page.contains("Nothing to take down") && page.contains("May be shown: 1 pupil"), "{page}");
    let home = office.get(&school, "/").await.text;
    assert!(!home.contains("Take "), "{home}");

    // She changes her mind: the office is told where.
    let no = decision(
        &school,
        (maya, sana),
        &form,
        &[("website", Answer::No), ("printed", Answer::No)],
        vec![yes.id],
    );
    deliver(&school, &mut kiosk, std::slice::from_ref(&no)).await;
    let home = office.get(&school, "/").await.text;
    assert!(home.contains("2 pictures are on the website") && !home.contains("Maya"), "{home}");
    let page = office.get(&school, &format!("/consent/pupil/{maya}")).await.text;
    assert!(page.contains("These have to come down") && page.contains("guides/sports/"), "{page}");
    let place = &shown.entries[0];
    say(&school, &mut office, place, "gone").await;
    let page = office.get(&school, &format!("/consent/pupil/{maya}")).await.text;
    assert!(page.contains("taken down 14 September 2026, 9:00, says office"), "{page}");
    assert!(office.get(&school, "/").await.text.contains("a picture is on the website"));
    let looked = office.get(&school, "/consent/published?name=khan&show=gone").await.text;
    assert!(looked.contains("Taken down: 1 pupil") && looked.contains("guides/sports/"), "{looked}");
    assert!(!looked.contains("index.html"), "that one is still there: {looked}");
    let looked = office.get(&school, "/consent/published?name=smith").await.text;
    assert!(looked.contains("No pupil is like that") && !looked.contains("Khan"), "{looked}");
    let noted = school.hub.store.check_audit().unwrap();
    let file = office.get(&school, "/consent/published/published.csv").await.text;
    let lines: Vec<&str> = file.lines().filter(|line| line.contains("Khan")).collect();
    assert_eq!(lines.len(), 2, "a line for each place: {file}");
    assert!(lines.iter().any(|line| line.contains("index.html") && line.contains("take down: no")), "{file}");
    assert!(
        lines.iter().any(|line| line.contains("guides/sports/") && line.contains("says office")),
        "{file}"
    );
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "who took it is on record");
    let again = say(&school, &mut office, place, "gone").await;
    assert!(again.status == StatusCode::BAD_REQUEST && again.text.contains("Nothing was changed"));
    say(&school, &mut office, place, "there").await;
    say(&school, &mut office, place, "gone").await;

    // A later list that has it all the same asks again; one that has it no more says so by itself.
    school.pass(60);
    let page = bring(&school, &mut office, &list(now, &[(maya, "guides/sports/")]).write()).await.text;
    assert!(
        page.contains("1 of before are gone") && page.contains("1 that were said to be taken down"),
        "{page}"
    );
    let page = bring(&school, &mut office, &shown.write()).await;
    assert!(
        page.status == StatusCode::BAD_REQUEST && page.text.contains("a later list, of 14 September 2026")
    );
    let page = bring(&school, &mut office, &list(now, &[]).write()).await.text;
    assert!(page.contains("Nothing to take down"), "{page}");
    let page = office.get(&school, &format!("/consent/pupil/{maya}")).await.text;
    assert_eq!(page.matches("on the site no more, by the check").count(), 2, "{page}");
    let (_, paper) = held::made(&school, maya);
    assert!(held::words(&paper).contains("Shown in a picture on our website: guides/sports/, until"));

    let damaged = &shown.write()[..60];
    for bytes in [damaged, b"", b"not a list"] {
        let page = bring(&school, &mut office, bytes).await;
        assert!(
            page.status == StatusCode::BAD_REQUEST && page.text.contains("or it is damaged"),
            "{}",
            page.text
        );
    }
    school.hub.store.erase_again(&[*maya.as_bytes()], school.hub.now()).unwrap();
    assert!(school.hub.store.published().unwrap().is_empty());
    bring(&school, &mut office, &list(now, &[(maya, "index.html")]).write()).await;
    assert!(school.hub.store.published().unwrap().is_empty(), "who was erased is not written down again");
    school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn where_more_pupils_are_shown_than_a_page_holds_those_to_take_down_come_first_and_nobody_is_left_out()
{
    let school = School::open().await;
    let pupils = (0..130).map(|n| format!("Ann,Archer{n:03},A8232000{n:05},Year 4,Oak\n"));
    let zoe = "Zoe,Young,A823200099999,Year 4,Oak\n".to_owned();
    let csv: String = pupils.chain([zoe]).collect();
    school.import(&format!("Forename,Surname,UPN,Year Group,Class\n{csv}"));
    school.publish(&asking(images("1.0", "Anybody can see it.")));
    let all = school.hub.store.people().unwrap();
    let contacts = all.iter().enumerate().map(|(n, one)| {
        let upn = if one.surname == "Young" { "A823200099999".to_owned() } else { format!("A8232000{n:05}") };
        format!("{upn},Mr Parent{n},,Father,Yes,{n} Lane,\n")
    });
    let contacts: String = contacts.collect();
    let headings = "UPN,Contact Name,Salutation,Relationship,Parental Responsibility,Address 1,Home Language";
    take_contacts(&school, &format!("{headings}\n{contacts}")).unwrap();

    // All but Zoe, the last by surname, may be shown.
    let mut kiosk = Kiosk::paired(&school).await;
    let form = images("1.0", "Anybody can see it.");
    let zoe = pupil(&school, "Zoe", "Young").id;
    let yes = [("website", Answer::Yes), ("printed", Answer::Yes)];
    let may: Vec<_> = (0..all.len())
        .filter(|n| all[*n].id != zoe)
        .map(|n| {
            let parent = grown_up(&school, &format!("Mr Parent{n}"));
            decision(&school, (all[n].id, parent), &form, &yes, vec![])
        })
        .collect();
    deliver(&school, &mut kiosk, &may).await;
    let places: Vec<(PersonId, &str)> = all.iter().map(|one| (one.id, "guides/sports/")).collect();
    let mut office = Browser::signed_in(&school).await;
    bring(&school, &mut office, &list(school.hub.now().0, &places).write()).await;

    let first = office.get(&school, "/consent/published").await.text;
    assert!(first.contains("<h2>To take down</h2>") && first.contains("Zoe Young"), "{first}");
    assert!(!first.contains("Nothing to take down") && first.contains("Page 1 of 2"), "{first}");
    let second = office.get(&school, "/consent/published?page=2").await.text;
    assert!(!second.contains("Nothing to take down"), "there is something, on the first page: {second}");
    for page in [&first, &second] {
        assert!(page.contains("May be shown: 130 pupils"), "{page}");
    }
    for one in &all {
        let pages = [&first, &second].into_iter().filter(|page| page.contains(&format!(">{}<", one.name())));
        assert_eq!(pages.count(), 1, "{} is on one page", one.name());
    }
    let file = office.get(&school, "/consent/published/published.csv").await.text;
    assert_eq!(file.lines().count(), 2 + 131, "the file has all of them: {file}");
}
