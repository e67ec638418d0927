//! “I didn’t like something”: every choice has the same look, and nothing is chosen before a child chooses.

use egui::{Pos2, Rect, Role, Vec2, vec2};
use records::tell::TellQuestion;

use super::{body, coloured, styled, title, typing::paint_typing};
use crate::{
    look::{Align, Brush, Icon, Lines, Style, Text, Tokens, Weight, grid},
    machine::{Action, TellStep, Telling, Who, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, telling: &Telling, step: &TellStep) {
    match step {
        TellStep::First => paint_first(brush),
        TellStep::Who => {
            let content = brush.state.shown().cloned();
            let intro =
                content.as_ref().and_then(|c| c.pack.tell.as_ref()).map_or(&[][..], |tell| &tell.intro);
            paint_sentences(brush, Word::TellWho, intro);
        }
        TellStep::Ask(_) => paint_question(brush),
        TellStep::Class { .. } => paint_classes(brush),
        TellStep::Name { pupils, .. } => paint_names(brush, pupils),
        TellStep::Words => paint_words(brush, telling),
        TellStep::Check => paint_check(brush, telling),
        TellStep::Pictures(chosen) => super::answer::paint_choosing(brush, chosen),
        TellStep::Answer(_) | TellStep::Keeping | TellStep::NotKept => super::message::paint(brush),
    }
}

/// The bar with its title, and what is left of the page below it.
pub(super) fn head(brush: &mut Brush<'_>, words: Word) -> Rect {
    let words = brush.state.words().get(words).to_owned();
    head_of(brush, &words)
}

fn head_of(brush: &mut Brush<'_>, words: &str) -> Rect {
    brush.head(title(words), None)
}

/// What stands above the buttons at the foot, and the foot.
pub(super) fn above_foot(brush: &Brush<'_>, area: Rect) -> (Rect, Rect) {
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - brush.metrics.foot()), area.max);
    (Rect::from_min_max(area.min, Pos2::new(area.right(), foot.top() - gap)), foot)
}

/// Two cards of the same size: a child in need finds help as fast as one who wants to tell. Whoever comes back for an
/// answer is in no need of that haste.
fn paint_first(brush: &mut Brush<'_>) {
    let mut area = head(brush, Word::TellFirst);
    if brush.control(Action::AskForAnswer).is_some() {
        let (above, foot) = above_foot(brush, area);
        area = above;
        let place = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
        let sky = Style::Tint(Tokens::get().colour.sky.0);
        brush.button(Action::AskForAnswer, place, sky, Some(Icon::Picture("told")));
    }
    let cards = [(Action::GrownUpNow, "grown-up-now"), (Action::WantToTell, "tell-grown-up")];
    let gap = brush.metrics.size(Tokens::get().space.gap * 1.5);
    let most = vec2(f32::INFINITY, f32::INFINITY);
    let places = grid(area, cards.len(), gap, Vec2::splat(brush.metrics.target), 1.1, most);
    for ((action, picture), place) in cards.into_iter().zip(places) {
        paint_choice(brush, action, place, picture, Tokens::get().size.title);
    }
}

/// A picture with its words under it, on white like all others.
pub(super) fn paint_choice(brush: &mut Brush<'_>, action: Action, place: Rect, picture: &str, size: f32) {
    let label = label_of(brush, action);
    let radius = Tokens::get().shape.radius;
    let Some(face) = brush.pressable(action, place, radius, Style::Plain) else { return };
    let words = styled(&label, size, Weight::Bold, Align::Middle);
    let (picture_at, below) = picture_and_words(brush, face, words);
    brush.picture(picture_at, picture);
    brush.paint_text(below, words);
}

fn label_of(brush: &Brush<'_>, action: Action) -> String {
    brush.control(action).map(|c| c.label.clone()).unwrap_or_default()
}

/// The size in which all these words fit faces of one size: no choice is louder than another.
fn size_of_all<'w>(brush: &Brush<'_>, face: Rect, all: impl Iterator<Item = &'w str>, size: f32) -> f32 {
    if !brush.metrics.is_enlarged() {
        return size;
    }
    let fitted = all.map(|words| {
        let words = styled(words, size, Weight::Bold, Align::Middle);
        let (_, room) = picture_and_words(brush, face, words);
        brush.fitted(room.size(), words).size
    });
    fitted.fold(size, f32::min)
}

/// Where a picture and its words go: the words under it, or beside it where they are larger and that leaves more of both.
fn picture_and_words(brush: &Brush<'_>, face: Rect, words: Text<'_>) -> (Rect, Rect) {
    let pad = brush.metrics.size(16.0);
    let inner = face.shrink2(vec2(pad, pad * 0.8));
    if brush.metrics.is_enlarged() && face.width() > face.height() * 1.7 {
        let side = inner.height().min(inner.width() * 0.3);
        let (left, right) = inner.split_left_right_at_x(inner.left() + side);
        return (left, Rect::from_min_max(right.min + vec2(pad * 0.6, 0.0), right.max));
    }
    let most = brush.metrics.either(0.36, 0.56);
    let high = brush.height(inner.width(), words).min(inner.height() * most);
    let (above, below) = inner.split_top_bottom_at_y(inner.bottom() - high);
    (Rect::from_min_max(above.min, above.max - vec2(0.0, pad * 0.5)), below)
}

