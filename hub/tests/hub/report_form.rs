//! The form on the web: what comes by it is kept, read by those it is for, and shows to nobody else.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use hub::{
    clock::Clock,
    folder::Folder,
    hub::Hub,
    keyring::Keyring,
    report_form::{self, ReportForm},
};
use hyper::StatusCode;
use records::report::{Apart, Contents, Role, Route, Teller, WEB_WORDS};
use rusqlite::Connection;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    program::{Program, text},
    report_work::{holds, opened_database, unlocked_database},
    safeguarding::{Told, WORDS, unlock},
    school::{PASSPHRASE, School, passphrase},
};

const THANKS: &str = "Thank you. It is in the box.";
const KEPT: &str = "What you wrote is still here.";

/// An answer, as it came.
pub(crate) struct Answer {
    status: u16,
    head: String,
    pub(crate) text: String,
}

/// Sends bytes and reads whatever comes until the other end closes.
async fn exchange(to: SocketAddr, request: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(request).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    let (head, text) = whole.split_once("\r\n\r\n").unwrap_or((&whole, ""));
    let status = head.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
    Ok(Answer { status, head: head.to_lowercase(), text: text.to_owned() })
}

pub(crate) async fn get(to: SocketAddr, path: &str) -> Answer {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: report.larkfield.example\r\nUser-Agent: Rowanphone 7\r\nX-Forwarded-For: 203.0.113.77\r\n\r\n"
    );
    exchange(to, request.as_bytes()).await.unwrap()
}

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let quoted = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    posted(&body.join("&"), "application/x-www-form-urlencoded")
}

