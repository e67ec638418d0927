//! The pack: what a kiosk shows, in the very words of the pages. The hub signs it later.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::{
    agreement::{Agreement, AgreementDigest, Statement},
    day::{Moment, SchoolYear},
    form::{Form, FormAudience, FormKind},
    ids::Slug,
    language::Language,
    pack::{
        AgreementChange, AgreementTranslation, ClassPicture, ConsentForm, FormTranslation, Helpline,
        PackContent, PackDraft, Phrase, Symbol, Term, TranslatedPhrases, TrustedAdult,
    },
    receipt::Picture,
    retention::RetentionRules,
};
use serde::Deserialize;

use crate::{
    agreement, flowcharts,
    load::{School, document::Kind, form::FormFile, history::Published, language, nearest::did_you_mean},
    site::{self, tongue},
    staff_pages, surveys, telling,
    theme::{Theme, ThemeError},
    voice,
};

/// What the theme says of the kiosk.
const FILE: &str = "kiosk/pack.toml";
/// The kiosk's own sentences.
const ENGLISH: &str = "kiosk/words.en.toml";

/// What the theme says of the kiosk: `kiosk/pack.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kiosk {
    /// Symbols of the kiosk's own screens; a name that ends in `*` stands for all that begin so.
    symbols: Vec<String>,
    /// Symbols that a child may sign with.
    stickers: Vec<String>,
    /// The kiosk's own sentences that are read aloud, by name.
    spoken: Vec<String>,
    /// The kiosk's own sentences by name.
    #[serde(default)]
    phrases: BTreeMap<String, String>,
}

