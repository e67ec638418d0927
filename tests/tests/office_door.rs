//! The door of the office's page, tried from outside as a running program: who comes without the key, from
//! another page, or by another name is turned away and changes nothing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod opened_office;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    time::Duration,
};

use opened_office::started;
use tests::process::{Process, our_program, scratch_folder};

/// A running office's page with a school open.
struct Office {
    _program: Process,
    port: u16,
    key: String,
}

impl Office {
    fn open(home: &Path) -> Self {
        let (program, address) = started(home, Some(&home.join("school")));
        let (port, key) = address.split_once("/open?key=").unwrap();
        let port = port.rsplit(':').next().unwrap().parse().unwrap();
        let key = key.to_owned();
        Self { _program: program, port, key }
    }

    /// The answer to a request with these lines in its head, and nothing that they do not say.
    fn ask(&self, method: &str, path: &str, head: &[String], body: &str) -> Answer {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let head: String = head.iter().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\n{head}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        Answer(String::from_utf8_lossy(&answer).into_owned())
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}", self.port)
    }

    fn origin(&self) -> String {
        format!("Origin: http://127.0.0.1:{}", self.port)
    }

    /// The line with the cookie that the address with the key gives.
    fn cookie(&self) -> String {
        let let_in = self.ask("GET", &format!("/open?key={}", self.key), &[self.host()], "");
        assert_eq!(let_in.status(), 303, "{}", let_in.0);
        let given = let_in.header("set-cookie").unwrap();
        assert!(given.contains("HttpOnly") && given.contains("SameSite=Strict"), "{given}");
        format!("Cookie: {}", given.split(';').next().unwrap())
    }
}

struct Answer(String);

impl Answer {
    fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next()?;
        head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name).map(|(_, it)| it)
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    #[track_caller]
    fn is_refused(&self, why: &str) {
        assert_eq!(self.status(), 403, "{why}: {}", self.0);
        assert!(self.body().len() < 400 && !self.body().contains('<'), "{why}: no page: {}", self.body());
        assert!(self.header("set-cookie").is_none(), "{why}: no cookie");
    }
}

/// Every address that shows something, and every one that changes something.
const SHOWS: [&str; 27] = [
    "/",
    "/new",
    "/choose",
    "/open",
    "/pages",
    "/problems",
    "/import",
    "/edit?file=school.toml",
    "/letters",
    "/letters/sign-again",
    "/letters/sign-again/list.csv",
    "/making",
    "/making/state",
    "/made/sign-again.pdf",
    "/facts",
    "/facts/people",
    "/page/new",
    "/page/rename?file=guides/for-children.md",
    "/page/remove?file=guides/for-children.md",
    "/removed",
    "/photographs",
    "/publish",
    "/who?picture=images/school-hall.png",
    "/picture/images/school-hall.png",
    "/site/",
    "/site/.signpost/news",
    "/own/office.css",
];
const CHANGES: [&str; 18] = [
    "/new",
    "/open",
    "/import",
    "/edit/try",
    "/edit/save",
    "/edit/leave",
    "/earlier",
    "/facts/people",
    "/page/new",
    "/page/rename",
    "/page/remove",
    "/removed",
    "/photographs",
    "/photographs/forget",
    "/letters/sign-again",
    "/made/forget",
    "/publish",
    "/who",
];

