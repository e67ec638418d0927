//! Who is here: a name to choose, or a name to say yes to.

use egui::{Pos2, Rect, Vec2, vec2};

use super::{
    super::{coloured, message::Message, styled},
    above_foot, head,
};
use crate::{
    look::{Align, Brush, Style, Tokens, Weight, grid},
    machine::{Action, Visit, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, visit: &Visit) {
    let words = brush.state.words();
    if let [alone] = visit.grown_ups() {
        let message = Message {
            picture: "signpost".to_owned(),
            title: words.fill(Word::WhoHello, &[("name", &alone.name)]),
            words: vec![words.get(Word::WhoIsIt).to_owned()],
            accent: None,
        };
        return super::super::message::paint_message(brush, &message);
    }
    let tokens = Tokens::get();
    let area = head(brush, words.get(Word::WhoTitle), None);
    let (area, foot) = above_foot(brush, area);
    let gap = brush.metrics.size(tokens.space.gap);
    let most = vec2(brush.metrics.size(720.0), brush.metrics.size(170.0));
    let places = grid(area, visit.grown_ups().len(), gap, Vec2::splat(brush.metrics.target), 4.6, most);
    for ((at, grown_up), place) in visit.grown_ups().iter().enumerate().zip(places) {
        let Some(face) = brush.pressable(Action::GrownUp(at), place, tokens.shape.radius, Style::Plain)
        else {
            continue;
        };
        let inner = face.shrink2(vec2(brush.metrics.size(36.0), brush.metrics.size(14.0)));
        let name = styled(&grown_up.name, tokens.size.sentence, Weight::Bold, Align::LeftMiddle);
        let relation = visit.relation(grown_up);
        if relation.is_empty() {
            brush.paint_text(inner, name);
            continue;
        }
        let (upper, lower) = inner.split_top_bottom_at_fraction(0.58);
        brush.paint_text(upper, name);
        let relation = styled(relation, tokens.size.body, Weight::Regular, Align::LeftMiddle);
        brush.paint_text(lower, coloured(relation, tokens.colour.muted.0));
    }
    let width = foot.width() * 0.44;
    let place = Rect::from_min_max(Pos2::new(foot.right() - width, foot.top()), foot.max);
    brush.button(Action::NotMe, place, Style::Tint(tokens.colour.sky.0), None);
}
