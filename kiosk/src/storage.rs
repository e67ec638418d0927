//! The storage thread: the one place that touches the disk while the kiosk runs.
//!
//! The painting thread and the sync thread hand it jobs through a channel; it does them one after
//! another. Nobody who paints ever waits for it.

use std::{
    error::Error,
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};

use getrandom::SysRng;
use rand_core::{Rng as _, UnwrapErr};
use records::{
    agreement::Audience,
    day::{Day, Moment},
    envelope::{NamedEnvelope, NamedRecord},
    family::Family,
    family_code::FamilyCode,
    ids::{BoxId, ClassId, RecordId},
    keys::OpeningKey,
    pack::Pack,
    report::{Report, RoleKey, Route},
    roster::{Class, ClassListing},
    signature::Signature,
    stick::Answer,
    survey::SurveyAnswers,
    visitor::VisitorSignature,
};

use crate::{
    families,
    folder::{
        Device, Folder, FolderError, FoundSettings, Lock, Paired, SealedRoster, StaffPin, is_full, stick_key,
        write_settings,
    },
    machine::{
        Content, DiskRoom, Event, Figures, GROUPS, Keeping, KeptDecision, LocalSigned, OpenedAdults,
        OpenedClass, OpenedFamily, Pin, Settings, Undoing,
    },
    outbox::{Outbox, OutboxError, TakenAnswer},
    report_box::{self, Addressed, BoxFault, ReportBox},
    slowing::Slowing,
};

/// The operating system's random numbers. Where it has none, no program can do its work.
pub fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// What the wall clock says.
pub fn wall_clock() -> Moment {
    Moment(jiff::Timestamp::now().as_second())
}

/// The note of how many codes were wrong, and when.
const WRONG_CODES: &str = "wrong-codes";
/// The note of how many PINs were wrong, and when.
const WRONG_PINS: &str = "wrong-pins";
/// The note of the last number that was given to a file for a stick.
const CARRY: &str = "carry";
/// The note of the last file that came back, by its number and the hub's key.
const RETURN: &str = "return";

/// The data folder, opened: files and outbox.
#[derive(Debug)]
pub struct Store {
    folder: Folder,
    _lock: Lock,
    device: Device,
    paired: Option<Paired>,
    outbox: Outbox,
    time_zone: jiff::tz::TimeZone,
    pack: Option<u64>,
    roster: Option<u64>,
    role_keys: Vec<RoleKey>,
    reports: Option<ReportBox>,
    families: bool,
    slowing: Slowing,
    pin_slowing: Slowing,
    began: Instant,
    disk: DiskRoom,
    // A write found the disk full since the screens were last told of it.
    was_full: bool,
}

/// What a folder had to show when it was opened.
#[derive(Debug, Default)]
pub struct Found {
    /// The pack.
    pub pack: Option<Pack>,
    /// The classes of the roster.
    pub classes: Vec<ClassListing>,
    /// Whether a child can tell here: somebody could read every report.
    pub telling: bool,
    /// Whether the roster has families.
    pub families: bool,
    /// The groups of grown-ups that the roster has.
    pub adults: Vec<Audience>,
    /// For how long no family code is tried, because too many were wrong before.
    pub slowed: Duration,
    /// Whether a staff PIN is set.
    pub pin: bool,
    /// For how long no staff PIN is tried, because too many were wrong before.
    pub pin_slowed: Duration,
    /// What was chosen in the teacher's panel.
    pub settings: Settings,
    /// How much room the disk has.
    pub disk: DiskRoom,
    /// What could not be read, in sentences for whoever looks after the kiosk.
    pub problems: Vec<String>,
}

