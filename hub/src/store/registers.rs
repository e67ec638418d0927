//! The register of an agreement: who has signed which words, who has yet to.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params_from_iter, types::Value};

use records::{
    agreement::{Agreement, AgreementDigest, Audience, Version},
    codec,
    day::{Moment, SchoolYear},
    digest::Digest,
    ids::{ClassId, PersonId, RecordId, Slug},
    signature::Mark,
};

use super::{
    Store, StoreError, families,
    office_notes::{self, OfficeNote},
    packs,
    papers::Why,
    parsed,
    people::{self, Person},
    scans::{self, ScanHeld},
    sixteen, thirty_two,
};
use crate::import::Kind;

/// One signature, with its undoing where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its id.
    pub id: RecordId,
    /// Who.
    pub person: PersonId,
    /// The version signed.
    pub version: Version,
    /// The exact words signed.
    pub words: AgreementDigest,
    /// When, by the kiosk's clock; of a paper, the day that stands on it.
    pub when: Moment,
    /// How it came here.
    pub came: Came,
    /// Whether somebody helped.
    pub helped: bool,
    /// How it was withdrawn, where it was.
    pub undone: Option<Undone>,
    /// Whether it counts for the words and the school year of now, were it not withdrawn.
    counts: bool,
}

/// How a signature came into the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// From a kiosk, with its mark.
    Kiosk(Mark),
    /// From a paper that somebody entered.
    Paper(Entered),
}

impl Came {
    /// That it was entered from paper, where it was.
    pub const fn paper(&self) -> Option<&Entered> {
        match self {
            Self::Kiosk(_) => None,
            Self::Paper(entered) => Some(entered),
        }
    }
}

/// That a paper was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The name of the account.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Its scan.
    pub scan: Option<ScanHeld>,
}

/// How a signature was withdrawn: as much of who, when and why as is known. The staff of a kiosk share one PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// When, by the clock of where it was.
    pub when: Moment,
    /// Where.
    pub place: Place,
    /// Why, as its fixed words are named.
    pub reason: Slug,
}

/// Where a signature was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At the kiosk of this name; empty where it is not known.
    Kiosk(String),
    /// At the desk, by the account of this name.
    Desk(String),
}

impl Undone {
    /// Why, in words.
    pub fn because(&self) -> &str {
        match self.reason.as_str() {
            "wrong-child" => "it was another child",
            "only-a-try" => "it was only a try",
            "asked-to" => "the child asked for it",
            // The desk's words, or a newer kiosk's.
            other => other.parse::<Why>().map_or(other, |why| why.in_words()),
        }
    }
}

/// Where a person stands with an agreement this school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Has signed words that count.
    Signed(Signed),
    /// Signed, and it was withdrawn: has yet to sign.
    Undone(Signed),
    /// Signed an earlier version or in an earlier year, and is asked again.
    AskedAgain(Signed),
    /// Has not signed.
    Outstanding,
}

impl Standing {
    /// Whether the person has signed.
    pub const fn is_signed(&self) -> bool {
        matches!(self, Self::Signed(_))
    }
}

/// Somebody who is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Who, by opaque id.
    pub id: PersonId,
    /// The name they are called by; empty where a list gives a grown-up's whole name in one.
    pub forename: String,
    /// Their surname, or their whole name.
    pub surname: String,
    /// A member of staff's work; of a grown-up, the children they decide for.
    pub role: Option<String>,
}

impl Signatory {
    /// Their name as it is read.
    pub fn name(&self) -> String {
        format!("{} {}", self.forename, self.surname).trim_start().to_owned()
    }
}

impl From<&Person> for Signatory {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id,
            forename: person.forename.clone(),
            surname: person.surname.clone(),
            role: person.role.clone(),
        }
    }
}

/// A line of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub person: Signatory,
    /// How they stand.
    pub standing: Standing,
    /// That they said that they do not sign, and have not signed since.
    pub declined: Option<OfficeNote>,
    /// When the words of now, or earlier ones that count as these, were shown to them this school year, the earliest
    /// first. It counts as no signature.
    pub shown: Vec<OfficeNote>,
}

impl Line {
    /// Whether the words were shown to somebody who has yet to sign.
    pub fn is_shown(&self) -> bool {
        !self.standing.is_signed() && !self.shown.is_empty()
    }
    /// Whether somebody has yet to sign, and was not shown the words either.
    pub fn is_not_shown(&self) -> bool {
        !self.standing.is_signed() && self.shown.is_empty()
    }
}

