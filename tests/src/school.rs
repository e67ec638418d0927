//! A whole school made of real processes: site and pack built from a copy of the model school's content,
//! a hub that serves, and kiosks that were paired with it. All of it in one folder that goes in the end.

use crate::child::Child;
use crate::desk::{Desk, DeskError};
use crate::phone::Phone;
use crate::process::{Process, ProcessError, our_program, scratch_folder};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// How long a program may take for one answer on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The day on which the site and the pack are made.
const DAY: &str = "2026-11-22";
const PASSPHRASE: &str = "heron lamp basket tide";
const CLASSES: [(&str, &str); 4] =
    [("Acorn", "Year 1"), ("Oak", "Year 3"), ("Maple", "Year 5"), ("Elm", "Year 6")];
/// Children who join the model school's classes, so that two hundred can sign.
const MORE_CHILDREN: [&str; 9] = ["Bryn", "Cleo", "Dora", "Enzo", "Faye", "Gwen", "Hugo", "Iris", "Joan"];

/// What kept a school from running as it should.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// A program did not start or did not answer.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The desk did not answer as expected.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A file or folder of the school's could not be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program refused.
    #[error("{what} was refused:\n{told}")]
    Refused {
        /// What was asked.
        what: String,
        /// What it said on standard error.
        told: String,
    },
    /// A program said something else than expected.
    #[error("{what} is not in:\n{told}")]
    NotTold {
        /// What was looked for.
        what: &'static str,
        /// What was said.
        told: String,
    },
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// A school that runs. Its hub is ended when this is dropped.
#[derive(Debug)]
pub struct School {
    folder: TempDir,
    hub: Option<Process>,
    desk: SocketAddr,
    kiosks: SocketAddr,
    signed_in: OnceLock<Desk>,
    phones: Mutex<BTreeMap<String, Phone>>,
    /// The first account's name and password, as `init` showed them.
    pub first_sign_in: (String, String),
}

/// The roles that read reports, as the hub names them.
pub const ROLES: [&str; 4] = ["safeguarding", "headteacher", "chair", "vice-chair"];

/// Asks the system for any free port.
const ANY: &str = "127.0.0.1:0";

impl School {
    /// Builds, begins the hub, publishes, takes in the people, and serves.
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn open() -> Result<Self, SchoolError> {
        let temp = std::env::temp_dir();
        let folder = scratch_folder().map_err(|source| SchoolError::File { path: temp, source })?;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let first_sign_in = (String::new(), String::new());
        let mut school = Self {
            folder,
            hub: None,
            desk: nowhere,
            kiosks: nowhere,
            signed_in: OnceLock::new(),
            phones: Mutex::default(),
            first_sign_in,
        };
        copy(&root().join("content"), &school.content())?;
        school.write("passphrase", PASSPHRASE)?;
        let told = school.hub_command(&["init", "--school-name", "Larkfield Primary School"])?;
        school.first_sign_in =
            (after(&told, "sign-in name: ")?.to_owned(), after(&told, "sign-in password: ")?.to_owned());
        school.publish()?;
        school.write("pupils.csv", &pupils()?)?;
        let list = school.path("pupils.csv");
        school.hub_command(&["roster", "import", &list.display().to_string()])?;
        school.serve(nowhere)?;
        Ok(school)
    }

    /// A path in the school's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The school's own Markdown, to be changed.
    pub fn content(&self) -> PathBuf {
        self.path("content")
    }

    /// The site, built out of the content as it is now.
    ///
    /// # Errors
    /// [`SchoolError`]: the content has faults.
    pub fn site(&self) -> Result<PathBuf, SchoolError> {
        self.build("site")?;
        Ok(self.path("made/site"))
    }

    /// The hub's data.
    pub fn hub_data(&self) -> PathBuf {
        self.path("hub")
    }

    /// Where kiosks reach the hub.
    pub fn kiosk_address(&self) -> SocketAddr {
        self.kiosks
    }

    /// Where the desk is.
    pub fn desk_address(&self) -> SocketAddr {
        self.desk
    }

    /// Builds the pack out of the content as it is now, and publishes it.
    ///
    /// # Errors
    /// [`SchoolError`]: the content has faults, or the hub refuses the pack.
    pub fn publish(&self) -> Result<String, SchoolError> {
        self.build("pack")?;
        let draft = self.path("made/pack/school.packdraft");
        self.hub_command(&["publish", &draft.display().to_string()])
    }

    fn build(&self, only: &str) -> Result<(), SchoolError> {
        let mut build = Command::new(our_program("signpost", "generator")?);
        build.args(["build", "--only", only, "--date", DAY, "--school"]).arg(self.content());
        build.arg("--out").arg(self.path("made"));
        run("the build", build).map(drop)
    }

