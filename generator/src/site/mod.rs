//! The public website: pages, pictures, styles and fonts, as bytes by path.
//!
//! Nothing here reads a disk or a clock. Staff pages and drafts are left out
//! at one place, [`Document::is_published`].

mod assets;
mod brand;
mod html;
mod notes;
pub(crate) mod tongue;
mod translated;
mod view;

pub(crate) use assets::symbol;

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use rayon::prelude::*;
use records::{agreement::Audience, language::Language};
use tera::{Context, Tera, Value};

use self::tongue::Tongue;
use crate::{
    load::{
        School,
        document::{Document, Kind},
        front_matter::Readers,
        translation::Translation,
    },
    theme::{Theme, ThemeError},
};

/// The address of the page that says whom to tell.
const REPORT: &str = "report-a-concern";

/// Why a site could not be drawn. These are faults of a theme, not of content.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The theme lacks something or holds something broken.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// A template cannot be understood or asks for something that is not there.
    #[error("the theme’s templates cannot be filled in: {0}")]
    Template(String),
    /// A picture that the theme itself brings cannot be drawn.
    #[error("the picture “{0}” cannot be drawn: {1}")]
    Picture(String, press::picture::PictureError),
    /// The school's logo cannot be made into an icon.
    #[error("the school’s logo cannot be made into an icon: {0}")]
    Logo(String),
}

impl From<tera::Error> for SiteError {
    fn from(error: tera::Error) -> Self {
        Self::Template(error.to_string())
    }
}

/// Draws the whole site: each file's bytes by its path.
///
/// # Errors
/// [`SiteError`], when the theme is at fault.
pub fn render(school: &School, theme: &Theme, day: Date) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let site = Site::new(school, theme, day)?;
    let mut jobs = vec![Job::Report, Job::NotFound];
    jobs.extend(Kind::IN_FOLDERS.into_iter().filter(|kind| site.has(*kind)).map(Job::List));
    jobs.extend(school.documents.iter().filter(|d| d.is_published()).map(Job::Page));
    jobs.extend(school.translated().map(|(english, translation)| Job::Translated(english, translation)));
    jobs.extend(site.without_front_page().map(Job::Language));
    let pages: Vec<(String, Vec<u8>)> =
        jobs.par_iter().map(|job| site.draw(job)).collect::<Result<_, SiteError>>()?;
    let mut files: BTreeMap<String, Vec<u8>> = pages.into_iter().collect();
    files.append(&mut assets::of(school, theme)?);
    Ok(files)
}

/// Draws one page alone, published or not: the file's path and bytes. For whoever is writing it.
///
/// # Errors
/// [`SiteError`], when the theme is at fault.
pub fn page(
    school: &School,
    theme: &Theme,
    day: Date,
    document: &Document,
) -> Result<(String, Vec<u8>), SiteError> {
    Site::new(school, theme, day)?.draw(&Job::Page(document))
}

enum Job<'a> {
    Page(&'a Document),
    Translated(&'a Document, &'a Translation),
    Language(&'a Language),
    List(Kind),
    Report,
    NotFound,
}

/// What parts of a page are called for people who listen to it.
struct Labels {
    table: String,
    form: String,
}

struct Site<'a> {
    school: &'a School,
    theme: &'a Theme,
    day: Date,
    /// The catalogue for templates.
    words: Value,
    /// The catalogue for titles and attributes.
    plain: Value,
    brand: Arc<brand::Brand>,
    tera: Arc<Tera>,
    /// The language of the pages that are drawn; none for the school's own.
    tongue: Option<Arc<Tongue>>,
    /// Every language that has pages.
    tongues: Arc<BTreeMap<Language, Arc<Tongue>>>,
}

