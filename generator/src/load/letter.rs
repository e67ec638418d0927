//! What a letter may name of the family that it goes to.
//!
//! `{{ pupil.first_name }}` in `letters/*.md` stands for something else in each letter. What is known here
//! every list of families has; a letter that needs more names the columns in its settings, as in
//! `columns = ["stopped_on"]`, and says `{{ letter.stopped_on }}`.

use super::front_matter::FrontMatter;

/// Something that differs from letter to letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Merged {
    /// The child's whole name.
    PupilName,
    /// The name that the child is called by.
    PupilFirstName,
    /// The child's class.
    PupilClass,
    /// As the family is addressed: “Mrs Nowak and Mr Nowak”.
    FamilyName,
    /// The code with which the family finds itself at a kiosk.
    FamilyCode,
    /// The day of the letter.
    Day,
}

impl Merged {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::PupilName,
        Self::PupilFirstName,
        Self::PupilClass,
        Self::FamilyName,
        Self::FamilyCode,
        Self::Day,
    ];

    /// As it is written between the braces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PupilName => "pupil.name",
            Self::PupilFirstName => "pupil.first_name",
            Self::PupilClass => "pupil.class",
            Self::FamilyName => "family.name",
            Self::FamilyCode => "family.code",
            Self::Day => "letter.day",
        }
    }
}

/// What stands before the name of a letter's own column.
const OWN: &str = "letter.";

/// The column that a placeholder means, where it is one that letters have of their own.
pub fn own_column(placeholder: &str) -> Option<&str> {
    placeholder.strip_prefix(OWN).filter(|_| placeholder != Merged::Day.as_str())
}

/// Every placeholder of a letter beyond those that the school has.
pub fn placeholders(matter: &FrontMatter) -> Vec<String> {
    let own = matter.columns.iter().map(|column| format!("{OWN}{}", column.value));
    Merged::ALL.iter().map(|merged| merged.as_str().to_owned()).chain(own).collect()
}
