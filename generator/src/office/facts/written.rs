//! A form's answers into its file: what changed is changed, and everything else of the file, its order and
//! its notes stay as they are.

use toml_edit::{Array, Decor, DocumentMut, Item, Key, Table, TableLike, Value, value};

use super::{
    parts::{At, Block, Field, Kind, Part},
    sheet::{Entry, NotShown, Sheet, shown},
};
use crate::load::markdown;

/// A file with answers in it.
#[derive(Debug)]
pub(super) struct Written {
    /// The whole file.
    pub(super) text: String,
    /// What each entry of each block goes by in it; none for those that were left blank.
    pub(super) names: Vec<Vec<Option<String>>>,
}

/// Puts the answers into the file.
///
/// # Errors
/// [`NotShown`], where the file is such that the form cannot be put into it.
pub(super) fn write(part: &Part, sheet: &Sheet, text: &str) -> Result<Written, NotShown> {
    let mut file: DocumentMut = text.parse().map_err(|_| NotShown)?;
    // What can be shown can be written.
    Sheet::read(part, &file)?;
    let mut names = Vec::new();
    for (block, entries) in part.blocks.iter().zip(&sheet.blocks) {
        names.push(put(&mut file, block, entries)?);
    }
    let text = file.to_string();
    Ok(Written { text: if text.ends_with('\n') { text } else { format!("{text}\n") }, names })
}

fn put(file: &mut DocumentMut, block: &Block, entries: &[Entry]) -> Result<Vec<Option<String>>, NotShown> {
    match block.at {
        At::Top => {
            for entry in entries {
                answers(file.as_table_mut(), block.fields, &entry.values);
            }
            Ok(vec![Some(String::new()); entries.len()])
        }
        At::Table(path) => {
            for entry in entries {
                in_table(file.as_table_mut(), path, &|table| answers(table, block.fields, &entry.values))?;
            }
            Ok(vec![Some(String::new()); entries.len()])
        }
        At::Words(key, _) => {
            in_table(file.as_table_mut(), &[key], &|table| {
                for entry in entries {
                    let field = Field { key: "", kind: block.fields[0].kind };
                    set(table, &entry.was, field.kind, &entry.values[0]);
                }
            })?;
            Ok(entries.iter().map(|entry| Some(entry.was.clone())).collect())
        }
        At::Named(key) => named(file.as_table_mut(), key, block, entries),
        At::Rows(key) => rows(file.as_table_mut(), key, block, entries),
    }
}

/// Changes a table that may not be there yet; one with nothing in it goes.
fn in_table(
    within: &mut dyn TableLike,
    path: &[&str],
    change: &dyn Fn(&mut dyn TableLike),
) -> Result<(), NotShown> {
    let Some((name, rest)) = path.split_first() else {
        change(within);
        return Ok(());
    };
    let mut fresh = Table::new();
    fresh.decor_mut().set_prefix("\n");
    fresh.set_implicit(!rest.is_empty());
    let item = within.entry(name).or_insert(Item::Table(fresh));
    let table = item.as_table_like_mut().ok_or(NotShown)?;
    in_table(table, rest, change)?;
    if table.is_empty() {
        within.remove(name);
    }
    Ok(())
}

fn answers(table: &mut dyn TableLike, fields: &[Field], values: &[String]) {
    for (field, value) in fields.iter().zip(values) {
        set(table, field.key, field.kind, value);
    }
}

