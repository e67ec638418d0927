//! Pages that no file holds alone: the site makes them from what the whole school says.

use super::{School, document::Document, lists};

/// A page that the site makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Made {
    /// Whom to tell.
    Report,
    /// When each governed page is looked at again.
    Calendar,
    /// What each version changed.
    Changes,
    /// Who the governors are and what they check.
    Governors,
    /// What words mean.
    Glossary,
    /// Websites that children may use in lessons.
    ApprovedSites,
    /// How accessible this website is.
    Accessibility,
    /// What this website does with data.
    Privacy,
}

impl Made {
    /// All of them, in the order of the foot of a page.
    pub const ALL: [Self; 8] = [
        Self::Report,
        Self::Governors,
        Self::Calendar,
        Self::Changes,
        Self::Glossary,
        Self::ApprovedSites,
        Self::Accessibility,
        Self::Privacy,
    ];

    /// Where it stands in the site; its name in the catalogue of words is the same with `_`.
    pub const fn address(self) -> &'static str {
        match self {
            Self::Report => "report-a-concern",
            Self::Calendar => "review-calendar",
            Self::Changes => "what-changed",
            Self::Governors => "governors",
            Self::Glossary => "glossary",
            Self::ApprovedSites => "approved-sites",
            Self::Accessibility => "accessibility",
            Self::Privacy => "privacy",
        }
    }

    /// Its part of the catalogue of words.
    pub fn words(self) -> String {
        self.address().replace('-', "_")
    }

    /// Whether the school says enough for it.
    pub fn is_there(self, school: &School) -> bool {
        match self {
            Self::Report | Self::Privacy => true,
            Self::Calendar => school.reviewed().next().is_some(),
            Self::Changes => school.changed().next().is_some(),
            Self::Governors => school.settings.people.iter().any(|person| person.governor),
            Self::Glossary => !school.glossary.is_empty(),
            Self::ApprovedSites => !school.approved_sites.is_empty(),
            Self::Accessibility => school.settings.accessibility.is_some(),
        }
    }

    /// The page that a link to this path means: a list's file, or the page's own address.
    pub fn at(path: &str) -> Option<Self> {
        match path.trim_end_matches('/') {
            lists::GLOSSARY => Some(Self::Glossary),
            lists::APPROVED_SITES => Some(Self::ApprovedSites),
            path => Self::ALL.into_iter().find(|made| made.address() == path),
        }
    }
}

impl School {
    /// Published pages with a day of review.
    pub fn reviewed(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|d| d.is_published() && d.matter.review_due.is_some())
    }

    /// Published pages of which earlier words are on record.
    pub fn changed(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|document| self.is_changed(document))
    }

    /// Whether a page is published and earlier words of it are on record.
    pub fn is_changed(&self, document: &Document) -> bool {
        document.is_published() && self.history_of(document).is_some()
    }
}
