//! Pictures, drawings and other things that stand in a run.

use super::super::model::Inline;
use super::super::xml::Element;
use super::body::{Building, Reader};

impl Reader<'_, '_> {
    /// A drawing: pictures, text boxes, charts.
    pub(super) fn drawing<'e>(&mut self, drawing: &'e Element, building: &mut Building<'e>) {
        let about = drawing.all("wp:docPr").into_iter().next();
        let of = |name: &str| about.and_then(|about| about.get(name)).unwrap_or_default();
        let alt = if of("descr").trim().is_empty() { of("title") } else { of("descr") };
        let decorative = about.is_some_and(|about| {
            about.all("adec:decorative").iter().any(|mark| mark.get("val").is_none_or(|on| on != "0"))
        });
        let boxes = outermost(drawing, "w:txbxContent");
        let pictures = drawing.all("a:blip");
        for (place, blip) in pictures.iter().enumerate() {
            if boxes.iter().any(|text_box| contains(text_box, blip)) {
                continue;
            }
            let id = blip.get("r:embed").filter(|id| !id.is_empty()).or_else(|| blip.get("r:link"));
            // One description is of the whole group: it goes with the first of its pictures.
            let alt = if place == 0 { alt } else { "" };
            self.picture(id, alt, decorative, building);
        }
        if pictures.is_empty() && boxes.is_empty() {
            let things = [
                ("c:chart", "a chart"),
                ("dgm:relIds", "a SmartArt drawing"),
                ("cx:chart", "a chart"),
                ("lc:lockedCanvas", "a drawing"),
            ];
            for (name, what) in things {
                if !drawing.all(name).is_empty() {
                    self.thing(what, alt, building.no);
                }
            }
        }
        building.boxes.extend(boxes);
    }

    /// A drawing or an embedded file as Word wrote them before 2010.
    pub(super) fn old_drawing<'e>(&mut self, drawing: &'e Element, building: &mut Building<'e>) {
        let boxes = outermost(drawing, "w:txbxContent");
        let shape = drawing.all("v:shape").into_iter().next();
        let alt = shape.and_then(|shape| shape.get("alt")).unwrap_or_default();
        if &*drawing.name == "w:object" {
            self.thing("an embedded file", alt, building.no);
        } else {
            for image in drawing.all("v:imagedata") {
                let alt = if alt.trim().is_empty() { image.get("o:title").unwrap_or_default() } else { alt };
                self.picture(image.get("r:id"), alt, false, building);
            }
        }
        building.boxes.extend(boxes);
    }

    fn picture(&mut self, id: Option<&str>, alt: &str, decorative: bool, building: &mut Building<'_>) {
        let Some(relation) = id.and_then(|id| self.relations.by_id.get(id)) else { return };
        if relation.outside {
            self.thing("a picture that is not in the document but somewhere else", alt, building.no);
            return;
        }
        if decorative {
            self.thing("a picture that the document calls decorative", alt, building.no);
            return;
        }
        let taken = self.pictures.take(
            self.archive,
            &relation.target,
            alt,
            building.no,
            &mut self.document,
            self.notes,
        );
        if let Some(picture @ Inline::Picture { .. }) = taken {
            building.inlines.push(picture);
        }
    }

    fn thing(&mut self, what: &str, alt: &str, no: usize) {
        let told = if alt.trim().is_empty() { format!("[{what}]") } else { format!("[{what}: {alt}]") };
        self.notes.drop_thing(no, told, &format!("{what}, which pages cannot show"));
    }
}

/// Every element of this name that is not within another of it.
fn outermost<'e>(element: &'e Element, name: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    for inner in element.elements() {
        if &*inner.name == name {
            found.push(inner);
        } else {
            found.extend(outermost(inner, name));
        }
    }
    found
}

fn contains(element: &Element, wanted: &Element) -> bool {
    element.elements().any(|inner| std::ptr::eq(inner, wanted) || contains(inner, wanted))
}
