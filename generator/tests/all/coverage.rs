//! Where each thing that schools ask for lives: `docs/coverage.toml`, held against the built school.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use generator::load::{document::Kind, front_matter::Visibility};
use serde::Deserialize;

use crate::workshop::{Workshop, said};

/// The rows that schools ask for, by the letter of their group.
const GROUPS: [(char, usize, &str); 7] = [
    ('A', 19, "Agreements"),
    ('C', 15, "Consent"),
    ('I', 23, "Incidents, reporting, help"),
    ('D', 19, "Displays, guides, lessons"),
    ('G', 12, "Governing, training, checking"),
    ('R', 15, "Registers and data protection"),
    ('W', 18, "Publishing"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    state: State,
    missing: Option<String>,
    note: Option<String>,
    r#where: Vec<String>,
    needs: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
enum State {
    #[serde(rename = "here")]
    Here,
    #[serde(rename = "part")]
    Part,
    #[serde(rename = "not yet")]
    NotYet,
    #[serde(rename = "out of scope")]
    OutOfScope,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn coverage() -> Coverage {
    toml::from_str(&fs::read_to_string(root().join("docs/coverage.toml")).unwrap()).unwrap()
}

/// What a reader finds at a place: the words of the built page, or of the file where no page is made of it.
struct Shelves {
    workshop: Workshop,
    pages: BTreeMap<String, String>,
    staff: Vec<String>,
}

impl Shelves {
    fn built() -> Self {
        let workshop = Workshop::model();
        let output = workshop.build();
        assert!(output.status.success(), "{}", said(&output));
        let checked = workshop.check();
        let mut pages = BTreeMap::new();
        let mut staff = Vec::new();
        for document in &checked.school.documents {
            let path = document.source.path.clone();
            // Letters are printed for families and are on no site either.
            if document.matter.visibility == Visibility::Staff || document.kind == Kind::Letter {
                staff.push(path);
            } else {
                pages.insert(path, document.address());
            }
        }
        for form in &checked.school.forms {
            let path = form.source.path.clone();
            if form.is_published() {
                pages.insert(path, form.address());
            } else {
                staff.push(path);
            }
        }
        for list in ["glossary", "approved-sites"] {
            pages.insert(format!("{list}.toml"), list.to_owned());
        }
        Self { workshop, pages, staff }
    }

    /// The text at one place of a row, or what is wrong with the place.
    fn text(&self, place: &str) -> Result<String, String> {
        let (file, anchor) =
            place.split_once('#').map_or((place, None), |(file, anchor)| (file, Some(anchor)));
        if file.starts_with("docs/") {
            return fs::read_to_string(root().join(file)).map_err(|why| format!("{file}: {why}"));
        }
        let address = match self.pages.get(file) {
            Some(address) => address.clone(),
            None if self.staff.iter().any(|path| path == file) || file.ends_with(".toml") => {
                return self.file(file, anchor);
            }
            None => file.to_owned(),
        };
        let page = self.workshop.out().join("site").join(&address).join("index.html");
        let html = fs::read_to_string(&page).map_err(|_| format!("{place}: there is no page /{address}/"))?;
        match anchor {
            Some(anchor) if !html.contains(&format!("id=\"{anchor}\"")) => {
                Err(format!("{place}: the page has no part of that name"))
            }
            _ => Ok(words(&html)),
        }
    }

    fn file(&self, file: &str, anchor: Option<&str>) -> Result<String, String> {
        let text =
            fs::read_to_string(self.workshop.school().join(file)).map_err(|_| format!("{file}: no file"))?;
        match anchor {
            Some(anchor) if !text.contains(&format!("{{#{anchor}")) => {
                Err(format!("{file}: no part “{anchor}”"))
            }
            _ => Ok(text),
        }
    }
}

/// The words of a page, without its tags.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "’")
        .replace("&amp;", "&")
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn everything_that_schools_ask_for_is_where_the_coverage_says() {
    let shelves = Shelves::built();
    let mut wrong = Vec::new();
    for row in coverage().row {
        let mut found = String::new();
        for place in &row.r#where {
            match shelves.text(place) {
                Ok(text) => found.push_str(&plain(&text)),
                Err(why) => wrong.push(format!("{}: {why}", row.id)),
            }
            found.push(' ');
        }
        let there = matches!(row.state, State::Here | State::Part);
        if there == row.r#where.is_empty() || there == row.needs.is_empty() {
            wrong
                .push(format!("{}: a row that is here names its places and words, another has none", row.id));
        }
        if (row.state == State::Part) != row.missing.is_some() || !there && row.note.is_none() {
            wrong.push(format!("{}: it should say what is missing, or why", row.id));
        }
        for needed in &row.needs {
            if !found.contains(&plain(needed)) {
                wrong.push(format!(
                    "{}: a reader of {} does not find “{needed}”",
                    row.id,
                    row.r#where.join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_thing_that_schools_ask_for_is_forgotten() {
    let ids: Vec<String> = coverage().row.into_iter().map(|row| row.id).collect();
    let wanted: Vec<String> = GROUPS
        .iter()
        .flat_map(|(letter, count, _)| (1..=*count).map(move |n| format!("{letter}{n}")))
        .collect();
    assert_eq!(ids, wanted);
}

/// `SIGNPOST_BLESS=1` writes the page anew.
#[test]
fn the_page_about_coverage_says_what_the_list_says() {
    let page = page(&coverage());
    let file = root().join("docs/coverage.md");
    if std::env::var_os("SIGNPOST_BLESS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/coverage.md is out of date: run this test once with SIGNPOST_BLESS=1");
}

fn page(coverage: &Coverage) -> String {
    let mut out = String::from(
        "# Where each thing lives\n\nWhat real schools’ online-safety policies ask for, row by row, and where the model \
         school has it. Made from [coverage.toml](coverage.toml) by a test, which also opens each place in a real build and \
         looks for the words that a reader must find there. Do not edit this page.\n\n\
         “Here” means that it is here and complete. “Here in part” means that the words are here, and says what is \
         missing.\n",
    );
    let count = |state| coverage.row.iter().filter(|row| row.state == state).count();
    let _ = writeln!(
        out,
        "\n{} rows: {} here, {} in part, {} not yet, {} out of scope.",
        coverage.row.len(),
        count(State::Here),
        count(State::Part),
        count(State::NotYet),
        count(State::OutOfScope)
    );
    for (letter, _, title) in GROUPS {
        let _ = write!(
            out,
            "\n## {letter}: {title}\n\n| Row | What it is | Where it lives | State |\n|---|---|---|---|\n"
        );
        for row in coverage.row.iter().filter(|row| row.id.starts_with(letter)) {
            let places: Vec<String> = row.r#where.iter().map(|place| link(place)).collect();
            let _ = writeln!(out, "| {} | {} | {} | {} |", row.id, row.title, places.join(", "), state(row));
        }
    }
    out.push_str(
        "\n## Not for this program\n\nFiltering and monitoring engines, firewalls, private networks, management of devices, \
         servers, protection against viruses, telephones, looking into indecent images, and live connections to other \
         firms’ systems for safeguarding records or pupils’ records. They are named in the content, as data, where a \
         reader needs them.\n",
    );
    out
}

fn link(place: &str) -> String {
    if let Some(file) = place.strip_prefix("docs/") {
        return format!("[{file}]({file})");
    }
    let file = place.split('#').next().unwrap_or(place);
    if file.contains('.') { format!("[{place}](../content/{place})") } else { format!("the page /{place}/") }
}

fn state(row: &Row) -> String {
    let first = match row.state {
        State::Here => "Here.",
        State::Part => "Here in part.",
        State::NotYet => "Not yet.",
        State::OutOfScope => "Out of scope.",
    };
    let missing = row.missing.as_ref().map(|what| format!("Missing: {what}"));
    let said: Vec<&str> =
        [Some(first), missing.as_deref(), row.note.as_deref()].into_iter().flatten().collect();
    let said = said.join(" ");
    // A state with nothing after it is a word, not a sentence.
    if said == first { first.trim_end_matches('.').to_owned() } else { said }
}
