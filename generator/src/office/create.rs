//! A new school: the model school with the school's own names in it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Value};

use super::form::{self, Parts};
use crate::{
    load::{document::Kind, markdown},
    theme,
};

/// The version of every page of a new school.
const FIRST_VERSION: &str = "1.0";

/// What is asked of a new school. Everything but the name may be left for later.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Names {
    /// The full name.
    pub name: String,
    /// As people say it.
    pub short_name: String,
    /// The address, a line each.
    pub address: String,
    /// The office's telephone.
    pub phone: String,
    /// The office's e-mail address.
    pub email: String,
    /// Where the site will be.
    pub website: String,
    /// The headteacher.
    pub head: String,
    /// The designated safeguarding lead.
    pub dsl: String,
    /// The deputy.
    pub deputy_dsl: String,
    /// The chair of governors.
    pub chair: String,
    /// Who keeps these pages.
    pub office: String,
}

/// Why a school was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is something already.
    #[error("{} is there already and is not empty; name a folder that is not there yet", .0.display())]
    Taken(PathBuf),
    /// The system refused.
    #[error("{} cannot be written: {why}", .file.display())]
    Refused {
        /// The file.
        file: PathBuf,
        /// What the system said.
        why: io::Error,
    },
}

/// The name of the folder for a school.
pub(super) fn folder_name(school: &str) -> String {
    let name = markdown::slug(school);
    if name.is_empty() { "our-school".to_owned() } else { name }
}

/// Copies the model school, with these names where there are any. Gives the number of files.
///
/// # Errors
/// [`CreateError`].
pub fn make(folder: &Path, names: Option<&Names>) -> Result<usize, CreateError> {
    let taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(why) => why.kind() != io::ErrorKind::NotFound,
    };
    if taken {
        return Err(CreateError::Taken(folder.to_owned()));
    }
    let mut files = 0;
    for (path, bytes) in theme::model_school() {
        let file = folder.join(path);
        let refused = |why| CreateError::Refused { file: file.clone(), why };
        fs::create_dir_all(file.parent().unwrap_or(folder)).map_err(refused)?;
        let own = match path {
            "school.toml" => names.map(|names| with_names(&String::from_utf8_lossy(bytes), names)),
            page => begun(page, &String::from_utf8_lossy(bytes)),
        };
        fs::write(&file, own.as_deref().map_or(bytes, str::as_bytes)).map_err(refused)?;
        files += 1;
    }
    Ok(files)
}

/// A page as a new school begins with it: nobody there has approved it, and its words are in their first
/// version. None where that changes nothing.
fn begun(path: &str, text: &str) -> Option<String> {
    let parts = form::split(text).filter(|_| path.ends_with(".md"))?;
    let mut front = parts.front.parse::<DocumentMut>().ok()?;
    let approved = [front.remove("approved"), front.remove("approved_by")].iter().any(Option::is_some);
    let governed = [Kind::Policy, Kind::Agreement].iter().any(|kind| path.starts_with(kind.folder()));
    if governed {
        set(front.get_mut("version"), FIRST_VERSION);
        // A translation is of the words that the English page has now.
        set(front.get_mut("of_version"), FIRST_VERSION);
        if approved {
            // As a policy that was brought in without them: readers see “not stated” until somebody has approved it.
            front["imported"] = Item::Value(Value::from(true));
            if let Some(mut key) = front.key_mut("imported") {
                key.leaf_decor_mut()
                    .set_prefix("# Still to fill in: approved; approved_by. Then take the next line out.\n");
            }
        }
    }
    let begun = form::join(&Parts { front: front.to_string(), body: parts.body });
    (begun != text).then_some(begun)
}

/// `school.toml` with the school's own names; what was left empty stays as it is.
fn with_names(text: &str, names: &Names) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    let short = if names.short_name.is_empty() { &names.name } else { &names.short_name };
    let website = names.website.trim().trim_end_matches('/');
    let website = match website {
        "" => String::new(),
        full if full.contains("://") => full.to_owned(),
        bare => format!("https://{bare}"),
    };
    for (key, value) in [
        ("name", names.name.as_str()),
        ("short_name", short),
        ("phone", &names.phone),
        ("email", &names.email),
        ("website", &website),
    ] {
        set(document.get_mut(key), value);
    }
    let lines: Array = names.address.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if !lines.is_empty() {
        document["address"] = Item::Value(Value::Array(lines));
    }
    for (key, name) in [
        ("head", &names.head),
        ("dsl", &names.dsl),
        ("deputy_dsl", &names.deputy_dsl),
        ("chair", &names.chair),
        ("office", &names.office),
    ] {
        set(
            document
                .get_mut("people")
                .and_then(|people| people.get_mut(key))
                .and_then(|one| one.get_mut("name")),
            name,
        );
    }
    if let Some(mut first) = document.key_mut("name") {
        first.leaf_decor_mut().set_prefix("# Names, numbers and days of the school: stated here once, used everywhere.\n# What is not yet yours is the example’s.\n\n");
    }
    document.to_string()
}

fn set(item: Option<&mut Item>, text: &str) {
    let text = text.trim();
    if let Some(old) = item.and_then(Item::as_value_mut)
        && !text.is_empty()
    {
        let mut new = Value::from(text);
        *new.decor_mut() = old.decor().clone();
        *old = new;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_new_school_has_its_own_names_and_is_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let school = folder.path().join("school");
        let names = Names {
            name: "St “Quote” \\ Primary".to_owned(),
            phone: "01632 960999".to_owned(),
            dsl: "Ms Own Name".to_owned(),
            website: "www.quote.example/".to_owned(),
            ..Names::default()
        };
        make(&school, Some(&names)).unwrap();
        let text = fs::read_to_string(school.join("school.toml")).unwrap();
        let read: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(read["name"].as_str(), Some("St “Quote” \\ Primary"));
        assert_eq!(read["short_name"].as_str(), Some("St “Quote” \\ Primary"));
        assert_eq!(read["website"].as_str(), Some("https://www.quote.example"));
        assert_eq!(read["people"]["dsl"]["name"].as_str(), Some("Ms Own Name"));
        assert!(make(&school, Some(&names)).is_err(), "a school that is there is not written over");
    }

    #[test]
    fn nobody_has_approved_anything_in_a_new_school() {
        let folder = tempfile::tempdir().unwrap();
        let school = folder.path().join("school");
        make(&school, None).unwrap();
        let mut seen = 0;
        for area in ["policies", "agreements", "flowcharts"] {
            for file in fs::read_dir(school.join(area)).unwrap() {
                let path = file.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                let front = form::split(&text).unwrap().front.parse::<toml::Table>().unwrap();
                assert!(!front.contains_key("approved") && !front.contains_key("approved_by"), "{front:?}");
                for key in ["version", "of_version"] {
                    if let Some(version) = front.get(key).filter(|_| area != "flowcharts") {
                        assert_eq!(version.as_str(), Some("1.0"), "{}", path.display());
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 20, "only {seen} pages have a version");
        let policy = fs::read_to_string(school.join("policies/online-safety.md")).unwrap();
        assert!(policy.contains("review_due = ") && policy.contains("imported = true"), "{policy}");
        let shipped = theme::model_file("policies/online-safety.md").unwrap();
        let words = |text: &str| form::split(text).unwrap().body;
        assert_eq!(words(&policy), words(std::str::from_utf8(shipped).unwrap()), "the words are the same");
    }
}
