//! The entrance: what brings somebody here, the whole text, who they are, and a line to sign on. Calm, and quick.

use egui::{Pos2, Rect, Vec2, vec2};

use super::{adults, family, styled, typing::paint_typing};
use crate::{
    look::{Align, Brush, Lines, Style, Tokens, Weight},
    machine::{
        Action, Draft, VisitorAt, VisitorRound, Word,
        visitor::{asked, thanks},
    },
};

/// The start: whoever is on no list first, then those who are.
pub(super) fn paint_home(brush: &mut Brush<'_>) {
    let page = brush.page();
    let head = adults::paint_welcome(brush, Word::VisitorTitle);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let area = Rect::from_min_max(Pos2::new(page.left(), head.bottom() + gap), page.max);
    let visitors = brush.actions(|a| matches!(a, Action::Visitor(_)));
    let adults = brush.actions(|a| matches!(a, Action::Group(_)));
    let rows = visitors.len() + usize::from(!adults.is_empty());
    let room = (area.height() - gap * rows.saturating_sub(1) as f32) / rows.max(1) as f32;
    let high = room.min(brush.metrics.size(190.0)).max(brush.metrics.target.min(room));
    let row = |at: usize| {
        let top = area.top() + (high + gap) * at as f32;
        Rect::from_min_size(Pos2::new(area.left(), top), vec2(area.width(), high))
    };
    for (at, action) in visitors.iter().enumerate() {
        paint_reason(brush, row(at), *action);
    }
    let calm = Style::Tint(Tokens::get().colour.sky.0);
    let shares: Vec<_> = adults.into_iter().map(|action| (action, calm, 1.0)).collect();
    family::paint_foot(brush, row(visitors.len()), &shares);
}

/// What brings somebody here, with the picture of the first thing that they agree to.
fn paint_reason(brush: &mut Brush<'_>, place: Rect, action: Action) {
    let tokens = Tokens::get();
    let Action::Visitor(audience) = action else { return };
    let symbol = brush.state.shown().and_then(|content| {
        let agreement = content.agreement(content.agreement_for(audience)?);
        agreement.statements().next().map(|statement| statement.symbol.to_string())
    });
    let label = brush.control(action).map(|control| control.label.clone()).unwrap_or_default();
    let Some(face) = brush.pressable(action, place, tokens.shape.radius, Style::Plain) else { return };
    let inner = face.shrink2(vec2(brush.metrics.size(24.0), brush.metrics.size(10.0)));
    let side = inner.height().min(inner.width() * 0.16);
    let picture =
        Rect::from_center_size(Pos2::new(inner.left() + side / 2.0, inner.center().y), Vec2::splat(side));
    brush.picture(picture, symbol.as_deref().unwrap_or("signpost"));
    let words =
        Rect::from_min_max(Pos2::new(picture.right() + brush.metrics.size(28.0), inner.top()), inner.max);
    let text = styled(&label, tokens.size.sentence, Weight::Bold, Align::LeftMiddle);
    brush.paint_text(words, text);
}

pub(super) fn paint(brush: &mut Brush<'_>, at: &VisitorAt) {
    match at {
        VisitorAt::Read { round, page } => family::paint_agreement(brush, round.agreement, *page),
        VisitorAt::Name(round) => {
            let note = brush.state.words().get(Word::VisitorNameNote).to_owned();
            paint_typing(brush, &round.name, Word::VisitorName, &note, Lines::One);
        }
        VisitorAt::About(round) => {
            let note = brush.state.words().get(Word::VisitorAboutNote).to_owned();
            paint_typing(brush, &round.about, asked(round.audience), &note, Lines::One);
        }
        VisitorAt::Sign { round, mark } => paint_sign(brush, round, mark),
        VisitorAt::Saving(_) => adults::say(brush, Word::VisitorSavingTitle, Word::SavingWords),
        VisitorAt::NotSaved(_) => {
            adults::say(brush, Word::VisitorNotSavedTitle, Word::VisitorNotSavedWords);
        }
        VisitorAt::Kept(audience) => adults::say(brush, Word::VisitorKeptTitle, thanks(*audience)),
    }
}

fn paint_sign(brush: &mut Brush<'_>, round: &VisitorRound, mark: &Draft) {
    let name = round.name.as_str().trim();
    let title = brush.state.words().fill(Word::VisitorSignHere, &[("name", name)]);
    adults::paint_line(brush, &title, mark);
}
