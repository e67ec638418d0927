//! What a policy says, as it is put on record when a version of it is published.

use crate::load::{
    document::Document,
    front_matter, markdown,
    piece::{Event, Piece, Tag, TagEnd},
    settings::Settings,
};

/// Begins a heading among the words, followed by a space, as in Markdown: one for each level.
const HEADING: char = '#';
/// Stands between the cells of a table's row.
const CELL: &str = " | ";

/// The words of a policy in order: title, summary, “in brief”, and then of its text each heading (with `##`
/// before it), paragraph, list item and row of a table.
///
/// What `school.toml` states once stands as it was written, `{{ people.dsl.name }}`: another safeguarding
/// lead is no change of the policy.
pub fn words(document: &Document) -> Vec<String> {
    let matter = &document.matter;
    let mut out: Vec<String> = matter.title.iter().map(|title| title.value.clone()).collect();
    out.extend(matter.summary.iter().cloned());
    out.extend(matter.in_brief.iter().cloned());
    let source = document.source.unpacked();
    let Ok(parts) = front_matter::split(&source) else { return out };
    // Without settings, placeholders stay as they are; what is wrong with the page was told before.
    let body = markdown::parse(&source, parts.body, &Settings::default(), &mut Vec::new());
    out.extend(passages(&body.pieces));
    out
}

/// The words of a heading that stands among a policy's words; none for other words.
pub fn heading(words: &str) -> Option<&str> {
    let rest = words.trim_start_matches(HEADING);
    (rest.len() < words.len()).then(|| rest.strip_prefix(' ')).flatten()
}

fn passages(pieces: &[Piece]) -> Vec<String> {
    let mut out = Vec::new();
    let mut here = String::new();
    let close = |here: &mut String, out: &mut Vec<String>| {
        let words = here.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.trim_matches(HEADING).is_empty() {
            out.push(words);
        }
        here.clear();
    };
    for (event, _) in pieces {
        match event {
            Event::Start(Tag::Heading { level }) => {
                close(&mut here, &mut out);
                let level = markdown::level_number(*level);
                here.extend(std::iter::repeat_n(HEADING, level).chain([' ']));
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::List(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::CodeBlock(_)
                | Tag::BlockQuote
                | Tag::FootnoteDefinition(_),
            )
            | Event::End(
                TagEnd::Heading(_)
                | TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::CodeBlock,
            )
            | Event::Rule => close(&mut here, &mut out),
            Event::Start(Tag::TableCell) if !here.is_empty() => here.push_str(CELL),
            Event::Text(text) | Event::Code(text) => here.push_str(text),
            Event::SoftBreak | Event::HardBreak => here.push(' '),
            _ => {}
        }
    }
    close(&mut here, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{load::document::Kind, source::Source};

    #[test]
    fn a_policy_is_put_on_record_as_it_reads_with_its_placeholders() {
        let text = "+++\ntitle = \"Phones\"\nin_brief = [\"Handed in.\"]\n+++\n\n## Who {#who}\n\nAsk **{{ people.dsl.name }}**\nor [write](mailto:a@b.example).\n\n- One\n  - Two\n\n| A | B |\n|---|---|\n| 1 | {{ rules.x }} |\n";
        let mut problems = Vec::new();
        let source = Source::new("policies/phones.md", text);
        let document = Document::read(Kind::Policy, source, &Settings::default(), &mut problems);
        assert_eq!(
            words(&document),
            [
                "Phones",
                "Handed in.",
                "## Who",
                "Ask {{ people.dsl.name }} or write.",
                "One",
                "Two",
                "A | B",
                "1 | {{ rules.x }}",
            ]
        );
        assert_eq!(heading("## Who"), Some("Who"));
        assert_eq!(heading("#1 is first"), None);
        assert_eq!(heading("Who"), None);
    }
}
