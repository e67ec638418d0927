//! Makes the PDFs of a school, or takes them from the build before.

use std::collections::BTreeMap;

use press::print::{Fault, Press, SETTINGS, Style, StyleError, document::Document as Paper};
use rayon::prelude::*;
use records::digest::Digest;

use super::{Print, PrintError, file_of, held::Held, is_printed, paper, words::Words};
use crate::{
    diagnostic::Diagnostic,
    load::{School, document::Document},
    look::tokens,
    theme::{Theme, ThemeError},
};

const TEMPLATES: &str = "print/";

/// Every page that has a PDF, by its address, and findings about those that cannot have one. What
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
    let style = digest_of(&style);
    let documents: Vec<&Document> = school.documents.iter().filter(|document| is_printed(document)).collect();
    let made: Vec<Result<(String, Print), Vec<Diagnostic>>> = documents
        .into_par_iter()
        .map(|document| {
            let paper = paper::of(school, theme, &words, document);
            let file = file_of(document);
            let from = source_of(&style, &press, &paper);
            if let Some(print) = held.print(&from, &file) {
                return Ok((document.address(), print.clone()));
            }
            let printed = press
                .print(&paper)
                .map_err(|faults| faults.iter().map(|fault| told(document, fault)).collect::<Vec<_>>())?;
            Ok((document.address(), Print { file, pages: printed.pages, bytes: printed.bytes, from }))
        })
        .collect();
    let mut prints = BTreeMap::new();
    let mut problems = Vec::new();
    for one in made {
        match one {
            Ok((address, print)) => drop(prints.insert(address, print)),
            Err(mut found) => problems.append(&mut found),
        }
    }
    Ok((prints, problems))
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
fn source_of(style: &Digest, press: &Press, paper: &Paper) -> Digest {
    let mut all = format!("{style}\n{}", press.wording(paper));
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
        Fault::Refused { at: place, why } => source.error(
            "print",
            line(place.unwrap_or_default()),
            format!("This page cannot be made into a PDF: {why}."),
            "The page itself is published. Please tell whoever looks after signpost.",
        ),
    };
    finding.as_warning()
}
