//! The languages that may be chosen beside English: their words help to understand the English ones, which are what is
//! signed and decided on.
//!
//! Families and visitors choose where they come in; pupils and staff where they are greeted or begin to read, of the
//! languages that have their agreement. What a child tells is asked in English with pictures: on the way there the
//! language ends. Where staff have chosen a language in the panel a visit begins in it, for everybody alike, if what is
//! read there has words in it; whoever chooses another has it to themselves.

use records::{
    agreement::{Agreement, Audience},
    form::Form,
    ids::Slug,
    language::Language,
    pack::{PackContent, TranslatedPhrases},
    signature::HelpText,
};

use super::{AdultAt, Content, Screen, State, VisitorAt, Words, family::At};

/// A language of the pack, and everything in it.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// Its tag.
    pub language: Language,
    /// What it calls itself.
    pub name: String,
    /// The sentences of the kiosk's own screens, English where they are in no other.
    pub(super) words: Words,
    right_to_left: bool,
    forms: Vec<Option<(Form, HelpText)>>,
    agreements: Vec<Option<(Agreement, HelpText)>>,
}

impl Spoken {
    pub(super) fn of(pack: &PackContent, english: &Words, phrases: &TranslatedPhrases) -> Self {
        let language = &phrases.language;
        let help = |digest| HelpText { language: language.clone(), digest };
        let form = |english: &records::pack::ConsentForm| {
            let mut all = english.translations.iter().filter(|one| one.language == *language);
            let form = &all.find(|one| names(&one.form) == names(&english.form))?.form;
            Some((form.clone(), help(form.digest())))
        };
        let agreement = |english: &Agreement| {
            let mut all = pack.translated_agreements.iter().filter(|one| one.language == *language);
            let is_it = |one: &&records::pack::AgreementTranslation| {
                one.agreement.slug == english.slug && promises(&one.agreement) == promises(english)
            };
            let agreement = &all.find(is_it)?.agreement;
            Some((agreement.clone(), help(agreement.digest().0)))
        };
        Self {
            name: phrases.name.clone(),
            right_to_left: phrases.name.chars().next().is_some_and(is_right_to_left),
            words: english.changed(&phrases.phrases),
            forms: pack.consent.iter().map(form).collect(),
            agreements: pack.agreements.iter().map(agreement).collect(),
            language: language.clone(),
        }
    }
    fn has_agreement(&self, place: usize) -> bool {
        self.agreements.get(place).is_some_and(Option::is_some)
    }
    /// Whether families are asked or promise at least one thing in it.
    fn is_for_families(&self) -> bool {
        let mut agreements = self.agreements.iter().flatten();
        self.forms.iter().any(Option::is_some)
            || agreements.any(|(agreement, _)| agreement.audience == Audience::Parent)
    }
    /// Whether anybody finds anything in it.
    fn is_for_anybody(&self) -> bool {
        self.forms.iter().any(Option::is_some) || self.agreements.iter().any(Option::is_some)
    }
}

/// Whether a letter is of a script that is written from right to left: Hebrew to Arabic, with their other forms.
pub(crate) fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// What stands for what in another language: the names in their order. One that differs is not shown.
fn names(form: &Form) -> Vec<&Slug> {
    let questions =
        form.questions.iter().flat_map(|q| std::iter::once(&q.id).chain(q.choices.iter().map(|c| &c.id)));
    form.purposes.iter().map(|p| &p.id).chain(questions).collect()
}

fn promises(agreement: &Agreement) -> Vec<Vec<&Slug>> {
    agreement.groups.iter().map(|group| group.statements.iter().map(|s| &s.name).collect()).collect()
}

/// Which language is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// English, because nobody has chosen.
    #[default]
    Usual,
    /// English, because somebody chose it.
    English,
    /// Another one, by its place in the pack, because somebody chose it.
    Other(usize),
    /// Another one, by its place in the pack, because staff chose it for whoever comes.
    Begun(usize),
}

