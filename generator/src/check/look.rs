//! The school's own colours can be seen, and its logo is there.

use crate::{
    diagnostic::Diagnostic,
    load::School,
    look::{
        self, Own, pairs,
        tokens::{self, Colours},
    },
    theme::Theme,
};

/// What is wrong with `[look]`.
pub(super) fn check(school: &School, theme: &Theme) -> Vec<Diagnostic> {
    let look = &school.settings.look;
    let mut problems = Vec::new();
    if let Some(logo) = look.logo.as_ref().filter(|logo| !school.pictures.contains_key(&logo.value)) {
        problems.push(school.settings.source_error(
            "missing-picture",
            logo,
            format!("There is no picture {}.", logo.value),
            "Put the logo into the folder “images” or “symbols” as .svg or .png, and name it here with its folder."
                .to_owned(),
        ));
    }
    let Ok(css) = theme.text("web/tokens.css") else { return problems };
    let shipped = tokens::read(css);
    let (light, dark) = look.over(&shipped);
    problems.append(&mut faults(school, &look.light, &light, "by day"));
    problems.append(&mut faults(school, &look.dark, &dark, "by night"));
    problems
}

fn faults(school: &School, own: &Own, colours: &Colours, when: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    // A main colour that nobody can read is not also blamed on the grounds under it.
    let mut colours = colours.clone();
    for (key, token, stated) in own.stated() {
        let found = pairs::faults(token, &colours);
        let Some((pair, ratio)) = found.first() else { continue };
        let near = stated.value.nearest(|colour| pairs::passes(token, colour, &colours));
        let other = |token: &str| {
            let colour = colours.get(token).map(ToString::to_string).unwrap_or_default();
            format!("{} ({colour})", name(token))
        };
        let mend = near.map_or_else(
            || "Choose one that is much lighter or much darker.".to_owned(),
            |near| format!("The nearest colour that passes everywhere is \"{near}\"."),
        );
        problems.push(school.settings.source_error(
            "low-contrast",
            stated,
            format!(
                "“{key}” makes text or edges too hard to see {when}: {} on {} has a contrast of {}:1, and {}:1 is needed.",
                other(pair.front),
                other(pair.ground),
                cut(*ratio),
                pair.needs,
            ),
            mend,
        ));
        if let Some(near) = near {
            look::place(token, near, &mut colours);
        }
    }
    problems
}

/// With one decimal, and never rounded up to what is needed.
fn cut(ratio: f64) -> f64 {
    (ratio * 10.0).floor() / 10.0
}

fn name(token: &str) -> &str {
    match token {
        "pine" => "the main colour",
        "pine-deep" => "the main colour under the pointer",
        "on-pine" => "the words on a button",
        "ink" => "text",
        "muted" => "secondary text",
        "plum" => "a visited link",
        "line" => "an edge",
        "paper" => "the page",
        "surface" => "a card",
        other => other,
    }
}
