//! What is answered by hand: the uses that are asked about, and the questions of a form.

use super::Writer;
use crate::print::document::{Answer, Purpose, Question};

impl Writer<'_> {
    pub(super) fn purpose(&mut self, purpose: &Purpose) {
        let level = self.level(purpose.level);
        self.say(format_args!("t.purpose({level}, "));
        self.anchor(&purpose.anchor);
        self.raw(", ");
        self.picture(purpose.picture.as_deref());
        self.raw(", ");
        self.string(&purpose.words);
        self.raw(", (");
        for (label, says) in &purpose.facts {
            self.raw("(");
            self.string(label);
            self.raw(", ");
            self.string(says);
            self.raw("), ");
        }
        self.raw("), (");
        self.strings(&purpose.answers);
        self.raw("))");
    }

    pub(super) fn question(&mut self, question: &Question) {
        let level = self.level(question.level);
        self.say(format_args!("t.question({level}, {}, ", question.number));
        self.string(&question.words);
        self.raw(", ");
        self.string(&question.note);
        self.raw(", (");
        self.strings(&question.help);
        self.raw("), ");
        match &question.answer {
            Answer::Either(answers) => {
                self.raw("t.either((");
                self.strings(answers);
                self.raw("))");
            }
            Answer::Boxes(boxes) => {
                self.raw("t.boxes((");
                for (picture, words) in boxes {
                    self.raw("(");
                    self.picture(picture.as_deref());
                    self.raw(", ");
                    self.string(words);
                    self.raw("), ");
                }
                self.raw("))");
            }
            Answer::Lines(lines) => self.say(format_args!("t.writing-room({lines})")),
        }
        self.raw(")");
    }
}
