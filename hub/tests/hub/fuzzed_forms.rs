//! Every form and every list of the desk, as everybody who can sign in finds them, filled in with what no form expects:
//! the hub answers each in words, runs nothing of it, and goes on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{
    agreement::Audience,
    report::{Role, Route},
};

use crate::{
    browser::{Browser, Page},
    calls::{ask, new_call},
    consents::{asking, images},
    kept_registers::loans,
    kiosk::Kiosk,
    safeguarding::{Told, report},
    school::{PUPILS, School, agreement, ks1},
};

/// So many pages are looked through for forms, of each who signs in.
const PAGES: usize = 60;
/// So often is each form sent.
const TRIES: u64 = 6;
const SCRIPT: &str = "<script>alert(1)</script>";

/// Numbers that a seed decides (SplitMix64).
struct Seeded(u64);

impl Seeded {
    /// By words.
    fn of(words: &str) -> Self {
        Self(words.bytes().fold(20_260_914, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into())))
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[usize::try_from(self.number() % all.len() as u64).unwrap()]
    }

    /// What nobody types into a field.
    fn nonsense(&mut self) -> String {
        let letters = |seed: &mut Self, count: u64| -> String {
            (0..count)
                .filter_map(|_| char::from_u32(u32::try_from(seed.number() % 0x11_0000).unwrap()))
                .collect()
        };
        match self.number() % 12 {
            0 => String::new(),
            1 => "   \t\r\n ".into(),
            2 => SCRIPT.into(),
            3 => "'; DROP TABLE people; --".into(),
            4 => "{{ 7 * 7 }}{% include 'base.html' %}".into(),
            5 => "\0\u{1}\u{202e}\u{feff}".into(),
            6 => "ä".repeat(3000),
            7 => (*self.one_of(&["-1", "0", "99999999999999999999", "1e309", "NaN", "٣"])).into(),
            8 => {
                (*self.one_of(&["2026-02-30", "0000-00-00", "9999-12-31", "14/09/2026", "2026-09-14T25:61"]))
                    .into()
            }
            9 => (*self.one_of(&["yes", "on", "all", "keep", "gone", "../../etc/passwd", "/"])).into(),
            10 => letters(self, 40),
            _ => format!("{:032x}", u128::from(self.number())),
        }
    }
}

/// A form as a page has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Form {
    action: String,
    is_post: bool,
    has_file: bool,
    /// Each name with what the page put into it; a name may come more than once.
    fields: Vec<(String, String)>,
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

impl Form {
    fn all(path: &str, page: &str) -> Vec<Self> {
        let forms = page.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
        let form = |form: &str| {
            let head = form.split('>').next().unwrap_or_default();
            let tags = form.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
            let named = tags.filter_map(|tag| {
                let value = attribute(tag, "value").unwrap_or_default();
                Some((attribute(tag, "name")?.to_owned(), value.replace("&amp;", "&")))
            });
            let here = path.split('?').next().unwrap_or_default();
            Self {
                action: attribute(head, "action").unwrap_or(here).to_owned(),
                is_post: attribute(head, "method") == Some("post"),
                has_file: head.contains("multipart/form-data"),
                fields: named.collect(),
            }
        };
        forms.map(form).collect()
    }

    /// What it asks for, whatever stands in it.
    fn shape(&self) -> (String, BTreeSet<String>) {
        // Many rows of one page have one form each.
        let is_id = |part: &&str| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let action = self.action.split('/').map(|part| if is_id(&part) { "{id}" } else { part });
        let names = self.fields.iter().map(|(name, _)| name.clone());
        (action.collect::<Vec<_>>().join("/"), names.collect())
    }

    /// As somebody sends it who means no good: fields left out, come twice, or with nonsense in them.
    fn filled(&self, seed: &mut Seeded) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for (name, value) in &self.fields {
            match seed.number() % 8 {
                _ if name == "form_token" => fields.push((name.clone(), value.clone())),
                0 => {}
                1 => fields.extend([(name.clone(), value.clone()), (name.clone(), seed.nonsense())]),
                2 => fields.push((name.clone(), value.clone())),
                _ => fields.push((name.clone(), seed.nonsense())),
            }
        }
        fields
    }
}

/// Addresses of the desk's own pages on a page.
fn leads(page: &str) -> BTreeSet<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let address = |to: &str| to.split('#').next().unwrap_or_default().replace("&amp;", "&");
    let is_page = |to: &String| {
        let path = to.split('?').next().unwrap_or_default();
        path.starts_with('/') && !path.rsplit('/').next().unwrap_or_default().contains('.')
    };
    all.map(address).filter(is_page).collect()
}

fn is_answered(who: &str, what: &str, page: &Page) {
    // What a hub says that fell over a page, or over its database. That it cannot print here is another thing.
    let fell = ["This page cannot be shown", "The hub cannot answer now"]
        .iter()
        .any(|words| page.text.contains(words));
    let is_told = page.status != StatusCode::INTERNAL_SERVER_ERROR && !fell && !page.text.is_empty();
    assert!(is_told || page.status.is_redirection(), "{who}, {what}: {} {}", page.status, page.text);
    let is_page = page.headers.get("content-type").is_none_or(|kind| kind.to_str().unwrap().contains("html"));
    assert!(!is_page || !page.text.contains(SCRIPT), "{who}, {what}: what was sent runs: {}", page.text);
}

