//! Makes the PDFs of a school, or takes them from the build before.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use press::print::{
    Fault, Press, Printed, SETTINGS, Style, StyleError,
    document::Document as Paper,
    poster::{Ground, Poster},
    sheet::Sheet,
    to_sign::{Shape, SheetToSign},
};
use records::{digest::Digest, language::Language};

use super::{
    BUNDLE, Print, PrintError, Reach, Sheet as Languages, bundle,
    faults::{Lost, told},
    file_of, file_of_form_page, file_of_poster, file_of_screen, file_of_sheet_to_sign, flowchart, form_page,
    held::Held,
    is_printed, is_printed_translated, paper,
    poster::{self, ShortAddress},
    reach, to_sign,
    tongue::Tongue,
    translated,
    words::Words,
};
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        form::FormFile,
        nearest::did_you_mean,
        translation::Translation,
    },
    look::{Look, tokens},
    site::tongue as languages,
    source::Source,
    theme::{Theme, ThemeError},
};

const TEMPLATES: &str = "print/";

/// Everything that was made.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    /// Every file by its name.
    pub prints: BTreeMap<String, Print>,
    /// All of them in one file, for the office.
    pub bundle: Vec<u8>,
    /// Findings about those that cannot be made.
    pub problems: Vec<Diagnostic>,
}

/// Makes every file and the bundle of them. What `held` has of an unchanged page is taken as it is.
///
/// # Errors
/// [`PrintError`], when the theme is at fault.
pub fn prepare(school: &School, theme: &Theme, held: &Held) -> Result<Prepared, PrintError> {
    let words = Words::of(theme)?;
    let style = style(school, theme)?;
    let press = Press::new(&style).map_err(broken)?;
    let templates: BTreeSet<String> = style.templates.keys().cloned().collect();
    let tongues = Tongue::all(school, theme)?;
    let workshop = Workshop { school, theme, words, tongues, style: digest_of(&style), press, held };
    drop(style);
    let mut problems = Vec::new();
    let short = short_address(school, &mut problems);
    let jobs = jobs(school, &templates, &mut problems);
    let made = side_by_side(&jobs, |job| workshop.make(job, short.as_ref()));
    let mut prints = BTreeMap::new();
    for one in made {
        match one {
            Ok(print) => drop(prints.insert(print.file.clone(), print)),
            Err(mut found) => problems.append(&mut found),
        }
    }
    let known = languages::known(theme)?;
    let list = bundle::list(school, &prints, &workshop.words.own.bundle, &known);
    let contents = Order::Paper(Box::new(bundle::contents(school, theme, &workshop.words, &list)));
    let contents = workshop
        .print(&contents, Reach::Staff, bundle::CONTENTS.to_owned())
        .map_err(|faults| PrintError::Style(format!("{BUNDLE}: {faults:?}")))?;
    let bundle =
        bundle::zipped(&contents, &list).map_err(|why| PrintError::Style(format!("{BUNDLE}: {why}")))?;
    prints.insert(contents.file.clone(), contents);
    Ok(Prepared { prints, bundle, problems })
}

/// What stands on a school’s prints, as a PNG for each page, of so many dots an inch: to be looked at. No pages
/// where the school has no such file.
///
/// # Errors
/// [`PrintError`], when the theme is at fault or a page cannot be printed.
pub fn seen(school: &School, theme: &Theme, files: &[(&str, f64)]) -> Result<Vec<Vec<Vec<u8>>>, PrintError> {
    let style = style(school, theme)?;
    let press = Press::new(&style).map_err(broken)?;
    let templates: BTreeSet<String> = style.templates.keys().cloned().collect();
    let (words, held) = (Words::of(theme)?, Held::nothing());
    let tongues = Tongue::all(school, theme)?;
    let workshop = Workshop { school, theme, words, tongues, style: digest_of(&style), press, held: &held };
    let short = short_address(school, &mut Vec::new());
    let jobs = jobs(school, &templates, &mut Vec::new());
    let look = |(file, dots): &(&str, f64)| {
        let Some(job) = jobs.iter().find(|job| job.file() == *file) else { return Ok(Vec::new()) };
        let seen = match workshop.order(job, short.as_ref()) {
            Order::Paper(paper) => workshop.press.seen(&paper, *dots),
            Order::ToSign(sheet) => workshop.press.to_sign_seen(&sheet, *dots),
            Order::Poster(poster) => workshop.press.poster_seen(&poster, *dots),
        };
        seen.map_err(|faults| PrintError::Style(format!("{file}: {faults:?}")))
    };
    side_by_side(files, look).into_iter().collect()
}