impl Store {
    /// Opens a folder for this program alone. A damaged pack, roster or outbox does not keep a
    /// kiosk from starting: it is reported, and the hub sends pack and roster again.
    ///
    /// # Errors
    /// [`OutboxError`] where nothing could be kept here, or another program has the folder.
    pub fn open(folder: Folder) -> Result<(Self, Found), OutboxError> {
        let lock = folder.lock()?;
        // A disk that does not say is tried all the same.
        let disk = folder.keep_reserve().unwrap_or_default();
        let mut found = Found { disk, ..Found::default() };
        let device = match Device::read(&folder)? {
            Some(device) => device,
            None => {
                let device = Device::generate("", &mut random());
                device.write(&folder)?;
                device
            }
        };
        let opened = match Outbox::open(&folder, wall_clock()) {
            Err(error) if is_full(&error) && folder.give_up_reserve() => Outbox::open(&folder, wall_clock())?,
            opened => opened?,
        };
        if let Some(path) = opened.set_aside {
            found.problems.push(format!(
                "The outbox could not be read. It was set aside as {} and a new one begun; keep that file",
                path.display()
            ));
        }
        let settings = FoundSettings::read(&folder, wall_clock())?;
        found.settings = settings.settings;
        if let Some(path) = settings.set_aside {
            found.problems.push(format!(
                "The settings of the teacher's panel could not be read. They were set aside as {}, and the usual ones hold: choose again in the panel",
                path.display()
            ));
        }
        let paired = Paired::read(&folder)?;
        let mut store = Self {
            folder,
            _lock: lock,
            device,
            paired,
            outbox: opened.outbox,
            time_zone: jiff::tz::TimeZone::UTC,
            pack: None,
            roster: None,
            role_keys: Vec::new(),
            reports: None,
            families: false,
            slowing: Slowing::found(None, wall_clock()),
            pin_slowing: Slowing::found(None, wall_clock()),
            began: Instant::now(),
            disk: found.disk,
            was_full: false,
        };
        // Which of its envelopes were real, only the earlier start knew.
        report_box::close_earlier(&store.folder)?;
        store.slowing = Slowing::found(store.outbox.note(WRONG_CODES)?.as_deref(), wall_clock());
        found.slowed = store.slowing.left(store.began.elapsed());
        store.pin_slowing = Slowing::found(store.outbox.note(WRONG_PINS)?.as_deref(), wall_clock());
        found.pin_slowed = store.pin_slowing.left(store.began.elapsed());
        found.pin = store.has_pin();
        store.find(&mut found)?;
        Ok((store, found))
    }

    fn find(&mut self, found: &mut Found) -> Result<(), OutboxError> {
        let Some(paired) = self.paired.clone() else { return Ok(()) };
        // Where a file is damaged, its number is still known: the same one may come again, an
        // older one may not.
        self.pack = self.noted("pack")?;
        self.roster = self.noted("roster")?;
        match paired.read_pack(&self.folder) {
            Ok(Some(pack)) => {
                self.pack = self.pack.max(Some(pack.number));
                self.show(&pack);
                found.pack = Some(pack);
            }
            Ok(None) => {}
            Err(error) => found.problems.push(error.to_string()),
        }
        match SealedRoster::classes(&self.folder, &self.device, &paired) {
            Ok(Some((number, classes))) => {
                self.roster = self.roster.max(Some(number));
                found.classes = classes;
            }
            Ok(None) => {}
            Err(error) => found.problems.push(error.to_string()),
        }
        match SealedRoster::role_keys(&self.folder, &self.device, &paired) {
            Ok(keys) => {
                if let Err(why) = self.address_reports(keys) {
                    found.problems.push(format!("Nobody can tell anything here yet: {why}"));
                }
            }
            Err(error) => found.problems.push(error.to_string()),
        }
        found.telling = self.can_tell();
        match SealedRoster::families(&self.folder, &self.device, &paired) {
            Ok(families) => self.families = !families.is_empty(),
            Err(error) => found.problems.push(error.to_string()),
        }
        found.families = self.families;
        match self.adult_groups() {
            Ok(groups) => found.adults = groups,
            Err(error) => found.problems.push(error.to_string()),
        }
        Ok(())
    }

