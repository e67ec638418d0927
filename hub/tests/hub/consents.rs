//! Consent: families' codes, what kiosks deliver, and what it comes to.

use std::collections::BTreeSet;

use hub::{
    families::Household,
    import::contacts,
    random,
    store::{
        accounts::Duty,
        audit::Actor,
        consents::LiftedNo,
        families::Summary,
        people::{ImportError, Person},
    },
};
use records::{
    consent::{Answer, ConsentDecision, ConsentExport, PurposeAnswer, Standing},
    envelope::NamedRecord,
    family::{Family, FamilyKey},
    family_code::FamilyCode,
    form::{Form, FormAudience, FormKind, Purpose},
    ids::{DeviceId, PersonId, RecordId},
    pack::{ConsentForm, PackDraft, Term},
    roster::Roster,
    standing::{Decisions, Lifted},
    sync::Outcome,
};

use hyper::StatusCode;

use crate::{
    browser::{Browser, Page},
    kiosk::Kiosk,
    school::{PUPILS, School, draft, ks1, year},
};

/// Maya Khan has a mother and a father who live apart, and a brother of another name; the aunt decides nothing.
pub(crate) const CONTACTS: &str = "\
UPN,Contact Name,Salutation,Relationship,Parental Responsibility,Address 1,Home Language
A823200012001,Mrs Sana Khan,Mrs Khan,Mother,Yes,7 Lark Lane,Urdu
A823200012003,Mrs Sana Khan,Mrs Khan,Mother,Yes,7 Lark Lane,Urdu
A823200012003,Mr Joe Lowe,Mr Lowe,Father,Yes,7 Lark Lane,English
A823200012001,Mr Omar Khan,Mr Khan,Father,Yes,2 Hill Road,Urdu
A823200012001,Ms Zara Khan,Ms Khan,Aunt,No,7 Lark Lane,
A823200012004,Mr Paul Marsh,,Father,Yes,9 Mill Street,
";

pub(crate) fn images(version: &str, meaning: &str) -> Form {
    let purpose = |id: &str, meaning: &str| Purpose {
        id: id.parse().unwrap(),
        words: format!("Use: {id}"),
        meaning: meaning.to_owned(),
        how_long: "Two years.".into(),
        who_holds: "The school.".into(),
        symbol: None,
        needs: None,
    };
    Form {
        id: "images".parse().unwrap(),
        title: "Pictures of your child".into(),
        kind: FormKind::Consent,
        version: version.parse().unwrap(),
        summary: "For each use, yes or no.".into(),
        intro: vec!["We ask first.".into()],
        audience: FormAudience::Parent,
        retention: None,
        legal: vec![],
        purposes: vec![purpose("website", meaning), purpose("printed", "On paper.")],
        questions: vec![],
        withdraw: Some("Tell the office.".into()),
        sign_off: vec![],
        every_year: true,
    }
}

pub(crate) fn asking(form: Form) -> PackDraft {
    let mut draft = draft(vec![ks1("3.0")]);
    draft.content.consent = vec![ConsentForm { form, translations: vec![] }];
    draft
}

pub(crate) fn take_contacts(school: &School, csv: &str) -> Result<Summary, ImportError> {
    let list = contacts::read(csv.as_bytes()).unwrap();
    let summary = school.hub.store.import_contacts(
        &list,
        false,
        random::bytes,
        Actor::CommandLine,
        school.hub.now(),
    )?;
    school.hub.refresh_roster().unwrap();
    Ok(summary)
}

pub(crate) async fn asking_school() -> School {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&asking(images("1.0", "Anybody can see it.")));
    take_contacts(&school, CONTACTS).unwrap();
    school
}

/// New codes for all families.
pub(crate) fn codes(school: &School) -> Vec<(Household, FamilyCode)> {
    let households = school.hub.households().unwrap();
    let ids: Vec<_> = households.iter().map(|h| h.id).collect();
    let issued = school.hub.make_codes(&ids, |_| {}).unwrap();
    let codes = households.into_iter().zip(issued.iter().map(|one| one.code.clone())).collect();
    school.hub.keep_codes(issued, Actor::CommandLine).unwrap();
    codes
}

pub(crate) fn code_of(codes: &[(Household, FamilyCode)], name: &str) -> FamilyCode {
    let has = |household: &Household| household.grown_ups.iter().any(|g| g.name == name);
    codes.iter().find(|(household, _)| has(household)).unwrap().1.clone()
}