/// Makes the draft of the pack; none where the school lacks its school year,
/// for which there is a finding.
///
/// # Errors
/// [`ThemeError`] when the theme's `kiosk/pack.toml` or one of its `kiosk/words.TAG.toml` is at fault.
pub fn draft(school: &School, theme: &Theme, day: Date) -> Result<Option<PackDraft>, ThemeError> {
    let settings = &school.settings;
    let Some((starts, ends)) = settings.year else { return Ok(None) };
    let kiosk = kiosk(theme)?;
    let agreements: Vec<_> = school
        .documents
        .iter()
        .filter(|document| !document.matter.draft)
        .filter_map(|document| agreement::of(document, settings))
        .collect();
    let changes = agreements.iter().flat_map(|agreement| changes(school, agreement)).collect();
    let slug = |name: &Option<String>| name.as_deref().and_then(|name| name.parse::<Slug>().ok());
    let class_pictures: Vec<_> = settings
        .classes
        .iter()
        .filter_map(|class| Some(ClassPicture { class: class.name.clone(), symbol: slug(&class.picture)? }))
        .collect();
    let trusted_adults: Vec<_> = settings
        .people
        .iter()
        .filter(|person| person.trusted_adult)
        .filter_map(|p| {
            Some(TrustedAdult { name: p.name.clone(), role: p.role.clone(), picture: slug(&p.picture)? })
        })
        .collect();
    let helplines = settings
        .helplines
        .iter()
        .filter(|line| line.audience == "children")
        .filter_map(|line| Some(Helpline { name: line.name.clone(), phone: line.phone.clone()? }))
        .collect();
    let stickers: Vec<Slug> = kiosk.stickers.iter().filter_map(|name| name.parse().ok()).collect();

    let mut wanted: BTreeSet<Slug> = stickers.iter().cloned().collect();
    wanted.extend(kiosk_symbols(&kiosk, theme));
    wanted.extend(agreements.iter().flat_map(|a| a.statements().map(|s| s.symbol.clone())));
    let tell = telling::form(school).and_then(|file| telling::of(file, settings.headteacher_is_dsl));
    let asked = tell.iter().flat_map(|tell| &tell.questions).flat_map(|question| &question.choices);
    wanted.extend(asked.map(|choice| choice.symbol.clone()));
    if tell.as_ref().is_some_and(|tell| !tell.answers.is_empty()) {
        wanted.extend(Picture::ALL.iter().filter_map(|picture| picture.symbol().parse().ok()));
    }
    let surveys: Vec<_> = surveys::of(school).map(|(_, survey)| survey.clone()).collect();
    wanted.extend(surveys.iter().map(|survey| survey.symbol.clone()));
    let choices = surveys.iter().flat_map(|survey| &survey.questions).flat_map(|question| &question.choices);
    wanted.extend(choices.map(|choice| choice.symbol.clone()));
    let consent = consent_forms(school);
    let translated_agreements = translated_agreements(school);
    let languages = languages(&consent, &translated_agreements);
    let purposes = consent.iter().flat_map(|asked| &asked.form.purposes);
    wanted.extend(purposes.filter_map(|purpose| purpose.symbol.clone()));
    wanted.extend(class_pictures.iter().map(|c| c.symbol.clone()));
    wanted.extend(trusted_adults.iter().map(|a| a.picture.clone()));
    let drawing = |name: Slug| Some((name.clone(), site::symbol(school, theme, name.as_str())?.to_vec()));
    let pictures: BTreeMap<Slug, Vec<u8>> = wanted.into_iter().filter_map(drawing).collect();
    let symbols =
        pictures.keys().map(|name| Symbol { name: name.clone(), alt: alt(school, theme, name.as_str()) });

    let (recordings, sounds) = voice::recordings(school, theme)?;

    let content = PackContent {
        school_name: settings.name.clone(),
        year: SchoolYear { starts: starts.into(), ends: ends.into() },
        time_zone: settings.time_zone.clone(),
        symbols: symbols.collect(),
        agreements,
        class_pictures,
        trusted_adults,
        helplines,
        phrases: kiosk.phrases.into_iter().map(|(name, words)| Phrase { name, words }).collect(),
        stickers: stickers.into_iter().filter(|name| pictures.contains_key(name)).collect(),
        tell,
        consent,
        translated_phrases: translated_phrases(theme, &languages)?,
        translated_agreements,
        terms: settings.terms.iter().filter_map(|term| term.days).map(term).collect(),
        colours: settings.look.light.recorded(),
        flowcharts: flowcharts::of(school),
        recordings,
        retention: retention(school),
        adult_consent: adult_forms(school),
        registers: school.forms.iter().filter_map(|file| file.register.clone()).collect(),
        surveys,
        changes,
    };
    let staff_pages = staff_pages::of(school);
    Ok(Some(PackDraft { made: midnight(day), content, pictures, sounds, staff_pages }))
}

/// What is new in an agreement since each of the versions that were published. A statement that says something else in its
/// explanation alone is not new: it asks for the same.
fn changes(school: &School, agreement: &Agreement) -> Vec<AgreementChange> {
    let now = agreement.digest();
    let history = school.history.get(&format!("{}/{}", Kind::Agreement.folder(), agreement.slug));
    let earlier = history.into_iter().flat_map(|history| &history.versions);
    let change = |version: &Published| {
        let was = AgreementDigest(version.digest.as_deref()?.parse().ok()?);
        let is_new = |statement: &&Statement| !version.words.contains(&statement.words);
        let statements: Vec<Slug> =
            agreement.statements().filter(is_new).map(|statement| statement.name.clone()).collect();
        let agreement = agreement.slug.clone();
        (was != now && !statements.is_empty()).then_some(AgreementChange { agreement, was, statements })
    };
    earlier.filter_map(change).collect()
}

