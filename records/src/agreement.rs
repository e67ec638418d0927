//! Agreements: what people promise, and the digest that names the exact words.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

use crate::{codec, digest::Digest, ids::Slug};

/// Whom an agreement is for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Audience {
    /// Key Stage 1, ages 5 to 7.
    #[n(0)]
    Ks1,
    /// Key Stage 2, ages 7 to 11.
    #[n(1)]
    Ks2,
    /// Parents and carers.
    #[n(2)]
    Parent,
    /// Staff and volunteers.
    #[n(3)]
    Staff,
    /// Visitors.
    #[n(4)]
    Visitor,
    /// Governors.
    #[n(5)]
    Governor,
    /// Clubs, hirers and others who use the building.
    #[n(6)]
    Community,
    /// Whoever uses the guests' wifi.
    #[n(7)]
    Guest,
    /// A family that borrows a device of the school.
    #[n(8)]
    DeviceLoan,
}

impl Audience {
    /// All of them, youngest first.
    pub const ALL: [Self; 9] = [
        Self::Ks1,
        Self::Ks2,
        Self::Parent,
        Self::Staff,
        Self::Visitor,
        Self::Governor,
        Self::Community,
        Self::Guest,
        Self::DeviceLoan,
    ];
    /// As written in content.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ks1 => "ks1",
            Self::Ks2 => "ks2",
            Self::Parent => "parent",
            Self::Staff => "staff",
            Self::Visitor => "visitor",
            Self::Governor => "governor",
            Self::Community => "community",
            Self::Guest => "guest",
            Self::DeviceLoan => "device-loan",
        }
    }
    /// Whether pupils sign it.
    pub const fn is_pupils(self) -> bool {
        matches!(self, Self::Ks1 | Self::Ks2)
    }
}
impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl FromStr for Audience {
    type Err = UnknownAudience;
    fn from_str(text: &str) -> Result<Self, UnknownAudience> {
        Self::ALL
            .into_iter()
            .find(|a| a.as_str() == text)
            .ok_or_else(|| UnknownAudience(text.chars().take(40).collect()))
    }
}

/// A text that names no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no audience: use ks1, ks2, parent, staff, visitor, governor, community, guest or device-loan"
)]
pub struct UnknownAudience(String);

/// A version as schools write it: one to four numbers with dots, compared number by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<u32>);

/// A text that is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a version: write numbers with dots, as in 4.1 or 2026.1")]
pub struct NotAVersion(String);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, number) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}
impl FromStr for Version {
    type Err = NotAVersion;
    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let bad = || NotAVersion(text.chars().take(40).collect());
        let plain = |p: &str| {
            !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && (p == "0" || !p.starts_with('0'))
        };
        let numbers = text
            .split('.')
            .map(|p| if plain(p) { p.parse().map_err(|_| bad()) } else { Err(bad()) })
            .collect::<Result<Vec<u32>, _>>()?;
        if numbers.len() <= 4 { Ok(Self(numbers)) } else { Err(bad()) }
    }
}
codec::text_codec!(Version);

/// Who signs again when an agreement's version rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum SignAgain {
    /// Everyone it is for.
    #[n(0)]
    Everyone,
    /// Nobody: the change does not alter what was promised.
    #[n(1)]
    Nobody,
}

/// One promise, with its picture and the simpler words behind “Tell me more”.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Statement {
    /// Its name within the agreement, which stays the same while its words improve.
    #[n(0)]
    pub name: Slug,
    /// The promise, word for word.
    #[n(1)]
    pub words: String,
    /// “Tell me more”, a paragraph each.
    #[n(2)]
    pub more: Vec<String>,
    /// The picture beside it.
    #[n(3)]
    pub symbol: Slug,
}

/// Statements that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Group {
    /// Its heading; none for statements that stand by themselves.
    #[n(0)]
    pub title: Option<String>,
    /// Words between the heading and the first statement, a paragraph each.
    #[n(1)]
    pub introduction: Vec<String>,
    /// Its statements, in order.
    #[n(2)]
    pub statements: Vec<Statement>,
    /// “What would you do?”, after them. It is not signed.
    #[n(3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Scenario>,
}

/// A short story that asks “what would you do?”. Nobody is marked, and what somebody chooses is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Scenario {
    /// Its name within the agreement.
    #[n(0)]
    pub name: Slug,
    /// What happens, in a sentence.
    #[n(1)]
    pub words: String,
    /// More of the story, a paragraph each.
    #[n(2)]
    pub story: Vec<String>,
    /// What one could do, in the order in which it is shown.
    #[n(3)]
    pub choices: Vec<ScenarioChoice>,
}

/// Something that one could do, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct ScenarioChoice {
    /// What one does.
    #[n(0)]
    pub words: String,
    /// What follows.
    #[n(1)]
    pub follows: String,
}

/// An acceptable-use agreement: one version of its words, for one audience.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Agreement {
    /// Its name in addresses.
    #[n(0)]
    pub slug: Slug,
    /// Whom it is for.
    #[n(1)]
    pub audience: Audience,
    /// Its heading.
    #[n(2)]
    pub title: String,
    /// The version of its words.
    #[n(3)]
    pub version: Version,
    /// Who signs again when the version rises.
    #[n(4)]
    pub sign_again: SignAgain,
    /// Words before the first statement, a paragraph each.
    #[n(5)]
    pub introduction: Vec<String>,
    /// The statements, in groups.
    #[n(6)]
    pub groups: Vec<Group>,
}

/// Names the exact words of an agreement: every English word that the signer could read in it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct AgreementDigest(#[n(0)] pub Digest);

impl fmt::Display for AgreementDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Agreement {
    /// All statements in order, whatever their group.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.groups.iter().flat_map(|g| &g.statements)
    }

    /// The digest of the words: title, introductions, groups, statements and “tell me more”, in
    /// order. Pictures, names, version and audience are not words and do not count. Neither do scenarios: they teach and
    /// promise nothing, so a better one asks nobody to sign again.
    pub fn digest(&self) -> AgreementDigest {
        let groups: Vec<_> = self
            .groups
            .iter()
            .map(|g| {
                let statements: Vec<_> = g.statements.iter().map(|s| (&s.words, &s.more)).collect();
                (&g.title, &g.introduction, statements)
            })
            .collect();
        let words = codec::encode(&(&self.title, &self.introduction, groups));
        AgreementDigest(Digest::of_kind("signpost agreement words 1", &words))
    }
}
