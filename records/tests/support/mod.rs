//! Samples of every type that travels, made the same way each time, and a random source that a
//! seed decides, so that sealed bytes can be pinned too.
#![allow(unreachable_pub, reason = "shared by the files of this folder")]
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, convert::Infallible};

use rand_core::{TryCryptoRng, TryRng};
use records::{
    agreement::{Agreement, Audience, Group, Scenario, ScenarioChoice, SignAgain, Statement},
    answer::{AnswerSheet, Line, SentenceName},
    call::Call,
    colours::{Rgb, SchoolColours},
    consent::{Answer, ConsentDecision, ConsentExport, ConsentLine, PurposeAnswer, Said, Standing},
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    display::{ClassDisplay, Display, Signer},
    envelope::{NamedEnvelope, NamedRecord},
    family::{Decided, Decider, Family, FamilyChild, FamilyKey, GrownUp, OthersNo, SealedFamily},
    family_code::Locator,
    flowchart::{FlowStep, FlowWay, Flowchart},
    form::{Choice, Form, FormAudience, FormKind, LegalNote, Purpose, Question, QuestionType, Retention},
    ids::{BoxId, ClassId, DeviceId, PersonId, RecordId, SchoolId, Slug},
    keys::{OpeningKey, SigningKey},
    pack::{
        AgreementTranslation, ClassPicture, ConsentForm, FormTranslation, Helpline, PackContent, PackDraft,
        Phrase, Symbol, TranslatedPhrases, TrustedAdult,
    },
    published::{Published, PublishedList},
    receipt::Receipt,
    register::{Answered, Answers, Cycle, Hours, Party, Register},
    report::{Apart, Contents, FromWeb, Report, Role, RoleKey, Route, Teller, ToldTo},
    report_box::{self, Envelope, SLOTS},
    report_entry::{Author, Deed, ReportEntry},
    report_envelope::{self, RouteKeys},
    retention::{After, Kept, Period, RegisterRule, RetentionRules, Rule},
    roster::{Adult, Class, HasSigned, Roster, RosterEntry},
    signature::{Drawing, HelpText, Mark, Point, Signature, Undo},
    staff_page::{Part, Piece, StaffPage, Target},
    stick::{Answer as StickAnswer, Carry, Greeting, Return},
    survey::{Shown, Survey, SurveyAnswers, SurveyChoice, SurveyQuestion},
    sync::{Batch, Hello, Numbered, Outcome, Place, RecordOutcome, SyncToken},
    tally::Tally,
    tell::{Asked, Leads, Tell, TellAnswer, TellChoice, TellQuestion},
    visitor::{VisitorSignature, Written},
    voice::{self, Recording},
};

/// SHA-256 in counter mode: random enough for tests, and the same for the same seed.
pub struct Seeded {
    seed: u64,
    counter: u64,
    left: Vec<u8>,
}
impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: 0, left: Vec::new() }
    }
    pub fn below(&mut self, limit: usize) -> usize {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).unwrap();
        (u64::from_le_bytes(bytes) % limit.max(1) as u64) as usize
    }
}
impl TryRng for Seeded {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            if self.left.is_empty() {
                let block = [self.seed.to_le_bytes(), self.counter.to_le_bytes()].concat();
                self.left = Digest::of(&block).as_bytes().to_vec();
                self.counter += 1;
            }
            *byte = self.left.pop().unwrap();
        }
        Ok(())
    }
}
impl TryCryptoRng for Seeded {}

pub fn hub_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}
pub fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}
pub fn office_key() -> OpeningKey {
    OpeningKey::from_bytes(&[3; 32]).unwrap()
}
pub fn role_key(n: u8) -> OpeningKey {
    OpeningKey::from_bytes(&[10 + n; 32]).unwrap()
}
pub fn school() -> SchoolId {
    SchoolId::from_bytes([4; 16])
}
pub fn device() -> DeviceId {
    DeviceId::from_bytes([5; 16])
}
pub fn pupil() -> PersonId {
    PersonId::from_bytes([6; 16])
}
pub fn parent() -> PersonId {
    PersonId::from_bytes([7; 16])
}
pub fn day() -> Day {
    "2026-11-22".parse().unwrap()
}
pub fn moment() -> Moment {
    Moment(1_795_341_600)
}
pub fn year() -> SchoolYear {
    SchoolYear { starts: "2026-09-01".parse().unwrap(), ends: "2027-08-31".parse().unwrap() }
}

