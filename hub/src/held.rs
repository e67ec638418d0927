//! All that is held on one person, as pages that they can read, with the names of others out.
//!
//! What stands in the school's own free texts (why something is kept, why a no was lifted) is not in it: it may name
//! others, and somebody has to read it first. The pages say so. Reports are sealed for those who read them: neither
//! the office nor this program can tell whether there are any.

use jiff::tz::TimeZone;
use records::{
    colours::SchoolColours,
    consent::{Answer, ConsentDecision},
    day::{Day, Moment},
    ids::PersonId,
    language::Language,
    paper::{Paper, PaperFact, PaperPart, Says},
};

use crate::{
    clock,
    import::{Kind, languages},
    registers::answers::Answered,
    store::{
        consents::Taken,
        held::{Held, Listed, Logged, Parent, SignatureHeld, VisitorHeld, Who},
        office_notes::{OfficeNote, What},
        registers,
        scans::ScanHeld,
        visitors::{Came, Visitor},
    },
};

/// How it is to be handled.
pub const LABEL: &str = "PRIVATE – about one person. Give it to that person, or to somebody who may ask for them, and to nobody else. Send it encrypted or hand it over; shred it when done.";

/// In the place of what somebody wrote in their own words.
const OWN_WORDS: &str =
    "in somebody’s own words, which may name others: the office reads them first and adds them by hand";

/// What the pages need to know of the school.
#[derive(Debug, Clone)]
pub struct Maker<'a> {
    /// Its name.
    pub school: &'a str,
    /// Its time zone.
    pub zone: TimeZone,
    /// Now.
    pub now: Moment,
    /// Its colours.
    pub colours: Option<SchoolColours>,
}

