//! A hub: its store, its keys and the rules that need both.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use jiff::tz::TimeZone;
use records::{
    answer::{AnswerSheet, SentenceName},
    day::{Day, Moment},
    digest::Digest,
    ids::SchoolId,
    keys::{KeyError, OpeningKey, SealKey, SigningKey},
    pack::{Pack, PackContent, PackDraft},
    pairing::{HubIdentity, PairingCode},
    stick::Return,
};
use zeroize::Zeroizing;

use crate::{
    answers::DayNumber,
    clock::{self, Clock},
    folder::{Folder, FolderError},
    intake,
    keyfile::{DatabaseKey, KeyFile, KeyFileError, RecoveryKey, Secret},
    log, password, random,
    report_form::own_box::OwnBox,
    store::{
        Store, StoreError,
        accounts::{AccountError, Duty},
        audit::Actor,
        packs::{PublishError, Published},
    },
    tls::authority::TlsKeys,
};

/// The name of the first account.
pub const FIRST_ACCOUNT: &str = "office";
/// Signatures come in while a class signs: a roster of them is made at most this often, in seconds.
const ROSTER_SECONDS: i64 = 60;

/// Why a hub cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The certificates.
    #[error("the hub's certificates cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The key file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(std::path::PathBuf, std::io::Error),
    /// The school's name is none.
    #[error("a school's name has 1 to 120 letters and is written in one line")]
    SchoolName,
}

/// What is shown once, when a hub is made, and never again.
pub struct FirstSight {
    /// The first account's name.
    pub account: &'static str,
    /// Its password, which is good for the first sign-in.
    pub password: Zeroizing<String>,
    /// Opens the database when the passphrase is lost.
    pub recovery: Zeroizing<String>,
}
impl std::fmt::Debug for FirstSight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FirstSight(hidden)")
    }
}

/// An opened hub.
#[derive(Debug)]
pub struct Hub {
    /// Its database.
    pub store: Store,
    /// Its certificates.
    pub tls: TlsKeys,
    /// Its clock.
    pub clock: Clock,
    identity: HubIdentity,
    signing: SigningKey,
    office: OpeningKey,
    pack: Mutex<Option<Arc<Pack>>>,
    roster_at: AtomicI64,
    folder: Folder,
    content: Option<PathBuf>,
    backups: Option<PathBuf>,
    mail: Option<PathBuf>,
    backing_up: AtomicBool,
    pub(crate) own_box: Mutex<Option<OwnBox>>,
}

impl Hub {
    /// Makes a hub in an empty folder.
    ///
    /// # Errors
    /// [`HubError`].
    pub fn create(
        folder: &Folder,
        school: &str,
        passphrase: &str,
        clock: &Clock,
    ) -> Result<FirstSight, HubError> {
        let school = school.trim();
        if !(1..=120).contains(&school.chars().count()) || school.chars().any(char::is_control) {
            return Err(HubError::SchoolName);
        }
        let (key, recovery) = (DatabaseKey::generate(), RecoveryKey::generate());
        let file = KeyFile::wrap(&key, passphrase, &recovery)?;
        folder.prepare()?;
        // Of two that make one in the same folder the second finds it there.
        let _making = folder.lock()?;
        folder.check_free()?;
        // Nobody would ever be shown what opens a hub that was half made.
        let first =
            Self::create_in(folder, school, &key, &file, clock).inspect_err(|_| folder.clear_half_made())?;
        Ok(FirstSight { account: FIRST_ACCOUNT, password: first, recovery: recovery.printed() })
    }

