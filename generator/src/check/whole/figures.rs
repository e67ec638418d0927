//! One rule stated twice with two figures.
//!
//! A small detector that looks for a few subjects of which school policies often say two things: a
//! number with its unit, in a sentence that holds the subject’s key words. It compares only figures of
//! the same subject, thing and people; what it cannot tell apart it leaves alone.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use jiff::civil::Date;
use regex::Regex;

use super::super::text::{
    Page,
    passages::{Passage, Sort},
    pattern,
    sentences::sentences,
    triggers::Family,
};
use crate::{
    diagnostic::Diagnostic,
    load::document::{Document, Kind},
};

/// A subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    PasswordLength,
    PasswordChange,
    Kept,
    DeletedAfter,
    MinimumAge,
    BreachReport,
    ScreenLock,
    Attempts,
    LeaversAccounts,
    PhoneHours,
    Review,
}

impl Subject {
    /// The words without which a passage says nothing of it.
    const fn family(self) -> Family {
        match self {
            Self::PasswordLength | Self::PasswordChange => Family::Password,
            Self::Kept => Family::Kept,
            Self::DeletedAfter => Family::Deleted,
            Self::MinimumAge => Family::Age,
            Self::BreachReport => Family::Breach,
            Self::ScreenLock | Self::Attempts => Family::Lock,
            Self::LeaversAccounts => Family::Leaver,
            Self::PhoneHours => Family::Phone,
            Self::Review => Family::Review,
        }
    }

    /// The words without which no figure of it stands there.
    const fn figure(self) -> Family {
        match self {
            Self::PasswordLength => Family::Letters,
            Self::PasswordChange | Self::Review => Family::Often,
            Self::Kept | Self::DeletedAfter => Family::Days,
            Self::MinimumAge => Family::Years,
            Self::BreachReport | Self::LeaversAccounts => Family::Until,
            Self::ScreenLock => Family::Minutes,
            Self::Attempts => Family::Tries,
            Self::PhoneHours => Family::Clock,
        }
    }

    /// As one says it, with the thing that it is about.
    fn spoken(self, thing: &str) -> String {
        match self {
            Self::PasswordLength => "how long a password is".to_owned(),
            Self::PasswordChange => "how often passwords are changed".to_owned(),
            Self::Kept => format!("how long we keep {thing}"),
            Self::DeletedAfter => format!("when we delete {thing}"),
            Self::MinimumAge => format!("the age for {thing}"),
            Self::BreachReport => "how soon a breach is reported to the ICO".to_owned(),
            Self::ScreenLock => format!("when a {thing} locks by itself"),
            Self::Attempts => "how many wrong passwords are allowed".to_owned(),
            Self::LeaversAccounts => "when the accounts of leavers end".to_owned(),
            Self::PhoneHours => "the hours without phones".to_owned(),
            Self::Review => "how often this page is reviewed".to_owned(),
        }
    }
}

/// What a pattern looks for in a sentence.
struct Rule {
    subject: Subject,
    /// Words that the sentence must have.
    about: Pattern,
    /// The figure; `n` is its number, `u` its unit.
    figure: Pattern,
    /// The things to tell apart: the nearest before the figure counts. Empty where there is one.
    things: &'static [(&'static str, &'static str)],
}

/// A pattern that is made once it is needed: most schools need few of them, and making one takes a millisecond.
struct Pattern {
    text: String,
    made: OnceLock<Regex>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self { text: format!("(?i){text}"), made: OnceLock::new() }
    }

    fn get(&self) -> &Regex {
        self.made.get_or_init(|| pattern(&self.text))
    }
}

