//! What kiosks get of families: their entries in the roster, before they are sealed.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use records::{
    consent::{ConsentDecision, PurposeAnswer},
    day::Moment,
    digest::Digest,
    family::{Decided, Decider, Family, FamilyChild, FamilyKey, GrownUp, OthersNo, SealedFamily},
    family_code::Locator,
    form::Form,
    ids::{PersonId, SchoolId},
    pack::PackContent,
    roster::HasSigned,
};

use super::{
    StoreError,
    consents::{self, ConsentBook},
    families::{self, FamilyId, Responsibility},
    parsed,
    people::{self, Person},
};
use crate::{
    clock,
    import::{Kind, languages},
    random,
};

/// A family's entry, with what seals it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) locator: Locator,
    pub(super) key: FamilyKey,
    pub(super) family: Family,
}

impl Entry {
    /// Tells a new code from the one before, and nothing of either.
    pub(super) fn key_digest(&self) -> Digest {
        Digest::of_kind("signpost family key of a roster 1", &*self.key.to_bytes())
    }

    pub(super) fn seal(&self, school: SchoolId) -> SealedFamily {
        SealedFamily::seal(&self.family, &self.key, self.locator, school, &mut random::system())
    }
}

/// The entry of every family that has a code which has not ended, and a child here.
pub(super) fn build(
    read: &Connection,
    pack: Option<&PackContent>,
    now: Moment,
    mut signed: impl FnMut(PersonId) -> Vec<HasSigned>,
) -> Result<Vec<Entry>, StoreError> {
    let Some(pack) = pack else { return Ok(Vec::new()) };
    let mut keys = families::keys(read)?;
    let good = families::families(read)?.into_iter().filter(|family| family.has_code(pack, now));
    let good: HashSet<FamilyId> = good.map(|family| family.id).collect();
    keys.retain(|family, _| good.contains(family));
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let book = consents::book(read, pack, clock::day(now, &clock::zone(pack)))?;
    let classes: HashMap<_, _> = people::classes(read)?.into_iter().map(|c| (c.id, c.name)).collect();
    let everybody = people::people(read)?;
    let pupils: Vec<&Person> =
        everybody.iter().filter(|p| p.kind == Kind::Pupils && p.left.is_none()).collect();
    let mut members: HashMap<FamilyId, Vec<families::GrownUp>> = HashMap::new();
    for grown_up in families::grown_ups(read)? {
        if let Some(family) = grown_up.family {
            members.entry(family).or_default().push(grown_up);
        }
    }
    let mut decides: HashMap<PersonId, Vec<Responsibility>> = HashMap::new();
    for one in families::responsibilities(read)?.into_iter().filter(|one| one.ended.is_none()) {
        decides.entry(one.pupil).or_default().push(one);
    }
    let mut entries = Vec::new();
    for (id, (locator, key)) in keys {
        let grown_ups = members.remove(&id).unwrap_or_default();
        let mut children = Vec::new();
        for pupil in &pupils {
            let deciders: Vec<Decider> = decides
                .get(&pupil.id)
                .into_iter()
                .flatten()
                .filter(|one| grown_ups.iter().any(|g| g.id == one.grown_up))
                .map(|one| Decider { person: one.grown_up, relation: one.relation.clone() })
                .collect();
            if deciders.is_empty() {
                continue;
            }
            let (decided, others_no) = before(&book, pack, pupil.id, &deciders);
            children.push(FamilyChild {
                person: pupil.id,
                name: pupil.forename.clone(),
                class: pupil.class.and_then(|class| classes.get(&class).cloned()).unwrap_or_default(),
                picture: parsed(&pupil.tile)?,
                deciders,
                decided,
                others_no,
            });
        }
        if children.is_empty() {
            continue;
        }
        let grown_ups = grown_ups.into_iter().map(|g| GrownUp {
            signed: signed(g.id),
            person: g.id,
            name: g.name,
            language: g.language.as_deref().and_then(languages::meant),
        });
        entries.push(Entry { locator, key, family: Family { grown_ups: grown_ups.collect(), children } });
    }
    Ok(entries)
}

/// What those who decide answered before, and where somebody else's no stands beside each of them.
fn before(
    book: &ConsentBook,
    pack: &PackContent,
    pupil: PersonId,
    deciders: &[Decider],
) -> (Vec<Decided>, Vec<OthersNo>) {
    let zone = clock::zone(pack);
    let (mut decided, mut others_no) = (Vec::new(), Vec::new());
    for form in &book.forms {
        let decisions = book.decisions(pupil, &form.id);
        for decider in deciders {
            let heads = decisions.heads(decider.person);
            decided.extend(heads.into_iter().map(|head| {
                let (answers, counts) = whole(book, head, form);
                Decided {
                    id: head.id,
                    by: head.by,
                    form: form.id.clone(),
                    words: head.words,
                    answers,
                    day: clock::day(head.when, &zone),
                    counts,
                }
            }));
            for purpose in &form.purposes {
                let no_of = book.no_of(pupil, &form.id, &purpose.id);
                if no_of.iter().any(|who| *who != decider.person && *who != pupil) {
                    others_no.push(OthersNo {
                        beside: decider.person,
                        form: form.id.clone(),
                        purpose: purpose.id.clone(),
                    });
                }
            }
        }
        let of_child = form.purposes.iter().filter(|p| book.child_said_no(pupil, form, &p.id));
        others_no.extend(of_child.map(|purpose| OthersNo {
            beside: pupil,
            form: form.id.clone(),
            purpose: purpose.id.clone(),
        }));
    }
    (decided, others_no)
}

/// What a decision answers, with what the same person had answered before to the uses that it leaves open, as a letter
/// does that takes back one alone; and whether all that its form asks now is answered by that.
fn whole(book: &ConsentBook, head: &ConsentDecision, form: &Form) -> (Vec<PurposeAnswer>, bool) {
    let (mut answers, mut counts) = (head.answers.clone(), true);
    for purpose in &form.purposes {
        if head.answers.iter().any(|answer| answer.purpose == purpose.id) {
            counts &= book.counts(head, form, purpose);
        } else if let Some(own) = book.own(head.pupil, form, purpose, head.by) {
            answers.push(PurposeAnswer { purpose: purpose.id.clone(), answer: own.answer });
            counts &= own.counts;
        } else {
            counts = false;
        }
    }
    (answers, counts)
}
