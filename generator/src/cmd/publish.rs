//! `signpost publish`

use std::{path::PathBuf, time::Instant};

use clap::Args;

use super::{Common, Ending, permissions::Permissions, show};
use crate::{
    build,
    check::{Extra, people::Consent},
    output::Care,
    tell,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    permissions: Permissions,
    /// The folder to publish to; everything in it is replaced
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Who said that it may be published; kept beside the words of each new version
    #[arg(long, value_name = "WHO")]
    approved_by: Option<String>,
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let began = Instant::now();
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { held: common.held(&options.to), ..Extra::default() };
    let consent = match options.permissions.read(Consent::MustBeAsked) {
        Ok(consent) => consent,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { consent, ..extra };
    let checked = build::check_with(&common.school, &theme, common.day(), &extra);
    show::report(&checked.report, common.format);
    if checked.report.errors() > 0 {
        let tally = tell::tally(&checked.report);
        show::say_to_people(&format!("Nothing was published: {tally} to mend first."), common.format);
        return Ending::Errors;
    }
    // Written down before anybody can read the site, in force only once it is there.
    let remembered =
        build::remember(&checked.school, &common.school, common.day(), options.approved_by.as_deref());
    let remembered = match remembered {
        Ok(remembered) => remembered,
        Err(error) => return show::failure(&error),
    };
    let list = options.permissions.list(&checked, common.day());
    let written =
        build::write_with(&checked.school, &theme, common.day(), &options.to, None, Care::Durable, list);
    let written = match written {
        Ok(written) => written,
        Err(error) => return show::failure(&error),
    };
    show::say_to_people(&super::build::told(&checked, written, began), common.format);
    show::say_to_people(&format!("Published to {}", options.to.display()), common.format);
    if let Err(error) = options.permissions.write_list(&checked, common.day(), common.format) {
        return show::failure(&error);
    }
    match remembered.keep() {
        Ok(files) => {
            for file in files {
                show::say_to_people(&format!("New words are kept in {}", file.display()), common.format);
            }
            Ending::Good
        }
        Err(error) => {
            show::say_to_people(
                "The site is published, but its words are not on record yet. Publish once more before you change an agreement.",
                common.format,
            );
            show::failure(&error)
        }
    }
}
