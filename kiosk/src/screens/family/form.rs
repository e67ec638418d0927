//! One form: what it is about, its uses one by one, its other questions, and how to change one's mind.

use egui::{Pos2, Rect, Role, vec2};
use records::{
    consent::Answer,
    form::{Question, QuestionType},
};

use super::{
    super::{coloured, statement::paint_lines, styled},
    above_foot, head, label, list, paint_foot, paint_next,
};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, Ask, Reading, Visit, Word, asks_more, family::intro, questions, reading},
};

/// A card for what is to be read, above a foot.
fn card(brush: &Brush<'_>, area: Rect) -> (Rect, Rect) {
    let (card, foot) = above_foot(brush, area);
    brush.card(card, Tokens::get().colour.surface.0);
    (card.shrink(brush.metrics.size(Tokens::get().space.pad * brush.metrics.either(1.4, 0.8))), foot)
}

fn sentence(words: &str) -> Text<'_> {
    styled(words, Tokens::get().size.body * 1.07, Weight::Regular, Align::Left)
}

fn about(brush: &Brush<'_>, visit: &Visit, ask: Ask) -> String {
    let child = visit.child(ask).map_or("", |child| &child.name);
    brush.state.words().fill(Word::FormAbout, &[("child", child)])
}

pub(super) fn paint_intro(brush: &mut Brush<'_>, visit: &Visit, ask: Ask, page: usize) {
    let Some(content) = brush.state.shown().cloned() else { return };
    let Some(form) = brush.state.form(ask) else { return };
    let below = about(brush, visit, ask);
    let area = head(brush, &form.title, Some(&below));
    let (inner, foot) = card(brush, area);
    let pages = intro(&content, brush.state.tongue, brush.state.settings.text, ask);
    let paragraphs = pages.get(page).into_iter().flatten();
    let mut lines: Vec<_> = paragraphs.map(|words| (Role::Paragraph, sentence(words), 20.0)).collect();
    let place = beside_picture(brush, inner, visit.child(ask).map(|child| child.picture.as_str()));
    paint_lines(brush, place, &mut lines);
    paint_next(brush, foot);
}

/// A picture at the left, or above where the screen is upright, and what is left for words.
fn beside_picture(brush: &Brush<'_>, inner: Rect, picture: Option<&str>) -> Rect {
    let Some(picture) = picture else { return inner };
    let gap = brush.metrics.size(36.0);
    let (place, words) = if brush.metrics.portrait() {
        let (above, below) = inner.split_top_bottom_at_fraction(0.26);
        (Rect::from_min_max(above.min, above.max - vec2(0.0, gap)), below)
    } else {
        let (left, right) = inner.split_left_right_at_fraction(0.22);
        (Rect::from_min_max(left.min, left.max - vec2(gap, 0.0)), right)
    };
    brush.picture_told(place, picture);
    words
}

pub(super) fn paint_use(brush: &mut Brush<'_>, visit: &Visit, ask: Ask, index: usize) {
    let Some(content) = brush.state.shown().cloned() else { return };
    let Some(form) = brush.state.form(ask) else { return };
    let Some(purpose) = form.purposes.get(index) else { return };
    let words = brush.state.words();
    let (number, count) = ((index + 1).to_string(), form.purposes.len().to_string());
    let told = words.fill(Word::UsePlace, &[("number", &number), ("count", &count)]);
    let bar = brush.navigation();
    let bar = paint_child(brush, bar, visit, ask, &told);
    super::super::statement::paint_place(brush, bar, index, form.purposes.len(), &told);
    let area = Rect::from_min_max(
        Pos2::new(brush.page().left(), bar.bottom() + brush.metrics.size(Tokens::get().space.gap)),
        brush.page().max,
    );
    let (inner, foot) = card(brush, area);
    // Where text is larger, the words have the picture's room.
    let symbol = purpose.symbol.as_ref().filter(|_| !brush.metrics.is_enlarged());
    let place = beside_picture(brush, inner, symbol.map(|symbol| symbol.as_str()));

    let size = &Tokens::get().size;
    let heading = styled(&purpose.words, size.sentence * 1.05, Weight::Bold, Align::Left);
    let facts = [
        (words.get(Word::UseMeans), purpose.meaning.as_str()),
        (words.get(Word::UseLong), purpose.how_long.as_str()),
        (words.get(Word::UseHolds), purpose.who_holds.as_str()),
    ];
    let last = match visit.last_time(&content, ask, &purpose.id) {
        Some(Answer::Yes) => Some(words.get(Word::UseLastYes).to_owned()),
        Some(Answer::No) => Some(words.get(Word::UseLastNo).to_owned()),
        None => None,
    };
    let child = visit.child(ask).map_or("", |child| &child.name);
    let others = visit
        .others_no(&content, ask, &purpose.id)
        .then(|| words.fill(Word::UseOthersNo, &[("child", child)]));
    let child_no = visit
        .child_no(&content, content.day(brush.state.now.wall), ask, &purpose.id)
        .then(|| words.fill(Word::UseChildNo, &[("child", child)]));
    let mut rows = vec![Row::Line(Role::Heading, heading)];
    rows.extend(
        facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| Row::Fact(name, text)),
    );
    let notes = [last, others, child_no];
    rows.extend(
        notes.iter().flatten().map(|note| {
            Row::Line(Role::Paragraph, styled(note, size.small * 1.08, Weight::Bold, Align::Left))
        }),
    );
    paint_rows(brush, place, &rows);
    // Of one size, one colour and one weight. Yes stands first, as on the paper form and as one says it.
    paint_foot(brush, foot, &[(Action::Yes, Style::Plain, 1.0), (Action::No, Style::Plain, 1.0)]);
}

