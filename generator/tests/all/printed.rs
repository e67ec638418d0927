//! Pages on paper: what a school prints says what its pages say, to readers and to listeners.

use std::{collections::BTreeMap, fs, process::Command, sync::OnceLock};

use generator::{
    build::{self, Checked, Target},
    diagnostic::Diagnostic,
    load::{
        document::{Document, Kind},
        markdown::paragraphs_of,
        piece::{Event, Piece, Tag, TagEnd},
        placeholder::fill_plain,
    },
    output::{self, Care},
    print::{self, Print, held::Held},
    theme::Theme,
};
use press::print::{
    Fault,
    document::{Block, Document as Paper, Inline},
};

use crate::workshop::{Workshop, day};

/// The model school, checked and printed once for all tests.
pub(crate) fn model() -> &'static Checked {
    static MODEL: OnceLock<Checked> = OnceLock::new();
    MODEL.get_or_init(|| {
        let theme = Theme::embedded().unwrap();
        let mut checked = build::check(&Workshop::model().school(), &theme, day());
        build::print(&mut checked, &theme, &Held::nothing()).unwrap();
        checked
    })
}

pub(crate) fn printed(workshop: &Workshop) -> (BTreeMap<String, Print>, Vec<Diagnostic>) {
    let theme = Theme::embedded().unwrap();
    let checked = workshop.check();
    assert_eq!(checked.report.errors(), 0, "{:?}", checked.report.diagnostics());
    let made = print::prepare(&checked.school, &theme, &Held::nothing()).unwrap();
    (made.prints, made.problems)
}

/// What was made for paper, the pictures for screens left out.
fn on_paper(checked: &Checked) -> impl Iterator<Item = (&String, &Print)> {
    checked.school.prints.iter().filter(|(_, print)| print.sheet != "screen")
}

/// Builds the school with its PDFs, and gives these.
fn built(workshop: &Workshop) -> BTreeMap<String, Print> {
    let theme = Theme::embedded().unwrap();
    let mut checked = workshop.check();
    build::print(&mut checked, &theme, &output::prints(&workshop.out())).unwrap();
    build::write(&checked.school, &theme, day(), Target::all(&workshop.out(), Care::Quick)).unwrap();
    checked.school.prints
}

/// The words of a PDF in the order in which they are read aloud, as poppler finds them in its tags.
pub(crate) fn read_aloud(print: &Print) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &print.bytes).unwrap();
    let said = Command::new("pdfinfo").args(["-struct-text", "-enc", "UTF-8"]).arg(file.path()).output();
    let said = said.expect("pdfinfo of poppler-utils, which ./test installs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Names of tags may stand there in another encoding; they are not looked at.
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    // Each piece of text stands in quotes on a line of its own, among the names of the tags.
    let pieces = said.lines().map(str::trim).filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    pieces.collect::<Vec<_>>().join("\n")
}

