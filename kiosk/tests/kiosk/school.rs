//! A made-up school: its hub's keys, a pack, a roster, and kiosks in folders of their own.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use kiosk::{
    folder::{Device, Folder, Paired},
    machine::{Content, Effect, Event, LocalSigned, Now, OpenedClass, State, Word, Words, controls, update},
    storage::{Store, random},
};
use records::{
    agreement::{Agreement, Audience, Group, SignAgain, Statement},
    answer::{AnswerSheet, LINES, Line, SentenceName},
    day::{Moment, SchoolYear},
    digest::Digest,
    form::Form,
    ids::{ClassId, DeviceId, PersonId, RecordId, SchoolId, Slug},
    keys::{OpeningKey, SigningKey},
    pack::{ClassPicture, Helpline, Pack, PackContent, PackDraft, Symbol, TrustedAdult},
    pairing::HubIdentity,
    receipt::{Picture, Receipt},
    report::{Role, RoleKey, Route},
    roster::{Adult, Class, HasSigned, Roster, RosterEntry},
    survey::{Shown, Survey, SurveyChoice, SurveyQuestion},
    tell::{Asked, Leads, Tell, TellAnswer, TellChoice, TellQuestion},
    voice::{self, BRITISH, Recording},
};

/// The names of Acorn class: thirty, as long and as short as names are.
pub(crate) const ACORN: [&str; 30] = [
    "Aarav",
    "Aisha",
    "Alfie",
    "Amelia",
    "Amira",
    "Ben",
    "Chidi",
    "Chloe",
    "Daisy",
    "Dylan",
    "Elif",
    "Ella",
    "Fatima",
    "Finley",
    "George",
    "Hannah",
    "Ibrahim",
    "Isla",
    "Jack",
    "Kacper",
    "Lily",
    "Maximilian",
    "Maya",
    "Mohammed A",
    "Mohammed K",
    "Noah",
    "Olivia",
    "Priya",
    "Siobhán",
    "Zofia",
];
/// The promises of Key Stage 1.
pub(crate) const PROMISES: [&str; 3] =
    ["I ask before I go on a screen.", "I am kind on a screen.", "I tell a grown-up if I feel upset."];

const TILES: [&str; 15] = [
    "tile-apple",
    "tile-ball",
    "tile-bee",
    "tile-boat",
    "tile-bus",
    "tile-cat",
    "tile-dog",
    "tile-duck",
    "tile-elephant",
    "tile-frog",
    "tile-kite",
    "tile-lion",
    "tile-owl",
    "tile-rocket",
    "tile-whale",
];
const STICKERS: [&str; 6] = ["star", "heart", "sun", "moon", "leaf", "fish"];

/// The school's hub: what signs and what opens.
pub(crate) struct Hub {
    pub(crate) key: SigningKey,
    pub(crate) office: OpeningKey,
    pub(crate) tls: Digest,
    /// The keys of the roles, in the order of [`Role::ALL`]; given to kiosks where the school asks.
    pub(crate) roles: [OpeningKey; 4],
}