/// What a kiosk finds with a code in the newest roster.
pub(crate) fn opened(school: &School, code: &FamilyCode) -> Option<Family> {
    let (_, bytes) = school.hub.store.newest_roster().unwrap().unwrap();
    let roster = Roster::open(&bytes, &school.hub.identity().key, None).unwrap();
    let key = FamilyKey::of(code, roster.school);
    let entry = roster.families.iter().filter(|entry| entry.locator == code.locator());
    entry.filter_map(|entry| entry.open(&key, roster.school).ok()).next()
}

pub(crate) fn pupil(school: &School, forename: &str, surname: &str) -> Person {
    let people = school.hub.store.people().unwrap();
    people.into_iter().find(|p| (p.forename.as_str(), p.surname.as_str()) == (forename, surname)).unwrap()
}

pub(crate) fn grown_up(school: &School, name: &str) -> PersonId {
    school.hub.store.grown_ups().unwrap().iter().find(|g| g.name == name).unwrap().id
}

pub(crate) fn decision(
    school: &School,
    (pupil, by): (PersonId, PersonId),
    form: &Form,
    answers: &[(&str, Answer)],
    replaces: Vec<RecordId>,
) -> ConsentDecision {
    let answer = |(purpose, answer): &(&str, Answer)| PurposeAnswer {
        purpose: purpose.parse().unwrap(),
        answer: *answer,
    };
    ConsentDecision {
        id: RecordId::from_bytes(random::bytes()),
        pupil,
        by,
        form: form.id.clone(),
        version: form.version.clone(),
        words: form.digest(),
        answers: answers.iter().map(answer).collect(),
        replaces,
        help: None,
        when: school.hub.now(),
        device: DeviceId::from_bytes([1; 16]),
        helped: false,
        year: year(),
        said: vec![],
    }
}

pub(crate) async fn deliver(school: &School, kiosk: &mut Kiosk, decisions: &[ConsentDecision]) {
    let envelopes = decisions.iter().map(|d| kiosk.seal(&NamedRecord::Consent(d.clone()))).collect();
    let batch = kiosk.batch(envelopes);
    let outcomes = kiosk.send(school, batch).await.unwrap();
    assert!(outcomes.iter().all(|o| *o == Outcome::Stored), "{outcomes:?}");
}

pub(crate) fn standing(school: &School, pupil: PersonId, purpose: &str) -> Standing {
    let pack = school.hub.pack().unwrap().unwrap();
    let book = school.hub.store.consent_book(&pack.content, school.hub.today().unwrap()).unwrap();
    let form = &book.forms[0];
    let purpose = form.purposes.iter().find(|p| p.id.as_str() == purpose).unwrap();
    book.standing(pupil, form, purpose)
}

#[tokio::test]
async fn a_family_finds_its_own_children_with_its_code_and_nobody_elses() {
    let school = asking_school().await;
    let codes = codes(&school);
    assert_eq!(codes.len(), 3);
    let family = opened(&school, &code_of(&codes, "Mrs Sana Khan")).unwrap();
    let children: Vec<_> = family.children.iter().map(|c| (c.name.as_str(), c.class.as_str())).collect();
    assert_eq!(children, [("Maya", "Acorn"), ("Tom", "Acorn")]);
    let names: Vec<_> = family.grown_ups.iter().map(|g| g.name.as_str()).collect();
    assert_eq!(names, ["Mr Joe Lowe", "Mrs Sana Khan"]);
    assert_eq!(family.grown_ups[1].language.as_ref().unwrap().as_str(), "ur");
    // Maya's stepfather decides for Tom, and not for her.
    let deciders = |child: usize| family.children[child].deciders.len();
    assert_eq!((deciders(0), deciders(1)), (1, 2));

    let father = opened(&school, &code_of(&codes, "Mr Omar Khan")).unwrap();
    assert_eq!((father.children.len(), father.grown_ups.len()), (1, 1));
    let today = school.hub.today().unwrap();
    let list = hub::families::letter_list(
        "PERSONAL DATA.",
        &codes.iter().map(|(h, c)| (h, c)).collect::<Vec<_>>(),
        today,
    );
    let list = String::from_utf8(list).unwrap();
    let line = "\"Maya and Tom\",\"Khan and Lowe\",\"Acorn\",\"Mr Joe Lowe and Mrs Sana Khan\"";
    assert!(list.contains(line), "{list}");
    assert!(list.lines().next().unwrap().contains("PERSONAL DATA"), "{list}");
    assert!(!list.contains("Zara"), "who has no parental responsibility gets no letter");
}

