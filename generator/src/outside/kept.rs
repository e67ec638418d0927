//! Which addresses answered lately, so that a second look asks only for the others.

use std::{collections::BTreeMap, fs, io, path::Path};

use jiff::{ToSpan as _, civil::Date};

/// Where it is kept within the school's folder.
const FILE: &str = ".signpost/links-that-answered.json";

/// For how many days an answer counts.
const DAYS: i64 = 7;

/// The addresses and the day on which each answered last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept(BTreeMap<String, Date>);

impl Kept {
    /// What is kept in this school's folder; nothing where it cannot be read, because all can be asked anew.
    pub(super) fn read(school: &Path) -> Self {
        let text = fs::read_to_string(school.join(FILE)).unwrap_or_default();
        let days: BTreeMap<String, String> = serde_json::from_str(&text).unwrap_or_default();
        Self(days.into_iter().filter_map(|(url, day)| Some((url, day.parse().ok()?))).collect())
    }

    /// Whether it answered in the last days before `day`.
    pub(super) fn counts(&self, url: &str, day: Date) -> bool {
        let since = day.saturating_sub(DAYS.days());
        self.0.get(url).is_some_and(|answered| (since..=day).contains(answered))
    }

    /// It answered on this day.
    pub(super) fn answered(&mut self, url: &str, day: Date) {
        self.0.insert(url.to_owned(), day);
    }

    /// Writes down what still counts on this day.
    pub(super) fn write(&self, school: &Path, day: Date) -> io::Result<()> {
        let kept = self.0.iter().filter(|(url, _)| self.counts(url, day));
        let kept: BTreeMap<&String, String> = kept.map(|(url, day)| (url, day.to_string())).collect();
        let file = school.join(FILE);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, serde_json::to_vec_pretty(&kept)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_answer_counts_for_a_week_and_a_spoilt_file_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let day = date(2026, 11, 10);
        let mut kept = Kept::read(folder.path());
        kept.answered("https://a.uk", date(2026, 11, 3));
        kept.answered("https://b.uk", date(2026, 11, 2));
        kept.answered("https://later.uk", date(2026, 11, 11));
        kept.write(folder.path(), day).unwrap();
        let kept = Kept::read(folder.path());
        assert!(kept.counts("https://a.uk", day));
        assert!(!kept.counts("https://b.uk", day));
        assert!(!kept.counts("https://later.uk", day), "a clock that was wrong");
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert_eq!(Kept::read(folder.path()), Kept::default());
    }
}
