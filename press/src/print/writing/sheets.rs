//! Sheets with templates of their own: letters, and agreements to sign.

use super::{Writer, parts_of_tag, readers};
use crate::print::{
    letter::{Face, Mailing},
    to_sign::{self, SheetToSign},
};

impl Writer<'_> {
    pub(super) fn mailing(&mut self, mailing: &Mailing) {
        let document = self.document;
        self.raw("#import \"/letter.typ\" as t\n#let head = (\n");
        self.named("school", &document.school);
        self.logo();
        self.raw("  from: (");
        self.strings(&mailing.from);
        self.raw("),\n)\n#show: t.mailing.with(head,\n");
        self.named("title", &document.title);
        self.language(&document.language);
        self.day();
        self.named("page-word", &document.page_words.0);
        self.raw(")\n#{\n");
        for (number, letter) in mailing.letters.iter().enumerate() {
            for (side, face) in letter.faces.iter().enumerate() {
                // A sheet's front: where another letter begins, and where the second language does if the first
                // took two sides. On one side of a sheet each, letters need no empty backs.
                let turn = match (number, side) {
                    (0, 0) => "none",
                    (_, 0) if mailing.two_sided => "\"front\"",
                    _ => "\"side\"",
                };
                self.say(format_args!("t.letter(head, {turn}, {}pt, (", letter.address_size));
                self.strings(if side == 0 { letter.address.as_slice() } else { &[] });
                self.raw("), ");
                self.face(face);
                self.raw(")\n");
            }
        }
        self.raw("}\n");
    }

    fn face(&mut self, face: &Face) {
        self.above = 1;
        self.raw("(\n");
        self.language(&face.language);
        self.named("dated", &face.dated);
        self.named("notice", &face.notice);
        self.raw("  turn: ");
        match &face.over {
            Some((tag, words)) => {
                self.raw("(");
                let (language, _) = parts_of_tag(tag);
                self.string(&language);
                self.raw(", ");
                self.string(words);
                self.raw(")");
            }
            None => self.raw("none"),
        }
        self.raw(",\n  subject: ");
        self.inlines(&face.subject);
        self.raw(",\n  body: ");
        self.held(&face.body);
        self.raw("\n)");
    }

    pub(super) fn sheet_to_sign(&mut self, sheet: &SheetToSign) {
        let document = self.document;
        self.raw("#import \"/to-sign.typ\" as t\n#t.sheet-to-sign(\n");
        self.named(
            "shape",
            match sheet.shape {
                to_sign::Shape::Sides => "sides",
                to_sign::Shape::Beside => "beside",
            },
        );
        self.named("title", &document.title);
        self.named("school", &document.school);
        self.named("stated", &sheet.stated);
        self.named("address", &document.address);
        self.named("readers", readers(document.readers));
        self.day();
        self.logo();
        self.raw("  texts: (\n");
        for text in &sheet.texts {
            self.sheet_text(text);
        }
        self.raw("))\n");
    }

    fn sheet_text(&mut self, text: &to_sign::Text) {
        self.raw("(\n");
        self.language(&text.language);
        self.named("kind", &text.kind);
        self.named("title", &text.title);
        self.named("notice", &text.notice);
        self.named("elsewhere", &text.elsewhere);
        self.raw("  introduction: ");
        self.held_or_none(&text.introduction);
        self.raw(",\n  groups: (\n");
        for group in &text.groups {
            self.raw("(heading: ");
            if group.heading.is_empty() {
                self.raw("none")
            } else {
                self.inlines(&group.heading)
            }
            self.raw(", introduction: ");
            self.held_or_none(&group.introduction);
            self.raw(", promises: (\n");
            for promise in &group.promises {
                self.mark(promise.at);
                self.raw("(picture: ");
                match promise.picture.as_deref().and_then(|picture| self.path(picture)) {
                    Some(path) => self.string(&path),
                    None => self.raw("none"),
                }
                self.raw(", words: ");
                self.inlines(&promise.words);
                self.raw(", more: ");
                self.held_or_none(&promise.more);
                self.raw("),\n");
            }
            self.raw(")),\n");
        }
        self.raw("),\n  signing: ");
        self.signing_parts(&text.signing);
        self.raw(",\n),\n");
    }
}