/// A class, or all staff, all governors, all parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The class; none for staff, governors and parents.
    pub class: Option<ClassId>,
    /// Its name.
    pub name: String,
    /// Those who are here, by surname.
    pub lines: Vec<Line>,
}

impl Section {
    /// How many have signed.
    pub fn signed(&self) -> usize {
        self.lines.iter().filter(|line| line.standing.is_signed()).count()
    }
    /// How many said that they do not sign; they have yet to, all the same.
    pub fn declined(&self) -> usize {
        self.lines.iter().filter(|line| line.declined.is_some()).count()
    }
    /// How many have yet to.
    pub fn outstanding(&self) -> usize {
        self.lines.len() - self.signed()
    }
    /// How many of those who have yet to were shown the words.
    pub fn shown(&self) -> usize {
        self.lines.iter().filter(|line| line.is_shown()).count()
    }
}

/// The register of one agreement for one school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The sections, by name.
    pub sections: Vec<Section>,
    /// Those who signed this year and have left since. They are in no count.
    pub left: Vec<Line>,
}

impl Register {
    /// How many have signed.
    pub fn signed(&self) -> usize {
        self.sections.iter().map(Section::signed).sum()
    }
    /// How many it was given to.
    pub fn asked(&self) -> usize {
        self.sections.iter().map(|s| s.lines.len()).sum()
    }
    /// Everybody has signed; an agreement that was given to nobody is not complete.
    pub fn is_complete(&self) -> bool {
        self.asked() > 0 && self.signed() == self.asked()
    }
}

impl Store {
    /// The register of an agreement of the newest pack, for its school year.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register(&self, agreement: &Agreement, year: &SchoolYear) -> Result<Register, StoreError> {
        self.read(|read| {
            let mut standings = standings(read, agreement, year)?;
            let everybody = people::people(read)?;
            let mut noted = office_notes::standing(read, agreement, year)?;
            let mut line = |person: Signatory| {
                let standing = standings.remove(&person.id).unwrap_or(Standing::Outstanding);
                let noted = noted.remove(&person.id).unwrap_or_default();
                let declined = noted.declined.filter(|_| !standing.is_signed());
                Line { standing, declined, shown: noted.shown, person }
            };
            let mut sections = Vec::new();
            let mut section = |class, name: String, lines: Vec<Line>| {
                if !lines.is_empty() {
                    sections.push(Section { class, name, lines });
                }
            };
            let here = |kind: Kind| {
                let kind = everybody.iter().filter(move |p| p.kind == kind && p.left.is_none());
                kind.map(|person| (person.class, Signatory::from(person)))
            };
            let all = |kind: Kind| here(kind).map(|(_, person)| person);
            match agreement.audience {
                Audience::Ks1 | Audience::Ks2 => {
                    for class in people::classes(read)?.iter().filter(|c| c.audience == agreement.audience) {
                        let pupils = here(Kind::Pupils).filter(|(of, _)| *of == Some(class.id));
                        let lines = pupils.map(|(_, person)| line(person)).collect();
                        section(Some(class.id), class.name.clone(), lines);
                    }
                }
                Audience::Staff => {
                    let both = all(Kind::Staff).chain(all(Kind::Volunteers));
                    section(None, "Staff".into(), both.map(&mut line).collect());
                }
                Audience::Governor => {
                    section(None, "Governors".into(), all(Kind::Governors).map(&mut line).collect());
                }
                Audience::Parent => {
                    let parents = families::parents(read, &everybody)?.into_iter().map(&mut line);
                    section(None, "Parents".into(), parents.collect());
                }
                // Whoever signs these is on no list: they are in the visitors' book.
                Audience::Visitor | Audience::Community | Audience::Guest | Audience::DeviceLoan => {}
            }
            let left = everybody.iter().filter(|p| p.left.is_some()).map(|person| line(person.into()));
            let left =
                left.filter(|l| matches!(l.standing, Standing::Signed(_) | Standing::Undone(_))).collect();
            Ok(Register { sections, left })
        })
    }
}

/// How everybody who ever signed this agreement stands with it now.
fn standings(
    read: &Connection,
    agreement: &Agreement,
    year: &SchoolYear,
) -> Result<HashMap<PersonId, Standing>, StoreError> {
    let mut standings: HashMap<PersonId, Standing> = HashMap::new();
    for signed in signatures(read, agreement, year)? {
        let new = match (signed.counts, &signed.undone) {
            (true, None) => Standing::Signed(signed),
            (true, Some(_)) => Standing::Undone(signed),
            (false, None) => Standing::AskedAgain(signed),
            (false, Some(_)) => continue,
        };
        let Some(person) = new.signature().map(|s| s.person) else { continue };
        match standings.get(&person) {
            Some(held) if held.weight() > new.weight() => {}
            // Of several that count, the first stands: the day on which the promise was made.
            Some(Standing::Signed(_)) if new.is_signed() => {}
            _ => {
                standings.insert(person, new);
            }
        }
    }
    Ok(standings)
}

