//! What a holder typed, as an entry; or why it is none, in words for whoever typed it.

use records::report_entry::{Author, Deed, Urgency};

use super::standing::Standing;

/// The most letters of a text that says what or why. Two of them fit an entry.
const TEXT: usize = 1500;
/// The headings of the log of incidents (DfE, Keeping children safe in education).
pub(super) const HEADINGS: [&str; 4] = ["Content", "Contact", "Conduct", "Commerce"];
/// The most letters of a name, a time, a way.
const LINE: usize = 200;

/// A form of the report's page. Every form of it has the fields that it needs of these.
#[derive(Debug, Default, Clone, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub(in crate::desk) struct Entered {
    /// Which form.
    pub(super) kind: String,
    /// How soon.
    urgency: String,
    /// What was done, decided, said.
    what: String,
    /// Why.
    because: String,
    /// Who was told, when, how.
    whom: String,
    when: String,
    how: String,
    /// The number of the entry that is corrected.
    of: String,
    /// “yes” from somebody who hands over and steps aside.
    aside: String,
    /// An incident's heading, kind and place.
    heading: String,
    sort: String,
    place: String,
    #[serde(skip_serializing)]
    pub(super) form_token: String,
}

/// What somebody typed about a report while the box was locked: the page that opens the box carries it along.
#[derive(Debug, Default, Clone, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub(in crate::desk) struct Unsent {
    /// The report's id; empty where nothing was typed.
    pub(super) report: String,
    #[serde(flatten)]
    pub(super) entered: Entered,
}

impl Entered {
    /// What was done. `entries` is how many the report has; `others` are those who can open it besides the writer.
    ///
    /// # Errors
    /// Why it is not kept: a sentence.
    pub(super) fn deed(
        &self,
        standing: &Standing,
        entries: usize,
        others: &[Author],
    ) -> Result<Deed, String> {
        let is_open = standing.closed.is_none();
        if !is_open && !matches!(self.kind.as_str(), "reopen" | "correction" | "export" | "hold" | "release")
        {
            return Err("This report is closed. Open it again first, and say why.".into());
        }
        Ok(match self.kind.as_str() {
            "urgency" => {
                Deed::Marked(Urgency::named(&self.urgency).ok_or("Choose one: now, today, or this week.")?)
            }
            "action" => Deed::Action { what: text(&self.what, "Write what was done.")? },
            "decision" => Deed::Decision {
                what: text(&self.what, "Write what was decided.")?,
                because: text(
                    &self.because,
                    "A decision needs its reason. Write why: also why something is not done.",
                )?,
            },
            "told" => Deed::Told {
                whom: line(&self.whom, "Write who was told.")?,
                when: line(&self.when, "Write when they were told.")?,
                how: line(&self.how, "Say how they were told.")?,
                what: short_of(&self.what)?,
            },
            "outcome" => Deed::Outcome { what: text(&self.what, "Write how it came out.")? },
            "close" => {
                Deed::Closed { because: text(&self.because, "Write why nothing more is to be done.")? }
            }
            "reopen" if !is_open => {
                Deed::Reopened { because: text(&self.because, "Write why it is opened again.")? }
            }
            "reopen" => return Err("This report is open already.".into()),
            "correction" => {
                let known = (1..=entries).find(|number| number.to_string() == self.of.trim());
                let of = known.and_then(|number| u32::try_from(number).ok());
                Deed::Correction {
                    of: of.ok_or("Choose the entry that was wrong.")?,
                    what: text(&self.what, "Write what is right.")?,
                }
            }
            "hand-over" => {
                let to = others.iter().find(|other| other.name == self.whom.trim());
                let to = to.ok_or("Choose who goes on with it.")?.clone();
                let because = text(&self.because, "Write why you hand it over.")?;
                if self.aside == "yes" {
                    Deed::SteppedAside { to, because }
                } else {
                    Deed::HandedOver { to, because }
                }
            }
            "export" => {
                Deed::Exported { because: text(&self.because, "Write for whom it is taken out, and why.")? }
            }
            "hold" if !standing.held => {
                Deed::Held { because: text(&self.because, "Write why it must be kept.")? }
            }
            "release" if standing.held => {
                Deed::Released { because: text(&self.because, "Write why it need not be kept any more.")? }
            }
            "incident" => Deed::Incident {
                heading: HEADINGS
                    .into_iter()
                    .find(|heading| *heading == self.heading)
                    .ok_or("Choose a heading.")?
                    .to_owned(),
                kind: line(&self.sort, "Write what kind it is.")?,
                place: line(&self.place, "Write where it was: the room, the device.")?,
                what: text(&self.what, "Write what happened.")?,
            },
            _ => return Err("Choose what to write down.".into()),
        })
    }
}

