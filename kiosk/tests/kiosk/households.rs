//! Made-up families of the tests' school, and the forms that they are asked.

use std::path::Path;

use kiosk::{
    folder::Folder,
    machine::{Content, Event, OpenedFamily, State, update},
    storage::{Store, random},
};
use records::{
    agreement::{Agreement, Audience, Group, SignAgain},
    consent::{Answer, PurposeAnswer},
    day::Moment,
    family::{Decided, Decider, Family, FamilyChild, FamilyKey, GrownUp, OthersNo, SealedFamily},
    family_code::{FamilyCode, Locator},
    form::{Choice, Form, FormAudience, FormKind, Purpose, Question},
    ids::{PersonId, RecordId, Slug},
    pack::{
        AgreementTranslation, ConsentForm, FormTranslation, Pack, PackDraft, Phrase, Symbol,
        TranslatedPhrases,
    },
    roster::Roster,
};

use crate::school::{Hub, classes, draft, person, school, state};

/// The pictures of uses that the forms name.
const PICTURES: [&str; 4] = ["school-camera", "own-work", "talk-together", "for-learning"];

pub(crate) fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

/// A form of the model school, as its file has it.
pub(crate) fn form(name: &str) -> Form {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../content/forms/{name}.toml"));
    let read: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let text = |value: &toml::Value| {
        let mut text = value.as_str().unwrap().to_owned();
        for (key, words) in [
            ("school.phone", "01632 960 123"),
            ("school.email", "office@larkfield.example"),
            ("rules.photos_down", "two school days"),
            ("rules.leaver_deleted", "one month"),
            ("systems.learning_platform", "Seesaw"),
            ("systems.cloud_accounts", "Office 365"),
        ] {
            text = text.replace(&format!("{{{{ {key} }}}}"), words);
        }
        assert!(!text.contains("{{"), "{text}");
        text
    };
    let part = |row: &toml::Value, key: &str| text(&row[key]);
    let rows = |key: &str| read.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let id = |words: &str| -> Slug {
        let plain: String =
            words.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
        slug(&plain.split(' ').take(5).collect::<Vec<_>>().join("-"))
    };
    let question = |row: &toml::Value| Question {
        id: slug(&part(row, "id")),
        words: part(row, "words"),
        help: row.get("help").map(text),
        answer: part(row, "type").parse().unwrap(),
        choices: row
            .get("choices")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .map(|words| Choice { id: id(&text(words)), words: text(words), symbol: None })
            .collect(),
        required: row.get("required").and_then(toml::Value::as_bool).unwrap_or_default(),
        refused_by: row.get("refused_by").map(|answer| id(&text(answer))),
    };
    let purpose = |row: &toml::Value| Purpose {
        id: slug(&part(row, "id")),
        words: part(row, "words"),
        meaning: part(row, "meaning"),
        how_long: part(row, "how_long"),
        who_holds: part(row, "who_holds"),
        symbol: row.get("symbol").map(|symbol| slug(&text(symbol))),
        needs: row.get("needs").map(|needs| slug(&text(needs))),
    };
    Form {
        id: slug(&part(&read, "id")),
        title: part(&read, "title"),
        kind: FormKind::Consent,
        version: part(&read, "version").parse().unwrap(),
        summary: part(&read, "summary"),
        intro: read["intro"].as_array().unwrap().iter().map(text).collect(),
        audience: FormAudience::Parent,
        retention: None,
        legal: Vec::new(),
        purposes: rows("purposes").iter().map(purpose).collect(),
        questions: rows("questions").iter().map(question).collect(),
        withdraw: Some(part(&read, "withdraw")),
        sign_off: Vec::new(),
        every_year: read.get("every_year").and_then(toml::Value::as_bool).unwrap_or_default(),
    }
}

pub(crate) fn asking_draft_of(forms: &[Form]) -> PackDraft {
    let mut draft = draft();
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    for name in PICTURES {
        let svg = std::fs::read(themes.join(format!("{name}.svg"))).unwrap();
        draft.content.symbols.push(Symbol { name: slug(name), alt: format!("A picture of {name}") });
        draft.pictures.insert(slug(name), svg);
    }
    let asked = |form: &Form| ConsentForm { form: form.clone(), translations: Vec::new() };
    draft.content.consent = forms.iter().map(asked).collect();
    draft
}

/// The pack of a school that asks families.
pub(crate) fn asking_draft() -> PackDraft {
    asking_draft_of(&[form("images"), form("learners-work")])
}

