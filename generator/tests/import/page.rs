//! A page from Markdown, so that what a reader sees can be compared with the source before the real
//! pages come into it.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The Markdown that the generator understands.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
}

/// A bare HTML page of a title and a body.
pub(crate) fn html(title: &str, body: &str) -> String {
    let mut html = format!("<html><body><article><h1>{}</h1>", escaped(title));
    for event in Parser::new_ext(body, options()) {
        match event {
            // What a picture shows is no text of the page.
            Event::Start(Tag::Image { .. }) => html.push_str("<img alt=\""),
            Event::End(TagEnd::Image) => html.push_str("\">"),
            Event::Start(tag) => html.push_str(&format!("<{}>", name(&tag.to_end()))),
            Event::End(tag) => html.push_str(&format!("</{}>", name(&tag))),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                html.push_str(&escaped(&text));
            }
            Event::SoftBreak => html.push('\n'),
            Event::HardBreak => html.push_str("<br>"),
            _ => {}
        }
    }
    html.push_str("</article></body></html>");
    html
}

/// The words that a reader sees, with line ends between blocks.
pub(crate) fn visible_text(body: &str) -> String {
    let mut seen = String::new();
    for event in Parser::new_ext(body, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::Start(_) | Event::End(_) | Event::SoftBreak | Event::HardBreak => seen.push('\n'),
            other => seen.push_str(&format!("\u{fffd}{other:?}")),
        }
    }
    seen
}

fn name(tag: &TagEnd) -> &'static str {
    match tag {
        TagEnd::Heading(_) => "h2",
        TagEnd::List(_) => "ul",
        TagEnd::Item => "li",
        TagEnd::Table => "table",
        TagEnd::TableHead | TagEnd::TableRow => "tr",
        TagEnd::TableCell => "td",
        TagEnd::CodeBlock => "pre",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Link => "a",
        _ => "p",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