#[tokio::test]
async fn a_family_whose_name_looks_like_a_formula_is_no_formula_in_the_list_for_letters() {
    let school = asking_school().await;
    let odd = CONTACTS.replace("Mr Omar Khan,Mr Khan", "=HYPERLINK(1),-Khan");
    take_contacts(&school, &odd).unwrap();
    let codes = codes(&school);
    let today = school.hub.today().unwrap();
    let list = hub::families::letter_list(
        "PERSONAL DATA.",
        &codes.iter().map(|(h, c)| (h, c)).collect::<Vec<_>>(),
        today,
    );
    let list = String::from_utf8(list).unwrap();
    assert!(list.contains("\"'=HYPERLINK(1)\",\"'-Khan\""), "{list}");
}

#[tokio::test]
async fn a_new_code_ends_the_old_one_and_so_does_somebody_who_leaves_the_family() {
    let school = asking_school().await;
    let first = code_of(&codes(&school), "Mrs Sana Khan");
    let second = code_of(&codes(&school), "Mrs Sana Khan");
    assert!(opened(&school, &first).is_none() && opened(&school, &second).is_some());
    let apart = CONTACTS
        .replace("Mr Joe Lowe,Mr Lowe,Father,Yes,7 Lark Lane", "Mr Joe Lowe,Mr Lowe,Father,Yes,1 Far Street");
    let summary = take_contacts(&school, &apart).unwrap();
    assert_eq!((summary.codes_ended, summary.joined, summary.families), (1, 0, 4));
    assert!(opened(&school, &second).is_none(), "he knows it");
    let unasked = school.hub.households().unwrap().iter().filter(|h| h.code_made.is_none()).count();
    assert_eq!(unasked, 2, "both need a letter");
}

#[tokio::test]
async fn a_list_of_contacts_with_a_mistake_changes_nothing() {
    let school = asking_school().await;
    let before = school.hub.households().unwrap();
    let wrong = format!("{CONTACTS}A000000000000,Mrs Elsa Frost,,Mother,Yes,1 Ice Road,\n");
    let ImportError::Lines(problems) = take_contacts(&school, &wrong).unwrap_err() else { panic!() };
    assert_eq!(problems[0].line, 8);
    assert!(problems[0].message.contains("no pupil here has the UPN"), "{problems:?}");
    assert_eq!(school.hub.households().unwrap(), before);
}