impl Hub {
    pub(crate) fn new() -> Self {
        let key = SigningKey::generate(&mut random());
        let roles = std::array::from_fn(|_| OpeningKey::generate(&mut random()));
        Self { key, office: OpeningKey::generate(&mut random()), tls: Digest::of(b"no server"), roles }
    }
    pub(crate) fn identity(&self) -> HubIdentity {
        HubIdentity {
            school: school(),
            school_name: "Larkfield Primary School".into(),
            key: self.key.verify_key(),
            office: self.office.seal_key(),
            tls: self.tls,
        }
    }
    pub(crate) fn pack(&self, number: u64) -> Vec<u8> {
        draft().sign(school(), number, &self.key)
    }
    pub(crate) fn roster(&self, number: u64) -> Vec<u8> {
        self.roster_of(number, classes())
    }
    /// A roster with these grown-ups.
    pub(crate) fn roster_with_adults(&self, number: u64, adults: Vec<Adult>) -> Vec<u8> {
        let (made, classes) = (Moment(1_790_000_000), classes());
        let (role_keys, families) = (Vec::new(), Vec::new());
        Roster { school: school(), number, made, classes, adults, role_keys, families }.sign(&self.key)
    }
    /// A roster of these classes.
    pub(crate) fn roster_of(&self, number: u64, classes: Vec<Class>) -> Vec<u8> {
        let made = Moment(1_790_000_000);
        Roster {
            school: school(),
            number,
            made,
            classes,
            adults: Vec::new(),
            role_keys: Vec::new(),
            families: Vec::new(),
        }
        .sign(&self.key)
    }
    /// What kiosks get of the roles' keys.
    pub(crate) fn role_keys(&self) -> Vec<RoleKey> {
        let keys = Role::ALL.into_iter().zip(&self.roles);
        keys.map(|(role, key)| RoleKey { role, key: key.seal_key() }).collect()
    }
    /// A roster with the keys of the roles.
    pub(crate) fn telling_roster(&self, number: u64) -> Vec<u8> {
        let (made, role_keys) = (Moment(1_790_000_000), self.role_keys());
        Roster {
            school: school(),
            number,
            made,
            classes: classes(),
            adults: Vec::new(),
            role_keys,
            families: Vec::new(),
        }
        .sign(&self.key)
    }
    /// A kiosk at which a child can tell.
    pub(crate) fn telling_kiosk(&self, at: &Path) -> Folder {
        self.telling_kiosk_with(at, &telling_draft())
    }
    /// The same with another pack.
    pub(crate) fn telling_kiosk_with(&self, at: &Path, draft: &PackDraft) -> Folder {
        let folder = self.bare_kiosk(at, "127.0.0.1:9");
        let (mut store, _) = Store::open(folder.clone()).unwrap();
        store.take_pack(&draft.sign(school(), 1, &self.key)).unwrap();
        store.take_roster(&self.telling_roster(1)).unwrap();
        assert!(store.can_tell());
        folder
    }
    /// A kiosk that is paired and has pack and roster, in a folder.
    pub(crate) fn kiosk(&self, at: &Path) -> Folder {
        // Nobody listens at this address: a kiosk works without its hub.
        self.kiosk_for(at, "127.0.0.1:9")
    }
    pub(crate) fn kiosk_for(&self, at: &Path, address: &str) -> Folder {
        let folder = self.bare_kiosk(at, address);
        let (mut store, _) = Store::open(folder.clone()).unwrap();
        store.take_pack(&self.pack(1)).unwrap();
        store.take_roster(&self.roster(1)).unwrap();
        folder
    }
    /// A kiosk with another pack and other classes.
    pub(crate) fn kiosk_with(&self, at: &Path, draft: &PackDraft, classes: Vec<Class>) -> Folder {
        let folder = self.bare_kiosk(at, "127.0.0.1:9");
        let (mut store, _) = Store::open(folder.clone()).unwrap();
        store.take_pack(&draft.sign(school(), 1, &self.key)).unwrap();
        let made = Moment(1_790_000_000);
        let roster = Roster {
            school: school(),
            number: 1,
            made,
            classes,
            adults: Vec::new(),
            role_keys: Vec::new(),
            families: Vec::new(),
        };
        store.take_roster(&roster.sign(&self.key)).unwrap();
        folder
    }
    /// A kiosk that is paired and has nothing yet.
    pub(crate) fn bare_kiosk(&self, at: &Path, address: &str) -> Folder {
        let folder = Folder::at(at).unwrap();
        Device::generate("Acorn classroom", &mut random()).write(&folder).unwrap();
        Paired { hub: self.identity(), address: address.into() }.write(&folder).unwrap();
        folder
    }
}

pub(crate) fn school() -> SchoolId {
    SchoolId::from_bytes([7; 16])
}
pub(crate) fn acorn() -> ClassId {
    ClassId::from_bytes([1; 16])
}
pub(crate) fn oak() -> ClassId {
    ClassId::from_bytes([2; 16])
}
pub(crate) fn person(class: u8, place: usize) -> PersonId {
    let mut id = [0xAB; 16];
    id[0] = class;
    id[1] = u8::try_from(place).unwrap();
    PersonId::from_bytes(id)
}

fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}
fn statement(name: &str, words: &str, more: &str, symbol: &str) -> Statement {
    Statement { name: slug(name), words: words.into(), more: vec![more.into()], symbol: slug(symbol) }
}

