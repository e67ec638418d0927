//! A form of the school as a document to fill in by hand.
//!
//! Every use that consent is asked for stands apart, with what a yes means, for how long and who then has it;
//! yes and no are of one size, and neither comes with a mark in it.

use std::collections::BTreeMap;

use press::print::document::{
    Answer, Block, Document as Paper, Inline, Purpose, Question, Readers as For, Signing,
};
use records::{
    form::{Form, FormAudience, FormKind, QuestionType},
    ids::Slug,
};

use super::{paper, words::Words};
use crate::{
    load::{School, form::FormFile},
    site,
    theme::Theme,
};

/// Lines to write on for an answer in words, and for a day or a name.
const LINES: (usize, usize) = (3, 1);

pub(super) fn of(school: &School, theme: &Theme, words: &Words, file: &FormFile) -> Paper {
    let (form, settings) = (&file.form, &school.settings);
    let mut making = Making { school, theme, words, pictures: BTreeMap::new() };
    let body = making.body(form);
    let mut pictures = making.pictures;
    let logo = paper::logo(school, theme).map(|(name, bytes)| {
        pictures.insert(name.clone(), bytes.to_vec());
        name
    });
    let day = paper::first_day(school);
    let said = |key: &str| words.shared.forms.get(key).cloned().unwrap_or_default();
    let live = format!("{}/{}", settings.website, file.address());
    Paper {
        title: form.title.clone(),
        kind: said(&format!("for_{}", form.audience)),
        summary: form.summary.clone(),
        school: settings.name.clone(),
        language: settings.language.clone(),
        address: live.split_once("://").map_or(live.as_str(), |(_, rest)| rest).to_owned(),
        logo,
        day: (day.year(), day.month(), day.day()),
        compact: true,
        // Whoever takes the answers down has to know which words were answered.
        edition: format!("{} {}", said("version"), form.version),
        readers: if form.audience == FormAudience::Pupil { For::Children } else { For::GrownUps },
        page_words: (words.own.page.number.clone(), words.own.page.of.clone()),
        body,
        pictures,
        ..Paper::default()
    }
}

struct Making<'s> {
    school: &'s School,
    theme: &'s Theme,
    words: &'s Words,
    pictures: BTreeMap<String, Vec<u8>>,
}

impl Making<'_> {
    fn word(&self, key: &str) -> String {
        self.words.shared.forms.get(key).cloned().unwrap_or_default()
    }

    fn picture(&mut self, name: Option<&Slug>) -> Option<String> {
        let name = name?.as_str();
        let path = format!("symbols/{name}.svg");
        self.pictures.insert(path.clone(), site::symbol(self.school, self.theme, name)?.to_vec());
        Some(path)
    }

    fn body(&mut self, form: &Form) -> Vec<Block> {
        let plain = |text: &str| Block::Paragraph(vec![Inline::plain(text)]);
        let mut blocks: Vec<Block> = form.intro.iter().map(|text| plain(text)).collect();
        if !form.purposes.is_empty() {
            blocks.push(heading(self.word("purposes")));
            blocks.push(plain(&self.word("equal")));
            blocks.extend(form.purposes.iter().map(|purpose| {
                Block::Purpose(Purpose {
                    level: 2,
                    anchor: String::new(),
                    words: purpose.words.clone(),
                    picture: self.picture(purpose.symbol.as_ref()),
                    facts: vec![
                        (self.word("meaning"), purpose.meaning.clone()),
                        (self.word("how_long"), purpose.how_long.clone()),
                        (self.word("who_holds"), purpose.who_holds.clone()),
                    ],
                    answers: vec![self.word("yes"), self.word("no")],
                })
            }));
        }
        if !form.questions.is_empty() {
            blocks.push(heading(self.word("questions")));
            for (at, question) in form.questions.iter().enumerate() {
                let question = self.question(at + 1, question);
                blocks.push(Block::Question(question));
            }
        }
        if let Some(withdraw) = &form.withdraw {
            blocks.push(Block::Panel {
                title: self.word("withdraw"),
                says: vec![Block::Paragraph(paper::line(self.school, withdraw))],
            });
        }
        if !form.sign_off.is_empty() {
            blocks.push(Block::Signing(vec![Signing {
                title: self.word("sign_off"),
                says: String::new(),
                lines: form.sign_off.clone(),
                mark: None,
            }]));
        }
        let mut small = Vec::new();
        if let Some(retention) = &form.retention {
            small.push(labelled(&self.word("retention"), &retention.words));
        }
        if !form.legal.is_empty() {
            let law = form.legal.iter().map(|note| {
                let checked = match note.checked {
                    Some(day) => format!("{} {}", self.word("checked"), day.in_words()),
                    None => self.word("unchecked"),
                };
                vec![plain(&format!("{} {} {} ({checked})", note.words, self.word("source"), note.source))]
            });
            let law = Block::List { first: None, items: law.collect() };
            small.push(labelled(&self.word("legal"), ""));
            small.push(law);
        }
        if !small.is_empty() {
            blocks.push(Block::Rule);
            blocks.push(Block::Small(small));
        }
        blocks
    }

    fn question(&mut self, number: usize, question: &records::form::Question) -> Question {
        let mut help: Vec<String> = question.help.iter().cloned().collect();
        let answer = match question.answer {
            QuestionType::YesNo => Answer::Either(vec![self.word("yes"), self.word("no")]),
            QuestionType::Choice | QuestionType::Several => {
                help.push(self.word(question.answer.as_str()));
                let boxes = question.choices.iter();
                Answer::Boxes(
                    boxes
                        .map(|choice| (self.picture(choice.symbol.as_ref()), choice.words.clone()))
                        .collect(),
                )
            }
            QuestionType::Text => Answer::Lines(LINES.0),
            QuestionType::Date | QuestionType::Moment | QuestionType::Mark => Answer::Lines(LINES.1),
        };
        let note = if question.required { self.word("required") } else { String::new() };
        Question { level: 2, number, words: question.words.clone(), note, help, answer }
    }
}

fn heading(words: String) -> Block {
    Block::Heading { level: 1, anchor: String::new(), words: vec![Inline::plain(words)], at: 0 }
}

fn labelled(label: &str, says: &str) -> Block {
    let colon = format!("{label}: ");
    Block::Paragraph(vec![Inline::Strong(vec![Inline::plain(colon)]), Inline::plain(says)])
}

/// Whether it is filled in once for all by many people, and goes through the printer by the hundred.
pub(super) const fn is_in_colour(form: &Form) -> bool {
    matches!(form.audience, FormAudience::Pupil) && matches!(form.kind, FormKind::Survey)
}