/// Works on as many jobs at once as there are processors, in threads of their own. The engine shares out parts of
/// its work in a pool; a worker of that pool that waits would take up another whole document meanwhile, and
/// so on, until neither memory nor stack suffice.
pub(crate) fn side_by_side<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    /// Tables within lists within quotes: the engine goes down once for each.
    const STACK: usize = 16 * 1024 * 1024;
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match jobs.get(at) {
                Some(job) => done.push((at, work(job))),
                None => return done,
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len());
    let mut done = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, some);
        // A system that gives no further thread has this one still.
        let threads: Vec<_> = (0..workers).map_while(|number| start(number).ok()).collect();
        let mut done = if threads.is_empty() { some() } else { Vec::new() };
        for thread in threads {
            match thread.join() {
                Ok(mut more) => done.append(&mut more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// All that is needed to make one file after the other.
struct Workshop<'s> {
    school: &'s School,
    theme: &'s Theme,
    words: Words,
    tongues: BTreeMap<Language, Tongue>,
    style: Digest,
    press: Press,
    held: &'s Held,
}

/// What the engine is handed.
enum Order {
    Paper(Box<Paper>),
    ToSign(Box<SheetToSign>),
    Poster(Box<Poster>),
}

impl Workshop<'_> {
    fn make(&self, job: &Job<'_>, short: Option<&ShortAddress>) -> Result<Print, Vec<Diagnostic>> {
        let (reach, file) = (job.reach(), job.file());
        self.print(&self.order(job, short), reach, file)
            .map_err(|faults| faults.iter().map(|fault| told(job.source(), fault, job.lost())).collect())
    }

    fn order(&self, job: &Job<'_>, short: Option<&ShortAddress>) -> Order {
        let Self { school, theme, words, .. } = self;
        let paper = match *job {
            Job::ToSign(document, with) => {
                let with = with.and_then(|(translation, sheet)| {
                    Some((translation, shape(sheet), self.tongues.get(&translation.language)?))
                });
                return Order::ToSign(Box::new(to_sign::of(school, theme, words, document, with)));
            }
            Job::Poster(document, ground) => {
                return Order::Poster(Box::new(poster::of(school, theme, document, ground, short)));
            }
            Job::Page(document) if document.kind == Kind::Flowchart => {
                flowchart::of(school, theme, words, document)
            }
            Job::Page(document) => paper::of(school, theme, words, &document.awake(&school.settings)),
            Job::Translated(document, translation) => match self.tongues.get(&translation.language) {
                Some(tongue) => translated::of(school, theme, words, document, translation, tongue),
                // Every language of a published page is among them.
                None => paper::of(school, theme, words, &translation.page),
            },
            Job::FormPage(form) => form_page::of(school, theme, words, form),
        };
        Order::Paper(Box::new(paper))
    }

    /// What the build before made of this, or what is made of it now.
    fn print(&self, order: &Order, reach: Reach, file: String) -> Result<Print, Vec<Fault>> {
        let (wording, document, sheet) = match order {
            Order::Paper(paper) => (self.press.wording(paper), &**paper, paper.paper.sheet.name()),
            Order::ToSign(sheet) => {
                (self.press.to_sign_wording(sheet), &sheet.document, sheet.document.paper.sheet.name())
            }
            Order::Poster(poster) => {
                (self.press.poster_wording(poster), &poster.document, poster.ground.name())
            }
        };
        let from = source_of(&self.style, &wording, document);
        if let Some(held) = self.held.print(&from, reach, &file) {
            return Ok(held.clone());
        }
        let Printed { bytes, pages } = match order {
            Order::Paper(paper) => self.press.print(paper)?,
            Order::ToSign(sheet) => self.press.to_sign(sheet)?,
            Order::Poster(poster) => self.press.poster(poster)?,
        };
        Ok(Print { file, reach, sheet: sheet.to_owned(), pages, bytes, from })
    }
}

/// What is to be made.
enum Job<'s> {
    /// A page of the site, or one for staff.
    Page(&'s Document),
    /// A page in another language.
    Translated(&'s Document, &'s Translation),
    /// A form.
    FormPage(&'s FormFile),
    /// A children’s agreement to sign, in English or with a translation.
    ToSign(&'s Document, Option<(&'s Translation, Languages)>),
    /// A poster on a sheet or a screen.
    Poster(&'s Document, Ground),
}

impl Job<'_> {
    fn source(&self) -> &Source {
        match self {
            Self::Page(document) | Self::ToSign(document, _) | Self::Poster(document, _) => &document.source,
            Self::Translated(_, translation) => &translation.page.source,
            Self::FormPage(form) => &form.source,
        }
    }

    fn lost(&self) -> Lost {
        match self {
            Self::ToSign(..) => Lost::SheetToSign,
            Self::Poster(..) => Lost::Poster,
            Self::Page(_) | Self::Translated(..) | Self::FormPage(_) => Lost::Pdf,
        }
    }

    fn reach(&self) -> Reach {
        reach(match self {
            Self::Page(document)
            | Self::Translated(document, _)
            | Self::ToSign(document, _)
            | Self::Poster(document, _) => document.matter.visibility,
            Self::FormPage(form) => form.visibility,
        })
    }

    fn file(&self) -> String {
        match self {
            Self::Page(document) => file_of(document),
            Self::Translated(_, translation) => file_of(&translation.page),
            Self::FormPage(form) => file_of_form_page(form),
            Self::ToSign(document, with) => file_of_sheet_to_sign(
                document,
                with.map(|(translation, sheet)| (&translation.language, sheet)),
            ),
            Self::Poster(document, Ground::Sheet(sheet)) => file_of_poster(document, sheet.name()),
            Self::Poster(document, Ground::Screen) => file_of_screen(document),
        }
    }
}

/// The sheets to sign of an agreement: in English, and two with each translation.
fn sheets_to_sign_of(document: &Document) -> Vec<Job<'_>> {
    let with = document.published_translations().flat_map(|translation| {
        Languages::ALL.map(|sheet| Job::ToSign(document, Some((translation, sheet))))
    });
    std::iter::once(Job::ToSign(document, None)).chain(with).collect()
}

