//! What is read aloud: which sentences of a screen, when it begins and when it stops, and which word is being said.
//!
//! A child who cannot read yet hears a screen when it comes. On the way of those who want to tell, nothing is said
//! before the speaker is touched: the class would hear it. Whatever is said stops with its screen.

use std::ops::Range;

use records::{
    agreement::{Audience, Group},
    receipt::Picture,
};
use zeroize::Zeroize as _;

use super::{
    AdultAt, Content, Draft, Effect, Millis, Round, Screen, State, SurveyStep, TellStep, Tongue, VisitorAt,
    Word,
    controls::{part_of, story_after},
    family::aloud,
};

/// Between two sentences.
pub const PAUSE: Millis = 450;

/// What is being said. It holds places in the pack and no words; they are overwritten when it is over, because on
/// the way of telling they say what somebody told.
#[derive(Clone)]
pub(crate) struct Speech {
    parts: Vec<Part>,
    began: Millis,
    // Somebody asked for it, or came to the screen that says it: as long as it lasts, somebody is there.
    is_of_life: bool,
}

#[derive(Clone)]
struct Part {
    recording: usize,
    lasts: Millis,
    // When each word begins, from the beginning of the part.
    words: Vec<u32>,
}

impl Drop for Speech {
    fn drop(&mut self) {
        for part in &mut self.parts {
            part.recording.zeroize();
            part.lasts.zeroize();
            part.words.zeroize();
        }
    }
}

/// Says only that there is one.
impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Speech(hidden)")
    }
}

/// The word that is being said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lit {
    /// The place of the recording in the pack.
    pub recording: usize,
    /// Which word of its sentence, from 0; the whole of it, where nothing is to move.
    pub word: Option<usize>,
}

impl Speech {
    fn spans(&self) -> impl Iterator<Item = (&Part, Range<Millis>)> {
        let mut from = self.began;
        self.parts.iter().map(move |part| {
            let span = from..from + part.lasts;
            from = span.end + PAUSE;
            (part, span)
        })
    }

    /// When all is said.
    pub(super) fn end(&self) -> Millis {
        self.spans().last().map_or(self.began, |(_, span)| span.end)
    }

    fn lit(&self, now: Millis, still: bool) -> Option<Lit> {
        let (part, span) = self.spans().find(|(_, span)| span.contains(&now))?;
        let begun = part.words.iter().filter(|start| span.start + Millis::from(**start) <= now).count();
        Some(Lit { recording: part.recording, word: (!still).then(|| begun.saturating_sub(1)) })
    }

    /// When another word is lit, or none; where nothing is to move, another sentence.
    fn next_change(&self, now: Millis, still: bool) -> Option<Millis> {
        let changes = self.spans().flat_map(|(part, span)| {
            let words = part.words.iter().filter(move |_| !still);
            let words = words.map(move |start| span.start + Millis::from(*start));
            words.chain([span.start, span.end])
        });
        changes.filter(|at| *at > now).min()
    }
}

/// What a screen says, in order, and which of it when the screen comes.
struct Says<'a> {
    lines: Vec<&'a str>,
    on_arrival: Range<usize>,
}

impl<'a> Says<'a> {
    /// Nothing before the speaker is touched.
    fn when_asked(lines: Vec<&'a str>) -> Self {
        Self { lines, on_arrival: 0..0 }
    }
    /// So many lines when the screen comes.
    fn first(count: usize, lines: Vec<&'a str>) -> Self {
        Self { lines, on_arrival: 0..count }
    }
    fn only_for(self, audience: Audience) -> Self {
        // Whoever is older reads faster than anybody reads aloud.
        if audience == Audience::Ks1 { self } else { Self::when_asked(self.lines) }
    }
}

impl State {
    /// The word that is being said at this moment.
    pub fn lit(&self) -> Option<Lit> {
        self.speech.as_ref()?.lit(self.now.since_start, self.settings.reduced_motion)
    }

    /// Whether something is being said.
    pub const fn is_speaking(&self) -> bool {
        self.speech.is_some()
    }

    /// Whether the screen has anything to say.
    pub(super) fn can_say(&self) -> bool {
        let Some(content) = self.content.as_deref() else { return false };
        self.settings.sound
            && content.can_speak()
            && says(self, content)
                .is_some_and(|s| s.lines.iter().any(|l| content.recording_in(self.tongue, l).is_some()))
    }

