//! What the templates see.

use std::{borrow::Cow, ops::Range};

use jiff::civil::Date;
use records::form::Form;
use serde::Serialize;

use crate::load::{
    School, contact,
    document::Document,
    piece::Piece,
    placeholder::fill_plain,
    scenario::Scenario,
    settings::{Helpline, Person},
    translation::Translation,
};

use super::html::{self, href};
use crate::print::Print;

/// A link with its words.
#[derive(Serialize)]
pub(super) struct Link<'w> {
    pub(super) href: String,
    pub(super) words: Cow<'w, str>,
    /// `page` for this very page, `true` for the part that it is in, else empty.
    pub(super) current: &'static str,
}

/// The school, as every page names it.
#[derive(Serialize)]
pub(super) struct SchoolView<'a> {
    name: &'a str,
    short_name: &'a str,
    motto: &'a str,
    values: &'a [String],
    address: &'a [String],
    phone: &'a str,
    phone_href: String,
    email: &'a str,
    language: &'a str,
}

impl<'a> SchoolView<'a> {
    pub(super) fn of(school: &'a School) -> Self {
        let s = &school.settings;
        Self {
            name: &s.name,
            short_name: &s.short_name,
            motto: s.motto.as_deref().unwrap_or_default(),
            values: &s.values,
            address: &s.address,
            phone: &s.phone,
            phone_href: contact::telephone(&s.phone).unwrap_or_default(),
            email: &s.email,
            language: &s.language,
        }
    }
}

/// Who looks after a page and since when; empty where the page does not say.
#[derive(Serialize, Default)]
pub(super) struct Facts {
    owner: String,
    approved: String,
    approved_iso: String,
    approved_by: String,
    review_due: String,
    review_iso: String,
    /// `in_date`, `soon`, `overdue` or empty.
    review_state: &'static str,
    version: String,
    /// Attributes of what stands in the school's own language on a page in another.
    own: String,
}

impl Facts {
    /// The same in a language: days in its words, what is not in it marked with these attributes.
    pub(super) fn in_language(self, own: String, day: impl Fn(Date) -> String) -> Self {
        let said = |iso: &str| iso.parse().map(&day).unwrap_or_default();
        Self { approved: said(&self.approved_iso), review_due: said(&self.review_iso), own, ..self }
    }

    pub(super) fn of(school: &School, document: &Document, today: Date) -> Self {
        let matter = &document.matter;
        let owner = matter.owner.as_ref().and_then(|o| school.settings.person(&o.value));
        let review = matter.review_due.as_ref().map(|l| l.value);
        Self {
            owner: owner.map(|person| person.role.clone()).unwrap_or_default(),
            approved: matter.approved.as_ref().map(|l| in_words(l.value)).unwrap_or_default(),
            approved_iso: matter.approved.as_ref().map(|l| l.value.to_string()).unwrap_or_default(),
            approved_by: with_capital(matter.approved_by.as_deref().unwrap_or_default()),
            review_due: review.map(in_words).unwrap_or_default(),
            review_iso: review.map(|day| day.to_string()).unwrap_or_default(),
            review_state: review.map(|due| review_state(due, today)).unwrap_or_default(),
            version: matter.version.as_ref().map(|l| l.value.to_string()).unwrap_or_default(),
            own: String::new(),
        }
    }
}

impl Facts {
    /// Owner, approval and version as one line of plain text.
    pub(super) fn in_a_line(&self) -> String {
        let parts = [&self.owner, &self.approved_by, &self.version];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
    }
}

/// “the governing board” follows “by” elsewhere; here it stands alone.
fn with_capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Two months ahead is when a governing board would have to be asked.
fn review_state(due: Date, today: Date) -> &'static str {
    let soon = today.checked_add(jiff::Span::new().days(60)).unwrap_or(today);
    if due < today {
        "overdue"
    } else if due <= soon {
        "soon"
    } else {
        "in_date"
    }
}

/// “14 September 2026”.
pub(super) fn in_words(day: Date) -> String {
    records::day::Day::from(day).in_words()
}

/// Pages of a list that stand under one heading; empty where there is only one such part.
#[derive(Serialize)]
pub(super) struct Shelf {
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) entries: Vec<Entry>,
}

/// A page in a list.
#[derive(Serialize)]
pub(super) struct Entry {
    href: String,
    title: String,
    summary: String,
    audience: String,
    facts: Facts,
    symbols: Vec<String>,
    promises: usize,
}

impl Entry {
    pub(super) fn of(school: &School, document: &Document, root: &str, today: Date) -> Self {
        let headings = &document.body.headings;
        let promises = document.promises.iter().flat_map(|p| p.statements());
        let symbols: Vec<String> = promises.filter_map(|s| headings[s.heading].symbol.clone()).collect();
        Self {
            href: href(root, &document.address()),
            title: document.title(&school.settings),
            summary: summary(school, document),
            audience: document.matter.audience.as_ref().map(|a| a.value.to_string()).unwrap_or_default(),
            facts: Facts::of(school, document, today),
            promises: symbols.len(),
            symbols: symbols.into_iter().take(5).collect(),
        }
    }
}

