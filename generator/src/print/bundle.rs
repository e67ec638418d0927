//! Everything that a school prints in one file, with a list on top: print these, so many, on this paper.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Write as _},
};

use press::print::document::{Block, Document as Paper, Inline, Side, Table};
use records::language::Language;
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{
    Print, Reach, Sheet, file_of, file_of_form_page, file_of_poster, file_of_screen, file_of_sheet_to_sign,
    form_page, paper, to_sign,
    words::{BundleWords, Words},
};
use crate::{
    load::{
        School,
        document::{Document, Kind},
        front_matter::Readers,
        placeholder::fill_plain,
        print_for::PrintFor,
    },
    site::tongue::{self, Known},
    theme::Theme,
};

/// The list’s own file.
pub(super) const CONTENTS: &str = "what-to-print.pdf";

/// What is done with the papers of some parts, and a folder of the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chapter {
    PinUp,
    HandOut,
    Keep,
}

impl Chapter {
    /// Its name in the words of the theme.
    const fn name(self) -> &'static str {
        match self {
            Self::PinUp => "pin-up",
            Self::HandOut => "hand-out",
            Self::Keep => "keep",
        }
    }

    /// Its folder; folders are shown by name, and these have an order.
    const fn folder(self) -> &'static str {
        match self {
            Self::PinUp => "1-pin-up",
            Self::HandOut => "2-hand-out",
            Self::Keep => "3-keep",
        }
    }
}

/// A part of the list, and a folder of its chapter’s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// So many for each of these.
    For(PrintFor),
    /// For screens.
    Screens,
    /// Sizes of posters that are there besides the one to print.
    OtherSizes,
    /// For staff alone.
    StaffOnly,
}

impl Part {
    const fn chapter(self) -> Chapter {
        match self {
            Self::For(
                PrintFor::Classrooms | PrintFor::Corridors | PrintFor::Entrances | PrintFor::Offices,
            )
            | Self::Screens => Chapter::PinUp,
            Self::For(
                PrintFor::Families | PrintFor::Ks1 | PrintFor::Ks2 | PrintFor::Staff | PrintFor::Governors,
            ) => Chapter::HandOut,
            Self::For(PrintFor::Folder | PrintFor::Asked) | Self::OtherSizes | Self::StaffOnly => {
                Chapter::Keep
            }
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::For(whom) => whom.as_str(),
            Self::Screens => "screens",
            Self::OtherSizes => "other-sizes",
            Self::StaffOnly => "staff-only",
        }
    }
}

/// Something to print.
pub(super) struct Item<'p> {
    part: Part,
    title: String,
    /// What it is for.
    purpose: String,
    colour: bool,
    /// How many; none where nobody can say.
    copies: Option<u32>,
    print: &'p Print,
}

