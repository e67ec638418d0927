//! Letters about boxes that nobody opened, to a mail server that speaks SMTP over TLS as a school's does.

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use hub::{
    mail::{calls, running},
    store::accounts::Duty,
};
use records::report::Route;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::{
    browser::{Browser, PASSWORD},
    calls::{ask, new_call},
    program::Program,
    safeguarding::{Told, report},
    school::School,
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;

/// How a server does TLS.
#[derive(Clone, Copy, PartialEq)]
enum Tls {
    FromTheFirstByte,
    WhenAsked,
    Never,
}

/// What a mail server saw.
#[derive(Default)]
struct Seen {
    /// To whom, and the whole letter.
    letters: Vec<(String, String)>,
    /// All that came before TLS did.
    in_the_clear: String,
    /// The names and passwords, as they come.
    signed_in: Vec<String>,
}

struct MailServer {
    port: u16,
    certificate: String,
    seen: Arc<Mutex<Seen>>,
}

trait Line: Read + Write {
    fn line(&mut self) -> io::Result<String> {
        let (mut line, mut byte) = (Vec::new(), [0]);
        while !line.ends_with(b"\r\n") {
            self.read_exact(&mut byte)?;
            line.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
    fn say(&mut self, line: &str) -> io::Result<()> {
        self.write_all(format!("{line}\r\n").as_bytes())?;
        self.flush()
    }
}
impl<S: Read + Write> Line for S {}

impl MailServer {
    fn start(tls: Tls) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let noted = seen.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Whoever hangs up early has their reasons.
                let _ = meet(stream, tls, &config, &noted);
            }
        });
        Self { port, certificate: made.cert.pem(), seen }
    }

    fn letters(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.seen.lock().unwrap().letters)
    }
}

fn meet(mut stream: TcpStream, tls: Tls, config: &Arc<ServerConfig>, seen: &Mutex<Seen>) -> io::Result<()> {
    let session = || ServerConnection::new(config.clone()).map_err(io::Error::other);
    if tls == Tls::FromTheFirstByte {
        let mut sealed = StreamOwned::new(session()?, stream);
        sealed.say("220 localhost")?;
        return talk(&mut sealed, seen);
    }
    stream.say("220 localhost")?;
    loop {
        let line = stream.line()?;
        seen.lock().unwrap().in_the_clear.push_str(&line);
        if line.starts_with("EHLO") && tls == Tls::WhenAsked {
            stream.say("250-localhost\r\n250 STARTTLS")?;
        } else if line == "STARTTLS" {
            stream.say("220 go on")?;
            return talk(&mut StreamOwned::new(session()?, stream), seen);
        } else {
            stream.say("250 localhost")?;
        }
    }
}

fn talk(stream: &mut impl Line, seen: &Mutex<Seen>) -> io::Result<()> {
    let mut to = String::new();
    loop {
        let line = stream.line()?;
        if line.starts_with("EHLO") {
            stream.say("250-localhost\r\n250 AUTH PLAIN")?;
        } else if let Some(given) = line.strip_prefix("AUTH PLAIN ") {
            seen.lock().unwrap().signed_in.push(given.to_owned());
            stream.say("235 welcome")?;
        } else if let Some(address) = line.strip_prefix("RCPT TO:<") {
            to = address.split('>').next().unwrap_or_default().to_owned();
            stream.say(if to.starts_with("nobody") { "550 no such mailbox" } else { "250 yes" })?;
        } else if line == "DATA" {
            stream.say("354 go on")?;
            let mut letter = String::new();
            loop {
                let line = stream.line()?;
                if line == "." {
                    break;
                }
                letter.push_str(&line);
                letter.push('\n');
            }
            seen.lock().unwrap().letters.push((to.clone(), letter));
            stream.say("250 taken")?;
        } else if line == "QUIT" {
            return stream.say("221 goodbye");
        } else {
            stream.say("250 yes")?;
        }
    }
}

/// The technician's file for this server, in the school's folder.
fn settings(folder: &Path, server: &MailServer, more: &str, to: &str) -> PathBuf {
    let path = |name: &str| folder.join(name);
    std::fs::write(path("mail-ca.pem"), &server.certificate).unwrap();
    let file = path("mail.toml");
    let text = format!(
        "server = \"localhost\"\nport = {}\nfrom = \"signpost@larkfield.example\"\ntrust = \"{}\"\n{more}\n[to]\n{to}\n",
        server.port,
        path("mail-ca.pem").display(),
    );
    std::fs::write(&file, text).unwrap();
    file
}

