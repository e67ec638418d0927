//! Lines to units: paragraphs, list items, tables, lines to fill in.

use super::Notes;
use super::contents::{Contents, heading_key};
use super::forms;
use super::joining::{Joiner, Relation, refers_to_a_number};
use super::lines::Line;
use super::markers::{self, Marker};
use super::tables;
use super::words;

/// A piece of the policy that stands on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// The line of the source where it begins.
    pub(super) line: usize,
    /// Whether it stands directly on the unit below it, though it is a line of its own: as headings do
    /// where a text has no empty lines.
    pub(super) on_top: bool,
    /// Whether it was a row of a box.
    pub(super) boxed: bool,
    pub(super) what: What,
}

/// What a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A paragraph; more than one row where a line was ended on purpose.
    Text(Vec<String>),
    /// An item of a list, or a clause or heading with a number.
    Item { indent: usize, marker: Marker, text: String },
    /// Rows of cells, the first of which names the columns.
    Table(Vec<Vec<String>>),
    /// Labels of lines to fill in by hand.
    Form(Vec<String>),
    /// A heading of this level.
    Heading { level: usize, text: String },
}

impl Unit {
    pub(super) fn new(line: usize, what: What) -> Self {
        Self { line, on_top: false, boxed: false, what }
    }

    /// The words of a paragraph of one row, or of an item with its mark; what a heading could be.
    pub(super) fn one_row(&self) -> Option<String> {
        match &self.what {
            What::Text(rows) => match rows.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            },
            What::Item {
                marker: marker @ (Marker::Number { .. } | Marker::Section { .. }), text, ..
            } => Some(format!("{} {text}", marker.label())),
            _ => None,
        }
    }
}

/// Gathers the lines into units. Empty lines separate; furniture and contents are gone already.
pub(super) fn gather(lines: &[Line], contents: &Contents, notes: &mut Notes) -> Vec<Unit> {
    let mut gatherer = Gatherer {
        lines,
        joiner: Joiner::of(lines),
        contents,
        notes,
        units: Vec::new(),
        above: String::new(),
        blank: true,
        o_bullets: lines.windows(2).any(|pair| pair.iter().all(|line| line.text.starts_with("o "))),
    };
    let mut at = 0;
    while at < lines.len() {
        at += gatherer.take(at);
    }
    gatherer.units
}

struct Gatherer<'a> {
    lines: &'a [Line],
    joiner: Joiner,
    contents: &'a Contents,
    notes: &'a mut Notes,
    units: Vec<Unit>,
    /// The line last put into the last unit: what the next one may go on with.
    above: String,
    blank: bool,
    /// Whether two lines in a row begin with a lone "o", which is then a bullet.
    o_bullets: bool,
}

