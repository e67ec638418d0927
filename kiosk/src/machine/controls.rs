//! What can be pressed on a screen, in the order in which the keyboard walks through it.
//!
//! The painter draws these and a script presses these, so that what one finds the other finds.

use records::{
    agreement::{Agreement, Audience, Group, Scenario},
    receipt::Picture,
};

use super::{
    AdultAt, Answering, Content, DiskRoom, Draft, Key, PanelAction, Round, Screen, State, SurveyStep,
    TellStep, Telling, Tongue, VisitorAt, Word, Words, adults,
    family::{self, At},
    staff,
    tell::names_on_page,
    typing::keys,
    visitor,
};

/// What a press means. Places count from 0 in what the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Begin, from the start screen.
    Start,
    /// One step back.
    Back,
    /// Stop and wipe.
    Home,
    /// A class, by its place in [`State::classes_on_show`].
    Class(usize),
    /// A pupil, by their place in the class.
    Pupil(usize),
    /// The next tiles.
    NextPage,
    /// The tiles before.
    PreviousPage,
    /// “I can’t find my name”
    NotListed,
    /// “Let’s go”
    Begin,
    /// “That is not me”
    NotMe,
    /// “Yes, I will”
    Yes,
    /// “Tell me more”
    More,
    /// “Tell me less”
    Less,
    /// “Choose again”
    ChooseAgain,
    /// A sticker, by its place in the pack.
    Sticker(usize),
    /// Rub out the mark.
    RubOut,
    /// “A grown-up helped me”, on or off.
    Helped,
    /// The mark is made.
    Done,
    /// Try to keep it once more.
    TryAgain,
    /// Leave the last screen.
    Finish,
    /// “I’m still here”
    StillHere,
    /// Read the screen aloud.
    Speak,
    /// “I didn’t like something”
    Tell,
    /// A survey, by its place in the pack.
    Survey(usize),
    /// “I need a grown-up now”
    GrownUpNow,
    /// “I want to tell”
    WantToTell,
    /// An answer, by its place on the screen.
    Answer(usize),
    /// “I don’t want to say”
    Skip,
    /// “I want to write too”
    Write,
    /// What was told is given in.
    GiveIn,
    /// “I have got it”: the pictures may go.
    GotIt,
    /// “Is there an answer?”
    AskForAnswer,
    /// A picture of a receipt.
    Picture(Picture),
    /// “Try other pictures”
    OtherPictures,
    /// Away from here at once, to a screen that says nothing.
    Hide,
    /// “For parents and carers”
    Parents,
    /// A character of the code, by its value.
    Type(u8),
    /// A place in the code.
    Cell(usize),
    /// A grown-up of the family, by their place.
    GrownUp(usize),
    /// Something that the family is asked, by its place.
    Item(usize),
    /// On to what comes next.
    Continue,
    /// “No”
    No,
    /// An answer in the summary, by its place.
    Change(usize),
    /// “Yes, keep my answers”
    Keep,
    /// To the languages that may be chosen.
    Languages,
    /// English, or one by its place in the pack.
    Language(Option<usize>),
    /// A group of grown-ups who sign.
    Group(Audience),
    /// Somebody who is on no list signs, as this.
    Visitor(Audience),
    /// A key of the keyboard on the screen.
    Key(Key),
    /// The quiet corner for staff.
    Staff,
    /// Wake from sleep.
    Wake,
    /// A digit of the PIN.
    Digit(u8),
    /// The PIN is typed.
    Enter,
    /// Something in the teacher's panel.
    Panel(PanelAction),
}

/// Something that can be pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What pressing it means.
    pub action: Action,
    /// Its name, on the screen and for assistive technology.
    pub label: String,
    /// What else is to be said of it, such as “has signed”.
    pub note: Option<String>,
    /// Whether it is on, where it can be on or off.
    pub selected: Option<bool>,
    /// Whether it is the screen's first thing to do: a keyboard begins there.
    pub main: bool,
}

impl Control {
    pub(super) fn new(action: Action, label: impl Into<String>) -> Self {
        Self { action, label: label.into(), note: None, selected: None, main: false }
    }
    pub(super) fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
    pub(super) fn main(mut self) -> Self {
        self.main = true;
        self
    }
    pub(super) fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }
}

