//! Somebody tells from home: with a real browser, through a real nginx set up as the technician's guide has it, to a
//! real hub; and the safeguarding lead opens it at the desk.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::desk::{BOX_WORDS, Desk, OWN_PASSWORD};
use tests::keyboard::{press, tab_to, type_words};
use tests::process::{Process, free_port};
use tests::school::{PATIENCE, School, root, run};
use tests::sight::{click, fill, look, type_code};

const NO_FAULTS: Vec<String> = Vec::new();
/// More stops than the form has.
const STOPS: usize = 80;
const NGINX: &str = "/usr/sbin/nginx";
/// What the browser's own user types; it is looked for everywhere afterwards.
const TOLD: &str = "He wants me to send a picture, the flustered otter";
/// So many send at once; nginx lets ten a second through from one address.
const FLOOD: usize = 40;

/// A hub with the form, and nginx in front of it.
struct Front {
    school: School,
    hub: Process,
    nginx: Process,
    address: SocketAddr,
    certificate: PathBuf,
}

/// None where there is no nginx; where every check has to be made that is a fault.
fn front() -> Option<Front> {
    if !Path::new(NGINX).exists() {
        assert!(std::env::var_os("CI").is_none(), "{NGINX} is missing: apt install nginx");
        println!("SKIPPED: {NGINX} is not on this machine; the form on the web was not tried behind it");
        return None;
    }
    let mut school = School::open().unwrap();
    school.kill_hub();
    let mut command = school.serve_command(&school.hub_data()).unwrap();
    command.args(["--report-form", "127.0.0.1:0"]);
    school.take_hub(Process::start(command).unwrap()).unwrap();
    let mut hub = school.give_hub().unwrap();
    let form = hub.wait_for("where the form is", PATIENCE, |line| {
        line.strip_prefix("report form http://")?.parse::<SocketAddr>().ok()
    });
    let form = form.unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], free_port().unwrap()));
    let folder = school.path("nginx");
    fs::create_dir_all(&folder).unwrap();
    let certificate = certificate(&folder);
    fs::write(folder.join("nginx.conf"), config(address, form, &folder)).unwrap();
    let mut command = Command::new(NGINX);
    command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf"));
    // Until it has read its settings it writes where it was told to when it was built.
    command.arg("-e").arg(folder.join("error.log"));
    let mut nginx = Process::start(command).unwrap();
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(nginx.is_running() && begun.elapsed() < PATIENCE, "nginx: {}", nginx.stderr());
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(Front { school, hub, nginx, address, certificate })
}

/// The server of the technician's guide, word for word but for addresses and files, in an nginx that keeps all the
/// logs that it can keep.
fn config(address: SocketAddr, form: SocketAddr, folder: &Path) -> String {
    let guide = fs::read_to_string(root().join("docs/technician.md")).unwrap();
    let text = guide.split("```nginx\n").nth(1).unwrap().split("```").next().unwrap();
    let mut server = text.to_owned();
    for (written, here) in [
        ("listen 443 ssl;", format!("listen {address} ssl;")),
        ("/etc/ssl/report/fullchain.pem", folder.join("cert.pem").display().to_string()),
        ("/etc/ssl/report/privkey.pem", folder.join("key.pem").display().to_string()),
        ("http://127.0.0.1:8445;", format!("http://{form};")),
    ] {
        assert_eq!(server.matches(written).count(), 1, "{written}: {server}");
        server = server.replace(written, &here);
    }
    let user = if rustix::process::geteuid().is_root() { "user root;\n" } else { "" };
    format!(
        "{user}daemon off;\npid nginx.pid;\nworker_processes 1;\nerror_log error.log info;\n\
         events {{ worker_connections 768; }}\n\
         http {{\naccess_log access.log;\nclient_body_temp_path body;\nproxy_temp_path proxy;\n\
         fastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n{server}\n}}\n"
    )
}

fn certificate(folder: &Path) -> PathBuf {
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
    command.args(["-days", "2", "-subj", "/CN=report.larkfield.example"]);
    command.args(["-addext", "subjectAltName=DNS:report.larkfield.example,IP:127.0.0.1"]);
    command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    command.arg("-keyout").arg(folder.join("key.pem")).arg("-out").arg(folder.join("cert.pem"));
    run("a certificate", command).unwrap();
    folder.join("cert.pem")
}

/// Whoever writes, at the keyboard.
struct Writer(Browser);

