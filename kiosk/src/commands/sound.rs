//! `signpost-kiosk sound`

use std::{
    error::Error,
    io::{self, Write as _},
};

use kiosk::sound;

pub(super) fn execute() -> Result<(), Box<dyn Error>> {
    let told = match sound::device_name() {
        Some(name) => format!(
            "This machine plays on: {name}. To hear it, touch the speaker on the start screen of a kiosk whose pack has recordings."
        ),
        None => "This machine has nothing to play on: the kiosk works, and is silent. On Linux, see whether “aplay -l” lists a device and whether the kiosk's user is in the group “audio”.".to_owned(),
    };
    writeln!(io::stdout(), "{told}")?;
    Ok(())
}