impl<'a> Site<'a> {
    fn new(school: &'a School, theme: &'a Theme, day: Date) -> Result<Self, SiteError> {
        let mut tera = Tera::new();
        let mut templates = Vec::new();
        for (path, _) in theme.folder("web/templates/", ".html") {
            templates.push((path.trim_start_matches("web/templates/"), theme.text(path)?));
        }
        tera.add_raw_templates(templates)?;
        let catalogue = "web/words.en.toml";
        let words: toml::Table = toml::from_str(theme.text(catalogue)?)
            .map_err(|why| ThemeError::Broken { file: catalogue.to_owned(), why: why.to_string() })?;
        let mut tongues = BTreeMap::new();
        let languages = school.languages();
        if !languages.is_empty() {
            let known = tongue::known(theme)?;
            for language in languages {
                let tongue = Tongue::of(school, theme, &known, &words, language)?;
                tongues.insert(language.clone(), Arc::new(tongue));
            }
        }
        let words = Value::try_from_serializable(&words)?;
        Ok(Self {
            school,
            theme,
            day,
            plain: words.clone(),
            words,
            brand: Arc::new(brand::Brand::of(school, theme)?),
            tera: Arc::new(tera),
            tongue: None,
            tongues: Arc::new(tongues),
        })
    }

    fn has(&self, kind: Kind) -> bool {
        self.school.of_kind(kind).any(Document::is_published)
    }

    fn word(&self, path: &str) -> String {
        self.plain.get_from_path(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn draw(&self, job: &Job<'_>) -> Result<(String, Vec<u8>), SiteError> {
        let (template, file, context) = match job {
            Job::Page(document) => self.page(document)?,
            Job::Translated(english, translation) => {
                self.speaking(&translation.language).translated(english, translation)?
            }
            Job::Language(language) => self.speaking(language).language_page()?,
            Job::List(kind) => self.list(*kind)?,
            Job::Report => self.report()?,
            Job::NotFound => self.not_found()?,
        };
        Ok((file, self.tera.render(template, &context)?.into_bytes()))
    }

    /// What every page needs: the way back to the top, navigation, live address and its code.
    fn frame(&self, address: &str, title: &str, description: &str) -> Result<Context, SiteError> {
        let root = "../".repeat(address.split('/').filter(|part| !part.is_empty()).count());
        let mut context = Context::new();
        self.frame_at(&mut context, &root, address);
        let website = &self.school.settings.website;
        let live = if address.is_empty() { format!("{website}/") } else { format!("{website}/{address}/") };
        let shown =
            live.split_once("://").map_or(live.as_str(), |(_, rest)| rest).trim_end_matches('/').to_owned();
        // An address too long for a code is printed as words alone.
        let code = press::qr::Qr::new(&live).map(|code| code.svg(&live)).unwrap_or_default();
        context.insert("title", title);
        context.insert("description", description);
        context.insert("live", &live);
        context.insert("live_shown", &shown);
        context.insert("qr", &code);
        Ok(context)
    }

    fn frame_at(&self, context: &mut Context, root: &str, address: &str) {
        context.insert("root", root);
        let here = self.speak_in(context, root, address);
        context.insert("report", &html::href(root, REPORT));
        context.insert("brand", &*self.brand);
        context.insert("nav", &view::navigation(self.school, &self.plain, root, here));
        context.insert_value("words", self.words.clone());
        context.insert("school", &view::SchoolView::of(self.school));
        context.insert("day", &self.in_words(self.day));
        context.insert("inline_style", "");
    }

    fn place<'p>(
        &'p self,
        document: &'p Document,
        root: &'p str,
        labels: &'p Labels,
        deeper: usize,
    ) -> html::Place<'p> {
        let notes = notes::Notes::of(&document.body.pieces);
        let (table_label, form_label) = (&labels.table, &labels.form);
        let school = self.school;
        let for_children = document.matter.readers == Readers::Children
            || document.matter.audience.as_ref().is_some_and(|audience| audience.value == Audience::Ks1);
        html::Place { school, document, root, table_label, form_label, for_children, notes, deeper }
    }

