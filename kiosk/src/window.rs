//! The window: it paints the machine's state and hands it what was done.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use egui::{Event as Input, Key, ViewportCommand};

use crate::{
    look::{Assets, Pressing, Tokens},
    machine::{Event, Scanning, Settings, Switch, SwitchKey},
    running::Running,
    screens,
};

/// So many frames in a row are painted anew at most: where a key is held down each of many is another, and painting all of
/// them twice would only be late. A press is one.
const ANEW_IN_A_ROW: u8 = 2;

/// A kiosk in a window.
pub struct Window {
    /// The kiosk.
    pub running: Running,
    /// What painters need.
    pub assets: Assets,
    stays_open: bool,
    first_frame: Option<Instant>,
    shown: (&'static str, usize),
    changed_at: f64,
    // How many frames in a row were painted anew before they were shown.
    anew: u8,
}

impl Window {
    /// A window for a kiosk. With `stays_open`, being asked to close is not obeyed, as Alt+F4 does.
    /// With `started`, the time to the first frame is told on standard error.
    pub fn new(running: Running, assets: Assets, stays_open: bool, started: Option<Instant>) -> Self {
        Self {
            running,
            assets,
            stays_open,
            first_frame: started,
            shown: ("", 0),
            changed_at: f64::NEG_INFINITY,
            anew: 0,
        }
    }

    fn place(&self) -> (&'static str, usize) {
        let screen = &self.running.state.screen;
        (screen.name(), screen.part())
    }

    /// Notes whether a new screen has come since the last frame.
    fn look_for_change(&mut self, time: f64) {
        let place = self.place();
        self.assets.pressing.fresh = place != self.shown;
        if self.assets.pressing.fresh {
            let first = self.shown.0.is_empty();
            // Of four pictures the next is not to wait: those that are left stay where they are.
            let picks = place.0 == self.shown.0 && self.running.state.screen.is_picking();
            self.shown = place;
            if !picks {
                self.changed_at = if first { f64::NEG_INFINITY } else { time };
            }
        }
        let settle = Tokens::get().time.settle as f64 / 1000.0;
        self.assets.pressing.settling = time - self.changed_at < settle;
    }
}

impl eframe::App for Window {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.running.tick();
        self.running.collect();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        if self.stays_open && ctx.input(|i| i.viewport().close_requested()) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
        if self.running.take_wiped() {
            self.assets.pictures.borrow_mut().forget();
            self.assets.setter.borrow_mut().forget();
            ctx.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
        for switch in switches(&ctx, &self.running.state.settings) {
            self.running.handle(Event::Switch(switch));
        }
        self.look_for_change(ctx.input(|i| i.time));
        if let Some(by_keyboard) = how_touched(&ctx) {
            self.assets.pressing = Pressing { by_keyboard, ..self.assets.pressing };
        }
        let events = screens::paint(ui, &self.running.state, &self.assets);
        let alive = how_touched(&ctx).is_some();
        if events.is_empty() && alive {
            self.running.handle(Event::Stir);
        }
        let done = !events.is_empty();
        // What the pen has done is painted already.
        let changes = events.iter().any(|event| !matches!(event, Event::Pen(_)));
        if changes && self.anew < ANEW_IN_A_ROW {
            // Nobody sees what is about to be another screen, nor waits for it a frame longer.
            ctx.request_discard("the state is about to change under what was painted");
            self.anew += 1;
        } else if ctx.current_pass_index() == 0 {
            self.anew = 0;
        }
        for event in events {
            self.running.handle(event);
        }
        self.running.collect();
        if done || self.place() != self.shown {
            // Where what was painted is shown all the same.
            ctx.request_repaint();
        } else if let Some(deadline) = self.running.state.next_deadline() {
            let left = deadline.saturating_sub(self.running.now().since_start);
            ctx.request_repaint_after(Duration::from_millis(left + 1));
        }
        if let Some(started) = self.first_frame.take() {
            // That nobody listens any more is no reason to stop.
            let _ = writeln!(io::stderr(), "first frame after {} ms", started.elapsed().as_millis());
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        let ground = screens::ground(&self.running.state);
        self.assets.cleared.set(Some(ground));
        ground.to_normalized_gamma_f32()
    }
}

/// The switches that were pressed in this frame. Most send a key; those keys are a keyboard's no more. A switch that is
/// held down presses once.
fn switches(ctx: &egui::Context, settings: &Settings) -> Vec<Switch> {
    let sends = |set: Option<SwitchKey>, usual: Key, key: Key| {
        key == usual || set.is_some_and(|set| Key::from_name(set.name()) == Some(key))
    };
    let switch = |key: Key| match settings.scanning {
        Scanning::Off => None,
        Scanning::OneSwitch => {
            (key == Key::Space || sends(settings.choose_key, Key::Enter, key)).then_some(Switch::Choose)
        }
        Scanning::TwoSwitches if sends(settings.next_key, Key::Space, key) => Some(Switch::Next),
        Scanning::TwoSwitches => sends(settings.choose_key, Key::Enter, key).then_some(Switch::Choose),
    };
    ctx.input_mut(|input| {
        let mut pressed = Vec::new();
        input.events.retain(|event| {
            let Input::Key { key, pressed: is_down, repeat, modifiers, .. } = event else { return true };
            match switch(*key).filter(|_| !modifiers.any()) {
                Some(switch) => {
                    if *is_down && !repeat {
                        pressed.push(switch);
                    }
                    false
                }
                None => true,
            }
        });
        pressed
    })
}

/// Whether somebody touched the kiosk in this frame, and if so whether by keyboard.
fn how_touched(ctx: &egui::Context) -> Option<bool> {
    ctx.input(|input| {
        let mut how = None;
        for event in &input.events {
            match event {
                Input::Key { pressed: true, .. } => how = Some(true),
                Input::PointerButton { .. } | Input::Touch { .. } => how = Some(false),
                _ => {}
            }
        }
        how
    })
}