impl Entry {
    pub(super) fn of_form(form: &Form, address: &str, root: &str) -> Self {
        let facts = Facts { version: form.version.to_string(), ..Facts::default() };
        Self {
            href: href(root, address),
            title: form.title.clone(),
            summary: form.summary.clone(),
            audience: String::new(),
            facts,
            symbols: Vec::new(),
            promises: 0,
        }
    }
}

/// The summary with the school's words filled in.
pub(super) fn summary(school: &School, document: &Document) -> String {
    fill_plain(document.matter.summary.as_deref().unwrap_or_default(), &school.settings)
}

/// The sentences “in brief” as HTML, with the school's words filled in.
pub(super) fn in_brief(school: &School, document: &Document) -> Vec<String> {
    document.matter.in_brief.iter().map(|sentence| html::line(sentence, &school.settings)).collect()
}

/// One promise on its page.
#[derive(Serialize)]
pub(super) struct StatementView {
    anchor: String,
    /// HTML, because words with a hyphen are kept together.
    words: String,
    symbol: String,
    more: String,
    /// Attributes of words that fell back to the school's own language, and of “tell me more” alone.
    words_own: String,
    more_own: String,
}

/// “What would you do?” on its page.
#[derive(Serialize)]
pub(super) struct StoryView {
    anchor: String,
    words: String,
    /// HTML.
    story: String,
    /// What one does and what follows, both HTML.
    choices: Vec<(String, String)>,
    /// Attributes of a story that fell back to the school's own language.
    own: String,
}

/// Promises under one heading.
#[derive(Serialize)]
pub(super) struct GroupView {
    anchor: String,
    title: String,
    introduction: String,
    statements: Vec<StatementView>,
    story: Option<StoryView>,
    /// Attributes of a title and of an introduction that fell back to the school's own language.
    title_own: String,
    introduction_own: String,
}

/// A translation of an agreement, and where its words are drawn.
pub(super) struct Beside<'a> {
    pub(super) translation: &'a Translation,
    pub(super) place: &'a html::Place<'a>,
    /// Attributes of what falls back to the school's own language.
    pub(super) own: &'a str,
}

/// The groups of an agreement, in the words of its translation where that has them.
pub(super) fn groups(
    document: &Document,
    place: &html::Place<'_>,
    beside: Option<&Beside<'_>>,
) -> Vec<GroupView> {
    let body = &document.body;
    let Some(promises) = &document.promises else { return Vec::new() };
    // The words of a part: its translation's, or the page's own with the attributes that mark them.
    let part = |heading: usize| {
        let name = &body.headings[heading].anchor;
        let own = || beside.map(|b| b.own.to_owned()).unwrap_or_default();
        match beside.and_then(|b| b.translation.part(name).map(|(heading, part)| (b, heading, part))) {
            Some((b, heading, part)) => {
                let after = &b.translation.page.body.pieces[part.after.clone()];
                (heading.words.clone(), String::new(), html::render(after, b.place))
            }
            None => (body.headings[heading].words.clone(), own(), String::new()),
        }
    };
    let after = |translated: String, pieces: &[Piece]| {
        if !translated.is_empty() || beside.is_none() && pieces.is_empty() {
            return (translated, String::new());
        }
        let html = html::render(pieces, place);
        let own = beside.filter(|_| !html.is_empty()).map(|b| b.own.to_owned()).unwrap_or_default();
        (html, own)
    };
    let story = |scenario: &Scenario| {
        let heading = &body.headings[scenario.heading];
        let there = beside.and_then(|beside| {
            let told = beside.translation.scenario(&heading.anchor, scenario.choices.len());
            told.map(|(heading, told)| (heading, told, &beside.translation.page.body, beside.place))
        });
        let own = if there.is_some() { None } else { beside.map(|beside| beside.own.to_owned()) };
        let (there, told, body, place) = there.unwrap_or((heading, scenario.clone(), body, place));
        let drawn = |range: &Range<usize>| html::render(&body.pieces[range.clone()], place).trim().to_owned();
        StoryView {
            anchor: heading.anchor.clone(),
            words: there.words.clone(),
            story: drawn(&told.story),
            choices: told
                .choices
                .iter()
                .map(|choice| (drawn(&choice.words), drawn(&choice.follows)))
                .collect(),
            own: own.unwrap_or_default(),
        }
    };
    let of_group = |group: &crate::load::promises::Group| {
        let (title, title_own, translated) = group.heading.map(part).unwrap_or_default();
        let (introduction, introduction_own) = after(translated, &body.pieces[group.introduction.clone()]);
        GroupView {
            anchor: group.heading.map(|h| body.headings[h].anchor.clone()).unwrap_or_default(),
            title,
            title_own,
            introduction,
            introduction_own,
            statements: group
                .statements
                .iter()
                .map(|statement| {
                    let heading = &body.headings[statement.heading];
                    let (words, words_own, translated) = part(statement.heading);
                    let (more, more_own) = after(translated, &body.pieces[statement.more.clone()]);
                    StatementView {
                        anchor: heading.anchor.clone(),
                        words: html::together(&words),
                        words_own,
                        symbol: heading.symbol.clone().unwrap_or_default(),
                        more,
                        more_own,
                    }
                })
                .collect(),
            story: group.scenario.as_ref().map(story),
        }
    };
    promises.groups.iter().map(of_group).collect()
}

