//! What is printed around the halves: whose they are, what they are for, where to keep them, what to do in need. Each
//! sheet stands by itself, because nobody has both.

use records::paper::{Paper, PaperFact, PaperPart, Says};

use super::{
    Sheet,
    half::{Half, Which},
};
use crate::held::Maker;

/// How it is to be handled.
pub const LABEL: &str =
    "CONFIDENTIAL – half of a key. Keep it in a sealed envelope, and never both halves in one place.";

/// The two sheets. `whose` is the role in a sentence, `maker` the account that makes them.
pub fn paper(at: &Maker<'_>, sheet: &Sheet, whose: &str, maker: &str) -> Paper {
    let mut parts = Vec::new();
    for half in &sheet.halves {
        parts.extend(page(at, sheet, half, whose, maker));
    }
    Paper {
        school: at.school.to_owned(),
        language: Maker::english(),
        kind: "Recovery sheet".into(),
        title: format!("The key of {whose}"),
        summary: "The first half stays in the school, the second leaves it. Part them now.".into(),
        label: LABEL.into(),
        day: at.day(sheet.stored.made),
        parts,
        colours: at.colours.clone(),
    }
}

fn page(at: &Maker<'_>, sheet: &Sheet, half: &Half, whose: &str, maker: &str) -> [PaperPart; 4] {
    let (title, where_to) = match half.which {
        Which::First => (
            "First half: stays in the school",
            "In the school’s safe, in a sealed envelope with two people’s signatures across its flap. Not beside the hub, and not together with the second half.",
        ),
        Which::Second => (
            "Second half: leaves the school",
            "With the chair of governors, outside the school, in a sealed envelope with two people’s signatures across its flap. Never together with the first half.",
        ),
    };
    let fact = |label: &str, value: String| PaperFact { label: label.into(), value };
    let facts = vec![
        fact("School", at.school.to_owned()),
        fact("Key of", whose.to_owned()),
        fact("Fingerprint of the key", sheet.stored.public.fingerprint()),
        fact("Made", format!("{} by {maker}", at.in_words(sheet.stored.made))),
    ];
    let words = |text: &str| Says::Words(text.into());
    let mut need = vec![
        words(
            "Two people of two different roles, such as the headteacher and the chair, each sign in at the hub’s address with their own account; one of them may be whoever lost the passphrase. In the menu: Reports, then “Get a key back with a recovery sheet”.",
        ),
        words(
            "One says who gets the key, and types the ten groups of one half. The other types those of the other half within half an hour. A slip of the finger is told by the number of its group. Then whoever gets the key signs in within a quarter of an hour and chooses a new passphrase.",
        ),
        words(
            "Afterwards make a new sheet and shred this one. If an envelope was opened or a half is missing, make a new sheet at once: it makes this one void.",
        ),
    ];
    if half.which == Which::First {
        need.push(Says::NewSheet);
    }
    [
        PaperPart { title: title.into(), says: vec![Says::Facts(facts), Says::Groups(half.groups())] },
        PaperPart {
            title: "What it is for".into(),
            says: vec![Says::Words(format!(
                "What children tell is sealed for {whose} and one other role, and a passphrase opens it that the hub does not know. If everybody who holds this key has lost their passphrase, both halves together give the key back. One half alone opens nothing and says nothing.",
            ))],
        },
        PaperPart { title: "Where to keep it".into(), says: vec![words(where_to)] },
        PaperPart { title: "In need".into(), says: need },
    ]
}