    /// A command of the hub's on this school's data; gives back its standard output.
    ///
    /// # Errors
    /// [`SchoolError::Refused`].
    pub fn hub_command(&self, arguments: &[&str]) -> Result<String, SchoolError> {
        run(&format!("signpost-hub {}", arguments.join(" ")), self.hub_program(arguments, &self.hub_data())?)
    }

    /// The same, not yet run, on some copy of the hub's data.
    ///
    /// # Errors
    /// If the hub is not built.
    pub fn hub_program(&self, arguments: &[&str], data: &Path) -> Result<Command, SchoolError> {
        let mut command = Command::new(our_program("signpost-hub", "hub")?);
        command.args(arguments).arg("--data").arg(data);
        command.arg("--passphrase-file").arg(self.path("passphrase"));
        Ok(command)
    }

    /// The command that serves some copy of the hub's data at free ports.
    ///
    /// # Errors
    /// If the hub is not built.
    pub fn serve_command(&self, data: &Path) -> Result<Command, SchoolError> {
        self.hub_program(&["serve", "--desk", ANY, "--kiosks", ANY], data)
    }

    /// Starts the hub again, where it was before.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn serve_again(&mut self) -> Result<(), SchoolError> {
        self.serve(self.kiosks)
    }

    /// Starts the hub for kiosks at this address (port 0: any).
    ///
    /// # Errors
    /// If it does not come up.
    pub fn serve(&mut self, kiosks: SocketAddr) -> Result<(), SchoolError> {
        let (desk, kiosks) = (self.desk.to_string(), kiosks.to_string());
        let content = self.content().display().to_string();
        let arguments = ["serve", "--desk", &desk, "--kiosks", &kiosks, "--content", &content];
        let command = self.hub_program(&arguments, &self.hub_data())?;
        self.take_hub(Process::start(command)?)
    }

    /// Takes over a hub that was started in another way, and waits until it serves.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn take_hub(&mut self, mut hub: Process) -> Result<(), SchoolError> {
        (self.desk, self.kiosks) = serving(&mut hub)?;
        self.hub = Some(hub);
        Ok(())
    }

    /// The hub that runs, out of this school's hands; none if it does not run.
    pub fn give_hub(&mut self) -> Option<Process> {
        self.hub.take()
    }

    /// Kills the hub, as a power cut or a technician would.
    pub fn kill_hub(&mut self) {
        self.hub = None;
    }

    /// A new one-time code for pairing.
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn code(&self) -> Result<String, SchoolError> {
        let told = self.hub_command(&["pair"])?;
        Ok(after(&told, "code: ")?.to_owned())
    }

    /// The command that pairs a kiosk whose data are in the folder `name`.
    ///
    /// # Errors
    /// If the kiosk is not built.
    pub fn pair_command(&self, name: &str, address: SocketAddr, code: &str) -> Result<Command, SchoolError> {
        let mut command = kiosk_command("pair", &self.path(name))?;
        command.args(["--hub", &address.to_string(), "--code", code, "--name", name]);
        Ok(command)
    }

    /// Pairs a kiosk and has it fetch pack and roster; gives back its data folder.
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn paired_kiosk(&self, name: &str) -> Result<PathBuf, SchoolError> {
        run("pairing", self.pair_command(name, self.kiosks, &self.code()?)?)?;
        let data = self.path(name);
        let mut child = Child::at(&data)?;
        child.sync()?;
        child.leave()?;
        Ok(data)
    }

    /// The desk as it is now, signed in; the first time with the first password, which is changed then.
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn desk(&self) -> Result<Desk, SchoolError> {
        if let Some(desk) = self.signed_in.get() {
            return Ok(desk.moved_to(self.desk));
        }
        let mut desk = Desk::at(self.desk, &self.hub_data().join("school-ca.pem"))?;
        desk.sign_in(&self.first_sign_in.0, &self.first_sign_in.1)?;
        Ok(self.signed_in.get_or_init(|| desk).clone())
    }

    /// Somebody for each role that reads reports, signed in, each with a key: from now on kiosks may ask.
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn holders(&self) -> Result<Vec<Desk>, SchoolError> {
        let mut holders = Vec::new();
        for role in ROLES {
            let told = self.hub_command(&["account", "add", role, "--role", role])?;
            let mut desk = Desk::at(self.desk, &self.hub_data().join("school-ca.pem"))?;
            desk.sign_in(role, after(&told, "sign-in password: ")?)?;
            desk.make_key()?;
            if let Some(phone) = desk.phone() {
                self.keep_phone(role, phone.clone());
            }
            holders.push(desk);
        }
        Ok(holders)
    }

    /// Somebody with an account of this role, signed in with [`crate::desk::OWN_PASSWORD`].
    ///
    /// # Errors
    /// [`SchoolError`].
    pub fn account(&self, name: &str, role: &str) -> Result<Desk, SchoolError> {
        let told = self.hub_command(&["account", "add", name, "--role", role])?;
        let mut desk = Desk::at(self.desk, &self.hub_data().join("school-ca.pem"))?;
        desk.sign_in(name, after(&told, "sign-in password: ")?)?;
        Ok(desk)
    }

    /// Remembers the phone of an account, so that it shows no code twice.
    pub fn keep_phone(&self, account: &str, phone: Phone) {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner).insert(account.to_owned(), phone);
    }

    /// What an account's phone shows now; empty where it has none.
    pub fn phone_code(&self, account: &str) -> String {
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        phones.get_mut(account).map(Phone::code).unwrap_or_default()
    }

    /// Takes in who decides for which of the model school's pupils.
    ///
    /// # Errors
    /// [`SchoolError::Refused`].
    pub fn take_contacts(&self) -> Result<String, SchoolError> {
        let list = root().join("example/contacts.csv");
        self.hub_command(&["families", "import", &list.display().to_string()])
    }

    fn write(&self, name: &str, text: &str) -> Result<(), SchoolError> {
        let path = self.path(name);
        fs::write(&path, text).map_err(|source| SchoolError::File { path, source })
    }
}