    /// From now on reports are sealed for these keys. Where no box can be begun, nothing can be told until it can.
    fn address_reports(&mut self, keys: Vec<RoleKey>) -> Result<(), BoxFault> {
        let Some(paired) = &self.paired else { return Ok(()) };
        if keys == self.role_keys && (keys.is_empty() || self.reports.is_some()) {
            return Ok(());
        }
        self.reports = None;
        let to = Addressed::to(self.device.id(), paired.hub.office, &keys);
        let begun = report_box::close_earlier(&self.folder).map_err(BoxFault::from).and_then(|()| {
            to.map(|to| ReportBox::begin(&self.folder, to, wall_clock(), &mut random())).transpose()
        });
        self.reports = begun?;
        self.role_keys = keys;
        Ok(())
    }

    /// Tries again to begin a report box where none could be begun. Gives what the screens are to know.
    fn try_again_to_hear(&mut self) -> Option<Event> {
        let paired = self.paired.as_ref().filter(|_| self.reports.is_none())?;
        let keys = SealedRoster::role_keys(&self.folder, &self.device, paired).ok()?;
        self.address_reports(keys).ok()?;
        self.can_tell().then_some(Event::Telling(true))
    }

    /// What is looked after every ten minutes, whatever happened in them: the report box is written, the reserve kept.
    /// Gives what the screens are to know.
    pub fn look_after(&mut self) -> Vec<Event> {
        // A disk that takes no tick takes the next one, or tells whoever gives something in.
        let _ = self.report_tick();
        self.try_again_to_hear().into_iter().chain(self.look_at_disk()).collect()
    }

    /// Whether a report that is given in now can be read by somebody.
    pub fn can_tell(&self) -> bool {
        self.reports.is_some()
    }

    /// The keys that reports are sealed for, to be compared on paper.
    pub fn role_keys(&self) -> &[RoleKey] {
        &self.role_keys
    }

    /// Does what must be on the disk. Where that is full the reserve is given up for it, and it is done again.
    fn with_reserve<T, E: Error + 'static>(
        &mut self,
        write: impl Fn(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = write(self);
        if !done.as_ref().is_err_and(|error| is_full(error)) {
            return done;
        }
        self.was_full = true;
        if self.folder.give_up_reserve() { write(self) } else { done }
    }

    /// What the screens are to know of the disk after a write; none where nothing has changed.
    pub fn disk_news(&mut self) -> Option<Event> {
        std::mem::take(&mut self.was_full).then(|| self.look_at_disk()).flatten()
    }

    /// Keeps the reserve again where there is room for it, and says what has changed for the screens; none where nothing
    /// has.
    fn look_at_disk(&mut self) -> Option<Event> {
        let room = self.folder.keep_reserve().ok()?;
        let before = std::mem::replace(&mut self.disk, room);
        (before != room).then_some(Event::Disk(room))
    }

    /// The end of a visit, with a report or without: the report box is written. Does nothing at a
    /// kiosk where nothing can be told.
    ///
    /// # Errors
    /// [`BoxFault`]: then a report may not be thanked for.
    pub fn visited(&mut self, report: Option<(Route, Report)>) -> Result<(), BoxFault> {
        self.with_reserve(|store| match (&mut store.reports, &report) {
            (Some(reports), report) => reports.visited(report.clone(), wall_clock(), &mut random()),
            (None, None) => Ok(()),
            (None, Some(_)) => Err(FolderError::NotPaired(store.folder.root().to_owned()).into()),
        })
    }

    /// The end of a visit that answered a survey: the report box is written, with the answers counted in it.
    ///
    /// # Errors
    /// [`BoxFault`]: then the answers may not be thanked for.
    pub fn count(&mut self, answers: &SurveyAnswers) -> Result<(), BoxFault> {
        self.with_reserve(|store| match &mut store.reports {
            Some(reports) => reports.count(answers, wall_clock(), &mut random()),
            None => Err(FolderError::NotPaired(store.folder.root().to_owned()).into()),
        })
    }

