//! Checks a whole school: everything that no page alone can know.

mod governance;
mod head_and_lead;
mod helplines;
mod links;
mod look;
mod model;
pub mod names;
pub mod people;
mod pictures;
pub mod rules;
pub mod silence;
mod structure;
mod text;
mod translations;
mod whole;
mod words_changed;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::{
    diagnostic::Diagnostic, load::School, photographs::held::Held, surveys, telling, theme::Theme, voice,
};

use self::rules::Asked;

/// What was asked for beyond what every build looks at.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// As a careful editor before publishing: sources and helplines that nobody checked are told too.
    pub strict: bool,
    /// What is made now is for everybody to read: what would mislead them is an error, not a warning.
    pub publishing: bool,
    /// Photographs that need not be made ready again.
    pub held: Held,
    /// Whether pupils may be shown.
    pub consent: people::Consent,
    /// The pupils' names, to find them where everybody can read them.
    pub names: Option<names::Names>,
    /// What the web said to the links that lead out of the site; none where it was not asked.
    pub outside: Option<Vec<Diagnostic>>,
}

impl Extra {
    /// Whether rules that need this look in this run.
    pub fn looks(&self, asked: Asked) -> bool {
        match asked {
            Asked::Always => true,
            Asked::Strict => self.strict,
            Asked::Names => self.names.is_some(),
            Asked::External => self.outside.is_some(),
            // What is printed is looked at when it is printed, after all else.
            Asked::Print => false,
        }
    }
}

/// Finds everything that is wrong across the school on this day.
pub fn school(school: &School, theme: &Theme, day: Date, extra: &Extra) -> Vec<Diagnostic> {
    let mut problems = governance::check(school, day);
    if extra.strict {
        problems.append(&mut helplines::unchecked(school));
    }
    problems.append(&mut pictures::check_settings(school, theme));
    problems.append(&mut look::check(school, theme));
    problems.append(&mut telling::check(school));
    problems.extend(head_and_lead::check(school));
    problems.append(&mut surveys::check(school));
    problems.append(&mut voice::check(school, theme));
    problems.append(&mut model::check(school, extra.publishing));
    problems.append(&mut people::check(school, day, &extra.consent));
    problems.extend(school.forms.iter().flat_map(translations::of_form));
    if extra.strict {
        problems.extend(school.forms.iter().flat_map(translations::unchecked_of_form));
    }
    let laws = whole::laws::Laws::of(school);
    let names = extra.names.as_ref().map(|names| names::Reading::new(names, &school.settings));
    let read: Vec<(whole::Noted<'_>, Vec<Diagnostic>)> = school
        .documents
        .par_iter()
        .map(|document| {
            // In memory while it is looked at, and no longer: a school’s words all at once are much.
            let awake = document.awake(&school.settings);
            let (resting, document) = (document, &*awake);
            let page = text::Page::of(document, laws.finder());
            let mut found = links::check(school, document);
            found.append(&mut pictures::check(school, theme, document));
            found.append(&mut structure::check(document));
            found.append(&mut words_changed::check(school, document));
            found.append(&mut translations::check(school, document));
            if extra.strict {
                found.append(&mut translations::unchecked(document));
            }
            found.append(&mut text::check(school, &page, day));
            if let Some(names) = &names {
                found.append(&mut names::check(&page, names));
            }
            let (noted, mut more) = whole::Noted::of(school, &page, resting, &laws);
            found.append(&mut more);
            (noted, found)
        })
        .collect();
    let mut noted = whole::Noted::default();
    for (of_page, mut found) in read {
        noted.append(of_page);
        problems.append(&mut found);
    }
    problems.append(&mut whole::check(school, &noted, day, extra));
    problems.extend(extra.outside.iter().flatten().cloned());
    if let Some(names) = &names {
        problems.append(&mut names::check_pictures(school, names));
    }
    problems
}
