//! An agreement as kiosk, hub and signature know it: its words, nothing else.

use records::agreement::{Agreement, Group, Scenario, ScenarioChoice, SignAgain, Statement};

use crate::load::{
    document::Document,
    markdown::{Body, Heading, paragraphs_of, words_of},
    promises::Promises,
    scenario,
    settings::Settings,
    translation::{Part, Translation},
};

/// The agreement that a page holds; none where the page lacks something that
/// an agreement needs, for which there is a finding.
pub fn of(document: &Document, settings: &Settings) -> Option<Agreement> {
    let promises = document.promises.as_ref()?;
    document.matter.title.as_ref()?;
    Some(Agreement {
        slug: document.slug.parse().ok()?,
        audience: document.matter.audience.as_ref()?.value,
        title: document.title(settings),
        version: document.matter.version.as_ref()?.value.clone(),
        sign_again: document.matter.sign_again.unwrap_or(SignAgain::Everyone),
        introduction: paragraphs_of(&document.body.pieces[promises.introduction.clone()]),
        groups: groups(document, promises)?,
    })
}

/// The agreement in another language, part by part under the English names; English where a part is not translated.
pub fn translated(document: &Document, translation: &Translation, settings: &Settings) -> Option<Agreement> {
    let (promises, headings) = (document.promises.as_ref()?, &document.body.headings);
    let paragraphs = |part: &Part| paragraphs_of(&translation.page.body.pieces[part.after.clone()]);
    let mut agreement = of(document, settings)?;
    agreement.title = translation.page.title(settings);
    let introduction = paragraphs_of(&translation.page.body.pieces[translation.introduction.clone()]);
    if !introduction.is_empty() {
        agreement.introduction = introduction;
    }
    for (group, english) in agreement.groups.iter_mut().zip(&promises.groups) {
        if let Some((heading, part)) = english.heading.and_then(|h| translation.part(&headings[h].anchor)) {
            group.title = Some(heading.words.clone());
            group.introduction = paragraphs(part);
        }
        for statement in &mut group.statements {
            if let Some((heading, part)) = translation.part(statement.name.as_str()) {
                statement.words.clone_from(&heading.words);
                statement.more = paragraphs(part);
            }
        }
        if let Some(scenario) = &mut group.scenario {
            let there = translation.scenario(scenario.name.as_str(), scenario.choices.len());
            let told = there.and_then(|(heading, told)| story(&translation.page.body, heading, &told));
            *scenario = told.unwrap_or_else(|| scenario.clone());
        }
    }
    Some(agreement)
}

fn groups(document: &Document, promises: &Promises) -> Option<Vec<Group>> {
    let body = &document.body;
    let statement = |statement: &crate::load::promises::Statement| {
        let heading = &body.headings[statement.heading];
        Some(Statement {
            name: heading.anchor.parse().ok()?,
            words: heading.words.clone(),
            more: paragraphs_of(&body.pieces[statement.more.clone()]),
            symbol: heading.symbol.as_deref()?.parse().ok()?,
        })
    };
    let group = |group: &crate::load::promises::Group| {
        Some(Group {
            title: group.heading.map(|h| body.headings[h].words.clone()),
            introduction: paragraphs_of(&body.pieces[group.introduction.clone()]),
            statements: group.statements.iter().map(statement).collect::<Option<_>>()?,
            scenario: group
                .scenario
                .as_ref()
                .and_then(|scenario| story(body, &body.headings[scenario.heading], scenario)),
        })
    };
    promises.groups.iter().map(group).collect()
}

fn story(body: &Body, heading: &Heading, scenario: &scenario::Scenario) -> Option<Scenario> {
    let choice = |choice: &scenario::Choice| ScenarioChoice {
        words: words_of(&body.pieces[choice.words.clone()]),
        follows: words_of(&body.pieces[choice.follows.clone()]),
    };
    Some(Scenario {
        name: heading.anchor.parse().ok()?,
        words: heading.words.clone(),
        story: paragraphs_of(&body.pieces[scenario.story.clone()]),
        choices: scenario.choices.iter().map(choice).collect(),
    })
}

/// Everything that the digest covers, in order: title, introductions, groups,
/// statements and “tell me more”.
pub fn words(agreement: &Agreement) -> Vec<String> {
    let mut out = vec![agreement.title.clone()];
    out.extend(agreement.introduction.iter().cloned());
    for group in &agreement.groups {
        out.extend(group.title.clone());
        out.extend(group.introduction.iter().cloned());
        for statement in &group.statements {
            out.push(statement.words.clone());
            out.extend(statement.more.iter().cloned());
        }
    }
    out
}
