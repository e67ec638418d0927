//! Pages begun, renamed, taken away and put back.

use std::{collections::BTreeMap, fs};

use axum::{Form, extract::Query, response::Response};

use super::{Desk, body, browser::fields, link, read, run, sent_to, words};
use crate::{
    diagnostic::Severity,
    office::{edit, pages},
};

type Sent = BTreeMap<String, String>;

fn begun(desk: &Desk, sent: Sent) -> Response {
    run(pages::make(desk.state(), Form(sent)))
}

fn renamed(desk: &Desk, file: &str, title: &str, name: &str) -> (u16, String) {
    let sent = words(&[("file", file), ("title", title), ("name", name)]);
    let answer: Response = run(pages::rename(desk.state(), Form(sent)));
    (answer.status().as_u16(), body(async { answer }))
}

fn text(desk: &Desk, file: &str) -> String {
    fs::read_to_string(desk.school().join(file)).unwrap()
}

#[test]
fn a_new_page_of_each_kind_begins_in_order_and_as_a_draft() {
    let desk = Desk::new(|_| {});
    for kind in ["policies", "agreements", "guides", "posters", "flowcharts", "letters"] {
        let title = "Phones “at” school & home";
        let sent = words(&[("kind", kind), ("title", title), ("audience", "ks2")]);
        let there = sent_to(&begun(&desk, sent));
        let file = read(&there, "file");
        assert_eq!(file, format!("{kind}/phones-at-school-home.md"));
        let open = desk.office.opened().unwrap();
        let school = open.preview.school();
        let page = school.document(&file).unwrap();
        assert_eq!(page.title(&school.settings), title);
        assert!(page.matter.draft, "{kind}: nobody sees it yet");
        let report = open.preview.report();
        let errors: Vec<&str> = report
            .diagnostics()
            .iter()
            .filter(|problem| problem.file == file && problem.severity == Severity::Error)
            .map(|problem| problem.what.as_str())
            .collect();
        assert_eq!(errors, Vec::<&str>::new(), "{kind}");
        let editor = body(edit::show(desk.state(), Query(words(&[("file", &file)]))));
        assert!(fields(&editor)["body"].len() > 20, "there are words to write over: {editor}");
    }
}

#[test]
fn a_page_without_kind_title_or_address_or_with_one_that_is_taken_is_not_made() {
    let desk = Desk::new(|_| {});
    let before = text(&desk, "policies/online.md");
    for (kind, title, audience, why) in [
        ("", "Phones", "", "Choose which kind"),
        ("pictures", "Phones", "", "Choose which kind"),
        ("guides", " ", "", "needs a title"),
        ("guides", "校则", "", "no letter"),
        ("agreements", "Phones", "", "who agrees"),
        ("policies", "Online", "", "already"),
    ] {
        let answer = begun(&desk, words(&[("kind", kind), ("title", title), ("audience", audience)]));
        assert_eq!(answer.status(), 400, "{title}");
        let page = body(async { answer });
        assert!(page.contains(why), "{title}: {page}");
        assert_eq!(fields(&page)["title"], title.trim(), "what was typed is there");
    }
    assert_eq!(text(&desk, "policies/online.md"), before);
}

fn with_links() -> Desk {
    Desk::new(|school| {
        fs::write(
            school.join("home.pl.md"),
            "+++\ntitle = \"Witamy\"\n+++\n\n[Polityka](policies/online.md).\n",
        )
        .unwrap();
        let polish = "+++\ntitle = \"Bezpieczeństwo\"\nof_version = \"1.0\"\n+++\n\nSłowa.\n";
        fs::write(school.join("policies/online.pl.md"), polish).unwrap();
        let guide = "+++\ntitle = \"More\"\n+++\n\nRead [it](../policies/online.md), [of phones](<../policies/online.md#phones>) and [ours].\n\n[ours]: ../policies/online.md\n";
        fs::write(school.join("guides/more.md"), guide).unwrap();
        fs::create_dir_all(school.join("history/policies")).unwrap();
        fs::write(school.join("history/policies/online.toml"), "").unwrap();
    })
}

