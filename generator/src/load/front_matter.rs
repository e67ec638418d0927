//! The settings at the head of a page, between two lines of `+++`.

use std::{cell::RefCell, ops::Range};

use jiff::civil::Date;
use records::agreement::{Audience, SignAgain, Version};

use super::{
    document::Kind,
    nearest::did_you_mean,
    print_for::{self, PrintFor},
    toml_reader::{self, Located, Reader},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// Who may read a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// On the site.
    #[default]
    Public,
    /// Printed, and shown at the hub's desk; never on the site.
    Staff,
}

/// Whom a guide is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Readers {
    /// Parents and carers.
    #[default]
    Families,
    /// Children on their own.
    Children,
    /// Those who work with children.
    Staff,
}

impl Readers {
    /// All of them, in the order of the list of guides.
    pub const ALL: [Self; 3] = [Self::Families, Self::Children, Self::Staff];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Families => "families",
            Self::Children => "children",
            Self::Staff => "staff",
        }
    }
}

/// A sheet of paper that a poster is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paper {
    /// 148 by 210 mm.
    A5,
    /// 210 by 297 mm.
    A4,
    /// 297 by 420 mm.
    A3,
    /// 420 by 594 mm.
    A2,
}

impl Paper {
    /// All of them, small to large.
    pub const ALL: [Self; 4] = [Self::A5, Self::A4, Self::A3, Self::A2];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A5 => "A5",
            Self::A4 => "A4",
            Self::A3 => "A3",
            Self::A2 => "A2",
        }
    }
}

/// What a page says about itself. `None` where it was left out or wrong.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// Heading of the page.
    pub title: Option<Located<String>>,
    /// One or two sentences under it.
    pub summary: Option<String>,
    /// Key of the person who looks after it.
    pub owner: Option<Located<String>>,
    /// Day of approval.
    pub approved: Option<Located<Date>>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Day by which it is reviewed.
    pub review_due: Option<Located<Date>>,
    /// Version of its words.
    pub version: Option<Located<Version>>,
    /// Whom an agreement is for.
    pub audience: Option<Located<Audience>>,
    /// Whom a guide is for.
    pub readers: Readers,
    /// Who signs when the version rises.
    pub sign_again: Option<SignAgain>,
    /// How a poster is laid out when it is printed.
    pub layout: Option<Located<String>>,
    /// The drawing beside a poster's title.
    pub symbol: Option<Located<String>>,
    /// The sheets that a poster is made for.
    pub paper: Vec<Paper>,
    /// Whether it is made for the screen in a corridor too.
    pub screen: bool,
    /// Where its print hangs or whom it is given to, where the page says so.
    pub print_for: Option<PrintFor>,
    /// Key of the person whose letter it is.
    pub signed_by: Option<Located<String>>,
    /// The columns that a letter needs beyond those of every list of families.
    pub columns: Vec<Located<String>>,
    /// Short sentences shown first.
    pub in_brief: Vec<String>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Place in lists; lower first.
    pub order: Option<i64>,
    /// Not published yet.
    pub draft: bool,
    /// Brought in from a document that did not say everything.
    pub imported: bool,
}

/// Where the front matter's TOML and the page's body stand in a file.
pub struct Parts {
    /// The settings' TOML.
    pub(super) toml: Range<usize>,
    /// First byte of the body.
    pub body: usize,
}

/// Finds the fences.
///
/// # Errors
/// A finding when there is none, or it is not closed.
pub fn split(source: &Source) -> Result<Parts, Diagnostic> {
    let mut at = 0;
    let mut opened = None;
    for line in source.text.split_inclusive('\n') {
        let end = at + line.len();
        let fence = line.trim_end() == "+++";
        match opened {
            None if fence => opened = Some(end),
            None if line.trim().is_empty() => {}
            None => break,
            Some(start) if fence => return Ok(Parts { toml: start..at, body: end }),
            Some(_) => {}
        }
        at = end;
    }
    let mend = "Begin the file with a line of +++, then the settings such as title = \"…\", then another line of +++, then the text.";
    Err(match opened {
        None => source.error(
            "no-front-matter",
            0..source.line_range(1).end,
            "This page does not begin with its settings between two lines of +++.",
            mend,
        ),
        Some(start) => source.error(
            "front-matter-not-closed",
            0..start.saturating_sub(1),
            "The settings of this page are opened with +++ but never closed.",
            mend,
        ),
    })
}

/// Reads and checks every key.
pub fn read(source: &Source, parts: &Parts, kind: Kind, problems: &mut Vec<Diagnostic>) -> FrontMatter {
    let parsed = toml_reader::parse(source, parts.toml.clone(), problems);
    let found = RefCell::new(Vec::new());
    let fence = source.line_range(source.spot(parts.toml.start..parts.toml.start).line.saturating_sub(1));
    let mut reader = parsed.reader(source, parts.toml.start, fence, &found);
    let mut matter = FrontMatter { imported: reader.flag("imported"), ..FrontMatter::default() };
    matter.title = reader.need_text("title", "the heading of the page");
    if matter.imported {
        reader.forgive_missing();
    }
    let governed = matches!(kind, Kind::Policy | Kind::Agreement);
    if governed {
        matter.summary = reader.need_text("summary", "one or two sentences under the title").map(|l| l.value);
        matter.owner = reader.need_text("owner", "the role that looks after this page");
        matter.approved = reader.need_day("approved", "the day it was approved");
        matter.approved_by = reader.need_text("approved_by", "who approved it").map(|l| l.value);
        matter.review_due = reader.need_day("review_due", "the day by which it is reviewed");
        matter.version = version(&reader);
    } else {
        matter.summary = reader.text("summary").map(|l| l.value);
        matter.version = reader.has("version").then(|| version(&reader)).flatten();
    }
    if kind == Kind::Flowchart {
        matter.owner = reader.text("owner");
        matter.approved = reader.day("approved");
        matter.approved_by = reader.text("approved_by").map(|l| l.value);
        matter.review_due = reader.day("review_due");
        matter.version = reader.has("version").then(|| version(&reader)).flatten();
    }
    if kind == Kind::Poster {
        matter.layout = reader.need_text("layout", "how the poster is laid out, such as \"four-rules\"");
        matter.paper = paper(&reader);
        matter.screen = reader.flag("screen");
        matter.symbol = reader.text("symbol");
    }
    if kind == Kind::Agreement {
        matter.audience = audience(&reader);
        matter.sign_again = sign_again(&reader);
    }
    if kind == Kind::Guide {
        matter.readers = readers(&reader);
    }
    matter.print_for = print_for::read(&reader);
    if kind == Kind::Letter {
        matter.signed_by = reader.text("signed_by");
        matter.columns = columns(&reader);
    }
    matter.in_brief = reader.list("in_brief");
    matter.visibility = visibility(&reader);
    matter.order = reader.number("order");
    matter.draft = reader.flag("draft");
    reader.finish(kind.spoken());
    problems.append(&mut found.into_inner());
    matter
}