#[tokio::test]
async fn what_a_parent_decides_at_a_kiosk_is_what_the_hub_says_and_what_the_next_roster_shows_them() {
    let school = asking_school().await;
    let codes = codes(&school);
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let (maya, form) = (pupil(&school, "Maya", "Khan").id, images("1.0", "Anybody can see it."));
    let (mother, father) = (grown_up(&school, "Mrs Sana Khan"), grown_up(&school, "Mr Omar Khan"));
    assert_eq!(standing(&school, maya, "website"), Standing::NotAsked);

    let yes = [("website", Answer::Yes), ("printed", Answer::Yes)];
    let first = decision(&school, (maya, mother), &form, &yes, vec![]);
    deliver(&school, &mut kiosk, std::slice::from_ref(&first)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);

    let no = decision(
        &school,
        (maya, father),
        &form,
        &[("website", Answer::No), ("printed", Answer::Yes)],
        vec![],
    );
    deliver(&school, &mut kiosk, std::slice::from_ref(&no)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    assert_eq!(standing(&school, maya, "printed"), Standing::Yes);

    school.hub.refresh_roster().unwrap();
    let seen = opened(&school, &code_of(&codes, "Mrs Sana Khan")).unwrap();
    let child = seen.children.iter().find(|c| c.name == "Maya").unwrap();
    assert_eq!(child.decided.iter().map(|d| (d.id, d.counts)).collect::<Vec<_>>(), [(first.id, true)]);
    assert_eq!(child.others_no.len(), 1, "that somebody said no is told");
    assert!(seen.grown_ups.iter().all(|g| g.person != father), "and not who");
    let own = opened(&school, &code_of(&codes, "Mr Omar Khan")).unwrap();
    assert!(own.children[0].others_no.is_empty(), "his own no is no other's");

    // What the website's check is given says the same.
    let (_, bytes) =
        school.hub.export_consent(&school.hub.pack().unwrap().unwrap().content, Actor::CommandLine).unwrap();
    let export = ConsentExport::open(&bytes, &school.hub.identity().key).unwrap();
    assert_eq!(export.standing(maya, &"website".parse().unwrap()), Standing::No);
    assert_eq!(export.standing(maya, &"printed".parse().unwrap()), Standing::Yes);

    let lifted = Lifted { decision: no.id, purpose: "website".parse().unwrap() };
    let no = LiftedNo { lifted, reason: "Court order of 3 May".into(), account: 1, at: school.hub.now() };
    school.hub.store.lift_noes(&[no]).unwrap();
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
}

#[tokio::test]
async fn a_changed_use_asks_again_and_the_others_stay_answered() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let (maya, mother) = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mrs Sana Khan"));
    let yes = [("website", Answer::Yes), ("printed", Answer::Yes)];
    let form = images("1.0", "Anybody can see it.");
    let taken = decision(&school, (maya, mother), &form, &yes, vec![]);
    let mut last_year = decision(&school, (pupil(&school, "Tom", "Lowe").id, mother), &form, &yes, vec![]);
    last_year.year.starts = "2025-09-01".parse().unwrap();
    last_year.year.ends = "2026-08-31".parse().unwrap();
    deliver(&school, &mut kiosk, &[taken, last_year.clone()]).await;
    assert_eq!(standing(&school, last_year.pupil, "website"), Standing::NotAsked, "the form asks every year");
    let mut changed = asking(images("1.1", "Anybody can see it, and search engines too."));
    changed.made.0 += 1;
    school.publish(&changed);
    assert_eq!(standing(&school, maya, "website"), Standing::NotAsked);
    assert_eq!(standing(&school, maya, "printed"), Standing::Yes);
}

#[tokio::test]
async fn a_yes_for_a_school_year_ends_with_it_although_nobody_publishes_the_next_and_a_no_stands() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let form = images("1.0", "Anybody can see it.");
    let (maya, mother) = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mrs Sana Khan"));
    let answers = [("website", Answer::Yes), ("printed", Answer::No)];
    deliver(&school, &mut kiosk, &[decision(&school, (maya, mother), &form, &answers, vec![])]).await;
    // What the website's check is given, what a family finds, what the office reads first, and whom the camera may show.
    let exported = |purpose: &str| {
        let pack = school.hub.pack().unwrap().unwrap();
        let (_, bytes) = school.hub.export_consent(&pack.content, Actor::CommandLine).unwrap();
        let export = ConsentExport::open(&bytes, &school.hub.identity().key).unwrap();
        export.standing(maya, &purpose.parse().unwrap())
    };
    let last_day = 351 * 86_400;
    school.pass(last_day);
    assert_eq!(school.hub.today().unwrap(), year().ends);
    assert_eq!((exported("website"), exported("printed")), (Standing::Yes, Standing::No));
    let mut office = Browser::signed_in(&school).await;
    assert!(!office.get(&school, "/").await.text.contains("school year that ended"));

    school.pass(86_400);
    assert_eq!((exported("website"), exported("printed")), (Standing::NotAsked, Standing::No));
    assert_eq!(standing(&school, maya, "website"), Standing::NotAsked);
    let mut office = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    for page in ["/", "/consent"] {
        let told = office.get(&school, page).await.text;
        assert!(told.contains("for a school year that ended on 31 August 2027"), "{page}: {told}");
    }
    let may_i = office.get(&school, "/consent/may-i?use=website").await.text;
    assert!(may_i.contains("You may: 0"), "{may_i}");
    let code = code_of(&codes(&school), "Mrs Sana Khan");
    let family = opened(&school, &code).unwrap();
    assert!(!family.children[0].decided[0].counts, "the family is asked again");

    // The new year's are out: it goes on asking.
    let mut next = asking(form);
    next.made = school.hub.now();
    next.content.year.starts = "2027-09-01".parse().unwrap();
    next.content.year.ends = "2028-08-31".parse().unwrap();
    school.publish(&next);
    assert!(!office.get(&school, "/").await.text.contains("school year that ended"));
    assert_eq!((exported("website"), exported("printed")), (Standing::NotAsked, Standing::No));
}