const NUMBER: &str = r"(?P<n>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|twenty|thirty|sixty|ninety)";
const RECORDS: &[(&str, &str)] = &[
    ("cctv", "CCTV pictures"),
    ("backup", "backups"),
    ("back-up", "backups"),
    ("log", "logs"),
    ("photo", "photographs"),
    ("image", "photographs"),
    ("recording", "recordings"),
    ("email", "e-mails"),
    ("e-mail", "e-mails"),
    ("consent", "consent forms"),
    ("signature", "signatures"),
    ("incident", "incident records"),
    ("report", "reports"),
];
const SERVICES: &[(&str, &str)] = &[
    ("whatsapp", "WhatsApp"),
    ("instagram", "Instagram"),
    ("tiktok", "TikTok"),
    ("snapchat", "Snapchat"),
    ("facebook", "Facebook"),
    ("youtube", "YouTube"),
    ("discord", "Discord"),
    ("social media", "social media"),
    ("social network", "social media"),
];
const DEVICES: &[(&str, &str)] = &[
    ("tablet", "tablet"),
    ("ipad", "tablet"),
    ("laptop", "laptop"),
    ("phone", "phone"),
    ("computer", "computer"),
    ("screen", "screen"),
    ("device", "device"),
];

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |subject, about: &str, figure: &str, things| Rule {
        subject,
        about: Pattern::new(about),
        figure: Pattern::new(&figure.replace("NUM", NUMBER)),
        things,
    };
    let at_most = r"(?:up to |at least |at most |about |a (?:maximum|minimum|period) of |no (?:more|longer|fewer) than |the first )?";
    vec![
        rule(
            Subject::PasswordLength,
            r"\bpass(?:word|phrase|code)",
            r"\bNUM(?:\s*\+)?\s+(?:or more\s+)?(?P<u>characters?|letters)\b",
            &[],
        ),
        rule(
            Subject::PasswordChange,
            r"\bpasswords?\b.*\bchang|\bchang\w*\b.*\bpasswords?\b",
            r"\bevery\s+NUM?\s*(?P<u>days?|weeks?|months?|terms?|half.?terms?|years?)\b",
            &[],
        ),
        rule(
            Subject::Kept,
            r"\b(?:kept|keep|retain(?:ed)?|held|stored)\b",
            &format!(r"\bfor {at_most}NUM\s+(?:school |calendar )?(?P<u>days?|weeks?|months?|years?)\b"),
            RECORDS,
        ),
        rule(
            Subject::DeletedAfter,
            r"\b(?:deleted?|destroy(?:ed)?|erased?|overwritten)\b",
            &format!(r"\b(?:after|within) {at_most}NUM\s+(?P<u>days?|weeks?|months?|years?)\b"),
            RECORDS,
        ),
        rule(
            Subject::MinimumAge,
            r"\b(?:age|aged|under|over|old|must be)\b",
            r"\b(?:under(?: the age of)?|at least|minimum age(?: is| of)?|age limit(?: is| of)?|aged|until they are|must be)\s+NUM(?P<u>)\b",
            SERVICES,
        ),
        rule(
            Subject::BreachReport,
            r"\bbreach.*\b(?:ICO|Information Commissioner)|\b(?:ICO|Information Commissioner).*\bbreach",
            r"\bwithin NUM\s+(?P<u>hours?|days?)\b",
            &[],
        ),
        rule(
            Subject::ScreenLock,
            r"\b(?:lock|log[- ]?off|log[- ]?out|log(?:s|ged)? (?:off|out))",
            r"\b(?:after|within) NUM\s+(?P<u>minutes?)\b",
            DEVICES,
        ),
        rule(
            Subject::Attempts,
            r"\b(?:password|log|sign|account)",
            r"\bNUM\s+(?:failed|wrong|incorrect|unsuccessful|invalid)?\s*(?:log-?in |sign-?in |password )?(?P<u>attempts|tries)\b",
            &[],
        ),
        rule(
            Subject::LeaversAccounts,
            r"\baccounts?\b.*\b(?:leav|left)|\b(?:leav|left)\w*\b.*\baccounts?\b",
            &format!(r"\bwithin {at_most}(?:NUM|a)\s+(?P<u>days?|weeks?|months?)\b"),
            &[],
        ),
        rule(
            Subject::PhoneHours,
            r"\b(?:phone|mobile|device|smart ?watch)",
            r"(?P<n>\b\d{1,2}[.:]\d{2})\s*(?P<u>)(?:am|a\.m\.)?\s*(?:to|and|until|till|[–-])\s*(?P<end>\d{1,2}[.:]\d{2})",
            &[],
        ),
        rule(
            Subject::Review,
            r"\b(?:this|the) (?:policy|document|agreement)\b.*\breview|\breview\w*\b.*\b(?:this|the) (?:policy|document|agreement)\b",
            r"\b(?:every\s+\(?NUM?\)?\s*(?P<u>months?|years?|terms?)|(?P<annual>annually|yearly|every year|each year|once a year|at least annually|biennially))\b",
            &[],
        ),
    ]
});

/// A figure found in a page.
pub(super) struct Figure<'s> {
    document: &'s Document,
    /// Its place in the file.
    at: Range<usize>,
    /// Its words.
    words: String,
    subject: Subject,
    thing: &'static str,
    people: People,
    value: u32,
}

