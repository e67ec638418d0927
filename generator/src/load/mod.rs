//! Reads a school: files into memory, then into pages, settings and history.

pub mod contact;
pub mod document;
pub mod flow;
pub mod form;
pub mod form_translation;
pub mod front_matter;
pub mod history;
pub mod language;
pub mod letter;
pub mod link;
pub mod lists;
pub mod made;
pub mod markdown;
pub mod nearest;
pub mod people;
pub mod piece;
pub mod placeholder;
pub mod print_for;
pub mod promises;
pub mod reading;
pub mod references;
mod register;
pub mod required;
pub mod retention;
pub mod room;
pub mod scenario;
pub mod settings;
mod slip;
pub mod toml_reader;
mod touchscreen;
pub mod translation;
pub mod tree;
pub mod voice;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use records::{language::Language, retention::RetentionRules};

use self::{
    document::{Document, Kind},
    form::FormFile,
    form_translation::FormTranslation,
    history::History,
    lists::{ApprovedSite, Word},
    people::People,
    settings::Settings,
    translation::Translation,
    tree::Tree,
    voice::Voice,
};
use crate::{diagnostic::Diagnostic, photographs::Photograph, print::Print, source::Source, theme};

/// Everything that a school's folder says.
#[derive(Debug, Clone, Default)]
pub struct School {
    /// `school.toml`.
    pub settings: Settings,
    /// All pages, drafts and staff pages too, in the order of lists.
    pub documents: Vec<Document>,
    /// All forms, those for staff too, in the order of lists.
    pub forms: Vec<FormFile>,
    /// What words mean, in the order of the alphabet.
    pub glossary: Vec<Word>,
    /// Websites that children may use.
    pub approved_sites: Vec<ApprovedSite>,
    /// Published words of agreements and policies, by the page's address.
    pub history: BTreeMap<String, History>,
    /// The school's own drawings and photographs by path.
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// What the school's own symbols show.
    pub symbol_alts: BTreeMap<String, String>,
    /// Who is in the school's pictures, by the picture's path without its ending.
    pub people: BTreeMap<String, People>,
    /// The photographs that published pages show, made ready, by the path of their file.
    pub photographs: BTreeMap<String, Photograph>,
    /// What is printed, made ready, by its file.
    pub prints: BTreeMap<String, Print>,
    /// All of that in one file for the office; empty while nothing is printed.
    pub bundle: Vec<u8>,
    /// `references.toml`: laws and guidance.
    pub references: references::References,
    /// `required-documents.toml`: what must be published.
    pub required: required::RequiredDocuments,
    /// `reading.toml`: how hard pages may be.
    pub reading: reading::Limits,
    /// `retention.toml`: how long the hub keeps what it holds.
    pub retention: Option<RetentionRules>,
    /// `voice/`: what touchscreens say to children.
    pub voice: Voice,
    /// Where in [`School::documents`] the page of a file stood when the school was read.
    places: HashMap<String, usize>,
}

impl School {
    /// The pages of one kind in the order of lists.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(move |document| document.kind == kind)
    }

    /// The form that a file holds.
    pub fn form(&self, path: &str) -> Option<&FormFile> {
        self.forms.iter().find(|form| form.source.path == path)
    }

    /// What was published of a page; nothing where none is on record.
    pub fn history_of(&self, document: &Document) -> Option<&History> {
        if self.history.is_empty() {
            return None;
        }
        self.history.get(&document.address())
    }

    /// The page that a file holds.
    pub fn document(&self, path: &str) -> Option<&Document> {
        // Every link of every page asks. A page that was put in later is looked for the long way.
        let remembered = self.places.get(path).and_then(|at| self.documents.get(*at));
        remembered
            .filter(|document| document.source.path == path)
            .or_else(|| self.documents.iter().find(|document| document.source.path == path))
    }

    /// The page that a file holds, in whatever language.
    pub fn page(&self, path: &str) -> Option<&Document> {
        let translations = || self.documents.iter().flat_map(|document| &document.translations);
        self.document(path).or_else(|| {
            translations().map(|translation| &translation.page).find(|page| page.source.path == path)
        })
    }

    /// The languages besides the school's own in which there are published pages or forms, in the order of their tags.
    pub fn languages(&self) -> BTreeSet<&Language> {
        let pages = self.translated().map(|(_, translation)| &translation.language);
        pages.chain(self.translated_forms().map(|(_, translation)| &translation.language)).collect()
    }

    /// Every published translation with its English page, in the order of lists.
    pub fn translated(&self) -> impl Iterator<Item = (&Document, &Translation)> {
        self.documents
            .iter()
            .flat_map(|document| document.published_translations().map(move |found| (document, found)))
    }

    /// Every published translation of a form with its English form, in the order of lists.
    pub fn translated_forms(&self) -> impl Iterator<Item = (&FormFile, &FormTranslation)> {
        self.forms
            .iter()
            .flat_map(|form| form.published_translations().map(move |translation| (form, translation)))
    }

    /// Names of the school's own symbols.
    pub fn own_symbols(&self) -> BTreeSet<&str> {
        self.pictures.keys().filter_map(|path| path.strip_prefix("symbols/")?.strip_suffix(".svg")).collect()
    }
}

/// Reads a school from its files, with the usual room for pages. Pure: what is wrong becomes findings, and
/// the rest is read all the same, so that one run finds everything.
pub fn school(tree: Tree, problems: &mut Vec<Diagnostic>) -> School {
    school_within(room::USUAL, tree, problems)
}

