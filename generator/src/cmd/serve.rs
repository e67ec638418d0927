//! `signpost serve`

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;

use super::{Common, Ending, show};
use crate::{
    build,
    check::Extra,
    output::Care,
    serve::{Server, fingerprint},
    tell,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    /// The folder to write; everything in it is replaced [default: “out” in the school's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The port to listen on, at this computer alone; 0 for any that is free
    #[arg(long, default_value_t = 4000)]
    port: u16,
}

/// How often the folder is looked at; an edit shows within a second.
const LOOK: Duration = Duration::from_millis(400);

pub(super) fn run(options: &Options) -> Ending {
    let out = options.common.out(&options.out);
    let server = match Server::listen(options.port, out.join("site")) {
        Ok(server) => Arc::new(server),
        Err(why) => {
            show::say(&format!(
                "Port {} cannot be used ({why}). Name another with --port, for example --port 4001.",
                options.port
            ));
            return Ending::Errors;
        }
    };
    let mut watched = vec![options.common.school.clone()];
    watched.extend(options.common.themes_folder());
    let mut seen = fingerprint(&watched, &out);
    once(options, &out);
    show::say(&format!("The site is at http://{}/  (Ctrl-C ends this)", server.address()));
    let answering = Arc::clone(&server);
    std::thread::spawn(move || answering.run());
    loop {
        std::thread::sleep(LOOK);
        let now = fingerprint(&watched, &out);
        if now != seen {
            seen = now;
            if once(options, &out) {
                server.tell_of_new_build();
            }
        }
    }
}

fn once(options: &Options, out: &std::path::Path) -> bool {
    let common = &options.common;
    let began = Instant::now();
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => {
            show::failure(&error);
            return false;
        }
    };
    let extra = Extra { held: common.held(out), ..Extra::default() };
    let checked = build::check_with(&common.school, &theme, common.day(), &extra);
    show::report(&checked.report, common.format);
    if checked.report.errors() > 0 {
        show::say_to_people(
            &format!("{} to mend; the last good build is shown.", tell::tally(&checked.report)),
            common.format,
        );
        return false;
    }
    match build::write(&checked.school, &theme, common.day(), out, None, Care::Quick) {
        Ok(written) => {
            show::say_to_people(&super::build::told(&checked, written, began), common.format);
            true
        }
        Err(error) => {
            show::failure(&error);
            false
        }
    }
}
