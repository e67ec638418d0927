//! Keeping what was told: sealed at once for its two readers, in the hub's own box, on the disk before anybody is
//! thanked.

use std::sync::{MutexGuard, PoisonError};

use records::{
    keys::KeyError,
    report::{Contents, Role, RoleKey, Route},
    report_envelope::ReportEnvelopeError,
};

use super::own_box::{self, OwnBox, OwnBoxError};
use crate::{hub::Hub, keyring::Keyring, log, random, store::StoreError};

/// Why a report was not kept. Then nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Somebody who would read it has no key yet.
    #[error("somebody who would read it has no key yet")]
    NoReader,
    /// More than an envelope holds: so many bytes in all.
    #[error("{0} bytes are more than an envelope holds")]
    TooLong(usize),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OwnBoxError> for KeepError {
    fn from(error: OwnBoxError) -> Self {
        match error {
            OwnBoxError::NoReader => Self::NoReader,
            OwnBoxError::Envelope(ReportEnvelopeError::TooLong(bytes)) => Self::TooLong(bytes),
            other => Self::Store(StoreError::Damaged(other.to_string())),
        }
    }
}

impl Hub {
    /// Puts a web report in the hub's own box. When this returns it is on the disk.
    ///
    /// # Errors
    /// [`KeepError`]: then nobody must be thanked, and it may be given in again.
    pub fn keep_web_report(&self, route: Route, contents: &Contents) -> Result<(), KeepError> {
        self.write_own_box(Some((route, contents)))
    }

    /// Writes the box as if something were in it: somebody opened the form, or ten minutes have passed.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn touch_own_box(&self) -> Result<(), KeepError> {
        self.write_own_box(None)
    }

    fn write_own_box(&self, report: Option<(Route, &Contents)>) -> Result<(), KeepError> {
        let keys = self.given_role_keys()?;
        let zone = self.zone()?;
        let (now, mut random) = (self.now(), random::system());
        let mut held = self.held_box();
        let is_over = held.as_ref().is_none_or(|own| {
            own.is_due(&keys, now, &zone) || report.is_some_and(|(route, _)| !own.has_room(route))
        });
        // The one before lies in the database as it was written last, and waits there for a role.
        if is_over {
            *held = Some(OwnBox::begin(&keys, now, &mut random)?);
        }
        let own = held.as_mut().ok_or(KeepError::NoReader)?;
        let replaced = match report {
            Some((route, contents)) => {
                let replaced = own.put(route, contents, &mut random)?;
                Some(replaced.ok_or_else(|| StoreError::Damaged("a new report box is full".into()))?)
            }
            None => None,
        };
        let written = own
            .sealed(&mut random)
            .map_err(KeepError::from)
            .and_then(|sealed| Ok(self.store.write_own_box(own.id(), &sealed)?));
        if let (Err(_), Some(replaced)) = (&written, replaced) {
            own.put_back(replaced);
        }
        written
    }

    /// Takes the outer layer off the hub's own boxes that a role can open, and puts their envelopes among those that
    /// nobody has opened. The box of now is closed first where somebody opens theirs `deliberately`, and else left to
    /// its clock: a page that is loaded again is not to write boxes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_own_boxes(&self, ring: &Keyring, deliberately: bool) -> Result<(), StoreError> {
        let (boxes, is_used) = {
            let mut held = self.held_box();
            let is_used = held.is_some();
            if deliberately {
                *held = None;
            }
            let of_now = held.as_ref().map(OwnBox::id);
            // While nobody can begin another: what is found here is closed, or it is the box of now.
            let mut boxes = self.store.own_boxes()?;
            boxes.retain(|(id, _)| Some(*id) != of_now);
            (boxes, is_used)
        };
        for (id, sealed) in boxes {
            for key in ring.keys() {
                match own_box::unwrap(id, &sealed, ring.role(), key) {
                    Ok(envelopes) => {
                        self.store.empty_own_box(id, &envelopes)?;
                        break;
                    }
                    // Of another key of this role; where it is none of these, another role opens it.
                    Err(OwnBoxError::Key(KeyError::CannotOpen)) => {}
                    Err(error) => {
                        log::line(&format!("a report box of the hub's own cannot be opened: {error}"));
                        break;
                    }
                }
            }
        }
        // Another begins at once, and not with whoever comes by next.
        if deliberately
            && is_used
            && let Err(error) = self.touch_own_box()
        {
            log::line(&format!("the box of the form on the web cannot be written: {error}"));
        }
        Ok(())
    }

    /// The public keys of the roles, as kiosks get them: none before every role has one.
    pub(crate) fn given_role_keys(&self) -> Result<Vec<RoleKey>, StoreError> {
        let mut keys: Vec<RoleKey> =
            self.store.role_keys()?.into_iter().map(|stored| stored.public).collect();
        keys.dedup();
        Ok(if keys.len() == Role::ALL.len() { keys } else { Vec::new() })
    }

    fn held_box(&self) -> MutexGuard<'_, Option<OwnBox>> {
        self.own_box.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
