//! What lets the site open without a network: the worker that keeps it, and the manifest.

use std::{collections::BTreeMap, fmt::Write as _};

use data_encoding::HEXLOWER;
use records::digest::Digest;

use super::{About, SiteError};
use crate::{load::School, theme::Theme};

/// How much of a site is kept from the first visit on, in bytes; what is over it is kept once it was
/// opened. A school's site of sixty pages has about a quarter of this.
const KEPT: usize = 6 * 1024 * 1024;

/// The page that comes in place of one that is not kept.
pub(super) const PAGE: &str = "offline";

/// The worker's script: which files it keeps, each with its digest, and the theme's `worker.js`. It is a
/// different one as soon as one of them differs, and that is how a browser learns of a new build.
pub(super) fn worker(theme: &Theme, files: &BTreeMap<String, About>) -> Result<Vec<u8>, SiteError> {
    let mut list = String::new();
    for (path, about) in kept(files) {
        // Writing to a String cannot fail; a path is quoted as a script wants it.
        let (path, digest) = (serde_json::to_string(path).unwrap_or_default(), short(&about.digest));
        let _ = writeln!(list, "[{path},\"{digest}\"],");
    }
    let script = theme.text("web/worker.js")?;
    let build = short(&Digest::of(format!("{list}{script}").as_bytes()));
    Ok(format!("\"use strict\";\nconst BUILD = \"{build}\";\nconst FILES = [\n{list}];\n{script}")
        .into_bytes())
}

/// The files that are kept from the first visit on: what every page needs, then what a worried reader
/// needs, then searching, then pages, then pictures, until the room is used up.
fn kept(files: &BTreeMap<String, About>) -> Vec<(&str, About)> {
    let rank = |path: &str| match path {
        "index.html" => 0,
        path if path.starts_with("offline/") || path.starts_with("report-a-concern/") => 0,
        path if path.starts_with("assets/") => 0,
        path if path.starts_with("search/") => 1,
        path if path.ends_with(".html") => 2,
        _ => 3,
    };
    // PDFs are large and on paper already, pictures for a screen are for another one; the page for an address
    // that does not exist names its files from the top of a server.
    let stays = [".pdf", "-screen.png", ".ics"];
    let goes_along = |path: &str| path != "404.html" && !stays.iter().any(|end| path.ends_with(end));
    let mut all: Vec<(&str, About)> = files
        .iter()
        .filter(|(path, _)| goes_along(path))
        .map(|(path, about)| (path.as_str(), *about))
        .collect();
    all.sort_by_key(|(path, _)| rank(path));
    let mut room = KEPT;
    all.retain(|(_, about)| {
        let fits = about.size <= room;
        if fits {
            room -= about.size;
        }
        fits
    });
    all
}

/// The first 64 bits of it, as the worker computes them too.
fn short(digest: &Digest) -> String {
    HEXLOWER.encode(&digest.as_bytes()[..8])
}

/// What a phone wants to know before it puts the site on its home screen.
pub(super) fn manifest(school: &School) -> Vec<u8> {
    let icon = |size: u32| {
        serde_json::json!({
            "src": format!("assets/icon-{size}.png"), "sizes": format!("{size}x{size}"), "type": "image/png",
        })
    };
    let settings = &school.settings;
    let manifest = serde_json::json!({
        "name": settings.name,
        "short_name": settings.short_name,
        "lang": settings.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#FBF7EF",
        "theme_color": "#FFFFFF",
        "icons": [icon(192), icon(512)],
    });
    let mut bytes = manifest.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn about(bytes: &[u8]) -> About {
        About { size: bytes.len(), digest: Digest::of(bytes) }
    }

    fn site(pages: usize) -> BTreeMap<String, About> {
        let page = |n: usize| (format!("policies/{n}/index.html"), about(&[b'x'; 20_000]));
        let mut files: BTreeMap<_, _> = (0..pages).map(page).collect();
        for path in
            ["index.html", "404.html", "assets/site.css", "search/a.js", "letter.pdf", "symbols/z.svg"]
        {
            files.insert(path.to_owned(), about(path.as_bytes()));
        }
        files
    }

    #[test]
    fn a_small_site_is_kept_whole() {
        let files = site(40);
        let kept: Vec<_> = kept(&files).into_iter().map(|(path, _)| path).collect();
        assert_eq!(kept.len(), files.len() - 2, "all but the page for no address and the PDF: {kept:?}");
    }

    #[test]
    fn a_large_site_keeps_what_every_page_needs_and_searching_and_no_more_than_its_room() {
        let files = site(1000);
        let kept = kept(&files);
        assert!(kept.iter().map(|(_, about)| about.size).sum::<usize>() <= KEPT);
        assert!(kept.len() > 300, "{}", kept.len());
        for path in ["index.html", "assets/site.css", "search/a.js"] {
            assert!(kept.iter().any(|(kept, _)| *kept == path), "{path}");
        }
    }

    #[test]
    fn the_worker_is_another_one_when_a_page_changes_and_the_same_when_none_does() {
        let theme = Theme::embedded().unwrap();
        let mut files = site(3);
        let before = worker(&theme, &files).unwrap();
        assert_eq!(before, worker(&theme, &files).unwrap());
        files.insert("policies/1/index.html".to_owned(), about(b"new words"));
        assert_ne!(before, worker(&theme, &files).unwrap());
    }
}
