//! What a class has signed, for its wall: made by the hub, printed by `signpost display`.

use minicbor::{Decode, Encode};

use crate::{
    agreement::Agreement,
    codec,
    colours::SchoolColours,
    container::{Container, ContainerError, Kind, Part},
    day::Moment,
    language::Language,
    signature::Mark,
};

/// One child's mark.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Signer {
    /// The first name, and as much of the surname as the class needs to tell two apart.
    #[n(0)]
    pub name: String,
    /// The mark.
    #[n(1)]
    pub mark: Mark,
}

/// A class's agreement with the marks of those who have signed. Whoever has not is not in it: a wall must not
/// say who is missing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Display {
    /// The school's name.
    #[n(0)]
    pub school: String,
    /// The language of its words.
    #[n(1)]
    pub language: Language,
    /// The class's name.
    #[n(2)]
    pub class: String,
    /// The school year, as in “2026 to 2027”.
    #[n(3)]
    pub year: String,
    /// What was promised.
    #[n(4)]
    pub agreement: Agreement,
    /// Who promised it, in the order of the class list.
    #[n(5)]
    pub signers: Vec<Signer>,
    /// The school's own colours; none where it states none.
    #[n(6)]
    pub colours: Option<SchoolColours>,
}

/// A display on its way to the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassDisplay {
    /// When it was made.
    pub made: Moment,
    /// What is shown.
    pub display: Display,
}

impl ClassDisplay {
    /// The file. It is not signed: nothing is taken from it but a print. A digest guards it against damage.
    pub fn write(&self) -> Vec<u8> {
        Container::draft(Kind::Display, self.made, &[Part::new("display", codec::encode(&self.display))])
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`ContainerError`] if it is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ContainerError> {
        let container = Container::open_draft(Kind::Display, bytes)?;
        Ok(Self { made: container.made, display: codec::decode(container.part("display")?)? })
    }
}
