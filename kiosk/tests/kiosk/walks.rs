//! Random walks through the machine: whatever people, clocks and disks do.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::LazyLock,
};

use kiosk::machine::{
    Action, At, Chance, Effect, Event, Figures, KeptDecision, Millis, Now, OpenedFamily, PanelAction, Pen,
    Screen, Settings, State, StickTold, StickTrouble, controls, update,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use records::{
    consent::{Answer, ConsentDecision},
    day::Moment,
    envelope::NamedRecord,
    family::FamilyKey,
    form::Form,
    ids::{PersonId, RecordId, Slug},
    receipt::{Picture, Receipt},
    signature::Point,
};

use crate::{
    adults,
    entrance::entrance,
    households::{
        asking_draft_of, asking_state_of, code, couple, decided, form, parents_agreement, spoken_draft,
        wrong_code, zofia,
    },
    machine::nothing_of_anybody,
    pupil_languages::{BOTH, promises_in_other_languages},
    school::{answering_state, answers_with, opened, speaking_state, state, surveying_state, telling_state},
};

/// One thing that may happen.
#[derive(Debug, Clone)]
enum Happens {
    PressShown(usize),
    PressAnything(usize),
    PressForward(usize),
    Draw(u64, u16, u16),
    Lift(u64),
    Wait(Millis),
    Touch,
    TypeCode { right: bool },
    ChooseLanguage(usize),
    Write(&'static str),
    Answer { good: bool },
    WrongAnswer,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        12 => (0usize..40).prop_map(Happens::PressShown),
        2 => (0usize..60).prop_map(Happens::PressAnything),
        3 => (0u64..3, 0u16..1200, 0u16..1200).prop_map(|(f, x, y)| Happens::Draw(f, x, y)),
        1 => (0u64..3).prop_map(Happens::Lift),
        2 => (0u64..130_000).prop_map(Happens::Wait),
        1 => Just(Happens::Touch),
        3 => (0u8..4).prop_map(|n| Happens::TypeCode { right: n > 0 }),
        2 => (0usize..3).prop_map(Happens::ChooseLanguage),
        1 => (0usize..4).prop_map(|n| Happens::Write(["Ann Lee", "\u{202e}", "-", "زینب Żółć"][n])),
        6 => any::<bool>().prop_map(|good| Happens::Answer { good }),
        1 => Just(Happens::WrongAnswer),
    ]
}

fn any_action(n: usize) -> Action {
    let plain = [
        Action::Start,
        Action::Back,
        Action::Home,
        Action::NextPage,
        Action::PreviousPage,
        Action::NotListed,
        Action::Begin,
        Action::NotMe,
        Action::Yes,
        Action::More,
        Action::Less,
        Action::RubOut,
        Action::Helped,
        Action::Done,
        Action::TryAgain,
        Action::Finish,
        Action::StillHere,
        Action::Tell,
        Action::GrownUpNow,
        Action::WantToTell,
        Action::Skip,
        Action::GiveIn,
        Action::Hide,
        Action::Parents,
        Action::Continue,
        Action::No,
        Action::Keep,
        Action::Staff,
        Action::Wake,
        Action::Enter,
        Action::Speak,
        Action::GotIt,
        Action::AskForAnswer,
        Action::OtherPictures,
    ];
    match n % 45 {
        44 => Action::Picture(Picture::ALL[n % 16]),
        34 => Action::Class(n),
        35 => Action::Pupil(n),
        36 => Action::Sticker(n),
        37 => Action::Answer(n),
        38 => Action::Change(n),
        39 => Action::Item(n),
        40 => Action::GrownUp(n),
        41 => Action::Cell(n),
        42 => Action::Digit((n % 10) as u8),
        43 => Action::Panel(PanelAction::Line(n)),
        n => plain[n],
    }
}

/// The machine with what it has asked for and what it was told.
struct Walk {
    state: State,
    /// In the order in which the disk does them.
    asked: VecDeque<Effect>,
    clock: Millis,
    records: u8,
    saved: Vec<RecordId>,
    kept: Vec<Chance>,
    chances: u8,
    /// Whether somebody has left the start screen, and whether the disk was written since.
    away: bool,
    written: bool,
    family: Answered,
    /// Somebody has touched the speaker of the screen that is there.
    listening: bool,
    /// How many things have happened.
    events: u64,
}

/// Whose answer to what: the child, the grown-up, the form and the use.
type Whose = (PersonId, PersonId, Slug, Slug);

/// What the grown-ups of the walk's family have pressed, and what is kept of it.
#[derive(Default)]
struct Answered {
    pressed: BTreeMap<Whose, Answer>,
    stands: BTreeMap<Whose, Answer>,
    kept: Vec<KeptDecision>,
}

impl Answered {
    /// With what Maria decided for Zofia before.
    fn before(forms: &[Form]) -> Self {
        let mut answered = Self::default();
        for (at, form) in forms.iter().take(1).enumerate() {
            let decided = decided(form, 200 + at as u8, true);
            for one in &decided.answers {
                let whose = (zofia(), decided.by, form.id.clone(), one.purpose.clone());
                answered.stands.insert(whose, one.answer);
            }
        }
        answered
    }
    /// Whoever presses yes or no does so for the child and the use that are on the screen.
    fn press(&mut self, state: &State, action: Action) {
        let Screen::Family { visit, at } = &state.screen else { return };
        match (at, action) {
            (At::Use { ask, index, .. }, Action::Yes | Action::No) => {
                let form = &state.content.as_ref().unwrap().pack.consent[ask.form].form;
                let (child, by) = (visit.child(*ask).unwrap().person, visit.grown_up().unwrap().person);
                let whose = (child, by, form.id.clone(), form.purposes[*index].id.clone());
                let answer = if action == Action::Yes { Answer::Yes } else { Answer::No };
                self.pressed.insert(whose, answer);
            }
            (At::Who, Action::GrownUp(place)) => {
                let now = visit.grown_ups().get(place).map(|g| g.person);
                self.pressed.retain(|(_, by, ..), _| Some(*by) == now);
            }
            _ => {}
        }
    }
    /// Every answer of a decision was pressed in this visit by this person for this child and use, or is what the
    /// same person's last one kept says. There is no third way to a yes.
    fn check(&self, decision: &ConsentDecision) {
        assert!(!decision.answers.is_empty());
        for one in &decision.answers {
            let whose = (decision.pupil, decision.by, decision.form.clone(), one.purpose.clone());
            let expected = self.pressed.get(&whose).or_else(|| self.stands.get(&whose));
            assert_eq!(Some(&one.answer), expected, "an answer that nobody gave: {whose:?}");
        }
    }
    fn saved(&mut self, kept: &KeptDecision) {
        if let KeptDecision::Decided { child, decided, replaces, .. } = kept {
            for one in &decided.answers {
                let whose = (*child, decided.by, decided.form.clone(), one.purpose.clone());
                self.stands.insert(whose, one.answer);
            }
            self.kept.retain(|kept| !replaces.contains(&kept.id()));
        }
        self.kept.retain(|other| other.id() != kept.id());
        self.kept.push(kept.clone());
    }
}

impl Walk {
    fn from(start: &State) -> Self {
        Self {
            state: start.clone(),
            asked: VecDeque::new(),
            clock: 0,
            records: 0,
            saved: Vec::new(),
            kept: Vec::new(),
            chances: 1,
            away: false,
            written: false,
            family: Answered::before(&FORMS),
            listening: false,
            events: 0,
        }
    }
    fn event(&mut self, event: Event) {
        self.events += 1;
        let was = self.state.screen.name();
        if let Event::Press(action) = &event
            && controls(&self.state).iter().any(|c| c.action == *action)
        {
            self.family.press(&self.state, *action);
        }
        let told = match &event {
            Event::Saved(id) => Some(*id),
            _ => None,
        };
        let kept = match &event {
            Event::Told(chance) => Some(*chance),
            _ => None,
        };
        // What time ends has come to its own end.
        let spoke = self.state.is_speaking() && !matches!(event, Event::Tick(_));
        self.listening |= matches!(event, Event::Press(Action::Speak));
        let place = (was, self.state.screen.part());
        let effects = update(&mut self.state, event);
        let now = self.state.screen.name();
        self.listening &= place == (now, self.state.screen.part());
        let asked_for = self.listening;
        // On the way of telling nobody hears anything that was not asked for, and no screen speaks over the next. Whoever
        // uses switches and has touched the speaker goes on hearing names, as long as that screen is there.
        let begins = effects.iter().any(|effect| matches!(effect, Effect::Say(_)));
        let private = ["tell-", "grown-up-", "survey-"].iter().any(|way| now.starts_with(way))
            || matches!(now, "told" | "counted" | "pictures");
        assert!(!begins || asked_for || !private, "{now} speaks by itself");
        let stops = effects.iter().any(|effect| matches!(effect, Effect::Hush));
        assert!(
            was == now || !spoke || stops || !self.state.is_speaking(),
            "{was} goes on speaking on {now}"
        );
        for effect in effects {
            if let Effect::Wiped = effect {
                nothing_of_anybody(&self.state);
            }
            self.written |= matches!(
                effect,
                Effect::Save(_)
                    | Effect::SaveVisitor(_)
                    | Effect::Tell { .. }
                    | Effect::Count { .. }
                    | Effect::Visited
            );
            if let Effect::Keep(keeping) = &effect
                && let NamedRecord::Consent(decision) = &keeping.record
            {
                self.family.check(decision);
            }
            if !matches!(
                effect,
                Effect::Wiped | Effect::Visited | Effect::KeepSettings(_) | Effect::Say(_) | Effect::Hush
            ) {
                self.asked.push_back(effect);
            }
        }
        if self.state.wants_chance() {
            self.chances = self.chances.wrapping_add(1);
            update(&mut self.state, Event::Chance([self.chances; 16]));
        }
        self.begins_as_staff_chose(was);
        let name = self.state.screen.name();
        // Whoever is answered here is thanked after the pictures, and gets those only by the disk's word.
        let over_pictures = was == "pictures" && matches!(name, "told" | "counted" | "thank-you");
        let is_told = matches!(name, "told" | "counted") || name == "pictures" && kept.is_some();
        if is_told && was != name && was != "still-there" && !over_pictures {
            let chance = kept.expect("only the disk's word brings a thank-you");
            assert!(self.kept.contains(&chance), "thanked for what was never kept");
        }
        let thanked = matches!(name, "thank-you" | "family-kept" | "visitor-kept")
            || name == "pictures" && kept.is_none();
        // Whoever was asked whether they are still there comes back to what they had been thanked for.
        if thanked && was != name && was != "still-there" && !over_pictures {
            let id = told.expect("only the disk's word brings a thank-you");
            assert!(self.saved.contains(&id), "thanked for what was never saved");
        }
        if matches!(name, "told" | "thank-you") && was != name && self.state.answers_here() {
            assert_eq!(was, "pictures", "a round ended without pictures");
        }
        if matches!(self.state.screen, Screen::Home | Screen::NotReady | Screen::Asleep) {
            nothing_of_anybody(&self.state);
            self.family.pressed.clear();
            assert!(!self.away || self.written, "a visit is over, and the disk was not written for it");
            (self.away, self.written) = (false, false);
        } else {
            self.away = true;
        }
        assert!(controls(&self.state).iter().all(|c| !c.label.trim().is_empty()), "a nameless control");
    }
    /// Nobody meets what somebody else chose at the globe: not at the start, not in the panel, and not where a visit
    /// begins.
    fn begins_as_staff_chose(&self, was: &str) {
        let (state, name) = (&self.state, self.state.screen.name());
        let everybodys = ["home", "not-ready", "asleep", "pin", "choose-class", "choose-name"];
        if everybodys.contains(&name) || name.starts_with("panel") {
            assert!(state.spoken().is_none(), "{name} is in {:?}", state.spoken());
        }
        let on_screen = state.spoken().map(|spoken| &spoken.language);
        let chosen = state.begins_in().map(|spoken| &spoken.language);
        match &state.screen {
            Screen::FamilyCode(_) if was == "home" => assert_eq!(on_screen, chosen),
            Screen::Hello(round) if was == "choose-name" => {
                let pack = &state.content.as_ref().unwrap().pack;
                let agreement = &pack.agreements[round.agreement].slug;
                let mut words = pack.translated_agreements.iter();
                let has_words =
                    words.any(|one| Some(&one.language) == chosen && one.agreement.slug == *agreement);
                assert_eq!(on_screen, chosen.filter(|_| has_words));
            }
            _ => {}
        }
    }
    fn step(&mut self, happens: &Happens) {
        match happens {
            Happens::PressShown(n) => {
                let shown = controls(&self.state);
                if let Some(control) = shown.get(n % shown.len().max(1)) {
                    self.event(Event::Press(control.action));
                }
            }
            Happens::PressForward(n) => {
                let away = |a: &Action| {
                    matches!(a, Action::Back | Action::Home | Action::Finish | Action::NotMe | Action::RubOut)
                };
                let shown = controls(&self.state);
                let on: Vec<Action> = shown.iter().map(|c| c.action).filter(|a| !away(a)).collect();
                // What is answered is kept as often as it is changed once more.
                let keep = on.contains(&Action::Keep) && n % 3 == 0;
                if let Some(action) = on.get(n % on.len().max(1)) {
                    self.event(Event::Press(if keep { Action::Keep } else { *action }));
                }
            }
            Happens::PressAnything(n) => self.event(Event::Press(any_action(*n))),
            Happens::Draw(finger, x, y) => {
                self.event(Event::Pen(Pen::Down(*finger, Point(*x, *y))));
                self.event(Event::Pen(Pen::Move(*finger, Point(*y, *x))));
            }
            Happens::Lift(finger) => self.event(Event::Pen(Pen::Up(*finger))),
            Happens::Wait(ms) => self.wait(*ms),
            Happens::Touch => self.event(Event::Stir),
            Happens::TypeCode { right } => {
                let code = if *right { code() } else { wrong_code(9) };
                for letter in code.groups().concat().chars() {
                    let value = records::family_code::FamilyCode::value(letter).unwrap();
                    self.event(Event::Press(Action::Type(value)));
                }
            }
            Happens::ChooseLanguage(n) => {
                self.event(Event::Press(Action::Languages));
                self.event(Event::Press(Action::Language([None, Some(0), Some(1)][*n])));
            }
            Happens::Write(line) => {
                line.chars().for_each(|letter| self.event(Event::Type(letter)));
                self.event(Event::Write(format!("{line}{line}")));
            }
            Happens::Answer { good } => self.answer(*good),
            Happens::WrongAnswer => {
                self.event(Event::NotTold([255; 16]));
                self.event(Event::Told([255; 16]));
                self.event(Event::NotSaved(RecordId::from_bytes([255; 16])));
                self.event(Event::Saved(RecordId::from_bytes([255; 16])));
            }
        }
    }
    /// Time goes by as a window lets it: from deadline to deadline, and while something is said from word to word.
    fn let_time_pass(&mut self) {
        for _ in 0..400 {
            let Some(deadline) = self.state.next_deadline() else { break };
            self.wait(deadline.saturating_sub(self.clock));
        }
    }
    fn wait(&mut self, ms: Millis) {
        self.clock += ms;
        self.event(Event::Tick(Now { since_start: self.clock, wall: Moment(1_790_000_000) }));
    }
    fn answer(&mut self, good: bool) {
        let Some(effect) = self.asked.pop_front() else { return };
        match effect {
            Effect::OpenClass(class) if good => {
                self.records = self.records.wrapping_add(1) % 200;
                self.event(opened(class, Vec::new(), self.records));
            }
            Effect::OpenClass(class) => self.event(Event::ClassUnavailable(class)),
            Effect::Save(signature) if good => {
                self.saved.push(signature.id);
                self.event(Event::Saved(signature.id));
            }
            Effect::Save(signature) => self.event(Event::NotSaved(signature.id)),
            Effect::SaveVisitor(signature) if good => {
                self.saved.push(signature.id);
                self.event(Event::Saved(signature.id));
            }
            Effect::SaveVisitor(signature) => self.event(Event::NotSaved(signature.id)),
            Effect::Tell { told, .. } | Effect::Count { told, .. } if good => {
                self.kept.push(told);
                self.event(Event::Told(told));
            }
            Effect::Tell { told, .. } | Effect::Count { told, .. } => self.event(Event::NotTold(told)),
            Effect::OpenFamily { number, code: tried } if good && tried == code() => {
                let mut family = couple();
                let forms = &self.state.content.as_ref().unwrap().pack.consent;
                if let Some(asked) = forms.first() {
                    family.children[0].decided.push(decided(&asked.form, 200, true));
                }
                let opened = OpenedFamily {
                    key: FamilyKey::from_bytes(&[5; 32]),
                    family,
                    kept: self.family.kept.clone(),
                };
                self.event(Event::FamilyOpened(number, Box::new(opened)));
            }
            Effect::OpenFamily { number, .. } if good => {
                self.event(Event::Slowed(2_000));
                self.event(Event::FamilyUnknown(number));
            }
            Effect::OpenFamily { number, .. } => self.event(Event::FamilyUnavailable(number)),
            Effect::Keep(keeping) if good => {
                self.saved.push(keeping.kept.id());
                self.family.saved(&keeping.kept);
                self.event(Event::Saved(keeping.kept.id()));
            }
            Effect::Keep(keeping) => self.event(Event::NotSaved(keeping.kept.id())),
            Effect::TryPin { number, .. } if good => self.event(Event::PinRight(number)),
            Effect::TryPin { number, .. } => {
                self.event(Event::PinSlowed(2_000));
                self.event(Event::PinWrong(number));
            }
            Effect::ChangePin { number, .. } if good => self.event(Event::PinChanged(number)),
            Effect::ChangePin { number, .. } => self.event(Event::PinTrouble(number)),
            Effect::OpenAdults(_) if good => {
                self.records = self.records.wrapping_add(1) % 200;
                self.event(adults::opened(self.records));
            }
            Effect::OpenAdults(group) => self.event(Event::AdultsUnavailable(group)),
            Effect::LookForPin => self.event(Event::HasPin(good)),
            Effect::Figures => self.event(Event::Figures(Figures { paired: good, ..Figures::default() })),
            Effect::Stick { number, .. } if good => {
                let told = StickTold::Written { records: 1, boxes: 0 };
                self.event(Event::Stick(number, Ok(told)));
            }
            Effect::Stick { number, .. } => self.event(Event::Stick(number, Err(StickTrouble::Gone))),
            Effect::Undo(undoing) if good => {
                self.saved.push(undoing.undo.id);
                self.event(Event::Saved(undoing.undo.id));
            }
            Effect::Undo(undoing) => self.event(Event::NotSaved(undoing.undo.id)),
            Effect::KeepSettings(_) => {}
            Effect::Call(number) if good => self.event(Event::Coming(number)),
            Effect::Call(_) | Effect::Say(_) | Effect::Hush | Effect::Visited | Effect::Wiped => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_happens_nobody_is_thanked_in_vain_and_time_alone_wipes(
        all in proptest::collection::vec(happens(), 1..160), kind in 0u8..9,
    ) {
        let mut walk = Walk::from(&STARTS[usize::from(kind)]);
        for happens in &all {
            walk.step(happens);
        }
        walk.let_time_pass();
        nothing_of_anybody(&walk.state);
        assert!(matches!(walk.state.screen, Screen::Home | Screen::NotReady | Screen::Asleep));
    }
}

/// How many things happen in a row at all kinds of kiosks: a million with `./test --long`.
fn many() -> u64 {
    if std::env::var_os("SIGNPOST_LONG").is_some() { 1_000_000 } else { 20_000 }
}

#[test]
fn however_long_a_kiosk_is_used_nobody_is_thanked_in_vain_and_nothing_is_left() {
    let mut runner = TestRunner::deterministic();
    let all = happens();
    for start in STARTS.iter() {
        let mut walk = Walk::from(start);
        while walk.events < many() / STARTS.len() as u64 {
            let happens = all.new_tree(&mut runner).unwrap().current();
            walk.step(&happens);
        }
        walk.let_time_pass();
        nothing_of_anybody(&walk.state);
    }
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let mut forms = vec![form("images"), form("learners-work")];
    forms[0].purposes.truncate(3);
    forms
});

/// Kiosks before anybody has come: of a school that asks nothing beside its promises, of one where a child can tell,
/// of one where families are asked, of one that reads aloud, of one at the entrance, of one that asks pupils, of one
/// where children are answered, of one in the staff room, and of one where visits begin in Polish.
static STARTS: LazyLock<[State; 9]> = LazyLock::new(|| {
    let mut draft = asking_draft_of(&FORMS);
    draft.content.agreements.push(parents_agreement());
    let mut answered = answering_state();
    update(&mut answered, answers_with(&Receipt::drawn(&[3; 16]), 0));
    let mut all = [
        state(),
        telling_state(),
        asking_state_of(&draft),
        speaking_state(),
        entrance(),
        surveying_state(),
        answered,
        adults::staff_room(),
        in_polish(),
    ];
    for state in &mut all {
        update(state, Event::HasPin(true));
    }
    all
});

/// Where pupils and families find words in two other languages, and staff have chosen one of these.
fn in_polish() -> State {
    let mut draft = promises_in_other_languages(spoken_draft(&BOTH));
    let asked = &mut draft.content.consent[0];
    let translated = asked.translations.iter_mut().map(|one| &mut one.form);
    for form in translated.chain([&mut asked.form]) {
        form.purposes.truncate(FORMS[0].purposes.len());
    }
    let mut state = asking_state_of(&draft);
    let language = Some("pl".parse().unwrap());
    update(&mut state, Event::Settings(Settings { language, ..Settings::default() }));
    state
}

/// Walks that begin where a child is greeted.
fn greeted() -> impl Strategy<Value = Happens> {
    prop_oneof![
        6 => (0usize..3).prop_map(Happens::ChooseLanguage),
        8 => (0usize..40).prop_map(Happens::PressShown),
        4 => (0usize..40).prop_map(Happens::PressForward),
        1 => (0u64..130_000).prop_map(Happens::Wait),
        4 => Just(Happens::Answer { good: true }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_somebody_chooses_at_the_globe_the_next_begins_as_staff_chose(
        visits in proptest::collection::vec((0usize..30, proptest::collection::vec(greeted(), 4..30)), 2..5),
    ) {
        let mut walk = Walk::from(&STARTS[8]);
        for (child, visit) in &visits {
            for to_the_start in [Action::StillHere, Action::Hide, Action::Back, Action::Finish, Action::Home] {
                walk.event(Event::Press(to_the_start));
            }
            for to_the_greeting in [Action::Start, Action::Class(0), Action::Pupil(*child)] {
                walk.event(Event::Press(to_the_greeting));
                while !walk.asked.is_empty() {
                    walk.answer(true);
                }
            }
            for happens in visit {
                walk.step(happens);
            }
        }
    }
}

/// Walks that begin in a family, where no press is lost on the way there: nearly all of them answer something.
fn in_a_family() -> impl Strategy<Value = Happens> {
    prop_oneof![
        40 => (0usize..120).prop_map(Happens::PressForward),
        3 => (0usize..40).prop_map(Happens::PressShown),
        4 => Just(Happens::PressAnything(1)),
        2 => (0u64..3, 0u16..1200, 0u16..1200).prop_map(|(f, x, y)| Happens::Draw(f, x, y)),
        1 => (0u64..80_000).prop_map(Happens::Wait),
        10 => (0u8..8).prop_map(|n| n > 0).prop_map(|good| Happens::Answer { good }),
        1 => Just(Happens::TypeCode { right: true }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, max_shrink_iters: 300, ..Default::default() })]

    #[test]
    fn no_way_through_a_familys_screens_makes_a_yes_that_was_not_pressed_or_gives_it_to_another_child(
        visits in proptest::collection::vec(proptest::collection::vec(in_a_family(), 40..160), 1..4),
    ) {
        let mut walk = Walk::from(&STARTS[2]);
        for visit in &visits {
            for to_the_start in [Action::Home, Action::Back, Action::Finish, Action::StillHere, Action::Home] {
                walk.event(Event::Press(to_the_start));
            }
            walk.event(Event::Press(Action::Parents));
            walk.step(&Happens::TypeCode { right: true });
            while !walk.asked.is_empty() {
                walk.answer(true);
            }
            for happens in visit {
                walk.step(happens);
            }
        }
    }
}
