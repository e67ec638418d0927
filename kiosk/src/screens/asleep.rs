//! Asleep: dark, calm, nothing that moves, and still whom to turn to.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{body, coloured, styled};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>) {
    let tokens = Tokens::get();
    let page = brush.page();
    let words = brush.state.words();
    let help = super::home::help(brush);
    let text = Text { align: Align::Middle, ..coloured(body(&help), tokens.colour.paper.0) };
    let high = brush.height(page.width(), text);
    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - high), page.max);
    brush.text(foot, Role::Label, text);

    let sign = brush.metrics.size(150.0);
    let center = page.center() - vec2(0.0, brush.metrics.size(150.0));
    brush.picture(Rect::from_center_size(center, Vec2::splat(sign)), "signpost");
    let title = styled(words.get(Word::AsleepTitle), tokens.size.sentence, Weight::Bold, Align::Middle);
    let title = coloured(title, tokens.colour.paper.0);
    let line = Rect::from_center_size(
        Pos2::new(page.center().x, center.y + sign * 0.5 + brush.metrics.size(50.0)),
        vec2(page.width(), brush.metrics.line(tokens.size.sentence).max(brush.metrics.size(60.0))),
    );
    brush.text(line, Role::Heading, title);
    let place = Rect::from_center_size(
        Pos2::new(page.center().x, line.bottom() + brush.metrics.size(100.0)),
        vec2(brush.metrics.size(480.0), brush.metrics.foot()),
    );
    brush.button(Action::Wake, place, Style::Plain, None);
}