#[tokio::test]
async fn somebody_who_decides_no_more_says_no_yes_for_anybody_and_their_no_stands() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let form = images("1.0", "Anybody can see it.");
    let (maya, father) = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mr Omar Khan"));
    let answers = [("website", Answer::Yes), ("printed", Answer::No)];
    deliver(&school, &mut kiosk, &[decision(&school, (maya, father), &form, &answers, vec![])]).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
    take_contacts(&school, &CONTACTS.replace("Father,Yes,2 Hill Road", "Father,No,2 Hill Road")).unwrap();
    assert_eq!(standing(&school, maya, "website"), Standing::NotAsked);
    assert_eq!(standing(&school, maya, "printed"), Standing::No);
}

/// Random histories of two parents at two kiosks, delivered late, twice and out of order, with a hub that starts
/// anew in between: the hub says what the rule says of all that came, and no no that came is ever a yes.
#[tokio::test]
async fn whatever_happens_on_the_way_no_no_becomes_a_yes() {
    let mut school = asking_school().await;
    let mut kiosks = [Kiosk::paired(&school).await, Kiosk::paired(&school).await];
    for kiosk in &mut kiosks {
        kiosk.hello(&school).await.unwrap();
    }
    let form = images("1.0", "Anybody can see it.");
    let parents = [grown_up(&school, "Mrs Sana Khan"), grown_up(&school, "Mr Omar Khan")];
    let maya = pupil(&school, "Maya", "Khan").id;
    let website: records::ids::Slug = "website".parse().unwrap();
    let mut all: Vec<ConsentDecision> = Vec::new();
    let mut came: Vec<ConsentDecision> = Vec::new();
    let mut waiting: Vec<ConsentDecision> = Vec::new();
    for step in 0..60 {
        let [who, answer, sees, sends, mixes] = random::bytes::<5>();
        let by = parents[usize::from(who % 2)];
        // A kiosk knows what it knows, which may be old.
        let known = if sees % 3 == 0 { &came[..] } else { &all[..] };
        let heads = Decisions::new(known).heads(by).iter().map(|d| d.id).collect();
        let answer = if answer % 2 == 0 { Answer::Yes } else { Answer::No };
        let mut next = decision(&school, (maya, by), &form, &[("website", answer)], heads);
        next.when.0 += i64::from(mixes) * 86_400 - 10_000_000;
        all.push(next.clone());
        waiting.push(next);
        if sends % 3 == 0 {
            let len = waiting.len();
            waiting.rotate_left(usize::from(mixes) % len);
            let sent: Vec<_> = waiting.drain(..len.div_ceil(2)).collect();
            deliver(&school, &mut kiosks[usize::from(who / 128)], &sent).await;
            came.extend(sent);
        }
        if step % 20 == 19 {
            school.restart().await;
            for kiosk in &mut kiosks {
                kiosk.hello(&school).await.unwrap();
            }
        }
        let rule = Decisions::new(&came);
        let expected = rule.standing(&website, &BTreeSet::new(), |_| true, |_| true);
        assert_eq!(standing(&school, maya, "website"), expected, "after step {step}");
        if !rule.no_of(&website, &BTreeSet::new()).is_empty() {
            assert_eq!(expected, Standing::No);
        }
    }
}