    /// Ten minutes have passed, whatever happened in them.
    ///
    /// # Errors
    /// [`BoxFault`].
    pub fn report_tick(&mut self) -> Result<(), BoxFault> {
        match &mut self.reports {
            Some(reports) => reports.tick(wall_clock(), &self.time_zone, &mut random()),
            None => Ok(()),
        }
    }

    /// Closes the report box, whatever is in it, and begins another. Does nothing where nothing can be told.
    ///
    /// # Errors
    /// [`BoxFault`].
    pub fn close_reports(&mut self) -> Result<(), BoxFault> {
        match &mut self.reports {
            Some(reports) => reports.close(wall_clock(), &mut random()),
            None => Ok(()),
        }
    }

    /// All closed report boxes that the hub does not have yet.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn closed_boxes(&self) -> Result<Vec<Vec<u8>>, FolderError> {
        report_box::all_closed(&self.folder)
    }

    /// A closed report box that the hub does not have yet.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn closed_box(&self) -> Result<Option<(BoxId, Vec<u8>)>, FolderError> {
        report_box::next_closed(&self.folder)
    }

    /// The hub has stored a report box.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn box_acknowledged(&mut self, id: BoxId) -> Result<(), FolderError> {
        report_box::acknowledged(&self.folder, id)
    }

    /// The number below which nothing comes again, as this hub's files were numbered: another hub
    /// begins anew.
    fn noted(&self, name: &str) -> Result<Option<u64>, OutboxError> {
        let note = self.outbox.note(name)?.unwrap_or_default();
        let number = note.split_first_chunk::<8>().filter(|(_, key)| *key == self.hub_key());
        Ok(number.map(|(number, _)| u64::from_be_bytes(*number).saturating_sub(1)))
    }

    fn set_noted(&mut self, name: &str, number: u64) -> Result<(), OutboxError> {
        let note = [&number.to_be_bytes()[..], self.hub_key()].concat();
        self.outbox.set_note(name, &note)
    }

    fn hub_key(&self) -> &[u8] {
        self.paired.as_ref().map_or(&[], |p| p.hub.key.as_bytes())
    }

    fn show(&mut self, pack: &Pack) {
        if let Ok(zone) = jiff::tz::TimeZone::get(&pack.content.time_zone) {
            self.time_zone = zone;
        }
    }

    /// The number for the next file on a stick: never given out twice, whatever becomes of the file.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn next_carry(&mut self) -> Result<u64, OutboxError> {
        let last = self.outbox.note(CARRY)?.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
        let next = last.unwrap_or(0) + 1;
        self.outbox.set_note(CARRY, &next.to_be_bytes())?;
        Ok(next)
    }

    /// The number of the last file of this hub that came back by stick.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn last_return(&self) -> Result<Option<u64>, OutboxError> {
        let note = self.outbox.note(RETURN)?.unwrap_or_default();
        let number = note.split_first_chunk::<8>().filter(|(_, key)| *key == self.hub_key());
        Ok(number.map(|(number, _)| u64::from_be_bytes(*number)))
    }

    /// Takes the hub's word on what went by stick, and notes under which number it came.
    ///
    /// # Errors
    /// [`OutboxError`]: then nothing of it was taken.
    pub fn answered(&mut self, answer: &Answer, number: u64) -> Result<Option<TakenAnswer>, OutboxError> {
        if answer.epoch > self.folder.epoch()? {
            self.folder.set_epoch(answer.epoch)?;
        }
        let note = [&number.to_be_bytes()[..], self.hub_key()].concat();
        self.outbox.answered(answer, RETURN, &note)
    }

    /// What lists of people that come by stick are closed for.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn stick_key(&self) -> Result<OpeningKey, FolderError> {
        stick_key(&self.folder, &mut random())
    }

    /// Keeps what was wrong, for `status` and the panel.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn note_problem(&mut self, problem: &str) -> Result<(), OutboxError> {
        // Written only when it changes: a hub that is away all summer wears out no disk.
        if self.outbox.note("problem")?.unwrap_or_default() != problem.as_bytes() {
            self.outbox.set_note("problem", problem.as_bytes())?;
        }
        Ok(())
    }

    /// Where it lies.
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }
    /// How many bytes are free where it lies, in whole mebibytes: what the hub's desk warns by, and nothing by which
    /// one write could be told from another. None where the system does not say.
    pub fn room(&self) -> Option<u64> {
        let bytes = self.folder.free().ok()?;
        Some(bytes - bytes % (1 << 20))
    }
    /// This kiosk.
    pub fn device(&self) -> &Device {
        &self.device
    }
    /// Its hub.
    pub fn paired(&self) -> Option<&Paired> {
        self.paired.as_ref()
    }
    /// Its outbox.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }
    /// The numbers of pack and roster that may not come again.
    pub fn held(&self) -> (Option<u64>, Option<u64>) {
        (self.pack, self.roster)
    }

    fn need_hub(&self) -> Result<&Paired, FolderError> {
        self.paired.as_ref().ok_or_else(|| FolderError::NotPaired(self.folder.root().to_owned()))
    }

    /// Keeps the token and the epoch of a greeting; the epoch is noted outside the outbox first.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn greeted(&mut self, token: records::sync::SyncToken, epoch: u32) -> Result<(), OutboxError> {
        if epoch > self.folder.epoch()? {
            self.folder.set_epoch(epoch)?;
        }
        self.outbox.greeted(token, epoch)
    }

    /// Seals a signature to the office key and puts it on the disk.
    ///
    /// # Errors
    /// [`OutboxError`]: then nothing may be thanked for.
    pub fn save(&mut self, signature: Signature) -> Result<(), OutboxError> {
        let office = self.need_hub()?.hub.office;
        let signed = LocalSigned {
            person: signature.person,
            words: signature.words,
            day: self.day(signature.when),
            record: Some(signature.id),
        };
        let record = NamedRecord::Signature(signature);
        let envelope = NamedEnvelope::seal(&record, &office, &mut random()).map_err(FolderError::from)?;
        self.with_reserve(|store| store.outbox.save(&envelope, &signed))?;
        // That the box could not be written costs no thanks: the signature is kept.
        let _ = self.visited(None);
        Ok(())
    }

    /// Seals the signature of somebody who is on no list to the office key and puts it on the disk. Nothing that could
    /// be read here is noted of it.
    ///
    /// # Errors
    /// [`OutboxError`]: then nothing may be thanked for.
    pub fn save_visitor(&mut self, signature: VisitorSignature) -> Result<(), OutboxError> {
        let office = self.need_hub()?.hub.office;
        let record = NamedRecord::Visitor(signature);
        let envelope = NamedEnvelope::seal(&record, &office, &mut random()).map_err(FolderError::from)?;
        self.with_reserve(|store| store.outbox.save_unlisted(&envelope))?;
        // That the box could not be written costs no thanks: the signature is kept.
        let _ = self.visited(None);
        Ok(())
    }

    fn day(&self, moment: Moment) -> Day {
        let stamp = jiff::Timestamp::from_second(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        stamp.to_zoned(self.time_zone.clone()).date().into()
    }

    /// Whether the roster has families.
    pub fn has_families(&self) -> bool {
        self.families
    }

    /// Tries a family's code. A code that is wrong takes as long as one that is right, and as one for which there is
    /// no entry at all; that it was wrong is on the disk before it is told.
    ///
    /// # Errors
    /// [`OutboxError`] where the disk cannot be read.
    pub fn open_family(&mut self, code: &FamilyCode) -> Result<Tried, OutboxError> {
        let left = self.slowing.left(self.began.elapsed());
        if !left.is_zero() {
            return Ok(Tried::Wrong { wait: left });
        }
        let paired = self.need_hub()?;
        let school = paired.hub.school;
        let entries = SealedRoster::families(&self.folder, &self.device, paired)?;
        let Some((key, family)) = families::open(code, &entries, school) else {
            self.slowing.wrong(self.began.elapsed());
            self.note_slowing();
            return Ok(Tried::Wrong { wait: self.slowing.left(self.began.elapsed()) });
        };
        if self.slowing.right() {
            self.note_slowing();
        }
        let kept = self.outbox.kept()?;
        let kept = kept.iter().filter_map(|sealed| families::unseal(sealed, &key, school));
        let (given_back, kept): (Vec<_>, Vec<_>) = kept.partition(|one| is_given_back(one, &family));
        let given_back: Vec<RecordId> = given_back.iter().map(KeptDecision::id).collect();
        self.outbox.given_back(&given_back)?;
        Ok(Tried::Opened(Box::new(OpenedFamily { key, family, kept })))
    }

    /// A disk that takes no note does not open the way to guessing: the count in memory goes on.
    fn note_slowing(&mut self) {
        let _ = self.outbox.set_note(WRONG_CODES, &self.slowing.note(wall_clock()));
    }

    /// Seals a record of a family's to the office key and puts it on the disk, with what the family sees of it at its
    /// next visit under the family's own key.
    ///
    /// # Errors
    /// [`OutboxError`]: then nothing may be thanked for.
    pub fn keep(&mut self, keeping: &Keeping) -> Result<(), OutboxError> {
        let hub = &self.need_hub()?.hub;
        let envelope = NamedEnvelope::seal(&keeping.record, &hub.office, &mut random());
        let sealed = families::seal(&keeping.kept, &keeping.key, hub.school, &mut random());
        let instead_of = match &keeping.kept {
            KeptDecision::Decided { replaces, .. } => replaces.as_slice(),
            KeptDecision::Signed { .. } => &[],
        };
        let envelope = envelope.map_err(FolderError::from)?;
        self.with_reserve(|store| store.outbox.save_decision(&envelope, &sealed, instead_of))?;
        Ok(())
    }

    /// The groups of grown-ups that the roster has.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn adult_groups(&self) -> Result<Vec<Audience>, FolderError> {
        let Some(paired) = &self.paired else { return Ok(Vec::new()) };
        let all = SealedRoster::adults(&self.folder, &self.device, paired)?;
        Ok(GROUPS.into_iter().filter(|group| all.iter().any(|adult| adult.audience == *group)).collect())
    }

    /// Opens a group of grown-ups.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn open_adults(&mut self, audience: Audience) -> Result<OpenedAdults, OutboxError> {
        let all = SealedRoster::adults(&self.folder, &self.device, self.need_hub()?)?;
        let of_group = all.into_iter().filter(|adult| adult.audience == audience);
        let people: Vec<_> = of_group.map(|adult| adult.entry).collect();
        let signed_here = self.outbox.signed(people.iter().map(|p| p.person))?;
        let mut record = [0; 16];
        random().fill_bytes(&mut record);
        Ok(OpenedAdults { audience, people, signed_here, record: RecordId::from_bytes(record) })
    }

    /// Seals the undoing of a signature to the office key and puts it on the disk.
    ///
    /// # Errors
    /// [`OutboxError`]: then the signature stands.
    pub fn undo(&mut self, undoing: &Undoing) -> Result<(), OutboxError> {
        let office = self.need_hub()?.hub.office;
        let withdraws = undoing.undo.withdraws;
        let record = NamedRecord::Undo(undoing.undo.clone());
        let envelope = NamedEnvelope::seal(&record, &office, &mut random()).map_err(FolderError::from)?;
        self.with_reserve(|store| store.outbox.undo(&envelope, withdraws))?;
        Ok(())
    }

    /// Whether a staff PIN is set.
    pub fn has_pin(&self) -> bool {
        StaffPin::is_set(&self.folder)
    }

    /// Tries the staff PIN. That one was wrong is on the disk before it is told.
    ///
    /// # Errors
    /// [`FolderError`] where the disk cannot be read.
    pub fn try_pin(&mut self, pin: &Pin) -> Result<TriedPin, FolderError> {
        let left = self.pin_slowing.left(self.began.elapsed());
        if !left.is_zero() {
            return Ok(TriedPin::Wrong { wait: left });
        }
        if StaffPin::fits(&self.folder, pin)? {
            if self.pin_slowing.right() {
                self.note_pin_slowing();
            }
            return Ok(TriedPin::Right);
        }
        self.pin_slowing.wrong(self.began.elapsed());
        self.note_pin_slowing();
        Ok(TriedPin::Wrong { wait: self.pin_slowing.left(self.began.elapsed()) })
    }

    fn note_pin_slowing(&mut self) {
        let _ = self.outbox.set_note(WRONG_PINS, &self.pin_slowing.note(wall_clock()));
    }

    /// Sets another staff PIN.
    ///
    /// # Errors
    /// [`FolderError::Io`]: then the old one holds.
    pub fn change_pin(&mut self, pin: &Pin) -> Result<(), FolderError> {
        StaffPin::set(&self.folder, pin)
    }

    /// What waits for the hub.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn figures(&self) -> Result<Figures, OutboxError> {
        let problem = self.outbox.note("problem")?.unwrap_or_default();
        let problem = String::from_utf8_lossy(&problem).into_owned();
        let moment = |name| {
            let note = self.outbox.note(name)?.and_then(|bytes| bytes.try_into().ok());
            Ok::<_, OutboxError>(note.map(i64::from_be_bytes).map(Moment))
        };
        Ok(Figures {
            waiting: self.outbox.counts()?.waiting,
            last_contact: moment("last-sync")?,
            on_stick: moment("last-stick")?,
            from_stick: moment("last-return")?,
            paired: self.paired.is_some(),
            problem: Some(problem).filter(|problem| !problem.is_empty()),
        })
    }

    /// Keeps what was chosen in the teacher's panel.
    ///
    /// # Errors
    /// [`FolderError::Io`]: then what was chosen before holds after a restart.
    pub fn keep_settings(&mut self, settings: &Settings) -> Result<(), FolderError> {
        write_settings(&self.folder, settings)
    }

    /// Opens a class.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn open_class(&mut self, id: ClassId) -> Result<Option<OpenedClass>, OutboxError> {
        let class: Option<Class> = SealedRoster::class(&self.folder, &self.device, self.need_hub()?, id)?;
        let Some(mut class) = class else { return Ok(None) };
        // The roster may be older than what was taken back here since.
        for undone in self.outbox.undone(class.pupils.iter().map(|p| p.person))? {
            for entry in class.pupils.iter_mut().filter(|p| p.person == undone.person) {
                entry.signed.retain(|s| s.words != undone.words || s.day > undone.day);
            }
        }
        let signed_here = self.outbox.signed(class.pupils.iter().map(|p| p.person))?;
        let mut record = [0; 16];
        random().fill_bytes(&mut record);
        Ok(Some(OpenedClass { class, signed_here, record: RecordId::from_bytes(record) }))
    }

    /// Takes a newer pack. One that is damaged, foreign or not newer leaves the old one standing.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn take_pack(&mut self, bytes: &[u8]) -> Result<Content, OutboxError> {
        let pack = self.need_hub()?.take_pack(&self.folder, bytes, self.pack)?;
        self.pack = Some(pack.number);
        self.set_noted("pack", pack.number)?;
        self.show(&pack);
        Ok(Content::new(pack))
    }

    /// Takes a newer roster. One that is damaged, foreign or not newer leaves the old one standing.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn take_roster(&mut self, bytes: &[u8]) -> Result<Vec<ClassListing>, OutboxError> {
        let paired = self.need_hub()?;
        let (number, made) =
            SealedRoster::take(&self.folder, &self.device, paired, bytes, self.roster, &mut random())?;
        let classes = SealedRoster::classes(&self.folder, &self.device, paired)?;
        let keys = SealedRoster::role_keys(&self.folder, &self.device, paired)?;
        let families = !SealedRoster::families(&self.folder, &self.device, paired)?.is_empty();
        self.families = families;
        self.roster = Some(number);
        self.set_noted("roster", number)?;
        self.outbox.roster_taken(made)?;
        if let Err(why) = self.address_reports(keys) {
            self.note_problem(&format!("Nobody can tell anything here yet: {why}"))?;
        }
        Ok(classes.map(|(_, classes)| classes).unwrap_or_default())
    }

    /// Takes a newer roster, and tells what it changes for the screens.
    ///
    /// # Errors
    /// [`OutboxError`]; the old roster then stands as it was.
    pub fn take_roster_for_screens(&mut self, bytes: &[u8]) -> Result<[Event; 4], OutboxError> {
        let classes = self.take_roster(bytes)?;
        let adults = self.adult_groups()?;
        Ok([
            Event::Classes(classes),
            Event::Adults(adults),
            Event::Telling(self.can_tell()),
            Event::Families(self.families),
        ])
    }
}

