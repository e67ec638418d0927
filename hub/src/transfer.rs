//! A pupil's file for the next school: as JSON for its programs, and as a page with a receipt to sign.

use records::{
    paper::{Paper, PaperPart, Says},
    transfer::{
        FORMAT, TransferAnswer, TransferDecision, TransferFile, TransferPupil, TransferSignature, VERSION,
    },
};

use crate::{
    held::{Maker, fact, relation},
    import::Kind,
    store::{
        consents::Taken,
        held::{Held, Who},
    },
};

/// How it is to be handled.
const LABEL: &str = "PRIVATE – for the next school. Hand it over or send it encrypted, to the school’s office alone; keep it with the pupil’s file.";

/// The file about a pupil; none for anybody else.
pub fn file(maker: &Maker<'_>, held: &Held, number: u64) -> Option<TransferFile> {
    let Who::Listed(one) = &held.who else { return None };
    if one.kind != Kind::Pupils {
        return None;
    }
    let signatures = held.signatures.iter().map(|signature| TransferSignature {
        agreement: signature.agreement.clone(),
        title: signature.title.clone().unwrap_or_else(|| signature.agreement.to_string()),
        version: signature.version.to_string(),
        words: signature.words.to_string(),
        signed: maker.day(signature.when),
        until: signature.year.1,
        helped: signature.helped,
        withdrawn: signature.undone.as_ref().map(|(when, _)| maker.day(*when)),
    });
    Some(TransferFile {
        format: FORMAT.into(),
        version: VERSION,
        number,
        school: maker.school.to_owned(),
        made: maker.day(maker.now),
        pupil: TransferPupil {
            forename: one.forename.clone(),
            surname: one.surname.clone(),
            upn: one.upn.clone(),
            year_group: one.year,
            class: one.class.clone(),
            left: one.left.map(|left| maker.day(left)),
        },
        signatures: signatures.collect(),
        // What was entered by mistake was nobody's answer.
        decisions: held
            .decisions
            .iter()
            .filter(|taken| taken.taken_back.is_none())
            .map(|taken| decision(maker, held, taken))
            .collect(),
    })
}

fn decision(maker: &Maker<'_>, held: &Held, taken: &Taken) -> TransferDecision {
    let decision = &taken.decision;
    let answers = decision.answers.iter().zip(crate::held::answers(held, decision));
    let answer = |(given, (words, answer)): (&records::consent::PurposeAnswer, (String, &str))| {
        TransferAnswer { purpose: given.purpose.clone(), words, answer: answer.to_owned() }
    };
    TransferDecision {
        form: decision.form.clone(),
        version: decision.version.to_string(),
        by: if decision.by == held.id { "The pupil".to_owned() } else { relation(held, decision.by) },
        decided: maker.day(decision.when),
        answers: answers.map(answer).collect(),
    }
}

/// The same as pages, with the receipt.
pub fn paper(maker: &Maker<'_>, file: &TransferFile) -> Paper {
    let pupil = &file.pupil;
    let mut about = vec![fact("Forename", &pupil.forename), fact("Surname", &pupil.surname)];
    let year =
        pupil.year_group.map(|year| if year <= 0 { "Reception".into() } else { format!("Year {year}") });
    for (label, value) in
        [("Unique pupil number", &pupil.upn), ("Year group", &year), ("Class", &pupil.class)]
    {
        about.extend(value.as_ref().map(|value| fact(label, value)));
    }
    about.extend(pupil.left.map(|day| fact("Left", &day.in_words())));
    let signed = file.signatures.iter().map(|one| {
        let mut facts = vec![fact("Version", &one.version), fact("Signed on", &one.signed.in_words())];
        facts.push(fact("For the school year that ends on", &one.until.in_words()));
        facts.extend(one.withdrawn.map(|day| fact("Withdrawn on", &day.in_words())));
        Says::Entry { title: one.title.clone(), mark: None, facts }
    });
    let decided = file.decisions.iter().map(|one| {
        let mut facts = vec![fact("By", &one.by), fact("On", &one.decided.in_words())];
        facts.extend(one.answers.iter().map(|answer| fact(&answer.words, &answer.answer)));
        Says::Entry { title: format!("{}, version {}", one.form, one.version), mark: None, facts }
    });
    let own = "These answers were given to us, for our uses. They allow the next school nothing: every school asks for its own.";
    let decided = std::iter::once(Says::Words(own.into())).chain(decided).collect();
    let receipt = Says::Signing {
        title: format!("Receipt for file {}", file.number),
        says: format!(
            "We have received the file {} about {} {} from {}. Please send this page back.",
            file.number, pupil.forename, pupil.surname, file.school
        ),
        lines: ["School", "Name", "Role", "Signature", "Date"].map(str::to_owned).into(),
    };
    let part = |title: &str, says: Vec<Says>| PaperPart { title: title.into(), says };
    let signed: Vec<Says> = signed.collect();
    let signed = if signed.is_empty() { vec![Says::Words("Nothing.".into())] } else { signed };
    Paper {
        school: file.school.clone(),
        language: Maker::english(),
        kind: format!("For the next school · file {}", file.number),
        title: format!("{} {}", pupil.forename, pupil.surname),
        summary: "What this pupil promised about being safe online, and what the family answered. The safeguarding file goes apart, from one designated safeguarding lead to the other.".into(),
        label: LABEL.into(),
        day: file.made,
        parts: vec![
            part("The pupil", vec![Says::Facts(about)]),
            part("What they promised", signed),
            part("What the family answered", decided),
            part("Receipt", vec![receipt]),
        ],
        colours: maker.colours.clone(),
    }
}
