//! A school's own colours and logo.

use generator::{
    diagnostic::Severity,
    look::{
        colour::Colour,
        pairs,
        tokens::{self, Colours},
    },
    theme::Theme,
};
use proptest::prelude::*;

use crate::{
    photographs::photograph,
    workshop::{Workshop, said},
};

fn with_look(look: &str) -> Workshop {
    let workshop = Workshop::small();
    workshop.change("school.toml", "[year]", &format!("[look]\n{look}\n\n[year]"));
    workshop
}

fn errors(workshop: &Workshop) -> Vec<(&'static str, String, String)> {
    let checked = workshop.check();
    let errors = checked.report.diagnostics().iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| (d.code, d.what.clone(), d.mend.clone())).collect()
}

#[test]
fn a_school_that_states_its_colour_by_day_gets_one_by_night_that_goes_with_it() {
    let workshop = with_look("main = \"#7A1F3D\"\nsky = \"#FBE4EA\"");
    assert!(workshop.build().status.success());
    let css = workshop.page("assets/site.css");
    assert!(css.contains("--pine: #7A1F3D;") && css.contains("--sky: #FBE4EA;"), "the colours by day");
    let sets = tokens::read(Theme::embedded().unwrap().text("web/tokens.css").unwrap());
    let checked = workshop.check();
    let (_, dark) = checked.school.settings.look.over(&sets);
    assert!(css.contains(&format!("--pine: {};", dark["pine"])));
    let [red, _, blue] = dark["pine"].0;
    assert!(red > blue && dark["pine"].luminance() > 0.3, "a light wine red: {}", dark["pine"]);
    let page = workshop.page("index.html");
    assert!(
        page.contains("name=\"theme-color\" content=\"#7A1F3D\" media=\"(prefers-color-scheme: light)\"")
    );
    let dark = format!("content=\"{}\" media=\"(prefers-color-scheme: dark)\"", dark["pine"]);
    assert!(page.contains(&dark), "{dark}");
}

#[test]
fn a_colour_that_nobody_can_read_is_told_with_its_contrast_and_the_nearest_that_passes() {
    let found = errors(&with_look("main = \"#F2A900\""));
    assert_eq!(found.len(), 1);
    let (code, what, mend) = &found[0];
    assert_eq!(*code, "low-contrast");
    assert_eq!(
        what,
        "“main” makes text or edges too hard to see by day: the main colour (#F2A900) on sky (#DCECF4) has a contrast of 1.6:1, and 4.5:1 is needed."
    );
    let near = mend.split('"').nth(1).unwrap();
    assert_eq!(errors(&with_look(&format!("main = \"{near}\""))), [], "{near} is offered, and fails");
    assert_eq!(errors(&with_look("sky = \"#1D3542\""))[0].0, "low-contrast");
    assert_eq!(errors(&with_look("[look.dark]\nmain = \"#0F5C4D\""))[0].0, "low-contrast");
    assert_eq!(errors(&with_look("main = \"red\""))[0].0, "not-a-colour");
    assert_eq!(errors(&with_look("logo = \"images/none.png\""))[0].0, "missing-picture");
}

#[test]
fn a_logo_of_pixels_stands_on_every_page_and_as_the_icon() {
    let workshop = with_look("logo = \"images/crest.jpg\"");
    workshop
        .write("images/crest.jpg", photograph(900, 600, 40))
        .write("images/crest.people.toml", "nobody = true\n");
    let output = workshop.build();
    assert!(output.status.success(), "{}", said(&output));
    for page in ["index.html", "policies/online/index.html", "404.html"] {
        let html = workshop.page(page);
        let logo = html.split("<link rel=\"icon\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(logo.contains("images/") && logo.ends_with(".jpg"), "{page}: {logo}");
        assert!(html.contains(&format!("src=\"{logo}\"")), "{page}");
        let file = logo.trim_start_matches("../").trim_start_matches("/safe/");
        assert!(workshop.out().join("site").join(file).is_file(), "{page}: {file}");
    }
    let icon = std::fs::read(workshop.out().join("site/assets/icon-180.png")).unwrap();
    let icon = image::load_from_memory(&icon).unwrap();
    assert_eq!((icon.width(), icon.height()), (180, 180));
}

#[test]
fn a_school_without_a_look_of_its_own_has_the_themes_and_its_values_stand_on_the_front_page() {
    let workshop = Workshop::small();
    workshop.change("school.toml", "[year]", "values = [\"Kind\", \"Brave\"]\n\n[year]");
    assert!(workshop.build().status.success());
    let page = workshop.page("index.html");
    assert!(page.contains("<li>Kind</li><li>Brave</li>"));
    assert!(page.contains("name=\"theme-color\" content=\"#FFFFFF\""));
    let css = workshop.page("assets/site.css");
    assert!(!css.contains("not all and (prefers-contrast"));
}

fn colour() -> impl Strategy<Value = String> {
    any::<[u8; 3]>().prop_map(|channels| Colour(channels).to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_colours_a_school_chooses_those_that_pass_by_day_give_a_night_that_passes(
        main in colour(), sky in colour(), leaf in colour(),
    ) {
        let stated = format!("name = \"x\"\n[look]\nmain = \"{main}\"\nsky = \"{sky}\"\nleaf = \"{leaf}\"\n");
        let source = generator::source::Source::new("school.toml", stated);
        let look = generator::load::settings::read(&source, &mut Vec::new()).look;
        let sets = tokens::read(Theme::embedded().unwrap().text("web/tokens.css").unwrap());
        let (_, dark) = look.over(&sets);
        let fails = |colours: &Colours| {
            let seen = pairs::all().into_iter().filter_map(|pair| Some((pair, pairs::contrast(&pair, colours)?)));
            seen.filter(|(pair, ratio)| *ratio < pair.needs).map(|(pair, _)| pair).collect::<Vec<_>>()
        };
        prop_assert_eq!(fails(&dark), vec![]);
    }
}
