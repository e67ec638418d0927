//! A form in another language, beside its English file: `forms/images.pl.toml`.
//!
//! A translation is help text. Ids, kind, audience, version, pictures and law come from the English file, and so does
//! the order of things. Purposes, questions and answers are matched by their ids; a missing one stays English, one by
//! one, so that no use is ever left out of what a parent is asked.

use std::{cell::RefCell, collections::BTreeSet, fmt, ops::Range};

use jiff::civil::Date;
use records::{
    agreement::Version,
    form::{Choice, Form, Purpose, Question, Retention},
    ids::Slug,
    language::Language,
};

use super::{
    document::language_folder,
    form::FormFile,
    front_matter,
    language::{self, Direction},
    nearest::did_you_mean,
    placeholder,
    settings::Settings,
    toml_reader::{self, Located, Reader},
    translation,
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// A form in another language.
#[derive(Debug, Clone)]
pub struct FormTranslation {
    /// The language.
    pub language: Language,
    /// The form as it reads in that language, in the English order; what is not translated stands in it in English.
    pub form: Form,
    /// What of it is in English because the translation does not have it.
    pub gaps: BTreeSet<FormPart>,
    /// The file.
    pub source: Source,
    /// Where the title stands, for what concerns the translation as a whole.
    pub title: Range<usize>,
    /// The version of the English words that it was made from.
    pub of_version: Option<Located<Version>>,
    /// When somebody who reads both languages compared it with the English.
    pub checked: Option<Located<Date>>,
    /// Who that was.
    pub checked_by: Option<String>,
    /// Not to be shown yet.
    pub draft: bool,
}

/// A part of a form that a translation may lack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormPart {
    /// The sentences under the title.
    Summary,
    /// The paragraphs before the first question.
    Intro,
    /// A purpose with all its words.
    Purpose(Slug),
    /// A question with its help and its answers.
    Question(Slug),
    /// The help of a question.
    Help(Slug),
    /// An answer of a question.
    Choice(Slug, Slug),
    /// How to take back what was said.
    Withdraw,
    /// How long the answers are kept.
    Retention,
    /// The labels of the lines to sign on.
    SignOff,
}

impl fmt::Display for FormPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Summary => f.write_str("“summary”"),
            Self::Intro => f.write_str("“intro”"),
            Self::Purpose(id) => write!(f, "the purpose “{id}”"),
            Self::Question(id) => write!(f, "the question “{id}”"),
            Self::Help(of) => write!(f, "the help of the question “{of}”"),
            Self::Choice(of, id) => write!(f, "the answer “{id}” of the question “{of}”"),
            Self::Withdraw => f.write_str("“withdraw”"),
            Self::Retention => f.write_str("“retention”"),
            Self::SignOff => f.write_str("“sign_off”"),
        }
    }
}

impl FormTranslation {
    /// Where it stands in the site, without a slash before or after: `pl/forms/images`.
    pub fn address(&self) -> String {
        format!("{}/forms/{}", language_folder(&self.language), self.form.id)
    }

    /// Which way it is written.
    pub fn direction(&self) -> Direction {
        language::direction(&self.language)
    }

    /// Whether somebody compared it with the English, and says who and when.
    pub fn is_checked(&self) -> bool {
        self.checked.is_some() && self.checked_by.is_some()
    }

    /// Whether the English words have a newer version than the one that it was made from.
    pub fn is_out_of_date(&self) -> bool {
        self.of_version.as_ref().is_some_and(|made_from| made_from.value < self.form.version)
    }
}

