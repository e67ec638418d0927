//! Frames: pictures, text boxes, embedded files.

use super::super::model::Inline;
use super::super::xml::Element;
use super::body::{Building, Reader};

impl Reader<'_, '_> {
    pub(super) fn frame<'e>(&mut self, frame: &'e Element, building: &mut Building<'e>) {
        let of = |name: &str| frame.child(name).map(Element::text).unwrap_or_default();
        let alt = if of("svg:desc").trim().is_empty() { of("svg:title") } else { of("svg:desc") };
        if let Some(text_box) = frame.child("draw:text-box") {
            building.boxes.push(text_box);
            return;
        }
        if frame.child("draw:object").is_some() || frame.child("draw:object-ole").is_some() {
            self.thing("an embedded file or formula", &alt, building.no);
            return;
        }
        let decorative = frame.get("loext:decorative") == Some("true");
        let mut files: Vec<&str> = frame
            .elements()
            .filter(|e| &*e.name == "draw:image")
            .filter_map(|image| image.get("xlink:href"))
            .collect();
        // The same picture may be there in several forms: the first that a page can show is taken.
        files.sort_by_key(|file| {
            let lower = file.to_lowercase();
            !["png", "jpg", "jpeg"].iter().any(|ending| lower.ends_with(ending))
        });
        let Some(&file) = files.first() else { return };
        if file.contains("://") {
            self.thing("a picture that is not in the document but somewhere else", &alt, building.no);
        } else if decorative {
            self.thing("a picture that the document calls decorative", &alt, building.no);
        } else {
            let name = super::super::archive::joined("content.xml", file);
            let taken =
                self.pictures.take(self.archive, &name, &alt, building.no, &mut self.document, self.notes);
            if let Some(picture @ Inline::Picture { .. }) = taken {
                building.inlines.push(picture);
            }
        }
    }

    /// A drawing: its words stand in it as in a text box.
    pub(super) fn shape<'e>(&mut self, shape: &'e Element, building: &mut Building<'e>) {
        for inner in shape.elements() {
            match &*inner.name {
                "draw:frame" => self.frame(inner, building),
                name if name.starts_with("draw:") => self.shape(inner, building),
                _ => {}
            }
        }
        if shape.elements().any(|inner| matches!(&*inner.name, "text:p" | "text:list")) {
            building.boxes.push(shape);
        }
    }

    fn thing(&mut self, what: &str, alt: &str, no: usize) {
        let told = if alt.trim().is_empty() { format!("[{what}]") } else { format!("[{what}: {alt}]") };
        self.notes.drop_thing(no, told, &format!("{what}, which pages cannot show"));
    }
}