/// The controls of the screen that is on show.
pub fn controls(state: &State) -> Vec<Control> {
    let words = state.words();
    let mut all = navigation(&state.screen, words);
    let pupils = !matches!(state.screen, Screen::Home) || state.settings.mode.has_pupils();
    if state.can_tell() && pupils && is_pupils(&state.screen) {
        all.push(Control::new(Action::Tell, words.get(Word::TellEntry)));
    }
    if !matches!(state.screen, Screen::Languages { .. }) && !state.offered_languages().is_empty() {
        all.push(Control::new(Action::Languages, words.get(Word::LanguagesOpen)));
    }
    if state.can_say() {
        all.push(Control::new(Action::Speak, words.get(Word::VoiceSpeak)));
    }
    let mut add = |control| all.push(control);
    match &state.screen {
        Screen::NotReady | Screen::Saving(_) => {}
        // A call needs no disk, and what is told is written before it is thanked for; but nobody is asked to begin what
        // cannot be kept.
        Screen::Home if state.disk == DiskRoom::Stopped => {}
        Screen::Home => {
            let mode = state.settings.mode;
            if mode.has_pupils() {
                add(Control::new(Action::Start, words.get(Word::HomeStart)).main());
            }
            for (place, survey) in state.surveys_on_show() {
                add(Control::new(Action::Survey(place), &survey.title));
            }
            if mode.has_parents() && state.asks_families() {
                let mut control = Control::new(Action::Parents, words.get(Word::FamilyEntry));
                control.main = !mode.has_pupils();
                add(control);
            }
            let visitors = visitor::groups(state).map(|group| (Action::Visitor(group), visitor::name(group)));
            let adults = adults::groups(state).map(|group| (Action::Group(group), adults::name(group)));
            for (place, (action, word)) in visitors.chain(adults).enumerate() {
                let mut control = Control::new(action, words.get(word));
                control.main = place == 0;
                add(control);
            }
        }
        Screen::FamilyCode(code) => family::code_controls(state, code, &mut add),
        Screen::OpeningFamily(_) => {}
        Screen::Family { visit, at } => family::controls_at(state, visit, at, &mut add),
        Screen::ChooseClass { page, .. } => {
            let classes: Vec<_> = state.classes_on_show().collect();
            for place in part_of(classes.len(), *page, state.room) {
                let mut control = Control::new(Action::Class(place), &classes[place].name);
                control.main = place % state.room == 0;
                add(control);
            }
            turns((classes.len(), *page, state.room), CLASSES, words, &mut add);
        }
        Screen::ChooseName(choose) => {
            for place in part_of(choose.pupils.len(), choose.page, state.room) {
                let tile = &choose.pupils[place];
                let mut control = Control::new(Action::Pupil(place), &tile.who.name);
                control.main = place % state.room == 0;
                control.note = tile.signed.then(|| words.get(Word::NameSigned).to_owned());
                add(control);
            }
            turns((choose.pupils.len(), choose.page, state.room), NAMES, words, &mut add);
            add(Control::new(Action::NotListed, words.get(Word::NameMissing)));
        }
        Screen::AskTeacher => add(Control::new(Action::Finish, words.get(Word::TeacherFinish)).main()),
        Screen::HasSigned(_) => add(Control::new(Action::Finish, words.get(Word::SignedFinish)).main()),
        Screen::Hello(_) => {
            add(Control::new(Action::NotMe, words.get(Word::HelloNotMe)));
            add(Control::new(Action::Begin, words.get(Word::HelloBegin)).main());
        }
        Screen::Statement { round, index, more } => statement(state, round, *index, *more, &mut add),
        Screen::Story { round, index, chosen } => story(state, round, *index, *chosen, &mut add),
        Screen::MakeMark { mark, helped, .. } => make_mark(state, mark, *helped, Word::MarkHelped, &mut add),
        Screen::NotSaved(_) => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
        Screen::Pictures { .. } => add(Control::new(Action::GotIt, words.get(Word::PicturesGotIt)).main()),
        Screen::ThankYou => {
            let word = if state.settings.next_child { Word::ThanksNext } else { Word::ThanksFinish };
            add(Control::new(Action::Finish, words.get(word)).main());
        }
        Screen::Asleep if state.is_within_hours() => {
            add(Control::new(Action::Wake, words.get(Word::AsleepWake)).main());
        }
        Screen::Adult(at) => adults::controls(state, at, &mut add),
        Screen::Visitor(at) => visitor::controls(state, at, &mut add),
        Screen::Asleep | Screen::NoPin | Screen::TryingPin(_) => {}
        Screen::Pin(_) if state.pin_slowed_for().is_some() => {}
        Screen::Pin(entry) => staff::pad_controls(state, entry, &mut add),
        Screen::Panel(panel) => staff::panel_controls(state, panel, &mut add),
        Screen::Tell { telling, step } => tell(state, telling, step, &mut add),
        Screen::GrownUpNow { .. } => add(Control::new(Action::Finish, words.get(Word::NowFinish)).main()),
        Screen::Survey { answering, step } => survey(state, answering, step, &mut add),
        Screen::Told | Screen::Counted { .. } => {
            add(Control::new(Action::Finish, words.get(Word::ThanksFinish)).main());
        }
        Screen::Languages { .. } => languages(state, &mut add),
        Screen::StillThere { .. } => add(Control::new(Action::StillHere, words.get(Word::StillHere)).main()),
    }
    if staff::has_corner(&state.screen) {
        all.push(Control::new(Action::Staff, words.get(Word::StaffCorner)));
    }
    all
}

