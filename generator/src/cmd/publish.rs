//! `signpost publish`

use std::{path::PathBuf, time::Instant};

use clap::Args;

use super::{Common, Ending, permissions::Permissions, show};
use crate::{
    check::Extra,
    output::{self, Interrupted},
    publish::{self, Outcome},
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
    /// Make no PDFs of pages
    #[arg(long)]
    no_pdf: bool,
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let began = Instant::now();
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { held: common.held(&options.to), publishing: true, ..Extra::default() };
    let consent = match options.permissions.read(&common.school, true) {
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
    let (school, to, who) = (&common.school, &options.to, options.approved_by.as_deref());
    let prints = (!options.no_pdf).then(|| output::prints(to));
    let done = match publish::publish(school, &theme, common.day(), &extra, to, prints.as_ref(), who) {
        Ok(Outcome::Done(done)) => done,
        Ok(Outcome::ToMend { checked, interrupted }) => {
            show::report(&checked.report, common.format);
            let tally = tell::tally(&checked.report);
            show::say_to_people(&format!("Nothing was published: {tally} to mend first."), common.format);
            show::say_to_people(of_interrupted(interrupted), common.format);
            return Ending::Errors;
        }
        Err(error) => return show::failure(&error),
    };
    show::report(&done.checked.report, common.format);
    let interrupted = match done.interrupted {
        Interrupted::Torn => {
            "An earlier publishing was cut off, and some of what it was bringing was lost. All of that is written anew."
        }
        ended => of_interrupted(ended),
    };
    show::say_to_people(interrupted, common.format);
    show::say_to_people(&super::build::told(&done.checked, done.written, began), common.format);
    show::say_to_people(&format!("Published to {}", options.to.display()), common.format);
    let listed = options.permissions.write_list(&extra.consent, &done.checked, common.day(), common.format);
    match done.kept {
        Ok(files) => {
            for file in files {
                show::say_to_people(&format!("New words are kept in {}", file.display()), common.format);
            }
            listed.map_or_else(|error| show::failure(&error), |()| Ending::Good)
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

/// What became of an earlier publishing that was cut off; empty where there was none.
fn of_interrupted(interrupted: Interrupted) -> &'static str {
    match interrupted {
        Interrupted::No => "",
        Interrupted::Undone => {
            "An earlier publishing was cut off before it changed a page. What it had begun is taken away."
        }
        Interrupted::Finished => {
            "An earlier publishing was cut off. It is finished now: the site that it was bringing is there, whole."
        }
        Interrupted::Torn => {
            "An earlier publishing was cut off, and some of what it was bringing is lost. Pages old and new stand side by side there until you publish again."
        }
    }
}
