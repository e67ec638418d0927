//! The teacher's panel: a page for each thing that can be done.

use egui::{Pos2, Rect, Role, vec2};
use records::day::Moment;

use super::{
    super::{body, coloured, message::Message, styled},
    head, pad, stick, tell, touch,
};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{
        Action, End, Figures, Hours, Panel, PanelAction, PanelAt, PanelTold, Signatures, StickWay, Word,
        lines_per_page,
    },
};

pub(super) fn paint(brush: &mut Brush<'_>, panel: &Panel) {
    let words = brush.state.words();
    let say = |brush: &mut Brush<'_>, title: Word, below: Word| {
        let message = Message {
            picture: "signpost".to_owned(),
            title: words.get(title).to_owned(),
            words: vec![words.get(below).to_owned()],
            accent: None,
        };
        super::super::message::paint_message(brush, &message);
    };
    let heading = match &panel.at {
        PanelAt::Menu => words.get(Word::PanelTitle).to_owned(),
        PanelAt::Modes => words.get(Word::ModeTitle).to_owned(),
        PanelAt::Classes { .. } => words.get(Word::ModeWhich).to_owned(),
        PanelAt::Signed { class, .. } => {
            let (signed, count) = (class.signed().to_string(), class.lines.len().to_string());
            words.fill(Word::SignedHead, &[("class", &class.name), ("signed", &signed), ("count", &count)])
        }
        PanelAt::Undo { class, place } => {
            let line = class.lines.get(*place);
            let day = line.and_then(|line| line.day).map(records::day::Day::in_words).unwrap_or_default();
            let name = line.map_or("", |line| &line.who.name);
            words.fill(Word::UndoTitle, &[("name", name), ("day", &day)])
        }
        PanelAt::Undoing { .. } => return say(brush, Word::UndoKeeping, Word::SavingWords),
        PanelAt::KeepingPin(_) => return say(brush, Word::NewPinKeeping, Word::SavingWords),
        PanelAt::AtStick { way: StickWay::Out, .. } => {
            return say(brush, Word::StickWriting, Word::StickWait);
        }
        PanelAt::AtStick { way: StickWay::Back, .. } => {
            return say(brush, Word::StickReading, Word::StickWait);
        }
        PanelAt::StickDone(told) => words.get(stick::told(words, *told).0).to_owned(),
        PanelAt::Waits(_) => words.get(Word::WaitsTitle).to_owned(),
        PanelAt::Looks => words.get(Word::LooksTitle).to_owned(),
        PanelAt::Touch(_) => words.get(Word::TouchTitle).to_owned(),
        PanelAt::NewPin { first: None, .. } => words.get(Word::NewPinTitle).to_owned(),
        PanelAt::NewPin { .. } => words.get(Word::NewPinAgain).to_owned(),
    };
    let mut area = head(brush, &heading);
    if let Some(told) = panel.told {
        let (word, is_trouble) = match told {
            PanelTold::Undone => (Word::PanelUndone, false),
            PanelTold::PinChanged => (Word::PanelPinChanged, false),
            PanelTold::NotUndone => (Word::PanelNotUndone, true),
            PanelTold::NoClass => (Word::PanelNoClass, true),
            PanelTold::NotKept => (Word::PanelNotKept, true),
        };
        area = tell(brush, area, words.get(word), is_trouble);
    }
    match &panel.at {
        PanelAt::Menu => {
            for notice in brush.state.told_to_staff() {
                area = tell(brush, area, &notice, true);
            }
            paint_choices(brush, area, 2);
        }
        PanelAt::Modes => paint_choices(brush, area, 1),
        PanelAt::Classes { .. } => super::super::choose::paint_all_class_tiles(brush, area),
        PanelAt::Signed { class, page } => paint_signed(brush, area, class, *page),
        PanelAt::Undo { class, place } => paint_undo(brush, area, class, *place),
        PanelAt::Waits(figures) => paint_waits(brush, area, figures.as_ref()),
        PanelAt::Looks => paint_looks(brush, area),
        PanelAt::Touch(touched) => touch::paint(brush, area, *touched),
        PanelAt::NewPin { entry, .. } => pad::paint(brush, area, entry, words.get(Word::NewPinHelp)),
        PanelAt::StickDone(told) => paint_card(brush, area, &stick::told(words, *told).1),
        PanelAt::Undoing { .. } | PanelAt::KeepingPin(_) | PanelAt::AtStick { .. } => {}
    }
}

/// Places in rows, so many beside each other.
fn places(brush: &Brush<'_>, area: Rect, count: usize, columns: usize, most: f32) -> Vec<Rect> {
    let gap = brush.metrics.size(16.0).max(brush.metrics.target_gap);
    let columns = if brush.metrics.portrait() { 1 } else { columns };
    let rows = count.div_ceil(columns).max(1);
    let high = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(brush.metrics.size(most));
    let wide = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let place = |at: usize| {
        let min = area.min + vec2((wide + gap) * (at % columns) as f32, (high + gap) * (at / columns) as f32);
        Rect::from_min_size(min, vec2(wide, high))
    };
    (0..count).map(place).collect()
}

