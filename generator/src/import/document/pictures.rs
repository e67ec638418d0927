//! Pictures of a document: which of them a page can show.

use std::collections::HashMap;

use super::super::Notes;
use super::archive::Archive;
use super::model::{Document, Image, Inline};

/// The largest picture that a school's folder may hold, in bytes.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// Takes pictures out of the archive, each file once.
#[derive(Debug, Default)]
pub(super) struct Collector {
    known: HashMap<String, usize>,
}

impl Collector {
    /// The picture in the file of this name, to stand in the text; nothing and a note where a page
    /// cannot show it. Whatever is hidden in the file goes when the site is built.
    pub(super) fn take(
        &mut self,
        archive: &mut Archive<'_>,
        name: &str,
        alt: &str,
        no: usize,
        document: &mut Document,
        notes: &mut Notes,
    ) -> Option<Inline> {
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(&image) = self.known.get(name) {
            return Some(Inline::Picture { image, alt });
        }
        let file = name.rsplit('/').next().unwrap_or(name);
        let mut drop = |why: String| {
            let told = if alt.is_empty() { file.to_owned() } else { format!("{file}: {alt}") };
            notes.drop_thing(no, format!("[picture {told}]"), &why);
        };
        // What is wrong with one picture is no reason to do without the words.
        let bytes = match archive.bytes(name) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                drop("a picture that is not in the document's file".to_owned());
                return None;
            }
            Err(_) => {
                drop("a picture that is damaged or too large".to_owned());
                return None;
            }
        };
        let ending = match kind(&bytes) {
            Ok(ending) if bytes.len() <= MOST_BYTES => ending,
            Ok(_) => {
                drop("a picture of more than 24 MB: make it smaller, and put it into images".to_owned());
                return None;
            }
            Err(form) => {
                drop(format!(
                    "{form}, which pages cannot show: save it as PNG or JPEG, and put it into images"
                ));
                return None;
            }
        };
        document.pictures.push(Image { ending, bytes });
        let image = document.pictures.len() - 1;
        self.known.insert(name.to_owned(), image);
        Some(Inline::Picture { image, alt })
    }
}

/// The ending that a picture's file should have, or what it is instead.
fn kind(bytes: &[u8]) -> Result<&'static str, &'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok("png"),
        [0xff, 0xd8, 0xff, ..] => Ok("jpg"),
        [b'G', b'I', b'F', b'8', ..] => Err("a picture in the form GIF"),
        [b'B', b'M', ..] => Err("a picture in the form BMP"),
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => Err("a picture in the form TIFF"),
        [0xd7, 0xcd, 0xc6, 0x9a, ..] | [1, 0, 9, 0, ..] => Err("a drawing in the form WMF"),
        [1, 0, 0, 0, rest @ ..] if rest.get(36..40) == Some(b" EMF") => Err("a drawing in the form EMF"),
        [b'R', b'I', b'F', b'F', ..] => Err("a picture in the form WebP"),
        _ if bytes.windows(4).take(1000).any(|four| four == b"<svg") => Err("a drawing in the form SVG"),
        _ => Err("a picture in a form that is not known"),
    }
}
