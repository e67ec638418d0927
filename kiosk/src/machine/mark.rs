//! The mark while it is being made.

use records::{
    ids::Slug,
    signature::{Drawing, MARK_POINTS, MARK_SIZE, Mark, NotAMark, Point, Stroke},
};
use zeroize::Zeroize as _;

/// A movement of the finger, mouse or pen that draws. Fingers are told apart by a number, so that
/// a palm that rests on the screen draws nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pen {
    /// It touches the square.
    Down(u64, Point),
    /// It moves.
    Move(u64, Point),
    /// It leaves.
    Up(u64),
}

/// Points closer than this to the last one are left out: they cannot be seen.
const STEP: u16 = 3;

/// Strokes as drawn so far. They are overwritten in memory when they are let go.
#[derive(Debug, Clone, Default)]
pub struct Strokes {
    strokes: Vec<Stroke>,
    finger: Option<u64>,
}

impl Strokes {
    /// Strokes that were drawn elsewhere; points outside the square are moved to its edge.
    pub fn new(strokes: Vec<Stroke>) -> Self {
        let mut all = Self::default();
        for stroke in strokes {
            for (i, point) in stroke.into_iter().enumerate() {
                all.pen(if i == 0 { Pen::Down(0, point) } else { Pen::Move(0, point) });
            }
            all.pen(Pen::Up(0));
        }
        all
    }
    /// What was drawn.
    pub fn as_slice(&self) -> &[Stroke] {
        &self.strokes
    }
    /// Whether there is nothing yet.
    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }
    /// Follows the pen. The first finger draws until it is lifted; others draw nothing.
    pub fn pen(&mut self, pen: Pen) {
        match pen {
            Pen::Down(finger, point) if self.finger.is_none() && self.room() => {
                self.finger = Some(finger);
                self.strokes.push(vec![inside(point)]);
            }
            Pen::Move(finger, point) if self.finger == Some(finger) => {
                let point = inside(point);
                let room = self.room();
                if let Some(stroke) = self.strokes.last_mut()
                    && room
                    && stroke.last().is_none_or(|last| {
                        last.0.abs_diff(point.0) >= STEP || last.1.abs_diff(point.1) >= STEP
                    })
                {
                    grow(stroke);
                    stroke.push(point);
                }
            }
            Pen::Up(finger) if self.finger == Some(finger) => self.finger = None,
            _ => {}
        }
    }
    /// Takes every finger as lifted.
    fn lift(&mut self) {
        self.finger = None;
    }
    /// Whether one more point can be taken, after thinning if need be.
    fn room(&mut self) -> bool {
        let count = |strokes: &[Stroke]| strokes.iter().map(Vec::len).sum::<usize>();
        if count(&self.strokes) >= MARK_POINTS {
            for stroke in &mut self.strokes {
                let last = stroke.len().saturating_sub(1);
                let mut place = 0;
                stroke.retain(|_| {
                    place += 1;
                    (place - 1) % 2 == 0 || place - 1 == last
                });
            }
        }
        count(&self.strokes) < MARK_POINTS
    }
}

/// Makes room for a point: a `Vec` that grows by itself leaves its old points in memory.
fn grow(stroke: &mut Stroke) {
    if stroke.len() == stroke.capacity() {
        let mut larger = Stroke::with_capacity((stroke.len() * 2).max(64));
        larger.extend_from_slice(stroke);
        std::mem::replace(stroke, larger).zeroize();
    }
}

impl Drop for Strokes {
    fn drop(&mut self) {
        // Also what thinning left behind their ends.
        self.strokes.zeroize();
    }
}

fn inside(point: Point) -> Point {
    Point(point.0.min(MARK_SIZE), point.1.min(MARK_SIZE))
}

/// How somebody is about to sign.
#[derive(Debug, Clone, Default)]
pub enum Draft {
    /// Not yet.
    #[default]
    Nothing,
    /// With a finger.
    Drawn(Strokes),
    /// With a sticker: drawing and tapping are worth the same.
    Sticker(Slug),
}

impl Draft {
    /// Whether it can be handed in.
    pub fn is_mark(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Drawn(strokes) => !strokes.is_empty(),
            Self::Sticker(_) => true,
        }
    }
    /// Takes every finger as lifted: another screen comes, which is not told when it leaves.
    pub fn lift(&mut self) {
        if let Self::Drawn(strokes) = self {
            strokes.lift();
        }
    }
    /// Follows the pen; to draw puts a sticker back.
    pub fn pen(&mut self, pen: Pen) {
        if let Self::Drawn(strokes) = self {
            strokes.pen(pen);
        } else if matches!(pen, Pen::Down(..)) {
            let mut strokes = Strokes::default();
            strokes.pen(pen);
            *self = Self::Drawn(strokes);
        }
    }
    /// The mark as a record holds it.
    ///
    /// # Errors
    /// [`NotAMark`] if there is none yet.
    pub fn mark(&self) -> Result<Mark, NotAMark> {
        match self {
            Self::Nothing => Err(NotAMark),
            Self::Drawn(strokes) => Drawing::new(strokes.as_slice().to_vec()).map(Mark::Drawn),
            Self::Sticker(symbol) => Ok(Mark::Sticker(symbol.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_child_who_scribbles_for_ever_still_makes_a_mark() {
        let mut draft = Draft::Nothing;
        draft.pen(Pen::Down(1, Point(0, 0)));
        for i in 0..50_000u32 {
            draft.pen(Pen::Move(1, Point((i * 7 % 1000) as u16, (i * 13 % 1000) as u16)));
        }
        let Mark::Drawn(drawing) = draft.mark().unwrap() else { panic!("not drawn") };
        assert!(drawing.strokes()[0].len() > MARK_POINTS / 4);
        assert_eq!(drawing.strokes()[0][0], Point(0, 0), "the beginning is kept");
    }

    #[test]
    fn a_palm_on_the_screen_draws_nothing() {
        let mut draft = Draft::Nothing;
        draft.pen(Pen::Down(1, Point(10, 10)));
        draft.pen(Pen::Down(2, Point(900, 900)));
        draft.pen(Pen::Move(2, Point(800, 800)));
        draft.pen(Pen::Move(1, Point(50, 50)));
        let Draft::Drawn(strokes) = &draft else { panic!("not drawn") };
        assert_eq!(strokes.as_slice(), [vec![Point(10, 10), Point(50, 50)]]);
    }

    #[test]
    fn a_finger_that_leaves_the_square_stays_at_its_edge() {
        let strokes = Strokes::new(vec![vec![Point(5, 5), Point(2000, 4000)]]);
        assert_eq!(strokes.as_slice(), [vec![Point(5, 5), Point(1000, 1000)]]);
    }

    #[test]
    fn ten_thousand_dots_are_still_a_mark() {
        let strokes = Strokes::new((0..10_000u16).map(|i| vec![Point(i % 1000, i % 997)]).collect());
        assert!(Draft::Drawn(strokes).mark().is_ok());
    }
}
