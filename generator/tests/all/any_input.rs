//! No file, whatever is in it, makes the generator panic or hang.

use generator::{build, check::Extra, load::tree::Tree, pack, site, source::Source, tell, theme::Theme};
use proptest::prelude::*;

use crate::workshop::day;

/// Pieces that Markdown, TOML and the school's own marks are made of.
const PIECES: &[&str] = &[
    "+++\n",
    "title = \"A\"\n",
    "approved = 2026-02-30\n",
    "version = \"1.0\"\n",
    "audience = \"ks1\"\n",
    "owner = \"head\"\n",
    "# ",
    "## ",
    "### ",
    "#### ",
    "{#a symbol=star}",
    "{symbol=}",
    "{#}",
    "{.x}",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "| a | b |\n|---|---|\n| ",
    " | ",
    "[x](",
    "../agreements/ks1.md#a",
    "#a",
    ")",
    "![](",
    "![y](../images/a.png)",
    "{{ school.name }}",
    "{{",
    "}}",
    "{{ people.",
    "\u{86}",
    "\u{87}",
    "<b>",
    "<!--",
    "-->",
    "[^1]",
    "[^1]: ",
    "`",
    "```\n",
    "*",
    "**",
    "_",
    "é",
    "\u{feff}",
    "\u{0}",
    "\r\n",
    "😀",
    "&amp;",
    "\\",
    "[people.head]\n",
    "name = \"x\"\n",
    "[[",
    "]]",
    "= ",
    "\"\"\"",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|p| p.concat().into_bytes());
    let framed = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|p| {
        format!("+++\ntitle = \"T\"\naudience = \"ks1\"\nversion = \"1.0\"\n+++\n{}", p.concat()).into_bytes()
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), pieces, framed]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_files_at_all_are_checked_told_and_drawn(files in prop::collection::vec((0usize..9, text()), 1..6)) {
        let names = [
            "school.toml", "home.md", "policies/a.md", "policies/A.md", "agreements/ks1.md", "guides/a b.md",
            "symbols/star.svg", "history/ks1.toml", "images/a.png",
        ];
        let mut tree = Tree::default();
        for (name, bytes) in files {
            tree.files.insert(names[name].to_owned(), bytes);
        }
        let theme = Theme::embedded().unwrap();
        let checked = build::check_tree(tree, Vec::new(), &theme, day(), &Extra::default(), build::QUIETLY);
        tell::as_text(&checked.report, true);
        tell::as_json(&checked.report);
        // Even a school that nobody would publish can be drawn without a panic.
        site::render(&checked.school, &theme, day()).unwrap();
        if let Some(draft) = pack::draft(&checked.school, &theme, day()).unwrap() {
            draft.write();
        }
    }

    #[test]
    fn any_place_in_any_text_has_a_line_and_a_column(text in ".{0,80}", from in 0usize..400, to in 0usize..400) {
        let spot = Source::new("a.md", text).spot(from..to);
        prop_assert!(spot.line >= 1 && spot.column >= 1 && spot.length >= 1);
        prop_assert!(spot.column <= spot.text.chars().count() + 1);
    }
}