/// Whom it is about, so that a parent of two sees at once whose answer it is.
fn paint_child(brush: &Brush<'_>, bar: Rect, visit: &Visit, ask: Ask, told: &str) -> Rect {
    let tokens = Tokens::get();
    let side = bar.height();
    let chip = Rect::from_min_size(bar.min, vec2(side, side));
    brush.disc(chip.center(), side / 2.0, tokens.colour.surface.0);
    if let Some(child) = visit.child(ask) {
        brush.picture(chip.shrink(side * 0.17), child.picture.as_str());
    }
    let words = about(brush, visit, ask);
    let room = Rect::from_min_max(
        Pos2::new(chip.right() + brush.metrics.size(16.0), bar.top()),
        Pos2::new((chip.right() + brush.metrics.size(310.0)).min(bar.right()), bar.bottom()),
    );
    let (upper, lower) = room.split_top_bottom_at_fraction(0.54);
    let name = styled(&words, tokens.size.body, Weight::Bold, Align::LeftMiddle);
    brush.text(upper, Role::Label, Text { least: 18.0, ..name });
    let place = styled(told, tokens.size.small, Weight::Regular, Align::LeftMiddle);
    brush.paint_text(lower, coloured(place, tokens.colour.muted.0));
    Rect::from_min_max(
        Pos2::new((room.right() + brush.metrics.size(20.0)).min(bar.right()), bar.top()),
        bar.max,
    )
}

/// Something to be read in a card.
enum Row<'a> {
    Line(Role, Text<'a>),
    /// A label, and what stands beside it.
    Fact(&'a str, &'a str),
}

/// Rows from the top to the bottom, in the middle of a place; all smaller where they would not fit.
fn paint_rows(brush: &Brush<'_>, place: Rect, rows: &[Row<'_>]) {
    let gap = |scale: f32| brush.metrics.size(16.0) * scale;
    let column =
        if brush.metrics.portrait() { 0.0 } else { brush.metrics.size(brush.metrics.either(196.0, 260.0)) };
    let fitted = |text: Text<'_>, scale: f32| {
        let size = text.size * scale;
        (size, size.min(text.least))
    };
    let texts = |row: &Row<'_>, scale: f32| -> f32 {
        match row {
            Row::Line(_, text) => {
                let (size, least) = fitted(*text, scale);
                brush.height(place.width(), Text { size, least, ..*text })
            }
            Row::Fact(name, words) => {
                let (size, least) = fitted(sentence(words), scale);
                let fact = brush.height(place.width() - column, Text { size, least, ..sentence(words) });
                let (size, least) = fitted(label(name), scale);
                let name = brush.height(place.width(), Text { size, least, ..label(name) });
                if column > 0.0 { fact.max(name) } else { fact + name }
            }
        }
    };
    let height = |scale: f32| {
        rows.iter().map(|row| texts(row, scale)).sum::<f32>()
            + gap(scale) * rows.len().saturating_sub(1) as f32
    };
    let scale = (0..40).map(|step| 0.97_f32.powi(step)).find(|scale| height(*scale) <= place.height());
    let scale = scale.unwrap_or(0.3);
    let mut top = place.center().y - height(scale).min(place.height()) / 2.0;
    for row in rows {
        let high = texts(row, scale);
        let at = Rect::from_min_size(Pos2::new(place.left(), top), vec2(place.width(), high));
        match row {
            Row::Line(role, text) => {
                let (size, least) = fitted(*text, scale);
                brush.text(at, *role, Text { size, least, ..*text });
            }
            Row::Fact(name, words) => {
                let (size, least) = fitted(label(name), scale);
                let name = Text { size, least, ..label(name) };
                let shift = if column > 0.0 { 0.0 } else { brush.height(place.width(), name) };
                // On one line with the first line of what it names.
                let (fact, fact_least) = fitted(sentence(words), scale);
                let drop = if column > 0.0 {
                    (brush.metrics.letters(fact) - brush.metrics.letters(size)).max(0.0) * 0.7
                } else {
                    0.0
                };
                let (mut named, mut beside) = (at, at);
                beside.min.x += column;
                named.min.y += drop;
                beside.min.y += shift;
                brush.text(named, Role::Label, name);
                brush.text(
                    beside,
                    Role::Paragraph,
                    Text { size: fact, least: fact_least, ..sentence(words) },
                );
            }
        }
        top += high + gap(scale);
    }
}