#[tokio::test]
async fn a_paper_form_counts_when_it_says_who_and_when_and_a_no_is_lifted_with_a_reason_alone() {
    let school = asking_school().await;
    let (maya, mother) = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mrs Sana Khan").to_string());
    let mut office = Browser::signed_in(&school).await;
    let page = format!("/consent/pupil/{maya}");
    let token = office.get(&school, &page).await.form_token();
    let paper = format!("{page}/paper/images");
    let whole = [
        ("by", mother.as_str()),
        ("day", "2026-09-14"),
        ("use-website", "no"),
        ("use-printed", "yes"),
        ("form_token", &token),
    ];
    for missing in ["by", "day"] {
        let sent: Vec<_> = whole.iter().copied().filter(|(key, _)| *key != missing).collect();
        let refused = office.post(&school, &paper, &sent).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let told = ["Nothing was kept", "Nothing was entered"].iter().any(|text| refused.text.contains(text));
        assert!(told, "{missing}");
    }
    // Tom's stepfather decides nothing for Maya.
    let other = grown_up(&school, "Mr Joe Lowe").to_string();
    let sent =
        [("by", other.as_str()), ("day", "2026-09-14"), ("use-website", "yes"), ("form_token", &token)];
    assert_eq!(office.post(&school, &paper, &sent).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(standing(&school, maya, "printed"), Standing::NotAsked);

    assert_eq!(office.post(&school, &paper, &whole).await.leads_to(), page);
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    assert_eq!(standing(&school, maya, "printed"), Standing::Yes);

    let shown = office.get(&school, &page).await.text;
    let decisions =
        shown.split("name=\"decisions\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let lift = format!("{page}/lift");
    let sent =
        [("decisions", decisions.as_str()), ("purpose", "website"), ("reason", " "), ("form_token", &token)];
    assert_eq!(office.post(&school, &lift, &sent).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    let sent = |sure: &'static str| {
        [
            ("decisions", decisions.as_str()),
            ("purpose", "website"),
            ("reason", "A court"),
            ("sure", sure),
            ("form_token", token.as_str()),
        ]
    };
    let unsure = office.post(&school, &lift, &sent("")).await;
    assert_eq!(unsure.status, StatusCode::BAD_REQUEST);
    assert!(unsure.text.contains("Tick that the law or a court says so"), "{}", unsure.text);
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    let elsewhere = format!("/consent/pupil/{}/lift", pupil(&school, "Ivy", "Marsh").id);
    assert_eq!(
        office.post(&school, &elsewhere, &sent("yes")).await.status,
        StatusCode::NOT_FOUND,
        "of another pupil"
    );
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    assert_eq!(office.post(&school, &lift, &sent("yes")).await.leads_to(), page);
    assert_eq!(standing(&school, maya, "website"), Standing::NotAsked, "a lifted no is no yes");
    let history = office.get(&school, &page).await.text;
    assert!(history.contains("A court") && history.contains("The office, by office"), "{history}");
}

#[tokio::test]
async fn new_codes_for_all_are_made_only_for_somebody_who_knows_that_the_old_ones_end() {
    let school = asking_school().await;
    let old = code_of(&codes(&school), "Mrs Sana Khan");
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, "/families").await.form_token();
    let sent = [("families", "all"), ("form_token", token.as_str())];
    let refused = office.post(&school, "/families/letters", &sent).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("old code would end"));
    assert!(opened(&school, &old).is_some());
}

#[tokio::test]
async fn a_code_ends_with_the_term_it_was_made_in() {
    let school = asking_school().await;
    let mut pack = asking(images("1.0", "Anybody can see it."));
    let day = |text: &str| text.parse().unwrap();
    pack.content.terms = vec![
        Term { starts: day("2026-09-03"), ends: day("2026-09-16") },
        Term { starts: day("2026-10-01"), ends: day("2026-12-18") },
    ];
    pack.made.0 += 1;
    school.publish(&pack);
    // It is 14 September.
    let code = code_of(&codes(&school), "Mrs Sana Khan");
    let opens = || {
        school.hub.refresh_roster().unwrap();
        opened(&school, &code).is_some()
    };
    let missing = || school.hub.households().unwrap().iter().filter(|h| h.code_made.is_none()).count();
    school.pass(2 * 86_400);
    assert!(opens() && missing() == 0, "on the last day of the term");
    school.pass(86_400);
    assert!(!opens() && missing() == 3, "and not on the next");
    // Between two terms a code is made for the next one.
    let next = code_of(&codes(&school), "Mrs Sana Khan");
    school.pass(60 * 86_400);
    school.hub.refresh_roster().unwrap();
    assert!(opened(&school, &next).is_some());
    school.pass(60 * 86_400);
    school.hub.refresh_roster().unwrap();
    assert!(opened(&school, &next).is_none());
}

