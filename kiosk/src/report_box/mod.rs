//! The report box: where reports wait so that the disk does not tell whether there are any.
//!
//! Sixteen envelopes of one size, with a fixed number for each route, all really sealed to their roles,
//! nearly all with nothing in them. A report takes the place of a decoy of its route. The file is written
//! whole, by the same code, at the end of everybody's visit and on a ten-minute tick; each time every
//! envelope gets a fresh outer layer to the hub, so no two writings can be compared. A writing shows that
//! somebody used the screen, no more. Which envelope is real, this program knows in memory alone.
//!
//! What was answered to a survey is counted in the box's [tally](records::tally), which is a part of every writing too:
//! so a round that answers, one that signs and one that tells cannot be told from one another by what they write.
//!
//! ```text
//! report.box       the box of now
//! boxes/ID.box     boxes that are closed: they go to the hub as they are, and are kept until it has them
//! ```
//!
//! A box is closed by the [schedule](box_schedule), when the kiosk starts, when somebody takes what waits on a
//! [stick](crate::stick), when the keys of the roles change, and when it has no decoy of a route left. The last shows that there were reports; durability comes first.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use rand_core::CryptoRng;
use records::{
    box_schedule,
    day::Moment,
    ids::{BoxId, DeviceId},
    keys::SealKey,
    report::{Contents, Report, RoleKey, Route},
    report_box::{self, BoxError, Envelope, SLOTS},
    report_envelope::{self, ReportEnvelopeError, RouteKeys},
    survey::SurveyAnswers,
    tally::Tally,
};

use crate::folder::{Folder, FolderError, read_if_there, write_whole};

const FILE: &str = "report.box";
const CLOSED: &str = "boxes";
const ENDING: &str = "box";

/// Why a report is not in the box on the disk.
#[derive(Debug, thiserror::Error)]
pub enum BoxFault {
    /// The disk.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A key, or more than an envelope holds.
    #[error("an envelope of the report box cannot be sealed: {0}")]
    Envelope(#[from] ReportEnvelopeError),
    /// The hub's key, or more counts than a box holds.
    #[error("the report box cannot be sealed: {0}")]
    Box(#[from] BoxError),
}

/// Whom a kiosk's boxes are for.
#[derive(Debug, Clone)]
pub struct Addressed {
    /// This kiosk.
    pub device: DeviceId,
    /// The hub, which takes off the outer layer and reads no further.
    pub hub: SealKey,
    /// The roles of each route.
    pub routes: Vec<RouteKeys>,
}

impl Addressed {
    /// None while a role of any route has no key: what nobody could read must not be asked for.
    pub fn to(device: DeviceId, hub: SealKey, keys: &[RoleKey]) -> Option<Self> {
        let routes: Option<Vec<_>> = Route::ALL.into_iter().map(|route| RouteKeys::of(route, keys)).collect();
        Some(Self { device, hub, routes: routes? })
    }
}

/// The box of now.
pub struct ReportBox {
    folder: Folder,
    to: Addressed,
    id: BoxId,
    begun: Moment,
    envelopes: [Envelope; SLOTS.len()],
    holds_report: [bool; SLOTS.len()],
    tally: Tally,
}

// Which envelope holds a report is in no message and no log.
impl std::fmt::Debug for ReportBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportBox")
    }
}

