//! The school's own database and desk: a hub.
//!
//! 1. [`folder`], [`keyfile`], [`wrap`], [`passphrase`]: where a hub lies, and what opens it.
//! 2. [`store`]: everything it knows, in one encrypted file, behind one interface with a contract.
//! 3. [`hub`], [`role_keys`]: store and keys together: publishing, rosters, pairing codes, the keys of roles;
//!    [`keyring`]: with those before them; [`opening`]:
//!    what they open; [`recovery`]: such a key on paper, in two halves.
//! 4. [`import`]: reading lists of people as schools export them.
//! 5. [`intake`], [`delivery`]: taking records from kiosks; [`kiosk_port`] by wire, [`stick`] by USB stick.
//! 6. [`desk`]: the pages for the office; [`totp`]: the codes of authenticator apps; [`scan`]: what is kept of a
//!    scanned paper.
//! 7. [`report_form`]: the form on the web, and the box of the hub's own.
//! 8. [`tls`], [`serve`]: both ports.
//! 9. [`backup`]: the whole of it in one file, made daily, verified, and put back.
//! 10. [`retention`]: what has reached its end goes, and stays gone.
//! 11. [`registers`]: forms with entries, their cycle and their sign-off.
//! 12. [`unopened`]: boxes that nobody opened; [`mail`]: whom the hub writes to about them.
//! 13. [`answers`]: which answers kiosks have on which day.
//! 14. [`handling`]: how what leaves it is to be handled; [`figures`]: what may be shown without naming anybody; [`survey_figures`]: what pupils answered, in such figures.
//! 15. [`held`]: all that is held on one person; [`unnamed`]: text with the names of others out; [`transfer`]: what goes to a pupil’s next school.

pub mod answers;
pub mod backup;
pub mod clock;
pub mod concern;
pub mod delivery;
pub mod desk;
pub mod families;
pub mod figures;
pub mod folder;
pub mod handling;
pub mod held;
pub mod hub;
pub mod import;
pub mod intake;
pub mod keyfile;
pub mod keyring;
pub mod kiosk_port;
pub mod log;
pub mod mail;
pub mod opening;
pub mod passphrase;
pub mod password;
pub mod random;
pub mod recovery;
pub mod registers;
pub mod report_form;
pub mod retention;
pub mod role_keys;
pub mod scan;
pub mod school_days;
pub mod serve;
pub mod stick;
pub mod store;
pub mod survey_figures;
pub mod tls;
pub mod totp;
pub mod transfer;
pub mod unnamed;
pub mod unopened;
pub mod wrap;