/// As [`school`], with room for text of so many bytes to stay taken apart, see [`room`]. It makes no difference
/// to what comes of the school.
pub fn school_within(room: usize, mut tree: Tree, problems: &mut Vec<Diagnostic>) -> School {
    let mut settings = settings_of(&tree, problems);
    let retention = retention::read(&tree, problems);
    if let Some(rules) = &retention {
        settings.state_kept(rules);
    }
    let mut pages: Vec<(Kind, String)> = Vec::new();
    if tree.files.contains_key("home.md") {
        pages.push((Kind::Home, "home.md".to_owned()));
    } else if is_there(problems) {
        problems.push(Diagnostic::file_error(
            "no-home",
            "home.md",
            "The school has no front page.",
            "Write the file home.md; “signpost new FOLDER” makes an example.",
        ));
    }
    for kind in Kind::IN_FOLDERS {
        let in_folder = tree.folder(kind.folder()).map(|(path, _)| path);
        let own = in_folder.filter(|path| translation::of_file(&tree, path).is_none());
        pages.extend(own.map(|path| (kind, path.to_owned())));
    }
    // Nobody else reads a page’s file: its bytes become the page’s text.
    let mut taken = |path: &str| tree.files.get_mut(path).map(std::mem::take).unwrap_or_default();
    let files: Vec<(Kind, String, Vec<u8>)> = pages
        .into_iter()
        .map(|(kind, path)| {
            let bytes = taken(&path);
            (kind, path, bytes)
        })
        .collect();
    let text: usize = files.iter().map(|(_, _, bytes)| bytes.len()).sum();
    let read: Vec<(Option<Document>, Vec<Diagnostic>)> = files
        .into_par_iter()
        .map(|(kind, path, bytes)| {
            let mut problems = Vec::new();
            let document = match Source::from_own_bytes(&path, bytes) {
                Ok(source) => {
                    let mut document = Document::read(kind, source, &settings, &mut problems);
                    if text > room && room::may_rest(&document) {
                        document.rest();
                    }
                    Some(document)
                }
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            };
            (document, problems)
        })
        .collect();
    let mut documents = Vec::with_capacity(read.len());
    for (document, mut found) in read {
        documents.extend(document);
        problems.append(&mut found);
    }
    translation::attach(&tree, &settings, &mut documents, problems);
    documents.sort_by_cached_key(|d| {
        (d.kind, d.matter.order.unwrap_or(i64::MAX), d.title(&settings), d.source.path.clone())
    });
    let places = documents.iter().enumerate().map(|(at, d)| (d.source.path.clone(), at)).collect();
    School {
        places,
        forms: forms(&tree, &settings, problems),
        glossary: lists::glossary(&tree, &settings, problems),
        approved_sites: lists::approved_sites(&tree, &settings, problems),
        history: history::read(&tree, problems),
        symbol_alts: own_alts(&tree, problems),
        people: people::read(&tree, problems),
        references: references::read(&tree, problems),
        required: required::read(&tree, problems),
        reading: reading::read(&tree, problems),
        retention,
        voice: voice::read(&tree, problems),
        pictures: tree.files.into_iter().filter(|(path, _)| is_picture(path)).collect(),
        settings,
        documents,
        photographs: BTreeMap::new(),
        prints: BTreeMap::new(),
        bundle: Vec::new(),
    }
}

fn is_picture(path: &str) -> bool {
    path.starts_with("symbols/") && path.ends_with(".svg")
        || path.starts_with("images/") && !path.ends_with(".toml")
}

fn forms(tree: &Tree, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Vec<FormFile> {
    let mut forms = Vec::new();
    for (path, bytes) in tree.folder("forms").filter(|(path, _)| language::of_form(path).is_none()) {
        match Source::from_bytes(path, bytes) {
            Ok(source) => forms.extend(form::read(source, settings, problems)),
            Err(problem) => problems.push(problem),
        }
    }
    form_translation::attach(tree, settings, &mut forms, problems);
    forms.sort_by_cached_key(|f| (f.order.unwrap_or(i64::MAX), f.form.title.clone(), f.source.path.clone()));
    forms
}

/// Whether there is a folder at all. Where there is none, that its files are missing goes without saying.
fn is_there(problems: &[Diagnostic]) -> bool {
    problems.iter().all(|problem| problem.code != "no-school")
}

fn settings_of(tree: &Tree, problems: &mut Vec<Diagnostic>) -> Settings {
    let Some(bytes) = tree.files.get("school.toml") else {
        if is_there(problems) {
            problems.push(Diagnostic::file_error(
                "no-settings",
                "school.toml",
                "The school has no settings.",
                "Write the file school.toml; “signpost new FOLDER” makes an example.",
            ));
        }
        return Settings::default();
    };
    match Source::from_bytes("school.toml", bytes) {
        Ok(source) => settings::read(&source, problems),
        Err(problem) => {
            problems.push(problem);
            Settings::default()
        }
    }
}

fn own_alts(tree: &Tree, problems: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let Some(bytes) = tree.files.get("symbols/symbols.toml") else { return BTreeMap::new() };
    match theme::symbol_alts(&String::from_utf8_lossy(bytes)) {
        Ok(alts) => alts,
        Err(why) => {
            problems.push(Diagnostic::file_error(
                "broken-settings",
                "symbols/symbols.toml",
                format!("This list of what pictures show cannot be understood ({why})."),
                "Write for each picture a line [name] and under it alt = \"What it shows.\"",
            ));
            BTreeMap::new()
        }
    }
}
