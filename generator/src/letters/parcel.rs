//! Letters as one file to take away.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::Shape;

/// The letters' own file where they are one, else a zip of them, with its name.
///
/// # Errors
/// [`ZipError`], where they are more than a zip holds.
pub fn parcel(
    files: BTreeMap<String, Vec<u8>>,
    shape: Shape,
    letter: &str,
) -> Result<(String, Vec<u8>), ZipError> {
    // Together they are one file, or a few of a very long list.
    if let (1, Shape::Together) = (files.len(), shape) {
        return Ok(files.into_iter().next().unwrap_or_default());
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A PDF is packed already.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in files {
        zip.start_file(name, plain)?;
        zip.write_all(&bytes)?;
    }
    Ok((format!("{letter}.zip"), zip.finish()?.into_inner()))
}
