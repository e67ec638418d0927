//! The vocabulary of Signpost as types: what a school, a kiosk and the hub say to each other.
//!
//! Nothing here opens a file or a socket, reads a clock or draws a random number: time,
//! randomness and bytes are handed in. Everything that passes between the programs by file or by
//! wire is a type of this crate, with an encoding pinned by committed bytes (`records/golden/`).
//!
//! 1. [`ids`], [`day`], [`digest`], [`language`]: the small words everything else is made of.
//! 2. [`agreement`], [`form`], [`tell`], [`flowchart`], [`pack`], [`roster`], [`family`]: what a kiosk shows and whom it knows.
//!    [`voice`]: which recording says a sentence; [`register`]: forms that the hub's desk keeps entries of;
//!    [`staff_page`]: what the desk alone shows.
//! 3. [`signature`], [`visitor`], [`consent`], [`report`], [`call`]: what a kiosk records; [`standing`]: what consents come
//!    to; [`display`]: signatures for a wall, in the school's [`colours`].
//! 4. [`keys`], [`envelope`], [`report_envelope`], [`report_box`], [`box_schedule`]: how records are sealed and signed;
//!    [`report_entry`]: what was done with a report, sealed for those who can open it; [`receipt`], [`answer`]: how a child
//!    comes back for an answer.
//! 5. [`container`]: the one-file form of packs, rosters and exports; refused whole if one byte differs.
//! 6. [`pairing`], [`sync`]: how a kiosk and the hub talk; [`stick`]: the same where there is no network. [`family_code`]: what opens a family's entry there.
//!    [`headings`]: how lists of pupils name their columns.
//! 7. [`retention`]: how long a school keeps what its hub holds. [`paper`]: what it has printed about one person;
//!    [`transfer`]: what goes to a pupil’s next school.

pub mod agreement;
pub mod answer;
pub mod box_schedule;
pub mod call;
pub mod codec;
pub mod colours;
pub mod consent;
pub mod container;
pub mod day;
pub mod digest;
pub mod display;
pub mod envelope;
pub mod family;
pub mod family_code;
pub mod flowchart;
pub mod form;
pub mod headings;
pub mod ids;
pub mod keys;
pub mod language;
pub mod pack;
pub mod pairing;
pub mod paper;
pub mod published;
pub mod receipt;
pub mod register;
pub mod report;
pub mod report_box;
pub mod report_entry;
pub mod report_envelope;
pub mod retention;
pub mod roster;
pub mod signature;
#[cfg(feature = "sound")]
pub mod sound;
pub mod staff_page;
pub mod standing;
pub mod stick;
pub mod survey;
pub mod sync;
pub mod tally;
pub mod tell;
pub mod transfer;
pub mod visitor;
pub mod voice;
