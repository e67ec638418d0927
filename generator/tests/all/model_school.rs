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
