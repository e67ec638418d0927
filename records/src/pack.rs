//! The pack: all words and pictures that a kiosk shows, and what it says. It holds no pupil.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::{
    agreement::{Agreement, AgreementDigest},
    codec,
    colours::SchoolColours,
    container::{Container, ContainerError, Kind, Part},
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    flowchart::Flowchart,
    form::Form,
    ids::{SchoolId, Slug},
    keys::{SigningKey, VerifyKey},
    language::Language,
    register::Register,
    retention::RetentionRules,
    staff_page::StaffPage,
    survey::Survey,
    tell::Tell,
    voice::Recording,
};

/// A grown-up whom children may turn to, as the end of every round shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct TrustedAdult {
    /// As children know them: “Mrs Okafor”.
    #[n(0)]
    pub name: String,
    /// What they do, in a child's words.
    #[n(1)]
    pub role: String,
    /// Their picture.
    #[n(2)]
    pub picture: Slug,
}

/// Somebody to ring.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Helpline {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Its number, as dialled.
    #[n(1)]
    pub phone: String,
}

/// A picture of the pack: its bytes are the part `symbol/NAME.svg`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Symbol {
    /// Its name.
    #[n(0)]
    pub name: Slug,
    /// What it shows, for those who do not see it.
    #[n(1)]
    pub alt: String,
}

/// A class's picture, by the class's name in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ClassPicture {
    /// The class's name.
    #[n(0)]
    pub class: String,
    /// Its picture.
    #[n(1)]
    pub symbol: Slug,
}

/// A sentence of the kiosk's own screens: name and words. The school's content may change the words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Phrase {
    /// What the program asks for, such as `sign.yes`.
    #[n(0)]
    pub name: String,
    /// The words shown.
    #[n(1)]
    pub words: String,
}

/// A language that grown-ups may choose beside English, with the kiosk's own sentences in it; what is not among them
/// is shown in English.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct TranslatedPhrases {
    /// The language.
    #[n(0)]
    pub language: Language,
    /// The sentences.
    #[n(1)]
    pub phrases: Vec<Phrase>,
    /// What the language calls itself: “Polski”.
    #[n(2)]
    pub name: String,
}

/// An agreement in another language: help to understand the English words, which are the ones that are signed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct AgreementTranslation {
    /// The language.
    #[n(0)]
    pub language: Language,
    /// The words, under the names of the English agreement and in its order; English where nobody translated them.
    #[n(1)]
    pub agreement: Agreement,
}

/// What whoever signed earlier words of an agreement has not signed yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct AgreementChange {
    /// The agreement.
    #[n(0)]
    pub agreement: Slug,
    /// The words that they signed.
    #[n(1)]
    pub was: AgreementDigest,
    /// The statements that are new since, or have other words.
    #[n(2)]
    pub statements: Vec<Slug>,
}

/// What parents and carers are asked consent for. The English words are what they decide on; a translation helps
/// to understand them, and a decision names both.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ConsentForm {
    /// The form.
    #[n(0)]
    pub form: Form,
    /// The same form, name for name, in other languages.
    #[n(1)]
    pub translations: Vec<FormTranslation>,
}

/// A form in another language.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct FormTranslation {
    /// The language.
    #[n(0)]
    pub language: Language,
    /// The words, under the names of the English form.
    #[n(1)]
    pub form: Form,
}

/// A term of the school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Term {
    /// Its first day.
    #[n(0)]
    pub starts: Day,
    /// Its last day.
    #[n(1)]
    pub ends: Day,
}

/// Everything in a pack but the bytes of pictures and sounds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct PackContent {
    /// The school's name.
    #[n(0)]
    pub school_name: String,
    /// The school year that signatures count for.
    #[n(1)]
    pub year: SchoolYear,
    /// The school's time zone, such as `Europe/London`.
    #[n(2)]
    pub time_zone: String,
    /// The agreements.
    #[n(3)]
    pub agreements: Vec<Agreement>,
    /// The pictures.
    #[n(4)]
    pub symbols: Vec<Symbol>,
    /// Classes' pictures.
    #[n(5)]
    pub class_pictures: Vec<ClassPicture>,
    /// Grown-ups to turn to.
    #[n(6)]
    pub trusted_adults: Vec<TrustedAdult>,
    /// Numbers to ring.
    #[n(7)]
    pub helplines: Vec<Helpline>,
    /// The sentences of the kiosk's own screens.
    #[n(8)]
    pub phrases: Vec<Phrase>,
    /// The stickers that a child may sign with, by symbol.
    #[n(9)]
    pub stickers: Vec<Slug>,
    /// What a child is asked who did not like something; none where the school asks nothing.
    #[n(10)]
    pub tell: Option<Tell>,
    /// What parents and carers are asked consent for.
    #[n(11)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub consent: Vec<ConsentForm>,
    /// The languages that grown-ups may choose, in the order in which they are offered.
    #[n(12)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub translated_phrases: Vec<TranslatedPhrases>,
    /// The school's own colours, for what the hub has printed; none where it states none.
    #[n(13)]
    pub colours: Option<SchoolColours>,
    /// The school's terms, in order: families' codes end with one.
    #[n(14)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// The agreements in other languages.
    #[n(15)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub translated_agreements: Vec<AgreementTranslation>,
    /// What to do when something went wrong, for staff at the hub's desk; kiosks show none of it.
    #[n(16)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub flowcharts: Vec<Flowchart>,
    /// What is read aloud to children; a sentence that is not among it is not said.
    #[n(17)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    /// How long the hub keeps what it holds; none where the school has no rules yet, and then nothing is removed.
    /// Kiosks show none of it.
    #[n(18)]
    pub retention: Option<RetentionRules>,
    /// What staff, volunteers and governors are asked consent for, each for themselves. It is entered at the hub's
    /// desk; kiosks show none of it.
    #[n(19)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub adult_consent: Vec<Form>,
    /// The forms of which the hub's desk keeps entries; kiosks show none of them.
    #[n(20)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub registers: Vec<Register>,
    /// What touchscreens ask pupils in pictures, in the order of lists. Only how often which answer was given is kept.
    #[n(21)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub surveys: Vec<Survey>,
    /// What is new in agreements that people have signed before, for each of the words that they may have signed.
    #[n(22)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub changes: Vec<AgreementChange>,
}

