//! What touchscreens read aloud, to children and to grown-ups who ask for it: which sentences, which of them have a
//! recording, and the recordings of a pack.
//!
//! A touchscreen says what it shows, word by word, or it is silent. So a sentence is said by the recording of that
//! very sentence; once a word of it changes, it has none until somebody records it.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    agreement::{Agreement, Audience},
    digest::Digest,
    form::{Form, QuestionType},
    pack::AgreementTranslation,
    receipt::Picture,
    voice::{self, BRITISH, Recording},
};

use crate::{
    agreement,
    diagnostic::Diagnostic,
    load::{School, nearest, voice::OwnList},
    pack,
    source::Source,
    surveys, telling,
    theme::{Theme, ThemeError},
};

/// How many sentences a finding names before it counts the others.
const NAMED: usize = 3;

/// A sentence that a touchscreen says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The words, as they are shown.
    pub words: String,
    /// The tag of their language.
    pub language: String,
    /// The file of the school that they come from; none for the touchscreen's own sentences.
    pub file: Option<String>,
}

impl Spoken {
    /// The name of its recording.
    pub fn name(&self) -> Digest {
        voice::name(&self.language, &self.words)
    }
    /// Whether a recording of it can be made, and is missed where there is none: another language is said by a recording
    /// of somebody who speaks it, or not at all.
    pub fn is_expected(&self) -> bool {
        self.language == BRITISH
    }
}

/// Every sentence that touchscreens read aloud, each once: those for children in the order in which a child may hear them,
/// then those for grown-ups.
///
/// # Errors
/// [`ThemeError`] when the theme's list of spoken sentences is at fault.
pub fn spoken(school: &School, theme: &Theme) -> Result<Vec<Spoken>, ThemeError> {
    let mut all = Vec::new();
    let mut add_in = |language: &str, file: Option<&str>, words: &str| {
        if !words.trim().is_empty() {
            let (words, language) = (words.to_owned(), language.to_owned());
            all.push(Spoken { words, language, file: file.map(str::to_owned) });
        }
    };
    let mut add = |file: Option<&str>, words: &str| add_in(BRITISH, file, words);
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
    if let Some((file, tell)) =
        form.and_then(|file| Some((file, telling::of(file, settings.headteacher_is_dsl)?)))
    {
        let path = Some(file.source.path.as_str());
        tell.intro.iter().for_each(|words| add(path, words));
        for question in &tell.questions {
            add(path, &question.words);
            question.choices.iter().for_each(|choice| add(path, &choice.words));
        }
        tell.answers.iter().for_each(|answer| add(path, &answer.words));
        if !tell.answers.is_empty() {
            Picture::ALL.iter().for_each(|picture| add(None, picture.words()));
        }
    }
    for (file, survey) in surveys::of(school) {
        let path = Some(file.source.path.as_str());
        add(path, &survey.title);
        survey.intro.iter().for_each(|words| add(path, words));
        for question in &survey.questions {
            add(path, &question.words);
            question.choices.iter().for_each(|choice| add(path, &choice.words));
        }
    }
    for document in school.documents.iter().filter(|document| !document.matter.draft) {
        let Some(agreement) = agreement::of(document, settings) else { continue };
        if agreement.audience == Audience::Parent {
            words_of(&agreement).for_each(|words| add(Some(&document.source.path), words));
        }
    }
    for file in pack::asked_of_families(school) {
        words_of_form(&file.form).for_each(|words| add_in(BRITISH, Some(&file.source.path), words));
        for translation in &file.translations {
            let language = translation.language.as_str();
            words_of_form(&translation.form).for_each(|words| add_in(language, None, words));
        }
    }
    for AgreementTranslation { language, agreement } in pack::translated_agreements(school) {
        if agreement.audience == Audience::Parent || agreement.audience.is_pupils() {
            words_of(&agreement).for_each(|words| add_in(language.as_str(), None, words));
        }
    }
    for (language, words) in pack::spoken_phrases_elsewhere(school, theme)? {
        add_in(language.as_str(), None, &words);
    }
    let mut seen = BTreeSet::new();
    all.retain(|sentence| seen.insert(sentence.name()));
    Ok(all)
}

fn words_of(agreement: &Agreement) -> impl Iterator<Item = &str> {
    let groups = agreement.groups.iter().flat_map(|group| {
        let statements = group.statements.iter().flat_map(|s| std::iter::once(&s.words).chain(s.more.iter()));
        let story = group.scenario.iter().flat_map(|scenario| {
            let choices = scenario.choices.iter().flat_map(|choice| [&choice.words, &choice.follows]);
            std::iter::once(&scenario.words).chain(&scenario.story).chain(choices)
        });
        group.title.iter().chain(&group.introduction).chain(statements).chain(story)
    });
    std::iter::once(&agreement.title).chain(&agreement.introduction).chain(groups).map(String::as_str)
}

fn words_of_form(form: &Form) -> impl Iterator<Item = &str> {
    let purposes = form.purposes.iter().flat_map(|p| [&p.words, &p.meaning, &p.how_long, &p.who_holds]);
    let questions = form
        .questions
        .iter()
        .filter(|question| matches!(question.answer, QuestionType::Choice | QuestionType::YesNo));
    let questions = questions.flat_map(|question| {
        let choices = question.choices.iter().map(|choice| &choice.words);
        [&question.words].into_iter().chain(&question.help).chain(choices)
    });
    [&form.title]
        .into_iter()
        .chain(&form.intro)
        .chain(purposes)
        .chain(questions)
        .chain(&form.withdraw)
        .map(String::as_str)
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
    let said: BTreeSet<Digest> = spoken.iter().map(Spoken::name).collect();
    let own = school.voice.own.iter().flat_map(|list| list.lines.iter().map(move |line| (list, line)));
    for (OwnList { language, source, .. }, line) in own {
        if said.contains(&voice::name(language, &line.words)) {
            continue;
        }
        let known = spoken.iter().filter(|sentence| sentence.language == *language);
        let known = known.map(|sentence| sentence.words.as_str());
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
    let is_missed = |one: &&Spoken| one.is_expected() && !school.voice.recordings.contains_key(&one.name());
    for sentence in spoken.iter().filter(is_missed) {
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
            "Touchscreens cannot read this aloud, for it has no recording: {}{others}.",
            named.join(", ")
        );
        let mend = "Record it with a phone and write it into voice/own/recordings.toml, or have whoever keeps your computers run scripts/voice. “signpost voice” lists what is missing.";
        let document = school.document(file).map(|document| &document.source);
        let settings = school.settings.source.as_ref().filter(|source| source.path == file);
        match document.or_else(|| school.form(file).map(|form| &form.source)).or(settings) {
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
