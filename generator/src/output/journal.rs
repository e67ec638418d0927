//! What an interrupted copy leaves to read: first for people, then for the program.

/// The journal’s name, which says to whoever opens the stick what is the matter.
pub(super) const NAME: &str = "PUBLISHING-NOT-FINISHED.txt";

const WORDS: &str = "\
Publishing to this folder is under way, or was interrupted: a stick pulled out too early, a computer
switched off. Until it is finished, some of the pages here may be new and others old. Each page by
itself is whole.

To put it right: start Signpost and publish to this folder once more.

The lines below are for the program.
";
/// Stands last; without it the journal was not written to its end.
const END: &str = "end\n";

/// What a copy still has to do once every new file is on the stick under another name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Journal {
    /// New files, in the order in which they are put in place.
    pub(super) puts: Vec<Put>,
    /// Files of the site before that are no more.
    pub(super) drops: Vec<String>,
}

/// A new file that waits under its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Put {
    /// SHA-256 of its bytes, in hexadecimal.
    pub(super) digest: String,
    /// An old file whose name differs from the new one’s in capitals alone, and makes way for it.
    pub(super) instead: Option<String>,
    /// Where it goes, relative to the folder, with `/`.
    pub(super) path: String,
}

impl Journal {
    /// As it stands in the file.
    pub(super) fn write(&self) -> String {
        let mut text = format!("{WORDS}\n");
        for put in &self.puts {
            text.push_str(&format!("put {} {}\n", put.digest, put.path));
            if let Some(old) = &put.instead {
                text.push_str(&format!("instead-of {old}\n"));
            }
        }
        for path in &self.drops {
            text.push_str(&format!("drop {path}\n"));
        }
        text.push_str(END);
        text
    }

    /// Reads it again; none where it is torn.
    pub(super) fn read(text: &str) -> Option<Self> {
        let lines = text.strip_prefix(WORDS)?.strip_prefix('\n')?.strip_suffix(END)?;
        if !lines.is_empty() && !lines.ends_with('\n') {
            return None;
        }
        let mut journal = Self::default();
        for line in lines.lines() {
            let (word, rest) = line.split_once(' ')?;
            // A journal comes back from a stick that has been anywhere: it must not lead out of the folder.
            let inside = |path: &str| super::names::is_portable(path).then(|| path.to_owned());
            match word {
                "put" => {
                    let (digest, path) = rest.split_once(' ')?;
                    let (digest, path) = (digest.to_owned(), inside(path)?);
                    journal.puts.push(Put { digest, instead: None, path });
                }
                "instead-of" => journal.puts.last_mut()?.instead = Some(inside(rest)?),
                "drop" => journal.drops.push(inside(rest)?),
                _ => return None,
            }
        }
        Some(journal)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn example() -> Journal {
        let put = |path: &str, instead: Option<&str>| Put {
            digest: "ab".repeat(32),
            instead: instead.map(str::to_owned),
            path: path.to_owned(),
        };
        Journal {
            puts: vec![put("site/a b/index.html", None), put("site/hall.svg", Some("site/Hall.svg"))],
            drops: vec!["site/old/index.html".to_owned(), "site/weekend".to_owned()],
        }
    }

    #[test]
    fn a_journal_is_read_as_it_was_written_and_a_torn_one_is_known() {
        let text = example().write();
        assert_eq!(Journal::read(&text), Some(example()));
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert_eq!(Journal::read(&text[..end]), None, "cut after {end} bytes");
        }
    }

    #[test]
    fn a_journal_cannot_lead_out_of_its_folder() {
        for bad in ["drop ../../etc/passwd", "drop /etc/passwd", "drop a/../../b", "drop C:/x"] {
            let text = Journal::default().write().replace("end\n", &format!("{bad}\nend\n"));
            assert_eq!(Journal::read(&text), None, "{bad}");
        }
    }

    #[test]
    fn whoever_opens_the_stick_reads_first_what_to_do() {
        let text = example().write();
        let (words, lines) = text.split_once("The lines below are for the program.").unwrap();
        assert!(words.contains("publish to this folder once more") && lines.contains("put "));
    }
}
