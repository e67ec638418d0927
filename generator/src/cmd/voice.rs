//! `signpost voice`

use clap::Args;

use super::{Common, Ending, Format, show};
use crate::{build, check, load, voice};

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
    let (tree, problems) = load::tree::read(&common.school);
    let extra = check::Extra { held: common.held(&common.out(&None)), ..check::Extra::default() };
    let checked = build::check_tree(tree, problems, &theme, common.day(), &extra, build::QUIETLY);
    if checked.report.errors() > 0 {
        // What is not a page yet has no sentences to record.
        show::report(&checked.report, common.format);
        return Ending::Errors;
    }
    let school = &checked.school;
    let spoken = match voice::spoken(school, &theme) {
        Ok(spoken) => spoken,
        Err(error) => return show::failure(&error),
    };
    let is_recorded = |one: &voice::Spoken| school.voice.recordings.contains_key(&one.name());
    match common.format {
        Format::Json => {
            let told = |one: &voice::Spoken| {
                serde_json::json!({
                    "words": one.words, "name": one.name(), "file": one.file, "recorded": is_recorded(one),
                })
            };
            let all: Vec<_> = spoken.iter().filter(|one| one.is_expected()).map(told).collect();
            show::say(&serde_json::Value::Array(all).to_string());
        }
        Format::Text => {
            let english = || spoken.iter().filter(|one| one.is_expected());
            let missing: Vec<&voice::Spoken> = english().filter(|one| !is_recorded(one)).collect();
            show::say(&format!(
                "Touchscreens read {} sentences aloud; {} of them have no recording.",
                english().count(),
                missing.len()
            ));
            if !missing.is_empty() {
                show::say("Each as a line for voice/own/recordings.toml, to put the name of its file in:");
            }
            for one in missing {
                // Written as TOML writes it, so that the line can be copied.
                show::say(&format!("{} = \"\"", toml::Value::String(one.words.clone())));
            }
        }
    }
    Ending::Good
}
