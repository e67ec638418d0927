//! Word's documents: a zip with the text in one part, and styles, numbering, notes, comments and
//! pictures in others (ECMA-376, part 1).

mod body;
mod fields;
mod numbering;
mod pictures;
mod runs;
mod styles;
mod symbols;

use std::collections::HashMap;

use super::super::Notes;
use super::archive::{self, Archive};
use super::model::Document;
use super::xml::Element;
use super::{DocumentError, furniture};
use body::Reader;
use numbering::Numbering;
use styles::Styles;

/// What a part refers to: other parts by their names, and addresses outside.
#[derive(Debug, Default)]
struct Relations {
    by_id: HashMap<String, Relation>,
}

#[derive(Debug, Clone)]
struct Relation {
    /// The end of its type: `image`, `hyperlink`, `footnotes`.
    kind: String,
    target: String,
    outside: bool,
}

impl Relations {
    /// Reads what the part at this place refers to.
    fn of(archive: &mut Archive<'_>, part: &str) -> Result<Self, DocumentError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let file = archive::joined("", &format!("{folder}/_rels/{name}.rels"));
        let mut by_id = HashMap::new();
        for relation in archive.xml(&file)?.iter().flat_map(Element::elements) {
            let (Some(id), Some(kind), Some(target)) =
                (relation.get("Id"), relation.get("Type"), relation.get("Target"))
            else {
                continue;
            };
            let outside = relation.get("TargetMode") == Some("External");
            let target = if outside { target.to_owned() } else { archive::joined(part, target) };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            by_id.insert(id.to_owned(), Relation { kind, target, outside });
        }
        Ok(Self { by_id })
    }

    fn first(&self, kind: &str) -> Option<&str> {
        let mut found: Vec<&Relation> =
            self.by_id.values().filter(|relation| relation.kind == kind).collect();
        found.sort_by(|one, other| one.target.cmp(&other.target));
        found.first().map(|relation| relation.target.as_str())
    }

    fn all(&self, kind: &str) -> Vec<&str> {
        let mut found: Vec<&str> = self
            .by_id
            .values()
            .filter(|relation| relation.kind == kind && !relation.outside)
            .map(|relation| relation.target.as_str())
            .collect();
        found.sort_unstable();
        found
    }
}

/// The part that holds the text, if this is a document of Word's.
pub(super) fn main_part(archive: &mut Archive<'_>) -> Result<Option<String>, DocumentError> {
    if !archive.has("[Content_Types].xml") {
        return Ok(None);
    }
    let relations = Relations::of(archive, "")?;
    let named = relations.first("officeDocument").map(str::to_owned);
    Ok(Some(named.unwrap_or_else(|| "word/document.xml".to_owned())))
}

/// Reads a document whose text is in this part.
pub(super) fn read(
    archive: &mut Archive<'_>,
    part: &str,
    notes: &mut Notes,
) -> Result<Document, DocumentError> {
    let main = archive.xml(part)?.ok_or(DocumentError::Broken)?;
    if &*main.name != "w:document" {
        return Err(DocumentError::NotText);
    }
    let relations = Relations::of(archive, part)?;
    let mut part_of = |kind: &str| match relations.first(kind) {
        Some(target) => archive.xml(target),
        None => Ok(None),
    };
    let styles = Styles::read(part_of("styles")?.as_ref());
    let numbering = Numbering::read(part_of("numbering")?.as_ref(), &styles);
    let footnotes = part_of("footnotes")?.unwrap_or_default();
    let endnotes = part_of("endnotes")?.unwrap_or_default();
    let comments = part_of("comments")?.unwrap_or_default();
    let title = archive.xml("docProps/core.xml").ok().flatten();
    let title = title.and_then(|core| core.child("dc:title").map(Element::text));

    for kind in ["header", "footer"] {
        for target in relations.all(kind) {
            if let Some(furniture) = archive.xml(target)? {
                let lines = furniture.all("w:p").into_iter().map(|paragraph| {
                    let pieces = ["w:t", "w:tab"];
                    let words: Vec<String> = pieces_of(paragraph, &pieces);
                    words.concat()
                });
                furniture::drop_running(lines, notes);
            }
        }
    }
    if relations.by_id.values().any(|relation| relation.kind == "vbaProject") {
        notes.drop_thing(0, "[macros]", "macros: little programs, which a page has no use for");
    }

    let body = main.child("w:body").ok_or(DocumentError::Broken)?;
    let from = (notes.dropped.len(), notes.doubts.len());
    let mut contents_fields = true;
    loop {
        let mut reader = Reader::new(&styles, &numbering, &relations, archive, notes);
        reader.contents_fields = contents_fields;
        reader.set_notes(&footnotes, &endnotes, &comments);
        let mut document = reader.read(body)?;
        if reader.has_endless_contents() && contents_fields {
            // A contents list that never ends would swallow the policy: do without its borders.
            contents_fields = false;
            notes.dropped.truncate(from.0);
            notes.doubts.truncate(from.1);
            continue;
        }
        document.title = title;
        return Ok(document);
    }
}

/// The texts of the paragraph itself, tabs as tabs; nothing of paragraphs within it.
fn pieces_of(element: &Element, kinds: &[&str]) -> Vec<String> {
    let mut pieces = Vec::new();
    for inner in element.elements() {
        match &*inner.name {
            "w:t" if kinds.contains(&"w:t") => pieces.push(inner.text()),
            "w:delText" if kinds.contains(&"w:delText") => pieces.push(inner.text()),
            "w:tab" if &*element.name == "w:r" => pieces.push("\t".to_owned()),
            "w:p" | "mc:Fallback" => {}
            _ => pieces.extend(pieces_of(inner, kinds)),
        }
    }
    pieces
}
