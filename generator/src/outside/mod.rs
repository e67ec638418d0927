//! Links that lead out of the school's site: whether there is still something where they lead. Nothing
//! asks the web unless a person said so (`signpost check --external`).

pub mod ask;
mod kept;
pub mod links;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};

use self::links::Link;

/// What came back from an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// There is a page, or somebody who does not show it to a program.
    There,
    /// The page moved for good, and this is where.
    Moved(String),
    /// Its site says that it is not there (404 or 410).
    Gone(u16),
    /// Nothing of use came back.
    Silent(Silence),
}

/// Why nothing of use came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Silence {
    /// No computer has that name.
    NoSuchName,
    /// Its computer takes no call.
    NotReached,
    /// It took longer than [`ask::PATIENCE`].
    TooSlow,
    /// Who answered could not show that it is who it says.
    Certificate,
    /// One address sends to the next, without end.
    Circle,
    /// It answered with this number, which is no page.
    Trouble(u16),
}

impl Silence {
    /// Whether it may be this computer that has no way to the web.
    const fn may_be_ours(self) -> bool {
        matches!(self, Self::NoSuchName | Self::NotReached | Self::TooSlow)
    }

    fn told(self) -> String {
        match self {
            Self::NoSuchName => "there is no website of that name".to_owned(),
            Self::NotReached => "its computer did not take the call".to_owned(),
            Self::TooSlow => format!("it did not answer within {} seconds", ask::PATIENCE.as_secs()),
            Self::Certificate => "its certificate is not in order, so a browser would warn".to_owned(),
            Self::Circle => "it sends round in a circle".to_owned(),
            Self::Trouble(number) => format!("it answered that it has trouble ({number})"),
        }
    }
}

/// Findings for what came back, at every place of each link.
pub fn findings(answers: &[(Link, Answer)]) -> Vec<Diagnostic> {
    let ours = |answer: &Answer| matches!(answer, Answer::Silent(why) if why.may_be_ours());
    if answers.len() > 1 && answers.iter().all(|(_, answer)| ours(answer)) {
        return vec![Diagnostic::of_file(
            Severity::Warning,
            "outside-links-not-tried",
            "school.toml",
            "No website could be reached from this computer, so nobody knows whether the links that lead out of the site still work.",
            "See whether this computer is on the internet, then check again with --external.",
        )];
    }
    answers.iter().flat_map(|(link, answer)| about(link, answer)).collect()
}

fn about(link: &Link, answer: &Answer) -> Vec<Diagnostic> {
    let url = &link.url;
    let (code, what, mend) = match answer {
        Answer::There => return Vec::new(),
        Answer::Moved(to) => (
            "outside-link-moved",
            format!("The page {url} moved for good, to {to}."),
            "Look at the page there. If it is the one you mean, write that address.",
        ),
        Answer::Gone(number) => (
            "outside-link-gone",
            format!("The page {url} is no longer there: its site says “not found” ({number})."),
            "Look on that site for the page’s new address and write that, or take the link out.",
        ),
        Answer::Silent(why) => (
            "outside-link-silent",
            format!("{url} could not be opened: {}.", why.told()),
            "Open it in a browser. If that fails too, try again another day; then look for another address.",
        ),
    };
    let places = link.places.iter();
    places.map(|(source, range)| source.error(code, range.clone(), what.clone(), mend).as_warning()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn link(url: &str) -> Link {
        let source = Source::new("guides/a.md", format!("Read [it]({url})."));
        let range = source.find_within(0..source.text.len(), url);
        Link { url: url.to_owned(), places: vec![(source, range)] }
    }

    #[test]
    fn a_page_that_went_is_told_where_its_link_stands() {
        let found = findings(&[(link("https://a.example/x"), Answer::Gone(404))]);
        assert_eq!(found[0].code, "outside-link-gone");
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(
            found[0].spot.as_ref().map(|spot| (spot.line, spot.column, spot.length)),
            Some((1, 11, 19))
        );
    }

    #[test]
    fn a_computer_without_the_web_is_told_once_and_not_for_every_link() {
        let silent = |why| Answer::Silent(why);
        let both = [
            (link("https://a.example/x"), silent(Silence::NoSuchName)),
            (link("https://b.example/"), silent(Silence::TooSlow)),
        ];
        let found = findings(&both);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "outside-links-not-tried");
        let one = [
            (link("https://a.example/x"), silent(Silence::NoSuchName)),
            (link("https://b.example/"), Answer::There),
        ];
        assert_eq!(findings(&one)[0].code, "outside-link-silent");
    }
}
