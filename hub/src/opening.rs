//! Opening the report box: decoys go, reports are kept, what is for nobody's key here stays for the other role.

use records::{report::Contents, report_envelope::ReportEnvelopeError};

use crate::{hub::Hub, keyring::Keyring, log, store::StoreError};

impl Hub {
    /// Sorts what has come for a role: nothing of a report but that there is one leaves the memory. Gives back how many
    /// envelopes could not be opened although they are for this role. An opening is put on record where it is
    /// `deliberate` or found anything at all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_box(&self, ring: &Keyring, account: i64, deliberate: bool) -> Result<usize, StoreError> {
        self.open_own_boxes(ring, deliberate)?;
        let (mut decoys, mut found, mut unopened) = (Vec::new(), Vec::new(), 0);
        for sealed in self.store.sealed_for(ring.role())? {
            match ring.open(&sealed.bytes).map(|(contents, _)| contents) {
                Ok(Contents::Decoy) => decoys.push(sealed.id),
                Ok(Contents::Report(_) | Contents::Concern(..) | Contents::Web(..)) => found.push(sealed.id),
                Err(ReportEnvelopeError::NotForThisKey) => {}
                Err(error) => {
                    log::line(&format!("an envelope of the report box cannot be opened: {error}"));
                    unopened += 1;
                }
            }
        }
        if deliberate || !decoys.is_empty() || !found.is_empty() {
            self.store.box_opened(ring.role(), &decoys, &found, account, self.now())?;
        }
        Ok(unopened)
    }
}
