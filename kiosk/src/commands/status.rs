//! `signpost-kiosk status`: counts, and nobody's name.

use std::error::Error;

use kiosk::{
    folder::{Device, Folder, Paired, SealedRoster},
    outbox::Outbox,
    report_box,
};
use records::day::Moment;

pub(super) fn execute(data: &super::Data) -> Result<(), Box<dyn Error>> {
    let folder = Folder::at(&data.data)?;
    let name = Device::read(&folder)?.map(|d| d.name().to_owned()).filter(|n| !n.is_empty());
    println!("kiosk         {}", name.as_deref().unwrap_or("(no name yet)"));
    match Paired::read(&folder)? {
        Some(paired) => println!("hub           {} at {}", paired.hub.school_name, paired.address),
        None => println!("hub           not paired yet"),
    }
    let Some(outbox) = Outbox::open_to_read(&folder)? else {
        println!("outbox        none yet");
        return Ok(());
    };
    let counts = outbox.counts()?;
    println!("waiting       {}", counts.waiting);
    println!("acknowledged  {} still kept, {} set aside by the hub", counts.acknowledged, counts.set_aside);
    println!("numbered      {} in epoch {}", counts.last_sequence, counts.epoch);
    for what in ["pack", "roster"] {
        let note = outbox.note(what)?.unwrap_or_default();
        let number = note.first_chunk().map(|n| u64::from_be_bytes(*n));
        println!("{what:<13} {}", number.map_or("none yet".to_owned(), |n| format!("number {n}")));
    }
    println!("report boxes  {} closed, to be sent", report_box::waiting(&folder)?);
    if let (Some(device), Some(paired)) = (Device::read(&folder)?, Paired::read(&folder)?) {
        for one in SealedRoster::role_keys(&folder, &device, &paired)? {
            println!("reads reports {:<13} {}", one.role.as_str(), one.key.fingerprint());
        }
    }
    let last = outbox.note("last-sync")?.and_then(|b| b.try_into().ok()).map(i64::from_be_bytes);
    println!("last sync     {}", last.map_or("never".to_owned(), |m| in_words(Moment(m))));
    for (what, name) in [("on a stick", "last-stick"), ("from a stick", "last-return")] {
        let at = outbox.note(name)?.and_then(|b| b.try_into().ok()).map(i64::from_be_bytes);
        if let Some(at) = at {
            println!("{what:<13} {}", in_words(Moment(at)));
        }
    }
    let problem = outbox.note("problem")?.unwrap_or_default();
    if !problem.is_empty() {
        println!("problem       {}", String::from_utf8_lossy(&problem));
    }
    Ok(())
}

fn in_words(moment: Moment) -> String {
    match jiff::Timestamp::from_second(moment.0) {
        Ok(stamp) => stamp.to_zoned(jiff::tz::TimeZone::system()).strftime("%-d %B %Y, %H:%M:%S").to_string(),
        Err(_) => format!("{} seconds after 1970", moment.0),
    }
}
