//! Which boxes nobody opened on a school day: since when, never what is in them, for nobody knows that.

use jiff::civil::Date;
use records::{day::Moment, report::Role};

use crate::{hub::Hub, school_days, store::StoreError};

/// A box that waits for its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unopened {
    /// Whose it is.
    pub role: Role,
    /// When it was last opened; where nobody has yet, when its key was made.
    pub last: Moment,
    /// The school days that have passed since, in order: at least one.
    pub missed: Vec<Date>,
}

/// After so many school days that are over it is told that nobody opened a role's box. The safeguarding lead and the
/// headteacher are at school each day; the chair and the vice-chair are not, and every report that is for them alone can
/// be opened by either.
const fn patience(role: Role) -> usize {
    match role {
        Role::Safeguarding | Role::Headteacher => 1,
        Role::Chair | Role::ViceChair => 5,
    }
}

/// The boxes that wait, while all roles have their keys: before that no kiosk asks anything.
///
/// # Errors
/// [`StoreError`].
pub fn boxes(hub: &Hub) -> Result<Vec<Unopened>, StoreError> {
    let openings = hub.store.last_openings()?;
    if openings.len() < Role::ALL.len() {
        return Ok(Vec::new());
    }
    let (pack, zone, now) = (hub.pack()?, hub.zone()?, hub.now());
    let terms = pack.as_ref().map_or(&[][..], |pack| &pack.content.terms);
    let waiting = openings.into_iter().filter_map(|(role, last)| {
        let missed = school_days::missed(last, now, terms, &zone);
        (missed.len() >= patience(role)).then_some(Unopened { role, last, missed })
    });
    Ok(waiting.collect())
}
