//! Pages for staff alone. They travel with the draft of a pack to the hub, which shows them at its desk; the pack that it
//! signs for kiosks has none of them.
//!
//! A page's text is flat: what begins, what ends, and words between them. So no page, however it was made, is deeper than
//! the program that reads it can follow.

use minicbor::{Decode, Encode};

use crate::ids::Slug;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StaffPage {
    /// Its name in addresses.
    #[n(0)]
    pub slug: Slug,
    /// Its title.
    #[n(1)]
    pub title: String,
    /// What it is for, in a sentence; may be empty.
    #[n(2)]
    pub summary: String,
    /// What it says.
    #[n(3)]
    pub text: Vec<Piece>,
}

/// What stands next in a text.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Piece {
    /// Something begins that other pieces stand in.
    #[n(0)]
    Start(#[n(0)] Part),
    /// What began last ends.
    #[n(1)]
    End,
    /// Words.
    #[n(2)]
    Words(#[n(0)] String),
    /// Words as they would be typed.
    #[n(3)]
    Typed(#[n(0)] String),
    /// A new line.
    #[n(4)]
    Break,
    /// A line between two parts.
    #[n(5)]
    Rule,
    /// A line to write on, after its label.
    #[n(6)]
    Line(#[n(0)] String),
    /// The mark of the note of this number.
    #[n(7)]
    Mark(#[n(0)] u16),
}

/// What other pieces stand in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Part {
    /// A paragraph.
    #[n(0)]
    Paragraph,
    /// A heading.
    #[n(1)]
    Heading {
        /// 2 is the highest under the title.
        #[n(0)]
        level: u8,
        /// Its name in links.
        #[n(1)]
        anchor: String,
    },
    /// Words set apart.
    #[n(2)]
    Quote,
    /// Lines as they were typed.
    #[n(3)]
    AsTyped,
    /// A list, with its first number where it is numbered.
    #[n(4)]
    List(#[n(0)] Option<u64>),
    /// An item of a list.
    #[n(5)]
    Item,
    /// A table.
    #[n(6)]
    Table,
    /// Its first row.
    #[n(7)]
    Head,
    /// Another row.
    #[n(8)]
    Row,
    /// A cell of a row.
    #[n(9)]
    Cell,
    /// Words with stress.
    #[n(10)]
    Emphasis,
    /// Words with more of it.
    #[n(11)]
    Strong,
    /// Words that no longer hold.
    #[n(12)]
    Struck,
    /// A link.
    #[n(13)]
    Link(#[n(0)] Target),
    /// The note of this number.
    #[n(14)]
    Note(#[n(0)] u16),
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Target {
    /// A heading of the same page.
    #[n(0)]
    Here(#[n(0)] String),
    /// Another page for staff, and perhaps a heading in it.
    #[n(1)]
    Page(#[n(0)] Slug, #[n(1)] Option<String>),
    /// A form: where the hub has a register of it, it leads there, and else to its page on the school's website.
    #[n(2)]
    Form(#[n(0)] Slug, #[n(1)] Option<String>),
    /// An address on the web, an e-mail address or a telephone number, with its scheme.
    #[n(3)]
    Address(#[n(0)] String),
}
