//! The pages that readers see.

use std::{collections::BTreeMap, fs, path::Path};

use generator::{agreement, load::document::Kind, site, theme::Theme};

use crate::workshop::{Workshop, day, files};

fn built() -> Workshop {
    let workshop = Workshop::small();
    let photo = fs::read(workshop.school().join("images/hall.jpg")).unwrap();
    let secret = b"\xff\xfe\x00\x1aMia of Acorn, 53.7N 1.9W";
    workshop.write("images/hall.jpg", [&photo[..2], secret, &photo[2..]].concat());
    let output = workshop.build();
    assert!(output.status.success(), "{}", crate::workshop::said(&output));
    workshop
}

/// The text of a page as a reader sees it.
fn text(html: &str) -> String {
    let body = html.split_once("<main").map_or(html, |(_, rest)| rest);
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_of_an_agreement_holds_its_statements_word_for_word() {
    let workshop = built();
    let checked = workshop.check();
    let document = checked.school.of_kind(Kind::Agreement).next().unwrap();
    let agreement = agreement::of(document, &checked.school.settings).unwrap();
    let page = text(&workshop.page("agreements/ks1/index.html"));
    for words in agreement::words(&agreement) {
        assert!(page.contains(&words), "the page lacks “{words}”: {page}");
    }
    assert!(page.contains("I send kind messages & “smile”."));
}

#[test]
fn staff_pages_and_drafts_never_reach_the_site() {
    let workshop = built();
    for (path, bytes) in files(&workshop.out().join("site")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("xyzzy") && !path.contains("secret") && !path.contains("soon"), "{path}");
        assert!(!path.contains("plan.png"), "a staff page’s picture is on the site");
    }
}

#[test]
fn a_page_whose_visibility_is_misspelt_is_not_made_public() {
    let workshop = Workshop::small();
    workshop.change("policies/secret.md", "visibility = \"staff\"", "visibility = \"Staff\"");
    let checked = workshop.check();
    let site = site::render(&checked.school, &Theme::embedded().unwrap(), day()).unwrap();
    assert!(site.keys().all(|path| !path.contains("secret")));
}

#[test]
fn words_stated_once_stand_in_text_tables_headings_and_addresses() {
    let workshop = built();
    let policy = workshop.page("policies/online/index.html");
    assert!(policy.contains("Handed in to Mr Lee &amp; Sons at the gate."));
    assert!(policy.contains("<td>Headteacher</td>") && policy.contains("Ask Mr Lee &amp; Sons."));
    let home = workshop.page("index.html");
    assert!(home.contains("<h1>Welcome to Tiny School</h1>"));
    assert!(home.contains("href=\"tel:01632960200\">01632 960200</a>"));
}

#[test]
fn what_a_camera_wrote_into_a_photograph_is_not_published() {
    let mut pictures = 0;
    for (path, bytes) in files(&built().out()) {
        assert!(!bytes.windows(3).any(|three| three == b"Mia"), "{path}");
        pictures += usize::from(path.ends_with(".jpg"));
    }
    assert_eq!(pictures, 1);
}

#[test]
fn no_page_calls_anybody_else_and_every_script_is_a_file_of_the_site() {
    for (path, bytes) in files(&built().out().join("site")) {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(!text.contains("<iframe") && !text.contains("@import"), "{path}");
        // Scripts are files of the site's own; none stands in a page.
        for script in text.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"") && script.contains("\" defer></script>"), "{path}");
        }
        assert!(!text.contains(" onclick=") && !text.contains("eval("), "{path}");
        for part in ["src=\"", "url(\"", "<link rel=\"stylesheet\" href=\"", "<link rel=\"icon\" href=\""] {
            for found in text.split(part).skip(1) {
                assert!(
                    !found.starts_with("http") && !found.starts_with("//"),
                    "{path}: {part}{}",
                    &found[..40.min(found.len())]
                );
            }
        }
    }
}

