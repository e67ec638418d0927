//! Flowcharts: the drawing, and its steps in words.

use super::Writer;
use crate::{
    chart::Sort,
    print::document::{Charted, Step},
};

impl Writer<'_> {
    /// Data for the template: every number in pixels of the chart.
    pub(super) fn chart(&mut self, chart: &Charted) {
        let drawn = chart.drawn();
        self.mark(chart.at);
        self.say(format_args!("t.chart({:.1}, {:.1}, ", drawn.width, drawn.height));
        self.string(&chart.alt);
        self.raw(", (\n");
        for line in &drawn.lines {
            let ((x1, y1), (x2, y2)) = (line.from, line.to);
            self.say(format_args!("(from: ({x1:.1}, {y1:.1}), to: ({x2:.1}, {y2:.1}), turn: "));
            match line.turn {
                Some(turn) => self.say(format_args!("({:.1}, {:.1})", turn.begins, turn.ends)),
                None => self.raw("none"),
            }
            match line.tip {
                Some(tip) => self.say(format_args!(", tip: {tip:.1}),\n")),
                None => self.raw(", tip: none),\n"),
            }
        }
        self.raw("), (\n");
        for one in &drawn.boxes {
            let (kind, number) = match one.sort {
                Sort::Step { number, asks: true, .. } => ("asks", number),
                Sort::Step { number, ends: true, .. } => ("ends", number),
                Sort::Step { number, .. } => ("does", number),
                Sort::Back => ("back", 0),
                Sort::Words | Sort::Passing => ("way", 0),
            };
            self.say(format_args!("(kind: {kind:?}, number: {number}, "));
            self.say(format_args!("left: {:.1}, top: {:.1}, ", one.left, one.top));
            self.say(format_args!("width: {:.1}, height: {:.1}, ", one.width, one.height));
            self.say(format_args!("letters: {:.1}, words: ", one.letters));
            self.string(&one.lines.join(" "));
            self.raw("),\n");
        }
        self.raw("))");
    }

    pub(super) fn step(&mut self, step: &Step) {
        self.mark(step.at);
        let level = self.level(step.level);
        self.say(format_args!("t.one-step({level}, "));
        self.anchor(&step.anchor);
        self.say(format_args!(", {}, {}, ", step.number, step.is_short()));
        self.inlines(&step.words);
        self.raw(", ");
        self.held(&step.more);
        self.raw(", ");
        match &step.end {
            Some(end) => self.string(end),
            None => self.raw("none"),
        }
        self.raw(")");
    }
}
