//! What cannot be printed, told where it stands in the school's own words.

use press::print::Fault;

use crate::{diagnostic::Diagnostic, source::Source};

/// What there is not, for a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The PDF of a page or a form. The page itself is published all the same.
    Pdf,
    /// A poster. Its page is published all the same.
    Poster,
    /// An agreement as a sheet to sign. The agreement itself is published all the same.
    SheetToSign,
    /// A letter, and with it all letters: nothing is written of a mailing of which one is not right.
    Letter,
}

impl Lost {
    /// As the end of a sentence.
    const fn spoken(self) -> &'static str {
        match self {
            Self::Pdf => "this page has no PDF",
            Self::Poster => "this poster is not made for paper",
            Self::SheetToSign => "there is no sheet to sign",
            Self::Letter => "this letter cannot be printed",
        }
    }
}

/// A finding about what cannot be printed: an error where letters wait for it, else a warning.
pub(crate) fn told(source: &Source, fault: &Fault, lost: Lost) -> Diagnostic {
    let source = &*source.unpacked();
    let spoken = lost.spoken();
    let at = |place: usize| {
        place
            ..source.text[place.min(source.text.len())..]
                .chars()
                .next()
                .map_or(place, |c| place + c.len_utf8())
    };
    let line = |place: usize| source.line_range(source.spot(place..place).line);
    let finding = match fault {
        Fault::NoGlyph { at: place, letter } => {
            let what = format!(
                "The fonts for print have no “{letter}” (U+{:04X}), so {spoken}.",
                u32::from(*letter)
            );
            let mend = "Take it out, or write in words what it stands for.";
            // The file may spell the letter otherwise, or a placeholder may have brought it in.
            let there = source.text.get(at(*place)).is_some_and(|text| text.starts_with(*letter));
            // What comes of settings has no place of its own.
            let around = if *place == 0 { 0..source.text.len() } else { line(*place) };
            let found = source.find_within(around, &letter.to_string());
            let range = match (there, found.len() > letter.len_utf8()) {
                (true, _) => at(*place),
                (false, false) => found,
                (false, true) => line(*place),
            };
            source.error("print-letter", range, what, mend)
        }
        Fault::TooWide { at: place, words } => {
            let words = words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", ");
            source.error(
                "print-table",
                line(*place),
                format!("This table is too wide for paper even in small print, so {spoken}. The longest words of its columns are {words}."),
                "Make it of fewer columns, or of shorter words.",
            )
        }
        Fault::Picture { at: place, file } if lost == Lost::Poster && file.starts_with("images/") => source.error(
            "print-picture",
            line(*place),
            format!("A poster has no place for a picture between its words, such as “{file}”, so {spoken}."),
            "Take it out. What a poster shows are drawings: beside a heading with symbol= in its braces, beside the title with “symbol” in the settings.",
        ),
        Fault::Picture { at: place, file } => source.error(
            "print-picture",
            line(*place),
            format!("The picture “{file}” cannot be printed, so {spoken}."),
            "Save it again as a PNG or JPEG file, or draw it anew.",
        ),
        Fault::TooLong { at: place, words } => {
            let (what, mend) = too_long(words, lost);
            let range = place.map_or_else(|| source.find_within(0..source.text.len(), words), line);
            source.error("print-too-long", range, what, mend)
        }
        Fault::Refused { at: place, why } => {
            let (what, mend) = match lost {
                Lost::Letter => ("This letter", ""),
                Lost::Pdf | Lost::Poster | Lost::SheetToSign => ("This page", "The page itself is published. "),
            };
            source.error(
                "print",
                line(place.unwrap_or_default()),
                format!("{what} cannot be made into a PDF: {why}."),
                format!("{mend}Please tell whoever looks after signpost."),
            )
        }
    };
    if lost == Lost::Letter { finding } else { finding.as_warning() }
}

fn too_long(words: &str, lost: Lost) -> (String, &'static str) {
    match lost {
        Lost::Pdf | Lost::Poster => (
            format!(
                "These words do not fit in a size that can be read, so this is not made for paper: “{words}”, with what stands under it."
            ),
            if lost == Lost::Poster {
                "Say it in fewer words, or choose another layout."
            } else {
                "Say it in fewer words, or make two flowcharts of it."
            },
        ),
        Lost::SheetToSign => (
            format!(
                "These promises do not fit one sheet in a size that can be read, so there is no sheet to sign for “{words}”."
            ),
            "Say some of them in fewer words, or leave some out.",
        ),
        Lost::Letter => (format!("These words do not fit: “{words}”."), "Say it in fewer words."),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn what_the_engine_refuses_for_a_reason_of_its_own_is_told_at_its_line() {
        let source = Source::new("policies/phones.md", "+++\n+++\n\nPhones are switched off.\n");
        let refused = Fault::Refused { at: Some(9), why: "maximum recursion depth exceeded".to_owned() };
        let page = told(&source, &refused, Lost::Pdf);
        assert_eq!(
            (page.code, page.severity, page.spot.as_ref().unwrap().line),
            ("print", Severity::Warning, 4)
        );
        assert_eq!(page.what, "This page cannot be made into a PDF: maximum recursion depth exceeded.");
        assert_eq!(page.mend, "The page itself is published. Please tell whoever looks after signpost.");
        let letter = told(&source, &refused, Lost::Letter);
        assert_eq!(letter.severity, Severity::Error);
        assert!(letter.what.starts_with("This letter") && !letter.mend.contains("published"), "{letter:?}");
    }
}