    /// All of a new hub, in a folder that was prepared; gives back the first account's password.
    fn create_in(
        folder: &Folder,
        school: &str,
        key: &DatabaseKey,
        file: &KeyFile,
        clock: &Clock,
    ) -> Result<Zeroizing<String>, HubError> {
        let store = Store::open(&folder.database(), key, &folder.backups())?;
        folder.keep_private()?;
        let now = clock.now();
        let tls = TlsKeys::generate(school, host_names(), now)?;
        store.set_setting("school id", &random::bytes::<16>())?;
        store.set_setting("school name", school.as_bytes())?;
        store.set_setting("signing key", &*SigningKey::generate(&mut random::system()).to_bytes())?;
        store.set_setting("office key", &*OpeningKey::generate(&mut random::system()).to_bytes())?;
        let keys = Zeroizing::new(serde_json::to_vec(&tls).map_err(|e| StoreError::Damaged(e.to_string()))?);
        store.set_setting("tls keys", &keys)?;
        let first = password::one_time();
        store.add_account(FIRST_ACCOUNT, &password::hash(&first), Duty::Office, Actor::CommandLine, now)?;
        folder.write_whole(&folder.school_ca(), tls.authority_pem().as_bytes(), 0o644)?;
        // Last: a folder with a key file is a whole hub.
        folder.write_whole(&folder.key_file(), &file.to_bytes(), 0o600)?;
        Ok(first)
    }

    /// Opens the hub in a folder, also while another process serves it. A database of an earlier version is brought up
    /// to date, but not under a process of that version.
    ///
    /// # Errors
    /// [`HubError`].
    pub fn open(folder: &Folder, secret: &Secret, clock: Clock) -> Result<Self, HubError> {
        Self::open_if(folder, secret, clock, || Ok(folder.lock_schema()?))
    }

    /// Opens the hub to serve it. Whoever has taken the [lock for that](Folder::lock) may change the schema.
    ///
    /// # Errors
    /// [`HubError`].
    pub fn open_to_serve(
        folder: &Folder,
        secret: &Secret,
        clock: Clock,
        lock: &File,
    ) -> Result<Self, HubError> {
        Self::open_if(folder, secret, clock, || Ok(lock))
    }

