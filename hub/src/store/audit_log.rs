//! The audit log as people read it: newest first, searched, a page at a time.
//!
//! What concerns reports is left out: that a box came or was opened, that a report was found, that something was written
//! about one, that an adult handed a concern in. The headteacher reads this log, and must not learn from it that somebody
//! told the chair something. It stays in the chain, where it is checked with the rest.

use std::collections::HashMap;

use records::{day::Moment, ids::DeviceId};
use rusqlite::named_params;

use super::{Store, StoreError};

/// What is left out, by how it begins: also what older programs wrote of reports.
const VISIBLE: &str = "what NOT LIKE 'report%' AND what NOT LIKE 'safeguarding%' AND what NOT LIKE 'concern%'
    AND detail NOT LIKE 'report %'";
/// Which of them are meant.
const MEANT: &str = "(:words = '' OR instr(lower(what || ' ' || detail), :words) > 0)
    AND (:actor = '' OR actor = :actor OR (:actor = 'kiosk' AND actor LIKE 'kiosk %'))
    AND at >= :from AND at < :until";

/// Which entries are meant; everything by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Words that stand in them, as the log has them.
    pub words: String,
    /// Who did it, as the log has it (“account 3”, “hub”, “command line”); “kiosk” for any kiosk.
    pub actor: String,
    /// From this moment on.
    pub from: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
}

/// An entry. Its number is not told: a gap would say that something was left out, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: Moment,
    /// Who, as the log has it.
    pub actor: String,
    /// What.
    pub what: String,
    /// Ids and numbers.
    pub detail: String,
}

/// The names of accounts and kiosks, which the log knows by number alone.
#[derive(Debug, Clone, Default)]
pub struct Names {
    accounts: HashMap<String, String>,
    kiosks: HashMap<String, String>,
}

impl Names {
    /// “account 3” by the account's name, “kiosk 4f…” by the kiosk's; whom nobody knows any more by the number.
    pub fn in_words(&self, text: &str) -> String {
        let mut words: Vec<&str> = Vec::new();
        for word in text.split(' ') {
            let known = match words.last() {
                Some(&"account") => self.accounts.get(word),
                Some(&"kiosk") => self.kiosks.get(word),
                _ => None,
            };
            match known {
                Some(name) if words.last() == Some(&"account") => {
                    words.pop();
                    words.push(name);
                }
                Some(name) => words.push(name),
                None => words.push(word),
            }
        }
        words.join(" ")
    }
}

impl Store {
    /// How many entries are meant, and so many of them, the newest first, without the first `skip`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn log(
        &self,
        sought: &Sought,
        skip: usize,
        most: usize,
    ) -> Result<(usize, Vec<LogEntry>), StoreError> {
        let words = sought.words.trim().to_lowercase();
        let from = sought.from.map_or(i64::MIN, |moment| moment.0);
        let until = sought.until.map_or(i64::MAX, |moment| moment.0);
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.read(|read| {
            let count: i64 = read.query_row(
                &format!("SELECT count(*) FROM audit WHERE {VISIBLE} AND {MEANT}"),
                named_params! {":words": words, ":actor": sought.actor, ":from": from, ":until": until},
                |row| row.get(0),
            )?;
            let mut select = read.prepare(&format!(
                "SELECT at, actor, what, detail FROM audit WHERE {VISIBLE} AND {MEANT}
                 ORDER BY seq DESC LIMIT :most OFFSET :skip"
            ))?;
            let entries = select.query_map(
                named_params! {
                    ":words": words, ":actor": sought.actor, ":from": from, ":until": until,
                    ":most": whole(most), ":skip": whole(skip),
                },
                |row| {
                    Ok(LogEntry {
                        at: Moment(row.get(0)?),
                        actor: row.get(1)?,
                        what: row.get(2)?,
                        detail: row.get(3)?,
                    })
                },
            )?;
            Ok((usize::try_from(count).unwrap_or_default(), entries.collect::<Result<_, _>>()?))
        })
    }

    /// The names of all accounts, those that have ended too, and of all kiosks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn log_names(&self) -> Result<Names, StoreError> {
        let accounts = self.account_names()?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let kiosk = |device: DeviceId, name: String| (device.to_string(), format!("“{name}”"));
        let kiosks = self.kiosks()?.into_iter().map(|one| kiosk(one.device, one.name)).collect();
        Ok(Names { accounts, kiosks })
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn accounts_and_kiosks_are_called_by_name_and_everything_else_stays_as_it_stands() {
        let map = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
        let names = Names { accounts: map("3", "p.nair"), kiosks: map("0f", "“Oak”") };
        for (text, words) in [
            ("account 3", "p.nair"),
            ("account 4", "account 4"),
            ("kiosk 0f file 3", "kiosk “Oak” file 3"),
            ("account 3 office", "p.nair office"),
            ("12", "12"),
            ("", ""),
        ] {
            assert_eq!(names.in_words(text), words);
        }
    }
}