/// A text that says something, its lines kept.
pub(super) fn text(typed: &str, missing: &str) -> Result<String, String> {
    let text = short_of(typed)?;
    if text.is_empty() { Err(missing.into()) } else { Ok(text) }
}

fn short_of(typed: &str) -> Result<String, String> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    let over = text.chars().count().saturating_sub(TEXT);
    if over == 0 {
        Ok(text)
    } else {
        Err(format!("This is {over} letters too long: {TEXT} are the most. Make two entries of it."))
    }
}

/// A few words on one line.
fn line(typed: &str, missing: &str) -> Result<String, String> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(missing.into());
    }
    let is_short = line.chars().count() <= LINE;
    if is_short { Ok(line) } else { Err(format!("This is too long: {LINE} letters are the most.")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use records::day::Moment;

    fn open() -> Standing {
        Standing::default()
    }
    fn closed() -> Standing {
        Standing { closed: Some(Moment(1)), ..open() }
    }

    fn entered(kind: &str) -> Entered {
        Entered { kind: kind.into(), ..Entered::default() }
    }

    #[test]
    fn a_decision_without_a_reason_is_refused_and_blanks_are_none() {
        for because in ["", "   ", "\r\n\t\r\n"] {
            let decision =
                Entered { what: "No call home".into(), because: because.into(), ..entered("decision") };
            assert!(decision.deed(&open(), 0, &[]).unwrap_err().contains("needs its reason"));
        }
        let what = "No call home\r\ntoday".to_owned();
        let decision =
            Entered { what, because: " The child is afraid of it. ".into(), ..entered("decision") };
        let kept = decision.deed(&open(), 0, &[]).unwrap();
        let because = "The child is afraid of it.".into();
        assert_eq!(kept, Deed::Decision { what: "No call home\ntoday".into(), because });
    }

    #[test]
    fn a_closed_report_takes_corrections_and_can_be_opened_again_and_nothing_else() {
        for kind in ["urgency", "action", "decision", "told", "outcome", "close", "hand-over", "incident"] {
            assert!(entered(kind).deed(&closed(), 3, &[]).unwrap_err().contains("is closed"), "{kind}");
        }
        let why = Entered { because: "She came back".into(), ..entered("reopen") };
        assert!(why.deed(&closed(), 3, &[]).is_ok());
        assert!(why.deed(&open(), 3, &[]).is_err());
        let of = |of: &str| Entered { of: of.into(), what: "It was Tuesday".into(), ..entered("correction") };
        assert_eq!(
            of("3").deed(&closed(), 3, &[]).unwrap(),
            Deed::Correction { of: 3, what: "It was Tuesday".into() }
        );
        for wrong in ["", "0", "4", "-1", "two"] {
            assert!(of(wrong).deed(&open(), 3, &[]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whoever_writes_too_much_is_told_by_how_much() {
        let long = Entered { what: "a".repeat(TEXT + 7), ..entered("action") };
        assert!(long.deed(&open(), 0, &[]).unwrap_err().contains("7 letters too long"));
        let fits = Entered { what: "a".repeat(TEXT), ..entered("action") };
        assert!(fits.deed(&open(), 0, &[]).is_ok());
        let told = Entered { whom: "a".repeat(LINE + 1), when: "now".into(), ..entered("told") };
        assert!(told.deed(&open(), 0, &[]).unwrap_err().contains("200"));
    }

    #[test]
    fn a_report_is_handed_to_somebody_who_can_open_it_with_a_reason() {
        let head = Author { account: 2, name: "p.nair".into() };
        let sent = |whom: &str, because: &str, aside: &str| Entered {
            whom: whom.into(),
            because: because.into(),
            aside: aside.into(),
            ..entered("hand-over")
        };
        let deed = |sent: Entered| sent.deed(&open(), 0, std::slice::from_ref(&head));
        assert!(deed(sent("office", "I am away", "")).is_err(), "not to anybody");
        assert!(deed(sent("p.nair", " ", "yes")).is_err(), "not without a reason");
        let because = || "I am away".to_owned();
        let over = Deed::HandedOver { to: head.clone(), because: because() };
        assert_eq!(deed(sent("p.nair", "I am away", "")), Ok(over));
        let aside = Deed::SteppedAside { to: head.clone(), because: because() };
        assert_eq!(deed(sent("p.nair", "I am away", "yes")), Ok(aside));
    }
}