pub fn agreement() -> Agreement {
    Agreement {
        slug: "ks1".parse().unwrap(),
        audience: Audience::Ks1,
        title: "My promise".into(),
        version: "2026.1".parse().unwrap(),
        sign_again: SignAgain::Everyone,
        introduction: vec!["We promise these things together.".into()],
        groups: vec![Group {
            title: None,
            introduction: vec![],
            statements: vec![
                Statement {
                    name: "ask-first".parse().unwrap(),
                    words: "I ask before I go online.".into(),
                    more: vec!["A grown-up can help me pick.".into()],
                    symbol: "ask-first".parse().unwrap(),
                },
                Statement {
                    name: "tell".parse().unwrap(),
                    words: "I tell a grown-up if I feel worried.".into(),
                    more: vec![],
                    symbol: "tell".parse().unwrap(),
                },
            ],
            scenario: None,
        }],
    }
}

/// The same agreement with a story after its promises.
pub fn telling_a_story() -> Agreement {
    let mut agreement = agreement();
    agreement.groups[0].scenario = Some(Scenario {
        name: "a-strange-message".parse().unwrap(),
        words: "Somebody whom you do not know writes to you.".into(),
        story: vec!["They know your name.".into()],
        choices: vec![
            ScenarioChoice { words: "I answer.".into(), follows: "They write again.".into() },
            ScenarioChoice {
                words: "I show it to an adult.".into(),
                follows: "You are not alone with it.".into(),
            },
        ],
    });
    agreement
}

pub fn pack_draft() -> PackDraft {
    let svg = |c: char| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!--{c}--></svg>").into_bytes();
    let symbol = |name: &str, alt: &str| Symbol { name: name.parse().unwrap(), alt: alt.into() };
    PackDraft {
        made: moment(),
        content: PackContent {
            school_name: "Larkfield Primary School".into(),
            year: year(),
            time_zone: "Europe/London".into(),
            agreements: vec![agreement()],
            symbols: vec![
                symbol("ask-first", "A child asks a grown-up."),
                symbol("tell", "A child tells a grown-up."),
            ],
            class_pictures: vec![ClassPicture { class: "Acorn".into(), symbol: "tell".parse().unwrap() }],
            trusted_adults: vec![TrustedAdult {
                name: "Mrs Okafor".into(),
                role: "She keeps us safe.".into(),
                picture: "tell".parse().unwrap(),
            }],
            helplines: vec![Helpline { name: "Childline".into(), phone: "0800 1111".into() }],
            phrases: vec![Phrase { name: "sign.yes".into(), words: "Yes, I will".into() }],
            stickers: vec!["tell".parse().unwrap()],
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
        },
        pictures: BTreeMap::from([
            ("ask-first".parse().unwrap(), svg('a')),
            ("tell".parse().unwrap(), svg('t')),
        ]),
        sounds: BTreeMap::new(),
        staff_pages: vec![],
    }
}

/// A pack that reads one sentence aloud.
pub fn speaking_pack_draft() -> PackDraft {
    let mut draft = pack_draft();
    let sentence = voice::name(voice::BRITISH, "Yes, I will");
    draft.content.recordings = vec![Recording { sentence, lasts: 900, words: vec![0, 310, 480] }];
    draft.sounds = BTreeMap::from([(sentence, b"a sound".to_vec())]);
    draft
}

/// A pack that asks for consent, in two languages.
pub fn asking_pack_draft() -> PackDraft {
    let mut draft = pack_draft();
    let mut translated = form();
    translated.title = "Zdjęcia Państwa dziecka".into();
    let translation = FormTranslation { language: "pl".parse().unwrap(), form: translated };
    draft.content.consent = vec![ConsentForm { form: form(), translations: vec![translation] }];
    let phrases = vec![Phrase { name: "consent.yes".into(), words: "Tak".into() }];
    let polish = || "pl".parse().unwrap();
    draft.content.translated_phrases =
        vec![TranslatedPhrases { language: polish(), phrases, name: "Polski".into() }];
    let mut translated = agreement();
    translated.title = "Nasza obietnica".into();
    draft.content.translated_agreements =
        vec![AgreementTranslation { language: polish(), agreement: translated }];
    draft
}

