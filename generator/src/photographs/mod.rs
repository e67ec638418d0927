//! Photographs on their way to the site: upright, in a few widths, and with nothing left in them but
//! what is to be seen.
//!
//! 1. [`mod@shown`] tells on which published pages each picture stands.
//! 2. [`prepare`] judges every photograph of the school and makes the sizes of those that are shown.
//! 3. [`held`] knows what the build before made, so that an unchanged photograph is not made again.
//!
//! A published file is named after what is in the photograph, not after the photograph's file: a name
//! that somebody gave a file (“mia-sports-day.jpg”) never reaches the site, and a changed picture never
//! hides behind an old copy.

pub mod held;
mod shown;

pub use shown::shown;

use std::collections::BTreeMap;

use press::photograph::{self, Format, PhotographError, Sight};
use rayon::prelude::*;
use records::digest::Digest;

use self::held::Held;
use crate::{diagnostic::Diagnostic, load::School};

/// How much memory the pictures that are decoded at one time may take together, in bytes.
const MEMORY: u64 = 384 * 1024 * 1024;

/// A photograph as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photograph {
    /// Its sizes, smallest first; at least one.
    pub sizes: Vec<Size>,
    /// Whether the file said where it was taken.
    pub held_place: bool,
    /// Whether the largest size has fewer pixels than the file.
    pub made_smaller: bool,
}

/// One size of a photograph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// The published file, from the site's root.
    pub file: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: Digest,
}

/// Whether this file of a school is a photograph: pixels, not a drawing.
pub fn is_photograph(path: &str) -> bool {
    named_format(path).is_some()
}

fn named_format(path: &str) -> Option<Format> {
    let lower = path.to_lowercase();
    let (_, ending) = lower.rsplit_once('.')?;
    match ending {
        "png" => Some(Format::Png),
        "jpg" | "jpeg" => Some(Format::Jpeg),
        _ => None,
    }
}

/// Judges every photograph of the school, and makes those that published pages show, by path. What
/// `held` has of an unchanged one is taken as it is.
pub fn prepare(school: &School, held: &Held) -> (BTreeMap<String, Photograph>, Vec<Diagnostic>) {
    let files: Vec<(&String, &Vec<u8>)> =
        school.pictures.iter().filter(|(path, _)| is_photograph(path)).collect();
    let seen: Vec<Result<Sight, Diagnostic>> =
        files.par_iter().map(|(path, bytes)| judged(path, bytes)).collect();
    let shown = if files.is_empty() { BTreeMap::new() } else { shown(school) };
    let mut problems = Vec::new();
    let mut ready = BTreeMap::new();
    let mut jobs = Vec::new();
    for ((path, bytes), sight) in files.into_iter().zip(seen) {
        match sight {
            Err(problem) => problems.push(problem),
            Ok(_) if !shown.contains_key(path) => {}
            Ok(sight) => {
                jobs.push(Job { path, bytes, sight, from: Digest::of_kind(photograph::SETTINGS, bytes) })
            }
        }
    }
    // Names go by what is in a file: two files with the same bytes are published once.
    for batch in batches(&jobs, held) {
        let made: Vec<(&Job<'_>, Result<Vec<Size>, PhotographError>)> =
            batch.into_par_iter().map(|job| (job, job.sizes(held))).collect();
        for (job, sizes) in made {
            match sizes {
                Ok(sizes) => {
                    let most = sizes.iter().map(|size| size.width).max().unwrap_or_default();
                    let photograph = Photograph {
                        sizes,
                        held_place: job.sight.holds_place,
                        made_smaller: most < job.sight.width,
                    };
                    ready.insert(job.path.clone(), photograph);
                }
                Err(error) => problems.push(told(job.path, &error)),
            }
        }
    }
    (ready, problems)
}

struct Job<'a> {
    path: &'a String,
    bytes: &'a [u8],
    sight: Sight,
    from: Digest,
}

impl Job<'_> {
    fn sizes(&self, held: &Held) -> Result<Vec<Size>, PhotographError> {
        if let Some(sizes) = held.sizes(&self.from) {
            return Ok(sizes.to_vec());
        }
        let made = photograph::sizes(self.bytes)?;
        let size = |made: photograph::Size| Size {
            file: format!("images/{}-{}.{}", &self.from.to_string()[..16], made.width, made.format.ending()),
            width: made.width,
            height: made.height,
            digest: Digest::of(&made.bytes),
            bytes: made.bytes,
        };
        Ok(made.into_iter().map(size).collect())
    }
}

/// Pictures that are decoded at one time: as many as fit into [`MEMORY`], one at least.
fn batches<'j, 'a>(jobs: &'j [Job<'a>], held: &Held) -> Vec<Vec<&'j Job<'a>>> {
    let mut batches: Vec<Vec<&Job<'_>>> = Vec::new();
    let mut memory = 0;
    for job in jobs {
        // Half as much again for the smaller copies on the way.
        let takes = if held.sizes(&job.from).is_some() { 0 } else { job.sight.memory / 2 * 3 };
        match batches.last_mut() {
            Some(batch) if memory + takes <= MEMORY => {
                memory += takes;
                batch.push(job);
            }
            _ => {
                memory = takes;
                batches.push(vec![job]);
            }
        }
    }
    batches
}

fn judged(path: &str, bytes: &[u8]) -> Result<Sight, Diagnostic> {
    let sight = photograph::look(bytes).map_err(|error| told(path, &error))?;
    if named_format(path) == Some(sight.format) {
        return Ok(sight);
    }
    let ending = sight.format.ending();
    Err(Diagnostic::file_error(
        "broken-picture",
        path,
        format!("This is a {} picture, but the end of its name says otherwise.", ending.to_uppercase()),
        format!("Rename it so that it ends in .{ending}, here and on the pages that show it."),
    ))
}

fn told(path: &str, error: &PhotographError) -> Diagnostic {
    let (code, mend) = match error {
        PhotographError::TooLarge { .. } => (
            "picture-too-large",
            "Open it in a picture program, make it smaller (2,000 pixels across are plenty) and save it again.",
        ),
        _ => ("broken-picture", "Open it in a picture program and save it again as PNG or JPEG."),
    };
    Diagnostic::file_error(code, path, format!("This picture cannot be used: {error}."), mend)
}
