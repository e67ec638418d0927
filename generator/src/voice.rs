//! What touchscreens say to children: which sentences, which of them have a recording, and the recordings of a pack.
//!
//! A touchscreen says what it shows, word by word, or it is silent. So a sentence is said by the recording of that
//! very sentence; once a word of it changes, it has none until somebody records it.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    agreement::{Agreement, Audience},
    digest::Digest,
    voice::{self, BRITISH, Recording},
};

use crate::{
    agreement,
    diagnostic::Diagnostic,
    load::{School, nearest},
    pack,
    source::Source,
    telling,
    theme::{Theme, ThemeError},
};

/// How many sentences a finding names before it counts the others.
const NAMED: usize = 3;

/// A sentence that a touchscreen says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The words, as they are shown.
    pub words: String,
    /// The file of the school that they come from; none for the touchscreen's own sentences.
    pub file: Option<String>,
}

impl Spoken {
    /// The name of its recording.
    pub fn name(&self) -> Digest {
        voice::name(BRITISH, &self.words)
    }
}

/// Every sentence that touchscreens say to children, each once, in the order in which a child may hear them.
///
/// # Errors
/// [`ThemeError`] when the theme's list of spoken sentences is at fault.
pub fn spoken(school: &School, theme: &Theme) -> Result<Vec<Spoken>, ThemeError> {
    let mut all = Vec::new();
    let mut add = |file: Option<&str>, words: &str| {
        if !words.trim().is_empty() {
            all.push(Spoken { words: words.to_owned(), file: file.map(str::to_owned) });
        }
    };
    for words in pack::spoken_phrases(theme)? {
        add(None, &words);
    }
    let settings = &school.settings;
    let in_settings = Some("school.toml");
    settings.classes.iter().for_each(|class| add(in_settings, &class.name));
    settings.people.iter().filter(|p| p.trusted_adult).for_each(|person| add(in_settings, &person.name));
    for document in school.documents.iter().filter(|document| !document.matter.draft) {
        let Some(agreement) = agreement::of(document, settings) else { continue };
        if matches!(agreement.audience, Audience::Ks1 | Audience::Ks2) {
            words_of(&agreement).for_each(|words| add(Some(&document.source.path), words));
        }
    }
    let form = telling::form(school);
    if let Some((file, tell)) = form.and_then(|file| Some((file, telling::of(&file.form)?))) {
        let path = Some(file.source.path.as_str());
        tell.intro.iter().for_each(|words| add(path, words));
        for question in &tell.questions {
            add(path, &question.words);
            question.choices.iter().for_each(|choice| add(path, &choice.words));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|sentence| seen.insert(sentence.name()));
    Ok(all)
}

fn words_of(agreement: &Agreement) -> impl Iterator<Item = &str> {
    let groups = agreement.groups.iter().flat_map(|group| {
        let statements = group.statements.iter().flat_map(|s| std::iter::once(&s.words).chain(s.more.iter()));
        group.title.iter().chain(&group.introduction).chain(statements)
    });
    std::iter::once(&agreement.title).chain(&agreement.introduction).chain(groups).map(String::as_str)
}

/// What a pack says: the recordings, and their files by the names of what they say.
pub type Recordings = (Vec<Recording>, BTreeMap<Digest, Vec<u8>>);

/// The recordings of what is said, with their files.
///
/// # Errors
/// As [`spoken()`].
pub fn recordings(school: &School, theme: &Theme) -> Result<Recordings, ThemeError> {
    if school.voice.recordings.is_empty() {
        return Ok(Default::default());
    }
    let spoken = spoken(school, theme)?;
    let recorded = spoken.iter().filter_map(|sentence| school.voice.recordings.get(&sentence.name()));
    Ok(recorded
        .map(|found| (found.recording.clone(), (found.recording.sentence, found.bytes.clone())))
        .unzip())
}

/// Tells which sentences of the school's own have no recording, and which own recordings nothing says any more.
/// A school without the folder `voice` is told nothing.
pub fn check(school: &School, theme: &Theme) -> Vec<Diagnostic> {
    if !school.voice.is_wanted {
        return Vec::new();
    }
    // A theme at fault is told by whoever makes the pack.
    let Ok(spoken) = spoken(school, theme) else { return Vec::new() };
    let mut problems = unsaid(school, &spoken);
    let Some(source) = &school.voice.own_list else { return problems };
    let said: BTreeSet<Digest> = spoken.iter().map(Spoken::name).collect();
    for line in &school.voice.own {
        if said.contains(&voice::name(BRITISH, &line.words)) {
            continue;
        }
        let known = spoken.iter().map(|sentence| sentence.words.as_str());
        let mend = match nearest::nearest(&line.words, known) {
            Some(near) => format!(
                "If you meant “{near}”, write it so; if the sentence was changed, record the new one."
            ),
            None => "If the sentence was changed, record the new one; if it is gone, take this line out."
                .to_owned(),
        };
        let what = format!("No touchscreen says “{}”, so this recording is never heard.", line.words);
        problems.push(source.error("voice-of-nothing", line.range.clone(), what, mend).as_warning());
    }
    problems
}

fn unsaid(school: &School, spoken: &[Spoken]) -> Vec<Diagnostic> {
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for sentence in spoken.iter().filter(|one| !school.voice.recordings.contains_key(&one.name())) {
        if let Some(file) = &sentence.file {
            by_file.entry(file).or_default().push(&sentence.words);
        }
    }
    let told = |(file, words): (&str, Vec<&str>)| {
        let named: Vec<String> = words.iter().take(NAMED).map(|words| format!("“{words}”")).collect();
        let others = match words.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = format!(
            "Touchscreens cannot say this to a child, for it has no recording: {}{others}.",
            named.join(", ")
        );
        let mend = "Record it with a phone and write it into voice/own/recordings.toml, or have whoever keeps your computers run scripts/voice. “signpost voice” lists what is missing.";
        let document = school.document(file).map(|document| &document.source);
        match document.or_else(|| school.form(file).map(|form| &form.source)) {
            Some(source) => source.error("voice-missing", place(source, words[0]), what, mend).as_warning(),
            None => Diagnostic::file_error("voice-missing", file, what, mend).as_warning(),
        }
    };
    by_file.into_iter().map(told).collect()
}

/// Where a sentence begins in its file, as far as it stands there as it is said.
fn place(source: &Source, words: &str) -> std::ops::Range<usize> {
    let first = source.line_range(1);
    match source.text.find(words) {
        Some(at) => at..at + words.len(),
        None => first,
    }
}