impl Figure<'_> {
    fn warning(&self, what: impl Into<String>, mend: impl Into<String>) -> Diagnostic {
        self.document.source.error("figures-differ", self.at.clone(), what, mend).as_warning()
    }
}

/// “Year 3” is pupils; “for one year and” is a time.
static YEAR_GROUP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\byears? (?:\d|groups?\b|(?:one|two|three|four|five|six)\b)"));

/// Whose rule it is, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct People(u8);

impl People {
    fn in_words(words: &str) -> Self {
        const WHO: [(&[&str], u8); 5] = [
            (&["pupil", "child", "learner", "student", "key stage", "ks1", "ks2", "nursery", "reception"], 1),
            (&["staff", "teacher", "adult", "employee", "volunteer"], 2),
            (&["admin", "system account", "technician", "manager account"], 4),
            (&["governor", "visitor"], 8),
            (&["parent", "carer", "famil"], 16),
        ];
        let lower = words.to_lowercase();
        let all = WHO.iter().filter(|(words, _)| words.iter().any(|word| lower.contains(word)));
        let class = u8::from(YEAR_GROUP.is_match(&lower));
        Self(all.fold(class, |sum, (_, bit)| sum | bit))
    }
}

/// Figures of the same subject that differ, told where the later one stands.
pub(super) fn check(found: &[Figure<'_>]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(Subject, &str, People, &str), Vec<&Figure<'_>>> = BTreeMap::new();
    let mut problems = Vec::new();
    for figure in found {
        // Every page has a cycle of its own; the other subjects are the whole school’s.
        let page = if figure.subject == Subject::Review { figure.document.source.path.as_str() } else { "" };
        let known = first.entry((figure.subject, figure.thing, figure.people, page)).or_default();
        if known.iter().any(|other| other.value == figure.value) {
            continue;
        }
        if let Some(other) = known.first() {
            problems.push(differs(figure, other));
        }
        known.push(figure);
    }
    problems.extend(found.iter().filter_map(review_and_settings));
    problems
}

fn differs(figure: &Figure<'_>, other: &Figure<'_>) -> Diagnostic {
    let source = &other.document.source;
    let line = source.spot(other.at.clone()).line;
    let place = if std::ptr::eq(figure.document, other.document) {
        format!("line {line} of this page")
    } else {
        format!("{}, line {line}", source.path)
    };
    figure.warning(
        format!(
            "Two figures for {}: “{}” here, “{}” in {place}.",
            figure.subject.spoken(figure.thing),
            figure.words,
            other.words
        ),
        "Find out which is right, state it in one place, and link to that from the other. If the two are about different things, name them.",
    )
}

/// A cycle of review in the text that the page’s own days do not keep.
fn review_and_settings(figure: &Figure<'_>) -> Option<Diagnostic> {
    if figure.subject != Subject::Review {
        return None;
    }
    let matter = &figure.document.matter;
    let (approved, due) = (matter.approved.as_ref()?.value, matter.review_due.as_ref()?.value);
    let months = months_between(approved, due);
    // A term early or late is a calendar’s matter.
    if months <= figure.value + 4 {
        return None;
    }
    Some(figure.warning(
        format!(
            "The text says that this page is reviewed {}, but its settings leave {months} months between approval and review.",
            figure.words
        ),
        "Correct the text, or “review_due” at the head of the page.",
    ))
}

fn months_between(from: Date, to: Date) -> u32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    u32::try_from(months).unwrap_or(0)
}

/// The figures of a page, which is `document` while it is looked at.
pub(super) fn of<'s>(page: &Page<'_>, document: &'s Document) -> Vec<Figure<'s>> {
    let mut out = Vec::new();
    let governed = matches!(page.document.kind, Kind::Policy | Kind::Agreement);
    if !governed || !page.document.is_published() {
        return out;
    }
    let mut heading = "";
    for passage in &page.passages {
        if passage.sort == Sort::Heading {
            heading = &passage.words;
        }
        if passage.triggers.is_empty() || passage.sort == Sort::Form {
            continue;
        }
        // The figure is the rarer part of a rule: only where one stands is the rest worth a look.
        let rules: Vec<&Rule> = RULES
            .iter()
            .filter(|rule| {
                passage.triggers.has(rule.subject.family())
                    && passage.triggers.has(rule.subject.figure())
                    && rule.figure.get().is_match(&passage.words)
            })
            .collect();
        if rules.is_empty() {
            continue;
        }
        for range in sentences(&passage.words) {
            in_sentence((page, document), passage, heading, range, &rules, &mut out);
        }
    }
    out
}

