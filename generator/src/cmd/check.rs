//! `signpost check`

use clap::Args;

use super::{Common, Ending, permissions::Permissions, show};
use crate::{build, check::Extra, load, outside, tell};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    permissions: Permissions,
    /// Count every warning as something to clear, and tell sources and helplines that nobody checked
    #[arg(long)]
    strict: bool,
    /// Also ask the web whether each link that leads out of the site still leads somewhere
    #[arg(long)]
    external: bool,
}

/// Asks the web for every link out of the site.
fn asked_outside(common: &Common, tree: &load::tree::Tree, extra: Extra) -> Extra {
    // What is wrong with the pages themselves is found by the check that follows.
    let links = outside::links::of(&load::school(tree.clone(), &mut Vec::new()), tree);
    let pages = match links.len() {
        1 => "1 page".to_owned(),
        many => format!("{many} pages"),
    };
    show::say_to_people(&format!("Asking the web for {pages} …"), common.format);
    let (answers, written) = outside::ask::all(links, &common.school, common.day());
    if let Err(why) = written {
        let told = format!("What answered could not be written down for the next time: {why}.");
        show::say_to_people(&told, common.format);
    }
    Extra { outside: Some(outside::findings(&answers)), ..extra }
}

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let theme = match common.theme() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let extra = Extra { strict: options.strict, held: common.held(&common.out(&None)), ..Extra::default() };
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
    let (tree, problems) = load::tree::read(&common.school);
    let extra = if options.external { asked_outside(common, &tree, extra) } else { extra };
    let checked = build::check_tree(tree, problems, &theme, common.day(), &extra, build::QUIETLY);
    show::report(&checked.report, common.format);
    let pages = checked.school.documents.len();
    show::say_to_people(&format!("Checked {pages} pages: {}.", tell::tally(&checked.report)), common.format);
    if checked.report.errors() == 0
        && let Err(error) =
            options.permissions.write_list(&extra.consent, &checked, common.day(), common.format)
    {
        return show::failure(&error);
    }
    let left = checked.report.errors() + if options.strict { checked.report.warnings() } else { 0 };
    if left > 0 { Ending::Errors } else { Ending::Good }
}
