//! Fields: words that Word fills in by itself.

/// What a field stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A table of contents, of pictures, of keywords.
    Contents,
    /// The number of the page or how many there are.
    Page,
    /// The page on which something else stands.
    PageOfAnother,
    /// A day or time that changes by itself.
    Date,
    /// A link to an address; none where it leads to a place in the document.
    Link(Option<String>),
    /// A gap to write in.
    Blank,
    /// A box to tick.
    Box,
    /// Words from a list of addresses.
    Merge,
    /// Anything else: what it shows are ordinary words.
    Words,
}

impl Kind {
    /// Reads an instruction such as `HYPERLINK "https://larkfield.example"`.
    pub(super) fn of(instruction: &str) -> Self {
        let instruction = instruction.trim();
        let (name, rest) = instruction.split_once(char::is_whitespace).unwrap_or((instruction, ""));
        match name.to_ascii_uppercase().as_str() {
            "TOC" | "INDEX" | "TOA" => Self::Contents,
            "PAGE" | "NUMPAGES" | "SECTIONPAGES" => Self::Page,
            "PAGEREF" => Self::PageOfAnother,
            "DATE" | "TIME" | "SAVEDATE" | "PRINTDATE" | "CREATEDATE" => Self::Date,
            "HYPERLINK" => Self::Link(address(rest)),
            "FORMTEXT" => Self::Blank,
            "FORMCHECKBOX" => Self::Box,
            "MERGEFIELD" => Self::Merge,
            _ => Self::Words,
        }
    }
}

/// The address in an instruction, unless the switch `\l` says that it is a place in the document.
fn address(rest: &str) -> Option<String> {
    let rest = rest.trim();
    if rest.starts_with("\\l") {
        return None;
    }
    let (address, after) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
    };
    let place = after.split_once("\\l").and_then(|(_, place)| place.trim().split('"').nth(1));
    let address = match place {
        Some(place) if !address.contains('#') => format!("{address}#{place}"),
        _ => address.to_owned(),
    };
    super::super::links::web(&address)
}

/// A field that has begun.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) instruction: String,
    /// Known once the instruction has ended.
    pub(super) kind: Option<Kind>,
    /// Whether the box is ticked, for a box.
    pub(super) ticked: bool,
    /// What a blank or page number shows.
    pub(super) shown: String,
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn the_address_of_a_link_keeps_every_character() {
        let link = |address: &str| Kind::Link(Some(address.to_owned()));
        assert_eq!(
            Kind::of(" HYPERLINK \"https://h.example/?a=1&copy=2\" \\o \"tip\" "),
            link("https://h.example/?a=1&copy=2")
        );
        assert_eq!(Kind::of("HYPERLINK \"https://h.example\" \\l \"hats\""), link("https://h.example#hats"));
        assert_eq!(Kind::of("HYPERLINK \\l \"_Toc1\""), Kind::Link(None));
        assert_eq!(Kind::of("HYPERLINK \"file:///C:/hats.docx\""), Kind::Link(None));
        assert_eq!(Kind::of(" page \\* MERGEFORMAT"), Kind::Page);
    }
}
