//! All that the database holds on one person, on one state of it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use records::{
    agreement::{AgreementDigest, Version},
    day::{Day, Moment},
    digest::Digest,
    form::Form,
    ids::{PersonId, RecordId, Slug},
    language::Language,
};

use super::{
    Store, StoreError,
    consents::{self, LiftedNo, Taken},
    families::{self, GrownUp, Responsibility},
    office_notes::{self, OfficeNote},
    packs, parsed, published, register_entries,
    registers::{self, Came},
    restrictions, retention, scans, sixteen, thirty_two,
    transfers::{self, Transfer},
    visitors::{self, Visitor},
};
use crate::{import::Kind, registers::entry::Entry};

/// Somebody on the school's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As what.
    pub kind: Kind,
    /// The name they are called by.
    pub forename: String,
    /// Their surname.
    pub surname: String,
    /// The unique pupil number.
    pub upn: Option<String>,
    /// The admission number or staff code.
    pub number: Option<String>,
    /// A member of staff's work.
    pub role: Option<String>,
    /// A pupil's year group; 0 is Reception.
    pub year: Option<i8>,
    /// A pupil's class.
    pub class: Option<String>,
    /// When they came onto a list.
    pub joined: Moment,
    /// When they left.
    pub left: Option<Moment>,
    /// Since when there is a picture by which they are known to whoever holds a camera.
    pub portrait: Option<Moment>,
    /// In how many groups for the camera they are.
    pub groups: u32,
}

/// A parent or carer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Who.
    pub grown_up: GrownUp,
    /// Their number in the school's list.
    pub number: Option<String>,
    /// The family's address, a line each.
    pub address: Vec<String>,
    /// When the family's code was made, where it has one.
    pub code_made: Option<Moment>,
}

/// Who it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// On the school's lists.
    Listed(Listed),
    /// With parental responsibility.
    Parent(Parent),
}

/// A signature of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeld {
    /// Its id.
    pub id: RecordId,
    /// The agreement.
    pub agreement: Slug,
    /// What it was called, where its words were published here.
    pub title: Option<String>,
    /// Its version.
    pub version: Version,
    /// Its exact words.
    pub words: AgreementDigest,
    /// The translation shown beside it.
    pub help: Option<Language>,
    /// When.
    pub when: Moment,
    /// For which school year.
    pub year: (Day, Day),
    /// At which kiosk; empty on paper.
    pub kiosk: String,
    /// How it came here.
    pub came: Came,
    /// Whether somebody helped.
    pub helped: bool,
    /// When it was withdrawn, and why, as the kiosk names it.
    pub undone: Option<(Moment, String)>,
}

/// Something that the log says of them or of a record of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// When.
    pub at: Moment,
    /// What.
    pub what: String,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Held {
    /// Their id.
    pub id: PersonId,
    /// Who it is.
    pub who: Who,
    /// Of a pupil, who decides or decided for them; of a parent, for whom they do or did.
    pub responsibilities: Vec<Responsibility>,
    /// What they signed.
    pub signatures: Vec<SignatureHeld>,
    /// Which agreements were shown to them, and which they said that they do not sign, the latest first, each with what it
    /// is called, where its words were published here.
    pub noted: Vec<(OfficeNote, Option<String>)>,
    /// What was decided for a pupil, or by a parent.
    pub decisions: Vec<Taken>,
    /// The noes among them that the office lifted.
    pub lifted: Vec<LiftedNo>,
    /// The words that were decided on, as far as they were published here.
    pub forms: HashMap<Digest, Form>,
    /// Files for the next school.
    pub transfers: Vec<Transfer>,
    /// The pages of the website on which a pupil is or was shown, by its last check, and since when not any more.
    pub shown: Vec<(String, Option<Moment>)>,
    /// When it was noted that contact with a pupil, or theirs, is restricted, and until when.
    pub restrictions: Vec<(Moment, Option<Moment>)>,
    /// The entries of registers that are about them, by the register's name. Not everybody may read every register:
    /// whoever makes something of it leaves out what its reader may not.
    pub entries: Vec<(Slug, Entry)>,
    /// Since when nothing of theirs may be removed.
    pub hold: Option<Moment>,
    /// What the log says.
    pub log: Vec<Logged>,
}

