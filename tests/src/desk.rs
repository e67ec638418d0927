//! The office at the hub's desk: signs in over HTTPS and reads registers, as a browser without pictures.
//!
//! The certificate is checked against the one that the hub told the school to install.

use crate::child::Pupil;
use crate::phone::Phone;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The password that the office chooses at its first sign-in.
pub const OWN_PASSWORD: &str = "lantern pebble orchard";

/// The passphrase that holders of roles choose for the report box.
pub const BOX_WORDS: &str = "tide basket lamp heron";

/// Where a phone is set up.
const SECOND_STEP: &str = "/second-step";

/// The desk of holders of roles.
const SAFEGUARDING: &str = "/safeguarding";

/// The first page of whoever is neither the office nor the holder of a role.
const REGISTERS: &str = "/registers";

const ANSWER: Duration = Duration::from_secs(60);

/// What went wrong at the desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No connection, or it broke.
    #[error("the desk at {address}: {source}")]
    Connection {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The school's certificate cannot be used.
    #[error("the school's certificate: {0}")]
    Certificate(String),
    /// An answer that was not expected.
    #[error("the desk answered {path} with:\n{answer}")]
    Unexpected {
        /// What was asked for.
        path: String,
        /// The beginning of the answer.
        answer: String,
    },
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status line's number.
    pub status: u16,
    /// The headers, each on a line.
    pub head: String,
    /// The body, as text.
    pub body: String,
    /// The body, as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where it sends the browser; empty where it shows a page.
    pub fn leads_to(&self) -> &str {
        let location = |line: &'_ str| line.to_lowercase().starts_with("location:");
        let line = self.head.lines().find(|line| location(line)).unwrap_or_default();
        line.split_once(':').map_or("", |(_, to)| to.trim())
    }
}

/// A line of a register's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The class.
    pub class: String,
    /// Surname.
    pub surname: String,
    /// Forename.
    pub forename: String,
    /// “signed”, or what else.
    pub state: String,
    /// The day, in ISO form; empty where there is none.
    pub day: String,
    /// The version of the words.
    pub version: String,
    /// The digest of the words.
    pub words: String,
    /// At which kiosk it was taken back; empty where it was not.
    pub undone_at: String,
    /// Why it was taken back.
    pub undone_because: String,
}

impl Line {
    /// Whether this is whom a kiosk names so: by forename, with as much of the surname as tells apart.
    pub fn is(&self, pupil: &Pupil) -> bool {
        let rest = pupil.name.strip_prefix(&self.forename);
        self.class == pupil.class
            && rest.is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix(' ').is_some_and(|rest| self.surname.starts_with(rest))
            })
    }
}

/// A visit to the desk.
#[derive(Debug, Clone)]
pub struct Desk {
    address: SocketAddr,
    tls: Arc<ClientConfig>,
    cookies: BTreeMap<String, String>,
    phone: Option<Phone>,
}

