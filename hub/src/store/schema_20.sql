-- How often which answer was given to a survey at the touchscreens, by the day on which the box came that counted it.
-- No kiosk, no class, no time.
CREATE TABLE survey_totals (
    day TEXT NOT NULL,
    survey TEXT NOT NULL,
    version TEXT NOT NULL,
    question TEXT NOT NULL,
    -- Empty where somebody did not want to say.
    answer TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, survey, version, question, answer)
) STRICT, WITHOUT ROWID;