/// Writes one answer; the same one is not touched, and an empty one is taken out.
fn set(table: &mut dyn TableLike, key: &str, kind: Kind, new: &str) {
    let old = table.get(key);
    if old.is_none_or(|item| fits(kind, item)) && old.map(shown).unwrap_or_default() == new {
        return;
    }
    if new.is_empty() && !(kind == Kind::Tick && old.is_some()) {
        table.remove(key);
        return;
    }
    let old = table.get_mut(key).and_then(Item::as_value_mut);
    match (old, kind) {
        (Some(Value::Array(list)), Kind::Lines) => lines(list, new),
        (Some(old), _) => {
            let mut new = value_of(kind, new);
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (None, _) => {
            table.insert(key, value(value_of(kind, new)));
        }
    }
}

/// Whether a value is of the sort that the file should have there.
fn fits(kind: Kind, item: &Item) -> bool {
    match kind {
        Kind::Tick => item.is_bool(),
        Kind::Number => item.is_integer(),
        Kind::Day => item.is_datetime() || item.is_str(),
        Kind::Lines => item.as_array().is_some_and(|list| list.iter().all(Value::is_str)),
        _ => item.is_str(),
    }
}

/// What is no day or number is written as it was said, and the check says so.
fn value_of(kind: Kind, words: &str) -> Value {
    match kind {
        Kind::Tick => Value::from(words == "true"),
        Kind::Number => words.parse::<i64>().map_or_else(|_| Value::from(words), Value::from),
        Kind::Day => words
            .parse::<toml_edit::Datetime>()
            .ok()
            .filter(|day| day.time.is_none())
            .map_or_else(|| Value::from(words), Value::from),
        Kind::Lines => Value::Array(words.lines().collect::<Array>()),
        _ => Value::from(words),
    }
}

/// Changes a list in place, so that the notes beside its lines stay.
fn lines(list: &mut Array, words: &str) {
    let new: Vec<&str> = words.lines().collect();
    while list.len() > new.len() {
        list.remove(list.len() - 1);
    }
    for (at, words) in new.into_iter().enumerate() {
        if list.get(at).and_then(Value::as_str) == Some(words) {
            continue;
        }
        let mut value = Value::from(words);
        if let Some(old) = list.get(at) {
            *value.decor_mut() = old.decor().clone();
            list.replace_formatted(at, value);
        } else if let Some(last) = at.checked_sub(1).and_then(|last| list.get_mut(last)) {
            // As far in as the line before, without the note that may stand over that one.
            let before = last.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
            let before = before.rfind('\n').map_or(" ", |at| &before[at..]).to_owned();
            let after =
                last.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().to_owned();
            last.decor_mut().set_suffix("");
            *value.decor_mut() = Decor::new(before, after);
            list.push_formatted(value);
        } else {
            list.push(words);
        }
    }
}

fn named(
    file: &mut Table,
    key: &str,
    block: &Block,
    entries: &[Entry],
) -> Result<Vec<Option<String>>, NotShown> {
    if !file.contains_key(key) && entries.iter().all(Entry::is_blank) {
        return Ok(vec![None; entries.len()]);
    }
    let mut fresh = Table::new();
    fresh.set_implicit(true);
    let parent = file.entry(key).or_insert(Item::Table(fresh)).as_table_mut().ok_or(NotShown)?;
    let before: Vec<String> = parent.iter().map(|(name, _)| name.to_owned()).collect();
    let mut old: Vec<(Key, Item)> = before.iter().filter_map(|name| parent.remove_entry(name)).collect();
    let head = old.first().map(|(key, _)| key.get().to_owned());
    let lead = Lead::of(old.first().and_then(|(_, item)| item.as_table()));
    let places = Places::of(old.iter().filter_map(|(_, item)| item.as_table()));
    let mut names = Vec::new();
    let mut kept: Vec<(Key, Item)> = Vec::new();
    for entry in entries {
        if entry.is_blank() {
            names.push(None);
            continue;
        }
        let there = old.iter().position(|(key, _)| key.get() == entry.was);
        let (key, mut item) = match there {
            Some(at) => old.remove(at),
            None => {
                let taken = |name: &str| {
                    before.iter().any(|there| there == name) || kept.iter().any(|(key, _)| key.get() == name)
                };
                (Key::new(name_for(entry, taken)), Item::Table(new_table()))
            }
        };
        answers(item.as_table_like_mut().ok_or(NotShown)?, block.fields, &entry.values);
        names.push(Some(key.get().to_owned()));
        kept.push((key, item));
    }
    if kept.first().map(|(key, _)| key.get()) != head.as_deref() {
        let (first, rest) = kept.split_first_mut().map_or((None, None), |(f, r)| (Some(f), Some(r)));
        let was_first = rest
            .into_iter()
            .flatten()
            .find(|(key, _)| Some(key.get()) == head.as_deref())
            .and_then(|(_, item)| item.as_table_mut());
        lead.stay(first.and_then(|(_, item)| item.as_table_mut()), was_first);
    }
    places.give(kept.iter_mut().filter_map(|(_, item)| item.as_table_mut()));
    for (key, item) in kept {
        parent.insert_formatted(&key, item);
    }
    if parent.is_empty() {
        file.remove(key);
    }
    Ok(names)
}

fn rows(
    file: &mut Table,
    key: &str,
    block: &Block,
    entries: &[Entry],
) -> Result<Vec<Option<String>>, NotShown> {
    if !file.contains_key(key) && entries.iter().all(Entry::is_blank) {
        return Ok(vec![None; entries.len()]);
    }
    let rows = file.entry(key).or_insert(Item::ArrayOfTables(toml_edit::ArrayOfTables::new()));
    let rows = rows.as_array_of_tables_mut().ok_or(NotShown)?;
    let mut old: Vec<Option<Table>> = std::mem::take(rows).into_iter().map(Some).collect();
    let first_name = block.fields[0].key;
    let lead = Lead::of(old.first().and_then(Option::as_ref));
    let places = Places::of(old.iter().flatten());
    let mut names = Vec::new();
    let mut kept: Vec<(bool, Table)> = Vec::new();
    for entry in entries {
        if entry.is_blank() {
            names.push(None);
            continue;
        }
        let goes_by = |row: &Option<Table>| {
            row.as_ref().is_some_and(|row| row.get(first_name).map(shown).unwrap_or_default() == entry.was)
        };
        let there = old.iter().position(goes_by).filter(|_| !entry.was.is_empty());
        let table = there.and_then(|at| old[at].take());
        let was_first = there == Some(0);
        let mut table = table.unwrap_or_else(new_table);
        answers(&mut table, block.fields, &entry.values);
        names.push(Some(kept.len().to_string()));
        kept.push((was_first, table));
    }
    if kept.first().is_none_or(|(was_first, _)| !was_first) {
        let (first, rest) = kept.split_first_mut().map_or((None, None), |(f, r)| (Some(f), Some(r)));
        let was_first = rest.into_iter().flatten().find(|(was_first, _)| *was_first).map(|(_, table)| table);
        lead.stay(first.map(|(_, table)| table), was_first);
    }
    places.give(kept.iter_mut().map(|(_, table)| table));
    for (_, table) in kept {
        rows.push(table);
    }
    if rows.is_empty() {
        file.remove(key);
    }
    Ok(names)
}

fn new_table() -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table
}