/// What came of trying the staff PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriedPin {
    /// It is the PIN.
    Right,
    /// It is not, or was not tried because too many were wrong before.
    Wrong {
        /// For how long none is tried from now on.
        wait: Duration,
    },
}

/// What came of trying a family's code.
#[derive(Debug)]
pub enum Tried {
    /// It opened a family.
    Opened(Box<OpenedFamily>),
    /// It opens nothing, or was not tried because too many were wrong before.
    Wrong {
        /// For how long none is tried from now on.
        wait: Duration,
    },
}

/// Whether the roster says what was kept.
fn is_given_back(kept: &KeptDecision, family: &Family) -> bool {
    match kept {
        KeptDecision::Decided { child, decided, .. } => {
            let of_child = family.children.iter().filter(|c| c.person == *child);
            of_child.flat_map(|c| &c.decided).any(|d| d.id == decided.id)
        }
        KeptDecision::Signed { person, signed, .. } => {
            let of_person = family.grown_ups.iter().filter(|g| g.person == *person);
            of_person.flat_map(|g| &g.signed).any(|s| s.words == signed.words && s.day >= signed.day)
        }
    }
}

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// The way to the storage thread. The thread ends when the last of these is gone.
#[derive(Clone)]
pub struct Storage {
    jobs: Sender<Job>,
}

