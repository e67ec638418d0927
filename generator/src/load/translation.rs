//! A page in another language, beside its English file: `agreements/ks1.ur.md`.
//!
//! A translation is help text. What is governed (owner, dates, version, audience, pictures) comes from
//! the English file. The parts of an agreement are matched by their names; a missing one falls back to
//! English, part by part. Any other page is translated as a whole.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use jiff::civil::Date;
use rayon::prelude::*;
use records::{agreement::Version, digest::Digest, language::Language};

use super::{
    document::{self, Document, Kind},
    flow,
    front_matter::{self, FrontMatter},
    language::{self, Direction},
    markdown::{self, Body, Heading},
    nearest::did_you_mean,
    placeholder,
    scenario::{self, Scenario},
    settings::Settings,
    toml_reader::{self, Located},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// A page in another language.
#[derive(Debug, Clone)]
pub struct Translation {
    /// The language.
    pub language: Language,
    /// The page as it reads in that language; of its settings only title, summary and “in brief” are its
    /// own. Places of all others lie in the English file.
    pub page: Document,
    /// The version of the English words that it was made from.
    pub of_version: Option<Located<Version>>,
    /// When somebody who reads both languages compared it with the English.
    pub checked: Option<Located<Date>>,
    /// Who that was.
    pub checked_by: Option<String>,
    /// The parts of an agreement that are translated, by their names.
    pub parts: BTreeMap<String, Part>,
    /// Pieces before the first part of an agreement.
    pub introduction: Range<usize>,
}

/// A heading of an agreement and what follows it.
#[derive(Debug, Clone)]
pub struct Part {
    /// The heading's number in [`Body::headings`].
    pub heading: usize,
    /// Pieces up to the next part.
    pub after: Range<usize>,
}

impl Translation {
    /// Which way it is written.
    pub fn direction(&self) -> Direction {
        language::direction(&self.language)
    }

    /// Whether somebody compared it with the English, and says who and when.
    pub fn is_checked(&self) -> bool {
        self.checked.is_some() && self.checked_by.is_some()
    }

    /// Whether the English words have a newer version than the one that it was made from.
    pub fn is_out_of_date(&self) -> bool {
        match (&self.of_version, &self.page.matter.version) {
            (Some(made_from), Some(now)) => made_from.value < now.value,
            _ => false,
        }
    }

    /// The heading of a translated part that has words.
    pub fn part(&self, name: &str) -> Option<(&Heading, &Part)> {
        let part = self.parts.get(name)?;
        let heading = self.page.body.headings.get(part.heading)?;
        (!heading.words.is_empty()).then_some((heading, part))
    }

    /// The story of this name, where it is translated with as many ways as the English one has.
    pub fn scenario(&self, name: &str, ways: usize) -> Option<(&Heading, Scenario)> {
        let (heading, part) = self.part(name)?;
        let mut faults = Vec::new();
        let body = &self.page.body;
        let read = scenario::read(&self.page.source, body, part.heading, part.after.clone(), &mut faults)?;
        (read.choices.len() == ways).then_some((heading, read))
    }

    /// Names its exact words: the title, then every paragraph in order, with its language.
    pub fn digest(&self, settings: &Settings) -> Digest {
        let title = self.page.title(settings);
        let paragraphs = markdown::paragraphs_of(&self.page.body.pieces);
        let words = records::codec::encode(&(self.language.as_str(), title, paragraphs));
        Digest::of_kind("signpost translation words 1", &words)
    }
}

/// The page that a file translates and the tag in its name. A name with a dot in it is a translation's if
/// that page is there, or if what follows the dot is formed like a language tag.
pub fn of_file<'t>(tree: &Tree, path: &'t str) -> Option<(String, &'t str)> {
    let (english, tag) = language::of_file(path)?;
    let home = !path.contains('/');
    let meant = tree.files.contains_key(&english) || !home && language::canonical(tag).is_some();
    (meant && path != "home.md" && (!home || english == "home.md")).then_some((english, tag))
}

/// A translation with the number of its English page, and what was found in it.
type Read = (Option<(usize, Translation)>, Vec<Diagnostic>);

