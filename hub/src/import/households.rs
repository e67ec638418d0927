//! From lines of a list of contacts to households: pure, before anything is written.
//!
//! Grown-ups who have an address and a child in common are one household: one letter, one code. Whoever has no
//! address is a household alone, so that parents who live apart never read each other's answers for want of a
//! column. A household keeps its code only if nobody who knew it has left the household.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use records::{headings::plain, ids::PersonId};

use super::contacts::Contact;

/// A grown-up who is here already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: PersonId,
    /// What tells them from others of the name, where the school's system has it.
    pub number: Option<String>,
    /// Their name.
    pub name: String,
    /// The household, by its place among all; none for somebody who decides for nobody any more.
    pub family: Option<[u8; 16]>,
    /// Every pupil they ever decided for.
    pub pupils: BTreeSet<PersonId>,
}

/// A grown-up as the list has them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who, if they are here already.
    pub known: Option<PersonId>,
    /// What tells them from others of the name.
    pub number: Option<String>,
    /// Their name.
    pub name: String,
    /// Who stands after “Dear”.
    pub salutation: Option<String>,
    /// The language at home, as the list says it.
    pub language: Option<String>,
    /// The pupils they decide for, with what they are to each.
    pub children: BTreeMap<PersonId, String>,
}

/// Those who live together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// The family it was before, if that goes on.
    pub before: Option<[u8; 16]>,
    /// Its address, a line each.
    pub address: Vec<String>,
    /// Its grown-ups, in the list's order.
    pub members: Vec<Member>,
}

/// Puts the lines of a list together. `contacts` come with their pupil found.
pub fn of(contacts: &[(PersonId, Contact)], known: &[Known]) -> Vec<Household> {
    let mut grown_ups: Vec<(Member, Vec<String>)> = Vec::new();
    let mut places: HashMap<Who, usize> = HashMap::new();
    for (pupil, contact) in contacts {
        let place = *places.entry(Who::of(*pupil, contact)).or_insert_with(|| {
            let member = Member {
                known: None,
                number: contact.number.clone(),
                name: contact.name.clone(),
                salutation: contact.salutation.clone(),
                language: contact.language.clone(),
                children: BTreeMap::new(),
            };
            grown_ups.push((member, contact.address.clone()));
            grown_ups.len() - 1
        });
        grown_ups[place].0.children.insert(*pupil, contact.relation.clone());
    }
    recognise(&mut grown_ups, known);
    let mut households: Vec<Household> = Vec::new();
    for (member, address) in grown_ups {
        let near = |household: &Household| {
            let shared =
                |other: &Member| other.children.keys().any(|child| member.children.contains_key(child));
            !address.is_empty() && same(&household.address, &address) && household.members.iter().any(shared)
        };
        // Somebody may join two that had no child in common: of a patchwork family.
        let (joined, apart): (Vec<_>, Vec<_>) = households.into_iter().partition(near);
        households = apart;
        let mut members: Vec<Member> = joined.into_iter().flat_map(|household| household.members).collect();
        members.push(member);
        households.push(Household { before: None, address, members });
    }
    go_on(&mut households, known);
    households
}

/// What makes two lines the same person.
#[derive(PartialEq, Eq, Hash)]
enum Who {
    Number(String),
    NameAndAddress(String, String),
    /// Without number and address, a name is somebody for one pupil alone: two of a name may be two people.
    NameAndPupil(String, PersonId),
}

impl Who {
    fn of(pupil: PersonId, contact: &Contact) -> Self {
        let name = plain(&contact.name);
        match &contact.number {
            Some(number) => Self::Number(number.clone()),
            None if contact.address.is_empty() => Self::NameAndPupil(name, pupil),
            None => Self::NameAndAddress(name, plain(&contact.address.concat())),
        }
    }
}

fn same(one: &[String], other: &[String]) -> bool {
    plain(&one.concat()) == plain(&other.concat())
}

/// Finds who is here already: by number, else by name and a pupil in common.
fn recognise(grown_ups: &mut [(Member, Vec<String>)], known: &[Known]) {
    let mut taken: HashSet<PersonId> = HashSet::new();
    let by_number: HashMap<&str, PersonId> =
        known.iter().filter_map(|k| Some((k.number.as_deref()?, k.id))).collect();
    for (member, _) in grown_ups.iter_mut() {
        let number = member.number.as_deref().and_then(|number| by_number.get(number).copied());
        member.known = number.filter(|id| taken.insert(*id));
    }
    for (member, _) in grown_ups.iter_mut().filter(|(member, _)| member.known.is_none()) {
        let name = plain(&member.name);
        let alike = |k: &&Known| {
            let other_number = k.number.is_some() && member.number.is_some() && k.number != member.number;
            let shared = k.pupils.iter().any(|pupil| member.children.contains_key(pupil));
            !other_number && shared && plain(&k.name) == name && !taken.contains(&k.id)
        };
        let found = known.iter().find(alike).map(|k| k.id);
        taken.extend(found);
        member.known = found;
    }
}