impl Writer {
    async fn goes_to(&self, wanted: &str) {
        tab_to(&self.0, wanted, STOPS).await.unwrap_or_else(|error| panic!("{wanted}: {error}"));
    }
    async fn chooses(&self, id: &str) {
        let (name, _) = id.split_once('-').unwrap();
        // One stop for all answers where one is chosen of them: the arrows go on from there.
        self.goes_to(&format!("here.name === {name:?} || here.id === {id:?}")).await;
        press(&self.0, "Space").await.unwrap();
        for _ in 0..8 {
            if tests::keyboard::is_here(&self.0, &format!("here.id === {id:?} && here.checked"))
                .await
                .unwrap()
            {
                return;
            }
            press(&self.0, "ArrowDown").await.unwrap();
        }
        panic!("the arrows do not lead to {id}");
    }
    async fn types(&self, id: &str, words: &str) {
        self.goes_to(&format!("here.id === {id:?}")).await;
        type_words(&self.0, words).await.unwrap();
    }
    async fn presses(&self, button: &str) {
        self.goes_to(&format!("here.tagName === 'BUTTON' && here.textContent === {button:?}")).await;
        press(&self.0, "Enter").await.unwrap();
    }
    async fn sees(&self, words: &str) {
        let found = format!("//main//*[contains(normalize-space(.), {words:?})]");
        let client = self.0.client();
        client.wait().for_element(Locator::XPath(&found)).await.unwrap_or_else(|e| panic!("{words}: {e}"));
    }
    async fn looks(&self, name: &str) {
        assert_eq!(look(&self.0, name).await.unwrap(), NO_FAULTS);
    }
    async fn value_of(&self, id: &str) -> String {
        let field = self.0.client().find(Locator::Css(&format!("#{id}"))).await.unwrap();
        field.prop("value").await.unwrap().unwrap_or_default()
    }
    /// All that the page holds, in its fields too.
    async fn holds(&self, words: &str) -> bool {
        let all = "return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((f) => f.value).join(' ');";
        let all = self.0.client().execute(all, vec![]).await.unwrap();
        all.as_str().unwrap().contains(words)
    }
}

