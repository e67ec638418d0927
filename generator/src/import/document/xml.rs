//! XML to a tree, with limits. Names carry the prefix that everybody knows their namespace by, whatever
//! prefix the file uses: `w:p`, `text:p`.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::DocumentError;

/// The deepest nesting that is read. Tables in tables in text boxes reach 60.
const DEEPEST: usize = 160;
/// The most elements of one file. A page of a policy has about 300.
const MOST_ELEMENTS: usize = 3_000_000;

/// An element or a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    pub(super) name: Box<str>,
    attributes: Vec<(Box<str>, Box<str>)>,
    pub(super) nodes: Vec<Node>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| **known == *name).map(|(_, value)| &**value)
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name directly in it.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| &*element.name == name)
    }

    /// The first element at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element of this name in it, however deep, in the order of the file.
    pub(super) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        fn walk<'e>(element: &'e Element, name: &str, found: &mut Vec<&'e Element>) {
            for inner in element.elements() {
                if &*inner.name == name {
                    found.push(inner);
                }
                walk(inner, name, found);
            }
        }
        let mut found = Vec::new();
        walk(self, name, &mut found);
        found
    }

    /// All text in it.
    pub(super) fn text(&self) -> String {
        fn walk(element: &Element, text: &mut String) {
            for node in &element.nodes {
                match node {
                    Node::Text(more) => text.push_str(more),
                    Node::Element(inner) => walk(inner, text),
                }
            }
        }
        let mut text = String::new();
        walk(self, &mut text);
        text
    }
}

/// The prefixes that this program uses, and the namespaces they stand for: the end of the address is
/// enough to know one, and the strict and the transitional form of Word's differ before it.
const KNOWN: [(&str, &str); 24] = [
    ("w", "/wordprocessingml/main"),
    ("w", "/wordprocessingml/2006/main"),
    ("r", "/officeDocument/2006/relationships"),
    ("r", "/officeDocument/relationships"),
    ("a", "/drawingml/2006/main"),
    ("a", "/drawingml/main"),
    ("wp", "/drawingml/2006/wordprocessingDrawing"),
    ("wp", "/drawingml/wordprocessingDrawing"),
    ("m", "/officeDocument/2006/math"),
    ("m", "/officeDocument/math"),
    ("mc", "/markup-compatibility/2006"),
    ("w14", "/office/word/2010/wordml"),
    ("v", "schemas-microsoft-com:vml"),
    ("o", "schemas-microsoft-com:office:office"),
    ("office", "opendocument:xmlns:office:1.0"),
    ("text", "opendocument:xmlns:text:1.0"),
    ("table", "opendocument:xmlns:table:1.0"),
    ("style", "opendocument:xmlns:style:1.0"),
    ("draw", "opendocument:xmlns:drawing:1.0"),
    ("svg", "opendocument:xmlns:svg-compatible:1.0"),
    ("fo", "opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xlink", "/1999/xlink"),
    ("dc", "/dc/elements/1.1/"),
    ("loext", "names:experimental:office:xmlns:loext:1.0"),
];

/// What a prefix of the file stands for here. A namespace that is not known keeps its prefix.
fn known_prefix(namespace: &str, prefix: &str) -> String {
    let found = KNOWN.iter().find(|(_, end)| namespace.ends_with(end));
    found.map_or_else(|| prefix.to_owned(), |(known, _)| (*known).to_owned())
}

struct Parser {
    /// Prefixes of the file and of this program, with the depth at which they were declared.
    prefixes: Vec<(String, String, usize)>,
    open: Vec<Element>,
    elements: usize,
}

/// Reads a whole file.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, DocumentError> {
    let text = decoded(bytes).ok_or(DocumentError::Broken)?;
    let mut reader = Reader::from_str(&text);
    let mut parser = Parser { prefixes: Vec::new(), open: vec![Element::default()], elements: 0 };
    loop {
        match reader.read_event().map_err(|_| DocumentError::Broken)? {
            Event::Start(start) => parser.start(&start)?,
            Event::Empty(start) => {
                parser.start(&start)?;
                parser.end()?;
            }
            Event::End(_) => parser.end()?,
            Event::Text(text) => {
                let text = text.xml10_content().map_err(|_| DocumentError::Broken)?;
                parser.text(&text);
            }
            Event::CData(data) => {
                let text = data.decode().map_err(|_| DocumentError::Broken)?;
                parser.text(&text);
            }
            Event::GeneralRef(reference) => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    parser.text(c.encode_utf8(&mut [0; 4]));
                } else if let Some(known) = reference.decode().ok().and_then(|name| resolve_xml_entity(&name))
                {
                    parser.text(known);
                }
                // Entities of a file's own are never expanded: they could be endless, or name other files.
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if parser.open.len() > 1 {
        // A file that ends too early has lost something.
        return Err(DocumentError::Broken);
    }
    let top = parser.open.pop().unwrap_or_default();
    top.nodes
        .into_iter()
        .find_map(|node| if let Node::Element(element) = node { Some(element) } else { None })
        .ok_or(DocumentError::Broken)
}

