//! What the front matter of an imported policy can say: its title, and what the source tells of
//! approval, review, version and owner.

use jiff::civil::Date;

use super::contents::Contents;
use super::dates;
use super::governance::{self, Governance, Kind};
use super::lines::Line;
use super::words;
use super::{ImportKind, ImportOptions, Notes};

/// How many lines with words may be a cover, on which the title stands.
const COVER: usize = 25;

/// The facts that go between the lines of `+++`.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) title: String,
    approved: Option<Date>,
    approved_by: Option<String>,
    review_due: Option<Date>,
    version: Option<String>,
    owner: Option<String>,
}

impl Facts {
    /// The front matter, with a remark that names what the office still has to fill in.
    pub(super) fn to_toml(&self, kind: ImportKind) -> String {
        let mut toml = String::from("+++\n");
        let mut missing = vec!["summary"];
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        toml.push_str(&format!("title = {}\n", quoted(&self.title)));
        if kind == ImportKind::Guide {
            toml.push_str("draft = false\nimported = true\n+++\n");
            return toml;
        }
        let keys = [
            ("owner", self.owner.as_deref().map(quoted)),
            ("approved", self.approved.map(|day| day.to_string())),
            ("approved_by", self.approved_by.as_deref().map(quoted)),
            ("review_due", self.review_due.map(|day| day.to_string())),
            ("version", self.version.as_deref().map(quoted)),
        ];
        for (key, value) in keys {
            match value {
                Some(value) => toml.push_str(&format!("{key} = {value}\n")),
                None => missing.push(key),
            }
        }
        toml.push_str("draft = false\n");
        toml.push_str(&format!("# Still to fill in: {}. Then take the next line out.\n", missing.join("; ")));
        toml.push_str("imported = true\n+++\n");
        toml
    }
}

/// The name of the file: the title in small letters, digits and hyphens, without "policy" at its end.
pub(super) fn slug(title: &str, file_stem: &str) -> String {
    let simple = |text: &str| {
        let mut slug = String::new();
        for c in text.chars().filter(|c| !matches!(c, '\'' | '’')) {
            match c.to_ascii_lowercase() {
                c if c.is_ascii_alphanumeric() => slug.push(c),
                _ if slug.ends_with('-') || slug.is_empty() => {}
                _ => slug.push('-'),
            }
            if slug.len() >= 60 && slug.ends_with('-') {
                break;
            }
        }
        slug.truncate(72);
        let slug = slug.trim_end_matches('-');
        slug.strip_suffix("-policy").unwrap_or(slug).to_owned()
    };
    [simple(title), simple(file_stem)]
        .into_iter()
        .find(|slug| !slug.is_empty())
        .unwrap_or("policy".to_owned())
}

/// Finds the facts. The title's line is taken out of the body, because the page shows it; every other
/// line stays.
pub(super) fn take_from(
    lines: &mut [Line],
    contents: &Contents,
    options: &ImportOptions,
    notes: &mut Notes,
) -> Facts {
    let title = title(lines, contents, options, notes);
    facts(title, lines, options, notes)
}

/// Finds the facts about a policy whose title is known.
pub(super) fn facts(title: String, lines: &[Line], options: &ImportOptions, notes: &mut Notes) -> Facts {
    let mut governance = Governance::default();
    let mut above = String::new();
    for line in lines.iter().filter(|line| !line.is_blank()) {
        governance.read(line, &above);
        above.clone_from(&line.text);
    }
    let approved = governance.day(Kind::Approved, notes);
    let review_due = governance.day(Kind::Review, notes);
    if let (Some(approved), Some(review)) = (approved, review_due)
        && review <= approved
    {
        let line = governance.line_of(Kind::Review);
        notes.doubt(
            line,
            format!("the review ({review}) is due before the approval ({approved})"),
            "correct the date that is wrong in the front matter",
        );
    }
    let owner = governance::owner(&governance, options, notes);
    let facts = Facts {
        title,
        approved,
        approved_by: governance.approved_by.map(|(_, by)| by),
        review_due,
        version: governance.version.map(|(_, version)| version),
        owner,
    };
    if options.kind == ImportKind::Policy {
        doubt_what_is_missing(&facts, &governance.told, notes);
    }
    facts
}

