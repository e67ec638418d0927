//! Painting with the tokens: words, cards, pictures, and what can be pressed.

use std::{ops::Range, sync::Arc};

use egui::{
    Align2, Color32, CornerRadius, FontFamily, FontId, Galley, Id, Pos2, Rect, Role, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo,
    text::{CCursor, LayoutJob, LayoutSection, TextFormat},
    vec2,
};

use super::{Assets, Metrics, Pressing, Tokens, fonts, mirror::Mirror, press, script};
use crate::machine::{Action, AdultAt, Control, Event, Lit, Screen, State, VisitorAt, controls, is_typed};

/// How heavy words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Sentences.
    Regular,
    /// Titles, buttons, promises.
    Bold,
}

/// Where words stand in their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Where reading begins, from the top.
    Left,
    /// Where reading begins, in the middle of the height.
    LeftMiddle,
    /// In the middle both ways.
    Middle,
}

/// Words to be painted.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The words.
    pub words: &'a str,
    /// The size of the tokens that they would like.
    pub size: f32,
    /// The size that they may shrink to where they would not fit.
    pub least: f32,
    /// How heavy.
    pub weight: Weight,
    /// The colour.
    pub colour: Color32,
    /// Where.
    pub align: Align,
}

/// Words, laid out.
enum Laid {
    /// By the toolkit.
    Galley(Arc<Galley>),
    /// In a script that the toolkit does not set.
    Set(script::Set),
}

impl Laid {
    fn size(&self) -> Vec2 {
        match self {
            Self::Galley(galley) => galley.size(),
            Self::Set(set) => set.size,
        }
    }
    fn is_right_to_left(&self) -> bool {
        matches!(self, Self::Set(set) if set.is_right_to_left())
    }
}

/// How something that can be pressed looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The screen's main action.
    Main,
    /// Any other.
    Plain,
    /// On a tint.
    Tint(Color32),
}

/// What stands beside the words of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon<'a> {
    /// A picture's shape, in the colour of the words.
    Shape(&'a str),
    /// A picture in its own colours.
    Picture(&'a str),
}

/// The shapes that say “on” and “back” by the way they point.
const ARROWS: [&str; 2] = ["next", "back"];

/// “I didn’t like something”, as it stands in the bar.
fn tell_words(label: &str) -> Text<'_> {
    let tokens = Tokens::get();
    Text {
        words: label,
        size: tokens.size.tile,
        least: tokens.size.tile * 0.7,
        weight: Weight::Bold,
        colour: tokens.colour.ink.0,
        align: Align::LeftMiddle,
    }
}

/// Paints one frame of one screen, and gathers what was pressed.
pub struct Brush<'a> {
    /// Where it paints.
    pub ui: &'a Ui,
    /// What it shows.
    pub state: &'a State,
    /// The sizes.
    pub metrics: Metrics,
    pub(super) assets: &'a Assets,
    pub(super) mirror: Mirror,
    controls: Vec<Control>,
    lit: Option<Lit>,
    scanned: Vec<Action>,
    // Where the rings of the highlight go, above all else.
    rings: Vec<(Rect, f32)>,
    // How many tiles have room, where the state has another number.
    room: Option<usize>,
    events: Vec<Event>,
}