impl Content {
    /// The languages of the pack beside English.
    pub fn languages(&self) -> &[Spoken] {
        &self.languages
    }
    /// The language on the screen, if it is not English.
    pub fn spoken(&self, tongue: Tongue) -> Option<&Spoken> {
        match tongue {
            Tongue::Other(place) | Tongue::Begun(place) => self.languages.get(place),
            Tongue::Usual | Tongue::English => None,
        }
    }
    /// The language that somebody speaks at home, if the pack has it: written so, or without a country.
    pub(super) fn tongue_of(&self, language: &Language) -> Option<Tongue> {
        let first = |language: &Language| language.as_str().split('-').next().unwrap_or_default().to_owned();
        let same = |one: &Spoken| one.language == *language;
        let alike = |one: &Spoken| one.language.as_str() == first(language);
        let place = self.languages.iter().position(same);
        place.or_else(|| self.languages.iter().position(alike)).map(Tongue::Other)
    }

    /// The words of a form that families are asked, as they are shown.
    pub fn form_in(&self, tongue: Tongue, place: usize) -> Option<&Form> {
        let translated = self.spoken(tongue).and_then(|spoken| spoken.forms.get(place)?.as_ref());
        let english = || self.pack.consent.get(place).map(|asked| &asked.form);
        translated.map(|(form, _)| form).or_else(english)
    }
    /// The words of an agreement, as they are shown.
    pub fn agreement_in(&self, tongue: Tongue, place: usize) -> &Agreement {
        let translated = self.spoken(tongue).and_then(|spoken| spoken.agreements.get(place)?.as_ref());
        translated.map_or_else(|| self.agreement(place), |(agreement, _)| agreement)
    }
    /// The languages that have an agreement, by their places in the pack.
    fn languages_of(&self, agreement: usize) -> Vec<usize> {
        let all = self.languages.iter().enumerate();
        all.filter(|(_, spoken)| spoken.has_agreement(agreement)).map(|(place, _)| place).collect()
    }
    /// The languages in which a grown-up finds something.
    fn languages_for_grown_ups(&self) -> Vec<usize> {
        let of_grown_ups = |spoken: &Spoken| {
            let agreements = spoken.agreements.iter().flatten();
            spoken.forms.iter().any(Option::is_some)
                || agreements.into_iter().any(|(agreement, _)| !agreement.audience.is_pupils())
        };
        let all = self.languages.iter().enumerate();
        all.filter(|(_, spoken)| of_grown_ups(spoken)).map(|(place, _)| place).collect()
    }
    /// Names the translation of a form, if that is what is shown.
    pub(super) fn form_help(&self, tongue: Tongue, place: usize) -> Option<HelpText> {
        Some(self.spoken(tongue)?.forms.get(place)?.as_ref()?.1.clone())
    }
    /// Names the translation of an agreement, if that is what is shown.
    pub(super) fn agreement_help(&self, tongue: Tongue, place: usize) -> Option<HelpText> {
        Some(self.spoken(tongue)?.agreements.get(place)?.as_ref()?.1.clone())
    }
}

