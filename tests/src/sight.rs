//! What tests do and see on the desk's pages with a real browser.

use fantoccini::Locator;

use crate::accessibility::{CheckError, Colours, Rules, check, prepare, show};
use crate::browser::{Browser, BrowserError, Options};
use crate::desk::OWN_PASSWORD;
use crate::keyboard::press;
use crate::phone::Phone;
use crate::school::School;

/// Types into a field, once it is there.
///
/// # Errors
/// If it does not come.
pub async fn fill(browser: &Browser, css: &str, words: &str) -> Result<(), BrowserError> {
    Ok(browser.client().wait().for_element(Locator::Css(css)).await?.send_keys(words).await?)
}

/// Presses something, once it is there.
///
/// # Errors
/// If it does not come.
pub async fn click(browser: &Browser, css: &str) -> Result<(), BrowserError> {
    Ok(browser.client().wait().for_element(Locator::Css(css)).await?.click().await?)
}

/// A browser in which the office has signed in to the desk. The first sign-in, with its new password, was done before.
///
/// # Errors
/// If anything on the way does not come.
pub async fn signed_in(school: &School) -> Result<Browser, CheckError> {
    let browser = signed_in_as(school, &school.first_sign_in.0).await?;
    browser.client().wait().for_element(Locator::Css("ul.cards")).await.map_err(BrowserError::from)?;
    Ok(browser)
}

/// A browser in which somebody who has had an account for a while has signed in to the desk.
///
/// # Errors
/// If anything on the way does not come.
pub async fn signed_in_as(school: &School, name: &str) -> Result<Browser, CheckError> {
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await?;
    prepare(&browser).await?;
    let client = browser.client();
    client.goto(&format!("https://{}", school.desk_address())).await.map_err(BrowserError::from)?;
    fill(&browser, "#name", name).await?;
    fill(&browser, "#password", OWN_PASSWORD).await?;
    press(&browser, "Enter").await?;
    client.wait().for_element(Locator::Css(".top nav")).await.map_err(BrowserError::from)?;
    Ok(browser)
}

/// Sets up a phone on the page “Second step”, as whoever reads reports has to at the first sign-in.
///
/// # Errors
/// If the page does not go on as it should.
pub async fn set_up_phone(browser: &Browser) -> Result<Phone, BrowserError> {
    click(browser, "form[action='/second-step/begin'] button").await?;
    let typed = browser.client().wait().for_element(Locator::Css("#typed")).await?.text().await?;
    let mut phone = Phone::with_key(&typed);
    fill(browser, "#code", &phone.code()).await?;
    click(browser, "form[action='/second-step/confirm'] button").await?;
    browser.client().wait().for_element(Locator::Css("ul.papercodes")).await?;
    Ok(phone)
}

/// Types the code that is asked for after a password.
///
/// # Errors
/// If it is not asked for.
pub async fn type_code(browser: &Browser, code: &str) -> Result<(), BrowserError> {
    browser.client().wait().for_element(Locator::Css("form[action='/sign-in/code']")).await?;
    fill(browser, "#code", code).await?;
    click(browser, "main button[type=submit]").await
}

/// Takes a picture of the page, and gives back what axe-core finds wrong on a phone and a desktop, by day, by night
/// and in forced colours.
///
/// # Errors
/// If the browser does not do as it was asked.
pub async fn look(browser: &Browser, name: &str) -> Result<Vec<String>, CheckError> {
    let mut faults = Vec::new();
    for width in [390, 1280] {
        for colours in [Colours::Dark, Colours::Forced, Colours::Light] {
            show(browser, width, colours).await?;
            let found = check(browser, Rules::All).await?;
            faults.extend(found.faults.iter().map(|one| format!("{name} at {width}, {colours}: {one}")));
            if colours != Colours::Forced {
                browser.screenshot(&format!("{name}-{width}-{colours}")).await?;
            }
        }
    }
    Ok(faults)
}
