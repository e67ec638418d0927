//! Which facts the forms ask for, and where each stands in its file. What they are called and what helps to
//! fill them in is in the catalogue, under `facts`.

use crate::load::lists::{APPROVED_SITES, GLOSSARY};
use crate::office::lists::SETTINGS;

/// One form.
#[derive(Debug)]
pub(super) struct Part {
    /// Its name in addresses and in the catalogue.
    pub(super) key: &'static str,
    /// The file that it is about.
    pub(super) file: &'static str,
    /// What it asks, in its order.
    pub(super) blocks: &'static [Block],
}

/// Questions that stand together in the file.
#[derive(Debug)]
pub(super) struct Block {
    /// Its name in the catalogue and in the names of fields.
    pub(super) key: &'static str,
    pub(super) at: At,
    pub(super) fields: &'static [Field],
}

/// Where a block stands in its file.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// At the top, before any part.
    Top,
    /// In a part of its own, or in a part of that: `[look.dark]`.
    Table(&'static [&'static str]),
    /// In parts with a name each: `[people.dsl]`.
    Named(&'static str),
    /// In parts in a row: `[[terms]]`.
    Rows(&'static str),
    /// Words under names of the school's own choosing, as in `[systems]`; these names are always offered.
    Words(&'static str, &'static [&'static str]),
}

impl At {
    /// Whether entries can be added, taken out and moved.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Named(_) | Self::Rows(_))
    }
}

/// One question.
#[derive(Debug)]
pub(super) struct Field {
    /// The key in the file, and in the catalogue.
    pub(super) key: &'static str,
    pub(super) kind: Kind,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words on a line.
    Line,
    /// A sentence or more.
    Text,
    /// Words, a line each.
    Lines,
    Phone,
    Email,
    /// The address of a website.
    Web,
    Day,
    Tick,
    Number,
    Colour,
    /// One of these, each with a name in the catalogue.
    OneOf(&'static [&'static str]),
    /// A drawing of a grown-up.
    Grownup,
    /// A drawing that a class goes by.
    ClassPicture,
    /// A picture of the school's own.
    OwnPicture,
}

const fn field(key: &'static str, kind: Kind) -> Field {
    Field { key, kind }
}

const COLOURS: &[Field] = &[field("main", Kind::Colour), field("accent", Kind::Colour)];

/// Every form, in the order in which they are listed.
pub(super) const PARTS: &[Part] = &[
    Part {
        key: "school",
        file: SETTINGS,
        blocks: &[Block {
            key: "school",
            at: At::Top,
            fields: &[
                field("name", Kind::Line),
                field("short_name", Kind::Line),
                field("phone", Kind::Phone),
                field("email", Kind::Email),
                field("address", Kind::Lines),
                field("website", Kind::Web),
                field("short_address", Kind::Line),
                field("motto", Kind::Line),
                field("values", Kind::Lines),
            ],
        }],
    },
    Part {
        key: "people",
        file: SETTINGS,
        blocks: &[
            Block {
                key: "people",
                at: At::Named("people"),
                fields: &[
                    field("role", Kind::Line),
                    field("name", Kind::Line),
                    field("phone", Kind::Phone),
                    field("email", Kind::Email),
                    field("trusted_adult", Kind::Tick),
                    field("picture", Kind::Grownup),
                    field("governor", Kind::Tick),
                    field("checks", Kind::Text),
                ],
            },
            Block { key: "both", at: At::Top, fields: &[field("headteacher_is_dsl", Kind::Tick)] },
        ],
    },
    Part {
        key: "helplines",
        file: SETTINGS,
        blocks: &[Block {
            key: "helplines",
            at: At::Named("helplines"),
            fields: &[
                field("name", Kind::Line),
                field("phone", Kind::Phone),
                field("web", Kind::Web),
                field("for", Kind::OneOf(&["children", "families", "staff"])),
                field("checked", Kind::Day),
            ],
        }],
    },
    Part {
        key: "year",
        file: SETTINGS,
        blocks: &[
            Block {
                key: "year",
                at: At::Table(&["year"]),
                fields: &[field("starts", Kind::Day), field("ends", Kind::Day)],
            },
            Block {
                key: "terms",
                at: At::Rows("terms"),
                fields: &[field("name", Kind::Line), field("starts", Kind::Day), field("ends", Kind::Day)],
            },
        ],
    },
    Part {
        key: "classes",
        file: SETTINGS,
        blocks: &[Block {
            key: "classes",
            at: At::Rows("classes"),
            fields: &[field("name", Kind::Line), field("picture", Kind::ClassPicture)],
        }],
    },
    Part {
        key: "systems",
        file: SETTINGS,
        blocks: &[Block {
            key: "systems",
            at: At::Words(
                "systems",
                &[
                    "filter",
                    "monitoring",
                    "mis",
                    "safeguarding_records",
                    "learning_platform",
                    "messages",
                    "cloud_accounts",
                    "password_manager",
                ],
            ),
            fields: &[field("words", Kind::Line)],
        }],
    },
    Part {
        key: "rules",
        file: SETTINGS,
        blocks: &[Block { key: "rules", at: At::Words("rules", &[]), fields: &[field("words", Kind::Text)] }],
    },
    Part {
        key: "look",
        file: SETTINGS,
        blocks: &[
            Block {
                key: "look",
                at: At::Table(&["look"]),
                fields: &[
                    field("logo", Kind::OwnPicture),
                    field("main", Kind::Colour),
                    field("accent", Kind::Colour),
                ],
            },
            Block { key: "dark", at: At::Table(&["look", "dark"]), fields: COLOURS },
        ],
    },
    Part {
        key: "print",
        file: SETTINGS,
        blocks: &[Block {
            key: "print",
            at: At::Table(&["print"]),
            fields: &[
                field("classrooms", Kind::Number),
                field("corridors", Kind::Number),
                field("entrances", Kind::Number),
                field("offices", Kind::Number),
                field("families", Kind::Number),
                field("ks1", Kind::Number),
                field("ks2", Kind::Number),
                field("staff", Kind::Number),
                field("governors", Kind::Number),
            ],
        }],
    },
    Part {
        key: "accessibility",
        file: SETTINGS,
        blocks: &[Block {
            key: "accessibility",
            at: At::Table(&["accessibility"]),
            fields: &[
                field("prepared", Kind::Day),
                field("reviewed", Kind::Day),
                field("tested", Kind::Day),
                field("tested_how", Kind::Text),
                field("problems", Kind::Lines),
            ],
        }],
    },
    Part {
        key: "hub",
        file: SETTINGS,
        blocks: &[
            Block { key: "report", at: At::Top, fields: &[field("report_form", Kind::Web)] },
            Block { key: "hub", at: At::Table(&["hub"]), fields: &[field("key", Kind::Line)] },
        ],
    },
    Part {
        key: "sites",
        file: APPROVED_SITES,
        blocks: &[Block {
            key: "sites",
            at: At::Rows("site"),
            fields: &[
                field("name", Kind::Line),
                field("url", Kind::Web),
                field("for", Kind::Text),
                field("classes", Kind::Lines),
                field("checked", Kind::Day),
            ],
        }],
    },
    Part {
        key: "words",
        file: GLOSSARY,
        blocks: &[Block {
            key: "words",
            at: At::Rows("term"),
            fields: &[field("word", Kind::Line), field("adult", Kind::Text), field("child", Kind::Text)],
        }],
    },
];

/// The form with this name.
pub(super) fn part(key: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.key == key)
}
