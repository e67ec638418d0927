//! What a form holds: read from its file, or sent by a browser; entries added, taken out and moved.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::parts::{At, Block, Kind, Part};

/// More entries than any list of a school has; a form that claims more is not one of ours.
const MOST_ENTRIES: usize = 2_000;

/// A form with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The entries of each block. A block that is no list has exactly one.
    pub(super) blocks: Vec<Vec<Entry>>,
}

/// Answers that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it goes by in the file: its key, or its first answer. Empty where it is new.
    pub(super) was: String,
    /// The answers in the order of the questions, as somebody reads them.
    pub(super) values: Vec<String>,
}

impl Entry {
    fn new(block: &Block) -> Self {
        Self { was: String::new(), values: vec![String::new(); block.fields.len()] }
    }

    /// Added, and then left alone.
    pub(super) fn is_blank(&self) -> bool {
        self.was.is_empty() && self.values.iter().all(String::is_empty)
    }
}

/// Something to do with the entries of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// A new entry at the end of this block.
    Add(usize),
    /// An entry goes.
    Remove(usize, usize),
    Up(usize, usize),
    Down(usize, usize),
}

impl Move {
    /// What the button that was pressed says, such as `up-0-3`.
    pub(super) fn read(word: &str) -> Option<Self> {
        let mut parts = word.split('-');
        let (what, block) = (parts.next()?, parts.next()?.parse().ok()?);
        let entry = parts.next().map(str::parse);
        match (what, entry) {
            ("add", None) => Some(Self::Add(block)),
            ("remove", Some(Ok(entry))) => Some(Self::Remove(block, entry)),
            ("up", Some(Ok(entry))) => Some(Self::Up(block, entry)),
            ("down", Some(Ok(entry))) => Some(Self::Down(block, entry)),
            _ => None,
        }
    }
}

/// A file is written in a way that the form cannot show without losing something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this file is written in a way that the form cannot show")]
pub(super) struct NotShown;

impl Sheet {
    /// What the file says.
    ///
    /// # Errors
    /// [`NotShown`]: the file has to be changed as text.
    pub(super) fn read(part: &Part, file: &DocumentMut) -> Result<Self, NotShown> {
        let blocks = part.blocks.iter().map(|block| entries(block, file)).collect::<Result<_, _>>()?;
        Ok(Self { blocks })
    }

    /// What a browser sent.
    pub(super) fn sent(part: &Part, sent: &BTreeMap<String, String>) -> Self {
        let said = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
        let blocks = part.blocks.iter().map(|block| {
            let count = said(&format!("{}-count", block.key)).parse().unwrap_or(0_usize).min(MOST_ENTRIES);
            let entry = |n: usize| Entry {
                was: said(&format!("{}-{n}-was", block.key)).to_owned(),
                values: block
                    .fields
                    .iter()
                    .map(|field| tidy(field.kind, said(&format!("{}-{n}-{}", block.key, field.key))))
                    .collect(),
            };
            let entries: Vec<Entry> = (0..count).map(entry).collect();
            if entries.is_empty() && matches!(block.at, At::Top | At::Table(_)) {
                return vec![Entry::new(block)];
            }
            entries
        });
        Self { blocks: blocks.collect() }
    }

    /// Does it, and says where the entry now is that somebody would go on with.
    pub(super) fn do_it(&mut self, part: &Part, what: Move) -> Option<(usize, usize)> {
        let (at, entry) = match what {
            Move::Add(at) => (at, None),
            Move::Remove(at, n) | Move::Up(at, n) | Move::Down(at, n) => (at, Some(n)),
        };
        let block = part.blocks.get(at).filter(|block| block.at.is_list())?;
        let entries = self.blocks.get_mut(at)?;
        if entry.is_some_and(|n| n >= entries.len()) {
            return None;
        }
        let now = match what {
            Move::Add(_) => {
                entries.push(Entry::new(block));
                entries.len() - 1
            }
            Move::Remove(_, n) => {
                entries.remove(n);
                n.min(entries.len().checked_sub(1)?)
            }
            Move::Up(_, n) => {
                entries.swap(n, n.saturating_sub(1));
                n.saturating_sub(1)
            }
            Move::Down(_, n) => {
                let next = (n + 1).min(entries.len() - 1);
                entries.swap(n, next);
                next
            }
        };
        Some((at, now))
    }
}

/// An answer as it goes into a file: no spaces around it, one line where one was asked for.
fn tidy(kind: Kind, words: &str) -> String {
    match kind {
        Kind::Lines => {
            words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        }
        Kind::Web => {
            let words = words.trim();
            let bare = words.contains('.') && !words.contains("://") && !words.contains(char::is_whitespace);
            if bare { format!("https://{words}") } else { words.to_owned() }
        }
        _ => words.split(['\r', '\n']).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "),
    }
}