/// Everything of the panel that the page has, as lines with a note.
fn paint_choices(brush: &mut Brush<'_>, area: Rect, columns: usize) {
    let actions = brush.actions(|a| matches!(a, Action::Panel(_)));
    let places = places(brush, area, actions.len(), columns, 132.0);
    for (action, place) in actions.into_iter().zip(places) {
        paint_choice(brush, action, place);
    }
}

/// A line: what it does, a note below, and a tick where it can be on.
fn paint_choice(brush: &mut Brush<'_>, action: Action, place: Rect) {
    let tokens = Tokens::get();
    let Some(control) = brush.control(action).cloned() else { return };
    let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, Style::Plain) else { return };
    let pad = brush.metrics.size(22.0);
    let side = brush.metrics.size(44.0);
    let mut room = face.shrink2(vec2(pad, brush.metrics.size(8.0)));
    if let Some(on) = control.selected {
        let tick =
            Rect::from_center_size(Pos2::new(room.left() + side / 2.0, face.center().y), vec2(side, side));
        super::super::make_mark::paint_tick_box(brush, tick, on);
        room.min.x = tick.right() + pad;
    }
    let label = styled(&control.label, tokens.size.body, Weight::Bold, Align::Left);
    // Where text is larger the note is only told: the room is the label's.
    let note = control.note.filter(|_| !brush.metrics.is_enlarged()).unwrap_or_default();
    let label = if brush.metrics.is_enlarged() { brush.fitted(room.size(), label) } else { label };
    let note =
        coloured(styled(&note, tokens.size.small, Weight::Regular, Align::Left), tokens.colour.muted.0);
    let note = Text { least: 16.0, ..note };
    let upper = brush.height(room.width(), label);
    let lower = if note.words.is_empty() { 0.0 } else { brush.height(room.width(), note) };
    let top = room.center().y - (upper + lower).min(room.height()) / 2.0;
    brush.paint_text(Rect::from_min_size(Pos2::new(room.left(), top), vec2(room.width(), upper)), label);
    if lower > 0.0 {
        let at = Rect::from_min_max(Pos2::new(room.left(), top + upper), room.max);
        brush.paint_text(at, note);
    }
}

fn paint_signed(brush: &mut Brush<'_>, area: Rect, class: &Signatures, page: usize) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let mut area = super::super::choose::above_turns(brush, area);
    if class.lines.iter().any(crate::machine::Line::can_be_undone) {
        let text = styled(words.get(Word::SignedHelp), tokens.size.small, Weight::Regular, Align::Left);
        let text = coloured(text, tokens.colour.muted.0);
        let text = brush.fitted(vec2(area.width(), brush.metrics.line(text.size) * 2.1), text);
        let high = brush.height(area.width(), text);
        brush.text(Rect::from_min_size(area.min, vec2(area.width(), high)), Role::Paragraph, text);
        area.min.y += high + brush.metrics.size(12.0);
    }
    let from = page * lines_per_page(brush.state.settings.text);
    let shown = class.lines.iter().enumerate().skip(from).take(lines_per_page(brush.state.settings.text));
    let shown: Vec<_> = shown.collect();
    let places = places(brush, area, shown.len(), 3, 104.0);
    for ((at, line), place) in shown.into_iter().zip(places) {
        let told = match line.day {
            Some(day) => words.fill(Word::SignedDay, &[("day", &day.in_words())]),
            None => words.get(Word::SignedNotYet).to_owned(),
        };
        let action = Action::Panel(PanelAction::Line(at));
        let face = match brush.pressable(action, place, tokens.shape.radius_small, Style::Plain) {
            Some(face) => face,
            None => {
                brush.tell(place, Role::Label, &format!("{}: {told}", line.who.name));
                place
            }
        };
        let room = face.shrink2(vec2(brush.metrics.size(18.0), brush.metrics.size(4.0)));
        let (upper, lower) = room.split_top_bottom_at_fraction(0.54);
        let name = styled(&line.who.name, tokens.size.small * 1.05, Weight::Bold, Align::LeftMiddle);
        brush.paint_text(upper, Text { least: 14.0, ..name });
        let colour = if line.day.is_some() { tokens.colour.pine.0 } else { tokens.colour.muted.0 };
        let told = styled(&told, tokens.size.small * 0.82, Weight::Regular, Align::LeftMiddle);
        brush.paint_text(lower, Text { least: 14.0, ..coloured(told, colour) });
    }
}

fn paint_undo(brush: &mut Brush<'_>, area: Rect, class: &Signatures, place: usize) {
    let name = class.lines.get(place).map_or("", |line| &line.who.name);
    let words = brush.state.words().fill(Word::UndoWords, &[("name", name)]);
    let text = brush.fitted(vec2(area.width(), area.height() * 0.4), body(&words));
    let high = brush.height(area.width(), text);
    brush.text(Rect::from_min_size(area.min, vec2(area.width(), high)), Role::Paragraph, text);
    let top = area.top() + high + brush.metrics.size(24.0);
    paint_choices(brush, Rect::from_min_max(Pos2::new(area.left(), top), area.max), 1);
}