impl ReportBox {
    /// Begins a box of decoys, and writes it. One that is there from before must be closed first.
    ///
    /// # Errors
    /// [`BoxFault`].
    pub fn begin(
        folder: &Folder,
        to: Addressed,
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Result<Self, BoxFault> {
        let (id, envelopes) = empty(&to, random)?;
        let holds_report = [false; SLOTS.len()];
        let tally = Tally::default();
        let mut new = Self { folder: folder.clone(), to, id, begun: now, envelopes, holds_report, tally };
        new.write(random)?;
        Ok(new)
    }

    /// The end of a visit: the box is written, with the report in it if there was one. When this returns
    /// it is on the disk.
    ///
    /// # Errors
    /// [`BoxFault`]: then a report must not be thanked for, and may be put in again.
    pub fn visited(
        &mut self,
        report: Option<(Route, Report)>,
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Result<(), BoxFault> {
        let is_report = report.is_some();
        // Who tells nothing has a decoy sealed anew: the same work, as many random bytes, as much time.
        let (route, contents) = match report {
            Some((route, report)) => (route, Contents::Report(Box::new(report))),
            None => (Route::Safeguarding, Contents::Decoy),
        };
        if is_report && self.free(route).is_empty() {
            self.close(now, random)?;
        }
        let sealed = report_envelope::seal(&contents, self.keys(route), random)?;
        let free = self.free(route);
        // Any of them: the order of reports is not to be seen either.
        let chosen = random.next_u32() as usize;
        let Some(slot) = chosen.checked_rem(free.len()).map(|place| free[place]) else {
            return self.write(random);
        };
        let decoy = std::mem::replace(&mut self.envelopes[slot], sealed);
        match self.write(random) {
            Ok(()) => {
                self.holds_report[slot] = is_report;
                Ok(())
            }
            Err(error) => {
                self.envelopes[slot] = decoy;
                Err(error)
            }
        }
    }

    /// The end of a visit that answered a survey: the box is written with the answers counted. When this returns it is
    /// on the disk.
    ///
    /// # Errors
    /// [`BoxFault`]: then the answers must not be thanked for, and may be counted again.
    pub fn count(
        &mut self,
        answers: &SurveyAnswers,
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Result<(), BoxFault> {
        let mut counted = self.tally.clone();
        counted.add(answers);
        if !counted.fits() {
            self.close(now, random)?;
            counted = Tally::default();
            counted.add(answers);
        }
        let before = std::mem::replace(&mut self.tally, counted);
        let written = self.visited(None, now, random);
        if written.is_err() {
            self.tally = before;
        }
        written
    }

    /// The ten-minute tick: the box is closed if it is time, and written in any case.
    ///
    /// # Errors
    /// [`BoxFault`].
    pub fn tick(
        &mut self,
        now: Moment,
        zone: &TimeZone,
        random: &mut impl CryptoRng,
    ) -> Result<(), BoxFault> {
        match box_schedule::is_due(self.begun, now, zone) {
            true => self.close(now, random),
            false => self.write(random),
        }
    }

    /// Closes the box as it lies on the disk, and begins another.
    ///
    /// # Errors
    /// [`BoxFault`].
    pub fn close(&mut self, now: Moment, random: &mut impl CryptoRng) -> Result<(), BoxFault> {
        let (id, envelopes) = empty(&self.to, random)?;
        let closed = close_earlier(&self.folder);
        // Whatever else went wrong: a box that has left its place is over. Written there again, with a report
        // put in later, it would bear an id that the hub may have, and the report would be let go unread.
        if closed.is_err() && self.folder.path(FILE).exists() {
            return Ok(closed?);
        }
        (self.id, self.envelopes) = (id, envelopes);
        self.holds_report = [false; SLOTS.len()];
        self.tally = Tally::default();
        self.begun = now;
        self.write(random)?;
        Ok(closed?)
    }

    fn free(&self, route: Route) -> Vec<usize> {
        (0..SLOTS.len()).filter(|slot| SLOTS[*slot] == route && !self.holds_report[*slot]).collect()
    }
    fn keys(&self, route: Route) -> &RouteKeys {
        keys(&self.to, route)
    }
    fn write(&mut self, random: &mut impl CryptoRng) -> Result<(), BoxFault> {
        let (id, device, hub) = (self.id, self.to.device, &self.to.hub);
        let sealed = report_box::seal_with_tally(id, device, &self.envelopes, &self.tally, hub, random)?;
        Ok(write_whole(&self.folder.path(FILE), &sealed)?)
    }
}

fn keys(to: &Addressed, route: Route) -> &RouteKeys {
    let found = to.routes.iter().find(|keys| keys.route == route);
    found.expect("an address is made only where every route has its keys")
}

fn empty(
    to: &Addressed,
    random: &mut impl CryptoRng,
) -> Result<(BoxId, [Envelope; SLOTS.len()]), ReportEnvelopeError> {
    let mut id = [0; 16];
    random.fill_bytes(&mut id);
    let mut envelopes = Vec::with_capacity(SLOTS.len());
    for route in SLOTS {
        envelopes.push(report_envelope::seal(&Contents::Decoy, keys(to, route), random)?);
    }
    let envelopes = envelopes.try_into().expect("there is one for each slot");
    Ok((BoxId::from_bytes(id), envelopes))
}

/// Closes a box that an earlier start of this kiosk, or this one, has left: it goes to the hub as it is. One
/// that is damaged is set aside and kept.
///
/// # Errors
/// [`FolderError`].
pub fn close_earlier(folder: &Folder) -> Result<(), FolderError> {
    let path = folder.path(FILE);
    let Some(bytes) = read_if_there(&path)? else { return Ok(()) };
    let (room, name) = match report_box::id(&bytes) {
        Ok(id) => (CLOSED, id.to_string()),
        Err(_) => ("set-aside", format!("report-{}", records::digest::Digest::of(&bytes).short())),
    };
    let room = folder.path(room);
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| FolderError::Io { path, source }
    };
    fs::create_dir_all(&room).map_err(io(&room))?;
    fs::rename(&path, room.join(format!("{name}.{ENDING}"))).map_err(io(&path))?;
    for folder in [room.as_path(), folder.root()] {
        File::open(folder).and_then(|f| f.sync_all()).map_err(io(folder))?;
    }
    Ok(())
}

/// A closed box that the hub does not have yet, if there is one.
///
/// # Errors
/// [`FolderError`].
pub fn next_closed(folder: &Folder) -> Result<Option<(BoxId, Vec<u8>)>, FolderError> {
    for path in closed(folder)? {
        let Some(bytes) = read_if_there(&path)? else { continue };
        if let Ok(id) = report_box::id(&bytes) {
            return Ok(Some((id, bytes)));
        }
    }
    Ok(None)
}

/// All closed boxes that the hub does not have yet.
///
/// # Errors
/// [`FolderError`].
pub fn all_closed(folder: &Folder) -> Result<Vec<Vec<u8>>, FolderError> {
    let mut all = Vec::new();
    for path in closed(folder)? {
        all.extend(read_if_there(&path)?.filter(|bytes| report_box::id(bytes).is_ok()));
    }
    Ok(all)
}

/// How many closed boxes wait for the hub.
///
/// # Errors
/// [`FolderError`].
pub fn waiting(folder: &Folder) -> Result<usize, FolderError> {
    Ok(closed(folder)?.len())
}

/// The hub has stored a box: it is let go.
///
/// # Errors
/// [`FolderError`].
pub fn acknowledged(folder: &Folder, id: BoxId) -> Result<(), FolderError> {
    let path = folder.path(CLOSED).join(format!("{id}.{ENDING}"));
    match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(FolderError::Io { path, source }),
        _ => Ok(()),
    }
}

fn closed(folder: &Folder) -> Result<Vec<PathBuf>, FolderError> {
    let room = folder.path(CLOSED);
    let entries = match fs::read_dir(&room) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(FolderError::Io { path: room, source }),
    };
    let mut all: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == ENDING))
        .collect();
    all.sort();
    Ok(all)
}