pub fn entry() -> RosterEntry {
    RosterEntry {
        person: pupil(),
        name: "Amina K".into(),
        picture: "tile-fox".parse().unwrap(),
        signed: vec![HasSigned { words: agreement().digest(), day: day() }],
    }
}

pub fn roster() -> Roster {
    Roster {
        school: school(),
        number: 7,
        made: moment(),
        classes: vec![Class {
            id: ClassId::from_bytes([8; 16]),
            name: "Acorn".into(),
            audience: Audience::Ks1,
            pupils: vec![entry()],
        }],
        adults: vec![Adult { audience: Audience::Staff, entry: RosterEntry { signed: vec![], ..entry() } }],
        role_keys: vec![],
        families: vec![],
    }
}

pub fn role_keys() -> Vec<RoleKey> {
    let keys = Role::ALL.into_iter().zip(0_u8..);
    keys.map(|(role, n)| RoleKey { role, key: role_key(n).seal_key() }).collect()
}

pub fn tell() -> Tell {
    let choice = |id: &str, leads| TellChoice {
        id: id.parse().unwrap(),
        words: format!("It is {id}."),
        symbol: "tell".parse().unwrap(),
        leads,
    };
    let question = |asked, choices| TellQuestion { asked, words: "How was it?".into(), choices };
    Tell {
        version: "1.2".parse().unwrap(),
        intro: vec!["Mrs Okafor reads it.".into()],
        questions: vec![
            question(Asked::Feeling, vec![choice("sad", None), choice("cross", None)]),
            question(
                Asked::About,
                vec![choice("child", None), choice("headteacher", Some(Leads::To(Route::AboutHeadteacher)))],
            ),
            question(Asked::Talk, vec![choice("yes", Some(Leads::ToTalk)), choice("no", None)]),
        ],
        answers: vec![],
    }
}

/// The same with what children are answered.
pub fn answering() -> Tell {
    let answer = |id: &str, words: &str| TellAnswer { id: id.parse().unwrap(), words: words.into() };
    let answers = vec![answer("read", "We have read it."), answer("stopping", "We are making it stop.")];
    Tell { answers, ..tell() }
}

