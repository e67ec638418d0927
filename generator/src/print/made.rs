//! Makes the PDFs of a school, or takes them from the build before.

use std::collections::{BTreeMap, BTreeSet};

use press::print::{Fault, Press, SETTINGS, Style, StyleError, document::Document as Paper, poster::Sheet};
use rayon::prelude::*;
use records::digest::Digest;

use super::{
    Print, PrintError, file_of, file_of_poster,
    held::Held,
    is_printed, paper,
    poster::{self, ShortAddress},
    words::Words,
};
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        nearest::did_you_mean,
    },
    look::tokens,
    theme::{Theme, ThemeError},
};

const TEMPLATES: &str = "print/";

/// Every PDF by its file, and findings about those that cannot have one. What
/// `held` has of an unchanged page is taken as it is.
///
/// # Errors
/// [`PrintError`], when the theme is at fault.
pub fn prepare(
    school: &School,
    theme: &Theme,
    held: &Held,
) -> Result<(BTreeMap<String, Print>, Vec<Diagnostic>), PrintError> {
    let words = Words::of(theme)?;
    let style = style(school, theme)?;
    let press = Press::new(&style).map_err(broken)?;
    let templates: BTreeSet<String> = style.templates.keys().cloned().collect();
    let style = digest_of(&style);
    let mut problems = Vec::new();
    let short = short_address(school, &mut problems);
    let pages = school.documents.iter().filter(|document| is_printed(document)).map(Job::Page);
    let posters = school.of_kind(Kind::Poster).filter(|document| document.is_published());
    let posters = posters.filter(|document| has_layout(document, &templates, &mut problems));
    let posters = posters.flat_map(|document| {
        poster::sheets(document).into_iter().map(move |sheet| Job::Poster(document, sheet))
    });
    let jobs: Vec<Job<'_>> = pages.chain(posters).collect();
    let made: Vec<Result<Print, Vec<Diagnostic>>> = jobs
        .into_par_iter()
        .map(|job| {
            let (document, file) = (job.document(), job.file());
            let told =
                |faults: Vec<Fault>| faults.iter().map(|fault| told(document, fault)).collect::<Vec<_>>();
            let (from, printed) = match job {
                Job::Page(document) => {
                    let paper = paper::of(school, theme, &words, document);
                    let from = source_of(&style, &press.wording(&paper), &paper);
                    (from, held.print(&from, &file).cloned().ok_or_else(|| press.print(&paper)))
                }
                Job::Poster(document, sheet) => {
                    let poster = poster::of(school, theme, document, sheet, short.as_ref());
                    let from = source_of(&style, &press.poster_wording(&poster), &poster.document);
                    (from, held.print(&from, &file).cloned().ok_or_else(|| press.poster(&poster)))
                }
            };
            match printed {
                Ok(held) => Ok(held),
                Err(printed) => {
                    let printed = printed.map_err(told)?;
                    Ok(Print { file, pages: printed.pages, bytes: printed.bytes, from })
                }
            }
        })
        .collect();
    let mut prints = BTreeMap::new();
    for one in made {
        match one {
            Ok(print) => drop(prints.insert(print.file.clone(), print)),
            Err(mut found) => problems.append(&mut found),
        }
    }
    Ok((prints, problems))
}

/// What is to be printed.
enum Job<'s> {
    /// A page of the site.
    Page(&'s Document),
    /// A poster on a sheet.
    Poster(&'s Document, Sheet),
}

impl<'s> Job<'s> {
    fn document(&self) -> &'s Document {
        match self {
            Self::Page(document) | Self::Poster(document, _) => document,
        }
    }

    fn file(&self) -> String {
        match self {
            Self::Page(document) => file_of(document),
            Self::Poster(document, sheet) => file_of_poster(document, sheet.name()),
        }
    }
}

