//! What came of a stick, in a few sentences.

use crate::machine::{StickTold, StickTrouble, Word, Words};

/// The heading, and the sentences below it.
pub(super) fn told(words: &Words, told: Result<StickTold, StickTrouble>) -> (Word, Vec<String>) {
    let say = |word| words.get(word).to_owned();
    let count = |word, count: u64| words.fill(word, &[("count", &count.to_string())]);
    match told {
        Ok(StickTold::Written { records, boxes }) => {
            let mut lines = vec![match records {
                0 => say(Word::StickWrittenNone),
                1 => say(Word::StickWrittenOne),
                many => count(Word::StickWrittenMany, many),
            }];
            if boxes > 0 {
                lines.push(count(Word::StickBoxes, boxes));
            }
            lines.extend([say(Word::StickStays), say(Word::StickPull)]);
            (Word::StickOutTitle, lines)
        }
        Ok(StickTold::Brought { acknowledged, pack, people }) => {
            let mut lines = match acknowledged {
                0 => vec![say(Word::StickBroughtNone)],
                1 => vec![say(Word::StickBroughtOne), say(Word::StickKept)],
                many => vec![count(Word::StickBroughtMany, many), say(Word::StickKept)],
            };
            lines.extend(pack.then(|| say(Word::StickPack)));
            lines.extend(people.then(|| say(Word::StickPeople)));
            (Word::StickBackTitle, lines)
        }
        Err(trouble) => {
            let mut lines = vec![say(sentence(trouble))];
            lines.extend((trouble != StickTrouble::TakenBefore).then(|| say(Word::StickUnchanged)));
            (Word::StickTroubleTitle, lines)
        }
    }
}

const fn sentence(trouble: StickTrouble) -> Word {
    match trouble {
        StickTrouble::NoStick => Word::StickNoStick,
        StickTrouble::Several => Word::StickSeveral,
        StickTrouble::Full => Word::StickFull,
        StickTrouble::ReadOnly => Word::StickReadOnly,
        StickTrouble::Gone => Word::StickGone,
        StickTrouble::Bad => Word::StickBad,
        StickTrouble::NothingForUs => Word::StickNothing,
        StickTrouble::TakenBefore => Word::StickBefore,
        StickTrouble::Refused => Word::StickRefused,
        StickTrouble::StruckOff => Word::StickStruckOff,
        StickTrouble::NotPaired => Word::StickNotPaired,
        StickTrouble::Disk => Word::StickDisk,
    }
}