fn agreements() -> Vec<Agreement> {
    let ks1 = Group {
        title: None,
        introduction: Vec::new(),
        statements: vec![
            statement("ask-first", PROMISES[0], "A grown-up helps me pick. Then I have fun.", "ask-first"),
            statement("kind", PROMISES[1], "I send nice words. I do not send mean words.", "kind-messages"),
            statement(
                "tell",
                PROMISES[2],
                "I stop and get help. A grown-up will be glad that I told.",
                "tell-grown-up",
            ),
        ],
        scenario: None,
    };
    let ks2 = |title: &str, statements| Group {
        title: Some(title.into()),
        introduction: Vec::new(),
        statements,
        scenario: None,
    };
    let kind = ks2(
        "Staying kind",
        vec![statement(
            "kind-messages",
            "I only send words that I would say kindly to someone’s face.",
            "I cannot see a face through a screen, so I might not know that I have hurt someone. I read my message once before I send it. If I get it wrong, I say sorry and put it right.",
            "kind-messages",
        )],
    );
    let private = ks2(
        "Staying private",
        vec![statement(
            "known-people",
            "I chat only with people that my family or school knows.",
            "Somebody online may not be who they say they are. If a person I have never met wants to chat, swap pictures or meet up, I do not answer. I show an adult.",
            "known-people",
        )],
    );
    let make = |slug_: &str, audience, title: &str, introduction: &str, groups| Agreement {
        slug: slug(slug_),
        audience,
        title: title.into(),
        version: "3.0".parse().unwrap(),
        sign_again: SignAgain::Everyone,
        introduction: vec![introduction.into()],
        groups,
    };
    vec![
        make("ks1", Audience::Ks1, "Our promise", "This is how we use screens at Larkfield.", vec![ks1]),
        make(
            "ks2",
            Audience::Ks2,
            "Our online promise",
            "School computers help us to learn, to make things and to find things out.",
            vec![kind, private],
        ),
    ]
}

pub(crate) fn draft() -> PackDraft {
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    let alts: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(&std::fs::read_to_string(themes.join("symbols.toml")).unwrap()).unwrap();
    let others =
        ["acorn", "oak", "ask-first", "kind-messages", "tell-grown-up", "known-people", "adult-1", "adult-2"];
    let names: Vec<&str> = TILES.into_iter().chain(STICKERS).chain(others).collect();
    let symbols = names.iter().map(|n| Symbol { name: slug(n), alt: alts[*n]["alt"].clone() }).collect();
    let picture = |n: &&str| (slug(n), std::fs::read(themes.join(format!("{n}.svg"))).unwrap());
    let adult = |name: &str, role: &str, picture: &str| TrustedAdult {
        name: name.into(),
        role: role.into(),
        picture: slug(picture),
    };
    let content = PackContent {
        school_name: "Larkfield Primary School".into(),
        year: year(),
        time_zone: "Europe/London".into(),
        agreements: agreements(),
        symbols,
        class_pictures: ["Acorn", "Oak"]
            .map(|n| ClassPicture { class: n.into(), symbol: slug(&n.to_lowercase()) })
            .to_vec(),
        trusted_adults: vec![
            adult("Ms Priya Nair", "She helps to keep us all safe.", "adult-1"),
            adult("Miss Amina Yusuf", "She knows all about computers.", "adult-2"),
        ],
        helplines: vec![Helpline { name: "Childline".into(), phone: "0800 1111".into() }],
        phrases: Vec::new(),
        stickers: STICKERS.map(slug).to_vec(),
        tell: None,
        consent: vec![],
        translated_phrases: vec![],
        translated_agreements: vec![],
        colours: None,
        terms: vec![],
        flowcharts: vec![],
        recordings: vec![],
        retention: None,
        adult_consent: vec![],
        registers: vec![],
        surveys: vec![],
        changes: vec![],
    };
    let (made, pictures) = (Moment(1_790_000_000), names.iter().map(picture).collect());
    PackDraft { made, content, pictures, sounds: BTreeMap::new(), staff_pages: vec![] }
}

/// Every sentence of a form that is read to parents who ask for it.
pub(crate) fn spoken_of(form: &Form) -> Vec<String> {
    let mut all = vec![form.title.clone()];
    all.extend(form.intro.clone());
    for purpose in &form.purposes {
        all.extend(
            [&purpose.words, &purpose.meaning, &purpose.how_long, &purpose.who_holds].map(Clone::clone),
        );
    }
    for question in kiosk::machine::questions(form) {
        all.push(question.words.clone());
        all.extend(question.help.clone());
        all.extend(question.choices.iter().map(|choice| choice.words.clone()));
    }
    all.extend(form.withdraw.clone());
    all.retain(|words| !words.is_empty());
    all
}

