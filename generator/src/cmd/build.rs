//! `signpost build`

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::{Args, ValueEnum};

use super::{
    Common, Ending, Format,
    permissions::{self, Permissions},
    show,
    stopwatch::Stopwatch,
};
use crate::{
    build::{self, Checked, Part, Step, Target},
    check::{Extra, people::Consent},
    load::{self, School},
    output::{self, Care, Written},
    photographs::Photograph,
    print::{BUNDLE, Reach},
    tell, told,
    unchanged::{self, Record},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    permissions: Permissions,
    /// The folder to write; everything in it is replaced [default: “out” in the school's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make one output alone
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Make no PDFs of pages: quicker, while the words still change
    #[arg(long)]
    no_pdf: bool,
    /// Tell how much of the processor's time each part took
    #[arg(long)]
    timings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Site,
    Print,
    Pack,
}

pub(super) fn run(options: &Options) -> Ending {
    let only = match options.only {
        None => None,
        Some(Only::Site) => Some(Part::Site),
        Some(Only::Pack) => Some(Part::Pack),
        Some(Only::Print) => {
            show::say_to_people(
                "What is printed is made with the site (--only site): a PDF beside each page, and all of them in print/to-print.zip with a list of what to print how often.",
                options.common.format,
            );
            return Ending::Good;
        }
    };
    let common = &options.common;
    let began = Instant::now();
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let out = common.out(&options.out);
    let extra = Extra { held: common.held(&out), ..Extra::default() };
    let consent = match options.permissions.read(&common.school, false) {
        Ok(consent) => consent,
        Err(error) => return show::failure(&error),
    };
    if let Err(error) = options.permissions.can_list(&consent) {
        return show::failure(&error);
    }
    let names = match options.permissions.names() {
        Ok(names) => names,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { consent, names, ..extra };
    let stopwatch = Stopwatch::start();
    let done = |step| stopwatch.done(step);
    let (tree, problems) = load::tree::read(&common.school);
    let names = match options.permissions.names_bytes() {
        Ok(names) => names,
        Err(error) => return show::failure(&error),
    };
    let [consent, roster] = match &extra.consent {
        Consent::Files(files) | Consent::Kept { files, .. } => [&*files.consent.bytes, &*files.roster.bytes],
        Consent::NotAsked | Consent::MustBeAsked => [&[][..]; 2],
    };
    let from = unchanged::MadeFrom {
        tree: &tree,
        problems: &problems,
        theme: &theme,
        day: common.day(),
        asked: &format!("{only:?} {} {:?}", options.no_pdf, options.permissions.given()),
        lists: &[consent, roster, &names],
    };
    let from = from.digest();
    let before =
        output::unchanged(&out, &from, build::kept(only)).filter(|_| !options.permissions.publishes());
    if let Some(record) = &before
        && let Some(report) = told::again(&common.school, from, record.findings)
    {
        show::report(&report, common.format);
        return nothing_to_do(record, &out, common.format, began);
    }
    let mut checked = build::check_tree(tree, problems, &theme, common.day(), &extra, &done);
    let with_site = only.is_none_or(|only| only == Part::Site);
    if checked.report.errors() == 0
        && with_site
        && !options.no_pdf
        && let Err(error) = build::print(&mut checked, &theme, &output::prints(&out))
    {
        return show::failure(&error);
    }
    done(Step::Print);
    show::report(&checked.report, common.format);
    if checked.report.errors() > 0 {
        let tally = tell::tally(&checked.report);
        show::say_to_people(
            &format!("Nothing was written: {tally} to mend first. What was there before still stands."),
            common.format,
        );
        return Ending::Errors;
    }
    if let Some(record) = before {
        told::keep(&common.school, from, &checked.report);
        return nothing_to_do(&record, &out, common.format, began);
    }
    let list = permissions::list(&extra.consent, &checked, common.day());
    let made_from = Some((from, checked.report.diagnostics().len()));
    let target = Target { out: &out, only, care: Care::Quick, published: list, from: made_from, done: &done };
    match build::write(&checked.school, &theme, common.day(), target) {
        Ok(written) => {
            told::keep(&common.school, from, &checked.report);
            if options.timings {
                show::timings(&stopwatch.steps(), common.format);
            }
            if let Err(error) =
                options.permissions.write_list(&extra.consent, &checked, common.day(), common.format)
            {
                return show::failure(&error);
            }
            show::say_to_people(&told(&checked, written, began), common.format);
            show::say_to_people(&format!("It is in {}", out.display()), common.format);
            // The program ends here: the system takes a school’s memory back at once, page by page it takes time.
            std::mem::forget(checked);
            Ending::Good
        }
        Err(error) => show::failure(&error),
    }
}

/// The build that was asked for is there already, file for file.
fn nothing_to_do(record: &Record, out: &Path, format: Format, began: Instant) -> Ending {
    output::tidy(out);
    let took = began.elapsed().as_secs_f64();
    let pages = record.pages;
    show::say_to_people(
        &format!("Nothing has changed since the build before: {pages} pages, looked at in {took:.2} s."),
        format,
    );
    show::say_to_people(&format!("It is in {}", out.display()), format);
    Ending::Good
}

/// What was made, in a few lines.
pub(super) fn told(checked: &Checked, written: Written, began: Instant) -> String {
    let documents = &checked.school.documents;
    let published = documents.iter().filter(|d| d.is_published()).count();
    let mut text = format!(
        "Made {published} pages ({} of {} files changed) in {:.2} s; {}.",
        written.changed,
        written.files,
        began.elapsed().as_secs_f64(),
        tell::tally(&checked.report),
    );
    text.push_str(&of_prints(&checked.school));
    text.push_str(&of_photographs(&checked.school.photographs));
    let drafts: Vec<&str> =
        documents.iter().filter(|d| d.matter.draft).map(|d| d.source.path.as_str()).collect();
    if !drafts.is_empty() {
        text.push_str(&format!("\nDrafts, not published: {}.", drafts.join(", ")));
    }
    text
}

/// What was made for paper and screens, and where all of it is.
fn of_prints(school: &School) -> String {
    let public = school.prints.values().filter(|print| print.reach == Reach::Public);
    let (screens, sheets): (Vec<_>, Vec<_>) = public.partition(|print| print.sheet == "screen");
    let Some(sheets) = count(sheets.len(), "PDF") else { return String::new() };
    let screens =
        count(screens.len(), "picture").map(|all| format!(", {all} for screens")).unwrap_or_default();
    format!(
        "\n{sheets} beside their pages{screens}. For the office: {BUNDLE}, with a list of what to print how often."
    )
}

/// What happened to photographs on their way to the site: a line that an office can hold its trust to.
fn of_photographs(photographs: &BTreeMap<String, Photograph>) -> String {
    let Some(all) = count(photographs.len(), "photograph") else { return String::new() };
    let smaller = photographs.values().filter(|photograph| photograph.made_smaller).count();
    let placed: Vec<&str> =
        photographs.iter().filter(|(_, one)| one.held_place).map(|(path, _)| path.as_str()).collect();
    let mut text = format!(
        "\n{all} on the pages, {smaller} of them made smaller. What cameras and programs write into pictures (place, time, names) was taken out."
    );
    if !placed.is_empty() {
        text.push_str(&format!(" These said where they were taken: {}.", placed.join(", ")));
    }
    text
}

fn count(number: usize, word: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    }
}
