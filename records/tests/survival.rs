//! Whatever a kiosk can record survives its encoding, and the small types read back what they write.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use proptest::{collection::vec, option, prelude::*};
use records::{
    agreement::{Agreement, AgreementDigest, Audience, Group, SignAgain, Statement, Version},
    codec,
    consent::{Answer, ConsentDecision, ConsentExport, ConsentLine, PurposeAnswer, Said, Standing},
    day::{Day, Moment, SchoolYear},
    digest::Digest,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{ClassId, DeviceId, PersonId, RecordId, SchoolId, Slug},
    language::Language,
    pack::PackDraft,
    pairing::PairingCode,
    report::{Contents, Report, Route},
    report_envelope::{self, RouteKeys},
    roster::{Adult, Class, HasSigned, Roster, RosterEntry},
    signature::{Drawing, HelpText, MARK_SIZE, Mark, Point, Signature, Undo},
};
use support::*;

fn slug() -> impl Strategy<Value = Slug> {
    "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}".prop_map(|s| s.parse().unwrap())
}
fn language() -> impl Strategy<Value = Language> {
    "[a-z]{2,3}(-[A-Z]{2})?".prop_map(|s| s.parse().unwrap())
}
fn version() -> impl Strategy<Value = Version> {
    vec(any::<u32>(), 1..=4)
        .prop_map(|n| n.iter().map(u32::to_string).collect::<Vec<_>>().join(".").parse().unwrap())
}
fn a_day() -> impl Strategy<Value = Day> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Day::new(y, m, d).unwrap())
}
fn a_year() -> impl Strategy<Value = SchoolYear> {
    (a_day(), a_day()).prop_map(|(starts, ends)| SchoolYear { starts, ends })
}
fn id16() -> impl Strategy<Value = [u8; 16]> {
    any::<[u8; 16]>()
}
fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}
fn help() -> impl Strategy<Value = Option<HelpText>> {
    option::of((language(), digest()).prop_map(|(language, digest)| HelpText { language, digest }))
}
fn mark() -> impl Strategy<Value = Mark> {
    let point = (0..=MARK_SIZE, 0..=MARK_SIZE).prop_map(|(x, y)| Point(x, y));
    prop_oneof![
        vec(vec(point, 1..20), 1..8).prop_map(|s| Mark::Drawn(Drawing::new(s).unwrap())),
        slug().prop_map(Mark::Sticker),
    ]
}
fn audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(Audience::ALL.to_vec())
}
fn a_signature() -> impl Strategy<Value = Signature> {
    let who = (id16(), id16(), id16(), audience(), slug(), version());
    let what = (digest(), help(), any::<i64>(), a_year(), mark(), any::<bool>());
    (who, what).prop_map(
        |((id, person, device, audience, agreement, version), (words, help, when, year, mark, helped))| {
            Signature {
                id: RecordId::from_bytes(id),
                person: PersonId::from_bytes(person),
                audience,
                agreement,
                version,
                words: AgreementDigest(words),
                help,
                when: Moment(when),
                year,
                device: DeviceId::from_bytes(device),
                mark,
                helped,
            }
        },
    )
}
fn an_undo() -> impl Strategy<Value = Undo> {
    (id16(), id16(), slug(), any::<i64>(), id16()).prop_map(|(id, withdraws, reason, when, device)| Undo {
        id: RecordId::from_bytes(id),
        withdraws: RecordId::from_bytes(withdraws),
        reason,
        when: Moment(when),
        device: DeviceId::from_bytes(device),
    })
}
fn a_decision() -> impl Strategy<Value = ConsentDecision> {
    let answer = prop_oneof![Just(Answer::Yes), Just(Answer::No)];
    let answers =
        vec((slug(), answer).prop_map(|(purpose, answer)| PurposeAnswer { purpose, answer }), 0..10);
    let who = (id16(), id16(), id16(), slug(), version(), digest());
    let said = vec((slug(), slug()).prop_map(|(question, choice)| Said { question, choice }), 0..3);
    let what = (answers, vec(id16(), 0..3), help(), any::<i64>(), id16(), any::<bool>(), a_year(), said);
    (who, what).prop_map(|((id, pupil, by, form, version, words), what)| {
        let (answers, replaces, help, when, device, helped, year, said) = what;
        ConsentDecision {
            id: RecordId::from_bytes(id),
            pupil: PersonId::from_bytes(pupil),
            by: PersonId::from_bytes(by),
            form,
            version,
            words,
            answers,
            replaces: replaces.into_iter().map(RecordId::from_bytes).collect(),
            help,
            when: Moment(when),
            device: DeviceId::from_bytes(device),
            helped,
            year,
            said,
        }
    })
}
fn record() -> impl Strategy<Value = NamedRecord> {
    prop_oneof![
        a_signature().prop_map(NamedRecord::Signature),
        an_undo().prop_map(NamedRecord::Undo),
        a_decision().prop_map(NamedRecord::Consent),
    ]
}
fn an_agreement() -> impl Strategy<Value = Agreement> {
    let statement = (slug(), ".{0,40}", vec(".{0,20}", 0..3), slug())
        .prop_map(|(name, words, more, symbol)| Statement { name, words, more, symbol });
    let group = (option::of(".{0,20}"), vec(".{0,20}", 0..2), vec(statement, 0..4)).prop_map(
        |(title, introduction, statements)| Group { title, introduction, statements, scenario: None },
    );
    let again = prop_oneof![Just(SignAgain::Everyone), Just(SignAgain::Nobody)];
    (slug(), audience(), ".{0,30}", version(), again, vec(".{0,30}", 0..3), vec(group, 0..4)).prop_map(
        |(slug, audience, title, version, sign_again, introduction, groups)| Agreement {
            slug,
            audience,
            title,
            version,
            sign_again,
            introduction,
            groups,
        },
    )
}
fn a_roster() -> impl Strategy<Value = Roster> {
    let signed = (digest(), a_day()).prop_map(|(d, day)| HasSigned { words: AgreementDigest(d), day });
    let person = (id16(), ".{0,20}", slug(), vec(signed, 0..3))
        .prop_map(|(id, name, picture, signed)| RosterEntry {
            person: PersonId::from_bytes(id),
            name,
            picture,
            signed,
        })
        .boxed();
    let class = (".{0,12}", audience(), vec(person.clone(), 0..5));
    let adult = (audience(), person).prop_map(|(audience, entry)| Adult { audience, entry });
    (id16(), any::<u64>(), any::<i64>(), vec(class, 0..4), vec(adult, 0..4)).prop_map(
        |(school, number, made, classes, adults)| Roster {
            school: SchoolId::from_bytes(school),
            number,
            made: Moment(made),
            classes: (0_u8..)
                .zip(classes)
                .map(|(i, (name, audience, pupils))| Class {
                    id: ClassId::from_bytes([i; 16]),
                    name,
                    audience,
                    pupils,
                })
                .collect(),
            adults,
            // Odd numbers are those of a school that has role keys.
            role_keys: if number % 2 == 1 { role_keys() } else { Vec::new() },
            families: if number % 3 == 1 { vec![sealed_family()] } else { Vec::new() },
        },
    )
}
fn a_report() -> impl Strategy<Value = Report> {
    let choices = (option::of(slug()), vec(slug(), 0..6), option::of(slug()), option::of(slug()));
    let words = (option::of(".{0,40}"), option::of(".{0,400}"), vec(slug(), 4..=4), language());
    (a_day(), choices, words).prop_map(
        |(day, (feeling, happened, place, about), (talk_with, words, receipt, language))| Report {
            day,
            feeling,
            happened,
            place,
            about,
            talk_with,
            words,
            receipt,
            language,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_recorded_comes_out_of_its_envelope_as_it_went_in(record in record(), seed: u64) {
        let envelope = NamedEnvelope::seal(&record, &office_key().seal_key(), &mut Seeded::new(seed)).unwrap();
        let read = NamedEnvelope::from_bytes(&envelope.to_bytes()).unwrap();
        prop_assert_eq!(read.open(&office_key()).unwrap(), record);
    }

    #[test]
    fn a_report_or_nothing_comes_out_as_it_went_in(report in option::of(a_report()), seed: u64) {
        let contents = report.map_or(Contents::Decoy, |r| Contents::Report(Box::new(r)));
        let to = RouteKeys { route: Route::Safeguarding, keys: [role_key(0).seal_key(), role_key(1).seal_key()] };
        if let Ok(envelope) = report_envelope::seal(&contents, &to, &mut Seeded::new(seed)) {
            prop_assert_eq!(report_envelope::open(envelope.as_ref(), &role_key(1)).unwrap(), contents);
        } else {
            prop_assert!(codec::encode(&contents).len() > report_envelope::CONTENTS_MAX);
        }
    }

    #[test]
    fn a_pack_and_a_roster_read_as_they_were_written(agreements in vec(an_agreement(), 0..4), roster in a_roster()) {
        let mut draft = pack_draft();
        draft.content.tell = (agreements.len() % 2 == 1).then(tell);
        draft.content.colours = (agreements.len() % 3 == 1).then(colours);
        draft.content.agreements = agreements;
        prop_assert_eq!(&PackDraft::read(&draft.write()).unwrap(), &draft);
        let pack = draft.sign(school(), 9, &hub_key());
        prop_assert_eq!(records::pack::Pack::open(&pack, &hub_key().verify_key(), None).unwrap().content, draft.content);
        let file = roster.sign(&hub_key());
        prop_assert_eq!(Roster::open(&file, &hub_key().verify_key(), None).unwrap(), roster);
    }

    #[test]
    fn the_digest_changes_with_every_word_and_with_nothing_else(
        agreement in an_agreement(), addition in "[a-z]{1,5}", version in version(), symbol in slug(),
    ) {
        let digest = agreement.digest();
        let mut other = agreement.clone();
        other.version = version;
        other.sign_again = SignAgain::Nobody;
        for group in &mut other.groups {
            for statement in &mut group.statements {
                statement.symbol = symbol.clone();
            }
        }
        prop_assert_eq!(other.digest(), digest, "pictures and version are not words");

        let mut changed = agreement.clone();
        changed.title.push_str(&addition);
        prop_assert_ne!(changed.digest(), digest);
        for g in 0..agreement.groups.len() {
            for s in 0..agreement.groups[g].statements.len() {
                let mut changed = agreement.clone();
                changed.groups[g].statements[s].words.push_str(&addition);
                prop_assert_ne!(changed.digest(), digest);
                let mut changed = agreement.clone();
                changed.groups[g].statements[s].more.push(addition.clone());
                prop_assert_ne!(changed.digest(), digest);
                let mut changed = agreement.clone();
                let moved = changed.groups[g].statements.remove(s);
                changed.groups.push(Group { title: None, introduction: vec![], statements: vec![moved], scenario: None });
                prop_assert_ne!(changed.digest(), digest, "where a statement stands is part of the words");
            }
        }
    }

    #[test]
    fn names_and_numbers_read_back_as_they_are_written(
        slug in slug(), version in version(), day in a_day(), language in language(), id in id16(), digest in digest(),
    ) {
        prop_assert_eq!(slug.to_string().parse::<Slug>().unwrap(), slug);
        prop_assert_eq!(version.to_string().parse::<Version>().unwrap(), version);
        prop_assert_eq!(day.to_string().parse::<Day>().unwrap(), day);
        prop_assert_eq!(language.to_string().parse::<Language>().unwrap(), language);
        prop_assert_eq!(RecordId::from_bytes(id).to_string().parse::<RecordId>().unwrap(), RecordId::from_bytes(id));
        prop_assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }

    #[test]
    fn a_pairing_code_may_be_typed_carelessly(seed: u64) {
        let code = PairingCode::generate(&mut Seeded::new(seed));
        let shown = code.to_string();
        let typed = shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        prop_assert!(typed.parse::<PairingCode>().unwrap() == code);
    }

    #[test]
    fn nothing_but_a_yes_alone_is_a_yes(standings in vec(0_usize..3, 0..5)) {
        let of = |i: usize| [Standing::Yes, Standing::No, Standing::NotAsked][i];
        let line = |i: &usize| ConsentLine { pupil: pupil(), purpose: "website".parse().unwrap(), standing: of(*i) };
        let export = ConsentExport { number: 1, made: moment(), lines: standings.iter().map(line).collect() };
        let only_yes = !standings.is_empty() && standings.iter().all(|i| *i == 0);
        prop_assert_eq!(export.standing(pupil(), &"website".parse().unwrap()) == Standing::Yes, only_yes);
        prop_assert_eq!(export.standing(parent(), &"website".parse().unwrap()), Standing::NotAsked);
    }
}

#[test]
fn versions_are_compared_number_by_number() {
    let v = |s: &str| s.parse::<Version>().unwrap();
    assert!(v("4.10") > v("4.9"));
    assert!(v("2026.1") > v("2025.9"));
    for bad in ["", "4.", ".1", "v4", "4.1.1.1.1", "4,1", "04.1", "-1", "99999999999"] {
        assert!(bad.parse::<Version>().is_err(), "{bad}");
    }
}

#[test]
fn days_that_the_calendar_does_not_have_are_refused() {
    for bad in [
        "2026-02-30",
        "2026-13-01",
        "2026-1-1",
        "0000-01-01",
        "26-01-01",
        "2026/01/01",
        "2026-01-01 ",
        "２０２６-01-01",
    ] {
        assert!(bad.parse::<Day>().is_err(), "{bad}");
    }
    assert_eq!("2026-09-04".parse::<Day>().unwrap().in_words(), "4 September 2026");
}

#[test]
fn a_mark_has_a_point_and_stays_on_the_paper() {
    let stroke = |x, y| vec![Point(x, y)];
    assert!(Drawing::new(vec![]).is_err());
    assert!(Drawing::new(vec![vec![]]).is_err());
    assert!(Drawing::new(vec![stroke(0, MARK_SIZE + 1)]).is_err());
    assert!(Drawing::new(vec![stroke(0, 0); records::signature::MARK_POINTS + 1]).is_err());
    assert!(Drawing::new(vec![stroke(0, MARK_SIZE)]).is_ok());
    let smuggled = codec::encode(&vec![vec![Point(0, 5000)]]);
    assert!(codec::decode::<Drawing>(&smuggled).is_err(), "the rule holds for what is read, too");
}