/// Who reads it and when, in the school's own words.
pub(super) fn paint_sentences(brush: &mut Brush<'_>, heading: Word, intro: &[String]) {
    let area = head(brush, heading);
    let (card, foot) = above_foot(brush, area);
    let tokens = Tokens::get();
    brush.card(card, tokens.colour.surface.0);
    let inner = card.shrink(brush.metrics.size(tokens.space.pad * 1.4));
    let (picture, place) = match brush.metrics.portrait() {
        true => inner.split_top_bottom_at_fraction(0.4),
        false => {
            let (left, right) = inner.split_left_right_at_fraction(brush.metrics.either(0.34, 0.16));
            (Rect::from_min_max(left.min, left.max - vec2(brush.metrics.size(40.0), 0.0)), right)
        }
    };
    brush.picture(picture, "tell-grown-up");
    let sentence = |words| styled(words, tokens.size.sentence, Weight::Regular, Align::Left);
    let mut lines: Vec<_> = intro.iter().map(|words| (Role::Paragraph, sentence(words), 22.0)).collect();
    super::statement::paint_lines(brush, place, &mut lines);
    let button = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
    brush.button(Action::Begin, button, Style::Main, Some(Icon::Shape("next")));
}

pub(super) fn paint_question(brush: &mut Brush<'_>) {
    let state = brush.state;
    let Some(asking) = state.asking() else { return };
    let area = head_of(brush, asking.words);
    let (area, foot) = above_foot(brush, area);
    let choices = asking.offered;
    let gap = brush.metrics.size(Tokens::get().space.gap).max(brush.metrics.target_gap);
    let most = vec2(brush.metrics.size(560.0), brush.metrics.size(460.0));
    let places = grid(area, choices.len(), gap, Vec2::splat(brush.metrics.target), 1.4, most);
    let drawn = Tokens::get().size.body * 1.07;
    // A little less than the place: its edges are no room for words.
    let face = places.first().map_or(area, |place| place.shrink(brush.metrics.size(6.0)));
    let size = size_of_all(brush, face, choices.iter().map(|choice| choice.words), drawn);
    for ((shown, choice), place) in choices.into_iter().enumerate().zip(places) {
        paint_choice(brush, Action::Answer(shown), place, choice.symbol.as_str(), size);
    }
    brush.button(Action::Skip, foot, Style::Tint(Tokens::get().colour.sky.0), Some(Icon::Shape("next")));
}

fn paint_classes(brush: &mut Brush<'_>) {
    let area = head(brush, Word::ClassTitle);
    let (area, foot) = above_foot(brush, area);
    super::choose::paint_class_tiles(brush, area);
    brush.button(Action::Skip, foot, Style::Tint(Tokens::get().colour.sky.0), Some(Icon::Shape("next")));
}

fn paint_names(brush: &mut Brush<'_>, pupils: &[Who]) {
    let area = head(brush, Word::NameTitle);
    let (area, foot) = above_foot(brush, area);
    super::choose::paint_name_tiles(brush, area, pupils.len(), |place| pupils.get(place));
    brush.button(Action::Skip, foot, Style::Tint(Tokens::get().colour.sky.0), Some(Icon::Shape("next")));
}

fn paint_words(brush: &mut Brush<'_>, telling: &Telling) {
    let Some(typing) = telling.typing() else { return };
    let left = typing.left().to_string();
    let note = brush.state.words().fill(Word::TellWordsNote, &[("count", &left)]);
    paint_typing(brush, typing, Word::TellWords, &note, Lines::Several);
}

fn paint_check(brush: &mut Brush<'_>, telling: &Telling) {
    let content = brush.state.shown().cloned();
    let questions: Vec<&TellQuestion> =
        content.iter().flat_map(|c| &c.pack.tell).flat_map(|t| &t.questions).collect();
    let mut chosen: Vec<(String, String)> = questions
        .iter()
        .filter_map(|question| telling.answer(question))
        .map(|choice| (choice.symbol.to_string(), choice.words.clone()))
        .collect();
    if let (Some(name), Some(talk)) = (telling.name(), chosen.last_mut()) {
        talk.1 = brush.state.words().fill(Word::TellTalk, &[("name", name)]);
    }
    paint_chosen(brush, chosen, telling.words());
}

