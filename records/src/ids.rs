//! Names for people, devices and records that say nothing about them, and names for content.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

use crate::codec::text_codec;

/// A text that is not the id or name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// Not 32 hexadecimal digits.
    #[error("“{0}” is not an id: 32 of the characters 0-9 and a-f")]
    NotHex(String),
    /// Not a slug.
    #[error("“{0}” is not a name for content: use lower-case letters, digits and single hyphens, at most 64")]
    NotSlug(String),
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] [u8; 16]);

        impl $name {
            /// From 16 random bytes (or the bytes of an id read back).
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
            /// The 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                data_encoding::HEXLOWER
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or_else(|| BadId::NotHex(text.chars().take(80).collect()))
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(/// One school, for as long as its hub lives.
    SchoolId);
id!(/// A pupil, a member of staff, a governor or a parent, as the hub knows them. Random: it says nothing.
    PersonId);
id!(/// A class of pupils.
    ClassId);
id!(/// A kiosk, from its pairing on.
    DeviceId);
id!(/// One record, chosen at random when it is made: the same id is the same record.
    RecordId);
id!(/// One report box of a kiosk, from its beginning to its end.
    BoxId);
id!(/// An envelope that lies at the hub: chosen there at random, so that it tells nothing of where it came from.
    EnvelopeId);

/// A short name for a piece of content, as in addresses: lower-case letters, digits, single hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl FromStr for Slug {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let good = (1..=64).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if good { Ok(Self(text.to_owned())) } else { Err(BadId::NotSlug(text.chars().take(80).collect())) }
    }
}
text_codec!(Slug);

impl zeroize::Zeroize for Slug {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}
