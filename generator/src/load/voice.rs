//! `voice/`: recordings of what the touchscreens read aloud.
//!
//! Those that `scripts/voice` makes are named by the digest of their sentence, with a line each in
//! `voice/recordings.toml`; a school's own stand in `voice/own`, whose `recordings.toml` says which file says what.
//! An own recording comes before one that was made. Only English is made; another language is said where somebody recorded
//! it, and `voice/own/recordings.pl.toml` says what is said in Polish.

use std::{collections::BTreeMap, ops::Range};

use records::{
    digest::Digest,
    sound::Sound,
    voice::{self, BRITISH, Recording},
};
use serde::Deserialize;
use toml::Spanned;

use super::{language, tree::Tree};
use crate::{diagnostic::Diagnostic, source::Source};

/// Which recordings were made, and when each of their words begins.
pub const MADE: &str = "voice/recordings.toml";
/// The folder of the school's own recordings.
pub const OWN_FOLDER: &str = "voice/own";
/// Under this nobody hears anything.
const QUIETEST: f32 = -45.0;
/// The most bytes of one own recording: the pack goes to every touchscreen.
const MOST_BYTES: usize = 3_000_000;

/// All recordings of a school.
#[derive(Debug, Clone, Default)]
pub struct Voice {
    /// By the name of what they say; the school's own in the place of others.
    pub recordings: BTreeMap<Digest, Recorded>,
    /// What own recordings say, by language.
    pub own: Vec<OwnList>,
    /// Whether the school has the folder at all: one that has none wants no voice.
    pub is_wanted: bool,
}

/// A recording with its file.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What it says and when.
    pub recording: Recording,
    /// The file.
    pub bytes: Vec<u8>,
}

/// `voice/own/recordings.toml`, or one of another language.
#[derive(Debug, Clone)]
pub struct OwnList {
    /// The tag of the language.
    pub language: String,
    /// The file.
    pub source: Source,
    /// What it says.
    pub lines: Vec<OwnLine>,
}

/// A line of the list of own recordings.
#[derive(Debug, Clone)]
pub struct OwnLine {
    /// The sentence.
    pub words: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// `voice/recordings.toml`, as `scripts/voice` writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeList {
    #[serde(default)]
    recordings: Vec<Made>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    words: String,
    lasts: u32,
    starts: Vec<u32>,
}

/// The file of a recording that was made.
pub fn file_of(sentence: &Digest) -> String {
    format!("voice/{sentence}.ogg")
}

/// Reads them. Own recordings are listened to; those that were made are what they were when they were made.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> Voice {
    let mut voice =
        Voice { is_wanted: tree.files.keys().any(|path| path.starts_with("voice/")), ..Voice::default() };
    if let Some(bytes) = tree.files.get(MADE) {
        made(tree, bytes, &mut voice, problems);
    }
    for (path, bytes) in &tree.files {
        let Some(language) = own_language(path) else { continue };
        match Source::from_bytes(path, bytes) {
            Ok(source) => own(tree, source, language, &mut voice, problems),
            Err(problem) => problems.push(problem),
        }
    }
    voice
}

/// The language of a list of own recordings; none where a file is none.
fn own_language(path: &str) -> Option<String> {
    let name = path.strip_prefix(OWN_FOLDER)?.strip_prefix("/recordings.")?;
    match name.strip_suffix("toml")?.strip_suffix('.') {
        None => Some(BRITISH.to_owned()),
        Some(tag) => language::canonical(tag).map(|language| language.as_str().to_owned()),
    }
}

fn made(tree: &Tree, bytes: &[u8], voice: &mut Voice, problems: &mut Vec<Diagnostic>) {
    let list: MadeList = match toml::from_str(&String::from_utf8_lossy(bytes)) {
        Ok(list) => list,
        Err(why) => {
            problems.push(Diagnostic::file_error(
                "broken-settings",
                MADE,
                format!("This list of recordings cannot be understood ({}).", why.message()),
                "It is written by a program: bring back the file as it was, or make the recordings anew with scripts/voice.",
            ));
            return;
        }
    };
    for Made { words, lasts, starts } in list.recordings {
        let sentence = voice::name(BRITISH, &words);
        let Some(bytes) = tree.files.get(&file_of(&sentence)) else { continue };
        let recording = Recording { sentence, lasts, words: starts };
        voice.recordings.insert(sentence, Recorded { recording, bytes: bytes.clone() });
    }
}

fn own(tree: &Tree, source: Source, language: String, voice: &mut Voice, problems: &mut Vec<Diagnostic>) {
    let mut list = Vec::new();
    let lines: BTreeMap<Spanned<String>, Spanned<String>> = match toml::from_str(&source.text) {
        Ok(lines) => lines,
        Err(why) => {
            problems.push(source.error(
                "broken-settings",
                why.span().unwrap_or(0..0),
                format!("This line cannot be understood ({}).", why.message()),
                "Write one recording on a line: \"The sentence.\" = \"its file.m4a\"",
            ));
            return;
        }
    };
    for (words, file) in lines {
        match listened(tree, file.get_ref()) {
            Ok((lasts, bytes)) => {
                let sentence = voice::name(&language, words.get_ref());
                let recording = Recording { sentence, lasts, words: Vec::new() };
                voice.recordings.insert(sentence, Recorded { recording, bytes });
            }
            Err(why) => problems.push(
                source
                    .error(
                        "voice-unusable",
                        file.span(),
                        format!("“{}” cannot be played to a child: {why}.", file.get_ref()),
                        "Record it again close to the microphone, save it as WAV, MP3, M4A or Ogg Vorbis in voice/own, and write its name here.",
                    )
                    .as_warning(),
            ),
        }
        list.push(OwnLine { range: words.span(), words: words.into_inner() });
    }
    voice.own.push(OwnList { language, source, lines: list });
}

/// How long an own recording takes, and its bytes.
fn listened(tree: &Tree, file: &str) -> Result<(u32, Vec<u8>), String> {
    let Some(bytes) = tree.files.get(&format!("{OWN_FOLDER}/{file}")) else {
        return Err("there is no such file in voice/own".to_owned());
    };
    if bytes.len() > MOST_BYTES {
        return Err(format!("it has {} MB, and none may have more than 3 MB", bytes.len() / 1_000_000));
    }
    let sound = Sound::read(bytes).map_err(|why| why.to_string())?;
    if sound.loudness() < QUIETEST {
        return Err("it is so quiet that nobody hears it".to_owned());
    }
    Ok((sound.lasts(), bytes.clone()))
}