#[tokio::test]
async fn a_use_that_needs_another_is_allowed_only_where_the_other_is() {
    let school = asking_school().await;
    let mut form = images("1.1", "Anybody can see it.");
    form.purposes[1].needs = Some(form.purposes[0].id.clone());
    let mut pack = asking(form.clone());
    pack.made.0 += 1;
    school.publish(&pack);
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let maya = pupil(&school, "Maya", "Khan").id;
    let (mother, father) = (grown_up(&school, "Mrs Sana Khan"), grown_up(&school, "Mr Omar Khan"));
    let both = [("website", Answer::Yes), ("printed", Answer::Yes)];
    deliver(&school, &mut kiosk, &[decision(&school, (maya, mother), &form, &both, vec![])]).await;
    assert_eq!(standing(&school, maya, "printed"), Standing::Yes);
    let one = [("website", Answer::No), ("printed", Answer::Yes)];
    deliver(&school, &mut kiosk, &[decision(&school, (maya, father), &form, &one, vec![])]).await;
    assert_eq!(standing(&school, maya, "printed"), Standing::No, "what it needs is not allowed");
}

/// Until the letters are ready, or something else has become of them.
async fn made(school: &School, office: &mut Browser) -> Page {
    loop {
        let page = office.get(school, "/families/letters").await;
        if !page.text.contains("http-equiv=\"refresh\"") {
            return page;
        }
    }
}

#[tokio::test]
async fn letters_are_for_the_account_that_asked_and_gone_after_half_an_hour() {
    const FILE: &str = "/families/letters/file";
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut colleague = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    let token = office.get(&school, "/families").await.form_token();
    let sent = [("families", "missing"), ("form_token", token.as_str())];
    assert_eq!(office.post(&school, "/families/letters", &sent).await.leads_to(), "/families/letters");
    assert!(made(&school, &mut office).await.text.contains("The list is ready"));
    assert_eq!(colleague.get(&school, FILE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(colleague.get(&school, "/families/letters").await.leads_to(), "/families");
    let list = office.get(&school, FILE).await.text;
    let line = list.lines().nth(2).unwrap();
    let code: FamilyCode = line.split("\",\"").nth(6).unwrap().parse().unwrap();
    assert!(opened(&school, &code).is_some(), "a code is good once its letter is there: {line}");
    for _ in 0..31 {
        school.pass(60);
        office.get(&school, "/").await;
    }
    assert_eq!(office.get(&school, FILE).await.status, StatusCode::NOT_FOUND);
    assert!(opened(&school, &code).is_some());
}

/// The office asks for letters, and waits until they are ready.
async fn ask_for_letters(school: &School, browser: &mut Browser, families: &str, lose: &str) -> Page {
    let token = browser.get(school, "/families").await.form_token();
    let sent = [("families", families), ("sure", "yes"), ("lose", lose), ("form_token", token.as_str())];
    let page = browser.post(school, "/families/letters", &sent).await;
    if page.leads_to() == "/families/letters" { made(school, browser).await } else { page }
}

#[tokio::test]
async fn letters_that_are_ready_are_lost_to_no_second_press_and_to_no_colleagues() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut colleague = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    assert!(ask_for_letters(&school, &mut office, "missing", "").await.text.contains("The list is ready"));
    let page = ask_for_letters(&school, &mut office, "all", "").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    for part in
        ["3 letters with codes, asked for by you", "Go to the letters", "Throw away and make new codes"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let page = ask_for_letters(&school, &mut colleague, "all", "").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text.contains("asked for by office 14 September 2026, 9:00"), "{}", page.text);
    let token = office.get(&school, "/families").await.form_token();
    let page = office.post(&school, "/families/letters/done", &[("form_token", &token)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "nor to “I have them” from somebody who has not");
    let list = office.get(&school, "/families/letters/file").await.text;
    // Below how it is handled and the headings.
    for line in list.lines().skip(2) {
        let code: FamilyCode = line.split(',').nth(6).unwrap().trim_matches('"').parse().unwrap();
        assert!(opened(&school, &code).is_some(), "what is in the letters is still good: {line}");
    }
    // Once they are downloaded nobody is asked.
    assert!(ask_for_letters(&school, &mut colleague, "all", "").await.text.contains("The list is ready"));
    assert_eq!(colleague.get(&school, "/families/letters/file").await.status, StatusCode::OK);
    let sent = [("form_token", token.as_str())];
    assert_eq!(office.post(&school, "/families/letters/done", &sent).await.leads_to(), "/families");
    assert_eq!(colleague.get(&school, "/families/letters/file").await.status, StatusCode::OK, "not theirs");
}

#[tokio::test]
async fn whose_letter_is_thrown_away_gets_another_with_the_next_ones() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut colleague = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    ask_for_letters(&school, &mut office, "missing", "").await;
    let one: String =
        school.hub.households().unwrap()[0].id.iter().map(|byte| format!("{byte:02x}")).collect();
    let page = ask_for_letters(&school, &mut colleague, &one, "yes").await;
    assert!(page.text.contains("The list is ready"), "{}", page.text);
    assert_eq!(office.get(&school, "/families/letters/file").await.status, StatusCode::NOT_FOUND);
    let list = colleague.get(&school, "/families/letters/file").await.text;
    assert_eq!(list.lines().count(), 2 + 3, "nobody is left with a code that nobody knows: {list}");
    // Below how it is handled and the headings.
    for line in list.lines().skip(2) {
        let code: FamilyCode = line.split(',').nth(6).unwrap().trim_matches('"').parse().unwrap();
        assert!(opened(&school, &code).is_some(), "{line}");
    }
}

#[tokio::test]
async fn a_new_code_for_one_family_is_made_only_for_somebody_who_knows_that_the_old_one_ends() {
    let school = asking_school().await;
    let old = code_of(&codes(&school), "Mrs Sana Khan");
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/families").await;
    let token = page.form_token();
    let families = school.hub.households().unwrap();
    for family in &families {
        let id: String = family.id.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(page.text.contains(&format!("id=\"sure-{id}\" required")), "{}", page.text);
        let sent = [("families", id.as_str()), ("form_token", token.as_str())];
        let refused = office.post(&school, "/families/letters", &sent).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains("The family’s old code would end"), "{}", refused.text);
    }
    assert!(opened(&school, &old).is_some());
}