/// Every file below a folder in which one of these stands, but for the settings that name an address themselves.
fn left_in(folder: &Path, words: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            left_in(&path, words, found);
        } else if path.file_name().is_some_and(|name| name != "nginx.conf") {
            let bytes = fs::read(&path).unwrap_or_default();
            for word in words {
                let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let is_there = |needle: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
                if is_there(word.as_bytes()) || is_there(&utf16) {
                    found.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
}

#[tokio::test]
async fn somebody_tells_from_home_through_nginx_with_a_keyboard_alone_and_nothing_of_them_is_left_behind() {
    let Some(mut front) = front() else { return };
    let mut holders = front.school.holders().unwrap();
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}/", front.address)).await.unwrap();
    let writer = Writer(browser);
    writer.sees("Is something not right?").await;
    assert_eq!(client.title().await.unwrap(), "Larkfield Primary School", "the window's title says nothing");
    writer.looks("web-form").await;

    // Nothing chosen, nothing written: it says what is missing. Then somebody to talk with, and no name.
    writer.presses("Send it").await;
    writer.sees("Choose an answer, or write a few words.").await;
    writer.chooses("teller-child").await;
    writer.chooses("feeling-scared").await;
    writer.goes_to("here.id === 'happened-message'").await;
    press(&writer.0, "Space").await.unwrap();
    writer.chooses("about-unknown").await;
    writer.types("words", TOLD).await;
    writer.chooses("talk-yes").await;
    writer.presses("Send it").await;
    writer.sees("Tell us your name, or how to reach you").await;
    assert_eq!(writer.value_of("words").await, TOLD, "nothing that was typed is lost");
    let chosen = "return [...document.querySelectorAll(':checked')].map((one) => one.id).join(' ');";
    let chosen = client.execute(chosen, vec![]).await.unwrap();
    assert_eq!(chosen, "teller-child feeling-scared happened-message about-unknown talk-yes");
    writer.looks("web-form-refused").await;
    writer.types("name", "Bryn in Acorn").await;
    writer.presses("Send it").await;
    writer.sees("Thank you. It is in the box.").await;
    writer.looks("web-form-sent").await;

    // To go back, or to load the page again, brings nothing back and sends nothing twice.
    client.refresh().await.unwrap();
    writer.sees("Is something not right?").await;
    assert!(!writer.holds("flustered otter").await);
    for _ in 0..3 {
        client.back().await.unwrap();
        assert!(!writer.holds("flustered otter").await);
    }
    client.goto(&format!("https://{}/", front.address)).await.unwrap();
    writer.types("words", "unsent flustered otter").await;
    press(&writer.0, "Escape").await.unwrap();
    client.wait().for_element(Locator::XPath("//h1[contains(., 'Term dates')]")).await.unwrap();
    writer.looks("web-form-left").await;
    client.back().await.unwrap();
    assert!(!writer.holds("otter").await);
    client.goto(&format!("https://{}/", front.address)).await.unwrap();
    writer.goes_to("here.classList.contains('leave')").await;
    press(&writer.0, "Enter").await.unwrap();
    client.wait().for_element(Locator::XPath("//h1[contains(., 'Term dates')]")).await.unwrap();

    let mut browser = writer.0;
    let own = format!("https://{}/", front.address);
    let asked: Vec<String> = browser.requested().await.unwrap().to_vec();
    let elsewhere: Vec<_> =
        asked.iter().filter(|url| url.starts_with("http") && !url.starts_with(&own)).collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    assert!(asked.len() > 10, "{asked:?}");
    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().all(|line| line.contains("400")), "{complaints:?}");
    assert!(client.get_all_cookies().await.unwrap().is_empty());
    let mut left = Vec::new();
    left_in(browser.profile(), &["flustered otter"], &mut left);
    assert_eq!(left, NO_FAULTS, "the browser keeps no word on the disk");
    browser.close().await.unwrap();

    // Many send at once: each waits a little, and each is thanked.
    let visitor = Desk::at(front.address, &front.certificate).unwrap();
    let senders: Vec<_> = (0..FLOOD)
        .map(|number| {
            let mut visitor = visitor.clone();
            std::thread::spawn(move || {
                visitor.send("/", &[("words", &format!("sender {number} of many"))]).unwrap()
            })
        })
        .collect();
    for sender in senders {
        let answer = sender.join().unwrap();
        assert!(
            answer.status == 200 && answer.body.contains("Thank you. It is in the box."),
            "{}",
            answer.head
        );
        assert!(!answer.head.to_lowercase().contains("set-cookie"), "{}", answer.head);
    }

    // The safeguarding lead opens her box; nobody else has it.
    look_at_the_desk(&front.school).await;
    holders[0].unlock().unwrap();
    let read = holders[0].reports().unwrap();
    let told: Vec<_> = read.iter().filter(|page| page.contains(TOLD)).collect();
    assert_eq!(told.len(), 1);
    for part in [
        "by the web form",
        "a child at this school",
        "Bryn in Acorn",
        "I got a message",
        "They want somebody",
    ] {
        assert!(told[0].contains(part), "{part}: {}", told[0]);
    }
    for number in 0..FLOOD {
        let mine = format!("sender {number} of many");
        let apart = holders[0].page("/safeguarding?show=all").unwrap();
        assert_eq!(apart.matches(&mine).count(), 1, "{mine}");
    }
    for other in [2, 3] {
        holders[other].unlock().unwrap();
        assert_eq!(holders[other].reports().unwrap(), Vec::<String>::new());
    }

    // The hub away: nginx says so, and where to turn.
    front.hub.kill();
    let mut visitor = visitor;
    let away = visitor.send("/", &[("words", "nobody is there, flustered otter")]).unwrap();
    assert!(
        away.status == 503 && away.body.contains("Nothing was sent") && away.body.contains("999"),
        "{}",
        away.body
    );

    // Nothing in any file of nginx or the hub, and nothing on their screens, says who came by or what they wrote.
    let words = ["flustered otter", "127.0.0.1", "Chrome", "HeadlessChrome", "of many", "Bryn in Acorn"];
    let mut left = Vec::new();
    left_in(&front.school.path("nginx"), &words, &mut left);
    assert_eq!(left, NO_FAULTS);
    left_in(&front.school.hub_data(), &["flustered otter", "HeadlessChrome", "of many"], &mut left);
    assert_eq!(left, NO_FAULTS);
    for said in [front.hub.stderr(), front.nginx.stderr()] {
        assert!(words.iter().all(|word| !said.contains(word)), "{said}");
    }
    assert!(front.school.path("nginx/error.log").exists(), "nginx kept a log all the while");
}

/// The lead's own pages, with a report that came by the web among them.
async fn look_at_the_desk(school: &School) {
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}", school.desk_address())).await.unwrap();
    fill(&browser, "#name", "safeguarding").await.unwrap();
    fill(&browser, "#password", OWN_PASSWORD).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    type_code(&browser, &school.phone_code("safeguarding")).await.unwrap();
    fill(&browser, "#passphrase", BOX_WORDS).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("ul.told")).await.unwrap();
    assert_eq!(look(&browser, "web-form-desk").await.unwrap(), NO_FAULTS);
    let mine = client.find(Locator::LinkText("I got a message")).await.unwrap();
    mine.click().await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//p[contains(., 'It came by the form on the web')]"))
        .await
        .unwrap();
    assert_eq!(look(&browser, "web-form-report").await.unwrap(), NO_FAULTS);
    browser.close().await.unwrap();
}