/// What was chosen, in pictures with their words, in the order of the questions.
/// Under them stands what was written, if anything was.
pub(super) fn paint_chosen(brush: &mut Brush<'_>, chosen: Vec<(String, String)>, written: Option<&str>) {
    let area = head(brush, Word::TellCheck);
    let (area, foot) = above_foot(brush, area);
    let tokens = Tokens::get();
    // “I want to write too” stands before the way on.
    let write = Rect::from_min_max(foot.min, Pos2::new(foot.right() - foot.width() * 0.58, foot.bottom()));
    brush.button(Action::Write, write, Style::Plain, Some(Icon::Picture("pencil-promise")));
    if chosen.is_empty() && written.is_none() {
        let words = brush.state.words().get(Word::TellCheckNothing);
        brush.text(area, Role::Paragraph, styled(words, tokens.size.sentence, Weight::Regular, Align::Left));
        return;
    }
    let gap = brush.metrics.size(tokens.space.gap);
    let area = written.map_or(area, |words| paint_written(brush, area, words, chosen.is_empty()));
    let most = vec2(brush.metrics.size(440.0), brush.metrics.size(320.0));
    let places = grid(area, chosen.len(), gap, Vec2::splat(brush.metrics.target), 1.35, most);
    let face = places.first().copied().unwrap_or(area);
    let size = size_of_all(brush, face, chosen.iter().map(|(_, words)| words.as_str()), tokens.size.body);
    for ((picture, words), place) in chosen.iter().zip(places) {
        brush.card(place, tokens.colour.surface.0);
        let inner = place.shrink(brush.metrics.size(18.0));
        let text = styled(words, size, Weight::Bold, Align::Middle);
        let (above, below) = if brush.metrics.is_enlarged() {
            picture_and_words(brush, place, text)
        } else {
            inner.split_top_bottom_at_y(inner.bottom() - inner.height() * 0.36)
        };
        brush.picture(above, picture);
        brush.text(below, Role::Label, text);
    }
    let button = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
    brush.button(Action::GiveIn, button, Style::Main, Some(Icon::Shape("tick")));
}

/// A child's own words in a card; gives back what is left above it.
fn paint_written(brush: &Brush<'_>, area: Rect, words: &str, alone: bool) -> Rect {
    let tokens = Tokens::get();
    let gap = brush.metrics.size(tokens.space.gap);
    let share = if alone { 0.0 } else { brush.metrics.either(0.62, 0.56) };
    let (above, below) = area.split_top_bottom_at_fraction(share);
    brush.card(below, tokens.colour.surface.0);
    let room = below.shrink2(vec2(brush.metrics.size(28.0), brush.metrics.size(14.0)));
    let text = styled(words, tokens.size.body, Weight::Regular, Align::LeftMiddle);
    brush.text(room, Role::Paragraph, Text { least: tokens.size.small * 0.7, ..text });
    Rect::from_min_max(above.min, above.max - vec2(0.0, gap))
}

/// Whom to go to, whether or not anything works: this screen needs no hub and no network.
pub(super) fn paint_grown_up_now(brush: &mut Brush<'_>, coming: bool) {
    let (heading, sentence) =
        if coming { (Word::ComingTitle, Word::ComingWords) } else { (Word::NowTitle, Word::NowWords) };
    let tokens = Tokens::get();
    let page = brush.page();
    let bar = brush.navigation();
    let (area, foot) = above_foot(brush, page);
    let side = brush.metrics.size(250.0).min(area.width() * brush.metrics.either(0.3, 0.16));
    let high = brush.metrics.either(side, brush.metrics.size(290.0));
    let head = Rect::from_min_size(area.min, vec2(area.width(), high));
    let picture = Rect::from_min_size(head.min, vec2(side, side));
    brush.picture(picture, "grown-up-now");
    let gap = brush.metrics.size(tokens.space.gap);
    let place = Rect::from_min_max(
        Pos2::new(picture.right() + gap * 1.5, head.top()),
        Pos2::new(bar.right(), head.bottom()),
    );
    let words = brush.state.words();
    let mut lines = vec![
        (Role::Heading, styled(words.get(heading), tokens.size.statement, Weight::Bold, Align::Left), 14.0),
        (
            Role::Paragraph,
            styled(words.get(sentence), tokens.size.sentence, Weight::Regular, Align::Left),
            14.0,
        ),
    ];
    let line = brush.state.shown().and_then(|c| c.pack.helplines.first().cloned());
    let line = line.map(|line| {
        let number = line.phone.replace(' ', "\u{a0}");
        words.fill(Word::NowHelpline, &[("name", &line.name), ("phone", &number)])
    });
    if let Some(line) = &line {
        lines.push((Role::Paragraph, coloured(body(line), tokens.colour.muted.0), 0.0));
    }
    super::statement::paint_lines(brush, place, &mut lines);
    let card = Rect::from_min_max(Pos2::new(area.left(), head.bottom() + gap), area.max);
    super::thank_you::paint_adults(brush, card);
    let finish = Rect::from_min_max(Pos2::new(foot.right() - foot.width() * 0.56, foot.top()), foot.max);
    brush.button(Action::Finish, finish, Style::Main, None);
}