impl Store {
    /// All that is held on a person; none where nobody has this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn held(&self, id: PersonId) -> Result<Option<Held>, StoreError> {
        self.read(|read| {
            let Some(who) = who(read, id)? else { return Ok(None) };
            let responsibilities = families::responsibilities(read)?.into_iter();
            let responsibilities =
                responsibilities.filter(|one| one.pupil == id || one.grown_up == id).collect();
            let taken = consents::taken(read)?.into_values().flatten();
            let mut decisions: Vec<Taken> =
                taken.filter(|taken| taken.decision.pupil == id || taken.decision.by == id).collect();
            decisions.sort_by_key(|taken| (taken.decision.when, taken.decision.id));
            let is_theirs = |no: &LiftedNo| decisions.iter().any(|d| d.decision.id == no.lifted.decision);
            let lifted = consents::lifted_noes(read)?.into_iter().filter(is_theirs).collect();
            let signatures = signatures(read, id)?;
            let mut noted = Vec::new();
            for note in office_notes::of(read, id)? {
                let title = packs::agreement(read, note.words)?.map(|agreement| agreement.title);
                noted.push((note, title));
            }
            let hold = retention::holds(read)?.into_iter().find(|hold| hold.person == id);
            let restrictions = restrictions::restrictions(read)?.into_iter();
            let restrictions = restrictions.filter(|one| one.pupil == id || one.grown_up == Some(id));
            let restrictions = restrictions.map(|one| (one.made, one.ended.map(|(at, _)| at))).collect();
            let places = published::places(read)?.into_iter().filter(|place| place.shown.pupil == id);
            let mut shown: Vec<_> = places.map(|p| (p.shown.page, p.gone.map(|(at, _)| at))).collect();
            shown.dedup();
            let records = signatures.iter().map(|s| s.id).chain(decisions.iter().map(|d| d.decision.id));
            // What was shown to many at once is in the log by what it has in common.
            let records = records.chain(noted.iter().filter_map(|(note, _)| note.showing));
            let mut about: Vec<String> = records.map(|record| record.to_string()).collect();
            about.push(id.to_string());
            let entries = register_entries::about(read, id)?;
            about.extend(entries.iter().map(|(_, entry)| data_encoding::HEXLOWER.encode(&entry.first().id)));
            Ok(Some(Held {
                entries,
                id,
                who,
                responsibilities,
                lifted,
                forms: consents::words(read)?,
                transfers: transfers::of(read, id)?,
                hold: hold.map(|hold| hold.at),
                restrictions,
                shown,
                log: log(read, &about)?,
                signatures,
                noted,
                decisions,
            }))
        })
    }
}

impl Store {
    /// What somebody signed, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn signatures_of(&self, person: PersonId) -> Result<Vec<SignatureHeld>, StoreError> {
        self.read(|read| signatures(read, person))
    }
}

/// What is held on a visitor.
#[derive(Debug, Clone, Default)]
pub struct VisitorHeld {
    /// The lines of the book, the latest first, each with what its agreement was called, where its words were published
    /// here.
    pub lines: Vec<(Visitor, Option<String>)>,
    /// What the log says of them.
    pub log: Vec<Logged>,
}

impl Store {
    /// All that is held with these lines of the visitors' book.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visitor_held(&self, ids: &[RecordId]) -> Result<VisitorHeld, StoreError> {
        self.read(|read| {
            let mut held = VisitorHeld::default();
            for line in visitors::visitors(read)?.into_iter().filter(|line| ids.contains(&line.id)) {
                let title = packs::agreement(read, line.words)?.map(|agreement| agreement.title);
                held.lines.push((line, title));
            }
            let about: Vec<String> = held.lines.iter().map(|(line, _)| line.id.to_string()).collect();
            held.log = log(read, &about)?;
            Ok(held)
        })
    }
}