/// A key for an entry that has none yet.
fn name_for(entry: &Entry, taken: impl Fn(&str) -> bool) -> String {
    let words = entry.values.iter().find(|value| !value.is_empty()).map(String::as_str).unwrap_or_default();
    let name = markdown::slug(words).replace('-', "_");
    let name: String = name.chars().take(40).collect();
    let name = if name.is_empty() { "new".to_owned() } else { name };
    if !taken(&name) {
        return name;
    }
    (2..).map(|n| format!("{name}_{n}")).find(|name| !taken(name)).unwrap_or(name)
}

/// The notes over the first entry of a list. They are the list’s as much as the entry’s, so they stay at its
/// head, whichever entry comes to be there.
struct Lead(Option<String>);

impl Lead {
    fn of(first: Option<&Table>) -> Self {
        Self(first.map(notes))
    }

    /// Puts the notes over the entry that is first now, and takes them from the one that was.
    fn stay(self, first: Option<&mut Table>, was_first: Option<&mut Table>) {
        let Some(lead) = self.0 else { return };
        if let Some(table) = was_first {
            table.decor_mut().set_prefix("\n");
        }
        if let Some(table) = first {
            let own = notes(table);
            let own = if own.trim().is_empty() { "" } else { own.trim_start_matches('\n') };
            table.decor_mut().set_prefix(format!("{lead}{own}"));
        }
    }
}

fn notes(table: &Table) -> String {
    table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned()
}

/// Where in the file the entries of a list stood. Those that stay take these places in their new order.
struct Places(Vec<isize>);

