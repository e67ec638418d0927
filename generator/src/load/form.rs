//! `forms/*.toml`: what the school asks, read strictly.

use std::{cell::RefCell, collections::BTreeSet, ops::Range, str::FromStr};

use records::{
    agreement::Version,
    form::{Choice, Form, FormAudience, FormKind, LegalNote, Purpose, Question, QuestionType, Retention},
    ids::Slug,
    language::Language,
    register::Register,
    retention::RegisterRule,
    survey::Survey,
};

use super::{
    form_translation::FormTranslation,
    front_matter::Visibility,
    nearest::did_you_mean,
    placeholder,
    print_for::{self, PrintFor},
    register,
    settings::Settings,
    toml_reader::{self, Located, Reader},
    touchscreen,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// A form with its file.
#[derive(Debug, Clone)]
pub struct FormFile {
    /// The form, the school's words filled in.
    pub form: Form,
    /// The file.
    pub source: Source,
    /// Who may read it.
    pub visibility: Visibility,
    /// Whether the school uses what it asks consent for. A form that is ready for later has its page, and nobody is asked.
    pub in_use: bool,
    /// Place in lists; lower first.
    pub order: Option<i64>,
    /// Where its print hangs or whom it is given to.
    pub print_for: PrintFor,
    /// Pictures named in it, to be checked.
    pub pictures: Vec<Located<String>>,
    /// The form in other languages, in the order of their tags.
    pub translations: Vec<FormTranslation>,
    /// What the safeguarding desk can answer a child with, where it is the form that touchscreens ask.
    pub answers: Vec<WrittenAnswer>,
    /// What makes it a register, where it is one.
    pub register: Option<Register>,
    /// How long the register's entries are kept, where it says so itself.
    pub kept: Option<RegisterRule>,
    /// What touchscreens ask of it, where it is a survey for them.
    pub survey: Option<Survey>,
}

/// A part `[[answers]]`, the school's words filled in.
#[derive(Debug, Clone)]
pub struct WrittenAnswer {
    /// Its name, which stays the same for good.
    pub id: Located<Slug>,
    /// The sentence.
    pub words: Located<String>,
}

impl FormFile {
    /// Where it stands in the site, without a slash before or after.
    pub fn address(&self) -> String {
        format!("forms/{}", self.form.id)
    }

    /// Whether it is on the site.
    pub fn is_published(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// Whether people are asked it.
    pub fn is_asked(&self) -> bool {
        self.is_published() && self.in_use
    }

    /// The translations that are on the site.
    pub fn published_translations(&self) -> impl Iterator<Item = &FormTranslation> {
        self.translations.iter().filter(|translation| self.is_published() && !translation.draft)
    }

    /// The form in a language, where it is published in it.
    pub fn translation(&self, language: &Language) -> Option<&FormTranslation> {
        self.published_translations().find(|translation| translation.language == *language)
    }
}

/// Reads a form; none where it lacks something without which it is no form, for which there is a finding.
pub fn read(source: Source, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Option<FormFile> {
    placeholder::check(&source, settings, &[], problems);
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let top = parsed.reader(&source, 0, 0..source.line_range(1).end, &found);
    let asking = Asking { settings, pictures: RefCell::default() };
    let form = asking.form(&top);
    let visibility = if !top.has("visibility") {
        Visibility::Public
    } else {
        // What cannot be understood must not put a staff form on the site.
        one_of(&top, "visibility", "public").unwrap_or(Visibility::Staff)
    };
    // What cannot be understood asks nobody.
    let in_use = !top.has("in_use") || top.flag("in_use");
    let order = top.number("order");
    let print_for = print_for::read(&top);
    let answers = top.rows("answers", |row| asking.answer(row)).into_iter().flatten().collect();
    let written = top.table("register", register::read);
    let on_touchscreens =
        top.table("touchscreen", |part| touchscreen::read(part, |part| asking.symbol(part)));
    top.finish("a form");
    problems.append(&mut found.into_inner());
    let pictures = asking.pictures.into_inner();
    let form = form?;
    check(&source, &form, problems);
    if form.kind != FormKind::Consent && !in_use {
        problems.push(source.error(
            "in-use-not-asked",
            source.find_within(0..source.text.len(), "in_use"),
            "Only a form of kind \"consent\" can wait until it is in use.",
            "Take the line with in_use out; what is not finished is kept off the site by visibility = \"staff\".",
        ));
    }
    let register = written.and_then(|written| register::of_form(&written, &form, &source, problems));
    let (register, kept) = register.map_or((None, None), |(register, kept)| (Some(register), kept));
    let survey = on_touchscreens.and_then(|part| touchscreen::of_form(&part, &form, &source, problems));
    let print_for = print_for.unwrap_or_else(|| PrintFor::usual_form(form.kind, form.audience));
    Some(FormFile {
        form,
        source,
        visibility,
        in_use,
        order,
        print_for,
        pictures,
        translations: Vec::new(),
        answers,
        register,
        kept,
        survey,
    })
}

impl FromStr for Visibility {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "public" => Ok(Self::Public),
            "staff" => Ok(Self::Staff),
            _ => Err(()),
        }
    }
}

/// Words that may stand after a key, for messages.
trait Choosable: FromStr {
    fn all() -> Vec<&'static str>;
}
impl Choosable for Visibility {
    fn all() -> Vec<&'static str> {
        vec!["public", "staff"]
    }
}
macro_rules! choosable {
    ($($name:ident),+) => {
        $(impl Choosable for $name {
            fn all() -> Vec<&'static str> {
                Self::ALL.iter().map(|one| one.as_str()).collect()
            }
        })+
    };
}
choosable!(FormKind, FormAudience, QuestionType);

