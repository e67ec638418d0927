//! A governor signs in and sees figures; a technician sees the kiosks; both the registers that are for them, and no more.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use tests::browser::Browser;
use tests::keyboard::tab_to;
use tests::school::School;
use tests::sight::{look, signed_in, signed_in_as};

const NO_FAULTS: Vec<String> = Vec::new();

async fn ways(browser: &Browser) -> Vec<String> {
    let mut ways = Vec::new();
    for way in browser.client().find_all(Locator::Css(".top nav a")).await.unwrap() {
        ways.push(way.attr("href").await.unwrap().unwrap());
    }
    ways
}

#[tokio::test]
async fn a_governor_sees_figures_a_technician_the_kiosks_and_neither_anything_else() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    school.desk().unwrap();
    school.account("governor", "governor").unwrap();
    let mut governor = signed_in_as(&school, "governor").await.unwrap();
    assert_eq!(ways(&governor).await, ["/registers", "/figures", "/concern"]);
    governor.client().goto(&format!("https://{}/figures", school.desk_address())).await.unwrap();
    let page = governor.client().source().await.unwrap();
    assert!(
        page.contains("how many, never who") && page.contains("Pictures and film of your child"),
        "{page}"
    );
    assert_eq!(look(&governor, "figures").await.unwrap(), NO_FAULTS);
    tab_to(&governor, "here.pathname === '/figures/figures.csv'", 20).await.unwrap();
    assert_eq!(governor.complaints().await.unwrap(), NO_FAULTS);

    // The office has them too, and what the law asks for on paper.
    let office = signed_in(&school).await.unwrap();
    for (page, name) in [("/processing", "processing"), ("/unopened", "unopened")] {
        office.client().goto(&format!("https://{}{page}", school.desk_address())).await.unwrap();
        assert_eq!(look(&office, name).await.unwrap(), NO_FAULTS);
    }

    school.account("technician", "technician").unwrap();
    let mut technician = signed_in_as(&school, "technician").await.unwrap();
    assert_eq!(
        ways(&technician).await,
        ["/registers", "/kiosks", "/kiosks/stick", "/set-aside", "/backups", "/accounts", "/concern"]
    );
    technician.client().goto(&format!("https://{}/kiosks", school.desk_address())).await.unwrap();
    assert_eq!(look(&technician, "technician").await.unwrap(), NO_FAULTS);
    assert_eq!(technician.complaints().await.unwrap(), NO_FAULTS);
}
