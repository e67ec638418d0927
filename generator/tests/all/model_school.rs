//! What the model school promises to whoever copies it.

use std::fs;

use generator::load::front_matter::Visibility;

use crate::workshop::{Workshop, files, said};

fn built(workshop: &Workshop) -> Vec<(String, String)> {
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    files(&workshop.out().join("site"))
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

#[test]
fn nothing_that_it_keeps_for_staff_is_on_its_site() {
    let workshop = Workshop::model();
    let school = workshop.check().school;
    let documents = school.documents.iter().filter(|d| d.matter.visibility == Visibility::Staff);
    let forms = school.forms.iter().filter(|form| form.visibility == Visibility::Staff);
    let mut kept: Vec<&str> = documents.map(|document| document.source.path.as_str()).collect();
    kept.extend(forms.map(|form| form.source.path.as_str()));
    assert!(kept.len() > 20, "only {} pages and forms are kept for staff", kept.len());
    let site = built(&workshop);
    for file in kept {
        let text = fs::read_to_string(workshop.school().join(file)).unwrap();
        let quoted = |line: &str| Some(line.strip_prefix("summary = \"")?.strip_suffix('"')?.to_owned());
        let summary = text.lines().find_map(quoted).unwrap();
        let address = file.rsplit_once('.').unwrap().0;
        for (path, page) in &site {
            assert!(!path.starts_with(&format!("{address}/")), "{file} has a page at {path}");
            assert!(!page.contains(&summary), "{path} says what {file} says");
            assert!(!page.contains(&format!("{address}/")), "{path} leads to {file}");
        }
    }
}

#[test]
fn a_new_safeguarding_lead_is_one_edit() {
    let workshop = Workshop::model();
    workshop.change("school.toml", "Ms Priya Nair", "Mr Olu Bright");
    let site = built(&workshop);
    for (path, page) in &site {
        assert!(!page.contains("Priya") && !page.contains("Nair"), "{path} still names her");
    }
    let named = site.iter().filter(|(_, page)| page.contains("Mr Olu Bright")).count();
    assert!(named > 10, "only {named} pages name the new one");
}

#[test]
fn another_filter_and_another_helpline_number_are_one_edit_each() {
    let workshop = Workshop::model();
    workshop.change("school.toml", "\"Hedgerow Filter\"", "\"Brook Filter\"");
    workshop.change("school.toml", "\"0808 800 5000\"", "\"0808 157 0000\"");
    for (path, page) in built(&workshop) {
        assert!(!page.contains("Hedgerow Filter"), "{path} names the old filter");
        assert!(!page.contains("0808 800 5000"), "{path} has the old number");
    }
}

#[test]
fn a_guide_about_photographs_names_each_use_that_the_form_asks_and_no_other() {
    let workshop = Workshop::model();
    for tongue in ["", ".pl", ".ur"] {
        let read = |path: String| fs::read_to_string(workshop.school().join(path)).unwrap();
        let asked: toml::Table = read(format!("forms/images{tongue}.toml")).parse().unwrap();
        let guide = read(format!("guides/consent-for-photographs{tongue}.md"));
        let table = guide.split("|---|---|---|\n").nth(1).unwrap().split("\n\n").next().unwrap();
        let uses = asked["purposes"].as_array().unwrap();
        for purpose in uses {
            let words = purpose["words"].as_str().unwrap();
            assert!(table.contains(&format!("| {words} |")), "guide{tongue} lacks “{words}”");
        }
        assert_eq!(table.trim_end().lines().count(), uses.len(), "guide{tongue}");
    }
}

#[test]
fn every_letter_begins_with_a_capital_after_the_greeting() {
    let workshop = Workshop::model();
    let mut seen = 0;
    for area in ["letters", "guides"] {
        for file in fs::read_dir(workshop.school().join(area)).unwrap() {
            let file = file.unwrap().path();
            let text = fs::read_to_string(&file).unwrap();
            let Some((_, after)) = text.split_once("\nDear ") else { continue };
            let first = after.split_once("\n\n").unwrap().1.chars().next().unwrap();
            assert!(first.is_uppercase(), "{}", file.display());
            seen += 1;
        }
    }
    assert_eq!(seen, 7);
}

#[test]
fn the_accessibility_statement_has_the_headings_of_the_official_model_and_privacy_tells_of_the_copy() {
    let workshop = Workshop::model();
    assert!(workshop.build().status.success());
    let statement = workshop.page("accessibility/index.html");
    for heading in [
        "<h2>Non-accessible content</h2>",
        "<h3>Non-compliance with the accessibility regulations</h3>",
        "<h3>Disproportionate burden</h3>",
        "<h3>Content that’s not within the scope of the accessibility regulations</h3>",
    ] {
        assert!(statement.contains(heading), "{heading}: {statement}");
    }
    assert!(workshop.page("privacy/index.html").contains("your browser keeps copies"), "of the pages");
}

#[test]
fn another_school_promises_nothing_about_the_model_school() {
    let workshop = Workshop::model();
    workshop.change("school.toml", "short_name = \"Larkfield\"", "short_name = \"Thornbeck\"");
    let site = built(&workshop);
    for page in ["agreements/ks1/index.html", "pl/agreements/ks1/index.html", "ur/agreements/ks1/index.html"]
    {
        let (_, text) = site.iter().find(|(path, _)| path == page).unwrap();
        let words = text.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        // In English “our school”, which is said aloud for every school alike.
        assert!(page.starts_with("agreements") || words.contains("Thornbeck"), "{page}");
        assert!(!words.contains("at Larkfield") && !words.contains("w Larkfield"), "{page}");
    }
}