fn posted(body: &str, kind: &str) -> Vec<u8> {
    format!(
        "POST / HTTP/1.1\r\nHost: report.larkfield.example\r\nUser-Agent: Rowanphone 7\r\nX-Forwarded-For: 203.0.113.77\r\n\
         Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) async fn send(to: SocketAddr, pairs: &[(&str, &str)]) -> Answer {
    exchange(to, &form(pairs)).await.unwrap()
}

async fn served(school: &School) -> ReportForm {
    report_form::start(school.hub.clone(), "127.0.0.1:0".parse().unwrap()).await.unwrap()
}

/// Whoever holds a role unlocks the box: locked first, as in the morning.
async fn opens(told: &mut Told, role: Role) -> Vec<String> {
    let token = told.page(role, "/safeguarding").await.form_token();
    told.holders[role as usize].post(&told.school, "/safeguarding/lock", &[("form_token", &token)]).await;
    assert_eq!(unlock(&mut told.holders[role as usize], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    told.listed(role).await
}

#[tokio::test]
async fn what_somebody_sends_is_read_by_those_it_is_for_with_where_it_came_from_and_by_nobody_else() {
    let mut told = Told::begun().await;
    let form = served(&told.school).await;
    let page = get(form.address, "/").await;
    assert_eq!(page.status, 200);
    for part in ["<title>Larkfield Primary School</title>", "999", "How do you feel?", "Who was it about?"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let sent = send(
        form.address,
        &[
            ("teller", "parent"),
            ("feeling", "worried"),
            ("happened", "message"),
            ("about", "grown-up"),
            ("words", "he <b>said</b> I must not tell"),
            ("talk", "yes"),
            ("name", "Rowan’s mother"),
            ("contact", "after six"),
        ],
    )
    .await;
    assert_eq!((sent.status, sent.text.contains(THANKS)), (200, true), "{}", sent.text);
    assert!(
        send(
            form.address,
            &[("words", "A game at home frightens him and he does not sleep for it any more, since Monday")]
        )
        .await
        .text
        .contains(THANKS)
    );

    let mut seen = Vec::new();
    for role in Role::ALL {
        seen.push(opens(&mut told, role).await);
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 1, 0], "each is for two");
    let about = seen[2][0].clone();
    for role in [Role::Headteacher, Role::Chair] {
        let page = told.page(role, &about).await.text;
        for part in [
            "by the web form",
            "from a parent or carer as they say",
            "They want somebody to talk with them",
            "Rowan’s mother",
            "after six",
            "he &lt;b&gt;said&lt;",
            "About a grown-up at school",
            "Somebody wrote to me",
            "In their own words",
        ] {
            assert!(page.contains(part), "{role:?}, {part}: {page}");
        }
    }
    assert_eq!(told.page(Role::Safeguarding, &about).await.status, StatusCode::NOT_FOUND);
    let list = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(list.contains("A game at home frightens him and he does not sleep for it …"), "{list}");
    form.stop().await;
    told.school.hub.store.check_audit().unwrap();
}

/// All of a database that can be counted: of each table how many rows of how many bytes, and what the files take.
fn countable(school: &School) -> BTreeMap<String, (i64, i64)> {
    let database = opened_database(&school.folder());
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let names = |sql: &str| -> Vec<String> {
        let mut select = database.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut all = BTreeMap::new();
    for table in names("SELECT name FROM sqlite_schema WHERE type = 'table'") {
        let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"));
        let bytes: Vec<String> =
            columns.iter().map(|column| format!("coalesce(sum(length(\"{column}\")), 0)")).collect();
        let sum = format!("SELECT count(*), {} FROM \"{table}\"", bytes.join(" + "));
        all.insert(table, database.query_row(&sum, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap());
    }
    for entry in fs::read_dir(school.folder().path()).unwrap().map(Result::unwrap) {
        let length = entry.metadata().unwrap().len();
        all.insert(entry.file_name().into_string().unwrap(), (1, i64::try_from(length).unwrap()));
    }
    all.remove("hub.db-shm");
    all
}

fn box_of(database: &Connection) -> Vec<u8> {
    database.query_row("SELECT sealed FROM own_boxes", [], |row| row.get(0)).unwrap()
}

/// How many runs of 16 bytes of one lie in the other.
fn in_common(one: &[u8], other: &[u8]) -> usize {
    let runs: std::collections::HashSet<&[u8]> = one.windows(16).collect();
    other.chunks_exact(16).filter(|run| runs.contains(run)).count()
}

#[tokio::test]
async fn the_hubs_disk_looks_the_same_with_no_report_with_one_and_with_sixteen() {
    let mut told = Told::begun().await;
    let hub = told.school.hub.clone();
    let write = |reports: &[Route]| {
        for route in reports {
            let report = crate::safeguarding::report(Some("Maya"));
            hub.keep_web_report(*route, &Contents::Report(Box::new(report))).unwrap();
        }
        // As often, whatever is in it.
        (reports.len()..16).for_each(|_| hub.touch_own_box().unwrap());
        let (database, plain) = unlocked_database(&told.school);
        (countable(&told.school), box_of(&database), plain)
    };
    use Route::{AboutGrownUp as G, AboutHeadteacher as H, Safeguarding as S};
    hub.touch_own_box().unwrap();
    let none = write(&[]);
    let one = write(&[S]);
    let sixteen = write(&[S, S, S, S, S, S, S, S, S, G, G, G, G, H, H]);
    for other in [&one, &sixteen] {
        assert_eq!(other.0, none.0, "counts and sizes of everything");
        assert!(!holds(&other.2, "he <b>said</b>"), "the words are in no byte of the opened database");
        // Of the box of before, only the keys that are sealed to the roles are there still.
        assert!(in_common(&none.1, &other.1) <= 321 / 16 + 1, "{}", in_common(&none.1, &other.1));
    }
    // The control: a table in which a report is a row is found out by the same look.
    let plainly = "CREATE TABLE told (words TEXT); INSERT INTO told VALUES ('he <b>said</b> it is a game');";
    opened_database(&told.school.folder()).execute_batch(plainly).unwrap();
    assert_ne!(countable(&told.school), none.0);
    assert!(holds(&unlocked_database(&told.school).1, "he <b>said</b>"));
    opened_database(&told.school.folder()).execute_batch("DROP TABLE told").unwrap();

    assert_eq!(opens(&mut told, Role::Safeguarding).await.len(), 10, "all that a box holds of this route");
    assert_eq!(opens(&mut told, Role::Headteacher).await.len(), 14);
    assert_eq!(opens(&mut told, Role::ViceChair).await.len(), 2);
}

#[tokio::test]
async fn a_box_is_followed_by_another_when_it_is_full_and_by_the_clock_and_nothing_is_lost() {
    let mut told = Told::begun().await;
    let form = served(&told.school).await;
    let boxes = |told: &Told| told.school.hub.store.own_boxes().unwrap().len();
    for number in 0..12 {
        let words = format!("number {number}");
        assert!(send(form.address, &[("about", "grown-up"), ("words", &words)]).await.text.contains(THANKS));
    }
    assert_eq!(boxes(&told), 3, "four of this route go into a box");
    told.school.hub.touch_own_box().unwrap();
    assert_eq!(boxes(&told), 3, "in between nothing closes it");
    for _ in 0..3 {
        told.school.pass(1200);
        // Sessions of holders end when nobody uses them.
        for role in [Role::Headteacher, Role::Chair] {
            told.page(role, "/safeguarding").await;
        }
    }
    told.school.hub.touch_own_box().unwrap();
    assert_eq!(boxes(&told), 4, "at ten o’clock another begins");
    assert!(send(form.address, &[("about", "grown-up"), ("words", "after ten")]).await.text.contains(THANKS));
    // The hub starts again: what it knew of its box is gone, and it cannot open it. A role does.
    form.stop().await;
    told.school.restart().await;
    let form = served(&told.school).await;
    assert!(
        send(form.address, &[("about", "grown-up"), ("words", "afterwards")]).await.text.contains(THANKS)
    );
    assert_eq!(unlock(&mut told.holders[2], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Chair).await.len(), 14);
    assert_eq!(boxes(&told), 1, "and another begins at once, with nothing in it");
    assert_eq!(opens(&mut told, Role::Headteacher).await.len(), 14, "it is there for the other, too");
    // While it is open, the page does not write boxes; whoever opens it again finds what came since.
    assert!(send(form.address, &[("about", "grown-up"), ("words", "meanwhile")]).await.text.contains(THANKS));
    assert_eq!(told.listed(Role::Headteacher).await.len(), 14);
    assert_eq!(opens(&mut told, Role::Headteacher).await.len(), 15);
    form.stop().await;
}

#[tokio::test]
async fn what_is_not_right_yet_comes_back_as_it_was_typed_and_nothing_hostile_becomes_part_of_the_page() {
    let told = Told::begun().await;
    let form = served(&told.school).await;
    let hostile = "\"><script>alert(1)</script>\r\n{{ school }} ü \u{202e} &amp;";
    let too_long = "ж".repeat(WEB_WORDS + 3);
    let long = format!("{hostile}{}", "ж".repeat(WEB_WORDS));
    for (pairs, why) in [
        (vec![], "Choose an answer, or write a few words."),
        (vec![("words", too_long.as_str())], "by this many letters: 3"),
        (
            vec![("words", long.as_str()), ("feeling", "worried"), ("happened", "message")],
            "by this many letters:",
        ),
        (vec![("words", "x"), ("name", long.as_str())], "The name is too long"),
        (vec![("words", "x"), ("contact", long.as_str())], "is too long, by"),
        (vec![("words", hostile), ("talk", "yes")], "Tell us your name, or how to reach you"),
    ] {
        let page = send(form.address, &pairs).await;
        assert_eq!(page.status, 400, "{why}");
        assert!(page.text.contains(KEPT) && page.text.contains(why), "{why}: {}", page.text);
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        for (_, typed) in pairs.iter().filter(|(_, typed)| typed.starts_with('ж')) {
            assert!(page.text.contains(typed), "nothing of it is cut off");
        }
        if pairs.contains(&("words", hostile)) {
            assert!(page.text.contains("{{ school }} ü \u{202e} &amp;amp;"), "{}", page.text);
        }
        if pairs.contains(&("feeling", "worried")) {
            assert!(page.text.contains("id=\"feeling-worried\" checked"), "{}", page.text);
            assert!(page.text.contains("id=\"happened-message\" checked"), "{}", page.text);
        }
    }
    // Few letters can be many bytes: it is said how many are too many, and then it fits.
    let wide = "ਗ".repeat(WEB_WORDS);
    let page = send(form.address, &[("words", &wide)]).await;
    assert!(page.status == 400 && page.text.contains(&wide), "{}", page.status);
    let over: usize =
        page.text.split("letters: ").nth(1).unwrap().split('<').next().unwrap().parse().unwrap();
    let shorter: String = wide.chars().skip(over).collect();
    assert!(shorter.chars().count() > 400, "{over}");
    assert!(send(form.address, &[("words", &shorter)]).await.text.contains(THANKS));
    form.stop().await;
}

#[tokio::test]
async fn no_cookie_nothing_kept_and_nothing_from_elsewhere_on_any_answer() {
    let told = Told::begun().await;
    let form = served(&told.school).await;
    let mut answers = Vec::new();
    for path in
        ["/", "/term-dates", "/form.css", "/leave.js", "/icon.svg", "/symbols/told.svg", "/symbols/none.svg"]
    {
        answers.push(get(form.address, path).await);
    }
    for path in
        ["/fonts/lexend-latin-700.woff2", "/fonts/../hub.db", "/symbols/%2e%2e%2fhub.svg", "/safeguarding"]
    {
        answers.push(get(form.address, path).await);
    }
    answers.push(send(form.address, &[]).await);
    answers.push(send(form.address, &[("words", "x")]).await);
    let huge = posted(&format!("words={}", "a".repeat(300_000)), "application/x-www-form-urlencoded");
    let refused = exchange(form.address, &huge).await.unwrap();
    assert_eq!(refused.status, 413);
    assert!(refused.text.contains("That was too much at once"), "{}", refused.text);
    answers.push(refused);
    answers.push(exchange(form.address, &posted("{\"words\":1}", "application/json")).await.unwrap());
    for answer in &answers {
        assert!(!answer.head.contains("set-cookie"), "{}", answer.head);
        for part in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.head.contains(part), "{part}: {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe-inline"), "{}", answer.head);
        for part in ["http://", "https://", " style=", " onclick="] {
            let text = answer.text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assert!(!text.contains(part), "{part}: {text}");
        }
    }
    assert_eq!(
        answers[..11].iter().map(|one| one.status).collect::<Vec<_>>(),
        [200, 200, 200, 200, 200, 404, 404, 200, 404, 404, 404]
    );
    form.stop().await;
}

#[tokio::test]
async fn where_a_role_has_no_key_the_form_is_not_asked_and_other_ways_are_told() {
    let school = School::open().await;
    let form = served(&school).await;
    let page = get(form.address, "/").await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("Tell any grown-up at school") && page.text.contains("999"), "{}", page.text);
    let page = send(form.address, &[("words", "he came back")]).await;
    assert!(!page.text.contains(THANKS) && page.text.contains("he came back"), "{}", page.text);
    assert!(school.hub.store.own_boxes().unwrap().is_empty());
    form.stop().await;
}

#[tokio::test]
async fn slow_clients_keep_nobody_else_from_telling() {
    let told = Told::begun().await;
    let form = served(&told.school).await;
    let mut slow = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(form.address).await.unwrap();
        // Half of them stop in the head, half in the body.
        let part: &[u8] = if number % 2 == 0 {
            b"POST / HTTP/1.1\r\nHost: x\r\n"
        } else {
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90\r\n\r\nwords"
        };
        stream.write_all(part).await.unwrap();
        slow.push(stream);
    }
    let begun = Instant::now();
    assert!(send(form.address, &[("words", "x")]).await.text.contains(THANKS));
    // Those that stopped in the body are still there for half a minute.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    drop(slow);
    form.stop().await;
}

/// The program, serving a form from a copy of a school's hub.
struct Serving {
    child: Child,
    form: SocketAddr,
}
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program on a copy of a school whose roles have their keys.
async fn program_of(told: &mut Told) -> Program {
    let program = Program::new();
    let copy = told.school.back_up().await;
    fs::rename(copy.path().join("data"), program.path("data")).unwrap();
    program
}

fn serve(program: &Program, kilobytes: Option<u64>) -> Serving {
    let limit = kilobytes.map_or_else(|| "unlimited".into(), |most| most.to_string());
    let line = "trap '' XFSZ; ulimit -f \"$2\"; exec \"$0\" serve --desk :0 --kiosks :0 --report-form :0 --data \"$1\"";
    let log = fs::File::options().create(true).append(true).open(program.path("log")).unwrap();
    let mut child = Command::new("bash")
        .args(["-c", line, env!("CARGO_BIN_EXE_signpost-hub")])
        .arg(program.path("data"))
        .arg(limit)
        .env("SIGNPOST_HUB_PASSPHRASE_FILE", program.path("passphrase"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let form = lines.find_map(|line| line.unwrap().strip_prefix("report form http://")?.parse().ok());
    Serving { child, form: form.unwrap() }
}

/// Every web report that the safeguarding lead can open in a data folder, with whether it stands apart.
fn read(program: &Program) -> Vec<(String, Option<Apart>, Option<Teller>)> {
    let hub =
        Hub::open(&Folder::new(program.path("data")), &passphrase(PASSPHRASE), Clock::system()).unwrap();
    let holder = hub.store.role_keys().unwrap().into_iter().find(|key| key.public.role == Role::Safeguarding);
    let key = hub.open_role_key(Role::Safeguarding, holder.unwrap().account, WORDS).unwrap();
    let ring = Keyring::of(Role::Safeguarding, key);
    hub.open_own_boxes(&ring, true).unwrap();
    hub.store.check_audit().unwrap();
    let sealed = hub.store.sealed_for(Role::Safeguarding).unwrap();
    let contents = sealed.iter().map(|one| ring.open(&one.bytes).unwrap().0);
    let of_web = contents.filter_map(|contents| match contents {
        Contents::Web(report, web) => Some((report.words.clone().unwrap(), web.apart, web.teller)),
        _ => None,
    });
    of_web.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_flood_of_five_hundred_none_is_lost_none_refused_and_no_address_or_word_is_in_any_log_or_file() {
    let mut told = Told::begun().await;
    let program = program_of(&mut told).await;
    let serving = serve(&program, None);
    let to = serving.form;
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..500 {
        sending.spawn(async move {
            let words = format!("flooded word number {number}");
            let mut pairs = vec![("words", words.as_str()), ("teller", "child")];
            if number == 250 {
                pairs.push(("reference", "https://spam.example"));
            }
            let answer = send(to, &pairs).await;
            assert!(answer.text.contains(THANKS), "{number}: {} {}", answer.status, answer.text);
        });
    }
    while let Some(done) = sending.join_next().await {
        done.unwrap();
    }
    drop(serving);
    let mut found = read(&program);
    assert!(found.iter().all(|(_, _, teller)| *teller == Some(Teller::Child)));
    let apart = found.iter().filter(|(_, apart, _)| *apart == Some(Apart::Many)).count();
    assert!((440..500).contains(&apart), "{apart} stand apart; the first of them do not");
    let unseen: Vec<_> = found.iter().filter(|(_, apart, _)| *apart == Some(Apart::Unseen)).collect();
    assert_eq!(unseen.len(), 1);
    found.sort_by_key(|(words, ..)| words.rsplit(' ').next().unwrap().parse::<u32>().unwrap());
    let words: Vec<_> = found.into_iter().map(|(words, ..)| words).collect();
    assert_eq!(words, (0..500).map(|number| format!("flooded word number {number}")).collect::<Vec<_>>());

    // Neither the log nor the opened database has anything of whoever sent it, or how many did.
    let log = fs::read(program.path("log")).unwrap();
    assert!(text(&log).lines().count() <= 4, "{}", text(&log));
    let database = opened_database(&Folder::new(program.path("data")));
    let plain = program.path("plain.db");
    database.execute("ATTACH DATABASE ? AS plain KEY ''", [plain.to_str().unwrap()]).unwrap();
    database.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(())).unwrap();
    let plain = fs::read(plain).unwrap();
    for part in ["203.0.113.77", "Rowanphone", "flooded word", "spam.example"] {
        assert!(!holds(&log, part) && !holds(&plain, part), "{part}");
    }
    assert!(!holds(&log, "127.0.0.1"), "{}", text(&log));
    assert!(holds(&plain, "Larkfield Primary School"), "the search sees what is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_thanked_is_read_though_the_hub_was_killed_again_and_again() {
    let mut told = Told::begun().await;
    let program = program_of(&mut told).await;
    let (mut thanked, mut sent) = (Vec::new(), 0);
    for round in 0..6_u64 {
        let mut serving = serve(&program, None);
        let to = serving.form;
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(150 + 130 * round));
            serving.child.kill().unwrap();
            serving.child.wait().unwrap();
        });
        while !killer.is_finished() {
            sent += 1;
            let words = format!("killed {sent}");
            if let Ok(answer) = exchange(to, &form(&[("words", &words)])).await
                && answer.text.contains(THANKS)
            {
                thanked.push(words);
            }
        }
        killer.await.unwrap();
    }
    assert!(thanked.len() >= 6, "only {} were thanked: this shows nothing", thanked.len());
    let found: Vec<String> = read(&program).into_iter().map(|(words, ..)| words).collect();
    for words in &thanked {
        assert_eq!(found.iter().filter(|one| *one == words).count(), 1, "{words}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_thanks_nobody_gives_back_what_was_typed_and_loses_nothing() {
    let mut told = Told::begun().await;
    let program = program_of(&mut told).await;
    // No file may become longer than this: as on a full disk.
    let database = opened_database(&Folder::new(program.path("data")));
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(database);
    let length = fs::metadata(program.path("data/hub.db")).unwrap().len();
    let serving = serve(&program, Some(length / 1024 + 64));
    let (mut thanked, mut refused) = (Vec::new(), None);
    for number in 0..200 {
        let words = format!("full {number}");
        let answer = send(serving.form, &[("words", &words), ("name", "Bryn")]).await;
        if answer.text.contains(THANKS) {
            thanked.push(words);
        } else {
            assert_eq!(answer.status, 503);
            assert!(
                answer.text.contains(KEPT) && answer.text.contains("could not keep it"),
                "{}",
                answer.text
            );
            assert!(
                answer.text.contains(&words) && answer.text.contains("value=\"Bryn\""),
                "{}",
                answer.text
            );
            refused = Some(words);
            break;
        }
    }
    let refused = refused.expect("the disk never got full");
    drop(serving);
    let serving = serve(&program, None);
    assert!(send(serving.form, &[("words", &refused)]).await.text.contains(THANKS), "there is room again");
    drop(serving);
    thanked.push(refused);
    let mut found: Vec<String> = read(&program).into_iter().map(|(words, ..)| words).collect();
    found.sort_by_key(|words| words.rsplit(' ').next().unwrap().parse::<u32>().unwrap());
    assert_eq!(found, thanked, "who was thanked is there, once, and nobody else");
}

#[tokio::test]
async fn a_flood_is_set_apart_at_the_desk_and_the_rest_is_seen_first() {
    let mut told = Told::begun().await;
    let form = served(&told.school).await;
    assert!(send(form.address, &[("words", "a quiet word")]).await.text.contains(THANKS));
    assert!(send(form.address, &[("words", "buy now"), ("reference", "x")]).await.text.contains(THANKS));
    let list = opens(&mut told, Role::Safeguarding).await;
    assert_eq!(list.len(), 1);
    let page = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(
        page.contains("One report waits") && page.contains("Set apart <span class=\"count\">1"),
        "{page}"
    );
    let apart = told.page(Role::Safeguarding, "/safeguarding?show=apart").await.text;
    assert!(apart.contains("buy now") && apart.contains("One of them may be real"), "{apart}");
    let path = apart.split("href=\"/safeguarding/report/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/safeguarding/report/{path}");
    let page = told.page(Role::Safeguarding, &path).await;
    assert!(page.text.contains("most likely a machine"), "{}", page.text);
    let token = page.form_token();
    let fields = [("kind", "urgency"), ("urgency", "today"), ("form_token", token.as_str())];
    told.holders[0].post(&told.school, &format!("{path}/entries"), &fields).await;
    assert_eq!(told.listed(Role::Safeguarding).await.len(), 2, "once somebody has looked, it is one of them");
    form.stop().await;
}

#[test]
fn the_form_is_served_on_this_computer_alone_unless_somebody_says_otherwise_and_not_at_all_by_default() {
    let (program, _) = Program::made();
    let told = program.refused(&["serve", "--desk", ":0", "--kiosks", ":0", "--report-form", "0.0.0.0:0"]);
    assert!(told.contains("without TLS") && told.contains("--report-form-beyond-this-computer"), "{told}");
    let running = program.serve();
    let folder = Arc::new(Folder::new(program.path("data")));
    drop(running);
    assert_eq!(opened_database(&folder).query_row("SELECT count(*) FROM own_boxes", [], |r| r.get(0)), Ok(0));
}