/// The code to the short address, or what is wrong with it; posters then have none.
fn short_address(school: &School, problems: &mut Vec<Diagnostic>) -> Option<ShortAddress> {
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

/// Whether a poster's layout is one that the theme has; if not, that is told.
fn has_layout(document: &Document, templates: &BTreeSet<String>, problems: &mut Vec<Diagnostic>) -> bool {
    // A poster without a layout has been told already.
    let Some(layout) = &document.matter.layout else { return false };
    let name = |path: &'_ String| {
        let name = path.strip_prefix("posters/")?.strip_suffix(".typ")?;
        (name != "parts").then(|| name.to_owned())
    };
    let known: Vec<String> = templates.iter().filter_map(name).collect();
    if known.contains(&layout.value) {
        return true;
    }
    let all = known.join(", ");
    let finding = document.source.error(
        "print-layout",
        layout.range.clone(),
        format!("There is no layout “{}” for posters, so this one is not made for paper.", layout.value),
        did_you_mean(&layout.value, known.iter().map(String::as_str), format!("Choose one of these: {all}.")),
    );
    problems.push(finding.as_warning());
    false
}

fn broken(error: StyleError) -> PrintError {
    PrintError::Style(error.to_string())
}

fn style(school: &School, theme: &Theme) -> Result<Style, PrintError> {
    let templates = theme.folder(TEMPLATES, ".typ");
    let templates = templates
        .filter_map(|(path, bytes)| Some((path.strip_prefix(TEMPLATES)?.to_owned(), bytes.to_vec())));
    let templates: BTreeMap<String, Vec<u8>> = templates.collect();
    if templates.is_empty() {
        return Err(ThemeError::Missing(format!("{TEMPLATES}document.typ")).into());
    }
    // Paper is read by day.
    let (colours, _) = school.settings.look.over(&tokens::read(theme.text("web/tokens.css")?));
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

/// A finding about what cannot be printed. The page itself is published all the same.
fn told(document: &Document, fault: &Fault) -> Diagnostic {
    let source = &document.source;
    let at = |place: usize| {
        place
            ..source.text[place.min(source.text.len())..]
                .chars()
                .next()
                .map_or(place, |c| place + c.len_utf8())
    };
    let line = |place: usize| source.line_range(source.spot(place..place).line);
    let finding = match fault {
        Fault::NoGlyph { at: place, letter } => {
            let what = format!(
                "The fonts for print have no “{letter}” (U+{:04X}), so this page has no PDF.",
                u32::from(*letter)
            );
            let mend = "Take it out, or write in words what it stands for.";
            // The file may spell the letter otherwise, or a placeholder may have brought it in.
            let there = source.text.get(at(*place)).is_some_and(|text| text.starts_with(*letter));
            let range =
                if there { at(*place) } else { source.find_within(line(*place), &letter.to_string()) };
            source.error("print-letter", range, what, mend)
        }
        Fault::TooWide { at: place, words } => {
            let words = words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", ");
            source.error(
                "print-table",
                line(*place),
                format!("This table is too wide for paper even in small print, so this page has no PDF. The longest words of its columns are {words}."),
                "Make it of fewer columns, or of shorter words.",
            )
        }
        Fault::Picture { at: place, file } => source.error(
            "print-picture",
            line(*place),
            format!("The picture “{file}” cannot be printed, so this page has no PDF."),
            "Save it again as a PNG or JPEG file, or draw it anew.",
        ),
        Fault::TooLong { at: place, words } => source.error(
            "print-too-long",
            place.map_or_else(|| source.find_within(0..source.text.len(), words), line),
            format!("These words do not fit on the poster in a size that can be read, so it is not made for paper: “{words}”, with what stands under it."),
            "Say it in fewer words, or choose another layout.",
        ),
        Fault::Refused { at: place, why } => source.error(
            "print",
            line(place.unwrap_or_default()),
            format!("This page cannot be made into a PDF: {why}."),
            "The page itself is published. Please tell whoever looks after signpost.",
        ),
    };
    finding.as_warning()
}
