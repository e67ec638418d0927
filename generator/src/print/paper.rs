//! A page of the school as a document to print.

use std::collections::BTreeMap;

use jiff::civil::Date;
use press::print::document::{
    Block, Document as Paper, Fact, Inline, Other, Readers as For, Signatures, Signing, Statement, Target,
};
use records::{agreement::Audience, day::Day};

use super::{
    body::Body,
    to_sign,
    tongue::Tongue,
    words::{Sign, Words},
};
use crate::{
    load::{
        School, contact,
        document::{Document, Kind},
        front_matter::Readers,
        markdown::{Heading, paragraphs_of},
        piece::Piece,
        placeholder::{fill_plain, mask},
        scenario::{Choice, Scenario},
        toml_reader::Located,
    },
    site,
    theme::Theme,
};

/// From how many parts and words on a document has a list of contents: under that it fits two sheets.
const CONTENTS: (usize, usize) = (5, 900);

/// The day that a file bears of which no day is known, neither its approval nor its school year.
const NO_DAY: Date = jiff::civil::date(2000, 1, 1);

/// The name of “What would you do?” in catalogues.
pub(super) const ASK: &str = "what_would_you_do";

/// What stands for the school on paper: a drawing, as on the front of its pages.
const LOGOS: [&str; 2] = ["logo", "signpost"];

/// The day that the file of a page bears: of its approval, or the first of the school year.
pub(super) fn day_of(school: &School, document: &Document) -> Date {
    let approved = document.matter.approved.as_ref().map(|day| day.value);
    approved.unwrap_or_else(|| first_day(school))
}

/// The first day of the school year, which a file bears that was approved on no day.
pub(super) fn first_day(school: &School) -> Date {
    school.settings.year.map_or(NO_DAY, |(first, _)| first)
}

pub(super) fn of(school: &School, theme: &Theme, words: &Words, document: &Document) -> Paper {
    let mut body = Body::of(school, document);
    let blocks = match document.kind {
        Kind::Agreement => agreement(school, theme, words, document, &mut body),
        _ => body.blocks(&document.body.pieces, 1),
    };
    let mut pictures = std::mem::take(&mut body.pictures);
    let mut paper = framed(school, theme, words, document, blocks);
    paper.pictures.append(&mut pictures);
    paper
}

/// A page with its head and what stands around it.
pub(super) fn framed(
    school: &School,
    theme: &Theme,
    words: &Words,
    document: &Document,
    blocks: Vec<Block>,
) -> Paper {
    let settings = &school.settings;
    let matter = &document.matter;
    let audience = matter.audience.as_ref().map(|audience| audience.value);
    let mut pictures = BTreeMap::new();
    let logo = logo(school, theme);
    let logo = logo.map(|(name, bytes)| {
        pictures.insert(name.clone(), bytes.to_vec());
        name
    });
    let live = format!("{}/{}", settings.website, document.address());
    let address = live.split_once("://").map_or(live.as_str(), |(_, rest)| rest).to_owned();
    let sentences = matter.in_brief.iter().map(|sentence| line(school, sentence)).collect::<Vec<_>>();
    let page = &words.shared.page;
    let day = day_of(school, document);
    Paper {
        title: document.title(settings),
        kind: kind(words, document),
        summary: fill_plain(matter.summary.as_deref().unwrap_or_default(), settings),
        school: settings.name.clone(),
        language: settings.language.clone(),
        address,
        logo,
        day: (day.year(), day.month(), day.day()),
        paper: press::print::sheet::Paper::default(),
        compact: false,
        other: Other::default(),
        notice: Vec::new(),
        edition: String::new(),
        facts: facts(school, words, document),
        signatures: signatures(school, words, document),
        in_brief: (!sentences.is_empty()).then(|| (page.in_brief.clone(), sentences)),
        contents: is_long(document).then(|| words.own.page.contents.clone()),
        numbered: document.kind == Kind::Policy && !document.body.headings.iter().any(is_numbered),
        readers: match (audience, matter.readers) {
            (Some(Audience::Ks1), _) => For::Beginners,
            (Some(Audience::Ks2), _) | (None, Readers::Children) => For::Children,
            _ => For::GrownUps,
        },
        page_words: (words.own.page.number.clone(), words.own.page.of.clone()),
        body: blocks,
        pictures,
    }
}

