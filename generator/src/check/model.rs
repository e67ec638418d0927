//! What a school has kept of the model school's own people, numbers and addresses.
//!
//! A new school is a copy of the model school, and whoever makes it leaves some fields for later. Until
//! they are filled in, pages would send a frightened child to somebody who does not exist. So the settings
//! are held against the model's, value by value: in the preview each one that is still there is pointed
//! out, and nothing is published with it. The model school itself is made up as a whole, and is left alone.

use std::sync::LazyLock;

use super::text::contacts;
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        settings::{self, Settings},
    },
    source::Source,
    theme,
};

/// The settings of the model school that comes with the program.
static MODEL: LazyLock<Settings> = LazyLock::new(|| {
    let bytes = theme::model_file("school.toml").unwrap_or_default();
    let source = Source::new("school.toml", String::from_utf8_lossy(bytes));
    settings::read(&source, &mut Vec::new())
});

/// Whether these are the model school's own settings, or too broken to tell.
pub(super) fn is_model(settings: &Settings) -> bool {
    !settings.usable || settings.name.trim().is_empty() || settings.name == MODEL.name
}

/// Whether an address is one of the model school's website.
pub(super) fn is_models_address(address: &str) -> bool {
    contacts::host_of(address) == contacts::host_of(&MODEL.website)
}

/// `publishing` makes an error of what nobody may be sent to.
pub(super) fn check(school: &School, publishing: bool) -> Vec<Diagnostic> {
    let settings = &school.settings;
    let Some(source) = settings.source.as_ref().filter(|_| !is_model(settings)) else { return Vec::new() };
    let found = Found { source, publishing };
    let mut problems = found.people(settings);
    problems.append(&mut found.systems(settings));
    problems.append(&mut found.contacts(settings));
    // Numbers kept for fiction that are not the model's are told too, once for each place.
    let more = contacts::made_up(settings, source);
    let new = |more: &Diagnostic| !problems.iter().any(|known| known.spot == more.spot);
    let more: Vec<Diagnostic> = more.into_iter().filter(new).collect();
    problems.extend(more);
    problems
}

struct Found<'s> {
    source: &'s Source,
    publishing: bool,
}

impl Found<'_> {
    /// A finding at this value, the first after `within`.
    fn tell(&self, code: &'static str, within: &str, value: &str, what: String, mend: String) -> Diagnostic {
        let whole = self.source.text.len();
        let from = self.source.text.find(within).unwrap_or(0);
        let told = self.source.error(code, self.source.find_within(from..whole, value), what, mend);
        if self.publishing { told } else { told.as_warning() }
    }

    fn people(&self, settings: &Settings) -> Vec<Diagnostic> {
        let kept =
            settings.people.iter().filter(|one| MODEL.people.iter().any(|model| model.name == one.name));
        kept.map(|one| {
            let part = format!("[people.{}]", one.key);
            self.tell(
                "still-the-example",
                &part,
                &one.name,
                format!(
                    "“{}” ({}) belongs to the made-up model school: nobody of that name is at yours.",
                    one.name, one.role
                ),
                format!("Put in who that is at your school. Where nobody is, take the part {part} out."),
            )
        })
        .collect()
    }

    /// Names of products do no harm to anybody, so they never stop a school from being published.
    fn systems(&self, settings: &Settings) -> Vec<Diagnostic> {
        let kept = settings.systems.iter().filter(|one| MODEL.systems.contains(one));
        kept.map(|(key, name)| {
            self.tell(
                "still-the-example",
                "[systems]",
                name,
                format!(
                    "“{name}” is a product of the made-up model school, and your pages say that you use it."
                ),
                format!("Put in what your school uses, after {key} under [systems]."),
            )
            .as_warning()
        })
        .collect()
    }

    fn contacts(&self, settings: &Settings) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut tell = |within: &str, value: &str| {
            problems.push(self.tell(
                "made-up-contact",
                within,
                value,
                format!("“{value}” belongs to the made-up model school: nobody answers there."),
                "Put in your own school’s number or address.".to_owned(),
            ));
        };
        for (value, models) in [
            (Some(&settings.phone), Some(&MODEL.phone)),
            (Some(&settings.email), Some(&MODEL.email)),
            (Some(&settings.website), Some(&MODEL.website)),
            (settings.short_address.as_ref(), MODEL.short_address.as_ref()),
        ] {
            if let Some(value) = value.filter(|value| Some(*value) == models && !value.is_empty()) {
                tell("", value);
            }
        }
        if let Some(line) = settings.address.first().filter(|_| settings.address == MODEL.address) {
            tell("", line);
        }
        for one in &settings.people {
            let models = MODEL.people.iter().flat_map(|model| [&model.phone, &model.email]).flatten();
            let models: Vec<&String> = models.collect();
            for value in [&one.phone, &one.email].into_iter().flatten().filter(|value| models.contains(value))
            {
                tell(&format!("[people.{}]", one.key), value);
            }
        }
        // Of the model's helplines most are real; the ones of its area are not.
        let made_up =
            |number: &str| MODEL.helplines.iter().any(|model| model.phone.as_deref() == Some(number));
        for line in &settings.helplines {
            let Some(number) = line.phone.as_deref() else { continue };
            if made_up(number) && contacts::is_fiction(number) {
                tell(&format!("[helplines.{}]", line.key), number);
            }
        }
        problems
    }
}