/// The words of a PDF as somebody sees them who copies it, page by page.
pub(crate) fn seen(print: &Print) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &print.bytes).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let said = said.expect("pdftotext of poppler-utils, which ./test installs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

/// Letters and digits alone, so that line ends, marks and spaces play no part.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Every sentence that a document has to say, in order: its head, then its Markdown.
fn written(checked: &Checked, document: &Document) -> Vec<String> {
    let settings = &checked.school.settings;
    let mut text = vec![document.title(settings)];
    text.push(fill_plain(document.matter.summary.as_deref().unwrap_or_default(), settings));
    text.extend(document.matter.in_brief.iter().map(|sentence| fill_plain(sentence, settings)));
    text.extend(paragraphs_of(&without_pictures(&asked_openly(document))));
    text
}

/// Paper asks what one would do and leaves it open: what follows from each way stands on the page alone.
fn asked_openly(document: &Document) -> Vec<Piece> {
    let groups = document.promises.iter().flat_map(|promises| &promises.groups);
    let choices = groups.filter_map(|group| group.scenario.as_ref()).flat_map(|scenario| &scenario.choices);
    let follows: Vec<_> = choices.map(|choice| choice.follows.clone()).collect();
    let pieces = document.body.pieces.iter().enumerate();
    pieces
        .filter(|(at, _)| !follows.iter().any(|range| range.contains(at)))
        .map(|(_, piece)| piece.clone())
        .collect()
}

/// What a picture shows is said in its tag, which poppler does not print; that it is there, the rules for
/// accessible files ask.
fn without_pictures(pieces: &[Piece]) -> Vec<Piece> {
    let mut within = false;
    let words = pieces.iter().filter(|(event, _)| {
        match event {
            Event::Start(Tag::Image(_)) => within = true,
            Event::End(TagEnd::Image) => within = false,
            _ => return !within,
        }
        false
    });
    words.cloned().collect()
}

#[test]
fn every_policy_agreement_guide_and_flowchart_that_is_published_has_a_pdf_and_its_page_leads_there() {
    let checked = model();
    let site = generator::site::render(&checked.school, &Theme::embedded().unwrap(), day()).unwrap();
    let mut found = 0;
    for document in checked.school.documents.iter() {
        let kinds = [Kind::Policy, Kind::Agreement, Kind::Guide, Kind::Flowchart];
        let wanted = document.is_published() && kinds.contains(&document.kind);
        let file = print::file_of(document);
        assert_eq!(site.contains_key(&file), wanted, "{file}");
        if wanted {
            let page =
                String::from_utf8(site[&format!("{}/index.html", document.address())].clone()).unwrap();
            assert!(page.contains(&format!("href=\"{}.pdf\"", document.slug)), "{file} is not linked");
            found += 1;
        }
    }
    assert!(found > 30, "{found}");
    let worker = String::from_utf8(site["sw.js"].clone()).unwrap();
    assert!(!worker.contains(".pdf"), "a visitor’s device fetches a PDF only when it is asked for");
}

#[test]
fn who_listens_to_a_pdf_hears_every_word_of_its_page_once_and_in_order() {
    let checked = model();
    for document in checked.school.documents.iter().filter(|document| print::is_printed(document)) {
        let print = &checked.school.prints[&print::file_of(document)];
        let said = letters(&read_aloud(print));
        let mut from = 0;
        // Between the sentences of the page stand words of the paper: labels, numbers, the place to sign.
        for sentence in written(checked, document) {
            let wanted = letters(&sentence);
            let at = said[from..].find(&wanted);
            assert!(at.is_some(), "{}: “{sentence}” is lost or out of order", document.source.path);
            from += at.unwrap_or_default() + wanted.len();
        }
    }
}

#[test]
fn no_sentence_of_a_page_is_printed_twice() {
    let checked = model();
    for document in checked.school.documents.iter().filter(|document| print::is_printed(document)) {
        let said = letters(&seen(&checked.school.prints[&print::file_of(document)]));
        let paragraphs = paragraphs_of(&document.body.pieces);
        let all = letters(&paragraphs.join(" "));
        // Short ones are headings and cells, which a list of contents or another cell may repeat.
        for paragraph in paragraphs.iter().filter(|words| words.split_whitespace().count() > 12) {
            let wanted = letters(paragraph);
            let (there, here) = (said.matches(&wanted).count(), all.matches(&wanted).count());
            assert!(there <= here, "{}: “{paragraph}” is there {there} times", document.source.path);
        }
    }
}

#[test]
fn a_telephone_number_is_copied_from_a_pdf_as_it_is_rung() {
    let print = &model().school.prints["policies/online-safety/online-safety.pdf"];
    let number = &model().school.settings.phone;
    let seen = seen(print);
    assert!(seen.contains(number.as_str()), "{number} is not to be found");
    let unseen = |letter: char| matches!(letter, '\u{2060}' | '\u{200b}' | '\u{ad}');
    assert!(!seen.contains(unseen), "letters that nobody sees stand between others");
}

#[test]
fn fonts_are_in_the_file_and_only_the_letters_it_needs() {
    for (address, print) in on_paper(model()) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &print.bytes).unwrap();
        let fonts = Command::new("pdffonts").arg(file.path()).output().unwrap();
        let fonts = String::from_utf8(fonts.stdout).unwrap();
        let lines: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(lines.len() >= 2, "{address}: {fonts}");
        for line in lines {
            let columns: Vec<&str> = line.split_whitespace().rev().collect();
            // From the end: object, generation, unicode, subset, embedded.
            assert_eq!(columns[2..5], ["yes", "yes", "yes"], "{address}: {line}");
            assert_eq!(line.chars().position(|c| c == '+'), Some(6), "{address}: {line}");
        }
    }
}