/// Each under its own name, and the one that is on the screen marked.
fn languages(state: &State, add: &mut impl FnMut(Control)) {
    let Some(content) = &state.content else { return };
    let chosen = |place: Option<usize>| match state.tongue {
        Tongue::Other(other) | Tongue::Begun(other) => place == Some(other),
        Tongue::Usual | Tongue::English => place.is_none(),
    };
    add(Control::new(Action::Language(None), "English").selected(chosen(None)).main());
    for place in state.offered_languages() {
        let spoken = &content.languages()[place];
        let place = Some(place);
        add(Control::new(Action::Language(place), &spoken.name).selected(chosen(place)));
    }
}

fn navigation(screen: &Screen, words: &Words) -> Vec<Control> {
    let back = || Control::new(Action::Back, words.get(Word::NavBack));
    let home = || Control::new(Action::Home, words.get(Word::NavHome));
    let hide = || Control::new(Action::Hide, words.get(Word::TellHide));
    match screen {
        Screen::ChooseClass { .. } | Screen::AskTeacher => vec![back()],
        Screen::ChooseName(_) | Screen::Statement { .. } | Screen::Story { .. } | Screen::MakeMark { .. } => {
            vec![back(), home()]
        }
        Screen::Hello(_) | Screen::NotSaved(_) | Screen::StillThere { .. } => vec![home()],
        Screen::FamilyCode(_) | Screen::Languages { .. } | Screen::Pin(_) | Screen::NoPin => vec![back()],
        Screen::Panel(panel) => staff::panel_navigation(panel, words),
        Screen::Adult(AdultAt::Names { .. }) => vec![back()],
        Screen::Adult(AdultAt::Read { .. } | AdultAt::Sign { .. }) => vec![back(), home()],
        Screen::Adult(AdultAt::NotSaved(_)) | Screen::Visitor(VisitorAt::NotSaved(_)) => vec![home()],
        Screen::Visitor(VisitorAt::Saving(_) | VisitorAt::Kept(_)) => Vec::new(),
        Screen::Visitor(_) => vec![back(), home()],
        Screen::Family { at, .. } => match at {
            At::Who | At::NotSaved(..) => vec![home()],
            At::Saving(..) | At::Kept { .. } => Vec::new(),
            _ => vec![back(), home()],
        },
        Screen::Pictures { .. } => vec![hide()],
        Screen::Tell {
            step: TellStep::First | TellStep::Keeping | TellStep::NotKept | TellStep::Answer(_),
            ..
        } => vec![hide()],
        Screen::Tell { .. } => vec![back(), hide()],
        Screen::Survey { step: SurveyStep::Keeping | SurveyStep::NotKept, .. } => vec![hide()],
        Screen::Survey { .. } => vec![back(), hide()],
        _ => Vec::new(),
    }
}

/// The screens on which a child may say that something was not right: all but those that are about to
/// change by themselves, and those on which somebody's mark would be lost by it.
const fn is_pupils(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Home
            | Screen::ChooseClass { .. }
            | Screen::ChooseName(_)
            | Screen::AskTeacher
            | Screen::HasSigned(_)
            | Screen::Hello(_)
            | Screen::Statement { .. }
            | Screen::Story { .. }
            | Screen::MakeMark { .. }
            | Screen::ThankYou
            | Screen::Told
            | Screen::Counted { .. }
    )
}