    /// When another word is lit.
    pub(super) fn next_word(&self) -> Option<Millis> {
        self.speech.as_ref()?.next_change(self.now.since_start, self.settings.reduced_motion)
    }
}

/// Where a screen is another one, to whoever listens.
#[derive(PartialEq, Eq)]
pub(super) struct Place(Option<u64>, &'static str, usize, bool);

pub(super) fn place(state: &State) -> Place {
    let more = matches!(state.screen, Screen::Statement { more: true, .. });
    Place(state.content.as_ref().map(|c| c.number), state.screen.name(), state.screen.part(), more)
}

/// After an event: stops what belonged to the screen before, and begins what the new one says by itself.
pub(super) fn follow(state: &mut State, before: &Place, effects: &mut Vec<Effect>) {
    if !state.settings.sound {
        effects.extend(stop(state));
    } else if place(state) != *before {
        effects.extend(stop(state));
        effects.extend(begin(state, |says| says.on_arrival.clone()));
    }
}

/// Everything that the screen says: somebody has touched the speaker.
pub(super) fn say_all(state: &mut State) -> Option<Effect> {
    begin(state, |says| 0..says.lines.len())
}

/// One of its names: the highlight has come to it. It says nothing of life, for the highlight walks before an empty
/// chair too.
pub(super) fn say_name(state: &mut State, name: &str) -> Option<Effect> {
    if !state.settings.sound {
        return None;
    }
    let Some(part) = state.content.as_deref().and_then(|content| part(content, state.tongue, name)) else {
        return stop(state);
    };
    let order = vec![part.recording];
    state.speech = Some(Speech { parts: vec![part], began: state.now.since_start, is_of_life: false });
    Some(Effect::Say(order))
}

/// Whether the screen that is on show speaks by itself when it comes.
pub(super) fn speaks_by_itself(state: &State) -> bool {
    let Some(content) = state.content.as_deref() else { return false };
    state.settings.sound && says(state, content).is_some_and(|says| !says.on_arrival.is_empty())
}

/// Silence, if there is none.
pub(super) fn stop(state: &mut State) -> Option<Effect> {
    state.speech.take().map(|_| Effect::Hush)
}

/// Reading aloud counts as a sign of life, up to its end; and once it is over it is forgotten.
pub(super) fn pass_time(state: &mut State) {
    let Some((end, is_of_life)) = state.speech.as_ref().map(|speech| (speech.end(), speech.is_of_life))
    else {
        return;
    };
    let now = state.now.since_start;
    // “Are you still there?” is answered by a person alone.
    if is_of_life && !matches!(state.screen, Screen::StillThere { .. }) {
        state.touched = state.touched.max(now.min(end));
    }
    if now >= end {
        state.speech = None;
    }
}

fn begin(state: &mut State, which: impl Fn(&Says<'_>) -> Range<usize>) -> Option<Effect> {
    if !state.settings.sound {
        return None;
    }
    let content = state.content.clone()?;
    let says = says(state, &content)?;
    let lines = says.lines.get(which(&says))?;
    let parts: Vec<Part> = lines.iter().filter_map(|line| part(&content, state.tongue, line)).collect();
    if parts.is_empty() {
        return None;
    }
    let order = parts.iter().map(|part| part.recording).collect();
    state.speech = Some(Speech { parts, began: state.now.since_start, is_of_life: true });
    Some(Effect::Say(order))
}

fn part(content: &Content, tongue: Tongue, line: &str) -> Option<Part> {
    let recording = content.recording_in(tongue, line)?;
    let about = &content.pack.recordings[recording];
    Some(Part { recording, lasts: about.lasts.into(), words: about.starts(line) })
}

fn says<'a>(state: &'a State, content: &'a Content) -> Option<Says<'a>> {
    let words = state.words();
    let say = |word: Word| words.get(word);
    let all = |of: &[Word]| of.iter().copied().map(say).collect::<Vec<_>>();
    Some(match &state.screen {
        // It would speak to an empty room each time that somebody has gone away.
        Screen::Home => {
            let mut lines = all(&[Word::HomeStart]);
            lines.extend(state.surveys_on_show().map(|(_, survey)| survey.title.as_str()));
            lines.extend(all(&[Word::HomeHelp, Word::TellEntry]));
            Says::when_asked(lines)
        }
        Screen::ChooseClass { page, .. } => {
            let mut lines = all(&[Word::ClassTitle]);
            lines.extend(classes(state, *page));
            Says::first(1, lines)
        }
        Screen::ChooseName(choose) => {
            Says::first(1, all(&[Word::NameTitle, Word::NameMissing])).only_for(choose.audience)
        }
        Screen::AskTeacher => {
            Says::first(2, all(&[Word::TeacherTitle, Word::TeacherWords, Word::TeacherFinish]))
        }
        Screen::HasSigned(_) => Says::first(1, all(&[Word::SignedWords, Word::SignedFinish])),
        Screen::Hello(round) => hello(state, content, round, all(&[Word::HelloBegin, Word::HelloNotMe])),
        Screen::Statement { round, index, more } => statement(state, content, round, *index, *more)?,
        Screen::Story { round, index, chosen } => story(state, content, round, *index, *chosen)?,
        Screen::MakeMark { round, mark, .. } => {
            let mut lines = all(&[Word::MarkTitle, Word::MarkDraw, Word::MarkSticker, Word::MarkHelped]);
            if !matches!(mark, Draft::Nothing) {
                lines.extend(all(&[Word::MarkRubOut, Word::MarkDone]));
            }
            Says::first(3, lines).only_for(content.agreement(round.agreement).audience)
        }
        Screen::NotSaved(_) => {
            Says::first(2, all(&[Word::NotSavedTitle, Word::NotSavedWords, Word::NotSavedAgain]))
        }
        Screen::ThankYou => {
            let mut lines = end(content, all(&[Word::ThanksTitle, Word::ThanksWords, Word::ThanksAdults]));
            let first = lines.len();
            lines.push(say(Word::ThanksFinish));
            Says::first(first, lines)
        }
        Screen::Told => {
            let mut lines = end(content, all(&[Word::ThanksTitle, Word::ToldWords, Word::ThanksAdults]));
            lines.push(say(Word::ThanksFinish));
            Says::when_asked(lines)
        }
        // Said by itself it would tell everybody in the room.
        Screen::Pictures { receipt, .. } => {
            let mut lines = all(&[Word::PicturesTitle, Word::PicturesWords]);
            lines.extend(receipt.pictures().map(Picture::words));
            lines.push(say(Word::PicturesGotIt));
            Says::when_asked(lines)
        }
        Screen::Counted { may_tell } => {
            let told = if *may_tell { Word::CountedTell } else { Word::CountedWords };
            let mut lines = end(content, all(&[Word::ThanksTitle, told, Word::ThanksAdults]));
            lines.push(say(Word::ThanksFinish));
            Says::when_asked(lines)
        }
        Screen::Tell { step, .. } => Says::when_asked(tell(state, content, step, &all)?),
        Screen::Survey { step, .. } => Says::when_asked(survey(state, step, &all)?),
        Screen::GrownUpNow { coming, .. } => {
            let told = match coming {
                true => [Word::ComingTitle, Word::ComingWords, Word::ThanksAdults],
                false => [Word::NowTitle, Word::NowWords, Word::ThanksAdults],
            };
            let mut lines = end(content, all(&told));
            lines.push(say(Word::NowFinish));
            Says::when_asked(lines)
        }
        Screen::StillThere { before } => {
            let lines = all(&[Word::StillTitle, Word::StillHere]);
            if is_private(before) { Says::when_asked(lines) } else { Says::first(1, lines) }
        }
        Screen::NotReady | Screen::Saving(_) | Screen::Asleep => return None,
        Screen::Family { visit, at } => Says::when_asked(aloud::lines(state, content, visit, at)),
        Screen::Adult(AdultAt::Read { round, page }) => {
            Says::when_asked(aloud::agreement_page(state, content, round.agreement, *page))
        }
        Screen::Visitor(VisitorAt::Read { round, page }) => {
            Says::when_asked(aloud::agreement_page(state, content, round.agreement, *page))
        }
        // Grown-ups read for themselves.
        Screen::FamilyCode(_)
        | Screen::OpeningFamily(_)
        | Screen::Languages { .. }
        | Screen::Adult(_)
        | Screen::Visitor(_)
        | Screen::NoPin
        | Screen::Pin(_)
        | Screen::TryingPin(_)
        | Screen::Panel(_) => return None,
    })
}

/// Where nobody else is to hear that somebody stands there, or where grown-ups read for themselves.
const fn is_private(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Tell { .. }
            | Screen::Pictures { .. }
            | Screen::Told
            | Screen::Survey { .. }
            | Screen::Counted { .. }
            | Screen::GrownUpNow { .. }
            | Screen::FamilyCode(_)
            | Screen::OpeningFamily(_)
            | Screen::Family { .. }
            | Screen::Languages { .. }
            | Screen::Adult(_)
            | Screen::Visitor(_)
    )
}

fn classes(state: &State, page: usize) -> impl Iterator<Item = &str> {
    let classes: Vec<_> = state.classes_on_show().collect();
    part_of(classes.len(), page, state.room).map(move |place| classes[place].name.as_str())
}

fn hello<'a>(state: &'a State, content: &'a Content, round: &Round, answers: Vec<&'a str>) -> Says<'a> {
    let agreement = content.agreement_in(state.tongue, round.agreement);
    let mut lines: Vec<&'a str> = vec![agreement.title.as_str()];
    lines.extend(agreement.introduction.iter().map(String::as_str));
    lines.extend(round.again.map(|again| state.words().get(again.word())));
    let first = lines.len();
    lines.extend(answers);
    Says::first(first, lines).only_for(agreement.audience)
}