/// UTF-8 or UTF-16 with its mark: what XML may be without saying so.
fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
}

impl Parser {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), DocumentError> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return Err(DocumentError::TooLarge);
        }
        if self.open.len() > DEEPEST {
            return Err(DocumentError::TooDeep);
        }
        let depth = self.open.len();
        let mut raw = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| DocumentError::Broken)?;
            let key = std::str::from_utf8(attribute.key.as_ref()).map_err(|_| DocumentError::Broken)?;
            let value = std::str::from_utf8(&attribute.value).map_err(|_| DocumentError::Broken)?;
            let value = quick_xml::escape::unescape(value)
                .map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned);
            match key.strip_prefix("xmlns") {
                Some("") => self.declare("", &value, depth),
                Some(prefix) if prefix.starts_with(':') => self.declare(&prefix[1..], &value, depth),
                _ => raw.push((key.to_owned(), value)),
            }
        }
        let name = std::str::from_utf8(start.name().as_ref()).map_err(|_| DocumentError::Broken)?.to_owned();
        let attributes = raw
            .into_iter()
            .map(|(key, value)| {
                // An attribute without a prefix is in no namespace.
                let key = if key.contains(':') { self.known(&key) } else { key };
                (key.into_boxed_str(), value.into_boxed_str())
            })
            .collect();
        let name = self.known(&name).into_boxed_str();
        self.open.push(Element { name, attributes, nodes: Vec::new() });
        Ok(())
    }

    fn declare(&mut self, prefix: &str, namespace: &str, depth: usize) {
        self.prefixes.push((prefix.to_owned(), known_prefix(namespace, prefix), depth));
    }

    fn known(&self, name: &str) -> String {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let known =
            self.prefixes.iter().rev().find(|(own, ..)| own == prefix).map(|(_, known, _)| known.as_str());
        match known.unwrap_or(prefix) {
            "" => local.to_owned(),
            known => format!("{known}:{local}"),
        }
    }

    fn end(&mut self) -> Result<(), DocumentError> {
        let element = self.open.pop().ok_or(DocumentError::Broken)?;
        let depth = self.open.len();
        while self.prefixes.last().is_some_and(|(.., declared)| *declared >= depth) {
            self.prefixes.pop();
        }
        let parent = self.open.last_mut().ok_or(DocumentError::Broken)?;
        parent.nodes.push(Node::Element(element));
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let Some(element) = self.open.last_mut() else { return };
        match element.nodes.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => element.nodes.push(Node::Text(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{DocumentError, parse};

    #[test]
    fn names_carry_the_prefix_that_everybody_knows_whatever_the_file_uses() {
        let strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";
        let usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        for namespace in [strict, usual] {
            let root =
                parse(format!("<x:p xmlns:x='{namespace}' x:a='1'>R&amp;D &#233;</x:p>").as_bytes()).unwrap();
            assert_eq!((&*root.name, root.get("w:a"), root.text()), ("w:p", Some("1"), "R&D é".to_owned()));
        }
        let plain = parse(format!("<p xmlns='{usual}'><q/></p>").as_bytes()).unwrap();
        assert!(plain.child("w:q").is_some());
    }

    #[test]
    fn an_entity_of_the_file_itself_is_never_expanded() {
        let root =
            parse(b"<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c SYSTEM 'file:///etc/passwd'>]><a>x&b;&c;y</a>")
                .unwrap();
        assert_eq!(root.text(), "xy");
    }

    #[test]
    fn what_is_nested_too_deep_or_cut_off_is_refused() {
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        assert_eq!(parse(deep.as_bytes()), Err(DocumentError::TooDeep));
        assert_eq!(parse(b"<a><b>"), Err(DocumentError::Broken));
        assert_eq!(parse(b""), Err(DocumentError::Broken));
    }
}
