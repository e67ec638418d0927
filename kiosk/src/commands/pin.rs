//! `signpost-kiosk pin`: the staff PIN is typed at the terminal, never in the command.

use std::{
    error::Error,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    process::Command,
};

use kiosk::{
    folder::{Folder, StaffPin},
    machine::{PIN_GOOD, PIN_LEAST, Pin},
};
use zeroize::Zeroizing;

pub(super) fn execute(data: &super::Data) -> Result<(), Box<dyn Error>> {
    let folder = Folder::at(&data.data)?;
    let anew = StaffPin::is_set(&folder);
    let first = ask(&format!("The staff PIN ({PIN_GOOD} digits or more; at least {PIN_LEAST}): "))?;
    let pin = Pin::typed(&first)?;
    if ask("The same again: ")? != first {
        return Err("the two PINs differ; nothing was changed. Try again".into());
    }
    StaffPin::set(&folder, &pin)?;
    println!("{}", if anew { "The staff PIN is another now." } else { "The staff PIN is set." });
    println!("Staff open the panel with it by the small tab at the lower left edge of the screen.");
    if first.len() < PIN_GOOD {
        println!("{PIN_GOOD} digits or more would be harder to guess and to watch.");
    }
    Ok(())
}

/// Asks without showing what is typed. Where there is no terminal, as in a script, a line of standard input is taken:
/// also then it is in no list of processes.
fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    let input = io::stdin();
    let mut line = Zeroizing::new(String::with_capacity(64));
    if input.is_terminal() {
        eprint!("{question}");
        io::stderr().flush()?;
        let hidden = Hidden::begin()?;
        input.lock().read_line(&mut line)?;
        drop(hidden);
        eprintln!();
    } else {
        input.lock().read_line(&mut line)?;
    }
    Ok(Zeroizing::new(line.trim().to_owned()))
}

/// While it lasts the terminal shows nothing of what is typed.
struct Hidden;

impl Hidden {
    fn begin() -> io::Result<Self> {
        let refused = || io::Error::other("this terminal would show the PIN while it is typed; use another");
        if echo(false)? { Ok(Self) } else { Err(refused()) }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that is gone needs none.
        let _ = echo(true);
    }
}

/// The system's own program sets the terminal that this one was started at.
fn echo(on: bool) -> io::Result<bool> {
    let status = Command::new("stty").arg(if on { "echo" } else { "-echo" }).status()?;
    Ok(status.success())
}
