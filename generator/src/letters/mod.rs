//! Letters to families: a letter's words and a list of families to PDFs, one to each line of the list.
//!
//! 1. [`table`] reads the list (CSV): cells with their places.
//! 2. [`columns`] knows which column is which, and [`families`] makes families of lines; everything that is
//!    wrong in the list is found in one pass, each with its line and column.
//! 3. [`fill`] puts a family's words in the place of `{{ pupil.first_name }}` and its like.
//! 4. [`mod@make`] sets the letters in the family's languages and prints them.
//!
//! [`order`] says which letter is meant and what its list needs.
//!
//! What stands in the list goes into the letters and nowhere else: a finding shows the cell that it is about
//! and no other, and never a family's code.

pub mod columns;
pub mod families;
#[cfg(feature = "print")]
mod fill;
#[cfg(feature = "print")]
mod make;
pub mod order;
#[cfg(feature = "print")]
mod parcel;
pub mod table;
#[cfg(feature = "print")]
mod words;

#[cfg(feature = "print")]
pub use parcel::parcel;

#[cfg(feature = "print")]
pub use make::{MOST_IN_A_FILE, Made, Shape, Told, make};

use std::collections::BTreeSet;

use records::language::Language;

use crate::{
    load::{
        document::Document,
        letter::{Merged, own_column},
        placeholder,
    },
    site::tongue,
    theme::{Theme, ThemeError},
};

/// What languages are called in lists: in English, and in themselves.
///
/// # Errors
/// [`ThemeError`], when the theme's list is missing or broken.
pub fn language_names(theme: &Theme) -> Result<families::LanguageNames, ThemeError> {
    let mut names = vec![("English".to_owned(), Language::english())];
    for (tag, known) in tongue::known(theme)? {
        let Ok(language) = tag.parse::<Language>() else { continue };
        let all = std::iter::once(known.english).chain(known.also).chain([known.name]);
        names.extend(all.map(|name| (name, language.clone())));
    }
    Ok(names)
}

/// What a letter asks of a list of families.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What every list has.
    pub merged: BTreeSet<Merged>,
    /// Columns of the letter's own.
    pub own: BTreeSet<String>,
}

impl Wanted {
    /// Everything that a letter names, in whatever language.
    pub fn of(letter: &Document) -> Self {
        let texts = std::iter::once(&letter.source.text)
            .chain(letter.translations.iter().map(|translation| &translation.page.source.text));
        let mut wanted = Self::default();
        for name in texts.flat_map(|text| placeholder::names(text)) {
            if let Some(merged) = Merged::ALL.into_iter().find(|merged| merged.as_str() == name) {
                wanted.merged.insert(merged);
            } else if let Some(column) = own_column(name) {
                wanted.own.insert(column.to_owned());
            }
        }
        wanted
    }
}