/// What to print, in the order of the list.
pub(super) fn list<'p>(
    school: &School,
    prints: &'p BTreeMap<String, Print>,
    said: &BundleWords,
    known: &BTreeMap<String, Known>,
) -> Vec<Item<'p>> {
    let settings = &school.settings;
    // The office sorts papers by the English names of languages.
    let with = |words: &str, language: &Language| {
        let name = tongue::find(known, language).map_or(language.as_str(), |known| known.english.as_str());
        words.replace("{language}", name)
    };
    let mut items = Vec::new();
    let mut add = |file: &str, part: Part, title: &str, purpose: &str, colour: bool| {
        let Some(print) = prints.get(file) else { return };
        let part = if print.reach == Reach::Staff { Part::StaffOnly } else { part };
        let copies = match part {
            Part::For(whom) => settings.copies(whom),
            Part::Screens | Part::OtherSizes | Part::StaffOnly => None,
        };
        items.push(Item {
            part,
            title: title.to_owned(),
            purpose: purpose.to_owned(),
            colour,
            copies,
            print,
        });
    };
    for document in &school.documents {
        let (title, whom) = (document.title(settings), document.print_for());
        let summary = fill_plain(document.matter.summary.as_deref().unwrap_or_default(), settings);
        if to_sign::has_sheet_to_sign(document) {
            // Each child signs a sheet; the agreement as it is in full is for whoever asks to read it.
            add(&file_of_sheet_to_sign(document, None), Part::For(whom), &title, &summary, true);
            add(&file_of(document), Part::For(PrintFor::Folder), &title, &summary, false);
            for translation in document.published_translations() {
                let title = format!("{title} / {}", translation.page.title(settings));
                for sheet in Sheet::ALL {
                    let file = file_of_sheet_to_sign(document, Some((&translation.language, sheet)));
                    let words = match sheet {
                        Sheet::TwoSides => &said.to_sign_two_sides,
                        Sheet::Beside => &said.to_sign_beside,
                    };
                    let purpose = with(words, &translation.language);
                    add(&file, Part::For(PrintFor::Asked), &title, &purpose, true);
                }
            }
        }
        for translation in document.published_translations() {
            let title = format!("{title} / {}", translation.page.title(settings));
            let file = file_of(&translation.page);
            let purpose = with(&said.to_read, &translation.language);
            add(&file, Part::For(PrintFor::Asked), &title, &purpose, is_in_colour(document));
        }
        if to_sign::has_sheet_to_sign(document) {
            continue;
        }
        if document.kind != Kind::Poster {
            add(&file_of(document), Part::For(whom), &title, &summary, is_in_colour(document));
            continue;
        }
        let best = best_sheet(document, whom);
        for sheet in document.matter.paper.iter().map(|paper| paper.as_str()) {
            let part = if Some(sheet) == best { Part::For(whom) } else { Part::OtherSizes };
            add(&file_of_poster(document, sheet), part, &title, &summary, true);
        }
        add(&file_of_screen(document), Part::Screens, &title, &summary, true);
    }
    for file in &school.forms {
        let form = &file.form;
        let part = Part::For(file.print_for);
        add(&file_of_form_page(file), part, &form.title, &form.summary, form_page::is_in_colour(form));
    }
    // Whatever else is made of a page goes where the page goes.
    let listed: BTreeSet<&str> = items.iter().map(|item| item.print.file.as_str()).collect();
    let others = prints.values().filter(|print| !listed.contains(print.file.as_str()));
    let others = others.filter_map(|print| {
        let (folder, name) = print.file.rsplit_once('/')?;
        let document = school.documents.iter().find(|document| document.address() == folder)?;
        let whom = document.print_for();
        let reach = print.reach == Reach::Staff;
        Some(Item {
            part: if reach { Part::StaffOnly } else { Part::For(whom) },
            title: document.title(settings),
            purpose: name.to_owned(),
            colour: is_in_colour(document),
            copies: if reach { None } else { settings.copies(whom) },
            print,
        })
    });
    let others: Vec<Item<'_>> = others.collect();
    items.extend(others);
    // Within a part by the paper, so that one goes to the copier once for each tray.
    let order = |item: &Item<'p>| (item.part.chapter(), item.part, item.print.sheet.clone(), !item.colour);
    items.sort_by_cached_key(order);
    items
}

/// The sheet to print of those that a poster is made for: a large one where people walk past.
fn best_sheet(document: &Document, whom: PrintFor) -> Option<&'static str> {
    let order: &[&str] = match whom {
        PrintFor::Corridors | PrintFor::Entrances => &["A3", "A2", "A4", "A5"],
        _ => &["A4", "A3", "A5", "A2"],
    };
    let made: Vec<&str> = document.matter.paper.iter().map(|paper| paper.as_str()).collect();
    order.iter().find(|sheet| made.contains(sheet)).copied()
}

/// Whether colour helps: for children and on walls. All of it is legible in grey.
fn is_in_colour(document: &Document) -> bool {
    let for_pupils = matches!(document.print_for(), PrintFor::Ks1 | PrintFor::Ks2);
    document.kind == Kind::Flowchart
        || for_pupils
        || document.kind == Kind::Guide && document.matter.readers == Readers::Children
}

