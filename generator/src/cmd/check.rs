//! `signpost check`

use clap::Args;

use super::{Common, Ending, permissions::Permissions, show};
use crate::{
    build,
    check::{Extra, people::Consent},
    tell,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    permissions: Permissions,
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
    let extra = Extra { strict: options.strict, held: common.held(&common.out(&None)), ..Extra::default() };
    let consent = match options.permissions.read(Consent::NotAsked) {
        Ok(consent) => consent,
        Err(error) => return show::failure(&error),
    };
    let names = match options.permissions.names() {
        Ok(names) => names,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { consent, names, ..extra };
    let checked = build::check_with(&common.school, &theme, common.day(), &extra);
    show::report(&checked.report, common.format);
    let pages = checked.school.documents.len();
    show::say_to_people(&format!("Checked {pages} pages: {}.", tell::tally(&checked.report)), common.format);
    if checked.report.errors() == 0
        && let Err(error) = options.permissions.write_list(&checked, common.day(), common.format)
    {
        return show::failure(&error);
    }
    let left = checked.report.errors() + if options.strict { checked.report.warnings() } else { 0 };
    if left > 0 { Ending::Errors } else { Ending::Good }
}
