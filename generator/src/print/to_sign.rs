//! An agreement as a sheet to sign: alone, or with a translation overleaf or beside it.

use press::print::{
    document::{Document as Paper, Readers as For},
    to_sign::{Group, Promise, Shape, SheetToSign, Text},
};
use records::{agreement::Audience, day::Day};

use super::{body::Body, paper, tongue::Tongue, words::Words};
use crate::{
    load::{School, document::Document, markdown::Heading, promises, translation::Translation},
    site,
    theme::Theme,
};

/// Whether this agreement has a sheet of its own to sign: children's promises fit one sheet. Other agreements are read
/// at length and signed under their text.
pub(crate) fn has_sheet_to_sign(document: &Document) -> bool {
    let audience = document.matter.audience.as_ref().map(|audience| audience.value);
    document.promises.is_some() && matches!(audience, Some(Audience::Ks1 | Audience::Ks2))
}

/// A sheet with a translation, or in English alone.
pub(super) fn of(
    school: &School,
    theme: &Theme,
    words: &Words,
    document: &Document,
    beside: Option<(&Translation, Shape, &Tongue)>,
) -> SheetToSign {
    let mut pictures = std::collections::BTreeMap::new();
    let logo = paper::logo(school, theme).map(|(name, bytes)| {
        pictures.insert(name.clone(), bytes.to_vec());
        name
    });
    let mut making = Making { school, theme, words, document, pictures };
    let mut texts = vec![making.english()];
    if let Some((translation, _, tongue)) = beside {
        texts.push(making.translated(translation, tongue));
    }
    let settings = &school.settings;
    let matter = &document.matter;
    let live = format!("{}/{}", settings.website, document.address());
    let page = &words.shared.page;
    let mut stated = Vec::new();
    if let Some(version) = &matter.version {
        stated.push(format!("{} {}", page.version, version.value));
    }
    if let Some(day) = &matter.approved {
        stated.push(format!("{} {}", page.approved, Day::from(day.value).in_words()));
    }
    let day = paper::day_of(school, document);
    let ks1 = matter.audience.as_ref().is_some_and(|audience| audience.value == Audience::Ks1);
    SheetToSign {
        document: Paper {
            title: document.title(settings),
            school: settings.name.clone(),
            language: settings.language.clone(),
            address: live.split_once("://").map_or(live.as_str(), |(_, rest)| rest).to_owned(),
            logo,
            day: (day.year(), day.month(), day.day()),
            readers: if ks1 { For::Beginners } else { For::Children },
            pictures: making.pictures,
            ..Paper::default()
        },
        shape: beside.map_or(Shape::Sides, |(_, shape, _)| shape),
        stated: stated.join(" · "),
        texts,
    }
}

struct Making<'m> {
    school: &'m School,
    theme: &'m Theme,
    words: &'m Words,
    document: &'m Document,
    pictures: std::collections::BTreeMap<String, Vec<u8>>,
}

impl<'m> Making<'m> {
    fn english(&mut self) -> Text {
        let mut body = Body::of(self.school, self.document);
        let pieces = &self.document.body.pieces;
        let heading = |number: usize| &self.document.body.headings[number];
        let mut groups = Vec::new();
        for group in self.groups() {
            let mut promises = Vec::new();
            for promise in &group.statements {
                let said = heading(promise.heading);
                promises.push(Promise {
                    words: body.heading(said),
                    picture: self.drawing(said),
                    more: body.blocks(&pieces[promise.more.clone()], 3),
                    at: said.range.start,
                });
            }
            groups.push(Group {
                heading: group.heading.map(|number| body.heading(heading(number))).unwrap_or_default(),
                introduction: body.blocks(&pieces[group.introduction.clone()], 3),
                promises,
            });
        }
        let introduction = body.blocks(&pieces[self.introduction()], 3);
        self.pictures.append(&mut body.pictures);
        let settings = &self.school.settings;
        Text {
            language: settings.language.clone(),
            kind: paper::audience_words(self.words, self.document),
            title: self.document.title(settings),
            introduction,
            groups,
            signing: paper::signing(self.words, self.document, None),
            notice: String::new(),
            elsewhere: self.words.own.to_sign.elsewhere.clone(),
        }
    }

    /// The words of a translation, each part in English where the translation has none.
    fn translated(&mut self, translation: &'m Translation, tongue: &Tongue) -> Text {
        let english = self.english();
        let page = &translation.page;
        let mut body = Body::of(self.school, page);
        let mut part = |number: usize| {
            let name = &self.document.body.headings[number].anchor;
            let (heading, part) = translation.part(name)?;
            let words = body.heading(heading);
            // What follows a translated group's heading, up to the next one.
            Some((words, body.blocks(&page.body.pieces[part.after.clone()], 3)))
        };
        let mut groups = english.groups;
        for (group, read) in groups.iter_mut().zip(self.groups()) {
            if let Some((words, introduction)) = read.heading.and_then(&mut part) {
                group.heading = words;
                group.introduction = introduction;
            }
            for (promise, read) in group.promises.iter_mut().zip(&read.statements) {
                if let Some((words, more)) = part(read.heading) {
                    promise.words = words;
                    promise.more = more;
                }
            }
        }
        let introduction = body.blocks(&page.body.pieces[translation.introduction.clone()], 3);
        self.pictures.append(&mut body.pictures);
        let notice = if translation.is_checked() {
            tongue.sign.clone()
        } else {
            format!("{} {}", tongue.sign, tongue.unchecked)
        };
        Text {
            language: translation.language.to_string(),
            kind: tongue.name.clone(),
            title: page.title(&self.school.settings),
            introduction: if introduction.is_empty() { english.introduction } else { introduction },
            groups,
            signing: paper::signing(self.words, self.document, Some(tongue)),
            notice,
            elsewhere: tongue.elsewhere.clone().unwrap_or(english.elsewhere),
        }
    }

    /// The promises under their headings; an agreement without promises has been told.
    fn groups(&self) -> &'m [promises::Group] {
        self.document.promises.as_ref().map(|promises| promises.groups.as_slice()).unwrap_or_default()
    }

    fn introduction(&self) -> std::ops::Range<usize> {
        self.document.promises.as_ref().map(|promises| promises.introduction.clone()).unwrap_or_default()
    }

    fn drawing(&mut self, said: &Heading) -> Option<String> {
        let name = said.symbol.as_deref()?;
        let path = format!("symbols/{name}.svg");
        let bytes = site::symbol(self.school, self.theme, name)?.to_vec();
        self.pictures.insert(path.clone(), bytes);
        Some(path)
    }
}