const EVERYBODY: &str = "safeguarding = [\"dsl@larkfield.example\", \"deputy@larkfield.example\"]\n\
    headteacher = [\"head@larkfield.example\"]\noffice = [\"office@larkfield.example\"]";

async fn look(told: &Told, settings: &Path) {
    let (hub, settings) = (told.school.hub.clone(), settings.to_owned());
    tokio::task::spawn_blocking(move || running::look(&hub, &settings).unwrap()).await.unwrap();
}

/// Without what makes a letter this one: when it was written.
fn text(letter: &str) -> String {
    letter.lines().filter(|line| !line.starts_with("Date:")).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_opened_a_box_its_holders_and_the_office_are_written_to_once_each_school_day() {
    let server = MailServer::start(Tls::WhenAsked);
    let mut told = Told::begun().await;
    let file = settings(told.school.dir.path(), &server, "", EVERYBODY);
    told.school.pass(DAY + 5 * HOUR);
    look(&told, &file).await;
    assert!(server.letters().is_empty(), "Tuesday, 14:00: the day is not over");
    told.school.pass(2 * HOUR);
    look(&told, &file).await;
    let mut letters = server.letters();
    letters.sort();
    let readers: Vec<_> = letters.iter().map(|(to, _)| to.split('@').next().unwrap()).collect();
    assert_eq!(readers, ["deputy", "dsl", "head", "office", "office"]);
    assert!(letters[1].1.contains("Subject: Signpost at Larkfield Primary School: a box wants opening"));
    look(&told, &file).await;
    assert!(server.letters().is_empty(), "once");
    // The next day with reports in two boxes: word for word what it would be without.
    told.bring(vec![(Route::Safeguarding, report(None)), (Route::Safeguarding, report(None))]).await;
    told.school.pass(DAY);
    look(&told, &file).await;
    let mut with_reports = server.letters();
    with_reports.sort();
    let without = Told::begun().await;
    let file_without = settings(without.school.dir.path(), &server, "", EVERYBODY);
    without.school.pass(2 * DAY + 7 * HOUR);
    look(&without, &file_without).await;
    let mut nothing = server.letters();
    nothing.sort();
    let texts = |letters: &[(String, String)]| letters.iter().map(|(_, l)| text(l)).collect::<Vec<_>>();
    assert_eq!(texts(&with_reports), texts(&nothing));
    told.again().await;
    look(&told, &file).await;
    assert!(server.letters().is_empty(), "all of them did");
    assert!(
        !server.seen.lock().unwrap().in_the_clear.contains("larkfield.example>"),
        "no address before TLS"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_and_no_password_goes_to_a_server_without_tls_or_with_anothers_certificate() {
    let (plain, other) = (MailServer::start(Tls::Never), MailServer::start(Tls::WhenAsked));
    let good = MailServer::start(Tls::WhenAsked);
    let told = Told::begun().await;
    std::fs::write(told.school.dir.path().join("password"), "heron lamp\n").unwrap();
    let password = told.school.dir.path().join("password").display().to_string();
    let signs_in = format!("user = \"signpost\"\npassword-file = \"{password}\"");
    told.school.pass(DAY + 7 * HOUR);
    for server in [&plain, &other] {
        let file = settings(told.school.dir.path(), server, &signs_in, EVERYBODY);
        // The certificate that is trusted is the good server's.
        std::fs::write(told.school.dir.path().join("mail-ca.pem"), &good.certificate).unwrap();
        look(&told, &file).await;
        let seen = server.seen.lock().unwrap();
        assert!(seen.letters.is_empty() && seen.signed_in.is_empty());
        assert!(
            !seen.in_the_clear.contains("AUTH") && !seen.in_the_clear.contains("MAIL"),
            "{}",
            seen.in_the_clear
        );
    }
    let problem = running::written(&told.school.hub).unwrap().problem;
    assert!(problem.contains("localhost did not take it") && problem.contains("certificate"), "{problem}");
    let file = settings(told.school.dir.path(), &good, &signs_in, EVERYBODY);
    look(&told, &file).await;
    assert_eq!(good.letters().len(), 5, "what did not go is tried again");
    // “signpost” and “heron lamp” with a nought before each.
    assert_eq!(good.seen.lock().unwrap().signed_in[0], "AHNpZ25wb3N0AGhlcm9uIGxhbXA=");
    assert_eq!(running::written(&told.school.hub).unwrap().problem, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_keeps_nobody_else_from_being_told_and_the_desk_says_so() {
    let server = MailServer::start(Tls::WhenAsked);
    let told = Told::begun().await;
    let to = "safeguarding = [\"nobody@larkfield.example\", \"deputy@larkfield.example\"]";
    let file = settings(told.school.dir.path(), &server, "", to);
    told.school.pass(DAY + 7 * HOUR);
    look(&told, &file).await;
    let readers: Vec<_> = server.letters().into_iter().map(|(to, _)| to).collect();
    assert_eq!(readers, ["deputy@larkfield.example"]);
    let problem = running::written(&told.school.hub).unwrap().problem;
    assert!(problem.contains("no such mailbox"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_boxes_that_wait_says_whether_a_letter_went() {
    let server = MailServer::start(Tls::WhenAsked);
    let room = tempfile::tempdir().unwrap();
    let told = Told::at(School::mailing(settings(room.path(), &server, "", EVERYBODY)).await).await;
    let mut office = Browser::signed_in(&told.school).await;
    told.school.pass(DAY + 7 * HOUR);
    let file = told.school.hub.mail().unwrap().to_owned();
    look(&told, &file).await;
    office.try_sign_in(&told.school, "office", PASSWORD).await;
    let page = office.get(&told.school, "/unopened").await.text;
    assert!(page.contains("The hub wrote about this to 5 addresses on"), "{page}");
}

async fn look_for_calls(told: &Told, settings: &Path) {
    let (hub, settings) = (told.school.hub.clone(), settings.to_owned());
    tokio::task::spawn_blocking(move || calls::look(&hub, &settings).unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_goes_to_a_call_those_at_the_school_are_written_to_once_and_of_whoever_called_nothing() {
    let server = MailServer::start(Tls::WhenAsked);
    let told = Told::begun().await;
    let to = format!("chair = [\"chair@larkfield.example\"]\n{EVERYBODY}");
    let file = settings(told.school.dir.path(), &server, "", &to);
    assert!(!ask(&told.kiosk, &told.school, &new_call(&told.kiosk, &told.school)).await.unwrap());
    told.school.pass(calls::WAITS - 1);
    look_for_calls(&told, &file).await;
    assert!(server.letters().is_empty(), "somebody near a desk has their time");
    told.school.pass(1);
    look_for_calls(&told, &file).await;
    let mut letters = server.letters();
    letters.sort();
    let readers: Vec<_> = letters.iter().map(|(to, _)| to.split('@').next().unwrap()).collect();
    assert_eq!(readers, ["deputy", "dsl", "head", "office"], "who is at the school; the chair is not");
    let letter = &letters[0].1;
    assert!(letter.contains("A call at Oak classroom waits since 9:00."), "{letter}");
    for word in ["child", "pupil", "report"] {
        assert!(!letter.to_lowercase().contains(word), "{word}: {letter}");
    }
    look_for_calls(&told, &file).await;
    assert!(server.letters().is_empty(), "once");
    // Somebody goes, and cannot after all: that is told anew.
    let account = told.school.hub.store.account("headteacher").unwrap().unwrap().id;
    let (store, device) = (&told.school.hub.store, told.kiosk.identity.device);
    let taken = told.school.hub.now();
    assert!(store.go_to(device, account, taken).unwrap());
    told.school.pass(60);
    look_for_calls(&told, &file).await;
    assert!(server.letters().is_empty(), "somebody is going");
    assert!(store.cannot_go(device, account, taken, told.school.hub.now()).unwrap());
    look_for_calls(&told, &file).await;
    assert_eq!(server.letters().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_written_about_to_those_whom_the_file_names_for_that_and_again_if_the_server_was_away() {
    let server = MailServer::start(Tls::WhenAsked);
    let told = Told::begun().await;
    let to = format!("calls = [\"duty@larkfield.example\"]\n{EVERYBODY}");
    let file = settings(told.school.dir.path(), &server, "", &to);
    ask(&told.kiosk, &told.school, &new_call(&told.kiosk, &told.school)).await.unwrap();
    told.school.pass(calls::WAITS);
    let away = std::fs::read_to_string(&file).unwrap().replace("port = ", "port = 1 #");
    let wrong = told.school.dir.path().join("away.toml");
    std::fs::write(&wrong, away).unwrap();
    look_for_calls(&told, &wrong).await;
    assert!(server.letters().is_empty());
    // Whoever can see to it is told at the desk, until a letter goes again.
    let mut technician = Browser::with_duty(&told.school, "it.firm", Duty::Technician).await;
    let mut staff = Browser::with_duty(&told.school, "r.adeyemi", Duty::Staff).await;
    let page = technician.get(&told.school, "/registers").await.text;
    assert!(page.contains("On 14 September 2026, 9:03 an e-mail about a call"), "{page}");
    assert!(page.contains("localhost did not take it"), "{page}");
    assert!(!staff.get(&told.school, "/registers").await.text.contains("an e-mail about a call"));
    look_for_calls(&told, &file).await;
    let readers: Vec<_> = server.letters().into_iter().map(|(to, _)| to).collect();
    assert_eq!(readers, ["duty@larkfield.example"]);
    assert!(!technician.get(&told.school, "/registers").await.text.contains("an e-mail about a call"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_one_address_did_not_hear_of_is_told_at_the_desk_and_the_others_have_it() {
    let server = MailServer::start(Tls::WhenAsked);
    let told = Told::begun().await;
    let to = "calls = [\"nobody@larkfield.example\", \"duty@larkfield.example\"]";
    let file = settings(told.school.dir.path(), &server, "", to);
    ask(&told.kiosk, &told.school, &new_call(&told.kiosk, &told.school)).await.unwrap();
    told.school.pass(calls::WAITS);
    look_for_calls(&told, &file).await;
    let readers: Vec<_> = server.letters().into_iter().map(|(to, _)| to).collect();
    assert_eq!(readers, ["duty@larkfield.example"]);
    let mut office = Browser::signed_in(&told.school).await;
    let page = office.get(&told.school, "/registers").await.text;
    assert!(page.contains("could not be sent to everybody") && page.contains("no such mailbox"), "{page}");
    told.school.pass(4 * DAY);
    office.try_sign_in(&told.school, "office", PASSWORD).await;
    let page = office.get(&told.school, "/registers").await.text;
    assert!(!page.contains("could not be sent"), "it is not told for ever: {page}");
}

#[test]
fn a_slip_in_the_mail_file_is_told_at_its_place_before_anything_is_served() {
    let (program, _) = Program::made();
    let file = program.path("mail.toml");
    let serve = |text: &str| {
        std::fs::write(&file, text).unwrap();
        program.refused(&["serve", "--mail", &file.display().to_string()])
    };
    let begin = "server = \"mail.larkfield.example\"\nfrom = \"signpost@larkfield.example\"\n";
    let slip = serve(&format!("{begin}[to]\noffice = [\"office at larkfield\"]\n"));
    assert!(slip.contains("mail.toml:4:11: "), "{slip}");
    let slip = serve(&format!("{begin}sender = \"x\"\n[to]\n"));
    assert!(slip.contains("mail.toml:3:1: unknown field `sender`"), "{slip}");
    assert!(serve(&format!("{begin}[to]\n")).contains("names nobody to write to"));
    let lone = serve(&format!("{begin}user = \"signpost\"\n[to]\noffice = [\"office@larkfield.example\"]\n"));
    assert!(lone.contains("has a user and no password"), "{lone}");
}

#[test]
fn the_technician_tries_whether_letters_arrive() {
    let server = MailServer::start(Tls::FromTheFirstByte);
    let room = tempfile::tempdir().unwrap();
    let to = "chair = [\"nobody@larkfield.example\"]\noffice = [\"office@larkfield.example\"]";
    let file = settings(room.path(), &server, "starttls = false", to);
    let hub = || std::process::Command::new(env!("CARGO_BIN_EXE_signpost-hub"));
    let tried = hub().arg("mail").arg(&file).args(["--school-name", "Larkfield"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&tried.stdout), String::from_utf8_lossy(&tried.stderr));
    assert_eq!(out, "office@larkfield.example: localhost took it\n");
    assert!(
        err.contains("nobody@larkfield.example: localhost did not take it")
            && err.contains("no such mailbox"),
        "{err}"
    );
    assert_eq!(tried.status.code(), Some(1));
    let letters = server.letters();
    assert!(letters[0].1.contains("Subject: Signpost at Larkfield: does this arrive?"), "{letters:?}");
}