/// Reads every translation and puts it beside its English page.
pub fn attach(tree: &Tree, settings: &Settings, documents: &mut [Document], problems: &mut Vec<Diagnostic>) {
    let files: Vec<(&str, &[u8], String, &str)> = tree
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".md"))
        .filter_map(|(path, bytes)| {
            let (english, tag) = of_file(tree, path)?;
            Some((path.as_str(), bytes.as_slice(), english, tag))
        })
        .collect();
    let read: Vec<Read> = files
        .into_par_iter()
        .map(|(path, bytes, english, tag)| {
            let mut problems = Vec::new();
            let translation = one(path, bytes, &english, tag, settings, documents, &mut problems);
            (translation, problems)
        })
        .collect();
    for (translation, mut found) in read {
        problems.append(&mut found);
        let Some((number, translation)) = translation else { continue };
        let there = &mut documents[number].translations;
        match there.iter().find(|other| other.language == translation.language) {
            Some(other) => problems.push(Diagnostic::file_error(
                "duplicate-slug",
                translation.page.source.path.clone(),
                format!(
                    "This page and {} would have the same address, /{}/.",
                    other.page.source.path,
                    other.page.address()
                ),
                "Delete one of the two files; big and small letters count as the same.",
            )),
            None => there.push(translation),
        }
    }
    for document in documents {
        document.translations.sort_by(|a, b| a.language.cmp(&b.language));
    }
}