const fn shape(sheet: Languages) -> Shape {
    match sheet {
        Languages::TwoSides => Shape::Sides,
        Languages::Beside => Shape::Beside,
    }
}

fn jobs<'s>(
    school: &'s School,
    templates: &BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Job<'s>> {
    let pages = school.documents.iter().filter(|document| is_printed(document)).map(Job::Page);
    let forms = school
        .documents
        .iter()
        .filter(|document| is_printed(document) && to_sign::has_sheet_to_sign(document));
    let translations = school.documents.iter().filter(|document| is_printed_translated(document));
    let translations = translations.flat_map(|document| {
        document.published_translations().map(move |translation| Job::Translated(document, translation))
    });
    let pages = pages.chain(translations).chain(forms.flat_map(sheets_to_sign_of));
    let mut jobs: Vec<Job<'_>> = pages.chain(school.forms.iter().map(Job::FormPage)).collect();
    for document in school.of_kind(Kind::Poster).filter(|document| !document.matter.draft) {
        if has_layout(document, templates, "posters", problems) {
            let sheets = poster::sheets(document).into_iter().map(Ground::Sheet);
            jobs.extend(sheets.map(|ground| Job::Poster(document, ground)));
        }
        if document.matter.screen && has_layout(document, templates, "screens", problems) {
            jobs.push(Job::Poster(document, Ground::Screen));
        }
    }
    jobs
}

