//! The file in which the technician names the school's mail server, and who is written to.
//!
//! ```toml
//! server = "mail.larkfield.example"
//! port = 587                              # left out: 465
//! starttls = true                         # left out: false at port 465, true at any other. Never without TLS
//! from = "signpost@larkfield.example"
//! user = "signpost@larkfield.example"     # where the server asks for a name and a password
//! password-file = "/etc/signpost-hub/mail-password"
//! trust = "/etc/signpost-hub/mail-ca.pem" # where the server's certificate is from an authority of the school's own
//!
//! [to]
//! safeguarding = ["dsl@larkfield.example", "deputy@larkfield.example"]
//! headteacher = ["head@larkfield.example"]
//! chair = []
//! vice-chair = []
//! office = ["office@larkfield.example"]   # is told of every box
//! calls = ["duty@larkfield.example"]      # when nobody goes to a call; left out: office, safeguarding, headteacher
//! ```

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use lettre::Address;
use records::report::Role;
use serde::Deserialize;
use zeroize::Zeroizing;

/// The systemd credential that holds the password, where there is one.
const CREDENTIAL: &str = "hub-mail-password";
/// Where TLS begins with the first byte (RFC 8314).
const TLS_PORT: u16 = 465;

/// Why the file is not understood.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    /// It is not as it should be.
    #[error("{path}:{line}:{column}: {why}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What, in words.
        why: String,
    },
    /// It names nobody.
    #[error(
        "{0} names nobody to write to: put an address under [to], such as office = [\"office@our-school.example\"]"
    )]
    Nobody(PathBuf),
    /// There is a password and nobody whose.
    #[error("{0} has a password and no user: say whose it is, with user = \"…\"")]
    WhosePassword(PathBuf),
    /// There is a user and no password.
    #[error(
        "{0} has a user and no password: name a file with password-file = \"…\", or give the systemd credential {CREDENTIAL}"
    )]
    NoPassword(PathBuf),
}

/// The school's mail server, and who is written to.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MailSettings {
    /// Its name.
    pub server: String,
    /// Its port.
    #[serde(default = "tls_port")]
    pub port: u16,
    starttls: Option<bool>,
    /// Who writes.
    pub from: Address,
    /// Whom the server knows.
    pub user: Option<String>,
    password_file: Option<PathBuf>,
    /// An authority beside those that the computer trusts, as PEM.
    pub trust: Option<PathBuf>,
    /// Who is written to.
    pub to: Recipients,
}

/// Who is written to.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Recipients {
    #[serde(default)]
    safeguarding: Vec<Address>,
    #[serde(default)]
    headteacher: Vec<Address>,
    #[serde(default)]
    chair: Vec<Address>,
    #[serde(default)]
    vice_chair: Vec<Address>,
    /// Told of every box.
    #[serde(default)]
    pub office: Vec<Address>,
    /// Told when nobody goes to a call.
    #[serde(default)]
    calls: Vec<Address>,
}

impl Recipients {
    /// The holders of a role's key.
    pub fn of(&self, role: Role) -> &[Address] {
        match role {
            Role::Safeguarding => &self.safeguarding,
            Role::Headteacher => &self.headteacher,
            Role::Chair => &self.chair,
            Role::ViceChair => &self.vice_chair,
        }
    }

    /// Who is told when nobody goes to a call, each once: those whom the file names for that. Where it names none, those
    /// who are at the school and hear of boxes; and where there is none of these either, everybody.
    pub fn of_calls(&self) -> Vec<&Address> {
        let at_school = [Role::Safeguarding, Role::Headteacher].into_iter().flat_map(|role| self.of(role));
        let at_school: Vec<_> = at_school.chain(&self.office).collect();
        let mut all = match (self.calls.is_empty(), at_school.is_empty()) {
            (false, _) => self.calls.iter().collect(),
            (true, false) => at_school,
            (true, true) => return self.everybody(),
        };
        all.sort();
        all.dedup();
        all
    }

    /// Everybody, each once.
    pub fn everybody(&self) -> Vec<&Address> {
        let of_roles = Role::ALL.into_iter().flat_map(|role| self.of(role));
        let mut all: Vec<_> = of_roles.chain(&self.office).chain(&self.calls).collect();
        all.sort();
        all.dedup();
        all
    }
}

const fn tls_port() -> u16 {
    TLS_PORT
}

impl MailSettings {
    /// Reads the file.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = fs::read_to_string(path).map_err(|why| SettingsError::Read(path.to_owned(), why))?;
        let settings: Self = toml::from_str(&text).map_err(|error| {
            let before = &text[..error.span().map_or(0, |span| span.start.min(text.len()))];
            let line_begin = before.rfind('\n').map_or(0, |at| at + 1);
            SettingsError::Wrong {
                path: path.to_owned(),
                line: before.matches('\n').count() + 1,
                column: before[line_begin..].chars().count() + 1,
                why: error.message().to_owned(),
            }
        })?;
        if settings.to.everybody().is_empty() {
            return Err(SettingsError::Nobody(path.to_owned()));
        }
        match (&settings.user, settings.password_path()) {
            (None, Some(_)) => Err(SettingsError::WhosePassword(path.to_owned())),
            (Some(_), None) => Err(SettingsError::NoPassword(path.to_owned())),
            _ => Ok(settings),
        }
    }

    /// Whether TLS begins only once it is asked for, and not with the first byte.
    pub fn starttls(&self) -> bool {
        self.starttls.unwrap_or(self.port != TLS_PORT)
    }

    /// The password that the server asks for, if it asks for one.
    ///
    /// # Errors
    /// [`SettingsError::Read`].
    pub fn password(&self) -> Result<Option<Zeroizing<String>>, SettingsError> {
        let Some(path) = self.password_path() else { return Ok(None) };
        let text = fs::read_to_string(&path).map(Zeroizing::new);
        let text = text.map_err(|why| SettingsError::Read(path, why))?;
        Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
    }

    fn password_path(&self) -> Option<PathBuf> {
        let credential = || {
            let path = PathBuf::from(env::var_os("CREDENTIALS_DIRECTORY")?).join(CREDENTIAL);
            path.exists().then_some(path)
        };
        self.password_file.clone().or_else(|| self.user.as_ref().and_then(|_| credential()))
    }
}
