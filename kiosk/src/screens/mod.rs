//! One painter for each screen: it draws a state and gives back what was done on it.

mod adults;
mod answer;
mod asleep;
mod choose;
mod family;
mod home;
mod make_mark;
mod message;
mod staff;
mod statement;
mod story;
mod survey;
mod tell;
mod thank_you;
mod typing;
mod visitor;

use egui::{Color32, Ui};

use crate::{
    look::{Align, Assets, Brush, Text, Tokens, Weight},
    machine::{At, DiskRoom, Event, Mode, Screen, State},
};

/// The colour of the whole glass behind what is on show.
pub fn ground(state: &State) -> Color32 {
    Tokens::choose(state.settings.high_contrast);
    let colour = &Tokens::get().colour;
    match &state.screen {
        Screen::Home | Screen::NotReady | Screen::ChooseClass { .. } | Screen::ChooseName(_) => {
            colour.paper.0
        }
        Screen::Hello(_)
        | Screen::Statement { .. }
        | Screen::Story { .. }
        | Screen::MakeMark { .. }
        | Screen::Saving(_) => colour.sun.0,
        Screen::Pictures { .. }
        | Screen::ThankYou
        | Screen::Told
        | Screen::Counted { .. }
        | Screen::HasSigned(_) => colour.leaf.0,
        Screen::Family { at: At::Kept { .. }, .. } => colour.leaf.0,
        Screen::FamilyCode(_)
        | Screen::OpeningFamily(_)
        | Screen::Family { .. }
        | Screen::Languages { .. } => colour.paper.0,
        Screen::Tell { .. } | Screen::Survey { .. } | Screen::GrownUpNow { .. } => colour.paper.0,
        // Dark: nobody is here, and it lights no room.
        Screen::Asleep => colour.ink.0,
        Screen::NoPin | Screen::Pin(_) | Screen::TryingPin(_) | Screen::Panel(_) => colour.paper.0,
        Screen::Adult(_) | Screen::Visitor(_) => colour.paper.0,
        Screen::AskTeacher | Screen::NotSaved(_) | Screen::StillThere { .. } => colour.sky.0,
    }
}

/// Paints the screen that is on show, and gives back what was done on it, in order.
pub fn paint(ui: &mut Ui, state: &State, assets: &Assets) -> Vec<Event> {
    let mut brush = Brush::new(ui, state, assets, ground(state));
    match &state.screen {
        Screen::Home if state.disk == DiskRoom::Stopped => home::paint(&mut brush),
        Screen::Home if state.settings.mode == Mode::StaffRoom => adults::paint_home(&mut brush),
        Screen::Home if state.settings.mode == Mode::Entrance => visitor::paint_home(&mut brush),
        Screen::Adult(at) => adults::paint(&mut brush, at),
        Screen::Visitor(at) => visitor::paint(&mut brush, at),
        Screen::Home => home::paint(&mut brush),
        Screen::ChooseClass { .. } => choose::paint_classes(&mut brush),
        Screen::ChooseName(choose) => choose::paint_names(&mut brush, choose),
        Screen::Statement { round, index, more } => statement::paint(&mut brush, round, *index, *more),
        Screen::Story { round, chosen, .. } => story::paint(&mut brush, round, *chosen),
        Screen::MakeMark { mark, .. } => make_mark::paint(&mut brush, mark),
        Screen::Pictures { receipt, .. } => answer::paint_pictures(&mut brush, receipt),
        Screen::ThankYou | Screen::Told | Screen::Counted { .. } => thank_you::paint(&mut brush),
        Screen::Tell { telling, step } => tell::paint(&mut brush, telling, step),
        Screen::Survey { step, .. } => survey::paint(&mut brush, step),
        Screen::FamilyCode(code) if state.slowed_for().is_none() => family::paint_code(&mut brush, code),
        Screen::FamilyCode(_) | Screen::OpeningFamily(_) => message::paint(&mut brush),
        Screen::Family { visit, at } => family::paint(&mut brush, visit, at),
        Screen::Languages { .. } => family::paint_languages(&mut brush),
        Screen::Asleep => asleep::paint(&mut brush),
        Screen::Pin(entry) => staff::paint_pin(&mut brush, entry),
        Screen::Panel(panel) => staff::paint_panel(&mut brush, panel),
        Screen::GrownUpNow { coming, .. } => tell::paint_grown_up_now(&mut brush, *coming),
        Screen::Hello(round) => message::paint_hello(&mut brush, round),
        Screen::NotReady
        | Screen::NoPin
        | Screen::TryingPin(_)
        | Screen::AskTeacher
        | Screen::HasSigned(_)
        | Screen::Saving(_)
        | Screen::NotSaved(_)
        | Screen::StillThere { .. } => message::paint(&mut brush),
    }
    brush.staff_corner();
    brush.finish()
}

/// A title.
fn title(words: &str) -> Text<'_> {
    let size = &Tokens::get().size;
    styled(words, size.title, Weight::Bold, Align::Left)
}

/// Sentences.
fn body(words: &str) -> Text<'_> {
    styled(words, Tokens::get().size.body, Weight::Regular, Align::Left)
}

fn styled(words: &str, size: f32, weight: Weight, align: Align) -> Text<'_> {
    let tokens = Tokens::get();
    Text { words, size, least: tokens.size.small, weight, colour: tokens.colour.ink.0, align }
}

fn coloured(text: Text<'_>, colour: Color32) -> Text<'_> {
    Text { colour, ..text }
}
