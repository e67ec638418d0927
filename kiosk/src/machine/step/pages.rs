//! Pages of names and classes, as many as have room.

use super::super::{Panel, PanelAt, Screen, State, TILES, TellStep};

/// Pages of another length: whoever was on a page that is no more is on the last.
pub(super) fn make_room(state: &mut State, room: usize) {
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
