//! `retention.toml`: how long the hub keeps what it holds.

use std::{cell::RefCell, collections::BTreeSet};

use records::retention::{After, Kept, NOTICE_LEAST, Period, RetentionRules, Rule};

use super::{
    nearest::did_you_mean,
    toml_reader::{self, Located, Reader},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The file.
pub const FILE: &str = "retention.toml";
/// The longest notice, in days: a slip that nobody saw in a year is not seen at all.
const NOTICE_MOST: u16 = 366;

/// Reads the rules; none where the school has no such file, or where one of them is wrong: half a list of rules is
/// not what the school decided.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> Option<RetentionRules> {
    let bytes = tree.files.get(FILE)?;
    match Source::from_bytes(FILE, bytes) {
        Ok(source) => rules(&source, problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn rules(source: &Source, problems: &mut Vec<Diagnostic>) -> Option<RetentionRules> {
    let before = problems.len();
    let parsed = toml_reader::parse(source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let reader = parsed.reader(source, 0, 0..source.line_range(1).end, &found);
    let notice_days = notice(&reader);
    let seen = RefCell::new(BTreeSet::new());
    let rules = reader.rows("kept", |row| rule(row, &seen));
    reader.finish(FILE);
    problems.append(&mut found.into_inner());
    let is_whole = problems.len() == before && rules.iter().all(Option::is_some);
    is_whole.then(|| RetentionRules {
        notice_days,
        rules: rules.into_iter().flatten().collect(),
        registers: Vec::new(),
    })
}

fn notice(reader: &Reader<'_, '_>) -> u16 {
    const WHAT: &str = "how many days the office has to look at new rules before anything is removed by them";
    if !reader.has("notice_days") {
        reader.missing("notice_days", WHAT);
    }
    let Some(days) = reader.number("notice_days") else { return NOTICE_LEAST };
    let fits = u16::try_from(days).ok().filter(|days| (NOTICE_LEAST..=NOTICE_MOST).contains(days));
    fits.unwrap_or_else(|| {
        let source = reader.source();
        let range = source.find_within(0..source.text.len(), &days.to_string());
        wrong(
            reader,
            range,
            format!("“notice_days” cannot be {days}."),
            format!("Write a number from {NOTICE_LEAST} to {NOTICE_MOST}: {WHAT}."),
        );
        NOTICE_LEAST
    })
}

fn rule(row: &Reader<'_, '_>, seen: &RefCell<BTreeSet<Kept>>) -> Option<Rule> {
    let what = row.need_text("what", "what is kept, such as “pupil-signatures”");
    let keep = row.need_text("keep", "how long, such as “1 year” or “always”");
    let after = row.text("after");
    let because = row.need_text("because", "why so long, in a sentence for families");
    let from =
        row.need_text("source", "the law or guidance that says so, or that it is the school’s own time");
    let checked = row.day("checked").map(|day| day.value.into());
    let (what, keep) = (what?, keep?);
    let kept = kept(row, &what)?;
    if !seen.borrow_mut().insert(kept) {
        wrong(
            row,
            what.range,
            format!("“{kept}” has a rule already, further up."),
            "Keep one of the two: nobody could say which one counts.",
        );
        return None;
    }
    let period = match keep.value.parse::<Period>() {
        Ok(period) => period,
        Err(why) => {
            let mend = "Write a number and “days”, “months” or “years”, at most 100 years, or “always”.";
            wrong(row, keep.range, format!("{why}."), mend);
            return None;
        }
    };
    let after = after_of(row, kept, period, &keep, after.as_ref())?;
    Some(Rule { kept, period, after, because: because?.value, source: from?.value, checked })
}

fn kept(row: &Reader<'_, '_>, what: &Located<String>) -> Option<Kept> {
    let kept = Kept::ALL.into_iter().find(|kept| kept.as_str() == what.value);
    if kept.is_none() {
        let names = Kept::ALL.map(Kept::as_str);
        let all = format!("Write one of: {}.", names.join(", "));
        let told = format!("The hub keeps nothing that is called “{}”.", what.value);
        wrong(row, what.range.clone(), told, did_you_mean(&what.value, names, &all));
    }
    kept
}

/// From what the time runs; an inner nothing for what is kept always.
fn after_of(
    row: &Reader<'_, '_>,
    kept: Kept,
    period: Period,
    keep: &Located<String>,
    after: Option<&Located<String>>,
) -> Option<Option<After>> {
    let may: Vec<&str> = kept.may_run_from().iter().map(|after| after.as_str()).collect();
    match (period, after) {
        (Period::Always, None) => Some(None),
        (Period::Always, Some(after)) => {
            let mend = "Take this line out, or write a length of time after “keep”.";
            wrong(row, after.range.clone(), "What is kept always has no time that runs.".into(), mend);
            None
        }
        (_, _) if may.is_empty() => {
            let told = format!("“{kept}” can only be kept always.");
            let mend = "Write keep = \"always\": its entries hold numbers and no names, and each proves the ones before it.";
            wrong(row, keep.range.clone(), told, mend);
            None
        }
        (_, None) => {
            row.missing("after", "from what the time runs");
            None
        }
        (_, Some(after)) => {
            let found = kept.may_run_from().iter().find(|known| known.as_str() == after.value);
            if found.is_none() {
                let all = format!("Write {}.", may.join(" or "));
                let told = format!("The time of “{kept}” cannot run from “{}”.", after.value);
                wrong(row, after.range.clone(), told, did_you_mean(&after.value, may.iter().copied(), &all));
            }
            found.map(|after| Some(*after))
        }
    }
}

fn wrong(row: &Reader<'_, '_>, range: std::ops::Range<usize>, what: String, mend: impl Into<String>) {
    row.tell(row.source().error("wrong-value", range, what, mend));
}
