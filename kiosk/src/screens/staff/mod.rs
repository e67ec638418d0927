//! Staff: the PIN and the teacher's panel. Quiet and dense compared with children's screens, and never in their
//! colours: whoever sees it from across the room knows that it is not for them.

mod pad;
mod panel;
mod stick;
mod touch;

use egui::{Pos2, Rect, Role, vec2};

use super::{coloured, message::Message, styled, title};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Panel, PinEntry, Wait, Word},
};

/// The PIN is typed, or it is too early for another try.
pub(super) fn paint_pin(brush: &mut Brush<'_>, entry: &PinEntry) {
    let words = brush.state.words();
    match brush.state.pin_slowed_for() {
        None => {
            let area = head(brush, words.get(Word::PinTitle));
            pad::paint(brush, area, entry, words.get(Word::PinHelp));
        }
        Some(left) => {
            let time = super::family::time(words, Wait::of(left));
            let message = Message {
                picture: "signpost".to_owned(),
                title: words.get(Word::PinWaitTitle).to_owned(),
                words: vec![words.fill(Word::PinWaitWords, &[("time", &time)])],
                accent: None,
            };
            super::message::paint_message(brush, &message);
        }
    }
}

pub(super) fn paint_panel(brush: &mut Brush<'_>, panel: &Panel) {
    panel::paint(brush, panel);
}

/// Back, a title, and the way out; gives what is left of the page below.
fn head(brush: &mut Brush<'_>, words: &str) -> Rect {
    let tokens = Tokens::get();
    let mut bar = brush.navigation();
    let page = brush.page();
    if brush.control(Action::Finish).is_some() {
        let wide = brush.metrics.size(brush.metrics.either(320.0, 400.0));
        let place = Rect::from_min_max(
            Pos2::new(page.right() - wide, bar.top()),
            Pos2::new(page.right(), bar.bottom()),
        );
        brush.button(Action::Finish, place, Style::Main, None);
        bar.max.x = place.left() - brush.metrics.size(tokens.space.gap);
    }
    let text = Text { size: tokens.size.title * 0.85, ..title(words) };
    brush.head_in(bar, text, None)
}

/// A line that tells something, in the colour of what it tells.
fn tell(brush: &Brush<'_>, area: Rect, words: &str, is_trouble: bool) -> Rect {
    let tokens = Tokens::get();
    let colour = if is_trouble { tokens.colour.brick.0 } else { tokens.colour.pine.0 };
    let text = coloured(styled(words, tokens.size.small, Weight::Bold, Align::Left), colour);
    let text = brush.fitted(vec2(area.width(), brush.metrics.line(text.size) * 2.1), text);
    let high = brush.height(area.width(), text);
    brush.text(Rect::from_min_size(area.min, vec2(area.width(), high)), Role::Paragraph, text);
    Rect::from_min_max(Pos2::new(area.left(), area.top() + high + brush.metrics.size(12.0)), area.max)
}
