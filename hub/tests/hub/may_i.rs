//! “May I?” for whoever works here and holds a camera: of a class, of a small group for a day, with pictures of those who
//! are to be left out.

use std::io::Cursor;

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::consent::Answer;

use crate::{
    browser::{Browser, PASSWORD, Page},
    consents::{asking_school, decision, deliver, grown_up, images, pupil},
    kiosk::Kiosk,
    papers::post_file,
    school::{PUPILS, School, draft, ks1},
};

#[tokio::test]
async fn a_teacher_with_a_camera_reads_whom_to_leave_out_and_finds_no_way_to_anybodys_answers() {
    let school = asking_school().await;
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    let first = teacher.get(&school, "/registers").await.text;
    assert!(first.contains("href=\"/may-i\""), "it is found: {first}");
    let page = teacher.get(&school, "/may-i?use=website").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Leave out until they have answered") && page.text.contains("Maya Khan"));
    assert!(page.text.contains("class=\"label\""), "on paper it carries the label");
    assert!(!page.text.contains("href=\"/consent"), "{}", page.text);
    for path in ["/consent", "/consent/may-i", "/consent/form/images"] {
        assert_eq!(teacher.get(&school, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut office = Browser::signed_in(&school).await;
    for path in ["/consent/may-i?use=website", "/may-i?use=website"] {
        let page = office.get(&school, path).await.text;
        assert!(page.contains("href=\"/consent/pupil/"), "the office goes on to each from {path}");
    }
    for duty in [Duty::Governor, Duty::Technician] {
        let mut other = Browser::with_duty(&school, duty.as_str(), duty).await;
        assert_eq!(other.get(&school, "/may-i").await.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
}

#[tokio::test]
async fn where_nothing_is_asked_no_way_leads_to_it() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    assert!(!teacher.get(&school, "/registers").await.text.contains("/may-i"));
}

/// What whoever holds the camera reads of one answer: the names under “no”, “ask” and “yes”.
fn names(page: &Page) -> [Vec<&str>; 3] {
    ["may no", "may ask", "may yes"].map(|class| {
        let section = page.text.split(&format!("<section class=\"{class}\">")).nth(1);
        let section =
            section.unwrap_or_else(|| panic!("{class}: {}", page.text)).split("</section>").next().unwrap();
        ["Noah Bright", "Maya Khan", "Tom Lowe", "Ivy Marsh", "Maya Osei"]
            .into_iter()
            .filter(|name| section.contains(name))
            .collect()
    })
}

/// Keeps a group of these pupils.
async fn keep(browser: &mut Browser, school: &School, name: &str, ends: &str, who: &[(&str, &str)]) -> Page {
    let page = browser.get(school, "/may-i/groups").await;
    let (token, id) = (page.form_token(), group_id(&page));
    let ids: Vec<String> = who.iter().map(|(f, s)| pupil(school, f, s).id.to_string()).collect();
    let mut fields = vec![("form_token", token.as_str()), ("group", &id), ("name", name), ("ends", ends)];
    fields.extend(ids.iter().map(|id| ("person", id.as_str())));
    browser.post(school, "/may-i/groups", &fields).await
}

fn group_id(page: &Page) -> String {
    page.text.split("name=\"group\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Maya Khan may be shown on the website; Tom Lowe may not; the others' families have not answered.
async fn answered() -> School {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let form = images("1.0", "Anybody can see it.");
    for (forename, surname, by, answer) in
        [("Maya", "Khan", "Mrs Sana Khan", Answer::Yes), ("Tom", "Lowe", "Mr Joe Lowe", Answer::No)]
    {
        let whose = (pupil(&school, forename, surname).id, grown_up(&school, by));
        let answers = [("website", answer), ("printed", Answer::Yes)];
        deliver(&school, &mut kiosk, &[decision(&school, whose, &form, &answers, vec![])]).await;
    }
    school
}

#[tokio::test]
async fn a_teacher_puts_a_team_together_from_several_classes_and_reads_of_it_alone_in_words_and_in_a_grid() {
    let school = answered().await;
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    let team = [("Tom", "Lowe"), ("Ivy", "Marsh"), ("Maya", "Khan")];
    let kept = keep(&mut teacher, &school, "  Football team ", "2026-12-05", &team).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let address = kept.leads_to().to_owned();
    let page = teacher.get(&school, &format!("{address}&use=website")).await;
    for part in ["May I? Football team", "3 pupils, until 5 December 2026", "class=\"label\""] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert_eq!(names(&page), [vec!["Tom Lowe"], vec!["Ivy Marsh"], vec!["Maya Khan"]]);
    let printed = teacher.get(&school, &format!("{address}&use=printed")).await;
    let section = printed.text.split("<section class=\"may yes\">").nth(1).unwrap();
    assert!(section.find("Maya Khan") < section.find("Tom Lowe"), "by surname: {section}");
    let grid = teacher.get(&school, &format!("{address}&view=grid")).await.text;
    let row = |name: &str| {
        grid.split("<tr>").find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name}: {grid}"))
    };
    assert!(row("Tom Lowe").contains("data-label=\"Use: website\"><span class=\"say no\">No<"), "{grid}");
    assert!(row("Tom Lowe").contains("data-label=\"Use: printed\"><span class=\"say yes\">Yes<"), "{grid}");
    assert!(row("Ivy Marsh").contains("<span class=\"say ask\">Ask<"), "{grid}");
    assert!(!grid.contains("Noah Bright") && !grid.contains("href=\"/consent"), "{grid}");
    // Everybody with a camera finds it; whoever made it and the office change it.
    let mut other = Browser::with_duty(&school, "a.yusuf", Duty::Staff).await;
    let list = other.get(&school, "/may-i/groups").await.text;
    assert!(
        list.contains("Football team") && list.contains("by m.lowe") && !list.contains(">Change<span"),
        "{list}"
    );
    assert!(other.get(&school, "/may-i").await.text.contains("Football team, until 5 December 2026"));
    let one = address.replace("/may-i?class=", "/may-i/groups/");
    assert_eq!(other.get(&school, &one).await.status, StatusCode::NOT_FOUND);
    let form = teacher.get(&school, &one).await;
    assert_eq!(form.text.matches(" checked").count(), 3, "who is in it is ticked: {}", form.text);
    let (token, id) = (other.get(&school, "/may-i/groups").await.form_token(), group_id(&form));
    let end = [("form_token", token.as_str()), ("group", &id), ("what", "end")];
    assert_eq!(other.post(&school, "/may-i/groups", &end).await.status, StatusCode::NOT_FOUND);
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, "/may-i/groups").await.form_token();
    let end = [("form_token", token.as_str()), ("group", &id), ("what", "end")];
    assert_eq!(office.post(&school, "/may-i/groups", &end).await.status, StatusCode::SEE_OTHER);
    assert!(!other.get(&school, "/may-i").await.text.contains("Football team"));
}

#[tokio::test]
async fn a_group_ends_on_its_day_by_itself_and_nobody_takes_that_for_leave_to_photograph() {
    let school = answered().await;
    let mut office = Browser::signed_in(&school).await;
    let kept = keep(&mut office, &school, "Choir", "2026-09-15", &[("Tom", "Lowe")]).await;
    let address = kept.leads_to().to_owned();
    school.pass(24 * 3600);
    office.try_sign_in(&school, "office", PASSWORD).await;
    let last = office.get(&school, &address).await;
    assert!(last.text.contains("Choir") && names(&last)[0] == ["Tom Lowe"], "its last day");
    school.pass(24 * 3600);
    office.try_sign_in(&school, "office", PASSWORD).await;
    let over = office.get(&school, &address).await.text;
    assert!(
        over.contains("not here any more") && over.contains("says nothing of whom you may photograph"),
        "{over}"
    );
    assert!(
        !over.contains("You may:") && !over.contains("Leave out: 0") && !over.contains("Choir"),
        "{over}"
    );
    let grid = office.get(&school, &format!("{address}&view=grid")).await.text;
    assert!(grid.contains("not here any more") && !grid.contains("<table"), "{grid}");
    // And nothing of it is left in the database.
    let noted = school.hub.store.check_audit().unwrap();
    hub::retention::running::look(&school.hub).unwrap();
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "that it ended is noted");
    assert!(school.hub.store.groups("2026-09-01".parse().unwrap()).unwrap().is_empty());
}

#[tokio::test]
async fn a_group_without_a_name_a_day_or_anybody_is_refused_and_the_ticks_stay() {
    let school = answered().await;
    let mut office = Browser::signed_in(&school).await;
    let team = [("Tom", "Lowe"), ("Ivy", "Marsh")];
    let long = "x".repeat(61);
    for (name, ends, who, says) in [
        (" ", "2026-12-05", &team[..], "Write what the group is called"),
        (long.as_str(), "2026-12-05", &team[..], "The name is too long"),
        ("Team", "", &team[..], "Write the last day on which the group is needed"),
        ("Team", "2026-09-13", &team[..], "today or later, within a year"),
        ("Team", "2028-01-01", &team[..], "today or later, within a year"),
        ("Team", "2026-12-05", &[], "Tick who is in the group"),
    ] {
        let refused = keep(&mut office, &school, name, ends, who).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{says}");
        assert!(refused.text.contains(says), "{says}: {}", refused.text);
        assert_eq!(refused.text.matches(" checked").count(), who.len(), "{says}");
    }
    assert!(school.hub.store.groups(school.hub.today().unwrap()).unwrap().is_empty(), "nothing was kept");
}

fn portrait() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(1200, 900, image::Rgb([200, 120, 60]));
    image::DynamicImage::ImageRgb8(picture).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_picture_that_the_school_supplies_stands_beside_whoever_is_to_be_left_out_and_nowhere_else() {
    let school = answered().await;
    let mut office = Browser::signed_in(&school).await;
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    let mut bring = async |forename: &str, surname: &str, file: &[u8]| {
        let page = format!("/consent/pupil/{}", pupil(&school, forename, surname).id);
        let token = office.get(&school, &page).await.form_token();
        let fields = [("form_token", token.as_str()), ("what", "keep")];
        post_file(&mut office, &school, &format!("{page}/portrait"), &fields, Some(("photo.jpg", file))).await
    };
    for (file, says) in
        [(&b"%PDF-1.7 x"[..], "is no picture that can be shown"), (&[][..], "Choose the file")]
    {
        let refused = bring("Tom", "Lowe", file).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains(says), "{says}: {}", refused.text);
    }
    for (forename, surname) in [("Tom", "Lowe"), ("Maya", "Khan")] {
        assert_eq!(bring(forename, surname, &portrait()).await.status, StatusCode::SEE_OTHER);
    }
    let (tom, maya) = (pupil(&school, "Tom", "Lowe").id, pupil(&school, "Maya", "Khan").id);
    let page = teacher.get(&school, "/may-i?use=website").await.text;
    assert!(page.contains(&format!("src=\"/may-i/portrait/{tom}\"")), "{page}");
    assert!(!page.contains(&format!("/may-i/portrait/{maya}")), "who may be shown need not be known by one");
    let picture = teacher.get(&school, &format!("/may-i/portrait/{tom}")).await;
    assert_eq!(picture.headers.get("content-type").unwrap(), "image/jpeg");
    assert_eq!(picture.headers.get("cache-control").unwrap(), "no-store");
    let kept = school.hub.store.portrait(tom).unwrap().unwrap();
    let small = image::load_from_memory(&kept).unwrap();
    assert_eq!((small.width(), small.height()), (360, 270), "made small");
    let mut governor = Browser::with_duty(&school, "i.bevan", Duty::Governor).await;
    assert_eq!(governor.get(&school, &format!("/may-i/portrait/{tom}")).await.status, StatusCode::NOT_FOUND);
    // Whoever asks what is held on Tom is told of it.
    let held = school.hub.store.held(tom).unwrap().unwrap();
    let hub::store::held::Who::Listed(listed) = held.who else { panic!("on the lists") };
    assert_eq!(listed.portrait, Some(school.hub.now()));
    // Taken away, it is gone at once.
    let at = format!("/consent/pupil/{tom}");
    let token = office.get(&school, &at).await.form_token();
    let away = [("form_token", token.as_str()), ("what", "away")];
    let gone = office.post_parts(&school, &format!("{at}/portrait"), &away).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(teacher.get(&school, &format!("/may-i/portrait/{tom}")).await.status, StatusCode::NOT_FOUND);
    assert!(!teacher.get(&school, "/may-i?use=website").await.text.contains("/may-i/portrait/"));
}
