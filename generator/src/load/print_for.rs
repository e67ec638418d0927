//! Where a print hangs or whom it is given to, and how many there are of them.

use std::collections::BTreeMap;

use super::{
    document::Kind,
    front_matter::{FrontMatter, Readers},
    nearest::did_you_mean,
    toml_reader::Reader,
};
use records::{
    agreement::Audience,
    form::{FormAudience, FormKind},
};

/// Where a print hangs or whom it is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrintFor {
    /// A room where children are taught.
    Classrooms,
    /// A corridor, a cloakroom, the hall.
    Corridors,
    /// Where visitors and families come in.
    Entrances,
    /// The office, the staff room, the headteacher's room.
    Offices,
    /// A family.
    Families,
    /// A child of Key Stage 1.
    Ks1,
    /// A child of Key Stage 2.
    Ks2,
    /// Somebody who works here.
    Staff,
    /// A governor.
    Governors,
    /// The folder in the office for whoever asks to read it on paper.
    Folder,
    /// Whoever needs one.
    Asked,
}

impl PrintFor {
    /// All of them, in the order of the list of what to print.
    pub const ALL: [Self; 11] = [
        Self::Classrooms,
        Self::Corridors,
        Self::Entrances,
        Self::Offices,
        Self::Families,
        Self::Ks1,
        Self::Ks2,
        Self::Staff,
        Self::Governors,
        Self::Folder,
        Self::Asked,
    ];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classrooms => "classrooms",
            Self::Corridors => "corridors",
            Self::Entrances => "entrances",
            Self::Offices => "offices",
            Self::Families => "families",
            Self::Ks1 => "ks1",
            Self::Ks2 => "ks2",
            Self::Staff => "staff",
            Self::Governors => "governors",
            Self::Folder => "folder",
            Self::Asked => "asked",
        }
    }

    /// Where a page that does not say so goes.
    pub(super) fn usual(kind: Kind, matter: &FrontMatter) -> Self {
        match kind {
            Kind::Poster => Self::Classrooms,
            Kind::Flowchart => Self::Offices,
            Kind::Policy => Self::Folder,
            Kind::Agreement => match matter.audience.as_ref().map(|audience| audience.value) {
                Some(Audience::Ks1) => Self::Ks1,
                Some(Audience::Ks2) => Self::Ks2,
                Some(Audience::Parent) => Self::Families,
                Some(Audience::Staff) => Self::Staff,
                Some(Audience::Governor) => Self::Governors,
                _ => Self::Asked,
            },
            Kind::Guide if matter.readers == Readers::Children => Self::Classrooms,
            _ => Self::Asked,
        }
    }

    /// Where a form that does not say so goes: consent is asked of everybody, all else of whoever needs it.
    pub(super) const fn usual_form(kind: FormKind, audience: FormAudience) -> Self {
        match (kind, audience) {
            (FormKind::Consent, FormAudience::Parent) => Self::Families,
            (FormKind::Consent | FormKind::SelfAudit, FormAudience::Staff) => Self::Staff,
            _ => Self::Asked,
        }
    }
}

/// Reads `print_for`, where it is written.
pub(super) fn read(reader: &Reader<'_, '_>) -> Option<PrintFor> {
    let written = reader.text("print_for")?;
    let known = PrintFor::ALL.into_iter().find(|whom| whom.as_str() == written.value);
    if known.is_none() {
        let names = PrintFor::ALL.map(PrintFor::as_str);
        reader.tell(reader.source().error(
            "wrong-value",
            written.range,
            format!("“print_for” cannot be “{}”.", written.value),
            did_you_mean(
                &written.value,
                names,
                format!("Write one of these in quotes: {}.", names.join(", ")),
            ),
        ));
    }
    known
}

/// How many there are, as far as `[print]` in school.toml says.
pub(super) fn counts(reader: &Reader<'_, '_>) -> BTreeMap<PrintFor, u32> {
    let mut counts = BTreeMap::new();
    for whom in PrintFor::ALL {
        let Some(number) = reader.number(whom.as_str()) else { continue };
        match u32::try_from(number) {
            Ok(number) if number <= 100_000 => drop(counts.insert(whom, number)),
            _ => reader.tell(reader.source().error(
                "wrong-value",
                reader.whole(),
                format!("There cannot be {number} {}.", whom.as_str()),
                "Write how many there are, from 0 to 100000.",
            )),
        }
    }
    counts
}