fn doubt_what_is_missing(facts: &Facts, told: &[Kind], notes: &mut Notes) {
    let mut missing = vec!["what the page is about, in a sentence or two (summary)"];
    for (what, absent, told) in [
        ("who looks after it (owner)", facts.owner.is_none(), told.contains(&Kind::Owner)),
        ("when it was approved (approved)", facts.approved.is_none(), told.contains(&Kind::Approved)),
        ("who approved it (approved_by)", facts.approved_by.is_none(), false),
        ("when it is to be reviewed (review_due)", facts.review_due.is_none(), told.contains(&Kind::Review)),
        ("its version (version)", facts.version.is_none(), false),
    ] {
        if absent && !told {
            missing.push(what);
        }
    }
    notes.doubt(
        1,
        format!("the source does not say: {}", missing.join(", ")),
        "fill these in under “About this page” in the office’s page, or between the lines of +++ and take “imported = true” out",
    );
}

/// The place of the line that looks most like a title, among the first of those before `cover_end`, and
/// how much it does.
pub(super) fn find_title(lines: &[Line], cover_end: usize) -> Option<(i32, usize)> {
    let cover: Vec<usize> =
        (0..cover_end).filter(|&at| !lines[at].gone && !lines[at].is_blank()).take(COVER).collect();
    let mut best: Option<(i32, usize)> = None;
    for (place, &at) in cover.iter().enumerate() {
        if begins_the_text(&lines[at].text) {
            break;
        }
        let alone = at == 0 || lines[at - 1].is_blank() || place == 0;
        if let Some(score) = title_score(&lines[at].text, place, alone)
            && best.is_none_or(|(most, _)| score > most)
        {
            best = Some((score, at));
        }
    }
    best.filter(|&(score, _)| score > 0)
}

fn title(lines: &mut [Line], contents: &Contents, options: &ImportOptions, notes: &mut Notes) -> String {
    let cover_end = contents.begins_at.unwrap_or(lines.len());
    let Some((score, at)) = find_title(lines, cover_end) else {
        return title_of_file(&options.file_stem, notes);
    };
    let mut title = words_of(&lines[at].text);
    lines[at].gone = true;
    doubt_title(score, lines[at].no, &title, notes);
    // A title on two lines, the first of which cannot be a title: "Online safety and".
    if let Some(before) = at.checked_sub(1)
        && !lines[before].gone
        && title_goes_on(&lines[before].text)
    {
        lines[before].gone = true;
        title = format!("{} {title}", words_of(&lines[before].text));
    }
    title
}

/// From this score on a title is certain.
pub(super) const CERTAIN: i32 = 50;

/// Tells a title that may be none.
pub(super) fn doubt_title(score: i32, line: usize, title: &str, notes: &mut Notes) {
    if score < CERTAIN {
        notes.doubt(line, format!("“{title}” was taken for the title"), "if it is not, change `title`");
    }
}

