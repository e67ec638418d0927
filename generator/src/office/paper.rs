//! What the office's pages are printed on: templates and words.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use tera::{Context, Kwargs, State, Tera, Value};

use crate::{
    print,
    theme::{Theme, ThemeError},
};

const WORDS: &str = "office/words.en.toml";

pub(super) struct Paper {
    tera: Tera,
    words: Value,
}

impl Paper {
    pub(super) fn new(theme: &Theme) -> Result<Self, ThemeError> {
        let broken = |file: &str, why: String| ThemeError::Broken { file: file.to_owned(), why };
        let mut templates = Vec::new();
        for (path, _) in theme.folder("office/templates/", ".html") {
            templates.push((path.trim_start_matches("office/templates/"), theme.text(path)?));
        }
        let mut tera = Tera::new();
        tera.register_filter("urlencode", urlencode);
        tera.add_raw_templates(templates).map_err(|why| broken("office/templates", why.to_string()))?;
        let words: toml::Table =
            toml::from_str(theme.text(WORDS)?).map_err(|why| broken(WORDS, why.to_string()))?;
        let words = Value::try_from_serializable(&words).map_err(|why| broken(WORDS, why.to_string()))?;
        Ok(Self { tera, words })
    }

    /// A sentence of the catalogue.
    pub(super) fn word(&self, path: &str) -> String {
        self.words.get_from_path(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A filled-in page. `area` says where one is.
    pub(super) fn page(
        &self,
        template: &str,
        area: &str,
        school: Option<&str>,
        mut context: Context,
    ) -> Response {
        context.insert_value("words", self.words.clone());
        context.insert("area", area);
        context.insert("can_print", &print::CAN);
        context.insert("school_name", school.unwrap_or_default());
        match self.tera.render(template, &context) {
            Ok(html) => Html(html).into_response(),
            Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, fault.to_string()).into_response(),
        }
    }
}

fn urlencode(words: &str, _: Kwargs, _: &State<'_>) -> String {
    in_an_address(words)
}

/// Writes words so that they can stand in an address, also what an address reads as its own: `&`, `#`, `+`.
pub(super) fn in_an_address(words: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    words.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
