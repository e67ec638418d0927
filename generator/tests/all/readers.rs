//! What each reader needs of a page: a line to write on, a number to tap, a name that leads to one place.

use std::{collections::BTreeSet, path::Path};

use generator::{site, theme::Theme};

use crate::workshop::{Workshop, day, files, said};

fn built() -> Workshop {
    let workshop = Workshop::small();
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    workshop
}

#[test]
fn a_form_is_lines_to_write_on_with_the_labels_word_for_word_and_never_code() {
    let page = built().page("policies/online/index.html");
    let form = page.split("<div class=\"form\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(form.contains("<p>Signed:</p>\n<p>Name of child &lt;please print&gt;</p>"), "{form}");
    assert!(form.contains("aria-label=\"Lines to fill in by hand\""), "{form}");
    assert_eq!(page.matches("<pre").count(), 1, "other blocks stay as they are");
}

#[test]
fn numbers_and_addresses_of_the_school_are_tapped_and_the_words_stay() {
    let workshop = built();
    let page = workshop.page("policies/online/index.html");
    for link in [
        "Ring <a href=\"tel:01632960200\">01632 960200</a>,",
        "<strong><a href=\"tel:08001111\">0800 1111</a></strong>",
        "<a href=\"tel:01632960201;ext=7\">01632 960201 ext. 7</a>",
        "<a href=\"mailto:office@tiny.example\">office@tiny.example</a>",
        "<a href=\"tel:01632960200\">this number: 01632 960200</a>",
    ] {
        assert!(page.contains(link), "no {link} in {page}");
    }
    let style = workshop.page("assets/site.css");
    assert!(style.contains("a[href^=\"tel:\"]:not(.button), .together { white-space: nowrap; }"));
}

#[test]
fn a_statement_with_a_number_is_signed_as_plain_words() {
    let workshop = Workshop::small();
    workshop.change("agreements/ks1.md", "## I tell a grown-up.", "## I ring {{ school.phone }}.");
    assert!(workshop.build().status.success());
    let page = workshop.page("agreements/ks1/index.html");
    assert!(page.contains("<h3>I ring 01632 960200.</h3>"), "{page}");
    assert!(page.contains("<p>Say it on <a href=\"tel:01632960200\">01632 960200</a>."), "{page}");
    let checked = workshop.check();
    let agreements = checked.school.documents.iter();
    let agreement =
        agreements.filter_map(|d| generator::agreement::of(d, &checked.school.settings)).next().unwrap();
    assert!(generator::agreement::words(&agreement).contains(&"Say it on 01632 960200.".to_owned()));
}

#[test]
fn a_child_who_learns_to_read_finds_no_word_cut_at_its_hyphen() {
    let page = built().page("agreements/ks1/index.html");
    assert!(page.contains("I tell a <span class=\"together\">grown-up.</span></h3>"), "{page}");
}

#[test]
fn an_agreement_is_put_in_brief_before_its_promises() {
    let page = built().page("agreements/ks1/index.html");
    let brief = page.find("We are kind: <a href=\"tel:01632960200\">01632 960200</a>.").unwrap();
    assert!(brief < page.find("We read this together.").unwrap());
}

/// Every id of a page once, and every reference to one within it kept.
fn ids_are_sound(path: &str, html: &str) {
    let mut ids = BTreeSet::new();
    for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.insert(id), "{path} has the id “{id}” twice");
    }
    for part in ["href=\"#", "aria-labelledby=\""] {
        for id in html.split(part).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(id), "{path} refers to “{id}”, which is not there");
        }
    }
}

#[test]
fn no_page_has_a_name_twice_whatever_its_headings_and_notes() {
    let workshop = Workshop::small();
    workshop.change(
        "policies/online.md",
        "## Contents",
        "## Contents\n\n## In brief\n\n## Page text\n\n## Given\n\n## Later {#given}\n\n## Note 1",
    );
    assert!(workshop.build().status.success());
    for (path, bytes) in files(&workshop.out().join("site")) {
        if path.ends_with(".html") {
            ids_are_sound(&path, &String::from_utf8(bytes).unwrap());
        }
    }
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    let theme = Theme::embedded().unwrap();
    let checked = generator::build::check(&model, &theme, day());
    for (path, bytes) in site::render(&checked.school, &theme, day()).unwrap() {
        if path.ends_with(".html") {
            ids_are_sound(&path, &String::from_utf8(bytes).unwrap());
        }
    }
}

