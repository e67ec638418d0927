//! Staff and governors: find your name, read the whole text, sign. Calm, and with nothing made for children.

use records::{agreement::Audience, day::Day, ids::RecordId, roster::RosterEntry, signature::Signature};

use super::{
    Action, Content, Control, Draft, Effect, LocalSigned, Now, Screen, State, Tile, Who, Word,
    controls::{self, part_of, turns},
    family::reading,
};

/// Who signs from a list, in the order in which it is shown. Others have none that a kiosk could know.
pub const GROUPS: [Audience; 2] = [Audience::Staff, Audience::Governor];
/// So many names on a page.
const NAMES: usize = 12;

/// A group as the storage opened it.
#[derive(Debug, Clone)]
pub struct OpenedAdults {
    /// As what they sign.
    pub audience: Audience,
    /// Who they are.
    pub people: Vec<RosterEntry>,
    /// Who of them signed here.
    pub signed_here: Vec<LocalSigned>,
    /// A fresh random id for the one signature that may follow.
    pub record: RecordId,
}

/// Somebody's signature in the making.
#[derive(Debug, Clone)]
pub struct AdultRound {
    /// Who.
    pub who: Who,
    /// The place of the agreement in the pack.
    pub agreement: usize,
    pub(crate) record: RecordId,
}

/// Where a grown-up is.
#[derive(Debug, Clone)]
pub enum AdultAt {
    /// A group is being opened.
    Opening(Audience),
    /// It cannot be read.
    Unavailable,
    /// “Find your name”
    Names {
        /// The place of the agreement in the pack.
        agreement: usize,
        /// The people.
        people: Vec<Tile>,
        /// Which lines are shown.
        page: usize,
        /// The id of the signature that may follow.
        record: RecordId,
    },
    /// The whole text, a page at a time.
    Read {
        /// Whose round.
        round: AdultRound,
        /// Which page.
        page: usize,
    },
    /// The mark.
    Sign {
        /// Whose round.
        round: AdultRound,
        /// The mark so far.
        mark: Draft,
    },
    /// On its way to the disk.
    Saving(Box<Signature>),
    /// The disk did not take it: it can be tried again.
    NotSaved(Box<Signature>),
    /// It is on the disk. Whose it was is already forgotten.
    Kept,
}

impl AdultAt {
    /// A name for journeys. It says nothing about a person.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Opening(_) => "adult-opening",
            Self::Unavailable => "adult-unavailable",
            Self::Names { .. } => "adult-names",
            Self::Read { .. } => "adult-read",
            Self::Sign { .. } => "adult-sign",
            Self::Saving(_) => "adult-saving",
            Self::NotSaved(_) => "adult-not-saved",
            Self::Kept => "adult-kept",
        }
    }
    /// Which of several screens of one name this is.
    pub(crate) const fn part(&self) -> usize {
        match self {
            Self::Names { page, .. } | Self::Read { page, .. } => *page,
            _ => 0,
        }
    }
}

/// The groups that can sign here: those that the roster has and the pack has words for.
pub(super) fn groups(state: &State) -> impl Iterator<Item = Audience> {
    let content = state.content.as_deref().filter(|_| state.settings.mode.has_adults());
    let has_words = move |audience: &Audience| content.is_some_and(|c| c.agreement_for(*audience).is_some());
    GROUPS.into_iter().filter(|audience| state.adults.contains(audience)).filter(has_words)
}

/// What a group is called.
pub(super) const fn name(group: Audience) -> Word {
    match group {
        Audience::Governor => Word::AdultsGovernors,
        _ => Word::AdultsStaff,
    }
}

pub(super) fn controls(state: &State, at: &AdultAt, add: &mut impl FnMut(Control)) {
    let words = state.words();
    match at {
        AdultAt::Opening(_) | AdultAt::Saving(_) => {}
        AdultAt::Unavailable | AdultAt::Kept => {
            add(Control::new(Action::Finish, words.get(Word::AdultsFinish)).main());
        }
        AdultAt::Names { people, page, .. } => {
            let names = state.settings.text.lines(NAMES);
            for place in part_of(people.len(), *page, names) {
                let tile = &people[place];
                let mut control = Control::new(Action::Pupil(place), &tile.who.name);
                control.main = place % names == 0;
                control.note = tile.signed.then(|| words.get(Word::AdultsSigned).to_owned());
                add(control);
            }
            turns((people.len(), *page, names), controls::NAMES, words, add);
        }
        AdultAt::Read { round, page } => {
            let text = state.settings.text;
            let pages = state
                .content
                .as_deref()
                .map_or(1, |c| reading(c.agreement_in(state.tongue, round.agreement), text).len());
            let word = if page + 1 < pages { Word::FamilyNext } else { Word::ReadSign };
            add(Control::new(Action::Continue, words.get(word)).main());
        }
        AdultAt::Sign { mark, .. } => {
            let tick = matches!(mark, Draft::Sticker(_));
            add(Control::new(Action::Sticker(0), words.get(Word::AdultsTick)).selected(tick));
            if mark.is_mark() {
                add(Control::new(Action::RubOut, words.get(Word::MarkRubOut)));
                add(Control::new(Action::Done, words.get(Word::AdultsSign)).main());
            }
        }
        AdultAt::NotSaved(_) => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
    }
}

