//! All that the engine may see.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::LazyLock,
};

use typst::{
    Library, LibraryExt, World as Surroundings, WorldExt,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::{Style, StyleError};

/// What is printed: the calls that [`super::writing`] made of a document.
const MAIN: &str = "/main.typ";
/// The file of the colours that templates bring in.
const COLOURS: &str = "/colours.typ";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The same for every document: templates and fonts.
pub(super) struct Kit {
    main: FileId,
    templates: HashMap<FileId, Source>,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

fn id(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

impl Kit {
    pub(super) fn new(style: &Style) -> Result<Self, StyleError> {
        let mut templates = HashMap::new();
        let mut add = |path: &str, text: String| {
            let id = id(path).ok_or_else(|| StyleError::Template(path.to_owned()))?;
            templates.insert(id, Source::new(id, text));
            Ok(id)
        };
        for (path, bytes) in &style.templates {
            let text = String::from_utf8(bytes.clone()).map_err(|_| StyleError::Template(path.clone()))?;
            add(&format!("/{path}"), text)?;
        }
        let colours = style.colours.iter().filter(|(name, _)| name.chars().all(is_of_a_name));
        let colours = colours.map(|(name, hex)| format!("  {name}: rgb(\"{hex}\"),\n")).collect::<String>();
        add(COLOURS, format!("#let colour = (\n{colours})\n"))?;
        let main = add(MAIN, String::new())?;
        let mut fonts = Vec::new();
        for bytes in &style.fonts {
            let all: Vec<Font> = Font::iter(Bytes::new(bytes.clone())).collect();
            if all.is_empty() {
                return Err(StyleError::Font);
            }
            fonts.extend(all);
        }
        if fonts.is_empty() {
            return Err(StyleError::NoFonts);
        }
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Ok(Self { main, templates, fonts, book })
    }

    pub(super) fn fonts(&self) -> &[Font] {
        &self.fonts
    }
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-'
}

/// One document’s.
pub(super) struct World<'k> {
    kit: &'k Kit,
    main: Source,
    /// With the names that the document knows them by.
    pictures: HashMap<FileId, (String, Bytes)>,
}

impl<'k> World<'k> {
    pub(super) fn new(kit: &'k Kit, text: &str, pictures: &BTreeMap<String, Vec<u8>>) -> Self {
        let pictures = pictures.iter().enumerate().filter_map(|(number, (name, bytes))| {
            Some((id(&picture_path(number, name))?, (name.clone(), Bytes::new(bytes.clone()))))
        });
        Self { kit, main: Source::new(kit.main, text.to_owned()), pictures: pictures.collect() }
    }

    /// The picture that something was said of, if it was of the inside of one.
    pub(super) fn picture(&self, span: DiagSpan) -> Option<&str> {
        self.pictures.get(&span.id()?).map(|(name, _)| name.as_str())
    }

    /// The byte of the main text that something was said of, if it was of that text.
    pub(super) fn in_main(&self, span: impl Into<DiagSpan>) -> Option<usize> {
        let span: DiagSpan = span.into();
        let range: Range<usize> = (span.id() == Some(self.kit.main)).then(|| self.range(span))??;
        Some(range.start)
    }
}

/// What the engine knows a picture as: a number, so that no name can be taken for another path.
pub(super) fn picture_path(number: usize, name: &str) -> String {
    let ending = name.rsplit_once('.').map_or("svg", |(_, ending)| ending).to_lowercase();
    format!("/picture-{number}.{ending}")
}

impl Surroundings for World<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.kit.book
    }

    fn main(&self) -> FileId {
        self.kit.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.kit.main {
            return Ok(self.main.clone());
        }
        self.kit.templates.get(&id).cloned().ok_or_else(|| not_there(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.pictures.get(&id).map(|(_, bytes)| bytes.clone()).ok_or_else(|| not_there(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.kit.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_there(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