/// The list as a document.
pub(super) fn contents(school: &School, theme: &Theme, words: &Words, items: &[Item<'_>]) -> Paper {
    let said = &words.own.bundle;
    let settings = &school.settings;
    let mut pictures = BTreeMap::new();
    let logo = paper::logo(school, theme).map(|(name, bytes)| {
        pictures.insert(name.clone(), bytes.to_vec());
        name
    });
    let mut body = vec![Block::List {
        first: None,
        items: said.notes.iter().map(|note| vec![Block::Paragraph(vec![Inline::plain(note)])]).collect(),
    }];
    let mut number = 0;
    let mut chapter = None;
    for group in items.chunk_by(|a, b| a.part == b.part) {
        let Some(first) = group.first() else { continue };
        let this = first.part.chapter();
        if chapter.replace(this) != Some(this)
            && let Some(words) = said.chapters.get(this.name())
        {
            let anchor = format!("chapter-{}", this.name());
            let title = vec![Inline::plain(&words.title)];
            body.push(Block::Heading { level: 1, anchor, words: title, at: 0 });
            body.push(Block::Paragraph(vec![Inline::plain(&words.says)]));
        }
        let title = said.groups.get(first.part.name()).cloned().unwrap_or_default();
        let anchor = format!("part-{}", first.part.name());
        body.push(Block::Heading { level: 2, anchor, words: vec![Inline::plain(title)], at: 0 });
        let rows = group.iter().map(|item| {
            number += 1;
            row(said, number, item)
        });
        let rows = rows.collect();
        let head = said.head.iter().map(|head| vec![Inline::plain(head)]).collect::<Vec<_>>();
        let mut columns = vec![Side::Start; head.len()];
        columns.first_mut().into_iter().for_each(|number| *number = Side::End);
        body.push(Block::Table(Table { columns, head, rows, at: 0 }));
    }
    let day = paper::first_day(school);
    Paper {
        title: said.title.clone(),
        kind: said.kind.clone(),
        summary: said.summary.clone(),
        school: settings.name.clone(),
        language: settings.language.clone(),
        address: settings.name.clone(),
        logo,
        day: (day.year(), day.month(), day.day()),
        compact: true,
        page_words: (words.own.page.number.clone(), words.own.page.of.clone()),
        body,
        pictures,
        ..Paper::default()
    }
}

fn row(said: &BundleWords, number: usize, item: &Item<'_>) -> Vec<Vec<Inline>> {
    let plain = |text: &str| vec![Inline::plain(text)];
    let screen = item.part == Part::Screens;
    let sides = match item.print.pages {
        _ if screen => "",
        1 => said.one_side.as_str(),
        _ => said.two_sides.as_str(),
    };
    let ink = match (screen, item.colour) {
        (true, _) => "",
        (_, true) => said.colour.as_str(),
        (_, false) => said.grey.as_str(),
    };
    let copies = match item.copies {
        Some(copies) => copies.to_string(),
        None if screen => String::new(),
        None => said.as_needed.clone(),
    };
    let paper = if screen { &said.screen } else { &item.print.sheet };
    let mut what = vec![Inline::Strong(plain(&item.title))];
    // Other sizes are of posters that the list has told of.
    if !item.purpose.is_empty() && item.part != Part::OtherSizes {
        what.extend([Inline::Break, Inline::plain(&item.purpose)]);
    }
    vec![plain(&number.to_string()), what, plain(paper), plain(sides), plain(ink), plain(&copies)]
}

/// The bundle’s bytes: the same for the same files, whenever it is made.
pub(super) fn zipped(contents: &Print, items: &[Item<'_>]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A PDF is packed already. No day of making, which would be another one tomorrow.
    let plain = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    zip.start_file(format!("00-{CONTENTS}"), plain)?;
    zip.write_all(&contents.bytes)?;
    for (at, item) in items.iter().enumerate() {
        let name = item.print.file.rsplit('/').next().unwrap_or(&item.print.file);
        zip.start_file(
            format!("{}/{}/{:02}-{name}", item.part.chapter().folder(), item.part.name(), at + 1),
            plain,
        )?;
        zip.write_all(&item.print.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