#[test]
fn guides_stand_under_the_readers_they_are_for() {
    let workshop = Workshop::small();
    workshop.write("guides/home.md", "+++\ntitle = \"At home\"\n+++\n\nWords.\n");
    assert!(workshop.build().status.success());
    let alone = workshop.page("guides/index.html");
    assert!(alone.contains("<h1>For families</h1>") && !alone.contains("For parents and carers"), "{alone}");

    workshop
        .write("guides/help.md", "+++\ntitle = \"Help\"\naudience = \"children\"\n+++\n\nTell a grown-up.\n");
    workshop.write("guides/steps.md", "+++\ntitle = \"Steps\"\naudience = \"staff\"\n+++\n\nWords.\n");
    assert!(workshop.build().status.success());
    let list = workshop.page("guides/index.html");
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("no {words} in {list}"));
    let order =
        [">For parents and carers</h2>", ">At home<", ">For children</h2>", ">Help<", ">For staff</h2>"];
    assert!(order.map(at).is_sorted() && at(">For staff</h2>") < at(">Steps<"), "{list}");
    let page = workshop.page("guides/help/index.html");
    assert!(page.contains("<body class=\"page guides for-children\">"), "{page}");
    assert!(page.contains("<span class=\"together\">grown-up.</span>"), "{page}");
}

#[test]
fn a_worried_reader_meets_at_most_three_helplines_first_those_for_children_before_others() {
    let workshop = Workshop::small();
    let settings = std::fs::read_to_string(workshop.school().join("school.toml")).unwrap();
    let mut before = String::new();
    for (key, readers) in [("one", "staff"), ("two", "families"), ("three", "families"), ("four", "families")]
    {
        before.push_str(&format!(
            "[helplines.{key}]\nname = \"Line {key}\"\nphone = \"01632 960300\"\nfor = \"{readers}\"\n\n"
        ));
    }
    workshop.write(
        "school.toml",
        settings.replace("[helplines.childline]", &format!("{before}[helplines.childline]")),
    );
    assert!(workshop.build().status.success());
    let page = workshop.page("report-a-concern/index.html");
    assert!(page.find("tel:999").unwrap() < page.find("Childline").unwrap());
    let (first, more) = page.split_once("id=\"page--more\"").unwrap();
    let order = ["Childline", "Line two", "Line three"].map(|name| first.find(name).unwrap());
    assert!(order.is_sorted() && first.matches("<p class=\"who\">").count() == 3, "{first}");
    assert!(more.find("Line four").unwrap() < more.find("Line one").unwrap(), "{more}");
}

#[test]
fn the_report_page_leads_to_the_form_on_the_web_where_the_school_has_one_and_else_to_people_and_paper() {
    let form = "https://report.larkfield.example";
    let workshop = Workshop::small();
    assert!(workshop.build().status.success());
    let page = workshop.page("report-a-concern/index.html");
    for way in ["tel:999", "href=\"tel:0", "Come in"] {
        assert!(page.contains(way), "{way}: {page}");
    }
    assert!(!page.contains("Use our form online") && !page.contains(form), "{page}");

    let settings = std::fs::read_to_string(workshop.school().join("school.toml")).unwrap();
    workshop.write("school.toml", format!("report_form = \"{form}/\"\n{settings}"));
    assert!(workshop.build().status.success());
    let page = workshop.page("report-a-concern/index.html");
    let ways = page.split("id=\"page--ways\"").nth(1).unwrap();
    let link = ways.find(&format!("<a class=\"way\" href=\"{form}\">Use our form online</a>")).unwrap();
    assert!(link < ways.find("Come in").unwrap(), "it is the first of the other ways: {ways}");
    assert!(page.contains("on the school’s own server"), "it is said where it goes");
}

#[test]
fn the_report_page_promises_nothing_of_a_screen_at_school() {
    let page = built().page("report-a-concern/index.html").to_lowercase();
    for word in ["kiosk", "screen", "report box", "anonymous"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn who_approved_a_page_begins_with_a_capital_where_it_stands_alone() {
    assert!(built().page("policies/online/index.html").contains("<small>The governors</small>"));
}