/// A home with a school in it.
fn home() -> tempfile::TempDir {
    let home = scratch_folder().unwrap();
    let made = Command::new(our_program("signpost", "generator").unwrap())
        .arg("new")
        .arg(home.path().join("school"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    home
}

#[test]
fn another_program_on_this_computer_without_the_key_sees_nothing_and_changes_nothing() {
    let home = home();
    let office = Office::open(home.path());
    let settings = fs::read_to_string(home.path().join("school/school.toml")).unwrap();
    let body = format!("to={}&approved_by=me&name=Mallory", home.path().join("out").display());
    let real = office.cookie();
    let (name, value) = real.split_once('=').unwrap();
    let wrong = [
        vec![],
        vec![format!("{name}=")],
        vec![format!("{name}={}", "0".repeat(value.len()))],
        vec![format!("{name}={}", office.key)],
        vec![format!("Cookie: signpost-1={value}")],
    ];
    for cookie in wrong {
        let head = |mut more: Vec<String>| {
            more.extend(cookie.clone());
            more
        };
        for path in SHOWS {
            office.ask("GET", path, &head(vec![office.host()]), "").is_refused(path);
        }
        for path in CHANGES {
            office.ask("POST", path, &head(vec![office.host(), office.origin()]), &body).is_refused(path);
        }
    }
    for key in ["", "0", &"0".repeat(32), &office.key[..31]] {
        office.ask("GET", &format!("/open?key={key}"), &[office.host()], "").is_refused(key);
    }
    assert!(!home.path().join("out").exists());
    assert_eq!(fs::read_to_string(home.path().join("school/school.toml")).unwrap(), settings);
    assert_eq!(office.ask("GET", "/pages", &[office.host(), real], "").status(), 200, "with the key");
}

#[test]
fn the_cookie_of_another_run_opens_nothing() {
    let home = home();
    let first = Office::open(home.path());
    let old = first.cookie();
    drop(first);
    let second = Office::open(home.path());
    let (_, value) = old.split_once('=').unwrap();
    let same_name = format!("Cookie: signpost-{}={value}", second.port);
    for cookie in [old.clone(), same_name] {
        second.ask("GET", "/pages", &[second.host(), cookie], "").is_refused("yesterday's cookie");
    }
}

#[test]
fn a_page_of_another_site_in_the_same_browser_cannot_send_a_form_here() {
    let home = home();
    let office = Office::open(home.path());
    let cookie = office.cookie();
    let out = home.path().join("out");
    let body = format!("to={}&approved_by=me&name=Mallory", out.display());
    let others = [
        None,
        Some("http://evil.example".to_owned()),
        Some("null".to_owned()),
        Some(format!("http://127.0.0.1:{}", office.port + 1)),
        Some(format!("https://127.0.0.1:{}", office.port)),
        Some(format!("http://127.0.0.1:{}.evil.example", office.port)),
    ];
    for origin in others {
        let mut head = vec![office.host(), cookie.clone()];
        head.extend(origin.as_ref().map(|origin| format!("Origin: {origin}")));
        for path in CHANGES {
            office.ask("POST", path, &head, &body).is_refused(&format!("{path} from {origin:?}"));
        }
    }
    assert!(!out.exists(), "nothing was published");
    let ours = office.ask("POST", "/publish", &[office.host(), cookie, office.origin()], &body);
    assert!(ours.status() < 400 && out.exists(), "and our own page can: {}", ours.0);
}

#[test]
fn a_site_that_points_its_own_name_at_this_computer_gets_nothing() {
    let home = home();
    let office = Office::open(home.path());
    let cookie = office.cookie();
    let names = [
        "evil.example".to_owned(),
        format!("evil.example:{}", office.port),
        format!("127.0.0.1.evil.example:{}", office.port),
        String::new(),
    ];
    for name in names {
        let host = format!("Host: {name}");
        for path in SHOWS {
            office
                .ask("GET", path, &[host.clone(), cookie.clone()], "")
                .is_refused(&format!("{path} as {name}"));
        }
        let key = format!("/open?key={}", office.key);
        office.ask("GET", &key, std::slice::from_ref(&host), "").is_refused("even with the key");
        for path in CHANGES {
            let head = [host.clone(), cookie.clone(), office.origin()];
            office.ask("POST", path, &head, "").is_refused(&format!("{path} as {name}"));
        }
    }
}

#[test]
fn nobody_on_the_schools_network_can_reach_it() {
    let home = home();
    let office = Office::open(home.path());
    // The system's list of listening sockets: an address and port in hexadecimal, and 0A for listening.
    let mut bound = Vec::new();
    for list in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(list) = fs::read_to_string(list) else { continue };
        for line in list.lines().skip(1) {
            let mut words = line.split_whitespace().skip(1);
            let (here, _, state) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            if state == "0A" && here.ends_with(&format!(":{:04X}", office.port)) {
                bound.push(here.to_owned());
            }
        }
    }
    assert_eq!(bound, [format!("0100007F:{:04X}", office.port)], "it listens at 127.0.0.1 and nowhere else");
}

#[test]
fn every_answer_forbids_what_a_page_of_words_does_not_need() {
    let home = home();
    let office = Office::open(home.path());
    let cookie = office.cookie();
    for path in ["/pages", "/edit?file=school.toml", "/publish"] {
        let answer = office.ask("GET", path, &[office.host(), cookie.clone()], "");
        assert_eq!(answer.status(), 200, "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