/// Follows every link and every picture from page to page, as files.
fn follow(site: &BTreeMap<String, Vec<u8>>) {
    let mut followed = 0;
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html") && *path != "404.html") {
        let html = String::from_utf8_lossy(bytes);
        for link in html
            .split("href=\"")
            .chain(html.split("src=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            if link.contains(':') || link.contains('<') {
                continue;
            }
            let (file, anchor) = link.split_once('#').map_or((link, None), |(f, a)| (f, Some(a)));
            let file = file.split('?').next().unwrap_or_default();
            let target = if file.is_empty() { path.clone() } else { joined(path, file) };
            let page =
                site.get(&target).unwrap_or_else(|| panic!("{path} leads to {target}, which is not there"));
            if let Some(anchor) = anchor {
                let page = String::from_utf8_lossy(page);
                assert!(page.contains(&format!("id=\"{anchor}\"")), "{path} leads to {link}");
            }
            followed += 1;
        }
    }
    assert!(followed > 20);
}

fn joined(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn every_link_of_a_built_site_leads_to_a_file_of_it() {
    follow(&files(&built().out().join("site")));
}

#[test]
fn the_model_school_has_nothing_to_mend_and_its_links_lead_somewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    let theme = Theme::embedded().unwrap();
    let checked = generator::build::check(&folder, &theme, day());
    assert_eq!(checked.report.errors(), 0, "{}", generator::tell::as_text(&checked.report, false));
    follow(&site::render(&checked.school, &theme, day()).unwrap());
}

#[test]
fn the_same_school_and_day_give_the_same_bytes_in_any_folder() {
    let (one, other) = (built(), built());
    assert_eq!(files(&one.out()), files(&other.out()));
}

#[test]
fn every_page_has_one_title_headings_in_order_and_a_language() {
    for (path, bytes) in files(&built().out().join("site")) {
        if !path.ends_with(".html") {
            continue;
        }
        let html = String::from_utf8(bytes).unwrap();
        assert!(html.contains("<html lang=\"en-GB\">") && html.contains("<main id=\"page--text\""), "{path}");
        let body = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
        let levels: Vec<u32> = body
            .match_indices("<h")
            .filter_map(|(at, _)| body[at + 2..].chars().next()?.to_digit(10))
            .collect();
        assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1, "{path}: {levels:?}");
        assert_eq!(levels.first(), Some(&1), "{path}: {levels:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
        assert!(
            html.split("<img ").skip(1).all(|img| img.split('>').next().unwrap().contains("alt=\"")),
            "{path}"
        );
    }
}

#[test]
fn an_overdue_review_is_said_on_the_page_and_depends_on_the_day_alone() {
    let workshop = Workshop::small();
    let late = workshop.signpost(&["build", "--school", "school", "--out", "out", "--date", "2027-10-01"]);
    assert!(late.status.success());
    assert!(workshop.page("policies/online/index.html").contains("badge-overdue"));
    assert!(!built().page("policies/online/index.html").contains("badge-overdue"));
}

#[test]
fn staff_pages_and_drafts_never_reach_the_index_of_the_search() {
    let index = |workshop: &Workshop| -> BTreeMap<String, Vec<u8>> {
        assert!(workshop.build().status.success());
        let all = files(&workshop.out().join("site"));
        all.into_iter().filter(|(path, _)| path.starts_with("search/")).collect()
    };
    let workshop = Workshop::small();
    let with = index(&workshop);
    assert!(with.len() > 4);
    workshop
        .write("policies/another-secret.md", fs::read(workshop.school().join("policies/secret.md")).unwrap());
    workshop.change("policies/another-secret.md", "title = \"", "title = \"Quokkas and ");
    assert_eq!(index(&workshop), with, "a page that nobody may see changed what can be found");
    workshop.change("policies/another-secret.md", "visibility = \"staff\"", "draft = true");
    assert_eq!(index(&workshop), with, "a draft changed what can be found");
    workshop.change("policies/another-secret.md", "draft = true", "draft = false");
    assert_ne!(index(&workshop), with, "once it is published, it can be found");
}

#[test]
fn a_page_without_scripts_still_leads_to_everything() {
    let page = built().page("search/index.html");
    let without = page.split_once("<noscript>").unwrap().1.split_once("</noscript>").unwrap().0;
    assert!(without.contains("../policies/index.html") && without.contains("../agreements/index.html"));
}