/// Waits until a hub serves; gives back where the desk is, and where kiosks are served.
///
/// # Errors
/// If it does not come up.
pub fn serving(hub: &mut Process) -> Result<(SocketAddr, SocketAddr), ProcessError> {
    let address = |line: &str, what: &str| {
        let rest = line.strip_prefix(what)?.trim();
        rest.strip_prefix("https://").unwrap_or(rest).parse().ok()
    };
    let desk = hub.wait_for("where the desk is", PATIENCE, |line| address(line, "desk "))?;
    let kiosks = hub.wait_for("where kiosks are served", PATIENCE, |line| address(line, "kiosks "))?;
    Ok((desk, kiosks))
}

/// A command of the kiosk's on some data folder.
///
/// # Errors
/// If the kiosk is not built.
pub fn kiosk_command(command: &str, data: &Path) -> Result<Command, ProcessError> {
    let mut program = Command::new(our_program("signpost-kiosk", "kiosk")?);
    program.arg(command).arg("--data").arg(data);
    Ok(program)
}

/// Sets a kiosk's staff PIN, as a technician types it.
///
/// # Errors
/// If the kiosk does not take it.
pub fn set_pin(data: &Path, pin: &str) -> Result<(), SchoolError> {
    let mut program = Process::start(kiosk_command("pin", data)?)?;
    program.say(pin)?;
    program.say(pin)?;
    let ended = program.wait(PATIENCE)?;
    if ended.success() {
        return Ok(());
    }
    Err(SchoolError::Refused { what: "the PIN".to_owned(), told: program.stderr() })
}

/// What `signpost-kiosk status` tells a technician.
///
/// # Errors
/// [`SchoolError::Refused`].
pub fn kiosk_status(data: &Path) -> Result<String, SchoolError> {
    run("signpost-kiosk status", kiosk_command("status", data)?)
}

/// Runs a command to its end; gives back its standard output.
///
/// # Errors
/// [`SchoolError::Refused`] with what it said on standard error.
pub fn run(what: &str, mut command: Command) -> Result<String, SchoolError> {
    let path = PathBuf::from(command.get_program());
    let output = command.output().map_err(|source| SchoolError::File { path, source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(SchoolError::Refused { what: what.to_owned(), told })
}

/// The rest of the line that begins with `what`.
fn after<'a>(told: &'a str, what: &'static str) -> Result<&'a str, SchoolError> {
    let line = told.lines().find_map(|line| line.strip_prefix(what));
    line.ok_or_else(|| SchoolError::NotTold { what, told: told.to_owned() })
}

/// The model school's pupils and some more, 208 in all.
fn pupils() -> Result<String, SchoolError> {
    let path = root().join("example/pupils.csv");
    let mut text = fs::read_to_string(&path).map_err(|source| SchoolError::File { path, source })?;
    for (place, (class, year)) in CLASSES.iter().enumerate() {
        for (number, forename) in MORE_CHILDREN.iter().enumerate() {
            text.push_str(&format!("0090{place}{number},Waterhouse,{forename},{year},{class}\n"));
        }
    }
    Ok(text)
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// If something cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<(), SchoolError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| SchoolError::File { path, source }
    };
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(at(&path))?;
        }
    }
    Ok(())
}
