//! What somebody sent, as a report; or what is still wrong with it. Nothing that was typed is lost by that.

use records::{
    day::Day,
    ids::Slug,
    language::Language,
    report::{Apart, Contents, FromWeb, Report, Route, Teller, WEB_WORDS},
    report_envelope::CONTENTS_MAX,
    tell::{Asked, Leads, Tell},
};
use zeroize::Zeroize as _;

/// The most letters of a name and of how to reach somebody.
pub(super) const NAME_MAX: usize = 80;
pub(super) const CONTACT_MAX: usize = 160;
/// The most answers that are kept of a question where several can be chosen: no form offers more.
const CHOSEN_MAX: usize = 6;

/// The form as it came.
#[derive(Debug, Default, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Sent {
    pub(super) teller: String,
    pub(super) feeling: String,
    pub(super) happened: Vec<String>,
    pub(super) place: String,
    pub(super) about: String,
    pub(super) words: String,
    pub(super) talk: String,
    pub(super) name: String,
    pub(super) contact: String,
    /// Of the field that people do not see, whether something stands in it.
    #[serde(skip)]
    pub(super) unseen: bool,
}

/// What was typed is overwritten in memory when it is let go.
impl Drop for Sent {
    fn drop(&mut self) {
        for text in [&mut self.teller, &mut self.feeling, &mut self.place, &mut self.about, &mut self.talk] {
            text.zeroize();
        }
        for text in [&mut self.words, &mut self.name, &mut self.contact] {
            text.zeroize();
        }
        self.happened.zeroize();
    }
}

/// What is wrong, by the name of its sentence in the catalogue, with the field that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(super) struct Wrong {
    /// The sentence.
    pub(super) what: &'static str,
    /// The field's id.
    pub(super) field: &'static str,
    /// How many letters too many, where it is that.
    pub(super) over: usize,
}

impl Wrong {
    const fn new(what: &'static str, field: &'static str, over: usize) -> Self {
        Self { what, field, over }
    }
    /// Somebody typed more than an envelope holds although there are not too many letters: those of many languages
    /// take two or three bytes.
    pub(super) fn too_long(encoded: usize, words: &str) -> Self {
        let over = encoded.saturating_sub(CONTENTS_MAX);
        let each = (words.len() / words.chars().count().max(1)).max(1);
        Self::new("too_long", "words", over.div_ceil(each))
    }
}

impl Sent {
    /// Reads the pairs of a form. What no field is called is left out; of two of one name the last counts.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, mut value) in pairs {
            let field = match name.as_str() {
                "teller" => &mut sent.teller,
                "feeling" => &mut sent.feeling,
                "place" => &mut sent.place,
                "about" => &mut sent.about,
                "words" => &mut sent.words,
                "talk" => &mut sent.talk,
                "name" => &mut sent.name,
                "contact" => &mut sent.contact,
                "happened" => {
                    if sent.happened.len() < CHOSEN_MAX && !sent.happened.contains(&value) {
                        sent.happened.push(value);
                    }
                    continue;
                }
                UNSEEN => {
                    sent.unseen |= !value.trim().is_empty();
                    continue;
                }
                _ => {
                    value.zeroize();
                    continue;
                }
            };
            field.zeroize();
            *field = value;
        }
        sent.words = of_lines(&sent.words);
        sent.name = one_line(&sent.name);
        sent.contact = one_line(&sent.contact);
        sent
    }

    /// Whom it is for, and what it says.
    ///
    /// # Errors
    /// [`Wrong`], the first that there is.
    pub(super) fn told(
        &self,
        tell: &Tell,
        day: Day,
        is_one_of_many: bool,
    ) -> Result<(Route, Contents), Wrong> {
        let over = |text: &str, most: usize| text.chars().count().saturating_sub(most);
        for (what, field, over) in [
            ("too_long", "words", over(&self.words, WEB_WORDS)),
            ("name_too_long", "name", over(&self.name, NAME_MAX)),
            ("contact_too_long", "contact", over(&self.contact, CONTACT_MAX)),
        ] {
            if over > 0 {
                return Err(Wrong::new(what, field, over));
            }
        }
        let chosen = |asked: Asked, given: &str| -> Option<Slug> {
            given.parse().ok().filter(|id| tell.choice(asked, id).is_some())
        };
        let report = Report {
            day,
            feeling: chosen(Asked::Feeling, &self.feeling),
            happened: self.happened.iter().filter_map(|id| chosen(Asked::Happened, id)).collect(),
            place: chosen(Asked::Place, &self.place),
            about: chosen(Asked::About, &self.about),
            talk_with: None,
            words: (!self.words.is_empty()).then(|| self.words.clone()),
            receipt: Vec::new(),
            language: "en-GB".parse::<Language>().expect("is a language tag"),
        };
        let says_nothing = report.feeling.is_none()
            && report.happened.is_empty()
            && report.place.is_none()
            && report.about.is_none()
            && report.words.is_none();
        let wants_talk = self.talk == "yes";
        if says_nothing && !wants_talk {
            return Err(Wrong::new("nothing_said", "words", 0));
        }
        if wants_talk && self.name.is_empty() && self.contact.is_empty() {
            return Err(Wrong::new("nobody_to_talk_with", "name", 0));
        }
        let leads =
            report.about.as_ref().and_then(|id| tell.choice(Asked::About, id)).and_then(|one| one.leads);
        let route = match leads {
            Some(Leads::To(route)) => route,
            Some(Leads::ToTalk) | None => Route::Safeguarding,
        };
        let from_web = FromWeb {
            teller: match self.teller.as_str() {
                "child" => Some(Teller::Child),
                "parent" => Some(Teller::Parent),
                "other" => Some(Teller::Other),
                _ => None,
            },
            talk: match self.talk.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            name: self.name.clone(),
            contact: self.contact.clone(),
            apart: if self.unseen { Some(Apart::Unseen) } else { is_one_of_many.then_some(Apart::Many) },
        };
        Ok((route, Contents::Web(Box::new(report), Box::new(from_web))))
    }
}

