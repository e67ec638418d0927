//! The letters of one mailing: being made, or waiting to be taken. They are in memory and nowhere else.
//!
//! A list of families comes in with a form and is let go as soon as the letters are set; neither it nor a
//! letter is ever written to a disk here. What nobody has taken after a while is forgotten, and so is
//! everything when another school is opened or the program ends.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use jiff::civil::Date;

use crate::{
    build,
    check::Extra,
    diagnostic::Report,
    letters::{self, Shape, Wanted, families, order, table::Table},
    load,
    theme::Theme,
};

/// How long letters wait to be taken.
const WAIT: Duration = Duration::from_secs(30 * 60);

/// What somebody asked for.
pub(super) struct Order {
    pub(super) folder: PathBuf,
    pub(super) theme: Arc<Theme>,
    pub(super) day: Date,
    /// The letter, by the name of its file.
    pub(super) letter: String,
    /// The list's file, or what stands for it.
    pub(super) name: String,
    pub(super) list: Bytes,
    /// Whether the list was put in by hand, and is shown again where it has mistakes.
    pub(super) pasted: bool,
    pub(super) shape: Shape,
}

/// How far it is.
#[derive(Default)]
pub(super) struct Progress {
    done: AtomicUsize,
    of: AtomicUsize,
}

impl Progress {
    /// How many letters are made, and of how many.
    pub(super) fn now(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
}

/// A mailing, as far as it is.
#[derive(Clone, Default)]
pub(super) enum Mailing {
    /// There is none.
    #[default]
    Nothing,
    /// They are being made.
    Making(Arc<Progress>),
    /// No letter was made.
    Refused(Arc<Refused>),
    /// They wait to be taken.
    Ready(Arc<Ready>),
}

/// The spreadsheet's name of the column that a finding is in, by line and column of its place.
pub(super) type Columns = BTreeMap<(usize, usize), String>;

/// Why no letter was made.
pub(super) struct Refused {
    pub(super) letter: String,
    /// The list's file: findings in others are of the letter.
    pub(super) list: String,
    pub(super) report: Report,
    pub(super) columns: Columns,
    /// What was put in by hand, to be mended there.
    pub(super) pasted: String,
    /// Something that is wrong with neither list nor letter.
    pub(super) trouble: String,
}

/// Letters that are made.
pub(super) struct Ready {
    pub(super) letter: String,
    /// The list’s file, by which findings in it are known.
    pub(super) list: String,
    /// The file to take: a PDF, or a zip of them.
    pub(super) file: String,
    pub(super) bytes: Bytes,
    pub(super) letters: usize,
    pub(super) pages: usize,
    pub(super) by_hand: usize,
    pub(super) translated: usize,
    pub(super) report: Report,
    pub(super) columns: Columns,
}

/// The one mailing that there is at a time.
#[derive(Default)]
pub(super) struct Mailings {
    now: Mutex<(u64, Mailing)>,
}

impl Mailings {
    fn held(&self) -> MutexGuard<'_, (u64, Mailing)> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mailing, as far as it is.
    pub(super) fn now(&self) -> Mailing {
        self.held().1.clone()
    }

    /// Lets go of letters that wait, or of what was refused; not of those that are being made.
    pub(super) fn forget(&self) {
        let mut held = self.held();
        if !matches!(held.1, Mailing::Making(..)) {
            held.1 = Mailing::Nothing;
        }
    }

    /// Begins to make letters; not while others are being made.
    pub(super) fn begin(self: &Arc<Self>, order: Order) {
        let progress = Arc::new(Progress::default());
        let number = {
            let mut held = self.held();
            if matches!(held.1, Mailing::Making(..)) {
                return;
            }
            *held = (held.0 + 1, Mailing::Making(Arc::clone(&progress)));
            held.0
        };
        // Held only while it is needed: with another school opened, letters of this one are let go.
        let mailings = Arc::downgrade(self);
        tokio::spawn(async move {
            let letter = order.letter.clone();
            let made = tokio::task::spawn_blocking(move || made(&order, &progress)).await;
            let now = made.unwrap_or_else(|fault| {
                refused(&letter, format!("Something went wrong that should not: {fault}."))
            });
            if let Some(mailings) = mailings.upgrade() {
                mailings.held().1 = now;
            }
            tokio::time::sleep(WAIT).await;
            let Some(mailings) = mailings.upgrade() else { return };
            let mut held = mailings.held();
            if held.0 == number {
                held.1 = Mailing::Nothing;
            }
        });
    }
}

fn refused(letter: &str, trouble: String) -> Mailing {
    Mailing::Refused(Arc::new(Refused {
        letter: letter.to_owned(),
        list: String::new(),
        report: Report::default(),
        columns: Columns::new(),
        pasted: String::new(),
        trouble,
    }))
}

fn made(order: &Order, progress: &Progress) -> Mailing {
    match attempt(order, progress) {
        Ok(mailing) => mailing,
        Err(error) => refused(&order.letter, format!("{error}.")),
    }
}

fn attempt(order: &Order, progress: &Progress) -> Result<Mailing, Box<dyn std::error::Error>> {
    // What is saved counts, not what somebody is typing in the editor.
    let (tree, problems) = load::tree::read(&order.folder);
    let theme = &order.theme;
    let checked = build::check_tree(tree, problems, theme, order.day, &Extra::default(), build::QUIETLY);
    let table = Table::from_bytes(&order.name, &order.list);
    let columns = |report: &Report| match &table {
        Ok(table) => columns(table, report, &order.name),
        Err(_) => Columns::new(),
    };
    let refused = |report: Report| {
        let columns = columns(&report);
        let pasted =
            if order.pasted { String::from_utf8_lossy(&order.list).into_owned() } else { String::new() };
        let (letter, list) = (order.letter.clone(), order.name.clone());
        Ok(Mailing::Refused(Arc::new(Refused {
            letter,
            list,
            report,
            columns,
            pasted,
            trouble: String::new(),
        })))
    };
    let Some(letter) = order::find(&checked.school, &order.letter) else {
        return Err("This letter is not there any more".into());
    };
    let faults = order::faults(&checked, letter);
    if faults.errors() > 0 {
        return refused(faults);
    }
    let names = letters::language_names(theme)?;
    let families = match table
        .clone()
        .map_err(|problem| vec![problem])
        .and_then(|table| families::read(table, &Wanted::of(letter), names))
    {
        Ok(families) => families,
        Err(problems) => return refused(Report::new(problems)),
    };
    progress.of.store(families.families.len(), Ordering::Relaxed);
    let told = |done| progress.done.store(done, Ordering::Relaxed);
    let mut made = letters::make(&checked.school, theme, letter, &families, order.day, order.shape, &told)?;
    let report = Report::new(std::mem::take(&mut made.problems));
    if made.files.is_empty() {
        return refused(report);
    }
    let (file, bytes) = letters::parcel(std::mem::take(&mut made.files), order.shape, &order.letter)?;
    Ok(Mailing::Ready(Arc::new(Ready {
        letter: order.letter.clone(),
        list: order.name.clone(),
        file,
        bytes: bytes.into(),
        letters: made.letters,
        pages: made.pages,
        by_hand: made.by_hand,
        translated: made.translated,
        columns: columns(&report),
        report,
    })))
}

fn columns(table: &Table, report: &Report, list: &str) -> Columns {
    let of_list = report.diagnostics().iter().filter(|one| one.file == list);
    let places = of_list.filter_map(|one| one.spot.as_ref()).map(|spot| (spot.line, spot.column));
    places.filter_map(|(line, column)| Some(((line, column), table.column_name(line, column)?))).collect()
}