impl Maker<'_> {
    pub(crate) fn day(&self, moment: Moment) -> Day {
        clock::day(moment, &self.zone)
    }
    pub(crate) fn in_words(&self, moment: Moment) -> String {
        self.day(moment).in_words()
    }
    pub(crate) fn english() -> Language {
        "en-GB".parse().expect("is a language tag")
    }

    /// All that is held on a person.
    pub fn paper(&self, held: &Held) -> Paper {
        let (name, about) = match &held.who {
            Who::Listed(one) => (format!("{} {}", one.forename, one.surname), self.listed(one)),
            Who::Parent(one) => (one.grown_up.name.clone(), self.parent(one)),
        };
        let mut parts = vec![PaperPart { title: "Who you are".into(), says: vec![Says::Facts(about)] }];
        parts.extend(self.responsibilities(held));
        parts.push(part(
            "What you signed",
            held.signatures.iter().map(|s| self.signature(s)).collect(),
            "Nothing that you signed is held.",
        ));
        for (what, title) in [
            (What::Shown, "When an agreement was shown to you"),
            (What::Declined, "When you said no to an agreement"),
        ] {
            let notes = held.noted.iter().filter(|(note, _)| note.what == what);
            let says: Vec<Says> = notes.map(|(note, title)| self.noted(note, title.as_deref())).collect();
            if !says.is_empty() {
                parts.push(part(title, says, ""));
            }
        }
        if !held.decisions.is_empty() || !matches!(&held.who, Who::Listed(one) if one.kind != Kind::Pupils) {
            parts.push(part(
                "What was answered about pictures and the like",
                held.decisions.iter().map(|taken| self.decision(held, taken)).collect(),
                "No answer is held.",
            ));
        }
        parts.extend(self.entries(held));
        parts.push(self.handling(held));
        parts.push(PaperPart { title: "What is not in here".into(), says: missing(held) });
        Paper {
            school: self.school.to_owned(),
            language: Self::english(),
            kind: "All that is held on one person".into(),
            title: name,
            summary: format!(
                "Everything that the school’s hub held on {}, with the names of other people out.",
                self.in_words(self.now)
            ),
            label: LABEL.into(),
            day: self.day(self.now),
            parts,
            colours: self.colours.clone(),
        }
    }

    /// All that is held on a visitor: what they wrote and agreed to.
    pub fn visitor_paper(&self, held: &VisitorHeld) -> Paper {
        let name = held.lines.first().map_or("", |(line, _)| &line.name);
        let line = |(line, title): &(Visitor, Option<String>)| {
            let mut facts = vec![
                fact("The name that you wrote", &line.name),
                fact("Signed on", &self.in_words(line.when)),
                fact("Version", &line.version.to_string()),
            ];
            if !line.about.is_empty() {
                facts.push(fact("Whom you came to see, or where you are from", &line.about));
            }
            let mark = match &line.came {
                Came::Kiosk(kiosk, mark) => {
                    facts.push(fact("At", kiosk));
                    Some(mark.clone())
                }
                Came::Paper(_) => {
                    facts.push(fact("How", "on paper, entered by the office"));
                    facts.extend(line.scan.map(scan));
                    None
                }
            };
            if let Some(language) = &line.help {
                facts.push(fact("Read beside the English in", &languages::in_english(language)));
            }
            if let Some(undone) = &line.undone {
                facts.push(fact("Taken back on", &self.in_words(undone.at)));
            }
            facts.push(fact("The exact words, by their number", &line.words.to_string()));
            Says::Entry { title: title.clone().unwrap_or_else(|| line.agreement.to_string()), mark, facts }
        };
        let mut missing = vec![
            missing_reports(),
            Says::Words("What is not in the hub: e-mails, paper, what a camera or the network recorded. Ask the office for those as well.".into()),
        ];
        if held.lines.iter().any(|(line, _)| line.scan.is_some()) {
            missing.push(missing_scans());
        }
        let logged: Vec<_> = held.log.iter().map(|one| fact(&self.in_words(one.at), &one.what)).collect();
        let done = match logged.is_empty() {
            true => Says::Words("The log says nothing of you.".into()),
            false => Says::Facts(logged),
        };
        Paper {
            school: self.school.to_owned(),
            language: Self::english(),
            kind: "All that is held on one person".into(),
            title: name.to_owned(),
            summary: format!("What the visitors’ book held on {}.", self.in_words(self.now)),
            label: LABEL.into(),
            day: self.day(self.now),
            parts: vec![
                part("What you wrote and signed", held.lines.iter().map(line).collect(), ""),
                PaperPart { title: "What was done with it".into(), says: vec![done] },
                PaperPart { title: "What is not in here".into(), says: missing },
            ],
            colours: self.colours.clone(),
        }
    }

    fn listed(&self, one: &Listed) -> Vec<PaperFact> {
        let kind = match one.kind {
            Kind::Pupils => "A pupil",
            Kind::Staff => "A member of staff or a volunteer",
            Kind::Volunteers => "A volunteer",
            Kind::Governors => "A governor",
        };
        let year =
            one.year.map(|year| if year <= 0 { "Reception".to_owned() } else { format!("Year {year}") });
        let mut facts = vec![
            fact("Forename", &one.forename),
            fact("Surname", &one.surname),
            fact("On our lists as", kind),
        ];
        let some = |label, value: &Option<String>| value.as_ref().map(|value| fact(label, value));
        facts.extend(some("Class", &one.class));
        facts.extend(some("Year group", &year));
        facts.extend(some("Work", &one.role));
        facts.extend(some("Unique pupil number", &one.upn));
        facts.extend(some("Admission number or staff code", &one.number));
        facts.push(fact("Since", &self.in_words(one.joined)));
        facts.extend(one.left.map(|left| fact("Left", &self.in_words(left))));
        let picture = |kept| format!("kept {}; the office shows it to you", self.in_words(kept));
        facts.extend(one.portrait.map(|kept| fact("A picture to know you by", &picture(kept))));
        if one.groups > 0 {
            let count = one.groups.to_string();
            facts.push(fact("Groups for whoever holds the camera", &count));
        }
        facts
    }

    fn parent(&self, one: &Parent) -> Vec<PaperFact> {
        let some = |label, value: &Option<String>| value.as_ref().map(|value| fact(label, value));
        let mut facts = vec![fact("Name", &one.grown_up.name), fact("On our lists as", "A parent or carer")];
        facts.extend(some("In letters", &one.grown_up.salutation));
        facts.extend(some("Language at home", &one.grown_up.language));
        facts.extend(some("Number in the school’s list", &one.number));
        if !one.address.is_empty() {
            facts.push(fact("Address", &one.address.join(", ")));
        }
        if let Some(made) = one.code_made {
            let text = format!("made on {}; the code itself is kept nowhere", self.in_words(made));
            facts.push(fact("The family’s code", &text));
        }
        facts
    }

    fn responsibilities(&self, held: &Held) -> Option<PaperPart> {
        if held.responsibilities.is_empty() {
            return None;
        }
        let is_parent = matches!(held.who, Who::Parent(_));
        let line = |one: &crate::store::families::Responsibility| {
            let relation = if one.relation.is_empty() { "somebody" } else { &one.relation };
            let until = one.ended.map(|end| format!(", until {}", self.in_words(end))).unwrap_or_default();
            fact(if is_parent { "For a pupil, as" } else { "Decides for you" }, &format!("{relation}{until}"))
        };
        let title = if is_parent { "For whom you decide" } else { "Who decides for you" };
        let facts = held.responsibilities.iter().map(line).collect();
        Some(PaperPart { title: title.into(), says: vec![Says::Facts(facts)] })
    }

    fn signature(&self, one: &SignatureHeld) -> Says {
        let title = one.title.clone().unwrap_or_else(|| one.agreement.to_string());
        let mut facts = vec![
            fact("Version", &one.version.to_string()),
            fact("Signed on", &self.in_words(one.when)),
            fact("For the school year", &format!("{} to {}", one.year.0.in_words(), one.year.1.in_words())),
        ];
        if !one.kiosk.is_empty() {
            facts.push(fact("At", &one.kiosk));
        }
        let mark = match &one.came {
            registers::Came::Kiosk(mark) => Some(mark.clone()),
            registers::Came::Paper(entered) => {
                let text = format!("on paper, entered by the office on {}", self.in_words(entered.at));
                facts.push(fact("How", &text));
                facts.extend(entered.scan.map(scan));
                None
            }
        };
        if one.helped {
            facts.push(fact("Helped", "a grown-up helped"));
        }
        if let Some(language) = &one.help {
            facts.push(fact("Read beside the English in", &languages::in_english(language)));
        }
        if let Some((when, why)) = &one.undone {
            let why = why.replace('-', " ");
            facts.push(fact("Withdrawn on", &format!("{} ({why})", self.in_words(*when))));
        }
        facts.push(fact("The exact words, by their number", &one.words.to_string()));
        Says::Entry { title, mark, facts }
    }

    fn noted(&self, one: &OfficeNote, title: Option<&str>) -> Says {
        let (on, remark) = match one.what {
            What::Shown => ("Shown to you on", "Where, or how"),
            What::Declined => ("You said so on", "Why"),
        };
        let mut facts = vec![fact("Version", &one.version.to_string()), fact(on, &one.on.in_words())];
        if one.showing.is_some() {
            facts.push(fact("To whom", "to your class or group, all at once"));
        }
        facts.push(fact("Entered by the office on", &self.in_words(one.entered)));
        if !one.remark.is_empty() {
            facts.push(fact(remark, OWN_WORDS));
        }
        if let Some((at, _)) = &one.taken_back {
            facts.push(fact("Taken back by the office on", &self.in_words(*at)));
        }
        facts.push(fact("The exact words, by their number", &one.words.to_string()));
        Says::Entry { title: title.unwrap_or(one.agreement.as_str()).to_owned(), mark: None, facts }
    }

    fn decision(&self, held: &Held, taken: &Taken) -> Says {
        let decision = &taken.decision;
        let form = held.forms.get(&decision.words);
        let title = form.map_or_else(|| decision.form.to_string(), |form| form.title.clone());
        let by = if decision.by == held.id { "You".to_owned() } else { relation(held, decision.by) };
        let mut facts = vec![
            fact("By", &by),
            fact("On", &self.in_words(decision.when)),
            fact("Version", &decision.version.to_string()),
        ];
        if taken.account.is_some() {
            facts.push(fact("How", "on paper, entered by the office"));
        }
        if let Some(undone) = &taken.taken_back {
            let text = format!("{}: {}", self.in_words(undone.when), undone.because());
            facts.push(fact("Entered by mistake, and taken back on", &text));
        }
        facts.extend(taken.scan.map(scan));
        facts.extend(answers(held, decision).map(|(words, answer)| fact(&words, answer)));
        for said in &decision.said {
            let question = form.and_then(|form| form.questions.iter().find(|q| q.id == said.question));
            let choice = question.and_then(|q| q.choices.iter().find(|c| c.id == said.choice));
            let asked = question.map_or(said.question.as_str(), |q| q.words.as_str());
            facts.push(fact(asked, choice.map_or(said.choice.as_str(), |c| c.words.as_str())));
        }
        for no in held.lifted.iter().filter(|no| no.lifted.decision == decision.id) {
            let purpose = form.and_then(|f| f.purposes.iter().find(|p| p.id == no.lifted.purpose));
            let words = purpose.map_or(no.lifted.purpose.as_str(), |p| p.words.as_str());
            let text = format!("{words}, on {}, with a reason", self.in_words(no.at));
            facts.push(fact("A no that the office lifted", &text));
        }
        Says::Entry { title, mark: None, facts }
    }

    /// The entries of registers that are about them. What somebody wrote in their own words may name others.
    fn entries(&self, held: &Held) -> Option<PaperPart> {
        if held.entries.is_empty() {
            return None;
        }
        let says = held.entries.iter().map(|(register, entry)| {
            let now = entry.now();
            let form = held.forms.get(&now.words);
            let title = form.map_or_else(|| register.to_string(), |form| form.title.clone());
            let mut facts = vec![fact("Entered on", &self.in_words(entry.first().made))];
            if entry.rows.len() > 1 {
                facts.push(fact("Last added to on", &self.in_words(entry.last().made)));
            }
            for (id, said) in &entry.answers().0 {
                let question = form.and_then(|form| form.questions.iter().find(|one| one.id == *id));
                let label = question.map_or(id.as_str(), |question| question.words.as_str());
                let value = match said {
                    Answered::Words(_) => OWN_WORDS.to_owned(),
                    _ => said.in_words(question),
                };
                facts.push(fact(label, &value));
            }
            Says::Entry { title, mark: None, facts }
        });
        Some(PaperPart { title: "Entries in our registers that are about you".into(), says: says.collect() })
    }

    fn handling(&self, held: &Held) -> PaperPart {
        let mut facts = Vec::new();
        if let Some(since) = held.hold {
            let text =
                format!("since {}, for a reason that the office has written down", self.in_words(since));
            facts.push(fact("Nothing of this is removed", &text));
        }
        for (page, gone) in &held.shown {
            let gone = gone.map(|gone| format!(", until {}", self.in_words(gone))).unwrap_or_default();
            facts.push(fact("Shown in a picture on our website", &format!("{page}{gone}")));
        }
        for (since, until) in &held.restrictions {
            let until = until.map(|until| format!(", until {}", self.in_words(until))).unwrap_or_default();
            let text = format!(
                "since {}{until}, for a reason that the office has written down",
                self.in_words(*since)
            );
            facts.push(fact("A restriction of contact is noted", &text));
        }
        for transfer in &held.transfers {
            let back = transfer.received.map_or_else(
                || "; its receipt has not come back".to_owned(),
                |at| format!("; its receipt came back on {}", self.in_words(at)),
            );
            let text = format!("number {}, made on {}{back}", transfer.number, self.in_words(transfer.made));
            facts.push(fact("A file for the next school", &text));
        }
        let line = |one: &Logged| fact(&self.in_words(one.at), &one.what);
        facts.extend(held.log.iter().map(line));
        let says = if facts.is_empty() {
            Says::Words("The log says nothing of you.".into())
        } else {
            Says::Facts(facts)
        };
        PaperPart { title: "What was done with it".into(), says: vec![says] }
    }
}

