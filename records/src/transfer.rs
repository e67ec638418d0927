//! A pupil's file for the next school: JSON that any program can read, documented in `docs/transfer-file.md`.
//!
//! It names the pupil and nobody else. It gives the next school no consent: every school asks for its own.

use crate::{day::Day, ids::Slug};

/// What every such file says that it is.
pub const FORMAT: &str = "signpost-transfer";
/// The version that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// The pupil.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferPupil {
    /// The name they are called by.
    pub forename: String,
    /// Their surname.
    pub surname: String,
    /// The unique pupil number.
    pub upn: Option<String>,
    /// The year group; 0 is Reception.
    pub year_group: Option<i8>,
    /// The class that they were in.
    pub class: Option<String>,
    /// The day on which they left, once they have.
    pub left: Option<Day>,
}

/// An agreement that the pupil signed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferSignature {
    /// Its name.
    pub agreement: Slug,
    /// What it was called.
    pub title: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its words, as a signature names them.
    pub words: String,
    /// On which day.
    pub signed: Day,
    /// The last day of the school year it was for.
    pub until: Day,
    /// Whether somebody helped.
    pub helped: bool,
    /// On which day it was withdrawn, if it was.
    pub withdrawn: Option<Day>,
}

/// What was answered for one use.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAnswer {
    /// The use, by its name.
    #[serde(rename = "use")]
    pub purpose: Slug,
    /// In the words that were asked.
    pub words: String,
    /// “yes” or “no”.
    pub answer: String,
}

/// What one person with parental responsibility answered on a form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferDecision {
    /// The form, by its name.
    pub form: Slug,
    /// Its version.
    pub version: String,
    /// Who answered, as what they are to the pupil: “Mother”.
    pub by: String,
    /// On which day.
    pub decided: Day,
    /// Each use.
    pub answers: Vec<TransferAnswer>,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferFile {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Its number at the school that made it, which stands on the receipt.
    pub number: u64,
    /// The school that made it.
    pub school: String,
    /// On which day.
    pub made: Day,
    /// Whom it is about.
    pub pupil: TransferPupil,
    /// What they signed, the earliest first.
    pub signatures: Vec<TransferSignature>,
    /// What was answered for them, the earliest first.
    pub decisions: Vec<TransferDecision>,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Made by a newer program.
    #[error("this transfer file is of version {0}, and I read up to {VERSION}. Update this program")]
    Newer(u32),
    /// Another kind of file, or damaged.
    #[error("this is no transfer file of Signpost: {0}")]
    NotOne(String),
}

impl TransferFile {
    /// The file's bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes =
            serde_json::to_vec_pretty(self).expect("it has neither maps nor numbers that JSON lacks");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`TransferError`].
    pub fn read(bytes: &[u8]) -> Result<Self, TransferError> {
        #[derive(serde::Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let not_one = |why: serde_json::Error| TransferError::NotOne(why.to_string());
        let head: Head = serde_json::from_slice(bytes).map_err(not_one)?;
        if head.format != FORMAT {
            return Err(TransferError::NotOne(format!("it says that it is “{}”", head.format)));
        }
        if head.version > VERSION {
            return Err(TransferError::Newer(head.version));
        }
        serde_json::from_slice(bytes).map_err(not_one)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    /// The very bytes of a file of version 1: schools have such files, so they must be read for ever.
    const GOLDEN: &str = include_str!("../golden/transfer-1.json");

    #[test]
    fn a_file_of_today_is_read_and_written_the_same_for_ever() {
        let file = TransferFile::read(GOLDEN.as_bytes()).unwrap();
        assert_eq!((file.number, file.pupil.surname.as_str()), (12, "Lowe"));
        assert_eq!(file.decisions[0].answers[0].answer, "no");
        assert_eq!(String::from_utf8(file.write()).unwrap(), GOLDEN);
    }

    #[test]
    fn a_newer_file_another_file_and_a_broken_one_are_told_apart() {
        let read = |text: &str| TransferFile::read(text.as_bytes()).unwrap_err().to_string();
        assert!(
            read(&GOLDEN.replace("\"version\": 1,\n  \"number\"", "\"version\": 2,\n  \"number\""))
                .contains("version 2")
        );
        assert!(
            read(&GOLDEN.replace("signpost-transfer", "holiday")).contains("it says that it is “holiday”")
        );
        assert!(read("{").contains("no transfer file"));
        assert!(read(&GOLDEN.replace("\"surname\"", "\"sirname\"")).contains("no transfer file"));
    }
}