fn who(read: &Connection, id: PersonId) -> Result<Option<Who>, StoreError> {
    let select = "SELECT kind, forename, surname, upn, number, role, year,
             (SELECT name FROM classes WHERE classes.id = people.class), joined_at, left_at,
             (SELECT kept_at FROM portraits WHERE portraits.person = people.id),
             (SELECT count(*) FROM camera_group_people members WHERE members.person = people.id)
         FROM people WHERE id = ?";
    let listed = read.query_row(select, [id.as_bytes()], |row| {
        let kind: String = row.get(0)?;
        let listed = Listed {
            kind: Kind::Pupils,
            forename: row.get(1)?,
            surname: row.get(2)?,
            upn: row.get(3)?,
            number: row.get(4)?,
            role: row.get(5)?,
            year: row.get(6)?,
            class: row.get(7)?,
            joined: Moment(row.get(8)?),
            left: row.get::<_, Option<i64>>(9)?.map(Moment),
            portrait: row.get::<_, Option<i64>>(10)?.map(Moment),
            groups: row.get(11)?,
        };
        Ok((kind, listed))
    });
    if let Some((kind, listed)) = listed.optional()? {
        return Ok(Some(Who::Listed(Listed { kind: parsed(&kind)?, ..listed })));
    }
    let Some(grown_up) = families::grown_ups(read)?.into_iter().find(|g| g.id == id) else {
        return Ok(None);
    };
    let family = families::families(read)?.into_iter().find(|family| Some(family.id) == grown_up.family);
    let select = "SELECT number FROM grown_ups WHERE id = ?";
    let number = read.query_row(select, [id.as_bytes()], |row| row.get(0))?;
    let (address, code_made) = family.map(|f| (f.address, f.code_made)).unwrap_or_default();
    Ok(Some(Who::Parent(Parent { grown_up, number, address, code_made })))
}

fn signatures(read: &Connection, id: PersonId) -> Result<Vec<SignatureHeld>, StoreError> {
    let mut select = read.prepare(&format!(
        "SELECT s.id, s.agreement, s.version, s.words, s.help_language, s.signed_at, s.year_starts, s.year_ends,
             coalesce((SELECT name FROM kiosks WHERE kiosks.device = s.device), ''), s.mark, s.helped,
             u.undone_at, u.reason, coalesce(a.name, ''), s.entered_at, {}
         FROM signatures s LEFT JOIN accounts a ON a.id = s.account {} LEFT JOIN undos u ON u.id =
             (SELECT id FROM undos WHERE withdraws = s.id ORDER BY undone_at, id LIMIT 1)
         WHERE s.person = ? ORDER BY s.signed_at, s.id",
        scans::COLUMNS,
        scans::joined("s.id"),
    ))?;
    let mut rows = select.query([id.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let words = AgreementDigest(Digest::from_bytes(thirty_two(row.get(3)?)?));
        let help: Option<String> = row.get(4)?;
        let undone: Option<i64> = row.get(11)?;
        let reason: Option<String> = row.get(12)?;
        all.push(SignatureHeld {
            id: RecordId::from_bytes(sixteen(row.get(0)?)?),
            agreement: parsed(&row.get::<_, String>(1)?)?,
            title: packs::agreement(read, words)?.map(|agreement| agreement.title),
            version: parsed(&row.get::<_, String>(2)?)?,
            words,
            help: help.map(|tag| parsed(&tag)).transpose()?,
            when: Moment(row.get(5)?),
            year: (parsed(&row.get::<_, String>(6)?)?, parsed(&row.get::<_, String>(7)?)?),
            kiosk: row.get(8)?,
            came: registers::came(row, 9, 13)?,
            helped: row.get(10)?,
            undone: undone.map(|at| (Moment(at), reason.unwrap_or_default())),
        });
    }
    Ok(all)
}

/// What the log says where its detail names one of these ids.
fn log(read: &Connection, about: &[String]) -> Result<Vec<Logged>, StoreError> {
    let mut select =
        read.prepare("SELECT at, what, detail FROM audit WHERE length(detail) >= 32 ORDER BY seq")?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let detail: String = row.get(2)?;
        if detail.split(' ').any(|word| about.iter().any(|id| id == word)) {
            all.push(Logged { at: Moment(row.get(0)?), what: row.get(1)? });
        }
    }
    Ok(all)
}
