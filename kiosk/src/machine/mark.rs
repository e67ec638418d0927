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
/// A finger that has gone so far draws; one that has not may be a palm that was put down before it.
const DRAWS: u16 = 40;
/// No hand puts down more at once.
const RESTING_MAX: usize = 10;

/// Strokes as drawn so far. They are overwritten in memory when they are let go.
#[derive(Debug, Clone, Default)]
pub struct Strokes {
    strokes: Vec<Stroke>,
    finger: Option<u64>,
    /// Others that came down before it had gone anywhere.
    resting: Vec<(u64, Point)>,
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
    /// Follows the pen. One finger draws until it is lifted; others draw nothing. It is the first that comes down, unless
    /// another goes somewhere while that one rests: then it was a palm, and what it left is taken away.
    pub fn pen(&mut self, pen: Pen) {
        match pen {
            Pen::Down(finger, point)
                if self.finger.is_some_and(|drawing| drawing != finger) && self.rests() =>
            {
                self.resting.push((finger, inside(point)));
                self.resting.truncate(RESTING_MAX);
            }
            Pen::Move(finger, point) if self.is_to_draw(finger, point) => {
                let begun = self.resting.iter().find(|(resting, _)| *resting == finger).map(|(_, at)| *at);
                self.strokes.pop().zeroize();
                self.forget_resting();
                self.finger = Some(finger);
                self.strokes.push(begun.into_iter().chain([inside(point)]).collect());
            }
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
            Pen::Up(finger) if self.finger == Some(finger) => self.lift(),
            Pen::Up(finger) => self.resting.retain(|(resting, _)| *resting != finger),
            _ => {}
        }
    }
    /// Takes every finger as lifted.
    fn lift(&mut self) {
        self.finger = None;
        self.forget_resting();
    }
    /// Whether the finger that draws has gone nowhere yet.
    fn rests(&self) -> bool {
        let stroke = self.strokes.last().map_or(&[][..], Vec::as_slice);
        stroke.first().is_some_and(|begun| stroke.iter().all(|point| is_near(*begun, *point)))
    }
    /// Whether it is another finger that draws: this one, which has gone somewhere first.
    fn is_to_draw(&self, finger: u64, point: Point) -> bool {
        let mut resting = self.resting.iter().filter(|(resting, _)| *resting == finger);
        resting.any(|(_, begun)| !is_near(*begun, inside(point))) && self.rests()
    }
    fn forget_resting(&mut self) {
        for (_, Point(x, y)) in &mut self.resting {
            (*x, *y) = (0, 0);
        }
        self.resting.clear();
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
        self.forget_resting();
    }
}

fn is_near(one: Point, other: Point) -> bool {
    one.0.abs_diff(other.0) < DRAWS && one.1.abs_diff(other.1) < DRAWS
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
        draft.pen(Pen::Move(2, Point(880, 890)));
        draft.pen(Pen::Move(1, Point(50, 50)));
        draft.pen(Pen::Move(2, Point(700, 700)));
        let Draft::Drawn(strokes) = &draft else { panic!("not drawn") };
        assert_eq!(strokes.as_slice(), [vec![Point(10, 10), Point(50, 50)]]);
    }

    #[test]
    fn a_palm_that_comes_down_first_and_only_shifts_a_little_does_not_keep_the_finger_from_drawing() {
        let mut draft = Draft::Nothing;
        draft.pen(Pen::Down(7, Point(900, 900)));
        let mut stroke = |finger, from: u16| {
            draft.pen(Pen::Down(finger, Point(from, 100)));
            draft.pen(Pen::Move(7, Point(905, 905)));
            draft.pen(Pen::Move(finger, Point(from + 20, 100)));
            draft.pen(Pen::Move(finger, Point(from + 200, 100)));
            draft.pen(Pen::Move(7, Point(910, 890)));
            draft.pen(Pen::Move(finger, Point(from + 300, 100)));
            draft.pen(Pen::Up(finger));
            let Draft::Drawn(strokes) = &draft else { panic!("not drawn") };
            strokes.as_slice().to_vec()
        };
        let first = stroke(1, 100);
        assert_eq!(first, [vec![Point(100, 100), Point(300, 100), Point(400, 100)]], "nothing of the palm");
        let second = stroke(2, 500);
        assert_eq!(second.len(), 2, "it rests still, and the next stroke is drawn at once");
        assert_eq!(second[1].first(), Some(&Point(500, 100)));
    }

    #[test]
    fn a_palm_that_comes_down_while_a_finger_draws_or_just_before_it_moves_takes_nothing_over() {
        let mut draft = Draft::Nothing;
        draft.pen(Pen::Down(1, Point(100, 100)));
        draft.pen(Pen::Down(7, Point(900, 900)));
        draft.pen(Pen::Move(7, Point(910, 900)));
        draft.pen(Pen::Move(1, Point(300, 100)));
        draft.pen(Pen::Move(7, Point(500, 900)));
        draft.pen(Pen::Move(1, Point(400, 100)));
        let Draft::Drawn(strokes) = &draft else { panic!("not drawn") };
        assert_eq!(strokes.as_slice(), [vec![Point(100, 100), Point(300, 100), Point(400, 100)]]);
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