#[test]
fn no_pdf_is_larger_than_half_a_megabyte() {
    for (address, print) in &model().school.prints {
        assert!(print.bytes.len() <= 500_000, "{address}: {} bytes", print.bytes.len());
        assert!(print.pages > 0);
    }
}

#[test]
fn the_same_school_gives_the_same_bytes() {
    let workshop = Workshop::small();
    let (once, _) = printed(&workshop);
    let (again, _) = printed(&workshop);
    assert!(!once.is_empty());
    assert_eq!(once, again);
}

#[test]
fn after_one_edit_one_pdf_is_made_anew_and_the_rest_are_the_files_of_the_build_before() {
    let workshop = Workshop::small();
    let build = || built(&workshop);
    let before = build();
    let held = output::prints(&workshop.out());
    assert!(before.len() > 1);
    for print in before.values() {
        assert_eq!(held.print(&print.from, print.reach, &print.file), Some(print));
    }
    let (path, old) = first_policy(&workshop);
    workshop.write(&path, format!("{old}\nOne sentence more.\n"));
    let after = build();
    let changed: Vec<_> =
        after.iter().filter(|(address, print)| before.get(*address) != Some(print)).collect();
    assert_eq!(changed.len(), 1, "{:?}", changed.iter().map(|(address, _)| address).collect::<Vec<_>>());
    assert!(held.print(&changed[0].1.from, changed[0].1.reach, &changed[0].1.file).is_none());
}

#[test]
fn a_page_that_is_taken_down_takes_its_pdf_along() {
    let workshop = Workshop::small();
    let build = || drop(built(&workshop));
    build();
    let (path, old) = first_policy(&workshop);
    let slug = path.trim_start_matches("policies/").trim_end_matches(".md").to_owned();
    let pdf = workshop.out().join(format!("site/policies/{slug}/{slug}.pdf"));
    assert!(pdf.is_file());
    workshop.write(&path, old.replacen("+++\n", "+++\nvisibility = \"staff\"\n", 1));
    build();
    assert!(!pdf.exists(), "what is for staff alone is not left on the site as a PDF");
    assert!(workshop.out().join(format!("print/staff/policies/{slug}/{slug}.pdf")).is_file());
}

#[test]
fn an_emoji_that_no_font_has_is_told_at_its_line_and_the_page_goes_out_without_a_pdf() {
    let workshop = Workshop::small();
    let (path, old) = first_policy(&workshop);
    let text = format!("{old}\nThis is fine.\n\nWell done 🦄 all.\n");
    workshop.write(&path, &text);
    let (prints, problems) = printed(&workshop);
    let problem = problems.iter().find(|problem| problem.code == "print-letter").unwrap();
    let spot = problem.spot.as_ref().unwrap();
    assert_eq!((problem.file.as_str(), spot.line, spot.column), (path.as_str(), text.lines().count(), 11));
    assert!(problem.what.contains("U+1F984"), "{}", problem.what);
    assert!(
        !prints
            .values()
            .any(|print| path.contains(print.file.rsplit('/').next().unwrap().trim_end_matches(".pdf")))
    );
}

#[test]
fn a_table_too_wide_for_paper_is_told_at_its_line_with_the_words_that_make_it_so() {
    let workshop = Workshop::small();
    let (path, old) = first_policy(&workshop);
    let word = |letter: &str| letter.repeat(40);
    let table =
        format!("| One | Two | Three |\n|---|---|---|\n| {} | {} | {} |\n", word("a"), word("b"), word("c"));
    workshop.write(&path, format!("{old}\n{table}"));
    let (_, problems) = printed(&workshop);
    let problem = problems.iter().find(|problem| problem.code == "print-table").unwrap();
    assert_eq!(problem.spot.as_ref().unwrap().text, "| One | Two | Three |");
    assert!(problem.what.contains(&word("b")), "{}", problem.what);
}

