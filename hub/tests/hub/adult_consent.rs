//! Staff, volunteers and governors say themselves whether their pictures may be used.

use hub::{import::Kind, store::people::Person};
use hyper::StatusCode;
use records::{
    consent::{ConsentExport, Standing},
    form::{Form, FormAudience, Purpose},
    ids::PersonId,
};

use crate::{
    browser::{Browser, Page},
    consents::{asking, images, pupil},
    held,
    school::{PUPILS, School},
};

fn staff_images() -> Form {
    let form = images("1.0", "Anybody can see it.");
    let purpose = |purpose: &Purpose| Purpose {
        id: format!("staff-{}", purpose.id).parse().unwrap(),
        words: format!("Grown-up {}", purpose.words.to_lowercase()),
        ..purpose.clone()
    };
    Form {
        id: "staff-images".parse().unwrap(),
        title: "Pictures of you".into(),
        audience: FormAudience::Staff,
        purposes: form.purposes.iter().map(purpose).collect(),
        ..form
    }
}

async fn school() -> School {
    let school = School::open().await;
    school.import(PUPILS);
    school.import(
        "Staff Code,Forename,Surname,Job Title\nS1,Ruth,Adeyemi,Headteacher\nS2,Priya,Nair,Teacher\n",
    );
    school.import_as("Name,Role\n\"Ferris, Martin\",Chair\n", Some(Kind::Governors));
    let mut draft = asking(images("1.0", "Anybody can see it."));
    draft.content.adult_consent = vec![staff_images()];
    school.publish(&draft);
    school
}

fn called(school: &School, forename: &str) -> Person {
    school.hub.store.people().unwrap().into_iter().find(|p| p.forename == forename).unwrap()
}

async fn paper(school: &School, office: &mut Browser, of: PersonId, by: PersonId, answer: &str) -> Page {
    let token = office.get(school, &format!("/consent/pupil/{of}")).await.form_token();
    let by = by.to_string();
    let fields = [
        ("day", "2026-09-14"),
        ("form_token", token.as_str()),
        ("by", &by),
        ("use-staff-website", answer),
        ("use-staff-printed", "no"),
    ];
    office.post(school, &format!("/consent/pupil/{of}/paper/staff-images"), &fields).await
}

fn standing(school: &School, person: PersonId) -> Standing {
    let pack = school.hub.pack().unwrap().unwrap();
    let book = school.hub.store.consent_book(&pack.content, school.hub.today().unwrap()).unwrap();
    let form = &book.adult_forms[0];
    book.standing(person, form, &form.purposes[0])
}

#[tokio::test]
async fn grown_ups_decide_for_themselves_and_the_photographer_sees_it() {
    let school = school().await;
    let mut office = Browser::signed_in(&school).await;
    let (ruth, priya, martin) =
        (called(&school, "Ruth").id, called(&school, "Priya").id, called(&school, "Martin").id);
    assert_eq!(standing(&school, ruth), Standing::NotAsked);
    let page = paper(&school, &mut office, ruth, priya, "yes").await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("Say whose paper it is"));
    paper(&school, &mut office, ruth, ruth, "yes").await;
    paper(&school, &mut office, martin, martin, "no").await;
    assert_eq!((standing(&school, ruth), standing(&school, martin)), (Standing::Yes, Standing::No));

    let page = office.get(&school, "/consent").await.text;
    assert!(page.contains("answered in full for 2 of 3 grown-ups"), "{page}");
    let page = office.get(&school, "/consent/form/staff-images").await.text;
    for part in ["<h2>Staff</h2>", "<h2>Governors</h2>", "Ruth Adeyemi", "Martin Ferris"] {
        assert!(page.contains(part) && !page.contains("Maya"), "{part}: {page}");
    }
    let page = office.get(&school, "/consent/asked").await.text;
    assert!(
        page.contains("Priya Nair") && page.contains("they themselves") && !page.contains("Ruth Adeyemi")
    );
    // Beside the pupils before the same camera, and alone.
    for address in ["/consent/may-i?use=website", "/consent/may-i?use=staff-website"] {
        let page = office.get(&school, address).await.text;
        let rest = page.split("Grown-ups: ").last().unwrap();
        let group = |state: &str| {
            let part = rest.split(&format!("class=\"may {state}\"")).nth(1).unwrap_or_default();
            part.split("</section>").next().unwrap().to_owned()
        };
        assert!(
            group("yes").contains("Ruth Adeyemi") && group("no").contains("Martin Ferris"),
            "{address}: {page}"
        );
        assert!(group("ask").contains("Priya Nair"), "{address}: {page}");
        assert_eq!(page.contains("Maya Khan"), address.ends_with("=website"), "{address}");
    }
    let page = office.get(&school, &format!("/consent/pupil/{martin}")).await.text;
    assert!(page.contains("they themselves") && !page.contains("Lift this no"), "{page}");
    // Nobody lifts a grown-up's no, and nobody answers for a pupil on a grown-up's form.
    let token = office.get(&school, &format!("/consent/pupil/{martin}")).await.form_token();
    let pack = school.hub.pack().unwrap().unwrap();
    let book = school.hub.store.consent_book(&pack.content, school.hub.today().unwrap()).unwrap();
    let no = book.taken(martin, &staff_images().id)[0].decision.id.to_string();
    let fields = [
        ("form_token", token.as_str()),
        ("decisions", &no),
        ("reason", "we like it"),
        ("sure", "yes"),
        ("purpose", "staff-website"),
    ];
    let page = office.post(&school, &format!("/consent/pupil/{martin}/lift"), &fields).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let maya = pupil(&school, "Maya", "Khan").id;
    let page = paper(&school, &mut office, maya, maya, "yes").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!school.hub.store.responsibilities().unwrap().iter().any(|one| one.pupil == maya));

    // She changes her mind; what is held on her says all of it; the website's check knows pupils alone.
    paper(&school, &mut office, ruth, ruth, "no").await;
    assert_eq!(standing(&school, ruth), Standing::No);
    let (_, pages) = held::made(&school, ruth);
    let words = held::words(&pages);
    assert!(words.contains("Pictures of you") && words.contains("By: You"), "{words}");
    let pack = school.hub.pack().unwrap().unwrap();
    let (_, export) =
        school.hub.export_consent(&pack.content, hub::store::audit::Actor::CommandLine).unwrap();
    let export = ConsentExport::open(&export, &school.hub.identity().key).unwrap();
    assert!(export.lines.iter().all(|line| line.pupil != ruth && line.pupil != martin));
    // Whoever has left is not asked.
    school.import("Staff Code,Forename,Surname,Job Title\nS1,Ruth,Adeyemi,Headteacher\n");
    let page = office.get(&school, "/consent/form/staff-images").await.text;
    assert!(page.contains("Ruth Adeyemi") && !page.contains("Priya Nair"), "{page}");
}
