//! A class's promise with everybody's mark, from what the hub made of its register.

use std::{collections::BTreeMap, path::PathBuf};

use clap::ValueEnum;
use press::print::{
    Fault, Press, Style,
    display::{Display as Sheet, Mark as Drawn, Sign},
    sheet,
};
use records::{container::ContainerError, display::ClassDisplay, signature::Mark};

use super::{PrintError, made, words::Words};
use crate::{
    look::Look,
    theme::{Theme, ThemeError},
};

/// The size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// 297 by 210 mm.
    #[value(name = "a4")]
    A4,
    /// 420 by 297 mm.
    #[value(name = "a3")]
    A3,
}

/// Why a display cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// The file cannot be read.
    #[error("{} cannot be read: {why}", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// It is not what the hub made.
    #[error("{0}; make it again at the hub’s desk")]
    Damaged(ContainerError),
    /// Nobody has signed.
    #[error("nobody of “{0}” has signed yet, so there is nothing to hang up")]
    Nobody(String),
    /// Its words or marks do not fit.
    #[error(
        "“{0}” does not fit on the sheet in a size that can be read; print it on A3, or hang up two halves of the class"
    )]
    TooLong(String),
    /// A name has a letter that no font has.
    #[error("the fonts for print have no “{0}” (U+{code:04X}), which stands in a name or a promise", code = u32::from(*.0))]
    Letter(char),
    /// The theme is at fault.
    #[error(transparent)]
    Theme(#[from] PrintError),
    /// Something else that the engine refused.
    #[error("the sheet cannot be made: {0}")]
    Refused(String),
}

impl From<ThemeError> for DisplayError {
    fn from(error: ThemeError) -> Self {
        Self::Theme(error.into())
    }
}

/// Makes the PDF.
///
/// # Errors
/// [`DisplayError`].
pub fn print(made: &ClassDisplay, theme: &Theme, size: Size) -> Result<Vec<u8>, DisplayError> {
    let press = Press::new(&style(made, theme)?).map_err(|why| PrintError::Style(why.to_string()))?;
    let sheet = sheet(made, theme, size)?;
    press.display(&sheet).map(|printed| printed.bytes).map_err(|faults| told(&faults))
}

/// How it looks: as the theme says, in the colours that came with it, for no school's folder is at hand where
/// it is printed.
///
/// # Errors
/// [`PrintError`].
pub fn style(made: &ClassDisplay, theme: &Theme) -> Result<Style, PrintError> {
    let look = made.display.colours.as_ref().map(Look::from).unwrap_or_default();
    made::styled(theme, &look)
}

/// The sheet as it is handed to the engine.
///
/// # Errors
/// [`DisplayError`].
pub fn sheet(made: &ClassDisplay, theme: &Theme, size: Size) -> Result<Sheet, DisplayError> {
    let said = &made.display;
    if said.signers.is_empty() {
        return Err(DisplayError::Nobody(said.class.clone()));
    }
    let words = Words::of(theme)?.own.display;
    let mut pictures = BTreeMap::new();
    let mut picture = |name: &str| {
        let path = format!("symbols/{name}.svg");
        pictures.insert(path.clone(), theme.symbol(name)?.to_vec());
        Some(path)
    };
    let promises = said.agreement.statements();
    let promises =
        promises.map(|promise| (picture(promise.symbol.as_str()), promise.words.clone())).collect();
    let mut mark = |mark: &Mark| match mark {
        Mark::Drawn(drawing) => {
            let points =
                |stroke: &Vec<records::signature::Point>| stroke.iter().map(|p| (p.0, p.1)).collect();
            Sign::Strokes(drawing.strokes().iter().map(points).collect())
        }
        // A sticker of a school's own is at its kiosks alone: a star stands for it.
        Mark::Sticker(name) => {
            Sign::Sticker(picture(name.as_str()).or_else(|| picture("star")).unwrap_or_default())
        }
    };
    let marks =
        said.signers.iter().map(|signer| Drawn { name: signer.name.clone(), sign: mark(&signer.mark) });
    let marks = marks.collect();
    let day = jiff::Timestamp::from_second(made.made.0).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    Ok(Sheet {
        title: said.agreement.title.clone(),
        class: format!("{} · {}", said.class, said.year),
        says: words.says,
        school: said.school.clone(),
        language: said.language.to_string(),
        day: (day.year(), day.month(), day.day()),
        sheet: match size {
            Size::A4 => sheet::Sheet::A4,
            Size::A3 => sheet::Sheet::A3,
        },
        promises,
        marks,
        pictures,
    })
}

fn told(faults: &[Fault]) -> DisplayError {
    match faults.first() {
        Some(Fault::NoGlyph { letter, .. }) => DisplayError::Letter(*letter),
        Some(Fault::TooLong { words, .. }) => DisplayError::TooLong(words.clone()),
        other => DisplayError::Refused(format!("{other:?}")),
    }
}
