//! How what leaves the hub is to be handled: a label in the school's own words, on the first line of each file for a
//! spreadsheet and at the head of each print.

use crate::{
    hub::Hub,
    store::{StoreError, audit::Actor},
};

/// The longest label, in letters: two or three lines of a print.
pub const MOST: usize = 240;

/// What is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Lists with names, and pages about somebody.
    Lists,
    /// What children told, and what was done about it.
    Reports,
}

/// Why words are no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Nobody reads so much at the head of a list.
    #[error("it is {0} letters too long: {MOST} are the most")]
    TooLong(usize),
    /// Nothing can be read of it.
    #[error("write it in words that can be read")]
    NoWords,
}

impl Label {
    /// What stands there while the school has set nothing else.
    pub const fn usual(self) -> &'static str {
        match self {
            Self::Lists => {
                "PERSONAL DATA – for school use only: keep it safe, share it only with those who need it, delete or shred it when done."
            }
            Self::Reports => "CONFIDENTIAL – safeguarding. Only for those whose role it is to read it.",
        }
    }

    const fn setting(self) -> &'static str {
        match self {
            Self::Lists => "label of lists",
            Self::Reports => "label of the safeguarding desk",
        }
    }

    /// What the log says when it was changed: nothing of any report.
    const fn noted(self) -> &'static str {
        match self {
            Self::Lists => "lists",
            Self::Reports => "safeguarding",
        }
    }
}

/// Words as a label: on one line. None where nothing was written, which asks for the usual ones.
///
/// # Errors
/// [`LabelError`].
pub fn checked(typed: &str) -> Result<Option<String>, LabelError> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Ok(None);
    }
    if words.chars().any(char::is_control) || !words.chars().any(char::is_alphanumeric) {
        return Err(LabelError::NoWords);
    }
    match words.chars().count().saturating_sub(MOST) {
        0 => Ok(Some(words)),
        over => Err(LabelError::TooLong(over)),
    }
}

/// Other words follow on the same line.
fn as_a_sentence(mut words: String) -> String {
    if words.ends_with(|last: char| last.is_alphanumeric() || last == ')') {
        words.push('.');
    }
    words
}

impl Hub {
    /// The words of a label as the school set them; none where it has set none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn own_label(&self, label: Label) -> Result<Option<String>, StoreError> {
        let kept = self.store.setting(label.setting())?;
        Ok(kept.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).filter(|words| !words.is_empty()))
    }

    /// The words of a label, as they stand on files and prints.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn label(&self, label: Label) -> Result<String, StoreError> {
        let own = self.own_label(label)?;
        Ok(as_a_sentence(own.unwrap_or_else(|| label.usual().to_owned())))
    }

    /// Sets the words of a label, or goes back to the usual ones; who did is noted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_label(&self, label: Label, words: Option<&str>, account: i64) -> Result<(), StoreError> {
        let value = words.unwrap_or_default().as_bytes();
        let noted = ("handling label changed", label.noted());
        self.store.choose_setting(label.setting(), value, noted, Actor::Account(account), self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_one_line_nothing_asks_for_the_usual_ones_and_what_nobody_would_read_is_refused() {
        assert_eq!(
            checked("  OFFICIAL-SENSITIVE:\r\n personal "),
            Ok(Some("OFFICIAL-SENSITIVE: personal".into()))
        );
        assert_eq!(checked(" \n"), Ok(None));
        assert_eq!(checked(&"a".repeat(MOST + 2)), Err(LabelError::TooLong(2)));
        assert_eq!(checked("* *"), Err(LabelError::NoWords));
        assert_eq!(checked("a\u{7}b"), Err(LabelError::NoWords));
        assert_eq!(as_a_sentence("PROTECTED".into()), "PROTECTED.");
        assert_eq!(as_a_sentence("PROTECTED!".into()), "PROTECTED!");
    }
}