/// A group that was asked for.
pub(super) fn opened(content: &Content, opened: OpenedAdults, today: Day) -> Option<AdultAt> {
    let agreement = content.agreement_for(opened.audience)?;
    let words = content.digest(agreement);
    let counts = |signed, day| signed == words && content.counts(today, day);
    let here = |person| {
        let mut here = opened.signed_here.iter();
        here.any(|s| s.person == person && counts(s.words, s.day))
    };
    let tile = |entry: RosterEntry| Tile {
        signed: entry.signed.iter().any(|s| counts(s.words, s.day)) || here(entry.person),
        who: Who { person: entry.person, name: entry.name, picture: entry.picture },
        again: None,
    };
    let people = opened.people.into_iter().map(tile).collect();
    Some(AdultAt::Names { agreement, people, page: 0, record: opened.record })
}

/// A press. Gives nothing where it leads to the start.
pub(super) fn press(
    state: &State,
    content: &Content,
    at: AdultAt,
    action: Action,
) -> Option<(AdultAt, Option<Effect>)> {
    let next = match (at, action) {
        (AdultAt::Names { .. } | AdultAt::Unavailable, Action::Back) => return None,
        (AdultAt::Names { agreement, people, page, record }, action) => {
            return Some((names(agreement, people, page, record, action), None));
        }
        (AdultAt::Read { page: 0, .. }, Action::Back) => return None,
        (AdultAt::Read { round, page }, Action::Back) => AdultAt::Read { round, page: page - 1 },
        (AdultAt::Read { round, page }, Action::Continue) => {
            if page + 1
                < reading(content.agreement_in(state.tongue, round.agreement), state.settings.text).len()
            {
                AdultAt::Read { round, page: page + 1 }
            } else {
                AdultAt::Sign { round, mark: Draft::Nothing }
            }
        }
        (AdultAt::Sign { round, .. }, Action::Back) => {
            let page = reading(content.agreement_in(state.tongue, round.agreement), state.settings.text)
                .len()
                .saturating_sub(1);
            AdultAt::Read { round, page }
        }
        // For whoever cannot draw, and for whoever uses a keyboard or a switch.
        (AdultAt::Sign { round, .. }, Action::Sticker(_)) => {
            let mark = "tick".parse().map_or(Draft::Nothing, Draft::Sticker);
            AdultAt::Sign { round, mark }
        }
        (AdultAt::Sign { round, .. }, Action::RubOut) => AdultAt::Sign { round, mark: Draft::Nothing },
        (AdultAt::Sign { round, mark }, Action::Done) => return Some(sign(state, content, round, mark)),
        (AdultAt::NotSaved(signature), Action::TryAgain) => {
            return Some((AdultAt::Saving(signature.clone()), Some(Effect::Save(signature))));
        }
        (at, _) => at,
    };
    Some((next, None))
}

fn names(agreement: usize, people: Vec<Tile>, page: usize, record: RecordId, action: Action) -> AdultAt {
    let page = match action {
        Action::NextPage => page + 1,
        Action::PreviousPage => page.saturating_sub(1),
        Action::Pupil(place) => match people.get(place) {
            // Whoever has signed reads it again; to sign it once more says nothing new.
            Some(tile) => {
                let round = AdultRound { who: tile.who.clone(), agreement, record };
                return AdultAt::Read { round, page: 0 };
            }
            None => page,
        },
        _ => page,
    };
    AdultAt::Names { agreement, people, page, record }
}

fn sign(state: &State, content: &Content, round: AdultRound, mark: Draft) -> (AdultAt, Option<Effect>) {
    let Ok(made) = mark.mark() else { return (AdultAt::Sign { round, mark: Draft::Nothing }, None) };
    let Now { wall, .. } = state.now;
    let agreement = content.agreement(round.agreement);
    let signature = Box::new(Signature {
        id: round.record,
        person: round.who.person,
        audience: agreement.audience,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: content.digest(round.agreement),
        help: content.agreement_help(state.tongue, round.agreement),
        when: wall,
        year: content.pack.year,
        device: state.device,
        mark: made,
        helped: false,
    });
    (AdultAt::Saving(signature.clone()), Some(Effect::Save(signature)))
}

/// In another language the pages are others: reading begins anew.
pub(super) fn in_another_language(screen: Screen) -> Screen {
    match screen {
        Screen::Adult(AdultAt::Read { round, .. }) => Screen::Adult(AdultAt::Read { round, page: 0 }),
        screen => screen,
    }
}

/// The disk's word on a signature. Tells whether it was this one's.
pub(super) fn saved(at: &mut AdultAt, record: RecordId, is_saved: bool) -> bool {
    let AdultAt::Saving(signature) = at else { return false };
    if signature.id != record {
        return false;
    }
    *at = if is_saved { AdultAt::Kept } else { AdultAt::NotSaved(signature.clone()) };
    true
}