fn in_sentence<'s>(
    (page, document): (&Page<'_>, &'s Document),
    passage: &Passage,
    heading: &str,
    range: Range<usize>,
    rules: &[&Rule],
    out: &mut Vec<Figure<'s>>,
) {
    let sentence = &passage.words[range.clone()];
    for rule in rules.iter().filter(|rule| rule.about.get().is_match(sentence)) {
        let figures: Vec<_> = rule.figure.get().captures_iter(sentence).collect();
        for found in &figures {
            let (Some(whole), Some(value)) = (found.get(0), value_of(rule.subject, found)) else { continue };
            let Some(thing) = thing_of(rule, sentence, whole.start()) else { continue };
            let people = People::in_words(sentence);
            let people =
                if people == People::default() { whose_page(page.document, heading) } else { people };
            let at = range.start + whole.start()..range.start + whole.end();
            out.push(Figure {
                document,
                words: passage.words[at.clone()].to_owned(),
                at: passage.place(page.document, at),
                subject: rule.subject,
                thing,
                people,
                value,
            });
        }
    }
}

/// The thing that a figure is about: the nearest one named before it, else the first in the sentence.
fn thing_of(rule: &Rule, sentence: &str, at: usize) -> Option<&'static str> {
    if rule.things.is_empty() {
        return Some("");
    }
    let lower = sentence.to_lowercase();
    let before = lower.get(..at).unwrap_or(&lower);
    let near =
        rule.things.iter().filter_map(|(word, thing)| Some((named(before, word).last()?, *thing))).max();
    let any =
        || rule.things.iter().filter_map(|(word, thing)| Some((named(&lower, word).next()?, *thing))).min();
    near.or_else(any).map(|(_, thing)| thing)
}

/// Where a thing is named: at the beginning of a word, and a short one as that word alone, because “technology” is
/// about no log and neither is a logo.
fn named<'t>(text: &'t str, thing: &'t str) -> impl Iterator<Item = usize> {
    text.match_indices(thing).map(|(at, _)| at).filter(move |at| {
        let begins = !text[..*at].chars().next_back().is_some_and(char::is_alphanumeric);
        let rest: String = text[at + thing.len()..].chars().take_while(|c| c.is_alphanumeric()).collect();
        begins && (thing.len() > 3 || rest.is_empty() || rest == "s")
    })
}

fn whose_page(document: &Document, heading: &str) -> People {
    let by_heading = People::in_words(heading);
    if by_heading != People::default() {
        return by_heading;
    }
    let audience = document.matter.audience.as_ref().map(|audience| audience.value.as_str());
    People::in_words(match audience {
        Some("ks1" | "ks2") => "pupil",
        Some(other) => other,
        None => "",
    })
}

/// The figure in the subject’s smallest unit.
fn value_of(subject: Subject, found: &regex::Captures<'_>) -> Option<u32> {
    if found.name("annual").is_some() {
        return Some(if found["annual"].to_lowercase().starts_with("bi") { 24 } else { 12 });
    }
    let number = match found.name("n") {
        Some(number) if subject == Subject::PhoneHours => {
            let times = format!("{}{}", number.as_str(), found.name("end")?.as_str());
            times.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()?
        }
        Some(number) => number_of(number.as_str())?,
        None => 1,
    };
    let unit = found.name("u").map(|unit| unit.as_str().to_lowercase()).unwrap_or_default();
    let unit = unit.trim_end_matches('s');
    let in_unit = match (subject, unit) {
        (Subject::PasswordLength, _) => return (number >= 4).then_some(number),
        (Subject::MinimumAge, _) => return (9..=18).contains(&number).then_some(number),
        (Subject::Review, "year") => 12,
        (Subject::Review, "term") => 4,
        (Subject::BreachReport, "day") => 24,
        (Subject::Review | Subject::BreachReport, _) => 1,
        (_, "week") => 7,
        (_, "month") => 30,
        (_, "half-term" | "half term") => 45,
        (_, "term") => 100,
        (_, "year") => 365,
        _ => 1,
    };
    number.checked_mul(in_unit)
}

fn number_of(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 19] = [
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("twelve", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("eighteen", 18),
        ("twenty", 20),
        ("thirty", 30),
        ("sixty", 60),
    ];
    let lower = word.to_lowercase();
    if lower == "ninety" {
        return Some(90);
    }
    WORDS.iter().find(|(name, _)| *name == lower).map(|(_, number)| *number).or_else(|| lower.parse().ok())
}
