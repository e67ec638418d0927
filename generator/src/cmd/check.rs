//! `signpost check`

use clap::Args;

use super::{Common, Ending, show};
use crate::{build, check::Extra, tell};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    /// Count every warning as something to clear, and tell sources and helplines that nobody checked
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { strict: options.strict, held: common.held(&common.out(&None)) };
    let checked = build::check_with(&common.school, &theme, common.day(), &extra);
    show::report(&checked.report, common.format);
    let pages = checked.school.documents.len();
    show::say_to_people(&format!("Checked {pages} pages: {}.", tell::tally(&checked.report)), common.format);
    let left = checked.report.errors() + if options.strict { checked.report.warnings() } else { 0 };
    if left > 0 { Ending::Errors } else { Ending::Good }
}