impl<'a> Brush<'a> {
    /// A brush for a screen, which is filled with a colour.
    pub fn new(ui: &'a Ui, state: &'a State, assets: &'a Assets, ground: Color32) -> Self {
        let screen = ui.max_rect();
        if assets.cleared.get() != Some(ground) {
            ui.painter().rect_filled(screen, 0, ground);
        }
        let metrics = Metrics::new(screen, assets.mm_per_point, state.settings.text.scale());
        Self {
            ui,
            state,
            metrics,
            assets,
            mirror: Mirror::new(screen, state.is_right_to_left()),
            controls: controls(state),
            lit: state.lit(),
            scanned: state.scanned(),
            rings: Vec::new(),
            room: None,
            events: Vec::new(),
        }
    }
    /// Paints what lies above all else, and gives what was done on the screen in this frame.
    pub fn finish(self) -> Vec<Event> {
        for (place, radius) in &self.rings {
            self.paint_ring(*place, *radius);
        }
        let mut events = self.events;
        // First, so that whatever was pressed meets what was seen.
        events.extend(self.room.map(Event::Room));
        events
    }
    /// So many tiles have room here.
    pub fn has_room_for(&mut self, room: usize) {
        self.room = (room != self.state.room()).then_some(room);
    }
    /// Adds what was done by other means than a control.
    pub fn add(&mut self, event: Event) {
        self.events.push(event);
    }
    /// How large a point is on this screen, in millimetres.
    pub const fn mm_per_point(&self) -> f32 {
        self.assets.mm_per_point
    }
    /// The screen without its margins.
    pub fn page(&self) -> Rect {
        let margin = self.metrics.size(Tokens::get().space.margin);
        self.metrics.screen.shrink2(vec2(margin, margin * 0.6))
    }
    /// The controls that the screen has of a kind, in order.
    pub fn actions(&self, which: impl Fn(Action) -> bool) -> Vec<Action> {
        self.controls.iter().map(|c| c.action).filter(|a| which(*a)).collect()
    }
    /// The control for an action, if the screen has it now.
    pub fn control(&self, action: Action) -> Option<&Control> {
        self.controls.iter().find(|c| c.action == action)
    }

