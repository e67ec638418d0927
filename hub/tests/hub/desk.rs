//! The desk: signing in, and what its pages show.

use hyper::StatusCode;
use records::{
    agreement::{AgreementDigest, Audience},
    digest::Digest,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{DeviceId, PersonId},
    sync::Outcome,
};

use crate::{
    browser::{Browser, PASSWORD, Page},
    kiosk::Kiosk,
    school::{PUPILS, School, agreement, draft, ks1},
};

#[tokio::test]
async fn the_office_signs_in_changes_the_first_password_and_signs_out() {
    let school = School::open().await;
    assert_eq!(Browser::default().get(&school, "/").await.leads_to(), "/sign-in");
    let mut browser = Browser::signed_in(&school).await;
    let home = browser.get(&school, "/").await;
    assert_eq!(home.status, StatusCode::OK);
    let session = browser.cookies.clone();
    let out = browser.post(&school, "/sign-out", &[("form_token", &home.form_token())]).await;
    assert_eq!(out.leads_to(), "/sign-in");
    browser.cookies = session;
    assert_eq!(browser.get(&school, "/").await.leads_to(), "/sign-in", "the old cookie is worth nothing");
    assert_eq!(browser.try_sign_in(&school, "Office", PASSWORD).await.leads_to(), "/");
    let first = school.first.password.to_string();
    let again = Browser::default().try_sign_in(&school, "office", &first).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_passwords_are_slowed_down_and_the_right_one_waits_too() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    for _ in 0..3 {
        let page = browser.try_sign_in(&school, "office", "not the password").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = browser.try_sign_in(&school, "office", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text.contains("Wait 2 seconds") && page.headers.contains_key("retry-after"));
    school.pass(2);
    assert_eq!(browser.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn at_a_desk_left_open_a_password_is_guessed_no_faster_than_at_the_door() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    let token = browser.get(&school, "/password").await.form_token();
    let change = |current: &'static str| {
        let new = "otter lane marble quiet";
        [("current", current), ("new", new), ("again", new), ("form_token", token.as_str())]
    };
    for _ in 0..3 {
        let page = browser.post(&school, "/password", &change("not the password")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("The password of now is not right"), "{}", page.text);
    }
    let page = browser.post(&school, "/password", &change(PASSWORD)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "the right one waits too");
    assert!(page.text.contains("Wait 2 seconds") && page.headers.contains_key("retry-after"));
    school.pass(2);
    assert_eq!(browser.post(&school, "/password", &change(PASSWORD)).await.leads_to(), "/");
}

#[tokio::test]
async fn nobody_learns_which_names_exist() {
    let school = School::open().await;
    let refused = async |name: &'static str| -> (Page, std::time::Duration) {
        let mut browser = Browser::default();
        browser.try_sign_in(&school, name, "warming up").await;
        let begun = std::time::Instant::now();
        (browser.try_sign_in(&school, name, "not the password").await, begun.elapsed())
    };
    let (known, known_time) = refused("office").await;
    let (unknown, unknown_time) = refused("nobody").await;
    let plain = |page: &Page, name: &str| page.text.replace(name, "").replace(&page.form_token(), "");
    assert_eq!((known.status, plain(&known, "office")), (unknown.status, plain(&unknown, "nobody")));
    let (short, long) = (known_time.min(unknown_time), known_time.max(unknown_time));
    assert!(long < short * 5, "{known_time:?} and {unknown_time:?}");
    for _ in 0..2 {
        Browser::default().try_sign_in(&school, "nobody", "x").await;
    }
    let slowed = Browser::default().try_sign_in(&school, "nobody", "x").await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS, "unknown names are slowed down as well");
}

