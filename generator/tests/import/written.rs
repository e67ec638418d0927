//! A policy as somebody would have written it in LibreOffice: with styles for headings, with lists and
//! tables. LibreOffice itself then saves it for Word and as OpenDocument.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Whether LibreOffice is on this machine. Where it is not, this is said.
pub(crate) fn libreoffice_is_here() -> bool {
    let here = Command::new("soffice").arg("--version").output().is_ok_and(|output| output.status.success());
    if !here {
        eprintln!(
            "NOTICE: LibreOffice (soffice) is not on this machine; documents made by it were not tried"
        );
    }
    here
}

/// Has LibreOffice save these documents in another form, into the same folder.
pub(crate) fn saved_as(ending: &str, documents: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
    let profile = folder.join("profile");
    let done = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", ending, "--outdir"])
        .arg(folder)
        .args(documents)
        .output()
        .unwrap();
    let saved: Vec<PathBuf> = documents.iter().map(|document| document.with_extension(ending)).collect();
    for document in &saved {
        assert!(document.is_file(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    saved
}

/// Writes Markdown as a flat OpenDocument text.
pub(crate) fn write(folder: &Path, name: &str, title: &str, markdown: &str) -> PathBuf {
    let path = folder.join(format!("{name}.fodt"));
    fs::write(&path, flat(title, markdown)).unwrap();
    path
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles><style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
"#;

fn flat(title: &str, markdown: &str) -> String {
    let mut out = HEAD.to_owned();
    for level in 1..=5 {
        let _ = writeln!(
            out,
            r#"<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="{level}"/>"#
        );
    }
    for (name, element, sign) in [
        ("Dots", "bullet", r#"text:bullet-char="•""#),
        ("Numbers", "number", r#"style:num-format="1" style:num-suffix=".""#),
    ] {
        let _ = write!(out, r#"<text:list-style style:name="{name}">"#);
        for level in 1..=6 {
            let _ = write!(
                out,
                r#"<text:list-level-style-{element} text:level="{level}" {sign}><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" fo:margin-left="{}cm"/></style:list-level-properties></text:list-level-style-{element}>"#,
                f64::from(level) * 0.6
            );
        }
        out.push_str("</text:list-style>\n");
    }
    let _ = write!(
        out,
        r#"</office:styles><office:body><office:text><text:p text:style-name="Title">{}</text:p>"#,
        escaped(title)
    );
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    // The first item of a list says at which number the list begins.
    let mut start = None;
    let (mut form, mut in_item) = (false, false);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(tag) => match tag {
                Tag::Heading { level, .. } => {
                    let level = depth(level);
                    let _ = write!(
                        out,
                        r#"<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">"#
                    );
                }
                Tag::Paragraph => out.push_str("<text:p>"),
                Tag::List(first) => {
                    if in_item {
                        out.push_str("</text:p>");
                        in_item = false;
                    }
                    start = first;
                    let style = if first.is_some() { "Numbers" } else { "Dots" };
                    let _ = write!(out, r#"<text:list text:style-name="{style}">"#);
                }
                Tag::Item => {
                    let first = start
                        .take()
                        .map(|start| format!(r#" text:start-value="{start}""#))
                        .unwrap_or_default();
                    let _ = write!(out, "<text:list-item{first}><text:p>");
                    in_item = true;
                }
                Tag::Table(columns) => {
                    let _ = write!(
                        out,
                        r#"<table:table><table:table-column table:number-columns-repeated="{}"/>"#,
                        columns.len()
                    );
                }
                Tag::TableHead => out.push_str("<table:table-header-rows><table:table-row>"),
                Tag::TableRow => out.push_str("<table:table-row>"),
                Tag::TableCell => out.push_str("<table:table-cell><text:p>"),
                Tag::CodeBlock(CodeBlockKind::Fenced(_)) => form = true,
                Tag::Strong => out.push_str(r#"<text:span text:style-name="B">"#),
                Tag::Emphasis => out.push_str(r#"<text:span text:style-name="I">"#),
                Tag::Link { dest_url, .. } => {
                    let _ = write!(out, r#"<text:a xlink:href="{}">"#, escaped(&dest_url));
                }
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::Heading(_) => out.push_str("</text:h>\n"),
                TagEnd::Paragraph => out.push_str("</text:p>\n"),
                TagEnd::List(_) => out.push_str("</text:list>\n"),
                TagEnd::Item => {
                    out.push_str(if in_item { "</text:p></text:list-item>" } else { "</text:list-item>" });
                    in_item = false;
                }
                TagEnd::Table => out.push_str("</table:table>\n"),
                TagEnd::TableHead => out.push_str("</table:table-row></table:table-header-rows>"),
                TagEnd::TableRow => out.push_str("</table:table-row>"),
                TagEnd::TableCell => out.push_str("</text:p></table:table-cell>"),
                TagEnd::CodeBlock => form = false,
                TagEnd::Strong | TagEnd::Emphasis => out.push_str("</text:span>"),
                TagEnd::Link => out.push_str("</text:a>"),
                _ => {}
            },
            Event::Text(text) if form => {
                for label in text.lines() {
                    let _ = writeln!(out, "<text:p>{} ____________</text:p>", escaped(label));
                }
            }
            Event::Text(text) | Event::Code(text) => out.push_str(&escaped(&text)),
            Event::HardBreak => out.push_str("<text:line-break/>"),
            Event::SoftBreak => out.push(' '),
            _ => {}
        }
    }
    out.push_str("</office:text></office:body></office:document>\n");
    out
}

fn depth(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => 1,
        HeadingLevel::H3 => 2,
        HeadingLevel::H4 => 3,
        HeadingLevel::H5 => 4,
        HeadingLevel::H6 => 5,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