/// Which households are a family of before that nobody has left.
fn go_on(households: &mut [Household], known: &[Known]) {
    let mut before: HashMap<[u8; 16], BTreeSet<PersonId>> = HashMap::new();
    for k in known {
        if let Some(family) = k.family {
            before.entry(family).or_default().insert(k.id);
        }
    }
    for household in households {
        let here: BTreeSet<PersonId> = household.members.iter().filter_map(|m| m.known).collect();
        let whole = before.iter().filter(|(_, members)| members.is_subset(&here)).map(|(id, _)| *id);
        // Of two that became one, the first in order goes on: any would do, and it must always be the same.
        household.before = whole.min();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{super::contacts::Named, *};

    const AMINA: u8 = 1;
    const TOM: u8 = 2;

    fn id(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }
    fn line(pupil: u8, name: &str, address: &str) -> (PersonId, Contact) {
        let contact = Contact {
            line: 2,
            pupil: Named::Upn("A".into()),
            number: None,
            name: name.into(),
            salutation: None,
            relation: "Mother".into(),
            address: if address.is_empty() { vec![] } else { vec![address.into()] },
            language: None,
        };
        (id(pupil), contact)
    }
    fn names(households: &[Household]) -> Vec<Vec<&str>> {
        let mut all: Vec<Vec<&str>> =
            households.iter().map(|h| h.members.iter().map(|m| m.name.as_str()).collect()).collect();
        all.sort_unstable();
        all
    }
    /// The households of a list, as they would be known afterwards: grown-ups get the ids 10, 11, and so on.
    fn kept(households: &[Household]) -> Vec<Known> {
        let mut next = 9;
        let mut all = Vec::new();
        for (place, household) in (0_u8..).zip(households) {
            for member in &household.members {
                next += 1;
                all.push(Known {
                    id: member.known.unwrap_or_else(|| id(next)),
                    number: member.number.clone(),
                    name: member.name.clone(),
                    family: Some([100 + place; 16]),
                    pupils: member.children.keys().copied().collect(),
                });
            }
        }
        all
    }

    #[test]
    fn those_under_one_address_with_a_child_in_common_are_one_household() {
        let lines = [
            line(AMINA, "Mrs Nowak", "7 Lark Lane"),
            line(TOM, "Mrs Nowak", "7 lark lane,"),
            line(TOM, "Mr Nowak", "7 Lark Lane"),
            // A house of flats without their numbers: another family.
            line(3, "Ms Fox", "7 Lark Lane"),
            line(TOM, "Mr Osei", "2 Hill Road"),
        ];
        let found = of(&lines, &[]);
        assert_eq!(names(&found), [vec!["Mr Osei"], vec!["Mrs Nowak", "Mr Nowak"], vec!["Ms Fox"]]);
        let nowak = found.iter().find(|h| h.members.len() == 2).unwrap();
        assert_eq!(nowak.members[0].children.len(), 2);
        assert_eq!(nowak.members[1].children.len(), 1);
    }

    #[test]
    fn without_addresses_nobody_is_put_together_with_anybody() {
        let lines = [line(AMINA, "Mrs Nowak", ""), line(AMINA, "Mr Nowak", ""), line(TOM, "Mrs Nowak", "")];
        assert_eq!(of(&lines, &[]).len(), 3);
    }

    #[test]
    fn a_family_that_nobody_has_left_goes_on_though_it_moves_and_grows() {
        let first = [line(AMINA, "Mrs Nowak", "7 Lark Lane"), line(AMINA, "Mr Nowak", "7 Lark Lane")];
        let known = kept(&of(&first, &[]));
        let moved = [
            line(AMINA, "Mrs Nowak", "1 New Street"),
            line(AMINA, "Mr Nowak", "1 New Street"),
            line(TOM, "Mrs Nowak", "1 New Street"),
            line(TOM, "Mr Lis", "1 New Street"),
        ];
        let now = of(&moved, &known);
        assert_eq!(now.len(), 1);
        assert_eq!(now[0].before, Some([100; 16]));
        assert_eq!(now[0].members.iter().filter(|m| m.known.is_some()).count(), 2);
    }

    #[test]
    fn when_somebody_has_left_the_household_neither_part_goes_on_as_it_was() {
        let first = [line(AMINA, "Mrs Nowak", "7 Lark Lane"), line(AMINA, "Mr Nowak", "7 Lark Lane")];
        let known = kept(&of(&first, &[]));
        let apart = [line(AMINA, "Mrs Nowak", "7 Lark Lane"), line(AMINA, "Mr Nowak", "2 Hill Road")];
        let now = of(&apart, &known);
        assert_eq!(now.len(), 2);
        assert!(now.iter().all(|h| h.before.is_none()), "each knew the code of the other");
        assert!(now.iter().all(|h| h.members[0].known.is_some()), "and both are who they were");
        let alone = of(&apart[..1], &known);
        assert_eq!(alone[0].before, None);
    }

    #[test]
    fn a_number_tells_people_apart_and_together() {
        let mut lines = [line(AMINA, "Mrs Nowak", "7 Lark Lane"), line(TOM, "Mrs E Nowak", "7 Lark Lane")];
        lines[0].1.number = Some("C1".into());
        lines[1].1.number = Some("C1".into());
        let found = of(&lines, &[]);
        assert_eq!(found[0].members.len(), 1);
        let known = kept(&found);
        lines[0].1.number = Some("C2".into());
        lines[1].1.number = Some("C3".into());
        let others = of(&lines, &known);
        assert!(others.iter().flat_map(|h| &h.members).all(|m| m.known.is_none()));
    }
}
