//! Links out of the site, asked of a real server on this computer.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use crate::workshop::{Workshop, said};

/// A small website that counts how often each of its pages was asked for, and with what words.
pub(crate) struct Web {
    pub(crate) address: String,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    words: Arc<Mutex<String>>,
}

impl Web {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, words) = (Arc::default(), Arc::default());
        let web = Self { address, asked: Arc::clone(&asked), words: Arc::clone(&words) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                let rest: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                words.lock().unwrap().push_str(&format!("{first}\n{}\n", rest.join("\n")));
                *asked.lock().unwrap().entry(path.clone()).or_default() += 1;
                let (status, more) = match path.as_str() {
                    "/good" | "/new-home" => ("200 OK", String::new()),
                    "/moved" => ("301 Moved Permanently", "Location: /new-home\r\n".to_owned()),
                    "/for-today" => ("302 Found", "Location: /good\r\n".to_owned()),
                    "/circle" => ("302 Found", "Location: /circle\r\n".to_owned()),
                    "/people-only" => ("403 Forbidden", String::new()),
                    "/ill" => ("503 Service Unavailable", String::new()),
                    _ => ("404 Not Found", String::new()),
                };
                let answer =
                    format!("HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        web
    }

    fn times(&self, path: &str) -> usize {
        self.asked.lock().unwrap().get(path).copied().unwrap_or_default()
    }
}

fn check(workshop: &Workshop, external: bool) -> String {
    let mut words = vec!["check", "--school", "school", "--date", "2026-11-22"];
    if external {
        words.push("--external");
    }
    said(&workshop.signpost(&words))
}

fn with(links: &[String]) -> Workshop {
    let workshop = Workshop::small();
    let file = workshop.school().join("policies/online.md");
    let text = std::fs::read_to_string(file).unwrap();
    let list: Vec<String> = links.iter().map(|link| format!("- [read on]({link})")).collect();
    workshop.write("policies/online.md", format!("{text}\n\n## More\n\n{}\n", list.join("\n")));
    workshop
}

#[test]
fn what_went_moved_or_is_ill_is_told_at_its_link_and_what_is_there_is_not() {
    let web = Web::open();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let paths = ["good#part", "gone", "moved", "for-today", "circle", "people-only", "ill"];
    let mut links: Vec<String> = paths.iter().map(|path| format!("{}/{path}", web.address)).collect();
    links.push(format!("http://{closed}/x"));
    let workshop = with(&links);

    assert!(!check(&workshop, false).contains("outside-"), "no build asks anybody");
    assert_eq!(web.times("/good"), 0);

    let found = check(&workshop, true);
    let told = |rule: &str| found.matches(&format!("· {rule}")).count();
    assert_eq!(
        (told("outside-link-gone"), told("outside-link-moved"), told("outside-link-silent")),
        (1, 1, 3)
    );
    assert!(found.contains(&format!("moved for good, to {}/new-home", web.address)), "{found}");
    for why in ["sends round in a circle", "has trouble (503)", "did not take the call"] {
        assert!(found.contains(why), "{why}: {found}");
    }
    let line = std::fs::read_to_string(workshop.school().join("policies/online.md")).unwrap();
    let line = line.lines().position(|line| line.contains("/gone")).unwrap() + 1;
    assert!(found.contains(&format!("policies/online.md, line {line}, column 13")), "{found}");

    check(&workshop, true);
    assert_eq!((web.times("/good"), web.times("/gone")), (2, 2), "what answered is not asked again");
    let words = web.words.lock().unwrap().to_lowercase();
    for said in ["referer", "cookie", "primary", "school"] {
        assert!(!words.contains(said), "it tells “{said}”: {words}");
    }
}

#[test]
fn a_computer_that_reaches_nobody_says_so_once() {
    let closed: Vec<String> = (0..3)
        .map(|_| {
            let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            format!("http://{address}/")
        })
        .collect();
    let workshop = with(&closed);
    let found = check(&workshop, true);
    assert_eq!(found.matches("· outside-").count(), 1, "{found}");
    assert!(found.contains("· outside-links-not-tried"), "{found}");
}
