//! How often which answer was given to a survey. Totals of all kiosks, by day: neither who nor where nor at what time.

use records::{agreement::Version, day::Day, ids::Slug, survey::Survey, tally::Tally};
use rusqlite::{Connection, params};

use super::{Store, StoreError};

/// For so many years totals are kept.
const YEARS: i16 = 3;

/// How often an answer was given on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The day on which the box came that counted it.
    pub day: Day,
    /// The question.
    pub question: Slug,
    /// The answer; none where somebody did not want to say.
    pub answer: Option<Slug>,
    /// How often.
    pub count: usize,
}

impl Store {
    /// All that was counted for this version of a survey, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn survey_totals(&self, survey: &Survey) -> Result<Vec<Total>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT day, question, answer, count FROM survey_totals WHERE survey = ? AND version = ?
                 ORDER BY day, question, answer",
            )?;
            let mut rows = select.query(params![survey.id.as_str(), survey.version.to_string()])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let answer: String = row.get(2)?;
                all.push(Total {
                    day: parsed(&row.get::<_, String>(0)?)?,
                    question: parsed(&row.get::<_, String>(1)?)?,
                    answer: if answer.is_empty() { None } else { Some(parsed(&answer)?) },
                    count: usize::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                });
            }
            Ok(all)
        })
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error: T::Err| StoreError::Damaged(error.to_string()))
}

/// Adds the counts of a box, in the transaction that takes it. What is too old is let go.
pub(super) fn add(write: &Connection, tally: &Tally, day: Day) -> Result<(), StoreError> {
    let mut insert = write.prepare_cached(
        "INSERT INTO survey_totals (day, survey, version, question, answer, count) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count",
    )?;
    for of_survey in &tally.surveys {
        let (survey, version): (&Slug, &Version) = (&of_survey.survey, &of_survey.version);
        for counted in &of_survey.counted {
            let answer = counted.answer.as_ref().map_or("", Slug::as_str);
            let question = counted.question.as_str();
            let key = (day.to_string(), survey.as_str(), version.to_string());
            insert.execute(params![key.0, key.1, key.2, question, answer, counted.count])?;
        }
    }
    let date = day.date();
    if let Ok(oldest) = Day::new(date.year() - YEARS, date.month(), 1) {
        write.execute("DELETE FROM survey_totals WHERE day < ?", [oldest.to_string()])?;
    }
    Ok(())
}
