//! What people and the hub see of the kiosk. `school.rs` makes the school that the tests use.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod adults;
mod answers;
mod disk;
mod entrance;
mod families;
mod family_folder;
mod family_languages;
mod family_screens;
mod figures;
mod fits;
mod folder;
mod forensic;
mod households;
mod journeys;
mod listener;
mod machine;
mod motion;
mod own_words;
mod pictures;
mod program;
mod pupil_languages;
mod reading_aloud;
mod report_box;
mod school;
mod screen;
mod staff;
mod staff_folder;
mod staff_screens;
mod stick;
mod stories;
mod strong_colours;
mod surveys;
mod switches;
mod telling;
mod text_size;
mod visits_begin;
mod walks;
mod wire;
mod without_words;
mod words_and_colours;
