//! A poster of the school as one to print.

use press::{
    print::{
        document::{Block, Document as Paper, Inline},
        poster::{CODE_EDGE, Code, Ground, Poster, SCREEN_CODE_EDGE, Section},
        sheet::Sheet,
    },
    qr::{Qr, QrError},
};

use super::{body::Body, paper};
use crate::{
    load::{School, document::Document, front_matter},
    site,
    theme::Theme,
};

/// A pixel of the smallest screen that somebody hangs up in a corridor, in millimetres.
const PIXEL: f64 = 0.25;

/// The code to the school’s short address, read back from its drawing before it may be printed.
#[derive(Debug, Clone)]
pub(super) struct ShortAddress {
    address: String,
    drawing: Vec<u8>,
}

impl ShortAddress {
    /// None where the school has no short address.
    ///
    /// # Errors
    /// When a code on one of these sheets could not be read.
    pub(super) fn of(school: &School, sheets: &[Sheet]) -> Result<Option<Self>, QrError> {
        let Some(address) = school.settings.short_address.clone().filter(|address| !address.is_empty())
        else {
            return Ok(None);
        };
        let live = live(&address);
        let code = Qr::new(&live)?;
        for sheet in sheets {
            code.reads_back(&live, CODE_EDGE * sheet.scale())?;
        }
        code.reads_back(&live, SCREEN_CODE_EDGE * PIXEL)?;
        Ok(Some(Self { address, drawing: code.svg(&live).into_bytes() }))
    }
}

/// What a phone opens: the same on every poster, so that nothing says who scanned it where.
fn live(address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("https://{address}") }
}

/// The sheets that a poster is printed on.
pub(super) fn sheets(document: &Document) -> Vec<Sheet> {
    let sheet = |paper: &front_matter::Paper| match paper {
        front_matter::Paper::A5 => Sheet::A5,
        front_matter::Paper::A4 => Sheet::A4,
        front_matter::Paper::A3 => Sheet::A3,
        front_matter::Paper::A2 => Sheet::A2,
    };
    document.matter.paper.iter().map(sheet).collect()
}

pub(super) fn of(
    school: &School,
    theme: &Theme,
    document: &Document,
    ground: Ground,
    short: Option<&ShortAddress>,
) -> Poster {
    let settings = &school.settings;
    let mut body = Body::of(school, document);
    let blocks = body.blocks(&document.body.pieces, 1);
    let mut pictures = std::mem::take(&mut body.pictures);
    let mut drawing = |name: &str| {
        let path = format!("symbols/{name}.svg");
        pictures.insert(path.clone(), site::symbol(school, theme, name)?.to_vec());
        Some(path)
    };
    let mut intro = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { level: 1, words, at, .. } => {
                let heading = document.body.headings.iter().find(|heading| heading.range.start == at);
                let symbol = heading.and_then(|heading| heading.symbol.as_deref());
                let picture = symbol.and_then(&mut drawing);
                sections.push(Section { heading: Inline::text(&words), at, picture, blocks: Vec::new() });
            }
            block => sections.last_mut().map_or(&mut intro, |section| &mut section.blocks).push(block),
        }
    }
    let symbol = document.matter.symbol.as_ref().and_then(|symbol| drawing(&symbol.value));
    let logo = drawing("logo").or_else(|| drawing("signpost"));
    let code = short.map(|short| {
        pictures.insert("code.svg".to_owned(), short.drawing.clone());
        Code {
            address: short.address.clone(),
            picture: "code.svg".to_owned(),
            alt: format!("A code to scan. It opens {}", live(&short.address)),
        }
    });
    let live = format!("{}/{}", settings.website, document.address());
    let day = paper::day_of(school, document);
    Poster {
        document: Paper {
            title: document.title(settings),
            school: settings.name.clone(),
            language: settings.language.clone(),
            address: format!("{live} {}", ground.name()),
            logo,
            day: (day.year(), day.month(), day.day()),
            body: intro,
            pictures,
            ..Paper::default()
        },
        layout: document.matter.layout.as_ref().map(|layout| layout.value.clone()).unwrap_or_default(),
        ground,
        symbol,
        sections,
        code,
    }
}
