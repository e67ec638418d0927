//! Registers that staff write: who sees which, nothing that was typed or written is lost, cycles, clocks, retention.

use hub::{held::Maker, retention::running, store::accounts::Duty};
use hyper::StatusCode;
use records::{
    day::Day,
    form::{Choice, Form, FormAudience, FormKind, Question, QuestionType},
    ids::Slug,
    pack::{PackDraft, Term},
    register::{Cycle, Hours, Party, Register},
    report::Role,
    retention::{After, Period, RegisterRule},
};

use crate::{
    browser::{Browser, PASSWORD, Page},
    consents::pupil,
    held::words,
    retention::rules,
    school::{PUPILS, School, draft, ks1},
};

const DAY: i64 = 24 * 3600;
/// The head of a governor’s or a teacher’s page must not have it.
const MARK: &str = "Maya wrote QX77 to Tom";

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn question(id: &str, answer: QuestionType, choices: &[&str], required: bool) -> Question {
    let choice =
        |words: &&str| Choice { id: slug(&words.to_lowercase()), words: (*words).into(), symbol: None };
    let choices = choices.iter().map(choice).collect();
    Question {
        id: slug(id),
        words: format!("{id}?"),
        help: None,
        answer,
        choices,
        required,
        refused_by: None,
    }
}

/// A register that the office keeps and nobody signs.
fn plain(id: &str, title: &str, questions: Vec<Question>) -> Register {
    Register {
        form: Form {
            id: slug(id),
            title: title.into(),
            kind: FormKind::Log,
            version: "1.0".parse().unwrap(),
            summary: format!("The summary of {id}."),
            intro: vec![],
            audience: FormAudience::Staff,
            retention: None,
            legal: vec![],
            purposes: vec![],
            questions,
            withdraw: None,
            sign_off: vec![],
            every_year: false,
        },
        cycle: None,
        entry_each_cycle: false,
        write: vec![Party::Office],
        read: vec![Party::Office],
        sign: vec![],
        decide: vec![],
        about_pupils: false,
        person: None,
        later: vec![],
        due: vec![],
        renews: vec![],
        clock: None,
        figures: false,
        count: vec![],
        quick: false,
    }
}

pub(crate) fn loans() -> Register {
    let questions = vec![
        question("serial", QuestionType::Text, &[], true),
        question("to", QuestionType::Text, &[], true),
        question("due", QuestionType::Date, &[], true),
        question("state", QuestionType::Choice, &["Good", "Worn"], true),
        question("back", QuestionType::Text, &[], false),
    ];
    Register {
        write: vec![Party::Office, Party::Technician],
        read: vec![Party::Office, Party::Technician],
        about_pupils: true,
        person: Some(slug("to")),
        later: vec![slug("back")],
        due: vec![slug("due")],
        ..plain("loans", "A tablet goes out", questions)
    }
}

fn incidents() -> Register {
    let questions = vec![
        question("what", QuestionType::Text, &[], true),
        question("level", QuestionType::Choice, &["Low", "High"], true),
    ];
    Register {
        write: vec![Party::Staff],
        read: vec![Party::Headteacher, Party::Safeguarding],
        about_pupils: true,
        figures: true,
        count: vec![slug("level")],
        quick: true,
        ..plain("incidents", "An incident", questions)
    }
}

fn visits() -> Register {
    Register {
        write: vec![Party::Governors],
        read: vec![Party::Governors, Party::Headteacher],
        ..plain("visits", "A governor’s visit", vec![question("saw", QuestionType::Text, &[], true)])
    }
}

fn weekly() -> Register {
    Register {
        write: vec![Party::Technician],
        read: vec![Party::Technician, Party::Office],
        cycle: Some(Cycle::Weekly),
        entry_each_cycle: true,
        sign: vec![Party::Office],
        ..plain("weekly", "Weekly walk round", vec![question("wrong", QuestionType::Text, &[], true)])
    }
}