/// Reads every translation of a form and puts it beside its English form.
pub fn attach(tree: &Tree, settings: &Settings, forms: &mut [FormFile], problems: &mut Vec<Diagnostic>) {
    for (path, bytes) in tree.folder("forms") {
        let Some((english, tag)) = language::of_form(path) else { continue };
        let Some(language) = translation::language_of(path, tag, "images.ur.toml", settings, problems) else {
            continue;
        };
        let Some(number) = forms.iter().position(|form| form.source.path == english) else {
            // A form that is there but cannot be read has a finding of its own.
            if !tree.files.contains_key(&english) {
                let there = forms.iter().map(|form| form.source.path.as_str());
                problems.push(translation::of_nothing(path, &english, "form", there));
            }
            continue;
        };
        let file = &mut forms[number];
        let source = match Source::from_bytes(path, bytes) {
            Ok(source) => source,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match file.translations.iter().find(|other| other.language == language) {
            Some(other) => problems.push(Diagnostic::file_error(
                "duplicate-slug",
                path,
                format!(
                    "This form and {} would have the same address, /{}/.",
                    other.source.path,
                    other.address()
                ),
                "Delete one of the two files; big and small letters count as the same.",
            )),
            None => {
                let translation = read(file, language, source, settings, problems);
                file.translations.push(translation);
            }
        }
    }
    for form in forms {
        form.translations.sort_by(|a, b| a.language.cmp(&b.language));
    }
}

/// Reads a translation of `english` from its file's text.
pub fn read(
    english: &FormFile,
    language: Language,
    source: Source,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> FormTranslation {
    placeholder::check(&source, settings, &[], problems);
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let top = parsed.reader(&source, 0, 0..source.line_range(1).end, &found);
    let what = "which version of the English form this was made from, such as \"1.0\"";
    let of_version = front_matter::version_in(&top, "of_version", what);
    let title = top.need_text("title", "the heading of the form");
    let making =
        Making { english, settings, direction: language::direction(&language), gaps: RefCell::default() };
    let mut form = making.form(&top);
    let place = title.as_ref().map_or(source.line_range(1), |title| title.range.clone());
    // Without a heading it is not shown: nothing is known of it.
    let draft = top.flag("draft") || title.is_none();
    if let Some(title) = title {
        form.title = making.fill(&title.value);
    }
    let checked = top.day("checked");
    let checked_by = top.text("checked_by").map(|who| who.value);
    top.finish("a translation of a form");
    let gaps = making.gaps.into_inner();
    problems.append(&mut found.into_inner());
    FormTranslation {
        language,
        form,
        gaps,
        title: place,
        of_version,
        checked,
        checked_by,
        draft,
        source: source.clone(),
    }
}

struct Making<'a> {
    english: &'a FormFile,
    settings: &'a Settings,
    direction: Direction,
    gaps: RefCell<BTreeSet<FormPart>>,
}

/// What one row says, under the id that it names.
type Row<T> = (Located<String>, T);

impl Making<'_> {
    fn fill(&self, words: &str) -> String {
        match self.direction {
            Direction::RightToLeft => placeholder::fill_plain(&placeholder::isolated(words), self.settings),
            Direction::LeftToRight => placeholder::fill_plain(words, self.settings),
        }
    }

    fn must(&self, reader: &Reader<'_, '_>, key: &'static str, what_it_is: &str) -> String {
        reader.need_text(key, what_it_is).map(|words| self.fill(&words.value)).unwrap_or_default()
    }

    fn lacks(&self, part: FormPart) {
        self.gaps.borrow_mut().insert(part);
    }

    fn form(&self, top: &Reader<'_, '_>) -> Form {
        let english = &self.english.form;
        let purposes = top.rows("purposes", |row| self.purpose(row));
        let purposes = self.matched(top, "purpose", purposes, english.purposes.iter().map(|p| &p.id));
        let questions = top.rows("questions", |row| self.question(row));
        let questions = self.matched(top, "question", questions, english.questions.iter().map(|q| &q.id));
        let summary = Some(english.summary.clone()).filter(|summary| !summary.is_empty());
        let retention = english.retention.as_ref().map(|retention| retention.words.clone());
        Form {
            summary: self.words(top, "summary", summary, FormPart::Summary).unwrap_or_default(),
            intro: self.intro(top),
            retention: self.words(top, "retention", retention, FormPart::Retention).map(|words| Retention {
                words,
                days: english.retention.as_ref().and_then(|retention| retention.days),
            }),
            purposes: english
                .purposes
                .iter()
                .map(|own| self.purpose_of(own, find(&purposes, &own.id)))
                .collect(),
            questions: english
                .questions
                .iter()
                .map(|own| self.question_of(own, find(&questions, &own.id)))
                .collect(),
            withdraw: self.words(top, "withdraw", english.withdraw.clone(), FormPart::Withdraw),
            sign_off: self.sign_off(top),
            ..english.clone()
        }
    }

    /// Words that the English form has too; the English ones where they are not translated.
    fn words(
        &self,
        reader: &Reader<'_, '_>,
        key: &'static str,
        english: Option<String>,
        part: FormPart,
    ) -> Option<String> {
        match (reader.text(key), english) {
            (Some(own), Some(_)) => Some(self.fill(&own.value)),
            (Some(own), None) => {
                self.not_in_english(reader, own.range, key);
                None
            }
            (None, Some(english)) => {
                self.lacks(part);
                Some(english)
            }
            (None, None) => None,
        }
    }

    fn not_in_english(&self, reader: &Reader<'_, '_>, range: Range<usize>, key: &str) {
        reader.tell(reader.source().error(
            "translation-unknown-part",
            range,
            format!("{} says nothing under “{key}” here.", self.english.source.path),
            "Take the line out, or write it into the English form first.",
        ));
    }

    fn intro(&self, top: &Reader<'_, '_>) -> Vec<String> {
        let own = top.words("intro");
        let english = &self.english.form.intro;
        match own.first() {
            Some(first) if english.is_empty() => {
                self.not_in_english(top, first.range.clone(), "intro");
                Vec::new()
            }
            Some(_) => own.iter().map(|words| self.fill(&words.value)).collect(),
            None => {
                if !english.is_empty() {
                    self.lacks(FormPart::Intro);
                }
                english.clone()
            }
        }
    }

    /// The labels of the lines to sign on, which stand for the English ones one by one.
    fn sign_off(&self, top: &Reader<'_, '_>) -> Vec<String> {
        let own = top.words("sign_off");
        let english = &self.english.form.sign_off;
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            if !english.is_empty() {
                self.lacks(FormPart::SignOff);
            }
            return english.clone();
        };
        if own.len() == english.len() {
            return own.iter().map(|words| self.fill(&words.value)).collect();
        }
        let what = format!(
            "“sign_off” has {} here and {} in {}, so nothing says which label stands for which. Readers see the \
             English ones.",
            lines(own.len()),
            lines(english.len()),
            self.english.source.path
        );
        let mend = "Write one label for each English label, in the same order.";
        let range = first.range.start..last.range.end;
        top.tell(top.source().error("translation-sign-off", range, what, mend));
        english.clone()
    }

    /// The rows that the English form has; the others are told, and so is a second one of an id.
    fn matched<'i, T>(
        &self,
        top: &Reader<'_, '_>,
        thing: &str,
        rows: Vec<Option<Row<T>>>,
        english: impl Iterator<Item = &'i Slug> + Clone,
    ) -> Vec<Row<T>> {
        let mut taken: Vec<Row<T>> = Vec::new();
        for (id, row) in rows.into_iter().flatten() {
            if !english.clone().any(|known| known.as_str() == id.value) {
                self.unknown(top, thing, &id, english.clone().map(Slug::as_str));
            } else if taken.iter().any(|(other, _)| other.value == id.value) {
                top.tell(top.source().error(
                    "duplicate-question-name",
                    id.range,
                    format!("The {thing} “{}” is translated twice.", id.value),
                    "Take one of the two out.",
                ));
            } else {
                taken.push((id, row));
            }
        }
        taken
    }

    fn unknown<'i>(
        &self,
        reader: &Reader<'_, '_>,
        thing: &str,
        id: &Located<String>,
        known: impl Iterator<Item = &'i str> + Clone,
    ) {
        let path = &self.english.source.path;
        let all: Vec<String> = known.clone().map(|id| format!("“{id}”")).collect();
        let otherwise = if all.is_empty() {
            format!("Take it out: {path} has no {thing} here.")
        } else {
            format!("Use the ids of {path}: {}.", all.join(", "))
        };
        reader.tell(reader.source().error(
            "translation-unknown-part",
            id.range.clone(),
            format!("{path} has no {thing} “{}”.", id.value),
            did_you_mean(&id.value, known, otherwise),
        ));
    }

    fn purpose(&self, row: &Reader<'_, '_>) -> Option<Row<Purpose>> {
        let id = row.need_text("id", "the id that this purpose has in the English form")?;
        let purpose = Purpose {
            // Only a row of a known id is looked at again, and it takes that id.
            id: id.value.parse().ok().or_else(|| self.english.form.purposes.first().map(|p| p.id.clone()))?,
            words: self.must(row, "words", "the use, as it is asked"),
            meaning: self.must(row, "meaning", "what a yes means in practice"),
            how_long: self.must(row, "how_long", "for how long"),
            who_holds: self.must(row, "who_holds", "who then has it"),
            symbol: None,
            needs: None,
        };
        Some((id, purpose))
    }

    fn purpose_of(&self, english: &Purpose, own: Option<&Purpose>) -> Purpose {
        let Some(own) = own else {
            self.lacks(FormPart::Purpose(english.id.clone()));
            return english.clone();
        };
        Purpose {
            id: english.id.clone(),
            symbol: english.symbol.clone(),
            needs: english.needs.clone(),
            ..own.clone()
        }
    }

    fn question(&self, row: &Reader<'_, '_>) -> Option<Row<Own>> {
        let id = row.need_text("id", "the id that this question has in the English form")?;
        let words = self.must(row, "words", "the question");
        let help = row.text("help");
        let english = self.english.form.questions.iter().find(|question| question.id.as_str() == id.value);
        let known = english.map(|question| question.choices.as_slice()).unwrap_or_default();
        let mut choices = Vec::new();
        if row.is_list_of_words("choices") {
            if let Some(first) = row.words("choices").first() {
                let like: Vec<String> = known.iter().map(|choice| format!("“{}”", choice.id)).collect();
                row.tell(row.source().error(
                    "translation-unknown-part",
                    first.range.clone(),
                    "These answers have no ids, so nothing says which English answer each of them stands for.",
                    format!(
                        "Write each as {{ id = \"…\", words = \"…\" }}, with the ids of the English answers: {}.",
                        like.join(", ")
                    ),
                ));
            }
        } else {
            let rows = row.rows("choices", |choice| {
                let id = choice.need_text("id", "the id that this answer has in the English form")?;
                Some((id, self.must(choice, "words", "the answer")))
            });
            // Answers to a question that is not there are told with it.
            if english.is_some() {
                choices = self.matched(row, "answer", rows, known.iter().map(|choice| &choice.id));
            }
        }
        if let (Some(help), Some(Question { help: None, .. })) = (&help, english) {
            self.not_in_english(row, help.range.clone(), "help");
        }
        let help = help.map(|help| self.fill(&help.value));
        Some((id, Own { words, help, choices }))
    }

    fn question_of(&self, english: &Question, own: Option<&Own>) -> Question {
        let Some(own) = own else {
            self.lacks(FormPart::Question(english.id.clone()));
            return english.clone();
        };
        if english.help.is_some() && own.help.is_none() {
            self.lacks(FormPart::Help(english.id.clone()));
        }
        let choice = |choice: &Choice| match find(&own.choices, &choice.id) {
            Some(words) => Choice { words: words.clone(), ..choice.clone() },
            None => {
                self.lacks(FormPart::Choice(english.id.clone(), choice.id.clone()));
                choice.clone()
            }
        };
        Question {
            words: own.words.clone(),
            help: english.help.as_ref().map(|help| own.help.as_ref().unwrap_or(help).clone()),
            choices: english.choices.iter().map(choice).collect(),
            ..english.clone()
        }
    }
}

/// A question in the language of the translation.
struct Own {
    words: String,
    help: Option<String>,
    choices: Vec<Row<String>>,
}

fn find<'r, T>(rows: &'r [Row<T>], id: &Slug) -> Option<&'r T> {
    rows.iter().find(|(own, _)| own.value == id.as_str()).map(|(_, row)| row)
}

fn lines(number: usize) -> String {
    if number == 1 { "one line".to_owned() } else { format!("{number} lines") }
}
