//! Pairing: the proofs of both sides over this very TLS session.

use records::{
    codec,
    pairing::{PairReply, PairRequest},
};

use super::answer::Refused;
use crate::{hub::Hub, log, store::kiosks::PairError, tls::listener::Peer};

/// A kiosk's name is shown on the desk.
const NAME_MAX: usize = 60;

pub(super) fn pair(hub: &Hub, peer: &Peer, request: &PairRequest) -> Result<Vec<u8>, Refused> {
    let session = peer.session.ok_or_else(|| Refused::bad("pairing needs a TLS session of its own"))?;
    if peer.key != Some(request.kiosk.key) {
        return Err(Refused::bad("the kiosk's certificate holds another key than the one to be paired"));
    }
    let name = &request.kiosk.name;
    if name.trim().is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Refused::bad(format!("a kiosk's name has 1 to {NAME_MAX} letters in one line")));
    }
    let fits =
        |code: &records::pairing::PairingCode| code.checks_kiosk(&session, &request.kiosk, &request.proof);
    match hub.store.pair(&request.kiosk, fits, hub.now()) {
        Ok(code) => {
            log::line(&format!("kiosk {} paired", request.kiosk.device));
            let hub = hub.identity().clone();
            let proof = code.hub_proof(&session, &hub);
            Ok(codec::encode(&PairReply { hub, proof }))
        }
        Err(PairError::Store(error)) => Err(error.into()),
        Err(refused @ PairError::WrongCode) => {
            log::line("a kiosk showed a wrong pairing code");
            Err(Refused::wrong_code(refused.to_string()))
        }
        Err(refused @ PairError::Taken) => Err(Refused::bad(refused.to_string())),
    }
}