fn breaches() -> Register {
    let questions = vec![
        question("noticed", QuestionType::Moment, &[], true),
        question("what", QuestionType::Text, &[], true),
        question("told", QuestionType::Text, &[], true),
    ];
    Register {
        read: vec![Party::Office, Party::Headteacher],
        later: vec![slug("told")],
        clock: Some(Hours { hours: 72, from: slug("noticed") }),
        ..plain("breaches", "Gone astray", questions)
    }
}

fn exceptions() -> Register {
    Register {
        write: vec![Party::Staff],
        read: vec![Party::Headteacher, Party::Technician],
        decide: vec![Party::Headteacher, Party::Technician],
        ..plain("exceptions", "An exception", vec![question("wish", QuestionType::Text, &[], true)])
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn keeping(registers: Vec<Register>) -> PackDraft {
    let mut draft = draft(vec![ks1("3.0")]);
    draft.content.registers = registers;
    draft.content.terms = vec![Term { starts: day("2026-09-03"), ends: day("2026-12-18") }];
    draft
}

async fn school_with(registers: Vec<Register>) -> School {
    let school = School::open().await;
    school.publish(&keeping(registers));
    school.import(PUPILS);
    school
}

/// The value of a hidden field.
fn hidden(page: &Page, name: &str) -> String {
    let field = page.text.split(&format!("name=\"{name}\" value=\"")).nth(1);
    field.unwrap_or_else(|| panic!("no {name}: {}", page.text)).split('"').next().unwrap().to_owned()
}

/// Signs in again, on another day.
async fn again(school: &School, browser: &mut Browser, name: &str) {
    assert_eq!(browser.try_sign_in(school, name, PASSWORD).await.leads_to(), "/");
}

/// Fills in a form that a page shows, and sends it there.
async fn send(school: &School, browser: &mut Browser, address: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(school, address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}");
    send_from(school, browser, &page, address, typed).await
}

async fn send_from(
    school: &School,
    browser: &mut Browser,
    page: &Page,
    address: &str,
    typed: &[(&str, &str)],
) -> Page {
    let (token, row) = (page.form_token(), hidden(page, "row"));
    let mut fields = vec![("form_token", token.as_str()), ("row", row.as_str())];
    let seen = page.text.contains("name=\"seen\"").then(|| hidden(page, "seen"));
    fields.extend(seen.as_deref().map(|seen| ("seen", seen)));
    fields.extend(typed);
    browser.post(school, address, &fields).await
}

const LOAN: [(&str, &str); 4] =
    [("serial", "Tablet 12"), ("to", "Maya, Acorn"), ("due", "2026-09-18"), ("state", "good")];

/// Enters a loan; the address of the entry.
async fn lend(school: &School, browser: &mut Browser, typed: &[(&str, &str)]) -> String {
    let answer = send(school, browser, "/registers/loans/new", typed).await;
    let to = answer.leads_to().split('?').next().unwrap().to_owned();
    assert!(to.starts_with("/registers/loans/entry/"), "{} {}", answer.status, answer.text);
    to
}

#[tokio::test]
async fn each_register_is_for_those_whom_its_form_names_and_for_nobody_else() {
    let school = school_with(vec![loans(), incidents(), visits()]).await;
    let mut office = Browser::signed_in(&school).await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let mut dsl = Browser::with_duty(&school, "dsl", Duty::Holder(Role::Safeguarding)).await;
    let mut chair = Browser::with_duty(&school, "chair", Duty::Holder(Role::Chair)).await;
    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    let mut governor = Browser::with_duty(&school, "bevan", Duty::Governor).await;
    let mut teacher = Browser::with_duty(&school, "yusuf", Duty::Staff).await;
    let mut other = Browser::with_duty(&school, "patel", Duty::Staff).await;

    let typed = [("what", MARK), ("level", "high")];
    let entered = send(&school, &mut teacher, "/registers/incidents/new", &typed).await;
    let entry = entered.leads_to().split('?').next().unwrap().to_owned();
    let loan = lend(&school, &mut office, &LOAN).await;
    assert!(teacher.get(&school, &entry).await.text.contains(MARK), "whoever wrote it sees it");

    // What each of them may do: see the incident, see the loan, write an incident, write a loan, see figures.
    let all: [(&str, &mut Browser, [bool; 5]); 8] = [
        ("office", &mut office, [false, true, true, true, false]),
        ("head", &mut head, [true, false, true, false, true]),
        ("dsl", &mut dsl, [true, false, true, false, true]),
        ("chair", &mut chair, [false, false, false, false, true]),
        ("technician", &mut technician, [false, true, true, true, false]),
        ("governor", &mut governor, [false, false, false, false, true]),
        ("teacher", &mut teacher, [true, false, true, false, false]),
        ("other", &mut other, [false, false, true, false, false]),
    ];
    for (name, browser, may) in all {
        let addresses = [
            entry.as_str(),
            &loan,
            "/registers/incidents/new",
            "/registers/loans/new",
            "/registers/incidents/figures",
        ];
        for (address, may) in addresses.into_iter().zip(may) {
            let status = browser.get(&school, address).await.status;
            assert_eq!(status == StatusCode::OK, may, "{name} at {address}: {status}");
        }
        // Whatever they are shown anywhere: the child's name only to those who may read it.
        let reads = matches!(name, "head" | "dsl");
        for address in [
            "/registers",
            "/registers/incidents",
            "/registers/incidents/figures",
            "/registers/incidents?q=QX77",
        ] {
            let shown = browser.get(&school, address).await.text.contains("QX77 to");
            assert!(!shown || reads || name == "teacher", "{name} at {address}");
        }
        let file = browser.get(&school, "/registers/incidents/register.csv").await;
        assert_eq!(file.status == StatusCode::OK, reads, "{name} takes the file");
        let token = browser.get(&school, "/registers").await.form_token();
        let paper = browser.post(&school, "/registers/incidents/paper", &[("form_token", &token)]).await;
        assert_eq!(paper.status == StatusCode::NOT_FOUND, !reads, "{name} prints: {}", paper.status);
        let fields = [
            ("form_token", token.as_str()),
            ("row", &"ab".repeat(16)),
            ("seen", &"cd".repeat(16)),
            ("what", "x"),
        ];
        let add = browser.post(&school, &format!("{entry}/add"), &fields).await.status;
        assert_eq!(add == StatusCode::NOT_FOUND, !may[0], "{name} adds: {add}");
        let list = browser.get(&school, "/registers").await.text;
        assert_eq!(
            list.contains("/registers/visits"),
            matches!(name, "head" | "chair" | "governor"),
            "{name}"
        );
    }
    assert!(school.hub.store.check_audit().is_ok());
}

#[tokio::test]
async fn a_missing_answer_is_told_beside_it_and_nothing_that_was_typed_is_lost() {
    let school = school_with(vec![loans()]).await;
    let mut office = Browser::signed_in(&school).await;
    let typed =
        [("serial", "Tablet <12>"), ("due", "2026-02-30"), ("state", "good"), ("back", "in one piece")];
    let page = send(&school, &mut office, "/registers/loans/new", &typed).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("2 answers are missing or wrong"), "{}", page.text);
    assert!(page.text.contains("id=\"to-wrong\"") && page.text.contains("id=\"due-wrong\""));
    assert!(
        page.text.contains("Tablet &lt;12&gt;") && page.text.contains("in one piece"),
        "it is still there"
    );
    assert!(page.text.contains("value=\"good\" id=\"state-good\" checked"));
    let again = send_from(&school, &mut office, &page, "/registers/loans/new", &LOAN).await;
    assert!(again.leads_to().contains("done=entered"));
    // The same press twice, as on a slow line.
    let twice = send_from(&school, &mut office, &page, "/registers/loans/new", &LOAN).await;
    assert_eq!(twice.leads_to(), again.leads_to());
    assert_eq!(school.hub.store.register_entries(&slug("loans")).unwrap().len(), 1);
}

#[tokio::test]
async fn a_correction_stands_beside_what_was_written_and_both_are_shown() {
    let school = school_with(vec![loans()]).await;
    let mut office = Browser::signed_in(&school).await;
    let entry = lend(&school, &mut office, &LOAN).await;
    let page = office.get(&school, &entry).await.text;
    assert!(
        page.contains(">Open<") && page.contains("Still to answer") && page.contains("18 September 2026")
    );

    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    school.pass(5 * DAY);
    again(&school, &mut technician, "grant").await;
    again(&school, &mut office, "office").await;
    assert!(technician.get(&school, "/registers").await.text.contains("1 overdue"));
    let mut right = LOAN.to_vec();
    right[0].1 = "Tablet 13";
    right.extend([("back", "20 September, scratched"), ("note", "Read the wrong label")]);
    let added = send(&school, &mut technician, &format!("{entry}/add"), &right).await;
    assert!(added.leads_to().ends_with("done=added"), "{}", added.text);
    let page = office.get(&school, &entry).await.text;
    for words in ["Tablet 12", "Tablet 13", "Read the wrong label", "grant (technician)", ">Done<"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!office.get(&school, "/registers").await.text.contains("overdue"));
    let file = office.get(&school, "/registers/loans/register.csv").await.text;
    assert!(
        file.contains("PERSONAL DATA") && file.contains("Tablet 12") && file.contains("Tablet 13"),
        "{file}"
    );
    let found = office.get(&school, "/registers/loans?q=tablet+13+scratched").await.text;
    assert!(found.contains("1 entry"), "{found}");
    assert!(office.get(&school, "/registers/loans?q=tablet+14").await.text.contains("Nothing here"));
    let nothing = send(&school, &mut office, &format!("{entry}/add"), &right[..5]).await;
    assert!(nothing.text.contains("nothing of it was changed"), "{}", nothing.text);
}

#[tokio::test]
async fn what_a_colleague_added_meanwhile_is_shown_and_not_overwritten() {
    let school = school_with(vec![loans()]).await;
    let mut office = Browser::signed_in(&school).await;
    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    let entry = lend(&school, &mut office, &LOAN).await;
    let address = format!("{entry}/add");
    let mine = office.get(&school, &address).await;
    let theirs = [&LOAN[..], &[("back", "on Friday")]].concat();
    send(&school, &mut technician, &address, &theirs).await;

    let typed = [&LOAN[..3], &[("state", "worn")]].concat();
    let refused = send_from(&school, &mut office, &mine, &address, &typed).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("grant (technician) has added") && refused.text.contains("on Friday"));
    assert!(refused.text.contains("id=\"state-worn\" checked"), "what was typed is still there");
    let both = [&typed[..], &[("back", "on Friday")]].concat();
    let kept = send_from(&school, &mut office, &refused, &address, &both).await;
    assert!(kept.leads_to().ends_with("done=added"), "{}", kept.text);
    let rows = &school.hub.store.register_entries(&slug("loans")).unwrap()[0].rows;
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn a_check_is_signed_off_once_somebody_made_it_and_is_due_again_the_next_friday() {
    let school = school_with(vec![weekly()]).await;
    let mut office = Browser::signed_in(&school).await;
    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    let home = office.get(&school, "/").await.text;
    assert!(home.contains("Sign-off due by 18 September 2026"), "{home}");
    let sign = async |school: &School, office: &mut Browser, sure: &str| {
        let page = office.get(school, "/registers/weekly").await;
        let (token, id) = (page.form_token(), "0a".repeat(15) + &format!("{:02x}", school.hub.now().0 % 251));
        let fields = [("form_token", token.as_str()), ("sign", &id), ("sure", sure), ("note", "All well")];
        office.post(school, "/registers/weekly/sign", &fields).await
    };
    let empty = sign(&school, &mut office, "yes").await;
    assert!(empty.text.contains("nothing was entered"), "nobody signs what nobody checked: {}", empty.text);
    send(&school, &mut technician, "/registers/weekly/new", &[("wrong", "nothing")]).await;
    assert!(sign(&school, &mut office, "").await.text.contains("tick that you have looked"));
    assert_eq!(sign(&school, &mut technician, "yes").await.status, StatusCode::NOT_FOUND);
    let signed = sign(&school, &mut office, "yes").await;
    assert_eq!(signed.leads_to(), "/registers/weekly#signed", "{}", signed.text);
    let page = office.get(&school, "/registers/weekly").await.text;
    assert!(
        page.contains("Last signed off 14 September 2026") && page.contains("25 September 2026"),
        "{page}"
    );
    assert!(page.contains("1 new, 0 open") && page.contains("All well"));
    school.pass(12 * DAY);
    again(&school, &mut office, "office").await;
    let home = office.get(&school, "/").await.text;
    assert!(home.contains("Sign-off was due by 25 September 2026"), "{home}");
}

#[tokio::test]
async fn a_clock_of_72_hours_stands_on_every_page_of_those_who_read_it_until_the_last_answer() {
    let school = school_with(vec![breaches()]).await;
    let mut office = Browser::signed_in(&school).await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    let typed = [("noticed", "2026-09-14T07:00"), ("what", "A stick with names")];
    let entered = send(&school, &mut office, "/registers/breaches/new", &typed).await;
    let entry = entered.leads_to().split('?').next().unwrap().to_owned();
    for address in ["/", "/people", "/registers"] {
        let page = office.get(&school, address).await.text;
        assert!(
            page.contains("70 hours left") && page.contains("17 September 2026, 7:00"),
            "{address}: {page}"
        );
    }
    assert!(head.get(&school, "/safeguarding").await.text.contains("70 hours left"));
    assert!(!technician.get(&school, "/registers").await.text.contains("hours left"));
    school.pass(71 * 3600);
    again(&school, &mut office, "office").await;
    assert!(office.get(&school, "/").await.text.contains("over since 1 hour"));
    let told = [&typed[..], &[("told", "The regulator, number 7")]].concat();
    send(&school, &mut office, &format!("{entry}/add"), &told).await;
    assert!(!office.get(&school, "/").await.text.contains("class=\"inner clock"));
}

#[tokio::test]
async fn a_wish_waits_for_all_who_are_asked_and_a_no_needs_its_reason() {
    let school = school_with(vec![exceptions()]).await;
    let mut teacher = Browser::with_duty(&school, "yusuf", Duty::Staff).await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let mut technician = Browser::with_duty(&school, "grant", Duty::Technician).await;
    let entered =
        send(&school, &mut teacher, "/registers/exceptions/new", &[("wish", "My own tablet")]).await;
    let entry = entered.leads_to().split('?').next().unwrap().to_owned();
    assert!(head.get(&school, "/registers").await.text.contains("1 waits for your yes or no"));
    let decide = async |browser: &mut Browser, what: &str, note: &str| {
        let page = browser.get(&school, &entry).await;
        if !page.text.contains("name=\"row\"") {
            return Page { status: StatusCode::GONE, ..Page::default() };
        }
        send_from(&school, browser, &page, &format!("{entry}/decide"), &[("what", what), ("note", note)])
            .await
    };
    assert!(decide(&mut head, "agree", "Until Easter").await.leads_to().ends_with("done=agreed"));
    assert!(teacher.get(&school, &entry).await.text.contains("Waits for the technician"));
    assert_eq!(decide(&mut head, "agree", "").await.status, StatusCode::GONE, "once is enough");
    assert_eq!(
        decide(&mut teacher, "agree", "").await.status,
        StatusCode::GONE,
        "nobody agrees to their own wish"
    );
    assert!(decide(&mut technician, "refuse", " ").await.text.contains("a no needs its reason"));
    assert!(decide(&mut technician, "refuse", "No guest network there").await.leads_to().contains("done"));
    let page = teacher.get(&school, &entry).await.text;
    assert!(
        page.contains("Not agreed")
            && page.contains("No guest network there")
            && page.contains("Until Easter")
    );
}

#[tokio::test]
async fn an_entry_goes_with_all_that_was_added_when_its_registers_time_is_over() {
    let school = School::open().await;
    let mut draft = keeping(vec![loans()]);
    let own = RegisterRule { register: slug("loans"), period: Period::Months(1), after: Some(After::Closed) };
    draft.content.retention = Some(records::retention::RetentionRules { registers: vec![own], ..rules() });
    school.publish(&draft);
    school.import(PUPILS);
    let mut office = Browser::signed_in(&school).await;
    let maya = pupil(&school, "Maya", "Khan").id.to_string();
    let mut typed = LOAN.to_vec();
    typed.push(("listed-person", &maya));
    let open = lend(&school, &mut office, &typed).await;
    let closed = lend(&school, &mut office, &typed).await;
    let back = [&typed[..], &[("back", "yes")]].concat();
    send(&school, &mut office, &format!("{closed}/add"), &back).await;
    running::look(&school.hub).unwrap();
    let shown = office.get(&school, "/retention").await.text;
    assert!(
        shown.contains("Register: A tablet goes out")
            && shown.contains("1 month after nothing of it is left")
    );
    for _ in 0..5 {
        school.pass(10 * DAY);
        running::look(&school.hub).unwrap();
    }
    let left = school.hub.store.register_entries(&slug("loans")).unwrap();
    assert_eq!(left.len(), 1, "what is still out stays");
    assert!(open.ends_with(&data_encoding::HEXLOWER.encode(&left[0].first().id)));
    assert!(school.hub.store.check_audit().is_ok(), "what was removed by rule is no damage");
    let tombs = school.hub.store.tombstones().unwrap();
    assert!(tombs.iter().any(|id| closed.ends_with(&data_encoding::HEXLOWER.encode(id))));
}

#[tokio::test]
async fn what_is_handed_out_about_a_person_has_their_entries_without_others_words() {
    let school = school_with(vec![loans()]).await;
    let mut office = Browser::signed_in(&school).await;
    let maya = pupil(&school, "Maya", "Khan");
    let id = maya.id.to_string();
    // Chosen from the list, the name need not be typed.
    let typed =
        [("serial", "Given by Mrs Osei"), ("due", "2026-09-18"), ("state", "worn"), ("listed-person", &id)];
    let entry = lend(&school, &mut office, &typed).await;
    assert!(office.get(&school, &entry).await.text.contains("Maya Khan, Acorn"));
    let held = school.hub.store.held(maya.id).unwrap().unwrap();
    let paper = Maker {
        school: "Larkfield",
        zone: jiff::tz::TimeZone::get("Europe/London").unwrap(),
        now: school.hub.now(),
        colours: None,
    }
    .paper(&held);
    let words = words(&paper);
    assert!(
        words.contains("A tablet goes out") && words.contains("18 September 2026") && words.contains("Worn"),
        "{words}"
    );
    assert!(!words.contains("Osei"), "what somebody wrote may name others: {words}");
}

#[tokio::test]
async fn governors_get_figures_and_no_small_number() {
    let school = school_with(vec![incidents()]).await;
    let mut teacher = Browser::with_duty(&school, "yusuf", Duty::Staff).await;
    let mut governor = Browser::with_duty(&school, "bevan", Duty::Governor).await;
    for at in 0..11 {
        let level = if at < 10 { "low" } else { "high" };
        send(&school, &mut teacher, "/registers/incidents/new", &[("what", MARK), ("level", level)]).await;
    }
    let page = governor.get(&school, "/registers/incidents/figures").await.text;
    assert!(page.contains("<dd>11</dd>"), "{page}");
    assert!(
        page.contains("fewer than 5") && page.contains("more than 6"),
        "one of two cannot be reckoned: {page}"
    );
    assert!(!page.contains(">10<") && !page.contains(">1<") && !page.contains("QX77"), "{page}");
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let page = head.get(&school, "/registers/incidents/figures").await.text;
    assert!(page.contains(">10<") && page.contains(">1<"));
}
