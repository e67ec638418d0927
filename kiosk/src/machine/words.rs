//! The sentences of the kiosk's own screens, by name.

use std::{collections::BTreeMap, sync::OnceLock};

use records::{day::Day, pack::Phrase};

const SHIPPED: &str = include_str!("../../../themes/kiosk/words.en.toml");

macro_rules! words {
    ($($name:ident = $key:literal,)*) => {
        /// A sentence that the kiosk's screens need.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word {
            $(#[doc = concat!("`", $key, "`")] $name,)*
        }
        impl Word {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// Its name in packs and in the shipped catalogue.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

words! {
    HomeHello = "home.hello",
    HomeStart = "home.start",
    HomeHelp = "home.help",
    HomeStopped = "home.stopped",
    HomeHelpline = "home.helpline",
    ClassTitle = "class.title",
    NameTitle = "name.title",
    NameClass = "name.class",
    NameSigned = "name.signed",
    NameMissing = "name.missing",
    NamesNext = "page.names-next",
    NamesPrevious = "page.names-previous",
    ClassesNext = "page.classes-next",
    ClassesPrevious = "page.classes-previous",
    PageNext = "page.next",
    PagePrevious = "page.previous",
    TeacherTitle = "teacher.title",
    TeacherWords = "teacher.words",
    TeacherFinish = "teacher.finish",
    SignedTitle = "signed.title",
    SignedWords = "signed.words",
    SignedFinish = "signed.finish",
    HelloTitle = "hello.title",
    HelloBegin = "hello.begin",
    HelloChanged = "hello.changed",
    HelloNewYear = "hello.new-year",
    HelloNotMe = "hello.not-me",
    StatementYes = "statement.yes",
    StatementMore = "statement.more",
    StatementLess = "statement.less",
    StatementPlace = "statement.place",
    StatementNew = "statement.new",
    StoryAsk = "story.ask",
    StoryAgain = "story.again",
    StoryGoOn = "story.go-on",
    MarkTitle = "mark.title",
    MarkDraw = "mark.draw",
    MarkArea = "mark.area",
    MarkSticker = "mark.sticker",
    MarkRubOut = "mark.rub-out",
    MarkHelped = "mark.helped",
    MarkDone = "mark.done",
    SavingTitle = "saving.title",
    SavingWords = "saving.words",
    NotSavedTitle = "not-saved.title",
    NotSavedWords = "not-saved.words",
    NotSavedAgain = "not-saved.again",
    ThanksTitle = "thanks.title",
    ThanksWords = "thanks.words",
    ThanksAdults = "thanks.adults",
    ThanksFinish = "thanks.finish",
    VoiceSpeak = "voice.speak",
    StillTitle = "still.title",
    StillHere = "still.here",
    TellEntry = "tell.entry",
    TellFirst = "tell.first",
    TellNow = "tell.now",
    TellWant = "tell.want",
    TellHide = "tell.hide",
    TellWho = "tell.who",
    TellBegin = "tell.begin",
    TellSkip = "tell.skip",
    TellNoName = "tell.no-name",
    TellWrite = "tell.write",
    TellWriteMore = "tell.write-more",
    TellWords = "tell.words",
    TellWordsNote = "tell.words-note",
    TellWritten = "tell.written",
    TellNoWords = "tell.no-words",
    TellCheck = "tell.check",
    TellCheckNothing = "tell.check-nothing",
    TellTalk = "tell.talk",
    TellGive = "tell.give",
    TellAnswer = "tell.answer",
    PicturesTitle = "pictures.title",
    PicturesWords = "pictures.words",
    PicturesPlace = "pictures.place",
    PicturesGotIt = "pictures.got-it",
    AnswerTitle = "answer.title",
    AnswerHelp = "answer.help",
    AnswerEmpty = "answer.empty",
    AnswerTakeBack = "answer.take-back",
    AnswerNone = "answer.none",
    AnswerMore = "answer.more",
    AnswerOthers = "answer.others",
    TellKeepingTitle = "tell.keeping-title",
    TellNotKeptTitle = "tell.not-kept-title",
    TellNotKeptWords = "tell.not-kept-words",
    ToldWords = "told.words",
    CountedWords = "counted.words",
    CountedTell = "counted.tell",
    NowTitle = "now.title",
    NowWords = "now.words",
    NowHelpline = "now.helpline",
    ComingTitle = "coming.title",
    ComingWords = "coming.words",
    NowFinish = "now.finish",
    FamilyEntry = "family.entry",
    FamilyNext = "family.next",
    FamilyFinish = "family.finish",
    FamilyHelped = "family.helped",
    LanguagesOpen = "languages.open",
    LanguagesTitle = "languages.title",
    LanguagesNote = "languages.note",
    Months = "date.months",
    CodeTitle = "code.title",
    CodeHelp = "code.help",
    CodeRubOut = "code.rub-out",
    CodeCell = "code.cell",
    CodeSlip = "code.slip",
    CodeUnknown = "code.unknown",
    CodeTrouble = "code.trouble",
    CodeWaitTitle = "code.wait-title",
    CodeWaitWords = "code.wait-words",
    CodeMinutes = "code.minutes",
    CodeSeconds = "code.seconds",
    OpeningTitle = "code.opening-title",
    OpeningWords = "code.opening-words",
    WhoTitle = "who.title",
    WhoHello = "who.hello",
    WhoIsIt = "who.is-it",
    WhoMe = "who.me",
    WhoNotMe = "who.not-me",
    WhoNone = "who.none",
    NotMeTitle = "who.office-title",
    NotMeWords = "who.office-words",
    ListTitle = "list.title",
    ListMany = "list.many",
    ListOne = "list.one",
    ListNone = "list.none",
    ListNothing = "list.nothing",
    ListLine = "list.line",
    ListNext = "list.next",
    StandingOpen = "list.open",
    StandingChanged = "list.changed",
    StandingNewYear = "list.new-year",
    StandingBegun = "list.begun",
    StandingAnswered = "list.answered",
    StandingSigned = "list.signed",
    FormAbout = "form.about",
    UsePlace = "use.place",
    UseAsk = "use.ask",
    UseMeans = "use.means",
    UseLong = "use.long",
    UseHolds = "use.holds",
    UseYes = "use.yes",
    UseNo = "use.no",
    UseLastYes = "use.last-yes",
    UseLastNo = "use.last-no",
    UseOthersNo = "use.others-no",
    UseChildNo = "use.child-no",
    QuestionPlace = "question.place",
    QuestionSkip = "question.skip",
    BackTitle = "take-back.title",
    BackMore = "take-back.more",
    CheckTitle = "check.title",
    CheckIAm = "check.i-am",
    CheckIAmPlain = "check.i-am-plain",
    CheckLine = "check.line",
    CheckChange = "check.change",
    CheckUnanswered = "check.unanswered",
    CheckLeftOut = "check.left-out",
    CheckChildNo = "check.child-no",
    CheckMissing = "check.missing",
    CheckKeep = "check.keep",
    ReadPlace = "read.place",
    ReadSign = "read.sign",
    KeepingTitle = "kept.saving-title",
    NotKeptTitle = "kept.not-saved-title",
    NotKeptWords = "kept.not-saved-words",
    KeptTitle = "kept.title",
    KeptWords = "kept.words",
    KeptSigned = "kept.signed",
    KeptReference = "kept.reference",
    KeptWrite = "kept.write",
    KeptList = "kept.list",
    StaffCorner = "staff.corner",
    NoPinTitle = "staff.no-pin-title",
    NoPinWords = "staff.no-pin-words",
    PinTitle = "staff.pin-title",
    PinHelp = "staff.pin-help",
    PinTyped = "staff.pin-typed",
    PinWrong = "staff.pin-wrong",
    PinTrouble = "staff.pin-trouble",
    PinEnter = "staff.pin-enter",
    PinWaitTitle = "staff.pin-wait-title",
    PinWaitWords = "staff.pin-wait-words",
    PinTrying = "staff.pin-trying",
    PanelClose = "panel.close",
    PanelTitle = "panel.title",
    PanelModes = "panel.modes",
    PanelSigned = "panel.signed",
    PanelSignedNote = "panel.signed-note",
    PanelHelp = "panel.help",
    PanelHelpNote = "panel.help-note",
    PanelNext = "panel.next",
    PanelNextNote = "panel.next-note",
    PanelWaits = "panel.waits",
    PanelWaitsNote = "panel.waits-note",
    PanelLooks = "panel.looks",
    PanelLooksNote = "panel.looks-note",
    PanelLooksLanguageNote = "panel.looks-language-note",
    PanelPin = "panel.pin",
    PanelPinNote = "panel.pin-note",
    PanelTouch = "panel.touch",
    PanelTouchNote = "panel.touch-note",
    TouchTitle = "touch.title",
    TouchSpot = "touch.spot",
    TouchTold = "touch.told",
    TouchRuler = "touch.ruler",
    TouchNoRuler = "touch.no-ruler",
    PanelSleep = "panel.sleep",
    PanelSleepNote = "panel.sleep-note",
    PanelUndone = "panel.undone",
    PanelNotUndone = "panel.not-undone",
    PanelNoClass = "panel.no-class",
    PanelDiskLow = "panel.disk-low",
    PanelDiskStopped = "panel.disk-stopped",
    PanelYearOver = "panel.year-over",
    PanelPinChanged = "panel.pin-changed",
    PanelNotKept = "panel.not-kept",
    ModeTitle = "mode.title",
    ModeClass = "mode.class",
    ModeClassNote = "mode.class-note",
    ModeOne = "mode.one",
    ModeGone = "mode.gone",
    ModePupils = "mode.pupils",
    ModePupilsNote = "mode.pupils-note",
    ModeEvening = "mode.evening",
    ModeEveningNote = "mode.evening-note",
    ModeEverybody = "mode.everybody",
    ModeEverybodyNote = "mode.everybody-note",
    ModeWhich = "mode.which",
    SignedHead = "panel.signed-head",
    SignedDay = "panel.signed-day",
    SignedNotYet = "panel.signed-not-yet",
    SignedHelp = "panel.signed-help",
    UndoTitle = "undo.title",
    UndoWords = "undo.words",
    UndoWrongChild = "undo.wrong-child",
    UndoOnlyATry = "undo.only-a-try",
    UndoAskedTo = "undo.asked-to",
    UndoKeeping = "undo.keeping",
    WaitsTitle = "waits.title",
    WaitsNone = "waits.none",
    WaitsOne = "waits.one",
    WaitsMany = "waits.many",
    WaitsSafe = "waits.safe",
    WaitsNever = "waits.never",
    WaitsLast = "waits.last",
    WaitsProblem = "waits.problem",
    WaitsLooking = "waits.looking",
    StickOut = "stick.out",
    StickOutNote = "stick.out-note",
    StickBack = "stick.back",
    StickBackNote = "stick.back-note",
    StickWriting = "stick.writing",
    StickReading = "stick.reading",
    StickWait = "stick.wait",
    StickOutTitle = "stick.out-title",
    StickBackTitle = "stick.back-title",
    StickTroubleTitle = "stick.trouble-title",
    StickWrittenNone = "stick.written-none",
    StickWrittenOne = "stick.written-one",
    StickWrittenMany = "stick.written-many",
    StickBoxes = "stick.boxes",
    StickStays = "stick.stays",
    StickPull = "stick.pull",
    StickBroughtNone = "stick.brought-none",
    StickBroughtOne = "stick.brought-one",
    StickBroughtMany = "stick.brought-many",
    StickKept = "stick.kept",
    StickPack = "stick.pack",
    StickPeople = "stick.people",
    StickNoStick = "stick.no-stick",
    StickSeveral = "stick.several",
    StickFull = "stick.full",
    StickReadOnly = "stick.read-only",
    StickGone = "stick.gone",
    StickBad = "stick.bad",
    StickNothing = "stick.nothing",
    StickBefore = "stick.before",
    StickRefused = "stick.refused",
    StickStruckOff = "stick.struck-off",
    StickNotPaired = "stick.not-paired",
    StickDisk = "stick.disk",
    StickUnchanged = "stick.unchanged",
    WaitsOnStick = "waits.on-stick",
    WaitsFromStick = "waits.from-stick",
    LooksTitle = "looks.title",
    LooksContrast = "looks.contrast",
    LooksSound = "looks.sound",
    LooksText = "looks.text",
    LooksTextNote = "looks.text-note",
    LooksMotion = "looks.motion",
    LooksMotionNote = "looks.motion-note",
    LooksNoSwitch = "looks.no-switch",
    LooksNoSwitchNote = "looks.no-switch-note",
    LooksOneSwitch = "looks.one-switch",
    LooksOneSwitchNote = "looks.one-switch-note",
    LooksTwoSwitches = "looks.two-switches",
    LooksTwoSwitchesNote = "looks.two-switches-note",
    LooksPace = "looks.pace",
    LooksPaceNote = "looks.pace-note",
    LooksLanguage = "looks.language",
    LooksLanguageNote = "looks.language-note",
    LooksHours = "looks.hours",
    LooksWakes = "looks.wakes",
    LooksSleeps = "looks.sleeps",
    LooksWakesSooner = "looks.wakes-sooner",
    LooksWakesLater = "looks.wakes-later",
    LooksSleepsSooner = "looks.sleeps-sooner",
    LooksSleepsLater = "looks.sleeps-later",
    NewPinTitle = "new-pin.title",
    NewPinHelp = "new-pin.help",
    NewPinAgain = "new-pin.again",
    NewPinDiffers = "new-pin.differs",
    NewPinKeeping = "new-pin.keeping",
    AsleepTitle = "asleep.title",
    AsleepWake = "asleep.wake",
    ThanksNext = "thanks.next",
    MarkHelping = "mark.helping",
    MarkStar = "mark.star",
    MarkHeart = "mark.heart",
    ModeStaffRoom = "mode.staff-room",
    ModeStaffRoomNote = "mode.staff-room-note",
    ModeEntrance = "mode.entrance",
    ModeEntranceNote = "mode.entrance-note",
    AdultsTitle = "adults.title",
    AdultsStaff = "adults.staff",
    AdultsGovernors = "adults.governors",
    AdultsNames = "adults.names",
    AdultsSigned = "adults.signed",
    AdultsTick = "adults.tick",
    AdultsSignHere = "adults.sign-here",
    AdultsSign = "adults.sign",
    AdultsUnavailableTitle = "adults.unavailable-title",
    AdultsUnavailableWords = "adults.unavailable-words",
    AdultsKeptTitle = "adults.kept-title",
    AdultsKeptWords = "adults.kept-words",
    AdultsFinish = "adults.finish",
    AdultsOpeningTitle = "adults.opening",
    VisitorTitle = "visitor.title",
    VisitorVisiting = "visitor.visiting",
    VisitorCommunity = "visitor.community",
    VisitorGuest = "visitor.guest",
    VisitorName = "visitor.name",
    VisitorNameNote = "visitor.name-note",
    VisitorAboutVisiting = "visitor.about-visiting",
    VisitorAboutCommunity = "visitor.about-community",
    VisitorAboutGuest = "visitor.about-guest",
    VisitorAboutNote = "visitor.about-note",
    VisitorSignHere = "visitor.sign-here",
    VisitorAgree = "visitor.agree",
    VisitorSign = "visitor.sign",
    VisitorSavingTitle = "visitor.saving-title",
    VisitorNotSavedTitle = "visitor.not-saved-title",
    VisitorNotSavedWords = "visitor.not-saved-words",
    VisitorKeptTitle = "visitor.kept-title",
    VisitorKeptVisiting = "visitor.kept-visiting",
    VisitorKeptCommunity = "visitor.kept-community",
    VisitorKeptGuest = "visitor.kept-guest",
    VisitorFinish = "visitor.finish",
    KeysCapital = "keys.capital",
    KeysSpace = "keys.space",
    KeysAccents = "keys.accents",
    KeysMoreAccents = "keys.more-accents",
    KeysSigns = "keys.signs",
    KeysLetters = "keys.letters",
    NavBack = "nav.back",
    NavHome = "nav.home",
    NotReadyTitle = "not-ready.title",
    NotReadyWords = "not-ready.words",
}

/// A catalogue: what is shipped, with the school's own words over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// The shipped words.
    pub fn shipped() -> Self {
        static READ: OnceLock<Words> = OnceLock::new();
        let read = || Self(toml::from_str(SHIPPED).expect("a test reads the shipped catalogue"));
        READ.get_or_init(read).clone()
    }

    /// The shipped words with a pack's over them.
    pub fn with(phrases: &[Phrase]) -> Self {
        Self::shipped().changed(phrases)
    }

    /// These words with others over them. Blank words change nothing.
    pub fn changed(&self, phrases: &[Phrase]) -> Self {
        let mut words = self.clone();
        for phrase in phrases.iter().filter(|p| !p.words.trim().is_empty()) {
            words.0.insert(phrase.name.clone(), phrase.words.clone());
        }
        words
    }

    /// The words for a name.
    pub fn get(&self, word: Word) -> &str {
        self.0.get(word.name()).map_or("", String::as_str)
    }

    /// The words for a name, with values put in for `{key}`.
    pub fn fill(&self, word: Word, values: &[(&str, &str)]) -> String {
        let mut words = self.get(word).to_owned();
        for (key, value) in values {
            words = words.replace(&format!("{{{key}}}"), value);
        }
        words
    }
}

impl Words {
    /// A day as these words have the months, or in figures that everybody reads.
    pub fn day(&self, day: Day) -> String {
        let date = day.date();
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        match self.get(Word::Months).split_whitespace().nth(month) {
            Some(month) => format!("{} {month} {}", date.day(), date.year()),
            None => day.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_that_a_screen_needs_is_shipped_and_none_besides() {
        let shipped = Words::shipped();
        for word in Word::ALL {
            assert!(!shipped.get(*word).is_empty(), "{} has no words", word.name());
        }
        assert_eq!(shipped.0.len(), Word::ALL.len(), "words.en.toml has words that no screen shows");
    }

    #[test]
    fn a_school_says_it_in_its_own_words() {
        let own = Phrase { name: "statement.yes".into(), words: "I promise".into() };
        let blank = Phrase { name: "statement.more".into(), words: "  ".into() };
        let words = Words::with(&[own, blank]);
        assert_eq!(words.get(Word::StatementYes), "I promise");
        assert_eq!(words.get(Word::StatementMore), "Tell me more");
        assert_eq!(words.fill(Word::HelloTitle, &[("name", "Amira")]), "Hello, Amira");
    }
}