/// The code to the short address, or what is wrong with it; posters then have none.
fn short_address(school: &School, problems: &mut Vec<Diagnostic>) -> Option<ShortAddress> {
    // A school without posters has no code that could be too fine.
    school.of_kind(Kind::Poster).next()?;
    let sheets: BTreeSet<Sheet> = school.of_kind(Kind::Poster).flat_map(poster::sheets).collect();
    let sheets: Vec<Sheet> = sheets.into_iter().collect();
    ShortAddress::of(school, &sheets).unwrap_or_else(|error| {
        let what = format!("The code on the posters cannot be made: {error}.");
        let mend = "Write a shorter address after “short_address”; until then posters have no code.";
        let settings = school.settings.source.as_ref();
        problems.extend(settings.map(|source| {
            let place = source.find_within(0..source.text.len(), "short_address");
            source.error("print-code", place, what, mend).as_warning()
        }));
        None
    })
}

/// Whether a poster's layout is one that the theme has in this folder; if not, that is told.
fn has_layout(
    document: &Document,
    templates: &BTreeSet<String>,
    folder: &str,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    // A poster without a layout has been told already.
    let Some(layout) = &document.matter.layout else { return false };
    let name = |path: &'_ String| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".typ")?;
        (name != "parts").then(|| name.to_owned())
    };
    let known: Vec<String> = templates.iter().filter_map(name).collect();
    if known.contains(&layout.value) {
        return true;
    }
    let all = known.join(", ");
    let (what, mend) = if folder == "screens" {
        (
            format!(
                "The layout “{}” is not made for a screen, so there is no picture for one.",
                layout.value
            ),
            format!("Choose one of these: {all}; or take “screen” out."),
        )
    } else {
        (
            format!("There is no layout “{}” for posters, so this one is not made for paper.", layout.value),
            format!("Choose one of these: {all}."),
        )
    };
    // A layout that is not there at all was told of the paper.
    let known_on_paper = templates.contains(&format!("posters/{}.typ", layout.value));
    if folder == "posters" || known_on_paper {
        let mend = if folder == "posters" {
            did_you_mean(&layout.value, known.iter().map(String::as_str), mend)
        } else {
            mend
        };
        problems.push(document.source.error("print-layout", layout.range.clone(), what, mend).as_warning());
    }
    false
}

/// A press in the school's own look.
///
/// # Errors
/// [`PrintError`], when the theme is at fault.
pub(crate) fn press(school: &School, theme: &Theme) -> Result<Press, PrintError> {
    Press::new(&style(school, theme)?).map_err(broken)
}

fn broken(error: StyleError) -> PrintError {
    PrintError::Style(error.to_string())
}

fn style(school: &School, theme: &Theme) -> Result<Style, PrintError> {
    styled(theme, &school.settings.look)
}

/// The theme's style with a school's own colours.
pub(super) fn styled(theme: &Theme, look: &Look) -> Result<Style, PrintError> {
    let templates = theme.folder(TEMPLATES, ".typ");
    let templates = templates
        .filter_map(|(path, bytes)| Some((path.strip_prefix(TEMPLATES)?.to_owned(), bytes.to_vec())));
    let templates: BTreeMap<String, Vec<u8>> = templates.collect();
    if templates.is_empty() {
        return Err(ThemeError::Missing(format!("{TEMPLATES}document.typ")).into());
    }
    // Paper is read by day.
    let (colours, _) = look.over(&tokens::read(theme.text("web/tokens.css")?));
    Ok(Style {
        templates,
        fonts: theme.folder("fonts/", ".ttf").map(|(_, bytes)| bytes.to_vec()).collect(),
        colours: colours.into_iter().map(|(name, colour)| (name, colour.to_string())).collect(),
    })
}

fn digest_of(style: &Style) -> Digest {
    let mut parts = Vec::new();
    for (path, bytes) in &style.templates {
        parts.push(format!("{path} {}", Digest::of(bytes)));
    }
    parts.extend(style.fonts.iter().map(|font| Digest::of(font).to_string()));
    parts.extend(style.colours.iter().map(|(name, hex)| format!("{name} {hex}")));
    Digest::of_kind(SETTINGS, parts.join("\n").as_bytes())
}

/// The digest of all that a PDF is made of.
fn source_of(style: &Digest, wording: &str, paper: &Paper) -> Digest {
    let mut all = format!("{style}\n{wording}");
    for (name, bytes) in &paper.pictures {
        all.push_str(&format!("\n{name} {}", Digest::of(bytes)));
    }
    Digest::of_kind(SETTINGS, all.as_bytes())
}
