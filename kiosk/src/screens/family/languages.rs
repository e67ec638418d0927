//! The languages: each under its own name.

use egui::{Rect, Role, Vec2, vec2};

use super::{super::styled, head};
use crate::{
    look::{Align, Brush, Style, Tokens, Weight, grid},
    machine::{Action, Word},
};

pub(in crate::screens) fn paint(brush: &mut Brush<'_>) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let area = head(brush, words.get(Word::LanguagesTitle), None);
    let gap = brush.metrics.size(tokens.space.gap);
    let note = styled(words.get(Word::LanguagesNote), tokens.size.body, Weight::Regular, Align::Left);
    let high = brush.height(area.width(), note);
    brush.text(Rect::from_min_size(area.min, vec2(area.width(), high)), Role::Paragraph, note);
    let area = Rect::from_min_max(area.min + vec2(0.0, high + gap), area.max);
    let all = brush.actions(|action| matches!(action, Action::Language(_)));
    let most = vec2(brush.metrics.size(560.0), brush.metrics.size(150.0));
    for (action, place) in
        all.iter().zip(grid(area, all.len(), gap, Vec2::splat(brush.metrics.target), 4.0, most))
    {
        let label = brush.control(*action).map(|control| control.label.clone()).unwrap_or_default();
        let Some(face) = brush.pressable(*action, place, tokens.shape.radius, Style::Plain) else { continue };
        let inner = face.shrink2(vec2(brush.metrics.size(32.0), brush.metrics.size(12.0)));
        brush.paint_text(inner, styled(&label, tokens.size.sentence, Weight::Bold, Align::Middle));
    }
}
