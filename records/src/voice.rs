//! Sentences that are read aloud: how a recording is named after its words, and when each word is said.
//!
//! A recording belongs to the exact words, and to nothing else: another wording, another version and another
//! language have another name, so that no screen ever says what it does not show.

use minicbor::{Decode, Encode};

use crate::digest::Digest;

/// The language of the kiosk's screens for children: what is written there is said so.
pub const BRITISH: &str = "en-GB";

/// The name of the recording of a sentence: a digest of its language (a BCP 47 tag) and its words, with all that
/// stands between two words taken as one space.
pub fn name(language: &str, sentence: &str) -> Digest {
    let mut told = language.to_owned();
    for word in sentence.split_whitespace() {
        told.push('\n');
        told.push_str(word);
    }
    Digest::of_kind("signpost spoken sentence 1", told.as_bytes())
}

/// Which of a sentence's words a recording says, as its sound does not tell: in the pack its bytes are the part
/// `voice/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Recording {
    /// What it says, by [`name`].
    #[n(0)]
    pub sentence: Digest,
    /// How long it takes, in milliseconds.
    #[n(1)]
    pub lasts: u32,
    /// When each word begins, in milliseconds from its start; empty where nobody measured it.
    #[n(2)]
    pub words: Vec<u32>,
}

impl Recording {
    /// When each word of the sentence begins: as measured, else shared out by the letters of each.
    pub fn starts(&self, sentence: &str) -> Vec<u32> {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        if self.words.len() == words.len() {
            return self.words.clone();
        }
        // A short word takes longer than its letters, and the end of a sentence is a pause.
        let weight = |word: &&str| {
            let pause = u32::from(word.ends_with(['.', ',', '?', '!', ':', ';'])) * 4;
            2 + pause + u32::try_from(word.chars().count()).unwrap_or(u32::MAX / 1000)
        };
        let all: u64 = words.iter().map(|word| u64::from(weight(word))).sum();
        let mut before = 0_u64;
        words
            .iter()
            .map(|word| {
                let start = u64::from(self.lasts) * before / all.max(1);
                before += u64::from(weight(word));
                u32::try_from(start).unwrap_or(self.lasts)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_recording_until_one_of_its_words_changes() {
        let said = name(BRITISH, "I am kind on a screen.");
        assert_eq!(said, name(BRITISH, "  I am kind\n on a screen. "));
        assert_ne!(said, name(BRITISH, "I am kind on a screen!"));
        assert_ne!(said, name(BRITISH, "I am kind ona screen."));
        assert_ne!(said, name("pl", "I am kind on a screen."));
    }

    #[test]
    fn the_name_that_recordings_in_use_have_stays() {
        let said = name(BRITISH, "Thank you");
        assert_eq!(said.to_string(), "75dc7bdd7ef9c4c74eb7cd8771f26080d11e3382b92c5f266ff1a40fa25e69f6");
    }

    #[test]
    fn words_that_nobody_timed_are_lit_one_after_another_and_all_before_the_end() {
        let recording = Recording { sentence: name(BRITISH, ""), lasts: 2000, words: vec![0, 700] };
        let starts = recording.starts("I stop when it is time to stop.");
        assert_eq!((starts.len(), starts[0]), (8, 0));
        assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "{starts:?}");
        assert!(starts[7] < 2000);
        assert_eq!(recording.starts("I stop."), [0, 700], "measured times come before guessed ones");
        assert!(recording.starts(" ").is_empty());
    }
}