/// One of a few words, which must be there.
fn one_of<T: Choosable>(reader: &Reader<'_, '_>, key: &'static str, what_it_is: &str) -> Option<T> {
    let written = reader.need_text(key, what_it_is)?;
    written.value.parse().ok().or_else(|| {
        let all = T::all();
        let quoted: Vec<_> = all.iter().map(|word| format!("\"{word}\"")).collect();
        reader.tell(reader.source().error(
            "wrong-value",
            written.range,
            format!("“{key}” cannot be “{}”.", written.value),
            did_you_mean(&written.value, all, format!("Write one of {}.", quoted.join(", "))),
        ));
        None
    })
}

/// A name of the form's own, which must be there.
fn name(reader: &Reader<'_, '_>, what_it_is: &str) -> Option<Slug> {
    as_name(reader, reader.need_text("id", what_it_is)?)
}

/// A name of something else of the form, which may be left out.
fn named(reader: &Reader<'_, '_>, key: &'static str) -> Option<Slug> {
    as_name(reader, reader.text(key)?)
}

fn as_name(reader: &Reader<'_, '_>, written: Located<String>) -> Option<Slug> {
    written.value.parse().ok().or_else(|| {
        reader.tell(reader.source().error(
            "not-a-name",
            written.range,
            format!("“{}” cannot be a name.", written.value),
            "Use small letters, digits and single hyphens, as in \"school-website\". Names stay the same for good.",
        ));
        None
    })
}

struct Asking<'a> {
    settings: &'a Settings,
    pictures: RefCell<Vec<Located<String>>>,
}

