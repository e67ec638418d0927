//! A form on its page, to be printed and filled in by hand; in other languages too.

use records::{
    form::{Choice, Form, QuestionType},
    ids::Slug,
};
use serde::Serialize;
use tera::Context;

use super::{Drawing, Site, SiteError, view};
use crate::{
    load::{
        form::FormFile,
        form_translation::{FormPart, FormTranslation},
    },
    print,
};

/// Lines to write on for an answer in words.
const LINES: usize = 3;

/// A question on its page.
#[derive(Serialize)]
struct QuestionView<'a> {
    number: usize,
    words: &'a str,
    help: &'a str,
    answer: &'a str,
    choices: Vec<ChoiceView<'a>>,
    lines: usize,
    required: bool,
    /// Attributes of a question, and of its help alone, that fell back to the school's own language.
    own: String,
    help_own: String,
}

/// One of the answers that a question offers.
#[derive(Serialize)]
struct ChoiceView<'a> {
    words: &'a str,
    symbol: Option<&'a Slug>,
    own: String,
}

/// Attributes of the parts of a form that fell back to the school's own language.
#[derive(Serialize)]
struct Fallen {
    summary: String,
    intro: String,
    withdraw: String,
    retention: String,
    sign_off: String,
    /// In the order of the purposes.
    purposes: Vec<String>,
}

/// Gives a part its attributes.
type Own<'o> = &'o dyn Fn(FormPart) -> String;

impl Site<'_> {
    pub(super) fn form(&self, file: &FormFile) -> Result<Drawing, SiteError> {
        let address = file.address();
        let mut context = self.form_page(&file.form, &address, &|_| String::new())?;
        self.offer_form_languages(&mut context, file, None);
        if let Some(print) = self.school.prints.get(&print::file_of_form_page(file)) {
            context.insert("pdf", &view::Pdf::of(print));
        }
        Ok(("form.html", format!("{address}/index.html"), context))
    }

    /// A form in these pages' language.
    pub(super) fn translated_form(
        &self,
        english: &FormFile,
        translation: &FormTranslation,
    ) -> Result<Drawing, SiteError> {
        let address = translation.address();
        let own = |part| if translation.gaps.contains(&part) { self.own() } else { String::new() };
        let mut context = self.form_page(&translation.form, &address, &own)?;
        self.offer_form_languages(&mut context, english, Some(translation));
        Ok(("form.html", format!("{address}/index.html"), context))
    }

    fn form_page(&self, form: &Form, address: &str, own: Own<'_>) -> Result<Context, SiteError> {
        let mut context = self.frame(address, &form.title, &form.summary)?;
        context.insert("summary", &form.summary);
        context.insert("form", form);
        context.insert("questions", &questions(form, own));
        let fallen = Fallen {
            summary: own(FormPart::Summary),
            intro: own(FormPart::Intro),
            withdraw: own(FormPart::Withdraw),
            retention: own(FormPart::Retention),
            sign_off: own(FormPart::SignOff),
            purposes: form
                .purposes
                .iter()
                .map(|purpose| own(FormPart::Purpose(purpose.id.clone())))
                .collect(),
        };
        context.insert("fallen", &fallen);
        let checked =
            form.legal.iter().map(|note| note.checked.map(|day| day.in_words()).unwrap_or_default());
        context.insert("checked", &checked.collect::<Vec<_>>());
        context.insert("audience", form.audience.as_str());
        Ok(context)
    }
}

fn questions<'f>(form: &'f Form, own: Own<'_>) -> Vec<QuestionView<'f>> {
    let questions = form.questions.iter().enumerate().map(|(at, question)| {
        let choice = |choice: &'f Choice| ChoiceView {
            words: &choice.words,
            symbol: choice.symbol.as_ref(),
            own: own(FormPart::Choice(question.id.clone(), choice.id.clone())),
        };
        QuestionView {
            number: at + 1,
            words: &question.words,
            help: question.help.as_deref().unwrap_or_default(),
            answer: question.answer.as_str(),
            choices: question.choices.iter().map(choice).collect(),
            lines: if question.answer == QuestionType::Text { LINES } else { 1 },
            required: question.required,
            own: own(FormPart::Question(question.id.clone())),
            help_own: own(FormPart::Help(question.id.clone())),
        }
    });
    questions.collect()
}
