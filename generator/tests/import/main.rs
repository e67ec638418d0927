//! What the importer makes of policies as schools have them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod behaviour;
mod files;
mod hostile;
mod made_by_libreoffice;
mod page;
mod property;
mod real_policies;
mod speed;
mod word;
mod word_lists;
mod written;

use generator::import::{ImportOptions, Imported, import_text};

/// Imports a text that came in a file called `sample.txt`.
fn import(text: &str) -> Imported {
    import_text(text, &ImportOptions { file_stem: "sample".to_owned(), ..ImportOptions::default() })
}

/// The Markdown after the front matter.
fn body(imported: &Imported) -> &str {
    imported.markdown.splitn(3, "+++\n").nth(2).unwrap().trim()
}
