//! The public website: pages, pictures, styles and fonts, as bytes by path.
//!
//! Nothing here reads a disk or a clock. Staff pages and drafts are left out
//! at one place, [`Document::is_published`].

mod assets;
mod brand;
mod calendar;
mod changes;
mod difference;
mod flow;
mod form;
mod html;
mod lists;
mod made;
mod navigation;
mod notes;
mod offline;
mod page;
pub(crate) mod tongue;
mod translated;
mod view;

pub(crate) use assets::symbol;
#[cfg(feature = "print")]
pub(crate) use flow::chart;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::civil::Date;
use rayon::prelude::*;
use records::{agreement::Audience, digest::Digest, language::Language};
use tera::{Context, Tera, Value};

use self::{navigation::Navigation, tongue::Tongue};
use crate::{
    build::{Done, QUIETLY, Step},
    load::{
        School,
        document::{Document, Kind},
        form::FormFile,
        form_translation::FormTranslation,
        front_matter::Readers,
        language::primary,
        made::Made,
        translation::Translation,
    },
    search,
    theme::{Theme, ThemeError},
};

/// The address of the page to search from, and the folder of the index.
const SEARCH: &str = "search";

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

/// A finished file of a site.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its path in the site, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The digest of that.
    pub digest: Digest,
}

/// What stays known of a finished file.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// How many bytes it holds.
    pub size: usize,
    /// The digest of them.
    pub digest: Digest,
}

