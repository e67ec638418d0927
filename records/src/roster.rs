//! The roster: who is in which class, made and signed by the hub, as a kiosk needs it and no more.

use minicbor::{Decode, Encode};

use crate::{
    agreement::{AgreementDigest, Audience},
    codec,
    container::{Container, ContainerError, Kind, Part},
    day::{Day, Moment},
    family::SealedFamily,
    ids::{ClassId, PersonId, SchoolId, Slug},
    keys::{SigningKey, VerifyKey},
    report::RoleKey,
};

/// That somebody has signed, so that a kiosk does not ask again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HasSigned {
    /// The exact words.
    #[n(0)]
    pub words: AgreementDigest,
    /// The day.
    #[n(1)]
    pub day: Day,
}

/// One person as a kiosk shows them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RosterEntry {
    /// Who, by opaque id.
    #[n(0)]
    pub person: PersonId,
    /// The name on the tile: a first name, and as much more as the class needs to tell two apart.
    #[n(1)]
    pub name: String,
    /// The picture on the tile, for those who cannot read yet.
    #[n(2)]
    pub picture: Slug,
    /// What they have signed: the words of now, or those of before where they are asked again.
    #[n(3)]
    pub signed: Vec<HasSigned>,
}

/// A class, with its pupils.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Class {
    /// Its id.
    #[n(0)]
    pub id: ClassId,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// Which agreement its pupils sign.
    #[n(2)]
    pub audience: Audience,
    /// Its pupils, by name.
    #[n(3)]
    pub pupils: Vec<RosterEntry>,
}

/// What is listed of a class before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ClassListing {
    /// Its id.
    #[n(0)]
    pub id: ClassId,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// Which agreement its pupils sign.
    #[n(2)]
    pub audience: Audience,
}

/// An adult who signs at a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Adult {
    /// As what.
    #[n(0)]
    pub audience: Audience,
    /// The person.
    #[n(1)]
    pub entry: RosterEntry,
}

/// Everyone a kiosk may know, to be signed by the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// The school.
    pub school: SchoolId,
    /// Rises with every roster of the school.
    pub number: u64,
    /// When it was made.
    pub made: Moment,
    /// The classes.
    pub classes: Vec<Class>,
    /// Staff, governors, volunteers.
    pub adults: Vec<Adult>,
    /// The keys that reports are sealed for; empty while the school has not made them.
    pub role_keys: Vec<RoleKey>,
    /// The families, each closed to whoever has not its code.
    pub families: Vec<SealedFamily>,
}

const ROLES: &str = "roles";
const FAMILIES: &str = "families";

impl Roster {
    /// The signed file: a part for the list of classes, for each class, and for the adults.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let listing: Vec<_> = self
            .classes
            .iter()
            .map(|c| ClassListing { id: c.id, name: c.name.clone(), audience: c.audience })
            .collect();
        let mut parts = vec![Part::new("classes", codec::encode(&listing))];
        parts.extend(self.classes.iter().map(|c| Part::new(format!("class/{}", c.id), codec::encode(c))));
        parts.push(Part::new("adults", codec::encode(&self.adults)));
        if !self.role_keys.is_empty() {
            parts.push(Part::new(ROLES, codec::encode(&self.role_keys)));
        }
        if !self.families.is_empty() {
            parts.push(Part::new(FAMILIES, codec::encode(&self.families)));
        }
        Container::sign(Kind::Roster, self.school, self.number, self.made, &parts, key)
    }

    /// Reads a roster, checking every byte; `held` is the number of the roster already here.
    ///
    /// # Errors
    /// [`ContainerError`]: damaged, foreign, newer than this program, or not newer than `held`.
    pub fn open(bytes: &[u8], key: &VerifyKey, held: Option<u64>) -> Result<Self, ContainerError> {
        let container = Container::open(Kind::Roster, bytes, key)?.newer_than(held)?;
        let listing: Vec<ClassListing> = codec::decode(container.part("classes")?)?;
        let classes = listing
            .iter()
            .map(|c| Ok(codec::decode(container.part(&format!("class/{}", c.id))?)?))
            .collect::<Result<Vec<Class>, ContainerError>>()?;
        let adults = codec::decode(container.part("adults")?)?;
        Ok(Self {
            school: container.school,
            number: container.number,
            made: container.made,
            classes,
            adults,
            role_keys: role_keys(&container)?,
            families: families(&container)?,
        })
    }
}

/// The role keys of a roster that was opened. A roster from before there were any has none.
///
/// # Errors
/// [`ContainerError::Unreadable`].
pub fn role_keys(roster: &Container<'_>) -> Result<Vec<RoleKey>, ContainerError> {
    match roster.part(ROLES) {
        Ok(part) => Ok(codec::decode(part)?),
        Err(_) => Ok(Vec::new()),
    }
}

/// The families of a roster that was opened. A roster from before there were any has none.
///
/// # Errors
/// [`ContainerError::Unreadable`].
pub fn families(roster: &Container<'_>) -> Result<Vec<SealedFamily>, ContainerError> {
    match roster.part(FAMILIES) {
        Ok(part) => Ok(codec::decode(part)?),
        Err(_) => Ok(Vec::new()),
    }
}
