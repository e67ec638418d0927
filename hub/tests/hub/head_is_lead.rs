//! A small school, whose headteacher is its safeguarding lead: what is told about a grown-up never comes to that person.

use hub::report_form;
use hyper::StatusCode;
use records::{
    report::{Role, Route},
    tell::{Asked, Leads, TellChoice},
};

use crate::{
    browser::Browser,
    report_form::{get, send},
    safeguarding::{Told, report},
};

/// Such a school publishes that both answers lead to the chair and the vice-chair.
async fn small_school() -> Told {
    let told = Told::begun().await;
    let mut draft = told.draft();
    let tell = draft.content.tell.as_mut().unwrap();
    let about = tell.questions.iter_mut().find(|question| question.asked == Asked::About).unwrap();
    let others = Some(Leads::To(Route::AboutHeadteacher));
    for choice in about.choices.iter_mut().filter(|choice| choice.leads.is_some()) {
        choice.leads = others;
    }
    about.choices.push(TellChoice {
        id: "headteacher".parse().unwrap(),
        words: "The headteacher".into(),
        symbol: "told".parse().unwrap(),
        leads: others,
    });
    told.school.publish(&draft);
    told
}

async fn counts(told: &mut Told) -> Vec<usize> {
    let mut seen = Vec::new();
    for role in Role::ALL {
        seen.push(told.listed(role).await.len());
    }
    seen
}

#[tokio::test]
async fn what_a_child_tells_about_any_grown_up_is_for_the_chair_and_the_vice_chair_and_they_are_told_so() {
    let mut told = small_school().await;
    let way = told.school.hub.pack().unwrap().unwrap().content.tell.as_ref().unwrap().about_grown_ups();
    told.bring(vec![(way, report(None))]).await;
    assert_eq!(counts(&mut told).await, [0, 0, 1, 1], "not the lead, and not the headteacher");
    let page = told.page(Role::ViceChair, "/safeguarding").await.text;
    assert!(page.contains("About the headteacher or another grown-up at school"), "{page}");
}

#[tokio::test]
async fn what_an_adult_writes_down_and_what_comes_by_the_web_goes_the_same_way_and_both_forms_say_so() {
    let mut told = small_school().await;
    let mut office = Browser::signed_in(&told.school).await;
    let form = office.get(&told.school, "/concern").await;
    let says = "A grown-up at school: the chair of governors and the vice-chair of governors.";
    assert!(form.text.contains(says), "{}", form.text);
    let token = form.form_token();
    let fields = [("form_token", token.as_str()), ("about", "grown-up"), ("words", "he shouted")];
    assert_eq!(office.post(&told.school, "/concern", &fields).await.status, StatusCode::OK);
    assert_eq!(counts(&mut told).await, [0, 0, 1, 1]);
    let any = "127.0.0.1:0".parse().unwrap();
    let web = report_form::start(told.school.hub.clone(), any).await.unwrap();
    let page = get(web.address, "/").await;
    let says = "A grown-up at school: the chair and the vice-chair of governors. Not the headteacher";
    assert!(page.text.contains(says), "{}", page.text);
    send(web.address, &[("about", "grown-up"), ("words", "she shouted")]).await;
    told.again().await;
    assert_eq!(counts(&mut told).await, [0, 0, 2, 2]);
}