/// The page as a PDF, from the page itself.
#[derive(Serialize)]
pub(super) struct Pdf {
    file: String,
    pages: usize,
    size: String,
}

impl Pdf {
    pub(super) fn of(print: &Print) -> Self {
        let file = print.file.rsplit('/').next().unwrap_or(&print.file);
        Self { file: file.to_owned(), pages: print.pages, size: size(print.bytes.len()) }
    }

    /// As seen from a page that lies elsewhere.
    fn under(self, root: &str, print: &Print) -> Self {
        Self { file: format!("{root}{}", print.file), ..self }
    }
}

/// A poster as a PDF for one size of paper.
#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    paper: &'a str,
    pdf: Pdf,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(paper: &'a str, print: &'a Print) -> Self {
        Self { paper, pdf: Pdf::of(print) }
    }
}

/// A sheet to sign of an agreement as a PDF, and what it is.
#[derive(Serialize)]
pub(super) struct SheetToSign {
    words: String,
    pdf: Pdf,
}

impl SheetToSign {
    /// As seen from a page with this way to the top.
    pub(super) fn of(words: String, print: &Print, root: &str) -> Self {
        Self { words, pdf: Pdf::of(print).under(root, print) }
    }
}

/// A file’s size as readers know it: “84 kB”, “1.2 MB”.
fn size(bytes: usize) -> String {
    match bytes.div_ceil(1000) {
        kilobytes @ ..1000 => format!("{kilobytes} kB"),
        kilobytes => format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100),
    }
}

/// A part of the front page.
#[derive(Serialize)]
pub(super) struct Section {
    anchor: String,
    title: String,
    html: String,
}

/// Text before the first level-2 heading, and the parts under each.
pub(super) fn sections(document: &Document, place: &html::Place<'_>) -> (String, Vec<Section>) {
    let body = &document.body;
    let heads: Vec<_> = body.headings.iter().filter(|h| h.level == 2).collect();
    let first = heads.first().map_or(body.pieces.len(), |h| h.pieces.start);
    let parts = heads.iter().enumerate().map(|(n, head)| {
        let end = heads.get(n + 1).map_or(body.pieces.len(), |next| next.pieces.start);
        Section {
            anchor: head.anchor.clone(),
            title: head.words.clone(),
            html: html::render(&body.pieces[head.pieces.end..end], place),
        }
    });
    let parts = parts.collect();
    (html::render(&body.pieces[..first], place), parts)
}

/// The level-2 headings of a page, for “on this page”.
pub(super) fn contents(document: &Document) -> Vec<Link<'_>> {
    let heads = document.body.headings.iter().filter(|h| h.level == 2);
    heads
        .map(|h| Link { href: format!("#{}", h.anchor), words: h.words.as_str().into(), current: "" })
        .collect()
}

/// Somebody to turn to.
#[derive(Serialize)]
pub(super) struct PersonView<'a> {
    name: &'a str,
    role: &'a str,
    picture: &'a str,
}

impl<'a> PersonView<'a> {
    pub(super) fn of(person: &'a Person) -> Self {
        Self {
            name: &person.name,
            role: &person.role,
            picture: person.picture.as_deref().unwrap_or_default(),
        }
    }
}

/// A helpline.
#[derive(Serialize)]
pub(super) struct HelplineView<'a> {
    name: &'a str,
    phone: &'a str,
    phone_href: String,
    web: &'a str,
    audience: &'a str,
    checked: String,
}

impl<'a> HelplineView<'a> {
    pub(super) fn of(line: &'a Helpline) -> Self {
        Self {
            name: &line.name,
            phone: line.phone.as_deref().unwrap_or_default(),
            phone_href: line.phone.as_deref().and_then(contact::telephone).unwrap_or_default(),
            web: line.web.as_deref().unwrap_or_default(),
            audience: &line.audience,
            checked: line.checked.map(in_words).unwrap_or_default(),
        }
    }
}

/// How many helplines a worried reader meets first.
const FIRST_LINES: usize = 3;

/// The few that come first, those for children before others, and the rest; each in the school's order.
pub(super) fn helplines(all: &[Helpline]) -> (Vec<HelplineView<'_>>, Vec<HelplineView<'_>>) {
    let rank = |line: &Helpline| match line.audience.as_str() {
        "children" => 0,
        "families" => 1,
        _ => 2,
    };
    let mut lines: Vec<&Helpline> = all.iter().collect();
    lines.sort_by_key(|line| rank(line));
    // A line for those who work with children helps no child: it never comes first.
    let first = lines.iter().take_while(|line| rank(line) < 2).take(FIRST_LINES).count();
    let more = lines.split_off(first);
    (lines.into_iter().map(HelplineView::of).collect(), more.into_iter().map(HelplineView::of).collect())
}