/// The answers to the question on the screen, and the way on without one.
fn offered(state: &State, add: &mut impl FnMut(Control)) {
    let Some(asking) = state.asking() else { return };
    for (place, offered) in asking.offered.into_iter().enumerate() {
        let mut control = Control::new(Action::Answer(place), offered.words).selected(offered.chosen);
        control.main = place == 0;
        add(control);
    }
    add(Control::new(Action::Skip, state.words().get(Word::TellSkip)));
}

fn survey(state: &State, answering: &Answering, step: &SurveyStep, add: &mut impl FnMut(Control)) {
    let words = state.words();
    match step {
        SurveyStep::Who => add(Control::new(Action::Begin, words.get(Word::HelloBegin)).main()),
        SurveyStep::Ask(_) => offered(state, add),
        SurveyStep::Check if answering.is_anything() => {
            add(Control::new(Action::GiveIn, words.get(Word::TellGive)).main());
        }
        SurveyStep::NotKept => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
        SurveyStep::Check | SurveyStep::Keeping => {}
    }
}

fn tell(state: &State, telling: &Telling, step: &TellStep, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let skip = |word| Control::new(Action::Skip, words.get(word));
    match step {
        TellStep::First => {
            add(Control::new(Action::GrownUpNow, words.get(Word::TellNow)).main());
            add(Control::new(Action::WantToTell, words.get(Word::TellWant)));
            if state.answers_here() && telling.may_look() {
                add(Control::new(Action::AskForAnswer, words.get(Word::TellAnswer)));
            }
        }
        TellStep::Pictures(chosen) => {
            let left = Picture::ALL.into_iter().filter(|picture| !chosen.holds(*picture));
            for (place, picture) in left.enumerate() {
                let mut control = Control::new(Action::Picture(picture), picture.words());
                control.main = place == 0;
                add(control);
            }
            if !chosen.is_empty() {
                add(Control::new(Action::RubOut, words.get(Word::AnswerTakeBack)));
            }
        }
        TellStep::Answer(_) => {
            if telling.may_look() {
                add(Control::new(Action::OtherPictures, words.get(Word::AnswerOthers)));
            }
            add(Control::new(Action::Finish, words.get(Word::ThanksFinish)).main());
        }
        TellStep::Who => add(Control::new(Action::Begin, words.get(Word::TellBegin)).main()),
        TellStep::Ask(_) => offered(state, add),
        TellStep::Class { page, .. } => {
            let classes: Vec<_> = state.classes_on_show().collect();
            for place in part_of(classes.len(), *page, state.room) {
                let mut control = Control::new(Action::Class(place), &classes[place].name);
                control.main = place % state.room == 0;
                add(control);
            }
            turns((classes.len(), *page, state.room), CLASSES, words, add);
            add(skip(Word::TellNoName));
        }
        TellStep::Name { pupils, page, .. } => {
            for (place, who) in names_on_page(pupils, *page, state.room) {
                let mut control = Control::new(Action::Pupil(place), &who.name);
                control.main = place % state.room == 0;
                add(control);
            }
            turns((pupils.len(), *page, state.room), NAMES, words, add);
            add(skip(Word::TellNoName));
        }
        TellStep::Words => {
            let Some(typing) = telling.typing() else { return };
            keys(state, typing, add);
            match telling.words() {
                Some(_) => add(Control::new(Action::Continue, words.get(Word::TellWritten)).main()),
                None => add(skip(Word::TellNoWords)),
            }
        }
        TellStep::Check => {
            if state.asks_for_words() {
                let word = if telling.words().is_some() { Word::TellWriteMore } else { Word::TellWrite };
                add(Control::new(Action::Write, words.get(word)));
            }
            if telling.is_anything() {
                add(Control::new(Action::GiveIn, words.get(Word::TellGive)).main());
            }
        }
        TellStep::NotKept => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
        TellStep::Keeping => {}
    }
}

fn statement(state: &State, round: &Round, index: usize, more: bool, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let told = state.content.as_deref().and_then(|c| statement_at(c, state.tongue, round, index));
    if told.is_some_and(|s| !s.more.is_empty()) {
        add(match more {
            true => Control::new(Action::Less, words.get(Word::StatementLess)),
            false => Control::new(Action::More, words.get(Word::StatementMore)),
        });
    }
    add(Control::new(Action::Yes, words.get(Word::StatementYes)).main());
}

