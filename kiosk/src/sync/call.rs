//! Calls for a grown-up: sent at once and again every few seconds, beside everything else that goes to the hub,
//! until somebody says that they are going. From then on it is asked whether they still are: who cannot go after all must
//! not be waited for.

use std::time::Duration;

use rand_core::Rng as _;
use records::{
    call::{CALL_SECONDS, Call, CallReply},
    ids::RecordId,
};
use tokio::{sync::mpsc, time};

use super::{SyncError, client::Connection};
use crate::{
    folder::{Device, Paired},
    machine::Event,
    running::Post,
    storage::{random, wall_clock},
};

/// Between two tries.
const AGAIN: Duration = Duration::from_secs(3);
/// The longest that one try may take: a hub that hangs must not hold up the next.
const TRY: Duration = Duration::from_secs(10);

/// Takes the numbers of calls, and answers with [`Event::Coming`] when somebody goes, and [`Event::NotComing`] when they
/// cannot after all. Of several the last is asked for: whoever goes to a kiosk goes for all that was called there.
pub(super) async fn answer(
    device: Device,
    paired: Paired,
    post: Post,
    mut numbers: mpsc::UnboundedReceiver<u64>,
) {
    let mut next = numbers.recv().await;
    while let Some(number) = next {
        let call = new_call(&device);
        let tell = |coming| {
            post.send(if coming { Event::Coming(number) } else { Event::NotComing(number) });
        };
        next = tokio::select! {
            newer = numbers.recv() => newer,
            () = ask(&device, &paired, &call, tell) => numbers.recv().await,
        };
    }
}

fn new_call(device: &Device) -> Call {
    let mut id = [0; 16];
    random().fill_bytes(&mut id);
    Call {
        id: RecordId::from_bytes(id),
        device: device.id(),
        place: device.name().to_owned(),
        when: wall_clock(),
    }
}

/// Asks whether the call was taken, and tells whenever that changes; ends when so long ago was called that whoever did
/// has gone.
async fn ask(device: &Device, paired: &Paired, call: &Call, tell: impl Fn(bool)) {
    let mut coming = false;
    let seconds = u64::try_from(CALL_SECONDS).unwrap_or_default();
    let asking = async {
        loop {
            // While the hub does not answer, the screen says whom to find; the call goes on.
            if let Ok(Ok(reply)) = time::timeout(TRY, once(device, paired, call)).await
                && reply.id == call.id
                && reply.taken != coming
            {
                coming = reply.taken;
                tell(coming);
            }
            time::sleep(AGAIN).await;
        }
    };
    let _: Result<(), time::error::Elapsed> = time::timeout(Duration::from_secs(seconds), asking).await;
}

async fn once(device: &Device, paired: &Paired, call: &Call) -> Result<CallReply, SyncError> {
    let mut connection = Connection::open(device, &paired.address, Some(paired.hub.tls)).await?;
    connection.post("/kiosk/call", call).await
}
