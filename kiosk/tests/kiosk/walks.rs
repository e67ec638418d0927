//! Random walks through the machine: whatever people, clocks and disks do.

use kiosk::machine::{Action, Chance, Effect, Event, Millis, Now, Pen, Screen, State, controls, update};
use proptest::prelude::*;
use records::{day::Moment, ids::RecordId, signature::Point};

use crate::{
    machine::nothing_left,
    school::{opened, state, telling_state},
};

/// One thing that may happen.
#[derive(Debug, Clone)]
enum Happens {
    PressShown(usize),
    PressAnything(usize),
    Draw(u64, u16, u16),
    Lift(u64),
    Wait(Millis),
    Touch,
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
    ];
    match n % 27 {
        23 => Action::Class(n),
        24 => Action::Pupil(n),
        25 => Action::Sticker(n),
        26 => Action::Answer(n),
        n => plain[n],
    }
}

/// The machine with what it has asked for and what it was told.
struct Walk {
    state: State,
    asked: Vec<Effect>,
    clock: Millis,
    records: u8,
    saved: Vec<RecordId>,
    kept: Vec<Chance>,
    chances: u8,
    /// Whether somebody has left the start screen, and whether the disk was written since.
    away: bool,
    written: bool,
}

impl Walk {
    fn event(&mut self, event: Event) {
        let was = self.state.screen.name();
        let told = match &event {
            Event::Saved(id) => Some(*id),
            _ => None,
        };
        let kept = match &event {
            Event::Told(chance) => Some(*chance),
            _ => None,
        };
        for effect in update(&mut self.state, event) {
            if let Effect::Wiped = effect {
                nothing_left(&self.state);
            }
            self.written |= matches!(effect, Effect::Save(_) | Effect::Tell { .. } | Effect::Visited);
            self.asked.push(effect);
        }
        if self.state.wants_chance() {
            self.chances = self.chances.wrapping_add(1);
            update(&mut self.state, Event::Chance([self.chances; 16]));
        }
        if self.state.screen.name() == "told" && was != "told" {
            let chance = kept.expect("only the disk's word brings a thank-you");
            assert!(self.kept.contains(&chance), "thanked for what was never kept");
        }
        let thanked = self.state.screen.name() == "thank-you";
        if thanked && was != "thank-you" {
            let id = told.expect("only the disk's word brings a thank-you");
            assert!(self.saved.contains(&id), "thanked for what was never saved");
        }
        if matches!(self.state.screen, Screen::Home) {
            nothing_left(&self.state);
            assert!(!self.away || self.written, "a visit is over, and the disk was not written for it");
            (self.away, self.written) = (false, false);
        } else {
            self.away = true;
        }
        assert!(controls(&self.state).iter().all(|c| !c.label.trim().is_empty()), "a nameless control");
    }
    fn step(&mut self, happens: &Happens) {
        match happens {
            Happens::PressShown(n) => {
                let shown = controls(&self.state);
                if let Some(control) = shown.get(n % shown.len().max(1)) {
                    self.event(Event::Press(control.action));
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
            Happens::Answer { good } => self.answer(*good),
            Happens::WrongAnswer => {
                self.event(Event::NotTold([255; 16]));
                self.event(Event::Told([255; 16]));
                self.event(Event::NotSaved(RecordId::from_bytes([255; 16])));
                self.event(Event::Saved(RecordId::from_bytes([255; 16])));
            }
        }
    }
    fn wait(&mut self, ms: Millis) {
        self.clock += ms;
        self.event(Event::Tick(Now { since_start: self.clock, wall: Moment(1_790_000_000) }));
    }
    fn answer(&mut self, good: bool) {
        let Some(effect) = self.asked.pop() else { return };
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
            Effect::Tell { told, .. } if good => {
                self.kept.push(told);
                self.event(Event::Told(told));
            }
            Effect::Tell { told, .. } => self.event(Event::NotTold(told)),
            Effect::Visited | Effect::Wiped => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_happens_nobody_is_thanked_in_vain_and_time_alone_wipes(
        all in proptest::collection::vec(happens(), 1..120), can_tell: bool,
    ) {
        let mut walk = Walk {
            state: if can_tell { telling_state() } else { state() },
            asked: Vec::new(),
            clock: 0,
            records: 0,
            saved: Vec::new(),
            kept: Vec::new(),
            chances: 0,
            away: false,
            written: false,
        };
        for happens in &all {
            walk.step(happens);
        }
        // Time goes by as a window lets it: from deadline to deadline.
        for _ in 0..4 {
            let Some(deadline) = walk.state.next_deadline() else { break };
            let left = deadline.saturating_sub(walk.clock);
            walk.wait(left);
        }
        nothing_left(&walk.state);
    }
}