    fn page(&self, document: &Document) -> Result<(&'static str, String, Context), SiteError> {
        let address = document.address();
        let title = document.title(&self.school.settings);
        let summary = view::summary(self.school, document);
        let mut context = self.frame(&address, &title, &summary)?;
        let root = "../".repeat(address.split('/').filter(|part| !part.is_empty()).count());
        let labels = Labels { table: self.word("page.table"), form: self.word("page.form") };
        let place = self.place(document, &root, &labels, 0);
        context.insert("summary", &summary);
        context.insert("in_brief", &view::in_brief(self.school, document));
        context.insert("contents", &view::contents(document));
        context.insert("facts", &self.facts(document));
        self.offer_languages(&mut context, document, &root);
        context.insert("governed", &matches!(document.kind, Kind::Policy | Kind::Agreement));
        let template = match document.kind {
            Kind::Home => {
                let (introduction, sections) = view::sections(document, &place);
                context.insert("introduction", &introduction);
                context.insert("sections", &sections);
                "home.html"
            }
            Kind::Policy | Kind::Guide => {
                context.insert("html", &html::render(&document.body.pieces, &place));
                context.insert("kind", document.kind.folder());
                let readers = (document.kind == Kind::Guide).then_some(document.matter.readers.as_str());
                context.insert("readers", readers.unwrap_or_default());
                "page.html"
            }
            Kind::Agreement => {
                let introduction =
                    document.promises.as_ref().map(|p| p.introduction.clone()).unwrap_or_default();
                context.insert("introduction", &html::render(&document.body.pieces[introduction], &place));
                context.insert("groups", &view::groups(document, &place, None));
                let audience = document.matter.audience.as_ref().map(|a| a.value.to_string());
                context.insert("audience", &audience.unwrap_or_default());
                "agreement.html"
            }
        };
        let file = if address.is_empty() { "index.html".to_owned() } else { format!("{address}/index.html") };
        Ok((template, file, context))
    }

    fn list(&self, kind: Kind) -> Result<(&'static str, String, Context), SiteError> {
        let folder = kind.folder();
        let title = self.word(&format!("{folder}.title"));
        let summary = self.word(&format!("{folder}.summary"));
        let mut context = self.frame(folder, &title, &summary)?;
        context.insert("summary", &summary);
        context.insert("shelves", &self.shelves(kind));
        context.insert("kind", folder);
        Ok(("list.html", format!("{folder}/index.html"), context))
    }

    /// The pages of a kind; guides stand under a heading that says whom they are for, if there are several.
    fn shelves(&self, kind: Kind) -> Vec<view::Shelf> {
        let listed = || self.school.of_kind(kind).filter(|d| d.is_published());
        let entry = |d| view::Entry::of(self.school, d, "../", self.day);
        let of = |readers: Readers| view::Shelf {
            name: readers.as_str(),
            title: self.word(&format!("guides.{}", readers.as_str())),
            entries: listed().filter(|d| d.matter.readers == readers).map(entry).collect(),
        };
        let mut shelves: Vec<_> =
            Readers::ALL.into_iter().map(of).filter(|shelf| !shelf.entries.is_empty()).collect();
        if let [one] = shelves.as_mut_slice() {
            one.title.clear();
        }
        shelves
    }

    fn report(&self) -> Result<(&'static str, String, Context), SiteError> {
        let title = self.word("report.title");
        let summary = self.word("report.summary");
        let mut context = self.frame(REPORT, &title, &summary)?;
        let settings = &self.school.settings;
        let trusted = settings.people.iter().filter(|person| person.trusted_adult);
        let adults: Vec<_> = trusted.map(view::PersonView::of).collect();
        let (first, more) = view::helplines(&settings.helplines);
        context.insert("summary", &summary);
        context.insert("adults", &adults);
        context.insert("head", settings.person("head").map(|p| p.name.as_str()).unwrap_or_default());
        context.insert("chair", settings.person("chair").map(|p| p.name.as_str()).unwrap_or_default());
        context.insert("grown_up_title", &html::together(&self.word("report.grown_up_title")));
        context.insert("first_lines", &first);
        context.insert("more_lines", &more);
        Ok(("report.html", format!("{REPORT}/index.html"), context))
    }

    /// Shown for any address, so its links begin at the site's top and its style stands in it.
    fn not_found(&self) -> Result<(&'static str, String, Context), SiteError> {
        let title = self.word("not_found.title");
        let mut context = self.frame("", &title, &self.word("not_found.summary"))?;
        let website = &self.school.settings.website;
        let path =
            website.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        let root = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        self.frame_at(&mut context, &root, "404");
        let style = assets::style(self.school, self.theme)?
            .replace("url(\"fonts/", &format!("url(\"{root}assets/fonts/"));
        context.insert("inline_style", &style);
        context.insert("qr", "");
        Ok(("not-found.html", "404.html".to_owned(), context))
    }
}