impl Places {
    fn of<'t>(tables: impl Iterator<Item = &'t Table>) -> Self {
        let mut places: Vec<isize> = tables.filter_map(Table::position).collect();
        places.sort_unstable();
        Self(places)
    }

    fn give<'t>(self, tables: impl Iterator<Item = &'t mut Table>) {
        let last = self.0.last().copied();
        let mut places = self.0.into_iter();
        for table in tables {
            // Those that are new share the last place, after those that were there.
            table.set_position(places.next().or(last));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{
        super::{parts, sheet::Move},
        *,
    };

    const TEXT: &str = "# Ours.\nname = \"Old\"  # as on the letterhead\nphone = \"1\"\naddress = [\n  \"Lane\", # the long one\n  \"Town\",\n]\nown = 5\n\n# The people.\n[people.head]\nname = \"Mr Lee\"\nrole = \"Head\"\nshoes = 44\n\n[people.dsl]  # keep\nname = \"Ms Nair\" # new in May\nrole = \"Lead\"\n\n[[terms]]\nname = \"Autumn\"\nstarts = 2026-09-03\nends = 2026-12-18\n";

    fn sheet(part: &Part) -> Sheet {
        Sheet::read(part, &TEXT.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        for part in parts::PARTS {
            assert_eq!(write(part, &sheet(part), TEXT).unwrap().text, TEXT, "{}", part.key);
        }
        let model = crate::theme::model_file("school.toml").unwrap();
        let model = std::str::from_utf8(model).unwrap();
        for part in parts::PARTS.iter().filter(|part| part.file == "school.toml") {
            let sheet = Sheet::read(part, &model.parse().unwrap()).unwrap();
            assert_eq!(write(part, &sheet, model).unwrap().text, model, "{}", part.key);
        }
    }

    #[test]
    fn one_answer_changes_and_all_else_of_the_file_stays() {
        let part = parts::part("people").unwrap();
        let mut form = sheet(part);
        form.blocks[0][1].values[1] = "Mrs “Own” Name".to_owned();
        form.blocks[0][1].values[2] = "01632 960999".to_owned();
        let expected = TEXT
            .replace("\"Ms Nair\"", "\"Mrs “Own” Name\"")
            .replace("role = \"Lead\"\n", "role = \"Lead\"\nphone = \"01632 960999\"\n");
        assert_eq!(write(part, &form, TEXT).unwrap().text, expected);
    }

    #[test]
    fn a_line_of_a_list_changes_and_the_note_beside_the_others_stays() {
        let part = parts::part("school").unwrap();
        let mut form = sheet(part);
        form.blocks[0][0].values[4] = "Lane\nCity\nEX1 2AB".to_owned();
        let expected = TEXT.replace("  \"Town\",\n", "  \"City\",\n  \"EX1 2AB\",\n");
        let written = write(part, &form, TEXT).unwrap().text;
        assert_eq!(written, expected);
    }

    #[test]
    fn entries_are_moved_added_and_taken_out_with_what_the_form_does_not_know_of_them() {
        let part = parts::part("people").unwrap();
        let mut form = sheet(part);
        form.do_it(part, Move::Up(0, 1)).unwrap();
        let (_, at) = form.do_it(part, Move::Add(0)).unwrap();
        form.blocks[0][at].values[0] = "Head".to_owned();
        form.blocks[0][at].values[1] = "Mrs New".to_owned();
        form.do_it(part, Move::Add(0)).unwrap();
        let written = write(part, &form, TEXT).unwrap();
        let names = ["dsl".to_owned(), "head_2".to_owned()];
        assert_eq!(written.names[0][0], Some(names[0].clone()));
        let people = written.text.split("own = 5\n").nth(1).unwrap().split("[[terms]]").next().unwrap();
        assert!(
            people.starts_with("\n# The people.\n[people.dsl]  # keep\nname = \"Ms Nair\" # new in May\n"),
            "{people}"
        );
        assert!(
            people.contains("\n[people.head]\nname = \"Mr Lee\"\nrole = \"Head\"\nshoes = 44\n"),
            "{people}"
        );
        assert!(people.contains("[people.head_2]\n") || people.contains("[people.head_2]"), "{people}");
        assert_eq!(written.names[0][3], None, "what was left blank is not written");
        let again = Sheet::read(part, &written.text.parse().unwrap()).unwrap();
        let order: Vec<&str> = again.blocks[0].iter().map(|entry| entry.was.as_str()).collect();
        assert_eq!(order, ["dsl", "head", "head_2"]);

        let mut form = sheet(part);
        form.do_it(part, Move::Remove(0, 0)).unwrap();
        let without = write(part, &form, TEXT).unwrap().text;
        assert!(without.contains("# The people.\n[people.dsl]") && !without.contains("Mr Lee"), "{without}");
    }

    #[test]
    fn a_list_that_was_not_there_is_begun_and_one_with_nothing_left_goes() {
        let part = parts::part("helplines").unwrap();
        let mut form = sheet(part);
        let (_, at) = form.do_it(part, Move::Add(0)).unwrap();
        form.blocks[0][at].values[0] = "Childline".to_owned();
        let written = write(part, &form, TEXT).unwrap().text;
        assert!(written.contains("\n[helplines.childline]\nname = \"Childline\"\n"), "{written}");
        let part = parts::part("year").unwrap();
        let mut form = sheet(part);
        assert_eq!(form.do_it(part, Move::Remove(1, 0)), None, "nothing is left to go to");
        let written = write(part, &form, TEXT).unwrap().text;
        assert!(!written.contains("terms"), "{written}");
        assert!(written.contains("own = 5"), "{written}");
    }

    #[test]
    fn days_numbers_and_ticks_are_written_as_such_and_what_is_none_as_it_was_said() {
        let part = parts::part("year").unwrap();
        let mut form = sheet(part);
        form.blocks[0][0].values = vec!["2026-09-01".to_owned(), "in July".to_owned()];
        let written = write(part, &form, TEXT).unwrap().text;
        assert!(written.contains("[year]\nstarts = 2026-09-01\nends = \"in July\"\n"), "{written}");
    }
}
