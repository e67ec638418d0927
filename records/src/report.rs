//! Reports: what somebody saw and did not like. We do not ask who they are.

use minicbor::{Decode, Encode};

use zeroize::Zeroize as _;

use crate::{
    day::{Day, Moment},
    ids::Slug,
    keys::SealKey,
    language::Language,
};

/// The most characters a child may add in words.
pub const REPORT_WORDS: usize = 400;

/// The most characters of words in a report that came from the web.
pub const WEB_WORDS: usize = 1000;

/// Whom a report is for; the form finds out by asking who it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// To the DSL role and the headteacher.
    #[n(0)]
    Safeguarding,
    /// To the headteacher and the chair of governors.
    #[n(1)]
    AboutGrownUp,
    /// To the chair and the vice-chair of governors.
    #[n(2)]
    AboutHeadteacher,
}

impl Route {
    /// All routes.
    pub const ALL: [Self; 3] = [Self::Safeguarding, Self::AboutGrownUp, Self::AboutHeadteacher];
    /// The two roles it is sealed for, in the order of its key slots.
    pub const fn roles(self) -> [Role; 2] {
        match self {
            Self::Safeguarding => [Role::Safeguarding, Role::Headteacher],
            Self::AboutGrownUp => [Role::Headteacher, Role::Chair],
            Self::AboutHeadteacher => [Role::Chair, Role::ViceChair],
        }
    }
}

/// A role that holds a key for reports. Keys belong to roles, not to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The designated safeguarding lead and deputies.
    #[n(0)]
    Safeguarding,
    /// The headteacher.
    #[n(1)]
    Headteacher,
    /// The chair of governors.
    #[n(2)]
    Chair,
    /// The vice-chair of governors.
    #[n(3)]
    ViceChair,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Safeguarding, Self::Headteacher, Self::Chair, Self::ViceChair];
    /// Its name on command lines and in the hub's database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::Headteacher => "headteacher",
            Self::Chair => "chair",
            Self::ViceChair => "vice-chair",
        }
    }
    /// Whether reports of this route are sealed for it.
    pub fn reads(self, route: Route) -> bool {
        route.roles().contains(&self)
    }
}

/// The public key of a role, as the hub gives it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct RoleKey {
    /// The role.
    #[n(0)]
    pub role: Role,
    /// Its key.
    #[n(1)]
    pub key: SealKey,
}

/// A report, as the child gave it. Choices are names of the survey form's pictures.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// The day; nothing finer.
    #[n(0)]
    pub day: Day,
    /// The feeling chosen.
    #[n(1)]
    pub feeling: Option<Slug>,
    /// What happened.
    #[n(2)]
    pub happened: Vec<Slug>,
    /// Where.
    #[n(3)]
    pub place: Option<Slug>,
    /// Who it was about.
    #[n(4)]
    pub about: Option<Slug>,
    /// The name, only if the child chose that someone shall talk with them.
    #[n(5)]
    pub talk_with: Option<String>,
    /// The own words of whoever tells: at most [`REPORT_WORDS`] characters, from the web [`WEB_WORDS`].
    #[n(6)]
    pub words: Option<String>,
    /// The four pictures that unlock the answer ([`crate::receipt`]); none where the child was shown none.
    #[n(7)]
    pub receipt: Vec<Slug>,
    /// The language the screen spoke.
    #[n(8)]
    pub language: Language,
}

/// What a child told is overwritten in memory when it is let go.
impl Drop for Report {
    fn drop(&mut self) {
        self.feeling.zeroize();
        self.happened.zeroize();
        self.place.zeroize();
        self.about.zeroize();
        self.talk_with.zeroize();
        self.words.zeroize();
        self.receipt.zeroize();
    }
}

/// What an adult adds to what a child told them, in the adult's own words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ToldTo {
    /// The adult, by the name they sign in with.
    #[n(0)]
    pub by: String,
    /// When they were told, as they wrote it.
    #[n(1)]
    pub when: String,
    /// The child's name; empty where the adult does not know it.
    #[n(2)]
    pub child: String,
    /// What the adult saw, heard and did.
    #[n(3)]
    pub own: String,
    /// When it was written down.
    #[n(4)]
    pub written: Moment,
}

/// Like the child's own.
impl Drop for ToldTo {
    fn drop(&mut self) {
        self.child.zeroize();
        self.own.zeroize();
    }
}

/// Who fills in the form on the web, as they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Teller {
    /// A child at this school.
    #[n(0)]
    Child,
    /// A parent or carer.
    #[n(1)]
    Parent,
    /// Somebody else.
    #[n(2)]
    Other,
}

/// Why a report from the web stands apart from the others. It is there all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Apart {
    /// Very many came at once.
    #[n(0)]
    Many,
    /// The field was filled in that people do not see: most likely by a machine.
    #[n(1)]
    Unseen,
}

/// What the form on the web asks besides.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FromWeb {
    /// Who tells, if they said.
    #[n(0)]
    pub teller: Option<Teller>,
    /// Whether somebody shall talk with them, if they said.
    #[n(1)]
    pub talk: Option<bool>,
    /// A name; empty where none was given.
    #[n(2)]
    pub name: String,
    /// How to reach them; empty where nothing was given.
    #[n(3)]
    pub contact: String,
    /// Whether it stands apart, and why.
    #[n(4)]
    pub apart: Option<Apart>,
}

/// Like a child's own.
impl Drop for FromWeb {
    fn drop(&mut self) {
        self.name.zeroize();
        self.contact.zeroize();
    }
}

/// What an opened envelope holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Contents {
    /// Nothing: it was there so that nobody could tell.
    #[n(0)]
    Decoy,
    /// A report.
    #[n(1)]
    Report(#[n(0)] Box<Report>),
    /// What a child told an adult, and what the adult adds.
    #[n(2)]
    Concern(#[n(0)] Box<Report>, #[n(1)] Box<ToldTo>),
    /// What somebody told through the form on the web.
    #[n(3)]
    Web(#[n(0)] Box<Report>, #[n(1)] Box<FromWeb>),
}