/// The kiosk's own sentences that are read aloud, in the school's words where it has its own.
///
/// # Errors
/// [`ThemeError`] where the list is not one, or names a sentence that there is not.
pub fn spoken_phrases(theme: &Theme) -> Result<Vec<String>, ThemeError> {
    let kiosk = kiosk(theme)?;
    let english = phrases_in(theme, ENGLISH)?;
    let of = |name: &String| {
        let own = kiosk.phrases.get(name).filter(|words| !words.trim().is_empty());
        own.or_else(|| english.get(name)).cloned().ok_or_else(|| {
            let near = did_you_mean(name, english.keys().map(String::as_str), "Take it out.");
            broken(FILE, format!("{ENGLISH} has no sentence “{name}”, which “spoken” names. {near}"))
        })
    };
    kiosk.spoken.iter().map(of).collect()
}

/// The same sentences in the languages of the school's translations, as far as the theme has them.
///
/// # Errors
/// [`ThemeError`] where a list is not one, or names a sentence that there is not.
pub(crate) fn spoken_phrases_elsewhere(
    school: &School,
    theme: &Theme,
) -> Result<Vec<(Language, String)>, ThemeError> {
    let kiosk = kiosk(theme)?;
    let languages = languages(&consent_forms(school), &translated_agreements(school));
    let said = translated_phrases(theme, &languages)?.into_iter().flat_map(|translated| {
        let said = translated.phrases.into_iter().filter(|phrase| kiosk.spoken.contains(&phrase.name));
        said.map(|phrase| (translated.language.clone(), phrase.words)).collect::<Vec<_>>()
    });
    Ok(said.collect())
}

/// What parents and carers are asked at a kiosk, in the order of lists. A translation of older words is left out:
/// nobody is to say yes to words that have changed.
fn consent_forms(school: &School) -> Vec<ConsentForm> {
    let translations = |file: &FormFile| {
        let current = file.published_translations().filter(|translation| !translation.is_out_of_date());
        current
            .map(|translation| FormTranslation {
                language: translation.language.clone(),
                form: translation.form.clone(),
            })
            .collect()
    };
    let asked = asked_of_families(school);
    asked.map(|file| ConsentForm { form: file.form.clone(), translations: translations(file) }).collect()
}

/// The forms that parents and carers are asked at a kiosk.
pub(crate) fn asked_of_families(school: &School) -> impl Iterator<Item = &FormFile> {
    school.forms.iter().filter(|file| {
        let form = &file.form;
        form.kind == FormKind::Consent && form.audience == FormAudience::Parent && file.is_asked()
    })
}

/// What grown-ups who work here are asked for themselves.
fn adult_forms(school: &School) -> Vec<Form> {
    let is_asked = |file: &&FormFile| {
        let form = &file.form;
        let of_adults = matches!(form.audience, FormAudience::Staff | FormAudience::Governor);
        form.kind == FormKind::Consent && of_adults && file.is_asked()
    };
    school.forms.iter().filter(is_asked).map(|file| file.form.clone()).collect()
}

/// The school's rules of how long, with those of registers that have a time of their own.
fn retention(school: &School) -> Option<RetentionRules> {
    let registers = school.forms.iter().filter_map(|file| file.kept.clone()).collect();
    school.retention.clone().map(|rules| RetentionRules { registers, ..rules })
}

/// The agreements in other languages. One of older words is left out, as with forms.
pub(crate) fn translated_agreements(school: &School) -> Vec<AgreementTranslation> {
    let settings = &school.settings;
    let documents = school.documents.iter().filter(|document| !document.matter.draft);
    documents
        .flat_map(|document| {
            document.published_translations().map(move |translation| (document, translation))
        })
        .filter(|(_, translation)| !translation.is_out_of_date())
        .filter_map(|(document, translation)| {
            let agreement = agreement::translated(document, translation, settings)?;
            Some(AgreementTranslation { language: translation.language.clone(), agreement })
        })
        .collect()
}

/// The languages in which somebody finds at least one thing that they are asked or promise.
fn languages(consent: &[ConsentForm], agreements: &[AgreementTranslation]) -> BTreeSet<Language> {
    let of_forms = consent.iter().flat_map(|form| &form.translations).map(|form| &form.language);
    of_forms.chain(agreements.iter().map(|one| &one.language)).cloned().collect()
}