impl Gatherer<'_> {
    /// Takes the line at this place, and perhaps some after it. Gives how many.
    fn take(&mut self, at: usize) -> usize {
        let line = &self.lines[at];
        if line.is_blank() {
            self.blank = true;
            return 1;
        }
        let found = tables::with_bars(&self.lines[at..]);
        if let Some(taken) = found.map(|found| self.table(line, found)) {
            return taken;
        }
        if let Some((marker, text)) = self.marker(line) {
            return self.item(at, marker, text.to_owned());
        }
        if tables::has_tab_cells(line) {
            return self.tabbed(at);
        }
        if let Some(found) = tables::by_position(&self.lines[at..]) {
            return self.table(line, found);
        }
        self.text_or_form(line, &line.text, self.next_is_item(at));
        1
    }

    fn marker<'t>(&self, line: &'t Line) -> Option<(Marker, &'t str)> {
        let after_item = matches!(self.units.last(), Some(Unit { what: What::Item { .. }, .. }));
        let found = markers::read(&line.text, after_item || line.indent > 0 || self.o_bullets)?;
        let goes_on_from_above = !self.blank
            && matches!(self.units.last(), Some(Unit { what: What::Text(_), .. }))
            && !words::ends_sentence(&self.above)
            && self.joiner.is_full(&self.above);
        let pauses =
            matches!(found.0, Marker::Bullet('-' | '–' | '—')) && words::begins_in_lower_case(found.1);
        let refers = !self.blank && refers_to_a_number(&self.above) && !matches!(found.0, Marker::Bullet(_));
        if (pauses && goes_on_from_above) || refers {
            return None;
        }
        Some(found)
    }

    fn next_is_item(&self, at: usize) -> bool {
        let next = self.lines[at + 1..].iter().find(|line| !line.is_blank());
        next.is_some_and(|next| markers::read(&next.text, false).is_some())
    }

    fn item(&mut self, at: usize, marker: Marker, text: String) -> usize {
        let line = &self.lines[at];
        let mut taken = 1;
        let mut text = text.replace('\t', " ");
        if !words::has_letter_or_digit(&text) && matches!(marker, Marker::Bullet(_)) {
            // A bullet that a PDF put on a line of its own: its words are on the next.
            let next = self.lines.get(at + 1).filter(|next| {
                text.is_empty()
                    && !line.tab_end
                    && !next.is_blank()
                    && markers::read(&next.text, true).is_none()
            });
            match next {
                Some(next) => {
                    text = next.text.replace('\t', " ");
                    taken = 2;
                }
                None => {
                    self.notes.drop(line.no, line.text.clone(), "a bullet with nothing after it");
                    return 1;
                }
            }
        }
        self.above.clone_from(&text);
        // The end of a box's row is the end of what stands in it.
        self.blank = line.tab_end;
        self.units.push(Unit::new(line.no, What::Item { indent: line.indent, marker, text }));
        taken
    }

    fn table(&mut self, line: &Line, found: tables::Found) -> usize {
        if found.by_position {
            self.notes.doubt(
                line.no,
                "a table was told by how its words stand under each other",
                "see that each cell is in its column",
            );
        }
        self.push(Unit::new(line.no, What::Table(found.rows)));
        found.lines
    }

    /// Lines with tabs: a table where several rows have several cells, else the rows of a box.
    fn tabbed(&mut self, at: usize) -> usize {
        let taken: Vec<&Line> = self.lines[at..]
            .iter()
            .take_while(|line| {
                !line.is_blank()
                    && (tables::has_tab_cells(line) || markers::read(&line.text, false).is_some())
            })
            .collect();
        let until_item = taken.iter().position(|line| markers::read(&line.text, false).is_some());
        let rows: Vec<&Line> = taken[..until_item.unwrap_or(taken.len())].to_vec();
        let filled = |line: &&Line| {
            let cells = tables::tab_cells(line);
            let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
            if forms::labels(&line.text).is_some() { 1 } else { filled }
        };
        let wide = rows.iter().map(filled).max().unwrap_or(0);
        let several = rows.iter().filter(|line| filled(line) >= 2).count();
        if several >= 2 || (rows.len() == 1 && wide >= 3) {
            let cells = rows.iter().map(|line| tables::tab_cells(line)).collect();
            self.push(Unit::new(rows[0].no, What::Table(cells)));
            return rows.len();
        }
        let asks = |line: &&Line| line.tab_end && line.text.contains('?');
        let questions = rows.iter().filter(|line| asks(line)).count();
        for (place, line) in rows.iter().enumerate() {
            self.blank = true;
            if questions >= 2 && asks(line) && !line.text.contains('`') && !line.text.contains("{{") {
                self.form(line.no, vec![line.text.clone()]);
                continue;
            }
            let text = tables::tab_cells(line).join(" ").trim().to_owned();
            let next_is_item = place + 1 == rows.len() && until_item.is_some();
            let before = self.units.len();
            let labels = if next_is_item { None } else { forms::labels(&line.text) };
            match labels {
                Some(labels) => self.form(line.no, labels),
                None => self.text_or_form(line, &text, true),
            }
            for unit in &mut self.units[before..] {
                unit.boxed = true;
            }
        }
        self.blank = true;
        rows.len()
    }

    fn text_or_form(&mut self, line: &Line, text: &str, next_is_item: bool) {
        let in_paragraph = !self.blank
            && self.joiner.relation(&self.above, text) == Relation::Joined
            && matches!(&self.units.last(), Some(Unit { what: What::Text(_) | What::Item { .. }, .. }));
        let labels = if next_is_item && !text.contains("___") && !text.contains("....") {
            None
        } else {
            forms::labels(text)
        };
        match labels {
            Some(labels) if !in_paragraph => self.form(line.no, labels),
            _ => self.text(line, text),
        }
    }

    fn form(&mut self, line: usize, labels: Vec<String>) {
        if let Some(Unit { what: What::Form(above), .. }) = self.units.last_mut() {
            above.extend(labels);
        } else {
            self.units.push(Unit::new(line, What::Form(labels)));
        }
        self.above.clear();
        self.blank = true;
    }

    fn push(&mut self, unit: Unit) {
        self.units.push(unit);
        self.above.clear();
        self.blank = true;
    }

    fn text(&mut self, line: &Line, text: &str) {
        let joined = if self.blank { self.joins_over_a_gap(line, text) } else { self.joins(line, text) };
        if !joined {
            self.units.push(Unit::new(line.no, What::Text(vec![text.to_owned()])));
        }
        text.clone_into(&mut self.above);
        self.blank = false;
    }

    /// Goes on with the unit directly above, if the line belongs to it.
    fn joins(&mut self, line: &Line, text: &str) -> bool {
        let relation = self.joiner.relation(&self.above, text);
        let stands_on_top = self.is_heading_over(text);
        let Some(unit) = self.units.last_mut() else { return false };
        match &mut unit.what {
            What::Text(rows) => {
                if rows.len() == 1 && stands_on_top && relation != Relation::Joined {
                    unit.on_top = true;
                    return false;
                }
                let Some(last) = rows.last_mut() else { return false };
                match relation {
                    Relation::Joined => self.joiner.glue(last, text, line.no, self.notes),
                    Relation::Broken => rows.push(text.to_owned()),
                    Relation::Apart => return false,
                }
                true
            }
            What::Item { indent, text: item, marker } => {
                let hangs = line.indent > *indent
                    && matches!(marker, Marker::Bullet(_) | Marker::Letter(_) | Marker::Number { .. })
                    && !words::ends_sentence(&self.above);
                let fits = relation == Relation::Joined || hangs;
                if fits {
                    self.joiner.glue(item, text, line.no, self.notes);
                }
                fits
            }
            _ => false,
        }
    }

    /// Whether the line above, alone in its unit, is a heading over a line that begins a sentence.
    fn is_heading_over(&self, text: &str) -> bool {
        let above = &self.above;
        let known = self.contents.keys.contains(&heading_key(above));
        let begins =
            words::begins_in_upper_case(text) && (words::ends_sentence(text) || self.joiner.is_full(text));
        known
            || (begins
                && above.split_whitespace().count() <= 6
                && words::begins_in_upper_case(above)
                && !words::ends_sentence(above)
                && !words::has_address(above)
                && self.joiner.is_short(above))
    }

    /// Goes on with a unit above an empty line, where a page ended in the middle of a sentence.
    fn joins_over_a_gap(&mut self, line: &Line, text: &str) -> bool {
        let open = !words::ends_sentence(&self.above) && !words::has_address(&self.above);
        let names_on = text.starts_with('(')
            && text.split_whitespace().count() <= 8
            && self.above.split_whitespace().count() <= 10
            && !words::ends_sentence(text.trim_end_matches(')'));
        let goes_on = words::begins_in_lower_case(text) || text.starts_with(')') || names_on;
        let cut_short = self.above.ends_with(',') && text.split_whitespace().count() > 5
            || (self.joiner.is_full(&self.above) && open && self.joiner.is_full(text));
        let starts = text.starts_with(|c: char| c.is_alphanumeric() || c == ')' || c == '(');
        let address = text.split(' ').next().is_some_and(words::has_address);
        if !open
            || address
            || !(goes_on || cut_short)
            || !starts
            || self.contents.keys.contains(&heading_key(text))
        {
            return false;
        }
        let Some(unit) = self.units.last_mut() else { return false };
        let target = match &mut unit.what {
            What::Text(rows) => {
                let known = self.contents.keys.contains(&heading_key(&self.above));
                let long = self.above.split_whitespace().count() >= 5 || rows.len() > 1;
                rows.last_mut().filter(|_| long && !known)
            }
            What::Item { text, marker, .. } => {
                let heading = matches!(marker, Marker::Number { .. } | Marker::Section { .. })
                    && text.split_whitespace().count() <= 8;
                Some(text).filter(|_| !heading)
            }
            _ => None,
        };
        let Some(target) = target else { return false };
        self.joiner.glue(target, text, line.no, self.notes);
        self.notes.doubt(
            line.no,
            "a sentence goes on after an empty line; the two parts were put together",
            "see that they belong together",
        );
        true
    }
}