fn one(
    path: &str,
    bytes: &[u8],
    english: &str,
    tag: &str,
    settings: &Settings,
    documents: &[Document],
    problems: &mut Vec<Diagnostic>,
) -> Option<(usize, Translation)> {
    let language = language_of(path, tag, "ks1.ur.md", settings, problems)?;
    let Some(number) = documents.iter().position(|document| document.source.path == english) else {
        // A page that is there but cannot be read has a finding of its own.
        let pages = documents.iter().map(|document| document.source.path.as_str());
        problems.push(of_nothing(path, english, "page", pages));
        return None;
    };
    match Source::from_bytes(path, bytes) {
        Ok(source) => Some((number, read(&documents[number], language, source, settings, problems))),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The language that a file's name states; none where it is no language for a translation, which is told with
/// `example` as the name of a file that has one.
pub(super) fn language_of(
    path: &str,
    tag: &str,
    example: &str,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> Option<Language> {
    let Some(language) = language::canonical(tag) else {
        problems.push(Diagnostic::file_error(
            "translation-language",
            path,
            format!("“{tag}” is not how a language is written in a file’s name."),
            format!(
                "Write its tag between two dots: pl for Polish, ur for Urdu, pa for Panjabi, as in {example}."
            ),
        ));
        return None;
    };
    let own = settings.language.split('-').next().unwrap_or_default();
    if language::primary(&language) == own {
        problems.push(Diagnostic::file_error(
            "translation-language",
            path,
            "This is the language that the school’s own pages are in.",
            "Put its words into the page itself, or name another language in the file’s name.",
        ));
        return None;
    }
    Some(language)
}

/// A file that would translate one that is not there; `thing` is what it would be.
pub(super) fn of_nothing<'a>(
    path: &str,
    english: &str,
    thing: &str,
    there: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let mend =
        format!("Write {english} first, or give this file the name of the {thing} that it translates.");
    let what = format!("This would be a translation of {english}, and there is no such {thing}.");
    Diagnostic::file_error("translation-of-nothing", path, what, did_you_mean(english, there, mend))
}

/// Reads a translation of `english` from its file's text.
pub fn read(
    english: &Document,
    language: Language,
    source: Source,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> Translation {
    placeholder::check(&source, settings, &document::merged(english.kind, &english.matter), problems);
    let own = match front_matter::split(&source) {
        Ok(parts) => settings_of(english, &source, &parts, problems),
        Err(problem) => {
            problems.push(problem);
            // Nothing is known of it: it is not shown.
            Own { draft: true, ..Own::default() }
        }
    };
    let start = own.body;
    let direction = language::direction(&language);
    let isolated = |text: String| match direction {
        Direction::RightToLeft => placeholder::isolated(&text),
        Direction::LeftToRight => text,
    };
    let mut body = markdown::parse_in(&source, start, settings, direction, problems);
    let mut parts = BTreeMap::new();
    let mut introduction = 0..body.pieces.len();
    if english.kind == Kind::Agreement {
        (introduction, parts) = parts_of(english, &source, &mut body, problems);
    }
    let matter = FrontMatter {
        title: own.title.map(|title| Located { value: isolated(title.value), range: title.range }),
        summary: own.summary.map(isolated),
        in_brief: own.in_brief.into_iter().map(isolated).collect(),
        draft: english.matter.draft || own.draft,
        ..english.matter.clone()
    };
    let flow = (english.kind == Kind::Flowchart).then(|| flow::read(&source, &body, problems));
    let page = Document {
        flow,
        slug: english.slug.clone(),
        language: Some(language.clone()),
        source,
        matter,
        body,
        promises: None,
        translations: Vec::new(),
        kind: english.kind,
        rests: false,
    };
    Translation {
        language,
        page,
        of_version: own.of_version,
        checked: own.checked,
        checked_by: own.checked_by,
        parts,
        introduction,
    }
}

/// What a translation says about itself.
#[derive(Default)]
struct Own {
    title: Option<Located<String>>,
    summary: Option<String>,
    in_brief: Vec<String>,
    of_version: Option<Located<Version>>,
    checked: Option<Located<Date>>,
    checked_by: Option<String>,
    draft: bool,
    /// First byte of the text.
    body: usize,
}

fn settings_of(
    english: &Document,
    source: &Source,
    parts: &front_matter::Parts,
    problems: &mut Vec<Diagnostic>,
) -> Own {
    let parsed = toml_reader::parse(source, parts.toml.clone(), problems);
    let found = RefCell::new(Vec::new());
    let fence = source.line_range(source.spot(parts.toml.start..parts.toml.start).line.saturating_sub(1));
    let reader = parsed.reader(source, parts.toml.start, fence, &found);
    let has_version = english.matter.version.is_some();
    let what = "which version of the English page this was made from, such as \"1.0\"";
    let of_version = if has_version {
        front_matter::version_in(&reader, "of_version", what)
    } else {
        reader.has("of_version").then(|| front_matter::version_in(&reader, "of_version", what)).flatten()
    };
    let own = Own {
        title: reader.need_text("title", "the heading of the page"),
        summary: reader.text("summary").map(|summary| summary.value),
        in_brief: reader.list("in_brief"),
        of_version,
        checked: reader.day("checked"),
        checked_by: reader.text("checked_by").map(|who| who.value),
        draft: reader.flag("draft"),
        body: parts.body,
    };
    reader.finish("a translation");
    problems.append(&mut found.into_inner());
    own
}

/// Finds the parts of an agreement by their names, and gives statements the pictures of the English ones.
fn parts_of(
    english: &Document,
    source: &Source,
    body: &mut Body,
    problems: &mut Vec<Diagnostic>,
) -> (Range<usize>, BTreeMap<String, Part>) {
    let known = || english.body.headings.iter().filter(|h| h.opens_part());
    let mut opening = Vec::new();
    for (number, heading) in body.headings.iter_mut().enumerate() {
        let original = known().find(|original| original.anchor == heading.anchor);
        if let Some(original) = original.filter(|_| heading.named) {
            heading.symbol.clone_from(&original.symbol);
            heading.scenario = original.scenario;
            opening.push(number);
            continue;
        }
        heading.symbol = None;
        heading.scenario = false;
        if heading.level > 3 && !heading.named {
            continue;
        }
        let names = known().map(|heading| heading.anchor.as_str());
        let (place, what) = if heading.named {
            let place = source.find_within(heading.range.clone(), &format!("#{}", heading.anchor));
            (place, format!("{} has no part named “{}”.", english.source.path, heading.anchor))
        } else {
            let what = "This heading has no name, so nothing says which part of the English it translates.";
            (heading.range.clone(), what.to_owned())
        };
        let otherwise = format!(
            "Give it the name that its part has in {}, as in {{#kind-messages}}.",
            english.source.path
        );
        let name = if heading.named { heading.anchor.as_str() } else { "" };
        problems.push(source.error(
            "translation-unknown-part",
            place,
            what,
            did_you_mean(name, names, otherwise),
        ));
    }
    let end = body.pieces.len();
    let start_of = |number: usize| body.headings[number].pieces.start;
    let first = opening.first().map_or(end, |&number| start_of(number));
    let parts = opening.iter().enumerate().map(|(at, &number)| {
        let heading = &body.headings[number];
        let next = opening.get(at + 1).map_or(end, |&number| start_of(number));
        (heading.anchor.clone(), Part { heading: number, after: heading.pieces.end..next })
    });
    (0..first, parts.collect())
}
