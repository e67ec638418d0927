//! Where pupils are shown on the public site: made by `signpost check`, kept by the hub, so that a
//! withdrawn consent leads to the pages it touches.

use minicbor::{Decode, Encode};

use crate::{
    codec,
    container::{Container, ContainerError, Kind, Part},
    day::Moment,
    digest::Digest,
    ids::PersonId,
};

/// The use that every picture of a pupil on the public site needs, by its name in the consent form.
pub const WEBSITE: &str = "website";

/// One pupil in one picture on one page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize)]
pub struct Published {
    /// Who.
    #[n(0)]
    pub pupil: PersonId,
    /// The page, from the site's root.
    #[n(1)]
    pub page: String,
    /// The picture's bytes as published.
    #[n(2)]
    pub picture: Digest,
}

/// Every pupil on the site, by opaque id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedList {
    /// When the site was checked.
    pub made: Moment,
    /// One entry for each pupil, picture and page.
    pub entries: Vec<Published>,
}

impl PublishedList {
    /// The file. It is not signed: the generator holds no key. A digest guards it against damage.
    pub fn write(&self) -> Vec<u8> {
        Container::draft(Kind::Published, self.made, &[Part::new("published", codec::encode(&self.entries))])
    }
    /// Reads the file.
    ///
    /// # Errors
    /// [`ContainerError`] if it is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ContainerError> {
        let container = Container::open_draft(Kind::Published, bytes)?;
        Ok(Self { made: container.made, entries: codec::decode(container.part("published")?)? })
    }
}
