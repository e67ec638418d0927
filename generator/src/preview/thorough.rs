//! The slow look: the whole school loaded, checked and drawn again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

use rayon::prelude::*;

use super::{Due, News, Preview, Shows, site};
use crate::{
    check::{self, Extra, silence},
    diagnostic::{Diagnostic, Report, Severity},
    load::{self, School},
    output,
    photographs::{self, held::Held},
    theme::Theme,
};

impl Preview {
    /// Asks whoever runs [`Preview::keep_looking`] to look.
    pub(super) fn ask_for_everything(&self) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if *due == Due::Nothing {
            *due = Due::ALook;
        }
        drop(due);
        self.bell.notify_one();
    }

    /// Ends [`Preview::keep_looking`].
    pub(super) fn look_no_more(&self) {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = Due::TheEnd;
        self.bell.notify_one();
    }

    /// Looks at the whole school whenever something changed, until [`Preview::look_no_more`]; for a thread
    /// of its own.
    pub(super) fn keep_looking(&self) {
        loop {
            let due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
            let nothing = |due: &mut Due| *due == Due::Nothing;
            let mut due = self.bell.wait_while(due, nothing).unwrap_or_else(PoisonError::into_inner);
            if *due == Due::TheEnd {
                break;
            }
            *due = Due::Nothing;
            drop(due);
            self.look_at_everything();
        }
    }

    /// Loads, checks and draws everything. Where something changed meanwhile the result is thrown away,
    /// because another look is due then; gives whether it counts.
    pub(super) fn look_at_everything(&self) -> bool {
        let (number, tree, mut problems, theme, held, first) = {
            let work = self.work();
            let first = work.school.documents.is_empty();
            // A copy of what is in use would make the next save wait, so only this much is taken.
            let held =
                if first { output::photographs(&self.folder.join("out")) } else { Held::of(&work.school) };
            let problems = work.tree_problems.clone();
            (work.number, Arc::clone(&work.tree), problems, Arc::clone(&work.theme), held, first)
        };
        let mut school = load::school((*tree).clone(), &mut problems);
        let broken: BTreeSet<String> =
            problems.iter().filter(|p| p.severity == Severity::Error).map(|p| p.file.clone()).collect();
        let (photographs, mut found) = photographs::prepare(&school, &held);
        school.photographs = photographs;
        problems.append(&mut found);
        let consent = self.consent.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let extra = Extra { consent, ..Extra::default() };
        problems.extend(check::school(&school, &theme, self.day, &extra));
        let report = Report::new(silence::apply(&tree, problems, &extra));
        drop(tree);
        if broken.contains("school.toml") && !first {
            // Every page would lack a name or a number: all stay as they were.
            let counts = self.work().number == number;
            if counts {
                self.found(report);
            }
            return counts;
        }
        keep_last_good(&mut school, &self.work().school, &broken);
        let drawn = self.draw(&school, &theme);
        let mut work = self.work();
        if work.number != number {
            return false;
        }
        work.school = Arc::new(school);
        match drawn {
            Ok(files) => {
                let changed = self.write_shown(|shown| site::replace(&mut shown.files, files));
                drop(work);
                if !changed.is_empty() {
                    self.say(News::Site(changed));
                }
                self.found(report);
            }
            Err(fault) => {
                drop(work);
                let told = Diagnostic::file_error(
                    "theme",
                    "themes",
                    format!("The pages cannot be drawn: {fault}."),
                    "Take back the last change to the theme’s files.",
                );
                self.found(Report::new(report.diagnostics().iter().cloned().chain([told]).collect()));
            }
        }
        true
    }

    fn draw(
        &self,
        school: &School,
        theme: &Theme,
    ) -> Result<BTreeMap<String, Vec<u8>>, crate::site::SiteError> {
        let mut files = crate::site::render(school, theme, self.day)?;
        if self.shows == Shows::Everything {
            let hidden: Vec<_> = school.documents.iter().filter(|d| !d.is_published()).collect();
            let drawn: Vec<_> = hidden
                .into_par_iter()
                .filter_map(|document| crate::site::page(school, theme, self.day, document).ok())
                .collect();
            for (path, bytes) in drawn {
                files.entry(path).or_insert(bytes);
            }
        }
        // What keeps a published site for later would keep a page that is being written from changing.
        files.remove(WORKER);
        Ok(files)
    }
}

/// The service worker of a site. Its scripts do not ask for it here, see `themes/office/preview.js`.
const WORKER: &str = "sw.js";

/// Puts the last good state of each broken page in its place.
fn keep_last_good(school: &mut School, before: &School, broken: &BTreeSet<String>) {
    for path in broken {
        let Some(good) = before.document(path) else { continue };
        match school.documents.iter_mut().find(|document| document.source.path == *path) {
            Some(document) => *document = good.clone(),
            None => school.documents.push(good.clone()),
        }
    }
}