fn statement<'a>(
    state: &'a State,
    content: &'a Content,
    round: &Round,
    index: usize,
    more: bool,
) -> Option<Says<'a>> {
    let (agreement, words) = (content.agreement_in(state.tongue, round.agreement), state.words());
    let (group, first, statement) = find(&agreement.groups, index)?;
    let mut lines: Vec<&'a str> = group.title.iter().map(String::as_str).collect();
    if first {
        lines.extend(group.introduction.iter().map(String::as_str));
    }
    if content.is_new(round.again, statement) {
        lines.push(words.get(Word::StatementNew));
    }
    lines.push(&statement.words);
    let promise = lines.len();
    if more {
        lines.extend(statement.more.iter().map(String::as_str));
    }
    let explained = lines.len();
    lines.push(words.get(Word::StatementYes));
    if !statement.more.is_empty() {
        let word = if more { Word::StatementLess } else { Word::StatementMore };
        lines.push(words.get(word));
    }
    // Who asks for more has heard the promise.
    let on_arrival = if more { promise..explained } else { 0..promise };
    Some(Says { lines, on_arrival }.only_for(agreement.audience))
}

fn story<'a>(
    state: &'a State,
    content: &'a Content,
    round: &Round,
    index: usize,
    chosen: Option<usize>,
) -> Option<Says<'a>> {
    let scenario = story_after(content, state.tongue, round, index)?;
    let words = state.words();
    let lines = match chosen {
        Some(place) => {
            let choice = scenario.choices.get(place)?;
            vec![&choice.words, &choice.follows, words.get(Word::StoryAgain), words.get(Word::StoryGoOn)]
        }
        None => {
            let story = std::iter::once(&scenario.words).chain(&scenario.story).map(String::as_str);
            let ways = scenario.choices.iter().map(|choice| choice.words.as_str());
            story.chain([words.get(Word::StoryAsk)]).chain(ways).chain([words.get(Word::StoryGoOn)]).collect()
        }
    };
    Some(Says::when_asked(lines).only_for(content.agreement(round.agreement).audience))
}

