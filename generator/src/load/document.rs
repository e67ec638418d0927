//! One page of a school: its front matter, its body and, for an agreement, its promises.

use std::borrow::Cow;

use records::language::Language;

use super::{
    flow::{self, Flow},
    front_matter::{self, FrontMatter, Visibility},
    letter,
    markdown::{self, Body},
    placeholder,
    print_for::PrintFor,
    promises::{self, Promises},
    settings::Settings,
    translation::Translation,
};
use crate::{diagnostic::Diagnostic, output::names::is_device, source::Source};

/// What sort of page a file is, by its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `home.md`.
    Home,
    /// `policies/`.
    Policy,
    /// `agreements/`.
    Agreement,
    /// `guides/`.
    Guide,
    /// `posters/`.
    Poster,
    /// `flowcharts/`.
    Flowchart,
    /// `letters/`: printed for each family, never on the site.
    Letter,
}

impl Kind {
    /// The kinds that have a folder.
    pub const IN_FOLDERS: [Self; 6] =
        [Self::Policy, Self::Agreement, Self::Guide, Self::Poster, Self::Flowchart, Self::Letter];

    /// The folder, in content and in addresses.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Policy => "policies",
            Self::Agreement => "agreements",
            Self::Guide => "guides",
            Self::Poster => "posters",
            Self::Flowchart => "flowcharts",
            Self::Letter => "letters",
        }
    }

    /// As one says it.
    pub const fn spoken(self) -> &'static str {
        match self {
            Self::Home => "the front page",
            Self::Policy => "a policy",
            Self::Agreement => "an agreement",
            Self::Guide => "a guide",
            Self::Poster => "a poster",
            Self::Flowchart => "a flowchart",
            Self::Letter => "a letter",
        }
    }
}

/// A page.
#[derive(Debug, Clone)]
pub struct Document {
    /// What sort it is.
    pub kind: Kind,
    /// Its name in addresses; empty for the front page.
    pub slug: String,
    /// The file.
    pub source: Source,
    /// What it says about itself; placeholders not yet filled in.
    pub matter: FrontMatter,
    /// Its text.
    pub body: Body,
    /// What an agreement asks people to promise.
    pub promises: Option<Promises>,
    /// The language, where it is not the school's own.
    pub language: Option<Language>,
    /// The page in other languages, in the order of their tags.
    pub translations: Vec<Translation>,
    /// The steps of a flowchart.
    pub flow: Option<Flow>,
    /// Whether the pieces of its text were let go of.
    pub(super) rests: bool,
}