async fn sent(
    browser: &mut Browser,
    school: &School,
    form: &Form,
    fields: &[(String, String)],
    file: &[u8],
) -> Page {
    let pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if !form.is_post {
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        return browser.get(school, &format!("{}?{}", form.action, query.join("&"))).await;
    }
    if !form.has_file {
        return browser.post(school, &form.action, &pairs).await;
    }
    let mut body = Vec::new();
    for (name, value) in pairs {
        let is_file = ["file", "pack", "scan", "list", "portrait", "files"].contains(&name);
        let named = if is_file { "; filename=\"list.csv\"" } else { "" };
        body.extend(
            format!("--between\r\nContent-Disposition: form-data; name=\"{name}\"{named}\r\n\r\n").bytes(),
        );
        body.extend(if is_file { file } else { value.as_bytes() });
        body.extend(b"\r\n");
    }
    body.extend(b"--between--\r\n");
    browser.post_bytes(school, &form.action, "multipart/form-data; boundary=between", body).await
}

fn escaped(text: &str) -> String {
    text.bytes().take(2000).map(|byte| format!("%{byte:02X}")).collect()
}

/// Files that nobody can take for what is asked.
fn files(seed: &mut Seeded) -> Vec<u8> {
    match seed.number() % 6 {
        0 => Vec::new(),
        1 => b"Forename,Surname,Reg\n\"Maya,Khan,Acorn\n".to_vec(),
        2 => b"\xff\xfe\x00\x01Forename;Surname".to_vec(),
        3 => "Forename,Surname,Reg\n".repeat(400).into_bytes(),
        4 => format!("Forename,Surname,Reg\n{SCRIPT},\0,=HYPERLINK(\"x\")\n").into_bytes(),
        _ => (0..600).map(|_| u8::try_from(seed.number() % 256).unwrap()).collect(),
    }
}

/// Looks for forms from page to page, sends each some times, and tells how many there were.
async fn tries(who: &str, browser: &mut Browser, school: &School) -> usize {
    let mut to_see: VecDeque<String> = ["/", "/safeguarding", "/registers"].map(str::to_owned).into();
    let (mut seen, mut forms) = (BTreeSet::new(), BTreeMap::new());
    while let Some(path) = to_see.pop_front() {
        if seen.len() >= PAGES || !seen.insert(path.clone()) {
            continue;
        }
        let page = browser.get(school, &path).await;
        is_answered(who, &path, &page);
        to_see.extend(leads(&page.text));
        for form in Form::all(&path, &page.text) {
            forms.entry(form.shape()).or_insert(form);
        }
    }
    // These end the visit, or take long by design: they are tried by hand where they belong.
    let apart = |form: &Form| {
        let secret = form
            .fields
            .iter()
            .any(|(name, _)| ["passphrase", "current", "password"].contains(&name.as_str()));
        form.action == "/sign-out" || secret
    };
    forms.retain(|_, form| !apart(form));
    for (shape, form) in &forms {
        // Ids are drawn by chance, and with them which page comes first: each form has its own numbers.
        let seed = &mut Seeded::of(&format!("{who} {shape:?}"));
        for _ in 0..TRIES {
            let fields = form.filled(seed);
            let file = files(seed);
            let page = sent(browser, school, form, &fields, &file).await;
            is_answered(who, &format!("{} with {fields:?}", form.action), &page);
        }
        if form.is_post && !form.has_file {
            let bytes = (0..200).map(|_| u8::try_from(seed.number() % 256).unwrap()).collect();
            let kind = "application/x-www-form-urlencoded";
            let page = browser.post_bytes(school, &form.action, kind, bytes).await;
            is_answered(who, &format!("{} with bytes", form.action), &page);
        }
    }
    assert_eq!(browser.get(school, "/second-step").await.status, StatusCode::OK, "{who} is still signed in");
    forms.len()
}

#[tokio::test]
async fn whatever_is_sent_to_a_form_or_a_list_of_the_desk_is_answered_in_words_and_the_hub_goes_on() {
    let mut told = Told::begun().await;
    let mut pack = told.draft();
    let asks = asking(images("1.0", "On the website."));
    pack.content.consent = asks.content.consent;
    pack.content.registers = vec![loans()];
    pack.content.agreements = vec![
        ks1("3.0"),
        agreement(Audience::Staff, "1.0", &["I lock my screen."]),
        agreement(Audience::Visitor, "1.0", &["I take no pictures."]),
    ];
    told.school.publish(&pack);
    told.bring(vec![(Route::Safeguarding, report(None)), (Route::AboutGrownUp, report(None))]).await;
    ask(&told.kiosk, &told.school, &new_call(&told.kiosk, &told.school)).await.unwrap();
    let mut found = BTreeMap::new();
    for role in [Role::Safeguarding, Role::Headteacher] {
        let holder = &mut told.holders[role as usize];
        found.insert(role.as_str(), tries(role.as_str(), holder, &told.school).await);
    }
    for duty in [Duty::Staff, Duty::Governor, Duty::Technician] {
        let mut browser = Browser::with_duty(&told.school, duty.as_str(), duty).await;
        found.insert(duty.as_str(), tries(duty.as_str(), &mut browser, &told.school).await);
    }
    let mut office = Browser::signed_in(&told.school).await;
    found.insert("office", tries("office", &mut office, &told.school).await);
    assert!(found["office"] > 20 && found["safeguarding"] > 8, "most forms were found: {found:?}");
    assert!(found.values().all(|forms| *forms > 1), "and some of everybody’s: {found:?}");

    // The hub is as whole as before: its log adds up, and kiosks are served. The one that there was may be struck off.
    told.school.hub.store.check_audit().unwrap();
    Kiosk::paired(&told.school).await.hello(&told.school).await.unwrap();
    // Whoever may take people out did; the next list brings them back.
    told.school.import(PUPILS);
    let pupils = told.school.hub.store.people().unwrap();
    assert!(pupils.iter().any(|person| person.name() == "Maya Khan"), "{pupils:?}");
}
