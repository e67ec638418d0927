//! Pupils' names do not reach public pages or pictures.

use crate::workshop::{Workshop, said};

const LIST: &str = "Legal surname,Preferred forename\nClarke,Amelia\nFirth,Grace\nFox,Will\nShaw,May\n";

/// What a check with the list says of a school whose policy ends with these words.
fn told(words: &str) -> String {
    let workshop = Workshop::small();
    let file = workshop.school().join("policies/online.md");
    let text = std::fs::read_to_string(file).unwrap();
    workshop.write("policies/online.md", format!("{text}\n\n## More\n\n{words}\n"));
    check(&workshop)
}

fn check(workshop: &Workshop) -> String {
    std::fs::write(workshop.path().join("pupils.csv"), LIST).unwrap();
    let words = ["check", "--school", "school", "--names", "pupils.csv", "--date", "2026-11-22"];
    said(&workshop.signpost(&words))
}

#[test]
fn a_full_name_is_found_in_the_text_and_a_first_name_only_at_a_picture() {
    assert!(told("Well done, Amelia Clarke.").contains("· pupil-name"));
    assert!(!told("Amelia said that in May she will say grace.").contains("pupil-"));
    assert!(told("![Grace on the climbing frame](../images/hall.jpg)").contains("· pupil-first-name"));
    assert!(told("![The frame](../images/hall.jpg) Amelia climbs.").contains("· pupil-first-name"));
    assert!(told("![The frame](../images/hall.jpg \"Will on top\")").contains("· pupil-first-name"));
    let words = "![Children who will sing in May](../images/hall.jpg) Grace before lunch.";
    assert!(!told(words).contains("pupil-"), "{}", told(words));
}

#[test]
fn a_name_in_a_pictures_file_is_found() {
    let workshop = Workshop::small();
    std::fs::copy(
        workshop.school().join("images/hall.jpg"),
        workshop.school().join("images/grace-on-frame.jpg"),
    )
    .unwrap();
    assert!(check(&workshop).contains("in images/grace-on-frame.jpg · pupil-first-name"));
}

#[test]
fn a_name_that_somebody_else_shares_is_silenced_with_that_reason() {
    let note = "<!-- signpost: allow pupil-name: the author of the book -->\nA book by Amelia Clarke.";
    let found = told(note);
    assert!(!found.contains("pupil-name") && !found.contains("allow-"), "{found}");
}

#[test]
fn a_list_without_names_is_refused_and_a_build_with_names_writes_nothing() {
    let workshop = Workshop::small();
    std::fs::write(workshop.path().join("bad.csv"), "a,b\n1,2\n").unwrap();
    let refused = workshop.signpost(&["check", "--school", "school", "--names", "bad.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("surname and forename"), "{}", said(&refused));

    workshop.change("policies/online.md", "Handed in", "Amelia Clarke said so. Handed in");
    std::fs::write(workshop.path().join("pupils.csv"), LIST).unwrap();
    let words =
        ["build", "--school", "school", "--out", "out", "--names", "pupils.csv", "--date", "2026-11-22"];
    assert_eq!(workshop.signpost(&words).status.code(), Some(1));
    assert!(!workshop.out().join("site").exists());
    assert!(workshop.build().status.success());
}
