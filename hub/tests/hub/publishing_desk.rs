//! The office publishes at the desk: what a pack holds and changes is seen before, and what must not be is refused.

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{
    agreement::Audience,
    day::Moment,
    language::Language,
    pack::{PackDraft, TranslatedPhrases},
};

use crate::{
    browser::{Browser, Page},
    consents::{asking, images},
    kiosk::Kiosk,
    school::{MORNING, School, agreement, draft, ks1},
};

pub(crate) async fn bring(browser: &mut Browser, school: &School, pack: &[u8]) -> Page {
    let token = browser.get(school, "/publish").await.form_token();
    let mut body = format!(
        "--between\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n\
         --between\r\nContent-Disposition: form-data; name=\"pack\"; filename=\"school.packdraft\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(pack);
    body.extend_from_slice(b"\r\n--between--\r\n");
    browser.post_bytes(school, "/publish", "multipart/form-data; boundary=between", body).await
}

async fn decide(browser: &mut Browser, school: &School, token: &str, what: &str) -> Page {
    browser.post(school, "/publish/decide", &[("form_token", token), ("what", what)]).await
}

fn row<'p>(page: &'p str, title: &str) -> &'p str {
    page.split("<tr>")
        .skip(1)
        .find(|row| row.contains(title))
        .unwrap_or_else(|| panic!("no {title} in {page}"))
}

#[tokio::test]
async fn the_office_sees_what_a_pack_holds_and_changes_and_then_publishes_it_for_the_kiosks() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let home = office.get(&school, "/").await.text;
    assert!(home.contains("href=\"/publish\"") && !home.contains("signpost-hub publish"), "{home}");

    let mut first = asking(images("1.0", "On the website."));
    first.content.agreements = vec![ks1("3.0"), agreement(Audience::Governor, "1.0", &["I keep papers."])];
    let look = bring(&mut office, &school, &first.write()).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.text.contains("It would be pack 1. Nothing is published yet."), "{}", look.text);
    assert!(row(&look.text, "Our promise (ks1)").contains("3.0"), "{}", look.text);
    assert!(row(&look.text, &first.content.consent[0].form.title).contains("Families are asked"));
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), None, "looking publishes nothing");
    let done = decide(&mut office, &school, &look.form_token(), "publish").await;
    assert!(done.text.contains("Pack 1 is published"), "{}", done.text);
    let kiosk = Kiosk::paired(&school).await;
    assert!(kiosk.get(&school, "/kiosk/pack").await.is_ok());

    let mut second = first.clone();
    second.content.agreements = vec![agreement(Audience::Ks1, "4.0", &["I always ask."])];
    let polish: Language = "pl".parse().unwrap();
    second.content.translated_phrases =
        vec![TranslatedPhrases { language: polish, phrases: vec![], name: "Polski".into() }];
    let look = bring(&mut office, &school, &second.write()).await;
    for words in [
        "It would be pack 2, in the place of pack 1",
        "signs once more: Our promise (ks1)",
        "No longer in it: Our promise (governor)",
        "Polski (new)",
    ] {
        assert!(look.text.contains(words), "{words}: {}", look.text);
    }
    assert!(row(&look.text, "Our promise (ks1)").contains("new version, was 3.0"));
    assert!(row(&look.text, &first.content.consent[0].form.title).contains("as before"));
    let left = decide(&mut office, &school, &look.form_token(), "leave").await;
    assert!(left.text.contains("Nothing was published"), "{}", left.text);
    let again = decide(&mut office, &school, &look.form_token(), "publish").await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "what was left is gone");
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), Some(1));

    let look = bring(&mut office, &school, &second.write()).await;
    let noted = school.hub.store.check_audit().unwrap();
    decide(&mut office, &school, &look.form_token(), "publish").await;
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), Some(2));
    assert!(school.hub.store.check_audit().unwrap() > noted);
    let log = school.hub.store.log(&Default::default(), 0, 5).unwrap().1;
    let published = log.iter().find(|entry| entry.what == "pack published").unwrap();
    assert!(published.actor.starts_with("account"), "the log says who it was: {published:?}");
    let same = bring(&mut office, &school, &second.write()).await;
    assert!(same.text.contains("This very pack is published already, as number 2"), "{}", same.text);
}

#[tokio::test]
async fn a_pack_that_is_damaged_another_schools_older_or_changes_signed_words_is_refused_in_plain_words() {
    let school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let mut office = Browser::signed_in(&school).await;
    let good = draft(vec![ks1("3.1")]);
    let mut damaged = good.write();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let mut theirs = good.clone();
    theirs.content.school_name = "Hillside Primary School".into();
    let older = PackDraft { made: Moment(MORNING - 10 * 86_400), ..good.clone() };
    let changed = draft(vec![agreement(Audience::Ks1, "3.0", &["I ask before I go on a tablet."])]);
    let lower = draft(vec![ks1("2.9")]);
    for (pack, words) in [
        (b"a letter".to_vec(), "cannot be read as what “signpost build” makes"),
        (damaged, "cannot be read as what “signpost build” makes"),
        (good.write()[..200].to_vec(), "cannot be read as what “signpost build” makes"),
        (theirs.write(), "This is a pack of “Hillside Primary School”"),
        (older.write(), "an older pack is never published"),
        (changed.write(), "have other words than were published under the same version"),
        (lower.write(), "version 3.0 was published before"),
        (Vec::new(), "Choose the file first"),
    ] {
        let page = bring(&mut office, &school, &pack).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{words}");
        assert!(page.text.contains("Nothing was published") && page.text.contains(words), "{}", page.text);
        let token = page.form_token();
        let none = decide(&mut office, &school, &token, "publish").await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST, "nothing waits to be published");
    }
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), Some(1));
}

#[tokio::test]
async fn a_pack_waits_for_whoever_brought_it_half_an_hour_and_for_nobody_else() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let mut other = Browser::with_duty(&school, "office2", Duty::Office).await;
    let look = bring(&mut office, &school, &draft(vec![ks1("3.0")]).write()).await;
    let token = other.get(&school, "/publish").await.form_token();
    let theirs = decide(&mut other, &school, &token, "publish").await;
    assert_eq!(theirs.status, StatusCode::BAD_REQUEST, "nobody publishes what they have not looked at");
    school.pass(20 * 60);
    office.get(&school, "/publish").await;
    school.pass(11 * 60);
    let late = decide(&mut office, &school, &look.form_token(), "publish").await;
    assert!(late.text.contains("waited for too long"), "{}", late.text);
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), None);
    let refused = decide(&mut office, &school, "", "publish").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn where_the_content_lies_elsewhere_nothing_is_built_and_the_page_asks_for_the_file() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/publish").await;
    assert!(page.text.contains("Bring a pack") && !page.text.contains("Build it here"), "{}", page.text);
    let token = page.form_token();
    let refused = office.post(&school, "/publish/build", &[("form_token", &token)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("does not lie on the hub’s computer"), "{}", refused.text);
}