fn content(file: &str) -> toml::Table {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The form about pictures in another language, as the model school has it.
pub(crate) fn translated(language: &str) -> Form {
    let words = content(&format!("content/forms/images.{language}.toml"));
    let text = |value: &toml::Value| value.as_str().unwrap().replace("{{", "").replace("}}", "");
    let row = |key: &str, id: &Slug| -> toml::Value {
        let rows = words[key].as_array().unwrap();
        rows.iter().find(|row| row["id"].as_str() == Some(id.as_str())).unwrap().clone()
    };
    let mut form = form("images");
    form.title = text(&words["title"]);
    form.intro = words["intro"].as_array().unwrap().iter().map(text).collect();
    form.withdraw = Some(text(&words["withdraw"]));
    for purpose in &mut form.purposes {
        let row = row("purposes", &purpose.id);
        purpose.words = text(&row["words"]);
        purpose.meaning = text(&row["meaning"]);
        purpose.how_long = text(&row["how_long"]);
        purpose.who_holds = text(&row["who_holds"]);
    }
    for question in &mut form.questions {
        let row = row("questions", &question.id);
        question.words = text(&row["words"]);
        let others = row.get("choices").and_then(toml::Value::as_array).into_iter().flatten();
        for (choice, other) in question.choices.iter_mut().zip(others) {
            choice.words = text(&other["words"]);
        }
    }
    form
}

/// The pack of a school that asks families in other languages too; about work only in English.
pub(crate) fn spoken_draft(languages: &[(&str, &str)]) -> PackDraft {
    let mut draft = asking_draft();
    draft.content.agreements.push(parents_agreement());
    for (tag, name) in languages {
        let language = || tag.parse().unwrap();
        let words = content(&format!("themes/kiosk/words.{tag}.toml"));
        let phrase =
            |(name, words): (String, toml::Value)| Phrase { name, words: words.as_str().unwrap().to_owned() };
        let phrases = words.into_iter().map(phrase).collect();
        draft.content.translated_phrases.push(TranslatedPhrases {
            language: language(),
            phrases,
            name: (*name).to_owned(),
        });
        let form = translated(tag);
        draft.content.consent[0].translations.push(FormTranslation { language: language(), form });
        let mut agreement = parents_agreement();
        agreement.title = format!("{}: {name}", agreement.title);
        draft.content.translated_agreements.push(AgreementTranslation { language: language(), agreement });
    }
    draft
}

/// The agreement of parents and carers, as the model school has it.
pub(crate) fn parents_agreement() -> Agreement {
    let text =
        include_str!("../../../content/agreements/parent.md").replace("{{ school.phone }}", "01632 960 123");
    let mut statements = crate::fits::statements(&text.replace("{{ people.dsl.name }}", "Ms Nair"));
    for more in statements.iter_mut().flat_map(|statement| &mut statement.more) {
        // A touchscreen shows the words of a link.
        let pieces = more.split('[').map(|piece| match piece.split_once("](") {
            Some((words, rest)) => format!("{words}{}", rest.split_once(')').unwrap().1),
            None => piece.to_owned(),
        });
        *more = pieces.collect();
    }
    let group = |title: &str, statements: &[records::agreement::Statement]| Group {
        title: Some(title.into()),
        introduction: Vec::new(),
        statements: statements.to_vec(),
        scenario: None,
    };
    Agreement {
        slug: slug("parent"),
        audience: Audience::Parent,
        title: "Agreement for parents and carers".into(),
        version: "2.2".parse().unwrap(),
        sign_again: SignAgain::Everyone,
        introduction: vec![
            "Your child makes a promise of their own in Acorn and Conker, and a longer one from Oak up. This is the promise that goes with it.".into(),
            "It is not a consent form: we ask about photographs and film separately, and your answer there makes no difference here.".into(),
        ],
        groups: vec![
            group("At home", &statements[..3]),
            group("With other families", &statements[3..5]),
            group("With school", &statements[5..]),
        ],
    }
}

pub(crate) fn maria() -> PersonId {
    person(9, 1)
}
pub(crate) fn jan() -> PersonId {
    person(9, 2)
}
/// The parent of another family.
pub(crate) fn grace() -> PersonId {
    person(9, 3)
}
/// The children of the Nowak family: Zofia and Kacper of Acorn.
pub(crate) fn zofia() -> PersonId {
    person(1, 29)
}
pub(crate) fn kacper() -> PersonId {
    person(1, 19)
}

pub(crate) fn code() -> FamilyCode {
    Locator::new(0b00111_10011_00010).unwrap().with_chance([18, 9, 28, 4, 17, 29, 11, 3])
}
pub(crate) fn other_code() -> FamilyCode {
    // Of the same locator: a guess at one is tried on both.
    code().locator().with_chance([1, 2, 3, 4, 5, 6, 7, 8])
}
/// A code as it should be that opens nothing.
pub(crate) fn wrong_code(n: u8) -> FamilyCode {
    code().locator().with_chance([n, 0, 0, 0, 0, 0, 0, 0])
}
pub(crate) fn typed(code: &FamilyCode) -> String {
    code.groups().concat()
}

fn grown_up(person: PersonId, name: &str) -> GrownUp {
    GrownUp { person, name: name.into(), language: None, signed: Vec::new() }
}
fn child(person: PersonId, name: &str, picture: &str, deciders: &[(PersonId, &str)]) -> FamilyChild {
    let decider =
        |(person, relation): &(PersonId, &str)| Decider { person: *person, relation: (*relation).into() };
    FamilyChild {
        person,
        name: name.into(),
        class: "Acorn".into(),
        picture: slug(picture),
        deciders: deciders.iter().map(decider).collect(),
        decided: Vec::new(),
        others_no: Vec::new(),
    }
}

/// Maria Nowak, who decides for Zofia and Kacper.
pub(crate) fn family() -> Family {
    Family {
        grown_ups: vec![grown_up(maria(), "Maria Nowak")],
        children: vec![
            child(zofia(), "Zofia", "tile-rocket", &[(maria(), "Mother")]),
            child(kacper(), "Kacper", "tile-bus", &[(maria(), "Mother")]),
        ],
    }
}
/// Maria and Jan Nowak; Jan decides for Zofia alone.
pub(crate) fn couple() -> Family {
    let mut family = family();
    family.grown_ups.push(grown_up(jan(), "Jan Nowak"));
    family.children[0].deciders.push(Decider { person: jan(), relation: "Father".into() });
    family
}
/// Somebody else's no stands for Zofia's picture on the website.
pub(crate) fn with_others_no(mut family: Family) -> Family {
    let no = OthersNo { beside: maria(), form: slug("images"), purpose: slug("website") };
    family.children[0].others_no.push(no);
    family
}
/// Maria decided for Zofia before, on a form in these words: yes to each use whose place is even.
pub(crate) fn decided(form: &Form, id: u8, counts: bool) -> Decided {
    let answer = |(at, purpose): (usize, &Purpose)| PurposeAnswer {
        purpose: purpose.id.clone(),
        answer: if at % 2 == 0 { Answer::Yes } else { Answer::No },
    };
    Decided {
        id: RecordId::from_bytes([id; 16]),
        by: maria(),
        form: form.id.clone(),
        words: form.digest(),
        answers: form.purposes.iter().enumerate().map(answer).collect(),
        day: "2026-11-03".parse().unwrap(),
        counts,
    }
}
fn other_family() -> Family {
    Family {
        grown_ups: vec![grown_up(grace(), "Grace Mensah")],
        children: vec![child(person(2, 3), "Daisy", "tile-bee", &[(grace(), "Grandmother")])],
    }
}

/// A roster with the family and another one.
pub(crate) fn roster(hub: &Hub, number: u64, made: Moment, family: &Family) -> Vec<u8> {
    let seal = |family: &Family, code: &FamilyCode| {
        SealedFamily::seal(family, &FamilyKey::of(code, school()), code.locator(), school(), &mut random())
    };
    Roster {
        school: school(),
        number,
        made,
        classes: classes(),
        adults: Vec::new(),
        role_keys: Vec::new(),
        families: vec![seal(&other_family(), &other_code()), seal(family, &code())],
    }
    .sign(&hub.key)
}

/// A kiosk at which families are asked.
pub(crate) fn asking_kiosk(hub: &Hub, at: &Path, draft: &PackDraft, family: &Family) -> Folder {
    let folder = hub.bare_kiosk(at, "127.0.0.1:9");
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.take_pack(&draft.sign(school(), 1, &hub.key)).unwrap();
    store.take_roster(&roster(hub, 1, Moment(1_790_000_000), family)).unwrap();
    assert!(store.has_families());
    folder
}

/// The machine alone, at a kiosk where families are asked.
pub(crate) fn asking_state_of(draft: &PackDraft) -> State {
    let hub = Hub::new();
    let pack = Pack::open(&draft.sign(school(), 1, &hub.key), &hub.key.verify_key(), None).unwrap();
    let mut state = state();
    update(&mut state, Event::Pack(std::sync::Arc::new(Content::new(pack))));
    update(&mut state, Event::Families(true));
    update(&mut state, Event::Chance([1; 16]));
    state
}
pub(crate) fn asking_state() -> State {
    asking_state_of(&asking_draft())
}

/// What storage answers to the right code.
pub(crate) fn opened(family: &Family) -> Box<OpenedFamily> {
    Box::new(OpenedFamily { key: FamilyKey::from_bytes(&[5; 32]), family: family.clone(), kept: Vec::new() })
}