fn kind(words: &Words, document: &Document) -> String {
    let kinds = &words.own.kind;
    match document.kind {
        Kind::Agreement => audience_words(words, document),
        Kind::Guide => match document.matter.readers {
            Readers::Families => kinds.guide_families.clone(),
            Readers::Children => kinds.guide_children.clone(),
            Readers::Staff => kinds.guide_staff.clone(),
        },
        Kind::Flowchart => kinds.flowchart.clone(),
        _ => kinds.policy.clone(),
    }
}

/// Whom an agreement is for.
pub(super) fn audience_words(words: &Words, document: &Document) -> String {
    let name = format!("for_{}", audience(document));
    words.shared.agreement.get(&name).cloned().unwrap_or_default()
}

fn audience(document: &Document) -> String {
    document.matter.audience.as_ref().map(|audience| audience.value.to_string()).unwrap_or_default()
}

/// Where an agreement is signed, in English or in a language as far as the theme has words for it.
pub(super) fn signing(words: &Words, document: &Document, tongue: Option<&Tongue>) -> Vec<Signing> {
    let audience = audience(document);
    let Some(english) = words.own.sign.get(&audience) else { return Vec::new() };
    let of = |sign: &Sign| Signing {
        title: sign.title.clone(),
        says: sign.says.clone(),
        lines: sign.lines.clone(),
        mark: sign.mark.clone(),
    };
    let sign = tongue.and_then(|tongue| tongue.signing.get(&audience)).unwrap_or(english);
    let home = tongue.and_then(|tongue| tongue.home.as_ref()).unwrap_or(&words.own.home);
    std::iter::once(of(sign)).chain(english.home.then(|| of(home))).collect()
}

/// Whether somebody numbered a heading by hand: “3. Filtering”, “2.1 Staff”. It is not numbered twice.
fn is_numbered(heading: &Heading) -> bool {
    let digits = heading.words.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < heading.words.len() && digits.starts_with(['.', ')', ' '])
}

fn is_long(document: &Document) -> bool {
    let parts = document.body.headings.iter().filter(|heading| heading.level == 2).count();
    let words = || -> usize {
        paragraphs_of(&document.body.pieces).iter().map(|text| text.split_whitespace().count()).sum()
    };
    document.promises.is_none() && parts >= CONTENTS.0 && words() >= CONTENTS.1
}

fn facts(school: &School, words: &Words, document: &Document) -> Vec<Fact> {
    let matter = &document.matter;
    if !matches!(document.kind, Kind::Policy | Kind::Agreement) {
        return Vec::new();
    }
    let page = &words.shared.page;
    let stated = |value: Option<String>| {
        value.filter(|value| !value.is_empty()).unwrap_or_else(|| page.not_stated.clone())
    };
    let owner = matter.owner.as_ref().and_then(|owner| school.settings.person(&owner.value));
    let day = |day: &Option<Located<Date>>| day.as_ref().map(|day| Day::from(day.value).in_words());
    let fact = |label: &str, value: Option<String>, note: String| Fact {
        label: label.to_owned(),
        value: stated(value),
        note,
        language: None,
        note_language: None,
    };
    let by = with_capital(matter.approved_by.as_deref().unwrap_or_default());
    let version = matter.version.as_ref().map(|version| version.value.to_string());
    vec![
        fact(&page.owner, owner.map(|person| person.role.clone()), String::new()),
        fact(&page.approved, day(&matter.approved), by),
        fact(&page.review_due, day(&matter.review_due), String::new()),
        fact(&page.version, version, String::new()),
    ]
}

/// Lines to sign on that a policy is in force: for the headteacher and the chair of governors, as far as the
/// school names them.
fn signatures(school: &School, words: &Words, document: &Document) -> Option<Signatures> {
    const SIGN: [&str; 2] = ["head", "chair"];
    let people = SIGN.iter().filter_map(|key| Some(school.settings.person(key)?.role.clone()));
    let people: Vec<String> = people.collect();
    let wanted = document.kind == Kind::Policy && !people.is_empty();
    wanted.then(|| Signatures { people, date: words.own.page.date.clone() })
}

