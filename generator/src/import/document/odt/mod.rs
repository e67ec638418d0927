//! OpenDocument text: a zip with the text in one file and styles in another (ISO/IEC 26300, part 3).

mod body;
mod changes;
mod frames;
mod lists;
mod styles;
mod words;

use super::super::Notes;
use super::archive::Archive;
use super::model::Document;
use super::xml::Element;
use super::{DocumentError, furniture};
use body::Reader;
use styles::Styles;

/// What the file `mimetype` says of a text and of a template of one.
const KIND: &str = "application/vnd.oasis.opendocument.text";

/// The part that holds the text, if this is an OpenDocument.
pub(super) fn main_part(archive: &mut Archive<'_>) -> Result<Option<&'static str>, DocumentError> {
    let kind = archive.bytes("mimetype")?;
    let kind = kind.as_deref().map(|kind| String::from_utf8_lossy(kind).trim().to_owned());
    match kind.as_deref() {
        Some(kind) if kind.starts_with(KIND) => {
            let locked = archive
                .xml("META-INF/manifest.xml")?
                .is_some_and(|manifest| !manifest.all("manifest:encryption-data").is_empty());
            if locked || archive.has("encrypted-package") {
                return Err(DocumentError::Locked);
            }
            Ok(Some("content.xml"))
        }
        Some(kind) if kind.starts_with("application/vnd.oasis.opendocument") => Err(DocumentError::NotText),
        _ => Ok(None),
    }
}

/// Reads a document whose text is in this part.
pub(super) fn read(
    archive: &mut Archive<'_>,
    part: &str,
    notes: &mut Notes,
) -> Result<Document, DocumentError> {
    let content = archive.xml(part)?.ok_or(DocumentError::Broken)?;
    let shared = archive.xml("styles.xml")?.unwrap_or_default();
    let text = content.at(&["office:body", "office:text"]).ok_or(DocumentError::NotText)?;
    let title = archive.xml("meta.xml").ok().flatten();
    let title = title.and_then(|meta| meta.at(&["office:meta", "dc:title"]).map(Element::text));

    for page in shared.child("office:master-styles").into_iter().flat_map(Element::elements) {
        let furniture = page.elements().filter(|element| {
            let name = element.name.strip_prefix("style:").unwrap_or_default();
            name.starts_with("header") || name.starts_with("footer")
        });
        let lines = furniture.flat_map(|element| element.all("text:p")).map(words::plain);
        furniture::drop_running(lines, notes);
    }
    if archive.has("Basic/script-lc.xml") {
        notes.drop_thing(0, "[macros]", "macros: little programs, which a page has no use for");
    }
    let styles = Styles::read(&shared, &content);
    let mut reader = Reader::new(&styles, archive, notes);
    let mut document = reader.read(text)?;
    document.title = title;
    Ok(document)
}