impl State {
    /// The names of the languages that are not on the screen, each in itself.
    pub fn other_languages(&self) -> impl Iterator<Item = &str> {
        let here = self.spoken().map(|spoken| &spoken.language);
        let all = self.content.as_deref().map_or(&[][..], Content::languages);
        let offered = self.offered_languages().into_iter().filter_map(|place| all.get(place));
        let others = offered.filter(move |one| Some(&one.language) != here).map(|one| one.name.as_str());
        here.map(|_| "English").into_iter().chain(others)
    }
    /// The language in which visits begin, if it is not English: what staff chose, as long as the pack has it.
    pub fn begins_in(&self) -> Option<&Spoken> {
        let chosen = self.settings.language.as_ref()?;
        self.languages_to_begin_in().find(|spoken| spoken.language == *chosen)
    }
    /// The languages beside English that staff may choose for whoever comes.
    pub(super) fn languages_to_begin_in(&self) -> impl Iterator<Item = &Spoken> {
        let all = self.content.as_deref().map_or(&[][..], Content::languages);
        all.iter().filter(|spoken| spoken.is_for_anybody())
    }
    /// The one after it; after the last English, which is none.
    pub(super) fn begins_next_in(&self) -> Option<Language> {
        let all: Vec<_> = self.languages_to_begin_in().map(|spoken| &spoken.language).collect();
        let now = self.begins_in().map(|spoken| &spoken.language);
        let next = now.and_then(|now| all.iter().position(|one| *one == now)).map_or(0, |place| place + 1);
        all.get(next).map(|language| (*language).clone())
    }
    /// Whether the words on the screen run from right to left.
    pub fn is_right_to_left(&self) -> bool {
        self.spoken().is_some_and(|spoken| spoken.right_to_left)
    }
    /// The languages beside English that may be chosen here, by their places in the pack.
    pub(super) fn offered_languages(&self) -> Vec<usize> {
        let Some(content) = self.content.as_deref() else { return Vec::new() };
        let screen = match &self.screen {
            Screen::Languages { before } => before.as_ref(),
            screen => screen,
        };
        match screen {
            // The disk's answer comes to this screen, and has to find it.
            Screen::Family { at: At::Saving(..), .. }
            | Screen::Visitor(VisitorAt::Saving(_) | VisitorAt::Kept(_)) => Vec::new(),
            Screen::FamilyCode(_) | Screen::Family { .. } | Screen::Visitor(_) => {
                content.languages_for_grown_ups()
            }
            Screen::Hello(round) => content.languages_of(round.agreement),
            Screen::Adult(AdultAt::Read { round, .. }) => content.languages_of(round.agreement),
            _ => Vec::new(),
        }
    }
}

/// Whether what was chosen still holds on a screen: it ends with whoever chose it, and on the way of telling.
fn keeps_language(screen: &Screen) -> bool {
    match screen {
        Screen::Languages { before } | Screen::StillThere { before } => keeps_language(before),
        Screen::FamilyCode(_) | Screen::OpeningFamily(_) | Screen::Family { .. } | Screen::Visitor(_) => true,
        Screen::Hello(_)
        | Screen::Statement { .. }
        | Screen::Story { .. }
        | Screen::MakeMark { .. }
        | Screen::Saving(_)
        | Screen::NotSaved(_)
        | Screen::Pictures { .. }
        | Screen::ThankYou => true,
        Screen::Adult(at) => {
            !matches!(at, AdultAt::Opening(_) | AdultAt::Unavailable | AdultAt::Names { .. })
        }
        _ => false,
    }
}

/// The language in which a visit begins on this screen, by its place in the pack; none where it is English, or where
/// what is read here has no words in it.
fn begins_here(state: &State) -> Option<usize> {
    let spoken = state.begins_in()?;
    let has_words = match &state.screen {
        Screen::FamilyCode(_) => spoken.is_for_families(),
        Screen::Hello(round) => spoken.has_agreement(round.agreement),
        Screen::Adult(AdultAt::Read { round, .. }) => spoken.has_agreement(round.agreement),
        Screen::Visitor(VisitorAt::Read { round, .. }) => spoken.has_agreement(round.agreement),
        _ => false,
    };
    let all = state.content.as_deref().filter(|_| has_words)?.languages();
    all.iter().position(|one| one.language == spoken.language)
}

/// After an event: the next person meets what staff chose, or English.
pub(super) fn follow(state: &mut State) {
    if !keeps_language(&state.screen) {
        state.tongue = Tongue::Usual;
    }
    if state.tongue == Tongue::Usual
        && let Some(place) = begins_here(state)
    {
        state.tongue = Tongue::Begun(place);
    }
}