fn version(reader: &Reader<'_, '_>) -> Option<Located<Version>> {
    version_in(reader, "version", "which version of the words this is, such as \"1.0\"")
}

/// A version that must be there.
pub(super) fn version_in(
    reader: &Reader<'_, '_>,
    key: &'static str,
    what_it_is: &str,
) -> Option<Located<Version>> {
    let written = reader.need_text(key, what_it_is)?;
    match written.value.parse() {
        Ok(version) => Some(Located { value: version, range: written.range }),
        Err(_) => {
            reader.tell(reader.source().error(
                "not-a-version",
                written.range,
                format!("“{}” is not a version.", written.value),
                "Write numbers with dots between them, in quotes, for example \"4.1\".",
            ));
            None
        }
    }
}

fn audience(reader: &Reader<'_, '_>) -> Option<Located<Audience>> {
    let written = reader.need_text("audience", "whom the agreement is for")?;
    match written.value.parse() {
        Ok(audience) => Some(Located { value: audience, range: written.range }),
        Err(_) => {
            reader.tell(reader.source().error(
                "unknown-audience",
                written.range,
                format!("“{}” is nobody that an agreement can be for.", written.value),
                did_you_mean(
                    &written.value,
                    Audience::ALL.map(Audience::as_str),
                    "Write one of \"ks1\", \"ks2\", \"parent\", \"staff\", \"visitor\", \"governor\", \"community\", \"guest\", \"device-loan\".",
                ),
            ));
            None
        }
    }
}

/// The sheets that a poster is made for; A4 when left out.
fn paper(reader: &Reader<'_, '_>) -> Vec<Paper> {
    let mut sheets = Vec::new();
    for written in reader.list("paper") {
        match Paper::ALL.into_iter().find(|paper| paper.as_str() == written) {
            Some(paper) => sheets.push(paper),
            None => reader.tell(reader.source().error(
                "wrong-value",
                reader.source().find_within(0..reader.source().text.len(), &written),
                format!("“paper” cannot be “{written}”."),
                "Write a list such as [\"A4\", \"A3\"]; A5 and A2 may stand there too.",
            )),
        }
    }
    if sheets.is_empty() {
        sheets.push(Paper::A4);
    }
    sheets
}

/// The columns of a letter's own.
fn columns(reader: &Reader<'_, '_>) -> Vec<Located<String>> {
    let usable = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let (good, bad): (Vec<_>, Vec<_>) = reader
        .words("columns")
        .into_iter()
        .partition(|column| usable(&column.value) && column.value != "day");
    for column in bad {
        reader.tell(reader.source().error(
            "wrong-value",
            column.range,
            format!("“{}” cannot be the name of a column.", column.value),
            "Write small letters, digits and _, as in columns = [\"stopped_on\"]; the list may say “Stopped on”.",
        ));
    }
    good
}

fn readers(reader: &Reader<'_, '_>) -> Readers {
    let Some(written) = reader.text("audience") else { return Readers::default() };
    Readers::ALL.into_iter().find(|readers| readers.as_str() == written.value).unwrap_or_else(|| {
        reader.tell(reader.source().error(
            "unknown-audience",
            written.range,
            format!("“{}” is nobody that a guide can be for.", written.value),
            did_you_mean(
                &written.value,
                Readers::ALL.map(Readers::as_str),
                "Write \"families\", \"children\" or \"staff\".",
            ),
        ));
        Readers::default()
    })
}

fn sign_again(reader: &Reader<'_, '_>) -> Option<SignAgain> {
    let written = reader.text("sign_again")?;
    match written.value.as_str() {
        "everyone" => Some(SignAgain::Everyone),
        "nobody" => Some(SignAgain::Nobody),
        other => {
            reader.tell(reader.source().error(
                "wrong-value",
                written.range,
                format!("“sign_again” cannot be “{other}”."),
                "Write \"everyone\" or \"nobody\".",
            ));
            None
        }
    }
}

fn visibility(reader: &Reader<'_, '_>) -> Visibility {
    let Some(written) = reader.text("visibility") else {
        // A value that could not be read must not put a staff page on the site.
        return if reader.has("visibility") { Visibility::Staff } else { Visibility::Public };
    };
    match written.value.as_str() {
        "public" => Visibility::Public,
        "staff" => Visibility::Staff,
        other => {
            reader.tell(reader.source().error(
                "wrong-value",
                written.range,
                format!("“visibility” cannot be “{other}”."),
                "Write \"public\" or \"staff\".",
            ));
            Visibility::Staff
        }
    }
}
