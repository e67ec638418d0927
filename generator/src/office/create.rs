//! A new school: the model school with the school's own names in it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Value};

use crate::{load::markdown, theme};

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
        let own = (path == "school.toml")
            .then(|| names.map(|names| with_names(&String::from_utf8_lossy(bytes), names)))
            .flatten();
        fs::write(&file, own.as_deref().map_or(bytes, str::as_bytes)).map_err(refused)?;
        files += 1;
    }
    Ok(files)
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
}
