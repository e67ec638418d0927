//! What is written. No clock, no network.

use jiff::civil::Date;
use records::report::Role;

use crate::role_keys::title;

/// A letter, without whom it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever holds the key.
    Holder,
    /// The office, which sees to it.
    Office,
}

/// That nobody opened a role's box since a day, with the school days that have passed since. Mail can be read on its way and
/// by whoever reads a mailbox: it says what the office's desk says to everybody there.
pub fn unopened(school: &str, role: Role, last: Date, missed: &[Date], reader: Reader) -> Letter {
    let whose = title(role).to_lowercase();
    let day = |date: Date| date.strftime("%A, %-d %B").to_string();
    let passed = match missed {
        [one] => format!("{} was a school day, and nobody opened it.", day(*one)),
        [first, ..] => {
            format!("{} school days have passed since, from {} on.", missed.len(), day(*first))
        }
        [] => String::new(),
    };
    let last = day(last);
    let asks = match reader {
        Reader::Holder => format!(
            "Your box at the desk of Signpost ({whose}) was last opened on {last}. {passed}\n\
             Please sign in at the desk today.\n\
             \n\
             If you cannot, ask whoever else holds your key, and tell the office who that is."
        ),
        Reader::Office => format!(
            "Nobody has opened the box of the {whose} since {last}. {passed}\n\
             Please see that it is opened today: telephone, or ask whoever else holds the key. The notice to print is at the \
             desk, on the page “Boxes that nobody opened”."
        ),
    };
    let text = format!(
        "{asks}\n\
         \n\
         The box wants opening every school day, also when nobody expects anything. Whether there is anything in it nobody \
         knows before it is opened, and neither does the computer that wrote this: it writes the same when it is empty.\n\
         \n\
         {school}\n\
         Written by the school’s own computer. It reads no answers.\n"
    );
    Letter { subject: format!("Signpost at {school}: a box wants opening"), text }
}

/// That nobody has gone to a call yet, or nobody can after all: where, and since when. Of whoever called it says nothing.
pub fn call(school: &str, place: &str, since: &str) -> Letter {
    // A place is what the school calls a kiosk; in a subject it has to stay on one line.
    let place = place.split_whitespace().collect::<Vec<_>>().join(" ");
    Letter {
        subject: format!("Signpost at {school}: a call at {place} waits since {since}"),
        text: format!(
            "A call at {place} waits since {since}. Nobody has said that they are going.\n\
             \n\
             Open the desk of Signpost and say that you are going, or go there now and say so afterwards. Others get this \
             letter too: one who goes is enough.\n\
             \n\
             {school}\n\
             Written by the school’s own computer. It reads no answers.\n"
        ),
    }
}

/// Whether letters arrive.
pub fn trial(school: &str) -> Letter {
    Letter {
        subject: format!("Signpost at {school}: does this arrive?"),
        text: format!(
            "If you can read this, the computer of {school} can write to you when a box at the desk of Signpost was not opened \
             on a school day, or when nobody goes to a call. There is nothing to do.\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_letter_about_a_call_says_where_and_since_when_and_nothing_of_anybody() {
        let letter = call("Larkfield", "Oak\r\nBcc: x", "9:05");
        assert_eq!(letter.subject, "Signpost at Larkfield: a call at Oak Bcc: x waits since 9:05");
        assert!(letter.text.contains("waits since 9:05. Nobody has said that they are going."));
        for word in ["report", "child", "concern", "pupil", "help"] {
            assert!(!letter.text.contains(word), "{word}");
        }
    }

    #[test]
    fn a_letter_says_since_when_and_never_what() {
        let missed = [date(2026, 9, 15)];
        let letter = unopened("Larkfield", Role::Safeguarding, date(2026, 9, 14), &missed, Reader::Holder);
        assert_eq!(letter.subject, "Signpost at Larkfield: a box wants opening");
        assert!(letter.text.contains("last opened on Monday, 14 September"), "{}", letter.text);
        assert!(letter.text.contains("Tuesday, 15 September was a school day, and nobody opened it."));
        let three = [date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 17)];
        let office = unopened("Larkfield", Role::Chair, date(2026, 9, 14), &three, Reader::Office);
        assert!(
            office.text.contains("box of the chair of governors since Monday, 14 September"),
            "{}",
            office.text
        );
        assert!(office.text.contains("3 school days have passed since, from Tuesday, 15 September on."));
        for word in ["report", "child", "concern", "pupil"] {
            assert!(!letter.text.contains(word) && !office.text.contains(word), "{word}");
        }
    }
}
