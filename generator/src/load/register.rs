//! The part `[register]` of a form: what makes it a register, of which the hub's desk keeps entries.

use std::{ops::Range, str::FromStr};

use records::{
    form::{Form, FormAudience, FormKind, QuestionType},
    ids::Slug,
    register::{Cycle, Hours, Party, Register},
    retention::{After, Kept, Period, RegisterRule},
};

use super::{
    nearest::did_you_mean,
    toml_reader::{Located, Reader},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The part as it is written, before the form around it is known.
#[derive(Debug)]
pub(super) struct Written {
    whole: Range<usize>,
    cycle: Option<Located<Cycle>>,
    entry_each_cycle: bool,
    write: Vec<Located<Party>>,
    read: Vec<Located<Party>>,
    sign: Vec<Located<Party>>,
    decide: Vec<Located<Party>>,
    about_pupils: bool,
    person: Option<Located<String>>,
    later: Vec<Located<String>>,
    due: Vec<Located<String>>,
    renews: Vec<Located<String>>,
    hours: Option<u16>,
    clock: Option<Located<String>>,
    figures: bool,
    count: Vec<Located<String>>,
    quick: bool,
    keep: Option<(Period, Option<Located<After>>)>,
}

/// Reads the part; whatever in it is wrong is told and left out.
pub(super) fn read(part: &Reader<'_, '_>) -> Written {
    let cycle = part.text("cycle").and_then(|written| {
        known(part, "cycle", written, Cycle::ALL.iter().map(|one| one.as_str()).collect())
    });
    let entry_each_cycle = part.flag("entry_each_cycle");
    if !part.has("write") {
        part.missing("write", "who may write an entry, such as [\"office\"] or [\"staff\"]");
    }
    let [write, read, sign, decide] = ["write", "read", "sign", "decide"].map(|key| parties(part, key));
    // Where nothing is said, the stricter holds.
    let about_pupils = if part.has("about_pupils") { part.flag("about_pupils") } else { true };
    let hours = part.number("hours").and_then(|hours| {
        let fits = u16::try_from(hours).ok().filter(|hours| (1..=1000).contains(hours));
        if fits.is_none() {
            let at = part.source().find_within(part.whole(), &hours.to_string());
            let mend = "Write a number from 1 to 1000: the hours that an open entry has.";
            wrong(part, at, format!("“hours” cannot be {hours}."), mend);
        }
        fits
    });
    Written {
        whole: part.whole(),
        cycle,
        entry_each_cycle,
        write,
        read,
        sign,
        decide,
        about_pupils,
        person: part.text("person"),
        later: part.words("later"),
        due: part.words("due"),
        renews: part.words("renews"),
        hours,
        clock: part.text("clock"),
        figures: part.flag("figures"),
        count: part.words("count"),
        quick: part.flag("quick"),
        keep: keep(part),
    }
}

fn wrong(part: &Reader<'_, '_>, range: Range<usize>, what: String, mend: impl Into<String>) {
    part.tell(part.source().error("wrong-value", range, what, mend));
}

/// One of a few words.
fn known<T: FromStr>(
    part: &Reader<'_, '_>,
    key: &str,
    written: Located<String>,
    all: Vec<&'static str>,
) -> Option<Located<T>> {
    let Ok(value) = written.value.parse() else {
        let quoted: Vec<_> = all.iter().map(|word| format!("\"{word}\"")).collect();
        let mend = did_you_mean(&written.value, all, format!("Write one of {}.", quoted.join(", ")));
        wrong(part, written.range, format!("“{key}” cannot be “{}”.", written.value), mend);
        return None;
    };
    Some(Located { value, range: written.range })
}

fn parties(part: &Reader<'_, '_>, key: &'static str) -> Vec<Located<Party>> {
    let all = || Party::ALL.iter().map(|one| one.as_str()).collect();
    part.words(key).into_iter().filter_map(|written| known(part, key, written, all())).collect()
}

fn keep(part: &Reader<'_, '_>) -> Option<(Period, Option<Located<After>>)> {
    let after = part.text("after");
    let keep = part.text("keep")?;
    let period = match keep.value.parse::<Period>() {
        Ok(period) => period,
        Err(why) => {
            let mend = "Write a number and “days”, “months” or “years”, at most 100 years, or “always”.";
            wrong(part, keep.range, format!("{why}."), mend);
            return None;
        }
    };
    let may = Kept::RegisterEntries.may_run_from();
    let words: Vec<&str> = may.iter().map(|after| after.as_str()).collect();
    match (period, after) {
        (Period::Always, None) => Some((period, None)),
        (Period::Always, Some(after)) => {
            let mend = "Take this line out, or write a length of time after “keep”.";
            wrong(part, after.range, "What is kept always has no time that runs.".into(), mend);
            None
        }
        (_, None) => {
            part.missing("after", "from what the time runs: made, closed or leaving");
            None
        }
        (_, Some(after)) => {
            let found = may.iter().find(|known| known.as_str() == after.value).copied();
            if found.is_none() {
                let told = format!("The time of a register cannot run from “{}”.", after.value);
                let all = format!("Write {}.", words.join(" or "));
                wrong(part, after.range.clone(), told, did_you_mean(&after.value, words, all));
            }
            Some((period, Some(Located { value: found?, range: after.range })))
        }
    }
}

/// The register that a form is, with how long its entries are kept where it says so; none where something is wrong.
pub(super) fn of_form(
    written: &Written,
    form: &Form,
    source: &Source,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Register, Option<RegisterRule>)> {
    let before = problems.len();
    let asks = Asks { form, source };
    problems.extend(asks.not_a_register(written));
    problems.extend(asks.incomplete(written));
    problems.extend(asks.too_open(written));
    let mut name = |key: &str, written: &Located<String>, may: &[QuestionType]| {
        let found = asks.question(key, written, may);
        found.map_err(|problem| problems.push(problem)).ok()
    };
    let any = QuestionType::ALL;
    let person = written.person.as_ref().and_then(|one| name("person", one, &[QuestionType::Text]));
    let clock = written.clock.as_ref().and_then(|one| name("clock", one, &[QuestionType::Moment]));
    let due: Vec<_> = written.due.iter().filter_map(|one| name("due", one, &[QuestionType::Date])).collect();
    let later: Vec<_> = written.later.iter().filter_map(|one| name("later", one, any)).collect();
    let renews: Vec<_> = written.renews.iter().filter_map(|one| name("renews", one, any)).collect();
    let count: Vec<_> =
        written.count.iter().filter_map(|one| name("count", one, &[QuestionType::Choice])).collect();
    if problems.len() > before {
        return None;
    }
    let plain = |parties: &[Located<Party>]| parties.iter().map(|one| one.value).collect::<Vec<_>>();
    let read = plain(&written.read);
    let rule = written.keep.as_ref().map(|(period, after)| RegisterRule {
        register: form.id.clone(),
        period: *period,
        after: after.as_ref().map(|after| after.value),
    });
    let register = Register {
        form: form.clone(),
        cycle: written.cycle.as_ref().map(|cycle| cycle.value),
        entry_each_cycle: written.entry_each_cycle,
        write: plain(&written.write),
        read: if read.is_empty() { Register::usual_readers(written.about_pupils) } else { read },
        sign: plain(&written.sign),
        decide: plain(&written.decide),
        about_pupils: written.about_pupils,
        person,
        later,
        due,
        renews,
        clock: written.hours.zip(clock).map(|(hours, from)| Hours { hours, from }),
        figures: written.figures,
        count,
        quick: written.quick,
    };
    Some((register, rule))
}

struct Asks<'a> {
    form: &'a Form,
    source: &'a Source,
}