/// “the governing board” follows “by” elsewhere; here it stands alone.
fn with_capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One line of text that is no Markdown, its numbers and e-mail addresses as links.
pub(super) fn line(school: &School, text: &str) -> Vec<Inline> {
    let parts = contact::parts(&mask(text), &school.settings).into_iter();
    let part = |(text, address): (String, Option<String>)| match address {
        Some(address) => Inline::Link { to: Target::Web(address), words: vec![Inline::plain(text)] },
        None => Inline::plain(text),
    };
    parts.map(part).collect()
}

/// The school’s own logo if it is a drawing or a photograph that pages show, else the theme’s.
pub(crate) fn logo<'a>(school: &'a School, theme: &'a Theme) -> Option<(String, &'a [u8])> {
    let named = school.settings.look.logo.as_ref().map(|logo| logo.value.as_str());
    if let Some(size) = named.and_then(|path| school.photographs.get(path)?.sizes.first()) {
        return Some((size.file.clone(), &size.bytes));
    }
    if let Some((path, bytes)) = named.and_then(|path| school.pictures.get_key_value(path)) {
        return Some((path.clone(), bytes));
    }
    LOGOS.iter().find_map(|name| Some((format!("symbols/{name}.svg"), site::symbol(school, theme, name)?)))
}

/// “What would you do?”, in the school's own language.
pub(super) fn ask(words: &Words) -> String {
    words.shared.agreement.get(ASK).cloned().unwrap_or_default()
}

/// A story as an open question: what one could do, and not what follows. A class talks about that.
pub(super) fn story<'d>(
    ask: String,
    heading: &'d Heading,
    scenario: &Scenario,
    pieces: &'d [Piece],
    body: &mut Body<'d>,
) -> Vec<Block> {
    let mut blocks = vec![Block::Heading {
        level: 2,
        anchor: heading.anchor.clone(),
        words: body.heading(heading),
        at: heading.range.start,
    }];
    blocks.extend(body.blocks(&pieces[scenario.story.clone()], 3));
    blocks.push(Block::Paragraph(vec![Inline::Strong(vec![Inline::Words {
        text: ask,
        at: heading.range.start,
    }])]));
    let way = |choice: &Choice, body: &mut Body<'d>| {
        vec![Block::Paragraph(body.inlines(&pieces[choice.words.clone()]))]
    };
    let items = scenario.choices.iter().map(|choice| way(choice, body)).collect();
    blocks.push(Block::List { first: None, items });
    blocks
}

fn agreement<'d>(
    school: &'d School,
    theme: &'d Theme,
    words: &Words,
    document: &'d Document,
    body: &mut Body<'d>,
) -> Vec<Block> {
    let Some(promises) = &document.promises else { return Vec::new() };
    let pieces = &document.body.pieces;
    let mut blocks = body.blocks(&pieces[promises.introduction.clone()], 1);
    let mut symbols = BTreeMap::new();
    for group in &promises.groups {
        let heading = group.heading.map(|number| &document.body.headings[number]);
        if let Some(heading) = heading {
            blocks.push(Block::Heading {
                level: 1,
                anchor: heading.anchor.clone(),
                words: body.heading(heading),
                at: heading.range.start,
            });
        }
        blocks.extend(body.blocks(&pieces[group.introduction.clone()], 2));
        for promise in &group.statements {
            let said = &document.body.headings[promise.heading];
            let drawing = said.symbol.as_deref().and_then(|name| {
                Some((format!("symbols/{name}.svg"), site::symbol(school, theme, name)?.to_vec()))
            });
            blocks.push(Block::Statement(Statement {
                level: if heading.is_some() { 2 } else { 1 },
                anchor: said.anchor.clone(),
                words: body.heading(said),
                picture: drawing.as_ref().map(|(name, _)| name.clone()),
                more: body.blocks(&pieces[promise.more.clone()], 3),
                at: said.range.start,
            }));
            symbols.extend(drawing);
        }
        if let Some(scenario) = &group.scenario {
            let heading = &document.body.headings[scenario.heading];
            blocks.extend(story(ask(words), heading, scenario, pieces, body));
        }
    }
    body.pictures.append(&mut symbols);
    let asks = blocks.iter().any(|block| matches!(block, Block::Lines(_)));
    // What has a sheet of its own is signed there.
    if !asks && !to_sign::has_sheet_to_sign(document) {
        let signing = signing(words, document, None);
        blocks.extend((!signing.is_empty()).then_some(Block::Signing(signing)));
    }
    blocks
}