    fn open_if<L>(
        folder: &Folder,
        secret: &Secret,
        clock: Clock,
        may_change: impl FnOnce() -> Result<L, HubError>,
    ) -> Result<Self, HubError> {
        let key = key_file(folder)?.open(secret)?;
        let store = Store::open_if(&folder.database(), &key, &folder.backups(), may_change)?;
        let setting = |name: &str| {
            let missing = || StoreError::Damaged(format!("it has no {name}"));
            Ok::<_, StoreError>(Zeroizing::new(store.setting(name)?.ok_or_else(missing)?))
        };
        let damaged = |name: &str| StoreError::Damaged(format!("its {name} is damaged"));
        let seed = |name: &str| {
            let bytes = setting(name)?;
            <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new).map_err(|_| damaged(name))
        };
        let school = setting("school id")?.as_slice().try_into().map_err(|_| damaged("school id"))?;
        let signing = SigningKey::from_bytes(&*seed("signing key")?);
        let office = OpeningKey::from_bytes(&*seed("office key")?).map_err(|_| damaged("office key"))?;
        let tls: TlsKeys = serde_json::from_slice(&setting("tls keys")?).map_err(|_| damaged("tls keys"))?;
        let identity = HubIdentity {
            school: SchoolId::from_bytes(school),
            school_name: String::from_utf8_lossy(&setting("school name")?).into_owned(),
            key: signing.verify_key(),
            office: office.seal_key(),
            tls: tls.kiosk_pin()?,
        };
        let hub = Self {
            store,
            tls,
            clock,
            identity,
            signing,
            office,
            pack: Mutex::new(None),
            roster_at: AtomicI64::new(i64::MIN),
            folder: folder.clone(),
            content: None,
            backups: None,
            mail: None,
            backing_up: AtomicBool::new(false),
            own_box: Mutex::new(None),
        };
        hub.open_sealed()?;
        Ok(hub)
    }

    /// With the folder of the school's content on this machine, from which letters are printed.
    #[must_use]
    pub fn with_content(mut self, folder: Option<PathBuf>) -> Self {
        self.content = folder;
        self
    }

    /// The folder of the school's content, where it is on this machine.
    pub fn content(&self) -> Option<&Path> {
        self.content.as_deref()
    }

    /// With the folder to which backups go while this hub serves.
    #[must_use]
    pub fn with_backups(mut self, folder: Option<PathBuf>) -> Self {
        self.backups = folder;
        self
    }

    /// The folder to which backups go, where the school has named one.
    pub fn backups(&self) -> Option<&Path> {
        self.backups.as_deref()
    }

    /// With the file that names the school's mail server, while this hub serves.
    #[must_use]
    pub fn with_mail(mut self, settings: Option<PathBuf>) -> Self {
        self.mail = settings;
        self
    }

    /// The file that names the school's mail server, where there is one.
    pub fn mail(&self) -> Option<&Path> {
        self.mail.as_deref()
    }

    /// The data folder.
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Whether this program is making a backup.
    pub(crate) const fn backing_up(&self) -> &AtomicBool {
        &self.backing_up
    }

    /// What kiosks pin.
    pub const fn identity(&self) -> &HubIdentity {
        &self.identity
    }

    /// Opens the envelopes of named records.
    pub const fn office(&self) -> &OpeningKey {
        &self.office
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The school's time zone, once a pack is published; UTC before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn zone(&self) -> Result<TimeZone, StoreError> {
        Ok(self.pack()?.map_or(TimeZone::UTC, |pack| clock::zone(&pack.content)))
    }

    /// The day at the school.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn today(&self) -> Result<Day, StoreError> {
        Ok(clock::day(self.now(), &self.zone()?))
    }

    /// The newest pack. It is read again when another process has published a newer one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pack(&self) -> Result<Option<Arc<Pack>>, StoreError> {
        let held = self.pack.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let newest = self.store.newest_pack_number()?;
        if held.as_ref().map(|pack| pack.number) == newest {
            return Ok(held);
        }
        let Some((_, bytes)) = self.store.newest_pack()? else { return Ok(None) };
        let pack =
            Pack::open(&bytes, &self.identity.key, None).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let pack = Arc::new(pack);
        *self.pack.lock().unwrap_or_else(PoisonError::into_inner) = Some(pack.clone());
        Ok(Some(pack))
    }

    /// Signs a draft with the next number and publishes it, for somebody at the command line.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn publish(&self, draft: &PackDraft) -> Result<Published, PublishError> {
        self.publish_as(draft, Actor::CommandLine)
    }

    /// Signs a draft with the next number and publishes it.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn publish_as(&self, draft: &PackDraft, actor: Actor) -> Result<Published, PublishError> {
        let sign = |number| draft.sign(self.identity.school, number, &self.signing);
        let published = self.store.publish(draft, sign, actor, self.now())?;
        self.tell_kiosks();
        Ok(published)
    }

    /// The newest pack's number, for a kiosk that greets: where a kiosk has a higher one, from before
    /// an older backup of the hub was put back, the newest pack is signed anew above it. `now` is the
    /// moment that the greeting was taken at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pack_for_greeting(&self, now: Moment) -> Result<Option<u64>, StoreError> {
        let sign = |bytes: &[u8], number| {
            let pack = Pack::open(bytes, &self.identity.key, None)
                .map_err(|e| StoreError::Damaged(e.to_string()))?;
            let Pack { made, content, pictures, sounds, .. } = pack;
            let draft = PackDraft { made, content, pictures, sounds, staff_pages: Vec::new() };
            Ok(draft.sign(self.identity.school, number, &self.signing))
        };
        if self.store.number_anew(sign, now)? {
            log::line("a kiosk has a newer pack than this hub: the newest one here is numbered above it");
        }
        self.store.newest_pack_number()
    }

    /// Makes a new roster if kiosks would learn something from it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refresh_roster(&self) -> Result<Option<u64>, StoreError> {
        let pack = self.pack()?;
        let (now, school) = (self.now(), self.identity.school);
        let content = pack.as_ref().map(|pack| &pack.content);
        let number = self.store.refresh_roster(school, content, |roster| roster.sign(&self.signing), now)?;
        self.roster_at.store(now.0, Ordering::Relaxed);
        Ok(number)
    }

    /// Makes a new roster after something that was done, for the kiosks to learn of it. Where that cannot be made now,
    /// as on a full disk, what was done stands all the same and is not to be told as if it did not: the next greeting
    /// makes the roster.
    pub(crate) fn tell_kiosks(&self) {
        if let Err(error) = self.refresh_roster() {
            log::line(&format!(
                "no new roster could be made; the next greeting of a kiosk makes it: {error}"
            ));
            self.roster_at.store(i64::MIN, Ordering::Relaxed);
        }
    }

    /// The newest roster's number, for a kiosk that greets: signatures since may bring a new one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn roster_for_greeting(&self) -> Result<Option<u64>, StoreError> {
        let last = self.roster_at.load(Ordering::Relaxed);
        let due = last == i64::MIN || self.now().0.abs_diff(last) >= ROSTER_SECONDS.unsigned_abs();
        if due || self.store.roster_is_outnumbered()? {
            return self.refresh_roster();
        }
        Ok(self.store.newest_roster()?.map(|(number, _)| number))
    }

    /// What kiosks have today for children who come back with four pictures; none where the school does not answer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answer_sheet(&self) -> Result<Option<AnswerSheet>, StoreError> {
        let Some(pack) = self.pack()? else { return Ok(None) };
        let answers = pack.content.tell.iter().flat_map(|tell| &tell.answers);
        let sentences: Vec<_> = answers.map(|answer| SentenceName::of(&answer.id)).collect();
        if sentences.is_empty() {
            return Ok(None);
        }
        let today = DayNumber::of(self.today()?);
        Ok(Some(self.store.answer_sheet(&sentences, today, &mut random::system())?))
    }

    /// Signs for whom which use is allowed, under the next number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export_consent(&self, pack: &PackContent, actor: Actor) -> Result<(u64, Vec<u8>), StoreError> {
        let export = self.store.export_consent(pack, actor, self.now())?;
        Ok((export.number, export.sign(self.identity.school, &self.signing)))
    }

    /// Signs what goes back to a kiosk by stick.
    pub(crate) fn sign_return(&self, going_back: &Return, kiosk: &SealKey) -> Result<Vec<u8>, KeyError> {
        going_back.sign(self.identity.school, &self.signing, kiosk, &mut random::system())
    }

    /// Makes a pairing code, in place of any before it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn offer_code(&self, name: Option<&str>, actor: Actor) -> Result<PairingCode, StoreError> {
        let code = PairingCode::generate(&mut random::system());
        self.store.offer_code(&code, name, actor, self.now())?;
        Ok(code)
    }

    /// A named text that was set by this or another process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn setting_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.store.setting(name)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn open_sealed(&self) -> Result<(), StoreError> {
        let open = |bytes: &[u8]| match intake::contents(bytes, &self.office) {
            intake::Contents::Record(record) => Some(*record),
            _ => None,
        };
        self.store.open_sealed(open, self.now())?;
        Ok(())
    }
}

