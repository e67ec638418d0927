//! When each page is looked at again: as a page and as a calendar file (RFC 5545).

use std::fmt::Write as _;

use jiff::{ToSpan as _, civil::Date};
use serde::Serialize;

use super::{html::href, view};
use crate::load::{School, document::Document, made::Made};

/// The most octets of a line (RFC 5545, section 3.1).
const LONGEST_LINE: usize = 75;

/// Where the calendar file stands in the site.
pub(super) fn file() -> String {
    format!("{}/reviews.ics", Made::Calendar.address())
}

/// A line of the calendar on its page.
#[derive(Serialize)]
pub(super) struct Review {
    href: String,
    title: String,
    #[serde(flatten)]
    facts: view::Facts,
}

/// Reviews of one school year.
#[derive(Serialize)]
pub(super) struct ReviewYear {
    anchor: String,
    title: String,
    reviews: Vec<Review>,
}

/// All reviews, soonest first, by the calendar's year.
pub(super) fn years(school: &School, today: Date) -> Vec<ReviewYear> {
    let mut years: Vec<ReviewYear> = Vec::new();
    for (document, due) in in_order(school) {
        let title = due.year().to_string();
        if years.last().is_none_or(|year| year.title != title) {
            years.push(ReviewYear { anchor: format!("page--{title}"), title, reviews: Vec::new() });
        }
        if let Some(year) = years.last_mut() {
            year.reviews.push(Review {
                href: href("../", &document.address()),
                title: document.title(&school.settings),
                facts: view::Facts::of(school, document, today),
            });
        }
    }
    years
}

fn in_order(school: &School) -> Vec<(&Document, Date)> {
    let mut all: Vec<(&Document, Date)> = school
        .reviewed()
        .filter_map(|document| Some((document, document.matter.review_due.as_ref()?.value)))
        .collect();
    all.sort_by_key(|(d, due)| (*due, d.kind, d.slug.clone()));
    all
}

/// The reviews as a calendar that people subscribe to or open. `review` says what is due, before the title.
pub(super) fn ics(school: &School, review: &str) -> String {
    let website = &school.settings.website;
    let host = website.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Signpost//Review calendar//EN");
    line("CALSCALE", "GREGORIAN");
    line("X-WR-CALNAME", &escape(&format!("{} – {review}", school.settings.short_name)));
    for (document, due) in in_order(school) {
        let Ok(next) = due.checked_add(1.day()) else { continue };
        // The page last changed when it was approved; the same content gives the same bytes.
        let stamp = document.matter.approved.as_ref().map_or(due, |approved| approved.value);
        let address = document.address();
        let facts = view::Facts::of(school, document, due);
        line("BEGIN", "VEVENT");
        line("UID", &format!("review-{}@{host}", address.replace('/', "-")));
        line("DTSTAMP", &format!("{}T000000Z", basic(stamp)));
        line("DTSTART;VALUE=DATE", &basic(due));
        line("DTEND;VALUE=DATE", &basic(next));
        line("SUMMARY", &escape(&format!("{review}: {}", document.title(&school.settings))));
        line("DESCRIPTION", &escape(&facts.in_a_line()));
        line("URL", &format!("{website}/{address}/"));
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// `20260914`.
fn basic(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// Text as a value (RFC 5545, section 3.3.11).
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line of at most 75 octets, the rest on further lines that begin with a space; no letter is cut.
fn fold(out: &mut String, text: &str) {
    let mut length = 0;
    for c in text.chars().filter(|c| !c.is_control()) {
        if length + c.len_utf8() > LONGEST_LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        length += c.len_utf8();
        // Writing to a String cannot fail.
        let _ = out.write_char(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{escape, fold};

    #[test]
    fn a_long_line_is_folded_between_letters_and_unfolds_to_itself() {
        let text = format!("SUMMARY:{}", "Ünïcödé – ".repeat(20));
        let mut out = String::new();
        fold(&mut out, &text);
        assert!(out.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(out.replace("\r\n ", "").trim_end_matches("\r\n"), text);
    }

    #[test]
    fn commas_and_semicolons_stay_text() {
        assert_eq!(escape("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
