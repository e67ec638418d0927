//! One step of the machine.

use std::mem;

use records::{
    ids::{ClassId, RecordId},
    signature::Signature,
};

use super::{
    AWAKE_FOR, Action, AdultAt, Chance, ChooseName, Content, Draft, Effect, Event, Kept, Millis, Mode, Now,
    OpenedClass, PANEL_AFTER, Panel, PanelAt, PanelTold, PinEntry, PinTold, Round, Screen, State, TILES,
    TellStep, Telling, Tile, Tongue, Who, adults, controls,
    controls::statement_at,
    family::{self, At, CodeEntry, Told, Visit},
    scan, staff,
    tell::{self, Next},
    voice,
};

/// Takes one event.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let before = voice::place(state);
    let mut effects = take(state, event);
    voice::follow(state, &before, &mut effects);
    scan::follow(state, &before);
    effects
}

fn take(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Tick(now) => tick(state, now),
        Event::Press(action) => {
            if controls(state).iter().any(|c| c.action == action) {
                state.touched = state.now.since_start;
                press(state, action)
            } else {
                Vec::new()
            }
        }
        Event::Pen(pen) => {
            if let Screen::MakeMark { mark, .. }
            | Screen::Family { at: At::Sign { mark, .. }, .. }
            | Screen::Adult(AdultAt::Sign { mark, .. }) = &mut state.screen
            {
                mark.pen(pen);
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        // Only a deliberate press answers “are you still there?”: what is asked for may belong to
        // somebody who has gone.
        Event::Stir => {
            if !matches!(state.screen, Screen::StillThere { .. }) {
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        Event::Room(room) => {
            make_room(state, room);
            Vec::new()
        }
        Event::Switch(switch) => match scan::take(state, switch) {
            Some(action) => {
                let first = scan::first(state);
                let effects = take(state, Event::Press(action));
                scan::go_on(state, first);
                effects
            }
            None => scan::say(state).into_iter().collect(),
        },
        Event::ClassOpened(opened) => class_opened(state, *opened),
        Event::ClassUnavailable(class) if staff::class_unavailable(state, class) => Vec::new(),
        Event::ClassUnavailable(class) => {
            match &mut state.screen {
                // Without a name, then: what was told must not be lost for it.
                Screen::Tell { step: step @ TellStep::Class { .. }, .. } if is_asked_for(step, class) => {
                    *step = TellStep::Check;
                }
                screen if is_opening(screen, class) => *screen = Screen::AskTeacher,
                _ => {}
            }
            Vec::new()
        }
        Event::Saved(record) => saved(state, record),
        Event::NotSaved(record) => {
            if matches!(state.screen, Screen::Panel(_)) {
                return staff::undone(state, record, false);
            }
            if let Screen::Adult(at) = &mut state.screen {
                adults::saved(at, record, false);
            }
            if let Screen::Family { visit, at } = &mut state.screen {
                family::saved(visit, at, record, false);
            }
            if let Screen::Saving(kept) = &state.screen
                && kept.round.record == record
            {
                let kept = kept.clone();
                state.screen = Screen::NotSaved(kept);
            }
            Vec::new()
        }
        Event::Pack(content) => {
            state.next_content = Some(content);
            at_start(state)
        }
        Event::Classes(classes) => {
            state.next_classes = Some(classes);
            at_start(state)
        }
        Event::Telling(can) => {
            state.next_telling = Some(can);
            at_start(state)
        }
        Event::Families(are_there) => {
            state.next_families = Some(are_there);
            at_start(state)
        }
        Event::FamilyOpened(number, opened) => {
            if is_tried(state, number) {
                state.screen = Screen::Family { visit: Box::new(Visit::new(*opened)), at: At::Who };
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        Event::FamilyUnknown(number) => not_opened(state, number, Told::Unknown),
        Event::FamilyUnavailable(number) => not_opened(state, number, Told::Unreadable),
        Event::Slowed(left) => {
            state.slowed_until = state.now.since_start.saturating_add(left);
            Vec::new()
        }
        Event::Chance(chance) => {
            state.chance = Some(chance);
            Vec::new()
        }
        Event::Settings(settings) => {
            state.settings = settings;
            at_start(state)
        }
        Event::SettingsNotKept => {
            if let Screen::Panel(panel) = &mut state.screen {
                panel.told = Some(PanelTold::NotKept);
            }
            Vec::new()
        }
        Event::Adults(groups) => {
            state.next_adults = Some(groups);
            at_start(state)
        }
        Event::AdultsOpened(opened) => {
            let is_asked =
                matches!(&state.screen, Screen::Adult(AdultAt::Opening(asked)) if *asked == opened.audience);
            if is_asked && let Some(content) = &state.content {
                let at = adults::opened(content, *opened).unwrap_or(AdultAt::Unavailable);
                state.screen = Screen::Adult(at);
            }
            Vec::new()
        }
        Event::AdultsUnavailable(group) => {
            if matches!(&state.screen, Screen::Adult(AdultAt::Opening(asked)) if *asked == group) {
                state.screen = Screen::Adult(AdultAt::Unavailable);
            }
            Vec::new()
        }
        Event::HasPin(is_set) => {
            state.pin = is_set;
            if is_set && matches!(state.screen, Screen::NoPin) {
                state.screen = Screen::Pin(PinEntry::new(PinTold::Nothing));
            }
            Vec::new()
        }
        Event::PinRight(number) => {
            // The one place where the panel is opened.
            if is_tried_pin(state, number) {
                state.woken = true;
                state.touched = state.now.since_start;
                state.screen = Screen::Panel(Panel { at: PanelAt::Menu, told: None });
            }
            Vec::new()
        }
        Event::PinWrong(number) => pin_not_taken(state, number, PinTold::Wrong),
        Event::PinTrouble(number) => pin_not_taken(state, number, PinTold::Trouble),
        Event::PinChanged(number) => {
            if let Screen::Panel(panel) = &mut state.screen
                && matches!(panel.at, PanelAt::KeepingPin(kept) if kept == number)
            {
                *panel = Panel { at: PanelAt::Menu, told: Some(PanelTold::PinChanged) };
            }
            Vec::new()
        }
        Event::PinSlowed(left) => {
            state.pin_slowed_until = state.now.since_start.saturating_add(left);
            Vec::new()
        }
        Event::Figures(figures) => {
            if let Screen::Panel(Panel { at: at @ PanelAt::Waits(_), .. }) = &mut state.screen {
                *at = PanelAt::Waits(Some(figures));
            }
            Vec::new()
        }
        Event::Coming(number) => {
            coming(state, number);
            Vec::new()
        }
        Event::Told(told) => kept(state, told, true),
        Event::NotTold(told) => kept(state, told, false),
    }
}

fn tick(state: &mut State, now: Now) -> Vec<Effect> {
    // A clock that only goes forward may still be told in the wrong order by two threads.
    state.now = Now { since_start: now.since_start.max(state.now.since_start), wall: now.wall };
    voice::pass_time(state);
    let said = scan::pass_time(state);
    let mut effects = look_at_the_clock(state);
    effects.extend(said);
    effects
}

fn look_at_the_clock(state: &mut State) -> Vec<Effect> {
    let idle = state.now.since_start.saturating_sub(state.touched);
    match &state.screen {
        Screen::Home | Screen::NotReady => {
            rest(state, idle);
            Vec::new()
        }
        Screen::Asleep => Vec::new(),
        Screen::Pin(_) | Screen::NoPin | Screen::TryingPin(_) | Screen::Panel(_) => {
            if idle >= PANEL_AFTER {
                go_home(state)
            } else {
                Vec::new()
            }
        }
        _ if idle >= state.wipe_after() => go_home(state),
        Screen::ThankYou | Screen::Told | Screen::Adult(AdultAt::Kept) if idle >= state.ask_after() => {
            go_home(state)
        }
        _ if state.waits_for_more() => Vec::new(),
        _ if idle >= state.ask_after() => {
            let mut before = Box::new(mem::replace(&mut state.screen, Screen::Home));
            if let Screen::MakeMark { mark, .. }
            | Screen::Family { at: At::Sign { mark, .. }, .. }
            | Screen::Adult(AdultAt::Sign { mark, .. }) = &mut *before
            {
                mark.lift();
            }
            state.screen = Screen::StillThere { before };
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Pages of another length: whoever was on a page that is no more is on the last.
fn make_room(state: &mut State, room: usize) {
    state.room = room.clamp(1, TILES);
    let (on_show, all) = (state.classes_on_show().count(), state.all_classes().count());
    let (page, count) = match &mut state.screen {
        Screen::ChooseClass { page, .. } | Screen::Tell { step: TellStep::Class { page, .. }, .. } => {
            (page, on_show)
        }
        Screen::ChooseName(choose) => (&mut choose.page, choose.pupils.len()),
        Screen::Tell { step: TellStep::Name { pupils, page, .. }, .. } => (page, pupils.len()),
        Screen::Panel(Panel { at: PanelAt::Classes { page, .. }, .. }) => (page, all),
        _ => return,
    };
    *page = (*page).min(count.saturating_sub(1) / state.room);
}

/// Outside its hours a kiosk that nobody touches goes to sleep.
fn rest(state: &mut State, idle: Millis) {
    if state.is_within_hours() || idle >= AWAKE_FOR {
        state.woken = false;
    }
    if !state.woken && idle >= state.ask_after() && !state.is_within_hours() {
        state.screen = Screen::Asleep;
    }
}

/// Staff let it sleep.
pub(super) fn sleep_now(state: &mut State) -> Vec<Effect> {
    let effects = go_home(state);
    state.woken = false;
    state.screen = Screen::Asleep;
    effects
}

/// To the start, with nothing left of anybody.
fn go_home(state: &mut State) -> Vec<Effect> {
    state.screen = Screen::Home;
    state.tongue = Tongue::Usual;
    at_start(state);
    let mut effects = vec![Effect::Wiped];
    // The disk is written once for every visit, so that a writing tells nothing.
    if std::mem::take(&mut state.visited) {
        effects.push(Effect::Visited);
    }
    effects
}

/// At the start, and only there, new words and names are taken: nobody's words change under them.
fn at_start(state: &mut State) -> Vec<Effect> {
    if matches!(state.screen, Screen::Home | Screen::NotReady | Screen::Asleep) {
        if let Some(content) = state.next_content.take() {
            state.content = Some(content);
        }
        if let Some(classes) = state.next_classes.take() {
            state.classes = classes;
        }
        if let Some(adults) = state.next_adults.take() {
            state.adults = adults;
        }
        if let Some(telling) = state.next_telling.take() {
            state.telling = telling;
        }
        if let Some(families) = state.next_families.take() {
            state.families = families;
        }
        let ready = match state.settings.mode {
            Mode::Everybody | Mode::Class(_) => state.classes_on_show().next().is_some(),
            Mode::OpenEvening => state.asks_families(),
            Mode::StaffRoom => adults::groups(state).next().is_some(),
        };
        if !matches!(state.screen, Screen::Asleep) {
            state.screen = if ready { Screen::Home } else { Screen::NotReady };
        }
    }
    Vec::new()
}

fn press(state: &mut State, action: Action) -> Vec<Effect> {
    match (&state.screen, action) {
        (_, Action::Staff) => return to_staff(state),
        (Screen::Asleep, Action::Wake) | (Screen::Pin(_) | Screen::NoPin, Action::Back) => {
            return go_home(state);
        }
        (Screen::ThankYou | Screen::HasSigned(_), Action::Finish) if state.settings.next_child => {
            let mut effects = go_home(state);
            effects.extend(begin(state));
            return effects;
        }
        (Screen::ChooseName(_), Action::Back) if state.only_class().is_some() => return go_home(state),
        (Screen::Home, Action::Start) => return begin(state),
        _ => {}
    }
    if matches!(action, Action::Home | Action::Finish | Action::Hide) {
        return go_home(state);
    }
    if action == Action::Speak {
        scan::read_aloud(state);
        return voice::say_all(state).into_iter().collect();
    }
    // These are there without a pack too.
    match mem::replace(&mut state.screen, Screen::Home) {
        Screen::Pin(entry) => {
            let (screen, effect) = staff::press_pin(state, entry, action);
            state.screen = screen;
            return effect.into_iter().collect();
        }
        Screen::Panel(panel) => return staff::press(state, panel, action),
        screen => state.screen = screen,
    }
    let Some(content) = state.content.clone() else { return Vec::new() };
    if action == Action::Tell {
        return begin_to_tell(state);
    }
    let screen = mem::replace(&mut state.screen, Screen::Home);
    let (screen, effect) = match (screen, action) {
        (Screen::Tell { telling, step }, action) => {
            match tell::press(telling, step, action, &content, state) {
                Next::Step(telling, step, effect) => {
                    // What is given in is written: that is this visit's writing.
                    state.visited &= effect.as_ref().is_none_or(|e| !matches!(e, Effect::Tell { .. }));
                    (Screen::Tell { telling, step }, effect)
                }
                Next::GrownUpNow => {
                    state.calls += 1;
                    let call = state.calls;
                    (Screen::GrownUpNow { call, coming: false }, Some(Effect::Call(call)))
                }
            }
        }
        (Screen::Home, Action::Parents) => {
            state.visited = true;
            (Screen::FamilyCode(CodeEntry::new(Told::Nothing)), None)
        }
        (screen @ (Screen::FamilyCode(_) | Screen::Family { .. }), Action::Languages) => {
            (Screen::Languages { before: Box::new(screen) }, None)
        }
        (Screen::Languages { before }, Action::Language(place)) => {
            state.tongue = place.map_or(Tongue::English, Tongue::Other);
            (family::in_another_language(*before), None)
        }
        (Screen::Languages { before }, Action::Back) => (*before, None),
        (Screen::Home, Action::Group(group)) => {
            state.visited = true;
            (Screen::Adult(AdultAt::Opening(group)), Some(Effect::OpenAdults(group)))
        }
        (Screen::Adult(at), action) => match adults::press(state, &content, at, action) {
            Some((at, effect)) => (Screen::Adult(at), effect),
            None => return go_home(state),
        },
        (Screen::FamilyCode(_), Action::Back) => return go_home(state),
        (Screen::FamilyCode(code), action) => press_code(state, code, action),
        (Screen::Family { visit, at }, action) => {
            let next = family::press(visit, at, action, &content, state);
            (Screen::Family { visit: next.visit, at: next.at }, next.effect)
        }
        (Screen::ChooseClass { .. } | Screen::AskTeacher, Action::Back) => return go_home(state),
        (Screen::ChooseClass { page, .. }, Action::Class(place)) => {
            let class = state.classes_on_show().nth(place).map(|c| c.id);
            (Screen::ChooseClass { page, opening: class }, class.map(Effect::OpenClass))
        }
        (Screen::ChooseClass { page, opening }, Action::NextPage) => {
            (Screen::ChooseClass { page: page + 1, opening }, None)
        }
        (Screen::ChooseClass { page, opening }, Action::PreviousPage) => {
            (Screen::ChooseClass { page: page.saturating_sub(1), opening }, None)
        }
        (Screen::ChooseName(choose), action) => (press_name(choose, action, &content), None),
        (Screen::Hello(round), Action::NotMe) => class_again(round.class),
        (Screen::Hello(round), Action::Begin) => (Screen::Statement { round, index: 0, more: false }, None),
        (Screen::Statement { round, index, more }, action) => {
            (press_statement(round, index, more, action, state, &content), None)
        }
        (Screen::MakeMark { round, mark, helped }, action) => {
            press_mark(round, mark, helped, action, state, &content)
        }
        (Screen::NotSaved(kept), Action::TryAgain) => save(kept, state, &content),
        (Screen::StillThere { before }, Action::StillHere) => (*before, None),
        (screen, _) => (screen, None),
    };
    if matches!(effect, Some(Effect::Save(_))) {
        state.visited = false;
        state.help_until = 0;
    }
    state.screen = screen;
    effect.into_iter().collect()
}

/// A pupil begins: at the one class that signs here, or at the choice of classes.
fn begin(state: &mut State) -> Vec<Effect> {
    if !matches!(state.screen, Screen::Home) {
        return Vec::new();
    }
    state.visited = true;
    let class = state.only_class();
    state.screen = Screen::ChooseClass { page: 0, opening: class };
    class.map(Effect::OpenClass).into_iter().collect()
}

/// Staff want in. What was on the screen is left as by going to the start.
fn to_staff(state: &mut State) -> Vec<Effect> {
    state.visited = true;
    if state.pin {
        state.screen = Screen::Pin(PinEntry::new(PinTold::Nothing));
        return Vec::new();
    }
    state.screen = Screen::NoPin;
    // The technician may have set one since the kiosk began.
    vec![Effect::LookForPin]
}

fn is_tried_pin(state: &State, number: u64) -> bool {
    matches!(state.screen, Screen::TryingPin(tried) if tried == number)
}

/// What was typed is forgotten.
fn pin_not_taken(state: &mut State, number: u64, told: PinTold) -> Vec<Effect> {
    if is_tried_pin(state, number) {
        state.screen = Screen::Pin(PinEntry::new(told));
        state.touched = state.now.since_start;
    }
    if let Screen::Panel(panel) = &mut state.screen
        && matches!(panel.at, PanelAt::KeepingPin(kept) if kept == number)
    {
        panel.at = PanelAt::NewPin { first: None, entry: PinEntry::new(told) };
    }
    Vec::new()
}

/// From whatever a child was at: what was not finished there is forgotten.
fn begin_to_tell(state: &mut State) -> Vec<Effect> {
    if let Some(chance) = state.chance.take() {
        // On the last screen of a round its writing is done, and this begins another.
        state.visited = true;
        state.screen = Screen::Tell { telling: Telling::new(chance), step: TellStep::First };
    }
    Vec::new()
}

/// Also where the screen asks whether somebody is still there: whoever called may be waiting beside it.
fn coming(state: &mut State, number: u64) {
    let shown = match &state.screen {
        Screen::StillThere { before } => before.as_ref(),
        shown => shown,
    };
    if matches!(shown, Screen::GrownUpNow { call, .. } if *call == number) {
        state.screen = Screen::GrownUpNow { call: number, coming: true };
        // Time to read it, and to wait.
        state.touched = state.now.since_start;
    }
}

/// The disk's word on what was told. “Thank you”, and from here on nothing of it is left.
fn kept(state: &mut State, told: Chance, is_kept: bool) -> Vec<Effect> {
    if let Screen::Tell { telling, step: step @ TellStep::Keeping } = &mut state.screen
        && telling.chance == told
    {
        if is_kept {
            state.screen = Screen::Told;
            state.touched = state.now.since_start;
        } else {
            *step = TellStep::NotKept;
        }
    }
    Vec::new()
}

fn press_code(state: &mut State, mut code: CodeEntry, action: Action) -> (Screen, Option<Effect>) {
    match action {
        Action::Type(value) => {
            if let Some(code) = code.type_value(value) {
                state.tries += 1;
                let number = state.tries;
                return (Screen::OpeningFamily(number), Some(Effect::OpenFamily { number, code }));
            }
        }
        Action::Cell(cell) => code.choose(cell),
        Action::RubOut => code.rub_out(),
        _ => {}
    }
    (Screen::FamilyCode(code), None)
}

fn is_tried(state: &State, number: u64) -> bool {
    matches!(state.screen, Screen::OpeningFamily(tried) if tried == number)
}

/// What was typed is forgotten: it goes with itself, so that there is no slip to mend.
fn not_opened(state: &mut State, number: u64, told: Told) -> Vec<Effect> {
    if is_tried(state, number) {
        state.screen = Screen::FamilyCode(CodeEntry::new(told));
        state.touched = state.now.since_start;
    }
    Vec::new()
}

fn class_again(class: ClassId) -> (Screen, Option<Effect>) {
    (Screen::ChooseClass { page: 0, opening: Some(class) }, Some(Effect::OpenClass(class)))
}

fn press_name(mut choose: ChooseName, action: Action, content: &Content) -> Screen {
    match action {
        Action::Back => Screen::ChooseClass { page: 0, opening: None },
        Action::NotListed => Screen::AskTeacher,
        Action::NextPage => {
            choose.page += 1;
            Screen::ChooseName(choose)
        }
        Action::PreviousPage => {
            choose.page = choose.page.saturating_sub(1);
            Screen::ChooseName(choose)
        }
        Action::Pupil(place) => {
            let agreement = content.agreement_for(choose.audience);
            match (choose.pupils.get(place), agreement) {
                (Some(tile), _) if tile.signed => Screen::HasSigned(tile.who.clone()),
                (Some(tile), Some(agreement)) => Screen::Hello(Round {
                    who: tile.who.clone(),
                    agreement,
                    class: choose.class,
                    record: choose.record,
                }),
                _ => Screen::ChooseName(choose),
            }
        }
        _ => Screen::ChooseName(choose),
    }
}

fn press_statement(
    round: Round,
    index: usize,
    more: bool,
    action: Action,
    state: &State,
    content: &Content,
) -> Screen {
    match action {
        Action::More => Screen::Statement { round, index, more: true },
        Action::Less => Screen::Statement { round, index, more: false },
        Action::Back if index == 0 => Screen::Hello(round),
        Action::Back => Screen::Statement { round, index: index - 1, more: false },
        Action::Yes if statement_at(content, &round, index + 1).is_some() => {
            Screen::Statement { round, index: index + 1, more: false }
        }
        Action::Yes => Screen::MakeMark { round, mark: Draft::Nothing, helped: state.is_helping() },
        _ => Screen::Statement { round, index, more },
    }
}

fn press_mark(
    round: Round,
    mut mark: Draft,
    mut helped: bool,
    action: Action,
    state: &State,
    content: &Content,
) -> (Screen, Option<Effect>) {
    match action {
        Action::Back => {
            let last = content.agreement(round.agreement).statements().count().saturating_sub(1);
            return (Screen::Statement { round, index: last, more: false }, None);
        }
        Action::Sticker(place) => {
            if let Some(symbol) = content.pack.stickers.get(place) {
                mark = Draft::Sticker(symbol.clone());
            }
        }
        Action::RubOut => mark = Draft::Nothing,
        Action::Helped => helped = !helped,
        Action::Done if mark.is_mark() => {
            let when = state.now.wall;
            return save(Kept { round, mark, helped, when }, state, content);
        }
        _ => {}
    }
    (Screen::MakeMark { round, mark, helped }, None)
}

fn save(kept: Kept, state: &State, content: &Content) -> (Screen, Option<Effect>) {
    let Ok(mark) = kept.mark.mark() else {
        return (Screen::MakeMark { round: kept.round, mark: Draft::Nothing, helped: kept.helped }, None);
    };
    let agreement = content.agreement(kept.round.agreement);
    let signature = Signature {
        id: kept.round.record,
        person: kept.round.who.person,
        audience: agreement.audience,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: content.digest(kept.round.agreement),
        help: None,
        when: kept.when,
        year: content.pack.year,
        device: state.device,
        mark,
        helped: kept.helped,
    };
    (Screen::Saving(kept), Some(Effect::Save(Box::new(signature))))
}

fn is_asked_for(step: &TellStep, class: ClassId) -> bool {
    matches!(step, TellStep::Class { opening: Some(id), .. } if *id == class)
}

fn is_opening(screen: &Screen, class: ClassId) -> bool {
    matches!(screen, Screen::ChooseClass { opening: Some(id), .. } if *id == class)
}

fn class_opened(state: &mut State, opened: OpenedClass) -> Vec<Effect> {
    if staff::class_opened(state, &opened) {
        return Vec::new();
    }
    let Some(content) = state.content.clone() else { return Vec::new() };
    if let Screen::Tell { step, .. } = &mut state.screen
        && is_asked_for(step, opened.class.id)
    {
        *step = tell::names_of(opened);
        return Vec::new();
    }
    if !is_opening(&state.screen, opened.class.id) {
        return Vec::new();
    }
    let words = content.agreement_for(opened.class.audience).map(|place| content.digest(place));
    let year = content.pack.year;
    let mut pupils: Vec<Tile> = Vec::with_capacity(opened.class.pupils.len());
    for entry in opened.class.pupils {
        let told = entry.signed.iter().any(|s| Some(s.words) == words && year.holds(s.day));
        let here = opened.signed_here.iter();
        let here =
            here.filter(|s| s.person == entry.person).any(|s| Some(s.words) == words && year.holds(s.day));
        let who = Who { person: entry.person, name: entry.name, picture: entry.picture };
        pupils.push(Tile { who, signed: told || here });
    }
    state.screen = Screen::ChooseName(ChooseName {
        class: opened.class.id,
        class_name: opened.class.name,
        audience: opened.class.audience,
        pupils,
        page: 0,
        record: opened.record,
    });
    Vec::new()
}

/// “Thank you”, and from here on nobody's name: the round is forgotten with the screen it leaves.
fn saved(state: &mut State, record: RecordId) -> Vec<Effect> {
    if matches!(state.screen, Screen::Panel(_)) {
        return staff::undone(state, record, true);
    }
    if let Screen::Adult(at) = &mut state.screen {
        if adults::saved(at, record, true) {
            state.touched = state.now.since_start;
        }
        return Vec::new();
    }
    let of_family = match &mut state.screen {
        Screen::Family { visit, at } => family::saved(visit, at, record, true),
        _ => false,
    };
    match &state.screen {
        _ if of_family => state.touched = state.now.since_start,
        Screen::Saving(kept) if kept.round.record == record => {
            state.screen = Screen::ThankYou;
            state.touched = state.now.since_start;
        }
        _ => {}
    }
    Vec::new()
}