impl Asks<'_> {
    /// A question that the part names.
    fn question(
        &self,
        key: &str,
        written: &Located<String>,
        may: &[QuestionType],
    ) -> Result<Slug, Diagnostic> {
        let questions = &self.form.questions;
        let found = questions.iter().find(|question| question.id.as_str() == written.value);
        match found {
            Some(question) if may.contains(&question.answer) => Ok(question.id.clone()),
            Some(question) => {
                let words: Vec<_> = may.iter().map(|one| format!("\"{one}\"")).collect();
                Err(self.source.error(
                    "register-question",
                    written.range.clone(),
                    format!("“{key}” names “{}”, which is answered by “{}”.", written.value, question.answer),
                    format!("Name a question of type {}, or take it out.", words.join(" or ")),
                ))
            }
            None => Err(self.source.error(
                "register-question",
                written.range.clone(),
                format!("“{key}” names “{}”, which this form does not ask.", written.value),
                did_you_mean(
                    &written.value,
                    questions.iter().map(|question| question.id.as_str()),
                    "Write the id of one of the form’s questions, or take it out.".to_owned(),
                ),
            )),
        }
    }

    fn not_a_register(&self, written: &Written) -> Option<Diagnostic> {
        let what = match (self.form.kind, self.form.audience) {
            (FormKind::Consent, _) => {
                "A form that asks for consent is no register: the desk has its own pages for answers."
            }
            (FormKind::Survey, _) => "A survey is no register: its answers have no names.",
            (_, FormAudience::Pupil) => {
                "What pupils fill in is no register: the desk’s entries are written by grown-ups."
            }
            _ => return None,
        };
        let mend = "Take the part [register] out.";
        Some(self.source.error("not-a-register", written.whole.clone(), what, mend))
    }

    /// What needs something else that is not there.
    fn incomplete(&self, written: &Written) -> Vec<Diagnostic> {
        let after = written.keep.as_ref().and_then(|(_, after)| after.as_ref());
        let runs_from =
            |what: After| after.filter(|after| after.value == what).map(|after| after.range.clone());
        let cycle = written.cycle.as_ref().map(|cycle| cycle.range.clone());
        let signers = written.sign.first().map(|party| party.range.clone());
        let clock = written.clock.as_ref().map(|clock| clock.range.clone());
        let ends = written.later.len().max(1);
        let too_many_due = written.due.get(ends).map(|one| one.range.clone());
        let whole = || Some(written.whole.clone());
        let lacking = [
            (
                cycle.filter(|_| written.sign.is_empty()),
                "It has a cycle, and nobody who signs it off.",
                "Add a line such as sign = [\"headteacher\"], or take “cycle” out.",
            ),
            (
                signers.filter(|_| written.cycle.is_none()),
                "Somebody signs it off, but it is not said how often.",
                "Add a line such as cycle = \"termly\", or take “sign” out.",
            ),
            (
                whole().filter(|_| written.entry_each_cycle && written.cycle.is_none()),
                "It wants an entry in each cycle, and has no cycle.",
                "Add a line such as cycle = \"weekly\", or take “entry_each_cycle” out.",
            ),
            (
                clock.filter(|_| written.later.is_empty()),
                "A clock runs while an entry is open, but no entry is ever open.",
                "Name what is answered later: later = [\"decision\"].",
            ),
            (
                whole().filter(|_| written.clock.is_some() != written.hours.is_some()),
                "A clock needs both: how many hours, and from when.",
                "Add a line such as hours = 72, and one such as clock = \"noticed\".",
            ),
            (
                too_many_due,
                "It has more days by which something is due than questions that are answered later.",
                "Name for each of “due” the question of “later” that ends it, in the same order; without “later” there is one day alone.",
            ),
            (
                runs_from(After::Closed).filter(|_| written.later.is_empty()),
                "The time runs from when an entry is closed, but none is ever open.",
                "Name what is answered later, as in later = [\"back\"], or write after = \"made\".",
            ),
            (
                runs_from(After::Leaving).filter(|_| written.person.is_none()),
                "The time runs from somebody’s leaving, but no question says whose.",
                "Name the question, as in person = \"who\", or write after = \"made\".",
            ),
            (
                written.count.first().map(|one| one.range.clone()).filter(|_| !written.figures),
                "It says by what figures are counted, but gives none.",
                "Add a line figures = true, or take “count” out.",
            ),
            (
                written.renews.first().map(|one| one.range.clone()).filter(|_| written.due.is_empty()),
                "It says which entry takes another’s place in what is due, but nothing is ever due.",
                "Name the question that says when, as in due = [\"due\"], or take “renews” out.",
            ),
        ];
        let tell = |(at, what, mend): (Option<Range<usize>>, &str, &str)| {
            Some(self.source.error("register-incomplete", at?, what, mend))
        };
        lacking.into_iter().filter_map(tell).collect()
    }

    /// What is about pupils is not for governors.
    fn too_open(&self, written: &Written) -> Option<Diagnostic> {
        let lists = [&written.write, &written.read, &written.sign, &written.decide];
        let at = lists.iter().flat_map(|list| list.iter()).find(|party| party.value == Party::Governors)?;
        written.about_pupils.then(|| {
            self.source.error(
                "register-too-open",
                at.range.clone(),
                "Entries about pupils are not for governors, who check how the school works and read of no child by name.",
                "Take “governors” out, and write figures = true if they are to see how many there are; or write about_pupils = false if no pupil is ever in it.",
            )
        })
    }
}