impl Document {
    /// Reads a page from its file's text.
    pub fn read(kind: Kind, source: Source, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Self {
        let stem = source.path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let slug = if kind == Kind::Home { String::new() } else { markdown::slug(stem) };
        if kind != Kind::Home && stem.parse::<records::ids::Slug>().is_err() {
            let short: String = slug.chars().take(40).collect();
            let short = short.trim_end_matches('-');
            let mend = if slug.is_empty() {
                "Rename it.".to_owned()
            } else {
                format!("Rename it “{short}.md”.")
            };
            problems.push(Diagnostic::file_error(
                "file-name",
                source.path.clone(),
                "A file’s name becomes its address, so it may hold only small letters, digits and single hyphens, and at most 64 of them.",
                mend,
            ));
        }
        if is_device(&slug) {
            problems.push(Diagnostic::file_error(
                "file-name",
                source.path.clone(),
                format!("Windows keeps the name “{slug}” for itself, so on many computers nobody could open this page."),
                format!("Rename it, for example “{slug}-page.md”."),
            ));
        }
        let (matter, start) = match front_matter::split(&source) {
            Ok(parts) => (front_matter::read(&source, &parts, kind, problems), parts.body),
            Err(problem) => {
                problems.push(problem);
                // Nothing is known of it: treat it as the least public thing that it could be.
                (FrontMatter { visibility: Visibility::Staff, ..FrontMatter::default() }, 0)
            }
        };
        placeholder::check(&source, settings, &merged(kind, &matter), problems);
        let body = markdown::parse(&source, start, settings, problems);
        let promises = (kind == Kind::Agreement)
            .then(|| promises::read(&source, &body, matter.audience.as_ref().map(|a| a.value), problems));
        if kind != Kind::Agreement {
            for heading in body.headings.iter().filter(|heading| heading.scenario) {
                problems.push(source.error(
                    "unknown-attribute",
                    source.find_within(heading.range.clone(), ".scenario"),
                    "Only agreements have stories that ask “what would you do?”.",
                    "Take “.scenario” out of the braces.",
                ));
            }
        }
        let (language, translations) = (None, Vec::new());
        let flow = (kind == Kind::Flowchart).then(|| flow::read(&source, &body, problems));
        if kind != Kind::Flowchart {
            for heading in body.headings.iter().filter(|heading| heading.end) {
                problems.push(source.error(
                    "unknown-attribute",
                    source.find_within(heading.range.clone(), ".end"),
                    "Only the steps of a flowchart can be marked as an end.",
                    "Take “.end” out of the braces.",
                ));
            }
        }
        Self { kind, slug, source, matter, body, promises, flow, language, translations, rests: false }
    }

    /// Lets go of its text taken apart, and packs it. Whoever wants more than the names of its headings asks for
    /// the page [awake](Self::awake).
    pub(super) fn rest(&mut self) {
        self.body.rest();
        self.source.pack();
        self.rests = true;
    }

    /// The page with the pieces of its text: itself, or, while it rests, a copy for as long as it is needed.
    /// `settings` are those that it was read with.
    pub fn awake(&self, settings: &Settings) -> Cow<'_, Self> {
        if !self.rests {
            return Cow::Borrowed(self);
        }
        // What is wrong with it was told when it was read.
        let source = self.source.unpacked().into_owned();
        let body = markdown::parse(&source, self.body.start, settings, &mut Vec::new());
        Cow::Owned(Self {
            kind: self.kind,
            slug: self.slug.clone(),
            source,
            matter: self.matter.clone(),
            body,
            promises: self.promises.clone(),
            language: self.language.clone(),
            translations: self.translations.clone(),
            flow: self.flow.clone(),
            rests: false,
        })
    }

    /// Its title, or its file's name where it has none.
    pub fn title(&self, settings: &Settings) -> String {
        match &self.matter.title {
            Some(title) => placeholder::fill_plain(&title.value, settings),
            None => self.source.path.clone(),
        }
    }

    /// Where its print hangs or whom it is given to.
    pub fn print_for(&self) -> PrintFor {
        self.matter.print_for.unwrap_or_else(|| PrintFor::usual(self.kind, &self.matter))
    }

    /// Whether it is on the site: public, no draft, and no letter to one family.
    pub fn is_published(&self) -> bool {
        !self.matter.draft && self.matter.visibility == Visibility::Public && self.kind != Kind::Letter
    }

    /// Where it stands in the site, without a slash before or after; empty for the front page. A
    /// translation stands in a folder of its language: `pl/agreements/ks1`.
    pub fn address(&self) -> String {
        let within = match self.kind {
            Kind::Home => String::new(),
            kind => format!("{}/{}", kind.folder(), self.slug),
        };
        match &self.language {
            None => within,
            Some(language) if within.is_empty() => language_folder(language),
            Some(language) => format!("{}/{within}", language_folder(language)),
        }
    }

    /// The page in a language, where it is published in it.
    pub fn translation(&self, language: &Language) -> Option<&Translation> {
        self.published_translations().find(|translation| translation.language == *language)
    }

    /// The translations that are on the site.
    pub fn published_translations(&self) -> impl Iterator<Item = &Translation> {
        self.translations.iter().filter(|translation| translation.page.is_published())
    }
}

/// The placeholders that a page may have beyond those of the school.
pub(super) fn merged(kind: Kind, matter: &FrontMatter) -> Vec<String> {
    if kind == Kind::Letter { letter::placeholders(matter) } else { Vec::new() }
}

/// The folder of the site that holds the pages of a language.
pub fn language_folder(language: &Language) -> String {
    language.as_str().to_lowercase()
}