    /// Paints words, and tells assistive technology of them.
    pub fn text(&self, place: Rect, role: Role, text: Text<'_>) -> Rect {
        let painted = self.paint_text(place, text);
        self.tell(painted, role, text.words);
        painted
    }
    /// Paints words that are told elsewhere, such as those on a button.
    pub fn paint_text(&self, place: Rect, text: Text<'_>) -> Rect {
        let laid = self.fit(place.size(), text);
        let size = laid.size();
        // Words from right to left begin at the right, which is where a screen from right to left begins anyway.
        let is_against = laid.is_right_to_left() && !self.mirror.is_turned();
        let left = if is_against { place.right() - size.x } else { place.left() };
        let min = match text.align {
            Align::Left => Pos2::new(left, place.top()),
            Align::LeftMiddle => Pos2::new(left, place.center().y - size.y / 2.0),
            Align::Middle => Align2::CENTER_CENTER.align_size_within_rect(size, place).min,
        };
        let painted = Rect::from_min_size(min, size);
        self.paint_laid(painted, place, laid, text);
        painted
    }
    fn paint_laid(&self, painted: Rect, place: Rect, laid: Laid, text: Text<'_>) {
        match laid {
            Laid::Galley(galley) => {
                if self.lit.is_some_and(|lit| lit.word.is_none() && self.is_said(lit, text.words)) {
                    self.paint_said(painted);
                }
                let on_glass = self.mirror.place(painted);
                let center = self.mirror.point(place.center()).x;
                let x = if text.align == Align::Middle { center } else { on_glass.left() };
                let at = Pos2::new(x, on_glass.top());
                if let Some(word) = self.lit_word(text.words) {
                    self.paint_lit(at, &galley, text.words, word);
                }
                self.ui.painter().galley(at, galley, text.colour);
            }
            Laid::Set(set) => {
                let ctx = self.ui.ctx();
                let picture = self.assets.setter.borrow_mut().picture(ctx, &set);
                let pixel = ctx.pixels_per_point();
                let size = picture.size_vec2() / pixel;
                // It is as wide as its place, in which the words stand at their own side already.
                let snap = |points: f32| (points * pixel).round() / pixel;
                let mut left = self.mirror.place(place).left();
                if text.align != Align::Middle && !set.is_right_to_left() && self.mirror.is_turned() {
                    left = self.mirror.place(painted).left();
                }
                let at = Pos2::new(snap(left), snap(painted.top()));
                let all = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
                self.ui.painter().image(picture.id(), Rect::from_min_size(at, size), all, text.colour);
            }
        }
    }
    /// Beside the sentence that is being said, where nothing is to move.
    fn paint_said(&self, painted: Rect) {
        let (wide, gap) = (self.metrics.size(8.0), self.metrics.size(6.0));
        let bar = Rect::from_min_max(
            Pos2::new(painted.left() - gap - wide, painted.top()),
            Pos2::new(painted.left() - gap, painted.bottom()),
        );
        self.fill(bar, self.radius(4.0), Tokens::get().colour.marigold.0);
    }
    /// The ground of the word that is being said.
    fn paint_lit(&self, at: Pos2, galley: &Galley, words: &str, word: Range<usize>) {
        let place =
            |byte: usize| CCursor { index: words[..byte].chars().count().into(), prefer_next_row: true };
        let from = galley.pos_from_cursor(place(word.start));
        let to = galley.pos_from_cursor(CCursor { prefer_next_row: false, ..place(word.end) });
        // A line is higher than its letters, and they stand at its foot.
        let high = from.height();
        let side = self.metrics.size(6.0);
        let lit = Rect::from_min_max(
            at + vec2(from.left() - side, from.top() + high * 0.16),
            at + vec2(to.left() + side, from.bottom() + high * 0.1),
        );
        let corner = self.radius(Tokens::get().shape.radius_small * 0.5);
        self.ui.painter().rect_filled(lit, corner, Tokens::get().colour.marigold.0);
    }
    /// Whether words fit a place without going below their least size.
    pub fn fits(&self, place: Rect, text: Text<'_>) -> bool {
        let size = self.fit(place.size(), text).size();
        size.y <= place.height() + 0.5 && size.x <= place.width() + 0.5
    }
    /// Paints words in the middle of a place at their least size, in so many lines; what is longer
    /// ends in dots.
    pub fn paint_cut(&self, place: Rect, text: Text<'_>, lines: usize) {
        let laid = self.lay_out(place.width(), text.least, text, lines);
        let painted = Align2::CENTER_CENTER.align_size_within_rect(laid.size(), place);
        self.paint_laid(painted, place, laid, text);
    }
    /// How high words are in a width.
    pub fn height(&self, width: f32, text: Text<'_>) -> f32 {
        self.fit(vec2(width, f32::INFINITY), text).size().y
    }
    fn fit(&self, room: Vec2, text: Text<'_>) -> Laid {
        let size = self.fitting(room, text);
        self.lay_out(room.x, size, text, usize::MAX)
    }
    /// The size with which words fit a room, or else their least. Where text is wanted larger than drawn that is never
    /// less than drawn: small is bad, but cut off is worse.
    fn fitting(&self, room: Vec2, text: Text<'_>) -> f32 {
        let (mut size, least) = (text.size, text.least / self.metrics.text);
        loop {
            let laid = self.lay_out(room.x, size, text, usize::MAX);
            let fits = laid.size().y <= room.y + 0.5 && laid.size().x <= room.x + 0.5;
            if fits || size <= least {
                return size;
            }
            size = (size - 2.0 / self.metrics.text).max(least);
        }
    }
    /// Words of the size with which they fit a room.
    pub fn fitted<'w>(&self, room: Vec2, text: Text<'w>) -> Text<'w> {
        let size = self.fitting(room, text);
        Text { size, least: text.least.min(size), ..text }
    }
    /// The least width in which words take no more lines than this, at their size.
    pub fn narrowest(&self, text: Text<'_>, lines: usize) -> f32 {
        let whole = |width: f32| self.lay_out(width, text.size, text, usize::MAX).size();
        let one = whole(f32::INFINITY);
        let fits = |width: &f32| {
            let size = whole(*width);
            size.y <= one.y * (lines as f32 + 0.4) && size.x <= width + 0.5
        };
        let (from, step) = (one.x / lines as f32, self.metrics.size(8.0));
        (0..200).map(|at| from + step * at as f32).find(fits).unwrap_or(one.x)
    }
    fn lay_out(&self, width: f32, size: f32, text: Text<'_>, lines: usize) -> Laid {
        let points = self.metrics.letters(size);
        if script::is_set_here(text.words) {
            let pixels_per_point = self.ui.ctx().pixels_per_point();
            let look = (text.weight, text.align);
            let mut setter = self.assets.setter.borrow_mut();
            let lines = (lines, self.mirror.is_turned());
            return Laid::Set(setter.set(text.words, (points, width), look, lines, pixels_per_point));
        }
        let family = match text.weight {
            Weight::Regular => FontFamily::Proportional,
            Weight::Bold => FontFamily::Name(fonts::BOLD.into()),
        };
        let format = TextFormat {
            font_id: FontId::new(points, family),
            color: text.colour,
            line_height: Some(points * 1.28),
            ..Default::default()
        };
        let mut job = LayoutJob { text: text.words.to_owned(), ..Default::default() };
        let mut add = |range: Range<usize>, format| {
            if !range.is_empty() {
                job.sections.push(LayoutSection {
                    leading_space: 0.0,
                    byte_range: range.start.into()..range.end.into(),
                    format,
                });
            }
        };
        match self.lit_word(text.words) {
            Some(word) => {
                let lit = TextFormat { color: Tokens::get().colour.ink.0, ..format.clone() };
                add(0..word.start, format.clone());
                add(word.clone(), lit);
                add(word.end..text.words.len(), format);
            }
            None => add(0..text.words.len(), format),
        }
        job.wrap.max_width = width;
        job.wrap.break_anywhere = false;
        job.wrap.max_rows = lines;
        if text.align == Align::Middle {
            job.halign = egui::Align::Center;
        }
        Laid::Galley(self.ui.painter().layout_job(job))
    }

    /// Where in these words the one is that is being said.
    fn lit_word(&self, words: &str) -> Option<Range<usize>> {
        let lit = self.lit.filter(|lit| self.is_said(*lit, words))?;
        let word = words.split_whitespace().nth(lit.word?)?;
        let from = word.as_ptr() as usize - words.as_ptr() as usize;
        Some(from..from + word.len())
    }
    fn is_said(&self, lit: Lit, words: &str) -> bool {
        self.state
            .shown()
            .is_some_and(|content| content.recording_in(self.state.tongue, words) == Some(lit.recording))
    }

    /// Tells assistive technology of something that cannot be pressed.
    pub fn tell(&self, place: Rect, role: Role, words: &str) {
        let id =
            Id::unique((self.state.screen.name(), "told", words, place.min.x as i32, place.min.y as i32));
        let response = self.ui.interact(self.mirror.place(place), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(role, true, words));
        self.tell_language(id);
    }
    /// A screen reader reads other languages with a voice of theirs.
    fn tell_language(&self, id: Id) {
        if let Some(spoken) = self.state.spoken() {
            let tag = spoken.language.as_str();
            self.ui.ctx().accesskit_node_builder(id, |node| node.set_language(tag));
        }
    }

    /// A card: something that cannot be pressed.
    pub fn card(&self, place: Rect, fill: Color32) {
        let radius = self.radius(Tokens::get().shape.radius_large);
        self.fill(place, radius, fill);
    }
    /// A picture of the pack or a built-in one, as large as fits; where there is none, a plain disc.
    pub fn picture(&self, place: Rect, name: &str) {
        self.draw(place, name, None);
    }
    /// A picture's shape in one colour.
    pub fn shape(&self, place: Rect, name: &str, colour: Color32) {
        self.draw(place, name, Some(colour));
    }
    /// A picture that says something: it is told by its alternative text.
    pub fn picture_told(&self, place: Rect, name: &str) {
        self.picture(place, name);
        let alt = name.parse().ok().and_then(|n| Some(self.state.shown()?.alt(&n)));
        if let Some(alt) = alt.filter(|a| !a.is_empty()) {
            self.tell(place, Role::Image, alt);
        }
    }
    fn draw(&self, place: Rect, name: &str, colour: Option<Color32>) {
        let side = place.width().min(place.height());
        let square = Rect::from_center_size(self.mirror.point(place.center()), Vec2::splat(side));
        let pixels = (side * self.ui.ctx().pixels_per_point()).round().clamp(8.0, 2048.0) as u32;
        let content = self.state.shown().map(|c| &**c);
        let mut pictures = self.assets.pictures.borrow_mut();
        match pictures.texture(self.ui.ctx(), content, name, pixels, colour.is_some()) {
            Some(texture) => {
                let (mut from, mut to) = (Pos2::ZERO, Pos2::new(1.0, 1.0));
                if self.mirror.is_turned() && ARROWS.contains(&name) {
                    std::mem::swap(&mut from.x, &mut to.x);
                }
                let part = Rect::from_min_max(from, to);
                self.ui.painter().image(texture.id(), square, part, colour.unwrap_or(Color32::WHITE));
            }
            None => {
                let edge = Tokens::get().colour.edge.0;
                self.ui.painter().circle_filled(square.center(), side / 2.6, edge);
            }
        }
    }

    /// Something that can be pressed: its ground, its edges, its focus, its name, and the press.
    /// Gives the face to paint on, and nothing where the screen has no such control now.
    pub fn pressable(&mut self, action: Action, place: Rect, radius: f32, style: Style) -> Option<Rect> {
        let control = self.control(action)?.clone();
        let screen = &self.state.screen;
        // Another screen of the same kind has other things on it: what had the focus before does not have it there.
        let id = Id::unique((screen.name(), screen.part(), action));
        let on_glass = self.mirror.place(place);
        let response = self.ui.interact(on_glass, id, Sense::click());
        response.widget_info(|| match control.selected {
            Some(selected) => WidgetInfo::selected(Role::Button, true, selected, &control.label),
            None => WidgetInfo::labeled(Role::Button, true, &control.label),
        });
        if let Some(note) = &control.note {
            self.ui.ctx().accesskit_node_builder(id, |node| node.set_description(note.as_str()));
        }
        self.tell_language(id);
        let pressing = &self.assets.pressing;
        if pressing.fresh && pressing.by_keyboard && control.main && !is_typed(screen) {
            response.request_focus();
        }
        let by_key = press::by_key(self.ui, response.has_focus());
        // Whoever hides is in a hurry, and from where it leads nothing can be pressed by mistake.
        let pressing = Pressing { settling: pressing.settling && action != Action::Hide, ..*pressing };
        let pressed =
            by_key || press::by_hand(self.ui, on_glass, &pressing) || press::by_assistance(self.ui, id);
        // One press a frame: what follows it may be another screen. A palm that rests and moves is none.
        if pressed && !self.events.iter().any(|event| matches!(event, Event::Press(_))) {
            self.events.push(Event::Press(action));
        }
        let held = self.ui.input(|i| {
            i.pointer.primary_down() && i.pointer.interact_pos().is_some_and(|p| on_glass.contains(p))
        });
        let chosen = control.selected == Some(true);
        let face = self.paint_button(place, radius, style, chosen, held);
        // Who cannot read its name yet sees which one is meant.
        if self.lit.is_some_and(|lit| self.is_said(lit, &control.label)) {
            let (width, marigold) =
                (self.metrics.size(Tokens::get().shape.lit), Tokens::get().colour.marigold.0);
            let ring = Stroke::new(width, marigold);
            self.edge(place, self.radius(radius), ring, StrokeKind::Outside);
        }
        if response.has_focus() {
            self.paint_focus(place, radius);
        }
        if self.scanned.contains(&action) {
            self.rings.push((on_glass, radius));
        }
        Some(face)
    }

    fn paint_button(&self, place: Rect, radius: f32, style: Style, chosen: bool, held: bool) -> Rect {
        let tokens = Tokens::get();
        let colour = &tokens.colour;
        let stroke = self.metrics.size(tokens.shape.stroke) * if chosen { 2.0 } else { 1.0 };
        let lower = self.metrics.size(tokens.shape.lower_edge);
        let (fill, edge) = match style {
            Style::Main => (colour.pine.0, colour.pine_edge.0),
            Style::Plain => (colour.surface.0, colour.line.0),
            Style::Tint(tint) => (tint, colour.line.0),
        };
        let (fill, edge) = if chosen { (colour.leaf.0, colour.ink.0) } else { (fill, edge) };
        let top = if held { lower - stroke } else { 0.0 };
        let outer = Rect::from_min_max(place.min + vec2(0.0, top), place.max);
        let bottom = if held { stroke } else { lower.max(stroke * 1.5) };
        let side = if style == Style::Main && !chosen { 0.0 } else { stroke };
        let face = Rect::from_min_max(outer.min + vec2(side, side), outer.max - vec2(side, bottom));
        self.fill(outer, self.radius(radius), edge);
        self.fill(face, self.radius(radius - side / self.metrics.scale), fill);
        face
    }
    fn paint_focus(&self, place: Rect, radius: f32) {
        let tokens = Tokens::get();
        let (ink, marigold) =
            (self.metrics.size(tokens.shape.focus_ink), self.metrics.size(tokens.shape.focus_marigold));
        let ring = |width, colour| Stroke::new(width, colour);
        let corner = self.radius(radius);
        self.edge(place, corner, ring(marigold, tokens.colour.marigold.0), StrokeKind::Outside);
        let outside = place.expand(marigold);
        let corner = self.radius(radius + marigold / self.metrics.scale);
        self.edge(outside, corner, ring(ink, tokens.colour.ink.0), StrokeKind::Outside);
    }
    /// The ring of whoever uses switches: broad, dark on both sides of bright, so that it shows on every ground and from
    /// across a table. It is there at once where the highlight comes to, and never on the way.
    fn paint_ring(&self, place: Rect, radius: f32) {
        let tokens = Tokens::get();
        let (ink, marigold) =
            (self.metrics.size(tokens.shape.scan_ink), self.metrics.size(tokens.shape.scan_marigold));
        let painter = self.ui.painter();
        let ring = |out: f32, width: f32, colour: Color32| {
            let corner = self.radius(radius + out / self.metrics.scale);
            painter.rect_stroke(place.expand(out), corner, Stroke::new(width, colour), StrokeKind::Inside);
        };
        let out = ink + marigold * 0.4;
        ring(out, ink, tokens.colour.ink.0);
        ring(out - ink, marigold, tokens.colour.marigold.0);
        ring(out - ink - marigold, ink * 0.6, tokens.colour.ink.0);
    }
    fn radius(&self, points: f32) -> CornerRadius {
        CornerRadius::same(self.metrics.size(points).clamp(0.0, 255.0) as u8)
    }

    /// A button with a picture beside its words.
    pub fn button(&mut self, action: Action, place: Rect, style: Style, icon: Option<Icon<'_>>) {
        let tokens = Tokens::get();
        let label = self.control(action).map(|c| c.label.clone()).unwrap_or_default();
        let Some(face) = self.pressable(action, place, tokens.shape.radius, style) else { return };
        let colour = if style == Style::Main { tokens.colour.on_pine.0 } else { tokens.colour.ink.0 };
        let text = Text {
            words: &label,
            size: tokens.size.button,
            least: tokens.size.small,
            weight: Weight::Bold,
            colour,
            align: Align::LeftMiddle,
        };
        let side = self.metrics.size(48.0).min(face.height() * 0.6);
        let gap = self.metrics.size(16.0);
        let lead = if icon.is_some() { side + gap } else { 0.0 };
        let pad = self.metrics.size(18.0);
        let room = vec2(face.width() - lead - 2.0 * pad, face.height() - pad * 0.5);
        let words = self.fit(room, text).size();
        let left = face.center().x - (words.x + lead) / 2.0;
        if let Some(icon) = icon {
            let at = Rect::from_center_size(Pos2::new(left + side / 2.0, face.center().y), Vec2::splat(side));
            match icon {
                Icon::Shape(name) => self.shape(at, name, colour),
                Icon::Picture(name) => self.picture(at, name),
            }
        }
        // No wider than the words: those from right to left begin at the right of it.
        let room = vec2(words.x.min(room.x), room.y);
        let room = Rect::from_min_size(Pos2::new(left + lead, face.center().y - room.y / 2.0), room);
        self.paint_text(room, text);
    }

    /// “I didn’t like something”: wherever the screen has it, at the same place and in the same calm colour.
    /// Gives back the right end of what is left of the bar.
    fn tell_entry(&mut self, bar: Rect) -> f32 {
        let tokens = Tokens::get();
        let drawn = self.metrics.size(296.0).max(self.metrics.target);
        let width = if self.metrics.is_enlarged() { self.tell_width().max(drawn) } else { drawn };
        let place = Rect::from_min_max(Pos2::new(bar.right() - width, bar.top()), bar.max);
        let label = self.control(Action::Tell).map(|c| c.label.clone()).unwrap_or_default();
        let sky = Style::Tint(tokens.colour.sky.0);
        let Some(face) = self.pressable(Action::Tell, place, tokens.shape.radius, sky) else {
            return bar.right();
        };
        let pad = self.metrics.size(12.0);
        let side = (face.height() - pad * 2.0).min(self.metrics.size(76.0));
        let at = Rect::from_center_size(
            Pos2::new(face.left() + pad + side / 2.0, face.center().y),
            Vec2::splat(side),
        );
        self.picture(at, "told");
        let text = tell_words(&label);
        let left = at.right() + pad;
        self.paint_text(Rect::from_min_max(Pos2::new(left, face.top()), face.max - vec2(pad, 0.0)), text);
        place.left() - self.metrics.size(tokens.space.gap).max(self.metrics.target_gap)
    }

    /// How wide that is where text is larger: its words in two lines.
    fn tell_width(&self) -> f32 {
        let label = self.control(Action::Tell).map_or("", |control| &control.label);
        let pads = self.metrics.size(12.0) * 3.0 + self.metrics.size(76.0) + self.metrics.size(8.0);
        self.narrowest(tell_words(label), 2) + pads
    }
    /// How high the bar is: where text is larger, “I didn’t like something” takes two lines in it.
    fn bar_height(&self) -> f32 {
        let two = self.metrics.line(Tokens::get().size.tile) * 2.0 + self.metrics.size(20.0);
        let is_higher = self.metrics.is_enlarged() && self.control(Action::Tell).is_some();
        if is_higher { self.metrics.bar().max(two) } else { self.metrics.bar() }
    }

    /// The way to other languages. Where whoever comes has not been met yet, it names them.
    /// Gives back the right end of what is left of the bar.
    fn languages_entry(&mut self, bar: Rect) -> f32 {
        let tokens = Tokens::get();
        let names: Vec<&str> = match self.state.screen {
            Screen::FamilyCode(_)
            | Screen::Hello(_)
            | Screen::Adult(AdultAt::Read { page: 0, .. })
            | Screen::Visitor(VisitorAt::Read { page: 0, .. }) => self.state.other_languages().collect(),
            _ => Vec::new(),
        };
        let names = names.join("  ·  ");
        let text = Text {
            words: &names,
            size: tokens.size.body,
            least: tokens.size.small * 0.8,
            weight: Weight::Bold,
            colour: tokens.colour.ink.0,
            align: Align::LeftMiddle,
        };
        let pad = self.metrics.size(16.0);
        let room = vec2(self.metrics.size(self.metrics.either(300.0, 420.0)), bar.height());
        let words =
            if names.is_empty() { 0.0 } else { self.fit(room, text).size().x.min(room.x) + pad * 1.5 };
        let place = Rect::from_min_max(Pos2::new(bar.right() - bar.height() - words, bar.top()), bar.max);
        let Some(face) = self.pressable(Action::Languages, place, tokens.shape.radius, Style::Plain) else {
            return bar.right();
        };
        let globe = Rect::from_min_size(face.min, Vec2::splat(face.height())).shrink(face.height() * 0.18);
        self.picture(globe, "languages");
        if words > 0.0 {
            let left = globe.right() + pad * 0.7;
            self.paint_text(Rect::from_min_max(Pos2::new(left, face.top()), face.max - vec2(pad, 0.0)), text);
        }
        place.left() - self.metrics.size(tokens.space.gap).max(self.metrics.target_gap)
    }

    /// The quiet corner for staff: a small tab in the margin, where no child looks for something to play with. Whoever
    /// uses it is grown up, so that it may be smaller than what is for children.
    pub fn staff_corner(&mut self) {
        let tokens = Tokens::get();
        let screen = self.metrics.screen;
        let (wide, high) = (self.metrics.size(32.0), self.metrics.size(84.0));
        let bottom = screen.bottom() - self.metrics.size(tokens.space.margin * 0.6);
        let place = Rect::from_min_max(
            Pos2::new(screen.left(), bottom - high),
            Pos2::new(screen.left() + wide, bottom),
        );
        let style = Style::Tint(tokens.colour.paper.0);
        let radius = tokens.shape.radius_small * 0.6;
        let Some(face) = self.pressable(Action::Staff, place, radius, style) else { return };
        for step in [-1.0, 0.0, 1.0] {
            let center = face.center() + vec2(0.0, self.metrics.size(14.0) * step);
            self.disc(center, self.metrics.size(3.0), tokens.colour.muted.0);
        }
    }

    /// The bar with the screen's title, and a line below it; gives what is left of the page. Where text is larger and the
    /// title has no room in the bar, it stands under it.
    pub fn head(&mut self, title: Text<'_>, below: Option<Text<'_>>) -> Rect {
        let bar = self.navigation();
        self.head_in(bar, title, below)
    }
    /// The same, in a bar that has been painted.
    pub fn head_in(&mut self, bar: Rect, title: Text<'_>, below: Option<Text<'_>>) -> Rect {
        let page = self.page();
        let gap = self.metrics.size(Tokens::get().space.gap);
        let middle = |text| Text { align: Align::LeftMiddle, ..text };
        if !self.metrics.is_enlarged() {
            let (upper, lower) = match below {
                Some(_) => bar.split_top_bottom_at_fraction(0.58),
                None => (bar, bar),
            };
            self.text(upper, Role::Heading, middle(title));
            if let Some(below) = below {
                self.text(lower, Role::Label, middle(below));
            }
            return Rect::from_min_max(Pos2::new(page.left(), bar.bottom() + gap), page.max);
        }
        let mut top = bar.bottom() + gap;
        let room = self.lay_out(bar.width(), title.size, title, usize::MAX).size();
        let in_bar = room.y <= bar.height() + 0.5 && room.x <= bar.width() + 0.5;
        let mut row = |brush: &Self, role, text: Text<'_>| {
            // Two lines at the most: what is longer is smaller.
            let most = brush.metrics.line(text.size) * 2.1;
            let text = brush.fitted(vec2(page.width(), most), text);
            let high = brush.height(page.width(), text);
            let place = Rect::from_min_size(Pos2::new(page.left(), top), vec2(page.width(), high));
            top = place.bottom() + gap * 0.4;
            brush.text(place, role, text);
        };
        if in_bar {
            self.text(bar, Role::Heading, middle(title));
        } else {
            row(self, Role::Heading, title);
        }
        if let Some(below) = below {
            row(self, Role::Label, below);
        }
        Rect::from_min_max(Pos2::new(page.left(), top), page.max)
    }

    /// “Back” where reading begins; the speaker and “stop” or “hide” at the other end of the top, where the screen has them, and
    /// beyond those “I didn’t like something”.
    pub fn navigation(&mut self) -> Rect {
        let tokens = Tokens::get();
        let page = self.page();
        let (side, high) = (self.metrics.bar(), self.bar_height());
        let mut bar = Rect::from_min_size(page.min, vec2(page.width(), high));
        let gap = self.metrics.size(tokens.space.gap);
        let square = |left: f32| Rect::from_min_size(Pos2::new(left, page.top()), vec2(side, high));
        let radius = tokens.shape.radius;
        bar.max.x = self.tell_entry(bar);
        let (back, home) = (square(page.left()), square(bar.right() - side));
        if let Some(face) = self.pressable(Action::Back, back, radius, Style::Plain) {
            self.shape(face.shrink(face.width() * 0.14), "back", tokens.colour.ink.0);
            bar.min.x = back.right() + gap;
        }
        if let Some(face) = self.pressable(Action::Home, home, radius, Style::Plain) {
            self.picture(face.shrink(face.width() * 0.16), "home");
            bar.max.x = home.left() - gap;
        }
        if let Some(face) = self.pressable(Action::Hide, home, radius, Style::Plain) {
            self.picture(face.shrink(face.width() * 0.12), "hide");
            bar.max.x = home.left() - gap;
        }
        bar.max.x = self.languages_entry(bar);
        let speaker = square(bar.right() - side);
        if let Some(face) = self.pressable(Action::Speak, speaker, radius, Style::Plain) {
            self.picture(face.shrink(face.width() * 0.12), "speaker");
            bar.max.x = speaker.left() - gap;
        }
        bar
    }
}
