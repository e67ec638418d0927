//! The office's page: a school's words made, changed, looked at and published in the browser, by
//! somebody who has never seen a terminal.
//!
//! It answers at the loopback address alone. [`door`] lets in the browser that it opened and nobody else;
//! [`place`] confines every file that it reads or writes to the pages of the open school.

mod bring;
mod create;
pub mod door;
mod earlier;
mod edit;
mod facts;
mod folders;
pub mod form;
pub mod icon;
#[cfg(feature = "print")]
mod letters;
mod lists;
#[cfg(feature = "print")]
mod mailing;
mod pages;
mod paper;
mod photographs;
pub mod place;
mod publish;
mod recent;
mod start;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests;
mod who;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path as Asked, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use jiff::civil::Date;

pub use self::create::{Names, make as make_school};
use self::{door::Key, paper::Paper};
use crate::{
    preview::{
        Look, Preview, Shows, watch,
        web::{self, Pages},
    },
    theme::{Theme, ThemeError},
};

/// The largest form or file taken, in bytes.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// One run of the office's page.
pub struct Office {
    key: Key,
    look: Look,
    day: Option<Date>,
    paper: Paper,
    shipped: Theme,
    open: Mutex<Option<Arc<Open>>>,
}

/// The school that is open.
struct Open {
    preview: Arc<Preview>,
    site: Pages,
    print: Pages,
    #[cfg(feature = "print")]
    mailings: Arc<mailing::Mailings>,
    /// Ends with this: nothing is told of a school that is no longer open.
    _watching: watch::Watching,
}

impl Open {
    fn folder(&self) -> &Path {
        self.preview.folder()
    }

    fn name(&self) -> String {
        self.preview.school().settings.name.clone()
    }
}

type Shared = State<Arc<Office>>;

impl Office {
    /// A page for this port.
    ///
    /// # Errors
    /// Only if the program was built from broken themes.
    pub fn new(port: u16, look: Look, day: Option<Date>) -> Result<Arc<Self>, ThemeError> {
        let shipped = Theme::embedded()?;
        let paper = Paper::new(&shipped)?;
        let key = Key::new(port);
        Ok(Arc::new(Self { key, look, day, paper, shipped, open: Mutex::new(None) }))
    }

    /// What lets a browser in.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Opens a school's folder, and remembers it for the next time.
    ///
    /// # Errors
    /// What is wrong, in words for the office.
    pub fn open(&self, folder: &Path) -> Result<(), String> {
        recent::remember(self.lay_open(folder)?.folder());
        Ok(())
    }

    /// Opens a school's folder, and remembers nothing.
    fn lay_open(&self, folder: &Path) -> Result<Arc<Open>, String> {
        if !folder.join("school.toml").is_file() {
            return Err(self.paper.word("start.no_school"));
        }
        let preview = Preview::open(folder, self.look.clone(), self.day(), Shows::Everything)
            .map_err(|error| error.to_string())?;
        let watching = watch::start(&preview).map_err(|error| error.to_string())?;
        let site = Pages::new(Arc::clone(&preview), "/site/", &self.shipped);
        let print = Pages::new(Arc::clone(&preview), "/print/", &self.shipped).as_printed();
        let open = Arc::new(Open {
            preview,
            site,
            print,
            #[cfg(feature = "print")]
            mailings: Arc::default(),
            _watching: watching,
        });
        // The first look knew nothing of what the hub says.
        if photographs::ask_consent(self, &open).is_some() {
            open.preview.look_now();
        }
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&open));
        Ok(open)
    }

    /// Opens the school of the last time, if it is still there.
    pub fn open_last(&self) {
        if let Some(folder) = recent::last() {
            // If it cannot be opened, the first page asks for one.
            let _ = self.open(&folder);
        }
    }

    fn opened(&self) -> Option<Arc<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn day(&self) -> Date {
        self.day.unwrap_or_else(|| jiff::Zoned::now().date())
    }
}

/// Everything that can be asked for.
pub fn routes(office: Arc<Office>) -> Router {
    let routes = Router::new();
    #[cfg(feature = "print")]
    let routes = routes
        .route("/letters", get(letters::list))
        .route("/letters/{letter}", get(letters::ask).post(letters::make))
        .route("/letters/{letter}/list.csv", get(letters::empty_list))
        .route("/making", get(letters::making))
        .route("/making/state", get(letters::state))
        .route("/made/forget", post(letters::forget))
        .route("/made/{file}", get(letters::take));
    routes
        .route("/", get(start::first))
        .route("/new", get(start::new).post(start::make))
        .route("/choose", get(start::choose))
        .route("/open", get(start::open_by_address).post(start::open))
        .route("/pages", get(start::pages))
        .route("/problems", get(start::problems))
        .route("/import", get(bring::ask).post(bring::bring))
        .route("/edit", get(edit::show))
        .route("/edit/try", post(edit::try_out))
        .route("/edit/save", post(edit::save))
        .route("/edit/leave", post(edit::leave))
        .route("/facts", get(facts::list))
        .route("/facts/{part}", get(facts::ask).post(facts::say))
        .route("/earlier", get(earlier::list).post(earlier::put_back))
        .route("/page/new", get(pages::ask_new).post(pages::make))
        .route("/page/rename", get(pages::ask_rename).post(pages::rename))
        .route("/page/remove", get(pages::ask_remove).post(pages::remove))
        .route("/removed", get(pages::list_removed).post(pages::put_back))
        .route("/publish", get(publish::ask).post(publish::publish))
        .route("/photographs", get(photographs::show).post(photographs::bring))
        .route("/photographs/forget", post(photographs::forget))
        .route("/who", get(who::ask).post(who::say))
        .route("/picture/{*path}", get(who::picture))
        .route("/site/", get(site_front))
        .route("/site/{*path}", get(site))
        .route("/print/", get(print_front))
        .route("/print/{*path}", get(print))
        .route("/own/{*file}", get(own))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&office), door::keep))
        .with_state(office)
}

async fn site_front(office: Shared) -> Response {
    shown(&office, "", |open| &open.site)
}

async fn site(office: Shared, Asked(path): Asked<String>) -> Response {
    shown(&office, &path, |open| &open.site)
}

async fn print_front(office: Shared) -> Response {
    shown(&office, "", |open| &open.print)
}

async fn print(office: Shared, Asked(path): Asked<String>) -> Response {
    shown(&office, &path, |open| &open.print)
}

fn shown(office: &Office, path: &str, pages: impl Fn(&Open) -> &Pages) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let mut answer = pages(&open).answer(path);
    answer.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(door::SITE_POLICY);
    answer
}

/// The page's own style, script, fonts and drawing.
async fn own(State(office): Shared, Asked(file): Asked<String>) -> Response {
    let theme = &office.shipped;
    let bytes = match file.as_str() {
        "office.css" => ["web/tokens.css", "web/fonts.css", "office/office.css"]
            .into_iter()
            .filter_map(|path| theme.get(path))
            .collect::<Vec<_>>()
            .join(&b'\n'),
        "office.js" => theme.get("office/office.js").unwrap_or_default().to_vec(),
        "making.js" => theme.get("office/making.js").unwrap_or_default().to_vec(),
        "signpost.svg" => theme.symbol("signpost").unwrap_or_default().to_vec(),
        font if font.starts_with("fonts/") && font.ends_with(".woff2") => match theme.get(font) {
            Some(bytes) => bytes.to_vec(),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    web::answer(StatusCode::OK, web::kind(&file), bytes)
}

/// The person's own folder, where new schools are made.
fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_else(|| PathBuf::from("."))
}
