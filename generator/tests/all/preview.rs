//! What somebody with an editor sees while they write, without a browser.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use generator::preview::{Look, Preview, Shows, news::News, watch};

use crate::workshop::{Workshop, copy, day};

const FILE: &str = "policies/online/index.html";

/// A preview that is told of what changes on the disk.
struct Watched {
    preview: Arc<Preview>,
    _watching: watch::Watching,
}

impl std::ops::Deref for Watched {
    type Target = Arc<Preview>;

    fn deref(&self) -> &Arc<Preview> {
        &self.preview
    }
}

fn open(workshop: &Workshop, shows: Shows) -> Watched {
    let preview = Preview::open(&workshop.school(), Look::Shipped, day(), shows).unwrap();
    let _watching = watch::start(&preview).unwrap();
    Watched { preview, _watching }
}

fn shown(preview: &Preview, file: &str) -> String {
    preview.file(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// A busy machine may take its time; a preview that never gets there is the fault.
fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "it never came to pass: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_saved_page_is_told_of_before_the_whole_school_was_looked_at() {
    let workshop = Workshop::small();
    let preview = open(&workshop, Shows::Public);
    let mut news = preview.news();
    workshop.change("policies/online.md", "How we keep children safe.", "Quite other words.");
    let first = news.blocking_recv().unwrap();
    assert!(matches!(&*first, News::Page(file) if file == FILE), "{first:?}");
    assert!(shown(&preview, FILE).contains("Quite other words."));
    until("the list says the new summary too", || {
        shown(&preview, "policies/index.html").contains("Quite other words.")
    });
}

#[test]
fn a_broken_page_stays_as_it_last_was_and_says_what_is_wrong_until_it_is_mended() {
    let workshop = Workshop::small();
    let preview = open(&workshop, Shows::Public);
    let before = shown(&preview, FILE);
    let good = std::fs::read_to_string(workshop.school().join("policies/online.md")).unwrap();
    workshop.write("policies/online.md", good.replacen("+++", "", 1));
    until("the fault is told", || preview.report().errors() > 0);
    workshop.write("policies/other.md", good.replace("How we keep children safe.", "A second policy."));
    until("a new page comes in all the same", || {
        shown(&preview, "policies/other/index.html").contains("A second policy.")
    });
    assert_eq!(shown(&preview, FILE), before);
    assert!(shown(&preview, "policies/index.html").contains("How we keep children safe."));
    workshop.write("policies/online.md", good);
    until("nothing is wrong", || preview.report().errors() == 0);
}

#[test]
fn a_broken_school_toml_leaves_every_page_as_it_was() {
    let workshop = Workshop::small();
    let preview = open(&workshop, Shows::Public);
    let before = shown(&preview, "index.html");
    let good = std::fs::read_to_string(workshop.school().join("school.toml")).unwrap();
    workshop.write("school.toml", good.replacen('"', "", 1));
    until("the fault is told", || preview.report().errors() > 0);
    assert_eq!(shown(&preview, "index.html"), before);
}

#[test]
fn staff_pages_and_drafts_are_seen_by_whoever_edits_them_and_never_on_the_site() {
    let workshop = Workshop::small();
    let public = open(&workshop, Shows::Public);
    let office = open(&workshop, Shows::Everything);
    assert!(shown(&public, "policies/secret/index.html").is_empty());
    assert!(!shown(&office, "policies/secret/index.html").is_empty());
    workshop.change("policies/secret.md", "version =", "  version =");
    std::thread::sleep(Duration::from_millis(200));
    assert!(shown(&public, "policies/secret/index.html").is_empty(), "not after an edit either");
}

#[test]
fn words_that_are_not_saved_are_shown_and_a_file_is_not_touched() {
    let workshop = Workshop::small();
    let preview = open(&workshop, Shows::Everything);
    let file = workshop.school().join("policies/online.md");
    let before = std::fs::read_to_string(&file).unwrap();
    preview.draft("policies/online.md", &before.replace("How we keep children safe.", "Only tried."));
    assert!(shown(&preview, FILE).contains("Only tried."));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    preview.forget_draft("policies/online.md");
    assert!(!shown(&preview, FILE).contains("Only tried."));
}

#[test]
fn a_school_that_is_closed_is_looked_at_no_more() {
    let workshop = Workshop::small();
    let watched = open(&workshop, Shows::Everything);
    workshop.change("policies/online.md", "How we keep children safe.", "Quite other words.");
    until("it is watched", || shown(&watched, FILE).contains("Quite other words."));
    let preview = Arc::downgrade(&watched.preview);
    drop(watched);
    // The threads that watched held it; nothing holds it once they have ended.
    until("its threads have ended", || preview.upgrade().is_none());
}

#[test]
fn a_theme_that_cannot_draw_is_told_and_the_pages_stay_until_it_is_mended() {
    let workshop = Workshop::small();
    let themes = workshop.path().join("themes");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes"), &themes);
    let preview =
        Preview::open(&workshop.school(), Look::Folder(themes.clone()), day(), Shows::Public).unwrap();
    let _watching = watch::start(&preview).unwrap();
    let told = |rule: &str| preview.report().diagnostics().iter().any(|found| found.code == rule);
    assert!(!told("theme"));
    let before = shown(&preview, FILE);

    let template = themes.join("web/templates/page.html");
    let good = std::fs::read_to_string(&template).unwrap();
    std::fs::write(&template, good.replacen("{{", "{{ words.nobody_has_written_these }}{{", 1)).unwrap();
    until("the fault is told", || told("theme"));
    let report = preview.report();
    let found = report.diagnostics().iter().find(|found| found.code == "theme").unwrap();
    assert!(
        found.what.starts_with("The pages cannot be drawn: ") && found.mend.contains("last change"),
        "{found:?}"
    );
    assert_eq!(shown(&preview, FILE), before, "the pages stay as they were");

    std::fs::write(&template, good).unwrap();
    until("nothing is wrong with it", || !told("theme"));
}
