//! Recovery sheets: made by a holder, used by two people of two roles when nobody knows a passphrase any more.

use hub::{
    recovery::{
        Sheet,
        half::{self, Half, SHARE, SheetNumber},
        paper,
    },
    store::{accounts::Duty, audit::Actor},
};
use hyper::StatusCode;
use records::{
    family_code::FamilyCode,
    paper::Says,
    report::{Role, Route},
};

use crate::{
    browser::{Browser, PASSWORD, Page},
    held::{maker, words},
    report_work::{holds, unlocked_database},
    safeguarding::{Told, WORDS, give, make_key, report, unlock},
    school::School,
};

const NEW_WORDS: &str = "otter lane marble quiet";

/// The sheet of a role, made by the holder of this name, and kept.
fn sheet(school: &School, role: Role, name: &str) -> Sheet {
    let account = school.hub.store.account(name).unwrap().unwrap().id;
    let key = school.hub.open_role_key(role, account, WORDS).unwrap();
    let before = school.hub.store.sheet(role).unwrap().map(|sheet| sheet.number);
    let sheet = school.hub.draw_sheet(role, &key, account).unwrap();
    assert!(school.hub.store.keep_sheet(&sheet.stored, before).unwrap());
    sheet
}

/// Types a half on the page of a role.
async fn types(
    browser: &mut Browser,
    school: &School,
    role: Role,
    what: &str,
    half: &str,
    holder: &str,
) -> Page {
    let at = format!("/safeguarding/recovery/{}", role.as_str());
    let token = browser.get(school, "/safeguarding").await.form_token();
    let fields = [("what", what), ("half", half), ("holder", holder), ("form_token", token.as_str())];
    browser.post(school, &at, &fields).await
}

fn typed(half: &Half) -> String {
    half.groups().join(" ")
}

#[tokio::test]
async fn two_people_of_two_roles_get_a_lost_key_back_and_every_holder_is_told_until_they_have_seen_it() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let found = told.listed(Role::Safeguarding).await;
    let mut deputy = Browser::with_duty(&told.school, "deputy", Duty::Holder(Role::Safeguarding)).await;
    give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await;
    make_key(&mut deputy, &told.school, WORDS, WORDS).await;
    let sheet = sheet(&told.school, Role::Safeguarding, "safeguarding");
    let [first, second] = sheet.halves.each_ref().map(typed);
    told.school.restart().await;

    // The lead has forgotten the passphrase. The headteacher begins, the chair finishes, each at their own desk.
    let locked = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(locked.contains("Get a key back with a recovery sheet"), "{locked}");
    let (school, role) = (&told.school, Role::Safeguarding);
    let head = &mut told.holders[Role::Headteacher as usize];
    let page = types(head, school, role, "check", &first, "").await;
    assert!(page.text.contains("This is the first half of the sheet made on"), "{}", page.text);
    let begun = types(head, school, role, "begin", &second, "safeguarding").await;
    assert_eq!(begun.status, StatusCode::OK);
    assert!(begun.text.contains("Now the other person signs in here"), "{}", begun.text);
    let chair = &mut told.holders[Role::Chair as usize];
    let page = chair.get(school, "/safeguarding/recovery/safeguarding").await.text;
    for part in [
        "<strong>headteacher</strong>, the headteacher, typed the second half",
        "The key goes to safeguarding",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let unsure = types(chair, school, role, "finish", &first, "").await;
    assert_eq!(unsure.status, StatusCode::BAD_REQUEST, "whoever finishes says for whom, too");
    let done = types(chair, school, role, "finish", &first, "safeguarding").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.text.contains("held ready for <strong>safeguarding</strong> for a quarter of an hour"));

    let page = told.page(role, "/safeguarding").await.text;
    assert!(page.contains("the one before will not open the box any more"), "{page}");
    let lead = &mut told.holders[0];
    assert_eq!(make_key(lead, &told.school, NEW_WORDS, NEW_WORDS).await.0, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(role).await, found, "nothing that was told is lost");
    told.school.restart().await;
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::UNAUTHORIZED);
    assert_eq!(unlock(&mut told.holders[0], &told.school, NEW_WORDS).await, StatusCode::SEE_OTHER);

    let used = "headteacher and chair each typed a half, and safeguarding got the key";
    let lead = told.page(role, "/safeguarding").await.text;
    assert!(!lead.contains(used) && lead.contains("It has been out of its envelopes"), "{lead}");
    let locked = deputy.get(&told.school, "/safeguarding").await;
    assert!(locked.text.contains(used), "also before the box is open: {}", locked.text);
    assert_eq!(unlock(&mut deputy, &told.school, WORDS).await, StatusCode::SEE_OTHER);
    let page = deputy.get(&told.school, "/safeguarding").await;
    assert!(page.text.contains(used), "{}", page.text);
    let last = page.text.split("name=\"last\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("last", last), ("form_token", &page.form_token())];
    deputy.post(&told.school, "/safeguarding/recovered", &fields).await;
    assert!(!deputy.get(&told.school, "/safeguarding").await.text.contains(used), "seen once is enough");
    let all = told.page(Role::ViceChair, "/safeguarding/recovery").await.text;
    assert!(
        all.contains("headteacher and chair got back the key of the designated safeguarding lead"),
        "{all}"
    );

    told.school.hub.store.check_audit().unwrap();
    let (database, _) = unlocked_database(&told.school);
    for what in ["recovery sheet made", "recovery begun", "recovery sheet used", "recovery seen"] {
        let count: i64 = database
            .query_row("SELECT count(*) FROM audit WHERE what = ?", [what], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 1, "{what}");
    }
}