/// No way is the main one before a child has chosen, and “go on” is always there: nobody has to choose.
fn story(state: &State, round: &Round, index: usize, chosen: Option<usize>, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let content = state.content.as_deref();
    let Some(scenario) = content.and_then(|c| story_after(c, state.tongue, round, index)) else { return };
    let go_on = Control::new(Action::Continue, words.get(Word::StoryGoOn));
    if chosen.is_some() {
        add(Control::new(Action::ChooseAgain, words.get(Word::StoryAgain)));
        return add(go_on.main());
    }
    for (place, choice) in scenario.choices.iter().enumerate() {
        let mut control = Control::new(Action::Answer(place), &choice.words);
        control.main = place == 0;
        add(control);
    }
    add(go_on);
}

/// The story that comes after a promise, if it is the last of a group that has one: in English where it is not in the
/// language that was chosen, with as many ways.
pub(super) fn story_after<'a>(
    content: &'a Content,
    tongue: Tongue,
    round: &Round,
    index: usize,
) -> Option<&'a Scenario> {
    let after = |agreement: &'a Agreement| {
        let mut count = 0;
        let is_last = |group: &&Group| {
            count += group.statements.len();
            index + 1 == count
        };
        agreement.groups.iter().find(is_last)?.scenario.as_ref()
    };
    let english = after(content.agreement(round.agreement))?;
    let translated = after(content.agreement_in(tongue, round.agreement));
    translated.filter(|story| story.choices.len() == english.choices.len()).or(Some(english))
}

pub(super) fn make_mark(
    state: &State,
    mark: &Draft,
    helped: bool,
    by_whom: Word,
    add: &mut impl FnMut(Control),
) {
    let words = state.words();
    if let Some(content) = &state.content {
        for (place, symbol) in content.pack.stickers.iter().enumerate() {
            let chosen = matches!(mark, Draft::Sticker(s) if s == symbol);
            let name = content.sticker_name(symbol, words);
            let mut control = Control::new(Action::Sticker(place), name).selected(chosen);
            control.main = place == 0 && !mark.is_mark();
            add(control);
        }
    }
    // What a teacher has said of a child in the panel nobody takes back by a slip.
    let is_said = state.is_helping() && matches!(state.screen, Screen::MakeMark { .. });
    if !is_said {
        add(Control::new(Action::Helped, words.get(by_whom)).selected(helped));
    }
    if mark.is_mark() {
        add(Control::new(Action::RubOut, words.get(Word::MarkRubOut)));
        add(Control::new(Action::Done, words.get(Word::MarkDone)).main());
    }
}

pub(super) fn statement_at<'a>(
    content: &'a Content,
    tongue: Tongue,
    round: &Round,
    index: usize,
) -> Option<&'a records::agreement::Statement> {
    content.agreement_in(tongue, round.agreement).statements().nth(index)
}

/// The places that a page shows of so many.
pub(super) fn part_of(count: usize, page: usize, per_page: usize) -> std::ops::Range<usize> {
    let from = (page * per_page).min(count);
    from..(from + per_page).min(count)
}

/// What the next page is called, and the one before.
pub(super) type Turns = (Word, Word);
pub(super) const NAMES: Turns = (Word::NamesNext, Word::NamesPrevious);
pub(super) const CLASSES: Turns = (Word::ClassesNext, Word::ClassesPrevious);
pub(super) const LINES: Turns = (Word::PageNext, Word::PagePrevious);

/// The ways to the pages before and after, with which page of how many each is.
pub(super) fn turns(
    (count, page, per_page): (usize, usize, usize),
    (next, previous): Turns,
    words: &Words,
    add: &mut impl FnMut(Control),
) {
    let pages = count.div_ceil(per_page).to_string();
    let mut turn = |action, word, to: usize| {
        let label = words.fill(word, &[("page", &(to + 1).to_string()), ("pages", &pages)]);
        add(Control::new(action, label));
    };
    if page > 0 {
        turn(Action::PreviousPage, previous, page - 1);
    }
    if (page + 1) * per_page < count {
        turn(Action::NextPage, next, page + 1);
    }
}