/// The storage thread is gone, because a job in it failed badly. Nothing more can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the part of the kiosk that writes to the disk has stopped. Start the kiosk again")]
pub struct StorageGone;

impl Storage {
    /// Starts the thread.
    ///
    /// # Errors
    /// What the system says where no thread can be had.
    pub fn start(mut store: Store) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (jobs, todo) = mpsc::channel::<Job>();
        let work = move || {
            while let Ok(job) = todo.recv() {
                job(&mut store);
            }
        };
        let thread = thread::Builder::new().name("storage".into()).spawn(work)?;
        Ok((Self { jobs }, thread))
    }
    /// Hands over a job and does not wait.
    ///
    /// # Errors
    /// [`StorageGone`].
    pub fn hand(&self, job: impl FnOnce(&mut Store) + Send + 'static) -> Result<(), StorageGone> {
        self.jobs.send(Box::new(job)).map_err(|_| StorageGone)
    }
    /// Hands over a job and waits for what it gives back. Not for the painting thread.
    ///
    /// # Errors
    /// [`StorageGone`].
    pub fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> T + Send + 'static,
    ) -> Result<T, StorageGone> {
        let (reply, answer) = mpsc::sync_channel(1);
        // Whoever asked may have gone: then nobody needs the answer.
        self.hand(move |store| drop(reply.send(job(store))))?;
        answer.recv().map_err(|_| StorageGone)
    }
}
