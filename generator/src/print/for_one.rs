//! What the hub has printed about one person, as a document like any other.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use press::print::{
    Fault, Press,
    document::{Block, Document, Inline, Signing, Statement},
};
use records::{
    container::ContainerError,
    paper::{Paper, PaperFact, PaperPart, Says},
    signature::{Drawing, Mark},
};

use super::{PrintError, made, words::Words};
use crate::{
    look::Look,
    theme::{Theme, ThemeError},
};

/// Why it cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The file cannot be read.
    #[error("{} cannot be read: {why}", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// It is not what the hub made.
    #[error("{0}; make it again at the hub’s desk")]
    Damaged(ContainerError),
    /// Something in it has a letter that no font has.
    #[error("the fonts for print have no “{0}” (U+{code:04X}), which stands in a name or a text", code = u32::from(*.0))]
    Letter(char),
    /// The theme is at fault.
    #[error(transparent)]
    Theme(#[from] PrintError),
    /// Something else that the engine refused.
    #[error("the pages cannot be made: {0}")]
    Refused(String),
}

impl From<ThemeError> for PaperError {
    fn from(error: ThemeError) -> Self {
        Self::Theme(error.into())
    }
}

/// Makes the PDF.
///
/// # Errors
/// [`PaperError`].
pub fn print(paper: &Paper, theme: &Theme) -> Result<Vec<u8>, PaperError> {
    let look = paper.colours.as_ref().map(Look::from).unwrap_or_default();
    let style = made::styled(theme, &look)?;
    let press = Press::new(&style).map_err(|why| PrintError::Style(why.to_string()))?;
    press.print(&document(paper, theme)?).map(|printed| printed.bytes).map_err(|faults| told(&faults))
}

/// The document as it is handed to the engine.
///
/// # Errors
/// [`PaperError`], where the theme is at fault.
pub fn document(paper: &Paper, theme: &Theme) -> Result<Document, PaperError> {
    let words = Words::of(theme)?;
    let mut making = Making { theme, pictures: BTreeMap::new(), parts: 0 };
    let body = paper.parts.iter().flat_map(|part| making.part(part)).collect();
    let logo = theme.symbol("signpost").map(|svg| {
        making.pictures.insert("symbols/signpost.svg".to_owned(), svg.to_vec());
        "symbols/signpost.svg".to_owned()
    });
    let day = paper.day.date();
    Ok(Document {
        title: paper.title.clone(),
        kind: paper.kind.clone(),
        summary: paper.summary.clone(),
        school: paper.school.clone(),
        language: paper.language.to_string(),
        logo,
        day: (day.year(), day.month(), day.day()),
        compact: true,
        notice: vec![vec![Inline::Strong(vec![Inline::plain(&paper.label)])]],
        edition: paper.label.split('.').next().unwrap_or_default().to_owned(),
        page_words: (words.own.page.number.clone(), words.own.page.of.clone()),
        body,
        pictures: making.pictures,
        ..Document::default()
    })
}

struct Making<'t> {
    theme: &'t Theme,
    pictures: BTreeMap<String, Vec<u8>>,
    /// How many headings there are so far: their names, and their places.
    parts: usize,
}

impl Making<'_> {
    fn part(&mut self, part: &PaperPart) -> Vec<Block> {
        self.parts += 1;
        let heading = Block::Heading {
            level: 1,
            anchor: format!("part-{}", self.parts),
            words: vec![Inline::plain(&part.title)],
            at: self.parts,
        };
        std::iter::once(heading).chain(part.says.iter().map(|says| self.says(says))).collect()
    }

    fn says(&mut self, says: &Says) -> Block {
        match says {
            Says::Words(words) => Block::Paragraph(vec![Inline::plain(words)]),
            Says::Facts(facts) => {
                Block::List { first: None, items: facts.iter().map(|f| vec![fact(f)]).collect() }
            }
            Says::Entry { title, mark, facts } => {
                self.parts += 1;
                Block::Statement(Statement {
                    level: 2,
                    anchor: format!("part-{}", self.parts),
                    words: vec![Inline::plain(title)],
                    picture: mark.as_ref().and_then(|mark| self.mark(mark)),
                    more: facts.iter().map(fact).collect(),
                    at: self.parts,
                })
            }
            Says::Groups(groups) => Block::Groups(groups.clone()),
            Says::NewSheet => Block::NewSheet,
            Says::Signing { title, says, lines } => Block::Signing(vec![Signing {
                title: title.clone(),
                says: says.clone(),
                lines: lines.clone(),
                mark: None,
            }]),
        }
    }

    fn mark(&mut self, mark: &Mark) -> Option<String> {
        let (name, svg) = match mark {
            Mark::Drawn(drawing) => (format!("marks/{}.svg", self.pictures.len()), drawn(drawing)),
            // A sticker of a school's own is at its kiosks alone: a star stands for it.
            Mark::Sticker(name) => {
                let svg = self.theme.symbol(name.as_str()).or_else(|| self.theme.symbol("star"))?;
                (format!("symbols/{name}.svg"), svg.to_vec())
            }
        };
        self.pictures.insert(name.clone(), svg);
        Some(name)
    }
}

fn fact(fact: &PaperFact) -> Block {
    let label = Inline::Strong(vec![Inline::plain(format!("{}: ", fact.label))]);
    Block::Paragraph(vec![label, Inline::plain(&fact.value)])
}

/// A mark as a drawing.
fn drawn(drawing: &Drawing) -> Vec<u8> {
    let mut path = String::new();
    for stroke in drawing.strokes() {
        for (at, point) in stroke.iter().enumerate() {
            let _ = write!(path, "{}{} {}", if at == 0 { 'M' } else { 'L' }, point.0, point.1);
        }
        if let [only] = &stroke[..] {
            let _ = write!(path, "L{} {}", only.0, only.1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-30 -30 1060 1060\"><path d=\"{path}\" fill=\"none\" stroke=\"#1B2A2F\" stroke-width=\"36\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
    )
    .into_bytes()
}

fn told(faults: &[Fault]) -> PaperError {
    match faults.first() {
        Some(Fault::NoGlyph { letter, .. }) => PaperError::Letter(*letter),
        other => PaperError::Refused(format!("{other:?}")),
    }
}