#[tokio::test]
async fn two_halves_typed_by_one_person_or_by_two_of_one_role_give_nothing() {
    let mut told = Told::begun().await;
    let sheet = sheet(&told.school, Role::Chair, "chair");
    let [first, second] = sheet.halves.each_ref().map(typed);
    let mut second_head = Browser::with_duty(&told.school, "acting", Duty::Holder(Role::Headteacher)).await;
    let (school, role) = (&told.school, Role::Chair);
    let [lead, head, ..] = &mut told.holders[..] else { panic!("four holders") };
    let refused = async |browser: &mut Browser, what: &str, half: &str, why: &str| {
        let page = types(browser, school, role, what, half, "chair").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}");
        assert!(page.text.contains(why), "{why}: {}", page.text);
    };
    refused(head, "finish", &second, "The other half has waited too long, or it was given up").await;
    for nobody in ["", "office", "headteacher", "nobody"] {
        let page = types(head, school, role, "begin", &first, nobody).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{nobody} cannot hold the chair’s key");
    }
    assert_eq!(types(head, school, role, "begin", &first, "chair").await.status, StatusCode::OK);
    refused(head, "finish", &second, "You typed the first half yourself").await;
    refused(&mut second_head, "finish", &second, "headteacher has the same role as you").await;
    refused(lead, "finish", &first, "This is the first half again, which headteacher has typed").await;
    refused(lead, "begin", &second, "Somebody else has begun just now").await;
    let page = second_head.get(school, "/safeguarding/recovery/chair").await.text;
    assert!(page.contains("Somebody of another role types the second half") && !page.contains("textarea"));

    // Whoever is asked for it can stop it; and a half does not wait for ever.
    let given_up = types(lead, school, role, "stop", "", "").await;
    assert_eq!(given_up.leads_to(), "/safeguarding/recovery/chair");
    refused(lead, "finish", &second, "waited too long, or it was given up").await;
    assert_eq!(types(head, school, role, "begin", &first, "chair").await.status, StatusCode::OK);
    told.school.pass(29 * 60);
    head.try_sign_in(&told.school, "headteacher", PASSWORD).await;
    lead.try_sign_in(&told.school, "safeguarding", PASSWORD).await;
    told.school.pass(2 * 60);
    let school = &told.school;
    let page = types(lead, school, role, "finish", &second, "chair").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "after half an hour");
    assert!(school.hub.store.recoveries().unwrap().is_empty());

    // What somebody began counts for nothing once their account has ended.
    second_head.try_sign_in(school, "acting", PASSWORD).await;
    let begun = types(&mut second_head, school, role, "begin", &first, "chair").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    school.hub.store.end_account("acting", Actor::CommandLine, school.hub.now()).unwrap();
    let page = types(lead, school, role, "finish", &second, "chair").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("has no account of that role any more"), "{}", page.text);
    assert!(school.hub.store.recoveries().unwrap().is_empty());

    // The office learns nothing of it.
    let mut office = Browser::signed_in(school).await;
    for at in ["/safeguarding/recovery", "/safeguarding/recovery/chair"] {
        assert_eq!(office.get(school, at).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_half_of_another_sheet_role_or_school_is_told_apart_and_a_slip_is_told_with_its_group() {
    let mut told = Told::begun().await;
    let old = sheet(&told.school, Role::Safeguarding, "safeguarding");
    told.school.pass(60);
    let new = sheet(&told.school, Role::Safeguarding, "safeguarding");
    let heads = sheet(&told.school, Role::Headteacher, "headteacher");
    let (school, role) = (&told.school, Role::Safeguarding);
    let number = half::school_number(school.hub.identity().school);
    let elsewhere = half::split(&[3; SHARE], role, number ^ 1, new.stored.number);
    let unheard =
        half::split(&[3; SHARE], role, number, SheetNumber::new(new.stored.number.number() ^ 1).unwrap());
    let forged = half::split(&[3; SHARE], role, number, new.stored.number);
    let mut slip = new.halves[1].groups();
    let other = if slip[6].starts_with('7') { "8" } else { "7" };
    slip[6].replace_range(0..1, other);
    let browser = &mut told.holders[Role::Chair as usize];
    for (half, why) in [
        (typed(&old.halves[0]), "older sheet, made on 14 September 2026"),
        (
            typed(&heads.halves[0]),
            "for the key of the headteacher. Here the key of the designated safeguarding lead",
        ),
        (typed(&elsewhere[0]), "from another school’s hub"),
        (typed(&unheard[0]), "this hub knows no such sheet"),
        (typed(&forged[1]), "Compare all ten groups with the paper"),
        (slip.join(" "), "There is a slip in group 7 of the second half."),
        (new.halves[1].groups()[..9].join(""), "Groups 1 to 9 are right; look at group 10."),
        (String::new(), "Type the ten groups of your half."),
    ] {
        for what in ["begin", "check", "finish"] {
            let page = types(browser, school, role, what, &half, "safeguarding").await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}");
            assert!(page.text.contains(why), "{why}: {}", page.text);
            assert!(page.text.contains(half.as_str()), "what was typed is still there");
        }
    }
    assert_eq!(
        types(browser, school, role, "begin", &typed(&new.halves[1]), "safeguarding").await.status,
        StatusCode::OK
    );
    // A newer sheet in the middle of it: the half that waits is of no use any more.
    let newest = sheet(school, role, "safeguarding");
    let head = &mut told.holders[Role::Headteacher as usize];
    let page = types(head, school, role, "finish", &typed(&newest.halves[0]), "safeguarding").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.text);
}