pub(super) fn paint_question(brush: &mut Brush<'_>, visit: &Visit, ask: Ask, index: usize) {
    let Some(form) = brush.state.form(ask) else { return };
    let asked = questions(form);
    let Some(question) = asked.get(index) else { return };
    let words = brush.state.words();
    let child = visit.child(ask).map_or("", |child| &child.name);
    let place = words.fill(Word::QuestionPlace, &[("child", child)]);
    let area = head(brush, &place, Some(&form.title));
    if question.answer == QuestionType::YesNo {
        let (inner, foot) = card(brush, area);
        paint_asked(brush, inner, question);
        let row = [(Action::Answer(0), Style::Plain, 1.0), (Action::Answer(1), Style::Plain, 1.0), skip(0.8)];
        return paint_foot(brush, foot, &row);
    }
    let (area, foot) = above_foot(brush, area);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let (card, answers) = area.split_top_bottom_at_fraction(brush.metrics.either(0.36, 0.46));
    let card = Rect::from_min_max(card.min, card.max - vec2(0.0, gap));
    brush.card(card, Tokens::get().colour.surface.0);
    let pad = Tokens::get().space.pad * brush.metrics.either(1.0, 0.5);
    paint_asked(brush, card.shrink(brush.metrics.size(pad)), question);
    let actions = brush.actions(|a| matches!(a, Action::Answer(_)));
    for (action, place) in actions.iter().zip(list::places(brush, answers, actions.len())) {
        brush.button(*action, place, Style::Plain, None);
    }
    let width = foot.width() * 0.44;
    let place = Rect::from_min_max(Pos2::new(foot.right() - width, foot.top()), foot.max);
    let (action, style, _) = skip(1.0);
    brush.button(action, place, style, None);
}

/// “Leave this out”: calmer than the answers, where a question can do without one.
fn skip(share: f32) -> (Action, Style, f32) {
    (Action::Skip, Style::Tint(Tokens::get().colour.sky.0), share)
}

fn paint_asked(brush: &Brush<'_>, place: Rect, question: &Question) {
    let size = &Tokens::get().size;
    let mut lines =
        vec![(Role::Heading, styled(&question.words, size.sentence, Weight::Bold, Align::Left), 10.0)];
    if let Some(help) = &question.help {
        lines.push((Role::Paragraph, sentence(help), 0.0));
    }
    paint_lines(brush, place, &mut lines);
}

pub(super) fn paint_take_back(brush: &mut Brush<'_>, visit: &Visit, ask: Ask) {
    let Some(form) = brush.state.form(ask) else { return };
    let words = brush.state.words();
    let below = about(brush, visit, ask);
    let area = head(brush, words.get(Word::BackTitle), Some(&below));
    let (inner, foot) = card(brush, area);
    let how = form.withdraw.iter().map(|words| (Role::Paragraph, sentence(words), 24.0));
    let more = asks_more(form).then(|| (Role::Paragraph, sentence(words.get(Word::BackMore)), 0.0));
    let mut lines: Vec<_> = how.chain(more).collect();
    paint_lines(brush, inner, &mut lines);
    paint_next(brush, foot);
}

pub(in crate::screens) fn paint_agreement(brush: &mut Brush<'_>, place: usize, page: usize) {
    let Some(content) = brush.state.shown().cloned() else { return };
    let agreement = content.agreement_in(brush.state.tongue, place);
    let pages = reading(agreement, brush.state.settings.text);
    let words = brush.state.words();
    let (number, count) = ((page + 1).to_string(), pages.len().to_string());
    let told = words.fill(Word::ReadPlace, &[("number", &number), ("count", &count)]);
    let area = head(brush, &agreement.title, Some(&told));
    let (inner, foot) = card(brush, area);
    let size = &Tokens::get().size;
    let mut lines = Vec::new();
    match pages.get(page) {
        Some(Reading::Introduction) => {
            lines.extend(agreement.introduction.iter().map(|words| (Role::Paragraph, sentence(words), 20.0)));
        }
        Some(Reading::Statements { group, from, to }) => {
            let Some(group) = agreement.groups.get(*group) else { return };
            if let Some(title) = &group.title {
                lines.push((Role::Label, label(title), 12.0));
            }
            for statement in group.statements.get(*from..*to).into_iter().flatten() {
                let promise = styled(&statement.words, size.body, Weight::Bold, Align::Left);
                lines.push((Role::Heading, promise, 4.0));
                let more = statement.more.iter();
                let small = |words| styled(words, size.small, Weight::Regular, Align::Left);
                lines.extend(more.map(|words| (Role::Paragraph, small(words), 14.0)));
            }
        }
        None => {}
    }
    paint_lines(brush, inner, &mut lines);
    paint_next(brush, foot);
}
