//! Pages in other languages, and what leads from one language to another.

use std::sync::Arc;

use jiff::civil::Date;
use records::language::Language;
use serde::Serialize;
use tera::Context;

use super::{Drawing, Site, SiteError, html, view};
use crate::load::{
    document::{Document, Kind, language_folder},
    form::FormFile,
    form_translation::FormTranslation,
    language::{self, Direction},
    translation::Translation,
};

/// A way to the same page in another language.
#[derive(Serialize)]
struct Way {
    href: String,
    /// The address on the school's website.
    live: String,
    tag: String,
    dir: &'static str,
    name: String,
    current: bool,
}

/// What a reader of a translation is told before anything else.
#[derive(Serialize)]
struct Notice {
    english: String,
    signed: bool,
    unchecked: bool,
    checked_by: String,
    checked: String,
    outdated: bool,
    gaps: bool,
}

impl<'a> Site<'a> {
    /// The same site, for pages in a language.
    pub(super) fn speaking(&self, language: &Language) -> Self {
        let tongue = self.tongues.get(language).map(Arc::clone);
        let (words, plain, navigation) = match &tongue {
            Some(tongue) => (tongue.words.clone(), tongue.plain.clone(), Arc::clone(&tongue.navigation)),
            None => (self.words.clone(), self.plain.clone(), Arc::clone(&self.navigation)),
        };
        Self {
            words,
            plain,
            tongue,
            name: self.name.clone(),
            brand: self.brand.clone(),
            navigation,
            tera: Arc::clone(&self.tera),
            tongues: Arc::clone(&self.tongues),
            school: self.school,
            theme: self.theme,
            day: self.day,
        }
    }

    /// Languages without a front page of their own: they get a list of what there is.
    pub(super) fn without_front_page(&self) -> impl Iterator<Item = &'a Language> + use<'a> {
        let home = self.school.of_kind(Kind::Home).next();
        let school = self.school;
        school.languages().into_iter().filter(move |l| home.and_then(|home| home.translation(l)).is_none())
    }