/// The sentences of the kiosk's own screens in these languages, as far as the theme has them.
fn translated_phrases(
    theme: &Theme,
    languages: &BTreeSet<Language>,
) -> Result<Vec<TranslatedPhrases>, ThemeError> {
    let english = phrases_in(theme, ENGLISH)?;
    let mut of_theme: BTreeMap<Language, Vec<Phrase>> = BTreeMap::new();
    for (path, _) in theme.folder("kiosk/words.", ".toml").filter(|(path, _)| *path != ENGLISH) {
        let tag = path.trim_start_matches("kiosk/words.").trim_end_matches(".toml");
        let why = || format!("“{tag}” is not how a language is written in a file’s name");
        let language = language::canonical(tag).ok_or_else(|| broken(path, why()))?;
        let phrases = phrases_in(theme, path)?;
        if let Some(unknown) = phrases.keys().find(|name| !english.contains_key(*name)) {
            let near = did_you_mean(unknown, english.keys().map(String::as_str), "Take it out.");
            return Err(broken(path, format!("{ENGLISH} has no sentence “{unknown}”. {near}")));
        }
        for (name, words) in &phrases {
            // What the screen would put in must have its place, and nothing else may look like one.
            if blanks(words) != blanks(&english[name]) {
                let why = format!("“{name}” must have the same words in braces as in {ENGLISH}");
                return Err(broken(path, why));
            }
        }
        let phrases = phrases.into_iter().map(|(name, words)| Phrase { name, words }).collect();
        of_theme.insert(language, phrases);
    }
    let known = tongue::known(theme)?;
    let of = |language: &Language| {
        let phrases = of_theme.get(language).or_else(|| of_theme.get(&language::without_region(language)?));
        TranslatedPhrases {
            language: language.clone(),
            phrases: phrases.cloned().unwrap_or_default(),
            name: tongue::find(&known, language)
                .map_or_else(|| language.to_string(), |known| known.name.clone()),
        }
    };
    Ok(languages.iter().map(of).collect())
}

fn phrases_in(theme: &Theme, path: &str) -> Result<BTreeMap<String, String>, ThemeError> {
    toml::from_str(theme.text(path)?).map_err(|why| broken(path, why.message().to_owned()))
}

/// The names in braces of a sentence.
fn blanks(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

fn broken(file: &str, why: String) -> ThemeError {
    ThemeError::Broken { file: file.to_owned(), why }
}

fn term((starts, ends): (Date, Date)) -> Term {
    Term { starts: starts.into(), ends: ends.into() }
}

fn kiosk(theme: &Theme) -> Result<Kiosk, ThemeError> {
    toml::from_str(theme.text(FILE)?)
        .map_err(|why| ThemeError::Broken { file: FILE.to_owned(), why: why.to_string() })
}

fn kiosk_symbols(kiosk: &Kiosk, theme: &Theme) -> BTreeSet<Slug> {
    let shipped = theme.symbol_names();
    let named = |pattern: &String| -> Vec<Slug> {
        match pattern.strip_suffix('*') {
            Some(start) => {
                shipped.iter().filter(|name| name.starts_with(start)).filter_map(|n| n.parse().ok()).collect()
            }
            None => pattern.parse().into_iter().collect(),
        }
    };
    kiosk.symbols.iter().flat_map(named).collect()
}

fn alt(school: &School, theme: &Theme, name: &str) -> String {
    let own = school.symbol_alts.get(name).map(String::as_str);
    own.or_else(|| theme.symbol_alt(name)).unwrap_or_default().to_owned()
}

/// So that the same content and day give the same bytes.
fn midnight(day: Date) -> Moment {
    let start = day.to_zoned(jiff::tz::TimeZone::UTC).map(|moment| moment.timestamp().as_second());
    Moment(start.unwrap_or_default())
}
