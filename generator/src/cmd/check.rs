//! `signpost check`

use clap::Args;

use super::{Common, Ending, show};
use crate::{build, tell};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let checked = build::check(&common.school, &theme, common.day());
    show::report(&checked.report, common.format);
    let pages = checked.school.documents.len();
    show::say_to_people(&format!("Checked {pages} pages: {}.", tell::tally(&checked.report)), common.format);
    if checked.report.errors() > 0 { Ending::Errors } else { Ending::Good }
}