/// Every sentence of a pack that is said to children, as the theme and the pack have them.
pub(crate) fn spoken(draft: &PackDraft) -> Vec<String> {
    let theme: toml::Value = toml::from_str(include_str!("../../../themes/kiosk/pack.toml")).unwrap();
    let names = theme["spoken"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    let words = Words::shipped();
    let word = |name: &str| Word::ALL.iter().find(|word| word.name() == name).map(|word| words.get(*word));
    let mut all: Vec<String> = names.map(|name| word(name).unwrap().to_owned()).collect();
    let content = &draft.content;
    all.extend(content.class_pictures.iter().map(|class| class.class.clone()));
    all.extend(content.trusted_adults.iter().map(|adult| adult.name.clone()));
    for agreement in &content.agreements {
        all.push(agreement.title.clone());
        all.extend(agreement.introduction.clone());
        for group in &agreement.groups {
            all.extend(group.title.clone());
            all.extend(group.introduction.clone());
            if let Some(story) = &group.scenario {
                all.push(story.words.clone());
                all.extend(story.story.clone());
                all.extend(story.choices.iter().flat_map(|c| [c.words.clone(), c.follows.clone()]));
            }
            all.extend(
                group.statements.iter().flat_map(|s| std::iter::once(&s.words).chain(&s.more)).cloned(),
            );
        }
    }
    for survey in &content.surveys {
        all.push(survey.title.clone());
        all.extend(survey.intro.clone());
        for question in &survey.questions {
            all.push(question.words.clone());
            all.extend(question.choices.iter().map(|choice| choice.words.clone()));
        }
    }
    if let Some(tell) = &content.tell {
        all.extend(tell.intro.clone());
        for question in &tell.questions {
            all.push(question.words.clone());
            all.extend(question.choices.iter().map(|choice| choice.words.clone()));
        }
        all.extend(tell.answers.iter().map(|answer| answer.words.clone()));
        if !tell.answers.is_empty() {
            all.extend(Picture::ALL.map(|picture| picture.words().to_owned()));
        }
    }
    all
}

/// The same pack with a recording of each of its sentences: a word takes [`A_WORD`].
pub(crate) fn speaking(draft: PackDraft) -> PackDraft {
    let sentences = spoken(&draft);
    recorded(draft, sentences)
}

/// The same pack with a recording of each of these.
pub(crate) fn recorded(mut draft: PackDraft, sentences: impl IntoIterator<Item = String>) -> PackDraft {
    for sentence in sentences {
        let name = voice::name(BRITISH, &sentence);
        let count = u32::try_from(sentence.split_whitespace().count()).unwrap();
        let recording = Recording {
            sentence: name,
            lasts: A_WORD * count,
            words: (0..count).map(|n| n * A_WORD).collect(),
        };
        if draft.sounds.insert(name, Vec::new()).is_none() {
            draft.content.recordings.push(recording);
        }
    }
    draft
}

/// How long a word takes in the recordings of the tests, in milliseconds.
pub(crate) const A_WORD: u32 = 300;

/// The machine alone, at a kiosk that reads aloud and where a child can tell.
pub(crate) fn speaking_state() -> State {
    state_with(&speaking(telling_draft()))
}

/// The same with another pack.
pub(crate) fn state_with(draft: &PackDraft) -> State {
    let hub = Hub::new();
    let pack = draft.sign(school(), 2, &hub.key);
    let pack = Pack::open(&pack, &hub.key.verify_key(), None).unwrap();
    let mut state = telling_state();
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    state
}

/// The machine alone, at a kiosk that asks pupils and reads aloud.
pub(crate) fn surveying_state() -> State {
    state_with(&speaking(surveying_draft()))
}

/// The pack of a school that asks: the form of the model school, as its file has it.
pub(crate) fn telling_draft() -> PackDraft {
    let mut draft = draft();
    let tell = tell();
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    for choice in tell.questions.iter().flat_map(|q| &q.choices) {
        let name = choice.symbol.clone();
        let svg = std::fs::read(themes.join(format!("{name}.svg"))).unwrap();
        draft.content.symbols.push(Symbol { name: name.clone(), alt: choice.words.clone() });
        draft.pictures.insert(name, svg);
    }
    draft.content.tell = Some(tell);
    draft
}

/// The pack of a school that asks pupils every day, and lets them vote: the forms of the model school, as their files
/// have them. The vote is always open.
pub(crate) fn surveying_draft() -> PackDraft {
    let mut draft = telling_draft();
    let vote = Shown::Between { from: "2020-09-01".parse().unwrap(), until: "2099-08-31".parse().unwrap() };
    draft.content.surveys = vec![survey("today", Shown::Daily), survey("promise-words", vote)];
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    for survey in &draft.content.surveys {
        let choices = survey.questions.iter().flat_map(|q| &q.choices);
        let pictures = choices.map(|choice| (&choice.symbol, &choice.words));
        for (name, alt) in pictures.chain([(&survey.symbol, &survey.title)]) {
            let svg = std::fs::read(themes.join(format!("{name}.svg"))).unwrap();
            if draft.pictures.insert(name.clone(), svg).is_none() {
                draft.content.symbols.push(Symbol { name: name.clone(), alt: alt.clone() });
            }
        }
    }
    draft
}

fn survey(name: &str, shown: Shown) -> Survey {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../content/forms/{name}.toml"));
    let form: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let part = &form["touchscreen"];
    let may_tell: Vec<String> =
        part.get("may_tell").into_iter().flat_map(|list| list.as_array().unwrap()).map(text).collect();
    let choice = |row: &toml::Value| SurveyChoice {
        id: slug(row["id"].as_str().unwrap()),
        words: text(&row["words"]),
        symbol: slug(row["symbol"].as_str().unwrap()),
        may_tell: may_tell.contains(&text(&row["id"])),
    };
    let question = |row: &toml::Value| SurveyQuestion {
        id: slug(row["id"].as_str().unwrap()),
        words: text(&row["words"]),
        choices: row["choices"].as_array().unwrap().iter().map(choice).collect(),
    };
    Survey {
        id: slug(form["id"].as_str().unwrap()),
        version: form["version"].as_str().unwrap().parse().unwrap(),
        title: text(&form["title"]),
        symbol: slug(part["symbol"].as_str().unwrap()),
        shown,
        intro: form["intro"].as_array().unwrap().iter().map(text).collect(),
        questions: form["questions"].as_array().unwrap().iter().map(question).collect(),
    }
}

fn tell() -> Tell {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/forms/tell.toml");
    let form: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let text = |value: &toml::Value| {
        let text = value.as_str().unwrap().replace("{{ people.dsl.name }}", "Ms Nair");
        text.replace("{{ people.head.name }}", "Mrs Adeyemi")
    };
    let choice = |question: &str, row: &toml::Value| TellChoice {
        id: slug(row["id"].as_str().unwrap()),
        words: text(&row["words"]),
        symbol: slug(row["symbol"].as_str().unwrap()),
        leads: match (question, row["id"].as_str().unwrap()) {
            ("about", "grown-up-at-school") => Some(Leads::To(Route::AboutGrownUp)),
            ("about", "headteacher") => Some(Leads::To(Route::AboutHeadteacher)),
            ("talk", "yes") => Some(Leads::ToTalk),
            _ => None,
        },
    };
    let question = |row: &toml::Value| {
        let id = row["id"].as_str().unwrap();
        let asked = Asked::ALL.into_iter().find(|asked| asked.as_str() == id).unwrap();
        let choices = row["choices"].as_array().unwrap().iter().map(|c| choice(id, c)).collect();
        TellQuestion { asked, words: text(&row["words"]), choices }
    };
    Tell {
        version: form["version"].as_str().unwrap().parse().unwrap(),
        intro: form["intro"].as_array().unwrap().iter().map(text).collect(),
        questions: form["questions"].as_array().unwrap().iter().map(question).collect(),
        answers: Vec::new(),
    }
}

/// The pack of a school that answers children, too.
pub(crate) fn answering_draft() -> PackDraft {
    with_answers(telling_draft())
}

/// A pack with the answers of the model school.
pub(crate) fn with_answers(mut draft: PackDraft) -> PackDraft {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/forms/tell.toml");
    let form: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let text = |row: &toml::Value, key: &str| row[key].as_str().unwrap().to_owned();
    let answers = form["answers"].as_array().unwrap().iter();
    let answers = answers.map(|row| TellAnswer { id: slug(&text(row, "id")), words: text(row, "words") });
    draft.content.tell.as_mut().unwrap().answers = answers.collect();
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    for picture in Picture::ALL {
        let svg = std::fs::read(themes.join(format!("{}.svg", picture.symbol()))).unwrap();
        draft.pictures.insert(slug(picture.symbol()), svg);
        if !draft.content.symbols.iter().any(|symbol| symbol.name.as_str() == picture.symbol()) {
            draft.content.symbols.push(Symbol { name: slug(picture.symbol()), alt: picture.words().into() });
        }
    }
    draft
}

/// The machine alone, at a kiosk that reads aloud and where children are answered.
pub(crate) fn answering_state() -> State {
    state_with(&speaking(answering_draft()))
}

/// What such a kiosk has when it has just asked the hub: this receipt leads to the sentence at this place.
pub(crate) fn answers_with(receipt: &Receipt, place: usize) -> Event {
    let sentences = answering_draft().content.tell.unwrap().answers;
    let decoy = |n: usize| Line {
        receipt: Receipt::drawn(&[u8::try_from(n).unwrap(); 16]),
        sentence: SentenceName::of(&sentences[n % sentences.len()].id),
    };
    let mut lines: [Line; LINES] = std::array::from_fn(|n| decoy(n + 100));
    lines[9] = Line { receipt: receipt.clone(), sentence: SentenceName::of(&sentences[place].id) };
    Event::Answers(Some(Arc::new(AnswerSheet::of(lines))))
}

fn year() -> SchoolYear {
    // Wide, so that the tests pass in any year.
    SchoolYear { starts: "2020-09-01".parse().unwrap(), ends: "2099-08-31".parse().unwrap() }
}

pub(crate) fn classes() -> Vec<Class> {
    let entry = |class: u8, place: usize, name: &str| RosterEntry {
        person: person(class, place),
        name: name.into(),
        picture: slug(TILES[place % TILES.len()]),
        signed: Vec::new(),
    };
    let pupils =
        |class: u8, names: &[&str]| names.iter().enumerate().map(|(i, n)| entry(class, i, n)).collect();
    let mut acorns: Vec<RosterEntry> = pupils(1, &ACORN);
    let words = agreements()[0].digest();
    let day = "2026-09-21".parse().unwrap();
    for place in [2, 7, 8, 20] {
        acorns[place].signed.push(HasSigned { words, day });
    }
    vec![
        Class { id: acorn(), name: "Acorn".into(), audience: Audience::Ks1, pupils: acorns },
        Class { id: oak(), name: "Oak".into(), audience: Audience::Ks2, pupils: pupils(2, &ACORN[5..17]) },
    ]
}

/// The machine alone, with a pack and classes but no disk.
pub(crate) fn state() -> State {
    let hub = Hub::new();
    let pack = Pack::open(&hub.pack(1), &hub.key.verify_key(), None).unwrap();
    let now = Now { since_start: 0, wall: Moment(1_790_000_000) };
    let mut state = State::new(DeviceId::from_bytes([9; 16]), now);
    let listing =
        |c: &Class| records::roster::ClassListing { id: c.id, name: c.name.clone(), audience: c.audience };
    update(&mut state, Event::Classes(classes().iter().map(listing).collect()));
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    state
}

/// The machine alone, at a kiosk where a child can tell.
pub(crate) fn telling_state() -> State {
    let hub = Hub::new();
    let pack = telling_draft().sign(school(), 1, &hub.key);
    let pack = Pack::open(&pack, &hub.key.verify_key(), None).unwrap();
    let mut state = state();
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    update(&mut state, Event::Telling(true));
    update(&mut state, Event::Chance([7; 16]));
    state
}

/// Presses what has this name.
pub(crate) fn press(state: &mut State, label: &str) -> Vec<Effect> {
    let shown = controls(state);
    let control = shown.iter().find(|c| c.label == label);
    let action =
        control.unwrap_or_else(|| panic!("no “{label}” on {}: {shown:?}", state.screen.name())).action;
    update(state, Event::Press(action))
}

/// The same, and what is asked of chance is given at once, as a running kiosk does.
pub(crate) fn press_with_chance(state: &mut State, label: &str) -> Vec<Effect> {
    let effects = press(state, label);
    if state.wants_chance() {
        update(state, Event::Chance([9; 16]));
    }
    effects
}

/// What storage answers when a class is opened.
pub(crate) fn opened(class: ClassId, signed_here: Vec<LocalSigned>, record: u8) -> Event {
    let class = classes().into_iter().find(|c| c.id == class).unwrap();
    Event::ClassOpened(Box::new(OpenedClass {
        class,
        signed_here,
        record: RecordId::from_bytes([record; 16]),
    }))
}

/// What a picture of the pack shows.
pub(crate) fn alt(name: &str) -> String {
    draft().content.symbols.into_iter().find(|s| s.name.as_str() == name).unwrap().alt
}
