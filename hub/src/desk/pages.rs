//! The templates, built into the program.

use tera::Tera;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../themes/desk/templates/", $name)))),*]
    };
}

const TEMPLATES: &[(&str, &str)] = templates![
    "aside.html",
    "backups.html",
    "base.html",
    "box_begin.html",
    "box_locked.html",
    "box_taken.html",
    "code.html",
    "concern.html",
    "concern_done.html",
    "consent.html",
    "consent_asked.html",
    "consent_grid.html",
    "consent_pupil.html",
    "ended.html",
    "families.html",
    "figures.html",
    "going.html",
    "held.html",
    "home.html",
    "incidents.html",
    "key.html",
    "kiosks.html",
    "outside.html",
    "letters.html",
    "may_i.html",
    "password.html",
    "people.html",
    "people_check.html",
    "people_columns.html",
    "restriction.html",
    "restrictions.html",
    "person.html",
    "processing.html",
    "processing_body.html",
    "processing_document.html",
    "published.html",
    "recovery.html",
    "recovery_done.html",
    "recovery_notice.html",
    "recovery_role.html",
    "register.html",
    "register_entries.html",
    "register_entry.html",
    "register_figures.html",
    "register_form.html",
    "registers.html",
    "registers_first.html",
    "report.html",
    "report_paper.html",
    "reports.html",
    "reports_figures.html",
    "retention.html",
    "second_step.html",
    "section.html",
    "set_aside.html",
    "sign_in.html",
    "sign_in_code.html",
    "steps.html",
    "steps_chart.html",
    "stick.html",
    "trouble.html",
    "unopened.html",
    "visitor.html",
    "visitors.html",
    "words.html",
];

/// All templates; whatever they show is escaped for HTML.
pub(super) fn load() -> Result<Tera, tera::Error> {
    let mut pages = Tera::new();
    pages.autoescape_on(vec![".html"]);
    pages.add_raw_templates(TEMPLATES.iter().copied())?;
    Ok(pages)
}
