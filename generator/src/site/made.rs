//! Pages that the site makes itself, from what the whole school says.

use serde::Serialize;
use tera::Context;

use records::form::FormKind;

use super::{
    Drawing, Site, SiteError, calendar, changes,
    html::{self, href},
    view,
};
use crate::load::{lists::ApprovedSite, made::Made, markdown, settings::Person};

/// A governor on the page that says who is who.
#[derive(Serialize)]
struct GovernorView<'a> {
    #[serde(flatten)]
    person: view::PersonView<'a>,
    checks: &'a str,
    /// Pages that they own.
    owns: Vec<view::Link<'static>>,
}

/// A word and its meanings.
#[derive(Serialize)]
struct WordView<'a> {
    word: &'a str,
    anchor: String,
    adult: &'a str,
    child: &'a str,
}

/// An approved site.
#[derive(Serialize)]
struct SiteView<'a> {
    name: &'a str,
    url: &'a str,
    purpose: &'a str,
    classes: &'a [String],
    checked: String,
}

/// What the accessibility statement says.
#[derive(Serialize)]
struct AccessibilityView<'a> {
    /// `full`, `partial` or `untested`: no more than somebody made sure of.
    status: &'static str,
    prepared: String,
    reviewed: String,
    tested: String,
    tested_how: &'a str,
    problems: &'a [String],
}

impl Site<'_> {
    pub(super) fn made(&self, made: Made) -> Result<Drawing, SiteError> {
        let words = made.words();
        let title = self.word(&format!("{words}.title"));
        let summary = self.word(&format!("{words}.summary"));
        let mut context = self.frame(made.address(), &title, &summary)?;
        context.insert("summary", &summary);
        let template = match made {
            Made::Report => self.report(&mut context),
            Made::Calendar => self.calendar(&mut context),
            Made::Changes => {
                context.insert("pages", &changes::pages(self.school));
                "changed.html"
            }
            Made::Governors => self.governors(&mut context),
            Made::Glossary => self.glossary(&mut context),
            Made::ApprovedSites => {
                let sites: Vec<_> = self.school.approved_sites.iter().map(site).collect();
                context.insert("sites", &sites);
                "approved-sites.html"
            }
            Made::Accessibility => self.accessibility(&mut context),
            Made::Privacy => {
                let officer = self.school.settings.person("data_protection_officer");
                context.insert("officer", officer.map(|p| p.name.as_str()).unwrap_or_default());
                "privacy.html"
            }
        };
        Ok((template, format!("{}/index.html", made.address()), context))
    }

    fn report(&self, context: &mut Context) -> &'static str {
        let settings = &self.school.settings;
        let trusted = settings.people.iter().filter(|person| person.trusted_adult);
        let adults: Vec<_> = trusted.map(view::PersonView::of).collect();
        let (first, more) = view::helplines(&settings.helplines);
        let name = |key| settings.person(key).map(|p| p.name.as_str()).unwrap_or_default();
        let readers: Vec<_> = ["dsl", "deputy_dsl"]
            .iter()
            .filter_map(|key| settings.person(key))
            .map(view::PersonView::of)
            .collect();
        let paper = self.school.forms.iter().find(|f| f.is_published() && f.form.kind == FormKind::Report);
        context.insert("adults", &adults);
        context.insert("readers", &readers);
        context.insert("head", name("head"));
        context.insert("chair", name("chair"));
        context.insert("grown_up_title", &html::together(&self.word("report_a_concern.grown_up_title")));
        context.insert("first_lines", &first);
        context.insert("more_lines", &more);
        context.insert("paper_form", &paper.map(|form| href("../", &form.address())).unwrap_or_default());
        context.insert("online_form", settings.report_form.as_deref().unwrap_or_default());
        "report.html"
    }

    fn calendar(&self, context: &mut Context) -> &'static str {
        context.insert("years", &calendar::years(self.school, self.day));
        context.insert("file", &format!("../{}", calendar::file()));
        "calendar.html"
    }

    fn governors(&self, context: &mut Context) -> &'static str {
        let people = &self.school.settings.people;
        let governors: Vec<_> =
            people.iter().filter(|person| person.governor).map(|p| self.governor(p)).collect();
        context.insert("governors", &governors);
        let there = Made::Calendar.is_there(self.school);
        let calendar = if there { href("../", Made::Calendar.address()) } else { String::new() };
        context.insert("calendar", &calendar);
        "governors.html"
    }

    fn governor<'s>(&'s self, person: &'s Person) -> GovernorView<'s> {
        let published = self.school.documents.iter().filter(|d| d.is_published());
        let owned = published.filter(|d| d.matter.owner.as_ref().is_some_and(|o| o.value == person.key));
        let owns = owned.map(|d| view::Link {
            href: href("../", &d.address()),
            words: d.title(&self.school.settings).into(),
            current: "",
        });
        GovernorView {
            person: view::PersonView::of(person),
            checks: person.checks.as_deref().unwrap_or_default(),
            owns: owns.collect(),
        }
    }

    fn glossary(&self, context: &mut Context) -> &'static str {
        let views: Vec<_> = self
            .school
            .glossary
            .iter()
            .map(|word| WordView {
                word: &word.word,
                anchor: markdown::slug(&word.word),
                adult: &word.adult,
                child: word.child.as_deref().unwrap_or_default(),
            })
            .collect();
        context.insert("entries", &views);
        context.insert("for_children", &views.iter().any(|view| !view.child.is_empty()));
        "glossary.html"
    }

    fn accessibility(&self, context: &mut Context) -> &'static str {
        let said = self.school.settings.accessibility.clone().unwrap_or_default();
        let day = |day: Option<jiff::civil::Date>| day.map(view::in_words).unwrap_or_default();
        let status = match (said.tested.is_some(), said.problems.is_empty()) {
            (_, false) => "partial",
            (true, true) => "full",
            (false, true) => "untested",
        };
        context.insert(
            "statement",
            &AccessibilityView {
                status,
                prepared: day(said.prepared),
                reviewed: day(said.reviewed.or(said.prepared)),
                tested: day(said.tested),
                tested_how: said.tested_how.as_deref().unwrap_or_default(),
                problems: &said.problems,
            },
        );
        "accessibility.html"
    }
}

fn site(site: &ApprovedSite) -> SiteView<'_> {
    SiteView {
        name: &site.name,
        url: &site.url,
        purpose: &site.purpose,
        classes: &site.classes,
        checked: site.checked.map(view::in_words).unwrap_or_default(),
    }
}