#[tokio::test]
async fn a_clock_that_steps_back_a_day_in_the_middle_of_an_open_evening_turns_no_no_round_and_loses_no_signature()
 {
    const BACK: i64 = 24 * 3600;
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let form = images("1.0", "Anybody can see it.");
    let (maya, sana) = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mrs Sana Khan"));
    let omar = grown_up(&school, "Mr Omar Khan");
    let said = |by, answer, replaces| {
        decision(&school, (maya, by), &form, &[("website", answer), ("printed", Answer::Yes)], replaces)
    };
    school.pass(9 * 3600);
    let yes = said(sana, Answer::Yes, vec![]);
    deliver(&school, &mut kiosk, std::slice::from_ref(&yes)).await;
    kiosk.sign(&school, maya, &ks1("3.0")).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);

    // From here on everything that is done later says that it was a day earlier.
    kiosk.ahead = -BACK;
    kiosk.hello(&school).await.unwrap();
    let earlier = |decision: ConsentDecision, seconds: i64| {
        let when = records::day::Moment(school.hub.now().0 - BACK + seconds);
        ConsentDecision { when, ..decision }
    };
    let no = earlier(said(sana, Answer::No, vec![yes.id]), 60);
    deliver(&school, &mut kiosk, std::slice::from_ref(&no)).await;
    assert_eq!(
        standing(&school, maya, "website"),
        Standing::No,
        "what she says last holds, whatever its time"
    );
    let other = earlier(said(omar, Answer::Yes, vec![]), 120);
    deliver(&school, &mut kiosk, std::slice::from_ref(&other)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::No, "another's yes lifts no no");
    // The same yes once more, from a kiosk that was cut off before it heard that it had arrived.
    let batch = kiosk.batch(vec![kiosk.seal(&NamedRecord::Consent(yes.clone()))]);
    kiosk.send(&school, batch).await.unwrap();
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    let again = earlier(said(sana, Answer::Yes, vec![no.id]), 30);
    deliver(&school, &mut kiosk, std::slice::from_ref(&again)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes, "her no is hers to take back");

    let tom = pupil(&school, "Tom", "Lowe").id;
    let when = records::day::Moment(school.hub.now().0 - BACK);
    let signature = kiosk.signature(tom, &ks1("3.0"), when);
    let batch = kiosk.batch(vec![kiosk.seal(&NamedRecord::Signature(signature))]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
    let register = school.hub.store.register(&ks1("3.0"), &year()).unwrap();
    assert_eq!(register.signed(), 2, "both have signed: {register:?}");
    let mut office = Browser::signed_in(&school).await;
    assert!(
        office.get(&school, "/").await.text.contains("One kiosk has a wrong clock"),
        "and the office is told"
    );
}