/// The twenty bytes of a share, as a half has them in its last eight groups.
fn share(half: &Half) -> Vec<u8> {
    let values = half.groups()[2..]
        .iter()
        .flat_map(|group| group.chars().take(4).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    let bits: Vec<u8> = values
        .into_iter()
        .flat_map(|letter| (0..5).rev().map(move |bit| FamilyCode::value(letter).unwrap() >> bit & 1))
        .collect();
    bits.chunks(8).map(|eight| eight.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}

#[tokio::test]
async fn the_hubs_disk_and_one_half_open_nothing() {
    let mut told = Told::begun().await;
    let sheet = sheet(&told.school, Role::Safeguarding, "safeguarding");
    let hub = &told.school.hub;
    let stored = hub.store.sheet(Role::Safeguarding).unwrap().unwrap();
    let [first, second] = &sheet.halves;
    let account = hub.store.account("safeguarding").unwrap().unwrap().id;
    let key = hub.open_role_key(Role::Safeguarding, account, WORDS).unwrap();
    assert_eq!(*hub.opened_by(&stored, second, first).unwrap().to_bytes(), *key.to_bytes(), "both do");
    for half in [first, second] {
        // One half with itself, with nothing, with chance, and with the other half of an older secret.
        let nothing = half::split(&[0; SHARE], Role::Safeguarding, half.school, half.sheet);
        for other in [half, &nothing[0], &nothing[1]] {
            assert!(hub.opened_by(&stored, half, other).is_err());
        }
        // The share alone is not the secret either.
        let wrapped = stored.wrapped.as_ref().unwrap();
        let purpose = format!("signpost recovery sheet 1 safeguarding {}", stored.number.number());
        assert!(wrapped.open(&share(half), &purpose).is_err());
    }
    let secret: Vec<u8> = share(first).iter().zip(share(second)).map(|(one, other)| one ^ other).collect();
    let purpose = format!("signpost recovery sheet 1 safeguarding {}", stored.number.number());
    assert!(
        stored.wrapped.as_ref().unwrap().open(&secret, &purpose).is_ok(),
        "the control: what both come to does"
    );

    // While one half waits in memory, nothing of either is on the disk: not in the opened database, not in its files.
    let school = &told.school;
    let head = &mut told.holders[Role::Headteacher as usize];
    let begun = types(head, school, Role::Safeguarding, "begin", &typed(first), "safeguarding").await;
    assert_eq!(begun.status, StatusCode::OK);
    let (_, plain) = unlocked_database(school);
    let has = |part: &[u8]| plain.windows(part.len()).any(|here| here == part);
    for half in [first, second] {
        assert!(!has(&share(half)) && half.groups().iter().skip(2).all(|group| !has(group.as_bytes())));
    }
    assert!(!has(&secret) && !has(&*key.to_bytes()));
    assert!(holds(&plain, "recovery sheet made"), "the control: the search finds what is there");
    // What a void sheet would open is gone too.
    let wrapped = serde_json::to_string(&stored.wrapped).unwrap();
    assert!(holds(&plain, &wrapped));
    sheet_of_lead(school);
    assert!(!holds(&unlocked_database(school).1, &wrapped));
}

/// Another sheet of the lead's key.
fn sheet_of_lead(school: &School) {
    sheet(school, Role::Safeguarding, "safeguarding");
}

#[tokio::test]
async fn a_sheet_that_was_not_printed_is_not_kept_and_a_page_loaded_again_makes_none() {
    let mut told = Told::begun().await;
    let kept = sheet(&told.school, Role::Safeguarding, "safeguarding");
    let number = kept.stored.number.number().to_string();
    let school = &told.school;
    let lead = &mut told.holders[0];
    let token = lead.get(school, "/safeguarding").await.form_token();
    // Beside these tests there is no program that prints.
    let fields = [("before", number.as_str()), ("form_token", token.as_str())];
    let page = lead.post(school, "/safeguarding/sheet", &fields).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("Nothing was changed"), "{}", page.text);
    assert_eq!(school.hub.store.sheet(Role::Safeguarding).unwrap().unwrap().number, kept.stored.number);
    for before in ["", "77", "x"] {
        let fields = [("before", before), ("form_token", token.as_str())];
        let page = lead.post(school, "/safeguarding/sheet", &fields).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{before}");
    }
    let again = school.hub.store.keep_sheet(&kept.stored, None).unwrap();
    assert!(!again, "nor does the store keep one in the place of another that it was not told of");
    let page = lead.get(school, "/safeguarding/recovery").await.text;
    assert!(
        page.contains("Make a new recovery sheet") && page.contains("void. Shred that one afterwards"),
        "{page}"
    );
}

#[tokio::test]
async fn a_holder_who_is_alone_is_reminded_until_there_is_a_sheet_or_a_deputy() {
    let mut told = Told::begun().await;
    let alone = "You alone hold this key, and there is no recovery sheet for it";
    assert!(told.page(Role::Chair, "/safeguarding").await.text.contains(alone));
    sheet(&told.school, Role::Chair, "chair");
    let page = told.page(Role::Chair, "/safeguarding").await.text;
    assert!(
        !page.contains(alone) && page.contains("A recovery sheet for your role’s key was made on"),
        "{page}"
    );

    assert!(told.page(Role::Safeguarding, "/safeguarding").await.text.contains(alone));
    let mut deputy = Browser::with_duty(&told.school, "deputy", Duty::Holder(Role::Safeguarding)).await;
    give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await;
    make_key(&mut deputy, &told.school, NEW_WORDS, NEW_WORDS).await;
    assert!(!told.page(Role::Safeguarding, "/safeguarding").await.text.contains(alone));
    let page = told.page(Role::Headteacher, "/safeguarding/recovery").await.text;
    assert!(page.contains("No sheet. 2 people hold the key."), "{page}");
}

#[tokio::test]
async fn each_half_stands_by_itself_on_paper_with_whose_it_is_and_what_to_do() {
    let told = Told::begun().await;
    let sheet = sheet(&told.school, Role::ViceChair, "vice-chair");
    let made = paper::paper(&maker(&told.school), &sheet, "the vice-chair of governors", "vice-chair");
    let fingerprint = sheet.stored.public.fingerprint();
    let (first, second) = made.parts.split_at(4);
    assert!(matches!(first[3].says.last(), Some(Says::NewSheet)), "each on a sheet of its own");
    for (parts, half) in [(first, &sheet.halves[0]), (second, &sheet.halves[1])] {
        let groups = parts.iter().flat_map(|part| &part.says).find_map(|says| match says {
            Says::Groups(groups) => Some(groups.clone()),
            _ => None,
        });
        assert_eq!(groups.as_ref(), Some(&half.groups()));
        let mut page = made.clone();
        page.parts = parts.to_vec();
        let text = words(&page);
        for part in [
            "Key of: the vice-chair of governors",
            "School: Larkfield Primary School",
            fingerprint.as_str(),
            "14 September 2026 by vice-chair",
            "One half alone opens nothing",
            "In need",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    assert!(
        second[2]
            .says
            .iter()
            .any(|says| matches!(says, Says::Words(words) if words.contains("outside the school")))
    );
}
