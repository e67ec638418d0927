//! “What would you do?”: a story, what one could do, and what follows. All ways look alike, and none is marked.

use egui::{Pos2, Rect, Role, vec2};
use records::agreement::{Scenario, ScenarioChoice};

use super::{coloured, statement::paint_lines, styled};
use crate::{
    look::{Align, Brush, Icon, Style, Tokens, Weight},
    machine::{Action, Round, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, round: &Round, chosen: Option<usize>) {
    let state = brush.state;
    let Some(scenario) = state.story() else { return };
    let bar = brush.navigation();
    super::statement::paint_who(brush, bar, round);
    let page = brush.page();
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - brush.metrics.foot()), page.max);
    let area = Rect::from_min_max(
        Pos2::new(page.left(), bar.bottom() + gap),
        Pos2::new(page.right(), foot.top() - gap),
    );
    match chosen.and_then(|place| scenario.choices.get(place)) {
        Some(choice) => paint_follows(brush, area, foot, choice),
        None => paint_question(brush, area, foot, scenario),
    }
}

/// The story above, the ways under it or, where there is more width than height, beside it.
fn paint_question(brush: &mut Brush<'_>, area: Rect, foot: Rect, scenario: &Scenario) {
    let tokens = Tokens::get();
    let gap = brush.metrics.size(tokens.space.gap).max(brush.metrics.target_gap);
    let (told, ways) = if brush.metrics.portrait() {
        let (above, below) = area.split_top_bottom_at_fraction(0.42);
        (Rect::from_min_max(above.min, above.max - vec2(0.0, gap)), below)
    } else {
        let (left, right) = area.split_left_right_at_fraction(0.46);
        (Rect::from_min_max(left.min, left.max - vec2(gap, 0.0)), right)
    };
    brush.card(told, tokens.colour.surface.0);
    let inner = told.shrink(brush.metrics.size(tokens.space.pad * brush.metrics.either(1.2, 0.6)));
    let ask = brush.state.words().get(Word::StoryAsk).to_owned();
    let size = &tokens.size;
    let told = |words, size, weight| styled(words, size, weight, Align::Left);
    let mut lines = vec![(Role::Heading, told(&scenario.words, size.title * 0.9, Weight::Bold), 16.0)];
    lines.extend(
        scenario
            .story
            .iter()
            .map(|words| (Role::Paragraph, told(words, size.sentence, Weight::Regular), 14.0)),
    );
    let asked = coloured(told(&ask, size.sentence, Weight::Bold), tokens.colour.pine.0);
    lines.push((Role::Label, asked, 0.0));
    paint_lines(brush, inner, &mut lines);

    let count = scenario.choices.len();
    let high = (ways.height() - gap * (count as f32 - 1.0)) / count as f32;
    let places: Vec<Rect> = (0..count)
        .map(|at| {
            let top = ways.top() + (high + gap) * at as f32;
            Rect::from_min_size(Pos2::new(ways.left(), top), vec2(ways.width(), high))
        })
        .collect();
    // Words of one size: no way is louder than another.
    let pad = vec2(brush.metrics.size(28.0), brush.metrics.size(8.0));
    let drawn = tokens.size.button * 1.05;
    let fitted = scenario.choices.iter().zip(&places).map(|(choice, place)| {
        // A little less than the place: its edges are no room for words.
        let room = place.shrink(brush.metrics.size(6.0)).shrink2(pad).size();
        brush.fitted(room, styled(&choice.words, drawn, Weight::Bold, Align::LeftMiddle)).size
    });
    let size = fitted.fold(drawn, f32::min);
    for (at, (choice, place)) in scenario.choices.iter().zip(places).enumerate() {
        let face = brush.pressable(Action::Answer(at), place, tokens.shape.radius, Style::Plain);
        let Some(face) = face else { continue };
        brush.paint_text(face.shrink2(pad), styled(&choice.words, size, Weight::Bold, Align::LeftMiddle));
    }
    brush.button(Action::Continue, foot, Style::Tint(tokens.colour.sky.0), Some(Icon::Shape("next")));
}

fn paint_follows(brush: &mut Brush<'_>, area: Rect, foot: Rect, choice: &ScenarioChoice) {
    let tokens = Tokens::get();
    brush.card(area, tokens.colour.surface.0);
    let inner = area.shrink(brush.metrics.size(tokens.space.pad * brush.metrics.either(1.6, 0.8)));
    let (picture, words) = if brush.metrics.portrait() {
        inner.split_top_bottom_at_fraction(0.34)
    } else {
        let (left, right) = inner.split_left_right_at_fraction(brush.metrics.either(0.28, 0.16));
        (Rect::from_min_max(left.min, left.max - vec2(brush.metrics.size(36.0), 0.0)), right)
    };
    brush.picture(picture, "talk-together");
    let size = &tokens.size;
    let did = coloured(styled(&choice.words, size.sentence, Weight::Bold, Align::Left), tokens.colour.pine.0);
    let follows = styled(&choice.follows, size.title * 0.85, Weight::Regular, Align::Left);
    paint_lines(brush, words, &mut [(Role::Label, did, 20.0), (Role::Heading, follows, 0.0)]);
    let gap = brush.metrics.size(tokens.space.gap);
    let (again, go_on) = foot.split_left_right_at_fraction(0.4);
    let again = Rect::from_min_max(again.min, again.max - vec2(gap / 2.0, 0.0));
    let go_on = Rect::from_min_max(go_on.min + vec2(gap / 2.0, 0.0), go_on.max);
    brush.button(Action::ChooseAgain, again, Style::Plain, None);
    brush.button(Action::Continue, go_on, Style::Main, Some(Icon::Shape("next")));
}