fn find(groups: &[Group], index: usize) -> Option<(&Group, bool, &records::agreement::Statement)> {
    let mut before = 0;
    for group in groups {
        if let Some(statement) = group.statements.get(index - before) {
            return Some((group, index == before, statement));
        }
        before += group.statements.len();
    }
    None
}

/// The end of a round: with the two grown-ups that the screen shows.
fn end<'a>(content: &'a Content, mut lines: Vec<&'a str>) -> Vec<&'a str> {
    lines.extend(content.pack.trusted_adults.iter().take(2).map(|adult| adult.name.as_str()));
    lines
}

fn question(state: &State) -> Option<Vec<&str>> {
    let asking = state.asking()?;
    let mut lines = vec![asking.words];
    lines.extend(asking.offered.iter().map(|offered| offered.words));
    Some(lines)
}

fn survey<'a>(
    state: &'a State,
    step: &SurveyStep,
    all: &impl Fn(&[Word]) -> Vec<&'a str>,
) -> Option<Vec<&'a str>> {
    let mut lines = Vec::new();
    match step {
        SurveyStep::Who => {
            lines = all(&[Word::TellWho]);
            lines.extend(state.survey_intro().iter().map(String::as_str));
            lines.extend(all(&[Word::HelloBegin]));
        }
        SurveyStep::Ask(_) => {
            lines = question(state)?;
            lines.extend(all(&[Word::TellSkip]));
        }
        SurveyStep::Check if state.survey_chosen().is_empty() => lines = all(&[Word::TellCheckNothing]),
        SurveyStep::Check => {
            lines = all(&[Word::TellCheck]);
            lines.extend(state.survey_chosen().into_iter().map(|choice| choice.words.as_str()));
            lines.extend(all(&[Word::TellGive]));
        }
        SurveyStep::NotKept => {
            lines = all(&[Word::TellNotKeptTitle, Word::TellNotKeptWords, Word::NotSavedAgain]);
        }
        SurveyStep::Keeping => {}
    }
    Some(lines)
}