/// The field that people do not see.
pub(super) const UNSEEN: &str = "reference";

/// Lines as they were typed, without the signs that no keyboard makes.
fn of_lines(typed: &str) -> String {
    let plain = typed.replace("\r\n", "\n").replace('\r', "\n");
    let shown: String = plain.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    shown.trim().to_owned()
}

fn one_line(typed: &str) -> String {
    let shown: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use records::tell::{TellChoice, TellQuestion};

    use super::*;

    fn tell() -> Tell {
        let choice = |id: &str, leads| TellChoice {
            id: id.parse().unwrap(),
            words: id.into(),
            symbol: "told".parse().unwrap(),
            leads,
        };
        let question = |asked, choices| TellQuestion { asked, words: "?".into(), choices };
        let happened = (0..6).map(|n| choice(&format!("it-{n}"), None)).collect();
        let about = vec![
            choice("me", None),
            choice("grown-up", Some(Leads::To(Route::AboutGrownUp))),
            choice("headteacher", Some(Leads::To(Route::AboutHeadteacher))),
        ];
        Tell {
            version: "1.0".parse().unwrap(),
            intro: vec![],
            questions: vec![
                question(Asked::Feeling, vec![choice("sad", None)]),
                question(Asked::Happened, happened),
                question(Asked::Place, vec![choice("game", None)]),
                question(Asked::About, about),
                question(Asked::Talk, vec![choice("yes", Some(Leads::ToTalk)), choice("no", None)]),
            ],
            answers: vec![],
        }
    }

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent::of(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }
    fn day() -> Day {
        "2026-09-14".parse().unwrap()
    }
    fn told(pairs: &[(&str, &str)]) -> Result<(Route, Report, FromWeb), &'static str> {
        match sent(pairs).told(&tell(), day(), false) {
            Ok((route, Contents::Web(report, web))) => Ok((route, *report, *web)),
            Ok(other) => panic!("{other:?}"),
            Err(wrong) => Err(wrong.what),
        }
    }

    #[test]
    fn whom_it_is_about_decides_who_reads_it_and_not_to_say_is_for_the_safeguarding_lead() {
        let route = |about: &str| told(&[("about", about), ("words", "x")]).unwrap().0;
        assert_eq!(route("me"), Route::Safeguarding);
        assert_eq!(route(""), Route::Safeguarding);
        assert_eq!(route("grown-up"), Route::AboutGrownUp);
        assert_eq!(route("headteacher"), Route::AboutHeadteacher);
        for never_offered in ["Headteacher", "headteacher\0", "../headteacher", "chair", "<script>"] {
            let (route, report, _) = told(&[("about", never_offered), ("words", "x")]).unwrap();
            assert_eq!((route, report.about.clone()), (Route::Safeguarding, None), "{never_offered}");
        }
    }

    #[test]
    fn a_name_is_never_asked_for_but_somebody_who_wants_to_be_talked_with_says_how_to_be_found() {
        assert!(told(&[("feeling", "sad")]).is_ok());
        assert_eq!(told(&[("words", "x"), ("talk", "yes")]), Err("nobody_to_talk_with"));
        let (_, _, web) = told(&[("talk", "yes"), ("name", "Bryn, Acorn")]).unwrap();
        assert_eq!((web.talk, web.name.as_str()), (Some(true), "Bryn, Acorn"));
        assert!(told(&[("talk", "yes"), ("contact", "01632 960000 after six")]).is_ok());
        let (_, _, web) = told(&[("words", "x"), ("talk", "no"), ("name", "Bryn")]).unwrap();
        assert_eq!((web.talk, web.name.as_str()), (Some(false), "Bryn"), "what was typed is not thrown away");
    }

    #[test]
    fn something_has_to_be_said_and_not_too_much() {
        for nothing in
            [vec![], vec![("words", " \r\n\t")], vec![("name", "Bryn")], vec![("happened", "never")]]
        {
            assert_eq!(told(&nothing), Err("nothing_said"), "{nothing:?}");
        }
        let at_most = "a".repeat(WEB_WORDS);
        assert!(told(&[("words", &at_most)]).is_ok());
        let wrong = sent(&[("words", &(at_most + "bc"))]).told(&tell(), day(), false).unwrap_err();
        assert_eq!(wrong, Wrong { what: "too_long", field: "words", over: 2 });
        assert_eq!(told(&[("words", "x"), ("name", &"a".repeat(NAME_MAX + 1))]), Err("name_too_long"));
        assert_eq!(
            told(&[("words", "x"), ("contact", &"a".repeat(CONTACT_MAX + 1))]),
            Err("contact_too_long")
        );
        assert_eq!(Wrong::too_long(CONTENTS_MAX + 7, "ਗੁਰਮੁਖੀ").over, 3, "three bytes to a letter");
    }

    #[test]
    fn hostile_fields_are_text_or_nothing() {
        let (_, report, web) = told(&[
            ("words", "<script>\0\u{1b}[2J</script>\r\nsecond\rline"),
            ("name", "a\r\nb\0c\td"),
            ("happened", "it-1"),
            ("happened", "it-1"),
            ("happened", "it-9"),
            ("feeling", "sad"),
            ("feeling", "angry"),
            ("teller", "headteacher"),
            ("talk", "maybe"),
            ("__proto__", "x"),
        ])
        .unwrap();
        assert_eq!(report.words.as_deref(), Some("<script>[2J</script>\nsecond\nline"));
        assert_eq!(web.name, "a b c d");
        assert_eq!(report.happened.iter().map(Slug::as_str).collect::<Vec<_>>(), ["it-1"]);
        assert_eq!(report.feeling, None, "of two the last counts, and that is none of the form's");
        assert_eq!((web.teller, web.talk, web.apart), (None, None, None));
        let many: Vec<_> = (0..500).map(|n| ("happened".to_owned(), format!("it-{n}"))).collect();
        assert_eq!(Sent::of(many).happened.len(), CHOSEN_MAX);
    }

    #[test]
    fn what_a_machine_or_a_flood_brings_is_set_apart_and_kept() {
        let (_, _, web) = told(&[("words", "x"), (UNSEEN, "http://spam.example")]).unwrap();
        assert_eq!(web.apart, Some(Apart::Unseen));
        assert_eq!(told(&[("words", "x"), (UNSEEN, " ")]).unwrap().2.apart, None);
        let Ok((_, Contents::Web(_, web))) = sent(&[("words", "x")]).told(&tell(), day(), true) else {
            panic!("it is kept")
        };
        assert_eq!(web.apart, Some(Apart::Many));
    }
}