fn words_of(text: &str) -> String {
    text.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn title_goes_on(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default().to_lowercase();
    !text.is_empty() && matches!(last.as_str(), "and" | "of" | "for" | "the" | "&" | "on" | "in")
}

/// Whether the policy itself begins here, so that no title follows.
fn begins_the_text(text: &str) -> bool {
    matches!(super::markers::read(text, false), Some((super::markers::Marker::Number { value: 1, .. }, _)))
        || text.split_whitespace().count() > 25
}

/// How much a line looks like the title of a policy, or nothing if it cannot be one.
pub(super) fn title_score(text: &str, place: usize, alone: bool) -> Option<i32> {
    let plain = words_of(text);
    let words = words::lower_words(&plain);
    let label = plain.contains(':') && !plain.to_lowercase().contains("policy:");
    let cannot = words.is_empty()
        || words.len() > 14
        || label
        || plain.contains('\t')
        || plain.ends_with(['.', ',', ';', '?'])
        || super::markers::read(&plain, true).is_some()
        || words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        || words::has_address(&plain)
        || super::forms::labels(&plain).is_some()
        || !dates::find(&plain).is_empty()
        || matches!(words[0].as_str(), "based" | "version" | "page" | "reviewed" | "approved" | "this")
        || words::reads_like_a_sentence(&plain);
    if cannot {
        return None;
    }
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let last = words.iter().rfind(|word| !word.starts_with(|c: char| c.is_ascii_digit()))?;
    let kind =
        ["policy", "policies", "procedure", "procedures", "statement", "strategy", "guidelines", "guidance"];
    let mut score = 5 - i32::try_from(place).unwrap_or(COVER as i32);
    score += if kind.contains(&last.as_str()) { 60 } else { 0 };
    score += if has(&["policy"]) { 20 } else { 0 };
    score += if place < 3 { 20 } else { 0 };
    score += if alone { 10 } else { 0 };
    let names =
        ["school", "schools", "academy", "nursery", "college", "federation", "trust", "council", "county"];
    score -= if has(&names) { 40 } else { 0 };
    Some(score)
}

/// A title made of the file's name, which is told.
pub(super) fn title_of_file(file_stem: &str, notes: &mut Notes) -> String {
    let words = file_stem.replace(['-', '_', '.'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    let title = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).filter(|c| !c.is_control()).collect(),
        None => "Policy".to_owned(),
    };
    notes.doubt(
        1,
        format!("no title was found; the file's name was made into one: “{title}”"),
        "write the title of the policy into the front matter",
    );
    title
}

#[cfg(test)]
mod tests {
    use super::super::{ImportOptions, Person, import_text};

    fn import(text: &str) -> super::super::Imported {
        let people = vec![Person { key: "head".into(), role: "Headteacher".into() }];
        import_text(
            text,
            &ImportOptions { file_stem: "hats_2026".into(), people, ..ImportOptions::default() },
        )
    }

    #[test]
    fn title_dates_version_and_owner_are_found_where_the_source_has_them() {
        let text = "Larkfield Primary School\n\nHat Policy\n\nApproved by: Governing body\nApproved on: 3 May 2026\n\
                    Next review: 1/5/2027\nVersion 2.1\nResponsibility: Headteacher (SLT)\n\n1. Aims\n\nWe wear hats.";
        let imported = import(text);
        for line in [
            "title = \"Hat Policy\"",
            "approved = 2026-05-03",
            "review_due = 2027-05-01",
            "approved_by = \"Governing body\"",
            "version = \"2.1\"",
            "owner = \"head\"",
            "imported = true",
        ] {
            assert!(imported.markdown.contains(line), "{line} in\n{}", imported.markdown);
        }
        assert_eq!(imported.slug, "hat");
    }

    #[test]
    fn dates_that_contradict_each_other_are_a_doubt_with_both_lines() {
        let imported =
            import("Hat Policy\n\nApproved: 3 May 2026\n\nWe wear hats.\n\nDate approved: 4 May 2026");
        let doubt = imported.doubts.iter().find(|doubt| doubt.what.contains("contradict"));
        assert!(doubt.is_some_and(|doubt| doubt.what.contains("line 3") && doubt.what.contains("line 7")));
        assert!(!imported.markdown.contains("approved ="));
    }

    #[test]
    fn a_season_is_told_and_not_turned_into_a_day() {
        let imported = import("Hat Policy\n\nReview: Summer 2026\n\nWe wear hats.");
        assert!(imported.doubts.iter().any(|doubt| doubt.line == 3 && doubt.what.contains("Summer 2026")));
        assert!(!imported.markdown.contains("review_due ="));
    }

    #[test]
    fn a_text_without_a_title_is_called_after_its_file() {
        let imported = import("1. Aims\n\nWe wear hats, because it is cold in our part of the world.");
        assert_eq!((imported.title.as_str(), imported.slug.as_str()), ("Hats 2026", "hats-2026"));
    }
}