#[tokio::test]
async fn a_form_without_its_pages_token_changes_nothing() {
    let school = School::open().await;
    let first = school.first.password.to_string();
    let mut browser = Browser::default();
    browser.get(&school, "/sign-in").await;
    let fields = [("name", "office"), ("password", first.as_str())];
    assert_eq!(browser.post(&school, "/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
    let mut browser = Browser::signed_in(&school).await;
    for path in ["/sign-out", "/password", "/kiosks/pair"] {
        for token in ["", "0000"] {
            let page = browser.post(&school, path, &[("form_token", token)]).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(browser.get(&school, "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn cookies_and_headers_keep_others_out() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    assert!(browser.set.len() >= 2);
    for set in &browser.set {
        assert!(set.starts_with("__Host-"), "{set}");
        for flag in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(set.contains(flag), "{set}");
        }
    }
    let page = browser.get(&school, "/").await;
    let header = |name: &str| page.headers.get(name).map_or("", |v| v.to_str().unwrap());
    assert!(header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert_eq!((header("cache-control"), header("x-frame-options")), ("no-store", "DENY"));
    let scripts: Vec<_> =
        page.text.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert_eq!(scripts, [" src=\"/calls.js\" defer"], "its own, and nothing within the page");
    assert!(
        header("content-security-policy").contains("script-src 'self'; ") && !page.text.contains(" style=")
    );
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_working_day() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    school.pass(29 * 60);
    assert_eq!(browser.get(&school, "/").await.status, StatusCode::OK);
    school.pass(31 * 60);
    assert_eq!(browser.get(&school, "/").await.leads_to(), "/sign-in");
    assert_eq!(browser.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    for _ in 0..21 {
        school.pass(29 * 60);
        browser.get(&school, "/").await;
    }
    assert_eq!(browser.get(&school, "/").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn the_register_shows_by_class_who_signed_which_words() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0"), agreement(Audience::Governor, "1.0", &["I keep papers safe."])]));
    let mut kiosk = Kiosk::paired(&school).await;
    let people = school.hub.store.people().unwrap();
    let tom = people.iter().find(|p| p.forename == "Tom").unwrap();
    let signature = kiosk.sign(&school, tom.id, &ks1("3.0")).await;
    let mut browser = Browser::signed_in(&school).await;
    let home = browser.get(&school, "/").await.text;
    assert!(
        home.contains("<strong>1</strong> of 3 signed") && home.contains("Given to nobody yet"),
        "{home}"
    );
    let register = browser.get(&school, "/register/ks1").await.text;
    assert!(register.contains(r#"id="signed">1<"#) && register.contains(r#"id="outstanding">2<"#));
    let class = school.hub.store.classes().unwrap().into_iter().find(|c| c.name == "Acorn").unwrap();
    let page = browser.get(&school, &format!("/register/ks1/{}", class.id)).await.text;
    let (wall, people) = page.split_once("<table").unwrap();
    let lowe = people.split("<tr").find(|row| row.contains("Tom Lowe")).unwrap();
    for part in
        ["Signed", "with help", "14 September 2026, 9:00", "version 3.0", "<svg", "M100 900h0L500 100"]
    {
        assert!(lowe.contains(part), "{part}: {lowe}");
    }
    let khan = people.split("<tr").find(|row| row.contains("Maya Khan")).unwrap();
    assert!(khan.contains("To sign"));
    // For the wall: a tick for each who has signed. Whoever has not signed is not on it, whatever is asked for.
    assert!(wall.contains("Tom Lowe") && !wall.contains("Maya Khan"), "{wall}");
    let address = format!("/register/ks1/{}/display.pdf", class.id);
    let token = Page { text: wall.to_owned(), ..Page::default() }.form_token();
    let maya =
        school.hub.store.people().unwrap().iter().find(|p| p.forename == "Maya").unwrap().id.to_string();
    for on in [None, Some(("on", maya.as_str()))] {
        let form: Vec<_> = std::iter::once(("form_token", token.as_str())).chain(on).collect();
        let refused = browser.post(&school, &address, &form).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains("Nobody was ticked"), "{}", refused.text);
    }
    // The words stay as they were signed, though the agreement says something else now.
    school.publish(&draft(vec![agreement(Audience::Ks1, "4.0", &["I always ask."])]));
    let words = browser.get(&school, &format!("/words/{}", signature.words)).await.text;
    for part in ["I ask before I go on a screen.", "A grown-up helps me.", "Version 4.0 has other words now"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("I always ask."));
}

#[tokio::test]
async fn the_file_for_a_spreadsheet_is_labelled_and_holds_no_formula() {
    let school = School::open().await;
    school.import(
        "Forename,Surname,UPN,Year,Class\n\"=HYPERLINK(\"\"http://x\"\")\",Lowe,U1,1,Acorn\nMaya,@Khan,U2,1,Acorn\n",
    );
    school.publish(&draft(vec![ks1("3.0")]));
    let mut browser = Browser::signed_in(&school).await;
    let noted = school.hub.store.check_audit().unwrap();
    let file = browser.get(&school, "/register/ks1/register.csv").await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "whoever took it is noted");
    let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(name.contains("register-ks1-2026-09-14-PERSONAL-DATA.csv"), "{name}");
    assert!(file.text.starts_with("\u{feff}\"PERSONAL DATA"), "{}", file.text);
    assert!(
        file.text.contains(r#""'=HYPERLINK(""http://x"")""#) && file.text.contains(r#""'@Khan""#),
        "{}",
        file.text
    );
    let page = browser.get(&school, "/register/ks1").await.text;
    assert!(!page.contains("HYPERLINK"), "names are on the class's page only");
}

#[tokio::test]
async fn a_name_cannot_become_part_of_a_page() {
    let school = School::open().await;
    school.import("Forename,Surname,UPN,Year,Class\n<script>alert(1)</script>,Lowe,U1,1,<b>Acorn\n");
    school.publish(&draft(vec![ks1("3.0")]));
    let mut browser = Browser::signed_in(&school).await;
    let class = &school.hub.store.classes().unwrap()[0];
    for path in ["/register/ks1".to_owned(), format!("/register/ks1/{}", class.id)] {
        let page = browser.get(&school, &path).await.text;
        assert!(!page.contains("<script>") && !page.contains("<b>Acorn"), "{page}");
    }
}

#[tokio::test]
async fn a_kiosk_is_paired_with_the_code_that_the_desk_shows() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    let form_token = browser.get(&school, "/kiosks").await.form_token();
    let fields = [("name", "Library"), ("form_token", form_token.as_str())];
    let page = browser.post(&school, "/kiosks/pair", &fields).await.text;
    let part = |id: &str| page.split_once(&format!("id=\"{id}\">")).unwrap().1.split_once('<').unwrap().0;
    assert!(part("address").replace("&#x2F;", "/").ends_with(&school.kiosks.to_string()));
    let code = part("code").parse().unwrap();
    let mut kiosk = Kiosk::new("kiosk");
    kiosk.pair(school.kiosks, &code).await.unwrap();
    kiosk.hello(&school).await.unwrap();
    let list = browser.get(&school, "/kiosks").await.text;
    assert!(list.contains("Library") && list.contains("In step"), "{list}");
}

#[tokio::test]
async fn what_was_set_aside_is_counted_on_every_page_and_told() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let batch = kiosk.batch(vec![b"nothing".to_vec()]);
    kiosk.send(&school, batch).await.unwrap();
    let mut browser = Browser::signed_in(&school).await;
    assert!(browser.get(&school, "/").await.text.contains(r#"<span class="count">1</span>"#));
    let page = browser.get(&school, "/set-aside").await.text;
    assert!(page.contains("Oak classroom") && page.contains("damaged"), "{page}");
}

#[tokio::test]
async fn a_session_does_not_outlive_its_day_because_the_clock_was_set_back() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    school.pass(-60);
    assert_eq!(browser.get(&school, "/").await.status, StatusCode::OK, "a clock put right disturbs nobody");
    school.pass(-365 * 24 * 3600);
    assert_eq!(browser.get(&school, "/").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn a_signature_that_no_register_shows_is_counted_and_told() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let mut browser = Browser::signed_in(&school).await;
    let pupil = school.hub.store.people().unwrap()[0].id;
    let stranger = PersonId::from_bytes([7; 16]);
    let told = async |browser: &mut Browser| {
        let page = browser.get(&school, "/set-aside").await.text;
        ["on no list here", "names another kiosk", "never published", "newer Signpost"]
            .map(|w| page.contains(w))
    };

    let good = kiosk.signature(pupil, &ks1("3.0"), school.hub.now());
    let good = kiosk.seal(&NamedRecord::Signature(good));
    let batch = kiosk.batch(vec![good]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
    assert_eq!(told(&mut browser).await, [false; 4]);
    assert!(!browser.get(&school, "/").await.text.contains("set aside"));

    let mut odd = [
        kiosk.signature(stranger, &ks1("3.0"), school.hub.now()),
        kiosk.signature(pupil, &ks1("3.0"), school.hub.now()),
        kiosk.signature(pupil, &ks1("9.9"), school.hub.now()),
        kiosk.signature(pupil, &ks1("3.0"), school.hub.now()),
    ];
    odd[1].device = DeviceId::from_bytes([9; 16]);
    odd[2].words = AgreementDigest(Digest::of(b"other words"));
    let mut envelopes = odd.map(|s| kiosk.seal(&NamedRecord::Signature(s))).to_vec();
    let mut newer = NamedEnvelope::from_bytes(&envelopes[3]).unwrap();
    newer.schema = 9;
    envelopes[3] = newer.to_bytes();
    let batch = kiosk.batch(envelopes);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), vec![Outcome::Stored; 4]);
    assert_eq!(told(&mut browser).await, [true; 4]);
    assert!(browser.get(&school, "/").await.text.contains(r#"<span class="count">4</span>"#));
}

#[tokio::test]
async fn addresses_that_do_not_exist_get_a_page_that_says_so() {
    let school = School::open().await;
    let mut browser = Browser::signed_in(&school).await;
    for path in ["/nowhere", "/register/ks9", "/words/00", "/symbols/x.svg"] {
        let page = browser.get(&school, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.text.contains("There is nothing here"));
    }
}