/// Gives the hub another passphrase; the printed recovery key stays good.
///
/// # Errors
/// [`HubError`].
pub fn change_passphrase(folder: &Folder, secret: &Secret, passphrase: &str) -> Result<(), HubError> {
    let mut file = key_file(folder)?;
    let key = file.open(secret)?;
    file.change_passphrase(&key, passphrase)?;
    Ok(folder.write_whole(&folder.key_file(), &file.to_bytes(), 0o600)?)
}

fn key_file(folder: &Folder) -> Result<KeyFile, HubError> {
    folder.check()?;
    let path = folder.key_file();
    let bytes = std::fs::read(&path).map_err(|why| HubError::Read(path, why))?;
    Ok(KeyFile::read(&bytes)?)
}

/// The names by which this computer is reached on the school's network.
fn host_names() -> Vec<String> {
    let node = rustix::system::uname().nodename().to_string_lossy().to_lowercase();
    let short = node.split('.').next().unwrap_or_default().to_owned();
    let plain = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
    };
    let mut names = vec!["localhost".to_owned()];
    for name in [node, format!("{short}.local"), short].into_iter().filter(plain) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The digest by which a session's pages and its forms know each other.
pub(crate) fn form_token(token: &str) -> String {
    Digest::of_kind("signpost desk form 1", token.as_bytes()).to_string()
}
