//! What an adult was told: sealed at the desk for those whom it is for, and for nobody else.

use records::{
    report::{Contents, Route},
    report_envelope::{self, ReportEnvelopeError, RouteKeys},
};

use crate::{hub::Hub, random, store::StoreError};

/// Why a concern was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConcernError {
    /// Somebody who would read it has no key yet.
    #[error("Somebody who would read this has no key yet. Tell it in person, today.")]
    NoReader,
    /// More than an envelope holds.
    #[error("This is too long. Write what matters most, and say the rest in person.")]
    TooLong,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hub {
    /// Whether every route has its two readers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn can_take_concerns(&self) -> Result<bool, StoreError> {
        let keys = self.given_role_keys()?;
        Ok(Route::ALL.into_iter().all(|route| RouteKeys::of(route, &keys).is_some()))
    }

    /// Seals what an adult was told for its route, with nothing for each of the others beside it: before they are
    /// opened nobody can tell which is which.
    ///
    /// # Errors
    /// [`ConcernError`]: then nothing was stored.
    pub fn take_concern(&self, to: Route, contents: &Contents, account: i64) -> Result<(), ConcernError> {
        let keys = self.given_role_keys()?;
        let mut random = random::system();
        let mut envelopes = Vec::new();
        for route in Route::ALL {
            let keys = RouteKeys::of(route, &keys).ok_or(ConcernError::NoReader)?;
            let contents = if route == to { contents } else { &Contents::Decoy };
            let sealed =
                report_envelope::seal(contents, &keys, &mut random).map_err(|error| match error {
                    ReportEnvelopeError::TooLong(_) => ConcernError::TooLong,
                    other => StoreError::Damaged(other.to_string()).into(),
                })?;
            envelopes.push((route, sealed));
        }
        Ok(self.store.take_concern(&envelopes, account, self.now())?)
    }
}