fn entries(block: &Block, file: &DocumentMut) -> Result<Vec<Entry>, NotShown> {
    let of_table = |was: &str, table: &dyn TableLike| Entry {
        was: was.to_owned(),
        values: block.fields.iter().map(|f| table.get(f.key).map(shown).unwrap_or_default()).collect(),
    };
    match block.at {
        At::Top => Ok(vec![of_table("", file.as_table())]),
        At::Table(path) => Ok(vec![match table(file, path)? {
            Some(table) => of_table("", table),
            None => Entry::new(block),
        }]),
        At::Named(key) => {
            let Some(item) = file.get(key) else { return Ok(Vec::new()) };
            let named = item.as_table().ok_or(NotShown)?;
            named
                .iter()
                .map(|(name, item)| Ok(of_table(name, item.as_table_like().ok_or(NotShown)?)))
                .collect()
        }
        At::Rows(key) => {
            let Some(item) = file.get(key) else { return Ok(Vec::new()) };
            let rows = item.as_array_of_tables().ok_or(NotShown)?;
            let row = |table: &toml_edit::Table| {
                // What stands in a part of a row belongs to the row before it in the file: it cannot be moved alone.
                if table.iter().any(|(_, item)| item.is_table() || item.is_array_of_tables()) {
                    return Err(NotShown);
                }
                let mut entry = of_table("", table);
                entry.was = entry.values.first().cloned().unwrap_or_default();
                Ok(entry)
            };
            rows.iter().map(row).collect()
        }
        At::Words(key, offered) => {
            let words = match file.get(key) {
                Some(item) => Some(item.as_table_like().ok_or(NotShown)?),
                None => None,
            };
            let there = words.iter().flat_map(|table| table.iter());
            let mut entries: Vec<Entry> =
                there.map(|(name, item)| Entry { was: name.to_owned(), values: vec![shown(item)] }).collect();
            for name in offered {
                if !entries.iter().any(|entry| entry.was == *name) {
                    entries.push(Entry { was: (*name).to_owned(), values: vec![String::new()] });
                }
            }
            Ok(entries)
        }
    }
}

/// A table by the names that lead to it; none where it is not there.
pub(super) fn table<'d>(file: &'d DocumentMut, path: &[&str]) -> Result<Option<&'d dyn TableLike>, NotShown> {
    let mut at: &dyn TableLike = file.as_table();
    for name in path {
        match at.get(name) {
            Some(item) => at = item.as_table_like().ok_or(NotShown)?,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// A value as somebody reads it.
pub(super) fn shown(item: &Item) -> String {
    match item.as_value() {
        Some(Value::String(text)) => text.value().clone(),
        Some(Value::Boolean(flag)) => if *flag.value() { "true" } else { "" }.to_owned(),
        Some(Value::Datetime(day)) => day.value().to_string(),
        Some(Value::Array(list)) if list.iter().all(Value::is_str) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        Some(other) => other.to_string().trim().to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{super::parts, *};

    #[test]
    fn entries_are_added_taken_out_and_moved_and_a_move_past_the_end_stays() {
        let part = parts::part("classes").unwrap();
        let file = "[[classes]]\nname = \"A\"\n[[classes]]\nname = \"B\"\n".parse().unwrap();
        let mut sheet = Sheet::read(part, &file).unwrap();
        let names = |sheet: &Sheet| -> Vec<String> {
            sheet.blocks[0].iter().map(|entry| entry.values[0].clone()).collect()
        };
        assert_eq!(sheet.do_it(part, Move::read("down-0-0").unwrap()), Some((0, 1)));
        assert_eq!(names(&sheet), ["B", "A"]);
        assert_eq!(sheet.do_it(part, Move::read("down-0-1").unwrap()), Some((0, 1)));
        assert_eq!(sheet.do_it(part, Move::read("up-0-0").unwrap()), Some((0, 0)));
        assert_eq!(sheet.do_it(part, Move::read("add-0").unwrap()), Some((0, 2)));
        assert_eq!(names(&sheet), ["B", "A", ""]);
        assert_eq!(sheet.do_it(part, Move::read("remove-0-0").unwrap()), Some((0, 0)));
        assert_eq!(names(&sheet), ["A", ""]);
        for strange in ["remove-0-9", "up-7-0", "add-7"] {
            assert_eq!(sheet.do_it(part, Move::read(strange).unwrap()), None, "{strange}");
        }
        for strange in ["", "save", "up-0", "add-0-1-2", "up-x-y"] {
            assert_eq!(Move::read(strange), None, "{strange}");
        }
    }

    #[test]
    fn a_file_that_the_form_would_garble_is_not_shown_as_one() {
        let part = parts::part("classes").unwrap();
        for text in ["classes = []\n", "classes = 5\n", "[[classes]]\nname = \"A\"\n[classes.inner]\nx = 1\n"]
        {
            assert_eq!(Sheet::read(part, &text.parse().unwrap()), Err(NotShown), "{text}");
        }
    }
}