/// What waits, and below it the ways by stick.
fn paint_waits(brush: &mut Brush<'_>, area: Rect, figures: Option<&Figures>) {
    let gap = brush.metrics.size(24.0);
    let ways = brush.actions(|a| matches!(a, Action::Panel(_))).len();
    let (mut told, mut below) = (area, area);
    if ways > 0 {
        let rows = if brush.metrics.portrait() { ways } else { 1 };
        let high = (brush.metrics.size(132.0) + gap) * rows as f32;
        told.max.y = area.bottom() - high;
        below.min.y = told.bottom() + gap;
        paint_choices(brush, below, 2);
    }
    let lines = waits_in_words(brush, figures);
    paint_card(brush, told, &lines);
}

fn waits_in_words(brush: &Brush<'_>, figures: Option<&Figures>) -> Vec<String> {
    let words = brush.state.words();
    let mut lines = match figures {
        None => vec![words.get(Word::WaitsLooking).to_owned()],
        Some(figures) => {
            let waiting = match figures.waiting {
                0 => words.get(Word::WaitsNone).to_owned(),
                1 => words.get(Word::WaitsOne).to_owned(),
                many => words.fill(Word::WaitsMany, &[("count", &many.to_string())]),
            };
            let safe = (figures.waiting > 0).then(|| words.get(Word::WaitsSafe).to_owned());
            let when = |word, moment: Option<Moment>| {
                let (moment, content) = moment.zip(brush.state.shown())?;
                let time = clock(content.minute(moment));
                let day = content.day(moment).in_words();
                Some(words.fill(word, &[("day", &day), ("time", &time)]))
            };
            let on_stick = when(Word::WaitsOnStick, figures.on_stick);
            let from_stick = when(Word::WaitsFromStick, figures.from_stick);
            let by_stick = on_stick.is_some() || from_stick.is_some();
            // Where it goes by stick, that there was never a network is no news.
            let last = when(Word::WaitsLast, figures.last_contact)
                .or_else(|| (!by_stick).then(|| words.get(Word::WaitsNever).to_owned()));
            let problem = figures.problem.as_ref();
            let problem = problem.map(|problem| words.fill(Word::WaitsProblem, &[("problem", problem)]));
            [Some(waiting), safe, last, on_stick, from_stick, problem].into_iter().flatten().collect()
        }
    };
    lines.extend(brush.state.told_to_staff());
    lines
}

/// Sentences on a card.
fn paint_card(brush: &Brush<'_>, area: Rect, lines: &[String]) {
    let gap = brush.metrics.size(24.0);
    brush.card(area, Tokens::get().colour.surface.0);
    let inner = area.shrink(brush.metrics.size(Tokens::get().space.pad * 1.5));
    let mut texts: Vec<_> = lines.iter().map(|line| (Role::Paragraph, body(line), gap)).collect();
    super::super::statement::paint_lines(brush, inner, &mut texts);
}

/// “7:30”
fn clock(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

/// Two choices beside each other in a row; below them the hours, where it has some.
fn paint_looks(brush: &mut Brush<'_>, area: Rect) {
    let choices =
        brush.actions(|a| matches!(a, Action::Panel(action) if !matches!(action, PanelAction::Move(..))));
    let hours = brush.state.settings.hours;
    let count = choices.len().next_multiple_of(2) + if hours.is_some() { 2 } else { 0 };
    let places = places(brush, area, count, 2, 116.0);
    for (action, place) in choices.into_iter().zip(&places) {
        paint_choice(brush, action, *place);
    }
    if let (Some(hours), [.., wakes, sleeps]) = (hours, places.as_slice()) {
        paint_end(brush, *wakes, hours, End::Wakes);
        paint_end(brush, *sleeps, hours, End::Sleeps);
    }
}

/// “wakes at 7:30”, between sooner and later.
fn paint_end(brush: &mut Brush<'_>, place: Rect, hours: Hours, end: End) {
    let tokens = Tokens::get();
    let (minute, word) = match end {
        End::Wakes => (hours.wakes(), Word::LooksWakes),
        End::Sleeps => (hours.sleeps(), Word::LooksSleeps),
    };
    let told = brush.state.words().fill(word, &[("time", &clock(minute))]);
    let side = place.height().max(brush.metrics.target).min(place.width() * 0.25);
    let gap = brush.metrics.size(12.0);
    for later in [false, true] {
        let left = if later { place.right() - side } else { place.left() };
        let at = Rect::from_min_size(Pos2::new(left, place.top()), vec2(side, place.height()));
        let action = Action::Panel(PanelAction::Move(end, later));
        if let Some(face) = brush.pressable(action, at, tokens.shape.radius_small, Style::Plain) {
            let icon = if later { "next" } else { "back" };
            brush.shape(face.shrink(face.height().min(face.width()) * 0.22), icon, tokens.colour.ink.0);
        }
    }
    let room = Rect::from_min_max(
        Pos2::new(place.left() + side + gap, place.top()),
        Pos2::new(place.right() - side - gap, place.bottom()),
    );
    brush.text(room, Role::Label, styled(&told, tokens.size.body, Weight::Bold, Align::Middle));
}
