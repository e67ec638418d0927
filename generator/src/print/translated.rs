//! A page in another language as a document to print. What it lacks stands there in the school's own language, and
//! is marked so, for whoever listens to it.

use press::print::document::{Block, Document as Paper, Inline, Other, Statement, Target};

use super::{
    body::Body,
    paper,
    tongue::Tongue,
    words::{Around, Words},
};
use crate::{
    load::{
        School,
        document::{Document, Kind},
        front_matter::Readers,
        markdown::Heading,
        placeholder::fill_plain,
        scenario::Scenario,
        translation::Translation,
    },
    site,
    theme::Theme,
};

/// A translation of a page.
pub(super) fn of(
    school: &School,
    theme: &Theme,
    words: &Words,
    english: &Document,
    translation: &Translation,
    tongue: &Tongue,
) -> Paper {
    let page = &translation.page;
    let own = school.settings.language.clone();
    let mut body = Body::of(school, page);
    let mut gaps = false;
    let blocks = if english.kind == Kind::Agreement {
        let mut promises = Promises {
            school,
            theme,
            english,
            translation,
            own: &own,
            lent: Body::lent(school, english),
            body: &mut body,
            ask: paper::ask(words),
            asks: tongue.around.as_ref().and_then(|around| around.agreement.get(paper::ASK).cloned()),
            gaps: false,
        };
        let blocks = promises.blocks();
        gaps = promises.gaps;
        let mut lent = std::mem::take(&mut promises.lent.pictures);
        body.pictures.append(&mut lent);
        blocks
    } else {
        body.blocks(&page.body.pieces, 1)
    };
    let mut pictures = std::mem::take(&mut body.pictures);
    let mut paper = paper::framed(school, theme, words, page, blocks);
    paper.pictures.append(&mut pictures);
    paper.language = translation.language.to_string();
    // English is what is signed.
    paper.signatures = None;
    for fact in &mut paper.facts {
        fact.language = Some(own.clone());
        fact.note_language = Some(own.clone());
    }
    let around = tongue.around.as_ref();
    match around {
        Some(around) => speak(&mut paper, page, around, tongue),
        None => paper.other.around = Some(own.clone()),
    }
    if page.matter.summary.is_none() && !english.matter.summary.as_deref().unwrap_or_default().is_empty() {
        let summary = english.matter.summary.as_deref().unwrap_or_default();
        paper.summary = fill_plain(summary, &school.settings);
        paper.other.summary = Some(own.clone());
        gaps = true;
    }
    if page.matter.in_brief.is_empty() && !english.matter.in_brief.is_empty() {
        let title = around.map_or(&words.shared.page, |around| &around.page).in_brief.clone();
        let sentences = english.matter.in_brief.iter();
        let sentences = sentences.map(|sentence| in_tongue(&own, paper::line(school, sentence))).collect();
        paper.in_brief = Some((title, sentences));
        gaps = true;
    }
    paper.notice = notice(school, words, english, translation, tongue, gaps);
    paper
}

/// Puts the words around the text in its language.
fn speak(paper: &mut Paper, page: &Document, around: &Around, tongue: &Tongue) {
    paper.other = Other::default();
    paper.kind = match page.kind {
        Kind::Agreement => {
            let audience = page.matter.audience.as_ref().map(|audience| audience.value.to_string());
            let name = format!("for_{}", audience.unwrap_or_default());
            around.agreement.get(&name).or_else(|| around.agreement.get("for_")).cloned().unwrap_or_default()
        }
        Kind::Guide => match page.matter.readers {
            Readers::Families => around.kind.guide_families.clone(),
            Readers::Children => around.kind.guide_children.clone(),
            Readers::Staff => around.kind.guide_staff.clone(),
        },
        _ => around.kind.policy.clone(),
    };
    paper.page_words = (around.numbers.number.clone(), around.numbers.of.clone());
    if let Some(contents) = &mut paper.contents {
        contents.clone_from(&around.numbers.contents);
    }
    if let Some((title, _)) = &mut paper.in_brief {
        title.clone_from(&around.page.in_brief);
    }
    let matter = &page.matter;
    let day = |day: &Option<crate::load::toml_reader::Located<jiff::civil::Date>>| {
        day.as_ref().map(|day| tongue.day(day.value))
    };
    let said = &around.page;
    // In the order in which they stand: who looks after it, approved, review due, version.
    let facts = [
        (&said.owner, None),
        (&said.approved, day(&matter.approved)),
        (&said.review_due, day(&matter.review_due)),
        (&said.version, None),
    ];
    for (fact, (label, value)) in paper.facts.iter_mut().zip(facts) {
        fact.label.clone_from(label);
        if let Some(value) = value {
            fact.value = value;
            fact.language = None;
        }
    }
}

fn in_tongue(language: &str, words: Vec<Inline>) -> Vec<Inline> {
    vec![Inline::Tongue { language: language.to_owned(), words }]
}