impl Standing {
    /// The signature it rests on.
    pub const fn signature(&self) -> Option<&Signed> {
        match self {
            Self::Signed(s) | Self::Undone(s) | Self::AskedAgain(s) => Some(s),
            Self::Outstanding => None,
        }
    }
    const fn weight(&self) -> u8 {
        match self {
            Self::Signed(_) => 3,
            Self::Undone(_) => 2,
            Self::AskedAgain(_) => 1,
            Self::Outstanding => 0,
        }
    }
}

/// Who has signed which words, and when first: what a roster tells the kiosks. Also of those who are asked again, so that a
/// kiosk can tell them what is new.
pub(super) fn signed_people(
    read: &Connection,
    agreement: &Agreement,
    year: &SchoolYear,
) -> Result<Vec<(PersonId, AgreementDigest, Moment)>, StoreError> {
    let told = |(person, standing)| match standing {
        // The words of now: those of an earlier version count as these where nobody was asked to sign again.
        Standing::Signed(signed) => Some((person, agreement.digest(), signed.when)),
        Standing::AskedAgain(signed) => Some((person, signed.words, signed.when)),
        Standing::Undone(_) | Standing::Outstanding => None,
    };
    Ok(standings(read, agreement, year)?.into_iter().filter_map(told).collect())
}

fn signatures(
    read: &Connection,
    agreement: &Agreement,
    year: &SchoolYear,
) -> Result<Vec<Signed>, StoreError> {
    let counting = packs::counting_words(read, agreement)?;
    let places = vec!["?"; counting.len()].join(", ");
    // A signature belongs to the school year that holds the middle day of its own, so a first or last
    // day that was put right later loses nobody's.
    let sql = format!(
        "SELECT s.id, person, version, words, signed_at, mark, helped, u.undone_at,
             words IN ({places}) AND year_middle BETWEEN ? AND ?, u.reason, coalesce(k.name, ''), b.name,
             coalesce(a.name, ''), s.entered_at, {scan}
         FROM signatures s
             LEFT JOIN undos u ON u.id =
                 (SELECT id FROM undos WHERE withdraws = s.id ORDER BY undone_at, id LIMIT 1)
             LEFT JOIN envelopes e ON e.id = u.id
             LEFT JOIN kiosks k ON k.device = e.device
             LEFT JOIN accounts b ON b.id = u.account
             LEFT JOIN accounts a ON a.id = s.account
             {joined}
         WHERE agreement = ? AND audience = ? ORDER BY signed_at, s.id",
        scan = scans::COLUMNS,
        joined = scans::joined("s.id"),
    );
    let digests = counting.iter().map(|d| Value::Blob(d.0.as_bytes().to_vec()));
    let texts = [
        year.starts.to_string(),
        year.ends.to_string(),
        agreement.slug.to_string(),
        agreement.audience.to_string(),
    ];
    let mut statement = read.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(digests.chain(texts.map(Value::Text))))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let undone = match row.get::<_, Option<i64>>(7)? {
            Some(when) => Some(Undone {
                when: Moment(when),
                reason: parsed(&row.get::<_, String>(9)?)?,
                place: match row.get(11)? {
                    Some(by) => Place::Desk(by),
                    None => Place::Kiosk(row.get(10)?),
                },
            }),
            None => None,
        };
        all.push(Signed {
            id: RecordId::from_bytes(sixteen(row.get(0)?)?),
            person: PersonId::from_bytes(sixteen(row.get(1)?)?),
            version: parsed(&row.get::<_, String>(2)?)?,
            words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(3)?)?)),
            when: Moment(row.get(4)?),
            came: came(row, 5, 12)?,
            helped: row.get(6)?,
            undone,
            counts: row.get(8)?,
        });
    }
    Ok(all)
}

/// How a signature came: its mark stands in one column; from the other on who entered it, when, and its scan.
pub(super) fn came(row: &Row<'_>, mark: usize, entered: usize) -> Result<Came, StoreError> {
    Ok(match row.get::<_, Option<Vec<u8>>>(mark)? {
        Some(mark) => Came::Kiosk(codec::decode(&mark)?),
        None => Came::Paper(Entered {
            by: row.get(entered)?,
            at: Moment(row.get(entered + 1)?),
            scan: scans::beside(row, entered + 2)?,
        }),
    })
}
