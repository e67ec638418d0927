//! What the machine is handed to show: a pack, and one class at a time.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use jiff::tz::TimeZone;
use records::{
    agreement::{Agreement, AgreementDigest, Audience, Statement},
    day::{Day, Moment},
    digest::Digest,
    ids::{PersonId, RecordId, Slug},
    pack::{AgreementChange, Pack, PackContent},
    roster::Class,
    voice::{self, BRITISH},
};

use super::{Again, Spoken, Tongue, Word, Words};

/// A pack, ready to be shown.
#[derive(Clone)]
pub struct Content {
    /// The pack's number.
    pub number: u64,
    /// Its words.
    pub pack: PackContent,
    /// Its pictures, as SVG.
    pub pictures: Arc<BTreeMap<Slug, Vec<u8>>>,
    /// The sentences of the kiosk's own screens.
    pub words: Words,
    pub(super) languages: Vec<Spoken>,
    digests: Vec<AgreementDigest>,
    form_digests: Vec<Digest>,
    // The recordings' bytes, and their places by what they say.
    sounds: Arc<[Arc<[u8]>]>,
    spoken: Arc<HashMap<Digest, usize>>,
    zone: TimeZone,
}

impl Content {
    /// Makes a pack ready.
    pub fn new(mut pack: Pack) -> Self {
        // Drawing is never the only way to sign: a pack without stickers gets the two that the kiosk has itself.
        if pack.content.stickers.is_empty() {
            pack.content.stickers.extend(["star", "heart"].into_iter().filter_map(|own| own.parse().ok()));
        }
        let words = Words::with(&pack.content.phrases);
        let digests = pack.content.agreements.iter().map(Agreement::digest).collect();
        let form_digests = pack.content.consent.iter().map(|asked| asked.form.digest()).collect();
        let languages = pack.content.translated_phrases.iter();
        let languages = languages.map(|one| Spoken::of(&pack.content, &words, one)).collect();
        let zone = TimeZone::get(&pack.content.time_zone).unwrap_or(TimeZone::UTC);
        let recordings = || pack.content.recordings.iter();
        let mut sounds = pack.sounds;
        // A recording has its part, or the pack was refused.
        let sounds = recordings().map(|r| sounds.remove(&r.sentence).unwrap_or_default().into()).collect();
        let spoken = recordings().enumerate().map(|(place, r)| (r.sentence, place)).collect();
        Self {
            number: pack.number,
            sounds,
            spoken: Arc::new(spoken),
            words,
            languages,
            digests,
            form_digests,
            zone,
            pictures: Arc::new(pack.pictures),
            pack: pack.content,
        }
    }

    /// The school's calendar day of a moment.
    pub fn day(&self, moment: Moment) -> Day {
        day_in(&self.zone, moment)
    }

    /// Why somebody who signed these words before is asked again; none where that is not known here.
    pub(super) fn asked_again(&self, agreement: usize, was: AgreementDigest) -> Option<Again> {
        if was == self.digest(agreement) {
            return Some(Again::NewYear);
        }
        let slug = &self.agreement(agreement).slug;
        let is_it = |change: &AgreementChange| change.agreement == *slug && change.was == was;
        self.pack.changes.iter().position(is_it).map(Again::Changed)
    }

    /// Whether a statement is new to somebody who is asked again.
    pub(crate) fn is_new(&self, again: Option<Again>, statement: &Statement) -> bool {
        let Some(Again::Changed(place)) = again else { return false };
        self.pack.changes.get(place).is_some_and(|change| change.statements.contains(&statement.name))
    }

    /// Whether what was signed or answered on a day still counts today, where a new school year asks again. On a day
    /// outside the pack's school year the pack is an old one or the clock is wrong: then whatever was signed counts, and
    /// nobody is asked again and again for what they did a moment ago.
    pub fn counts(&self, today: Day, day: Day) -> bool {
        let year = &self.pack.year;
        year.holds(day) || !year.holds(today)
    }

    /// The minute of the school's day of a moment, 0 to 1439.
    pub fn minute(&self, moment: Moment) -> u16 {
        let stamp = jiff::Timestamp::from_second(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let time = stamp.to_zoned(self.zone.clone()).time();
        u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).unwrap_or(0)
    }

    /// Whether this pack asks a child who did not like something.
    pub fn asks(&self) -> bool {
        self.pack.tell.as_ref().is_some_and(|tell| !tell.questions.is_empty())
    }

    /// The place of the agreement for an audience.
    pub fn agreement_for(&self, audience: Audience) -> Option<usize> {
        self.pack.agreements.iter().position(|a| a.audience == audience && a.statements().next().is_some())
    }

    /// An agreement by its place.
    pub fn agreement(&self, place: usize) -> &Agreement {
        &self.pack.agreements[place]
    }

    /// The digest of an agreement's words, by its place.
    pub fn digest(&self, place: usize) -> AgreementDigest {
        self.digests[place]
    }

    /// The digest of the words of a form that families are asked, by its place.
    pub fn form_digest(&self, place: usize) -> Digest {
        self.form_digests[place]
    }

    /// Whether this pack asks families anything.
    pub fn asks_families(&self) -> bool {
        !self.pack.consent.is_empty() || self.agreement_for(Audience::Parent).is_some()
    }

    /// Whether this pack has recordings at all.
    pub fn can_speak(&self) -> bool {
        !self.spoken.is_empty()
    }

    /// The place of the recording that says an English sentence word for word; none where nobody recorded it.
    pub fn recording(&self, sentence: &str) -> Option<usize> {
        self.recorded(BRITISH, sentence)
    }

    /// The same for a sentence in the language that is on the screen; what is there in no other is English.
    pub fn recording_in(&self, tongue: Tongue, sentence: &str) -> Option<usize> {
        let other = self.spoken(tongue);
        let other = other.and_then(|spoken| self.recorded(spoken.language.as_str(), sentence));
        other.or_else(|| self.recording(sentence))
    }

    fn recorded(&self, language: &str, sentence: &str) -> Option<usize> {
        self.spoken.get(&voice::name(language, sentence)).copied()
    }

    /// A recording's file, by its place.
    pub fn sound(&self, recording: usize) -> Option<Arc<[u8]>> {
        self.sounds.get(recording).cloned()
    }

    /// What a sticker is called.
    pub(super) fn sticker_name<'a>(&'a self, sticker: &Slug, words: &'a Words) -> &'a str {
        match (self.alt(sticker), sticker.as_str()) {
            ("", "star") => words.get(Word::MarkStar),
            ("", "heart") => words.get(Word::MarkHeart),
            (alt, _) => alt,
        }
    }

    /// What a picture shows.
    pub fn alt(&self, picture: &Slug) -> &str {
        self.pack.symbols.iter().find(|s| s.name == *picture).map_or("", |s| &s.alt)
    }
}

/// The calendar day of a moment.
pub(super) fn day_in(zone: &TimeZone, moment: Moment) -> Day {
    let stamp = jiff::Timestamp::from_second(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.to_zoned(zone.clone()).date().into()
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content(pack {})", self.number)
    }
}

/// That somebody signed at this kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalSigned {
    /// Who.
    pub person: PersonId,
    /// Which words.
    pub words: AgreementDigest,
    /// On which day.
    pub day: Day,
    /// The signature, where it is still known.
    pub record: Option<RecordId>,
}

/// A class as the storage opened it.
#[derive(Debug, Clone)]
pub struct OpenedClass {
    /// The class with its pupils.
    pub class: Class,
    /// Who of them signed here.
    pub signed_here: Vec<LocalSigned>,
    /// A fresh random id for the one signature that may follow.
    pub record: RecordId,
}