/// Draws the whole site: each file's bytes by its path.
///
/// # Errors
/// [`SiteError`], when the theme is at fault.
pub fn render(school: &School, theme: &Theme, day: Date) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let files = Mutex::new(BTreeMap::new());
    let take = |file: Drawn| -> Result<(), SiteError> {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(file.path, file.bytes);
        Ok(())
    };
    draw(school, theme, day, QUIETLY, &take)?;
    Ok(files.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Draws the whole site and hands over each file as soon as it is finished, from several threads and in no
/// order, so that a large site is never in memory whole. `done` is told of each step. Gives what each file was,
/// by its path.
///
/// # Errors
/// [`SiteError`], when the theme is at fault; whatever `take` answers.
pub fn draw<E: From<SiteError> + Send>(
    school: &School,
    theme: &Theme,
    day: Date,
    done: Done<'_>,
    take: &(impl Fn(Drawn) -> Result<(), E> + Sync),
) -> Result<BTreeMap<String, About>, E> {
    let site = Site::new(school, theme, day)?;
    let jobs = site.jobs();
    let made = Mutex::new(BTreeMap::new());
    let hand_over = |path: String, bytes: Vec<u8>| {
        let drawn = Drawn { digest: Digest::of(&bytes), path, bytes };
        let about = About { size: drawn.bytes.len(), digest: drawn.digest };
        made.lock().unwrap_or_else(PoisonError::into_inner).insert(drawn.path.clone(), about);
        take(drawn)
    };
    // A few runs for each thread, so that none is left alone with a long one.
    let run = jobs.len().div_ceil(4 * rayon::current_num_threads()).max(1);
    let pages = |jobs: &[Job<'_>]| -> Result<search::Read, E> {
        let mut read = search::Read::default();
        for job in jobs {
            let (path, html) = site.draw(job)?;
            if is_searched(&path) {
                read.page(&path, &html);
            }
            hand_over(path, html.into_bytes())?;
        }
        Ok(read)
    };
    let read: Vec<search::Read> = jobs.par_chunks(run).map(pages).collect::<Result<_, E>>()?;
    done(Step::Draw);
    let hand_over_part = |name, bytes| hand_over(format!("{SEARCH}/{name}"), bytes);
    let languages = search::index_of(read, &hand_over_part)?;
    done(Step::Search);
    let (path, page) = site.draw(&Job::Search(&languages))?;
    let mut files = assets::of(school, theme)?;
    files.insert(path, page.into_bytes());
    if Made::Calendar.is_there(school) {
        let event = site.word("review_calendar.event");
        files.insert(calendar::file(), calendar::ics(school, &event).into_bytes());
    }
    files.insert("manifest.webmanifest".to_owned(), offline::manifest(school));
    files.into_par_iter().try_for_each(|(path, bytes)| hand_over(path, bytes))?;
    let worker = offline::worker(theme, &made.lock().unwrap_or_else(PoisonError::into_inner))?;
    hand_over("sw.js".to_owned(), worker)?;
    done(Step::Assets);
    Ok(made.into_inner().unwrap_or_else(PoisonError::into_inner))
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
    let (path, page) = Site::new(school, theme, day)?.draw(&Job::Page(document))?;
    Ok((path, page.into_bytes()))
}

/// Whether a page can be found. Only what is on the site is asked about, so nothing else reaches the index.
fn is_searched(path: &str) -> bool {
    path != "404.html" && !path.starts_with(offline::PAGE)
}

enum Job<'a> {
    Page(&'a Document),
    Translated(&'a Document, &'a Translation),
    Language(&'a Language),
    List(Kind),
    Forms,
    Form(&'a FormFile),
    TranslatedForm(&'a FormFile, &'a FormTranslation),
    Changes(&'a Document),
    Made(Made),
    NotFound,
    Search(&'a [search::Language]),
    Offline,
}

/// The template, the file and what the template sees.
type Drawing = (&'static str, String, Context);

/// What parts of a page are called for people who listen to it, and words within it.
struct Labels {
    table: String,
    form: String,
    go_to: String,
}

struct Site<'a> {
    school: &'a School,
    theme: &'a Theme,
    day: Date,
    /// The catalogue for templates.
    words: Value,
    /// The catalogue for titles and attributes.
    plain: Value,
    /// The school, as templates see it.
    name: Value,
    brand: Value,
    navigation: Arc<Navigation>,
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
            navigation: Arc::new(Navigation::of(school, &words)),
            plain: words.clone(),
            words,
            name: Value::try_from_serializable(&view::SchoolView::of(school))?,
            brand: Value::try_from_serializable(&brand::Brand::of(school, theme)?)?,
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

    fn labels(&self) -> Labels {
        Labels {
            table: self.word("page.table"),
            form: self.word("page.form"),
            go_to: self.word("flowcharts.go_to"),
        }
    }

    /// Every page but that to search from, which has to know all others.
    fn jobs(&self) -> Vec<Job<'a>> {
        let school = self.school;
        let mut jobs = vec![Job::NotFound, Job::Offline];
        jobs.extend(Made::ALL.into_iter().filter(|made| made.is_there(school)).map(Job::Made));
        jobs.extend(Kind::IN_FOLDERS.into_iter().filter(|kind| self.has(*kind)).map(Job::List));
        jobs.extend(school.documents.iter().filter(|d| d.is_published()).map(Job::Page));
        let mut forms = school.forms.iter().filter(|form| form.is_published()).peekable();
        if forms.peek().is_some() {
            jobs.push(Job::Forms);
        }
        jobs.extend(forms.map(Job::Form));
        if Made::Changes.is_there(school) {
            jobs.extend(school.changed().map(Job::Changes));
        }
        jobs.extend(school.translated().map(|(english, translation)| Job::Translated(english, translation)));
        jobs.extend(
            school.translated_forms().map(|(english, translation)| Job::TranslatedForm(english, translation)),
        );
        jobs.extend(self.without_front_page().map(Job::Language));
        jobs
    }

    fn draw(&self, job: &Job<'_>) -> Result<(String, String), SiteError> {
        let (template, file, context) = match job {
            Job::Page(document) => self.page(&document.awake(&self.school.settings))?,
            Job::Translated(english, translation) => {
                self.speaking(&translation.language).translated(english, translation)?
            }
            Job::Language(language) => self.speaking(language).language_page()?,
            Job::List(kind) => self.list(*kind)?,
            Job::Forms => self.forms()?,
            Job::Form(form) => self.form(form)?,
            Job::TranslatedForm(english, translation) => {
                self.speaking(&translation.language).translated_form(english, translation)?
            }
            Job::Changes(document) => self.changes_of(document)?,
            Job::Made(made) => self.made(*made)?,
            Job::NotFound => self.not_found()?,
            Job::Search(languages) => self.search(languages)?,
            Job::Offline => self.offline()?,
        };
        Ok((file, self.tera.render(template, &context)?))
    }

    /// What every page needs: the way back to the top, navigation, live address and its code.
    fn frame(&self, address: &str, title: &str, description: &str) -> Result<Context, SiteError> {
        let root = "../".repeat(address.split('/').filter(|part| !part.is_empty()).count());
        let mut context = Context::new();
        self.frame_at(&mut context, &root, address)?;
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
        context.insert("site_shown", website.split_once("://").map_or(website.as_str(), |(_, rest)| rest));
        context.insert("qr", &code);
        Ok(context)
    }

    fn frame_at(&self, context: &mut Context, root: &str, address: &str) -> Result<(), SiteError> {
        context.insert("root", root);
        let here = self.speak_in(context, root, address);
        context.insert("report", &html::href(root, Made::Report.address()));
        context.insert_value("brand", self.brand.clone());
        let asked = self.tongue.as_ref().map(|tongue| format!("?lang={}", primary(&tongue.language)));
        context.insert("search", &format!("{}{}", html::href(root, SEARCH), asked.unwrap_or_default()));
        context.insert("searching", &(address == SEARCH));
        context.insert_value("words", self.words.clone());
        context.insert_value("school", self.name.clone());
        context.insert("day", &self.in_words(self.day));
        context.insert("inline_style", "");
        self.navigation.put(context, &self.tera, root, here)
    }

    fn place<'p>(
        &'p self,
        document: &'p Document,
        root: &'p str,
        labels: &'p Labels,
        deeper: usize,
    ) -> html::Place<'p> {
        let notes = notes::Notes::of(&document.body.pieces);
        let (table_label, form_label, go_to) = (&labels.table, &labels.form, &labels.go_to);
        let school = self.school;
        let for_children = document.matter.readers == Readers::Children
            || document.matter.audience.as_ref().is_some_and(|audience| audience.value == Audience::Ks1);
        html::Place { school, document, root, table_label, form_label, go_to, for_children, notes, deeper }
    }

    fn search(&self, languages: &[search::Language]) -> Result<Drawing, SiteError> {
        let title = self.word("search.title");
        let mut context = self.frame(SEARCH, &title, &self.word("search.summary"))?;
        // Strings and numbers always serialise.
        context.insert("languages", &serde_json::to_string(languages).unwrap_or_default());
        context.insert("choose", &(languages.len() > 1));
        context.insert("qr", "");
        Ok(("search.html", format!("{SEARCH}/index.html"), context))
    }

    /// What a reader without a network gets in place of a page that is not kept.
    fn offline(&self) -> Result<Drawing, SiteError> {
        let title = self.word("offline.title");
        let mut context = self.frame(offline::PAGE, &title, &self.word("offline.summary"))?;
        context.insert("qr", "");
        Ok(("offline.html", format!("{}/index.html", offline::PAGE), context))
    }

    /// Shown for any address, so its links begin at the site's top and its style stands in it.
    fn not_found(&self) -> Result<Drawing, SiteError> {
        let title = self.word("not_found.title");
        let mut context = self.frame("", &title, &self.word("not_found.summary"))?;
        let website = &self.school.settings.website;
        let path =
            website.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        let root = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        self.frame_at(&mut context, &root, "404")?;
        let style = assets::style(self.school, self.theme)?
            .replace("url(\"fonts/", &format!("url(\"{root}assets/fonts/"));
        context.insert("inline_style", &style);
        context.insert("qr", "");
        Ok(("not-found.html", "404.html".to_owned(), context))
    }
}