fn tell<'a>(
    state: &'a State,
    content: &'a Content,
    step: &TellStep,
    all: &impl Fn(&[Word]) -> Vec<&'a str>,
) -> Option<Vec<&'a str>> {
    let mut lines = Vec::new();
    match step {
        TellStep::First => {
            lines = all(&[Word::TellFirst, Word::TellNow, Word::TellWant]);
            if state.answers_here() {
                lines.extend(all(&[Word::TellAnswer]));
            }
        }
        TellStep::Pictures(chosen) => {
            lines = all(&[Word::AnswerTitle, Word::AnswerHelp]);
            if !chosen.is_empty() {
                lines = all(&[Word::AnswerTitle, Word::AnswerTakeBack]);
            }
        }
        TellStep::Answer(found) => {
            let sentence = content.pack.tell.as_ref().and_then(|tell| found.sentence(tell));
            lines = vec![sentence.unwrap_or(content.words.get(Word::AnswerNone))];
            lines.extend(all(&[Word::AnswerMore]));
            let Screen::Tell { telling, .. } = &state.screen else { return None };
            if telling.may_look() {
                lines.extend(all(&[Word::AnswerOthers]));
            }
            lines.extend(all(&[Word::ThanksFinish]));
        }
        TellStep::Who => {
            lines = all(&[Word::TellWho]);
            lines.extend(content.pack.tell.iter().flat_map(|tell| &tell.intro).map(String::as_str));
            lines.extend(all(&[Word::TellBegin]));
        }
        TellStep::Ask(_) => {
            lines = question(state)?;
            lines.extend(all(&[Word::TellSkip]));
        }
        TellStep::Class { page, .. } => {
            lines = all(&[Word::ClassTitle]);
            lines.extend(classes(state, *page));
            lines.extend(all(&[Word::TellNoName]));
        }
        TellStep::Name { .. } => lines = all(&[Word::NameTitle, Word::TellNoName]),
        // What a child has written is said to nobody.
        TellStep::Words => {
            let Screen::Tell { telling, .. } = &state.screen else { return None };
            let on = if telling.words().is_some() { Word::TellWritten } else { Word::TellNoWords };
            lines = all(&[Word::TellWords, on]);
        }
        TellStep::Check => {
            let Screen::Tell { telling, .. } = &state.screen else { return None };
            if !telling.is_anything() {
                let mut lines = all(&[Word::TellCheckNothing]);
                lines.extend(state.asks_for_words().then(|| content.words.get(Word::TellWrite)));
                return Some(lines);
            }
            lines = all(&[Word::TellCheck]);
            let questions = content.pack.tell.iter().flat_map(|tell| &tell.questions);
            let answers = questions.filter_map(|question| telling.answer(question));
            lines.extend(answers.map(|choice| choice.words.as_str()));
            if state.asks_for_words() {
                let written = telling.words().is_some();
                lines.extend(all(&[if written { Word::TellWriteMore } else { Word::TellWrite }]));
            }
            lines.extend(all(&[Word::TellGive]));
        }
        TellStep::NotKept => {
            lines = all(&[Word::TellNotKeptTitle, Word::TellNotKeptWords, Word::NotSavedAgain]);
        }
        TellStep::Keeping => {}
    }
    Some(lines)
}