impl PackContent {
    /// The last day of what a day belongs to: its term, the next one where it lies between two, else the school year.
    /// None where the pack knows nothing of that time.
    pub fn end_of_term(&self, day: Day) -> Option<Day> {
        let ends = self.terms.iter().map(|term| term.ends).chain([self.year.ends]);
        ends.filter(|end| *end >= day).min()
    }
}

/// The part of a draft that no pack has.
const STAFF_PAGES: &str = "staff-pages";

/// What the generator makes: content, pictures and sounds, whole but not yet the school's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackDraft {
    /// When it was made: midnight UTC of the build's day, so that the same build gives the same bytes.
    pub made: Moment,
    /// The content.
    pub content: PackContent,
    /// SVG bytes by symbol name.
    pub pictures: BTreeMap<Slug, Vec<u8>>,
    /// Sound files by the name of what they say.
    pub sounds: BTreeMap<Digest, Vec<u8>>,
    /// Pages for staff alone, in the order of lists. They are the hub's: [`PackDraft::sign`] leaves them out.
    pub staff_pages: Vec<StaffPage>,
}

impl PackDraft {
    /// The draft's file.
    pub fn write(&self) -> Vec<u8> {
        let mut parts = parts(&self.content, &self.pictures, &self.sounds);
        if !self.staff_pages.is_empty() {
            parts.push(Part::new(STAFF_PAGES, codec::encode(&self.staff_pages)));
        }
        Container::draft(Kind::Pack, self.made, &parts)
    }
    /// Reads a draft.
    ///
    /// # Errors
    /// [`ContainerError`] if it is damaged or not a draft.
    pub fn read(bytes: &[u8]) -> Result<Self, ContainerError> {
        let container = Container::open_draft(Kind::Pack, bytes)?;
        let (content, pictures, sounds) = content(&container)?;
        let for_staff = container.parts().find(|(name, _)| *name == STAFF_PAGES);
        let staff_pages = for_staff.map(|(_, bytes)| codec::decode(bytes)).transpose()?.unwrap_or_default();
        Ok(Self { made: container.made, content, pictures, sounds, staff_pages })
    }
    /// The pack that the hub publishes: the draft with a number and the school's signature, and nothing that is for staff
    /// alone.
    pub fn sign(&self, school: SchoolId, number: u64, key: &SigningKey) -> Vec<u8> {
        Container::sign(
            Kind::Pack,
            school,
            number,
            self.made,
            &parts(&self.content, &self.pictures, &self.sounds),
            key,
        )
    }
}

/// A pack that a school's hub signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The school.
    pub school: SchoolId,
    /// Rises with every pack of the school.
    pub number: u64,
    /// When its draft was made.
    pub made: Moment,
    /// The content.
    pub content: PackContent,
    /// SVG bytes by symbol name.
    pub pictures: BTreeMap<Slug, Vec<u8>>,
    /// Sound files by the name of what they say.
    pub sounds: BTreeMap<Digest, Vec<u8>>,
}

impl Pack {
    /// Reads a pack, checking every byte; `held` is the number of the pack already here.
    ///
    /// # Errors
    /// [`ContainerError`]: damaged, foreign, newer than this program, or not newer than `held`.
    pub fn open(bytes: &[u8], key: &VerifyKey, held: Option<u64>) -> Result<Self, ContainerError> {
        let container = Container::open(Kind::Pack, bytes, key)?.newer_than(held)?;
        let (content, pictures, sounds) = content(&container)?;
        Ok(Self {
            school: container.school,
            number: container.number,
            made: container.made,
            content,
            pictures,
            sounds,
        })
    }
}

type Pictures = BTreeMap<Slug, Vec<u8>>;
type Sounds = BTreeMap<Digest, Vec<u8>>;

fn parts(content: &PackContent, pictures: &Pictures, sounds: &Sounds) -> Vec<Part> {
    let picture = |(name, svg): (&Slug, &Vec<u8>)| Part::new(format!("symbol/{name}.svg"), svg.clone());
    let sound = |(name, bytes): (&Digest, &Vec<u8>)| Part::new(format!("voice/{name}"), bytes.clone());
    std::iter::once(Part::new("content", codec::encode(content)))
        .chain(pictures.iter().map(picture))
        .chain(sounds.iter().map(sound))
        .collect()
}

fn content(container: &Container<'_>) -> Result<(PackContent, Pictures, Sounds), ContainerError> {
    let content: PackContent = codec::decode(container.part("content")?)?;
    let mut pictures = BTreeMap::new();
    for symbol in &content.symbols {
        let svg = container.part(&format!("symbol/{}.svg", symbol.name))?;
        pictures.insert(symbol.name.clone(), svg.to_vec());
    }
    let mut sounds = BTreeMap::new();
    for recording in &content.recordings {
        let sound = container.part(&format!("voice/{}", recording.sentence))?;
        sounds.insert(recording.sentence, sound.to_vec());
    }
    Ok((content, pictures, sounds))
}