/// How the translation stands to the page that counts.
fn notice(
    school: &School,
    words: &Words,
    english: &Document,
    translation: &Translation,
    tongue: &Tongue,
    gaps: bool,
) -> Vec<Vec<Inline>> {
    let own = &school.settings.language;
    let said = tongue.around.as_ref().map_or(&words.shared.translation, |around| &around.translation);
    let stands = if english.kind == Kind::Agreement { &said.sign } else { &said.counts };
    let live = format!("{}/{}/", school.settings.website, english.address());
    let shown = live.split_once("://").map_or(live.as_str(), |(_, rest)| rest).trim_end_matches('/');
    let link =
        Inline::Link { to: Target::Web(live.clone()), words: in_tongue(own, vec![Inline::plain(shown)]) };
    let checked = match (&translation.checked_by, &translation.checked) {
        (Some(who), Some(day)) if translation.is_checked() => {
            format!("{} {who}, {}", said.checked_by, tongue.day(day.value))
        }
        _ => said.unchecked.clone(),
    };
    let mut sentences = vec![
        vec![Inline::plain(stands)],
        vec![Inline::plain(format!("{}: ", said.english)), link],
        vec![Inline::plain(checked)],
    ];
    if translation.is_out_of_date() {
        sentences.push(vec![Inline::plain(&said.outdated)]);
    }
    if gaps {
        sentences.push(vec![Inline::plain(&said.gaps)]);
    }
    match tongue.around {
        Some(_) => sentences,
        None => sentences.into_iter().map(|sentence| in_tongue(own, sentence)).collect(),
    }
}

/// The promises of an agreement, each in this language or else in the school's own.
struct Promises<'m, 'd> {
    school: &'d School,
    theme: &'d Theme,
    english: &'d Document,
    translation: &'d Translation,
    own: &'m str,
    body: &'m mut Body<'d>,
    lent: Body<'d>,
    /// “What would you do?”, in the school's own language and in this one where the theme has it.
    ask: String,
    asks: Option<String>,
    gaps: bool,
}

/// A part's words and what follows it, and where it stands in the translation.
struct Part {
    words: Vec<Inline>,
    after: Vec<Block>,
    at: usize,
}

impl<'d> Promises<'_, 'd> {
    fn blocks(&mut self) -> Vec<Block> {
        let Some(promises) = &self.english.promises else { return Vec::new() };
        let pieces = &self.english.body.pieces;
        let introduction = &self.translation.page.body.pieces[self.translation.introduction.clone()];
        let mut blocks = self.body.blocks(introduction, 1);
        if blocks.is_empty() {
            let english = self.lent.blocks(&pieces[promises.introduction.clone()], 1);
            blocks.extend(self.lend(english));
        }
        for group in &promises.groups {
            let heading = group.heading.map(|number| &self.english.body.headings[number]);
            match heading {
                Some(heading) => {
                    let part = self.part(heading, &pieces[group.introduction.clone()], 2);
                    let Part { words, mut after, at } = part;
                    blocks.push(Block::Heading { level: 1, anchor: heading.anchor.clone(), words, at });
                    blocks.append(&mut after);
                }
                None => {
                    let english = self.lent.blocks(&pieces[group.introduction.clone()], 2);
                    blocks.extend(self.lend(english));
                }
            }
            for promise in &group.statements {
                let said = &self.english.body.headings[promise.heading];
                let Part { words, after, at } = self.part(said, &pieces[promise.more.clone()], 3);
                blocks.push(Block::Statement(Statement {
                    level: if heading.is_some() { 2 } else { 1 },
                    anchor: said.anchor.clone(),
                    words,
                    picture: self.drawing(said),
                    more: after,
                    at,
                }));
            }
            if let Some(scenario) = &group.scenario {
                blocks.extend(self.story(scenario));
            }
        }
        blocks
    }

    /// A story in this language; where there is none, the English one.
    fn story(&mut self, scenario: &'d Scenario) -> Vec<Block> {
        let english = &self.english.body;
        let said = &english.headings[scenario.heading];
        let there = self.translation.scenario(&said.anchor, scenario.choices.len());
        match (there, self.asks.clone()) {
            (Some((heading, told)), Some(asks)) => {
                paper::story(asks, heading, &told, &self.translation.page.body.pieces, self.body)
            }
            _ => {
                let says = paper::story(self.ask.clone(), said, scenario, &english.pieces, &mut self.lent);
                self.lend(says).into_iter().collect()
            }
        }
    }

    /// A part in this language; where there is none, its English words.
    fn part(&mut self, said: &'d Heading, english: &'d [crate::load::piece::Piece], top: usize) -> Part {
        match self.translation.part(&said.anchor) {
            Some((heading, part)) => Part {
                words: self.body.heading(heading),
                after: self.body.blocks(&self.translation.page.body.pieces[part.after.clone()], top),
                at: heading.range.start,
            },
            None => {
                self.gaps = true;
                let words = in_tongue(self.own, self.lent.heading(said));
                let after = self.lent.blocks(english, top);
                Part { words, after: self.lend(after).into_iter().collect(), at: 0 }
            }
        }
    }

    fn lend(&mut self, says: Vec<Block>) -> Option<Block> {
        (!says.is_empty()).then(|| {
            self.gaps = true;
            Block::Tongue { language: self.own.to_owned(), says }
        })
    }

    fn drawing(&mut self, said: &Heading) -> Option<String> {
        let name = said.symbol.as_deref()?;
        let path = format!("symbols/{name}.svg");
        let bytes = site::symbol(self.school, self.theme, name)?.to_vec();
        self.body.pictures.insert(path.clone(), bytes);
        Some(path)
    }
}
