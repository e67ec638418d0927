//! What a press of a visitor leads to.

use records::{agreement::Audience, ids::RecordId, visitor::VisitorSignature};

use super::{VisitorAt, VisitorRound};
use crate::machine::{Action, Content, Draft, Effect, Now, Scanning, Screen, State, Typing, family::reading};

/// Somebody begins, if the pack has what they sign.
pub(in crate::machine) fn begin(state: &State, content: &Content, audience: Audience) -> Option<Screen> {
    let agreement = content.agreement_for(audience)?;
    let typing = || Typing::new(state.settings.scanning != Scanning::Off);
    let round = VisitorRound { agreement, audience, name: typing(), about: typing(), read_in: None };
    Some(Screen::Visitor(VisitorAt::Read { round: Box::new(round), page: 0 }))
}

fn pages(state: &State, content: &Content, round: &VisitorRound) -> usize {
    reading(content.agreement_in(state.tongue, round.agreement), state.settings.text).len()
}

/// A press. Gives nothing where it leads to the start.
pub(in crate::machine) fn press(
    state: &mut State,
    content: &Content,
    at: VisitorAt,
    action: Action,
) -> Option<(VisitorAt, Option<Effect>)> {
    let next = match (at, action) {
        (VisitorAt::Read { page: 0, .. }, Action::Back) => return None,
        (VisitorAt::Read { mut round, page }, action) => {
            // Looking at the English words beside it does not undo that it helped.
            if let Some(help) = content.agreement_help(state.tongue, round.agreement) {
                round.read_in = Some(help);
            }
            match action {
                Action::Back => VisitorAt::Read { round, page: page - 1 },
                Action::Continue if page + 1 < pages(state, content, &round) => {
                    VisitorAt::Read { round, page: page + 1 }
                }
                Action::Continue => VisitorAt::Name(round),
                _ => VisitorAt::Read { round, page },
            }
        }
        (VisitorAt::Name(round), Action::Back) => {
            let page = pages(state, content, &round).saturating_sub(1);
            VisitorAt::Read { round, page }
        }
        (VisitorAt::Name(round), Action::Continue) if round.name.written().is_some() => {
            VisitorAt::About(round)
        }
        (VisitorAt::Name(mut round), Action::Key(key)) => {
            round.name.press(key);
            VisitorAt::Name(round)
        }
        (VisitorAt::About(round), Action::Back) => VisitorAt::Name(round),
        (VisitorAt::About(round), Action::Continue | Action::Skip) => {
            VisitorAt::Sign { round, mark: Draft::Nothing }
        }
        (VisitorAt::About(mut round), Action::Key(key)) => {
            round.about.press(key);
            VisitorAt::About(round)
        }
        (VisitorAt::Sign { round, .. }, Action::Back) => VisitorAt::About(round),
        // For whoever cannot draw, and for whoever uses a keyboard or a switch.
        (VisitorAt::Sign { round, .. }, Action::Sticker(_)) => {
            let mark = "tick".parse().map_or(Draft::Nothing, Draft::Sticker);
            VisitorAt::Sign { round, mark }
        }
        (VisitorAt::Sign { round, .. }, Action::RubOut) => VisitorAt::Sign { round, mark: Draft::Nothing },
        (VisitorAt::Sign { round, mark }, Action::Done) => return Some(sign(state, content, round, mark)),
        (VisitorAt::NotSaved(signature), Action::TryAgain) => {
            let effect = Effect::SaveVisitor(signature.clone());
            return Some((VisitorAt::Saving(signature), Some(effect)));
        }
        (at, _) => at,
    };
    Some((next, None))
}

fn sign(
    state: &mut State,
    content: &Content,
    round: Box<VisitorRound>,
    mark: Draft,
) -> (VisitorAt, Option<Effect>) {
    let (Ok(made), Some(name)) = (mark.mark(), round.name.written()) else {
        return (VisitorAt::Sign { round, mark: Draft::Nothing }, None);
    };
    let Some(id) = state.chance.take() else { return (VisitorAt::Sign { round, mark }, None) };
    let Now { wall, .. } = state.now;
    let agreement = content.agreement(round.agreement);
    let signature = Box::new(VisitorSignature {
        id: RecordId::from_bytes(id),
        name,
        about: round.about.written(),
        audience: round.audience,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: content.digest(round.agreement),
        help: round.read_in.clone(),
        when: wall,
        device: state.device,
        mark: made,
    });
    (VisitorAt::Saving(signature.clone()), Some(Effect::SaveVisitor(signature)))
}

/// Where to go on in other words: they may have other pages, so reading begins again.
pub(in crate::machine) fn in_another_language(screen: Screen) -> Screen {
    match screen {
        Screen::Visitor(VisitorAt::Read { round, .. }) => Screen::Visitor(VisitorAt::Read { round, page: 0 }),
        screen => screen,
    }
}

/// The disk's word on a signature. Tells whether it was this one's.
pub(in crate::machine) fn saved(at: &mut VisitorAt, record: RecordId, is_saved: bool) -> bool {
    let VisitorAt::Saving(signature) = at else { return false };
    if signature.id != record {
        return false;
    }
    *at = if is_saved { VisitorAt::Kept(signature.audience) } else { VisitorAt::NotSaved(signature.clone()) };
    true
}