#[test]
fn a_page_is_renamed_with_its_translations_its_record_and_the_links_to_it() {
    let desk = with_links();
    let asked = body(pages::ask_rename(desk.state(), Query(words(&[("file", "policies/online.md")]))));
    assert!(asked.contains("href=\"/edit?file=guides/more.md\"") && asked.contains("Witamy"), "{asked}");
    let (status, page) = renamed(&desk, "policies/online.md", "Safe online", "safe-online");
    assert_eq!(status, 200, "{page}");
    assert!(!desk.school().join("policies/online.md").exists());
    assert!(text(&desk, "policies/safe-online.md").starts_with("+++\ntitle = \"Safe online\"\nsummary"));
    assert!(text(&desk, "policies/safe-online.pl.md").contains("Bezpieczeństwo"));
    assert!(desk.school().join("history/policies/safe-online.toml").is_file());
    assert!(text(&desk, "home.md").contains("(policies/safe-online.md#phones)"));
    assert!(text(&desk, "home.pl.md").contains("(policies/safe-online.md)"));
    let more = text(&desk, "guides/more.md");
    assert!(more.contains("[it](../policies/safe-online.md)"), "{more}");
    assert!(more.contains("(<../policies/safe-online.md#phones>)"), "{more}");
    // A link whose address stands elsewhere on the page is said to be mended by hand.
    assert!(more.contains("[ours]: ../policies/online.md"), "{more}");
    assert!(page.contains("by hand") && link(&page, "/edit?file=guides/").contains("more.md"), "{page}");
    let open = desk.office.opened().unwrap();
    let report = open.preview.report();
    let broken: Vec<&str> = report
        .diagnostics()
        .iter()
        .filter(|problem| problem.code == "link-to-nowhere")
        .map(|problem| problem.file.as_str())
        .collect();
    assert_eq!(broken, ["guides/more.md"], "all others lead on");
}

#[test]
fn a_page_is_not_renamed_to_what_cannot_be_or_is_there() {
    let desk = with_links();
    let before = text(&desk, "policies/online.md");
    for (title, name, why) in [
        ("", "online", "needs a title"),
        ("Online", "Safe Online", "small letters"),
        ("Online", "../guides/x", "small letters"),
        ("Online", "con", "small letters"),
        ("Online", "secret", "already"),
    ] {
        let (status, page) = renamed(&desk, "policies/online.md", title, name);
        assert_eq!(status, 400, "{name}");
        assert!(page.contains(why), "{name}: {page}");
        assert_eq!(fields(&page)["name"], name, "what was typed is there");
    }
    for strange in ["home.md", "school.toml", "policies/no-such.md", "../x.md", "images/hall.jpg"] {
        assert_eq!(renamed(&desk, strange, "X", "x").0, 400, "{strange}");
    }
    assert_eq!(text(&desk, "policies/online.md"), before);
}

#[test]
fn an_agreement_that_was_published_keeps_the_address_that_signatures_name() {
    let desk = Desk::new(|school| {
        fs::create_dir_all(school.join("history")).unwrap();
        let record = "[[published]]\nversion = \"1.0\"\nday = \"2026-10-01\"\nwords = [\"Our promise\"]\n";
        fs::write(school.join("history/ks1.toml"), record).unwrap();
    });
    let asked = body(pages::ask_rename(desk.state(), Query(words(&[("file", "agreements/ks1.md")]))));
    assert!(asked.contains("The address of this agreement stays"), "{asked}");
    let (status, _) = renamed(&desk, "agreements/ks1.md", "Our new promise", "other");
    assert_eq!(status, 200);
    assert!(text(&desk, "agreements/ks1.md").contains("title = \"Our new promise\""));
    assert!(!desk.school().join("agreements/other.md").exists());
}

#[test]
fn a_page_that_was_taken_away_is_kept_and_put_back_as_it_was() {
    let desk = with_links();
    let before = (text(&desk, "policies/online.md"), text(&desk, "policies/online.pl.md"));
    let asked = body(pages::ask_remove(desk.state(), Query(words(&[("file", "policies/online.md")]))));
    assert!(asked.contains("href=\"/edit?file=home.md\""), "it says what links there: {asked}");
    assert!(text(&desk, "policies/online.md") == before.0, "asking takes nothing away");
    let gone = sent_to(&run(pages::remove(desk.state(), Form(words(&[("file", "policies/online.md")])))));
    let name = read(&gone, "gone");
    assert!(!desk.school().join("policies/online.md").exists());
    assert!(!desk.school().join("policies/online.pl.md").exists(), "a translation alone is no page");
    let open = desk.office.opened().unwrap();
    assert!(open.preview.file("policies/online/index.html").is_none(), "it is off the site");
    let list = body(pages::list_removed(desk.state(), Query(words(&[("gone", &name)]))));
    assert!(list.contains("Online safety") && list.contains("policies/online.pl.md"), "{list}");

    // Meanwhile somebody made another page of that name: neither is lost.
    fs::write(desk.school().join("policies/online.md"), "other").unwrap();
    let back = || -> Response { run(pages::put_back(desk.state(), Form(words(&[("name", &name)])))) };
    assert_eq!(back().status(), 409);
    assert_eq!(text(&desk, "policies/online.md"), "other");
    fs::remove_file(desk.school().join("policies/online.md")).unwrap();
    assert_eq!(read(&sent_to(&back()), "file"), "policies/online.md");
    assert_eq!((text(&desk, "policies/online.md"), text(&desk, "policies/online.pl.md")), before);
    let list = body(pages::list_removed(desk.state(), Query(Sent::new())));
    assert!(list.contains("No page was taken away."), "{list}");
    for strange in ["", "..", "../earlier", "2026-11-22 10-00-00"] {
        let answer: Response = run(pages::put_back(desk.state(), Form(words(&[("name", strange)]))));
        assert_eq!(answer.status(), 400, "{strange}");
    }
}
