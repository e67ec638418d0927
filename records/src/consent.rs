//! Consent decisions, and the export by which others ask “may I?”.

use minicbor::{Decode, Encode};

use crate::{
    agreement::Version,
    codec,
    container::{Container, ContainerError, Kind, Part},
    day::{Moment, SchoolYear},
    digest::Digest,
    ids::{DeviceId, PersonId, RecordId, SchoolId, Slug},
    keys::{SigningKey, VerifyKey},
    signature::HelpText,
};

/// What a person answered for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum Answer {
    /// May be used.
    #[n(0)]
    Yes,
    /// May not be used.
    #[n(1)]
    No,
}

/// One purpose and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct PurposeAnswer {
    /// The purpose, by its name in the form.
    #[n(0)]
    pub purpose: Slug,
    /// The answer.
    #[n(1)]
    pub answer: Answer,
}

/// Yes or no for each purpose on one version of a form, by one person, for one pupil.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ConsentDecision {
    /// This decision.
    #[n(0)]
    pub id: RecordId,
    /// The pupil.
    #[n(1)]
    pub pupil: PersonId,
    /// Who decided.
    #[n(2)]
    pub by: PersonId,
    /// The form.
    #[n(3)]
    pub form: Slug,
    /// Its version.
    #[n(4)]
    pub version: Version,
    /// Its exact words.
    #[n(5)]
    pub words: Digest,
    /// Every purpose that was asked, each with its answer.
    #[n(6)]
    pub answers: Vec<PurposeAnswer>,
    /// The earlier decisions of the same person that this one replaces: those that were known where it was
    /// made. It is one, or none for the first; more only where two kiosks had each taken one unseen.
    #[n(7)]
    pub replaces: Vec<RecordId>,
    /// The translation shown beside the form, if any.
    #[n(8)]
    pub help: Option<HelpText>,
    /// When, by the kiosk's clock; it never decides anything.
    #[n(9)]
    pub when: Moment,
    /// At which kiosk.
    #[n(10)]
    pub device: DeviceId,
    /// Whether somebody helped.
    #[n(11)]
    pub helped: bool,
    /// The school year of the pack that asked.
    #[n(12)]
    pub year: SchoolYear,
    /// What else was asked and answered by choosing.
    #[n(13)]
    pub said: Vec<Said>,
}

/// A question of the form beside its purposes, and what was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Said {
    /// The question, by its name in the form.
    #[n(0)]
    pub question: Slug,
    /// The choice, by its name in the form; `yes` or `no` where the question is of that kind.
    #[n(1)]
    pub choice: Slug,
}

/// What may be done for a pupil and a purpose. Only [`Standing::Yes`] lets anything be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Standing {
    /// Somebody with parental responsibility said yes, and nobody's no stands.
    #[n(0)]
    Yes,
    /// A no stands.
    #[n(1)]
    No,
    /// Nobody has answered what is asked now. It is not a yes.
    #[n(2)]
    NotAsked,
}

/// One line of a [`ConsentExport`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ConsentLine {
    /// The pupil.
    #[n(0)]
    pub pupil: PersonId,
    /// The purpose.
    #[n(1)]
    pub purpose: Slug,
    /// What may be done.
    #[n(2)]
    pub standing: Standing,
}

/// What the hub tells the generator: for whom which use is allowed. Holds ids, no names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentExport {
    /// Rises with every export.
    pub number: u64,
    /// When it was made.
    pub made: Moment,
    /// A pupil or purpose without a line was not asked.
    pub lines: Vec<ConsentLine>,
}

impl ConsentExport {
    /// The signed file.
    pub fn sign(&self, school: SchoolId, key: &SigningKey) -> Vec<u8> {
        let parts = [Part::new("consent", codec::encode(&self.lines))];
        Container::sign(Kind::Consent, school, self.number, self.made, &parts, key)
    }
    /// Reads a signed file.
    ///
    /// # Errors
    /// [`ContainerError`] if one byte of it differs from what the hub signed.
    pub fn open(bytes: &[u8], key: &VerifyKey) -> Result<Self, ContainerError> {
        let container = Container::open(Kind::Consent, bytes, key)?;
        let lines = codec::decode(container.part("consent")?)?;
        Ok(Self { number: container.number, made: container.made, lines })
    }
    /// What may be done for this pupil and purpose. Where two lines differ, the stricter holds.
    pub fn standing(&self, pupil: PersonId, purpose: &Slug) -> Standing {
        let mut lines =
            self.lines.iter().filter(|l| l.pupil == pupil && l.purpose == *purpose).map(|l| l.standing);
        let Some(first) = lines.next() else { return Standing::NotAsked };
        lines.fold(first, |so_far, next| match (so_far, next) {
            (Standing::No, _) | (_, Standing::No) => Standing::No,
            (Standing::NotAsked, _) | (_, Standing::NotAsked) => Standing::NotAsked,
            (Standing::Yes, Standing::Yes) => Standing::Yes,
        })
    }
}