/// What is written down of an answer, and of taking it back.
pub fn answer_deeds() -> [(&'static str, Deed); 2] {
    let day = |text: &str| text.parse().unwrap();
    let (from, until) = (day("2026-09-15"), day("2026-11-14"));
    let answered =
        Deed::Answered { sentence: "read".parse().unwrap(), words: "We have read it.".into(), from, until };
    [("deed-answered", answered), ("deed-no-answer", Deed::NoAnswer { from })]
}

/// A sheet as it goes to a kiosk.
pub fn answer_sheet() -> AnswerSheet {
    AnswerSheet::of(std::array::from_fn(|n| {
        let id = ["read", "stopping", ""][n % 3];
        Line {
            receipt: Receipt::drawn(&[u8::try_from(n).unwrap(); 16]),
            sentence: id.parse().map_or(SentenceName::NONE, |id| SentenceName::of(&id)),
        }
    }))
}

/// The same receipts, none of which leads anywhere.
pub fn silent_sheet() -> AnswerSheet {
    AnswerSheet::of(std::array::from_fn(|n| Line {
        receipt: Receipt::drawn(&[u8::try_from(n).unwrap(); 16]),
        sentence: SentenceName::NONE,
    }))
}

/// A box in which every slot but one holds nothing.
pub fn envelopes(report_at: usize) -> [Envelope; SLOTS.len()] {
    std::array::from_fn(|slot| {
        let to = RouteKeys::of(SLOTS[slot], &role_keys()).unwrap();
        let report = Contents::Report(Box::new(report()));
        let contents = if slot == report_at { report } else { Contents::Decoy };
        report_envelope::seal(&contents, &to, &mut Seeded::new(20 + slot as u64)).unwrap()
    })
}

pub fn box_id() -> BoxId {
    BoxId::from_bytes([17; 16])
}

pub fn sealed_box(report_at: usize, seed: u64) -> Vec<u8> {
    let hub = office_key().seal_key();
    report_box::seal(box_id(), device(), &envelopes(report_at), &hub, &mut Seeded::new(seed)).unwrap()
}

/// What three children answered.
pub fn tally() -> Tally {
    let mut tally = Tally::default();
    for answer in [Some("happy"), None, Some("happy")] {
        tally.add(&SurveyAnswers {
            survey: "today".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            answers: vec![("feeling".parse().unwrap(), answer.map(|one| one.parse().unwrap()))],
        });
    }
    tally
}

pub fn counting_box(report_at: usize, seed: u64) -> Vec<u8> {
    let (hub, mut random) = (office_key().seal_key(), Seeded::new(seed));
    report_box::seal_with_tally(box_id(), device(), &envelopes(report_at), &tally(), &hub, &mut random)
        .unwrap()
}

pub fn survey(shown: Shown) -> Survey {
    let choice = |id: &str, may_tell| SurveyChoice {
        id: id.parse().unwrap(),
        words: id.to_uppercase(),
        symbol: "tell".parse().unwrap(),
        may_tell,
    };
    Survey {
        id: "today".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        title: "How was it today?".into(),
        symbol: "tell".parse().unwrap(),
        shown,
        intro: vec!["Grown-ups see how many.".into()],
        questions: vec![SurveyQuestion {
            id: "feeling".parse().unwrap(),
            words: "How do you feel?".into(),
            choices: vec![choice("happy", false), choice("sad", true)],
        }],
    }
}

/// A pack that asks pupils every day, and once between two days.
pub fn surveying_pack_draft() -> PackDraft {
    let mut draft = pack_draft();
    draft.content.surveys = vec![survey(Shown::Daily), survey(Shown::Between { from: day(), until: day() })];
    draft
}

pub fn signature() -> Signature {
    Signature {
        id: RecordId::from_bytes([9; 16]),
        person: pupil(),
        audience: Audience::Ks1,
        agreement: "ks1".parse().unwrap(),
        version: "2026.1".parse().unwrap(),
        words: agreement().digest(),
        help: Some(HelpText { language: "ur".parse().unwrap(), digest: Digest::of(b"help") }),
        when: moment(),
        year: year(),
        device: device(),
        mark: Mark::Drawn(
            Drawing::new(vec![vec![Point(0, 0), Point(500, 250), Point(1000, 1000)], vec![Point(3, 4)]])
                .unwrap(),
        ),
        helped: true,
    }
}

pub fn undo() -> Undo {
    Undo {
        id: RecordId::from_bytes([10; 16]),
        withdraws: signature().id,
        reason: "wrong-name".parse().unwrap(),
        when: moment(),
        device: device(),
    }
}

pub fn visitor() -> VisitorSignature {
    VisitorSignature {
        id: RecordId::from_bytes([12; 16]),
        name: Written::new("Siobhán O’Hara").unwrap(),
        about: Some(Written::new("to mend the boiler, Ace Heating").unwrap()),
        audience: Audience::Visitor,
        agreement: "visitor".parse().unwrap(),
        version: "1.3".parse().unwrap(),
        words: agreement().digest(),
        help: signature().help,
        when: moment(),
        device: device(),
        mark: Mark::Sticker("tick".parse().unwrap()),
    }
}

pub fn decision() -> ConsentDecision {
    let answer = |purpose: &str, answer| PurposeAnswer { purpose: purpose.parse().unwrap(), answer };
    ConsentDecision {
        id: RecordId::from_bytes([11; 16]),
        pupil: pupil(),
        by: parent(),
        form: "images".parse().unwrap(),
        version: "3".parse().unwrap(),
        words: Digest::of(b"form"),
        answers: vec![answer("website", Answer::Yes), answer("press-with-name", Answer::No)],
        replaces: vec![RecordId::from_bytes([12; 16])],
        help: None,
        when: moment(),
        device: device(),
        helped: false,
        year: year(),
        said: vec![Said { question: "child-asked".parse().unwrap(), choice: "happy".parse().unwrap() }],
    }
}

pub fn consent_export() -> ConsentExport {
    let line =
        |purpose: &str, standing| ConsentLine { pupil: pupil(), purpose: purpose.parse().unwrap(), standing };
    ConsentExport {
        number: 3,
        made: moment(),
        lines: vec![line("website", Standing::Yes), line("press", Standing::No)],
    }
}

pub fn published_list() -> PublishedList {
    let entry = Published { pupil: pupil(), page: "guides/sports-day/".into(), picture: Digest::of(b"jpeg") };
    PublishedList { made: moment(), entries: vec![entry] }
}

pub fn colours() -> SchoolColours {
    SchoolColours { main: Some(Rgb(0x7a, 0x1f, 0x2b)), ..SchoolColours::default() }
}

pub fn class_display() -> ClassDisplay {
    let signed = Signer { name: "Maya".into(), mark: signature().mark };
    let sticker = Signer { name: "Tom L".into(), mark: Mark::Sticker("star".parse().unwrap()) };
    let display = Display {
        school: "Larkfield".into(),
        language: "en-GB".parse().unwrap(),
        class: "Acorn".into(),
        year: "2026 to 2027".into(),
        agreement: agreement(),
        signers: vec![signed, sticker],
        colours: Some(colours()),
    };
    ClassDisplay { made: moment(), display }
}

pub fn flowchart() -> Flowchart {
    let step = |words: &str, text: &str, ways: &[(&str, u16)]| FlowStep {
        words: words.into(),
        text: vec![text.into()],
        ways: ways.iter().map(|(words, to)| FlowWay { words: (*words).into(), to: *to }).collect(),
    };
    Flowchart {
        slug: "it-may-be-illegal".parse().unwrap(),
        title: "It may be illegal".into(),
        summary: "You need not be sure.".into(),
        steps: vec![
            step("Is somebody in danger now?", "A child is hurt.", &[("Yes", 2), ("No", 3)]),
            step("Ring 999", "Stay with the child.", &[("", 3)]),
            step("Tell the safeguarding lead", "In person.", &[]),
        ],
    }
}

pub fn report() -> Report {
    Report {
        day: day(),
        feeling: Some("worried".parse().unwrap()),
        happened: vec!["message".parse().unwrap()],
        place: Some("game".parse().unwrap()),
        about: Some("somebody-i-know".parse().unwrap()),
        talk_with: Some("Amina".into()),
        words: Some("they kept asking where I live".into()),
        receipt: ["fox", "boat", "sun", "leaf"].map(|s| s.parse().unwrap()).to_vec(),
        language: "en-GB".parse().unwrap(),
    }
}

pub fn told_to() -> ToldTo {
    ToldTo {
        by: "e.cole".into(),
        when: "after lunch".into(),
        child: "Amina".into(),
        own: "She held on to my sleeve".into(),
        written: moment(),
    }
}

pub fn from_web() -> FromWeb {
    FromWeb {
        teller: Some(Teller::Parent),
        talk: Some(true),
        name: "Amina’s mother".into(),
        contact: "after six".into(),
        apart: Some(Apart::Many),
    }
}

pub fn report_entry() -> ReportEntry {
    ReportEntry {
        at: moment(),
        by: Author { account: 7, name: "r.adeyemi".into() },
        deed: Deed::Decision {
            what: "Her aunt fetches her".into(),
            because: "she is afraid of the way home".into(),
        },
    }
}

pub fn call() -> Call {
    Call {
        id: RecordId::from_bytes([13; 16]),
        device: device(),
        place: "Oak classroom".into(),
        when: moment(),
    }
}

pub fn form() -> Form {
    Form {
        id: "images".parse().unwrap(),
        title: "Pictures of your child".into(),
        kind: FormKind::Consent,
        version: "3".parse().unwrap(),
        summary: "For each use, yes or no.".into(),
        intro: vec!["We ask before we use a picture.".into()],
        audience: FormAudience::Parent,
        retention: Some(Retention { words: "A year.".into(), days: Some(365) }),
        legal: vec![LegalNote {
            words: "Consent is free.".into(),
            source: "UK GDPR, Article 7".into(),
            url: None,
            checked: Some(day()),
        }],
        purposes: vec![Purpose {
            id: "website".parse().unwrap(),
            words: "Our school website".into(),
            meaning: "Anybody can see it.".into(),
            how_long: "Two years.".into(),
            who_holds: "The school.".into(),
            symbol: Some("tell".parse().unwrap()),
            needs: None,
        }],
        questions: vec![Question {
            id: "child-asked".parse().unwrap(),
            words: "What does your child say?".into(),
            help: None,
            answer: QuestionType::Choice,
            choices: vec![
                Choice { id: "happy".parse().unwrap(), words: "Happy".into(), symbol: None },
                Choice { id: "rather-not".parse().unwrap(), words: "Rather not".into(), symbol: None },
            ],
            required: false,
            refused_by: None,
        }],
        withdraw: Some("Tell the office.".into()),
        sign_off: vec!["Signed".into()],
        every_year: true,
    }
}

pub fn family_locator() -> Locator {
    Locator::new(4711).unwrap()
}

pub fn family() -> Family {
    let grown_up = GrownUp {
        person: parent(),
        name: "Maria Nowak".into(),
        language: Some("pl".parse().unwrap()),
        signed: vec![],
    };
    let decided = Decided {
        id: decision().id,
        by: parent(),
        form: "images".parse().unwrap(),
        words: form().digest(),
        answers: decision().answers,
        day: day(),
        counts: true,
    };
    let other =
        OthersNo { beside: parent(), form: "images".parse().unwrap(), purpose: "website".parse().unwrap() };
    let child = FamilyChild {
        person: pupil(),
        name: "Amina".into(),
        class: "Acorn".into(),
        picture: "tile-fox".parse().unwrap(),
        deciders: vec![Decider { person: parent(), relation: "Mother".into() }],
        decided: vec![decided],
        others_no: vec![other],
    };
    Family { grown_ups: vec![grown_up], children: vec![child] }
}

pub fn sealed_family() -> SealedFamily {
    let key = FamilyKey::from_bytes(&[30; 32]);
    SealedFamily::seal(&family(), &key, family_locator(), school(), &mut Seeded::new(7))
}

pub fn retention() -> RetentionRules {
    let rule = |kept, period, after, checked: Option<&str>| Rule {
        kept,
        period,
        after,
        because: "To know who agreed.".into(),
        source: "The school’s own time".into(),
        checked: checked.map(|day| day.parse().unwrap()),
    };
    RetentionRules {
        notice_days: 28,
        rules: vec![
            rule(Kept::PupilSignatures, Period::Years(1), Some(After::SchoolYear), None),
            rule(Kept::Consent, Period::Months(6), Some(After::Leaving), Some("2026-09-14")),
            rule(Kept::FamilyCodes, Period::Days(0), Some(After::CodeEnded), None),
            rule(Kept::Audit, Period::Always, None, None),
        ],
        registers: vec![],
    }
}

/// Rules of a school whose registers say themselves how long.
pub fn retention_of_registers() -> RetentionRules {
    let own = RegisterRule {
        register: "device-loan".parse().unwrap(),
        period: Period::Years(1),
        after: Some(After::Closed),
    };
    RetentionRules { registers: vec![own], ..retention() }
}

/// A register with everything that one can have.
pub fn register() -> Register {
    let slug = |text: &str| text.parse::<Slug>().unwrap();
    Register {
        form: Form { id: slug("device-loan"), kind: FormKind::Log, purposes: vec![], ..form() },
        cycle: Some(Cycle::HalfTermly),
        entry_each_cycle: true,
        write: vec![Party::Staff],
        read: vec![Party::Office, Party::Technician],
        sign: vec![Party::Headteacher],
        decide: vec![Party::Safeguarding],
        about_pupils: true,
        person: Some(slug("who")),
        later: vec![slug("back")],
        due: vec![slug("due")],
        renews: vec![slug("who"), slug("what")],
        clock: Some(Hours { hours: 72, from: slug("noticed") }),
        figures: true,
        count: vec![slug("heading")],
        quick: true,
    }
}

/// What somebody wrote in one.
pub fn answers() -> Answers {
    let slug = |text: &str| text.parse::<Slug>().unwrap();
    let all = [
        ("who", Answered::Words("Maya Khan, Acorn".into())),
        ("heading", Answered::Chosen(vec![slug("contact"), slug("conduct")])),
        ("due", Answered::Day("2026-09-14".parse().unwrap())),
        ("noticed", Answered::At("2026-09-14T08:30".into())),
        ("wiped", Answered::Yes(false)),
    ];
    Answers(all.into_iter().map(|(question, answered)| (slug(question), answered)).collect())
}

/// A pack with a register.
pub fn keeping_pack_draft() -> PackDraft {
    let mut draft = pack_draft();
    draft.content.registers = vec![register()];
    draft
}

/// A page for staff alone with each thing that one can have.
pub fn staff_page() -> StaffPage {
    let link = |target: Target| [Piece::Start(Part::Link(target)), Piece::Words("this".into()), Piece::End];
    let around = |part: Part, inner: &[Piece]| [&[Piece::Start(part)], inner, &[Piece::End]].concat();
    let words = [Piece::Words("Ring ".into()), Piece::Typed("999".into()), Piece::Break, Piece::Mark(1)];
    let cell = around(Part::Cell, &words);
    let text = [
        around(Part::Heading { level: 2, anchor: "now".into() }, &words),
        around(Part::Paragraph, &link(Target::Here("now".into()))),
        around(Part::Quote, &link(Target::Page("guides-desk-cards".parse().unwrap(), Some("email".into())))),
        around(
            Part::List(None),
            &around(Part::Item, &link(Target::Form("site-trouble".parse().unwrap(), None))),
        ),
        around(Part::List(Some(3)), &around(Part::Item, &link(Target::Address("tel:101".into())))),
        around(Part::Table, &[around(Part::Head, &cell), around(Part::Row, &cell)].concat()),
        around(Part::AsTyped, &words),
        vec![Piece::Rule, Piece::Line("Name".into())],
        [Part::Emphasis, Part::Strong, Part::Struck].map(|part| around(part, &words)).concat(),
        around(Part::Note(1), &words),
    ];
    StaffPage {
        slug: "guides-call-card".parse().unwrap(),
        title: "Call card".into(),
        summary: "Fold it behind your badge.".into(),
        text: text.concat(),
    }
}

/// A pack that comes with one.
pub fn staffed_pack_draft() -> PackDraft {
    PackDraft { staff_pages: vec![staff_page()], ..pack_draft() }
}

/// What a kiosk opens its returns with.
pub fn stick_key() -> OpeningKey {
    OpeningKey::from_bytes(&[21; 32]).unwrap()
}

pub fn carry() -> Carry {
    let place = Place { epoch: 1, sequence: 42 };
    let envelope =
        NamedEnvelope::seal(&NamedRecord::Undo(undo()), &office_key().seal_key(), &mut Seeded::new(3))
            .unwrap();
    let hello = Hello {
        device: device(),
        epoch: 1,
        token: Some(SyncToken([14; 16])),
        pack: Some(5),
        roster: None,
        waiting: 1,
        last_sequence: 42,
        clock: moment(),
        free: None,
    };
    let numbered = Numbered { place, envelope: envelope.to_bytes().into() };
    Carry {
        number: 2,
        made: moment(),
        greeting: Greeting { hello, taken: 3, seal: stick_key().seal_key() },
        batches: vec![Batch { device: device(), records: vec![numbered] }],
        boxes: vec![sealed_box(3, 5)],
    }
}

pub fn going_back() -> Return {
    let place = Place { epoch: 1, sequence: 42 };
    let answer = StickAnswer {
        device: device(),
        carry: 2,
        shown: Some(SyncToken([14; 16])),
        token: SyncToken([15; 16]),
        epoch: 1,
        outcomes: vec![RecordOutcome { place, id: Some(undo().id), outcome: Outcome::Stored }],
        boxes: vec![box_id()],
        backed_up: Some(Place { epoch: 1, sequence: 41 }),
        clock: moment(),
        struck_off: false,
    };
    Return {
        number: 4,
        made: moment(),
        answer,
        pack: Some(pack_draft().sign(school(), 6, &hub_key())),
        roster: Some(roster().sign(&hub_key())),
        children: Some(answer_sheet()),
    }
}
