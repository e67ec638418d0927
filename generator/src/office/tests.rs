//! The office's page as the office meets it: a form is sent, a page comes back.

mod browser;
mod facts;
mod pages;
mod photographs;

use std::{
    collections::BTreeMap,
    fs,
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Form,
    extract::{Query, State},
    http::header,
    response::Response,
};
use jiff::civil::Date;

use super::{Office, edit, place, publish, start, who};
use crate::{
    diagnostic::Diagnostic,
    import::{self, ImportKind, RunOptions},
    preview::Look,
};

/// An office with a small school open in it.
struct Desk {
    folder: tempfile::TempDir,
    office: Arc<Office>,
}

impl Desk {
    fn new(prepare: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let school = folder.path().join("school");
        copy(&of_tests("all/small-school"), &school);
        prepare(&school);
        let office = Office::new(0, Look::Shipped, Some(Date::new(2026, 11, 22).unwrap())).unwrap();
        office.lay_open(&school).unwrap();
        Self { folder, office }
    }

    fn school(&self) -> PathBuf {
        self.folder.path().join("school")
    }

    fn state(&self) -> State<Arc<Office>> {
        State(Arc::clone(&self.office))
    }

    fn publish(&self) -> String {
        let to = self.folder.path().join("out").display().to_string();
        let sent = words(&[("to", &to), ("approved_by", "the governing board")]);
        body(async { publish::publish(self.state(), Form(sent)).await })
    }
}

fn of_tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn words(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn run<T>(answer: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(answer)
}

fn body(answer: impl Future<Output = Response>) -> String {
    run(async {
        let bytes = axum::body::to_bytes(answer.await.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    })
}

/// Where an answer sends the browser.
fn sent_to(answer: &Response) -> String {
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

/// What a browser reads out of an address.
fn read(address: &str, key: &str) -> String {
    let address = url::Url::parse(&format!("http://127.0.0.1{address}")).unwrap();
    let found = address.query_pairs().find(|(name, _)| name == key).unwrap().1.into_owned();
    assert_eq!(address.fragment(), None, "{address}");
    found
}

/// The first address on a page that begins with these words.
fn link(page: &str, begins: &str) -> String {
    let at = page.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("no {begins} in {page}"));
    page[at + 6..].split('"').next().unwrap().replace("&amp;", "&")
}

#[test]
fn a_word_policy_with_a_picture_says_why_it_cannot_go_out_and_goes_out_once_somebody_says_who_is_in_it() {
    let desk = Desk::new(|school| {
        let options = RunOptions { kind: ImportKind::Policy, replace: false };
        import::run(&of_tests("import/documents/hats.docx"), school, &options).unwrap();
    });
    for _ in 0..8 {
        let answer = desk.publish();
        if !answer.contains("Nothing was published") {
            break;
        }
        assert!(answer.contains("Nothing says who is in this picture."), "{answer}");
        let way = link(&answer, "/who?picture=");
        let picture = read(&way, "picture");
        let form = body(async { who::ask(desk.state(), Query(words(&[("picture", &picture)]))).await });
        assert!(form.contains(&format!("src=\"/picture/{picture}\"")), "whoever says it sees it: {form}");
        let nobody = words(&[("picture", picture.as_str()), ("who", "nobody")]);
        let said = run(async { who::say(desk.state(), Form(nobody)).await });
        assert_eq!(read(&sent_to(&said), "saved"), "1");
    }
    assert!(desk.folder.path().join("out/site/policies/sun-hat/index.html").is_file());
}

#[test]
fn a_picture_of_pupils_is_written_down_with_who_looked_at_it_too() {
    let desk = Desk::new(|_| {});
    let mia = "06060606060606060606060606060606";
    let sent = |ids: &str, checked_by: &str| {
        let sent = words(&[
            ("picture", "images/hall.jpg"),
            ("who", "pupils"),
            ("ids", ids),
            ("checked_by", checked_by),
        ]);
        run(async { who::say(desk.state(), Form(sent)).await })
    };
    let list = || fs::read_to_string(desk.school().join("images/hall.people.toml")).unwrap();
    let before = list();
    for (ids, checked_by) in [("Mia Keller", "Mrs Nowak"), (mia, ""), ("", "Mrs Nowak")] {
        assert_eq!(sent(ids, checked_by).status(), 400, "{ids:?} {checked_by:?}");
        assert_eq!(list(), before, "half an answer is not written down");
    }
    sent(mia, "Mrs Kasia Nowak");
    let now = list();
    assert!(now.contains(mia) && now.contains("Mrs Kasia Nowak") && !now.contains("nobody"), "{now}");
    // Whether they may be shown only the hub knows; the finding leads back to the form.
    let answer = desk.publish();
    assert!(answer.contains("Nobody has looked up whether these pupils may be shown."), "{answer}");
    assert_eq!(read(&link(&answer, "/who?picture="), "picture"), "images/hall.jpg");
}

#[test]
fn a_page_whose_name_has_an_ampersand_and_a_hash_is_found_again_after_it_is_saved() {
    let desk = Desk::new(|_| {});
    let file = "guides/Q & A #1 + 50%.md";
    let text = "+++\ntitle = \"Questions\"\n+++\n\nWords.\n";
    fs::write(desk.school().join(file), text).unwrap();
    let base = place::mark(text);
    let sent =
        words(&[("file", file), ("base", &base), ("body", "+++\ntitle = \"Answers\"\n+++\n\nWords.\n")]);
    let saved = run(async { edit::save(desk.state(), Form(sent)).await });
    assert_eq!(read(&sent_to(&saved), "file"), file);

    let open = desk.office.opened().unwrap();
    let problem = Diagnostic::file_error("file-name", file, "What", "How");
    assert_eq!(read(&start::way_to(&open, &problem), "file"), file);

    let earlier = fs::read_dir(place::earlier_folder(&desk.school(), file).unwrap()).unwrap().next().unwrap();
    let name = earlier.unwrap().file_name().to_string_lossy().into_owned();
    let sent = words(&[("file", file), ("name", &name)]);
    let back = run(async { super::earlier::put_back(desk.state(), Form(sent)).await });
    assert_eq!(read(&sent_to(&back), "file"), file);
    assert_eq!(fs::read_to_string(desk.school().join(file)).unwrap(), text);
}