/// Each use with its answer, in the words that were asked.
pub(crate) fn answers<'h>(
    held: &'h Held,
    decision: &'h ConsentDecision,
) -> impl Iterator<Item = (String, &'static str)> + 'h {
    let form = held.forms.get(&decision.words);
    decision.answers.iter().map(move |given| {
        let purpose = form.and_then(|form| form.purposes.iter().find(|p| p.id == given.purpose));
        let words = purpose.map_or_else(|| given.purpose.to_string(), |p| p.words.clone());
        (words, if given.answer == Answer::Yes { "yes" } else { "no" })
    })
}

/// What somebody who decided is to the pupil: never their name.
pub(crate) fn relation(held: &Held, by: PersonId) -> String {
    let found = held.responsibilities.iter().find(|one| one.grown_up == by && !one.relation.is_empty());
    found.map_or_else(|| "Somebody with parental responsibility".to_owned(), |one| one.relation.clone())
}

/// That a scan is held, and what it is. The scan itself is not among the pages: others may stand on the same sheet.
fn scan(scan: ScanHeld) -> PaperFact {
    let others = match scan.records {
        0 | 1 => "",
        _ => "; others signed the same sheet, so the office looks through it first",
    };
    fact("A scan of the paper is held", &format!("{}{others}", scan.kind.in_words()))
}

/// What is said where there are scans.
fn missing_scans() -> Says {
    Says::Words("The scans of papers themselves: the office adds them by hand, once it has seen whether others stand on them.".into())
}

fn part(title: &str, says: Vec<Says>, otherwise: &str) -> PaperPart {
    let says = if says.is_empty() { vec![Says::Words(otherwise.to_owned())] } else { says };
    PaperPart { title: title.to_owned(), says }
}

fn missing_reports() -> Says {
    Says::Words("Reports and concerns. What is told to the safeguarding team is sealed for those who read it; the office cannot see whether there is anything. Whoever wants to know whether something is about them asks the designated safeguarding lead, who may have to leave out what would put somebody at risk.".into())
}

fn missing(held: &Held) -> Vec<Says> {
    let mut all = vec![
        missing_reports(),
        Says::Words("The names of other people. Where another person decided, only what they are to the pupil is said.".into()),
        Says::Words("What the office wrote in its own words, such as why something is kept, why a no was lifted or what a court ordered: it may name others, so the office reads it first and adds it by hand.".into()),
        Says::Words("Entries of registers that whoever made these pages does not read, such as the log of incidents: the headteacher can say whether there are any.".into()),
        Says::Words("What is not in the hub: the school file, e-mails, paper, photographs, and what the management information system holds. Ask the office for those as well.".into()),
    ];
    let of_signature = |one: &SignatureHeld| one.came.paper().is_some_and(|entered| entered.scan.is_some());
    if held.signatures.iter().any(of_signature) || held.decisions.iter().any(|one| one.scan.is_some()) {
        all.push(missing_scans());
    }
    if matches!(&held.who, Who::Listed(one) if one.kind != Kind::Pupils) {
        all.push(Says::Words("An account at the desk: it is kept under the name for signing in, which the technician can tell you.".into()));
    }
    all
}

pub(crate) fn fact(label: &str, value: &str) -> PaperFact {
    PaperFact { label: label.to_owned(), value: value.to_owned() }
}
