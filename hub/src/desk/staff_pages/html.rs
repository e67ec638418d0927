//! The text of a page as HTML. Whatever was in the file that was brought, no more comes out than the parts named here, and
//! each that began ends.

use std::fmt::Write as _;

use records::{
    ids::Slug,
    staff_page::{Part, Piece, Target},
};

use super::ADDRESS;

/// Where links may lead.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// The text; `register` is the address of a form's register, where whoever reads has one.
pub(super) fn of(text: &[Piece], register: impl Fn(&Slug) -> Option<String>) -> String {
    let mut writer = Writer { out: String::with_capacity(text.len() * 24), open: Vec::new(), in_head: false };
    for piece in text {
        match piece {
            Piece::Start(part) => writer.start(part, &register),
            Piece::End => writer.end(),
            Piece::Words(words) => writer.out.push_str(&escaped(words)),
            Piece::Typed(words) => writer.write(format_args!("<code>{}</code>", escaped(words))),
            Piece::Break => writer.out.push_str("<br>"),
            Piece::Rule => writer.out.push_str("<hr>"),
            Piece::Line(label) => {
                writer.write(format_args!("<p class=\"to-write-on\">{}</p>", escaped(label)));
            }
            Piece::Mark(number) => {
                writer.write(format_args!("<sup><a href=\"#note--{number}\">{number}</a></sup>"));
            }
        }
    }
    while !writer.open.is_empty() {
        writer.end();
    }
    writer.out
}

struct Writer {
    out: String,
    /// What ends each part that has begun.
    open: Vec<&'static str>,
    in_head: bool,
}

impl Writer {
    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(text);
    }

    fn start(&mut self, part: &Part, register: impl Fn(&Slug) -> Option<String>) {
        let (begins, ends) = match part {
            Part::Paragraph => ("<p>", "</p>"),
            Part::Heading { level, anchor } => return self.heading(*level, anchor),
            Part::Quote => ("<blockquote>", "</blockquote>"),
            Part::AsTyped => ("<pre tabindex=\"0\">", "</pre>"),
            Part::List(None) => ("<ul>", "</ul>"),
            Part::List(Some(first)) => {
                self.write(format_args!("<ol start=\"{first}\">"));
                ("", "</ol>")
            }
            Part::Item => ("<li>", "</li>"),
            Part::Table => ("<div class=\"wide\"><table>", "</tbody></table></div>"),
            Part::Head => {
                self.in_head = true;
                ("<thead><tr>", "</tr></thead><tbody>")
            }
            Part::Row => ("<tr>", "</tr>"),
            Part::Cell if self.in_head => ("<th scope=\"col\">", "</th>"),
            Part::Cell => ("<td>", "</td>"),
            Part::Emphasis => ("<em>", "</em>"),
            Part::Strong => ("<strong>", "</strong>"),
            Part::Struck => ("<del>", "</del>"),
            Part::Link(target) => return self.link(target, register),
            Part::Note(number) => {
                self.write(format_args!("<div class=\"note\" id=\"note--{number}\"><p>{number}</p>"));
                ("", "</div>")
            }
        };
        self.out.push_str(begins);
        self.open.push(ends);
    }

    fn heading(&mut self, level: u8, anchor: &str) {
        let (begins, ends) = match level {
            0..=2 => ("<h2", "</h2>"),
            3 => ("<h3", "</h3>"),
            _ => ("<h4", "</h4>"),
        };
        self.write(format_args!("{begins} id=\"{}\">", escaped(anchor)));
        self.open.push(ends);
    }

    fn link(&mut self, target: &Target, register: impl Fn(&Slug) -> Option<String>) {
        let anchor = |anchor: &Option<String>| anchor.as_ref().map(|anchor| format!("#{anchor}"));
        let address = match target {
            Target::Here(anchor) => (!anchor.is_empty()).then(|| format!("#{anchor}")),
            Target::Page(slug, to) => Some(format!("{ADDRESS}/{slug}{}", anchor(to).unwrap_or_default())),
            Target::Form(form, address) => register(form).or_else(|| outside(address.as_deref()?)),
            Target::Address(address) => outside(address),
        };
        match address {
            Some(address) => {
                self.write(format_args!("<a href=\"{}\">", escaped(&address)));
                self.open.push("</a>");
            }
            None => self.open.push(""),
        }
    }

    fn end(&mut self) {
        let Some(ends) = self.open.pop() else { return };
        self.in_head &= !ends.starts_with("</tr></thead>");
        self.out.push_str(ends);
    }
}

fn escaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    // Neither can fail: it is written into memory, and letters for others are put between letters.
    let _ = tera::escape_html(text, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// An address that a page may lead to.
fn outside(address: &str) -> Option<String> {
    SCHEMES.iter().any(|scheme| address.starts_with(scheme)).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn words(text: &str) -> Piece {
        Piece::Words(text.into())
    }

    fn shown(text: &[Piece]) -> String {
        of(text, |form| (form.as_str() == "site-trouble").then(|| format!("/registers/{form}")))
    }

    #[test]
    fn a_text_comes_out_with_its_parts_and_its_links_lead_to_registers_pages_and_the_web() {
        let link = |target: Target| [Piece::Start(Part::Link(target)), words("x"), Piece::End];
        let form = |id: &str, address: Option<&str>| {
            shown(&link(Target::Form(id.parse().unwrap(), address.map(str::to_owned))))
        };
        assert_eq!(form("site-trouble", None), "<a href=\"/registers/site-trouble\">x</a>");
        assert_eq!(form("other", Some("https://s.example/o/")), "<a href=\"https://s.example/o/\">x</a>");
        assert_eq!(form("other", None), "x", "a form on paper alone leads nowhere");
        let page = Target::Page("guides-call-card".parse().unwrap(), Some("now".into()));
        assert_eq!(shown(&link(page)), "<a href=\"/staff-pages/guides-call-card#now\">x</a>");
        let table = [
            Piece::Start(Part::Table),
            Piece::Start(Part::Head),
            Piece::Start(Part::Cell),
            words("Ring"),
            Piece::End,
            Piece::End,
            Piece::Start(Part::Row),
            Piece::Start(Part::Cell),
            words("101"),
            Piece::End,
            Piece::End,
            Piece::End,
        ];
        assert_eq!(
            shown(&table),
            "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Ring</th></tr></thead><tbody><tr><td>101</td></tr></tbody></table></div>"
        );
    }

    #[test]
    fn what_somebody_else_put_into_the_file_is_shown_as_words_and_runs_nothing() {
        let anchor = "\"><script>a</script>".to_owned();
        let hostile = [
            Piece::End,
            Piece::Start(Part::Heading { level: 9, anchor }),
            words("<img src=x onerror=y>"),
            Piece::Typed("</code><form action='/x'>".into()),
            Piece::Start(Part::Link(Target::Address("javascript:alert(1)".into()))),
            words("tap"),
            Piece::End,
            Piece::Start(Part::List(None)),
        ];
        let out = shown(&hostile);
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("<form"), "{out}");
        assert!(!out.contains("javascript:"), "{out}");
        assert!(out.ends_with("<ul></ul></h4>"), "everything that began ends: {out}");
    }
}