impl Asking<'_> {
    fn fill(&self, words: &str) -> String {
        placeholder::fill_plain(words, self.settings)
    }

    fn may(&self, reader: &Reader<'_, '_>, key: &'static str) -> Option<String> {
        reader.text(key).map(|words| self.fill(&words.value))
    }

    fn must(&self, reader: &Reader<'_, '_>, key: &'static str, what_it_is: &str) -> String {
        reader.need_text(key, what_it_is).map(|words| self.fill(&words.value)).unwrap_or_default()
    }

    fn symbol(&self, reader: &Reader<'_, '_>) -> Option<Slug> {
        let written = reader.text("symbol")?;
        let symbol = written.value.parse().ok();
        self.pictures.borrow_mut().push(written);
        symbol
    }

    fn form(&self, top: &Reader<'_, '_>) -> Option<Form> {
        let id = name(top, "the name of the form, the same as the file’s");
        let kind = one_of(top, "kind", "what the form is for");
        let audience = one_of(top, "audience", "who fills it in");
        let version = version(top);
        let title = self.must(top, "title", "the heading of the form");
        let summary = self.must(top, "summary", "one or two sentences under the title");
        let intro = top.list("intro").iter().map(|words| self.fill(words)).collect();
        let days = top.number("retention_days");
        let words = self.may(top, "retention");
        let retention =
            words.map(|words| Retention { words, days: days.and_then(|d| u32::try_from(d).ok()) });
        let legal = top.rows("legal", |row| LegalNote {
            words: self.must(row, "words", "the rule in plain words"),
            source: self.must(row, "source", "where it is written"),
            url: row.text("url").map(|l| l.value),
            checked: row.day("checked").map(|l| l.value.into()),
        });
        let purposes = top.rows("purposes", |row| {
            let id = name(row, "the name of this purpose in decisions");
            Some(Purpose {
                words: self.must(row, "words", "the use, as it is asked"),
                meaning: self.must(row, "meaning", "what a yes means in practice"),
                how_long: self.must(row, "how_long", "for how long"),
                who_holds: self.must(row, "who_holds", "who then has it"),
                symbol: self.symbol(row),
                needs: named(row, "needs"),
                id: id?,
            })
        });
        let questions = top.rows("questions", |row| self.question(row));
        let withdraw = self.may(top, "withdraw");
        let every_year = top.flag("every_year");
        let sign_off = top.list("sign_off").iter().map(|words| self.fill(words)).collect();
        Some(Form {
            id: id?,
            title,
            kind: kind?,
            version: version?,
            summary,
            intro,
            audience: audience?,
            retention,
            legal,
            purposes: purposes.into_iter().flatten().collect(),
            questions: questions.into_iter().flatten().collect(),
            withdraw,
            sign_off,
            every_year,
        })
    }

    fn answer(&self, row: &Reader<'_, '_>) -> Option<WrittenAnswer> {
        let name = row.need_text("id", "the name of this answer, which stays the same for good");
        let words = row.need_text("words", "the sentence that the child is shown")?;
        let range = name.as_ref()?.range.clone();
        let id = Located { value: as_name(row, name?)?, range };
        Some(WrittenAnswer { id, words: Located { value: self.fill(&words.value), range: words.range } })
    }

    fn question(&self, row: &Reader<'_, '_>) -> Option<Question> {
        let id = name(row, "the name of this question in records");
        let answer = one_of(row, "type", "how it is answered");
        let words = self.must(row, "words", "the question");
        let help = self.may(row, "help");
        let required = row.flag("required");
        let choices: Vec<Choice> = if row.is_list_of_words("choices") || row.is_text("choices") {
            let of_words = |words: String| Some(Choice { id: slug(&words)?, words, symbol: None });
            row.list("choices").iter().map(|words| self.fill(words)).filter_map(of_words).collect()
        } else {
            let of_row = |choice: &Reader<'_, '_>| {
                let words = self.must(choice, "words", "the answer");
                let id = if choice.has("id") { name(choice, "its name in records") } else { slug(&words) };
                Some(Choice { words, symbol: self.symbol(choice), id: id? })
            };
            row.rows("choices", of_row).into_iter().flatten().collect()
        };
        let answer: QuestionType = answer?;
        let wants = matches!(answer, QuestionType::Choice | QuestionType::Several);
        if wants && choices.len() < 2 && !row.is_text("choices") {
            row.tell(row.source().error(
                "too-few-choices",
                row.whole(),
                format!("“{words}” offers fewer than two answers."),
                "Add them, as in choices = [\"At school\", \"At home\"], or make it a question of type \"text\".",
            ));
        } else if !wants && !choices.is_empty() {
            row.tell(row.source().error(
                "choices-not-asked",
                row.whole(),
                format!("“{words}” offers answers, but is answered by “{answer}”."),
                "Make its type \"choice\" or \"several\", or take the choices out.",
            ));
        }
        let refused_by = refused_by(row, answer, &choices);
        Some(Question { id: id?, words, help, answer, choices, required, refused_by })
    }
}

/// The answer that is the child's own no: by its words as they stand, by its id, or yes or no.
fn refused_by(row: &Reader<'_, '_>, answer: QuestionType, choices: &[Choice]) -> Option<Slug> {
    let written = row.text("refused_by")?;
    let named = |choice: &&Choice| choice.id.as_str() == written.value || choice.words == written.value;
    let found = match answer {
        QuestionType::YesNo => {
            ["yes", "no"].into_iter().find(|one| *one == written.value).and_then(|one| one.parse().ok())
        }
        QuestionType::Choice => choices.iter().find(named).map(|choice| choice.id.clone()),
        _ => None,
    };
    if found.is_none() {
        row.tell(row.source().error(
            "refused-by",
            written.range,
            format!("“{}” is none of the answers to this question, of which one is chosen.", written.value),
            "Write one of its answers as it stands there; of a question of type \"yes-no\", \"yes\" or \"no\".",
        ));
    }
    found
}

fn version(top: &Reader<'_, '_>) -> Option<Version> {
    let written = top.need_text("version", "which version of the words this is, such as \"1.0\"")?;
    written.value.parse().ok().or_else(|| {
        top.tell(top.source().error(
            "not-a-version",
            written.range,
            format!("“{}” is not a version.", written.value),
            "Write numbers with dots between them, in quotes, for example \"4.1\".",
        ));
        None
    })
}

