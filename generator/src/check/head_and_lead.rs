//! Where one person is headteacher and designated safeguarding lead, what a child tells about “a grown-up at school” must
//! not come to that person: it goes to the chair and the vice-chair. `school.toml` has to say so, and nobody finds that out
//! by themselves; so it is looked for in what the file says of people.

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        settings::{Person, Settings},
    },
    telling,
};

/// The line that says so, as it is written.
const LINE: &str = "headteacher_is_dsl = true";

/// Tells of a school whose headteacher is the safeguarding lead and that does not say so, where children can tell.
pub(super) fn check(school: &School) -> Option<Diagnostic> {
    let settings = &school.settings;
    telling::form(school)?;
    if settings.headteacher_is_dsl {
        return None;
    }
    let (source, person) = (settings.source.as_ref()?, both(settings)?);
    Some(source.error(
        "headteacher-is-lead",
        source.find_within(0..source.text.len(), &format!("[people.{}]", person.key)),
        format!(
            "{} is headteacher and designated safeguarding lead: what a child tells about a grown-up at school would come to the very person whom it may be about.",
            person.name
        ),
        format!("Write {LINE} above the first part in brackets: then it goes to the chair and the vice-chair of governors."),
    ))
}

/// Who is both: by one role that names both, or by a name that stands at two roles.
fn both(settings: &Settings) -> Option<&Person> {
    let same = |one: &Person, other: &Person| {
        one.name.trim().to_lowercase() == other.name.trim().to_lowercase() && !one.name.trim().is_empty()
    };
    settings.people.iter().find(|lead| {
        let of_one = settings.people.iter().filter(|other| other.key == lead.key || same(lead, other));
        is_lead(&lead.role) && of_one.into_iter().any(|one| is_head(&one.role))
    })
}

fn is_head(role: &str) -> bool {
    parts(role).any(|part| {
        let is_another = part.contains("deputy") || part.contains("assistant");
        !is_another && ["headteacher", "head teacher", "head"].iter().any(|word| part.ends_with(word))
    })
}

fn is_lead(role: &str) -> bool {
    parts(role).any(|part| {
        let is_lead = part.contains("safeguarding lead") || part.ends_with("dsl");
        is_lead && !part.contains("deputy") && !part.contains("governor")
    })
}

/// “Deputy headteacher and safeguarding lead” is two roles, and “deputy” is said of the first.
fn parts(role: &str) -> impl Iterator<Item = String> {
    let role = role.to_lowercase().replace(" and ", "&");
    let parts: Vec<String> =
        role.split(['&', ',', '/', ';', '+']).map(|part| part.trim().to_owned()).collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{is_head, is_lead};

    #[test]
    fn a_deputy_is_neither_and_whoever_has_both_roles_is_both() {
        for (role, head, lead) in [
            ("Headteacher", true, false),
            ("Executive Headteacher", true, false),
            ("Headteacher and designated safeguarding lead", true, true),
            ("Head teacher / DSL", true, true),
            ("Deputy headteacher and designated safeguarding lead", false, true),
            ("Headteacher and deputy designated safeguarding lead", true, false),
            ("Assistant headteacher, deputy safeguarding lead", false, false),
            ("Safeguarding lead governor", false, false),
        ] {
            assert_eq!((is_head(role), is_lead(role)), (head, lead), "{role}");
        }
    }
}