    /// Puts language, direction and the way home into a page; gives its address without the language.
    pub(super) fn speak_in<'x>(&self, context: &mut Context, root: &str, address: &'x str) -> &'x str {
        let none: [Way; 0] = [];
        context.insert("ways", &none);
        context.insert("notice", &false);
        let Some(tongue) = &self.tongue else {
            context.insert("tag", &self.school.settings.language);
            context.insert("dir", Direction::LeftToRight.as_str());
            context.insert("own", "");
            context.insert("nav_own", "");
            context.insert("home", &html::href(root, ""));
            return address;
        };
        context.insert("tag", tongue.language.as_str());
        context.insert("dir", language::direction(&tongue.language).as_str());
        context.insert("own", &self.own());
        let nav_own = if tongue.has_navigation { String::new() } else { self.own() };
        context.insert("nav_own", &nav_own);
        let folder = language_folder(&tongue.language);
        context.insert("home", &html::href(root, &folder));
        address.strip_prefix(&folder).map_or(address, |rest| rest.trim_start_matches('/'))
    }

    /// Attributes of what is in the school's own language on a page in another.
    pub(super) fn own(&self) -> String {
        format!(" lang=\"{}\" dir=\"ltr\"", html::escape(&self.school.settings.language))
    }

    /// A day as readers of these pages say it.
    pub(super) fn in_words(&self, day: Date) -> String {
        self.tongue.as_ref().map_or_else(|| view::in_words(day), |tongue| tongue.day(day))
    }

    /// Who looks after a page, in the words of these pages.
    pub(super) fn facts(&self, document: &Document) -> view::Facts {
        let facts = view::Facts::of(self.school, document, self.day);
        match &self.tongue {
            Some(tongue) => facts.in_language(self.own(), |day| tongue.day(day)),
            None => facts,
        }
    }

    /// The ways from a page to the same page in other languages. From the front page they lead to every
    /// language that there is.
    pub(super) fn offer_languages(&self, context: &mut Context, document: &Document, root: &str) {
        let english = match &document.language {
            None => document,
            Some(_) => {
                let same = |d: &&Document| d.kind == document.kind && d.slug == document.slug;
                let Some(english) = self.school.documents.iter().find(same) else { return };
                english
            }
        };
        let mut ways = vec![self.way(root, &english.address(), None, document.language.is_none())];
        for (language, _) in self.tongues.iter() {
            let address = match english.translation(language) {
                Some(translation) => translation.page.address(),
                None if english.kind == Kind::Home => language_folder(language),
                None => continue,
            };
            ways.push(self.way(root, &address, Some(language), document.language.as_ref() == Some(language)));
        }
        if ways.len() > 1 {
            context.insert("ways", &ways);
        }
    }

    /// The ways from a form to the same form in other languages, and what a reader of a translation is told first.
    pub(super) fn offer_form_languages(
        &self,
        context: &mut Context,
        english: &FormFile,
        here: Option<&FormTranslation>,
    ) {
        let address = here.map_or_else(|| english.address(), FormTranslation::address);
        let root = "../".repeat(address.split('/').count());
        let mut ways = vec![self.way(&root, &english.address(), None, here.is_none())];
        ways.extend(english.published_translations().map(|other| {
            let current = here.is_some_and(|here| here.language == other.language);
            self.way(&root, &other.address(), Some(&other.language), current)
        }));
        if ways.len() > 1 {
            context.insert("ways", &ways);
        }
        let Some(here) = here else { return };
        let notice = Notice {
            english: html::href(&root, &english.address()),
            signed: false,
            unchecked: !here.is_checked(),
            checked_by: here.checked_by.clone().unwrap_or_default(),
            checked: here.checked.as_ref().map(|day| self.in_words(day.value)).unwrap_or_default(),
            outdated: here.is_out_of_date(),
            // What the law says stands in English on every one.
            gaps: !here.gaps.is_empty() || !here.form.legal.is_empty(),
        };
        context.insert("notice", &notice);
    }

    fn way(&self, root: &str, address: &str, language: Option<&Language>, current: bool) -> Way {
        let website = &self.school.settings.website;
        let live = if address.is_empty() { format!("{website}/") } else { format!("{website}/{address}/") };
        let tongue = language.and_then(|language| self.tongues.get(language));
        let own = self.school.settings.language.clone();
        Way {
            href: html::href(root, address),
            live,
            tag: language.map_or(own, |language| language.as_str().to_owned()),
            dir: language.map_or(Direction::LeftToRight, language::direction).as_str(),
            name: tongue.map_or_else(|| "English".to_owned(), |tongue| tongue.name.clone()),
            current,
        }
    }

    /// A page in these pages' language.
    pub(super) fn translated(
        &self,
        english: &Document,
        translation: &Translation,
    ) -> Result<Drawing, SiteError> {
        let (template, file, mut context) = self.page(&translation.page)?;
        let root = "../".repeat(translation.page.address().split('/').count());
        let mut gaps = false;
        if english.kind == Kind::Agreement {
            gaps = self.agreement(english, translation, &root, &mut context);
            context.insert("to_sign", &self.sheets_to_sign(english, Some(&translation.language), &root));
        }
        let mut fallen = |key: &str, empty: bool| {
            let own = if empty { self.own() } else { String::new() };
            context.insert(key.to_owned(), &own);
            empty
        };
        let no_summary = translation.page.matter.summary.is_none() && english.matter.summary.is_some();
        let no_brief = translation.page.matter.in_brief.is_empty() && !english.matter.in_brief.is_empty();
        if fallen("summary_own", no_summary) {
            context.insert("summary", &view::summary(self.school, english));
        }
        if no_brief {
            // Marked sentence by sentence, because they stand in a list with a heading in this language.
            let marked = |sentence: String| format!("<span{}>{sentence}</span>", self.own());
            let sentences: Vec<_> = view::in_brief(self.school, english).into_iter().map(marked).collect();
            context.insert("in_brief", &sentences);
        }
        let notice = Notice {
            english: html::href(&root, &english.address()),
            signed: english.kind == Kind::Agreement,
            unchecked: !translation.is_checked(),
            checked_by: translation.checked_by.clone().unwrap_or_default(),
            checked: translation.checked.as_ref().map(|day| self.in_words(day.value)).unwrap_or_default(),
            outdated: translation.is_out_of_date(),
            gaps: gaps || no_summary || no_brief,
        };
        context.insert("notice", &notice);
        Ok((template, file, context))
    }

    /// The promises, each in this language or else in English; whether any is in English.
    fn agreement(
        &self,
        english: &Document,
        translation: &Translation,
        root: &str,
        context: &mut Context,
    ) -> bool {
        let labels = self.labels();
        let place = self.place(english, root, &labels, 0);
        let there = self.place(&translation.page, root, &labels, 0);
        let own = self.own();
        let beside = view::Beside { translation, place: &there, own: &own };
        context.insert("groups", &view::groups(english, &place, Some(&beside)));
        let introduction = &translation.page.body.pieces[translation.introduction.clone()];
        let introduction = html::render(introduction, &there);
        let original = english.promises.as_ref().map(|promises| promises.introduction.clone());
        let original = original.map(|range| html::render(&english.body.pieces[range], &place));
        let original = original.unwrap_or_default();
        let missing = introduction.is_empty() && !original.is_empty();
        let shown = if missing { format!("<div{own}>{original}</div>") } else { introduction };
        context.insert("introduction", &shown);
        let parts = english.body.headings.iter().filter(|h| h.opens_part());
        missing || parts.into_iter().any(|heading| translation.part(&heading.anchor).is_none())
    }

    /// The list of what there is in this language.
    pub(super) fn language_page(&self) -> Result<Drawing, SiteError> {
        let Some(tongue) = &self.tongue else { return self.not_found() };
        let folder = language_folder(&tongue.language);
        let title = if tongue.has_navigation {
            self.word("translation.in_this_language")
        } else {
            tongue.name.clone()
        };
        let mut context = self.frame(&folder, &title, &title)?;
        let pages = self.school.translated().map(|(_, translation)| translation);
        let pages = pages
            .filter(|translation| translation.language == tongue.language)
            .map(|translation| view::Entry::of(self.school, &translation.page, "../", self.day));
        let forms = self.school.translated_forms().map(|(_, translation)| translation);
        let forms = forms
            .filter(|translation| translation.language == tongue.language)
            .map(|translation| view::Entry::of_form(&translation.form, &translation.address(), "../"));
        let entries: Vec<_> = pages.chain(forms).collect();
        context.insert("entries", &entries);
        if let Some(home) = self.school.of_kind(Kind::Home).next() {
            let mut ways = vec![self.way("../", &home.address(), None, false)];
            for language in self.tongues.keys() {
                ways.push(self.way(
                    "../",
                    &language_folder(language),
                    Some(language),
                    *language == tongue.language,
                ));
            }
            context.insert("ways", &ways);
        }
        Ok(("language.html", format!("{folder}/index.html"), context))
    }
}