fn slug(words: &str) -> Option<Slug> {
    let made = super::markdown::slug(words);
    let short: String = made.chars().filter(char::is_ascii).take(60).collect();
    short.trim_end_matches('-').parse().ok()
}

/// What only the whole form shows.
fn check(source: &Source, form: &Form, problems: &mut Vec<Diagnostic>) {
    let head = 0..source.line_range(1).end;
    let stem = source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
    if form.id.as_str() != stem {
        problems.push(source.error(
            "form-name",
            source.find_within(0..source.text.len(), form.id.as_str()),
            format!("The form is called “{}”, but its file “{stem}.toml”.", form.id),
            "Give both the same name.",
        ));
    }
    let consent = form.kind == FormKind::Consent;
    // Where a question was written and is broken, that is told.
    let is_whole = problems.iter().all(|problem| problem.file != source.path);
    let mut tell = |code, at: &str, what: &str, mend: &str| {
        problems.push(source.error(code, line_that_begins(source, at).unwrap_or(head.clone()), what, mend));
    };
    if consent && form.purposes.is_empty() {
        tell(
            "consent-without-purpose",
            "kind",
            "This form asks for consent, but does not say for what.",
            "Add a part [[purposes]] for each use, so that people can say yes to one and no to another.",
        );
    }
    if consent && form.withdraw.is_none() {
        tell(
            "consent-without-way-back",
            "kind",
            "This form asks for consent, but does not say how to take it back.",
            "Add a line such as withdraw = \"Tell the office at any time; you need not say why.\"",
        );
    }
    if !consent && form.every_year {
        tell(
            "every-year-not-asked",
            "every_year",
            "Only a form of kind \"consent\" is asked again every school year.",
            "Take the line with every_year out.",
        );
    }
    let of_children = consent && form.audience == FormAudience::Parent;
    if !of_children && form.questions.iter().any(|question| question.refused_by.is_some()) {
        tell(
            "refused-by",
            "refused_by",
            "Only a form of kind \"consent\" that parents fill in asks what their child says.",
            "Take the line with refused_by out.",
        );
    }
    if !consent && !form.purposes.is_empty() {
        tell(
            "purposes-not-asked",
            "[[purposes]]",
            "Only a form of kind \"consent\" has purposes.",
            "Make them questions of type \"yes-no\", or make the form’s kind \"consent\".",
        );
    }
    if form.purposes.is_empty() && form.questions.is_empty() && is_whole {
        tell(
            "form-without-questions",
            "title",
            "This form asks nothing.",
            "Add a part [[questions]] or [[purposes]].",
        );
    }
    for purpose in &form.purposes {
        let Some(needs) = &purpose.needs else { continue };
        let other = form.purposes.iter().find(|other| other.id == *needs && other.id != purpose.id);
        if other.is_none_or(|other| other.needs.is_some()) {
            let quoted = format!("\"{needs}\"");
            let at = source.text.match_indices("needs").find_map(|(from, _)| {
                let line = source.text[from..].lines().next()?;
                line.find(&quoted).map(|within| from + within + 1)
            });
            problems.push(source.error(
                "needs-another",
                at.map_or(head.clone(), |at| at..at + needs.as_str().len()),
                format!(
                    "“{}” needs “{needs}”, which is no other use of this form that stands by itself.",
                    purpose.id
                ),
                "Write the id of a use of this form that has no “needs” of its own, or take the line out.",
            ));
        }
    }
    let names = form.purposes.iter().map(|p| &p.id).chain(form.questions.iter().map(|q| &q.id));
    let mut taken = BTreeSet::new();
    for name in names {
        if !taken.insert(name) {
            problems.push(source.error(
                "duplicate-question-name",
                last_id(source, name).unwrap_or(head.clone()),
                format!("Two questions have the name “{name}”, so answers could not be told apart."),
                "Give one of them another id.",
            ));
        }
    }
}

/// The bytes of the first line that begins with a key or the name of a part.
fn line_that_begins(source: &Source, with: &str) -> Option<Range<usize>> {
    lines(source).find(|(_, line)| line.trim_start().starts_with(with)).map(|(range, _)| range)
}

/// Where a name stands as an `id` for the last time.
fn last_id(source: &Source, name: &Slug) -> Option<Range<usize>> {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let found =
        lines(source).filter(|(_, line)| line.trim_start().starts_with("id")).filter_map(|(range, line)| {
            let within = quoted.iter().find_map(|quoted| line.find(quoted.as_str()))?;
            Some(range.start + within + 1..range.start + within + 1 + name.as_str().len())
        });
    found.last()
}

fn lines(source: &Source) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    source.text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start..start + line.trim_end().len(), line)
    })
}