impl Desk {
    /// Makes ready to visit the desk at an address that trusts this certificate alone.
    ///
    /// # Errors
    /// [`DeskError::Certificate`].
    pub fn at(address: SocketAddr, certificate: &Path) -> Result<Self, DeskError> {
        let told = |error: &dyn std::fmt::Display| DeskError::Certificate(error.to_string());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificate).map_err(|e| told(&e))?).map_err(|e| told(&e))?;
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| told(&e))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { address, tls: Arc::new(tls), cookies: BTreeMap::new(), phone: None })
    }

    /// The same visit at another address: the hub was started again, on these data or on a copy.
    pub fn moved_to(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Signs in, and chooses [`OWN_PASSWORD`] if a first password has to be changed.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn sign_in(&mut self, name: &str, password: &str) -> Result<(), DeskError> {
        let token = self.form_token("/sign-in")?;
        self.post("/sign-in", &[("form_token", &token), ("name", name), ("password", password)])?;
        if self.get("/")?.leads_to() == "/password" {
            let token = self.form_token("/password")?;
            let new = OWN_PASSWORD;
            let form = [("form_token", token.as_str()), ("current", password), ("new", new), ("again", new)];
            self.post("/password", &form)?;
        }
        if self.get("/")?.leads_to() == SECOND_STEP {
            self.set_up_phone()?;
        }
        // Holders of roles have a desk of their own, and so has whoever sees registers alone.
        let home = self.get("/")?;
        let is_in = home.status == 200 || [SAFEGUARDING, REGISTERS].contains(&home.leads_to());
        if is_in { Ok(()) } else { Err(unexpected("/", &home)) }
    }

    /// The phone that was set up at the first sign-in, where the account needs one.
    pub fn phone(&self) -> Option<&Phone> {
        self.phone.as_ref()
    }

    fn set_up_phone(&mut self) -> Result<(), DeskError> {
        let token = self.form_token(SECOND_STEP)?;
        self.post("/second-step/begin", &[("form_token", &token)])?;
        let page = self.page(SECOND_STEP)?;
        let typed = page.split("<code id=\"typed\">").nth(1).and_then(|rest| rest.split('<').next());
        let mut phone = Phone::with_key(typed.unwrap_or_default());
        let form = [("form_token", token.as_str()), ("code", &phone.code())];
        let answer = self.send("/second-step/confirm", &form)?;
        self.phone = Some(phone);
        if answer.status == 200 { Ok(()) } else { Err(unexpected("/second-step/confirm", &answer)) }
    }

    /// As the holder of a role who is there for the first time: makes its key, with [`BOX_WORDS`].
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn make_key(&mut self) -> Result<(), DeskError> {
        let token = self.form_token(SAFEGUARDING)?;
        let form = [("form_token", token.as_str()), ("passphrase", BOX_WORDS), ("again", BOX_WORDS)];
        self.post(&format!("{SAFEGUARDING}/key"), &form)
    }

    /// Opens the report box with [`BOX_WORDS`]: after the hub was started again, or on a copy of it.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn unlock(&mut self) -> Result<(), DeskError> {
        let token = self.form_token(SAFEGUARDING)?;
        let form = [("form_token", token.as_str()), ("passphrase", BOX_WORDS)];
        self.post(&format!("{SAFEGUARDING}/unlock"), &form)
    }

    /// The pages of all reports that this holder can read. The box has to be open.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn reports(&mut self) -> Result<Vec<String>, DeskError> {
        let list = self.page(SAFEGUARDING)?;
        let links: Vec<String> = list
            .split("href=\"/safeguarding/report/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(|id| format!("{SAFEGUARDING}/report/{id}"))
            .collect();
        links.iter().map(|link| self.page(link)).collect()
    }

    /// The register of an agreement, as the file for a spreadsheet has it.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn register(&mut self, agreement: &str) -> Result<Vec<Line>, DeskError> {
        let text = self.page(&format!("/register/{agreement}/register.csv"))?;
        Ok(text.lines().skip(2).map(|line| line_of(&cells(line))).collect())
    }

    /// Of both agreements for children, the lines that are signed.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn signed(&mut self) -> Result<Vec<Line>, DeskError> {
        let mut lines = self.register("ks1")?;
        lines.extend(self.register("ks2")?);
        lines.retain(|line| line.state == "signed");
        Ok(lines)
    }

    /// A page that has to be there.
    ///
    /// # Errors
    /// [`DeskError::Unexpected`] for any status but 200.
    pub fn page(&mut self, path: &str) -> Result<String, DeskError> {
        let answer = self.get(path)?;
        if answer.status == 200 { Ok(answer.body) } else { Err(unexpected(path, &answer)) }
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// [`DeskError::Connection`].
    pub fn get(&mut self, path: &str) -> Result<Answer, DeskError> {
        self.ask("GET", path, "")
    }

    /// Sends a form.
    ///
    /// # Errors
    /// [`DeskError::Unexpected`] if the desk shows the form again.
    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<(), DeskError> {
        let answer = self.send(path, form)?;
        if answer.status == 303 { Ok(()) } else { Err(unexpected(path, &answer)) }
    }

    /// Sends a form that is answered by a page or a file.
    ///
    /// # Errors
    /// [`DeskError::Connection`].
    pub fn send(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer, DeskError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.ask("POST", path, &body)
    }

    /// Sends a form with a file in it, as browsers do.
    ///
    /// # Errors
    /// [`DeskError::Connection`].
    pub fn send_file(
        &mut self,
        path: &str,
        token: &str,
        name: &str,
        file: &[u8],
    ) -> Result<Answer, DeskError> {
        let head = |about: &str| format!("--between\r\nContent-Disposition: form-data; {about}\r\n\r\n");
        let file_head = head(&format!("name=\"file\"; filename=\"{name}\""));
        let token = format!("{}{token}\r\n", head("name=\"form_token\""));
        let body = [token.as_bytes(), file_head.as_bytes(), file, b"\r\n--between--\r\n"].concat();
        self.ask_as("POST", path, "multipart/form-data; boundary=between", &body)
    }

    /// What a page's form has to bring along.
    ///
    /// # Errors
    /// [`DeskError::Unexpected`] where the page has no form.
    pub fn form_token(&mut self, path: &str) -> Result<String, DeskError> {
        let answer = self.get(path)?;
        let after = answer.body.split_once("name=\"form_token\" value=\"").map(|(_, rest)| rest);
        let token = after.and_then(|rest| rest.split_once('"')).map(|(token, _)| token.to_owned());
        token.ok_or_else(|| unexpected(path, &answer))
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, DeskError> {
        self.ask_as(method, path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    fn ask_as(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer, DeskError> {
        let address = self.address;
        let whole = self.exchange(method, path, kind, body);
        let whole = whole.map_err(|source| DeskError::Connection { address, source })?;
        let text = String::from_utf8_lossy(&whole).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
            if let (true, Some((cookie, value))) = (name.eq_ignore_ascii_case("set-cookie"), pair) {
                self.cookies.insert(cookie.to_owned(), value.to_owned());
            }
        }
        let bytes = whole.windows(4).position(|four| four == b"\r\n\r\n").map(|at| whole[at + 4..].to_vec());
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned(), bytes: bytes.unwrap_or_default() })
    }

    fn exchange(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<Vec<u8>> {
        let tcp = TcpStream::connect(self.address)?;
        tcp.set_read_timeout(Some(ANSWER))?;
        let name = ServerName::from(self.address.ip());
        let session = ClientConnection::new(self.tls.clone(), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(session, tcp);
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        // HTTP/1.0: the answer ends with the connection, and comes in one piece.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nCookie: {}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            cookies.join("; "),
            body.len()
        )?;
        stream.write_all(body)?;
        stream.flush()?;
        let mut whole = Vec::new();
        match stream.read_to_end(&mut whole) {
            // Some servers close the socket without a farewell; the length was checked by the sender.
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
            _ => Ok(whole),
        }
    }
}

fn unexpected(path: &str, answer: &Answer) -> DeskError {
    let beginning: String = answer.body.chars().take(2000).collect();
    DeskError::Unexpected { path: path.to_owned(), answer: format!("{}\n{beginning}", answer.head) }
}

/// The cells of a line in which each is in quotation marks.
fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('"').trim_end_matches('"');
    inside.split("\",\"").map(|cell| cell.replace("\"\"", "\"")).collect()
}

fn line_of(cells: &[String]) -> Line {
    let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
    Line {
        class: cell(0),
        surname: cell(1),
        forename: cell(2),
        state: cell(3),
        day: cell(4),
        version: cell(5),
        words: cell(6),
        undone_at: cell(9),
        undone_because: cell(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_finds_whom_the_kiosk_names() {
        let line =
            line_of(&cells(r#""Acorn","Lowe","Darius","signed","2026-11-22","3.0","ab","no","","yes""#));
        let named = |class: &str, name: &str| line.is(&Pupil { class: class.into(), name: name.into() });
        assert!(named("Acorn", "Darius") && named("Acorn", "Darius L"));
        assert!(!named("Acorn", "Darius R") && !named("Oak", "Darius L") && !named("Acorn", "Dar"));
    }
}