#[test]
fn a_picture_that_is_missing_or_broken_is_told_at_its_place_and_nothing_is_half_made() {
    let theme = Theme::embedded().unwrap();
    let style = press::print::Style {
        templates: BTreeMap::from([(
            "document.typ".to_owned(),
            theme.get("print/document.typ").unwrap().to_vec(),
        )]),
        fonts: theme.folder("fonts/", ".ttf").map(|(_, bytes)| bytes.to_vec()).collect(),
        colours: [
            "ink", "muted", "pine", "marigold", "sky", "leaf", "sun", "surface", "paper", "hairline", "line",
        ]
        .map(|name| (name.to_owned(), "#000000".to_owned()))
        .into(),
    };
    let press = press::print::Press::new(&style).unwrap();
    for pictures in [BTreeMap::new(), BTreeMap::from([("plan.svg".to_owned(), b"<svg".to_vec())])] {
        let picture = Block::Picture { file: "plan.svg".to_owned(), alt: "A plan.".to_owned(), at: 42 };
        let paper = Paper {
            title: "Plan".to_owned(),
            language: "en-GB".to_owned(),
            day: (2026, 9, 14),
            body: vec![Block::Paragraph(vec![Inline::plain("Here it is.")]), picture],
            pictures,
            ..Paper::default()
        };
        let faults = press.print(&paper).unwrap_err();
        assert_eq!(faults, [Fault::Picture { at: 42, file: "plan.svg".to_owned() }]);
    }
}

#[test]
fn a_wide_table_is_set_smaller_before_it_is_refused() {
    let workshop = Workshop::small();
    let (path, old) = first_policy(&workshop);
    let word = "responsibilities";
    let row = format!("|{}\n", format!(" {word} |").repeat(5));
    workshop.write(&path, format!("{old}\n{row}|---|---|---|---|---|\n{row}"));
    let (_, problems) = printed(&workshop);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn nothing_that_a_school_writes_is_taken_for_an_instruction() {
    let workshop = Workshop::small();
    let (path, old) = first_policy(&workshop);
    let sentence =
        "A #read(\"/etc/passwd\") and \\ $x$ `#panic()` @here <label> *not_strong* ~ // /* \"quoted\" #{1+1}";
    let sentence_in_markdown =
        sentence.replace('\\', "\\\\").replace('<', "\\<").replace('*', "\\*").replace('`', "\\`");
    workshop.write(&path, format!("{old}\n{sentence_in_markdown}\n"));
    let (prints, problems) = printed(&workshop);
    assert!(problems.is_empty(), "{problems:?}");
    let print = prints
        .values()
        .find(|print| path.contains(print.file.rsplit('/').next().unwrap().trim_end_matches(".pdf")));
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    assert!(plain(&seen(print.unwrap())).contains(&plain(sentence)));
}

fn first_policy(workshop: &Workshop) -> (String, String) {
    let path = "policies/online.md";
    (path.to_owned(), fs::read_to_string(workshop.school().join(path)).unwrap())
}

#[test]
fn a_policy_has_lines_to_sign_on_for_those_who_put_it_in_force() {
    let checked = model();
    let print = &checked.school.prints["policies/online-safety/online-safety.pdf"];
    let first = seen(print);
    let first = first.split('\u{c}').next().unwrap();
    for key in ["head", "chair"] {
        let role = &checked.school.settings.person(key).unwrap().role;
        assert!(first.contains(role.as_str()), "{role} does not sign on the first sheet: {first}");
    }
    let guide = seen(&checked.school.prints["guides/family-rules/family-rules.pdf"]);
    assert!(!guide.contains(&checked.school.settings.person("chair").unwrap().role));
}

#[test]
fn a_finding_about_print_is_silenced_with_a_reason_and_a_reason_for_nothing_is_told() {
    let workshop = Workshop::small();
    let (path, old) = first_policy(&workshop);
    let noted = "<!-- signpost: allow print-letter: read on screens alone -->";
    let found = |text: &str| {
        workshop.write(&path, format!("{old}\n{text}\n"));
        let theme = Theme::embedded().unwrap();
        let mut checked = workshop.check();
        build::print(&mut checked, &theme, &Held::nothing()).unwrap();
        let codes = checked.report.diagnostics().iter().map(|found| found.code);
        codes.filter(|code| code.starts_with("print") || code.starts_with("allow")).collect::<Vec<_>>()
    };
    assert_eq!(found("Well done 🦄 all."), ["print-letter"]);
    assert_eq!(found(&format!("{noted}\n\nWell done 🦄 all.")), Vec::<&str>::new());
    assert_eq!(found(&format!("{noted}\n\nWell done all.")), ["allow-unused"]);
}
