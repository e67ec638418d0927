//! `signpost-kiosk stick`

use std::error::Error;

use clap::{Args, Subcommand};
use kiosk::{
    folder::Folder,
    stick::{self, Where},
    storage::{Storage, Store},
};

#[derive(Debug, Subcommand)]
pub(super) enum Stick {
    /// Put all that waits onto the stick, for the hub. Nothing leaves the kiosk by it.
    TakeOut(At),
    /// Bring back from the stick what the hub has put there for this kiosk.
    BringBack(At),
}

#[derive(Debug, Args)]
pub(super) struct At {
    #[command(flatten)]
    data: super::Data,
    #[command(flatten)]
    sticks: super::Sticks,
}

pub(super) fn execute(command: &Stick) -> Result<(), Box<dyn Error>> {
    match command {
        Stick::TakeOut(at) => with_storage(at, |storage, place| {
            let packed = stick::take_out(storage, place)?;
            println!(
                "On the stick: {} records that wait, {} sealed boxes, in {}.",
                packed.records, packed.boxes, packed.name
            );
            println!("Nothing was removed here: all of it stays until the hub's answer comes back.");
            Ok(())
        }),
        Stick::BringBack(at) => with_storage(at, |storage, place| {
            let brought = stick::bring_back(storage, place)?;
            match brought.records {
                Some(taken) => println!(
                    "The hub has {} more records; {} were let go here, because its backups hold them.",
                    taken.acknowledged, taken.let_go
                ),
                None => println!("Of its records the hub has said the same, or more, since."),
            }
            for (what, number) in [("pack", brought.pack), ("roster", brought.roster)] {
                if let Some(number) = number {
                    println!("New: {what} {number}.");
                }
            }
            Ok(())
        }),
    }
}

fn with_storage(
    at: &At,
    work: impl FnOnce(&Storage, &Where) -> Result<(), stick::StickFault>,
) -> Result<(), Box<dyn Error>> {
    let (store, found) = Store::open(Folder::at(&at.data.data)?)?;
    for problem in found.problems {
        eprintln!("signpost-kiosk: {problem}");
    }
    let (storage, thread) = Storage::start(store)?;
    let done = work(&storage, &at.sticks.place());
    drop(storage);
    // A thread that failed has said so; there is nothing left to do for it.
    let _ = thread.join();
    Ok(done?)
}
